//! The list: everything of an officer's branches and stations, filtered, searched, counted, in an order.
//! Invariants: counts are over all open cases the officer may see, whatever the filter; names are searched in memory
//! only; names that are not known yet are read behind the answer, and the event stream tells when they are.

use super::door::FromOfficer;
use super::shapes::{CaseRow, Rows};
use crate::office::Office;
use crate::problem::ApiProblem;
use crate::rights::Action;
use crate::store::cases::{self, Scopes};
use crate::store::{StoreError, submissions};
use crate::worker::opening;
use axum::Json;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Query, State};
use domain::case::deadline::Group;
use domain::ids::{BranchId, CaseId, OfficerId, ReceiptCode, StationId, SubmissionId};
use domain::sensitive::Sensitive;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Most names read behind one answer.
const WARMED: usize = 100;

#[derive(Clone, Copy, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
enum Whose {
    All,
    Mine,
    Free,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Sort {
    Deadline,
    Arrival,
    Service,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wanted {
    branch: Option<BranchId>,
    station: Option<StationId>,
    status: Option<String>,
    whose: Option<Whose>,
    q: Option<String>,
    sort: Option<Sort>,
    code: Option<String>,
    #[serde(default)]
    closed: bool,
    most: Option<usize>,
}

#[derive(Default, Serialize)]
struct Counts {
    all: usize,
    mine: usize,
    free: usize,
    overdue: usize,
    today: usize,
}

#[derive(Serialize)]
pub(super) struct Queue {
    cases: Vec<CaseRow>,
    counts: Counts,
    version: u64,
}

/// `GET /v1/queue`.
pub(super) async fn list(
    State(office): State<Arc<Office>>,
    from: FromOfficer,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Result<Json<Queue>, ApiProblem> {
    let Query(wanted) = wanted.map_err(|error| ApiProblem::malformed(error.body_text()))?;
    let status = wanted
        .status
        .as_deref()
        .map(|word| cases::parse_status(word).ok_or_else(|| ApiProblem::malformed(format!("no status `{word}`"))))
        .transpose()?;
    let code = wanted
        .code
        .as_deref()
        .map(|text| ReceiptCode::parse(text).ok_or_else(|| ApiProblem::malformed("not a receipt code")))
        .transpose()?;
    let ended = status.is_some_and(domain::case::Status::ended);
    // Read before the list: whoever refetches on a newer number misses nothing.
    let version = office.changes.now();
    let scopes = from.rights.scopes(Action::View);
    let found = fetch(&office, scopes, wanted.closed || ended, code.as_ref()).await?;
    let mut rows = Rows::at(&office, ambient::now());
    let me = &from.officer.id;
    let mut unnamed = Vec::new();
    let mut counts = Counts::default();
    let mut shown = Vec::new();
    for case in found {
        let row = rows.row(case);
        let readable = !row.erased && row.applicant.is_none();
        if readable && office.names.get(&row.id).is_none() && unnamed.len() < WARMED {
            unnamed.push((row.id, row.submission));
        }
        count(&mut counts, &row, me);
        let fits = status.is_none_or(|status| row.status == status) && here(&row, &wanted, me);
        if fits && wanted.q.as_deref().is_none_or(|q| matches(&row, q)) {
            shown.push(row);
        }
    }
    match wanted.sort.unwrap_or(Sort::Deadline) {
        // As the store gives them; a stable sort by group keeps the order of work inside each.
        Sort::Deadline => shown.sort_by_key(|row| row.deadline.group),
        Sort::Arrival => shown.sort_by_key(|row| row.received_at),
        Sort::Service => shown.sort_by(|a, b| a.title.cmp(&b.title)),
    }
    shown.truncate(wanted.most.unwrap_or(200).min(500));
    warm(&office, unnamed);
    Ok(Json(Queue { cases: shown, counts, version }))
}

async fn fetch(
    office: &Office,
    scopes: Scopes,
    closed: bool,
    code: Option<&ReceiptCode>,
) -> Result<Vec<cases::Case>, StoreError> {
    let code = code.map(|code| code.as_str().to_owned());
    office
        .store
        .read::<_, StoreError>(move |c| match code {
            Some(code) => {
                let mut found = cases::with_code(c, &scopes, &code)?;
                found.retain(|case| closed || case.place != cases::Place::Closed);
                Ok(found)
            }
            None => cases::within(c, &scopes, closed),
        })
        .await
}

fn count(counts: &mut Counts, row: &CaseRow, me: &OfficerId) {
    if row.status.ended() {
        return;
    }
    counts.all += 1;
    counts.mine += usize::from(row.holder.as_ref() == Some(me));
    counts.free += usize::from(row.holder.is_none() && row.deadline.group != Group::Paused);
    counts.overdue += usize::from(row.overdue);
    counts.today += usize::from(row.deadline.group == Group::Today);
}

fn here(row: &CaseRow, wanted: &Wanted, me: &OfficerId) -> bool {
    let whose = match wanted.whose.unwrap_or(Whose::All) {
        Whose::All => true,
        Whose::Mine => row.holder.as_ref() == Some(me),
        Whose::Free => row.holder.is_none() && !row.status.ended() && row.deadline.group != Group::Paused,
    };
    whose && row.is_at(wanted.branch.as_ref(), wanted.station.as_ref())
}

/// Receipt code with or without hyphen, last four, ticket, title, applicant's name.
fn matches(row: &CaseRow, q: &str) -> bool {
    let plain: String = q.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    if plain.is_empty() {
        return true;
    }
    let upper = plain.to_uppercase();
    let is = |text: &Option<String>| text.as_deref().is_some_and(|text| text.to_uppercase() == upper);
    let begins = plain.len() >= 4 && row.code.as_deref().is_some_and(|code| code.starts_with(&upper));
    let named = row.applicant.as_ref().is_some_and(|name| name.expose().contains(&plain));
    begins || is(&row.code) || is(&row.last_four) || is(&row.ticket) || row.title.contains(&plain) || named
}

/// Reads names that are not in memory (after a restart), only the answers part of each submission.
fn warm(office: &Arc<Office>, unnamed: Vec<(CaseId, SubmissionId)>) {
    if unnamed.is_empty() {
        return;
    }
    let office = Arc::clone(office);
    tokio::spawn(async move {
        for (case, submission) in unnamed {
            let stored = office.store.read::<_, StoreError>(move |c| submissions::find(c, submission)).await;
            let Ok(Some(Ok(manifest))) = stored.map(|found| found.map(|found| found.manifest())) else { continue };
            let inner = Arc::clone(&office);
            let read = tokio::task::spawn_blocking(move || opening::payload(&inner, &manifest)).await;
            // An unreadable one is remembered as nameless, or it would be tried at every list.
            let name = match read {
                Ok(Ok(Ok(payload))) => payload.applicant.name,
                Ok(Ok(Err(_))) => Sensitive::new(String::new()),
                Ok(Err(_)) | Err(_) => continue,
            };
            office.names.set(case, name);
        }
        office.changes.bump();
    });
}
