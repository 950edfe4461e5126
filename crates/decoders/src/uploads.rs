//! Words of uploads: an upload's name is read only as it was written; headers tell what was put into them.

use wire::digest::Digest;
use wire::upload::{Upload, checksum, metadata, number, promised, told_checksum};

/// Any text as name and as value of each header.
pub(crate) fn words(bytes: &[u8]) {
    let own = Digest::of(bytes);
    assert_eq!(promised(&metadata(&own)), Some(own.clone()));
    assert_eq!(told_checksum(&checksum(&own)), Some(own.clone()));
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Some(upload) = Upload::parse(text) {
        assert_eq!(upload.to_string(), text, "an upload has two names");
        // It becomes a file name and a part of an address.
        assert!(text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-'));
    }
    if let Some(length) = number(text) {
        assert_eq!(text.trim_start_matches('0'), length.to_string().trim_start_matches('0'));
    }
    if let Some(digest) = promised(text) {
        assert!(text.contains(metadata(&digest).split_once(' ').expect("two words").1));
    }
    if let Some(digest) = told_checksum(text) {
        assert_eq!(checksum(&digest), text, "a checksum has two texts");
    }
    // Whatever stands before it, an own promise is found when no other was made.
    if !text.contains("sha256") && !text.contains(',') {
        assert_eq!(promised(&format!("{text}, {}", metadata(&own))), Some(own));
    }
}
