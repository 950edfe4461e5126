//! Takes what an older office kept whole into custody: once, at the first start with it; and finds a wrong or lost custody.
//! Invariants: each thing's header is durable in custody before the thing is divided, so that a crash anywhere only means that
//! the pass goes on at the next start; when it is over no page of the database and no file of the data folder holds a header.
//! Not here: what comes in from now on.

use super::keys::Keys;
use super::split::{Kept, NewKey, Owner, SEALED_START, split};
use crate::blobs::write_durably;
use crate::store::{StoreError, stay_in_place};
use rusqlite::{Connection, OptionalExtension as _, params};
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use wire::digest::Digest;
use wire::manifest::Manifest;
use wire::signature::Signed;

/// Columns with sealed bytes: table, column, and the SQL of the owner's id.
const COLUMNS: &[(&str, &str, &str)] = &[
    ("opening", "sealed", "id"),
    ("closed_view", "reason", "case_id"),
    ("collection", "sealed_number", "case_id"),
    ("collection", "sealed_tracking", "case_id"),
    ("sealed_reason", "reason", OWNER_OF_REASON),
];

/// A reason belongs to its case, or to the submission of its certificate; of a kiosk's there is no resident in it.
const OWNER_OF_REASON: &str = "CASE WHEN object LIKE 'case:%' THEN substr(object, 6)
     WHEN object LIKE 'certificate:%' THEN
         (SELECT submission FROM certificate WHERE number = substr(sealed_reason.object, 13)) END";

/// Things divided in one transaction.
const BATCH: i64 = 256;
/// Length of [`SEALED_START`].
const START: i64 = SEALED_START.len() as i64;

fn disk(error: io::Error) -> StoreError {
    StoreError::Custody(error.to_string())
}

/// Looks that database and custody belong together, and takes over what is whole.
///
/// # Errors
/// Another or an empty custody beside this database; an empty or another database beside this custody; the store's; the disk's.
pub fn run(office: &mut Connection, keys: &mut Keys, data: &Path, uploads: &Path) -> Result<(), StoreError> {
    let known: Option<String> = office.query_row("SELECT id FROM custody", [], |row| row.get(0)).optional()?;
    let own = keys.pair()?;
    match (known, own) {
        (Some(known), Some(own)) if known == own => return Ok(()),
        (Some(_), _) => {
            return Err(StoreError::Custody(
                "the custody (keys.db) is missing or another one: without it nothing of before opens. Put its backup \
                 back; see docs/disaster.md"
                    .into(),
            ));
        }
        // A first start, or one that was interrupted: then every owner is one of this database.
        (None, own) => {
            if own.is_some() && keys.has_strangers(office)? {
                return Err(StoreError::Custody(
                    "the database (office.db) is missing, empty or another one: the custody (keys.db) beside it holds keys \
                     of cases that it does not know. Nothing was erased. Put office.db, blobs and issued of these keys back \
                     (is the disk mounted?), or, for a new office, an empty custody; see docs/disaster.md"
                        .into(),
                ));
            }
        }
    }
    let pair = match keys.pair()? {
        Some(pair) => pair,
        None => keys.make_pair()?,
    };
    let owners = owners(office)?;
    parts(office, keys)?;
    for (table, column, owner) in COLUMNS {
        columns(office, keys, table, column, owner)?;
    }
    blobs(&data.join("blobs"), keys, &owners)?;
    papers(office, keys, &data.join("issued"))?;
    move_uploads(&data.join("uploads"), uploads)?;
    write_anew(office, data)?;
    office.execute("INSERT INTO custody (id) VALUES ($1)", params![pair])?;
    Ok(())
}

/// Writes the pages that held whole files anew, and empties the log. The copy that the engine makes in between is as large as the
/// database: too large for memory, and nothing for a folder of temporary files, so for this once it lies beside the database.
fn write_anew(office: &Connection, data: &Path) -> Result<(), StoreError> {
    let beside = data.to_str().ok_or(StoreError::Custody("the folder's name is not text".into()))?;
    office.pragma_update(None, "temp_store_directory", beside)?;
    office.pragma_update(None, "temp_store", "FILE")?;
    let written = office.execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE);");
    stay_in_place(office)?;
    office.pragma_update(None, "temp_store_directory", "")?;
    Ok(written?)
}

