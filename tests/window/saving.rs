//! Pictures are saved: how large, where, and never over another unasked.

use super::support::*;

const FIELD: &str = "Path of the file";

impl Window {
    /// Opens the question for the path of a content image.
    fn ask_content_path(&mut self) {
        self.harness
            .get_by_label("Recent pictures (content)")
            .click();
        self.steps(3);
        self.click("Open by path…");
    }

    fn field_text(&self) -> String {
        let field = self.harness.get_by_role_and_label(Role::TextInput, FIELD);
        field.accesskit_node().value().unwrap_or_default()
    }

    fn type_text(&mut self, text: &str) {
        self.harness.event(Event::Text(text.to_owned()));
        self.steps(3);
    }
}

#[test]
fn what_is_typed_or_pasted_replaces_the_folder_that_was_filled_in() {
    let mut window = Window::open();
    let path = picture_file(window.folder.path(), "my own é.png", 30, 20);
    window.ask_content_path();
    let before = window.field_text();
    assert!(before.ends_with('/'), "a folder: {before}");
    window.type_text(&path.display().to_string());
    assert_eq!(window.field_text(), path.display().to_string());
    window.press(Key::Escape);
    assert!(!window.app().asks());

    window.ask_content_path();
    let address = format!("file://{}", path.display());
    let address = address.replace(' ', "%20").replace('é', "%C3%A9");
    window.type_text("some text");
    window.harness.event(Event::Paste(address.clone()));
    window.steps(3);
    assert_eq!(window.field_text(), address, "a path takes all the field");
    window.press(Key::Enter);
    window.wait("the picture", |app| {
        app.pictures().0.as_deref() == Some("my own é.png")
    });
}

#[test]
fn a_wrong_path_is_told_and_stays_to_be_corrected() {
    let mut window = Window::open();
    window.ask_content_path();
    window.type_text("/nowhere/at all.png");
    window.press(Key::Enter);
    window.wait_shown("/nowhere/at all.png does not exist");
    assert_eq!(window.field_text(), "/nowhere/at all.png");
    window.press(Key::Escape);
    let damaged = window.folder.path().join("damaged.png");
    std::fs::write(&damaged, "no picture").unwrap();
    window.ask_content_path();
    window.type_text(&damaged.display().to_string());
    window.press(Key::Enter);
    window.wait_shown("damaged.png: ");
    assert_eq!(window.field_text(), damaged.display().to_string());
    assert_eq!(window.app().error(), None, "told where it was typed");
}

#[test]
fn tab_completes_a_path() {
    let mut window = Window::open();
    picture_file(window.folder.path(), "unmistakable.png", 30, 20);
    window.ask_content_path();
    let begun = window.folder.path().join("unmi").display().to_string();
    window.type_text(&begun);
    window.wait_shown("unmistakable.png");
    window.press(Key::Tab);
    window.steps(3);
    let whole = window.folder.path().join("unmistakable.png");
    assert_eq!(window.field_text(), whole.display().to_string());
    window.press(Key::Enter);
    window.wait("the picture", |app| {
        app.pictures().0.as_deref() == Some("unmistakable.png")
    });
}

#[test]
fn a_file_is_replaced_only_when_that_was_said() {
    let mut window = Window::open();
    window.set(|settings| settings.steps = 2);
    window.press(Key::Space);
    window.wait("the result", |app| app.snapshots().len() == 1);
    let path = window.folder.path().join("mine.png");
    std::fs::write(&path, "precious").unwrap();
    window
        .harness
        .key_press_modifiers(Modifiers::COMMAND, Key::S);
    window.steps(4);
    window.harness.state_mut().ask_where_to_save();
    window.steps(4);
    assert!(
        window.field_text().ends_with("content.png"),
        "a name is proposed"
    );
    window.type_text(&window.folder.path().join("mine").display().to_string());
    window.press(Key::Enter);
    window.wait_shown("mine.png already exists");
    window.press(Key::Enter);
    window.steps(3);
    assert_eq!(
        std::fs::read(&path).unwrap(),
        b"precious",
        "Enter replaces nothing"
    );
    assert!(window.app().asks(), "another name can be typed");
    window.press(Key::Enter);
    window.wait_shown("already exists");
    window.click("Replace");
    window.wait_shown("Saved as mine.png");
    assert!(Picture::open(&path).is_ok());
}

#[test]
fn a_picture_of_a_coarse_level_says_so_and_offers_the_chosen_size() {
    let mut window = Window::open();
    window.set(|settings| {
        settings.size_px = Some(128);
        settings.schedule = Schedule::default();
        settings.steps = 100_000;
    });
    window.press(Key::Space);
    window.wait("a step", |app| app.step() >= 1);
    window.press(Key::S);
    window.wait_shown("The finished painting will have 128 × 96 px.");
    assert!(window.shows("Saved as"));
    window
        .harness
        .get_by_label("Save the finished one, too")
        .click();
    window.steps(3);
    assert!(window.shows("will be saved when it is finished"));
    window.press(Key::S);
    window.wait_shown("Save it enlarged to 128 × 96 px");
    window
        .harness
        .get_by_label("Save it enlarged to 128 × 96 px")
        .click();
    let saved = window.folder.path().join("saved");
    let end = Instant::now() + PATIENCE;
    let large = |path: PathBuf| {
        let planes = Picture::open(&path).ok()?.planes;
        ((planes.width, planes.height) == (128, 96)).then_some(())
    };
    loop {
        let mut files = std::fs::read_dir(&saved).unwrap().flatten();
        if files.find_map(|entry| large(entry.path())).is_some() {
            break;
        }
        assert!(Instant::now() < end, "no enlarged picture");
        window.steps(1);
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_pasted_picture_is_kept_for_the_next_start() {
    let mut window = Window::open();
    let image = egui::ColorImage::filled([20, 10], egui::Color32::RED);
    window.harness.event(Event::PasteImage(Arc::new(image)));
    window.steps(2);
    window.wait("the picture", |app| {
        app.pictures().0.as_deref() == Some("clipboard")
    });
    let kept = window.app().remembered().content.clone().unwrap();
    assert!(kept.starts_with(window.folder.path().join("own")));
    assert_eq!(Picture::open(&kept).unwrap().planes.width, 20);
    let recent = &window.app().remembered().recent;
    assert!(!recent.contains(&kept), "it is no file of the user's");
}
