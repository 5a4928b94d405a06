//! Content image, style images and the picture that a run starts from, as they are on the table,
//! and which of the last session's are not.

use std::{path::PathBuf, sync::Arc};

use crate::{
    app::{
        command::ids::Role,
        io::picture::{Load, Origin},
        session::picture::{Shown, Style},
    },
    settings::{PictureEdit, StyleSource},
    transfer::StyleImage,
};

/// The pictures on the table.
#[derive(Default)]
pub(crate) struct Pictures {
    pub(crate) content: Option<Shown>,
    pub(crate) styles: Vec<Style>,
    pub(crate) initial: Option<Shown>,
    /// Pictures being read.
    pub(crate) loading: usize,
    /// Whether the pictures of the start are there: what comes later is a deed.
    pub(crate) settled: bool,
    pub(crate) turns: Turns,
    /// Of the last session, and not here (not yet, or not to be read): they stay remembered until
    /// another picture is chosen in their place.
    absent_content: Option<(PathBuf, PictureEdit)>,
    /// The same for style images, each with its place in the list.
    absent_styles: Vec<(usize, StyleSource)>,
}

/// How dropped and pasted pictures take turns.
#[derive(Default)]
pub(crate) struct Turns {
    /// What the last one became.
    pub(crate) last: Option<Role>,
    /// What it replaced.
    pub(crate) replaced: Option<Shown>,
    /// Whether the next picture that arrives is announced.
    pub(crate) announce: bool,
}

impl Turns {
    /// The picture that had its turn is not used: the next one takes it.
    pub(crate) fn forgo(&mut self) {
        self.announce = false;
        self.last = None;
    }
}

impl Pictures {
    /// Whether anything can be started.
    pub(crate) fn is_ready(&self) -> bool {
        self.content.is_some() && !self.styles.is_empty()
    }

    /// The style images that take part.
    pub(crate) fn taking_part(&self) -> impl Iterator<Item = &Style> {
        self.styles.iter().filter(|style| style.strength > 0.0)
    }

    /// The style images that take part, as a run takes them.
    pub(crate) fn style_images(&self) -> Vec<StyleImage> {
        self.taking_part()
            .map(|style| StyleImage::new(Arc::clone(&style.shown.picture), style.strength))
            .collect()
    }

    /// Whether `styles` are those that take part, with their strengths.
    pub(crate) fn are_styles(&self, styles: &[StyleImage]) -> bool {
        let mut known = styles.iter();
        let same = self.taking_part().all(|style| {
            known.next().is_some_and(|known| {
                Arc::ptr_eq(&known.picture, &style.shown.picture)
                    && known.strength.to_bits() == style.strength.to_bits()
            })
        });
        same && known.next().is_none()
    }

    /// A picture in use that can be turned and cut.
    pub(crate) fn shown_mut(&mut self, role: Role) -> Option<&mut Shown> {
        match role {
            Role::Content => self.content.as_mut(),
            Role::Style(n) => self.styles.get_mut(n).map(|style| &mut style.shown),
            Role::NewStyle | Role::Initial | Role::Queued => None,
        }
    }

    /// What the next dropped picture becomes: the content first, then the style. Content and style
    /// take turns once both are the user's own.
    pub(crate) fn next_role(&self) -> Role {
        match self.turns.last {
            Some(Role::Content) => return Role::Style(0),
            Some(_) => return Role::Content,
            None => {}
        }
        let is_file = |shown: &Shown| shown.original.path.is_some();
        let own_content = self.content.as_ref().is_some_and(is_file);
        let own_style = self.styles.iter().any(|style| is_file(&style.shown));
        if own_content && !own_style {
            Role::Style(0)
        } else {
            Role::Content
        }
    }

    /// Notes what the last session used and is about to be read.
    pub(crate) fn expect(
        &mut self,
        content: Option<(PathBuf, PictureEdit)>,
        styles: Vec<StyleSource>,
    ) {
        self.absent_content = content;
        self.absent_styles = styles.into_iter().enumerate().collect();
    }

    /// Forgets what the last session used and is not here: others were chosen.
    pub(crate) fn forget_absent(&mut self) {
        self.absent_content = None;
        self.absent_styles.clear();
    }

