//! Reading files of weights: none that is too large to be one.

use std::{
    io::{ErrorKind, Read as _},
    path::Path,
};

use super::{formats::Format, native::unfit};
use crate::{
    error::{Error, Result},
    ordinary,
};

/// Largest file that is read: Oxford's VGG-19 with its classifier has 575 MB.
const MAX_BYTES: u64 = 1 << 30;
/// Bytes that detect a file.
const HEAD_BYTES: u64 = 64;

/// A whole file, unless it is larger than any VGG.
pub(super) fn read(path: &Path) -> Result<Vec<u8>> {
    let advice = "Check that the file exists and that you may read it";
    let fault = |source| Error::file("read", path, source, advice);
    ordinary::read(path, MAX_BYTES).map_err(|source| match source.kind() {
        ErrorKind::FileTooLarge => {
            let name = path.display().to_string();
            unfit(&name, format!("{source}, more than any VGG"))
        }
        _ => fault(source),
    })
}

/// Whether a file begins like one of weights, and not like a picture or text. Reads no more than
/// its beginning.
pub fn begins_like_weights(path: &Path) -> bool {
    let mut head = Vec::new();
    let read = ordinary::open(path).and_then(|file| file.take(HEAD_BYTES).read_to_end(&mut head));
    match Format::of(&head) {
        _ if read.is_err() => false,
        Err(_) => false,
        // The upper half of a length; pictures have a brace at this place by chance.
        Ok(Format::Safetensors) => head[4..8] == [0; 4],
        // Texts may begin with a line break too, but hold no control characters.
        Ok(Format::Caffe) => head.iter().any(|byte| matches!(byte, 0..9 | 14..32)),
        Ok(_) => true,
    }
}
