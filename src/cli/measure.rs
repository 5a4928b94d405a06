//! `impasto measure`: the unweighted losses of a picture at every layer.

use std::{collections::BTreeMap, path::PathBuf};

use clap::Args;
use serde::Serialize;

use super::{
    engine_arguments::EngineArguments, inputs::check_standard_input, output, standard::open_picture,
};
use crate::{
    error::{Error, Result},
    loss::{Measure, content::ContentLoss, gram::GramLoss, total_variation},
    network::{Family, Layer, Network, Pooling},
    pixels::{Picture, vgg_from_srgb},
    transfer::Compute,
    vgg::{Engine, Topology, VggImage},
};

#[derive(Debug, Args)]
pub(super) struct MeasureArguments {
    /// The content image.
    #[arg(long, value_name = "FILE")]
    content: PathBuf,
    /// The style image; nothing is resized.
    #[arg(long, value_name = "FILE")]
    style: PathBuf,
    /// The picture to measure, of the content image's size.
    #[arg(long, value_name = "FILE")]
    image: PathBuf,
    /// How the network halves its feature maps.
    #[arg(long, default_value = "max")]
    pooling: Pooling,
    #[command(flatten)]
    engine: EngineArguments,
    /// Print one JSON object.
    #[arg(long)]
    json: bool,
}

/// What is printed.
#[derive(Serialize)]
struct Figures {
    width: usize,
    height: usize,
    content: BTreeMap<Layer, f64>,
    style: BTreeMap<Layer, f64>,
    tv: f64,
}

/// Measures and prints.
///
/// # Errors
/// When a file cannot be read, sizes differ, or the device fails.
pub(super) fn run(arguments: &MeasureArguments) -> Result<()> {
    let named = [&*arguments.content, &*arguments.style, &*arguments.image];
    check_standard_input(named)?;
    let [content, style, image] = named.map(open_picture);
    let (content, style, image) = (content?, style?, image?);
    let sides = |picture: &Picture| (picture.planes.width, picture.planes.height);
    if sides(&image) != sides(&content) {
        let (width, height) = sides(&content);
        return Err(Error::Picture {
            name: image.name.clone(),
            why: format!(
                "it has {}x{} pixels and the content image {width}x{height}",
                image.planes.width, image.planes.height
            ),
            advice: "Give pictures of the same size; measure resizes nothing",
        });
    }
    let network = arguments.engine.network.unwrap_or(Network::Vgg16);
    let topology = Topology {
        pooling: arguments.pooling,
        ..Topology::default()
    };
    let compute = Compute::new(arguments.engine.threads)?;
    let (mut engine, family) = compute.engine(network, arguments.engine.weights.as_deref())?;
    let figures = compute.install(|| {
        let pictures = [&content, &style, &image];
        figures(engine.as_mut(), family, network, topology, pictures)
    })?;
    if arguments.json {
        return output::json(&figures);
    }
    output::line(&format!("{:8} {:>16} {:>16}", "layer", "content", "Gram"))?;
    for (layer, value) in &figures.content {
        output::line(&format!(
            "{layer:8} {value:16.6e} {:16.6e}",
            figures.style[layer]
        ))?;
    }
    output::line(&format!("total variation {:.6e}", figures.tv))
}

/// The figures of `[content, style, image]`.
fn figures(
    engine: &mut dyn Engine,
    family: Family,
    network: Network,
    topology: Topology,
    [content, style, image]: [&Picture; 3],
) -> Result<Figures> {
    let taps: Vec<Layer> = network.layers().collect();
    let forward = |picture: &Picture, engine: &mut dyn Engine| {
        let data = vgg_from_srgb(&picture.planes, family.mean());
        let (height, width) = (picture.planes.height, picture.planes.width);
        let image = VggImage {
            data: &data,
            height,
            width,
        };
        engine.forward(image, &taps, topology)?;
        Ok::<_, Error>(data)
    };
    forward(content, engine)?;
    let mut contents: BTreeMap<Layer, ContentLoss> = BTreeMap::new();
    for layer in network.layers() {
        contents.insert(layer, ContentLoss::new(&engine.tap(layer)?.map()?)?);
    }
    forward(style, engine)?;
    let mut grams: BTreeMap<Layer, GramLoss> = BTreeMap::new();
    for layer in network.layers() {
        grams.insert(layer, GramLoss::new(&engine.tap(layer)?.moments()?.second)?);
    }
    let data = forward(image, engine)?;
    let (height, width) = (image.planes.height, image.planes.width);
    let mut figures = Figures {
        width,
        height,
        content: BTreeMap::new(),
        style: BTreeMap::new(),
        tv: total_variation::absolute(&data, height, width).value,
    };
    for layer in network.layers() {
        let features = engine.tap(layer)?;
        let value = |measure: Option<&mut dyn Measure>| -> Result<f64> {
            match measure {
                Some(measure) => Ok(measure.evaluate(features.as_ref())?.value),
                None => Err(Error::Internal(format!("no target at {layer}"))),
            }
        };
        let content = contents
            .get_mut(&layer)
            .map(|loss| loss as &mut dyn Measure);
        figures.content.insert(layer, value(content)?);
        let gram = grams.get_mut(&layer).map(|loss| loss as &mut dyn Measure);
        figures.style.insert(layer, value(gram)?);
    }
    Ok(figures)
}
