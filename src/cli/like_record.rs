//! Why a picture cannot be repeated, in words.

use std::path::Path;

use crate::{error::Error, transfer::Unread};

/// The error for a picture without a record that can be used.
pub(super) fn unusable(path: &Path, unread: Unread) -> Error {
    let (why, advice) = match unread {
        Unread::Foreign => (
            "it does not remember how it was made".to_owned(),
            "Give a PNG, JPEG, WebP or TIFF file that Impasto saved and no other program has saved \
             since",
        ),
        Unread::Damaged => (
            "what it remembers is damaged".to_owned(),
            "Repeat it with the settings you know, or give another picture",
        ),
        Unread::Newer { program } => (
            format!(
                "it was made by {program}, which is newer than this {} and remembers what this one \
                 does not know",
                env!("CARGO_PKG_VERSION")
            ),
            "Repeat it with the newer version",
        ),
    };
    Error::Picture {
        name: path.display().to_string(),
        why,
        advice,
    }
}
