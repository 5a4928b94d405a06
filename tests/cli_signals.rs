//! Signals, kills and lost folders: a run ends with a file, and goes on where it was.

#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[path = "cli/support.rs"]
#[expect(dead_code, reason = "shared with the tests of the other commands")]
mod support;

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use impasto::{
    pixels::{Picture, read_record},
    transfer::Record,
};

use support::*;

/// A run that takes longer than anybody waits.
const ENDLESS: &str = "100000";
/// Longest wait for anything.
const PATIENCE: Duration = Duration::from_mins(1);

fn program(pictures: &Pictures, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_impasto"));
    command
        .args(arguments)
        .current_dir(pictures.folder.path())
        .env("IMPASTO_ISA", "portable")
        .env("IMPASTO_BRUSH_DIR", pictures.path("brushes"))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill")
        .args([format!("-{name}"), child.id().to_string()])
        .status();
    assert!(sent.unwrap().success());
}

/// Reads lines of JSON until the step is there; answers what is left to read.
fn await_step(child: &mut Child, step: u64) -> BufReader<std::process::ChildStdout> {
    let mut lines = BufReader::new(child.stdout.take().unwrap());
    loop {
        let mut line = String::new();
        let told = lines.read_line(&mut line).unwrap() > 0;
        assert!(told, "the run ended before step {step}");
        let value: serde_json::Value = serde_json::from_str(&line).unwrap();
        if value["step"].as_u64().unwrap() >= step {
            return lines;
        }
    }
}

/// Exit code and complaint, the rest of its output read meanwhile.
fn end(mut child: Child, mut rest: impl std::io::Read) -> (Option<i32>, String) {
    rest.read_to_end(&mut Vec::new()).unwrap();
    let mut said = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut said)
        .unwrap();
    (child.wait().unwrap().code(), said)
}

fn await_file(path: &Path) {
    let begin = Instant::now();
    while !path.exists() {
        assert!(begin.elapsed() < PATIENCE, "{} never came", path.display());
        thread::sleep(Duration::from_millis(5));
    }
}

/// Whether this process was told to ignore a signal, as by `nohup`; its children are too.
fn is_ignored(number: u32) -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let mask = mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    mask.is_some_and(|mask| mask & (1 << (number - 1)) != 0)
}

const INPUTS: [&str; 5] = ["render", "--content", "content.png", "--style", "style.png"];

fn render<'a>(steps: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    let size = ["--size", "48", "--threads", "2", "--json", "--steps", steps];
    [&INPUTS[..], &size, more].concat()
}

#[test]
fn a_signal_saves_the_picture_so_far_and_says_so() {
    for (name, number, code) in [("INT", 2, 130), ("TERM", 15, 143), ("HUP", 1, 129)] {
        if is_ignored(number) {
            continue;
        }
        let pictures = Pictures::new();
        let arguments = render(ENDLESS, &["--output", "out.png"]);
        let mut child = program(&pictures, &arguments).spawn().unwrap();
        let rest = await_step(&mut child, 2);
        signal(&child, name);
        let (ended, said) = end(child, rest);
        assert_eq!(ended, Some(code), "{name}: {said}");
        let out = pictures.path("out.png");
        let picture = Picture::open(Path::new(&out)).unwrap().planes;
        let record = Record::from_json(&read_record(Path::new(&out)).unwrap().unwrap()).unwrap();
        assert!(record.step >= 2);
        let told = format!(
            "step {} of {ENDLESS} at {}x{} pixels",
            record.step, picture.width, picture.height
        );
        assert!(said.contains(&told), "{told}: {said}");
        // It says how to go on, and that is true.
        assert!(
            said.contains("--resume") && said.contains("out.png.impasto-checkpoint"),
            "{said}"
        );
        assert!(Path::new(&pictures.path("out.png.impasto-checkpoint")).exists());
    }
}

#[test]
fn a_second_signal_ends_the_program_at_once() {
    if is_ignored(2) {
        return;
    }
    let pictures = Pictures::new();
    let arguments = render(ENDLESS, &["--output", "out.png"]);
    let mut child = program(&pictures, &arguments).spawn().unwrap();
    let rest = await_step(&mut child, 1);
    // Both wait for it while it is stopped, so that no step comes between them.
    for name in ["STOP", "INT", "TERM", "CONT"] {
        signal(&child, name);
    }
    let (ended, said) = end(child, rest);
    assert!(matches!(ended, Some(130 | 143)), "{ended:?} {said}");
    assert!(
        said.is_empty() && !Path::new(&pictures.path("out.png")).exists(),
        "{said}"
    );
}

#[test]
fn sheets_and_brushes_are_saved_on_a_signal_too() {
    let pictures = Pictures::new();
    let sheet = [
        "sheet",
        "--content",
        "content.png",
        "--style",
        "style.png",
        "--output",
        "sheet.png",
        "--size",
        "32",
        "--steps",
        "4000",
        "--columns",
        "dial=20,40,60,80",
    ];
    let mut child = program(&pictures, &sheet).spawn().unwrap();
    // It says nothing on the way: some seconds from now it is at work, and sooner it says so.
    thread::sleep(Duration::from_secs(4));
    signal(&child, "TERM");
    let rest = child.stdout.take().unwrap();
    let (ended, said) = end(child, rest);
    assert_eq!(ended, Some(143), "{said}");
    let nothing = said.contains("nothing was painted yet");
    let holds = said.contains("of 4 pictures") && Path::new(&pictures.path("sheet.png")).exists();
    assert!(nothing || holds, "{said}");

    let learn = [
        "brush",
        "learn",
        "--style",
        "style.png",
        "--photos",
        "content.png",
        "--size",
        "64",
        "--steps",
        "9000",
        "--json",
        "--output",
        "mine.brush",
    ];
    let mut child = program(&pictures, &learn).spawn().unwrap();
    let rest = await_step(&mut child, 1);
    signal(&child, "TERM");
    let (ended, said) = end(child, rest);
    assert_eq!(ended, Some(143), "{said}");
    assert!(said.contains("was learnt for"), "{said}");
    let shown = program(&pictures, &["brush", "show", "mine.brush"])
        .output()
        .unwrap();
    assert!(shown.status.success());
}

