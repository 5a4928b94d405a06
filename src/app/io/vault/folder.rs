//! The folders of sessions: one is held by each window, old ones make room.

use std::{
    collections::BTreeSet,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};

use crate::{
    app::io::vault::file::{ReelFile, SessionFile, frame_name},
    error::{Error, Result},
    files,
    pixels::Picture,
    transfer::{Checkpoint, film::Frame},
};

/// The folder of all sessions, in the program's own.
pub(crate) const SESSIONS: &str = "sessions";
/// What a session tells of itself.
const FILE: &str = "session.json";
/// Held by the window that it belongs to.
const LOCK: &str = "lock";
/// How the names of checkpoints and of kept pictures begin.
pub(crate) const RUN: &str = "run-";
pub(crate) const KEPT: &str = "kept-";
/// Frames of films, and what tells of them.
const FILM: &str = "film";
const REELS: &str = "film.json";
/// Copies of pictures.
const PICTURES: &str = "pictures";
/// Disk that all sessions may take; the oldest go first.
pub(crate) const MOST_BYTES: u64 = 2_000_000_000;

/// A session's folder, held: no other window touches it.
#[derive(Debug)]
pub(crate) struct SessionFolder {
    pub(crate) path: PathBuf,
    /// Let go when the program ends, however it ends.
    _held: File,
}

impl SessionFolder {
    /// A new one.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(crate) fn create(sessions: &Path) -> io::Result<Self> {
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
        let now = now.map_or(0, |since| since.as_millis());
        for n in 0..1000_u32 {
            let path = sessions.join(format!("{now}-{}-{n}", std::process::id()));
            fs::create_dir_all(&path)?;
            match Self::hold(&path) {
                Ok(Some(folder)) => return Ok(folder),
                // A window that starts just now has taken it for an empty one.
                Ok(None) => {}
                Err(fault) if fault.kind() == io::ErrorKind::NotFound => {}
                Err(fault) => return Err(fault),
            }
        }
        Err(io::ErrorKind::AlreadyExists.into())
    }

    /// One that is there; `None` when a window holds it.
    ///
    /// # Errors
    /// When it is not there, or cannot be written in.
    pub(crate) fn hold(path: &Path) -> io::Result<Option<Self>> {
        let held = files::try_lock(&path.join(LOCK))?;
        Ok(held.map(|held| Self {
            path: path.to_owned(),
            _held: held,
        }))
    }

    /// What it tells; `None` when that is not there or damaged.
    pub(crate) fn read(&self) -> Option<SessionFile> {
        let bytes = fs::read(self.path.join(FILE)).ok()?;
        serde_json::from_slice(&bytes)
            .inspect_err(|fault| log::warn!("{}: {fault}", self.path.display()))
            .ok()
    }

    /// Puts down what it tells, and removes what that no longer names.
    ///
    /// # Errors
    /// When it cannot be written; then all is as it was.
    pub(crate) fn write(&self, session: &SessionFile) -> io::Result<()> {
        let text = serde_json::to_vec(session).map_err(io::Error::other)?;
        files::replace(&self.path.join(FILE), &text)?;
        self.clear(session);
        Ok(())
    }

    /// Removes files of pictures and runs that are no longer there.
    fn clear(&self, session: &SessionFile) {
        let Ok(entries) = fs::read_dir(&self.path) else {
            return;
        };
        for entry in entries.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let of_run = session.run.iter().any(|run| run.checkpoint == name);
            let of_kept = session.kept.iter().any(|kept| kept.file == name);
            let ours = name.starts_with(RUN) || name.starts_with(KEPT);
            if ours && !of_run && !of_kept {
                remove(&entry.path());
            }
        }
    }

    /// Where the copy of a picture with this digest is.
    pub(crate) fn copy_path(&self, sha256: &str) -> PathBuf {
        self.path.join(PICTURES).join(sha256)
    }

    /// Keeps a copy of a picture's file, unless there is one: the file may be gone by the next start.
    pub(crate) fn copy(&self, path: &Path, sha256: &str) -> io::Result<()> {
        let copy = self.copy_path(sha256);
        if sha256.is_empty() || copy.exists() {
            return Ok(());
        }
        fs::create_dir_all(self.path.join(PICTURES))?;
        files::replace(&copy, &fs::read(path)?)
    }

    /// A run as it stood.
    ///
    /// # Errors
    /// When it is not there, or damaged.
    pub(crate) fn checkpoint(&self, name: &str) -> Result<Checkpoint> {
        let path = self.path.join(name);
        let bytes = fs::read(&path)
            .map_err(|source| Error::file("read", &path, source, "Start the run anew"))?;
        Checkpoint::from_bytes(&bytes)
    }

    /// Puts the film down: frames that are not there yet are written, others removed.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn write_film(&self, reels: &[(ReelFile, Vec<Arc<Frame>>)]) -> io::Result<()> {
        let folder = self.path.join(FILM);
        fs::create_dir_all(&folder)?;
        let mut named = BTreeSet::new();
        for frame in reels.iter().flat_map(|(_, frames)| frames) {
            let name = frame_name(frame.run, frame.step);
            let path = folder.join(&name);
            if !path.exists() {
                files::replace(&path, &frame.to_bytes())?;
            }
            named.insert(name);
        }
        let told: Vec<&ReelFile> = reels.iter().map(|(reel, _)| reel).collect();
        let text = serde_json::to_vec(&told).map_err(io::Error::other)?;
        files::replace(&self.path.join(REELS), &text)?;
        for entry in fs::read_dir(&folder)?.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            // A draft is another window's business, or gone in a moment.
            if !name.starts_with('.') && !named.contains(&name) {
                remove(&entry.path());
            }
        }
        Ok(())
    }

    /// What the film's reels are; none where that is not known.
    pub(crate) fn reels(&self) -> Vec<ReelFile> {
        let bytes = fs::read(self.path.join(REELS)).unwrap_or_default();
        serde_json::from_slice(&bytes).unwrap_or_default()
    }

    /// A frame of a run with this content image, if it is there and whole.
    pub(crate) fn frame(&self, run: u64, step: u32, content: &Arc<Picture>) -> Option<Frame> {
        let path = self.path.join(FILM).join(frame_name(run, step));
        Frame::from_bytes(&fs::read(path).ok()?, Arc::clone(content))
    }

    /// Removes it with all that is in it.
    pub(crate) fn remove(self) {
        let path = self.path.clone();
        drop(self);
        if let Err(fault) = fs::remove_dir_all(&path) {
            log::warn!("{} stays: {fault}", path.display());
        }
    }
}

