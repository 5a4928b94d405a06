//! Weights of every format, imported and compared.

#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]
#![expect(clippy::print_stdout, reason = "a skipped test says so")]

mod made_weights;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    process::Command,
    sync::Arc,
};

use candle_core::Device;
use impasto::{
    network::{Family, Layer, Network},
    pixels::{Picture, vgg_from_srgb},
    vgg::{
        Engine, Topology, VggImage,
        candle::CandleEngine,
        fast::FastEngine,
        weights::{Folder, ImportOptions, Weights, begins_like_weights},
    },
};

use made_weights::{by_layer, made_weights};

/// A file that is only there beside a checkout with the project's measurements.
fn shared(path: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/data")
        .join(path);
    if path.exists() {
        return Some(path);
    }
    println!("skipped: {} is not there", path.display());
    None
}

#[derive(serde::Deserialize)]
struct Figures {
    features: BTreeMap<Layer, Feature>,
}

#[derive(serde::Deserialize)]
struct Feature {
    shape: [usize; 3],
    mean: f64,
    max: f64,
    mean_of_squares: f64,
    channel_0_mean: f64,
    channel_last_mean: f64,
}

#[test]
fn the_original_vgg19_of_keras_sees_what_it_should() {
    let Some(file) = shared("weights/vgg19-keras-layout-to-conv3_4.h5") else {
        return;
    };
    let (Some(figures), Some(picture)) = (
        shared("reference/vgg19_features_64x48.json"),
        shared("reference/content_64x48.png"),
    ) else {
        return;
    };
    let place = tempfile::tempdir().unwrap();
    let folder = Folder::at(place.path().join("weights"));
    let imported = folder.import(&file, &ImportOptions::default()).unwrap();
    assert_eq!(imported.entry.name, "vgg19-oxford");
    assert_eq!(imported.entry.network, Some(Network::Vgg19));
    assert_eq!(imported.entry.family, Some(Family::Oxford));
    assert!(imported.entry.license.contains("CC BY 4.0"));
    let [warning] = imported.warnings.as_slice() else {
        panic!("{:?}", imported.warnings);
    };
    assert!(
        warning.contains("conv4_1 holds nothing but zeros: it can be used as far as relu3_4"),
        "{warning}"
    );
    imported.entry.verify().unwrap();
    assert_eq!(imported.entry.deepest, Some(Layer::new(3, 4)));
    assert!(!imported.entry.is_whole());

    let weights = Weights::from_file(&imported.entry.path).unwrap();
    let figures: Figures =
        serde_json::from_str(&std::fs::read_to_string(figures).unwrap()).unwrap();
    let planes = Picture::open(&picture).unwrap().planes;
    let data = vgg_from_srgb(&planes, weights.family.mean());
    let taps: Vec<Layer> = figures.features.keys().copied().collect();
    assert!(taps.contains(&Layer::new(3, 4)));
    let mut engine = CandleEngine::new(&weights, &Device::Cpu).unwrap();
    let image = VggImage {
        data: &data,
        height: planes.height,
        width: planes.width,
    };
    engine.forward(image, &taps, Topology::default()).unwrap();
    for (layer, expected) in figures.features {
        let map = engine.tap(layer).unwrap().map().unwrap();
        assert_eq!(map.dims(), expected.shape);
        let values: Vec<f32> = map.flatten_all().unwrap().to_vec1().unwrap();
        let mean = |values: &[f32]| {
            values.iter().map(|&value| f64::from(value)).sum::<f64>() / values.len() as f64
        };
        let squares: Vec<f32> = values.iter().map(|value| value * value).collect();
        let positions = expected.shape[1] * expected.shape[2];
        let max = values.iter().copied().fold(0.0, f32::max);
        for (what, found, expected) in [
            ("mean", mean(&values), expected.mean),
            ("max", f64::from(max), expected.max),
            ("mean of squares", mean(&squares), expected.mean_of_squares),
            ("first", mean(&values[..positions]), expected.channel_0_mean),
            (
                "last",
                mean(&values[values.len() - positions..]),
                expected.channel_last_mean,
            ),
        ] {
            let error = (found - expected).abs() / expected;
            assert!(
                error < 1e-3,
                "{layer} {what}: {found}, not {expected} ({error:.1e})"
            );
        }
    }
}

