//! What the parts of a run put down, so that it can go on later as if it had never stopped.

use std::collections::BTreeMap;

use crate::error::{Error, Result};

/// Numbers of one kind, bit by bit.
#[derive(Clone, Debug, PartialEq)]
pub enum Numbers {
    /// Pictures, gradients, matrices.
    Floats(Vec<f32>),
    /// Losses and lengths.
    Doubles(Vec<f64>),
    /// Counters and indices.
    Whole(Vec<u64>),
}

/// Named numbers. A part of a run puts its own down and takes them back; a whole holds those of its
/// parts under `part.name`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    values: BTreeMap<String, Numbers>,
}

impl State {
    /// Puts numbers down under a name.
    pub fn put(&mut self, name: &str, numbers: Numbers) {
        self.values.insert(name.to_owned(), numbers);
    }

    /// Puts a picture, a gradient or the like down.
    pub fn put_floats(&mut self, name: &str, values: &[f32]) {
        self.put(name, Numbers::Floats(values.to_vec()));
    }

    /// Puts a single number down.
    pub fn put_double(&mut self, name: &str, value: f64) {
        self.put(name, Numbers::Doubles(vec![value]));
    }

    /// Puts a counter down.
    pub fn put_whole(&mut self, name: &str, value: u64) {
        self.put(name, Numbers::Whole(vec![value]));
    }

    /// Puts down what a part of the whole has put down.
    pub fn put_part(&mut self, part: &str, state: Self) {
        let values = state.values.into_iter();
        self.values
            .extend(values.map(|(name, value)| (format!("{part}.{name}"), value)));
    }

    /// Takes back what [`Self::put_part`] has put down: empty if there was nothing.
    #[must_use]
    pub fn take_part(&mut self, part: &str) -> Self {
        let prefix = format!("{part}.");
        let names: Vec<String> = self.values.keys().cloned().collect();
        let mut taken = Self::default();
        for name in names {
            if let Some(own) = name.strip_prefix(&prefix)
                && let Some(value) = self.values.remove(&name)
            {
                taken.values.insert(own.to_owned(), value);
            }
        }
        taken
    }

    /// Whether something lies under a name.
    pub fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    /// Takes floats back; `length` is how many there must be.
    ///
    /// # Errors
    /// When they are not there, or not so many.
    pub fn take_floats(&mut self, name: &str, length: usize) -> Result<Vec<f32>> {
        match self.values.remove(name) {
            Some(Numbers::Floats(values)) if values.len() == length => Ok(values),
            _ => Err(damaged(name)),
        }
    }

    /// Takes a single number back.
    ///
    /// # Errors
    /// When it is not there.
    pub fn take_double(&mut self, name: &str) -> Result<f64> {
        match self.values.remove(name).as_ref() {
            Some(Numbers::Doubles(values)) if values.len() == 1 => Ok(values[0]),
            _ => Err(damaged(name)),
        }
    }

    /// Takes a counter back.
    ///
    /// # Errors
    /// When it is not there.
    pub fn take_whole(&mut self, name: &str) -> Result<u64> {
        match self.take_indices(name)?.as_slice() {
            [value] => Ok(*value),
            _ => Err(damaged(name)),
        }
    }

    /// Takes whole numbers back.
    ///
    /// # Errors
    /// When they are not there.
    pub fn take_indices(&mut self, name: &str) -> Result<Vec<u64>> {
        match self.values.remove(name) {
            Some(Numbers::Whole(values)) => Ok(values),
            _ => Err(damaged(name)),
        }
    }

    /// Everything that was put down, by name.
    pub fn values(&self) -> impl Iterator<Item = (&str, &Numbers)> {
        self.values
            .iter()
            .map(|(name, value)| (name.as_str(), value))
    }
}

fn damaged(name: &str) -> Error {
    Error::Checkpoint(format!("its entry {name} is missing or of another length"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_come_back_as_they_were_and_only_once() {
        let mut part = State::default();
        part.put_floats("x", &[1.0, f32::NAN]);
        part.put_double("loss", f64::INFINITY);
        let mut whole = State::default();
        whole.put_whole("x", 7);
        whole.put_part("optimizer", part);
        whole.put_whole("optimizers", 2);
        let mut back = whole.take_part("optimizer");
        assert_eq!(back.take_double("loss").unwrap(), f64::INFINITY);
        assert!(back.take_floats("x", 2).unwrap()[1].is_nan());
        assert!(back.is_empty() && whole.take_part("optimizer").is_empty());
        assert_eq!(whole.take_whole("x").unwrap(), 7);
        assert_eq!(whole.take_whole("optimizers").unwrap(), 2);
    }

    #[test]
    fn what_does_not_fit_is_refused_by_name() {
        let mut state = State::default();
        state.put_floats("mean", &[1.0; 3]);
        let error = state.take_floats("mean", 4).unwrap_err().to_string();
        assert!(error.contains("mean"), "{error}");
        state.put_whole("steps", 3);
        assert!(state.take_double("steps").is_err());
        assert!(state.take_whole("nothing").is_err());
    }
}
