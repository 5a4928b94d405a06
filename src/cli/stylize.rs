//! `impasto stylize`: pictures in one pass, many at a time.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    sync::Arc,
    time::Instant,
};

use clap::Args;
use serde::Serialize;

use super::{
    claims::{Claims, check_free},
    contents::{pictures, results},
    inputs::{check_standard_input, open_brushes, open_styles, style_files},
    interrupts::Interrupts,
    like::Like,
    output::{self, Teller},
    place,
    saving::SavingArguments,
    standard::{Target, open_picture},
};
use crate::{
    error::{Error, Result},
    paths,
    pixels::{FoundAt, Picture, SaveOptions, find_input, save},
    settings::{ColorMode, TransferSettings, range},
    transfer::{Job, Look, Record, SavedAs, StyleImage, Stylist},
    words::{counted, visible},
};

#[derive(Debug, Args)]
pub(super) struct StylizeArguments {
    /// What is painted: pictures, or folders, which stand for the pictures in them; - is standard
    /// input.
    #[arg(long, value_name = "FILE|FOLDER", num_args = 1.., required_unless_present = "like")]
    content: Vec<PathBuf>,
    /// A style image: how it is painted. Several are blended; FILE=2 counts twice.
    #[arg(long, value_name = "FILE[=WEIGHT]", required_unless_present_any = ["like", "brush"])]
    style: Vec<OsString>,
    /// A brush, blended with the others and with style images: a name that `impasto brush list`
    /// shows, or a file.
    #[arg(long, value_name = "NAME|FILE[=WEIGHT]")]
    brush: Vec<OsString>,
    /// Repeat the picture as it remembers: one that this command saved. All other options
    /// override what it remembers.
    #[arg(long, value_name = "PICTURE")]
    like: Option<PathBuf>,
    /// How strong the style is: 0 stays near the content image [default: 100].
    #[arg(long, value_name = "PERCENT")]
    strength: Option<f64>,
    /// Longest side of the results in pixels [default: the content images' own].
    #[arg(long, value_name = "PX")]
    size: Option<u32>,
    /// Whose colors the pictures have.
    #[arg(long, alias = "colour")]
    color: Option<ColorMode>,
    /// How far the pictures are faded to their content images: 0 to 100.
    #[arg(long, value_name = "PERCENT")]
    fade: Option<f64>,
    /// Where to save the picture (png, jpg, webp, tif, bmp); - is PNG on standard output, and jpg:-
    /// another format there; a folder for several pictures, which is made where it is missing.
    #[arg(long, short, value_name = "FILE|FOLDER")]
    output: PathBuf,
    /// Replace files that are there already. A picture that the very same command made is replaced
    /// without it.
    #[arg(long, alias = "force")]
    overwrite: bool,
    #[command(flatten)]
    saving: SavingArguments,
    /// Threads to compute with [default: all].
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Print one JSON object a picture.
    #[arg(long)]
    json: bool,
}

/// What happened to a picture.
#[derive(Serialize)]
struct Told {
    content: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    output: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    width: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    height: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
    seconds: f64,
}

/// What is the same for all pictures.
struct Plan {
    stylist: Stylist,
    styles: Vec<StyleImage>,
    look: Look,
    settings: TransferSettings,
    saving: SavingArguments,
    saved: Option<SavedAs>,
}

/// Paints and saves pictures. One that cannot be used is told, and the others go on.
///
/// # Errors
/// At once when a setting is not valid, a style image cannot be read, a place cannot be written or a
/// result would replace a file; at the end when some pictures could not be painted, and between two
/// pictures when a signal asks for the end.
pub(super) fn run(arguments: &StylizeArguments) -> Result<()> {
    let begin = Instant::now();
    let interrupts = Interrupts::watch()?;
    let like = arguments.like.as_deref().map(Like::open).transpose()?;
    let (strength, settings) = settings(arguments, like.as_ref())?;
    // With --like, styles and brushes are replaced together.
    let other_style = !(arguments.style.is_empty() && arguments.brush.is_empty());
    let like_style = like.as_ref().filter(|_| !other_style);
    let contents = match &like {
        Some(like) if arguments.content.is_empty() => vec![like.content_file()?],
        _ => pictures(&arguments.content)?,
    };
    let targets = targets(arguments, &contents)?;
    let saved = like.as_ref().and_then(Like::saved);
    for target in &targets {
        arguments.saving.options(target.format()?, saved)?;
    }
    if arguments.json && targets.iter().any(|target| target.file().is_none()) {
        let expected = "--json writes to standard output as well: name a file";
        return Err(Error::setting("output", "-", expected));
    }
    claim(arguments, like.as_ref(), &contents, &targets)?;
    let mut plan = Plan {
        stylist: Stylist::new(arguments.threads)?,
        styles: match like_style {
            Some(like) => like.styles()?,
            None => open_styles(&arguments.style)?,
        },
        look: Look {
            strength,
            brushes: match like_style {
                Some(like) => like.brushes()?,
                None => open_brushes(&arguments.brush)?,
            },
            learnt: Vec::new(),
        },
        settings,
        saving: arguments.saving,
        saved,
    };
    for (content, target) in contents.iter().zip(&targets) {
        if let Some(path) = target.file() {
            let same = |record: &Record| plan.made(record, content);
            check_free(path, arguments.overwrite, same)?;
        }
    }
    let progress = output::progress_bar(contents.len() as u32, arguments.json);
    let (mut codes, mut done) = (Vec::new(), 0);
    let mut teller = Teller::default();
    for (content, target) in contents.iter().zip(&targets) {
        if interrupts.caught().is_some() {
            break;
        }
        progress.set_message(visible(&content.display().to_string()).into_owned());
        let begin = Instant::now();
        let painted = plan.paint(content, target);
        if let Err(error) = &painted {
            progress.suspend(|| output::complain(error));
            codes.push(error.exit_code());
        }
        if arguments.json {
            teller.json(&Told::new(content, target.file(), &painted, begin));
        }
        done += 1;
        progress.inc(1);
    }
    progress.finish_and_clear();
    let painted = done - codes.len();
    if !arguments.json && painted > 0 {
        let what = match &targets[..] {
            [target] => target.name(),
            _ => format!(
                "{}: {}",
                arguments.output.display(),
                counted(painted, "picture")
            ),
        };
        let secs = begin.elapsed().as_secs_f64();
        targets[0].tell(&format!("{what} in {secs:.1} s"))?;
    }
    if let Some(signal) = interrupts.caught()
        && done < contents.len()
    {
        return Err(signal.end(&format!(
            "{painted} of {} painted",
            counted(contents.len(), "picture")
        )));
    }
    match codes.iter().max() {
        None => teller.end(),
        Some(code) => Err(Error::Partly {
            failed: codes.len(),
            total: contents.len(),
            code: *code,
        }),
    }
}

