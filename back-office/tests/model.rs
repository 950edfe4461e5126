//! A small reference model of claims and decisions, written from the contract: who holds what until when, and what may
//! follow. It shares no code with the store: plain numbers and its own tables.

/// One thing an officer (or the person) does. Officers, cases and branches are numbers.
#[derive(Clone, Debug)]
pub enum Doing {
    Next { by: usize },
    Claim { by: usize, case: usize },
    Renew { by: usize, case: usize, epoch: i64 },
    Release { by: usize, case: usize, epoch: i64 },
    Assign { by: usize, case: usize, to: usize, above: bool },
    Decide { by: usize, case: usize, epoch: i64, version: i64, kind: usize, to_branch: Option<usize> },
    Back { case: usize },
}

/// A case as it stands afterwards.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    pub case: usize,
    pub holder: Option<usize>,
    pub epoch: i64,
    pub version: i64,
    pub branch: usize,
    pub status: String,
    pub place: String,
    pub waits: bool,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    Case(Told),
    Empty,
    Held,
    LeaseLost,
    Ended,
    Stale,
    Refused,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Delivered,
    Accepted,
    Supplement,
    Refused,
    Approved,
    Rejected,
}

#[derive(Clone, Debug)]
struct Item {
    state: State,
    was_accepted: bool,
    branch: usize,
    held: Option<(usize, i64)>,
    epoch: i64,
    version: i64,
    first: Option<(usize, usize)>,
    turn: Option<(usize, Option<i64>)>,
}

/// The whole office in a few numbers.
pub struct Model {
    items: Vec<Item>,
    lease: i64,
    sticky: i64,
    rights: Vec<Vec<usize>>,
}

const ACCEPT: usize = 0;
const APPROVE: usize = 1;
const REFUSE: usize = 2;
const REJECT: usize = 3;
const RETURN: usize = 4;

impl Item {
    fn over(&self) -> bool {
        [State::Refused, State::Approved, State::Rejected].contains(&self.state)
    }

    fn holder(&self, now: i64) -> Option<usize> {
        self.held.filter(|(_, until)| *until > now).map(|(who, _)| who)
    }

    fn give(&mut self, to: usize, until: i64) {
        self.held = Some((to, until));
        self.epoch += 1;
        self.version += 1;
    }

    fn drop_claim(&mut self) {
        self.held = None;
        self.epoch += 1;
    }
}

impl Model {
    pub fn new(cases: usize, lease: i64, sticky: i64, rights: Vec<Vec<usize>>) -> Self {
        let item = |number: usize| Item {
            state: State::Delivered,
            was_accepted: false,
            branch: number % 2,
            held: None,
            epoch: 0,
            version: 1,
            first: None,
            turn: None,
        };
        Self { items: (0..cases).map(item).collect(), lease, sticky, rights }
    }

    fn told(&self, case: usize, now: i64) -> Answer {
        let item = &self.items[case];
        let place = match item.state {
            State::Supplement => "Parked",
            State::Delivered | State::Accepted => "Queue",
            State::Refused | State::Approved | State::Rejected => "Closed",
        };
        Answer::Case(Told {
            case,
            holder: item.holder(now),
            epoch: item.epoch,
            version: item.version,
            branch: item.branch,
            status: format!("{:?}", item.state),
            place: place.to_owned(),
            waits: item.first.is_some(),
        })
    }

