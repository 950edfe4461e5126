//! `kill -9` of the office in the middle of many submissions: what was acknowledged is there, once.

use crate::bureau::{Bureau, Settings};
use crate::parties::{CLEAN, Kiosk, Ready, certificate_payload, payload};
use domain::answers::Answers;
use std::collections::BTreeSet;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use wire::outcome::Outcome;
use wire::payload::Identified;

/// Submissions under way when the office is killed, in each round.
const SENDERS: usize = 8;
const EACH: usize = 6;

#[test]
fn every_acknowledged_submission_survives_a_kill_exactly_once() {
    let bureau = Bureau::new(&Settings { floor_ms: 2100, ..Settings::default() });
    let mut office = bureau.start();
    let mut kiosk = Kiosk::enrolled(&bureau, &office, "yunqiao-1");
    let acknowledged: Mutex<Vec<(Ready, Vec<u8>)>> = Mutex::default();
    let mut all = Vec::new();
    for round in 0..3 {
        let ready: Vec<Ready> = (0..SENDERS * EACH)
            .map(|index| {
                let (certificate, signature) = certificate_payload(CLEAN, Identified::CardAndFace);
                if index % 3 == 0 {
                    return kiosk.ready(&certificate, &[&signature]);
                }
                kiosk.ready(&payload("id-replace-lost", CLEAN, Identified::CardAndFace, Answers::default()), &[])
            })
            .collect();
        let so_far = AtomicUsize::new(0);
        let (taken, killed_at) = (&acknowledged, 4 + 14 * round);
        let victim = Mutex::new(Some(office));
        std::thread::scope(|scope| {
            for mine in ready.chunks(EACH) {
                let (kiosk, so_far, victim) = (&kiosk, &so_far, &victim);
                scope.spawn(move || {
                    for ready in mine {
                        let Ok((status, receipt)) = kiosk.send(ready) else { return };
                        assert_eq!(status, 201);
                        taken.lock().unwrap().push((ready.clone(), receipt));
                        if so_far.fetch_add(1, Ordering::SeqCst) == killed_at
                            && let Some(office) = victim.lock().unwrap().take()
                        {
                            office.kill();
                        }
                    }
                });
            }
        });
        all.extend(ready);
        office = bureau.start();
        kiosk = kiosk.at(&office);
    }
    let acknowledged = acknowledged.into_inner().unwrap();
    assert!(acknowledged.len() > 40 && acknowledged.len() < all.len(), "{} of {}", acknowledged.len(), all.len());
    for (ready, receipt) in &acknowledged {
        let again = kiosk.put(ready).unwrap();
        assert_eq!((again.status().as_u16(), &again.bytes().unwrap().to_vec()), (200, receipt));
    }
    // The kiosk sends again whatever was not acknowledged; each ends in one outcome with a number of its own.
    let mut numbers = BTreeSet::new();
    for ready in &all {
        assert!([200, 201].contains(&kiosk.send(ready).unwrap().0));
    }
    for ready in &all {
        if let (Outcome::Issued { number, .. }, _) = kiosk.outcome(ready.id) {
            assert!(numbers.insert(number), "a number stands on two certificates");
        }
    }
    assert_eq!(numbers.len(), 3 * SENDERS * EACH / 3, "every certificate asked for is issued");
    let count = |sql: &str| bureau.database().query_row(sql, [], |row| row.get::<_, u32>(0)).unwrap() as usize;
    for table in ["submission", "office_case", "outcome"] {
        assert_eq!(count(&format!("SELECT COUNT(*) FROM {table}")), all.len(), "{table}");
    }
    assert_eq!(count("SELECT COUNT(*) FROM certificate WHERE state = 'issued'"), numbers.len());
    assert_eq!(count("SELECT COUNT(*) FROM audit WHERE leaf LIKE '%\"certificate-issued\"%'"), numbers.len());
    assert_eq!(count("SELECT COUNT(*) FROM work"), 0);
}
