//! The film is written as a file.

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use crate::{
    app::command::ids::ExportChoices,
    error::{Error, Result},
    pixels::{AnimationOptions, AnimationWriter},
    transfer::film::Frame,
};

impl ExportChoices {
    pub(crate) fn options(&self, frames: &[Arc<Frame>]) -> AnimationOptions {
        let sizes = frames.iter().map(|frame| frame.size_px);
        let own = sizes.max_by_key(|size| size.0 * size.1).unwrap_or((1, 1));
        let longest = self.longest_px.unwrap_or(usize::MAX);
        AnimationOptions::new(self.format, own, longest, frames.len(), self.secs)
    }
}

pub(crate) fn write(
    frames: &[Arc<Frame>],
    choices: ExportChoices,
    path: PathBuf,
    done: &AtomicUsize,
    canceled: &AtomicBool,
) -> Result<PathBuf> {
    // A path that was typed may lack the ending.
    let extension = choices.format.extension();
    let path = match path.extension() {
        None if !extension.is_empty() => path.with_extension(extension),
        _ => path,
    };
    let mut writer = AnimationWriter::create(&path, choices.options(frames))?;
    for frame in frames {
        if canceled.load(Ordering::Relaxed) {
            return Err(Error::Canceled);
        }
        writer.add(&frame.picture()?)?;
        done.fetch_add(1, Ordering::Relaxed);
    }
    writer.finish()?;
    Ok(path)
}
