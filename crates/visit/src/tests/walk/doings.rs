//! What people press and what the world answers, at random.
//! Not here: what must hold afterwards (`checks`).

use super::super::samples::{number, own_cases, record};
use super::super::{actions, card, text};
use super::{MARKER, Walk};
use crate::{
    Ask, Consent, EditOp, Effect, Event, Hint, Outcome, Preference, Press, PrintProgress, PrintTrouble, Screen, Shot,
    StoreFault, Target, Theme, View, Way,
};
use domain::answers::AttachmentId;
use domain::ids::{FieldId, ReceiptCode, SubmissionId};
use domain::service::{Applicant, FieldKind};
use uuid::Uuid;

impl Walk {
    fn words(&mut self) -> String {
        match self.dice.roll(8) {
            0 => String::new(),
            1 => number(1990),
            2 => number(2019),
            3 => "13800002046".to_owned(),
            4 => "2020-02-30".to_owned(),
            5 => "20200229".to_owned(),
            6 => format!("{MARKER}{}", "长".repeat(self.dice.roll(500))),
            _ => MARKER.to_owned(),
        }
    }

    fn op(&mut self) -> EditOp {
        match self.dice.roll(6) {
            0 => EditOp::Backspace,
            1 => EditOp::Clear,
            2 => EditOp::UnpickDivision,
            3 => {
                let code = self.dice.pick(&["330000", "330300", "330304", "", "é"]).to_owned();
                EditOp::PickDivision { code, name: MARKER.to_owned(), last: self.dice.roll(2) == 0 }
            }
            4 => EditOp::Insert(text(&self.words())),
            _ => EditOp::Set(text(&self.words())),
        }
    }

    /// What a person who wants to get on would do on this screen.
    pub(super) fn sensible(&mut self, view: &View) -> Press {
        let actions = actions(view);
        if view.frame.dialog == Some(crate::Dialog::HandOver) {
            return self.dice.pick(&[Press::CloseDialog, Press::HandOverNow]);
        }
        match &view.screen {
            Screen::Home(_) if self.dice.roll(4) == 0 => Press::FindCase,
            Screen::FindCode(page) if page.code.expose().len() == 8 && self.dice.roll(3) > 0 => Press::Continue,
            Screen::FindCode(_) if self.dice.roll(2) == 0 => {
                Press::Edit { target: Target::Code, op: EditOp::Set(text(super::super::samples::CODE)) }
            }
            Screen::Cases(page) if !page.cases.is_empty() && self.dice.roll(4) > 0 => {
                Press::Case(self.dice.pick(&page.cases).submission)
            }
            Screen::Home(_) => Press::Service(self.dice.pick(&["certificate", "lost", "passport"]).into()),
            Screen::Notice { consents, .. } => match consents.iter().find(|line| !line.ticked) {
                Some(line) => Press::Consent(line.consent),
                None => Press::Continue,
            },
            Screen::Ways { ways } => Press::Way(self.dice.pick(ways).way),
            Screen::Number(page) => match page.of {
                _ if !page.number.expose().is_empty() && self.dice.roll(2) == 0 => Press::Continue,
                crate::NumberOf::Applicant => self.set(Target::OwnNumber, 1990),
                _ => {
                    let year = self.dice.pick(&[2019, 1930, 2021, 1980]);
                    self.set(Target::SubjectNumber, year)
                }
            },
            Screen::Matter { choices } => Press::Matter(self.dice.pick(choices)),
            Screen::Question(page) if self.dice.roll(3) > 0 => {
                let field = self.dice.pick(&page.fields);
                match field.kind {
                    FieldKind::Choice { options, .. } => {
                        Press::Option { field: field.field, option: self.dice.pick(&options) }
                    }
                    FieldKind::Declaration => Press::Declare(field.field),
                    FieldKind::Address if self.dice.roll(2) == 0 => {
                        let op =
                            EditOp::PickDivision { code: "330304".to_owned(), name: MARKER.to_owned(), last: true };
                        Press::Edit { target: Target::Field(field.field), op }
                    }
                    FieldKind::Phone { .. } => self.put(field.field, "13800002046"),
                    FieldKind::Date { .. } => self.put(field.field, "20200229"),
                    FieldKind::Number { .. } => self.put(field.field, &number(1988)),
                    _ => self.put(field.field, MARKER),
                }
            }
            Screen::Photo(page) if page.chosen.is_none() => match page.shots.len() {
                2 => Press::ChooseShot(1),
                _ => Press::TakeShot,
            },
            Screen::Papers(page) if page.pages.is_empty() => {
                if page.deferrable && self.dice.roll(3) == 0 {
                    Press::Later
                } else {
                    Press::TakeShot
                }
            }
            Screen::Signature(page) if page.signed.is_none() => Press::Signed(AttachmentId(MARKER.to_owned())),
            _ if !actions.is_empty() => {
                if self.dice.roll(4) > 0 {
                    actions[0].press.clone()
                } else {
                    self.dice.pick(&actions).press
                }
            }
            _ => Press::Back,
        }
    }

