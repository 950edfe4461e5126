//! The decisions of a case, as they were made.
//! Invariants: they are only added, one behind the other.
//! Not here: making one (`super::deciding`).

use super::cases::{damaged, parse_status, status_word};
use super::{StoreError, instant};
use domain::case::Status;
use domain::ids::{CaseId, OfficerId};
use jiff::Timestamp;
use rusqlite::{Connection, params};

/// A decision as it was made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// When.
    pub at: Timestamp,
    /// By whom.
    pub officer: OfficerId,
    /// `domain::case::Decision` as JSON.
    pub decision: serde_json::Value,
    /// Where the case stood afterwards.
    pub status: Status,
    /// For colleagues; the resident never reads it.
    pub note: Option<String>,
}

/// Notes a decision of a case.
///
/// # Errors
/// The store's.
pub fn add(connection: &Connection, case: CaseId, decided: &Decided) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO decision (case_id, seq, at, officer, decision, status, note)
             VALUES ($1, (SELECT COUNT(*) + 1 FROM decision WHERE case_id = $1), $2, $3, $4, $5, $6)",
        )?
        .execute(params![
            case.to_string(),
            decided.at.as_millisecond(),
            decided.officer.as_str(),
            decided.decision.to_string(),
            status_word(decided.status),
            decided.note,
        ])?;
    Ok(())
}

/// The decisions of a case, first to last.
///
/// # Errors
/// The store's.
pub fn of_case(connection: &Connection, case: CaseId) -> Result<Vec<Decided>, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT at, officer, decision, status, note FROM decision WHERE case_id = $1 ORDER BY seq")?;
    let rows = statement.query_map(params![case.to_string()], |row| {
        let (decision, status): (String, String) = (row.get(2)?, row.get(3)?);
        Ok(Decided {
            at: instant(row.get(0)?),
            officer: OfficerId::new(row.get::<_, String>(1)?),
            decision: serde_json::from_str(&decision).map_err(|_| damaged("decision"))?,
            status: parse_status(&status).ok_or_else(|| damaged("status"))?,
            note: row.get(4)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
