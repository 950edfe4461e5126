//! Whole errands, as people do them.

use super::samples::{number, record};
use super::{Rig, card, start, text};
use crate::{
    Dialog, EditOp, Effect, EndedWhy, Ending, Entry, Event, HeldWhy, Hint, Identified, Input, NumberOf, Outcome, Paper,
    Pill, Preference, Press, PrintProgress, ProblemKind, Progress, Screen, Shot, Target, Theme, Ticket, Way,
};
use domain::answers::{Answer, AttachmentId};
use domain::eligibility::Eligibility;
use domain::form::FieldError;
use domain::ids::{FieldId, ServiceId};
use domain::service::Applicant;

fn shot(name: &str) -> Event {
    Event::ShotTaken(Shot { id: AttachmentId(name.to_owned()), hints: vec![Hint::Dark] })
}

fn option(field: &str, option: &str) -> Press {
    Press::Option { field: FieldId::from(field), option: option.to_owned() }
}

fn division(code: &str, name: &str, last: bool) -> Press {
    let op = EditOp::PickDivision { code: code.to_owned(), name: name.to_owned(), last };
    Press::Edit { target: Target::Field(FieldId::from("home")), op }
}

/// From the matter page to the photo page of `lost`.
fn fill_to_photo(rig: &mut Rig) {
    rig.press(Press::Continue).fill("where", "云桥公交站");
    rig.press(division("330000", "浙江省", false))
        .press(division("330300", "温州市", false))
        .press(division("330304", "瓯海区", true))
        .fill("home", "云桥路 8 号");
}

fn fill_all(rig: &mut Rig) {
    fill_to_photo(rig);
    rig.answer(Event::CameraReady).press(Press::TakeShot).answer(shot("a"));
    rig.press(Press::TakeShot).answer(shot("b")).press(Press::ChooseShot(1)).press(Press::Continue);
    rig.press(Press::Later);
    rig.answer(Event::CameraReady).press(Press::TakeShot).answer(shot("c")).press(Press::Continue);
    rig.press(Press::CannotSign).press(Press::Continue);
}

#[test]
fn an_instant_certificate_is_printed_only_after_done() {
    let mut rig = Rig::new();
    rig.identified("certificate", Some(record()));
    assert_eq!(rig.view().frame.progress, Some(Progress { step: 2, of: 4 }));
    rig.press(option("purpose", "work")).press(Press::Continue);
    rig.press(Press::Declare("truth".into())).press(Press::Continue);
    assert!(matches!(rig.screen(), Screen::Check(_)), "{:?}", rig.screen());
    rig.press(Press::Submit);
    assert_eq!(rig.submission().identified, Some(Identified::NumberAndFace));
    assert_eq!(rig.submission().applicant.unwrap().name, text("林晓梅"));
    rig.answer(Event::Sealed(Rig::code()));
    rig.answer(Event::Outcome(Outcome::Issued { number: "330304-1".to_owned() }));
    let paper = |rig: &Rig| match rig.screen() {
        Screen::Receipt(page) => match page.ending {
            Ending::Issued { paper, .. } => paper,
            other => panic!("{other:?}"),
        },
        other => panic!("{other:?}"),
    };
    assert_eq!(paper(&rig), Paper::Job(PrintProgress::Printing));
    rig.answer(Event::Print(PrintProgress::Done));
    assert_eq!(paper(&rig), Paper::Job(PrintProgress::Done));
    rig.press(Press::PrintCertificate);
    assert_eq!(rig.count(|effect| matches!(effect, Effect::PrintCertificate { .. })), 1);
    assert_eq!(rig.count(|effect| matches!(effect, Effect::DestroyDraft { .. })), 1, "a sealed draft goes");
    rig.press(Press::End);
    assert!(matches!(rig.screen(), Screen::Ended { why: EndedWhy::ByPerson, rating: Some(_) }), "{:?}", rig.screen());
    assert_eq!(rig.last.last(), Some(&Effect::Wipe));
    rig.wait(20);
    assert_eq!(rig.screen(), Screen::Attract);
    assert_eq!(rig.visit.deadline(), None);
}

