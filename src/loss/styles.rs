//! Style images as targets: several of them, blended by their shares.
//!
//! Measures made of moments take the weighted mean of raw moments (of raw ones, not of covariances:
//! a mixture of two distributions has exactly these). Measures of whole distributions take a pool
//! of positions in which each style image has its share.

use candle_core::Tensor;
use rand::Rng;

use super::draws::distinct;
use crate::{
    error::{Error, Result},
    features::{ChannelMoments, Features, Moments},
};

/// Feature maps of the style images at one layer, each with its strength. Strengths are relative
/// to each other and need not sum to 1.
pub type Styles<'a> = [(&'a dyn Features, f64)];

/// Feature maps of the style images at several layers, the finest first, each image with its
/// strength.
pub type JointStyles<'a> = [(Vec<&'a dyn Features>, f64)];

/// Positions of style images that a measure of whole distributions keeps at most: a quarter of
/// those of a 512x512 map. Sorting more would tell little more about the curve of their values.
pub(super) const POOL_POSITIONS: usize = 65_536;

/// The shares of style images, scaled to sum 1.
///
/// # Errors
/// When there is none, one is negative or not a number, or all are 0.
pub(super) fn shares(strengths: impl Iterator<Item = f64> + Clone) -> Result<Vec<f64>> {
    let sum: f64 = strengths.clone().sum();
    if strengths.clone().any(|strength| strength < 0.0) || !sum.is_finite() || sum <= 0.0 {
        return Err(Error::setting(
            "style strength",
            format!("{:?}", strengths.collect::<Vec<_>>()),
            "at least one style image needs a strength above 0, and none may be below",
        ));
    }
    Ok(strengths.map(|strength| strength / sum).collect())
}

/// Weighted mean of the raw moments.
pub(super) fn blend_moments(styles: &Styles<'_>) -> Result<Moments> {
    let mut blended: Option<Moments> = None;
    for ((features, _), share) in styles.iter().zip(shares(styles.iter().map(|s| s.1))?) {
        let moments = features.moments()?;
        let mean = moments.mean.affine(share, 0.0)?;
        let second = moments.second.affine(share, 0.0)?;
        blended = Some(match blended {
            None => Moments {
                mean,
                second,
                positions: moments.positions,
            },
            Some(sum) => Moments {
                mean: (sum.mean + mean)?,
                second: (sum.second + second)?,
                positions: sum.positions + moments.positions,
            },
        });
    }
    blended.ok_or_else(|| Error::Internal("shares of no style image".to_owned()))
}

/// Weighted mean of the raw moments of single channels.
pub(super) fn blend_channel_moments(styles: &Styles<'_>) -> Result<ChannelMoments> {
    let mut blended: Option<ChannelMoments> = None;
    for ((features, _), share) in styles.iter().zip(shares(styles.iter().map(|s| s.1))?) {
        let moments = features.channel_moments()?;
        let mean = moments.mean.affine(share, 0.0)?;
        let energy = moments.energy.affine(share, 0.0)?;
        blended = Some(match blended {
            None => ChannelMoments { mean, energy },
            Some(sum) => ChannelMoments {
                mean: (sum.mean + mean)?,
                energy: (sum.energy + energy)?,
            },
        });
    }
    blended.ok_or_else(|| Error::Internal("shares of no style image".to_owned()))
}

/// Positions of style images in proportion to their shares, `[C, P]` with P at most `cap` and at
/// most all positions there are. A single style image that fits is taken whole and in order.
pub(super) fn pool(styles: &Styles<'_>, cap: usize, rng: &mut impl Rng) -> Result<Tensor> {
    let shares = shares(styles.iter().map(|s| s.1))?;
    let positions = styles.iter().map(|(features, _)| {
        let (_, h, w) = features.shape();
        h * w
    });
    let total = positions.sum::<usize>().min(cap);
    let mut parts = Vec::new();
    for ((features, _), share) in styles.iter().zip(shares) {
        let (c, h, w) = features.shape();
        let chosen = spread(h * w, (share * total as f64).round() as usize, rng);
        if chosen.is_empty() {
            continue;
        }
        let flat = features.map()?.reshape((c, h * w))?;
        parts.push(if chosen.len() == h * w {
            flat
        } else {
            let count = chosen.len();
            flat.index_select(&Tensor::from_vec(chosen, count, flat.device())?, 1)?
        });
    }
    Ok(Tensor::cat(&parts, 1)?.contiguous()?)
}

