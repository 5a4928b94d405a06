//! Writing files: whole or not at all. The one home of temporary names.
//!
//! Called by everything that writes a file. It is written under a temporary name in the folder of
//! its target, made safe on the disk and renamed: whatever fails before that leaves what was there
//! as it was, and nothing else. A file that is replaced hands its mode and, as far as the system
//! allows, its owner on; a symbolic link stays a link, and what it points to is replaced. Other
//! names of the same file (hard links) keep the old content.
//!
//! A draft is locked while it is written. One that nobody holds any more was left by a program that
//! was killed, and is removed when something is written to the same folder again.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, ErrorKind, Write as _},
    path::{Path, PathBuf},
    process,
    sync::atomic::{AtomicU32, Ordering},
};

use crate::error::Error;

/// How temporary names begin and end.
const PREFIX: &str = ".impasto-";
const SUFFIX: &str = ".tmp";
/// Ending of what another program writes, or of a folder, beside the file that holds its name.
const CONTENT_SUFFIX: &str = ".part";
/// Links that are followed before they count as a circle, as many as Linux follows.
const MOST_LINKS: usize = 40;
/// Names that are tried before a folder counts as unusable.
const MOST_NAMES: usize = 10_000;

/// Writes a file, whole or not at all; what is there is replaced.
///
/// A device or a pipe, which cannot be replaced, gets the bytes as they are.
///
/// # Errors
/// When the folder is missing, full or not to be written in, or `path` is a folder or a
/// write-protected file. Then all is as it was before.
pub fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    if fs::metadata(path).is_ok_and(|about| !about.is_file() && !about.is_dir()) {
        let mut special = OpenOptions::new().write(true).open(path)?;
        return special.write_all(bytes);
    }
    let draft = Draft::create(path)?;
    draft.file().write_all(bytes)?;
    draft.keep()
}

/// Whether a file can be written at `path`, as far as this can be told before it is done: the
/// folder is there and takes files, and what would be replaced may be.
///
/// # Errors
/// What [`replace`] would say.
pub fn prove_writable(path: &Path) -> io::Result<()> {
    if fs::metadata(path).is_ok_and(|about| !about.is_file() && !about.is_dir()) {
        return Ok(());
    }
    Draft::create(path).map(drop)
}

/// The error for a file that could not be written, with what to do about it.
pub fn unwritable(path: &Path, source: io::Error) -> Error {
    let advice = match source.kind() {
        ErrorKind::NotFound => "Make the folder first, or choose another",
        ErrorKind::PermissionDenied | ErrorKind::ReadOnlyFilesystem => {
            "Choose a folder and a file that you may write"
        }
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "Make room on the disk",
        ErrorKind::DirectoryNotEmpty => "Choose a new folder, or an empty one",
        ErrorKind::IsADirectory => "Choose another name",
        _ => "Choose another folder or name",
    };
    Error::file("write", path, source, advice)
}

/// A file or folder that is being written, under a temporary name beside its target. Dropped
/// without [`Draft::keep`], it leaves nothing behind.
#[derive(Debug)]
pub struct Draft {
    /// What is replaced in the end, links followed.
    target: PathBuf,
    /// Locked as long as the draft lives.
    holder: File,
    holder_path: PathBuf,
    /// What is moved to the target, when that is not the holder itself.
    content: Option<PathBuf>,
    kept: bool,
}

impl Draft {
    /// A file for this program to write.
    ///
    /// # Errors
    /// As [`replace`].
    pub fn create(path: &Path) -> io::Result<Self> {
        let target = destination(path)?;
        let old = fs::metadata(&target).ok();
        if target.file_name().is_none() || old.as_ref().is_some_and(fs::Metadata::is_dir) {
            return Err(ErrorKind::IsADirectory.into());
        }
        if let Some(old) = &old {
            if !old.is_file() {
                return Err(io::Error::other("it is not an ordinary file"));
            }
            // Renaming over a file needs no right to write it. Whoever protected it meant it.
            OpenOptions::new().write(true).open(&target)?;
        }
        Self::new(target, old.is_some())
    }

    /// A place for something that is written by its path ([`Draft::content`]): a folder, or a
    /// file by another program. Nothing lies there yet.
    ///
    /// # Errors
    /// When the folder around it is missing or not to be written in, `path` is a folder with
    /// something in it, or a write-protected file.
    pub fn by_path(path: &Path) -> io::Result<Self> {
        let target = destination(path)?;
        if target.is_dir() {
            if fs::read_dir(&target)?.next().is_some() {
                return Err(ErrorKind::DirectoryNotEmpty.into());
            }
        } else if target.exists() {
            OpenOptions::new().write(true).open(&target)?;
        }
        let mut draft = Self::new(target, true)?;
        let content = content_of(&draft.holder_path);
        // Only a folder that cannot be swept is in the way.
        remove(&content)?;
        draft.content = Some(content);
        Ok(draft)
    }

    fn new(target: PathBuf, private: bool) -> io::Result<Self> {
        sweep(folder_of(&target));
        let (holder, holder_path) = hold(&target, private)?;
        Ok(Self {
            target,
            holder,
            holder_path,
            content: None,
            kept: false,
        })
    }

    /// The file to write.
    pub fn file(&self) -> &File {
        &self.holder
    }

    /// Where the content is written.
    pub fn content(&self) -> &Path {
        self.content.as_ref().unwrap_or(&self.holder_path)
    }

