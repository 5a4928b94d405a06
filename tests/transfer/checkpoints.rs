//! A run that goes on from a checkpoint ends with the very same picture.

use impasto::{
    settings::{ContentMeasure, GradientBalance},
    transfer::Checkpoint,
};

use super::*;

/// Takes a checkpoint after `stop` steps, through the bytes of a file, and goes on from it.
fn continued(
    compute: &mut Compute,
    job: &Job,
    stop: u32,
    meanwhile: Option<&TransferSettings>,
) -> (u32, Picture) {
    let mut transfer = compute.begin(job.clone()).unwrap();
    for step in 0..stop {
        if let Some(settings) = meanwhile.filter(|_| step + 1 == stop) {
            transfer.update(settings).unwrap();
        }
        transfer.step().unwrap();
    }
    let bytes = transfer.checkpoint().to_bytes().unwrap();
    compute.reclaim(transfer);
    let checkpoint = Checkpoint::from_bytes(&bytes).unwrap();
    assert_eq!(checkpoint.record.step, stop);
    let job = job.clone().going_on(Arc::new(checkpoint));
    let mut transfer = compute.begin(job).unwrap();
    assert_eq!(transfer.steps(), stop);
    while !transfer.finished() {
        transfer.step().unwrap();
    }
    let end = (transfer.steps(), transfer.picture());
    compute.reclaim(transfer);
    end
}

fn uninterrupted(
    compute: &mut Compute,
    job: &Job,
    stop: u32,
    meanwhile: Option<&TransferSettings>,
) -> (u32, Picture) {
    let mut transfer = compute.begin(job.clone()).unwrap();
    while !transfer.finished() {
        if let Some(settings) = meanwhile.filter(|_| transfer.steps() + 1 == stop) {
            transfer.update(settings).unwrap();
        }
        transfer.step().unwrap();
    }
    let end = (transfer.steps(), transfer.picture());
    compute.reclaim(transfer);
    end
}

fn assert_goes_on(what: &str, job: &Job, stops: &[u32], meanwhile: Option<&TransferSettings>) {
    // One engine for all: making one takes longer than these runs. What it computes depends on
    // nothing that was before.
    let mut compute = Compute::new(Some(2)).unwrap();
    goes_on(&mut compute, what, job, stops, meanwhile);
}

fn goes_on(
    compute: &mut Compute,
    what: &str,
    job: &Job,
    stops: &[u32],
    meanwhile: Option<&TransferSettings>,
) {
    for &stop in stops {
        let (steps, picture) = continued(compute, job, stop, meanwhile);
        let (expected_steps, expected) = uninterrupted(compute, job, stop, meanwhile);
        assert_eq!(steps, expected_steps, "{what} at {stop}");
        let different = picture.planes.data.iter().zip(&expected.planes.data);
        let different = different
            .filter(|(a, b)| a.to_bits() != b.to_bits())
            .count();
        assert_eq!(different, 0, "values that differ: {what} at {stop}");
    }
}

fn with_measure(measure: StyleMeasure) -> TransferSettings {
    TransferSettings {
        style_measures: [(measure, 1.0)].into(),
        size_px: Some(48),
        ..single_level(6)
    }
}

#[test]
fn the_default_goes_on_exactly_within_a_level_at_its_end_and_among_fresh_neighbors() {
    let job = job(TransferSettings {
        steps: 6,
        size_px: Some(64),
        freedom: 0.4,
        ..TransferSettings::default()
    });
    let levels = Compute::new(Some(2))
        .unwrap()
        .begin(job.clone())
        .unwrap()
        .levels()
        .to_vec();
    let all: u32 = levels.iter().map(|level| level.steps).sum();
    assert_goes_on("neighbors", &job, &[1, levels[0].steps, all - 1], None);
}

#[test]
fn every_measure_and_optimizer_goes_on_exactly() {
    let mut compute = Compute::new(Some(2)).unwrap();
    for measure in StyleMeasure::ALL {
        let job = job(with_measure(measure));
        goes_on(&mut compute, &measure.name(), &job, &[3], None);
    }
    for optimizer in OptimizerKind::ALL {
        let mut settings = with_measure(StyleMeasure::SlicedWasserstein);
        settings.set_optimizer(optimizer);
        let job = job(settings);
        goes_on(&mut compute, &optimizer.name(), &job, &[1, 5], None);
    }
}

#[test]
fn measures_of_content_regions_and_balance_go_on_exactly() {
    let mut job = job(TransferSettings {
        content_measures: [
            (ContentMeasure::SelfSimilarity, 1.0),
            (ContentMeasure::Laplacian, 0.5),
        ]
        .into(),
        gradient_balance: GradientBalance::Frozen,
        ..single_level(6)
    });
    assert_goes_on("balance", &job, &[2], None);
    job.settings.gradient_balance = GradientBalance::Off;
    job.settings.style_measures = [(StyleMeasure::Wasserstein, 1.0)].into();
    job.styles[0].region = Some(picture("content.png"));
    assert_goes_on("region", &job, &[2], None);
}

#[test]
fn settings_that_changed_under_way_stay_in_force() {
    let job = job(single_level(7));
    let changed = TransferSettings {
        style_weight: 40.0,
        learning_rate: 2.0,
        ..single_level(7)
    };
    assert_goes_on("a change", &job, &[4], Some(&changed));
}

#[test]
fn a_checkpoint_of_other_pictures_is_refused() {
    let mut transfer = Compute::new(Some(2))
        .unwrap()
        .begin(job(single_level(3)))
        .unwrap();
    transfer.step().unwrap();
    let checkpoint = Arc::new(transfer.checkpoint());
    let mut other = job(single_level(3)).going_on(Arc::clone(&checkpoint));
    other.content = picture("style.png");
    let error = Compute::new(Some(2)).unwrap().begin(other).err().unwrap();
    assert!(error.to_string().contains("content image"), "{error}");
    let mut other = job(single_level(3)).going_on(checkpoint);
    other
        .styles
        .push(StyleImage::new(picture("content.png"), 1.0));
    let error = Compute::new(Some(2)).unwrap().begin(other).err().unwrap();
    assert!(error.to_string().contains("1 style images"), "{error}");
}
