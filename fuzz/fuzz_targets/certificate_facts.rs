//! Feeds `decoders`' target `certificate-facts`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| decoders::hold("certificate-facts", data));
