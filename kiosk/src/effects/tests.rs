//! The loop with its hands on a real store and simulated devices, without a window and without an office: who is told what,
//! and which picture goes with whose submission.

use super::*;
use crate::keyring::Keyring;
use crate::scene::{Closed, Machine, Scene};
use crate::signal::Compared;
use crate::store::Attachment;
use crate::turn::{Screen as Draws, Turn, TurnParts};
use crate::typing::Keyboard;
use crate::uplink::OfficeAddress;
use age::secrecy::ExposeSecret as _;
use devices::sim::{SimCamera, SimCardReader, SimMatcher};
use domain::answers::{Answer, Answers, AttachmentId};
use domain::facts::Facts;
use domain::ids::{FieldId, ServiceId, SubmissionId};
use domain::rules::identity::check_character;
use domain::service::Applicant;
use ed25519_dalek::SigningKey;
use jiff::tz::Offset;
use outbox::Load;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};
use visit::{
    Consent, EditOp, FacePhase, Identified, Person, Press, ProblemKind, Screen, StoreFault, Submission, Target, Way,
};
use wire::digest::Digest;
use wire::key_list::{KeyList, KeyRole, ListedKey};
use wire::manifest::{Manifest, Role};
use wire::payload::{Payload, PictureRole};
use wire::signature::Signed;

/// A service that asks for no portrait.
const CERTIFICATE: &str = "no-criminal-record-self";
/// One that does.
const LOST: &str = "id-replace-lost";

struct Blind;

impl Draws for Blind {
    fn draw(&self, _: Scene) {}
}

impl FrameSink for Blind {
    fn show(&self, _: Option<devices::Picture>) {}
}

struct Rig {
    turn: Turn,
    inbox: Receiver<Signal>,
    identity: age::x25519::Identity,
    _folder: tempfile::TempDir,
}

/// A number with a right check character, born on 1 June of `year`.
fn number(year: i16) -> Sensitive<String> {
    let head = format!("330304{year}0601002");
    let mut seventeen = [0; 17];
    seventeen.copy_from_slice(head.as_bytes());
    Sensitive::new(format!("{head}{}", check_character(&seventeen)))
}

fn catalogue() -> Arc<Catalogue> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../services-catalog");
    Arc::new(Catalogue::load(&ambient::read_tree(&folder).unwrap()).unwrap())
}

/// An office at a port where nobody listens.
fn nobody() -> Office {
    let own = rcgen::generate_simple_self_signed(vec!["kiosk".to_owned()]).unwrap();
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), format!("{}{}", own.signing_key.serialize_pem(), own.cert.pem())).unwrap();
    let address = OfficeAddress {
        url: "https://127.0.0.1:9".to_owned(),
        intake: None,
        authority_pem: own.cert.pem().into_bytes(),
        identity: file.path().to_owned().into(),
        receipt_key: SigningKey::from_bytes(&[2; 32]).verifying_key(),
        simulation_allowed: true,
    };
    Office::new(&address).unwrap()
}

/// A ring whose one branch key is this identity's, valid for `seconds` from an hour ago.
fn keyring(data: &std::path::Path, identity: &age::x25519::Identity, seconds: i64) -> Keyring {
    keyring_naming(data, identity, seconds, Vec::new())
}

/// The same with a list that names catalogues; the kiosk's own is `ours`.
fn keyring_naming(
    data: &std::path::Path,
    identity: &age::x25519::Identity,
    seconds: i64,
    catalogues: Vec<Digest>,
) -> Keyring {
    let signer = SigningKey::from_bytes(&[3; 32]);
    let not_before = ambient::now() - jiff::SignedDuration::from_hours(1);
    let key = ListedKey {
        recipient: identity.to_public().to_string(),
        role: KeyRole::Branch,
        not_before,
        not_after: not_before + jiff::SignedDuration::from_secs(seconds),
    };
    let list = KeyList { v: 1, station: "s".into(), issued_at: not_before, keys: vec![key], catalogues };
    let signed = Signed::sign(&list, &signer).unwrap();
    Keyring::open(data, Some(signed), signer.verifying_key(), "s".into(), Digest::of(b"ours")).unwrap()
}

