//! The kernels one by one, on every instruction set, at shapes of a 256 px picture in VGG-19.
//!
//! `cargo bench --bench kernels -- avx2` measures one instruction set. Throughput counts
//! multiplications and additions of a direct convolution.

use std::{hint::black_box, time::Duration};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use impasto::{
    kernels::{
        Buffer, Isa,
        first_conv::FirstConv,
        moments::{TapGradient, moments, replace_by_gradient},
        winograd::{Direction, Packed, Source, Target, Tile, convolve},
    },
    network::{EdgePadding, Pooling},
};

/// Values without a pattern, spread evenly over -1..1.
fn values(length: usize) -> Vec<f32> {
    let value = |i: usize| ((i as f64 * 0.618_033_988_7).fract() * 2.0 - 1.0) as f32;
    (0..length).map(value).collect()
}

fn single_thread() -> rayon::ThreadPool {
    let builder = rayon::ThreadPoolBuilder::new().num_threads(1);
    builder.build().expect("one thread starts")
}

fn winograd(criterion: &mut Criterion) {
    let pool = single_thread();
    let mut group = criterion.benchmark_group("winograd");
    group
        .sample_size(10)
        .measurement_time(Duration::from_secs(1));
    for (channels, side) in [(64, 256), (128, 128), (256, 64), (512, 32)] {
        let area = side * side;
        let weight = values(channels * channels * 9);
        let bias = values(channels);
        let map = values(channels * area);
        let mask = vec![0x5555; channels / 16 * area];
        let small = values(channels * area / 4);
        group.throughput(Throughput::Elements(
            (18 * channels * channels * area) as u64,
        ));
        for isa in Isa::available() {
            for tile in [Tile::Four, Tile::Six] {
                let pack = |direction| {
                    pool.install(|| {
                        Packed::new(&weight, (channels, channels), tile, direction, isa)
                    })
                    .expect("there is memory")
                };
                let (forward, reverse) = (pack(Direction::Forward), pack(Direction::Reverse));
                let name = |what: &str| format!("{isa}/{channels}x{side}/{tile:?}/{what}");
                let mut shared = Buffer::empty();
                let mut pooled = vec![0.0; channels * area / 4];
                let mut bits = vec![0; channels / 16 * area];
                group.bench_function(name("forward and pool"), |bencher| {
                    pool.install(|| {
                        bencher.iter(|| {
                            let target = Target::Forward {
                                bias: &bias,
                                activation: None,
                                mask: Some(&mut bits),
                                pooled: Some((&mut pooled, Pooling::Max)),
                            };
                            let source = Source::Plain(black_box(&map));
                            convolve(&forward, source, (side, side), target, &mut shared, isa)
                                .expect("there is memory");
                        });
                    });
                });
                let mut out = vec![0.0; channels * area];
                group.bench_function(name("reverse through pooling"), |bencher| {
                    pool.install(|| {
                        bencher.iter(|| {
                            let target = Target::Reverse {
                                out: &mut out,
                                mask: Some(&mask),
                                add: false,
                            };
                            let source = Source::Unpooled {
                                pooled: black_box(&small),
                                mask: &mask,
                                scale: 1.0,
                            };
                            convolve(&reverse, source, (side, side), target, &mut shared, isa)
                                .expect("there is memory");
                        });
                    });
                });
                group.bench_function(name("pack"), |bencher| {
                    bencher.iter(|| pack(Direction::Forward));
                });
            }
        }
    }
    group.finish();
}

fn first(criterion: &mut Criterion) {
    let pool = single_thread();
    let mut group = criterion.benchmark_group("first");
    group
        .sample_size(10)
        .measurement_time(Duration::from_secs(1));
    let side = (256, 256);
    let area = side.0 * side.1;
    let first = FirstConv::new(&values(64 * 27), &values(64));
    let picture = values(3 * area);
    let gradient = values(64 * area);
    group.throughput(Throughput::Elements((2 * 27 * 64 * area) as u64));
    for isa in Isa::available() {
        let mut padded = Buffer::empty();
        let (mut activation, mut mask) = (vec![0.0; 64 * area], vec![0; 4 * area]);
        group.bench_function(format!("{isa}/forward"), |bencher| {
            pool.install(|| {
                bencher.iter(|| {
                    let out = (&mut activation[..], &mut mask[..]);
                    first
                        .forward(
                            black_box(&picture),
                            side,
                            EdgePadding::Zero,
                            &mut padded,
                            out,
                            isa,
                        )
                        .expect("there is memory");
                });
            });
        });
        group.bench_function(format!("{isa}/reverse"), |bencher| {
            pool.install(|| {
                bencher.iter(|| {
                    first
                        .reverse(
                            black_box(&gradient),
                            side,
                            EdgePadding::Zero,
                            &mut padded,
                            isa,
                        )
                        .expect("there is memory")
                });
            });
        });
    }
    group.finish();
}

fn second_moments(criterion: &mut Criterion) {
    let pool = single_thread();
    let mut group = criterion.benchmark_group("moments");
    group
        .sample_size(10)
        .measurement_time(Duration::from_secs(1));
    for (channels, side) in [(64, 256), (512, 32)] {
        let area = side * side;
        let map = values(channels * area);
        let second = values(channels * channels);
        let mut features = map.clone();
        for isa in Isa::available() {
            group.throughput(Throughput::Elements((channels * channels * area) as u64));
            group.bench_function(format!("{isa}/{channels}x{side}/moments"), |bencher| {
                pool.install(|| bencher.iter(|| moments(black_box(&map), channels, isa)));
            });
            group.throughput(Throughput::Elements(
                (2 * channels * channels * area) as u64,
            ));
            group.bench_function(format!("{isa}/{channels}x{side}/gradient"), |bencher| {
                pool.install(|| {
                    bencher.iter(|| {
                        let gradient = TapGradient {
                            second: Some(&second),
                            energy: None,
                            mean: None,
                            map: None,
                            rows: &[],
                        };
                        replace_by_gradient(black_box(&mut features), channels, gradient, isa)
                            .expect("there is memory");
                    });
                });
            });
        }
    }
    group.finish();
}

criterion_group!(benches, winograd, first, second_moments);
criterion_main!(benches);
