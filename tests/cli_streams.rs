//! Standard input and output, and pipes that close.

#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "cli/support.rs"]
#[expect(dead_code, reason = "shared with the tests of the other commands")]
mod support;

use std::{
    fs,
    io::{BufRead as _, BufReader, Write as _},
    path::Path,
    process::{Output, Stdio},
};

use impasto::pixels::Picture;

use support::*;

#[test]
fn a_reader_that_has_gone_costs_no_picture() {
    let pictures = Pictures::new();
    let out = pictures.path("out.png");
    let mut child = program()
        .args(few(&pictures, &["--json", "--output", &out]))
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    assert!(line.starts_with("{\"step\":1,"), "{line}");
    assert_eq!(child.wait().unwrap().code(), Some(0));
    Picture::open(Path::new(&out)).unwrap();
    // Nobody reads from the start, of neither.
    for arguments in [
        vec!["presets"],
        vec!["presets", "--json"],
        vec!["help", "render"],
    ] {
        let mut child = program()
            .args(&arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop((child.stdout.take(), child.stderr.take()));
        assert_eq!(child.wait().unwrap().code(), Some(0), "{arguments:?}");
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_behind_standard_output_costs_no_picture_and_is_told() {
    let pictures = Pictures::new();
    let out = pictures.path("out.png");
    let full = fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let output = program()
        .args(few(&pictures, &["--json", "--output", &out]))
        .stdout(full)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("standard output"));
    Picture::open(Path::new(&out)).unwrap();
}

fn with_input(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = program()
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A program that refuses reads nothing.
    drop(child.stdin.take().unwrap().write_all(input));
    child.wait_with_output().unwrap()
}

#[test]
fn a_dash_is_standard_input_and_output() {
    let pictures = Pictures::new();
    let content = fs::read(&pictures.content).unwrap();
    let style = ["--style", &pictures.style, "--size", "32"];
    for (command, output, magic) in [
        ("render", "-", &b"\x89PNG"[..]),
        ("render", "jpg:-", b"\xff\xd8\xff"),
        ("stylize", "-", b"\x89PNG"),
        ("stylize", "tif:-", b"II"),
    ] {
        let steps: &[&str] = if command == "render" {
            &["--steps", "3"]
        } else {
            &[]
        };
        let all = [
            &[command, "--content", "-", "--output", output],
            &style[..],
            steps,
        ]
        .concat();
        let done = with_input(&all, &content);
        assert!(done.status.success(), "{}", text(&done.stderr));
        assert!(done.stdout.starts_with(magic), "{command} {output}");
        let picture = Picture::from_bytes(&done.stdout, "out").unwrap();
        assert_eq!(picture.planes.width, 32);
    }
    for wrong in [
        &[
            "render",
            "--content",
            "-",
            "--style",
            "-",
            "--output",
            "o.png",
        ][..],
        &[
            "render",
            "--content",
            "-",
            "--style",
            "s",
            "--output",
            "-",
            "--json",
        ],
        &[
            "render",
            "--content",
            "-",
            "--style",
            "s",
            "--output",
            "xyz:-",
        ],
        &[
            "stylize",
            "--content",
            "a",
            "b",
            "--style",
            "s",
            "--output",
            "-",
        ],
        &["render", "--like", "-", "--output", "o.png"],
    ] {
        let done = with_input(wrong, &content);
        assert_eq!(
            done.status.code(),
            Some(2),
            "{wrong:?}: {}",
            text(&done.stderr)
        );
        assert!(done.stdout.is_empty());
    }
}
