//! Downloads from a server that does everything wrong that servers do.

#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]
#![expect(clippy::print_stdout, reason = "a skipped test says so")]

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use impasto::{
    error::Error,
    vgg::weights::{Fetch, Folder, Progress},
};

const BYTES: usize = 1_000_000;

/// Of [`contents`], by `md5sum`.
const MD5: &str = "eee27b9cd598511ed4e2f07c2f7ed4d0";

fn contents() -> Vec<u8> {
    (0..BYTES as u32)
        .map(|place| (place.wrapping_mul(2_654_435_761) >> 13) as u8)
        .collect()
}

/// What the server does with a request.
#[derive(Clone, Copy)]
enum Act {
    /// Serves well, ranges too.
    Good,
    /// Breaks off after so many bytes of the body.
    Cut(usize),
    /// Says nothing more after so many bytes.
    Stall(usize),
    /// Sends the whole file whatever was asked for.
    IgnoreRange,
    /// Ignores the range and breaks off.
    IgnoreRangeCut(usize),
    /// Claims and sends so many bytes less.
    Shorter(usize),
    /// Claims and sends so many bytes more.
    Longer(usize),
    /// Claims nothing and sends so many bytes more.
    Unsized(usize),
    /// Claims nothing, and breaks off after so many bytes.
    UnsizedCut(usize),
    /// Sends other bytes.
    Wrong,
    /// Sends a range from somewhere else.
    OtherRange,
    Status(&'static str),
    /// Sends the client to `/moved`.
    Redirect,
    /// Sends the client round in a circle.
    Circle,
    /// Serves 10 kB at a time.
    Slow,
}

struct Server {
    address: String,
    requests: Arc<AtomicUsize>,
    /// First byte asked for by each request.
    starts: Arc<Mutex<Vec<usize>>>,
}

impl Server {
    /// Serves on a thread; `acts` for the first requests, then the last of them for ever.
    fn new(acts: &'static [Act]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let server = Self {
            address: format!("http://{}/weights", listener.local_addr().unwrap()),
            requests: Arc::default(),
            starts: Arc::default(),
        };
        let (requests, starts) = (server.requests.clone(), server.starts.clone());
        let serve = move || {
            for stream in listener.incoming() {
                let act = acts[requests.fetch_add(1, Ordering::SeqCst).min(acts.len() - 1)];
                let starts = starts.clone();
                let answer = move || {
                    // A client that leaves is none of the server's business.
                    drop(stream.and_then(|stream| answer(stream, act, &starts)));
                };
                thread::Builder::new()
                    .name("answer".into())
                    .spawn(answer)
                    .unwrap();
            }
        };
        thread::Builder::new()
            .name("server".into())
            .spawn(serve)
            .unwrap();
        server
    }

    fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    fn starts(&self) -> Vec<usize> {
        self.starts.lock().unwrap().clone()
    }
}

fn answer(mut stream: TcpStream, act: Act, starts: &Mutex<Vec<usize>>) -> std::io::Result<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).to_ascii_lowercase();
    let start = head.lines().find_map(|line| {
        line.strip_prefix("range: bytes=")?
            .strip_suffix('-')?
            .parse()
            .ok()
    });
    starts.lock().unwrap().push(start.unwrap_or(0));
    let mut body = contents();
    let moved = head.starts_with("get /moved");
    let (start, limit) = match act {
        Act::Redirect if !moved => {
            let head = "HTTP/1.1 302 Found\r\nLocation: /moved\r\nContent-Length: 0\r\n\r\n";
            return stream.write_all(head.as_bytes());
        }
        Act::Circle => {
            let head = "HTTP/1.1 302 Found\r\nLocation: /weights\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
            return stream.write_all(head.as_bytes());
        }
        Act::Status(status) => {
            let head = format!("HTTP/1.1 {status}\r\nContent-Length: 2\r\n\r\nno");
            return stream.write_all(head.as_bytes());
        }
        Act::IgnoreRange => (None, usize::MAX),
        Act::IgnoreRangeCut(limit) | Act::UnsizedCut(limit) => (None, limit),
        Act::Cut(limit) | Act::Stall(limit) => (start, limit),
        Act::Shorter(less) => {
            body.truncate(BYTES - less);
            (start, usize::MAX)
        }
        Act::Longer(more) | Act::Unsized(more) => {
            body.resize(BYTES + more, 0);
            (None, usize::MAX)
        }
        Act::Wrong => {
            body[BYTES / 2] ^= 1;
            (start, usize::MAX)
        }
        Act::OtherRange => (start.map(|start| start + 1), usize::MAX),
        Act::Good | Act::Slow | Act::Redirect => (start, usize::MAX),
    };
    let rest = &body[start.unwrap_or(0)..];
    let length = rest.len();
    let head = match start {
        Some(start) => {
            let (last, total) = (body.len() - 1, body.len());
            format!("206 Partial Content\r\nContent-Range: bytes {start}-{last}/{total}")
        }
        None => "200 OK".to_owned(),
    };
    let claim = match act {
        Act::Unsized(_) | Act::UnsizedCut(_) => "Connection: close".to_owned(),
        _ => format!("Content-Length: {length}"),
    };
    write!(stream, "HTTP/1.1 {head}\r\n{claim}\r\n\r\n")?;
    for piece in rest[..limit.min(length)].chunks(10_000) {
        stream.write_all(piece)?;
        if matches!(act, Act::Slow) {
            thread::sleep(Duration::from_millis(5));
        }
    }
    if matches!(act, Act::Stall(_)) {
        // Until the client leaves.
        stream.read_to_end(&mut Vec::new())?;
    }
    Ok(())
}

