//! MP4 by the program ffmpeg, which gets raw frames through a pipe.

use std::{
    env,
    io::{Read as _, Write as _},
    path::{Path, PathBuf},
    process::{Child, ChildStdin, Command, Stdio},
};

use super::options::{AnimationOptions, Encoder, LAST_FRAME_SECS};
use crate::error::{Error, Result};

/// Names another ffmpeg than that of the search path.
const VARIABLE: &str = "IMPASTO_FFMPEG";

/// The program ffmpeg, if it is there.
pub fn ffmpeg() -> Option<PathBuf> {
    if let Some(path) = env::var_os(VARIABLE).filter(|path| !path.is_empty()) {
        return Some(PathBuf::from(path)).filter(|path| path.is_file());
    }
    let name = format!("ffmpeg{}", env::consts::EXE_SUFFIX);
    let folders = env::var_os("PATH")?;
    env::split_paths(&folders)
        .map(|folder| folder.join(&name))
        .find(|path| path.is_file())
}

pub(super) struct Mp4 {
    child: Child,
    frames: Option<ChildStdin>,
    /// How often the last frame is given.
    repeats: usize,
}

impl Mp4 {
    pub(super) fn begin(path: &Path, options: &AnimationOptions) -> Result<Self> {
        let missing = |why: String| Error::Device {
            device: "ffmpeg".to_owned(),
            why,
            advice: "Install ffmpeg, or choose GIF, APNG or PNG files".to_owned(),
        };
        let program = ffmpeg().ok_or_else(|| missing("it is not installed".to_owned()))?;
        let (width, height) = options.size_px;
        let mut child = Command::new(program)
            .args(["-hide_banner", "-loglevel", "error", "-y"])
            .args(["-f", "rawvideo", "-pixel_format", "rgb24"])
            .args(["-video_size", &format!("{width}x{height}")])
            .args(["-framerate", &format!("{:.4}", options.frames_per_sec)])
            .args(["-i", "pipe:0"])
            // What phones and browsers play; BT.709 is what they take colors for.
            .args(["-vf", "scale=out_color_matrix=bt709,format=yuv420p"])
            .args(["-colorspace", "bt709", "-color_primaries", "bt709"])
            .args(["-color_trc", "bt709"])
            .args(["-c:v", "libx264", "-crf", "18", "-movflags", "+faststart"])
            .args(["-f", "mp4"])
            .arg(path)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|fault| missing(fault.to_string()))?;
        let frames = child.stdin.take();
        Ok(Self {
            child,
            frames,
            repeats: (LAST_FRAME_SECS * options.frames_per_sec).ceil() as usize,
        })
    }

    /// Waits for the program; the error is what it said.
    fn end(&mut self) -> Result<(), String> {
        drop(self.frames.take());
        let mut said = String::new();
        if let Some(stderr) = &mut self.child.stderr
            && stderr.read_to_string(&mut said).is_err()
        {
            said.clear();
        }
        match self.child.wait() {
            Ok(status) if status.success() => Ok(()),
            Ok(status) => Err(format!("ffmpeg ended with {status}: {}", said.trim())),
            Err(fault) => Err(fault.to_string()),
        }
    }
}

impl Encoder for Mp4 {
    fn add(&mut self, rgb: &[u8], is_last: bool) -> Result<(), String> {
        let times = if is_last { self.repeats.max(1) } else { 1 };
        for _ in 0..times {
            let written = match &mut self.frames {
                Some(frames) => frames.write_all(rgb),
                None => return Ok(()),
            };
            if written.is_err() {
                // It has gone; what it said last is worth more than a broken pipe.
                return Err(self
                    .end()
                    .err()
                    .unwrap_or_else(|| "ffmpeg stopped".to_owned()));
            }
        }
        Ok(())
    }

    fn finish(mut self: Box<Self>) -> Result<(), String> {
        self.end()
    }
}

impl Drop for Mp4 {
    fn drop(&mut self) {
        // Canceled half way: nobody wants the rest.
        if matches!(self.child.try_wait(), Ok(None)) {
            drop(self.child.kill());
            drop(self.child.wait());
        }
    }
}
