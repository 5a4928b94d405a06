#![no_main]

use impasto_fuzz::{Format, check};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| check(Format::Safetensors, bytes));
