//! The wall: which number is called to which window, for a screen in the hall and for phones.
//! Invariants: numbers and windows only, nothing of a person or of what the person came for; a screen that gets no news
//! says so. Not here: calling (`officer_api::tickets`).

use super::page::{escaped, page};
use crate::counter;
use crate::office::{Office, china_day, china_time};
use crate::problem::ApiProblem;
use crate::store::StoreError;
use crate::store::tickets::{self, Ticket};
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use std::sync::Arc;

/// Most numbers on the wall: what is readable from the last chair.
const MOST: u32 = 7;
/// A call stands out for so long.
const FRESH: SignedDuration = SignedDuration::from_secs(20);

#[derive(Serialize)]
struct Called {
    number: String,
    window: Option<String>,
    calls: u32,
    called_at: Option<Timestamp>,
    /// Called just now.
    fresh: bool,
}

#[derive(Serialize)]
struct HoursRow {
    open: bool,
    words: String,
}

/// `GET /wall.json`.
#[derive(Serialize)]
pub(super) struct Wall {
    called: Vec<Called>,
    waiting: u32,
    hours: HoursRow,
    now: Timestamp,
}

async fn wall(office: &Office) -> Result<Wall, ApiProblem> {
    let (now, station) = (ambient::now(), office.loaded.bureau.station.clone());
    let found = office.store.read::<_, StoreError>(move |c| tickets::wall(c, &station, china_day(now), MOST)).await?;
    let (called, waiting) = found;
    let shown = |ticket: Ticket| Called {
        fresh: ticket.called_at.is_some_and(|at| now.duration_since(at) < FRESH),
        number: ticket.number,
        window: ticket.window,
        calls: ticket.calls,
        called_at: ticket.called_at,
    };
    Ok(Wall {
        called: called.into_iter().map(shown).collect(),
        waiting,
        hours: HoursRow { open: counter::is_open(office, now), words: counter::words(office, now) },
        now,
    })
}

/// `GET /wall.json`.
pub(super) async fn json(State(office): State<Arc<Office>>) -> Result<Json<Wall>, ApiProblem> {
    wall(&office).await.map(Json)
}

/// A bare number of a window reads as one.
fn window_words(window: Option<&str>) -> String {
    match window {
        Some(window) if window.chars().all(|c| c.is_ascii_digit()) => format!("{window} 号窗口"),
        Some(window) => window.to_owned(),
        None => "请到窗口".to_owned(),
    }
}

fn body(wall: &Wall) -> String {
    let Some((latest, before)) = wall.called.split_first() else {
        return "<div class=\"nobody\"><p>现在没有叫号</p><span>叫到您时，号码和窗口会显示在这里</span></div>"
            .to_owned();
    };
    let mut html = format!(
        "<section class=\"latest{}\"><p class=\"say\">请</p><p class=\"number\">{}</p><p class=\"window\">到 {}</p></section>",
        if latest.fresh { " fresh" } else { "" },
        escaped(&latest.number),
        escaped(&window_words(latest.window.as_deref())),
    );
    html.push_str("<section class=\"before\"><div class=\"row head\"><b>刚才叫到</b><span>窗口</span></div>");
    for called in before {
        html.push_str(&format!(
            "<div class=\"row\"><b>{}</b><span>{}</span></div>",
            escaped(&called.number),
            escaped(&window_words(called.window.as_deref()))
        ));
    }
    html.push_str("</section>");
    html
}

/// `GET /wall`.
pub(super) async fn show(State(office): State<Arc<Office>>) -> Result<Response, ApiProblem> {
    let wall = wall(&office).await?;
    let local = china_time(wall.now).time();
    let waiting = match wall.waiting {
        0 => "没有人在等".to_owned(),
        n => format!("还有 <b>{n}</b> 个号在等"),
    };
    let html = include_str!("wall.html")
        .replace("{{station}}", &escaped(&office.loaded.bureau.station_name))
        .replace("{{clock}}", &format!("{:02}:{:02}", local.hour(), local.minute()))
        .replace("{{hours}}", &escaped(&wall.hours.words))
        .replace("{{waiting}}", &waiting)
        .replace("{{body}}", &body(&wall));
    Ok(page(StatusCode::OK, &html, false))
}

#[cfg(test)]
mod tests {
    use super::window_words;

    #[test]
    fn a_window_reads_as_one() {
        assert_eq!(window_words(Some("3")), "3 号窗口");
        assert_eq!(window_words(Some("综合窗口 3")), "综合窗口 3");
        assert_eq!(window_words(None), "请到窗口");
    }
}
