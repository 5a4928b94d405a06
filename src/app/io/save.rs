//! Pictures are written.

use std::path::PathBuf;

use crate::{
    app::{io::names::free_name, text::OTHER_FOLDER},
    error::{Error, Result},
    pixels::{Picture, SaveOptions, save},
};

/// Where a picture is written.
#[derive(Clone, Debug)]
pub(crate) enum SaveTarget {
    /// This file; what is there is replaced.
    File(PathBuf),
    /// A new file in this folder, which is made if need be, with this stem and extension.
    Folder(PathBuf, String, &'static str),
}

pub(crate) fn write(
    picture: &Picture,
    options: &SaveOptions,
    target: SaveTarget,
) -> Result<PathBuf> {
    let path = match target {
        SaveTarget::File(path) if path.extension().is_none() => path.with_extension("png"),
        SaveTarget::File(path) => path,
        SaveTarget::Folder(folder, stem, extension) => {
            std::fs::create_dir_all(&folder)
                .map_err(|source| Error::file("create", &folder, source, OTHER_FOLDER))?;
            free_name(&folder, &stem, extension)
        }
    };
    save(&path, &picture.planes, picture.alpha.as_deref(), options)?;
    Ok(path)
}

/// The folder that snapshots go to when none was chosen.
pub(crate) fn default_save_folder() -> PathBuf {
    directories::UserDirs::new()
        .and_then(|dirs| dirs.picture_dir().map(|pictures| pictures.join("Impasto")))
        .or_else(|| std::env::current_dir().ok())
        .unwrap_or_else(std::env::temp_dir)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn saved_snapshots_never_replace_each_other() {
        let folder = tempfile::tempdir().unwrap();
        let target = folder.path().join("new");
        let picture = Picture::from_rgba8(2, 1, &[255, 0, 0, 255, 0, 0, 255, 255], "p").unwrap();
        let mut paths = Vec::new();
        for _ in 0..3 {
            let target = SaveTarget::Folder(target.clone(), "p".to_owned(), "png");
            paths.push(write(&picture, &SaveOptions::default(), target).unwrap());
        }
        assert!(paths.iter().all(|path| path.exists()));
        assert_eq!(paths[2], target.join("p-3.png"));
    }
}
