//! The audit log over the network, for auditors: walk it, take it away page by page, sign it now, prove one leaf, prove that
//! it only grew. Leaves carry ids and digests only.
//! Not here: verifying from outside (`yimenctl audit verify`).

use crate::checkpoints;
use crate::office::Office;
use crate::problem::ApiProblem;
use crate::store::audit::checkpoints::{self as rows, Checkpoint};
use crate::store::audit::{self, AuditCheck, Proof, tree};
use crate::store::{StoreError, retention, submissions};
use axum::Json;
use axum::extract::{Query, State};
use domain::ids::SubmissionId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use wire::signature::Signed;

/// Most rows in one page.
const MOST: u32 = 500;

/// `GET /v1/audit/check`.
pub(super) async fn check(State(office): State<Arc<Office>>) -> Result<Json<AuditCheck>, ApiProblem> {
    let checked = office.store.read::<_, StoreError>(audit::check).await?;
    if !checked.ok {
        tracing::error!(broken_at = checked.broken_at, "the audit log is broken");
    }
    Ok(Json(checked))
}

#[derive(Deserialize)]
pub(super) struct Page {
    #[serde(default)]
    after: u32,
    most: Option<u32>,
}

impl Page {
    fn most(&self) -> u32 {
        self.most.unwrap_or(MOST).min(MOST)
    }
}

#[derive(Serialize)]
pub(super) struct LeafRow {
    seq: i64,
    leaf: String,
    hash: Option<String>,
}

#[derive(Serialize)]
pub(super) struct Leaves {
    leaves: Vec<LeafRow>,
    size: u64,
}

/// `GET /v1/audit/leaves`: leaves after a seq.
pub(super) async fn leaves(
    State(office): State<Arc<Office>>,
    Query(page): Query<Page>,
) -> Result<Json<Leaves>, ApiProblem> {
    let (rows, size) = office
        .store
        .read::<_, StoreError>(move |c| Ok((audit::page(c, page.after.into(), page.most())?, tree::size(c)?)))
        .await?;
    let row = |row: audit::Row| LeafRow { seq: row.seq, leaf: row.leaf, hash: row.hash.map(hex::encode) };
    Ok(Json(Leaves { leaves: rows.into_iter().map(row).collect(), size }))
}

#[derive(Serialize)]
pub(super) struct CheckpointRow {
    size: u64,
    at: Timestamp,
    note: String,
}

#[derive(Serialize)]
pub(super) struct Checkpoints {
    checkpoints: Vec<CheckpointRow>,
}

impl Checkpoints {
    fn of(found: impl IntoIterator<Item = Checkpoint>) -> Json<Self> {
        let row = |Checkpoint { size, at, note, .. }| CheckpointRow { size, at, note };
        Json(Self { checkpoints: found.into_iter().map(row).collect() })
    }
}

/// `GET /v1/audit/checkpoints`: those of more leaves than `after`.
pub(super) async fn list(
    State(office): State<Arc<Office>>,
    Query(page): Query<Page>,
) -> Result<Json<Checkpoints>, ApiProblem> {
    let found = office.store.read::<_, StoreError>(move |c| rows::after(c, page.after.into(), page.most())).await?;
    Ok(Checkpoints::of(found))
}

/// `POST /v1/audit/checkpoints`: signs what the log stands at now; gives the newest.
pub(super) async fn sign(State(office): State<Arc<Office>>) -> Result<Json<Checkpoints>, ApiProblem> {
    Ok(Checkpoints::of(checkpoints::now(&office).await?))
}

#[derive(Deserialize)]
pub(super) struct Of {
    submission: uuid::Uuid,
}

#[derive(Serialize)]
pub(super) struct Proven {
    receipt: Signed,
    proof: Option<Proof>,
    /// That its case was erased; null while it is kept.
    erased: Option<Proof>,
}

/// `GET /v1/audit/proof`: receipt of a submission, and the proof of its leaf under the newest checkpoint; that its case was
/// erased, too.
pub(super) async fn proof(State(office): State<Arc<Office>>, Query(of): Query<Of>) -> Result<Json<Proven>, ApiProblem> {
    let id = SubmissionId(of.submission);
    let found = office
        .store
        .read::<_, StoreError>(move |c| {
            let Some(submission) = submissions::find(c, id)? else { return Ok(None) };
            let (receipt, index) = submission.receipt()?;
            // Ended with its case: as its first submission, a supplement, or the visit it began with.
            let end = retention::ended_with(c, id)?.map(|case| format!("case:{case}"));
            let end = end.map(|case| audit::last_index(c, &case, "erased")).transpose()?.flatten();
            let erased = end.map(|index| audit::proof(c, index)).transpose()?.flatten();
            Ok(Some(Proven { receipt, proof: audit::proof(c, index)?, erased }))
        })
        .await?;
    found.map(Json).ok_or_else(ApiProblem::not_found)
}

#[derive(Deserialize)]
pub(super) struct Sizes {
    old: u64,
    size: u64,
}

#[derive(Serialize)]
pub(super) struct Consistency {
    hashes: Vec<String>,
}

/// `GET /v1/audit/consistency`: that the log of `old` leaves is the beginning of the log of `size` leaves.
pub(super) async fn consistency(
    State(office): State<Arc<Office>>,
    Query(Sizes { old, size }): Query<Sizes>,
) -> Result<Json<Consistency>, ApiProblem> {
    let hashes = office
        .store
        .read::<_, StoreError>(move |c| {
            if old == 0 || old > size || size > tree::size(c)? {
                return Ok(None);
            }
            Ok(Some(tree::consistency(c, old, size)?.iter().map(hex::encode).collect()))
        })
        .await?;
    let hashes = hashes.ok_or_else(|| ApiProblem::malformed("0 < old <= size <= leaves in the log"))?;
    Ok(Json(Consistency { hashes }))
}
