//! Pictures that remember how they were made, and `impasto render --like`, as a user of a shell
//! meets them.

#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

use std::{
    fs,
    path::PathBuf,
    process::{Command, Output},
};

use impasto::{
    pixels::{Picture, SaveOptions, read_record, save},
    settings::ColorMode,
    transfer::Record,
};

/// A folder with content (64 x 48) and style (50 x 60).
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        let folder = Self(tempfile::tempdir().unwrap());
        folder.picture("content.png", (64, 48), |x, y| {
            if (x - 0.4).hypot(y - 0.5) < 0.25 {
                [0.9, 0.6, 0.3, 1.0]
            } else {
                [0.3 + 0.4 * y, 0.4, 0.5, 1.0]
            }
        });
        folder.picture("style.png", (50, 60), |x, y| {
            let wave = 0.5 + 0.5 * (60.0 * (x + 0.3 * (9.0 * y).sin())).sin();
            [0.1, 0.2 + 0.5 * wave, 0.4 + 0.6 * wave, 1.0]
        });
        folder
    }

    fn picture(&self, name: &str, (width, height): (usize, usize), rgba: fn(f32, f32) -> [f32; 4]) {
        let bytes: Vec<u8> = (0..width * height)
            .flat_map(|i| {
                let (x, y) = (i % width, i / width);
                let values = rgba(x as f32 / width as f32, y as f32 / height as f32);
                values.map(|value| (value * 255.0).round() as u8)
            })
            .collect();
        let picture = Picture::from_rgba8(width, height, &bytes, name).unwrap();
        let alpha = picture.alpha.as_deref();
        save(
            &self.path(name),
            &picture.planes,
            alpha,
            &SaveOptions::default(),
        )
        .unwrap();
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// `impasto render` in the folder, on the portable path.
    fn render(&self, arguments: &str) -> Output {
        Command::new(env!("CARGO_BIN_EXE_impasto"))
            .current_dir(self.0.path())
            .env("IMPASTO_ISA", "portable")
            .arg("render")
            .args(arguments.split_whitespace())
            .output()
            .unwrap()
    }

    fn rendered(&self, arguments: &str) -> String {
        let output = self.render(arguments);
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(output.status.success(), "{arguments}: {said}");
        said
    }

    fn refused(&self, arguments: &str) -> String {
        let output = self.render(arguments);
        let said = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(2), "{arguments}: {said}");
        said
    }

    fn pixels(&self, name: &str) -> Vec<f32> {
        Picture::open(&self.path(name)).unwrap().planes.data
    }

    fn record(&self, name: &str) -> Record {
        let text = read_record(&self.path(name)).unwrap().unwrap();
        Record::from_json(&text).unwrap()
    }
}

const PAINT: &str = "--content content.png --style style.png --steps 6 --threads 2";

#[test]
fn every_format_that_remembers_is_repeated_to_the_pixel() {
    let folder = Folder::new();
    for extension in ["png", "jpg", "webp", "tif"] {
        let name = format!("a.{extension}");
        folder.rendered(&format!(
            "{PAINT} --dial 71 --style-scale 0.8 --output {name}"
        ));
        let said = folder.rendered(&format!("--like {name} --output b.{extension}"));
        assert_eq!(said, "");
        let again = format!("b.{extension}");
        assert_eq!(folder.pixels(&name), folder.pixels(&again), "{extension}");
        let (first, second) = (folder.record(&name), folder.record(&again));
        assert_eq!(first.settings, second.settings);
        assert_eq!(first.settings.style_scale, 0.8);
        assert_eq!((first.step, first.computed.threads), (6, 2));
        assert_eq!(first.computed, second.computed);
        assert_eq!(first.styles, second.styles);
        assert_eq!(first.content.path, Some(folder.path("content.png")));
        assert_eq!(first.computed.device, "cpu portable");
        assert_eq!(first.computed.weights_sha256.len(), 64);
    }
}

#[test]
fn a_moment_on_the_way_is_repeated_too() {
    let folder = Folder::new();
    folder.rendered(&format!("{PAINT} --snapshot-every 4 --output a.png"));
    assert_eq!(folder.record("a-000004.png").step, 4);
    folder.rendered("--like a-000004.png --output b.png");
    assert_eq!(folder.pixels("a-000004.png"), folder.pixels("b.png"));
    assert_ne!(folder.pixels("a.png"), folder.pixels("b.png"));
}

#[test]
fn options_override_what_is_remembered_and_the_output_has_a_default() {
    let folder = Folder::new();
    folder.rendered(&format!("{PAINT} --dial 71 --output a.png"));
    folder.rendered("--like a.png --steps 3 --size 40");
    folder.rendered("--like a.png --steps 3");
    let again = folder.record("a-again.png");
    assert_eq!((again.step, again.settings.size_px), (3, Some(40)));
    assert_eq!(
        again.settings.style_weight,
        folder.record("a.png").settings.style_weight
    );
    assert_eq!(folder.record("a-again-2.png").settings.size_px, None);
}

#[test]
fn regions_strengths_and_the_first_picture_are_remembered() {
    let folder = Folder::new();
    folder.picture("left.png", (64, 48), |x, _| {
        let inside = f32::from(u8::from(x < 0.5));
        [inside, inside, inside, 1.0]
    });
    let styles = "--style style.png=2 --style content.png --region left.png --region all";
    folder.rendered(&format!(
        "--content content.png {styles} --init style.png --steps 4 --output a.png"
    ));
    let record = folder.record("a.png");
    assert_eq!(record.styles[0].strength, 2.0);
    assert_eq!(record.styles[0].region.as_ref().unwrap().name, "left.png");
    assert_eq!(record.initial.as_ref().unwrap().name, "style.png");
    folder.rendered("--like a.png --output b.png");
    assert_eq!(folder.pixels("a.png"), folder.pixels("b.png"));
}

