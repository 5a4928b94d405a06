//! What files say of their colors besides a usual profile, and which of it counts.

use std::fs;

use image::{ExtendedColorType, ImageEncoder, codecs::png::PngEncoder};
use impasto::pixels::Picture;
use moxcms::ColorProfile;

use super::{
    assert_pixels, fixtures, read,
    tiffs::{FORMS, Page, Value},
};

/// The color of all pictures here, and what it is in sRGB when it is something else.
const BYTES: [u8; 3] = [51, 153, 102];
const PLAIN: [f32; 3] = [0.2, 0.6, 0.4];
const NEAR: f32 = 0.004;

fn png(icc: Option<Vec<u8>>, chunks: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = PngEncoder::new(&mut bytes);
    if let Some(icc) = icc {
        encoder.set_icc_profile(icc).unwrap();
    }
    encoder
        .write_image(&BYTES, 1, 1, ExtendedColorType::Rgb8)
        .unwrap();
    insert(bytes, chunks)
}

/// Puts chunks behind the header of a PNG.
fn insert(mut png: Vec<u8>, chunks: &[(&[u8; 4], Vec<u8>)]) -> Vec<u8> {
    for (name, data) in chunks {
        let mut chunk = (data.len() as u32).to_be_bytes().to_vec();
        chunk.extend(*name);
        chunk.extend(data);
        let crc = crc32(&chunk[4..]);
        chunk.extend(crc.to_be_bytes());
        png.splice(33..33, chunk);
    }
    png
}

/// CRC-32 of PNG chunks (ISO 3309).
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
        })
    })
}

fn gamma(value: f64) -> (&'static [u8; 4], Vec<u8>) {
    let scaled = (value * 100_000.0).round() as u32;
    (b"gAMA", scaled.to_be_bytes().to_vec())
}

/// White, red, green, blue.
fn places(pairs: [[f64; 2]; 4]) -> (&'static [u8; 4], Vec<u8>) {
    let scaled = pairs
        .into_iter()
        .flatten()
        .map(|value| (value * 100_000.0).round() as u32);
    (b"cHRM", scaled.flat_map(u32::to_be_bytes).collect())
}

const P3_PLACES: [[f64; 2]; 4] = [[0.3127, 0.329], [0.68, 0.32], [0.265, 0.69], [0.15, 0.06]];

fn code_points(primaries: u8, transfer: u8, full: bool) -> (&'static [u8; 4], Vec<u8>) {
    (b"cICP", vec![primaries, transfer, 0, u8::from(full)])
}

fn by_profile(profile: &ColorProfile) -> [f32; 3] {
    let picture = read(&png(Some(profile.encode().unwrap()), &[]));
    let planes = picture.planes;
    [planes.data[0], planes.data[1], planes.data[2]]
}

/// sRGB of a color in linear light (IEC 61966-2-1).
fn encoded(linear: f32) -> f32 {
    1.055 * linear.powf(1.0 / 2.4) - 0.055
}

#[test]
fn a_gamma_of_png_counts() {
    let linear = PLAIN.map(encoded);
    assert_pixels(&read(&png(None, &[gamma(1.0)])), &[linear], NEAR);
    assert_pixels(&read(&png(None, &[gamma(0.45455)])), &[PLAIN], 1e-6);
    let mac = PLAIN.map(|value| encoded(value.powf(1.8)));
    assert_pixels(&read(&png(None, &[gamma(1.0 / 1.8)])), &[mac], NEAR);
    // In gray and sixteen bits, too.
    let mut gray = Vec::new();
    let value = 13107_u16.to_ne_bytes();
    PngEncoder::new(&mut gray)
        .write_image(&value, 1, 1, ExtendedColorType::L16)
        .unwrap();
    let gray = insert(gray, &[gamma(1.0)]);
    assert_pixels(&read(&gray), &[[encoded(0.2); 3]], NEAR);
}

#[test]
fn primaries_of_png_count() {
    let p3 = by_profile(&ColorProfile::new_display_p3());
    assert!((p3[0] - PLAIN[0]).abs() > 0.05, "it makes a difference");
    assert_pixels(&read(&png(None, &[places(P3_PLACES)])), &[p3], NEAR);
    let srgb = [[0.3127, 0.329], [0.64, 0.33], [0.3, 0.6], [0.15, 0.06]];
    let usual = png(None, &[gamma(0.45455), places(srgb)]);
    assert_pixels(&read(&usual), &[PLAIN], 1e-6);
    let zeros = png(None, &[gamma(1.0), places([[0.0; 2]; 4])]);
    assert!(Picture::from_bytes(&zeros, "zeros").is_ok());
}

