//! The writing side of custody: headers that come and go within the store's groups.
//! Invariants: what a group brings is durable here before the group's own commit, so that no row is without its header; what
//! a job puts off (`forget_columns_after`) goes after that commit; what a job takes away at once goes with it, and is for what
//! the database has already ended in an earlier commit; a job that fails leaves no trace; deleted headers are overwritten
//! (`secure_delete`), and `Custody::settle` is wanted afterwards. Only the store's writer thread has one.
//! Not here: reading (`super::Custody`).

use super::split::{NewKey, Owner};
use crate::store::{StoreError, retention, savepoint};
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use wire::digest::Digest;

/// What goes once a group's own changes are durable.
enum Forget {
    /// Headers of sealed columns of this owner.
    Columns(Owner),
}

/// The writer's connection to the headers.
pub struct Keys {
    connection: Connection,
    /// Headers were deleted that the log may still hold.
    unsettled: Arc<AtomicBool>,
    /// A transaction of the group is open.
    begun: bool,
    /// The job that runs has written something.
    marked: bool,
    /// A job could not be ended as it should: the group must not be committed.
    broken: Option<StoreError>,
    after: Vec<Forget>,
    after_before_job: usize,
}

impl Keys {
    pub(super) fn new(connection: Connection, unsettled: Arc<AtomicBool>) -> Self {
        Self {
            connection,
            unsettled,
            begun: false,
            marked: false,
            broken: None,
            after: Vec::new(),
            after_before_job: 0,
        }
    }

    /// Of a store that keeps nothing sealed of its own: it takes no header, and says so.
    ///
    /// # Errors
    /// The engine's.
    pub(crate) fn none() -> Result<Self, StoreError> {
        Ok(Self::new(Connection::open_in_memory()?, Arc::default()))
    }

    /// As [`Self::writing`], for what deletes.
    fn deleting(&mut self) -> Result<&Connection, StoreError> {
        self.unsettled.store(true, Ordering::Release);
        self.writing()
    }

    fn writing(&mut self) -> Result<&Connection, StoreError> {
        if !self.begun {
            self.connection.execute_batch("BEGIN IMMEDIATE")?;
            self.begun = true;
        }
        if !self.marked {
            savepoint::begin(&self.connection)?;
            self.marked = true;
        }
        Ok(&self.connection)
    }

    /// Keeps a header. The same one again changes nothing.
    ///
    /// # Errors
    /// The store's.
    pub fn put(&mut self, key: &NewKey) -> Result<(), StoreError> {
        let now = ambient::now().as_millisecond();
        self.writing()?
            .prepare_cached(
                "INSERT INTO submission_key (owner, part, header, filed, at) VALUES ($1, $2, $3, $4, $5)
                 ON CONFLICT (owner, part) DO UPDATE SET filed = MAX(filed, excluded.filed)",
            )?
            .execute(params![key.owner.as_str(), key.part.as_str(), key.header, key.filed, now])?;
        Ok(())
    }

    /// Keeps the header of a blob that belongs to nobody yet.
    ///
    /// # Errors
    /// The store's.
    pub fn put_loose(&mut self, part: &Digest, header: &[u8]) -> Result<(), StoreError> {
        self.put(&NewKey { owner: Owner::NOBODY, part: part.clone(), header: header.to_vec(), filed: true })
    }

    /// A blob that is here belongs to this owner, too; `false` when its header is not here. What the same owner sent inside a
    /// request that a crash swallowed lies among the blobs from now on.
    ///
    /// # Errors
    /// The store's.
    pub fn adopt(&mut self, owner: &Owner, part: &Digest) -> Result<bool, StoreError> {
        let now = ambient::now().as_millisecond();
        let keys = self.writing()?;
        keys.prepare_cached(
            "INSERT INTO submission_key (owner, part, header, filed, at)
             SELECT $1, part, header, 1, $2 FROM submission_key WHERE part = $3 AND filed = 1 LIMIT 1
             ON CONFLICT (owner, part) DO UPDATE SET filed = 1",
        )?
        .execute(params![owner.as_str(), now, part.as_str()])?;
        keys.prepare_cached("DELETE FROM submission_key WHERE owner = '' AND part = $1")?
            .execute(params![part.as_str()])?;
        Ok(keys
            .prepare_cached("SELECT 1 FROM submission_key WHERE owner = $1 AND part = $2")?
            .exists(params![owner.as_str(), part.as_str()])?)
    }

