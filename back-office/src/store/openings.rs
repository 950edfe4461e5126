//! Openings: forms that an officer fills with the person in front of them, new or from a half-done visit.
//! Invariants: the content is one sealed blob, erased when the opening ends whatever way; a column holds only the receipt
//! code, ids and times; one officer has an opening at a time; `version` grows with every change. The sealed files of an
//! opening stand in `opening_part`: what is doomed there is erased from the disk, and only then is its row gone.
//! Not here: what is in the content (`crate::openings`), who may open what (`officer_api`).

use super::{StoreError, instant};
use domain::ids::{BranchId, CaseId, OfficerId, ReceiptCode, ServiceId, StationId, SubmissionId};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use std::collections::BTreeSet;
use std::fmt;
use uuid::Uuid;
use wire::digest::Digest;

/// An opening's id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(transparent)]
pub struct OpeningId(pub Uuid);

impl fmt::Display for OpeningId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Where an opening stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// A half-done visit that nobody has taken up.
    Waiting,
    /// With an officer.
    Open,
    /// It became a case.
    Submitted,
    /// An officer gave it up.
    GivenUp,
    /// Nobody came for it in time.
    Lapsed,
}

impl State {
    fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Open => "open",
            Self::Submitted => "submitted",
            Self::GivenUp => "given-up",
            Self::Lapsed => "lapsed",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        let all = [Self::Waiting, Self::Open, Self::Submitted, Self::GivenUp, Self::Lapsed];
        all.into_iter().find(|state| state.word() == word)
    }
}

/// An opening as stored.
#[derive(Clone)]
pub struct Opening {
    /// Its id.
    pub id: OpeningId,
    /// The code on the person's slip, and on the receipt of the case that it becomes.
    pub code: ReceiptCode,
    /// Which service.
    pub service: ServiceId,
    /// Whose officers may go on with it.
    pub branch: BranchId,
    /// Where it was begun.
    pub station: StationId,
    /// Where it stands.
    pub state: State,
    /// The half-done visit that it began with.
    pub submission: Option<SubmissionId>,
    /// When it began here; of a visit, when it arrived.
    pub begun_at: Timestamp,
    /// Last change: the time to lapse counts from here.
    pub touched_at: Timestamp,
    /// Counts changes.
    pub version: i64,
    /// Who has it.
    pub officer: Option<OfficerId>,
    /// What it became.
    pub case: Option<CaseId>,
    /// The content (`crate::openings::Draft`), sealed; none before it is taken up and after it has ended.
    pub sealed: Option<Vec<u8>>,
}

const COLUMNS: &str = "id, code, service, branch, station, state, submission, begun_at, touched_at, version, officer, \
     case_id, sealed";

fn from_row(row: &Row<'_>) -> rusqlite::Result<Opening> {
    let damaged = |what| super::column_error(Box::new(StoreError::Damaged(what)));
    let uuid = |index: usize| -> rusqlite::Result<Option<Uuid>> {
        row.get::<_, Option<String>>(index)?.map(|text| super::parse_uuid(&text)).transpose()
    };
    let code: String = row.get(1)?;
    let state: String = row.get(5)?;
    Ok(Opening {
        id: OpeningId(uuid(0)?.ok_or_else(|| damaged("id of an opening"))?),
        code: ReceiptCode::parse(&code).ok_or_else(|| damaged("code of an opening"))?,
        service: ServiceId::new(row.get::<_, String>(2)?),
        branch: BranchId::new(row.get::<_, String>(3)?),
        station: StationId::new(row.get::<_, String>(4)?),
        state: State::parse(&state).ok_or_else(|| damaged("state of an opening"))?,
        submission: uuid(6)?.map(SubmissionId),
        begun_at: instant(row.get(7)?),
        touched_at: instant(row.get(8)?),
        version: row.get(9)?,
        officer: row.get::<_, Option<String>>(10)?.map(OfficerId::new),
        case: uuid(11)?.map(CaseId),
        sealed: row.get(12)?,
    })
}

/// Stores a new one.
///
/// # Errors
/// The store's.
pub fn insert(connection: &Connection, opening: &Opening) -> Result<(), StoreError> {
    connection
        .prepare_cached(&format!(
            "INSERT INTO opening ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
        ))?
        .execute(params![
            opening.id.to_string(),
            opening.code.as_str(),
            opening.service.as_str(),
            opening.branch.as_str(),
            opening.station.as_str(),
            opening.state.word(),
            opening.submission.map(|id| id.to_string()),
            opening.begun_at.as_millisecond(),
            opening.touched_at.as_millisecond(),
            opening.version,
            opening.officer.as_ref().map(OfficerId::as_str),
            opening.case.map(|id| id.to_string()),
            opening.sealed,
        ])?;
    Ok(())
}

/// Writes what changes of an opening that was read in the same transaction, and counts its version up.
///
/// # Errors
/// The store's.
pub fn update(connection: &Connection, opening: &mut Opening) -> Result<(), StoreError> {
    let before = opening.version;
    opening.version += 1;
    let changed = connection
        .prepare_cached(
            "UPDATE opening SET state = $1, touched_at = $2, version = $3, officer = $4, case_id = $5, sealed = $6
             WHERE id = $7 AND version = $8",
        )?
        .execute(params![
            opening.state.word(),
            opening.touched_at.as_millisecond(),
            opening.version,
            opening.officer.as_ref().map(OfficerId::as_str),
            opening.case.map(|id| id.to_string()),
            opening.sealed,
            opening.id.to_string(),
            before,
        ])?;
    if changed == 1 { Ok(()) } else { Err(StoreError::Damaged("version of an opening")) }
}

