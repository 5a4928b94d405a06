//! Where brushes are kept: `NAME.brush` in a folder of the user's data.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{BRUSH_EXTENSION, Brush, built_in, unusable};
use crate::{
    error::{Error, Result},
    files, folders,
};

/// Names another folder than the user's standard one.
pub const BRUSH_FOLDER_VARIABLE: &str = "IMPASTO_BRUSH_DIR";

/// Longest name.
const MOST_CHARS: usize = 60;

/// A folder of brushes.
#[derive(Clone, Debug)]
pub struct BrushFolder(PathBuf);

impl BrushFolder {
    /// The folder that [`BRUSH_FOLDER_VARIABLE`] names, else `brushes` in the user's data folder.
    ///
    /// # Errors
    /// When the user has no home folder.
    pub fn standard() -> Result<Self> {
        let folder = folders::of_user(BRUSH_FOLDER_VARIABLE, "brushes");
        folder.map(Self).ok_or_else(|| Error::Brush {
            name: "folder".to_owned(),
            why: "you have no home folder to keep brushes in".to_owned(),
            advice: "Name a folder in the variable IMPASTO_BRUSH_DIR",
        })
    }

    /// Some other folder.
    pub fn at(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    /// Where it is. It may not exist yet.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The brush of a name: one that lies here, or one inside the program.
    ///
    /// # Errors
    /// When there is none, or its file is damaged.
    pub fn find(&self, name: &str) -> Result<Brush> {
        check(name)?;
        let path = self.file(name);
        if path.is_file() {
            return Brush::open(&path);
        }
        let inside = built_in()?.into_iter().find(|brush| brush.name == name);
        inside.ok_or_else(|| unusable(name, "there is no brush of this name"))
    }

    /// The brush of a name, or of a file.
    ///
    /// # Errors
    /// When there is none, or it is damaged.
    pub fn find_or_open(&self, name: &str) -> Result<Brush> {
        let path = Path::new(name);
        let is_file = path
            .extension()
            .is_some_and(|ending| ending == BRUSH_EXTENSION);
        if is_file {
            Brush::open(path)
        } else {
            self.find(name)
        }
    }

    /// All brushes that lie here, by name; damaged ones with their fault.
    ///
    /// # Errors
    /// When the folder cannot be read.
    pub fn list(&self) -> Result<Vec<(String, Result<Brush>)>> {
        if !self.0.exists() {
            return Ok(Vec::new());
        }
        let unreadable =
            |fault| Error::file("read", &self.0, fault, "Check the folder's permissions");
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.0).map_err(unreadable)? {
            let path = entry.map_err(unreadable)?.path();
            if path
                .extension()
                .is_some_and(|ending| ending == BRUSH_EXTENSION)
            {
                let name = path.file_stem().unwrap_or_default().to_string_lossy();
                found.push((name.into_owned(), Brush::open(&path)));
            }
        }
        found.sort_by(|a, b| a.0.cmp(&b.0));
        Ok(found)
    }

    /// Whether a brush can be kept here under a name.
    ///
    /// # Errors
    /// When it cannot be a file's name, or another brush has it and `replace` is not set.
    pub fn check_free(&self, name: &str, replace: bool) -> Result<()> {
        check(name)?;
        if built_in()?.iter().any(|inside| inside.name == name) {
            return Err(unusable(name, "a brush inside the program has this name"));
        }
        if self.file(name).exists() && !replace {
            return Err(Error::Brush {
                name: name.to_owned(),
                why: "a brush of this name is there already".to_owned(),
                advice: "Choose another name, or replace it with --force",
            });
        }
        Ok(())
    }

    /// Keeps a brush here under its name; answers where.
    ///
    /// # Errors
    /// As [`Self::check_free`], or when the disk is full.
    pub fn keep(&self, brush: &Brush, replace: bool) -> Result<PathBuf> {
        self.check_free(&brush.name, replace)?;
        let path = self.file(&brush.name);
        fs::create_dir_all(&self.0)
            .map_err(|fault| Error::file("create", &self.0, fault, "Check the folder above it"))?;
        write(brush, &path)?;
        Ok(path)
    }

    /// Removes a brush.
    ///
    /// # Errors
    /// When there is none here.
    pub fn remove(&self, name: &str) -> Result<()> {
        check(name)?;
        let path = self.file(name);
        if !path.exists() {
            return Err(unusable(name, "there is no brush of yours of this name"));
        }
        fs::remove_file(&path)
            .map_err(|fault| Error::file("remove", &path, fault, "Check the folder's permissions"))
    }

    fn file(&self, name: &str) -> PathBuf {
        self.0.join(format!("{name}.{BRUSH_EXTENSION}"))
    }
}

/// Writes a brush's file, whole or not at all.
///
/// # Errors
/// When the disk is full or the folder is missing.
pub(super) fn write(brush: &Brush, path: &Path) -> Result<()> {
    let bytes = brush.to_bytes()?;
    files::replace(path, &bytes).map_err(|fault| files::unwritable(path, fault))
}

impl Brush {
    /// Writes its file, whole or not at all.
    ///
    /// # Errors
    /// When the disk is full or the folder is missing.
    pub fn save(&self, path: &Path) -> Result<()> {
        write(self, path)
    }
}

/// A name that is a file's name on every system.
fn check(name: &str) -> Result<()> {
    let plain = |c: char| c.is_alphanumeric() || " -_.()&'".contains(c);
    let fits = (1..=MOST_CHARS).contains(&name.chars().count());
    if fits
        && name.chars().all(plain)
        && !name.starts_with(['.', ' '])
        && !name.ends_with(['.', ' '])
    {
        return Ok(());
    }
    Err(Error::setting(
        "brush",
        name,
        format!("a name has 1 to {MOST_CHARS} letters, digits, spaces and -_.()&'"),
    ))
}
