//! Drafts (product rule 7): what a person has filled in so far, for that same person only, for 30 minutes.
//! Invariants: content is encrypted with a random key of its own, which is wrapped by a key made from the machine's key and
//! the person's number; no column holds the number; deleting the row (secure_delete, log truncated) destroys the wrapped key.
//! A clock that jumps back ends a draft rather than keeping it.
//! Not here: when a visit saves.

use super::Store;
use super::error::StoreError;
use chacha20poly1305::aead::{Aead as _, Payload};
use chacha20poly1305::{ChaCha20Poly1305, KeyInit as _, Nonce};
use domain::ids::SubmissionId;
use domain::sensitive::Sensitive;
use jiff::Timestamp;
use rusqlite::params;

/// Seconds a draft lives after the last touch.
pub const LIFE_SECONDS: i64 = 30 * 60;
/// How far the clock may stand before the last touch without ending the draft.
const CLOCK_SLACK_SECONDS: i64 = 60;

/// A reopened draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The submission it will become.
    pub id: SubmissionId,
    /// What was saved.
    pub content: Sensitive<Vec<u8>>,
}

struct Row {
    id: String,
    wrapped_key: Vec<u8>,
    content: Vec<u8>,
}

impl Store {
    /// Saves or replaces a draft and starts its 30 minutes anew.
    ///
    /// # Errors
    /// The store's; the earlier version of the draft stays.
    pub fn save_draft(
        &self,
        id_number: &Sensitive<String>,
        id: SubmissionId,
        content: &[u8],
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let name = id.to_string();
        let owner = self.machine_key.owner(id_number.expose());
        let key: [u8; 32] = ambient::random_bytes();
        let wrapping = self.machine_key.wrapping(id_number.expose(), name.as_bytes());
        let wrapped_key = lock(&wrapping, &key, name.as_bytes())?;
        let content = lock(&key, content, name.as_bytes())?;
        self.writer.call(move |db| {
            db.prepare_cached(
                "INSERT INTO drafts (id, owner, touched_at, wrapped_key, content) VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (id) DO UPDATE SET owner = excluded.owner, touched_at = excluded.touched_at,
                     wrapped_key = excluded.wrapped_key, content = excluded.content",
            )?
            .execute(params![name, owner, now.as_second(), wrapped_key, content])?;
            Ok(())
        })
    }

    /// The person's last draft that still lives; opening counts as a touch.
    ///
    /// # Errors
    /// The store's. A draft that cannot be opened (another machine key) is reported as damaged.
    pub fn open_draft(&self, id_number: &Sensitive<String>, now: Timestamp) -> Result<Option<Draft>, StoreError> {
        self.expire_drafts(now)?;
        let owner = self.machine_key.owner(id_number.expose());
        let row = self.writer.call(move |db| {
            let mut rows = db.prepare_cached(
                "UPDATE drafts SET touched_at = $1
                 WHERE id = (SELECT id FROM drafts WHERE owner = $2 ORDER BY touched_at DESC, id DESC LIMIT 1)
                 RETURNING id, wrapped_key, content",
            )?;
            let mut found = rows.query_map(params![now.as_second(), owner], |row| {
                Ok(Row { id: row.get(0)?, wrapped_key: row.get(1)?, content: row.get(2)? })
            })?;
            found.next().transpose().map_err(StoreError::from)
        })?;
        row.map(|row| self.unlock_row(id_number, &row)).transpose()
    }

    fn unlock_row(&self, id_number: &Sensitive<String>, row: &Row) -> Result<Draft, StoreError> {
        let damaged = || StoreError::Database("a draft cannot be opened with this machine's key".to_owned());
        let wrapping = self.machine_key.wrapping(id_number.expose(), row.id.as_bytes());
        let key = unlock(&wrapping, &row.wrapped_key, row.id.as_bytes()).ok_or_else(damaged)?;
        let key: [u8; 32] = key.try_into().map_err(|_| damaged())?;
        let content = unlock(&key, &row.content, row.id.as_bytes()).ok_or_else(damaged)?;
        let id = row.id.parse().map(SubmissionId).map_err(|_| damaged())?;
        Ok(Draft { id, content: Sensitive::new(content) })
    }

    /// Ends a draft: its key is gone. Nothing happens when there is none.
    ///
    /// # Errors
    /// The store's.
    pub fn destroy_draft(&self, id: SubmissionId) -> Result<(), StoreError> {
        let name = id.to_string();
        let gone = self.writer.call(move |db| Ok(db.execute("DELETE FROM drafts WHERE id = $1", params![name])?))?;
        if gone > 0 { self.writer.truncate_log() } else { Ok(()) }
    }

    /// Deletes drafts untouched for 30 minutes; gives how many. To be called at start, and every minute.
    ///
    /// # Errors
    /// The store's.
    pub fn expire_drafts(&self, now: Timestamp) -> Result<usize, StoreError> {
        let second = now.as_second();
        let gone = self.writer.call(move |db| {
            Ok(db.execute(
                "DELETE FROM drafts WHERE touched_at <= $1 OR touched_at > $2",
                params![second - LIFE_SECONDS, second + CLOCK_SLACK_SECONDS],
            )?)
        })?;
        if gone > 0 {
            self.writer.truncate_log()?;
        }
        Ok(gone)
    }
}

/// Nonce, then ciphertext with its tag. The key is new for every message, or the nonce random.
fn lock(key: &[u8; 32], plain: &[u8], bound_to: &[u8]) -> Result<Vec<u8>, StoreError> {
    let nonce: [u8; 12] = ambient::random_bytes();
    let sealed = ChaCha20Poly1305::new(key.into())
        .encrypt(Nonce::from_slice(&nonce), Payload { msg: plain, aad: bound_to })
        .map_err(|_| StoreError::Sealing("the draft's cipher".to_owned()))?;
    Ok([nonce.as_slice(), &sealed].concat())
}

fn unlock(key: &[u8; 32], sealed: &[u8], bound_to: &[u8]) -> Option<Vec<u8>> {
    let (nonce, rest) = sealed.split_at_checked(12)?;
    ChaCha20Poly1305::new(key.into()).decrypt(Nonce::from_slice(nonce), Payload { msg: rest, aad: bound_to }).ok()
}
