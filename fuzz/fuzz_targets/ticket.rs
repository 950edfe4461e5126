//! Feeds `decoders`' target `ticket`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| decoders::hold("ticket", data));
