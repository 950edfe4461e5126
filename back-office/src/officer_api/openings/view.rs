//! An opening as the officer's page shows it: worked out by the server, what is wrong in words (product rule 10).
//! Invariant: what may be submitted is what `judge` finds nothing missing in, here and in the submit itself.

use super::fields::{OpeningField, Texts, field_words, form_field, person_fields};
use super::pages::{card_photo, live_photo};
use super::{applicant, standing_step};
use crate::office::{Office, china_day, china_time};
use crate::officer_api::detail::limit_words;
use crate::officer_api::form::words;
use crate::officer_api::papers::Page;
use crate::officer_api::shapes::{branch_names, station_name};
use crate::openings::{Draft, Settled, Standing, person, settle};
use crate::store::openings::{self, OpeningId};
use domain::answers::{Answer, Answers, AttachmentId};
use domain::eligibility::{Eligibility, assess};
use domain::form::FieldError;
use domain::sensitive::Sensitive;
use domain::service::{Capture, Field, FieldKind, Service};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::Serialize;

/// A line of the officer's list.
#[derive(Serialize)]
pub(super) struct OpeningRow {
    id: OpeningId,
    code: String,
    service: String,
    title: String,
    from: &'static str,
    begun_at: Timestamp,
    applicant: Option<Sensitive<String>>,
    last_step: Option<String>,
}

impl OpeningRow {
    pub(super) fn of(office: &Office, opening: &openings::Opening, draft: &Draft, service: &Service) -> Self {
        let text = Texts { office, service };
        let step = standing_step(draft, service, china_day(ambient::now()));
        Self {
            id: opening.id,
            code: opening.code.as_str().to_owned(),
            service: service.id.to_string(),
            title: text.title(),
            from: source(draft),
            begun_at: opening.begun_at,
            applicant: applicant(draft),
            last_step: step.map(|step| text.of(&format!("step.{step}"))),
        }
    }
}

#[derive(Serialize)]
struct ServiceInfo {
    id: String,
    title: String,
    branch: String,
    branch_name: String,
    fee_words: Option<String>,
    statutory_words: Option<String>,
}

#[derive(Serialize)]
struct Verdict {
    kind: &'static str,
    words: String,
}

#[derive(Serialize)]
struct OpeningStep {
    id: String,
    title: String,
    done: bool,
    fields: Vec<OpeningField>,
}

#[derive(Serialize)]
struct OpeningPaper {
    key: String,
    title: String,
    state: &'static str,
    may_be_later: bool,
    /// Pages may be scanned; else only the original is shown.
    may_be_scanned: bool,
    /// The officer has seen the original.
    seen: bool,
    pages: usize,
    /// The same pages, to be looked at.
    pages_list: Vec<Page>,
    help: Option<String>,
}

/// The whole page.
#[derive(Serialize)]
pub(in crate::officer_api) struct Opening {
    id: OpeningId,
    code: String,
    from: &'static str,
    from_words: String,
    begun_at: Timestamp,
    version: i64,
    service: ServiceInfo,
    verdict: Option<Verdict>,
    steps: Vec<OpeningStep>,
    papers: Vec<OpeningPaper>,
    /// Pictures of the person before the officer.
    card_photo: Option<Page>,
    live_photo: Option<Page>,
    missing: Vec<String>,
    may_submit: bool,
}

/// An opening worked out and judged.
pub(super) struct Judged<'a> {
    /// What counts.
    pub(super) answers: Answers,
    /// What still forbids submitting, in words.
    pub(super) missing: Vec<String>,
    /// The step that says who applies.
    people: Vec<OpeningField>,
    person_done: bool,
    settled: Settled<'a>,
}

fn source(draft: &Draft) -> &'static str {
    if draft.visit.is_some() { "kiosk" } else { "counter" }
}

/// Whether nothing of a step is left to do.
pub(super) fn step_done(fields: &[(&Field, Standing)]) -> bool {
    !fields.iter().any(|(field, standing)| crate::openings::lacks(field, standing))
}

