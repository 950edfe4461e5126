//! Feeds `decoders`' target `manifest`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| decoders::hold("manifest", data));
