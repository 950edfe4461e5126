//! Feeds `decoders`' target `receipt`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| decoders::hold("receipt", data));
