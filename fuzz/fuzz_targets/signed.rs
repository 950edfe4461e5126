//! Feeds `decoders`' target `signed`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| decoders::hold("signed", data));