fn folder(data: &std::path::Path) -> Folder {
    let bureau = "class = \"demo\"\nname = \"n\"\nstation = \"s\"\nstation_name = \"s\"\nphone = \"1\"\nverify_url = \"https://x/v\"\n\
         list_key = \"\"\nreceipt_key = \"\"\ncertificate_key = \"\"\naudit_key = \"\"\n";
    Folder {
        kiosk: toml::from_str("id = \"k\"\nnumber = 1\noffice = \"https://127.0.0.1:9\"").unwrap(),
        bureau: toml::from_str(bureau).unwrap(),
        authority: String::new(),
        safe: crate::safe::Safe::plain(),
        identity: data.join("client.pem").into(),
        device_key: SigningKey::from_bytes(&[1; 32]),
        recipients: None,
        data: data.to_owned(),
    }
}

impl Rig {
    fn new() -> Self {
        let data = tempfile::tempdir().unwrap();
        let identity = age::x25519::Identity::generate();
        let (signals, inbox) = channel();
        let control = SimControl::new();
        let eyes = control.clone();
        let catalogue = catalogue();
        let hands = Hands::new(Parts {
            signals,
            store: Arc::new(Store::open(data.path()).unwrap()),
            office: nobody(),
            catalogue: Arc::clone(&catalogue),
            fonts: Arc::new(FontSet::load(&documents::fonts::FontPaths::default()).unwrap()),
            folder: Arc::new(folder(data.path())),
            hardware: Hardware {
                cards: Some(Box::new(SimCardReader::new(control.clone()))),
                camera: Some(Arc::new(move || Box::new(SimCamera::new(eyes.clone())))),
                printer: None,
                face: Box::new(SimMatcher::new(control.clone())),
                control: Some(control),
            },
            frames: Arc::new(Blind),
            gauge: Gauge::default(),
            keyring: Arc::new(keyring(data.path(), &identity, 7200)),
        });
        let make_visit = move || {
            let categories = catalogue.categories().iter().map(|category| category.id.clone()).collect();
            let mut config = visit::VisitConfig::for_station(categories);
            config.face_matcher = true;
            let services: Vec<_> = catalogue.services().cloned().collect();
            visit::Visit::new(config, services.into(), Arc::new(crate::search::CatalogueSearch::new(&catalogue)))
        };
        let turn = Turn::new(TurnParts {
            make_visit: Box::new(make_visit),
            hands,
            machine: Machine {
                station: "s".to_owned(),
                number: 1,
                phone: "1".to_owned(),
                demo: true,
                simulated: true,
                online: None,
                paused: false,
                full: false,
                overdue: false,
                idle_warning_seconds: 20,
            },
            keyboard: Keyboard::new().unwrap(),
            dock: None,
            screen: Box::new(Blind),
            offset: Offset::constant(8),
            countdown_seconds: 0,
        });
        Self { turn, inbox, identity, _folder: data }
    }

    fn press(&mut self, press: Press) -> &mut Self {
        self.turn.press(press);
        self
    }

    /// Takes signals until this screen comes.
    fn until(&mut self, what: &str, there: impl Fn(&Screen) -> bool) -> &mut Self {
        let deadline = Instant::now() + Duration::from_secs(20);
        while !there(&self.turn.visit.view().screen) {
            assert!(Instant::now() < deadline, "{what} does not come: {:?}", self.turn.visit.view().screen);
            if let Ok(signal) = self.inbox.recv_timeout(Duration::from_millis(50)) {
                self.turn.take(signal);
            }
        }
        self
    }

    /// From attract to the comparison's answer.
    fn identify(&mut self, service: &str, number: &Sensitive<String>) -> &mut Self {
        self.press(Press::Touch).press(Press::Service(service.into())).press(Press::Start);
        self.until("the notice", |screen| matches!(screen, Screen::Notice { .. }));
        self.press(Press::Consent(Consent::Notice)).press(Press::Consent(Consent::SensitiveData));
        self.press(Press::Continue).press(Press::Way(Way::NumberAndFace));
        self.press(Press::Edit { target: Target::OwnNumber, op: EditOp::Set(number.clone()) }).press(Press::Continue);
        self.press(Press::AgreeFace);
        self.until("the camera", |screen| matches!(screen, Screen::Face(page) if page.phase == FacePhase::Aim));
        self.press(Press::TakeShot)
    }

    fn lately(&self, number: &Sensitive<String>) -> bool {
        self.turn.hands.store.sealed_lately(number, ambient::now()).unwrap().is_some()
    }

