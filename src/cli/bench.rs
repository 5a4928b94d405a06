//! `impasto bench`: how fast one step of a style transfer ([`super::step`]) is here.
//!
//! Weights are random for VGG-19, of which none are inside the program: they take as long.

use std::{
    fs,
    sync::Arc,
    time::{Duration, Instant},
};

use clap::Args;
use serde_json::json;

use super::{
    devices::{self, DeviceArguments},
    output,
    step::{Step, peak_mb, reset_peak, step_gflop, step_gflop_left},
};
use crate::{
    error::Result,
    network::Network,
    settings::DeviceChoice,
    transfer::Compute,
    vgg::{
        Engine,
        fast::{FastEngine, LayerTime, Stage},
        weights::Weights,
    },
    words::counted,
};

#[derive(Debug, Args)]
pub(super) struct BenchArguments {
    /// Sides of the square pictures to measure, in pixels.
    #[arg(
        long,
        value_name = "PX,...",
        value_delimiter = ',',
        default_value = "256,512,1024"
    )]
    size: Vec<u32>,
    /// Threads to compute with [default: all].
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// The network; VGG-19 gets random weights, which take the same time.
    #[arg(long, value_name = "vgg16|vgg19", default_value = "vgg19")]
    network: Network,
    /// Seconds to spend at each size.
    #[arg(long, value_name = "N", default_value_t = 10.0)]
    seconds: f64,
    #[command(flatten)]
    device: DeviceArguments,
    /// Print one JSON object a size.
    #[arg(long)]
    json: bool,
}

/// Steps after which a measurement ends however much time is left.
const MAX_STEPS: usize = 200;

/// Measures square pictures of each size for a while and prints one report (or with `--json` one
/// object) a size.
///
/// # Errors
/// When memory runs out, threads cannot be started, a device cannot be used, or a size is too small
/// for the network.
pub(super) fn run(arguments: &BenchArguments) -> Result<()> {
    let weights = match arguments.network {
        Network::Vgg16 => Weights::embedded()?,
        Network::Vgg19 => Weights::random(arguments.network, 1),
    };
    let mut compute = Compute::new(arguments.threads)?;
    let device = devices::first_sound(&mut compute, arguments.device.device);
    compute.set_device(device);
    for &size in &arguments.size {
        let size = size as usize;
        let report = if device == DeviceChoice::Cpu {
            measure(&weights, size, compute.threads(), arguments.seconds)?
        } else {
            measure_device(&mut compute, &weights, size, arguments.seconds)?
        };
        let text = if arguments.json {
            report.json().to_string()
        } else {
            report.text()
        };
        for line in text.lines() {
            output::line(line)?;
        }
    }
    Ok(())
}

/// What was measured at one size.
struct Report {
    network: Network,
    device: String,
    /// The instruction set; of a device its name.
    isa: String,
    size: usize,
    threads: usize,
    /// Until the first step was done: threads, weights, buffers.
    start_secs: f64,
    gflop: f64,
    peak_mb: Option<f64>,
    /// Of the processor, on one thread.
    fma_peak_gflops: Option<f64>,
    /// What the engine really computes, transforms not counted.
    gflop_left: f64,
    times: Vec<LayerTime>,
    timed: Timed,
}

fn measure(weights: &Arc<Weights>, size: usize, threads: usize, seconds: f64) -> Result<Report> {
    reset_peak();
    let clock = Instant::now();
    let mut engine = FastEngine::new(weights, Some(threads))?;
    let mut step = Step::new(&mut engine, size)?;
    step.run(&mut engine)?;
    let start_secs = clock.elapsed().as_secs_f64();
    engine.measure_times();
    let peak_before = engine.peak_gflops();
    let timed = Timed::of(&mut step, &mut engine, seconds)?;
    let fma_peak_gflops = peak_before.max(engine.peak_gflops());
    let count = timed.steps as f64;
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
        device: engine.name(),
        isa: engine.isa().to_string(),
        size,
        threads,
        start_secs,
        gflop: step_gflop(weights, size),
        peak_mb: peak_mb(),
        fma_peak_gflops: Some(fma_peak_gflops),
        gflop_left: step_gflop_left(weights, size),
        times,
        timed,
    })
}

