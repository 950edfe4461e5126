//! The end of a case's retention: crypto-erasure, in an order that a crash at any point only delays.
//! Invariants: first a leaf says that a case is being erased; then its keys go from custody, with the log of custody emptied:
//! from that moment no copy of database and blobs opens anything of it; then its files and words go, and a leaf names the
//! parts that ended and how many keys. Receipt, manifest and leaves stay: a replay is answered as before.
//! Not here: which cases are over their time (`store::retention`).

use crate::blobs::Blobs;
use crate::custody::Custody;
use crate::custody::keys::Keys;
use crate::custody::split::Owner;
use crate::office::Office;
use crate::problem::ApiProblem;
use crate::store::retention::{self, Standing};
use crate::store::{Store, StoreError, audit};
use axum::http::StatusCode;
use domain::ids::CaseId;
use jiff::{SignedDuration, Timestamp};
use rusqlite::Connection;
use std::io;
use std::path::PathBuf;
use wire::digest::Digest;
use wire::problem::Retry;

/// How long a blob, or a key whose row is missing, waits for its owner.
const STRAY: SignedDuration = SignedDuration::from_hours(7 * 24);
/// Owners looked at in one job.
const OWNERS_AT_ONCE: u32 = 500;

/// Why an erasure is not over yet. It is gone on with by the next sweep.
#[derive(Debug, thiserror::Error)]
pub enum RetentionError {
    /// The store, or custody.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A file that does not go.
    #[error("disk: {0}")]
    Disk(#[from] io::Error),
    /// The work was stopped.
    #[error("stopped")]
    Stopped,
}

/// Where everything of a case lies.
#[derive(Clone)]
pub struct Places {
    /// Rows.
    pub store: Store,
    /// Keys.
    pub custody: Custody,
    /// Payloads.
    pub blobs: Blobs,
    /// Folder of papers.
    pub issued: PathBuf,
}

impl Places {
    /// Those of an office.
    pub fn of(office: &Office) -> Self {
        let issued = office.loaded.path(&office.loaded.config.store.data).join("issued");
        Self { store: office.store.clone(), custody: office.custody.clone(), blobs: office.blobs.clone(), issued }
    }

    /// Erases the cases whose time is over, and ends what a crash left half done; gives how many were erased.
    ///
    /// # Errors
    /// [`RetentionError`]; what was begun is gone on with next time.
    pub async fn sweep(&self, days: u32, now: Timestamp) -> Result<usize, RetentionError> {
        let before = now - SignedDuration::from_hours(24 * i64::from(days));
        let over = self.store.read::<_, StoreError>(move |c| retention::over(c, before)).await?;
        if over.is_empty() {
            return Ok(0);
        }
        for case in &over {
            self.begin(*case, days, now).await?;
        }
        self.end_keys(&over).await?;
        for case in &over {
            self.finish(*case, now).await?;
        }
        Ok(over.len())
    }

    /// The first step: the leaf that says so.
    ///
    /// # Errors
    /// The store's.
    pub async fn begin(&self, case: CaseId, days: u32, now: Timestamp) -> Result<(), RetentionError> {
        let custody = self.custody.clone();
        let begun = self.store.write::<_, StoreError>(move |c| {
            let estate = retention::estate(c, case)?;
            let keys = custody.count(&estate.owners)?;
            if retention::begin(c, case, keys)? {
                let details = serde_json::json!({ "days": days, "keys": keys, "parts": estate.parts.len() });
                audit::append(c, now, "office", "erasing", &format!("case:{case}"), details)?;
            }
            Ok(())
        });
        Ok(begun.await?)
    }

    /// The second step: the keys of these cases go, and nothing of them stays in custody's files.
    ///
    /// # Errors
    /// The store's; also while another connection keeps custody's log from being emptied.
    pub async fn end_keys(&self, cases: &[CaseId]) -> Result<(), RetentionError> {
        let cases = cases.to_vec();
        let ended = self.store.write_keyed::<_, StoreError>(move |c, keys| {
            for case in cases {
                // Whoever was held back, or was never begun, keeps its keys.
                if retention::standing(c, case)? == Standing::Erasing {
                    keys.forget_owners(&retention::estate(c, case)?.owners)?;
                }
            }
            Ok(())
        });
        ended.await?;
        let custody = self.custody.clone();
        let settled = tokio::task::spawn_blocking(move || custody.settle()).await;
        Ok(settled.map_err(|_| RetentionError::Stopped)??)
    }

