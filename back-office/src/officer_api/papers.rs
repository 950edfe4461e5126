//! The papers of a case with their trust levels, and what can be asked for in a return for supplement.
//! Invariants: keys are material ids, and `field:<id>` for portraits, signatures and lines of the form; a paper counts as
//! level B only by an officer's mark. Source of the levels: `domain::case::level`.

use super::evidence::Evidence;
use super::form;
use super::shapes::Rows;
use crate::store::marks::About;
use domain::answers::{Answer, AttachmentId};
use domain::case::lapse::last_day;
use domain::case::level::Level;
use domain::service::{Capture, Field, FieldKind, Material};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;
use services_catalog::About as ReasonAbout;
use wire::manifest::Part;

/// One page of a paper.
#[derive(Clone, Serialize)]
pub(super) struct Page {
    attachment: AttachmentId,
    media_type: String,
    size: u64,
}

impl Page {
    pub(super) fn of(id: &AttachmentId, part: &Part) -> Self {
        Self { attachment: id.clone(), media_type: part.media_type.clone(), size: part.size }
    }
}

/// By whom and when.
#[derive(Clone, Serialize)]
pub(super) struct Done {
    pub(super) officer_name: Option<String>,
    pub(super) at: Option<Timestamp>,
}

/// How a paper is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum PaperState {
    Present,
    Later,
    Missing,
    Counter,
    Network,
}

/// A paper before an officer's marks are laid over it.
pub(super) struct Found {
    pub(super) key: String,
    pub(super) title: String,
    level: Level,
    state: PaperState,
    due: Option<Date>,
    pages: Vec<AttachmentId>,
    about: ReasonAbout,
}

/// A paper as shown.
#[derive(Serialize)]
pub(super) struct Paper {
    key: String,
    title: String,
    level: Level,
    level_word: &'static str,
    state: PaperState,
    due: Option<Date>,
    pages: Vec<Page>,
    checked: Option<Done>,
}

/// The pages that opened, in order.
pub(super) fn pages(evidence: &Evidence<'_>, ids: &[AttachmentId]) -> Vec<Page> {
    let page = |id: &AttachmentId| Some(Page::of(id, evidence.attachments?.get(id)?));
    ids.iter().filter_map(page).collect()
}

/// All papers of the case.
pub(super) fn found(evidence: &Evidence<'_>) -> Vec<Found> {
    let Some(service) = evidence.service else { return Vec::new() };
    let asked = form::asked(evidence);
    let needed = |material: &&Material| match (&material.when, evidence.context()) {
        (Some(when), Some(context)) => when.holds(context) != Some(false),
        (Some(_), None) | (None, _) => true,
    };
    let mut list: Vec<Found> =
        service.materials.iter().filter(needed).map(|material| of_material(evidence, material, &asked)).collect();
    let answers = evidence.payload.map(|payload| &payload.answers);
    for field in asked {
        let answer = answers.and_then(|answers| answers.get(&field.id));
        let (level, about) = match &field.kind {
            FieldKind::Photo { .. } => (Level::C, ReasonAbout::Photo),
            FieldKind::Signature => (Level::D, ReasonAbout::Signature),
            FieldKind::Text { .. }
            | FieldKind::PersonName
            | FieldKind::Number { .. }
            | FieldKind::Phone { .. }
            | FieldKind::Date { .. }
            | FieldKind::Choice { .. }
            | FieldKind::Address
            | FieldKind::Document { .. }
            | FieldKind::Declaration
            | FieldKind::Group { .. } => continue,
        };
        let pages = answer.map(Answer::attachments).unwrap_or_default();
        let state = match answer {
            Some(Answer::AtCounter) => PaperState::Counter,
            Some(_) | None if pages.is_empty() => PaperState::Missing,
            Some(_) | None => PaperState::Present,
        };
        let title = evidence.field_name(field.id.as_str());
        list.push(Found { key: format!("field:{}", field.id), title, level, state, due: None, pages, about });
    }
    list
}