    fn set(&mut self, target: Target, year: i16) -> Press {
        Press::Edit { target, op: EditOp::Set(text(&number(year))) }
    }

    fn put(&mut self, field: FieldId, words: &str) -> Press {
        Press::Edit { target: Target::Field(field), op: EditOp::Set(text(words)) }
    }

    pub(super) fn any_press(&mut self) -> Press {
        let (field, kind) = self.dice.pick(&self.fields);
        let index = self.dice.roll(4);
        let option = match kind {
            FieldKind::Choice { options, .. } => self.dice.pick(&options),
            _ => "nonsense".to_owned(),
        };
        let on = self.dice.roll(2) == 0;
        let target = match self.dice.roll(5) {
            0 => Target::Search,
            4 => Target::Code,
            1 => Target::OwnNumber,
            2 => Target::SubjectNumber,
            _ => Target::Field(field.clone()),
        };
        let op = self.op();
        let change = match self.dice.roll(5) {
            0 => Preference::Language("en".to_owned()),
            1 => Preference::TextSize(200),
            2 => Preference::Theme(Theme::HighContrast),
            3 => Preference::LowReach(on),
            _ => Preference::Elder(on),
        };
        let way = self.dice.pick(&[Way::NumberAndFace, Way::CardAndFace, Way::Officer]);
        let matter = self.dice.pick(&[Applicant::Own, Applicant::Guardian, Applicant::Proxy]);
        let id = AttachmentId(MARKER.to_owned());
        let presses = [
            Press::Touch,
            Press::Category("id-card".into()),
            Press::Service("lost".into()),
            Press::Service("nothing".into()),
            Press::Back,
            Press::Home,
            Press::End,
            Press::FindCase,
            Press::WithoutCode,
            Press::Case(SubmissionId(Uuid::from_u128(900))),
            Press::Supplement,
            Press::Start,
            Press::Continue,
            Press::Decline,
            Press::Consent(Consent::Notice),
            Press::Way(way),
            Press::AgreeFace,
            Press::AskOfficer,
            Press::OtherWay,
            Press::TryAgain,
            Press::ResumeDraft,
            Press::StartAfresh,
            Press::Matter(matter),
            Press::Edit { target: target.clone(), op: op.clone() },
            Press::Edit { target, op },
            Press::Option { field: field.clone(), option },
            Press::Declare(field.clone()),
            Press::TakeShot,
            Press::ChooseShot(index),
            Press::Retake,
            Press::RemovePage(index),
            Press::Later,
            Press::Signed(id),
            Press::ClearSignature,
            Press::CannotSign,
            Press::Change(field),
            Press::Submit,
            Press::PrintReceipt,
            Press::PrintCertificate,
            Press::AnotherErrand,
            Press::Help,
            Press::CallStaff,
            Press::HandOver,
            Press::HandOverNow,
            Press::Rate(self.dice.pick(&[0, 3, 6])),
            Press::SkipRating,
            Press::CloseDialog,
            Press::Leave,
            Press::StillHere,
            Press::Prefer(change),
        ];
        self.dice.pick(&presses)
    }

