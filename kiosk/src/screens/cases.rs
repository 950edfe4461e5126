//! Finding one's case: the code, the list, one case with its ladder and what is missing.
//! Invariants: the office's and the officer's words stand beside the machine's own; what only the counter takes says which
//! counter; nothing of what was handed in is shown but masked. Not here: the pages that bring something.

use super::rows::{self, card, note, pill, row, rung};
use super::words::Speech;
use super::{Heading, Sheet, ids, receipt};
use domain::case::Status;
use domain::ids::{FieldId, ServiceId};
use domain::supplement::{Target as Wanted, target};
use slint::{ComponentHandle, SharedString};
use ui::{CardView, FieldKind, FieldView, List, NoteView, OptionView, Receipt, Row, Stage, Tone};
use visit::{Bring, CasePage, CasesPage, CodeError, FindPage, MissingItem, OwnCase, Target};

/// Characters of a code.
const CODE_LENGTH: usize = 8;

pub(crate) fn find(sheet: &Sheet<'_>, page: &FindPage) -> (ui::Screen, Heading) {
    let say = sheet.say;
    let typed = page.code.expose();
    let error = page.error.map(|error| {
        say.text(match error {
            CodeError::Empty => "find.error-empty",
            CodeError::Short => "find.error-short",
            CodeError::NoTriesLeft => "find.error-no-tries",
        })
    });
    let count = typed.chars().count().to_string();
    let field = FieldView {
        id: ids::CODE.into(),
        kind: FieldKind::IdNumber,
        label: sheet.text("receipt.code"),
        text: grouped(typed).into(),
        placeholder: sheet.text("find.placeholder"),
        counter: say.fill("question.count", &[("n", &count), ("max", &CODE_LENGTH.to_string())]).into(),
        error: error.clone().unwrap_or_default().into(),
        focused: sheet.scene.typing.target == Some(Target::Code),
        ..FieldView::default()
    };
    super::question::put(sheet, vec![field], &error.into_iter().collect::<Vec<_>>());
    let mut heading = Heading::new(say.text("find.title"), say.text("find.line"));
    heading.below.push(note(Tone::Info, "shield-check", say.text("find.privacy"), say.text("find.privacy-line")));
    (ui::Screen::Question, heading)
}

/// Two groups of four, as far as typed.
fn grouped(code: &str) -> String {
    let (head, tail): (String, String) = (code.chars().take(4).collect(), code.chars().skip(4).collect());
    if code.chars().count() < 4 { head } else { format!("{head} {tail}") }
}

pub(crate) fn list(sheet: &Sheet<'_>, page: &CasesPage) -> (ui::Screen, Heading) {
    let say = sheet.say;
    let list = sheet.window.global::<List>();
    let rows = page.cases.iter().map(|case| case_row(sheet, case)).collect();
    rows::update(&list.get_rows(), rows, |rows| list.set_rows(rows));
    list.set_empty_text(sheet.text("cases.none"));
    let line = if page.cases.is_empty() { String::new() } else { say.text("cases.line") };
    (ui::Screen::List, Heading::new(say.text("cases.title"), line))
}

fn case_row(sheet: &Sheet<'_>, case: &OwnCase) -> Row {
    let say = sheet.say;
    let icon = say.words().catalogue().service(&case.service).map_or("receipt-text", |service| service.icon.as_str());
    let received = say.fill("cases.received", &[("date", &say.day(case.received_on))]);
    let line = format!("{}{}{received}", case.code.grouped(), say.text("list.separator"));
    let (word, tone) = status(say, case);
    pill(row(&ids::case_id(case.submission), icon, name(say, case), line), word, tone)
}

/// The service's name in the person's language, or as the office says it.
fn name(say: Speech<'_>, case: &OwnCase) -> String {
    let own = say.name(&case.service);
    if own.is_empty() { case.title.clone() } else { own }
}

/// The status word of the product's table, and its colour.
fn status(say: Speech<'_>, case: &OwnCase) -> (String, Tone) {
    let (key, tone) = match case.status {
        Status::Delivered => ("status.delivered", Tone::Info),
        Status::Accepted => ("status.accepted", Tone::Info),
        Status::Supplement => ("status.supplement", Tone::Warn),
        Status::Refused => ("status.refused", Tone::Warn),
        Status::Approved => ("status.closed", Tone::Ok),
        Status::Rejected => ("status.closed", Tone::Warn),
    };
    (say.text(key), tone)
}

