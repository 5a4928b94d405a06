//! Pasted pictures are kept as files in the program's own folder: the next start has them again, and
//! what is painted from them can be repeated.

use std::{
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

use sha2::{Digest as _, Sha256};

use crate::{
    error::{Error, Result},
    pixels::{Picture, SaveOptions, save},
};

/// Their folder, in the program's own.
const FOLDER: &str = "pasted";
/// Pictures that are kept; the one not used for the longest time goes first.
const MOST: usize = 40;

/// Writes a pasted picture to the folder and answers it as the file's; its name stays.
pub(crate) fn kept(picture: &Picture, own_folder: &Path) -> Result<Picture> {
    let folder = own_folder.join(FOLDER);
    fs::create_dir_all(&folder)
        .map_err(|source| Error::file("create", &folder, source, "Make room on the disk"))?;
    let path = folder.join(format!("pasted-{}.png", digest(picture)));
    if !path.exists() {
        let options = SaveOptions::default();
        save(&path, &picture.planes, picture.alpha.as_deref(), &options)?;
        thin_out(&folder, &path);
    }
    Ok(Picture {
        name: picture.name.clone(),
        ..Picture::open(&path)?
    })
}

/// Whether a file is a pasted picture.
pub(crate) fn is_pasted(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with("pasted-") && path.parent().is_some_and(|folder| folder.ends_with(FOLDER))
}

fn digest(picture: &Picture) -> String {
    let mut hash = Sha256::new();
    hash.update((picture.planes.width as u64).to_le_bytes());
    for value in picture
        .planes
        .data
        .iter()
        .chain(picture.alpha.iter().flatten())
    {
        hash.update(value.to_le_bytes());
    }
    let digest = hash.finalize();
    digest
        .iter()
        .take(8)
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Removes the oldest files beyond [`MOST`].
fn thin_out(folder: &Path, newest: &Path) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    let mut files: Vec<(SystemTime, PathBuf)> = entries
        .flatten()
        .filter_map(|entry| {
            let path = entry.path();
            let changed = entry.metadata().ok()?.modified().ok()?;
            (is_pasted(&path) && path != newest).then_some((changed, path))
        })
        .collect();
    files.sort();
    let surplus = (files.len() + 1).saturating_sub(MOST);
    for (_, path) in files.into_iter().take(surplus) {
        if let Err(fault) = fs::remove_file(&path) {
            log::warn!("{} stays: {fault}", path.display());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pasted_picture_is_a_file_from_now_on() {
        let own = tempfile::tempdir().unwrap();
        let picture = |value| Picture::from_rgba8(2, 1, &[value; 8], "clipboard").unwrap();
        let first = kept(&picture(9), own.path()).unwrap();
        let path = first.path.clone().unwrap();
        assert!(is_pasted(&path) && path.exists());
        assert_eq!(first.name, "clipboard");
        assert_eq!(first.planes, picture(9).planes);
        let again = kept(&picture(9), own.path()).unwrap();
        assert_eq!(again.path, Some(path), "the same picture is one file");
        for value in 10..=60 {
            kept(&picture(value), own.path()).unwrap();
        }
        let files = fs::read_dir(own.path().join(FOLDER)).unwrap().count();
        assert_eq!(files, MOST);
    }
}
