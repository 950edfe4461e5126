//! Certificates: a number is reserved for a submission, then issued. The paper itself lies sealed in a file.
//! Invariants: one certificate a submission, one number a certificate; a retry after a crash takes the same number.

use super::claims::Act;
use super::{StoreError, audit, sequences};
use domain::ids::SubmissionId;
use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension as _, params};

/// A reserved or issued certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reserved {
    /// Its number, unique in the bureau.
    pub number: String,
    /// The day that is printed.
    pub issued_on: Date,
}

/// Reserves a number for a submission, or gives the one it has.
///
/// # Errors
/// The store's.
pub fn reserve(
    connection: &Connection,
    submission: SubmissionId,
    layout: &str,
    today: Date,
) -> Result<Reserved, StoreError> {
    let known: Option<(String, String)> = connection
        .prepare_cached("SELECT number, issued_on FROM certificate WHERE submission = $1")?
        .query_row(params![submission.to_string()], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    if let Some((number, day)) = known {
        let issued_on = day.parse().map_err(|_| StoreError::Damaged("day of a certificate"))?;
        return Ok(Reserved { number, issued_on });
    }
    let year = today.year();
    let count = sequences::next(connection, &format!("certificate:{year}"))?;
    let number = format!("{year}-{count:06}");
    connection
        .prepare_cached(
            "INSERT INTO certificate (number, submission, layout, state, issued_on)
             VALUES ($1, $2, $3, 'reserved', $4)",
        )?
        .execute(params![number, submission.to_string(), layout, today.to_string()])?;
    Ok(Reserved { number, issued_on: today })
}

/// The number that was reserved or issued for a submission.
///
/// # Errors
/// The store's.
pub fn number_of(connection: &Connection, submission: SubmissionId) -> Result<Option<String>, StoreError> {
    Ok(connection
        .prepare_cached("SELECT number FROM certificate WHERE submission = $1")?
        .query_row(params![submission.to_string()], |row| row.get(0))
        .optional()?)
}

/// The paper exists and may be handed out.
///
/// # Errors
/// The store's.
pub fn issued(connection: &Connection, number: &str) -> Result<(), StoreError> {
    connection.prepare_cached("UPDATE certificate SET state = 'issued' WHERE number = $1")?.execute(params![number])?;
    Ok(())
}

/// A reserved number that comes to nothing stays unused.
///
/// # Errors
/// The store's.
pub fn void_reserved(connection: &Connection, submission: SubmissionId) -> Result<(), StoreError> {
    connection
        .prepare_cached("UPDATE certificate SET state = 'void' WHERE submission = $1 AND state = 'reserved'")?
        .execute(params![submission.to_string()])?;
    Ok(())
}

/// How an issued number stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Issued and good.
    Issued,
    /// Issued, then revoked.
    Revoked(Timestamp),
}

/// How this number stands; `None` when the office never issued it.
///
/// # Errors
/// The store's.
pub fn standing(connection: &Connection, number: &str) -> Result<Option<(SubmissionId, Standing)>, StoreError> {
    let row: Option<(String, String, Option<i64>)> = connection
        .prepare_cached(
            "SELECT submission, state, revoked_at FROM certificate WHERE number = $1 AND state IN ('issued', 'revoked')",
        )?
        .query_row(params![number], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let Some((submission, state, revoked_at)) = row else { return Ok(None) };
    let submission = SubmissionId(super::parse_uuid(&submission)?);
    let standing = match (state.as_str(), revoked_at) {
        ("issued", _) => Standing::Issued,
        (_, Some(at)) => Standing::Revoked(super::instant(at)),
        (_, None) => return Err(StoreError::Damaged("moment of a revocation")),
    };
    Ok(Some((submission, standing)))
}

/// Revokes an issued number for good, with its leaf; `false` when it is not an issued one.
///
/// # Errors
/// The store's.
pub fn revoke(connection: &Connection, act: Act<'_>, number: &str) -> Result<bool, StoreError> {
    let changed = connection
        .prepare_cached(
            "UPDATE certificate SET state = 'revoked', revoked_at = $1 WHERE number = $2 AND state = 'issued'",
        )?
        .execute(params![act.now.as_millisecond(), number])?;
    if changed == 1 {
        let object = format!("certificate:{number}");
        audit::append(connection, act.now, &act.actor(), "certificate-revoked", &object, serde_json::json!({}))?;
    }
    Ok(changed == 1)
}
