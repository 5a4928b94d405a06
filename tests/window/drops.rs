//! What is under the pointer is what a dropped file becomes.

use super::support::*;

impl Window {
    /// The middle of the card of this role.
    fn card(&self, role: &str) -> egui::Pos2 {
        let prefix = format!("{role}: ");
        let mut cards = self.harness.query_all_by_role(Role::Button);
        let card = cards.find(|node| {
            let label = node.accesskit_node().label().unwrap_or_default();
            label.starts_with(&prefix)
        });
        card.unwrap().rect().center()
    }

    /// A place on the canvas, as shares of its sides.
    fn on_canvas(&self, x: f32, y: f32) -> egui::Pos2 {
        let mut images = self.harness.query_all_by_role(Role::Image);
        let canvas = images.find(|node| {
            let label = node.accesskit_node().label().unwrap_or_default();
            label.starts_with("Picture: ")
        });
        let rect = canvas.unwrap().rect();
        rect.lerp_inside(vec2(x, y))
    }

    fn hover_files(&mut self, at: egui::Pos2, count: usize) {
        self.harness.hover_at(at);
        let files = vec![egui::HoveredFile::default(); count];
        self.harness.input_mut().hovered_files = files;
        self.steps(3);
    }

    /// Drags a file over a place and drops it there.
    fn drop_at(&mut self, at: egui::Pos2, path: &Path) {
        self.hover_files(at, 1);
        self.harness.input_mut().hovered_files.clear();
        self.drop_files(&[path]);
    }
}

fn own(window: &Window, name: &str) -> PathBuf {
    picture_file(window.folder.path(), name, 40, 30)
}

#[test]
fn the_card_under_the_pointer_takes_the_file_whatever_came_before() {
    let mut window = Window::open();
    for (n, role) in ["content", "style", "style", "content", "content"]
        .into_iter()
        .enumerate()
    {
        let name = format!("{n}-{role}.png");
        let path = own(&window, &name);
        window.drop_at(window.card(role), &path);
        window.wait("the picture", |app| {
            let (content, styles) = app.pictures();
            match role {
                "content" => content == Some(name.clone()),
                _ => styles == [name.clone()],
            }
        });
        assert!(window.shows(&format!("{name} is now the {role} image.")));
    }
    let (content, styles) = window.app().pictures();
    assert_eq!(content.as_deref(), Some("4-content.png"));
    assert_eq!(styles, ["2-style.png"]);
}

#[test]
fn what_lights_up_is_what_happens() {
    let mut window = Window::open();
    let places = [
        (window.card("content"), "content"),
        (window.card("style"), "style"),
        (window.on_canvas(0.1, 0.5), "content"),
        (window.on_canvas(0.9, 0.2), "style"),
    ];
    for (n, (at, role)) in places.into_iter().enumerate() {
        window.hover_files(at, 1);
        assert_eq!(window.app().drop_target(), Some(role), "{at:?}");
        let path = own(&window, &format!("{n}.png"));
        window.drop_at(at, &path);
        let name = format!("{n}.png");
        window.wait("the picture", |app| {
            let (content, styles) = app.pictures();
            match role {
                "content" => content == Some(name.clone()),
                _ => styles == [name.clone()],
            }
        });
        assert_eq!(window.app().drop_target(), None, "nothing hovers");
    }
}

#[test]
fn beside_cards_and_canvas_it_is_asked() {
    let mut window = Window::open();
    let path = own(&window, "aside.png");
    window.drop_at(egui::pos2(640.0, 10.0), &path);
    window.wait("the question", App::asks);
    assert!(window.shows("How do you want to use aside.png?"));
    assert_eq!(window.app().pictures().0.as_deref(), Some("content.png"));
    window.click("As style");
    window.wait("the style", |app| app.pictures().1 == ["aside.png"]);
}

#[test]
fn several_files_are_asked_about_and_become_a_queue_of_contents() {
    let mut window = Window::open();
    window.set(|settings| settings.steps = 2);
    let paths = ["a.png", "b.png", "c.png"].map(|name| own(&window, name));
    let at = window.card("style");
    window.harness.hover_at(at);
    window.drop_files(&paths.each_ref().map(PathBuf::as_path));
    window.wait("the question", App::asks);
    assert!(window.shows("How do you want to use these 3 pictures?"));
    window.click("As content images");
    window.wait("the queue", |app| app.queued() == 3);
    assert_eq!(window.app().pictures().0.as_deref(), Some("content.png"));
    assert_eq!(window.app().phase(), Phase::Idle);
}

#[test]
fn several_files_become_styles_and_undo_brings_the_one_before_back() {
    let mut window = Window::open();
    let paths = ["a.png", "b.png"].map(|name| own(&window, name));
    window.drop_files(&paths.each_ref().map(PathBuf::as_path));
    window.wait("the question", App::asks);
    window.click("As style images");
    window.wait("both", |app| app.pictures().1 == ["a.png", "b.png"]);
    window.undo();
    assert_eq!(window.app().pictures().1, ["style.png"]);
    window.redo();
    assert_eq!(window.app().pictures().1, ["a.png", "b.png"]);
}

#[test]
fn the_pictures_of_a_dropped_folder_are_asked_about() {
    let mut window = Window::open();
    let folder = window.folder.path().join("holiday");
    std::fs::create_dir(&folder).unwrap();
    for name in ["1.png", "2.png"] {
        picture_file(&folder, name, 40, 30);
    }
    std::fs::write(folder.join("notes.txt"), "x").unwrap();
    window.drop_files(&[&folder]);
    window.wait("the question", App::asks);
    assert!(window.shows("How do you want to use these 2 pictures?"));
    window.click("As content and style");
    window.wait("both", |app| {
        app.pictures() == (Some("1.png".to_owned()), vec!["2.png".to_owned()])
    });
}

#[test]
fn a_drop_is_taken_back_by_its_notice_and_by_the_key() {
    let mut window = Window::open();
    let first = own(&window, "first.png");
    window.drop_at(window.card("content"), &first);
    window.wait("the picture", |app| {
        app.pictures().0.as_deref() == Some("first.png")
    });
    window.harness.get_by_label("Undo").click();
    window.steps(3);
    assert_eq!(window.app().pictures().0.as_deref(), Some("content.png"));
    let second = own(&window, "second.png");
    window.drop_at(window.on_canvas(0.8, 0.8), &second);
    window.wait("the picture", |app| app.pictures().1 == ["second.png"]);
    window.undo();
    assert_eq!(window.app().pictures().1, ["style.png"]);
    window.redo();
    assert_eq!(window.app().pictures().1, ["second.png"]);
}
