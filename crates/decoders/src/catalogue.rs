//! A service's file: it is loaded whole or every fault is named with a line that the file has.

use services_catalog::Catalogue;
use services_catalog::Source;

/// The lists beside the services, as shipped.
const LISTS: [(&str, &str); 4] = [
    ("categories.toml", include_str!("../../../services-catalog/categories.toml")),
    ("branches.toml", include_str!("../../../services-catalog/branches.toml")),
    ("profiles/photo.toml", include_str!("../../../services-catalog/profiles/photo.toml")),
    ("tables/supplement-reasons.toml", include_str!("../../../services-catalog/tables/supplement-reasons.toml")),
];
const FILE: &str = "services/fuzzed/service.toml";

/// Any text as `service.toml`, and as each list.
pub(crate) fn service(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    named(&with(FILE, text), FILE, text);
    for (list, _) in LISTS {
        named(&with(list, text), list, text);
    }
}

fn with(file: &str, text: &str) -> Source {
    let mut source: Source = LISTS.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned())).collect();
    source.insert(file.to_owned(), text.to_owned());
    source
}

fn named(source: &Source, file: &str, text: &str) {
    match Catalogue::load(source) {
        Ok(catalogue) => assert!(catalogue.services().count() > 0, "a catalogue without a service is taken"),
        Err(findings) => {
            assert!(!findings.is_empty(), "refused without a reason");
            for finding in findings {
                assert!(!finding.what.is_empty());
                let lines = text.lines().count() + 1;
                assert!(finding.file != file || finding.line <= lines, "{}:{}", finding.file, finding.line);
            }
        }
    }
}
