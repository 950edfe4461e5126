//! One case as an officer looks at it: everything in one answer, evaluated by the server.
//! Invariant: nothing here decides; what is allowed comes from the same judgement as the decision itself.

use super::checks::{self, Check};
use super::door::FromOfficer;
use super::evidence::Evidence;
use super::form::{self, StepRow};
use super::history::{self, Line};
use super::papers::{self, Page, Paper};
use super::shapes::{BranchRow, CaseRow, Rows, branch_names, branch_row};
use crate::office::Office;
use crate::rights::Action;
use crate::store::audit::Leaf;
use crate::store::cases::Case;
use crate::store::marks::{About, Marks};
use crate::worker::opening::Opened;
use crate::worker::supplementing::Earlier;
use domain::answers::{Answer, AttachmentId};
use domain::calendar::{Limit, LimitUnit};
use domain::case::Kind;
use domain::case::decision::against;
use domain::mask;
use domain::sensitive::Sensitive;
use domain::service::{Applicant, FieldKind, Handling, Service};
use jiff::Timestamp;
use serde::Serialize;
use std::collections::BTreeMap;
use wire::payload::{Identified, Payload, PictureRole};

#[derive(Serialize)]
struct ServiceRow {
    id: String,
    title: String,
    branch: BranchRow,
    handling: Handling,
    fee_yuan: Option<u32>,
    law: Vec<String>,
    output_words: String,
    statutory_words: Option<String>,
    two_person: Vec<Kind>,
}

#[derive(Serialize)]
struct ApplicantRow {
    name: Sensitive<String>,
    number_masked: String,
    phone_masked: Option<String>,
    matter: Applicant,
    matter_word: &'static str,
    subject_masked: Option<String>,
    subject_name: Option<Sensitive<String>>,
}

#[derive(Serialize)]
struct Confirmed {
    finding: String,
    officer_name: String,
    at: Timestamp,
}

#[derive(Serialize)]
struct PersonRow {
    identified_word: &'static str,
    remark: &'static str,
    must_confirm: bool,
    card_photo: Option<Page>,
    live_photo: Option<Page>,
    confirmed: Option<Confirmed>,
}

#[derive(Serialize)]
struct DecisionRow {
    decision: Kind,
    label: &'static str,
    allowed: bool,
    why_not: Vec<String>,
}

/// What one supplement replaced.
#[derive(Serialize)]
struct EarlierRow {
    at: Timestamp,
    answers: Vec<form::Was>,
}

/// The whole answer.
#[derive(Serialize)]
pub(super) struct CaseDetail {
    case: CaseRow,
    service: ServiceRow,
    applicant: ApplicantRow,
    person: PersonRow,
    papers: Vec<Paper>,
    form: Vec<StepRow>,
    checks: Vec<Check>,
    decisions: Vec<DecisionRow>,
    branches: Vec<BranchRow>,
    history: Vec<Line>,
    /// What stood in the fields that a supplement replaced, first to last.
    earlier: Vec<EarlierRow>,
    unreadable: Option<&'static str>,
}

/// `60 日`, `20 个工作日`, `当场`.
pub(super) fn limit_words(limit: Limit) -> String {
    match (limit.days, limit.unit) {
        (0, _) => "当场".to_owned(),
        (days, LimitUnit::Working) => format!("{days} 个工作日"),
        (days, LimitUnit::Calendar) => format!("{days} 日"),
    }
}

fn service_row(evidence: &Evidence<'_>) -> ServiceRow {
    let (case, service) = (evidence.case, evidence.service);
    ServiceRow {
        id: case.service.to_string(),
        title: case.title.clone(),
        branch: branch_row(&branch_names(evidence.office), &case.branch),
        handling: service.map_or(Handling::Acceptance, |service| service.handling),
        fee_yuan: service.and_then(|service| service.fee.as_ref()).map(|fee| fee.yuan),
        law: service.map(|service| service.law.clone()).unwrap_or_default(),
        output_words: evidence.office.services.credential(&case.service).unwrap_or_default(),
        statutory_words: service.and_then(|service| service.statutory_limit).map(limit_words),
        two_person: service.map(|service| service.second_person.clone()).unwrap_or_default(),
    }
}

fn phone(evidence: &Evidence<'_>, payload: &Payload) -> Option<String> {
    let asked = form::asked(evidence).into_iter();
    let answered = asked.filter(|field| matches!(field.kind, FieldKind::Phone { .. })).find_map(|field| match payload
        .answers
        .get(&field.id)
    {
        Some(Answer::Text(text)) => Some(text.expose().clone()),
        Some(_) | None => None,
    });
    answered.or_else(|| payload.facts.text("person.phone", payload.day)).map(|number| mask::phone(&number))
}

fn applicant_row(evidence: &Evidence<'_>) -> ApplicantRow {
    let payload = evidence.payload;
    let matter = payload.map_or(Applicant::Own, |payload| payload.matter);
    let other = payload.filter(|_| matter != Applicant::Own);
    ApplicantRow {
        name: payload.map(|payload| payload.applicant.name.clone()).unwrap_or_default(),
        number_masked: payload.map(|p| mask::id_number(p.applicant.id_number.expose())).unwrap_or_default(),
        phone_masked: payload.and_then(|payload| phone(evidence, payload)),
        matter,
        matter_word: match matter {
            Applicant::Own => "本人办",
            Applicant::Guardian => "监护人代办",
            Applicant::Proxy => "受委托代办",
        },
        subject_masked: other.and_then(|p| p.subject.as_ref()).map(|number| mask::id_number(number.expose())),
        subject_name: other.and_then(|p| p.facts.text("person.name", p.day)).map(Sensitive::new),
    }
}

