//! The log of a session: what the window did and every step's losses, one line each, for those
//! who want to follow or report a run (`impasto --log FILE`).
//!
//! It also notes when the system's file dialog failed: the dialog itself only says "no choice".

use std::{
    fs::File,
    io::{BufWriter, Write as _},
    path::Path,
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Instant,
};

use log::{Level, LevelFilter, Log, Metadata, Record};

use crate::error::{Error, Result};

static DIALOG_TROUBLE: AtomicBool = AtomicBool::new(false);

/// Forgets what dialogs before had to say.
pub(crate) fn forget_dialog_trouble() {
    DIALOG_TROUBLE.store(false, Ordering::Relaxed);
}

/// Whether a file dialog failed since.
pub(crate) fn dialog_trouble() -> bool {
    DIALOG_TROUBLE.load(Ordering::Relaxed)
}

struct SessionLog {
    file: Option<Mutex<BufWriter<File>>>,
    start: Instant,
}

impl Log for SessionLog {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        let ours = metadata.target().starts_with("impasto");
        self.file.is_some() && (ours || metadata.level() <= Level::Warn)
            || metadata.target().starts_with("rfd") && metadata.level() == Level::Error
    }

    fn log(&self, record: &Record<'_>) {
        if !self.enabled(record.metadata()) {
            return;
        }
        if record.target().starts_with("rfd") && record.level() == Level::Error {
            DIALOG_TROUBLE.store(true, Ordering::Relaxed);
        }
        if let Some(file) = &self.file {
            let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
            let secs = self.start.elapsed().as_secs_f64();
            let line = writeln!(
                file,
                "{secs:9.3} {:5} {} {}",
                record.level(),
                record.target(),
                record.args()
            );
            // A log that cannot be written (disk full) is no reason to disturb the work.
            drop(line.and_then(|()| file.flush()));
        }
    }

    fn flush(&self) {
        if let Some(file) = &self.file {
            let mut file = file.lock().unwrap_or_else(PoisonError::into_inner);
            drop(file.flush());
        }
    }
}

/// Begins the log; a logger that is there already stays in force.
///
/// # Errors
/// When the file cannot be written.
pub(crate) fn begin(path: Option<&Path>) -> Result<()> {
    let file = match path {
        Some(path) => {
            let file = File::create(path)
                .map_err(|source| Error::file("create", path, source, "Choose another file"))?;
            Some(Mutex::new(BufWriter::new(file)))
        }
        None => None,
    };
    let most = if file.is_some() {
        LevelFilter::Debug
    } else {
        LevelFilter::Error
    };
    let start = Instant::now();
    if log::set_boxed_logger(Box::new(SessionLog { file, start })).is_ok() {
        log::set_max_level(most);
    }
    Ok(())
}
