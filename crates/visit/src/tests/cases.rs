//! Finding one's case and bringing what is missing.

use super::samples::{CODE, WAITING, number, own_cases, record};
use super::{Rig, actions, card, text};
use crate::{
    Bring, CasePage, CodeError, EditOp, Effect, Ending, Entry, Event, Input, Kept, OwnCase, Press, ProblemKind,
    Progress, Screen, Shot, StoreFault, Target, Way,
};
use domain::answers::{Answer, AttachmentId};
use domain::ids::{FieldId, ReceiptCode, SubmissionId};
use uuid::Uuid;

fn id(number: u128) -> SubmissionId {
    SubmissionId(Uuid::from_u128(number))
}

fn code(text: &str) -> ReceiptCode {
    ReceiptCode::parse(text).unwrap()
}

impl Rig {
    fn find(&mut self, code: &str) -> &mut Self {
        self.press(Press::Touch).press(Press::FindCase).type_in(Target::Code, code).press(Press::Continue)
    }

    /// The case that waits for its person, found by its code.
    fn waiting(&mut self) -> &mut Self {
        self.find(WAITING).number_and_face(&number(1990)).answer(Event::OwnCases(vec![own_cases().remove(0)]))
    }

    fn case(&self) -> CasePage {
        match self.screen() {
            Screen::Case(page) => *page,
            other => panic!("{other:?}"),
        }
    }

    /// On the first page of the supplement.
    fn supplementing(&mut self) -> &mut Self {
        self.waiting().press(Press::Supplement).answer(Event::NoDraft).answer(Event::SubmissionMinted(id(77)))
    }

    fn problem(&self) -> ProblemKind {
        match self.screen() {
            Screen::Problem(problem) => problem.kind,
            other => panic!("{other:?}"),
        }
    }

    fn asked_cases(&self) -> usize {
        self.count(|effect| matches!(effect, Effect::FetchOwnCases { .. }))
    }
}

#[test]
fn a_code_is_typed_without_confusable_letters_and_shorter_ones_are_told() {
    let mut rig = Rig::new();
    rig.find("");
    let error = |rig: &Rig| match rig.screen() {
        Screen::FindCode(page) => (page.code.expose().clone(), page.error),
        other => panic!("{other:?}"),
    };
    assert_eq!(error(&rig), (String::new(), Some(CodeError::Empty)));
    rig.type_in(Target::Code, " hjk0-o1m ").press(Press::Continue);
    assert_eq!(error(&rig), ("HJKM".to_owned(), Some(CodeError::Short)));
    rig.press(Press::Edit { target: Target::Code, op: EditOp::Insert(text("NPQRTW")) });
    assert_eq!(error(&rig), (WAITING.to_owned(), None), "eight and no more");
    rig.press(Press::Edit { target: Target::Code, op: EditOp::Backspace });
    assert_eq!(error(&rig).0, "HJKMNPQ");
    rig.press(Press::Back);
    assert!(matches!(rig.screen(), Screen::Home(_)));
}

#[test]
fn a_code_finds_and_does_not_open() {
    let mut rig = Rig::new();
    rig.find(WAITING);
    assert!(matches!(rig.screen(), Screen::Ways { ref ways } if ways.len() == 3));
    assert_eq!(rig.asked_cases(), 0, "nothing is asked before the person is confirmed");
    rig.number_and_face(&number(1990));
    let asked = rig.all.iter().rev().find_map(|effect| match effect {
        Effect::FetchOwnCases { applicant, identified, code, .. } => {
            Some((applicant.id_number.clone(), *identified, code.clone()))
        }
        _ => None,
    });
    let (who, how, what) = asked.expect("asked");
    assert_eq!((who, how.confirmed(), what), (text(&number(1990)), true, Some(code(WAITING))));
    rig.answer(Event::OwnCases(vec![own_cases().remove(0)]));
    let page = rig.case();
    let here = |page: &str, field: &str| Bring::Here { page: page.into(), fields: vec![field.into()] };
    let counter = |material: Option<&str>| Bring::Counter { material: material.map(Into::into) };
    let how = vec![
        here("book", "book"),
        here("contact", "phone"),
        here("signature", "signature"),
        counter(Some("fingerprint")),
        counter(None),
    ];
    assert_eq!((page.how, page.handed_in), (how, false));
    rig.press(Press::Back);
    assert!(matches!(rig.screen(), Screen::FindCode(_)));
}

