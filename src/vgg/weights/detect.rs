//! What the tensors of a file mean: which network, which layer, which training, which order of
//! colors.
//!
//! The network follows from names and shapes. The training ([`Family`]) and the order of colors
//! follow from the first filter, which is known for the four releases and survives fine-tuning
//! (and Gatys' normalization, a factor); where it is unknown, from the format's convention; where
//! that does not tell, the user says.

use std::collections::BTreeMap;

use super::{
    Convolution,
    formats::{Contents, Format, Reason, Stored},
};
use crate::{
    choice::Choice as _,
    network::{Family, Layer, Network},
};

/// What was detected.
pub(super) struct Detected {
    pub(super) network: Network,
    pub(super) family: Family,
    /// Whether the first filter is that of a known release of this family.
    pub(super) is_release: bool,
    /// In the network's order, the first one in RGB order, nothing folded into it. A file that was
    /// cut short has the first ones only.
    pub(super) convolutions: Vec<Convolution>,
    /// What deserves a second look.
    pub(super) warnings: Vec<String>,
}

/// Why a file was not detected.
pub(super) enum Undetected {
    /// It does not hold VGG.
    Unfit(String),
    /// Only the user knows its family.
    Family,
}

impl From<String> for Undetected {
    fn from(why: String) -> Self {
        Self::Unfit(why)
    }
}

/// Order of the first convolution's input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Colors {
    Rgb,
    Bgr,
}

/// How a release names its convolutions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Naming {
    /// `block1_conv1` (Keras).
    Blocks,
    /// `conv1_1` (Caffe, this program, Gatys).
    Layers,
    /// `features.0` (torchvision and what follows it).
    Places,
}

/// A convolution's name.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Place {
    Layer(Layer),
    /// Place in a sequence of convolutions, rectifiers and poolings.
    Index(u32),
}

#[derive(Default)]
struct Pair<'a> {
    weight: Option<&'a Stored<'a>>,
    bias: Option<&'a Stored<'a>>,
}

/// Makes sense of a file's tensors. `told` is the family the user gave.
pub(super) fn detect(
    format: Format,
    contents: &Contents<'_>,
    told: Option<Family>,
) -> Result<Detected, Undetected> {
    let (naming, pairs) = pairs(format, contents)?;
    let places: Vec<Place> = pairs.keys().copied().collect();
    let network = network(&places, contents)?;
    let mut inputs = 3;
    let mut convolutions = Vec::new();
    for (layer, (_, pair)) in network.layers().zip(&pairs) {
        let convolution = convolution(format, layer, inputs, pair)?;
        inputs = convolution.outputs;
        convolutions.push(convolution);
    }
    let mut warnings = Vec::new();
    warnings.extend(cut(&mut convolutions, network)?);
    let known = known_release(&convolutions[0].weight[..27]);
    let stated = contents.metadata.get("family");
    let stated = stated.and_then(|name| Family::find("family", name).ok());
    let conventional = (naming != Naming::Places).then_some(Family::Oxford);
    let family = told
        .or(stated)
        .or(known.map(|(family, _)| family))
        .or(conventional)
        .ok_or(Undetected::Family)?;
    if let Some((seen, _)) = known.filter(|&(seen, _)| seen != family) {
        warnings.push(format!(
            "its first layer is that of the {} release, and it is taken for {}",
            seen.name(),
            family.name()
        ));
    }
    let colors = match (naming, format, family) {
        // This program's own form says so; nothing else is written in it.
        (Naming::Layers, Format::Safetensors, _) | (_, _, Family::Torchvision) => Colors::Rgb,
        _ => known.map_or(Colors::Bgr, |(_, colors)| colors),
    };
    if colors == Colors::Bgr {
        reverse_colors(&mut convolutions[0].weight);
    }
    Ok(Detected {
        network,
        family,
        is_release: known.is_some_and(|(seen, _)| seen == family),
        convolutions,
        warnings,
    })
}

/// The 3x3 convolutions of a file, by place.
fn pairs<'a>(
    format: Format,
    contents: &'a Contents<'a>,
) -> Reason<(Naming, BTreeMap<Place, Pair<'a>>)> {
    let mut found: Option<Naming> = None;
    let mut pairs: BTreeMap<Place, Pair<'_>> = BTreeMap::new();
    for tensor in &contents.tensors {
        let Some((naming, place, is_weight)) = place(tensor) else {
            continue;
        };
        if *found.get_or_insert(naming) != naming {
            return Err("its tensors are named in two ways".to_owned());
        }
        let pair = pairs.entry(place).or_default();
        let slot = if is_weight {
            &mut pair.weight
        } else {
            &mut pair.bias
        };
        if slot.replace(tensor).is_some() {
            return Err(format!("it holds {} twice", tensor.name));
        }
    }
    match found {
        Some(naming) => Ok((naming, pairs)),
        None => Err(format!(
            "it has no tensor conv1_1.weight, features.0.weight or block1_conv1 among its {} ({})",
            contents.tensors.len(),
            format.title()
        )),
    }
}