pub(crate) fn case(sheet: &Sheet<'_>, page: &CasePage) -> (ui::Screen, Heading) {
    let say = sheet.say;
    let case = &page.case;
    let global = sheet.window.global::<Receipt>();
    global.set_code_label(sheet.text("receipt.code"));
    global.set_code(case.code.grouped().into());
    global.set_code_line(say.fill("cases.received", &[("date", &say.day(case.received_on))]).into());
    global.set_qr(receipt::qr(&say.words().link(case.code.as_str())));
    global.set_print_text(SharedString::new());
    let waits = case.missing.as_ref().filter(|_| !page.handed_in);
    let mut cards = Vec::new();
    if let Some(missing) = waits {
        let by = missing.by.map(|by| say.fill("cases.by", &[("date", &say.weekday(by))])).unwrap_or_default();
        let rows = missing.items.iter().zip(&page.how).map(|(item, how)| item_row(say, case, item, how)).collect();
        cards.push(card(say.text("cases.missing"), by, rows));
    }
    cards.push(ladder(sheet, page));
    rows::update(&global.get_cards(), cards, |rows| global.set_cards(rows));
    global.set_rating_question(SharedString::new());
    rows::update(&global.get_ratings(), Vec::<OptionView>::new(), |rows| global.set_ratings(rows));
    let mut heading = heading(sheet, page);
    heading.below.extend(ended_notes(sheet, case));
    (ui::Screen::Receipt, heading)
}

fn heading(sheet: &Sheet<'_>, page: &CasePage) -> Heading {
    let say = sheet.say;
    let case = &page.case;
    let key = match case.status {
        Status::Supplement if page.handed_in => "supplement-received",
        Status::Delivered | Status::Accepted if case.supplemented => "supplemented",
        Status::Delivered => "delivered",
        Status::Accepted => "accepted",
        Status::Supplement => "supplement",
        Status::Refused => "refused",
        Status::Approved => "approved",
        Status::Rejected => "rejected",
    };
    let many = case.missing.as_ref().map_or(0, |missing| missing.items.len()).to_string();
    let title = say.fill(&format!("case.{key}"), &[("n", &many)]);
    let (icon, tone) = match case.status {
        Status::Supplement if page.handed_in => ("circle-check", Tone::Ok),
        Status::Supplement => ("file-plus", Tone::Warn),
        Status::Refused | Status::Rejected => ("info", Tone::Warn),
        Status::Approved => ("circle-check", Tone::Ok),
        Status::Delivered | Status::Accepted => ("clock", Tone::Info),
    };
    Heading { icon, tone: Some(tone), ..Heading::new(title, say.text(&format!("case.{key}.line"))) }
}

/// The name of an item in the person's language, or as the office says it.
fn item_name(say: Speech<'_>, service: &ServiceId, item: &MissingItem, how: &Bring) -> String {
    let found = say.words().catalogue().service(service).map(|service| target(service, &item.key));
    let own = match (found, how) {
        (Some(Wanted::Counter { material: Some(material) }), _) => {
            say.service(service, &format!("material.{material}"))
        }
        (_, Bring::Here { page, fields }) => field_name(say, service, page, fields),
        (_, Bring::Counter { .. }) => String::new(),
    };
    if own.is_empty() { item.title.clone() } else { own }
}

fn field_name(say: Speech<'_>, service: &ServiceId, page: &FieldId, fields: &[FieldId]) -> String {
    let known =
        say.words().catalogue().service(service).and_then(|service| service.field(fields.first().unwrap_or(page)));
    if let Some(domain::service::FieldKind::Document { material, .. }) = known.map(|field| &field.kind) {
        return say.service(service, &format!("material.{material}"));
    }
    let label = if let [only] = fields { only } else { page };
    say.service(service, &format!("field.{label}"))
}

fn item_row(say: Speech<'_>, case: &OwnCase, item: &MissingItem, how: &Bring) -> Row {
    let mut lines = vec![item.words.expose().clone()];
    lines.extend(item.before.as_ref().map(|before| say.fill("cases.before", &[("what", before.expose())])));
    if matches!(how, Bring::Counter { .. }) {
        // Which counter, and that nothing can be done here.
        let service = say.words().catalogue().service(&case.service);
        let branch = service.map(|service| say.branch(&service.branch)).unwrap_or_default();
        lines.push(say.fill("cases.counter-line", &[("branch", &branch)]));
    }
    lines.retain(|line| !line.is_empty());
    let line = lines.join("\n");
    let (icon, key, tone) = match how {
        Bring::Here { .. } => ("file-plus", "pill.here", Tone::Info),
        Bring::Counter { .. } => ("concierge-bell", "pill.counter", Tone::Warn),
    };
    pill(row("", icon, item_name(say, &case.service, item, how), line), say.text(key), tone)
}

