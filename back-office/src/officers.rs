//! Officers as files `<id>.toml` that `yimenctl officer add` writes: who, which rights, how they prove themselves.
//! Invariants: neither token nor password is anywhere in the office, only hashes; comparing takes the same time whatever
//! differs; a file without the newer keys still counts (its branches at its station); an officer whose file is gone has
//! no rights from that moment. Not here: sessions, hashing of passwords (`passwords`).

use crate::rights::{Grant, Rights, Role};
use domain::ids::{BranchId, OfficerId, StationId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use wire::digest::Digest;

/// `officers/<id>.toml`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Officer {
    /// Who.
    pub id: OfficerId,
    /// Name as colleagues read it; the id when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Number of the badge.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub badge: String,
    /// Where.
    pub station: StationId,
    /// The window where the officer sits.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub window: Option<String>,
    /// Older files: branches of the role officer at the own station. Looked at when there is no `grant`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub branches: Vec<BranchId>,
    /// Older files: also an auditor.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub auditor: bool,
    /// SHA-256 of the token (256 random bits, so a plain hash is enough), when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<Digest>,
    /// When the token was made: in a production bureau it ends as a session does, and proves no longer than one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token_at: Option<Timestamp>,
    /// Who the officer is for the bureau's identity provider (`sub`), when they may sign in through it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oidc_sub: Option<String>,
    /// The password, when there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub password: Option<Password>,
    /// An administrator locked them (a file `<id>.locked` beside this one, so that whoever writes this one cannot undo it):
    /// nothing is opened for this officer, whatever they prove.
    #[serde(skip)]
    pub locked: bool,
    /// Roles for branches and stations.
    #[serde(default, rename = "grant", skip_serializing_if = "Vec::is_empty")]
    pub grants: Vec<Grant>,
}

/// `[password]`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Password {
    /// Argon2id in PHC form.
    pub hash: String,
    /// Given by an administrator: it must be changed before anything else.
    pub one_time: bool,
    /// Since when.
    pub set_at: Timestamp,
}

impl Officer {
    /// What the officer may do.
    pub fn rights(&self) -> Rights {
        if !self.grants.is_empty() {
            return Rights(self.grants.clone());
        }
        let grant = |role| Grant { role, branches: self.branches.clone(), stations: vec![self.station.clone()] };
        let mut grants = vec![grant(Role::Officer)];
        if self.auditor {
            grants.push(grant(Role::Auditor));
        }
        Rights(grants)
    }

    /// Name as colleagues read it.
    pub fn shown_name(&self) -> &str {
        self.name.as_deref().unwrap_or(self.id.as_str())
    }
}

/// Why an officer's file was not changed.
#[derive(Debug, thiserror::Error)]
pub enum OfficerFileError {
    /// It is gone or cannot be read.
    #[error("there is no such officer any more")]
    Gone,
    /// The disk.
    #[error("disk: {0}")]
    Disk(#[from] std::io::Error),
}

/// Finds officers.
#[derive(Debug)]
pub struct Officers {
    folder: PathBuf,
    writing: Mutex<()>,
}

/// The token text that belongs to an officer: `<id>.<secret>`, so that the file is found without a search.
pub fn token_text(id: &OfficerId, secret: &str) -> String {
    format!("{id}.{secret}")
}

impl Officers {
    /// Looks in this folder at every request.
    pub fn in_folder(folder: PathBuf) -> Self {
        Self { folder, writing: Mutex::new(()) }
    }

    fn path(&self, id: &str) -> Option<PathBuf> {
        let plain = !id.is_empty() && id.len() <= 64 && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
        plain.then(|| self.folder.join(format!("{id}.toml")))
    }

    /// An officer by id.
    pub fn by_id(&self, id: &str) -> Option<Officer> {
        let path = self.path(id)?;
        let mut officer: Officer = crate::config::read_toml(&path).ok()?;
        // What cannot be looked at is taken as locked.
        officer.locked = path.with_extension("locked").try_exists().unwrap_or(true);
        (officer.id.as_str() == id).then_some(officer)
    }

