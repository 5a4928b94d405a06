//! `impasto stylize` as a user of a shell meets it: many pictures, faults among them, files kept.

#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "cli/support.rs"]
#[expect(dead_code, reason = "shared with the tests of the other commands")]
mod support;

use std::{fs, path::Path};

use impasto::{
    pixels::{Picture, read_record},
    transfer::Record,
};

use support::*;

fn style(folder: &Path) -> String {
    let waves = |x: f32, y: f32| [(20.0 * x).sin().abs(), y, (30.0 * y).cos().abs()];
    let path = picture(folder, "style.png", (70, 60), waves);
    path.to_str().unwrap().to_owned()
}

#[test]
fn a_folder_is_painted_and_what_cannot_be_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let photos = folder.path().join("photos");
    fs::create_dir(&photos).unwrap();
    for (name, sides) in [
        ("a.png", (48, 32)),
        ("b.png", (33, 51)),
        ("tiny.png", (20, 3)),
    ] {
        picture(&photos, name, sides, scene);
    }
    let fixtures = Path::new("tests/fixtures");
    fs::copy(
        fixtures.join("orientation_6.jpg"),
        photos.join("turned.jpg"),
    )
    .unwrap();
    fs::copy(fixtures.join("alpha.png"), photos.join("glass.png")).unwrap();
    fs::write(photos.join("broken.jpg"), b"no picture").unwrap();
    fs::write(photos.join("notes.txt"), b"no picture either").unwrap();
    let out = folder.path().join("painted");
    let output = impasto(&[
        "stylize",
        "--content",
        photos.to_str().unwrap(),
        "--style",
        &style(folder.path()),
        "--output",
        out.to_str().unwrap(),
    ]);
    let complaint = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{complaint}");
    let lines: Vec<&str> = complaint.lines().collect();
    assert_eq!(lines.len(), 3, "{complaint}");
    assert!(lines[0].contains("broken.jpg"), "{complaint}");
    assert!(
        lines[1].contains("20x3") && lines[1].contains("at least 5"),
        "{complaint}"
    );
    assert!(lines[2].contains("2 of 6 pictures"), "{complaint}");
    assert!(text(&output.stdout).contains("4 pictures in "));
    let mut names: Vec<String> = fs::read_dir(&out)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names, ["a.png", "b.png", "glass.png", "turned.jpg"]);
    for name in &names {
        let (from, to) = (
            Picture::open(&photos.join(name)),
            Picture::open(&out.join(name)),
        );
        let (from, to) = (from.unwrap(), to.unwrap());
        let sides = |picture: &Picture| (picture.planes.width, picture.planes.height);
        assert_eq!(sides(&from), sides(&to), "{name}");
        assert_eq!(from.alpha.is_some(), to.alpha.is_some(), "{name}");
        assert_ne!(from.planes, to.planes, "{name}");
    }
}

#[test]
fn nothing_is_replaced_unasked() {
    let folder = tempfile::tempdir().unwrap();
    let content = picture(folder.path(), "content.png", (40, 30), scene);
    let out = folder.path().join("out.png");
    fs::write(&out, b"precious").unwrap();
    let style = style(folder.path());
    let arguments = [
        "stylize",
        "--content",
        content.to_str().unwrap(),
        "--style",
        &style,
        "--output",
        out.to_str().unwrap(),
    ];
    let complaint = refused(&arguments);
    assert!(
        complaint.contains("out.png") && complaint.contains("--overwrite"),
        "{complaint}"
    );
    assert_eq!(fs::read(&out).unwrap(), b"precious");
    assert!(
        impasto(&[&arguments[..], &["--force"]].concat())
            .status
            .success()
    );
    assert!(Picture::open(&out).is_ok());
}

#[test]
fn a_picture_remembers_how_it_was_made_and_is_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let content = picture(folder.path(), "content.png", (40, 30), scene);
    let style = style(folder.path());
    let [out, again, other] = ["out.png", "again.png", "other.png"].map(|name| {
        let path = folder.path().join(name);
        path.to_str().unwrap().to_owned()
    });
    let told = json(&[
        "stylize",
        "--json",
        "--content",
        content.to_str().unwrap(),
        "--style",
        &style,
        "--strength",
        "60",
        "--color",
        "luminance",
        "--fade",
        "20",
        "--size",
        "36",
        "--output",
        &out,
    ]);
    assert_eq!(told.len(), 1);
    assert_eq!(
        (told[0]["width"].as_u64(), told[0]["height"].as_u64()),
        (Some(36), Some(27))
    );
    let record = Record::from_json(&read_record(out.as_ref()).unwrap().unwrap()).unwrap();
    assert_eq!(record.instant.as_ref().unwrap().strength, 0.6);
    assert_eq!(
        (record.settings.fade, record.settings.size_px),
        (0.2, Some(36))
    );
    assert_eq!(record.styles.len(), 1);
    assert!(!record.content.sha256.is_empty());

    let repeated = impasto(&["stylize", "--like", &out, "--output", &again]);
    assert!(repeated.status.success(), "{}", text(&repeated.stderr));
    let planes = |path: &str| Picture::open(path.as_ref()).unwrap().planes;
    assert_eq!(planes(&again), planes(&out));
    let stronger = impasto(&[
        "stylize",
        "--like",
        &out,
        "--strength",
        "100",
        "--output",
        &other,
    ]);
    assert!(stronger.status.success());
    assert_ne!(planes(&other), planes(&out));
    // It has no steps that `render` could repeat.
    let complaint = refused(&["render", "--like", &out]);
    assert!(complaint.contains("impasto stylize --like"), "{complaint}");
}