/// Every blob that a manifest or an opening names, with whose it is.
fn owners(office: &Connection) -> Result<BTreeMap<Digest, Vec<Owner>>, StoreError> {
    let mut owners: BTreeMap<Digest, Vec<Owner>> = BTreeMap::new();
    let mut statement = office.prepare("SELECT manifest FROM submission")?;
    let manifests = statement.query_map([], |row| row.get::<_, String>(0))?;
    for text in manifests {
        let damaged = |_| StoreError::Damaged("manifest");
        let signed: Signed = serde_json::from_str(&text?).map_err(damaged)?;
        let manifest: Manifest = serde_json::from_str(&signed.body).map_err(damaged)?;
        for part in manifest.parts {
            owners.entry(part.sha256).or_default().push(Owner::from(manifest.id));
        }
    }
    let mut statement = office.prepare("SELECT sha256, opening FROM opening_part")?;
    let parts = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, String>(1)?)))?;
    for part in parts {
        let (part, opening) = part?;
        let part = Digest::try_from(part).map_err(|_| StoreError::Damaged("digest of a part"))?;
        owners.entry(part).or_default().push(Owner::stored(opening));
    }
    Ok(owners)
}

fn keep(keys: &mut Keys, found: &[NewKey]) -> Result<(), StoreError> {
    keys.begin_job();
    let kept = found.iter().try_for_each(|key| keys.put(key));
    keys.end_job(kept.is_ok());
    kept?;
    keys.commit()
}

