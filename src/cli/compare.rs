//! `impasto compare`: measures finished pictures by metrics that no run optimizes, so that
//! settings, measures and programs can be held against each other.
//!
//! Content is measured by self-similarity at a held-out layer and by the correlation of contours,
//! style by distributions of features at held-out layers, by colors and by patches: see
//! [`metrics`]. Each distance is divided by that of content image and style image themselves: 0 is
//! the image itself, 1 as far from it as the other one. The two scores are the means of these;
//! lower is better.
//!
//! The look stands beside the scores: whether strokes are those of the style, whether a few are
//! stamped all over, and whether they follow the forms.
//!
//! A picture is measured at its own size: content and style are resized to it. For the reference of
//! the content distances, which need equal sides, the style image is stretched to the picture's.

use std::path::{Path, PathBuf};

use clap::Args;
use serde::Serialize;

use super::{
    engine_arguments::EngineArguments,
    inputs::check_standard_input,
    look::{Look, patch_use},
    output,
    standard::open_picture,
};
use crate::{
    error::{Error, Result},
    features::TensorFeatures,
    loss::metrics::{self, Planar},
    network::{Family, Layer, Network},
    pixels::{Planes, vgg_from_srgb},
    transfer::Compute,
    vgg::{Engine, Topology, VggImage},
    words::visible,
};

#[derive(Debug, Args)]
pub(super) struct CompareArguments {
    /// The content image.
    #[arg(long, value_name = "FILE")]
    content: PathBuf,
    /// The style image.
    #[arg(long, value_name = "FILE")]
    style: PathBuf,
    /// A picture to measure; repeat for several. Content and style are resized to it.
    #[arg(long, value_name = "FILE", required = true)]
    image: Vec<PathBuf>,
    #[command(flatten)]
    engine: EngineArguments,
    /// Print one JSON object a picture.
    #[arg(long)]
    json: bool,
}

/// A distance, and what it means.
#[derive(Debug, Serialize)]
struct Distance {
    /// What was compared: the name of a measure or a layer.
    measure: String,
    /// In the measure's own unit.
    raw: f64,
    /// The same for content image and style image.
    reference: f64,
    /// `raw / reference`.
    relative: f64,
}

/// The scores of a picture.
#[derive(Debug, Serialize)]
struct Verdict {
    #[serde(serialize_with = "crate::paths::serialize")]
    image: PathBuf,
    width: usize,
    height: usize,
    /// Whether the content image has other sides and was resized to the picture's.
    content_resized: bool,
    content_score: f64,
    style_score: f64,
    content: Vec<Distance>,
    style: Vec<Distance>,
    look: Look,
}

/// Measures and prints.
///
/// # Errors
/// When a file cannot be read, content and style image cannot be told apart, or the device
/// fails.
pub(super) fn run(arguments: &CompareArguments) -> Result<()> {
    let named = arguments.image.iter().map(PathBuf::as_path);
    check_standard_input(named.chain([&*arguments.content, &*arguments.style]))?;
    let content = open_picture(&arguments.content)?;
    let style = open_picture(&arguments.style)?;
    let images = arguments
        .image
        .iter()
        .map(|path| Ok((path.as_path(), open_picture(path)?)))
        .collect::<Result<Vec<_>>>()?;
    let network = arguments.engine.network.unwrap_or(Network::Vgg16);
    let compute = Compute::new(arguments.engine.threads)?;
    let (engine, family) = compute.engine(network, arguments.engine.weights.as_deref())?;
    let mut metrics = Metrics {
        content: &content.planes,
        style: &style.planes,
        network: Looks { engine, family },
        reference: None,
    };
    let mut verdicts = Vec::new();
    for (path, image) in &images {
        if !output::is_heard() {
            return Ok(());
        }
        let verdict = compute.install(|| metrics.measure(path, &image.planes))?;
        if verdict.content_resized {
            output::say(&format!(
                "impasto: {} has other sides than the content image, which is resized to {}x{}",
                path.display(),
                verdict.width,
                verdict.height
            ));
        }
        if arguments.json {
            output::json(&verdict)?;
        }
        verdicts.push(verdict);
    }
    if arguments.json {
        return Ok(());
    }
    table(&verdicts)
}

/// A network to look through.
struct Looks {
    engine: Box<dyn Engine>,
    family: Family,
}

