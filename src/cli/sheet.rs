//! `impasto sheet`: a labeled contact sheet over one or two settings.

use std::{ffi::OsString, ops::Range, path::PathBuf, sync::Arc};

use clap::Args;

use super::{
    axis::Axis,
    choices::Choices,
    claims::Claims,
    devices::DeviceArguments,
    inputs,
    interrupts::Interrupts,
    lettering::Lettering,
    output, place,
    standard::{Target, open_picture},
};
use crate::{
    error::Result,
    pixels::{Planes, SaveOptions, save},
    settings::{InitialImage, Quality, TransferSettings},
    transfer::{Compute, Job},
    words::counted,
};

#[derive(Debug, Args)]
pub(super) struct SheetArguments {
    /// The content image: what the pictures show.
    #[arg(long, value_name = "FILE")]
    content: PathBuf,
    /// A style image: how they are painted. Several are blended; FILE=2 counts twice.
    #[arg(long, value_name = "FILE[=STRENGTH]", required = true)]
    style: Vec<OsString>,
    /// Where to save the sheet (png, jpg, webp, tif, bmp); - is PNG on standard output.
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
    /// Replace a file that is there already.
    #[arg(long)]
    overwrite: bool,
    /// The setting that changes from left to right: dial, style-measure (gram+histogram=2 is a
    /// mixture), pooling, style-scale, preset, color, quality or size.
    #[arg(long, value_name = "SETTING=A,B,C", value_parser = str::parse::<Axis>)]
    columns: Axis,
    /// The setting that changes from top to bottom.
    #[arg(long, value_name = "SETTING=A,B,C", value_parser = str::parse::<Axis>)]
    rows: Option<Axis>,
    #[command(flatten)]
    choices: Choices,
    #[command(flatten)]
    device: DeviceArguments,
}

/// Longest side of a picture when nothing is said about it.
const SIZE_PX: u32 = 192;

/// Paints all pictures and saves the sheet. Without a number of steps they are drafts. A signal ends it
/// early: the sheet then holds the pictures so far.
///
/// # Errors
/// When a file cannot be read or written, a setting is not valid, or a run fails.
pub(super) fn run(arguments: &SheetArguments) -> Result<()> {
    let interrupts = Interrupts::watch()?;
    let grid = grid(arguments)?;
    let target = Target::of(&arguments.output)?;
    target.format()?;
    let mut claims = Claims::default();
    claim(arguments, &mut claims)?;
    if let Some(path) = target.file() {
        claims.writes("the sheet", "output", path);
    }
    claims.check()?;
    claims.check_free(arguments.overwrite, None, |_| false)?;
    let content = Arc::new(open_picture(&arguments.content)?);
    let styles = inputs::open_styles(&arguments.style)?;
    let initial = inputs::open_initial(&arguments.choices.settings()?)?;
    let mut compute = Compute::new(arguments.choices.engine.threads)?;
    compute.set_device(arguments.device.device);
    let count = grid.iter().flatten().count();
    let progress = output::progress_bar(count as u32, false);
    let mut pictures: Vec<Vec<Planes>> = Vec::new();
    let (mut begun, mut done, mut failed) = (0, 0, None);
    for row in grid {
        let mut painted = Vec::new();
        for settings in row {
            let job = Job::new(Arc::clone(&content), styles.clone(), settings);
            let job = job.from_picture(initial.clone());
            let ended = failed.is_some() || interrupts.caught().is_some();
            let picture = if ended {
                Ok(None)
            } else {
                paint(&mut compute, job, &interrupts)
            };
            let picture = picture.unwrap_or_else(|error| {
                failed = Some(error);
                None
            });
            begun += usize::from(picture.is_some());
            done += usize::from(picture.as_ref().is_some_and(|picture| picture.whole));
            // What is missing has the color of the sheet.
            let missing = || Planes::filled(1, 1, BACKGROUND);
            painted.push(picture.map_or_else(missing, |picture| picture.planes));
            progress.inc(1);
        }
        pictures.push(painted);
    }
    progress.finish_and_clear();
    let name = target.name();
    let of_all = format!("{done} of {}", counted(count, "picture"));
    if begun > 0 {
        let page = Page::new(&pictures, &arguments.columns, arguments.rows.as_ref())?;
        write(&target, &page.planes)?;
    }
    match (failed, interrupts.caught()) {
        (Some(error), _) => {
            if begun > 0 {
                output::say(&format!("impasto: {name} holds {of_all}"));
                return Err(error.on_the_way());
            }
            Err(error)
        }
        (None, Some(signal)) if done < count => {
            let told = match begun {
                0 => "nothing was painted yet".to_owned(),
                _ => format!("{name} holds {of_all}"),
            };
            Err(signal.end(&told))
        }
        _ => target.tell(&format!("{name}: {}", counted(count, "picture"))),
    }
}

