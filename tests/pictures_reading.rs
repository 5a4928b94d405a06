//! Reading pictures: every readable variety gives the right colors.
//!
//! The fixtures show six tiles, described in `fixtures/make.py`.

#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod fixtures;

use std::{fs, path::PathBuf};

use image::{ExtendedColorType, ImageEncoder, codecs::png::PngEncoder};
use impasto::pixels::Picture;
use moxcms::ColorProfile;

const TILE: usize = 16;
const GRAY_LEVEL: f32 = 128.0 / 255.0;
const TILES: [[f32; 3]; 6] = [
    [1.0, 0.0, 0.0],
    [0.0, 1.0, 0.0],
    [0.0, 0.0, 1.0],
    [1.0, 1.0, 1.0],
    [GRAY_LEVEL, GRAY_LEVEL, GRAY_LEVEL],
    [0.0, 0.0, 0.0],
];
/// The tiles in gray: Pillow's luma of red, green and blue.
const GRAYS: [f32; 6] = [
    76.0 / 255.0,
    150.0 / 255.0,
    29.0 / 255.0,
    1.0,
    GRAY_LEVEL,
    0.0,
];
/// The tiles in black and white, without dither.
const BITS: [f32; 6] = [0.0, 1.0, 0.0, 1.0, 1.0, 0.0];
const EXACT: f32 = 1e-6;
const LOSSY: f32 = 0.04;

/// The colors in the middle of the six tiles.
fn tiles_of(picture: &Picture) -> Vec<[f32; 3]> {
    let planes = &picture.planes;
    assert_eq!((planes.width, planes.height), (3 * TILE, 2 * TILE));
    (0..6)
        .map(|tile| {
            let (x, y) = (tile % 3 * TILE + TILE / 2, tile / 3 * TILE + TILE / 2);
            [0, 1, 2].map(|channel| planes.plane(channel)[y * planes.width + x])
        })
        .collect()
}

fn assert_tiles(name: &str, picture: &Picture, expected: &[[f32; 3]], tolerance: f32) {
    for (tile, expected) in tiles_of(picture).iter().zip(expected) {
        for (value, expected) in tile.iter().zip(expected) {
            assert!(
                (value - expected).abs() <= tolerance,
                "{name}: {tile:?}, expected {expected}"
            );
        }
    }
}

#[test]
fn every_variety_shows_the_right_colors() {
    let grays = GRAYS.map(|value| [value; 3]);
    let bits = BITS.map(|value| [value; 3]);
    for name in fixtures::names() {
        let picture = Picture::open(&fixtures::path(&name)).unwrap();
        let expected = if name.contains("gray") {
            &grays
        } else if name.contains("one_bit") {
            &bits
        } else {
            &TILES
        };
        let lossless = !name.contains(".jpg") && name != "lossy.webp";
        // Naive CMYK keeps these colors, but its gray is not quite gray.
        let exact = lossless && !name.contains("cmyk");
        let tolerance = if exact { EXACT } else { LOSSY };
        assert_tiles(&name, &picture, expected, tolerance);
        assert_eq!(picture.alpha.is_some(), name.contains("alpha"), "{name}");
        assert_eq!(picture.name, name);
        assert_eq!(picture.path.as_deref(), Some(&*fixtures::path(&name)));
    }
}

#[test]
fn alpha_is_kept_apart_and_colors_are_not_multiplied() {
    for name in ["alpha.png", "gray_alpha.png", "alpha.webp", "alpha.tif"] {
        let alpha = Picture::open(&fixtures::path(name)).unwrap().alpha.unwrap();
        for (at, value) in alpha.iter().enumerate() {
            let expected = if at % (3 * TILE) < 2 * TILE {
                1.0
            } else {
                GRAY_LEVEL
            };
            assert!((value - expected).abs() < EXACT, "{name} at {at}: {value}");
        }
    }
}

#[test]
fn all_eight_orientations_come_out_upright() {
    for kind in ["jpg", "png"] {
        let upright = Picture::open(&fixtures::path(&format!("orientation_1.{kind}"))).unwrap();
        for orientation in 2..=8 {
            let name = format!("orientation_{orientation}.{kind}");
            let picture = Picture::open(&fixtures::path(&name)).unwrap();
            let difference = upright
                .planes
                .data
                .iter()
                .zip(&picture.planes.data)
                .map(|(a, b)| (a - b).abs())
                .fold(0.0, f32::max);
            assert!(difference < LOSSY, "{name} differs by {difference}");
        }
    }
}

