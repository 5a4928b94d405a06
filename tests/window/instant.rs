//! The instant preview before the first start.

use super::support::*;

const TAG: &str = "Instant preview. Start paints it properly.";

fn arrived(window: &mut Window, more_than: u64) -> u64 {
    window.wait("an instant picture", |app| {
        let (count, shown) = app.instant();
        count > more_than && shown.is_some()
    });
    window.app().instant().0
}

#[test]
fn it_is_there_before_the_start_and_gives_way_to_the_painting() {
    let mut window = Window::open();
    arrived(&mut window, 0);
    assert_eq!(window.app().phase(), Phase::Idle);
    // As large as the content image; a first one may have been larger, as the settings were.
    window.wait("its size", |app| app.instant().1 == Some([64, 48]));
    assert!(window.shows(TAG) || window.shows("Picture: Instant preview"));
    window.start();
    assert_eq!(window.app().instant().1, None, "the painting is shown");
    // A run is at work: nothing else is painted beside it.
    let (count, _) = window.app().instant();
    window.set(|settings| settings.fade = 0.3);
    window.steps(20);
    assert_eq!(window.app().instant().0, count);
}

#[test]
fn it_follows_dial_fade_color_styles_and_pictures() {
    let mut window = Window::open();
    let mut count = arrived(&mut window, 0);
    window.set(|settings| settings.set_dial(0.9));
    count = arrived(&mut window, count);
    window.set(|settings| settings.fade = 0.5);
    count = arrived(&mut window, count);
    window.set(|settings| settings.color = impasto::settings::ColorMode::Luminance);
    count = arrived(&mut window, count);
    let other = picture_file(window.folder.path(), "other.png", 80, 20);
    window.harness.state_mut().open(other.clone(), true);
    count = arrived(&mut window, count);
    window.harness.state_mut().open(other, false);
    window.wait("the other content image", |app| {
        app.content_px() == Some((80, 20))
    });
    arrived(&mut window, count);
    window.wait("its preview", |app| app.instant().1 == Some([64, 16]));
}

#[test]
fn other_pictures_after_a_run_are_previewed_too() {
    let mut window = Window::open();
    window.set(|settings| settings.steps = 3);
    window.press(Key::Space);
    window.wait("the end", |app| app.phase() == Phase::Finished);
    assert_eq!(window.app().instant().1, None, "the painting stays");
    let (count, _) = window.app().instant();
    let other = picture_file(window.folder.path(), "other.png", 48, 64);
    window.harness.state_mut().open(other, false);
    arrived(&mut window, count);
    assert_eq!(window.app().instant().1, Some([48, 64]));
}

#[test]
fn a_picture_too_small_for_the_network_leaves_the_content_image() {
    let mut window = Window::open();
    let count = arrived(&mut window, 0);
    let thin = picture_file(window.folder.path(), "thin.png", 200, 4);
    window.harness.state_mut().open(thin, false);
    window.wait("the thin picture", |app| app.content_px() == Some((200, 4)));
    window.steps(30);
    assert_eq!(window.app().instant(), (count, None));
    assert!(window.app().error().is_none());
}

#[test]
fn variations_of_the_dial_are_previewed_at_once_and_those_of_measures_are_not() {
    let mut window = Window::open();
    arrived(&mut window, 0);
    window.press(Key::V);
    window.wait("nine instant pictures", |app| {
        app.sheet_instants() == Some(9)
    });
    assert_eq!(window.app().sketched(), Some((9, 9)));
    window
        .harness
        .get_by_role_and_label(Role::RadioButton, "Measure")
        .click();
    window.wait("the other sheet", |app| app.sheet_instants() == Some(0));
}
