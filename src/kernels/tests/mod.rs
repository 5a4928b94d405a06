//! One suite for every instruction set, against nested loops in f64.

mod convolutions;

use super::{
    BLOCK, Buffer, Isa,
    first_conv::FirstConv,
    layout::planar_from_blocked,
    moments::{TapGradient, moments, replace_by_gradient},
    pooling::add_unpooled,
    reference::{blocked_from_planar, convolve as plain, error, flipped, noise, wide},
    winograd::{Direction, Packed, Source, Target, Tile, convolve},
};
use crate::network::{EdgePadding, Pooling};

/// Around the sides of both tiles, one pixel, one row, one column, and sizes of several tasks.
const SIDES: [(usize, usize); 14] = [
    (1, 1),
    (1, 2),
    (2, 2),
    (5, 7),
    (3, 4),
    (4, 5),
    (6, 5),
    (7, 6),
    (11, 12),
    (13, 1),
    (1, 13),
    (8, 9),
    (17, 25),
    (50, 31),
];

/// Relative root mean square that one layer may be wrong by.
const TOLERANCE: f64 = 1e-5;

fn bits_of(mask: &[u16], channels: usize, positions: usize) -> Vec<bool> {
    let mut bits = vec![false; channels * positions];
    for c in 0..channels {
        for n in 0..positions {
            bits[c * positions + n] = mask[c / BLOCK * positions + n] >> (c % BLOCK) & 1 == 1;
        }
    }
    bits
}

/// Pooled values of `[C][H][W]` and the places that gradients flow back to.
fn pool(
    map: &[f64],
    channels: usize,
    (height, width): (usize, usize),
    pooling: Pooling,
) -> (Vec<f64>, Vec<bool>) {
    let mut pooled = Vec::new();
    let mut places = vec![false; map.len()];
    for c in 0..channels {
        for y in 0..height / 2 {
            for x in 0..width / 2 {
                let at = |i: usize| (c * height + 2 * y + i / 2) * width + 2 * x + i % 2;
                let window = [0, 1, 2, 3].map(|i| map[at(i)]);
                match pooling {
                    Pooling::Average => {
                        pooled.push(window.iter().sum::<f64>() / 4.0);
                        for i in 0..4 {
                            places[at(i)] = window[i] > 0.0;
                        }
                    }
                    Pooling::Max => {
                        let best = window.iter().copied().fold(0.0, f64::max);
                        pooled.push(best);
                        if let Some(first) = window.iter().position(|&v| v >= best && v > 0.0) {
                            places[at(first)] = true;
                        }
                    }
                }
            }
        }
    }
    (pooled, places)
}

#[test]
fn the_first_convolution_agrees_with_nested_loops() {
    let outputs = 64;
    let weight = noise(outputs * 27, 1);
    let bias = noise(outputs, 2);
    let first = FirstConv::new(&weight, &bias);
    for isa in Isa::available() {
        for edge in [EdgePadding::Zero, EdgePadding::Replicate] {
            for side in SIDES
                .into_iter()
                .chain([(2, 47), (2, 48), (3, 49), (2, 97)])
            {
                let (height, width) = side;
                let area = height * width;
                let picture = noise(3 * area, 3);
                let mut padded = Buffer::empty();
                let mut activation = vec![f32::NAN; outputs * area];
                let mut mask = vec![0; outputs / BLOCK * area];
                let out = (&mut activation[..], &mut mask[..]);
                first
                    .forward(&picture, side, edge, &mut padded, out, isa)
                    .unwrap();
                // The reference works on a picture with its border, and cuts the border off.
                let large = (height + 2, width + 2);
                let source = |y: usize, x: usize| match edge {
                    EdgePadding::Replicate | EdgePadding::Mirror => {
                        Some((y.max(1) - 1).min(height - 1) * width + (x.max(1) - 1).min(width - 1))
                    }
                    EdgePadding::Zero => {
                        let inside = (1..=height).contains(&y) && (1..=width).contains(&x);
                        inside.then(|| (y - 1) * width + x - 1)
                    }
                };
                let mut bordered = vec![0.0; 3 * large.0 * large.1];
                for (i, value) in bordered.iter_mut().enumerate() {
                    let (c, i) = (i / (large.0 * large.1), i % (large.0 * large.1));
                    if let Some(from) = source(i / large.1, i % large.1) {
                        *value = f64::from(picture[c * area + from]);
                    }
                }
                let sums = plain(&bordered, &wide(&weight), (outputs, 3), large);
                let inner = |i: usize| {
                    let (c, y, x) = (i / area, i % area / width, i % width);
                    (c * large.0 + y + 1) * large.1 + x + 1
                };
                let expected: Vec<f64> = (0..outputs * area)
                    .map(|i| (sums[inner(i)] + f64::from(bias[i / area])).max(0.0))
                    .collect();
                let found = planar_from_blocked(&activation, outputs, area);
                let wrong = error(&found, &expected);
                assert!(wrong < 1e-6, "{isa} {edge:?} {side:?} forward: {wrong}");
                let positive: Vec<bool> = found.iter().map(|&value| value > 0.0).collect();
                assert_eq!(bits_of(&mask, outputs, area), positive, "{isa} {side:?}");

                let gradient = noise(outputs * area, 4);
                let blocked = blocked_from_planar(&gradient, outputs);
                let found = first
                    .reverse(&blocked, side, edge, &mut padded, isa)
                    .unwrap();
                let mut bordered = vec![0.0; outputs * large.0 * large.1];
                for (i, value) in gradient.iter().enumerate() {
                    bordered[inner(i)] = f64::from(*value);
                }
                let turned = flipped(&wide(&weight), outputs, 3);
                let spread = plain(&bordered, &turned, (3, outputs), large);
                let mut expected = vec![0.0; 3 * area];
                for (i, value) in spread.into_iter().enumerate() {
                    let (c, i) = (i / (large.0 * large.1), i % (large.0 * large.1));
                    if let Some(to) = source(i / large.1, i % large.1) {
                        expected[c * area + to] += value;
                    }
                }
                let wrong = error(&found, &expected);
                assert!(wrong < 1e-6, "{isa} {edge:?} {side:?} reverse: {wrong}");
            }
        }
    }
}

