//! Animated PNG (PNG, third edition, 4.6) by the `png` crate.

use std::{fs::File, io::BufWriter};

use super::options::{AnimationOptions, Encoder, LAST_FRAME_SECS};

pub(super) struct Apng {
    writer: png::Writer<BufWriter<File>>,
}

impl Apng {
    pub(super) fn new(file: File, options: &AnimationOptions) -> Result<Self, String> {
        let (width, height) = (options.size_px.0 as u32, options.size_px.1 as u32);
        let failed = |error: png::EncodingError| error.to_string();
        let mut encoder = png::Encoder::new(BufWriter::new(file), width, height);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_source_srgb(png::SrgbRenderingIntent::Perceptual);
        encoder
            .set_animated(options.frames as u32, 0)
            .map_err(failed)?;
        let millis = (1000.0 / options.frames_per_sec).round() as u16;
        encoder.set_frame_delay(millis, 1000).map_err(failed)?;
        let writer = encoder.write_header().map_err(failed)?;
        Ok(Self { writer })
    }
}

impl Encoder for Apng {
    fn add(&mut self, rgb: &[u8], is_last: bool) -> Result<(), String> {
        let failed = |error: png::EncodingError| error.to_string();
        if is_last {
            let millis = (1000.0 * LAST_FRAME_SECS) as u16;
            self.writer.set_frame_delay(millis, 1000).map_err(failed)?;
        }
        self.writer.write_image_data(rgb).map_err(failed)
    }

    fn finish(self: Box<Self>) -> Result<(), String> {
        self.writer.finish().map_err(|error| error.to_string())
    }
}
