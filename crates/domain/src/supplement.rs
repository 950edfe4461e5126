//! What an officer's "this is missing" (补正) means for a form: which pages a person opens again, and what only the
//! counter can take.
//! Invariant: a key that a service does not know is never dropped: it becomes the counter's.
//! Not here: who returns a case and by when (`case`), asking the pages (`visit`).

use crate::ids::{FieldId, MaterialId};
use crate::service::{Capture, Field, FieldKind, Service};

/// Where one missing item is brought.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// At any kiosk: the page to open and the fields to ask on it.
    Page {
        /// The field, or the group.
        page: FieldId,
        /// The fields: one, or all of the group.
        fields: Vec<FieldId>,
    },
    /// At the counter only.
    Counter {
        /// The material, when the key named one.
        material: Option<MaterialId>,
    },
}

/// Reads an item's key: the id of a field, of a group, or of a material (`field:` or `material:` before it say which
/// when both exist).
pub fn target(service: &Service, key: &str) -> Target {
    let (kind, id) = key.split_once(':').map_or(("", key), |(kind, id)| (kind, id));
    let as_field = || field_target(service, id);
    let as_material = || material_target(service, id);
    let found = match kind {
        "field" => as_field(),
        "material" => as_material(),
        _ => as_field().or_else(as_material),
    };
    found.unwrap_or(Target::Counter { material: None })
}

fn pages(service: &Service) -> impl Iterator<Item = &Field> {
    service.steps.iter().flat_map(|step| &step.fields)
}

fn inner(page: &Field) -> &[Field] {
    if let FieldKind::Group { fields } = &page.kind { fields } else { &[] }
}

fn field_target(service: &Service, id: &str) -> Option<Target> {
    pages(service).find_map(|page| {
        let fields = if page.id.as_str() == id {
            match inner(page) {
                [] => vec![page.id.clone()],
                fields => fields.iter().map(|field| field.id.clone()).collect(),
            }
        } else {
            vec![inner(page).iter().find(|field| field.id.as_str() == id)?.id.clone()]
        };
        Some(Target::Page { page: page.id.clone(), fields })
    })
}

fn material_target(service: &Service, id: &str) -> Option<Target> {
    let material = service.materials.iter().find(|material| material.id.as_str() == id)?;
    let shown = |field: &Field| matches!(&field.kind, FieldKind::Document { material, .. } if material.as_str() == id);
    let page = pages(service).find(|page| shown(page));
    Some(match (material.capture, page) {
        (Capture::Camera, Some(page)) => Target::Page { page: page.id.clone(), fields: vec![page.id.clone()] },
        (Capture::Camera | Capture::Counter | Capture::Card | Capture::Network, _) => {
            Target::Counter { material: Some(material.id.clone()) }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::service::{Applicant, Assurance, Handling, Material, Output, ProxyRule, Step};

    fn field(id: &str, kind: FieldKind) -> Field {
        Field { id: id.into(), kind, required: true, when: None, prefill: None, locked: false }
    }

    fn material(id: &str, capture: Capture) -> Material {
        Material { id: id.into(), when: None, deferrable: false, defer_days: None, capture }
    }

    fn service() -> Service {
        let group = vec![field("when", FieldKind::PersonName), field("where", FieldKind::PersonName)];
        let fields = vec![
            field("loss", FieldKind::Group { fields: group }),
            field("book-pages", FieldKind::Document { material: "book".into(), max_pages: 2 }),
        ];
        Service {
            id: "lost".into(),
            version: 1,
            category: "id-card".into(),
            branch: "household".into(),
            icon: String::new(),
            common: None,
            handling: Handling::Acceptance,
            assurance: Assurance::Face,
            applicants: vec![Applicant::Own],
            proxy: ProxyRule::No,
            ward_has_number: true,
            eligibility: Vec::new(),
            materials: vec![material("book", Capture::Camera), material("fingerprint", Capture::Counter)],
            fee: None,
            statutory_limit: None,
            promised_limit: None,
            second_person: Vec::new(),
            copy_order: Vec::new(),
            output: Output::Collection { credential: String::new() },
            priority: 5,
            law: Vec::new(),
            minutes: 5,
            steps: vec![Step { id: "all".into(), when: None, fields }],
        }
    }

    #[test]
    fn each_key_leads_to_its_page_or_to_the_counter() {
        let service = service();
        let page = |page: &str, fields: &[&str]| Target::Page {
            page: page.into(),
            fields: fields.iter().map(|field| (*field).into()).collect(),
        };
        assert_eq!(target(&service, "book"), page("book-pages", &["book-pages"]));
        assert_eq!(target(&service, "material:book"), page("book-pages", &["book-pages"]));
        assert_eq!(target(&service, "book-pages"), page("book-pages", &["book-pages"]));
        assert_eq!(target(&service, "where"), page("loss", &["where"]));
        assert_eq!(target(&service, "loss"), page("loss", &["when", "where"]));
        assert_eq!(target(&service, "fingerprint"), Target::Counter { material: Some("fingerprint".into()) });
        for unknown in ["nothing", "field:book", "material:where", ""] {
            assert_eq!(target(&service, unknown), Target::Counter { material: None }, "{unknown}");
        }
    }
}
