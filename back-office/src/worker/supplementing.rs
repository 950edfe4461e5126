//! Supplements (补正): what a person brought to a kiosk goes to the case it is for.
//! Invariants: the case, its new open points, the link and the audit leaves are one transaction that also takes the work
//! away, so that a supplement has one effect however often it is sent; only the person of the case supplements it; what
//! cannot go to its case becomes a case of its own for a person, never lost.
//! Not here: days and whose turn it is (`store::deciding`), what a key means at the kiosk (`domain::supplement`).

use super::opening::{self, Opened};
use super::{WorkError, checking};
use crate::office::{Office, china_day, china_time};
use crate::store::cases::{self, Case};
use crate::store::deciding::{self, Rules, SUPPLEMENT_BACK};
use crate::store::marks::{self, About};
use crate::store::outcomes::{self, End, StoredOutcome};
use crate::store::submissions::{self, Submission};
use crate::store::{StoreError, audit, supplements, work};
use domain::case::Status;
use domain::ids::{CaseId, FieldId, SubmissionId};
use domain::service::Service;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeMap;
use std::sync::Arc;
use wire::payload::Payload;

/// What became of a supplement.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Brought {
    /// It is with its case.
    Applied,
    /// A person must look: the open point says why.
    Stray(String),
}

/// Takes a supplement to its case.
///
/// # Errors
/// Store and disk; then the whole work is done again.
pub(super) async fn bring(
    office: &Arc<Office>,
    submission: &Submission,
    payload: &Payload,
    first: SubmissionId,
) -> Result<Brought, WorkError> {
    let case = office.store.read::<_, StoreError>(move |c| cases::of_submission(c, first)).await?;
    let Some(case) = case else { return Ok(Brought::Stray("supplement-of-unknown".to_owned())) };
    let (before, whole) = match (case_payload(office, first).await?, newest(office, &case).await?) {
        (Some(before), Opened::Readable { payload, attachments }) => (before, (payload, attachments)),
        (Some(_) | None, _) => return Ok(Brought::Stray(format!("supplement-of-unreadable:{}", case.id))),
    };
    if payload.identified.needs_officer() || payload.applicant.id_number != before.applicant.id_number {
        return Ok(Brought::Stray("supplement-of-another".to_owned()));
    }
    let (mut merged, mut attachments) = whole;
    let Opened::Readable { attachments: brought, .. } = opening::open(office, &submission.manifest()?).await? else {
        return Ok(Brought::Stray(format!("supplement-of-unreadable:{}", case.id)));
    };
    Arc::make_mut(&mut attachments).extend(brought.iter().map(|(id, part)| (id.clone(), part.clone())));
    lay_over(&mut merged, payload);
    let service = office.services.service(&case.service);
    let fields: Vec<FieldId> = payload.answers.iter().map(|(field, _)| field.clone()).collect();
    let keys = keys(service, &fields);
    let mut found = payload.open.clone();
    if let Some(service) = service {
        let received = china_day(submission.received_at);
        let names = attachments.keys().cloned().collect();
        found.extend(
            checking::check(service, &merged, names, received).into_iter().filter(|c| concerns(c, &fields, &keys)),
        );
    }
    let job = Job { submission: submission.id, first, fields, keys, found, rules: rules(office, service) };
    let sticky = SignedDuration::from_mins(office.loaded.config.workbench.sticky_minutes);
    let now = ambient::now();
    let brought = office.store.write::<_, StoreError>(move |c| job.write(c, now, sticky)).await?;
    office.changes.bump();
    Ok(brought)
}

fn rules(office: &Office, service: Option<&Service>) -> Rules {
    Rules {
        calendar: office.loaded.config.calendar.clone(),
        hours: office.loaded.config.counter.hours.clone(),
        statutory: service.and_then(|service| service.statutory_limit),
        promised: service.and_then(|service| service.promised_limit),
        ..Rules::default()
    }
}

/// Everything that one transaction needs.
struct Job {
    submission: SubmissionId,
    first: SubmissionId,
    fields: Vec<FieldId>,
    keys: Vec<String>,
    found: Vec<String>,
    rules: Rules,
}

impl Job {
    fn write(self, c: &rusqlite::Connection, now: Timestamp, sticky: SignedDuration) -> Result<Brought, StoreError> {
        if !work::is_open(c, self.submission)? {
            return Ok(Brought::Applied);
        }
        let mut case = cases::of_submission(c, self.first)?.ok_or(StoreError::Damaged("case of a supplement"))?;
        if case.status.ended() {
            return Ok(Brought::Stray(format!("supplement-of-ended:{}", case.id)));
        }
        let own = cases::of_submission(c, self.submission)?.ok_or(StoreError::Damaged("case of a submission"))?;
        cases::take_back(c, &own)?;
        supplements::add(c, self.submission, case.id, now)?;
        // What was checked was checked on what is replaced now.
        for key in &self.keys {
            marks::clear(c, &case, About::Paper, key)?;
        }
        marks::clear(c, &case, About::Check, SUPPLEMENT_BACK)?;
        case.open.retain(|code| !concerns(code, &self.fields, &self.keys) && code != SUPPLEMENT_BACK);
        for code in self.found {
            if !case.open.contains(&code) {
                case.open.push(code);
            }
        }
        let details = serde_json::json!({ "submission": self.submission, "keys": self.keys, "taken_back": own.id });
        let ticket = case.ticket.clone();
        let id = case.id;
        if case.status == Status::Supplement {
            deciding::supplement_back(c, "office", case, now, china_time(now), sticky, &self.rules)?;
        } else {
            case.open.push(SUPPLEMENT_BACK.to_owned());
            cases::update(c, &mut case)?;
        }
        if let Some(ticket) = ticket {
            outcomes::insert(c, self.submission, &StoredOutcome { end: End::Counter(ticket), shown_from: now })?;
        }
        work::done(c, self.submission)?;
        audit::append(c, now, "office", "supplement-received", &format!("case:{id}"), details)?;
        Ok(Brought::Applied)
    }
}

