//! Pictures come in: which becomes what, how it is turned and cut, and how it is remembered.

use std::{path::PathBuf, sync::Arc};

use eframe::egui::Context;

use crate::{
    app::{
        App,
        command::{Command, ids::Role},
        io::{
            files::FileJob,
            picture::{PictureSource, Prepared},
        },
        notices::state::Mood,
        session::picture::{Shown, Style},
        text,
    },
    pixels::{Picture, SAMPLE_CONTENT, SAMPLE_STYLE, Sample},
    settings::{PictureEdit, StyleSource},
};

/// The pictures of a first start.
const SAMPLES: [(Role, Sample); 2] = [
    (Role::Content, SAMPLE_CONTENT),
    (Role::Style(0), SAMPLE_STYLE),
];

impl App {
    /// Has a picture read; it arrives through `put_picture`.
    pub(crate) fn load(&mut self, role: Role, source: PictureSource) {
        self.send_load(role, source, false);
    }

    /// As `load`, for a picture that a person chose just now: when it remembers how it was made,
    /// that is offered first.
    pub(crate) fn load_chosen(&mut self, role: Role, source: PictureSource) {
        let looks_back = role != Role::Initial;
        self.send_load(role, source, looks_back);
    }

    fn send_load(&mut self, role: Role, source: PictureSource, looks_back: bool) {
        self.session.loading += 1;
        let sent = self.files.send(FileJob::Load {
            role,
            source,
            looks_back,
        });
        self.expect(sent);
    }

    /// Loads the pictures of the last session, or the samples.
    pub(crate) fn load_first_pictures(&mut self) {
        for (role, sample) in SAMPLES {
            let known = match role {
                Role::Content => self.session.app.content.is_some(),
                _ => !self.session.app.styles.is_empty(),
            };
            if !known {
                self.load(role, PictureSource::Sample(sample));
            }
        }
        if let Some(path) = self.session.app.content.clone() {
            self.edit_when_read(Role::Content, self.session.app.content_edit);
            self.load(Role::Content, PictureSource::File(path));
        }
        let styles = std::mem::take(&mut self.session.app.styles);
        for (n, style) in styles.into_iter().enumerate() {
            self.strengths.push_back(style.strength);
            self.edit_when_read(Role::Style(n), style.edit);
            self.load(Role::Style(n), PictureSource::File(style.path));
        }
        if let crate::settings::InitialImage::File(path) = &self.session.settings().initial_image {
            let source = PictureSource::File(path.clone());
            self.load(Role::Initial, source);
        }
    }

    /// A picture of the last session that is gone is replaced by the sample.
    pub(crate) fn fall_back_to_sample(&mut self, role: Role) {
        let missing = match role {
            Role::Content => self.session.content.is_none(),
            Role::Style(_) => self.session.styles.is_empty(),
            _ => false,
        };
        if let Some((role, sample)) = SAMPLES
            .into_iter()
            .find(|(of, _)| missing && matches_role(*of, role))
        {
            self.load(role, PictureSource::Sample(sample));
        }
    }

    /// What the next dropped or pasted picture becomes. Content and style take turns once both
    /// are the user's own.
    pub(super) fn next_role(&self) -> Role {
        match self.last_drop {
            Some(Role::Content) => Role::Style(0),
            Some(_) => Role::Content,
            None => self.session.next_role(),
        }
    }

    /// One picture, dropped or pasted, takes its turn.
    pub(crate) fn take_turn(&mut self, source: PictureSource) {
        let role = self.next_role();
        self.load_chosen(role, source);
        self.last_drop = Some(role);
        self.announce_next = true;
    }

    /// One file takes its turn; of several the first is the content, the others styles.
    pub(crate) fn take_files(&mut self, paths: Vec<PathBuf>) {
        if let [path] = &paths[..] {
            return self.take_turn(PictureSource::File(path.clone()));
        }
        for (n, path) in paths.into_iter().enumerate() {
            let role = match n {
                0 => Role::Content,
                1 => Role::Style(0),
                _ => Role::NewStyle,
            };
            self.load(role, PictureSource::File(path));
        }
        self.last_drop = None;
    }

    /// Puts a picture to use.
    pub(crate) fn put_picture(&mut self, role: Role, shown: Shown) {
        let name = shown.picture.name.clone();
        if let Some(path) = &shown.picture.path {
            self.session.app.remember(&path.clone());
        }
        match role {
            Role::Content => {
                self.before_drop = self.session.content.take();
                self.session.content = Some(shown);
            }
            Role::Style(n) if n < self.session.styles.len() => {
                let old = std::mem::replace(&mut self.session.styles[n].shown, shown);
                self.before_drop = Some(old);
            }
            Role::Style(_) | Role::NewStyle => {
                let strength = self.strengths.pop_front().unwrap_or(1.0);
                self.session.styles.push(Style { shown, strength });
            }
            Role::Initial => self.put_initial(shown),
        }
        self.remember_pictures();
        if std::mem::take(&mut self.announce_next) {
            let (other, label) = match role {
                Role::Content => ("content", text::USE_AS_STYLE),
                _ => ("style", text::USE_AS_CONTENT),
            };
            let words = format!("{name} is now the {other} picture.");
            let toasts = &mut self.session.toasts;
            // The button changes the picture that came last.
            toasts.retract(|command| matches!(command, Command::OtherRole));
            toasts.add_with(Mood::Done, words, label, Command::OtherRole);
        }
    }

