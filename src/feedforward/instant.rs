//! Both transformers and the prediction network, loaded when they are first needed.

use std::sync::OnceLock;

use super::{
    layers::Architecture,
    norms::Norms,
    predictor::{Predictor, VECTOR},
    tensors::Tensors,
    transformer::Transformer,
};
use crate::{
    error::{Error, Result},
    pixels::Planes,
};

const GHIASI_TRANSFORM: &[u8] = include_bytes!("../../weights/ghiasi-transform.safetensors");
const GHIASI_PREDICT: &[u8] = include_bytes!("../../weights/ghiasi-predict.safetensors");
const DUMOULIN: &[u8] = include_bytes!("../../weights/multistyle26.safetensors");

/// Styles of the network of Dumoulin and others.
pub(super) const FIXED_STYLES: usize = 26;

/// The network of Ghiasi and others, with what makes gammas and betas of a style vector.
struct AnyStyle {
    predictor: Predictor,
    /// For each normalized layer gammas, then betas: `[C, 100]` and `[C]`.
    matrices: Vec<(Vec<f32>, Vec<f32>)>,
}

fn ghiasi() -> Result<&'static AnyStyle> {
    static LOADED: OnceLock<AnyStyle> = OnceLock::new();
    loaded(&LOADED, || {
        let tensors = Tensors::open("ghiasi-predict", GHIASI_PREDICT)?;
        let predictor = Predictor::load(&tensors)?;
        let tensors = Tensors::open("ghiasi-transform", GHIASI_TRANSFORM)?;
        let mut matrices = Vec::new();
        let layers = Architecture::Ghiasi2017.layers();
        for layer in layers.iter().filter(|layer| layer.is_normed()) {
            for part in ["gamma", "beta"] {
                let name = format!("{}.{part}", layer.name);
                let matrix = tensors.weight(&name, layer.to * VECTOR)?;
                matrices.push((matrix, tensors.bias(&name, layer.to)?));
            }
        }
        Ok(AnyStyle {
            predictor,
            matrices,
        })
    })
}

fn loaded<T>(cell: &'static OnceLock<T>, load: impl FnOnce() -> Result<T>) -> Result<&'static T> {
    if let Some(value) = cell.get() {
        return Ok(value);
    }
    let value = load()?;
    Ok(cell.get_or_init(|| value))
}

impl Transformer {
    /// The network inside the program; loaded once.
    ///
    /// # Errors
    /// Never for an undamaged program.
    pub fn embedded(architecture: Architecture) -> Result<&'static Self> {
        static GHIASI: OnceLock<Transformer> = OnceLock::new();
        static DUMOULIN_2017: OnceLock<Transformer> = OnceLock::new();
        let (cell, name, bytes) = match architecture {
            Architecture::Ghiasi2017 => (&GHIASI, "ghiasi-transform", GHIASI_TRANSFORM),
            Architecture::Dumoulin2017 => (&DUMOULIN_2017, "multistyle26", DUMOULIN),
        };
        loaded(cell, || {
            Self::load(architecture, &Tensors::open(name, bytes)?)
        })
    }
}

impl Norms {
    /// The style of any picture, by the prediction network (Ghiasi and others 2017). The
    /// gammas and betas depend on the style vector by a matrix and a bias, so that mixing styles by
    /// [`Norms::mixed`] is mixing their vectors.
    ///
    /// # Errors
    /// When memory runs out.
    pub fn of_picture(picture: &Planes) -> Result<Self> {
        Self::of_vector(&style_vector(picture)?)
    }

    /// The style of a vector of 100 numbers.
    ///
    /// # Errors
    /// When it has another length.
    pub fn of_vector(vector: &[f32]) -> Result<Self> {
        let mut values = Vec::with_capacity(Architecture::Ghiasi2017.norm_values());
        for (matrix, bias) in &ghiasi()?.matrices {
            for (row, bias) in matrix.chunks_exact(VECTOR).zip(bias) {
                let product: f32 = row.iter().zip(vector).map(|(a, b)| a * b).sum();
                values.push(product + bias);
            }
        }
        Self::new(Architecture::Ghiasi2017, values)
    }

    /// One of the 26 styles of Dumoulin and others.
    ///
    /// # Errors
    /// When there is no such style.
    pub fn fixed(style: usize) -> Result<Self> {
        if style >= FIXED_STYLES {
            let wanted = format!("give 0 to {}", FIXED_STYLES - 1);
            return Err(Error::setting("style", style, wanted));
        }
        let architecture = Architecture::Dumoulin2017;
        let tensors = Tensors::open("multistyle26", DUMOULIN)?;
        let mut values = Vec::with_capacity(architecture.norm_values());
        for layer in architecture.layers() {
            for part in ["gamma", "beta"] {
                let rows = tensors.floats(&format!("{}.{part}", layer.name))?;
                values.extend(rows.chunks_exact(layer.to).nth(style).unwrap_or_default());
            }
        }
        Self::new(architecture, values)
    }
}

/// The 100 numbers that the prediction network sees in a picture.
///
/// # Errors
/// When memory runs out.
pub fn style_vector(picture: &Planes) -> Result<Vec<f32>> {
    ghiasi()?.predictor.vector(picture)
}
