//! Several instances of the program at once, and one that is killed.

use std::{
    path::Path,
    process::{Command, Stdio},
    thread,
    time::Duration,
};

use super::server::{Act, Server, contents, fetch};

const CHILD_SERVER: &str = "IMPASTO_TEST_SERVER";
const CHILD_FOLDER: &str = "IMPASTO_TEST_FOLDER";

/// Not a test of its own: another instance of the program, started by the tests below.
#[test]
fn child() {
    let (Ok(server), Some(folder)) = (std::env::var(CHILD_SERVER), std::env::var_os(CHILD_FOLDER))
    else {
        return;
    };
    let mut fetch = fetch(&[]);
    fetch.mirrors = vec![server];
    fetch.download(Path::new(&folder), &mut |_| true).unwrap();
}

fn spawn_child(server: &Server, folder: &Path) -> std::process::Child {
    Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "instances::child"])
        .env(CHILD_SERVER, &server.address)
        .env(CHILD_FOLDER, folder)
        .stdout(Stdio::null())
        .spawn()
        .unwrap()
}

#[test]
fn a_killed_instance_leaves_a_part_that_the_next_one_uses() {
    let server = Server::new(&[Act::Stall(300_000), Act::Good]);
    let folder = tempfile::tempdir().unwrap();
    let mut child = spawn_child(&server, folder.path());
    let part = folder.path().join("weights.bin.part");
    while std::fs::metadata(&part).map_or(0, |data| data.len()) < 300_000 {
        assert!(child.try_wait().unwrap().is_none(), "the child ended early");
        thread::sleep(Duration::from_millis(2));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    fetch(&[&server])
        .download(folder.path(), &mut |_| true)
        .unwrap();
    assert!(std::fs::read(folder.path().join("weights.bin")).unwrap() == contents());
    assert_eq!(server.starts().last(), Some(&300_000));
}

#[test]
fn of_two_instances_one_loads_and_the_other_waits() {
    let server = Server::new(&[Act::Slow]);
    let folder = tempfile::tempdir().unwrap();
    let mut children = [(); 2].map(|()| spawn_child(&server, folder.path()));
    for child in &mut children {
        assert!(child.wait().unwrap().success());
    }
    assert!(std::fs::read(folder.path().join("weights.bin")).unwrap() == contents());
    assert_eq!(server.requests(), 1);
}