#[test]
fn moments_and_their_gradient_agree_with_nested_loops() {
    for isa in Isa::available() {
        for (channels, positions) in [(32, 1), (64, 35), (96, 257), (32, 8193), (32, 48), (64, 49)]
        {
            let map: Vec<f32> = noise(channels * positions, 1)
                .into_iter()
                .map(|value| value.max(-0.2))
                .collect();
            let exact = wide(&map);
            let rows: Vec<&[f64]> = exact.chunks_exact(positions).collect();
            let count = positions as f64;
            let mean: Vec<f64> = rows
                .iter()
                .map(|row| row.iter().sum::<f64>() / count)
                .collect();
            let mut second = vec![0.0; channels * channels];
            for (i, value) in second.iter_mut().enumerate() {
                let (a, b) = (rows[i / channels], rows[i % channels]);
                *value = a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>() / count;
            }
            let blocked = blocked_from_planar(&map, channels);
            let (found_mean, found_second) = moments(&blocked, channels, isa);
            let wrong = error(&found_mean, &mean);
            assert!(wrong < 2e-6, "{isa} {channels} {positions} mean: {wrong}");
            let wrong = error(&found_second, &second);
            assert!(wrong < 2e-6, "{isa} {channels} {positions} second: {wrong}");
            for a in 0..channels {
                for b in 0..channels {
                    let (one, other) = (a * channels + b, b * channels + a);
                    assert_eq!(found_second[one].to_bits(), found_second[other].to_bits());
                }
            }

            let mut symmetric = noise(channels * channels, 2);
            for a in 0..channels {
                for b in 0..a {
                    symmetric[a * channels + b] = symmetric[b * channels + a];
                }
            }
            let (mean, direct) = (noise(channels, 3), noise(channels * positions, 4));
            let energy = noise(channels, 5);
            for present in 0..16 {
                let gradient = TapGradient {
                    second: (present & 1 > 0).then_some(&symmetric[..]),
                    energy: (present & 8 > 0).then_some(&energy[..]),
                    mean: (present & 2 > 0).then_some(&mean[..]),
                    map: (present & 4 > 0).then_some(&direct[..]),
                    rows: &[],
                };
                let expected: Vec<f64> = (0..channels * positions)
                    .map(|i| {
                        let (c, n) = (i / positions, i % positions);
                        let through = |second: &[f32]| {
                            let row = &second[c * channels..(c + 1) * channels];
                            let terms = row.iter().zip(&rows);
                            2.0 * terms.map(|(s, row)| f64::from(*s) * row[n]).sum::<f64>()
                        };
                        let own = |energy: &[f32]| 2.0 * f64::from(energy[c]) * rows[c][n];
                        let of_moments = gradient.second.map_or(0.0, through)
                            + gradient.energy.map_or(0.0, own)
                            + gradient.mean.map_or(0.0, |mean| f64::from(mean[c]));
                        let direct = gradient.map.map_or(0.0, |map| f64::from(map[i]));
                        if exact[i] > 0.0 {
                            of_moments / count + direct
                        } else {
                            0.0
                        }
                    })
                    .collect();
                let mut found = blocked.clone();
                replace_by_gradient(&mut found, channels, gradient, isa).unwrap();
                let found = planar_from_blocked(&found, channels, positions);
                let wrong = error(&found, &expected);
                assert!(
                    wrong < 2e-6,
                    "{isa} {channels} {positions} {present}: {wrong}"
                );
            }
        }
    }
}

#[test]
fn the_blocked_layout_turns_back() {
    let planar = noise(32 * 1500, 1);
    let blocked = blocked_from_planar(&planar, 32);
    assert_eq!(planar_from_blocked(&blocked, 32, 1500), planar);
}

#[test]
fn values_that_are_no_numbers_stay_visible() {
    let weight = noise(32 * 32 * 9, 1);
    for isa in Isa::available() {
        let packed = Packed::new(&weight, (32, 32), Tile::Four, Direction::Forward, isa).unwrap();
        let mut activation = vec![0.0; 32 * 4];
        let target = Target::Forward {
            bias: &[0.0; 32],
            activation: Some(&mut activation),
            mask: None,
            pooled: None,
        };
        let map = [f32::NAN; 32 * 4];
        let source = Source::Plain(&map);
        convolve(&packed, source, (2, 2), target, &mut Buffer::empty(), isa).unwrap();
        assert!(activation.iter().all(|value| value.is_nan()), "{isa}");
    }
}
