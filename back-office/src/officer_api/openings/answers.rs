//! Writing fields: of the form, and of the step that says who applies.
//! Invariants: what is written is kept whatever it is; a number or a matter that changes is looked up anew, of somebody
//! whom a kiosk sent only once the officer has looked at them.

use super::access::{at_version, keep, mine, open_draft};
use super::view::Opening;
use crate::office::{Office, china_day};
use crate::officer_api::claims::read;
use crate::officer_api::door::FromOfficer;
use crate::openings::{Asking, Draft, look_up, person, write};
use crate::problem::ApiProblem;
use crate::store::openings::OpeningId;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use domain::ids::FieldId;
use domain::sensitive::Sensitive;
use domain::service::{Applicant, Service};
use jiff::civil::Date;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::sync::Arc;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    version: i64,
    answers: BTreeMap<String, Option<Sensitive<String>>>,
}

/// Longest text of one field, characters: far above what any rule lets through.
const LONGEST: usize = 4000;

/// `POST /v1/openings/{id}/answers`.
pub(in crate::officer_api) async fn answers(
    State(office): State<Arc<Office>>,
    from: FromOfficer,
    Path(id): Path<uuid::Uuid>,
    body: Bytes,
) -> Result<Json<Opening>, ApiProblem> {
    let (opening, service) = mine(&office, &from, OpeningId(id)).await?;
    // The parser's words could quote what was sent: they stay out of the answer.
    let Written { version, answers } = read(&body).map_err(|_| ApiProblem::malformed("not answers by field"))?;
    at_version(&opening, version)?;
    let mut draft = open_draft(&office, &opening).await?;
    let today = china_day(ambient::now());
    let before = (draft.number.clone(), draft.subject.clone(), draft.matter);
    let fields: Vec<String> = answers.keys().cloned().collect();
    for (id, text) in answers {
        let text = text.map(Sensitive::into_inner).unwrap_or_default();
        if text.chars().count() > LONGEST {
            return Err(ApiProblem::malformed("a text is too long"));
        }
        write_field(&mut draft, service, &id, text.trim(), today)?;
    }
    if before.0 != draft.number && !fields.iter().any(|id| id == person::NAME) && name_is_known(&draft, today) {
        // The name was the registry's, of the number that is no more.
        draft.set_name(String::new());
    }
    if before != (draft.number.clone(), draft.subject.clone(), draft.matter) {
        draft.facts = draft.facts_of_numbers(service, today);
        draft.record_missing = false;
    }
    if draft.may_ask() {
        let asking = Asking { actor: from.actor(), opening: opening.id };
        look_up(&office, &asking, &mut draft, service, today).await?;
    }
    let details = serde_json::json!({ "fields": fields });
    let opening = keep(&office, &from, &opening, draft.clone(), "opening-answered", details).await?;
    Ok(Json(Opening::of(&office, &opening, &draft, service)))
}

/// The name that stands there came with the number.
fn name_is_known(draft: &Draft, today: Date) -> bool {
    ["person.name", "applicant.name"]
        .iter()
        .any(|fact| draft.facts.text(fact, today).as_ref() == Some(draft.name.expose()))
}

fn write_field(draft: &mut Draft, service: &Service, id: &str, text: &str, today: Date) -> Result<(), ApiProblem> {
    match id {
        person::NUMBER => draft.set_number(service, text, today),
        person::SUBJECT => draft.set_subject(service, text, today),
        person::NAME => draft.set_name(text.to_owned()),
        // Written after the number of the same request, which comes first by its name and takes this away.
        person::SEEN => draft.person_seen = text == "yes",
        person::MATTER => {
            let known = [Applicant::Own, Applicant::Guardian, Applicant::Proxy];
            let matter = known.into_iter().find(|matter| super::fields::matter_word(*matter) == text);
            let matter = matter.filter(|matter| service.matters().contains(matter));
            draft.set_matter(matter.ok_or_else(|| ApiProblem::malformed("no such matter of this service"))?);
        }
        other => {
            let field = service.field(&FieldId::new(other)).filter(|field| write(draft, service, field, text, today));
            field.ok_or_else(|| ApiProblem::malformed("no such field that is written by hand"))?;
        }
    }
    Ok(())
}
