//! Files and options with names of earlier versions: the British spelling of settings and presets.

use std::{fs, process::Command};

use impasto::{
    network::Normalization,
    settings::{
        AppSettings, ColorMode, InitialImage, LossScale, ThemeChoice, TransferSettings,
        UserPresets, preset,
    },
    transfer::Record,
};

const PRESET: &str = include_str!("preset.toml");
const RECORD: &str = include_str!("record.json");
const WINDOW: &str = include_str!("window.ron");

fn assert_read(settings: &TransferSettings, color: ColorMode) {
    let expected = TransferSettings {
        normalization: Normalization::Gatys,
        loss_scale: LossScale::Relative,
        initial_image: InitialImage::Recolored,
        color,
        style_weight: 20.0,
        size_px: settings.size_px,
        // Files from before these were there mean runs without them.
        learning_rate_end: 1.0,
        content_falloff: 0.0,
        finishing: 0.0,
        freedom: 0.0,
        ..TransferSettings::default()
    };
    assert_eq!(*settings, expected);
}

#[test]
fn a_saved_preset_is_read() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("evening.toml"), PRESET).unwrap();
    let presets = UserPresets::new(folder.path().to_owned()).list().unwrap();
    assert_eq!(presets.len(), 1);
    assert_read(&presets[0].settings, ColorMode::Recolor);
}

#[test]
fn a_record_and_its_changes_are_read() {
    let record = Record::from_json(RECORD).unwrap();
    assert_read(&record.settings, ColorMode::Luminance);
    let mut settings = record.history.begun_with.clone().unwrap();
    assert_eq!(settings.color, ColorMode::Style);
    let changes = record.history.changes.iter().map(|change| {
        *settings = change.applied_to(&settings);
        (change.after, settings.color)
    });
    assert_eq!(
        changes.collect::<Vec<_>>(),
        [
            (7, ColorMode::Style),
            (9, ColorMode::Recolor),
            (12, ColorMode::Luminance)
        ]
    );
    // No step depends on the finish: a repetition has that of the end from the start on.
    let (first, later) = record.stages();
    assert_eq!(first.color, ColorMode::Luminance);
    assert_eq!(first.normalization, Normalization::Gatys);
    let colors: Vec<_> = later.iter().map(|(after, s)| (*after, s.color)).collect();
    assert_eq!(
        colors,
        [
            (7, ColorMode::Luminance),
            (9, ColorMode::Recolor),
            (12, ColorMode::Luminance)
        ]
    );
}

/// What the window's storage gives it.
struct Stored;

impl eframe::Storage for Stored {
    fn get_string(&self, _key: &str) -> Option<String> {
        Some(WINDOW.to_owned())
    }

    fn set_string(&mut self, _key: &str, _value: String) {}

    fn remove_string(&mut self, _key: &str) {}

    fn flush(&mut self) {}
}

#[test]
fn what_the_window_remembers_is_read() {
    let stored: AppSettings = eframe::get_value(&Stored, "impasto").unwrap();
    let stored = stored.repaired();
    assert_read(&stored.transfer, ColorMode::Recolor);
    assert_eq!(stored.theme, ThemeChoice::Light);
    assert_eq!(stored.preset, "watercolor");
    assert!(stored.hint_seen);
}

#[test]
fn a_preset_is_found_by_its_old_name() {
    assert_eq!(preset("watercolour").unwrap().name, "watercolor");
}

#[test]
fn options_and_values_are_taken_in_both_spellings() {
    // All options are read before the missing picture is: exit code 2 with a word on the picture.
    for options in [
        "--colour recolour --normalisation gatys --init recoloured --preset watercolour",
        "--color recolor --normalization gatys --init recolored --preset watercolor",
    ] {
        let output = Command::new(env!("CARGO_BIN_EXE_impasto"))
            .args("render --content missing.png --style missing.png --output x.png".split(' '))
            .args(options.split(' '))
            .output()
            .unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains("missing.png"), "{options}: {said}");
    }
}