impl Looks {
    /// The feature maps of a picture at the metrics' layers, in their order.
    fn at(&mut self, planes: &Planes) -> Result<Vec<TensorFeatures>> {
        self.through(planes, &metrics::STYLE_LAYERS)
    }

    /// The map of a reduced picture that patches are taken from; `None` where it is too small to
    /// have any.
    fn patches_of(&mut self, planes: &Planes) -> Result<Option<TensorFeatures>> {
        let reduced = planes.fit(metrics::patch_px(planes.longest_px()));
        if reduced.width.min(reduced.height) < metrics::PATCH_LAYER.stride() {
            return Ok(None);
        }
        let mut maps = self.through(&reduced, &[metrics::PATCH_LAYER])?;
        Ok(maps.pop())
    }

    fn through(&mut self, planes: &Planes, layers: &[Layer]) -> Result<Vec<TensorFeatures>> {
        let data = vgg_from_srgb(planes, self.family.mean());
        let image = VggImage {
            data: &data,
            height: planes.height,
            width: planes.width,
        };
        self.engine.forward(image, layers, Topology::default())?;
        let engine = &self.engine;
        let map = |&layer: &Layer| TensorFeatures::new(engine.tap(layer)?.map()?);
        layers.iter().map(map).collect()
    }
}

/// A picture with its feature maps.
struct Seen {
    planes: Planes,
    features: Vec<TensorFeatures>,
}

impl Seen {
    fn new(planes: Planes, network: &mut Looks) -> Result<Self> {
        let features = network.at(&planes)?;
        Ok(Self { planes, features })
    }

    fn planar(&self) -> Result<Planar<'_>> {
        Planar::new(&self.planes.data, self.planes.height, self.planes.width)
    }
}

/// Content and style at the size of a picture, and how far apart they are.
struct Reference {
    content: Seen,
    style: Seen,
    style_patches: Option<TensorFeatures>,
    /// How far the content image's patches are from their nearest in the style image.
    content_patches: Option<f64>,
    content_distances: Vec<(String, f64)>,
    style_distances: Vec<(String, f64)>,
}

struct Metrics<'a> {
    content: &'a Planes,
    style: &'a Planes,
    network: Looks,
    /// That of the latest picture: most pictures to compare have the same sides.
    reference: Option<Reference>,
}

impl Metrics<'_> {
    fn measure(&mut self, path: &Path, image: &Planes) -> Result<Verdict> {
        let (width, height) = (image.width, image.height);
        let reference = match self.reference.take() {
            Some(known) if sides(&known.content.planes) == (width, height) => known,
            _ => self.reference(width, height)?,
        };
        let seen = Seen::new(image.clone(), &mut self.network)?;
        let content = relative(
            content_distances(&reference.content, &seen)?,
            &reference.content_distances,
        )?;
        let style = relative(
            style_distances(&reference.style, &seen)?,
            &reference.style_distances,
        )?;
        let look = self.look(&reference, &seen)?;
        self.reference = Some(reference);
        Ok(Verdict {
            image: path.to_owned(),
            width,
            height,
            content_resized: sides(self.content) != (width, height),
            content_score: mean(&content),
            style_score: mean(&style),
            content,
            style,
            look,
        })
    }

    fn look(&mut self, reference: &Reference, seen: &Seen) -> Result<Look> {
        let picture = self.network.patches_of(&seen.planes)?;
        let found = patch_use(reference.style_patches.as_ref(), picture.as_ref())?;
        Ok(Look {
            nearest_patches: found.map(|found| found.nearest),
            nearest_patches_of_content: reference.content_patches,
            stamps: found.map(|found| found.stamps),
            strokes: metrics::strokes(reference.content.planar()?, seen.planar()?)?,
        })
    }

    fn reference(&mut self, width: usize, height: usize) -> Result<Reference> {
        let content = Seen::new(self.content.resize(width, height), &mut self.network)?;
        let longest = width.max(height) as u32;
        let style = Seen::new(self.style.fit(longest), &mut self.network)?;
        let style_distances = style_distances(&style, &content)?;
        let stretched = Seen::new(self.style.resize(width, height), &mut self.network)?;
        let style_patches = self.network.patches_of(&style.planes)?;
        let content_patches = self.network.patches_of(&content.planes)?;
        let nearest = patch_use(style_patches.as_ref(), content_patches.as_ref())?;
        Ok(Reference {
            style_patches,
            content_patches: nearest.map(|found| found.nearest),
            content_distances: content_distances(&content, &stretched)?,
            style_distances,
            content,
            style,
        })
    }
}