/// Random networks in every format, or `None` where Python lacks what makes them.
fn made() -> Option<tempfile::TempDir> {
    let folder = tempfile::tempdir().unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/make_weights.py");
    let python = std::env::var_os("PYTHON").unwrap_or_else(|| "python3".into());
    let run = Command::new(python).arg(script).arg(folder.path()).output();
    match run {
        Ok(run) if run.status.success() => Some(folder),
        Ok(run) => {
            let said = String::from_utf8_lossy(&run.stderr);
            assert!(said.contains("ModuleNotFoundError"), "{said}");
            println!("skipped: {}", said.lines().last().unwrap_or_default());
            None
        }
        Err(fault) => {
            println!("skipped: no Python ({fault})");
            None
        }
    }
}

#[test]
fn every_format_holds_the_same_network() {
    let Some(made) = made() else { return };
    let place = tempfile::tempdir().unwrap();
    let folder = Folder::at(place.path());
    let import = |file: &str, family| {
        let options = ImportOptions {
            family,
            name: Some(file.replace('.', "-")),
            numbered: false,
        };
        folder.import(&made.path().join(file), &options)
    };
    let expected = Weights::from_file(&made.path().join("own.safetensors")).unwrap();
    let same = |file: &str, family: Option<Family>| {
        let imported = import(file, family).unwrap();
        assert!(
            imported.warnings.is_empty(),
            "{file}: {:?}",
            imported.warnings
        );
        assert_eq!(imported.entry.license, "not stated by the file");
        let found: Arc<Weights> = Weights::from_file(&imported.entry.path).unwrap();
        assert_eq!(found.network, Network::Vgg16, "{file}");
        assert_eq!(found.family, family.unwrap_or(Family::Oxford), "{file}");
        let deviation = found.family.deviation();
        for (found, expected) in found.convolutions.iter().zip(&expected.convolutions) {
            let first = found.inputs == 3;
            let unfolded =
                found.weight.iter().enumerate().map(|(place, value)| {
                    value * if first { deviation[place / 9 % 3] } else { 1.0 }
                });
            let close = |(a, b): (f32, &f32)| (a - b).abs() <= 1e-6 * b.abs();
            assert!(
                unfolded.zip(&expected.weight).all(close),
                "{file} {}",
                found.layer
            );
            assert_eq!(found.bias, expected.bias, "{file} {}", found.layer);
        }
    };
    let torchvision = Some(Family::Torchvision);
    same("keras.h5", None);
    same("old.caffemodel", None);
    same("new.caffemodel", None);
    same("gatys.pth", None);
    same("oxford.pth", Some(Family::Oxford));
    same("zip.pth", torchvision);
    same("nested.pth", torchvision);
    same("legacy.pth", torchvision);
    same("torchvision.safetensors", torchvision);

    for (file, expected) in [
        ("zip.pth", "--family"),
        ("torchvision.safetensors", "--family"),
        ("newer.h5", "superblock has version"),
        (
            "module.pth",
            "torch.nn.modules.linear.Linear, which weights do not need",
        ),
    ] {
        let message = import(file, None).unwrap_err().to_string();
        assert!(message.contains(expected), "{file}: {message}");
    }
}

/// VGG-19 as a file that ends after `count` convolutions, followed by `zeros` of zeros.
fn cut_short(folder: &Path, count: usize, zeros: usize) -> PathBuf {
    let file = folder.join(format!("cut-{count}-{zeros}.safetensors"));
    made_weights(file, count + zeros, by_layer, |index| {
        if index < count { 1.0 } else { 0.0 }
    })
}

