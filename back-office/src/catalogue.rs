//! The office's view of the catalogue: a port, so that intake does not depend on how services are kept.
//! Invariant: a service that is not known is never a reason to refuse a submission; it becomes a case for a person.

use domain::ids::{BranchId, CategoryId, ServiceId};
use domain::service::Service;
use pinyin::WordIndex;
use services_catalog::SupplementReason;
use std::collections::BTreeMap;
use wire::digest::Digest;
use wire::key_list::catalogue_digest;

/// The services this office knows.
pub trait Services: Send + Sync {
    /// A service by id.
    fn service(&self, id: &ServiceId) -> Option<&Service>;
    /// All services, in order of their ids.
    fn all(&self) -> Vec<&Service>;
    /// The services that a query finds, by word, pinyin or initials, best first.
    fn search(&self, query: &str) -> Vec<ServiceId>;
    /// A category's Chinese name.
    fn category_name(&self, id: &CategoryId) -> String;
    /// A text of a service in Chinese, e.g. `name`, `field.purpose.work`.
    fn text(&self, id: &ServiceId, key: &str) -> Option<String>;

    /// What officers and letters call a field: the name of its paper, else what the resident reads.
    fn field_name(&self, id: &ServiceId, field: &str) -> Option<String> {
        self.text(id, &format!("field.{field}.paper")).or_else(|| self.text(id, &format!("field.{field}")))
    }

    /// What a service ends in, as a proper noun; without one the sentence that residents read.
    fn credential(&self, id: &ServiceId) -> Option<String> {
        self.text(id, "credential").or_else(|| self.text(id, "output"))
    }
    /// The branches there are, with their Chinese names.
    fn branches(&self) -> Vec<(BranchId, String)>;
    /// Ready-made reasons for a return for supplement.
    fn supplement_reasons(&self) -> &[SupplementReason];
    /// What names these services in the bureau's signed list; `None` for services that are no files.
    fn digest(&self) -> Option<&Digest> {
        None
    }
}

/// Services held in memory with their texts; an empty one knows none.
#[derive(Debug, Default)]
pub struct ServicesInMemory {
    services: BTreeMap<ServiceId, (Service, BTreeMap<String, String>)>,
}

impl ServicesInMemory {
    /// Adds a service with its texts.
    pub fn add(&mut self, service: Service, texts: BTreeMap<String, String>) {
        self.services.insert(service.id.clone(), (service, texts));
    }
}

impl Services for ServicesInMemory {
    fn service(&self, id: &ServiceId) -> Option<&Service> {
        self.services.get(id).map(|(service, _)| service)
    }

    fn all(&self) -> Vec<&Service> {
        self.services.values().map(|(service, _)| service).collect()
    }

    fn search(&self, query: &str) -> Vec<ServiceId> {
        indexed(&self.all(), |id, key| self.text(id, key)).find(query)
    }

    fn category_name(&self, id: &CategoryId) -> String {
        id.to_string()
    }

    fn text(&self, id: &ServiceId, key: &str) -> Option<String> {
        self.services.get(id)?.1.get(key).cloned()
    }

    fn branches(&self) -> Vec<(BranchId, String)> {
        self.services.values().map(|(service, _)| (service.branch.clone(), service.branch.to_string())).collect()
    }

    fn supplement_reasons(&self) -> &[SupplementReason] {
        &[]
    }
}

/// The catalogue of the folder that the configuration names.
pub struct CatalogueFolder {
    catalogue: services_catalog::Catalogue,
    digest: Digest,
    index: WordIndex<ServiceId>,
}

/// The words by which services are found; of equal finds the usual errands come first.
fn indexed(services: &[&Service], text: impl Fn(&ServiceId, &str) -> Option<String>) -> WordIndex<ServiceId> {
    let mut index = WordIndex::default();
    for service in services {
        let texts: Vec<String> = ["name", "keywords"].iter().filter_map(|key| text(&service.id, key)).collect();
        index.add(service.id.clone(), service.common.unwrap_or(u32::MAX), texts.iter().map(String::as_str));
    }
    index
}

impl CatalogueFolder {
    /// Reads and checks all of it.
    ///
    /// # Errors
    /// Every finding in words, one a line.
    pub fn read(folder: &std::path::Path) -> Result<Self, String> {
        let source = ambient::read_tree(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let catalogue = services_catalog::Catalogue::load(&source)
            .map_err(|findings| findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?;
        let all: Vec<&Service> = catalogue.services().collect();
        let index = indexed(&all, |id, key| catalogue.text("zh-CN", id, key).map(str::to_owned));
        let digest = catalogue_digest(&source).map_err(|error| error.to_string())?;
        Ok(Self { catalogue, digest, index })
    }
}

impl Services for CatalogueFolder {
    fn service(&self, id: &ServiceId) -> Option<&Service> {
        self.catalogue.service(id)
    }

    fn all(&self) -> Vec<&Service> {
        self.catalogue.services().collect()
    }

    fn search(&self, query: &str) -> Vec<ServiceId> {
        self.index.find(query)
    }

    fn category_name(&self, id: &CategoryId) -> String {
        let found = self.catalogue.categories().iter().find(|category| category.id == *id);
        found.and_then(|category| category.name.get("zh-CN").cloned()).unwrap_or_else(|| id.to_string())
    }

    fn text(&self, id: &ServiceId, key: &str) -> Option<String> {
        self.catalogue.text("zh-CN", id, key).map(str::to_owned)
    }

    fn branches(&self) -> Vec<(BranchId, String)> {
        let name = |branch: &services_catalog::Branch| {
            branch.name.get("zh-CN").cloned().unwrap_or_else(|| branch.id.to_string())
        };
        let mut found: Vec<_> =
            self.catalogue.branches().iter().map(|branch| (branch.id.clone(), name(branch))).collect();
        let general = BranchId::new(crate::intake::UNKNOWN_BRANCH);
        if !found.iter().any(|(id, _)| *id == general) {
            found.push((general, "综合".to_owned()));
        }
        found
    }

    fn supplement_reasons(&self) -> &[SupplementReason] {
        self.catalogue.supplement_reasons()
    }

    fn digest(&self) -> Option<&Digest> {
        Some(&self.digest)
    }
}
