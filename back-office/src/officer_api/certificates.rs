//! Revoking a certificate: from then on its code verifies as revoked. For good, with a reason, which is sealed.

use super::claims::{conflict, read};
use super::door::FromOfficer;
use crate::office::Office;
use crate::problem::ApiProblem;
use crate::retention::still_kept;
use crate::store::certificates::{self, Standing};
use crate::store::{cases, sealed_reasons};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use wire::problem::Retry;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Why {
    reason: String,
}

/// A revoked certificate.
#[derive(Serialize)]
pub(super) struct Revoked {
    number: String,
    revoked_at: Timestamp,
}

/// `POST /v1/certificates/{number}/revoke`.
pub(super) async fn revoke(
    State(office): State<Arc<Office>>,
    from: FromOfficer,
    Path(number): Path<String>,
    body: Bytes,
) -> Result<Json<Revoked>, ApiProblem> {
    let Why { reason } = read(&body)?;
    if reason.trim().is_empty() {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return Err(ApiProblem::new("reason-empty", status, Retry::Never, "Say why the certificate is revoked"));
    }
    let (now, inner) = (ambient::now(), Arc::clone(&office));
    let revoked = office
        .store
        .write_keyed::<_, ApiProblem>(move |c, keys| {
            let (submission, standing) = certificates::standing(c, &number)?.ok_or_else(ApiProblem::not_found)?;
            let case = cases::of_submission(c, submission)?;
            let id = case.as_ref().map(|case| case.id);
            from.may(case)?;
            if let Standing::Revoked(at) = standing {
                return Err(conflict("revoked", "This certificate was revoked already").member("at", at.to_string()));
            }
            if !certificates::revoke(c, from.act(now), &number)? {
                return Err(ApiProblem::not_found());
            }
            // After the case's end nothing would ever erase the words: the act alone is noted.
            if id.is_none_or(|case| still_kept(c, case).is_ok()) {
                let kept = inner.keep(submission, reason.trim().as_bytes());
                let kept = kept.ok_or_else(|| ApiProblem::later("The reason cannot be sealed now."))?;
                keys.put(&kept.key)?;
                sealed_reasons::add(c, from.act(now), &format!("certificate:{number}"), "revoke", &kept.column)?;
            }
            Ok(Revoked { number, revoked_at: now })
        })
        .await?;
    Ok(Json(revoked))
}
