//! Which of several style images paints each point.

use crate::kernels::nearest::Match;

/// Rounds in which handicaps are found; each moves them 0.6 times as far as the one before.
const ROUNDS: usize = 14;

/// Where a style image applies, and its share of what several could paint.
#[derive(Clone, Debug)]
pub struct Inside {
    /// Relative to the other style images'.
    pub strength: f64,
    /// 0 (outside) to 1 (inside) by grid point; everywhere without.
    pub weights: Option<Vec<f32>>,
}

impl Inside {
    fn at(&self, point: usize) -> f32 {
        self.weights.as_ref().map_or(1.0, |weights| weights[point])
    }
}

/// The style image of each point: the one with the largest cosine plus handicap among those that
/// apply there at least half as much as any other. None where none applies.
pub(super) fn assign(found: &[Vec<Match>], inside: &[Inside]) -> Vec<Option<u32>> {
    let points = found.first().map_or(0, Vec::len);
    // The images that may paint each point.
    let able: Vec<Vec<u32>> = (0..points)
        .map(|point| {
            let weights: Vec<f32> = inside.iter().map(|i| i.at(point)).collect();
            let most = weights.iter().copied().fold(0.0, f32::max);
            let able = |style: &usize| {
                weights[*style] > 0.05
                    && weights[*style] >= 0.5 * most
                    && inside[*style].strength > 0.0
            };
            let able = (0..inside.len()).filter(able);
            able.map(|style| style as u32).collect()
        })
        .collect();
    let choose = |handicaps: &[f32]| -> Vec<Option<u32>> {
        let score = |style: u32, point: usize| {
            found[style as usize][point].product + handicaps[style as usize]
        };
        able.iter()
            .enumerate()
            .map(|(point, able)| {
                able.iter()
                    .copied()
                    .max_by(|&a, &b| score(a, point).total_cmp(&score(b, point)))
            })
            .collect()
    };
    let mut handicaps = vec![0.0; inside.len()];
    if inside.len() < 2 {
        return choose(&handicaps);
    }
    // What each image should get: its part of every point that it may paint.
    let mut wanted = vec![0.0; inside.len()];
    for able in &able {
        let sum: f64 = able.iter().map(|&s| inside[s as usize].strength).sum();
        for &style in able {
            wanted[style as usize] += inside[style as usize].strength / sum;
        }
    }
    let mut step = 0.5;
    for _ in 0..ROUNDS {
        let mut got = vec![0.0; inside.len()];
        for style in choose(&handicaps).into_iter().flatten() {
            got[style as usize] += 1.0;
        }
        for (style, handicap) in handicaps.iter_mut().enumerate() {
            let missing: f64 = wanted[style] - got[style];
            if missing != 0.0 {
                *handicap += step * missing.signum() as f32;
            }
        }
        step *= 0.6;
    }
    choose(&handicaps)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(products: impl Iterator<Item = f32>) -> Vec<Match> {
        products
            .map(|product| Match { index: 0, product })
            .collect()
    }

    fn everywhere(strength: f64) -> Inside {
        Inside {
            strength,
            weights: None,
        }
    }

    #[test]
    fn shares_come_out_and_the_best_suited_points_go_first() {
        // The second image suits every point better, the right ones most.
        let a = matches((0..100).map(|_| 0.2));
        let b = matches((0..100).map(|i| 0.3 + 0.005 * i as f32));
        let given = assign(&[a, b], &[everywhere(3.0), everywhere(1.0)]);
        let second: Vec<_> = (0..100).filter(|&p| given[p] == Some(1)).collect();
        assert!((22..=28).contains(&second.len()), "{second:?}");
        assert!(second.iter().all(|&p| p >= 70), "{second:?}");
    }

    #[test]
    fn an_image_paints_only_where_it_applies() {
        let found = [matches((0..10).map(|_| 0.1)), matches((0..10).map(|_| 0.9))];
        let right = Inside {
            strength: 1.0,
            weights: Some((0..10).map(|p| f32::from(u8::from(p > 6))).collect()),
        };
        let left = Inside {
            strength: 1.0,
            weights: Some((0..10).map(|p| f32::from(u8::from(p < 4))).collect()),
        };
        let given = assign(&found, &[left, right]);
        assert_eq!(given[0], Some(0));
        assert_eq!(given[5], None);
        assert_eq!(given[9], Some(1));
    }
}
