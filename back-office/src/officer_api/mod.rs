//! The officers' door: the workbench's page and its API: sign in, list, open, claim, check and decide cases, the audit
//! log, the description of all this as OpenAPI.
//! Invariants: what each operation needs stands in the one table below and is looked at by `door`; an officer sees and
//! touches only cases of their branches and stations (others do not exist for them); router and description come from
//! the same table. Not here: what a role may do (`crate::rights`).

mod account;
mod account_schemas;
mod app;
mod attachments;
mod audit;
mod cases;
mod certificates;
mod checks;
mod claims;
mod collections;
mod counter_schemas;
mod decisions;
mod detail;
mod door;
mod events;
mod evidence;
mod form;
mod history;
mod kiosks;
mod marks;
mod openapi;
mod openings;
mod papers;
mod passkeys;
mod preview;
mod proof;
mod provider;
mod queue;
mod reports;
mod retention;
mod schemas;
mod services;
mod session;
mod shapes;
mod tickets;

use crate::office::Office;
use crate::problem::ApiProblem;
use crate::rights::Action;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::{HeaderValue, header};
use axum::middleware::{from_fn_with_state, map_response};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{MethodRouter, delete, get, post};
use std::sync::Arc;
use wire::problem::Retry;

pub(crate) use collections::unsealed;
pub use openapi::document;

