//! Tells a whole file from one that is cut off, where the decoders do not, and what parts a JPEG has.
//!
//! Called by `read` and `decode` before they decode; it never decodes. The JPEG decoder fills what is
//! missing with gray and reports nothing, so an unfinished download would become a half gray content
//! image. The WebP decoder takes as much memory as a chunk claims to need. Sources: ITU-T T.81, annex B
//! (an image ends with the marker EOI, `FF D9`; inside the coded data an `FF` is followed by `00` or by
//! a restart marker `D0`..`D7`); WebP container specification (chunks of four letters and a length).

/// Whether every chunk of a WebP lies inside the file. What follows its end does not matter.
pub(super) fn webp_chunks_fit(webp: &[u8]) -> bool {
    let claimed = webp.get(4..8).and_then(|length| length.first_chunk());
    let claimed = claimed.map_or(0, |length| u32::from_le_bytes(*length) as usize);
    let end = claimed.saturating_add(8).min(webp.len());
    let mut rest = webp.get(12..end).unwrap_or_default();
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

/// What the markers of a JPEG tell.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct JpegParts {
    /// The marker of the first frame, which says how it is coded.
    pub(super) frame: Option<u8>,
    /// Bits of a value.
    pub(super) precision: Option<u8>,
    /// Whether the end-of-image marker of the first image is there.
    pub(super) has_end: bool,
}

/// Looks through the markers of the first image.
pub(super) fn jpeg_parts(jpeg: &[u8]) -> JpegParts {
    let (mut parts, mut at) = (JpegParts::default(), 2);
    while let Some(marker) = next_marker(jpeg, &mut at) {
        match marker {
            0xd9 => {
                parts.has_end = true;
                break;
            }
            // Markers without a body: TEM and a stray start of image.
            0x01 | 0xd8 => continue,
            // Frames; C4, C8 and CC are tables, F7 is that of JPEG-LS.
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf | 0xf7
                if parts.frame.is_none() =>
            {
                parts.frame = Some(marker);
                parts.precision = jpeg.get(at + 2).copied();
            }
            _ => {}
        }
        let Some(&[high, low]) = jpeg.get(at..at + 2) else {
            break;
        };
        at += usize::from(u16::from_be_bytes([high, low])).max(2);
    }
    parts
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

    fn jpeg_has_end(jpeg: &[u8]) -> bool {
        jpeg_parts(jpeg).has_end
    }

    #[test]
    fn finds_the_end_behind_the_coded_data_only() {
        assert!(jpeg_has_end(WHOLE));
        for length in 2..WHOLE.len() {
            assert!(!jpeg_has_end(&WHOLE[..length]), "cut at {length}");
        }
    }

    #[test]
    fn the_frame_tells_the_kind() {
        let jpeg = b"\xff\xd8\xff\xc4\0\x03a\xff\xc9\0\x03\x0c\xff\xc0\0\x03\x08\xff\xd9";
        let parts = jpeg_parts(jpeg);
        assert_eq!((parts.frame, parts.precision), (Some(0xc9), Some(12)));
        assert_eq!(jpeg_parts(b"\xff\xd8"), JpegParts::default());
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
        let longer = [&whole[..], b"and something else that is no chunk"].concat();
        assert!(webp_chunks_fit(&longer));
    }
}
