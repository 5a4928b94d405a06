//! Where commands write: proved before the first step, nothing replaced unasked, no file meant twice.

#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "cli/support.rs"]
#[expect(dead_code, reason = "shared with the tests of the other commands")]
mod support;

use std::{fs, path::Path};

use impasto::pixels::{Picture, read_record};

use support::*;

/// `impasto COMMAND` with content, style and few steps.
fn command<'a>(name: &'a str, pictures: &'a Pictures, more: &[&'a str]) -> Vec<&'a str> {
    let inputs = ["--content", &pictures.content, "--style", &pictures.style];
    let mut all = vec![name];
    all.extend(inputs);
    if name != "stylize" {
        all.extend(["--size", "32", "--steps", "3"]);
    }
    if name == "sheet" {
        all.extend(["--columns", "dial=40"]);
    }
    all.extend(more);
    all
}

#[test]
fn a_place_that_cannot_be_written_is_refused_before_the_first_step() {
    let pictures = Pictures::new();
    let folder = pictures.folder.path();
    fs::create_dir_all(folder.join("a.png")).unwrap();
    fs::create_dir_all(folder.join("full")).unwrap();
    fs::write(folder.join("full/file"), b"x").unwrap();
    let at = |name: &str| pictures.path(name);
    for name in ["render", "sheet", "stylize"] {
        let told = refused(&command(name, &pictures, &["--output", &at("nope/o.png")]));
        assert!(told.contains("Make the folder first"), "{name}: {told}");
        let told = refused(&command(
            name,
            &pictures,
            &["--output", &at("style.png/o.png")],
        ));
        assert!(told.contains("cannot write"), "{name}: {told}");
        let told = refused(&command(name, &pictures, &["--output", &at("o.xyz")]));
        assert!(told.contains(".png"), "{name}: {told}");
    }
    for name in ["render", "sheet"] {
        let told = refused(&command(name, &pictures, &["--output", &at("a.png")]));
        assert!(told.contains("another name"), "{name}: {told}");
    }
    let output = at("o.png");
    for (film, said) in [
        ("nope/f.gif", "Make the folder first"),
        ("full", "an empty one"),
        ("f.avi", ".gif"),
    ] {
        let more = ["--output", &output, "--film", &at(film)];
        let told = refused(&command("render", &pictures, &more));
        assert!(told.contains(said), "{film}: {told}");
    }
    let learn = ["brush", "learn", "--style", &pictures.style, "--output"];
    let told = refused(&[&learn[..], &[&at("nope/o.brush")]].concat());
    assert!(told.contains("Make the folder first"), "{told}");
    let export = ["brush", "export", "Divisionism", "--output"];
    let told = refused(&[&export[..], &[&at("nope/o.brush")]].concat());
    assert!(!Path::new(&at("nope")).exists(), "{told}");
    // Whatever was tried has left nothing behind.
    let mut left: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    left.sort();
    assert_eq!(left, ["a.png", "content.png", "full", "style.png"]);
}

#[test]
fn nothing_is_replaced_unasked_but_what_the_same_command_made() {
    let pictures = Pictures::new();
    let out = pictures.path("out.png");
    for name in ["render", "sheet", "stylize"] {
        fs::write(&out, b"precious").unwrap();
        let told = refused(&command(name, &pictures, &["--output", &out]));
        assert!(told.contains("--overwrite"), "{name}: {told}");
        assert_eq!(fs::read(&out).unwrap(), b"precious");
        let replaced = impasto(&command(
            name,
            &pictures,
            &["--output", &out, "--overwrite"],
        ));
        assert!(replaced.status.success(), "{}", text(&replaced.stderr));
        Picture::open(Path::new(&out)).unwrap();
        // A sheet does not remember how it was made.
        if name != "sheet" {
            let again = impasto(&command(name, &pictures, &["--output", &out]));
            assert!(again.status.success(), "{name}: {}", text(&again.stderr));
            let other = refused(&command(
                name,
                &pictures,
                &["--output", &out, "--fade", "7"],
            ));
            assert!(other.contains("--overwrite"), "{name}: {other}");
        }
    }
    fs::remove_file(&out).unwrap();
    let snapshot = pictures.path("out-000002.png");
    fs::write(&snapshot, b"precious").unwrap();
    let told = refused(&command(
        "render",
        &pictures,
        &["--output", &out, "--snapshot-every", "1"],
    ));
    assert!(told.contains("out-000002.png"), "{told}");
}

