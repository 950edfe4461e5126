//! Sources are tidy: each file says what it is for, none is too long, no name says nothing, nothing is left undone.
//! Past 450 lines a file is named on stderr; past 800 the test fails.

const WARN_LINES: usize = 450;
const MOST_LINES: usize = 800;

/// Names that say nothing about what is inside.
const EMPTY_NAMES: [&str; 10] =
    ["utils", "util", "helpers", "helper", "common", "misc", "manager", "shared", "stuff", "v2"];

/// Marks of unfinished or switched-off work, spelled so that this file does not hold them.
const UNDONE: [&str; 5] = [
    concat!("to", "do!("),
    concat!("unimple", "mented!("),
    concat!("#[ig", "nore"),
    concat!("FIX", "ME"),
    concat!("XX", "X:"),
];

fn findings(path: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let opening = if path.ends_with(".slint") { "//" } else { "//!" };
    if !text.starts_with(opening) {
        found.push(format!("{path}: does not begin with `{opening}` and its purpose"));
    }
    let lines = text.lines().count();
    if lines > MOST_LINES {
        found.push(format!("{path}: {lines} lines, more than {MOST_LINES}: split it"));
    }
    for part in path.split('/') {
        let stem = part.split('.').next().unwrap_or(part);
        if EMPTY_NAMES.contains(&stem) {
            found.push(format!("{path}: the name `{stem}` says nothing; name the thing"));
        }
    }
    for (number, line) in text.lines().enumerate() {
        for word in UNDONE.iter().filter(|word| line.contains(**word)) {
            found.push(format!("{path}:{}: `{word}` is work left undone", number + 1));
        }
        let mut words = line.split(|c: char| !c.is_alphanumeric() && c != '_');
        let declares = words.any(|word| ["struct", "enum", "trait", "mod"].contains(&word));
        let name = words.next().unwrap_or_default();
        if declares
            && (name.ends_with("Manager") || EMPTY_NAMES.contains(&name))
            && !line.trim_start().starts_with("//")
        {
            found.push(format!("{path}:{}: the name `{name}` says nothing; name the thing", number + 1));
        }
    }
    found
}

#[test]
fn sources_are_tidy() {
    let mut sources = super::tree::files(".rs");
    sources.extend(super::tree::files(".slint"));
    assert!(sources.len() > 100, "the sources were not found");
    for (path, text) in &sources {
        let lines = text.lines().count();
        if lines > WARN_LINES {
            eprintln!("{path}: {lines} lines; {WARN_LINES} is where a split is worth a thought");
        }
    }
    super::tree::expect_none(&sources.iter().flat_map(|(path, text)| findings(path, text)).collect::<Vec<_>>());
}

#[test]
fn planted_untidiness_is_found() {
    let count = |path: &str, text: &str| findings(path, text).len();
    assert_eq!(count("a/b.rs", "//! Purpose.\nfn a() {}\n"), 0);
    assert_eq!(count("a/b.rs", "fn a() {}\n"), 1);
    assert_eq!(count("a/b.slint", "component A {}\n"), 1);
    assert_eq!(count("a/b.rs", &format!("//! Long.\n{}", "\n".repeat(MOST_LINES))), 1);
    assert_eq!(count("a/utils.rs", "//! Purpose.\n"), 1);
    assert_eq!(count("a/common/mod.rs", "//! Purpose.\n"), 1);
    assert_eq!(count("a/b.rs", concat!("//! Purpose.\npub(crate) str", "uct QueueManager;\n")), 1);
    assert_eq!(count("a/b.rs", &format!("//! Purpose.\nfn a() {{ {}) }}\n", UNDONE[0])), 1);
    assert_eq!(count("a/b.rs", &format!("//! Purpose.\n{}]\nfn a() {{}}\n", UNDONE[2])), 1);
}
