//! JPEG that others refuse or fill with gray, and files that go on behind their end.

use std::fs;

use super::{assert_refused, fixtures, read};

fn fixture(name: &str) -> Vec<u8> {
    fs::read(fixtures::path(name)).unwrap()
}

const JPEGS: [&str; 4] = ["plain.jpg", "progressive.jpg", "gray.jpg", "cmyk.jpg"];

#[test]
fn a_picture_without_its_end_marker_is_read_with_a_note() {
    for name in JPEGS {
        let whole = fixture(name);
        let expected = read(&whole);
        assert!(expected.notes.is_empty(), "{name}");
        let cut = &whole[..whole.len() - 2];
        for rest in [&b""[..], b"\0\0\0\0", b"some other data"] {
            let picture = read(&[cut, rest].concat());
            assert_eq!(picture.planes, expected.planes, "{name} and {rest:?}");
            assert_eq!(picture.notes.len(), 1, "{name}");
            assert!(picture.notes[0].contains("its end is missing"), "{name}");
        }
    }
}

#[test]
fn a_png_without_its_last_chunk_is_read_with_a_note() {
    for name in ["plain.png", "gray_16.png", "palette.png", "alpha.png"] {
        let whole = fixture(name);
        let expected = read(&whole);
        let picture = read(&whole[..whole.len() - 12]);
        assert_eq!(picture.planes, expected.planes, "{name}");
        assert_eq!(picture.notes.len(), 1, "{name}");
        assert_refused(&whole[..whole.len() - 40], "cut off");
    }
}

#[test]
fn a_picture_that_lacks_more_is_refused() {
    for name in ["plain.jpg", "gray.jpg", "cmyk.jpg"] {
        let whole = fixture(name);
        // Within the coded data, up to the last of them.
        let scan = whole
            .windows(2)
            .rposition(|pair| pair == [0xff, 0xda])
            .unwrap();
        for length in [
            scan + 20,
            usize::midpoint(scan, whole.len()),
            whole.len() - 30,
        ] {
            assert_refused(&whole[..length], "cut off");
        }
    }
}

#[test]
fn what_follows_the_end_makes_no_difference() {
    for name in fixtures::names() {
        let whole = fixture(&name);
        let expected = read(&whole);
        for rest in [
            vec![0; 4096],
            b"more bytes, of somebody else".to_vec(),
            whole.clone(),
        ] {
            let picture = read(&[&whole[..], &rest].concat());
            assert_eq!(picture.planes, expected.planes, "{name}");
            assert!(picture.notes.is_empty(), "{name}");
        }
    }
}

#[test]
fn kinds_that_are_not_read_are_named() {
    let whole = fixture("plain.jpg");
    let frame = whole
        .windows(2)
        .position(|pair| pair == [0xff, 0xc0])
        .unwrap();
    for (marker, name) in [
        (0xc3, "a lossless JPEG"),
        (0xc5, "a hierarchical JPEG"),
        (0xc9, "a JPEG in arithmetic coding"),
        (0xca, "a JPEG in arithmetic coding"),
        (0xf7, "a lossless JPEG"),
    ] {
        let mut jpeg = whole.clone();
        jpeg[frame + 1] = marker;
        assert_refused(&jpeg, name);
        assert_refused(&jpeg, "export it as PNG");
    }
    let mut deep = whole;
    deep[frame + 4] = 12;
    assert_refused(&deep, "a JPEG of 12 bits");
}