#[test]
fn no_picture_that_is_read_is_written_and_nothing_goes_to_one_place_twice() {
    let pictures = Pictures::new();
    let before = fs::read(&pictures.content).unwrap();
    for name in ["render", "sheet", "stylize"] {
        for input in [&pictures.content, &pictures.style] {
            let told = refused(&command(
                name,
                &pictures,
                &["--output", input, "--overwrite"],
            ));
            assert!(told.contains("would be lost"), "{name}: {told}");
        }
    }
    let folder = pictures.folder.path().to_str().unwrap();
    let told = refused(&[
        "stylize",
        "--content",
        folder,
        "--style",
        &pictures.style,
        "--output",
        folder,
        "--overwrite",
    ]);
    assert!(told.contains("would be lost"), "{told}");
    assert_eq!(fs::read(&pictures.content).unwrap(), before);
    let out = pictures.path("out.png");
    for film in [
        out.clone(),
        pictures.path("./out.png"),
        pictures.path("out-000001.png"),
    ] {
        let more = ["--output", &out, "--film", &film, "--snapshot-every", "1"];
        let told = refused(&command("render", &pictures, &more));
        assert!(told.contains("the film"), "{film}: {told}");
    }
    let inside = pictures.path("frames/out.png");
    fs::create_dir(pictures.path("frames")).unwrap();
    let more = ["--output", &inside, "--film", &pictures.path("frames")];
    let told = refused(&command("render", &pictures, &more));
    assert!(told.contains("the film"), "{told}");
}

#[test]
fn a_repetition_has_the_bits_and_the_quality_of_what_it_repeats() {
    let pictures = Pictures::new();
    let at = |name: &str| pictures.path(name);
    let deep = |name: &str| {
        let bytes = fs::read(at(name)).unwrap();
        // The depth stands behind the sides in a PNG's header.
        assert_eq!(&bytes[12..16], b"IHDR");
        bytes[24]
    };
    let run = |more: &[&str]| {
        let output = impasto(&command("render", &pictures, more));
        assert!(output.status.success(), "{}", text(&output.stderr));
    };
    let like = |from: &str, to: &str, more: &[&str]| {
        let (from, to) = (at(from), at(to));
        let output = impasto(&[&["render", "--like", &from, "--output", &to], more].concat());
        assert!(output.status.success(), "{}", text(&output.stderr));
    };
    run(&["--output", &at("a.png"), "--depth", "16"]);
    like("a.png", "b.png", &[]);
    assert_eq!((deep("a.png"), deep("b.png")), (16, 16));
    like("a.png", "c.png", &["--depth", "8"]);
    assert_eq!(deep("c.png"), 8);
    // No file of this format could hold them, and nobody asked for them.
    like("a.png", "d.jpg", &[]);
    run(&["--output", &at("a.jpg"), "--jpeg-quality", "20"]);
    like("a.jpg", "b.jpg", &[]);
    let tables = |name: &str| {
        let bytes = fs::read(at(name)).unwrap();
        let place = bytes.windows(2).position(|two| two == [0xff, 0xdb]);
        bytes[place.unwrap()..][..67].to_vec()
    };
    assert_eq!(tables("a.jpg"), tables("b.jpg"));
    assert_ne!(tables("a.jpg"), tables("d.jpg"));
    let saved = |name: &str| read_record(Path::new(&at(name))).unwrap().unwrap();
    assert!(
        saved("b.jpg").contains("\"jpeg_quality\":20"),
        "{}",
        saved("b.jpg")
    );
}

#[test]
fn a_film_lasts_as_long_as_it_was_asked_to() {
    let pictures = Pictures::new();
    let (out, film) = (pictures.path("out.png"), pictures.path("film.gif"));
    let more = ["--output", &out, "--film", &film, "--film-seconds", "20"];
    let output = impasto(&command("render", &pictures, &more));
    assert!(output.status.success(), "{}", text(&output.stderr));
    // Graphic control extensions hold a frame's time in hundredths of a second.
    let bytes = fs::read(&film).unwrap();
    let times: Vec<u64> = bytes
        .windows(8)
        .filter(|at| at[..3] == [0x21, 0xf9, 4] && at[7] == 0)
        .map(|at| u64::from(u16::from_le_bytes([at[4], at[5]])))
        .collect();
    let hundredths: u64 = times.iter().sum();
    assert!((1900..=2200).contains(&hundredths), "{times:?}");
}
