//! The database as one encrypted file (SQLCipher, feature `sqlcipher`): its key, taking a plain one over, and saying clearly why
//! one does not open. Without the feature only the last: a plain program never mistakes an encrypted database for a damaged one.
//! Invariants: a key is made only where there is no database; the plain database is whole until the encrypted one has taken its
//! place; nothing is deleted because a key is wrong.

use super::error::StoreError;
use crate::safe::KeyFile;
use rusqlite::Connection;
use std::io::Read as _;
use std::path::Path;

/// Every plain database begins so.
const PLAIN: &[u8] = b"SQLite format 3\0";

/// How a database's file looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    None,
    Plain,
    Other,
}

fn shape(path: &Path) -> Result<Shape, StoreError> {
    let file = match std::fs::File::open(path) {
        Ok(file) => file,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Shape::None),
        Err(error) => return Err(error.into()),
    };
    let mut start = Vec::new();
    file.take(16).read_to_end(&mut start)?;
    Ok(match start.as_slice() {
        [] => Shape::None,
        PLAIN => Shape::Plain,
        _ => Shape::Other,
    })
}

#[cfg(not(feature = "sqlcipher"))]
pub(super) fn open(path: &Path, key: &KeyFile) -> Result<Connection, StoreError> {
    if shape(path)? == Shape::Other && key.exists() {
        return Err(StoreError::Key(
            "it is encrypted, and this program was built without `sqlcipher`: start the one that made it".to_owned(),
        ));
    }
    Ok(Connection::open(path)?)
}

#[cfg(feature = "sqlcipher")]
pub(super) fn open(path: &Path, key: &KeyFile) -> Result<Connection, StoreError> {
    let shape = shape(path)?;
    if shape == Shape::Other && !key.exists() {
        let words = format!("its key {} is missing: bring it back from where it went", key.path().display());
        return Err(StoreError::Key(words));
    }
    let key = key_text(key)?;
    if shape == Shape::Plain {
        encrypt(path, &key)?;
    }
    let connection = Connection::open(path)?;
    unlock(&connection, &key)?;
    Ok(connection)
}

/// The key as SQLCipher's raw key: 64 hex digits, nothing is derived from a password.
#[cfg(feature = "sqlcipher")]
fn key_text(file: &KeyFile) -> Result<String, StoreError> {
    let wrong = |why: String| StoreError::Key(format!("its key {}: {why}", file.path().display()));
    if !file.exists() {
        file.write(hex::encode(ambient::random_bytes::<32>()).as_bytes()).map_err(|error| wrong(error.to_string()))?;
    }
    let text = file.read_text().map_err(|error| wrong(error.to_string()))?;
    let text = text.trim().to_owned();
    let right = text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit());
    if right { Ok(text) } else { Err(wrong("no 64 hex digits".to_owned())) }
}

#[cfg(feature = "sqlcipher")]
fn unlock(connection: &Connection, key: &str) -> Result<(), StoreError> {
    connection.pragma_update(None, "key", format!("x'{key}'"))?;
    let version = connection.query_row("PRAGMA cipher_version", [], |row| row.get::<_, String>(0));
    if version.is_err() {
        return Err(StoreError::Database("this program's SQLite cannot encrypt".to_owned()));
    }
    let read = connection.query_row("SELECT COUNT(*) FROM sqlite_master", [], |_| Ok(()));
    read.map_err(|error| match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase) => {
            StoreError::Key("it does not open with this machine's key: another key was put in its place".to_owned())
        }
        _ => error.into(),
    })
}

/// Takes a plain database over: an encrypted copy beside it, durable, then in its place.
#[cfg(feature = "sqlcipher")]
fn encrypt(path: &Path, key: &str) -> Result<(), StoreError> {
    let beside = path.with_extension("encrypting");
    for file in companions(&beside).into_iter().chain([beside.clone()]) {
        remove(&file)?;
    }
    let plain = Connection::open(path)?;
    // All of it into the one file that is copied.
    plain.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))?;
    let version: i64 = plain.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let place = beside.to_str().ok_or_else(|| StoreError::Io("the folder's name is no text".to_owned()))?;
    plain.execute("ATTACH DATABASE ?1 AS encrypted KEY ?2", [place, &format!("x'{key}'")])?;
    plain.query_row("SELECT sqlcipher_export('encrypted')", [], |_| Ok(()))?;
    plain.execute_batch(&format!("PRAGMA encrypted.user_version = {version}; DETACH DATABASE encrypted;"))?;
    drop(plain);
    std::fs::File::open(&beside)?.sync_all()?;
    for file in companions(path) {
        remove(&file)?;
    }
    std::fs::rename(&beside, path)?;
    path.parent().map_or(Ok(()), |folder| std::fs::File::open(folder)?.sync_all())?;
    tracing::info!(
        "the database is encrypted now; what lay plain in it may still be read from the freed blocks of this disk"
    );
    Ok(())
}

/// The log and its index beside a database. After a checkpoint and a close they hold nothing.
#[cfg(feature = "sqlcipher")]
fn companions(path: &Path) -> Vec<std::path::PathBuf> {
    let beside = |end: &str| {
        let mut name = path.as_os_str().to_owned();
        name.push(end);
        name.into()
    };
    vec![beside("-wal"), beside("-shm"), beside("-journal")]
}

#[cfg(feature = "sqlcipher")]
fn remove(path: &Path) -> Result<(), StoreError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        Ok(()) | Err(_) => Ok(()),
    }
}
