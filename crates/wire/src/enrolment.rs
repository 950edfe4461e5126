//! Enrolment: how a machine becomes a kiosk of the bureau, and how it keeps its certificate fresh.
//! Invariants: a code is good once and only for the key it was first used with; what the kiosk sends is signed by its device
//! key, what it asks a certificate for is signed by that certificate's key (RFC 2986), so that nobody enrols another's key.
//! Not here: issuing (the office), making keys (the kiosk).

use crate::bureau::Bureau;
use crate::signature::Signed;
use domain::ids::{KioskId, StationId};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// Letters of a code: Crockford's base 32, without I, L, O and U, which look like others or spell words.
pub const LETTERS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Letters of a code: 26 of them carry 128 bits.
pub const CODE_LETTERS: usize = 26;

/// A one-time code of 128 random bits.
#[derive(Clone, PartialEq, Eq)]
pub struct Code(String);

/// The text is no code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an enrolment code has {CODE_LETTERS} letters and digits, without I, L, O and U")]
pub struct NotACode;

impl Code {
    /// The code of these random bytes.
    pub fn of(bytes: [u8; 16]) -> Self {
        let number = u128::from_be_bytes(bytes);
        let letter = |place: usize| char::from(LETTERS[(number >> (5 * place) & 31) as usize]);
        Self((0..CODE_LETTERS).rev().map(letter).collect())
    }

    /// As it is typed and sent, without hyphens.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// In groups, to be read aloud: `01234-56789-ABCDE-FGHJK-MNPQRS`.
impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cuts = [0, 5, 10, 15, 20, CODE_LETTERS];
        for (group, pair) in cuts.windows(2).enumerate() {
            let part = self.0.get(pair[0]..pair[1]).unwrap_or_default();
            write!(f, "{}{part}", if group > 0 { "-" } else { "" })?;
        }
        Ok(())
    }
}

/// A code opens a bureau to a machine: it never shows in a log.
impl fmt::Debug for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Code(…)")
    }
}

impl FromStr for Code {
    type Err = NotACode;

    /// Reads what a person typed: small letters, hyphens and spaces are as good.
    fn from_str(text: &str) -> Result<Self, NotACode> {
        let letters: String =
            text.chars().filter(|c| !matches!(c, '-' | ' ')).map(|c| c.to_ascii_uppercase()).collect();
        let right = letters.len() == CODE_LETTERS && letters.bytes().all(|b| LETTERS.contains(&b));
        if right { Ok(Self(letters)) } else { Err(NotACode) }
    }
}

/// All that a new machine must be told, on one line or in one QR code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// Base address of the office's door for kiosks.
    pub office: String,
    /// Which kiosk it becomes.
    pub kiosk: KioskId,
    /// SHA-256 (64 hex digits) of the bureau's authority (DER): by this the machine knows the office.
    pub authority: String,
    /// The one-time code.
    pub code: Code,
}

/// The text is no ticket.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("an enrolment ticket reads: yimen-enrol/1 <office> <kiosk> <fingerprint> <code>")]
pub struct NotATicket;

const TICKET: &str = "yimen-enrol/1";

impl fmt::Display for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{TICKET} {} {} {} {}", self.office, self.kiosk, self.authority, self.code)
    }
}

impl FromStr for Ticket {
    type Err = NotATicket;

    fn from_str(text: &str) -> Result<Self, NotATicket> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let [TICKET, office, kiosk, authority, code] = words.as_slice() else { return Err(NotATicket) };
        let fingerprint = authority.len() == 64 && authority.bytes().all(|b| b.is_ascii_hexdigit());
        let office = office.trim_end_matches('/');
        if office.strip_prefix("https://").is_none_or(str::is_empty) || !fingerprint {
            return Err(NotATicket);
        }
        Ok(Self {
            office: office.to_owned(),
            kiosk: KioskId::new(*kiosk),
            authority: authority.to_ascii_lowercase(),
            code: code.parse().map_err(|NotACode| NotATicket)?,
        })
    }
}

/// How a machine keeps its private keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Protection {
    /// Sealed by the machine's TPM: the disk alone opens nothing.
    Tpm2,
    /// Sealed by a key of the host, which lies on the same disk, outside the kiosk's folder: a copied folder opens nothing.
    #[serde(alias = "system-credential")]
    Host,
    /// Files that their owner alone may read. Whoever has the disk has the keys; it is called so wherever it shows.
    #[serde(alias = "software-key")]
    Software,
}

