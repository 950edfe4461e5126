//! Opening a submission's sealed parts with the branch's identity.
//! Invariants: plain content stays in memory; whatever cannot be opened or read is a word for the case, not an error.

use super::WorkError;
use crate::kiosks::COUNTER;
use crate::office::Office;
use crate::sealed_parts;
use domain::answers::{Answer, AttachmentId};
use domain::ids::SubmissionId;
use std::collections::BTreeMap;
use std::sync::Arc;
use wire::digest::Digest;
use wire::manifest::{Manifest, Part, Role};
use wire::payload::{Identified, Payload};

/// What opening gave.
#[derive(Debug)]
pub enum Opened {
    /// The payload, and the part of each attachment that opened.
    Readable {
        /// What the person submitted.
        payload: Box<Payload>,
        /// Attachments by the digest of their plain bytes.
        attachments: Arc<BTreeMap<AttachmentId, Part>>,
    },
    /// A person must look.
    Unreadable {
        /// `cannot-open`, `not-a-payload`, `other-service`, `not-the-counter`.
        why: &'static str,
    },
}

impl Opened {
    /// The attachments that opened; none when unreadable.
    pub fn attachments(&self) -> Vec<AttachmentId> {
        match self {
            Self::Readable { attachments, .. } => attachments.keys().cloned().collect(),
            Self::Unreadable { .. } => Vec::new(),
        }
    }
}

/// Opens all parts of a manifest.
///
/// # Errors
/// Only the disk's: then it is worth trying again.
pub async fn open(office: &Arc<Office>, manifest: &Manifest) -> Result<Opened, WorkError> {
    let (office, manifest) = (Arc::clone(office), manifest.clone());
    match tokio::task::spawn_blocking(move || open_now(&office, &manifest)).await {
        Ok(opened) => opened,
        Err(error) => Err(WorkError::Disk(std::io::Error::other(error))),
    }
}

/// The plain bytes of one part; `None` when its own key is gone, or this office's does not open it.
///
/// # Errors
/// The disk's.
pub fn plain(
    office: &Arc<Office>,
    submission: Option<SubmissionId>,
    part: &Part,
) -> Result<Option<Vec<u8>>, WorkError> {
    let sealed = sealed_parts::read(office, submission, part)?;
    Ok(sealed.and_then(|sealed| office.ring.open_sealed(&sealed).ok()))
}

/// Opens only the answers; the inner error is the word why a person must look.
///
/// # Errors
/// Only the disk's.
pub fn payload(office: &Arc<Office>, manifest: &Manifest) -> Result<Result<Box<Payload>, &'static str>, WorkError> {
    let Some(answers) = manifest.parts.iter().find(|part| part.role == Role::Answers) else {
        return Ok(Err("not-a-payload"));
    };
    let Some(bytes) = plain(office, Some(manifest.id), answers)? else { return Ok(Err("cannot-open")) };
    let Ok(payload) = serde_json::from_slice::<Payload>(&bytes) else { return Ok(Err("not-a-payload")) };
    if payload.service != manifest.service || payload.form_version != manifest.form_version {
        return Ok(Err("other-service"));
    }
    if manifest.kiosk.as_str() != COUNTER && says_counter(&payload) {
        return Ok(Err("not-the-counter"));
    }
    Ok(Ok(Box::new(payload)))
}

/// What only an officer can say: that somebody stood before them, that a paper was shown to them.
fn says_counter(payload: &Payload) -> bool {
    payload.identified == Identified::Counter || payload.answers.iter().any(|(_, answer)| *answer == Answer::AtCounter)
}

fn open_now(office: &Arc<Office>, manifest: &Manifest) -> Result<Opened, WorkError> {
    let payload = match payload(office, manifest)? {
        Ok(payload) => payload,
        Err(why) => return Ok(Opened::Unreadable { why }),
    };
    let attachments = match office.parts.get(&manifest.id) {
        Some(known) => known,
        None => {
            let found = Arc::new(attachments(office, manifest)?);
            office.parts.set(manifest.id, Arc::clone(&found));
            found
        }
    };
    Ok(Opened::Readable { payload, attachments })
}

/// Which attachment is in which part: each is opened once, as only its plain bytes give its name.
fn attachments(office: &Arc<Office>, manifest: &Manifest) -> Result<BTreeMap<AttachmentId, Part>, WorkError> {
    let mut found = BTreeMap::new();
    for part in manifest.parts.iter().filter(|part| part.role == Role::Attachment) {
        if let Some(bytes) = plain(office, Some(manifest.id), part)? {
            found.insert(AttachmentId(Digest::of(&bytes).to_string()), part.clone());
        }
    }
    Ok(found)
}
