//! Where the program keeps what belongs to the user: weights, brushes.

use std::{env, path::PathBuf};

use directories::ProjectDirs;

/// The folder that the environment variable `variable` names, else `name` in the user's data folder;
/// none where the user has no home folder. It may not exist yet.
pub fn of_user(variable: &str, name: &str) -> Option<PathBuf> {
    let named = env::var_os(variable).filter(|path| !path.is_empty());
    let standard = || Some(ProjectDirs::from("", "", "impasto")?.data_dir().join(name));
    named.map(PathBuf::from).or_else(standard)
}
