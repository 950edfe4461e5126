//! Verifying that a log holds one submission: the receipt's signature, the leaf's words, the path to a signed root; and that it
//! holds the end of its case.

use crate::Keys;
use crate::merkle::{self, Hash};
use crate::note::{self, Checkpoint};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ed25519_dalek::Signature;
use serde_json::Value;

/// What was proven.
#[derive(Debug)]
pub struct Proven {
    /// The submission's id.
    pub submission: String,
    /// When the office had it.
    pub received_at: String,
    /// The leaf's index, from 0.
    pub index: u64,
    /// The checkpoint above it.
    pub checkpoint: Checkpoint,
    /// The case that began with it, as the leaf names it.
    pub case: Option<String>,
    /// How the case was erased, when that was proven too.
    pub erased: Option<Erased>,
}

/// The proven end of a case.
#[derive(Debug)]
pub struct Erased {
    /// Which case.
    pub case: String,
    /// When.
    pub at: String,
    /// How many keys ended.
    pub keys: u64,
    /// SHA-256 of each sealed part that nobody opens any more.
    pub parts: Vec<String>,
}

/// The body of a receipt that this office signed.
pub fn receipt(signed: &Value, keys: &Keys) -> Result<Value, String> {
    let text = |name: &str| signed[name].as_str().ok_or_else(|| format!("the receipt has no `{name}`"));
    let body = text("body")?;
    let bytes = URL_SAFE_NO_PAD.decode(text("signature")?).map_err(|_| "the receipt's signature is not Base64")?;
    let signature = Signature::from_slice(&bytes).map_err(|_| "the receipt's signature is of the wrong length")?;
    keys.receipt
        .verify_strict(body.as_bytes(), &signature)
        .map_err(|_| "the receipt is not signed by this office, or was changed")?;
    serde_json::from_str(body).map_err(|_| "the receipt's body is not JSON".into())
}

fn hash(digits: &Value) -> Option<Hash> {
    hex::decode(digits.as_str()?).ok()?.try_into().ok()
}

fn text(value: &Value, name: &str) -> Result<String, String> {
    value[name].as_str().map(str::to_owned).ok_or_else(|| format!("`{name}` is missing or no text"))
}

fn number(value: &Value, name: &str) -> Result<u64, String> {
    value[name].as_u64().ok_or_else(|| format!("`{name}` is no number"))
}

/// The leaf of a proof with its index, once the path leads from it to a root that this office signed.
fn included(proof: &Value, keys: &Keys) -> Result<(Value, u64, Checkpoint), String> {
    let checkpoint = note::verify(&text(proof, "checkpoint")?, &keys.origin, &keys.audit)
        .map_err(|why| format!("the checkpoint: {why}"))?;
    let (leaf, index, size) = (text(proof, "leaf")?, number(proof, "index")?, number(proof, "size")?);
    if size != checkpoint.size {
        return Err(format!("the proof speaks of {size} leaves, the checkpoint of {}", checkpoint.size));
    }
    let hashes = proof["hashes"].as_array().ok_or("`hashes` is no list")?;
    let path: Option<Vec<Hash>> = hashes.iter().map(hash).collect();
    let path = path.ok_or("`hashes` holds something that is no SHA-256")?;
    if merkle::included(merkle::leaf(leaf.as_bytes()), index, size, &path) != Some(checkpoint.root) {
        return Err("the path does not lead from the leaf to the signed root".into());
    }
    let told: Value = serde_json::from_str(&leaf).map_err(|_| "the leaf is not JSON")?;
    if told["seq"] != index + 1 {
        return Err(format!("the leaf is not the one of index {index}"));
    }
    Ok((told, index, checkpoint))
}

/// Verifies a proof for a receipt's body. The error is in words.
pub fn verify(proof: &Value, receipt: &Value, keys: &Keys) -> Result<Proven, String> {
    let (told, index, checkpoint) = included(proof, keys)?;
    let submission = text(receipt, "id")?;
    let received_at = text(receipt, "received_at")?;
    let (named, case) = match told["action"].as_str() {
        Some("submission-received") => {
            (told["object"] == format!("submission:{submission}"), told["details"]["case"].as_str())
        }
        Some("opened-at-counter") => (
            told["details"]["submission"] == submission,
            told["object"].as_str().and_then(|object| object.strip_prefix("case:")),
        ),
        Some(_) | None => (false, None),
    };
    if !named {
        return Err("the leaf tells of something else than this submission".into());
    }
    if number(receipt, "log_index")? != index {
        return Err(format!("the receipt names leaf {}, the proof is of leaf {index}", receipt["log_index"]));
    }
    if told["details"]["manifest"] != receipt["manifest"] || told["at"] != receipt["received_at"] {
        return Err("leaf and receipt tell of different contents or moments".into());
    }
    let case = case.map(str::to_owned);
    Ok(Proven { submission, received_at, index, checkpoint, case, erased: None })
}

/// Verifies the proof that the case of a proven submission was erased. The error is in words.
pub fn verify_erased(proof: &Value, proven: &Proven, keys: &Keys) -> Result<Erased, String> {
    let (told, index, _) = included(proof, keys)?;
    let details = &told["details"];
    // A supplement's own leaf names the case that it would have begun: then the end names the submission.
    let case = told["object"].as_str().and_then(|object| object.strip_prefix("case:"));
    let named = details["submissions"].as_array().is_some_and(|ended| ended.iter().any(|id| *id == proven.submission));
    let begun = case.is_some() && case == proven.case.as_deref();
    if told["action"] != "erased" || !(begun || named) || index <= proven.index {
        return Err("the leaf does not tell that the case of this submission was erased".into());
    }
    let case = case.ok_or("the leaf names no case")?.to_owned();
    let parts = details["parts"].as_array().ok_or("the leaf names no parts")?;
    let parts: Option<Vec<String>> = parts.iter().map(|part| part.as_str().map(str::to_owned)).collect();
    let parts = parts.ok_or("the leaf names no parts")?;
    Ok(Erased { case, at: text(&told, "at")?, keys: number(details, "keys")?, parts })
}

impl Proven {
    /// For machines.
    pub fn json(&self) -> Value {
        serde_json::json!({
            "ok": true, "submission": self.submission, "received_at": self.received_at, "index": self.index,
            "size": self.checkpoint.size, "root": hex::encode(self.checkpoint.root),
            "erased": self.erased.as_ref().map(|erased| serde_json::json!({
                "case": erased.case, "at": erased.at, "keys": erased.keys, "parts": erased.parts,
            })),
        })
    }

    /// For people.
    pub fn words(&self, origin: &str) -> String {
        let end = self.erased.as_ref().map(|erased| {
            format!(
                "\nIts case was erased at {}: {} keys ended, and with them {} sealed parts.",
                erased.at,
                erased.keys,
                erased.parts.len()
            )
        });
        format!(
            "Confirmed: submission {} was received at {}.\nIt is entry {} of the log {origin}, under a checkpoint that the \
             office signed over {} entries.\nWhoever changes or removes it contradicts that signature.{}",
            self.submission,
            self.received_at,
            self.index + 1,
            self.checkpoint.size,
            end.unwrap_or_default()
        )
    }
}
