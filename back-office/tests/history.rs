//! Random histories of claims and decisions on the store's real functions, each step compared with a small model that
//! shares no code with the store. `make history-check HISTORIES=10000` walks many; a normal run walks a few hundred.

use crate::model::{Answer, Doing, Model, Told};
use back_office::store::cases::{self, Case, Place, Scopes};
use back_office::store::claims::{self, Act, ClaimError};
use back_office::store::deciding::{self, Asked, DecideError, Rules};
use back_office::store::{StoreError, in_memory, in_savepoint};
use domain::case::{Decision, Item, Kind, Status};
use domain::ids::{BranchId, CaseId, OfficerId, StationId, SubmissionId};
use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;

const LEASE: i64 = 900;
const STICKY: i64 = 1800;
const STEPS: usize = 40;
const CASES: usize = 3;
/// Officers by number with their branches.
const OFFICERS: [&[usize]; 4] = [&[0, 1], &[0], &[1], &[0, 1]];
const BRANCHES: [&str; 2] = ["household", "traffic"];

/// SplitMix64: small, seeded, and nothing the store uses.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % sides as u64).unwrap()
    }
}

/// A fault planted between history and store, to see that the check finds it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fault {
    None,
    /// The store looks at neither epoch nor holder when deciding.
    NoFencing,
    /// A release forgets to write.
    LostRelease,
    /// A lease is given for a second only.
    ShortLease,
    /// One person is enough to approve.
    OnePerson,
}

fn officer(number: usize) -> OfficerId {
    OfficerId::new(format!("officer-{number}"))
}

fn scopes(number: usize) -> Scopes {
    Scopes::new(OFFICERS[number].iter().map(|&b| (BranchId::from(BRANCHES[b]), StationId::from("yunqiao"))))
}

fn id(number: usize) -> CaseId {
    CaseId(uuid::Uuid::from_u128(number as u128 + 1))
}

fn fresh(number: usize, at: Timestamp) -> Case {
    Case {
        id: id(number),
        submission: SubmissionId(id(number).0),
        service: "any".into(),
        title: "any".into(),
        branch: BRANCHES[number % 2].into(),
        station: "yunqiao".into(),
        place: Place::Queue,
        status: Status::Delivered,
        priority: 5,
        received_at: at + SignedDuration::from_secs(number as i64),
        due_on: None,
        promised_on: None,
        statutory_on: None,
        supplement_by: None,
        code: None,
        last_four: None,
        ticket: None,
        open: Vec::new(),
        holder: None,
        lease_until: None,
        claim_epoch: 0,
        version: 1,
        clock: Default::default(),
        second: None,
        sticky: None,
        tombstone: false,
    }
}

/// Case 1 and 3 need two people to approve.
fn rules(case: usize) -> Rules {
    Rules {
        two_person: if case.is_multiple_of(2) { vec![Kind::Approve] } else { Vec::new() },
        branches: BRANCHES.map(BranchId::from).to_vec(),
        ..Rules::default()
    }
}

fn decision(kind: usize, dice: &mut Dice) -> Decision {
    let words = || "理由".to_owned();
    match kind {
        0 => Decision::Accept,
        1 => Decision::Approve,
        2 => Decision::RefuseToAccept { reason: words(), remedy: words() },
        3 => Decision::Reject { ground: words(), reason: words(), remedy: words() },
        4 => Decision::ReturnForSupplement {
            items: vec![Item { key: "any".into(), code: None, words: words() }],
            by: jiff::civil::date(2099, 1, 1),
        },
        _ => Decision::Transfer { branch: BRANCHES[dice.roll(2)].into(), reason: words() },
    }
}

struct Run<'a> {
    connection: &'a mut Connection,
    fault: Fault,
    start: Timestamp,
    clock: i64,
}