#[test]
fn the_content_counts_and_not_the_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("really_a_png.jpg");
    fs::copy(fixtures::path("plain.png"), &path).unwrap();
    let picture = Picture::open(&path).unwrap();
    assert_tiles("plain.png", &picture, &TILES, EXACT);
}

/// One red pixel.
const RED_BMP: &[u8] = b"BM:\0\0\0\0\0\0\0\x36\0\0\0(\0\0\0\x01\0\0\0\x01\0\0\0\x01\0\x18\0\0\0\0\0\x04\0\0\0\x13\x0b\0\0\x13\x0b\0\0\0\0\0\0\0\0\0\0\0\0\xff\0";
const RED_BMP_SHA256: &str = "f7cbd816abfb19030d23b8de5435d0141443665a81ed5ba12114c70b5f53b610";

#[test]
fn the_hash_is_that_of_the_file() {
    // The digest as sha256sum prints it.
    let a = Picture::from_bytes(RED_BMP, "red").unwrap();
    assert_eq!(a.planes.data, [1.0, 0.0, 0.0]);
    assert_eq!(a.sha256, RED_BMP_SHA256);
    let mut longer = RED_BMP.to_vec();
    longer.push(0);
    assert_ne!(Picture::from_bytes(&longer, "a").unwrap().sha256, a.sha256);
}

#[test]
fn sixteen_bits_keep_their_precision() {
    let steps: [u16; 3] = [1, 32_769, 65_534];
    let mut bytes = Vec::new();
    let samples: Vec<u8> = steps.iter().flat_map(|step| step.to_ne_bytes()).collect();
    PngEncoder::new(&mut bytes)
        .write_image(&samples, 1, 1, ExtendedColorType::Rgb16)
        .unwrap();
    let picture = Picture::from_bytes(&bytes, "deep").unwrap();
    for (value, step) in picture.planes.data.iter().zip(steps) {
        assert!((value - f32::from(step) / 65535.0).abs() < 1e-7);
    }
}

fn png_with_profile(icc: Vec<u8>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = PngEncoder::new(&mut bytes);
    encoder.set_icc_profile(icc).unwrap();
    let green_in_p3 = [117, 251, 76, 128, 128, 128];
    encoder
        .write_image(&green_in_p3, 2, 1, ExtendedColorType::Rgb8)
        .unwrap();
    bytes
}

#[test]
fn a_display_p3_picture_becomes_srgb() {
    let profile = ColorProfile::new_display_p3().encode().unwrap();
    let planes = Picture::from_bytes(&png_with_profile(profile), "p3")
        .unwrap()
        .planes;
    let green = [planes.data[0], planes.data[2], planes.data[4]];
    for (value, expected) in green.iter().zip([0.0, 1.0, 0.0]) {
        assert!((value - expected).abs() < 0.01, "{green:?}");
    }
    assert!((planes.data[1] - GRAY_LEVEL).abs() < 0.003);
}

#[test]
fn a_damaged_profile_costs_nothing_else() {
    let mut profile = ColorProfile::new_display_p3().encode().unwrap();
    profile.truncate(150);
    let planes = Picture::from_bytes(&png_with_profile(profile), "p3")
        .unwrap()
        .planes;
    assert!((planes.data[0] - 117.0 / 255.0).abs() < EXACT);
}

#[test]
fn a_clipboard_picture_is_taken_as_it_is() {
    let rgba = [255, 0, 51, 255, 0, 102, 255, 0];
    let picture = Picture::from_rgba8(2, 1, &rgba, "clipboard").unwrap();
    // Nothing can be seen of the second pixel, so it takes the color of the first.
    let expected = [1.0, 1.0, 0.0, 0.0, 0.2, 0.2];
    for (value, expected) in picture.planes.data.iter().zip(expected) {
        assert!((value - expected).abs() < EXACT);
    }
    assert_eq!(picture.alpha, Some(vec![1.0, 0.0]));
    assert_eq!(
        (picture.name.as_str(), picture.sha256.as_str()),
        ("clipboard", "")
    );
    assert!(Picture::from_rgba8(2, 2, &rgba, "clipboard").is_err());
    assert!(Picture::from_rgba8(0, 0, &[], "clipboard").is_err());
    assert!(Picture::from_rgba8(usize::MAX, 2, &rgba, "clipboard").is_err());
}

#[test]
fn the_sample_pictures_open() {
    let samples = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("assets/samples");
    for (name, size) in [
        ("chelsea.png", (451, 300)),
        ("starry_night.jpg", (704, 566)),
    ] {
        let picture = Picture::open(&samples.join(name)).unwrap();
        assert_eq!((picture.planes.width, picture.planes.height), size);
        assert_eq!(picture.alpha, None);
    }
}
