//! Names of files: those of saved pictures, and those in pasted text.

use std::path::{Path, PathBuf};

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

/// The paths in a pasted text: one a line, plain or as `file://` addresses.
pub(crate) fn paths_in(text: &str) -> Vec<PathBuf> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .map(|line| match line.strip_prefix("file://") {
            Some(rest) => {
                // "file://host/path" names this computer or nothing we could read.
                let path = rest.find('/').map_or(rest, |slash| &rest[slash..]);
                PathBuf::from(percent_decoded(path))
            }
            None => PathBuf::from(line.trim_matches(['"', '\''])),
        })
        .filter(|path| path.is_absolute())
        .collect()
}

fn percent_decoded(text: &str) -> String {
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
    String::from_utf8_lossy(&decoded).into_owned()
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
    fn names_become_file_names() {
        assert_eq!(file_stem("a/b: c?.png"), "b- c-");
        assert_eq!(file_stem("..."), "picture");
        assert_eq!(file_stem(&"x".repeat(300)).len(), 60);
    }
}
