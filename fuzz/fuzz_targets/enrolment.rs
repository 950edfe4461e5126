//! Feeds `decoders`' target `enrolment`.
#![no_main]

libfuzzer_sys::fuzz_target!(|data: &[u8]| decoders::hold("enrolment", data));
