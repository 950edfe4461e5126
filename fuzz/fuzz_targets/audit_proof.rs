//! Feeds `decoders`' target `audit-proof`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| decoders::hold("audit-proof", data));