    /// The payload and the plain attachments of the last submission sealed.
    fn sealed(&self) -> (Payload, Vec<Vec<u8>>) {
        let waiting = self.turn.hands.store.waiting().unwrap().pop().unwrap();
        let key = self.turn.hands.sealing.device_key.verifying_key();
        let manifest: Manifest = waiting.manifest.open(&key).unwrap();
        let plain = |part: &wire::manifest::Part| {
            let sealed = std::fs::read(self.turn.hands.store.spool().path(&part.sha256)).unwrap();
            wire::envelope::open(&sealed, self.identity.to_string().expose_secret()).unwrap()
        };
        let (answers, others): (Vec<_>, Vec<_>) = manifest.parts.iter().partition(|part| part.role == Role::Answers);
        (serde_json::from_slice(&plain(answers[0])).unwrap(), others.into_iter().map(plain).collect())
    }
}

fn submission(service: &str, applicant: &Sensitive<String>, identified: Identified) -> Submission {
    Submission {
        id: SubmissionId(ambient::new_uuid()),
        service: ServiceId::new(service),
        form_version: 1,
        day: jiff::civil::date(2026, 11, 22),
        language: "zh-CN".to_owned(),
        applicant: Some(Person { name: Sensitive::new("林晓梅".to_owned()), id_number: applicant.clone() }),
        identified: Some(identified),
        matter: Applicant::Own,
        subject: None,
        facts: Facts::new(),
        answers: Answers::default(),
        open: Vec::new(),
        supplement_of: None,
        unfinished: None,
    }
}

#[test]
fn who_was_told_of_an_earlier_submission_and_ends_the_visit_is_not_told_again() {
    let mut rig = Rig::new();
    let person = number(1990);
    // Sealed, and then the power went: nobody ended that visit.
    rig.turn.hands.seal(Ask(0), submission(CERTIFICATE, &person, Identified::NumberAndFace));
    let _ = rig.inbox.recv_timeout(Duration::from_secs(20)).unwrap();
    rig.turn.hands.carry_out(Effect::Wipe);
    assert!(rig.lately(&person));
    rig.identify(CERTIFICATE, &person);
    let told = |screen: &Screen| matches!(screen, Screen::Problem(problem) if matches!(problem.kind, ProblemKind::AlreadySubmitted { unfinished: false, .. }));
    rig.until("that it was handed in", told);
    assert!(rig.lately(&person), "being told is not enough: the visit may still break off");
    rig.press(Press::End);
    let deadline = Instant::now() + Duration::from_secs(20);
    while rig.lately(&person) {
        assert!(Instant::now() < deadline, "the person ended the visit and is still remembered");
        std::thread::yield_now();
    }
}

#[test]
fn a_full_outbox_takes_no_new_visit_and_one_under_way_is_handed_in() {
    let mut rig = Rig::new();
    let answer = |rig: &Rig| {
        let signal = rig.inbox.recv_timeout(Duration::from_secs(20)).unwrap();
        let crate::signal::Signal::Answer(visit::Input::Answer { event, .. }) = signal else { panic!("{signal:?}") };
        event
    };
    let load = Load { items: 9, bytes: 90, limit: 100, nearly_full: true, full: false, too_old: false };
    for (load, refused) in [
        (load, None),
        (Load { full: true, ..load }, Some(StoreFault::DiskFull)),
        (Load { too_old: true, ..load }, Some(StoreFault::Other)),
    ] {
        rig.turn.hands.gauge.show(load);
        rig.turn.hands.mint(Ask(0));
        match (answer(&rig), refused) {
            (visit::Event::SubmissionMinted(_), None) => {}
            (visit::Event::StoreFailed(fault), Some(meant)) => assert_eq!(fault, meant),
            (other, _) => panic!("{other:?} with {load:?}"),
        }
    }
    let valid = Arc::clone(&rig.turn.hands.keyring);
    let elsewhere = tempfile::tempdir().unwrap();
    rig.turn.hands.keyring = Arc::new(keyring(elsewhere.path(), &rig.identity, 60));
    rig.turn.hands.mint(Ask(0));
    assert_eq!(answer(&rig), visit::Event::StoreFailed(StoreFault::NoKey), "the key has ended");
    rig.turn.hands.seal(Ask(0), submission(CERTIFICATE, &number(1990), Identified::NumberAndFace));
    assert_eq!(answer(&rig), visit::Event::StoreFailed(StoreFault::NoKey), "and nothing is sealed to it");
    rig.turn.hands.keyring = valid;
    rig.turn.hands.pause(true);
    rig.turn.hands.mint(Ask(0));
    assert_eq!(answer(&rig), visit::Event::StoreFailed(StoreFault::Paused), "the office does not accept this kiosk");
    rig.turn.hands.pause(false);
    rig.turn.hands.gauge.show(Load { full: true, ..load });
    rig.turn.hands.seal(Ask(1), submission(CERTIFICATE, &number(1990), Identified::NumberAndFace));
    assert!(matches!(answer(&rig), visit::Event::Sealed(_)));
}

