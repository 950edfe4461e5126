//! The rig: a visit, a window, and what the loop would keep beside them.

use crate::scene::{Machine, OpenAddress, Scene, Typing};
use crate::screens::{Words, present, target};
use devices::Picture;
use domain::answers::AttachmentId;
use domain::facts::{Facts, Value};
use domain::ids::{CategoryId, FieldId, ReceiptCode, ServiceId, SubmissionId};
use domain::rules::identity::check_character;
use domain::sensitive::Sensitive;
use i_slint_backend_testing::{TestingBackend, TestingBackendOptions};
use jiff::civil::date;
use jiff::tz::Offset;
use jiff::{SignedDuration, Timestamp};
use services_catalog::Catalogue;
use slint::{ComponentHandle, PhysicalSize};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use ui::{KioskWindow, Layer};
use uuid::Uuid;
use visit::{
    Ask, Card, Consent, EditOp, Effect, Event, Input, Preference, Press, Search, Shot, Target, View, Visit,
    VisitConfig, Way,
};

pub(super) const NAME: &str = "林晓梅";
pub(super) const PHONE: &str = "13800002046";
pub(super) const CODE: &str = "7KQ4M3XP";
pub(super) const PLACE: &str = "南塘街菜场门口";

thread_local! {
    static READY: Cell<bool> = const { Cell::new(false) };
}

struct ByName(Arc<Catalogue>);

impl Search for ByName {
    fn find(&self, query: &str, language: &str) -> Vec<ServiceId> {
        let fits = |id: &ServiceId| self.0.text(language, id, "name").is_some_and(|name| name.contains(query));
        let ids = self.0.services().map(|service| service.id.clone());
        ids.filter(|id| !query.is_empty() && fits(id)).collect()
    }
}

/// A number with a right check character, born on 1 June of `year`.
pub(super) fn number(year: i16) -> String {
    let head = format!("330304{year}0601002");
    let mut seventeen = [0; 17];
    seventeen.copy_from_slice(head.as_bytes());
    format!("{head}{}", check_character(&seventeen))
}

pub(super) fn record() -> Facts {
    let mut facts = Facts::new();
    facts.set("person.name", Value::Text(NAME.to_owned()));
    facts.set("person.birth", Value::Date(date(1990, 6, 1)));
    facts.set("person.phone", Value::Text(PHONE.to_owned()));
    facts.set("person.id-number", Value::Text(number(1990)));
    facts
}

pub(super) fn catalogue() -> Arc<Catalogue> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../services-catalog");
    let files = ambient::read_tree(&folder).expect("the shipped catalogue can be read");
    Arc::new(Catalogue::load(&files).expect("the shipped catalogue is right"))
}

fn text(words: &str) -> Sensitive<String> {
    Sensitive::new(words.to_owned())
}

pub(super) struct Rig {
    pub(super) visit: Visit,
    pub(super) window: KioskWindow,
    pub(super) words: Words,
    pub(super) now: Timestamp,
    pub(super) scene: Scene,
    effects: Vec<Effect>,
    folder: &'static str,
    minted: u128,
}

impl Rig {
    pub(super) fn new(folder: &'static str) -> Self {
        let catalogue = catalogue();
        let categories: Vec<CategoryId> = catalogue.categories().iter().map(|category| category.id.clone()).collect();
        let mut config = VisitConfig::for_station(categories);
        config.face_matcher = true;
        let services: Vec<_> = catalogue.services().cloned().collect();
        let visit = Visit::new(config, services.into(), Arc::new(ByName(Arc::clone(&catalogue))));
        let words = Words::load(catalogue).expect("built in").with_link_base("https://demo.invalid/");
        let now: Timestamp = "2026-11-22T06:26:00Z".parse().expect("a timestamp");
        let scene = Scene {
            view: visit.view(),
            typing: typing(None, Layer::Hidden),
            machine: Machine {
                station: "云桥派出所".to_owned(),
                number: 1,
                phone: "8001".to_owned(),
                demo: true,
                simulated: false,
                online: Some(true),
                paused: false,
                full: false,
                overdue: false,
                idle_warning_seconds: 20,
            },
            now: Offset::constant(8).to_datetime(now),
            pictures: BTreeMap::new(),
            address: None,
            strokes: text(""),
            countdown: None,
            dock: None,
        };
        Self { visit, window: window(), words, now, scene, effects: Vec::new(), folder, minted: 0 }
    }