/// What a call needs.
#[derive(Clone, Copy, Debug)]
enum Need {
    /// Nothing.
    Nobody,
    /// Somebody who is signed in, also with a one-time password.
    SignedIn,
    /// Somebody who is signed in by a session and proved recently who they are.
    OwnProven,
    /// One of these rights: where a case is named, on that case.
    Any(&'static [Action]),
    /// The same, and a recent proof of who the officer is.
    Proven(&'static [Action]),
}

/// One operation: where it is, what it means, who handles it.
struct Operation {
    method: &'static str,
    path: &'static str,
    summary: &'static str,
    need: Need,
    /// Schema names of body and answer, see `schemas`.
    body: Option<&'static str>,
    answer: &'static str,
    /// Query parameters by name.
    query: &'static [&'static str],
    handler: fn() -> MethodRouter<Arc<Office>>,
}

macro_rules! operation {
    ($method:ident $path:literal, $need:expr, $summary:literal, $body:expr, $answer:literal, $query:expr, $handler:path) => {
        Operation {
            method: stringify!($method),
            path: $path,
            summary: $summary,
            need: $need,
            body: $body,
            answer: $answer,
            query: $query,
            handler: || $method($handler),
        }
    };
}

const VIEW: Need = Need::Any(&[Action::View]);
const CLAIM: Need = Need::Any(&[Action::Claim]);
const TICKETS: Need = Need::Any(&[Action::Tickets]);
const ISSUE: Need = Need::Any(&[Action::Issue]);
const PROVEN_ISSUE: Need = Need::Proven(&[Action::Issue]);
const PROVEN_COLLECT: Need = Need::Proven(&[Action::Collect]);
const PROVEN_DECIDE: Need = Need::Proven(&[Action::Decide, Action::Review]);
const COLLECT: Need = Need::Any(&[Action::Collect]);
const INTAKE: Need = Need::Any(&[Action::Intake]);
const REPORT: Need = Need::Any(&[Action::Report]);
const AUDIT: Need = Need::Any(&[Action::Audit]);
const PROVISION: Need = Need::Any(&[Action::Provision]);
const DECIDE: Need = Need::Any(&[Action::Decide, Action::Review]);

/// The index of this door.
static OPERATIONS: &[Operation] = &[
    operation!(get "/v1/openapi.json", Need::Nobody, "This description", None, "OpenApi", &[], openapi::describe),
    operation!(post "/v1/session", Need::Nobody, "Sign in", Some("SignIn"), "Me", &[], session::sign_in),
    operation!(delete "/v1/session", Need::SignedIn, "Sign out", None, "Nothing", &[], session::sign_out),
    operation!(post "/v1/session/password", Need::SignedIn, "Choose another password", Some("NewPassword"), "Me", &[],
        session::change_password),
    operation!(get "/v1/session/ways", Need::Nobody, "How one may sign in here", None, "Ways", &[], account::ways),
    operation!(post "/v1/session/passkey/begin", Need::Nobody, "A challenge for whoever has a passkey", Some("Empty"),
        "Ceremony", &[], passkeys::begin_proof),
    operation!(post "/v1/session/passkey", Need::Nobody, "Sign in with a passkey", Some("PasskeyProof"), "Me", &[],
        passkeys::sign_in),
    operation!(get "/v1/session/provider", Need::Nobody, "Away to the bureau's identity provider", None, "Away", &[],
        provider::begin),
    operation!(get "/v1/session/provider/return", Need::Nobody, "Back from it", None, "Away", &["state", "code"],
        provider::come_back),
    operation!(post "/v1/session/proof", Need::SignedIn, "Prove again, by password and code", Some("PasswordProof"), "Me",
        &[], session::prove),
    operation!(post "/v1/session/proof/passkey", Need::SignedIn, "Prove again, with a passkey", Some("PasskeyProof"), "Me",
        &[], passkeys::prove),
    operation!(get "/v1/account", Need::SignedIn, "One's own access", None, "Account", &[], account::show),
    operation!(post "/v1/account/second-factor", Need::OwnProven, "Begin a second factor", Some("Empty"), "FactorBegun",
        &[], account::begin),
    operation!(post "/v1/account/second-factor/confirm", Need::SignedIn, "Its first code", Some("FirstCode"),
        "RecoveryCodes", &[], account::confirm),
    operation!(delete "/v1/account/second-factor", Need::OwnProven, "Take the second factor away", None, "Nothing", &[],
        account::remove),
    operation!(post "/v1/account/recovery-codes", Need::OwnProven, "New recovery codes", Some("Empty"), "RecoveryCodes",
        &[], account::renew_recovery),
    operation!(post "/v1/account/passkeys/begin", Need::OwnProven, "A challenge for a new passkey", Some("Empty"),
        "Ceremony", &[], passkeys::begin_adding),
    operation!(post "/v1/account/passkeys", Need::SignedIn, "Add the passkey", Some("NewPasskey"), "Passkey", &[],
        passkeys::add),
    operation!(post "/v1/account/passkeys/{passkey}/name", Need::SignedIn, "Name a passkey", Some("Named"), "Nothing", &[],
        passkeys::rename),
    operation!(delete "/v1/account/passkeys/{passkey}", Need::OwnProven, "Remove a passkey", None, "Nothing", &[],
        passkeys::remove),
    operation!(delete "/v1/account/sessions/{session}", Need::SignedIn, "End one of one's sessions", None, "Nothing", &[],
        account::end_session),
    operation!(get "/v1/me", Need::SignedIn, "Who is signed in", None, "Me", &[], session::me),
    operation!(get "/v1/events", VIEW, "Tells when the queue changed", None, "Events", &[], events::stream),
    operation!(get "/v1/queue", VIEW, "Cases in the order of work", None, "Queue",
        &["branch", "station", "status", "whose", "q", "sort", "code", "closed", "most"], queue::list),
    operation!(post "/v1/queue/claim-next", CLAIM, "Claim the first case nobody holds", Some("ClaimNext"), "Case", &[],
        claims::claim_next),
    operation!(get "/v1/cases/{id}", VIEW, "A case with what the person submitted", None, "CaseDetail", &["reason"],
        cases::show),
    operation!(get "/v1/cases/{id}/colleagues", VIEW, "Who else may hold this case", None, "Colleagues", &[],
        claims::colleagues),
    operation!(get "/v1/cases/{id}/attachments/{attachment}", VIEW, "A picture or file of a case", None, "Binary", &[],
        attachments::get),
    operation!(post "/v1/cases/{id}/full-number", VIEW, "The whole number of the applicant", Some("Empty"),
        "FullNumber", &[], cases::full_number),
    operation!(post "/v1/cases/{id}/claim", CLAIM, "Claim this case", Some("Empty"), "Case", &[], claims::claim),
    operation!(post "/v1/cases/{id}/renew", CLAIM, "Keep a claim for another lease", Some("Held"), "Case", &[],
        claims::renew),
    operation!(post "/v1/cases/{id}/release", CLAIM, "Put a claimed case back", Some("Held"), "Case", &[],
        claims::release),
    operation!(post "/v1/cases/{id}/assign", Need::Any(&[Action::Claim, Action::Assign]), "Give the case to a colleague",
        Some("Assign"), "Case", &[], claims::assign),
    operation!(post "/v1/cases/{id}/papers/{key}/checked", DECIDE, "A paper was compared with the original",
        Some("PaperChecked"), "CaseDetail", &[], marks::paper),
    operation!(post "/v1/cases/{id}/checks/{check}", DECIDE, "A point of the list was looked at", Some("CheckDone"),
        "CaseDetail", &[], marks::check),
    operation!(post "/v1/cases/{id}/person", DECIDE, "The person was compared", Some("PersonFound"), "CaseDetail", &[],
        marks::person),
    operation!(get "/v1/cases/{id}/supplement-reasons", DECIDE, "What can be asked for, and why", None,
        "SupplementReasons", &[], preview::reasons),
    operation!(post "/v1/cases/{id}/preview", DECIDE, "What the resident will read", Some("PreviewAsked"), "Preview",
        &[], preview::preview),
    operation!(post "/v1/cases/{id}/decide", PROVEN_DECIDE, "Decide a case you hold", Some("Decide"), "Case", &[],
        decisions::decide),
    operation!(post "/v1/cases/{id}/retention", Need::Any(&[Action::Retain]), "Hold a case back from its end, or release it",
        Some("Retention"), "Retention", &[], retention::hold),
    operation!(get "/v1/tickets", TICKETS, "Who waits, who is called", None, "Tickets", &[], tickets::list),
    operation!(post "/v1/tickets/call-next", TICKETS, "Call the longest waiting number", Some("Window"), "Ticket", &[],
        tickets::call_next),
    operation!(post "/v1/tickets/{number}/call", TICKETS, "Call this number", Some("Window"), "Ticket", &[],
        tickets::call),
    operation!(post "/v1/tickets/{number}/recall", TICKETS, "Call a called number once more", Some("Window"), "Ticket",
        &[], tickets::recall),
    operation!(post "/v1/tickets/{number}/no-show", TICKETS, "The person did not come", Some("Empty"), "Ticket", &[],
        tickets::no_show),
    operation!(post "/v1/tickets/{number}/served", TICKETS, "The person was served", Some("Window"), "Ticket", &[],
        tickets::served),
    operation!(post "/v1/cases/{id}/ticket", TICKETS, "A number for somebody at the counter", Some("Empty"), "Ticket",
        &[], tickets::draw),
    operation!(post "/v1/cases/{id}/issue", PROVEN_ISSUE, "Issue what was approved", Some("Issue"), "Collection", &[],
        collections::issue),
    operation!(get "/v1/cases/{id}/copy-aid", ISSUE, "Fields in the order of the ministry's form", None, "CopyAid", &[],
        collections::copy_aid),
    operation!(get "/v1/collections", COLLECT, "The collection desk", None, "Desk", &["q"], collections::list),
    operation!(post "/v1/collections/{id}/collected", PROVEN_COLLECT, "Handed over", Some("Collected"), "Collection", &[],
        collections::collected),
    operation!(post "/v1/collections/{id}/posted", PROVEN_COLLECT, "Sent by post", Some("Posted"), "Collection", &[],
        collections::posted),
    operation!(post "/v1/collections/{id}/reprint", PROVEN_COLLECT, "Print once more, with a reason", Some("Reason"),
        "Collection", &[], collections::reprint),
    operation!(get "/v1/collections/{id}/paper", COLLECT, "The certificate for the printer", None, "Binary", &[],
        collections::paper),
    operation!(post "/v1/certificates/{number}/revoke", Need::Proven(&[Action::Revoke]), "Revoke a certificate",
        Some("Reason"), "Revoked", &[], certificates::revoke),
    operation!(get "/v1/services", INTAKE, "Services that may be taken in at the counter", None, "Services", &["q"],
        services::list),
    operation!(get "/v1/openings", INTAKE, "What this officer has open", None, "Openings", &[], openings::list),
    operation!(post "/v1/openings", INTAKE, "Open a service for somebody at the counter", Some("BeginOpening"), "Opening",
        &[], openings::begin),
    operation!(post "/v1/openings/by-code", INTAKE, "Take up by one scan", Some("ScannedCode"), "Opening", &[],
        openings::by_code),
    operation!(get "/v1/openings/{id}", INTAKE, "An opening, worked out", None, "Opening", &[], openings::show),
    operation!(post "/v1/openings/{id}/answers", INTAKE, "Write fields", Some("OpeningAnswers"), "Opening", &[],
        openings::answers),
    operation!(get "/v1/openings/{id}/attachments/{attachment}", INTAKE, "A page or picture of an opening", None, "Binary",
        &[], openings::attachment),
    Operation {
        method: "post",
        path: "/v1/openings/{id}/papers/{key}",
        summary: "A page of a paper (a file, with x-yimen-version), or a word about it",
        need: INTAKE,
        body: Some("OpeningPaperState"),
        answer: "Opening",
        query: &[],
        handler: || post(openings::paper).layer(DefaultBodyLimit::max(openings::LARGEST_FILE)),
    },
    operation!(post "/v1/openings/{id}/submit", INTAKE, "Make it a case, claimed by this officer", Some("OpeningVersion"),
        "Case", &[], openings::submit),
    operation!(delete "/v1/openings/{id}", INTAKE, "Give it up; its content is erased", None, "Nothing", &[],
        openings::give_up),
    operation!(get "/v1/report/board", REPORT, "Today at a glance", None, "Board", &[], reports::board),
    operation!(get "/v1/report/volume", REPORT, "Volumes beside the year before", None, "Volumes", &["from", "until"],
        reports::volume),
    operation!(get "/v1/report/volume.csv", REPORT, "The same for a spreadsheet", None, "Csv", &["from", "until"],
        reports::volume_csv),
    operation!(get "/v1/report/ratings", REPORT, "What people said", None, "RatingReport", &["from", "until"],
        reports::ratings),
    operation!(get "/v1/kiosks", PROVISION, "Kiosks and their machines", None, "Kiosks", &[], kiosks::list),
    operation!(post "/v1/kiosks", PROVISION, "Add a kiosk; its code is shown this once", Some("NewKiosk"), "KioskCode",
        &[], kiosks::add),
    operation!(post "/v1/kiosks/{kiosk}/code", PROVISION, "A code for another machine", Some("KioskCodeAsked"),
        "KioskCode", &[], kiosks::code),
    operation!(post "/v1/kiosks/{kiosk}/suspend", PROVISION, "Send a kiosk away", Some("Reason"), "Kiosk", &[],
        kiosks::suspend),
    operation!(post "/v1/kiosks/{kiosk}/resume", PROVISION, "Let it come again", Some("Empty"), "Kiosk", &[],
        kiosks::resume),
    operation!(post "/v1/kiosks/{kiosk}/accept", PROVISION, "Let it renew a certificate out of date", Some("Empty"),
        "Kiosk", &[], kiosks::accept),
    operation!(post "/v1/kiosks/{kiosk}/accept-former", PROVISION, "Take what its earlier machines sealed",
        Some("Reason"), "Kiosk", &[], kiosks::accept_former),
    operation!(get "/v1/audit/check", AUDIT, "Walk the audit log", None, "AuditCheck", &[], audit::check),
    operation!(get "/v1/audit/leaves", AUDIT, "Leaves of the audit log after one", None, "AuditLeaves", &["after", "most"],
        audit::leaves),
    operation!(get "/v1/audit/checkpoints", AUDIT, "Signed checkpoints of more leaves than so many", None,
        "AuditCheckpoints", &["after", "most"], audit::list),
    operation!(post "/v1/audit/checkpoints", AUDIT, "Sign what the audit log stands at now", Some("Empty"),
        "AuditCheckpoints", &[], audit::sign),
    operation!(get "/v1/audit/proof", AUDIT, "That the log holds a submission", None, "AuditProof", &["submission"],
        audit::proof),
    operation!(get "/v1/audit/consistency", AUDIT, "That the log only grew", None, "AuditConsistency", &["old", "size"],
        audit::consistency),
];

/// Methods and paths of all operations, for whoever checks rights from outside.
pub fn routes() -> Vec<(&'static str, &'static str)> {
    OPERATIONS.iter().map(|operation| (operation.method, operation.path)).collect()
}

/// The routes.
pub fn router(office: Arc<Office>) -> Router {
    OPERATIONS
        .iter()
        .fold(Router::new(), |router, operation| {
            let guarded = from_fn_with_state((Arc::clone(&office), operation), door::guard);
            router.route(operation.path, (operation.handler)().route_layer(guarded))
        })
        .route("/v1/{*rest}", axum::routing::any(|| async { ApiProblem::not_found() }))
        .fallback(app::serve)
        .layer(map_response(plain_headers))
        .layer(DefaultBodyLimit::max(64 << 10))
        .with_state(office)
}

/// Headers of every answer; the page of the application sets its own policy. What the framework refuses by itself (a
/// path that is no id, a body too large, another method) becomes a problem like every other refusal.
async fn plain_headers(mut response: Response) -> Response {
    let status = response.status();
    let told = response.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if status.is_client_error() && !told.starts_with("application/") {
        response =
            ApiProblem::new("malformed", status, Retry::Never, "The request is not of the right shape").into_response();
    }
    let headers = response.headers_mut();
    let mut unless_set = |name: header::HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    unless_set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    unless_set(header::REFERRER_POLICY, "no-referrer");
    unless_set(header::CACHE_CONTROL, "no-store");
    unless_set(header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'");
    unless_set(header::HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    unless_set(header::HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    response
}
