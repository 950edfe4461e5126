//! Who is it: the ways, the card, the number, the face, the draft found, whose matter.
//! Invariant: no way is drawn weaker than another; one that is not there today says so and stays in its place.

use super::rows::{self, note, pill, row};
use super::{Heading, Sheet, capture, ids, values};
use domain::ids::ServiceId;
use domain::service::Applicant;
use jiff::Timestamp;
use slint::ComponentHandle;
use ui::{Card, CardState, FieldKind, FieldView, KioskWindow, Row, Tone, Ways};
use visit::{FacePage, FacePhase, NumberError, NumberOf, NumberPage, Way, WayLine};

/// Digits of an identity number.
const NUMBER_LENGTH: usize = 18;

pub(crate) fn put_ways(sheet: &Sheet<'_>, rows: Vec<Row>) {
    let ways = sheet.window.global::<Ways>();
    rows::update(&ways.get_rows(), rows, |rows| ways.set_rows(rows));
}

pub(crate) fn clear_ways(window: &KioskWindow) {
    let ways = window.global::<Ways>();
    rows::update(&ways.get_rows(), Vec::new(), |rows| ways.set_rows(rows));
}

pub(crate) fn ways(sheet: &Sheet<'_>, ways: &[WayLine]) -> (ui::Screen, Heading) {
    let say = sheet.say;
    let rows = ways
        .iter()
        .map(|line| {
            let (icon, key) = match line.way {
                Way::NumberAndFace => ("scan-face", "identify.number-face"),
                Way::CardAndFace => ("id-card", "identify.card-face"),
                Way::Officer => ("users", "identify.officer"),
            };
            let words =
                if line.available { say.text(&format!("{key}-line")) } else { say.text("identify.unavailable") };
            row(ids::way_id(line.way), icon, say.text(key), words)
        })
        .collect();
    put_ways(sheet, rows);
    let mut heading = Heading::new(say.text("identify.title"), say.text("identify.line"));
    heading.below.push(note(
        Tone::Info,
        "shield-check",
        say.text("identify.privacy"),
        say.text("identify.privacy-line"),
    ));
    (ui::Screen::Ways, heading)
}

pub(crate) fn matter(sheet: &Sheet<'_>, choices: &[Applicant]) -> (ui::Screen, Heading) {
    let say = sheet.say;
    let rows = choices
        .iter()
        .map(|choice| {
            let id = ids::matter_id(*choice);
            let icon = match choice {
                Applicant::Own => "user",
                Applicant::Guardian => "baby",
                Applicant::Proxy => "users",
            };
            let (name, line) = (say.text(&format!("matter.{id}")), say.text(&format!("matter.{id}-line")));
            row(id, icon, name, line)
        })
        .collect();
    put_ways(sheet, rows);
    (ui::Screen::Ways, Heading::new(say.text("identify.matter-title"), say.text("identify.matter-line")))
}

pub(crate) fn draft(sheet: &Sheet<'_>, service: &ServiceId, touched: Timestamp) -> (ui::Screen, Heading) {
    let say = sheet.say;
    put_ways(sheet, Vec::new());
    let time = super::words::clock(say.words().local(touched));
    let line = say.fill("draft.line", &[("service", &say.name(service)), ("time", &time)]);
    let mut heading = Heading::new(say.text("draft.title"), line);
    heading.icon = "file-text";
    heading.below.push(note(Tone::Info, "lock", say.text("draft.note"), say.text("draft.note-line")));
    (ui::Screen::Ways, heading)
}

pub(crate) fn card(sheet: &Sheet<'_>) -> (ui::Screen, Heading) {
    let card = sheet.window.global::<Card>();
    card.set_state(CardState::Waiting);
    card.set_state_text(sheet.text("card.waiting"));
    card.set_reader_text(sheet.text("card.reader"));
    (ui::Screen::Card, Heading::new(sheet.say.text("card.title"), sheet.say.text("card.line")))
}

pub(crate) fn clear_card(window: &KioskWindow) {
    window.global::<Card>().set_state(CardState::Waiting);
}

pub(crate) fn number(sheet: &Sheet<'_>, page: &NumberPage) -> (ui::Screen, Heading) {
    let say = sheet.say;
    let typed = page.number.expose();
    let label = say.text(match page.of {
        NumberOf::Applicant => "number.applicant",
        NumberOf::Ward => "number.ward",
        NumberOf::Principal => "number.principal",
    });
    let error = page.error.map(|error| match error {
        NumberError::Empty => say.text("error.empty"),
        NumberError::Rule(code) => say.rule_error("resident-id", code.as_str()),
        NumberError::Own => say.text("number.own"),
    });
    let (count, most) = (typed.chars().count().to_string(), NUMBER_LENGTH.to_string());
    let field = FieldView {
        id: ids::NUMBER.into(),
        kind: FieldKind::IdNumber,
        label: label.as_str().into(),
        text: values::grouped(typed).into(),
        counter: say.fill("question.count", &[("n", &count), ("max", &most)]).into(),
        error: error.clone().unwrap_or_default().into(),
        focused: sheet.scene.typing.target == Some(ids::target(&sheet.scene.view, ids::NUMBER)),
        ..FieldView::default()
    };
    super::question::put(sheet, vec![field], &error.into_iter().collect::<Vec<_>>());
    let line = if page.card_works { "number.card-works" } else { "number.line" };
    (ui::Screen::Question, Heading::new(label, say.text(line)))
}

pub(crate) fn face(sheet: &Sheet<'_>, page: &FacePage) -> (ui::Screen, Heading) {
    let say = sheet.say;
    let comparing = || vec![Row { tone: Tone::Info, ..row("", "scan-face", say.text("face.matching"), "") }];
    match page.phase {
        FacePhase::Consent => return face_consent(sheet),
        FacePhase::Starting => capture::put_camera(sheet, ui::Screen::Face, false, "camera.waiting", None),
        FacePhase::Aim => {
            capture::put_camera(sheet, ui::Screen::Face, true, "", Some(capture::hints(sheet, &page.hints)))
        }
        FacePhase::Comparing => capture::put_camera(sheet, ui::Screen::Face, true, "face.matching", Some(comparing())),
    }
    (ui::Screen::Face, Heading::new(say.text("face.title"), say.text("face.line")))
}

/// Asks before any camera starts.
fn face_consent(sheet: &Sheet<'_>) -> (ui::Screen, Heading) {
    let say = sheet.say;
    put_ways(sheet, Vec::new());
    let mut heading = Heading::new(say.text("face.consent-title"), say.text("face.consent-line"));
    heading.icon = "scan-face";
    let (title, line) = (say.text("identify.privacy"), say.text("identify.privacy-line"));
    heading.below.push(note(Tone::Info, "shield-check", title, line));
    (ui::Screen::Ways, heading)
}

/// The buttons that have no place in the threshold, as equal choices.
pub(crate) fn put_actions(sheet: &Sheet<'_>) {
    let say = sheet.say;
    let rows = sheet.buttons.rows.iter().map(|action| {
        let key = format!("action.{}", action.key);
        let line = say.find(&format!("{key}.line")).unwrap_or_default();
        let plain = row(&ids::action_id(action), super::buttons::icon(action.key), say.text(&key), line);
        pill(plain, String::new(), Tone::Plain)
    });
    put_ways(sheet, rows.collect());
}