fn fetch(servers: &[&Server]) -> Fetch {
    Fetch {
        name: "weights.bin".to_owned(),
        mirrors: servers
            .iter()
            .map(|server| server.address.clone())
            .collect(),
        bytes: BYTES as u64,
        md5: MD5.to_owned(),
        idle: Duration::from_millis(300),
        attempts: 4,
        pause: Duration::from_millis(1),
    }
}

/// Downloads into a fresh folder: the outcome, and whether a whole file is there.
fn download(acts: &'static [Act]) -> (impasto::error::Result<()>, Server) {
    let server = Server::new(acts);
    let folder = tempfile::tempdir().unwrap();
    let result = fetch(&[&server]).download(folder.path(), &mut |_| true);
    let path = folder.path().join("weights.bin");
    match &result {
        Ok(found) => {
            assert_eq!(found, &path);
            assert!(std::fs::read(path).unwrap() == contents());
            assert!(!folder.path().join("weights.bin.part").exists());
        }
        Err(_) => assert!(!path.exists()),
    }
    (result.map(drop), server)
}

#[test]
fn whatever_the_server_does_the_file_arrives_whole() {
    let cases: &[(&str, &'static [Act], &[usize])] = &[
        ("good", &[Act::Good], &[0]),
        (
            "cuts",
            &[Act::Cut(300_000)],
            &[0, 300_000, 600_000, 900_000],
        ),
        ("stalls", &[Act::Stall(400_000), Act::Good], &[0, 400_000]),
        (
            "ignores ranges",
            &[Act::Cut(500_000), Act::IgnoreRange],
            &[0, 500_000],
        ),
        ("wrong once", &[Act::Wrong, Act::Good], &[0, 0]),
        (
            "busy",
            &[
                Act::Cut(200_000),
                Act::Status("503 Service Unavailable"),
                Act::Status("429 Too Many Requests"),
                Act::Good,
            ],
            &[0, 200_000, 200_000, 200_000],
        ),
        (
            "refuses the range",
            &[
                Act::Cut(200_000),
                Act::Status("416 Range Not Satisfiable"),
                Act::Good,
            ],
            &[0, 200_000, 0],
        ),
        (
            "another range",
            &[Act::Cut(200_000), Act::OtherRange, Act::Good],
            &[0, 200_000, 0],
        ),
        ("redirects", &[Act::Redirect], &[0, 0]),
        ("says no length", &[Act::Unsized(0)], &[0]),
        (
            "says no length and cuts",
            &[Act::UnsizedCut(300_000), Act::Good],
            &[0, 300_000],
        ),
        (
            "sends too much once",
            &[Act::Unsized(7), Act::Good],
            &[0, 0],
        ),
    ];
    for (name, acts, starts) in cases {
        let (result, server) = download(acts);
        assert!(result.is_ok(), "{name}: {result:?}");
        assert_eq!(server.starts(), *starts, "{name}");
    }
}

#[test]
fn a_hopeless_server_is_given_up() {
    let cases: &[(&'static [Act], usize, &str)] = &[
        (&[Act::Wrong], 2, "wrong digest"),
        (&[Act::Shorter(5)], 1, "another file, of 999995 bytes"),
        (&[Act::Longer(5)], 1, "another file, of 1000005 bytes"),
        (&[Act::Unsized(5)], 4, "too much"),
        (&[Act::Circle], 11, "redirect"),
        (&[Act::Status("404 Not Found")], 1, "404 Not Found"),
        (
            &[Act::Status("416 Range Not Satisfiable")],
            4,
            "ends before",
        ),
        (&[Act::Stall(0)], 4, "timeout|timed out"),
        (&[Act::Status("503 Service Unavailable")], 4, "503"),
        (
            &[Act::IgnoreRangeCut(400_000)],
            4,
            "broke off|disconnected|closed|eof",
        ),
        (&[Act::Cut(0)], 4, "broke off|disconnected|closed|eof"),
    ];
    for (acts, requests, expected) in cases {
        let (result, server) = download(acts);
        let message = result.unwrap_err().to_string();
        let lower = message.to_ascii_lowercase();
        assert!(
            expected
                .split('|')
                .any(|part| lower.contains(&part.to_ascii_lowercase())),
            "{expected}: {message}"
        );
        assert_eq!(server.requests(), *requests, "{message}");
    }
}

#[test]
fn the_next_mirror_goes_on_where_the_first_broke_off() {
    let first = Server::new(&[Act::Cut(300_000), Act::Status("404 Not Found")]);
    let second = Server::new(&[Act::Cut(300_000), Act::Good]);
    let folder = tempfile::tempdir().unwrap();
    fetch(&[&first, &second])
        .download(folder.path(), &mut |_| true)
        .unwrap();
    assert_eq!(first.starts(), [0, 600_000]);
    assert_eq!(second.starts(), [300_000, 600_000]);
}

#[test]
fn cancelling_keeps_what_is_there() {
    let server = Server::new(&[Act::Slow, Act::Good]);
    let folder = tempfile::tempdir().unwrap();
    let fetch = fetch(&[&server]);
    let mut most = 0;
    let cancelled = fetch.download(folder.path(), &mut |progress: Progress| {
        assert!(progress.received_bytes >= most && progress.total_bytes == BYTES as u64);
        most = progress.received_bytes;
        most < 400_000
    });
    assert!(matches!(cancelled, Err(Error::Cancelled)));
    let part = std::fs::metadata(folder.path().join("weights.bin.part")).unwrap();
    assert!(part.len() >= 400_000);
    fetch.download(folder.path(), &mut |_| true).unwrap();
    assert_eq!(server.starts(), [0, part.len() as usize]);
    // Once it is there, nobody is asked.
    fetch.download(folder.path(), &mut |_| true).unwrap();
    assert_eq!(server.requests(), 2);
}

#[test]
fn a_part_that_is_too_long_is_thrown_away() {
    let server = Server::new(&[Act::Good]);
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("weights.bin.part"), vec![0; BYTES + 1]).unwrap();
    fetch(&[&server])
        .download(folder.path(), &mut |_| true)
        .unwrap();
    assert_eq!(server.starts(), [0]);
}

#[test]
fn a_folder_that_cannot_be_written_is_an_error_that_says_so() {
    let server = Server::new(&[Act::Good]);
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("file");
    std::fs::write(&file, "in the way").unwrap();
    let message = fetch(&[&server])
        .download(&file, &mut |_| true)
        .unwrap_err()
        .to_string();
    assert!(message.contains("IMPASTO_WEIGHTS_DIR"), "{message}");
    assert_eq!(server.requests(), 0);
}

#[test]
fn what_is_fetched_is_imported_or_kept_for_nothing() {
    // Right by digest, but no network: the import says so, and nothing is in the folder.
    let server = Server::new(&[Act::Good]);
    let place = tempfile::tempdir().unwrap();
    let folder = Folder::at(place.path());
    let message = folder
        .fetch(&fetch(&[&server]), &mut |_| true)
        .unwrap_err()
        .to_string();
    assert!(message.contains("neither safetensors, HDF5"), "{message}");
    assert_eq!(folder.entries().unwrap(), []);
}

#[test]
fn a_server_that_dies_and_comes_back_is_asked_again() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let place = listener.local_addr().unwrap();
    let serve = move || {
        let starts = Mutex::default();
        let (stream, _) = listener.accept().unwrap();
        answer(stream, Act::Cut(300_000), &starts).unwrap();
        // Nobody listens for a while.
        drop(listener);
        thread::sleep(Duration::from_millis(300));
        let listener = TcpListener::bind(place).unwrap();
        let (stream, _) = listener.accept().unwrap();
        answer(stream, Act::Good, &starts).unwrap();
        starts.into_inner().unwrap()
    };
    let server = thread::Builder::new().spawn(serve).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut fetch = fetch(&[]);
    fetch.mirrors = vec![format!("http://{place}/weights")];
    (fetch.attempts, fetch.pause) = (8, Duration::from_millis(40));
    let path = fetch.download(folder.path(), &mut |_| true).unwrap();
    assert!(std::fs::read(path).unwrap() == contents());
    assert_eq!(server.join().unwrap(), [0, 300_000]);
}

