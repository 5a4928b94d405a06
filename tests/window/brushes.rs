//! Brushes in the window: learnt, stopped, dropped.

use impasto::feedforward::{Brush, BrushFolder, BrushRecord, Norms};

use super::support::*;

#[test]
fn a_style_is_learnt_shown_meanwhile_and_kept_when_stopped() {
    let mut window = Window::open();
    window.wait("the preview", |app| app.instant().1.is_some());
    window.click("Learn this style");
    assert_eq!(window.app().lesson_step(), Some(0));
    let (before, _) = window.app().instant();
    window.wait("a step", |app| app.lesson_step() >= Some(1));
    window.wait("the preview of it", |app| app.instant().0 > before);
    window.click("Stop and keep what is learnt");
    window.wait("the end", |app| app.lesson_step().is_none());
    window.wait("the brush", |app| app.brushes() == ["style"]);
    let folder = BrushFolder::at(window.folder.path().join("brushes"));
    let brush = folder.find("style").unwrap();
    assert_eq!(brush.record.style, "style.png");
    assert!(brush.record.steps >= 1 && brush.record.photographs.len() == 3);
    assert!(window.shows("Learnt. Learn again"));
    assert_eq!(window.app().phase(), Phase::Idle, "no run was touched");
}

#[test]
fn a_dropped_brush_is_kept_once_and_other_files_take_their_turn() {
    let mut window = Window::open();
    window.wait("the preview", |app| app.instant().1.is_some());
    let path = window.folder.path().join("Some sea.brush");
    let content = Picture::open(&window.folder.path().join("content.png")).unwrap();
    let brush = Brush {
        name: "Some sea".to_owned(),
        norms: Norms::of_picture(&content.planes).unwrap(),
        preview: Vec::new(),
        record: BrushRecord::default(),
    };
    brush.save(&path).unwrap();
    window.drop_files(&[&path]);
    window.wait("the brush", |app| app.brushes().len() == 1);
    assert!(window.shows("Some sea"));
    window.drop_files(&[&path]);
    window.steps(30);
    let folder = BrushFolder::at(window.folder.path().join("brushes"));
    assert_eq!(folder.list().unwrap().len(), 1, "it is kept once");
    assert_eq!(window.app().brushes(), ["Some sea"]);
    let broken = window.folder.path().join("broken.brush");
    std::fs::write(&broken, b"no brush").unwrap();
    window.drop_files(&[&broken]);
    window.wait("the complaint", |app| app.error().is_some());
    assert!(window.app().error().unwrap().contains("broken.brush"));
}
