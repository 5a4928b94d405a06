//! Files from strangers: whatever is not a sound picture gives a clear error, quickly, without a
//! panic and without taking the memory that a header claims.

#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod fixtures;

use std::fs;

use impasto::{error::Error, pixels::Picture};

// Tags of TIFF 6.0.
const WIDTH: u16 = 256;
const STRIP_OFFSETS: u16 = 273;
const ROWS_PER_STRIP: u16 = 278;
const STRIP_BYTES: u16 = 279;

fn fixture(name: &str) -> Vec<u8> {
    fs::read(fixtures::path(name)).unwrap()
}

/// The error's text, which must name the file, say `reason` and end in advice.
fn assert_refused(bytes: &[u8], reason: &str) {
    let error = Picture::from_bytes(bytes, "some file").unwrap_err();
    let text = error.to_string();
    assert!(
        text.contains("some file") && text.contains(reason),
        "{text} (not {reason})"
    );
    let Error::Picture { advice, .. } = error else {
        panic!("{text}");
    };
    assert!(text.ends_with(advice) && advice.len() > 10);
}

#[test]
fn files_that_are_no_pictures_are_named() {
    assert_refused(b"", "empty");
    assert_refused(b"Dear diary, this is a text.", "a text");
    assert_refused(&[7, 3, 0, 1, 2], "not a picture");
    assert_refused(b"\0\0\0\x1cftypavif\0\0\0\0", "AVIF");
    assert_refused(b"\0\0\0\x18ftypheic\0\0\0\0", "HEIC");
    assert_refused(b"\xff\x0a\0\0", "JPEG XL");
    assert_refused(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG");
    assert_refused(b"%PDF-1.7", "PDF");
    assert_refused(b"<!DOCTYPE html><html></html>", "web page");
}

#[test]
fn files_that_cannot_be_read_say_why() {
    let folder = tempfile::tempdir().unwrap();
    let missing = Picture::open(&folder.path().join("missing.png")).unwrap_err();
    assert!(missing.to_string().contains("missing.png"), "{missing}");
    assert!(matches!(missing, Error::File { action: "read", .. }));
    let is_folder = Picture::open(folder.path()).unwrap_err();
    assert!(is_folder.to_string().contains("folder"), "{is_folder}");
}

#[cfg(unix)]
#[test]
fn files_without_permission_and_devices_are_refused() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("secret.png");
    fs::copy(fixtures::path("plain.png"), &path).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o000)).unwrap();
    // An administrator may read everything.
    if fs::File::open(&path).is_err() {
        let error = Picture::open(&path).unwrap_err();
        assert!(error.to_string().contains("right to read"), "{error}");
    }
    let error = Picture::open(std::path::Path::new("/dev/zero")).unwrap_err();
    assert!(error.to_string().contains("ordinary file"), "{error}");
}

#[test]
fn pictures_that_are_cut_off_are_refused() {
    for name in fixtures::names() {
        // An animation that breaks off behind its first frame is as good as whole.
        if name.starts_with("animated") {
            continue;
        }
        let bytes = fixture(&name);
        for part in [bytes.len() / 3, bytes.len() / 2, bytes.len() * 2 / 3] {
            assert!(
                Picture::from_bytes(&bytes[..part], &name).is_err(),
                "{name} cut at {part} of {}",
                bytes.len()
            );
        }
    }
}

/// CRC-32 of PNG chunks (ISO 3309).
fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0u32, |crc, &byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| {
            (crc >> 1) ^ (0xedb8_8320 & (crc & 1).wrapping_neg())
        })
    })
}

fn png_claiming(width: u32, height: u32, bits: u8, color: u8) -> Vec<u8> {
    let mut bytes = fixture("plain.png");
    bytes[16..20].copy_from_slice(&width.to_be_bytes());
    bytes[20..24].copy_from_slice(&height.to_be_bytes());
    bytes[24] = bits;
    bytes[25] = color;
    let crc = crc32(&bytes[12..29]);
    bytes[29..33].copy_from_slice(&crc.to_be_bytes());
    bytes
}

