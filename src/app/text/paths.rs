//! Words of the question for a path.

pub(crate) const PATH_HINT: &str = "Type or paste a path. Tab completes it; ~ is your home folder.";
pub(crate) const PATH_FIELD: &str = "Path of the file";
pub(crate) const PATH_FOLDERS: &str = "Recent folders";
pub(crate) const NO_PATH: &str = "Type the path of a file.";
pub(crate) const REPLACE: &str = "Replace";
pub(crate) const CHOOSE: &str = "Choose";

/// Asks whether a file is replaced.
pub(crate) fn replaces(name: &str) -> String {
    format!("{name} already exists. Do you want to replace it?")
}

/// Says that there is no such file.
pub(crate) fn no_file(path: &str) -> String {
    format!("{path} does not exist. Check the path.")
}

/// Says that a folder was named where a file is needed.
pub(crate) fn is_folder(path: &str) -> String {
    format!("{path} is a folder. Add the name of a file.")
}

/// Says that a file was named where a folder is needed.
pub(crate) fn is_file(path: &str) -> String {
    format!("{path} is a file. Name a folder.")
}

/// Says that the folder for a file is missing.
pub(crate) fn no_folder(path: &str) -> String {
    format!("The folder {path} does not exist. Choose another, or create it first.")
}
