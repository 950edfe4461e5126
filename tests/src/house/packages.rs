//! What others wrote and we build: licences that suit GPL-3.0-only, and packages that must not be there.
//! The one list is `deny.toml`; `cargo tree` says what is really built, over all features, without network.
//! Not here: advisories, which need a database from the network (`cargo deny check advisories`).

use super::licence_expression::allows;
use std::process::Command;
use toml::{Table, Value};

/// `licenses.allow` and `bans.deny` of `deny.toml`.
struct Lists {
    allowed: Vec<String>,
    banned: Vec<Banned>,
}

/// A package that must not be there, but for those that may use it.
struct Banned {
    name: String,
    wrappers: Vec<String>,
}

impl Lists {
    fn read(text: &str) -> Self {
        let table: Table = text.parse().expect("deny.toml is TOML");
        let list = |section: &str, key: &str| -> Vec<Value> {
            let found = table.get(section).and_then(|section| section.get(key)).and_then(Value::as_array);
            found.cloned().unwrap_or_default()
        };
        let allowed = list("licenses", "allow").iter().filter_map(Value::as_str).map(str::to_owned).collect();
        let banned = |entry: &Value| {
            let wrappers = entry.get("wrappers").and_then(Value::as_array).into_iter().flatten();
            Some(Banned {
                name: entry.get("crate").unwrap_or(entry).as_str()?.to_owned(),
                wrappers: wrappers.filter_map(Value::as_str).map(str::to_owned).collect(),
            })
        };
        Self { allowed, banned: list("bans", "deny").iter().filter_map(banned).collect() }
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
            if self.banned.iter().any(|banned| banned.name == name && banned.wrappers.is_empty()) {
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

fn cargo_tree(more: &[&str]) -> String {
    let output = Command::new(env!("CARGO"))
        .current_dir(super::tree::root())
        .args(["tree", "--offline", "--locked", "--workspace", "--edges", "normal,build,dev"])
        .args(more)
        .output()
        .expect("cargo runs");
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "`cargo fetch --locked` first brings what is missing:\n{complaint}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

#[test]
fn licences_suit_the_project_and_nothing_banned_is_built() {
    let tree = cargo_tree(&["--all-features", "--prefix", "none", "--format", "{p}|{l}"]);
    assert!(tree.contains("aws-lc-rs v"), "the list of packages is not whole");
    super::tree::expect_none(&Lists::read(&super::tree::text("deny.toml")).findings(&tree));
}

#[test]
fn what_is_banned_but_for_one_is_used_by_that_one_and_not_by_default() {
    let lists = Lists::read(&super::tree::text("deny.toml"));
    let names = |text: &str| -> Vec<String> {
        text.lines()
            .filter_map(|line| line.trim_start_matches(|c: char| c.is_ascii_digit()).split(' ').next())
            .map(str::to_owned)
            .collect()
    };
    let ordinary = names(&cargo_tree(&["--features", "kiosk/robot", "--prefix", "none"]));
    assert!(ordinary.iter().any(|name| name == "rusqlite"), "the list of packages is not whole");
    let mut wrapped = 0;
    for Banned { name, wrappers } in lists.banned.iter().filter(|banned| !banned.wrappers.is_empty()) {
        wrapped += 1;
        assert!(!ordinary.contains(name), "{name} is built by default");
        let above = names(&cargo_tree(&["--all-features", "--invert", name, "--depth", "1", "--prefix", "none"]));
        let others: Vec<_> = above.iter().filter(|user| *user != name && !wrappers.contains(user)).collect();
        assert!(others.is_empty() && above.len() > 1, "{name} is used by {others:?}");
    }
    assert_eq!(wrapped, 1, "one feature has OpenSSL");
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
        assert!(lists.banned.iter().any(|banned| banned.name == name), "{name} is not banned");
    }
    for licence in ["GPL-2.0-only", "AGPL-3.0-only", "SSPL-1.0"] {
        assert!(!allows(licence, &lists.allowed), "{licence} does not suit GPL-3.0-only");
    }
}
