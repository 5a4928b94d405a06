//! Brushes in the window: lessons on threads of their own, and the folder of brushes.

use std::{
    collections::VecDeque,
    path::{Path, PathBuf},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use eframe::egui::Context;

use crate::{
    error::Result,
    feedforward::{Brush, BrushFolder, built_in},
    pixels::{PHOTOGRAPHS, Picture},
    transfer::Lesson,
    worker::{LessonEvent, LessonHandle},
};

/// Steps of a lesson.
const STEPS: u32 = 100;
/// Longest side of what is learnt on.
const SIZE_PX: u32 = 320;

type Queue = Arc<Mutex<VecDeque<LessonEvent>>>;

/// A lesson under way; it ends when this is dropped.
pub(crate) struct LessonUnderWay {
    events: Queue,
    handle: LessonHandle,
}

impl LessonUnderWay {
    /// Begins to learn a brush of a style image.
    ///
    /// # Errors
    /// When the system has no thread to give.
    pub(crate) fn begin(
        ctx: &Context,
        style: Arc<Picture>,
        name: String,
        threads: Option<usize>,
    ) -> Result<Self> {
        let events = Queue::default();
        let (queue, ctx) = (Arc::clone(&events), ctx.clone());
        let lesson = move || {
            let photographs = PHOTOGRAPHS.iter();
            let photographs = photographs
                .map(|sample| Picture::from_bytes(sample.bytes, sample.name).map(Arc::new));
            Ok(Lesson {
                style,
                photographs: photographs.collect::<Result<_>>()?,
                steps: STEPS,
                size_px: SIZE_PX,
                dial: 0.5,
            })
        };
        let deliver = move |event| {
            locked(&queue).push_back(event);
            ctx.request_repaint();
        };
        Ok(Self {
            events,
            handle: LessonHandle::begin(lesson, threads, name, deliver)?,
        })
    }

    /// Ends it; its brush still comes. Never waits.
    pub(crate) fn stop(&self) {
        self.handle.stop();
    }

    /// What has happened since the last call; never waits.
    pub(crate) fn take_events(&self) -> Vec<LessonEvent> {
        locked(&self.events).drain(..).collect()
    }
}

/// Nothing panics while the queue is held.
fn locked(queue: &Queue) -> MutexGuard<'_, VecDeque<LessonEvent>> {
    queue.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The folder of brushes: the one that is named, or the user's standard one.
fn folder(named: Option<PathBuf>) -> Result<BrushFolder> {
    named.map_or_else(BrushFolder::standard, |path| Ok(BrushFolder::at(path)))
}

/// The brushes there are.
pub(crate) struct Found {
    /// The user's; damaged ones are passed over.
    pub(crate) own: Vec<Brush>,
    /// Those inside the program, best first.
    pub(crate) built_in: Vec<Brush>,
}

/// All brushes.
///
/// # Errors
/// When the user's folder cannot be read.
pub(crate) fn find(named: Option<PathBuf>) -> Result<Found> {
    Ok(Found {
        own: known(named)?,
        built_in: built_in()?,
    })
}

/// The user's brushes; damaged ones are passed over.
///
/// # Errors
/// When the folder cannot be read.
fn known(named: Option<PathBuf>) -> Result<Vec<Brush>> {
    let found = folder(named)?.list()?.into_iter();
    Ok(found
        .filter_map(|(name, brush)| {
            brush
                .map_err(|error| log::warn!("the brush {name} is passed over: {error}"))
                .ok()
        })
        .collect())
}

/// Keeps a brush in the folder, under a name that is free.
///
/// # Errors
/// When the disk is full.
pub(crate) fn keep(named: Option<PathBuf>, mut brush: Brush) -> Result<Brush> {
    let folder = folder(named)?;
    let name = brush.name.clone();
    let mut number = 1;
    while folder.check_free(&brush.name, false).is_err() && number < 1000 {
        number += 1;
        brush.name = format!("{name} {number}");
    }
    folder.keep(&brush, false)?;
    Ok(brush)
}

/// Takes a brush file into the folder.
///
/// # Errors
/// When it is no brush, or the disk is full.
pub(crate) fn take(named: Option<PathBuf>, file: &Path) -> Result<Brush> {
    let brush = Brush::open(file)?;
    // One that is there already is not kept twice.
    let there = known(named.clone())?;
    match there
        .into_iter()
        .find(|known| known.digest() == brush.digest())
    {
        Some(known) => Ok(known),
        None => keep(named, brush),
    }
}