/// Works an opening out, and says what is missing.
pub(super) fn judge<'a>(office: &Office, draft: &Draft, service: &'a Service, today: Date) -> Judged<'a> {
    let text = Texts { office, service };
    let settled = settle(draft, service, today);
    let people = person_fields(draft, service, today);
    let mut missing: Vec<String> = people
        .iter()
        .filter_map(|field| {
            let empty = field.required && field.value.is_none();
            let nothing =
                || if field.id == person::SEEN { "还没有核对".to_owned() } else { words(&FieldError::Empty) };
            let wrong = field.error.clone().or_else(|| empty.then(nothing))?;
            Some(named(&field.label, &wrong))
        })
        .collect();
    let person_done = missing.is_empty();
    missing.extend(settled.lacking().map(|(field, standing)| {
        let wrong = match (standing, &field.kind) {
            (Standing::Wrong(error), _) => field_words(field, error, true),
            (_, FieldKind::Document { .. } | FieldKind::Photo { .. }) => "还没有交".to_owned(),
            (_, FieldKind::Signature) => "还没有签".to_owned(),
            (_, _) => words(&FieldError::Empty),
        };
        named(&text.asked_for(field), &wrong)
    }));
    Judged { answers: settled.answers.clone(), missing, people, person_done, settled }
}

/// What is wrong with something, by its name; a question loses its mark.
fn named(label: &str, wrong: &str) -> String {
    format!("{}：{wrong}", label.trim_end_matches(['？', '?', '：']))
}

impl Opening {
    pub(super) fn of(office: &Office, opening: &openings::Opening, draft: &Draft, service: &Service) -> Self {
        let today = china_day(ambient::now());
        let text = Texts { office, service };
        let judged = judge(office, draft, service, today);
        let first = OpeningStep {
            id: "person".into(),
            title: "谁来办".into(),
            done: judged.person_done,
            fields: judged.people,
        };
        let own = judged.settled.steps.iter().map(|(step, fields)| OpeningStep {
            id: step.id.to_string(),
            title: text.of(&format!("step.{}", step.id)),
            done: step_done(fields),
            fields: fields.iter().filter_map(|(field, standing)| form_field(text, draft, field, standing)).collect(),
        });
        // A step of papers only is seen in the list of papers.
        let steps = std::iter::once(first).chain(own.filter(|step| !step.fields.is_empty())).collect();
        Self {
            id: opening.id,
            code: opening.code.as_str().to_owned(),
            from: source(draft),
            from_words: from_words(office, opening, draft, text),
            begun_at: opening.begun_at,
            version: opening.version,
            service: service_info(text),
            verdict: verdict(text, draft, &judged.answers, today),
            steps,
            papers: papers(text, draft, &judged.settled),
            card_photo: card_photo(draft).and_then(|id| page(draft, &id)),
            live_photo: live_photo(draft).and_then(|id| page(draft, &id)),
            may_submit: judged.missing.is_empty(),
            missing: judged.missing,
        }
    }
}

fn from_words(office: &Office, opening: &openings::Opening, draft: &Draft, text: Texts<'_>) -> String {
    let station = station_name(office, &opening.station);
    let at = china_time(opening.begun_at);
    let time = if at.date() == china_day(ambient::now()) {
        format!("{:02}:{:02}", at.hour(), at.minute())
    } else {
        format!("{}-{} {:02}:{:02}", at.month(), at.day(), at.hour(), at.minute())
    };
    let Some(visit) = &draft.visit else { return format!("{station}窗口 · {time} · 窗口开办") };
    let machine = office.kiosks.number(&visit.kiosk).map(|number| format!("{number} 号机"));
    let machine = machine.unwrap_or_else(|| "自助机".to_owned());
    match &visit.step {
        Some(step) => format!("{station} {machine} · {time} · 填到“{}”", text.of(&format!("step.{step}"))),
        None => format!("{station} {machine} · {time} · 还没有开始填"),
    }
}

