//! Feeds `decoders`' target `audit-note`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| decoders::hold("audit-note", data));