#[test]
fn refer_and_unavailable_say_no_word_why_and_silence_is_held() {
    for (event, ending) in [
        (
            Event::Outcome(Outcome::Counter { ticket: Some(Ticket::numbered("A12")) }),
            Ending::Counter { ticket: Some(Ticket::numbered("A12")) },
        ),
        (Event::OfficeUnreachable, Ending::Held(HeldWhy::OfficeUnreachable)),
        (Event::CardRemoved, Ending::Held(HeldWhy::OfficeSlow)),
    ] {
        let mut rig = Rig::new();
        rig.identified("certificate", Some(record()));
        rig.press(option("purpose", "work")).press(Press::Continue);
        rig.press(Press::Declare("truth".into())).press(Press::Continue).press(Press::Submit);
        rig.answer(Event::Sealed(Rig::code())).answer(event);
        let fetch = rig.all.iter().rev().find_map(super::ask_of).unwrap();
        rig.wait(30);
        let Screen::Receipt(page) = rig.screen() else { panic!("{:?}", rig.screen()) };
        assert_eq!((page.ending.clone(), page.code), (ending, Rig::code()));
        let late = Event::Outcome(Outcome::Issued { number: "n".to_owned() });
        rig.give(Input::Answer { ask: fetch, event: late });
        let Screen::Receipt(later) = rig.screen() else { panic!() };
        let held = matches!(page.ending, Ending::Held(_));
        assert_eq!(matches!(later.ending, Ending::Issued { .. }), held, "a late answer helps only who still waits");
    }
}

#[test]
fn an_acceptance_goes_through_every_page() {
    let mut rig = Rig::new();
    rig.press(Press::Touch).press(Press::Service("lost".into()));
    let Screen::Service(page) = rig.screen() else { panic!() };
    let pills: Vec<Pill> = page.materials.iter().map(|line| line.pill).collect();
    assert_eq!((pills, page.eligibility), (vec![Pill::CanFollow, Pill::Today, Pill::Counter], None));
    rig.press(Press::Back).identified("lost", Some(record()));
    assert!(matches!(rig.screen(), Screen::Matter { ref choices } if choices.len() == 3));
    rig.press(Press::Matter(Applicant::Own));
    let Screen::Question(page) = rig.screen() else { panic!("{:?}", rig.screen()) };
    assert!(page.fields[0].locked && page.fields[1].prefilled && !page.fields[1].locked);
    rig.type_in(Target::Field("name".into()), "别人");
    let Screen::Question(page) = rig.screen() else { panic!() };
    assert_eq!(page.fields[0].entry, Entry::Text(text("林晓梅")), "a locked field does not change");
    fill_all(&mut rig);
    let Screen::Check(check) = rig.screen() else { panic!("{:?}", rig.screen()) };
    assert!(!check.lines[0].changeable && check.lines[1].changeable);
    assert_eq!(rig.view().frame.progress, Some(Progress { step: 7, of: 7 }));
    rig.press(Press::Change("where".into()));
    rig.fill("where", "菜场");
    assert!(matches!(rig.screen(), Screen::Check(_)), "change goes straight back");
    rig.press(Press::Submit);
    let codes: Vec<String> = rig.submission().open.iter().map(crate::Open::code).collect();
    assert_eq!(codes, ["later:book", "cannot-sign"]);
    assert_eq!(rig.submission().answers.get(&"photo".into()), Some(&Answer::Photo(AttachmentId("b".to_owned()))));
    rig.answer(Event::Sealed(Rig::code()));
    assert!(rig.last.contains(&Effect::DropAttachments(vec![AttachmentId("a".to_owned())])), "{:?}", rig.last);
    let Screen::Receipt(page) = rig.screen() else { panic!() };
    assert_eq!((page.bring.len(), page.delivered, page.slip), (1, false, Paper::NotAsked));
    rig.give(Input::Delivered(page.submission));
    assert!(matches!(rig.screen(), Screen::Receipt(page) if page.delivered));
    rig.press(Press::AnotherErrand).begin("certificate");
    assert!(matches!(rig.screen(), Screen::Question(_)), "the same person stays identified: {:?}", rig.screen());
}

#[test]
fn errors_stand_beside_their_fields_and_back_keeps_what_was_typed() {
    let mut rig = Rig::new();
    rig.identified("lost", Some(record())).press(Press::Matter(Applicant::Own));
    rig.type_in(Target::Field("phone".into()), "123").fill("note", "短");
    let Screen::Question(page) = rig.screen() else { panic!() };
    let wrong: Vec<&str> = page.errors().map(|(field, _)| field.as_str()).collect();
    assert_eq!(wrong, ["phone", "note"]);
    rig.fill("note", "").fill("phone", "13800002046");
    rig.fill("where", "云");
    let Screen::Question(page) = rig.screen() else { panic!() };
    assert_eq!(page.fields[0].error, Some(FieldError::TooShort { min: 2 }));
    rig.press(Press::Back).press(Press::Continue);
    let Screen::Question(page) = rig.screen() else { panic!() };
    assert_eq!((&page.fields[0].entry, &page.fields[0].error), (&Entry::Text(text("云")), &None));
    rig.press(Press::Edit { target: Target::Field("where".into()), op: EditOp::Insert(text("桥")) });
    rig.press(Press::Continue);
    let draft = rig.draft();
    assert_eq!(draft.answers.get(&"where".into()), Some(&Answer::Text(text("云桥"))));
    rig.press(Press::Continue);
    assert!(matches!(rig.screen(), Screen::Question(page) if page.fields[0].error == Some(FieldError::Empty)));
}

