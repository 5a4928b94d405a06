//! What the fuzz targets share: one reader of weights over any bytes.
//!
//! The readers are compiled into this crate, not linked with the program, so that a target builds
//! in a minute. `fuzz/README.md` says how to run them.

#[path = "../../src/vgg/weights/formats/mod.rs"]
mod formats;

pub use formats::Format;

/// Reads `bytes` as `format`. Whatever they are, the outcome is tensors as large as their shapes
/// say, or a reason; never a panic.
pub fn check(format: Format, bytes: &[u8]) {
    match format.read(bytes) {
        Ok(contents) => {
            for tensor in &contents.tensors {
                let size: usize = tensor.shape.iter().product();
                assert_eq!(tensor.values().len(), size, "{}", tensor.name);
            }
            assert!(contents.metadata.is_empty() || format == Format::Safetensors);
        }
        Err(why) => assert!(!why.is_empty(), "{}", format.title()),
    }
    drop(Format::of(bytes));
}