    /// Once this group is durable, the headers of this owner's sealed columns go. Of a content that is only replaced the former
    /// header stays until its owner's end: who has read the row a moment ago still opens it.
    pub fn forget_columns_after(&mut self, owner: Owner) {
        self.after.push(Forget::Columns(owner));
    }

    /// Takes headers of this blob away from these owners, in this group.
    ///
    /// # Errors
    /// The store's.
    pub fn forget_part(&mut self, owners: &[Owner], part: &Digest) -> Result<(), StoreError> {
        let keys = self.deleting()?;
        for owner in owners {
            keys.prepare_cached("DELETE FROM submission_key WHERE owner = $1 AND part = $2")?
                .execute(params![owner.as_str(), part.as_str()])?;
        }
        Ok(())
    }

    /// Takes every header of these owners away, in this group; gives how many there were.
    ///
    /// # Errors
    /// The store's.
    pub fn forget_owners(&mut self, owners: &[Owner]) -> Result<usize, StoreError> {
        let keys = self.deleting()?;
        let mut gone = 0;
        for owner in owners {
            gone +=
                keys.prepare_cached("DELETE FROM submission_key WHERE owner = $1")?.execute(params![owner.as_str()])?;
        }
        Ok(gone)
    }

    /// Takes headers away that have waited for an owner since before that time; gives their blobs.
    ///
    /// # Errors
    /// The store's.
    pub fn forget_loose(&mut self, before: Timestamp) -> Result<Vec<Digest>, StoreError> {
        let keys = self.deleting()?;
        let mut statement =
            keys.prepare_cached("DELETE FROM submission_key WHERE owner = '' AND at < $1 RETURNING part")?;
        let parts = statement.query_map(params![before.as_millisecond()], |row| row.get::<_, String>(0))?;
        parts.collect::<Result<Vec<_>, _>>()?.into_iter().map(part).collect()
    }

    /// Takes the headers of this owner's sealed columns away, in this group; gives how many there were.
    ///
    /// # Errors
    /// The store's.
    pub fn forget_columns(&mut self, owner: &Owner) -> Result<usize, StoreError> {
        Ok(self
            .deleting()?
            .prepare_cached("DELETE FROM submission_key WHERE owner = $1 AND filed = 0")?
            .execute(params![owner.as_str()])?)
    }

    /// Blobs whose headers these owners have.
    ///
    /// # Errors
    /// The store's.
    pub fn filed_parts(&mut self, owners: &[Owner]) -> Result<Vec<Digest>, StoreError> {
        let mut statement =
            self.connection.prepare_cached("SELECT part FROM submission_key WHERE owner = $1 AND filed = 1")?;
        let mut parts = Vec::new();
        for owner in owners {
            let rows = statement.query_map(params![owner.as_str()], |row| row.get::<_, String>(0))?;
            for text in rows {
                parts.push(part(text?)?);
            }
        }
        Ok(parts)
    }

    /// These owners, and no others, are unknown to the database; each since it was first told so.
    ///
    /// # Errors
    /// The store's.
    pub fn mark_unknown(&mut self, unknown: &[Owner], now: Timestamp) -> Result<(), StoreError> {
        let marked: BTreeSet<Owner> = self.marks(Timestamp::MAX)?.into_iter().collect();
        let unknown: BTreeSet<Owner> = unknown.iter().cloned().collect();
        if marked.is_empty() && unknown.is_empty() {
            return Ok(());
        }
        let keys = self.writing()?;
        for owner in marked.difference(&unknown) {
            keys.prepare_cached("DELETE FROM unknown_owner WHERE owner = $1")?.execute(params![owner.as_str()])?;
        }
        for owner in &unknown {
            keys.prepare_cached("INSERT OR IGNORE INTO unknown_owner (owner, since) VALUES ($1, $2)")?
                .execute(params![owner.as_str(), now.as_millisecond()])?;
        }
        Ok(())
    }

