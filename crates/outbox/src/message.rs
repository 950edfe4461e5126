//! What goes into the outbox and what comes out of it.
//! Invariant: an effect names everything its adapter needs; an input about a try names that try, so that a late answer harms nothing.
//! Not here: the decisions (`machine`).

use domain::ids::SubmissionId;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::time::Duration;
use wire::digest::Digest;
use wire::problem::{KioskDoes, Problem, Retry, Slug};

/// Where an item is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum State {
    /// In the visit's memory only. The outbox does not know it yet.
    Collecting,
    /// Durable here (已收件), waiting to be sent.
    Sealed,
    /// On its way. After a restart it counts as sealed.
    Sending,
    /// The office's receipt is durable here (已送达); the content may go.
    Acked,
    /// The content is gone; id, digest, receipt and times remain.
    Tombstone,
    /// The office refused it for ever; a person must look. Nothing is erased.
    Quarantined,
}

impl State {
    /// The name as stored and logged.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Collecting => "COLLECTING",
            Self::Sealed => "SEALED",
            Self::Sending => "SENDING",
            Self::Acked => "ACKED",
            Self::Tombstone => "TOMBSTONE",
            Self::Quarantined => "QUARANTINED",
        }
    }

    /// Reads a stored name.
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Collecting, Self::Sealed, Self::Sending, Self::Acked, Self::Tombstone, Self::Quarantined]
            .into_iter()
            .find(|state| state.name() == name)
    }
}

/// One item as the durable store knows it. No personal data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Which submission.
    pub id: SubmissionId,
    /// Order of sealing on this machine, from the store: "oldest first" never asks a clock (I6).
    pub sequence: u64,
    /// The submission its case began with: items of one chain are sent in the order of their sealing.
    pub chain: SubmissionId,
    /// Digest of the signed manifest.
    pub manifest: Digest,
    /// The kiosk's clock when sealed; used for one alarm only.
    pub sealed_at: Timestamp,
    /// Bytes of ciphertext in the spool.
    pub bytes: u64,
    /// Addresses of the ciphertext blobs to upload; small answers ride inside the manifest's request.
    pub blobs: Vec<Digest>,
    /// The durable state.
    pub state: State,
}

/// The two clocks of one moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Monotonic time since the process began: decides when to try again.
    pub since_start: Duration,
    /// Wall clock: decides the alarm for old items and nothing else.
    pub wall: Timestamp,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// The process began: these are all durable items that are no tombstones.
    Restarted(Vec<Entry>),
    /// The store has made this item durable.
    Sealed(Entry),
    /// Time passed.
    Tick,
    /// Bytes of ciphertext the outbox may hold from now on ([`crate::Budget::limit`]).
    Limit(u64),
    /// A try of some request worked after the link had been down.
    LinkUp,
    /// The office does not accept this kiosk at present: nothing is sent for a while, everything stays.
    Suspended,
    /// The office accepts this kiosk (again).
    Admitted,
    /// The transition asked for is durable.
    Persisted {
        /// Which item.
        id: SubmissionId,
        /// Its durable state.
        state: State,
    },
    /// The transition asked for could not be made durable (disk full, I/O error).
    NotPersisted {
        /// Which item.
        id: SubmissionId,
        /// The state that failed to become durable.
        state: State,
    },
    /// The office's answer to [`Effect::AskMissing`].
    BlobsMissing {
        /// Which item.
        id: SubmissionId,
        /// Which try.
        attempt: u32,
        /// Blobs the office lacks.
        missing: Vec<Digest>,
    },
    /// The office has this blob completely.
    Uploaded {
        /// Which item.
        id: SubmissionId,
        /// Which try.
        attempt: u32,
        /// Which blob.
        blob: Digest,
    },
    /// The office's answer to [`Effect::PutManifest`]: a `wire::signature::Signed` receipt as JSON, not yet checked.
    Receipt {
        /// Which item.
        id: SubmissionId,
        /// The body of the answer.
        bytes: Vec<u8>,
    },
    /// A relay keeps all of it durably and will pass it on. Nothing is acknowledged by that: the same is asked again until the
    /// office's receipt comes.
    Relayed {
        /// Which item.
        id: SubmissionId,
        /// Which try.
        attempt: u32,
        /// `Retry-After`, when given.
        after: Option<Duration>,
    },
    /// A try failed and will be repeated.
    Transient {
        /// Which item.
        id: SubmissionId,
        /// Which try.
        attempt: u32,
        /// Why.
        why: Setback,
    },
    /// The office said that the same request will never be taken.
    Permanent {
        /// Which item.
        id: SubmissionId,
        /// Which try.
        attempt: u32,
        /// Name of the problem, e.g. `id-conflict`.
        problem: String,
    },
    /// An operator wants a quarantined item to be sent again.
    OperatorResend {
        /// Which item.
        id: SubmissionId,
    },
}

/// What to do. To be carried out in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Make this state durable, then answer with [`Input::Persisted`] or [`Input::NotPersisted`].
    Persist {
        /// Which item.
        id: SubmissionId,
        /// The new state.
        state: State,
        /// The checked receipt, with [`State::Acked`] only.
        receipt: Option<Vec<u8>>,
        /// Name of the problem, with [`State::Quarantined`] only.
        problem: Option<String>,
    },
    /// Ask which of these blobs the office lacks.
    AskMissing {
        /// Which item.
        id: SubmissionId,
        /// Which try; comes back with the answer.
        attempt: u32,
        /// All blobs of the item.
        blobs: Vec<Digest>,
    },
    /// Upload one blob, from the offset the office names.
    UploadBlob {
        /// Which item.
        id: SubmissionId,
        /// Which try; comes back with the answer.
        attempt: u32,
        /// Which blob.
        blob: Digest,
    },
    /// Put the signed manifest: the office's commit.
    PutManifest {
        /// Which item.
        id: SubmissionId,
        /// Which try; comes back with the answer.
        attempt: u32,
        /// Without the parts that ride along: a relay has them, and is only asked for the receipt.
        alone: bool,
    },
    /// Unlink the blobs and leave a tombstone, then answer with `Persisted(Tombstone)` or `NotPersisted(Tombstone)`.
    Erase {
        /// Which item.
        id: SubmissionId,
    },
    /// Tell those who run the kiosk.
    Alarm {
        /// Which item.
        id: SubmissionId,
        /// What.
        alarm: Alarm,
    },
}

