//! A picture in use, ready for the screen.

use std::sync::Arc;

use eframe::egui::{Context, TextureHandle, TextureOptions};

use crate::{app::io::picture::Prepared, pixels::Picture, settings::PictureEdit};

/// How pictures are drawn larger and smaller than they are.
pub(crate) const SMOOTH: TextureOptions = TextureOptions {
    mipmap_mode: Some(egui::TextureFilter::Linear),
    ..TextureOptions::LINEAR
};

/// A picture in use.
#[derive(Clone)]
pub(crate) struct Shown {
    pub(crate) picture: Arc<Picture>,
    /// The whole picture that `picture` was made from by `edit`; mostly the same.
    pub(crate) original: Arc<Picture>,
    /// How it was turned and cut.
    pub(crate) edit: PictureEdit,
    /// For the canvas.
    pub(crate) screen: TextureHandle,
    /// For lists.
    pub(crate) thumbnail: TextureHandle,
}

impl Shown {
    /// Uploads what the thread for pictures prepared.
    pub(crate) fn new(ctx: &Context, prepared: Prepared) -> Self {
        let name = prepared.picture.name.clone();
        Self {
            screen: ctx.load_texture(name.clone(), prepared.screen, SMOOTH),
            thumbnail: ctx.load_texture(name, prepared.thumbnail, SMOOTH),
            original: prepared.original,
            edit: prepared.edit,
            picture: prepared.picture,
        }
    }

    /// Width and height in pixels.
    pub(crate) fn size_px(&self) -> (usize, usize) {
        (self.picture.planes.width, self.picture.planes.height)
    }
}

/// A style image and its share.
#[derive(Clone)]
pub(crate) struct Style {
    pub(crate) shown: Shown,
    pub(crate) strength: f64,
}
