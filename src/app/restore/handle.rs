//! The offer is made, and answered.

use crate::{
    app::{
        App,
        command::{features::RestoreAnswer, ids::Role},
        io::{
            picture::{Load, PictureSource},
            remembered::Remembered,
        },
        notices::state::Mood,
        restore::state::Offer,
        session::picture::Shown,
        text,
    },
    pixels::{Found, FoundAt},
    settings::range,
};

impl App {
    /// A picture was chosen that remembers how it was made: what is meant is asked.
    pub(crate) fn offer(&mut self, load: Load, shown: Shown, remembered: Box<Remembered>) {
        log::info!("{} remembers how it was made", shown.picture.name);
        if self.session.offer.is_some() {
            // Of several chosen at once only one is asked about.
            return self.put_picture(&load, shown);
        }
        self.session.offer = Some(Offer {
            load,
            shown,
            remembered,
        });
    }

    /// The offer was answered.
    pub(crate) fn answer_offer(&mut self, answer: RestoreAnswer) {
        let Some(offer) = self.session.offer.take() else {
            return;
        };
        let used = matches!(answer, RestoreAnswer::AsContent | RestoreAnswer::AsStyle);
        if !used {
            // The next dropped picture takes the turn that this one does not need.
            self.session.pictures.turns.forgo();
        }
        match answer {
            RestoreAnswer::Everything => self.restore_run(&offer.remembered),
            RestoreAnswer::Settings => {
                self.put_settings(offer.remembered.settings());
                self.session.toasts.add(Mood::Done, text::RESTORED_SETTINGS);
            }
            RestoreAnswer::AsContent => self.put_offered(offer, Role::Content),
            RestoreAnswer::AsStyle => {
                let role = match offer.load.role {
                    Role::Content => Role::Style(0),
                    role => role,
                };
                self.put_offered(offer, role);
            }
            RestoreAnswer::Nothing => {}
        }
    }

    fn put_offered(&mut self, mut offer: Offer, role: Role) {
        offer.load.role = role;
        self.session.pictures.turns.last = Some(role);
        self.put_picture(&offer.load, offer.shown);
    }

    fn restore_run(&mut self, remembered: &Remembered) {
        let source = |found: &Found| match &found.at {
            FoundAt::File(path) => PictureSource::File(path.clone()),
            FoundAt::Sample(sample) => PictureSource::Sample(*sample),
        };
        self.note_table();
        if let Some(found) = &remembered.content {
            self.load(Load {
                noted: true,
                ..Load::new(Role::Content, source(found))
            });
        }
        self.session.pictures.styles.clear();
        self.session.pictures.forget_absent();
        let styles = remembered.record.styles.iter().zip(&remembered.styles);
        for (style, found) in styles {
            if let Some(found) = found {
                let range = range::STRENGTH;
                let strength = style.strength.clamp(range.min, range.max);
                self.load(Load {
                    strength,
                    noted: true,
                    ..Load::new(Role::NewStyle, source(found))
                });
            }
        }
        if let Some(found) = &remembered.initial {
            self.load(Load::new(Role::Initial, source(found)));
        }
        // Not by `put_settings`: a run that is going on keeps its own.
        self.session.app.transfer = remembered.settings();
        self.session.toasts.add(Mood::Done, text::RESTORED);
    }
}
