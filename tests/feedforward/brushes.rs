//! Brushes: files, the folder, and that learning learns.

use std::{collections::BTreeSet, fs, sync::Arc};

use impasto::{
    feedforward::{Brush, BrushFolder, BrushRecord, Norms, built_in, paint_blend},
    pixels::Picture,
    transfer::{Compute, Learner, Lesson},
};

use super::{file, planes};

fn brush(name: &str) -> Brush {
    Brush {
        name: name.to_owned(),
        norms: Norms::of_picture(&planes("content_96x64.png")).unwrap(),
        preview: vec![1, 2, 3],
        record: BrushRecord {
            style: "cat.png".to_owned(),
            steps: 7,
            style_loss: Some([0.5, 0.25]),
            ..BrushRecord::default()
        },
    }
}

#[test]
fn a_brush_survives_its_file() {
    let known = brush("Some name");
    let bytes = known.to_bytes().unwrap();
    assert_eq!(Brush::from_bytes(&bytes, "x").unwrap(), known);
    assert_eq!(known.digest().len(), 64);
    assert_ne!(known.digest(), built_in().unwrap()[0].digest());
}

#[test]
fn damaged_files_are_refused_with_their_name() {
    let bytes = brush("Some name").to_bytes().unwrap();
    for damaged in [
        &bytes[..0],
        &bytes[..7],
        &bytes[..bytes.len() / 2],
        b"no brush at all",
    ] {
        let words = Brush::from_bytes(damaged, "a.brush")
            .unwrap_err()
            .to_string();
        assert!(words.contains("a.brush"), "{words}");
    }
    // A safetensors file of something else.
    let other = fs::read(file("expected.safetensors")).unwrap();
    assert!(Brush::from_bytes(&other, "other").is_err());
    let folder = tempfile::tempdir().unwrap();
    let large = folder.path().join("large.brush");
    fs::write(&large, vec![0; 5 << 20]).unwrap();
    assert!(
        Brush::open(&large)
            .unwrap_err()
            .to_string()
            .contains("more than")
    );
}

#[test]
fn the_folder_keeps_finds_lists_and_removes() {
    let place = tempfile::tempdir().unwrap();
    let folder = BrushFolder::at(place.path().join("brushes"));
    assert!(folder.list().unwrap().is_empty());
    let mine = brush("Mine & yours");
    let path = folder.keep(&mine, false).unwrap();
    assert_eq!(folder.find("Mine & yours").unwrap(), mine);
    assert_eq!(folder.find_or_open(path.to_str().unwrap()).unwrap(), mine);
    assert!(
        folder
            .keep(&mine, false)
            .unwrap_err()
            .to_string()
            .contains("--overwrite")
    );
    folder.keep(&mine, true).unwrap();
    fs::write(folder.path().join("broken.brush"), b"x").unwrap();
    let list = folder.list().unwrap();
    assert_eq!(list.len(), 2);
    assert!(list[0].1.is_ok() && list[1].1.is_err());
    folder.remove("Mine & yours").unwrap();
    assert!(folder.find("Mine & yours").is_err());
    assert!(folder.remove("Mine & yours").is_err());
    for name in ["", "../escape", "a/b", ".hidden", "a\\b", "nul\0"] {
        assert!(folder.keep(&brush(name), true).is_err(), "{name}");
    }
    let inside = built_in().unwrap();
    assert!(folder.keep(&brush(&inside[0].name), true).is_err());
    assert_eq!(folder.find(&inside[0].name).unwrap(), inside[0]);
}

#[test]
fn brushes_inside_the_program_differ_in_name_and_look() {
    let inside = built_in().unwrap();
    assert_eq!(inside.len(), 22);
    let names: BTreeSet<_> = inside
        .iter()
        .map(|brush| brush.name.to_lowercase())
        .collect();
    let looks: BTreeSet<_> = inside.iter().map(Brush::digest).collect();
    assert_eq!((names.len(), looks.len()), (22, 22));
}

#[test]
fn brushes_of_both_networks_blend() {
    let content = planes("content_96x64.png");
    let (own, fixed) = (brush("a").norms, built_in().unwrap()[0].norms.clone());
    let never = || -> impasto::error::Result<Norms> { panic!("at full strength it is not asked") };
    let paint = |styles: &[(&Norms, f64)]| paint_blend(&content, styles, 1.0, never).unwrap();
    let (one, other) = (paint(&[(&own, 1.0)]), paint(&[(&fixed, 5.0)]));
    let both = paint(&[(&own, 3.0), (&fixed, 1.0)]);
    for ((a, b), found) in one.data.iter().zip(&other.data).zip(&both.data) {
        assert!((0.75 * a + 0.25 * b - found).abs() < 1e-5);
    }
    // The fixed styles fade to the content image.
    let none = paint_blend(&content, &[(&fixed, 1.0)], 0.0, never).unwrap();
    assert_eq!(none, content);
    assert!(paint_blend(&content, &[], 1.0, never).is_err());
    assert!(paint_blend(&content, &[(&own, 0.0)], 1.0, never).is_err());
}

#[test]
fn a_lesson_brings_the_brush_nearer_to_its_painting() {
    let open = |name: &str| Arc::new(Picture::open(&file(name)).unwrap());
    let compute = Compute::new(Some(2)).unwrap();
    let lesson = Lesson {
        style: open("style_starry_night_256.png"),
        photographs: vec![open("content_96x64.png"), open("content_75x53.png")],
        steps: 15,
        size_px: 96,
        dial: 0.5,
    };
    let mut learner = Learner::new(&compute, lesson.clone()).unwrap();
    let begin = learner.brush(&compute, "begin").unwrap();
    assert_eq!(
        begin.norms,
        Norms::of_picture(&lesson.style.planes).unwrap()
    );
    let mut losses = Vec::new();
    while !learner.finished() {
        losses.push(learner.step(&compute).unwrap().style_loss);
    }
    assert_eq!(losses.len(), 15);
    assert!(losses[14] < 0.8 * losses[0], "{losses:?}");
    let brush = learner.brush(&compute, "end").unwrap();
    assert_eq!(brush.record.style_loss, Some([losses[0], losses[14]]));
    assert_eq!(
        brush.record.photographs,
        ["content_96x64.png", "content_75x53.png"]
    );
    assert!(brush.preview.starts_with(&[0xff, 0xd8]), "a JPEG");
    assert_ne!(brush.norms, begin.norms);
    let none = Lesson {
        photographs: Vec::new(),
        ..lesson
    };
    assert!(Learner::new(&compute, none).is_err());
}
