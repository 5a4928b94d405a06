//! Where the program keeps what belongs to the user: weights, brushes, settings, pictures.

use std::{
    env,
    path::{Path, PathBuf},
};

use directories::{ProjectDirs, UserDirs};

/// The folder that the environment variable `variable` names, else `name` in the user's data folder;
/// none where the user has no home folder. It may not exist yet.
pub fn of_user(variable: &str, name: &str) -> Option<PathBuf> {
    let named = env::var_os(variable).filter(|path| !path.is_empty());
    let standard = || Some(ProjectDirs::from("", "", "impasto")?.data_dir().join(name));
    named.map(PathBuf::from).or_else(standard)
}

/// The user's home folder.
pub fn home() -> Option<PathBuf> {
    env::home_dir().filter(|home| home.is_absolute())
}

/// Where pictures are saved when nothing else is said: "Impasto" among the user's pictures. It may
/// not exist yet.
pub fn of_pictures() -> PathBuf {
    let standard = UserDirs::new().and_then(|dirs| dirs.picture_dir().map(PathBuf::from));
    pictures_in(standard, home().as_deref())
}

/// The same, for a user's folder of pictures and home folder.
fn pictures_in(standard: Option<PathBuf>, home: Option<&Path>) -> PathBuf {
    // A system that was never asked for the user's folders has no name for this one; some name the
    // home folder itself where there is none.
    let standard = standard.filter(|pictures| home != Some(pictures));
    let usual = || home.map(|home| home.join("Pictures"));
    let pictures = standard.or_else(usual).unwrap_or_else(env::temp_dir);
    pictures.join("Impasto")
}

/// The program's own folder: settings, pasted pictures, runs under way. It may not exist yet.
pub fn of_program() -> Option<PathBuf> {
    of_user("IMPASTO_DATA", "").map(|folder| folder.components().collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_are_never_saved_to_the_folder_of_the_moment() {
        let path = |text: &str| Some(PathBuf::from(text));
        for (standard, home, saved) in [
            (
                path("/home/a/Bilder"),
                path("/home/a"),
                "/home/a/Bilder/Impasto",
            ),
            (None, path("/home/a"), "/home/a/Pictures/Impasto"),
            (path("/home/a"), path("/home/a"), "/home/a/Pictures/Impasto"),
        ] {
            assert_eq!(pictures_in(standard, home.as_deref()), PathBuf::from(saved));
        }
        assert!(pictures_in(None, None).starts_with(env::temp_dir()));
    }
}
