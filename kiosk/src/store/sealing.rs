//! From answers to a durable, sealed submission (已收件).
//! Invariant I1: `Ok` means that every blob is fsynced under its name, the folder is fsynced, and the row is committed with FULL.

use super::Store;
use super::error::StoreError;
use super::persons::Remembered;
use domain::answers::AttachmentId;
use domain::ids::{KioskId, StationId, SubmissionId};
use ed25519_dalek::SigningKey;
use jiff::Timestamp;
use outbox::{Entry, State};
use rusqlite::{OptionalExtension as _, params};
use std::collections::BTreeSet;
use wire::digest::Digest;
use wire::envelope::{self, Sealed};
use wire::manifest::{Chain, Manifest, Part, Role, SUITE, VERSION};
use wire::payload::Payload;
use wire::signature::Signed;

/// Who seals, and to whom.
#[derive(Clone)]
pub struct Sealing {
    /// This machine.
    pub kiosk: KioskId,
    /// Where it stands.
    pub station: StationId,
    /// age recipients: branch key first, then the recovery key.
    pub recipients: Vec<String>,
    /// Signs manifests.
    pub device_key: SigningKey,
}

/// A picture or page as taken.
pub struct Attachment {
    /// Plain bytes; the answers name them by their SHA-256.
    pub bytes: Vec<u8>,
    /// E.g. `image/jpeg`.
    pub media_type: String,
}

/// What is durable now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedItem {
    /// Which submission.
    pub id: SubmissionId,
    /// Digest of its signed manifest.
    pub digest: Digest,
    /// The kiosk's clock.
    pub sealed_at: Timestamp,
    /// It was here already: this call changed nothing.
    pub repeated: bool,
}

impl Store {
    /// Encrypts, signs and makes durable; the draft of the same id goes in the same transaction.
    /// A second call with the same id gives what the first one made.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`] and the like: then nothing of this call is visible and the draft is still there.
    pub fn seal(
        &self,
        id: SubmissionId,
        payload: &Payload,
        attachments: &[Attachment],
        sealing: &Sealing,
        now: Timestamp,
    ) -> Result<SealedItem, StoreError> {
        self.seal_next(id, payload, attachments, sealing, 1, now)
    }

    /// As [`Store::seal`]; a supplement takes this place among the submissions of its case, anything else begins a case.
    ///
    /// # Errors
    /// As [`Store::seal`].
    pub fn seal_next(
        &self,
        id: SubmissionId,
        payload: &Payload,
        attachments: &[Attachment],
        sealing: &Sealing,
        seq: u32,
        now: Timestamp,
    ) -> Result<SealedItem, StoreError> {
        if let Some(found) = self.find(id)? {
            return Ok(SealedItem { id, digest: found.digest, sealed_at: found.sealed_at, repeated: true });
        }
        complete(payload, attachments)?;
        let (blobs, parts) = encrypt(payload, attachments, &sealing.recipients)?;
        let manifest = Manifest {
            v: VERSION,
            suite: SUITE.to_owned(),
            id,
            chain: payload.supplement_of.map_or(Chain::first(id), |first| Chain { first, seq: seq.max(1) }),
            service: payload.service.clone(),
            form_version: payload.form_version,
            station: sealing.station.clone(),
            kiosk: sealing.kiosk.clone(),
            sealed_at: now,
            recipients: sealing.recipients.iter().map(|text| envelope::recipient_id(text)).collect(),
            parts,
        };
        let signed = Signed::sign(&manifest, &sealing.device_key).map_err(sealing_failed)?;
        let digest = signed.digest();
        self.spool.keep(&blobs)?;
        let number = payload.applicant.id_number.expose();
        let owner = self.machine_key.owner(number);
        let code = self.machine_key.cover(number, &id.to_string(), payload.code.as_str().as_bytes());
        let lately = Remembered { service: payload.service.clone(), code, unfinished: payload.unfinished.is_some() };
        let sequence = self.insert(id, &signed, &digest, (owner, lately), now).inspect_err(|_| {
            self.spool.forget(blobs.iter().map(|blob| &blob.sha256));
        })?;
        if let Err(error) = self.writer.truncate_log() {
            // The submission is durable all the same; the draft's wrapped key goes with the next truncation.
            tracing::warn!(%id, %error, "the log was not cut");
        }
        let entry = Entry {
            id,
            sequence,
            chain: manifest.chain.first,
            manifest: digest.clone(),
            sealed_at: now,
            bytes: blobs.iter().map(|blob| blob.bytes.len() as u64).sum(),
            blobs: manifest.uploads(),
            state: State::Sealed,
        };
        if let Some(listener) = &*self.listener() {
            // Without an uplink the item waits for the next start.
            listener(entry);
        }
        Ok(SealedItem { id, digest, sealed_at: now, repeated: false })
    }

    fn insert(
        &self,
        id: SubmissionId,
        signed: &Signed,
        digest: &Digest,
        (owner, lately): ([u8; 32], Remembered),
        now: Timestamp,
    ) -> Result<u64, StoreError> {
        let (name, digest, at) = (id.to_string(), digest.to_string(), now.to_string());
        let manifest = serde_json::to_string(signed).map_err(sealing_failed)?;
        self.writer.call(move |db| {
            let erased: Option<i64> =
                db.query_row("SELECT 1 FROM tombstones WHERE id = $1", params![name], |row| row.get(0)).optional()?;
            if erased.is_some() {
                return Err(StoreError::Database("this id was delivered already".to_owned()));
            }
            db.execute("DELETE FROM drafts WHERE id = $1", params![name])?;
            super::persons::remember(db, owner, &name, &lately, now)?;
            let sequence: i64 = db.query_row(
                "INSERT INTO items (id, state, digest, manifest, sealed_at) VALUES ($1, 'SEALED', $2, $3, $4)
                 RETURNING sequence",
                params![name, digest, manifest, at],
                |row| row.get(0),
            )?;
            Ok(u64::try_from(sequence).unwrap_or_default())
        })
    }
}

/// Every attachment that the payload names must be given, else it would be lost.
fn complete(payload: &Payload, attachments: &[Attachment]) -> Result<(), StoreError> {
    let given: BTreeSet<String> =
        attachments.iter().map(|attachment| Digest::of(&attachment.bytes).as_str().to_owned()).collect();
    let named = payload.answers.iter().flat_map(|(_, answer)| answer.attachments());
    for AttachmentId(name) in named.chain(payload.pictures.values().cloned()) {
        if !given.contains(&name) {
            return Err(StoreError::MissingAttachment);
        }
    }
    Ok(())
}

fn encrypt(
    payload: &Payload,
    attachments: &[Attachment],
    recipients: &[String],
) -> Result<(Vec<Sealed>, Vec<Part>), StoreError> {
    let answers = serde_json::to_vec(payload).map_err(sealing_failed)?;
    let plain = std::iter::once((Role::Answers, answers.as_slice(), "application/json"))
        .chain(attachments.iter().map(|given| (Role::Attachment, given.bytes.as_slice(), given.media_type.as_str())));
    let mut blobs = Vec::new();
    let mut parts = Vec::new();
    for (role, bytes, media_type) in plain {
        let sealed = envelope::seal(bytes, recipients).map_err(sealing_failed)?;
        let (sha256, size) = (sealed.sha256.clone(), sealed.bytes.len() as u64);
        parts.push(Part { role, sha256, size, media_type: media_type.to_owned() });
        blobs.push(sealed);
    }
    Ok((blobs, parts))
}

fn sealing_failed(error: impl std::fmt::Display) -> StoreError {
    StoreError::Sealing(error.to_string())
}
