//! `impasto render --like PICTURE`: what a picture remembers, as the arguments of a run.

use std::{
    collections::VecDeque,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{choices::Choices, inputs::open_brushes, output};
use crate::{
    error::{Error, Result},
    pixels::{Picture, SaveFormat, find_input, read_record},
    settings::{InitialImage, TransferSettings},
    transfer::{Computed, Input, LookBrush, Record, StyleImage, Transfer},
};

/// The settings of a run and how they change under way.
pub(super) struct Plan {
    /// Those it begins with.
    pub(super) settings: TransferSettings,
    /// Those that come into force after so many steps.
    later: VecDeque<(u32, TransferSettings)>,
    /// The step to stop after, when that is not the last one.
    pub(super) until: Option<u32>,
}

impl Plan {
    /// A run with the same settings throughout.
    pub(super) fn of(settings: TransferSettings) -> Self {
        Self {
            settings,
            later: VecDeque::new(),
            until: None,
        }
    }

    /// Puts settings in force whose time has come.
    ///
    /// # Errors
    /// As [`Transfer::update`].
    pub(super) fn steer(&mut self, transfer: &mut Transfer) -> Result<()> {
        while let Some((after, settings)) = self.later.front()
            && *after <= transfer.steps()
        {
            transfer.update(settings)?;
            self.later.pop_front();
        }
        Ok(())
    }
}

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
        let text = read_record(path)?;
        let record = text.as_deref().and_then(Record::from_json);
        let record = record.ok_or_else(|| Error::Picture {
            name: path.display().to_string(),
            why: "it does not remember how it was made".to_owned(),
            advice: "Give a PNG, JPEG, WebP or TIFF file that Impasto saved and no other program \
                     has saved since",
        })?;
        Ok(Self {
            path: path.to_owned(),
            record,
        })
    }

    /// Strength and settings of a picture that was painted in one pass.
    ///
    /// # Errors
    /// When it was painted step by step.
    pub(super) fn instant(&self) -> Result<(f64, TransferSettings)> {
        match &self.record.instant {
            Some(instant) => Ok((instant.strength, self.record.settings.clone())),
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
        let stem = self.path.file_stem().unwrap_or_default().to_string_lossy();
        let extension = match SaveFormat::from_path(&self.path) {
            Ok(_) => self.path.extension().unwrap_or_default().to_string_lossy(),
            Err(_) => "png".into(),
        };
        let name = |n: u32| match n {
            1 => format!("{stem}-again.{extension}"),
            n => format!("{stem}-again-{n}.{extension}"),
        };
        let mut free = (1..10_000)
            .map(|n| self.path.with_file_name(name(n)))
            .filter(|path| !path.exists());
        let last = || self.path.with_file_name(name(10_000));
        free.next().unwrap_or_else(last)
    }

    /// Threads it was computed with.
    pub(super) fn threads(&self) -> Option<usize> {
        Some(self.record.computed.threads).filter(|&threads| threads > 0)
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
        let known: Vec<_> = known.collect();
        let names: Vec<String> = known
            .iter()
            .map(|brush| format!("{}={}", brush.name, brush.weight))
            .collect();
        let found = open_brushes(&names)?;
        for (found, known) in found.iter().zip(known) {
            if found.brush.digest() != known.sha256 {
                output::say(&format!(
                    "impasto: the brush {} is another than when {} was made",
                    known.name,
                    self.path.display()
                ));
            }
        }
        Ok(found)
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
