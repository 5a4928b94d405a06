//! Kinds of files beyond the usual ones: each shows the colors that its maker meant, or is named.

#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "../fixtures/mod.rs"]
mod fixtures;

mod alpha;
mod colors;
mod jpegs;
mod pages;
mod storage;
mod tiffs;

use impasto::pixels::Picture;

/// Red, green, blue of each pixel.
fn pixels(picture: &Picture) -> Vec<[f32; 3]> {
    let planes = &picture.planes;
    (0..planes.pixels())
        .map(|at| [0, 1, 2].map(|channel| planes.plane(channel)[at]))
        .collect()
}

fn read(bytes: &[u8]) -> Picture {
    Picture::from_bytes(bytes, "a file").unwrap()
}

#[track_caller]
fn assert_pixels(picture: &Picture, expected: &[[f32; 3]], tolerance: f32) {
    let found = pixels(picture);
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        for (value, wanted) in found.iter().zip(expected) {
            assert!(
                (value - wanted).abs() <= tolerance,
                "{found:?}, expected {expected:?}"
            );
        }
    }
}

#[track_caller]
fn assert_refused(bytes: &[u8], reason: &str) {
    let text = Picture::from_bytes(bytes, "a file")
        .unwrap_err()
        .to_string();
    assert!(text.contains(reason), "{text} (not {reason})");
}
