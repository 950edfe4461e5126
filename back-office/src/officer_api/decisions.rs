//! Deciding: the pure function of `domain::case` inside one transaction with row, history and audit leaf.
//! Invariants: only the holder under the current epoch and version decides; the statutory clock starts with acceptance,
//! never before; a decision that does not end the case at this desk also ends the claim.

use super::FromOfficer;
use super::claims::{end_claim, held, read};
use super::shapes::CaseRow;
use crate::office::{Office, china_day};
use crate::problem::ApiProblem;
use crate::store::audit;
use crate::store::cases::{self, Case, Decided, Place};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::calendar::Limit;
use domain::case::{Decision, Status, decide as judge};
use domain::ids::{BranchId, CaseId};
use jiff::civil::Date;
use serde::Deserialize;
use std::sync::Arc;
use wire::problem::Retry;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Decide {
    /// The epoch that the claim gave.
    claim_epoch: i64,
    /// The version the officer saw.
    version: i64,
    /// What is decided.
    decision: Decision,
}

/// `POST /v1/cases/{id}/decide`.
pub(super) async fn decide(
    State(office): State<Arc<Office>>,
    officer: FromOfficer,
    Path(id): Path<uuid::Uuid>,
    body: Bytes,
) -> Result<Json<CaseRow>, ApiProblem> {
    let Decide { claim_epoch, version, decision } = read(&body)?;
    let (id, now) = (CaseId(id), ambient::now());
    let inner = Arc::clone(&office);
    let case = office
        .store
        .write::<_, ApiProblem>(move |c| {
            let mut case = held(c, &officer, id, claim_epoch, now)?;
            if case.version != version {
                return Err(ApiProblem::new(
                    "version-conflict",
                    StatusCode::CONFLICT,
                    Retry::Never,
                    "The case has changed since you looked",
                )
                .member("version", case.version));
            }
            let today = china_day(now);
            let status = judge(case.status, &decision, today).map_err(|error| {
                ApiProblem::new(
                    "decision-refused",
                    StatusCode::UNPROCESSABLE_ENTITY,
                    Retry::Never,
                    "This decision cannot be made",
                )
                .detail(error.to_string())
            })?;
            let statutory = inner.services.service(&case.service).and_then(|service| service.statutory_limit);
            apply(&mut case, &decision, status, today, statutory, &inner);
            cases::update(c, &mut case)?;
            let words = serde_json::to_value(&decision).unwrap_or_default();
            let kind = words.get("decision").cloned().unwrap_or_default();
            let decided = Decided { at: now, officer: officer.0.id.clone(), decision: words, status };
            cases::add_decision(c, id, &decided)?;
            // The reason is the officer's free text and may name somebody: only its kind is in the log.
            let details = serde_json::json!({ "decision": kind, "status": status, "epoch": claim_epoch });
            audit::append(c, now, &officer.actor(), "case-decided", &format!("case:{id}"), details)?;
            Ok(case)
        })
        .await?;
    Ok(Json(CaseRow::at(case, now)))
}

fn apply(case: &mut Case, decision: &Decision, status: Status, today: Date, statutory: Option<Limit>, office: &Office) {
    case.status = status;
    case.supplement_by = None;
    match decision {
        // The same officer goes on: accepting keeps the claim.
        Decision::Accept => {
            case.place = Place::Queue;
            case.statutory_on = statutory.map(|limit| office.loaded.config.calendar.due(today, limit));
            case.due_on = [case.promised_on, case.statutory_on].into_iter().flatten().min();
        }
        Decision::ReturnForSupplement { by, .. } => {
            case.place = Place::Parked;
            case.supplement_by = Some(*by);
            end_claim(case);
        }
        Decision::Transfer { branch } => {
            case.place = Place::Queue;
            case.branch = BranchId::new(branch.trim());
            end_claim(case);
        }
        Decision::RefuseToAccept { .. } | Decision::Approve | Decision::Reject { .. } => {
            case.place = Place::Closed;
            end_claim(case);
        }
    }
}
