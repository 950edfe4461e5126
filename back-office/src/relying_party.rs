//! The office as a WebAuthn relying party: one origin, one id, and the ceremonies that are under way.
//! Invariants: a challenge lives two minutes and serves once; only this origin and this id pass; the person is verified by the
//! device (user verification) every time; a key must be one the device finds by itself, so that nobody types an id and
//! nothing is told about who has which key.
//! Not here: which keys belong to whom (`store::passkeys`), sessions (`officer_api`).

use domain::ids::{OfficerId, StationId};
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use url::Url;
use uuid::Uuid;
use webauthn_rs::prelude::{
    AuthenticationResult, CredentialID, DiscoverableAuthentication, DiscoverableKey, Passkey, PasskeyRegistration,
    PublicKeyCredential, RegisterPublicKeyCredential, WebauthnError,
};
use webauthn_rs::{Webauthn, WebauthnBuilder};
use wire::digest::Digest;

/// How long a challenge may be answered.
const LIFE: SignedDuration = SignedDuration::from_mins(2);
/// Most ceremonies under way.
const MOST: usize = 5000;

/// Why a ceremony came to nothing.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum CeremonyError {
    /// There is no such challenge (any more), or it belongs to something else.
    #[error("no such challenge")]
    Gone,
    /// Too many are under way.
    #[error("too many ceremonies")]
    Full,
    /// The signature counter went backwards: somebody else has this key as well.
    #[error("the key was copied")]
    Cloned,
    /// The answer does not prove it.
    #[error("refused: {0}")]
    Refused(String),
}

impl From<WebauthnError> for CeremonyError {
    fn from(error: WebauthnError) -> Self {
        if matches!(error, WebauthnError::CredentialPossibleCompromise) {
            return Self::Cloned;
        }
        Self::Refused(error.to_string())
    }
}

enum Ceremony {
    /// A new key in this session.
    Register(Uuid, Box<PasskeyRegistration>),
    /// Whoever has a key.
    Prove(Box<DiscoverableAuthentication>),
}

/// A ceremony that the browser now carries out.
#[derive(Debug)]
pub struct Begun {
    /// To be given back with the answer.
    pub ceremony: Uuid,
    /// What the browser's `navigator.credentials` takes, binary members in base64url.
    pub options: Value,
}

/// The relying party.
pub struct RelyingParty {
    webauthn: Webauthn,
    origin: Url,
    under_way: Mutex<HashMap<Uuid, (Timestamp, Ceremony)>>,
}