    fn put_initial(&mut self, shown: Shown) {
        let path = shown.picture.path.clone();
        self.session.initial = Some(shown);
        if let Some(path) = path {
            let mut settings = self.session.settings().clone();
            settings.initial_image = crate::settings::InitialImage::File(path);
            self.session.app.transfer = settings;
        }
    }

    /// The picture that was just dropped becomes what the other is; what it replaced comes back.
    pub(crate) fn other_role(&mut self) {
        let Some(before) = self.before_drop.take() else {
            return;
        };
        match self.last_drop {
            Some(Role::Content) => {
                let dropped = self.session.content.replace(before);
                if let (Some(dropped), Some(style)) = (dropped, self.session.styles.first_mut()) {
                    style.shown = dropped;
                }
                self.last_drop = Some(Role::Style(0));
            }
            Some(_) => {
                if let Some(style) = self.session.styles.first_mut() {
                    let dropped = std::mem::replace(&mut style.shown, before);
                    self.session.content = Some(dropped);
                }
                self.last_drop = Some(Role::Content);
            }
            None => {}
        }
        self.remember_pictures();
    }

    /// Content becomes the first style, and the first style the content.
    pub(crate) fn swap(&mut self) {
        if let (Some(content), Some(style)) =
            (&mut self.session.content, self.session.styles.first_mut())
        {
            std::mem::swap(content, &mut style.shown);
            self.remember_pictures();
        }
    }

    /// Keeps in mind which pictures are in use, for the next start.
    pub(crate) fn remember_pictures(&mut self) {
        let path = |shown: &Shown| shown.original.path.clone();
        let session = &mut self.session;
        session.app.content = session.content.as_ref().and_then(path);
        session.app.content_edit = session
            .content
            .as_ref()
            .map_or_else(Default::default, |shown| shown.edit);
        session.app.styles = session
            .styles
            .iter()
            .filter_map(|style| {
                Some(StyleSource {
                    path: path(&style.shown)?,
                    strength: style.strength,
                    edit: style.shown.edit,
                })
            })
            .collect();
    }

    fn shown_mut(&mut self, role: Role) -> Option<&mut Shown> {
        match role {
            Role::Content => self.session.content.as_mut(),
            Role::Style(n) => self.session.styles.get_mut(n).map(|style| &mut style.shown),
            Role::NewStyle | Role::Initial => None,
        }
    }

    /// Has the picture in use turned and cut anew.
    pub(crate) fn edit_picture(&mut self, role: Role, edit: PictureEdit) {
        if let Some(shown) = self.shown_mut(role) {
            let original = Arc::clone(&shown.original);
            self.send_edit(role, original, edit);
        }
    }

    fn send_edit(&mut self, role: Role, original: Arc<Picture>, edit: PictureEdit) {
        self.session.loading += 1;
        let job = FileJob::Edit {
            role,
            original,
            edit,
        };
        let sent = self.files.send(job);
        self.expect(sent);
    }

    /// Notes how a picture that is being read was turned and cut in the last session.
    pub(crate) fn edit_when_read(&mut self, role: Role, edit: PictureEdit) {
        if !edit.is_none() {
            self.session.pending_edits.push((role, edit));
        }
    }

    /// A picture was read. Answers whether an edit of the last session is still to be done.
    pub(crate) fn edit_first(&mut self, role: Role, shown: &Shown) -> bool {
        let pending = &mut self.session.pending_edits;
        let Some(n) = pending.iter().position(|&(of, _)| of == role) else {
            return false;
        };
        let (_, edit) = pending.remove(n);
        self.put_picture(role, shown.clone());
        self.send_edit(role, Arc::clone(&shown.picture), edit);
        true
    }

    /// Puts an edited picture in the place of the one it comes from, if that is still in use.
    pub(crate) fn put_edited(
        &mut self,
        ctx: &Context,
        role: Role,
        original: &Arc<Picture>,
        edit: PictureEdit,
        prepared: Prepared,
    ) {
        self.session.loading = self.session.loading.saturating_sub(1);
        let edited = Shown {
            original: Arc::clone(original),
            edit,
            ..Shown::new(ctx, prepared)
        };
        log::info!("the {} picture was turned or cut", role.name());
        if let Some(shown) = self.shown_mut(role)
            && Arc::ptr_eq(&shown.original, original)
        {
            *shown = edited;
            self.remember_pictures();
        }
    }
}

fn matches_role(sample: Role, role: Role) -> bool {
    matches!(
        (sample, role),
        (Role::Content, Role::Content) | (Role::Style(_), Role::Style(_) | Role::NewStyle)
    )
}
