//! What is deleted, removed or stopped comes back.

use super::support::*;

impl Window {
    pub(crate) fn undo(&mut self) {
        self.harness.key_press_modifiers(Modifiers::COMMAND, Key::Z);
        self.steps(4);
    }

    pub(crate) fn redo(&mut self) {
        let keys = Modifiers::COMMAND | Modifiers::SHIFT;
        self.harness.key_press_modifiers(keys, Key::Z);
        self.steps(4);
    }

    /// A finished run with its result in the strip.
    fn finished() -> Self {
        let mut window = Self::open();
        window.set(|settings| settings.steps = 2);
        window.press(Key::Space);
        window.wait("the end", |app| app.snapshots().len() == 1);
        window
    }
}

#[test]
fn a_deleted_snapshot_comes_back_by_the_key_and_by_the_notice() {
    let mut window = Window::finished();
    for by_key in [true, false] {
        window.click("More for Result");
        window.click("Delete");
        assert!(window.app().snapshots().is_empty());
        assert!(window.shows("“Result” is deleted."));
        if by_key {
            window.undo();
        } else {
            window.harness.get_by_label("Undo").click();
            window.steps(3);
        }
        assert_eq!(window.app().snapshots(), [("Result".to_owned(), 2)]);
        assert!(!window.shows("is deleted"));
    }
}

#[test]
fn undo_goes_back_through_settings_and_deeds_in_their_order() {
    let mut window = Window::finished();
    let rest = |window: &mut Window| window.steps(8);
    window.set(|settings| settings.style_weight = 7.0);
    rest(&mut window);
    window.press(Key::X);
    rest(&mut window);
    window.set(|settings| settings.style_weight = 8.0);
    rest(&mut window);
    window.undo();
    assert_eq!(window.app().settings().style_weight, 7.0);
    assert_eq!(window.app().pictures().0.as_deref(), Some("style.png"));
    window.undo();
    assert_eq!(window.app().pictures().0.as_deref(), Some("content.png"));
    assert_eq!(window.app().settings().style_weight, 7.0);
    window.undo();
    assert_ne!(window.app().settings().style_weight, 7.0);
    for _ in 0..3 {
        window.redo();
    }
    assert_eq!(window.app().settings().style_weight, 8.0);
    assert_eq!(window.app().pictures().0.as_deref(), Some("style.png"));
}

#[test]
fn a_run_taken_out_of_the_queue_comes_back_in_its_place() {
    let mut window = Window::open();
    for steps in [3, 4] {
        window.set(|settings| settings.steps = steps);
        window.press(Key::Q);
    }
    window.click("Queue 2");
    window
        .harness
        .get_all_by_role(Role::Button)
        .find(|node| {
            let label = node.accesskit_node().label().unwrap_or_default();
            label.starts_with("Remove: content, style")
        })
        .unwrap()
        .click();
    window.steps(4);
    assert_eq!(window.app().queued(), 1);
    window.undo();
    assert_eq!(window.app().queued(), 2);
}

#[test]
fn a_deleted_preset_comes_back() {
    let mut window = Window::open();
    window.set(|settings| settings.style_weight = 77.0);
    window.click("Save these settings as a preset");
    window
        .harness
        .get_by_role_and_label(Role::TextInput, "Name of the preset")
        .type_text("Mine");
    window.steps(3);
    window.press(Key::Enter);
    window.wait("the preset", |app| {
        app.presets().contains(&"Mine".to_owned())
    });
    window
        .harness
        .get_by_role_and_label(Role::ComboBox, "Preset")
        .click();
    window.steps(3);
    window.click("Delete Mine");
    window.wait("the deletion", |app| {
        !app.presets().contains(&"Mine".to_owned())
    });
    assert!(window.shows("“Mine” is deleted."));
    window.undo();
    window.wait("its return", |app| {
        app.presets().contains(&"Mine".to_owned())
    });
}

#[test]
fn a_stopped_run_goes_on_as_if_nothing_had_been() {
    let mut window = Window::open();
    window.start();
    window.press(Key::Escape);
    window.wait("the stop", |app| app.phase() == Phase::Stopped);
    let step = window.app().step();
    assert!(window.shows(&format!("Stopped at step {step}.")));
    let buttons = window.harness.query_all_by_label("Continue").count();
    assert!(buttons >= 1, "the offer to go on");
    window.click("Continue");
    window.wait("more steps", move |app| {
        app.phase() == Phase::Running && app.step() > step
    });
    window.press(Key::Escape);
    window.wait("the stop", |app| app.phase() == Phase::Stopped);
    window.undo();
    window.wait("it goes on", |app| app.phase() == Phase::Running);
}
