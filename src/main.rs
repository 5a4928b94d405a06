//! Impasto.
fn main() {}
