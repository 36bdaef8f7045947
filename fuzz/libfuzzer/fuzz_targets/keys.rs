#![no_main]
//! The target of this name under libFuzzer.

libfuzzer_sys::fuzz_target!(|input: &[u8]| digime_fuzz::targets::keys::run(input));
