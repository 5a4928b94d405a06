//! Impasto's own form of weights: safetensors, keys `conv1_1.weight` and `.bias`, OIHW, RGB.

use std::{
    fs,
    path::Path,
    sync::{Arc, OnceLock},
};

use candle_core::{DType, Device};
use candle_nn::VarBuilder;
use rand::SeedableRng as _;
use rand_distr::{Distribution as _, Normal};
use safetensors::SafeTensors;
use sha2::{Digest as _, Sha256};

use super::{Convolution, Weights};
use crate::{
    error::{Error, Result},
    network::{Family, Layer, Network},
};

const EMBEDDED: &[u8] = include_bytes!("../../../weights/vgg16-conv-f16.safetensors");

/// Largest file that is read: VGG-19 with its fully connected layers in f32, and some more.
const MAX_BYTES: u64 = 1 << 30;

pub(super) fn embedded() -> Result<Arc<Weights>> {
    static WEIGHTS: OnceLock<Arc<Weights>> = OnceLock::new();
    if let Some(weights) = WEIGHTS.get() {
        return Ok(Arc::clone(weights));
    }
    let weights = from_bytes(EMBEDDED, "embedded VGG-16 (Oxford)")?;
    Ok(Arc::clone(WEIGHTS.get_or_init(|| Arc::new(weights))))
}

pub(super) fn from_file(path: &Path) -> Result<Arc<Weights>> {
    let advice = "Check that the file exists and that you may read it";
    let fault = |source| Error::file("read", path, source, advice);
    let name = path.display().to_string();
    let bytes = fs::metadata(path).map_err(fault)?.len();
    if bytes > MAX_BYTES {
        return Err(Error::Weights {
            name,
            why: format!("it has {bytes} bytes, more than any VGG"),
            advice: "Give a safetensors file of VGG-16 or VGG-19",
        });
    }
    from_bytes(&fs::read(path).map_err(fault)?, &name).map(Arc::new)
}

pub(super) fn random(network: Network, seed: u64) -> Arc<Weights> {
    let mut rng = rand_pcg::Pcg64Mcg::seed_from_u64(seed);
    let mut inputs = 3;
    let convolutions = network.layers().map(|layer| {
        let outputs = layer.channels();
        // He et al. 2015, equation 10: variance 2 / fan-in keeps the signal through ReLUs.
        let deviation = (2.0 / (9 * inputs) as f32).sqrt();
        let normal = Normal::new(0.0, deviation).unwrap_or_else(|_| unreachable!("finite"));
        let weight = (0..outputs * inputs * 9)
            .map(|_| normal.sample(&mut rng))
            .collect();
        let convolution = Convolution {
            layer,
            inputs,
            outputs,
            weight,
            bias: vec![0.0; outputs],
        };
        inputs = outputs;
        convolution
    });
    Arc::new(Weights {
        network,
        family: Family::Oxford,
        origin: format!("random {} (He, seed {seed})", network.title()),
        sha256: String::new(),
        convolutions: convolutions.collect(),
    })
}

fn from_bytes(bytes: &[u8], name: &str) -> Result<Weights> {
    let fault = |why: String| Error::Weights {
        name: name.to_owned(),
        why,
        advice: "Give a safetensors file with keys conv1_1.weight, conv1_1.bias and so on",
    };
    let keys = SafeTensors::deserialize(bytes)
        .map_err(|why| fault(format!("it is not a whole safetensors file ({why})")))?;
    let has = |layer: Layer| {
        keys.tensor(&format!("{}.weight", layer.convolution()))
            .is_ok()
    };
    let network = if has(Layer::new(3, 4)) {
        Network::Vgg19
    } else if has(Layer::new(1, 1)) {
        Network::Vgg16
    } else {
        return Err(fault("it has no tensor conv1_1.weight".to_owned()));
    };
    let builder = VarBuilder::from_slice_safetensors(bytes, DType::F32, &Device::Cpu)
        .map_err(|why| fault(strip_backtrace(&why)))?;
    let mut inputs = 3;
    let mut convolutions = Vec::new();
    for layer in network.layers() {
        let outputs = layer.channels();
        let scope = builder.pp(layer.convolution());
        let read = |shape: &[usize], key| -> Result<Vec<f32>> {
            let tensor = scope
                .get(shape, key)
                .map_err(|why| fault(strip_backtrace(&why)))?;
            let values = tensor.flatten_all()?.to_vec1::<f32>()?;
            if values.iter().all(|value| value.is_finite()) {
                return Ok(values);
            }
            Err(fault(format!(
                "{}.{key} holds values that are not finite numbers",
                layer.convolution()
            )))
        };
        convolutions.push(Convolution {
            layer,
            inputs,
            outputs,
            weight: read(&[outputs, inputs, 3, 3], "weight")?,
            bias: read(&[outputs], "bias")?,
        });
        inputs = outputs;
    }
    Ok(Weights {
        network,
        family: Family::Oxford,
        origin: name.to_owned(),
        sha256: hex(&Sha256::digest(bytes)),
        convolutions,
    })
}

/// candle appends a backtrace to its messages when `RUST_BACKTRACE` is set.
fn strip_backtrace(fault: &candle_core::Error) -> String {
    match fault {
        candle_core::Error::WithBacktrace { inner, .. } => strip_backtrace(inner),
        other => other.to_string(),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_file_is_the_documented_one() {
        let weights = embedded().unwrap();
        assert_eq!(weights.network, Network::Vgg16);
        assert_eq!(weights.convolutions.len(), 13);
        assert_eq!(
            weights.sha256,
            "28e7d7a5acb302aec00108d4660e1029371da4bb1a0c22d9d056ceeaf0100832"
        );
    }

    #[test]
    fn damaged_files_are_refused_with_the_reason() {
        for (bytes, expected) in [
            (&EMBEDDED[..EMBEDDED.len() - 2], "not a whole safetensors"),
            (&b""[..], "not a whole safetensors"),
            (&[0xff; 64][..], "not a whole safetensors"),
            (&b"\x02\0\0\0\0\0\0\0{}"[..], "no tensor conv1_1"),
        ] {
            let message = from_bytes(bytes, "test").unwrap_err().to_string();
            assert!(message.contains(expected), "{message}");
        }
    }

    #[test]
    fn random_weights_repeat_by_seed() {
        let [a, b, c] = [1, 1, 2].map(|seed| random(Network::Vgg16, seed));
        assert_eq!(a, b);
        assert_ne!(a.convolutions[0].weight, c.convolutions[0].weight);
    }
}
