//! The one place where the wall clock and randomness enter. Binaries call it and hand the values down;
//! libraries receive times and bytes as arguments, so that every rule can be tested on any day.
//! Not here: anything that decides. A wrong clock may mislabel a time, never lose or double an item.

use jiff::Timestamp;
use uuid::Uuid;

/// The wall clock, UTC, as the machine believes it to be.
pub fn now() -> Timestamp {
    #[expect(clippy::disallowed_methods, reason = "the one door for the wall clock")]
    Timestamp::now()
}

/// `N` bytes from the operating system's generator.
///
/// # Panics
/// When the operating system has no entropy source: nothing that needs secrets may run then.
pub fn random_bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0_u8; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// A fresh time-ordered id (UUID version 7, RFC 9562 section 5.7).
pub fn new_uuid() -> Uuid {
    let millis = u64::try_from(now().as_millisecond()).unwrap_or(0);
    uuid::Builder::from_unix_timestamp_millis(millis, &random_bytes::<10>()).into_uuid()
}

/// Reads all files below `folder` that end in `.toml`: path with `/` relative to `folder`, and content.
///
/// # Errors
/// When a folder or file cannot be read or a file is not UTF-8.
pub fn read_tree(folder: &std::path::Path) -> std::io::Result<std::collections::BTreeMap<String, String>> {
    let mut files = std::collections::BTreeMap::new();
    let mut open = vec![(folder.to_path_buf(), String::new())];
    while let Some((path, name)) = open.pop() {
        for entry in std::fs::read_dir(&path)? {
            let entry = entry?;
            let inner = format!("{name}{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() {
                open.push((entry.path(), inner + "/"));
            } else if inner.ends_with(".toml") && inner != "Cargo.toml" {
                files.insert(inner, std::fs::read_to_string(entry.path())?);
            }
        }
    }
    Ok(files)
}
