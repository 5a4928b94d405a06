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
        brushes::state::Brushes,
        command::ids::{SaveSize, SnapshotId, Source, Wish},
        deeds::state::Deeds,
        detail::state::Detail,
        devices::state::Devices,
        drops::state::Drops,
        estimate::state::Estimate,
        export::state::Export,
        instant::state::Instant,
        networks::state::Networks,
        notices::state::{Banner, Toasts},
        paths::state::{PathQuestion, TypedPath},
        pictures::state::Pictures,
        presets::state::Presets,
        queue::state::Queue,
        restore::state::Offer,
        session::{
            job::Inputs,
            picture::Shown,
            run::{Phase, Run},
        },
        snapshots::state::{Kept, Snapshots},
        text,
        timeline::state::Timeline,
        variations::state::Variations,
        vault::state::Sessions,
    },
    pixels::Picture,
    settings::{AppSettings, DeviceChoice, InitialImage, TransferSettings},
    transfer::Job,
};

/// What is asked of the user.
pub(crate) enum Dialog {
    /// The list of shortcuts.
    Shortcuts,
    /// The networks there are.
    Networks,
    /// A path, because the system has no file dialog.
    Path(Box<PathQuestion>),
}

/// Everything the views read.
#[derive(Default)]
pub(crate) struct Session {
    pub(crate) app: AppSettings,
    pub(crate) presets: Presets,
    pub(crate) pictures: Pictures,
    pub(crate) run: Run,
    pub(crate) snapshots: Snapshots,
    pub(crate) timeline: Timeline,
    pub(crate) source: Option<Source>,
    pub(crate) toasts: Toasts,
    pub(crate) estimate: Estimate,
    pub(crate) variations: Variations,
    pub(crate) instant: Instant,
    pub(crate) brushes: Brushes,
    pub(crate) queue: Queue,
    /// The snapshot that is to be saved, while it is asked how.
    pub(crate) saving: Option<SnapshotId>,
    /// How large.
    pub(crate) save_size: SaveSize,
    /// What the picture that the run ends with is waited for.
    pub(crate) at_end: Vec<Wish>,
    /// A path that was typed and is being used.
    pub(crate) typed_path: Option<TypedPath>,
    /// What can be taken back besides settings.
    pub(crate) deeds: Deeds,
    /// Names of the deeds that were the last change of the table.
    pub(crate) deeds_of_table: Vec<u64>,
    /// Kept sessions.
    pub(crate) vault: Sessions,
    /// Files over the window.
    pub(crate) drops: Drops,
    /// Parts of large pictures, shown sharp.
    pub(crate) detail: Detail,
    pub(crate) export: Export,
    /// A picture that remembers, while it is asked what to do with it.
    pub(crate) offer: Option<Offer>,
    pub(crate) banner: Option<Banner>,
    pub(crate) dialog: Option<Dialog>,
    pub(crate) networks: Networks,
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

    /// The settings of the run at hand; `None` when there is none.
    pub(crate) fn running_with(&self) -> Option<&TransferSettings> {
        self.run
            .started_with
            .as_deref()
            .filter(|_| self.run.phase.is_active())
    }

    /// Whether the run at hand goes on with other pictures than those chosen by now.
    pub(crate) fn pictures_wait(&self) -> bool {
        self.run.phase.is_active() && self.has_other_pictures()
    }

    /// Whether other pictures are chosen than those of the run at hand, or of the last one.
    fn has_other_pictures(&self) -> bool {
        let run = &self.run;
        let content = self.pictures.content.as_ref().map(|shown| &shown.picture);
        let same_content = match (content, &run.content) {
            (Some(chosen), Some(at_work)) => Arc::ptr_eq(chosen, at_work),
            _ => true,
        };
        let same_styles = self.pictures.are_styles(&run.styles);
        !(same_content && same_styles)
    }