#[test]
fn offline_is_said_in_one_sentence_without_a_long_wait() {
    let mut fetch = fetch(&[]);
    // Ports that were just given back: nobody listens.
    let free = [(); 2].map(|()| {
        TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
    });
    fetch.mirrors = free.map(|place| format!("http://{place}/weights")).to_vec();
    (fetch.attempts, fetch.pause) = (6, Duration::from_millis(100));
    let folder = tempfile::tempdir().unwrap();
    let begin = std::time::Instant::now();
    let error = fetch.download(folder.path(), &mut |_| true).unwrap_err();
    assert!(begin.elapsed() < Duration::from_secs(5));
    let message = error.to_string();
    assert!(message.contains("offline"), "{message}");
    assert!(
        message.contains("VGG-16 is inside the program"),
        "{message}"
    );
}

#[test]
fn what_was_received_can_be_forgotten() {
    let server = Server::new(&[Act::Slow]);
    let folder = tempfile::tempdir().unwrap();
    let fetch = fetch(&[&server]);
    let cancelled = fetch.download(folder.path(), &mut |now| now.received_bytes < 50_000);
    assert!(matches!(cancelled, Err(Error::Cancelled)));
    let part = folder.path().join("weights.bin.part");
    assert!(part.exists());
    fetch.forget(folder.path()).unwrap();
    assert!(!part.exists());
    fetch.forget(folder.path()).unwrap();
}

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
        .args(["--exact", "child"])
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
