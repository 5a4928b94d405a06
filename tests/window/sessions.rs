//! What a window leaves when it is gone is brought back by the next.

use super::support::*;

impl Window {
    fn own_folder(&self) -> PathBuf {
        self.folder.path().join("own")
    }

    /// Draws frames until a session's folder holds a checkpoint that it names.
    fn wait_checkpoint(&mut self) {
        let sessions = self.own_folder().join("sessions");
        let end = Instant::now() + PATIENCE;
        loop {
            let mut found = std::fs::read_dir(&sessions).into_iter().flatten().flatten();
            let named = found.any(|entry| {
                let told = std::fs::read_to_string(entry.path().join("session.json"));
                let film = entry.path().join("film.json").exists();
                film && told.is_ok_and(|told| told.contains(".checkpoint\""))
            });
            if named {
                return;
            }
            assert!(Instant::now() < end, "the run is not kept");
            self.steps(1);
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// A window after a crash of this one: what was on the disk is there.
    fn after_a_crash(&self) -> Self {
        let left = self.own_folder();
        Self::open_with(|options| copy(&left, options.own_folder.as_ref().unwrap()))
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else if let Err(fault) = std::fs::copy(entry.path(), &target) {
            // A draft, renamed meanwhile.
            assert_eq!(fault.kind(), std::io::ErrorKind::NotFound);
        }
    }
}

#[test]
fn a_run_that_was_cut_off_goes_on_and_ends_with_the_same_picture() {
    let mut window = Window::open();
    window.set(|settings| settings.steps = 400);
    window.press(Key::Space);
    window.wait_checkpoint();
    let mut next = window.after_a_crash();
    next.wait_shown("Continue where you left off?");
    assert!(next.shows("was interrupted at step"));
    assert!(next.shows("of 400."));
    assert_eq!(next.app().phase(), Phase::Idle, "not unasked");
    next.click("Go on");
    next.wait("the end", |app| app.phase() == Phase::Finished);
    window.wait("the end", |app| app.phase() == Phase::Finished);
    let runs: Vec<u64> = next.app().film().iter().map(|(run, ..)| *run).collect();
    assert_eq!(runs, [1, 2], "the film before, and what followed");
    assert_eq!(next.app().pictures(), window.app().pictures());
    assert_eq!(next.app().settings(), window.app().settings());
    let (whole, resumed) = (window.app().newest().unwrap(), next.app().newest().unwrap());
    let pairs = whole.0.planes.data.iter().zip(&resumed.0.planes.data);
    let farthest = pairs.map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(farthest <= 1.0 / 255.0, "{farthest}");
}

#[test]
fn a_finished_picture_that_was_not_saved_is_brought_back() {
    let mut window = Window::open();
    window.set(|settings| settings.steps = 2);
    window.press(Key::Space);
    window.wait("the result", |app| app.snapshots().len() == 1);
    window.press(Key::Q);
    let picture = window.app().newest().unwrap().0;
    let folder = window.folder;
    drop(window.harness);
    let own = folder.path().join("own");
    let mut next = Window::open_with(|options| options.own_folder = Some(own.clone()));
    next.wait_shown("One picture was not saved.");
    assert!(next.shows("One run waits in the queue."));
    next.click("Bring it back");
    next.wait("the strip", |app| app.snapshots().len() == 1);
    assert_eq!(next.app().snapshots(), [("Result".to_owned(), 2)]);
    assert_eq!(next.app().queued(), 1);
    let pairs = picture.planes.data.iter();
    let back = next.app().newest().unwrap().0;
    let farthest = pairs
        .zip(&back.planes.data)
        .map(|(a, b)| (a - b).abs())
        .fold(0.0, f32::max);
    assert!(farthest < 1e-4, "{farthest}");
}

#[test]
fn what_was_left_is_not_offered_again_once_declined_and_saved_pictures_leave_nothing() {
    let mut window = Window::open();
    window.set(|settings| settings.steps = 2);
    window.press(Key::Q);
    window.steps(4);
    let folder = window.folder;
    drop(window.harness);
    let own = folder.path().join("own");
    let mut next = Window::open_with(|options| options.own_folder = Some(own.clone()));
    next.wait_shown("One run waits in the queue.");
    next.click("Not now");
    drop(next);
    let mut third = Window::open_with(|options| options.own_folder = Some(own.clone()));
    third.set(|settings| settings.steps = 2);
    third.press(Key::Space);
    third.wait("the result", |app| app.snapshots().len() == 1);
    assert!(!third.shows("Continue where you left off?"));
    third.press(Key::S);
    third.wait_shown("Saved as");
    drop(third);
    let mut last = Window::open_with(|options| options.own_folder = Some(own));
    last.steps(30);
    assert!(!last.shows("Continue where you left off?"), "all was saved");
}
