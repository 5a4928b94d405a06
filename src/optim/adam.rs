//! Adam (Kingma and Ba 2015, algorithm 1).
//!
//! `m = β1 m + (1-β1) g`, `v = β2 v + (1-β2) g²`,
//! `x -= lr · (m / (1-β1ᵗ)) / (sqrt(v / (1-β2ᵗ)) + ε)`.
//!
//! Blind to the scale of the loss and at ease with an objective that changes under way.

use rayon::prelude::*;

use crate::{error::Result, state::State};

use super::{
    optimizer::{ClampRange, Optimizer, OptimizerDescription, Resample},
    vector::CHUNK,
};

/// Its entry among the optimizers.
pub(super) const ADAM: OptimizerDescription = OptimizerDescription {
    title: "Adam",
    learning_rate: 5.0,
    averaging: 0.9,
    compares_losses: false,
    // Its two means are counted with the engine's buffers.
    keeps: |_| 0,
    make: |settings| {
        Box::new(Adam::new(AdamSettings {
            learning_rate: settings.learning_rate,
            beta1: settings.beta1,
            beta2: settings.beta2,
            clamp: settings.clamp,
        }))
    },
};

/// Adam's numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct AdamSettings {
    /// Largest move of a pixel in one step, about, on the 0..255 scale.
    pub learning_rate: f64,
    /// Decay of the mean gradient.
    pub beta1: f64,
    /// Decay of the mean squared gradient.
    pub beta2: f64,
    /// Whether pixels are brought back into the range that a file can hold.
    pub clamp: Option<ClampRange>,
}

/// Keeps the division finite where the gradient is zero; the paper's value. Losses must be scaled
/// such that gradients are large against it.
const EPSILON: f64 = 1e-8;

/// Adam with its running means of the gradient and of its square.
#[derive(Debug)]
pub struct Adam {
    settings: AdamSettings,
    mean: Vec<f32>,
    square: Vec<f32>,
    steps: i32,
}

impl Adam {
    /// An optimizer that has seen nothing yet.
    pub fn new(settings: AdamSettings) -> Self {
        Self {
            settings,
            mean: Vec::new(),
            square: Vec::new(),
            steps: 0,
        }
    }
}

impl Optimizer for Adam {
    fn step(&mut self, x: &mut [f32], _loss: f64, gradient: &[f32]) {
        if self.mean.len() != x.len() {
            self.mean = vec![0.0; x.len()];
            self.square = vec![0.0; x.len()];
            self.steps = 0;
        }
        self.steps += 1;
        let AdamSettings {
            learning_rate,
            beta1,
            beta2,
            clamp,
        } = self.settings;
        let rate = (learning_rate / (1.0 - beta1.powi(self.steps))) as f32;
        let correct = (1.0 / (1.0 - beta2.powi(self.steps))) as f32;
        let (beta1, beta2, epsilon) = (beta1 as f32, beta2 as f32, EPSILON as f32);
        let plane = x.len() / 3;
        let state = self.mean.par_chunks_mut(plane);
        let state = state.zip(self.square.par_chunks_mut(plane));
        let planes = x.par_chunks_mut(plane).zip(gradient.par_chunks(plane));
        planes
            .zip(state)
            .enumerate()
            .for_each(|(index, ((x, g), (m, v)))| {
                let (low, high) = clamp.map_or((f32::MIN, f32::MAX), |range| range[index.min(2)]);
                let pixels = x.par_chunks_mut(CHUNK).zip(g.par_chunks(CHUNK));
                let moments = m.par_chunks_mut(CHUNK).zip(v.par_chunks_mut(CHUNK));
                pixels.zip(moments).for_each(|((x, g), (m, v))| {
                    for (((x, &g), m), v) in x.iter_mut().zip(g).zip(m).zip(v) {
                        *m += (1.0 - beta1) * (g - *m);
                        *v += (1.0 - beta2) * (g * g - *v);
                        *x -= rate * *m / ((*v * correct).sqrt() + epsilon);
                        *x = x.clamp(low, high);
                    }
                });
            });
    }

    fn objective_changed(&mut self, _x: &mut [f32]) {}

    fn size_changed(&mut self, _x: &mut [f32], resample: &dyn Fn(&[f32], Resample) -> Vec<f32>) {
        if !self.mean.is_empty() {
            self.mean = resample(&self.mean, Resample::Signed);
            self.square = resample(&self.square, Resample::NonNegative);
        }
    }

    fn set_learning_rate(&mut self, learning_rate: f64) {
        self.settings.learning_rate = learning_rate;
    }

    fn best(&self) -> Option<(&[f32], f64)> {
        None
    }

    fn keep(&self, state: &mut State) {
        state.put_whole("steps", self.steps.unsigned_abs().into());
        if self.steps > 0 {
            state.put_floats("mean", &self.mean);
            state.put_floats("square", &self.square);
        }
    }

    fn restore(&mut self, state: &mut State, length: usize) -> Result<()> {
        self.steps = state.take_whole("steps")?.try_into().unwrap_or(i32::MAX);
        if self.steps > 0 {
            self.mean = state.take_floats("mean", length)?;
            self.square = state.take_floats("square", length)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(clamp: Option<ClampRange>) -> AdamSettings {
        AdamSettings {
            learning_rate: 0.1,
            beta1: 0.9,
            beta2: 0.999,
            clamp,
        }
    }

    /// `torch.optim.Adam([x], lr=0.1)` on `sum(c · x²)`, x = (1, -2, 3), c = (1, 10, 0.1);
    /// worked out by the published recurrence in double precision.
    #[test]
    fn follows_the_published_recurrence() {
        let c = [1.0, 10.0, 0.1];
        let mut x = [1.0_f32, -2.0, 3.0];
        let mut adam = Adam::new(settings(None));
        let mut exact = [1.0_f64, -2.0, 3.0];
        let (mut m, mut v) = ([0.0; 3], [0.0; 3]);
        for t in 1..=20 {
            let g: Vec<f32> = (0..3).map(|i| 2.0 * c[i] as f32 * x[i]).collect();
            adam.step(&mut x, 0.0, &g);
            for i in 0..3 {
                let g = 2.0 * c[i] * exact[i];
                m[i] = 0.9 * m[i] + 0.1 * g;
                v[i] = 0.999 * v[i] + 0.001 * g * g;
                let (mean, square): (f64, f64) = (
                    m[i] / (1.0 - 0.9_f64.powi(t)),
                    v[i] / (1.0 - 0.999_f64.powi(t)),
                );
                exact[i] -= 0.1 * mean / (square.sqrt() + 1e-8);
            }
        }
        for i in 0..3 {
            assert!((f64::from(x[i]) - exact[i]).abs() < 1e-4, "{x:?} {exact:?}");
        }
    }

    #[test]
    fn clamps_each_plane_to_its_own_range() {
        let mut adam = Adam::new(settings(Some([(0.0, 1.0), (0.95, 2.0), (-1.0, 1.0)])));
        let mut x = [0.0, 1.0, -1.0];
        adam.step(&mut x, 0.0, &[1.0; 3]);
        assert_eq!(x, [0.0, 0.95, -1.0]);
    }

    #[test]
    fn a_zero_gradient_moves_nothing() {
        let mut adam = Adam::new(settings(None));
        let mut x = [1.0, 2.0, 3.0];
        adam.step(&mut x, 0.0, &[0.0; 3]);
        assert_eq!(x, [1.0, 2.0, 3.0]);
    }
}
