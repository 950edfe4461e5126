//! Kiosks: which machine is which kiosk, by which certificate, and the code by which a new machine becomes one.
//! Invariants: a code is kept hashed, is void after [`TRIES`] wrong tries, at its end or after its use, and its use is bound to
//! one key; every change leaves an audit leaf in the same job; of every certificate ever signed it is known what became of it.
//! Not here: what a certificate that was replaced means when it shows again (`crate::kiosks`).

use super::{StoreError, audit, kiosk_keys};
use domain::ids::{KioskId, StationId};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde_json::json;
use wire::digest::Digest;
use wire::enrolment::{Fill, Holding, Protection};

/// Wrong tries that a code lasts.
pub const TRIES: u32 = 5;

/// What a kiosk may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// A code was given out; no machine has come yet.
    Expected,
    /// A machine is this kiosk.
    Enrolled,
    /// It is sent away until somebody resumes it; it keeps everything.
    Suspended,
}

impl State {
    /// As stored and shown.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Expected => "expected",
            Self::Enrolled => "enrolled",
            Self::Suspended => "suspended",
        }
    }

    fn read(name: &str) -> rusqlite::Result<Self> {
        [Self::Expected, Self::Enrolled, Self::Suspended]
            .into_iter()
            .find(|state| state.name() == name)
            .ok_or_else(|| super::column_error(Box::new(StoreError::Damaged("state of a kiosk"))))
    }
}

/// What became of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The one in use.
    Current,
    /// Signed by a renewal, not used yet.
    Next,
    /// Another took its place by renewal: whoever shows it later is a second machine.
    Replaced,
    /// Its machine is this kiosk no longer.
    Retired,
}

impl Standing {
    const fn name(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Next => "next",
            Self::Replaced => "replaced",
            Self::Retired => "retired",
        }
    }
}

/// A code that was given out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenCode {
    /// SHA-256 of its letters: 128 random bits need no slow hash.
    pub hash: Digest,
    /// Good until.
    pub until: Timestamp,
    /// Wrong tries so far.
    pub wrong: u32,
    /// The key it was used with, once it was.
    pub used_by: Option<Digest>,
}

/// A kiosk.
#[derive(Clone, Debug)]
pub struct KioskRow {
    /// Which.
    pub id: KioskId,
    /// Its number as shown.
    pub number: u32,
    /// Where it stands.
    pub station: StationId,
    /// Whether it may come in.
    pub state: State,
    /// Why it was suspended, in the words of whoever did it or of the rule.
    pub reason: Option<String>,
    /// Ed25519 public key of its manifests, hex; none before enrolment.
    pub device_key: Option<String>,
    /// How it keeps its keys.
    pub protection: Option<Protection>,
    /// The code that waits for a machine, or was used last.
    pub code: Option<GivenCode>,
    /// The chain that was given for that code: the same again when the answer was lost.
    pub chain: Option<String>,
    /// Serial number of the certificate in use.
    pub serial: Option<String>,
    /// When it was signed, and until when it is good.
    pub life: Option<(Timestamp, Timestamp)>,
    /// When it took the place of the one before.
    pub since: Option<Timestamp>,
    /// An administrator lets it renew once although its certificate is out of date.
    pub accepted_late: bool,
    /// Items it holds that have not arrived, and when it said so.
    pub waiting: Option<(u32, Timestamp)>,
    /// How full its outbox is, when it said so.
    pub outbox: Option<Fill>,
}

const COLUMNS: &str = "id, number, station, state, reason, device_key, protection, code_hash, code_until, code_wrong,
     code_used_by, chain, serial, issued_at, not_after, since, accepted_late, waiting, waiting_at, outbox";

