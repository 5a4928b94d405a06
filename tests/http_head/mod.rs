//! Reads the head of an HTTP request, for servers that tests start.

use std::{io::Read as _, net::TcpStream};

/// The head of the next request, in lower case, and the byte its range starts from, if it asks
/// for one.
pub(crate) fn read_head(stream: &mut TcpStream) -> std::io::Result<(String, Option<usize>)> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    let head = String::from_utf8_lossy(&head).to_ascii_lowercase();
    let start = head.lines().find_map(|line| {
        let range = line.strip_prefix("range: bytes=")?.strip_suffix('-')?;
        range.parse().ok()
    });
    Ok((head, start))
}