/// Sealed answers that rode along.
fn parts(office: &mut Connection, keys: &mut Keys) -> Result<(), StoreError> {
    loop {
        let whole: Vec<(String, String, Vec<u8>)> = office
            .prepare_cached(
                "SELECT submission, sha256, bytes FROM submission_part WHERE substr(bytes, 1, $1) = $2 LIMIT $3",
            )?
            .query_map(params![START, SEALED_START, BATCH], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect::<Result<_, _>>()?;
        if whole.is_empty() {
            return Ok(());
        }
        let mut found = Vec::new();
        for (submission, part, bytes) in &whole {
            let part = Digest::try_from(part.clone()).map_err(|_| StoreError::Damaged("digest of a part"))?;
            let header = split(bytes).0.to_vec();
            found.push(NewKey { owner: Owner::stored(submission), part, header, filed: false });
        }
        keep(keys, &found)?;
        let transaction = office.transaction()?;
        for (submission, part, bytes) in &whole {
            transaction
                .prepare_cached("UPDATE submission_part SET bytes = $1 WHERE submission = $2 AND sha256 = $3")?
                .execute(params![split(bytes).1, submission, part])?;
        }
        transaction.commit()?;
    }
}

fn columns(office: &mut Connection, keys: &mut Keys, table: &str, column: &str, owner: &str) -> Result<(), StoreError> {
    // SQLite names rows of these tables by `rowid`; an older office has no other store.
    let select = format!(
        "SELECT rowid, {owner}, {column} FROM {table} WHERE substr({column}, 1, $1) = $2 AND {owner} IS NOT NULL LIMIT $3"
    );
    loop {
        let whole: Vec<(i64, String, Vec<u8>)> = office
            .prepare_cached(&select)?
            .query_map(params![START, SEALED_START, BATCH], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
            .collect::<Result<_, _>>()?;
        if whole.is_empty() {
            return Ok(());
        }
        let divided: Vec<(i64, Kept)> = whole
            .into_iter()
            .map(|(row, owner, bytes)| (row, Kept::of(Owner::stored(owner), Digest::of(&bytes), &bytes)))
            .collect();
        keep(keys, &divided.iter().map(|(_, kept)| kept.key.clone()).collect::<Vec<_>>())?;
        let transaction = office.transaction()?;
        for (row, kept) in &divided {
            transaction
                .prepare_cached(&format!("UPDATE {table} SET {column} = $1 WHERE rowid = $2"))?
                .execute(params![kept.column, row])?;
        }
        transaction.commit()?;
    }
}

fn files(folder: &Path) -> Result<Vec<PathBuf>, StoreError> {
    match fs::read_dir(folder) {
        Ok(entries) => entries.map(|entry| Ok(entry.map_err(disk)?.path())).collect(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        Err(error) => Err(disk(error)),
    }
}

fn blobs(folder: &Path, keys: &mut Keys, owners: &BTreeMap<Digest, Vec<Owner>>) -> Result<(), StoreError> {
    for path in files(folder)?.into_iter().filter(|path| path.is_dir()).map(|path| files(&path)) {
        for path in path? {
            let bytes = fs::read(&path).map_err(disk)?;
            let Some(part) = path.file_name().and_then(|name| Digest::try_from(name.to_str()?.to_owned()).ok()) else {
                continue;
            };
            // Divided already: its bytes are not those of its name any more.
            if !bytes.starts_with(SEALED_START) || Digest::of(&bytes) != part {
                continue;
            }
            let (header, payload) = split(&bytes);
            let nobody = [Owner::NOBODY];
            let own = owners.get(&part).map_or(&nobody[..], Vec::as_slice);
            let key = |owner: &Owner| NewKey {
                owner: owner.clone(),
                part: part.clone(),
                header: header.to_vec(),
                filed: true,
            };
            keep(keys, &own.iter().map(key).collect::<Vec<_>>())?;
            write_durably(&path, payload).map_err(disk)?;
        }
    }
    Ok(())
}

/// Issued papers: `<number>.pdf.age` becomes `<number>.kept`.
fn papers(office: &Connection, keys: &mut Keys, folder: &Path) -> Result<(), StoreError> {
    for path in files(folder)? {
        let Some(number) = path.file_name().and_then(|name| name.to_str()?.strip_suffix(".pdf.age")) else { continue };
        let owner: Option<String> = office
            .query_row("SELECT submission FROM certificate WHERE number = $1", params![number], |row| row.get(0))
            .optional()?;
        let bytes = fs::read(&path).map_err(disk)?;
        let kept = Kept::of(Owner::stored(owner.unwrap_or_default()), Digest::of(&bytes), &bytes);
        keep(keys, std::slice::from_ref(&kept.key))?;
        write_durably(&folder.join(format!("{number}.kept")), &kept.column).map_err(disk)?;
        fs::remove_file(&path).map_err(disk)?;
    }
    Ok(())
}

fn move_uploads(from: &Path, to: &Path) -> Result<(), StoreError> {
    fs::create_dir_all(to).map_err(disk)?;
    for path in files(from)? {
        // Custody may be another volume: an upload that cannot be moved begins anew at its kiosk.
        if let Some(name) = path.file_name()
            && fs::rename(&path, to.join(name)).is_err()
        {
            fs::remove_file(&path).map_err(disk)?;
        }
    }
    match fs::remove_dir(from) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(disk(error)),
        Ok(()) | Err(_) => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::atomic::{AtomicBool, Ordering};

    /// Open files in this folder that it does not show: the engine's own.
    fn made_in(folder: &Path) -> usize {
        let open = fs::read_dir("/proc/self/fd").unwrap().filter_map(|one| fs::read_link(one.ok()?.path()).ok());
        open.filter(|file| file.starts_with(folder) && file.to_string_lossy().ends_with("(deleted)")).count()
    }

    #[test]
    fn the_copy_of_the_whole_database_lies_beside_it_and_not_in_memory() {
        let folder = tempfile::tempdir().unwrap();
        let office = Connection::open(folder.path().join("office.db")).unwrap();
        stay_in_place(&office).unwrap();
        office
            .execute_batch(
                "PRAGMA journal_mode = WAL; CREATE TABLE note (words BLOB);
                 WITH RECURSIVE many (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < 4000)
                 INSERT INTO note SELECT randomblob(8000) FROM many",
            )
            .unwrap();
        let (done, seen) = (AtomicBool::new(false), AtomicBool::new(false));
        let data = folder.path();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                while !done.load(Ordering::SeqCst) {
                    seen.fetch_or(made_in(data) > 0, Ordering::SeqCst);
                }
            });
            // The handle does not cross threads.
            write_anew(&office, data).unwrap();
            done.store(true, Ordering::SeqCst);
        });
        assert!(seen.load(Ordering::SeqCst));
        assert_eq!(made_in(data), 0);
        let kept: i64 = office.query_row("SELECT COUNT(*) FROM note", [], |row| row.get(0)).unwrap();
        assert_eq!(kept, 4000);
        office.execute_batch("CREATE TEMP TABLE after_it AS SELECT randomblob(8000000)").unwrap();
        assert_eq!(made_in(data), 0, "from then on nothing lies there again");
    }
}
