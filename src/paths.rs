//! Paths as texts, in files and in JSON, without loss.
//!
//! A path is normally a text of its own. One that is not UTF-8 is written as a `file:` URL with
//! `%` before the bytes that no text can hold, as other programs do.

use std::{
    ffi::OsStr,
    path::{Path, PathBuf},
};

use serde::{Deserialize as _, Deserializer, Serializer};

/// What every path begins with that was not a text.
const SCHEME: &str = "file://";

/// The text of a path.
pub fn to_text(path: &Path) -> String {
    match path.to_str() {
        Some(text) if !text.starts_with(SCHEME) => text.to_owned(),
        _ => url(path),
    }
}

/// The path of a text that [`to_text`] made.
pub fn from_text(text: &str) -> PathBuf {
    match text.strip_prefix(SCHEME) {
        Some(encoded) => decoded(encoded),
        None => PathBuf::from(text),
    }
}

fn url(path: &Path) -> String {
    let whole = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let mut text = SCHEME.to_owned();
    for &byte in whole.as_os_str().as_encoded_bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.extend(format!("%{byte:02X}").chars());
        }
    }
    text
}

fn decoded(encoded: &str) -> PathBuf {
    let mut bytes = Vec::with_capacity(encoded.len());
    let mut rest = encoded.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let escaped = after.get(..2).and_then(|two| {
            let two = std::str::from_utf8(two).ok()?;
            u8::from_str_radix(two, 16).ok()
        });
        match escaped {
            Some(byte) if first == b'%' => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(first);
                rest = after;
            }
        }
    }
    of_bytes(bytes)
}

#[cfg(unix)]
fn of_bytes(bytes: Vec<u8>) -> PathBuf {
    use std::os::unix::ffi::OsStringExt as _;
    std::ffi::OsString::from_vec(bytes).into()
}

#[cfg(not(unix))]
fn of_bytes(bytes: Vec<u8>) -> PathBuf {
    String::from_utf8_lossy(&bytes).into_owned().into()
}

/// What stands before and behind the last `=`, where that is a text: a file with a number.
pub(crate) fn split_number(text: &OsStr) -> Option<(PathBuf, String)> {
    let bytes = text.as_encoded_bytes();
    let at = bytes.iter().rposition(|&byte| byte == b'=')?;
    let number = std::str::from_utf8(&bytes[at + 1..]).ok()?.to_owned();
    let file = match text.to_str() {
        Some(text) => text[..at].into(),
        None => of_bytes(bytes[..at].to_vec()),
    };
    Some((file, number))
}

/// A file's name with words behind its stem: `out.png` and `-again` to `out-again.png`.
pub(crate) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.file_stem().unwrap_or_default().to_owned();
    name.push(suffix);
    if let Some(extension) = path.extension() {
        name.push(".");
        name.push(extension);
    }
    path.with_file_name(name)
}

/// For `#[serde(with)]` and `serialize_with`.
pub(crate) fn serialize<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&to_text(path))
}

/// For `#[serde(with)]`.
pub(crate) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<PathBuf, D::Error> {
    Ok(from_text(&String::deserialize(deserializer)?))
}

/// The same for paths that may be missing.
pub(crate) mod optional {
    use super::{Deserializer, Path, PathBuf, Serializer, from_text, to_text};
    use serde::{Deserialize as _, Serialize as _};

    #[expect(clippy::ref_option, reason = "the signature that serde asks for")]
    pub(crate) fn serialize<P: AsRef<Path>, S: Serializer>(
        path: &Option<P>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let text = path.as_ref().map(|path| to_text(path.as_ref()));
        text.serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<PathBuf>, D::Error> {
        let text = Option::<String>::deserialize(deserializer)?;
        Ok(text.as_deref().map(from_text))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_stays_as_it_is() {
        for text in ["a.png", "/p/Grüße 100%.png", "C:\\p\\a.png", ""] {
            assert_eq!(to_text(Path::new(text)), text);
            assert_eq!(from_text(text), Path::new(text));
        }
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_text_comes_back_byte_for_byte() {
        let path = of_bytes(b"/p q/l\xe4%.png".to_vec());
        let text = to_text(&path);
        assert_eq!(text, "file:///p%20q/l%E4%25.png");
        assert_eq!(from_text(&text), path);
        let like_a_url = std::path::absolute("file://x").unwrap();
        assert_eq!(from_text(&to_text(Path::new("file://x"))), like_a_url);
    }

    #[cfg(unix)]
    #[test]
    fn numbers_and_suffixes_are_found_beside_any_name() {
        let text = of_bytes(b"l\xe4=b.png=2".to_vec());
        let (file, number) = split_number(text.as_os_str()).unwrap();
        assert_eq!(
            (file, number.as_str()),
            (of_bytes(b"l\xe4=b.png".to_vec()), "2")
        );
        assert_eq!(split_number(OsStr::new("a.png")), None);
        let numbered = with_suffix(&of_bytes(b"o/l\xe4.png".to_vec()), "-000010");
        assert_eq!(numbered, of_bytes(b"o/l\xe4-000010.png".to_vec()));
        assert_eq!(with_suffix(Path::new("a"), "-2"), Path::new("a-2"));
    }
}
