//! The worker thread: start, pause, stop, failure.

use super::*;

pub(super) fn wait(worker: &Worker, wanted: impl Fn(&EventKind) -> bool) -> Event {
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
