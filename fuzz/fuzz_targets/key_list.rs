//! Feeds `decoders`' target `key-list`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| decoders::hold("key-list", data));
