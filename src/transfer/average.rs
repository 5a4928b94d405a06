//! The moving average of pictures: what is shown and saved.
//!
//! Adam circles around its goal; the exponential average of its pictures is calmer than any of
//! them (Polyak averaging; style-transfer-pytorch shows the same with decay .99).

use rayon::prelude::*;

use crate::{error::Result, state::State};

/// `a_t = decay · a_{t-1} + (1 - decay) · x_t`, corrected for its start at zero.
#[derive(Debug)]
pub(super) struct Average {
    sum: Vec<f32>,
    /// What the weights of `sum` add up to.
    weight: f64,
}

impl Average {
    pub(super) fn new(len: usize) -> Self {
        Self {
            sum: vec![0.0; len],
            weight: 0.0,
        }
    }

    /// Takes one more picture in. A decay of 0 keeps only that picture.
    pub(super) fn push(&mut self, x: &[f32], decay: f64) {
        self.weight = decay * self.weight + (1.0 - decay);
        let (old, new) = (decay as f32, (1.0 - decay) as f32);
        self.sum
            .par_chunks_mut(16 * 1024)
            .zip(x.par_chunks(16 * 1024))
            .for_each(|(sum, x)| {
                for (sum, x) in sum.iter_mut().zip(x) {
                    *sum = old * *sum + new * x;
                }
            });
    }

    /// Adds a color to every picture taken in so far: `[3, H, W]`, plane by plane.
    pub(super) fn shift(&mut self, color: [f32; 3]) {
        let (pixels, weight) = (self.sum.len() / 3, self.weight as f32);
        if pixels > 0 {
            for (plane, value) in self.sum.chunks_exact_mut(pixels).zip(color) {
                plane.iter_mut().for_each(|sum| *sum += value * weight);
            }
        }
    }

    /// Puts the average down.
    pub(super) fn keep(&self, state: &mut State) {
        state.put_floats("sum", &self.sum);
        state.put_double("weight", self.weight);
    }

    /// Takes back what [`Self::keep`] has put down, for pictures of the same size.
    pub(super) fn restore(&mut self, state: &mut State) -> Result<()> {
        self.sum = state.take_floats("sum", self.sum.len())?;
        self.weight = state.take_double("weight")?;
        Ok(())
    }

    /// The average; `None` before the first picture.
    pub(super) fn picture(&self) -> Option<Vec<f32>> {
        if self.weight <= 0.0 {
            return None;
        }
        let scale = (1.0 / self.weight) as f32;
        Some(self.sum.par_iter().map(|value| value * scale).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_average_of_equal_pictures_is_that_picture() {
        let mut average = Average::new(3);
        assert!(average.picture().is_none());
        for _ in 0..5 {
            average.push(&[1.0, -2.0, 3.0], 0.9);
            for (value, exact) in average.picture().unwrap().iter().zip([1.0, -2.0, 3.0]) {
                assert!((value - exact).abs() < 1e-5, "{value}");
            }
        }
    }

    #[test]
    fn a_color_is_added_to_the_average() {
        let mut average = Average::new(6);
        average.push(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 0.75);
        average.shift([10.0, 20.0, -5.0]);
        let exact = [11.0, 12.0, 23.0, 24.0, 0.0, 1.0];
        for (value, exact) in average.picture().unwrap().iter().zip(exact) {
            assert!((value - exact).abs() < 1e-5, "{value}");
        }
    }

    #[test]
    fn newer_pictures_weigh_more() {
        let mut average = Average::new(1);
        average.push(&[0.0], 0.5);
        average.push(&[3.0], 0.5);
        assert!((average.picture().unwrap()[0] - 2.0).abs() < 1e-6);
        average.push(&[7.0], 0.0);
        assert_eq!(average.picture().unwrap(), [7.0]);
    }
}
