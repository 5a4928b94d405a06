//! Looking, comparing, snapshots, names of widgets.

use super::support::*;

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
    window
        .harness
        .event(Event::Text(path.display().to_string()));
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
fn a_picture_larger_than_its_copy_for_the_screen_is_sharp_where_it_is_looked_at() {
    let mut window = Window::open();
    let path = picture_file(window.folder.path(), "wide.png", 3000, 90);
    window.harness.state_mut().open(path, false);
    window.wait("the picture", |app| {
        app.pictures().0.as_deref() == Some("wide.png")
    });
    window
        .harness
        .get_by_role_and_label(Role::Button, "content: wide.png")
        .click();
    window.steps(4);
    assert_eq!(window.app().sharp_part(), None, "fitting, its copy will do");
    window.press(Key::Num1);
    window.wait("the part", |app| app.sharp_part().is_some());
    let ([left, _, width, height], scale) = window.app().sharp_part().unwrap();
    assert_eq!(scale, 1.0, "pixel by pixel");
    assert_eq!(height, 90);
    assert!(left > 0 && width < 3000, "what is looked at, and some room");
    window.press(Key::F);
    window.steps(4);
}