/// What a tensor's name says: how it is named, where it stands, whether it is a weight.
fn place(tensor: &Stored<'_>) -> Option<(Naming, Place, bool)> {
    let name = tensor.name.as_str();
    // Keras keeps moments of its optimizer under the same names.
    if name.starts_with("optimizer") {
        return None;
    }
    for part in name.split('/') {
        let layer = part
            .strip_prefix("block")
            .and_then(|rest| rest.split_once("_conv"))
            .and_then(|(block, index)| format!("conv{block}_{index}").parse().ok());
        if let Some(layer) = layer {
            let is_weight = tensor.shape.len() == 4;
            return Some((Naming::Blocks, Place::Layer(layer), is_weight));
        }
    }
    let (stem, is_weight) = match name.strip_suffix(".weight") {
        Some(stem) => (stem, true),
        None => (name.strip_suffix(".bias")?, false),
    };
    let mut parts = stem.rsplit('.');
    let last = parts.next()?;
    if last.starts_with("conv") {
        let layer = last.parse().ok()?;
        return Some((Naming::Layers, Place::Layer(layer), is_weight));
    }
    let index = last.parse().ok()?;
    matches!(parts.next(), None | Some("features")).then_some((
        Naming::Places,
        Place::Index(index),
        is_weight,
    ))
}

/// The network whose convolutions stand at `places`.
fn network(places: &[Place], contents: &Contents<'_>) -> Reason<Network> {
    let normalized = |tensor: &Stored<'_>| tensor.name.ends_with(".running_mean");
    if contents.tensors.iter().any(normalized) {
        return Err("it is a VGG with batch normalization, which is another network".to_owned());
    }
    let begins = |network: &Network| {
        layer_places(*network).starts_with(places) || indices(*network).starts_with(places)
    };
    let fitting: Vec<Network> = Network::ALL.into_iter().filter(begins).collect();
    let count = places.len();
    match fitting[..] {
        [network] => Ok(network),
        [] => Err(format!(
            "its {count} convolutions are not those of VGG-16 (13) or VGG-19 (16)"
        )),
        _ => Err(format!(
            "it ends after {count} convolutions, before VGG-16 and VGG-19 begin to differ"
        )),
    }
}

/// Leaves out what lies behind a convolution of zeros: a file that was cut short, or filled up.
/// Says how far the rest goes when it is not the whole network.
fn cut(convolutions: &mut Vec<Convolution>, network: Network) -> Reason<Option<String>> {
    let empty = |convolution: &Convolution| convolution.weight.iter().all(|&value| value == 0.0);
    let zeros = convolutions.iter().position(empty);
    let why = zeros.map(|first| {
        let name = convolutions[first].layer.convolution();
        format!("{name} holds nothing but zeros")
    });
    convolutions.truncate(zeros.unwrap_or(convolutions.len()));
    let Some(last) = convolutions.last().map(|convolution| convolution.layer) else {
        return Err("conv1_1 holds nothing but zeros".to_owned());
    };
    if network.layers().next_back() == Some(last) {
        return Ok(None);
    }
    let why = why.unwrap_or_else(|| format!("it ends at {}", last.convolution()));
    Ok(Some(format!("{why}: it can be used as far as {last}")))
}

fn layer_places(network: Network) -> Vec<Place> {
    network.layers().map(Place::Layer).collect()
}

/// Places of the convolutions in torchvision's `features`.
fn indices(network: Network) -> Vec<Place> {
    let mut index = 0;
    let place = network.layers().map(|layer| {
        let place = Place::Index(index);
        // A ReLU follows each convolution, and a pooling the last one of a block.
        index += if network.pools_after(layer) { 3 } else { 2 };
        place
    });
    place.collect()
}

