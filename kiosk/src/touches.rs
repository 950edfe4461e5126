//! What a touch means on the screen that is shown: from the screen's ids to the visit's presses.
//! Invariant: buttons mean what `screens::buttons` drew; a touch that fits nothing on the screen does nothing.

use crate::scene::OpenAddress;
use crate::screens::{self, buttons, dialog_presses};
use crate::signal::Touch;
use crate::turn::{Countdown, Turn};
use crate::typing::keys_for;
use domain::ids::{CategoryId, FieldId, ServiceId};
use domain::rules::division;
use domain::service::FieldKind;
use jiff::SignedDuration;
use pinyin::FieldHint;
use ui::Layer;
use visit::{EditOp, FieldView, Preference, Press, Screen, Target, Theme};

impl Turn {
    pub(crate) fn touch(&mut self, touch: Touch) {
        let view = self.visit.view();
        match touch {
            Touch::Primary => self.button(buttons(&view).primary),
            Touch::Secondary => self.button(buttons(&view).secondary),
            Touch::Back => self.button(buttons(&view).back),
            Touch::Aid(key) => self.aid(&key),
            Touch::Dialog(first) => {
                if let Some((one, other)) = dialog_presses(&view) {
                    self.press(if first { one } else { other });
                }
            }
            Touch::Choose(id) => self.choose(&id),
            Touch::HasReceipt => self.press(Press::FindCase),
            Touch::Category(id) if id == screens::FIND_CASE => self.press(Press::FindCase),
            Touch::Category(id) => self.press(Press::Category(CategoryId::new(id))),
            Touch::Service(id) => self.press(Press::Service(ServiceId::new(id))),
            Touch::SearchFocus => self.keyboard.focus(Target::Search, Layer::Pinyin, FieldHint::Free, self.english()),
            Touch::Help => self.press(Press::Help),
            Touch::Focus(id) => self.focus(&id),
            Touch::Pick(field, option) => self.press(Press::Option { field: FieldId::new(field), option }),
            Touch::OpenColumn(field, column) => self.open_column(&field, &column),
            Touch::PickColumn(field, column, code) => self.pick_division(&field, &column, &code),
            Touch::Toggle(id) => self.toggle(&id),
            Touch::Key(id) => {
                let edit = self.keyboard.target().cloned().zip(self.keyboard.key(&id));
                self.edit(edit);
            }
            Touch::Candidate(place) => {
                let edit = self.keyboard.target().cloned().zip(self.keyboard.candidate(place));
                self.edit(edit);
            }
            Touch::MoreCandidates => self.keyboard.more(),
            Touch::CandidatePage(forward) => self.keyboard.page(forward),
            Touch::Later => self.press(Press::Later),
            Touch::Retake(id) => {
                if let Ok(page) = id.parse() {
                    self.press(Press::RemovePage(page));
                }
            }
            Touch::StrokeBegin(x, y) => self.strokes.begin(x, y),
            Touch::StrokeMove(x, y) => self.strokes.go_on(x, y),
            Touch::StrokeEnd(width, height) => self.sign((width, height)),
            Touch::ClearSignature => {
                self.strokes.clear();
                self.press(Press::ClearSignature);
            }
            Touch::CannotSign => {
                self.strokes.clear();
                self.press(Press::CannotSign);
            }
            Touch::Change(id) => self.press(Press::Change(FieldId::new(id))),
            Touch::Start => self.press(Press::Touch),
            Touch::Any => {
                // Touching the air keeps a visit alive, but never begins one.
                if !matches!(view.screen, Screen::Attract | Screen::Ended { .. }) && view.frame.idle_seconds.is_none() {
                    self.press(Press::StillHere);
                }
            }
            Touch::Dock(id) => {
                if let Some(dock) = &mut self.dock {
                    dock.toggle(&id);
                }
            }
        }
    }

    fn button(&mut self, action: Option<visit::Action>) {
        let Some(action) = action else { return };
        let view = self.visit.view();
        if buttons(&view).busy {
            return;
        }
        // A countdown gives the person time to look up; a page of paper needs none.
        let portrait = action.press == Press::TakeShot && matches!(view.screen, Screen::Photo(_));
        if portrait && self.countdown_seconds > 0 {
            if self.countdown.is_none() {
                let wait = SignedDuration::from_secs(i64::from(self.countdown_seconds));
                self.countdown =
                    Some(Countdown { at: ambient::now().saturating_add(wait).unwrap_or(jiff::Timestamp::MAX) });
            }
            return;
        }
        self.countdown = None;
        // What was being composed belongs to the person's answer only once it is picked.
        self.keyboard.hide();
        self.press(action.press);
        self.focus_error();
    }

