//! A run is repeated, or gone on with, from what it wrote down.

use super::*;

#[test]
fn a_steered_run_is_repeated_by_its_record() {
    let mut compute = Compute::new(Some(2)).unwrap();
    let mut transfer = compute.begin(job(single_level(9))).unwrap();
    for step in 0..9 {
        if step == 3 || step == 6 {
            let mut settings = transfer.settings().clone();
            settings.style_weight *= 3.0;
            settings.steps = 1000;
            transfer.update(&settings).unwrap();
        }
        transfer.step().unwrap();
    }
    let picture = transfer.picture();
    let record = Record::from_json(&transfer.record().to_json()).unwrap();
    let (first, mut later) = record.stages();
    assert_eq!(first, single_level(9));
    assert!(record.is_exact() && later.len() == 2);
    compute.reclaim(transfer);
    let mut transfer = compute.begin(job(first)).unwrap();
    while transfer.steps() < record.step {
        if later
            .first()
            .is_some_and(|(after, _)| *after == transfer.steps())
        {
            transfer.update(&later.remove(0).1).unwrap();
        }
        transfer.step().unwrap();
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
    let mut transfer = compute.begin(job(settings.clone())).unwrap();
    let levels = transfer.levels().to_vec();
    assert!(levels.len() >= 2);
    let step = levels[0].steps + 1;
    while transfer.steps() < step {
        transfer.step().unwrap();
    }
    let (picture, secs) = (Arc::new(transfer.picture()), transfer.secs());
    let record = Arc::new(transfer.record());
    compute.reclaim(transfer);
    let mut changed = settings;
    changed.style_weight *= 2.0;
    let branch = job(changed).branch(Arc::clone(&picture), Resume { step, secs, record });
    let mut transfer = compute.begin(branch).unwrap();
    assert_eq!((transfer.level(), transfer.steps()), (1, step));
    let report = transfer.step().unwrap();
    assert_eq!((report.step, report.level), (step + 1, 1));
    assert!(report.secs > secs);
    while !transfer.finished() {
        transfer.step().unwrap();
    }
    assert_eq!(transfer.steps(), 12);
    let record = transfer.record();
    assert!(!record.is_exact());
    assert_eq!(record.initial, None, "the moment itself is no input");
    assert_eq!(record.stages().1[0].0, step);
}
