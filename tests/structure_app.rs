//! The window's inner order, held: what each kind of file may import, that only the handlers know
//! `App`, and that no circle of files is larger than two.

mod circles;

use std::collections::{BTreeMap, BTreeSet};

use circles::{Files, files, imports, largest_circle};

/// Most files that may import each other in a circle.
const LARGEST_CIRCLE: usize = 2;

/// The kinds of files, from the ground up, and which a kind may import besides its own.
/// ARCHITECTURE.md shows the same.
const MAY_IMPORT: [(Kind, &[Kind]); 11] = {
    use Kind::{Command, Face, Handle, Io, Look, Part, Session, State, Text, View, Window};
    [
        (Text, &[]),
        (Command, &[Text]),
        (Look, &[]),
        (Io, &[Text, Command]),
        (Part, &[Text, Command, Io]),
        (State, &[Text, Command, Io, Part]),
        (Session, &[Text, Command, Io, Part, State]),
        (View, &[Text, Command, Look, Io, Part, State, Session]),
        (
            Window,
            &[Text, Command, Look, Io, Part, State, Session, View],
        ),
        (
            Handle,
            &[Text, Command, Look, Io, Part, State, Session, Window],
        ),
        (Face, &[Part, Window, Handle]),
    ]
};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// Every word that the window says.
    Text,
    /// What views ask for, as plain data.
    Command,
    /// Colors, distances, small widgets.
    Look,
    /// Threads for files, dialogs, networks, engines.
    Io,
    /// What the session is made of: a picture, the run.
    Part,
    /// What a feature knows.
    State,
    /// Everything that views read.
    Session,
    /// What draws.
    View,
    /// `App`: the frame of the window.
    Window,
    /// Where commands and answers take effect.
    Handle,
    /// What the rest of the program sees.
    Face,
}

/// The kind of a file, by its module path.
fn kind(path: &[String]) -> Kind {
    let words: Vec<&str> = path.iter().map(String::as_str).collect();
    match words[1..] {
        [] => Kind::Face,
        ["window"] => Kind::Window,
        ["events" | "answers" | "asked" | "launch"] | [.., "handle"] => Kind::Handle,
        ["theme" | "widgets" | "geometry"] => Kind::Look,
        ["text", ..] => Kind::Text,
        ["command", ..] => Kind::Command,
        ["io", ..] => Kind::Io,
        ["session"] => Kind::Session,
        ["session", _] => Kind::Part,
        [_, "state"] => Kind::State,
        _ => Kind::View,
    }
}

/// Which files of the window each of its files imports from. The heads of folders that only declare
/// their files are left out.
type Graph = BTreeMap<Vec<String>, BTreeSet<Vec<String>>>;

fn graph(files: &Files) -> Graph {
    let inside = |path: &&Vec<String>| path[..1] == ["app"] && !is_head(files, path);
    let of_window = files.keys().filter(inside);
    of_window
        .map(|path| {
            let mut targets = imports(files, path);
            targets.retain(|target| inside(&target));
            (path.clone(), targets)
        })
        .collect()
}

/// Whether a file declares others and does nothing else.
fn is_head(files: &Files, path: &[String]) -> bool {
    let mut lines = files[path].lines().filter(|line| !line.is_empty());
    path.len() > 1 && lines.all(|line| line.contains("mod ") && line.ends_with(';'))
}

/// Imports against the table, in words.
fn breaches(graph: &Graph) -> Vec<String> {
    let mut breaches = Vec::new();
    for (path, targets) in graph {
        let own = kind(path);
        let (_, allowed) = MAY_IMPORT[own as usize];
        for target in targets {
            let other = kind(target);
            // Handlers are methods of `App`: none has anything to import from another.
            let same = other == own && own != Kind::Handle;
            if !same && !allowed.contains(&other) {
                let (path, target) = (path.join("::"), target.join("::"));
                breaches.push(format!("{path} ({own:?}) imports {target} ({other:?})"));
            }
        }
    }
    breaches
}

/// The program with more code in a file of the window.
fn planted(file: &str, code: &str) -> Files {
    let mut files = files();
    let path: Vec<String> = file.split("::").map(str::to_owned).collect();
    let whole = files.entry(path).or_default();
    whole.push('\n');
    whole.push_str(code);
    files
}

#[test]
fn the_table_has_a_row_for_each_kind_in_its_order() {
    for (row, (kind, _)) in MAY_IMPORT.iter().enumerate() {
        assert_eq!(*kind as usize, row);
    }
    let graph = graph(&files());
    assert!(graph.len() > 50, "only {} files", graph.len());
}

#[test]
fn files_of_the_window_import_only_what_they_may() {
    let breaches = breaches(&graph(&files()));
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

#[test]
fn no_circle_of_the_window_is_larger_than_two_files() {
    let circle = largest_circle(&files(), "app");
    assert!(circle.len() <= LARGEST_CIRCLE, "{circle:#?}");
}

#[test]
fn only_the_handlers_see_the_whole_window() {
    let window: Vec<String> = ["app", "window"].map(str::to_owned).into();
    for (path, targets) in graph(&files()) {
        let sees = matches!(kind(&path), Kind::Handle | Kind::Face);
        assert!(sees || !targets.contains(&window), "{path:?}");
    }
}

#[test]
fn a_planted_circle_is_found() {
    // From the ground to the roof, in each way that code can name a path.
    for import in [
        "use crate::app::toolbar::toolbar_ui;",
        "use super::super::toolbar::{self, toolbar_ui};",
        "fn f() { crate::app::toolbar::toolbar_ui(); }",
        "use crate::app::pictures;\nfn f() { pictures::view::pictures_ui(); }",
    ] {
        let files = planted("app::command::ids", import);
        let circle = largest_circle(&files, "app");
        assert!(circle.len() > LARGEST_CIRCLE, "{import}: {circle:?}");
        let breach = "app::command::ids (Command) imports app::";
        let breaches = breaches(&graph(&files));
        assert!(
            breaches.iter().any(|found| found.starts_with(breach)),
            "{import}"
        );
    }
    // By way of the face.
    let breaches = breaches(&graph(&planted("app::toolbar", "use super::App;")));
    assert_eq!(
        breaches,
        ["app::toolbar (View) imports app::window (Window)"]
    );
}
