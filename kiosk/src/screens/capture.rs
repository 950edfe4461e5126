//! Portrait and papers before the camera. The live picture itself is the loop's.

use super::rows::{self, note, row};
use super::{Heading, Sheet};
use devices::Picture;
use domain::answers::AttachmentId;
use domain::form::FieldError;
use domain::service::Material;
use slint::{ComponentHandle, Image, Rgb8Pixel, SharedPixelBuffer};
use ui::{Camera, KioskWindow, Nav, NoteView, Papers, Photo, Row, ShotView, Tone};
use visit::{CameraState, Hint, PapersPage, PhotoPage, Shot};

/// Hints shown at once.
const MOST_HINTS: usize = 2;
/// Portraits to choose from.
const PORTRAITS: usize = 2;

/// What to do better, or that all is well.
pub(crate) fn hints(sheet: &Sheet<'_>, hints: &[Hint]) -> Vec<Row> {
    let say = sheet.say;
    if hints.is_empty() {
        return vec![Row { tone: Tone::Ok, ..row("", "check", say.text("hint.good"), "") }];
    }
    let words = |hint: &Hint| say.text(&format!("hint.{}", hint.key()));
    hints.iter().take(MOST_HINTS).map(|hint| Row { tone: Tone::Warn, ..row("", "info", words(hint), "") }).collect()
}

/// Sets everything of the camera on `screen` but its picture. `waiting` is the key of the words in its place; hints `None` = none.
pub(crate) fn put_camera(sheet: &Sheet<'_>, screen: ui::Screen, live: bool, waiting: &str, hints: Option<Vec<Row>>) {
    let camera = sheet.window.global::<Camera>();
    let good = hints.as_ref().is_some_and(|hints| hints.iter().all(|hint| hint.tone == Tone::Ok));
    camera.set_live(live);
    camera.set_still(false);
    camera.set_waiting_text(if waiting.is_empty() { "".into() } else { sheet.text(waiting) });
    rows::update(&camera.get_hints(), hints.unwrap_or_default(), |rows| camera.set_hints(rows));
    let countdown = sheet.scene.countdown.filter(|_| live).map(|seconds| seconds.to_string());
    camera.set_countdown(countdown.unwrap_or_default().into());
    camera.set_good(good);
    // The last picture of another screen never stands in this one's frame.
    if !live || sheet.window.global::<Nav>().get_screen() != screen {
        camera.set_frame(Image::default());
    }
}

pub(crate) fn clear_camera(window: &KioskWindow) {
    let camera = window.global::<Camera>();
    camera.set_frame(Image::default());
    camera.set_live(false);
    camera.set_still(false);
    camera.set_waiting_text("".into());
    rows::update(&camera.get_hints(), Vec::new(), |rows| camera.set_hints(rows));
    camera.set_countdown("".into());
    camera.set_good(false);
}

fn state(sheet: &Sheet<'_>, screen: ui::Screen, state: &CameraState, idle: &str) {
    match state {
        CameraState::Off => put_camera(sheet, screen, false, idle, None),
        CameraState::Starting => put_camera(sheet, screen, false, "camera.waiting", None),
        CameraState::Live(better) => put_camera(sheet, screen, true, "", Some(hints(sheet, better))),
        CameraState::Taking => {
            let still = Row { tone: Tone::Info, ..row("", "camera", sheet.say.text("photo.taking"), "") };
            put_camera(sheet, screen, true, "", Some(vec![still]));
        }
    }
}

fn image(sheet: &Sheet<'_>, id: &AttachmentId) -> Image {
    let picture: Option<&Picture> = sheet.scene.pictures.get(id).map(|picture| &**picture);
    picture.map_or_else(Image::default, |picture| {
        let pixels =
            SharedPixelBuffer::<Rgb8Pixel>::clone_from_slice(picture.pixels(), picture.width(), picture.height());
        Image::from_rgb8(pixels)
    })
}

fn shot(sheet: &Sheet<'_>, place: usize, shot: &Shot, title: &str) -> ShotView {
    let say = sheet.say;
    let line = match shot.hints.first() {
        None => say.text("photo.clear"),
        Some(hint) => say.fill("photo.better", &[("hint", &say.text(&format!("hint.{}", hint.key())))]),
    };
    ShotView {
        id: place.to_string().into(),
        title: say.fill(title, &[("n", &(place + 1).to_string())]).into(),
        line: line.into(),
        picture: image(sheet, &shot.id),
        taken: true,
        selected: false,
        tone: if shot.hints.is_empty() { Tone::Ok } else { Tone::Warn },
    }
}

fn error_note(sheet: &Sheet<'_>, error: &FieldError, kind: &str) -> NoteView {
    note(Tone::Bad, "circle-alert", sheet.say.field_error(error, kind), "")
}

