//! Files are written whole or not at all, and what was there hands its rights on.

#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

use std::{
    fs::{self, File},
    io::Write as _,
    path::Path,
};

use impasto::files::{Draft, prove_writable, replace};

fn names_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.collect();
    names.sort();
    names
}

fn leftover(folder: &Path, number: usize) -> std::path::PathBuf {
    folder.join(format!(".impasto-{}-{number}.tmp", std::process::id()))
}

#[test]
fn leftovers_are_swept_and_never_in_the_way() {
    let folder = tempfile::tempdir().unwrap();
    let held = leftover(folder.path(), 0);
    let holder = File::create(&held).unwrap();
    holder.lock().unwrap();
    for number in 1..300 {
        fs::write(leftover(folder.path(), number), "half a file").unwrap();
    }
    // What another program was writing by its path.
    let part = leftover(folder.path(), 1).with_extension("part");
    fs::create_dir(&part).unwrap();
    fs::write(part.join("frame-00001.png"), "half").unwrap();
    fs::write(folder.path().join(".impasto-notes.txt"), "mine").unwrap();

    replace(&folder.path().join("a.txt"), b"whole").unwrap();

    assert_eq!(
        fs::read(folder.path().join("a.txt")).unwrap(),
        b"whole",
        "written all the same"
    );
    let held = held.file_name().unwrap().to_str().unwrap();
    assert_eq!(
        names_in(folder.path()),
        [held, ".impasto-notes.txt", "a.txt"],
        "what somebody is writing stays, and what is not ours"
    );
    drop(holder);
    prove_writable(&folder.path().join("b.txt")).unwrap();
    assert_eq!(names_in(folder.path()), [".impasto-notes.txt", "a.txt"]);
}

#[test]
fn a_draft_that_is_not_kept_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.txt");
    fs::write(&path, "before").unwrap();
    let draft = Draft::create(&path).unwrap();
    draft.file().write_all(b"half").unwrap();
    assert_eq!(names_in(folder.path()).len(), 2);
    drop(draft);
    assert_eq!(names_in(folder.path()), ["a.txt"]);
    assert_eq!(fs::read(&path).unwrap(), b"before");

    let frames = folder.path().join("frames");
    let draft = Draft::by_path(&frames).unwrap();
    fs::create_dir(draft.content()).unwrap();
    fs::write(draft.content().join("1"), "half").unwrap();
    drop(draft);
    assert_eq!(names_in(folder.path()), ["a.txt"]);

    fs::create_dir(&frames).unwrap();
    let draft = Draft::by_path(&frames).unwrap();
    fs::create_dir(draft.content()).unwrap();
    fs::write(draft.content().join("1"), "whole").unwrap();
    draft.keep().unwrap();
    assert_eq!(names_in(folder.path()), ["a.txt", "frames"]);
    assert_eq!(names_in(&frames), ["1"], "an empty folder makes way");
    assert!(Draft::by_path(&frames).is_err(), "a full one does not");
}

#[test]
fn places_that_cannot_be_written_are_told_before() {
    let folder = tempfile::tempdir().unwrap();
    assert!(prove_writable(&folder.path().join("missing/a.txt")).is_err());
    assert!(prove_writable(folder.path()).is_err(), "a folder");
    let file = folder.path().join("a.txt");
    fs::write(&file, "before").unwrap();
    assert!(prove_writable(&file.join("b.txt")).is_err(), "below a file");
    prove_writable(&file).unwrap();
    assert_eq!(fs::read(&file).unwrap(), b"before");
}

/// `ulimit -f` stands for a full disk: a write fails half way.
#[cfg(unix)]
#[test]
fn a_full_disk_damages_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("night.brush");
    fs::write(&path, "before").unwrap();
    let script = "trap '' XFSZ; ulimit -f 1; exec \"$0\" brush export \"The Starry Night\" --force \
                  --output \"$1\"";
    let name = impasto::feedforward::built_in().unwrap()[0].name.clone();
    let script = script.replace("The Starry Night", &name);
    let output = std::process::Command::new("sh")
        .args(["-c", &script, env!("CARGO_BIN_EXE_impasto")])
        .arg(&path)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success(), "{said}");
    assert!(said.contains("cannot write"), "{said}");
    assert_eq!(fs::read(&path).unwrap(), b"before");
    assert_eq!(names_in(folder.path()), ["night.brush"]);
}

#[cfg(unix)]
mod unix {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown, symlink};

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().mode() & 0o7777
    }

    fn chmod(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    #[test]
    fn mode_and_owner_are_handed_on() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        replace(&path, b"new").unwrap();
        let usual = mode(&path);
        for rights in [0o600, 0o640, 0o664, 0o666, 0o755] {
            chmod(&path, rights);
            replace(&path, b"newer").unwrap();
            assert_eq!(mode(&path), rights, "{rights:o}");
        }
        let other = folder.path().join("b.txt");
        replace(&other, b"new").unwrap();
        assert_eq!(mode(&other), usual);
        // Only an administrator can give a file away.
        if chown(&path, Some(4321), Some(1234)).is_ok() {
            replace(&path, b"newest").unwrap();
            let about = fs::metadata(&path).unwrap();
            assert_eq!((about.uid(), about.gid()), (4321, 1234));
            assert_eq!(mode(&path), 0o755);
        }
    }

    #[test]
    fn links_stay_links() {
        let folder = tempfile::tempdir().unwrap();
        let (here, there) = (folder.path().join("here"), folder.path().join("there"));
        fs::create_dir(&here).unwrap();
        fs::create_dir(&there).unwrap();
        let real = there.join("real.txt");
        let (first, second) = (here.join("first.txt"), here.join("second.txt"));
        symlink("../there/real.txt", &second).unwrap();
        symlink("second.txt", &first).unwrap();
        for text in ["made", "replaced"] {
            replace(&first, text.as_bytes()).unwrap();
            assert_eq!(fs::read_to_string(&real).unwrap(), text);
            assert!(first.is_symlink() && second.is_symlink());
        }
        assert_eq!(names_in(&here), ["first.txt", "second.txt"]);
        assert_eq!(names_in(&there), ["real.txt"]);

        let circle = here.join("circle.txt");
        symlink("circle.txt", &circle).unwrap();
        assert!(replace(&circle, b"x").is_err());
        let null = here.join("null.txt");
        symlink("/dev/null", &null).unwrap();
        replace(&null, b"x").unwrap();
        assert!(!fs::metadata("/dev/null").unwrap().is_file());
    }

    #[test]
    fn another_name_of_the_file_keeps_what_it_had() {
        let folder = tempfile::tempdir().unwrap();
        let (one, two) = (folder.path().join("1"), folder.path().join("2"));
        fs::write(&one, "old").unwrap();
        fs::hard_link(&one, &two).unwrap();
        replace(&one, b"new").unwrap();
        assert_eq!(fs::read_to_string(&two).unwrap(), "old");
    }

    #[test]
    fn a_write_protected_file_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.txt");
        fs::write(&path, "mine").unwrap();
        chmod(&path, 0o444);
        // An administrator may write everything.
        if File::options().write(true).open(&path).is_err() {
            assert!(replace(&path, b"new").is_err());
            assert_eq!(fs::read_to_string(&path).unwrap(), "mine");
        }
        assert_eq!(names_in(folder.path()), ["a.txt"]);
    }
}
