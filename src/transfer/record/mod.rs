//! What a saved picture remembers: everything that is needed to make it again, as JSON.
//!
//! [`Transfer::record`](super::Transfer::record) makes it, `pixels` puts it into files, the window
//! and `impasto render --like` read it. Reading is lenient: fields of the future are passed over,
//! missing ones take their defaults, and a text that is no record is none.

mod history;

use std::path::PathBuf;

use serde::{Deserialize, Serialize};

pub use self::history::{Change, History};
use crate::{pixels::Picture, settings::TransferSettings};

/// How a picture was made.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Record {
    /// Name and version of the program.
    pub program: String,
    /// The content image.
    pub content: Input,
    /// The style images.
    pub styles: Vec<StyleInput>,
    /// The picture the run started from, when that was a file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub initial: Option<Input>,
    /// With what it was computed.
    #[serde(flatten)]
    pub computed: Computed,
    /// Steps taken.
    pub step: u32,
    /// Total loss at the last step.
    pub loss: Option<f64>,
    /// Seconds of computing.
    pub secs: f64,
    /// The settings in force when the picture was taken.
    pub settings: TransferSettings,
    /// How a picture was painted in one pass, where it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub instant: Option<InstantRecord>,
    /// What was changed on the way there.
    #[serde(skip_serializing_if = "History::is_plain")]
    pub history: History,
}

/// A picture that went in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Input {
    /// Its name for people.
    pub name: String,
    /// Its file, when it was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<PathBuf>,
    /// SHA-256 of the file, lower-case hex; empty for pictures that were no file.
    pub sha256: String,
}

impl From<&Picture> for Input {
    fn from(picture: &Picture) -> Self {
        let path = picture.path.as_deref();
        Self {
            name: picture.name.clone(),
            // Another program may run in another folder.
            path: path.map(|path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned())),
            sha256: picture.sha256.clone(),
        }
    }
}

/// A style image that went in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct StyleInput {
    /// The picture.
    #[serde(flatten)]
    pub input: Input,
    /// Its strength among the others.
    pub strength: f64,
    /// Where in the content image it applies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub region: Option<Input>,
    /// The part of it that counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub style_region: Option<Input>,
}

/// How a picture was painted in one pass.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct InstantRecord {
    /// How strong the style is, 0..1.
    pub strength: f64,
    /// Brushes that took part.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub brushes: Vec<BrushInput>,
}

/// A brush that went in.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct BrushInput {
    /// Its name, or its file.
    pub name: String,
    /// SHA-256 of its numbers, lower-case hex.
    pub sha256: String,
    /// Its weight among styles and brushes.
    pub weight: f64,
}

/// With what a run is computed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Computed {
    /// The network's weights in words.
    pub weights: String,
    /// SHA-256 of the weights' file, lower-case hex.
    pub weights_sha256: String,
    /// The device, and on a processor its instruction set: "cpu avx2".
    pub device: String,
    /// Threads.
    pub threads: usize,
}

impl Record {
    /// The record in a text, if it is one.
    pub fn from_json(text: &str) -> Option<Self> {
        let record: Self = serde_json::from_str(text).ok()?;
        record.program.starts_with("impasto").then_some(record)
    }

    /// The text for a file.
    pub fn to_json(&self) -> String {
        // Nothing in a record can fail to be written: no map has other keys than texts.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The settings a run that repeats the picture begins with, and those that come into force
    /// after so many steps.
    ///
    /// What no run can change under way is that of the end from the start on: it differs only
    /// behind a branch. So is the finish, which no step depends on.
    pub fn stages(&self) -> (TransferSettings, Vec<(u32, TransferSettings)>) {
        let last = &self.settings;
        let Some(begun_with) = &self.history.begun_with else {
            return (last.clone(), Vec::new());
        };
        let fixed = |settings: &TransferSettings| {
            let mut fixed = last.apply(settings);
            fixed.take_finish_of(last);
            fixed
        };
        let mut settings = TransferSettings::clone(begun_with);
        let first = fixed(&settings);
        let later = self.history.changes.iter().map(|change| {
            settings = change.applied_to(&settings);
            (change.after, fixed(&settings))
        });
        let later = later.collect();
        (first, later)
    }

    /// Whether a run that follows the record ends with the very same picture.
    pub fn is_exact(&self) -> bool {
        !self.history.forgotten && !self.history.changes.iter().any(|change| change.branch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record() -> Record {
        let mut settings = TransferSettings {
            size_px: Some(512),
            ..TransferSettings::default()
        };
        let mut history = History::default();
        settings.style_weight = 20.0;
        history.changed(7, &TransferSettings::default(), &settings, false);
        Record {
            program: "impasto 9".to_owned(),
            content: Input {
                name: "a.png".to_owned(),
                path: Some("/p/a.png".into()),
                sha256: "0f".to_owned(),
            },
            styles: vec![StyleInput {
                strength: 2.0,
                region: Some(Input::default()),
                ..StyleInput::default()
            }],
            computed: Computed {
                threads: 3,
                ..Computed::default()
            },
            step: 9,
            loss: Some(0.5),
            settings,
            history,
            ..Record::default()
        }
    }

    #[test]
    fn a_record_survives_its_text() {
        let record = record();
        assert_eq!(Record::from_json(&record.to_json()), Some(record));
    }

    #[test]
    fn foreign_texts_are_no_records_and_old_ones_are_understood() {
        for text in [
            "",
            "{}",
            "[1]",
            "{\"program\": 3}",
            "{\"program\": \"gimp\"}",
        ] {
            assert_eq!(Record::from_json(text), None, "{text}");
        }
        let old = r#"{"program":"impasto 0","weights":"w","step":3,"new":[],
            "settings":{"style_weight":2.0},"loss":null}"#;
        let old = Record::from_json(old).unwrap();
        assert_eq!(old.settings.style_weight, 2.0);
        assert_eq!(old.computed.weights, "w");
        assert!(old.is_exact());
    }

    #[test]
    fn stages_lead_from_the_first_settings_to_the_last() {
        let record = record();
        let (first, later) = record.stages();
        assert_eq!(first.style_weight, TransferSettings::default().style_weight);
        assert_eq!(first.size_px, Some(512), "sizes cannot change under way");
        assert_eq!(later, [(7, record.settings.clone())]);
    }
}
