//! The sheet of variations: the same pictures with one setting at nine values, painted small.
//!
//! Cells take short turns: each gets a few steps first, so that the whole sheet is there within
//! seconds, and then more, from where it was.

use std::sync::Arc;

use eframe::egui::{ColorImage, Context, TextureHandle, TextureOptions};

use crate::{
    app::{command::ids::Axis, text},
    error::Error,
    pixels::Picture,
    settings::{LossScale, StyleMeasure, TransferSettings},
    transfer::Job,
    worker::Snapshot,
};

/// Steps of each turn.
pub(crate) const TURNS: [u32; 2] = [14, 40];

/// One of the sheet.
pub(crate) struct Cell {
    pub(crate) label: String,
    pub(crate) settings: TransferSettings,
    /// Whether the settings of the moment are its own.
    pub(crate) chosen: bool,
    pub(crate) texture: Option<TextureHandle>,
    /// Why it cannot be painted.
    pub(crate) trouble: Option<String>,
    turns: usize,
    pub(crate) picture: Option<Arc<Picture>>,
}

/// The open sheet.
pub(crate) struct Sheet {
    pub(crate) axis: Axis,
    pub(crate) cells: Vec<Cell>,
    pub(crate) id: u64,
    /// Instant pictures that have arrived.
    pub(crate) instants: usize,
    /// What it was made for.
    pub(crate) job: Job,
}

impl Sheet {
    pub(crate) fn new(axis: Axis, id: u64, job: Job) -> Self {
        let cells = settings_along(axis, &job.settings)
            .into_iter()
            .map(|(label, settings)| Cell {
                label,
                chosen: settings == job.settings,
                settings,
                texture: None,
                trouble: None,
                turns: 0,
                picture: None,
            })
            .collect();
        Self {
            axis,
            cells,
            id,
            instants: 0,
            job,
        }
    }

    /// The next turn, and whose it is.
    pub(crate) fn next_turn(&self) -> Option<(usize, usize)> {
        let waiting = self.cells.iter().enumerate();
        let waiting =
            waiting.filter(|(_, cell)| cell.trouble.is_none() && cell.turns < TURNS.len());
        let (n, cell) = waiting.min_by_key(|&(n, cell)| (cell.turns, n))?;
        Some((n, cell.turns))
    }

    /// Cells with a picture.
    pub(crate) fn sketched(&self) -> usize {
        let sketched = |cell: &&Cell| cell.texture.is_some();
        self.cells.iter().filter(sketched).count()
    }

    /// Cells that have had all their turns, or cannot have them.
    pub(crate) fn finished(&self) -> usize {
        let finished = |cell: &&Cell| cell.trouble.is_some() || cell.turns == TURNS.len();
        self.cells.iter().filter(finished).count()
    }
}

/// Names and settings of the cells.
fn settings_along(axis: Axis, base: &TransferSettings) -> Vec<(String, TransferSettings)> {
    let with = |change: &dyn Fn(&mut TransferSettings)| {
        let mut settings = base.clone();
        change(&mut settings);
        settings
    };
    match axis {
        Axis::Dial if base.loss_scale == LossScale::Absolute => (-4..=4)
            .map(|power| {
                let factor = 2_f64.powi(power);
                let label = format!("{} × {factor}", text::STYLE_WEIGHT);
                (
                    label,
                    with(&|s| s.style_weight = base.style_weight * factor),
                )
            })
            .collect(),
        Axis::Dial => (1..=9)
            .map(|tenth| {
                let dial = f64::from(tenth) / 10.0;
                let label = format!("{} {} %", text::DIAL, 10 * tenth);
                (label, with(&|s| s.set_dial(dial)))
            })
            .collect(),
        Axis::Strokes => [0.3, 0.4, 0.55, 0.75, 1.0, 1.3, 1.6, 2.0, 2.5]
            .map(|scale| {
                let label = format!("{} {scale} ×", text::STROKES);
                (label, with(&|s| s.style_scale = scale))
            })
            .to_vec(),
        Axis::Measure => StyleMeasure::ALL
            .into_iter()
            // Pictures of polynomial MMD are those of Gram matrices (Li and others 2017); mean and
            // deviation hold the palette beside other measures and make no look of their own.
            .filter(|measure| {
                let left_out = [StyleMeasure::PolynomialMmd, StyleMeasure::MeanDeviation];
                !left_out.contains(measure)
            })
            .map(|measure| {
                let label = measure.description().title;
                let only = [(measure, 1.0)].into_iter().collect();
                (
                    label.to_owned(),
                    with(&|s| s.set_style_measures(Clone::clone(&only))),
                )
            })
            .collect(),
    }
}

