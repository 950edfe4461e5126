//! Words of a resumable upload (tus 1.0.0, https://tus.io/protocols/resumable-upload): its own name, and what its headers say.
//! Invariants: what is read is what would be written, character by character; a number is digits and nothing else.
//! Not here: requests and answers (the office's `kiosk_api::tus`, the kiosk's uplink), bytes on a disk.

use crate::digest::Digest;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// One upload: which blob it will be, and how many bytes were announced. Its text names the upload in addresses and on disk,
/// so that an upload needs no record of its own and survives a restart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// What the finished bytes must have.
    pub digest: Digest,
    /// How many they are.
    pub length: u64,
}

impl std::fmt::Display for Upload {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}-{}", self.digest, self.length)
    }
}

impl Upload {
    /// Reads an upload's text, only as it was written.
    pub fn parse(text: &str) -> Option<Self> {
        let (digest, length) = text.split_once('-')?;
        let upload = Self { digest: Digest::try_from(digest.to_owned()).ok()?, length: length.parse().ok()? };
        (upload.to_string() == text).then_some(upload)
    }
}

/// `Upload-Metadata` that promises a digest: `sha256 base64(<64 hex digits>)`.
pub fn metadata(digest: &Digest) -> String {
    format!("sha256 {}", STANDARD.encode(digest.as_str()))
}

/// The digest among `Upload-Metadata: key base64(value), …`.
pub fn promised(metadata: &str) -> Option<Digest> {
    let pairs = metadata.split(',');
    let value = pairs.filter_map(|pair| pair.trim().split_once(' ')).find(|(key, _)| *key == "sha256")?.1;
    let text = String::from_utf8(STANDARD.decode(value.trim()).ok()?).ok()?;
    Digest::try_from(text).ok()
}

/// `Upload-Checksum` of a piece with this digest: `sha256 base64(<32 bytes>)`.
pub fn checksum(piece: &Digest) -> String {
    // A digest is hex by its type.
    format!("sha256 {}", STANDARD.encode(hex::decode(piece.as_str()).unwrap_or_default()))
}

/// The digest that an `Upload-Checksum` tells; `None` for another algorithm or length.
pub fn told_checksum(text: &str) -> Option<Digest> {
    let bytes = STANDARD.decode(text.strip_prefix("sha256 ")?).ok()?;
    Digest::try_from(hex::encode(bytes)).ok()
}

/// A number of bytes in a header: decimal digits alone.
pub fn number(text: &str) -> Option<u64> {
    text.bytes().all(|b| b.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_and_nothing_else() {
        let upload = Upload { digest: Digest::of(b"sealed"), length: 6 };
        assert_eq!(Upload::parse(&upload.to_string()), Some(upload.clone()));
        for wrong in ["-007", "-+7", "- 7", "-", "-18446744073709551616"] {
            assert_eq!(Upload::parse(&format!("{}{wrong}", upload.digest)), None, "{wrong}");
        }
        assert_eq!(promised(&metadata(&upload.digest)), Some(upload.digest.clone()));
        assert_eq!(promised(&format!("name eA==, {}", metadata(&upload.digest))), Some(upload.digest.clone()));
        assert_eq!(promised("sha256 YWJj"), None);
        assert_eq!(told_checksum(&checksum(&upload.digest)), Some(upload.digest.clone()));
        assert_eq!(told_checksum(&checksum(&upload.digest).replace("sha256", "sha1")), None);
        assert_eq!((number("12"), number("+12"), number("")), (Some(12), None, None));
    }
}
