//! Presets that the user saved: one file of settings each, in a folder of theirs.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{Preset, presets, presets::present_name};
use crate::{
    error::{Error, Result},
    files, ordinary,
};

const ANOTHER_FOLDER: &str = "Check that the folder can be written";

/// The user's presets in a folder. File names come from the titles.
#[derive(Clone, Debug)]
pub struct UserPresets {
    folder: PathBuf,
}

impl UserPresets {
    /// Those in `folder`, which need not exist yet.
    pub fn new(folder: PathBuf) -> Self {
        Self { folder }
    }

    /// All of them by title. A file that is no preset is passed over with a note in the log.
    ///
    /// # Errors
    /// When the folder exists and cannot be read.
    pub fn list(&self) -> Result<Vec<Preset>> {
        if !self.folder.exists() {
            return Ok(Vec::new());
        }
        let failed =
            |source| Error::file("read", &self.folder, source, "Check that it is a folder");
        let mut found = Vec::new();
        for entry in fs::read_dir(&self.folder).map_err(failed)? {
            let path = entry.map_err(failed)?.path();
            if path.extension().is_none_or(|extension| extension != "toml") {
                continue;
            }
            match read(&path) {
                Ok(preset) => found.push(preset),
                Err(why) => log::warn!("{} is no preset: {why}", path.display()),
            }
        }
        found.sort_by_key(|preset| preset.title.to_lowercase());
        Ok(found)
    }

    /// A name for a preset of this title that no other preset has.
    ///
    /// # Errors
    /// When the title has no letter or figure.
    pub fn free_name(&self, title: &str) -> Result<String> {
        let words: Vec<String> = title
            .split(|c: char| !c.is_alphanumeric())
            .filter(|word| !word.is_empty())
            .map(str::to_lowercase)
            .collect();
        if words.is_empty() {
            return Err(Error::setting("name", title, "use letters or figures"));
        }
        let stem: String = words.join("-").chars().take(60).collect();
        let built_in = presets()?;
        let taken = |name: &String| {
            built_in
                .iter()
                .any(|preset| preset.name == present_name(name))
                || self.path(name).exists()
        };
        let names = std::iter::once(stem.clone()).chain((2..).map(|n| format!("{stem}-{n}")));
        let mut free = names.filter(|name| !taken(name));
        free.next()
            .ok_or_else(|| Error::Internal("no name is free".to_owned()))
    }

    /// Writes a preset, whole or not at all; one of the same name is replaced.
    ///
    /// # Errors
    /// When the file cannot be written.
    pub fn save(&self, preset: &Preset) -> Result<()> {
        let text = toml::to_string(preset)
            .map_err(|fault| Error::Internal(format!("the preset cannot be written: {fault}")))?;
        let path = self.path(&preset.name);
        let failed = |source| Error::file("write", &path, source, ANOTHER_FOLDER);
        fs::create_dir_all(&self.folder).map_err(failed)?;
        files::replace(&path, text.as_bytes()).map_err(failed)
    }

    /// Gives a preset another title; its file keeps its name.
    ///
    /// # Errors
    /// When it cannot be read or written.
    pub fn retitle(&self, name: &str, title: &str) -> Result<()> {
        let path = self.path(name);
        let mut preset = read(&path).map_err(|why| {
            let source = std::io::Error::other(why);
            Error::file("read", &path, source, "Save the preset anew")
        })?;
        title.clone_into(&mut preset.title);
        self.save(&preset)
    }

    /// Deletes a preset and its picture, and answers what brings them back.
    ///
    /// # Errors
    /// When the file cannot be read or deleted.
    pub fn delete(&self, name: &str) -> Result<DeletedPreset> {
        let path = self.path(name);
        let settings =
            fs::read(&path).map_err(|source| Error::file("read", &path, source, ANOTHER_FOLDER))?;
        let title = read(&path).map_or_else(|_| name.to_owned(), |preset| preset.title);
        let deleted = DeletedPreset {
            name: name.to_owned(),
            title,
            settings,
            picture: fs::read(self.picture_path(name)).ok(),
        };
        fs::remove_file(&path)
            .map_err(|source| Error::file("delete", &path, source, ANOTHER_FOLDER))?;
        let picture = self.picture_path(name);
        if picture.exists() {
            fs::remove_file(&picture)
                .map_err(|source| Error::file("delete", &picture, source, ANOTHER_FOLDER))?;
        }
        Ok(deleted)
    }

