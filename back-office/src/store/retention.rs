//! How long a closed case is kept: which are over their time, and what of one remains when it is erased.
//! Invariants: a case that is open, held back, or has something at the desk, in an opening or in the works is never over its
//! time; a case that is being erased stays so until it is erased; what remains is a tombstone: ids, digests, manifest and
//! receipt, times, service, kinds of decisions, audit leaves.
//! Not here: keys and files (`crate::retention`).

use super::{StoreError, certificates, parse_uuid, submissions, supplements};
use crate::custody::split::Owner;
use crate::store::openings::OpeningId;
use domain::ids::{CaseId, SubmissionId};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};
use wire::digest::Digest;

/// How a case stands with its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Kept.
    Kept,
    /// Kept, whatever its time, until it is released.
    Held,
    /// On its way out: its keys may be gone already.
    Erasing,
    /// Only the tombstone is left.
    Erased,
}

/// How a case stands.
///
/// # Errors
/// The store's.
pub fn standing(connection: &Connection, case: CaseId) -> Result<Standing, StoreError> {
    let word: Option<Option<String>> = connection
        .prepare_cached("SELECT retention FROM office_case WHERE id = $1")?
        .query_row(params![case.to_string()], |row| row.get(0))
        .optional()?;
    match word.flatten().as_deref() {
        None => Ok(Standing::Kept),
        Some("held") => Ok(Standing::Held),
        Some("erasing") => Ok(Standing::Erasing),
        Some("erased") => Ok(Standing::Erased),
        Some(_) => Err(StoreError::Damaged("retention of a case")),
    }
}

/// Holds a case back from its end, or releases it; `false` when it is on its way out already, or is none.
///
/// # Errors
/// The store's.
pub fn hold(connection: &Connection, case: CaseId, held: bool) -> Result<bool, StoreError> {
    let changed = connection
        .prepare_cached(
            "UPDATE office_case SET retention = $1 WHERE id = $2 AND (retention IS NULL OR retention = 'held')",
        )?
        .execute(params![held.then_some("held"), case.to_string()])?;
    Ok(changed == 1)
}

/// A case was closed now, unless it was before.
///
/// # Errors
/// The store's.
pub fn closed(connection: &Connection, case: CaseId, now: Timestamp) -> Result<(), StoreError> {
    connection
        .prepare_cached("UPDATE office_case SET closed_at = $1 WHERE id = $2 AND closed_at IS NULL")?
        .execute(params![now.as_millisecond(), case.to_string()])?;
    Ok(())
}

/// Cases in one sweep.
const MOST: u32 = 200;

