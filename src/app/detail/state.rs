//! Which part of a large picture the canvas needs, and the parts that are there.

use std::sync::{Arc, Weak};

use eframe::egui::{Rect, TextureHandle, Vec2, pos2};

use crate::{
    app::command::ids::{Part, WantedDetail},
    pixels::Picture,
};

/// Longest side of a part: twice a large screen, and what graphics cards hold.
const MOST_PX: f32 = 4096.0;
/// Room around what is visible, as a share of it: while the picture is moved it stays sharp.
const ROOM: f32 = 0.25;
/// Parts that are kept: two pictures beside each other.
const KEPT: usize = 3;

/// A part that is there.
pub(crate) struct Shown {
    /// Not held: a picture that is replaced is let go.
    pub(crate) of: Weak<Picture>,
    pub(crate) part: Part,
    pub(crate) texture: TextureHandle,
}

/// The parts that are there, the newest last, and those that are waited for.
#[derive(Default)]
pub(crate) struct Detail {
    pub(crate) shown: Vec<Shown>,
    wanted: Vec<WantedDetail>,
}

impl Detail {
    /// The part of a picture that is there.
    pub(crate) fn of(&self, picture: &Arc<Picture>) -> Option<&Shown> {
        let mut newest = self.shown.iter().rev();
        newest.find(|shown| is(&shown.of, picture))
    }

    /// Whether such a part is there, or waited for.
    pub(crate) fn has(&self, picture: &Arc<Picture>, visible: &Part) -> bool {
        let covers = |part: &Part| part.scale == visible.scale && part.contains(visible);
        let mut wanted = self.wanted.iter();
        self.of(picture).is_some_and(|shown| covers(&shown.part))
            || wanted.any(|wanted| Arc::ptr_eq(&wanted.picture, picture) && covers(&wanted.part))
    }

    /// Takes note that a part is waited for.
    pub(crate) fn expect(&mut self, wanted: WantedDetail) {
        self.wanted
            .retain(|other| !Arc::ptr_eq(&other.picture, &wanted.picture));
        self.wanted.push(wanted);
        if self.wanted.len() > KEPT {
            self.wanted.remove(0);
        }
    }

    /// The parts that are waited for.
    pub(crate) fn expected(&self) -> &[WantedDetail] {
        &self.wanted
    }

    /// A part is there.
    pub(crate) fn put(&mut self, shown: Shown) {
        self.wanted
            .retain(|wanted| !(is(&shown.of, &wanted.picture) && wanted.part == shown.part));
        let gone = |of: &Weak<Picture>| of.strong_count() == 0 || of.ptr_eq(&shown.of);
        self.shown.retain(|other| !gone(&other.of));
        self.shown.push(shown);
        if self.shown.len() > KEPT {
            self.shown.remove(0);
        }
    }
}

fn is(weak: &Weak<Picture>, picture: &Arc<Picture>) -> bool {
    std::ptr::eq(weak.as_ptr(), Arc::as_ptr(picture))
}

impl Part {
    fn contains(&self, other: &Self) -> bool {
        let [x, y, w, h] = self.px;
        let [ox, oy, ow, oh] = other.px;
        x <= ox && y <= oy && x + w >= ox + ow && y + h >= oy + oh
    }

    /// Where it lies in a picture of these sides that stands in `frame`.
    pub(crate) fn rect(&self, frame: Rect, (width, height): (usize, usize)) -> Rect {
        let scale = frame.size() / Vec2::new(width as f32, height as f32);
        let [x, y, w, h] = self.px.map(|value| value as f32);
        let at = |x: f32, y: f32| frame.min + Vec2::new(x, y) * scale;
        Rect::from_min_max(at(x, y), at(x + w, y + h))
    }
}

