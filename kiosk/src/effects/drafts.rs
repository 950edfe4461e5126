//! Drafts: the visit's half-done submission with its pictures, to and from the store (product rule 7).
//! Invariant: pictures travel inside the encrypted draft; after reopening they are in the album again.

use super::Hands;
use crate::signal::Signal;
use crate::store::StoreError;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as B64;
use domain::ids::SubmissionId;
use domain::sensitive::Sensitive;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use visit::{Ask, Draft, Event, Input, StoreFault};

/// What the store keeps, encrypted.
#[derive(Serialize, Deserialize)]
struct Parcel {
    draft: Draft,
    /// Pictures, base64 of their bytes.
    pictures: Vec<Sensitive<String>>,
}

impl Hands {
    /// A new visit begins only where it can also end: accepted by the office as far as is known, with room on the disk and
    /// in the outbox's share of it.
    pub(super) fn mint(&self, ask: Ask) {
        if self.paused {
            self.answer(ask, Event::StoreFailed(StoreFault::Paused));
            return;
        }
        if let Err(error) = self.keyring.may_begin(ambient::now()) {
            tracing::error!(%error, "no new visit begins");
            self.answer(ask, Event::StoreFailed(StoreFault::NoKey));
            return;
        }
        let (store, gauge) = (Arc::clone(&self.store), self.gauge.clone());
        let room = move || match gauge.load() {
            Some(load) if load.full => Err(StoreError::DiskFull),
            Some(load) if load.too_old => Err(StoreError::Waiting),
            Some(_) | None => store.check_room(),
        };
        self.answer_later(ask, move || match room() {
            Ok(()) => Event::SubmissionMinted(SubmissionId(ambient::new_uuid())),
            Err(error) => Event::StoreFailed(super::sealing::fault(&error)),
        });
    }

    pub(super) fn save_draft(&self, draft: Draft) {
        let pictures = draft
            .answers
            .iter()
            .flat_map(|(_, answer)| answer.attachments())
            .filter_map(|id| self.album.get(&id))
            .map(|kept| Sensitive::new(B64.encode(kept.bytes.as_slice())))
            .collect();
        let store = Arc::clone(&self.store);
        self.spawn("draft", move || {
            let (id, owner) = (draft.submission, draft.id_number.clone());
            let saved =
                serde_json::to_vec(&Parcel { draft, pictures }).map_err(|error| error.to_string()).and_then(|bytes| {
                    store.save_draft(&owner, id, &bytes, ambient::now()).map_err(|error| error.to_string())
                });
            if let Err(error) = saved {
                // The visit goes on in memory; only a crash would lose it.
                tracing::warn!(error, "a draft was not saved");
            }
        });
    }

    pub(super) fn look_for_draft(&mut self, ask: Ask, id_number: Sensitive<String>) {
        self.looked_for = Some(id_number.clone());
        let (store, signals, catalogue) = (Arc::clone(&self.store), self.signals.clone(), Arc::clone(&self.catalogue));
        self.spawn("draft", move || {
            let answer = |event| {
                let _ = signals.send(Signal::Answer(Input::Answer { ask, event }));
            };
            match store.sealed_lately(&id_number, ambient::now()) {
                Ok(Some(lately)) if catalogue.service(&lately.service).is_some() => {
                    let code = lately.code.unwrap_or_else(|| super::code_of(lately.id));
                    let (service, unfinished) = (lately.service, lately.unfinished);
                    return answer(Event::AlreadySubmitted { service, code, unfinished });
                }
                Ok(_) => {}
                Err(error) => tracing::warn!(%error, "the store could not be asked for sealed submissions"),
            }
            let found = store.open_draft(&id_number, ambient::now());
            let parcel = match found {
                Ok(Some(draft)) => serde_json::from_slice::<Parcel>(draft.content.expose()).ok(),
                Ok(None) => None,
                Err(error) => {
                    tracing::warn!(%error, "a draft could not be opened");
                    None
                }
            };
            let Some(parcel) = parcel else { return answer(Event::NoDraft) };
            let pictures = parcel.pictures.iter().filter_map(|text| B64.decode(text.expose()).ok());
            let _ = signals.send(Signal::Pictures(pictures.map(Sensitive::new).collect()));
            answer(Event::DraftFound(Box::new(parcel.draft)));
        });
    }

    /// Ends drafts whose half hour is over.
    pub fn expire_drafts(&self) {
        let store = Arc::clone(&self.store);
        self.spawn("draft", move || {
            if let Err(error) = store.expire_drafts(ambient::now()) {
                tracing::warn!(%error, "old drafts could not be ended");
            }
        });
    }

    pub(super) fn destroy_draft(&self, id_number: Sensitive<String>) {
        let store = Arc::clone(&self.store);
        self.spawn("draft", move || {
            if let Err(error) = store.destroy_drafts_of(&id_number) {
                tracing::warn!(%error, "a draft could not be destroyed; it ends by its age");
            }
        });
    }

    /// The person was told of what they handed in before: their own end of this visit forgets it too.
    pub fn told_of_submission(&mut self) {
        self.sealed_for = self.looked_for.take();
    }

    /// The person ended the visit: that something was handed in lately is forgotten as well. After a crash or a time-out it
    /// is kept for half an hour, so that the same person is told "we already have it".
    pub fn ended_by_person(&mut self) {
        let Some(id_number) = self.sealed_for.take() else { return };
        let store = Arc::clone(&self.store);
        self.spawn("draft", move || {
            if let Err(error) = store.forget_person(&id_number) {
                tracing::warn!(%error, "a person could not be forgotten; it ends by its age");
            }
        });
    }
}