    /// After a refused continue the first field that is wrong is open for typing again.
    fn focus_error(&mut self) {
        let screen = self.visit.view().screen;
        if let Screen::Question(page) = &screen {
            let wrong = page.fields.iter().find(|field| field.error.is_some() && keys_for(&field.kind).is_some());
            if let Some(field) = wrong {
                self.focus(field.field.as_str());
            }
        } else if let Screen::Number(page) = &screen
            && page.error.is_some()
        {
            self.focus(screens::NUMBER);
        } else if let Screen::FindCode(page) = &screen
            && page.error.is_some()
        {
            self.focus(screens::CODE);
        }
    }

    fn edit(&mut self, edit: Option<(Target, EditOp)>) {
        if let Some((target, op)) = edit {
            self.press(Press::Edit { target, op });
        } else {
            self.press(Press::StillHere);
        }
    }

    fn choose(&mut self, id: &str) {
        let view = self.visit.view();
        if let Some(action) = screens::action(&view, id) {
            return self.button(Some(action));
        }
        match &view.screen {
            Screen::Ways { .. } => {
                if let Some(way) = screens::way(id) {
                    self.press(Press::Way(way));
                }
            }
            Screen::Matter { .. } => {
                if let Some(matter) = screens::matter(id) {
                    self.press(Press::Matter(matter));
                }
            }
            Screen::Photo(_) => {
                if let Ok(shot) = id.parse() {
                    self.press(Press::ChooseShot(shot));
                }
            }
            Screen::Home(_) | Screen::Category { .. } => self.press(Press::Service(ServiceId::new(id))),
            Screen::Cases(_) => {
                if let Some(case) = screens::case(id) {
                    self.press(Press::Case(case));
                }
            }
            Screen::Ended { .. } if id == screens::SKIP_RATING => self.press(Press::SkipRating),
            Screen::Ended { .. } => {
                if let Some(stars) = screens::rating(id) {
                    self.press(Press::Rate(stars));
                }
            }
            Screen::Attract
            | Screen::FindCode(_)
            | Screen::Case(_)
            | Screen::Service(_)
            | Screen::Notice { .. }
            | Screen::CardWait { .. }
            | Screen::Number(_)
            | Screen::Face(_)
            | Screen::FoundDraft { .. }
            | Screen::Refused { .. }
            | Screen::Question(_)
            | Screen::Papers(_)
            | Screen::Signature(_)
            | Screen::Check(_)
            | Screen::Busy(_)
            | Screen::Receipt(_)
            | Screen::Problem(_) => {}
        }
    }

    fn toggle(&mut self, id: &str) {
        if let Some(consent) =
            screens::consent(id).filter(|_| matches!(self.visit.view().screen, Screen::Notice { .. }))
        {
            self.press(Press::Consent(consent));
        } else {
            self.press(Press::Declare(FieldId::new(id)));
        }
    }

    fn english(&self) -> bool {
        self.visit.view().frame.preferences.language == "en"
    }

    fn aid(&mut self, key: &str) {
        let wishes = self.visit.view().frame.preferences;
        let change = match key {
            "elder" => Preference::Elder(!wishes.elder),
            "size" => Preference::TextSize(wishes.text_size % 4 + 1),
            "contrast" => Preference::Theme(match wishes.theme {
                Theme::Day => Theme::HighContrast,
                Theme::HighContrast => Theme::Dark,
                Theme::Dark => Theme::ColourSafe,
                Theme::ColourSafe => Theme::Day,
            }),
            "speak" => Preference::Speech(!wishes.speech),
            "language" => Preference::Language(if wishes.language == "en" { "zh-CN" } else { "en" }.to_owned()),
            "low-reach" => Preference::LowReach(!wishes.low_reach),
            "call" => return self.press(Press::CallStaff),
            _ => return,
        };
        self.press(Press::Prefer(change));
    }

    fn focus(&mut self, id: &str) {
        let view = self.visit.view();
        let latin = self.english();
        match screens::target(&view, id) {
            Target::Field(field) => {
                let kind = field_of(&view.screen, &field).filter(|view| !view.locked).map(|view| &view.kind);
                if let Some((layer, hint)) = kind.and_then(keys_for) {
                    self.keyboard.focus(Target::Field(field), layer, hint, latin);
                }
            }
            target @ (Target::OwnNumber | Target::SubjectNumber) => {
                self.keyboard.focus(target, Layer::Id, FieldHint::Free, latin);
            }
            Target::Code => self.keyboard.focus(Target::Code, Layer::Code, FieldHint::Free, latin),
            Target::Search => self.keyboard.focus(Target::Search, Layer::Pinyin, FieldHint::Free, latin),
        }
    }

