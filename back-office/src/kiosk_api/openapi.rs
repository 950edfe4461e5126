//! The kiosks' door described as OpenAPI 3.1: every operation with its success and the problems that it may answer with, whose
//! status codes come from `wire::problem`.
//! Invariant: a path and method stand here exactly when the router has them; a test asks for each.
//! Not here: what happens when (docs/protocol.md).

use serde_json::{Map, Value, json};
use wire::problem::{PREFIX, Slug};

/// One operation.
pub struct Operation {
    /// Path with `{names}`.
    pub path: &'static str,
    /// Lower case.
    pub method: &'static str,
    summary: &'static str,
    /// Header parameters: name, required.
    headers: &'static [(&'static str, bool)],
    /// Schema of the JSON body, or `Piece`.
    body: Option<&'static str>,
    /// Status and schema of a success; an empty name is an answer without a body.
    success: &'static [(u16, &'static str)],
    problems: &'static [Slug],
}

const TUS: (&str, bool) = ("Tus-Resumable", true);
/// What every operation may answer.
const ALWAYS: &[Slug] =
    &[Slug::CertExpired, Slug::NotEnrolled, Slug::DeviceSuspended, Slug::SlowDown, Slug::Overloaded, Slug::DiskFull];
/// What a JSON body may be answered with.
const JSON: &[Slug] = &[Slug::Malformed, Slug::Media, Slug::TooLarge];

const fn plain(path: &'static str, method: &'static str, summary: &'static str) -> Operation {
    Operation { path, method, summary, headers: &[], body: None, success: &[], problems: &[] }
}

