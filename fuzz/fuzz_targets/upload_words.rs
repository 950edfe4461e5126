//! Feeds `decoders`' target `upload-words`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| decoders::hold("upload-words", data));
