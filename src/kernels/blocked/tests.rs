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

/// Channel `c` at position `p`.
fn value(map: &Blocked, c: usize, p: usize) -> f32 {
    map.data[(c / BLOCK * map.positions + p) * BLOCK + c % BLOCK]
}

#[test]
fn a_matrix_at_each_position_agrees_with_plain_loops() {
    for isa in Isa::available() {
        for (inputs, outputs, positions) in [(3, 5, 7), (24, 144, 100), (40, 33, 1), (96, 16, 193)]
        {
            for (clipped, adds) in [(true, false), (false, true)] {
                let (weight, bias) = (values(inputs * outputs, 1), values(outputs, 2));
                let planes = values(inputs * positions, 3);
                let more = values(outputs * positions, 4);
                let map = Blocked::from_planes(&planes, inputs, positions).unwrap();
                let added = Blocked::from_planes(&more, outputs, positions).unwrap();
                let convolution = Pointwise::new(&weight, &bias, inputs, clipped);
                let out = convolution
                    .convolve(&map, adds.then_some(&added), used(), isa)
                    .unwrap();
                for o in 0..outputs {
                    for p in 0..positions {
                        let terms = (0..inputs).map(|i| {
                            f64::from(weight[o * inputs + i]) * f64::from(planes[i * positions + p])
                        });
                        let mut exact = f64::from(bias[o]) + terms.sum::<f64>();
                        if clipped {
                            exact = exact.clamp(0.0, 6.0);
                        }
                        if adds {
                            exact += f64::from(more[o * positions + p]);
                        }
                        let error = (f64::from(value(&out, o, p)) - exact).abs();
                        assert!(error < 1e-4, "{isa} {inputs} {outputs} {o} {p}: {error}");
                    }
                }
            }
        }
    }
}

#[test]
fn each_channel_by_itself_agrees_with_plain_loops() {
    for isa in Isa::available() {
        for (channels, side, stride, padding) in [
            (5, 1, 1, (1, 1)),
            (32, 9, 1, (1, 1)),
            (40, 8, 2, (0, 1)),
            (16, 2, 2, (0, 1)),
        ] {
            let (weight, bias) = (values(channels * 9, 5), values(channels, 6));
            let planes = values(channels * side * side, 7);
            let map = Blocked::from_planes(&planes, channels, side * side).unwrap();
            let convolution = Depthwise::new(&weight, &bias, stride, padding);
            let to = convolution.output_side(side);
            let out = convolution.convolve(&map, side, used(), isa).unwrap();
            assert_eq!(out.positions(), to * to);
            for c in 0..channels {
                for at in 0..to * to {
                    let mut exact = f64::from(bias[c]);
                    for tap in 0..9 {
                        let y = (at / to * stride + tap / 3).wrapping_sub(padding.0);
                        let x = (at % to * stride + tap % 3).wrapping_sub(padding.0);
                        if y < side && x < side {
                            exact += f64::from(weight[c * 9 + tap])
                                * f64::from(planes[(c * side + y) * side + x]);
                        }
                    }
                    let error = f64::from(value(&out, c, at)) - exact.clamp(0.0, 6.0);
                    assert!(error.abs() < 1e-4, "{isa} {channels} {side} {c} {at}");
                }
            }
        }
    }
}

#[test]
fn means_are_those_of_the_planes() {
    let planes = values(35 * 6, 8);
    let map = Blocked::from_planes(&planes, 35, 6).unwrap();
    let means = map.means();
    assert_eq!(means.len(), 35);
    for (mean, plane) in means.iter().zip(planes.chunks_exact(6)) {
        assert!((mean - plane.iter().sum::<f32>() / 6.0).abs() < 1e-5);
    }
}