#[test]
fn inputs_are_found_beside_the_picture_and_missed_by_name() {
    let folder = Folder::new();
    folder.rendered(&format!("{PAINT} --output a.png"));
    let moved = folder.path("moved");
    fs::create_dir(&moved).unwrap();
    for name in ["a.png", "content.png", "style.png"] {
        fs::rename(folder.path(name), moved.join(name)).unwrap();
    }
    assert_eq!(folder.rendered("--like moved/a.png --output b.png"), "");
    assert_eq!(folder.pixels("moved/a.png"), folder.pixels("b.png"));
    fs::remove_file(moved.join("style.png")).unwrap();
    let said = folder.refused("--like moved/a.png --output c.png");
    assert!(
        said.contains("style.png") && said.contains("--style"),
        "{said}"
    );
    // Another picture at the old place is taken, and that is said.
    fs::copy(moved.join("content.png"), folder.path("style.png")).unwrap();
    let said = folder.rendered("--like moved/a.png --output c.png");
    assert!(said.contains("style.png has changed"), "{said}");
}

#[test]
fn what_is_not_remembered_is_explained() {
    let folder = Folder::new();
    folder.rendered(&format!("{PAINT} --no-record --output a.png"));
    assert_eq!(read_record(&folder.path("a.png")).unwrap(), None);
    let said = folder.refused("--like a.png");
    assert!(said.contains("does not remember"), "{said}");
    let said = folder.refused("--like nowhere.png");
    assert!(said.contains("nowhere.png"), "{said}");
}

#[test]
fn depth_quality_profile_and_alpha_are_as_asked_for() {
    let folder = Folder::new();
    folder.picture("content.png", (64, 48), |x, y| [x, y, 0.5, y]);
    for name in ["a.png", "a.tif"] {
        folder.rendered(&format!("{PAINT} --depth 16 --output {name}"));
        let deep = folder.pixels(name);
        let steps = |value: &f32| (value * 255.0 - (value * 255.0).round()).abs();
        assert!(deep.iter().any(|value| steps(value) > 0.1), "{name}");
        let picture = Picture::open(&folder.path(name)).unwrap();
        let alpha = picture.alpha.unwrap();
        assert!(alpha[..64].iter().sum::<f32>() < 1.0 && alpha[47 * 64] > 0.9);
        assert_eq!(folder.record(name).step, 6);
    }
    for (name, said) in [("a.jpg", "16"), ("a.webp", ".png")] {
        let complaint = folder.refused(&format!("{PAINT} --depth 16 --output {name}"));
        assert!(complaint.contains(said), "{complaint}");
    }
    folder.refused(&format!("{PAINT} --depth 12 --output a.png"));
    folder.refused(&format!("{PAINT} --jpeg-quality 0 --output a.jpg"));
    folder.rendered(&format!("{PAINT} --jpeg-quality 30 --output low.jpg"));
    folder.rendered(&format!("{PAINT} --output high.jpg"));
    let size = |name| fs::metadata(folder.path(name)).unwrap().len();
    assert!(size("low.jpg") < size("high.jpg"));
    for name in ["a.tif", "high.jpg"] {
        let bytes = fs::read(folder.path(name)).unwrap();
        let profile = bytes.windows(4).any(|word| word == b"acsp");
        assert!(profile, "{name} has no color profile");
    }
    let png = fs::read(folder.path("a.png")).unwrap();
    assert!(png.windows(4).any(|word| word == b"sRGB"));
}

#[test]
fn the_finish_is_remembered_and_can_be_another() {
    let folder = Folder::new();
    folder.rendered(&format!("{PAINT} --color hues --fade 25 --output a.png"));
    let settings = folder.record("a.png").settings;
    assert_eq!((settings.color, settings.fade), (ColorMode::Hues, 0.25));
    folder.rendered("--like a.png --output b.png");
    assert_eq!(folder.pixels("a.png"), folder.pixels("b.png"));
    folder.rendered("--like a.png --fade 100 --output c.png");
    assert_eq!(folder.pixels("c.png"), folder.pixels("content.png"));
    folder.rendered("--like a.png --fade 0 --color style --output d.png");
    folder.rendered(&format!("{PAINT} --output e.png"));
    assert_eq!(folder.pixels("d.png"), folder.pixels("e.png"));
    assert_ne!(folder.pixels("a.png"), folder.pixels("e.png"));
    for wrong in ["-1", "100.5", "NaN"] {
        let said = folder.refused(&format!("{PAINT} --fade={wrong} --output f.png"));
        let clear = said.contains("fade") && said.contains("0 to 100");
        assert!(clear && !folder.path("f.png").exists(), "{said}");
    }
}

#[test]
fn a_run_leaves_its_film() {
    let folder = Folder::new();
    folder.rendered(&format!(
        "{PAINT} --output a.png --film a.gif --film-seconds 2"
    ));
    folder.rendered(&format!(
        "{PAINT} --output a.png --film frames --film-size 32"
    ));
    assert_eq!(
        Picture::open(&folder.path("a.gif")).unwrap().planes.width,
        64
    );
    let frames = fs::read_dir(folder.path("frames")).unwrap().count();
    assert!((2..=6).contains(&frames), "{frames}");
    let first = Picture::open(&folder.path("frames/frame-00001.png")).unwrap();
    assert_eq!(first.planes.width, 32);
    let said = folder.refused(&format!("{PAINT} --output a.png --film a.avi"));
    assert!(said.contains(".gif"), "{said}");
    let said = folder.refused(&format!(
        "{PAINT} --output a.png --film a.gif --film-seconds 0"
    ));
    assert!(said.contains("film-seconds"), "{said}");
}
