//! Values of any kind to numbers in 0..1, pixel by pixel.

use rayon::prelude::*;
use tiff::decoder::DecodingResult;

/// How the values of a picture lie.
pub(super) struct Layout {
    pub(super) width: usize,
    pub(super) height: usize,
    /// Values of a pixel.
    pub(super) channels: usize,
    /// Bits of a value.
    pub(super) bits: usize,
    /// One plane behind the other instead of one pixel behind the other.
    pub(super) planar: bool,
}

impl Layout {
    /// Whether a value has a byte or more of its own.
    fn is_aligned(&self) -> bool {
        self.bits.is_multiple_of(8)
    }

    /// Where the value of a channel of the pixel at (x, y) is, in values.
    fn place(&self, x: usize, y: usize, channel: usize) -> usize {
        if self.planar {
            (channel * self.height + y) * self.width + x
        } else {
            (y * self.width + x) * self.channels + channel
        }
    }

    /// Interleaved values in 0..1 (whole numbers by their range, floating point as it is).
    pub(super) fn unpacked(&self, packed: &DecodingResult) -> Vec<f32> {
        match packed {
            DecodingResult::U8(values) if !self.is_aligned() => self.bits_of(values),
            DecodingResult::U8(values) => self.each(values, |v| f32::from(v) / 255.0),
            DecodingResult::U16(values) => self.each(values, |v| f32::from(v) / 65535.0),
            DecodingResult::U32(values) => {
                self.each(values, |v| (f64::from(v) / f64::from(u32::MAX)) as f32)
            }
            DecodingResult::U64(values) => {
                self.each(values, |v| (v as f64 / u64::MAX as f64) as f32)
            }
            DecodingResult::F16(values) => self.each(values, half::f16::to_f32),
            DecodingResult::F32(values) => self.each(values, |v| v),
            DecodingResult::F64(values) => self.each(values, |v| v as f32),
            // Signed numbers have their middle at 0.
            DecodingResult::I8(values) => self.each(values, |v| signed(v.into(), 8)),
            DecodingResult::I16(values) => self.each(values, |v| signed(v.into(), 16)),
            DecodingResult::I32(values) => self.each(values, |v| signed(v.into(), 32)),
            DecodingResult::I64(values) => self.each(values, |v| signed(v as f64, 64)),
        }
    }

    fn each<T: Copy + Sync>(&self, values: &[T], scaled: impl Fn(T) -> f32 + Sync) -> Vec<f32> {
        self.rows(|x, y, channel| {
            let value = values.get(self.place(x, y, channel));
            value.map_or(0.0, |&value| scaled(value))
        })
    }

    /// Values of less than a byte, the highest bits first; rows begin at a byte.
    fn bits_of(&self, bytes: &[u8]) -> Vec<f32> {
        let largest = f32::from((1_u16 << self.bits.min(8)) - 1);
        let (row_values, rows_before) = if self.planar {
            (self.width, self.height)
        } else {
            (self.width * self.channels, 0)
        };
        let row_bytes = (row_values * self.bits).div_ceil(8);
        self.rows(|x, y, channel| {
            let (row, value) = if self.planar {
                (channel * rows_before + y, x)
            } else {
                (y, x * self.channels + channel)
            };
            let bit = value * self.bits;
            let byte = bytes.get(row * row_bytes + bit / 8).copied().unwrap_or(0);
            let shifted = u16::from(byte) << (bit % 8) & 0xff;
            f32::from(shifted >> (8 - self.bits.min(8))) / largest
        })
    }

    fn rows(&self, value: impl Fn(usize, usize, usize) -> f32 + Sync) -> Vec<f32> {
        let mut out = vec![0.0; self.width * self.height * self.channels];
        out.par_chunks_exact_mut(self.width * self.channels)
            .enumerate()
            .for_each(|(y, row)| {
                for (x, pixel) in row.chunks_exact_mut(self.channels).enumerate() {
                    for (channel, out) in pixel.iter_mut().enumerate() {
                        *out = value(x, y, channel);
                    }
                }
            });
        out
    }
}

fn signed(value: f64, bits: i32) -> f32 {
    let half = 2_f64.powi(bits - 1);
    ((value + half) / (2.0 * half - 1.0)) as f32
}
