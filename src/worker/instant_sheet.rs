//! Several instant previews of the same pictures, one after another: a whole sheet within a second.

use std::{
    panic::{AssertUnwindSafe, catch_unwind},
    thread::Builder,
};

use super::instant::Painter;
use crate::{
    error::{Error, Result},
    pixels::Rgba8,
    settings::TransferSettings,
    transfer::{Job, Look},
};

/// What a sheet shows: the pictures of a job under several settings.
pub struct SheetRequest {
    /// The pictures.
    pub job: Job,
    /// Settings and look of each cell.
    pub cells: Vec<(TransferSettings, Look)>,
    /// Longest side of a cell's picture.
    pub longest_px: u32,
}

/// Paints a sheet on a thread of its own. `deliver` gets each picture with the number of its cell, on
/// that thread, and answers whether the next one is wanted. A cell that cannot be painted is left out.
///
/// # Errors
/// When the system has no thread to give.
pub fn paint_sheet(
    request: SheetRequest,
    deliver: impl Fn(usize, Rgba8) -> bool + Send + 'static,
) -> Result<()> {
    let spawned = Builder::new()
        .name("instant sheet".to_owned())
        .spawn(move || {
            let mut painter = Painter::default();
            for (n, (settings, look)) in request.cells.into_iter().enumerate() {
                let job = Job {
                    settings,
                    ..request.job.clone()
                };
                // A fault in one picture is no reason to lose the others.
                let painted = catch_unwind(AssertUnwindSafe(|| {
                    painter.paint(&job, &look, request.longest_px)
                }));
                match painted {
                    Ok(Ok(image)) => {
                        if !deliver(n, image) {
                            return;
                        }
                    }
                    Ok(Err(error)) => log::info!("no instant picture of cell {n}: {error}"),
                    Err(_) => return,
                }
            }
        });
    match spawned {
        Ok(_) => Ok(()),
        Err(fault) => Err(Error::Internal(format!(
            "no thread for a sheet of previews: {fault}"
        ))),
    }
}