#[test]
fn a_photo_is_retaken_and_papers_counted() {
    let mut rig = Rig::new();
    rig.identified("lost", Some(record())).press(Press::Matter(Applicant::Own));
    fill_to_photo(&mut rig);
    rig.press(Press::Continue);
    assert!(matches!(rig.screen(), Screen::Photo(page) if page.error == Some(FieldError::Empty)));
    rig.answer(Event::CameraReady).press(Press::TakeShot).press(Press::TakeShot).answer(shot("a"));
    assert_eq!(rig.count(|effect| matches!(effect, Effect::TakeShot { .. })), 1, "one picture at a time");
    rig.press(Press::Retake);
    assert!(rig.last.contains(&Effect::DropAttachments(vec![AttachmentId("a".to_owned())])));
    rig.answer(Event::CameraReady).press(Press::TakeShot).answer(shot("b")).press(Press::ChooseShot(0));
    assert!(rig.last.contains(&Effect::StopCamera));
    rig.press(Press::Continue);
    rig.answer(Event::CameraReady).press(Press::TakeShot).answer(shot("p1"));
    rig.press(Press::TakeShot).answer(shot("p2"));
    assert!(matches!(rig.screen(), Screen::Papers(page) if page.pages.len() == 2 && page.deferrable));
    rig.press(Press::RemovePage(0)).press(Press::RemovePage(7)).press(Press::Continue);
    assert_eq!(rig.draft().answers.get(&"book".into()), Some(&Answer::Document(vec![AttachmentId("p2".to_owned())])));
    rig.press(Press::Later);
    assert!(matches!(rig.screen(), Screen::Papers(page) if page.field.as_str() == "report"), "this one may not follow");
}

#[test]
fn a_guardian_needs_the_card_and_the_child_decides_the_rules() {
    let mut rig = Rig::new();
    rig.begin("passport");
    assert!(matches!(rig.screen(), Screen::Ways { ways } if ways.iter().all(|line| line.way != Way::NumberAndFace)));
    rig.press(Press::Way(Way::CardAndFace)).answer(card(&number(1990), "2036-01-01"));
    rig.face(Event::FaceSame).answer(Event::NoDraft).answer(Event::OwnRecord(record()));
    assert!(matches!(rig.screen(), Screen::Number(page) if page.of == NumberOf::Ward));
    rig.type_in(Target::SubjectNumber, &number(2005)).press(Press::Continue).answer(Event::OwnRecordUnavailable);
    assert!(matches!(rig.screen(), Screen::Refused { ref rule, .. } if rule == "too-old"), "{:?}", rig.screen());
    assert!(rig.offers(&Press::CallStaff) && rig.offers(&Press::AskOfficer));
    rig.press(Press::AskOfficer);
    rig.fill("born", "2019-06-01").fill("second", &number(1988));
    rig.press(option("trip", "abroad")).press(option("travel", "abroad")).press(Press::Continue);
    assert!(matches!(rig.screen(), Screen::Question(ref page) if page.fields.len() == 2), "{:?}", rig.screen());
    rig.fill("visa", "申根");
    rig.press(option("barred", "no")).press(Press::Continue).press(Press::Submit);
    let submission = rig.submission();
    let codes: Vec<String> = submission.open.iter().map(crate::Open::code).collect();
    assert_eq!(codes, ["rule:too-old", "own-record-unavailable"]);
    assert_eq!((submission.matter, submission.subject), (Applicant::Guardian, Some(text(&number(2005)))));
    assert_eq!(submission.facts.text("applicant.name", submission.day), Some("林晓梅".to_owned()));
}

