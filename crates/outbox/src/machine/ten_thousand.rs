//! Ten thousand items: they fit, and one that the office never takes delays none of them (I5).
//! Not here: how long it takes (`kiosk::store::ten_thousand`; this crate knows no clock).

use super::model_office::{ModelOffice, Put, entry, office_key};
use super::*;
use crate::budget::Budget;
use std::collections::VecDeque;

const MANY: u64 = 10_000;

fn moment(millis: u64) -> Moment {
    Moment { since_start: Duration::from_millis(millis), wall: jiff::Timestamp::from_second(1_800_000_000).unwrap() }
}

fn full() -> Outbox {
    let mut outbox = Outbox::new(office_key().verifying_key(), Pace::default());
    let entries = (0..MANY).map(|number| entry(number, 2)).collect();
    assert!(outbox.handle(Input::Restarted(entries), moment(0), [0; 4]).is_empty());
    outbox
}

/// Sends until nothing but `bad` is left; gives the ids in the order of their arrival.
fn drain(outbox: &mut Outbox, bad: &BTreeSet<SubmissionId>) -> Vec<SubmissionId> {
    let (mut office, mut arrived) = (ModelOffice::default(), Vec::new());
    let mut inputs = VecDeque::new();
    for step in 0..1_000_000 {
        if outbox.items.len() == bad.len() {
            break;
        }
        // What the driver does on each turn of its loop belongs to the measure.
        let _ = (outbox.load(moment(step)), outbox.next_due());
        let mut effects = outbox.handle(Input::Tick, moment(step), [9; 4]);
        if let Some(input) = inputs.pop_front() {
            effects.extend(outbox.handle(input, moment(step), [9; 4]));
        }
        for effect in effects {
            inputs.extend(match effect {
                Effect::Persist { id, state, .. } => Some(Input::Persisted { id, state }),
                Effect::AskMissing { id, attempt, .. } if bad.contains(&id) => {
                    Some(Input::Transient { id, attempt, why: Setback::Later { after: None } })
                }
                Effect::AskMissing { id, attempt, .. } => Some(Input::BlobsMissing { id, attempt, missing: vec![] }),
                Effect::PutManifest { id, .. } => {
                    let item = outbox.items[&outbox.by_id[&id]].entry.clone();
                    office.blobs.extend(item.blobs.iter().cloned());
                    let Put::Receipt(bytes) = office.put(&item) else { panic!("refused") };
                    Some(Input::Receipt { id, bytes })
                }
                Effect::Erase { id } => {
                    arrived.push(id);
                    Some(Input::Persisted { id, state: State::Tombstone })
                }
                Effect::UploadBlob { .. } | Effect::Alarm { .. } => None,
            });
        }
    }
    arrived
}

#[test]
fn they_fit_into_a_share_of_a_disk() {
    let mut outbox = full();
    outbox.handle(Input::Limit(Budget::default().limit(1 << 30, MANY * 1000)), moment(0), [0; 4]);
    let load = outbox.load(moment(0));
    assert_eq!((load.items, load.bytes, load.refuse_new()), (10_000, 10_000_000, false));
    assert_eq!(outbox.handle(Input::Tick, moment(0), [0; 4]).len(), 4);
    assert!(outbox.next_due().is_none(), "four are on their way: nothing is due");
}

#[test]
fn a_hundred_that_are_never_taken_delay_none_of_them() {
    let mut outbox = full();
    let bad: BTreeSet<SubmissionId> = (0..100).map(|number| entry(number * 7, 2).id).collect();
    let arrived = drain(&mut outbox, &bad);
    assert_eq!(arrived.len(), 9_900);
    let good: Vec<SubmissionId> = (0..MANY).map(|number| entry(number, 2).id).filter(|id| !bad.contains(id)).collect();
    // Oldest first, but for the four that are on their way together.
    for (place, id) in arrived.iter().enumerate() {
        let meant = good.iter().position(|good| good == id).unwrap();
        assert!(meant.abs_diff(place) <= 8, "item {meant} arrived as number {place}");
    }
    assert!(bad.iter().all(|id| outbox.state(*id).is_some()), "and none of the bad ones is dropped");
}

#[test]
fn at_the_limit_no_new_visit_begins_and_what_is_under_way_is_kept_and_sent() {
    let mut outbox = full();
    outbox.handle(Input::Limit(MANY * 1000), moment(0), [0; 4]);
    assert!(outbox.load(moment(0)).refuse_new());
    // The person who was in the middle of a form: sealed all the same, and sent like any other.
    let last = entry(MANY, 2);
    outbox.handle(Input::Sealed(last.clone()), moment(0), [0; 4]);
    let arrived = drain(&mut outbox, &BTreeSet::new());
    assert_eq!(arrived.len() as u64, MANY + 1);
    assert!(arrived.contains(&last.id));
    let load = outbox.load(moment(0));
    assert_eq!((load.items, load.bytes, load.nearly_full, load.full), (0, 0, false, false));
}
