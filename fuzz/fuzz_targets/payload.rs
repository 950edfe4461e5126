//! Feeds `decoders`' target `payload`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| decoders::hold("payload", data));
