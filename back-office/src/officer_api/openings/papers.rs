//! Papers of an opening: scanned at the counter, seen as originals, or to follow later.
//! Invariants: a file is what its bytes say it is; it is sealed before it touches the disk, and named to the opening before
//! that, so that it goes when the opening goes.

use super::access::{at_version, held, keep, mine, open_draft};
use super::files::{key, put, seal};
use super::view::{Opening, paper_fields};
use crate::office::{Office, china_day};
use crate::officer_api::claims::read;
use crate::officer_api::door::{FromOfficer, uploaded};
use crate::openings::{Draft, erase_unused, settle};
use crate::problem::ApiProblem;
use crate::store::openings::{self, OpeningId};
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use domain::answers::{Answer, AttachmentId};
use domain::form::{self, FieldError, Input};
use domain::service::{Field, FieldKind, Service};
use serde::Deserialize;
use std::sync::Arc;
use wire::digest::Digest;
use wire::manifest::{Part, Role};
use wire::problem::Retry;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Stated {
    version: i64,
    state: Word,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Word {
    Shown,
    Later,
    None,
}

impl Word {
    fn word(self) -> &'static str {
        match self {
            Self::Shown => "shown",
            Self::Later => "later",
            Self::None => "none",
        }
    }
}

fn refused(name: &str, status: StatusCode, words: &str) -> ApiProblem {
    ApiProblem::new(name, status, Retry::Never, "This cannot be taken").detail(words)
}

