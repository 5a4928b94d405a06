//! The rules of ARCHITECTURE.md, held: who may import whom, and what stays where.

#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod circles;

use std::{
    fs,
    path::{Path, PathBuf},
};

/// Modules of the crate.
const MODULES: [&str; 11] = [
    "app",
    "cli",
    "feedforward",
    "kernels",
    "loss",
    "optim",
    "pixels",
    "settings",
    "transfer",
    "vgg",
    "worker",
];

/// Which modules a module may import. What all share (`error`, `choice`, `folders`, `files`,
/// `network`, `features`, `state`) are free.
const MAY_IMPORT: [(&str, &[&str]); 11] = [
    // The kinds of measures, optimizers and devices.
    ("settings", &["loss", "optim", "vgg"]),
    ("pixels", &[]),
    ("kernels", &[]),
    ("loss", &["kernels"]),
    ("optim", &[]),
    ("vgg", &["kernels"]),
    ("feedforward", &["kernels", "pixels"]),
    (
        "transfer",
        &["feedforward", "pixels", "vgg", "loss", "optim", "settings"],
    ),
    ("worker", &["feedforward", "transfer", "pixels", "settings"]),
    (
        "app",
        &[
            "worker",
            "feedforward",
            "settings",
            "pixels",
            "transfer",
            "vgg",
        ],
    ),
    (
        "cli",
        &[
            "transfer",
            "feedforward",
            "pixels",
            "settings",
            "vgg",
            "loss",
            "app",
        ],
    ),
];

/// All source files of a module with their text, comments and tests left out.
fn sources(module: &str) -> Vec<(PathBuf, String)> {
    fn walk(path: &Path, found: &mut Vec<PathBuf>) {
        if path.is_dir() {
            for entry in fs::read_dir(path).unwrap() {
                walk(&entry.unwrap().path(), found);
            }
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path.to_owned());
        }
    }
    let mut found = Vec::new();
    walk(&Path::new("src").join(module), &mut found);
    assert!(!found.is_empty(), "the module {module} is empty");
    let text = |path: PathBuf| {
        let whole = fs::read_to_string(&path).unwrap();
        let code = whole.split("#[cfg(test)]\nmod tests {").next().unwrap();
        let lines = code
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"));
        (path, lines.collect::<Vec<_>>().join("\n"))
    };
    found.into_iter().map(text).collect()
}

/// Modules that `code` names in a `crate::` path or a grouped import.
fn imports(code: &str) -> Vec<&'static str> {
    let mut named = Vec::new();
    for (index, _) in code.match_indices("crate::") {
        let rest = &code[index + "crate::".len()..];
        let scope = if rest.starts_with('{') {
            &rest[..rest.find("};").unwrap_or(rest.len())]
        } else {
            &rest[..rest
                .find(|c: char| !c.is_alphanumeric() && c != '_')
                .unwrap_or(0)]
        };
        for module in MODULES {
            let starts = |path: &str| {
                path.strip_prefix(module).is_some_and(|rest| {
                    !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_')
                })
            };
            let paths = scope.trim_start_matches('{').split([',', '\n']);
            if paths.map(str::trim).any(starts) {
                named.push(module);
            }
        }
    }
    named
}

#[test]
fn modules_import_only_what_they_may() {
    for (module, allowed) in MAY_IMPORT {
        for (path, code) in sources(module) {
            for import in imports(&code) {
                assert!(
                    import == module || allowed.contains(&import),
                    "{} imports {import}",
                    path.display()
                );
            }
        }
    }
}

/// Files of weights are the window's business, what is computed with them is not.
#[test]
fn the_window_knows_of_the_network_only_its_weights() {
    for (path, code) in sources("app") {
        for (place, _) in code.match_indices("vgg::") {
            let rest = &code[place + "vgg::".len()..];
            assert!(rest.starts_with("weights::"), "{}", path.display());
        }
    }
}

#[test]
fn words_stay_in_their_modules() {
    for (word, allowed) in [
        ("egui", &["app"][..]),
        ("crossbeam_channel", &["app", "worker"]),
        (
            "candle_core",
            &["cli", "kernels", "loss", "transfer", "vgg"],
        ),
        ("unsafe ", &["kernels"]),
        (
            "fs::",
            &["feedforward", "pixels", "settings", "vgg", "app", "cli"],
        ),
    ] {
        for module in MODULES.iter().filter(|module| !allowed.contains(module)) {
            for (path, code) in sources(module) {
                assert!(!code.contains(word), "{} uses {word}", path.display());
            }
        }
    }
}

/// A file that is written in any other way may be lost when the disk is full.
#[test]
fn files_are_written_in_one_place() {
    const OTHERWISE: [(&str, &str); 5] = [
        ("src/app/io/session_log.rs", "a log is read while it grows"),
        ("src/cli/step.rs", "a switch of the system"),
        ("src/pixels/animation/sequence.rs", "inside a draft"),
        ("src/vgg/weights/fetch/mod.rs", "a download goes on later"),
        (
            "src/vgg/weights/fetch/request.rs",
            "a download goes on later",
        ),
    ];
    for module in MODULES {
        for (path, code) in sources(module) {
            if OTHERWISE.iter().any(|(other, _)| path == Path::new(other)) {
                continue;
            }
            for word in [
                "File::create",
                "fs::write",
                "fs::rename",
                "OpenOptions",
                "File::options",
            ] {
                assert!(!code.contains(word), "{} uses {word}", path.display());
            }
        }
    }
}

#[test]
fn imports_are_found_in_every_form() {
    assert_eq!(imports("use crate::loss::gram;"), ["loss"]);
    assert_eq!(
        imports("use crate::{\n    error::E,\n    vgg::{A, B},\n    app,\n};"),
        ["app", "vgg"]
    );
    assert_eq!(imports("let x = crate::optim::f();"), ["optim"]);
    assert!(imports("use crate::lossless::x; use crate::error::E;").is_empty());
}

#[test]
fn no_circle_of_files_is_larger_than_two() {
    let files = circles::files();
    // The window has rules of its own, in structure_app.rs.
    for module in MODULES.into_iter().filter(|module| *module != "app") {
        let circle = circles::largest_circle(&files, module);
        assert!(
            circle.len() <= 2,
            "these files import each other: {circle:?}"
        );
    }
}

#[test]
fn a_planted_circle_is_found_however_it_is_written() {
    let file = |path: &str, code: &str| {
        let path = path.split("::").map(str::to_owned).collect();
        (path, code.to_owned())
    };
    let mut files: circles::Files = [
        file(
            "m",
            "mod a;\nmod b;\nmod c;\npub use a::{A, One as First};\npub(crate) use b::B;",
        ),
        file("m::a", "use super::{\n    b,\n    d::{self, D},\n};"),
        file("m::b", "fn f() { crate::m::c::g(super::super::other::X) }"),
        file("m::c", "fn g() {}"),
        file("m::d", "use crate::other::X;"),
        file("other", "use crate::m::B;"),
    ]
    .into();
    assert_eq!(circles::largest_circle(&files, "m").len(), 1);
    for back in [
        "use super::A;",
        "use crate::{m::{A, d}, x::Y};",
        "fn g() { super::a::x() }",
    ] {
        files.insert(vec!["m".to_owned(), "c".to_owned()], back.to_owned());
        let mut circle = circles::largest_circle(&files, "m");
        circle.sort();
        assert_eq!(circle, ["m::a", "m::b", "m::c"], "{back}");
    }
}
