//! The audit log: a chain of leaves, each hash over the one before and the leaf's canonical JSON.
//! Invariants: leaves are only appended, in the transaction of the change they tell of; no personal data in a leaf.
//! Not here: the tree with inclusion proofs and signed checkpoints of a later step.

use super::StoreError;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};
use wire::digest::Digest;

/// Hash before the first leaf.
pub const GENESIS: &str = "0000000000000000000000000000000000000000000000000000000000000000";

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leaf {
    /// Place in the chain, from 1.
    pub seq: i64,
    /// When, by the office's clock.
    pub at: Timestamp,
    /// `kiosk:<id>`, `officer:<id>` or `office`.
    pub actor: String,
    /// Past tense in kebab case, e.g. `submission-received`.
    pub action: String,
    /// What it was done to, e.g. `case:<id>`.
    pub object: String,
    /// Ids, states and digests that belong to it; never personal data.
    pub details: serde_json::Value,
}

/// Result of checking the chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditCheck {
    /// Every leaf follows from the one before.
    pub ok: bool,
    /// Leaves looked at.
    pub leaves: i64,
    /// Hash of the last good leaf.
    pub head: String,
    /// First leaf that does not fit.
    pub broken_at: Option<i64>,
}

fn chain(previous: &str, leaf: &str) -> String {
    Digest::of(format!("{previous}{leaf}").as_bytes()).to_string()
}

/// Appends a leaf.
///
/// # Errors
/// The store's.
pub fn append(
    connection: &Connection,
    at: Timestamp,
    actor: &str,
    action: &str,
    object: &str,
    details: serde_json::Value,
) -> Result<(), StoreError> {
    let last: Option<(i64, String)> = connection
        .prepare_cached("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let (seq, previous) = last.map_or((1, GENESIS.to_owned()), |(seq, hash)| (seq + 1, hash));
    let leaf = Leaf { seq, at, actor: actor.into(), action: action.into(), object: object.into(), details };
    let text = wire::signature::canonical(&leaf).map_err(|_| StoreError::Damaged("audit leaf"))?;
    let hash = chain(&previous, &text);
    connection
        .prepare_cached("INSERT INTO audit (seq, leaf, hash, object) VALUES ($1, $2, $3, $4)")?
        .execute(params![seq, text, hash, object])?;
    Ok(())
}

/// The leaves about one object, first to last.
///
/// # Errors
/// The store's.
pub fn about(connection: &Connection, object: &str) -> Result<Vec<Leaf>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT leaf FROM audit WHERE object = $1 ORDER BY seq")?;
    let rows = statement.query_map(params![object], |row| row.get::<_, String>(0))?;
    let mut leaves = Vec::new();
    for text in rows {
        leaves.push(serde_json::from_str(&text?).map_err(|_| StoreError::Damaged("audit leaf"))?);
    }
    Ok(leaves)
}

/// Walks the whole chain.
///
/// # Errors
/// The store's.
pub fn check(connection: &Connection) -> Result<AuditCheck, StoreError> {
    let mut statement = connection.prepare("SELECT seq, leaf, hash FROM audit ORDER BY seq")?;
    let mut rows = statement.query([])?;
    let mut done = AuditCheck { ok: true, leaves: 0, head: GENESIS.to_owned(), broken_at: None };
    while let Some(row) = rows.next()? {
        let (seq, text, hash): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let told = serde_json::from_str::<Leaf>(&text).map(|leaf| leaf.seq).ok();
        if seq != done.leaves + 1 || told != Some(seq) || chain(&done.head, &text) != hash {
            return Ok(AuditCheck { ok: false, broken_at: Some(done.leaves + 1), ..done });
        }
        done.leaves = seq;
        done.head = hash;
    }
    Ok(done)
}