    /// After every input: a page that was just opened gets its first empty typed field focused; a page that was left
    /// closes the keyboard and forgets strokes and open columns.
    pub(crate) fn settle_focus(&mut self) {
        let view = self.visit.view();
        let page = match &view.screen {
            Screen::Question(page) => Some(format!("question {}", page.page)),
            Screen::Number(page) => Some(format!("number {:?}", page.of)),
            Screen::Signature(page) => Some(format!("signature {}", page.field)),
            Screen::Home(_) => Some("home".to_owned()),
            Screen::FindCode(_) => Some("find".to_owned()),
            Screen::Attract
            | Screen::Cases(_)
            | Screen::Case(_)
            | Screen::Category { .. }
            | Screen::Service(_)
            | Screen::Notice { .. }
            | Screen::Ways { .. }
            | Screen::CardWait { .. }
            | Screen::Face(_)
            | Screen::FoundDraft { .. }
            | Screen::Matter { .. }
            | Screen::Refused { .. }
            | Screen::Photo(_)
            | Screen::Papers(_)
            | Screen::Check(_)
            | Screen::Busy(_)
            | Screen::Receipt(_)
            | Screen::Problem(_)
            | Screen::Ended { .. } => None,
        };
        if page == self.focused_page {
            return;
        }
        self.focused_page = page;
        self.keyboard.hide();
        self.strokes.clear();
        self.address = None;
        self.countdown = None;
        if let Screen::Question(page) = &view.screen {
            if let Some(field) = page.fields.iter().find(|field| wants_typing(field)) {
                self.focus(field.field.as_str());
            }
        } else if matches!(view.screen, Screen::Number(_)) {
            self.focus(screens::NUMBER);
        } else if matches!(view.screen, Screen::FindCode(_)) {
            self.focus(screens::CODE);
        }
    }

    fn sign(&mut self, area: (f32, f32)) {
        let Some(picture) = self.strokes.picture(area) else { return };
        if let Some(id) = self.hands.keep_drawing(&picture) {
            self.press(Press::Signed(id));
        }
    }

    fn open_column(&mut self, field: &str, column: &str) {
        let id = FieldId::new(field);
        let view = self.visit.view();
        let Some(visit::Entry::Address(entry)) = field_of(&view.screen, &id).map(|field| &field.entry) else { return };
        let picked = entry.picked.expose().clone();
        let Ok(level) = column.parse::<usize>() else { return };
        if level > picked.len() {
            return;
        }
        for _ in level..picked.len() {
            self.press(Press::Edit { target: Target::Field(id.clone()), op: EditOp::UnpickDivision });
        }
        self.offer(id, level, picked.get(level.wrapping_sub(1)).map_or("", String::as_str));
    }

    fn offer(&mut self, field: FieldId, level: usize, above: &str) {
        let options = divisions(above);
        self.keyboard.hide();
        self.address = (!options.is_empty()).then_some(OpenAddress { field, level, options });
    }

    fn pick_division(&mut self, field: &str, column: &str, code: &str) {
        let id = FieldId::new(field);
        let Ok(level) = column.parse::<usize>() else { return };
        let Some(open) = self.address.take().filter(|open| open.field == id && open.level == level) else { return };
        let Some((code, name)) = open.options.into_iter().find(|(known, _)| known == code) else { return };
        let last = divisions(&code).is_empty();
        let op = EditOp::PickDivision { code: code.clone(), name, last };
        self.press(Press::Edit { target: Target::Field(id.clone()), op });
        if last {
            self.focus(field);
        } else {
            self.offer(id, level + 1, &code);
        }
    }
}

/// Divisions below a code (empty text = the country), as code and name.
fn divisions(above: &str) -> Vec<(String, String)> {
    let above = if above.is_empty() { Some(0) } else { above.parse().ok() };
    let rows = above.map(division::below).unwrap_or_default();
    rows.into_iter().map(|row| (format!("{:06}", row.code), row.name.to_owned())).collect()
}

fn field_of<'a>(screen: &'a Screen, id: &FieldId) -> Option<&'a FieldView> {
    let Screen::Question(page) = screen else { return None };
    page.fields.iter().find(|field| field.field == *id)
}

/// An empty field that is typed into: worth opening the keyboard for at once.
fn wants_typing(field: &FieldView) -> bool {
    let empty = matches!(&field.entry, visit::Entry::Text(text) if text.expose().is_empty());
    let address = matches!(field.kind, FieldKind::Address);
    empty && !field.locked && !address && keys_for(&field.kind).is_some()
}
