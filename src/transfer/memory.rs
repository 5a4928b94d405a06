//! Whether a run fits into memory, before it begins.

use super::{
    Job,
    images::style_sides,
    levels::{Level, plan},
    system_memory::free_bytes,
    term_weights::weights,
};
use crate::{
    error::{Error, Result},
    network::Layer,
    settings::{TransferSettings, range},
    vgg::{candle, fast::peak_memory_bytes},
};

/// The peak of the process's resident memory during a run, in bytes, estimated from its settings
/// and the sides of its pictures: what the engine takes at the last level (or for the largest
/// style image), targets that are whole feature maps, the pictures, and what the optimizer keeps.
pub fn estimate_bytes(job: &Job, settings: &TransferSettings, threads: usize) -> u64 {
    let content = &job.content.planes;
    let levels = plan(settings, content.width, content.height);
    let Some(last) = levels.last() else { return 0 };
    let taps = taps(settings);
    let engine = |(width, height): (usize, usize)| {
        peak_memory_bytes(settings.network, &taps, width, height, threads)
    };
    largest(job, settings, last, engine) + beside_engine_bytes(job, settings, last)
}

/// The most that an engine takes for the picture or a style image at the last level.
fn largest(
    job: &Job,
    settings: &TransferSettings,
    last: &Level,
    engine: impl Fn((usize, usize)) -> u64,
) -> u64 {
    let longest = last.longest_px();
    let styles = job
        .styles
        .iter()
        .map(|style| engine(style_sides(&style.picture.planes, longest, settings)));
    styles.fold(engine((last.width, last.height)), u64::max)
}

/// What a run keeps in the process's memory besides the engine.
fn beside_engine_bytes(job: &Job, settings: &TransferSettings, last: &Level) -> u64 {
    let content = &job.content.planes;
    let pixels = (last.width * last.height) as u64;
    let content_maps: u64 = settings
        .content_layers
        .active()
        .map(|(layer, _)| 4 * layer.channels() as u64 * pixels / (layer.stride() as u64).pow(2))
        .sum();
    let pictures = content.data.len() as u64 * 4
        + job
            .styles
            .iter()
            .map(|style| 4 * style.picture.planes.data.len() as u64)
            .sum::<u64>();
    let keeps = settings.optimizer.description().keeps;
    let history = keeps(settings.history.min(settings.steps).into()) * 12 * pixels;
    content_maps + pictures + history + neighbors_bytes(job, settings, last)
}

/// What nearest neighbors keep: rows of all layers for the picture, and in half the memory for each
/// style image, at a quarter of the sides or coarser, and what is searched.
fn neighbors_bytes(job: &Job, settings: &TransferSettings, last: &Level) -> u64 {
    if weights(settings).neighbors <= 0.0 {
        return 0;
    }
    let rows = |(width, height): (usize, usize)| -> u64 {
        let layers = settings.style_layers.active();
        let values = layers.map(|(layer, _)| {
            let cell = layer.stride().max(4);
            layer.channels() * (width / cell) * (height / cell)
        });
        4 * values.sum::<usize>() as u64
    };
    let picture = rows((last.width, last.height));
    let styles = job.styles.iter().map(|style| {
        let sides = style_sides(&style.picture.planes, last.longest_px(), settings);
        rows(sides) / 2 + 4 * 192 * (sides.0 * sides.1 / 16) as u64
    });
    picture + styles.sum::<u64>()
}

/// The peak of a graphics device's memory during a run, in bytes.
pub(super) fn device_bytes(job: &Job, settings: &TransferSettings) -> u64 {
    let content = &job.content.planes;
    let levels = plan(settings, content.width, content.height);
    let Some(last) = levels.last() else { return 0 };
    let taps = taps(settings);
    largest(job, settings, last, |(width, height)| {
        candle::peak_memory_bytes(settings.network, &taps, width, height)
    })
}

fn taps(settings: &TransferSettings) -> Vec<Layer> {
    settings
        .content_layers
        .active()
        .chain(settings.style_layers.active())
        .map(|(layer, _)| layer)
        .collect()
}

/// What a run will need, as far as it can be told before it begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Forecast {
    /// Estimated peak of the process's memory.
    pub needed_bytes: u64,
    /// What the process may take; `None` where the system does not tell.
    pub free_bytes: Option<u64>,
    /// The largest size in pixels that fits into that.
    pub largest_px: u32,
}

impl Forecast {
    /// Whether the run fits into memory.
    pub fn fits(&self) -> bool {
        self.free_bytes.is_none_or(|free| self.needed_bytes <= free)
    }
}

/// Estimates a run's memory and the largest size for its pictures; asks the system what is free,
/// which takes a few milliseconds.
pub fn forecast(job: &Job, threads: usize) -> Forecast {
    let free_bytes = free_bytes();
    Forecast {
        needed_bytes: estimate_bytes(job, &job.settings, threads),
        free_bytes,
        largest_px: free_bytes.map_or(range::SIZE_PX.max as u32, |free| {
            largest_px(job, |settings| {
                estimate_bytes(job, settings, threads) <= free
            })
        }),
    }
}

/// The largest size in pixels at which the run fits.
pub(super) fn largest_px(job: &Job, fits: impl Fn(&TransferSettings) -> bool) -> u32 {
    let fits = |size: u32| {
        fits(&TransferSettings {
            size_px: Some(size),
            ..job.settings.clone()
        })
    };
    let (mut low, mut high) = (range::SIZE_PX.min as u32, range::SIZE_PX.max as u32);
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        if fits(middle) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    low
}

/// Refuses a run that is estimated to need more than what is free, naming the largest size that
/// fits.
///
/// # Errors
/// [`Error::Memory`].
pub(super) fn check(job: &Job, threads: usize) -> Result<()> {
    if job.force {
        return Ok(());
    }
    let forecast = forecast(job, threads);
    match forecast.free_bytes {
        Some(free) if !forecast.fits() => Err(Error::Memory {
            needed_mb: forecast.needed_bytes / 1_000_000,
            free_mb: free / 1_000_000,
            largest_px: forecast.largest_px,
        }),
        _ => Ok(()),
    }
}
