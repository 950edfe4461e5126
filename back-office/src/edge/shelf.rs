//! What lies here on its way: signed manifests with their small sealed answers, and what the core said of them.
//! Invariants: a row is durable before a kiosk hears of it; ciphertext goes with the core's receipt, or with a refusal for ever
//! that the kiosk has heard, and with nothing else; receipts stay for a while, so that a lost answer is given again.
//! Not here: the large parts (`crate::blobs`), when what is handed on (`push`).

use crate::store::{Store, StoreError};
use domain::ids::SubmissionId;
use jiff::{SignedDuration, Timestamp};
use rusqlite::{Connection, OptionalExtension as _, Row, params};
use std::path::Path;
use wire::digest::Digest;
use wire::manifest::Manifest;
use wire::problem::Problem;
use wire::signature::Signed;
use wire::submitted::Submitted;

/// How long an answer stays here. A kiosk that asks later sends all of it again, and the core answers with the same receipt.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS relayed (
        seq INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL,
        copy TEXT NOT NULL,
        body TEXT,
        taken_at INTEGER NOT NULL,
        receipt TEXT,
        refusal TEXT,
        answered_at INTEGER,
        told INTEGER NOT NULL DEFAULT 0,
        erased INTEGER NOT NULL DEFAULT 0,
        UNIQUE (id, copy)
    );
    CREATE INDEX IF NOT EXISTS relayed_waiting ON relayed (seq) WHERE receipt IS NULL AND refusal IS NULL;
    CREATE INDEX IF NOT EXISTS relayed_to_erase ON relayed (seq) WHERE erased = 0;
    CREATE TABLE IF NOT EXISTS relayed_part (
        sha256 TEXT NOT NULL,
        seq INTEGER NOT NULL REFERENCES relayed (seq) ON DELETE CASCADE,
        PRIMARY KEY (sha256, seq)
    ) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS relayed_part_seq ON relayed_part (seq);
    CREATE TABLE IF NOT EXISTS upload (
        kiosk TEXT NOT NULL,
        sha256 TEXT NOT NULL,
        bytes INTEGER NOT NULL,
        opened_at INTEGER NOT NULL,
        PRIMARY KEY (kiosk, sha256, bytes)
    ) WITHOUT ROWID;
    CREATE INDEX IF NOT EXISTS upload_sha256 ON upload (sha256);
";

const FILES: &str = "SELECT sha256 FROM relayed_part WHERE seq = $1";

fn schema(connection: &mut Connection) -> Result<(), StoreError> {
    connection.pragma_update(None, "secure_delete", "ON")?;
    let before = "SELECT EXISTS (SELECT 1 FROM pragma_table_info('relayed') WHERE name = 'digest')";
    if connection.query_row(before, [], |row| row.get(0))? {
        name_by_copy(connection)?;
    }
    Ok(connection.execute_batch(SCHEMA)?)
}

/// Edges of before named a row by the digest of the manifest alone. Rows whose body is gone keep that name (see [`find`]).
fn name_by_copy(connection: &mut Connection) -> Result<(), StoreError> {
    let transaction = connection.transaction()?;
    transaction.execute_batch("ALTER TABLE relayed RENAME COLUMN digest TO copy")?;
    let rows: Vec<(i64, String)> = transaction
        .prepare("SELECT seq, body FROM relayed WHERE body IS NOT NULL")?
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?
        .collect::<Result<_, _>>()?;
    for (seq, body) in rows {
        let submitted: Submitted = serde_json::from_str(&body).map_err(|_| StoreError::Damaged("body"))?;
        let copy = copy_of(&submitted.signed)?;
        transaction.execute("UPDATE relayed SET copy = $1 WHERE seq = $2", params![copy.as_str(), seq])?;
    }
    Ok(transaction.commit()?)
}

/// How an item stands.
#[derive(Clone, Debug)]
pub(super) enum Standing {
    /// The core has not answered for good.
    Waiting,
    /// The core's signed receipt.
    Received(String),
    /// The core takes it never; whether the kiosk has heard so.
    Refused(Problem, bool),
}

/// An item by its place.
#[derive(Clone, Debug)]
pub(super) struct Found {
    pub(super) seq: i64,
    pub(super) standing: Standing,
}