#[test]
fn code_points_of_png_count() {
    let p3 = by_profile(&ColorProfile::new_display_p3());
    assert_pixels(&read(&png(None, &[code_points(12, 13, true)])), &[p3], NEAR);
    let linear = PLAIN.map(encoded);
    assert_pixels(
        &read(&png(None, &[code_points(1, 8, true)])),
        &[linear],
        NEAR,
    );
    let wide = BYTES.map(|value| (f32::from(value) - 16.0) / 219.0);
    assert_pixels(
        &read(&png(None, &[code_points(1, 13, false)])),
        &[wide],
        NEAR,
    );
    // Nobody knows what these are.
    assert_pixels(
        &read(&png(None, &[code_points(99, 99, true)])),
        &[PLAIN],
        1e-6,
    );
}

#[test]
fn the_most_exact_statement_of_png_counts() {
    let p3 = ColorProfile::new_display_p3();
    let icc = || Some(p3.encode().unwrap());
    let p3 = by_profile(&p3);
    let linear = PLAIN.map(encoded);
    let srgb = || (b"sRGB", vec![0]);
    assert_pixels(&read(&png(None, &[gamma(1.0), srgb()])), &[PLAIN], 1e-6);
    assert_pixels(&read(&png(icc(), &[gamma(1.0)])), &[p3], NEAR);
    let all = [code_points(1, 8, true), gamma(0.45455)];
    assert_pixels(&read(&png(icc(), &all)), &[linear], NEAR);
    // A damaged profile leaves the next one in force.
    let damaged = Some(b"not a profile at all".to_vec());
    assert_pixels(&read(&png(damaged, &[gamma(1.0)])), &[linear], NEAR);
}

fn exif(color_space: u8) -> Vec<u8> {
    let mut exif = b"II\x2a\0\x08\0\0\0\x01\0\x69\x87\x04\0\x01\0\0\0\x1a\0\0\0\0\0\0\0".to_vec();
    exif.extend([
        1,
        0,
        0x01,
        0xa0,
        3,
        0,
        1,
        0,
        0,
        0,
        color_space,
        0,
        0,
        0,
        0,
        0,
        0,
        0,
    ]);
    exif
}

#[test]
fn adobe_rgb_in_exif_counts() {
    let adobe = by_profile(&ColorProfile::new_adobe_rgb());
    assert_pixels(&read(&png(None, &[(b"eXIf", exif(2))])), &[adobe], NEAR);
    assert_pixels(&read(&png(None, &[(b"eXIf", exif(1))])), &[PLAIN], 1e-6);
    let jpeg = fs::read(fixtures::path("plain.jpg")).unwrap();
    let tagged = |color_space: u8| {
        let body = [&b"Exif\0\0"[..], &exif(color_space)].concat();
        let mut segment = vec![0xff, 0xe1, 0, body.len() as u8 + 2];
        segment.extend(body);
        [&jpeg[..2], &segment, &jpeg[2..]].concat()
    };
    assert_eq!(read(&tagged(1)).planes, read(&jpeg).planes);
    let (plain, adobe) = (read(&jpeg), read(&tagged(2)));
    // Its first tile is red, which Adobe RGB has further out: the green of a neighbor sinks to 0.
    assert_ne!(plain.planes, adobe.planes);
}

fn bitmap(header_bytes: u32, fields: &[(usize, Vec<u8>)], profile: &[u8]) -> Vec<u8> {
    let pixels_at = 14 + header_bytes;
    let mut bmp = vec![0; pixels_at as usize];
    bmp[..2].copy_from_slice(b"BM");
    let mut put = |at: usize, bytes: &[u8]| bmp[at..at + bytes.len()].copy_from_slice(bytes);
    put(10, &pixels_at.to_le_bytes());
    put(14, &header_bytes.to_le_bytes());
    put(18, &1_u32.to_le_bytes());
    put(22, &1_u32.to_le_bytes());
    put(26, &[1, 0, 24, 0]);
    for (at, bytes) in fields {
        put(14 + at, bytes);
    }
    bmp.extend([BYTES[2], BYTES[1], BYTES[0], 0]);
    bmp.extend(profile);
    let size = (bmp.len() as u32).to_le_bytes();
    bmp[2..6].copy_from_slice(&size);
    bmp
}