/// `bytes` with the value of a little-endian TIFF tag in the first directory replaced.
fn tiff_claiming(tag: u16, value: u32) -> Vec<u8> {
    let mut bytes = fixture("plain.tif");
    let at = u32::from_le_bytes(bytes[4..8].try_into().unwrap()) as usize;
    let count = usize::from(u16::from_le_bytes([bytes[at], bytes[at + 1]]));
    let entry = (0..count)
        .map(|index| at + 2 + 12 * index)
        .find(|&entry| bytes[entry..entry + 2] == tag.to_le_bytes())
        .unwrap();
    bytes[entry + 2..entry + 4].copy_from_slice(&4u16.to_le_bytes());
    bytes[entry + 8..entry + 12].copy_from_slice(&value.to_le_bytes());
    bytes
}

#[test]
fn sizes_are_refused_before_memory_is_taken() {
    assert_refused(&png_claiming(60_000, 60_000, 8, 2), "larger");
    assert_refused(&png_claiming(19_000, 19_000, 16, 6), "19000 x 19000");
    assert_refused(&png_claiming(0, 5, 8, 2), "damaged");

    let mut bmp = fixture("plain.bmp");
    bmp[18..22].copy_from_slice(&100_000u32.to_le_bytes());
    bmp[22..26].copy_from_slice(&100_000u32.to_le_bytes());
    assert!(Picture::from_bytes(&bmp, "bmp").is_err());

    let mut gif = fixture("plain.gif");
    gif[6..10].fill(0xff);
    assert_refused(&gif, "larger");
    let mut gif = fixture("plain.gif");
    let frame = gif
        .windows(5)
        .position(|part| part == b",\0\0\0\0")
        .unwrap();
    gif[frame + 5..frame + 9].fill(0xff);
    assert_refused(&gif, "larger");

    let mut jpeg = fixture("plain.jpg");
    let frame = jpeg
        .windows(2)
        .position(|pair| pair == [0xff, 0xc0])
        .unwrap();
    jpeg[frame + 5..frame + 9].fill(0xff);
    assert_refused(&jpeg, "larger");

    let mut webp = fixture("animated.webp");
    webp[24..30].fill(0xff);
    assert!(Picture::from_bytes(&webp, "webp").is_err());

    let mut webp = fixture("orientation_6.webp");
    let exif = webp.windows(4).position(|name| name == b"EXIF").unwrap();
    webp[exif + 4..exif + 8].copy_from_slice(&0xffff_fff0_u32.to_le_bytes());
    assert_refused(&webp, "cut off");

    assert_refused(&tiff_claiming(WIDTH, 4_000_000_000), "larger");
    assert!(Picture::from_bytes(&tiff_claiming(WIDTH, 19_999), "tiff").is_err());
    assert!(Picture::from_bytes(&tiff_claiming(STRIP_OFFSETS, u32::MAX), "tiff").is_err());
    // Absurd strips: refused or read right, as the decoder likes.
    let whole = Picture::open(&fixtures::path("plain.tif")).unwrap();
    for tag in [ROWS_PER_STRIP, STRIP_BYTES] {
        if let Ok(picture) = Picture::from_bytes(&tiff_claiming(tag, u32::MAX), "tiff") {
            assert_eq!(picture.planes, whole.planes);
        }
    }
}

#[test]
fn damaged_files_give_a_picture_or_an_error_and_never_a_panic() {
    let mut state = 0x1234_5678_9abc_def0_u64;
    let mut next = move |below: usize| {
        // Knuth's MMIX generator; the high bits are the good ones.
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as usize % below
    };
    for name in fixtures::names() {
        let whole = fixture(&name);
        for _ in 0..200 {
            let mut bytes = whole.clone();
            for _ in 0..=next(4) {
                let at = next(bytes.len());
                match next(3) {
                    0 => bytes[at] = next(256) as u8,
                    1 => bytes[at] ^= 1 << next(8),
                    _ => bytes.truncate(at.max(1)),
                }
            }
            if let Ok(picture) = Picture::from_bytes(&bytes, &name) {
                let planes = &picture.planes;
                assert_eq!(planes.data.len(), 3 * planes.pixels());
                assert!(
                    planes.data.iter().all(|value| (0.0..=1.0).contains(value)),
                    "{name}"
                );
            }
        }
    }
}
