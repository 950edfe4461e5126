//! Shapes of the officers' API as JSON Schema, for the description and the types generated from it.
//! Invariant: objects refuse other members; a test compares what is really sent with what is written here.

use serde_json::{Map, Value, json};

pub(super) fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// An object that refuses other members; a `?` after a name makes it optional.
pub(super) fn object(members: &[(&str, Value)]) -> Value {
    let required: Vec<&str> = members.iter().map(|(name, _)| *name).filter(|name| !name.ends_with('?')).collect();
    let properties: Map<String, Value> =
        members.iter().map(|(name, schema)| (name.trim_end_matches('?').to_owned(), schema.clone())).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

pub(super) fn text() -> Value {
    json!({ "type": "string" })
}

pub(super) fn number() -> Value {
    json!({ "type": "integer" })
}

pub(super) fn flag() -> Value {
    json!({ "type": "boolean" })
}

pub(super) fn list(of: Value) -> Value {
    json!({ "type": "array", "items": of })
}

pub(super) fn moment() -> Value {
    json!({ "type": "string", "format": "date-time" })
}

pub(super) fn day() -> Value {
    json!({ "type": "string", "format": "date" })
}

pub(super) fn uuid() -> Value {
    json!({ "type": "string", "format": "uuid" })
}

pub(super) fn one_of(words: &[&str]) -> Value {
    json!({ "type": "string", "enum": words })
}

/// The same, or null.
pub(super) fn maybe(of: Value) -> Value {
    match of.get("type") {
        Some(Value::String(kind)) if of.get("enum").is_none() => {
            let mut nullable = of.clone();
            nullable["type"] = json!([kind, "null"]);
            nullable
        }
        Some(_) | None => json!({ "oneOf": [of, { "type": "null" }] }),
    }
}

const DECISIONS: [&str; 6] = ["accept", "refuse-to-accept", "return-for-supplement", "approve", "reject", "transfer"];

fn decision(name: &str, members: &[(&str, Value)]) -> Value {
    let mut all = vec![("decision", json!({ "type": "string", "const": name }))];
    all.extend(members.iter().cloned());
    object(&all)
}

/// All of them by name.
pub(super) fn schemas() -> Value {
    let mut all = Map::new();
    for part in [
        people(),
        rows(),
        detail(),
        acts(),
        super::counter_schemas::counter(),
        super::openings::opening_schemas(),
        super::account_schemas::account(),
    ] {
        if let Value::Object(members) = part {
            all.extend(members);
        }
    }
    Value::Object(all)
}

fn people() -> Value {
    json!({
        "Role": one_of(&["officer", "reviewer", "supervisor", "auditor", "administrator"]),
        "Action": one_of(&["view", "claim", "decide", "review", "assign", "issue", "collect", "intake", "tickets",
            "report", "open-closed", "audit", "revoke", "retain", "provision"]),
        "Branch": object(&[("id", text()), ("name", text())]),
        "Me": object(&[
            ("id", text()), ("name", text()), ("badge", text()), ("station", text()), ("station_name", text()),
            ("window", maybe(text())), ("roles", list(reference("Role"))), ("branches", list(reference("Branch"))),
            ("actions", list(reference("Action"))), ("must_change_password", flag()),
            ("must_set_second_factor", flag()), ("by", maybe(reference("Way"))),
            ("bureau", object(&[("name", text()), ("phone", text()), ("demo", flag()), ("wall", text())])),
            ("lease_seconds", number()), ("idle_seconds", number()), ("now", moment()),
        ]),
        "SignIn": object(&[("officer", text()), ("password", text()), ("code?", text())]),
        "NewPassword": object(&[("old", text()), ("new", text()), ("code?", text())]),
        "Colleagues": object(&[
            ("officers", list(object(&[("id", text()), ("name", text()), ("badge", text())]))),
        ]),
        "AuditCheck": object(&[
            ("ok", flag()), ("leaves", number()), ("root", text()), ("broken_at", maybe(number())), ("why", maybe(text())),
        ]),
        "AuditLeaves": object(&[
            ("leaves", list(object(&[("seq", number()), ("leaf", text()), ("hash", maybe(text()))]))),
            ("size", number()),
        ]),
        "AuditCheckpoints": object(&[
            ("checkpoints", list(object(&[("size", number()), ("at", moment()), ("note", text())]))),
        ]),
        "Signed": object(&[("body", text()), ("key", text()), ("signature", text())]),
        "Inclusion": object(&[
            ("leaf", text()), ("index", number()), ("size", number()), ("hashes", list(text())), ("checkpoint", text()),
        ]),
        "AuditProof": object(&[
            ("receipt", reference("Signed")),
            ("proof", maybe(reference("Inclusion"))),
            ("erased", maybe(reference("Inclusion"))),
        ]),
        "AuditConsistency": object(&[("hashes", list(text()))]),
        "Problem": {
            "type": "object",
            "properties": {
                "type": text(), "title": text(), "status": number(), "detail": text(),
                "retry": one_of(&["same", "later", "never"]),
                "holder": text(), "holder_name": text(), "wait_seconds": number(), "version": number(),
                "why": list(text()), "case": uuid(),
                "ended": one_of(&["displaced", "by-you", "locked", "credential-changed"]),
            },
            "required": ["type", "title", "status", "retry"],
        },
    })
}

fn rows() -> Value {
    json!({
        "Status": one_of(&["delivered", "accepted", "refused", "supplement", "approved", "rejected"]),
        "DecisionKind": one_of(&DECISIONS),
        "Deadline": object(&[
            ("group", one_of(&["overdue", "today", "soon", "later", "paused", "none", "ended"])),
            ("words", text()), ("on", maybe(day())),
        ]),
        "Tag": object(&[("kind", one_of(&["info", "warn", "bad", "violet"])), ("words", text())]),
        "Second": object(&[
            ("decision", reference("DecisionKind")), ("officer", text()), ("officer_name", text()), ("at", moment()),
        ]),
        "Case": object(&[
            ("id", uuid()), ("submission", uuid()), ("service", text()), ("title", text()), ("branch", text()),
            ("branch_name", text()), ("station", text()), ("station_name", text()), ("status", reference("Status")),
            ("word", text()), ("priority", number()), ("received_at", moment()), ("due_on", maybe(day())),
            ("overdue", flag()), ("deadline", reference("Deadline")), ("promised_on", maybe(day())),
            ("statutory_on", maybe(day())), ("supplement_by", maybe(day())), ("code", maybe(text())),
            ("last_four", maybe(text())), ("applicant", maybe(text())), ("ticket", maybe(text())),
            ("open", list(text())), ("tags", list(reference("Tag"))), ("holder", maybe(text())),
            ("holder_name", maybe(text())), ("lease_until", maybe(moment())), ("claim_epoch", number()),
            ("version", number()), ("second", maybe(reference("Second"))), ("erased", flag()),
        ]),
        "Queue": object(&[
            ("cases", list(reference("Case"))),
            ("counts", object(&[
                ("all", number()), ("mine", number()), ("free", number()), ("overdue", number()), ("today", number()),
            ])),
            ("version", number()),
        ]),
    })
}

fn detail() -> Value {
    let done = || object(&[("officer_name", maybe(text())), ("at", maybe(moment()))]);
    let checked = || object(&[("officer_name", text()), ("at", moment())]);
    json!({
        "Page": object(&[("attachment", text()), ("media_type", text()), ("size", number())]),
        "ServiceInfo": object(&[
            ("id", text()), ("title", text()), ("branch", reference("Branch")),
            ("handling", one_of(&["instant", "acceptance"])), ("fee_yuan", maybe(number())), ("law", list(text())),
            ("output_words", text()), ("statutory_words", maybe(text())),
            ("two_person", list(reference("DecisionKind"))),
        ]),
        "Applicant": object(&[
            ("name", text()), ("number_masked", text()), ("phone_masked", maybe(text())),
            ("matter", one_of(&["own", "guardian", "proxy"])), ("matter_word", text()),
            ("subject_masked", maybe(text())), ("subject_name", maybe(text())),
        ]),
        "Person": object(&[
            ("identified_word", text()), ("remark", text()), ("must_confirm", flag()),
            ("card_photo", maybe(reference("Page"))), ("live_photo", maybe(reference("Page"))),
            ("confirmed", maybe(object(&[
                ("finding", one_of(&["same", "not-same", "in-person"])), ("officer_name", text()), ("at", moment()),
            ]))),
        ]),
        "Paper": object(&[
            ("key", text()), ("title", text()), ("level", one_of(&["A", "B", "C", "D"])), ("level_word", text()),
            ("state", one_of(&["present", "later", "missing", "counter", "network"])), ("due", maybe(day())),
            ("pages", list(reference("Page"))), ("checked", maybe(checked())),
        ]),
        "FormField": object(&[
            ("id", text()), ("label", text()), ("value", text()), ("source", one_of(&["registry", "person", "card"])),
            ("source_word", text()), ("error", maybe(text())), ("paper", maybe(text())),
        ]),
        "FormStep": object(&[("step", text()), ("title", text()), ("fields", list(reference("FormField")))]),
        "Check": object(&[
            ("id", text()), ("label", text()), ("by", one_of(&["machine", "officer"])), ("done", maybe(done())),
        ]),
        "DecisionRow": object(&[
            ("decision", reference("DecisionKind")), ("label", text()), ("allowed", flag()), ("why_not", list(text())),
        ]),
        "HistoryLine": object(&[("at", moment()), ("words", text()), ("officer_name", maybe(text()))]),
        "Earlier": object(&[
            ("at", moment()),
            ("answers", list(object(&[
                ("id", text()), ("label", text()), ("value", text()), ("pages", list(reference("Page"))),
            ]))),
        ]),
        "CaseDetail": object(&[
            ("case", reference("Case")), ("service", reference("ServiceInfo")), ("applicant", reference("Applicant")),
            ("person", reference("Person")), ("papers", list(reference("Paper"))),
            ("form", list(reference("FormStep"))), ("checks", list(reference("Check"))),
            ("decisions", list(reference("DecisionRow"))), ("branches", list(reference("Branch"))),
            ("history", list(reference("HistoryLine"))), ("earlier", list(reference("Earlier"))),
            ("unreadable", maybe(text())),
        ]),
        "FullNumber": object(&[("number", text())]),
        "SupplementReasons": object(&[
            ("items", list(object(&[
                ("key", text()), ("title", text()),
                ("reasons", list(object(&[
                    ("code", text()), ("label", text()), ("words", text()), ("pinyin", text()),
                ]))),
            ]))),
            ("default_by", day()), ("phone", text()),
        ]),
        "Preview": object(&[
            ("title", text()), ("lead", text()),
            ("items", list(object(&[("heading", text()), ("text", text())]))), ("closing", list(text())),
            ("signature", text()),
            ("findings", list(object(&[("level", one_of(&["ok", "warn", "bad"])), ("text", text())]))),
        ]),
    })
}

fn acts() -> Value {
    let item = object(&[("key", text()), ("code?", maybe(text())), ("words", text())]);
    json!({
        "Empty": object(&[]),
        "ClaimNext": object(&[("branches?", list(text()))]),
        "Held": object(&[("claim_epoch", number())]),
        "Assign": object(&[("officer", text())]),
        "PaperChecked": object(&[("claim_epoch", number()), ("checked", flag())]),
        "CheckDone": object(&[("claim_epoch", number()), ("done", flag())]),
        "PersonFound": object(&[
            ("claim_epoch", number()), ("finding", one_of(&["same", "not-same", "in-person"])),
        ]),
        "PreviewAsked": object(&[("decision", reference("Decision"))]),
        "Decide": object(&[
            ("claim_epoch", number()), ("version", number()), ("decision", reference("Decision")),
            ("note?", maybe(text())),
        ]),
        "Decision": { "oneOf": [
            decision("accept", &[]),
            decision("refuse-to-accept", &[("reason", text()), ("remedy", text())]),
            decision("return-for-supplement", &[("items", list(item)), ("by", day())]),
            decision("approve", &[]),
            decision("reject", &[("ground", text()), ("reason", text()), ("remedy", text())]),
            decision("transfer", &[("branch", text()), ("reason", text())]),
        ] },
    })
}