#[test]
fn colors_of_bitmaps_count() {
    let p3 = ColorProfile::new_display_p3();
    let icc = p3.encode().unwrap();
    let p3 = by_profile(&p3);
    let number = |value: u32| value.to_le_bytes().to_vec();
    let embedded = [
        (56, b"DEBM".to_vec()),
        (112, number(124 + 4)),
        (116, number(icc.len() as u32)),
    ];
    assert_pixels(&read(&bitmap(124, &embedded, &icc)), &[p3], NEAR);
    let srgb = [(56, b"BGRs".to_vec())];
    assert_pixels(&read(&bitmap(124, &srgb, b"")), &[PLAIN], 1e-6);
    // Display P3's primaries in XYZ under D65, and a gamma of 2.2.
    let ends = [
        [0.486_57, 0.228_97, 0.0],
        [0.265_67, 0.691_74, 0.045_11],
        [0.198_22, 0.079_29, 1.043_94],
    ];
    let ends = ends
        .iter()
        .flatten()
        .map(|value| (value * f64::from(1 << 30)) as u32);
    let gammas = [2.2_f64; 3].map(|gamma| (gamma * 65536.0) as u32);
    let calibrated = [
        (60, ends.flat_map(u32::to_le_bytes).collect::<Vec<u8>>()),
        (96, gammas.into_iter().flat_map(u32::to_le_bytes).collect()),
    ];
    assert_pixels(&read(&bitmap(108, &calibrated, b"")), &[p3], 0.02);
    // Most programs leave all of it at zero.
    assert_pixels(&read(&bitmap(108, &[], b"")), &[PLAIN], 1e-6);
}

/// Scanners' profiles are larger than a small picture.
#[test]
fn a_profile_larger_than_the_picture_counts() {
    let profile = ColorProfile::new_display_p3();
    let p3 = by_profile(&profile);
    let mut icc = profile.encode().unwrap();
    icc.resize(1_000_000, 0);
    icc[..4].copy_from_slice(&1_000_000_u32.to_be_bytes());
    for form in FORMS {
        let page = Page::new((1, 1), 2, &[8; 3], BYTES.to_vec());
        let page = page.with(34675, Value::Bytes(icc.clone()));
        assert_pixels(&read(&form.file(&[page])), &[p3], NEAR);
    }
}

#[test]
fn palettes_of_tiff() {
    for (largest, form) in [65535_u32, 255]
        .into_iter()
        .flat_map(|l| FORMS.map(|f| (l, f)))
    {
        let level = |fraction: u32| (largest * fraction / 5) as u16;
        // All reds, all greens, all blues.
        let map = [[0, 5, 1, 0], [0, 0, 3, 0], [0, 0, 2, 5]];
        let map: Vec<u16> = map.into_iter().flatten().map(level).collect();
        let page = Page::new((4, 1), 3, &[2], vec![0b0001_1011]);
        let file = form.file(&[page.with(320, Value::Short(map))]);
        let expected = [[0.0; 3], [1.0, 0.0, 0.0], PLAIN, [0.0, 0.0, 1.0]];
        assert_pixels(&read(&file), &expected, 1e-4);
    }
    let mut map = vec![0; 768];
    (map[200], map[256 + 200], map[512 + 200]) = (13107, 39321, 26214);
    let page = Page::new((1, 1), 3, &[8], vec![200]).with(320, Value::Short(map));
    assert_pixels(&read(&FORMS[1].file(&[page])), &[PLAIN], 1e-4);
}

#[test]
fn luma_and_differences_of_tiff() {
    // Red, a gray and blue by T.871.
    let coded = vec![76, 85, 255, 128, 128, 128, 29, 255, 107];
    let page = Page::new((3, 1), 6, &[8; 3], coded).with(530, Value::Short(vec![1, 1]));
    let expected = [[1.0, 0.0, 0.0], [128.0 / 255.0; 3], [0.0, 0.0, 1.0]];
    assert_pixels(&read(&FORMS[0].file(&[page])), &expected, 0.01);
}