fn of_material(evidence: &Evidence<'_>, material: &Material, asked: &[&Field]) -> Found {
    let title = evidence.text(&format!("material.{}", material.id));
    let made = |level, state, pages| Found {
        key: material.id.to_string(),
        title: title.clone(),
        level,
        state,
        due: due(evidence, material).filter(|_| state == PaperState::Later),
        pages,
        about: ReasonAbout::Paper,
    };
    match material.capture {
        Capture::Counter => made(Level::B, PaperState::Counter, Vec::new()),
        Capture::Network => made(Level::A, PaperState::Network, Vec::new()),
        Capture::Card => made(Level::A, PaperState::Present, Vec::new()),
        Capture::Camera => {
            let field = asked
                .iter()
                .find(|field| matches!(&field.kind, FieldKind::Document { material: own, .. } if *own == material.id));
            let answers = evidence.payload.map(|payload| &payload.answers);
            match field.and_then(|field| answers?.get(&field.id)) {
                Some(Answer::Document(pages)) => made(Level::C, PaperState::Present, pages.clone()),
                Some(Answer::Later) => made(Level::C, PaperState::Later, Vec::new()),
                Some(Answer::AtCounter) => made(Level::B, PaperState::Counter, Vec::new()),
                Some(_) | None => made(Level::C, PaperState::Missing, Vec::new()),
            }
        }
    }
}

fn due(evidence: &Evidence<'_>, material: &Material) -> Option<Date> {
    let (days, calendar) = (material.defer_days?, &evidence.office.loaded.config.calendar);
    let today = crate::office::china_day(ambient::now());
    Some(last_day(evidence.case.clock.accepted_on, today, days, calendar))
}

/// The papers as shown.
pub(super) fn shown(evidence: &Evidence<'_>, rows: &mut Rows<'_>) -> Vec<Paper> {
    let lay = |paper: Found| {
        let mark = evidence.marks.get(About::Paper, &paper.key);
        let level = if mark.is_some() { paper.level.checked() } else { paper.level };
        Paper {
            level,
            level_word: level.word(),
            pages: pages(evidence, &paper.pages),
            checked: mark.map(|mark| Done { officer_name: Some(rows.officer(&mark.officer)), at: Some(mark.at) }),
            key: paper.key,
            title: paper.title,
            state: paper.state,
            due: paper.due,
        }
    };
    found(evidence).into_iter().map(lay).collect()
}

/// What stands before approving: each paper whose original nobody has compared, and each that is not there.
pub(super) fn open_words(evidence: &Evidence<'_>) -> Vec<String> {
    let words = |paper: Found| {
        if evidence.marks.get(About::Paper, &paper.key).is_some() {
            return None;
        }
        let title = paper.title;
        match (paper.state, paper.level) {
            (PaperState::Present, Level::C) => Some(format!("“{title}”还没有核对")),
            (PaperState::Later, _) => Some(format!("容缺的“{title}”还没有补来")),
            (PaperState::Missing, Level::C) => Some(format!("缺“{title}”")),
            (PaperState::Counter, _) => Some(format!("“{title}”还没有在窗口办")),
            (PaperState::Present | PaperState::Missing | PaperState::Network, _) => None,
        }
    };
    found(evidence).into_iter().filter_map(words).collect()
}

/// What can be asked for: papers, portraits, signatures, then the lines of the form; key, title, what it is.
pub(super) fn askable(evidence: &Evidence<'_>) -> Vec<(String, String, ReasonAbout)> {
    let mut list: Vec<_> = found(evidence).into_iter().map(|paper| (paper.key, paper.title, paper.about)).collect();
    for field in form::asked(evidence) {
        let made = matches!(
            field.kind,
            FieldKind::Photo { .. } | FieldKind::Signature | FieldKind::Document { .. } | FieldKind::Declaration
        );
        if !made {
            let title = evidence.field_name(field.id.as_str());
            list.push((format!("field:{}", field.id), title, ReasonAbout::Field));
        }
    }
    list
}