fn service_info(text: Texts<'_>) -> ServiceInfo {
    let service = text.service;
    let branch_name = branch_names(text.office).get(&service.branch).cloned();
    ServiceInfo {
        id: service.id.to_string(),
        title: text.title(),
        branch: service.branch.to_string(),
        branch_name: branch_name.unwrap_or_else(|| service.branch.to_string()),
        fee_words: service.fee.as_ref().map(|fee| match fee.most {
            Some(most) => format!("{} 至 {most} 元", fee.yuan),
            None => format!("{} 元", fee.yuan),
        }),
        statutory_words: service.statutory_limit.map(limit_words),
    }
}

/// May this person apply, as far as it is known; nothing before it is known who it is.
fn verdict(text: Texts<'_>, draft: &Draft, answers: &Answers, today: Date) -> Option<Verdict> {
    Draft::resident_number(draft.number.expose(), today)?;
    let why = |rule: &str| text.if_any(&format!("rule.{rule}"));
    let and_where = |rule: &str| {
        let parts = [why(rule), text.if_any(&format!("rule.{rule}.where"))];
        parts.into_iter().flatten().collect::<Vec<_>>().join("。")
    };
    match assess(text.service, draft.context(answers, today)) {
        Eligibility::Yes => Some(Verdict { kind: "yes", words: "符合办理条件".to_owned() }),
        Eligibility::No { rule } => Some(Verdict { kind: "no", words: and_where(&rule) }),
        // Where to go is said to people at a kiosk: who reads this sits there.
        Eligibility::Officer { rule } => Some(Verdict { kind: "officer", words: why(&rule).unwrap_or_default() }),
        Eligibility::NotYetKnown { .. } => None,
    }
}

/// The papers that can be given now: key, and the field that takes pages where there is one.
pub(super) fn paper_fields<'a>(
    draft: &Draft,
    service: &'a Service,
    settled: &Settled<'a>,
) -> Vec<(String, Option<&'a Field>)> {
    let asked = settled.steps.iter().flat_map(|(_, fields)| fields.iter().map(|(field, _)| *field));
    let mut list: Vec<(String, Option<&Field>)> =
        asked.filter_map(|field| Some((field.paper()?, Some(field)))).collect();
    let context = draft.context(&settled.answers, china_day(ambient::now()));
    let needed = |when: &domain::condition::Condition| when.holds(context) != Some(false);
    let at_counter = service
        .materials
        .iter()
        .filter(|material| material.capture == Capture::Counter && material.when.as_ref().is_none_or(needed));
    list.extend(at_counter.map(|material| (material.id.to_string(), None)));
    list
}

fn page(draft: &Draft, id: &AttachmentId) -> Option<Page> {
    draft.attachments.get(id).map(|part| Page::of(id, part))
}

fn papers(text: Texts<'_>, draft: &Draft, settled: &Settled<'_>) -> Vec<OpeningPaper> {
    let paper = |(key, field): (String, Option<&Field>)| {
        let answer = field.and_then(|field| match settled.standing(&field.id) {
            Some(Standing::Answered(answer)) => Some(answer),
            Some(Standing::Wrong(_) | Standing::Empty) | None => None,
        });
        let seen = draft.seen.contains(&key) || answer == Some(&Answer::AtCounter);
        let pages = answer.map(Answer::attachments).unwrap_or_default();
        let material = text.service.material(&domain::ids::MaterialId::new(key.clone()));
        let state = match answer {
            Some(Answer::Later) => "later",
            _ if seen => "shown",
            Some(Answer::CannotSign) => "shown",
            Some(_) => "scanned",
            None => "missing",
        };
        OpeningPaper {
            title: match (material, field) {
                (Some(material), _) => text.of(&format!("material.{}", material.id)),
                (None, Some(field)) => text.label(field),
                (None, None) => key.clone(),
            },
            help: material.and_then(|material| text.if_any(&format!("material.{}.note", material.id))),
            may_be_later: field.is_some() && material.is_some_and(|material| material.deferrable),
            may_be_scanned: field.is_some(),
            key,
            state,
            seen,
            pages: pages.len(),
            pages_list: pages.iter().filter_map(|id| page(draft, id)).collect(),
        }
    };
    paper_fields(draft, text.service, settled).into_iter().map(paper).collect()
}
