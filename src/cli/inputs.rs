//! The pictures of a run as the command line names them.

use std::{
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
    sync::Arc,
};

use super::standard::{self, open_picture};
use crate::{
    error::{Error, Result},
    feedforward::{BRUSH_EXTENSION, Brush, BrushFolder},
    paths,
    pixels::Picture,
    settings::{InitialImage, TransferSettings, range},
    transfer::{LookBrush, StyleImage},
    words::counted,
};

/// The files of style images given as `FILE` or `FILE=STRENGTH`, with their strengths.
///
/// # Errors
/// When a strength is not valid.
pub(super) fn style_files(arguments: &[OsString]) -> Result<Vec<(PathBuf, f64)>> {
    let files = arguments.iter().map(|text| with_number(text, &STYLE));
    files.collect()
}

/// Reads style images given as `FILE` or `FILE=STRENGTH`.
///
/// # Errors
/// When a file cannot be read, or a strength is not valid.
pub(super) fn open_styles(arguments: &[OsString]) -> Result<Vec<StyleImage>> {
    let styles = style_files(arguments)?.into_iter().map(|(path, strength)| {
        let picture = Arc::new(open_picture(&path)?);
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
            counted(paths.len(), "mask"),
            format!(
                "give one for each style image, in their order: there {} {}",
                if count == 1 { "is" } else { "are" },
                counted(count, "style image")
            ),
        ));
    }
    let masks = paths.iter().map(|path| {
        let mask = is_mask(path);
        mask.then(|| open_picture(path).map(Arc::new)).transpose()
    });
    masks.collect()
}

/// Whether a region is a file.
pub(super) fn is_mask(path: &Path) -> bool {
    path.as_os_str() != "all"
}

/// Reads the picture a run starts from, when it is a file.
///
/// # Errors
/// When the file cannot be read.
pub(super) fn open_initial(settings: &TransferSettings) -> Result<Option<Arc<Picture>>> {
    match &settings.initial_image {
        InitialImage::File(path) => Ok(Some(Arc::new(open_picture(path)?))),
        _ => Ok(None),
    }
}

/// Refuses standard input where several pictures ask for it.
///
/// # Errors
/// When it is named twice.
pub(super) fn check_standard_input<'a>(paths: impl IntoIterator<Item = &'a Path>) -> Result<()> {
    let asks = paths.into_iter().filter(|path| standard::is_input(path));
    if asks.count() < 2 {
        return Ok(());
    }
    let expected = "standard input holds one picture: name files for the others";
    Err(Error::setting("file", "-", expected))
}

/// Reads brushes given as `NAME`, `FILE`, or either with `=WEIGHT`.
///
/// # Errors
/// When there is no such brush, or a weight is not valid.
pub(super) fn open_brushes(arguments: &[OsString]) -> Result<Vec<LookBrush>> {
    let brushes = arguments.iter().map(|text| {
        let (name, weight) = with_number(text, &BRUSH)?;
        open_brush(&name, weight)
    });
    brushes.collect()
}

/// Reads a brush by its name or file.
///
/// # Errors
/// When there is no such brush, or its weight is out of range.
pub(super) fn open_brush(name: &Path, weight: f64) -> Result<LookBrush> {
    range::STRENGTH.check(weight)?;
    let is_file = name
        .extension()
        .is_some_and(|ending| ending == BRUSH_EXTENSION);
    let brush = if is_file {
        Brush::open(name)?
    } else {
        BrushFolder::standard()?.find(&name.to_string_lossy())?
    };
    Ok(LookBrush {
        brush: Arc::new(brush),
        weight,
        found_by: paths::to_text(name),
    })
}

/// What a number behind a name is called.
struct Number {
    setting: &'static str,
    expected: &'static str,
}

const STYLE: Number = Number {
    setting: "style strength",
    expected: "give a number above 0 after the =, as in --style sea.jpg=2",
};

const BRUSH: Number = Number {
    setting: "brush weight",
    expected: "give a number above 0 after the =, as in --brush \"The Wave=2\"",
};

/// Splits `FILE=2`. A file whose whole name exists is meant as it stands; so is one with something
/// behind the `=` that is no number, unless there is a file of the name before it.
fn with_number(text: &OsStr, about: &Number) -> Result<(PathBuf, f64)> {
    let whole = PathBuf::from(text);
    let Some((file, number)) = paths::split_number(text).filter(|_| !whole.exists()) else {
        return Ok((whole, 1.0));
    };
    match number.parse::<f64>() {
        Ok(number) => {
            range::STRENGTH.check(number)?;
            Ok((file, number))
        }
        Err(_) if file.exists() => Err(Error::setting(about.setting, number, about.expected)),
        Err(_) => Ok((whole, 1.0)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_told_from_a_name() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["sea.png", "a=b.png", "c=2"] {
            std::fs::write(at(name), b"x").unwrap();
        }
        let split = |name: &str| with_number(at(name).as_os_str(), &STYLE);
        assert_eq!(split("sea.png=2").unwrap(), (at("sea.png"), 2.0));
        assert_eq!(split("a=b.png=0.5").unwrap(), (at("a=b.png"), 0.5));
        for whole in ["sea.png", "a=b.png", "c=2", "missing=c.png", "missing.png="] {
            assert_eq!(split(whole).unwrap(), (at(whole), 1.0), "{whole}");
        }
        let error = split("sea.png=much").unwrap_err().to_string();
        assert!(error.contains("style strength: much"), "{error}");
        assert!(split("sea.png=nan").is_err() && split("sea.png=-1").is_err());
    }

    #[test]
    fn standard_input_is_one_picture() {
        let paths = |names: &[&'static str]| {
            let paths: Vec<&Path> = names.iter().map(Path::new).collect();
            check_standard_input(paths)
        };
        paths(&["-", "a.png"]).unwrap();
        assert!(paths(&["-", "-"]).is_err());
    }
}
