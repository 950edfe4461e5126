//! Shapes of the counter's services as JSON Schema: tickets, collection, certificates, kiosks, reports. See `schemas`.

use super::schemas::{day, flag, list, maybe, moment, number, object, one_of, reference, text, uuid};
use serde_json::{Value, json};

fn decimal() -> Value {
    json!({ "type": "number" })
}

pub(super) fn counter() -> Value {
    let volume = object(&[
        ("item", text()),
        ("count", number()),
        ("base", number()),
        ("delta", number()),
        ("percent", maybe(decimal())),
    ]);
    json!({
        "Window": object(&[("window?", maybe(text()))]),
        "Ticket": object(&[
            ("number", text()), ("case_id", uuid()), ("title", text()), ("branch", text()), ("branch_name", text()),
            ("state", one_of(&["waiting", "called", "served", "no-show"])), ("drawn_at", moment()),
            ("called_at", maybe(moment())), ("calls", number()), ("window", maybe(text())),
            ("waited_minutes", number()),
        ]),
        "Tickets": object(&[
            ("now_serving", list(reference("Ticket"))), ("waiting", list(reference("Ticket"))),
            ("done", list(reference("Ticket"))), ("hours", object(&[("open", flag()), ("words", text())])),
        ]),
        "NewKiosk": object(&[("id", text()), ("number", number()), ("office_url?", maybe(text()))]),
        "KioskCodeAsked": object(&[("although?", maybe(text())), ("office_url?", maybe(text()))]),
        "KioskCode": object(&[("kiosk", text()), ("code", text()), ("ticket", text()), ("until", moment())]),
        "Kiosk": object(&[
            ("id", text()), ("number", number()), ("station", text()),
            ("state", one_of(&["expected", "enrolled", "suspended"])), ("reason", maybe(text())),
            ("protection", maybe(one_of(&["tpm2", "host", "software"]))),
            ("certificate_until", maybe(moment())), ("code_until", maybe(moment())), ("waiting", maybe(number())),
            ("waiting_at", maybe(moment())), ("outbox", maybe(reference("KioskOutbox"))),
        ]),
        "KioskOutbox": object(&[
            ("bytes", number()), ("limit", number()), ("percent", number()), ("oldest", maybe(moment())), ("nearly_full", flag()),
        ]),
        "Kiosks": object(&[("kiosks", list(reference("Kiosk")))]),
        "Issue": object(&[("claim_epoch", number()), ("ministry_number?", maybe(text()))]),
        "CollectionKind": one_of(&["credential", "certificate"]),
        "Collection": object(&[
            ("id", uuid()), ("case_id", uuid()), ("code", maybe(text())), ("title", text()),
            ("kind", reference("CollectionKind")), ("state", one_of(&["ready", "collected", "posted"])),
            ("number", maybe(text())), ("tracking", maybe(text())), ("ready_at", moment()),
            ("done_at", maybe(moment())), ("last_four", maybe(text())), ("prints", number()),
        ]),
        "ToIssue": object(&[
            ("case_id", uuid()), ("claim_epoch", number()), ("code", maybe(text())), ("title", text()),
            ("kind", maybe(reference("CollectionKind"))), ("last_four", maybe(text())), ("approved_at", moment()),
        ]),
        "Desk": object(&[("rows", list(reference("Collection"))), ("to_issue", list(reference("ToIssue")))]),
        "CopyAid": object(&[("fields", list(object(&[("label", text()), ("value", text())])))]),
        "Collected": object(&[
            ("identity_checked", flag()), ("by", one_of(&["own", "proxy"])), ("proxy_note?", maybe(text())),
        ]),
        "Posted": object(&[("tracking", text())]),
        "Reason": object(&[("reason", text())]),
        "Retention": object(&[("held", flag())]),
        "Revoked": object(&[("number", text()), ("revoked_at", moment())]),
        "Board": object(&[
            ("waiting", number()), ("longest_wait_minutes", number()), ("open", number()), ("overdue", number()),
            ("by_branch", list(object(&[
                ("branch", text()), ("branch_name", text()), ("waiting", number()), ("open", number()),
                ("overdue", number()), ("decided_today", number()),
            ]))),
            ("by_officer", list(object(&[
                ("officer", text()), ("officer_name", text()), ("holding", number()), ("decided_today", number()),
            ]))),
            ("now", moment()),
        ]),
        "Volume": volume,
        "Volumes": object(&[
            ("rows", list(reference("Volume"))), ("total", reference("Volume")), ("rounding_words", text()),
            ("from", day()), ("until", day()), ("base_from", day()), ("base_until", day()),
        ]),
        "Rating": object(&[
            ("item", text()), ("count", number()), ("average", decimal()), ("stars", list(number())),
        ]),
        "RatingReport": object(&[
            ("rows", list(reference("Rating"))), ("total", maybe(reference("Rating"))), ("from", day()),
            ("until", day()),
        ]),
    })
}