fn sides(planes: &Planes) -> (usize, usize) {
    (planes.width, planes.height)
}

/// Self-similarity and contours; sides are equal.
fn content_distances(content: &Seen, picture: &Seen) -> Result<Vec<(String, f64)>> {
    let at = metrics::STYLE_LAYERS
        .iter()
        .position(|&layer| layer == metrics::CONTENT_LAYER)
        .ok_or_else(|| Error::Internal("the content layer is not looked at".to_owned()))?;
    let similarity = metrics::self_similarity(&content.features[at], &picture.features[at])?;
    let edges = metrics::edge_correlation(content.planar()?, picture.planar()?)?;
    Ok(vec![
        ("self-similarity".to_owned(), similarity),
        ("contours".to_owned(), 1.0 - edges),
    ])
}

/// Distributions of features layer by layer, colors, patches.
fn style_distances(style: &Seen, picture: &Seen) -> Result<Vec<(String, f64)>> {
    let mut distances = Vec::new();
    let maps = style.features.iter().zip(&picture.features);
    for (layer, (of_style, of_picture)) in metrics::STYLE_LAYERS.iter().zip(maps) {
        let distance = metrics::feature_distance(of_style, of_picture)?;
        distances.push((layer.to_string(), distance));
    }
    let pictures = metrics::picture_distance(style.planar()?, picture.planar()?)?;
    distances.push(("colors".to_owned(), pictures.color));
    distances.push(("patches".to_owned(), pictures.texture));
    Ok(distances)
}

/// Below this a distance of content and style is rounding.
const INDISTINGUISHABLE: f64 = 1e-6;

fn relative(distances: Vec<(String, f64)>, references: &[(String, f64)]) -> Result<Vec<Distance>> {
    let pairs = distances.into_iter().zip(references);
    pairs
        .map(|((measure, raw), &(_, reference))| {
            if reference < INDISTINGUISHABLE {
                return Err(Error::setting(
                    "style",
                    format!("its {measure}"),
                    "choose pictures that differ: nothing can be measured where content image \
                     and style image are the same",
                ));
            }
            Ok(Distance {
                measure,
                raw,
                reference,
                relative: raw / reference,
            })
        })
        .collect()
}

fn mean(distances: &[Distance]) -> f64 {
    let sum: f64 = distances.iter().map(|distance| distance.relative).sum();
    sum / distances.len().max(1) as f64
}

fn table(verdicts: &[Verdict]) -> Result<()> {
    let Some(first) = verdicts.first() else {
        return Ok(());
    };
    let name = |verdict: &Verdict| {
        let name = verdict.image.display().to_string();
        visible(&name).into_owned()
    };
    let longest = verdicts.iter().map(|v| name(v).chars().count()).max();
    let width = longest.unwrap_or(0).max("image".len());
    let cells = |verdict: &Verdict, cell: &dyn Fn(&Distance) -> String| -> String {
        let distances = verdict.content.iter().chain(&verdict.style);
        let cells = distances.map(|distance| {
            let column = distance.measure.len().max(8);
            format!(" {:>column$}", cell(distance))
        });
        cells.collect::<Vec<_>>().concat()
    };
    let look = |verdict: &Verdict, cell: fn((&str, Option<f64>)) -> String| -> String {
        let cells = verdict.look.columns().map(cell);
        cells.map(|cell| format!(" {cell:>8}")).concat()
    };
    let head = cells(first, &|distance| distance.measure.clone());
    let names = look(first, |(name, _)| name.to_owned());
    output::line(&format!(
        "{:width$} | {:>7} {:>7} |{head} |{names}",
        "image", "content", "style"
    ))?;
    for verdict in verdicts {
        let (content, style) = (verdict.content_score, verdict.style_score);
        let cells = cells(verdict, &|distance| format!("{:.3}", distance.relative));
        let name = name(verdict);
        let look = look(verdict, |(_, figure)| {
            figure.map_or_else(|| "-".to_owned(), |figure| format!("{figure:.3}"))
        });
        output::line(&format!(
            "{name:width$} | {content:7.3} {style:7.3} |{cells} |{look}"
        ))?;
    }
    output::line(
        "0: the image itself; 1: as far from it as the other one. Lower is better, but for strokes \
         along contours (-1 to 1).",
    )
}
