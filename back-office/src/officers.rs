//! Officers as files `<id>.toml` that `yimenctl officer add` writes: who, which branches, hash of the token.
//! Invariants: the token itself is nowhere in the office; comparing takes the same time whatever differs.
//! Not here: passkeys and sessions, which come with the web application.

use domain::ids::{BranchId, OfficerId, StationId};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use wire::digest::Digest;

/// `officers/<id>.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Officer {
    /// Who.
    pub id: OfficerId,
    /// Where.
    pub station: StationId,
    /// Rights: branches whose cases the officer sees and decides.
    pub branches: Vec<BranchId>,
    /// May read the audit log's check.
    #[serde(default)]
    pub auditor: bool,
    /// SHA-256 of the token (256 random bits, so a plain hash is enough).
    pub token: Digest,
}

/// Finds officers by token.
#[derive(Debug)]
pub struct Officers {
    folder: PathBuf,
}

/// The token text that belongs to an officer: `<id>.<secret>`, so that the file is found without a search.
pub fn token_text(id: &OfficerId, secret: &str) -> String {
    format!("{id}.{secret}")
}

impl Officers {
    /// Looks in this folder at every request: an officer whose file is gone has no rights from that moment.
    pub fn in_folder(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// The officer whose token this is.
    pub fn by_token(&self, token: &str) -> Option<Officer> {
        let (id, _) = token.split_once('.')?;
        let plain = !id.is_empty() && id.len() <= 64 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        if !plain {
            return None;
        }
        let officer: Officer = crate::config::read_toml(&self.folder.join(format!("{id}.toml"))).ok()?;
        let given = Digest::of(token.as_bytes());
        let differs = given.as_str().bytes().zip(officer.token.as_str().bytes()).fold(0, |all, (a, b)| all | (a ^ b));
        (differs == 0 && officer.id.as_str() == id).then_some(officer)
    }
}
