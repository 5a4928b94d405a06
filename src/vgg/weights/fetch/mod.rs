//! VGG-19 from the network: the file that Keras publishes, loaded once and converted.
//!
//! Called by the command line and by the window on a thread of its own; never without being
//! asked. A download that is cut, canceled or killed goes on where it stopped. Only bytes of the
//! right size and digest are used, whoever sent them.

mod request;

use std::{
    env, fs,
    io::{self, Read as _},
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

use self::request::{Request, Trouble};
use super::{
    folder::Folder,
    import::{self, ImportOptions, Imported},
    native::hex,
};
use crate::{
    error::{Error, Result},
    network::{Family, Network},
};
use md5::{Digest as _, Md5};

/// How often a wait looks whether it was canceled.
const GLANCE: Duration = Duration::from_millis(100);

/// Longest pause between two attempts.
const MAX_PAUSE: Duration = Duration::from_secs(30);

/// After as many whole files with a wrong digest, no mirror is trusted any more.
const MAX_WRONG: u32 = 2;

/// How far a download is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// Bytes that are there.
    pub received_bytes: u64,
    /// Bytes of the whole file.
    pub total_bytes: u64,
    /// Another instance of the program is loading the same file; this one waits for it.
    pub waits: bool,
}

/// Called often during a download; `false` cancels it. What is there stays for the next time.
pub type OnProgress<'a> = &'a mut dyn FnMut(Progress) -> bool;

/// A file and where to get it.
#[derive(Clone, Debug)]
pub struct Fetch {
    /// Its name.
    pub name: String,
    /// Addresses, tried in turn.
    pub mirrors: Vec<String>,
    /// Its size.
    pub bytes: u64,
    /// Its digest, lower-case hex.
    pub md5: String,
    /// A server that sends nothing for so long is left.
    pub idle: Duration,
    /// Attempts in a row that bring nothing new before it is given up.
    pub attempts: u32,
    /// Pause after the first failure; doubled with each.
    pub pause: Duration,
}

impl Fetch {
    /// The VGG-19 of Keras: Oxford's convolutions, without the classifier. 80 MB.
    pub fn vgg19() -> Self {
        let name = "vgg19_weights_tf_dim_ordering_tf_kernels_notop.h5";
        let folders = [
            "https://storage.googleapis.com/tensorflow/keras-applications/vgg19",
            "https://github.com/fchollet/deep-learning-models/releases/download/v0.1",
        ];
        Self {
            name: name.to_owned(),
            mirrors: folders.map(|folder| format!("{folder}/{name}")).to_vec(),
            bytes: 80_134_624,
            md5: "253f8cb515780f3b799900260a226db6".to_owned(),
            idle: Duration::from_secs(20),
            attempts: 6,
            pause: Duration::from_secs(1),
        }
    }

    /// Loads the file into a folder, unless it is there, and returns its path.
    ///
    /// # Errors
    /// [`Error::Canceled`]; [`Error::Fetch`] when no mirror gives the right file; [`Error::File`]
    /// when the folder cannot be written.
    pub fn download(&self, folder: &Path, progress: OnProgress<'_>) -> Result<PathBuf> {
        let _lock = self.lock(folder, progress)?;
        self.download_locked(folder, progress)
    }

