//! Tells a whole file from one that is cut off, where the decoders do not.
//!
//! Called by `read` before it decodes; it never decodes. The JPEG decoder fills what is missing with
//! gray and reports nothing, so an unfinished download would become a half gray content image. The
//! WebP decoder takes as much memory as a chunk claims to need. Sources: ITU-T T.81, annex B (an image
//! ends with the marker EOI, `FF D9`; inside the coded data an `FF` is followed by `00` or by a
//! restart marker `D0`..`D7`); WebP container specification (chunks of four letters and a length).

use image::ImageFormat;

/// Whether the file reaches as far as it says.
pub(super) fn is_complete(format: ImageFormat, bytes: &[u8]) -> bool {
    match format {
        ImageFormat::Jpeg => jpeg_has_end(bytes),
        ImageFormat::WebP => webp_chunks_fit(bytes),
        _ => true,
    }
}

fn webp_chunks_fit(webp: &[u8]) -> bool {
    let mut rest = webp.get(12..).unwrap_or_default();
    while let Some(length) = rest.get(4..8).and_then(|length| length.first_chunk()) {
        let length = u32::from_le_bytes(*length) as usize;
        if length > rest.len() - 8 {
            return false;
        }
        // Chunks start at even places; the last may lack its filling byte.
        rest = rest.get(8 + length + length % 2..).unwrap_or_default();
    }
    true
}

/// Whether the end-of-image marker of the first image is there.
fn jpeg_has_end(jpeg: &[u8]) -> bool {
    let mut at = 2;
    loop {
        let Some(marker) = next_marker(jpeg, &mut at) else {
            return false;
        };
        match marker {
            0xd9 => return true,
            // Markers without a body: TEM and a stray start of image.
            0x01 | 0xd8 => {}
            _ => {
                let Some(&[high, low]) = jpeg.get(at..at + 2) else {
                    return false;
                };
                at += usize::from(u16::from_be_bytes([high, low])).max(2);
            }
        }
    }
}

/// Moves `at` behind the next marker that is not part of coded data.
fn next_marker(jpeg: &[u8], at: &mut usize) -> Option<u8> {
    loop {
        let rest = jpeg.get(*at..)?;
        *at += rest.iter().position(|&byte| byte == 0xff)? + 1;
        match *jpeg.get(*at)? {
            0x00 | 0xd0..=0xd7 => *at += 1,
            // A fill byte before the marker.
            0xff => {}
            marker => {
                *at += 1;
                return Some(marker);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WHOLE: &[u8] =
        b"\xff\xd8\xff\xe1\0\x06\xff\xd9ab\xff\xda\0\x03\x01a\xff\0b\xff\xd3c\xff\xd9";

    #[test]
    fn finds_the_end_behind_the_coded_data_only() {
        assert!(jpeg_has_end(WHOLE));
        for length in 2..WHOLE.len() {
            assert!(!jpeg_has_end(&WHOLE[..length]), "cut at {length}");
        }
    }

    #[test]
    fn what_follows_the_end_does_not_matter() {
        let mut longer = WHOLE.to_vec();
        longer.extend_from_slice(b"\xff\xd8 a second picture, cut off");
        assert!(jpeg_has_end(&longer));
    }

    #[test]
    fn webp_chunks_must_lie_inside_the_file() {
        let whole = b"RIFF\x1c\0\0\0WEBPVP8L\x03\0\0\0abc\0XMP \x02\0\0\0xy";
        assert!(webp_chunks_fit(whole));
        assert!(webp_chunks_fit(&whole[..24]));
        for cut in [21, 22, 32, 33] {
            assert!(!webp_chunks_fit(&whole[..cut]), "cut at {cut}");
        }
    }
}
