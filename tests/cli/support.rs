//! Running the program, and pictures for it.

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

use impasto::pixels::{Picture, SaveOptions, save};
use serde_json::Value;

pub(crate) fn impasto(arguments: &[&str]) -> Output {
    program().args(arguments).output().unwrap()
}

pub(crate) fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Runs the program, which must succeed, and reads each line of its output as JSON.
pub(crate) fn json(arguments: &[&str]) -> Vec<Value> {
    let output = impasto(arguments);
    assert!(output.status.success(), "{}", text(&output.stderr));
    let lines = text(&output.stdout);
    lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

/// Runs the program, which must refuse its input; returns what it says.
pub(crate) fn refused(arguments: &[&str]) -> String {
    let output = impasto(arguments);
    let complaint = text(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{complaint}");
    assert_eq!(text(&output.stdout), "");
    complaint
}

/// A picture file of `width` by `height` pixels, colored by a function of x and y in 0..1.
pub(crate) fn picture(
    folder: &Path,
    name: &str,
    sides: (usize, usize),
    rgb: fn(f32, f32) -> [f32; 3],
) -> PathBuf {
    let (width, height) = sides;
    let rgba: Vec<u8> = (0..width * height)
        .flat_map(|i| {
            let (x, y) = (i % width, i / width);
            let [r, g, b] = rgb(x as f32 / width as f32, y as f32 / height as f32);
            [r, g, b, 1.0].map(|value| (value * 255.0).round() as u8)
        })
        .collect();
    let picture = Picture::from_rgba8(width, height, &rgba, name).unwrap();
    let path = folder.join(name);
    save(&path, &picture.planes, None, &SaveOptions::default()).unwrap();
    path
}

/// A disc before a slope of gray.
pub(crate) fn scene(x: f32, y: f32) -> [f32; 3] {
    if (x - 0.4).hypot(y - 0.5) < 0.25 {
        [0.9, 0.6, 0.3]
    } else {
        [0.3 + 0.4 * y; 3]
    }
}

/// Blue waves.
pub(crate) fn waves(x: f32, y: f32) -> [f32; 3] {
    let wave = 0.5 + 0.5 * (60.0 * (x + 0.3 * (9.0 * y).sin())).sin();
    [0.1, 0.2 + 0.5 * wave, 0.4 + 0.6 * wave]
}

/// A folder with content (64 x 48) and style (50 x 60).
pub(crate) struct Pictures {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) content: String,
    pub(crate) style: String,
}

impl Pictures {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let name = |path: PathBuf| path.to_str().unwrap().to_owned();
        Self {
            content: name(picture(folder.path(), "content.png", (64, 48), scene)),
            style: name(picture(folder.path(), "style.png", (50, 60), waves)),
            folder,
        }
    }

    pub(crate) fn path(&self, name: &str) -> String {
        self.folder.path().join(name).to_str().unwrap().to_owned()
    }
}

pub(crate) fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

/// The program.
pub(crate) fn program() -> Command {
    Command::new(env!("CARGO_BIN_EXE_impasto"))
}

/// A short run on the pictures, with more arguments.
pub(crate) fn few<'a>(pictures: &'a Pictures, more: &[&'a str]) -> Vec<&'a str> {
    let inputs = [
        "render",
        "--content",
        &pictures.content,
        "--style",
        &pictures.style,
    ];
    let size = ["--size", "32", "--steps", "6"];
    [&inputs[..], &size, more].concat()
}
