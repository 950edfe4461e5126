//! From the visit's slip to the paper: words of the service and of the machine, masked person, status ladder.
//! Invariants: the slip says only what is so at this moment (已送达 only with the office's signed receipt); nothing personal
//! stands on it unmasked. Not here: drawing (`documents::slip`), printing.

use crate::config::Folder;
use crate::screens::{Speech, Words, hours_words, place_words};
use documents::BureauClass;
use documents::fonts::FontSet;
use documents::slip::{LadderStep, MissingMaterial, SlipError, SlipFacts, SlipLabels, SlipLayout, StepState, receipt};
use domain::mask;
use domain::sensitive::Sensitive;
use domain::service::Service;
use services_catalog::Catalogue;
use std::sync::Arc;
use visit::{Open, Slip};

/// Why there is no slip.
#[derive(Debug, thiserror::Error)]
pub enum SlipFailure {
    /// The service is not in the catalogue any more.
    #[error("the service is not in the catalogue")]
    UnknownService,
    /// Chrome words are broken.
    #[error(transparent)]
    Words(#[from] ui::lang::LoadError),
    /// The paper could not be made.
    #[error(transparent)]
    Paper(#[from] SlipError),
}

/// The slip as PDF.
///
/// # Errors
/// See [`SlipFailure`].
pub fn pdf(slip: &Slip, catalogue: &Arc<Catalogue>, folder: &Folder, fonts: &FontSet) -> Result<Vec<u8>, SlipFailure> {
    let service = catalogue.service(&slip.service).ok_or(SlipFailure::UnknownService)?;
    let words = Words::load(Arc::clone(catalogue))?.with_link_base(link_base(&folder.bureau.verify_url));
    let say = words.speak(&slip.language);
    let mut labels = if slip.language == "en" { SlipLabels::english() } else { SlipLabels::chinese() };
    if slip.unfinished {
        labels.title = say.text("slip.hand-over-title");
        labels.scan = say.text("slip.hand-over-scan");
    }
    let facts = facts(slip, service, say, folder);
    Ok(receipt(&facts, &labels, &SlipLayout::default(), fonts)?)
}

/// The public door's base: the verify address without its last part.
pub fn link_base(verify_url: &str) -> &str {
    verify_url.strip_suffix("/v").unwrap_or(verify_url)
}

fn facts(slip: &Slip, service: &Service, say: Speech<'_>, folder: &Folder) -> SlipFacts {
    let bureau = &folder.bureau;
    let (name, number) = match &slip.applicant {
        Some(person) => (masked_name(person.name.expose()), mask::id_number(person.id_number.expose())),
        None => ("*".to_owned(), "*".to_owned()),
    };
    let fee = match &service.fee {
        Some(fee) => say.fee("slip.fee", "slip.fee-range", fee),
        None => say.text("service.fee-free"),
    };
    let mut next = first(slip, say);
    if let Some(ticket) = &slip.ticket {
        let mut lines = vec![say.fill("slip.ticket", &[("ticket", &ticket.number)]), place_words(say, ticket)];
        lines.extend(hours_words(say, ticket));
        next.splice(0..0, lines);
    }
    // Half done, the counter goes through the whole form anyway.
    let bring = if slip.unfinished { &[] } else { slip.bring.as_slice() };
    let brought = bring.iter().map(|id| say.service(&slip.service, &format!("material.{id}")));
    next.extend(brought.map(|what| say.fill("slip.bring", &[("what", &what)])));
    SlipFacts {
        station: bureau.station_name.clone(),
        machine: say.fill("frame.machine", &[("n", &folder.kiosk.number.to_string())]),
        errand: errand(slip, say),
        code: slip.code.as_str().to_owned(),
        // Half done there is nothing to look up: the code itself is what the counter scans.
        link: if slip.unfinished { slip.code.as_str().to_owned() } else { say.words().link(slip.code.as_str()) },
        person_masked: Sensitive::new(name),
        number_masked: Sensitive::new(number),
        received_at: say.words().local(slip.received),
        ladder: ladder(slip, say),
        missing: missing(slip, say),
        missing_how: say.text("receipt.missing-line"),
        next,
        contact: bureau.phone.clone(),
        complaint: say.text("slip.complaint"),
        fee,
        class: match bureau.class {
            wire::bureau::BureauClass::Demo => BureauClass::Demonstration,
            wire::bureau::BureauClass::Production => BureauClass::Production,
        },
    }
}

fn errand(slip: &Slip, say: Speech<'_>) -> String {
    let name = say.name(&slip.service);
    match (slip.supplement, slip.unfinished) {
        (true, _) => say.fill("slip.supplement", &[("errand", &name)]),
        (false, true) => say.fill("slip.hand-over", &[("errand", &name)]),
        (false, false) => name,
    }
}

/// What the person does next, before anything about numbers and papers.
fn first(slip: &Slip, say: Speech<'_>) -> Vec<String> {
    if slip.unfinished {
        return vec![say.text("slip.hand-over-next"), say.text("slip.hand-over-until")];
    }
    vec![if slip.supplement { say.text("slip.supplement-next") } else { say.service(&slip.service, "next") }]
}

/// A masked name always holds a `*`, also for a name of one character or one nobody knows yet.
fn masked_name(name: &str) -> String {
    let masked = mask::name(name).replace('＊', "*");
    if masked.contains('*') { masked } else { "*".to_owned() }
}

fn ladder(slip: &Slip, say: Speech<'_>) -> Vec<LadderStep> {
    let step = |word: &str, detail: &str, state| LadderStep { word: say.text(word), detail: say.text(detail), state };
    let (received, delivered) =
        if slip.delivered { (StepState::Done, StepState::Now) } else { (StepState::Now, StepState::Later) };
    vec![
        step(if slip.supplement { "status.supplement-received" } else { "status.received" }, "slip.received", received),
        step("status.delivered", if slip.delivered { "slip.delivered" } else { "slip.not-delivered" }, delivered),
        if slip.supplement {
            step("status.going-on", "status.going-on-line", StepState::Later)
        } else if slip.unfinished {
            step("status.at-counter", "status.at-counter-line", StepState::Later)
        } else {
            step("status.accepted-or-supplement", "status.accepted-or-supplement-line", StepState::Later)
        },
    ]
}

fn missing(slip: &Slip, say: Speech<'_>) -> Vec<MissingMaterial> {
    let later = |open: &Open| {
        let Open::Later { material, working_days } = open else { return None };
        let by = working_days.map(|days| say.fill("slip.within", &[("n", &days.to_string())])).unwrap_or_default();
        Some(MissingMaterial { what: say.service(&slip.service, &format!("material.{material}")), by })
    };
    let open = if slip.unfinished { &[] } else { slip.open.as_slice() };
    open.iter().filter_map(later).collect()
}
