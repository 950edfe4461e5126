//! From the store to the stick. Invariant: an item is marked as exported only when the whole export is durable on the stick.

use super::CarryError;
use super::stick::Stick;
use crate::store::{Store, StoreError};
use domain::ids::KioskId;
use jiff::Timestamp;
use outbox::State;
use std::io;
use std::path::Path;
use wire::carried::{Index, Listed, VERSION};
use wire::digest::Digest;

/// What lies on the stick now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exported {
    /// Submissions.
    pub items: usize,
    /// Bytes of ciphertext.
    pub bytes: u64,
}

/// Copies all unsent items, quarantined ones too. What was acknowledged already stays out.
///
/// # Errors
/// A full or failing stick, another kiosk's export on it, an item whose files are damaged here: then nothing is marked.
pub fn export(store: &Store, kiosk: &KioskId, folder: &Path, now: Timestamp) -> Result<Exported, CarryError> {
    let stick = Stick::at(folder);
    if let Some(other) = stick.exporter().filter(|other| other != kiosk) {
        return Err(CarryError::OfAnother(other.to_string()));
    }
    let mut index = Index { v: VERSION, kiosk: kiosk.clone(), items: Vec::new() };
    let (mut sums, mut bytes) = (String::new(), 0);
    let mut sum = |digest: &Digest, name: &str| sums.push_str(&format!("{digest}  {name}\n"));
    for item in store.waiting()?.into_iter().filter(|item| item.entry.state != State::Acked) {
        let id = item.entry.id;
        let manifest = serde_json::to_vec(&item.manifest).map_err(io::Error::other)?;
        let (name, file) = (Stick::manifest(id), Digest::of(&manifest));
        stick.write(&name, &manifest)?;
        sum(&file, &name);
        let blobs = item.files()?;
        for blob in &blobs {
            let content = std::fs::read(store.spool().path(blob)).map_err(StoreError::from)?;
            if Digest::of(&content) != *blob {
                return Err(StoreError::Io(format!("blob {blob} is damaged")).into());
            }
            let name = Stick::blob(blob);
            stick.write(&name, &content)?;
            sum(blob, &name);
            bytes += content.len() as u64;
        }
        index.items.push(Listed { id, file, blobs });
    }
    stick.finish(&index, sums)?;
    let ids: Vec<_> = index.items.iter().map(|item| item.id).collect();
    store.mark_exported(&ids, now)?;
    Ok(Exported { items: ids.len(), bytes })
}
