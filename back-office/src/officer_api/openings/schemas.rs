//! Shapes of openings as JSON Schema. See `officer_api::schemas`.

use crate::officer_api::schemas::{flag, list, maybe, moment, number, object, one_of, reference, text, uuid};
use serde_json::{Value, json};

pub(in crate::officer_api) fn opening_schemas() -> Value {
    let from = || one_of(&["kiosk", "counter"]);
    json!({
        "Services": object(&[("services", list(object(&[
            ("id", text()), ("title", text()), ("branch", text()), ("branch_name", text()), ("category_name", text()),
            ("about", text()),
        ])))]),
        "BeginOpening": object(&[("service", text())]),
        "ScannedCode": object(&[("code", text())]),
        "OpeningAnswers": object(&[
            ("version", number()),
            ("answers", json!({ "type": "object", "additionalProperties": maybe(text()) })),
        ]),
        "OpeningPaperState": object(&[("version", number()), ("state", one_of(&["shown", "later", "none"]))]),
        "OpeningVersion": object(&[("version", number())]),
        "OpeningRow": object(&[
            ("id", uuid()), ("code", text()), ("service", text()), ("title", text()), ("from", from()),
            ("begun_at", moment()), ("applicant", maybe(text())), ("last_step", maybe(text())),
        ]),
        "Openings": object(&[("openings", list(reference("OpeningRow")))]),
        "OpeningField": object(&[
            ("id", text()), ("label", text()), ("help", maybe(text())),
            ("kind", one_of(&["text", "person-name", "id-number", "phone", "date", "choice", "address", "declaration",
                "signature"])),
            ("choices", json!({ "oneOf": [
                list(object(&[("value", text()), ("label", text())])), { "type": "null" },
            ] })),
            ("multiple", flag()), ("value", maybe(text())), ("required", flag()), ("locked", flag()),
            ("error", maybe(text())), ("from_visit", flag()),
        ]),
        "OpeningPaper": object(&[
            ("key", text()), ("title", text()), ("state", one_of(&["missing", "scanned", "shown", "later"])),
            ("may_be_later", flag()), ("may_be_scanned", flag()), ("seen", flag()), ("pages", number()),
            ("pages_list", list(reference("Page"))), ("help", maybe(text())),
        ]),
        "Opening": object(&[
            ("id", uuid()), ("code", text()), ("from", from()), ("from_words", text()), ("begun_at", moment()),
            ("version", number()),
            ("service", object(&[
                ("id", text()), ("title", text()), ("branch", text()), ("branch_name", text()),
                ("fee_words", maybe(text())), ("statutory_words", maybe(text())),
            ])),
            ("verdict", maybe(object(&[("kind", one_of(&["yes", "no", "officer"])), ("words", text())]))),
            ("steps", list(object(&[
                ("id", text()), ("title", text()), ("done", flag()), ("fields", list(reference("OpeningField"))),
            ]))),
            ("papers", list(reference("OpeningPaper"))),
            ("card_photo", maybe(reference("Page"))), ("live_photo", maybe(reference("Page"))), ("missing", list(text())), ("may_submit", flag()),
        ]),
    })
}