    /// What must come of it now; the model goes on as if it had.
    pub fn expect(&mut self, doing: &Doing, now: i64) -> Answer {
        let (lease, sticky) = (self.lease, self.sticky);
        match *doing {
            Doing::Next { by } => {
                // Arrival order, as nothing here has a day or another priority.
                let free = (0..self.items.len()).find(|&case| {
                    let item = &self.items[case];
                    let turn = item.turn.is_none_or(|(who, until)| who == by || until.is_none_or(|until| until <= now));
                    [State::Delivered, State::Accepted].contains(&item.state)
                        && self.rights[by].contains(&item.branch)
                        && item.holder(now).is_none()
                        && turn
                        && item.first.is_none_or(|(_, who)| who != by)
                });
                let Some(case) = free else { return Answer::Empty };
                self.items[case].give(by, now + lease);
                self.told(case, now)
            }
            Doing::Claim { by, case } => {
                let item = &mut self.items[case];
                if item.over() {
                    return Answer::Ended;
                }
                match item.holder(now) {
                    Some(who) if who == by => item.held = Some((by, now + lease)),
                    Some(_) => return Answer::Held,
                    None => item.give(by, now + lease),
                }
                self.told(case, now)
            }
            Doing::Renew { by, case, epoch } => {
                let item = &mut self.items[case];
                if item.epoch != epoch || item.holder(now) != Some(by) {
                    return Answer::LeaseLost;
                }
                item.held = Some((by, now + lease));
                self.told(case, now)
            }
            Doing::Release { by, case, epoch } => {
                let item = &mut self.items[case];
                if item.epoch != epoch || item.holder(now) != Some(by) {
                    return Answer::LeaseLost;
                }
                item.drop_claim();
                item.version += 1;
                item.turn = None;
                self.told(case, now)
            }
            Doing::Assign { by, case, to, above } => {
                let item = &mut self.items[case];
                if item.over() {
                    return Answer::Ended;
                }
                match item.holder(now) {
                    Some(who) if who != by && !above => return Answer::Held,
                    None if !above => return Answer::LeaseLost,
                    Some(_) | None => {}
                }
                item.give(to, now + lease);
                item.turn = Some((to, Some(now + sticky)));
                self.told(case, now)
            }
            Doing::Decide { by, case, epoch, version, kind, to_branch } => {
                self.decide(by, case, (epoch, version), (kind, to_branch), now)
            }
            Doing::Back { case } => {
                let item = &mut self.items[case];
                if item.state == State::Supplement {
                    item.state = if item.was_accepted { State::Accepted } else { State::Delivered };
                    item.turn = item.turn.map(|(who, _)| (who, Some(now + sticky)));
                    item.version += 1;
                }
                self.told(case, now)
            }
        }
    }

    fn decide(
        &mut self,
        by: usize,
        case: usize,
        (epoch, version): (i64, i64),
        (kind, to_branch): (usize, Option<usize>),
        now: i64,
    ) -> Answer {
        let item = &mut self.items[case];
        if item.epoch != epoch || item.holder(now) != Some(by) {
            return Answer::LeaseLost;
        }
        if item.version != version {
            return Answer::Stale;
        }
        let follows = match (kind, item.state) {
            (_, State::Refused | State::Approved | State::Rejected) => false,
            (ACCEPT, state) => state != State::Accepted,
            (APPROVE | REJECT, state) => state == State::Accepted,
            (REFUSE, state) => state != State::Accepted && !item.was_accepted,
            (RETURN, _) => true,
            (_, _) => to_branch.is_some_and(|to| to != item.branch),
        };
        if !follows || item.first.is_some_and(|(_, who)| who == by) {
            return Answer::Refused;
        }
        item.version += 1;
        if kind == APPROVE && case.is_multiple_of(2) && item.first.is_none_or(|(first, _)| first != kind) {
            item.first = Some((kind, by));
            item.drop_claim();
            return self.told(case, now);
        }
        item.first = None;
        match kind {
            ACCEPT => {
                item.state = State::Accepted;
                item.was_accepted = true;
                item.turn = None;
            }
            RETURN => {
                item.state = State::Supplement;
                item.turn = Some((by, None));
                item.drop_claim();
            }
            APPROVE | REJECT | REFUSE => {
                item.state = match kind {
                    APPROVE => State::Approved,
                    REJECT => State::Rejected,
                    _ => State::Refused,
                };
                item.turn = None;
                item.drop_claim();
            }
            _ => {
                item.branch = to_branch.unwrap_or(item.branch);
                item.turn = None;
                item.drop_claim();
            }
        }
        self.told(case, now)
    }
}