fn write(target: &Target, page: &Planes) -> Result<()> {
    let options = SaveOptions::default();
    match target.file() {
        Some(path) => place::keep(path, |path| save(path, page, None, &options)),
        None => target.save(page, None, &options),
    }
}

/// Claims all files that are named to be read.
fn claim(arguments: &SheetArguments, claims: &mut Claims) -> Result<()> {
    let styles = inputs::style_files(&arguments.style)?;
    let mut named = vec![("the content image", "content", arguments.content.as_path())];
    let styles = styles.iter().map(|(path, _)| path.as_path());
    named.extend(styles.map(|path| ("a style image", "style", path)));
    if let Some(InitialImage::File(path)) = &arguments.choices.init {
        named.push(("the picture to start from", "init", path));
    }
    inputs::check_standard_input(named.iter().map(|&(_, _, path)| path))?;
    for (what, option, path) in named {
        claims.reads(what, option, path);
    }
    Ok(())
}

/// The settings of every picture, row by row: all are checked before any is painted.
fn grid(arguments: &SheetArguments) -> Result<Vec<Vec<TransferSettings>>> {
    let mut basis = arguments.choices.clone();
    basis.size.get_or_insert(SIZE_PX);
    if basis.steps.is_none() {
        basis.quality.get_or_insert(Quality::Draft);
    }
    let row = |basis: &Choices| -> Result<Vec<TransferSettings>> {
        let columns = &arguments.columns;
        let settings = columns.values.iter().map(|value| {
            let mut choices = basis.clone();
            columns.apply(value, &mut choices)?;
            let settings = choices.settings()?;
            settings.validate()?;
            Ok(settings)
        });
        settings.collect()
    };
    let Some(rows) = &arguments.rows else {
        return Ok(vec![row(&basis)?]);
    };
    let settings = rows.values.iter().map(|value| {
        let mut choices = basis.clone();
        rows.apply(value, &mut choices)?;
        row(&choices)
    });
    settings.collect()
}

/// A picture of the sheet.
struct Painted {
    planes: Planes,
    /// Whether all steps were taken.
    whole: bool,
}

/// Paints a picture as far as signals let it; none before the first step.
fn paint(compute: &mut Compute, job: Job, interrupts: &Interrupts) -> Result<Option<Painted>> {
    let mut transfer = compute.begin(job)?;
    while !transfer.finished() && interrupts.caught().is_none() {
        transfer.step()?;
    }
    let painted = Painted {
        whole: transfer.finished(),
        planes: transfer.picture().planes,
    };
    let begun = transfer.steps() > 0;
    compute.reclaim(transfer);
    Ok(begun.then_some(painted))
}

/// Around the sheet.
const MARGIN: usize = 28;
/// Between pictures.
const GAP: usize = 14;
/// Between a column's label and its pictures.
const LABEL_GAP: usize = 10;
/// Between the labels of rows and their pictures.
const GUTTER_GAP: usize = 24;
/// Height of a line of labels.
const LABEL_PX: f32 = 19.0;
/// Dark and neutral, so that colors of the pictures stand for themselves.
const BACKGROUND: [f32; 3] = [0.11; 3];
const INK: [f32; 3] = [0.88; 3];
/// Names of settings, in contrast to their values.
const FAINT_INK: [f32; 3] = [0.55; 3];

/// Most pictures side by side where there is but one setting to show.
const MOST_ABREAST: usize = 6;

/// Which columns stand side by side: all of them where rows mean something, else as many as fit,
/// about equally many in each band.
fn bands(columns: usize, has_rows: bool) -> Vec<Range<usize>> {
    let count = if has_rows {
        1
    } else {
        columns.div_ceil(MOST_ABREAST).max(1)
    };
    let abreast = columns.div_ceil(count).max(1);
    let starts = (0..columns).step_by(abreast);
    starts
        .map(|start| start..columns.min(start + abreast))
        .collect()
}

/// The sheet under work.
struct Page {
    planes: Planes,
}

