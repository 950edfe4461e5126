//! The one place that finds the sealed bytes of a submission's part, wherever they lie: the payload beside the submission in
//! the database (small answers that rode along) or as a blob, the header in custody.
//! Invariant: bytes are checked against the digest that names them.
//! Not here: opening them (`worker::opening`).

use crate::custody::split::joined;
use crate::office::Office;
use crate::store::{StoreError, submission_parts};
use domain::ids::SubmissionId;
use std::collections::BTreeMap;
use std::io;
use std::sync::Arc;
use wire::digest::Digest;
use wire::manifest::{Part, Role};
use wire::submitted::{Inline, MOST_INLINE};

/// Why a part that rode along is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InlineError {
    /// The manifest has no such part, or it is none that may ride along.
    #[error("only the part `answers` of at most {MOST_INLINE} bytes rides inside the request")]
    NotAnswers,
    /// Not as long as the manifest says.
    #[error("a part is not as long as the manifest says")]
    Size,
    /// Other bytes than the manifest names.
    #[error("the bytes do not have the digest of the manifest")]
    Digest,
    /// Not an age file.
    #[error("only sealed parts are taken")]
    NotSealed,
}

/// Checks what rode along against the manifest's parts.
///
/// # Errors
/// The first that may not be taken.
pub fn check(parts: &[Part], inline: &BTreeMap<Digest, Inline>) -> Result<(), InlineError> {
    for (digest, Inline(bytes)) in inline {
        let named = parts.iter().find(|part| part.sha256 == *digest && part.role == Role::Answers);
        let part = named.ok_or(InlineError::NotAnswers)?;
        let size = bytes.len() as u64;
        if size > MOST_INLINE {
            return Err(InlineError::NotAnswers);
        }
        if size != part.size {
            return Err(InlineError::Size);
        }
        if !bytes.starts_with(crate::custody::split::SEALED_START) {
            return Err(InlineError::NotSealed);
        }
        if Digest::of(bytes) != *digest {
            return Err(InlineError::Digest);
        }
    }
    Ok(())
}

/// The sealed bytes of a part of a submission, or of an opening that came from none; `None` when their key is gone for good.
/// Blocks: never call it on the event loop.
///
/// # Errors
/// Missing, unreadable, or damaged.
pub fn read(office: &Arc<Office>, submission: Option<SubmissionId>, part: &Part) -> io::Result<Option<Vec<u8>>> {
    let custody = &office.custody;
    // Attachments never enter the database.
    if let (Role::Answers, Some(submission)) = (part.role, submission) {
        let digest = part.sha256.clone();
        let kept = office.store.read_blocking(move |c| submission_parts::find(c, submission, &digest));
        if let Some(payload) = kept.map_err(|error: StoreError| io::Error::other(error))? {
            let header = custody.header(&submission.into(), &part.sha256).map_err(io::Error::other)?;
            return whole(header, &payload, part);
        }
    }
    match custody.of_blob(&part.sha256).map_err(io::Error::other)? {
        Some(header) => whole(Some(header), &office.blobs.payload(&part.sha256)?, part),
        None => Ok(None),
    }
}

fn whole(header: Option<Vec<u8>>, payload: &[u8], part: &Part) -> io::Result<Option<Vec<u8>>> {
    let Some(header) = header else { return Ok(None) };
    let damaged = || io::Error::new(io::ErrorKind::InvalidData, "part damaged");
    joined(&header, payload, &part.sha256).map(Some).ok_or_else(damaged)
}
