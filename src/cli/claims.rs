//! The files that a command reads and writes, held against each other before its first step.
//!
//! One rule for all commands: no file is replaced unless `--overwrite` is there, but for a picture
//! that remembers to be made by the very same command with the same pictures and settings; and a
//! picture that is read is never written.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    io::{self, ErrorKind},
    path::{Path, PathBuf},
};

use super::{place, standard};
use crate::{
    error::{Error, Result},
    pixels::read_record,
    transfer::Record,
};

/// What will be read and written.
#[derive(Debug, Default)]
pub(super) struct Claims {
    inputs: Vec<Claim>,
    outputs: Vec<Claim>,
}

/// A file or folder and what it is.
#[derive(Debug)]
struct Claim {
    /// In words: "the content image", "the film".
    what: &'static str,
    /// The option that names it.
    option: &'static str,
    path: PathBuf,
    identity: Identity,
    is_folder: bool,
}

impl Claim {
    fn new(what: &'static str, option: &'static str, path: &Path, is_folder: bool) -> Self {
        Self {
            what,
            option,
            path: path.to_owned(),
            identity: Identity::of(path),
            is_folder,
        }
    }

    fn refused(&self, expected: &str) -> Error {
        Error::setting(self.option, self.path.display(), expected)
    }

    fn holds(&self, other: &Self) -> bool {
        self.is_folder && other.identity.path.starts_with(&self.identity.path)
    }
}

/// What is the same for all names of a file.
#[derive(Clone, Debug)]
struct Identity {
    /// Links followed, as far as it exists.
    path: PathBuf,
    /// Device and number of a file that exists, which hard links share.
    place: Option<(u64, u64)>,
}

impl Identity {
    fn of(path: &Path) -> Self {
        Self {
            path: resolved(path),
            place: place_of(path),
        }
    }
}

impl Claims {
    /// A file that is read.
    pub(super) fn reads(&mut self, what: &'static str, option: &'static str, path: &Path) {
        if !standard::is_input(path) {
            self.inputs.push(Claim::new(what, option, path, false));
        }
    }

    /// A file that is written.
    pub(super) fn writes(&mut self, what: &'static str, option: &'static str, path: &Path) {
        self.outputs.push(Claim::new(what, option, path, false));
    }

    /// A new folder that is filled.
    pub(super) fn fills(&mut self, what: &'static str, option: &'static str, path: &Path) {
        self.outputs.push(Claim::new(what, option, path, true));
    }

    /// Checks that no file is meant twice, and that everything can be written.
    ///
    /// # Errors
    /// Naming the option whose file is in the way.
    pub(super) fn check(&self) -> Result<()> {
        let mut known = Known::default();
        self.inputs.iter().for_each(|input| known.add(input));
        for output in &self.outputs {
            if let Some(input) = known.meets(output) {
                return Err(output.refused(&format!(
                    "this file is {}, which would be lost: choose another name",
                    input.what
                )));
            }
        }
        let mut known = Known::default();
        for output in &self.outputs {
            let folders = self.outputs.iter().filter(|other| other.is_folder);
            let mut folders = folders.filter(|other| !std::ptr::eq(*other, output));
            let other = known
                .meets(output)
                .or(folders.find(|other| other.holds(output)));
            if let Some(other) = other {
                return Err(output.refused(&format!(
                    "{} would go to the same place as {}: choose another name for one of them",
                    output.what, other.what
                )));
            }
            known.add(output);
        }
        let mut proved = BTreeSet::new();
        for output in &self.outputs {
            let is_new = output.identity.place.is_none();
            let folder = output.identity.path.parent();
            if output.is_folder {
                place::prove_new_folder(&output.path)?;
            } else if !is_new || proved.insert(folder) {
                place::prove_file(&output.path)?;
            }
        }
        Ok(())
    }

    /// Checks that nothing is replaced unasked but the file `own`; `is_same` knows the records of
    /// pictures that the same command made.
    ///
    /// # Errors
    /// Naming the file that is there.
    pub(super) fn check_free(
        &self,
        overwrite: bool,
        own: Option<&Path>,
        is_same: impl Fn(&Record) -> bool,
    ) -> Result<()> {
        let own = own.map(resolved);
        let is_own = |output: &&Claim| own.as_ref() == Some(&output.identity.path);
        let files = self.outputs.iter().filter(|output| !output.is_folder);
        let files = files.filter(|output| !is_own(output));
        for output in files {
            check_free(&output.path, overwrite, &is_same)?;
        }
        Ok(())
    }
}

