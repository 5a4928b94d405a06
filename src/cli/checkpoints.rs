//! Checkpoints of `impasto render`: while a run goes on, a file beside its output holds it whole, so
//! that a machine that stops costs seconds and not hours.

use std::{
    path::{Path, PathBuf},
    thread::{self, JoinHandle},
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};

use super::{film::FilmArguments, output};
use crate::{
    error::{Error, Result},
    files,
    settings::TransferSettings,
    transfer::{SavedAs, Transfer},
};

/// Stands behind the name of the output.
const ENDING: &str = ".impasto-checkpoint";

/// The checkpoint of a run that is saved as `output`.
pub(super) fn beside(output: &Path) -> PathBuf {
    let mut name = output.file_name().unwrap_or_default().to_owned();
    name.push(ENDING);
    output.with_file_name(name)
}

/// What a run on the command line is besides its pictures and settings.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Note {
    /// Where the picture goes.
    #[serde(with = "crate::paths")]
    pub(super) output: PathBuf,
    /// How it is saved.
    pub(super) saved: SavedAs,
    /// Whether it remembers how it was made.
    pub(super) record: bool,
    /// Steps between snapshots.
    pub(super) snapshot_every: Option<u32>,
    /// The step to stop after, when that is not the last one.
    pub(super) until: Option<u32>,
    /// All settings that come into force on the way, each after so many steps.
    pub(super) later: Vec<(u32, TransferSettings)>,
    /// The film.
    pub(super) film: FilmArguments,
    /// Seconds between checkpoints.
    pub(super) every_secs: f64,
}

/// Writing takes at most this share of the time of a run.
const MOST_SHARE: f64 = 0.05;

/// The checkpoints of a run.
pub(super) struct Checkpoints {
    path: PathBuf,
    note: String,
    every: Duration,
    /// When the last one was begun, and how long it took.
    last: Instant,
    took: Duration,
    writer: Option<JoinHandle<(Result<()>, Duration)>>,
    failed: bool,
}

impl Checkpoints {
    /// Makes ready; none where the note says that there are to be none.
    ///
    /// # Errors
    /// Never in practice: a note can be written.
    pub(super) fn begin(note: &Note) -> Result<Option<Self>> {
        if note.every_secs <= 0.0 {
            return Ok(None);
        }
        let text = serde_json::to_string(note)
            .map_err(|fault| Error::Internal(format!("cannot write a note: {fault}")))?;
        Ok(Some(Self {
            path: beside(&note.output),
            note: text,
            every: Duration::from_secs_f64(note.every_secs),
            last: Instant::now(),
            took: Duration::ZERO,
            writer: None,
            failed: false,
        }))
    }

    /// Where they are.
    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes one where it is time, on a thread of its own. One that cannot be written is told once,
    /// and the run goes on.
    pub(super) fn look_at(&mut self, transfer: &Transfer) {
        let rest = self.took.div_f64(MOST_SHARE).max(self.every);
        if self.last.elapsed() < rest {
            return;
        }
        if self
            .writer
            .as_ref()
            .is_some_and(|writer| !writer.is_finished())
        {
            return;
        }
        self.wait();
        let begin = Instant::now();
        let bytes = match self.bytes(transfer) {
            Ok(bytes) => bytes,
            Err(error) => return self.failed(&error),
        };
        let path = self.path.clone();
        let work = move || {
            let written = files::replace(&path, &bytes);
            let written = written.map_err(|source| files::unwritable(&path, source));
            (written, begin.elapsed())
        };
        let named = thread::Builder::new().name("checkpoint".to_owned());
        match named.spawn(work) {
            Ok(writer) => self.writer = Some(writer),
            Err(fault) => self.failed(&Error::Internal(fault.to_string())),
        }
        self.last = begin;
    }

    /// Writes one now, for a run that ends early. Answers whether it is there.
    pub(super) fn keep(&mut self, transfer: &Transfer) -> bool {
        self.wait();
        let written = self.bytes(transfer).and_then(|bytes| {
            let written = files::replace(&self.path, &bytes);
            written.map_err(|source| files::unwritable(&self.path, source))
        });
        if let Err(error) = &written {
            self.failed(error);
        }
        written.is_ok()
    }

    /// The run is over and its picture saved: nothing is left of them.
    pub(super) fn remove(mut self) {
        self.wait();
        if self.path.exists()
            && let Err(fault) = std::fs::remove_file(&self.path)
        {
            output::say(&format!(
                "impasto: {} stays behind: {fault}",
                self.path.display()
            ));
        }
    }

    fn bytes(&self, transfer: &Transfer) -> Result<Vec<u8>> {
        let mut checkpoint = transfer.checkpoint();
        checkpoint.note = Some(self.note.clone());
        checkpoint.to_bytes()
    }

    /// Takes in how the one under way went.
    fn wait(&mut self) {
        let Some(writer) = self.writer.take() else {
            return;
        };
        match writer.join() {
            Ok((written, took)) => {
                self.took = took;
                if let Err(error) = written {
                    self.failed(&error);
                }
            }
            Err(_) => self.failed(&Error::Internal("a checkpoint was not written".to_owned())),
        }
    }

    fn failed(&mut self, error: &Error) {
        if !self.failed {
            output::say(&format!(
                "impasto: the run goes on without a checkpoint: {error}"
            ));
        }
        self.failed = true;
    }
}

impl Drop for Checkpoints {
    /// A file that is being written when the program ends would be cut off.
    fn drop(&mut self) {
        self.wait();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoint_lies_beside_its_output() {
        let expected = Path::new("o/a.png.impasto-checkpoint");
        assert_eq!(beside(Path::new("o/a.png")), expected);
    }
}
