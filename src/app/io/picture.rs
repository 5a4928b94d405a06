//! Pictures are read and made ready for the screen.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use eframe::egui::{Color32, ColorImage};

use crate::{
    app::{
        command::ids::Role,
        io::{
            pasted::kept,
            remembered::{Remembered, remembered},
        },
        text,
    },
    error::Result,
    pixels::{Picture, Rgba8, Sample, preview_rgba8},
    settings::PictureEdit,
};

/// Longest side of a picture on the canvas; screens show little more, and graphics cards of the
/// last fifteen years hold it.
pub(crate) const SCREEN_PX: usize = 2048;
/// Longest side of a thumbnail: twice the panel's width for screens of double density.
const THUMBNAIL_PX: usize = 448;

/// Where a picture comes from.
#[derive(Clone, Debug)]
pub(crate) enum PictureSource {
    /// A file.
    File(PathBuf),
    /// A picture inside the program.
    Sample(Sample),
    /// The clipboard.
    Clipboard(Arc<ColorImage>),
}

/// Whose wish it is that a picture is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A person chose it just now: when it remembers how it was made, that is offered first.
    Chosen,
    /// It comes with something else that was chosen: a restored run, several files, the command
    /// line.
    Given,
    /// The last session used it.
    Remembered,
    /// The sample, where nothing else is to be had.
    StandIn,
}

/// A picture to be read, and all that is to become of it: this travels with the job and comes back
/// with the answer, so that no answer depends on another.
#[derive(Clone, Debug)]
pub(crate) struct Load {
    /// What it will be used as.
    pub(crate) role: Role,
    /// Where it comes from.
    pub(crate) source: PictureSource,
    /// Its strength, when it is one more style image.
    pub(crate) strength: f64,
    /// How it is turned and cut.
    pub(crate) edit: PictureEdit,
    pub(crate) origin: Origin,
    /// Whether the table before it is noted already, for undo.
    pub(crate) noted: bool,
}

impl Load {
    /// A picture as it is, of usual strength.
    pub(crate) fn new(role: Role, source: PictureSource) -> Self {
        Self {
            role,
            source,
            strength: 1.0,
            edit: PictureEdit::default(),
            origin: Origin::Given,
            noted: false,
        }
    }

    /// Whether to look if it remembers how it was made.
    fn looks_back(&self) -> bool {
        self.origin == Origin::Chosen && !matches!(self.role, Role::Initial | Role::Queued)
    }
}

/// A picture ready for use and for the screen.
pub(crate) struct Prepared {
    /// The picture.
    pub(crate) picture: Arc<Picture>,
    /// The whole picture that `picture` was made from by `edit`; mostly the same.
    pub(crate) original: Arc<Picture>,
    /// How it was turned and cut.
    pub(crate) edit: PictureEdit,
    /// At most [`SCREEN_PX`] a side.
    pub(crate) screen: ColorImage,
    /// At most [`THUMBNAIL_PX`] a side.
    pub(crate) thumbnail: ColorImage,
    /// How it was made, when that was asked for and is known.
    pub(crate) remembered: Option<Box<Remembered>>,
}

/// Reads a picture, turns and cuts it. One that was pasted is kept in the program's own folder.
pub(crate) fn load(load: &Load, own_folder: Option<&Path>) -> Result<Box<Prepared>> {
    let picture = match &load.source {
        PictureSource::File(path) => Picture::open(path)?,
        PictureSource::Sample(sample) => Picture::from_bytes(sample.bytes, sample.name)?,
        PictureSource::Clipboard(image) => {
            let pixels = image.pixels.iter();
            let rgba: Vec<u8> = pixels.flat_map(Color32::to_srgba_unmultiplied).collect();
            let pasted =
                Picture::from_rgba8(image.width(), image.height(), &rgba, text::CLIPBOARD)?;
            let kept = own_folder.map(|folder| kept(&pasted, folder));
            match kept {
                Some(Ok(kept)) => kept,
                // It serves all the same, until the window is closed.
                Some(Err(error)) => {
                    log::warn!("the pasted picture is not kept: {error}");
                    pasted
                }
                None => pasted,
            }
        }
    };
    let path = picture.path.clone().filter(|_| load.looks_back());
    Ok(Box::new(Prepared {
        remembered: path.and_then(|path| remembered(&path)),
        ..edited(Arc::new(picture), load.edit)
    }))
}

/// Turns and cuts a whole picture, and makes the outcome ready for the screen.
pub(crate) fn edited(original: Arc<Picture>, edit: PictureEdit) -> Prepared {
    if edit.is_none() {
        return prepare(original);
    }
    let picture = Arc::new(original.edited(edit.quarter_turns, edit.aspect));
    Prepared {
        original,
        edit,
        ..prepare(picture)
    }
}

/// Makes a picture ready for the screen.
pub(crate) fn prepare(picture: Arc<Picture>) -> Prepared {
    Prepared {
        screen: color_image(&rgba8(&picture, SCREEN_PX)),
        thumbnail: color_image(&rgba8(&picture, THUMBNAIL_PX)),
        remembered: None,
        original: Arc::clone(&picture),
        edit: PictureEdit::default(),
        picture,
    }
}

/// A picture as bytes for the screen, at most `max_px` a side.
pub(crate) fn rgba8(picture: &Picture, max_px: usize) -> Rgba8 {
    preview_rgba8(&picture.planes, picture.alpha.as_deref(), max_px)
}

/// Bytes in the form that the window draws.
pub(crate) fn color_image(image: &Rgba8) -> ColorImage {
    let size = [image.width, image.height];
    if image.data.chunks_exact(4).all(|pixel| pixel[3] == u8::MAX) {
        // Nothing to multiply: a plain copy, several times faster.
        ColorImage::from_rgba_premultiplied(size, &image.data)
    } else {
        ColorImage::from_rgba_unmultiplied(size, &image.data)
    }
}