/// An item with all that lies in the database.
pub(super) struct Item {
    pub(super) id: SubmissionId,
    pub(super) submitted: Submitted,
    /// The parts that lie as files.
    pub(super) files: Vec<Digest>,
}

/// The shelf.
#[derive(Clone)]
pub(super) struct Shelf {
    pub(super) store: Store,
}

/// Which copy of a manifest: body, key and signature together. What has the same body under another signature is another item: a
/// forged copy that came first, and was refused, stands in nobody's way.
fn copy_of(signed: &Signed) -> Result<Digest, StoreError> {
    let whole = serde_json::to_vec(signed).map_err(|_| StoreError::Damaged("submission"))?;
    Ok(Digest::of(&whole))
}

fn found(row: &Row<'_>) -> rusqlite::Result<Found> {
    let (receipt, refusal): (Option<String>, Option<String>) = (row.get(1)?, row.get(2)?);
    // A refusal that cannot be read is asked for again.
    let refusal = refusal.and_then(|text| serde_json::from_str(&text).ok());
    let standing = match (receipt, refusal) {
        (Some(receipt), _) => Standing::Received(receipt),
        (None, Some(problem)) => Standing::Refused(problem, row.get(3)?),
        (None, None) => Standing::Waiting,
    };
    Ok(Found { seq: row.get(0)?, standing })
}

/// An item by its copy; one that an edge of before has handed on, by its manifest: the core's receipt is over that, whoever signed
/// the copy.
fn find(
    connection: &Connection,
    id: SubmissionId,
    copy: &Digest,
    manifest: &Digest,
) -> Result<Option<Found>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT seq, receipt, refusal, told FROM relayed WHERE id = $1 AND (copy = $2 OR copy = $3 AND receipt IS NOT NULL)
         ORDER BY receipt IS NULL LIMIT 1",
    )?;
    Ok(statement.query_row(params![id.to_string(), copy.as_str(), manifest.as_str()], found).optional()?)
}

fn digests(connection: &Connection, sql: &str, seq: i64) -> Result<Vec<Digest>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let texts = statement.query_map([seq], |row| row.get(0))?.collect::<Result<Vec<String>, _>>()?;
    texts.into_iter().map(|text| Digest::try_from(text).map_err(|_| StoreError::Damaged("digest"))).collect()
}

impl Shelf {
    /// Opens or makes the database.
    ///
    /// # Errors
    /// The store's.
    pub(super) fn open(path: &Path, queue: usize) -> Result<Self, StoreError> {
        Ok(Self { store: Store::open_as(path, 2, queue, schema)? })
    }

    pub(super) async fn find(&self, id: SubmissionId, signed: &Signed) -> Result<Option<Found>, StoreError> {
        let (copy, manifest) = (copy_of(signed)?, signed.digest());
        self.store.read(move |c| find(c, id, &copy, &manifest)).await
    }

    /// Keeps an item whose parts are all here; durable when it returns. One that was refused before is tried anew.
    pub(super) async fn keep(
        &self,
        submitted: &Submitted,
        manifest: &Manifest,
        now: Timestamp,
    ) -> Result<Found, StoreError> {
        let body = serde_json::to_string(submitted).map_err(|_| StoreError::Damaged("submission"))?;
        let (id, copy, digest) = (manifest.id, copy_of(&submitted.signed)?, submitted.signed.digest());
        let files = manifest.parts.iter().filter(|part| !submitted.inline.contains_key(&part.sha256));
        let files: Vec<Digest> = files.map(|part| part.sha256.clone()).collect();
        self.store
            .write(move |c| {
                if let Some(known) = find(c, id, &copy, &digest)? {
                    if !matches!(known.standing, Standing::Refused(_, true)) {
                        return Ok(known);
                    }
                    c.prepare_cached("DELETE FROM relayed WHERE seq = $1")?.execute([known.seq])?;
                }
                c.prepare_cached("INSERT INTO relayed (id, copy, body, taken_at) VALUES ($1, $2, $3, $4)")?
                    .execute(params![id.to_string(), copy.as_str(), body, now.as_millisecond()])?;
                let seq = c.last_insert_rowid();
                let mut insert =
                    c.prepare_cached("INSERT OR IGNORE INTO relayed_part (sha256, seq) VALUES ($1, $2)")?;
                for file in &files {
                    insert.execute(params![file.as_str(), seq])?;
                }
                Ok(Found { seq, standing: Standing::Waiting })
            })
            .await
    }

