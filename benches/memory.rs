//! The estimate of a run's memory beside its measured peak, for every measure of style with one and
//! with four style images: `cargo bench --bench memory`. Linux only: the peak is read from the system.

#![expect(clippy::print_stdout, reason = "a benchmark prints what it measures")]

use std::{fs, process::Command, sync::Arc};

use impasto::{
    choice::Choice as _,
    pixels::{Picture, SAMPLE_CONTENT, SAMPLE_STYLE},
    settings::{Schedule, StyleMeasure, TransferSettings, preset},
    transfer::{Compute, Job, StyleImage, estimate_bytes},
};

/// Threads of every run.
const THREADS: usize = 2;

fn settings(measure: Option<StyleMeasure>, size_px: u32) -> TransferSettings {
    let from = match measure {
        Some(_) => preset("gram-classic").expect("it is there").settings,
        None => TransferSettings::default(),
    };
    TransferSettings {
        style_measures: match measure {
            Some(measure) => [(measure, 1.0)].into(),
            None => from.style_measures.clone(),
        },
        schedule: Schedule::SingleLevel,
        size_px: Some(size_px),
        steps: 2,
        ..from
    }
}

fn job(measure: Option<StyleMeasure>, styles: usize, size_px: u32) -> Job {
    let open = |sample: impasto::pixels::Sample| {
        let picture = Picture::from_bytes(sample.bytes, sample.name);
        Arc::new(picture.expect("it is inside the program"))
    };
    let style = StyleImage::new(open(SAMPLE_STYLE), 1.0);
    let styles = vec![style; styles];
    Job::new(open(SAMPLE_CONTENT), styles, settings(measure, size_px)).on_threads(THREADS)
}

/// The highest resident memory of this process so far, in bytes.
fn peak_bytes() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    1024 * kilobytes.unwrap_or(0)
}

/// Runs one case and prints its estimate and its peak; in a process of its own, for a peak never falls.
fn case(measure: Option<StyleMeasure>, styles: usize, size_px: u32) {
    let job = job(measure, styles, size_px);
    let estimate = estimate_bytes(&job, &job.settings, THREADS);
    let mut compute = Compute::new(Some(THREADS)).expect("threads start");
    let mut transfer = compute.begin(job).expect("it begins");
    while !transfer.finished() {
        transfer.step().expect("a step is possible");
    }
    transfer.picture();
    let peak = peak_bytes();
    let name = measure.map_or("default".to_owned(), StyleMeasure::name);
    println!(
        "{name:18} {styles} style images {size_px:5} px: {:5} MB estimated, {:5} MB at the peak, ratio {:.2}",
        estimate / 1_000_000,
        peak / 1_000_000,
        estimate as f64 / peak.max(1) as f64
    );
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [word, name, styles, size] = arguments.as_slice()
        && word == "case"
    {
        let measure = StyleMeasure::find("measure", name).ok();
        let number = |text: &String| -> usize { text.parse().expect("a number") };
        return case(measure, number(styles), number(size) as u32);
    }
    let program = std::env::current_exe().expect("it runs");
    let all = StyleMeasure::ALL.map(Some);
    for size in ["256", "512"] {
        for styles in ["1", "4"] {
            for measure in [None].into_iter().chain(all) {
                let name = measure.map_or("default".to_owned(), StyleMeasure::name);
                let status = Command::new(&program)
                    .args(["case", &name, styles, size])
                    .status();
                assert!(status.is_ok_and(|status| status.success()), "{name}");
            }
        }
    }
}