/// The sheet, while it is open.
#[derive(Default)]
pub(crate) struct Variations {
    pub(crate) open: Option<Sheet>,
    /// Number of the last sheet: what is sketched for an earlier one is dropped.
    last: u64,
}

impl Variations {
    /// Whether the sheet is open.
    pub(crate) fn is_open(&self) -> bool {
        self.open.is_some()
    }

    /// Opens a new sheet.
    pub(crate) fn open(&mut self, axis: Axis, job: Job) {
        self.last += 1;
        self.open = Some(Sheet::new(axis, self.last, job));
    }

    fn cell(&mut self, sheet: u64, n: usize) -> Option<&mut Cell> {
        let sheet = self.open.as_mut().filter(|open| open.id == sheet)?;
        sheet.cells.get_mut(n)
    }

    /// An instant picture of a cell, shown until something better is there.
    pub(crate) fn show_instant(&mut self, ctx: &Context, sheet: u64, n: usize, image: ColorImage) {
        if let Some(sheet) = self.open.as_mut().filter(|open| open.id == sheet) {
            sheet.instants += 1;
        }
        if self
            .cell(sheet, n)
            .is_some_and(|cell| cell.texture.is_none())
        {
            self.show_cell(ctx, sheet, n, image);
        }
    }

    /// A preview of a cell.
    pub(crate) fn show_cell(&mut self, ctx: &Context, sheet: u64, n: usize, image: ColorImage) {
        if let Some(cell) = self.cell(sheet, n) {
            match &mut cell.texture {
                Some(texture) => texture.set(image, TextureOptions::LINEAR),
                none => *none = Some(ctx.load_texture("variation", image, TextureOptions::LINEAR)),
            }
        }
    }

    /// A cell's turn is over.
    pub(crate) fn cell_done(&mut self, sheet: u64, n: usize, snapshot: Snapshot) {
        if let Some(cell) = self.cell(sheet, n) {
            cell.turns += 1;
            log::debug!("variation {n} had turn {}", cell.turns);
            cell.picture = Some(snapshot.picture);
        }
    }

    /// A cell cannot be painted.
    pub(crate) fn cell_failed(&mut self, sheet: u64, n: usize, error: &Error) {
        if let Some(cell) = self.cell(sheet, n) {
            cell.trouble = Some(text::sentence(&error.to_string()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_axis_has_nine_valid_cells_that_differ() {
        let absolute = TransferSettings {
            loss_scale: LossScale::Absolute,
            ..TransferSettings::default()
        };
        for base in [TransferSettings::default(), absolute] {
            for axis in [Axis::Dial, Axis::Strokes, Axis::Measure] {
                let cells = settings_along(axis, &base);
                assert_eq!(cells.len(), 9, "{axis:?}");
                for (n, (label, settings)) in cells.iter().enumerate() {
                    settings.validate().unwrap();
                    assert!(!label.is_empty());
                    let others = cells[..n].iter().filter(|(_, other)| other == settings);
                    assert_eq!(others.count(), 0, "{axis:?}: {label} comes twice");
                }
            }
        }
    }
}
