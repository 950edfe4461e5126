//! Half done to the counter, and the question how it went.

use super::samples::{number, record};
use super::{Rig, card, text};
use crate::{
    Dialog, Effect, EndedWhy, Ending, Event, Open, Paper, Preference, Press, PrintProgress, ProblemKind, Rating,
    Screen, Shot, StoreFault, Target, Unfinished, Way,
};
use domain::answers::{Answer, AttachmentId};
use domain::ids::FieldId;
use domain::service::Applicant;

fn hand_over(rig: &mut Rig) {
    assert!(rig.offers(&Press::HandOver), "{:?}", rig.view());
    rig.press(Press::HandOver);
    assert_eq!(rig.view().frame.dialog, Some(Dialog::HandOver));
    rig.press(Press::HandOverNow);
}

fn stopped_at(step: &str) -> Unfinished {
    Unfinished { step: Some(step.into()), ..Unfinished::default() }
}

fn shot(name: &str) -> Event {
    Event::ShotTaken(Shot { id: AttachmentId(name.to_owned()), hints: Vec::new() })
}

#[test]
fn what_was_given_goes_along_also_from_the_open_page_and_nothing_wrong() {
    let mut rig = Rig::new();
    rig.identified("lost", Some(record())).press(Press::Matter(Applicant::Own)).press(Press::Continue);
    rig.type_in(Target::Field("where".into()), "云桥公交站");
    hand_over(&mut rig);
    let sealed = rig.submission();
    assert_eq!(sealed.unfinished, Some(stopped_at("loss")));
    assert_eq!(sealed.answers.get(&"where".into()), Some(&Answer::Text(text("云桥公交站"))));
    assert!(sealed.answers.get(&"phone".into()).is_some(), "what was gone on from is there");
    assert!(sealed.answers.get(&"signature".into()).is_none());
    rig.answer(Event::Sealed(Rig::code()));
    let Screen::Receipt(page) = rig.screen() else { panic!("{:?}", rig.screen()) };
    assert_eq!((page.ending, page.code), (Ending::HandedOver, Rig::code()));
    assert_eq!(page.slip, Paper::Job(PrintProgress::Printing), "its paper comes by itself");
    let slip = rig.all.iter().find_map(|effect| match effect {
        Effect::PrintReceipt { slip, .. } => Some(slip.clone()),
        _ => None,
    });
    assert!(slip.is_some_and(|slip| slip.unfinished));
    assert_eq!(rig.count(|effect| matches!(effect, Effect::DestroyDraft { .. })), 1, "its draft goes");
    rig.press(Press::End);
    assert_eq!(rig.screen(), Screen::Ended { why: EndedWhy::ToCounter, rating: None }, "nothing is done to be rated");
}

#[test]
fn a_wrong_entry_is_no_answer_and_pictures_go_along() {
    let mut rig = Rig::new();
    rig.identified("lost", Some(record())).press(Press::Matter(Applicant::Own));
    rig.type_in(Target::Field("phone".into()), "1380000");
    hand_over(&mut rig);
    let sealed = rig.submission();
    assert!(sealed.answers.get(&"phone".into()).is_none(), "a number that is no number");
    let entered = sealed.unfinished.map(|unfinished| unfinished.entered);
    assert_eq!(entered, Some([(FieldId::from("phone"), text("1380000"))].into()), "but what was typed is not lost");

    let mut rig = Rig::new();
    rig.identified("lost", Some(record())).press(Press::Matter(Applicant::Own)).press(Press::Continue);
    rig.fill("where", "云桥公交站");
    rig.press(Press::Edit {
        target: Target::Field("home".into()),
        op: crate::EditOp::PickDivision { code: "330304".to_owned(), name: "瓯海区".to_owned(), last: true },
    });
    rig.fill("home", "云桥路 8 号");
    rig.answer(Event::CameraReady).press(Press::TakeShot).answer(shot("a"));
    hand_over(&mut rig);
    let sealed = rig.submission();
    assert_eq!(sealed.answers.get(&"photo".into()), Some(&Answer::Photo(AttachmentId("a".to_owned()))));
    assert_eq!(sealed.unfinished, Some(stopped_at("photo")));
}

#[test]
fn what_was_typed_over_an_answer_goes_along_and_not_the_answer() {
    let to_where = |rig: &mut Rig| {
        rig.identified("lost", Some(record())).press(Press::Matter(Applicant::Own)).press(Press::Continue);
    };
    let mut rig = Rig::new();
    to_where(&mut rig);
    rig.press(Press::Back).type_in(Target::Field("phone".into()), "1390000");
    hand_over(&mut rig);
    let sealed = rig.submission();
    assert_eq!(sealed.answers.get(&"phone".into()), None, "the number from before was not meant any more");
    let entered = sealed.unfinished.map(|unfinished| unfinished.entered);
    assert_eq!(entered, Some([(FieldId::from("phone"), text("1390000"))].into()));

    let mut rig = Rig::new();
    to_where(&mut rig);
    rig.press(Press::Back).type_in(Target::Field("note".into()), "夜里也可以打").press(Press::Continue);
    rig.press(Press::Back).type_in(Target::Field("note".into()), "");
    hand_over(&mut rig);
    let sealed = rig.submission();
    assert_eq!(sealed.answers.get(&"note".into()), None, "a field that was emptied is empty");
    assert!(sealed.answers.get(&"phone".into()).is_some(), "what was left alone stays");
    assert_eq!(sealed.unfinished, Some(stopped_at("person")));
}