#[test]
fn an_officer_in_place_of_the_face_sees_to_it_at_the_counter_and_the_code_is_kept() {
    let by_way = |rig: &mut Rig| {
        rig.press(Press::Way(Way::Officer));
    };
    let after_the_card = |rig: &mut Rig| {
        rig.press(Press::Way(Way::CardAndFace)).answer(card(&number(1990), "2036-01-01")).press(Press::AskOfficer);
    };
    let after_a_wrong_face = |rig: &mut Rig| {
        rig.press(Press::Way(Way::NumberAndFace)).type_in(Target::OwnNumber, &number(1990)).press(Press::Continue);
        rig.face(Event::FaceDifferent).press(Press::AskOfficer);
    };
    for way in [&by_way as &dyn Fn(&mut Rig), &after_the_card, &after_a_wrong_face] {
        let mut rig = Rig::new();
        rig.find(WAITING);
        way(&mut rig);
        let Screen::Problem(problem) = rig.screen() else { panic!("{:?}", rig.screen()) };
        assert_eq!((problem.kind, problem.kept), (ProblemKind::AskAtWindow, Kept::Code(code(WAITING))));
        assert_eq!(rig.asked_cases(), 0, "nothing is asked");
        assert!(!rig.view().frame.identified);
        rig.press(Press::OtherWay);
        assert!(matches!(rig.screen(), Screen::Ways { .. }), "the other ways stay open");
    }
    let mut rig = Rig::new();
    rig.press(Press::Touch).press(Press::FindCase).press(Press::WithoutCode).press(Press::Way(Way::Officer));
    let Screen::Problem(problem) = rig.screen() else { panic!() };
    assert_eq!(problem.kept, Kept::NothingAffected);
}

#[test]
fn codes_that_find_nothing_are_counted_and_all_cases_stay_open_to_their_person() {
    let mut rig = Rig::new();
    rig.find(WAITING).number_and_face(&number(1990)).answer(Event::OwnCases(Vec::new()));
    for left in (0..5).rev() {
        assert_eq!(rig.problem(), ProblemKind::CodeNotFound { code: code(WAITING), tries_left: left });
        assert_eq!(rig.offers(&Press::TryAgain), left > 0);
        rig.press(Press::TryAgain);
        if left > 0 {
            assert!(matches!(rig.screen(), Screen::FindCode(_)));
            rig.press(Press::Continue).answer(Event::OwnCases(Vec::new()));
        }
    }
    rig.press(Press::Back).press(Press::Continue);
    let Screen::FindCode(page) = rig.screen() else { panic!("{:?}", rig.screen()) };
    assert_eq!((page.error, rig.asked_cases()), (Some(CodeError::NoTriesLeft), 5));
    rig.press(Press::Home).press(Press::FindCase).type_in(Target::Code, CODE).press(Press::Continue);
    assert_eq!(rig.asked_cases(), 5, "going home gives no new tries");
    rig.press(Press::WithoutCode).answer(Event::OwnCases(own_cases()));
    assert!(matches!(rig.screen(), Screen::Cases(ref page) if page.cases.len() == 3));
    rig.press(Press::Case(id(901)));
    assert_eq!(rig.case().case.code, code(CODE));
    assert!(!rig.offers(&Press::Supplement), "nothing is missing there");
    rig.press(Press::Back);
    assert!(matches!(rig.screen(), Screen::Cases(_)));
}

#[test]
fn without_a_network_progress_cannot_be_looked_up_and_nothing_else_is_affected() {
    for silent in [true, false] {
        let mut rig = Rig::new();
        rig.find(WAITING).number_and_face(&number(1990));
        if silent {
            rig.wait(8)
        } else {
            rig.answer(Event::OwnCasesUnavailable)
        };
        let Screen::Problem(problem) = rig.screen() else { panic!("{:?}", rig.screen()) };
        assert_eq!((problem.kind, problem.kept), (ProblemKind::ProgressUnavailable, Kept::Code(code(WAITING))));
        rig.press(Press::TryAgain).answer(Event::OwnCases(vec![own_cases().remove(0)]));
        assert_eq!(rig.case().case.submission, id(900));
    }
}

