//! What a file is, from its first bytes; its name is never asked.
//!
//! Called by `read` and `embed`. Signatures: PNG (ISO 15948), JPEG (T.81), RIFF/WebP, `GIF89a`,
//! TIFF 6.0 and `BigTIFF`, BMP; and, to give advice, the formats that people drop although they
//! cannot be read here.

use image::ImageFormat;

/// A recognized kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A picture that can be read.
    Readable(ImageFormat),
    /// Something known that cannot be read: its name, and what to do.
    Foreign(&'static str, &'static str),
    /// Text of some sort.
    Text,
    /// None of these.
    Unknown,
}

const CONVERT: &str =
    "Open it in a picture viewer and export it as PNG, JPEG, WebP or TIFF, then use that file";
const PICK_PICTURE: &str = "Choose a PNG, JPEG, WebP, GIF, TIFF or BMP file";
const SAVE_PICTURE_ITSELF: &str =
    "In the browser, open the picture itself and save that, not the page";
const UNPACK: &str = "Unpack it first, then choose a picture from it";
const DEVELOP: &str =
    "Export it as JPEG, PNG or TIFF from the program that develops your camera's raw files";

impl Kind {
    /// The kind of a file that starts with `head`. 512 bytes are enough for every kind.
    pub(super) fn of(head: &[u8]) -> Self {
        let starts = |signature: &[u8]| head.starts_with(signature);
        if starts(b"\x89PNG\r\n\x1a\n") {
            Self::Readable(ImageFormat::Png)
        } else if starts(b"\xff\xd8\xff") {
            Self::Readable(ImageFormat::Jpeg)
        } else if starts(b"RIFF") && head.get(8..12) == Some(b"WEBP") {
            Self::Readable(ImageFormat::WebP)
        } else if starts(b"GIF87a") || starts(b"GIF89a") {
            Self::Readable(ImageFormat::Gif)
        } else if starts(b"BM") && has_bitmap_header(head) {
            Self::Readable(ImageFormat::Bmp)
        } else if starts(b"II") || starts(b"MM") {
            Self::of_tiff(head)
        } else if head.get(4..8) == Some(b"ftyp") {
            Self::of_media_container(head)
        } else {
            Self::of_foreign(head)
        }
    }

    fn of_tiff(head: &[u8]) -> Self {
        let tiff = [b"II\x2a\0", b"MM\0\x2a", b"II\x2b\0", b"MM\0\x2b"];
        if head.get(8..10) == Some(b"CR") {
            Self::Foreign("a camera raw file (CR2)", DEVELOP)
        } else if tiff.iter().any(|signature| head.starts_with(*signature)) {
            Self::Readable(ImageFormat::Tiff)
        } else {
            Self::of_foreign(head)
        }
    }

    /// The brand of an ISO base media file (ISO 14496-12).
    fn of_media_container(head: &[u8]) -> Self {
        let name = match head.get(8..12) {
            Some(b"avif" | b"avis") => "an AVIF picture",
            Some(b"heic" | b"heix" | b"heim" | b"heis" | b"hevc" | b"hevx" | b"mif1" | b"msf1") => {
                "a HEIC picture"
            }
            Some(b"crx ") => return Self::Foreign("a camera raw file (CR3)", DEVELOP),
            _ => return Self::Foreign("a video", PICK_PICTURE),
        };
        Self::Foreign(name, CONVERT)
    }

