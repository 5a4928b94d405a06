//! A folder of PNG files, numbered as video editors expect it.

use std::{
    fs::{self, File},
    io::{self, BufWriter},
    path::{Path, PathBuf},
};

use image::{ExtendedColorType, ImageEncoder as _, codecs::png::PngEncoder};

use super::options::{AnimationOptions, Encoder};

pub(super) struct Sequence {
    folder: PathBuf,
    size_px: (u32, u32),
    written: usize,
}

impl Sequence {
    pub(super) fn create(folder: &Path, options: &AnimationOptions) -> io::Result<Self> {
        fs::create_dir(folder)?;
        let (width, height) = options.size_px;
        Ok(Self {
            folder: folder.to_owned(),
            size_px: (width as u32, height as u32),
            written: 0,
        })
    }
}

impl Encoder for Sequence {
    fn add(&mut self, rgb: &[u8], _is_last: bool) -> Result<(), String> {
        self.written += 1;
        let path = self.folder.join(format!("frame-{:05}.png", self.written));
        let file = File::create(path).map_err(|fault| fault.to_string())?;
        let (width, height) = self.size_px;
        PngEncoder::new(BufWriter::new(file))
            .write_image(rgb, width, height, ExtendedColorType::Rgb8)
            .map_err(|error| error.to_string())
    }

    fn finish(self: Box<Self>) -> Result<(), String> {
        Ok(())
    }
}