    /// What the world would say to this effect; mostly good.
    pub(super) fn reply(&mut self, effect: &Effect) -> Option<Event> {
        let good = self.dice.roll(5) > 0;
        let trouble = self.dice.pick(&[PrintTrouble::PaperOut, PrintTrouble::Jam, PrintTrouble::Offline]);
        Some(match effect {
            Effect::MintSubmission { ask, .. } if good => {
                Event::SubmissionMinted(SubmissionId(Uuid::from_u128(u128::from(ask.0))))
            }
            Effect::MintSubmission { .. } => Event::StoreFailed(StoreFault::DiskFull),
            Effect::LookForDraft { id_number, .. } => {
                let draft = self.draft.clone().filter(|draft| draft.id_number == *id_number);
                match draft {
                    Some(draft) if good => Event::DraftFound(draft),
                    Some(_) => {
                        Event::AlreadySubmitted { service: "lost".into(), code: code(Ask(0)), unfinished: false }
                    }
                    None => Event::NoDraft,
                }
            }
            Effect::Seal { ask, .. } if good => Event::Sealed(code(*ask)),
            Effect::Seal { .. } => Event::StoreFailed(StoreFault::Other),
            Effect::FetchOwnRecord { .. } if good => Event::OwnRecord(record()),
            Effect::FetchOwnRecord { .. } => Event::OwnRecordUnavailable,
            Effect::FetchOwnCases { code, .. } if good => {
                let mut found = own_cases();
                found.retain(|case| code.as_ref().is_none_or(|code| *code == case.code));
                Event::OwnCases(found)
            }
            Effect::FetchOwnCases { .. } => Event::OwnCasesUnavailable,
            Effect::FetchOutcome { .. } if good => Event::Outcome(Outcome::Issued { number: "N1".to_owned() }),
            Effect::FetchOutcome { .. } => Event::OfficeUnreachable,
            Effect::StartCardReading { .. } if good => card(&number(1990), "2036-01-01"),
            Effect::StartCardReading { .. } => {
                self.dice.pick(&[Event::CardUnreadable, Event::ReaderDown, card(&number(1990), "2020-01-01")])
            }
            Effect::StartCamera { .. } => Event::CameraReady,
            Effect::TakeShot { .. } if good => Event::ShotTaken(Shot {
                id: AttachmentId(format!("{MARKER}{}", self.asked.len())),
                hints: vec![Hint::Dark],
            }),
            Effect::TakeShot { .. } => Event::CameraStalled,
            Effect::CompareFace { .. } if good => Event::FaceSame,
            Effect::CompareFace { .. } => {
                self.dice.pick(&[Event::FaceDifferent, Event::NoFace, Event::FaceUnavailable])
            }
            Effect::PrintReceipt { .. } | Effect::PrintCertificate { .. } if good => Event::Print(PrintProgress::Done),
            Effect::PrintReceipt { .. } => Event::Print(PrintProgress::Failed(trouble)),
            Effect::PrintCertificate { .. } => Event::Print(PrintProgress::Waiting(trouble)),
            _ => return None,
        })
    }

    pub(super) fn any_event(&mut self) -> Event {
        self.dice.pick(&[
            Event::SubmissionMinted(SubmissionId(Uuid::from_u128(7))),
            Event::StoreFailed(StoreFault::Other),
            card(&number(1970), "2036-01-01"),
            Event::CardUnreadable,
            Event::CardRemoved,
            Event::ReaderDown,
            Event::CameraReady,
            Event::CameraHints(vec![Hint::Dark]),
            Event::CameraHints(Vec::new()),
            Event::CameraStalled,
            Event::ShotTaken(Shot { id: AttachmentId(MARKER.to_owned()), hints: Vec::new() }),
            Event::FaceDifferent,
            Event::NoFace,
            Event::NoDraft,
            Event::OwnRecord(record()),
            Event::OwnRecordUnavailable,
            Event::OwnCases(own_cases()),
            Event::OwnCasesUnavailable,
            Event::OfficeUnreachable,
            Event::Print(PrintProgress::Printing),
        ])
    }
}

/// A code of its own for every sealing.
fn code(ask: Ask) -> ReceiptCode {
    let low = u32::try_from(ask.0).unwrap();
    ReceiptCode::from_random([1, 2, 3, low / 10_648, low / 484, low / 22, low, 5])
}
