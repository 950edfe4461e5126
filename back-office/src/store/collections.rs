//! The collection desk: what is ready, collected or posted; one row a case, named by the case.
//! Invariants: a case is issued once; handed over once; every change and its audit leaf are in the caller's one job; the
//! number of a credential and a posting number are sealed, only the office's own certificate numbers are plain.
//! Not here: making papers (`worker::issuing`), who may (`crate::rights`).

use super::cases::Scopes;
use super::claims::Act;
use super::{StoreError, audit, instant};
use domain::ids::CaseId;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::Serialize;

/// What is handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// A card, licence or permit of the ministry's system.
    Credential,
    /// A paper of this office.
    Certificate,
}

/// Where it stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// At the desk.
    Ready,
    /// Handed over.
    Collected,
    /// Sent by post.
    Posted,
}

impl Kind {
    fn word(self) -> &'static str {
        match self {
            Self::Credential => "credential",
            Self::Certificate => "certificate",
        }
    }
}

impl State {
    const ALL: [Self; 3] = [Self::Ready, Self::Collected, Self::Posted];

    fn word(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Collected => "collected",
            Self::Posted => "posted",
        }
    }
}

/// A row of the desk, with what its case tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collection {
    /// The case, and the name of the row.
    pub case: CaseId,
    /// The service's name.
    pub title: String,
    /// The code on the person's receipt.
    pub code: Option<String>,
    /// Last four of the applicant's number.
    pub last_four: Option<String>,
    /// What it is.
    pub kind: Kind,
    /// Where it stands.
    pub state: State,
    /// Number of the office's own certificate.
    pub certificate: Option<String>,
    /// Number of the ministry's system, sealed.
    pub sealed_number: Option<Vec<u8>>,
    /// Posting number, sealed.
    pub sealed_tracking: Option<Vec<u8>>,
    /// When it became ready.
    pub ready_at: Timestamp,
    /// When it left.
    pub done_at: Option<Timestamp>,
    /// How often it was printed here.
    pub prints: u32,
}

const SELECT: &str = "SELECT d.case_id, c.title, c.code, c.last_four, d.kind, d.state, d.certificate, d.sealed_number, \
     d.sealed_tracking, d.ready_at, d.done_at, d.prints FROM collection d JOIN office_case c ON c.id = d.case_id";

fn from_row(row: &Row<'_>) -> rusqlite::Result<Collection> {
    let damaged = || super::column_error(Box::new(StoreError::Damaged("collection")));
    let (kind, state): (String, String) = (row.get(4)?, row.get(5)?);
    Ok(Collection {
        case: CaseId(super::parse_uuid(&row.get::<_, String>(0)?)?),
        title: row.get(1)?,
        code: row.get(2)?,
        last_four: row.get(3)?,
        kind: [Kind::Credential, Kind::Certificate].into_iter().find(|own| own.word() == kind).ok_or_else(damaged)?,
        state: State::ALL.into_iter().find(|own| own.word() == state).ok_or_else(damaged)?,
        certificate: row.get(6)?,
        sealed_number: row.get(7)?,
        sealed_tracking: row.get(8)?,
        ready_at: instant(row.get(9)?),
        done_at: row.get::<_, Option<i64>>(10)?.map(instant),
        prints: row.get(11)?,
    })
}

/// The row of a case, when it was issued.
///
/// # Errors
/// The store's.
pub fn find(connection: &Connection, case: CaseId) -> Result<Option<Collection>, StoreError> {
    Ok(connection
        .prepare_cached(&format!("{SELECT} WHERE d.case_id = $1"))?
        .query_row(params![case.to_string()], from_row)
        .optional()?)
}

/// Most rows that have left the desk in one list.
const MOST_DONE: u32 = 200;

/// The desk of these scopes: all that is ready, then what left it lately.
///
/// # Errors
/// The store's.
pub fn within(connection: &Connection, scopes: &Scopes) -> Result<Vec<Collection>, StoreError> {
    let scopes = scopes.text()?;
    let of = "c.branch || '|' || c.station IN (SELECT value FROM json_each($1))";
    let mut ready = connection
        .prepare_cached(&format!("{SELECT} WHERE d.state = 'ready' AND {of} ORDER BY d.ready_at, d.case_id"))?;
    let mut found: Vec<Collection> = ready.query_map(params![scopes], from_row)?.collect::<Result<_, _>>()?;
    let mut done = connection.prepare_cached(&format!(
        "{SELECT} WHERE d.state <> 'ready' AND {of} ORDER BY d.done_at DESC, d.case_id LIMIT $2"
    ))?;
    found.extend(done.query_map(params![scopes, MOST_DONE], from_row)?.collect::<Result<Vec<_>, _>>()?);
    Ok(found)
}

