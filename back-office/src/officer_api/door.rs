//! Who comes in through the officers' door: a bearer token, or a session's cookie; and whether they may.
//! Invariants: what a call needs stands in the table of `super` and is looked at before its handler runs; what a cookie
//! changes must come from the workbench itself (header `x-yimen`, JSON); a one-time password opens nothing but its own
//! change; what an officer may not see does not exist for them (404), what they may not do is said (403).

use super::{Need, Operation};
use crate::listen::PeerAddress;
use crate::office::Office;
use crate::officers::Officer;
use crate::problem::ApiProblem;
use crate::rights::{Action, Rights};
use crate::sessions::{Ended, Found, Session, Way};
use crate::store::cases::{Case, Place};
use crate::store::claims::Act;
use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use domain::ids::{BranchId, StationId};
use jiff::{SignedDuration, Timestamp};
use std::net::IpAddr;
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
    named_cookie(cookie_name(office), headers)
}

/// The value of a cookie.
pub(super) fn named_cookie(name: &str, headers: &HeaderMap) -> Option<String> {
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
    /// The session they came by; `None` for a token.
    pub(super) session: Option<Arc<Session>>,
    /// Where they come from, when that is known.
    pub(super) address: Option<IpAddr>,
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

fn ended(why: Ended) -> ApiProblem {
    not_signed_in().member("ended", serde_json::to_value(why).unwrap_or_default())
}

/// What is asked for counts only with a fresh proof.
fn prove_again() -> ApiProblem {
    ApiProblem::new("prove-again", StatusCode::UNAUTHORIZED, Retry::Same, "Prove again who you are, then send the same")
}

/// Something of the officer's own stands before everything else.
fn first(kind: &str, title: &str) -> ApiProblem {
    ApiProblem::new(kind, StatusCode::FORBIDDEN, Retry::Never, title)
}

/// Where a request comes from. Behind a proxy on this machine it is what the proxy says last, else nothing is known.
pub(super) fn address_of(office: &Office, peer: Option<PeerAddress>, headers: &HeaderMap) -> Option<IpAddr> {
    if office.loaded.config.listen.officers_tls {
        return peer.map(|peer| peer.0);
    }
    let told = headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?;
    told.rsplit(',').next()?.trim().parse().ok()
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
        Need::SignedIn | Need::OwnProven => Some([].as_slice()),
        Need::Any(actions) | Need::Proven(actions) => Some(actions),
    }) else {
        return Ok(next.run(request).await);
    };
    let (officer, session) = who(&office, &request)?;
    let own = matches!(operation.need, Need::SignedIn | Need::OwnProven);
    if let Some(session) = session.as_ref().filter(|_| !own) {
        if officer.password.as_ref().is_some_and(|password| password.one_time) {
            return Err(first("password-change-needed", "Choose a password of your own first"));
        }
        if session.way == Way::Password && office.loaded.second_factor_required() {
            return Err(first("second-factor-needed", "Set up a second factor or a passkey first"));
        }
    }
    let rights = officer.rights();
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
    let address = address_of(&office, request.extensions().get::<PeerAddress>().copied(), request.headers());
    let session = session.map(Arc::new);
    let from = FromOfficer { officer: Arc::new(officer), rights: Arc::new(rights), session, address, needs };
    match operation.need {
        Need::Proven(_) => from.proven(&office)?,
        // A token proves nobody: what is an officer's own changes in a session.
        Need::OwnProven if from.session.is_none() => return Err(prove_again()),
        Need::OwnProven => from.proven(&office)?,
        Need::Nobody | Need::SignedIn | Need::Any(_) => {}
    }
    request.extensions_mut().insert(from);
    let changes = *request.method() != Method::GET;
    let response = next.run(request).await;
    if changes && response.status().is_success() {
        office.changes.bump();
    }
    Ok(response)
}

/// Whether a token that was made then still holds: in a production bureau only so long, elsewhere for ever.
fn token_holds(production: bool, made: Option<Timestamp>, limit: SignedDuration, now: Timestamp) -> bool {
    !production || made.is_some_and(|made| now.duration_since(made) < limit)
}

/// The officer, and the session if they came by one.
fn who(office: &Office, request: &Request) -> Result<(Officer, Option<Session>), ApiProblem> {
    let headers = request.headers();
    let bearer = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    if let Some(token) = bearer.and_then(|value| value.strip_prefix("Bearer ")) {
        let officer = office.officers.by_token(token.trim()).ok_or_else(not_signed_in)?;
        let lasts = SignedDuration::from_hours(office.loaded.config.workbench.longest_hours);
        if officer.locked || !token_holds(office.loaded.production(), officer.token_at, lasts, ambient::now()) {
            return Err(not_signed_in());
        }
        return Ok((officer, None));
    }
    let secret = secret(office, headers).ok_or_else(not_signed_in)?;
    let touch = !headers.contains_key(BACKGROUND);
    let session = match office.sessions.find(&secret, ambient::now(), touch) {
        Found::Open(session) => session,
        Found::Ended(why) => return Err(ended(why)),
        Found::Nothing => return Err(not_signed_in()),
    };
    let officer = office.officers.by_id(session.officer.as_str()).ok_or_else(not_signed_in)?;
    if officer.locked {
        return Err(ended(Ended::Locked));
    }
    let reads = matches!(*request.method(), Method::GET | Method::HEAD);
    if !reads {
        let own = headers.get("x-yimen").is_some_and(|value| value == "1");
        let json = *request.method() == Method::DELETE || is_json(headers) || uploaded(headers).is_some();
        if !own || !json {
            return Err(first(
                "not-from-the-workbench",
                "Send `x-yimen: 1` and `content-type: application/json`, or the type of the file",
            ));
        }
    }
    Ok((officer, Some(session)))
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

    /// Proved recently who they are. A token proves it from when it was made, as a session does.
    pub(super) fn proven(&self, office: &Office) -> Result<(), ApiProblem> {
        let limit = SignedDuration::from_mins(office.loaded.config.workbench.prove_minutes);
        let proven = match &self.session {
            Some(session) => office.sessions.proven(session.id, limit, ambient::now()),
            None => token_holds(office.loaded.production(), self.officer.token_at, limit, ambient::now()),
        };
        if proven { Ok(()) } else { Err(prove_again()) }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_of_a_production_bureau_ends_and_one_without_a_date_never_held() {
        let at = |second: i64| Timestamp::from_second(1_800_000_000 + second).unwrap();
        let hour = SignedDuration::from_hours(1);
        assert!(token_holds(true, Some(at(0)), hour, at(3599)));
        assert!(!token_holds(true, Some(at(0)), hour, at(3600)));
        assert!(!token_holds(true, None, hour, at(0)));
        assert!(token_holds(false, None, hour, at(0)) && token_holds(false, Some(at(0)), hour, at(7200)));
    }
}
