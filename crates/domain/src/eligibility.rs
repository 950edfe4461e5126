//! May this person apply? Yes, no with a reason, or an officer decides.
//! Invariants: a no always carries the rule's id, whose texts say why and where to go; what is unknown at the
//! end goes to an officer, never to a refusal (product rule 12).

use crate::condition::Context;
use crate::service::{EligibilityEffect, Service};

/// The answer to "may this person apply?".
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Eligibility {
    /// Nothing speaks against it.
    Yes,
    /// The rule says no; texts `rule.<id>`, `rule.<id>.where`. A person is offered all the same.
    No {
        /// Id of the rule inside the service.
        rule: String,
    },
    /// An officer decides; the kiosk takes it in and says so.
    Officer {
        /// Id of the rule inside the service.
        rule: String,
    },
    /// A rule that could say no needs something not known yet.
    NotYetKnown {
        /// Id of the first such rule.
        rule: String,
    },
}

/// Looks at the rules in order; the first that holds decides.
///
/// Rules that cannot be answered yet are passed over, but remembered: when nothing else decides, the answer
/// is `NotYetKnown`, which asks on before the form is full and sends to an officer after it.
pub fn assess(service: &Service, context: Context<'_>) -> Eligibility {
    let mut open = None;
    for rule in &service.eligibility {
        match rule.when.holds(context) {
            Some(true) => {
                return match rule.then {
                    EligibilityEffect::Yes => Eligibility::Yes,
                    EligibilityEffect::No => Eligibility::No { rule: rule.id.clone() },
                    EligibilityEffect::Officer => Eligibility::Officer { rule: rule.id.clone() },
                };
            }
            Some(false) => {}
            None => open = open.or(Some(rule.id.clone())),
        }
    }
    match open {
        Some(rule) => Eligibility::NotYetKnown { rule },
        None => Eligibility::Yes,
    }
}
