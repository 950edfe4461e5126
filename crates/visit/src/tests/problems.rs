//! Bad input and bad days: each says what happened, what was kept, and offers a person.

use super::samples::{number, record};
use super::{Rig, ask_of, card};
use crate::{
    Consent, Effect, Event, Input, Kept, NumberError, Paper, Press, PrintProgress, PrintTrouble, ProblemKind, Screen,
    Shot, StoreFault, Target, Way,
};
use domain::answers::AttachmentId;
use domain::rules::RuleCode;
use domain::service::Applicant;
use jiff::SignedDuration;
use jiff::civil::date;

fn assert_problem(rig: &Rig, kind: &ProblemKind) {
    let Screen::Problem(problem) = rig.screen() else { panic!("{:?}", rig.screen()) };
    assert_eq!(problem.kind, *kind);
    assert!(rig.offers(&Press::CallStaff), "a problem offers a person");
}

fn to_check(rig: &mut Rig) {
    rig.identified("certificate", Some(record()));
    rig.press(Press::Option { field: "purpose".into(), option: "work".to_owned() }).press(Press::Continue);
    rig.press(Press::Declare("truth".into())).press(Press::Continue);
}

#[test]
fn consent_must_be_complete_and_may_be_refused() {
    let mut rig = Rig::new();
    rig.open("lost").press(Press::Consent(Consent::Notice)).press(Press::Continue);
    assert!(matches!(rig.screen(), Screen::Notice { unticked: true, .. }));
    rig.press(Press::Decline);
    assert_problem(&rig, &ProblemKind::ConsentDeclined);
    rig.press(Press::Back);
    assert!(matches!(rig.screen(), Screen::Notice { unticked: false, .. }));
}

#[test]
fn an_expired_card_goes_on_only_with_an_officer() {
    let mut rig = Rig::new();
    rig.begin("passport").press(Press::Way(Way::CardAndFace)).answer(card(&number(1990), "2026-11-21"));
    assert_problem(&rig, &ProblemKind::CardExpired { until: date(2026, 11, 21) });
    assert!(rig.last.contains(&Effect::StopCardReading));
    rig.press(Press::AskOfficer);
    assert!(matches!(rig.screen(), Screen::Number(_)), "the ward's number: {:?}", rig.screen());
}

#[test]
fn a_card_valid_until_today_is_valid() {
    let mut rig = Rig::new();
    rig.begin("lost").press(Press::Way(Way::CardAndFace)).answer(card(&number(1990), "2026-11-22"));
    assert!(matches!(rig.screen(), Screen::Face(_)));
}

#[test]
fn a_card_that_cannot_be_read_and_a_reader_that_is_gone() {
    for (event, kind) in [
        (Event::CardUnreadable, ProblemKind::CardUnreadable),
        (Event::ReaderDown, ProblemKind::ReaderDown),
        (card("330304199006010029", "2036-01-01"), ProblemKind::CardNumber(RuleCode::Checksum)),
    ] {
        let mut rig = Rig::new();
        rig.begin("lost").press(Press::Way(Way::CardAndFace)).answer(event);
        assert_problem(&rig, &kind);
        rig.press(Press::TryAgain).answer(card(&number(1990), "2036-01-01"));
        assert!(matches!(rig.screen(), Screen::Face(_)));
    }
}

#[test]
fn a_wrong_number_is_said_beside_the_field() {
    let mut rig = Rig::new();
    rig.begin("lost").press(Press::Way(Way::NumberAndFace)).press(Press::Continue);
    let error = |rig: &Rig| match rig.screen() {
        Screen::Number(page) => page.error,
        other => panic!("{other:?}"),
    };
    assert_eq!(error(&rig), Some(NumberError::Empty));
    rig.type_in(Target::OwnNumber, "330304");
    assert_eq!(error(&rig), None);
    rig.press(Press::Continue);
    assert_eq!(error(&rig), Some(NumberError::Rule(RuleCode::Format)));
}

#[test]
fn three_different_faces_leave_the_officer() {
    let mut rig = Rig::new();
    rig.begin("lost").press(Press::Way(Way::NumberAndFace)).type_in(Target::OwnNumber, &number(1990));
    rig.press(Press::Continue).face(Event::FaceDifferent);
    assert_problem(&rig, &ProblemKind::FaceDifferent { tries_left: 2 });
    for left in [1, 0] {
        rig.press(Press::TryAgain).answer(Event::CameraReady).answer(Event::CameraHints(Vec::new()));
        rig.answer(Event::NoFace);
        assert_problem(&rig, &ProblemKind::NoFace);
        rig.press(Press::TryAgain).answer(Event::CameraReady).press(Press::TakeShot).answer(Event::FaceDifferent);
        assert_problem(&rig, &ProblemKind::FaceDifferent { tries_left: left });
    }
    rig.press(Press::TryAgain);
    assert_problem(&rig, &ProblemKind::FaceDifferent { tries_left: 0 });
    rig.press(Press::AskOfficer);
    assert!(matches!(rig.screen(), Screen::Matter { .. }), "{:?}", rig.screen());
}