fn from_row(row: &Row<'_>) -> rusqlite::Result<KioskRow> {
    let digest = |text: Option<String>| {
        text.map(|text| Digest::try_from(text).map_err(|error| super::column_error(Box::new(error)))).transpose()
    };
    let time = |index: usize| row.get::<_, Option<i64>>(index).map(|millis| millis.map(super::instant));
    let protection: Option<String> = row.get(6)?;
    let code = match (digest(row.get(7)?)?, time(8)?) {
        (Some(hash), Some(until)) => {
            Some(GivenCode { hash, until, wrong: row.get(9)?, used_by: digest(row.get(10)?)? })
        }
        _ => None,
    };
    Ok(KioskRow {
        id: KioskId::new(row.get::<_, String>(0)?),
        number: row.get(1)?,
        station: StationId::new(row.get::<_, String>(2)?),
        state: State::read(&row.get::<_, String>(3)?)?,
        reason: row.get(4)?,
        device_key: row.get(5)?,
        protection: protection.and_then(|name| serde_json::from_value(json!(name)).ok()),
        code,
        chain: row.get(11)?,
        serial: row.get(12)?,
        life: time(13)?.zip(time(14)?),
        since: time(15)?,
        accepted_late: row.get(16)?,
        waiting: row.get::<_, Option<u32>>(17)?.zip(time(18)?),
        outbox: row.get::<_, Option<String>>(19)?.and_then(|text| serde_json::from_str(&text).ok()),
    })
}

/// A kiosk by id.
///
/// # Errors
/// The store's.
pub fn find(connection: &Connection, id: &KioskId) -> Result<Option<KioskRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM kiosk WHERE id = $1");
    Ok(connection.prepare_cached(&sql)?.query_row(params![id.as_str()], from_row).optional()?)
}

/// All kiosks, by id.
///
/// # Errors
/// The store's.
pub fn all(connection: &Connection) -> Result<Vec<KioskRow>, StoreError> {
    let sql = format!("SELECT {COLUMNS} FROM kiosk ORDER BY id");
    let mut statement = connection.prepare_cached(&sql)?;
    Ok(statement.query_map([], from_row)?.collect::<rusqlite::Result<_>>()?)
}

/// What became of a certificate of this kiosk; `None` = the office never signed it.
///
/// # Errors
/// The store's.
pub fn standing(connection: &Connection, id: &KioskId, serial: &str) -> Result<Option<Standing>, StoreError> {
    let name: Option<String> = connection
        .prepare_cached("SELECT standing FROM kiosk_certificate WHERE serial = $1 AND kiosk = $2")?
        .query_row(params![serial, id.as_str()], |row| row.get(0))
        .optional()?;
    let all = [Standing::Current, Standing::Next, Standing::Replaced, Standing::Retired];
    name.map(|name| {
        all.into_iter().find(|one| one.name() == name).ok_or(StoreError::Damaged("standing of a certificate"))
    })
    .transpose()
}

/// Who did something to a kiosk, and when.
#[derive(Clone, Copy, Debug)]
pub struct By<'a> {
    /// `officer:<id>`, `kiosk:<id>` or `office`.
    pub actor: &'a str,
    /// When.
    pub now: Timestamp,
}

impl By<'_> {
    pub(super) fn leaf(
        &self,
        connection: &Connection,
        id: &KioskId,
        action: &str,
        details: serde_json::Value,
    ) -> Result<(), StoreError> {
        audit::append(connection, self.now, self.actor, action, &format!("kiosk:{id}"), details)
    }
}

/// A kiosk that does not exist yet.
///
/// # Errors
/// The store's.
pub fn add(
    connection: &Connection,
    by: By<'_>,
    id: &KioskId,
    number: u32,
    station: &StationId,
) -> Result<(), StoreError> {
    connection
        .prepare_cached("INSERT INTO kiosk (id, number, station, state) VALUES ($1, $2, $3, 'expected')")?
        .execute(params![id.as_str(), number, station.as_str()])?;
    by.leaf(connection, id, "kiosk-added", json!({ "number": number, "station": station }))
}

