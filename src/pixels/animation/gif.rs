//! GIF by the `image` crate: each frame with a palette of its own.

use std::{
    fs::File,
    io::{self, Read as _, Seek as _, SeekFrom},
    time::Duration,
};

use image::{
    Delay, Frame, RgbaImage,
    codecs::gif::{GifEncoder, Repeat},
};

use super::options::{AnimationOptions, Encoder, LAST_FRAME_SECS};

/// 1 searches longest for good colors, 30 shortest; at 10 no difference is seen any more.
const SPEED: i32 = 10;

pub(super) struct Gif {
    encoder: GifEncoder<io::BufWriter<File>>,
    size_px: (u32, u32),
    frame_secs: f64,
    /// The same file, to look at its end.
    written: File,
}

/// The last byte of every GIF.
const TRAILER: u8 = 0x3b;

impl Gif {
    pub(super) fn new(file: File, options: &AnimationOptions) -> io::Result<Self> {
        let written = file.try_clone()?;
        let mut encoder = GifEncoder::new_with_speed(io::BufWriter::new(file), SPEED);
        encoder
            .set_repeat(Repeat::Infinite)
            .map_err(io::Error::other)?;
        let (width, height) = options.size_px;
        Ok(Self {
            encoder,
            size_px: (width as u32, height as u32),
            frame_secs: 1.0 / options.frames_per_sec,
            written,
        })
    }
}

impl Encoder for Gif {
    fn add(&mut self, rgb: &[u8], is_last: bool) -> Result<(), String> {
        let rgba = rgb.as_chunks::<3>().0.iter();
        let rgba = rgba.flat_map(|&[r, g, b]| [r, g, b, u8::MAX]).collect();
        let image = RgbaImage::from_raw(self.size_px.0, self.size_px.1, rgba)
            .ok_or_else(|| "a frame has another size than the others".to_owned())?;
        let secs = if is_last {
            LAST_FRAME_SECS
        } else {
            self.frame_secs
        };
        let delay = Delay::from_saturating_duration(Duration::from_secs_f64(secs));
        self.encoder
            .encode_frame(Frame::from_parts(image, 0, 0, delay))
            .map_err(|error| error.to_string())
    }

    fn finish(self: Box<Self>) -> Result<(), String> {
        let Self {
            encoder,
            mut written,
            ..
        } = *self;
        // The encoder writes its end when it is dropped, and keeps to itself how that went.
        drop(encoder);
        let mut last = [0];
        let read = written
            .seek(SeekFrom::End(-1))
            .and_then(|_length| written.read_exact(&mut last));
        match read {
            Ok(()) if last == [TRAILER] => Ok(()),
            Ok(()) => Err("its end could not be written".to_owned()),
            Err(fault) => Err(fault.to_string()),
        }
    }
}