    fn of_foreign(head: &[u8]) -> Self {
        const SIGNATURES: [(&[u8], &str, &str); 17] = [
            (b"\xff\x0a", "a JPEG XL picture", CONVERT),
            (b"\0\0\0\x0cJXL \r\n\x87\n", "a JPEG XL picture", CONVERT),
            (b"\0\0\0\x0cjP  \r\n\x87\n", "a JPEG 2000 picture", CONVERT),
            (b"\xff\x4f\xff\x51", "a JPEG 2000 picture", CONVERT),
            (b"8BPS", "a Photoshop document", CONVERT),
            (b"gimp xcf", "a GIMP document", CONVERT),
            (b"\x76\x2f\x31\x01", "an OpenEXR picture", CONVERT),
            (b"#?RADIANCE", "a Radiance HDR picture", CONVERT),
            (b"qoif", "a QOI picture", CONVERT),
            (b"DDS ", "a DDS texture", CONVERT),
            (b"\0\0\x01\0", "an icon (ICO)", CONVERT),
            (b"%PDF", "a PDF document", CONVERT),
            (b"FUJIFILMCCD-RAW", "a camera raw file (RAF)", DEVELOP),
            (b"IIRO", "a camera raw file (ORF)", DEVELOP),
            (b"PK\x03\x04", "a ZIP archive", UNPACK),
            (b"\x1f\x8b", "a compressed file", UNPACK),
            (b"\x1aE\xdf\xa3", "a video", PICK_PICTURE),
        ];
        if let Some((_, name, advice)) = SIGNATURES
            .iter()
            .find(|(signature, ..)| head.starts_with(signature))
        {
            return Self::Foreign(name, advice);
        }
        if matches!(head, [b'P', b'1'..=b'7', after, ..] if after.is_ascii_whitespace()) {
            return Self::Foreign("a PNM picture", CONVERT);
        }
        Self::of_text(head)
    }

    fn of_text(head: &[u8]) -> Self {
        let control = |byte: &u8| *byte < 32 && !byte.is_ascii_whitespace();
        if head.iter().any(control) {
            return Self::Unknown;
        }
        let text = String::from_utf8_lossy(head).to_ascii_lowercase();
        if text.contains("<svg") {
            Self::Foreign("an SVG drawing", CONVERT)
        } else if text.contains("<!doctype html") || text.contains("<html") {
            Self::Foreign("a web page", SAVE_PICTURE_ITSELF)
        } else {
            Self::Text
        }
    }
}

/// A text may start with "BM" too; the size of the second header cannot be text.
fn has_bitmap_header(head: &[u8]) -> bool {
    const HEADER_SIZES: [u8; 8] = [12, 16, 40, 52, 56, 64, 108, 124];
    matches!(head.get(14..18), Some([size, 0, 0, 0]) if HEADER_SIZES.contains(size))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signatures_are_told_apart() {
        let readable = [
            (&b"\x89PNG\r\n\x1a\n"[..], ImageFormat::Png),
            (b"\xff\xd8\xff\xe0", ImageFormat::Jpeg),
            (b"RIFF\0\0\0\0WEBPVP8 ", ImageFormat::WebP),
            (b"GIF89a", ImageFormat::Gif),
            (b"II\x2a\0\x08\0\0\0", ImageFormat::Tiff),
            (b"MM\0\x2a\0\0\0\x08", ImageFormat::Tiff),
            (
                b"BM\x46\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0",
                ImageFormat::Bmp,
            ),
        ];
        for (head, format) in readable {
            assert_eq!(Kind::of(head), Kind::Readable(format));
        }
        let foreign = [
            (&b"\0\0\0\x20ftypavif"[..], "AVIF"),
            (b"\0\0\0\x20ftypheic", "HEIC"),
            (b"\xff\x0a\xfa", "JPEG XL"),
            (b"II\x2a\0\x10\0\0\0CR\x02\0", "CR2"),
            (b"<?xml version='1.0'?>\n<svg xmlns=''/>", "SVG"),
            (b"<!DOCTYPE html><html>", "web page"),
            (b"P6\n3 3\n255\n", "PNM"),
            (b"\0\0\0\x18ftypmp42", "video"),
        ];
        for (head, part) in foreign {
            let Kind::Foreign(name, _) = Kind::of(head) else {
                panic!("{part} was not recognized");
            };
            assert!(name.contains(part), "{name}");
        }
    }

    #[test]
    fn prose_is_text_and_noise_is_unknown() {
        assert_eq!(Kind::of(b"BMW drivers, read this"), Kind::Text);
        assert_eq!(Kind::of("Grüße".as_bytes()), Kind::Text);
        assert_eq!(Kind::of(&[1, 2, 3, 0, 0, 9]), Kind::Unknown);
    }
}
