//! Writing on pictures, in Inter: the labels of contact sheets.

use ab_glyph::{Font as _, FontRef, GlyphId, PxScale, ScaleFont as _, point};

use crate::{
    error::{Error, Result},
    pixels::Planes,
};

/// A font at one size.
pub(super) struct Lettering {
    font: FontRef<'static>,
    scale: PxScale,
}

impl Lettering {
    /// Regular letters; lines are `px` high.
    ///
    /// # Errors
    /// Never for an undamaged program.
    pub(super) fn new(px: f32) -> Result<Self> {
        let bytes = include_bytes!("../../assets/fonts/Inter-Regular.otf");
        let font = FontRef::try_from_slice(bytes)
            .map_err(|fault| Error::Internal(format!("the font is damaged: {fault}")))?;
        let scale = PxScale::from(px);
        Ok(Self { font, scale })
    }

    /// Height of a line in pixels.
    pub(super) fn height(&self) -> usize {
        self.scale.y.ceil() as usize
    }

    /// Width of `text` in pixels.
    pub(super) fn width(&self, text: &str) -> usize {
        self.places(text).1.ceil() as usize
    }

    /// Each letter with its place, and where the text ends.
    fn places(&self, text: &str) -> (Vec<(GlyphId, f32)>, f32) {
        let font = self.font.as_scaled(self.scale);
        let mut places = Vec::new();
        let mut x = 0.0;
        let mut last = None;
        for letter in text.chars() {
            let id = font.glyph_id(letter);
            x += last.map_or(0.0, |last| font.kern(last, id));
            places.push((id, x));
            x += font.h_advance(id);
            last = Some(id);
        }
        (places, x)
    }

    /// Writes `text` with its upper left corner at `(left, top)`; what lies outside is cut off.
    pub(super) fn write(
        &self,
        page: &mut Planes,
        (left, top): (usize, usize),
        text: &str,
        rgb: [f32; 3],
    ) {
        let baseline = top as f32 + self.font.as_scaled(self.scale).ascent();
        for (id, x) in self.places(text).0 {
            let glyph = id.with_scale_and_position(self.scale, point(left as f32 + x, baseline));
            let Some(outline) = self.font.outline_glyph(glyph) else {
                continue;
            };
            let corner = outline.px_bounds().min;
            outline.draw(|x, y, cover| {
                let (x, y) = (corner.x + x as f32, corner.y + y as f32);
                if x < 0.0 || y < 0.0 {
                    return;
                }
                let (x, y) = (x as usize, y as usize);
                if x >= page.width || y >= page.height {
                    return;
                }
                let pixels = page.pixels();
                for (plane, ink) in page.data.chunks_exact_mut(pixels).zip(rgb) {
                    let value = &mut plane[y * page.width + x];
                    *value += cover.clamp(0.0, 1.0) * (ink - *value);
                }
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_leave_ink_inside_their_width_and_height() {
        let lettering = Lettering::new(20.0).unwrap();
        let width = lettering.width("Gram 50");
        assert!(width > lettering.width("Gram"));
        let mut page = Planes::filled(width + 20, lettering.height() + 20, [0.0; 3]);
        lettering.write(&mut page, (10, 10), "Gram 50", [1.0, 0.5, 0.25]);
        let ink = |x: usize, y: usize| page.plane(0)[y * page.width + x];
        let mut darkest = 0.0_f32;
        for y in 0..page.height {
            for x in 0..page.width {
                let inside = (9..=width + 11).contains(&x) && (10..page.height - 10).contains(&y);
                assert!(inside || ink(x, y) == 0.0, "ink at {x}, {y}");
                darkest = darkest.max(ink(x, y));
            }
        }
        assert!(darkest > 0.9);
        assert!(page.plane(2).iter().all(|&value| value <= 0.25));
    }

    #[test]
    fn what_lies_outside_is_cut_off() {
        let lettering = Lettering::new(20.0).unwrap();
        let mut page = Planes::filled(8, 8, [0.0; 3]);
        lettering.write(&mut page, (4, 4), "Wide and deep", [1.0; 3]);
        lettering.write(&mut page, (100, 100), "far away", [1.0; 3]);
    }
}
