//! Feeds `decoders`' target `certificate-code`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| decoders::hold("certificate-code", data));
