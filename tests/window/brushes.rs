//! Brushes in the window: learnt, stopped, dropped.

use impasto::{
    feedforward::{Brush, BrushFolder, BrushRecord, Norms},
    pixels::read_record,
    transfer::Record,
};

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
    let (chosen, images) = window.app().chosen_brushes();
    assert_eq!(chosen, [("Some sea".to_owned(), 1.0)], "it paints at once");
    assert_eq!(images, 0.0);
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

/// Waits for a newer instant picture than the one that is there, when `change` is done.
fn repainted(window: &mut Window, change: impl FnOnce(&mut Window)) {
    let (count, _) = window.app().instant();
    change(window);
    window.wait("another instant picture", |app| app.instant().0 > count);
}

#[test]
fn all_brushes_are_shown_on_the_picture_chosen_blended_and_left() {
    let mut window = Window::open();
    window.wait("the preview", |app| app.instant().1.is_some());
    window.click("Show all on my picture");
    window.wait("all pictures", |app| {
        app.brush_sheet()
            .is_some_and(|(there, all)| all >= 22 && there == all)
    });
    repainted(&mut window, |window| {
        window.click("Brush: Blue and gold strokes");
    });
    assert_eq!(window.app().brush_sheet(), None, "a click closes the sheet");

    window.click("Show all on my picture");
    window.steps(2);
    window.click_with_shift("Brush: Print in blue and cream");
    assert!(window.app().brush_sheet().is_some(), "more can be added");
    repainted(&mut window, |window| window.press(Key::Escape));
    assert_eq!(window.app().brush_sheet(), None);
    let names = |window: &Window| {
        let (chosen, _) = window.app().chosen_brushes();
        chosen.into_iter().map(|(name, _)| name).collect::<Vec<_>>()
    };
    assert_eq!(
        names(&window),
        ["Blue and gold strokes", "Print in blue and cream"]
    );
    repainted(&mut window, |window| {
        window.click("Paint without Blue and gold strokes");
    });
    assert_eq!(names(&window), ["Print in blue and cream"]);
    repainted(&mut window, |window| {
        window.click("Paint without Print in blue and cream");
    });
    assert!(names(&window).is_empty());
}

#[test]
fn the_instant_picture_is_saved_as_large_as_a_run_would_end() {
    let mut window = Window::open();
    window.wait("the preview", |app| app.instant().1.is_some());
    window.click("Show all on my picture");
    window.wait("the sheet", |app| {
        app.brush_sheet().is_some_and(|(there, _)| there > 0)
    });
    window.click("Brush: Blue and gold strokes");
    window.set(|settings| settings.size_px = Some(160));
    window.wait("the preview", |app| app.instant().1.is_some());
    window.press(Key::S);
    let saved = window.folder.path().join("saved");
    let name = "content-Blue and gold strokes-instant.png";
    window.wait("the file", |_| saved.join(name).exists());
    window.wait("the message", |app| !app.snapshots().is_empty());
    let picture = Picture::open(&saved.join(name)).unwrap();
    assert_eq!((picture.planes.width, picture.planes.height), (160, 120));
    let record = read_record(&saved.join(name)).unwrap().unwrap();
    let record = Record::from_json(&record).unwrap();
    let instant = record.instant.unwrap();
    assert_eq!(instant.brushes[0].name, "Blue and gold strokes");
    assert!(record.styles.is_empty(), "the style image took no part");
    assert_eq!(window.app().phase(), Phase::Idle, "nothing was started");
    // A run can begin with it; it is no moment of another one.
    let snapshot = window
        .harness
        .get_by_role_and_label(Role::Button, "Instant picture");
    snapshot.click_secondary();
    window.steps(4);
    window.click("Continue painting from here");
    window.wait("a run", |app| app.step() >= 1);
    assert!(window.app().error().is_none());
}