/// Gives out a code; an earlier one is void.
///
/// # Errors
/// The store's.
pub fn give_code(
    connection: &Connection,
    by: By<'_>,
    id: &KioskId,
    hash: &Digest,
    until: Timestamp,
    although_not_drained: bool,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "UPDATE kiosk SET code_hash = $1, code_until = $2, code_wrong = 0, code_used_by = NULL, chain = NULL
             WHERE id = $3",
        )?
        .execute(params![hash.as_str(), until.as_millisecond(), id.as_str()])?;
    by.leaf(connection, id, "kiosk-code-given", json!({ "until": until, "although_not_drained": although_not_drained }))
}

/// A wrong code was tried.
///
/// # Errors
/// The store's.
pub fn wrong_code(connection: &Connection, by: By<'_>, id: &KioskId) -> Result<(), StoreError> {
    connection
        .prepare_cached("UPDATE kiosk SET code_wrong = code_wrong + 1 WHERE id = $1")?
        .execute(params![id.as_str()])?;
    by.leaf(connection, id, "enrolment-refused", json!({}))
}

/// A machine that showed the right code.
#[derive(Clone, Debug)]
pub struct NewMachine {
    /// Its device key, hex.
    pub device_key: String,
    /// How it keeps its keys.
    pub protection: Protection,
    /// Digest of its certificate's key.
    pub key: Digest,
    /// Its first certificate.
    pub issued: crate::authority::Issued,
}

fn certificate(
    connection: &Connection,
    id: &KioskId,
    issued: &crate::authority::Issued,
    standing: Standing,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO kiosk_certificate (serial, kiosk, issued_at, not_after, standing) VALUES ($1, $2, $3, $4, $5)",
        )?
        .execute(params![
            issued.serial,
            id.as_str(),
            issued.issued_at.as_millisecond(),
            issued.certificate.not_after.as_millisecond(),
            standing.name()
        ])?;
    Ok(())
}

fn restand(connection: &Connection, id: &KioskId, from: Standing, to: Standing) -> Result<(), StoreError> {
    connection
        .prepare_cached("UPDATE kiosk_certificate SET standing = $1 WHERE kiosk = $2 AND standing = $3")?
        .execute(params![to.name(), id.as_str(), from.name()])?;
    Ok(())
}

/// The machine is this kiosk from now on; an earlier machine is it no longer.
///
/// # Errors
/// The store's.
pub fn enrol(connection: &Connection, by: By<'_>, id: &KioskId, machine: &NewMachine) -> Result<(), StoreError> {
    for before in [Standing::Current, Standing::Next, Standing::Replaced] {
        restand(connection, id, before, Standing::Retired)?;
    }
    certificate(connection, id, &machine.issued, Standing::Current)?;
    kiosk_keys::replace(connection, by, id, &machine.device_key)?;
    let protection = serde_json::to_value(machine.protection).map_err(|_| StoreError::Damaged("protection"))?;
    let (issued_at, not_after) = (machine.issued.issued_at, machine.issued.certificate.not_after);
    connection
        .prepare_cached(
            "UPDATE kiosk SET state = 'enrolled', reason = NULL, device_key = $1, protection = $2, code_used_by = $3,
                 chain = $4, serial = $5, issued_at = $6, not_after = $7, since = $8, accepted_late = 0,
                 waiting = NULL, waiting_at = NULL, outbox = NULL
             WHERE id = $9",
        )?
        .execute(params![
            machine.device_key,
            protection.as_str(),
            machine.key.as_str(),
            machine.issued.certificate.chain,
            machine.issued.serial,
            issued_at.as_millisecond(),
            not_after.as_millisecond(),
            by.now.as_millisecond(),
            id.as_str()
        ])?;
    let details =
        json!({ "serial": machine.issued.serial, "device_key": machine.device_key, "protection": protection });
    by.leaf(connection, id, "kiosk-enrolled", details)
}

