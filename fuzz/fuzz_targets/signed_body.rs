//! Feeds `decoders`' target `signed-body`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| decoders::hold("signed-body", data));
