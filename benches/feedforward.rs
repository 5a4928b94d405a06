//! Pictures in one pass at one and at all threads, and the prediction network.

use std::time::Duration;

use criterion::{Criterion, criterion_group, criterion_main};
use impasto::{
    feedforward::{Norms, Transformer, style_vector},
    pixels::{Picture, SAMPLE_CONTENT, SAMPLE_STYLE},
};
use rayon::ThreadPoolBuilder;

fn feedforward(criterion: &mut Criterion) {
    let open = |sample: impasto::pixels::Sample| {
        let picture = Picture::from_bytes(sample.bytes, sample.name);
        picture.expect("it is inside the program").planes
    };
    let (content, style) = (open(SAMPLE_CONTENT), open(SAMPLE_STYLE));
    // What the network sees: the reduction of a painting is not its own.
    let square = style.resize(256, 256);
    let styles = [
        Norms::of_picture(&style).expect("there is memory"),
        Norms::fixed(19).expect("there are 26"),
    ];
    let mut group = criterion.benchmark_group("feedforward");
    group
        .sample_size(10)
        .measurement_time(Duration::from_secs(5));
    for (name, threads) in [("one thread", 1), ("all threads", 0)] {
        let pool = ThreadPoolBuilder::new().num_threads(threads).build();
        let pool = pool.expect("threads start");
        group.bench_function(format!("{name}/prediction"), |bencher| {
            bencher.iter(|| pool.install(|| style_vector(&square)));
        });
        for norms in &styles {
            let architecture = norms.architecture();
            let network = Transformer::embedded(architecture).expect("it is inside the program");
            for size in [256, 512, 1024] {
                let picture = content.resize(size, size);
                group.bench_function(format!("{name}/{architecture}/{size} px"), |bencher| {
                    bencher.iter(|| pool.install(|| network.paint(&picture, norms)));
                });
            }
        }
    }
    group.finish();
}

criterion_group!(benches, feedforward);
criterion_main!(benches);
