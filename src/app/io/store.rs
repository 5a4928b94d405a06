//! What the window remembers, on the disk: one file, written whole or not at all, beside the one that
//! was good before. Several windows share it: each writes only what it has changed itself.

use std::{
    fs,
    path::{Path, PathBuf},
    thread::{Builder, JoinHandle},
};

use crossbeam_channel::{Receiver, Sender};
use serde_json::{Map, Value};

use crate::{
    error::{Error, Result},
    files,
    settings::{AppSettings, RECENT_MAX},
};

/// The file, in the program's own folder.
const FILE: &str = "settings.json";
/// The one before it.
const GOOD: &str = "settings-before.json";
/// Held while the file is read and written.
const LOCK: &str = "settings.lock";
/// Fields that belong together: who changes one of them means all.
const TOGETHER: [&[&str]; 3] = [
    &["transfer", "preset"],
    &["content", "content_edit", "styles"],
    &["window", "zoom"],
];

/// The window's end of the thread "settings". When it is dropped, everything is on the disk.
pub(crate) struct Store {
    jobs: Option<Sender<Box<AppSettings>>>,
    thread: Option<JoinHandle<()>>,
}

impl Store {
    /// Starts the thread, for the folder and what was read from it.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub(crate) fn spawn(folder: PathBuf, read: &AppSettings) -> Result<Self> {
        #[expect(
            clippy::disallowed_methods,
            reason = "a change of settings each, of which the thread takes all that wait at once"
        )]
        let (jobs, receiver) = crossbeam_channel::unbounded();
        let base = value_of(read);
        let thread = Builder::new()
            .name("settings".to_owned())
            .spawn(move || serve(&folder, base, &receiver))
            .map_err(|fault| Error::Internal(format!("no thread for the settings: {fault}")))?;
        Ok(Self {
            jobs: Some(jobs),
            thread: Some(thread),
        })
    }

    /// Has settings written; never waits.
    pub(crate) fn put(&self, settings: &AppSettings) {
        let sent = self
            .jobs
            .as_ref()
            .map(|jobs| jobs.send(Box::new(settings.clone())));
        if !matches!(sent, Some(Ok(()))) {
            log::error!("the thread of the settings has ended");
        }
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            log::error!("the thread of the settings ended with a panic");
        }
    }
}

fn serve(folder: &Path, mut base: Value, jobs: &Receiver<Box<AppSettings>>) {
    while let Ok(mut settings) = jobs.recv() {
        // Of several only the newest counts.
        while let Ok(newer) = jobs.try_recv() {
            settings = newer;
        }
        let ours = value_of(&settings);
        match write(folder, &base, &ours) {
            Ok(()) => base = ours,
            // The file is as it was before; the next change tries again.
            Err(fault) => log::warn!("the settings are not written: {fault}"),
        }
    }
}

/// What is remembered in a folder: the newest file that is whole. `None` at a first start.
pub(crate) fn read(folder: &Path) -> Option<AppSettings> {
    let value = read_value(folder)?;
    serde_json::from_value(value)
        .inspect_err(|fault| log::warn!("the settings are not understood: {fault}"))
        .ok()
}

fn read_value(folder: &Path) -> Option<Value> {
    [FILE, GOOD].iter().find_map(|name| {
        let bytes = fs::read(folder.join(name)).ok()?;
        let value: Option<Value> = serde_json::from_slice(&bytes)
            .inspect_err(|fault| log::warn!("{name} is damaged: {fault}"))
            .ok();
        value.filter(Value::is_object)
    })
}

/// Writes what has changed since `base`; all else stays as others have written it meanwhile.
fn write(folder: &Path, base: &Value, ours: &Value) -> std::io::Result<()> {
    fs::create_dir_all(folder)?;
    let _held = files::lock(&folder.join(LOCK))?;
    let theirs = read_value(folder);
    let merged = theirs
        .as_ref()
        .map_or_else(|| ours.clone(), |theirs| merge(base, ours, theirs));
    let text = serde_json::to_vec_pretty(&merged).map_err(std::io::Error::other)?;
    let path = folder.join(FILE);
    if let Ok(before) = fs::read(&path)
        && serde_json::from_slice::<Value>(&before).is_ok()
    {
        if before == text {
            return Ok(());
        }
        files::replace(&folder.join(GOOD), &before)?;
    }
    files::replace(&path, &text)
}

