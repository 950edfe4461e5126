//! Sealed files of an opening: made, and put on the disk.
//! Invariant: a file is named to its opening before it is on the disk, so that none is left behind by a crash; one that
//! could not be kept is erased and forgotten. Not here: naming it, which looks at who has the opening.

use crate::custody::split::{NewKey, split};
use crate::office::Office;
use crate::openings::erase_unused;
use crate::store::openings::OpeningId;
use std::sync::Arc;
use wire::envelope::Sealed;
use wire::manifest::{Part, Role};

/// Seals a content to the bureau; `None` when that cannot be done.
pub(super) async fn seal(
    office: &Arc<Office>,
    plain: impl AsRef<[u8]> + Send + 'static,
    role: Role,
    media_type: &str,
) -> Option<(Part, Sealed)> {
    let inner = Arc::clone(office);
    let sealing = move || inner.ring.seal(plain.as_ref());
    let sealed = tokio::task::spawn_blocking(sealing).await.ok()?.ok()?;
    let part = Part {
        role,
        sha256: sealed.sha256.clone(),
        size: sealed.bytes.len() as u64,
        media_type: media_type.to_owned(),
    };
    Some((part, sealed))
}

/// The header of a sealed file, for custody: it goes there in the job that names the file to the opening.
pub(super) fn key(id: OpeningId, sealed: &Sealed) -> NewKey {
    let header = split(&sealed.bytes).0.to_vec();
    NewKey { owner: id.into(), part: sealed.sha256.clone(), header, filed: true }
}

/// Puts a file that its opening names on the disk; `None` when it was not kept, and nothing of it is left.
pub(super) async fn put(office: &Arc<Office>, id: OpeningId, part: Part, sealed: Sealed) -> Option<Part> {
    let blobs = office.blobs.clone();
    let kept = tokio::task::spawn_blocking(move || blobs.keep(&sealed)).await;
    if matches!(kept, Ok(Ok(()))) {
        return Some(part);
    }
    tracing::error!(?kept, "a file of an opening was not kept");
    erase_unused(office, id, part.sha256).await;
    None
}
