//! The crates that decide do no input or output: no runtime, network, window, SQL, file, clock or randomness.

use super::manifest::{Manifest, members};

/// Crates whose `src` is pure.
const PURE: [&str; 5] = ["domain", "visit", "outbox", "services-catalog", "pinyin"];

/// Packages that bring the outside in.
const OUTSIDE: [&str; 16] = [
    "ambient",
    "async-std",
    "axum",
    "getrandom",
    "hyper",
    "ipp",
    "nokhwa",
    "rand",
    "reqwest",
    "rusqlite",
    "rustls",
    "slint",
    "smol",
    "tokio",
    "tokio-postgres",
    "ureq",
];

/// Words in code that bring the outside in.
const WORDS: [&str; 12] = [
    "std::fs",
    "std::net",
    "std::process",
    "std::env::var",
    "SystemTime",
    "Timestamp::now",
    "Zoned::now",
    "Instant::now",
    "Uuid::new_v4",
    "Uuid::now_v7",
    "thread::spawn",
    "thread::sleep",
];

/// Words that only `crates/ambient` may use; `clippy.toml` says the same to the compiler.
const CLOCK: [&str; 3] = ["SystemTime::now", "Timestamp::now", "Zoned::now"];

fn forbidden_packages(manifest: &Manifest) -> Vec<String> {
    let outside = manifest.dependencies().into_iter().filter(|(name, value, dev)| {
        let package = value.get("package").and_then(toml::Value::as_str).unwrap_or(name);
        !dev && OUTSIDE.contains(&package)
    });
    outside.map(|(name, _, _)| format!("{}: a pure crate uses `{name}`", manifest.path)).collect()
}

fn forbidden_words(path: &str, text: &str, words: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (number, line) in text.lines().enumerate() {
        let code = line.split("//").next().unwrap_or_default();
        for word in words.iter().filter(|word| code.contains(**word)) {
            found.push(format!("{path}:{}: `{word}`", number + 1));
        }
    }
    found
}

#[test]
fn pure_crates_do_no_input_or_output() {
    let sources = super::tree::files(".rs");
    let mut found = Vec::new();
    let members = members();
    for name in PURE {
        let manifest = members.iter().find(|manifest| manifest.name() == name).expect("a pure crate exists");
        found.extend(forbidden_packages(manifest));
        let folder = format!("{}/src/", manifest.folder());
        let own: Vec<_> = sources.iter().filter(|(path, _)| path.starts_with(&folder)).collect();
        assert!(!own.is_empty(), "{folder} has no sources");
        found.extend(own.into_iter().flat_map(|(path, text)| forbidden_words(path, text, &WORDS)));
    }
    super::tree::expect_none(&found);
}

#[test]
fn the_wall_clock_has_one_door() {
    let sources = super::tree::files(".rs");
    let others = sources
        .iter()
        .filter(|(path, _)| !path.starts_with("crates/ambient/") && path.as_str() != "tests/src/house/purity.rs");
    let found: Vec<String> = others.flat_map(|(path, text)| forbidden_words(path, text, &CLOCK)).collect();
    super::tree::expect_none(&found);
}

#[test]
fn planted_input_and_output_is_found() {
    let tokio = Manifest::read("a", "[dependencies]\ntokio = \"1\"\n[dev-dependencies]\nrusqlite = \"1\"");
    assert_eq!(forbidden_packages(&tokio).len(), 1);
    let renamed = Manifest::read("a", "[dependencies]\nweb = { package = \"axum\", version = \"1\" }");
    assert_eq!(forbidden_packages(&renamed).len(), 1);
    assert_eq!(forbidden_words("a", "//! no std::fs here\nuse std::fs::read;", &WORDS), ["a:2: `std::fs`"]);
    assert_eq!(forbidden_words("a", "let t = jiff::Timestamp::now();", &CLOCK).len(), 1);
}
