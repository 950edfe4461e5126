//! Feeds `decoders`' target `draft`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| decoders::hold("draft", data));