/// All of them.
pub const OPERATIONS: &[Operation] = &[
    Operation {
        body: Some("Signed"),
        success: &[(200, "Enrolled")],
        problems: &[Slug::NotFound, Slug::EnrolmentRefused],
        ..plain("/v1/enrol", "post", "A machine without a certificate becomes a kiosk; signed by the device key inside")
    },
    Operation {
        body: Some("Renew"),
        success: &[(200, "Certificate")],
        problems: &[Slug::RenewalNeedsAcceptance],
        ..plain("/v1/certs/renew", "post", "The next certificate")
    },
    Operation { success: &[(200, "Health")], ..plain("/v1/health", "get", "Whether the office knows this kiosk") },
    Operation {
        body: Some("Holding"),
        success: &[(200, "Health")],
        ..plain("/v1/health", "post", "The same, telling what the kiosk holds")
    },
    Operation { success: &[(200, "Time")], ..plain("/v1/time", "get", "The office's clock") },
    Operation { success: &[(200, "Signed")], ..plain("/v1/keys", "get", "The signed list of keys to seal to") },
    Operation {
        success: &[(200, "Inbox")],
        problems: &[Slug::Malformed],
        ..plain("/v1/inbox", "get", "What is new since a cursor")
    },
    Operation {
        body: Some("Digests"),
        success: &[(200, "Missing")],
        ..plain("/v1/blobs/missing", "post", "Which of these blobs are not here")
    },
    Operation { success: &[(204, "")], ..plain("/v1/blobs", "options", "What this office knows of tus") },
    Operation {
        headers: &[TUS, ("Upload-Length", true), ("Upload-Metadata", true)],
        success: &[(201, "")],
        problems: &[Slug::Malformed, Slug::TusVersion, Slug::TooLarge, Slug::NotSealed],
        ..plain("/v1/blobs", "post", "Opens an upload (tus creation); its address is in Location")
    },
    Operation { success: &[(204, "")], ..plain("/v1/blobs/{upload}", "options", "What this office knows of tus") },
    Operation {
        headers: &[TUS],
        success: &[(200, "")],
        problems: &[Slug::UploadGone, Slug::TusVersion],
        ..plain("/v1/blobs/{upload}", "head", "Where an upload stands (tus core)")
    },
    Operation {
        headers: &[TUS, ("Upload-Offset", true), ("Upload-Checksum", false)],
        body: Some("Piece"),
        success: &[(204, "")],
        problems: &[
            Slug::Malformed,
            Slug::UploadGone,
            Slug::Offset,
            Slug::TusVersion,
            Slug::TooLarge,
            Slug::Media,
            Slug::DigestMismatch,
            Slug::NotSealed,
            Slug::ChecksumMismatch,
        ],
        ..plain("/v1/blobs/{upload}", "patch", "The next piece of an upload (tus core, checksum)")
    },
    Operation {
        headers: &[TUS, ("X-HTTP-Method-Override", true), ("Upload-Offset", true), ("Upload-Checksum", false)],
        body: Some("Piece"),
        success: &[(204, "")],
        problems: &[
            Slug::Malformed,
            Slug::UploadGone,
            Slug::Method,
            Slug::Offset,
            Slug::TusVersion,
            Slug::TooLarge,
            Slug::Media,
            Slug::DigestMismatch,
            Slug::NotSealed,
            Slug::ChecksumMismatch,
        ],
        ..plain("/v1/blobs/{upload}", "post", "The next piece, where PATCH does not get through (tus core)")
    },
    Operation {
        body: Some("Submitted"),
        success: &[(201, "Signed"), (200, "Signed"), (202, "Relayed")],
        problems: &[
            Slug::NotFound,
            Slug::BlobsMissing,
            Slug::IdConflict,
            Slug::OutOfOrder,
            Slug::BadSignature,
            Slug::DigestMismatch,
            Slug::NotSealed,
            Slug::Parts,
            Slug::SizeMismatch,
            Slug::Version,
            Slug::UnknownSuite,
            Slug::AuthorNotEnrolled,
            Slug::WrongAddress,
            Slug::RecipientKeyRetired,
        ],
        ..plain(
            "/v1/submissions/{id}",
            "put",
            "Commits a submission; the answer is the signed receipt; 202 at an edge: all of it lies there, ask again after Retry-After",
        )
    },
    Operation {
        success: &[(200, "Standing")],
        problems: &[Slug::NotFound],
        ..plain("/v1/submissions/{id}", "get", "Where a submission of this kiosk stands, and its proof")
    },
    Operation {
        success: &[(200, "Outcome")],
        problems: &[Slug::NotFound],
        ..plain("/v1/submissions/{id}/outcome", "get", "What became of a submission of this kiosk")
    },
    Operation {
        body: Some("Rating"),
        success: &[(204, "")],
        problems: &[Slug::NotFound, Slug::Stars],
        ..plain("/v1/ratings", "post", "How a person found it")
    },
    Operation {
        body: Some("OwnRecordRequest"),
        success: &[(200, "OwnRecord")],
        problems: &[Slug::NotIdentified, Slug::RegistryUnavailable],
        ..plain("/v1/own-record", "post", "An identified person's own data")
    },
    Operation {
        body: Some("OwnCasesRequest"),
        success: &[(200, "OwnCases")],
        problems: &[Slug::NotIdentified],
        ..plain("/v1/own-cases", "post", "An identified person's own cases")
    },
];

/// The document.
pub fn document() -> Value {
    let mut paths = Map::new();
    for operation in OPERATIONS {
        let entry = paths.entry(operation.path).or_insert_with(|| json!({}));
        entry[operation.method] = described(operation);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Yimen kiosks' door", "version": env!("CARGO_PKG_VERSION"), "license": { "name": "GPL-3.0-only" },
            "description": "TLS with a client certificate of the bureau's authority.",
        },
        "paths": paths,
        "components": { "schemas": schemas() },
    })
}

