//! The catalogue: all services, their words, and the lists beside them, loaded from text files at once.
//! Invariant: it exists only when every file passed every check.

use crate::check;
use crate::example;
use crate::finding::Finding;
use crate::listing::{self, Branch, Category, PhotoProfile};
use crate::reader::File;
use crate::service_file;
use crate::supplement_reasons::{self, SupplementReason};
use crate::texts::{LANGUAGES, Texts};
use domain::ids::{CategoryId, ServiceId};
use domain::service::Service;
use std::collections::{BTreeMap, BTreeSet};

/// The catalogue's files: path with `/` relative to its folder, and content.
pub type Source = BTreeMap<String, String>;

/// Everything that is data.
#[derive(Clone, Debug)]
pub struct Catalogue {
    services: BTreeMap<ServiceId, Service>,
    texts: BTreeMap<(ServiceId, String), Texts>,
    categories: Vec<Category>,
    branches: Vec<Branch>,
    photo_profiles: Vec<PhotoProfile>,
    supplement_reasons: Vec<SupplementReason>,
}

impl Catalogue {
    /// Loads and checks all files, and runs every example.
    ///
    /// # Errors
    /// All findings of all files, in the order of files and lines.
    pub fn load(source: &Source) -> Result<Self, Vec<Finding>> {
        let mut findings = Vec::new();
        let categories = read_file(source, "categories.toml", &mut findings, listing::categories).unwrap_or_default();
        let branches = read_file(source, "branches.toml", &mut findings, listing::branches).unwrap_or_default();
        let photo_profiles =
            read_file(source, "profiles/photo.toml", &mut findings, listing::photo_profiles).unwrap_or_default();
        let table = "tables/supplement-reasons.toml";
        let supplement_reasons = if source.contains_key(table) {
            read_file(source, table, &mut findings, supplement_reasons::read).unwrap_or_default()
        } else {
            Vec::new()
        };
        let mut catalogue = Self {
            services: BTreeMap::new(),
            texts: BTreeMap::new(),
            categories,
            branches,
            photo_profiles,
            supplement_reasons,
        };
        for folder in folders(source) {
            catalogue.load_service(source, &folder, &mut findings);
        }
        if catalogue.services.is_empty() && findings.is_empty() {
            let what = "no service found".to_owned();
            let hint = "services lie in services/<id>/service.toml".to_owned();
            findings.push(Finding { file: "services".to_owned(), line: 0, what, hint });
        }
        findings.sort();
        if findings.is_empty() { Ok(catalogue) } else { Err(findings) }
    }

    fn load_service(&mut self, source: &Source, folder: &str, findings: &mut Vec<Finding>) {
        let base = format!("services/{folder}");
        let known: BTreeSet<String> = ["service.toml".to_owned()]
            .into_iter()
            .chain(LANGUAGES.map(|language| format!("texts.{language}.toml")))
            .collect();
        for path in source.keys().filter_map(|path| path.strip_prefix(&format!("{base}/"))) {
            if !known.contains(path) && !path.starts_with("examples/") {
                let what = "this file belongs to nothing".to_owned();
                let hint =
                    format!("a service has {}, examples/*.toml", known.iter().cloned().collect::<Vec<_>>().join(", "));
                findings.push(Finding { file: format!("{base}/{path}"), line: 0, what, hint });
            }
        }
        let path = format!("{base}/service.toml");
        let service = read_file(source, &path, findings, |file| {
            let service = service_file::read(file)?;
            check::service(file, &service, folder, &self.lists());
            Some(service)
        });
        let Some(service) = service.flatten() else { return };
        for language in LANGUAGES {
            let path = format!("{base}/texts.{language}.toml");
            let texts = read_file(source, &path, findings, |file| {
                let texts = Texts::read(file);
                texts.check(file, &service);
                texts
            });
            self.texts.insert((service.id.clone(), language.to_owned()), texts.unwrap_or_default());
        }
        example::run_all(source, &base, &service, findings);
        self.services.insert(service.id.clone(), service);
    }

    fn lists(&self) -> check::Lists<'_> {
        check::Lists { categories: &self.categories, branches: &self.branches, profiles: &self.photo_profiles }
    }

    /// All services, by id.
    pub fn services(&self) -> impl Iterator<Item = &Service> {
        self.services.values()
    }

    /// One service.
    pub fn service(&self, id: &ServiceId) -> Option<&Service> {
        self.services.get(id)
    }

    /// The words of a service; falls back to Chinese, which is always complete.
    pub fn text(&self, language: &str, service: &ServiceId, key: &str) -> Option<&str> {
        let find = |language: &str| self.texts.get(&(service.clone(), language.to_owned()))?.get(key);
        find(language).or_else(|| find(LANGUAGES[0]))
    }

    /// Categories, in order of showing.
    pub fn categories(&self) -> &[Category] {
        &self.categories
    }

    /// Services of a category, by id.
    pub fn in_category<'a>(&'a self, category: &'a CategoryId) -> impl Iterator<Item = &'a Service> {
        self.services().filter(move |service| service.category == *category)
    }

    /// Police branches.
    pub fn branches(&self) -> &[Branch] {
        &self.branches
    }

    /// Ready-made reasons for a return for supplement, in the order of the table.
    pub fn supplement_reasons(&self) -> &[SupplementReason] {
        &self.supplement_reasons
    }

    /// A photo profile by id.
    pub fn photo_profile(&self, id: &str) -> Option<&PhotoProfile> {
        self.photo_profiles.iter().find(|profile| profile.id == id)
    }
}

fn folders(source: &Source) -> BTreeSet<String> {
    source
        .keys()
        .filter_map(|path| path.strip_prefix("services/")?.split_once('/'))
        .map(|(folder, _)| folder.to_owned())
        .collect()
}

/// Reads one file and collects its findings; a missing file is a finding.
pub(crate) fn read_file<T>(
    source: &Source,
    path: &str,
    findings: &mut Vec<Finding>,
    read: impl FnOnce(&File<'_>) -> T,
) -> Option<T> {
    let Some(text) = source.get(path) else {
        let what = "the file is missing".to_owned();
        let hint = "make it; docs/add-a-service.md shows how".to_owned();
        findings.push(Finding { file: path.to_owned(), line: 0, what, hint });
        return None;
    };
    let file = File::new(path, text);
    let value = read(&file);
    findings.extend(file.into_findings());
    Some(value)
}
