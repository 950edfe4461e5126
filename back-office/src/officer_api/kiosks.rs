//! Kiosks, for administrators: adding one, the code for its machine, suspending, resuming, letting it renew late.
//! Invariants: a code is shown once and kept hashed; another machine takes a kiosk's place only when the one before holds
//! nothing any more, or with a reason; each act counts at once and leaves an audit leaf. Not here: enrolling (`kiosk_api`).

use super::claims::{conflict, read};
use super::door::{FromOfficer, not_your_right};
use crate::kiosks::may_be_called;
use crate::office::Office;
use crate::problem::ApiProblem;
use crate::rights::Action;
use crate::store::kiosks::{self, By, KioskRow, State as KioskState};
use crate::store::{StoreError, kiosk_keys, sealed_reasons};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use domain::ids::{KioskId, StationId};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::sync::Arc;
use wire::digest::Digest;
use wire::enrolment::{Code, Fill, Protection, Ticket};
use wire::problem::Retry;

/// What a kiosk said about its outbox is believed so long when another machine is to take its place.
const FRESH: SignedDuration = SignedDuration::from_mins(10);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct New {
    id: KioskId,
    number: u32,
    #[serde(default)]
    office_url: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CodeAsked {
    #[serde(default)]
    although: Option<String>,
    #[serde(default)]
    office_url: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Why {
    reason: String,
}

/// Percent of its share at which an outbox is told to be nearly full: as the kiosk itself warns.
const NEARLY_FULL: u64 = 80;

/// A kiosk as an administrator sees it.
#[derive(Serialize)]
pub(super) struct KioskView {
    id: KioskId,
    number: u32,
    station: StationId,
    state: &'static str,
    reason: Option<String>,
    protection: Option<Protection>,
    certificate_until: Option<Timestamp>,
    code_until: Option<Timestamp>,
    waiting: Option<u32>,
    waiting_at: Option<Timestamp>,
    outbox: Option<OutboxView>,
}

/// How full a kiosk's outbox is, as it said last.
#[derive(Serialize)]
struct OutboxView {
    bytes: u64,
    limit: u64,
    percent: u64,
    oldest: Option<Timestamp>,
    /// At four fifths of its share of the disk: somebody must see to its line, or carry what it holds.
    nearly_full: bool,
}

impl From<Fill> for OutboxView {
    fn from(fill: Fill) -> Self {
        let percent = fill.percent();
        Self { bytes: fill.bytes, limit: fill.limit, percent, oldest: fill.oldest, nearly_full: percent >= NEARLY_FULL }
    }
}

impl From<KioskRow> for KioskView {
    fn from(row: KioskRow) -> Self {
        // A code that was used waits for nobody.
        let code = row.code.filter(|code| code.used_by.is_none() && code.wrong < kiosks::TRIES);
        Self {
            state: row.state.name(),
            id: row.id,
            number: row.number,
            station: row.station,
            reason: row.reason,
            protection: row.protection,
            certificate_until: row.life.map(|(_, until)| until),
            code_until: code.map(|code| code.until),
            waiting: row.waiting.map(|(count, _)| count),
            waiting_at: row.waiting.map(|(_, at)| at),
            outbox: row.outbox.map(OutboxView::from),
        }
    }
}

/// All kiosks.
#[derive(Serialize)]
pub(super) struct Listed {
    kiosks: Vec<KioskView>,
}

/// A code, shown this once.
#[derive(Serialize)]
pub(super) struct Given {
    kiosk: KioskId,
    code: String,
    ticket: String,
    until: Timestamp,
}

impl FromOfficer {
    /// May see to the kiosks of this station: else, where they see cases of the station, they are told; for everybody else
    /// there is nothing.
    fn provisions(&self, station: &StationId) -> Result<(), ApiProblem> {
        if self.rights.at_station(Action::Provision, station) {
            return Ok(());
        }
        let told = self.rights.at_station(Action::View, station);
        Err(if told { not_your_right() } else { ApiProblem::not_found() })
    }
}

/// A kiosk that this administrator may see to.
async fn row(office: &Office, from: &FromOfficer, id: &KioskId) -> Result<KioskRow, ApiProblem> {
    let asked = id.clone();
    let row = office.store.read::<_, StoreError>(move |c| kiosks::find(c, &asked)).await?;
    let row = row.ok_or_else(ApiProblem::not_found)?;
    from.provisions(&row.station)?;
    Ok(row)
}

fn ticket(office: &Office, url: Option<String>, kiosk: &KioskId, code: &Code) -> Result<Ticket, ApiProblem> {
    let url = url.or_else(|| office.loaded.config.enrolment.office_url.clone());
    let url = url.filter(|url| url.starts_with("https://")).ok_or_else(|| {
        ApiProblem::new(
            "no-address",
            StatusCode::UNPROCESSABLE_ENTITY,
            Retry::Never,
            "Where the kiosk finds the office is not known",
        )
        .detail("Give the address of the kiosks' door, or set enrolment.office_url in office.toml.")
    })?;
    Ok(Ticket { office: url, kiosk: kiosk.clone(), authority: office.authority.root().to_string(), code: code.clone() })
}

/// A fresh code with the job that stores it.
struct Fresh {
    given: Given,
    hash: Digest,
    until: Timestamp,
}

fn fresh(office: &Office, url: Option<String>, kiosk: &KioskId, now: Timestamp) -> Result<Fresh, ApiProblem> {
    let code = Code::of(ambient::random_bytes::<16>());
    let until = now + SignedDuration::from_secs(office.loaded.config.enrolment.code_seconds);
    let ticket = ticket(office, url, kiosk, &code)?;
    Ok(Fresh {
        hash: Digest::of(code.as_str().as_bytes()),
        given: Given { kiosk: kiosk.clone(), code: code.to_string(), ticket: ticket.to_string(), until },
        until,
    })
}

fn sealed(office: &Office, reason: &str) -> Result<Vec<u8>, ApiProblem> {
    let sealed = office.ring.seal(reason.trim().as_bytes());
    Ok(sealed.map_err(|_| ApiProblem::later("The reason cannot be sealed now."))?.bytes)
}

/// `GET /v1/kiosks`.
pub(super) async fn list(State(office): State<Arc<Office>>, from: FromOfficer) -> Result<Json<Listed>, ApiProblem> {
    let rows = office.store.read::<_, StoreError>(kiosks::all).await?;
    let mine = rows.into_iter().filter(|row| from.rights.at_station(Action::Provision, &row.station));
    Ok(Json(Listed { kiosks: mine.map(KioskView::from).collect() }))
}

/// `POST /v1/kiosks`.
pub(super) async fn add(
    State(office): State<Arc<Office>>,
    from: FromOfficer,
    body: Bytes,
) -> Result<Json<Given>, ApiProblem> {
    let New { id, number, office_url } = read(&body)?;
    let station = office.loaded.bureau.station.clone();
    from.provisions(&station)?;
    if !may_be_called(&id) {
        return Err(ApiProblem::malformed("an id of a kiosk has small letters, digits and hyphens, at most 64"));
    }
    let now = ambient::now();
    let Fresh { given, hash, until } = fresh(&office, office_url, &id, now)?;
    let actor = from.actor();
    office
        .store
        .write::<_, ApiProblem>({
            let id = id.clone();
            move |c| {
                if kiosks::find(c, &id)?.is_some() {
                    return Err(conflict("kiosk-exists", "There is a kiosk of this id already")
                        .detail("For another machine in its place: yimenctl kiosk code."));
                }
                // Staff are called by the number alone.
                let same = |row: &KioskRow| row.number == number && row.station == station;
                if let Some(other) = kiosks::all(c)?.iter().find(|row| same(row)) {
                    return Err(conflict("kiosk-number-taken", "Another kiosk of this station has this number")
                        .detail(format!(
                            "Number {number} is {}: whoever is called there must find it. Take another.",
                            other.id
                        )));
                }
                let by = By { actor: &actor, now };
                kiosks::add(c, by, &id, number, &station)?;
                Ok(kiosks::give_code(c, by, &id, &hash, until, false)?)
            }
        })
        .await?;
    office.kiosks.forget(&id);
    Ok(Json(given))
}

/// What to do about a machine that may hold something.
const WAYS: &str = "Switch it on (resume it first when it is suspended) and let it send. If it never will, give a reason \
     (yimenctl: --although); what it holds comes then from a stick (yimen-kiosk --export), once you accept its key \
     (yimenctl kiosk accept-former).";

/// Whether another machine may take this kiosk's place now. What a suspended one said before says nothing of what it sealed since.
fn drained(row: &KioskRow, now: Timestamp) -> Result<(), ApiProblem> {
    if row.state == KioskState::Expected {
        return Ok(());
    }
    let refused = |detail: String| {
        conflict("kiosk-not-drained", "The machine of this kiosk may hold submissions that have not arrived")
            .detail(detail)
    };
    match row.waiting {
        Some((0, at)) if now.duration_since(at) <= FRESH => Ok(()),
        Some((0, at)) => Err(refused(format!("It said that it holds none at {at}; that is too long ago. {WAYS}"))),
        Some((count, at)) => {
            Err(refused(format!("It said at {at} that it holds {count}. {WAYS}")).member("waiting", count))
        }
        None => Err(refused(format!("It has not said what it holds. {WAYS}"))),
    }
}

/// `POST /v1/kiosks/{kiosk}/code`.
pub(super) async fn code(
    State(office): State<Arc<Office>>,
    from: FromOfficer,
    Path(kiosk): Path<String>,
    body: Bytes,
) -> Result<Json<Given>, ApiProblem> {
    let id = KioskId::new(kiosk);
    row(&office, &from, &id).await?;
    let CodeAsked { although, office_url } = read(&body)?;
    let although = although.filter(|reason| !reason.trim().is_empty());
    let reason = although.as_deref().map(|reason| sealed(&office, reason)).transpose()?;
    let now = ambient::now();
    let Fresh { given, hash, until } = fresh(&office, office_url, &id, now)?;
    let forget = id.clone();
    office
        .store
        .write::<_, ApiProblem>(move |c| {
            let row = kiosks::find(c, &id)?.ok_or_else(ApiProblem::not_found)?;
            let undrained = drained(&row, now).err();
            if let (Some(refused), None) = (&undrained, &reason) {
                return Err(refused.clone());
            }
            let by = By { actor: &from.actor(), now };
            if let Some(reason) = &reason {
                sealed_reasons::add(c, from.act(now), &format!("kiosk:{id}"), "replace", reason)?;
            }
            Ok(kiosks::give_code(c, by, &id, &hash, until, undrained.is_some())?)
        })
        .await?;
    office.kiosks.forget(&forget);
    Ok(Json(given))
}

/// One act on a kiosk that [`row`] has let through; gives it as it is then.
async fn act(
    office: &Office,
    from: &FromOfficer,
    id: KioskId,
    job: impl FnOnce(&rusqlite::Connection, By<'_>, &KioskRow) -> Result<(), ApiProblem> + Send + 'static,
) -> Result<Json<KioskView>, ApiProblem> {
    let (actor, now, asked) = (from.actor(), ambient::now(), id.clone());
    let after = office
        .store
        .write::<_, ApiProblem>(move |c| {
            let row = kiosks::find(c, &asked)?.ok_or_else(ApiProblem::not_found)?;
            job(c, By { actor: &actor, now }, &row)?;
            kiosks::find(c, &asked)?.ok_or_else(ApiProblem::not_found)
        })
        .await?;
    office.kiosks.forget(&id);
    Ok(Json(after.into()))
}

fn must_be(row: &KioskRow, state: KioskState) -> Result<(), ApiProblem> {
    if row.state == state {
        return Ok(());
    }
    Err(conflict("kiosk-state", "This kiosk is in another state").member("state", row.state.name()))
}

/// The sealed reason of an act that must have one.
fn why(office: &Office, body: &[u8], title: &str) -> Result<Vec<u8>, ApiProblem> {
    let Why { reason } = read(body)?;
    if reason.trim().is_empty() {
        return Err(ApiProblem::new("reason-empty", StatusCode::UNPROCESSABLE_ENTITY, Retry::Never, title));
    }
    sealed(office, &reason)
}

/// `POST /v1/kiosks/{kiosk}/suspend`.
pub(super) async fn suspend(
    State(office): State<Arc<Office>>,
    from: FromOfficer,
    Path(kiosk): Path<String>,
    body: Bytes,
) -> Result<Json<KioskView>, ApiProblem> {
    let id = KioskId::new(kiosk);
    row(&office, &from, &id).await?;
    let (reason, officer) = (why(&office, &body, "Say why the kiosk is suspended")?, from.clone());
    act(&office, &from, id, move |c, by, row| {
        must_be(row, KioskState::Enrolled)?;
        kiosks::suspend(c, by, &row.id, "by an administrator", json!({}))?;
        Ok(sealed_reasons::add(c, officer.act(by.now), &format!("kiosk:{}", row.id), "suspend", &reason)?)
    })
    .await
}

/// `POST /v1/kiosks/{kiosk}/accept-former`.
pub(super) async fn accept_former(
    State(office): State<Arc<Office>>,
    from: FromOfficer,
    Path(kiosk): Path<String>,
    body: Bytes,
) -> Result<Json<KioskView>, ApiProblem> {
    let id = KioskId::new(kiosk);
    row(&office, &from, &id).await?;
    let (reason, officer) = (why(&office, &body, "Say why what the earlier machine sealed is taken")?, from.clone());
    act(&office, &from, id, move |c, by, row| {
        if kiosk_keys::accept(c, by, &row.id)? == 0 {
            return Err(conflict("no-former-machine", "No machine had this kiosk's place before"));
        }
        Ok(sealed_reasons::add(c, officer.act(by.now), &format!("kiosk:{}", row.id), "accept-former", &reason)?)
    })
    .await
}

/// `POST /v1/kiosks/{kiosk}/resume`.
pub(super) async fn resume(
    State(office): State<Arc<Office>>,
    from: FromOfficer,
    Path(kiosk): Path<String>,
) -> Result<Json<KioskView>, ApiProblem> {
    let id = KioskId::new(kiosk);
    row(&office, &from, &id).await?;
    act(&office, &from, id, |c, by, row| {
        must_be(row, KioskState::Suspended)?;
        Ok(kiosks::resume(c, by, &row.id)?)
    })
    .await
}

/// `POST /v1/kiosks/{kiosk}/accept`.
pub(super) async fn accept(
    State(office): State<Arc<Office>>,
    from: FromOfficer,
    Path(kiosk): Path<String>,
) -> Result<Json<KioskView>, ApiProblem> {
    let id = KioskId::new(kiosk);
    row(&office, &from, &id).await?;
    act(&office, &from, id, |c, by, row| {
        must_be(row, KioskState::Enrolled)?;
        Ok(kiosks::accept_late(c, by, &row.id)?)
    })
    .await
}
