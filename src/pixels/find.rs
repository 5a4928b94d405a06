//! Finds again the pictures that a record names: where they were, beside the picture that names
//! them, or inside the program.
//!
//! Called by `app` and `cli`, never on the window's thread: it reads whole files.

use std::{
    fs::File,
    io,
    path::{Path, PathBuf},
};

use sha2::{Digest as _, Sha256};

use super::{Picture, SAMPLE_CONTENT, SAMPLE_STYLE, Sample, read::hex};
use crate::error::Result;

/// A picture that was found again.
#[derive(Clone, Debug)]
pub struct Found {
    /// Where.
    pub at: FoundAt,
    /// Whether it is the very file that the record means.
    pub unchanged: bool,
}

/// Where a picture was found.
#[derive(Clone, Debug)]
pub enum FoundAt {
    /// In a file.
    File(PathBuf),
    /// Inside the program.
    Sample(Sample),
}

impl Found {
    /// Reads the picture.
    ///
    /// # Errors
    /// As [`Picture::open`].
    pub fn open(&self) -> Result<Picture> {
        match &self.at {
            FoundAt::File(path) => Picture::open(path),
            FoundAt::Sample(sample) => Picture::from_bytes(sample.bytes, sample.name),
        }
    }
}

/// The picture called `name` whose file has the digest `sha256`: at `path`, else of that name in
/// the folder of the picture `beside`, else inside the program. A file at `path` that has changed
/// since comes last.
pub fn find_input(
    path: Option<&Path>,
    name: &str,
    sha256: &str,
    beside: Option<&Path>,
) -> Option<Found> {
    // A name from a stranger's file must not lead out of the folder.
    let neighbor = Path::new(name)
        .file_name()
        .and_then(|name| beside.map(|beside| beside.with_file_name(name)));
    let there = |file: &Path| digest(file).is_some_and(|digest| digest == sha256);
    let same = [path, neighbor.as_deref()].into_iter().flatten();
    let same = same.filter(|file| there(file)).map(Path::to_owned).next();
    if let Some(file) = same {
        return Some(Found {
            at: FoundAt::File(file),
            unchanged: true,
        });
    }
    let sample = [SAMPLE_CONTENT, SAMPLE_STYLE]
        .into_iter()
        .find(|sample| hex(&Sha256::digest(sample.bytes)) == sha256);
    if let Some(sample) = sample {
        return Some(Found {
            at: FoundAt::Sample(sample),
            unchanged: true,
        });
    }
    let changed = path.filter(|path| path.is_file())?;
    Some(Found {
        at: FoundAt::File(changed.to_owned()),
        unchanged: false,
    })
}

/// The digest of an ordinary file; a pipe or a device may never end.
fn digest(path: &Path) -> Option<String> {
    if !path.is_file() {
        return None;
    }
    let mut hash = Sha256::new();
    io::copy(&mut File::open(path).ok()?, &mut HashWriter(&mut hash)).ok()?;
    Some(hex(&hash.finalize()))
}

struct HashWriter<'a>(&'a mut Sha256);

impl io::Write for HashWriter<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn sha256(bytes: &[u8]) -> String {
        hex(&Sha256::digest(bytes))
    }

    fn file(found: Option<Found>) -> Option<(PathBuf, bool)> {
        match found?.at {
            FoundAt::File(path) => Some((path, true)),
            FoundAt::Sample(_) => None,
        }
    }

    #[test]
    fn looks_at_the_path_then_beside_the_picture_then_takes_what_changed() {
        let folder = tempfile::tempdir().unwrap();
        let (old, new) = (folder.path().join("old"), folder.path().join("new"));
        fs::create_dir_all(&old).unwrap();
        fs::create_dir_all(&new).unwrap();
        let (path, beside) = (old.join("a.png"), new.join("painting.png"));
        let find = || find_input(Some(&path), "a.png", &sha256(b"one"), Some(&beside));
        assert!(find().is_none());
        fs::write(&path, "two").unwrap();
        assert!(!find().unwrap().unchanged);
        fs::write(new.join("a.png"), "one").unwrap();
        assert!(find().unwrap().unchanged);
        assert_eq!(file(find()), Some((new.join("a.png"), true)));
        fs::write(&path, "one").unwrap();
        assert_eq!(file(find()), Some((path.clone(), true)));
    }

    #[test]
    fn names_cannot_lead_out_of_the_folder() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("inner");
        fs::create_dir(&inner).unwrap();
        fs::write(folder.path().join("a.png"), "one").unwrap();
        let beside = inner.join("painting.png");
        let found = find_input(None, "../a.png", &sha256(b"one"), Some(&beside));
        assert!(found.is_none());
    }

    #[test]
    fn samples_are_inside_the_program() {
        let digest = sha256(SAMPLE_STYLE.bytes);
        let found = find_input(None, "starry_night.jpg", &digest, None).unwrap();
        assert!(matches!(found.at, FoundAt::Sample(_)) && found.unchanged);
        assert_eq!(found.open().unwrap().sha256, digest);
    }
}
