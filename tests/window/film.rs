//! The film of a run: winding back, branches, snapshots and saving, export, pictures that
//! remember.

use impasto::{
    pixels::read_record,
    settings::{PictureFormat, SaveChoices},
    transfer::Record,
};

use super::support::*;

/// A run of few steps over two levels, to its end.
fn finished() -> Window {
    let mut window = Window::open();
    window.set(|settings| {
        settings.schedule = Schedule::CoarseToFine;
        settings.coarsest_px = 32;
        settings.steps = 40;
    });
    window.press(Key::Space);
    window.wait("the end", |app| app.phase() == Phase::Finished);
    window
}

fn strip(window: &Window) -> egui::Rect {
    let strip = window
        .harness
        .get_by_role_and_label(Role::Slider, "Film of the run");
    strip.rect()
}

/// Drags along the film from one share of it to another.
fn scrub(window: &mut Window, from: f32, to: f32) {
    let rect = strip(window);
    let at = |share: f32| rect.left_center() + vec2(rect.width() * share, 0.0);
    window.harness.drag_at(at(from));
    window.harness.step();
    window.harness.hover_at(at(to));
    window.harness.step();
    window.harness.drop_at(at(to));
    window.steps(3);
}

fn only_file(folder: &Path) -> Option<PathBuf> {
    let mut entries = std::fs::read_dir(folder).ok()?;
    let path = entries.next()?.ok()?.path();
    let hidden = path.file_name()?.to_str()?.starts_with('.');
    (!hidden).then_some(path)
}

