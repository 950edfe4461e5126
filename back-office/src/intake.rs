//! Taking in a submission: submission, case, work and audit leaf in one durable transaction.
//! Invariants: what is unknown or unreadable is taken all the same; the receipt names the leaf's index in the audit log,
//! so it is signed inside the transaction, and stored in it, so that every later answer is the same bytes.
//! Not here: whether the manifest is genuine (`kiosk_api::submissions`).

use crate::custody::split::{NewKey, Owner, split};
use crate::office::{Office, china_time};
use crate::problem::ApiProblem;
use crate::store::audit;
use crate::store::cases::{self, Case, Place};
use crate::store::submissions::{self, Submission};
use crate::store::{StoreError, submission_parts, work};
use domain::case::Status;
use domain::ids::{BranchId, CaseId};
use domain::service::Service;
use jiff::Timestamp;
use rusqlite::Connection;
use std::collections::BTreeSet;
use std::sync::Arc;
use wire::manifest::Manifest;
use wire::receipt::Receipt;
use wire::signature::Signed;
use wire::submitted::{Inline, Submitted};

/// The branch whose officers look at what no service claims.
pub const UNKNOWN_BRANCH: &str = "general";

/// What became of it.
#[derive(Debug)]
pub enum Taken {
    /// It is new, and durable now.
    New {
        /// The signed receipt's bytes.
        receipt: String,
    },
    /// Another request was first.
    Known(Submission),
    /// An earlier one of the same chain is not here yet; nothing was changed.
    OutOfOrder {
        /// What is expected next.
        expected_seq: u32,
    },
}

/// Takes a genuine manifest in, with the sealed answers that rode along.
///
/// # Errors
/// The store's; then nothing was changed.
pub async fn take(
    office: &Arc<Office>,
    submitted: Submitted,
    manifest: Manifest,
    now: Timestamp,
) -> Result<Taken, ApiProblem> {
    let Submitted { signed, inline } = submitted;
    // Milliseconds, as the store keeps them: a receipt says what the row says.
    let now = Timestamp::from_millisecond(now.as_millisecond()).unwrap_or(now);
    let digest = signed.digest();
    let signed = serde_json::to_string(&signed).map_err(|_| StoreError::Damaged("manifest"))?;
    let service = office.services.service(&manifest.service);
    let title = office.services.text(&manifest.service, "name").unwrap_or_else(|| manifest.service.to_string());
    let case = new_case(office, &manifest, service, title, now);
    let inner = Arc::clone(office);
    let taken = office
        .store
        .write_keyed::<_, StoreError>(move |c, keys| {
            if let Some(known) = submissions::find(c, manifest.id)? {
                return Ok(Taken::Known(known));
            }
            if manifest.chain.seq > 0 {
                let expected_seq = submissions::next_in_chain(c, manifest.chain.first)?;
                if manifest.chain.seq > expected_seq {
                    return Ok(Taken::OutOfOrder { expected_seq });
                }
            }
            let actor = format!("kiosk:{}", manifest.kiosk);
            let object = format!("submission:{}", manifest.id);
            let details = serde_json::json!({ "case": case.id, "manifest": digest, "service": manifest.service });
            let log_index = audit::append_indexed(c, now, &actor, "submission-received", &object, details)?;
            let receipt = Receipt { id: manifest.id, manifest: digest, received_at: now, log_index };
            let receipt = keep(c, &inner, &manifest, signed, &receipt)?;
            let owner = Owner::from(manifest.id);
            for part in manifest.parts.iter().map(|part| &part.sha256).collect::<BTreeSet<_>>() {
                match inline.get(part) {
                    Some(Inline(bytes)) => {
                        let (header, payload) = split(bytes);
                        submission_parts::insert(c, manifest.id, part, payload)?;
                        let (part, header) = (part.clone(), header.to_vec());
                        keys.put(&NewKey { owner: owner.clone(), part, header, filed: false })?;
                    }
                    // It was here a moment ago, when the caller looked.
                    None if !keys.adopt(&owner, part)? => return Err(StoreError::Damaged("key of a blob")),
                    None => {}
                }
            }
            cases::insert(c, &case)?;
            work::add(c, manifest.id, now)?;
            Ok(Taken::New { receipt })
        })
        .await?;
    Ok(taken)
}

/// Signs the receipt and stores the submission with it; gives the receipt's bytes.
///
/// # Errors
/// The store's.
pub(crate) fn keep(
    connection: &Connection,
    office: &Office,
    manifest: &Manifest,
    signed: String,
    receipt: &Receipt,
) -> Result<String, StoreError> {
    let text = Signed::sign(receipt, &office.keys.receipt).map_err(|_| StoreError::Damaged("receipt"))?;
    let text = serde_json::to_string(&text).map_err(|_| StoreError::Damaged("receipt"))?;
    let submission = Submission {
        id: manifest.id,
        kiosk: manifest.kiosk.clone(),
        digest: receipt.manifest.to_string(),
        manifest: signed,
        receipt: text,
        received_at: receipt.received_at,
    };
    submissions::insert(connection, &submission, manifest)?;
    Ok(submission.receipt)
}

/// A new case of a submission, before the office's machine has opened it.
pub(crate) fn new_case(
    office: &Office,
    manifest: &Manifest,
    service: Option<&Service>,
    title: String,
    now: Timestamp,
) -> Case {
    let promised_on = service.and_then(|service| service.promised_limit).map(|limit| {
        office.loaded.config.counter.hours.promised(china_time(now), limit, &office.loaded.config.calendar)
    });
    Case {
        id: CaseId(ambient::new_uuid()),
        submission: manifest.id,
        service: manifest.service.clone(),
        title,
        branch: service.map_or_else(|| BranchId::new(UNKNOWN_BRANCH), |service| service.branch.clone()),
        station: manifest.station.clone(),
        place: Place::Opening,
        status: Status::Delivered,
        priority: service.map_or(5, |service| service.priority.clamp(1, 9)),
        received_at: now,
        due_on: promised_on,
        promised_on,
        statutory_on: None,
        supplement_by: None,
        code: None,
        last_four: None,
        ticket: None,
        open: Vec::new(),
        holder: None,
        lease_until: None,
        claim_epoch: 0,
        version: 1,
        clock: Default::default(),
        second: None,
        sticky: None,
        tombstone: false,
    }
}