/// Cases of these scopes that were approved by an officer and not issued yet, oldest approval first.
///
/// # Errors
/// The store's.
pub fn to_issue(connection: &Connection, scopes: &Scopes) -> Result<Vec<(CaseId, Timestamp)>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT c.id, (SELECT MAX(at) FROM decision WHERE case_id = c.id) AS approved_at FROM office_case c
         WHERE c.status = 'approved' AND c.branch || '|' || c.station IN (SELECT value FROM json_each($1))
           AND NOT EXISTS (SELECT 1 FROM collection d WHERE d.case_id = c.id)
           AND NOT EXISTS (SELECT 1 FROM certificate p WHERE p.submission = c.submission AND p.state IN ('issued', 'revoked'))
           AND approved_at IS NOT NULL
         ORDER BY approved_at, c.id LIMIT 500",
    )?;
    let rows = statement.query_map(params![scopes.text()?], |row| {
        Ok((CaseId(super::parse_uuid(&row.get::<_, String>(0)?)?), instant(row.get(1)?)))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What is issued.
#[derive(Clone, Debug)]
pub enum Issued {
    /// A paper of this office by its number.
    Certificate(String),
    /// A credential by the sealed number of the ministry's system.
    Credential(Vec<u8>),
}

/// Puts an approved case on the desk.
///
/// # Errors
/// The store's, also when it is there already.
pub fn add(connection: &Connection, act: Act<'_>, case: CaseId, issued: Issued) -> Result<(), StoreError> {
    let (kind, certificate, sealed) = match issued {
        Issued::Certificate(number) => (Kind::Certificate, Some(number), None),
        Issued::Credential(sealed) => (Kind::Credential, None, Some(sealed)),
    };
    let prints = u32::from(kind == Kind::Certificate);
    connection
        .prepare_cached(
            "INSERT INTO collection (case_id, kind, state, certificate, sealed_number, ready_at, prints)
             VALUES ($1, $2, 'ready', $3, $4, $5, $6)",
        )?
        .execute(params![case.to_string(), kind.word(), certificate, sealed, act.now.as_millisecond(), prints])?;
    let details = serde_json::json!({ "kind": kind, "certificate": certificate });
    audit::append(connection, act.now, &act.actor(), "issued", &format!("case:{case}"), details)
}

/// How something leaves the desk.
#[derive(Clone, Debug)]
pub enum Leaving {
    /// Handed to the person or, `true`, to somebody with a mandate; the identity was checked.
    Collected {
        /// To a proxy.
        by_proxy: bool,
    },
    /// Posted, with the sealed posting number.
    Posted(Vec<u8>),
}

/// It leaves the desk; `false` when it is not there any more.
///
/// # Errors
/// The store's.
pub fn leave(connection: &Connection, act: Act<'_>, case: CaseId, leaving: Leaving) -> Result<bool, StoreError> {
    let (state, handed_to, tracking) = match leaving {
        Leaving::Collected { by_proxy } => (State::Collected, Some(if by_proxy { "proxy" } else { "own" }), None),
        Leaving::Posted(sealed) => (State::Posted, None, Some(sealed)),
    };
    let changed = connection
        .prepare_cached(
            "UPDATE collection SET state = $1, handed_to = $2, sealed_tracking = $3, done_at = $4
             WHERE case_id = $5 AND state = 'ready'",
        )?
        .execute(params![state.word(), handed_to, tracking, act.now.as_millisecond(), case.to_string()])?;
    if changed == 1 {
        let details = serde_json::json!({ "by": handed_to });
        audit::append(connection, act.now, &act.actor(), state.word(), &format!("case:{case}"), details)?;
    }
    Ok(changed == 1)
}

/// One more print of a certificate; `None` when the row is none.
///
/// # Errors
/// The store's.
pub fn reprint(connection: &Connection, act: Act<'_>, case: CaseId) -> Result<Option<u32>, StoreError> {
    let prints: Option<u32> = connection
        .prepare_cached(
            "UPDATE collection SET prints = prints + 1 WHERE case_id = $1 AND kind = 'certificate' RETURNING prints",
        )?
        .query_row(params![case.to_string()], |row| row.get(0))
        .optional()?;
    if let Some(prints) = prints {
        let details = serde_json::json!({ "prints": prints });
        audit::append(connection, act.now, &act.actor(), "reprinted", &format!("case:{case}"), details)?;
    }
    Ok(prints)
}
