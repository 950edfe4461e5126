//! Checks across a service: ids are spelled and unique, references lead somewhere, conditions look at what exists.

use crate::finding::{nearest, one_of};
use crate::listing::{Branch, Category, PhotoProfile};
use crate::reader::File;
use domain::condition::{Condition, Subject};
use domain::facts::MEASURES;
use domain::service::{Applicant, Capture, Field, FieldKind, Handling, Output, Service};
use std::collections::BTreeSet;

/// The lists services refer to.
pub(crate) struct Lists<'a> {
    pub(crate) categories: &'a [Category],
    pub(crate) branches: &'a [Branch],
    pub(crate) profiles: &'a [PhotoProfile],
}

/// Checks one service; findings go to its file, at the first place where the word stands.
pub(crate) fn service(file: &File<'_>, service: &Service, folder: &str, lists: &Lists<'_>) {
    let at = |word: &str| {
        let start = file.text().find(&format!("\"{word}\"")).unwrap_or(0);
        start..start
    };
    if service.id.as_str() != folder {
        let hint = format!("call the folder and the service the same: id = \"{folder}\"");
        file.find(at(service.id.as_str()), format!("`{}` lies in the folder `{folder}`", service.id), hint);
    }
    let categories: Vec<&str> = lists.categories.iter().map(|category| category.id.as_str()).collect();
    let branches: Vec<&str> = lists.branches.iter().map(|branch| branch.id.as_str()).collect();
    let profiles: Vec<&str> = lists.profiles.iter().map(|profile| profile.id.as_str()).collect();
    let refer = |word: &str, kind: &str, known: &[&str]| {
        if !known.contains(&word) {
            file.find(at(word), format!("no {kind} is called `{word}`"), one_of(word, known));
        }
    };
    refer(service.category.as_str(), "category", &categories);
    refer(service.branch.as_str(), "branch", &branches);

    let ids = service.steps.iter().map(|step| step.id.as_str());
    unique(file, ids, "step");
    unique(file, service.fields().iter().map(|field| field.id.as_str()), "field");
    unique(file, service.materials.iter().map(|material| material.id.as_str()), "material");
    unique(file, service.eligibility.iter().map(|rule| rule.id.as_str()), "rule");

    let materials: Vec<&str> = service.materials.iter().map(|material| material.id.as_str()).collect();
    let mut shown = BTreeSet::new();
    for field in service.fields() {
        if let FieldKind::Photo { profile } = &field.kind {
            refer(profile, "photo profile", &profiles);
        }
        if let FieldKind::Document { material, .. } = &field.kind {
            refer(material.as_str(), "material", &materials);
            shown.insert(material.as_str());
        }
    }
    for material in &service.materials {
        let captured = material.capture == Capture::Camera;
        if captured != shown.contains(material.id.as_str()) {
            let what = match captured {
                true => format!("material `{}` is for the camera, but no document field takes it", material.id),
                false => format!("material `{}` is not for the camera, but a document field takes it", material.id),
            };
            file.find(at(material.id.as_str()), what, "add the field, or change `capture`");
        }
    }
    if service.handling == Handling::Instant && !matches!(service.output, Output::Certificate { .. }) {
        file.find(at("instant"), "an instant service must end in a certificate", "use handling = \"acceptance\"");
    }
    if !service.ward_has_number && service.applicants != [Applicant::Guardian] {
        let hint = "only a guardian can speak for a newborn: applicants = [\"guardian\"]";
        file.find(at("guardian"), "a ward without a number beside other applicants", hint);
    }
    conditions(file, service);
}

fn unique<'a>(file: &File<'_>, ids: impl Iterator<Item = &'a str>, kind: &str) {
    let mut seen = BTreeSet::new();
    for id in ids {
        let mut places = file.text().match_indices(&format!("\"{id}\"")).map(|(at, _)| at).collect::<Vec<_>>();
        let spelled = id.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-') && !id.is_empty();
        if !spelled {
            let at = places.first().copied().unwrap_or(0);
            file.find(at..at, format!("`{id}` is no id"), "use small letters, digits and hyphens");
        }
        if !seen.insert(id) {
            let at = places.pop().unwrap_or(0);
            file.find(at..at, format!("two {kind}s are called `{id}`"), "give one another name");
        }
    }
}

fn conditions(file: &File<'_>, service: &Service) {
    let mut whens: Vec<&Condition> = service.eligibility.iter().map(|rule| &rule.when).collect();
    whens.extend(service.materials.iter().filter_map(|material| material.when.as_ref()));
    whens.extend(service.steps.iter().filter_map(|step| step.when.as_ref()));
    whens.extend(service.fields().into_iter().filter_map(|field| field.when.as_ref()));
    for subject in whens.into_iter().flat_map(subjects) {
        let Some((id, measure)) = subject.answered() else { continue };
        let start = file.text().find(&format!("answer.{id}")).unwrap_or(0);
        let Some(field) = service.field(&id) else {
            let fields = service.fields();
            let near = nearest(id.as_str(), fields.iter().map(|field: &&Field| field.id.as_str()));
            let hint = near.map_or("ask it first, in a field".to_owned(), |near| format!("did you mean `{near}`?"));
            file.find(start..start, format!("a condition looks at `answer.{id}`, which no field asks"), hint);
            continue;
        };
        let Some(measure) = measure else { continue };
        let start = file.text().find(&format!("answer.{id}.{measure}")).unwrap_or(0);
        if !MEASURES.contains(&measure) {
            file.find(start..start, format!("`{measure}` is no measure of a day"), one_of(measure, &MEASURES));
        } else if !matches!(field.kind, FieldKind::Date { .. }) {
            let what = format!("`answer.{id}.{measure}` measures a day, but `{id}` asks for none");
            file.find(start..start, what, "make it a `date`, or compare the answer itself");
        }
    }
}

fn subjects(condition: &Condition) -> Vec<&Subject> {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().flat_map(subjects).collect(),
        Condition::Not(part) => subjects(part),
        Condition::Compare { subject, .. } => vec![subject],
    }
}