fn reference(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn described(operation: &Operation) -> Value {
    let mut parameters = Vec::new();
    if operation.path.contains("{id}") {
        let schema = json!({ "type": "string", "format": "uuid" });
        parameters.push(json!({ "name": "id", "in": "path", "required": true, "schema": schema }));
    }
    if operation.path.contains("{upload}") {
        let schema = json!({ "type": "string", "pattern": "^[0-9a-f]{64}-(0|[1-9][0-9]{0,9})$" });
        parameters.push(json!({ "name": "upload", "in": "path", "required": true, "schema": schema }));
    }
    if operation.path == "/v1/inbox" {
        let schema = json!({ "type": "integer", "minimum": 0, "maximum": 9_007_199_254_740_991_u64 });
        parameters.push(json!({ "name": "after", "in": "query", "required": false, "schema": schema }));
    }
    for (name, required) in operation.headers {
        parameters.push(json!({ "name": name, "in": "header", "required": required, "schema": header(name) }));
    }
    let mut responses = Map::new();
    for (status, schema) in operation.success {
        let mut response = json!({ "description": operation.summary });
        if !schema.is_empty() {
            response["content"] = json!({ "application/json": { "schema": reference(schema) } });
        }
        responses.insert(status.to_string(), response);
    }
    let json_body = operation.body.filter(|name| *name != "Piece");
    let more = if json_body.is_some() { JSON } else { &[] };
    for slug in ALWAYS.iter().chain(more).chain(operation.problems) {
        refuse(&mut responses, *slug, operation.method == "head");
    }
    let mut described = json!({
        "summary": operation.summary, "operationId": operation_id(operation), "parameters": parameters, "responses": responses,
    });
    if let Some(name) = json_body {
        described["requestBody"] = json!({
            "required": true, "content": { "application/json": { "schema": reference(name) } },
        });
    } else if operation.body.is_some() {
        let bytes = json!({ "type": "string", "format": "binary" });
        described["requestBody"] = json!({
            "required": true, "content": { "application/offset+octet-stream": { "schema": bytes } },
        });
    }
    described
}

/// Adds a problem to the answers; several of one status are told together.
fn refuse(responses: &mut Map<String, Value>, slug: Slug, without_body: bool) {
    let row = slug.row();
    let status = row.status.to_string();
    let told = format!("`{}`: the kiosk {}", row.name, row.does.words());
    let response = responses.entry(status).or_insert_with(|| json!({ "description": "" }));
    let before = response["description"].as_str().unwrap_or_default().to_owned();
    response["description"] = if before.is_empty() { told } else { format!("{before}. {told}") }.into();
    if !without_body {
        response["content"]["application/problem+json"] = json!({ "schema": reference("Problem") });
    }
}

fn operation_id(operation: &Operation) -> String {
    let words = operation.path.trim_start_matches("/v1/").replace(['/', '-'], "_").replace(['{', '}'], "");
    format!("{}_{words}", operation.method)
}

fn header(name: &str) -> Value {
    match name {
        "Tus-Resumable" => json!({ "type": "string", "enum": ["1.0.0"] }),
        "X-HTTP-Method-Override" => json!({ "type": "string", "enum": ["PATCH"] }),
        "Upload-Length" | "Upload-Offset" => json!({ "type": "integer", "minimum": 0, "maximum": 4_294_967_296_u64 }),
        "Upload-Checksum" => json!({ "type": "string", "pattern": "^sha256 [A-Za-z0-9+/]{43}=$" }),
        _ => json!({ "type": "string", "pattern": "^sha256 [A-Za-z0-9+/]{86}==$" }),
    }
}

fn object(members: &[(&str, Value)]) -> Value {
    let required: Vec<&str> = members.iter().map(|(name, _)| *name).filter(|name| !name.ends_with('?')).collect();
    let properties: Map<String, Value> =
        members.iter().map(|(name, schema)| (name.trim_end_matches('?').to_owned(), schema.clone())).collect();
    json!({ "type": "object", "properties": properties, "required": required, "additionalProperties": false })
}

fn schemas() -> Value {
    let text = || json!({ "type": "string" });
    let digest = || json!({ "type": "string", "pattern": "^[0-9a-f]{64}$" });
    let uuid = || json!({ "type": "string", "format": "uuid" });
    let list = |of: Value| json!({ "type": "array", "items": of });
    let identified = json!({ "type": "string", "enum": ["card-and-face", "number-and-face", "card-officer", "number-officer", "counter"] });
    let signed = object(&[("body", text()), ("key", text()), ("signature", text())]);
    let inline = json!({ "type": "object", "additionalProperties": { "type": "string", "contentEncoding": "base64" } });
    let with_parts = object(&[("signed", reference("Signed")), ("inline", inline)]);
    let names: Vec<String> = Slug::ALL.iter().map(|slug| format!("{PREFIX}{}", slug.row().name)).collect();
    let statuses: std::collections::BTreeSet<u16> = Slug::ALL.iter().map(|slug| slug.row().status).collect();
    let problem = json!({
        "type": "object",
        "properties": {
            "type": { "type": "string", "enum": names }, "title": text(), "status": { "enum": statuses }, "detail": text(),
            "retry": { "type": "string", "enum": ["same", "later", "never"] },
            "missing": list(digest()), "expected_seq": { "type": "integer", "minimum": 0 },
            "offset": { "type": "integer", "minimum": 0 }, "most": { "type": "integer", "minimum": 0 },
        },
        "required": ["type", "title", "status", "retry"],
        "additionalProperties": false,
    });
    let rating = json!({ "type": "integer", "minimum": 1, "maximum": 5 });
    json!({
        "Health": object(&[("kiosk", text()), ("renew", json!({ "type": "boolean" }))]),
        "Holding": object(&[
            ("waiting", json!({ "type": "integer", "minimum": 0, "maximum": u32::MAX })),
            ("keys?", json!({ "type": "string", "enum": ["tpm2", "host", "software"] })), ("outbox?", reference("Fill")),
        ]),
        "Fill": object(&[
            ("bytes", json!({ "type": "integer", "minimum": 0 })), ("limit", json!({ "type": "integer", "minimum": 0 })),
            ("oldest?", json!({ "type": "string", "format": "date-time" })),
        ]),
        "Enrolled": object(&[
            ("number", json!({ "type": "integer", "minimum": 0 })), ("station", text()), ("authority", text()),
            ("bureau", json!({ "type": "object" })), ("keys", reference("Signed")), ("certificate", reference("Certificate")), ("intake?", text()),
        ]),
        "Renew": object(&[("request", text())]),
        "Certificate": object(&[("chain", text()), ("not_after", json!({ "type": "string", "format": "date-time" }))]),
        "Time": object(&[("now", json!({ "type": "string", "format": "date-time" }))]),
        "Inbox": object(&[
            ("cursor", json!({ "type": "integer", "minimum": 0 })), ("entries", list(object(&[("kind", text())]))),
        ]),
        "Digests": object(&[("digests", json!({ "type": "array", "items": digest(), "maxItems": 1000 }))]),
        "Missing": object(&[("missing", list(digest()))]),
        "Signed": signed,
        "Submitted": json!({ "anyOf": [reference("Signed"), with_parts] }),
        "Relayed": object(&[("state", json!({ "type": "string", "enum": ["relayed"] }))]),
        "Standing": object(&[
            ("receipt", reference("Signed")),
            ("state", json!({ "type": "string", "enum": ["delivered", "accepted", "refused", "supplement", "closed", "erased"] })),
            ("proof", json!({ "anyOf": [{ "type": "null" }, reference("Proof")] })),
        ]),
        "Proof": object(&[
            ("leaf", text()), ("index", json!({ "type": "integer", "minimum": 0 })),
            ("size", json!({ "type": "integer", "minimum": 1 })), ("hashes", list(digest())), ("checkpoint", text()),
        ]),
        "Outcome": json!({ "type": "object", "required": ["state"],
            "properties": { "state": { "type": "string", "enum": ["pending", "issued", "counter"] } } }),
        "Rating": object(&[("submission", uuid()), ("stars", rating)]),
        "OwnRecordRequest": object(&[("id_number", text()), ("identified", identified.clone()), ("ward?", text())]),
        "OwnRecord": object(&[("facts", json!({ "type": "object" }))]),
        "OwnCasesRequest": object(&[("id_number", text()), ("identified", identified), ("code?", text())]),
        "OwnCases": object(&[("cases", list(json!({ "type": "object" })))]),
        "Problem": problem,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use wire::problem::KioskDoes;

    #[test]
    fn every_problem_that_an_item_may_meet_is_described_somewhere() {
        let text = document().to_string();
        let met = Slug::ALL.iter().filter(|slug| slug.row().does != KioskDoes::Tell);
        for slug in met {
            assert!(text.contains(&format!("`{}`", slug.row().name)), "{slug:?}");
        }
    }
}
