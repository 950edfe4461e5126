//! age files: only what was sealed opens, whole, and only with a key that it was sealed to.

use wire::envelope::{open, open_with_any};

/// A file of the stock `age` tool, sealed to [`FITTING`].
const SEALED: &[u8] = include_bytes!("../../../fuzz/corpus/envelope/sealed.age");
/// What is in it.
const PLAIN: &[u8] = b"sealed at a kiosk, opened in the office\n";
/// Made for this test alone.
const FITTING: &str = "AGE-SECRET-KEY-195TYN570WDUX5JDMEMWPN9809D7RX9UWKT9MNE754SN92Z38YK4SH4F55M";
/// Another one.
const WRONG: &str = "AGE-SECRET-KEY-10656LCJQP2ZYCCUCSAPTQ2KRQ6HEN8CZVF7AET7EQMHSEAZ7Q6AS6FU5HA";

/// Any bytes as an age file.
pub(crate) fn opens_only_what_was_sealed(bytes: &[u8]) {
    assert!(open(bytes, WRONG).is_err(), "it opens with a key that it was not sealed to");
    match open_with_any(bytes, &[WRONG, FITTING]) {
        Ok(plain) => assert!(bytes == SEALED && plain == PLAIN, "something opens that nobody sealed"),
        Err(_) => assert!(bytes != SEALED, "what was sealed does not open"),
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        assert!(open(SEALED, text).is_err() || text.eq_ignore_ascii_case(FITTING), "a text that is no key opens");
    }
}