#[test]
fn a_supplement_asks_only_what_is_missing_and_keeps_the_code() {
    let mut rig = Rig::new();
    rig.supplementing();
    let Screen::Question(page) = rig.screen() else { panic!("{:?}", rig.screen()) };
    let fields: Vec<&str> = page.fields.iter().map(|field| field.field.as_str()).collect();
    assert_eq!((page.page.as_str(), fields), ("contact", vec!["phone"]), "not the name, not the note");
    assert_eq!(page.fields[0].entry, Entry::Text(text("")), "what was handed in before is not shown");
    assert_eq!(rig.view().frame.progress, Some(Progress { step: 1, of: 4 }));
    assert_eq!(rig.view().frame.wanted.unwrap().words, Some(text("少一位")));
    rig.press(Press::Continue);
    assert!(matches!(rig.screen(), Screen::Question(ref page) if page.fields[0].error.is_some()));
    rig.fill("phone", "13800002046");
    let Screen::Papers(page) = rig.screen() else { panic!("{:?}", rig.screen()) };
    assert!(!page.deferrable, "what is asked for once more does not follow later");
    rig.press(Press::Later);
    assert!(matches!(rig.screen(), Screen::Papers(_)));
    rig.answer(Event::CameraReady).press(Press::TakeShot);
    rig.answer(Event::ShotTaken(Shot { id: AttachmentId("page".to_owned()), hints: Vec::new() }))
        .press(Press::Continue);
    assert!(matches!(rig.screen(), Screen::Signature(_)), "{:?}", rig.screen());
    rig.press(Press::Signed(AttachmentId("ink".to_owned()))).press(Press::Continue);
    let Screen::Check(page) = rig.screen() else { panic!("{:?}", rig.screen()) };
    let lines: Vec<&str> = page.lines.iter().map(|line| line.field.as_str()).collect();
    assert_eq!(lines, ["phone", "book", "signature"]);
    assert!(page.open.is_empty());
    rig.press(Press::Submit);
    let sealed = rig.submission();
    let of = sealed.supplement_of.unwrap();
    assert_eq!((sealed.id, of.submission, of.code), (id(77), id(900), code(WAITING)));
    let answered: Vec<&str> = sealed.answers.iter().map(|(field, _)| field.as_str()).collect();
    assert_eq!(answered, ["book", "phone", "signature"]);
    assert_eq!(sealed.answers.get(&FieldId::from("phone")), Some(&Answer::Text(text("13800002046"))));
    rig.answer(Event::Sealed(code(WAITING)));
    let Screen::Receipt(page) = rig.screen() else { panic!("{:?}", rig.screen()) };
    assert_eq!((page.code, page.ending, page.bring), (code(WAITING), Ending::Supplement, vec!["fingerprint".into()]));
    assert_eq!(rig.count(|effect| matches!(effect, Effect::FetchOutcome { .. })), 0);
    rig.give(Input::Delivered(id(77)));
    assert!(matches!(rig.screen(), Screen::Receipt(page) if page.delivered));
}

#[test]
fn what_was_handed_in_in_this_visit_is_not_asked_again() {
    let mut rig = Rig::new();
    let mut only_sign: OwnCase = own_cases().remove(0);
    only_sign.missing.as_mut().unwrap().items.retain(|item| item.key == "signature");
    rig.find(WAITING).number_and_face(&number(1990)).answer(Event::OwnCases(vec![only_sign.clone()]));
    rig.press(Press::Supplement).answer(Event::NoDraft).answer(Event::SubmissionMinted(id(77)));
    rig.press(Press::CannotSign).press(Press::Continue).press(Press::Submit);
    assert_eq!(rig.submission().open, [crate::Open::CannotSign]);
    rig.answer(Event::Sealed(code(WAITING))).press(Press::AnotherErrand);
    rig.press(Press::FindCase).press(Press::WithoutCode).answer(Event::OwnCases(vec![only_sign]));
    rig.press(Press::Case(id(900)));
    assert!(rig.case().handed_in && !rig.offers(&Press::Supplement));
    // Another errand of the same visit is asked whole, with the record that nobody had asked for yet.
    rig.press(Press::Home).open("certificate").agree().answer(Event::OwnRecord(record()));
    assert!(matches!(rig.screen(), Screen::Question(ref page) if page.fields[0].field.as_str() == "purpose"));
    assert!(rig.view().frame.wanted.is_none());
}

