//! What is given to commands: names that a terminal would obey, paths that are no text, numbers out of
//! range, files that are none, variables that are misspelled.

#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "cli/support.rs"]
#[expect(dead_code, reason = "shared with the tests of the other commands")]
mod support;

use std::{fs, process::Command};

use support::*;
#[test]
fn what_a_terminal_would_obey_is_shown_escaped() {
    let pictures = Pictures::new();
    let hostile = "\u{1b}]0;gone\u{7}\u{202e}.png";
    for arguments in [
        vec![
            "render",
            "--content",
            hostile,
            "--style",
            "s.png",
            "--output",
            "o.png",
        ],
        vec!["render", hostile],
        vec!["brush", "show", hostile],
        vec![
            "stylize",
            "--content",
            &pictures.content,
            "--style",
            hostile,
            "--output",
            "o.png",
        ],
        vec!["presets", "--\u{1b}[31m"],
    ] {
        let told = refused(&arguments);
        let obeyed = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
        assert!(!told.contains(obeyed), "{told:?}");
    }
}

#[test]
fn numbers_of_hundreds_of_digits_are_told_in_short() {
    let pictures = Pictures::new();
    let huge = "9".repeat(300);
    for option in [
        "--steps",
        "--style-weight",
        "--threads",
        "--fade",
        "--size",
        "--seed",
    ] {
        let inputs = [
            "render",
            "--content",
            &pictures.content,
            "--style",
            &pictures.style,
        ];
        let told = refused(&[&inputs[..], &["--output", "o.png", option, &huge]].concat());
        assert!(told.len() < 300, "{option}: {told}");
    }
    let told = refused(&few(
        &pictures,
        &["--output", "o.png", "--tv-weight", "1e300"],
    ));
    assert!(told.contains("tv-weight: 1e300"), "{told}");
    for threads in ["0", "513", "1000000", "18446744073709551615"] {
        let told = refused(&few(
            &pictures,
            &["--output", "o.png", "--threads", threads],
        ));
        assert!(told.contains("from 1 to 512"), "{told}");
        // The window does not even open.
        let told = refused(&["--threads", threads]);
        assert!(told.contains("from 1 to 512"), "{told}");
    }
}

#[test]
fn a_file_with_an_equals_sign_is_told_by_its_whole_name() {
    let pictures = Pictures::new();
    let render = |style: &str| {
        let inputs = ["render", "--content", &pictures.content, "--style", style];
        refused(&[&inputs[..], &["--output", "o.png"]].concat())
    };
    assert!(render("missing=c.png").contains("cannot read missing=c.png"));
    assert!(render(&format!("{}=much", pictures.style)).contains("style strength: much"));
}

#[test]
fn a_misspelled_environment_is_told() {
    let run = |name: &str, value: &str| program().arg("presets").env(name, value).output().unwrap();
    let wrong = run("IMPASTO_ISA", "avx2x");
    assert_eq!(wrong.status.code(), Some(2));
    assert!(
        text(&wrong.stderr).contains("IMPASTO_ISA: avx2x")
            && text(&wrong.stderr).contains("portable")
    );
    let unknown = run("IMPASTO_IZA", "portable");
    assert_eq!(unknown.status.code(), Some(0));
    assert!(text(&unknown.stderr).contains("IMPASTO_IZA"));
    for (name, value) in [
        ("IMPASTO_ISA", ""),
        ("IMPASTO_ISA", "portable"),
        ("IMPASTO", "x"),
    ] {
        assert_eq!(text(&run(name, value).stderr), "", "{name}={value}");
    }
}

#[cfg(unix)]
#[test]
fn only_ordinary_files_are_read() {
    let pictures = Pictures::new();
    let pipe = pictures.path("pipe");
    assert!(
        Command::new("mkfifo")
            .arg(&pipe)
            .status()
            .unwrap()
            .success()
    );
    let brush = pictures.path("pipe.brush");
    assert!(
        Command::new("mkfifo")
            .arg(&brush)
            .status()
            .unwrap()
            .success()
    );
    for path in ["/dev/zero", &pipe] {
        for option in [
            "--weights",
            "--init",
            "--region",
            "--like",
            "--style-region",
            "--resume",
        ] {
            let told = refused(&few(&pictures, &["--output", "o.png", option, path]));
            let clear =
                told.contains("ordinary") || told.contains("remember") || told.contains("no file");
            assert!(clear, "{option} {path}: {told}");
        }
        refused(&[
            "compare",
            "--content",
            path,
            "--style",
            path,
            "--image",
            path,
        ]);
        refused(&["weights", "show", path]);
        refused(&["weights", "import", path]);
    }
    refused(&["brush", "show", &brush]);
    refused(&["brush", "import", &brush]);
}

#[cfg(target_os = "linux")]
#[test]
fn a_path_that_is_no_text_is_remembered_and_told() {
    use std::{ffi::OsString, os::unix::ffi::OsStringExt as _};
    let pictures = Pictures::new();
    let strange = |name: &[u8]| {
        let name = OsString::from_vec(name.to_vec());
        pictures.folder.path().join(name)
    };
    let (content, style) = (strange(b"l\xe4.png"), strange(b"s\xff.png"));
    fs::copy(&pictures.content, &content).unwrap();
    fs::copy(&pictures.style, &style).unwrap();
    let out = strange(b"o\xfc.png");
    let mut weighted = style.clone().into_os_string();
    weighted.push("=2");
    let run = |command: &mut Command| {
        let output = command.output().unwrap();
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    };
    let mut render = program();
    render
        .arg("render")
        .arg("--content")
        .arg(&content)
        .arg("--style")
        .arg(&weighted);
    render.arg("--init").arg(&style);
    run(render
        .args(["--size", "32", "--steps", "3", "--snapshot-every", "2"])
        .arg("--output")
        .arg(&out));
    assert!(strange(b"o\xfc-000002.png").exists());
    run(program().arg("render").arg("--like").arg(&out));
    assert!(strange(b"o\xfc-again.png").exists());
    let mut compare = program();
    compare
        .arg("compare")
        .arg("--json")
        .arg("--content")
        .arg(&content)
        .arg("--style")
        .arg(&style);
    let told = run(compare.arg("--image").arg(&content));
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    let image = told["image"].as_str().unwrap();
    assert!(
        image.starts_with("file://") && image.ends_with("/l%E4.png"),
        "{image}"
    );
    let mut stylize = program();
    stylize
        .arg("stylize")
        .arg("--json")
        .arg("--content")
        .arg(&content)
        .arg("--style")
        .arg(&style);
    let told = run(stylize.arg("--output").arg(pictures.path("painted/")));
    assert!(told.contains("l%E4.png"), "{told}");
    assert!(strange(b"painted/l\xe4.png").exists());
}

#[test]
fn nothing_to_improve_is_no_fault_and_no_null() {
    let pictures = Pictures::new();
    let out = pictures.path("out.png");
    let same = [
        "render",
        "--content",
        &pictures.content,
        "--style",
        &pictures.content,
    ];
    let settings = [
        "--preset",
        "neural-style-fast",
        "--init",
        "content",
        "--tv-weight",
        "0",
    ];
    let more = ["--size", "64", "--steps", "3", "--json", "--output", &out];
    let output = impasto(&[&same[..], &settings, &more].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    let told = text(&output.stdout);
    assert!(
        told.lines().count() == 3 && !told.contains("null"),
        "{told}"
    );
}
