//! Finding a service by word, by pinyin, or by initials (说事就行). Keys are made once at start.
//! Not here: ranking by use; nothing is learnt from people.

use domain::ids::ServiceId;
use pinyin::SearchKeys;
use services_catalog::{Catalogue, LANGUAGES};

struct Entry {
    service: ServiceId,
    /// Place among the usual errands: of equal finds these come first.
    common: u32,
    /// Lower-case words: name and keywords of both languages, best first.
    words: Vec<String>,
    keys: Vec<SearchKeys>,
}

/// An index over the catalogue's names and keywords.
pub struct CatalogueSearch(Vec<Entry>);

impl CatalogueSearch {
    /// Builds the index.
    pub fn new(catalogue: &Catalogue) -> Self {
        let entries = catalogue.services().map(|service| {
            let words: Vec<String> = LANGUAGES
                .iter()
                .flat_map(|language| ["name", "keywords"].map(|key| catalogue.text(language, &service.id, key)))
                .flatten()
                .flat_map(|text| std::iter::once(text).chain(text.split_whitespace()))
                .map(str::to_lowercase)
                .collect();
            let keys = words.iter().map(|word| pinyin::search_keys(word)).collect();
            Entry { service: service.id.clone(), common: service.common.unwrap_or(u32::MAX), words, keys }
        });
        Self(entries.collect())
    }
}

impl visit::Search for CatalogueSearch {
    fn find(&self, query: &str, _language: &str) -> Vec<ServiceId> {
        let query = query.trim().to_lowercase();
        if query.is_empty() {
            return Vec::new();
        }
        let plain: String = query.chars().filter(char::is_ascii_alphanumeric).collect();
        let latin = !plain.is_empty() && query.is_ascii();
        let mut found: Vec<(u32, u32, &ServiceId)> = self
            .0
            .iter()
            .filter_map(|entry| {
                let by_word = entry.words.iter().filter_map(|word| likeness(word, &query)).min();
                let by_keys = entry.keys.iter().filter(|_| latin).filter_map(|keys| {
                    let full = keys.full.find(&plain).map(|at| 2 + at.min(1) as u32);
                    full.or_else(|| keys.initials.find(&plain).map(|at| 2 + at.min(1) as u32))
                });
                by_word.into_iter().chain(by_keys).min().map(|rank| (rank, entry.common, &entry.service))
            })
            .collect();
        found.sort();
        found.into_iter().map(|(_, _, service)| service.clone()).collect()
    }
}

/// 0 the same, 1 holds it, 4 says it in other order (every character occurs); `None` = no likeness.
fn likeness(word: &str, query: &str) -> Option<u32> {
    if word == query {
        return Some(0);
    }
    if word.contains(query) {
        return Some(1);
    }
    let long_enough = query.chars().count() >= 2 && !query.is_ascii();
    (long_enough && query.chars().all(|c| word.contains(c))).then_some(4)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;
    use visit::Search as _;

    #[test]
    fn finds_by_word_pinyin_and_initials_and_nothing_by_nonsense() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../services-catalog");
        let catalogue = Catalogue::load(&ambient::read_tree(&folder).unwrap()).unwrap();
        let search = CatalogueSearch::new(&catalogue);
        for (query, expected) in [
            ("身份证丢了", "id-replace-lost"),
            ("sfz", "id-replace-lost"),
            ("shenfenzheng", "id-replace-lost"),
            ("无犯罪", "no-criminal-record-self"),
            ("驾照", "dl-renew-expiry"),
            ("passport", "passport-minor"),
            ("hz", "passport-minor"),
            ("报户口", "birth-registration"),
            ("没带身份证", "temporary-identity-certificate"),
            ("xingshizheng", "mv-licence-reissue"),
            ("bhxsz", "mv-licence-reissue"),
            ("去香港", "hkm-endorse-tour"),
            ("居住证年审", "residence-permit-endorse"),
            ("暂住", "residence-certificate"),
            ("销户", "hukou-cancellation-certificate"),
            ("委托书", "no-criminal-record-proxy"),
        ] {
            let found = search.find(query, "zh-CN");
            assert!(found.iter().any(|id| id.as_str() == expected), "{query}: {found:?}");
        }
        let own_first = search.find("无犯罪", "zh-CN");
        assert_eq!(own_first.first().map(ServiceId::as_str), Some("no-criminal-record-self"), "{own_first:?}");
        assert!(search.find("xyzzy", "zh-CN").is_empty() && search.find("  ", "zh-CN").is_empty());
    }
}