    /// Whether anything that was changed waits for the next start.
    pub(crate) fn waits_for_start(&self) -> bool {
        self.run.settings_wait() || self.pictures_wait()
    }

    /// What the canvas shows: what was chosen, else the painting, else the content image.
    pub(crate) fn source(&self) -> Source {
        let there = |source: &Source| match *source {
            Source::Now => self.run.now.is_some(),
            Source::Content => self.pictures.content.is_some(),
            Source::Style(n) => n < self.pictures.styles.len(),
            Source::Snapshot(id) => self.kept(id).is_some_and(|kept| kept.shown.is_some()),
            Source::Moment => self.texture(Source::Moment).is_some(),
            Source::Instant => self.texture(Source::Instant).is_some(),
        };
        let painted = self.run.now.is_some();
        let fallback = if painted && !self.awaits_first_start() {
            Source::Now
        } else if there(&Source::Instant) {
            Source::Instant
        } else if painted {
            Source::Now
        } else {
            Source::Content
        };
        self.source.filter(there).unwrap_or(fallback)
    }

    /// Whether no run was started with the pictures that are chosen.
    fn awaits_first_start(&self) -> bool {
        let phase = self.run.phase;
        phase == Phase::Idle || !phase.is_active() && self.has_other_pictures()
    }

    /// Whether an instant preview is worth its work: before the first start, or where it is looked at.
    pub(crate) fn wants_instant(&self) -> bool {
        let looked_at = self.source == Some(Source::Instant);
        self.is_ready()
            && !self.run.phase.is_active()
            && !self.shows_sheet()
            && (looked_at || self.awaits_first_start())
    }