/// Refuses to replace a file unless that was asked for, or the same command made it.
///
/// # Errors
/// When it exists.
pub(super) fn check_free(
    path: &Path,
    overwrite: bool,
    is_same: impl Fn(&Record) -> bool,
) -> Result<()> {
    let is_there = path.symlink_metadata().is_ok() && path.exists();
    if overwrite || !is_there {
        return Ok(());
    }
    let record = read_record(path).ok().flatten();
    if record
        .as_deref()
        .and_then(Record::from_json)
        .is_some_and(|record| is_same(&record))
    {
        return Ok(());
    }
    let why = io::Error::new(ErrorKind::AlreadyExists, "the file exists");
    let advice = "Choose another name, or replace it with --overwrite";
    Err(Error::file("write", path, why, advice))
}

/// Claims by what they are the same by.
#[derive(Default)]
struct Known<'a> {
    paths: BTreeMap<&'a Path, &'a Claim>,
    places: BTreeMap<(u64, u64), &'a Claim>,
}

impl<'a> Known<'a> {
    fn add(&mut self, claim: &'a Claim) {
        self.paths.insert(&claim.identity.path, claim);
        if let Some(place) = claim.identity.place {
            self.places.insert(place, claim);
        }
    }

    fn meets(&self, claim: &Claim) -> Option<&'a Claim> {
        let place = claim.identity.place;
        let by_place = place.and_then(|place| self.places.get(&place));
        let by_path = || self.paths.get(claim.identity.path.as_path());
        by_place.or_else(by_path).copied()
    }
}

fn resolved(path: &Path) -> PathBuf {
    if let Ok(whole) = fs::canonicalize(path) {
        return whole;
    }
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    match (
        absolute.parent().map(fs::canonicalize),
        absolute.file_name(),
    ) {
        (Some(Ok(folder)), Some(name)) => folder.join(name),
        _ => absolute,
    }
}

#[cfg(unix)]
fn place_of(path: &Path) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    let about = fs::metadata(path).ok()?;
    Some((about.dev(), about.ino()))
}

/// Where files have no numbers, existing ones are known by their resolved paths.
#[cfg(not(unix))]
fn place_of(path: &Path) -> Option<(u64, u64)> {
    let _ = path;
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_file_is_meant_twice_under_any_of_its_names() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::write(path("a.png"), b"x").unwrap();
        fs::create_dir(path("b")).unwrap();
        let claims = |content: &str, output: &str, film: &str| {
            let mut claims = Claims::default();
            claims.reads("the content image", "content", &path(content));
            claims.writes("the picture", "output", &path(output));
            if film.ends_with('/') {
                claims.fills("the film", "film", &path(film));
            } else {
                claims.writes("the film", "film", &path(film));
            }
            claims.check()
        };
        claims("a.png", "c.png", "d.gif").unwrap();
        claims("a.png", "c.png", "b/").unwrap();
        for (output, film, said) in [
            ("a.png", "d.gif", "content image"),
            ("b/../a.png", "d.gif", "content image"),
            ("c.png", "c.png", "the film"),
            ("c.png", "b/../c.png", "the film"),
            ("b/c.png", "b/", "the film"),
        ] {
            let error = claims("a.png", output, film).unwrap_err().to_string();
            assert!(error.contains(said), "{output} {film}: {error}");
        }
        fs::hard_link(path("a.png"), path("hard.png")).unwrap();
        #[cfg(unix)]
        assert!(claims("a.png", "hard.png", "d.gif").is_err());
    }

    #[test]
    fn a_file_is_replaced_only_when_asked() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let free = |path: &Path, overwrite| check_free(path, overwrite, |_| true);
        free(file.path(), true).unwrap();
        free(Path::new("/nowhere/at.all"), false).unwrap();
        let error = free(file.path(), false).unwrap_err().to_string();
        assert!(error.contains("--overwrite"), "{error}");
    }
}
