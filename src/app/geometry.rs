//! Rectangles for pictures.

use eframe::egui::{Rect, Vec2, pos2, vec2};

/// The largest rectangle of `size`'s shape inside `frame`, in its middle.
pub(crate) fn contain(frame: Rect, size: Vec2) -> Rect {
    let scale = (frame.size() / size.max(vec2(1.0, 1.0))).min_elem();
    Rect::from_center_size(frame.center(), size * scale)
}

/// The part of a picture of `size` that fills a place of that shape without being stretched, in
/// shares of its sides.
pub(crate) fn cover(place: Rect, size: Vec2) -> Rect {
    let (frame, picture) = (place.width() / place.height(), size.x / size.y);
    let shares = if picture > frame {
        vec2(frame / picture, 1.0)
    } else {
        vec2(1.0, picture / frame)
    };
    Rect::from_center_size(pos2(0.5, 0.5), shares)
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLACE: Rect = Rect {
        min: pos2(100.0, 50.0),
        max: pos2(740.0, 490.0),
    };

    #[test]
    fn contained_shapes_keep_their_aspect() {
        let inner = contain(PLACE, vec2(10.0, 40.0));
        assert!((inner.height() - PLACE.height()).abs() < 1e-3);
        assert!((inner.width() * 4.0 - inner.height()).abs() < 1e-3);
    }

    #[test]
    fn what_covers_a_place_has_its_shape() {
        for size in [vec2(900.0, 100.0), vec2(100.0, 900.0), vec2(64.0, 44.0)] {
            let part = cover(PLACE, size).size() * size;
            assert!((part.x / part.y - PLACE.aspect_ratio()).abs() < 1e-4);
            assert!(part.x <= size.x + 1e-3 && part.y <= size.y + 1e-3);
        }
    }
}
