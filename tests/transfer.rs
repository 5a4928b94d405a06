//! Whole runs without a window: optimisers, levels, steering, and the worker thread.

#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

use std::{
    path::Path,
    sync::{Arc, mpsc},
    time::Duration,
};

use impasto::{
    error::Error,
    network::{Layer, Network, Normalisation, WeightsKind},
    pixels::{Picture, Planes},
    settings::{
        ColourMode, InitialImage, OptimizerKind, Schedule, StyleMeasure, TransferSettings, preset,
    },
    transfer::{Compute, Job, Record, Resume, StepReport, StyleImage, Transfer, foretell_bytes},
    worker::{Command, Event, EventKind, Worker},
};

fn picture(name: &str) -> Arc<Picture> {
    Arc::new(Picture::open(&Path::new("tests/reference").join(name)).unwrap())
}

fn job(settings: TransferSettings) -> Job {
    Job {
        content: picture("content.png"),
        styles: vec![StyleImage::new(picture("style.png"), 1.0)],
        initial: None,
        resume: None,
        settings,
        threads: Some(2),
        force: false,
    }
}

fn single_level(steps: u32) -> TransferSettings {
    TransferSettings {
        steps,
        schedule: Schedule::SingleLevel,
        ..TransferSettings::default()
    }
}

fn run(job: Job) -> (Vec<StepReport>, Picture) {
    let mut compute = Compute::new(job.threads).unwrap();
    let (mut transfer, _) = compute.begin(job).unwrap();
    let mut reports = Vec::new();
    while !transfer.finished() {
        reports.push(compute.install(|| transfer.step()).unwrap());
    }
    (reports, transfer.picture())
}

fn totals(reports: &[StepReport]) -> Vec<f64> {
    reports.iter().map(|report| report.total).collect()
}

#[test]
fn the_default_run_takes_on_the_style_and_keeps_the_content() {
    let (reports, picture) = run(job(TransferSettings {
        steps: 40,
        schedule: Schedule::CoarseToFine,
        coarsest_px: 32,
        ..TransferSettings::default()
    }));
    let (first, last) = (&reports[0], &reports[39]);
    assert!(
        first.content_kept > 0.95 && first.style_reached < 0.2,
        "{first:?}"
    );
    assert!(last.style_reached > 0.6, "{last:?}");
    assert!(last.content_kept > 0.1, "{last:?}");
    assert_eq!((picture.planes.width, picture.planes.height), (45, 31));
    assert!(
        picture
            .planes
            .data
            .iter()
            .all(|value| (0.0..=1.0).contains(value))
    );
}

#[test]
fn figures_are_those_of_the_picture_a_step_starts_from() {
    let mut settings = preset("neural-style-pt").unwrap().settings;
    settings.steps = 2;
    settings.initial_image = InitialImage::Content;
    settings.tv_weight = 0.0;
    let (reports, _) = run(job(settings));
    assert_eq!(reports[0].content[&Layer::new(4, 2)], 0.0);
    let sum: f64 = reports[0].style.values().sum();
    assert!((reports[0].total - sum).abs() < 1e-9 * sum);
    assert_eq!(reports[0].step, 1);
}

#[test]
fn safeguarded_lbfgs_never_leaves_a_worse_picture_behind() {
    let mut settings = single_level(30);
    settings.optimizer = OptimizerKind::Lbfgs;
    settings.learning_rate = 1.0;
    let mut compute = Compute::new(Some(2)).unwrap();
    let (mut transfer, _) = compute.begin(job(settings)).unwrap();
    let mut best = f64::INFINITY;
    let mut shown = transfer.picture();
    while !transfer.finished() {
        let report = compute.install(|| transfer.step()).unwrap();
        let now = transfer.picture();
        if report.total < best {
            best = report.total;
        } else {
            assert_eq!(
                now.planes, shown.planes,
                "a worse picture was shown at {}",
                report.step
            );
        }
        shown = now;
    }
    assert!(best < 0.5 * 7.0, "the loss fell to {best} only");
}

