//! The pictures of a run as the command line names them.

use std::{path::PathBuf, sync::Arc};

use crate::{
    error::{Error, Result},
    pixels::Picture,
    settings::{InitialImage, TransferSettings, range},
    transfer::StyleImage,
};

/// Reads style images given as `FILE` or `FILE=STRENGTH`.
///
/// # Errors
/// When a file cannot be read, or a strength is not valid.
pub(super) fn open_styles(arguments: &[String]) -> Result<Vec<StyleImage>> {
    let styles = arguments.iter().map(|text| {
        let (path, strength) = style_argument(text)?;
        let picture = Arc::new(Picture::open(&path)?);
        Ok(StyleImage::new(picture, strength))
    });
    styles.collect()
}

/// Reads the masks given for `count` style images in their order.
pub(super) fn open_regions(
    option: &str,
    paths: &[PathBuf],
    count: usize,
) -> Result<Vec<Option<Arc<Picture>>>> {
    if paths.len() > count {
        return Err(Error::setting(
            option,
            format!("{} masks", paths.len()),
            format!("give one for each of the {count} style images, in their order"),
        ));
    }
    let masks = paths.iter().map(|path| {
        let mask = path.as_os_str() != "all";
        mask.then(|| Picture::open(path).map(Arc::new)).transpose()
    });
    masks.collect()
}

/// Reads the picture a run starts from, when it is a file.
///
/// # Errors
/// When the file cannot be read.
pub(super) fn open_initial(settings: &TransferSettings) -> Result<Option<Arc<Picture>>> {
    match &settings.initial_image {
        InitialImage::File(path) => Ok(Some(Arc::new(Picture::open(path)?))),
        _ => Ok(None),
    }
}

/// Splits `FILE=2`. A file whose whole name exists is meant as it stands.
fn style_argument(text: &str) -> Result<(PathBuf, f64)> {
    let whole = PathBuf::from(text);
    match text.rsplit_once('=') {
        Some((file, strength)) if !whole.exists() => {
            let strength: f64 = strength.parse().map_err(|_fault| {
                let expected = "give a number above 0 after the =, as in --style sea.jpg=2";
                Error::setting("style strength", strength, expected)
            })?;
            range::STRENGTH.check(strength)?;
            Ok((PathBuf::from(file), strength))
        }
        _ => Ok((whole, 1.0)),
    }
}