    /// Places of everything that waits for the core, oldest first.
    pub(super) async fn waiting(&self) -> Result<Vec<i64>, StoreError> {
        self.store
            .read(|c| {
                let sql = "SELECT seq FROM relayed WHERE receipt IS NULL AND refusal IS NULL ORDER BY seq";
                let mut statement = c.prepare(sql)?;
                Ok(statement.query_map([], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?)
            })
            .await
    }

    /// All of an item; `None` when it was answered for good.
    pub(super) async fn item(&self, seq: i64) -> Result<Option<Item>, StoreError> {
        self.store
            .read(move |c| {
                let sql = "SELECT id, body FROM relayed WHERE seq = $1 AND receipt IS NULL AND refusal IS NULL";
                let found: Option<(String, String)> =
                    c.prepare_cached(sql)?.query_row([seq], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
                let Some((id, body)) = found else { return Ok(None) };
                Ok(Some(Item {
                    id: SubmissionId(id.parse().map_err(|_| StoreError::Damaged("id"))?),
                    submitted: serde_json::from_str(&body).map_err(|_| StoreError::Damaged("body"))?,
                    files: digests(c, FILES, seq)?,
                }))
            })
            .await
    }

    /// The parts of an item that lie as files.
    pub(super) async fn files(&self, seq: i64) -> Result<Vec<Digest>, StoreError> {
        self.store.read(move |c| digests(c, FILES, seq)).await
    }

    /// Keeps the core's receipt in the place of the content; durable when it returns.
    pub(super) async fn received(&self, seq: i64, receipt: String, now: Timestamp) -> Result<(), StoreError> {
        self.store
            .write(move |c| {
                let sql = "UPDATE relayed SET receipt = $1, answered_at = $2, body = NULL WHERE seq = $3";
                c.prepare_cached(sql)?.execute(params![receipt, now.as_millisecond(), seq])?;
                Ok(())
            })
            .await
    }

    /// Keeps that the core takes it never. The content stays until the kiosk has heard so.
    pub(super) async fn refused(&self, seq: i64, problem: &Problem, now: Timestamp) -> Result<(), StoreError> {
        let problem = serde_json::to_string(problem).map_err(|_| StoreError::Damaged("problem"))?;
        self.store
            .write(move |c| {
                let sql = "UPDATE relayed SET refusal = $1, answered_at = $2 WHERE seq = $3 AND receipt IS NULL";
                c.prepare_cached(sql)?.execute(params![problem, now.as_millisecond(), seq])?;
                Ok(())
            })
            .await
    }

    /// The kiosk, which holds all of it itself, is being told of the refusal.
    pub(super) async fn told(&self, seq: i64) -> Result<(), StoreError> {
        self.store
            .write(move |c| {
                let sql = "UPDATE relayed SET told = 1, body = NULL WHERE seq = $1 AND refusal IS NOT NULL";
                c.prepare_cached(sql)?.execute([seq])?;
                Ok(())
            })
            .await
    }

    /// Items whose files are to be erased, each with those that no other item needs.
    pub(super) async fn to_erase(&self) -> Result<Vec<(i64, Vec<Digest>)>, StoreError> {
        self.store
            .read(|c| {
                let sql = "SELECT seq FROM relayed WHERE erased = 0 AND (receipt IS NOT NULL OR told = 1)";
                let mut statement = c.prepare_cached(sql)?;
                let rows = statement.query_map([], |row| row.get(0))?.collect::<Result<Vec<i64>, _>>()?;
                let own = "SELECT sha256 FROM relayed_part AS own WHERE seq = $1 AND NOT EXISTS (SELECT 1
                    FROM relayed_part AS other JOIN relayed USING (seq)
                    WHERE other.sha256 = own.sha256 AND receipt IS NULL AND told = 0)";
                rows.into_iter().map(|seq| Ok((seq, digests(c, own, seq)?))).collect()
            })
            .await
    }

    /// Their files are gone.
    pub(super) async fn erased(&self, items: Vec<(i64, Vec<Digest>)>) -> Result<(), StoreError> {
        self.store
            .write(move |c| {
                let mut update = c.prepare_cached("UPDATE relayed SET erased = 1 WHERE seq = $1")?;
                let mut uploads = c.prepare_cached("DELETE FROM upload WHERE sha256 = $1")?;
                for (seq, files) in items {
                    update.execute([seq])?;
                    for file in files {
                        uploads.execute([file.as_str()])?;
                    }
                }
                Ok(())
            })
            .await
    }

    /// Which of these are parts of something that the core has: nobody need send them again.
    pub(super) async fn passed_on(&self, asked: Vec<Digest>) -> Result<Vec<Digest>, StoreError> {
        self.store
            .read(move |c| {
                let mut statement = c.prepare_cached(
                    "SELECT EXISTS (SELECT 1 FROM relayed_part JOIN relayed USING (seq)
                        WHERE sha256 = $1 AND receipt IS NOT NULL)",
                )?;
                let mut passed = Vec::new();
                for digest in asked {
                    if statement.query_row([digest.as_str()], |row| row.get(0))? {
                        passed.push(digest);
                    }
                }
                Ok(passed)
            })
            .await
    }