/// Body of `POST /v1/enrol`, sent as [`crate::signature::Signed`] by the device key inside it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enrol {
    /// Protocol version, [`crate::manifest::VERSION`].
    pub v: u32,
    /// Which kiosk.
    pub kiosk: KioskId,
    /// The one-time code, without hyphens.
    pub code: String,
    /// Certificate signing request (PKCS#10, PEM) of a P-256 key.
    pub request: String,
    /// Ed25519 public key (64 hex digits) that will sign manifests.
    pub device_key: String,
    /// How the keys are kept.
    pub protection: Protection,
}

/// Answer to an enrolment. What it says more than before is left out when there is nothing to say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Enrolled {
    /// Number as shown.
    pub number: u32,
    /// Where it stands.
    pub station: StationId,
    /// The bureau's public file.
    pub bureau: Bureau,
    /// The key list as of now ([`crate::key_list::KeyList`]), so that the machine can seal at once.
    pub keys: Signed,
    /// The bureau's root, PEM: the one whose fingerprint is in the ticket.
    pub authority: String,
    /// Its first certificate.
    pub certificate: Certificate,
    /// Base address of an edge that takes submissions in for the office; none: the office itself does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub intake: Option<String>,
}

/// Body of `POST /v1/certs/renew`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Renew {
    /// Certificate signing request (PKCS#10, PEM) of a new P-256 key.
    pub request: String,
}

/// A certificate for the kiosks' door.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Certificate {
    /// The kiosk's certificate and that of the online authority, PEM.
    pub chain: String,
    /// Good until, by the office's clock.
    pub not_after: Timestamp,
}

/// Body of `POST /v1/health`: what the kiosk holds that the office has not answered yet, and how it keeps its keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Holding {
    /// Items whose content is still on the kiosk.
    pub waiting: u32,
    /// How its keys are kept now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keys: Option<Protection>,
    /// How full its outbox is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outbox: Option<Fill>,
}

/// How full an outbox is: no number of a person, no id.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fill {
    /// Bytes of ciphertext it holds.
    pub bytes: u64,
    /// Bytes it may hold: its share of the disk.
    pub limit: u64,
    /// When the oldest was sealed that has not arrived, by the kiosk's clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub oldest: Option<Timestamp>,
}

impl Fill {
    /// Whole percent of the limit, rounded down; more than 100 when others filled the disk.
    pub fn percent(&self) -> u64 {
        let percent = u128::from(self.bytes) * 100 / u128::from(self.limit.max(1));
        u64::try_from(percent).unwrap_or(u64::MAX)
    }
}

/// Answer of the office's health call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Health {
    /// The kiosk as the office knows it.
    pub kiosk: KioskId,
    /// Two thirds of the certificate's life are over, by the office's clock: ask for a new one.
    pub renew: bool,
}

/// The name inside a kiosk's certificate: `spiffe://<station>/kiosk/<id>`.
pub fn kiosk_uri(station: &StationId, kiosk: &KioskId) -> String {
    format!("spiffe://{station}/kiosk/{kiosk}")
}

/// The name inside an edge's certificate: `spiffe://<station>/edge/<name>`.
pub fn edge_uri(station: &StationId, name: &str) -> String {
    format!("spiffe://{station}/edge/{name}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_128_bits_and_reads_back_as_it_is_typed() {
        // 2^128 - 1 in base 32 by hand: 128 = 25 * 5 + 3, so the first letter is 7 (three bits), 25 times Z follow.
        assert_eq!(Code::of([0xff; 16]).as_str(), format!("7{}", "Z".repeat(25)));
        assert_eq!(Code::of([0; 16]).to_string(), "00000-00000-00000-00000-000000");
        let code = Code::of([0x5a; 16]);
        assert_eq!(code.to_string().to_lowercase().parse::<Code>(), Ok(code.clone()));
        for wrong in ["", "O0000-00000-00000-00000-000000", &code.to_string()[..29]] {
            assert_eq!(wrong.parse::<Code>(), Err(NotACode), "{wrong}");
        }
        assert!(!format!("{code:?}").contains(code.as_str()));
    }

    #[test]
    fn a_ticket_reads_back_and_names_an_https_office() {
        let ticket = Ticket {
            office: "https://127.0.0.1:8441".to_owned(),
            kiosk: KioskId::new("yunqiao-1"),
            authority: "ab".repeat(32),
            code: Code::of([7; 16]),
        };
        assert_eq!(ticket.to_string().parse::<Ticket>(), Ok(ticket.clone()));
        for wrong in ["http://127.0.0.1:8441", "https://", "https:////"] {
            let text = ticket.to_string().replace(&ticket.office, wrong);
            assert_eq!(text.parse::<Ticket>(), Err(NotATicket), "{wrong}");
        }
    }
}