/// A new certificate was signed; it takes its place when it is first used.
///
/// # Errors
/// The store's.
pub fn renewed(
    connection: &Connection,
    by: By<'_>,
    id: &KioskId,
    issued: &crate::authority::Issued,
) -> Result<(), StoreError> {
    // One that was signed and never used: its answer was lost.
    restand(connection, id, Standing::Next, Standing::Replaced)?;
    certificate(connection, id, issued, Standing::Next)?;
    connection.prepare_cached("UPDATE kiosk SET accepted_late = 0 WHERE id = $1")?.execute(params![id.as_str()])?;
    by.leaf(connection, id, "certificate-renewed", json!({ "serial": issued.serial }))
}

/// The new certificate was used: it is the current one.
///
/// # Errors
/// The store's.
pub fn switched(connection: &Connection, by: By<'_>, id: &KioskId, serial: &str) -> Result<(), StoreError> {
    restand(connection, id, Standing::Current, Standing::Replaced)?;
    connection
        .prepare_cached("UPDATE kiosk_certificate SET standing = 'current' WHERE serial = $1")?
        .execute(params![serial])?;
    connection
        .prepare_cached(
            "UPDATE kiosk SET serial = $1, since = $2,
                 issued_at = (SELECT issued_at FROM kiosk_certificate WHERE serial = $1),
                 not_after = (SELECT not_after FROM kiosk_certificate WHERE serial = $1)
             WHERE id = $3",
        )?
        .execute(params![serial, by.now.as_millisecond(), id.as_str()])?;
    by.leaf(connection, id, "certificate-in-use", json!({ "serial": serial }))
}

/// Sends the kiosk away.
///
/// # Errors
/// The store's.
pub fn suspend(
    connection: &Connection,
    by: By<'_>,
    id: &KioskId,
    why: &str,
    details: serde_json::Value,
) -> Result<(), StoreError> {
    connection
        .prepare_cached("UPDATE kiosk SET state = 'suspended', reason = $1 WHERE id = $2")?
        .execute(params![why, id.as_str()])?;
    by.leaf(connection, id, "kiosk-suspended", details)
}

/// Lets it come again. What it was before a second machine showed up counts again: an administrator has looked.
///
/// # Errors
/// The store's.
pub fn resume(connection: &Connection, by: By<'_>, id: &KioskId) -> Result<(), StoreError> {
    connection
        .prepare_cached("UPDATE kiosk SET state = 'enrolled', reason = NULL WHERE id = $1")?
        .execute(params![id.as_str()])?;
    by.leaf(connection, id, "kiosk-resumed", json!({}))
}

/// Lets it renew once although its certificate is out of date.
///
/// # Errors
/// The store's.
pub fn accept_late(connection: &Connection, by: By<'_>, id: &KioskId) -> Result<(), StoreError> {
    connection.prepare_cached("UPDATE kiosk SET accepted_late = 1 WHERE id = $1")?.execute(params![id.as_str()])?;
    by.leaf(connection, id, "kiosk-accepted-late", json!({}))
}

/// What it holds that has not arrived, how full its outbox is, and how it keeps its keys; a kiosk of before says less.
///
/// # Errors
/// The store's.
pub fn holds(connection: &Connection, id: &KioskId, holding: &Holding, now: Timestamp) -> Result<(), StoreError> {
    let text = |value| serde_json::to_string(&value).map_err(|_| StoreError::Damaged("fill of an outbox"));
    let outbox = holding.outbox.map(text).transpose()?;
    let keys = serde_json::to_value(holding.keys).map_err(|_| StoreError::Damaged("protection"))?;
    connection
        .prepare_cached(
            "UPDATE kiosk SET waiting = $1, waiting_at = $2, outbox = $3, protection = COALESCE($4, protection) WHERE id = $5",
        )?
        .execute(params![holding.waiting, now.as_millisecond(), outbox, keys.as_str(), id.as_str()])?;
    Ok(())
}
