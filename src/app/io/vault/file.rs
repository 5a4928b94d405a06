//! What a session's folder tells of it.

use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::{
    pixels::Picture,
    settings::{PictureEdit, TransferSettings},
};

/// A picture, so that it is found again.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct PictureRef {
    /// Its name.
    pub(crate) name: String,
    /// Its file, where it has one.
    pub(crate) path: Option<String>,
    /// The digest of its file, by which its copy in the folder is called, too.
    pub(crate) sha256: String,
    /// How it is turned and cut.
    pub(crate) edit: PictureEdit,
}

impl PictureRef {
    /// A picture of a file, or of the program's own, turned and cut in this way.
    pub(crate) fn of(original: &Picture, edit: PictureEdit) -> Self {
        let path = original.path.as_deref().and_then(Path::to_str);
        Self {
            name: original.name.clone(),
            path: path.map(str::to_owned),
            sha256: original.sha256.clone(),
            edit,
        }
    }
}

/// A style image and its share.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct StyleRef {
    pub(crate) picture: PictureRef,
    pub(crate) strength: f64,
}

/// The film of a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct ReelFile {
    pub(crate) run: u64,
    /// The moment of another run that it went on from.
    pub(crate) from: Option<(u64, u32)>,
    /// Steps that counted as taken when it began.
    pub(crate) start: u32,
    pub(crate) content: PictureRef,
    /// The steps of its frames, each a file in the folder.
    pub(crate) steps: Vec<u32>,
}

/// The name of a frame's file.
pub(crate) fn frame_name(run: u64, step: u32) -> String {
    format!("{run}-{step}.frame")
}

/// The run of the moment.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct RunFile {
    /// Its number.
    pub(crate) run: u64,
    /// Its checkpoint in the folder.
    pub(crate) checkpoint: String,
    /// When it was begun, in seconds since 1970.
    pub(crate) began_secs: i64,
    pub(crate) content: PictureRef,
    pub(crate) styles: Vec<StyleRef>,
    /// Steps that it takes in all.
    pub(crate) steps: u32,
    /// Whether it was the user who stopped it.
    pub(crate) stopped: bool,
    /// Whether it was one of the queue.
    pub(crate) of_queue: bool,
}

/// A picture in the strip.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct KeptFile {
    /// Its file in the folder, with its record inside.
    pub(crate) file: String,
    /// The run it was taken from.
    pub(crate) run: u64,
    pub(crate) name: String,
    pub(crate) step: u32,
    pub(crate) secs: f64,
    /// The file of the user's that it was saved to.
    pub(crate) saved: Option<String>,
    pub(crate) content: PictureRef,
}

/// A run that waits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct QueuedFile {
    pub(crate) content: PictureRef,
    pub(crate) styles: Vec<StyleRef>,
    pub(crate) settings: TransferSettings,
    pub(crate) preset: String,
    /// The picture that it starts from, if there is one.
    pub(crate) initial: Option<PictureRef>,
}

/// A session.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub(crate) struct SessionFile {
    pub(crate) run: Option<RunFile>,
    pub(crate) preset: String,
    /// Oldest first.
    pub(crate) kept: Vec<KeptFile>,
    /// The next one first.
    pub(crate) queue: Vec<QueuedFile>,
    /// Whether it was said that it is not to be brought back.
    pub(crate) declined: bool,
}

impl SessionFile {
    /// Whether something would be lost without it.
    pub(crate) fn holds_something(&self) -> bool {
        let unsaved = self.kept.iter().any(|kept| kept.saved.is_none());
        self.run.is_some() || unsaved || !self.queue.is_empty()
    }

    /// All pictures that it names.
    pub(crate) fn pictures(&self) -> Vec<&PictureRef> {
        let of_run = self.run.iter().flat_map(|run| {
            let styles = run.styles.iter().map(|style| &style.picture);
            styles.chain([&run.content])
        });
        let of_queue = self.queue.iter().flat_map(|queued| {
            let styles = queued.styles.iter().map(|style| &style.picture);
            styles.chain([&queued.content]).chain(&queued.initial)
        });
        let of_kept = self.kept.iter().map(|kept| &kept.content);
        of_run.chain(of_queue).chain(of_kept).collect()
    }
}
