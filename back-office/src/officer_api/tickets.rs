//! Tickets: who waits, who is called to which window. What a step does: `store::tickets`.
//! Invariants: an officer sees and calls only tickets of cases of their branches and stations, others do not exist;
//! nothing personal is in a ticket.

use super::claims::{conflict, read};
use super::door::FromOfficer;
use super::shapes::{branch_names, branch_row};
use crate::counter;
use crate::office::{Office, china_day};
use crate::problem::ApiProblem;
use crate::rights::Action;
use crate::store::tickets::{self, State, Step, Ticket};
use crate::store::{StoreError, cases};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State as Shared};
use axum::http::StatusCode;
use domain::ids::{BranchId, CaseId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;
use wire::problem::Retry;

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct Window {
    /// Where to; the officer's own when absent.
    window: Option<String>,
}

/// A ticket as shown.
#[derive(Serialize)]
pub(super) struct TicketRow {
    number: String,
    case_id: CaseId,
    title: String,
    branch: BranchId,
    branch_name: String,
    state: State,
    drawn_at: Timestamp,
    called_at: Option<Timestamp>,
    calls: u32,
    window: Option<String>,
    /// Until it was called, or until now.
    waited_minutes: i64,
}

#[derive(Serialize)]
struct HoursRow {
    open: bool,
    words: String,
}

/// All tickets of the day.
#[derive(Serialize)]
pub(super) struct Tickets {
    now_serving: Vec<TicketRow>,
    waiting: Vec<TicketRow>,
    done: Vec<TicketRow>,
    hours: HoursRow,
}

fn row(names: &BTreeMap<BranchId, String>, ticket: Ticket, now: Timestamp) -> TicketRow {
    let until = ticket.called_at.filter(|_| ticket.state != State::Waiting).unwrap_or(now);
    TicketRow {
        branch_name: branch_row(names, &ticket.branch).name,
        waited_minutes: until.duration_since(ticket.drawn_at).as_mins().max(0),
        number: ticket.number,
        case_id: ticket.case,
        title: ticket.title,
        branch: ticket.branch,
        state: ticket.state,
        drawn_at: ticket.drawn_at,
        called_at: ticket.called_at,
        calls: ticket.calls,
        window: ticket.window,
    }
}

/// `GET /v1/tickets`.
pub(super) async fn list(Shared(office): Shared<Arc<Office>>, from: FromOfficer) -> Result<Json<Tickets>, ApiProblem> {
    let (now, scopes) = (ambient::now(), from.rights.scopes(Action::Tickets));
    let all = office.store.read::<_, StoreError>(move |c| tickets::within(c, &scopes, china_day(now))).await?;
    let names = branch_names(&office);
    let of = |wanted: &[State]| -> Vec<TicketRow> {
        let own = all.iter().filter(|ticket| wanted.contains(&ticket.state)).cloned();
        own.map(|ticket| row(&names, ticket, now)).collect()
    };
    Ok(Json(Tickets {
        now_serving: of(&[State::Called]),
        waiting: of(&[State::Waiting]),
        done: of(&[State::Served, State::NoShow]),
        hours: HoursRow { open: counter::is_open(&office, now), words: counter::words(&office, now) },
    }))
}

/// The window that was said.
fn said(body: &[u8]) -> Result<Option<String>, ApiProblem> {
    let said: Window = if body.is_empty() { Window::default() } else { read(body)? };
    let window = said.window.map(|window| window.trim().to_owned()).filter(|window| !window.is_empty());
    // It stands on the wall in large type.
    match window {
        Some(window) if window.chars().count() > 12 => {
            Err(ApiProblem::malformed("the name of a window has at most 12 characters"))
        }
        window => Ok(window),
    }
}

/// The window of a call: what was said, else the officer's own.
fn window(from: &FromOfficer, body: &[u8]) -> Result<String, ApiProblem> {
    said(body)?.or_else(|| from.officer.window.clone()).ok_or_else(|| {
        ApiProblem::new(
            "window-needed",
            StatusCode::UNPROCESSABLE_ENTITY,
            Retry::Never,
            "Say to which window the person is called",
        )
    })
}

/// `POST /v1/tickets/call-next`.
pub(super) async fn call_next(
    Shared(office): Shared<Arc<Office>>,
    from: FromOfficer,
    body: Bytes,
) -> Result<Json<TicketRow>, ApiProblem> {
    let window = window(&from, &body)?;
    let (now, scopes) = (ambient::now(), from.rights.scopes(Action::Tickets));
    let ticket = office
        .store
        .write::<_, ApiProblem>(move |c| {
            let next = tickets::longest_waiting(c, &scopes, china_day(now))?;
            let nobody =
                || ApiProblem::new("nobody-waits", StatusCode::NOT_FOUND, Retry::Later, "Nobody waits with a number");
            let called = tickets::take(c, from.act(now), next.ok_or_else(nobody)?, Step::Call, Some(&window))?;
            called.ok_or_else(nobody)
        })
        .await?;
    Ok(Json(row(&branch_names(&office), ticket, now)))
}

/// Takes a step with one ticket.
async fn step(
    office: Arc<Office>,
    from: FromOfficer,
    number: String,
    step: Step,
    window: Option<String>,
) -> Result<Json<TicketRow>, ApiProblem> {
    let now = ambient::now();
    let ticket = office
        .store
        .write::<_, ApiProblem>(move |c| {
            let ticket = tickets::find(c, &number, china_day(now))?.ok_or_else(ApiProblem::not_found)?;
            from.may(cases::find(c, ticket.case)?)?;
            tickets::take(c, from.act(now), ticket, step, window.as_deref())?
                .ok_or_else(|| conflict("ticket-state", "This cannot be done with the number as it stands"))
        })
        .await?;
    Ok(Json(row(&branch_names(&office), ticket, now)))
}

/// `POST /v1/tickets/{number}/call`.
pub(super) async fn call(
    Shared(office): Shared<Arc<Office>>,
    from: FromOfficer,
    Path(number): Path<String>,
    body: Bytes,
) -> Result<Json<TicketRow>, ApiProblem> {
    let window = window(&from, &body)?;
    step(office, from, number, Step::Call, Some(window)).await
}

/// `POST /v1/tickets/{number}/recall`.
pub(super) async fn recall(
    Shared(office): Shared<Arc<Office>>,
    from: FromOfficer,
    Path(number): Path<String>,
    body: Bytes,
) -> Result<Json<TicketRow>, ApiProblem> {
    let window = window(&from, &body)?;
    step(office, from, number, Step::Recall, Some(window)).await
}

/// `POST /v1/tickets/{number}/no-show`.
pub(super) async fn no_show(
    Shared(office): Shared<Arc<Office>>,
    from: FromOfficer,
    Path(number): Path<String>,
) -> Result<Json<TicketRow>, ApiProblem> {
    step(office, from, number, Step::NoShow, None).await
}

/// `POST /v1/tickets/{number}/served`.
pub(super) async fn served(
    Shared(office): Shared<Arc<Office>>,
    from: FromOfficer,
    Path(number): Path<String>,
    body: Bytes,
) -> Result<Json<TicketRow>, ApiProblem> {
    let window = said(&body)?;
    step(office, from, number, Step::Served, window).await
}

/// `POST /v1/cases/{id}/ticket`: a number for somebody who stands at the counter.
pub(super) async fn draw(
    Shared(office): Shared<Arc<Office>>,
    from: FromOfficer,
    Path(id): Path<uuid::Uuid>,
) -> Result<Json<TicketRow>, ApiProblem> {
    let now = ambient::now();
    let day = counter::good_on(&office, now);
    let ticket = office
        .store
        .write::<_, ApiProblem>(move |c| {
            let case = from.may(cases::find(c, CaseId(id))?)?;
            Ok(tickets::draw(c, from.act(now), case.id, day)?)
        })
        .await?;
    Ok(Json(row(&branch_names(&office), ticket, now)))
}
