//! Whether the office may write where it must: tried at start and by `--check`, before any door opens. A data folder that came
//! back from a copy under another user would else be found by the first submission, refused before the person who made it.
//! Invariants: nothing stays of a try, and a full disk is not refused here; a place for checkpoints that cannot be written is told
//! and keeps no door shut, as it may be another machine's and is made up for. Not here: how much room is left (`kiosk_api::pressure`).

use crate::config::Loaded;
use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};

/// The office cannot write there.
#[derive(Debug, thiserror::Error)]
#[error(
    "cannot write in {path} as user {user} ({why}): give that user the folder with all that is in it (chown -R {user} …), or see \
     whether its disk is there, and not read-only. Nothing was changed"
)]
pub struct NotWritable {
    path: PathBuf,
    user: u32,
    why: io::Error,
}

/// Tries every place; gives the places for checkpoints that cannot be written.
///
/// # Errors
/// The first place without which nothing can be taken in.
pub fn check(loaded: &Loaded) -> Result<Vec<NotWritable>, NotWritable> {
    let (data, custody) = (loaded.path(&loaded.config.store.data), loaded.path(&loaded.config.store.custody));
    for place in [data.join("blobs"), data.join("issued"), custody.join("uploads")] {
        probe(&place)?;
    }
    for place in [data, custody] {
        probe(&place)?;
        databases(&place)?;
    }
    let places = loaded.config.audit.checkpoints.iter();
    Ok(places.filter_map(|place| probe(&loaded.path(place)).err()).collect())
}

fn refused(path: &Path, why: io::Error) -> NotWritable {
    NotWritable { path: path.to_path_buf(), user: rustix::process::geteuid().as_raw(), why }
}

/// Writes and removes a small file there; where the folder is yet to be made, in the nearest one that there is.
fn probe(folder: &Path) -> Result<(), NotWritable> {
    let there = folder.ancestors().find(|place| place.exists()).unwrap_or(Path::new("."));
    // One name: what a kill left is taken away by the next try.
    let file = there.join(".probe");
    // A second try beside this one may have taken it away already.
    let removed = |error: io::Error| if error.kind() == ErrorKind::NotFound { Ok(()) } else { Err(error) };
    match write(&file).and_then(|()| fs::remove_file(&file).or_else(removed)) {
        Ok(()) => Ok(()),
        // A full disk is no reason to keep the doors shut: nothing is taken in until there is room.
        Err(error) if matches!(error.kind(), ErrorKind::StorageFull | ErrorKind::QuotaExceeded) => Ok(()),
        Err(error) => Err(refused(folder, error)),
    }
}

fn write(file: &Path) -> io::Result<()> {
    let mut file = File::create(file)?;
    file.write_all(b"probe")?;
    file.sync_all()
}

/// The databases with their logs may belong to somebody else than their folder.
fn databases(folder: &Path) -> Result<(), NotWritable> {
    let Ok(entries) = fs::read_dir(folder) else { return Ok(()) };
    for path in entries.flatten().map(|entry| entry.path()).filter(|path| path.is_file()) {
        OpenOptions::new().append(true).open(&path).map_err(|why| refused(&path, why))?;
    }
    Ok(())
}
