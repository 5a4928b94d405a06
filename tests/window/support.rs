//! A window to test: its own folder, pictures and settings, and what a person can do to it.

pub(crate) use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

pub(crate) use eframe::egui::{self, Event, Key, Modifiers, accesskit::Role, vec2};
pub(crate) use egui_kittest::{Harness, kittest::NodeT as _, kittest::Queryable as _};
pub(crate) use impasto::{
    app::{App, AppOptions, Phase},
    pixels::{Picture, SaveOptions, save},
    settings::{Schedule, TransferSettings},
};

/// Patience on a machine with much else to do; a test that waits this long has failed.
pub(crate) const PATIENCE: Duration = Duration::from_mins(2);

pub(crate) struct Window {
    pub(crate) harness: Harness<'static, App>,
    pub(crate) folder: tempfile::TempDir,
}

/// A picture file of vertical stripes.
pub(crate) fn picture_file(folder: &Path, name: &str, width: usize, height: usize) -> PathBuf {
    let rgba: Vec<u8> = (0..width * height)
        .flat_map(|i| {
            let x = (i % width * 255 / width) as u8;
            let y = (i / width * 255 / height) as u8;
            [x, y, if i / 4 % 2 == 0 { 40 } else { 200 }, 255]
        })
        .collect();
    let picture = Picture::from_rgba8(width, height, &rgba, name).unwrap();
    let path = folder.join(name);
    save(&path, &picture.planes, None, &SaveOptions::default()).unwrap();
    path
}

impl Window {
    /// A window with its own pictures and settings that take little time.
    pub(crate) fn open() -> Self {
        Self::open_with(|_| {})
    }

    pub(crate) fn open_with(change: impl FnOnce(&mut AppOptions)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut options = AppOptions {
            content: Some(picture_file(folder.path(), "content.png", 64, 48)),
            style: Some(picture_file(folder.path(), "style.png", 50, 60)),
            save_folder: Some(folder.path().join("saved")),
            presets_folder: Some(folder.path().join("presets")),
            brushes_folder: Some(folder.path().join("brushes")),
            threads: Some(2),
            device: None,
            film_mb: None,
            log: None,
            own_folder: Some(folder.path().join("own")),
            weights_folder: None,
            fetch: None,
        };
        change(&mut options);
        let harness = Harness::builder()
            .with_size([1280.0, 800.0])
            .with_max_steps(40)
            .build_eframe(move |cc| App::new(cc, options).unwrap());
        let mut window = Self { harness, folder };
        window.wait("pictures", |app| {
            let (content, styles) = app.pictures();
            content.is_some() && !styles.is_empty()
        });
        window.set(|settings| {
            settings.size_px = Some(64);
            settings.schedule = Schedule::SingleLevel;
            settings.steps = 100_000;
        });
        window
    }

    pub(crate) fn app(&self) -> &App {
        self.harness.state()
    }

    pub(crate) fn set(&mut self, change: impl FnOnce(&mut TransferSettings)) {
        let mut settings = self.app().settings().clone();
        change(&mut settings);
        self.harness.state_mut().put_settings(settings);
        self.steps(2);
    }

    pub(crate) fn steps(&mut self, frames: usize) {
        self.harness.run_steps(frames);
    }

    /// Draws frames until the text is on the screen.
    pub(crate) fn wait_shown(&mut self, text: &str) {
        let end = Instant::now() + PATIENCE;
        while !self.shows(text) {
            assert!(Instant::now() < end, "never shown: {text}");
            self.steps(1);
            std::thread::sleep(Duration::from_millis(5));
        }
        self.steps(2);
    }

    /// Draws frames in real time until `done`.
    pub(crate) fn wait(&mut self, what: &str, done: impl Fn(&App) -> bool) {
        let end = Instant::now() + PATIENCE;
        while !done(self.app()) {
            assert!(Instant::now() < end, "waited in vain for: {what}");
            self.harness.step();
            std::thread::sleep(Duration::from_millis(5));
        }
        self.steps(2);
    }

    /// Waits for the first PNG in the folder of saved pictures.
    pub(crate) fn saved_png(&mut self) -> PathBuf {
        let folder = self.folder.path().join("saved");
        let end = Instant::now() + PATIENCE;
        loop {
            let first = std::fs::read_dir(&folder)
                .ok()
                .and_then(|mut dir| dir.next());
            if let Some(Ok(entry)) = first
                && entry.path().extension().is_some_and(|e| e == "png")
            {
                return entry.path();
            }
            assert!(Instant::now() < end, "nothing was saved");
            self.steps(1);
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    pub(crate) fn press(&mut self, key: Key) {
        self.harness.key_press(key);
        self.steps(3);
    }

    pub(crate) fn click(&mut self, label: &str) {
        self.harness
            .get_by_role_and_label(Role::Button, label)
            .click();
        self.steps(4);
    }

    pub(crate) fn click_with_shift(&mut self, label: &str) {
        self.harness
            .get_by_role_and_label(Role::Button, label)
            .click_modifiers(Modifiers::SHIFT);
        self.steps(4);
    }

    pub(crate) fn start(&mut self) {
        self.press(Key::Space);
        self.wait("a preview", |app| app.step() >= 2 && app.has_preview());
    }

    pub(crate) fn drop_files(&mut self, paths: &[&Path]) {
        for path in paths {
            let file = Dropped((*path).to_owned());
            self.harness.input_mut().dropped_files.push(Arc::new(file));
        }
        self.steps(2);
    }

    pub(crate) fn paste_path(&mut self, path: &Path) {
        self.harness.event(Event::Paste(path.display().to_string()));
        self.steps(2);
    }

    pub(crate) fn shows(&self, text: &str) -> bool {
        let mut found = self.harness.query_all_by_label_contains(text);
        found.next().is_some()
    }
}

#[derive(Debug)]
struct Dropped(PathBuf);

impl egui::DroppedFile for Dropped {
    fn path(&self) -> &Path {
        &self.0
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        Err("the window reads files by their path".to_owned())
    }
}
