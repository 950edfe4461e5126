//! The services that an officer may take in at the counter, by word, pinyin or initials.

use super::door::FromOfficer;
use super::shapes::branch_names;
use crate::office::Office;
use crate::problem::ApiProblem;
use crate::rights::Action;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use domain::ids::{BranchId, ServiceId};
use domain::service::Service;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    q: Option<String>,
}

#[derive(Serialize)]
struct ServiceRow {
    id: ServiceId,
    title: String,
    branch: BranchId,
    branch_name: String,
    category_name: String,
    about: String,
}

#[derive(Serialize)]
pub(super) struct Found {
    services: Vec<ServiceRow>,
}

/// Whether this officer may take this service in where they sit.
pub(super) fn may_take_in(from: &FromOfficer, service: &Service) -> bool {
    from.rights.may(Action::Intake, &service.branch, &from.officer.station)
}

/// `GET /v1/services`.
pub(super) async fn list(
    State(office): State<Arc<Office>>,
    from: FromOfficer,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<Found>, ApiProblem> {
    let Query(wanted) = wanted.map_err(|error| ApiProblem::malformed(error.body_text()))?;
    let query = wanted.q.unwrap_or_default();
    let services: Vec<&Service> = if query.trim().is_empty() {
        office.services.all()
    } else {
        office.services.search(&query).iter().filter_map(|id| office.services.service(id)).collect()
    };
    let branches = branch_names(&office);
    let text = |service: &Service, key: &str| office.services.text(&service.id, key);
    let row = |service: &Service| ServiceRow {
        id: service.id.clone(),
        title: text(service, "name").unwrap_or_else(|| service.id.to_string()),
        branch: service.branch.clone(),
        branch_name: branches.get(&service.branch).cloned().unwrap_or_else(|| service.branch.to_string()),
        category_name: office.services.category_name(&service.category),
        about: text(service, "summary").unwrap_or_default(),
    };
    let mine = services.into_iter().filter(|service| may_take_in(&from, service));
    Ok(Json(Found { services: mine.map(row).collect() }))
}