/// Draws frames until a file is there.
fn wait_for_file(window: &mut Window, folder: &Path) -> PathBuf {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(path) = only_file(folder) {
            window.steps(3);
            return path;
        }
        assert!(Instant::now() < end, "nothing was saved");
        window.steps(1);
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn the_film_is_wound_back_by_mouse_and_arrows() {
    let mut window = finished();
    let film = window.app().film();
    assert_eq!(film.len(), 1);
    let steps = &film[0].2;
    assert_eq!((steps[0], *steps.last().unwrap()), (1, 40));
    assert!(steps.len() >= 10, "{steps:?}");
    assert_eq!(window.app().moment(), None);
    scrub(&mut window, 0.9, 0.5);
    let (run, step) = window.app().moment().unwrap();
    assert!(step.abs_diff(20) < 5, "step {step}");
    assert!(window.shows("Looking back"));
    assert!(window.harness.query_by_label("Picture: Moment").is_some());
    window.press(Key::ArrowLeft);
    let before = steps[steps.iter().position(|&at| at == step).unwrap() - 1];
    assert_eq!(window.app().moment(), Some((run, before)));
    window.press(Key::ArrowRight);
    window.press(Key::ArrowRight);
    assert!(window.app().moment().unwrap().1 > step);
    window.press(Key::Home);
    assert_eq!(window.app().moment().unwrap().1, 1);
    window.press(Key::End);
    assert_eq!(window.app().moment(), None);
    assert!(window.harness.query_by_label("Picture: Painting").is_some());
}

#[test]
fn arrows_on_a_slider_move_the_slider() {
    let mut window = finished();
    let slider = window
        .harness
        .get_by_role_and_label(Role::Slider, "Style weight");
    slider.focus();
    window.steps(2);
    window.press(Key::ArrowLeft);
    assert_eq!(window.app().moment(), None);
}

#[test]
fn a_moment_is_gone_on_from_as_a_branch_with_other_settings() {
    let mut window = finished();
    let kept = window.app().snapshots().len();
    scrub(&mut window, 0.9, 0.5);
    let (parent, step) = window.app().moment().unwrap();
    window.set(|settings| settings.style_weight *= 4.0);
    window.click("Continue from here");
    window.wait("the branch's end", |app| {
        app.phase() == Phase::Finished && app.film().len() == 2
    });
    let film = window.app().film();
    assert_eq!(film[0].0, parent, "the film before is kept");
    assert_eq!(film[0].2.last(), Some(&40));
    let (_, start, steps) = &film[1];
    assert_eq!(*start, step);
    assert_eq!(steps[0], step + 1);
    assert_eq!(steps.last(), Some(&40));
    assert_eq!(window.app().snapshots().len(), kept + 1);
    let name = format!("Branch 2 from step {step}");
    assert!(window.harness.query_by_label(&name).is_some());
    // The branch's film leads back into the run it came from.
    window.press(Key::Home);
    assert_eq!(window.app().moment(), Some((parent, 1)));
    scrub(&mut window, 0.1, 0.97);
    let branch = film[1].0;
    assert_eq!(
        window.app().moment().unwrap().0,
        branch,
        "the branch's film stays"
    );
    window.press(Key::End);
    let first = window
        .harness
        .get_by_role_and_label(Role::RadioButton, "Run 1");
    first.click();
    window.steps(4);
    assert_eq!(window.app().moment(), Some((parent, 40)));
}

#[test]
fn the_keyboard_alone_winds_back_and_branches() {
    let mut window = finished();
    window.press(Key::Enter);
    assert_eq!(window.app().film().len(), 1, "nothing to go on from");
    for _ in 0..4 {
        window.press(Key::ArrowLeft);
    }
    let (parent, step) = window.app().moment().unwrap();
    window.press(Key::Enter);
    window.wait("the branch", |app| app.film().len() == 2);
    let film = window.app().film();
    assert_eq!((film[0].0, film[1].1), (parent, step));
}

#[test]
fn snapshots_go_on_as_branches_too() {
    let mut window = finished();
    let result = window.harness.get_by_role_and_label(Role::Button, "Result");
    result.click_secondary();
    window.steps(4);
    window.click("Continue painting from here");
    window.wait("the branch", |app| app.film().len() == 2);
    window.wait("its end", |app| app.phase() == Phase::Finished);
    let film = window.app().film();
    // A finished picture takes the last level anew.
    assert!(film[1].1 < 40 && film[1].1 > 0, "{film:?}");
}

#[test]
fn a_moment_is_kept_and_saved_with_its_own_record() {
    let mut window = finished();
    window.press(Key::Home);
    window.press(Key::ArrowRight);
    let (_, step) = window.app().moment().unwrap();
    window.press(Key::S);
    let folder = window.folder.path().join("saved");
    let path = wait_for_file(&mut window, &folder);
    let record = read_record(&path).unwrap().unwrap();
    assert_eq!(Record::from_json(&record).unwrap().step, step);
    let name = format!("Step {step}");
    assert!(window.app().snapshots().contains(&(name.clone(), step)));
    let snapshot = window.harness.get_by_role_and_label(Role::Button, &name);
    snapshot.click_secondary();
    window.steps(4);
    let reveal = "Show the file in its folder";
    assert!(window.harness.query_by_label(reveal).is_some());
}

#[test]
fn the_film_of_a_long_run_stays_within_its_memory() {
    const BUDGET: usize = 1_000_000;
    let mut window = Window::open_with(|options| options.film_mb = Some(1));
    window.set(|settings| {
        // A film takes what it can keep up with: enough steps to fill it on a busy machine too.
        settings.steps = 5000;
        // Little to compute: what matters is the film.
        settings.size_px = Some(32);
        settings.content_weight = 0.0;
        settings.style_layers = ["relu1_1".parse().unwrap()]
            .map(|layer| (layer, 1.0))
            .into_iter()
            .collect();
    });
    window.press(Key::Space);
    let mut most = 0;
    let end = Instant::now() + 2 * PATIENCE;
    while window.app().phase() != Phase::Finished {
        assert!(Instant::now() < end);
        window.harness.step();
        std::thread::sleep(Duration::from_millis(5));
        most = most.max(window.app().film_bytes());
    }
    window.steps(3);
    assert!(most <= BUDGET, "{most} bytes");
    let steps = &window.app().film()[0].2;
    assert_eq!(steps.last(), Some(&5000));
    assert!(
        steps.len() > 10 && most > BUDGET / 2,
        "{} frames",
        steps.len()
    );
}

#[test]
fn the_question_about_saving_decides_about_format_and_memory() {
    let mut window = finished();
    window
        .harness
        .key_press_modifiers(Modifiers::COMMAND, Key::S);
    window.steps(4);
    let jpeg = window
        .harness
        .get_by_role_and_label(Role::RadioButton, "JPEG");
    jpeg.click();
    window.steps(3);
    let quality = window
        .harness
        .get_by_role_and_label(Role::Slider, "JPEG quality");
    quality.set_value_accesskit(60.0);
    window.steps(3);
    window
        .harness
        .get_by_label("Remember how it was made")
        .click();
    window.steps(3);
    window.click("Cancel");
    let expected = SaveChoices {
        format: PictureFormat::Jpeg,
        jpeg_quality: 60,
        remember: false,
        ..SaveChoices::default()
    };
    assert_eq!(window.app().remembered().saving, expected);
    window.press(Key::S);
    let folder = window.folder.path().join("saved");
    let path = wait_for_file(&mut window, &folder);
    assert_eq!(path.extension().unwrap(), "jpg");
    assert_eq!(read_record(&path).unwrap(), None);
}

#[test]
fn saved_pictures_of_every_kind_bring_pictures_and_settings_back() {
    for format in [PictureFormat::Png, PictureFormat::Jpeg, PictureFormat::WebP] {
        let mut window = Window::open();
        window.harness.state_mut().put_save_choices(SaveChoices {
            format,
            ..SaveChoices::default()
        });
        window.set(|settings| {
            settings.steps = 3;
            settings.style_weight = 17.25;
            settings.style_scale = 0.7;
        });
        let settings = window.app().settings().clone();
        window.press(Key::Space);
        window.wait("the end", |app| app.phase() == Phase::Finished);
        window.press(Key::S);
        let folder = window.folder.path().join("saved");
        let path = wait_for_file(&mut window, &folder);
        window.set(|settings| *settings = TransferSettings::default());
        window.press(Key::X);
        assert_eq!(window.app().pictures().0.as_deref(), Some("style.png"));
        window.paste_path(&path);
        let end = Instant::now() + PATIENCE;
        while !window.shows("This picture remembers") {
            assert!(Instant::now() < end, "no offer for {format:?}");
            window.steps(1);
            std::thread::sleep(Duration::from_millis(10));
        }
        assert_eq!(window.app().pictures().0.as_deref(), Some("style.png"));
        window.click("Restore its run");
        window.wait("the pictures", |app| {
            app.pictures() == (Some("content.png".to_owned()), vec!["style.png".to_owned()])
        });
        assert_eq!(*window.app().settings(), settings, "{format:?}");
        assert_eq!(window.app().strengths(), [1.0]);
        window.press(Key::Space);
        window.wait("the run again", |app| app.phase() == Phase::Finished);
    }
}

#[test]
fn a_picture_that_remembers_can_still_be_used_as_one() {
    let mut window = finished();
    window.press(Key::S);
    let folder = window.folder.path().join("saved");
    let path = wait_for_file(&mut window, &folder);
    let name = path.file_name().unwrap().to_str().unwrap().to_owned();
    std::fs::remove_file(window.folder.path().join("style.png")).unwrap();
    let before = window.app().settings().clone();
    for (answer, as_style) in [("Use it as style", true), ("Use it as content", false)] {
        window.paste_path(&path);
        let end = Instant::now() + PATIENCE;
        while !window.shows("not found") {
            assert!(Instant::now() < end, "no offer");
            window.steps(1);
            std::thread::sleep(Duration::from_millis(10));
        }
        window.click(answer);
        let (content, styles) = window.app().pictures();
        let used = if as_style {
            styles[0].clone()
        } else {
            content.unwrap()
        };
        assert_eq!(used, name);
    }
    assert_eq!(*window.app().settings(), before);
}

#[test]
fn the_film_is_exported_as_chosen() {
    let mut window = finished();
    for (format, file) in [
        ("PNG files", "frames"),
        ("APNG", "film.png"),
        ("GIF", "film.gif"),
    ] {
        window.click("Export the film…");
        let choice = window
            .harness
            .get_by_role_and_label(Role::RadioButton, format);
        choice.click();
        window.steps(3);
        window.harness.get_by_label("4 s").click();
        window.steps(3);
        window.click("Cancel");
        let path = window.folder.path().join(file);
        window.harness.state_mut().export_film(path.clone());
        window.wait("the export", |app| !app.is_exporting());
        assert!(window.app().error().is_none(), "{:?}", window.app().error());
        assert!(window.shows(&format!("Saved as {file}")));
        let frames = window.app().film()[0].2.len();
        if format == "PNG files" {
            assert_eq!(std::fs::read_dir(&path).unwrap().count(), frames);
        } else {
            // Moving pictures open as their first frame.
            assert_eq!(Picture::open(&path).unwrap().planes.width, 64);
        }
    }
    let taken = window.folder.path().join("frames");
    window.click("Export the film…");
    let sequence = window
        .harness
        .get_by_role_and_label(Role::RadioButton, "PNG files");
    sequence.click();
    window.steps(3);
    window.click("Cancel");
    window.harness.state_mut().export_film(taken);
    window.wait("the refusal", |app| app.error().is_some());
    assert!(window.app().error().unwrap().contains("empty one"));
}
