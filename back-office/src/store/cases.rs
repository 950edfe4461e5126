//! Cases: one row each, in one queue for all branches; claims with lease and fencing.
//! Invariants: `claim_epoch` grows with every claim and release: whoever acts with an old one is told that the lease is
//! lost; `version` grows with every change; nothing personal is in a column beyond the receipt code and the last four
//! characters of the number that a counter needs to find its visitor.
//! Not here: who may decide what (`officer_api`), which decision may follow which (`domain::case`).

use super::{StoreError, instant, retention};
use domain::case::clock::Clock;
use domain::case::{Kind, Status};
use domain::ids::{BranchId, CaseId, OfficerId, ServiceId, StationId, SubmissionId};
use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::{CachedStatement, Connection, OptionalExtension as _, Row, params};
use serde::{Deserialize, Serialize};

/// Where a case waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The office's machine still opens it.
    Opening,
    /// In the queue for an officer.
    Queue,
    /// With the person, who must bring something.
    Parked,
    /// Nothing more to do.
    Closed,
}

impl Place {
    fn word(self) -> &'static str {
        match self {
            Self::Opening => "opening",
            Self::Queue => "queue",
            Self::Parked => "parked",
            Self::Closed => "closed",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        [Self::Opening, Self::Queue, Self::Parked, Self::Closed].into_iter().find(|place| place.word() == word)
    }
}

/// A case as stored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Its id.
    pub id: CaseId,
    /// The submission it began with.
    pub submission: SubmissionId,
    /// Which service.
    pub service: ServiceId,
    /// The service's name in Chinese, or its id while the service is unknown.
    pub title: String,
    /// Whose officers decide.
    pub branch: BranchId,
    /// Where it was handed in.
    pub station: StationId,
    /// Where it waits.
    pub place: Place,
    /// Where it stands in law.
    pub status: Status,
    /// 1 first, 9 last.
    pub priority: u8,
    /// When it became durable here.
    pub received_at: Timestamp,
    /// The earlier of promised and statutory day.
    pub due_on: Option<Date>,
    /// The station's promise.
    pub promised_on: Option<Date>,
    /// The law's last day; only after acceptance.
    pub statutory_on: Option<Date>,
    /// Last day for a supplement.
    pub supplement_by: Option<Date>,
    /// The code on the person's receipt.
    pub code: Option<String>,
    /// Last four characters of the applicant's number.
    pub last_four: Option<String>,
    /// The waiting ticket.
    pub ticket: Option<String>,
    /// What an officer must still do or know: codes of the payload, `form:…`, `unreadable:…`.
    pub open: Vec<String>,
    /// Who holds it.
    pub holder: Option<OfficerId>,
    /// Until when.
    pub lease_until: Option<Timestamp>,
    /// Fencing token of the current claim.
    pub claim_epoch: i64,
    /// Counts changes.
    pub version: i64,
    /// The clock of law.
    pub clock: Clock,
    /// A first decision that waits for a second person.
    pub second: Option<Second>,
    /// Whose turn it is first.
    pub sticky: Option<Sticky>,
    /// What it held is erased, or on its way out (`super::retention`). Read here, never written.
    pub tombstone: bool,
}

/// A first decision of the two-person rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Second {
    /// Its kind.
    pub kind: Kind,
    /// By whom.
    pub officer: OfficerId,
    /// When.
    pub at: Timestamp,
}

/// The officer who knows the case: others do not get it as their next until the moment has passed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sticky {
    /// Who.
    pub to: OfficerId,
    /// Until when; `None` = the time has not begun (the person has not come back yet).
    pub until: Option<Timestamp>,
}

impl Case {
    /// Who holds it now: a claim whose lease has run out holds nothing.
    pub fn holder_at(&self, now: Timestamp) -> Option<&OfficerId> {
        self.holder.as_ref().filter(|_| self.lease_until.is_some_and(|until| until > now))
    }
}

const COLUMNS: &str = "id, submission, service, title, branch, station, place, status, priority, received_at, due_on, \
     promised_on, statutory_on, supplement_by, code, last_four, ticket, open, holder, lease_until, claim_epoch, version, \
     accepted_on, clock_since, used_working, used_calendar, second, sticky_to, sticky_until";

/// Cases where `rest` says which, as [`from_row`] reads them: behind the columns whether the end of a case has begun.
fn select<'c>(connection: &'c Connection, rest: &str) -> rusqlite::Result<CachedStatement<'c>> {
    connection.prepare_cached(&format!(
        "SELECT {COLUMNS}, COALESCE(retention IN ('erasing', 'erased'), 0) FROM office_case {rest}"
    ))
}