#[test]
fn a_newborn_is_asked_about_without_a_number_and_known_by_the_guardian() {
    let mut rig = Rig::new();
    rig.identified("birth", Some(record()));
    let Screen::Question(page) = rig.screen() else { panic!("{:?}", rig.screen()) };
    assert_eq!(page.fields[0].field.as_str(), "birthday");
    rig.fill("birthday", "2026-11-01");
    let Screen::Question(page) = rig.screen() else { panic!("{:?}", rig.screen()) };
    assert_eq!(page.fields[0].entry, Entry::Text(text("林晓梅")), "the guardian's own record fills in the parent");
    rig.press(Press::Continue).press(Press::Submit);
    let submission = rig.submission();
    assert_eq!((submission.matter, submission.subject), (Applicant::Guardian, None));
    assert_eq!(submission.facts.get("person.name", submission.day), None, "the guardian is not the child");
    assert_eq!(submission.open, []);
}

#[test]
fn a_proxy_never_sees_the_principals_record() {
    let mut rig = Rig::new();
    rig.identified("lost", Some(record())).press(Press::Matter(Applicant::Proxy));
    let before = rig.count(|effect| matches!(effect, Effect::FetchOwnRecord { .. }));
    rig.type_in(Target::SubjectNumber, &number(1990)).press(Press::Continue);
    assert!(matches!(rig.screen(), Screen::Number(page) if page.error == Some(crate::NumberError::Own)));
    rig.type_in(Target::SubjectNumber, &number(1955)).press(Press::Continue);
    assert_eq!(rig.count(|effect| matches!(effect, Effect::FetchOwnRecord { .. })), before);
    let Screen::Question(page) = rig.screen() else { panic!("{:?}", rig.screen()) };
    assert_eq!(page.fields[0].entry, Entry::Text(text("")));
}

#[test]
fn an_officer_in_place_of_the_face_opens_nothing_of_the_person() {
    let mut rig = Rig::new();
    rig.begin("certificate").press(Press::Way(Way::Officer));
    rig.type_in(Target::OwnNumber, &number(1990)).press(Press::Continue);
    rig.press(option("purpose", "work")).press(Press::Continue);
    rig.press(Press::Declare("truth".into())).press(Press::Continue).press(Press::Submit);
    assert_eq!(rig.submission().identified, Some(Identified::NumberOfficer));
    assert_eq!(rig.submission().open, [crate::Open::ConfirmPerson]);
    rig.answer(Event::Sealed(Rig::code()));
    assert!(matches!(rig.screen(), Screen::Receipt(page) if page.ending == Ending::Counter { ticket: None }));
    rig.press(Press::End);
    let opened = |effect: &Effect| {
        matches!(
            effect,
            Effect::FetchOwnRecord { .. }
                | Effect::LookForDraft { .. }
                | Effect::SaveDraft(_)
                | Effect::DestroyDraft { .. }
                | Effect::FetchOutcome { .. }
        )
    };
    assert_eq!(rig.count(opened), 0);
}

#[test]
fn a_draft_is_taken_up_by_its_person_after_a_time_out() {
    let mut rig = Rig::new();
    rig.identified("lost", Some(record())).press(Press::Matter(Applicant::Own));
    rig.press(Press::Continue).fill("where", "云桥公交站");
    rig.wait(65);
    assert_eq!(rig.view().frame.idle_seconds, Some(15));
    rig.press(Press::StillHere);
    assert_eq!(rig.view().frame.idle_seconds, None);
    rig.wait(80);
    assert_eq!(rig.screen(), Screen::Ended { why: EndedWhy::TimedOut, rating: None });
    assert_eq!(rig.count(|effect| matches!(effect, Effect::DestroyDraft { .. })), 0);
    let draft = rig.draft();
    let stored: crate::Draft = serde_json::from_str(&serde_json::to_string(&draft).unwrap()).unwrap();
    rig.begin("certificate").number_and_face(&number(1990));
    rig.answer(Event::DraftFound(Box::new(stored)));
    assert!(matches!(rig.screen(), Screen::FoundDraft { service, .. } if service == ServiceId::from("lost")));
    rig.press(Press::ResumeDraft).answer(Event::OwnRecord(record()));
    assert!(matches!(rig.screen(), Screen::Question(ref page) if page.page.as_str() == "home"), "{:?}", rig.screen());
    rig.press(Press::Back);
    assert!(matches!(rig.screen(), Screen::Question(page) if page.fields[0].entry == Entry::Text(text("云桥公交站"))));
    rig.press(Press::Home);
    assert_eq!(rig.view().frame.dialog, Some(Dialog::Leave { ends_visit: false }));
    rig.press(Press::CloseDialog).press(Press::End).press(Press::Leave);
    assert_eq!(rig.screen(), Screen::Ended { why: EndedWhy::ByPerson, rating: None });
    assert_eq!(rig.count(|effect| matches!(effect, Effect::DestroyDraft { .. })), 1, "{:?}", rig.last);
}

