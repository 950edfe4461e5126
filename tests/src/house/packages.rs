//! What others wrote and we build: licences that suit GPL-3.0-only, and packages that must not be there.
//! The one list is `deny.toml`; `cargo tree` says what is really built, over all features, without network.
//! Not here: advisories, which need a database from the network (`cargo deny check advisories`).

use super::licence_expression::allows;
use std::process::Command;
use toml::{Table, Value};

/// `licenses.allow` and `bans.deny` of `deny.toml`.
struct Lists {
    allowed: Vec<String>,
    banned: Vec<String>,
}

impl Lists {
    fn read(text: &str) -> Self {
        let table: Table = text.parse().expect("deny.toml is TOML");
        let list = |section: &str, key: &str| -> Vec<Value> {
            let found = table.get(section).and_then(|section| section.get(key)).and_then(Value::as_array);
            found.cloned().unwrap_or_default()
        };
        let allowed = list("licenses", "allow").iter().filter_map(Value::as_str).map(str::to_owned).collect();
        let name = |entry: &Value| entry.get("crate").unwrap_or(entry).as_str().map(str::to_owned);
        Self { allowed, banned: list("bans", "deny").iter().filter_map(name).collect() }
    }

    /// Findings in lines of `name vX.Y.Z (place)|licence expression`; a line that cannot be read is one.
    fn findings(&self, tree: &str) -> Vec<String> {
        let mut found = Vec::new();
        for line in tree.lines().map(|line| line.trim_end_matches(" (*)")).filter(|line| !line.is_empty()) {
            let Some((package, licence)) = line.split_once('|') else {
                found.push(format!("cannot be read: {line}"));
                continue;
            };
            let name = package.split(' ').next().unwrap_or_default();
            if self.banned.iter().any(|banned| banned == name) {
                found.push(format!("{package} is banned by deny.toml"));
            }
            if !allows(licence, &self.allowed) {
                found.push(format!("{package}: `{licence}` is not allowed by deny.toml"));
            }
        }
        found.sort();
        found.dedup();
        found
    }
}

#[test]
fn licences_suit_the_project_and_nothing_banned_is_built() {
    let output = Command::new(env!("CARGO"))
        .current_dir(super::tree::root())
        .args(["tree", "--offline", "--locked", "--workspace", "--all-features"])
        .args(["--edges", "normal,build,dev", "--prefix", "none", "--format", "{p}|{l}"])
        .output()
        .expect("cargo runs");
    let tree = String::from_utf8_lossy(&output.stdout);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "`cargo fetch --locked` first brings what is missing:\n{complaint}");
    assert!(tree.contains("aws-lc-rs v"), "the list of packages is not whole");
    super::tree::expect_none(&Lists::read(&super::tree::text("deny.toml")).findings(&tree));
}

#[test]
fn planted_packages_are_found() {
    let lists = Lists::read("[licenses]\nallow = [\"MIT\"]\n[bans]\ndeny = [{ crate = \"ring\" }, \"native-tls\"]");
    assert_eq!(lists.findings("serde v1.0.0|MIT OR Apache-2.0\nserde v1.0.0|MIT (*)\n\n"), Vec::<String>::new());
    assert_eq!(lists.findings("ring v0.17.0|MIT").len(), 1);
    assert_eq!(lists.findings("native-tls v0.2.0|MIT").len(), 1);
    assert_eq!(lists.findings("ring-like v1.0.0|MIT").len(), 0);
    assert_eq!(lists.findings("odd v1.0.0|Proprietary").len(), 1);
    assert_eq!(lists.findings("odd v1.0.0|").len(), 1, "no licence at all");
    assert_eq!(lists.findings("odd v1.0.0").len(), 1);
}

#[test]
fn deny_toml_names_what_must_never_be_built() {
    let lists = Lists::read(&super::tree::text("deny.toml"));
    for name in ["ring", "openssl-sys", "native-tls"] {
        assert!(lists.banned.iter().any(|banned| banned == name), "{name} is not banned");
    }
    for licence in ["GPL-2.0-only", "AGPL-3.0-only", "SSPL-1.0"] {
        assert!(!allows(licence, &lists.allowed), "{licence} does not suit GPL-3.0-only");
    }
}