#[test]
fn it_is_asked_first_and_staying_changes_nothing() {
    let mut rig = Rig::new();
    rig.identified("certificate", Some(record()));
    rig.press(Press::HandOverNow);
    assert_eq!(rig.count(|effect| matches!(effect, Effect::Seal { .. })), 0, "never without being asked");
    rig.press(Press::HandOver).press(Press::CloseDialog).press(Press::HandOverNow);
    assert_eq!(rig.count(|effect| matches!(effect, Effect::Seal { .. })), 0);
    hand_over(&mut rig);
    rig.answer(Event::Sealed(Rig::code()));
    assert_eq!(rig.count(|effect| matches!(effect, Effect::FetchOutcome { .. })), 0, "nothing is issued half done");
}

#[test]
fn nobody_unidentified_and_no_supplement_hands_anything_over() {
    let mut rig = Rig::new();
    rig.begin("lost");
    assert!(!rig.offers(&Press::HandOver));
    rig.press(Press::HandOver);
    assert_eq!(rig.view().frame.dialog, None);
}

#[test]
fn a_number_that_is_not_known_and_a_rules_no_are_handed_over_too() {
    let mut rig = Rig::new();
    rig.begin("passport").press(Press::Way(Way::Officer)).answer(card(&number(1990), "2036-01-01"));
    assert!(matches!(rig.screen(), Screen::Number(_)), "{:?}", rig.screen());
    hand_over(&mut rig);
    let sealed = rig.submission();
    assert_eq!((sealed.unfinished, sealed.subject), (Some(Unfinished::default()), None));
    assert_eq!(sealed.open, [Open::ConfirmPerson]);

    let mut rig = Rig::new();
    rig.begin("passport").press(Press::Way(Way::Officer)).answer(card(&number(1990), "2036-01-01"));
    rig.type_in(Target::SubjectNumber, &number(1980)).press(Press::Continue);
    assert!(matches!(rig.screen(), Screen::Refused { .. }), "{:?}", rig.screen());
    hand_over(&mut rig);
    assert_eq!(rig.submission().subject, Some(text(&number(1980))));
}

#[test]
fn a_store_that_cannot_is_said_and_does_not_lead_back_into_the_form() {
    let mut rig = Rig::new();
    rig.identified("certificate", Some(record()));
    rig.press(Press::Option { field: FieldId::from("purpose"), option: "work".to_owned() });
    hand_over(&mut rig);
    rig.answer(Event::StoreFailed(StoreFault::DiskFull));
    let Screen::Problem(problem) = rig.screen() else { panic!("{:?}", rig.screen()) };
    assert_eq!(problem.kind, ProblemKind::CannotAccept(StoreFault::DiskFull));
    assert!(!rig.view().frame.can_go_back && rig.offers(&Press::TryAgain) && rig.offers(&Press::CallStaff));
    rig.press(Press::TryAgain);
    assert!(rig.submission().unfinished.is_some());
    rig.answer(Event::Sealed(Rig::code()));
    assert!(matches!(rig.screen(), Screen::Receipt(_)));
}

/// Done, left, and asked how it went.
fn asked(rig: &mut Rig) -> Rating {
    rig.identified("certificate", Some(record()));
    rig.press(Press::Option { field: FieldId::from("purpose"), option: "work".to_owned() }).press(Press::Continue);
    rig.press(Press::Declare("truth".into())).press(Press::Continue).press(Press::Submit);
    rig.answer(Event::Sealed(Rig::code())).answer(Event::OfficeUnreachable).press(Press::End);
    match rig.screen() {
        Screen::Ended { why: EndedWhy::ByPerson, rating: Some(rating) } => rating,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_rating_is_one_press_after_everything_personal_is_gone() {
    let mut rig = Rig::new();
    let rating = asked(&mut rig);
    assert_eq!((rating.given, rig.last.last()), (None, Some(&Effect::Wipe)));
    rig.press(Press::Rate(0)).press(Press::Rate(6));
    assert_eq!(rig.count(|effect| matches!(effect, Effect::Rate { .. })), 0);
    rig.press(Press::Rate(4));
    assert_eq!(rig.last, [Effect::Rate { submission: rating.submission, stars: 4 }]);
    rig.press(Press::Rate(1));
    assert!(rig.last.is_empty(), "one press, once");
    rig.wait(8);
    assert_eq!(rig.screen(), Screen::Attract);
}

#[test]
fn who_does_not_rate_is_kept_by_nothing() {
    let mut rig = Rig::new();
    asked(&mut rig);
    rig.wait(20);
    assert_eq!(rig.screen(), Screen::Attract);
    let mut rig = Rig::new();
    asked(&mut rig);
    rig.press(Press::SkipRating);
    assert_eq!(rig.screen(), Screen::Ended { why: EndedWhy::ByPerson, rating: None });
    rig.press(Press::Rate(5));
    assert_eq!(rig.count(|effect| matches!(effect, Effect::Rate { .. })), 0);
    rig.wait(8);
    assert_eq!(rig.screen(), Screen::Attract);
    let mut rig = Rig::new();
    asked(&mut rig);
    rig.press(Press::Touch);
    assert!(matches!(rig.screen(), Screen::Home(_)), "the next person begins at once");
    rig.press(Press::Rate(5));
    assert_eq!(rig.count(|effect| matches!(effect, Effect::Rate { .. })), 0);
}

#[test]
fn the_farewell_speaks_the_language_of_the_visit_and_the_next_visit_does_not() {
    let mut rig = Rig::new();
    rig.press(Press::Touch).press(Press::Prefer(Preference::Language("en".to_owned())));
    rig.press(Press::End);
    assert_eq!(rig.view().frame.preferences.language, "en");
    rig.press(Press::Touch);
    assert_eq!(rig.view().frame.preferences.language, "zh-CN");
}