#[test]
fn a_counter_item_alone_begins_nothing_here() {
    let mut rig = Rig::new();
    let mut finger: OwnCase = own_cases().remove(0);
    finger.missing.as_mut().unwrap().items.retain(|item| item.key == "fingerprint");
    rig.find(WAITING).number_and_face(&number(1990)).answer(Event::OwnCases(vec![finger]));
    assert!(!rig.offers(&Press::Supplement));
    rig.press(Press::Supplement);
    assert_eq!(rig.case().how, [Bring::Counter { material: Some("fingerprint".into()) }]);
    assert!(!actions(&rig.view()).is_empty(), "there is a way out");
}

#[test]
fn a_supplement_of_a_service_with_card_wants_the_card() {
    let mut rig = Rig::new();
    rig.find("QRTWXY34").number_and_face(&number(1990)).answer(Event::OwnCases(vec![own_cases().remove(2)]));
    rig.press(Press::Supplement);
    assert_eq!(rig.problem(), ProblemKind::CardNeeded);
    rig.press(Press::TryAgain);
    assert!(matches!(rig.screen(), Screen::Ways { ref ways } if ways.len() == 2), "no number here");
    rig.press(Press::Way(Way::CardAndFace)).answer(card(&number(1990), "2036-01-01")).face(Event::FaceSame);
    rig.answer(Event::NoDraft).answer(Event::SubmissionMinted(id(78)));
    let Screen::Question(page) = rig.screen() else { panic!("{:?}", rig.screen()) };
    assert_eq!(page.fields.len(), 1);
}

#[test]
fn another_person_at_the_second_identification_gets_their_own_cases() {
    let mut rig = Rig::new();
    rig.find("QRTWXY34").number_and_face(&number(1990)).answer(Event::OwnCases(vec![own_cases().remove(2)]));
    rig.press(Press::Supplement).press(Press::TryAgain).press(Press::Way(Way::CardAndFace));
    rig.answer(card(&number(1980), "2036-01-01")).face(Event::FaceSame);
    assert_eq!(rig.asked_cases(), 2, "asked anew, for the one who stands there now");
    assert_eq!(rig.count(|effect| matches!(effect, Effect::MintSubmission { .. })), 0);
    rig.answer(Event::OwnCases(Vec::new()));
    assert!(matches!(rig.problem(), ProblemKind::CodeNotFound { .. }));
}

#[test]
fn a_supplement_is_resumed_from_its_draft() {
    let mut rig = Rig::new();
    rig.supplementing().fill("phone", "13800002046");
    let draft = rig.draft();
    let mut next = Rig::new();
    next.waiting().press(Press::Supplement).answer(Event::DraftFound(Box::new(draft)));
    assert!(matches!(next.screen(), Screen::FoundDraft { .. }));
    next.press(Press::ResumeDraft);
    assert!(matches!(next.screen(), Screen::Papers(_)), "{:?}", next.screen());
    assert_eq!(next.view().frame.wanted.unwrap().code, code(WAITING));
    assert_eq!(next.count(|effect| matches!(effect, Effect::MintSubmission { .. })), 0, "the id of the draft stays");
}

#[test]
fn a_full_store_is_said_before_anything_is_asked() {
    let mut rig = Rig::new();
    rig.waiting().press(Press::Supplement).answer(Event::NoDraft).answer(Event::StoreFailed(StoreFault::DiskFull));
    assert_eq!(rig.problem(), ProblemKind::CannotAccept(StoreFault::DiskFull));
    rig.press(Press::Back);
    assert_eq!(rig.case().case.submission, id(900));
}

#[test]
fn a_wipe_leaves_nothing_of_the_cases() {
    let mut rig = Rig::new();
    rig.waiting().press(Press::End);
    let shown = format!("{:?}", rig.visit);
    assert!(!shown.contains(WAITING) && rig.visit.memory.finding.cases.is_empty(), "{shown}");
    assert_eq!(rig.visit.memory.finding.missed, 0);
}
