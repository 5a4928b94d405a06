//! Which files import each other in a circle: the import graph of a module's files, and its
//! strongly connected components.
//!
//! A path counts where it stands, in a `use` or in the middle of code. `pub use` in a `mod.rs` is no
//! import: what is named through it leads to the file that defines it.

#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// The files of a program: module path (`["cli", "render"]`) and code.
pub(crate) type Files = BTreeMap<Vec<String>, String>;

/// All files under `src`, comments and tests left out.
pub(crate) fn files() -> Files {
    fn walk(folder: &Path, path: &[String], found: &mut Files) {
        for entry in fs::read_dir(folder).unwrap() {
            let entry = entry.unwrap().path();
            let name = entry.file_stem().unwrap().to_str().unwrap().to_owned();
            let below: Vec<String> = path.iter().cloned().chain([name.clone()]).collect();
            if entry.is_dir() {
                walk(&entry, &below, found);
            } else if entry.extension().is_some_and(|extension| extension == "rs") {
                let path = if name == "mod" { path.to_vec() } else { below };
                found.insert(path, code(&fs::read_to_string(&entry).unwrap()));
            }
        }
    }
    let mut found = Files::new();
    walk(Path::new("src"), &[], &mut found);
    found
}

/// A file's text without comments and without its tests.
fn code(text: &str) -> String {
    let before_tests = text.split("#[cfg(test)]\nmod tests").next().unwrap();
    let lines = before_tests
        .lines()
        .filter(|line| !line.trim_start().starts_with("//"));
    // Where something can be seen from is no import.
    let mut code = lines.collect::<Vec<_>>().join("\n");
    while let Some(place) = code.find("pub(in ") {
        let end = place + code[place..].find(')').unwrap();
        code.replace_range(place + 3..=end, "");
    }
    code
}

/// The largest set of files inside `module` that all import each other, directly or by way of
/// others: of one file where there is no circle.
pub(crate) fn largest_circle(files: &Files, module: &str) -> Vec<String> {
    let inside: Vec<&Vec<String>> = files
        .keys()
        .filter(|path| path.first().is_some_and(|top| top == module))
        .collect();
    assert!(!inside.is_empty(), "there is no module {module}");
    let graph: BTreeMap<_, _> = inside
        .iter()
        .map(|&path| (path, imports(files, path)))
        .collect();
    let reaches = |from: &Vec<String>| {
        let (mut seen, mut open) = (BTreeSet::new(), vec![from]);
        while let Some(path) = open.pop() {
            for next in graph.get(path).into_iter().flatten() {
                if graph.contains_key(next) && seen.insert(next.clone()) {
                    open.push(next);
                }
            }
        }
        seen
    };
    let reached: BTreeMap<_, _> = inside.iter().map(|&path| (path, reaches(path))).collect();
    let circles = inside.iter().map(|&path| {
        let others = reached[path].iter();
        let back = others.filter(|&other| other != path && reached[other].contains(path));
        std::iter::once(path)
            .chain(back)
            .map(|path| path.join("::"))
            .collect::<Vec<_>>()
    });
    circles.max_by_key(Vec::len).unwrap()
}

/// The files that a file imports something from.
pub(crate) fn imports(files: &Files, file: &[String]) -> BTreeSet<Vec<String>> {
    let code = &files[file];
    let mut found = BTreeSet::new();
    let imported = uses(code).into_iter().flat_map(|(_, text)| spread(&text));
    let named: BTreeMap<String, Vec<String>> = imported
        .filter(|path| path.len() > 1)
        .filter_map(|path| Some((path.last()?.clone(), path)))
        .collect();
    for path in paths(code) {
        // What is named by way of an imported module.
        let path = match named.get(&path[0]).filter(|_| path.len() > 1) {
            Some(module) => module.iter().chain(&path[1..]).cloned().collect(),
            None => path,
        };
        let mut path = path.as_slice();
        let mut at = match path.first().map(String::as_str) {
            Some("crate") => Vec::new(),
            Some("self") => file.to_vec(),
            Some("super") => file[..file.len().saturating_sub(1)].to_vec(),
            // A child of a mod.rs, by its bare name.
            Some(name) if is_file(files, file, name) => {
                found.insert(resolved(files, file.to_vec(), path));
                continue;
            }
            _ => continue,
        };
        path = &path[1..];
        while path.first().is_some_and(|word| word == "super") {
            at.pop();
            path = &path[1..];
        }
        found.insert(resolved(files, at, path));
    }
    found.remove(file);
    found.retain(|path| files.contains_key(path));
    found
}

