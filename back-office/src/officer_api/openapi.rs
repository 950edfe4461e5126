//! The officers' door described as OpenAPI 3.1, from the same table as the router.
//! Invariant: every schema that an operation names is in `schemas`.

use super::schemas::{reference, schemas};
use super::{Need, OPERATIONS};
use axum::Json;
use serde_json::{Map, Value, json};

/// `GET /v1/openapi.json`; needs no token, as it tells nothing about anybody.
pub(super) async fn describe() -> Json<Value> {
    Json(document())
}

/// The document.
pub fn document() -> Value {
    let mut paths = Map::new();
    for operation in OPERATIONS {
        let entry = paths.entry(operation.path).or_insert_with(|| json!({}));
        entry[operation.method] = described(operation);
    }
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Yimen officers' API", "version": env!("CARGO_PKG_VERSION"), "license": { "name": "GPL-3.0-only" } },
        "security": [{ "token": [] }, { "session": [] }],
        "paths": paths,
        "components": {
            "securitySchemes": {
                "token": { "type": "http", "scheme": "bearer" },
                "session": { "type": "apiKey", "in": "cookie", "name": "__Host-yimen" },
            },
            "schemas": schemas(),
        },
    })
}

fn described(operation: &super::Operation) -> Value {
    let content = |name: &str| match name {
        "Binary" => json!({ "application/octet-stream": { "schema": { "type": "string", "format": "binary" } } }),
        "Events" => json!({ "text/event-stream": { "schema": { "type": "string" } } }),
        "Csv" => json!({ "text/csv": { "schema": { "type": "string" } } }),
        "OpenApi" => json!({ "application/json": { "schema": { "type": "object" } } }),
        name => json!({ "application/json": { "schema": reference(name) } }),
    };
    let segments = operation.path.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'));
    let mut parameters: Vec<Value> = segments
        .map(|name| {
            let format = if ["id", "session"].contains(&name) {
                json!({ "type": "string", "format": "uuid" })
            } else {
                json!({ "type": "string" })
            };
            json!({ "name": name, "in": "path", "required": true, "schema": format })
        })
        .collect();
    parameters.extend(operation.query.iter().map(|&name| {
        let schema = match name {
            "closed" => json!({ "type": "boolean" }),
            "whose" => json!({ "type": "string", "enum": ["all", "mine", "free"] }),
            "sort" => json!({ "type": "string", "enum": ["deadline", "arrival", "service"] }),
            "most" => json!({ "type": "integer", "minimum": 0, "maximum": 500 }),
            "after" | "old" | "size" => json!({ "type": "integer", "minimum": 0 }),
            "submission" => json!({ "type": "string", "format": "uuid" }),
            "status" => reference("Status"),
            "from" | "until" => json!({ "type": "string", "format": "date" }),
            _ => json!({ "type": "string" }),
        };
        json!({ "name": name, "in": "query", "required": false, "schema": schema })
    }));
    let (success, answer) = match operation.answer {
        "Nothing" => ("204", json!({ "description": operation.summary })),
        "Away" => ("303", json!({ "description": operation.summary })),
        name => ("200", json!({ "description": operation.summary, "content": content(name) })),
    };
    let mut described = json!({
        "summary": operation.summary,
        "operationId": operation_id(operation),
        "parameters": parameters,
        "responses": {
            success: answer,
            "default": {
                "description": "A problem (RFC 9457)",
                "content": { "application/problem+json": { "schema": reference("Problem") } },
            },
        },
    });
    if let Some(body) = operation.body {
        described["requestBody"] =
            json!({ "required": !["ClaimNext", "Empty", "Window"].contains(&body), "content": content(body) });
    }
    if matches!(operation.need, Need::Nobody) {
        described["security"] = json!([]);
    }
    described
}

fn operation_id(operation: &super::Operation) -> String {
    let words = operation.path.split(['/', '-', '.']).filter(|word| !word.is_empty() && *word != "v1");
    let words = words.map(|word| word.trim_matches(['{', '}']));
    std::iter::once(operation.method).chain(words).collect::<Vec<_>>().join("-")
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
