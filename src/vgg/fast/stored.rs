//! The engine's own copy of the weights, from which they are transformed when the tile size changes:
//! in 16 bits where that loses nothing, as for the weights inside the program.

use std::borrow::Cow;

use half::f16;

use crate::vgg::weights::Convolution;

/// A convolution at rest.
pub(super) struct Stored {
    pub(super) inputs: usize,
    pub(super) outputs: usize,
    pub(super) bias: Vec<f32>,
    weight: Values,
}

enum Values {
    Half(Vec<f16>),
    Single(Vec<f32>),
}

impl Stored {
    pub(super) fn new(convolution: &Convolution) -> Self {
        let single = &convolution.weight;
        let half: Vec<f16> = single.iter().copied().map(f16::from_f32).collect();
        let same = half.iter().zip(single).all(|(h, s)| h.to_f32() == *s);
        Self {
            inputs: convolution.inputs,
            outputs: convolution.outputs,
            bias: convolution.bias.clone(),
            weight: if same {
                Values::Half(half)
            } else {
                Values::Single(single.clone())
            },
        }
    }

    /// `[outputs, inputs, 3, 3]`.
    pub(super) fn weight(&self) -> Cow<'_, [f32]> {
        match &self.weight {
            Values::Half(half) => half.iter().map(|value| value.to_f32()).collect(),
            Values::Single(single) => Cow::Borrowed(single),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::Layer;

    fn stored(weight: Vec<f32>) -> Stored {
        Stored::new(&Convolution {
            layer: Layer::new(1, 1),
            inputs: 1,
            outputs: 1,
            weight,
            bias: vec![0.5],
        })
    }

    #[test]
    fn weights_come_back_bit_by_bit_in_half_the_memory_where_they_can() {
        let halves = [0.5, -0.1, 6.0e-8, 65_504.0].map(|value| f16::from_f32(value).to_f32());
        let halves = halves.to_vec();
        let kept = stored(halves.clone());
        assert!(matches!(kept.weight, Values::Half(_)));
        assert_eq!(kept.weight(), halves);
        let singles = vec![0.1, 1e-30];
        let kept = stored(singles.clone());
        assert!(matches!(kept.weight, Values::Single(_)));
        assert_eq!(kept.weight(), singles);
    }
}
