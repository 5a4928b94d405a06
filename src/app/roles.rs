//! Pictures come in: which becomes what, and how it is remembered.

use std::path::PathBuf;

use crate::{
    app::{
        App,
        command::{Command, ids::Role},
        io::{files::FileJob, picture::PictureSource},
        session::picture::{Shown, Style},
        text,
        toasts::Mood,
    },
    pixels::{SAMPLE_CONTENT, SAMPLE_STYLE, Sample},
    settings::StyleSource,
};

/// The pictures of a first start.
const SAMPLES: [(Role, Sample); 2] = [
    (Role::Content, SAMPLE_CONTENT),
    (Role::Style(0), SAMPLE_STYLE),
];

impl App {
    /// Has a picture read; it arrives through `put_picture`.
    pub(super) fn load(&mut self, role: Role, source: PictureSource) {
        self.send_load(role, source, false);
    }

    /// As `load`, for a picture that a person chose just now: when it remembers how it was made,
    /// that is offered first.
    pub(super) fn load_chosen(&mut self, role: Role, source: PictureSource) {
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
    pub(super) fn load_first_pictures(&mut self) {
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
    pub(super) fn fall_back_to_sample(&mut self, role: Role) {
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
    pub(super) fn take_turn(&mut self, source: PictureSource) {
        let role = self.next_role();
        self.load_chosen(role, source);
        self.last_drop = Some(role);
        self.announce_next = true;
    }

    /// One file takes its turn; of several the first is the content, the others styles.
    pub(super) fn take_files(&mut self, paths: Vec<PathBuf>) {
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
    pub(super) fn put_picture(&mut self, role: Role, shown: Shown) {
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
    pub(super) fn other_role(&mut self) {
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
    pub(super) fn swap(&mut self) {
        if let (Some(content), Some(style)) =
            (&mut self.session.content, self.session.styles.first_mut())
        {
            std::mem::swap(content, &mut style.shown);
            self.remember_pictures();
        }
    }

    /// Keeps in mind which pictures are in use, for the next start.
    pub(super) fn remember_pictures(&mut self) {
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
}

fn matches_role(sample: Role, role: Role) -> bool {
    matches!(
        (sample, role),
        (Role::Content, Role::Content) | (Role::Style(_), Role::Style(_) | Role::NewStyle)
    )
}
