//! Where commands to the film take effect, and where its answers arrive.

use std::sync::Arc;

use eframe::egui::Context;

use crate::{
    app::{
        App,
        command::{
            features::TimelineCommand,
            ids::{Moment, Source, Wanted, Wish},
        },
        io::{files::FileJob, picture::color_image},
        notices::state::Mood,
        session::{job::BranchFrom, picture::SMOOTH},
        text,
    },
    error::Result,
    pixels::Picture,
    transfer::film::Frame,
    worker::{RunId, Snapshot},
};

impl App {
    /// Does what a view asked for.
    pub(crate) fn timeline_command(&mut self, ctx: &Context, command: TimelineCommand) {
        match command {
            TimelineCommand::Look(moment) => self.look(ctx, moment),
            TimelineCommand::Line(run) => {
                let reels = self.session.timeline.reels.iter();
                let mut chosen = reels.filter(|reel| reel.run == run);
                let end = chosen.next().and_then(|reel| reel.frames.last());
                let end = end.map(|frame| Moment::of(frame));
                self.session.timeline.line = Some(run);
                self.look(ctx, end);
            }
            TimelineCommand::Branch(moment) => self.develop(moment, Wanted::Branch),
            TimelineCommand::SettingsOf(moment) => {
                let frame = self.session.timeline.frame(moment);
                if let Some(settings) = frame.map(|frame| frame.record().settings) {
                    self.put_settings(settings);
                }
            }
        }
    }

    /// Takes in what worker and film thread have ready; never waits.
    pub(crate) fn take_film_events(&mut self, ctx: &Context) {
        let timeline = &mut self.session.timeline;
        if let Some((version, reels)) = self.worker.film(timeline.version) {
            let before = timeline.moment;
            timeline.take(version, reels);
            if timeline.moment != before {
                let moment = timeline.moment;
                self.look(ctx, moment);
            }
            if !self.session.timeline.reels.is_empty() {
                self.keep_film();
            }
        }
        let timeline = &mut self.session.timeline;
        if let Some((moment, image)) = self.projector.take()
            && timeline.moment == Some(moment)
            && let Some(screen) = &mut timeline.screen
        {
            screen.set(image, SMOOTH);
        }
    }

    /// Shows a moment, at first by its small picture; `None` is now.
    fn look(&mut self, ctx: &Context, moment: Option<Moment>) {
        let timeline = &mut self.session.timeline;
        let frame = moment.and_then(|moment| timeline.frame(moment)).cloned();
        let Some(frame) = frame else {
            timeline.moment = None;
            timeline.line = None;
            timeline.screen = None;
            self.session.source = Some(Source::Now);
            return;
        };
        timeline.line.get_or_insert(self.session.run.id.0);
        timeline.moment = moment;
        let small = color_image(&frame.thumbnail);
        match &mut timeline.screen {
            // What is there already is nearer to it than its small picture.
            Some(_) => {}
            screen => *screen = Some(ctx.load_texture("moment", small, SMOOTH)),
        }
        self.projector.show(&frame);
        self.session.source = Some(Source::Moment);
    }

    /// Has a picture made of a moment.
    fn develop(&mut self, moment: Moment, wanted: Wanted) {
        let frame = self.session.timeline.frame(moment).cloned();
        match frame {
            Some(frame) => {
                let sent = self.files.send(FileJob::Develop(frame, wanted));
                self.expect(sent);
            }
            None => self.session.toasts.add(Mood::Note, text::NO_FRAME),
        }
    }

    /// Keeps the moment on the canvas; `fulfill` does the rest when its picture is made. Answers
    /// whether there is one.
    pub(crate) fn wish_for_moment(&mut self, wish: Wish) -> bool {
        let moment = self.session.timeline.moment;
        let on_canvas = self.session.source() == Source::Moment;
        let Some(moment) = moment.filter(|_| on_canvas) else {
            return false;
        };
        self.develop(moment, Wanted::Wish(wish));
        true
    }

    /// A moment has become a picture.
    pub(crate) fn developed(
        &mut self,
        frame: &Frame,
        wanted: Wanted,
        picture: Result<Arc<Picture>>,
    ) {
        let picture = match picture {
            Ok(picture) => picture,
            Err(error) => return self.complain(&error),
        };
        let run = RunId(frame.run);
        let snapshot = Snapshot {
            picture,
            // The film has what was shown.
            unfinished: None,
            step: frame.step,
            loss: frame.loss,
            secs: frame.secs,
            content: Arc::clone(frame.content()),
            record: Arc::new(frame.record()),
        };
        match wanted {
            Wanted::Branch => self.start(false, Some(BranchFrom::new(&snapshot, run))),
            Wanted::Wish(wish) => {
                let name = text::snapshot_name(frame.step, false);
                let id = self.keep(run, snapshot, name);
                self.fulfill(wish, id);
            }
        }
    }
}
