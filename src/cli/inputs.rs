//! The pictures of a run as the command line names them.

use std::{path::PathBuf, sync::Arc};

use crate::{
    error::{Error, Result},
    feedforward::BrushFolder,
    pixels::Picture,
    settings::{InitialImage, TransferSettings, range},
    transfer::{LookBrush, StyleImage},
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

/// Reads brushes given as `NAME`, `FILE`, or either with `=WEIGHT`.
///
/// # Errors
/// When there is no such brush, or a weight is not valid.
pub(super) fn open_brushes(arguments: &[String]) -> Result<Vec<LookBrush>> {
    if arguments.is_empty() {
        return Ok(Vec::new());
    }
    let folder = BrushFolder::standard()?;
    let brushes = arguments.iter().map(|text| {
        let (name, weight) = style_argument(text)?;
        let name = name.to_string_lossy().into_owned();
        let brush = Arc::new(folder.find_or_open(&name)?);
        Ok(LookBrush {
            brush,
            weight,
            found_by: name,
        })
    });
    brushes.collect()
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
