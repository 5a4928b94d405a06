//! User presets are listed, written and deleted.

use std::{path::PathBuf, sync::Arc};

use eframe::egui::ColorImage;

use crate::{
    app::{
        io::{
            picture::color_image,
            preset_pictures::{self, PRESET_PX},
        },
        text,
    },
    error::Result,
    pixels::{Picture, SaveOptions, preview_rgba8, save},
    settings::{DeletedPreset, Preset, TransferSettings, UserPresets},
};

/// Work for the thread.
#[derive(Debug)]
pub(crate) enum PresetsJob {
    /// Make the pictures of the program's own presets ready.
    Pictures,
    /// Read the user's presets in this folder.
    List(PathBuf),
    /// Write settings as a preset of this title, with a picture if there is one.
    Save(PathBuf, String, Box<TransferSettings>, Option<Arc<Picture>>),
    /// Give a preset another title.
    Rename(PathBuf, String, String),
    /// Delete a preset, and say so.
    Delete(PathBuf, String, bool),
    /// Put a deleted preset back.
    Restore(PathBuf, Box<DeletedPreset>),
}

/// A user's preset with its picture, if there is one.
pub(crate) type UserPreset = (Preset, Option<ColorImage>);

/// Answers.
pub(crate) enum PresetsEvent {
    /// To [`PresetsJob::Pictures`], by the presets' names.
    Pictures(Vec<(String, ColorImage)>),
    /// To everything about user presets.
    Listed {
        /// All there are by now.
        listed: Result<Vec<UserPreset>>,
        /// The name of the one that was just saved.
        saved: Option<String>,
        /// The one that was just deleted.
        deleted: Option<Box<DeletedPreset>>,
    },
}

/// Does a job.
pub(crate) fn answer(job: PresetsJob) -> PresetsEvent {
    match job {
        PresetsJob::Pictures => PresetsEvent::Pictures(preset_pictures::all()),
        PresetsJob::List(folder) => user_presets(folder, |_| Ok(None)),
        PresetsJob::Save(folder, title, settings, picture) => user_presets(folder, |own| {
            save_preset(own, title, *settings, picture.as_deref()).map(Some)
        }),
        PresetsJob::Rename(folder, name, title) => {
            user_presets(folder, |own| own.retitle(&name, &title).map(|()| None))
        }
        PresetsJob::Delete(folder, name, says) => {
            let mut gone = None;
            let event = user_presets(folder, |own| {
                gone = Some(own.delete(&name)?);
                Ok(None)
            });
            match event {
                PresetsEvent::Listed { listed, saved, .. } => PresetsEvent::Listed {
                    listed,
                    saved,
                    deleted: gone.filter(|_| says).map(Box::new),
                },
                other @ PresetsEvent::Pictures(_) => other,
            }
        }
        PresetsJob::Restore(folder, deleted) => {
            user_presets(folder, |own| own.restore(&deleted).map(|()| None))
        }
    }
}

/// Changes something about the user's presets and lists what there is then.
fn user_presets(
    folder: PathBuf,
    change: impl FnOnce(&UserPresets) -> Result<Option<String>>,
) -> PresetsEvent {
    let own = UserPresets::new(folder);
    let changed = change(&own);
    let saved = changed.as_ref().ok().cloned().flatten();
    let listed = changed.and_then(|_| list(&own));
    let deleted = None;
    PresetsEvent::Listed {
        listed,
        saved,
        deleted,
    }
}

fn save_preset(
    own: &UserPresets,
    title: String,
    settings: TransferSettings,
    picture: Option<&Picture>,
) -> Result<String> {
    let name = own.free_name(&title)?;
    own.save(&Preset {
        name: name.clone(),
        title,
        about: text::USER_PRESET.to_owned(),
        family: None,
        settings,
    })?;
    if let Some(picture) = picture {
        let small = picture.fitted(PRESET_PX as u32);
        save(
            &own.picture_path(&name),
            &small,
            None,
            &SaveOptions::default(),
        )?;
    }
    Ok(name)
}

fn list(own: &UserPresets) -> Result<Vec<UserPreset>> {
    let presets = own.list()?;
    let with_picture = |preset: Preset| {
        let path = own.picture_path(&preset.name);
        let picture = path.exists().then(|| Picture::open(&path));
        // A preset serves without its picture too.
        let picture = picture.and_then(Result::ok).map(|picture| {
            let small = preview_rgba8(&picture.planes, None, PRESET_PX);
            color_image(&small)
        });
        (preset, picture)
    };
    Ok(presets.into_iter().map(with_picture).collect())
}

/// Where presets are kept when the command line does not say.
pub(crate) fn default_folder() -> PathBuf {
    directories::ProjectDirs::from("", "", "impasto").map_or_else(
        || std::env::temp_dir().join("impasto-presets"),
        |dirs| dirs.config_dir().join("presets"),
    )
}
