//! `impasto selftest`: whether a device computes what the processor computes, and how fast.
//!
//! Three parts: every operation and measure compared, ten steps of a run compared, steps timed.
//! On a machine without a graphics device it compares the two engines of the processor.

use std::sync::Arc;

use clap::Args;
use serde_json::json;

use super::{
    bench::Timed,
    devices::{self, DeviceArguments},
    output,
    step::{Step, peak_mb, reset_peak},
};
use crate::{
    error::{Error, Result},
    pixels::{Picture, Planes},
    settings::{DeviceChoice, Schedule, TransferSettings},
    transfer::{Check, Compute, Job, SelfTest, StyleImage, Transfer},
    vgg::{Engine, fast::FastEngine, weights::Weights},
};

/// Sides of the pictures that everything is compared at: even and odd.
const SIDES: [(usize, usize); 2] = [(64, 64), (53, 75)];

/// Steps of the run that is compared, and how far its last loss may be off: differences of rounding
/// grow from step to step.
const STEPS: u32 = 10;
const RUN_TOLERANCE: f64 = 1e-2;

/// How long steps are timed at each size.
const SECONDS: f64 = 3.0;

#[derive(Debug, Args)]
pub(super) struct SelfTestArguments {
    #[command(flatten)]
    device: DeviceArguments,
    /// Sides of the square pictures that are timed, in pixels; on the processor 1024 takes minutes.
    #[arg(
        long,
        value_name = "PX,...",
        value_delimiter = ',',
        default_value = "256,512,1024"
    )]
    sizes: Vec<u32>,
    /// Threads to compute with on the processor [default: all].
    #[arg(long, value_name = "N")]
    threads: Option<usize>,
    /// Print one JSON object a line.
    #[arg(long)]
    json: bool,
}

/// Runs all parts and prints a line for each result.
///
/// # Errors
/// When the device cannot be used or fails, and when a comparison fails.
pub(super) fn run(arguments: &SelfTestArguments) -> Result<()> {
    let mut compute = Compute::new(arguments.threads)?;
    let choice = devices::first_sound(&mut compute, arguments.device.device);
    compute.set_device(choice);
    let weights = Weights::embedded()?;
    let (engine, name) = compute.device_engine(&weights)?;
    let mut test = Test {
        device: name,
        choice,
        json: arguments.json,
        compute,
        weights,
        checks: 0,
        failed: 0,
    };
    let engine = test.compare(engine)?;
    let mut engine = test.paint(engine)?;
    for &size in &arguments.sizes {
        test.time(engine.as_mut(), size as usize)?;
    }
    test.conclude()
}

struct Test {
    device: String,
    choice: DeviceChoice,
    json: bool,
    compute: Compute,
    weights: Arc<Weights>,
    checks: usize,
    failed: usize,
}

impl Test {
    /// Every operation and measure.
    fn compare(&mut self, mut engine: Box<dyn Engine>) -> Result<Box<dyn Engine>> {
        let mut cpu = FastEngine::new(&self.weights, Some(self.compute.threads()))?;
        for sides in SIDES {
            let mut told = Ok(());
            let mut test = SelfTest::new(engine.as_mut(), &mut cpu, sides);
            test.run(&mut |check| {
                let result = self.tell(&check);
                if told.is_ok() {
                    told = result;
                }
            })?;
            told?;
        }
        Ok(engine)
    }

