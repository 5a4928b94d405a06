//! The instant preview is asked for when pictures or settings change, and shown.

use std::sync::Arc;

use eframe::egui::{Context, Id, Rect, TextureOptions};

use crate::{
    app::{
        App,
        command::ids::{Source, Wish},
        instant::state::{Asked, Tools},
        io::files::FileEvent,
        notices::state::Mood,
        text,
    },
    error::Result,
    feedforward::Norms,
    worker::{InstantRequest, RunId, Snapshot, paint_whole},
};

/// The canvas before it was drawn once.
const UNKNOWN_PX: f32 = 512.0;
/// The size follows the canvas in steps of this, so that a window that is being resized does not ask
/// with every frame.
const STEP_PX: f32 = 64.0;
/// Longest side of a preview: finer texture would cost seconds.
const MOST_PX: f32 = 1600.0;
/// Smallest longest side of a run.
const LEAST_PX: f32 = 64.0;

impl App {
    /// Takes in the preview that has arrived, and asks for the next one when something changed.
    /// Called once a frame; never waits.
    pub(crate) fn instant_preview(&mut self, ctx: &Context) {
        self.show_instant(ctx);
        if !self.session.wants_instant() {
            return;
        }
        let px = self.preview_px(ctx);
        let tools = self.instant_tools();
        let session = &self.session;
        let known = session.instant.asked.as_ref();
        if known.is_some_and(|asked| {
            asked.px == px && asked.tools == tools && session.is_next(&asked.job)
        }) {
            return;
        }
        let Some(job) = session.job() else {
            return;
        };
        let (painted, look) = self.instant_tools().apply(job.clone());
        self.instant.ask(InstantRequest {
            look,
            job: painted,
            longest_px: px,
            asked: std::time::Instant::now(),
        });
        self.session.instant.asked = Some(Asked { job, px, tools });
    }

    /// Has the instant picture on the canvas painted as large as a run would end; `fulfill` does the
    /// rest. Answers whether there is one.
    pub(crate) fn wish_for_instant(&mut self, wish: Wish) -> bool {
        let on_canvas = self.session.source() == Source::Instant;
        // A run goes on from what is painted.
        let Some(job) = self
            .session
            .job()
            .filter(|_| on_canvas && wish != Wish::GoOn)
        else {
            return false;
        };
        let (job, look) = self.instant_tools().apply(job);
        let asked = self.files.apart("instant picture", move || {
            FileEvent::Stylized(wish, paint_whole(&job, &look).map(Box::new))
        });
        self.expect(asked);
        self.session.toasts.add(Mood::Note, text::INSTANT_SOON);
        true
    }

    /// It is painted.
    pub(crate) fn stylized(&mut self, wish: Wish, painted: Result<Box<Snapshot>>) {
        match painted {
            Ok(snapshot) => {
                // It is of no run.
                let id = self.keep(
                    RunId::default(),
                    *snapshot,
                    text::INSTANT_SNAPSHOT.to_owned(),
                );
                self.fulfill(wish, id);
            }
            Err(error) => self.complain(&error),
        }
    }

    /// What the instant picture of the moment is painted with.
    fn instant_tools(&self) -> Tools {
        let brushes = &self.session.brushes;
        Tools {
            learnt: self.learnt_styles(),
            brushes: brushes.chosen.clone(),
            images: brushes.images,
        }
    }

    /// For each style image, the brush that was learnt from it, if one was.
    pub(crate) fn learnt_styles(&self) -> Vec<Option<Arc<Norms>>> {
        let session = &self.session;
        let styles = session.pictures.taking_part();
        let learnt = styles.map(|style| session.brushes.norms_of(&style.shown.picture));
        learnt.collect()
    }

    fn show_instant(&mut self, ctx: &Context) {
        let Some(arrived) = self.instant.take() else {
            return;
        };
        let instant = &mut self.session.instant;
        let image = match arrived.image {
            Ok(image) => image,
            Err(error) => {
                // The content image stays on the canvas; a start tells what is wrong.
                log::info!("no instant preview: {error}");
                instant.shown = None;
                return;
            }
        };
        let [width, height] = image.size;
        match &mut instant.shown {
            Some((content, texture)) => {
                *content = arrived.content;
                texture.set(image, TextureOptions::LINEAR);
            }
            none => {
                let texture = ctx.load_texture("instant", image, TextureOptions::LINEAR);
                *none = Some((arrived.content, texture));
            }
        }
        instant.count += 1;
        log::info!(
            "an instant picture of {width}x{height} is there, {:.0} ms after it was asked for",
            1000.0 * arrived.asked.elapsed().as_secs_f64()
        );
        self.undrawn = true;
    }

    /// Longest side of the preview: what the canvas shows, and no more than the run will have.
    fn preview_px(&self, ctx: &Context) -> u32 {
        let canvas: Option<Rect> = ctx.data(|data| data.get_temp(Id::unique("canvas")));
        let canvas = canvas.map_or(UNKNOWN_PX, |canvas| {
            canvas.size().max_elem() * ctx.pixels_per_point()
        });
        let canvas = (canvas / STEP_PX).ceil() * STEP_PX;
        let own = self.session.pictures.content.as_ref();
        let own = own.map_or(0, |shown| shown.picture.planes.longest_px() as u32);
        let full = self.session.settings().size_px.unwrap_or(own);
        canvas.clamp(LEAST_PX, MOST_PX).min(full as f32) as u32
    }
}
