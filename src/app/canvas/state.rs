//! Where the picture stands on the canvas: zoom and position. Plain geometry, no drawing.

use eframe::egui::{Pos2, Rect, Vec2};

use crate::app::command::ids::{Compare, Source};

/// Points per picture pixel: as small as a thumbnail, as large as a pixel one can count.
const ZOOM_RANGE: std::ops::RangeInclusive<f32> = 0.02..=32.0;
/// Room left around a picture that fits, in points.
const MARGIN: f32 = 20.0;

/// The canvas's own state.
#[derive(Clone, Debug)]
pub(crate) struct View {
    pub(crate) compare: Compare,
    /// What is compared with.
    pub(crate) with: Source,
    /// Where the line stands, 0..1 of the picture's width.
    pub(crate) split: f32,
    /// Whether the comparison is shown in place of the picture.
    pub(crate) blink: bool,
    /// Whether a text field had the focus in the frame before.
    pub(crate) typing: bool,
    /// Points per pixel; `None` fits the canvas.
    zoom: Option<f32>,
    /// The picture's center relative to the canvas's, in points.
    offset: Vec2,
}

impl Default for View {
    fn default() -> Self {
        Self {
            compare: Compare::Single,
            with: Source::Content,
            split: 0.5,
            blink: false,
            typing: false,
            zoom: None,
            offset: Vec2::ZERO,
        }
    }
}

impl View {
    /// Points per pixel at which a picture of `size_px` fits `canvas`.
    pub(crate) fn fitting(canvas: Rect, size_px: Vec2) -> f32 {
        let room = (canvas.size() - Vec2::splat(2.0 * MARGIN)).max(Vec2::splat(1.0));
        (room / size_px).min_elem()
    }

    /// Points per pixel.
    pub(crate) fn zoom(&self, canvas: Rect, size_px: Vec2) -> f32 {
        self.zoom.unwrap_or_else(|| Self::fitting(canvas, size_px))
    }

    /// Whether the picture is kept fitting.
    pub(crate) fn fits(&self) -> bool {
        self.zoom.is_none()
    }

    /// Where the picture stands.
    pub(crate) fn picture_rect(&self, canvas: Rect, size_px: Vec2) -> Rect {
        let size = size_px * self.zoom(canvas, size_px);
        Rect::from_center_size(canvas.center() + self.offset, size)
    }

    /// Shows all of the picture, and keeps doing so.
    pub(crate) fn fit(&mut self) {
        self.zoom = None;
        self.offset = Vec2::ZERO;
    }

    /// Zooms by `factor`; what is under `fixed` stays there.
    pub(crate) fn zoom_by(&mut self, factor: f32, fixed: Pos2, canvas: Rect, size_px: Vec2) {
        let zoom = self.zoom(canvas, size_px) * factor;
        self.zoom_to(zoom, fixed, canvas, size_px);
    }

    /// Zooms to `zoom` points per pixel; what is under `fixed` stays there.
    pub(crate) fn zoom_to(&mut self, zoom: f32, fixed: Pos2, canvas: Rect, size_px: Vec2) {
        let before = self.zoom(canvas, size_px);
        let after = zoom.clamp(*ZOOM_RANGE.start(), *ZOOM_RANGE.end());
        let center = canvas.center() + self.offset;
        self.offset = fixed + (center - fixed) * (after / before) - canvas.center();
        self.zoom = Some(after);
        self.keep_in_reach(canvas, size_px);
    }

    /// Moves the picture.
    pub(crate) fn pan(&mut self, by: Vec2, canvas: Rect, size_px: Vec2) {
        if self.zoom.is_none() {
            self.zoom = Some(Self::fitting(canvas, size_px));
        }
        self.offset += by;
        self.keep_in_reach(canvas, size_px);
    }

    /// A picture dragged off the canvas could not be dragged back.
    fn keep_in_reach(&mut self, canvas: Rect, size_px: Vec2) {
        let size = size_px * self.zoom(canvas, size_px);
        let reach = (canvas.size() + size) / 2.0 - Vec2::splat(40.0);
        let reach = reach.max(Vec2::ZERO);
        self.offset = self.offset.clamp(-reach, reach);
    }
}

#[cfg(test)]
mod tests {
    use eframe::egui::{pos2, vec2};

    use super::*;

    const CANVAS: Rect = Rect {
        min: Pos2::new(100.0, 50.0),
        max: Pos2::new(740.0, 490.0),
    };

    #[test]
    fn what_is_under_the_pointer_stays_there() {
        let size = vec2(800.0, 600.0);
        let (mut view, pointer) = (View::default(), pos2(300.0, 200.0));
        let before = view.picture_rect(CANVAS, size);
        let at = (pointer - before.min) / before.size();
        view.zoom_by(3.0, pointer, CANVAS, size);
        let after = view.picture_rect(CANVAS, size);
        let now = (pointer - after.min) / after.size();
        assert!((at - now).length() < 1e-4, "{at:?} {now:?}");
        assert!((after.width() / before.width() - 3.0).abs() < 1e-4);
    }

    #[test]
    fn a_fitting_picture_lies_inside_and_follows_the_window() {
        let view = View::default();
        let rect = view.picture_rect(CANVAS, vec2(3000.0, 500.0));
        assert!(CANVAS.contains_rect(rect));
        let wide = Rect::from_min_size(CANVAS.min, CANVAS.size() * 2.0);
        assert!(view.picture_rect(wide, vec2(3000.0, 500.0)).width() > rect.width());
    }

    #[test]
    fn a_picture_cannot_be_lost() {
        let (mut view, size) = (View::default(), vec2(800.0, 600.0));
        view.pan(vec2(1e6, -1e6), CANVAS, size);
        assert!(view.picture_rect(CANVAS, size).intersects(CANVAS));
        view.fit();
        assert_eq!(view.picture_rect(CANVAS, size).center(), CANVAS.center());
    }
}