/// An opening by id.
///
/// # Errors
/// The store's.
pub fn find(connection: &Connection, id: OpeningId) -> Result<Option<Opening>, StoreError> {
    Ok(connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM opening WHERE id = $1"))?
        .query_row(params![id.to_string()], from_row)
        .optional()?)
}

/// The openings with this code, newest first.
///
/// # Errors
/// The store's.
pub fn of_code(connection: &Connection, code: &ReceiptCode) -> Result<Vec<Opening>, StoreError> {
    let mut statement = connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM opening WHERE code = $1 ORDER BY begun_at DESC, id"))?;
    Ok(statement.query_map(params![code.as_str()], from_row)?.collect::<Result<_, _>>()?)
}

/// What this officer has open, newest first.
///
/// # Errors
/// The store's.
pub fn with(connection: &Connection, officer: &OfficerId) -> Result<Vec<Opening>, StoreError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM opening WHERE state = 'open' AND officer = $1 ORDER BY begun_at DESC, id LIMIT 100"
    ))?;
    Ok(statement.query_map(params![officer.as_str()], from_row)?.collect::<Result<_, _>>()?)
}

/// Those that nobody has touched since `before`.
///
/// # Errors
/// The store's.
pub fn untouched_since(connection: &Connection, before: Timestamp) -> Result<Vec<Opening>, StoreError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM opening WHERE state IN ('waiting', 'open') AND touched_at <= $1 LIMIT 500"
    ))?;
    Ok(statement.query_map(params![before.as_millisecond()], from_row)?.collect::<Result<_, _>>()?)
}

/// Whether a code is on any slip or receipt already.
///
/// # Errors
/// The store's.
pub fn code_is_taken(connection: &Connection, code: &ReceiptCode) -> Result<bool, StoreError> {
    let opened = connection.prepare_cached("SELECT 1 FROM opening WHERE code = $1")?.exists(params![code.as_str()])?;
    Ok(opened
        || connection.prepare_cached("SELECT 1 FROM office_case WHERE code = $1")?.exists(params![code.as_str()])?)
}

/// A sealed file belongs to an opening from now on; to one that has ended, it is to be erased.
///
/// # Errors
/// The store's.
pub fn add_part(connection: &Connection, id: OpeningId, part: &Digest) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT OR IGNORE INTO opening_part (opening, sha256, doomed)
             SELECT id, $1, state NOT IN ('waiting', 'open') FROM opening WHERE id = $2",
        )?
        .execute(params![part.as_str(), id.to_string()])?;
    Ok(())
}

/// A sealed file that was made for an opening and is used for nothing is to be erased, whatever became of its row.
///
/// # Errors
/// The store's.
pub fn doom_part(connection: &Connection, id: OpeningId, part: &Digest) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO opening_part (opening, sha256, doomed) VALUES ($1, $2, 1)
             ON CONFLICT (opening, sha256) DO UPDATE SET doomed = 1",
        )?
        .execute(params![id.to_string(), part.as_str()])?;
    Ok(())
}

/// The files of an opening that has ended, except those to keep, are to be erased; those kept belong to a case now.
///
/// # Errors
/// The store's.
pub fn doom_parts(connection: &Connection, id: OpeningId, keep: &BTreeSet<Digest>) -> Result<(), StoreError> {
    for part in keep {
        connection
            .prepare_cached("DELETE FROM opening_part WHERE opening = $1 AND sha256 = $2")?
            .execute(params![id.to_string(), part.as_str()])?;
    }
    connection
        .prepare_cached("UPDATE opening_part SET doomed = 1 WHERE opening = $1")?
        .execute(params![id.to_string()])?;
    Ok(())
}

/// A file to be erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Doomed {
    /// Which.
    pub part: Digest,
    /// Whose it was.
    pub opening: OpeningId,
    /// The half-done visit that it came with, or whose opening it was made for.
    pub visit: Option<SubmissionId>,
}

/// Files to be erased.
///
/// # Errors
/// The store's.
pub fn doomed_parts(connection: &Connection) -> Result<Vec<Doomed>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT opening_part.sha256, opening_part.opening, opening.submission FROM opening_part
         LEFT JOIN opening ON opening.id = opening_part.opening WHERE doomed = 1 LIMIT 500",
    )?;
    let rows = statement.query_map([], |row| {
        let damaged = |_| super::column_error(Box::new(StoreError::Damaged("digest of a part")));
        let visit: Option<String> = row.get(2)?;
        Ok(Doomed {
            part: Digest::try_from(row.get::<_, String>(0)?).map_err(damaged)?,
            opening: OpeningId(super::parse_uuid(&row.get::<_, String>(1)?)?),
            visit: visit.map(|id| super::parse_uuid(&id)).transpose()?.map(SubmissionId),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// These files are gone from the disk.
///
/// # Errors
/// The store's.
pub fn forget_parts(connection: &Connection, parts: &[Digest]) -> Result<(), StoreError> {
    for part in parts {
        connection
            .prepare_cached("DELETE FROM opening_part WHERE sha256 = $1 AND doomed = 1")?
            .execute(params![part.as_str()])?;
    }
    Ok(())
}
