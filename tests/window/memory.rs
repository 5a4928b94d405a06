//! What a window remembers of the last session when some of it cannot be read any more.

use std::collections::BTreeMap;

use impasto::settings::{AppSettings, PictureEdit, StyleSource};

use super::support::*;

/// The storage that a window starts with.
#[derive(Default)]
struct Storage(BTreeMap<String, String>);

impl eframe::Storage for Storage {
    fn get_string(&self, key: &str) -> Option<String> {
        self.0.get(key).cloned()
    }

    fn set_string(&mut self, key: &str, value: String) {
        self.0.insert(key.to_owned(), value);
    }

    fn remove_string(&mut self, key: &str) {
        self.0.remove(key);
    }

    fn flush(&mut self) {}
}

/// A window that starts with what the last session remembered.
fn open_after(folder: tempfile::TempDir, last: &AppSettings) -> Window {
    let mut storage = Storage::default();
    eframe::set_value(&mut storage, "impasto", last);
    let options = AppOptions {
        presets_folder: Some(folder.path().join("presets")),
        threads: Some(2),
        ..AppOptions::default()
    };
    let harness = Harness::builder()
        .with_size([1280.0, 800.0])
        .with_max_steps(40)
        .build_eframe(move |cc| {
            cc.storage = Some(Box::leak(Box::new(storage)));
            App::new(cc, options).unwrap()
        });
    Window { harness, folder }
}

fn style(path: PathBuf, strength: f64, edit: PictureEdit) -> StyleSource {
    StyleSource {
        path,
        strength,
        edit,
    }
}

#[test]
fn a_style_that_cannot_be_read_shifts_no_strength_and_stays_remembered() {
    let folder = tempfile::tempdir().unwrap();
    let (whole, turned) = (PictureEdit::default(), PictureEdit::default().turned());
    let last = AppSettings {
        content: Some(picture_file(folder.path(), "content.png", 64, 48)),
        styles: vec![
            style(folder.path().join("gone.png"), 2.0, turned),
            style(picture_file(folder.path(), "b.png", 40, 30), 0.5, whole),
            style(picture_file(folder.path(), "c.png", 30, 20), 3.0, turned),
        ],
        ..AppSettings::default()
    };
    let mut window = open_after(folder, &last);
    window.wait("two of three styles", |app| app.pictures().1.len() == 2);
    window.wait("the error", |app| app.error().is_some());
    // The sample would arrive now, if it were asked for.
    std::thread::sleep(Duration::from_millis(300));
    window.steps(4);
    assert!(window.app().error().unwrap().contains("gone.png"));
    assert_eq!(window.app().pictures().1, ["b.png", "c.png"]);
    assert_eq!(window.app().strengths(), [0.5, 3.0]);
    assert_eq!(window.app().remembered().styles, last.styles);
}

#[test]
fn the_sample_stands_in_for_what_is_gone_and_replaces_nothing_for_good() {
    let folder = tempfile::tempdir().unwrap();
    let last = AppSettings {
        content: Some(folder.path().join("gone.png")),
        content_edit: PictureEdit::default().turned(),
        styles: vec![style(
            folder.path().join("lost.png"),
            2.0,
            PictureEdit::default(),
        )],
        ..AppSettings::default()
    };
    let mut window = open_after(folder, &last);
    window.wait("the samples", |app| {
        let (content, styles) = app.pictures();
        content.is_some() && styles.len() == 1
    });
    assert_eq!(window.app().remembered().content, last.content);
    assert_eq!(window.app().remembered().content_edit, last.content_edit);
    assert_eq!(window.app().remembered().styles, last.styles);
    // Chosen by hand, another picture takes the place of the remembered one.
    let mine = picture_file(window.folder.path(), "mine.png", 40, 30);
    window.harness.state_mut().open(mine.clone(), true);
    window.wait("another style", |app| app.pictures().1 == ["mine.png"]);
    let styles = &window.app().remembered().styles;
    assert_eq!(styles, &[style(mine, 1.0, PictureEdit::default())]);
}
