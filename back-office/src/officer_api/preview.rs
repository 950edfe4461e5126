//! Before deciding: what can be asked for and why, and exactly what the resident will read. Nothing is stored.

use super::claims::read;
use super::decisions::may_decide;
use super::door::FromOfficer;
use super::evidence::{self, Evidence};
use super::papers;
use super::shapes::branch_names;
use crate::office::{Office, china_day, china_time};
use crate::problem::ApiProblem;
use crate::store::cases::{self, Case};
use crate::store::{StoreError, marks};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use domain::case::Decision;
use domain::case::letter::{Letter, Sheet, letter};
use domain::ids::{BranchId, CaseId, ReceiptCode};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use services_catalog::About;
use std::sync::Arc;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PreviewAsked {
    decision: Decision,
}

#[derive(Serialize)]
struct Reason {
    code: String,
    label: String,
    words: String,
    pinyin: String,
}

#[derive(Serialize)]
struct AskableItem {
    key: String,
    title: String,
    reasons: Vec<Reason>,
}

#[derive(Serialize)]
pub(super) struct SupplementReasons {
    items: Vec<AskableItem>,
    default_by: Date,
    phone: String,
}

async fn case_of(office: &Arc<Office>, from: &FromOfficer, id: uuid::Uuid) -> Result<(Case, marks::Marks), ApiProblem> {
    let read = move |c: &rusqlite::Connection| Ok((cases::find(c, CaseId(id))?, marks::of(c, CaseId(id))?));
    let (case, marks) = office.store.read::<_, StoreError>(read).await?;
    let case = from.may(case)?;
    may_decide(from, &case)?;
    Ok((case, marks))
}

/// `GET /v1/cases/{id}/supplement-reasons`.
pub(super) async fn reasons(
    State(office): State<Arc<Office>>,
    from: FromOfficer,
    Path(id): Path<uuid::Uuid>,
) -> Result<Json<SupplementReasons>, ApiProblem> {
    let (case, marks) = case_of(&office, &from, id).await?;
    let opened = evidence::open(&office, &case).await?;
    let evidence = Evidence::of(&office, &case, &opened, &marks);
    let table = office.services.supplement_reasons();
    let items = papers::askable(&evidence).into_iter().map(|(key, title, about)| {
        let fitting = table.iter().filter(|reason| reason.about == about || reason.about == About::Any);
        let reasons = fitting.map(|reason| Reason {
            code: reason.code.clone(),
            label: reason.label.clone(),
            words: reason.words.replace("{title}", &title),
            pinyin: reason.pinyin.clone(),
        });
        AskableItem { key, reasons: reasons.collect(), title }
    });
    let (config, today) = (&office.loaded.config, china_day(ambient::now()));
    Ok(Json(SupplementReasons {
        items: items.collect(),
        default_by: config.calendar.add_working_days(today, config.workbench.supplement_days),
        phone: office.loaded.bureau.phone.clone(),
    }))
}

/// `POST /v1/cases/{id}/preview`.
pub(super) async fn preview(
    State(office): State<Arc<Office>>,
    from: FromOfficer,
    Path(id): Path<uuid::Uuid>,
    body: Bytes,
) -> Result<Json<Letter>, ApiProblem> {
    let PreviewAsked { decision } = read(&body)?;
    let (case, marks) = case_of(&office, &from, id).await?;
    let opened = evidence::open(&office, &case).await?;
    let evidence = Evidence::of(&office, &case, &opened, &marks);
    let (local, rules, bureau) = (china_time(ambient::now()), evidence.rules(), &office.loaded.bureau);
    let today = local.date();
    let titles: Vec<(String, String)> =
        papers::askable(&evidence).into_iter().map(|(key, title, _)| (key, title)).collect();
    let names = branch_names(&office);
    let branch_name = match &decision {
        Decision::Transfer { branch, .. } => names.get(&BranchId::new(branch.trim())).map(String::as_str),
        Decision::Accept
        | Decision::Approve
        | Decision::RefuseToAccept { .. }
        | Decision::ReturnForSupplement { .. }
        | Decision::Reject { .. } => None,
    };
    let mut after = case.clone();
    if matches!(decision, Decision::Accept) {
        after.clock.run(today);
        rules.count(&mut after, local);
    }
    let person = evidence.payload.map(|payload| payload.applicant.name.expose().as_str()).unwrap_or_default();
    let output = evidence.office.services.credential(&case.service).unwrap_or_default();
    Ok(Json(letter(
        &Sheet {
            service: &case.title,
            person,
            code: case.code.as_deref().and_then(ReceiptCode::parse).map(|code| code.grouped()),
            station: &bureau.station_name,
            phone: &bureau.phone,
            output: &output,
            last_day: after.due_on,
            titles: &titles,
            branch_name,
            today,
            calendar: &office.loaded.config.calendar,
        },
        &decision,
    )))
}
