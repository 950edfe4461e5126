//! Taking up by one scan: a half-done visit, one's own opening, one that a colleague left; a code that is a case already
//! says which. Invariants: two officers who scan at once: one has it, the other is told who; codes of branches and stations
//! that are not the officer's are unknown.

use super::access::{already_a_case, gone_service, may_take_over, open_draft, sealed};
use super::view;
use crate::office::Office;
use crate::officer_api::claims::read;
use crate::officer_api::door::FromOfficer;
use crate::openings::Draft;
use crate::problem::ApiProblem;
use crate::rights::Action;
use crate::store::openings::{self, Opening, State as Standing};
use crate::store::{StoreError, audit, cases, submissions};
use crate::worker::opening::{self as opener, Opened};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use domain::ids::ReceiptCode;
use serde::Deserialize;
use std::sync::Arc;
use wire::problem::Retry;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Scanned {
    code: String,
}

fn unknown(detail: &str) -> ApiProblem {
    ApiProblem::new("unknown-code", StatusCode::NOT_FOUND, Retry::Never, "No such code here").detail(detail)
}

/// `POST /v1/openings/by-code`.
pub(in crate::officer_api) async fn by_code(
    State(office): State<Arc<Office>>,
    from: FromOfficer,
    body: Bytes,
) -> Result<Json<view::Opening>, ApiProblem> {
    let Scanned { code } = read(&body)?;
    let code = ReceiptCode::parse(&code).ok_or_else(|| unknown("回执码是 8 位，请核对后再试。"))?;
    let found = look(&office, &from, code).await?;
    let service = office.services.service(&found.service).ok_or_else(gone_service)?;
    let now = ambient::now();
    let (draft, action) = match (found.state, found.officer == Some(from.officer.id.clone())) {
        (Standing::Waiting, _) => (of_visit(&office, &found).await?, "opening-taken-up"),
        (_, true) => (open_draft(&office, &found).await?, "opening-opened"),
        (_, false) => {
            may_take_over(&office, &found, now)?;
            let draft = open_draft(&office, &found).await?;
            // What the other one has seen, this one has not.
            (Draft { person_seen: false, ..draft }, "opening-taken-over")
        }
    };
    let content = sealed(&office, found.id, draft.clone()).await?;
    let inner = Arc::clone(&office);
    let (opening, ours) = office
        .store
        .write_keyed::<_, ApiProblem>(move |c, keys| {
            let mut opening = openings::find(c, found.id)?.ok_or_else(ApiProblem::not_found)?;
            from.may_at(&opening.branch, &opening.station)?;
            if opening.version != found.version {
                // Somebody was quicker: with them it is, unless it is this officer twice.
                return Ok((super::access::held(&inner, &from, Some(opening))?, false));
            }
            if action != "opening-opened" {
                opening.state = Standing::Open;
                opening.officer = Some(from.officer.id.clone());
                opening.touched_at = now;
                keys.put(&content.key)?;
                opening.sealed = Some(content.column);
                openings::update(c, &mut opening)?;
            }
            let details = serde_json::json!({ "from": found.officer, "submission": opening.submission });
            audit::append(c, now, &from.actor(), action, &format!("opening:{}", opening.id), details)?;
            Ok((opening, true))
        })
        .await?;
    // What this officer wrote elsewhere in the meantime is what is shown under its version.
    let draft = if ours { draft } else { open_draft(&office, &opening).await? };
    Ok(Json(view::Opening::of(&office, &opening, &draft, service)))
}

/// The opening of a code that this officer may go on with.
async fn look(office: &Arc<Office>, from: &FromOfficer, code: ReceiptCode) -> Result<Opening, ApiProblem> {
    let scopes = from.rights.scopes(Action::View);
    let read = move |c: &rusqlite::Connection| {
        Ok((openings::of_code(c, &code)?, cases::with_code(c, &scopes, code.as_str())?))
    };
    let (opened, cases) = office.store.read::<_, StoreError>(read).await?;
    let mut ended = false;
    for opening in opened.into_iter().filter(|opening| from.may_at(&opening.branch, &opening.station).is_ok()) {
        match (opening.state, &opening.case) {
            (Standing::Submitted, Some(case)) => return Err(already_a_case(case)),
            (Standing::Waiting | Standing::Open, _) => return Ok(opening),
            (Standing::Submitted | Standing::GivenUp | Standing::Lapsed, _) => ended = true,
        }
    }
    match cases.first() {
        Some(case) => Err(already_a_case(&case.id)),
        None if ended => Err(unknown("这张单子已经作废，内容已清除。可以重新开办。")),
        None => Err(unknown("没有找到。请核对编号；自助机断网时，联网后才送到。")),
    }
}

/// What the person left at the kiosk. The registry is not asked: a slip on the counter is not the person.
async fn of_visit(office: &Arc<Office>, opening: &Opening) -> Result<Draft, ApiProblem> {
    let id = opening.submission.ok_or(StoreError::Damaged("visit of an opening"))?;
    let submission = office.store.read::<_, StoreError>(move |c| submissions::find(c, id)).await?;
    let manifest = submission.ok_or(StoreError::Damaged("submission of an opening"))?.manifest()?;
    let opened = opener::open(office, &manifest).await.map_err(|error| ApiProblem::later(error.to_string()))?;
    let Opened::Readable { payload, attachments } = opened else {
        return Err(StoreError::Damaged("content of a half-done visit").into());
    };
    Ok(Draft::of_visit(*payload, manifest.kiosk.clone(), attachments.as_ref().clone()))
}