fn convolution(
    format: Format,
    layer: Layer,
    inputs: usize,
    pair: &Pair<'_>,
) -> Reason<Convolution> {
    let outputs = layer.channels();
    let name = layer.convolution();
    let weight = pair
        .weight
        .ok_or_else(|| format!("it has no weight for {name}"))?;
    let bias = pair
        .bias
        .ok_or_else(|| format!("it has no bias for {name}"))?;
    let keras = format == Format::Hdf5;
    let expected = if keras {
        [3, 3, inputs, outputs]
    } else {
        [outputs, inputs, 3, 3]
    };
    if weight.shape != expected {
        return Err(format!(
            "{} has shape {:?} where {expected:?} is due",
            weight.name, weight.shape
        ));
    }
    // Caffe writes a bias as [1, 1, 1, N].
    let sides = bias.shape.iter().filter(|&&side| side != 1);
    if !sides.eq([&outputs]) {
        return Err(format!(
            "{} has shape {:?} where [{outputs}] is due",
            bias.name, bias.shape
        ));
    }
    let values = |tensor: &Stored<'_>| {
        let values = tensor.values();
        if values.iter().all(|value| value.is_finite()) {
            return Ok(values);
        }
        let name = &tensor.name;
        Err(format!("{name} holds values that are not finite numbers"))
    };
    let stored = values(weight)?;
    Ok(Convolution {
        layer,
        inputs,
        outputs,
        weight: if keras {
            outputs_first(&stored, inputs, outputs)
        } else {
            stored
        },
        bias: values(bias)?,
    })
}

/// [3, 3, in, out] to [out, in, 3, 3].
fn outputs_first(values: &[f32], inputs: usize, outputs: usize) -> Vec<f32> {
    let mut turned = vec![0.0; values.len()];
    for (position, plane) in values.chunks_exact(inputs * outputs).enumerate() {
        for (input, row) in plane.chunks_exact(outputs).enumerate() {
            for (output, &value) in row.iter().enumerate() {
                turned[(output * inputs + input) * 9 + position] = value;
            }
        }
    }
    turned
}

/// Swaps first and last input channel of the first convolution.
fn reverse_colors(weight: &mut [f32]) {
    for filter in weight.chunks_exact_mut(27) {
        let (first, rest) = filter.split_at_mut(9);
        first.swap_with_slice(&mut rest[9..]);
    }
}

/// The release whose first filter is (nearly) `filter` [3, 3, 3], and its order of colors.
fn known_release(filter: &[f32]) -> Option<(Family, Colors)> {
    let mut reversed = filter.to_vec();
    reverse_colors(&mut reversed);
    let mut best = (0.999, None);
    for (family, known) in FIRST_FILTERS {
        // Torchvision's training has one order only.
        let orders = [(Colors::Rgb, filter), (Colors::Bgr, reversed.as_slice())];
        for (colors, values) in orders {
            let cosine = cosine(values, &known);
            if cosine > best.0 {
                best = (cosine, Some((family, colors)));
            }
        }
    }
    best.1
}

fn cosine(a: &[f32], b: &[f32]) -> f64 {
    let dot = |a: &[f32], b: &[f32]| -> f64 {
        let products = a.iter().zip(b).map(|(&a, &b)| f64::from(a) * f64::from(b));
        products.sum()
    };
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
}

/// The first filter [3, 3, 3], RGB, of the four releases, to the digits that tell them apart.
const FIRST_FILTERS: [(Family, [f32; 27]); 4] = [
    // VGG-16.
    (
        Family::Oxford,
        [
            0.4800, 0.4084, -0.0651, 0.3105, 0.0502, -0.4033, -0.0509, -0.2852, -0.4185, //
            0.5503, 0.4402, -0.0814, 0.3457, 0.0406, -0.4536, -0.0586, -0.3306, -0.4850, //
            0.4294, 0.3735, -0.0614, 0.2747, 0.0387, -0.3672, -0.0575, -0.2622, -0.3500,
        ],
    ),
    // VGG-19.
    (
        Family::Oxford,
        [
            0.3942, 0.3774, -0.0460, 0.2671, 0.0999, -0.3410, -0.0757, -0.2803, -0.4160, //
            0.4642, 0.4181, -0.0481, 0.3051, 0.1039, -0.3731, -0.0765, -0.3107, -0.4645, //
            0.3412, 0.3400, -0.0448, 0.2322, 0.0898, -0.3033, -0.0726, -0.2467, -0.3368,
        ],
    ),
    // VGG-16.
    (
        Family::Torchvision,
        [
            -0.5537, 0.1427, 0.5290, -0.5831, 0.3566, 0.7657, -0.6902, -0.0480, 0.4841, //
            0.1755, 0.0099, -0.0814, 0.0441, -0.0703, -0.2604, 0.1324, -0.1728, -0.1323, //
            0.3130, -0.1659, -0.4275, 0.4752, -0.0827, -0.4870, 0.6320, 0.0193, -0.2775,
        ],
    ),
    // VGG-19.
    (
        Family::Torchvision,
        [
            -0.0535, -0.0493, -0.0679, 0.0153, 0.0451, 0.0021, 0.0362, 0.0200, 0.0199, //
            0.0170, 0.0554, -0.0062, 0.1417, 0.2271, 0.1376, 0.1200, 0.2003, 0.0921, //
            -0.0449, 0.0127, -0.0145, 0.0597, 0.1396, 0.0541, -0.0010, 0.0583, -0.0297,
        ],
    ),
];
