//! Everything that is known about one case when an officer looks at it or decides: the opened submission, the service,
//! the marks; and what of it still stands before a decision.
//! Invariant: detail, preview and decision look at the same evidence, so that what the screen says is what the server
//! enforces. Nothing plain is kept after the request.

use super::{checks, papers};
use crate::office::Office;
use crate::problem::ApiProblem;
use crate::store::cases::Case;
use crate::store::deciding::Rules;
use crate::store::marks::{About, Marks};
use crate::worker::opening::Opened;
use crate::worker::supplementing::{self, Earlier};
use domain::answers::AttachmentId;
use domain::condition::Context;
use domain::service::Service;
use std::collections::BTreeMap;
use std::sync::Arc;
use wire::manifest::Part;
use wire::payload::Payload;

/// Opens the submission of a case, with every supplement laid over it.
pub(super) async fn open(office: &Arc<Office>, case: &Case) -> Result<Opened, ApiProblem> {
    Ok(open_with_history(office, case).await?.0)
}

/// As [`open`], with what each supplement replaced.
pub(super) async fn open_with_history(office: &Arc<Office>, case: &Case) -> Result<(Opened, Vec<Earlier>), ApiProblem> {
    let opened = supplementing::with_history(office, case.id, case.submission).await;
    let (opened, earlier) = opened.map_err(|error| ApiProblem::later(error.to_string()))?;
    if let Opened::Readable { payload, .. } = &opened {
        office.names.set(case.id, payload.applicant.name.clone());
    }
    Ok((opened, earlier))
}

/// The evidence.
#[derive(Clone, Copy)]
pub(super) struct Evidence<'a> {
    pub(super) office: &'a Office,
    pub(super) case: &'a Case,
    pub(super) service: Option<&'a Service>,
    pub(super) payload: Option<&'a Payload>,
    pub(super) attachments: Option<&'a BTreeMap<AttachmentId, Part>>,
    pub(super) unreadable: Option<&'static str>,
    pub(super) marks: &'a Marks,
}

impl<'a> Evidence<'a> {
    pub(super) fn of(office: &'a Office, case: &'a Case, opened: &'a Opened, marks: &'a Marks) -> Self {
        let (payload, attachments, unreadable) = match opened {
            Opened::Readable { payload, attachments } => (Some(payload.as_ref()), Some(attachments.as_ref()), None),
            Opened::Unreadable { why } => (None, None, Some(*why)),
        };
        let service = office.services.service(&case.service);
        Self { office, case, service, payload, attachments, unreadable, marks }
    }

    /// A text of the service in Chinese, or the key's last part.
    pub(super) fn text(&self, key: &str) -> String {
        self.text_if(key).unwrap_or_else(|| key.rsplit('.').next().unwrap_or(key).to_owned())
    }

    /// What a field is called among officers and in letters.
    pub(super) fn field_name(&self, field: &str) -> String {
        self.office.services.field_name(&self.case.service, field).unwrap_or_else(|| field.to_owned())
    }

    /// A text of the service in Chinese, when there is one.
    pub(super) fn text_if(&self, key: &str) -> Option<String> {
        self.office.services.text(&self.case.service, key)
    }

    /// What conditions and rules look at.
    pub(super) fn context(&self) -> Option<Context<'a>> {
        let payload = self.payload?;
        Some(Context { facts: &payload.facts, answers: &payload.answers, today: payload.day })
    }

    /// Whether an officer must still say that the person is the person.
    pub(super) fn must_confirm(&self) -> bool {
        self.payload.is_some_and(|payload| payload.identified.needs_officer())
            || self.case.open.iter().any(|code| code == "confirm-person")
    }

    /// What stands against the person, in words.
    fn person_words(&self) -> Option<String> {
        match self.marks.get(About::Person, "person").map(|mark| mark.value.as_str()) {
            Some("not-same") => Some("核对结果是“不是同一人”".to_owned()),
            Some("in-person") => Some("等本人到柜台当面核".to_owned()),
            Some(_) => None,
            None => self.must_confirm().then(|| "还没有核对本人".to_owned()),
        }
    }

    /// The rules of a decision on this case.
    pub(super) fn rules(&self) -> Rules {
        let mut before_accepting: Vec<String> = self.person_words().into_iter().collect();
        before_accepting.extend(checks::open_words(self));
        let mut before_approving = before_accepting.clone();
        before_approving.extend(papers::open_words(self));
        Rules {
            calendar: self.office.loaded.config.calendar.clone(),
            hours: self.office.loaded.config.counter.hours.clone(),
            statutory: self.service.and_then(|service| service.statutory_limit),
            promised: self.service.and_then(|service| service.promised_limit),
            two_person: self.service.map(|service| service.second_person.clone()).unwrap_or_default(),
            branches: self.office.services.branches().into_iter().map(|(id, _)| id).collect(),
            keys: papers::askable(self).into_iter().map(|(key, _, _)| key).collect(),
            before_accepting,
            before_approving,
        }
    }
}
