//! Officers' second factors: the secret sealed to the branch, the last step that was used, and hashes of recovery codes.
//! Invariants: a step is used once, and none before it any more; a recovery code is used once; both are settled by one
//! statement, so that two tries at the same moment are not two successes. Not here: codes (`second_factor`).

use super::StoreError;
use domain::ids::OfficerId;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};
use wire::digest::Digest;

/// An officer's factor.
#[derive(Clone, Debug)]
pub struct Factor {
    /// The secret, sealed.
    pub sealed: Vec<u8>,
    /// Set when a first code was right; until then it counts for nothing.
    pub confirmed_at: Option<Timestamp>,
    /// Recovery codes that are left.
    pub recovery_left: i64,
}

/// The factor of an officer.
///
/// # Errors
/// The store's.
pub fn of(connection: &Connection, officer: &str) -> Result<Option<Factor>, StoreError> {
    let sql = "SELECT sealed, confirmed_at,
                   (SELECT COUNT(*) FROM officer_recovery AS r WHERE r.officer = f.officer AND r.used_at IS NULL)
               FROM officer_factor AS f WHERE officer = $1";
    let found = connection.prepare_cached(sql)?.query_row(params![officer], |row| {
        Ok((row.get::<_, Vec<u8>>(0)?, row.get::<_, Option<i64>>(1)?, row.get::<_, i64>(2)?))
    });
    let Some((sealed, confirmed, recovery_left)) = found.optional()? else { return Ok(None) };
    let confirmed_at =
        confirmed.map(Timestamp::from_millisecond).transpose().map_err(|_| StoreError::Damaged("second factor"))?;
    Ok(Some(Factor { sealed, confirmed_at, recovery_left }))
}

/// Begins anew with this secret; it counts once it is confirmed. An older confirmed one must be removed first.
///
/// # Errors
/// The store's; `false` when a confirmed one is there.
pub fn begin(connection: &Connection, officer: &OfficerId, sealed: &[u8]) -> Result<bool, StoreError> {
    let sql = "INSERT INTO officer_factor (officer, sealed, last_step) VALUES ($1, $2, 0)
               ON CONFLICT (officer) DO UPDATE SET sealed = $2, last_step = 0 WHERE confirmed_at IS NULL";
    Ok(connection.prepare_cached(sql)?.execute(params![officer.as_str(), sealed])? == 1)
}

/// The first code was right: from now on the factor counts, with these recovery codes.
///
/// # Errors
/// The store's; `false` when there was nothing to confirm.
pub fn confirm(
    connection: &Connection,
    officer: &OfficerId,
    step: i64,
    hashes: &[Digest],
    now: Timestamp,
) -> Result<bool, StoreError> {
    let sql = "UPDATE officer_factor SET confirmed_at = $1, last_step = $2 WHERE officer = $3 AND confirmed_at IS NULL";
    let done = connection.prepare_cached(sql)?.execute(params![now.as_millisecond(), step, officer.as_str()])?;
    if done == 1 {
        renew_recovery(connection, officer, hashes)?;
    }
    Ok(done == 1)
}

/// These recovery codes, and no earlier ones.
///
/// # Errors
/// The store's.
pub fn renew_recovery(connection: &Connection, officer: &OfficerId, hashes: &[Digest]) -> Result<(), StoreError> {
    connection.prepare_cached("DELETE FROM officer_recovery WHERE officer = $1")?.execute(params![officer.as_str()])?;
    let mut insert = connection.prepare_cached("INSERT INTO officer_recovery (officer, hash) VALUES ($1, $2)")?;
    for hash in hashes {
        insert.execute(params![officer.as_str(), hash.as_str()])?;
    }
    Ok(())
}

/// Uses up a step; `false` when it, or a later one, was used before.
///
/// # Errors
/// The store's.
pub fn use_step(connection: &Connection, officer: &str, step: i64) -> Result<bool, StoreError> {
    let sql = "UPDATE officer_factor SET last_step = $1
               WHERE officer = $2 AND last_step < $1 AND confirmed_at IS NOT NULL";
    Ok(connection.prepare_cached(sql)?.execute(params![step, officer])? == 1)
}

/// Uses up a recovery code; `false` when it is none of the officer's, or was used.
///
/// # Errors
/// The store's.
pub fn use_recovery(connection: &Connection, officer: &str, hash: &Digest, now: Timestamp) -> Result<bool, StoreError> {
    let sql = "UPDATE officer_recovery SET used_at = $1 WHERE officer = $2 AND hash = $3 AND used_at IS NULL";
    Ok(connection.prepare_cached(sql)?.execute(params![now.as_millisecond(), officer, hash.as_str()])? == 1)
}

/// Takes the factor away, with its recovery codes; `false` when there was none.
///
/// # Errors
/// The store's.
pub fn remove(connection: &Connection, officer: &OfficerId) -> Result<bool, StoreError> {
    connection.prepare_cached("DELETE FROM officer_recovery WHERE officer = $1")?.execute(params![officer.as_str()])?;
    let sql = "DELETE FROM officer_factor WHERE officer = $1";
    Ok(connection.prepare_cached(sql)?.execute(params![officer.as_str()])? == 1)
}