/// The keys of papers and lines, as officers name them: material, or `field:<id>`.
fn keys(service: Option<&Service>, fields: &[FieldId]) -> Vec<String> {
    let key = |id: &FieldId| {
        let paper = service.and_then(|service| service.field(id)?.paper());
        paper.unwrap_or_else(|| format!("field:{id}"))
    };
    fields.iter().map(key).collect()
}

/// Whether an open point is about one of these fields.
fn concerns(code: &str, fields: &[FieldId], keys: &[String]) -> bool {
    let (kind, rest) = code.split_once(':').unwrap_or((code, ""));
    match kind {
        "form" => fields.iter().any(|field| rest.split(':').next() == Some(field.as_str())),
        "attachment-missing" => fields.iter().any(|field| rest == field.as_str()),
        "later" | "later-lapsed" => keys.iter().any(|key| key == rest),
        _ => false,
    }
}

/// The newest answers over the old ones.
fn lay_over(payload: &mut Payload, newer: &Payload) {
    for (field, answer) in newer.answers.iter() {
        payload.answers.set(field.clone(), answer.clone());
    }
    payload.day = payload.day.max(newer.day);
}

async fn case_payload(office: &Arc<Office>, id: SubmissionId) -> Result<Option<Box<Payload>>, WorkError> {
    let found = office.store.read::<_, StoreError>(move |c| submissions::find(c, id)).await?;
    let Some(found) = found else { return Ok(None) };
    match opening::open(office, &found.manifest()?).await? {
        Opened::Readable { payload, .. } => Ok(Some(payload)),
        Opened::Unreadable { .. } => Ok(None),
    }
}

/// One supplement of a case, opened.
#[derive(Debug)]
pub struct Earlier {
    /// When it came to the case.
    pub at: Timestamp,
    /// What was answered before it, of the fields it answers.
    pub before: domain::answers::Answers,
}

/// A case as it stands: the first submission with every supplement laid over it, and all attachments of them all.
///
/// # Errors
/// Store and disk.
pub async fn newest(office: &Arc<Office>, case: &Case) -> Result<Opened, WorkError> {
    Ok(with_history(office, case.id, case.submission).await?.0)
}

/// As [`newest`], with what each supplement replaced, first to last.
///
/// # Errors
/// Store and disk.
pub async fn with_history(
    office: &Arc<Office>,
    case: CaseId,
    first: SubmissionId,
) -> Result<(Opened, Vec<Earlier>), WorkError> {
    let (stored, later) = office
        .store
        .read::<_, StoreError>(move |c| {
            let mut later = Vec::new();
            for (id, at) in supplements::of_case(c, case)? {
                later.push((submissions::find(c, id)?.ok_or(StoreError::Damaged("submission of a supplement"))?, at));
            }
            Ok((submissions::find(c, first)?, later))
        })
        .await?;
    let stored = stored.ok_or(StoreError::Damaged("submission of a case"))?;
    let opened = opening::open(office, &stored.manifest()?).await?;
    let (mut payload, attachments) = match opened {
        Opened::Readable { payload, attachments } => (payload, attachments),
        Opened::Unreadable { why } => return Ok((Opened::Unreadable { why }, Vec::new())),
    };
    if later.is_empty() {
        return Ok((Opened::Readable { payload, attachments }, Vec::new()));
    }
    let mut all: BTreeMap<_, _> = (*attachments).clone();
    let mut history = Vec::new();
    for (submission, at) in later {
        if let Opened::Readable { payload: newer, attachments } = opening::open(office, &submission.manifest()?).await?
        {
            let mut before = payload.answers.clone();
            before.retain(|field| newer.answers.get(field).is_some());
            history.push(Earlier { at, before });
            lay_over(&mut payload, &newer);
            all.extend(attachments.iter().map(|(id, part)| (id.clone(), part.clone())));
        }
    }
    Ok((Opened::Readable { payload, attachments: Arc::new(all) }, history))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_open_points_of_what_was_brought_are_settled() {
        let (fields, keys) = (vec![FieldId::new("book-pages")], vec!["book".to_owned()]);
        for (code, settled) in [
            ("later:book", true),
            ("later-lapsed:book", true),
            ("form:book-pages:empty", true),
            ("attachment-missing:book-pages", true),
            ("later:other", false),
            ("form:phone:mobile.FORMAT", false),
            ("form:book-pages-more:empty", false),
            ("confirm-person", false),
            ("rule:other-province", false),
        ] {
            assert_eq!(concerns(code, &fields, &keys), settled, "{code}");
        }
    }
}