/// `amount` of the numbers 0..`length`, in order: each as often as any other, give or take one.
pub(super) fn spread(length: usize, amount: usize, rng: &mut impl Rng) -> Vec<u32> {
    let (whole, rest) = (amount / length, amount % length);
    let mut chosen: Vec<u32> = (0..length as u32)
        .flat_map(|position| std::iter::repeat_n(position, whole))
        .collect();
    if rest > 0 {
        chosen.extend(distinct(length, rest, rng));
        chosen.sort_unstable();
    }
    chosen
}

#[cfg(test)]
mod tests {
    use candle_core::Device;
    use rand::SeedableRng as _;
    use rand_pcg::Pcg64Mcg;

    use super::*;
    use crate::{features::TensorFeatures, loss::finite_differences::noise_map};

    fn flat(value: f32, h: usize, w: usize) -> TensorFeatures {
        let map = Tensor::full(value, (2, h, w), &Device::Cpu).unwrap();
        TensorFeatures::new(map).unwrap()
    }

    #[test]
    fn shares_sum_to_one_and_nonsense_is_refused() {
        let thirds = shares([2.0, 0.0, 4.0].into_iter()).unwrap();
        assert_eq!(thirds, [2.0 / 6.0, 0.0, 4.0 / 6.0]);
        for wrong in [
            &[][..],
            &[0.0, 0.0],
            &[1.0, -0.5],
            &[f64::NAN],
            &[f64::INFINITY],
        ] {
            assert!(shares(wrong.iter().copied()).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn blended_moments_are_those_of_the_mixture() {
        let (a, b) = (flat(1.0, 3, 4), flat(5.0, 9, 2));
        let blended = blend_moments(&[(&a, 1.0), (&b, 3.0)]).unwrap();
        // A mean over 12 places multiplies by 1/12: how that is rounded depends on the processor.
        for mean in blended.mean.to_vec1::<f32>().unwrap() {
            assert!((mean - 4.0).abs() < 1e-6, "{mean}");
        }
        let second = blended.second.to_vec2::<f32>().unwrap()[0][1];
        assert!((second - (0.25 + 0.75 * 25.0)).abs() < 1e-5, "{second}");
    }

    #[test]
    fn a_single_style_that_fits_is_pooled_whole() {
        let map = noise_map(3, 4, 5, 1);
        let features = TensorFeatures::new(map.clone()).unwrap();
        let mut rng = Pcg64Mcg::seed_from_u64(1);
        let whole = pool(&[(&features, 0.3)], 20, &mut rng).unwrap();
        let same = map.reshape((3, 20)).unwrap();
        assert_eq!(
            whole.to_vec2::<f32>().unwrap(),
            same.to_vec2::<f32>().unwrap()
        );
    }

    #[test]
    fn the_pool_keeps_to_cap_and_shares() {
        let (a, b, c) = (flat(1.0, 3, 4), flat(5.0, 9, 2), flat(7.0, 2, 2));
        let mut rng = Pcg64Mcg::seed_from_u64(1);
        let styles: [(&dyn Features, f64); 3] = [(&a, 3.0), (&b, 1.0), (&c, 0.0)];
        let pooled = pool(&styles, 16, &mut rng).unwrap();
        let row = &pooled.to_vec2::<f32>().unwrap()[1];
        let ones = row.iter().filter(|&&v| v == 1.0).count();
        assert_eq!((row.len(), ones), (16, 12));
    }

    #[test]
    fn spreading_takes_each_position_equally_often() {
        let mut rng = Pcg64Mcg::seed_from_u64(3);
        assert_eq!(spread(5, 5, &mut rng), [0, 1, 2, 3, 4]);
        let more = spread(5, 12, &mut rng);
        for position in 0..5 {
            let times = more.iter().filter(|&&p| p == position).count();
            assert!((2..=3).contains(&times), "{more:?}");
        }
        assert!(spread(5, 0, &mut rng).is_empty());
    }
}