    pub(super) fn in_english(mut self) -> Self {
        self.press(Press::Prefer(Preference::Language("en".to_owned())));
        self
    }

    pub(super) fn give(&mut self, input: Input) -> &mut Self {
        self.effects.extend(self.visit.handle(input, self.now));
        self
    }

    pub(super) fn press(&mut self, press: Press) -> &mut Self {
        self.give(Input::Press(press))
    }

    /// Answers the youngest effect that waits for an answer.
    pub(super) fn answer(&mut self, event: Event) -> &mut Self {
        let ask = self.effects.iter().rev().find_map(ask_of).expect("something was asked");
        self.give(Input::Answer { ask, event })
    }

    pub(super) fn view(&self) -> View {
        self.visit.view()
    }

    /// Presents, and draws into the gallery when there is one.
    pub(super) fn show(&mut self, name: &str) -> &mut Self {
        self.scene.view = self.visit.view();
        self.scene.now = Offset::constant(8).to_datetime(self.now);
        present(&self.window, &self.scene, &self.words);
        if let Some(gallery) = std::env::var_os("YIMEN_GALLERY") {
            let folder = Path::new(&gallery).join(self.folder);
            std::fs::create_dir_all(&folder).expect("the gallery is writable");
            let drawn = self.window.window().take_snapshot().expect("the software renderer draws");
            let path = folder.join(format!("{name}.png"));
            image::save_buffer(path, drawn.as_bytes(), drawn.width(), drawn.height(), image::ColorType::Rgba8)
                .expect("the picture is written");
        }
        self
    }

    pub(super) fn wait(&mut self, seconds: i64) -> &mut Self {
        self.now += SignedDuration::from_secs(seconds);
        self.give(Input::Tick)
    }

    pub(super) fn focus(&mut self, id: &str, layer: Layer) -> &mut Self {
        let target = target(&self.view(), id);
        self.scene.typing = typing(Some(target), layer);
        self
    }

    pub(super) fn blur(&mut self) -> &mut Self {
        self.scene.typing = typing(None, Layer::Hidden);
        self
    }

    pub(super) fn type_in(&mut self, target: Target, words: &str) -> &mut Self {
        self.press(Press::Edit { target, op: EditOp::Set(text(words)) })
    }

    pub(super) fn fill(&mut self, field: &str, words: &str) -> &mut Self {
        self.type_in(Target::Field(FieldId::from(field)), words)
    }

    pub(super) fn option(&mut self, field: &str, option: &str) -> &mut Self {
        self.press(Press::Option { field: FieldId::from(field), option: option.to_owned() })
    }

    pub(super) fn reach_notice(&mut self, service: &str) -> &mut Self {
        self.press(Press::Touch).press(Press::Service(ServiceId::from(service))).press(Press::Start);
        self.minted += 1;
        let id = SubmissionId(Uuid::from_u128(self.minted));
        self.answer(Event::SubmissionMinted(id))
    }

    pub(super) fn reach_ways(&mut self, service: &str) -> &mut Self {
        self.reach_notice(service);
        self.press(Press::Consent(Consent::Notice)).press(Press::Consent(Consent::SensitiveData)).press(Press::Continue)
    }

    pub(super) fn identified(&mut self, service: &str) -> &mut Self {
        self.reach_ways(service).press(Press::Way(Way::NumberAndFace));
        self.type_in(Target::OwnNumber, &number(1990)).press(Press::Continue).press(Press::AgreeFace);
        self.answer(Event::CameraReady).press(Press::TakeShot).answer(Event::FaceSame);
        self.answer(Event::NoDraft).answer(Event::OwnRecord(record()))
    }

