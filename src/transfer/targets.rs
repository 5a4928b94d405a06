//! The images of a level and the targets that measures take from them.

use std::collections::{BTreeMap, BTreeSet};

use candle_core::{Device, Tensor};

use super::{
    frame::Frame,
    regions::{GuidedStyle, Region},
    term::{Term, TermKey, TermKind},
};
use crate::{
    error::{Error, Result},
    features::{Features, Moments},
    loss::{
        Measure, Styles, content::ContentLoss, self_similarity::SelfSimilarity, total_variation,
    },
    network::Layer,
    settings::{ContentMeasure, StyleMeasure},
    vgg::{Engine, Topology, VggImage},
};

/// A style image at the size of a level.
pub(super) struct LevelStyle {
    pub(super) data: Vec<f32>,
    pub(super) height: usize,
    pub(super) width: usize,
    /// Strength; all of them sum to 1.
    pub(super) strength: f64,
    /// Where it applies, at the content image's sides.
    pub(super) region: Option<Region>,
    /// The part of it that counts, at its own sides.
    pub(super) style_region: Option<Region>,
}

impl LevelStyle {
    fn is_guided(&self) -> bool {
        self.region.is_some() || self.style_region.is_some()
    }
}

/// All images of a level in the network's pixel space, `[3, H, W]`.
pub(super) struct LevelImages {
    pub(super) content: Vec<f32>,
    pub(super) height: usize,
    pub(super) width: usize,
    /// What is mirrored around the picture before the network sees it.
    pub(super) frame: Frame,
    pub(super) styles: Vec<LevelStyle>,
    /// A color that says nothing: mid gray in the network's pixel space.
    pub(super) gray: [f32; 3],
    /// Squared total variation of the content image, with a floor.
    pub(super) content_variation: f64,
}

/// Floor of the content image's squared total variation, (0..255)²: the noise of a clean photo.
const VARIATION_FLOOR: f64 = 25.0;

/// A reference below this share of the target's own size is raised to it: a content image that
/// happens to have the style's texture at a layer must not make that layer's weight explode.
pub(super) const REFERENCE_FLOOR: f64 = 0.05;

impl LevelImages {
    pub(super) fn new(
        content: Vec<f32>,
        (width, height): (usize, usize),
        styles: Vec<LevelStyle>,
        mean: [f32; 3],
        frame: Frame,
    ) -> Self {
        let variation = total_variation::squared(&content, height, width).value;
        Self {
            content,
            height,
            width,
            frame,
            styles,
            gray: mean.map(|mean| 127.5 - mean),
            content_variation: variation.max(VARIATION_FLOOR),
        }
    }

    /// Height and width of what the network sees.
    pub(super) fn framed_sides(&self) -> (usize, usize) {
        (self.frame.widen(self.height), self.frame.widen(self.width))
    }

    /// `x` as the network sees it.
    pub(super) fn framed(&self, x: &[f32]) -> Vec<f32> {
        self.frame.around(x, (self.height, self.width))
    }

    /// A framed picture of this level.
    pub(super) fn as_vgg<'a>(&self, framed: &'a [f32]) -> VggImage<'a> {
        let (height, width) = self.framed_sides();
        VggImage {
            data: framed,
            height,
            width,
        }
    }
}

/// A tapped feature map that outlives the forward pass.
struct Kept {
    shape: (usize, usize, usize),
    moments: Moments,
    map: Option<Tensor>,
}

impl Kept {
    fn new(features: &dyn Features, with_map: bool) -> Result<Self> {
        Ok(Self {
            shape: features.shape(),
            moments: features.moments()?,
            map: with_map.then(|| features.map()).transpose()?,
        })
    }
}

impl Features for Kept {
    fn shape(&self) -> (usize, usize, usize) {
        self.shape
    }

    fn map(&self) -> Result<Tensor> {
        self.map.clone().ok_or_else(|| {
            Error::Internal("a measure asked for a map that was not kept".to_owned())
        })
    }

    fn moments(&self) -> Result<Moments> {
        Ok(self.moments.clone())
    }
}

