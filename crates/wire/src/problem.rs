//! Problems per RFC 9457 between office and kiosk, with a member `retry` that tells a machine what to do.
//! Invariants: [`Slug`] names every problem of the kiosks' door, and [`Slug::row`] is the only place that says status,
//! `retry` and what the kiosk does; docs/protocol.md and the OpenAPI document are held to it.
//! Not here: problems of the officers' and the public door, which only people and the web application see.

use serde::{Deserialize, Serialize};

/// `application/problem+json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// A stable name, e.g. `urn:yimen:problem:id-conflict`.
    #[serde(rename = "type")]
    pub kind: String,
    /// In words, for people who read logs.
    pub title: String,
    /// HTTP status.
    pub status: u16,
    /// What to do, without personal data.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// What the sender should do.
    pub retry: Retry,
}

/// What the sender should do with the same request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Retry {
    /// Send the same again at once (after uploading what is missing).
    Same,
    /// Send the same again later.
    Later,
    /// Never: a person must look.
    Never,
}

/// What a kiosk does with an item, or with itself, after a problem.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KioskDoes {
    /// QUARANTINED and an alarm: a person must look; nothing is erased.
    Quarantine,
    /// Stops sending for a while and keeps everything; the screen says that the service is paused.
    Pause,
    /// Asks where the upload stands (`HEAD`, else a new `POST`) and goes on there.
    Restart,
    /// Uploads what is missing, then the same again.
    Upload,
    /// Sends the earlier item of the same chain first.
    EarlierFirst,
    /// Waits: `Retry-After` when given, else full jitter.
    Wait,
    /// No item is concerned: the visit that asked says so on its screen.
    Tell,
}

impl KioskDoes {
    /// As docs/protocol.md says it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Quarantine => "sets the item aside (QUARANTINED) and raises an alarm",
            Self::Pause => "stops sending, keeps everything, the screen says that the service is paused",
            Self::Restart => "asks where the upload stands and goes on there",
            Self::Upload => "uploads what is missing, then sends the same again",
            Self::EarlierFirst => "sends the earlier item of the same chain first",
            Self::Wait => "waits: `Retry-After`, else full jitter",
            Self::Tell => "tells the visit that asked; no item is concerned",
        }
    }
}

/// One line of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Row {
    /// The last part of the type.
    pub name: &'static str,
    /// HTTP status.
    pub status: u16,
    /// The member `retry`.
    pub retry: Retry,
    /// What the kiosk does.
    pub does: KioskDoes,
    /// In words.
    pub title: &'static str,
}