    /// Puts a deleted preset back, unless another has taken its place.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn restore(&self, deleted: &DeletedPreset) -> Result<()> {
        let path = self.path(&deleted.name);
        if path.exists() {
            return Ok(());
        }
        let failed = |source| Error::file("write", &path, source, ANOTHER_FOLDER);
        fs::create_dir_all(&self.folder).map_err(failed)?;
        files::replace(&path, &deleted.settings).map_err(failed)?;
        match &deleted.picture {
            Some(picture) => {
                files::replace(&self.picture_path(&deleted.name), picture).map_err(failed)
            }
            None => Ok(()),
        }
    }

    /// Where a preset's picture is, if it has one.
    pub fn picture_path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.png"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.join(format!("{name}.toml"))
    }
}

/// Files beyond this are no presets.
const MOST_BYTES: u64 = 1 << 20;

/// A preset that was deleted, and all it takes to bring it back.
#[derive(Clone, Debug)]
pub struct DeletedPreset {
    /// What it was found by.
    pub name: String,
    /// Its title.
    pub title: String,
    /// Its file.
    settings: Vec<u8>,
    /// The file of its picture.
    picture: Option<Vec<u8>>,
}

/// Reads a file; the words say what is wrong with it.
fn read(path: &Path) -> std::result::Result<Preset, String> {
    let bytes = ordinary::read(path, MOST_BYTES).map_err(|fault| fault.to_string())?;
    let text = String::from_utf8(bytes).map_err(|fault| fault.to_string())?;
    let mut preset: Preset = toml::from_str(&text).map_err(|fault| fault.to_string())?;
    let valid = preset.settings.validate();
    valid.map_err(|fault| fault.to_string())?;
    // The file's name is what it is found by.
    if let Some(stem) = path.file_stem() {
        preset.name = stem.to_string_lossy().into_owned();
    }
    Ok(preset)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::TransferSettings;

    fn preset(own: &UserPresets, title: &str) -> Preset {
        Preset {
            name: own.free_name(title).unwrap(),
            title: title.to_owned(),
            about: String::new(),
            family: None,
            settings: TransferSettings {
                style_weight: 42.0,
                ..TransferSettings::default()
            },
        }
    }

    #[test]
    fn presets_are_saved_renamed_and_deleted() {
        let folder = tempfile::tempdir().unwrap();
        let own = UserPresets::new(folder.path().join("presets"));
        assert!(own.list().unwrap().is_empty(), "before the first");
        own.save(&preset(&own, "Night sky")).unwrap();
        own.save(&preset(&own, "Night sky")).unwrap();
        let names: Vec<_> = own.list().unwrap().into_iter().map(|p| p.name).collect();
        assert_eq!(names.len(), 2, "the same title takes another name");
        own.retitle("night-sky", "Day sky").unwrap();
        let listed = own.list().unwrap();
        assert_eq!(listed[0].title, "Day sky");
        assert_eq!(listed[0].settings.style_weight, 42.0);
        let deleted = own.delete("night-sky").unwrap();
        assert_eq!(own.list().unwrap().len(), 1);
        assert_eq!(deleted.title, "Day sky");
        own.restore(&deleted).unwrap();
        let titles = |list: &[Preset]| -> Vec<String> {
            list.iter().map(|preset| preset.title.clone()).collect()
        };
        let again = own.list().unwrap();
        assert_eq!(titles(&again), titles(&listed), "deleting is undone");
    }

    #[test]
    fn names_never_hide_a_preset_of_the_program_and_never_leave_the_folder() {
        let own = UserPresets::new(tempfile::tempdir().unwrap().path().join("p"));
        assert_eq!(own.free_name("Impasto").unwrap(), "impasto-2");
        assert_eq!(own.free_name("Watercolour").unwrap(), "watercolour-2");
        assert_eq!(own.free_name("../../etc/Passwd").unwrap(), "etc-passwd");
        assert!(own.free_name(" … ").is_err());
    }

    #[test]
    fn a_damaged_file_does_not_hide_the_others() {
        let folder = tempfile::tempdir().unwrap();
        let own = UserPresets::new(folder.path().to_owned());
        fs::write(folder.path().join("broken.toml"), "name = ").unwrap();
        own.save(&preset(&own, "Good")).unwrap();
        assert_eq!(own.list().unwrap().len(), 1);
    }
}