impl Run<'_> {
    fn now(&self) -> Timestamp {
        self.start + SignedDuration::from_secs(self.clock)
    }

    fn told(&self, case: &Case) -> Told {
        let now = self.now();
        Told {
            case: usize::try_from(case.id.0.as_u128()).unwrap() - 1,
            holder: case
                .holder_at(now)
                .map(|holder| holder.as_str().strip_prefix("officer-").unwrap().parse().unwrap()),
            epoch: case.claim_epoch,
            version: case.version,
            branch: BRANCHES.iter().position(|b| *b == case.branch.as_str()).unwrap(),
            status: format!("{:?}", case.status),
            place: format!("{:?}", case.place),
            waits: case.second.is_some(),
        }
    }

    /// Does one thing on the real store, as the API would: look, then act, all in one job or nothing.
    fn real(&mut self, doing: &Doing, wording: &Decision) -> Answer {
        let (now, fault) = (self.now(), self.fault);
        let lease = SignedDuration::from_secs(if fault == Fault::ShortLease { 1 } else { LEASE });
        let sticky = SignedDuration::from_secs(STICKY);
        let today = jiff::civil::datetime(2026, 11, 20, 10, 0, 0, 0);
        let done: Result<Option<Case>, DecideError> = in_savepoint(self.connection, |c| {
            let find = |case: usize| cases::find(c, id(case))?.ok_or(StoreError::Damaged("the case is gone"));
            match *doing {
                Doing::Next { by } => {
                    let who = officer(by);
                    Ok(claims::next(c, Act { officer: &who, now }, &scopes(by), &Scopes::default(), lease)?)
                }
                Doing::Claim { by, case } => {
                    Ok(Some(claims::claim(c, Act { officer: &officer(by), now }, find(case)?, lease)?))
                }
                Doing::Renew { by, case, epoch } => {
                    Ok(Some(claims::renew(c, Act { officer: &officer(by), now }, find(case)?, epoch, lease)?))
                }
                Doing::Release { by, case, epoch } => {
                    if fault == Fault::LostRelease {
                        let mut kept = claims::held(Act { officer: &officer(by), now }, find(case)?, epoch)?;
                        (kept.holder, kept.claim_epoch, kept.version) = (None, epoch + 1, kept.version + 1);
                        return Ok(Some(kept));
                    }
                    Ok(Some(claims::release(c, Act { officer: &officer(by), now }, find(case)?, epoch)?))
                }
                Doing::Assign { by, case, to, above } => {
                    let act = Act { officer: &officer(by), now };
                    Ok(Some(claims::assign(c, act, find(case)?, &officer(to), above, lease, sticky)?))
                }
                Doing::Decide { by, case, epoch, version, .. } => {
                    let mut found = find(case)?;
                    let (mut claim_epoch, mut version) = (epoch, version);
                    if fault == Fault::NoFencing {
                        (claim_epoch, version) = (found.claim_epoch, found.version);
                        found.holder = Some(officer(by));
                        found.lease_until = Some(now + lease);
                    }
                    let asked = Asked { claim_epoch, version, decision: wording.clone(), note: None };
                    let act = Act { officer: &officer(by), now };
                    let mut rules = rules(case);
                    if fault == Fault::OnePerson {
                        rules.two_person.clear();
                    }
                    Ok(Some(deciding::decide(c, act, found, asked, today, &rules)?))
                }
                Doing::Back { case } => {
                    Ok(Some(deciding::supplement_back(c, "office", find(case)?, now, today, sticky, &rules(case))?))
                }
            }
        });
        match done {
            Ok(Some(case)) => Answer::Case(self.told(&case)),
            Ok(None) => Answer::Empty,
            Err(DecideError::Claim(ClaimError::Held(_))) => Answer::Held,
            Err(DecideError::Claim(ClaimError::LeaseLost)) => Answer::LeaseLost,
            Err(DecideError::Claim(ClaimError::Ended)) => Answer::Ended,
            Err(DecideError::VersionConflict(_)) => Answer::Stale,
            Err(DecideError::Refused(_)) => Answer::Refused,
            Err(DecideError::Claim(ClaimError::Store(error))) => panic!("{error}"),
        }
    }
}

/// What one history found.
#[derive(Default)]
struct Found {
    disagreement: Option<String>,
    double_decisions: u64,
    lost: u64,
}

fn history(seed: u64, fault: Fault) -> Found {
    let mut dice = Dice(seed);
    let mut connection = in_memory().unwrap();
    connection.pragma_update(None, "foreign_keys", "OFF").unwrap();
    let start = Timestamp::from_second(1_795_000_000).unwrap();
    for number in 0..CASES {
        cases::insert(&connection, &fresh(number, start)).unwrap();
    }
    let mut model = Model::new(CASES, LEASE, STICKY, OFFICERS.map(<[usize]>::to_vec).to_vec());
    let mut run = Run { connection: &mut connection, fault, start, clock: 0 };
    // What each officer last saw of each case: acts use it, so that they are stale now and then.
    let mut seen = [[(0_i64, 1_i64); CASES]; OFFICERS.len()];
    let mut found = Found::default();
    for step in 0..STEPS {
        let (by, case) = (dice.roll(OFFICERS.len()), dice.roll(CASES));
        let (epoch, version) = seen[by][case];
        let kind = dice.roll(6);
        let wording = decision(kind, &mut dice);
        let to_branch = match &wording {
            Decision::Transfer { branch, .. } => BRANCHES.iter().position(|b| b == branch),
            Decision::Accept
            | Decision::RefuseToAccept { .. }
            | Decision::ReturnForSupplement { .. }
            | Decision::Approve
            | Decision::Reject { .. } => None,
        };
        let doing = match dice.roll(16) {
            0 | 1 => Doing::Next { by },
            2 | 3 => Doing::Claim { by, case },
            4 => Doing::Renew { by, case, epoch },
            5 => Doing::Release { by, case, epoch },
            6 => Doing::Assign { by, case, to: dice.roll(OFFICERS.len()), above: dice.roll(3) == 0 },
            7 => Doing::Back { case },
            8 | 9 => {
                run.clock += [30, 600, LEASE, STICKY + 1][dice.roll(4)];
                continue;
            }
            _ => Doing::Decide { by, case, epoch, version, kind, to_branch },
        };
        let (real, expected) = (run.real(&doing, &wording), model.expect(&doing, run.clock));
        if real != expected {
            let text = format!("seed {seed} step {step}: {doing:?}\n  store {real:?}\n  model {expected:?}");
            found.disagreement.get_or_insert(text);
            break;
        }
        if let Answer::Case(told) = &real {
            seen[by][told.case] = (told.epoch, told.version);
            if let Some(holder) = told.holder {
                seen[holder][told.case] = (told.epoch, told.version);
            }
        }
    }
    found.double_decisions = double_decisions(run.connection);
    found.lost = lost(&mut run);
    found
}

