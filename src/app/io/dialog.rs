//! The system's file dialogs.

use crate::{
    app::{
        command::ids::Role,
        io::{
            files::FileEvent,
            purpose::Purpose,
            session_log::{dialog_trouble, forget_dialog_trouble},
        },
    },
    pixels::{OPEN_EXTENSIONS, SAVE_EXTENSIONS},
};

pub(crate) fn ask(dialog: rfd::FileDialog, purpose: Purpose) -> FileEvent {
    use crate::app::text;
    if !has_dialog() {
        return FileEvent::NoDialog(purpose);
    }
    forget_dialog_trouble();
    let picked = match &purpose {
        Purpose::Open(role) => {
            let dialog = dialog
                .set_title(role.open_title())
                .add_filter(text::PICTURES, OPEN_EXTENSIONS);
            match role {
                Role::NewStyle => dialog.pick_files(),
                _ => dialog.pick_file().map(|path| vec![path]),
            }
        }
        Purpose::Save(_, name) => dialog
            .set_title(text::SAVE_TITLE)
            .set_file_name(name)
            .add_filter(text::PICTURES, SAVE_EXTENSIONS)
            .save_file()
            .map(|path| vec![path]),
        Purpose::Film(choices, name) => {
            let dialog = dialog.set_title(text::EXPORT_HEAD).set_file_name(name);
            let extension = choices.format.extension();
            let dialog = if extension.is_empty() {
                dialog
            } else {
                dialog.add_filter(choices.name(), &[extension])
            };
            dialog.save_file().map(|path| vec![path])
        }
        Purpose::SaveFolder => dialog
            .set_title(text::SAVE_FOLDER)
            .pick_folder()
            .map(|path| vec![path]),
        Purpose::Weights => dialog
            .set_title(text::WEIGHTS_FILE)
            .add_filter(
                text::WEIGHTS_FILE,
                &["h5", "hdf5", "safetensors", "pth", "pt", "caffemodel"],
            )
            .pick_file()
            .map(|path| vec![path]),
    };
    match picked {
        Some(paths) => FileEvent::Picked(purpose, paths),
        None if dialog_trouble() => FileEvent::NoDialog(purpose),
        None => FileEvent::Canceled,
    }
}

/// Whether a file dialog can open: on Linux it takes a session bus, or the program zenity.
fn has_dialog() -> bool {
    if !cfg!(target_os = "linux") {
        return true;
    }
    let on_path = |program: &str| {
        std::env::var_os("PATH")
            .is_some_and(|path| std::env::split_paths(&path).any(|dir| dir.join(program).exists()))
    };
    std::env::var_os("DBUS_SESSION_BUS_ADDRESS").is_some() || on_path("zenity")
}
