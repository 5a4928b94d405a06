//! What the window is about: pictures, settings, the run, snapshots. Views read it; only
//! `handle` and `events` change it.

use std::{path::PathBuf, sync::Arc};

use eframe::egui::{Context, TextureHandle, TextureOptions};

use crate::{
    app::{
        assist::Assist,
        command::{
            Command,
            ids::{Role, SnapshotId, Source},
        },
        devices::Devices,
        files::{Prepared, Purpose},
        loss_curve::LossCurve,
        networks::Networks,
        pace::Pace,
        timeline::state::Timeline,
        toasts::Toasts,
    },
    pixels::Picture,
    settings::{AppSettings, PictureEdit, Preset, TransferSettings},
    transfer::{Level, StepReport, StyleImage},
    worker::{RunId, Snapshot},
};

/// How pictures are drawn larger and smaller than they are.
pub(crate) const SMOOTH: TextureOptions = TextureOptions {
    mipmap_mode: Some(egui::TextureFilter::Linear),
    ..TextureOptions::LINEAR
};

/// A picture in use.
#[derive(Clone)]
pub(crate) struct Shown {
    pub(crate) picture: Arc<Picture>,
    /// The whole picture that `picture` was made from by `edit`; mostly the same.
    pub(crate) original: Arc<Picture>,
    /// How it was turned and cut.
    pub(crate) edit: PictureEdit,
    /// For the canvas.
    pub(crate) screen: TextureHandle,
    /// For lists.
    pub(crate) thumbnail: TextureHandle,
}

impl Shown {
    /// Uploads what the thread for pictures prepared.
    pub(crate) fn new(ctx: &Context, prepared: Prepared) -> Self {
        let name = prepared.picture.name.clone();
        Self {
            screen: ctx.load_texture(name.clone(), prepared.screen, SMOOTH),
            thumbnail: ctx.load_texture(name, prepared.thumbnail, SMOOTH),
            original: Arc::clone(&prepared.picture),
            edit: PictureEdit::default(),
            picture: prepared.picture,
        }
    }

    /// Width and height in pixels.
    pub(crate) fn size_px(&self) -> (usize, usize) {
        (self.picture.planes.width, self.picture.planes.height)
    }
}

/// A style image and its share.
#[derive(Clone)]
pub(crate) struct Style {
    pub(crate) shown: Shown,
    pub(crate) strength: f64,
}

/// A kept picture.
pub(crate) struct Kept {
    pub(crate) id: SnapshotId,
    pub(crate) name: String,
    pub(crate) snapshot: Snapshot,
    /// The run it was taken from.
    pub(crate) run: RunId,
    /// The file it was saved to last.
    pub(crate) saved: Option<PathBuf>,
    /// `None` until the thread for pictures is done.
    pub(crate) shown: Option<Shown>,
}

/// Where a run stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// Nothing was started yet.
    #[default]
    Idle,
    /// The engine is being made ready; no step was taken.
    Preparing,
    /// Steps are taken.
    Running,
    /// Held by the user.
    Paused,
    /// All steps are done.
    Finished,
    /// Ended by the user, or by an error.
    Stopped,
}

impl Phase {
    /// Whether the worker has a run at hand.
    pub fn is_active(self) -> bool {
        matches!(self, Self::Preparing | Self::Running | Self::Paused)
    }
}

/// The run of the moment, or the last one.
#[derive(Default)]
pub(crate) struct Run {
    pub(crate) id: RunId,
    pub(crate) phase: Phase,
    pub(crate) steps: u32,
    pub(crate) levels: Vec<Level>,
    pub(crate) report: Option<StepReport>,
    pub(crate) curve: LossCurve,
    pub(crate) pace: Pace,
    pub(crate) threads: Option<usize>,
    pub(crate) weights: String,
    /// The settings it was started with: some controls take effect at the next start only.
    pub(crate) started_with: Option<Arc<TransferSettings>>,
    /// The pictures it was started with.
    pub(crate) content: Option<Arc<Picture>>,
    pub(crate) styles: Vec<StyleImage>,
    /// Sides of the picture it will end with.
    pub(crate) full_px: Option<(usize, usize)>,
    /// The newest preview.
    pub(crate) now: Option<TextureHandle>,
    /// Steps after which settings were changed while it ran.
    pub(crate) changes: Vec<u32>,
}

