//! The small lists beside the services: `categories.toml`, `branches.toml`, `profiles/photo.toml`.

use crate::reader::{File, Table};
use domain::ids::{BranchId, CategoryId};
use std::collections::BTreeMap;

/// A category of the home screen, in order of showing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// Id.
    pub id: CategoryId,
    /// Icon of the open set.
    pub icon: String,
    /// Name by language.
    pub name: BTreeMap<String, String>,
    /// One line by language.
    pub line: BTreeMap<String, String>,
}

/// A police branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Branch {
    /// Id.
    pub id: BranchId,
    /// Name by language.
    pub name: BTreeMap<String, String>,
}

/// What a portrait must be (validation rules, section 8).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PhotoProfile {
    /// Id, as fields name it.
    pub id: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Dots per inch.
    pub dpi: u32,
    /// Width on paper, tenths of a millimetre.
    pub width_mm10: u32,
    /// Height on paper, tenths of a millimetre.
    pub height_mm10: u32,
    /// Longest file, kilobytes.
    pub max_kb: u32,
    /// The background must be white.
    pub white: bool,
    /// The standard it comes from.
    pub source: String,
    /// Name by language.
    pub name: BTreeMap<String, String>,
}

fn in_languages(table: &Table<'_, '_>, key: &str) -> BTreeMap<String, String> {
    let mut words = BTreeMap::new();
    let Some(inner) = table.table(key) else {
        table.file().find(
            table.span(),
            format!("`{key}` is missing"),
            format!("{key} = {{ zh-CN = \"…\", en = \"…\" }}"),
        );
        return words;
    };
    for language in crate::LANGUAGES {
        if let Some((text, _)) = inner.text(language) {
            words.insert(language.to_owned(), text);
        }
    }
    inner.finish();
    words
}

/// Reads `[[category]]`.
pub(crate) fn categories(file: &File<'_>) -> Vec<Category> {
    read_list(file, "category", |table| {
        let id = table.text("id")?.0;
        let icon = table.text("icon")?.0;
        let (name, line) = (in_languages(table, "name"), in_languages(table, "line"));
        Some(Category { id: CategoryId::new(id), icon, name, line })
    })
}

/// Reads `[[branch]]`.
pub(crate) fn branches(file: &File<'_>) -> Vec<Branch> {
    read_list(file, "branch", |table| {
        let id = table.text("id")?.0;
        Some(Branch { id: BranchId::new(id), name: in_languages(table, "name") })
    })
}

/// Reads `[[profile]]`.
pub(crate) fn photo_profiles(file: &File<'_>) -> Vec<PhotoProfile> {
    read_list(file, "profile", |table| {
        Some(PhotoProfile {
            id: table.text("id")?.0,
            width: table.number("width")?,
            height: table.number("height")?,
            dpi: table.number("dpi")?,
            width_mm10: table.number("width-mm10")?,
            height_mm10: table.number("height-mm10")?,
            max_kb: table.number("max-kb")?,
            white: table.flag_or("white", true),
            source: table.text("source")?.0,
            name: in_languages(table, "name"),
        })
    })
}

fn read_list<T>(file: &File<'_>, key: &str, read: impl Fn(&Table<'_, '_>) -> Option<T>) -> Vec<T> {
    let parsed = file.parse();
    let top = Table::new(file, "the file", 0..0, parsed.get_ref());
    let mut list = Vec::new();
    for table in top.tables(key) {
        if let Some(item) = read(&table) {
            list.push(item);
            table.finish();
        }
    }
    if list.is_empty() {
        file.find(0..0, format!("no [[{key}]] in the file"), "list at least one");
    }
    top.finish();
    list
}
