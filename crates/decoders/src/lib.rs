//! What must hold of every decoder of foreign bytes, for any bytes: one function a target, which panics when it does not.
//! The fuzzers of `fuzz/` and the ordinary tests run the same functions; `fuzz/README.md` says which decoder has which target.
//! Invariants: pure and repeatable; expected values are computed here by other means (own SHA-256 calls, own Merkle roots),
//! never by the decoder that is looked at. Not here: fuzzing engines, files.

mod audit;
mod carried;
mod catalogue;
mod certificate;
mod envelope;
mod json;
mod kept;
pub mod mutation;
mod rules;
mod signed;
mod typed;
mod uploads;

/// One target: a name and what must hold.
#[derive(Clone, Copy, Debug)]
pub struct Target {
    /// Name of the fuzz target, its corpus and its regressions.
    pub name: &'static str,
    /// Panics when something does not hold of these bytes.
    pub holds: fn(&[u8]),
}

/// All targets.
pub const TARGETS: &[Target] = &[
    Target { name: "signed", holds: signed::signed },
    Target { name: "signed-body", holds: signed::body },
    Target { name: "manifest", holds: signed::manifest },
    Target { name: "submitted", holds: signed::submitted },
    Target { name: "receipt", holds: signed::receipt },
    Target { name: "key-list", holds: signed::key_list },
    Target { name: "enrolment", holds: json::enrolment },
    Target { name: "answers-of-the-office", holds: json::answers_of_the_office },
    Target { name: "questions-of-kiosks", holds: json::questions_of_kiosks },
    Target { name: "payload", holds: json::payload },
    Target { name: "upload-words", holds: uploads::words },
    Target { name: "ticket", holds: typed::ticket },
    Target { name: "codes", holds: typed::codes },
    Target { name: "envelope", holds: envelope::opens_only_what_was_sealed },
    Target { name: "certificate-code", holds: certificate::code },
    Target { name: "certificate-facts", holds: certificate::facts },
    Target { name: "stick", holds: carried::stick },
    Target { name: "audit-note", holds: audit::note },
    Target { name: "audit-log", holds: audit::log },
    Target { name: "audit-proof", holds: audit::proof },
    Target { name: "draft", holds: kept::draft },
    Target { name: "rules", holds: rules::every_rule },
    Target { name: "catalogue", holds: catalogue::service },
];

/// The target of this name.
pub fn target(name: &str) -> Option<&'static Target> {
    TARGETS.iter().find(|target| target.name == name)
}

/// Runs the target of this name.
///
/// # Panics
/// When something does not hold of these bytes, or no target has this name.
pub fn hold(name: &str, bytes: &[u8]) {
    let target = target(name).unwrap_or_else(|| panic!("no target is called `{name}`"));
    (target.holds)(bytes);
}
