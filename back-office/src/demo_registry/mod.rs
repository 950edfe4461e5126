//! The demonstration registry: fictional residents from a TOML file behind the registry's protocol.
//! Invariants: it says `demo` in its health, and a production office believes nothing it says; it answers about a
//! ward only to a guardian it knows; whoever it does not know is never `may-issue`.
//! Not here: the random share of clean answers, which the office draws.

mod residents;

pub use residents::{Residents, ResidentsError};

use axum::extract::State;
use axum::routing::{get, post};
use axum::{Json, Router};
use jiff::civil::Date;
use std::sync::Arc;
use wire::registry::{OwnRecord, OwnRecordRequest, RecordCheckRequest, RecordCheckResponse};

/// Tells the day of asking.
pub type Today = Arc<dyn Fn() -> Date + Send + Sync>;

#[derive(Clone)]
struct Shared {
    residents: Arc<Residents>,
    today: Today,
}

/// The routes.
pub fn router(residents: Residents, today: Today) -> Router {
    Router::new()
        .route("/v1/health", get(|| async { Json(serde_json::json!({ "ok": true, "demo": true })) }))
        .route("/v1/own-record", post(own_record))
        .route("/v1/record-check", post(record_check))
        .with_state(Shared { residents: Arc::new(residents), today })
}

async fn own_record(State(shared): State<Shared>, Json(asked): Json<OwnRecordRequest>) -> Json<OwnRecord> {
    let today = (shared.today)();
    let facts = match &asked.ward {
        None => shared.residents.facts(asked.id_number.expose(), today),
        Some(ward) => shared.residents.ward_facts(asked.id_number.expose(), ward.expose(), today),
    };
    Json(OwnRecord { facts })
}

async fn record_check(
    State(shared): State<Shared>,
    Json(asked): Json<RecordCheckRequest>,
) -> Json<RecordCheckResponse> {
    Json(RecordCheckResponse { answer: shared.residents.check(asked.id_number.expose(), &asked.check) })
}