/// The same on the device that was chosen. Its peak of memory is not known.
fn measure_device(
    compute: &mut Compute,
    weights: &Arc<Weights>,
    size: usize,
    seconds: f64,
) -> Result<Report> {
    let clock = Instant::now();
    let (mut engine, name) = compute.device_engine(weights)?;
    let mut step = Step::new(engine.as_mut(), size)?;
    step.run(engine.as_mut())?;
    let start_secs = clock.elapsed().as_secs_f64();
    let timed = Timed::of(&mut step, engine.as_mut(), seconds)?;
    Ok(Report {
        network: weights.network,
        device: engine.name(),
        isa: name,
        size,
        threads: compute.threads(),
        start_secs,
        gflop: step_gflop(weights, size),
        peak_mb: None,
        fma_peak_gflops: None,
        gflop_left: step_gflop_left(weights, size),
        times: Vec::new(),
        timed,
    })
}

/// Means over some steps.
pub(super) struct Timed {
    pub(super) steps: usize,
    pub(super) wall_secs: f64,
    /// Of all threads together; `None` where the system does not tell.
    cpu_secs: Option<f64>,
    moments_secs: f64,
}

impl Timed {
    /// Takes steps for about `seconds` seconds, at least one.
    ///
    /// # Errors
    /// When the engine fails.
    pub(super) fn of(step: &mut Step, engine: &mut dyn Engine, seconds: f64) -> Result<Self> {
        step.moments = Duration::ZERO;
        let (cpu, clock) = (cpu_secs(), Instant::now());
        let mut steps = 0;
        while steps == 0 || (steps < MAX_STEPS && clock.elapsed().as_secs_f64() < seconds) {
            step.run(engine)?;
            steps += 1;
        }
        let count = steps as f64;
        Ok(Self {
            steps,
            wall_secs: clock.elapsed().as_secs_f64() / count,
            cpu_secs: cpu_secs()
                .zip(cpu)
                .map(|(after, before)| (after - before) / count),
            moments_secs: step.moments.as_secs_f64() / count,
        })
    }
}

impl Report {
    /// Arithmetic that is left after Winograd, as a share of what the threads' multiply-adds could
    /// do in that time.
    fn peak_share(&self) -> Option<f64> {
        let per_second = self.gflop_left / self.timed.wall_secs;
        self.fma_peak_gflops
            .map(|peak| per_second / (peak * self.threads as f64))
    }

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
            "device": self.device,
            "isa": self.isa,
            "size": self.size,
            "threads": self.threads,
            "steps": self.timed.steps,
            "wall_secs_per_step": self.timed.wall_secs,
            "cpu_secs_per_step": self.timed.cpu_secs,
            "start_secs": self.start_secs,
            "gflops": self.gflop / self.timed.wall_secs,
            "peak_mb": self.peak_mb,
            "fma_peak_gflops": self.fma_peak_gflops,
            "fma_peak_share": self.peak_share(),
            "losses_secs": self.timed.moments_secs,
            "layers": layers,
        })
    }

    fn text(&self) -> String {
        let unknown = || "unknown".to_owned();
        let cpu = self
            .timed
            .cpu_secs
            .map_or_else(unknown, |secs| format!("{secs:.3} s"));
        let peak = self
            .peak_mb
            .map_or_else(unknown, |mb| format!("{mb:.0} MB"));
        let mut lines = vec![format!(
            "{} px, {}, {}, {}: {:.3} s a step ({cpu} of processor time), {:.0} GFLOP/s, \
             peak {peak}, ready after {:.2} s, {}",
            self.size,
            self.network.title(),
            counted(self.threads, "thread"),
            self.isa,
            self.timed.wall_secs,
            self.gflop / self.timed.wall_secs,
            self.start_secs,
            counted(self.timed.steps, "step"),
        )];
        if let (Some(peak), Some(share)) = (self.fma_peak_gflops, self.peak_share()) {
            lines.push(format!(
                "  {:.1} GFLOP are left after Winograd, done at {:.0} % of the multiply-add peak of {peak:.0} \
                 GFLOP/s a thread",
                self.gflop_left,
                100.0 * share
            ));
        }
        let mut line = |name: &str, pass: &str, secs: f64| {
            let share = 100.0 * secs / self.timed.wall_secs;
            lines.push(format!(
                "  {name:8} {pass:12} {:9.2} ms {share:5.1} %",
                secs * 1e3
            ));
        };
        for time in &self.times {
            line(&time.layer.to_string(), pass_name(time.stage), time.secs);
        }
        line("all", "losses", self.timed.moments_secs);
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
