//! Feeds `decoders`' target `stick`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| decoders::hold("stick", data));
