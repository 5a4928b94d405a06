//! Convolutions against sums in f64, on every instruction set.

use super::*;

/// Values that look random and are the same each time.
fn made(length: usize, seed: u32) -> Vec<f32> {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(1);
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) as f32 / (1 << 23) as f32 - 1.0
    };
    (0..length).map(|_| next()).collect()
}

/// One convolution in words.
#[derive(Clone, Copy)]
struct Case {
    channels: (usize, usize),
    size: (usize, usize),
    kernel: (usize, usize),
    padding: (usize, usize),
    edge: Edge,
    upsampled: bool,
}

const CASE: Case = Case {
    channels: (3, 8),
    size: (21, 117),
    kernel: (3, 1),
    padding: (1, 1),
    edge: Edge::Mirror,
    upsampled: false,
};

impl Case {
    fn packed(&self, weight: &[f32], isa: Isa) -> Packed {
        let channels = (self.channels.1, self.channels.0);
        if self.upsampled {
            Packed::upsampled(weight, channels, isa)
        } else {
            Packed::new(weight, channels, self.kernel, self.padding, isa)
        }
    }

    /// The result by the formula, `[outputs, H, W]`.
    fn exact(&self, map: &[f64], weight: &[f32]) -> (Vec<f64>, (usize, usize)) {
        let (inputs, outputs) = self.channels;
        let (height, width) = self.size;
        let times = if self.upsampled { 2 } else { 1 };
        let (high, wide) = (height * times, width * times);
        let (kernel, stride) = self.kernel;
        let side = |side: usize| (side + self.padding.0 + self.padding.1 - kernel) / stride + 1;
        let mirrored = |at: isize, length: usize| -> Option<usize> {
            let last = length as isize - 1;
            match self.edge {
                _ if (0..=last).contains(&at) => Some(at as usize),
                Edge::Zero => None,
                _ if at < 0 => Some(-at as usize),
                _ => Some((2 * last - at) as usize),
            }
        };
        let mut out = Vec::new();
        for o in 0..outputs {
            for y in 0..side(high) {
                for x in 0..side(wide) {
                    let mut sum = 0.0;
                    for i in 0..inputs {
                        for (dy, dx) in (0..kernel * kernel).map(|t| (t / kernel, t % kernel)) {
                            let at = |at: usize, d: usize| {
                                (at * stride + d) as isize - self.padding.0 as isize
                            };
                            let from = (mirrored(at(y, dy), high), mirrored(at(x, dx), wide));
                            if let (Some(y), Some(x)) = from {
                                let value = map[(i * height + y / times) * width + x / times];
                                let tap = ((o * inputs + i) * kernel + dy) * kernel + dx;
                                sum += value * f64::from(weight[tap]);
                            }
                        }
                    }
                    out.push(sum);
                }
            }
        }
        (out, (side(high), side(wide)))
    }
}

fn close(found: &[f32], exact: &[f64], what: &str) {
    assert_eq!(found.len(), exact.len());
    let largest = exact.iter().fold(1.0_f64, |most, v| most.max(v.abs()));
    for (place, (found, exact)) in found.iter().zip(exact).enumerate() {
        let error = (f64::from(*found) - exact).abs() / largest;
        assert!(error < 2e-6, "{what}: {found} for {exact} at {place}");
    }
}

#[test]
fn every_kind_of_convolution_agrees_with_its_formula() {
    let with = |channels, kernel, padding| Case {
        channels,
        kernel,
        padding,
        ..CASE
    };
    let cases = [
        with((3, 8), (9, 1), (4, 4)),
        with((8, 3), (9, 1), (4, 4)),
        with((8, 16), (3, 2), (1, 1)),
        with((32, 32), (3, 1), (1, 1)),
        with((5, 1), (3, 1), (1, 1)),
        with((20, 6), (1, 1), (0, 0)),
        Case {
            edge: Edge::Zero,
            ..with((4, 4), (3, 2), (0, 1))
        },
        Case {
            edge: Edge::Zero,
            ..with((4, 7), (3, 1), (2, 2))
        },
        Case {
            upsampled: true,
            size: (11, 59),
            ..with((6, 8), (3, 1), (1, 1))
        },
        Case {
            size: (5, 6),
            ..with((3, 4), (9, 1), (4, 4))
        },
    ];
    for (number, case) in cases.iter().enumerate() {
        let (inputs, outputs) = case.channels;
        let (height, width) = case.size;
        let map = made(inputs * height * width, 1);
        let weight = made(inputs * outputs * case.kernel.0 * case.kernel.0, 2);
        let doubled: Vec<f64> = map.iter().map(|v| f64::from(*v)).collect();
        let (exact, (high, wide)) = case.exact(&doubled, &weight);
        for isa in Isa::available() {
            let packed = case.packed(&weight, isa);
            let mut out = vec![0.0; outputs * high * wide];
            let source = Source {
                shape: Shape::whole(inputs, height, width),
                data: &map,
                affine: None,
                rectify: false,
                // A doubled map mirrored at its edge is its source's nearest pixel.
                edge: if case.upsampled {
                    Edge::Nearest
                } else {
                    case.edge
                },
            };
            let target = Target {
                shape: Shape::whole(outputs, high, wide),
                rows: 0..high,
                data: Some(&mut out),
                bias: None,
                rectify: false,
            };
            let moments = convolve(&packed, source, target, isa).unwrap();
            close(&out, &exact, &format!("case {number} on {isa}"));
            for (moments, plane) in moments.iter().zip(exact.chunks_exact(high * wide)) {
                let count = plane.len() as f64;
                let mean = plane.iter().sum::<f64>() / count;
                let squares: f64 = plane.iter().map(|v| (v - mean).powi(2)).sum();
                assert_eq!(moments.count, count);
                assert!((moments.mean - mean).abs() < 1e-5);
                assert!(
                    (moments.variance - squares / count).abs() < 1e-5 * (1.0 + squares / count)
                );
            }
        }
    }
}