    /// Puts a content or style image to use, with the strength that it was loaded with.
    pub(crate) fn put(&mut self, load: &Load, shown: Shown) {
        let taken = match load.role {
            Role::Content => self.content.is_some(),
            _ => !self.styles.is_empty(),
        };
        if load.origin == Origin::StandIn && taken {
            // In the meantime there is something better.
            return;
        }
        let style = |shown| Style {
            shown,
            strength: load.strength,
        };
        match (load.role, load.origin) {
            (Role::Content, origin) => {
                if origin != Origin::StandIn {
                    self.absent_content = None;
                }
                self.turns.replaced = self.content.replace(shown);
            }
            (Role::Style(n), Origin::Remembered) => {
                self.absent_styles.retain(|&(place, _)| place != n);
                self.styles.push(style(shown));
            }
            (Role::Style(n), Origin::Chosen | Origin::Given) if n < self.styles.len() => {
                self.absent_styles.clear();
                let old = std::mem::replace(&mut self.styles[n].shown, shown);
                self.turns.replaced = Some(old);
            }
            (Role::Style(_) | Role::NewStyle, _) => self.styles.push(style(shown)),
            (Role::Initial, _) => self.initial = Some(shown),
            (Role::Queued, _) => {}
        }
    }

    /// The content image to remember for the next start.
    pub(crate) fn remembered_content(&self) -> Option<(PathBuf, PictureEdit)> {
        let shown = self.content.as_ref();
        let file = shown.and_then(|shown| Some((shown.original.path.clone()?, shown.edit)));
        file.or_else(|| self.absent_content.clone())
    }

    /// The style images to remember for the next start; those that are absent keep their places.
    pub(crate) fn remembered_styles(&self) -> Vec<StyleSource> {
        let here = self.styles.iter().filter_map(|style| {
            Some(StyleSource {
                path: style.shown.original.path.clone()?,
                strength: style.strength,
                edit: style.shown.edit,
            })
        });
        let mut sources: Vec<StyleSource> = here.collect();
        for (place, absent) in &self.absent_styles {
            sources.insert((*place).min(sources.len()), absent.clone());
        }
        sources
    }
}

#[cfg(test)]
mod tests {
    use eframe::egui::Context;

    use super::*;
    use crate::{
        app::io::picture::{PictureSource, prepare},
        pixels::Picture,
    };

    fn load(role: Role, strength: f64, origin: Origin) -> Load {
        Load {
            strength,
            origin,
            ..Load::new(role, PictureSource::File(PathBuf::new()))
        }
    }

    fn shown(ctx: &Context, path: Option<&str>) -> Shown {
        let mut picture = Picture::from_rgba8(1, 1, &[9; 4], path.unwrap_or("sample")).unwrap();
        picture.path = path.map(PathBuf::from);
        Shown::new(ctx, prepare(Arc::new(picture)))
    }

    fn source(path: &str, strength: f64) -> StyleSource {
        StyleSource {
            path: path.into(),
            strength,
            edit: PictureEdit::default().turned(),
        }
    }

    #[test]
    fn a_style_that_cannot_be_read_keeps_its_place_and_shifts_no_strength() {
        let ctx = Context::default();
        let last = vec![source("a", 2.0), source("b", 0.5), source("c", 3.0)];
        let mut pictures = Pictures::default();
        pictures.expect(None, last);
        for (n, path, strength) in [(0, "a", 2.0), (2, "c", 3.0)] {
            let load = load(Role::Style(n), strength, Origin::Remembered);
            pictures.put(&load, shown(&ctx, Some(path)));
        }
        let strengths = pictures.styles.iter().map(|style| style.strength);
        assert_eq!(strengths.collect::<Vec<_>>(), [2.0, 3.0]);
        let remembered = pictures.remembered_styles();
        let paths: Vec<_> = remembered.iter().map(|source| &source.path).collect();
        assert_eq!(paths, [&PathBuf::from("a"), &"b".into(), &"c".into()]);
        assert_eq!(remembered[1], source("b", 0.5));
    }

    #[test]
    fn the_sample_stands_in_only_until_there_is_something_better() {
        let ctx = Context::default();
        let sample = load(Role::Style(0), 1.0, Origin::StandIn);
        let mut pictures = Pictures::default();
        pictures.expect(
            Some(("p".into(), PictureEdit::default())),
            vec![source("a", 2.0)],
        );
        pictures.put(&sample, shown(&ctx, None));
        assert_eq!(pictures.styles.len(), 1);
        assert_eq!(pictures.remembered_styles(), [source("a", 2.0)]);
        let chosen = load(Role::Style(0), 1.0, Origin::Chosen);
        pictures.put(&chosen, shown(&ctx, Some("mine")));
        pictures.put(&sample, shown(&ctx, None));
        assert_eq!(pictures.styles.len(), 1);
        assert_eq!(pictures.remembered_styles()[0].path, PathBuf::from("mine"));
        let content = load(Role::Content, 1.0, Origin::StandIn);
        pictures.put(&content, shown(&ctx, None));
        assert_eq!(pictures.remembered_content().unwrap().0, PathBuf::from("p"));
    }
}
