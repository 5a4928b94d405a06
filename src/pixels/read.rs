//! File or clipboard to [`Picture`]: recognized by content, within limits, upright, in sRGB.
//!
//! Called by `app` and `cli`. Everything here comes from strangers: sizes are checked before memory
//! is taken, and a decoder that panics costs the picture, never the program.

use std::{
    fs::File,
    io::{ErrorKind, Read},
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use image::ImageFormat;
use sha2::{Digest, Sha256};

use super::{
    Picture, Planes,
    complete::webp_chunks_fit,
    decode::{Fault, MAX_PIXELS, MAX_SIDE_PX, Seen, check_sides, decode},
    hidden::color_hidden,
    kind::Kind,
};
use crate::error::{Error, Result};

/// Extensions of the files that can be read, for file dialogs. Reading itself goes by content.
pub const OPEN_EXTENSIONS: &[&str] = &[
    "png", "jpg", "jpeg", "jpe", "jfif", "webp", "gif", "tif", "tiff", "bmp",
];

/// Largest file that is read: a 16-bit RGB TIFF of [`MAX_PIXELS`] is below.
const MAX_FILE_BYTES: u64 = 1 << 30;

const FETCH_AGAIN: &str =
    "Copy or download it again, or open it in a picture viewer and save it anew";
const REDUCE: &str = "Reduce it in a picture editor first";
const CONVERT: &str = "Open it in a picture viewer and export it as PNG, then use that file";
const CHOOSE: &str = "Choose a PNG, JPEG, WebP, GIF, TIFF or BMP file";

impl Picture {
    /// Reads the picture in a file.
    ///
    /// # Errors
    /// When the file cannot be read, is not a picture, is damaged, cut off or larger than the
    /// limits; each says what to do.
    pub fn open(path: &Path) -> Result<Self> {
        let bytes = read_file(path)?;
        let mut picture = Self::from_bytes(&bytes, &name_of(path))?;
        picture.path = Some(path.to_owned());
        Ok(picture)
    }

    /// Reads the picture in `bytes`, the content of a file of any readable format.
    /// `name` is for people.
    ///
    /// # Errors
    /// As [`Picture::open`].
    pub fn from_bytes(bytes: &[u8], name: &str) -> Result<Self> {
        let format = recognize(bytes, name)?;
        if format == ImageFormat::WebP && !webp_chunks_fit(bytes) {
            return Err(refused(Fault::CutOff, format, name));
        }
        // Decoders may panic on hostile input. Nothing of theirs is used after that.
        let seen = catch_unwind(AssertUnwindSafe(|| decode(bytes, format)))
            .unwrap_or_else(|_| Err(Fault::Damaged("the decoder gave up".to_owned())))
            .map_err(|fault| refused(fault, format, name))?;
        Self::of_seen(seen, name, hex(&Sha256::digest(bytes)))
    }

    /// A picture from bytes R, G, B, A, row by row (a clipboard's), with alpha not multiplied in.
    ///
    /// # Errors
    /// When the size is 0 or above the limits, or `rgba` has not `4 · width · height` bytes.
    pub fn from_rgba8(width: usize, height: usize, rgba: &[u8], name: &str) -> Result<Self> {
        check_sides(width as u64, height as u64)
            .map_err(|fault| refused(fault, ImageFormat::Png, name))?;
        if rgba.len() != 4 * width * height {
            return Err(unusable(
                name,
                format!("it has {} bytes for {width} x {height} pixels", rgba.len()),
                "Copy the picture again, or save it as a file and open that",
            ));
        }
        let channel = |channel: usize| {
            let pixels = rgba.iter().skip(channel).step_by(4);
            pixels.map(|&byte| f32::from(byte) / 255.0)
        };
        let planes = Planes {
            width,
            height,
            data: (0..3).flat_map(channel).collect(),
        };
        let alpha = Some(channel(3).collect::<Vec<f32>>());
        let seen = Seen {
            planes,
            alpha: alpha.filter(|alpha| alpha.iter().any(|&value| value < 1.0)),
            notes: Vec::new(),
        };
        Self::of_seen(seen, name, String::new())
    }

    fn of_seen(seen: Seen, name: &str, sha256: String) -> Result<Self> {
        let Seen {
            mut planes,
            alpha,
            notes,
        } = seen;
        if let Some(alpha) = &alpha
            && !color_hidden(&mut planes, alpha)
        {
            let advice = "Fill it with color in a picture editor, or choose another";
            return Err(unusable(name, "all of it is transparent", advice));
        }
        Ok(Self {
            planes,
            alpha,
            name: name.to_owned(),
            path: None,
            sha256,
            notes,
        })
    }
}

/// A file's own name, for people.
fn name_of(path: &Path) -> String {
    path.file_name()
        .unwrap_or(path.as_os_str())
        .to_string_lossy()
        .into_owned()
}

fn read_file(path: &Path) -> Result<Vec<u8>> {
    let failed = |source: std::io::Error| {
        let advice = match source.kind() {
            ErrorKind::NotFound => "Check the name and the folder; it may have been moved",
            ErrorKind::PermissionDenied => {
                "Give yourself the right to read it, or copy it to your own folder"
            }
            _ => "Try again, or copy the file to another place",
        };
        Error::file("read", path, source, advice)
    };
    let about = path.metadata().map_err(failed)?;
    let name = name_of(path);
    if about.is_dir() {
        return Err(unusable(
            &name,
            "it is a folder",
            "Choose a picture inside it",
        ));
    }
    // A pipe or a device may never end.
    if !about.is_file() {
        return Err(unusable(&name, "it is not an ordinary file", CHOOSE));
    }
    let mut bytes = Vec::new();
    File::open(path)
        .and_then(|file| file.take(MAX_FILE_BYTES + 1).read_to_end(&mut bytes))
        .map_err(failed)?;
    if bytes.len() as u64 > MAX_FILE_BYTES {
        let why = format!("the file is larger than {} MB", MAX_FILE_BYTES >> 20);
        return Err(unusable(&name, why, REDUCE));
    }
    Ok(bytes)
}

fn recognize(bytes: &[u8], name: &str) -> Result<ImageFormat> {
    if bytes.is_empty() {
        return Err(unusable(name, "the file is empty", FETCH_AGAIN));
    }
    match Kind::of(&bytes[..bytes.len().min(512)]) {
        Kind::Readable(format) => Ok(format),
        Kind::Foreign(what, advice) => Err(unusable(
            name,
            format!("it is {what}, which cannot be read here"),
            advice,
        )),
        Kind::Text => Err(unusable(name, "it is a text, not a picture", CHOOSE)),
        Kind::Unknown => Err(unusable(
            name,
            "it is not a picture of a known format",
            CHOOSE,
        )),
    }
}

/// A decoder's fault in words.
fn refused(fault: Fault, format: ImageFormat, name: &str) -> Error {
    let format = format.extensions_str()[0].to_uppercase();
    let most = format!(
        "at most {MAX_SIDE_PX} a side and {} million in all are read",
        MAX_PIXELS / 1_000_000
    );
    match fault {
        Fault::Sides(width, height) if width == 0 || height == 0 => {
            unusable(name, "it has no pixels", CHOOSE)
        }
        Fault::Sides(width, height) => {
            let why =
                format!("with {width} x {height} pixels it is larger than what is read ({most})");
            unusable(name, why, REDUCE)
        }
        Fault::TooLarge => {
            let why = format!("it is larger than what is read ({most})");
            unusable(name, why, REDUCE)
        }
        Fault::Kind(kind) => unusable(name, format!("{kind} that cannot be read here"), CONVERT),
        Fault::Unsupported(what) => {
            let why = format!("it is a kind of {format} that cannot be read here ({what})");
            unusable(name, why, CONVERT)
        }
        Fault::CutOff => unusable(name, "the file is cut off before its end", FETCH_AGAIN),
        Fault::Damaged(why) => unusable(
            name,
            format!("the {format} data are damaged or cut off ({why})"),
            FETCH_AGAIN,
        ),
    }
}

fn unusable(name: &str, why: impl Into<String>, advice: &'static str) -> Error {
    Error::Picture {
        name: name.to_owned(),
        why: why.into(),
        advice,
    }
}

pub(super) fn hex(digest: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    digest
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .map(|digit| char::from(DIGITS[usize::from(digit)]))
        .collect()
}
