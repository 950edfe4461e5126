//! Feeds `decoders`' target `catalogue`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| decoders::hold("catalogue", data));
