//! Several pictures in, several out: which they are, and under which names results are saved.

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use crate::{
    error::{Error, Result},
    paths,
    pixels::{OPEN_EXTENSIONS, SaveFormat},
};

/// The files that are meant: a folder stands for the pictures in it, in the order of their names.
///
/// # Errors
/// When a folder cannot be read, or has no picture in it.
pub(super) fn pictures(named: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in named {
        if path.is_dir() {
            found.extend(in_folder(path)?);
        } else {
            found.push(path.clone());
        }
    }
    Ok(found)
}

fn in_folder(folder: &Path) -> Result<Vec<PathBuf>> {
    let unreadable = |fault| Error::file("read", folder, fault, "Check its name and permissions");
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let extension = path.extension().unwrap_or_default();
        let extension = extension.to_string_lossy().to_lowercase();
        if path.is_file() && OPEN_EXTENSIONS.contains(&extension.as_str()) {
            found.push(path);
        }
    }
    if found.is_empty() {
        return Err(Error::Picture {
            name: folder.display().to_string(),
            why: "there is no picture in this folder".to_owned(),
            advice: "Name another folder, or files",
        });
    }
    found.sort();
    Ok(found)
}

/// Where the results of `contents` go.
///
/// A file where there is one content image and `output` is no folder; else files in the folder
/// `output`, which is made, each under the name of its content image, as PNG where the
/// content image's format is not one to save in. Two of one name are numbered.
///
/// # Errors
/// When the folder cannot be made, or a single name is meant for several pictures.
pub(super) fn results(
    contents: &[PathBuf],
    folder_named: bool,
    output: &Path,
) -> Result<Vec<PathBuf>> {
    let names_folder = output.is_dir() || output.to_string_lossy().ends_with(['/', '\\']);
    let single = contents.len() == 1 && !folder_named && !names_folder;
    if single {
        return Ok(vec![output.to_owned()]);
    }
    if !names_folder && SaveFormat::from_path(output).is_ok() {
        let expected = "name a folder: there are several pictures to save";
        return Err(Error::setting("output", output.display(), expected));
    }
    fs::create_dir_all(output).map_err(|fault| {
        Error::file("create", output, fault, "Choose another folder to save to")
    })?;
    let mut taken = BTreeSet::new();
    Ok(contents
        .iter()
        .map(|content| {
            let own = match SaveFormat::from_path(content) {
                Ok(_) => content.clone(),
                Err(_) => content.with_extension("png"),
            };
            let own = output.join(own.file_name().unwrap_or_default());
            let mut result = own.clone();
            let mut number = 2;
            while !taken.insert(result.to_string_lossy().to_lowercase()) {
                result = paths::with_suffix(&own, &format!("-{number}"));
                number += 1;
            }
            result
        })
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_keep_their_names_and_never_meet() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out");
        let contents = ["a/one.jpg", "b/one.jpg", "b/One.JPG", "two.gif"].map(PathBuf::from);
        let names: Vec<String> = results(&contents, false, &out)
            .unwrap()
            .iter()
            .map(|path| path.file_name().unwrap().to_string_lossy().into_owned())
            .collect();
        assert_eq!(names, ["one.jpg", "one-2.jpg", "One-3.JPG", "two.png"]);
        assert!(out.is_dir());
        let one = [PathBuf::from("a.gif")];
        assert_eq!(
            results(&one, false, Path::new("b.png")).unwrap(),
            [PathBuf::from("b.png")]
        );
        assert_eq!(results(&one, false, &out).unwrap(), [out.join("a.png")]);
        assert_eq!(results(&one, true, &out).unwrap(), [out.join("a.png")]);
        let several = results(&contents, false, &folder.path().join("x.png"));
        assert!(several.unwrap_err().to_string().contains("name a folder"));
    }

    #[test]
    fn a_folder_stands_for_its_pictures() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b.png", "a.JPG", "notes.txt"] {
            fs::write(folder.path().join(name), b"x").unwrap();
        }
        fs::create_dir(folder.path().join("more.png")).unwrap();
        let found = pictures(&[folder.path().to_owned(), PathBuf::from("c.png")]).unwrap();
        let expected = [
            folder.path().join("a.JPG"),
            folder.path().join("b.png"),
            "c.png".into(),
        ];
        assert_eq!(found, expected);
        let empty = pictures(&[folder.path().join("more.png")]).unwrap_err();
        assert!(empty.to_string().contains("no picture in this folder"));
    }
}
