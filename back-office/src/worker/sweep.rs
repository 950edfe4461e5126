//! The sweep: openings that nobody came for (`crate::openings`), accepted cases whose deferred materials (容缺) come near their last day or have passed it; and telling
//! the officers' lists that a claim ran out, which nobody else would; and cases whose retention is over (`crate::retention`).
//! Invariants: a warning is a notice, once; a lapse is an open point, first priority and back to the queue for a person
//! to look at: nobody is decided against by a machine (product rule 12); a live claim is never taken away; each change
//! and its leaf are one job. A paper that an officer has seen is no longer deferred.

use crate::catalogue::Services;
use crate::office::{Office, china_day};
use crate::openings;
use crate::retention::Places;
use crate::store::cases::{self, Case};
use crate::store::marks::{self, About};
use crate::store::retention_clock::Permit;
use crate::store::{StoreError, audit, notices};
use domain::calendar::WorkCalendar;
use domain::case::lapse::{Lapse, lapse, last_day};
use domain::ids::MaterialId;
use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::Connection;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// How often is looked for what nobody took.
const EACH_DAY: jiff::SignedDuration = jiff::SignedDuration::from_hours(24);

/// What one sweep did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Swept {
    /// New warnings.
    pub warned: u32,
    /// New lapses.
    pub lapsed: u32,
}

/// Sweeps until told to stop.
pub async fn run(office: Arc<Office>, mut stop: watch::Receiver<bool>) {
    let pause = Duration::from_secs(office.loaded.config.workbench.sweep_seconds);
    let mut looked_at = ambient::now();
    let (mut strays_at, mut unsure) = (Timestamp::UNIX_EPOCH, false);
    loop {
        let (inner, now) = (Arc::clone(&office), ambient::now());
        let ended = office.store.read::<_, StoreError>(move |c| cases::lease_ended(c, looked_at, now)).await;
        if ended.unwrap_or(true) {
            office.changes.bump();
        }
        looked_at = now;
        let swept = office.store.write::<_, StoreError>(move |c| {
            let config = &inner.loaded.config;
            sweep(c, inner.services.as_ref(), &config.calendar, config.workbench.later_warn_days, now)
        });
        match swept.await {
            Ok(swept) if swept != Swept::default() => {
                tracing::info!(swept.warned, swept.lapsed, "deferred materials");
                office.changes.bump();
            }
            Ok(_) => {}
            Err(error) => tracing::error!(%error, "the sweep failed; it is done again"),
        }
        remember_list(&office).await;
        ends(&office, now, &mut unsure).await;
        if strays_at + EACH_DAY <= now || now < strays_at {
            strays_at = now;
            strays(&office, now).await;
        }
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            _ = stop.changed() => return,
        }
    }
}

/// A list that came while the office runs: an older one is refused at the next start, too.
async fn remember_list(office: &Office) {
    if let Err(error) = office.list_in_force().await {
        tracing::error!(%error, "the key list in force was not noted; it is done again");
    }
}

/// Ends what is over its time: openings that nobody came for, and closed cases. While the clock is not sure nothing begins to end.
async fn ends(office: &Arc<Office>, now: Timestamp, told: &mut bool) {
    let (places, config) = (Places::of(office), &office.loaded.config);
    let permit = match places.look(config.retention.rule(), now).await {
        Ok(permit) => permit,
        Err(error) => return tracing::error!(%error, "the clock was not looked at; nothing ends"),
    };
    tell_unsure(office, &permit, told).await;
    let days = config.workbench.opening_days;
    if permit.clock_is_sure() {
        match office.store.write_keyed::<_, StoreError>(move |c, keys| openings::lapse(c, keys, days, now)).await {
            Ok(0) => {}
            Ok(lapsed) => tracing::info!(lapsed, "openings that nobody came for"),
            Err(error) => tracing::error!(%error, "openings were not looked at; it is done again"),
        }
    }
    openings::erase_doomed(office).await;
    match places.sweep(&permit).await {
        Ok(ended) if ended.is_empty() => {}
        Ok(ended) => {
            for ended in &ended {
                office.names.remove(&ended.case);
                ended.submissions.iter().for_each(|submission| office.parts.remove(submission));
            }
            tracing::info!(erased = ended.len(), "cases whose retention is over");
            office.changes.bump();
        }
        Err(error) => tracing::error!(%error, "cases whose retention is over are not erased yet; it is tried again"),
    }
    // Of openings that lapsed or were given up, too.
    if places.is_unsettled() {
        places.settle_or_owe().await;
    }
}

/// Says once that nothing ends until a person has looked.
async fn tell_unsure(office: &Arc<Office>, permit: &Permit, told: &mut bool) {
    if permit.rule().is_some() {
        *told = false;
        return;
    }
    if std::mem::replace(told, true) {
        return;
    }
    let (now, clock) = (permit.now(), permit.clock_is_sure());
    tracing::error!(
        clock,
        %now,
        "nothing is erased at the end of its retention: the clock jumped, the office stood still for days, or the rule keeps \
         cases for a shorter time than before. Look at both; when they are right, set retention.confirmed_on in office.toml to \
         today's date and start again"
    );
    let details = serde_json::json!({ "clock_is_sure": clock });
    let leaf = move |c: &Connection| audit::append(c, now, "office", "retention-waits", "retention", details);
    if let Err(error) = office.store.write::<_, StoreError>(leaf).await {
        tracing::error!(%error, "the leaf that retention waits");
    }
}

async fn strays(office: &Arc<Office>, now: Timestamp) {
    let places = Places::of(office);
    let swept = match places.look(office.loaded.config.retention.rule(), now).await {
        Ok(permit) => places.sweep_strays(&permit).await,
        Err(error) => Err(error),
    };
    match swept {
        Ok(0) => {}
        Ok(strays) => tracing::info!(strays, "uploads and keys that nobody took"),
        Err(error) => tracing::error!(%error, "uploads that nobody took are not erased yet"),
    }
}