    /// The last step: files and words go, and a leaf says what ended.
    ///
    /// # Errors
    /// The disk's, the store's; also when a key is still there.
    pub async fn finish(&self, case: CaseId, now: Timestamp) -> Result<(), RetentionError> {
        let (inner, estate) =
            (self.clone(), self.store.read::<_, StoreError>(move |c| retention::estate(c, case)).await?);
        if self.custody.count(&estate.owners)? > 0 {
            return Err(StoreError::Custody("keys of a case that ends are still there".into()).into());
        }
        let (parts, papers) = (estate.parts.clone(), estate.papers.clone());
        let unlinked = tokio::task::spawn_blocking(move || {
            parts.iter().try_for_each(|part| inner.erase_blob(part))?;
            papers.iter().try_for_each(|number| inner.erase_paper(number))
        });
        unlinked.await.map_err(|_| RetentionError::Stopped)??;
        let finished = self.store.write::<_, StoreError>(move |c| finish(c, case, &estate, now));
        Ok(finished.await?)
    }

    /// Throws away what waits for an owner for longer than a week, and keys whose rows a crash kept from being written; gives
    /// how many. A kiosk that comes back uploads again.
    ///
    /// # Errors
    /// [`RetentionError`]; the rest goes next time.
    pub async fn sweep_strays(&self, now: Timestamp) -> Result<usize, RetentionError> {
        let before = now - STRAY;
        let loose = self.store.write_keyed::<_, StoreError>(move |_, keys| keys.forget_loose(before)).await?;
        let mut gone = loose.len();
        let inner = self.clone();
        let unlinked = tokio::task::spawn_blocking(move || loose.iter().try_for_each(|part| inner.erase_blob(part)));
        unlinked.await.map_err(|_| RetentionError::Stopped)??;
        let mut last = Owner::NOBODY;
        loop {
            let owners = self.custody.owners(&last, before, OWNERS_AT_ONCE)?;
            let Some(end) = owners.last().cloned() else { return Ok(gone) };
            last = end;
            // Looked at inside the writer's job: whoever is being written now is known there.
            let job = move |c: &Connection, keys: &mut Keys| keys.forget_owners(&retention::unknown(c, owners)?);
            gone += self.store.write_keyed::<_, StoreError>(job).await?;
        }
    }

    /// Erases a blob, unless it is another's, too: then it has a key still.
    fn erase_blob(&self, part: &Digest) -> Result<(), RetentionError> {
        if self.custody.of_blob(part)?.is_none() {
            self.blobs.erase(part)?;
        }
        Ok(())
    }

    fn erase_paper(&self, number: &str) -> Result<(), RetentionError> {
        match std::fs::remove_file(self.issued.join(format!("{number}.kept"))) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error.into()),
            Ok(()) | Err(_) => Ok(()),
        }
    }
}

fn finish(connection: &Connection, case: CaseId, estate: &retention::Estate, now: Timestamp) -> Result<(), StoreError> {
    let Some(keys) = retention::finish(connection, case, estate, now)? else { return Ok(()) };
    let details = serde_json::json!({ "keys": keys, "parts": estate.parts });
    audit::append(connection, now, "office", "erased", &format!("case:{case}"), details)
}

