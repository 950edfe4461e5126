//! The enrolled kiosks, as files `<id>.toml` that `yimenctl kiosk add` writes and an administrator may take away.
//! Invariant: a kiosk whose file is gone is refused within [`KEPT`], without a restart.
//! Not here: the client certificate's chain (checked in `tls`).

use domain::ids::KioskId;
use ed25519_dalek::VerifyingKey;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::{Duration, Instant};
use wire::bureau::EnrolledKiosk;

/// Stands for the kiosk of what was taken in at the counter; no machine has this id.
pub const COUNTER: &str = "counter";

/// How long a look at a file is believed.
pub const KEPT: Duration = Duration::from_secs(2);

/// A kiosk with its key ready for use.
#[derive(Clone, Debug)]
pub struct Kiosk {
    /// What the file says.
    pub enrolled: EnrolledKiosk,
    /// The key that signs its manifests.
    pub key: VerifyingKey,
}

/// Looks kiosks up by id.
#[derive(Debug)]
pub struct Kiosks {
    folder: PathBuf,
    seen: Mutex<HashMap<KioskId, (Instant, Option<Kiosk>)>>,
}

impl Kiosks {
    /// Looks in this folder.
    pub fn in_folder(folder: PathBuf) -> Self {
        Self { folder, seen: Mutex::new(HashMap::new()) }
    }

    /// The enrolled kiosk of this id; `None` when there is no readable file for it.
    pub fn find(&self, id: &KioskId) -> Option<Kiosk> {
        let plain = !id.as_str().is_empty()
            && id.as_str() != COUNTER
            && id.as_str().len() <= 64
            && id.as_str().bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if !plain {
            return None;
        }
        let mut seen = self.seen.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some((at, kiosk)) = seen.get(id)
            && at.elapsed() < KEPT
        {
            return kiosk.clone();
        }
        let kiosk = self.read(id);
        seen.insert(id.clone(), (Instant::now(), kiosk.clone()));
        kiosk
    }

    fn read(&self, id: &KioskId) -> Option<Kiosk> {
        let path = self.folder.join(format!("{id}.toml"));
        let enrolled: EnrolledKiosk = crate::config::read_toml(&path)
            .inspect_err(|error| tracing::warn!(kiosk = %id, %error, "kiosk not enrolled"))
            .ok()?;
        let bytes: [u8; 32] = hex::decode(&enrolled.key).ok()?.try_into().ok()?;
        let key = VerifyingKey::from_bytes(&bytes).ok()?;
        (enrolled.id == *id).then_some(Kiosk { enrolled, key })
    }
}
