//! Feeds `decoders`' target `questions-of-kiosks`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| decoders::hold("questions-of-kiosks", data));