/// A status as stored and sent: kebab case.
pub fn status_word(status: Status) -> &'static str {
    match status {
        Status::Delivered => "delivered",
        Status::Accepted => "accepted",
        Status::Refused => "refused",
        Status::Supplement => "supplement",
        Status::Approved => "approved",
        Status::Rejected => "rejected",
    }
}

/// Reads [`status_word`] back.
pub fn parse_status(word: &str) -> Option<Status> {
    use Status::{Accepted, Approved, Delivered, Refused, Rejected, Supplement};
    [Delivered, Accepted, Refused, Supplement, Approved, Rejected].into_iter().find(|&s| status_word(s) == word)
}

pub(super) fn damaged(what: &'static str) -> rusqlite::Error {
    super::column_error(Box::new(StoreError::Damaged(what)))
}

fn from_row(row: &Row<'_>) -> rusqlite::Result<Case> {
    let uuid = |index: usize| -> rusqlite::Result<uuid::Uuid> { super::parse_uuid(&row.get::<_, String>(index)?) };
    let day = |index: usize| -> rusqlite::Result<Option<Date>> {
        let text: Option<String> = row.get(index)?;
        text.map(|text| text.parse().map_err(|_| damaged("day"))).transpose()
    };
    let (place, status): (String, String) = (row.get(6)?, row.get(7)?);
    let open: String = row.get(17)?;
    let (second, sticky_to): (Option<String>, Option<String>) = (row.get(26)?, row.get(27)?);
    let sticky_until: Option<i64> = row.get(28)?;
    Ok(Case {
        id: CaseId(uuid(0)?),
        submission: SubmissionId(uuid(1)?),
        service: ServiceId::new(row.get::<_, String>(2)?),
        title: row.get(3)?,
        branch: BranchId::new(row.get::<_, String>(4)?),
        station: StationId::new(row.get::<_, String>(5)?),
        place: Place::parse(&place).ok_or_else(|| damaged("place"))?,
        status: parse_status(&status).ok_or_else(|| damaged("status"))?,
        priority: row.get(8)?,
        received_at: instant(row.get(9)?),
        due_on: day(10)?,
        promised_on: day(11)?,
        statutory_on: day(12)?,
        supplement_by: day(13)?,
        code: row.get(14)?,
        last_four: row.get(15)?,
        ticket: row.get(16)?,
        open: serde_json::from_str(&open).map_err(|_| damaged("open points"))?,
        holder: row.get::<_, Option<String>>(18)?.map(OfficerId::new),
        lease_until: row.get::<_, Option<i64>>(19)?.map(instant),
        claim_epoch: row.get(20)?,
        version: row.get(21)?,
        clock: Clock {
            accepted_on: day(22)?,
            since: day(23)?,
            used_working: row.get(24)?,
            used_calendar: row.get(25)?,
        },
        second: second.map(|text| serde_json::from_str(&text).map_err(|_| damaged("second decision"))).transpose()?,
        sticky: sticky_to.map(|to| Sticky { to: OfficerId::new(to), until: sticky_until.map(instant) }),
        tombstone: row.get(29)?,
    })
}

/// Writes a new case.
///
/// # Errors
/// The store's.
pub fn insert(connection: &Connection, case: &Case) -> Result<(), StoreError> {
    connection
        .prepare_cached(&format!(
            "INSERT INTO office_case ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, \
             $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29)"
        ))?
        .execute(values(case)?.as_slice_of_params().as_slice())?;
    Ok(())
}

/// Writes all columns of a case that was read in the same transaction, and counts its version up.
///
/// # Errors
/// The store's; also when the case was changed in between, which one writer thread rules out.
pub fn update(connection: &Connection, case: &mut Case) -> Result<(), StoreError> {
    let before = case.version;
    case.version += 1;
    let names: Vec<String> = COLUMNS.split(", ").enumerate().map(|(i, name)| format!("{name} = ${}", i + 1)).collect();
    let values = values(case)?;
    let mut parameters = values.as_slice_of_params();
    parameters.push(&before);
    let changed = connection
        .prepare_cached(&format!("UPDATE office_case SET {} WHERE id = $1 AND version = $30", names.join(", ")))?
        .execute(parameters.as_slice())?;
    if changed != 1 {
        return Err(StoreError::Damaged("version of a case"));
    }
    if case.place == Place::Closed { retention::closed(connection, case.id, ambient::now()) } else { Ok(()) }
}

struct Values(Vec<rusqlite::types::Value>);

impl Values {
    fn as_slice_of_params(&self) -> Vec<&dyn rusqlite::ToSql> {
        self.0.iter().map(|value| value as &dyn rusqlite::ToSql).collect()
    }
}