#[test]
fn lab_of_tiff() {
    for form in FORMS {
        // 53.39, 0, 0 is a middle gray; 54.29, 80.81, 69.89 is red.
        let signed = vec![136, 0, 0, 138, 81, 70];
        let page = Page::new((2, 1), 8, &[8; 3], signed);
        let expected = [[0.5; 3], [1.0, 0.0, 0.0]];
        assert_pixels(&read(&form.file(&[page])), &expected, 0.02);
        let shifted = vec![136, 128, 128, 138, 209, 198];
        let page = Page::new((2, 1), 9, &[8; 3], shifted);
        assert_pixels(&read(&form.file(&[page])), &expected, 0.02);
        let deep = form.words(&[34990, 0, 0, 35579, 20687, 17892]);
        let page = Page::new((2, 1), 8, &[16; 3], deep);
        assert_pixels(&read(&form.file(&[page])), &expected, 0.01);
    }
}

/// A printer's profile of two levels an ink: paper is white, cyan alone is L 70, a -40, b 0, all else
/// is black.
fn printer() -> Vec<u8> {
    let mut table = b"mft2\0\0\0\0\x04\x03\x02\0".to_vec();
    for (row, column) in (0..9).map(|at| (at / 3, at % 3)) {
        table.extend(u32::to_be_bytes(u32::from(row == column) << 16));
    }
    let word = |table: &mut Vec<u8>, value: u16| table.extend(value.to_be_bytes());
    word(&mut table, 2);
    word(&mut table, 2);
    for _ in 0..4 {
        word(&mut table, 0);
        word(&mut table, 0xffff);
    }
    for inks in 0..16 {
        let lab = match inks {
            0 => [0xff00, 0x8000, 0x8000],
            8 => [(0xff00_u32 * 70 / 100) as u16, 0x8000 - 40 * 256, 0x8000],
            _ => [0, 0x8000, 0x8000],
        };
        for value in lab {
            word(&mut table, value);
        }
    }
    for _ in 0..3 {
        word(&mut table, 0);
        word(&mut table, 0xffff);
    }
    let mut icc = vec![0; 128];
    icc[8..12].copy_from_slice(&[2, 0x40, 0, 0]);
    icc[12..24].copy_from_slice(b"prtrCMYKLab ");
    icc[36..40].copy_from_slice(b"acsp");
    for (at, value) in [(68, 0x0000_f6d6_u32), (72, 0x0001_0000), (76, 0x0000_d32d)] {
        icc[at..at + 4].copy_from_slice(&value.to_be_bytes());
    }
    icc.extend([0, 0, 0, 1]);
    icc.extend(b"A2B0");
    icc.extend(144_u32.to_be_bytes());
    icc.extend((table.len() as u32).to_be_bytes());
    icc.extend(table);
    let size = (icc.len() as u32).to_be_bytes();
    icc[..4].copy_from_slice(&size);
    icc
}

#[test]
fn the_profile_of_inks_counts() {
    // By the formulas of CIE Lab and sRGB; without the profile it would be 0, 1, 1.
    let cyan = [0.249, 0.748, 0.665];
    for form in FORMS {
        for (bits, data) in [
            (8, vec![0, 0, 0, 0, 255, 0, 0, 0]),
            (16, form.words(&[0, 0, 0, 0, 65535, 0, 0, 0])),
        ] {
            let page = || Page::new((2, 1), 5, &[bits; 4], data.clone());
            let plain = read(&form.file(&[page()]));
            assert_pixels(&plain, &[[1.0; 3], [0.0, 1.0, 1.0]], 1e-6);
            let printed = page().with(34675, Value::Bytes(printer()));
            assert_pixels(&read(&form.file(&[printed])), &[[1.0; 3], cyan], 0.03);
        }
    }
    // The fixture's fourth tile is white, its last one black; the others have inks in pairs.
    let jpeg = fs::read(fixtures::path("cmyk.jpg")).unwrap();
    let body = [&b"ICC_PROFILE\0\x01\x01"[..], &printer()].concat();
    let mut segment = vec![0xff, 0xe2];
    segment.extend((body.len() as u16 + 2).to_be_bytes());
    segment.extend(body);
    let picture = read(&[&jpeg[..2], &segment, &jpeg[2..]].concat());
    let tile = |x: usize, y: usize| picture.planes.plane(0)[y * picture.planes.width + x];
    assert!(
        tile(8, 8) < 0.3,
        "red ink is black on this paper: {}",
        tile(8, 8)
    );
    assert!(tile(8, 24) > 0.9, "paper is white: {}", tile(8, 24));
}