/// What an officer is told of a case that is erased, or on its way.
///
/// # Errors
/// 410 `erased`, or the store's.
pub fn still_kept(connection: &Connection, case: CaseId) -> Result<(), ApiProblem> {
    match retention::standing(connection, case)? {
        Standing::Kept | Standing::Held => Ok(()),
        Standing::Erasing | Standing::Erased => Err(ApiProblem::new(
            "erased",
            StatusCode::GONE,
            Retry::Never,
            "This case was erased at the end of its retention",
        )
        .detail("已按保存期限销毁。编号、收件时间、回执和审计记录还在，内容不能再打开。")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::custody::split::{NewKey, split};
    use crate::store::cases::{self, Case, Place};
    use crate::store::submission_parts;
    use crate::store::submissions::{self, Submission};
    use domain::case::Status;
    use domain::ids::{KioskId, SubmissionId};
    use std::path::Path;
    use wire::envelope::Sealed;
    use wire::manifest::{Chain, Manifest, Part, Role, SUITE, VERSION};
    use wire::signature::Signed;

    const DAYS: u32 = 100;

    fn at(day: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_hours(24 * day)
    }

    fn places(folder: &Path) -> Places {
        let (custody, keys) = crate::custody::open(&folder.join("custody")).unwrap();
        let store = Store::open(&folder.join("office.db"), keys, |_, _| Ok(()), 1, 64).unwrap();
        let blobs = Blobs::divided(&folder.join("data"), custody.clone(), store.clone(), 10_000).unwrap();
        std::fs::create_dir_all(folder.join("issued")).unwrap();
        Places { store, custody, blobs, issued: folder.join("issued") }
    }

    fn sealed(plain: &[u8]) -> Sealed {
        let key = age::x25519::Identity::generate().to_public().to_string();
        wire::envelope::seal(plain, &[key]).unwrap()
    }

    /// A closed case with answers in the database and a page among the blobs.
    async fn closed(places: &Places, number: u128) -> (CaseId, Digest) {
        let (id, submission) =
            (CaseId(uuid::Uuid::from_u128(number)), SubmissionId(uuid::Uuid::from_u128(1000 + number)));
        let (answers, page) = (sealed(b"answers"), sealed(b"page"));
        let part = |role, sealed: &Sealed| Part {
            role,
            sha256: sealed.sha256.clone(),
            size: sealed.bytes.len() as u64,
            media_type: "x/y".into(),
        };
        let manifest = Manifest {
            v: VERSION,
            suite: SUITE.to_owned(),
            id: submission,
            chain: Chain::first(submission),
            service: "x".into(),
            form_version: 1,
            station: "s".into(),
            kiosk: KioskId::new("k"),
            sealed_at: at(0),
            recipients: Vec::new(),
            parts: vec![part(Role::Answers, &answers), part(Role::Attachment, &page)],
        };
        let signed = Signed::sign(&manifest, &ed25519_dalek::SigningKey::from_bytes(&[7; 32])).unwrap();
        let stored = Submission {
            id: submission,
            kiosk: KioskId::new("k"),
            digest: signed.digest().to_string(),
            manifest: serde_json::to_string(&signed).unwrap(),
            receipt: "the receipt".into(),
            received_at: at(0),
        };
        let case = Case {
            id,
            submission,
            service: "x".into(),
            title: "x".into(),
            branch: "b".into(),
            station: "s".into(),
            place: Place::Closed,
            status: Status::Rejected,
            priority: 5,
            received_at: at(0),
            due_on: None,
            promised_on: None,
            statutory_on: None,
            supplement_by: None,
            code: Some("ACDEFGHJ".into()),
            last_four: Some("9988".into()),
            ticket: None,
            open: Vec::new(),
            holder: None,
            lease_until: None,
            claim_epoch: 1,
            version: 1,
            clock: Default::default(),
            second: None,
            sticky: None,
        };
        places.blobs.keep(&page).unwrap();
        let digest = page.sha256.clone();
        places
            .store
            .write_keyed::<_, StoreError>(move |c, keys| {
                submissions::insert(c, &stored, &manifest)?;
                cases::insert(c, &case)?;
                crate::store::retention::closed(c, id, at(0))?;
                let (header, payload) = split(&answers.bytes);
                submission_parts::insert(c, submission, &answers.sha256, payload)?;
                for (sealed, header, filed) in [(&answers, header, false), (&page, split(&page.bytes).0, true)] {
                    let (owner, part) = (submission.into(), sealed.sha256.clone());
                    keys.put(&NewKey { owner, part, header: header.to_vec(), filed })?;
                }
                Ok(())
            })
            .await
            .unwrap();
        (id, digest)
    }

    async fn actions(places: &Places, case: CaseId) -> Vec<String> {
        let leaves = places.store.read::<_, StoreError>(move |c| audit::about(c, &format!("case:{case}"))).await;
        leaves.unwrap().into_iter().map(|leaf| leaf.action).collect()
    }

    async fn standing(places: &Places, case: CaseId) -> Standing {
        places.store.read::<_, StoreError>(move |c| retention::standing(c, case)).await.unwrap()
    }

    #[tokio::test]
    async fn a_crash_between_any_two_steps_only_delays_the_end() {
        for steps in 0..=4 {
            let folder = tempfile::tempdir().unwrap();
            let first = places(folder.path());
            let (case, page) = closed(&first, 1).await;
            let (kept, other) = closed(&first, 2).await;
            first.store.write::<_, StoreError>(move |c| retention::hold(c, kept, true)).await.unwrap();
            if steps >= 1 {
                first.begin(case, DAYS, at(200)).await.unwrap();
            }
            if steps >= 2 {
                // The keys went, and then the power, before the log was emptied.
                let forget =
                    move |c: &Connection, keys: &mut Keys| keys.forget_owners(&retention::estate(c, case)?.owners);
                assert_eq!(first.store.write_keyed::<_, StoreError>(forget).await.unwrap(), 2);
            }
            if steps >= 3 {
                first.end_keys(&[case]).await.unwrap();
            }
            if steps >= 4 {
                first.blobs.erase(&page).unwrap();
            }
            drop(first);
            let second = places(folder.path());
            assert_eq!(second.sweep(DAYS, at(201)).await.unwrap(), 1, "after {steps} steps");
            assert_eq!(standing(&second, case).await, Standing::Erased);
            assert_eq!(actions(&second, case).await, ["erasing", "erased"], "after {steps} steps: each once");
            assert!(second.blobs.payload(&page).is_err());
            assert_eq!((standing(&second, kept).await, actions(&second, kept).await.len()), (Standing::Held, 0));
            assert!(second.blobs.size(&other).unwrap().is_some(), "the held one is whole");
            assert_eq!(second.sweep(DAYS, at(202)).await.unwrap(), 0);
        }
    }

    #[tokio::test]
    async fn before_its_time_nothing_ends_and_keys_go_only_of_what_was_begun() {
        let folder = tempfile::tempdir().unwrap();
        let places = places(folder.path());
        let (case, page) = closed(&places, 1).await;
        assert_eq!(places.sweep(DAYS, at(99)).await.unwrap(), 0);
        places.end_keys(&[case]).await.unwrap();
        assert!(places.blobs.size(&page).unwrap().is_some(), "it was never begun");
        assert!(places.finish(case, at(99)).await.is_err(), "while a key is there nothing is finished");
        assert_eq!(places.sweep(DAYS, at(100)).await.unwrap(), 1);
    }

    #[tokio::test]
    async fn what_waits_for_an_owner_too_long_goes_and_what_has_one_stays() {
        let folder = tempfile::tempdir().unwrap();
        let places = places(folder.path());
        let (_, page) = closed(&places, 1).await;
        let (loose, orphan) = (sealed(b"loose"), sealed(b"orphan"));
        places.blobs.keep(&loose).unwrap();
        let (part, header) = (loose.sha256.clone(), split(&loose.bytes).0.to_vec());
        let stranger = NewKey {
            owner: SubmissionId(uuid::Uuid::from_u128(9)).into(),
            part: orphan.sha256.clone(),
            header: split(&orphan.bytes).0.to_vec(),
            filed: false,
        };
        let put =
            move |_: &Connection, keys: &mut Keys| keys.put_loose(&part, &header).and_then(|()| keys.put(&stranger));
        places.store.write_keyed::<_, StoreError>(put).await.unwrap();
        let now = ambient::now();
        assert_eq!(places.sweep_strays(now).await.unwrap(), 0, "a week has not passed");
        assert!(places.blobs.size(&loose.sha256).unwrap().is_some());
        assert_eq!(places.sweep_strays(now + SignedDuration::from_hours(8 * 24)).await.unwrap(), 2);
        assert!(places.blobs.payload(&loose.sha256).is_err());
        assert!(places.blobs.size(&page).unwrap().is_some());
    }
}
