//! What EXIF says of colors. Sources: EXIF 2.32, 4.6.5 (`ColorSpace`); DCF 2.0, 4.2 (a file in the
//! optional color space, Adobe RGB, says "uncalibrated" and has the interoperability index `R03`).

use super::directory::Directory;

const EXIF_DIRECTORY: u16 = 0x8769;
const COLOR_SPACE: u16 = 0xa001;
const INTEROPERABILITY_DIRECTORY: u16 = 0xa005;
const INTEROPERABILITY_INDEX: u16 = 1;

/// Outside the standard, but written by many programs.
const ADOBE_RGB: u64 = 2;
const SRGB: u64 = 1;

/// Whether EXIF data, or a TIFF with EXIF data in it, are in Adobe RGB.
pub(super) fn says_adobe_rgb(exif: &[u8]) -> bool {
    let exif = exif.strip_prefix(b"Exif\0\0").unwrap_or(exif);
    Directory::first(exif).is_some_and(|first| directory_says_adobe_rgb(exif, &first))
}

/// The same for the directory of one picture in a TIFF.
pub(super) fn directory_says_adobe_rgb(bytes: &[u8], directory: &Directory<'_>) -> bool {
    let inner = |outer: &Directory<'_>, tag| {
        let at = outer.number(tag)?;
        Directory::at(bytes, outer.form(), at)
    };
    let Some(exif) = inner(directory, EXIF_DIRECTORY) else {
        return false;
    };
    match exif.number(COLOR_SPACE) {
        Some(ADOBE_RGB) => true,
        Some(SRGB) => false,
        _ => inner(&exif, INTEROPERABILITY_DIRECTORY)
            .and_then(|inner| inner.block(INTEROPERABILITY_INDEX).map(<[u8]>::to_vec))
            .is_some_and(|index| index.starts_with(b"R03")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(tag: u16, kind: u16, count: u32, value: [u8; 4]) -> Vec<u8> {
        let mut entry = tag.to_be_bytes().to_vec();
        entry.extend(kind.to_be_bytes());
        entry.extend(count.to_be_bytes());
        entry.extend(value);
        entry
    }

    /// A header, a directory with a pointer to EXIF, that with a color space and a pointer to the
    /// index.
    fn exif(color_space: u16, index: [u8; 4]) -> Vec<u8> {
        let [high, low] = color_space.to_be_bytes();
        let mut bytes = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01".to_vec();
        bytes.extend(entry(EXIF_DIRECTORY, 4, 1, [0, 0, 0, 26]));
        bytes.extend([0, 0, 0, 0, 0, 2]);
        bytes.extend(entry(COLOR_SPACE, 3, 1, [high, low, 0, 0]));
        bytes.extend(entry(INTEROPERABILITY_DIRECTORY, 4, 1, [0, 0, 0, 56]));
        bytes.extend([0, 0, 0, 0, 0, 1]);
        bytes.extend(entry(INTEROPERABILITY_INDEX, 2, 4, index));
        bytes.extend([0; 4]);
        bytes
    }

    #[test]
    fn adobe_rgb_is_told_in_two_ways() {
        assert!(says_adobe_rgb(&exif(2, *b"R98\0")));
        assert!(says_adobe_rgb(&exif(0xffff, *b"R03\0")));
        assert!(!says_adobe_rgb(&exif(0xffff, *b"R98\0")));
        assert!(!says_adobe_rgb(&exif(1, *b"R03\0")));
        assert!(says_adobe_rgb(&exif(2, *b"R98\0")[6..]), "without prefix");
    }

    #[test]
    fn damage_says_nothing() {
        let whole = exif(0xffff, *b"R03\0");
        for length in 0..whole.len() - 4 {
            assert!(!says_adobe_rgb(&whole[..length]), "cut at {length}");
        }
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] = 0xff;
            let _ = says_adobe_rgb(&damaged);
        }
    }
}
