//! From the visit's submission to a durable one: the wire's payload, its attachments, its code.
//! Invariant: the code follows from the id alone, so that sealing twice, and a restart, give the same code.

use super::Hands;
use crate::signal::PortraitOf;
use crate::store::{Attachment, StoreError};
use domain::answers::AttachmentId;
use domain::ids::{ReceiptCode, SubmissionId};
use std::collections::BTreeMap;
use std::sync::Arc;
use visit::{Ask, Event, Identified, StoreFault, Submission};
use wire::digest::Digest;
use wire::payload::{self, Payload, Person, PictureRole};

/// The receipt code of a submission: eight letters from the SHA-256 of its id. The id has 74 random bits that nobody outside
/// this machine and the office ever sees, so a code cannot be guessed from another.
pub fn code_of(id: SubmissionId) -> ReceiptCode {
    let digest = Digest::of(format!("receipt-code {id}").as_bytes());
    let number = |place: usize| u32::from_str_radix(&digest.as_str()[place * 8..place * 8 + 8], 16).unwrap_or(0);
    ReceiptCode::from_random(std::array::from_fn(number))
}

pub(super) fn fault(error: &StoreError) -> StoreFault {
    tracing::error!(%error, "the local store refused");
    if *error == StoreError::DiskFull { StoreFault::DiskFull } else { StoreFault::Other }
}

pub(super) fn identified(how: Identified) -> wire::payload::Identified {
    match how {
        Identified::CardAndFace => wire::payload::Identified::CardAndFace,
        Identified::NumberAndFace => wire::payload::Identified::NumberAndFace,
        Identified::CardOfficer => wire::payload::Identified::CardOfficer,
        Identified::NumberOfficer => wire::payload::Identified::NumberOfficer,
    }
}

/// A supplement keeps the code of its case.
fn code(submission: &Submission) -> ReceiptCode {
    submission.supplement_of.as_ref().map_or_else(|| code_of(submission.id), |of| of.code.clone())
}

/// The payload; `None` for a submission without a person, which no service of the wire's version 1 has.
pub(super) fn payload(submission: &Submission) -> Option<Payload> {
    let person = submission.applicant.clone()?;
    Some(Payload {
        service: submission.service.clone(),
        form_version: submission.form_version,
        code: code(submission),
        day: submission.day,
        language: submission.language.clone(),
        applicant: Person { name: person.name, id_number: person.id_number },
        matter: submission.matter,
        subject: submission.subject.clone(),
        identified: identified(submission.identified?),
        facts: submission.facts.clone(),
        answers: submission.answers.clone(),
        open: submission.open.iter().map(visit::Open::code).collect(),
        supplement_of: submission.supplement_of.as_ref().map(|of| of.submission),
        unfinished: submission
            .unfinished
            .clone()
            .map(|unfinished| payload::Unfinished { step: unfinished.step, entered: unfinished.entered }),
        pictures: BTreeMap::new(),
    })
}

impl Hands {
    pub(super) fn seal(&mut self, ask: Ask, submission: Submission) {
        let Some(mut payload) = payload(&submission) else {
            tracing::error!(service = %submission.service, "a submission without a person cannot be sealed");
            self.answer(ask, Event::StoreFailed(StoreFault::Other));
            return;
        };
        let mut attachments: Vec<Attachment> = submission
            .answers
            .iter()
            .flat_map(|(_, answer)| answer.attachments())
            .filter_map(|id| self.album.get(&id))
            .map(|kept| Attachment { bytes: kept.bytes.to_vec(), media_type: kept.media_type.to_owned() })
            .collect();
        for (role, picture) in self.pictures(&submission) {
            let bytes = picture.jpeg.into_inner();
            payload.pictures.insert(role, AttachmentId(Digest::of(&bytes).as_str().to_owned()));
            attachments.push(Attachment { bytes, media_type: "image/jpeg".to_owned() });
        }
        self.sealed_for = Some(payload.applicant.id_number.clone());
        let (store, sealing) = (Arc::clone(&self.store), self.sealing.clone());
        self.answer_later(ask, move || {
            let seq = submission.supplement_of.as_ref().map_or(1, |of| of.seq);
            match store.seal_next(submission.id, &payload, &attachments, &sealing, seq, ambient::now()) {
                Ok(_) => Event::Sealed(payload.code),
                Err(error) => Event::StoreFailed(fault(&error)),
            }
        });
    }
}

impl Hands {
    /// The pictures that go along besides those of the answers, only ever the applicant's own.
    pub(super) fn pictures(&self, submission: &Submission) -> Vec<(PictureRole, PortraitOf)> {
        let (Some(applicant), Some(how)) = (&submission.applicant, submission.identified) else { return Vec::new() };
        // The case has them already.
        if submission.supplement_of.is_some() {
            return Vec::new();
        }
        // Half done, it may not be there yet.
        let portrait = submission.answers.applicants_photo(submission.matter).is_some();
        let of_applicant = |picture: &&PortraitOf| picture.id_number == applicant.id_number;
        let card = self.portrait.as_ref().filter(|_| how.with_card()).filter(of_applicant);
        let face = self.face_seen.as_ref().filter(|_| !how.confirmed() && !portrait).filter(of_applicant);
        let named = card.map(|picture| (PictureRole::CardPortrait, picture.clone()));
        named.into_iter().chain(face.map(|picture| (PictureRole::LiveFace, picture.clone()))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_follows_from_the_id_alone() {
        let id = |number| SubmissionId(uuid::Uuid::from_u128(number));
        assert_eq!(code_of(id(7)), code_of(id(7)));
        assert_ne!(code_of(id(7)), code_of(id(8)));
    }
}