/// What those who run the kiosk must know. Each is told once per item and process.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Alarm {
    /// Sealed longer ago than the longest offline time; the kiosk takes no new work until it is gone.
    TooOld,
    /// Tried very often, or for a day.
    KeepsFailing,
    /// The office answered with something that is no receipt of this item.
    FalseReceipt,
    /// The office refused it for ever.
    Quarantined,
    /// The office does not accept this kiosk.
    Suspended,
    /// The kiosk's own disk refused a transition.
    DiskFailed,
}

/// Why a try failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setback {
    /// No answer: refused, cut, timed out.
    Network,
    /// The office answered "later", perhaps with a time.
    Later {
        /// `Retry-After`, when given.
        after: Option<Duration>,
    },
    /// The office wants the same item again at once, e.g. after `blobs-missing`.
    Again,
    /// The office does not accept this kiosk at present (401, 403).
    Suspended,
}

/// What an answer that is no success means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Repeat.
    Transient(Setback),
    /// Never: the problem's name.
    Permanent(String),
}

/// Judges an answer that is no success, by the table of `wire::problem`. Only the office's own word (a problem with `retry: never` and a 4xx status) is
/// permanent: a bare 4xx may come from any box in between, and must not stop an item.
pub fn judge(status: u16, problem: Option<&Problem>, after: Option<Duration>) -> Verdict {
    if status == 401 || status == 403 {
        return Verdict::Transient(Setback::Suspended);
    }
    let known = problem.and_then(|problem| Slug::of(problem.name())).filter(|slug| slug.row().status == status);
    if let (Some(slug), Some(problem)) = (known, problem) {
        return match slug.row().does {
            KioskDoes::Quarantine => Verdict::Permanent(problem.name().to_owned()),
            KioskDoes::Pause => Verdict::Transient(Setback::Suspended),
            KioskDoes::Restart | KioskDoes::Upload => Verdict::Transient(Setback::Again),
            KioskDoes::EarlierFirst | KioskDoes::Wait | KioskDoes::Tell => Verdict::Transient(Setback::Later { after }),
        };
    }
    // A newer office may have other problems: then its member `retry` counts.
    match problem {
        Some(problem) if problem.retry == Retry::Never && (400..500).contains(&status) => {
            Verdict::Permanent(problem.name().to_owned())
        }
        Some(problem) if problem.retry == Retry::Same => Verdict::Transient(Setback::Again),
        Some(_) | None => Verdict::Transient(Setback::Later { after }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_offices_own_word_is_permanent() {
        let never = Problem::new("id-conflict", 409, Retry::Never, "another digest");
        let same = Problem::new("blobs-missing", 409, Retry::Same, "blobs missing");
        let later = Problem::new("overloaded", 503, Retry::Later, "busy");
        let after = Some(Duration::from_secs(7));
        for slug in Slug::ALL {
            let (row, problem) = (slug.row(), slug.problem());
            let expected = match (row.does, row.retry) {
                (KioskDoes::Pause, _) => Verdict::Transient(Setback::Suspended),
                (KioskDoes::Quarantine, _) => Verdict::Permanent(row.name.to_owned()),
                (_, Retry::Same) => Verdict::Transient(Setback::Again),
                // What a visit asked concerns no item: were it ever the answer to one, that one only waits.
                (_, Retry::Later | Retry::Never) if row.status != 403 => Verdict::Transient(Setback::Later { after }),
                (_, Retry::Later | Retry::Never) => Verdict::Transient(Setback::Suspended),
            };
            assert_eq!(judge(row.status, Some(&problem), after), expected, "{row:?}");
        }
        assert_eq!(judge(409, Some(&never), None), Verdict::Permanent("id-conflict".to_owned()));
        assert_eq!(judge(500, Some(&never), None), Verdict::Transient(Setback::Later { after: None }));
        assert_eq!(judge(403, Some(&never), None), Verdict::Transient(Setback::Suspended));
        assert_eq!(judge(409, Some(&same), None), Verdict::Transient(Setback::Again));
        assert_eq!(judge(503, Some(&later), after), Verdict::Transient(Setback::Later { after }));
        assert_eq!(judge(404, None, None), Verdict::Transient(Setback::Later { after: None }));
        // A path that an older office does not know sets nothing aside.
        assert_eq!(
            judge(404, Some(&Slug::NotFound.problem()), None),
            Verdict::Transient(Setback::Later { after: None })
        );
        assert_eq!(judge(404, Some(&Slug::UploadGone.problem()), None), Verdict::Transient(Setback::Again));
        let newer = Problem::new("unheard-of", 422, Retry::Never, "newer than this kiosk");
        assert_eq!(judge(422, Some(&newer), None), Verdict::Permanent("unheard-of".to_owned()));
    }

    #[test]
    fn states_read_back_by_name() {
        for state in
            [State::Collecting, State::Sealed, State::Sending, State::Acked, State::Tombstone, State::Quarantined]
        {
            assert_eq!(State::from_name(state.name()), Some(state));
        }
        assert_eq!(State::from_name("LOST"), None);
    }
}