#[test]
fn strengths_and_styles_out_of_range_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let content = picture(folder.path(), "content.png", (40, 30), scene);
    let (content, style) = (content.to_str().unwrap(), style(folder.path()));
    let out = folder.path().join("out.png");
    let stylize = |more: &[&str]| {
        let all = [
            "stylize",
            "--content",
            content,
            "--style",
            &style,
            "--output",
        ];
        refused(&[&all[..], &[out.to_str().unwrap()], more].concat())
    };
    assert!(stylize(&["--strength", "101"]).contains("strength: 101"));
    assert!(stylize(&["--fade=-1"]).contains("fade"));
    assert!(stylize(&["--style", "nowhere.png"]).contains("nowhere.png"));
    assert!(!out.exists());
}

#[test]
fn a_run_starts_from_the_instant_picture() {
    let folder = tempfile::tempdir().unwrap();
    let content = picture(folder.path(), "content.png", (64, 48), scene);
    let style = style(folder.path());
    let out = folder.path().join("out.png");
    let starts: Vec<Vec<f32>> = ["instant", "content"]
        .iter()
        .map(|init| {
            let output = impasto(&[
                "render",
                "--content",
                content.to_str().unwrap(),
                "--style",
                &style,
                "--init",
                init,
                "--steps",
                "1",
                "--schedule",
                "single-level",
                "--learning-rate",
                "0.0001",
                "--overwrite",
                "--output",
                out.to_str().unwrap(),
            ]);
            assert!(output.status.success(), "{}", text(&output.stderr));
            Picture::open(&out).unwrap().planes.data
        })
        .collect();
    let instant = folder.path().join("instant.png");
    let arguments = [
        "stylize",
        "--style",
        &style,
        "--content",
        content.to_str().unwrap(),
    ];
    let arguments = [&arguments[..], &["--output", instant.to_str().unwrap()]].concat();
    assert!(impasto(&arguments).status.success());
    let instant = Picture::open(&instant).unwrap().planes.data;
    let apart = |other: &[f32]| {
        let pairs = instant.iter().zip(other);
        pairs.map(|(a, b)| (a - b).abs()).sum::<f32>() / instant.len() as f32
    };
    assert!(apart(&starts[0]) < 0.01, "{}", apart(&starts[0]));
    assert!(apart(&starts[1]) > 0.05, "{}", apart(&starts[1]));
}

#[test]
fn a_brush_is_learnt_kept_passed_on_and_used() {
    let folder = tempfile::tempdir().unwrap();
    let content = picture(folder.path(), "content.png", (48, 36), scene);
    let style = style(folder.path());
    let brushes = folder.path().join("brushes");
    let path = |name: &str| folder.path().join(name).to_str().unwrap().to_owned();
    let run = |arguments: &[&str]| {
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_impasto"))
            .env("IMPASTO_BRUSH_DIR", &brushes)
            .args(arguments)
            .output()
            .unwrap();
        let (out, complaint) = (text(&output.stdout), text(&output.stderr));
        (output.status.code(), out, complaint)
    };
    let content = content.to_str().unwrap();
    let learn = [
        "brush", "learn", "--style", &style, "--photos", content, "--steps", "2", "--size", "64",
        "--output", "Waves",
    ];
    let (code, out, complaint) = run(&learn);
    assert_eq!(code, Some(0), "{complaint}");
    assert!(out.contains("Waves.brush: style loss"), "{out}");
    let (code, _, complaint) = run(&learn);
    assert_eq!(code, Some(2));
    assert!(complaint.contains("--overwrite"), "{complaint}");
    let (_, list, _) = run(&["brush", "list"]);
    assert!(list.contains("Blue and gold strokes") && list.contains("learnt from style.png"));
    let (_, shown, _) = run(&["brush", "show", "Waves", "--preview", &path("look.jpg")]);
    assert!(
        shown.contains("style.png") && shown.contains("content.png"),
        "{shown}"
    );
    assert!(Picture::open(path("look.jpg").as_ref()).is_ok());

    let paint = |brush: &str, to: &str| {
        let to = path(to);
        let (code, _, complaint) = run(&[
            "stylize",
            "--content",
            content,
            "--brush",
            brush,
            "--output",
            &to,
        ]);
        assert_eq!(code, Some(0), "{complaint}");
        Picture::open(to.as_ref()).unwrap().planes
    };
    let by_name = paint("Waves", "name.png");
    assert_eq!(
        run(&["brush", "export", "Waves", "--output", &path("w.brush")]).0,
        Some(0)
    );
    assert_eq!(paint(&path("w.brush"), "file.png"), by_name);
    assert_ne!(paint("Deep red", "red.png"), by_name);
    let again = path("again.png");
    assert_eq!(
        run(&["stylize", "--like", &path("name.png"), "--output", &again]).0,
        Some(0)
    );
    assert_eq!(Picture::open(again.as_ref()).unwrap().planes, by_name);

    assert_eq!(run(&["brush", "remove", "Waves"]).0, Some(0));
    let gone = [
        "stylize",
        "--content",
        content,
        "--brush",
        "Waves",
        "--output",
        &path("no.png"),
    ];
    let (code, _, complaint) = run(&gone);
    assert_eq!(code, Some(2));
    assert!(complaint.contains("no brush of this name"), "{complaint}");
    let import = ["brush", "import", &path("w.brush"), "--name", "Sea"];
    assert_eq!(run(&import).0, Some(0));
    assert_eq!(paint("Sea", "sea.png"), by_name);
    let hues = [
        "stylize",
        "--content",
        content,
        "--brush",
        "Sea",
        "--color",
        "hues",
        "--output",
    ];
    let (code, _, complaint) = run(&[&hues[..], &[&path("hues.png")]].concat());
    assert_eq!(code, Some(2));
    assert!(complaint.contains("colors of a style image"), "{complaint}");
}
