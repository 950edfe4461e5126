//! Invariants I1 to I6 of the crate, each as a test of its name.

use super::model_office::{ModelOffice, Put, entry, office_key, receipt};
use super::*;
use jiff::SignedDuration;

fn outbox() -> Outbox {
    Outbox::new(office_key().verifying_key(), Pace::default())
}

fn at(seconds: u64) -> Moment {
    let wall = jiff::Timestamp::from_second(1_800_000_000 + seconds as i64).unwrap();
    Moment { since_start: Duration::from_secs(seconds), wall }
}

fn go(outbox: &mut Outbox, input: Input, seconds: u64) -> Vec<Effect> {
    outbox.handle(input, at(seconds), [128; 4])
}

/// Brings an item to the point where its manifest is put.
fn put(outbox: &mut Outbox, entry: &Entry, seconds: u64) -> u32 {
    go(outbox, Input::Sealed(entry.clone()), seconds);
    go(outbox, Input::Tick, seconds);
    let asked = go(outbox, Input::Persisted { id: entry.id, state: State::Sending }, seconds);
    // Nothing to upload: nothing is asked.
    if let [Effect::PutManifest { attempt, .. }] = asked.as_slice() {
        assert!(entry.blobs.is_empty());
        return *attempt;
    }
    let [Effect::AskMissing { attempt, .. }] = asked.as_slice() else { panic!("{asked:?}") };
    let effects = go(outbox, Input::BlobsMissing { id: entry.id, attempt: *attempt, missing: vec![] }, seconds);
    assert_eq!(effects, [Effect::PutManifest { id: entry.id, attempt: *attempt, alone: false }]);
    *attempt
}

#[test]
fn i1_nothing_is_sent_or_erased_before_it_is_durable() {
    let (mut outbox, item) = (outbox(), entry(1, 2));
    assert_eq!(outbox.state(item.id), None);
    assert!(go(&mut outbox, Input::Tick, 0).is_empty());
    assert!(go(&mut outbox, Input::Sealed(item.clone()), 0).is_empty());
    // Until SENDING is durable the network hears nothing.
    assert_eq!(go(&mut outbox, Input::Tick, 0), [persist(item.id, State::Sending)]);
    let sent = go(&mut outbox, Input::Persisted { id: item.id, state: State::Sending }, 0);
    assert!(matches!(sent.as_slice(), [Effect::AskMissing { .. }]));
    let bytes = receipt(item.id, &item.manifest, &office_key());
    let acked = go(&mut outbox, Input::Receipt { id: item.id, bytes }, 1);
    assert!(matches!(acked.as_slice(), [Effect::Persist { state: State::Acked, .. }]), "{acked:?}");
    // The disk refuses the receipt: nothing is erased, the item is sent again.
    let refused = go(&mut outbox, Input::NotPersisted { id: item.id, state: State::Acked }, 1);
    assert_eq!(refused, [Effect::Alarm { id: item.id, alarm: Alarm::DiskFailed }]);
    assert_eq!(outbox.state(item.id), Some(State::Sealed));
    assert_eq!(go(&mut outbox, Input::Tick, 100), [persist(item.id, State::Sending)]);
}

#[test]
fn i2_only_a_receipt_over_our_digest_by_the_office_leads_on() {
    let stranger = ed25519_dalek::SigningKey::from_bytes(&[9; 32]);
    let (own, other) = (entry(1, 0), entry(2, 0));
    let wrong: Vec<Vec<u8>> = vec![
        receipt(own.id, &own.manifest, &stranger),
        receipt(own.id, &other.manifest, &office_key()),
        receipt(other.id, &own.manifest, &office_key()),
        b"{}".to_vec(),
        b"OK".to_vec(),
        Vec::new(),
    ];
    for bytes in wrong {
        let mut outbox = outbox();
        put(&mut outbox, &own, 0);
        let effects = go(&mut outbox, Input::Receipt { id: own.id, bytes }, 1);
        assert_eq!(effects, [Effect::Alarm { id: own.id, alarm: Alarm::FalseReceipt }]);
        assert_eq!(outbox.state(own.id), Some(State::Sealed));
    }
    let mut outbox = outbox();
    put(&mut outbox, &own, 0);
    let bytes = receipt(own.id, &own.manifest, &office_key());
    let effects = go(&mut outbox, Input::Receipt { id: own.id, bytes: bytes.clone() }, 1);
    assert_eq!(effects, [Effect::Persist { id: own.id, state: State::Acked, receipt: Some(bytes), problem: None }]);
}

