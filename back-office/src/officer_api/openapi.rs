//! The officers' door described as OpenAPI 3.1, from the same table as the router.
//! Invariant: every schema that an operation names is here; nothing else is.

use super::OPERATIONS;
use axum::Json;
use serde_json::{Map, Value, json};

/// `GET /v1/openapi.json`; needs no token, as it tells nothing about anybody.
pub(super) async fn describe() -> Json<Value> {
    Json(document())
}

/// The document.
pub(super) fn document() -> Value {
    let mut paths = Map::new();
    for operation in OPERATIONS {
        let entry = paths.entry(operation.path).or_insert_with(|| json!({}));
        entry[operation.method] = described(operation);
    }
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Yimen officers' API", "version": env!("CARGO_PKG_VERSION"), "license": { "name": "GPL-3.0-only" } },
        "security": [{ "token": [] }],
        "paths": paths,
        "components": {
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } },
            "schemas": schemas(),
        },
    })
}

fn described(operation: &super::Operation) -> Value {
    let content = |name: &str| match name {
        "Binary" => json!({ "application/octet-stream": { "schema": { "type": "string", "format": "binary" } } }),
        "OpenApi" => json!({ "application/json": { "schema": { "type": "object" } } }),
        name => json!({ "application/json": { "schema": reference(name) } }),
    };
    let segments = operation.path.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'));
    let mut parameters: Vec<Value> = segments
        .map(|name| {
            let format =
                if name == "id" { json!({ "type": "string", "format": "uuid" }) } else { json!({ "type": "string" }) };
            json!({ "name": name, "in": "path", "required": true, "schema": format })
        })
        .collect();
    parameters.extend(operation.query.iter().map(|&name| {
        let schema = match name {
            "closed" => json!({ "type": "boolean" }),
            "most" => json!({ "type": "integer", "minimum": 0, "maximum": 500 }),
            "status" => reference("Status"),
            _ => json!({ "type": "string" }),
        };
        json!({ "name": name, "in": "query", "required": false, "schema": schema })
    }));
    let mut described = json!({
        "summary": operation.summary,
        "operationId": operation_id(operation),
        "parameters": parameters,
        "responses": {
            "200": { "description": operation.summary, "content": content(operation.answer) },
            "default": {
                "description": "A problem (RFC 9457)",
                "content": { "application/problem+json": { "schema": reference("Problem") } },
            },
        },
    });
    if let Some(body) = operation.body {
        described["requestBody"] = json!({ "required": body != "ClaimNext", "content": content(body) });
    }
    if operation.answer == "OpenApi" {
        described["security"] = json!([]);
    }
    described
}

fn operation_id(operation: &super::Operation) -> String {
    let words = operation.path.split(['/', '-', '.']).filter(|word| !word.is_empty() && *word != "v1");
    let words = words.map(|word| word.trim_matches(['{', '}']));
    std::iter::once(operation.method).chain(words).collect::<Vec<_>>().join("-")
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// An object that refuses other members; a `?` after a name makes it optional.
fn object(members: &[(&str, Value)]) -> Value {
    let required: Vec<&str> = members.iter().map(|(name, _)| *name).filter(|name| !name.ends_with('?')).collect();
    let properties: Map<String, Value> =
        members.iter().map(|(name, schema)| (name.trim_end_matches('?').to_owned(), schema.clone())).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn nullable(kind: &str, format: Option<&str>) -> Value {
    match format {
        Some(format) => json!({ "type": [kind, "null"], "format": format }),
        None => json!({ "type": [kind, "null"] }),
    }
}

fn schemas() -> Value {
    let text = || json!({ "type": "string" });
    let number = || json!({ "type": "integer" });
    let flag = || json!({ "type": "boolean" });
    let list = |of: Value| json!({ "type": "array", "items": of });
    let moment = || json!({ "type": "string", "format": "date-time" });
    let uuid = || json!({ "type": "string", "format": "uuid" });
    let day = || nullable("string", Some("date"));
    json!({
        "Status": { "type": "string", "enum": ["delivered", "accepted", "refused", "supplement", "approved", "rejected"] },
        "Me": object(&[("id", text()), ("station", text()), ("branches", list(text())), ("auditor", flag())]),
        "Case": object(&[
            ("id", uuid()), ("submission", uuid()), ("service", text()), ("title", text()), ("branch", text()),
            ("station", text()), ("status", reference("Status")), ("word", text()), ("priority", number()),
            ("received_at", moment()), ("due_on", day()), ("overdue", flag()), ("promised_on", day()),
            ("statutory_on", day()), ("supplement_by", day()), ("code", nullable("string", None)),
            ("last_four", nullable("string", None)), ("ticket", nullable("string", None)), ("open", list(text())),
            ("holder", nullable("string", None)), ("lease_until", nullable("string", Some("date-time"))),
            ("claim_epoch", number()), ("version", number()),
        ]),
        "CaseList": object(&[("cases", list(reference("Case")))]),
        "CaseDetail": object(&[
            ("case", reference("Case")), ("payload", nullable("object", None)),
            ("attachments", list(object(&[("id", text()), ("media_type", text()), ("size", number())]))),
            ("unreadable", nullable("string", None)), ("decisions", list(reference("Decided"))),
        ]),
        "Decided": object(&[
            ("at", moment()), ("officer", text()), ("decision", reference("Decision")), ("status", reference("Status")),
            ("word", text()),
        ]),
        "ClaimNext": object(&[("branches?", list(text()))]),
        "Held": object(&[("claim_epoch", number())]),
        "Decide": object(&[("claim_epoch", number()), ("version", number()), ("decision", reference("Decision"))]),
        "Decision": { "oneOf": [
            decision("accept", &[]),
            decision("refuse-to-accept", &[("reason", text())]),
            decision("return-for-supplement", &[("what", text()), ("by", json!({ "type": "string", "format": "date" }))]),
            decision("approve", &[]),
            decision("reject", &[("reason", text())]),
            decision("transfer", &[("branch", text())]),
        ] },
        "AuditCheck": object(&[
            ("ok", flag()), ("leaves", number()), ("head", text()), ("broken_at", nullable("integer", None)),
        ]),
        "Problem": {
            "type": "object",
            "properties": {
                "type": text(), "title": text(), "status": number(), "detail": text(),
                "retry": { "type": "string", "enum": ["same", "later", "never"] },
            },
            "required": ["type", "title", "status", "retry"],
        },
    })
}

fn decision(name: &str, members: &[(&str, Value)]) -> Value {
    let mut all = vec![("decision", json!({ "const": name }))];
    all.extend(members.iter().cloned());
    object(&all)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every `$ref` inside a value.
    fn references(value: &Value, found: &mut Vec<String>) {
        match value {
            Value::Object(members) => {
                if let Some(Value::String(name)) = members.get("$ref") {
                    found.push(name.trim_start_matches("#/components/schemas/").to_owned());
                }
                members.values().for_each(|member| references(member, found));
            }
            Value::Array(items) => items.iter().for_each(|item| references(item, found)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }

    #[test]
    fn every_reference_leads_to_a_schema_and_every_id_is_single() {
        let document = document();
        let mut found = Vec::new();
        references(&document, &mut found);
        for name in found {
            assert!(document["components"]["schemas"][&name].is_object(), "{name}");
        }
        let mut ids: Vec<String> = OPERATIONS.iter().map(operation_id).collect();
        ids.sort();
        let all = ids.len();
        ids.dedup();
        assert_eq!(ids.len(), all);
    }
}