    /// Waits until no other instance loads this file.
    fn lock(&self, folder: &Path, progress: OnProgress<'_>) -> Result<fs::File> {
        let path = folder.join(format!("{}.lock", self.name));
        let file = fs::create_dir_all(folder)
            .and_then(|()| fs::File::create(&path))
            .map_err(|fault| unwritable(&path, fault))?;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(file),
                Err(fs::TryLockError::Error(fault)) => return Err(unwritable(&path, fault)),
                Err(fs::TryLockError::WouldBlock) => {}
            }
            if !progress(self.progress(0, true)) {
                return Err(Error::Canceled);
            }
            thread::sleep(GLANCE);
        }
    }

    fn progress(&self, received_bytes: u64, waits: bool) -> Progress {
        Progress {
            received_bytes,
            total_bytes: self.bytes,
            waits,
        }
    }

    fn download_locked(&self, folder: &Path, progress: OnProgress<'_>) -> Result<PathBuf> {
        let whole = folder.join(&self.name);
        if self.is_right(&whole) {
            return Ok(whole);
        }
        let part = folder.join(format!("{}.part", self.name));
        let mut mirrors: Vec<&str> = self.mirrors.iter().map(String::as_str).collect();
        let (mut failures, mut wrong, mut best, mut answered) = (0, 0, 0, false);
        let patience = self.mirrors.len().max(2) as u32;
        loop {
            let Some(&mirror) = mirrors.first() else {
                return Err(self.failed("no mirror has it"));
            };
            let received = size(&part);
            let request = Request {
                url: mirror,
                bytes: self.bytes,
                idle: self.idle,
            };
            let attempt = request.run(&part, &mut |now| progress(self.progress(now, false)));
            answered |= !matches!(attempt, Err(Trouble::Unreached(_)));
            let why = match attempt {
                Ok(()) if self.is_right(&part) => {
                    fs::rename(&part, &whole).map_err(|fault| unwritable(&whole, fault))?;
                    return Ok(whole);
                }
                Ok(()) => {
                    remove(&part)?;
                    wrong += 1;
                    if wrong == MAX_WRONG {
                        return Err(self.failed("what arrives has the wrong digest"));
                    }
                    "what arrived has the wrong digest".to_owned()
                }
                Err(Trouble::Canceled) => return Err(Error::Canceled),
                Err(Trouble::Disk(fault)) => return Err(unwritable(&part, fault)),
                Err(Trouble::Gone(why)) => {
                    mirrors.remove(0);
                    if mirrors.is_empty() {
                        return Err(self.failed(&why));
                    }
                    continue;
                }
                Err(Trouble::Useless(why)) => {
                    remove(&part)?;
                    why
                }
                Err(Trouble::Unreached(why)) if !answered && failures + 1 >= patience => {
                    return Err(self.offline(&why));
                }
                Err(Trouble::Again(why) | Trouble::Unreached(why)) => why,
            };
            log::info!("{mirror}: {why}");
            // Only what goes beyond every earlier attempt is progress, or a server that always
            // begins anew and always breaks off would be asked for ever.
            let now = size(&part);
            failures = if now > best.max(received) {
                1
            } else {
                failures + 1
            };
            best = best.max(now);
            if failures >= self.attempts {
                return Err(self.failed(&why));
            }
            mirrors.rotate_left(1);
            self.rest(failures, now, progress)?;
        }
    }

    /// Pauses after the given number of failures.
    fn rest(&self, failures: u32, received: u64, progress: OnProgress<'_>) -> Result<()> {
        let mut left = (self.pause * 2_u32.saturating_pow(failures - 1)).min(MAX_PAUSE);
        while !left.is_zero() {
            if !progress(self.progress(received, false)) {
                return Err(Error::Canceled);
            }
            let nap = left.min(GLANCE);
            thread::sleep(nap);
            left -= nap;
        }
        Ok(())
    }

    /// Whether the file at `path` is whole and undamaged.
    fn is_right(&self, path: &Path) -> bool {
        size(path) == self.bytes && digest(path).is_ok_and(|digest| digest == self.md5)
    }

    /// Forgets what was received of a file.
    ///
    /// # Errors
    /// When it cannot be removed.
    pub fn forget(&self, folder: &Path) -> Result<()> {
        remove(&folder.join(format!("{}.part", self.name)))
    }

    fn offline(&self, why: &str) -> Error {
        log::info!("no server answers: {why}");
        Error::Fetch {
            what: self.name.clone(),
            why: "no server answers, so this computer seems to be offline".to_owned(),
            advice: "VGG-16 is inside the program and goes on without it",
        }
    }

    fn failed(&self, why: &str) -> Error {
        Error::Fetch {
            what: self.name.clone(),
            why: why.to_owned(),
            advice: "Check the connection and try again: it goes on where it stopped. Or load the \
                     file in a browser and use `impasto weights import FILE`",
        }
    }
}

fn unwritable(path: &Path, fault: io::Error) -> Error {
    let advice = "Check that you may write there and that the disk is not full, or name another \
                  folder in IMPASTO_WEIGHTS_DIR";
    Error::file("write", path, fault, advice)
}

fn size(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |data| data.len())
}

fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(fault) if fault.kind() != io::ErrorKind::NotFound => Err(unwritable(path, fault)),
        _ => Ok(()),
    }
}

fn digest(path: &Path) -> io::Result<String> {
    let mut file = crate::ordinary::open(path)?;
    let mut md5 = Md5::new();
    let mut buffer = vec![0; 1 << 20];
    loop {
        match file.read(&mut buffer)? {
            0 => return Ok(hex(&md5.finalize())),
            count => md5.update(&buffer[..count]),
        }
    }
}

/// Where Keras keeps what it loaded.
fn keras_cache(name: &str) -> Option<PathBuf> {
    let home = match env::var_os("KERAS_HOME").filter(|home| !home.is_empty()) {
        Some(home) => home.into(),
        None => directories::BaseDirs::new()?.home_dir().join(".keras"),
    };
    Some(home.join("models").join(name))
}

impl Folder {
    /// Gets VGG-19 (or whatever `fetch` names) and imports it: from Keras' own cache if it is
    /// there, else from the network. The download is removed once it is converted.
    ///
    /// # Errors
    /// As [`Fetch::download`] and [`Folder::import`].
    pub fn fetch(&self, fetch: &Fetch, progress: OnProgress<'_>) -> Result<Imported> {
        let name = import::standard_name(Network::Vgg19, Family::Oxford);
        // Before the lock: a folder that cannot be written may hold what is wanted.
        if let Some(entry) = self.named(&name) {
            entry.verify()?;
            return Ok(Imported::already(entry));
        }
        let _lock = fetch.lock(self.path(), progress)?;
        // Another instance may have brought it meanwhile.
        if let Some(entry) = self.named(&name) {
            entry.verify()?;
            return Ok(Imported::already(entry));
        }
        let options = ImportOptions {
            family: Some(Family::Oxford),
            name: Some(name),
            numbered: false,
        };
        if let Some(kept) = keras_cache(&fetch.name).filter(|path| fetch.is_right(path)) {
            return self.import(&kept, &options);
        }
        let file = fetch.download_locked(self.path(), progress)?;
        let imported = self.import(&file, &options)?;
        remove(&file)?;
        Ok(imported)
    }
}
