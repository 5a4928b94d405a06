//! What the window's thread does not do: copy settings while nothing changes, make pictures of
//! previews. Seen by the memory it asks for.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
};

use impasto::settings::InitialImage;

use super::support::*;

/// The system's allocator, which counts what this thread asks for in one size.
struct Counting;

thread_local! {
    static WATCHED_BYTES: Cell<usize> = const { Cell::new(0) };
    static COUNT: Cell<usize> = const { Cell::new(0) };
}

#[expect(
    unsafe_code,
    reason = "hands on to the system's allocator, as it was called"
)]
// SAFETY: every call is handed on unchanged; the counters allocate nothing.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        if WATCHED_BYTES.get() == layout.size() {
            COUNT.set(COUNT.get() + 1);
        }
        // SAFETY: the caller's promise.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller's promise.
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        // SAFETY: the caller's promise.
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How often this thread asks for exactly `bytes` while `work` is done.
fn allocations(bytes: usize, work: impl FnOnce()) -> usize {
    COUNT.set(0);
    WATCHED_BYTES.set(bytes);
    work();
    WATCHED_BYTES.set(0);
    COUNT.get()
}

#[test]
fn a_resting_window_copies_no_settings() {
    /// The length of a path tells the settings' memory from all other.
    const PATH_BYTES: usize = 6007;
    let mut path = "/folder".repeat(PATH_BYTES / 7 - 2);
    path.push_str(&"/w".repeat((PATH_BYTES - path.len()) / 2));
    path.push_str(&"w".repeat(PATH_BYTES - path.len()));
    let mut window = Window::open();
    let counted = allocations(PATH_BYTES, || {
        window.set(|settings| settings.weights = Some(path.into()));
    });
    assert!(counted > 0, "copies are counted");
    // Memory is estimated, the measure of speed is tried, the history of settings comes to rest.
    let rests = Instant::now() + Duration::from_secs(4);
    while Instant::now() < rests {
        window.steps(1);
        std::thread::sleep(Duration::from_millis(20));
    }
    let counted = allocations(PATH_BYTES, || window.steps(30));
    assert_eq!(counted, 0, "in 30 frames");
}

#[test]
fn previews_are_made_ready_elsewhere() {
    let (width, height) = (200, 152);
    let mut window = Window::open_with(|options| {
        let folder = options.save_folder.as_ref().unwrap().parent().unwrap();
        options.content = Some(picture_file(folder, "large.png", width, height));
    });
    window.set(|settings| settings.size_px = Some(width as u32));
    let counted = allocations(4 * width * height, || {
        window.start();
        window.wait("more previews", |app| app.step() >= 6);
    });
    assert_eq!(counted, 0, "pictures of the size of a preview");
}

#[test]
fn a_run_copies_no_settings_while_nobody_changes_them() {
    let mut window = Window::open();
    // The length of the path of the picture that the run starts from tells the settings' memory
    // from all other.
    let mut deep = window.folder.path().to_owned();
    while deep.as_os_str().len() < 3000 {
        deep.push("f".repeat(200));
    }
    std::fs::create_dir_all(&deep).unwrap();
    let path = picture_file(&deep, "start.png", 64, 48);
    let bytes = path.as_os_str().len();
    window.set(|settings| settings.initial_image = InitialImage::File(path.clone()));
    window.wait("the picture to start from", |app| {
        app.remembered().recent.contains(&path)
    });
    window.start();
    let counted = allocations(bytes, || {
        window.set(|settings| settings.content_weight *= 2.0);
        window.wait("the change", |app| !app.changes().is_empty());
    });
    assert!(counted > 0, "copies are counted");
    let step = window.app().step();
    window.wait("the history of settings", |app| app.step() > step + 8);
    let step = window.app().step();
    let counted = allocations(bytes, || {
        window.wait("more steps", |app| app.step() > step + 8);
    });
    assert_eq!(counted, 0, "in 8 steps");
}