    /// As [`Self::mark_unknown`], but as if each were told so now for the first time: nobody's week has begun.
    ///
    /// # Errors
    /// The store's.
    pub fn mark_unknown_anew(&mut self, unknown: &[Owner], now: Timestamp) -> Result<(), StoreError> {
        self.mark_unknown(&[], now)?;
        self.mark_unknown(unknown, now)
    }

    /// Owners that have been unknown since before that time.
    ///
    /// # Errors
    /// The store's.
    pub fn unknown_since(&mut self, before: Timestamp) -> Result<Vec<Owner>, StoreError> {
        self.marks(before)
    }

    fn marks(&self, before: Timestamp) -> Result<Vec<Owner>, StoreError> {
        let mut statement = self.connection.prepare_cached("SELECT owner FROM unknown_owner WHERE since <= $1")?;
        let rows = statement.query_map(params![before.as_millisecond()], |row| row.get::<_, String>(0))?;
        Ok(rows.map(|text| text.map(Owner::stored)).collect::<Result<_, _>>()?)
    }

    /// Whether somebody has a header here whom this database does not know.
    ///
    /// # Errors
    /// The store's.
    pub(super) fn has_strangers(&self, office: &Connection) -> Result<bool, StoreError> {
        let mut statement = self.connection.prepare("SELECT DISTINCT owner FROM submission_key WHERE owner <> ''")?;
        let rows = statement.query_map([], |row| row.get::<_, String>(0))?;
        for owner in rows {
            if !retention::unknown(office, vec![Owner::stored(owner?)])?.is_empty() {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The name of this custody; `None` in a new one.
    ///
    /// # Errors
    /// The store's.
    pub fn pair(&self) -> Result<Option<String>, StoreError> {
        Ok(self.connection.query_row("SELECT id FROM pair", [], |row| row.get(0)).optional()?)
    }

    /// Names a new custody.
    ///
    /// # Errors
    /// The store's.
    pub fn make_pair(&self) -> Result<String, StoreError> {
        let id = ambient::new_uuid().to_string();
        self.connection.execute("INSERT INTO pair (id) VALUES ($1)", params![id])?;
        Ok(id)
    }

    /// A job begins.
    pub(crate) fn begin_job(&mut self) {
        self.marked = false;
        self.after_before_job = self.after.len();
    }

    /// A job has ended; of one that failed nothing stays.
    pub(crate) fn end_job(&mut self, done: bool) {
        if !done {
            self.after.truncate(self.after_before_job);
        }
        if self.marked {
            if let Err(error) = savepoint::end(&self.connection, done) {
                self.broken = Some(error);
            }
            self.marked = false;
        }
    }

    /// What the group brought becomes durable: before the group's own commit.
    pub(crate) fn commit(&mut self) -> Result<(), StoreError> {
        if let Some(broken) = self.broken.take() {
            return Err(broken);
        }
        if self.begun {
            self.connection.execute_batch("COMMIT")?;
            self.begun = false;
        }
        Ok(())
    }

    /// The group came to nothing. Headers that were committed already wait for the sweep.
    pub(crate) fn abandon(&mut self) {
        self.after.clear();
        self.broken = None;
        self.begun = false;
        if !self.connection.is_autocommit() {
            let _ = self.connection.execute_batch("ROLLBACK");
        }
    }

    /// The group is durable: what it took away goes. What a fault keeps here is taken with the owner's end.
    pub(crate) fn forget(&mut self) {
        if self.after.is_empty() {
            return;
        }
        let after = std::mem::take(&mut self.after);
        self.unsettled.store(true, Ordering::Release);
        if let Err(error) = self.forget_all(&after) {
            tracing::error!(%error, "headers of ended content are not erased yet");
            self.abandon();
        }
    }

    fn forget_all(&mut self, after: &[Forget]) -> Result<(), StoreError> {
        let transaction = self.connection.transaction()?;
        for Forget::Columns(owner) in after {
            transaction
                .prepare_cached("DELETE FROM submission_key WHERE owner = $1 AND filed = 0")?
                .execute(params![owner.as_str()])?;
        }
        Ok(transaction.commit()?)
    }
}

fn part(text: String) -> Result<Digest, StoreError> {
    Digest::try_from(text).map_err(|_| StoreError::Damaged("digest of a part"))
}

/// Headers in memory, for checks without a disk.
///
/// # Errors
/// The engine's.
#[cfg(test)]
pub(crate) fn in_memory() -> Result<Keys, StoreError> {
    let connection = Connection::open_in_memory()?;
    connection.execute_batch(super::SCHEMA)?;
    Ok(Keys::new(connection, Arc::default()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ids::SubmissionId;

    fn owner(number: u128) -> Owner {
        Owner::from(SubmissionId(uuid::Uuid::from_u128(number)))
    }

    fn key(owner: Owner, part: &[u8], filed: bool) -> NewKey {
        NewKey { owner, part: Digest::of(part), header: part.to_vec(), filed }
    }

    fn rows(keys: &Keys) -> i64 {
        keys.connection.query_row("SELECT COUNT(*) FROM submission_key", [], |row| row.get(0)).unwrap()
    }

    #[test]
    fn a_job_that_fails_leaves_no_trace_and_spoils_no_other() {
        let mut keys = in_memory().unwrap();
        for (part, done) in [(&b"a"[..], true), (b"b", false), (b"c", true)] {
            keys.begin_job();
            keys.put(&key(owner(1), part, false)).unwrap();
            keys.forget_columns_after(owner(9));
            keys.end_job(done);
        }
        keys.commit().unwrap();
        assert_eq!((rows(&keys), keys.after.len()), (2, 2));
        keys.begin_job();
        keys.put(&key(owner(1), b"d", false)).unwrap();
        keys.end_job(true);
        keys.abandon();
        assert_eq!(rows(&keys), 2, "a group that came to nothing");
    }

    #[test]
    fn without_a_custody_no_header_is_taken_for_kept() {
        let mut keys = Keys::none().unwrap();
        keys.begin_job();
        assert!(keys.put(&key(owner(1), b"a", false)).is_err());
    }

    #[test]
    fn an_adopted_blob_has_an_owner_and_waits_no_longer() {
        let mut keys = in_memory().unwrap();
        keys.begin_job();
        keys.put_loose(&Digest::of(b"page"), b"header").unwrap();
        assert!(!keys.adopt(&owner(1), &Digest::of(b"other")).unwrap());
        assert!(keys.adopt(&owner(1), &Digest::of(b"page")).unwrap());
        assert!(keys.adopt(&owner(1), &Digest::of(b"page")).unwrap(), "again");
        assert!(keys.adopt(&owner(2), &Digest::of(b"page")).unwrap(), "of a second one, too");
        assert_eq!(keys.forget_loose(Timestamp::MAX).unwrap(), [], "nothing waits");
        assert_eq!(keys.forget_owners(&[owner(1)]).unwrap(), 1);
        keys.end_job(true);
        keys.commit().unwrap();
        assert_eq!(rows(&keys), 1);
    }

    #[test]
    fn a_part_that_rode_along_and_comes_again_as_a_blob_is_the_blobs_header() {
        let mut keys = in_memory().unwrap();
        keys.begin_job();
        // Custody was durable, and then the power went: the rows never came.
        keys.put(&key(owner(1), b"answers", false)).unwrap();
        keys.put_loose(&Digest::of(b"answers"), b"answers").unwrap();
        assert!(keys.adopt(&owner(1), &Digest::of(b"answers")).unwrap());
        keys.end_job(true);
        keys.commit().unwrap();
        let filed: Vec<(String, bool)> = keys
            .connection
            .prepare("SELECT owner, filed FROM submission_key")
            .unwrap()
            .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        assert_eq!(filed, [(owner(1).to_string(), true)]);
    }

    #[test]
    fn ended_columns_go_after_the_group_and_pages_stay() {
        let mut keys = in_memory().unwrap();
        keys.begin_job();
        for (part, filed) in [(&b"old"[..], false), (b"new", false), (b"page", true)] {
            keys.put(&key(owner(1), part, filed)).unwrap();
        }
        keys.forget_columns_after(owner(1));
        keys.end_job(true);
        keys.commit().unwrap();
        assert_eq!(rows(&keys), 3, "nothing goes before the group is durable");
        keys.forget();
        assert_eq!(rows(&keys), 1);
    }
}
