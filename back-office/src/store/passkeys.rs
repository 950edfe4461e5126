//! Officers' passkeys: public keys with their counters. Nothing in them is secret.
//! Invariants: a key that was used is written back only over the very state it was checked against, so that two answers at
//! the same moment are not two successes; a locked key stays locked. Not here: checking (`crate::relying_party`).

use super::StoreError;
use domain::ids::OfficerId;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use webauthn_rs::prelude::Passkey;

/// A key with what is known of it.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The credential's id, base64url.
    pub id: String,
    /// Whose.
    pub officer: OfficerId,
    /// How the officer calls it.
    pub name: String,
    /// The key as it was kept, to be compared when it is written back.
    pub text: String,
    /// When it was added.
    pub added_at: Timestamp,
    /// When it was last used.
    pub used_at: Option<Timestamp>,
    /// Set when it was found to be copied.
    pub locked_at: Option<Timestamp>,
}

impl Kept {
    /// The key.
    ///
    /// # Errors
    /// The row is damaged.
    pub fn passkey(&self) -> Result<Passkey, StoreError> {
        serde_json::from_str(&self.text).map_err(|_| StoreError::Damaged("passkey"))
    }
}

const COLUMNS: &str = "id, officer, name, passkey, added_at, used_at, locked_at";

fn kept(row: &Row<'_>) -> rusqlite::Result<Kept> {
    let moment = |millis: i64| Timestamp::from_millisecond(millis).unwrap_or_default();
    Ok(Kept {
        id: row.get(0)?,
        officer: OfficerId::new(row.get::<_, String>(1)?),
        name: row.get(2)?,
        text: row.get(3)?,
        added_at: moment(row.get(4)?),
        used_at: row.get::<_, Option<i64>>(5)?.map(moment),
        locked_at: row.get::<_, Option<i64>>(6)?.map(moment),
    })
}

/// All keys of an officer, oldest first.
///
/// # Errors
/// The store's.
pub fn of(connection: &Connection, officer: &OfficerId) -> Result<Vec<Kept>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM officer_passkey WHERE officer = $1 ORDER BY added_at, id");
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement.query_map(params![officer.as_str()], kept)?;
    Ok(rows.collect::<Result<Vec<_>, _>>()?)
}

/// A key by its id.
///
/// # Errors
/// The store's.
pub fn find(connection: &Connection, id: &str) -> Result<Option<Kept>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM officer_passkey WHERE id = $1");
    Ok(connection.prepare_cached(&sql)?.query_row(params![id], kept).optional()?)
}

/// Adds a key.
///
/// # Errors
/// The store's; `false` when a key of this id is there.
pub fn add(
    connection: &Connection,
    id: &str,
    officer: &OfficerId,
    name: &str,
    text: &str,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let sql = "INSERT INTO officer_passkey (id, officer, name, passkey, added_at) VALUES ($1, $2, $3, $4, $5)
               ON CONFLICT (id) DO NOTHING";
    let values = params![id, officer.as_str(), name, text, now.as_millisecond()];
    Ok(connection.prepare_cached(sql)?.execute(values)? == 1)
}

/// A key was used: its new state in place of the one it was checked against.
///
/// # Errors
/// The store's; `false` when that state is there no more, or the key is locked.
pub fn used(connection: &Connection, id: &str, before: &str, after: &str, now: Timestamp) -> Result<bool, StoreError> {
    let sql = "UPDATE officer_passkey SET passkey = $1, used_at = $2
               WHERE id = $3 AND passkey = $4 AND locked_at IS NULL";
    Ok(connection.prepare_cached(sql)?.execute(params![after, now.as_millisecond(), id, before])? == 1)
}

/// Locks a key for good.
///
/// # Errors
/// The store's.
pub fn lock(connection: &Connection, id: &str, now: Timestamp) -> Result<(), StoreError> {
    let sql = "UPDATE officer_passkey SET locked_at = $1 WHERE id = $2 AND locked_at IS NULL";
    connection.prepare_cached(sql)?.execute(params![now.as_millisecond(), id])?;
    Ok(())
}

/// Gives an officer's key another name; `false` when it is none of theirs.
///
/// # Errors
/// The store's.
pub fn rename(connection: &Connection, id: &str, officer: &OfficerId, name: &str) -> Result<bool, StoreError> {
    let sql = "UPDATE officer_passkey SET name = $1 WHERE id = $2 AND officer = $3";
    Ok(connection.prepare_cached(sql)?.execute(params![name, id, officer.as_str()])? == 1)
}

/// Takes an officer's key away; `false` when it is none of theirs.
///
/// # Errors
/// The store's.
pub fn remove(connection: &Connection, id: &str, officer: &OfficerId) -> Result<bool, StoreError> {
    let sql = "DELETE FROM officer_passkey WHERE id = $1 AND officer = $2";
    Ok(connection.prepare_cached(sql)?.execute(params![id, officer.as_str()])? == 1)
}

/// Takes all of an officer's keys away; gives how many there were.
///
/// # Errors
/// The store's.
pub fn remove_all(connection: &Connection, officer: &OfficerId) -> Result<usize, StoreError> {
    let sql = "DELETE FROM officer_passkey WHERE officer = $1";
    Ok(connection.prepare_cached(sql)?.execute(params![officer.as_str()])?)
}