/// One sweep inside the caller's job.
///
/// # Errors
/// The store's.
pub fn sweep(
    connection: &Connection,
    services: &dyn Services,
    calendar: &WorkCalendar,
    warn_days: u32,
    now: Timestamp,
) -> Result<Swept, StoreError> {
    let (today, mut swept) = (china_day(now), Swept::default());
    for mut case in cases::accepted_with_open(connection)? {
        let marks = marks::of(connection, case.id)?;
        let mut lapsed = Vec::new();
        for material in deferred(&case) {
            let days = services.service(&case.service).and_then(|service| service.material(&material)?.defer_days);
            let Some(days) = days.filter(|_| marks.get(About::Paper, material.as_str()).is_none()) else { continue };
            let last = last_day(case.clock.accepted_on, today, days, calendar);
            match lapse(last, today, warn_days, calendar) {
                Lapse::Quiet => {}
                Lapse::Warn(on) => {
                    if notices::add(connection, case.id, "later-due", material.as_str(), on, now)? {
                        note(connection, &case, "later-warned", &material, on, now)?;
                        swept.warned += 1;
                    }
                }
                Lapse::Lapsed(on) => lapsed.push((material, on)),
            }
        }
        if lapsed.is_empty() {
            continue;
        }
        for (material, on) in lapsed {
            case.open.retain(|code| *code != format!("later:{material}"));
            case.open.push(format!("later-lapsed:{material}"));
            notices::add(connection, case.id, "later-lapsed", material.as_str(), on, now)?;
            note(connection, &case, "later-lapsed", &material, on, now)?;
            swept.lapsed += 1;
        }
        case.priority = 1;
        case.sticky = None;
        cases::update(connection, &mut case)?;
    }
    Ok(swept)
}

fn deferred(case: &Case) -> Vec<MaterialId> {
    case.open.iter().filter_map(|code| code.strip_prefix("later:")).map(MaterialId::new).collect()
}

fn note(
    connection: &Connection,
    case: &Case,
    action: &str,
    material: &MaterialId,
    on: Date,
    now: Timestamp,
) -> Result<(), StoreError> {
    let details = serde_json::json!({ "material": material, "on": on });
    audit::append(connection, now, "office", action, &format!("case:{}", case.id), details)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::CatalogueFolder;
    use crate::store::cases::{Place, Sticky};
    use crate::store::marks::Mark;
    use domain::case::Status;
    use domain::case::clock::Clock;
    use domain::ids::{CaseId, OfficerId, SubmissionId};
    use jiff::civil::date;

    fn noon(day: Date) -> Timestamp {
        jiff::tz::offset(8).to_timestamp(day.at(12, 0, 0, 0)).unwrap()
    }

    fn accepted(number: u128) -> Case {
        Case {
            id: CaseId(uuid::Uuid::from_u128(number)),
            submission: SubmissionId(uuid::Uuid::from_u128(number)),
            service: "id-replace-lost".into(),
            title: "身份证丢失补领".into(),
            branch: "household".into(),
            station: "yunqiao".into(),
            place: Place::Queue,
            status: Status::Accepted,
            priority: 5,
            received_at: noon(date(2026, 11, 20)),
            due_on: None,
            promised_on: None,
            statutory_on: None,
            supplement_by: None,
            code: None,
            last_four: None,
            ticket: None,
            open: vec!["later:household-book".into()],
            holder: Some("officer-1".into()),
            lease_until: Some(noon(date(2026, 12, 31))),
            claim_epoch: 3,
            version: 1,
            clock: Clock { accepted_on: Some(date(2026, 11, 20)), ..Clock::default() },
            second: None,
            sticky: Some(Sticky { to: "officer-1".into(), until: None }),
            tombstone: false,
        }
    }

    #[test]
    fn it_warns_once_then_puts_an_open_point_and_decides_nothing() {
        let connection = crate::store::in_memory().unwrap();
        connection.pragma_update(None, "foreign_keys", "OFF").unwrap();
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../services-catalog");
        let services = CatalogueFolder::read(&folder).unwrap();
        let seen = accepted(2);
        cases::insert(&connection, &accepted(1)).unwrap();
        cases::insert(&connection, &seen).unwrap();
        let officer = OfficerId::from("officer-1");
        let mark = Mark { value: "checked".into(), officer, at: noon(date(2026, 11, 21)) };
        marks::set(&connection, &seen, About::Paper, "household-book", &mark).unwrap();
        let on = |day| sweep(&connection, &services, &WorkCalendar::default(), 2, noon(day)).unwrap();
        assert_eq!(on(date(2026, 12, 1)), Swept::default());
        assert_eq!(on(date(2026, 12, 2)), Swept { warned: 1, lapsed: 0 });
        assert_eq!(on(date(2026, 12, 4)), Swept::default(), "told once");
        assert_eq!(on(date(2026, 12, 5)), Swept { warned: 0, lapsed: 1 });
        assert_eq!(on(date(2026, 12, 6)), Swept::default());
        let case = cases::find(&connection, accepted(1).id).unwrap().unwrap();
        assert_eq!(case.open, ["later-lapsed:household-book"]);
        assert_eq!((case.status, case.place, case.priority), (Status::Accepted, Place::Queue, 1));
        assert_eq!((case.holder, case.claim_epoch), (Some("officer-1".into()), 3), "a live claim stays");
        assert_eq!(cases::find(&connection, seen.id).unwrap().unwrap(), seen, "its original was seen");
    }
}
