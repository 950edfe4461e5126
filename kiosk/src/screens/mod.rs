//! Presenters: one scene onto all globals of the window.
//! Invariants: drawing is idempotent; globals of screens that are not shown hold nothing personal; what has not changed is
//! not touched. Not here: what a press means (`buttons`, `ids` tell the loop), the live picture (`Camera.frame`, the loop).

mod buttons;
mod capture;
mod cases;
mod check;
mod dialog;
mod frame;
mod home;
mod identify;
mod ids;
mod keyboard;
mod notice;
mod problem;
mod question;
mod receipt;
mod rows;
mod service;
mod signature;
mod standing;
mod values;
mod words;

#[cfg(test)]
mod tests;

pub use buttons::{Buttons, buttons};
pub use dialog::presses as dialog_presses;
pub use ids::{
    CODE, FIND_CASE, NUMBER, SKIP_RATING, action, action_id, case, consent, consent_id, matter, matter_id, rating,
    rating_id, target, way, way_id,
};
pub(crate) use receipt::{hours_words, place_words};
pub use words::{Speech, Words};

use crate::scene::Scene;
use slint::{ComponentHandle, SharedString};
use ui::{KioskWindow, NoteView, Page, Tone};
use visit::Screen;

/// What every presenter is given.
#[derive(Clone, Copy)]
pub(crate) struct Sheet<'a> {
    pub(crate) window: &'a KioskWindow,
    pub(crate) scene: &'a Scene,
    pub(crate) say: Speech<'a>,
    pub(crate) buttons: &'a Buttons,
}

impl Sheet<'_> {
    fn text(&self, key: &str) -> SharedString {
        self.say.text(key).into()
    }
}

/// What stands on `Page`: title, explanation, notes.
#[derive(Default)]
pub(crate) struct Heading {
    pub(crate) title: String,
    pub(crate) line: String,
    pub(crate) icon: &'static str,
    pub(crate) tone: Option<Tone>,
    pub(crate) above: Vec<NoteView>,
    pub(crate) below: Vec<NoteView>,
    pub(crate) hint_icon: &'static str,
    pub(crate) hint: String,
}

impl Heading {
    pub(crate) fn new(title: String, line: String) -> Self {
        Self { title, line, ..Self::default() }
    }

    fn put(self, window: &KioskWindow) {
        let page = window.global::<Page>();
        page.set_title(self.title.into());
        page.set_line(self.line.into());
        page.set_icon(self.icon.into());
        page.set_tone(self.tone.unwrap_or(Tone::Plain));
        rows::update(&page.get_notes_above(), self.above, |rows| page.set_notes_above(rows));
        rows::update(&page.get_notes_below(), self.below, |rows| page.set_notes_below(rows));
        page.set_hint_icon(self.hint_icon.into());
        page.set_hint(self.hint.into());
    }
}

/// Draws a scene.
pub fn present(window: &KioskWindow, scene: &Scene, words: &Words) {
    let buttons = &buttons(&scene.view);
    let sheet = Sheet { window, scene, say: words.speak(&scene.view.frame.preferences.language), buttons };
    let (screen, mut heading) = screen(&sheet);
    cases::asked_because(&sheet, &mut heading);
    clear_others(window, screen);
    heading.put(window);
    frame::present(&sheet, screen);
    dialog::present(&sheet);
    keyboard::present(&sheet, screen);
}

fn screen(sheet: &Sheet<'_>) -> (ui::Screen, Heading) {
    match &sheet.scene.view.screen {
        Screen::Attract => home::attract(sheet),
        Screen::Home(page) => home::home(sheet, page),
        Screen::Category { category, services } => home::category(sheet, category, services),
        Screen::FindCode(page) => cases::find(sheet, page),
        Screen::Cases(page) => cases::list(sheet, page),
        Screen::Case(page) => cases::case(sheet, page),
        Screen::Service(page) => service::present(sheet, page),
        Screen::Notice { consents, unticked } => notice::present(sheet, consents, *unticked),
        Screen::Ways { ways } => identify::ways(sheet, ways),
        Screen::CardWait { .. } => identify::card(sheet),
        Screen::Number(page) => identify::number(sheet, page),
        Screen::Face(page) => identify::face(sheet, page),
        Screen::FoundDraft { service, touched } => identify::draft(sheet, service, *touched),
        Screen::Matter { choices } => identify::matter(sheet, choices),
        Screen::Refused { rule, service } => problem::refused(sheet, rule, service),
        Screen::Question(page) => question::present(sheet, page),
        Screen::Photo(page) => capture::photo(sheet, page),
        Screen::Papers(page) => capture::papers(sheet, page),
        Screen::Signature(page) => signature::present(sheet, page),
        Screen::Check(page) => check::present(sheet, page),
        Screen::Busy(busy) => problem::busy(sheet, *busy),
        Screen::Receipt(page) => receipt::present(sheet, page),
        Screen::Problem(page) => problem::present(sheet, page),
        Screen::Ended { why, rating } => problem::ended(sheet, *why, *rating),
    }
}

/// Empties what belongs to screens that are not shown.
fn clear_others(window: &KioskWindow, shown: ui::Screen) {
    let hidden = |screens: &[ui::Screen]| !screens.contains(&shown);
    if hidden(&[ui::Screen::Home]) {
        home::clear_home(window);
    }
    if hidden(&[ui::Screen::List]) {
        home::clear_list(window);
    }
    if hidden(&[ui::Screen::Service]) {
        service::clear(window);
    }
    if hidden(&[ui::Screen::Notice]) {
        notice::clear(window);
    }
    if hidden(&[ui::Screen::Ways]) {
        identify::clear_ways(window);
    }
    if hidden(&[ui::Screen::Card]) {
        identify::clear_card(window);
    }
    if hidden(&[ui::Screen::Question]) {
        question::clear(window);
    }
    if hidden(&[ui::Screen::Face, ui::Screen::Photo, ui::Screen::Papers]) {
        capture::clear_camera(window);
    }
    if hidden(&[ui::Screen::Photo]) {
        capture::clear_photo(window);
    }
    if hidden(&[ui::Screen::Papers]) {
        capture::clear_papers(window);
    }
    if hidden(&[ui::Screen::Signature]) {
        signature::clear(window);
    }
    if hidden(&[ui::Screen::Check]) {
        check::clear(window);
    }
    if hidden(&[ui::Screen::Receipt]) {
        receipt::clear(window);
    }
    if hidden(&[ui::Screen::Problem]) {
        problem::clear_problem(window);
    }
    if hidden(&[ui::Screen::Progress]) {
        problem::clear_progress(window);
    }
    if hidden(&[ui::Screen::Ended]) {
        problem::clear_ended(window);
    }
}
