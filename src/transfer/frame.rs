//! A mirrored frame around the picture while the network looks at it.
//!
//! Every convolution sees zeros beyond the edge of its map, and what it makes of them reaches
//! further inwards layer by layer. Measures that compare single positions then paint dashes and
//! colored fringes along the borders. With a frame of mirrored pixels that happens in the frame,
//! which is cut off.

/// Pixels on each side that the picture is extended by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Frame(pub(super) usize);

impl Frame {
    /// A side with the frame on both ends.
    pub(super) fn widen(self, side: usize) -> usize {
        side + 2 * self.0
    }

    /// The pixel that stands at `at` of a widened side.
    fn source(self, at: usize, side: usize) -> usize {
        // Mirrored at the border pixel's center, as often as it takes: a frame may be wider than
        // a small picture.
        let period = (2 * side - 2).max(1);
        let place = (at + period * self.0.div_ceil(period) - self.0) % period;
        place.min(period - place).min(side - 1)
    }

    /// Whether the middle of cell `at`, of `cells` along a widened side, lies inside the frame: on
    /// the picture itself.
    pub(super) fn encloses(self, at: usize, cells: usize, widened: usize) -> bool {
        let middle = (2 * at + 1) * widened;
        (2 * cells * self.0..2 * cells * (widened - self.0)).contains(&middle)
    }

    /// `planes`, each `height` x `width`, with the frame.
    pub(super) fn around(self, planes: &[f32], (height, width): (usize, usize)) -> Vec<f32> {
        if self.0 == 0 {
            return planes.to_vec();
        }
        let columns: Vec<usize> = (0..self.widen(width))
            .map(|x| self.source(x, width))
            .collect();
        let mut out = Vec::with_capacity(planes.len() / width * columns.len());
        for plane in planes.chunks_exact(height * width) {
            for y in 0..self.widen(height) {
                let row = &plane[self.source(y, height) * width..][..width];
                out.extend(columns.iter().map(|&x| row[x]));
            }
        }
        out
    }

    /// Of a framed derivative, the part at the picture itself.
    ///
    /// The frame counts as given: what the network sees at its outer edge is of no use. Adding the
    /// derivative at the frame to the pixels it mirrors was tried: it is the exact derivative, and
    /// it draws a line along every border, a frame's width inside, that each level makes larger.
    pub(super) fn inside(self, framed: Vec<f32>, (height, width): (usize, usize)) -> Vec<f32> {
        if self.0 == 0 {
            return framed;
        }
        let wide = (self.widen(height), self.widen(width));
        let mut out = Vec::with_capacity(framed.len() / (wide.0 * wide.1) * height * width);
        for plane in framed.chunks_exact(wide.0 * wide.1) {
            for line in plane.chunks_exact(wide.1).skip(self.0).take(height) {
                out.extend_from_slice(&line[self.0..][..width]);
            }
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_are_mirrored_at_the_borders() {
        let row = [1.0, 2.0, 3.0, 4.0];
        let wide = Frame(2).around(&row, (1, 4));
        assert_eq!(wide.len(), 5 * 8);
        assert_eq!(wide[..8], [3.0, 2.0, 1.0, 2.0, 3.0, 4.0, 3.0, 2.0]);
        // Wider than the picture.
        assert_eq!(
            Frame(3).around(&[1.0, 2.0], (1, 2))[..8],
            [2.0, 1.0, 2.0, 1.0, 2.0, 1.0, 2.0, 1.0]
        );
    }

    #[test]
    fn cells_whose_middle_lies_on_the_picture_are_enclosed() {
        let enclosed = |frame: Frame, cells: usize, widened: usize| -> Vec<usize> {
            let all = 0..cells;
            all.filter(|&at| frame.encloses(at, cells, widened))
                .collect()
        };
        assert_eq!(enclosed(Frame(8), 7, 28), [2, 3, 4]);
        assert_eq!(enclosed(Frame(8), 7, 31), [2, 3, 4]);
        assert_eq!(enclosed(Frame(0), 4, 18), [0, 1, 2, 3]);
        // One pixel between two frames: the cell that has it in its middle.
        assert_eq!(enclosed(Frame(8), 17, 17), [8]);
    }

    #[test]
    fn the_picture_is_inside_its_frame() {
        let (height, width) = (5, 7);
        let picture: Vec<f32> = (0..2 * 35).map(|i| i as f32).collect();
        for frame in [Frame(0), Frame(1), Frame(3), Frame(9)] {
            let framed = frame.around(&picture, (height, width));
            assert_eq!(frame.inside(framed, (height, width)), picture);
        }
    }
}