impl Run {
    /// Steps taken.
    pub(crate) fn step(&self) -> u32 {
        self.report.as_ref().map_or(0, |report| report.step)
    }

    /// Whether its content image has transparent parts.
    pub(crate) fn has_alpha(&self) -> bool {
        let content = self.content.as_ref();
        content.is_some_and(|picture| picture.alpha.is_some())
    }

    /// The level at hand.
    pub(crate) fn level(&self) -> usize {
        self.report.as_ref().map_or(0, |report| report.level)
    }
}

/// An error that waits to be read.
pub(crate) struct Banner {
    pub(crate) text: String,
    /// Offered remedies.
    pub(crate) remedies: Vec<(String, Command)>,
}

/// What is asked of the user.
pub(crate) enum Dialog {
    /// The list of shortcuts.
    Shortcuts,
    /// The networks there are.
    Networks,
    /// A path, because the system has no file dialog.
    Path { purpose: Purpose, text: String },
}

/// Everything the views read.
#[derive(Default)]
pub(crate) struct Session {
    pub(crate) app: AppSettings,
    pub(crate) presets: Vec<Preset>,
    pub(crate) content: Option<Shown>,
    pub(crate) styles: Vec<Style>,
    pub(crate) initial: Option<Shown>,
    pub(crate) run: Run,
    pub(crate) kept: Vec<Kept>,
    pub(crate) timeline: Timeline,
    pub(crate) source: Option<Source>,
    pub(crate) toasts: Toasts,
    pub(crate) assist: Assist,
    pub(crate) banner: Option<Banner>,
    pub(crate) dialog: Option<Dialog>,
    pub(crate) networks: Networks,
    /// Pictures being read.
    pub(crate) loading: usize,
    pub(crate) can_undo: bool,
    pub(crate) can_redo: bool,
    pub(crate) memory_bytes: u64,
    /// Threads asked for on the command line.
    pub(crate) threads: Option<usize>,
    pub(crate) devices: Devices,
}

impl Session {
    /// The settings of the next run (and, as far as they take effect at once, of this one).
    pub(crate) fn settings(&self) -> &TransferSettings {
        &self.app.transfer
    }

    /// The settings that a reset goes back to: those of the preset.
    pub(crate) fn preset_settings(&self) -> TransferSettings {
        let preset = self
            .presets
            .iter()
            .find(|preset| preset.name == self.app.preset);
        let mut settings =
            preset.map_or_else(TransferSettings::default, |preset| preset.settings.clone());
        settings.size_px = AppSettings::default().transfer.size_px;
        settings
    }

    /// The settings of the run at hand; `None` when there is none.
    pub(crate) fn running_with(&self) -> Option<&TransferSettings> {
        self.run
            .started_with
            .as_deref()
            .filter(|_| self.run.phase.is_active())
    }

    /// Whether the run at hand goes on with other pictures than those chosen by now.
    pub(crate) fn pictures_wait(&self) -> bool {
        let run = &self.run;
        if !run.phase.is_active() {
            return false;
        }
        let content = self.content.as_ref().map(|shown| &shown.picture);
        let same_content = match (content, &run.content) {
            (Some(chosen), Some(at_work)) => Arc::ptr_eq(chosen, at_work),
            _ => true,
        };
        let chosen = self.style_images();
        let same_styles = chosen.len() == run.styles.len()
            && chosen.iter().zip(&run.styles).all(|(a, b)| {
                Arc::ptr_eq(&a.picture, &b.picture) && a.strength.to_bits() == b.strength.to_bits()
            });
        !(same_content && same_styles)
    }