#[test]
fn what_lies_at_a_relay_is_kept_and_asked_for_alone_until_the_receipt_comes() {
    let (mut outbox, item) = (outbox(), entry(1, 2));
    let id = item.id;
    let attempt = put(&mut outbox, &item, 0);
    let minute = Some(Duration::from_secs(60));
    // Nothing is erased, nothing is told: the item stands as if it had never been sent.
    assert_eq!(go(&mut outbox, Input::Relayed { id, attempt, after: minute }, 1), [persist(id, State::Sealed)]);
    assert_eq!(outbox.state(id), Some(State::Sealed));
    assert!(go(&mut outbox, Input::Tick, 60).is_empty(), "not before the time the relay named");
    let ask = |outbox: &mut Outbox, seconds| {
        assert_eq!(go(outbox, Input::Tick, seconds), [persist(id, State::Sending)]);
        let asked = go(outbox, Input::Persisted { id, state: State::Sending }, seconds);
        let [Effect::PutManifest { attempt, alone: true, .. }] = asked.as_slice() else { panic!("{asked:?}") };
        *attempt
    };
    // However often: it is no failure, and never an hour's wait.
    for round in 1..100 {
        let attempt = ask(&mut outbox, round * 400);
        let effects = go(&mut outbox, Input::Relayed { id, attempt, after: minute }, round * 400);
        assert_eq!(effects, [persist(id, State::Sealed)]);
    }
    // The office can be reached again: it is asked at once.
    go(&mut outbox, Input::LinkUp, 39_601);
    let attempt = ask(&mut outbox, 39_602);
    // The relay has lost it: all of it is sent again.
    go(&mut outbox, Input::Transient { id, attempt, why: Setback::Again }, 39_603);
    go(&mut outbox, Input::Tick, 39_603);
    let asked = go(&mut outbox, Input::Persisted { id, state: State::Sending }, 39_603);
    let [Effect::AskMissing { attempt, .. }] = asked.as_slice() else { panic!("{asked:?}") };
    go(&mut outbox, Input::Relayed { id, attempt: *attempt, after: None }, 39_604);
    // A day of it is worth an alarm, once.
    let attempt = ask(&mut outbox, 24 * 3600 + 2);
    let effects = go(&mut outbox, Input::Relayed { id, attempt, after: None }, 24 * 3600 + 2);
    assert_eq!(effects, [persist(id, State::Sealed), Effect::Alarm { id, alarm: Alarm::KeepsFailing }]);
    let bytes = receipt(id, &item.manifest, &office_key());
    let acked = go(&mut outbox, Input::Receipt { id, bytes }, 24 * 3600 + 3);
    assert!(matches!(acked.as_slice(), [Effect::Persist { state: State::Acked, .. }]), "{acked:?}");
}

#[test]
fn what_lies_at_a_relay_leaves_places_to_fresh_items() {
    let mut outbox = outbox();
    for number in 1..=4 {
        let item = entry(number, 0);
        let attempt = put(&mut outbox, &item, 0);
        go(&mut outbox, Input::Relayed { id: item.id, attempt, after: None }, 0);
    }
    let asking = go(&mut outbox, Input::Tick, 60);
    assert_eq!(asking.len(), 3, "one place stays free: {asking:?}");
    let fresh = entry(9, 0);
    go(&mut outbox, Input::Sealed(fresh.clone()), 60);
    assert_eq!(go(&mut outbox, Input::Tick, 60), [persist(fresh.id, State::Sending)]);
}

#[test]
fn i3_repeating_gives_the_same_receipt_and_one_effect() {
    let (mut office, item) = (ModelOffice::default(), entry(1, 0));
    let mut outbox = outbox();
    let attempt = put(&mut outbox, &item, 0);
    let Put::Receipt(first) = office.put(&item) else { panic!("refused") };
    // The answer is lost; the outbox sends the same again.
    go(&mut outbox, Input::Transient { id: item.id, attempt, why: Setback::Network }, 1);
    assert_eq!(go(&mut outbox, Input::Tick, 60), [persist(item.id, State::Sending)]);
    assert_eq!(office.put(&item), Put::Receipt(first));
    assert_eq!(office.effects[&item.id], 1);
    let clone = Entry { manifest: Digest::of(b"another"), ..item.clone() };
    assert_eq!(office.put(&clone), Put::Conflict);
    // The same item sealed twice is one item.
    assert!(go(&mut outbox, Input::Sealed(item), 61).is_empty());
    assert_eq!(outbox.load(at(61)).items, 1);
}

#[test]
fn i4_erasing_follows_a_durable_receipt_and_is_repeated_until_done() {
    let (mut outbox, item) = (outbox(), entry(1, 1));
    go(&mut outbox, Input::Restarted(vec![Entry { state: State::Acked, ..item.clone() }]), 0);
    assert_eq!(outbox.state(item.id), Some(State::Acked));
    go(&mut outbox, Input::NotPersisted { id: item.id, state: State::Tombstone }, 0);
    assert_eq!(go(&mut outbox, Input::Tick, 60), [Effect::Erase { id: item.id }]);
    assert!(go(&mut outbox, Input::Persisted { id: item.id, state: State::Tombstone }, 61).is_empty());
    assert_eq!(outbox.state(item.id), None);
    let sealed = entry(2, 1);
    let mut fresh = self::outbox();
    assert!(go(&mut fresh, Input::Restarted(vec![sealed]), 0).is_empty(), "a sealed item is not erased");
}

