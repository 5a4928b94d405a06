//! Pictures come in: which becomes what, how it is turned and cut, and how it is remembered.

use std::{path::PathBuf, sync::Arc};

use eframe::egui::{ColorImage, Context};

use crate::{
    app::{
        App,
        command::{
            Command,
            ids::{Landing, Role},
        },
        deeds::state::Deed,
        drops::state::pasted_on,
        io::{
            files::FileJob,
            pasted::is_pasted,
            picture::{Load, Origin, PictureSource, Prepared},
        },
        notices::state::Mood,
        paths::state::is_open,
        session::picture::Shown,
        text,
    },
    error::{Error, Result},
    pixels::{SAMPLE_CONTENT, SAMPLE_STYLE},
    settings::{InitialImage, PictureEdit},
};

impl App {
    /// Has a picture read; it arrives through `loaded`.
    pub(crate) fn load(&mut self, load: Load) {
        self.session.pictures.loading += 1;
        let sent = self.files.send(FileJob::Load(Box::new(load)));
        self.expect(sent);
    }

    /// As `load`, for a picture that a person chose just now: when it remembers how it was made,
    /// that is offered first.
    pub(crate) fn load_chosen(&mut self, role: Role, source: PictureSource) {
        self.load(Load {
            origin: Origin::Chosen,
            ..Load::new(role, source)
        });
    }

    /// Loads the pictures of the command line, else those of the last session, else the samples.
    pub(crate) fn load_first_pictures(&mut self, content: Option<PathBuf>, style: Option<PathBuf>) {
        let app = &self.session.app;
        let last_content = app.content.clone().map(|path| (path, app.content_edit));
        let last_content = last_content.filter(|_| content.is_none());
        let last_styles = if style.is_none() {
            app.styles.clone()
        } else {
            Vec::new()
        };
        let pictures = &mut self.session.pictures;
        pictures.expect(last_content.clone(), last_styles.clone());
        match (content, last_content) {
            (Some(path), _) => self.load(Load::new(Role::Content, PictureSource::File(path))),
            (None, Some((path, edit))) => self.load(Load {
                edit,
                origin: Origin::Remembered,
                ..Load::new(Role::Content, PictureSource::File(path))
            }),
            (None, None) => self.load(stand_in(Role::Content)),
        }
        match style {
            Some(path) => self.load(Load::new(Role::Style(0), PictureSource::File(path))),
            None if last_styles.is_empty() => self.load(stand_in(Role::Style(0))),
            None => {
                for (n, style) in last_styles.into_iter().enumerate() {
                    self.load(Load {
                        strength: style.strength,
                        edit: style.edit,
                        origin: Origin::Remembered,
                        ..Load::new(Role::Style(n), PictureSource::File(style.path))
                    });
                }
            }
        }
        if let InitialImage::File(path) = &self.session.settings().initial_image {
            self.load_initial(path.clone());
        }
    }

    /// Has the picture read that runs start from.
    pub(crate) fn load_initial(&mut self, path: PathBuf) {
        self.load(Load::new(Role::Initial, PictureSource::File(path)));
    }

    /// A picture was read, or not.
    pub(crate) fn loaded(&mut self, ctx: &Context, load: Load, loaded: Result<Box<Prepared>>) {
        let pictures = &mut self.session.pictures;
        pictures.loading = pictures.loading.saturating_sub(1);
        let settled = pictures.loading == 0;
        match loaded {
            Ok(mut prepared) => {
                if let PictureSource::File(path) = &load.source {
                    self.path_served(|typed| is_open(typed, path));
                }
                let remembered = prepared.remembered.take();
                let shown = Shown::new(ctx, *prepared);
                if let Some(remembered) = remembered {
                    return self.offer(load, shown, remembered);
                }
                self.put_picture(&load, shown);
            }
            Err(error) => self.not_loaded(&load, &error),
        }
        self.session.pictures.settled |= settled;
    }

    /// Where nothing is on the table by now, the sample stands in.
    fn not_loaded(&mut self, load: &Load, error: &Error) {
        let pictures = &mut self.session.pictures;
        pictures.turns.forgo();
        let empty = match load.role {
            Role::Content => pictures.content.is_none(),
            Role::Style(_) | Role::NewStyle => pictures.styles.is_empty(),
            Role::Initial | Role::Queued => false,
        };
        if empty {
            self.load(stand_in(load.role));
        }
        if !self.path_refused(&load.source, error) {
            self.complain(error);
        }
    }

    /// A picture was pasted: a card under the pointer takes it, else it takes its turn.
    pub(crate) fn paste(&mut self, ctx: &Context, image: Arc<ColorImage>) {
        let source = PictureSource::Clipboard(image);
        match pasted_on(ctx) {
            Landing::On(role) => {
                self.session.pictures.turns.forgo();
                self.load_chosen(role, source);
            }
            Landing::Turn | Landing::Ask => self.take_turn(source),
        }
    }

    /// One picture, pasted, takes its turn.
    pub(crate) fn take_turn(&mut self, source: PictureSource) {
        let role = self.session.pictures.next_role();
        self.load_chosen(role, source);
        let turns = &mut self.session.pictures.turns;
        turns.last = Some(role);
        turns.announce = true;
    }

