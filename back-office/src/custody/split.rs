//! An age file in two: the header, which is the wrapped file key, and the payload, which nothing opens without it.
//! Invariants: header and payload joined are the file again, byte for byte; whatever has no end of a header opens for nobody,
//! and its first line counts as its header, so that nothing is refused here for its content.
//! Not here: where the halves lie.
//! Source: age v1 (c2sp.org/age): a header ends with the line of its authentication code, `--- ` and 43 characters.

use crate::store::openings::OpeningId;
use domain::ids::{CaseId, SubmissionId};
use std::fmt;
use wire::digest::Digest;

/// Every age file begins so.
pub const SEALED_START: &[u8] = b"age-encryption.org/v1\n";
/// The last line of a header begins so.
const LAST_LINE: &[u8] = b"\n--- ";
/// A column of sealed bytes begins so, when its header lies in custody.
const KEPT_START: &[u8] = b"yimen-kept/1 ";

/// Whose end a sealed thing shares: a submission, a case or an opening, by its id.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Owner(String);

impl Owner {
    /// As stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Of what belongs to nobody yet.
    pub const NOBODY: Self = Self(String::new());

    /// As read from the store.
    pub(super) fn stored(text: impl Into<String>) -> Self {
        Self(text.into())
    }
}

impl fmt::Display for Owner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<SubmissionId> for Owner {
    fn from(id: SubmissionId) -> Self {
        Self(id.to_string())
    }
}

impl From<CaseId> for Owner {
    fn from(id: CaseId) -> Self {
        Self(id.to_string())
    }
}

impl From<OpeningId> for Owner {
    fn from(id: OpeningId) -> Self {
        Self(id.to_string())
    }
}

/// Where the header of an age file ends and its payload begins.
fn end_of_header(whole: &[u8]) -> usize {
    let last = whole.windows(LAST_LINE.len()).position(|window| window == LAST_LINE);
    let end = last.and_then(|at| Some(at + LAST_LINE.len() + line(whole.get(at + LAST_LINE.len()..)?)?));
    end.or_else(|| line(whole)).unwrap_or(whole.len())
}

/// Bytes up to and with the first end of a line.
fn line(bytes: &[u8]) -> Option<usize> {
    bytes.iter().position(|byte| *byte == b'\n').map(|at| at + 1)
}

/// Header and payload of an age file.
pub fn split(whole: &[u8]) -> (&[u8], &[u8]) {
    whole.split_at(end_of_header(whole))
}

/// A header on its way into custody.
#[derive(Clone)]
pub struct NewKey {
    /// Whose it is.
    pub owner: Owner,
    /// SHA-256 of the whole age file.
    pub part: Digest,
    /// The header.
    pub header: Vec<u8>,
    /// Whether its payload lies among the blobs.
    pub filed: bool,
}

/// Sealed bytes for a column or a small file: what the store keeps, and the header that goes into custody.
#[derive(Clone)]
pub struct Kept {
    /// The payload under a line that names owner and part.
    pub column: Vec<u8>,
    /// Its header.
    pub key: NewKey,
}

impl Kept {
    /// Divides a whole age file.
    pub fn of(owner: Owner, part: Digest, whole: &[u8]) -> Self {
        let (header, payload) = split(whole);
        let named = format!("{owner} {part}\n");
        let column = [KEPT_START, named.as_bytes(), payload].concat();
        Self { column, key: NewKey { owner, part, header: header.to_vec(), filed: false } }
    }
}

/// Owner, part and payload of a column that [`Kept::of`] made.
pub fn named(column: &[u8]) -> Option<(Owner, Digest, &[u8])> {
    let rest = column.strip_prefix(KEPT_START)?;
    let (named, payload) = rest.split_at(line(rest)?);
    let (owner, part) = std::str::from_utf8(named).ok()?.trim_end().split_once(' ')?;
    Some((Owner::stored(owner), Digest::try_from(part.to_owned()).ok()?, payload))
}

/// The whole age file again, when it is the one of that digest.
pub fn joined(header: &[u8], payload: &[u8], part: &Digest) -> Option<Vec<u8>> {
    let whole = [header, payload].concat();
    (Digest::of(&whole) == *part).then_some(whole)
}

#[cfg(test)]
mod tests {
    use super::*;
    use age::secrecy::ExposeSecret as _;

    #[test]
    fn an_age_file_is_divided_where_its_header_ends_and_opens_only_when_joined() {
        let key = age::x25519::Identity::generate();
        let whole = wire::envelope::seal(b"household book", &[key.to_public().to_string()]).unwrap();
        let (header, payload) = split(&whole.bytes);
        assert!(header.starts_with(SEALED_START) && header.ends_with(b"\n"));
        // Nonce of 16 bytes, and one chunk with its tag of 16.
        assert_eq!(payload.len(), 16 + 14 + 16);
        let identity = key.to_string();
        assert!(wire::envelope::open(payload, identity.expose_secret()).is_err());
        let again = joined(header, payload, &whole.sha256).unwrap();
        assert_eq!(wire::envelope::open(&again, identity.expose_secret()).unwrap(), b"household book");
        assert_eq!(joined(header, &payload[1..], &whole.sha256), None);
    }

    #[test]
    fn what_has_no_end_of_a_header_is_divided_all_the_same() {
        for whole in
            [&b"age-encryption.org/v1\nnothing more"[..], b"age-encryption.org/v1\n-> x\n--- short", b"no line"]
        {
            let (header, payload) = split(whole);
            assert_eq!([header, payload].concat(), whole);
            assert!(!header.is_empty());
        }
    }

    #[test]
    fn a_column_names_owner_and_part() {
        let owner = Owner::from(SubmissionId(uuid::Uuid::from_u128(7)));
        let whole = wire::envelope::seal(b"why", &[age::x25519::Identity::generate().to_public().to_string()]).unwrap();
        let kept = Kept::of(owner.clone(), whole.sha256.clone(), &whole.bytes);
        let (named_owner, part, payload) = named(&kept.column).unwrap();
        assert_eq!((named_owner, &part), (owner, &whole.sha256));
        assert_eq!(joined(&kept.key.header, payload, &part).unwrap(), whole.bytes);
        assert_eq!(named(&whole.bytes), None);
    }
}