#[test]
fn noise_repeats_by_seed() {
    let settings = |seed| TransferSettings {
        initial_image: InitialImage::Noise,
        seed,
        ..single_level(3)
    };
    let [a, b, c] = [1, 1, 2].map(|seed| run(job(settings(seed))).1);
    assert_eq!(a.planes, b.planes);
    assert_ne!(a.planes, c.planes);
}

#[test]
fn every_measure_of_style_lowers_its_own_loss() {
    for measure in StyleMeasure::ALL {
        let mut settings = single_level(12);
        settings.style_measures = [(measure, 1.0)].into();
        settings.content_weight = 0.0;
        settings.averaging = 0.0;
        let (reports, _) = run(job(settings));
        let totals = totals(&reports);
        assert!(
            totals[11] < 0.8 * totals[0],
            "{}: {totals:?}",
            measure.name()
        );
    }
}

#[test]
fn live_changes_take_effect_without_a_restart() {
    let mut compute = Compute::new(Some(2)).unwrap();
    let (mut transfer, _) = compute.begin(job(single_level(30))).unwrap();
    let step = |transfer: &mut Transfer| compute.install(|| transfer.step()).unwrap();
    let before = step(&mut transfer);
    assert_eq!(before.style.len(), 5);

    let mut settings = transfer.settings().clone();
    settings.style_layers.set(Layer::new(3, 1), 0.0);
    settings.style_layers.set(Layer::new(2, 2), 0.5);
    settings.style_weight *= 10.0;
    settings.size_px = Some(4000);
    transfer.update(&settings).unwrap();
    let after = step(&mut transfer);
    assert_eq!(after.step, 2);
    assert!(!after.style.contains_key(&Layer::new(3, 1)));
    assert!(after.style.contains_key(&Layer::new(2, 2)));
    assert!(after.style[&Layer::new(1, 1)] > 3.0 * before.style[&Layer::new(1, 1)]);
    assert_eq!(
        transfer.settings().size_px,
        None,
        "the size changes at the next start only"
    );

    let mut wrong = settings.clone();
    wrong.learning_rate = -1.0;
    assert!(transfer.update(&wrong).is_err());
    assert_eq!(transfer.settings().style_weight, settings.style_weight);
}

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
        let (mut transfer, _) = compute.begin(job(settings.clone())).unwrap();
        for _ in 0..12 {
            compute.install(|| transfer.step()).unwrap();
        }
        let before = transfer.picture().planes;
        let start = picture("content.png").planes.clone();
        assert!(distance(&before, &start) > 0.01, "something was painted");
        let mut wanted = settings.clone();
        wanted.network = Network::Vgg19;
        wanted.weights_kind = WeightsKind::Random;
        wanted.normalisation = Normalisation::Gatys;
        wanted.style_layers.set(Layer::new(3, 4), 1.0);
        let origin = compute.update(&mut transfer, &wanted).unwrap();
        assert_eq!(
            origin.map(|computed| computed.weights).as_deref(),
            Some("random VGG-19 (He, seed 1), normalised")
        );
        let after = transfer.picture().planes;
        assert!(distance(&before, &after) < 1e-5, "the picture is kept");
        assert_eq!(transfer.steps(), 12);
        assert!(transfer.settings().same_network(&wanted));
        let mut totals = Vec::new();
        for _ in 0..12 {
            let report = compute.install(|| transfer.step()).unwrap();
            assert!(report.style.contains_key(&Layer::new(3, 4)));
            totals.push(report.total);
        }
        assert!(totals[11] < 0.9 * totals[0], "{totals:?}");
        // And back, without the layer that VGG-16 lacks.
        let origin = compute.update(&mut transfer, &settings).unwrap();
        assert_eq!(
            origin.map(|computed| computed.weights).as_deref(),
            Some("embedded VGG-16 (Oxford)")
        );
        compute.install(|| transfer.step()).unwrap();
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
    let (mut transfer, _) = compute.begin(job(settings.clone())).unwrap();
    for _ in 0..6 {
        compute.install(|| transfer.step()).unwrap();
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
    let report = compute.install(|| transfer.step()).unwrap();
    assert!(report.total.is_finite());
    assert!(distance(&before, &transfer.picture().planes) < 0.05);
}