/// Makes the terms named by `keys`: passes each image of the level forward once, as far as the
/// deepest layer.
pub(super) fn make_terms(
    keys: &BTreeSet<TermKey>,
    images: &LevelImages,
    topology: Topology,
    seed: u64,
    engine: &mut dyn Engine,
) -> Result<BTreeMap<TermKey, Term>> {
    let style_layers = layers(keys, |kind| matches!(kind, TermKind::Style(_)));
    let mut styles: BTreeMap<Layer, Vec<(Kept, f64)>> = BTreeMap::new();
    if !style_layers.is_empty() {
        for style in &images.styles {
            let image = VggImage {
                data: &style.data,
                height: style.height,
                width: style.width,
            };
            forward(engine, image, &style_layers, topology)?;
            for (&layer, &with_map) in &style_layers {
                let with_map = with_map || style.is_guided();
                let kept = Kept::new(engine.tap(layer)?.as_ref(), with_map)?;
                styles
                    .entry(layer)
                    .or_default()
                    .push((kept, style.strength));
            }
        }
    }

    let mut measures: BTreeMap<TermKey, Box<dyn Measure>> = BTreeMap::new();
    for key in keys {
        // Keys come layer by layer: maps of the layers before are not needed any more, and those of
        // several style images take more memory than the engine.
        styles = styles.split_off(&key.layer);
        if let TermKind::Style(kind) = key.kind {
            let blend = styles.get(&key.layer).ok_or_else(no_style)?;
            let blend: Vec<_> = blend
                .iter()
                .map(|(kept, strength)| (kept as &dyn Features, *strength))
                .collect();
            let measure = if images.styles.iter().any(LevelStyle::is_guided) {
                let device = engine.device();
                guided_measure(kind, &images.styles, &blend, (key.layer, device), seed)?
            } else {
                (kind.description().target)(&blend, seed)?
            };
            measures.insert(*key, measure);
        }
    }

    drop(styles);
    let mut terms = BTreeMap::new();
    let all_layers = layers(keys, |_| true);
    forward(
        engine,
        images.as_vgg(&images.framed(&images.content)),
        &all_layers,
        topology,
    )?;
    for (key, mut measure) in measures {
        let at_content = measure.evaluate(engine.tap(key.layer)?.as_ref())?.value;
        let reference = at_content.max(REFERENCE_FLOOR * measure.scale());
        terms.insert(key, Term::new(measure, positive(reference)));
    }
    let mut contents: BTreeMap<TermKey, Box<dyn Measure>> = BTreeMap::new();
    for key in keys {
        if let TermKind::Content(kind) = key.kind {
            let measure = content_measure(kind, engine.tap(key.layer)?.as_ref(), seed)?;
            contents.insert(*key, measure);
        }
    }

    let content_layers = layers(keys, |kind| matches!(kind, TermKind::Content(_)));
    if !content_layers.is_empty() {
        let pixels = images.height * images.width;
        let gray: Vec<f32> = images
            .gray
            .iter()
            .flat_map(|&value| std::iter::repeat_n(value, pixels))
            .collect();
        forward(
            engine,
            images.as_vgg(&images.framed(&gray)),
            &content_layers,
            topology,
        )?;
        for (key, mut measure) in contents {
            let at_gray = measure.evaluate(engine.tap(key.layer)?.as_ref())?.value;
            terms.insert(key, Term::new(measure, positive(at_gray)));
        }
    }
    Ok(terms)
}

pub(super) fn no_style() -> Error {
    Error::setting(
        "style",
        "none",
        "choose at least one style image, or set the style weight to 0",
    )
}

/// References divide: a degenerate picture (flat content) must not make infinities.
fn positive(reference: f64) -> f64 {
    if reference.is_finite() && reference > 0.0 {
        reference
    } else {
        1.0
    }
}

/// The layers of some terms, each with whether one of them reads the map itself.
fn layers(keys: &BTreeSet<TermKey>, which: impl Fn(TermKind) -> bool) -> BTreeMap<Layer, bool> {
    let mut out: BTreeMap<Layer, bool> = BTreeMap::new();
    for key in keys.iter().filter(|key| which(key.kind)) {
        *out.entry(key.layer).or_default() |= key.kind.reads_map();
    }
    out
}

fn forward(
    engine: &mut dyn Engine,
    image: VggImage<'_>,
    layers: &BTreeMap<Layer, bool>,
    topology: Topology,
) -> Result<()> {
    let taps: Vec<Layer> = layers.keys().copied().collect();
    engine.forward(image, &taps, topology)
}

/// A measure of its own for every style image, in its region. A region that is empty at the
/// layer is left out.
fn guided_measure(
    kind: StyleMeasure,
    styles: &[LevelStyle],
    blend: &Styles<'_>,
    (layer, device): (Layer, &Device),
    seed: u64,
) -> Result<Box<dyn Measure>> {
    let target = kind.description().target;
    let mut guided = GuidedStyle::default();
    for (style, &(features, strength)) in styles.iter().zip(blend) {
        let mask_of = |region: &Option<Region>| match region {
            Some(region) => Ok(region.at(layer, device)?.map(Some)),
            None => Ok::<_, Error>(Some(None)),
        };
        let (Some(inside), Some(part)) = (mask_of(&style.region)?, mask_of(&style.style_region)?)
        else {
            continue;
        };
        let measure = match &part {
            Some(mask) => target(&[(&mask.apply(features)?, 1.0)], seed)?,
            None => target(&[(features, 1.0)], seed)?,
        };
        guided.add(inside, measure, strength);
    }
    Ok(Box::new(guided))
}

pub(super) fn content_measure(
    kind: ContentMeasure,
    features: &dyn Features,
    seed: u64,
) -> Result<Box<dyn Measure>> {
    match kind {
        ContentMeasure::Features => Ok(Box::new(ContentLoss::new(&features.map()?)?)),
        ContentMeasure::SelfSimilarity => Ok(Box::new(SelfSimilarity::target(&[features], seed)?)),
        ContentMeasure::Laplacian => Err(Error::Internal(
            "the Laplacian is a measure of pixels, not of a layer".to_owned(),
        )),
    }
}
