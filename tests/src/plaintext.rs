//! Searches what a bureau keeps on its disks for people in plain words: names, numbers, phones, as UTF-8 and as UTF-16.
//! Invariants: only files are read, nothing of the product is used, so that the search knows no format it could be wrong
//! about; how much was searched is told, so that an empty search cannot look like a clean one.
//! Not here: what is allowed to hold plain words (the caller leaves it out).

use anyhow::Context as _;
use std::path::{Path, PathBuf};

/// What a search came to.
#[derive(Debug, Default)]
pub struct Searched {
    /// Files read.
    pub files: usize,
    /// Their bytes.
    pub bytes: usize,
    /// Files with a person in them. Never what was found.
    pub found: Vec<PathBuf>,
}

/// Reads every file under `folder`, except below folders and files with a name in `left_out`.
///
/// # Errors
/// A folder or file that cannot be read.
pub fn search(folder: &Path, left_out: &[&str], words: &[String], told: &mut Searched) -> anyhow::Result<()> {
    for entry in std::fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let entry = entry?;
        if left_out.iter().any(|name| entry.file_name() == *name) {
            continue;
        }
        let (path, kind) = (entry.path(), entry.file_type()?);
        if kind.is_dir() {
            search(&path, left_out, words, told)?;
        } else if kind.is_file() {
            let bytes = std::fs::read(&path).with_context(|| path.display().to_string())?;
            told.files += 1;
            told.bytes += bytes.len();
            if words.iter().any(|word| holds(&bytes, word)) {
                told.found.push(path);
            }
        }
    }
    Ok(())
}

fn holds(bytes: &[u8], word: &str) -> bool {
    let wide: Vec<u8> = word.encode_utf16().flat_map(u16::to_le_bytes).collect();
    [word.as_bytes(), &wide].into_iter().any(|word| {
        // By first byte: most places differ there, and the files are large.
        let Some((first, rest)) = word.split_first() else { return false };
        bytes.iter().enumerate().any(|(at, byte)| byte == first && bytes[at + 1..].starts_with(rest))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_planted_name_is_found_in_whatever_file_and_only_outside_what_is_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let write = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        };
        write("clean.db", "表里没有人".as_bytes());
        write("deep/spool/blob", "\0\u{1}林小满\0".as_bytes());
        write("wide", &"林小满".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>());
        write("paper/slip.pdf", "林小满".as_bytes());
        let mut told = Searched::default();
        search(folder.path(), &["paper"], &["林小满".to_owned()], &mut told).unwrap();
        told.found.sort();
        assert_eq!(told.files, 3);
        assert_eq!(told.found, [folder.path().join("deep/spool/blob"), folder.path().join("wide")]);
    }
}
