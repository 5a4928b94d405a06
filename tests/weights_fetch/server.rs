//! The server that does everything wrong, and what is fetched from it.

use std::{
    io::{Read as _, Write as _},
    net::{TcpListener, TcpStream},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread,
    time::Duration,
};

use impasto::vgg::weights::Fetch;

use crate::http_head::read_head;

pub(crate) const BYTES: usize = 1_000_000;

/// Of [`contents`], by `md5sum`.
const MD5: &str = "eee27b9cd598511ed4e2f07c2f7ed4d0";

pub(crate) fn contents() -> Vec<u8> {
    (0..BYTES as u32)
        .map(|place| (place.wrapping_mul(2_654_435_761) >> 13) as u8)
        .collect()
}

/// What the server does with a request.
#[derive(Clone, Copy)]
pub(crate) enum Act {
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

pub(crate) struct Server {
    pub(crate) address: String,
    requests: Arc<AtomicUsize>,
    /// First byte asked for by each request.
    starts: Arc<Mutex<Vec<usize>>>,
}

impl Server {
    /// Serves on a thread; `acts` for the first requests, then the last of them for ever.
    pub(crate) fn new(acts: &'static [Act]) -> Self {
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

    pub(crate) fn requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    pub(crate) fn starts(&self) -> Vec<usize> {
        self.starts.lock().unwrap().clone()
    }
}

/// Answers one request, in the way `act` says; notes where it wants to go on.
pub(crate) fn answer(
    mut stream: TcpStream,
    act: Act,
    starts: &Mutex<Vec<usize>>,
) -> std::io::Result<()> {
    let (head, start) = read_head(&mut stream)?;
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

pub(crate) fn fetch(servers: &[&Server]) -> Fetch {
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
