//! Another network takes over while a run goes on.

use super::{worker::wait, *};

/// The mean distance of two pictures, 0 to 1.
fn distance(a: &Planes, b: &Planes) -> f32 {
    let differences = a.data.iter().zip(&b.data).map(|(a, b)| (a - b).abs());
    differences.sum::<f32>() / a.data.len() as f32
}

#[test]
fn another_network_goes_on_with_the_picture() {
    let mut settings = single_level(100);
    for optimizer in [OptimizerKind::Adam, OptimizerKind::Lbfgs] {
        settings.optimizer = optimizer;
        settings.learning_rate = if optimizer == OptimizerKind::Adam {
            5.0
        } else {
            1.0
        };
        let mut compute = Compute::new(Some(2)).unwrap();
        let mut transfer = compute.begin(job(settings.clone())).unwrap();
        for _ in 0..12 {
            transfer.step().unwrap();
        }
        let before = transfer.picture().planes;
        let start = picture("content.png").planes.clone();
        assert!(distance(&before, &start) > 0.01, "something was painted");
        let mut wanted = settings.clone();
        wanted.network = Network::Vgg19;
        wanted.weights_kind = WeightsKind::Random;
        wanted.normalization = Normalization::Gatys;
        // Layers that an untrained network can tell something with, and one that VGG-16 lacks.
        wanted.content_layers = LayerWeights::equal(&[Layer::new(2, 2)]);
        wanted.style_layers = LayerWeights::equal(&[Layer::new(1, 1), Layer::new(2, 1)]);
        wanted.style_layers.set(Layer::new(3, 4), 0.1);
        assert!(compute.update(&mut transfer, &wanted).unwrap());
        assert_eq!(
            transfer.computed().weights,
            "random VGG-19 (He, seed 1), normalized"
        );
        let after = transfer.picture().planes;
        assert!(distance(&before, &after) < 1e-5, "the picture is kept");
        assert_eq!(transfer.steps(), 12);
        assert!(transfer.settings().same_network(&wanted));
        let mut totals = Vec::new();
        for _ in 0..12 {
            let report = transfer.step().unwrap();
            assert!(report.style.contains_key(&Layer::new(3, 4)));
            totals.push(report.total);
        }
        assert!(totals[11] < 0.9 * totals[0], "{totals:?}");
        // And back, without the layer that VGG-16 lacks.
        assert!(compute.update(&mut transfer, &settings).unwrap());
        assert_eq!(transfer.computed().weights, "embedded VGG-16 (Oxford)");
        transfer.step().unwrap();
    }
}

#[test]
fn another_family_sees_the_same_picture() {
    // The embedded weights under the name of the other family: same network, another mean.
    let place = tempfile::tempdir().unwrap();
    let folder = impasto::vgg::weights::Folder::at(place.path());
    let options = impasto::vgg::weights::ImportOptions {
        family: Some(impasto::network::Family::Torchvision),
        name: Some("other".to_owned()),
        numbered: false,
    };
    let other = folder.import(Path::new("weights/vgg16-conv-f16.safetensors"), &options);
    let settings = single_level(100);
    let mut compute = Compute::new(Some(2)).unwrap();
    let mut transfer = compute.begin(job(settings.clone())).unwrap();
    for _ in 0..6 {
        transfer.step().unwrap();
    }
    let before = transfer.picture().planes;
    let mean = transfer.family().mean();
    let mut wanted = settings;
    wanted.weights = Some(other.unwrap().entry.path);
    compute.update(&mut transfer, &wanted).unwrap();
    assert!(
        transfer.family().mean()[0] != mean[0],
        "the mean is another"
    );
    assert!(distance(&before, &transfer.picture().planes) < 1e-5);
    let report = transfer.step().unwrap();
    assert!(report.total.is_finite());
    assert!(distance(&before, &transfer.picture().planes) < 0.05);
}

#[test]
fn a_network_that_cannot_be_had_leaves_the_run_as_it_was() {
    let settings = single_level(100);
    let mut compute = Compute::new(Some(2)).unwrap();
    let mut transfer = compute.begin(job(settings.clone())).unwrap();
    transfer.step().unwrap();
    let missing = TransferSettings {
        weights: Some("/nowhere/vgg.pth".into()),
        ..settings.clone()
    };
    let mut without_layer = settings.clone();
    without_layer.style_layers.set(Layer::new(5, 4), 1.0);
    without_layer.weights_kind = WeightsKind::Random;
    for (wanted, expected) in [
        (missing, "/nowhere/vgg.pth"),
        (without_layer, "no such layer"),
    ] {
        let before = transfer.picture().planes;
        let error = compute.update(&mut transfer, &wanted).unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
        assert_eq!(*transfer.settings(), settings);
        assert_eq!(before, transfer.picture().planes);
        transfer.step().unwrap();
    }
}

#[test]
fn the_worker_changes_the_network_or_keeps_it_and_goes_on() {
    let worker = Worker::spawn(|| {}).unwrap();
    let settings = single_level(100_000);
    worker.start(job(settings.clone())).unwrap();
    wait(&worker, |kind| matches!(kind, EventKind::Stepped(_)));
    let mut wanted = settings.clone();
    wanted.weights = Some("/nowhere/vgg.pth".into());
    wanted.tv_weight = 7.0;
    worker.update(wanted);
    let event = wait(&worker, |kind| {
        matches!(kind, EventKind::NetworkKept { .. })
    });
    let EventKind::NetworkKept {
        error,
        settings: kept,
    } = event.kind
    else {
        unreachable!()
    };
    assert!(error.to_string().contains("/nowhere/vgg.pth"), "{error}");
    assert_eq!(*kept, settings);
    // What else was wanted is in force.
    wait(&worker, |kind| matches!(kind, EventKind::Updated { .. }));
    let stepped = wait(&worker, |kind| matches!(kind, EventKind::Stepped(_)));
    let EventKind::Stepped(report) = stepped.kind else {
        unreachable!()
    };
    assert!(report.tv > 0.0);
    let mut random = settings;
    random.weights_kind = WeightsKind::Random;
    worker.update(random);
    let event = wait(&worker, |kind| {
        matches!(kind, EventKind::NetworkChanged { .. })
    });
    let EventKind::NetworkChanged { weights } = event.kind else {
        unreachable!()
    };
    assert_eq!(weights, "random VGG-16 (He, seed 1)");
    wait(&worker, |kind| matches!(kind, EventKind::Stepped(_)));
}