#[test]
fn what_stands_before_and_after_is_done_on_the_way() {
    let map = made(3 * 21 * 117, 3);
    let weight = made(8 * 3 * 9, 4);
    let (scale, shift) = (vec![0.5, -2.0, 1.5], vec![0.25, 0.0, -0.5]);
    let bias = made(8, 5);
    let before: Vec<f64> = map
        .iter()
        .enumerate()
        .map(|(at, value)| {
            let channel = at / (21 * 117);
            f64::from(scale[channel] * value + shift[channel]).max(0.0)
        })
        .collect();
    let (mut exact, _) = CASE.exact(&before, &weight);
    for (at, value) in exact.iter_mut().enumerate() {
        *value = (*value + f64::from(bias[at / (21 * 117)])).max(0.0);
    }
    for isa in Isa::available() {
        let mut out = vec![0.0; 8 * 21 * 117];
        let source = Source {
            shape: Shape::whole(3, 21, 117),
            data: &map,
            affine: Some((&scale, &shift)),
            rectify: true,
            edge: Edge::Mirror,
        };
        let target = Target {
            shape: Shape::whole(8, 21, 117),
            rows: 0..21,
            data: Some(&mut out),
            bias: Some(&bias),
            rectify: true,
        };
        convolve(&CASE.packed(&weight, isa), source, target, isa).unwrap();
        close(&out, &exact, &isa.to_string());
    }
}

#[test]
fn strips_of_rows_give_the_same_as_the_whole() {
    let isa = Isa::detect();
    for case in [
        Case {
            kernel: (9, 1),
            padding: (4, 4),
            ..CASE
        },
        Case {
            kernel: (3, 2),
            ..CASE
        },
        Case {
            upsampled: true,
            ..CASE
        },
    ] {
        let (inputs, outputs) = case.channels;
        let (height, width) = case.size;
        let map = made(inputs * height * width, 6);
        let weight = made(inputs * outputs * case.kernel.0 * case.kernel.0, 7);
        let packed = case.packed(&weight, isa);
        let (high, wide) = (packed.output_side(height), packed.output_side(width));
        let part = |from: usize, to: usize| {
            let (low, top) = packed.rows_read(from, to, height);
            let shape = Shape {
                channels: inputs,
                height,
                width,
                first: low,
                rows: top - low,
            };
            let planes = map.chunks_exact(height * width);
            let data: Vec<f32> = planes
                .flat_map(|plane| plane[low * width..top * width].to_vec())
                .collect();
            let mut out = vec![0.0; outputs * (to - from) * wide];
            let source = Source {
                shape,
                data: &data,
                affine: None,
                rectify: false,
                edge: if case.upsampled {
                    Edge::Nearest
                } else {
                    Edge::Mirror
                },
            };
            let target = Target {
                shape: Shape {
                    channels: outputs,
                    height: high,
                    width: wide,
                    first: from,
                    rows: to - from,
                },
                rows: from..to,
                data: Some(&mut out),
                bias: None,
                rectify: false,
            };
            let moments = convolve(&packed, source, target, isa).unwrap();
            (out, moments)
        };
        let (whole, moments) = part(0, high);
        let cuts = [0, 2, 8, 10, high];
        let mut merged = vec![Moments::default(); outputs];
        for pair in cuts.windows(2) {
            let (strip, more) = part(pair[0], pair[1]);
            for (merged, more) in merged.iter_mut().zip(more) {
                *merged = merged.with(more);
            }
            for (plane, strip) in strip.chunks_exact((pair[1] - pair[0]) * wide).enumerate() {
                let start = (plane * high + pair[0]) * wide;
                assert_eq!(strip, &whole[start..][..strip.len()], "rows {pair:?}");
            }
        }
        for (merged, moments) in merged.iter().zip(moments) {
            assert!((merged.mean - moments.mean).abs() < 1e-6);
            assert!((merged.variance - moments.variance).abs() < 1e-6);
        }
    }
}
