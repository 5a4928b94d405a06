//! Presets of one's own and the queue.

use super::support::*;

fn choose_preset(window: &mut Window) {
    window
        .harness
        .get_by_role_and_label(Role::ComboBox, "Preset")
        .click();
    window.steps(3);
}

#[test]
fn a_preset_of_ones_own_is_saved_renamed_chosen_and_deleted() {
    let mut window = Window::open();
    window.set(|settings| settings.style_weight = 77.0);
    window.click("Save these settings as a preset");
    let field = window
        .harness
        .get_by_role_and_label(Role::TextInput, "Name of the preset");
    field.type_text("Quiet evening");
    window.steps(3);
    window.press(Key::Enter);
    window.wait("the file", |app| app.remembered().preset == "quiet-evening");
    let file = window.folder.path().join("presets/quiet-evening.toml");
    assert!(file.exists());

    window.set(|settings| settings.style_weight = 5.0);
    choose_preset(&mut window);
    window.click("Quiet evening");
    assert_eq!(window.app().settings().style_weight, 77.0);

    choose_preset(&mut window);
    window.click("Rename Quiet evening");
    let field = window
        .harness
        .get_by_role_and_label(Role::TextInput, "Name of the preset");
    field.type_text(" 2");
    window.steps(3);
    window.press(Key::Enter);
    window.wait("the new name", |app| {
        app.presets().contains(&"Quiet evening 2".to_owned())
    });

    choose_preset(&mut window);
    window.click("Delete Quiet evening 2");
    window.wait("the deletion", |app| app.remembered().preset == "impasto");
    assert!(!file.exists());
    assert_eq!(window.app().settings().style_weight, 77.0, "settings stay");
}

#[test]
fn space_is_text_in_the_name_of_a_preset() {
    let mut window = Window::open();
    window.click("Save these settings as a preset");
    window.press(Key::Space);
    window.press(Key::Q);
    assert_eq!(window.app().phase(), Phase::Idle);
    assert!(!window.shows("Queue 1"));
    window.press(Key::Escape);
    assert!(!window.shows("Name of the preset"));
}

#[test]
fn queued_runs_follow_each_other_and_their_results_are_saved() {
    let mut window = Window::open();
    window.set(|settings| settings.steps = 3);
    window.press(Key::Q);
    window.set(|settings| settings.steps = 4);
    window.press(Key::Q);
    window.set(|settings| settings.steps = 5);
    window.press(Key::Q);
    window.click("Queue 3");
    window
        .harness
        .get_all_by_role(Role::Button)
        .rfind(|node| {
            let label = node.accesskit_node().label().unwrap_or_default();
            label.starts_with("Remove: content, style")
        })
        .unwrap()
        .click();
    window.steps(4);
    assert!(window.shows("Queue 2"));
    window.click("Start the queue");
    window.wait("both results", |app| app.snapshots().len() == 2);
    let results = [("Result".to_owned(), 3), ("Result".to_owned(), 4)];
    assert_eq!(window.app().snapshots(), results);
    assert_eq!(window.app().settings().steps, 4, "the last run's settings");
    let saved = window.folder.path().join("saved");
    let end = Instant::now() + PATIENCE;
    while std::fs::read_dir(&saved).map_or(0, Iterator::count) < 2 {
        assert!(Instant::now() < end, "the results were not saved");
        window.steps(1);
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_run_added_while_another_paints_begins_after_it() {
    let mut window = Window::open();
    window.set(|settings| settings.steps = 100);
    window.start();
    window.set(|settings| settings.steps = 2);
    window.press(Key::Q);
    assert!(window.shows("it will be painted after this run"));
    window.wait("both results", |app| app.snapshots().len() == 2);
    assert_eq!(window.app().snapshots()[1], ("Result".to_owned(), 2));
}