/// Why it ended so, and what can be done.
fn ended_notes(sheet: &Sheet<'_>, case: &OwnCase) -> Vec<NoteView> {
    let Some(ended) = &case.ended else { return Vec::new() };
    let parts =
        [(Tone::Info, "info", "cases.reason", &ended.reason), (Tone::Info, "users", "cases.remedy", &ended.remedy)];
    parts
        .into_iter()
        .filter(|(.., words)| !words.expose().is_empty())
        .map(|(tone, icon, key, words)| note(tone, icon, sheet.text(key), words.expose().as_str()))
        .collect()
}

/// Where the matter stands, with the rungs of the receipt.
fn ladder(sheet: &Sheet<'_>, page: &CasePage) -> CardView {
    let (say, case) = (sheet.say, &page.case);
    let step = |key: &str, icon: &str, line: String, stage| {
        rung(row("", icon, say.text(&format!("status.{key}")), line), stage)
    };
    let mut delivered = say.fill("cases.received", &[("date", &say.day(case.received_on))]);
    if let Some(ticket) = case.ticket.as_ref().filter(|_| !case.status.ended()) {
        let ticket = say.fill("receipt.ticket", &[("ticket", ticket)]);
        delivered = format!("{delivered}{}{ticket}", say.text("list.separator"));
    }
    let due = case.due_on.map(|due| say.fill("cases.due", &[("date", &say.weekday(due))]));
    let ended = case.ended.as_ref().map(|ended| say.day(ended.on)).unwrap_or_default();
    let look = || say.text("status.accepted-or-supplement-line");
    let open_end = || due.clone().unwrap_or_else(|| say.text("status.closed-plain"));
    let mut rows = vec![step("received", "check", String::new(), Stage::Done)];
    let stage = if case.status == Status::Delivered && !case.supplemented { Stage::Now } else { Stage::Done };
    rows.push(step("delivered", "send", delivered, stage));
    match case.status {
        Status::Delivered if case.supplemented => {
            rows.push(step("supplement-received", "file-plus", say.text("status.going-on-line"), Stage::Now));
            rows.push(step("closed", "file-check", open_end(), Stage::Todo));
        }
        Status::Delivered => {
            rows.push(step("accepted-or-supplement", "stamp", look(), Stage::Todo));
            rows.push(step("closed", "file-check", open_end(), Stage::Todo));
        }
        Status::Accepted => {
            let line = if case.supplemented { say.text("case.supplemented.line") } else { String::new() };
            rows.push(step("accepted", "stamp", line, Stage::Now));
            rows.push(step("closed", "file-check", open_end(), Stage::Todo));
        }
        Status::Supplement if page.handed_in => {
            rows.push(step("supplement-received", "file-plus", say.text("status.going-on-line"), Stage::Now));
            rows.push(step("closed", "file-check", say.text("status.closed-plain"), Stage::Todo));
        }
        Status::Supplement => {
            rows.push(step("supplement", "file-plus", say.text("cases.paused"), Stage::Now));
            rows.push(step("closed", "file-check", say.text("status.closed-plain"), Stage::Todo));
        }
        Status::Refused => rows.push(step("refused", "info", ended, Stage::Now)),
        Status::Approved | Status::Rejected => {
            rows.push(step("accepted", "stamp", String::new(), Stage::Done));
            rows.push(step("closed", "file-check", ended, Stage::Done));
        }
    }
    card(say.text("cases.where"), String::new(), rows)
}

/// In a supplement: why this page is asked, in the officer's words.
pub(crate) fn asked_because(sheet: &Sheet<'_>, heading: &mut Heading) {
    let words = sheet.scene.view.frame.wanted.as_ref().and_then(|wanted| wanted.words.as_ref());
    if let Some(words) = words {
        heading.above.push(note(Tone::Info, "info", sheet.text("cases.officer-says"), words.expose().as_str()));
    }
}
