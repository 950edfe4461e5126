//! Openings over the officers' door: begin, take up by one scan, write, give up. Rights: `intake` on the service's branch at
//! the opening's station; one officer at a time.
//! Invariants: every touch leaves a leaf with ids only; a write names the version it saw; what is written is kept also when
//! it is wrong; nothing here decides what is right (`crate::openings::settle`).

mod access;
mod answers;
mod by_code;
mod fields;
mod files;
mod pages;
mod papers;
mod schemas;
mod submit;
mod view;

pub(super) use answers::answers;
pub(super) use by_code::by_code;
pub(super) use pages::attachment;
pub(super) use papers::paper;
pub(super) use schemas::opening_schemas;
pub(super) use submit::submit;

/// Largest file taken at the counter, bytes.
pub(super) const LARGEST_FILE: usize = 8 << 20;

use super::claims::read;
use super::door::FromOfficer;
use super::services::may_take_in;
use crate::office::Office;
use crate::openings::{Draft, settle};
use crate::problem::ApiProblem;
use crate::store::openings::{self, OpeningId, State as Standing};
use crate::store::{StoreError, audit};
use access::{mine, open_draft, sealed};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::ids::{ReceiptCode, ServiceId};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::sync::Arc;
use view::{Opening, OpeningRow};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Begin {
    service: ServiceId,
}

#[derive(serde::Serialize)]
pub(super) struct Openings {
    openings: Vec<OpeningRow>,
}

/// `GET /v1/openings`.
pub(super) async fn list(State(office): State<Arc<Office>>, from: FromOfficer) -> Result<Json<Openings>, ApiProblem> {
    let me = from.officer.id.clone();
    let found = office.store.read::<_, StoreError>(move |c| openings::with(c, &me)).await?;
    let mut rows = Vec::new();
    for opening in found.into_iter().filter(|opening| from.may_at(&opening.branch, &opening.station).is_ok()) {
        let (Some(service), Ok(draft)) =
            (office.services.service(&opening.service), open_draft(&office, &opening).await)
        else {
            continue;
        };
        rows.push(OpeningRow::of(&office, &opening, &draft, service));
    }
    Ok(Json(Openings { openings: rows }))
}

/// `POST /v1/openings`.
pub(super) async fn begin(
    State(office): State<Arc<Office>>,
    from: FromOfficer,
    body: Bytes,
) -> Result<Json<Opening>, ApiProblem> {
    let Begin { service } = read(&body)?;
    let service = office.services.service(&service).filter(|service| may_take_in(&from, service));
    let service = service.ok_or_else(ApiProblem::not_found)?;
    let (draft, now, id) = (Draft::new(service), ambient::now(), OpeningId(ambient::new_uuid()));
    let content = sealed(&office, id, draft.clone()).await?;
    let mut opening = openings::Opening {
        id,
        code: random_code(),
        service: service.id.clone(),
        branch: service.branch.clone(),
        station: from.officer.station.clone(),
        state: Standing::Open,
        submission: None,
        begun_at: now,
        touched_at: now,
        version: 1,
        officer: Some(from.officer.id.clone()),
        case: None,
        sealed: Some(content.column),
    };
    let opening = office
        .store
        .write_keyed::<_, StoreError>(move |c, keys| {
            keys.put(&content.key)?;
            while openings::code_is_taken(c, &opening.code)? {
                opening.code = random_code();
            }
            openings::insert(c, &opening)?;
            let details = serde_json::json!({ "service": opening.service });
            audit::append(c, now, &from.actor(), "opening-begun", &format!("opening:{}", opening.id), details)?;
            Ok(opening)
        })
        .await?;
    Ok(Json(Opening::of(&office, &opening, &draft, service)))
}

fn random_code() -> ReceiptCode {
    ReceiptCode::from_random(std::array::from_fn(|_| u32::from_be_bytes(ambient::random_bytes())))
}

/// `GET /v1/openings/{id}`.
pub(super) async fn show(
    State(office): State<Arc<Office>>,
    from: FromOfficer,
    Path(id): Path<uuid::Uuid>,
) -> Result<Json<Opening>, ApiProblem> {
    let (opening, service) = mine(&office, &from, OpeningId(id)).await?;
    let draft = open_draft(&office, &opening).await?;
    let now = ambient::now();
    office
        .store
        .write::<_, StoreError>(move |c| {
            let object = format!("opening:{id}");
            audit::append(c, now, &from.actor(), "opening-opened", &object, serde_json::json!({}))
        })
        .await?;
    Ok(Json(Opening::of(&office, &opening, &draft, service)))
}

/// `DELETE /v1/openings/{id}`: given up; the content is erased.
pub(super) async fn give_up(
    State(office): State<Arc<Office>>,
    from: FromOfficer,
    Path(id): Path<uuid::Uuid>,
) -> Result<StatusCode, ApiProblem> {
    let (id, now, inner) = (OpeningId(id), ambient::now(), Arc::clone(&office));
    office
        .store
        .write_keyed::<_, ApiProblem>(move |c, keys| {
            let mut opening = access::held(&inner, &from, openings::find(c, id)?)?;
            opening.state = Standing::GivenUp;
            opening.sealed = None;
            keys.forget_columns_after(id.into());
            opening.touched_at = now;
            openings::update(c, &mut opening)?;
            openings::doom_parts(c, id, &BTreeSet::new())?;
            let details = serde_json::json!({ "submission": opening.submission });
            audit::append(c, now, &from.actor(), "opening-given-up", &format!("opening:{id}"), details)?;
            Ok(())
        })
        .await?;
    crate::openings::erase_doomed(&office).await;
    Ok(StatusCode::NO_CONTENT)
}

/// The name of the one who applies, for a list; `None` while it is not written.
fn applicant(draft: &Draft) -> Option<domain::sensitive::Sensitive<String>> {
    Some(draft.name.clone()).filter(|name| !name.expose().is_empty())
}

/// The step at which an opening stands: the first with something to do, else the last.
fn standing_step(draft: &Draft, service: &domain::service::Service, today: jiff::civil::Date) -> Option<String> {
    let settled = settle(draft, service, today);
    let undone = settled.steps.iter().find(|(_, fields)| !view::step_done(fields));
    undone.or(settled.steps.last()).map(|(step, _)| step.id.to_string())
}