    /// Makes it safe on the disk and puts it in its place.
    ///
    /// # Errors
    /// When the disk is full, or the place cannot be written any more. Then nothing of it is left.
    pub fn keep(mut self) -> io::Result<()> {
        let content = self.content().to_owned();
        match &self.content {
            None => self.holder.sync_all()?,
            Some(content) if content.is_file() => {
                OpenOptions::new().write(true).open(content)?.sync_all()?;
            }
            Some(_) => {}
        }
        if let Ok(old) = fs::metadata(&self.target) {
            take_over(&old, &content);
            if cfg!(not(unix)) && old.is_dir() {
                // Elsewhere an empty folder makes way by itself.
                fs::remove_dir(&self.target)?;
            }
        }
        fs::rename(&content, &self.target)?;
        self.kept = self.content.is_none();
        sync_folder(folder_of(&self.target));
        Ok(())
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if self.kept {
            return;
        }
        let content = self.content.as_deref().map_or(Ok(()), remove);
        if let Err(fault) = content.and_then(|()| remove(&self.holder_path)) {
            log::warn!("{} stays behind: {fault}", self.holder_path.display());
        }
    }
}

/// What is written when `path` is: links are followed, also to what is not there yet.
fn destination(path: &Path) -> io::Result<PathBuf> {
    let mut target = path.to_owned();
    for _ in 0..MOST_LINKS {
        match fs::read_link(&target) {
            Ok(next) => target = folder_of(&target).join(next),
            // Not a link.
            Err(_) => return Ok(target),
        }
    }
    Err(io::Error::other("its symbolic links lead in a circle"))
}

fn folder_of(target: &Path) -> &Path {
    match target.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

fn content_of(holder: &Path) -> PathBuf {
    holder.with_extension(&CONTENT_SUFFIX[1..])
}

/// A new locked file beside `target`; `private` when nobody else may read it yet.
fn hold(target: &Path, private: bool) -> io::Result<(File, PathBuf)> {
    static DRAFTS: AtomicU32 = AtomicU32::new(0);
    for _ in 0..MOST_NAMES {
        let draft = DRAFTS.fetch_add(1, Ordering::Relaxed);
        let path = folder_of(target).join(format!("{PREFIX}{}-{draft}{SUFFIX}", process::id()));
        let file = match create_new(&path, private) {
            Ok(file) => file,
            Err(taken) if taken.kind() == ErrorKind::AlreadyExists => continue,
            Err(fault) => return Err(fault),
        };
        match file.try_lock() {
            // Somebody who sweeps was quicker.
            Err(TryLockError::WouldBlock) => {}
            Ok(()) if !path.exists() => {}
            // Without locks nothing is swept either.
            Ok(()) | Err(TryLockError::Error(_)) => return Ok((file, path)),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

fn create_new(path: &Path, private: bool) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    if private {
        for_me_alone(&mut options);
    }
    options.open(path)
}

#[cfg(unix)]
fn for_me_alone(options: &mut OpenOptions) {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
}

#[cfg(not(unix))]
fn for_me_alone(_options: &mut OpenOptions) {}

/// Removes what killed programs left in a folder. Whatever cannot be removed stays.
fn sweep(folder: &Path) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if !name.starts_with(PREFIX) || !name.ends_with(SUFFIX) {
            continue;
        }
        let path = entry.path();
        if !entry.file_type().is_ok_and(|kind| kind.is_file()) {
            continue;
        }
        let Ok(file) = OpenOptions::new().read(true).write(true).open(&path) else {
            continue;
        };
        if file.try_lock().is_ok() && remove(&content_of(&path)).is_ok() {
            drop(fs::remove_file(&path));
        }
    }
}

fn remove(path: &Path) -> io::Result<()> {
    let removed = match fs::symlink_metadata(path) {
        Ok(about) if about.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(_) => Ok(()),
    };
    match removed {
        Err(fault) if fault.kind() == ErrorKind::NotFound => Ok(()),
        done => done,
    }
}

/// Gives `path` the owner and the rights of what it replaces. Where the system does not allow it,
/// nobody gets more rights than before.
#[cfg(unix)]
fn take_over(old: &fs::Metadata, path: &Path) {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};

    let Ok(new) = fs::metadata(path) else { return };
    let mut mode = old.mode() & 0o7777;
    if new.gid() != old.gid() && chown(path, None, Some(old.gid())).is_err() {
        // The rights of its group are not for another group.
        let others = mode & 0o007;
        mode &= !0o2000 & (0o7707 | others << 3);
    }
    if new.uid() != old.uid() && chown(path, Some(old.uid()), None).is_err() {
        mode &= !0o4000;
    }
    // Some file systems have no rights to set.
    drop(fs::set_permissions(path, fs::Permissions::from_mode(mode)));
}

#[cfg(not(unix))]
fn take_over(_old: &fs::Metadata, _path: &Path) {}

/// Waits until no other program holds the lock at `path`, and holds it: as long as the file that is
/// answered is open, however the program ends.
///
/// # Errors
/// When it cannot be made. A file system without locks is no reason to fail.
pub fn lock(path: &Path) -> io::Result<File> {
    let file = open_lock(path)?;
    if let Err(fault) = file.lock() {
        log::debug!("{} cannot be locked: {fault}", path.display());
    }
    Ok(file)
}

/// As [`lock`], without waiting: `None` when another holds it.
///
/// # Errors
/// When it cannot be made.
pub fn try_lock(path: &Path) -> io::Result<Option<File>> {
    let file = open_lock(path)?;
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => Ok(None),
        Ok(()) | Err(TryLockError::Error(_)) => Ok(Some(file)),
    }
}

fn open_lock(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    options.open(path)
}

/// After this the new name survives a power cut, on systems that can say so.
fn sync_folder(folder: &Path) {
    if cfg!(unix) {
        drop(File::open(folder).and_then(|folder| folder.sync_all()));
    }
}
