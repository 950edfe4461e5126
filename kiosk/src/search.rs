//! Finding a service by word, by pinyin, or by initials (说事就行), in both languages at once.
//! Not here: how words are found (`pinyin::WordIndex`).

use domain::ids::ServiceId;
use pinyin::WordIndex;
use services_catalog::{Catalogue, LANGUAGES};

/// An index over the catalogue's names and keywords.
pub struct CatalogueSearch(WordIndex<ServiceId>);

impl CatalogueSearch {
    /// Builds the index.
    pub fn new(catalogue: &Catalogue) -> Self {
        let mut index = WordIndex::default();
        for service in catalogue.services() {
            let texts = LANGUAGES
                .iter()
                .flat_map(|language| ["name", "keywords"].map(|key| catalogue.text(language, &service.id, key)))
                .flatten();
            // Of equal finds the usual errands come first.
            index.add(service.id.clone(), service.common.unwrap_or(u32::MAX), texts);
        }
        Self(index)
    }
}

impl visit::Search for CatalogueSearch {
    fn find(&self, query: &str, _language: &str) -> Vec<ServiceId> {
        self.0.find(query)
    }
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