    /// Puts a picture to use.
    pub(crate) fn put_picture(&mut self, load: &Load, shown: Shown) {
        let name = shown.picture.name.clone();
        let path = shown.picture.path.clone();
        if let PictureSource::File(path) = &load.source
            && load.origin != Origin::Remembered
            && !is_pasted(path)
        {
            self.session.app.remember(path);
        }
        self.note_origin(&shown);
        if load.role == Role::Queued {
            return self.enqueue(Some(shown));
        }
        log::info!("{name} is the {} image", load.role.name());
        let on_table = load.role != Role::Initial;
        let chosen = matches!(load.origin, Origin::Chosen | Origin::Given);
        let noted = (self.session.pictures.settled && on_table && chosen && !load.noted)
            .then(|| self.note_table());
        if let (Role::Initial, Some(path)) = (load.role, path) {
            self.session.app.transfer.initial_image = InitialImage::File(path);
        }
        self.session.pictures.put(load, shown);
        self.remember_pictures();
        let announce = &mut self.session.pictures.turns.announce;
        if std::mem::take(announce) {
            let label = match load.role {
                Role::Content => text::USE_AS_STYLE,
                _ => text::USE_AS_CONTENT,
            };
            let toasts = &mut self.session.toasts;
            // The button changes the picture that came last.
            toasts.retract(|command| matches!(command, Command::OtherRole));
            let words = text::is_now(&name, load.role.name());
            toasts.add_with(Mood::Done, words, label, Command::OtherRole);
        } else if let Some(deed) = noted.filter(|_| load.origin == Origin::Chosen) {
            self.say_done(text::is_now(&name, load.role.name()), deed);
        }
    }

    /// The picture that was just dropped becomes what the other is; what it replaced comes back.
    pub(crate) fn other_role(&mut self) {
        let Some(before) = self.session.pictures.turns.replaced.take() else {
            return;
        };
        self.note_table();
        let pictures = &mut self.session.pictures;
        match pictures.turns.last {
            Some(Role::Content) => {
                let dropped = pictures.content.replace(before);
                if let (Some(dropped), Some(style)) = (dropped, pictures.styles.first_mut()) {
                    style.shown = dropped;
                }
                pictures.turns.last = Some(Role::Style(0));
            }
            Some(_) => {
                if let Some(style) = pictures.styles.first_mut() {
                    let dropped = std::mem::replace(&mut style.shown, before);
                    pictures.content = Some(dropped);
                }
                pictures.turns.last = Some(Role::Content);
            }
            None => {}
        }
        self.remember_pictures();
    }

    /// Content becomes the first style, and the first style the content.
    pub(crate) fn swap(&mut self) {
        if self.session.pictures.is_ready() {
            self.note_table();
        }
        let pictures = &mut self.session.pictures;
        if let (Some(content), Some(style)) = (&mut pictures.content, pictures.styles.first_mut()) {
            std::mem::swap(content, &mut style.shown);
            self.remember_pictures();
        }
    }

    /// Takes a style image away, unless it is the last one.
    pub(crate) fn remove_style(&mut self, n: usize) {
        let styles = &self.session.pictures.styles;
        if styles.len() > 1
            && let Some(style) = styles.get(n)
        {
            let words = text::taken_out(&style.shown.original.name);
            let deed = self.note_table();
            self.session.pictures.styles.remove(n);
            self.remember_pictures();
            self.say_done(words, deed);
        }
    }

    /// Another share for a style image.
    pub(crate) fn put_strength(&mut self, n: usize, strength: f64) {
        if !self.session.deeds.goes_on(n) {
            let table = Box::new(self.table());
            self.session.deeds.add(Deed::Strength(n, table));
        }
        if let Some(style) = self.session.pictures.styles.get_mut(n) {
            style.strength = strength;
            self.remember_pictures();
        }
    }

    /// Keeps in mind which pictures are in use, for the next start.
    pub(crate) fn remember_pictures(&mut self) {
        let (app, pictures) = (&mut self.session.app, &self.session.pictures);
        let (path, edit) = pictures.remembered_content().unzip();
        app.content = path;
        app.content_edit = edit.unwrap_or_default();
        app.styles = pictures.remembered_styles();
    }

    /// Has the picture in use turned and cut anew.
    pub(crate) fn edit_picture(&mut self, role: Role, edit: PictureEdit) {
        let Some(shown) = self.session.pictures.shown_mut(role) else {
            return;
        };
        let original = Arc::clone(&shown.original);
        self.session.pictures.loading += 1;
        let sent = self.files.send(FileJob::Edit(role, original, edit));
        self.expect(sent);
    }

    /// Puts an edited picture in the place of the one it comes from, if that is still in use.
    pub(crate) fn put_edited(&mut self, ctx: &Context, role: Role, prepared: Prepared) {
        let pictures = &mut self.session.pictures;
        pictures.loading = pictures.loading.saturating_sub(1);
        let edited = Shown::new(ctx, prepared);
        log::info!("the {} image was turned or cut", role.name());
        let in_use = pictures
            .shown_mut(role)
            .is_some_and(|shown| Arc::ptr_eq(&shown.original, &edited.original));
        if in_use {
            self.note_table();
            self.note_origin(&edited);
            if let Some(shown) = self.session.pictures.shown_mut(role) {
                *shown = edited;
            }
            self.remember_pictures();
        }
    }
}

/// The sample for a place on the table.
fn stand_in(role: Role) -> Load {
    let (role, sample) = match role {
        Role::Content => (role, SAMPLE_CONTENT),
        _ => (Role::Style(0), SAMPLE_STYLE),
    };
    Load {
        origin: Origin::StandIn,
        ..Load::new(role, PictureSource::Sample(sample))
    }
}
