//! A person's own cases: asked of the office, told to the visit in the domain's words.
//! Invariant: no answer is invented: silence is `OwnCasesUnavailable`; nothing of the answer is kept here.

use super::Hands;
use domain::ids::ReceiptCode;
use visit::{Ask, EndedCase, Event, Identified, Missing, MissingItem, OwnCase, Person};
use wire::own_cases as sent;

impl Hands {
    pub(super) fn fetch_own_cases(
        &self,
        ask: Ask,
        applicant: Person,
        identified: Identified,
        code: Option<ReceiptCode>,
    ) {
        let identified = super::sealing::identified(identified);
        let request = sent::OwnCasesRequest { id_number: applicant.id_number, identified, code };
        let office = self.office.clone();
        self.answer_later(ask, move || match office.own_cases(&request) {
            Ok(answer) => Event::OwnCases(answer.cases.into_iter().map(own_case).collect()),
            Err(error) => {
                tracing::info!(%error, "own cases cannot be looked up now");
                Event::OwnCasesUnavailable
            }
        });
    }
}

fn own_case(case: sent::OwnCase) -> OwnCase {
    OwnCase {
        submission: case.submission,
        code: case.code,
        service: case.service,
        title: case.title,
        status: case.status,
        received_on: case.received_on,
        due_on: case.due_on,
        ticket: case.ticket,
        supplemented: case.supplemented,
        missing: case
            .missing
            .map(|missing| Missing { by: missing.by, items: missing.items.into_iter().map(item).collect() }),
        next_seq: case.next_seq,
        ended: case.ended.map(|ended| EndedCase { on: ended.on, reason: ended.reason, remedy: ended.remedy }),
    }
}

fn item(item: sent::MissingItem) -> MissingItem {
    MissingItem { key: item.key, title: item.title, words: item.words, before: item.before }
}
