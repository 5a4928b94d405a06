//! Disks that are full or can only be read.

use std::process::{Command, Stdio};

use super::*;

/// A small disk of its own; `None` where the system does not let us mount one.
struct SmallDisk(tempfile::TempDir);

impl SmallDisk {
    fn mount(options: &str) -> Option<Self> {
        let place = tempfile::tempdir().unwrap();
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", options, "impasto-test"])
            .arg(place.path())
            .stderr(Stdio::null())
            .status();
        if mounted.is_ok_and(|status| status.success()) {
            return Some(Self(place));
        }
        println!("skipped: only root may mount a small disk");
        None
    }

    fn remount(&self, options: &str) {
        let options = format!("remount,{options}");
        let status = Command::new("mount")
            .args(["-o", &options])
            .arg(self.0.path())
            .status();
        assert!(status.unwrap().success());
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        let unmounted = Command::new("umount").arg(self.0.path()).status();
        assert!(unmounted.unwrap().success());
    }
}

#[test]
fn a_full_disk_is_an_error_and_the_part_goes_on_when_there_is_room() {
    let Some(disk) = SmallDisk::mount("size=400k") else {
        return;
    };
    let server = Server::new(&[Act::Good]);
    let fetch = fetch(&[&server]);
    let folder = disk.0.path();
    let message = fetch
        .download(folder, &mut |_| true)
        .unwrap_err()
        .to_string();
    assert!(message.contains("No space left"), "{message}");
    assert!(message.contains("the disk is not full"), "{message}");
    assert!(!folder.join("weights.bin").exists());
    assert_eq!(server.requests(), 1, "no mirror helps against a full disk");
    let part = std::fs::metadata(folder.join("weights.bin.part"))
        .unwrap()
        .len();
    assert!(part > 100_000, "{part}");
    disk.remount("size=3m");
    let path = fetch.download(folder, &mut |_| true).unwrap();
    assert!(std::fs::read(path).unwrap() == contents());
    assert_eq!(server.starts(), [0, part as usize]);
}

#[test]
fn a_full_disk_leaves_no_half_of_an_import() {
    let Some(disk) = SmallDisk::mount("size=2m") else {
        return;
    };
    let folder = Folder::at(disk.0.path());
    let embedded = Path::new(env!("CARGO_MANIFEST_DIR")).join("weights/vgg16-conv-f16.safetensors");
    let options = impasto::vgg::weights::ImportOptions::default();
    let message = folder.import(&embedded, &options).unwrap_err().to_string();
    assert!(message.contains("No space left"), "{message}");
    assert_eq!(folder.entries().unwrap(), []);
    let left: Vec<_> = std::fs::read_dir(disk.0.path()).unwrap().collect();
    assert!(
        left.iter().all(|file| {
            let name = file.as_ref().unwrap().file_name();
            name.to_string_lossy().ends_with(".sha256")
        }),
        "{left:?}"
    );
}

#[test]
fn a_folder_that_can_only_be_read_serves_what_it_has() {
    let Some(disk) = SmallDisk::mount("size=100m") else {
        return;
    };
    let folder = Folder::at(disk.0.path());
    let server = Server::new(&[Act::Good]);
    disk.remount("ro");
    let message = folder
        .fetch(&fetch(&[&server]), &mut |_| true)
        .unwrap_err()
        .to_string();
    assert!(message.contains("Read-only"), "{message}");
    assert!(message.contains("IMPASTO_WEIGHTS_DIR"), "{message}");
    // What a fetch would bring is there: nothing is to be written.
    disk.remount("rw");
    let embedded = Path::new(env!("CARGO_MANIFEST_DIR")).join("weights/vgg16-conv-f16.safetensors");
    let options = impasto::vgg::weights::ImportOptions {
        name: Some("vgg19-oxford".to_owned()),
        ..Default::default()
    };
    folder.import(&embedded, &options).unwrap();
    disk.remount("ro");
    let there = folder.fetch(&fetch(&[&server]), &mut |_| true).unwrap();
    assert_eq!(there.format, None);
    assert_eq!(server.requests(), 0);
}
