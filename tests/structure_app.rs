//! The window's inner order, held: what each kind of file may import, that only the handlers know
//! `App`, and that no circle of files is larger than two.

#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

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

/// The kind of a file, by its path below `src/app`.
fn kind(path: &str) -> Kind {
    let (folder, file) = path.split_once('/').unwrap_or(("", path));
    match (folder, file) {
        ("", "mod.rs") => Kind::Face,
        ("", "window.rs") => Kind::Window,
        ("", "events.rs" | "answers.rs" | "asked.rs" | "launch.rs") | (_, "handle.rs") => {
            Kind::Handle
        }
        ("", "theme.rs" | "widgets.rs" | "geometry.rs") => Kind::Look,
        ("text", _) => Kind::Text,
        ("command", _) => Kind::Command,
        ("io", _) => Kind::Io,
        ("session", "mod.rs") => Kind::Session,
        ("session", _) => Kind::Part,
        (_, "state.rs") => Kind::State,
        _ => Kind::View,
    }
}

/// Files below `src/app` with their code.
type Sources = BTreeMap<String, String>;

fn sources() -> Sources {
    fn walk(folder: &Path, below: &str, found: &mut Sources) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_str().unwrap().to_owned();
            if path.is_dir() {
                walk(&path, &format!("{below}{name}/"), found);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let whole = fs::read_to_string(&path).unwrap();
                let code = whole.split("#[cfg(test)]\nmod tests {").next().unwrap();
                found.insert(format!("{below}{name}"), code.to_owned());
            }
        }
    }
    let mut found = Sources::new();
    walk(Path::new("src/app"), "", &mut found);
    assert!(found.len() > 50, "only {} files in the window", found.len());
    found
}

/// A path by its segments, from `crate` on.
type Segments = Vec<String>;

fn module_of(path: &str) -> Segments {
    let stem = path.trim_end_matches(".rs").trim_end_matches("/mod");
    let below = stem.split('/').filter(|part| *part != "mod");
    ["crate", "app"]
        .into_iter()
        .chain(below)
        .map(str::to_owned)
        .collect()
}

/// Words and signs of code; comments, strings and characters are left out.
fn tokens(code: &str) -> Vec<String> {
    let mut tokens = Vec::new();
    let mut rest = code;
    while let Some(first) = rest.chars().next() {
        let skip = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if first == '"' {
            let mut escaped = false;
            let end = rest[1..].find(|c| {
                let ends = c == '"' && !escaped;
                escaped = c == '\\' && !escaped;
                ends
            });
            end.map_or(rest.len(), |end| end + 2)
        } else if first.is_alphabetic() || first == '_' {
            let word = |c: char| !c.is_alphanumeric() && c != '_';
            let end = rest.find(word).unwrap_or(rest.len());
            tokens.push(rest[..end].to_owned());
            end
        } else if rest.starts_with("::") {
            tokens.push("::".to_owned());
            2
        } else {
            if !first.is_whitespace() {
                tokens.push(first.to_string());
            }
            first.len_utf8()
        };
        rest = &rest[skip..];
    }
    tokens
}

/// What a file imports.
#[derive(Default)]
struct Imports {
    /// Names in its scope, and what they stand for.
    names: BTreeMap<String, Segments>,
    /// Those that it hands on.
    handed_on: BTreeSet<String>,
    /// Modules of which it takes everything.
    globs: Vec<Segments>,
    /// Paths named in place.
    in_place: Vec<Segments>,
}

/// A path as it is written, from `crate` on; `None` when it does not lead into the crate.
fn absolute(path: &[String], module: &[String], children: &BTreeSet<String>) -> Option<Segments> {
    let mut base = module.to_vec();
    let mut rest = path;
    match path.first()?.as_str() {
        "crate" => return Some(path.to_vec()),
        "self" => rest = &path[1..],
        "super" => {
            while rest.first().is_some_and(|part| part == "super") {
                base.pop();
                rest = &rest[1..];
            }
        }
        first if children.contains(first) => {}
        _ => return None,
    }
    base.extend_from_slice(rest);
    Some(base)
}

