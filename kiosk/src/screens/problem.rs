//! What went wrong, a rule's no, what is under way, and the farewell.
//! Invariant: what was kept is said before what to do. More buttons than the threshold holds become rows to press.

use super::receipt::qr;
use super::rows::{self, note, row, rung};
use super::{Heading, Sheet, identify, ids};
use domain::ids::ServiceId;
use slint::{ComponentHandle, Image, SharedString};
use ui::{Ended, KioskWindow, OptionView, Problem as Global, Progress, Row, Stage, Tone};
use visit::{Busy, EndedWhy, Kept, Problem, ProblemKind, Rating};

pub(crate) fn present(sheet: &Sheet<'_>, problem: &Problem) -> (ui::Screen, Heading) {
    let say = sheet.say;
    let key = problem.kind.key();
    let mut heading = Heading::new(say.text(&format!("problem.{key}")), line(sheet, &problem.kind));
    heading.icon = icon(&problem.kind);
    heading.tone = Some(Tone::Warn);
    heading.hint_icon = "info";
    let machine = &sheet.scene.machine;
    let time = super::words::clock(sheet.scene.now);
    heading.hint = say.fill(
        "problem.footer-plain",
        &[("machine", &machine.number.to_string()), ("time", &time), ("phone", &machine.phone)],
    );
    let told = told(sheet, problem);
    if sheet.buttons.rows.is_empty() {
        let global = sheet.window.global::<Global>();
        rows::update(&global.get_rows(), told, |rows| global.set_rows(rows));
        code(sheet, problem);
        return (ui::Screen::Problem, heading);
    }
    heading.below = told
        .into_iter()
        .map(|row| note(if row.icon == "circle-check" { Tone::Ok } else { Tone::Info }, &row.icon, row.title, row.line))
        .collect();
    identify::put_actions(sheet);
    (ui::Screen::Ways, heading)
}

/// What was kept, what to do, who was called.
fn told(sheet: &Sheet<'_>, problem: &Problem) -> Vec<Row> {
    let say = sheet.say;
    let (kept, line) = match &problem.kept {
        Kept::NothingYet => ("kept.nothing-yet", say.text("kept.nothing-yet.line")),
        Kept::Entered => ("kept.entered", say.text("kept.entered.line")),
        Kept::NothingAffected => ("kept.nothing-affected", say.text("kept.nothing-affected.line")),
        Kept::Code(code) => ("kept.code", say.fill("kept.code.line", &[("code", &code.grouped())])),
        Kept::Submitted(code) => ("kept.submitted", say.fill("kept.submitted.line", &[("code", &code.grouped())])),
    };
    let todo = match &problem.kind {
        ProblemKind::FaceDifferent { tries_left: 0 } => say.text("problem.face-different.none"),
        ProblemKind::CodeNotFound { tries_left: 0, .. } => say.text("problem.code-not-found.none"),
        ProblemKind::CardExpired { .. }
        | ProblemKind::CardUnreadable
        | ProblemKind::CardNumber(_)
        | ProblemKind::ReaderDown
        | ProblemKind::FaceUnavailable
        | ProblemKind::FaceDifferent { .. }
        | ProblemKind::NoFace
        | ProblemKind::CameraStalled
        | ProblemKind::CardNeeded
        | ProblemKind::ConsentDeclined
        | ProblemKind::CannotAccept(_)
        | ProblemKind::CodeNotFound { .. }
        | ProblemKind::ProgressUnavailable
        | ProblemKind::AskAtWindow
        | ProblemKind::AlreadySubmitted { .. } => say.text(&format!("problem.{}.todo", problem.kind.key())),
    };
    let mut rows = vec![row("", "circle-check", say.text(kept), line), row("", "info", say.text("problem.now"), todo)];
    if sheet.scene.view.frame.staff_called {
        rows.push(row("", "bell-ring", say.text("staff.called"), say.text("staff.called-line")));
    }
    rows
}

