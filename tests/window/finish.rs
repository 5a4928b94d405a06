//! Colors and fade of a picture that is finished already.

use impasto::settings::ColorMode;

use super::support::*;

/// The newest picture once it has this finish.
fn finished(window: &mut Window, color: ColorMode, fade: f64) -> Arc<Picture> {
    window.wait("the finished picture", move |app| {
        let newest = app.newest();
        newest.is_some_and(|(_, settings)| (settings.color, settings.fade) == (color, fade))
    });
    window.app().newest().unwrap().0
}

#[test]
fn the_fade_moved_after_the_end_changes_the_picture_and_takes_no_step() {
    let mut window = Window::open();
    window.set(|settings| settings.steps = 3);
    window.press(Key::Space);
    window.wait("the end", |app| app.phase() == Phase::Finished);
    let result = [("Result".to_owned(), 3)];
    assert_eq!(window.app().snapshots(), result);
    let painting = finished(&mut window, ColorMode::Style, 0.0);

    let slider = window
        .harness
        .get_by_role_and_label(Role::Slider, "Fade to the photograph");
    let rect = slider.rect();
    let at = |part: f32| rect.left_center() + vec2(rect.width() * part, 0.0);
    window.harness.drag_at(at(0.02));
    window.harness.step();
    window.harness.hover_at(at(0.5));
    window.harness.step();
    window.harness.drop_at(at(0.5));
    window.steps(2);
    let fade = window.app().settings().fade;
    assert!((0.3..0.7).contains(&fade), "{fade}");
    let faded = finished(&mut window, ColorMode::Style, fade);
    assert_ne!(faded.planes, painting.planes);

    window.harness.get_by_label("Hues").click();
    window.steps(3);
    assert_eq!(window.app().settings().color, ColorMode::Hues);
    let hues = finished(&mut window, ColorMode::Hues, fade);
    assert_ne!(hues.planes, faded.planes);
    assert_eq!(window.app().snapshots(), result, "the result is replaced");
    assert_eq!(window.app().phase(), Phase::Finished);
    assert_eq!(window.app().step(), 3);

    // What is saved is what is shown.
    window.press(Key::S);
    let saved = window.saved_png();
    let record = impasto::pixels::read_record(&saved).unwrap().unwrap();
    let record: serde_json::Value = serde_json::from_str(&record).unwrap();
    assert_eq!(record["settings"]["color"], "hues");
    assert!((record["settings"]["fade"].as_f64().unwrap() - fade).abs() < 1e-9);
}

#[test]
fn a_fade_that_is_undone_brings_the_painting_back() {
    let mut window = Window::open();
    window.set(|settings| settings.steps = 2);
    window.press(Key::Space);
    window.wait("the end", |app| app.phase() == Phase::Finished);
    let painting = finished(&mut window, ColorMode::Style, 0.0);
    window.set(|settings| settings.fade = 1.0);
    let faded = finished(&mut window, ColorMode::Style, 1.0);
    assert_ne!(faded.planes, painting.planes);
    window.set(|settings| settings.fade = 0.0);
    let again = finished(&mut window, ColorMode::Style, 0.0);
    assert_eq!(again.planes, painting.planes);
    assert!(window.app().changes().is_empty());
}