/// Cases on their way out.
///
/// # Errors
/// The store's.
pub fn on_the_way(connection: &Connection) -> Result<Vec<CaseId>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT id FROM office_case WHERE place = 'closed' AND retention = 'erasing' ORDER BY closed_at, id",
    )?;
    let rows = statement.query_map([], |row| Ok(CaseId(parse_uuid(&row.get::<_, String>(0)?)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How many cases were erased since that time.
///
/// # Errors
/// The store's.
pub fn erased_since(connection: &Connection, since: Timestamp) -> Result<u32, StoreError> {
    Ok(connection
        .prepare_cached("SELECT COUNT(*) FROM office_case WHERE retention = 'erased' AND erased_at > $1")?
        .query_row(params![since.as_millisecond()], |row| row.get(0))?)
}

/// So many cases, at most, that were closed before that time and that nothing keeps; oldest first.
///
/// # Errors
/// The store's.
pub fn over(connection: &Connection, closed_before: Timestamp, most: u32) -> Result<Vec<CaseId>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT c.id FROM office_case c
         WHERE c.place = 'closed' AND c.retention IS NULL AND c.closed_at <= $1
           AND NOT EXISTS (SELECT 1 FROM collection d WHERE d.case_id = c.id AND d.state = 'ready')
           AND NOT (c.status = 'approved'
               AND NOT EXISTS (SELECT 1 FROM collection d WHERE d.case_id = c.id)
               AND NOT EXISTS (SELECT 1 FROM certificate p
                               WHERE p.submission = c.submission AND p.state IN ('issued', 'revoked')))
           AND NOT EXISTS (SELECT 1 FROM opening o WHERE o.submission = c.submission AND o.state IN ('waiting', 'open'))
           AND NOT EXISTS (SELECT 1 FROM work w WHERE w.submission = c.submission)
         ORDER BY c.closed_at, c.id LIMIT $2",
    )?;
    let rows = statement.query_map(params![closed_before.as_millisecond(), most.min(MOST)], |row| {
        Ok(CaseId(parse_uuid(&row.get::<_, String>(0)?)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Everything that ends with a case.
#[derive(Clone, Debug, Default)]
pub struct Estate {
    /// Whose keys: the case, its submissions and supplements, its opening and the visit that it began with.
    pub owners: Vec<Owner>,
    /// Sealed parts that manifests name, in their order.
    pub parts: Vec<Digest>,
    /// Numbers of papers.
    pub papers: Vec<String>,
    /// Its submissions: the one it began with, supplements, and the visit it began with.
    pub submissions: Vec<SubmissionId>,
}

/// What ends with this case.
///
/// # Errors
/// The store's.
pub fn estate(connection: &Connection, case: CaseId) -> Result<Estate, StoreError> {
    let id = case.to_string();
    let mut estate = Estate { owners: vec![case.into()], ..Estate::default() };
    let first: String = connection
        .prepare_cached("SELECT submission FROM office_case WHERE id = $1")?
        .query_row(params![id], |row| row.get(0))?;
    estate.submissions.push(SubmissionId(parse_uuid(&first)?));
    estate.submissions.extend(supplements::of_case(connection, case)?.into_iter().map(|(submission, _)| submission));
    let mut openings =
        connection.prepare_cached("SELECT id, submission FROM opening WHERE case_id = $1 ORDER BY id")?;
    let rows = openings
        .query_map(params![id], |row| Ok((row.get::<_, String>(0)?, row.get::<_, Option<String>>(1)?)))?
        .collect::<Result<Vec<_>, _>>()?;
    for (opening, visit) in rows {
        estate.owners.push(OpeningId(parse_uuid(&opening)?).into());
        estate.submissions.extend(visit.map(|visit| parse_uuid(&visit)).transpose()?.map(SubmissionId));
    }
    for submission in &estate.submissions {
        estate.owners.push((*submission).into());
        let found = submissions::find(connection, *submission)?.ok_or(StoreError::Damaged("submission of a case"))?;
        for part in found.manifest()?.parts {
            if !estate.parts.contains(&part.sha256) {
                estate.parts.push(part.sha256);
            }
        }
        estate.papers.extend(certificates::number_of(connection, *submission)?);
    }
    Ok(estate)
}

/// Which of these owners the database does not know: a crash kept their rows from being written.
///
/// # Errors
/// The store's.
pub fn unknown(connection: &Connection, owners: Vec<Owner>) -> Result<Vec<Owner>, StoreError> {
    let mut known = connection.prepare_cached(
        "SELECT 1 FROM submission WHERE id = $1 UNION ALL SELECT 1 FROM office_case WHERE id = $1
         UNION ALL SELECT 1 FROM opening WHERE id = $1",
    )?;
    let mut unknown = Vec::new();
    for owner in owners {
        if !known.exists(params![owner.as_str()])? {
            unknown.push(owner);
        }
    }
    Ok(unknown)
}

/// What is to become of the headers of an owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// They stay.
    Kept,
    /// The database does not know it.
    Unknown,
    /// It ended: with its case, or as an opening that became none.
    Ended,
    /// An opening whose content is gone, while its files belong to a case.
    Emptied,
}

/// What is to become of the headers of these owners.
///
/// # Errors
/// The store's.
pub fn fates(connection: &Connection, owners: Vec<Owner>) -> Result<Vec<(Owner, Fate)>, StoreError> {
    let mut ended = connection.prepare_cached(
        "SELECT 1 FROM ended_owner WHERE owner = $1
         UNION ALL SELECT 1 FROM opening WHERE id = $1 AND state IN ('given-up', 'lapsed') AND case_id IS NULL
         UNION ALL SELECT 1 FROM opening WHERE submission = $1 AND state IN ('given-up', 'lapsed') AND case_id IS NULL
             AND NOT EXISTS (SELECT 1 FROM office_case WHERE submission = $1)
             AND NOT EXISTS (SELECT 1 FROM supplement WHERE submission = $1)",
    )?;
    let mut emptied = connection.prepare_cached(
        "SELECT 1 FROM opening WHERE id = $1 AND state NOT IN ('waiting', 'open') AND sealed IS NULL",
    )?;
    let mut fates = Vec::new();
    for owner in owners {
        let fate = if ended.exists(params![owner.as_str()])? {
            Fate::Ended
        } else if emptied.exists(params![owner.as_str()])? {
            Fate::Emptied
        } else if unknown(connection, vec![owner.clone()])?.is_empty() {
            Fate::Kept
        } else {
            Fate::Unknown
        };
        fates.push((owner, fate));
    }
    Ok(fates)
}

/// The case with which this submission ended.
///
/// # Errors
/// The store's.
pub fn ended_with(connection: &Connection, submission: SubmissionId) -> Result<Option<CaseId>, StoreError> {
    Ok(connection
        .prepare_cached("SELECT case_id FROM ended_owner WHERE owner = $1")?
        .query_row(params![submission.to_string()], |row| Ok(CaseId(parse_uuid(&row.get::<_, String>(0)?)?)))
        .optional()?)
}

/// A case begins to go; it has this many keys. `false` when it was on its way already.
///
/// # Errors
/// The store's.
pub fn begin(connection: &Connection, case: CaseId, keys: usize) -> Result<bool, StoreError> {
    let changed = connection
        .prepare_cached(
            "UPDATE office_case SET retention = 'erasing', keys_ended = $1 WHERE id = $2 AND retention IS NULL",
        )?
        .execute(params![i64::try_from(keys).unwrap_or(i64::MAX), case.to_string()])?;
    Ok(changed == 1)
}

/// Statements over the rows of a case, by its id.
const OF_CASE: &[&str] = &[
    "UPDATE decision SET decision = json_object('decision', json_extract(decision, '$.decision')), note = NULL
     WHERE case_id = $1",
    "DELETE FROM mark WHERE case_id = $1",
    "DELETE FROM notice WHERE case_id = $1 AND sent_at IS NULL",
    "DELETE FROM closed_view WHERE case_id = $1",
    "DELETE FROM sealed_reason WHERE object = 'case:' || $1",
    "UPDATE collection SET sealed_number = NULL, sealed_tracking = NULL WHERE case_id = $1",
    "DELETE FROM opening_part WHERE opening IN (SELECT id FROM opening WHERE case_id = $1)",
    "DELETE FROM opening WHERE case_id = $1",
];

/// What is left of a case is its tombstone; gives how many keys had ended. The caller writes the leaf in the same job.
///
/// # Errors
/// The store's; also when the case is not on its way out.
pub fn finish(
    connection: &Connection,
    case: CaseId,
    estate: &Estate,
    now: Timestamp,
) -> Result<Option<i64>, StoreError> {
    let id = case.to_string();
    let keys: Option<i64> = connection
        .prepare_cached(
            "UPDATE office_case SET retention = 'erased', erased_at = $1, code = NULL, last_four = NULL, ticket = NULL,
                 open = '[]', holder = NULL, sticky_to = NULL, second = NULL, version = version + 1
             WHERE id = $2 AND retention = 'erasing' RETURNING keys_ended",
        )?
        .query_row(params![now.as_millisecond(), id], |row| row.get(0))
        .optional()?;
    if keys.is_none() {
        return Ok(None);
    }
    for owner in &estate.owners {
        connection
            .prepare_cached("INSERT OR IGNORE INTO ended_owner (owner, case_id) VALUES ($1, $2)")?
            .execute(params![owner.as_str(), id])?;
    }
    for statement in OF_CASE {
        connection.prepare_cached(statement)?.execute(params![id])?;
    }
    for submission in &estate.submissions {
        connection
            .prepare_cached("DELETE FROM submission_part WHERE submission = $1")?
            .execute(params![submission.to_string()])?;
    }
    for number in &estate.papers {
        connection
            .prepare_cached("DELETE FROM sealed_reason WHERE object = 'certificate:' || $1")?
            .execute(params![number])?;
    }
    Ok(keys)
}