#[test]
fn a_folder_that_goes_away_costs_no_picture() {
    let pictures = Pictures::new();
    let lost = PathBuf::from(pictures.path("lost"));
    fs::create_dir(&lost).unwrap();
    let steps = [
        "--output",
        "lost/out.png",
        "--snapshot-every",
        "20",
        "--checkpoint-every",
        "0.01",
    ];
    let mut child = program(&pictures, &render("60", &steps)).spawn().unwrap();
    let rest = await_step(&mut child, 2);
    // A checkpoint may be written to it meanwhile.
    while lost.exists() {
        drop(fs::remove_dir_all(&lost));
    }
    let (ended, said) = end(child, rest);
    assert_eq!(ended, Some(1), "{said}");
    assert!(
        said.contains("a snapshot is missing") && said.contains("saved as"),
        "{said}"
    );
    Picture::open(Path::new(&pictures.path("out.png"))).unwrap();
    assert!(!lost.exists());
}

fn files(pictures: &Pictures) -> Vec<String> {
    let entries = fs::read_dir(pictures.folder.path()).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_run_that_was_killed_goes_on_to_the_very_same_picture() {
    let pictures = Pictures::new();
    let pixels = |name: &str| {
        Picture::open(Path::new(&pictures.path(name)))
            .unwrap()
            .planes
            .data
    };
    let whole = program(&pictures, &render("48", &["--output", "whole.png"]))
        .output()
        .unwrap();
    assert!(whole.status.success(), "{}", text(&whole.stderr));
    let often = ["--output", "out.png", "--checkpoint-every", "0.001"];
    let checkpoint = PathBuf::from(pictures.path("out.png.impasto-checkpoint"));
    let mut child = program(&pictures, &render("48", &often)).spawn().unwrap();
    let rest = await_step(&mut child, 5);
    await_file(&checkpoint);
    child.kill().unwrap();
    end(child, rest);
    assert!(!Path::new(&pictures.path("out.png")).exists());
    // Nothing begins anew over it.
    let begun = program(&pictures, &render("48", &often)).output().unwrap();
    assert_eq!(begun.status.code(), Some(2));
    assert!(
        text(&begun.stderr).contains("--resume"),
        "{}",
        text(&begun.stderr)
    );
    // Nor does another run go on with it.
    let other = program(
        &pictures,
        &render("49", &[&often[..], &["--resume"]].concat()),
    );
    let other = { other }.output().unwrap();
    assert_eq!(other.status.code(), Some(2), "{}", text(&other.stderr));
    // By the same command, killed once more.
    let again = [&often[..], &["--resume"]].concat();
    let mut child = program(&pictures, &render("48", &again)).spawn().unwrap();
    let rest = await_step(&mut child, 10);
    child.kill().unwrap();
    end(child, rest);
    // By the checkpoint alone.
    let alone = ["render", "--resume", "out.png.impasto-checkpoint"];
    let done = program(&pictures, &alone).output().unwrap();
    assert!(done.status.success(), "{}", text(&done.stderr));
    assert!(text(&done.stderr).contains("going on after"));
    assert_eq!(pixels("out.png"), pixels("whole.png"));
    assert_eq!(
        files(&pictures),
        ["content.png", "out.png", "style.png", "whole.png"]
    );
}

#[test]
fn a_checkpoint_knows_snapshots_and_a_format_that_does_not_remember() {
    let pictures = Pictures::new();
    let arguments = render("30", &["--output", "out.bmp", "--snapshot-every", "9"]);
    let mut child = program(&pictures, &arguments).spawn().unwrap();
    let rest = await_step(&mut child, 3);
    signal(&child, "TERM");
    let (ended, said) = end(child, rest);
    assert!(ended == Some(143) || ended == Some(0), "{said}");
    // A BMP does not remember; the checkpoint does.
    let done = program(&pictures, &["render", "--resume", "--output", "out.bmp"])
        .output()
        .unwrap();
    if ended == Some(143) {
        assert!(done.status.success(), "{}", text(&done.stderr));
    }
    let expected = [
        "content.png",
        "out-000009.bmp",
        "out-000018.bmp",
        "out-000027.bmp",
        "out.bmp",
        "style.png",
    ];
    assert_eq!(files(&pictures), expected);
}

#[test]
fn what_is_no_checkpoint_is_told() {
    let pictures = Pictures::new();
    let run = |arguments: &[&str]| {
        let output = program(&pictures, arguments).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
        text(&output.stderr)
    };
    assert!(run(&["render", "--resume", "content.png"]).contains("checkpoint"));
    assert!(run(&["render", "--resume", "nowhere"]).contains("nowhere"));
    assert!(run(&["render", "--resume"]).contains("resume"));
    let wrong = render("3", &["--output", "o.png", "--checkpoint-every", "-1"]);
    run(&wrong);
}