/// How the machine came to know the person, and what that is worth. A face that went along was compared, and not found the
/// same; where the form asks for a portrait none goes along, so that nothing tells whether there was a comparison.
pub(super) fn identified_words(
    identified: Option<Identified>,
    pictures: &BTreeMap<PictureRole, AttachmentId>,
    service: Option<&Service>,
) -> (&'static str, &'static str) {
    let compared = pictures.contains_key(&PictureRole::LiveFace);
    let portrait = |service: &Service| service.fields().iter().any(|f| matches!(f.kind, FieldKind::Photo { .. }));
    let remark = match (compared, service.is_some_and(portrait)) {
        (true, _) => "比对没有通过，或没有结果，请当面核对",
        (false, true) => "机器没有确认是本人，请当面核对",
        (false, false) => "机器没有比对，请当面核对",
    };
    match (identified, compared || service.is_some_and(portrait)) {
        (Some(Identified::CardAndFace), _) => ("刷身份证，并比对人脸", "机器认为是同一人"),
        (Some(Identified::NumberAndFace), _) => ("输入号码，并比对人脸", "机器认为是同一人，没有刷证"),
        (Some(Identified::CardOfficer), true) => ("刷身份证，人脸没有比对成功", remark),
        (Some(Identified::CardOfficer), false) => ("刷身份证，没有比对人脸", remark),
        (Some(Identified::NumberOfficer), true) => ("输入号码，人脸没有比对成功", remark),
        (Some(Identified::NumberOfficer), false) => ("输入号码，没有比对人脸", remark),
        (Some(Identified::Counter), _) => ("民警在窗口当面核对证件", "本人到窗口办理"),
        (None, _) => ("不清楚", "内容打不开，请当面核对"),
    }
}

fn person_row(evidence: &Evidence<'_>, rows: &mut Rows<'_>) -> PersonRow {
    let none = BTreeMap::new();
    let pictures = evidence.payload.map_or(&none, |payload| &payload.pictures);
    let identified = evidence.payload.map(|payload| payload.identified);
    let (identified_word, remark) = identified_words(identified, pictures, evidence.service);
    let photo = evidence.payload.and_then(|payload| payload.answers.applicants_photo(payload.matter)).cloned();
    let picture = |role| pictures.get(&role).cloned();
    let page = |id| papers::pages(evidence, &[id]).into_iter().next();
    let mark = evidence.marks.get(About::Person, "person");
    PersonRow {
        identified_word,
        remark,
        must_confirm: evidence.must_confirm(),
        card_photo: picture(PictureRole::CardPortrait).and_then(page),
        live_photo: photo.or_else(|| picture(PictureRole::LiveFace)).and_then(page),
        confirmed: mark.map(|mark| Confirmed {
            finding: mark.value.clone(),
            officer_name: rows.officer(&mark.officer),
            at: mark.at,
        }),
    }
}

fn decision_rows(evidence: &Evidence<'_>, from: &FromOfficer, now: Timestamp) -> Vec<DecisionRow> {
    let (case, rules) = (evidence.case, evidence.rules());
    let right = from.can(Action::Decide, case) || (case.second.is_some() && from.can(Action::Review, case));
    let holds = case.holder_at(now) == Some(&from.officer.id);
    let row = |kind: Kind| {
        let mut why_not: Vec<String> = Vec::new();
        if !right {
            why_not.push("您没有决定这件的权限".to_owned());
        } else if !holds && !case.status.ended() {
            why_not.push("请先领办这件".to_owned());
        }
        why_not.extend(against(&rules.standing(case), kind, &from.officer.id).iter().map(ToString::to_string));
        DecisionRow { decision: kind, label: kind.label(), allowed: why_not.is_empty(), why_not }
    };
    Kind::ALL.into_iter().map(row).collect()
}

/// Puts the answer together.
pub(super) fn build(
    office: &Office,
    from: &FromOfficer,
    case: &Case,
    (opened, earlier): (&Opened, &[Earlier]),
    marks: &Marks,
    leaves: &[Leaf],
    now: Timestamp,
) -> CaseDetail {
    let evidence = Evidence::of(office, case, opened, marks);
    let mut rows = Rows::at(office, now);
    let names = branch_names(office);
    CaseDetail {
        service: service_row(&evidence),
        applicant: applicant_row(&evidence),
        person: person_row(&evidence, &mut rows),
        papers: papers::shown(&evidence, &mut rows),
        form: form::steps(&evidence),
        checks: checks::shown(&evidence, &mut rows),
        decisions: decision_rows(&evidence, from, now),
        branches: names.keys().filter(|id| **id != case.branch).map(|id| branch_row(&names, id)).collect(),
        history: history::lines(leaves, &mut rows),
        earlier: earlier
            .iter()
            .map(|earlier| EarlierRow { at: earlier.at, answers: form::was(&evidence, &earlier.before) })
            .collect(),
        unreadable: evidence.unreadable,
        case: rows.row(case.clone()),
    }
}
