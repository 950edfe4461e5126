//! The way back: the office's receipts on the stick, and what the first kiosk does with them.
//! Invariant: whether a receipt counts is decided by the same machine as on the line (`outbox`, I2), and erasing follows a
//! durable receipt (I4).

use super::CarryError;
use super::stick::Stick;
use crate::store::Store;
use domain::ids::SubmissionId;
use ed25519_dalek::VerifyingKey;
use jiff::Timestamp;
use outbox::{Effect, Input, Moment, Outbox, Pace, State};
use std::collections::VecDeque;
use std::path::Path;
use std::time::Duration;
use wire::carried::{Receipts, VERSION};

/// What the receipts on a stick did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Settled {
    /// Submissions that are delivered now and erased here.
    pub delivered: usize,
    /// Receipts of submissions that are not, or no longer, here.
    pub not_here: usize,
    /// Receipts that are none of ours: nothing was erased for them.
    pub refused: usize,
    /// The disk did not take it: to be repeated.
    pub failed: usize,
}

/// Writes the receipts of delivered submissions to the stick, beside those that are on it. Gives how many are on it now.
///
/// # Errors
/// The store's, or the stick's.
pub fn write_receipts(store: &Store, folder: &Path, items: &[SubmissionId]) -> Result<usize, CarryError> {
    let stick = Stick::at(folder);
    let mut all = stick.receipts().unwrap_or_default();
    all.v = VERSION;
    for id in items {
        if let Some(receipt) = store.find(*id)?.and_then(|found| found.receipt) {
            all.receipts.insert(*id, receipt);
        }
    }
    stick.write_receipts(&all)?;
    Ok(all.receipts.len())
}

/// Takes the receipts of the stick: what the office has signed for is erased here, nothing else.
///
/// # Errors
/// No receipts on the stick, or the store's.
pub fn take_receipts(
    store: &Store,
    folder: &Path,
    office: VerifyingKey,
    now: Timestamp,
) -> Result<Settled, CarryError> {
    let Receipts { receipts, .. } = Stick::at(folder).receipts()?;
    let moment = Moment { since_start: Duration::ZERO, wall: now };
    let mut outbox = Outbox::new(office, Pace::default());
    let entries = store.waiting()?.into_iter().map(|item| item.entry).collect();
    let mut settled = Settled::default();
    let mut inputs = VecDeque::from([Input::Restarted(entries)]);
    inputs.extend(receipts.iter().map(|(id, text)| Input::Receipt { id: *id, bytes: text.clone().into_bytes() }));
    while let Some(input) = inputs.pop_front() {
        if let Input::Receipt { id, .. } = &input
            && outbox.state(*id).is_none()
        {
            settled.not_here += 1;
            continue;
        }
        for effect in outbox.handle(input, moment, [0; 4]) {
            inputs.extend(carry_out(store, effect, now, &mut settled));
        }
    }
    Ok(settled)
}

fn carry_out(store: &Store, effect: Effect, now: Timestamp, settled: &mut Settled) -> Option<Input> {
    match effect {
        Effect::Persist { id, state, receipt, problem } => {
            let receipt = receipt.and_then(|bytes| String::from_utf8(bytes).ok());
            Some(match store.persist(id, state, receipt, problem) {
                Ok(()) => Input::Persisted { id, state },
                Err(error) => {
                    tracing::error!(%id, %error, "a receipt is not durable");
                    settled.failed += 1;
                    Input::NotPersisted { id, state }
                }
            })
        }
        Effect::Erase { id } => Some(match store.erase(id, now) {
            Ok(()) => {
                settled.delivered += 1;
                Input::Persisted { id, state: State::Tombstone }
            }
            Err(error) => {
                tracing::error!(%id, %error, "an item could not be erased");
                settled.failed += 1;
                Input::NotPersisted { id, state: State::Tombstone }
            }
        }),
        Effect::Alarm { id, alarm } => {
            tracing::error!(%id, ?alarm, "a receipt from the stick");
            settled.refused += usize::from(alarm == outbox::Alarm::FalseReceipt);
            None
        }
        // Nothing is sent here: no tick is given to the machine.
        Effect::AskMissing { .. } | Effect::UploadBlob { .. } | Effect::PutManifest { .. } => None,
    }
}
