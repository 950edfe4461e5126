//! Who comes in through the officers' door: a bearer token, or a session's cookie; and whether they may.
//! Invariants: what a call needs stands in the table of `super` and is looked at before its handler runs; what a cookie
//! changes must come from the workbench itself (header `x-yimen`, JSON); a one-time password opens nothing but its own
//! change; what an officer may not see does not exist for them (404), what they may not do is said (403).

use super::{Need, Operation};
use crate::office::Office;
use crate::officers::Officer;
use crate::problem::ApiProblem;
use crate::rights::{Action, Rights};
use crate::store::cases::{Case, Place};
use crate::store::claims::Act;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use domain::ids::{BranchId, StationId};
use jiff::Timestamp;
use std::sync::Arc;
use wire::problem::Retry;

/// Marks calls that the browser makes by itself (refreshing a list, a heartbeat): they do not keep a session alive.
const BACKGROUND: &str = "x-yimen-background";

/// The name of the session's cookie: `__Host-` needs TLS, which a loopback door behind a proxy lacks.
pub(super) fn cookie_name(office: &Office) -> &'static str {
    if office.loaded.config.listen.officers_tls { "__Host-yimen" } else { "yimen" }
}

/// The secret of the session in these headers.
pub(super) fn secret(office: &Office, headers: &HeaderMap) -> Option<String> {
    let name = cookie_name(office);
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

/// The officer of a request, with what the call needs.
#[derive(Clone)]
pub(super) struct FromOfficer {
    pub(super) officer: Arc<Officer>,
    pub(super) rights: Arc<Rights>,
    needs: &'static [Action],
}

impl<S: Sync> FromRequestParts<S> for FromOfficer {
    type Rejection = ApiProblem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, ApiProblem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(not_signed_in)
    }
}

fn not_signed_in() -> ApiProblem {
    ApiProblem::new("not-signed-in", StatusCode::UNAUTHORIZED, Retry::Never, "Sign in, or give a valid token")
}

/// The role lacks this.
pub(super) fn not_your_right() -> ApiProblem {
    ApiProblem::new("not-your-right", StatusCode::FORBIDDEN, Retry::Never, "Your role does not include this")
}

/// Stands before every operation.
pub(super) async fn guard(
    State((office, operation)): State<(Arc<Office>, &'static Operation)>,
    mut request: Request,
    next: Next,
) -> Result<Response, ApiProblem> {
    let Some(needs) = (match operation.need {
        Need::Nobody => None,
        Need::SignedIn => Some([].as_slice()),
        Need::Any(actions) => Some(actions),
    }) else {
        return Ok(next.run(request).await);
    };
    let officer = who(&office, &request).ok_or_else(not_signed_in)??;
    let one_time = officer.1 && officer.0.password.as_ref().is_some_and(|password| password.one_time);
    if one_time && !matches!(operation.need, Need::SignedIn) {
        return Err(ApiProblem::new(
            "password-change-needed",
            StatusCode::FORBIDDEN,
            Retry::Never,
            "Choose a password of your own first",
        ));
    }
    let rights = officer.0.rights();
    if !needs.is_empty() && !needs.iter().any(|action| rights.anywhere(*action)) {
        // Whoever may see a case is told that the act is not theirs; for everybody else the case does not exist.
        // Where something is named, the handler's `may` says which of the two, by the case it belongs to.
        if !operation.path.contains('{') {
            return Err(not_your_right());
        }
        if !rights.anywhere(Action::View) {
            return Err(ApiProblem::not_found());
        }
    }
    request.extensions_mut().insert(FromOfficer { officer: Arc::new(officer.0), rights: Arc::new(rights), needs });
    let changes = *request.method() != Method::GET;
    let response = next.run(request).await;
    if changes && response.status().is_success() {
        office.changes.bump();
    }
    Ok(response)
}

/// The officer, and whether they came by cookie; `None` = nobody.
fn who(office: &Office, request: &Request) -> Option<Result<(Officer, bool), ApiProblem>> {
    let headers = request.headers();
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if let Some(token) = bearer.and_then(|value| value.strip_prefix("Bearer ")) {
        return office.officers.by_token(token.trim()).map(|officer| Ok((officer, false)));
    }
    let secret = secret(office, headers)?;
    let touch = !headers.contains_key(BACKGROUND);
    let id = office.sessions.officer(&secret, ambient::now(), touch)?;
    let officer = office.officers.by_id(id.as_str())?;
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if !reads {
        let own = headers.get("x-yimen").is_some_and(|value| value == "1");
        let json = *request.method() == Method::DELETE || is_json(headers) || uploaded(headers).is_some();
        if !own || !json {
            return Some(Err(ApiProblem::new(
                "not-from-the-workbench",
                StatusCode::FORBIDDEN,
                Retry::Never,
                "Send `x-yimen: 1` and `content-type: application/json`, or the type of the file",
            )));
        }
    }
    Some(Ok((officer, true)))
}

/// Types of files that are taken at the counter and shown to officers as what they are. A browser sends none of them to
/// another site without asking first.
pub(super) const FILES: [&str; 3] = ["image/jpeg", "image/png", "application/pdf"];

/// The type of the file that the body says it is.
pub(super) fn uploaded(headers: &HeaderMap) -> Option<&'static str> {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    FILES.into_iter().find(|known| kind.eq_ignore_ascii_case(known))
}

/// The body says that it is JSON.
pub(super) fn is_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json")
}

impl FromOfficer {
    /// The actor of an audit leaf.
    pub(super) fn actor(&self) -> String {
        format!("officer:{}", self.officer.id)
    }

    /// This officer acting now.
    pub(super) fn act(&self, now: Timestamp) -> Act<'_> {
        Act { officer: &self.officer.id, now }
    }

    /// May do this to this case.
    pub(super) fn can(&self, action: Action, case: &Case) -> bool {
        self.rights.may(action, &case.branch, &case.station)
    }

    /// May do what this call does for this branch and station: else, where they see its cases, they are told; for everybody
    /// else there is nothing.
    pub(super) fn may_at(&self, branch: &BranchId, station: &StationId) -> Result<(), ApiProblem> {
        if self.needs.iter().any(|action| self.rights.may(*action, branch, station)) {
            return Ok(());
        }
        let sees = self.rights.may(Action::View, branch, station);
        Err(if sees { not_your_right() } else { ApiProblem::not_found() })
    }

    /// The case, when the officer may see it and do what this call does.
    pub(super) fn may(&self, case: Option<Case>) -> Result<Case, ApiProblem> {
        let seen = case.filter(|case| case.place != Place::Opening && self.can(Action::View, case));
        let case = seen.ok_or_else(ApiProblem::not_found)?;
        let may = self.needs.is_empty() || self.needs.iter().any(|action| self.can(*action, &case));
        if may { Ok(case) } else { Err(not_your_right()) }
    }
}
