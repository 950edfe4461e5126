//! The working tree as text: where the root is, which sources and manifests there are.
//! Built things (`target*`, `demo-*`, `node_modules`) and hidden folders are not part of it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The repository's root.
pub(super) fn root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().expect("the package lies one folder below the root").to_path_buf()
}

/// Text of one file below the root.
pub(super) fn text(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn is_source(name: &str) -> bool {
    let built = ["target", "demo-", "node_modules"].iter().any(|start| name.starts_with(start));
    !built && !name.starts_with('.')
}

/// Names of the folders at the root, hidden and built ones left out.
pub(super) fn top_folders() -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(root())
        .expect("the root can be read")
        .filter_map(Result::ok)
        .filter(|entry| entry.path().is_dir())
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| is_source(name))
        .collect();
    names.sort();
    names
}

/// All files whose name ends so: path with `/` relative to the root, and content.
pub(super) fn files(ending: &str) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut open: Vec<String> = top_folders();
    for entry in std::fs::read_dir(root()).expect("the root can be read").filter_map(Result::ok) {
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.path().is_file() && name.ends_with(ending) {
            found.insert(name.clone(), text(&name));
        }
    }
    while let Some(folder) = open.pop() {
        // A file may vanish between listing and reading while somebody works in the tree; that is not a finding.
        for entry in std::fs::read_dir(root().join(&folder)).into_iter().flatten().filter_map(Result::ok) {
            let name = entry.file_name().to_string_lossy().into_owned();
            let path = format!("{folder}/{name}");
            if entry.path().is_dir() {
                if is_source(&name) {
                    open.push(path);
                }
            } else if name.ends_with(ending)
                && let Ok(content) = std::fs::read_to_string(entry.path())
            {
                found.insert(path, content);
            }
        }
    }
    found
}

/// Fails with all findings, one a line.
pub(super) fn expect_none(findings: &[String]) {
    assert!(findings.is_empty(), "{} findings:\n{}", findings.len(), findings.join("\n"));
}