#[test]
fn a_file_cut_short_is_used_as_far_as_it_goes() {
    let place = tempfile::tempdir().unwrap();
    let folder = Folder::at(place.path().join("weights"));
    for (zeros, why) in [
        (0, "it ends at conv3_4"),
        (2, "conv4_1 holds nothing but zeros"),
    ] {
        let file = cut_short(place.path(), 8, zeros);
        let options = ImportOptions {
            numbered: true,
            ..ImportOptions::default()
        };
        let imported = folder.import(&file, &options).unwrap();
        let expected = format!("{why}: it can be used as far as relu3_4");
        assert_eq!(imported.warnings, [expected]);
        assert_eq!(imported.entry.network, Some(Network::Vgg19));
        assert_eq!(imported.entry.deepest, Some(Layer::new(3, 4)));
        let weights = Weights::from_file(&imported.entry.path).unwrap();
        assert_eq!(weights.convolutions.len(), 8);
        let data = vec![1.0; 3 * 32 * 32];
        let image = VggImage {
            data: &data,
            height: 32,
            width: 32,
        };
        let engines: [Box<dyn Engine>; 2] = [
            Box::new(CandleEngine::new(&weights, &Device::Cpu).unwrap()),
            Box::new(FastEngine::new(&weights, Some(1)).unwrap()),
        ];
        for mut engine in engines {
            let forward = |engine: &mut dyn Engine, layer| {
                engine.forward(image, &[layer], Topology::default())
            };
            forward(engine.as_mut(), Layer::new(3, 4)).unwrap();
            let deeper = forward(engine.as_mut(), Layer::new(4, 1)).unwrap_err();
            let message = deeper.to_string();
            assert!(message.contains("relu4_1"), "{message}");
            assert!(message.contains("end at relu3_4"), "{message}");
        }
    }
    let names: Vec<_> = folder.entries().unwrap();
    let names: Vec<_> = names.into_iter().map(|entry| entry.name).collect();
    assert_eq!(names, ["vgg19-oxford", "vgg19-oxford-2"]);

    let early = folder.import(&cut_short(place.path(), 7, 0), &ImportOptions::default());
    let message = early.unwrap_err().to_string();
    assert!(
        message.contains("before VGG-16 and VGG-19 begin to differ"),
        "{message}"
    );
    let empty = folder.import(&cut_short(place.path(), 0, 8), &ImportOptions::default());
    let message = empty.unwrap_err().to_string();
    assert!(
        message.contains("conv1_1 holds nothing but zeros"),
        "{message}"
    );
}

#[test]
fn weights_are_told_from_pictures_and_texts_by_their_beginning() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for name in [
        "small.h5",
        "small.safetensors",
        "zip.pth",
        "legacy.pth",
        "old.caffemodel",
        "new.caffemodel",
    ] {
        assert!(
            begins_like_weights(&root.join("tests/weights").join(name)),
            "{name}"
        );
    }
    let fixtures = std::fs::read_dir(root.join("tests/fixtures")).unwrap();
    for file in fixtures.map(|file| file.unwrap().path()) {
        assert!(!begins_like_weights(&file), "{}", file.display());
    }
    let place = tempfile::tempdir().unwrap();
    for (name, bytes) in [
        ("brace.gif", &b"GIF89a\x10\0{\0\x80\0\0"[..]),
        ("text.txt", b"\nA text after a line break\n"),
        ("empty", b""),
    ] {
        let file = place.path().join(name);
        std::fs::write(&file, bytes).unwrap();
        assert!(!begins_like_weights(&file), "{name}");
    }
    assert!(!begins_like_weights(&place.path().join("nowhere")));
}

#[test]
fn the_folder_keeps_lists_checks_and_removes() {
    let place = tempfile::tempdir().unwrap();
    let folder = Folder::at(place.path().join("new/weights"));
    assert_eq!(folder.entries().unwrap(), []);
    let embedded = Path::new(env!("CARGO_MANIFEST_DIR")).join("weights/vgg16-conv-f16.safetensors");
    let named = |name: &str| ImportOptions {
        family: None,
        name: Some(name.to_owned()),
        numbered: false,
    };
    let imported = folder.import(&embedded, &ImportOptions::default()).unwrap();
    assert_eq!(imported.entry.name, "vgg16-oxford");
    assert!(imported.entry.license.contains("CC BY 4.0"));
    assert_eq!(
        folder.entries().unwrap(),
        std::slice::from_ref(&imported.entry)
    );
    let weights = Weights::from_file(&imported.entry.path).unwrap();
    assert_eq!(
        weights.convolutions,
        Weights::embedded().unwrap().convolutions
    );

    let taken = folder.import(&embedded, &ImportOptions::default());
    assert!(taken.unwrap_err().to_string().contains("there already"));
    for bad in ["", ".hidden", "../up", "a/b", "a b"] {
        assert!(folder.import(&embedded, &named(bad)).is_err(), "{bad}");
        assert!(folder.remove(bad).is_err(), "{bad}");
    }

    let path = &imported.entry.path;
    let whole = std::fs::read(path).unwrap();
    let mut damaged = whole.clone();
    *damaged.last_mut().unwrap() ^= 1;
    std::fs::write(path, damaged).unwrap();
    let message = imported.entry.verify().unwrap_err().to_string();
    assert!(
        message.contains("not those that were imported"),
        "{message}"
    );
    std::fs::write(path, whole).unwrap();
    imported.entry.verify().unwrap();

    folder.remove("vgg16-oxford").unwrap();
    assert!(folder.remove("vgg16-oxford").is_err());
    assert_eq!(folder.entries().unwrap(), []);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}