/// The handle under which devices know an officer: stable, and no id in it.
pub fn handle(station: &StationId, officer: &OfficerId) -> Uuid {
    let digest = Digest::of(format!("yimen officer handle\n{station}\n{officer}").as_bytes());
    let mut bytes = [0_u8; 16];
    // A digest is 64 hex digits; the first half of it makes the handle.
    hex::decode_to_slice(&digest.as_str()[..32], &mut bytes).unwrap_or_default();
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

impl RelyingParty {
    /// For the page at `origin`, e.g. `https://office.example:8442`.
    ///
    /// # Errors
    /// The origin is none, or has no name (an address is none).
    pub fn new(origin: &str, name: &str) -> Result<Self, String> {
        let url = Url::parse(origin).map_err(|error| format!("{origin}: {error}"))?;
        let host =
            url.domain().ok_or_else(|| format!("{origin} has no host name; passkeys do not work with addresses"))?;
        let made = WebauthnBuilder::new(host, &url).map(|builder| {
            let life = Duration::from_secs(LIFE.as_secs().unsigned_abs());
            builder.rp_name(name).timeout(life).build()
        });
        let webauthn = made.and_then(|built| built).map_err(|error| format!("{origin}: {error}"))?;
        Ok(Self { webauthn, origin: url, under_way: Mutex::default() })
    }

    /// The origin as browsers write it.
    pub fn origin(&self) -> String {
        self.origin.origin().ascii_serialization()
    }

    fn keep(&self, ceremony: Ceremony, options: Value, now: Timestamp) -> Result<Begun, CeremonyError> {
        let mut under_way = self.under_way.lock().unwrap_or_else(PoisonError::into_inner);
        under_way.retain(|_, (begun, _)| now.duration_since(*begun) < LIFE);
        if under_way.len() >= MOST {
            return Err(CeremonyError::Full);
        }
        // Nobody can guess it: it is all that binds a browser to its challenge.
        let id = uuid::Builder::from_random_bytes(ambient::random_bytes()).into_uuid();
        under_way.insert(id, (now, ceremony));
        Ok(Begun { ceremony: id, options })
    }

    fn take(&self, ceremony: Uuid, now: Timestamp) -> Result<Ceremony, CeremonyError> {
        let taken = self.under_way.lock().unwrap_or_else(PoisonError::into_inner).remove(&ceremony);
        taken
            .filter(|(begun, _)| now.duration_since(*begun) < LIFE)
            .map(|(_, ceremony)| ceremony)
            .ok_or(CeremonyError::Gone)
    }

    /// Begins a new key for the officer of this session, who has `known` ones.
    ///
    /// # Errors
    /// [`CeremonyError`].
    pub fn begin_registration(
        &self,
        session: Uuid,
        handle: Uuid,
        officer: &str,
        shown_name: &str,
        known: Vec<CredentialID>,
        now: Timestamp,
    ) -> Result<Begun, CeremonyError> {
        let (options, state) = self.webauthn.start_passkey_registration(handle, officer, shown_name, Some(known))?;
        let mut options = serde_json::to_value(options).map_err(|error| CeremonyError::Refused(error.to_string()))?;
        let selection = &mut options["publicKey"]["authenticatorSelection"];
        selection["residentKey"] = "required".into();
        selection["requireResidentKey"] = true.into();
        self.keep(Ceremony::Register(session, Box::new(state)), options, now)
    }

    /// The key that the device made.
    ///
    /// # Errors
    /// [`CeremonyError`].
    pub fn finish_registration(
        &self,
        session: Uuid,
        ceremony: Uuid,
        answer: &RegisterPublicKeyCredential,
        now: Timestamp,
    ) -> Result<Passkey, CeremonyError> {
        match self.take(ceremony, now)? {
            Ceremony::Register(of, state) if of == session => {
                Ok(self.webauthn.finish_passkey_registration(answer, &state)?)
            }
            Ceremony::Register(..) | Ceremony::Prove(_) => Err(CeremonyError::Gone),
        }
    }

    /// Asks whoever is there for a key.
    ///
    /// # Errors
    /// [`CeremonyError`].
    pub fn begin_proof(&self, now: Timestamp) -> Result<Begun, CeremonyError> {
        let (mut options, state) = self.webauthn.start_discoverable_authentication()?;
        // An explicit button: the browsers of the desks know no other way.
        options.mediation = None;
        let options = serde_json::to_value(options).map_err(|error| CeremonyError::Refused(error.to_string()))?;
        self.keep(Ceremony::Prove(Box::new(state)), options, now)
    }

    /// Takes the challenge of a proof: from here on it is used up, whatever the answer is.
    ///
    /// # Errors
    /// [`CeremonyError::Gone`].
    pub fn take_proof(&self, ceremony: Uuid, now: Timestamp) -> Result<DiscoverableAuthentication, CeremonyError> {
        match self.take(ceremony, now)? {
            Ceremony::Prove(state) => Ok(*state),
            Ceremony::Register(..) => Err(CeremonyError::Gone),
        }
    }

    /// Whether the answer to a challenge is this key's, whose owner devices know by `handle`.
    ///
    /// # Errors
    /// [`CeremonyError`]; [`CeremonyError::Cloned`] only when everything else was right.
    pub fn finish_proof(
        &self,
        state: DiscoverableAuthentication,
        answer: &PublicKeyCredential,
        key: &Passkey,
        handle: Uuid,
    ) -> Result<AuthenticationResult, CeremonyError> {
        let (told, _) = self.webauthn.identify_discoverable_authentication(answer)?;
        if told != handle {
            return Err(CeremonyError::Refused("of another officer".into()));
        }
        Ok(self.webauthn.finish_discoverable_authentication_v2(answer, state, DiscoverableKey::from(key))?)
    }
}

impl std::fmt::Debug for RelyingParty {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RelyingParty({})", self.origin)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> Timestamp {
        Timestamp::from_second(1_800_000_000 + second).unwrap()
    }

    #[test]
    fn a_challenge_serves_once_and_for_two_minutes() {
        let party = RelyingParty::new("https://localhost:8442", "一门").unwrap();
        assert_eq!(party.origin(), "https://localhost:8442");
        let begun = party.begin_proof(at(0)).unwrap();
        assert_eq!(begun.options["publicKey"]["userVerification"], "required");
        assert_eq!(begun.options["publicKey"]["rpId"], "localhost");
        assert!(begun.options.get("mediation").is_none());
        assert!(party.take_proof(begun.ceremony, at(119)).is_ok());
        assert_eq!(party.take_proof(begun.ceremony, at(119)).err(), Some(CeremonyError::Gone), "once");
        let begun = party.begin_proof(at(200)).unwrap();
        assert_eq!(party.take_proof(begun.ceremony, at(320)).err(), Some(CeremonyError::Gone), "too late");
        let other = party.begin_proof(at(400)).unwrap().options["publicKey"]["challenge"].clone();
        assert_ne!(other, begun.options["publicKey"]["challenge"]);
    }

    #[test]
    fn a_new_key_must_be_found_by_its_device_and_verify_the_person() {
        let party = RelyingParty::new("http://localhost:8442", "一门").unwrap();
        let (officer, station) = (OfficerId::from("o-1"), StationId::from("yunqiao"));
        let handle = handle(&station, &officer);
        assert_ne!(handle, super::handle(&station, &OfficerId::from("o-2")));
        let session = Uuid::from_u128(1);
        let begun = party.begin_registration(session, handle, "o-1", "李敏", Vec::new(), at(0)).unwrap();
        let selection = &begun.options["publicKey"]["authenticatorSelection"];
        assert_eq!(
            (&selection["residentKey"], &selection["userVerification"]),
            (&"required".into(), &"required".into())
        );
        assert!(!begun.options.to_string().contains("\"mediation\""));
        assert_eq!(party.take_proof(begun.ceremony, at(1)).err(), Some(CeremonyError::Gone), "another kind");
    }

    #[test]
    fn an_address_is_no_origin() {
        assert!(RelyingParty::new("https://127.0.0.1:8442", "一门").is_err());
        assert!(RelyingParty::new("office", "一门").is_err());
    }
}
