//! Reads the weights files: integers with scales, to floats.

use safetensors::{Dtype, SafeTensors, tensor::TensorView};

use crate::error::{Error, Result};

/// A weights file of a feed-forward network.
pub(super) struct Tensors<'a> {
    name: &'static str,
    file: SafeTensors<'a>,
}

impl<'a> Tensors<'a> {
    /// Opens a file.
    ///
    /// # Errors
    /// When it is damaged.
    pub(super) fn open(name: &'static str, bytes: &'a [u8]) -> Result<Self> {
        let file = SafeTensors::deserialize(bytes).map_err(|fault| damaged(name, &fault))?;
        Ok(Self { name, file })
    }

    /// The weights of a layer, as `[out, ...]`. Integers become `q · scale[out]`, or
    /// `q · (high - low) / 255 + low`.
    ///
    /// # Errors
    /// When they are missing or not `length` values.
    pub(super) fn weight(&self, layer: &str, length: usize) -> Result<Vec<f32>> {
        let view = self.view(&format!("{layer}.weight_q"))?;
        let weight: Vec<f32> = match view.dtype() {
            Dtype::I8 => {
                let scales = self.floats(&format!("{layer}.scale"))?;
                let each = (length / scales.len().max(1)).max(1);
                let rows = view.data().chunks(each).zip(&scales);
                rows.flat_map(|(row, scale)| {
                    row.iter()
                        .map(move |q| f32::from(i8::from_ne_bytes([*q])) * scale)
                })
                .collect()
            }
            Dtype::U8 => match self.floats(&format!("{layer}.range"))?[..] {
                [low, high] => {
                    let value = |q: &u8| f32::from(*q) * (high - low) / 255.0 + low;
                    view.data().iter().map(value).collect()
                }
                _ => return Err(damaged(self.name, &"a range is not two numbers")),
            },
            other => return Err(damaged(self.name, &format!("{layer} holds {other:?}"))),
        };
        self.checked(layer, weight, length)
    }

    /// The biases of a layer; zeros where it has none.
    ///
    /// # Errors
    /// When they are not `length` values.
    pub(super) fn bias(&self, layer: &str, length: usize) -> Result<Vec<f32>> {
        let name = format!("{layer}.bias");
        if self.file.tensor(&name).is_err() {
            return Ok(vec![0.0; length]);
        }
        self.checked(layer, self.floats(&name)?, length)
    }

    /// A tensor of floats.
    ///
    /// # Errors
    /// When it is missing or holds something else.
    pub(super) fn floats(&self, name: &str) -> Result<Vec<f32>> {
        let view = self.view(name)?;
        if view.dtype() != Dtype::F32 {
            return Err(damaged(self.name, &format!("{name} is not float32")));
        }
        let (values, _) = view.data().as_chunks::<4>();
        Ok(values
            .iter()
            .map(|bytes| f32::from_le_bytes(*bytes))
            .collect())
    }

    fn view(&self, name: &str) -> Result<TensorView<'a>> {
        let view = self.file.tensor(name);
        view.map_err(|fault| damaged(self.name, &fault))
    }

    fn checked(&self, layer: &str, values: Vec<f32>, length: usize) -> Result<Vec<f32>> {
        if values.len() == length {
            return Ok(values);
        }
        let why = format!("{layer} has {} values, not {length}", values.len());
        Err(damaged(self.name, &why))
    }
}

fn damaged(name: &str, why: &dyn std::fmt::Display) -> Error {
    Error::Weights {
        name: name.to_owned(),
        why: why.to_string(),
        advice: "Install the program again",
    }
}
