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

    /// The derivative with respect to the picture from that with respect to the framed one.
    pub(super) fn fold(self, framed: Vec<f32>, (height, width): (usize, usize)) -> Vec<f32> {
        if self.0 == 0 {
            return framed;
        }
        let wide = (self.widen(height), self.widen(width));
        let planes = framed.len() / (wide.0 * wide.1);
        let columns: Vec<usize> = (0..wide.1).map(|x| self.source(x, width)).collect();
        let mut out = vec![0.0; planes * height * width];
        for (plane, framed) in out
            .chunks_exact_mut(height * width)
            .zip(framed.chunks_exact(wide.0 * wide.1))
        {
            for (y, line) in framed.chunks_exact(wide.1).enumerate() {
                let row = &mut plane[self.source(y, height) * width..][..width];
                for (&x, value) in columns.iter().zip(line) {
                    row[x] += value;
                }
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
    fn folding_is_the_transpose_of_framing() {
        let (height, width) = (5, 7);
        let picture: Vec<f32> = (0..2 * 35).map(|i| (i as f32 * 0.7).sin()).collect();
        for frame in [Frame(0), Frame(1), Frame(3), Frame(9)] {
            let framed = frame.around(&picture, (height, width));
            let other: Vec<f32> = (0..framed.len()).map(|i| (i as f32 * 1.1).cos()).collect();
            let dot = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
            let there = dot(&framed, &other);
            let back = dot(&picture, &frame.fold(other, (height, width)));
            assert!(
                (there - back).abs() < 1e-3 * there.abs().max(1.0),
                "{there} {back}"
            );
        }
    }
}
