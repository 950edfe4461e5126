//! Feeds `decoders`' target `rules`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| decoders::hold("rules", data));
