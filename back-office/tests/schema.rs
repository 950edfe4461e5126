//! A small reader of JSON Schema, as much as the officers' description uses: what is really sent is held against it.

use serde_json::Value;

/// Every place where `value` differs from the schema.
pub fn differences(document: &Value, schema: &Value, value: &Value, place: &str) -> Vec<String> {
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.trim_start_matches("#/components/schemas/");
        let target = &document["components"]["schemas"][name];
        assert!(target.is_object(), "no schema {name}");
        return differences(document, target, value, place);
    }
    if let Some(options) = schema["oneOf"].as_array() {
        let tried: Vec<_> = options.iter().map(|option| differences(document, option, value, place)).collect();
        return if tried.iter().any(Vec::is_empty) { Vec::new() } else { tried.into_iter().flatten().collect() };
    }
    let kind = match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "integer",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    };
    let fits = match &schema["type"] {
        Value::String(one) => one == kind,
        Value::Array(many) => many.iter().any(|one| one == kind),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => true,
    };
    if !fits {
        return vec![format!("{place}: {kind} in place of {}", schema["type"])];
    }
    let mut found = Vec::new();
    if let Some(words) = schema["enum"].as_array()
        && !words.contains(value)
    {
        found.push(format!("{place}: {value} is none of {words:?}"));
    }
    if let Some(items) = value.as_array() {
        for (number, item) in items.iter().enumerate() {
            found.extend(differences(document, &schema["items"], item, &format!("{place}[{number}]")));
        }
    }
    if let Some(members) = value.as_object() {
        let known = schema["properties"].as_object().cloned().unwrap_or_default();
        for (name, member) in members {
            match known.get(name) {
                Some(inner) => found.extend(differences(document, inner, member, &format!("{place}.{name}"))),
                None if schema["additionalProperties"] == false => found.push(format!("{place}.{name}: not described")),
                None => {}
            }
        }
        for name in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
            if !members.contains_key(name) {
                found.push(format!("{place}.{name}: missing"));
            }
        }
    }
    found
}
