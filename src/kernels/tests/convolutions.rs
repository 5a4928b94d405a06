//! The Winograd convolution, with what is fused into it, against nested loops.

use super::*;

#[test]
fn convolutions_agree_with_nested_loops() {
    for isa in Isa::available() {
        for tile in [Tile::Four, Tile::Six] {
            for (index, side) in SIDES.into_iter().enumerate() {
                let (outputs, inputs) = if index % 2 == 0 { (64, 32) } else { (32, 96) };
                let area = side.0 * side.1;
                let map = noise(inputs * area, 1);
                let weight = noise(outputs * inputs * 9, 2);
                let bias = noise(outputs, 3);
                let shape = (outputs, inputs);
                let mut shared = Buffer::empty();

                let packed = Packed::new(&weight, shape, tile, Direction::Forward, isa).unwrap();
                let mut activation = vec![f32::NAN; outputs * area];
                let mut mask = vec![0; outputs / BLOCK * area];
                let target = Target::Forward {
                    bias: &bias,
                    activation: Some(&mut activation),
                    mask: Some(&mut mask),
                    pooled: None,
                };
                let blocked = blocked_from_planar(&map, inputs);
                let source = Source::Plain(&blocked);
                convolve(&packed, source, side, target, &mut shared, isa).unwrap();
                let sums = plain(&wide(&map), &wide(&weight), shape, side);
                let expected: Vec<f64> = sums
                    .iter()
                    .enumerate()
                    .map(|(i, sum)| (sum + f64::from(bias[i / area])).max(0.0))
                    .collect();
                let found = planar_from_blocked(&activation, outputs, area);
                let wrong = error(&found, &expected);
                assert!(
                    wrong < TOLERANCE,
                    "{isa} {tile:?} {side:?} forward: {wrong}"
                );
                let positive: Vec<bool> = found.iter().map(|&value| value > 0.0).collect();
                assert_eq!(bits_of(&mask, outputs, area), positive, "{isa} {side:?}");

                let packed = Packed::new(&weight, shape, tile, Direction::Reverse, isa).unwrap();
                let gradient = noise(outputs * area, 4);
                let before = noise(inputs * area, 5);
                let mut out = blocked_from_planar(&before, inputs);
                let keep: Vec<u16> = (0..inputs / BLOCK * area)
                    .map(|i| ((i * 40503) >> 3) as u16)
                    .collect();
                let target = Target::Reverse {
                    out: &mut out,
                    mask: Some(&keep),
                    add: true,
                };
                let blocked = blocked_from_planar(&gradient, outputs);
                let source = Source::Plain(&blocked);
                convolve(&packed, source, side, target, &mut shared, isa).unwrap();
                let turned = flipped(&wide(&weight), outputs, inputs);
                let sums = plain(&wide(&gradient), &turned, (inputs, outputs), side);
                let kept = bits_of(&keep, inputs, area);
                let expected: Vec<f64> = (0..sums.len())
                    .map(|i| f64::from(before[i]) + if kept[i] { sums[i] } else { 0.0 })
                    .collect();
                let wrong = error(&planar_from_blocked(&out, inputs, area), &expected);
                assert!(
                    wrong < TOLERANCE,
                    "{isa} {tile:?} {side:?} reverse: {wrong}"
                );
            }
        }
    }
}

