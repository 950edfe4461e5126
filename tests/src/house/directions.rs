//! Who may depend on whom, in one table. A new crate gets a row; a new edge gets a reason.

use super::manifest::{Manifest, members, workspace};
use std::collections::{BTreeMap, BTreeSet};
use toml::Value;

/// One crate: what of ours it may use, what its tests may use besides, and why that is so.
struct Row {
    name: &'static str,
    may: &'static [&'static str],
    tests_may: &'static [&'static str],
    why: &'static str,
}

/// Stands for every crate of the workspace.
const ANY: &str = "*";

const TABLE: [Row; 19] = [
    Row { name: "domain", may: &[], tests_may: &[], why: "the rules stand alone" },
    Row { name: "ambient", may: &[], tests_may: &[], why: "the door for clock and randomness knows nothing else" },
    Row { name: "pinyin", may: &[], tests_may: &[], why: "an engine over the bytes of its lexicon" },
    Row {
        name: "pinyin-data-builder",
        may: &[],
        tests_may: &["pinyin"],
        why: "writes the lexicon's bytes, nothing of ours",
    },
    Row { name: "ui", may: &[], tests_may: &[], why: "strings, numbers, lists and pictures only" },
    Row { name: "wire", may: &["domain"], tests_may: &[], why: "ids and answers cross the network" },
    Row { name: "visit", may: &["domain"], tests_may: &["services-catalog", "ambient"], why: "walks a service's form" },
    Row {
        name: "outbox",
        may: &["domain", "wire"],
        tests_may: &[],
        why: "its effects carry manifests and receipts, which are words of the wire",
    },
    Row {
        name: "services-catalog",
        may: &["domain"],
        tests_may: &["ambient"],
        why: "pure over text; its test reads the shipped folder through ambient",
    },
    Row { name: "devices", may: &["domain"], tests_may: &[], why: "photo profiles and card data are domain words" },
    Row { name: "documents", may: &["domain"], tests_may: &[], why: "papers show ids, names and days" },
    Row {
        name: "kiosk",
        may: &[
            "ambient",
            "devices",
            "documents",
            "domain",
            "outbox",
            "pinyin",
            "services-catalog",
            "ui",
            "visit",
            "wire",
        ],
        tests_may: &[],
        why: "the terminal puts the pieces together; the office is only reached over the wire",
    },
    Row {
        name: "back-office",
        may: &["ambient", "documents", "domain", "pinyin", "services-catalog", "wire"],
        tests_may: &[],
        why: "the office judges submissions by the same catalogue, and finds a service by pinyin as the kiosk does; it knows no kiosk",
    },
    Row {
        name: "audit-check",
        may: &[],
        tests_may: &[],
        why: "verifies a log from the standards alone and shares nothing with what it verifies",
    },
    Row {
        name: "decoders",
        may: &["audit-check", "documents", "domain", "services-catalog", "visit", "wire"],
        tests_may: &["ambient"],
        why: "says what must hold of the decoders of these; fuzzers and tests run it, no program links it",
    },
    Row {
        name: "yimen-fuzz",
        may: &["decoders"],
        tests_may: &[],
        why: "feeds it with an engine of its own; a workspace beside this one",
    },
    Row {
        name: "admin-cli",
        may: &["ambient", "audit-check", "documents", "domain", "services-catalog", "wire"],
        tests_may: &[],
        why: "speaks to the office over HTTP; only `bureau init` and checks touch files",
    },
    Row { name: "e2e", may: &[ANY], tests_may: &[ANY], why: "starts everything" },
    Row { name: "media", may: &["domain", "wire"], tests_may: &[], why: "video rooms, when they come" },
];

/// Crates that need not exist yet.
const PLANNED: [&str; 1] = ["media"];

/// Every edge that the table does not allow, every crate without a row, every row without a crate or a reason.
fn findings(table: &[Row], manifests: &[Manifest], shared: &BTreeMap<String, Value>) -> Vec<String> {
    let names: BTreeSet<&str> = manifests.iter().map(Manifest::name).collect();
    let mut found = Vec::new();
    for row in table {
        if !names.contains(row.name) && !PLANNED.contains(&row.name) {
            found.push(format!("the table has a row for `{}`, which is no crate", row.name));
        }
        if row.why.is_empty() {
            found.push(format!("the row of `{}` gives no reason", row.name));
        }
    }
    for manifest in manifests {
        let Some(row) = table.iter().find(|row| row.name == manifest.name()) else {
            found.push(format!("{}: `{}` has no row in the table of directions", manifest.path, manifest.name()));
            continue;
        };
        for (name, value, dev) in manifest.dependencies() {
            let written = if value.get("workspace").is_some() { shared.get(name).unwrap_or(value) } else { value };
            let ours = written.get("path").is_some();
            let target = written.get("package").and_then(Value::as_str).unwrap_or(name);
            let allowed = |list: &[&str]| list.contains(&target) || list.contains(&ANY);
            if ours && !allowed(row.may) && !(dev && allowed(row.tests_may)) {
                let kind = if dev { "tests of `" } else { "`" };
                found.push(format!("{}: {kind}{}` may not use `{target}` ({})", manifest.path, row.name, row.why));
            }
        }
    }
    found
}

#[test]
fn every_edge_is_in_the_table() {
    super::tree::expect_none(&findings(&TABLE, &members(), &workspace("dependencies")));
}

#[test]
fn planted_edges_are_found() {
    let shared: BTreeMap<String, Value> =
        toml::from_str("domain = { path = \"crates/domain\" }\nserde = \"1\"").unwrap();
    let row = |name, may| Row { name, may, tests_may: &["wire"], why: "planted" };
    let check = |may: &'static [&'static str], text: &str| {
        let manifest = Manifest::read("a/Cargo.toml", &format!("[package]\nname = \"a\"\n{text}"));
        findings(&[row("a", may)], &[manifest], &shared)
    };
    assert_eq!(check(&["domain"], "[dependencies]\ndomain.workspace = true\nserde.workspace = true").len(), 0);
    assert_eq!(check(&[], "[dependencies]\ndomain.workspace = true").len(), 1);
    assert_eq!(check(&[], "[dependencies]\nother = { path = \"../d\", package = \"domain\" }").len(), 1);
    assert_eq!(check(&[], "[target.'cfg(unix)'.dependencies]\ndomain.workspace = true").len(), 1);
    assert_eq!(check(&[], "[build-dependencies]\nwire = { path = \"../wire\" }").len(), 1);
    assert_eq!(check(&[], "[dev-dependencies]\nwire = { path = \"../wire\" }").len(), 0);
    assert_eq!(check(&[], "[dev-dependencies]\ndomain.workspace = true").len(), 1);

    let stranger = Manifest::read("b/Cargo.toml", "[package]\nname = \"b\"");
    assert_eq!(findings(&[row("a", &[])], &[stranger], &shared).len(), 2, "no row for b, no crate for a");
}

#[test]
fn the_ui_knows_no_crate_of_ours_and_the_command_line_not_the_office() {
    let row = |name| TABLE.iter().find(|row| row.name == name).expect("a row");
    assert!(row("ui").may.is_empty() && row("ui").tests_may.is_empty());
    assert!(!row("admin-cli").may.contains(&"back-office"));
    assert!(!row("kiosk").may.contains(&"back-office") && !row("back-office").may.contains(&"kiosk"));
}
