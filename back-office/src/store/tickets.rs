//! Waiting tickets: drawn, called, called again, served, not come.
//! Invariants: a ticket belongs to one case and is good on one day; one writer, so that no ticket is called to two
//! windows; a ticket whose case has ended waits no more; every change and its audit leaf are in the caller's one job.
//! Not here: who may call (`crate::rights`), when the counter is open (`domain::hours`).

use super::cases::Scopes;
use super::claims::Act;
use super::{StoreError, audit, instant, sequences};
use domain::ids::{BranchId, CaseId, StationId};
use jiff::Timestamp;
use jiff::civil::Date;
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use serde::Serialize;

/// Where a ticket stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum State {
    /// Nobody called it yet.
    Waiting,
    /// On the wall.
    Called,
    /// The person was served.
    Served,
    /// The person did not come; may be called again.
    NoShow,
}

impl State {
    const ALL: [Self; 4] = [Self::Waiting, Self::Called, Self::Served, Self::NoShow];

    fn word(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Called => "called",
            Self::Served => "served",
            Self::NoShow => "no-show",
        }
    }
}

/// A ticket with what its case tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// The day it is good on.
    pub day: Date,
    /// As printed, e.g. `A012`.
    pub number: String,
    /// Its case.
    pub case: CaseId,
    /// The service's name.
    pub title: String,
    /// The case's branch.
    pub branch: BranchId,
    /// The case's station.
    pub station: StationId,
    /// Where it stands.
    pub state: State,
    /// When it was drawn.
    pub drawn_at: Timestamp,
    /// When it was called last.
    pub called_at: Option<Timestamp>,
    /// How often it was called.
    pub calls: u32,
    /// Where to.
    pub window: Option<String>,
}

/// What can be done to a ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// To the wall, from waiting or after not coming.
    Call,
    /// Once more.
    Recall,
    /// The person did not come.
    NoShow,
    /// The person was served, also one who came without being called.
    Served,
}

impl Step {
    /// The state afterwards, when the step can be taken from this one.
    fn after(self, state: State) -> Option<State> {
        match (self, state) {
            (Self::Call, State::Waiting | State::NoShow) | (Self::Recall, State::Called) => Some(State::Called),
            (Self::NoShow, State::Called) => Some(State::NoShow),
            (Self::Served, State::Waiting | State::Called) => Some(State::Served),
            (Self::Call | Self::Recall | Self::NoShow | Self::Served, _) => None,
        }
    }

    fn leaf(self) -> &'static str {
        match self {
            Self::Call => "ticket-called",
            Self::Recall => "ticket-recalled",
            Self::NoShow => "ticket-no-show",
            Self::Served => "ticket-served",
        }
    }
}

const SELECT: &str = "SELECT t.day, t.number, t.case_id, c.title, c.branch, c.station, t.state, t.drawn_at, t.called_at, \
     t.calls, t.window FROM ticket t JOIN office_case c ON c.id = t.case_id";

fn from_row(row: &Row<'_>) -> rusqlite::Result<Ticket> {
    let damaged = || super::column_error(Box::new(StoreError::Damaged("ticket")));
    let (day, state): (String, String) = (row.get(0)?, row.get(6)?);
    Ok(Ticket {
        day: day.parse().map_err(|_| damaged())?,
        number: row.get(1)?,
        case: CaseId(super::parse_uuid(&row.get::<_, String>(2)?)?),
        title: row.get(3)?,
        branch: BranchId::new(row.get::<_, String>(4)?),
        station: StationId::new(row.get::<_, String>(5)?),
        state: State::ALL.into_iter().find(|known| known.word() == state).ok_or_else(damaged)?,
        drawn_at: instant(row.get(7)?),
        called_at: row.get::<_, Option<i64>>(8)?.map(instant),
        calls: row.get(9)?,
        window: row.get(10)?,
    })
}

/// Notes a ticket for a case under a number that the day's counter gave.
///
/// # Errors
/// The store's, also when the number is taken.
pub fn add(connection: &Connection, case: CaseId, number: &str, day: Date, now: Timestamp) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO ticket (day, number, case_id, state, drawn_at) VALUES ($1, $2, $3, 'waiting', $4)",
        )?
        .execute(params![day.to_string(), number, case.to_string(), now.as_millisecond()])?;
    Ok(())
}