#[test]
fn pooling_and_its_gradient_agree_with_nested_loops() {
    let (outputs, inputs) = (32, 32);
    for isa in Isa::available() {
        for (tile, pooling) in [
            (Tile::Four, Pooling::Max),
            (Tile::Six, Pooling::Max),
            (Tile::Four, Pooling::Average),
            (Tile::Six, Pooling::Average),
        ] {
            for side in SIDES {
                let area = side.0 * side.1;
                let small = (side.0 / 2) * (side.1 / 2);
                let map = noise(inputs * area, 1);
                let weight = noise(outputs * inputs * 9, 2);
                let bias = vec![0.0; outputs];
                let mut shared = Buffer::empty();
                let packed =
                    Packed::new(&weight, (outputs, inputs), tile, Direction::Forward, isa).unwrap();
                let mut activation = vec![0.0; outputs * area];
                let mut mask = vec![0; outputs / BLOCK * area];
                let mut pooled = vec![0.0; outputs * small];
                let target = Target::Forward {
                    bias: &bias,
                    activation: Some(&mut activation),
                    mask: Some(&mut mask),
                    pooled: Some((&mut pooled, pooling)),
                };
                let blocked = blocked_from_planar(&map, inputs);
                let source = Source::Plain(&blocked);
                convolve(&packed, source, side, target, &mut shared, isa).unwrap();
                // The reference pools what the kernel found, so that both agree on ties.
                let found = wide(&planar_from_blocked(&activation, outputs, area));
                let (expected, places) = pool(&found, outputs, side, pooling);
                if small > 0 {
                    let pooled = planar_from_blocked(&pooled, outputs, small);
                    let wrong = error(&pooled, &expected);
                    assert!(wrong < 1e-6, "{isa} {tile:?} {side:?} {pooling:?}: {wrong}");
                }
                assert_eq!(bits_of(&mask, outputs, area), places, "{isa} {side:?}");

                let scale = if pooling == Pooling::Max { 1.0 } else { 0.25 };
                let gradient = noise(outputs * small, 7);
                let mut spread = vec![0.0; outputs * area];
                for (i, spread) in spread.iter_mut().enumerate() {
                    let (c, y, x) = (i / area, i % area / side.1, i % side.1);
                    if places[i] {
                        let from = (c * (side.0 / 2) + y / 2) * (side.1 / 2) + x / 2;
                        *spread = f64::from(scale * gradient[from]);
                    }
                }
                let gradient = if small > 0 {
                    blocked_from_planar(&gradient, outputs)
                } else {
                    Vec::new()
                };
                let packed =
                    Packed::new(&weight, (outputs, inputs), tile, Direction::Reverse, isa).unwrap();
                let mut out = vec![f32::NAN; inputs * area];
                let target = Target::Reverse {
                    out: &mut out,
                    mask: None,
                    add: false,
                };
                let source = Source::Unpooled {
                    pooled: &gradient,
                    mask: &mask,
                    scale,
                };
                convolve(&packed, source, side, target, &mut shared, isa).unwrap();
                let turned = flipped(&wide(&weight), outputs, inputs);
                let expected = plain(&spread, &turned, (inputs, outputs), side);
                let wrong = error(&planar_from_blocked(&out, inputs, area), &expected);
                assert!(wrong < TOLERANCE, "{isa} {tile:?} {side:?}: {wrong}");

                let mut sum = vec![1.0; outputs * area];
                add_unpooled(&mut sum, side, &gradient, &mask, scale);
                let sum = planar_from_blocked(&sum, outputs, area);
                let expected: Vec<f64> = spread.iter().map(|value| value + 1.0).collect();
                assert!(error(&sum, &expected) < 1e-6, "{side:?}");
            }
        }
    }
}

#[test]
fn many_tasks_share_tiles_without_loss() {
    // Enough channels for the schedule in which all tasks share the transformed tiles.
    let (outputs, inputs, side) = (256, 288, (14, 15));
    let area = side.0 * side.1;
    let map = noise(inputs * area, 1);
    let weight = noise(outputs * inputs * 9, 2);
    let expected = plain(&wide(&map), &wide(&weight), (outputs, inputs), side);
    let expected: Vec<f64> = expected.into_iter().map(|sum| sum.max(0.0)).collect();
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(3)
        .build()
        .unwrap();
    for isa in Isa::available() {
        for tile in [Tile::Four, Tile::Six] {
            let found = pool.install(|| {
                let packed =
                    Packed::new(&weight, (outputs, inputs), tile, Direction::Forward, isa).unwrap();
                let mut activation = vec![f32::NAN; outputs * area];
                let target = Target::Forward {
                    bias: &vec![0.0; outputs],
                    activation: Some(&mut activation),
                    mask: None,
                    pooled: None,
                };
                let blocked = blocked_from_planar(&map, inputs);
                let source = Source::Plain(&blocked);
                convolve(&packed, source, side, target, &mut Buffer::empty(), isa).unwrap();
                planar_from_blocked(&activation, outputs, area)
            });
            let wrong = error(&found, &expected);
            assert!(wrong < TOLERANCE, "{isa} {tile:?}: {wrong}");
        }
    }
}
