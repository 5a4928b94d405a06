//! One request to one server, for what is missing of a file.

use std::{
    fmt, fs,
    io::{self, Read as _, Seek as _, SeekFrom, Write as _},
    path::Path,
    time::Duration,
};

use ureq::{Agent, http::Response, http::header};

/// A file on a server.
pub(super) struct Request<'a> {
    pub(super) url: &'a str,
    /// The file's size.
    pub(super) bytes: u64,
    /// A server that sends nothing for so long is left.
    pub(super) idle: Duration,
}

impl Request<'_> {
    /// Loads what is missing in `part`. `received_bytes` is told often how much there is; `false`
    /// cancels.
    pub(super) fn run(
        &self,
        part: &Path,
        received_bytes: &mut dyn FnMut(u64) -> bool,
    ) -> Result<(), Trouble> {
        let mut file = fs::File::options()
            .create(true)
            .append(true)
            .open(part)
            .map_err(Trouble::Disk)?;
        let mut received = file.seek(SeekFrom::End(0)).map_err(Trouble::Disk)?;
        if received > self.bytes {
            file.set_len(0).map_err(Trouble::Disk)?;
            received = 0;
        }
        if received == self.bytes {
            return Ok(());
        }
        let mut request = self
            .agent()
            .get(self.url)
            .header(header::ACCEPT_ENCODING, "identity");
        if received > 0 {
            request = request.header(header::RANGE, format!("bytes={received}-"));
        }
        let response = request.call().map_err(|fault| trouble(&fault))?;
        received = self.accept(&response, &file, received)?;
        let mut body = response.into_body().into_reader();
        let mut buffer = vec![0; 1 << 16];
        loop {
            if !received_bytes(received) {
                return Err(Trouble::Canceled);
            }
            let count = match body.read(&mut buffer) {
                Ok(0) => break,
                Ok(count) => count,
                Err(fault) if fault.kind() == io::ErrorKind::Interrupted => continue,
                Err(fault) => return Err(again(&fault)),
            };
            received += count as u64;
            if received > self.bytes {
                return Err(Trouble::Useless("the server sends too much".to_owned()));
            }
            file.write_all(&buffer[..count]).map_err(Trouble::Disk)?;
        }
        if received < self.bytes {
            let why = format!("it broke off after {received} of {} bytes", self.bytes);
            return Err(Trouble::Again(why));
        }
        file.sync_all().map_err(Trouble::Disk)
    }

    /// Looks at a response's head: where in the file its body begins.
    fn accept<B>(
        &self,
        response: &Response<B>,
        file: &fs::File,
        received: u64,
    ) -> Result<u64, Trouble> {
        let head = |name| response.headers().get(name)?.to_str().ok();
        let status = response.status();
        match status.as_u16() {
            206 if received > 0 => {
                let expected = format!("bytes {received}-{}/{}", self.bytes - 1, self.bytes);
                if head(header::CONTENT_RANGE) == Some(&expected) {
                    return Ok(received);
                }
                let why = "the server sends another part than it was asked for";
                Err(Trouble::Useless(why.to_owned()))
            }
            200 => {
                let length = head(header::CONTENT_LENGTH).unwrap_or_default();
                if length.parse().is_ok_and(|length: u64| length != self.bytes) {
                    let why = format!("the server has another file, of {length} bytes");
                    return Err(Trouble::Gone(why));
                }
                // It ignores the range, or there was none: from the beginning.
                file.set_len(0).map_err(Trouble::Disk)?;
                Ok(0)
            }
            416 => Err(Trouble::Useless(
                "the server's file ends before the part that is here".to_owned(),
            )),
            408 | 429 | 500..=599 => Err(Trouble::Again(format!("the server says {status}"))),
            _ => Err(Trouble::Gone(format!("the server says {status}"))),
        }
    }

    /// A client that leaves idle servers and takes the proxy that the environment names, but not
    /// on the way to this machine itself.
    fn agent(&self) -> Agent {
        let local = ["http://127.0.0.1", "http://localhost", "http://[::1]"];
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .user_agent(concat!("impasto/", env!("CARGO_PKG_VERSION")))
            .timeout_connect(Some(self.idle))
            .timeout_resolve(Some(self.idle))
            .timeout_per_read(Some(self.idle))
            .timeout_per_write(Some(self.idle));
        let config = if local.iter().any(|local| self.url.starts_with(local)) {
            config.proxy(None)
        } else {
            config
        };
        config.build().new_agent()
    }
}

/// Why an attempt came to nothing.
pub(super) enum Trouble {
    /// The user had enough.
    Canceled,
    /// Writing failed: no mirror helps.
    Disk(io::Error),
    /// This mirror will never have it.
    Gone(String),
    /// What is there is of no use.
    Useless(String),
    /// It may work the next time.
    Again(String),
    /// There was no answer at all.
    Unreached(String),
}

fn again(fault: &impl fmt::Display) -> Trouble {
    Trouble::Again(fault.to_string())
}

/// Why a request got no response.
fn trouble(fault: &ureq::Error) -> Trouble {
    let why = fault.to_string();
    let hung_up = |fault: &io::Error| {
        use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
        let kinds = [
            BrokenPipe,
            ConnectionAborted,
            ConnectionReset,
            UnexpectedEof,
        ];
        kinds.contains(&fault.kind())
    };
    match fault {
        // Somebody was there.
        ureq::Error::Io(fault) if hung_up(fault) => Trouble::Again(why),
        ureq::Error::HostNotFound
        | ureq::Error::ConnectionFailed
        | ureq::Error::ConnectProxyFailed(_)
        | ureq::Error::Timeout(_)
        | ureq::Error::Io(_) => Trouble::Unreached(why),
        ureq::Error::TooManyRedirects | ureq::Error::RedirectFailed | ureq::Error::BadUri(_) => {
            Trouble::Gone(why)
        }
        _ => Trouble::Again(why),
    }
}
