//! The finish: colors and fade of a picture change without a step, also when the run is over.

use super::worker::wait;
use super::*;

fn with(color: ColorMode, fade: f64) -> TransferSettings {
    TransferSettings {
        color,
        fade,
        ..single_level(4)
    }
}

fn mean_difference(a: &Planes, b: &Planes) -> f32 {
    let pairs = a.data.iter().zip(&b.data);
    pairs.map(|(a, b)| (a - b).abs()).sum::<f32>() / a.data.len() as f32
}

#[test]
fn the_finish_changes_the_picture_and_leaves_every_step_as_it_is() {
    let mut compute = Compute::new(Some(2)).unwrap();
    let mut plain = compute.begin(job(with(ColorMode::Style, 0.0))).unwrap();
    let mut other = Compute::new(Some(2))
        .unwrap()
        .begin(job(with(ColorMode::Hues, 0.4)))
        .unwrap();
    for _ in 0..4 {
        plain.step().unwrap();
        other.step().unwrap();
        other.update(&with(ColorMode::Luminance, 0.9)).unwrap();
        other.update(&with(ColorMode::Hues, 0.4)).unwrap();
    }
    let (painting, finished) = (plain.picture(), other.picture());
    assert!(mean_difference(&painting.planes, &finished.planes) > 0.01);
    assert_eq!(other.record().stages().1, [], "nothing to repeat");
    other.update(&with(ColorMode::Style, 0.0)).unwrap();
    let unfinished = other.picture();
    assert!(mean_difference(&painting.planes, &unfinished.planes) < 1e-3);
    assert_eq!(other.steps(), 4);
}

#[test]
fn a_whole_fade_is_the_content_image_and_none_is_the_painting() {
    let mut compute = Compute::new(Some(2)).unwrap();
    let mut transfer = compute.begin(job(with(ColorMode::Hues, 0.0))).unwrap();
    transfer.step().unwrap();
    let mut painting = transfer.painting();
    let hues = painting.picture();
    assert!(painting.take_finish(&with(ColorMode::Hues, 1.0)));
    assert!(!painting.take_finish(&with(ColorMode::Hues, 1.0)));
    let content = picture("content.png");
    assert_eq!(painting.picture().planes, content.planes);
    assert!(painting.take_finish(&with(ColorMode::Hues, 0.5)));
    let half = painting.picture();
    let middle = hues.planes.data.iter().zip(&content.planes.data);
    for ((a, b), value) in middle.zip(&half.planes.data) {
        assert!((0.5 * (a + b) - value).abs() < 1e-6);
    }
    assert!(painting.take_finish(&with(ColorMode::Style, 0.0)));
    assert!(painting.is_plain());
    assert_eq!(painting.picture(), painting.unfinished());
    assert_eq!(painting.preview(20).width, 20);
}

#[test]
fn a_branch_and_its_finish_come_from_a_painting_without_one() {
    let mut compute = Compute::new(Some(2)).unwrap();
    let mut transfer = compute.begin(job(with(ColorMode::Style, 1.0))).unwrap();
    transfer.step().unwrap();
    let content = picture("content.png");
    assert_eq!(transfer.picture().planes, content.planes);
    let painting = transfer.painting().unfinished();
    assert!(mean_difference(&painting.planes, &content.planes) > 0.005);
}

#[test]
fn the_worker_finishes_a_picture_in_another_way_when_the_run_is_over_and_while_it_holds() {
    let worker = Worker::spawn(|| ()).unwrap();
    let run = worker.start(job(with(ColorMode::Style, 0.0))).unwrap();
    let finished = wait(&worker, |kind| matches!(kind, EventKind::Finished(_)));
    let EventKind::Finished(painting) = finished.kind else {
        unreachable!("waited for it");
    };
    assert!(painting.unfinished.is_none());
    assert!(worker.take_preview().is_some());
    worker.update(TransferSettings {
        style_weight: 3.0,
        ..with(ColorMode::Luminance, 0.25)
    });
    let event = wait(&worker, |kind| matches!(kind, EventKind::Refinished(_)));
    assert_eq!(event.run, run);
    let EventKind::Refinished(faded) = event.kind else {
        unreachable!("waited for it");
    };
    assert_eq!((faded.step, faded.secs), (painting.step, painting.secs));
    let (was, is) = (&painting.picture.planes, &faded.picture.planes);
    assert!(mean_difference(was, is) > 0.01);
    let unfinished = faded.unfinished.unwrap();
    assert_eq!(unfinished.planes, *was);
    assert_eq!(faded.record.settings, with(ColorMode::Luminance, 0.25));
    assert!(worker.take_preview().is_some(), "it is shown");
    // What is not of the finish, or is there already, makes no picture.
    worker.update(with(ColorMode::Luminance, 0.25));
    assert!(worker.wait_event(Duration::from_millis(200)).is_none());

    let second = worker.start(job(single_level(5000))).unwrap();
    wait(&worker, |kind| matches!(kind, EventKind::Stepped(_)));
    worker.send(Command::Pause).unwrap();
    wait(&worker, |kind| matches!(kind, EventKind::Paused));
    worker.take_preview();
    worker.update(TransferSettings {
        fade: 1.0,
        ..single_level(5000)
    });
    let content = picture("content.png");
    let red = (content.planes.data[0] * 255.0).round() as u8;
    // A preview of the last step may still be on its way when the pause is told.
    let end = std::time::Instant::now() + Duration::from_mins(1);
    loop {
        if let Some(preview) = worker.take_preview() {
            assert_eq!(preview.run, second);
            if preview.image.data[0] == red {
                break;
            }
        }
        assert!(std::time::Instant::now() < end, "the fade was not shown");
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(worker.wait_event(Duration::from_millis(100)).is_none());
}
