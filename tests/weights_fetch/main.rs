//! Downloads from a server that does everything wrong that servers do.

#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]
#![expect(clippy::print_stdout, reason = "a skipped test says so")]

mod disks;
#[path = "../http_head/mod.rs"]
mod http_head;
mod instances;
mod server;

use std::{net::TcpListener, path::Path, sync::Mutex, thread, time::Duration};

use impasto::{
    error::Error,
    vgg::weights::{Folder, Progress},
};

use server::{Act, BYTES, Server, answer, contents, fetch};

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
fn canceling_keeps_what_is_there() {
    let server = Server::new(&[Act::Slow, Act::Good]);
    let folder = tempfile::tempdir().unwrap();
    let fetch = fetch(&[&server]);
    let mut most = 0;
    let canceled = fetch.download(folder.path(), &mut |progress: Progress| {
        assert!(progress.received_bytes >= most && progress.total_bytes == BYTES as u64);
        most = progress.received_bytes;
        most < 400_000
    });
    assert!(matches!(canceled, Err(Error::Canceled)));
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
    let canceled = fetch.download(folder.path(), &mut |now| now.received_bytes < 50_000);
    assert!(matches!(canceled, Err(Error::Canceled)));
    let part = folder.path().join("weights.bin.part");
    assert!(part.exists());
    fetch.forget(folder.path()).unwrap();
    assert!(!part.exists());
    fetch.forget(folder.path()).unwrap();
}
