//! Who applies, and for whom: what a new number, name or matter takes away of what stood there for somebody else.
//! Invariants: what the officer has seen, and pictures of a person, hold for one number only; what was signed, declared or
//! photographed for one person never stands for another.
//! Not here: what is known of the person (`lookup`).

use super::{Draft, person};
use domain::ids::FieldId;
use domain::sensitive::Sensitive;
use domain::service::{Applicant, FieldKind, Service};
use jiff::civil::Date;

impl Draft {
    /// Writes the number of the one who applies.
    pub fn set_number(&mut self, service: &Service, text: &str, today: Date) {
        let number = as_number(text, today);
        if number == self.number {
            return;
        }
        let somebody_was = Self::resident_number(self.number.expose(), today).is_some();
        self.number = number;
        self.person_seen = false;
        self.to_ask = true;
        self.pictures.clear();
        if let Some(visit) = &mut self.visit {
            visit.identified = None;
        }
        if somebody_was {
            self.forget(service, |kind| {
                matches!(kind, FieldKind::Signature | FieldKind::Declaration | FieldKind::Photo { .. })
            });
        }
        self.drop_unnamed();
        self.written_here(person::NUMBER);
    }

    /// Writes the number of the child, ward or principal.
    pub fn set_subject(&mut self, service: &Service, text: &str, today: Date) {
        let number = as_number(text, today);
        if number == self.subject {
            return;
        }
        let somebody_was = Self::resident_number(self.subject.expose(), today).is_some();
        self.subject = number;
        self.to_ask = true;
        if somebody_was && self.matter == Applicant::Guardian {
            self.forget(service, |kind| matches!(kind, FieldKind::Photo { .. }));
        }
        self.drop_unnamed();
        self.written_here(person::SUBJECT);
    }

    /// Writes the name of the one who applies.
    pub fn set_name(&mut self, name: String) {
        if *self.name.expose() != name {
            self.name = Sensitive::new(name);
            self.written_here(person::NAME);
        }
    }

    /// Writes whose matter it is.
    pub fn set_matter(&mut self, matter: Applicant) {
        if self.matter != matter {
            self.matter = matter;
            self.to_ask = true;
            self.written_here(person::MATTER);
        }
    }

    fn written_here(&mut self, field: &str) {
        self.from_visit.remove(&FieldId::new(field));
    }

    /// Takes the answers of these kinds of fields away, and that their originals were seen.
    fn forget(&mut self, service: &Service, of: impl Fn(&FieldKind) -> bool) {
        for field in service.fields().into_iter().filter(|field| of(&field.kind)) {
            self.answers.remove(&field.id);
            self.entered.remove(&field.id);
            self.from_visit.remove(&field.id);
            if let Some(paper) = field.paper() {
                self.seen.remove(&paper);
            }
        }
    }

    /// A file that nothing names any more cannot be looked at either; it is erased with the end of the opening.
    fn drop_unnamed(&mut self) {
        let named = self.answers.iter().flat_map(|(_, answer)| answer.attachments());
        let named: Vec<_> = named.chain(self.pictures.values().cloned()).collect();
        self.attachments.retain(|id, _| named.contains(id));
    }
}

/// As the rule writes it where it is a number, else as written.
fn as_number(text: &str, today: Date) -> Sensitive<String> {
    Sensitive::new(Draft::resident_number(text, today).unwrap_or_else(|| text.to_owned()))
}
