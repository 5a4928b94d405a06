//! How pictures are saved, as `pixels` takes it.

use crate::{
    pixels::{BitDepth, SaveOptions},
    settings::SaveChoices,
    transfer::Record,
};

/// The choices as `pixels` takes them, with the record if it is wanted.
pub(crate) fn options(choices: SaveChoices, record: &Record) -> SaveOptions {
    let deep = choices.sixteen_bits && choices.format.is_deep();
    let options = SaveOptions {
        bit_depth: if deep {
            BitDepth::Sixteen
        } else {
            BitDepth::Eight
        },
        jpeg_quality: choices.jpeg_quality,
        record: None,
    };
    if choices.remember {
        record.clone().into_options(&options)
    } else {
        options
    }
}
