//! What a run is computed on.

use impasto::{
    settings::DeviceChoice,
    vgg::device::{DeviceId, Kind},
};

use super::support::*;

#[test]
fn devices_are_listed_among_the_expert_controls() {
    let mut window = Window::open();
    window
        .harness
        .get_by_role_and_label(Role::RadioButton, "Expert")
        .click();
    window.steps(4);
    let end = Instant::now() + PATIENCE;
    while !window.shows("GB free") {
        assert!(Instant::now() < end, "no list of devices");
        window.harness.step();
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(window.shows("2 threads"));
    #[cfg(not(feature = "cuda"))]
    assert!(window.shows("this program was built without CUDA"));
    window.start();
    assert!(window.shows("CPU, 2 threads"), "in the status line");
}

#[test]
fn a_device_that_cannot_be_used_is_said_and_the_processor_offered() {
    let mut window = Window::open_with(|options| {
        options.device = Some(DeviceChoice::On(DeviceId {
            kind: Kind::Cuda,
            index: 99,
        }));
    });
    window.press(Key::Space);
    window.wait("the error", |app| app.error().is_some());
    let error = window.app().error().unwrap().to_owned();
    assert!(error.starts_with("Cuda:99 cannot be used: "), "{error}");
    // The command line's choice is for this session only.
    assert_eq!(window.app().remembered().device, DeviceChoice::Auto);
    window.click("Compute on the CPU");
    assert_eq!(window.app().remembered().device, DeviceChoice::Cpu);
    window.press(Key::Space);
    window.wait("a run", |app| app.step() > 0);
    assert!(window.app().error().is_none());
}
