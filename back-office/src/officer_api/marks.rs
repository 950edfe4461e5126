//! Checking: a paper against its original, a point of the list, the person. Each is an act of the holder with a leaf.
//! Invariants: only the holder marks; only what the case has can be marked; taking a mark back leaves a leaf too.

use super::cases::look;
use super::claims::{problem, read};
use super::detail::CaseDetail;
use super::door::FromOfficer;
use super::evidence::{self, Evidence};
use super::{checks, papers};
use crate::office::Office;
use crate::problem::ApiProblem;
use crate::store::marks::{self, About, Mark};
use crate::store::{StoreError, audit, cases, claims};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use domain::ids::CaseId;
use serde::Deserialize;
use std::sync::Arc;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PaperChecked {
    claim_epoch: i64,
    checked: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckDone {
    claim_epoch: i64,
    done: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PersonFound {
    claim_epoch: i64,
    finding: Finding,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Finding {
    Same,
    NotSame,
    InPerson,
}

impl Finding {
    fn word(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::NotSame => "not-same",
            Self::InPerson => "in-person",
        }
    }
}

/// One mark to set (`value`) or take back (`None`).
struct Wanted {
    about: About,
    name: String,
    value: Option<&'static str>,
    action: &'static str,
    claim_epoch: i64,
}

async fn mark(
    office: Arc<Office>,
    from: FromOfficer,
    id: uuid::Uuid,
    wanted: Wanted,
) -> Result<Json<CaseDetail>, ApiProblem> {
    let (id, now) = (CaseId(id), ambient::now());
    let (inner, marker) = (Arc::clone(&office), from.clone());
    office
        .store
        .write::<_, ApiProblem>(move |c| {
            let case = marker.may(cases::find(c, id)?)?;
            let case = claims::held(marker.act(now), case, wanted.claim_epoch).map_err(|e| problem(&inner, e))?;
            match wanted.value {
                Some(value) => {
                    let mark = Mark { value: value.to_owned(), officer: marker.officer.id.clone(), at: now };
                    marks::set(c, &case, wanted.about, &wanted.name, &mark)?;
                }
                None => marks::clear(c, &case, wanted.about, &wanted.name)?,
            }
            let details = serde_json::json!({ "name": wanted.name, "finding": wanted.value });
            audit::append(c, now, &marker.actor(), wanted.action, &format!("case:{id}"), details)?;
            Ok(())
        })
        .await?;
    Ok(Json(look(&office, &from, id, now).await?))
}

/// Whether the case has what is to be marked.
async fn has(
    office: &Arc<Office>,
    from: &FromOfficer,
    id: uuid::Uuid,
    known: impl FnOnce(&Evidence<'_>) -> bool,
) -> Result<(), ApiProblem> {
    let read = move |c: &rusqlite::Connection| Ok((cases::find(c, CaseId(id))?, marks::of(c, CaseId(id))?));
    let (case, marks) = office.store.read::<_, StoreError>(read).await?;
    let case = from.may(case)?;
    let opened = evidence::open(office, &case).await?;
    if known(&Evidence::of(office, &case, &opened, &marks)) { Ok(()) } else { Err(ApiProblem::not_found()) }
}

/// `POST /v1/cases/{id}/papers/{key}/checked`.
pub(super) async fn paper(
    State(office): State<Arc<Office>>,
    from: FromOfficer,
    Path((id, key)): Path<(uuid::Uuid, String)>,
    body: Bytes,
) -> Result<Json<CaseDetail>, ApiProblem> {
    let PaperChecked { claim_epoch, checked } = read(&body)?;
    has(&office, &from, id, |evidence| papers::found(evidence).iter().any(|paper| paper.key == key)).await?;
    let (value, action) = if checked { (Some("checked"), "paper-checked") } else { (None, "paper-unchecked") };
    mark(office, from, id, Wanted { about: About::Paper, name: key, value, action, claim_epoch }).await
}

/// `POST /v1/cases/{id}/checks/{check}`.
pub(super) async fn check(
    State(office): State<Arc<Office>>,
    from: FromOfficer,
    Path((id, check)): Path<(uuid::Uuid, String)>,
    body: Bytes,
) -> Result<Json<CaseDetail>, ApiProblem> {
    let CheckDone { claim_epoch, done } = read(&body)?;
    has(&office, &from, id, |evidence| checks::is_known(evidence, &check)).await?;
    let (value, action) = if done { (Some("done"), "check-done") } else { (None, "check-undone") };
    mark(office, from, id, Wanted { about: About::Check, name: check, value, action, claim_epoch }).await
}

/// `POST /v1/cases/{id}/person`.
pub(super) async fn person(
    State(office): State<Arc<Office>>,
    from: FromOfficer,
    Path(id): Path<uuid::Uuid>,
    body: Bytes,
) -> Result<Json<CaseDetail>, ApiProblem> {
    let PersonFound { claim_epoch, finding } = read(&body)?;
    let (about, name, value) = (About::Person, "person".to_owned(), Some(finding.word()));
    mark(office, from, id, Wanted { about, name, value, action: "person-found", claim_epoch }).await
}