    /// Whether anything that is still to be handed on, or to be told, needs this file. For threads that may block.
    pub(super) fn needs(&self, file: &Digest) -> Result<bool, StoreError> {
        let file = file.clone();
        self.store.read_blocking(move |c| {
            let sql = "SELECT EXISTS (SELECT 1 FROM relayed_part JOIN relayed USING (seq)
                WHERE sha256 = $1 AND receipt IS NULL AND told = 0)";
            Ok(c.prepare_cached(sql)?.query_row([file.as_str()], |row| row.get(0))?)
        })
    }

    /// Forgets answers that nobody has asked for in a long time; a refusal only when it was heard.
    pub(super) async fn forget(&self, now: Timestamp) -> Result<(), StoreError> {
        let before = (now - KEPT).as_millisecond();
        self.store
            .write(move |c| {
                let sql = "DELETE FROM relayed WHERE answered_at < $1 AND erased = 1";
                c.prepare_cached(sql)?.execute([before])?;
                Ok(())
            })
            .await
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use ed25519_dalek::SigningKey;
    use wire::manifest::{Chain, Part, Role, SUITE, VERSION};

    /// A submission of this one file, by this key.
    pub(in crate::edge) fn submission(id: SubmissionId, file: &[u8], key: u8) -> (Submitted, Manifest) {
        let part = Part {
            role: Role::Attachment,
            sha256: Digest::of(file),
            size: file.len() as u64,
            media_type: "application/octet-stream".to_owned(),
        };
        let manifest = Manifest {
            v: VERSION,
            suite: SUITE.to_owned(),
            id,
            chain: Chain::first(id),
            service: "any".into(),
            form_version: 1,
            station: "yunqiao".into(),
            kiosk: "yunqiao-1".into(),
            sealed_at: Timestamp::UNIX_EPOCH,
            recipients: Vec::new(),
            parts: vec![part],
        };
        let signed = Signed::sign(&manifest, &SigningKey::from_bytes(&[key; 32])).unwrap();
        (Submitted { signed, inline: std::collections::BTreeMap::new() }, manifest)
    }

    /// The schema of an edge of before.
    const BEFORE: &str = "
        CREATE TABLE IF NOT EXISTS relayed (
            seq INTEGER PRIMARY KEY AUTOINCREMENT,
            id TEXT NOT NULL,
            digest TEXT NOT NULL,
            body TEXT,
            taken_at INTEGER NOT NULL,
            receipt TEXT,
            refusal TEXT,
            answered_at INTEGER,
            told INTEGER NOT NULL DEFAULT 0,
            erased INTEGER NOT NULL DEFAULT 0,
            UNIQUE (id, digest)
        );
        CREATE INDEX IF NOT EXISTS relayed_waiting ON relayed (seq) WHERE receipt IS NULL AND refusal IS NULL;
        CREATE INDEX IF NOT EXISTS relayed_to_erase ON relayed (seq) WHERE erased = 0;
        CREATE TABLE IF NOT EXISTS relayed_part (
            sha256 TEXT NOT NULL,
            seq INTEGER NOT NULL REFERENCES relayed (seq) ON DELETE CASCADE,
            PRIMARY KEY (sha256, seq)
        ) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS relayed_part_seq ON relayed_part (seq);
    ";

    /// How an edge of before left an item: its name, what it still holds, and what it was told.
    fn leave(old: &Connection, submitted: &Submitted, manifest: &Manifest, body: bool, receipt: bool, refusal: bool) {
        let body = body.then(|| serde_json::to_string(submitted).unwrap());
        let receipt = receipt.then_some("the core's");
        let refusal = refusal.then(|| serde_json::to_string(&wire::problem::Slug::IdConflict.problem()).unwrap());
        old.execute(
            "INSERT INTO relayed (id, digest, body, taken_at, receipt, refusal, answered_at)
             VALUES ($1, $2, $3, 0, $4, $5, CASE WHEN COALESCE($4, $5) IS NULL THEN NULL ELSE 0 END)",
            params![manifest.id.to_string(), submitted.signed.digest().as_str(), body, receipt, refusal],
        )
        .unwrap();
        let part = params![manifest.parts[0].sha256.as_str(), old.last_insert_rowid()];
        old.execute("INSERT INTO relayed_part (sha256, seq) VALUES ($1, $2)", part).unwrap();
    }

    #[tokio::test]
    async fn what_an_edge_of_before_kept_is_found_by_who_sends_the_same_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("edge.db");
        let old = Connection::open(&path).unwrap();
        old.execute_batch(BEFORE).unwrap();
        let [waiting, received, refused] = [b"waiting".as_slice(), b"received", b"refused"]
            .map(|page| submission(SubmissionId(ambient::new_uuid()), page, 1));
        leave(&old, &waiting.0, &waiting.1, true, false, false);
        leave(&old, &received.0, &received.1, false, true, false);
        leave(&old, &refused.0, &refused.1, true, false, true);
        drop(old);

        let shelf = Shelf::open(&path, 16).unwrap();
        let now = ambient::now();
        assert_eq!(shelf.waiting().await.unwrap(), [1]);
        let item = shelf.item(1).await.unwrap().unwrap();
        assert_eq!((item.id, item.files.len(), &item.submitted.signed), (waiting.1.id, 1, &waiting.0.signed));
        let kept = shelf.keep(&waiting.0, &waiting.1, now).await.unwrap();
        assert!(kept.seq == 1 && matches!(kept.standing, Standing::Waiting), "{kept:?}");
        let forged = submission(waiting.1.id, b"waiting", 2).0;
        assert!(shelf.find(waiting.1.id, &forged.signed).await.unwrap().is_none());
        shelf.received(1, "the core's".to_owned(), now).await.unwrap();
        for (submitted, manifest) in [&waiting, &received] {
            let found = shelf.find(manifest.id, &submitted.signed).await.unwrap();
            assert!(matches!(&found, Some(Found { standing: Standing::Received(_), .. })), "{found:?}");
            let again = shelf.keep(submitted, manifest, now).await.unwrap();
            assert!(matches!(again.standing, Standing::Received(_)), "nothing is handed on twice: {again:?}");
        }
        let found = shelf.find(refused.1.id, &refused.0.signed).await.unwrap();
        assert!(matches!(&found, Some(Found { seq: 3, standing: Standing::Refused(_, false) })), "{found:?}");
        shelf.told(3).await.unwrap();
        let files = [&waiting, &received, &refused].map(|(_, manifest)| manifest.parts[0].sha256.clone());
        let erased: Vec<(i64, Vec<Digest>)> = (1..).zip(files.map(|file| vec![file])).collect();
        assert_eq!(shelf.to_erase().await.unwrap(), erased, "nothing stays for ever");
        drop(shelf);
        let again = Shelf::open(&path, 16).unwrap();
        assert_eq!(again.find(waiting.1.id, &waiting.0.signed).await.unwrap().unwrap().seq, 1, "once is enough");
    }
}
