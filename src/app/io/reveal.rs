//! Shows a file in the system's file manager, chosen among its neighbors where the system can.
//!
//! By the programs that every desktop of its kind has. Crates for this need the D-Bus or GTK
//! libraries when they are built; the programs are there where there is a desktop.

use std::{
    path::Path,
    process::{Command, Stdio},
};

use crate::error::{Error, Result};

/// Shows `path`.
///
/// # Errors
/// When the file is gone, or the system has no file manager.
pub(crate) fn reveal(path: &Path) -> Result<()> {
    if !path.exists() {
        let gone = std::io::ErrorKind::NotFound.into();
        return Err(Error::file("show", path, gone, "It was moved or deleted"));
    }
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let shown = ways(&path).into_iter().any(|mut command| {
        let quiet = command.stdin(Stdio::null()).stdout(Stdio::null());
        quiet.stderr(Stdio::null()).status().is_ok_and(|status| {
            // Explorer's status says nothing.
            status.success() || cfg!(windows)
        })
    });
    if shown {
        return Ok(());
    }
    Err(Error::Device {
        device: "file manager".to_owned(),
        why: "this system has none that a program can open".to_owned(),
        advice: format!("The file is {}", path.display()),
    })
}

/// Commands to try, the best one first.
fn ways(path: &Path) -> Vec<Command> {
    let folder = path.parent().unwrap_or(path);
    if cfg!(target_os = "macos") {
        let mut open = Command::new("open");
        open.arg("-R").arg(path);
        return vec![open];
    }
    if cfg!(windows) {
        let mut explorer = Command::new("explorer");
        let mut choose = std::ffi::OsString::from("/select,");
        choose.push(path);
        explorer.arg(choose);
        return vec![explorer];
    }
    // org.freedesktop.FileManager1 is what file managers of desktops answer to.
    let mut show_item = Command::new("gdbus");
    show_item
        .args(["call", "--session", "--timeout", "5"])
        .args(["--dest", "org.freedesktop.FileManager1"])
        .args(["--object-path", "/org/freedesktop/FileManager1"])
        .args(["--method", "org.freedesktop.FileManager1.ShowItems"])
        .arg(format!("['{}']", address(path)))
        .arg("");
    let mut open_folder = Command::new("xdg-open");
    open_folder.arg(folder);
    vec![show_item, open_folder]
}

/// The `file://` address of a path.
fn address(path: &Path) -> String {
    let mut address = String::from("file://");
    for byte in path.as_os_str().as_encoded_bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => {
                address.push(char::from(*byte));
            }
            other => {
                let digit = |value: u8| char::from(b"0123456789ABCDEF"[usize::from(value)]);
                address.extend(['%', digit(other >> 4), digit(other & 15)]);
            }
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_hold_no_character_that_means_something_else() {
        let address = address(Path::new("/a b/ü'\"].png"));
        assert_eq!(address, "file:///a%20b/%C3%BC%27%22%5D.png");
    }

    #[test]
    fn a_file_that_is_gone_is_an_error_that_names_it() {
        let error = reveal(Path::new("/nowhere/at-all.png")).unwrap_err();
        assert!(error.to_string().contains("at-all.png"), "{error}");
    }
}
