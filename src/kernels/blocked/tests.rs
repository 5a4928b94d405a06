//! Both kinds against plain loops in f64, on every instruction set.

use super::*;
use crate::kernels::Isa;

fn values(count: usize, seed: u32) -> Vec<f32> {
    let mut state = seed;
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 22) as f32 - 2.0
    };
    (0..count).map(|_| next()).collect()
}

/// Memory with something in it.
fn used() -> Buffer {
    let mut memory = Buffer::zeroed(1 << 14).unwrap();
    memory.fill(f32::NAN);
    memory
}

/// The map of `planes` `[C][P]`.
fn blocked(planes: &[f32], channels: usize) -> Blocked {
    let positions = planes.len() / channels;
    let mut map = Blocked::new(channels, positions).unwrap();
    map.data.fill(0.0);
    for (at, value) in planes.iter().enumerate() {
        let (c, p) = (at / positions, at % positions);
        map.data[(c / BLOCK * positions + p) * BLOCK + c % BLOCK] = *value;
    }
    map
}

/// Channel `c` at position `p`.
fn value(map: &Blocked, c: usize, p: usize) -> f32 {
    map.data[(c / BLOCK * map.positions + p) * BLOCK + c % BLOCK]
}

/// A matrix at each position of `[inputs][P]`.
fn plain_pointwise(planes: &[f64], weight: &[f32], bias: &[f32], clipped: bool) -> Vec<f64> {
    let inputs = weight.len() / bias.len();
    let positions = planes.len() / inputs;
    let mut out = Vec::new();
    for (row, bias) in weight.chunks_exact(inputs).zip(bias) {
        for p in 0..positions {
            let terms = row.iter().enumerate();
            let terms = terms.map(|(i, w)| f64::from(*w) * planes[i * positions + p]);
            let sum = f64::from(*bias) + terms.sum::<f64>();
            out.push(if clipped { sum.clamp(0.0, 6.0) } else { sum });
        }
    }
    out
}

/// A 3x3 kernel on each of `[channels][side][side]`, and the side of the result.
fn plain_depthwise(
    planes: &[f64],
    side: usize,
    (weight, bias): (&[f32], &[f32]),
    stride: usize,
    (before, after): (usize, usize),
) -> (Vec<f64>, usize) {
    let to = (side + before + after - 3) / stride + 1;
    let mut out = Vec::new();
    for (c, bias) in bias.iter().enumerate() {
        for at in 0..to * to {
            let mut sum = f64::from(*bias);
            for tap in 0..9 {
                let y = (at / to * stride + tap / 3).wrapping_sub(before);
                let x = (at % to * stride + tap % 3).wrapping_sub(before);
                if y < side && x < side {
                    sum += f64::from(weight[c * 9 + tap]) * planes[(c * side + y) * side + x];
                }
            }
            out.push(sum.clamp(0.0, 6.0));
        }
    }
    (out, to)
}

fn assert_close(map: &Blocked, exact: &[f64], case: &str) {
    assert_eq!(map.channels * map.positions, exact.len(), "{case}");
    for (at, exact) in exact.iter().enumerate() {
        let (c, p) = (at / map.positions, at % map.positions);
        let error = (f64::from(value(map, c, p)) - exact).abs();
        assert!(
            error < 1e-4 * exact.abs().max(1.0),
            "{case}: channel {c}, position {p}: {error}"
        );
    }
}

fn doubles(values: &[f32]) -> Vec<f64> {
    values.iter().map(|value| f64::from(*value)).collect()
}

#[test]
fn a_matrix_at_each_position_agrees_with_plain_loops() {
    for isa in Isa::available() {
        for (inputs, outputs, positions) in [(3, 5, 7), (24, 144, 100), (40, 33, 1), (96, 16, 193)]
        {
            for clipped in [true, false] {
                let (weight, bias) = (values(inputs * outputs, 1), values(outputs, 2));
                let planes = values(inputs * positions, 3);
                let convolution = Pointwise::new(&weight, &bias, inputs, clipped);
                let out = convolution
                    .convolve(&blocked(&planes, inputs), isa)
                    .unwrap();
                let exact = plain_pointwise(&doubles(&planes), &weight, &bias, clipped);
                assert_close(
                    &out,
                    &exact,
                    &format!("{isa} {inputs} {outputs} {positions}"),
                );
            }
        }
    }
}

#[test]
fn a_bottleneck_agrees_with_plain_loops_layer_by_layer() {
    // Channels in, wide and out; side; stride.
    let shapes = [
        (5, 9, 5, 1, 1),
        (32, 32, 16, 21, 1),
        (16, 96, 24, 40, 2),
        (24, 144, 24, 19, 1),
        (8, 40, 50, 2, 2),
        // Several strips on one thread.
        (3, 17, 20, 150, 1),
        (3, 33, 4, 150, 2),
    ];
    for isa in Isa::available() {
        for (inputs, wide, outputs, side, stride) in shapes {
            let padding = if stride == 1 { (1, 1) } else { (0, 1) };
            let expands = inputs != wide;
            let adds = inputs == outputs && stride == 1;
            let planes = values(inputs * side * side, 1);
            let (expand, expand_bias) = (values(inputs * wide, 2), values(wide, 3));
            let (filter, filter_bias) = (values(wide * 9, 4), values(wide, 5));
            let (project, project_bias) = (values(wide * outputs, 6), values(outputs, 7));
            let block = Bottleneck::new(
                expands.then(|| Pointwise::new(&expand, &expand_bias, inputs, true)),
                Depthwise::new(&filter, &filter_bias, stride, padding),
                Pointwise::new(&project, &project_bias, wide, false),
                adds,
            );
            let map = blocked(&planes, inputs);
            let out = block.convolve(&map, side, used(), isa).unwrap();

            let mut exact = doubles(&planes);
            if expands {
                exact = plain_pointwise(&exact, &expand, &expand_bias, true);
            }
            let filter = (filter.as_slice(), filter_bias.as_slice());
            let (filtered, to) = plain_depthwise(&exact, side, filter, stride, padding);
            let mut exact = plain_pointwise(&filtered, &project, &project_bias, false);
            if adds {
                exact
                    .iter_mut()
                    .zip(&planes)
                    .for_each(|(sum, v)| *sum += f64::from(*v));
            }
            assert_eq!(block.output_side(side), to);
            assert_close(
                &out,
                &exact,
                &format!("{isa} {inputs} {wide} {outputs} {side}"),
            );
        }
    }
}

#[test]
fn a_matrix_on_an_unfolded_map_is_a_convolution() {
    let (channels, side) = (3, 10);
    let planes = values(channels * side * side, 1);
    let map = Blocked::unfolded(&planes, channels, side).unwrap();
    assert_eq!((map.channels, map.positions), (27, 25));
    for channel in 0..27 {
        for p in 0..25 {
            let (y, x) = (p / 5 * 2 + channel % 9 / 3, p % 5 * 2 + channel % 3);
            let exact = if y < side && x < side {
                planes[(channel / 9 * side + y) * side + x]
            } else {
                0.0
            };
            assert_eq!(value(&map, channel, p), exact, "{channel} {p}");
        }
    }
    // What fills the blocks up is multiplied too.
    assert!(map.data.iter().all(|value| value.is_finite()));
}

#[test]
fn means_are_those_of_the_planes() {
    let planes = values(35 * 6, 8);
    let means = blocked(&planes, 35).means();
    assert_eq!(means.len(), 35);
    for (mean, plane) in means.iter().zip(planes.chunks_exact(6)) {
        assert!((mean - plane.iter().sum::<f32>() / 6.0).abs() < 1e-5);
    }
}
