//! Tells a whole JPEG from one that is cut off.
//!
//! Called by `read`. The decoder fills what is missing with grey and reports nothing, so an
//! unfinished download would become a half grey content image. It never decodes.
//! Source: ITU-T T.81, annex B: an image ends with the marker EOI (`FF D9`); inside the coded data
//! an `FF` is followed by `00` or by a restart marker `D0`..`D7`.

/// Whether the end-of-image marker of the first image is there.
pub(super) fn has_end(jpeg: &[u8]) -> bool {
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
    use super::has_end;

    const WHOLE: &[u8] =
        b"\xff\xd8\xff\xe1\0\x06\xff\xd9ab\xff\xda\0\x03\x01a\xff\0b\xff\xd3c\xff\xd9";

    #[test]
    fn finds_the_end_behind_the_coded_data_only() {
        assert!(has_end(WHOLE));
        for length in 2..WHOLE.len() {
            assert!(!has_end(&WHOLE[..length]), "cut at {length}");
        }
    }

    #[test]
    fn what_follows_the_end_does_not_matter() {
        let mut longer = WHOLE.to_vec();
        longer.extend_from_slice(b"\xff\xd8 a second picture, cut off");
        assert!(has_end(&longer));
    }
}
