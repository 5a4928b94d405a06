//! Saving pictures: what is written comes back, remembers its record, and appears whole or not at
//! all.

#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

use std::{fs, path::Path};

use impasto::{
    error::Error,
    pixels::{
        BitDepth, Picture, Planes, SAVE_EXTENSIONS, SaveFormat, SaveOptions, read_record,
        record_fits, save,
    },
};

const RECORD: &str = "{\"style\": \"北斎 <Great Wave> & 'Söhne'\", \"steps\": [1, 2]}\n";

/// 17 by 11 pixels, all different.
fn planes() -> Planes {
    let mut planes = Planes::filled(17, 11, [0.0; 3]);
    for (at, value) in planes.data.iter_mut().enumerate() {
        *value = (at as f32 * 0.618_034).fract();
    }
    planes
}

/// Something can be seen of every pixel: others have no color of their own.
fn alpha() -> Vec<f32> {
    (28..28 + 17 * 11u8)
        .map(|at| f32::from(at) / 214.0)
        .collect()
}

fn deep() -> SaveOptions {
    SaveOptions {
        bit_depth: BitDepth::Sixteen,
        ..SaveOptions::default()
    }
}

fn remembering() -> SaveOptions {
    SaveOptions {
        record: Some(RECORD.to_owned()),
        ..SaveOptions::default()
    }
}

fn largest_difference(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    a.iter()
        .zip(b)
        .map(|(a, b)| (a - b).abs())
        .fold(0.0, f32::max)
}

#[test]
fn lossless_formats_give_back_what_was_saved() {
    let folder = tempfile::tempdir().unwrap();
    let (planes, alpha) = (planes(), alpha());
    let cases = [
        ("a.png", SaveOptions::default(), 255.0),
        ("b.PNG", deep(), 65535.0),
        ("c.webp", SaveOptions::default(), 255.0),
        ("d.tif", SaveOptions::default(), 255.0),
        ("e.tiff", deep(), 65535.0),
        ("f.bmp", SaveOptions::default(), 255.0),
    ];
    for (name, options, steps) in cases {
        for record in [None, Some(RECORD.to_owned())] {
            for alpha in [None, Some(alpha.as_slice())] {
                let path = folder.path().join(name);
                let options = SaveOptions {
                    record: record.clone(),
                    ..options.clone()
                };
                save(&path, &planes, alpha, &options).unwrap();
                let back = Picture::open(&path).unwrap();
                let half_a_step = 0.5001 / steps;
                assert!(
                    largest_difference(&planes.data, &back.planes.data) <= half_a_step,
                    "{name}"
                );
                assert_eq!(back.alpha.is_some(), alpha.is_some(), "{name}");
                if let (Some(alpha), Some(back)) = (alpha, back.alpha) {
                    assert!(largest_difference(alpha, &back) <= half_a_step, "{name}");
                }
            }
        }
    }
}

#[test]
fn saving_what_was_opened_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.png", "a.webp", "a.tif", "a.bmp"] {
        let path = folder.path().join(name);
        save(&path, &planes(), Some(&alpha()), &SaveOptions::default()).unwrap();
        let first = Picture::open(&path).unwrap();
        save(
            &path,
            &first.planes,
            first.alpha.as_deref(),
            &SaveOptions::default(),
        )
        .unwrap();
        let second = Picture::open(&path).unwrap();
        assert_eq!(first.planes, second.planes);
        assert_eq!(first.alpha, second.alpha);
    }
}

#[test]
fn jpeg_is_close_and_lays_alpha_on_white() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.jpg");
    let orange = Planes::filled(32, 32, [1.0, 0.5, 0.0]);
    let options = SaveOptions {
        jpeg_quality: 100,
        ..remembering()
    };
    save(&path, &orange, None, &options).unwrap();
    let back = Picture::open(&path).unwrap();
    assert!(largest_difference(&orange.data, &back.planes.data) < 0.02);
    save(&path, &orange, Some(&[0.5; 32 * 32]), &options).unwrap();
    let back = Picture::open(&path).unwrap();
    let pale = Planes::filled(32, 32, [1.0, 0.75, 0.5]);
    assert!(largest_difference(&pale.data, &back.planes.data) < 0.02);
    assert_eq!(back.alpha, None);
}

#[test]
fn jpeg_quality_decides_about_the_size() {
    let folder = tempfile::tempdir().unwrap();
    let size_at = |jpeg_quality| {
        let path = folder.path().join("a.jpg");
        let options = SaveOptions {
            jpeg_quality,
            ..SaveOptions::default()
        };
        save(&path, &planes(), None, &options).unwrap();
        fs::metadata(&path).unwrap().len()
    };
    assert!(size_at(10) < size_at(90));
    assert_eq!(size_at(0), size_at(1));
    assert_eq!(size_at(255), size_at(100));
}

