//! Feeds `decoders`' target `codes`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| decoders::hold("codes", data));