    /// What the instant picture is, in a sentence.
    pub(crate) fn instant_tag(&self) -> &'static str {
        if self.brushes.chosen.is_empty() {
            text::INSTANT_TAG
        } else {
            text::BRUSH_TAG
        }
    }

    /// Whether a sheet is open in the canvas's place.
    pub(crate) fn shows_sheet(&self) -> bool {
        self.variations.is_open() || self.brushes.sheet.is_some()
    }

    /// The texture of a source.
    pub(crate) fn texture(&self, source: Source) -> Option<&TextureHandle> {
        match source {
            Source::Now => self.run.now.as_ref(),
            Source::Content => self.pictures.content.as_ref().map(|shown| &shown.screen),
            Source::Style(n) => self.pictures.styles.get(n).map(|style| &style.shown.screen),
            Source::Snapshot(id) => self.kept(id)?.shown.as_ref().map(|shown| &shown.screen),
            Source::Moment => {
                self.timeline.moment?;
                self.timeline.screen.as_ref()
            }
            Source::Instant => {
                let content = self.pictures.content.as_ref()?;
                self.instant.of(&content.picture)
            }
        }
    }

    /// Sides of a source in pixels: those of the picture, not of its texture.
    pub(crate) fn size_px(&self, source: Source) -> Option<(usize, usize)> {
        match source {
            Source::Now => self.run.full_px,
            Source::Content => self.pictures.content.as_ref().map(Shown::size_px),
            // As large as the run will be: its first preview does not jump.
            Source::Instant => {
                let planes = &self.pictures.content.as_ref()?.picture.planes;
                let px = self
                    .settings()
                    .size_px
                    .unwrap_or(planes.longest_px() as u32);
                Some(planes.sides_for(px))
            }
            Source::Style(n) => self
                .pictures
                .styles
                .get(n)
                .map(|style| style.shown.size_px()),
            Source::Snapshot(id) => self.kept(id)?.shown.as_ref().map(Shown::size_px),
            // As large as the finished picture: winding back does not zoom.
            Source::Moment => {
                let frame = self.timeline.frame_shown()?;
                self.run.full_px.or(Some(frame.size_px))
            }
        }
    }

    /// The picture of a source with all its pixels, where the window has it.
    pub(crate) fn whole_picture(&self, source: Source) -> Option<&Arc<Picture>> {
        match source {
            Source::Content => Some(&self.pictures.content.as_ref()?.picture),
            Source::Style(n) => Some(&self.pictures.styles.get(n)?.shown.picture),
            Source::Snapshot(id) => Some(&self.kept(id)?.snapshot.picture),
            // A run that is over leaves its picture; what is on the canvas is a copy of it.
            Source::Now if !self.run.phase.is_active() => {
                let mut kept = self.snapshots.kept.iter().rev();
                let last = kept.find(|kept| kept.run == self.run.id)?;
                let same = last.snapshot.step == self.run.step();
                Some(&last.snapshot.picture).filter(|_| same)
            }
            Source::Now | Source::Moment | Source::Instant => None,
        }
    }

    /// A snapshot.
    pub(crate) fn kept(&self, id: SnapshotId) -> Option<&Kept> {
        self.snapshots.kept.iter().find(|kept| kept.id == id)
    }

    /// The newest snapshot.
    pub(crate) fn newest(&self) -> Option<&Kept> {
        self.snapshots.kept.last()
    }

    /// Whether a question is open that keys must not reach through.
    pub(crate) fn asks(&self) -> bool {
        self.dialog.is_some()
            || self.saving.is_some()
            || self.offer.is_some()
            || self.drops.question.is_some()
            || self.vault.left.is_some()
            || self.vault.shows
            || self.export.asks
            || self.presets.is_asking()
    }

    /// Whether anything can be started.
    pub(crate) fn is_ready(&self) -> bool {
        self.pictures.is_ready()
    }

    /// What the next run is computed on.
    pub(crate) fn device(&self) -> DeviceChoice {
        self.devices.for_session.unwrap_or(self.app.device)
    }

    /// Pictures and settings of the next run; `None` while there are none.
    pub(crate) fn job(&self) -> Option<Job> {
        let content = self.pictures.content.as_ref()?;
        let styles = self.pictures.style_images();
        let inputs = Inputs {
            content: Arc::clone(&content.picture),
            styles,
            initial: self.initial_picture().cloned(),
        };
        (!inputs.styles.is_empty()).then(|| inputs.job(self.settings().clone(), self.threads))
    }

    /// Whether the next run would be this; asked every frame, so it copies nothing.
    pub(crate) fn is_next(&self, job: &Job) -> bool {
        let same = |a: &Arc<_>, b: &Arc<_>| Arc::ptr_eq(a, b);
        let content = self.pictures.content.as_ref();
        let same_initial = match (self.initial_picture(), &job.initial) {
            (Some(now), Some(then)) => same(now, then),
            (now, then) => now.is_none() && then.is_none(),
        };
        content.is_some_and(|content| same(&content.picture, &job.content))
            && same_initial
            && self.pictures.are_styles(&job.styles)
            && *self.settings() == job.settings
    }

    /// The picture that the next run starts from, when the settings ask for one and it is here.
    fn initial_picture(&self) -> Option<&Arc<Picture>> {
        let from_file = matches!(self.settings().initial_image, InitialImage::File(_));
        let loaded = self.pictures.initial.as_ref().filter(|_| from_file);
        loaded.map(|shown| &shown.picture)
    }

    /// Seconds that the next run takes; `None` until its kind was measured.
    pub(crate) fn run_secs(&self) -> Option<f64> {
        self.estimate.run_secs(&self.app.speeds)
    }

    /// Whether a restart can keep the picture: it needs the shape of the content image.
    pub(crate) fn can_go_on(&self) -> bool {
        let (Some(at_work), Some(chosen)) = (&self.run.content, &self.pictures.content) else {
            return false;
        };
        let aspect = |width: usize, height: usize| width as f64 / height.max(1) as f64;
        let before = aspect(at_work.planes.width, at_work.planes.height);
        let (width, height) = chosen.size_px();
        self.run.report.is_some() && (aspect(width, height) / before - 1.0).abs() < 0.02
    }
}
