//! The office's view of the catalogue: a port, so that intake does not depend on how services are kept.
//! Invariant: a service that is not known is never a reason to refuse a submission; it becomes a case for a person.

use domain::ids::{BranchId, ServiceId};
use domain::service::Service;
use services_catalog::SupplementReason;
use std::collections::BTreeMap;

/// The services this office knows.
pub trait Services: Send + Sync {
    /// A service by id.
    fn service(&self, id: &ServiceId) -> Option<&Service>;
    /// A text of a service in Chinese, e.g. `name`, `field.purpose.work`.
    fn text(&self, id: &ServiceId, key: &str) -> Option<String>;
    /// The branches there are, with their Chinese names.
    fn branches(&self) -> Vec<(BranchId, String)>;
    /// Ready-made reasons for a return for supplement.
    fn supplement_reasons(&self) -> &[SupplementReason];
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
#[derive(Debug)]
pub struct CatalogueFolder(services_catalog::Catalogue);

impl CatalogueFolder {
    /// Reads and checks all of it.
    ///
    /// # Errors
    /// Every finding in words, one a line.
    pub fn read(folder: &std::path::Path) -> Result<Self, String> {
        let source = ambient::read_tree(folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        services_catalog::Catalogue::load(&source)
            .map(Self)
            .map_err(|findings| findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
    }
}

impl Services for CatalogueFolder {
    fn service(&self, id: &ServiceId) -> Option<&Service> {
        self.0.service(id)
    }

    fn text(&self, id: &ServiceId, key: &str) -> Option<String> {
        self.0.text("zh-CN", id, key).map(str::to_owned)
    }

    fn branches(&self) -> Vec<(BranchId, String)> {
        let name = |branch: &services_catalog::Branch| {
            branch.name.get("zh-CN").cloned().unwrap_or_else(|| branch.id.to_string())
        };
        let mut found: Vec<_> = self.0.branches().iter().map(|branch| (branch.id.clone(), name(branch))).collect();
        let general = BranchId::new(crate::intake::UNKNOWN_BRANCH);
        if !found.iter().any(|(id, _)| *id == general) {
            found.push((general, "综合".to_owned()));
        }
        found
    }

    fn supplement_reasons(&self) -> &[SupplementReason] {
        self.0.supplement_reasons()
    }
}
