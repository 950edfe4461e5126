//! What a resident should be told by message, once each, and whether it was sent.
//! Invariants: the same notice (case, kind, name, day) exists once; nothing personal is in it; a notice is written in the
//! transaction of what it tells of, and counts as sent only after whoever sends said so: sent at least once, under a key
//! that stays the same. Not here: words and sending (`crate::notifier`).

use super::StoreError;
use super::cases::Case;
use domain::case::Kind;
use domain::ids::CaseId;
use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::{Connection, params};
use wire::digest::Digest;

/// Returned for supplement.
pub const SUPPLEMENT: &str = "supplement";
/// Ready to be collected.
pub const READY: &str = "ready";
/// Not approved.
pub const REJECTED: &str = "rejected";
/// Not accepted.
pub const REFUSED: &str = "refused";
/// A deferred material is due soon.
pub const LATER_DUE: &str = "later-due";
/// A deferred material did not come in time.
pub const LATER_LAPSED: &str = "later-lapsed";

/// Notes a notice; `false` when it was there already.
///
/// # Errors
/// The store's.
pub fn add(
    connection: &Connection,
    case: CaseId,
    kind: &str,
    name: &str,
    on_day: Date,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let added = connection
        .prepare_cached(
            "INSERT INTO notice (case_id, kind, name, on_day, at) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
        )?
        .execute(params![case.to_string(), kind, name, on_day.to_string(), now.as_millisecond()])?;
    Ok(added == 1)
}

/// Notes what a decision that took effect tells the person, when it tells something by message.
///
/// # Errors
/// The store's.
pub fn after_decision(
    connection: &Connection,
    case: &Case,
    kind: Kind,
    today: Date,
    now: Timestamp,
) -> Result<(), StoreError> {
    let told = match kind {
        Kind::ReturnForSupplement => SUPPLEMENT,
        Kind::Reject => REJECTED,
        Kind::RefuseToAccept => REFUSED,
        // Approved is told when there is something to collect.
        Kind::Accept | Kind::Approve | Kind::Transfer => return Ok(()),
    };
    // The version keeps a second return on the same day apart.
    add(connection, case.id, told, &case.version.to_string(), today, now)?;
    Ok(())
}

/// A notice that waits to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// About this case.
    pub case: CaseId,
    /// One of this module's kinds.
    pub kind: String,
    /// What it is about inside the case, e.g. a material.
    pub name: String,
    /// The day it speaks of.
    pub on_day: Date,
    /// When it was written.
    pub at: Timestamp,
    /// How often it was tried.
    pub tries: u32,
}

impl Notice {
    /// The same for the same notice, and for no other: whoever gets it twice knows.
    pub fn key(&self) -> String {
        let all = format!("{}|{}|{}|{}", self.case, self.kind, self.name, self.on_day);
        Digest::of(all.as_bytes()).to_string()
    }
}

/// Notices that may be sent now, oldest first.
///
/// # Errors
/// The store's.
pub fn waiting(connection: &Connection, now: Timestamp, most: u32) -> Result<Vec<Notice>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT case_id, kind, name, on_day, at, tries FROM notice
         WHERE sent_at IS NULL AND not_before <= $1 ORDER BY not_before, at, case_id LIMIT $2",
    )?;
    let rows = statement.query_map(params![now.as_millisecond(), most], |row| {
        let day: String = row.get(3)?;
        Ok(Notice {
            case: CaseId(super::parse_uuid(&row.get::<_, String>(0)?)?),
            kind: row.get(1)?,
            name: row.get(2)?,
            on_day: day.parse().map_err(|_| super::column_error(Box::new(StoreError::Damaged("day of a notice"))))?,
            at: super::instant(row.get(4)?),
            tries: row.get(5)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How sending went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Sent {
    /// The gateway has it.
    Yes,
    /// Not yet; again not before this moment.
    Later(Timestamp),
    /// Never; a person must look.
    GivenUp,
}

/// Notes how sending went; `why` carries no number and no words of the message.
///
/// # Errors
/// The store's.
pub fn tried(
    connection: &Connection,
    notice: &Notice,
    sent: &Sent,
    why: Option<&str>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let (sent_at, not_before) = match sent {
        Sent::Yes => (Some(now.as_millisecond()), 0),
        Sent::Later(next) => (None, next.as_millisecond()),
        Sent::GivenUp => (None, i64::MAX),
    };
    connection
        .prepare_cached(
            "UPDATE notice SET sent_at = $1, not_before = $2, last_error = $3, tries = tries + 1
             WHERE case_id = $4 AND kind = $5 AND name = $6 AND on_day = $7",
        )?
        .execute(params![
            sent_at,
            not_before,
            why,
            notice.case.to_string(),
            notice.kind,
            notice.name,
            notice.on_day.to_string()
        ])?;
    Ok(())
}