pub(crate) fn photo(sheet: &Sheet<'_>, page: &PhotoPage) -> (ui::Screen, Heading) {
    let say = sheet.say;
    state(sheet, ui::Screen::Photo, &page.camera, "");
    let photo = sheet.window.global::<Photo>();
    let off = page.camera == CameraState::Off;
    let mut shots: Vec<ShotView> = page
        .shots
        .iter()
        .enumerate()
        .map(|(place, taken)| ShotView {
            selected: page.chosen == Some(place),
            ..shot(sheet, place, taken, "photo.shot")
        })
        .collect();
    for place in shots.len()..PORTRAITS {
        if off {
            break;
        }
        shots.push(ShotView {
            id: place.to_string().into(),
            title: say.fill("photo.shot", &[("n", &(place + 1).to_string())]).into(),
            line: sheet.text("photo.then-choose"),
            ..ShotView::default()
        });
    }
    // The one looked at stands large where the camera was.
    if let (true, Some(taken)) = (off, page.shots.get(page.chosen.unwrap_or(0))) {
        let camera = sheet.window.global::<Camera>();
        camera.set_frame(image(sheet, &taken.id));
        camera.set_live(true);
        camera.set_still(true);
    }
    rows::update(&photo.get_shots(), shots, |rows| photo.set_shots(rows));
    let choosing = off && !page.shots.is_empty();
    // One thing to read at a time, so that the shots stay on the first page.
    let advice = choosing && page.error.is_none();
    photo.set_advice(if advice { sheet.text("photo.advice") } else { "".into() });
    let service = sheet.scene.view.frame.service.as_ref();
    let help = service.map(|id| say.service(id, &format!("field.{}.help", page.field))).unwrap_or_default();
    let mut heading = if choosing {
        Heading::new(say.text("photo.choose-title"), String::new())
    } else {
        Heading::new(say.text("photo.title"), help)
    };
    let kind = if choosing { "choice" } else { "photo" };
    heading.above.extend(page.error.as_ref().map(|error| error_note(sheet, error, kind)));
    (ui::Screen::Photo, heading)
}

pub(crate) fn clear_photo(window: &KioskWindow) {
    let photo = window.global::<Photo>();
    rows::update(&photo.get_shots(), Vec::new(), |rows| photo.set_shots(rows));
}

pub(crate) fn papers(sheet: &Sheet<'_>, page: &PapersPage) -> (ui::Screen, Heading) {
    let say = sheet.say;
    let idle = if page.later { "papers.later-chosen" } else { "" };
    state(sheet, ui::Screen::Papers, &page.camera, idle);
    if let (CameraState::Off, Some(last)) = (&page.camera, page.pages.last()) {
        let camera = sheet.window.global::<Camera>();
        camera.set_frame(image(sheet, &last.id));
        camera.set_live(true);
        camera.set_still(true);
    }
    let papers = sheet.window.global::<Papers>();
    let taken = page.pages.len();
    let key = if page.camera == CameraState::Off { "papers.taken" } else { "papers.page" };
    let count = if page.camera == CameraState::Off { taken } else { taken + 1 };
    papers.set_page_text(if page.later { "".into() } else { say.fill(key, &[("n", &count.to_string())]).into() });
    let shots = page.pages.iter().enumerate().map(|(place, taken)| shot(sheet, place, taken, "papers.page")).collect();
    rows::update(&papers.get_pages(), shots, |rows| papers.set_pages(rows));
    papers.set_retake_label(sheet.text("button.retake"));
    papers.set_advice(if page.later { "".into() } else { sheet.text("papers.advice") });
    papers.set_later_visible(page.deferrable && !page.later);
    papers.set_later_label(sheet.text("papers.later"));

    let service = sheet.scene.view.frame.service.as_ref();
    let item = service.and_then(|id| say.words().catalogue().service(id));
    let days = item.and_then(|item| item.material(&page.material)).and_then(|material: &Material| material.defer_days);
    let line = match days {
        Some(days) => say.fill("papers.later-days", &[("n", &days.to_string())]),
        None => say.text("papers.later-plain"),
    };
    papers.set_later_line(line.as_str().into());
    let name = service.map(|id| say.service(id, &format!("material.{}", page.material))).unwrap_or_default();
    let help = service.map(|id| say.service(id, &format!("field.{}.help", page.field))).unwrap_or_default();
    let help = if help.is_empty() { say.text("papers.line") } else { help };
    let mut heading = Heading::new(say.fill("papers.title", &[("paper", &name)]), help);
    let kind = if page.deferrable { "document-later" } else { "document" };
    heading.above.extend(page.error.as_ref().map(|error| error_note(sheet, error, kind)));
    if page.later {
        heading.above.push(note(Tone::Warn, "calendar-clock", say.text("papers.later-chosen"), line));
    }
    (ui::Screen::Papers, heading)
}

pub(crate) fn clear_papers(window: &KioskWindow) {
    let papers = window.global::<Papers>();
    papers.set_page_text("".into());
    rows::update(&papers.get_pages(), Vec::new(), |rows| papers.set_pages(rows));
    papers.set_later_visible(false);
}