macro_rules! slugs {
    ($($(#[$doc:meta])* $slug:ident = $name:literal $status:literal $retry:ident $does:ident $title:literal;)*) => {
        /// Every problem that the kiosks' door answers with.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Slug {
            $($(#[$doc])* $slug,)*
        }

        impl Slug {
            /// All of them, in the table's order.
            pub const ALL: &'static [Self] = &[$(Self::$slug,)*];

            /// Its line of the table.
            pub const fn row(self) -> Row {
                match self {
                    $(Self::$slug => Row {
                        name: $name,
                        status: $status,
                        retry: Retry::$retry,
                        does: KioskDoes::$does,
                        title: $title,
                    },)*
                }
            }
        }
    };
}

slugs! {
    /// The request is not of the right shape.
    Malformed = "malformed" 400 Never Quarantine "The request is not of the right shape";
    /// The kiosk's certificate is out of date: it renews it, an administrator lets it.
    CertExpired = "cert-expired" 401 Later Pause "The certificate is out of date";
    /// No machine is this kiosk, or another one is.
    NotEnrolled = "not-enrolled" 403 Later Pause "This machine is not an enrolled kiosk";
    /// An administrator suspended it.
    DeviceSuspended = "device-suspended" 403 Later Pause "This kiosk is suspended";
    /// Whatever is wrong with a code; only a machine that is no kiosk yet sees it.
    EnrolmentRefused = "enrolment-refused" 403 Never Tell "This code does not enrol this kiosk";
    /// An administrator has not let it renew a certificate out of date.
    RenewalNeedsAcceptance = "renewal-needs-acceptance" 403 Later Pause "An administrator lets the kiosk renew its certificate";
    /// An officer must confirm the person first.
    NotIdentified = "not-identified" 403 Never Tell "The person is not confirmed yet";
    /// Nothing is there, or it is another kiosk's.
    NotFound = "not-found" 404 Never Tell "There is nothing under this address";
    /// An upload that was opened is not here any more.
    UploadGone = "upload-gone" 404 Same Restart "No upload was opened here, or it is gone";
    /// The address knows another method.
    Method = "method" 405 Never Tell "This address does not know this method";
    /// The upload stands elsewhere.
    Offset = "offset" 409 Same Restart "The upload stands at another place";
    /// Parts of the submission are not here yet.
    BlobsMissing = "blobs-missing" 409 Same Upload "Parts of the submission are not here yet";
    /// Another submission has this id: a fault, or a copied kiosk.
    IdConflict = "id-conflict" 409 Never Quarantine "Another submission was received under this id";
    /// An earlier item of the same chain is not here yet.
    OutOfOrder = "out-of-order" 409 Later EarlierFirst "An earlier submission of the same case is not here yet";
    /// Another version of tus.
    TusVersion = "tus-version" 412 Never Quarantine "This version of the upload protocol is not known here";
    /// Larger than allowed, or than was announced.
    TooLarge = "too-large" 413 Never Quarantine "This is too large";
    /// Another content type than this address takes.
    Media = "media" 415 Never Quarantine "This content type is not taken here";
    /// The manifest is not signed by this kiosk.
    BadSignature = "bad-signature" 422 Never Quarantine "The manifest is not signed by this kiosk";
    /// The bytes are not those that the digest names; they were thrown away.
    DigestMismatch = "digest-mismatch" 422 Same Restart "The bytes do not have the digest that names them";
    /// Not an age file.
    NotSealed = "not-sealed" 422 Never Quarantine "Only sealed content is taken";
    /// Not exactly one `answers`, or too many parts.
    Parts = "parts" 422 Never Quarantine "The parts are not those of a submission";
    /// A part is not as long as the manifest says.
    SizeMismatch = "size-mismatch" 422 Never Quarantine "A part is not as long as the manifest says";
    /// Another version of this protocol.
    Version = "version" 422 Never Quarantine "This version of the protocol is not known here";
    /// Sealed by a suite that this office does not know.
    UnknownSuite = "unknown-suite" 422 Never Quarantine "This suite of ciphers is not known here";
    /// The kiosk that sealed what another one carries is not enrolled, or was suspended.
    AuthorNotEnrolled = "author-not-enrolled" 422 Later Wait "The kiosk that sealed this is not enrolled, or was suspended";
    /// The manifest names another submission or another kiosk.
    WrongAddress = "wrong-address" 422 Never Quarantine "The manifest names another submission or another kiosk";
    /// Sealed to a key that ended too long ago, or to none of this office's keys.
    RecipientKeyRetired = "recipient-key-retired" 422 Never Quarantine "Sealed to a key that this office does not hold any more";
    /// One to five.
    Stars = "stars" 422 Never Tell "One to five stars";
    /// Too many requests of this kiosk.
    SlowDown = "slow-down" 429 Later Wait "Too many requests of this kiosk";
    /// A piece of an upload does not have the digest that was sent with it (tus, extension checksum).
    ChecksumMismatch = "checksum-mismatch" 460 Same Restart "The piece does not have its checksum";
    /// Nothing was done.
    Overloaded = "overloaded" 503 Later Wait "The office cannot do this now";
    /// The registry gives no answer.
    RegistryUnavailable = "registry-unavailable" 503 Later Tell "The registry gives no answer";
    /// The office's disk is nearly full.
    DiskFull = "disk-full" 507 Later Wait "The office has no room now";
}

impl Slug {
    /// The problem of this name, when the table has it.
    pub fn of(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|slug| slug.row().name == name)
    }

    /// A problem as the table has it.
    pub fn problem(self) -> Problem {
        let row = self.row();
        Problem::new(row.name, row.status, row.retry, row.title)
    }
}

/// Media type of a problem.
pub const MEDIA_TYPE: &str = "application/problem+json";

/// Prefix of all our problem types.
pub const PREFIX: &str = "urn:yimen:problem:";

impl Problem {
    /// A problem by the last part of its type.
    pub fn new(name: &str, status: u16, retry: Retry, title: &str) -> Self {
        Self { kind: format!("{PREFIX}{name}"), title: title.to_owned(), status, detail: None, retry }
    }

    /// Adds what to do.
    #[must_use]
    pub fn with_detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = Some(detail.into());
        self
    }

    /// The last part of the type.
    pub fn name(&self) -> &str {
        self.kind.strip_prefix(PREFIX).unwrap_or(&self.kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_single_and_status_retry_and_deed_agree() {
        let names: BTreeSet<_> = Slug::ALL.iter().map(|slug| slug.row().name).collect();
        assert_eq!(names.len(), Slug::ALL.len());
        for slug in Slug::ALL {
            let row = slug.row();
            assert_eq!(Slug::of(row.name), Some(*slug));
            let fits = match row.does {
                KioskDoes::Quarantine => row.retry == Retry::Never && (400..500).contains(&row.status),
                KioskDoes::Pause => row.retry == Retry::Later && [401, 403].contains(&row.status),
                KioskDoes::Restart | KioskDoes::Upload => row.retry == Retry::Same && (400..500).contains(&row.status),
                KioskDoes::EarlierFirst => row.retry == Retry::Later && row.status == 409,
                KioskDoes::Wait => row.retry == Retry::Later,
                KioskDoes::Tell => row.retry != Retry::Same,
            };
            assert!(fits, "{row:?}");
        }
    }
}