/// Cases that were ended more than once, or approved by one person where two are needed: counted by plain SQL.
fn double_decisions(connection: &Connection) -> u64 {
    let count = |sql: &str| connection.query_row(sql, [], |row| row.get::<_, i64>(0)).unwrap().unsigned_abs();
    let ended_twice = count(
        "SELECT COUNT(*) FROM (SELECT case_id FROM decision WHERE status IN ('approved', 'rejected', 'refused')
         GROUP BY case_id HAVING COUNT(*) > 1)",
    );
    let alone = count(
        "SELECT COUNT(*) FROM decision d WHERE status = 'approved'
         AND CAST(substr(case_id, -1) AS INTEGER) % 2 = 1
         AND NOT EXISTS (SELECT 1 FROM decision e WHERE e.case_id = d.case_id AND e.seq < d.seq
             AND e.officer <> d.officer AND json_extract(e.decision, '$.decision') = 'approve')",
    );
    ended_twice + alone
}

/// After all leases and turns have run out, every open case can be got at: those in the queue as somebody's next,
/// those with the person by hand.
fn lost(run: &mut Run<'_>) -> u64 {
    run.clock += 10 * STICKY;
    run.fault = Fault::None;
    let mut reached = std::collections::BTreeSet::new();
    for by in 0..OFFICERS.len() {
        while let Answer::Case(told) = run.real(&Doing::Next { by }, &Decision::Accept) {
            reached.insert(told.case);
        }
        run.clock += LEASE + 1;
    }
    let mut lost = 0;
    for number in 0..CASES {
        let Some(case) = cases::find(run.connection, id(number)).unwrap() else {
            lost += 1;
            continue;
        };
        let fine = match case.place {
            Place::Closed => case.status.ended(),
            Place::Queue => reached.contains(&number),
            Place::Parked => {
                case.status == Status::Supplement
                    && matches!(run.real(&Doing::Claim { by: 0, case: number }, &Decision::Accept), Answer::Case(_))
            }
            Place::Opening => false,
        };
        lost += u64::from(!fine);
    }
    lost
}

#[test]
fn histories_agree_with_the_model_and_nothing_is_decided_twice_or_lost() {
    let histories: u64 = std::env::var("HISTORIES").ok().and_then(|text| text.parse().ok()).unwrap_or(300);
    let seed: u64 = std::env::var("SEED").ok().and_then(|text| text.parse().ok()).unwrap_or(20_261_122);
    let (mut double_decisions, mut lost) = (0, 0);
    for number in 0..histories {
        let found = history(seed.wrapping_add(number), Fault::None);
        if let Some(text) = found.disagreement {
            panic!("{text}");
        }
        double_decisions += found.double_decisions;
        lost += found.lost;
    }
    let told = serde_json::json!({
        "histories": histories, "double_decisions": double_decisions, "lost": lost, "seed": seed,
    });
    if let Ok(path) = std::env::var("HISTORY_REPORT") {
        std::fs::write(path, format!("{told}\n")).unwrap();
    }
    assert_eq!((double_decisions, lost), (0, 0), "{told}");
}

#[test]
fn planted_faults_are_found() {
    for fault in [Fault::NoFencing, Fault::LostRelease, Fault::ShortLease, Fault::OnePerson] {
        assert!((0..200).any(|seed| history(seed, fault).disagreement.is_some()));
    }
    let doubled: u64 = (0..200).map(|seed| history(seed, Fault::OnePerson).double_decisions).sum();
    assert!(doubled > 0, "an approval by one person is counted by plain SQL too");
}
