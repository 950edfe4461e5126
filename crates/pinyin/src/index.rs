//! Finding an entry by its words, by pinyin, or by initials (说事就行). Keys are made once, when the index is.
//! Not here: what an entry is, ranking by use; nothing is learnt from people.

use crate::search::{SearchKeys, search_keys};

struct Entry<T> {
    what: T,
    order: u32,
    /// Lower-case words, best first.
    words: Vec<String>,
    keys: Vec<SearchKeys>,
}

/// An index over words.
pub struct WordIndex<T>(Vec<Entry<T>>);

impl<T> Default for WordIndex<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Clone + Ord> WordIndex<T> {
    /// Adds an entry with texts that name it (each whole, and each of its words); of equal finds the lower `order` comes
    /// first.
    pub fn add<'t>(&mut self, what: T, order: u32, texts: impl IntoIterator<Item = &'t str>) {
        let words: Vec<String> = texts
            .into_iter()
            .flat_map(|text| std::iter::once(text).chain(text.split_whitespace()))
            .map(str::to_lowercase)
            .collect();
        let keys = words.iter().map(|word| search_keys(word)).collect();
        self.0.push(Entry { what, order, words, keys });
    }

    /// The entries that a query finds, best first; none for an empty query.
    pub fn find(&self, query: &str) -> Vec<T> {
        let query = query.trim().to_lowercase();
        if query.is_empty() {
            return Vec::new();
        }
        let plain: String = query.chars().filter(char::is_ascii_alphanumeric).collect();
        let latin = !plain.is_empty() && query.is_ascii();
        let mut found: Vec<(u32, u32, &T)> = self
            .0
            .iter()
            .filter_map(|entry| {
                let by_word = entry.words.iter().filter_map(|word| likeness(word, &query)).min();
                let by_keys = entry.keys.iter().filter(|_| latin).filter_map(|keys| {
                    let full = keys.full.find(&plain).map(|at| 2 + at.min(1) as u32);
                    full.or_else(|| keys.initials.find(&plain).map(|at| 2 + at.min(1) as u32))
                });
                by_word.into_iter().chain(by_keys).min().map(|rank| (rank, entry.order, &entry.what))
            })
            .collect();
        found.sort();
        found.into_iter().map(|(_, _, what)| what.clone()).collect()
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

    #[test]
    fn by_word_pinyin_and_initials_and_nothing_by_nonsense() {
        let mut index = WordIndex::default();
        index.add(1, 5, ["身份证丢失补领", "补办 丢了"]);
        index.add(2, 1, ["身份证到期换领"]);
        for (query, found) in [
            ("丢了", vec![1]),
            ("shenfenzheng", vec![2, 1]),
            ("sfzds", vec![1]),
            ("证身", vec![2, 1]),
            ("xyzzy", vec![]),
        ] {
            assert_eq!(index.find(query), found, "{query}");
        }
        assert!(index.find("  ").is_empty());
    }
}
