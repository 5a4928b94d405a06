//! `impasto render --like PICTURE`: what a picture remembers, as the arguments of a run.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    choices::Choices, claims::Claims, inputs::open_brush, like_record::unusable, output,
    plan::Plan, standard,
};
use crate::{
    error::{Error, Result},
    paths,
    pixels::{Picture, SaveFormat, find_input, read_record},
    settings::{InitialImage, TransferSettings, range},
    transfer::{Computed, Input, LookBrush, Record, SavedAs, StyleImage},
    vgg::threads::MOST_THREADS,
};

/// A picture to repeat.
pub(super) struct Like {
    path: PathBuf,
    record: Record,
}

impl Like {
    /// Reads what the picture at `path` remembers.
    ///
    /// # Errors
    /// When it cannot be read or remembers nothing.
    pub(super) fn open(path: &Path) -> Result<Self> {
        if standard::is_input(path) {
            let expected = "name a file: its inputs are looked for beside it";
            return Err(Error::setting("like", path.display(), expected));
        }
        let text = read_record(path)?.unwrap_or_default();
        let record = Record::read(&text).map_err(|unread| unusable(path, unread))?;
        if record.is_newer() {
            output::say(&format!(
                "impasto: {} was made by {}, which is newer than this {}: what this one does not \
                 know is left out",
                path.display(),
                record.program,
                env!("CARGO_PKG_VERSION")
            ));
        }
        Ok(Self {
            path: path.to_owned(),
            record,
        })
    }

    /// What a checkpoint remembers: its inputs are found in the same way.
    pub(super) fn of_record(path: &Path, record: Record) -> Self {
        Self {
            path: path.to_owned(),
            record,
        }
    }

    /// Strength and settings of a picture that was painted in one pass.
    ///
    /// # Errors
    /// When it was painted step by step.
    pub(super) fn instant(&self) -> Result<(f64, TransferSettings)> {
        match &self.record.instant {
            Some(instant) => {
                range::FADE.named("strength").check(instant.strength)?;
                Ok((instant.strength, self.record.settings.clone()))
            }
            None => Err(self.other_way(
                "it was painted step by step",
                "Repeat it by `impasto render --like`",
            )),
        }
    }

    fn other_way(&self, why: &str, advice: &'static str) -> Error {
        Error::Picture {
            name: self.path.display().to_string(),
            why: why.to_owned(),
            advice,
        }
    }

    /// The settings it remembers with `choices` over them.
    ///
    /// # Errors
    /// When a setting is not valid, or it was painted in one pass.
    pub(super) fn plan(&self, choices: &Choices) -> Result<Plan> {
        if self.record.instant.is_some() {
            let advice = "Repeat it by `impasto stylize --like`";
            return Err(self.other_way("it was painted in one pass, without steps", advice));
        }
        let found = match &self.record.initial {
            Some(initial) if choices.init.is_none() => Some(self.place_of(initial, "init")?),
            _ => None,
        };
        let stage = |settings: &TransferSettings| -> Result<TransferSettings> {
            let mut settings = choices.over(settings)?;
            if let Some(path) = &found {
                settings.initial_image = InitialImage::File(path.clone());
            }
            Ok(settings)
        };
        let (first, later) = self.record.stages();
        let other_length = choices.steps.is_some() || choices.quality.is_some();
        let until = (!other_length && choices.preset.is_none()).then_some(self.record.step);
        let later = later.iter().map(|(after, settings)| {
            // Now, not when an hour of the run is over.
            let settings = stage(settings)?;
            settings.validate()?;
            Ok((*after, settings))
        });
        Ok(Plan {
            settings: stage(&first)?,
            later: later.collect::<Result<_>>()?,
            until: until.filter(|&step| step > 0),
        })
    }

    /// Where its repetition is saved when nothing else is said: beside it, under a name that is
    /// free.
    pub(super) fn output(&self) -> PathBuf {
        let path = match SaveFormat::from_path(&self.path) {
            Ok(_) => self.path.clone(),
            Err(_) => self.path.with_extension("png"),
        };
        let name = |n: u32| match n {
            1 => paths::with_suffix(&path, "-again"),
            n => paths::with_suffix(&path, &format!("-again-{n}")),
        };
        let mut free = (1..10_000).map(name).filter(|path| !path.exists());
        free.next().unwrap_or_else(|| name(10_000))
    }

    /// Threads it was computed with, where this machine can be asked for so many.
    pub(super) fn threads(&self) -> Option<usize> {
        let threads = self.record.computed.threads;
        if threads > MOST_THREADS {
            output::say(&format!(
                "impasto: {} asks for {threads} threads; as many are used as this machine has",
                self.path.display()
            ));
        }
        Some(threads).filter(|threads| (1..=MOST_THREADS).contains(threads))
    }

