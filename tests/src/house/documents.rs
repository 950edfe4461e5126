//! Documents stay true: what they name exists, the map shows every folder, the glossary has every status.
//! A path is a link target, or a word in `code` style whose first part is a folder of the root; a word
//! `path.rs::name` must be a function of that file. Words with `<`, `*`, `{` or `…` are patterns and not looked up.

use super::tree;
use std::collections::BTreeMap;

/// The statuses, one table for screen, paper, office and API.
const STATUSES: [&str; 6] = ["已收件", "已送达", "已受理", "不予受理", "待补正", "已办结"];

/// Our own documents: at the root, and in docs/.
fn documents() -> BTreeMap<String, String> {
    let mut all = tree::files(".md");
    all.retain(|path, _| !path.contains('/') || path.starts_with("docs/"));
    all
}

/// Words between single backticks, outside fenced blocks.
fn code_words(text: &str) -> Vec<&str> {
    let mut words = Vec::new();
    let mut fenced = false;
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            fenced = !fenced;
        } else if !fenced {
            words.extend(line.split('`').skip(1).step_by(2));
        }
    }
    words
}

/// Targets of `[text](target)` that lie in this repository.
fn links(text: &str) -> Vec<&str> {
    let ends = text.split("](").skip(1).filter_map(|rest| rest.split(')').next());
    ends.map(|target| target.split('#').next().unwrap_or_default())
        .filter(|target| !target.is_empty() && !target.contains(':'))
        .collect()
}

/// What a document names although it is not there. `read` gives a file's text, `Some("")` for a folder.
fn dangling(path: &str, text: &str, folders: &[String], read: &dyn Fn(&str) -> Option<String>) -> Vec<String> {
    let mut found = Vec::new();
    let base = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    for target in links(text) {
        let mut parts: Vec<&str> = base.split('/').filter(|part| !part.is_empty()).collect();
        for part in target.split('/') {
            match part {
                ".." => drop(parts.pop()),
                "." | "" => {}
                name => parts.push(name),
            }
        }
        if read(&parts.join("/")).is_none() {
            found.push(format!("{path}: the link to {target} leads nowhere"));
        }
    }
    for word in code_words(text) {
        let first = word.split('/').next().unwrap_or_default();
        let pattern = word.contains(|c: char| "<*{… ".contains(c));
        if pattern || !word.contains('/') || !folders.iter().any(|folder| folder == first) {
            continue;
        }
        let (file, name) = word.split_once("::").map_or((word, None), |(file, name)| (file, Some(name)));
        match read(file.trim_end_matches('/')) {
            None => found.push(format!("{path}: `{word}` does not exist")),
            Some(source) => {
                if name.is_some_and(|name| !source.contains(&format!("fn {name}("))) {
                    found.push(format!("{path}: `{word}` is no function of that file"));
                }
            }
        }
    }
    found
}

fn on_disk(path: &str) -> Option<String> {
    let place = tree::root().join(path);
    if place.is_dir() {
        Some(String::new())
    } else {
        std::fs::read(place).ok().map(|b| String::from_utf8_lossy(&b).into())
    }
}

/// Folders that a map does not show as `name/`.
fn unmapped<'a>(map: &str, folders: &'a [String]) -> Vec<&'a str> {
    folders.iter().map(String::as_str).filter(|folder| !map.contains(&format!("{folder}/"))).collect()
}

/// Words that a glossary does not have.
fn missing_words<'a>(glossary: &str, words: &[&'a str]) -> Vec<&'a str> {
    words.iter().copied().filter(|word| !glossary.contains(word)).collect()
}

#[test]
fn what_documents_name_exists() {
    let folders = tree::top_folders();
    let found = documents();
    assert!(found.contains_key("README.md") && found.contains_key("docs/architecture.md"));
    let findings: Vec<String> =
        found.iter().flat_map(|(path, text)| dangling(path, text, &folders, &on_disk)).collect();
    tree::expect_none(&findings);
}

#[test]
fn both_readmes_map_every_top_folder() {
    for readme in ["README.md", "README.zh-CN.md"] {
        let folders = tree::top_folders();
        assert_eq!(unmapped(&tree::text(readme), &folders), Vec::<&str>::new(), "{readme}");
    }
}

#[test]
fn the_glossary_has_every_status() {
    assert_eq!(missing_words(&tree::text("docs/glossary.md"), &STATUSES), Vec::<&str>::new());
}

#[test]
fn planted_untruths_are_found() {
    let folders = ["docs".to_owned(), "crates".to_owned()];
    let read = |path: &str| match path {
        "crates/a.rs" => Some("fn real() {}".to_owned()),
        "docs" | "docs/b.md" => Some(String::new()),
        _ => None,
    };
    let count = |text: &str| dangling("docs/a.md", text, &folders, &read).len();
    assert_eq!(count("`crates/a.rs` and `crates/a.rs::real`, [b](b.md), [b](../docs/b.md#x), [web](https://x.org)"), 0);
    assert_eq!(count("`crates/<name>` and `either/or` are no paths"), 0);
    assert_eq!(count("`crates/gone.rs`"), 1);
    assert_eq!(count("`crates/a.rs::gone`"), 1);
    assert_eq!(count("[c](c.md)"), 1);
    assert_eq!(count("```\n`crates/gone.rs`\n```"), 0);
    assert_eq!(unmapped("| docs/ | papers |", &folders), ["crates"]);
    assert_eq!(missing_words("已收件", &["已收件", "已送达"]), ["已送达"]);
}
