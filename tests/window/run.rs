//! Start, pause, stop, and what a run leaves behind.

use super::support::*;

#[test]
fn space_starts_pauses_and_resumes_and_escape_stops() {
    let mut window = Window::open();
    assert_eq!(window.app().phase(), Phase::Idle);
    assert!(window.shows("Press Space"));
    window.start();
    assert_eq!(window.app().phase(), Phase::Running);
    assert!(!window.shows("Press Space"), "the hint is gone");
    window.press(Key::Space);
    window.wait("pause", |app| app.phase() == Phase::Paused);
    let step = window.app().step();
    window.press(Key::Space);
    window.wait("more steps", |app| app.step() > step);
    window.press(Key::Escape);
    window.wait("stop", |app| app.phase() == Phase::Stopped);
    assert_eq!(window.app().snapshots().len(), 1, "the picture is kept");
}

#[test]
fn buttons_do_what_keys_do() {
    let mut window = Window::open();
    window.click("Start");
    window.wait("steps", |app| app.step() >= 2);
    window.click("Pause");
    window.wait("pause", |app| app.phase() == Phase::Paused);
    window.click("Resume");
    window.wait("running", |app| app.phase() == Phase::Running);
    window.click("Stop (Esc)");
    window.wait("stop", |app| app.phase() == Phase::Stopped);
    window.click("Start");
    window.wait("a new run", |app| app.phase() == Phase::Running);
}

#[test]
fn s_keeps_a_snapshot_and_saves_it() {
    let mut window = Window::open();
    window.start();
    window.press(Key::S);
    window.wait("a snapshot", |app| !app.snapshots().is_empty());
    let saved = window.saved_png();
    window.wait("the toast", |app| app.error().is_none());
    let painted = Picture::open(&saved).unwrap();
    let content = Picture::open(&window.folder.path().join("content.png")).unwrap();
    assert_eq!(painted.planes.width, content.planes.width);
    assert_ne!(painted.planes.data, content.planes.data);
    let record = impasto::pixels::read_record(&saved).unwrap().unwrap();
    let record: serde_json::Value = serde_json::from_str(&record).unwrap();
    assert_eq!(record["content"]["name"], "content.png");
    assert_eq!(record["settings"]["size_px"], 64);
}

#[test]
fn s_pressed_before_the_first_step_is_honored() {
    let mut window = Window::open();
    window.press(Key::Space);
    window.press(Key::S);
    window.wait("a snapshot", |app| !app.snapshots().is_empty());
}

#[test]
fn pictures_changed_while_it_runs_wait_for_the_next_start() {
    let mut window = Window::open();
    window.start();
    assert!(!window.shows("at the next start"));
    window.press(Key::X);
    assert!(window.shows("These pictures take effect at the next start"));
    assert_eq!(window.app().phase(), Phase::Running);
    window.press(Key::X);
    assert!(!window.shows("at the next start"));
}

#[test]
fn the_last_step_leaves_a_result() {
    let mut window = Window::open();
    window.set(|settings| settings.steps = 3);
    window.press(Key::Space);
    window.wait("the end", |app| app.phase() == Phase::Finished);
    assert_eq!(window.app().snapshots(), [("Result".to_owned(), 3)]);
    assert!(window.shows("Finished"));
}
