//! Estimates, variations, edits of pictures, restarts that keep the picture.

use super::support::*;

#[test]
fn a_resting_window_learns_how_long_a_run_takes() {
    let mut window = Window::open();
    window.set(|settings| settings.steps = 50);
    window.wait("a measure", |app| !app.remembered().speeds.is_empty());
    assert!(window.shows("About "), "the time is said under the size");
    assert!(window.shows(" of memory"));
    assert_eq!(window.app().phase(), Phase::Idle);
    assert!(window.app().snapshots().is_empty(), "nothing was kept");
}

#[test]
fn a_run_teaches_its_own_speed() {
    let mut window = Window::open();
    window.set(|settings| settings.steps = 40);
    window.press(Key::Space);
    window.wait("the end", |app| app.phase() == Phase::Finished);
    assert_eq!(window.app().remembered().speeds.len(), 1);
    assert!(window.shows("Finished in"), "a notice");
}

#[test]
fn a_variation_is_painted_and_chosen_while_a_run_is_held() {
    let mut window = Window::open();
    window.start();
    window.press(Key::Space);
    window.wait("pause", |app| app.phase() == Phase::Paused);
    let step = window.app().step();
    window.press(Key::V);
    assert!(window.shows("Variation: Dial 10 %"));
    window.wait("every cell", |app| app.sketched() == Some((9, 9)));
    assert_eq!(window.app().step(), step, "the held run took no step");
    assert_eq!(window.app().phase(), Phase::Paused);
    window.click("Variation: Dial 90 %");
    assert_eq!(window.app().sketched(), None, "the sheet is closed");
    let settings = window.app().settings();
    assert!((settings.dial() - 0.9).abs() < 1e-9);
    assert_eq!(settings.size_px, Some(64), "only the dial has changed");
    window.press(Key::Space);
    window.wait("the change", |app| !app.changes().is_empty());
    assert!(window.app().step() >= step, "the same run goes on");
}

#[test]
fn a_variation_of_a_window_at_rest_starts_a_run() {
    let mut window = Window::open();
    window.press(Key::V);
    window
        .harness
        .get_by_role_and_label(Role::RadioButton, "Stroke size")
        .click();
    window.steps(4);
    window.wait("the first cells", |app| app.sketched().is_some());
    window.click("Variation: Stroke size 2 ×");
    assert_eq!(window.app().settings().style_scale, 2.0);
    window.wait("a run", |app| app.step() > 0);
}

#[test]
fn escape_closes_the_sheet_and_leaves_the_run() {
    let mut window = Window::open();
    window.start();
    window.press(Key::V);
    window.press(Key::Escape);
    assert_eq!(window.app().sketched(), None);
    assert!(window.app().phase().is_active());
}

#[test]
fn pictures_are_turned_and_cut_and_made_whole_again() {
    let mut window = Window::open();
    window.click("Rotate clockwise (content)");
    window.wait("the turn", |app| app.content_px() == Some((48, 64)));
    window.click("Crop to a shape (content)");
    window.harness.get_by_label("1 : 1").click();
    window.steps(4);
    window.wait("the cut", |app| app.content_px() == Some((48, 48)));
    let edit = window.app().remembered().content_edit;
    assert_eq!((edit.quarter_turns, edit.aspect), (1, Some((1, 1))));
    let kept = window.folder.path().join("content.png");
    assert_eq!(window.app().remembered().content.as_ref(), Some(&kept));
    window.click("Crop to a shape (content)");
    window.harness.get_by_label("Whole picture").click();
    window.steps(4);
    window.wait("all of it", |app| app.content_px() == Some((48, 64)));
    window.click("Rotate clockwise (style)");
    window.wait("the style's turn", |app| {
        app.remembered().styles[0].edit.quarter_turns == 1
    });
}

#[test]
fn going_on_with_another_size_keeps_the_picture() {
    let mut window = Window::open();
    window.set(|settings| settings.steps = 100_000);
    window.start();
    assert!(!window.shows("Continue with changes"));
    window.wait("some steps", |app| app.step() >= 8);
    window.set(|settings| settings.size_px = Some(96));
    let before = window.app().step();
    window.click("Continue with changes");
    window.wait("the new run", |app| {
        app.snapshots().len() == 1 && app.phase() == Phase::Running && app.step() > 0
    });
    assert!(
        !window.shows("Continue with changes"),
        "nothing waits any more"
    );
    assert!(before >= 8);
    window.press(Key::Escape);
    window.wait("stop", |app| app.phase() == Phase::Stopped);
    assert_eq!(window.app().snapshots().len(), 2, "both pictures are kept");
}

#[test]
fn the_compare_line_and_the_picture_move_by_keys() {
    let mut window = Window::open();
    window.press(Key::C);
    let line = |window: &Window| {
        let node = window
            .harness
            .get_by_role_and_label(Role::Slider, "Compare line");
        node.rect().center().x
    };
    let before = line(&window);
    window
        .harness
        .get_by_role_and_label(Role::Slider, "Compare line")
        .focus();
    window.steps(2);
    for _ in 0..5 {
        window.press(Key::ArrowRight);
    }
    assert!(line(&window) > before + 20.0, "the line went right");
    let focused = window.harness.get_by_label("Picture: Content");
    focused.focus();
    window.steps(2);
    window.press(Key::ArrowRight);
    assert!(line(&window) < before + 90.0, "the picture went left");
}
