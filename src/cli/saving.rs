//! How pictures are saved: the options that commands which paint share.

use std::path::Path;

use clap::Args;

use crate::{
    error::{Error, Result},
    pixels::{BitDepth, SaveFormat, SaveOptions},
    settings::range,
};

/// Options of saving.
#[derive(Clone, Copy, Debug, Args)]
pub(super) struct SavingArguments {
    /// Bits for each color: 8 or 16; 16 in PNG and TIFF only.
    #[arg(long, value_name = "8|16", default_value = "8", value_parser = bit_depth)]
    pub(super) depth: BitDepth,
    /// Quality of JPEG files, 1 to 100 [default: 95].
    #[arg(long, value_name = "Q")]
    pub(super) jpeg_quality: Option<f64>,
    /// Do not record in the picture how it was made: settings, names and folders of its inputs.
    #[arg(long)]
    pub(super) no_record: bool,
}

impl SavingArguments {
    /// Checks that `output` names a format, and one that holds so many bits.
    ///
    /// # Errors
    /// When it does not.
    pub(super) fn check(self, output: &Path) -> Result<()> {
        let format = SaveFormat::from_path(output)?;
        if self.depth == BitDepth::Sixteen && !format.is_deep() {
            let expected = "only .png and .tif files hold 16 bits: choose one of those, or 8";
            return Err(Error::setting("depth", 16, expected));
        }
        Ok(())
    }

    /// The options without a record.
    ///
    /// # Errors
    /// When the quality is out of range.
    pub(super) fn options(self) -> Result<SaveOptions> {
        let mut options = SaveOptions {
            bit_depth: self.depth,
            ..SaveOptions::default()
        };
        if let Some(quality) = self.jpeg_quality {
            range::JPEG_QUALITY.check(quality)?;
            options.jpeg_quality = quality.round() as u8;
        }
        Ok(options)
    }
}

fn bit_depth(text: &str) -> Result<BitDepth, String> {
    match text {
        "8" => Ok(BitDepth::Eight),
        "16" => Ok(BitDepth::Sixteen),
        _ => Err("give 8 or 16".to_owned()),
    }
}
