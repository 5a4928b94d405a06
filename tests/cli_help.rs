//! Help, messages and documents name only commands that there are.

#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

fn files(path: &Path, found: &mut Vec<PathBuf>) {
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            files(&entry.unwrap().path(), found);
        }
    } else if path
        .extension()
        .is_some_and(|ending| ending == "rs" || ending == "md")
    {
        found.push(path.to_owned());
    }
}

/// Commands with a second word of their own.
const GROUPS: [&str; 2] = ["weights", "brush"];

/// What stands behind `impasto`, or names a command of a group, in code quotes or at the start of a
/// line.
fn named(text: &str) -> BTreeSet<Vec<String>> {
    let words: Vec<&str> = text
        .split_whitespace()
        .filter(|word| !matches!(*word, "\\" | "//" | "///" | "//!"))
        .collect();
    let mut found = BTreeSet::new();
    for (at, word) in words.iter().enumerate() {
        let quoted = word.strip_prefix('`').or(word.strip_prefix("(`"));
        let quoted = quoted.or(word.strip_prefix("\"`"));
        let next = |ahead: usize| {
            let word = words.get(at + ahead).copied().unwrap_or_default();
            word.trim_matches(|c: char| !c.is_alphanumeric() && c != '-')
                .to_owned()
        };
        let plain = |word: &String| {
            word.starts_with(|c: char| c.is_ascii_lowercase())
                && word.chars().all(|c| c.is_ascii_lowercase() || c == '-')
        };
        let (first, ahead) = match quoted {
            Some("impasto") => (next(1), 2),
            Some(group) if GROUPS.contains(&group) => (group.to_owned(), 1),
            _ => continue,
        };
        if !plain(&first) {
            continue;
        }
        let mut command = vec![first];
        // A quotation may end before the second word.
        let ends = ahead == 2 && words.get(at + 1).is_some_and(|word| word.contains('`'));
        let second = if ends { String::new() } else { next(ahead) };
        if GROUPS.contains(&command[0].as_str()) && plain(&second) {
            command.push(second);
        }
        found.insert(command);
    }
    found
}

#[test]
fn every_command_that_is_named_anywhere_is_there() {
    let mut texts = vec![
        PathBuf::from("README.md"),
        PathBuf::from("weights/README.md"),
    ];
    for folder in ["src", "docs", "packaging"] {
        files(Path::new(folder), &mut texts);
    }
    let mut commands = BTreeSet::new();
    for path in texts {
        commands.extend(named(&fs::read_to_string(path).unwrap()));
    }
    let render = vec!["render".to_owned()];
    let fetch = vec!["weights".to_owned(), "fetch".to_owned()];
    assert!(
        commands.contains(&render) && commands.contains(&fetch),
        "{commands:?}"
    );
    for command in commands {
        let told = Command::new(env!("CARGO_BIN_EXE_impasto"))
            .arg("help")
            .args(&command)
            .output()
            .unwrap();
        assert!(
            told.status.success(),
            "there is no `impasto {}`",
            command.join(" ")
        );
    }
}

#[test]
fn a_command_that_is_not_there_is_found() {
    let text = "see `impasto weights\n    /// check NAME` and (`brush list`) or `impasto render` by `impasto brush` it";
    let found: Vec<_> = named(text)
        .into_iter()
        .map(|words| words.join(" "))
        .collect();
    assert_eq!(found, ["brush", "brush list", "render", "weights check"]);
}
