//! Feeds `decoders`' target `submitted`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| decoders::hold("submitted", data));