#[test]
fn i5_bad_items_never_delay_a_good_one() {
    let mut outbox = outbox();
    for number in 0..20 {
        go(&mut outbox, Input::Sealed(entry(number, 1)), 0);
    }
    let first = go(&mut outbox, Input::Tick, 0);
    let oldest: Vec<Effect> = (0..4).map(|number| persist(entry(number, 1).id, State::Sending)).collect();
    assert_eq!(first, oldest, "four in flight, oldest first");
    for number in 0..20 {
        let id = entry(number, 1).id;
        go(&mut outbox, Input::Tick, 0);
        let effects = go(&mut outbox, Input::Persisted { id, state: State::Sending }, 0);
        assert!(!effects.is_empty(), "item {number} got its turn although all before it failed");
        go(&mut outbox, Input::Transient { id, attempt: 1, why: Setback::Later { after: None } }, 0);
    }
    // All twenty are due again and hang; a fresh one still finds a place.
    assert_eq!(go(&mut outbox, Input::Tick, 3).len(), 3);
    let fresh = entry(99, 1);
    go(&mut outbox, Input::Sealed(fresh.clone()), 3);
    assert_eq!(go(&mut outbox, Input::Tick, 3), [persist(fresh.id, State::Sending)]);
    // A refused one rests, alone, until an operator wants it.
    let refused = go(&mut outbox, Input::Permanent { id: fresh.id, attempt: 1, problem: "malformed".into() }, 4);
    assert!(matches!(refused.as_slice(), [Effect::Persist { state: State::Quarantined, .. }, Effect::Alarm { .. }]));
    assert_eq!(outbox.state(fresh.id), Some(State::Quarantined));
    assert_eq!(go(&mut outbox, Input::OperatorResend { id: fresh.id }, 5), [persist(fresh.id, State::Sealed)]);
    assert_eq!(outbox.state(fresh.id), Some(State::Sealed));
}

#[test]
fn i6_the_wall_clock_decides_nothing_but_an_alarm() {
    let day = 24 * 3600;
    for jump in [-3650, -1, 0, 1, 29, 3650_i64] {
        let (mut outbox, item) = (outbox(), entry(1, 0));
        go(&mut outbox, Input::Sealed(item.clone()), 0);
        let wall = at(0).wall + SignedDuration::from_secs(jump * day);
        let moment = Moment { since_start: Duration::from_secs(1), wall };
        let mut effects = outbox.handle(Input::Tick, moment, [0; 4]);
        assert_eq!(effects.pop(), Some(persist(item.id, State::Sending)), "sent whatever the clock says");
        let alarm = Effect::Alarm { id: item.id, alarm: Alarm::TooOld };
        assert_eq!(effects, if jump > 30 { vec![alarm] } else { vec![] });
        assert_eq!(outbox.load(moment).refuse_new(), jump > 30);
    }
}

#[test]
fn retry_after_is_honoured_and_link_up_wakes_only_network_failures() {
    let mut outbox = outbox();
    let (told, cut) = (entry(1, 0), entry(2, 0));
    for (item, why) in [(&told, after(500)), (&cut, Setback::Network)] {
        go(&mut outbox, Input::Sealed(item.clone()), 0);
        for attempt in 1..=6 {
            let sent = go(&mut outbox, Input::Tick, u64::from(attempt) * 1000);
            assert!(sent.contains(&persist(item.id, State::Sending)));
            go(&mut outbox, Input::Transient { id: item.id, attempt, why }, u64::from(attempt) * 1000);
        }
        // The first one waits as long as it was told to, while the second one is tried: out of its way until then.
        if *item == told {
            assert!(go(&mut outbox, Input::Tick, 6499).is_empty());
            go(&mut outbox, Input::Tick, 7000);
            go(&mut outbox, Input::Transient { id: told.id, attempt: 7, why: after(20_000) }, 7000);
        }
    }
    go(&mut outbox, Input::LinkUp, 6010);
    assert_eq!(go(&mut outbox, Input::Tick, 6012), [persist(cut.id, State::Sending)]);
    assert!(go(&mut outbox, Input::Tick, 26_999).is_empty());
    assert_eq!(go(&mut outbox, Input::Tick, 29_500), [persist(told.id, State::Sending)]);
}

const fn after(seconds: u64) -> Setback {
    Setback::Later { after: Some(Duration::from_secs(seconds)) }
}