#[test]
fn without_a_matcher_the_face_is_honestly_not_available() {
    let mut rig = Rig::with(|_| {});
    rig.begin("lost").press(Press::Way(Way::NumberAndFace));
    assert_problem(&rig, &ProblemKind::FaceUnavailable);
    rig.press(Press::AskOfficer);
    assert!(matches!(rig.screen(), Screen::Number(page) if page.card_works));
    rig.answer(card(&number(1990), "2036-01-01"));
    assert!(matches!(rig.screen(), Screen::Matter { .. }), "a card on the reader does as well");
}

#[test]
fn a_silent_matcher_is_given_up() {
    let mut rig = Rig::new();
    rig.begin("lost").press(Press::Way(Way::CardAndFace)).answer(card(&number(1990), "2036-01-01"));
    rig.press(Press::AgreeFace).answer(Event::CameraReady).press(Press::TakeShot).wait(15);
    assert_problem(&rig, &ProblemKind::FaceUnavailable);
    rig.answer(Event::FaceSame);
    assert_problem(&rig, &ProblemKind::FaceUnavailable);
}

#[test]
fn not_eligible_by_age_and_by_answer() {
    let mut rig = Rig::new();
    rig.identified("lost", Some(record())).press(Press::Matter(Applicant::Guardian));
    rig.type_in(Target::SubjectNumber, &number(2020)).press(Press::Continue).answer(Event::OwnRecordUnavailable);
    assert!(matches!(rig.screen(), Screen::Refused { rule, .. } if rule == "too-young"));
    assert!(rig.offers(&Press::AskOfficer) && rig.offers(&Press::CallStaff) && rig.offers(&Press::Home));
    let mut rig = Rig::new();
    rig.begin("passport").press(Press::Way(Way::Officer)).answer(card(&number(1990), "2036-01-01"));
    rig.type_in(Target::SubjectNumber, &number(2019)).press(Press::Continue);
    rig.fill("born", "20190601").fill("second", &number(1988)).press(Press::Continue);
    rig.press(Press::Option { field: "barred".into(), option: "yes".to_owned() }).press(Press::Continue);
    assert!(matches!(rig.screen(), Screen::Refused { rule, .. } if rule == "barred"));
    rig.press(Press::Back);
    assert!(matches!(rig.screen(), Screen::Question(_)), "the answer can be put right");
}

#[test]
fn a_very_old_person_is_taken_in_for_an_officer() {
    let mut rig = Rig::new();
    rig.identified("lost", Some(record())).press(Press::Matter(Applicant::Proxy));
    rig.type_in(Target::SubjectNumber, &number(1930)).press(Press::Continue);
    let errand = rig.visit.memory.errand.as_ref().unwrap();
    let open: Vec<String> = errand.open(date(2026, 11, 22)).iter().map(crate::Open::code).collect();
    assert_eq!(open, ["confirm-mandate", "rule:very-old"]);
}

#[test]
fn a_full_disk_claims_nothing() {
    let mut rig = Rig::new();
    rig.press(Press::Touch).press(Press::Service("lost".into())).press(Press::Start);
    rig.answer(Event::StoreFailed(StoreFault::DiskFull));
    assert_problem(&rig, &ProblemKind::CannotAccept(StoreFault::DiskFull));
    assert_eq!(
        rig.visit.view().frame.primary.map(|action| action.press),
        Some(Press::End),
        "another machine is the way on"
    );
    let mut rig = Rig::new();
    to_check(&mut rig);
    rig.press(Press::Submit).answer(Event::StoreFailed(StoreFault::DiskFull));
    assert_problem(&rig, &ProblemKind::CannotAccept(StoreFault::DiskFull));
    assert!(matches!(rig.screen(), Screen::Problem(problem) if problem.kept == Kept::Entered));
    let first = |rig: &Rig| rig.visit.view().frame.primary.map(|action| action.press);
    assert_eq!(first(&rig), Some(Press::TryAgain), "what was entered is not left by the largest button");
    rig.press(Press::TryAgain).wait(20);
    assert_problem(&rig, &ProblemKind::CannotAccept(StoreFault::Other));
    rig.answer(Event::Sealed(Rig::code()));
    assert!(matches!(rig.screen(), Screen::Busy(_)), "a late seal is a seal: {:?}", rig.screen());
}

