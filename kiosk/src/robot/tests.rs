//! The socket against a real window on the memory platform: look, press, picture, and what must be refused.

use super::{platform, serve};
use devices::sim::SimControl;
use serde_json::{Value, json};
use slint::ComponentHandle as _;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::net::UnixStream;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use ui::{Attract, ConsentView, Dialog, DialogKind, KioskWindow, Nav, Notice, Screen};

struct Line(BufReader<UnixStream>);

impl Line {
    fn ask(&mut self, request: &Value) -> Value {
        writeln!(self.0.get_mut(), "{request}").unwrap();
        let mut text = String::new();
        self.0.read_line(&mut text).unwrap();
        serde_json::from_str(&text).unwrap()
    }
}

/// Boxes on a page that is longer than its opening, so close that wherever it is cut a middle is near.
const BOXES: usize = 20;

fn long_page(window: &KioskWindow) {
    let one = |n| {
        let id: slint::SharedString = slint::format!("box {n}");
        ConsentView { text: id.clone(), id, line: "".into(), checked: false }
    };
    window.global::<Dialog>().set_kind(DialogKind::None);
    window.global::<Notice>().set_consents((0..BOXES).map(one).collect::<Vec<_>>().as_slice().into());
    window.global::<Nav>().set_screen(Screen::Notice);
}

fn boxes(seen: &Value) -> Vec<String> {
    let labels = seen["elements"].as_array().unwrap().iter().filter(|element| element["role"] == "button");
    let labels = labels.filter_map(|element| element["label"].as_str());
    labels.filter(|label| label.starts_with("box")).map(str::to_owned).collect()
}

/// Everything in one test: a process has one platform.
#[test]
fn a_robot_sees_presses_draws_and_is_refused_what_a_finger_cannot_do() {
    platform().unwrap();
    let window = KioskWindow::new().unwrap();
    window.window().set_size(slint::PhysicalSize::new(1080, 1920));
    window.global::<Attract>().set_start_label("轻触屏幕，开始办事".into());
    let nav = window.global::<Nav>();
    nav.set_primary_label("继续".into());
    let (presses, timer_ran) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicBool::new(false)));
    let weak = window.as_weak();
    window.global::<Attract>().on_start(move || {
        let window = weak.upgrade().unwrap();
        window.global::<Nav>().set_screen(Screen::Ways);
        window.global::<Nav>().set_primary_visible(true);
    });
    let counted = presses.clone();
    let weak = window.as_weak();
    nav.on_primary(move || {
        counted.fetch_add(1, Ordering::SeqCst);
        let dialog_of = weak.upgrade().unwrap();
        let dialog = dialog_of.global::<Dialog>();
        dialog.set_title("要退出吗？".into());
        dialog.set_first_label("继续".into());
        dialog.set_second_label("退出".into());
        dialog.set_kind(DialogKind::Leave);
    });
    let timer = slint::Timer::default();
    let ran = timer_ran.clone();
    timer.start(slint::TimerMode::SingleShot, std::time::Duration::from_millis(1), move || {
        ran.store(true, Ordering::SeqCst)
    });
    window.show().unwrap();

    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("robot.sock");
    let network = Arc::new(Mutex::new(Vec::new()));
    let told = network.clone();
    serve(window.as_weak(), Some(SimControl::new()), move |up| told.lock().unwrap().push(up), &socket).unwrap();
    let picture = folder.path().join("attract.png");
    let ticked = Arc::new(Mutex::new(Vec::new()));
    let log = ticked.clone();
    window.global::<Notice>().on_toggle(move |id| log.lock().unwrap().push(id.to_string()));
    let weak = window.as_weak();
    let robot = std::thread::spawn(move || {
        let mut line = Line(BufReader::new(UnixStream::connect(socket).unwrap()));
        let walk = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
            let seen = line.ask(&json!({"do": "look"}));
            assert_eq!(seen["screen"], "attract", "{seen}");
            assert!(seen["elements"].as_array().unwrap().iter().all(|element| element["label"] != "继续"));
            let refused = line.ask(&json!({"do": "press", "label": "继续"}));
            assert_eq!(refused["ok"], false, "an invisible button cannot be pressed: {refused}");
            assert_eq!(line.ask(&json!({"do": "picture", "path": picture}))["ok"], true);
            let image = image::open(&picture).unwrap().to_rgb8();
            assert_eq!(image.dimensions(), (1080, 1920));
            assert!(image.pixels().any(|pixel| pixel != image.get_pixel(0, 0)), "something is drawn");
            assert_eq!(line.ask(&json!({"do": "press", "label": "轻触屏幕，开始办事"}))["ok"], true);
            assert_eq!(line.ask(&json!({"do": "look"}))["screen"], "ways");
            assert_eq!(line.ask(&json!({"do": "press", "label": "继续"}))["ok"], true);
            // The dialog lies over it now: of two buttons of that name, the covered one is gone.
            let seen = line.ask(&json!({"do": "look"}));
            let again =
                seen["elements"].as_array().unwrap().iter().filter(|element| element["label"] == "继续").count();
            assert_eq!(again, 1, "{seen}");
            assert_eq!(line.ask(&json!({"do": "press", "label": "继续", "nth": 1}))["ok"], false);
            assert_eq!(line.ask(&json!({"do": "sim", "what": "network-cut"}))["ok"], true);
            assert_eq!(line.ask(&json!({"do": "sim", "what": "paper-out"}))["ok"], true);
            assert_eq!(line.ask(&json!({"do": "sim", "what": "eat-cake"}))["ok"], false);
            assert_eq!(line.ask(&json!({"do": "set-value"}))["ok"], false);
            weak.upgrade_in_event_loop(|window| long_page(&window)).unwrap();
            let seen = boxes(&line.ask(&json!({"do": "look"})));
            assert!((2..BOXES).contains(&seen.len()), "some, not all: {seen:?}");
            for label in &seen {
                assert_eq!(line.ask(&json!({"do": "press", "label": label}))["ok"], true);
            }
            // What lies under the buttons that turn the page is seen by nobody, and a finger between them meets nothing.
            assert_eq!(*ticked.lock().unwrap(), seen);
        }));
        slint::quit_event_loop().unwrap();
        if let Err(panic) = walk {
            std::panic::resume_unwind(panic);
        }
    });
    slint::run_event_loop_until_quit().unwrap();
    robot.join().unwrap();
    assert_eq!(presses.load(Ordering::SeqCst), 1);
    assert!(timer_ran.load(Ordering::SeqCst), "timers run on real time");
    assert_eq!(*network.lock().unwrap(), [false]);
}
