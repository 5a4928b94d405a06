//! What L-BFGS puts down so that a run can go on exactly.

use super::{Base, Lbfgs, Pair};
use crate::{error::Result, state::State};

impl Lbfgs {
    /// Puts down the pairs, the base and the step that is being tried.
    pub(super) fn put_down(&self, state: &mut State) {
        state.put_double("length", self.length);
        state.put_double("predicted", self.predicted);
        state.put_whole("retries", self.retries.into());
        if !self.direction.is_empty() {
            state.put_floats("direction", &self.direction);
        }
        if let Some(base) = &self.base {
            let mut part = State::default();
            part.put_floats("x", &base.x);
            part.put_floats("gradient", &base.gradient);
            part.put_double("loss", base.loss);
            state.put_part("base", part);
        }
        for (index, pair) in self.pairs.iter().enumerate() {
            let mut part = State::default();
            part.put_floats("s", &pair.s);
            part.put_floats("y", &pair.y);
            part.put_double("rho", pair.rho);
            state.put_part(&pair_name(index), part);
        }
    }

    /// Takes back what [`Self::put_down`] has put down.
    pub(super) fn take_back(&mut self, state: &mut State, length: usize) -> Result<()> {
        self.length = state.take_double("length")?;
        self.predicted = state.take_double("predicted")?;
        self.retries = state.take_whole("retries")?.try_into().unwrap_or(u32::MAX);
        self.direction = if state.has("direction") {
            state.take_floats("direction", length)?
        } else {
            Vec::new()
        };
        let mut base = state.take_part("base");
        self.base = if base.is_empty() {
            None
        } else {
            Some(Base {
                x: base.take_floats("x", length)?,
                gradient: base.take_floats("gradient", length)?,
                loss: base.take_double("loss")?,
            })
        };
        self.pairs.clear();
        for index in 0..self.history {
            let mut pair = state.take_part(&pair_name(index));
            if pair.is_empty() {
                break;
            }
            self.pairs.push_back(Pair {
                s: pair.take_floats("s", length)?,
                y: pair.take_floats("y", length)?,
                rho: pair.take_double("rho")?,
            });
        }
        Ok(())
    }
}

fn pair_name(index: usize) -> String {
    format!("pair{index}")
}
