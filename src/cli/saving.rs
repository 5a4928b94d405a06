//! How pictures are saved: the options that commands which paint share.

use clap::Args;

use crate::{
    error::{Error, Result},
    pixels::{BitDepth, SaveFormat, SaveOptions},
    settings::range,
    transfer::SavedAs,
};

/// Options of saving.
#[derive(Clone, Copy, Debug, Args)]
pub(super) struct SavingArguments {
    /// Bits for each color: 8 or 16; 16 in PNG and TIFF only [default: 8; with --like as it was].
    #[arg(long, value_name = "8|16", value_parser = bit_depth)]
    depth: Option<BitDepth>,
    /// Quality of JPEG files, 1 to 100 [default: 95; with --like as it was].
    #[arg(long, value_name = "Q")]
    jpeg_quality: Option<f64>,
    /// Do not record in the picture how it was made: settings, names and folders of its inputs.
    #[arg(long)]
    pub(super) no_record: bool,
}

impl SavingArguments {
    /// The options for a file of this format, without a record; what is not given is as `saved` says.
    ///
    /// # Errors
    /// When the quality is out of range, or the format cannot hold so many bits.
    pub(super) fn options(self, format: SaveFormat, saved: Option<SavedAs>) -> Result<SaveOptions> {
        if self.depth == Some(BitDepth::Sixteen) && !format.is_deep() {
            let expected = "only .png and .tif files hold 16 bits: choose one of those, or 8";
            return Err(Error::setting("depth", 16, expected));
        }
        let saved = saved.unwrap_or_default();
        let depth = self.depth.unwrap_or(saved.bit_depth());
        let quality = self.jpeg_quality.unwrap_or(saved.jpeg_quality.into());
        range::JPEG_QUALITY.check(quality)?;
        Ok(SaveOptions {
            bit_depth: if format.is_deep() {
                depth
            } else {
                BitDepth::Eight
            },
            jpeg_quality: quality.round() as u8,
            record: None,
        })
    }
}

fn bit_depth(text: &str) -> Result<BitDepth, String> {
    match text {
        "8" => Ok(BitDepth::Eight),
        "16" => Ok(BitDepth::Sixteen),
        _ => Err("give 8 or 16".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_given_is_as_it_was_saved() {
        let arguments = SavingArguments {
            depth: None,
            jpeg_quality: None,
            no_record: false,
        };
        let saved = SavedAs {
            bits: 16,
            jpeg_quality: 40,
        };
        let png = arguments.options(SaveFormat::Png, Some(saved)).unwrap();
        assert_eq!((png.bit_depth, png.jpeg_quality), (BitDepth::Sixteen, 40));
        let jpeg = arguments.options(SaveFormat::Jpeg, Some(saved)).unwrap();
        assert_eq!((jpeg.bit_depth, jpeg.jpeg_quality), (BitDepth::Eight, 40));
        let plain = arguments.options(SaveFormat::Png, None).unwrap();
        assert_eq!(plain, SaveOptions::default());
        let other = SavingArguments {
            depth: Some(BitDepth::Eight),
            jpeg_quality: Some(80.0),
            ..arguments
        };
        let png = other.options(SaveFormat::Png, Some(saved)).unwrap();
        assert_eq!((png.bit_depth, png.jpeg_quality), (BitDepth::Eight, 80));
        let damaged = SavedAs {
            jpeg_quality: 0,
            ..saved
        };
        assert!(arguments.options(SaveFormat::Jpeg, Some(damaged)).is_err());
    }
}
