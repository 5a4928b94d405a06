//! `-` for a file: standard input and standard output, as other programs for pictures have it.

use std::{
    io::{self, IsTerminal as _, Read as _},
    path::{Path, PathBuf},
    sync::atomic::{AtomicBool, Ordering},
};

use super::output;
use crate::{
    error::{Error, Result},
    pixels::{Picture, Planes, SaveFormat, SaveOptions, encoded, save},
};

/// Stands for standard input or output.
const STANDARD: &str = "-";
/// What the picture of standard input is called.
const NAME: &str = "standard input";
/// Most bytes that are read: the same as of a file.
const MOST_BYTES: u64 = 1 << 30;

/// Whether a path stands for standard input.
pub(super) fn is_input(path: &Path) -> bool {
    path.as_os_str() == STANDARD
}

/// Reads a picture from a file, or from standard input where its name is `-`, and tells what was amiss
/// with it.
///
/// # Errors
/// When it cannot be read, is no picture, or standard input is asked for twice.
pub(super) fn open_picture(path: &Path) -> Result<Picture> {
    let mut picture = read_picture(path)?;
    // Told here, they are not told again by a run.
    for note in std::mem::take(&mut picture.notes) {
        output::say(&format!("impasto: {}: {note}", picture.name));
    }
    Ok(picture)
}

fn read_picture(path: &Path) -> Result<Picture> {
    static READ: AtomicBool = AtomicBool::new(false);
    if !is_input(path) {
        return Picture::open(path);
    }
    if READ.swap(true, Ordering::Relaxed) {
        let expected = "standard input can be read once: name files for the other pictures";
        return Err(Error::setting("file", STANDARD, expected));
    }
    let mut bytes = Vec::new();
    let read = io::stdin()
        .lock()
        .take(MOST_BYTES + 1)
        .read_to_end(&mut bytes);
    read.map_err(|fault| Error::file("read", NAME.as_ref(), fault, "Name a file"))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(Error::Picture {
            name: NAME.to_owned(),
            why: format!("it is larger than {} MB", MOST_BYTES >> 20),
            advice: "Reduce it in a picture editor first",
        });
    }
    Picture::from_bytes(&bytes, NAME)
}

/// Where a picture goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// A file.
    File(PathBuf),
    /// Standard output.
    Standard(SaveFormat),
}

impl Target {
    /// What `--output` means: a file, `-` for PNG on standard output, or as in `jpg:-` another
    /// format.
    ///
    /// # Errors
    /// When the format is unknown, or standard output is a terminal.
    pub(super) fn of(output: &Path) -> Result<Self> {
        let extension = match output.to_str() {
            Some(STANDARD) => "png",
            Some(text) => match text.strip_suffix(":-") {
                Some(extension) => extension,
                None => return Ok(Self::File(output.to_owned())),
            },
            None => return Ok(Self::File(output.to_owned())),
        };
        let format = SaveFormat::from_path(&Path::new("x").with_extension(extension));
        let format = format.map_err(|_| {
            let expected = "write the format before it, as in png:- or jpg:-";
            Error::setting("output", output.display(), expected)
        })?;
        if io::stdout().is_terminal() {
            let expected =
                "a terminal cannot show it: send it to a file or a program, or name a file";
            return Err(Error::setting("output", output.display(), expected));
        }
        Ok(Self::Standard(format))
    }

    /// The file, where it is one.
    pub(super) fn file(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Standard(_) => None,
        }
    }

    /// The format.
    ///
    /// # Errors
    /// When the file's name has none.
    pub(super) fn format(&self) -> Result<SaveFormat> {
        match self {
            Self::File(path) => SaveFormat::from_path(path),
            Self::Standard(format) => Ok(*format),
        }
    }

    /// Writes a picture there.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(super) fn save(
        &self,
        planes: &Planes,
        alpha: Option<&[f32]>,
        options: &SaveOptions,
    ) -> Result<()> {
        match self {
            Self::File(path) => save(path, planes, alpha, options),
            Self::Standard(format) => output::written(&encoded(*format, planes, alpha, options)?),
        }
    }

    /// Its name for people.
    pub(super) fn name(&self) -> String {
        match self {
            Self::File(path) => path.display().to_string(),
            Self::Standard(_) => "standard output".to_owned(),
        }
    }

    /// One line about the result, beside a picture on standard output on stderr.
    ///
    /// # Errors
    /// As [`output::line`].
    pub(super) fn tell(&self, text: &str) -> Result<()> {
        match self {
            Self::File(_) => output::line(text),
            Self::Standard(_) => {
                output::say(text);
                Ok(())
            }
        }
    }
}