#[test]
fn late_answers_to_an_earlier_try_change_nothing_but_a_late_receipt_counts() {
    let (mut outbox, item) = (outbox(), entry(1, 1));
    let attempt = put(&mut outbox, &item, 0);
    go(&mut outbox, Input::Transient { id: item.id, attempt, why: Setback::Network }, 0);
    go(&mut outbox, Input::Tick, 60);
    assert!(go(&mut outbox, Input::Permanent { id: item.id, attempt, problem: "late".into() }, 61).is_empty());
    assert!(go(&mut outbox, Input::BlobsMissing { id: item.id, attempt, missing: vec![] }, 61).is_empty());
    let bytes = receipt(item.id, &item.manifest, &office_key());
    let effects = go(&mut outbox, Input::Receipt { id: item.id, bytes }, 62);
    assert!(matches!(effects.as_slice(), [Effect::Persist { state: State::Acked, .. }]));
}

#[test]
fn i7_a_chain_keeps_its_order_and_delays_no_other() {
    let mut outbox = outbox();
    let first = entry(1, 0);
    let of_chain = |number| Entry { chain: first.id, ..entry(number, 0) };
    let (second, third, other) = (of_chain(2), of_chain(3), entry(4, 0));
    let sent = |effects: &[Effect]| -> Vec<SubmissionId> {
        let mut sent = Vec::new();
        for effect in effects {
            if let Effect::Persist { id, state: State::Sending, .. } = effect {
                sent.push(*id);
            }
        }
        sent
    };
    // As a restart finds them, in any order.
    let entries = [&third, &other, &first, &second].map(Entry::clone).to_vec();
    go(&mut outbox, Input::Restarted(entries), 0);
    assert_eq!(sent(&go(&mut outbox, Input::Tick, 0)), [first.id, other.id]);
    // The first fails, hangs, is set aside: the others of its chain wait for it and nobody else does.
    go(&mut outbox, Input::Transient { id: first.id, attempt: 1, why: Setback::Network }, 1);
    assert_eq!(sent(&go(&mut outbox, Input::Tick, 100)), [first.id]);
    go(&mut outbox, Input::Permanent { id: first.id, attempt: 2, problem: "malformed".into() }, 100);
    assert!(sent(&go(&mut outbox, Input::Tick, 9000)).is_empty());
    assert_eq!(outbox.next_due(), None, "nothing is due, nobody spins");
    go(&mut outbox, Input::Sealed(entry(5, 0)), 9000);
    assert_eq!(sent(&go(&mut outbox, Input::Tick, 9000)), [entry(5, 0).id]);
    go(&mut outbox, Input::OperatorResend { id: first.id }, 9001);
    assert_eq!(sent(&go(&mut outbox, Input::Tick, 9001)), [first.id]);
    // Not by the receipt alone: it must be durable here.
    for (done, next) in [(&first, Some(&second)), (&second, Some(&third)), (&third, None)] {
        let bytes = receipt(done.id, &done.manifest, &office_key());
        go(&mut outbox, Input::Persisted { id: done.id, state: State::Sending }, 9002);
        go(&mut outbox, Input::Receipt { id: done.id, bytes }, 9002);
        assert!(sent(&go(&mut outbox, Input::Tick, 9002)).is_empty());
        go(&mut outbox, Input::Persisted { id: done.id, state: State::Acked }, 9003);
        let expected: Vec<SubmissionId> = next.iter().map(|entry| entry.id).collect();
        assert_eq!(sent(&go(&mut outbox, Input::Tick, 9003)), expected);
    }
}

#[test]
fn a_suspended_kiosk_sends_nothing_and_keeps_everything_until_it_is_admitted() {
    let mut outbox = outbox();
    let items: Vec<Entry> = (0..9).map(|number| entry(number, 1)).collect();
    go(&mut outbox, Input::Restarted(items.clone()), 0);
    assert_eq!(go(&mut outbox, Input::Tick, 0).len(), 4);
    let why = Setback::Suspended;
    let effects = go(&mut outbox, Input::Transient { id: items[0].id, attempt: 1, why }, 1);
    assert!(effects.contains(&Effect::Alarm { id: items[0].id, alarm: Alarm::Suspended }), "{effects:?}");
    for item in &items[1..4] {
        go(&mut outbox, Input::Transient { id: item.id, attempt: 1, why }, 1);
    }
    for second in [2, 60, 299] {
        assert!(go(&mut outbox, Input::Tick, second).is_empty(), "at {second}");
        go(&mut outbox, Input::Suspended, second);
    }
    assert!(outbox.next_due() >= Some(Duration::from_secs(300)));
    go(&mut outbox, Input::Admitted, 300);
    assert_eq!(go(&mut outbox, Input::Tick, 302).len(), 4);
    assert_eq!(outbox.load(at(302)).items, 9);
}