/// `theirs` with what differs between `base` and `ours`.
fn merge(base: &Value, ours: &Value, theirs: &Value) -> Value {
    let (Some(base), Some(ours), Some(theirs)) =
        (base.as_object(), ours.as_object(), theirs.as_object())
    else {
        return ours.clone();
    };
    let mut merged = theirs.clone();
    for (key, value) in ours {
        let group = TOGETHER.iter().find(|group| group.contains(&key.as_str()));
        let changed = match group {
            Some(group) => group.iter().any(|key| base.get(*key) != ours.get(*key)),
            None => base.get(key) != Some(value),
        };
        if !changed && theirs.contains_key(key) {
            continue;
        }
        let value = match (key.as_str(), theirs.get(key)) {
            ("recent", Some(Value::Array(others))) => both_lists(value, others),
            ("speeds", Some(Value::Object(others))) => both_maps(value, others),
            _ => value.clone(),
        };
        merged.insert(key.clone(), value);
    }
    Value::Object(merged)
}

/// Our list first, then what only others have.
fn both_lists(ours: &Value, others: &[Value]) -> Value {
    let mut list = ours.as_array().cloned().unwrap_or_default();
    for other in others {
        if !list.contains(other) {
            list.push(other.clone());
        }
    }
    list.truncate(RECENT_MAX);
    Value::Array(list)
}

fn both_maps(ours: &Value, others: &Map<String, Value>) -> Value {
    let mut map = others.clone();
    if let Some(ours) = ours.as_object() {
        map.extend(ours.clone());
    }
    Value::Object(map)
}

/// Settings as they are written. Paths that are not text cannot be; they are left out.
fn value_of(settings: &AppSettings) -> Value {
    serde_json::to_value(settings)
        .or_else(|_| serde_json::to_value(settings.with_text_paths_only()))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::ThemeChoice;

    fn settings(change: impl FnOnce(&mut AppSettings)) -> AppSettings {
        let mut settings = AppSettings::default();
        change(&mut settings);
        settings
    }

    #[test]
    fn two_windows_keep_each_others_settings() {
        let folder = tempfile::tempdir().unwrap();
        let start = AppSettings::default();
        let (a, b) = [folder.path(); 2].map(Path::to_owned).into();
        let (a, b) = (
            Store::spawn(a, &start).unwrap(),
            Store::spawn(b, &start).unwrap(),
        );
        a.put(&settings(|app| {
            app.theme = ThemeChoice::Light;
            app.recent = vec!["/a.png".into()];
            app.speeds.insert("one".to_owned(), 1.0);
        }));
        drop(a);
        b.put(&settings(|app| {
            app.preset = "gram-classic".to_owned();
            app.recent = vec!["/b.png".into()];
            app.speeds.insert("two".to_owned(), 2.0);
        }));
        drop(b);
        let both = read(folder.path()).unwrap();
        assert_eq!(both.theme, ThemeChoice::Light, "of the first");
        assert_eq!(both.preset, "gram-classic", "of the second");
        let recent = ["/b.png", "/a.png"].map(PathBuf::from);
        assert_eq!(both.recent, recent);
        assert_eq!(both.speeds.len(), 2);
    }

    #[test]
    fn a_damaged_file_gives_way_to_the_one_before() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::spawn(folder.path().to_owned(), &AppSettings::default()).unwrap();
        let first = settings(|app| app.hint_seen = true);
        store.put(&first);
        drop(store);
        let store = Store::spawn(folder.path().to_owned(), &first).unwrap();
        store.put(&settings(|app| {
            app.hint_seen = true;
            app.theme = ThemeChoice::Dark;
        }));
        drop(store);
        assert_eq!(read(folder.path()).unwrap().theme, ThemeChoice::Dark);
        for damage in ["", "{\"version\": 1, \"theme\"", "[]"] {
            fs::write(folder.path().join(FILE), damage).unwrap();
            assert_eq!(read(folder.path()).unwrap(), first, "{damage}");
        }
        // And is written over, with the good one still behind it.
        let store = Store::spawn(folder.path().to_owned(), &first).unwrap();
        let light = settings(|app| {
            app.hint_seen = true;
            app.theme = ThemeChoice::Light;
        });
        store.put(&light);
        drop(store);
        assert_eq!(read(folder.path()).unwrap(), light);
    }

    #[cfg(unix)]
    #[test]
    fn a_path_that_is_not_text_loses_nothing_else() {
        use std::os::unix::ffi::OsStrExt as _;

        let folder = tempfile::tempdir().unwrap();
        let store = Store::spawn(folder.path().to_owned(), &AppSettings::default()).unwrap();
        let odd = PathBuf::from(std::ffi::OsStr::from_bytes(b"/a/\xFF.png"));
        store.put(&settings(|app| {
            app.recent = vec![odd.clone(), "/b.png".into()];
            app.content = Some(odd);
            app.theme = ThemeChoice::Light;
        }));
        drop(store);
        let read = read(folder.path()).unwrap();
        assert_eq!(read.recent, [PathBuf::from("/b.png")]);
        assert_eq!((read.content, read.theme), (None, ThemeChoice::Light));
    }
}