#[test]
fn a_stalled_camera_loses_nothing() {
    let mut rig = Rig::new();
    rig.identified("lost", Some(record())).press(Press::Matter(Applicant::Own)).press(Press::Continue);
    rig.fill("where", "云桥公交站");
    let page = domain::ids::FieldId::from("book");
    rig.visit.open_page(page, false);
    rig.give(Input::Tick).answer(Event::CameraStalled);
    assert_problem(&rig, &ProblemKind::CameraStalled);
    assert!(rig.offers(&Press::Later) && rig.offers(&Press::TryAgain));
    rig.press(Press::TryAgain);
    assert!(matches!(rig.screen(), Screen::Papers(_)));
    rig.answer(Event::CameraStalled).press(Press::Later);
    assert_eq!(rig.draft().answers.get(&"book".into()), Some(&domain::answers::Answer::Later));
    assert!(rig.draft().answers.get(&"where".into()).is_some());
}

#[test]
fn printing_trouble_never_says_printed_and_a_reprint_keeps_the_code() {
    let mut rig = Rig::new();
    to_check(&mut rig);
    rig.press(Press::Submit).answer(Event::Sealed(Rig::code())).answer(Event::OfficeUnreachable);
    let troubles = [
        PrintTrouble::PaperOut,
        PrintTrouble::Jam,
        PrintTrouble::CoverOpen,
        PrintTrouble::Offline,
        PrintTrouble::Other,
    ];
    for trouble in troubles {
        rig.press(Press::PrintReceipt).press(Press::PrintReceipt);
        rig.answer(Event::Print(PrintProgress::Waiting(trouble)));
        let Screen::Receipt(page) = rig.screen() else { panic!() };
        assert_eq!((page.trouble, page.code), (Some(trouble), Rig::code()));
        assert!(!rig.offers(&Press::PrintReceipt), "a second job would print twice");
        rig.answer(Event::Print(PrintProgress::Failed(trouble)));
        assert!(rig.offers(&Press::PrintReceipt));
    }
    rig.press(Press::PrintReceipt).answer(Event::Print(PrintProgress::Done));
    let Screen::Receipt(page) = rig.screen() else { panic!() };
    assert_eq!((page.trouble, page.slip), (None, Paper::Job(PrintProgress::Done)));
    let codes: Vec<String> = rig
        .all
        .iter()
        .filter_map(|effect| match effect {
            Effect::PrintReceipt { slip, .. } => Some(slip.code.as_str().to_owned()),
            _ => None,
        })
        .collect();
    assert_eq!(codes, vec![Rig::code().as_str().to_owned(); 6]);
}

#[test]
fn what_was_submitted_before_a_crash_is_said() {
    let mut rig = Rig::new();
    rig.begin("lost").number_and_face(&number(1990));
    rig.answer(Event::AlreadySubmitted { service: "lost".into(), code: Rig::code(), unfinished: false });
    assert_problem(
        &rig,
        &ProblemKind::AlreadySubmitted { service: "lost".into(), code: Rig::code(), unfinished: false },
    );
    assert!(matches!(rig.screen(), Screen::Problem(problem) if problem.kept == Kept::Submitted(Rig::code())));
    rig.press(Press::StartAfresh).wait(8);
    assert!(
        matches!(rig.screen(), Screen::Matter { .. }),
        "a silent office costs the prefill only: {:?}",
        rig.screen()
    );
}

#[test]
fn another_service_that_needs_the_card_asks_for_it() {
    let mut rig = Rig::new();
    rig.identified("certificate", Some(record())).press(Press::Home).press(Press::Leave).begin("passport");
    assert_problem(&rig, &ProblemKind::CardNeeded);
    rig.press(Press::TryAgain);
    assert!(matches!(rig.screen(), Screen::Ways { .. }));
}

#[test]
fn a_late_answer_of_one_person_never_reaches_the_next() {
    let mut rig = Rig::new();
    rig.begin("lost").number_and_face(&number(1990)).answer(Event::NoDraft);
    let old = rig.all.iter().rev().find_map(ask_of).unwrap();
    rig.press(Press::End);
    rig.begin("lost").number_and_face(&number(1970)).answer(Event::NoDraft);
    rig.give(Input::Answer { ask: old, event: Event::OwnRecord(record()) });
    assert!(matches!(rig.screen(), Screen::Busy(crate::Busy::Record)));
    let id = AttachmentId("late".to_owned());
    rig.give(Input::Answer { ask: old, event: Event::ShotTaken(Shot { id: id.clone(), hints: Vec::new() }) });
    assert_eq!(rig.last, [Effect::DropAttachments(vec![id])]);
}

#[test]
fn a_clock_set_back_keeps_no_visit_open() {
    let mut rig = Rig::new();
    rig.identified("certificate", Some(record()));
    rig.now -= SignedDuration::from_hours(2);
    rig.give(Input::Tick);
    assert_eq!(rig.visit.deadline(), Some(rig.now + SignedDuration::from_secs(60)));
}
