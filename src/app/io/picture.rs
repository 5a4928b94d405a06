//! Pictures are read and made ready for the screen.

use std::{path::PathBuf, sync::Arc};

use eframe::egui::ColorImage;

use crate::{
    app::{
        io::remembered::{Remembered, remembered},
        text::CLIPBOARD,
    },
    error::Result,
    pixels::{Picture, Rgba8, Sample, preview_rgba8},
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

/// A picture ready for use and for the screen.
pub(crate) struct Prepared {
    /// The picture.
    pub(crate) picture: Arc<Picture>,
    /// At most [`SCREEN_PX`] a side.
    pub(crate) screen: ColorImage,
    /// At most [`THUMBNAIL_PX`] a side.
    pub(crate) thumbnail: ColorImage,
    /// How it was made, when that was asked for and is known.
    pub(crate) remembered: Option<Box<Remembered>>,
}

pub(crate) fn load(source: PictureSource, looks_back: bool) -> Result<Box<Prepared>> {
    let picture = match source {
        PictureSource::File(path) => Picture::open(&path)?,
        PictureSource::Sample(sample) => Picture::from_bytes(sample.bytes, sample.name)?,
        PictureSource::Clipboard(image) => {
            let rgba: Vec<u8> = image
                .pixels
                .iter()
                .flat_map(egui::Color32::to_srgba_unmultiplied)
                .collect();
            Picture::from_rgba8(image.width(), image.height(), &rgba, CLIPBOARD)?
        }
    };
    let path = picture.path.clone().filter(|_| looks_back);
    Ok(Box::new(Prepared {
        remembered: path.and_then(|path| remembered(&path)),
        ..prepare(Arc::new(picture))
    }))
}

/// Makes a picture ready for the screen.
pub(crate) fn prepare(picture: Arc<Picture>) -> Prepared {
    Prepared {
        screen: color_image(&rgba8(&picture, SCREEN_PX)),
        thumbnail: color_image(&rgba8(&picture, THUMBNAIL_PX)),
        remembered: None,
        picture,
    }
}

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