    /// Some steps of a run on both.
    fn paint(&mut self, engine: Box<dyn Engine>) -> Result<Box<dyn Engine>> {
        let (height, width) = SIDES[1];
        let settings = TransferSettings {
            size_px: Some(width as u32),
            steps: STEPS,
            schedule: Schedule::SingleLevel,
            ..TransferSettings::default()
        };
        let style = StyleImage::new(Arc::new(picture(width, height, 1.9)), 1.0);
        let job = Job::new(Arc::new(picture(width, height, 0.4)), vec![style], settings);
        let run = |engine: Box<dyn Engine>| -> Result<(f64, Transfer)> {
            let mut transfer = self.compute.begin_on(job.clone(), engine, &self.weights)?;
            while !transfer.finished() {
                transfer.step()?;
            }
            Ok((transfer.last_loss(), transfer))
        };
        let cpu = FastEngine::new(&self.weights, Some(self.compute.threads()))?;
        let (expected, _) = run(Box::new(cpu))?;
        let (found, transfer) = run(engine)?;
        self.tell(&Check {
            what: format!("loss after {STEPS} steps of a run"),
            sides: (height, width),
            error: ((found - expected) / expected).abs(),
            tolerance: RUN_TOLERANCE,
        })?;
        Ok(transfer.into_engine())
    }

    fn tell(&mut self, check: &Check) -> Result<()> {
        self.checks += 1;
        self.failed += usize::from(!check.passed());
        if self.json {
            return output::json(&json!({
                "check": check.what,
                "height": check.sides.0,
                "width": check.sides.1,
                "error": Some(check.error).filter(|error| error.is_finite()),
                "tolerance": check.tolerance,
                "passed": check.passed(),
            }));
        }
        let verdict = if check.passed() { "ok    " } else { "FAILED" };
        output::line(&format!("{verdict} {check}"))
    }

    /// How fast steps are at a size, and the memory they take.
    fn time(&mut self, engine: &mut dyn Engine, size: usize) -> Result<()> {
        reset_peak();
        let mut step = Step::new(engine, size)?;
        let timed = Timed::of(&mut step, engine, SECONDS)?;
        let megabytes = if self.choice == DeviceChoice::Cpu {
            peak_mb()
        } else {
            self.device_megabytes()
        };
        if self.json {
            return output::json(&json!({
                "size": size,
                "steps": timed.steps,
                "secs_per_step": timed.wall_secs,
                "memory_mb": megabytes,
            }));
        }
        let memory = megabytes.map_or_else(String::new, |mb| format!(", {mb:.0} MB in use"));
        output::line(&format!(
            "{size} px: {:.3} s a step{memory}",
            timed.wall_secs
        ))
    }

    /// What is in use of the device's memory by everyone.
    fn device_megabytes(&mut self) -> Option<f64> {
        let choice = self.choice;
        let mut list = self.compute.devices().into_iter();
        let memory = list.find(|device| device.choice == choice)?.memory?;
        Some((memory.total_bytes - memory.free_bytes) as f64 / 1e6)
    }

    fn conclude(self) -> Result<()> {
        let (checks, failed) = (self.checks, self.failed);
        if self.json {
            output::json(&json!({
                "device": self.choice.to_string(),
                "name": self.device,
                "checks": checks,
                "failed": failed,
                "passed": failed == 0,
            }))?;
        } else if failed == 0 {
            output::line(&format!(
                "{} ({}): all {checks} comparisons passed",
                self.choice, self.device
            ))?;
        }
        if failed == 0 {
            return Ok(());
        }
        Err(Error::Device {
            device: format!("{} ({})", self.choice, self.device),
            why: format!("{failed} of {checks} comparisons with the processor failed"),
            advice: "Update the driver, or compute on the CPU".to_owned(),
        })
    }
}

/// A picture with waves of color.
fn picture(width: usize, height: usize, phase: f32) -> Picture {
    let mut planes = Planes::filled(width, height, [0.0; 3]);
    for (place, value) in planes.data.iter_mut().enumerate() {
        let channel = place / (width * height);
        let (y, x) = (place % (width * height) / width, place % width);
        let wave = (y as f32 * 0.3 * phase).sin() * (x as f32 * 0.2 + channel as f32 + phase).cos();
        *value = 0.5 + 0.45 * wave;
    }
    Picture {
        planes,
        alpha: None,
        name: "waves".to_owned(),
        path: None,
        sha256: String::new(),
        notes: Vec::new(),
    }
}
