//! What a person handed in lately on this machine, so that after a crash the screen can say "we already have it".
//! Invariants: the person is a keyed hash only this machine can compute; entries die with the visit's end, at the latest with
//! the drafts' 30 minutes. Not here: drafts themselves.

use super::Store;
use super::drafts::LIFE_SECONDS;
use super::error::StoreError;
use domain::ids::{ReceiptCode, ServiceId, SubmissionId};
use domain::sensitive::Sensitive;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};

/// Bytes that must fit before a new submission is begun: photo, pages and signature with room to spare.
const ROOM: usize = 4 << 20;

/// What a person handed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lately {
    /// The submission.
    pub id: SubmissionId,
    /// Its service.
    pub service: ServiceId,
    /// The code on its receipt.
    pub code: Option<ReceiptCode>,
    /// It was handed over to the counter half done.
    pub unfinished: bool,
}

/// What is remembered of a sealed submission.
pub(super) struct Remembered {
    pub(super) service: ServiceId,
    /// Covered: only this machine reads it, and only with the person's number.
    pub(super) code: Vec<u8>,
    pub(super) unfinished: bool,
}

/// Remembers a sealed submission for its person, with its covered code; part of the sealing transaction.
pub(super) fn remember(
    db: &Connection,
    owner: [u8; 32],
    id: &str,
    lately: &Remembered,
    now: Timestamp,
) -> Result<(), StoreError> {
    db.execute(
        "INSERT OR REPLACE INTO lately (id, owner, service, sealed_at, code, unfinished) VALUES ($1, $2, $3, $4, $5, $6)",
        params![id, owner, lately.service.as_str(), now.as_second(), lately.code, lately.unfinished],
    )?;
    Ok(())
}

impl Store {
    /// The last submission this person sealed here within 30 minutes, unless the visit was ended by the person since, with the
    /// code on its receipt (`None` from tables of before).
    ///
    /// # Errors
    /// The store's.
    pub fn sealed_lately(&self, id_number: &Sensitive<String>, now: Timestamp) -> Result<Option<Lately>, StoreError> {
        let owner = self.machine_key.owner(id_number.expose());
        let since = now.as_second() - LIFE_SECONDS;
        let row: Option<(String, String, Option<Vec<u8>>, bool)> = self.writer.call(move |db| {
            db.execute("DELETE FROM lately WHERE sealed_at <= $1", params![since])?;
            Ok(db
                .query_row(
                    "SELECT id, service, code, unfinished FROM lately WHERE owner = $1 ORDER BY sealed_at DESC LIMIT 1",
                    params![owner],
                    |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)),
                )
                .optional()?)
        })?;
        row.map(|(name, service, code, unfinished)| {
            let code = code.and_then(|covered| {
                let bytes = self.machine_key.cover(id_number.expose(), &name, &covered);
                ReceiptCode::parse(std::str::from_utf8(&bytes).ok()?)
            });
            let id = name.parse().map_err(|_| StoreError::Database("an id is no UUID".to_owned()))?;
            Ok(Lately { id: SubmissionId(id), service: ServiceId::new(service), code, unfinished })
        })
        .transpose()
    }

    /// Ends all drafts of a person; what was sealed lately is remembered on.
    ///
    /// # Errors
    /// The store's.
    pub fn destroy_drafts_of(&self, id_number: &Sensitive<String>) -> Result<(), StoreError> {
        let owner = self.machine_key.owner(id_number.expose());
        let gone =
            self.writer.call(move |db| Ok(db.execute("DELETE FROM drafts WHERE owner = $1", params![owner])?))?;
        if gone > 0 { self.writer.truncate_log() } else { Ok(()) }
    }

    /// The person ended the visit: drafts and the memory of what was sealed lately go. Sealed submissions stay.
    ///
    /// # Errors
    /// The store's.
    pub fn forget_person(&self, id_number: &Sensitive<String>) -> Result<(), StoreError> {
        let owner = self.machine_key.owner(id_number.expose());
        self.writer.call(move |db| {
            db.execute("DELETE FROM drafts WHERE owner = $1", params![owner])?;
            db.execute("DELETE FROM lately WHERE owner = $1", params![owner])?;
            Ok(())
        })?;
        self.writer.truncate_log()
    }

    /// Whether a submission of usual size would fit: asked before a person begins to type.
    ///
    /// # Errors
    /// [`StoreError::DiskFull`] when it would not.
    pub fn check_room(&self) -> Result<(), StoreError> {
        let path = self.spool.trial();
        let tried = std::fs::write(&path, vec![0x5a; ROOM]);
        // Nothing is lost when it stays: the next start sweeps what belongs to no item.
        let _ = std::fs::remove_file(&path);
        Ok(tried?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn code() -> ReceiptCode {
        ReceiptCode::parse("ACDEFG79").unwrap()
    }

    #[test]
    fn a_person_who_ended_the_visit_is_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        let person = Sensitive::new("330304200002299988".to_owned());
        let id = SubmissionId(uuid::Uuid::from_u128(1));
        let now = Timestamp::from_second(1_795_000_000).unwrap();
        let owner = store.machine_key.owner(person.expose());
        let service = ServiceId::new("id-replace-lost");
        let covered = store.machine_key.cover(person.expose(), &id.to_string(), code().as_str().as_bytes());
        assert_ne!(covered, code().as_str().as_bytes());
        let kept = Remembered { service: service.clone(), code: covered, unfinished: true };
        store.writer.call(move |db| remember(db, owner, &id.to_string(), &kept, now)).unwrap();
        let lately = Lately { id, service, code: Some(code()), unfinished: true };
        assert_eq!(store.sealed_lately(&person, now).unwrap(), Some(lately));
        let other = Sensitive::new("330327198512319963".to_owned());
        assert_eq!(store.sealed_lately(&other, now).unwrap(), None);
        store.forget_person(&person).unwrap();
        assert_eq!(store.sealed_lately(&person, now).unwrap(), None);
    }

    #[test]
    fn it_is_forgotten_after_half_an_hour() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::open(folder.path()).unwrap();
        let person = Sensitive::new("330304200002299988".to_owned());
        let now = Timestamp::from_second(1_795_000_000).unwrap();
        let owner = store.machine_key.owner(person.expose());
        store
            .writer
            .call(move |db| {
                let kept = Remembered { service: ServiceId::new("a"), code: Vec::new(), unfinished: false };
                remember(db, owner, "00000000-0000-0000-0000-000000000001", &kept, now)
            })
            .unwrap();
        let later = Timestamp::from_second(1_795_000_000 + LIFE_SECONDS).unwrap();
        assert_eq!(store.sealed_lately(&person, later).unwrap(), None);
    }
}
