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

/// Writes a picture as it is, or enlarged to these sides. Answers the file and its sides.
pub(crate) fn write(
    picture: &Picture,
    options: &SaveOptions,
    target: SaveTarget,
    enlarged: Option<(usize, usize)>,
) -> Result<(PathBuf, (usize, usize))> {
    let path = match target {
        SaveTarget::File(path) if path.extension().is_none() => path.with_extension("png"),
        SaveTarget::File(path) => path,
        SaveTarget::Folder(folder, stem, extension) => {
            std::fs::create_dir_all(&folder)
                .map_err(|source| Error::file("create", &folder, source, OTHER_FOLDER))?;
            free_name(&folder, &stem, extension)
        }
    };
    let own = (picture.planes.width, picture.planes.height);
    if let Some(sides) = enlarged.filter(|sides| *sides != own) {
        let planes = picture.planes.resize(sides.0, sides.1);
        let alpha = picture.alpha_at(sides.0, sides.1);
        save(&path, &planes, alpha.as_deref(), options)?;
        return Ok((path, sides));
    }
    save(&path, &picture.planes, picture.alpha.as_deref(), options)?;
    Ok((path, own))
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
            let written = write(&picture, &SaveOptions::default(), target, None);
            paths.push(written.unwrap().0);
        }
        assert!(paths.iter().all(|path| path.exists()));
        assert_eq!(paths[2], target.join("p-3.png"));
        let target = SaveTarget::File(target.join("large.png"));
        let written = write(&picture, &SaveOptions::default(), target, Some((8, 4)));
        let (path, sides) = written.unwrap();
        let large = Picture::open(&path).unwrap().planes;
        assert_eq!((large.width, large.height), sides);
        assert_eq!(sides, (8, 4));
    }
}
