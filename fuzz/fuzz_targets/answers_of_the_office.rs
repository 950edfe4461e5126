//! Feeds `decoders`' target `answers-of-the-office`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| decoders::hold("answers-of-the-office", data));
