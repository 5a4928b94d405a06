//! What the window is about: pictures, settings, the run, and the state of every feature. Views read
//! it; only the `handle` files, `events` and `answers` change it.

pub(crate) mod job;
pub(crate) mod loss_curve;
pub(crate) mod pace;
pub(crate) mod picture;
pub(crate) mod run;

use std::sync::Arc;

use eframe::egui::TextureHandle;

use crate::{
    app::{
        command::ids::{Role, SnapshotId, Source},
        devices::state::Devices,
        estimate::state::Estimate,
        export::state::Export,
        io::dialog::Purpose,
        networks::state::Networks,
        notices::state::{Banner, Toasts},
        presets::state::Presets,
        queue::state::Queue,
        restore::state::Offer,
        session::{
            picture::{Shown, Style},
            run::Run,
        },
        snapshots::state::Kept,
        timeline::state::Timeline,
        variations::state::Variations,
    },
    settings::{AppSettings, DeviceChoice, InitialImage, PictureEdit, TransferSettings},
    transfer::{Job, StyleImage},
};

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
    pub(crate) presets: Presets,
    pub(crate) content: Option<Shown>,
    pub(crate) styles: Vec<Style>,
    pub(crate) initial: Option<Shown>,
    pub(crate) run: Run,
    pub(crate) kept: Vec<Kept>,
    pub(crate) timeline: Timeline,
    pub(crate) source: Option<Source>,
    pub(crate) toasts: Toasts,
    pub(crate) estimate: Estimate,
    pub(crate) variations: Variations,
    pub(crate) queue: Queue,
    /// The snapshot that is to be saved, while it is asked how.
    pub(crate) saving: Option<SnapshotId>,
    pub(crate) export: Export,
    /// A picture that remembers, while it is asked what to do with it.
    pub(crate) offer: Option<Offer>,
    /// Edits of pictures that are being read.
    pub(crate) pending_edits: Vec<(Role, PictureEdit)>,
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
        let preset = self.presets.named(&self.app.preset);
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
        self.dialog.is_some()
            || self.saving.is_some()
            || self.offer.is_some()
            || self.export.asks
            || self.presets.is_asking()
    }

    /// Whether anything can be started.
    pub(crate) fn is_ready(&self) -> bool {
        self.content.is_some() && !self.styles.is_empty()
    }

    /// What the next run is computed on.
    pub(crate) fn device(&self) -> DeviceChoice {
        self.devices.for_session.unwrap_or(self.app.device)
    }

    /// Pictures and settings of the next run; `None` while there are none.
    pub(crate) fn job(&self) -> Option<Job> {
        let content = self.content.as_ref()?;
        let styles = self.style_images();
        if styles.is_empty() {
            return None;
        }
        let settings = self.settings().clone();
        let from_file = matches!(settings.initial_image, InitialImage::File(_));
        let loaded = self.initial.as_ref().filter(|_| from_file);
        Some(Job {
            content: Arc::clone(&content.picture),
            styles,
            initial: loaded.map(|shown| Arc::clone(&shown.picture)),
            resume: None,
            settings,
            threads: self.threads,
            force: false,
        })
    }

    /// Whether a restart can keep the picture: it needs the shape of the content image.
    pub(crate) fn can_go_on(&self) -> bool {
        let (Some(at_work), Some(chosen)) = (&self.run.content, &self.content) else {
            return false;
        };
        let aspect = |width: usize, height: usize| width as f64 / height.max(1) as f64;
        let before = aspect(at_work.planes.width, at_work.planes.height);
        let (width, height) = chosen.size_px();
        self.run.report.is_some() && (aspect(width, height) / before - 1.0).abs() < 0.02
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
