//! Whole runs without a window: optimizers, levels, steering, and the worker thread.

#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod checkpoints;
mod finish;
mod networks;
mod peers;
mod records;
mod worker;

use std::{
    path::Path,
    sync::{Arc, mpsc},
    time::Duration,
};

use impasto::{
    choice::Choice as _,
    error::Error,
    network::{Layer, Network, Normalization, WeightsKind},
    pixels::{Picture, Planes},
    settings::{
        ColorMode, InitialImage, LayerWeights, OptimizerKind, Schedule, StyleMeasure,
        TransferSettings, preset,
    },
    transfer::{Compute, Job, Record, Resume, StepReport, StyleImage, Transfer, estimate_bytes},
    worker::{Command, Event, EventKind, Worker},
};

fn picture(name: &str) -> Arc<Picture> {
    Arc::new(Picture::open(&Path::new("tests/reference").join(name)).unwrap())
}

fn job(settings: TransferSettings) -> Job {
    let style = StyleImage::new(picture("style.png"), 1.0);
    Job::new(picture("content.png"), vec![style], settings).on_threads(2)
}

/// Gram matrices at one size, with nothing that changes along the run.
fn single_level(steps: u32) -> TransferSettings {
    TransferSettings {
        steps,
        schedule: Schedule::SingleLevel,
        ..preset("gram-classic").unwrap().settings
    }
}

fn run(job: Job) -> (Vec<StepReport>, Picture) {
    let mut compute = Compute::new(job.threads).unwrap();
    let mut transfer = compute.begin(job).unwrap();
    let mut reports = Vec::new();
    while !transfer.finished() {
        reports.push(transfer.step().unwrap());
    }
    (reports, transfer.picture())
}

fn totals(reports: &[StepReport]) -> Vec<f64> {
    reports.iter().map(|report| report.total).collect()
}

#[test]
fn a_run_of_gram_matrices_takes_on_the_style_and_keeps_the_content() {
    let (reports, picture) = run(job(TransferSettings {
        steps: 40,
        schedule: Schedule::CoarseToFine,
        coarsest_px: 32,
        ..preset("gram-classic").unwrap().settings
    }));
    let (first, last) = (&reports[0], &reports[39]);
    assert!(
        first.content_kept > 0.95 && first.style_reached < 0.2,
        "{first:?}"
    );
    assert!(last.style_reached > 0.6, "{last:?}");
    assert!(last.content_kept > 0.1, "{last:?}");
    in_range(&picture);
}

#[test]
fn the_default_run_paints_with_neighbors_and_keeps_the_content() {
    let settings = TransferSettings {
        steps: 40,
        schedule: Schedule::CoarseToFine,
        coarsest_px: 32,
        // In a picture as small as this it counts as a quarter, the default of a large one.
        freedom: 0.4,
        ..TransferSettings::default()
    };
    let (reports, picture) = run(job(settings));
    let (first, last_fixed) = (&reports[0], &reports[31]);
    assert!(first.style_reached < 0.05, "{first:?}");
    assert!(last_fixed.style_reached > 0.15, "{last_fixed:?}");
    assert!(reports[39].content_kept > 0.1, "{:?}", reports[39]);
    in_range(&picture);
}

#[test]
fn with_neighbors_each_style_keeps_to_its_region() {
    let content = picture("content.png");
    let (width, height) = (content.planes.width, content.planes.height);
    let flat = |color: [f32; 3]| {
        // A little unrest: columns of a flat picture have no direction.
        let mut planes = Planes::filled(48, 40, color);
        for (at, value) in planes.data.iter_mut().enumerate() {
            *value = (*value + 0.06 * ((at * 7919) as f32 * 0.37).sin()).clamp(0.0, 1.0);
        }
        Arc::new(Picture {
            planes,
            ..(*picture("style.png")).clone()
        })
    };
    let half = |left: bool| {
        let mut planes = Planes::filled(width, height, [0.0; 3]);
        for (at, value) in planes.data.iter_mut().enumerate() {
            *value = f32::from(u8::from((at % width < width / 2) == left));
        }
        Arc::new(Picture {
            planes,
            ..(*content).clone()
        })
    };
    let mut red = StyleImage::new(flat([0.9, 0.1, 0.1]), 1.0);
    red.region = Some(half(true));
    let mut blue = StyleImage::new(flat([0.1, 0.1, 0.9]), 1.0);
    blue.region = Some(half(false));
    let settings = TransferSettings {
        steps: 60,
        content_weight: 0.0,
        style_measures: [(StyleMeasure::Neighbors, 1.0)].into(),
        initial_image: InitialImage::Content,
        ..TransferSettings::default()
    };
    let job = Job::new(Arc::clone(&content), vec![red, blue], settings).on_threads(2);
    let (_, result) = run(job);
    let redness = |left: bool| -> f32 {
        let inside = (0..width * height).filter(|at| (at % width < width / 2) == left);
        let planes = &result.planes;
        inside
            .map(|at| planes.plane(0)[at] - planes.plane(2)[at])
            .sum()
    };
    let (left, right) = (redness(true), redness(false));
    assert!(left > 0.0 && right < 0.0, "{left} {right}");
}

fn in_range(picture: &Picture) {
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
fn the_style_counts_for_more_where_much_of_it_is_left() {
    let first = |content_weight: f64| {
        let (reports, _) = run(job(TransferSettings {
            content_weight,
            initial_image: InitialImage::Content,
            ..single_level(1)
        }));
        let style: f64 = reports[0].style.values().sum();
        style / single_level(1).style_weight
    };
    // The content image has nothing of the style. Alone, the style loss is as it is; against
    // content, each part above 0.042 · √2.5 counts 2.5 times.
    let alone = first(0.0);
    assert!((0.5..=1.0).contains(&alone), "{alone}");
    let weighed = first(1.0);
    assert!(
        weighed > 2.2 * alone && weighed < 2.5 * alone,
        "{weighed} {alone}"
    );
}

#[test]
fn safeguarded_lbfgs_never_leaves_a_worse_picture_behind() {
    let mut settings = single_level(30);
    settings.optimizer = OptimizerKind::Lbfgs;
    settings.learning_rate = 1.0;
    let mut compute = Compute::new(Some(2)).unwrap();
    let mut transfer = compute.begin(job(settings)).unwrap();
    let mut best = f64::INFINITY;
    let mut shown = transfer.picture();
    while !transfer.finished() {
        let report = transfer.step().unwrap();
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
    let mut transfer = compute.begin(job(single_level(30))).unwrap();
    let step = |transfer: &mut Transfer| transfer.step().unwrap();
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

#[test]
fn luminance_keeps_the_content_images_chroma() {
    let mut settings = single_level(4);
    settings.color = ColorMode::Luminance;
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
    let narrow = Compute::new(Some(1)).unwrap().begin(tiny.clone()).unwrap();
    let remarks = narrow.remarks();
    assert!(remarks[0].contains("200x9"), "{remarks:?}");
    assert!(remarks[0].contains("relu5_1"), "{remarks:?}");
    assert_eq!(run(tiny).1.planes.height, 9);

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
    let needed = estimate_bytes(&huge, &huge.settings, 2);
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
            assert!(estimate_bytes(&huge, &huge.settings, 2) / 1_000_000 <= free_mb + 1);
        }
        other => panic!("{needed} bytes were not refused: {other:?}"),
    }
}
