//! Everything of a run is computed on its own threads of low priority, and on no others. In a
//! process of its own, since rayon's shared threads are there for good once they were used.

use std::{path::Path, sync::Arc};

use impasto::{
    pixels::{Picture, SaveOptions, save},
    settings::{ColorMode, TransferSettings},
    transfer::{Compute, Job, StyleImage, film::Camera},
};

#[test]
fn a_run_and_its_pictures_use_no_threads_but_their_own() {
    let mut compute = Compute::new(Some(2)).unwrap();
    let open = |name: &str| {
        let path = Path::new("tests/reference").join(name);
        Arc::new(compute.install(|| Picture::open(&path)).unwrap())
    };
    let style = StyleImage::new(open("style.png"), 1.0);
    let settings = TransferSettings {
        size_px: Some(64),
        ..TransferSettings::default()
    };
    let mut transfer = compute
        .begin(Job::new(open("content.png"), vec![style], settings.clone()))
        .unwrap();
    let report = transfer.step().unwrap();
    let frame = Camera::new(1).watch(&transfer, &report).unwrap();
    assert!(frame.is_some());
    let wanted = TransferSettings {
        color: ColorMode::Luminance,
        style_scale: 0.7,
        ..settings
    };
    assert!(!compute.update(&mut transfer, &wanted).unwrap());
    transfer.step().unwrap();
    let picture = transfer.picture();
    assert_eq!(transfer.preview(32).width, 32);
    assert_eq!(transfer.record().step, 2);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.jpg");
    let saved = || save(&path, &picture.planes, None, &SaveOptions::default());
    transfer.install(saved).unwrap();
    // This fails where the shared threads were started by anything above.
    assert!(rayon::ThreadPoolBuilder::new().build_global().is_ok());
}
