//! sRGB planes to the network's input and back: `255 · rgb − mean`, plane by plane.
//!
//! Called by `transfer`. The means belong to the weights and are handed in; the order of the planes
//! stays R, G, B. Source: Simonyan and Zisserman 2014, section 2.1 (mean subtraction).

use rayon::prelude::*;

use super::Planes;

/// `255 · rgb − mean`, `[3, H, W]`. `mean` is R, G, B in 0..255.
pub fn vgg_from_srgb(planes: &Planes, mean: [f32; 3]) -> Vec<f32> {
    let pixels = planes.pixels();
    let mut out = planes.data.clone();
    out.par_chunks_mut(pixels)
        .zip(mean)
        .for_each(|(plane, mean)| {
            for value in plane {
                *value = *value * 255.0 - mean;
            }
        });
    out
}

/// The inverse of [`vgg_from_srgb`], clamped to 0..1. `vgg` is `[3, height, width]`.
///
/// # Panics
/// When `vgg` does not hold `3 · height · width` values.
pub fn srgb_from_vgg(vgg: &[f32], width: usize, height: usize, mean: [f32; 3]) -> Planes {
    let pixels = width * height;
    assert_eq!(vgg.len(), 3 * pixels, "[3, H, W] values");
    let mut data = vgg.to_vec();
    data.par_chunks_mut(pixels)
        .zip(mean)
        .for_each(|(plane, mean)| {
            for value in plane {
                *value = ((*value + mean) / 255.0).clamp(0.0, 1.0);
            }
        });
    Planes {
        width,
        height,
        data,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MEAN: [f32; 3] = [123.68, 116.779, 103.939];

    #[test]
    fn white_is_255_minus_the_mean() {
        let vgg = vgg_from_srgb(&Planes::filled(2, 1, [1.0, 0.5, 0.0]), MEAN);
        let expected = [131.32, 131.32, 10.721, 10.721, -103.939, -103.939];
        for (value, expected) in vgg.iter().zip(expected) {
            assert!((value - expected).abs() < 1e-4, "{value} {expected}");
        }
    }

    #[test]
    fn there_and_back_is_the_same_and_the_rest_is_clamped() {
        let planes = Planes {
            width: 4,
            height: 2,
            data: (0..24u8).map(|i| f32::from(i) / 23.0).collect(),
        };
        let mut vgg = vgg_from_srgb(&planes, MEAN);
        let back = srgb_from_vgg(&vgg, 4, 2, MEAN);
        for (a, b) in planes.data.iter().zip(&back.data) {
            assert!((a - b).abs() < 1e-6);
        }
        vgg[0] = -1000.0;
        vgg[1] = 1000.0;
        assert_eq!(srgb_from_vgg(&vgg, 4, 2, MEAN).data[..2], [0.0, 1.0]);
    }
}