    /// Whether an officer lost the way in and waits that second factor and passkeys are taken away: a file `<id>.reset` beside
    /// the officer's.
    pub fn waits_for_reset(&self, id: &OfficerId) -> bool {
        self.reset_file(id).is_some_and(|file| file.exists())
    }

    /// It was done.
    ///
    /// # Errors
    /// The disk's; then it is done once more.
    pub fn was_reset(&self, id: &OfficerId) -> std::io::Result<()> {
        self.reset_file(id).map_or(Ok(()), std::fs::remove_file)
    }

    fn reset_file(&self, id: &OfficerId) -> Option<PathBuf> {
        self.path(id.as_str()).map(|path| path.with_extension("reset"))
    }

    /// The officer whose token this is.
    pub fn by_token(&self, token: &str) -> Option<Officer> {
        let officer = self.by_id(token.split_once('.')?.0)?;
        let known = officer.token.as_ref()?;
        let given = Digest::of(token.as_bytes());
        let differs = given.as_str().bytes().zip(known.as_str().bytes()).fold(0, |all, (a, b)| all | (a ^ b));
        (differs == 0).then_some(officer)
    }

    /// Everybody, by id; a file that cannot be read is left out.
    pub fn all(&self) -> Vec<Officer> {
        let Ok(entries) = std::fs::read_dir(&self.folder) else { return Vec::new() };
        let mut found: Vec<Officer> = entries
            .filter_map(|entry| {
                let name = entry.ok()?.file_name().into_string().ok()?;
                self.by_id(name.strip_suffix(".toml")?)
            })
            .collect();
        found.sort_by(|a, b| a.id.cmp(&b.id));
        found
    }

    /// The officer whom the identity provider knows as this; nobody when two files name the same.
    pub fn by_subject(&self, subject: &str) -> Option<Officer> {
        let mut found = self.all().into_iter().filter(|officer| officer.oidc_sub.as_deref() == Some(subject));
        let officer = found.next()?;
        found.next().is_none().then_some(officer)
    }

    /// Name as colleagues read it; the id of somebody who has left.
    pub fn name_of(&self, id: &OfficerId) -> String {
        self.by_id(id.as_str()).map_or_else(|| id.to_string(), |officer| officer.shown_name().to_owned())
    }

    /// Sets a password of the officer's own choice.
    ///
    /// # Errors
    /// The officer is gone, or the disk.
    pub fn set_password(&self, id: &OfficerId, hash: String, now: Timestamp) -> Result<Officer, OfficerFileError> {
        let _alone = self.writing.lock().unwrap_or_else(PoisonError::into_inner);
        let mut officer = self.by_id(id.as_str()).ok_or(OfficerFileError::Gone)?;
        officer.password = Some(Password { hash, one_time: false, set_at: now });
        let text = toml::to_string(&officer).map_err(std::io::Error::other)?;
        let path = self.path(id.as_str()).ok_or(OfficerFileError::Gone)?;
        // Readable for its owner only from the first byte on, as `yimenctl officer add` made it.
        let temporary = path.with_extension("new");
        let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&temporary)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()?;
        std::fs::rename(&temporary, &path)?;
        std::fs::File::open(&self.folder)?.sync_all()?;
        Ok(officer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rights::Action;

    #[test]
    fn an_older_file_still_loads_and_a_newer_one_reads_back() {
        let old = format!(
            "id = \"o-1\"\nstation = \"yunqiao\"\nbranches = [\"household\"]\nauditor = true\ntoken = \"{}\"\n",
            "0".repeat(64)
        );
        let officer: Officer = toml::from_str(&old).unwrap();
        let rights = officer.rights();
        assert_eq!(rights.roles(), [Role::Officer, Role::Auditor]);
        assert!(rights.may(Action::Decide, &"household".into(), &"yunqiao".into()));
        assert!(!rights.may(Action::Decide, &"traffic".into(), &"yunqiao".into()));
        let newer = Officer {
            name: Some("李敏".into()),
            badge: "019".into(),
            password: Some(Password { hash: "$argon2id$x".into(), one_time: true, set_at: Timestamp::UNIX_EPOCH }),
            grants: rights.0,
            ..officer
        };
        let text = toml::to_string(&newer).unwrap();
        assert_eq!(toml::from_str::<Officer>(&text).unwrap(), newer, "{text}");
    }
}