    pub(super) fn card(&mut self, valid_until: &str) -> &mut Self {
        self.answer(Event::CardRead(Box::new(Card {
            name: text(NAME),
            id_number: text(&number(1990)),
            nation: text("汉"),
            address: text("云桥路 8 号"),
            valid_until: Some(valid_until.parse().expect("a date")),
        })))
    }

    pub(super) fn shot(&mut self, id: &str, rgb: [u8; 3], hints: Vec<visit::Hint>) -> &mut Self {
        let id = AttachmentId(id.to_owned());
        self.scene.pictures.insert(id.clone(), Arc::new(Picture::filled(130, 160, rgb)));
        self.press(Press::TakeShot).answer(Event::ShotTaken(Shot { id, hints }))
    }

    pub(super) fn open_address(&mut self, field: &str, level: usize, options: &[(&str, &str)]) -> &mut Self {
        let options = options.iter().map(|(code, name)| ((*code).to_owned(), (*name).to_owned())).collect();
        self.scene.address = Some(OpenAddress { field: FieldId::from(field), level, options });
        self
    }

    pub(super) fn code() -> ReceiptCode {
        ReceiptCode::parse(CODE).expect("a code")
    }

    /// The lost card, from its first page to the check page.
    pub(super) fn reach_check(&mut self) -> &mut Self {
        self.identified("id-replace-lost").option("how", "lost").press(Press::Continue);
        self.fill("when", "20261120").fill("where", PLACE).press(Press::Continue);
        self.press(Press::Continue).option("collect", "counter").press(Press::Continue);
        self.answer(Event::CameraReady).shot("a1", [200, 180, 160], Vec::new()).shot("a2", [190, 170, 150], Vec::new());
        self.press(Press::ChooseShot(0)).press(Press::Continue);
        self.answer(Event::CameraReady).press(Press::Later).press(Press::Declare(FieldId::from("declaration")));
        self.press(Press::Continue).press(Press::Signed(AttachmentId("s1".to_owned()))).press(Press::Continue)
    }
}

pub(super) fn window() -> KioskWindow {
    READY.with(|ready| {
        if !ready.replace(true) {
            let options =
                TestingBackendOptions { mock_time: true, threading: false, renderer_name: Some("software".into()) };
            slint::platform::set_platform(Box::new(TestingBackend::new(options))).expect("one platform a thread");
        }
    });
    let window = KioskWindow::new().expect("the window opens");
    window.window().set_size(PhysicalSize::new(1080, 1920));
    window.show().expect("the window shows");
    window
}

pub(super) fn typing(target: Option<Target>, layer: Layer) -> Typing {
    Typing {
        target,
        layer,
        capitals: false,
        preedit: text(""),
        candidates: Sensitive::new(Vec::new()),
        expanded: false,
        page_up: false,
        page_down: false,
    }
}

fn ask_of(effect: &Effect) -> Option<Ask> {
    match effect {
        Effect::MintSubmission { ask, .. }
        | Effect::LookForDraft { ask, .. }
        | Effect::Seal { ask, .. }
        | Effect::FetchOwnRecord { ask, .. }
        | Effect::FetchOwnCases { ask, .. }
        | Effect::FetchOutcome { ask, .. }
        | Effect::StartCardReading { ask }
        | Effect::StartCamera { ask, .. }
        | Effect::TakeShot { ask }
        | Effect::CompareFace { ask, .. }
        | Effect::PrintReceipt { ask, .. }
        | Effect::PrintCertificate { ask, .. } => Some(*ask),
        Effect::SaveDraft(_)
        | Effect::DestroyDraft { .. }
        | Effect::StopCardReading
        | Effect::StopCamera
        | Effect::DropAttachments(_)
        | Effect::Rate { .. }
        | Effect::CallStaff
        | Effect::Wipe => None,
    }
}