/// Reads one `use` tree from `tokens[at]` on, into whole paths with the names they get.
fn use_tree(
    tokens: &[String],
    at: &mut usize,
    prefix: &[String],
    found: &mut Vec<(Segments, String)>,
) {
    let mut path = prefix.to_vec();
    while let Some(token) = tokens.get(*at) {
        *at += 1;
        match token.as_str() {
            "::" => {}
            "{" => {
                while tokens[*at] != "}" {
                    use_tree(tokens, at, &path, found);
                    if tokens[*at] == "," {
                        *at += 1;
                    }
                }
                *at += 1;
                return;
            }
            "as" => {
                found.push((path, tokens[*at].clone()));
                *at += 1;
                return;
            }
            "self" if !path.is_empty() => {}
            word => path.push(word.to_owned()),
        }
        let ends = tokens
            .get(*at)
            .is_none_or(|next| [",", ";", "}"].contains(&next.as_str()));
        if ends {
            let name = path.last().cloned().unwrap_or_default();
            found.push((path, name));
            return;
        }
    }
}

fn imports(code: &str, module: &[String], children: &BTreeSet<String>) -> Imports {
    let tokens = tokens(code);
    let mut imports = Imports::default();
    let mut at = 0;
    let mut public = false;
    let mut written: Vec<Segments> = Vec::new();
    while at < tokens.len() {
        let token = tokens[at].as_str();
        let follows_path = at > 0 && ["::", "."].contains(&tokens[at - 1].as_str());
        if token == "use" {
            let mut found = Vec::new();
            at += 1;
            use_tree(&tokens, &mut at, &[], &mut found);
            for (path, name) in found {
                let Some(mut path) = absolute(&path, module, children) else {
                    continue;
                };
                if name == "*" {
                    path.pop();
                    imports.globs.push(path);
                } else {
                    if public {
                        imports.handed_on.insert(name.clone());
                    }
                    imports.names.insert(name, path);
                }
            }
            public = false;
            continue;
        }
        public = token == "pub" || public && ["(", ")", "crate", "super", "in"].contains(&token);
        let word = token.starts_with(|c: char| c.is_alphabetic() || c == '_');
        if word && !follows_path {
            let mut path = vec![token.to_owned()];
            while tokens.get(at + 1).is_some_and(|next| next == "::")
                && tokens
                    .get(at + 2)
                    .is_some_and(|next| next != "<" && next != "{")
            {
                path.push(tokens[at + 2].clone());
                at += 2;
            }
            if path.len() > 1 {
                written.push(path);
            }
        }
        at += 1;
    }
    for path in written {
        let whole = match imports.names.get(&path[0]) {
            Some(known) => Some(known.iter().chain(&path[1..]).cloned().collect()),
            None => absolute(&path, module, children),
        };
        imports.in_place.extend(whole);
    }
    imports
}

/// Which files a file imports from.
type Graph = BTreeMap<String, BTreeSet<String>>;

fn graph(sources: &Sources) -> Graph {
    let files: BTreeMap<Segments, &String> =
        sources.keys().map(|path| (module_of(path), path)).collect();
    let read: BTreeMap<Segments, Imports> = sources
        .iter()
        .map(|(path, code)| {
            let module = module_of(path);
            let below = files
                .keys()
                .filter(|other| other.len() == module.len() + 1 && other.starts_with(&module));
            let children = below.filter_map(|other| other.last().cloned()).collect();
            let imports = imports(code, &module, &children);
            (module, imports)
        })
        .collect();
    // The file that a path leads to, past what modules hand on.
    let file_of = |path: &Segments| -> Option<String> {
        let mut path = path.clone();
        for _ in 0..8 {
            let length = (1..=path.len())
                .rev()
                .find(|&n| files.contains_key(&path[..n]))?;
            let (module, rest) = path.split_at(length);
            let item = rest.first()?;
            let imports = &read[module];
            let Some(on) = imports
                .names
                .get(item)
                .filter(|_| imports.handed_on.contains(item))
            else {
                return Some(files[module].clone());
            };
            path = on.iter().chain(&rest[1..]).cloned().collect();
        }
        None
    };
    sources
        .keys()
        .map(|path| {
            let imports = &read[&module_of(path)];
            let named = imports.names.values().chain(&imports.in_place);
            let mut targets: BTreeSet<String> = named.filter_map(&file_of).collect();
            let globs = imports.globs.iter().filter_map(|module| files.get(module));
            targets.extend(globs.map(|&file| file.clone()));
            targets.remove(path);
            (path.clone(), targets)
        })
        .collect()
}