    /// How it was saved, where it tells.
    pub(super) fn saved(&self) -> Option<SavedAs> {
        self.record.saved
    }

    /// Claims the pictures that went in, where they still are.
    pub(super) fn claim(&self, claims: &mut Claims) {
        let record = &self.record;
        let styles = record.styles.iter().flat_map(|style| {
            [
                Some(&style.input),
                style.region.as_ref(),
                style.style_region.as_ref(),
            ]
        });
        let others = [Some(&record.content), record.initial.as_ref()];
        for input in others.into_iter().chain(styles).flatten() {
            if let Some(path) = &input.path {
                claims.reads("a picture that it was made from", "like", path);
            }
        }
    }

    /// The content image.
    ///
    /// # Errors
    /// When it is not found or cannot be read.
    pub(super) fn content(&self) -> Result<Picture> {
        self.input(&self.record.content, "content")
    }

    /// The content image's file.
    ///
    /// # Errors
    /// When it is not found.
    pub(super) fn content_file(&self) -> Result<PathBuf> {
        self.place_of(&self.record.content, "content")
    }

    /// The style images with their regions.
    ///
    /// # Errors
    /// When one is not found or cannot be read.
    pub(super) fn styles(&self) -> Result<Vec<StyleImage>> {
        let mask = |mask: &Option<Input>, option| -> Result<_> {
            let picture = mask.as_ref().map(|mask| self.input(mask, option));
            Ok(picture.transpose()?.map(Arc::new))
        };
        let styles = self.record.styles.iter().map(|style| {
            range::STRENGTH.check(style.strength)?;
            Ok(StyleImage {
                picture: Arc::new(self.input(&style.input, "style")?),
                strength: style.strength,
                region: mask(&style.region, "region")?,
                style_region: mask(&style.style_region, "style-region")?,
            })
        });
        styles.collect()
    }

    /// The brushes of a picture that was painted in one pass.
    ///
    /// # Errors
    /// When one is not found.
    pub(super) fn brushes(&self) -> Result<Vec<LookBrush>> {
        let known = self
            .record
            .instant
            .iter()
            .flat_map(|instant| &instant.brushes);
        let mut all = Vec::new();
        for known in known {
            let found = open_brush(&paths::from_text(&known.name), known.weight)?;
            if found.brush.digest() != known.sha256 {
                output::say(&format!(
                    "impasto: the brush {} is another than when {} was made",
                    known.name,
                    self.path.display()
                ));
            }
            all.push(found);
        }
        Ok(all)
    }

    /// Says why the result may differ, where it may.
    pub(super) fn remark(&self, computed: &Computed) {
        let (before, name) = (&self.record.computed, self.path.display());
        if before.weights_sha256 != computed.weights_sha256 && !before.weights_sha256.is_empty() {
            output::say(&format!(
                "impasto: {name} was made with other weights ({})",
                before.weights
            ));
        }
        if before.device != computed.device && !before.device.is_empty() {
            output::say(&format!(
                "impasto: {name} was computed on {}, this is {}: rounding will differ",
                before.device, computed.device
            ));
        }
        if !self.record.is_exact() {
            output::say(&format!(
                "impasto: {name} comes from a branch of a run, or from one with very many \
                 changes: its repetition will be like it, not the same"
            ));
        }
    }

    fn input(&self, input: &Input, option: &str) -> Result<Picture> {
        let found = self.find(input, option)?;
        if !found.unchanged {
            output::say(&format!(
                "impasto: {} has changed since {} was made",
                input.name,
                self.path.display()
            ));
        }
        found.open()
    }

    fn find(&self, input: &Input, option: &str) -> Result<crate::pixels::Found> {
        let path = input.path.as_deref();
        find_input(path, &input.name, &input.sha256, Some(&self.path)).ok_or_else(|| {
            let place = match path {
                Some(path) => format!("it is not at {} any more", path.display()),
                None => "it was pasted and never a file".to_owned(),
            };
            Error::Picture {
                name: input.name.clone(),
                why: format!("{place}, and not beside {} either", self.path.display()),
                advice: match option {
                    "content" => "Put it there, or name another by --content",
                    "style" => "Put it there, or name all style images by --style",
                    "init" => "Put it there, or name another by --init",
                    _ => "Put it there, or name all style images by --style and their regions",
                },
            }
        })
    }

    /// The file of a picture.
    fn place_of(&self, input: &Input, option: &str) -> Result<PathBuf> {
        match self.find(input, option)?.at {
            crate::pixels::FoundAt::File(path) => Ok(path),
            crate::pixels::FoundAt::Sample(_) => Err(Error::setting(
                option,
                &input.name,
                format!("this picture is inside the program; name a file by --{option}"),
            )),
        }
    }
}
