//! The audit log: leaves in the order they happened, under a Merkle tree (RFC 6962 section 2, RFC 9162 section 2).
//! Invariants: leaves are only appended, in the transaction of the change they tell of, with the nodes that they complete;
//! the canonical text of a leaf is kept as it was hashed; no personal data in a leaf.
//! Not here: signing what the tree stands at (`crate::checkpoints`), checking from outside (`yimenctl audit verify`).

pub mod checkpoints;
pub mod tree;

use super::StoreError;
use checkpoints::Checkpoint;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};
use serde::{Deserialize, Serialize};
use tree::Hash;

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Leaf {
    /// Place in the log, from 1: one more than its index in the tree.
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

/// A leaf as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Place in the log, from 1.
    pub seq: i64,
    /// The canonical text that was hashed.
    pub leaf: String,
    /// The leaf's hash in the tree; `None` when somebody put the row there past the log.
    pub hash: Option<Hash>,
}

/// Result of walking the log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditCheck {
    /// Every leaf is under the tree, and every checkpoint is of this tree.
    pub ok: bool,
    /// Leaves looked at.
    pub leaves: i64,
    /// Root over the good leaves.
    pub root: String,
    /// First leaf that does not fit.
    pub broken_at: Option<i64>,
    /// In words.
    pub why: Option<String>,
}

/// Appends a leaf.
///
/// # Errors
/// See [`append_indexed`].
pub fn append(
    connection: &Connection,
    at: Timestamp,
    actor: &str,
    action: &str,
    object: &str,
    details: serde_json::Value,
) -> Result<(), StoreError> {
    append_indexed(connection, at, actor, action, object, details).map(|_| ())
}

/// Appends a leaf; gives its index in the tree, from 0.
///
/// # Errors
/// The store's; [`StoreError::Damaged`] where leaves and tree do not belong together any more.
pub fn append_indexed(
    connection: &Connection,
    at: Timestamp,
    actor: &str,
    action: &str,
    object: &str,
    details: serde_json::Value,
) -> Result<u64, StoreError> {
    let index = tree::size(connection)?;
    let seq = i64::try_from(index).map_err(|_| StoreError::Damaged("audit size"))? + 1;
    let leaf = Leaf { seq, at, actor: actor.into(), action: action.into(), object: object.into(), details };
    let text = wire::signature::canonical(&leaf).map_err(|_| StoreError::Damaged("audit leaf"))?;
    connection
        .prepare_cached("INSERT INTO audit (seq, leaf, object) VALUES ($1, $2, $3)")?
        .execute(params![seq, text, object])?;
    tree::append(connection, index, tree::leaf_hash(text.as_bytes()))?;
    Ok(index)
}

/// Builds the tree over the leaves that are here: the schema's step that brought the tree in.
///
/// # Errors
/// The store's.
pub(super) fn build(connection: &Connection) -> Result<(), StoreError> {
    let mut statement = connection.prepare("SELECT leaf FROM audit ORDER BY seq")?;
    let mut rows = statement.query([])?;
    let mut index = 0;
    while let Some(row) = rows.next()? {
        tree::append(connection, index, tree::leaf_hash(row.get::<_, String>(0)?.as_bytes()))?;
        index += 1;
    }
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

/// The index, from 0, of the newest leaf that tells this of an object.
///
/// # Errors
/// The store's.
pub fn last_index(connection: &Connection, object: &str, action: &str) -> Result<Option<u64>, StoreError> {
    let seq: Option<i64> = connection
        .prepare_cached(
            "SELECT seq FROM audit WHERE object = $1 AND json_extract(leaf, '$.action') = $2 ORDER BY seq DESC LIMIT 1",
        )?
        .query_row(params![object, action], |row| row.get(0))
        .optional()?;
    Ok(seq.and_then(|seq| u64::try_from(seq.saturating_sub(1)).ok()))
}

/// The text of the leaf at this index, from 0.
///
/// # Errors
/// The store's.
pub fn leaf(connection: &Connection, index: u64) -> Result<Option<String>, StoreError> {
    let Ok(index) = i64::try_from(index) else { return Ok(None) };
    Ok(connection
        .prepare_cached("SELECT leaf FROM audit WHERE seq = $1")?
        .query_row(params![index.saturating_add(1)], |row| row.get(0))
        .optional()?)
}

/// Leaves after this seq, in order, at most so many.
///
/// # Errors
/// The store's.
pub fn page(connection: &Connection, after: i64, most: u32) -> Result<Vec<Row>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT seq, leaf, hash FROM audit LEFT JOIN audit_node ON level = 0 AND position = seq - 1
         WHERE seq > $1 ORDER BY seq LIMIT $2",
    )?;
    let rows = statement
        .query_map(params![after, most], |row| Ok(Row { seq: row.get(0)?, leaf: row.get(1)?, hash: row.get(2)? }))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Walks the whole log: each leaf against the tree, each node anew, each checkpoint's root.