fn values(case: &Case) -> Result<Values, StoreError> {
    let open = serde_json::to_string(&case.open).map_err(|_| StoreError::Damaged("open points"))?;
    let day = |day: Option<Date>| day.map(|day| day.to_string());
    let second = case.second.as_ref().map(serde_json::to_string).transpose();
    let second = second.map_err(|_| StoreError::Damaged("second decision"))?;
    Ok(Values(vec![
        case.id.to_string().into(),
        case.submission.to_string().into(),
        case.service.to_string().into(),
        case.title.clone().into(),
        case.branch.to_string().into(),
        case.station.to_string().into(),
        case.place.word().to_owned().into(),
        status_word(case.status).to_owned().into(),
        i64::from(case.priority).into(),
        case.received_at.as_millisecond().into(),
        day(case.due_on).into(),
        day(case.promised_on).into(),
        day(case.statutory_on).into(),
        day(case.supplement_by).into(),
        case.code.clone().into(),
        case.last_four.clone().into(),
        case.ticket.clone().into(),
        open.into(),
        case.holder.as_ref().map(ToString::to_string).into(),
        case.lease_until.map(Timestamp::as_millisecond).into(),
        case.claim_epoch.into(),
        case.version.into(),
        day(case.clock.accepted_on).into(),
        day(case.clock.since).into(),
        i64::from(case.clock.used_working).into(),
        i64::from(case.clock.used_calendar).into(),
        second.into(),
        case.sticky.as_ref().map(|sticky| sticky.to.to_string()).into(),
        case.sticky.as_ref().and_then(|sticky| sticky.until).map(Timestamp::as_millisecond).into(),
    ]))
}

/// A case by id.
///
/// # Errors
/// The store's.
pub fn find(connection: &Connection, id: CaseId) -> Result<Option<Case>, StoreError> {
    Ok(select(connection, "WHERE id = $1")?.query_row(params![id.to_string()], from_row).optional()?)
}

/// The case of a submission.
///
/// # Errors
/// The store's.
pub fn of_submission(connection: &Connection, submission: SubmissionId) -> Result<Option<Case>, StoreError> {
    Ok(select(connection, "WHERE submission = $1")?.query_row(params![submission.to_string()], from_row).optional()?)
}

/// Where an officer may act: pairs of branch and station.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scopes(Vec<(BranchId, StationId)>);

impl Scopes {
    /// These pairs.
    pub fn new(pairs: impl IntoIterator<Item = (BranchId, StationId)>) -> Self {
        Self(pairs.into_iter().collect())
    }

    /// Only what `keep` lets through.
    #[must_use]
    pub fn only(&self, keep: impl Fn(&BranchId, &StationId) -> bool) -> Self {
        Self(self.0.iter().filter(|(branch, station)| keep(branch, station)).cloned().collect())
    }

    /// A text for SQL: a list of `branch|station`.
    pub(super) fn text(&self) -> Result<String, StoreError> {
        let pairs: Vec<String> = self.0.iter().map(|(branch, station)| format!("{branch}|{station}")).collect();
        serde_json::to_string(&pairs).map_err(|_| StoreError::Damaged("scopes"))
    }
}

/// The order of work: raised ones first, then by day due, priority, arrival.
const WORK_ORDER: &str = "priority > 1, due_on IS NULL, due_on, priority, received_at, id";

/// Most closed cases in one list.
const MOST_CLOSED: u32 = 2000;

/// All open cases of these scopes in the order of work, with the latest closed ones behind when `closed`.
///
/// # Errors
/// The store's.
pub fn within(connection: &Connection, scopes: &Scopes, closed: bool) -> Result<Vec<Case>, StoreError> {
    let scopes = scopes.text()?;
    let mut statement = select(
        connection,
        &format!(
            "WHERE branch || '|' || station IN (SELECT value FROM json_each($1)) AND place IN ('queue', 'parked')
             ORDER BY {WORK_ORDER}"
        ),
    )?;
    let mut found: Vec<Case> = statement.query_map(params![scopes], from_row)?.collect::<Result<_, _>>()?;
    if closed {
        let mut statement = select(
            connection,
            "WHERE branch || '|' || station IN (SELECT value FROM json_each($1)) AND place = 'closed'
             ORDER BY received_at DESC, id LIMIT $2",
        )?;
        let rows = statement.query_map(params![scopes, MOST_CLOSED], from_row)?;
        found.extend(rows.collect::<Result<Vec<_>, _>>()?);
    }
    Ok(found)
}

