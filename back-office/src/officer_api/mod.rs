//! The officers' door: list, open, claim and decide cases; check the audit log; the description of all this as OpenAPI.
//! Invariants: every operation but the description needs an officer's token; an officer sees and touches only cases of
//! their branches (others do not exist for them); router and description come from one table.
//! Not here: the web application, passkeys and sessions.

mod attachments;
mod audit;
mod cases;
mod claims;
mod decisions;
mod openapi;
mod shapes;

use crate::office::Office;
use crate::officers::Officer;
use crate::problem::ApiProblem;
use crate::store::cases::Case;
use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequestParts};
use axum::http::request::Parts;
use axum::http::{StatusCode, header};
use axum::routing::{MethodRouter, get, post};
use std::sync::Arc;
use wire::problem::Retry;

/// One operation: where it is, what it means, who handles it.
struct Operation {
    method: &'static str,
    path: &'static str,
    summary: &'static str,
    /// Schema names of body and answer, see `openapi`.
    body: Option<&'static str>,
    answer: &'static str,
    /// Query parameters by name.
    query: &'static [&'static str],
    handler: fn() -> MethodRouter<Arc<Office>>,
}

macro_rules! operation {
    ($method:ident $path:literal, $summary:literal, $body:expr, $answer:literal, $query:expr, $handler:path) => {
        Operation {
            method: stringify!($method),
            path: $path,
            summary: $summary,
            body: $body,
            answer: $answer,
            query: $query,
            handler: || $method($handler),
        }
    };
}

/// The index of this door.
const OPERATIONS: &[Operation] = &[
    operation!(get "/v1/openapi.json", "This description", None, "OpenApi", &[], openapi::describe),
    operation!(get "/v1/me", "Who the token belongs to", None, "Me", &[], cases::me),
    operation!(get "/v1/queue", "Cases in the order of work", None, "CaseList",
        &["branch", "status", "code", "closed", "most"], cases::list),
    operation!(post "/v1/queue/claim-next", "Claim the first case nobody holds", Some("ClaimNext"), "Case", &[],
        claims::claim_next),
    operation!(get "/v1/cases/{id}", "A case with what the person submitted", None, "CaseDetail", &[], cases::show),
    operation!(get "/v1/cases/{id}/attachments/{attachment}", "A picture or file of a case", None, "Binary", &[],
        attachments::get),
    operation!(post "/v1/cases/{id}/claim", "Claim this case", None, "Case", &[], claims::claim),
    operation!(post "/v1/cases/{id}/renew", "Keep a claim for another lease", Some("Held"), "Case", &[],
        claims::renew),
    operation!(post "/v1/cases/{id}/release", "Put a claimed case back", Some("Held"), "Case", &[], claims::release),
    operation!(post "/v1/cases/{id}/decide", "Decide a case you hold", Some("Decide"), "Case", &[],
        decisions::decide),
    operation!(get "/v1/audit/check", "Walk the audit log (auditors)", None, "AuditCheck", &[], audit::check),
];

/// The routes.
pub fn router(office: Arc<Office>) -> Router {
    OPERATIONS
        .iter()
        .fold(Router::new(), |router, operation| router.route(operation.path, (operation.handler)()))
        .fallback(|| async { ApiProblem::not_found() })
        .layer(DefaultBodyLimit::max(64 << 10))
        .with_state(office)
}

/// The officer whose token a request carries.
struct FromOfficer(Officer);

impl FromRequestParts<Arc<Office>> for FromOfficer {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, office: &Arc<Office>) -> Result<Self, ApiProblem> {
        let token = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "));
        token.and_then(|token| office.officers.by_token(token.trim())).map(Self).ok_or_else(|| {
            ApiProblem::new("no-token", StatusCode::UNAUTHORIZED, Retry::Never, "A valid officer's token is needed")
        })
    }
}

impl FromOfficer {
    fn actor(&self) -> String {
        format!("officer:{}", self.0.id)
    }

    /// The case, when it is of the officer's branches and out of the machine's hands.
    fn may_see(&self, case: Option<Case>) -> Result<Case, ApiProblem> {
        case.filter(|case| self.0.branches.contains(&case.branch) && case.place != crate::store::cases::Place::Opening)
            .ok_or_else(ApiProblem::not_found)
    }
}