    /// Whether anything that was changed waits for the next start.
    pub(crate) fn waits_for_start(&self) -> bool {
        let settings = self
            .running_with()
            .is_some_and(|at_work| waits_for_start(at_work, self.settings()));
        settings || self.pictures_wait()
    }

    /// The style images that take part.
    pub(crate) fn style_images(&self) -> Vec<StyleImage> {
        let taking_part = self.styles.iter().filter(|style| style.strength > 0.0);
        taking_part
            .map(|style| StyleImage::new(Arc::clone(&style.shown.picture), style.strength))
            .collect()
    }

    /// What the canvas shows: what was chosen, else the painting, else the content image.
    pub(crate) fn source(&self) -> Source {
        let there = |source: &Source| match *source {
            Source::Now => self.run.now.is_some(),
            Source::Content => self.content.is_some(),
            Source::Style(n) => n < self.styles.len(),
            Source::Snapshot(id) => self.kept(id).is_some_and(|kept| kept.shown.is_some()),
            Source::Moment => self.texture(Source::Moment).is_some(),
        };
        let fallback = if self.run.now.is_some() {
            Source::Now
        } else {
            Source::Content
        };
        self.source.filter(there).unwrap_or(fallback)
    }

    /// The texture of a source.
    pub(crate) fn texture(&self, source: Source) -> Option<&TextureHandle> {
        match source {
            Source::Now => self.run.now.as_ref(),
            Source::Content => self.content.as_ref().map(|shown| &shown.screen),
            Source::Style(n) => self.styles.get(n).map(|style| &style.shown.screen),
            Source::Snapshot(id) => self.kept(id)?.shown.as_ref().map(|shown| &shown.screen),
            Source::Moment => {
                self.timeline.moment?;
                self.timeline.screen.as_ref()
            }
        }
    }

    /// Sides of a source in pixels: those of the picture, not of its texture.
    pub(crate) fn size_px(&self, source: Source) -> Option<(usize, usize)> {
        match source {
            Source::Now => self.run.full_px,
            Source::Content => self.content.as_ref().map(Shown::size_px),
            Source::Style(n) => self.styles.get(n).map(|style| style.shown.size_px()),
            Source::Snapshot(id) => self.kept(id)?.shown.as_ref().map(Shown::size_px),
            // As large as the finished picture: winding back does not zoom.
            Source::Moment => {
                let frame = self.timeline.frame_shown()?;
                self.run.full_px.or(Some(frame.size_px))
            }
        }
    }

    /// A snapshot.
    pub(crate) fn kept(&self, id: SnapshotId) -> Option<&Kept> {
        self.kept.iter().find(|kept| kept.id == id)
    }

    /// The newest snapshot.
    pub(crate) fn newest(&self) -> Option<&Kept> {
        self.kept.last()
    }

    /// What the next dropped picture becomes: the content first, then the style.
    pub(crate) fn next_role(&self) -> Role {
        let own_content = self.app.content.is_some();
        let own_style = !self.app.styles.is_empty();
        if own_content && !own_style {
            Role::Style(0)
        } else {
            Role::Content
        }
    }

    /// Whether a question is open that keys must not reach through.
    pub(crate) fn asks(&self) -> bool {
        self.dialog.is_some() || self.timeline.asks() || self.assist.gallery.is_asking()
    }

    /// Whether anything can be started.
    pub(crate) fn is_ready(&self) -> bool {
        self.content.is_some() && !self.styles.is_empty()
    }
}

/// Whether a change of settings waits for the next start: the fields that no running transfer
/// takes over.
fn waits_for_start(at_work: &TransferSettings, wanted: &TransferSettings) -> bool {
    let fixed = |s: &TransferSettings| TransferSettings {
        size_px: s.size_px,
        pooling: s.pooling,
        edge_padding: s.edge_padding,
        steps: s.steps,
        schedule: s.schedule,
        coarsest_px: s.coarsest_px,
        initial_image: s.initial_image.clone(),
        noise_deviation: s.noise_deviation,
        seed: s.seed,
        ..TransferSettings::default()
    };
    fixed(at_work) != fixed(wanted)
}
