//! Instant previews as the window uploads them: the thread that paints them hands them on ready.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use eframe::egui::{ColorImage, Context};

use crate::{
    app::io::picture::color_image,
    error::Result,
    pixels::Picture,
    worker::{InstantPicture, InstantRequest, InstantWorker, SheetRequest, paint_sheet},
};

/// A preview that has arrived.
pub(crate) struct Arrived {
    /// The content image it was painted from.
    pub(crate) content: Arc<Picture>,
    /// It, or why there is none.
    pub(crate) image: Result<ColorImage>,
    /// When it was asked for.
    pub(crate) asked: std::time::Instant,
}

/// Whose cells are painted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum SheetId {
    /// The sheet of variations of this number.
    Variations(u64),
    /// The sheet of brushes of this number.
    Brushes(u64),
}

/// A cell of a sheet that has arrived.
pub(crate) struct ArrivedCell {
    pub(crate) sheet: SheetId,
    pub(crate) n: usize,
    pub(crate) image: ColorImage,
}

type Slot = Arc<Mutex<Option<Arrived>>>;

/// The thread of instant previews.
pub(crate) struct InstantPreviews {
    worker: InstantWorker,
    arrived: Slot,
    ctx: Context,
    cells: Arc<Mutex<Vec<ArrivedCell>>>,
    /// The sheet that is wanted: earlier ones end.
    sheet: Arc<Mutex<Option<SheetId>>>,
}

impl InstantPreviews {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub(crate) fn spawn(ctx: &Context) -> Result<Self> {
        let arrived = Slot::default();
        let (slot, repaint) = (Arc::clone(&arrived), ctx.clone());
        let worker = InstantWorker::spawn(move |picture: InstantPicture| {
            let InstantPicture {
                content,
                image,
                asked,
            } = picture;
            let image = image.map(|image| color_image(&image));
            *locked(&slot) = Some(Arrived {
                content,
                image,
                asked,
            });
            repaint.request_repaint();
        })?;
        Ok(Self {
            worker,
            arrived,
            ctx: ctx.clone(),
            cells: Arc::default(),
            sheet: Arc::default(),
        })
    }

    /// Asks for a preview; never waits.
    pub(crate) fn ask(&self, request: InstantRequest) {
        self.worker.ask(request);
    }

    /// Asks for the cells of a sheet, small; never waits.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub(crate) fn ask_sheet(&self, sheet: SheetId, request: SheetRequest) -> Result<()> {
        *locked(&self.sheet) = Some(sheet);
        let (cells, wanted) = (Arc::clone(&self.cells), Arc::clone(&self.sheet));
        let ctx = self.ctx.clone();
        paint_sheet(request, move |n, image| {
            let image = color_image(&image);
            locked(&cells).push(ArrivedCell { sheet, n, image });
            ctx.request_repaint();
            *locked(&wanted) == Some(sheet)
        })
    }

    /// The cells that have arrived since the last call; never waits.
    pub(crate) fn take_cells(&self) -> Vec<ArrivedCell> {
        std::mem::take(&mut *locked(&self.cells))
    }

    /// The newest preview since the last call; never waits.
    pub(crate) fn take(&self) -> Option<Arrived> {
        locked(&self.arrived).take()
    }
}

/// Nothing panics while the slot is held.
fn locked<T>(slot: &Mutex<T>) -> MutexGuard<'_, T> {
    slot.lock().unwrap_or_else(PoisonError::into_inner)
}
