//! Places that a command will write to, proved before its first step: a run must end with a file.

use std::{
    env, fs,
    io::{ErrorKind, Write as _},
    path::{Path, PathBuf},
};

use crate::{
    error::{Error, Result},
    files::{self, Draft},
    paths,
};

/// Bytes that are written for a proof: some disks give a file a name when they are full.
const PROOF_BYTES: usize = 4096;
/// Names that are tried.
const MOST_NAMES: u32 = 10_000;

/// Proves that a file can be written.
///
/// # Errors
/// When its folder is missing or not to be written in, the disk is full, or it is a folder or a
/// write-protected file.
pub(super) fn prove_file(path: &Path) -> Result<()> {
    let special = fs::metadata(path).is_ok_and(|about| !about.is_file() && !about.is_dir());
    let proved = if special {
        files::prove_writable(path)
    } else {
        Draft::create(path).and_then(|draft| draft.file().write_all(&[0; PROOF_BYTES]))
    };
    proved.map_err(|source| files::unwritable(path, source))
}

/// Proves that a folder of files can be made there: a new one, or an empty one.
///
/// # Errors
/// When it has something in it, or as [`prove_file`].
pub(super) fn prove_new_folder(path: &Path) -> Result<()> {
    let proved = if path.exists() && !path.is_dir() {
        Err(ErrorKind::NotADirectory.into())
    } else {
        Draft::by_path(path).map(drop)
    };
    proved.map_err(|source| files::unwritable(path, source))
}

/// Writes a result; where that fails, with the same name in the current folder, or in the temporary
/// one: work must not be lost because a disk has gone.
///
/// # Errors
/// [`Error::Elsewhere`] when it is there, else why it could not be written.
pub(super) fn keep(path: &Path, write: impl Fn(&Path) -> Result<()>) -> Result<()> {
    let Err(why) = write(path) else {
        return Ok(());
    };
    let folders = [env::current_dir().ok(), Some(env::temp_dir())];
    for folder in folders.into_iter().flatten() {
        let at = free_name(&folder.join(path.file_name().unwrap_or_default()));
        if write(&at).is_ok() {
            let why = Box::new(why);
            return Err(Error::Elsewhere { why, at });
        }
    }
    Err(why.on_the_way())
}

/// `path`, or a numbered name beside it that nothing has.
pub(super) fn free_name(path: &Path) -> PathBuf {
    let mut numbers = (2..MOST_NAMES).map(|number| paths::with_suffix(path, &format!("-{number}")));
    if path.symlink_metadata().is_err() {
        return path.to_owned();
    }
    let free = numbers.find(|path| path.symlink_metadata().is_err());
    free.unwrap_or_else(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_proved_without_a_trace() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.png");
        prove_file(&file).unwrap();
        prove_new_folder(&folder.path().join("frames")).unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
        let said = |result: Result<()>| result.unwrap_err().to_string();
        let lost = folder.path().join("nope").join("a.png");
        assert!(said(prove_file(&lost)).contains("Make the folder first"));
        assert!(said(prove_new_folder(&lost)).contains("Make the folder first"));
        assert!(said(prove_file(folder.path())).contains("another name"));
        fs::write(&file, b"x").unwrap();
        prove_file(&file).unwrap();
        assert_eq!(fs::read(&file).unwrap(), b"x");
        assert!(said(prove_new_folder(folder.path())).contains("an empty one"));
        assert!(prove_new_folder(&file).is_err());
        assert!(prove_file(&file.join("b.png")).is_err());
    }

    #[cfg(unix)]
    #[test]
    fn links_are_followed() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("link.png");
        std::os::unix::fs::symlink("nope/a.png", &link).unwrap();
        assert!(prove_file(&link).is_err());
        fs::create_dir(folder.path().join("nope")).unwrap();
        prove_file(&link).unwrap();
    }

    #[test]
    fn what_cannot_be_written_there_is_written_elsewhere_and_nothing_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let taken = folder.path().join("a.png");
        fs::write(&taken, b"x").unwrap();
        assert_eq!(free_name(&taken), folder.path().join("a-2.png"));
        let lost = folder.path().join("nope").join("impasto-test-of-keep.txt");
        let kept = keep(&lost, |path| {
            let written = files::replace(path, b"work");
            written.map_err(|source| files::unwritable(path, source))
        });
        let Err(Error::Elsewhere { at, .. }) = &kept else {
            panic!("{kept:?}");
        };
        assert_eq!(fs::read(at).unwrap(), b"work");
        let error = kept.as_ref().unwrap_err();
        assert!(error.to_string().contains(&at.display().to_string()));
        assert_eq!(error.exit_code(), 1);
        fs::remove_file(at).unwrap();
    }
}
