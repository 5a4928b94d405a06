//! What the objective puts down for a checkpoint: what its measures' evaluations have left behind.

use super::{
    objective::Objective,
    term::{TermKey, TermKind},
};
use crate::{choice::Choice as _, error::Result, state::State};

/// What neighbors were matched to: the picture of that moment, and how far they followed it.
pub(super) struct Aim {
    pub(super) x: Vec<f32>,
    pub(super) freedom: f64,
}

impl Aim {
    /// What neighbors were matched to, if there are any; pictures have `length` values.
    ///
    /// # Errors
    /// When it belongs to another picture.
    pub(super) fn kept(state: &mut State, length: usize) -> Result<Option<Self>> {
        let mut neighbors = state.take_part("neighbors");
        if neighbors.is_empty() {
            return Ok(None);
        }
        let freedom = neighbors.take_double("freedom")?;
        // What follows no picture has none.
        let length = if freedom > 0.0 { length } else { 0 };
        let aim = Self {
            x: neighbors.take_floats("aim", length)?,
            freedom,
        };
        state.put_part("neighbors", neighbors);
        Ok(Some(aim))
    }
}

impl Objective {
    /// Puts down what the next evaluations depend on.
    pub(super) fn keep(&self, state: &mut State) {
        state.put_whole("finishing", u64::from(self.finishing));
        if let Some(neighbors) = &self.neighbors {
            let mut part = State::default();
            neighbors.keep(&mut part);
            state.put_part("neighbors", part);
        }
        for (key, term) in &self.terms {
            let mut part = State::default();
            term.measure.keep(&mut part);
            if let Some(norm) = term.first_norm {
                part.put_double("first_norm", norm);
            }
            state.put_part(&name(*key), part);
        }
    }

    /// Takes back what [`Self::keep`] has put down, once the targets are there.
    ///
    /// # Errors
    /// When something is missing.
    pub(super) fn restore(&mut self, state: &mut State) -> Result<()> {
        self.finishing = state.take_whole("finishing")? == 1;
        let mut part = state.take_part("neighbors");
        if let Some(neighbors) = &mut self.neighbors
            && !part.is_empty()
        {
            neighbors.restore(&mut part)?;
        }
        for (key, term) in &mut self.terms {
            let mut part = state.take_part(&name(*key));
            if part.has("first_norm") {
                term.first_norm = Some(part.take_double("first_norm")?);
            }
            if !part.is_empty() {
                term.measure.restore(&mut part)?;
            }
        }
        Ok(())
    }
}

fn name(key: TermKey) -> String {
    match key.kind {
        TermKind::Content(measure) => format!("content-{}-{}", measure.name(), key.layer),
        TermKind::Style(measure) => format!("style-{}-{}", measure.name(), key.layer),
    }
}
