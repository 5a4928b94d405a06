//! `impasto bench`: how fast one step of a style transfer is on this processor.
//!
//! The step is the one of Gatys et al.: forward to `relu5_1`, Gram losses at `relu1_1`, `relu2_1`,
//! `relu3_1`, `relu4_1` and `relu5_1`, content loss at `relu4_2`, and the gradient of the picture.
//! Weights are random for VGG-19, of which none are inside the program: they take as long.

use std::{
    fs,
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::json;

use super::output;
use crate::{
    error::{Error, Result},
    features::FeatureGradient,
    loss::{Measure, content::ContentLoss, gram::GramLoss},
    network::{Layer, Network},
    vgg::{
        Engine, Topology, VggImage,
        fast::{FastEngine, LayerTime, Stage},
        weights::Weights,
    },
};

const STYLE: [Layer; 5] = [
    Layer::new(1, 1),
    Layer::new(2, 1),
    Layer::new(3, 1),
    Layer::new(4, 1),
    Layer::new(5, 1),
];

const CONTENT: Layer = Layer::new(4, 2);

/// Steps after which a measurement ends however much time is left.
const MAX_STEPS: usize = 200;

/// Measures square pictures of each size for about `seconds` seconds and prints one report (or
/// with `json` one object) a size.
///
/// # Errors
/// When memory runs out, threads cannot be started, or a size is too small for the network.
pub fn run(
    sizes: &[u32],
    threads: Option<usize>,
    network: Network,
    seconds: f64,
    json: bool,
) -> Result<()> {
    let weights = match network {
        Network::Vgg16 => Weights::embedded()?,
        Network::Vgg19 => Weights::random(network, 1),
    };
    for &size in sizes {
        let report = measure(&weights, size as usize, threads, seconds)?;
        let text = if json {
            report.json().to_string()
        } else {
            report.text()
        };
        output::line(&text)?;
    }
    Ok(())
}

/// What was measured at one size.
struct Report {
    network: Network,
    isa: String,
    size: usize,
    threads: usize,
    steps: usize,
    wall_secs: f64,
    /// Of all threads together; `None` where the system does not tell.
    cpu_secs: Option<f64>,
    /// Until the first step was done: threads, weights, buffers.
    start_secs: f64,
    gflop: f64,
    peak_mb: Option<f64>,
    times: Vec<LayerTime>,
    moments_secs: f64,
}

fn measure(
    weights: &Arc<Weights>,
    size: usize,
    threads: Option<usize>,
    seconds: f64,
) -> Result<Report> {
    reset_peak();
    let clock = Instant::now();
    let mut engine = FastEngine::new(weights, threads)?;
    let mut step = Step::new(&mut engine, size)?;
    step.run(&mut engine)?;
    let start_secs = clock.elapsed().as_secs_f64();
    engine.measure_times();
    step.moments = Duration::ZERO;
    let (cpu, clock) = (cpu_secs(), Instant::now());
    let mut steps = 0;
    while steps == 0 || (steps < MAX_STEPS && clock.elapsed().as_secs_f64() < seconds) {
        step.run(&mut engine)?;
        steps += 1;
    }
    let count = steps as f64;
    let wall_secs = clock.elapsed().as_secs_f64() / count;
    let mut times: Vec<LayerTime> = Vec::new();
    for time in engine.take_times() {
        let same = |other: &&mut LayerTime| (other.layer, other.stage) == (time.layer, time.stage);
        match times.iter_mut().find(same) {
            Some(sum) => sum.secs += time.secs / count,
            None => times.push(LayerTime {
                secs: time.secs / count,
                ..time
            }),
        }
    }
    Ok(Report {
        network: weights.network,
        isa: engine.isa().to_string(),
        size,
        threads: engine.pool().current_num_threads(),
        steps,
        wall_secs,
        cpu_secs: cpu_secs()
            .zip(cpu)
            .map(|(after, before)| (after - before) / count),
        start_secs,
        gflop: step_gflop(weights, size),
        peak_mb: peak_mb(),
        times,
        moments_secs: step.moments.as_secs_f64() / count,
    })
}

/// A step with its targets.
struct Step {
    size: usize,
    picture: Vec<f32>,
    taps: Vec<Layer>,
    losses: Vec<(Layer, Box<dyn Measure>)>,
    /// Spent on losses, Gram matrices above all.
    moments: Duration,
}

impl Step {
    fn new(engine: &mut FastEngine, size: usize) -> Result<Self> {
        let length = 3 * size * size;
        // Two pictures without a pattern: a sequence that is spread evenly over -110..140.
        let picture = |start: f64| -> Vec<f32> {
            (0..length)
                .map(|i| (((i as f64 * 0.618_033_988_7 + start).fract()) * 250.0 - 110.0) as f32)
                .collect()
        };
        let taps: Vec<Layer> = STYLE.into_iter().chain([CONTENT]).collect();
        let target = picture(0.5);
        let image = VggImage {
            data: &target,
            height: size,
            width: size,
        };
        engine.forward(image, &taps, Topology::default())?;
        let mut losses: Vec<(Layer, Box<dyn Measure>)> = Vec::new();
        for layer in STYLE {
            let second = engine.tap(layer)?.moments()?.second;
            losses.push((layer, Box::new(GramLoss::new(&second)?)));
        }
        let target = engine.tap(CONTENT)?.map()?;
        losses.push((CONTENT, Box::new(ContentLoss::new(&target)?)));
        Ok(Self {
            size,
            picture: picture(0.0),
            taps,
            losses,
            moments: Duration::ZERO,
        })
    }

    fn run(&mut self, engine: &mut FastEngine) -> Result<()> {
        let image = VggImage {
            data: &self.picture,
            height: self.size,
            width: self.size,
        };
        engine.forward(image, &self.taps, Topology::default())?;
        let clock = Instant::now();
        let mut gradients: Vec<(Layer, FeatureGradient)> = Vec::new();
        for (layer, loss) in &mut self.losses {
            let evaluation = loss.evaluate(engine.tap(*layer)?.as_ref())?;
            gradients.push((*layer, evaluation.gradient));
        }
        self.moments += clock.elapsed();
        let gradient = engine.reverse(&gradients)?;
        if gradient.len() == self.picture.len() {
            Ok(())
        } else {
            Err(Error::Internal("a gradient of another size".to_owned()))
        }
    }
}

/// Floating-point operations of a step, in units of 10^9, as if every convolution were computed
/// directly: forward and input gradient of the convolutions, Gram matrices and their gradient.
fn step_gflop(weights: &Weights, size: usize) -> f64 {
    let mut flop = 0.0;
    for convolution in &weights.convolutions {
        let layer = convolution.layer;
        if layer > STYLE[4] {
            break;
        }
        let side = size / layer.stride();
        let area = (side * side) as f64;
        let channels = layer.channels() as f64;
        flop += 2.0 * 2.0 * 9.0 * convolution.inputs as f64 * channels * area;
        if STYLE.contains(&layer) {
            flop += 2.0 * 2.0 * channels * channels * area;
        }
    }
    flop / 1e9
}

impl Report {
    fn json(&self) -> serde_json::Value {
        let layers: Vec<_> = self
            .times
            .iter()
            .map(|time| {
                json!({
                    "layer": time.layer.to_string(),
                    "pass": pass_name(time.stage),
                    "secs": time.secs,
                })
            })
            .collect();
        json!({
            "network": self.network.to_string(),
            "isa": self.isa,
            "size": self.size,
            "threads": self.threads,
            "steps": self.steps,
            "wall_secs_per_step": self.wall_secs,
            "cpu_secs_per_step": self.cpu_secs,
            "start_secs": self.start_secs,
            "gflops": self.gflop / self.wall_secs,
            "peak_mb": self.peak_mb,
            "losses_secs": self.moments_secs,
            "layers": layers,
        })
    }

    fn text(&self) -> String {
        let unknown = || "unknown".to_owned();
        let cpu = self
            .cpu_secs
            .map_or_else(unknown, |secs| format!("{secs:.3} s"));
        let peak = self
            .peak_mb
            .map_or_else(unknown, |mb| format!("{mb:.0} MB"));
        let mut lines = vec![format!(
            "{} px, {}, {} threads, {}: {:.3} s a step ({cpu} of processor time), {:.0} GFLOP/s, \
             peak {peak}, ready after {:.2} s, {} steps",
            self.size,
            self.network.title(),
            self.threads,
            self.isa,
            self.wall_secs,
            self.gflop / self.wall_secs,
            self.start_secs,
            self.steps,
        )];
        let mut line = |name: &str, pass: &str, secs: f64| {
            let share = 100.0 * secs / self.wall_secs;
            lines.push(format!(
                "  {name:8} {pass:12} {:9.2} ms {share:5.1} %",
                secs * 1e3
            ));
        };
        for time in &self.times {
            line(&time.layer.to_string(), pass_name(time.stage), time.secs);
        }
        line("all", "losses", self.moments_secs);
        lines.join("\n")
    }
}

const fn pass_name(stage: Stage) -> &'static str {
    match stage {
        Stage::Forward => "forward",
        Stage::Reverse => "reverse",
        Stage::TapGradient => "tap gradient",
    }
}

/// Processor time of this process so far, where there is `/proc`.
fn cpu_secs() -> Option<f64> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    // Fields 14 and 15, user and system time in ticks of 10 ms; the second field may hold spaces.
    let fields = stat.rsplit_once(')')?.1.split_whitespace();
    let ticks: Vec<f64> = fields.skip(11).take(2).flat_map(str::parse).collect();
    (ticks.len() == 2).then(|| ticks.iter().sum::<f64>() / 100.0)
}

/// Starts a new measurement of the peak of resident memory, where the system can do that.
fn reset_peak() {
    if let Err(fault) = fs::write("/proc/self/clear_refs", "5") {
        log::debug!("peak memory is that of the whole run: {fault}");
    }
}

/// Peak of resident memory since the last reset, where there is `/proc`.
fn peak_mb() -> Option<f64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib * 1024.0 / 1e6)
}