impl Page {
    fn new(pictures: &[Vec<Planes>], columns: &Axis, rows: Option<&Axis>) -> Result<Self> {
        let lettering = Lettering::new(LABEL_PX)?;
        let all = || pictures.iter().flatten();
        let cell_width = all().map(|picture| picture.width).max().unwrap_or(0);
        let cell_height = all().map(|picture| picture.height).max().unwrap_or(0);
        let widest = |axis: &Axis| {
            let labels = axis.values.iter().map(|value| lettering.width(value));
            let title = lettering.width(&axis.title());
            labels.fold(title, usize::max)
        };
        // A column is as wide as its label needs.
        let column_width = cell_width.max(widest(columns));
        let gutter = rows.map_or(0, |rows| widest(rows) + GUTTER_GAP);
        let line = lettering.height();
        let bands = bands(columns.values.len(), rows.is_some());
        let (left, top) = (MARGIN + gutter, MARGIN + line);
        let band_height = line + LABEL_GAP + pictures.len() * (cell_height + GAP);
        let width = left + bands[0].len() * (column_width + GAP) - GAP + MARGIN;
        let height = top + bands.len() * (band_height + GAP) - 2 * GAP + MARGIN;
        let mut page = Self {
            planes: Planes::filled(width, height, BACKGROUND),
        };
        let write = |page: &mut Self, place, words: &str, ink| {
            lettering.write(&mut page.planes, place, words, ink);
        };
        write(&mut page, (left, MARGIN), &columns.title(), FAINT_INK);
        if let Some(rows) = rows {
            write(&mut page, (MARGIN, MARGIN), &rows.title(), FAINT_INK);
        }
        for (index, band) in bands.into_iter().enumerate() {
            let band_top = top + index * (band_height + GAP);
            let x = |column: usize| left + column * (column_width + GAP);
            for (column, value) in columns.values[band.clone()].iter().enumerate() {
                write(&mut page, (x(column), band_top), value, INK);
            }
            for (index, row) in pictures.iter().enumerate() {
                let y = band_top + line + LABEL_GAP + index * (cell_height + GAP);
                if let Some(rows) = rows {
                    let place = (MARGIN, y + (cell_height - line.min(cell_height)) / 2);
                    write(&mut page, place, &rows.values[index], INK);
                }
                for (column, picture) in row[band.clone()].iter().enumerate() {
                    page.place(x(column), y, &picture.resize(cell_width, cell_height));
                }
            }
        }
        Ok(page)
    }

    fn place(&mut self, left: usize, top: usize, picture: &Planes) {
        let (width, pixels) = (self.planes.width, self.planes.pixels());
        for (channel, plane) in self.planes.data.chunks_exact_mut(pixels).enumerate() {
            let rows = picture.plane(channel).chunks_exact(picture.width);
            for (y, row) in rows.enumerate() {
                plane[(top + y) * width + left..][..picture.width].copy_from_slice(row);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_stand_in_rows_and_columns_at_equal_size() {
        let colors = [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0], [1.0; 3]];
        let picture = |index: usize| {
            Planes::filled(40 * (1 + index / 2), 20 * (1 + index / 2), colors[index])
        };
        let pictures = [vec![picture(0), picture(1)], vec![picture(2), picture(3)]];
        let columns: Axis = "dial=25,75".parse().unwrap();
        let rows: Axis = "size=40,80".parse().unwrap();
        let page = Page::new(&pictures, &columns, Some(&rows)).unwrap().planes;
        for color in colors {
            let is = |at: usize| (0..3).all(|c| (page.plane(c)[at] - color[c]).abs() < 1e-6);
            let count = (0..page.pixels()).filter(|&at| is(at)).count();
            assert_eq!(count, 80 * 40, "{color:?}");
        }
        let alone = Page::new(&pictures[..1], &columns, None).unwrap().planes;
        assert!(alone.width < page.width && alone.height < page.height);
    }

    #[test]
    fn many_values_of_one_setting_stand_in_several_bands() {
        let widths = |columns, has_rows| -> Vec<usize> {
            let bands = bands(columns, has_rows);
            let in_order = bands.iter().cloned().flatten().eq(0..columns);
            assert!(in_order, "{bands:?}");
            bands.iter().map(ExactSizeIterator::len).collect()
        };
        assert_eq!(widths(6, false), [6]);
        assert_eq!(widths(10, false), [5, 5]);
        assert_eq!(widths(13, false), [5, 5, 3]);
        assert_eq!(widths(13, true), [13]);
        let row: Vec<_> = (0..7).map(|_| Planes::filled(40, 20, [1.0; 3])).collect();
        let columns: Axis = "dial=1,2,3,4,5,6,7".parse().unwrap();
        let page = Page::new(&[row], &columns, None).unwrap().planes;
        let red = page.plane(0);
        let is_white = |at: &usize| red[*at] > 0.999;
        assert_eq!((0..page.pixels()).filter(is_white).count(), 7 * 40 * 20);
        let white_rows = red.chunks_exact(page.width).filter(|row| {
            row.windows(40)
                .any(|run| run.iter().all(|&value| value > 0.999))
        });
        assert_eq!(white_rows.count(), 2 * 20);
    }
}