fn is_file(files: &Files, at: &[String], name: &str) -> bool {
    let child: Vec<String> = at.iter().cloned().chain([name.to_owned()]).collect();
    files.contains_key(&child)
}

/// The file in which `path`, seen from the module `at`, is defined.
fn resolved(files: &Files, mut at: Vec<String>, mut path: &[String]) -> Vec<String> {
    while let Some(name) = path.first() {
        if is_file(files, &at, name) {
            at.push(name.clone());
            path = &path[1..];
            continue;
        }
        let exported = files.get(&at).and_then(|code| {
            let mut exports = exports(code).into_iter();
            exports.find(|export| export.last() == Some(name) && export.len() > 1)
        });
        if let Some(export) = exported {
            let from_self = usize::from(export[0] == "self");
            if is_file(files, &at, &export[from_self]) {
                return resolved(files, at, &export[from_self..]);
            }
        }
        break;
    }
    at
}

/// Every path of `pub use`, in whatever visibility.
fn exports(code: &str) -> Vec<Vec<String>> {
    uses(code)
        .into_iter()
        .filter(|(public, _)| *public)
        .flat_map(|(_, text)| spread(&text))
        .collect()
}

/// Every path that is imported, and every one in code that begins with a known word or a lower-case
/// name.
fn paths(code: &str) -> Vec<Vec<String>> {
    let mut rest = code.to_owned();
    let mut found = Vec::new();
    for (public, text) in uses(code) {
        rest = rest.replacen(&text, "", 1);
        if !public {
            found.extend(spread(&text));
        }
    }
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut from = 0;
    while let Some(place) = rest[from..].find("::").map(|place| from + place) {
        let start = rest[..place]
            .rfind(|c| !is_word(c))
            .map_or(0, |before| before + 1);
        let end = rest[place..]
            .find(|c: char| !is_word(c) && c != ':')
            .map_or(rest.len(), |length| place + length);
        let path = rest[start..end].split("::").filter(|word| !word.is_empty());
        found.push(path.map(str::to_owned).collect());
        from = end.max(place + 2);
    }
    found
}

/// The text of every `use`, from behind the word to the semicolon, and whether it is public.
fn uses(code: &str) -> Vec<(bool, String)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(place) = code[from..].find("use ").map(|place| from + place) {
        let line = code[..place].rsplit('\n').next().unwrap().trim();
        let end = code[place..]
            .find(';')
            .map_or(code.len(), |length| place + length);
        if line.is_empty() || line.starts_with("pub") {
            found.push((line.starts_with("pub"), code[place + 4..end].to_owned()));
            from = end;
        } else {
            from = place + 4;
        }
    }
    found
}

/// `a::{b, c::d}` as `a::b` and `a::c::d`; `x as y` as `x`.
fn spread(text: &str) -> Vec<Vec<String>> {
    let text = text.trim();
    let Some((head, group)) = text.split_once('{') else {
        let path = text.split(" as ").next().unwrap().split("::");
        return vec![path.map(|word| word.trim().to_owned()).collect()];
    };
    let head: Vec<String> = head
        .split("::")
        .map(|word| word.trim().to_owned())
        .filter(|word| !word.is_empty())
        .collect();
    let group = &group[..group.rfind('}').unwrap_or(group.len())];
    let (mut depth, mut start, mut parts) = (0, 0, Vec::new());
    for (place, c) in group.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 0 => {
                parts.push(&group[start..place]);
                start = place + 1;
            }
            _ => {}
        }
    }
    parts.push(&group[start..]);
    let parts = parts.into_iter().filter(|part| !part.trim().is_empty());
    parts
        .flat_map(spread)
        .map(|tail| {
            head.iter()
                .cloned()
                .chain(tail.into_iter().filter(|word| word != "self"))
                .collect()
        })
        .collect()
}