/// All cases with this receipt code, for whoever also knows the number; first handed in first.
///
/// # Errors
/// The store's.
pub fn of_code(connection: &Connection, code: &str) -> Result<Vec<Case>, StoreError> {
    let mut statement = select(connection, "WHERE code = $1 AND place <> 'opening' ORDER BY received_at, id")?;
    Ok(statement.query_map(params![code], from_row)?.collect::<Result<_, _>>()?)
}

/// The cases with this receipt code, whatever became of them.
///
/// # Errors
/// The store's.
pub fn with_code(connection: &Connection, scopes: &Scopes, code: &str) -> Result<Vec<Case>, StoreError> {
    let mut statement = select(
        connection,
        &format!(
            "WHERE code = $1 AND branch || '|' || station IN (SELECT value FROM json_each($2)) AND place <> 'opening'
             ORDER BY {WORK_ORDER}"
        ),
    )?;
    let rows = statement.query_map(params![code, scopes.text()?], from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The first case of the queue that nobody holds and that this officer may take next: not one that another officer is
/// to have first, nor one whose first decision is the officer's own. In `reviewing` only those that wait for a second.
///
/// # Errors
/// The store's.
pub fn next_unclaimed(
    connection: &Connection,
    officer: &OfficerId,
    scopes: &Scopes,
    reviewing: &Scopes,
    now: Timestamp,
) -> Result<Option<Case>, StoreError> {
    Ok(select(
        connection,
        &format!(
            "WHERE place = 'queue'
               AND (branch || '|' || station IN (SELECT value FROM json_each($1))
                    OR (second IS NOT NULL AND branch || '|' || station IN (SELECT value FROM json_each($2))))
               AND (holder IS NULL OR lease_until <= $3)
               AND (sticky_to IS NULL OR sticky_to = $4 OR sticky_until IS NULL OR sticky_until <= $3)
               AND (second IS NULL OR json_extract(second, '$.officer') <> $4)
             ORDER BY {WORK_ORDER} LIMIT 1"
        ),
    )?
    .query_row(params![scopes.text()?, reviewing.text()?, now.as_millisecond(), officer.as_str()], from_row)
    .optional()?)
}

/// A claim lives longer; nothing that others decide by changes, so the version stays.
///
/// # Errors
/// The store's.
pub fn extend_lease(connection: &Connection, case: &Case) -> Result<(), StoreError> {
    connection
        .prepare_cached("UPDATE office_case SET lease_until = $1 WHERE id = $2")?
        .execute(params![case.lease_until.map(Timestamp::as_millisecond), case.id.to_string()])?;
    Ok(())
}

/// Whether a claim ran out after `from`, up to and with `to`: then a case is free although nobody did anything.
///
/// # Errors
/// The store's.
pub fn lease_ended(connection: &Connection, from: Timestamp, to: Timestamp) -> Result<bool, StoreError> {
    Ok(connection
        .prepare_cached(
            "SELECT 1 FROM office_case WHERE holder IS NOT NULL AND lease_until > $1 AND lease_until <= $2",
        )?
        .exists(params![from.as_millisecond(), to.as_millisecond()])?)
}

/// Accepted cases that still have something open, for the sweep.
///
/// # Errors
/// The store's.
pub fn accepted_with_open(connection: &Connection) -> Result<Vec<Case>, StoreError> {
    let mut statement = select(connection, "WHERE status = 'accepted' AND place = 'queue' AND open LIKE '%later:%'")?;
    Ok(statement.query_map([], from_row)?.collect::<Result<_, _>>()?)
}

/// The cases that may be a person's own, newest first: with this code, or with these last four characters.
///
/// # Errors
/// The store's.
pub fn maybe_own(
    connection: &Connection,
    code: Option<&str>,
    last_four: &str,
    most: u32,
) -> Result<Vec<Case>, StoreError> {
    let mut statement = select(
        connection,
        "WHERE last_four = $1 AND ($2 IS NULL OR code = $2) AND place <> 'opening'
         ORDER BY received_at DESC, id LIMIT $3",
    )?;
    let rows = statement.query_map(params![last_four, code, most], from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Takes back the case that intake opened for a submission which turned out to be a supplement. Nobody has seen it: only
/// a case that the office's machine still opens goes.
///
/// # Errors
/// The store's, also when it was seen already.
pub fn take_back(connection: &Connection, case: &Case) -> Result<(), StoreError> {
    let gone = connection
        .prepare_cached("DELETE FROM office_case WHERE id = $1 AND place = 'opening'")?
        .execute(params![case.id.to_string()])?;
    if gone == 1 { Ok(()) } else { Err(StoreError::Damaged("case of a supplement")) }
}