#[test]
fn the_machine_closes_when_its_outbox_is_full_and_opens_when_there_is_room() {
    let mut rig = Rig::new();
    let load = Load { items: 9, bytes: 90, limit: 100, nearly_full: true, full: false, too_old: false };
    for (load, closed) in [
        (load, None),
        (Load { full: true, too_old: true, ..load }, Some(Closed::Full)),
        (Load { too_old: true, ..load }, Some(Closed::Waiting)),
        (load, None),
    ] {
        rig.turn.hands.gauge.show(load);
        rig.turn.weigh();
        assert_eq!(rig.turn.machine.closed(), closed, "{load:?}");
    }
    rig.turn.take(Signal::Uplink(crate::uplink::Event::Suspended));
    assert_eq!(rig.turn.machine.closed(), Some(Closed::Paused));
}

#[test]
fn no_visit_begins_by_a_catalogue_that_the_bureau_does_not_stand_for() {
    let mut rig = Rig::new();
    let [ours, theirs] = [Digest::of(b"ours"), Digest::of(b"theirs")];
    for (named, begins) in [(vec![theirs.clone()], false), (vec![theirs, ours], true)] {
        let data = tempfile::tempdir().unwrap();
        rig.turn.hands.keyring = Arc::new(keyring_naming(data.path(), &rig.identity, 7200, named));
        rig.turn.hands.mint(Ask(0));
        let signal = rig.inbox.recv_timeout(Duration::from_secs(20)).unwrap();
        let crate::signal::Signal::Answer(visit::Input::Answer { event, .. }) = signal else { panic!("{signal:?}") };
        if matches!(event, visit::Event::SubmissionMinted(_)) {
            assert!(begins, "it began by other files");
        } else {
            assert_eq!((event, begins), (visit::Event::StoreFailed(StoreFault::NoKey), false));
        }
        // What was under way before the list came is sealed all the same.
        rig.turn.hands.seal(Ask(1), submission(CERTIFICATE, &number(1990), Identified::NumberAndFace));
        let sealed = rig.inbox.recv_timeout(Duration::from_secs(20)).unwrap();
        assert!(matches!(
            sealed,
            crate::signal::Signal::Answer(visit::Input::Answer { event: visit::Event::Sealed(_), .. })
        ));
    }
}

#[test]
fn a_half_done_one_is_told_as_such_after_a_power_cut() {
    let mut rig = Rig::new();
    let person = number(1990);
    let half_done = Submission {
        unfinished: Some(visit::Unfinished::default()),
        ..submission(CERTIFICATE, &person, Identified::NumberAndFace)
    };
    rig.turn.hands.seal(Ask(0), half_done);
    let _ = rig.inbox.recv_timeout(Duration::from_secs(20)).unwrap();
    rig.turn.hands.carry_out(Effect::Wipe);
    rig.identify(CERTIFICATE, &person);
    rig.until("that it is at the counter", |screen| {
        matches!(screen, Screen::Problem(problem) if matches!(problem.kind, ProblemKind::AlreadySubmitted { unfinished: true, .. }))
    });
}

fn picture(of: &Sensitive<String>, bytes: &[u8]) -> PortraitOf {
    PortraitOf { id_number: of.clone(), jpeg: Sensitive::new(bytes.to_vec()) }
}

