//! Parts are asked for, and come.

use std::sync::Arc;

use eframe::egui::{Context, TextureOptions};

use crate::app::{App, command::ids::WantedDetail, detail::state::Shown};

impl App {
    /// The canvas needs a part.
    pub(crate) fn want_detail(&mut self, wanted: WantedDetail) {
        self.session.detail.expect(wanted.clone());
        self.detail.want(wanted);
    }

    /// Takes in the parts that are ready. Called once a frame.
    pub(crate) fn take_details(&mut self, ctx: &Context) {
        let made = self.detail.made();
        if made.is_empty() {
            return;
        }
        for (wanted, image) in made {
            let texture = ctx.load_texture("detail", image, TextureOptions::LINEAR);
            log::debug!("a part of {} is sharp", wanted.picture.name);
            let (of, part) = (Arc::downgrade(&wanted.picture), wanted.part);
            self.session.detail.put(Shown { of, part, texture });
        }
        // One that was overtaken by another picture's is asked for again.
        if let Some(next) = self.session.detail.expected().last() {
            self.detail.want(next.clone());
        }
    }
}
