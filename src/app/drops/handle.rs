//! Files hover, and are dropped.

use std::path::PathBuf;

use eframe::egui::{Context, Pos2};

use crate::app::{
    App,
    command::{
        features::DropAnswer,
        ids::{Landing, Role},
    },
    drops::state::{pasted_on, role_at},
    io::picture::{Load, PictureSource},
    notices::state::Mood,
    text,
};

impl App {
    /// Follows hovering files, and takes in those that were dropped. Called once a frame.
    pub(crate) fn follow_drops(&mut self, ctx: &Context) {
        let (hovering, known) =
            ctx.input(|input| (input.raw.hovered_files.len(), input.pointer.latest_pos()));
        let scale = ctx.pixels_per_point();
        let points = |[x, y]: [f32; 2]| Pos2::new(x / scale, y / scale);
        let began = hovering > 0 && self.session.drops.hovering == 0;
        let ended = hovering == 0 && self.session.drops.hovering > 0;
        self.session.drops.hovering = hovering;
        match &self.pointer {
            Some(pointer) => {
                if began {
                    pointer.follow();
                } else if ended {
                    pointer.rest();
                }
                // The window itself sees no pointer while something is dragged over it.
                self.session.drops.at = pointer.place().map(points);
                for (paths, place) in pointer.dropped() {
                    self.undrawn = true;
                    self.dropped(ctx, paths, place.map(points));
                }
            }
            None => self.session.drops.at = known,
        }
    }

    /// Files were dropped: what is under the pointer decides, and the pointer is looked up first.
    pub(crate) fn drop_files(&mut self, ctx: &Context, paths: Vec<PathBuf>) {
        if let Some(pointer) = &self.pointer {
            return pointer.drop(paths);
        }
        let at = ctx.input(|input| input.pointer.latest_pos());
        self.dropped(ctx, paths, at);
    }

    /// Paths were pasted: a card under the pointer takes them, else they take their turn.
    pub(crate) fn paste_files(&mut self, ctx: &Context, paths: Vec<PathBuf>) {
        let landing = pasted_on(ctx);
        self.sort_dropped(paths, landing);
    }

    fn dropped(&mut self, ctx: &Context, paths: Vec<PathBuf>, at: Option<Pos2>) {
        let role = at.and_then(|at| role_at(ctx, at));
        log::info!("{} dropped at {at:?}: {role:?}", paths.len());
        self.sort_dropped(paths, role.map_or(Landing::Ask, Landing::On));
    }

    /// Brushes and weights are what they are, wherever they land.
    fn sort_dropped(&mut self, paths: Vec<PathBuf>, landing: Landing) {
        let others = self.take_brushes(paths);
        if !others.is_empty() {
            self.sort_files(others, landing);
        }
    }

    /// Pictures are left: one goes where it landed, of several it is asked what they are.
    pub(crate) fn take_files(&mut self, paths: Vec<PathBuf>, landing: Landing) {
        match (&paths[..], landing) {
            ([], _) => self.session.toasts.add(Mood::Note, text::NO_PICTURES_THERE),
            ([path], Landing::On(role)) => {
                self.session.pictures.turns.forgo();
                self.load_chosen(role, PictureSource::File(path.clone()));
            }
            ([path], Landing::Turn) => self.take_turn(PictureSource::File(path.clone())),
            _ => self.session.drops.question = Some(paths),
        }
    }

    /// It was said what dropped files are.
    pub(crate) fn drop_answered(&mut self, answer: DropAnswer) {
        let Some(paths) = self.session.drops.question.take() else {
            return;
        };
        self.session.pictures.turns.forgo();
        match (answer, &paths[..]) {
            (DropAnswer::Nothing, _) => {}
            (DropAnswer::Contents, [path]) => {
                self.load_chosen(Role::Content, PictureSource::File(path.clone()));
            }
            (DropAnswer::Styles, [path]) => {
                self.load_chosen(Role::Style(0), PictureSource::File(path.clone()));
            }
            (DropAnswer::Contents, _) => self.enqueue_contents(paths),
            (DropAnswer::Styles, _) => {
                self.note_table();
                self.session.pictures.styles.truncate(1);
                self.load_batch(Role::Style(0), paths);
            }
            (DropAnswer::Both, _) => {
                self.note_table();
                let mut paths = paths.into_iter();
                self.load_batch(Role::Content, paths.next().into_iter().collect());
                self.load_batch(Role::Style(0), paths.collect());
            }
        }
    }

    /// Several pictures at once, after the table before them was noted: the first in this place,
    /// the others as more styles.
    fn load_batch(&mut self, first: Role, paths: Vec<PathBuf>) {
        for (n, path) in paths.into_iter().enumerate() {
            let role = if n == 0 { first } else { Role::NewStyle };
            self.load(Load {
                noted: true,
                ..Load::new(role, PictureSource::File(path))
            });
        }
    }
}
