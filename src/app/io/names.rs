//! Names of files: those of saved pictures, and those in pasted text.

use std::path::{Path, PathBuf};

use crate::folders;

/// The first of `stem.png`, `stem-2.png`, `stem-3.png`... that is not there yet.
pub(crate) fn free_name(folder: &Path, stem: &str, extension: &str) -> PathBuf {
    let first = folder.join(format!("{stem}.{extension}"));
    let more = (2..10_000_u32).map(|n| folder.join(format!("{stem}-{n}.{extension}")));
    std::iter::once(first.clone())
        .chain(more)
        .find(|path| !path.exists())
        .unwrap_or(first)
}

/// A picture's name as the beginning of a file name.
pub(crate) fn file_stem(name: &str) -> String {
    let stem = Path::new(name).file_stem().map_or_else(
        || name.to_owned(),
        |stem| stem.to_string_lossy().into_owned(),
    );
    let stem: String = stem
        .chars()
        .map(|c| match c {
            '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '-',
            c if c.is_control() => '-',
            c => c,
        })
        .take(60)
        .collect();
    let stem = stem.trim_matches([' ', '.']);
    if stem.is_empty() {
        "picture".to_owned()
    } else {
        stem.to_owned()
    }
}

/// The paths in a pasted text: one a line, plain, from the home folder, or as `file://` addresses.
pub(crate) fn paths_in(text: &str) -> Vec<PathBuf> {
    text.lines()
        .map(str::trim)
        .filter(|line| is_path(line) && !line.starts_with('#'))
        .filter_map(|line| typed_path(line, Path::new("")))
        .filter(|path| path.is_absolute())
        .collect()
}

/// Whether a line can only be meant as a path.
pub(crate) fn is_path(line: &str) -> bool {
    let bare = unquoted(line.trim());
    bare.starts_with("file://")
        || bare == "~"
        || bare.starts_with("~/")
        || Path::new(bare).is_absolute()
}

/// The path that is meant by typed text: in quotes or not, from the home folder (`~`), as a `file://`
/// address, or else from `folder`. `None` when nothing is typed.
pub(crate) fn typed_path(text: &str, folder: &Path) -> Option<PathBuf> {
    let bare = unquoted(text.trim());
    if bare.is_empty() {
        return None;
    }
    if let Some(rest) = bare.strip_prefix("file://") {
        // "file://host/path" names this computer or nothing we could read.
        let path = rest.find('/').map_or(rest, |slash| &rest[slash..]);
        return Some(percent_decoded(path));
    }
    let in_home = bare.strip_prefix('~').filter(|rest| {
        // "~name" is a file of that name.
        rest.is_empty() || rest.starts_with('/')
    });
    if let Some(rest) = in_home
        && let Some(home) = folders::home()
    {
        return Some(home.join(rest.trim_start_matches('/')));
    }
    Some(folder.join(bare))
}

/// A path as it is shown and can be typed: the home folder is `~`.
pub(crate) fn shown_path(path: &Path) -> String {
    let whole = path.display().to_string();
    let Some(home) = folders::home().map(|home| home.display().to_string()) else {
        return whole;
    };
    match whole.strip_prefix(&home) {
        Some(rest) if home.len() > 1 && (rest.is_empty() || rest.starts_with('/')) => {
            format!("~{rest}")
        }
        _ => whole,
    }
}

/// Text without the quotes around it, if they are a pair.
fn unquoted(text: &str) -> &str {
    for quote in ['"', '\''] {
        let inner = text.strip_prefix(quote);
        if let Some(inner) = inner.and_then(|inner| inner.strip_suffix(quote)) {
            return inner;
        }
    }
    text
}

/// Bytes that a path's address has as `%` and two figures; they need not be text.
fn percent_decoded(text: &str) -> PathBuf {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let code = text
            .get(at + 1..at + 3)
            .filter(|_| bytes[at] == b'%')
            .and_then(|code| u8::from_str_radix(code, 16).ok());
        decoded.push(code.unwrap_or(bytes[at]));
        at += if code.is_some() { 3 } else { 1 };
    }
    path_of_bytes(decoded)
}

#[cfg(unix)]
fn path_of_bytes(bytes: Vec<u8>) -> PathBuf {
    use std::os::unix::ffi::OsStringExt as _;

    std::ffi::OsString::from_vec(bytes).into()
}

#[cfg(not(unix))]
fn path_of_bytes(bytes: Vec<u8>) -> PathBuf {
    String::from_utf8_lossy(&bytes).into_owned().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pasted_text_is_read_as_paths() {
        let text = "# copied\nfile:///home/a/my%20picture%C3%A9.jpg\n\"/tmp/b.png\"\nhello";
        assert_eq!(
            paths_in(text),
            [
                PathBuf::from("/home/a/my pictureé.jpg"),
                PathBuf::from("/tmp/b.png")
            ]
        );
        assert_eq!(paths_in("file://here/x%2"), [PathBuf::from("/x%2")]);
        assert!(paths_in("just a note").is_empty());
    }

    #[test]
    fn typed_text_is_understood_as_people_write_paths() {
        let home = folders::home().unwrap();
        let here = Path::new("/pictures");
        for (typed, path) in [
            (" /a/b.png ", PathBuf::from("/a/b.png")),
            ("'/a/it is.png'", "/a/it is.png".into()),
            ("\"/a/b.png\"", "/a/b.png".into()),
            ("file:///a/%C3%A9%20.png", "/a/é .png".into()),
            ("file://localhost/a%23b.png", "/a#b.png".into()),
            ("~", home.clone()),
            ("~/x.png", home.join("x.png")),
            ("~x.png", "/pictures/~x.png".into()),
            ("sub/x.png", "/pictures/sub/x.png".into()),
        ] {
            assert_eq!(typed_path(typed, here), Some(path), "{typed}");
        }
        assert_eq!(typed_path("  ", here), None);
        assert_eq!(typed_path("''", here), None);
        let own = home.join("Pictures/a.png");
        assert_eq!(shown_path(&own), "~/Pictures/a.png");
        assert_eq!(typed_path(&shown_path(&own), here), Some(own));
    }

    #[cfg(unix)]
    #[test]
    fn an_address_need_not_be_text() {
        use std::os::unix::ffi::OsStrExt as _;

        let path = typed_path("file:///a/%FF.png", Path::new("")).unwrap();
        assert_eq!(path.as_os_str().as_bytes(), b"/a/\xFF.png");
    }

    #[test]
    fn names_become_file_names() {
        assert_eq!(file_stem("a/b: c?.png"), "b- c-");
        assert_eq!(file_stem("..."), "picture");
        assert_eq!(file_stem(&"x".repeat(300)).len(), 60);
    }
}