/// `POST /v1/openings/{id}/papers/{key}`: a file, or a word about the paper.
pub(in crate::officer_api) async fn paper(
    State(office): State<Arc<Office>>,
    from: FromOfficer,
    Path((id, key)): Path<(uuid::Uuid, String)>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Opening>, ApiProblem> {
    let (opening, service) = mine(&office, &from, OpeningId(id)).await?;
    let mut draft = open_draft(&office, &opening).await?;
    let known = {
        let settled = settle(&draft, service, china_day(ambient::now()));
        paper_fields(&draft, service, &settled).into_iter().find(|(own, _)| *own == key)
    };
    let (_, field) = known.ok_or_else(ApiProblem::not_found)?;
    let (word, made) = match uploaded(&headers) {
        None => {
            let Stated { version, state } = read(&body)?;
            at_version(&opening, version)?;
            state_paper(&mut draft, service, &key, field, state)?;
            (state.word(), None)
        }
        Some(media_type) => {
            let version = headers.get("x-yimen-version").and_then(|value| value.to_str().ok()?.parse().ok());
            at_version(&opening, version.ok_or_else(|| ApiProblem::malformed("x-yimen-version names no version"))?)?;
            let field = field.ok_or_else(|| {
                refused("not-scannable", StatusCode::UNPROCESSABLE_ENTITY, "这份材料当面核对原件，不用扫描。")
            })?;
            ("scanned", scan(&office, &from, &opening, &mut draft, service, field, media_type, body).await?)
        }
    };
    let details = serde_json::json!({ "key": key, "state": word });
    let kept = keep(&office, &from, &opening, draft.clone(), "opening-paper", details).await;
    if let (Err(_), Some(part)) = (&kept, made) {
        erase_unused(&office, opening.id, part).await;
    }
    let opening = kept?;
    Ok(Json(Opening::of(&office, &opening, &draft, service)))
}

fn state_paper(
    draft: &mut Draft,
    service: &Service,
    key: &str,
    field: Option<&Field>,
    word: Word,
) -> Result<(), ApiProblem> {
    match (word, field) {
        (Word::Shown, field) => {
            draft.seen.insert(key.to_owned());
            // Pages that are there stay: their original was seen.
            if let Some(field) = field.filter(|field| !has_pages(draft, field)) {
                draft.answers.set(field.id.clone(), Answer::AtCounter);
            }
        }
        (Word::Later, Some(field)) => {
            let today = china_day(ambient::now());
            form::check(service, field, &Input::Made(Answer::Later), today)
                .map_err(|_| refused("not-deferrable", StatusCode::UNPROCESSABLE_ENTITY, "这份材料不能以后再补。"))?;
            draft.seen.remove(key);
            draft.answers.set(field.id.clone(), Answer::Later);
        }
        (Word::Later, None) => {
            return Err(refused("not-deferrable", StatusCode::UNPROCESSABLE_ENTITY, "这份材料不能以后再补。"));
        }
        (Word::None, field) => {
            draft.seen.remove(key);
            if let Some(field) = field {
                draft.answers.remove(&field.id);
            }
        }
    }
    if let Some(field) = field {
        draft.entered.remove(&field.id);
        if !has_pages(draft, field) {
            draft.from_visit.remove(&field.id);
        }
    }
    Ok(())
}

fn has_pages(draft: &Draft, field: &Field) -> bool {
    draft.answers.get(&field.id).is_some_and(|answer| !answer.attachments().is_empty())
}

/// The bytes begin as files of this type do.
fn begins_as(media_type: &str, bytes: &[u8]) -> bool {
    match media_type {
        "image/jpeg" => bytes.starts_with(&[0xff, 0xd8, 0xff]),
        "image/png" => bytes.starts_with(b"\x89PNG\r\n\x1a\n"),
        _ => bytes.starts_with(b"%PDF-"),
    }
}

/// Gives the sealed file that was made; none when the page is there already.
#[expect(clippy::too_many_arguments, reason = "one act with everything it touches")]
async fn scan(
    office: &Arc<Office>,
    from: &FromOfficer,
    opening: &openings::Opening,
    draft: &mut Draft,
    service: &Service,
    field: &Field,
    media_type: &str,
    body: Bytes,
) -> Result<Option<Digest>, ApiProblem> {
    if !begins_as(media_type, &body) {
        return Err(refused("media", StatusCode::UNSUPPORTED_MEDIA_TYPE, "这个文件打不开，请换成 JPG、PNG 或 PDF。"));
    }
    let page = AttachmentId(Digest::of(&body).to_string());
    let answer = match (&field.kind, draft.answers.get(&field.id)) {
        (FieldKind::Document { .. }, Some(Answer::Document(pages))) if pages.contains(&page) => return Ok(None),
        (FieldKind::Document { .. }, Some(Answer::Document(pages))) => {
            Answer::Document(pages.iter().cloned().chain([page.clone()]).collect())
        }
        (FieldKind::Document { .. }, _) => Answer::Document(vec![page.clone()]),
        (FieldKind::Signature, _) => Answer::Signature(page.clone()),
        (_, _) => Answer::Photo(page.clone()),
    };
    if let Err(FieldError::TooLong { max }) =
        form::check(service, field, &Input::Made(answer.clone()), china_day(ambient::now()))
    {
        let words = format!("这份材料最多 {max} 页。");
        return Err(refused("too-many-pages", StatusCode::UNPROCESSABLE_ENTITY, &words));
    }
    let part = store(office, from, opening, media_type, body).await?;
    let made = part.sha256.clone();
    draft.attachments.insert(page, part);
    draft.answers.set(field.id.clone(), answer);
    draft.entered.remove(&field.id);
    draft.from_visit.remove(&field.id);
    Ok(Some(made))
}

/// Seals a page and keeps it: named to the opening first, so that no file is left behind by a crash.
async fn store(
    office: &Arc<Office>,
    from: &FromOfficer,
    opening: &openings::Opening,
    media_type: &str,
    body: Bytes,
) -> Result<Part, ApiProblem> {
    let failed = || ApiProblem::later("The page was not kept; nothing was changed. Send the same again.");
    let (part, sealed) = seal(office, body, Role::Attachment, media_type).await.ok_or_else(failed)?;
    let (id, inner, from, key) = (opening.id, Arc::clone(office), from.clone(), key(opening.id, &sealed));
    office
        .store
        .write_keyed::<_, ApiProblem>(move |c, keys| {
            held(&inner, &from, openings::find(c, id)?)?;
            keys.put(&key)?;
            Ok(openings::add_part(c, id, &key.part)?)
        })
        .await?;
    put(office, opening.id, part, sealed).await.ok_or_else(failed)
}