/// Draws a ticket at the counter for a case, good on `day`; a ticket of the case that still waits or is called is given
/// again, so that a second press makes no second ticket.
///
/// # Errors
/// The store's.
pub fn draw(connection: &Connection, act: Act<'_>, case: CaseId, day: Date) -> Result<Ticket, StoreError> {
    let open = connection
        .prepare_cached(&format!(
            "{SELECT} WHERE t.case_id = $1 AND t.day >= $2 AND t.state IN ('waiting', 'called') ORDER BY t.day LIMIT 1"
        ))?
        .query_row(params![case.to_string(), day.to_string()], from_row)
        .optional()?;
    if let Some(open) = open {
        return Ok(open);
    }
    let number = sequences::next_ticket(connection, day)?;
    add(connection, case, &number, day, act.now)?;
    connection
        .prepare_cached("UPDATE office_case SET ticket = $1 WHERE id = $2")?
        .execute(params![number, case.to_string()])?;
    let details = serde_json::json!({ "ticket": number });
    audit::append(connection, act.now, &act.actor(), "ticket-drawn", &format!("case:{case}"), details)?;
    find(connection, &number, day)?.ok_or(StoreError::Damaged("ticket"))
}

/// A ticket by number, good today or later; one that is not done comes first.
///
/// # Errors
/// The store's.
pub fn find(connection: &Connection, number: &str, today: Date) -> Result<Option<Ticket>, StoreError> {
    Ok(connection
        .prepare_cached(&format!(
            "{SELECT} WHERE t.number = $1 AND t.day >= $2
             ORDER BY t.state IN ('served', 'no-show'), t.day LIMIT 1"
        ))?
        .query_row(params![number, today.to_string()], from_row)
        .optional()?)
}

/// All tickets of these scopes that are good today or later, in the order they were drawn.
///
/// # Errors
/// The store's.
pub fn within(connection: &Connection, scopes: &Scopes, today: Date) -> Result<Vec<Ticket>, StoreError> {
    let mut statement = connection.prepare_cached(&format!(
        "{SELECT} WHERE t.day >= $1 AND (t.state <> 'waiting' OR c.place <> 'closed')
           AND c.branch || '|' || c.station IN (SELECT value FROM json_each($2))
         ORDER BY t.drawn_at, t.number"
    ))?;
    let rows = statement.query_map(params![today.to_string(), scopes.text()?], from_row)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The longest waiting ticket of these scopes.
///
/// # Errors
/// The store's.
pub fn longest_waiting(connection: &Connection, scopes: &Scopes, today: Date) -> Result<Option<Ticket>, StoreError> {
    Ok(connection
        .prepare_cached(&format!(
            "{SELECT} WHERE t.day >= $1 AND t.state = 'waiting' AND c.place <> 'closed'
               AND c.branch || '|' || c.station IN (SELECT value FROM json_each($2))
             ORDER BY t.day, t.drawn_at, t.number LIMIT 1"
        ))?
        .query_row(params![today.to_string(), scopes.text()?], from_row)
        .optional()?)
}

/// What the wall shows of one station: who is called, latest first, and how many wait.
///
/// # Errors
/// The store's.
pub fn wall(
    connection: &Connection,
    station: &StationId,
    today: Date,
    most: u32,
) -> Result<(Vec<Ticket>, u32), StoreError> {
    let mut statement = connection.prepare_cached(&format!(
        "{SELECT} WHERE t.day >= $1 AND t.state = 'called' AND c.station = $2 ORDER BY t.called_at DESC, t.number LIMIT $3"
    ))?;
    let rows = statement.query_map(params![today.to_string(), station.as_str(), most], from_row)?;
    let called = rows.collect::<Result<_, _>>()?;
    let waiting = connection
        .prepare_cached(
            "SELECT COUNT(*) FROM ticket t JOIN office_case c ON c.id = t.case_id
             WHERE t.day >= $1 AND t.state = 'waiting' AND c.place <> 'closed' AND c.station = $2",
        )?
        .query_row(params![today.to_string(), station.as_str()], |row| row.get(0))?;
    Ok((called, waiting))
}

/// Takes a step; `None` when it cannot be taken from where the ticket stands.
///
/// # Errors
/// The store's.
pub fn take(
    connection: &Connection,
    act: Act<'_>,
    mut ticket: Ticket,
    step: Step,
    window: Option<&str>,
) -> Result<Option<Ticket>, StoreError> {
    let Some(state) = step.after(ticket.state) else { return Ok(None) };
    ticket.state = state;
    let mut done_at = None;
    if state == State::Called {
        ticket.called_at = Some(act.now);
        ticket.calls += 1;
    } else {
        done_at = Some(act.now.as_millisecond());
    }
    if let Some(window) = window {
        ticket.window = Some(window.to_owned());
    }
    connection
        .prepare_cached(
            "UPDATE ticket SET state = $1, called_at = $2, done_at = $3, calls = $4, window = $5
             WHERE day = $6 AND number = $7",
        )?
        .execute(params![
            state.word(),
            ticket.called_at.map(Timestamp::as_millisecond),
            done_at,
            ticket.calls,
            ticket.window,
            ticket.day.to_string(),
            ticket.number,
        ])?;
    let details = serde_json::json!({ "ticket": ticket.number, "window": ticket.window, "calls": ticket.calls });
    audit::append(connection, act.now, &act.actor(), step.leaf(), &format!("case:{}", ticket.case), details)?;
    Ok(Some(ticket))
}
