//! The window with its real worker and real files, without a screen: clicks, keys, drops.

#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use eframe::egui::{self, Event, Key, Modifiers, accesskit::Role, vec2};
use egui_kittest::{Harness, kittest::NodeT as _, kittest::Queryable as _};
use impasto::{
    app::{App, AppOptions, Phase},
    pixels::{Picture, SaveOptions, save},
    settings::{Schedule, TransferSettings},
};

/// Patience on a machine with much else to do; a test that waits this long has failed.
const PATIENCE: Duration = Duration::from_mins(2);

struct Window {
    harness: Harness<'static, App>,
    folder: tempfile::TempDir,
}

/// A picture file of vertical stripes.
fn picture_file(folder: &Path, name: &str, width: usize, height: usize) -> PathBuf {
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
    fn open() -> Self {
        Self::open_with(|_| {})
    }

    fn open_with(change: impl FnOnce(&mut AppOptions)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut options = AppOptions {
            content: Some(picture_file(folder.path(), "content.png", 64, 48)),
            style: Some(picture_file(folder.path(), "style.png", 50, 60)),
            save_folder: Some(folder.path().join("saved")),
            threads: Some(2),
            log: None,
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

    fn app(&self) -> &App {
        self.harness.state()
    }

    fn set(&mut self, change: impl FnOnce(&mut TransferSettings)) {
        let mut settings = self.app().settings().clone();
        change(&mut settings);
        self.harness.state_mut().put_settings(settings);
        self.steps(2);
    }

    fn steps(&mut self, frames: usize) {
        self.harness.run_steps(frames);
    }

    /// Draws frames in real time until `done`.
    fn wait(&mut self, what: &str, done: impl Fn(&App) -> bool) {
        let end = Instant::now() + PATIENCE;
        while !done(self.app()) {
            assert!(Instant::now() < end, "waited in vain for: {what}");
            self.harness.step();
            std::thread::sleep(Duration::from_millis(5));
        }
        self.steps(2);
    }

    fn press(&mut self, key: Key) {
        self.harness.key_press(key);
        self.steps(3);
    }

    fn click(&mut self, label: &str) {
        self.harness
            .get_by_role_and_label(Role::Button, label)
            .click();
        self.steps(4);
    }

    fn start(&mut self) {
        self.press(Key::Space);
        self.wait("a preview", |app| app.step() >= 2 && app.has_preview());
    }

    fn drop_files(&mut self, paths: &[&Path]) {
        for path in paths {
            let file = Dropped((*path).to_owned());
            self.harness.input_mut().dropped_files.push(Arc::new(file));
        }
        self.steps(2);
    }

    fn shows(&self, text: &str) -> bool {
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

#[test]
fn space_starts_pauses_and_resumes_and_escape_stops() {
    let mut window = Window::open();
    assert_eq!(window.app().phase(), Phase::Idle);
    assert!(window.shows("Press Space"));
    window.start();
    assert_eq!(window.app().phase(), Phase::Running);
    assert!(!window.shows("Press Space"), "the hint is gone");
    window.press(Key::Space);
    window.wait("pause", |app| app.phase() == Phase::Paused);
    let step = window.app().step();
    window.press(Key::Space);
    window.wait("more steps", |app| app.step() > step);
    window.press(Key::Escape);
    window.wait("stop", |app| app.phase() == Phase::Stopped);
    assert_eq!(window.app().snapshots().len(), 1, "the picture is kept");
}

#[test]
fn buttons_do_what_keys_do() {
    let mut window = Window::open();
    window.click("Start");
    window.wait("steps", |app| app.step() >= 2);
    window.click("Pause");
    window.wait("pause", |app| app.phase() == Phase::Paused);
    window.click("Resume");
    window.wait("running", |app| app.phase() == Phase::Running);
    window.click("Stop (Esc)");
    window.wait("stop", |app| app.phase() == Phase::Stopped);
    window.click("Start");
    window.wait("a new run", |app| app.phase() == Phase::Running);
}

#[test]
fn a_slider_moved_while_it_runs_takes_effect_without_a_restart() {
    let mut window = Window::open();
    window.start();
    let slider = window
        .harness
        .get_by_role_and_label(Role::Slider, "Content weight");
    let rect = slider.rect();
    let before = window.app().settings().content_weight;
    let at = |part: f32| rect.left_center() + vec2(rect.width() * part, 0.0);
    window.harness.drag_at(at(0.4));
    window.harness.step();
    window.harness.hover_at(at(0.9));
    window.harness.step();
    window.harness.drop_at(at(0.9));
    window.steps(2);
    assert!(window.app().settings().content_weight > 5.0 * before);
    let step = window.app().step();
    window.wait("the change", |app| !app.changes().is_empty());
    window.wait("more steps", |app| app.step() > step + 2);
    assert_eq!(window.app().phase(), Phase::Running);
    assert!(
        window.app().changes()[0] >= step,
        "the run went on from there"
    );
}

#[test]
fn s_keeps_a_snapshot_and_saves_it() {
    let mut window = Window::open();
    window.start();
    window.press(Key::S);
    window.wait("a snapshot", |app| !app.snapshots().is_empty());
    let folder = window.folder.path().join("saved");
    let end = Instant::now() + PATIENCE;
    let saved = loop {
        let first = std::fs::read_dir(&folder)
            .ok()
            .and_then(|mut dir| dir.next());
        if let Some(Ok(entry)) = first
            && entry.path().extension().is_some_and(|e| e == "png")
        {
            break entry.path();
        }
        assert!(Instant::now() < end, "nothing was saved");
        window.steps(1);
        std::thread::sleep(Duration::from_millis(10));
    };
    window.wait("the toast", |app| app.error().is_none());
    let painted = Picture::open(&saved).unwrap();
    let content = Picture::open(&window.folder.path().join("content.png")).unwrap();
    assert_eq!(painted.planes.width, content.planes.width);
    assert_ne!(painted.planes.data, content.planes.data);
    let record = impasto::pixels::read_record(&saved).unwrap().unwrap();
    let record: serde_json::Value = serde_json::from_str(&record).unwrap();
    assert_eq!(record["content"]["name"], "content.png");
    assert_eq!(record["settings"]["size_px"], 64);
}

#[test]
fn s_pressed_before_the_first_step_is_honoured() {
    let mut window = Window::open();
    window.press(Key::Space);
    window.press(Key::S);
    window.wait("a snapshot", |app| !app.snapshots().is_empty());
}

#[test]
fn a_dropped_picture_becomes_content_the_next_one_style() {
    let mut window = Window::open();
    let first = picture_file(window.folder.path(), "first.png", 40, 30);
    let second = picture_file(window.folder.path(), "second.png", 30, 30);
    window.drop_files(&[&first]);
    window.wait("content", |app| {
        app.pictures().0.as_deref() == Some("first.png")
    });
    assert!(window.shows("first.png is now the content picture"));
    window.drop_files(&[&second]);
    window.wait("style", |app| app.pictures().1 == ["second.png"]);
    assert_eq!(window.app().remembered().recent[0], second);
}

#[test]
fn a_dropped_picture_can_change_its_role() {
    let mut window = Window::open();
    let picture = picture_file(window.folder.path(), "new.png", 40, 30);
    window.drop_files(&[&picture]);
    window.wait("content", |app| {
        app.pictures().0.as_deref() == Some("new.png")
    });
    window
        .harness
        .get_by_label("Use it as style instead")
        .click();
    window.steps(4);
    assert_eq!(window.app().pictures().0.as_deref(), Some("content.png"));
    assert_eq!(window.app().pictures().1, ["new.png"]);
}

#[test]
fn two_dropped_pictures_become_content_and_style() {
    let mut window = Window::open();
    let a = picture_file(window.folder.path(), "a.png", 40, 30);
    let b = picture_file(window.folder.path(), "b.png", 30, 30);
    window.drop_files(&[&a, &b]);
    window.wait("both", |app| {
        app.pictures() == (Some("a.png".to_owned()), vec!["b.png".to_owned()])
    });
}

#[test]
fn paths_and_pictures_can_be_pasted() {
    let mut window = Window::open();
    let path = picture_file(window.folder.path(), "my own.png", 40, 30);
    let address = format!("file://{}", path.display()).replace(' ', "%20");
    window.harness.event(Event::Paste(address));
    window.steps(2);
    window.wait("the path", |app| {
        app.pictures().0.as_deref() == Some("my own.png")
    });
    let image = egui::ColorImage::filled([20, 10], egui::Color32::RED);
    window.harness.event(Event::PasteImage(Arc::new(image)));
    window.steps(2);
    window.wait("the picture", |app| app.pictures().1 == ["clipboard"]);
}

#[test]
fn a_file_that_is_no_picture_is_refused_and_nothing_is_lost() {
    let mut window = Window::open();
    let path = window.folder.path().join("notes.png");
    std::fs::write(&path, "no picture at all").unwrap();
    window.drop_files(&[&path]);
    window.wait("the error", |app| app.error().is_some());
    let error = window.app().error().unwrap().to_owned();
    assert!(error.contains("notes.png"), "{error}");
    assert_eq!(window.app().pictures().0.as_deref(), Some("content.png"));
    window.click("Close");
    assert!(window.app().error().is_none());
}

#[test]
fn settings_that_cannot_run_are_explained() {
    let mut window = Window::open();
    window.set(|settings| {
        settings.content_weight = 0.0;
        settings.style_weight = 0.0;
        settings.tv_weight = 0.0;
    });
    window.press(Key::Space);
    window.wait("the error", |app| app.error().is_some());
    assert_eq!(window.app().phase(), Phase::Stopped);
    window.set(|settings| settings.style_weight = 10.0);
    window.press(Key::Space);
    window.wait("a run", |app| app.step() > 0);
    assert!(window.app().error().is_none());
}

#[test]
fn settings_are_undone_and_redone() {
    let mut window = Window::open();
    window.steps(8);
    let before = window.app().settings().style_weight;
    window
        .harness
        .get_by_role_and_label(Role::Slider, "Style weight")
        .set_value_accesskit(77.0);
    window.steps(8);
    assert_eq!(window.app().settings().style_weight, 77.0);
    window
        .harness
        .key_press_modifiers(Modifiers::COMMAND, Key::Z);
    window.steps(3);
    assert_eq!(window.app().settings().style_weight, before);
    let redo = Modifiers::COMMAND.plus(Modifiers::SHIFT);
    window.harness.key_press_modifiers(redo, Key::Z);
    window.steps(3);
    assert_eq!(window.app().settings().style_weight, 77.0);
}

#[test]
fn presets_keep_the_size_and_resets_go_back_to_the_preset() {
    let mut window = Window::open();
    window
        .harness
        .get_by_role_and_label(Role::Slider, "Style weight")
        .set_value_accesskit(50.0);
    window.steps(3);
    window.click("Reset Style weight");
    let default = TransferSettings::default().style_weight;
    assert_eq!(window.app().settings().style_weight, default);
    window
        .harness
        .get_by_role_and_label(Role::ComboBox, "Preset")
        .click();
    window.steps(3);
    window.harness.get_by_label("Gatys 2016").click();
    window.steps(3);
    assert_eq!(window.app().settings().style_weight, 1000.0);
    assert_eq!(window.app().settings().size_px, Some(64));
}

#[test]
fn layers_and_measures_are_ticked_while_it_runs() {
    let mut window = Window::open();
    window.start();
    window.harness.get_by_label("Layers").click();
    window.steps(3);
    window.harness.get_by_label("Style layers relu2_2").click();
    window.steps(3);
    let layer = "relu2_2".parse().unwrap();
    assert_eq!(window.app().settings().style_layers.get(layer), 1.0);
    let step = window.app().step();
    window.wait("the change", |app| {
        app.changes().iter().any(|&at| at >= step)
    });
    window.wait("more steps", |app| app.step() > step + 2);
    assert_eq!(window.app().phase(), Phase::Running);
}

#[test]
fn what_waits_for_the_next_start_says_so() {
    let mut window = Window::open();
    window.start();
    assert!(!window.shows("takes effect at the next start"));
    window.harness.get_by_label("256").click();
    window.steps(3);
    assert!(window.shows("takes effect at the next start"));
    let kept = window.app().snapshots().len();
    window.click("Start anew");
    window.wait("the new run", |app| app.phase() == Phase::Running);
    assert!(!window.shows("takes effect at the next start"));
    assert_eq!(window.app().snapshots().len(), kept + 1, "nothing is lost");
}

#[test]
fn pictures_changed_while_it_runs_wait_for_the_next_start() {
    let mut window = Window::open();
    window.start();
    assert!(!window.shows("at the next start"));
    window.press(Key::X);
    assert!(window.shows("These pictures take effect at the next start"));
    assert_eq!(window.app().phase(), Phase::Running);
    window.press(Key::X);
    assert!(!window.shows("at the next start"));
}

#[test]
fn the_last_step_leaves_a_result() {
    let mut window = Window::open();
    window.set(|settings| settings.steps = 3);
    window.press(Key::Space);
    window.wait("the end", |app| app.phase() == Phase::Finished);
    assert_eq!(window.app().snapshots(), [("Result".to_owned(), 3)]);
    assert!(window.shows("Finished"));
}

#[test]
fn snapshots_are_renamed_and_deleted() {
    let mut window = Window::open();
    window.set(|settings| settings.steps = 2);
    window.press(Key::Space);
    window.wait("the end", |app| app.phase() == Phase::Finished);
    let secondary = |window: &mut Window, label: &str| {
        window
            .harness
            .get_by_role_and_label(Role::Button, label)
            .click_secondary();
        window.steps(4);
    };
    secondary(&mut window, "Result");
    window.click("Rename");
    let field = window
        .harness
        .get_by_role_and_label(Role::TextInput, "Rename");
    field.type_text(" of the day");
    window.steps(3);
    window.press(Key::Enter);
    assert_eq!(window.app().snapshots()[0].0, "Result of the day");
    secondary(&mut window, "Result of the day");
    window.click("Delete");
    assert!(window.app().snapshots().is_empty());
}

#[test]
fn keys_are_text_where_text_is_typed() {
    let mut window = Window::open();
    window
        .harness
        .get_by_label("Recent pictures (content)")
        .click();
    window.steps(3);
    window.click("Open by path…");
    let path = picture_file(window.folder.path(), "typed.png", 30, 20);
    let field = window
        .harness
        .get_by_role_and_label(Role::TextInput, "Path of the file");
    field.focus();
    window.steps(2);
    let selected = window.folder.path().join("").display().to_string();
    let typed = path.display().to_string();
    let rest = typed.strip_prefix(&selected).unwrap();
    window.harness.event(Event::Text(rest.to_owned()));
    window.press(Key::Space);
    assert_eq!(
        window.app().phase(),
        Phase::Idle,
        "Space did not start a run"
    );
    window.press(Key::Enter);
    window.wait("the picture", |app| {
        app.pictures().0.as_deref() == Some("typed.png")
    });
}

#[test]
fn the_canvas_compares_zooms_and_blinks() {
    let mut window = Window::open();
    window.start();
    for key in [Key::C, Key::D, Key::Num1, Key::F, Key::Plus, Key::Minus] {
        window.press(key);
    }
    window.harness.key_down(Key::B);
    window.steps(2);
    window.harness.key_up(Key::B);
    window.steps(2);
    assert!(window.harness.query_by_label("Picture: Painting").is_some());
    window.harness.get_by_label("content: content.png").click();
    window.steps(3);
    assert!(window.harness.query_by_label("Picture: Content").is_some());
}

#[test]
fn every_button_and_slider_has_a_name() {
    let mut window = Window::open();
    for depth in ["Basic", "Layers", "Expert"] {
        window.harness.get_by_label(depth).click();
        window.steps(3);
        for node in window.harness.root().children_recursive() {
            let node = node.accesskit_node();
            let role = node.role();
            if matches!(
                role,
                Role::Button | Role::Slider | Role::CheckBox | Role::ComboBox | Role::SpinButton
            ) {
                let name = node.label().unwrap_or_default();
                assert!(!name.trim().is_empty(), "{depth}: a {role:?} has no name");
            }
        }
    }
    for name in ["Content weight", "Style weight"] {
        window.harness.get_by_label("Basic").click();
        window.steps(3);
        window.harness.get_by_role_and_label(Role::Slider, name);
    }
}

#[test]
fn a_first_start_has_two_pictures_to_paint_at_once() {
    let window = Window::open_with(|options| {
        options.content = None;
        options.style = None;
    });
    let (content, styles) = window.app().pictures();
    assert_eq!(content.as_deref(), Some("chelsea.png"));
    assert_eq!(styles, ["starry_night.jpg"]);
}

#[test]
fn a_picture_that_is_gone_is_replaced_by_the_sample() {
    let window = Window::open_with(|options| {
        options.content = Some(PathBuf::from("/nowhere/at-all.png"));
    });
    assert_eq!(window.app().pictures().0.as_deref(), Some("chelsea.png"));
    assert!(window.app().error().unwrap().contains("at-all.png"));
}