/// Groups of files that import each other in a circle, the largest first.
fn circles(graph: &Graph) -> Vec<BTreeSet<String>> {
    let reach = |from: &String| {
        let mut reached = BTreeSet::new();
        let mut open: Vec<&String> = graph[from].iter().collect();
        while let Some(next) = open.pop() {
            if reached.insert(next.clone()) {
                open.extend(&graph[next]);
            }
        }
        reached
    };
    let reached: BTreeMap<&String, BTreeSet<String>> =
        graph.keys().map(|path| (path, reach(path))).collect();
    let mut circles: BTreeSet<BTreeSet<String>> = BTreeSet::new();
    for (path, there) in &reached {
        let back = there.iter().filter(|other| reached[other].contains(*path));
        let circle: BTreeSet<String> = back.cloned().collect();
        if circle.len() > 1 {
            circles.insert(circle);
        }
    }
    let mut circles: Vec<_> = circles.into_iter().collect();
    circles.sort_by_key(|circle| std::cmp::Reverse(circle.len()));
    circles
}

/// Imports against the table, in words.
fn breaches(graph: &Graph) -> Vec<String> {
    let mut breaches = Vec::new();
    for (path, targets) in graph {
        let own = kind(path);
        let (_, allowed) = MAY_IMPORT.iter().find(|(kind, _)| *kind == own).unwrap();
        for target in targets {
            let other = kind(target);
            // Handlers are methods of `App`: none has anything to import from another.
            let same = other == own && own != Kind::Handle;
            if !same && !allowed.contains(&other) {
                breaches.push(format!("{path} ({own:?}) imports {target} ({other:?})"));
            }
        }
    }
    breaches
}

#[test]
fn files_of_the_window_import_only_what_they_may() {
    let breaches = breaches(&graph(&sources()));
    assert!(breaches.is_empty(), "{}", breaches.join("\n"));
}

#[test]
fn no_circle_of_the_window_is_larger_than_two_files() {
    let circles = circles(&graph(&sources()));
    let largest = circles.first().map_or(0, BTreeSet::len);
    assert!(largest <= LARGEST_CIRCLE, "{:#?}", circles[0]);
}

#[test]
fn only_the_handlers_see_the_whole_window() {
    for (path, targets) in graph(&sources()) {
        if targets.contains("window.rs") {
            let kind = kind(&path);
            assert!(
                matches!(kind, Kind::Handle | Kind::Face),
                "{path} ({kind:?}) imports the window"
            );
        }
    }
}

#[test]
fn a_planted_circle_is_found() {
    let planted = |file: &str, import: &str| {
        let mut sources = sources();
        let code = sources.get_mut(file).unwrap();
        code.push_str(import);
        graph(&sources)
    };
    // From the ground to the roof, in each way that code can name a path.
    for import in [
        "use crate::app::toolbar::toolbar_ui;",
        "use super::super::toolbar::{self, toolbar_ui};",
        "fn f() { crate::app::toolbar::toolbar_ui(); }",
        "use crate::app::toolbar; fn f() { toolbar::toolbar_ui(); }",
    ] {
        let graph = planted("command/ids.rs", import);
        let largest = circles(&graph).first().map_or(0, BTreeSet::len);
        assert!(
            largest > LARGEST_CIRCLE,
            "{import} makes a circle of {largest}"
        );
        let breach = "command/ids.rs (Command) imports toolbar.rs (View)";
        assert!(breaches(&graph).contains(&breach.to_owned()), "{import}");
    }
    let graph = planted("toolbar.rs", "use super::App;");
    assert!(
        graph["toolbar.rs"].contains("window.rs"),
        "through the face"
    );
}

#[test]
fn paths_are_read_in_every_form() {
    let sources: Sources = [
        ("mod.rs", "pub use self::a::b::Item; mod a; mod c;"),
        (
            "a/mod.rs",
            "pub(crate) use self::b::Other; pub(crate) mod b;",
        ),
        (
            "a/b.rs",
            "use super::super::c::{d, E as F}; // use crate::app::nothing;",
        ),
        (
            "c.rs",
            "fn f() -> &'static str { super::a::Other::new(); \"crate::app::Item\" }",
        ),
    ]
    .map(|(path, code)| (path.to_owned(), code.to_owned()))
    .into();
    let graph = graph(&sources);
    let of = |path: &str| graph[path].iter().map(String::as_str).collect::<Vec<_>>();
    assert_eq!(of("mod.rs"), ["a/b.rs"]);
    assert_eq!(of("a/mod.rs"), ["a/b.rs"]);
    assert_eq!(of("a/b.rs"), ["c.rs"]);
    assert_eq!(of("c.rs"), ["a/b.rs"]);
    assert_eq!(circles(&graph).len(), 1);
}