#[test]
fn pictures_go_with_their_own_person_and_only_where_they_may() {
    let mut rig = Rig::new();
    let (person, other) = (number(1990), number(1970));
    let hands = &mut rig.turn.hands;
    hands.portrait = Some(picture(&person, b"card"));
    hands.face_seen = Some(picture(&person, b"face"));
    let roles = |hands: &Hands, submission: &Submission| -> Vec<PictureRole> {
        hands.pictures(submission).into_iter().map(|(role, _)| role).collect()
    };
    let (card, live) = (PictureRole::CardPortrait, PictureRole::LiveFace);
    for (service, how, wanted) in [
        (CERTIFICATE, Identified::CardAndFace, vec![card]),
        (CERTIFICATE, Identified::NumberAndFace, vec![]),
        (CERTIFICATE, Identified::CardOfficer, vec![card, live]),
        (CERTIFICATE, Identified::NumberOfficer, vec![live]),
    ] {
        assert_eq!(roles(hands, &submission(service, &person, how)), wanted, "{service} {how:?}");
        assert_eq!(roles(hands, &submission(service, &other, how)), [], "somebody else's: {service} {how:?}");
    }
    // The photo for the document is the applicant's own face, but not when it is the child's.
    for (matter, photo, wanted) in [
        (Applicant::Own, true, vec![card]),
        (Applicant::Own, false, vec![card, live]),
        (Applicant::Guardian, true, vec![card, live]),
        (Applicant::Proxy, true, vec![card, live]),
    ] {
        let mut lost = Submission { matter, ..submission(LOST, &person, Identified::CardOfficer) };
        if photo {
            lost.answers.set(FieldId::from("photo"), Answer::Photo(AttachmentId("p".to_owned())));
        }
        assert_eq!(roles(hands, &lost), wanted, "{matter:?} {photo}");
    }
    let mut supplement = submission(CERTIFICATE, &person, Identified::CardAndFace);
    let code = code_of(supplement.id);
    supplement.supplement_of = Some(visit::SupplementOf { submission: supplement.id, code, seq: 1 });
    assert_eq!(roles(hands, &supplement), [], "the case has it already");
    hands.seal(Ask(0), submission(CERTIFICATE, &person, Identified::CardAndFace));
    let _ = rig.inbox.recv_timeout(Duration::from_secs(20)).unwrap();
    let (payload, attachments) = rig.sealed();
    assert_eq!(attachments, [b"card".to_vec()]);
    assert_eq!(payload.pictures.keys().collect::<Vec<_>>(), [&card]);
    rig.turn.hands.carry_out(Effect::Wipe);
    assert!(rig.turn.hands.portrait.is_none() && rig.turn.hands.face_seen.is_none());
}

#[test]
fn a_face_found_the_same_is_forgotten_and_one_of_an_earlier_visit_never_taken() {
    let mut rig = Rig::new();
    let person = number(1990);
    let control = rig.turn.hands.control.clone().unwrap();
    control.face(devices::sim::FaceMode::Fail);
    rig.identify(CERTIFICATE, &person);
    rig.until("that it differs", |screen| {
        matches!(screen, Screen::Problem(problem) if matches!(problem.kind, ProblemKind::FaceDifferent { .. }))
    });
    assert!(rig.turn.hands.face_seen.as_ref().is_some_and(|face| face.id_number == person));
    control.face(devices::sim::FaceMode::Pass);
    rig.press(Press::TryAgain);
    rig.until("the camera", |screen| matches!(screen, Screen::Face(page) if page.phase == FacePhase::Aim));
    rig.press(Press::TakeShot);
    rig.until("the form", |screen| matches!(screen, Screen::Question(_)));
    assert!(rig.turn.hands.face_seen.is_none(), "it was the same person: nothing stays");
    let asked = rig.turn.hands.comparing.unwrap();
    rig.turn.hands.carry_out(Effect::Wipe);
    rig.turn.hands.compared(Compared { ask: asked, face: Some(picture(&person, b"late")) });
    assert!(rig.turn.hands.face_seen.is_none(), "an answer that comes after the wipe");
}

#[test]
fn a_picture_that_is_named_and_not_given_is_not_sealed() {
    let rig = Rig::new();
    let hands = &rig.turn.hands;
    let whole = submission(CERTIFICATE, &number(1990), Identified::CardAndFace);
    let mut payload = super::sealing::payload(&whole).unwrap();
    let id = domain::answers::AttachmentId("0".repeat(64));
    payload.pictures.insert(PictureRole::CardPortrait, id);
    let given: [Attachment; 0] = [];
    let refused = hands.store.seal(whole.id, &payload, &given, &hands.sealing, ambient::now());
    assert_eq!(refused.unwrap_err(), crate::store::StoreError::MissingAttachment);
}
