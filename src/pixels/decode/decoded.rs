//! What a decoder hands on, and how it becomes planes in sRGB.

use image::metadata::Orientation;
use rayon::prelude::*;

use super::upright::upright;
use crate::pixels::{
    Planes,
    color_profile::{Conversion, Model, Said},
};

/// Interleaved values of all pixels, row by row.
pub(super) enum Values {
    /// 0 to 255.
    U8(Vec<u8>),
    /// 0 to 65535.
    U16(Vec<u16>),
    /// 0 to 1; what lies outside is brought back.
    F32(Vec<f32>),
}

/// A decoded picture as its file stores it.
pub(super) struct Decoded {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) values: Values,
    /// Values of a pixel: those of `model`, and alpha behind them if there is any.
    pub(super) model: Model,
    pub(super) has_alpha: bool,
    /// Whether alpha is multiplied into the others.
    pub(super) associated: bool,
    /// What the file says of its colors; the first that can be used counts.
    pub(super) said: Vec<Said>,
    pub(super) orientation: Orientation,
    /// What was amiss with the file although it could be read, for people.
    pub(super) notes: Vec<String>,
}

/// A picture as everybody sees it: upright, in sRGB; alpha unless all is opaque; notes for people.
pub(in crate::pixels) struct Seen {
    pub(in crate::pixels) planes: Planes,
    pub(in crate::pixels) alpha: Option<Vec<f32>>,
    pub(in crate::pixels) notes: Vec<String>,
}

impl Decoded {
    /// Opaque values of a model, with nothing said of them.
    pub(super) fn new(width: usize, height: usize, values: Values, model: Model) -> Self {
        Self {
            width,
            height,
            values,
            model,
            has_alpha: false,
            associated: false,
            said: Vec::new(),
            orientation: Orientation::NoTransforms,
            notes: Vec::new(),
        }
    }

    /// To planes.
    pub(super) fn seen(self) -> Seen {
        let conversion = Conversion::first(&self.said, self.model);
        let (planes, alpha) = match &self.values {
            Values::U8(values) => self.separate(values, &conversion, |v| f32::from(v) / 255.0),
            Values::U16(values) => self.separate(values, &conversion, |v| f32::from(v) / 65535.0),
            Values::F32(values) => self.separate(values, &conversion, in_range),
        };
        let Self {
            orientation, notes, ..
        } = self;
        let (planes, alpha) = upright(planes, alpha, orientation);
        Seen {
            planes,
            alpha,
            notes,
        }
    }

    fn separate<T: Copy + Sync>(
        &self,
        values: &[T],
        conversion: &Conversion,
        scaled: impl Fn(T) -> f32 + Sync,
    ) -> (Planes, Option<Vec<f32>>) {
        let (width, height, model) = (self.width, self.height, self.model);
        let colors = model.channels();
        let channels = colors + usize::from(self.has_alpha);
        let pixels = width * height;
        let mut data = vec![0.0; 3 * pixels];
        let (red, rest) = data.split_at_mut(pixels);
        let (green, blue) = rest.split_at_mut(pixels);
        values
            .par_chunks_exact(channels * width)
            .zip(red.par_chunks_exact_mut(width))
            .zip(green.par_chunks_exact_mut(width))
            .zip(blue.par_chunks_exact_mut(width))
            .for_each_init(
                || (Vec::new(), vec![0.0; 3 * width], Vec::new()),
                |(own, rgb, scratch), (((row, red), green), blue)| {
                    own.clear();
                    for pixel in row.chunks_exact(channels) {
                        let divisor = if self.associated {
                            scaled(pixel[colors])
                        } else {
                            1.0
                        };
                        let color = pixel[..colors].iter().map(|&value| scaled(value));
                        own.extend(color.map(|value| separated(value, divisor)));
                    }
                    conversion.apply(model, own, rgb, scratch);
                    for (x, pixel) in rgb.chunks_exact(3).enumerate() {
                        red[x] = pixel[0];
                        green[x] = pixel[1];
                        blue[x] = pixel[2];
                    }
                },
            );
        let alpha = self.has_alpha.then(|| {
            values
                .par_chunks_exact(channels)
                .map(|pixel| scaled(pixel[colors]))
                .collect::<Vec<f32>>()
        });
        let planes = Planes {
            width,
            height,
            data,
        };
        (
            planes,
            alpha.filter(|alpha| alpha.iter().any(|&value| value < 1.0)),
        )
    }
}

/// A value without the alpha that is multiplied into it.
fn separated(value: f32, alpha: f32) -> f32 {
    if alpha > 0.0 {
        (value / alpha).min(1.0)
    } else {
        0.0
    }
}

/// Floating-point files may hold anything, not-a-number included.
fn in_range(value: f32) -> f32 {
    if value.is_nan() {
        0.0
    } else {
        value.clamp(0.0, 1.0)
    }
}
