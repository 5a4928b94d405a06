//! Small files of random weights, for tests of reading and choosing them.

use std::path::PathBuf;

use impasto::{
    network::Network,
    vgg::weights::{Convolution, Weights},
};

/// The first `count` convolutions of VGG-19 with random weights, as a safetensors file. Each
/// convolution has the name that `named` makes of its place and its layer, and its weights
/// are times `factor`, which takes the place too.
pub(crate) fn made_weights(
    file: PathBuf,
    count: usize,
    named: impl Fn(usize, &Convolution) -> String,
    factor: impl Fn(usize) -> f32,
) -> PathBuf {
    let random = Weights::random(Network::Vgg19, 3);
    let mut tensors: Vec<(String, Vec<usize>, Vec<u8>)> = Vec::new();
    for (index, convolution) in random.convolutions[..count].iter().enumerate() {
        let bytes = |values: &[f32]| -> Vec<u8> {
            let scaled = values.iter().map(|value| value * factor(index));
            scaled.flat_map(f32::to_le_bytes).collect()
        };
        let name = named(index, convolution);
        let sides = vec![convolution.outputs, convolution.inputs, 3, 3];
        let weight = bytes(&convolution.weight);
        tensors.push((format!("{name}.weight"), sides, weight));
        let bias = bytes(&convolution.bias);
        tensors.push((format!("{name}.bias"), vec![convolution.outputs], bias));
    }
    let views = tensors.iter().map(|(name, shape, bytes)| {
        let dtype = safetensors::Dtype::F32;
        let view = safetensors::tensor::TensorView::new(dtype, shape.clone(), bytes).unwrap();
        (name, view)
    });
    std::fs::write(&file, safetensors::serialize(views, None).unwrap()).unwrap();
    file
}

/// The name of a convolution by its layer, as `conv1_1`.
pub(crate) fn by_layer(_: usize, convolution: &Convolution) -> String {
    convolution.layer.convolution()
}