///
/// # Errors
/// The store's.
pub fn check(connection: &Connection) -> Result<AuditCheck, StoreError> {
    let signed = checkpoints::after(connection, 0, u32::MAX)?;
    let mut signed = signed.iter().peekable();
    let mut walked = tree::Peaks::default();
    let mut statement = connection.prepare(
        "SELECT seq, leaf, hash FROM audit LEFT JOIN audit_node ON level = 0 AND position = seq - 1 ORDER BY seq",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (seq, text, kept): (i64, String, Option<Hash>) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let expected = done(&walked) + 1;
        let told = serde_json::from_str::<Leaf>(&text).map(|leaf| leaf.seq).ok();
        let hash = tree::leaf_hash(text.as_bytes());
        let wrong = match kept {
            _ if seq != expected => Some("a leaf is missing"),
            None => Some("a leaf was put there past the log"),
            Some(_) if told != Some(seq) => Some("a leaf says that it stands elsewhere"),
            Some(kept) if kept != hash => Some("the text of a leaf was changed"),
            Some(_) => None,
        };
        if let Some(why) = wrong {
            return Ok(broken(&walked, why));
        }
        let mut next = walked.clone();
        for (level, position, hash) in next.push(hash) {
            if tree::node(connection, level, position)? != Some(hash) {
                return Ok(broken(&walked, "a node of the tree was changed"));
            }
        }
        walked = next;
        while let Some(checkpoint) = signed.next_if(|checkpoint| checkpoint.size == walked.size()) {
            if checkpoint.root != walked.root() {
                return Ok(broken(&walked, "a checkpoint was signed over other leaves"));
            }
        }
    }
    if tree::size(connection)? != walked.size() || signed.next().is_some() {
        return Ok(broken(&walked, "leaves at the end are missing"));
    }
    Ok(AuditCheck { ok: true, leaves: done(&walked), root: hex::encode(walked.root()), broken_at: None, why: None })
}

fn done(walked: &tree::Peaks) -> i64 {
    i64::try_from(walked.size()).unwrap_or(i64::MAX)
}

fn broken(walked: &tree::Peaks, why: &str) -> AuditCheck {
    let leaves = done(walked);
    let root = hex::encode(walked.root());
    AuditCheck { ok: false, leaves, root, broken_at: Some(leaves + 1), why: Some(why.to_owned()) }
}

/// A leaf with the way from it to a signed root.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Proof {
    /// The leaf's text, byte for byte as it was hashed.
    pub leaf: String,
    /// Its index, from 0.
    pub index: u64,
    /// Leaves of the tree that the checkpoint speaks of.
    pub size: u64,
    /// Siblings from the leaf upwards, hex (RFC 9162 section 2.1.3).
    pub hashes: Vec<String>,
    /// The signed checkpoint, a note.
    pub checkpoint: String,
}

/// The proof of a leaf under the newest checkpoint; `None` while no checkpoint covers it.
///
/// # Errors
/// The store's.
pub fn proof(connection: &Connection, index: u64) -> Result<Option<Proof>, StoreError> {
    let Some(Checkpoint { size, note, .. }) = checkpoints::newest(connection)?.filter(|newest| newest.size > index)
    else {
        return Ok(None);
    };
    let leaf = leaf(connection, index)?.ok_or(StoreError::Damaged("audit leaf"))?;
    let hashes = tree::inclusion(connection, index, size)?.iter().map(hex::encode).collect();
    Ok(Some(Proof { leaf, index, size, hashes, checkpoint: note }))
}
