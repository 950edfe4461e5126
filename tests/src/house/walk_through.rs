//! The walk-through of `docs/add-a-service.md` is a real service: its blocks, taken as files, pass the catalogue's check.
//! A block counts when it begins with `# <file>.toml`. The lists beside the services are the shipped ones.

use services_catalog::{Catalogue, Source};

/// The document's TOML blocks by the file they say they are.
fn blocks(document: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for block in document.split("```toml\n").skip(1) {
        let body = block.split("```").next().unwrap_or_default();
        let first = body.lines().next().unwrap_or_default();
        if let Some(name) = first.strip_prefix("# ").filter(|name| name.ends_with(".toml")) {
            found.push((name.to_owned(), body.to_owned()));
        }
    }
    found
}

/// The shipped lists, with the document's service as the only one.
fn source(document: &str) -> Source {
    let lists = ["categories.toml", "branches.toml", "profiles/photo.toml"];
    let mut source: Source =
        lists.map(|list| (list.to_owned(), super::tree::text(&format!("services-catalog/{list}")))).into();
    let files = blocks(document).into_iter();
    source.extend(files.map(|(name, text)| (format!("services/id-temporary/{name}"), text)));
    source
}

fn findings(document: &str) -> Vec<String> {
    let found = Catalogue::load(&source(document)).err().unwrap_or_default();
    found.iter().map(ToString::to_string).collect()
}

#[test]
fn the_walk_through_passes_the_check() {
    let document = super::tree::text("docs/add-a-service.md");
    assert_eq!(blocks(&document).len(), 5);
    super::tree::expect_none(&findings(&document));
}

#[test]
fn a_planted_slip_in_the_walk_through_is_found() {
    let document = super::tree::text("docs/add-a-service.md");
    let planted = document.replacen("profile = \"id-photo\"", "profile = \"id-foto\"", 1);
    assert_eq!(findings(&planted).len(), 1);
    let wrong_law = document.replacen("expect = \"no\"", "expect = \"yes\"", 1);
    assert_eq!(findings(&wrong_law).len(), 1);
}