#[test]
fn a_draft_of_another_person_or_form_is_not_opened() {
    let mut rig = Rig::new();
    rig.identified("lost", Some(record())).press(Press::Matter(Applicant::Own)).press(Press::Continue);
    let draft = rig.draft();
    let other = crate::Draft { id_number: text(&number(1970)), ..draft.clone() };
    let older = crate::Draft { form_version: 0, ..draft };
    for draft in [other, older] {
        let mut rig = Rig::new();
        rig.begin("lost").number_and_face(&number(1990)).answer(Event::DraftFound(Box::new(draft)));
        assert!(matches!(rig.screen(), Screen::Busy(crate::Busy::Record)), "{:?}", rig.screen());
    }
}

#[test]
fn another_card_never_opens_the_draft_of_the_one_before() {
    let mut rig = Rig::new();
    rig.begin("passport").press(Press::Way(Way::CardAndFace)).answer(card(&number(1990), "2036-01-01"));
    rig.face(Event::FaceSame).answer(Event::NoDraft).answer(Event::OwnRecord(record()));
    rig.type_in(Target::SubjectNumber, &number(2019)).press(Press::Continue).answer(Event::OwnRecordUnavailable);
    rig.fill("born", "20190601").wait(80);
    let draft = rig.draft();
    assert_eq!(
        draft.facts.text("applicant.phone", start().to_zoned(jiff::tz::TimeZone::UTC).date()),
        Some("13800002046".to_owned())
    );
    rig.begin("certificate").number_and_face(&number(1990)).answer(Event::DraftFound(Box::new(draft)));
    rig.press(Press::ResumeDraft);
    assert!(matches!(rig.screen(), Screen::Problem(problem) if problem.kind == ProblemKind::CardNeeded));
    rig.press(Press::TryAgain).press(Press::Back).press(Press::Back);
    assert_eq!(rig.view().frame.dialog, Some(Dialog::Leave { ends_visit: false }), "leaving the draft is asked");
    rig.press(Press::CloseDialog).agree().press(Press::TryAgain).press(Press::Way(Way::CardAndFace));
    rig.answer(card(&number(1970), "2036-01-01")).face(Event::FaceSame);
    assert!(
        matches!(rig.screen(), Screen::Busy(crate::Busy::Opening)),
        "a submission of their own: {:?}",
        rig.screen()
    );
    assert!(rig.visit.memory.errand.is_none());
    assert_eq!(rig.count(|effect| matches!(effect, Effect::DestroyDraft { .. })), 0);
}

#[test]
fn preferences_go_back_for_the_next_person_and_elder_mode_doubles_the_time() {
    let mut rig = Rig::new();
    let start = rig.view().frame.preferences;
    for change in [
        Preference::Language("en".to_owned()),
        Preference::Language("xx".to_owned()),
        Preference::Theme(Theme::Dark),
        Preference::Elder(true),
        Preference::LowReach(true),
        Preference::Speech(true),
        Preference::TextSize(9),
    ] {
        rig.press(Press::Prefer(change));
    }
    let set = rig.view().frame.preferences;
    assert_eq!((set.language.as_str(), set.text_size, set.elder), ("en", 4, true));
    rig.wait(119);
    assert!(matches!(rig.screen(), Screen::Home(_)), "elder mode waits twice as long");
    rig.wait(1);
    assert_eq!(rig.screen(), Screen::Attract, "nothing personal: no warning");
    assert_eq!(rig.view().frame.preferences, start);
    assert_eq!(rig.last, [Effect::Wipe]);
}

#[test]
fn home_searches_and_lists() {
    let mut rig = Rig::new();
    rig.press(Press::Touch).type_in(Target::Search, "sfz");
    let Screen::Home(page) = rig.screen() else { panic!() };
    assert_eq!(page.results, [ServiceId::from("lost")], "only services that exist");
    assert_eq!(page.common, [ServiceId::from("lost"), ServiceId::from("certificate")]);
    rig.press(Press::Category("exit-entry".into()));
    assert!(matches!(rig.screen(), Screen::Category { services, .. } if services == [ServiceId::from("passport")]));
    rig.press(Press::Service("passport".into())).press(Press::Back);
    assert!(matches!(rig.screen(), Screen::Category { .. }));
}

#[test]
fn the_service_page_knows_a_person_already_identified() {
    let mut rig = Rig::new();
    rig.identified("certificate", Some(record())).press(Press::Home).press(Press::Leave);
    rig.press(Press::Service("lost".into()));
    assert!(matches!(rig.screen(), Screen::Service(page) if page.eligibility == Some(Eligibility::Yes)));
}
