//! Pictures that are dropped, pasted, opened, refused.

use super::support::*;

#[test]
fn a_pasted_path_becomes_content_the_next_one_style() {
    let mut window = Window::open();
    let first = picture_file(window.folder.path(), "first.png", 40, 30);
    let second = picture_file(window.folder.path(), "second.png", 30, 30);
    window.paste_path(&first);
    window.wait("content", |app| {
        app.pictures().0.as_deref() == Some("first.png")
    });
    assert!(window.shows("first.png is now the content image"));
    window.paste_path(&second);
    window.wait("style", |app| app.pictures().1 == ["second.png"]);
    assert_eq!(window.app().remembered().recent[0], second);
}

#[test]
fn a_pasted_picture_can_change_its_role() {
    let mut window = Window::open();
    let picture = picture_file(window.folder.path(), "new.png", 40, 30);
    window.paste_path(&picture);
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
fn pasted_pictures_and_paths_take_turns() {
    let mut window = Window::open();
    let paste = |window: &mut Window| {
        let image = egui::ColorImage::filled([20, 10], egui::Color32::RED);
        window.harness.event(Event::PasteImage(Arc::new(image)));
        window.steps(2);
    };
    paste(&mut window);
    window.wait("the content", |app| {
        app.pictures().0.as_deref() == Some("clipboard")
    });
    let own = picture_file(window.folder.path(), "own.png", 40, 30);
    window.paste_path(&own);
    window.wait("the style", |app| app.pictures().1 == ["own.png"]);
    let offered = |window: &Window, role: &str| {
        let label = format!("Use it as {role} instead");
        window.harness.query_by_label(&label).is_some()
    };
    assert!(!offered(&window, "style"), "the notice of the first one");
    paste(&mut window);
    for _ in 0..1000 {
        if offered(&window, "style") {
            break;
        }
        std::thread::sleep(Duration::from_millis(5));
        window.steps(1);
    }
    assert!(!offered(&window, "content"), "the notice of the second one");
    window
        .harness
        .get_by_label("Use it as style instead")
        .click();
    window.wait("the other role", |app| app.pictures().1 == ["clipboard"]);
}

#[test]
fn a_file_that_is_no_picture_is_refused_and_nothing_is_lost() {
    let mut window = Window::open();
    let path = window.folder.path().join("notes.png");
    std::fs::write(&path, "no picture at all").unwrap();
    window.paste_path(&path);
    window.wait("the error", |app| app.error().is_some());
    let error = window.app().error().unwrap().to_owned();
    assert!(error.contains("notes.png"), "{error}");
    assert_eq!(window.app().pictures().0.as_deref(), Some("content.png"));
    window.click("Close");
    assert!(window.app().error().is_none());
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
