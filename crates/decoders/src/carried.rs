//! A stick's own words: an index counts only when the sums beside it name it.

use crate::json::again;
use wire::carried::{INDEX, Index, Receipts, VERSION, sum_line};

/// Any bytes as index, as sums and as receipts.
pub(crate) fn stick(bytes: &[u8]) {
    again::<Receipts>(bytes);
    let sums = sum_line(INDEX, bytes);
    let listed = again::<Index>(bytes);
    match Index::read(bytes, sums.as_bytes()) {
        Ok(index) => assert!(listed.as_ref() == Some(&index) && index.v == VERSION),
        Err(_) => assert!(listed.is_none_or(|index| index.v != VERSION)),
    }
    assert!(Index::read(bytes, b"").is_err(), "an index without sums counts");
    // The bytes as sums of an index that they do not name.
    assert!(Index::read(br#"{"v":1,"kiosk":"k","items":[]}"#, bytes).is_err() || bytes.len() >= 64 + 2 + INDEX.len());
}
