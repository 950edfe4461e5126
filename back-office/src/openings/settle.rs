//! What counts of an opening now: which fields are asked, how each stands, what is an answer.
//! Invariants: pure; the same rules as at the kiosk; what a condition looks at are answers that count, so an answer of a
//! field that is not asked changes nothing, and comes back when the field is asked again.

use super::Draft;
use super::written::{read, text_of_fact};
use domain::answers::{Answer, Answers};
use domain::form::{self, FieldError};
use domain::ids::FieldId;
use domain::service::{Field, Service, Step};
use jiff::civil::Date;

/// Most rounds until what counts no longer changes; each round but the last changes what is asked.
const ROUNDS: usize = 32;

/// How a field stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is answered.
    Answered(Answer),
    /// Something is written that is no answer.
    Wrong(FieldError),
    /// Nothing is there.
    Empty,
}

/// An opening, worked out.
pub struct Settled<'a> {
    /// What counts.
    pub answers: Answers,
    /// Steps and fields asked now, each with how it stands.
    pub steps: Vec<(&'a Step, Vec<(&'a Field, Standing)>)>,
}

impl Settled<'_> {
    /// Required and not answered, or written and wrong.
    pub fn lacking(&self) -> impl Iterator<Item = (&Field, &Standing)> {
        let fields = self.steps.iter().flat_map(|(_, fields)| fields.iter());
        fields.filter(|(field, standing)| lacks(field, standing)).map(|(field, standing)| (*field, standing))
    }

    /// How a field stands that is asked now.
    pub fn standing(&self, id: &FieldId) -> Option<&Standing> {
        let fields = self.steps.iter().flat_map(|(_, fields)| fields.iter());
        fields.into_iter().find(|(field, _)| field.id == *id).map(|(_, standing)| standing)
    }
}

/// Whether a field stands in the way of submitting.
pub(crate) fn lacks(field: &Field, standing: &Standing) -> bool {
    match standing {
        Standing::Answered(_) => false,
        Standing::Wrong(_) => true,
        Standing::Empty => field.required,
    }
}

/// How a field stands by what is kept and known, were it asked.
fn standing(draft: &Draft, service: &Service, field: &Field, today: Date) -> Standing {
    let known = text_of_fact(draft, field, today).and_then(|text| read(service, field, &text, today).ok().flatten());
    if field.locked
        && let Some(known) = known
    {
        return Standing::Answered(known);
    }
    match draft.standing_answer(service, field, today) {
        Some(Ok(answer)) => return Standing::Answered(answer),
        Some(Err(error)) => return Standing::Wrong(error),
        None => {}
    }
    match draft.entered.get(&field.id).map(|text| text.expose().as_str()) {
        Some("") => Standing::Empty,
        Some(text) => match read(service, field, text, today) {
            // Right by now: another day, or a rule that changed.
            Ok(Some(answer)) => Standing::Answered(answer),
            Ok(None) => Standing::Empty,
            Err(error) => Standing::Wrong(error),
        },
        None => known.map_or(Standing::Empty, Standing::Answered),
    }
}

/// Works an opening out.
pub fn settle<'a>(draft: &Draft, service: &'a Service, today: Date) -> Settled<'a> {
    let mut answers = Answers::default();
    for field in service.fields() {
        if let Standing::Answered(answer) = standing(draft, service, field, today) {
            answers.set(field.id.clone(), answer);
        }
    }
    let all = answers.clone();
    for _ in 0..ROUNDS {
        let asked = form::asked_fields(service, draft.context(&answers, today));
        let mut next = all.clone();
        next.retain(|id| asked.iter().any(|field| field.id == *id));
        if next == answers {
            break;
        }
        answers = next;
    }
    let steps = form::asked_by_step(service, draft.context(&answers, today))
        .into_iter()
        .map(|(step, fields)| {
            let stand = |field: &'a Field| (field, standing(draft, service, field, today));
            (step, fields.into_iter().map(stand).collect())
        })
        .collect();
    Settled { answers, steps }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::{CatalogueFolder, Services as _};
    use crate::openings::write;
    use domain::facts::Value;
    use domain::sensitive::Sensitive;
    use jiff::civil::date;

    const TODAY: Date = date(2026, 11, 22);

    fn catalogue() -> CatalogueFolder {
        CatalogueFolder::read(&std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../services-catalog")).unwrap()
    }

    fn set(draft: &mut Draft, service: &Service, id: &str, text: &str) {
        assert!(write(draft, service, service.field(&id.into()).unwrap(), text, TODAY), "{id}");
    }

    #[test]
    fn an_answer_of_a_field_that_is_not_asked_does_not_count_and_is_not_lost() {
        let catalogue = catalogue();
        let service = catalogue.service(&"birth-registration".into()).unwrap();
        let mut draft = Draft::new(service);
        // A chain: the relation asks for the other parent, who asks for a name and a certificate.
        for (id, text) in [("relation", "mother"), ("other-parent", "named"), ("second-parent-name", "林志强")] {
            set(&mut draft, service, id, text);
        }
        let asked = |draft: &Draft, id: &str| settle(draft, service, TODAY).standing(&id.into()).is_some();
        assert!(asked(&draft, "second-parent-name") && asked(&draft, "marriage-certificate-pages"));
        set(&mut draft, service, "relation", "other");
        assert!(!asked(&draft, "other-parent") && !asked(&draft, "second-parent-name"));
        assert!(!asked(&draft, "marriage-certificate-pages"), "what hangs on a hidden answer is hidden too");
        assert_eq!(settle(&draft, service, TODAY).answers.get(&"second-parent-name".into()), None);
        set(&mut draft, service, "relation", "mother");
        let back = settle(&draft, service, TODAY).answers.get(&"second-parent-name".into()).cloned();
        assert_eq!(back, Some(Answer::Text(Sensitive::new("林志强".to_owned()))));
    }

    #[test]
    fn what_is_known_fills_a_field_until_it_is_emptied_by_hand_and_a_locked_one_always() {
        let catalogue = catalogue();
        let service = catalogue.service(&"passport-minor".into()).unwrap();
        let mut draft = Draft::new(service);
        draft.facts.set("applicant.phone", Value::Text("13800002046".to_owned()));
        draft.facts.set("person.id-number", Value::Text("410402201801019994".to_owned()));
        let standing = |draft: &Draft, id: &str| settle(draft, service, TODAY).standing(&id.into()).cloned();
        let answered = |text: &str| Some(Standing::Answered(Answer::Text(Sensitive::new(text.to_owned()))));
        assert_eq!(standing(&draft, "phone"), answered("13800002046"));
        set(&mut draft, service, "phone", "");
        assert_eq!(standing(&draft, "phone"), Some(Standing::Empty));
        set(&mut draft, service, "child-number", "330304200002299988");
        assert_eq!(standing(&draft, "child-number"), answered("410402201801019994"));
    }
}
