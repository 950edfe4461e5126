//! Feeds `decoders`' target `envelope`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| decoders::hold("envelope", data));