fn line(sheet: &Sheet<'_>, kind: &ProblemKind) -> String {
    let say = sheet.say;
    match kind {
        ProblemKind::CardExpired { until } => {
            say.fill("problem.card-expired.line", &[("date", &say.full_date(*until))])
        }
        ProblemKind::FaceDifferent { tries_left } if *tries_left > 0 => {
            say.fill("face.tries-left", &[("n", &tries_left.to_string())])
        }
        ProblemKind::AlreadySubmitted { service, .. } => say.name(service),
        ProblemKind::CodeNotFound { code, .. } => say.fill("problem.code-not-found.line", &[("code", &code.grouped())]),
        ProblemKind::AskAtWindow => say.text("problem.ask-at-window.line"),
        ProblemKind::CardUnreadable
        | ProblemKind::CardNumber(_)
        | ProblemKind::ReaderDown
        | ProblemKind::FaceUnavailable
        | ProblemKind::FaceDifferent { .. }
        | ProblemKind::NoFace
        | ProblemKind::CameraStalled
        | ProblemKind::CardNeeded
        | ProblemKind::ConsentDeclined
        | ProblemKind::ProgressUnavailable
        | ProblemKind::CannotAccept(_) => say.text("problem.not-affected"),
    }
}

fn icon(kind: &ProblemKind) -> &'static str {
    match kind {
        ProblemKind::CardExpired { .. }
        | ProblemKind::CardUnreadable
        | ProblemKind::CardNumber(_)
        | ProblemKind::CardNeeded => "id-card",
        ProblemKind::ReaderDown => "credit-card",
        ProblemKind::FaceUnavailable | ProblemKind::FaceDifferent { .. } | ProblemKind::NoFace => "scan-face",
        ProblemKind::CameraStalled => "camera",
        ProblemKind::ConsentDeclined => "hand",
        ProblemKind::CannotAccept(_) => "hard-drive",
        ProblemKind::AlreadySubmitted { .. } | ProblemKind::CodeNotFound { .. } => "receipt-text",
        ProblemKind::ProgressUnavailable => "wifi-off",
        ProblemKind::AskAtWindow => "concierge-bell",
    }
}

fn code(sheet: &Sheet<'_>, problem: &Problem) {
    let global = sheet.window.global::<Global>();
    if let Kept::Submitted(code) | Kept::Code(code) = &problem.kept {
        let half_done = matches!(problem.kind, ProblemKind::AlreadySubmitted { unfinished: true, .. });
        let link = say_link(sheet, code.as_str(), half_done);
        global.set_code_label(sheet.text("receipt.code"));
        global.set_code(code.grouped().into());
        global.set_code_line(sheet.text("problem.code-note"));
        global.set_qr(qr(&link));
    } else {
        clear_code(sheet.window);
    }
}

/// What the QR code says: of a half-done one the code itself, which the counter scans.
fn say_link(sheet: &Sheet<'_>, code: &str, half_done: bool) -> String {
    if half_done { code.to_owned() } else { sheet.say.words().link(code) }
}

fn clear_code(window: &KioskWindow) {
    let global = window.global::<Global>();
    global.set_code("".into());
    global.set_code_line("".into());
    global.set_qr(Image::default());
}

pub(crate) fn clear_problem(window: &KioskWindow) {
    let global = window.global::<Global>();
    rows::update(&global.get_rows(), Vec::new(), |rows| global.set_rows(rows));
    clear_code(window);
}

/// A rule says no; a person can always look at it.
pub(crate) fn refused(sheet: &Sheet<'_>, rule: &str, service: &ServiceId) -> (ui::Screen, Heading) {
    let say = sheet.say;
    let why = say.service(service, &format!("rule.{rule}"));
    let mut heading = Heading::new(say.text("service.not-eligible"), why);
    heading.icon = "info";
    heading.tone = Some(Tone::Warn);
    let place = say.service(service, &format!("rule.{rule}.where"));
    let place = say.fill("service.where-else", &[("where", &place)]);
    heading.below.push(note(Tone::Warn, "scale", say.text("refused.line"), place));
    heading.below.push(note(Tone::Info, "users", say.text("refused.person"), say.text("problem.person-line")));
    identify::put_actions(sheet);
    (ui::Screen::Ways, heading)
}