#[test]
fn a_network_that_cannot_be_had_leaves_the_run_as_it_was() {
    let settings = single_level(100);
    let mut compute = Compute::new(Some(2)).unwrap();
    let (mut transfer, _) = compute.begin(job(settings.clone())).unwrap();
    compute.install(|| transfer.step()).unwrap();
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
        compute.install(|| transfer.step()).unwrap();
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

#[test]
fn luminance_keeps_the_content_images_chroma() {
    let mut settings = single_level(4);
    settings.colour = ColourMode::Luminance;
    let (_, result) = run(job(settings));
    let content = picture("content.png");
    let chroma = |planes: &Planes, pixel: usize| {
        let n = planes.width * planes.height;
        let [r, g, b] = [0, 1, 2].map(|plane| planes.data[plane * n + pixel]);
        let luma = 0.299 * r + 0.587 * g + 0.114 * b;
        [r - luma, b - luma]
    };
    let mut compared = 0;
    for pixel in 0..45 * 31 {
        let inside = |plane: usize| {
            let value = result.planes.data[plane * 45 * 31 + pixel];
            value > 0.0 && value < 1.0
        };
        if (0..3).all(inside) {
            let (a, b) = (
                chroma(&result.planes, pixel),
                chroma(&content.planes, pixel),
            );
            assert!(
                (a[0] - b[0]).abs() < 1e-5 && (a[1] - b[1]).abs() < 1e-5,
                "{a:?} {b:?}"
            );
            compared += 1;
        }
    }
    assert!(
        compared > 300,
        "only {compared} pixels were inside the gamut"
    );
}

#[test]
fn missing_styles_and_slivers_are_errors_or_work() {
    let mut without = job(single_level(2));
    without.styles.clear();
    let error = Compute::new(Some(1)).unwrap().begin(without).err().unwrap();
    assert!(error.to_string().contains("style"), "{error}");

    let mut tiny = job(single_level(2));
    tiny.content = Arc::new(Picture {
        planes: Planes::filled(200, 9, [0.2, 0.5, 0.7]),
        ..(*tiny.content).clone()
    });
    let error = Compute::new(Some(1)).unwrap().begin(tiny).err().unwrap();
    assert!(error.to_string().contains("pixels"), "{error}");

    let mut flat = job(single_level(3));
    flat.content = Arc::new(Picture {
        planes: Planes::filled(40, 32, [0.5; 3]),
        ..(*flat.content).clone()
    });
    run(flat);
}

#[test]
fn a_run_too_large_for_memory_is_refused_with_a_size_that_fits() {
    let mut huge = job(single_level(2));
    huge.settings.size_px = Some(16384);
    let needed = foretell_bytes(&huge, &huge.settings, 2);
    let mut compute = Compute::new(Some(2)).unwrap();
    match compute.begin(huge.clone()).err() {
        Some(Error::Memory {
            needed_mb,
            free_mb,
            largest_px,
        }) => {
            assert_eq!(needed_mb, needed / 1_000_000);
            assert!(free_mb < needed_mb);
            huge.settings.size_px = Some(largest_px);
            assert!(foretell_bytes(&huge, &huge.settings, 2) / 1_000_000 <= free_mb + 1);
        }
        other => panic!("{needed} bytes were not refused: {other:?}"),
    }
}

fn wait(worker: &Worker, wanted: impl Fn(&EventKind) -> bool) -> Event {
    loop {
        let event = worker
            .wait_event(Duration::from_mins(1))
            .expect("the worker answers");
        if wanted(&event.kind) {
            return event;
        }
    }
}

#[test]
fn the_worker_starts_pauses_goes_on_and_stops() {
    let (woken, wakes) = mpsc::channel();
    let worker = Worker::spawn(move || woken.send(()).unwrap_or_default()).unwrap();
    let first = worker.start(job(single_level(5000))).unwrap();
    wait(
        &worker,
        |kind| matches!(kind, EventKind::Stepped(report) if report.step == 3),
    );
    worker.send(Command::Pause).unwrap();
    wait(&worker, |kind| matches!(kind, EventKind::Paused));
    assert!(
        worker.wait_event(Duration::from_millis(100)).is_none(),
        "it stepped while paused"
    );
    assert!(worker.take_preview().is_some());
    worker.send(Command::Snapshot).unwrap();
    let taken = wait(&worker, |kind| matches!(kind, EventKind::Snapshot(_)));
    assert_eq!(taken.run, first);
    worker.send(Command::Resume).unwrap();
    let mut settings = single_level(5000);
    settings.style_weight = 50.0;
    worker.update(settings);
    wait(&worker, |kind| matches!(kind, EventKind::Updated { .. }));

    let second = worker.start(job(single_level(4))).unwrap();
    let stopped = wait(&worker, |kind| matches!(kind, EventKind::Stopped(Some(_))));
    assert_eq!(stopped.run, first);
    let finished = wait(&worker, |kind| matches!(kind, EventKind::Finished(_)));
    assert_eq!(finished.run, second);
    assert!(wakes.try_iter().count() > 10);
}

#[test]
fn a_run_that_cannot_start_says_why_and_the_next_one_works() {
    let worker = Worker::spawn(|| ()).unwrap();
    let mut settings = single_level(2);
    settings.weights = Some("/nowhere/vgg.safetensors".into());
    worker.start(job(settings)).unwrap();
    let failed = wait(&worker, |kind| matches!(kind, EventKind::Failed { .. }));
    if let EventKind::Failed { error, last } = failed.kind {
        assert!(error.to_string().contains("vgg.safetensors"), "{error}");
        assert!(last.is_none());
    }
    worker.start(job(single_level(2))).unwrap();
    wait(&worker, |kind| matches!(kind, EventKind::Finished(_)));
}

/// The first evaluation of neural-style-pt on larger pictures that do not belong to this
/// repository, and how soon the safeguarded L-BFGS is where that program is after 60.
#[test]
fn runs_agree_with_neural_style_pt() {
    let folder = Path::new("../shared/data/reference");
    if !folder.exists() {
        println!("skipped: {} is not here", folder.display());
        return;
    }
    let text = std::fs::read_to_string(folder.join("run_neural_style_pt.json")).unwrap();
    let reference: serde_json::Value = serde_json::from_str(&text).unwrap();
    let reference = reference["losses"].as_array().unwrap();
    let total = |evaluation: usize| reference[evaluation - 1]["total"].as_f64().unwrap();
    let open = |name: &str| Arc::new(Picture::open(&folder.join(name)).unwrap());
    let reference_job = |optimizer, steps| {
        let mut settings = preset("neural-style-pt").unwrap().settings;
        settings.initial_image = InitialImage::Content;
        settings.tv_weight = 0.0;
        settings.optimizer = optimizer;
        settings.steps = steps;
        Job {
            content: open("run_content_192x128.png"),
            styles: vec![StyleImage::new(open("run_style_192x160.png"), 1.0)],
            ..job(settings)
        }
    };
    let (plain, _) = run(reference_job(OptimizerKind::LbfgsPlain, 2));
    for (layer, value) in &plain[0].style {
        let expected = reference[0][format!("style_{layer}")].as_f64().unwrap();
        assert!(
            (value / expected - 1.0).abs() < 1e-3,
            "{layer}: {value} {expected}"
        );
    }
    assert!((plain[1].total / total(2) - 1.0).abs() < 0.01);
    let (safe, _) = run(reference_job(OptimizerKind::Lbfgs, 45));
    let best = totals(&safe).into_iter().fold(f64::INFINITY, f64::min);
    assert!(
        best <= total(60),
        "{best} after 45 evaluations, {} after 60 there",
        total(60)
    );
}

#[test]
fn a_steered_run_is_repeated_by_its_record() {
    let mut compute = Compute::new(Some(2)).unwrap();
    let (mut transfer, computed) = compute.begin(job(single_level(9))).unwrap();
    for step in 0..9 {
        if step == 3 || step == 6 {
            let mut settings = transfer.settings().clone();
            settings.style_weight *= 3.0;
            settings.steps = 1000;
            transfer.update(&settings).unwrap();
        }
        compute.install(|| transfer.step()).unwrap();
    }
    let picture = transfer.picture();
    let record = Record::from_json(&transfer.record(&computed).to_json()).unwrap();
    let (first, mut later) = record.stages();
    assert_eq!(first, single_level(9));
    assert!(record.is_exact() && later.len() == 2);
    compute.reclaim(transfer, computed);
    let (mut transfer, _) = compute.begin(job(first)).unwrap();
    while transfer.steps() < record.step {
        if later
            .first()
            .is_some_and(|(after, _)| *after == transfer.steps())
        {
            transfer.update(&later.remove(0).1).unwrap();
        }
        compute.install(|| transfer.step()).unwrap();
    }
    let (again, before) = (transfer.picture().planes.data, picture.planes.data);
    let difference: f32 = again.iter().zip(&before).map(|(a, b)| (a - b).abs()).sum();
    assert!(
        difference / (again.len() as f32) < 1.0 / 255.0,
        "{difference}"
    );
}

#[test]
fn a_branch_goes_on_at_its_level_and_step() {
    let settings = TransferSettings {
        schedule: Schedule::CoarseToFine,
        coarsest_px: 32,
        steps: 12,
        ..TransferSettings::default()
    };
    let mut compute = Compute::new(Some(2)).unwrap();
    let (mut transfer, computed) = compute.begin(job(settings.clone())).unwrap();
    let levels = transfer.levels().to_vec();
    assert!(levels.len() >= 2);
    let step = levels[0].steps + 1;
    while transfer.steps() < step {
        compute.install(|| transfer.step()).unwrap();
    }
    let (picture, secs) = (Arc::new(transfer.picture()), transfer.secs());
    let record = Arc::new(transfer.record(&computed));
    compute.reclaim(transfer, computed);
    let mut changed = settings;
    changed.style_weight *= 2.0;
    let branch = Job {
        initial: Some(Arc::clone(&picture)),
        resume: Some(Resume { step, secs, record }),
        ..job(changed)
    };
    let (mut transfer, computed) = compute.begin(branch).unwrap();
    assert_eq!((transfer.level(), transfer.steps()), (1, step));
    let report = compute.install(|| transfer.step()).unwrap();
    assert_eq!((report.step, report.level), (step + 1, 1));
    assert!(report.secs > secs);
    while !transfer.finished() {
        compute.install(|| transfer.step()).unwrap();
    }
    assert_eq!(transfer.steps(), 12);
    let record = transfer.record(&computed);
    assert!(!record.is_exact());
    assert_eq!(record.initial, None, "the moment itself is no input");
    assert_eq!(record.stages().1[0].0, step);
}

/// The first evaluations of a run of neural-style-pt on reference data that does not belong to
/// this repository. Its first pair has negative curvature and is refused; then comes a step of the
/// whole gradient, and the loss jumps.
#[test]
fn the_plain_mode_follows_neural_style_pt() {
    let folder = Path::new("../shared/data/reference");
    if !folder.exists() {
        println!("skipped: {} is not here", folder.display());
        return;
    }
    let open = |name: &str| Arc::new(Picture::open(&folder.join(name)).unwrap());
    let figures = std::fs::read_to_string(folder.join("run_neural_style_pt.json")).unwrap();
    let figures: serde_json::Value = serde_json::from_str(&figures).unwrap();
    let settings = TransferSettings {
        initial_image: InitialImage::Content,
        tv_weight: 0.0,
        steps: 5,
        ..preset("neural-style-pt").unwrap().settings
    };
    let (reports, _) = run(Job {
        content: open("run_content_192x128.png"),
        styles: vec![StyleImage::new(open("run_style_192x160.png"), 1.0)],
        ..job(settings)
    });
    for (report, figure) in reports.iter().zip(figures["losses"].as_array().unwrap()) {
        let expected = figure["total"].as_f64().unwrap();
        let off = (report.total / expected - 1.0).abs();
        assert!(off < 1e-3, "evaluation {}: off by {off}", report.step);
    }
}