#[test]
fn opaque_alpha_is_left_out_and_values_outside_are_clamped() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.png");
    let wild = Planes {
        width: 1,
        height: 1,
        data: vec![-3.0, 7.0, f32::NAN],
    };
    save(&path, &wild, Some(&[1.0]), &SaveOptions::default()).unwrap();
    let back = Picture::open(&path).unwrap();
    assert_eq!(back.planes.data, [0.0, 1.0, 0.0]);
    assert_eq!(back.alpha, None);
}

#[test]
fn pictures_remember_their_record() {
    let folder = tempfile::tempdir().unwrap();
    for extension in SAVE_EXTENSIONS {
        for options in [
            remembering(),
            SaveOptions {
                record: Some(RECORD.to_owned()),
                ..deep()
            },
        ] {
            for alpha in [None, Some(alpha())] {
                let path = folder.path().join(format!("a.{extension}"));
                save(&path, &planes(), alpha.as_deref(), &options).unwrap();
                let remembers = SaveFormat::from_path(&path).unwrap().remembers();
                let expected = remembers.then_some(RECORD);
                assert_eq!(
                    read_record(&path).unwrap().as_deref(),
                    expected,
                    "{extension}"
                );
                assert!(Picture::open(&path).is_ok());
            }
        }
    }
}

#[test]
fn other_pictures_have_no_record() {
    let fixtures = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    for entry in fs::read_dir(&fixtures).unwrap() {
        assert_eq!(read_record(&entry.unwrap().path()).unwrap(), None);
    }
    assert_eq!(read_record(&fixtures).ok().flatten(), None);
    assert!(read_record(&fixtures.join("missing.png")).is_err());
}

#[test]
fn a_record_that_does_not_fit_costs_no_picture() {
    let folder = tempfile::tempdir().unwrap();
    let long = |length| SaveOptions {
        record: Some("x".repeat(length)),
        ..SaveOptions::default()
    };
    for extension in ["jpg", "png", "webp", "tif"] {
        let path = folder.path().join(format!("a.{extension}"));
        save(&path, &planes(), None, &long(70_000)).unwrap();
        assert_eq!(read_record(&path).unwrap().unwrap().len(), 70_000);
        assert!(!record_fits(&"x".repeat(2_000_000)));
        save(&path, &planes(), None, &long(2_000_000)).unwrap();
        assert_eq!(read_record(&path).unwrap(), None);
        assert!(Picture::open(&path).is_ok());
    }
}

#[test]
fn unknown_extensions_name_the_known_ones() {
    for name in ["a.gif", "a.heic", "a", "a."] {
        let error = save(Path::new(name), &planes(), None, &SaveOptions::default()).unwrap_err();
        assert!(matches!(error, Error::Setting { .. }));
        for extension in SAVE_EXTENSIONS {
            assert!(error.to_string().contains(extension), "{error}");
        }
    }
}

fn names_in(folder: &Path) -> Vec<String> {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect()
}

#[test]
fn failing_leaves_nothing_and_succeeding_only_the_picture() {
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("not there").join("a.png");
    let error = save(&missing, &planes(), None, &SaveOptions::default()).unwrap_err();
    assert!(
        error.to_string().contains("Make the folder first"),
        "{error}"
    );

    let taken = folder.path().join("folder.png");
    fs::create_dir(&taken).unwrap();
    let error = save(&taken, &planes(), None, &SaveOptions::default()).unwrap_err();
    assert!(error.to_string().contains("another name"), "{error}");
    assert_eq!(names_in(folder.path()), ["folder.png"]);
    fs::remove_dir(&taken).unwrap();

    // The temporary file can be written, and renaming it fails.
    let long = folder.path().join(format!("{}.png", "x".repeat(300)));
    assert!(save(&long, &planes(), None, &SaveOptions::default()).is_err());
    assert!(names_in(folder.path()).is_empty());

    let path = folder.path().join("a.png");
    fs::write(&path, "what was there before").unwrap();
    save(&path, &planes(), None, &SaveOptions::default()).unwrap();
    assert_eq!(names_in(folder.path()), ["a.png"]);
    assert!(Picture::open(&path).is_ok());
}

#[cfg(unix)]
#[test]
fn read_only_folders_are_refused_and_links_stay_links() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let folder = tempfile::tempdir().unwrap();
    let locked = folder.path().join("locked");
    fs::create_dir(&locked).unwrap();
    fs::set_permissions(&locked, fs::Permissions::from_mode(0o500)).unwrap();
    let path = locked.join("a.png");
    // An administrator may write everywhere.
    if fs::write(locked.join("probe"), "").is_err() {
        let error = save(&path, &planes(), None, &SaveOptions::default()).unwrap_err();
        assert!(error.to_string().contains("may write"), "{error}");
    }
    let (real, link) = (
        folder.path().join("real.png"),
        folder.path().join("link.png"),
    );
    fs::write(&real, "").unwrap();
    symlink(&real, &link).unwrap();
    save(&link, &planes(), None, &SaveOptions::default()).unwrap();
    assert!(link.is_symlink());
    assert!(Picture::open(&real).is_ok());
}
