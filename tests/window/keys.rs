//! Keys do what the focus and what is open let expect.

use super::support::*;

fn dial(window: &Window) -> f64 {
    window.app().settings().dial()
}

#[test]
fn arrow_keys_move_a_slider_by_a_hundredth_and_with_shift_by_a_twentieth() {
    let mut window = Window::open();
    window
        .harness
        .get_by_role_and_label(Role::Slider, "Dial")
        .focus();
    window.steps(2);
    let before = dial(&window);
    window.press(Key::ArrowRight);
    assert!(
        (dial(&window) - before - 0.01).abs() < 1e-6,
        "{}",
        dial(&window)
    );
    window
        .harness
        .key_press_modifiers(Modifiers::SHIFT, Key::ArrowLeft);
    window.steps(3);
    assert!(
        (dial(&window) - before + 0.04).abs() < 1e-6,
        "{}",
        dial(&window)
    );
}

#[test]
fn space_presses_the_button_that_has_the_focus_and_else_starts() {
    let mut window = Window::open();
    window
        .harness
        .get_by_role_and_label(Role::Button, "Shortcuts (?)")
        .focus();
    window.steps(2);
    window.press(Key::Space);
    assert!(window.app().asks(), "the list is open");
    assert_eq!(window.app().phase(), Phase::Idle);
    window.press(Key::Escape);
    assert!(!window.app().asks());
    window
        .harness
        .get_by_role_and_label(Role::Slider, "Dial")
        .focus();
    window.steps(2);
    window.press(Key::Space);
    assert_ne!(
        window.app().phase(),
        Phase::Idle,
        "a slider has no use for it"
    );
}

#[test]
fn escape_leaves_what_is_open_and_stops_only_then() {
    let mut window = Window::open();
    window.start();
    window.press(Key::Questionmark);
    window.press(Key::Escape);
    window.steps(10);
    assert!(!window.app().asks());
    assert_eq!(window.app().phase(), Phase::Running, "the list was left");
    window.press(Key::V);
    window.press(Key::Escape);
    window.steps(10);
    assert_eq!(window.app().sketched(), None);
    assert_eq!(window.app().phase(), Phase::Running, "the sheet was left");
    window.wait("a film", |app| {
        app.film().iter().any(|(_, _, frames)| !frames.is_empty())
    });
    window.press(Key::ArrowLeft);
    assert!(window.app().moment().is_some());
    window.press(Key::Escape);
    window.steps(10);
    assert_eq!(window.app().moment(), None);
    assert_eq!(window.app().phase(), Phase::Running, "the film was left");
    let viewport = egui::ViewportId::ROOT;
    let full = |window: &mut Window, full| {
        let input = window.harness.input_mut();
        input.viewports.entry(viewport).or_default().fullscreen = Some(full);
    };
    full(&mut window, true);
    window.press(Key::Escape);
    window.steps(10);
    assert_eq!(window.app().phase(), Phase::Running, "full screen was left");
    full(&mut window, false);
    window.press(Key::Escape);
    window.wait("the stop", |app| app.phase() == Phase::Stopped);
}

#[test]
fn escape_ends_typing_and_not_the_run() {
    let mut window = Window::open();
    window.start();
    window.press(Key::S);
    window.wait("a snapshot", |app| app.snapshots().len() == 1);
    let name = window.app().snapshots()[0].0.clone();
    window.click(&format!("More for {name}"));
    window.click("Rename");
    window.harness.event(Event::Text("x".to_owned()));
    window.steps(2);
    window.press(Key::Escape);
    window.steps(10);
    assert_eq!(window.app().snapshots()[0].0, name, "the name stays");
    assert_eq!(window.app().phase(), Phase::Running);
}
