//! What a typed path means, what it may become, and whether it will do. All of it looks at the disk
//! and happens on the thread for pictures.

use std::path::{Path, PathBuf};

use crate::{
    app::{
        io::{names::typed_path, purpose::Purpose},
        text,
    },
    pixels::OPEN_EXTENSIONS,
};

/// Completions that are shown at most.
const MOST: usize = 60;

/// What there is to say about a path before it is used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It will do.
    Fine,
    /// A file is there that would be replaced.
    Exists,
    /// It will not do: why, and what would.
    Wrong(String),
}

/// Whether a path serves a purpose.
pub(crate) fn verdict(purpose: &Purpose, path: &Path) -> Verdict {
    let shown = |path: &Path| path.display().to_string();
    let wrong = |words: fn(&str) -> String, path: &Path| Verdict::Wrong(words(&shown(path)));
    match purpose {
        Purpose::Open(_) | Purpose::Weights => {
            if path.is_dir() {
                wrong(text::is_folder, path)
            } else if path.exists() {
                Verdict::Fine
            } else {
                wrong(text::no_file, path)
            }
        }
        Purpose::SaveFolder if path.is_file() => wrong(text::is_file, path),
        Purpose::SaveFolder => Verdict::Fine,
        Purpose::Save(..) | Purpose::Film(..) => {
            let of_files = match purpose {
                Purpose::Film(choices, _) => choices.format.extension().is_empty(),
                _ => false,
            };
            let folder = path.parent().unwrap_or(path);
            if path.is_dir() && !of_files {
                wrong(text::is_folder, path)
            } else if path.is_file() {
                Verdict::Exists
            } else if !folder.as_os_str().is_empty() && !folder.is_dir() {
                wrong(text::no_folder, folder)
            } else {
                Verdict::Fine
            }
        }
    }
}

/// What typed text may go on to: whole texts, folders first.
pub(crate) fn completions(purpose: &Purpose, typed: &str, folder: &Path) -> Vec<String> {
    let split = typed.rfind('/').map_or(0, |slash| slash + 1);
    let (before, begun) = typed.split_at(split);
    let Some(inside) = typed_path(if before.is_empty() { "." } else { before }, folder) else {
        return Vec::new();
    };
    let Ok(entries) = std::fs::read_dir(inside) else {
        return Vec::new();
    };
    let mut found: Vec<(bool, String)> = entries
        .filter_map(|entry| {
            let entry = entry.ok()?;
            // A name that is not text cannot be typed either.
            let name = entry.file_name().into_string().ok()?;
            let hidden = name.starts_with('.') && !begun.starts_with('.');
            if hidden || !name.starts_with(begun) {
                return None;
            }
            // Links count as what they lead to.
            let is_folder = entry.path().is_dir();
            let fits = is_folder || takes_file(purpose, &name);
            let end = if is_folder { "/" } else { "" };
            fits.then(|| (!is_folder, format!("{before}{name}{end}")))
        })
        .collect();
    found.sort();
    found.truncate(MOST);
    found.into_iter().map(|(_, text)| text).collect()
}

fn takes_file(purpose: &Purpose, name: &str) -> bool {
    let extension = Path::new(name)
        .extension()
        .map(|extension| extension.to_string_lossy().to_lowercase())
        .unwrap_or_default();
    match purpose {
        Purpose::SaveFolder => false,
        Purpose::Weights => true,
        Purpose::Film(choices, _) => extension == choices.format.extension(),
        Purpose::Open(_) | Purpose::Save(..) => OPEN_EXTENSIONS.contains(&&*extension),
    }
}

/// A path with the ending that its purpose needs, where none was typed.
pub(crate) fn with_extension(path: PathBuf, extension: &str) -> PathBuf {
    if path.extension().is_none() && !extension.is_empty() && !path.is_dir() {
        path.with_extension(extension)
    } else {
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::command::ids::{Role, SnapshotId};

    #[test]
    fn a_path_is_judged_by_what_it_is_for() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.png");
        std::fs::write(&file, "x").unwrap();
        let (open, save) = (
            Purpose::Open(Role::Content),
            Purpose::Save(SnapshotId(1), "b.png".to_owned()),
        );
        assert_eq!(verdict(&open, &file), Verdict::Fine);
        assert_eq!(verdict(&save, &file), Verdict::Exists);
        assert_eq!(verdict(&save, &folder.path().join("b.png")), Verdict::Fine);
        assert_eq!(verdict(&Purpose::SaveFolder, folder.path()), Verdict::Fine);
        for (purpose, path) in [
            (&open, folder.path().join("none.png")),
            (&open, folder.path().to_owned()),
            (&save, folder.path().to_owned()),
            (&save, folder.path().join("none/b.png")),
            (&Purpose::SaveFolder, file),
        ] {
            let verdict = verdict(purpose, &path);
            assert!(matches!(verdict, Verdict::Wrong(_)), "{path:?} {verdict:?}");
        }
    }

    #[test]
    fn completions_are_folders_and_what_can_be_opened() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["photo.jpg", "photo.txt", "other.png", ".photo.png"] {
            std::fs::write(folder.path().join(name), "x").unwrap();
        }
        std::fs::create_dir(folder.path().join("photos")).unwrap();
        let complete =
            |typed: &str| completions(&Purpose::Open(Role::Content), typed, folder.path());
        assert_eq!(complete("ph"), ["photos/", "photo.jpg"]);
        let typed = format!("{}/o", folder.path().display());
        let whole = format!("{}/other.png", folder.path().display());
        assert_eq!(complete(&typed), [whole]);
        assert_eq!(complete(".p"), [".photo.png"]);
        assert!(complete("/nowhere/at/all").is_empty());
        let folders = completions(&Purpose::SaveFolder, "", folder.path());
        assert_eq!(folders, ["photos/"]);
    }
}
