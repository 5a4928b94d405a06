//! Settings that change: live, undone, explained.

use super::support::*;

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
fn two_changes_with_a_short_rest_between_are_undone_one_by_one() {
    let mut window = Window::open();
    window.steps(8);
    let before = window.app().settings().clone();
    for (name, value) in [("Style weight", 77.0), ("Content weight", 5.0)] {
        window
            .harness
            .get_by_role_and_label(Role::Slider, name)
            .set_value_accesskit(value);
        window.steps(8);
    }
    window
        .harness
        .key_press_modifiers(Modifiers::COMMAND, Key::Z);
    window.steps(3);
    let settings = window.app().settings();
    assert_eq!(settings.style_weight, 77.0);
    assert_eq!(settings.content_weight, before.content_weight);
    window
        .harness
        .key_press_modifiers(Modifiers::COMMAND, Key::Z);
    window.steps(3);
    assert_eq!(*window.app().settings(), before);
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
    window.harness.get_by_label("Gram classic").click();
    window.steps(3);
    assert_eq!(window.app().settings().style_weight, 8.0);
    assert_eq!(window.app().settings().size_px, Some(64));
}

#[test]
fn layers_and_measures_are_ticked_while_it_runs() {
    let mut window = Window::open();
    window.start();
    window.harness.get_by_label("Layers").click();
    window.steps(3);
    window.harness.get_by_label("Style layers relu5_1").click();
    window.steps(3);
    let layer = "relu5_1".parse().unwrap();
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
    window.click("Start over");
    window.wait("the new run", |app| app.phase() == Phase::Running);
    assert!(!window.shows("takes effect at the next start"));
    assert_eq!(window.app().snapshots().len(), kept + 1, "nothing is lost");
}