/// Where the results go.
fn targets(arguments: &StylizeArguments, contents: &[PathBuf]) -> Result<Vec<Target>> {
    let single = Target::of(&arguments.output)?;
    let folder_named = arguments.content.iter().any(|path| path.is_dir());
    if single.file().is_none() {
        if contents.len() > 1 || folder_named {
            let expected = "standard output holds one picture: name a folder for several";
            return Err(Error::setting("output", "-", expected));
        }
        return Ok(vec![single]);
    }
    let results = results(contents, folder_named, &arguments.output)?;
    Ok(results.into_iter().map(Target::File).collect())
}

/// Holds what is read and what is written against each other.
fn claim(
    arguments: &StylizeArguments,
    like: Option<&Like>,
    contents: &[PathBuf],
    targets: &[Target],
) -> Result<()> {
    let mut claims = Claims::default();
    let styles = style_files(&arguments.style)?;
    let styles = styles.iter().map(|(path, _)| path.as_path());
    let inputs = contents.iter().map(PathBuf::as_path).chain(styles.clone());
    check_standard_input(inputs)?;
    for path in contents {
        claims.reads("a content image", "content", path);
    }
    for path in styles {
        claims.reads("a style image", "style", path);
    }
    if let Some(like) = like {
        like.claim(&mut claims);
    }
    for path in targets.iter().filter_map(Target::file) {
        claims.writes("a picture", "output", path);
    }
    claims.check()
}

/// Strength (0..1) and settings of all pictures.
fn settings(arguments: &StylizeArguments, like: Option<&Like>) -> Result<(f64, TransferSettings)> {
    let remembered = like.map(Like::instant).transpose()?;
    let (mut strength, mut settings) = remembered.unwrap_or((1.0, TransferSettings::default()));
    if let Some(percent) = arguments.strength {
        range::Range {
            name: "strength",
            min: 0.0,
            max: 100.0,
        }
        .check(percent)?;
        strength = percent / 100.0;
    }
    settings.size_px = arguments.size.or(settings.size_px);
    settings.color = arguments.color.unwrap_or(settings.color);
    if let Some(percent) = arguments.fade {
        range::FADE_PERCENT.check(percent)?;
        settings.fade = percent / 100.0;
    }
    settings.validate()?;
    Ok((strength, settings))
}

impl Plan {
    /// Whether the record is that of the picture that will come out of a content image.
    fn made(&self, record: &Record, content: &Path) -> bool {
        let found = find_input(Some(content), "", &record.content.sha256, None);
        let same_content =
            found.is_some_and(|found| found.unchanged && matches!(found.at, FoundAt::File(_)));
        same_content && record.is_of_look(&self.settings, &self.styles, &self.look)
    }

    /// Paints and saves one picture; answers its width and height.
    fn paint(&mut self, content: &Path, target: &Target) -> Result<(usize, usize)> {
        let content = Arc::new(open_picture(content)?);
        let job = Job::new(content, self.styles.clone(), self.settings.clone());
        let stylized = self.stylist.paint(&job, &self.look)?;
        let options = self.saving.options(target.format()?, self.saved)?;
        let options = if self.saving.no_record {
            options
        } else {
            stylized.record.into_options(&options)
        };
        let picture = stylized.painting.into_picture();
        self.stylist.install(|| keep(&picture, target, &options))?;
        Ok((picture.planes.width, picture.planes.height))
    }
}

fn keep(picture: &Picture, target: &Target, options: &SaveOptions) -> Result<()> {
    let alpha = picture.alpha.as_deref();
    match target.file() {
        Some(path) => place::keep(path, |path| save(path, &picture.planes, alpha, options)),
        None => target.save(&picture.planes, alpha, options),
    }
}

impl Told {
    fn new(
        content: &Path,
        result: Option<&Path>,
        painted: &Result<(usize, usize)>,
        begin: Instant,
    ) -> Self {
        let size = painted.as_ref().ok();
        Self {
            content: paths::to_text(content),
            output: size.and(result).map(paths::to_text),
            width: size.map(|size| size.0),
            height: size.map(|size| size.1),
            error: painted.as_ref().err().map(Error::to_string),
            seconds: begin.elapsed().as_secs_f64(),
        }
    }
}
