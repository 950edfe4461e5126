//! Everything that stands in any global of the window, as one text.

use slint::{ComponentHandle, Image, Model, ModelRc};
use ui::*;

fn rows(rows: &ModelRc<Row>, out: &mut String) {
    for row in rows.iter() {
        for part in [row.id, row.title, row.line, row.pill] {
            out.push_str(&part);
            out.push('\n');
        }
    }
}

fn options(views: &ModelRc<OptionView>, out: &mut String) {
    for view in views.iter() {
        out.push_str(&format!("{}\n{}\n{}\n", view.id, view.label, view.line));
    }
}

fn cards(views: &ModelRc<CardView>, out: &mut String) {
    for card in views.iter() {
        out.push_str(&format!("{}\n{}\n", card.title, card.aside));
        rows(&card.rows, out);
    }
}

fn fields(views: &ModelRc<FieldView>, out: &mut String) {
    for view in views.iter() {
        options(&view.options, out);
        for column in view.columns.iter() {
            out.push_str(&format!("{}\n{}\n", column.title, column.value));
            options(&column.options, out);
        }
        for part in
            [view.label, view.hint, view.text, view.preedit, view.tail, view.placeholder, view.counter, view.error]
        {
            out.push_str(&part);
            out.push('\n');
        }
    }
}

fn shots(views: &ModelRc<ShotView>, out: &mut String) {
    for view in views.iter() {
        out.push_str(&format!("{}\n{}\n", view.title, view.line));
    }
}

/// All words of all globals.
pub(super) fn everything(window: &KioskWindow) -> String {
    let mut out = String::new();
    let all = &mut out;
    let nav = window.global::<Nav>();
    for part in [
        nav.get_errand(),
        nav.get_step_text(),
        nav.get_back_label(),
        nav.get_secondary_label(),
        nav.get_primary_label(),
        nav.get_state_text(),
        nav.get_date_text(),
    ] {
        all.push_str(&part);
        all.push('\n');
    }
    for aid in nav.get_aids().iter() {
        all.push_str(&aid.label);
        all.push('\n');
    }
    let page = window.global::<Page>();
    all.push_str(&format!("{}\n{}\n{}\n", page.get_title(), page.get_line(), page.get_hint()));
    for note in page.get_notes_above().iter().chain(page.get_notes_below().iter()) {
        all.push_str(&format!("{}\n{}\n", note.title, note.text));
    }
    let dialog = window.global::<Dialog>();
    for part in [dialog.get_title(), dialog.get_text(), dialog.get_first_label(), dialog.get_second_label()] {
        all.push_str(&part);
        all.push('\n');
    }
    let home = window.global::<Home>();
    for part in [home.get_search_text(), home.get_search_preedit(), home.get_results_title(), home.get_no_results()] {
        all.push_str(&part);
        all.push('\n');
    }
    for list in [home.get_results(), home.get_common(), home.get_categories(), home.get_elder()] {
        rows(&list, all);
    }
    rows(&window.global::<List>().get_rows(), all);
    let service = window.global::<Service>();
    cards(&service.get_cards(), all);
    all.push_str(&service.get_law());
    for fact in service.get_facts().iter() {
        all.push_str(&format!("{}\n{}\n{}\n", fact.label, fact.value, fact.line));
    }
    let notice = window.global::<Notice>();
    rows(&notice.get_paragraphs(), all);
    for consent in notice.get_consents().iter() {
        all.push_str(&format!("{}\n{}\n", consent.text, consent.line));
    }
    all.push_str(&format!("{}\n", notice.get_missing()));
    rows(&window.global::<Ways>().get_rows(), all);
    let card = window.global::<Card>();
    all.push_str(&format!("{}\n", card.get_state_text()));
    let camera = window.global::<Camera>();
    rows(&camera.get_hints(), all);
    all.push_str(&format!("{}\n{}\n", camera.get_waiting_text(), camera.get_countdown()));
    let photo = window.global::<Photo>();
    shots(&photo.get_shots(), all);
    let papers = window.global::<Papers>();
    shots(&papers.get_pages(), all);
    all.push_str(&format!("{}\n{}\n", papers.get_page_text(), papers.get_later_line()));
    let question = window.global::<Question>();
    all.push_str(&format!("{}\n{}\n", question.get_error_title(), question.get_error_text()));
    fields(&question.get_fields(), all);
    let keyboard = window.global::<Keyboard>();
    all.push_str(&format!("{}\n", keyboard.get_preedit()));
    for candidate in keyboard.get_candidates().iter() {
        all.push_str(&format!("{candidate}\n"));
    }
    let signature = window.global::<Signature>();
    all.push_str(&format!("{}\n", signature.get_commands()));
    let check = window.global::<Check>();
    for group in check.get_groups().iter() {
        all.push_str(&format!("{}\n", group.title));
        for row in group.rows.iter() {
            all.push_str(&format!("{}\n{}\n", row.label, row.value));
        }
    }
    all.push_str(&format!("{}\n", check.get_statement()));
    rows(&window.global::<Progress>().get_rows(), all);
    let receipt = window.global::<Receipt>();
    for part in [receipt.get_code(), receipt.get_code_line(), receipt.get_print_text(), receipt.get_rating_question()] {
        all.push_str(&part);
        all.push('\n');
    }
    cards(&receipt.get_cards(), all);
    options(&receipt.get_ratings(), all);
    let problem = window.global::<Problem>();
    rows(&problem.get_rows(), all);
    all.push_str(&format!("{}\n{}\n", problem.get_code(), problem.get_code_line()));
    let ended = window.global::<Ended>();
    rows(&ended.get_wiped(), all);
    all.push_str(&format!("{}\n", ended.get_question()));
    options(&ended.get_ratings(), all);
    out
}

/// Pictures that may be of a person: live frame, shots, pages, signature, codes.
pub(super) fn pictures(window: &KioskWindow) -> usize {
    let shots = |views: ModelRc<ShotView>| views.iter().map(|view| view.picture).collect::<Vec<Image>>();
    let mut all = vec![
        window.global::<Camera>().get_frame(),
        window.global::<Signature>().get_picture(),
        window.global::<Receipt>().get_qr(),
        window.global::<Problem>().get_qr(),
    ];
    all.extend(shots(window.global::<Photo>().get_shots()));
    all.extend(shots(window.global::<Papers>().get_pages()));
    all.iter().filter(|image| image.size().width > 0).count()
}