pub(crate) fn busy(sheet: &Sheet<'_>, busy: Busy) -> (ui::Screen, Heading) {
    let say = sheet.say;
    let key = match busy {
        Busy::Opening => "busy.opening",
        Busy::Record => "busy.record",
        Busy::Sealing => "busy.sealing",
        Busy::Office => "busy.office",
        Busy::Cases => "busy.cases",
    };
    let stages = |sealed: Stage, sent: Stage| {
        vec![
            rung(row("", "lock", say.text("progress.sealed"), ""), sealed),
            rung(row("", "send", say.text("progress.sent"), ""), sent),
        ]
    };
    let stages = match busy {
        Busy::Opening | Busy::Record | Busy::Cases => Vec::new(),
        Busy::Sealing => stages(Stage::Now, Stage::Todo),
        Busy::Office => stages(Stage::Done, Stage::Now),
    };
    let progress = sheet.window.global::<Progress>();
    rows::update(&progress.get_rows(), stages, |rows| progress.set_rows(rows));
    (ui::Screen::Progress, Heading::new(say.text(key), say.text(&format!("{key}.line"))))
}

pub(crate) fn clear_progress(window: &KioskWindow) {
    let progress = window.global::<Progress>();
    rows::update(&progress.get_rows(), Vec::new(), |rows| progress.set_rows(rows));
}

/// Best first; the row to leave it is as large as each of them.
const FACES: [(u8, &str); 5] = [(5, "laugh"), (4, "smile"), (3, "meh"), (2, "frown"), (1, "angry")];

/// The question how it went, once; afterwards thanks for having said it, which says nothing of where it went.
fn rate(sheet: &Sheet<'_>, rating: Option<Rating>) -> bool {
    let ended = sheet.window.global::<Ended>();
    let asked = rating.is_some_and(|rating| rating.given.is_none());
    let mut options = Vec::new();
    if asked {
        let option = |id: String, icon: &str, label: SharedString| OptionView {
            id: id.into(),
            icon: icon.into(),
            label,
            ..OptionView::default()
        };
        options.extend(
            FACES.map(|(stars, icon)| option(ids::rating_id(stars), icon, sheet.text(&format!("rating.{stars}")))),
        );
        options.push(option(ids::SKIP_RATING.to_owned(), "x", sheet.text("rating.skip")));
    }
    ended.set_question(if asked { sheet.text("rating.title") } else { "".into() });
    rows::update(&ended.get_ratings(), options, |rows| ended.set_ratings(rows));
    asked
}

pub(crate) fn ended(sheet: &Sheet<'_>, why: EndedWhy, rating: Option<Rating>) -> (ui::Screen, Heading) {
    let say = sheet.say;
    let (title, line) = match why {
        EndedWhy::ByPerson => ("ended.title", "ended.line"),
        EndedWhy::ToCounter => ("ended.title-counter", "ended.line"),
        EndedWhy::TimedOut => ("ended.title-left", "ended.line-left"),
    };
    let ended = sheet.window.global::<Ended>();
    let wiped = [("scan", "ended.wiped-screen"), ("camera", "ended.wiped-camera"), ("lock", "ended.wiped-sent")];
    let wiped = wiped.map(|(icon, key)| row("", icon, say.text(key), "")).to_vec();
    // While it is asked, the question stands in their place.
    let wiped = if rate(sheet, rating) { Vec::new() } else { wiped };
    rows::update(&ended.get_wiped(), wiped, |rows| ended.set_wiped(rows));
    ended.set_countdown("".into());
    let mut heading = Heading::new(say.text(title), say.text(line));
    if rating.is_some_and(|rating| rating.given.is_some()) {
        heading.line = say.text("rating.thanks");
    }
    heading.icon = "shield-check";
    heading.hint_icon = "luggage";
    heading.hint = say.text("ended.take");
    (ui::Screen::Ended, heading)
}

pub(crate) fn clear_ended(window: &KioskWindow) {
    let ended = window.global::<Ended>();
    rows::update(&ended.get_wiped(), Vec::new(), |rows| ended.set_wiped(rows));
    ended.set_question("".into());
    rows::update(&ended.get_ratings(), Vec::new(), |rows| ended.set_ratings(rows));
}
