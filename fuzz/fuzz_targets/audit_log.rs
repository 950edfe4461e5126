//! Feeds `decoders`' target `audit-log`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| decoders::hold("audit-log", data));
