//! What `impasto render` reads: pictures and settings of its run.

use std::{path::Path, sync::Arc};

use super::{
    claims::Claims,
    inputs::{check_standard_input, is_mask, open_initial, open_regions, open_styles, style_files},
    like::Like,
    output,
    render_arguments::RenderArguments,
    standard::open_picture,
};
use crate::{
    error::{Error, Result},
    pixels::Picture,
    settings::{InitialImage, Schedule, TransferSettings, range},
    transfer::{Job, StyleImage, style_sides},
    words::counted,
};

/// Claims all files that are named to be read.
///
/// # Errors
/// When standard input is named twice, or the strength of a style image is not valid.
pub(super) fn claim(arguments: &RenderArguments, claims: &mut Claims) -> Result<()> {
    let styles = style_files(&arguments.style)?;
    let mut named: Vec<(&'static str, &'static str, &Path)> = Vec::new();
    let content = arguments.content.as_deref();
    named.extend(content.map(|path| ("the content image", "content", path)));
    let styles = styles.iter().map(|(path, _)| path.as_path());
    named.extend(styles.map(|path| ("a style image", "style", path)));
    let masks = arguments.region.iter().chain(&arguments.style_region);
    let masks = masks.filter(|path| is_mask(path));
    named.extend(masks.map(|path| ("a mask", "region", path.as_path())));
    let start = arguments.continue_from.as_deref();
    named.extend(start.map(|path| ("the picture to go on from", "continue-from", path)));
    if let Some(InitialImage::File(path)) = &arguments.choices.init {
        named.push(("the picture to start from", "init", path));
    }
    if let Some(path) = &arguments.choices.engine.weights {
        named.push(("the file of weights", "weights", path));
    }
    check_standard_input(named.iter().map(|&(_, _, path)| path))?;
    for (what, option, path) in named {
        claims.reads(what, option, path);
    }
    Ok(())
}

/// Reads the pictures of the run.
///
/// # Errors
/// When one cannot be read, or does not fit the others.
pub(super) fn read(
    arguments: &RenderArguments,
    like: Option<&Like>,
    settings: &mut TransferSettings,
) -> Result<Job> {
    let content = match (&arguments.content, like) {
        (Some(path), _) => open_picture(path)?,
        (None, Some(like)) => like.content()?,
        (None, None) => return Err(missing("content")),
    };
    if let Some(path) = &arguments.continue_from {
        continue_from(path, &content, settings)?;
    }
    let mut styles = match like {
        Some(like) if arguments.style.is_empty() => like.styles()?,
        _ => open_styles(&arguments.style)?,
    };
    let count = styles.len();
    let regions = open_regions("region", &arguments.region, count)?;
    let style_regions = open_regions("style-region", &arguments.style_region, count)?;
    // With --like, what is not named stays as it is remembered.
    for (style, region) in styles.iter_mut().zip(regions) {
        style.region = region;
    }
    for (style, region) in styles.iter_mut().zip(style_regions) {
        style.style_region = region;
    }
    if arguments.continue_from.is_some() {
        warn_of_finer_strokes(&styles, settings);
    }
    let initial = open_initial(settings)?;
    Ok(Job {
        force: arguments.force,
        ..Job::new(Arc::new(content), styles, settings.clone()).from_picture(initial)
    })
}

/// The command line asks for these options unless `--like` is there.
fn missing(option: &str) -> Error {
    Error::setting(option, "nothing", "name a file, or a picture by --like")
}

/// Makes the run start from the picture at `path` and at its size.
fn continue_from(path: &Path, content: &Picture, settings: &mut TransferSettings) -> Result<()> {
    if super::standard::is_input(path) {
        let expected = "name a file to go on from";
        return Err(Error::setting("continue-from", path.display(), expected));
    }
    let result = Picture::open(path)?.planes;
    let longest = result.longest_px() as u32;
    let (width, height) = content.planes.sides_for(longest);
    if width
        .abs_diff(result.width)
        .max(height.abs_diff(result.height))
        > 1
    {
        return Err(Error::Picture {
            name: path.display().to_string(),
            why: format!(
                "it has {}x{} pixels; the content image has {width}x{height} at that size",
                result.width, result.height
            ),
            advice: "Go on from a picture that was made from the same content image",
        });
    }
    if settings.size_px.is_some_and(|size| size <= longest) {
        return Err(Error::setting(
            "size",
            settings.size_px.unwrap_or(longest),
            format!("give more than the {longest} pixels of the picture to go on from"),
        ));
    }
    settings.initial_image = InitialImage::File(path.to_owned());
    settings.schedule = Schedule::CoarseToFine;
    settings.coarsest_px = longest.max(range::COARSEST_PX.min as u32);
    Ok(())
}

/// Style images follow the size of the picture, which keeps strokes in proportion, but they are
/// enlarged by half at the most.
fn warn_of_finer_strokes(styles: &[StyleImage], settings: &TransferSettings) {
    let longest = settings.size_px.unwrap_or(0);
    let wanted = (f64::from(longest) * settings.style_scale).round();
    for style in styles {
        let planes = &style.picture.planes;
        let (width, height) = style_sides(planes, longest as usize, settings);
        if (width.max(height) as f64) < wanted {
            output::say(&format!(
                "impasto: {} has {} where {wanted:.0} would be needed to keep its strokes in \
                 proportion: they will be finer",
                style.picture.name,
                counted(planes.longest_px(), "pixel")
            ));
        }
    }
}
