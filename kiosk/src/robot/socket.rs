//! The socket's thread: one connection at a time, one request a line; what touches the screen runs on its thread.

use super::hand::{Move, touch};
use super::protocol::{Answer, Element, Request};
use super::{acts, look};
use devices::sim::SimControl;
use slint::ComponentHandle as _;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;
use ui::KioskWindow;

/// How long a finger rests on a button.
const TOUCH: Duration = Duration::from_millis(30);
/// Between two points of a stroke.
const SLIDE: Duration = Duration::from_millis(4);
/// The screen's thread answers within this, or the request fails.
const PATIENCE: Duration = Duration::from_secs(20);

type Window = slint::Weak<KioskWindow>;

struct Desk<N> {
    window: Window,
    sim: Option<SimControl>,
    network: N,
}

/// Listens on `socket` until the process ends. An old socket file there is removed. `network(true)` means connected.
///
/// # Errors
/// The socket cannot be made.
pub fn serve(
    window: Window,
    sim: Option<SimControl>,
    network: impl Fn(bool) + Send + 'static,
    socket: &Path,
) -> std::io::Result<()> {
    match std::fs::remove_file(socket) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(error),
        Ok(()) | Err(_) => {}
    }
    let listener = UnixListener::bind(socket)?;
    let desk = Desk { window, sim, network };
    std::thread::Builder::new().name("robot-socket".to_owned()).spawn(move || {
        for stream in listener.incoming().flatten() {
            // A robot that went away is no reason to stop: the next one connects.
            if let Err(error) = desk.converse(stream) {
                tracing::info!(%error, "the robot went away");
            }
        }
    })?;
    Ok(())
}

impl<N: Fn(bool)> Desk<N> {
    fn converse(&self, stream: UnixStream) -> std::io::Result<()> {
        let mut out = stream.try_clone()?;
        for line in BufReader::new(stream).lines() {
            let answer = match serde_json::from_str(&line?) {
                Ok(request) => self.answer(request).unwrap_or_else(Answer::refused),
                Err(error) => Answer::refused(format!("not a request: {error}")),
            };
            let mut text = serde_json::to_string(&answer)?;
            text.push('\n');
            out.write_all(text.as_bytes())?;
        }
        Ok(())
    }

    fn answer(&self, request: Request) -> Result<Answer, String> {
        match request {
            Request::Look => {
                let (screen, elements) = self.on_screen(look::look)?;
                Ok(Answer { screen: Some(screen), elements: Some(elements), ..Answer::done() })
            }
            Request::Press { label, nth, role } => {
                let place = look::middle(&self.find(&label, nth, role.as_deref())?);
                self.touch(Move::Down, place)?;
                std::thread::sleep(TOUCH);
                self.touch(Move::Up, place)?;
                Ok(Answer::done())
            }
            Request::Drag { label, strokes } => self.drag(&label, &strokes),
            Request::Picture { path } => {
                let shot =
                    self.on_screen(|window| window.window().take_snapshot())?.map_err(|error| error.to_string())?;
                image::save_buffer(&path, shot.as_bytes(), shot.width(), shot.height(), image::ColorType::Rgba8)
                    .map_err(|error| format!("{}: {error}", path.display()))?;
                Ok(Answer::done())
            }
            Request::Sim { what, card } => {
                match (what.as_str(), &self.sim) {
                    ("network-cut", _) => (self.network)(false),
                    ("network-back", _) => (self.network)(true),
                    (_, Some(sim)) => acts::act(sim, &what, card)?,
                    (_, None) => return Err("this kiosk has no simulated devices".to_owned()),
                }
                Ok(Answer::done())
            }
        }
    }

    fn drag(&self, label: &str, strokes: &[Vec<[f32; 2]>]) -> Result<Answer, String> {
        let pad = self.find(label, 0, None)?;
        for stroke in strokes {
            let places: Vec<(f32, f32)> = stroke.iter().map(|[x, y]| (pad.x + x * pad.w, pad.y + y * pad.h)).collect();
            let (Some(first), Some(last)) = (places.first(), places.last()) else { continue };
            self.touch(Move::Down, *first)?;
            for place in &places {
                std::thread::sleep(SLIDE);
                self.touch(Move::Over, *place)?;
            }
            self.touch(Move::Up, *last)?;
        }
        Ok(Answer::done())
    }

    /// The visible element; one that takes no press is as good as none.
    fn find(&self, label: &str, nth: usize, role: Option<&str>) -> Result<Element, String> {
        let (screen, mut elements) = self.on_screen(look::look)?;
        elements.retain(|element| element.label == label && role.is_none_or(|role| element.role == role));
        // What can be pressed comes before mere words of the same wording.
        elements.sort_by_key(|element| element.role == "text");
        let element = elements.into_iter().nth(nth);
        let element =
            element.ok_or_else(|| format!("“{label}” (number {nth}) is not visible on the screen {screen}"))?;
        if element.enabled {
            Ok(element)
        } else {
            Err(format!("“{label}” is visible on the screen {screen} but takes no press"))
        }
    }

    fn touch(&self, movement: Move, place: (f32, f32)) -> Result<(), String> {
        self.on_screen(move |window| touch(window, movement, place))
    }

    /// Runs on the screen's thread and waits for the result.
    fn on_screen<T: Send + 'static>(&self, work: impl FnOnce(&KioskWindow) -> T + Send + 'static) -> Result<T, String> {
        let (result, answer) = mpsc::sync_channel(1);
        let window = self.window.clone();
        slint::invoke_from_event_loop(move || {
            if let Some(window) = window.upgrade() {
                // Nobody waits any more only after the patience has run out; that was told there.
                let _ = result.send(work(&window));
            }
        })
        .map_err(|error| format!("the screen does not run: {error}"))?;
        answer.recv_timeout(PATIENCE).map_err(|_| "the screen does not answer".to_owned())
    }
}