/// What of a picture of `size_px` in `frame` is visible in `clip`, at the scale in which it is
/// shown; `None` when the copy for the screen, of so many pixels across, is as sharp.
pub(crate) fn visible(
    size_px: (usize, usize),
    copy_width: usize,
    frame: Rect,
    clip: Rect,
    pixels_per_point: f32,
) -> Option<Part> {
    let (width, height) = (size_px.0 as f32, size_px.1 as f32);
    let shown = frame.width() * pixels_per_point / width;
    let copied = copy_width as f32 / width;
    let seen = frame.intersect(clip);
    if copied > 0.99 || shown < 1.02 * copied || !seen.is_positive() {
        return None;
    }
    // Steps of a tenth: not each notch of the wheel needs another one.
    let scale = if shown >= 1.0 {
        1.0
    } else {
        (10.0_f32.powf((shown.log10() * 20.0).ceil() / 20.0)).min(1.0)
    };
    let to_px = Vec2::new(width, height) / frame.size();
    let from = (seen.min - frame.min) * to_px;
    let to = (seen.max - frame.min) * to_px;
    let (left, top) = (from.x.floor().max(0.0), from.y.floor().max(0.0));
    let (right, bottom) = (to.x.ceil().min(width), to.y.ceil().min(height));
    Some(Part {
        px: [left, top, right - left, bottom - top].map(|value| value as usize),
        scale,
    })
}

/// A part with room around it, as far as the picture and the graphics card go.
pub(crate) fn with_room(part: Part, size_px: (usize, usize)) -> Part {
    let most = MOST_PX / part.scale;
    let grown = |begin: usize, length: usize, whole: usize| {
        let (begin, length) = (begin as f32, length as f32);
        let room = (length * ROOM).min(((most - length) / 2.0).max(0.0));
        let from = (begin - room).floor().max(0.0);
        let to = (begin + length + room).ceil().min(whole as f32);
        (from as usize, (to - from) as usize)
    };
    let [x, y, w, h] = part.px;
    let (x, w) = grown(x, w, size_px.0);
    let (y, h) = grown(y, h, size_px.1);
    Part {
        px: [x, y, w, h],
        ..part
    }
}

/// The whole of a texture.
pub(crate) fn whole() -> Rect {
    Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLIP: Rect = Rect {
        min: pos2(0.0, 0.0),
        max: pos2(800.0, 600.0),
    };

    #[test]
    fn a_copy_that_is_sharp_enough_needs_no_part() {
        let fits = Rect::from_min_max(pos2(0.0, 0.0), pos2(800.0, 533.0));
        assert_eq!(visible((6000, 4000), 2048, fits, CLIP, 1.0), None);
        let small = Rect::from_min_max(pos2(0.0, 0.0), pos2(4000.0, 4000.0));
        assert_eq!(visible((2000, 2000), 2000, small, CLIP, 1.0), None);
        assert!(visible((6000, 4000), 2048, fits, CLIP, 3.0).is_some());
    }

    #[test]
    fn at_actual_size_the_visible_pixels_are_wanted() {
        let frame = Rect::from_min_max(pos2(-3000.0, -2000.0), pos2(3000.0, 2000.0));
        let part = visible((6000, 4000), 2048, frame, CLIP, 1.0).unwrap();
        assert_eq!(part.px, [3000, 2000, 800, 600]);
        assert_eq!(part.scale, 1.0);
        let larger = with_room(part, (6000, 4000));
        assert_eq!(larger.px, [2800, 1850, 1200, 900]);
        assert!(larger.contains(&part));
        let place = part.rect(frame, (6000, 4000));
        assert_eq!(place, CLIP);
    }

    #[test]
    fn a_part_never_outgrows_the_graphics_card() {
        let part = Part {
            px: [0, 0, 9000, 9000],
            scale: 0.4,
        };
        let [_, _, w, h] = with_room(part, (20_000, 20_000)).px;
        assert!(w as f32 * 0.4 <= MOST_PX && h as f32 * 0.4 <= MOST_PX);
    }
}