fn remove(path: &Path) {
    if let Err(fault) = fs::remove_file(path) {
        log::warn!("{} stays: {fault}", path.display());
    }
}

/// The folders of sessions that no window holds, oldest first.
pub(crate) fn left(sessions: &Path) -> Vec<SessionFolder> {
    let mut paths = paths(sessions);
    paths.sort();
    let held = paths.iter().map(|path| SessionFolder::hold(path));
    held.filter_map(|held| held.ok().flatten()).collect()
}

/// Whether windows hold sessions.
pub(crate) fn are_held(sessions: &Path) -> bool {
    paths(sessions).len() > left(sessions).len()
}

/// The newest session that is worth bringing back. Those without anything are removed, and the oldest
/// while all take too much room.
pub(crate) fn newest_left(sessions: &Path) -> Option<(SessionFolder, SessionFile)> {
    let mut newest = None;
    for folder in left(sessions) {
        match folder.read() {
            Some(session) if session.holds_something() => {
                if !session.declined {
                    newest = Some((folder, session));
                }
            }
            _ => folder.remove(),
        }
    }
    make_room(sessions, MOST_BYTES);
    newest
}

/// Removes the oldest sessions that no window holds, until the rest fits.
pub(crate) fn make_room(sessions: &Path, most_bytes: u64) {
    let mut bytes = bytes(sessions);
    for folder in left(sessions) {
        if bytes <= most_bytes {
            return;
        }
        bytes = bytes.saturating_sub(self::bytes(&folder.path));
        log::info!("{} makes room", folder.path.display());
        folder.remove();
    }
}

/// Disk that a folder takes, with all in it.
pub(crate) fn bytes(folder: &Path) -> u64 {
    let Ok(entries) = fs::read_dir(folder) else {
        return 0;
    };
    let sizes = entries.flatten().map(|entry| match entry.metadata() {
        Ok(about) if about.is_dir() => bytes(&entry.path()),
        Ok(about) => about.len(),
        Err(_) => 0,
    });
    sizes.sum()
}

fn paths(sessions: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(sessions) else {
        return Vec::new();
    };
    let folders = entries.flatten().map(|entry| entry.path());
    folders.filter(|path| path.is_dir()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::io::vault::file::{KeptFile, RunFile};

    fn run(checkpoint: &str) -> SessionFile {
        SessionFile {
            run: Some(RunFile {
                checkpoint: checkpoint.to_owned(),
                ..RunFile::default()
            }),
            ..SessionFile::default()
        }
    }

    #[test]
    fn only_sessions_that_no_window_holds_are_brought_back() {
        let sessions = tempfile::tempdir().unwrap();
        let first = SessionFolder::create(sessions.path()).unwrap();
        first.write(&run("a.checkpoint")).unwrap();
        let second = SessionFolder::create(sessions.path()).unwrap();
        assert!(newest_left(sessions.path()).is_none(), "both are held");
        drop(second);
        let path = first.path.clone();
        drop(first);
        let (folder, session) = newest_left(sessions.path()).unwrap();
        assert_eq!(folder.path, path);
        assert_eq!(session, run("a.checkpoint"));
        assert_eq!(paths(sessions.path()).len(), 1, "the empty one is gone");
        let declined = SessionFile {
            declined: true,
            ..session
        };
        folder.write(&declined).unwrap();
        drop(folder);
        assert!(newest_left(sessions.path()).is_none());
        assert!(path.exists(), "it still can be");
    }

    #[test]
    fn what_is_no_longer_named_is_removed_and_old_sessions_make_room() {
        let sessions = tempfile::tempdir().unwrap();
        let folder = SessionFolder::create(sessions.path()).unwrap();
        for name in ["run-a", "run-b", "kept-c.png"] {
            fs::write(folder.path.join(name), [0; 1000]).unwrap();
        }
        let mut session = run("run-b");
        session.kept.push(KeptFile {
            file: "kept-c.png".to_owned(),
            ..KeptFile::default()
        });
        folder.write(&session).unwrap();
        assert!(!folder.path.join("run-a").exists());
        assert!(folder.path.join("run-b").exists());
        assert!(folder.path.join("kept-c.png").exists());
        let path = folder.path.clone();
        make_room(sessions.path(), 10);
        assert!(path.exists(), "it is held");
        drop(folder);
        make_room(sessions.path(), 1_000_000);
        assert!(path.exists(), "there is room");
        make_room(sessions.path(), 10);
        assert!(!path.exists());
    }

    #[test]
    fn a_damaged_session_is_none() {
        let sessions = tempfile::tempdir().unwrap();
        let folder = SessionFolder::create(sessions.path()).unwrap();
        fs::write(folder.path.join(FILE), "{\"run\": ").unwrap();
        assert_eq!(folder.read(), None);
        drop(folder);
        assert!(newest_left(sessions.path()).is_none());
    }
}
