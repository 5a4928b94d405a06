//! Words of the controls.

use crate::words::counted;

pub(crate) const NEXT_START: &str = "takes effect at the next start";
pub(crate) const CHANGES_WAIT: &str = "Some changes take effect at the next start";
pub(crate) const DEPTH_BASIC: &str = "Basic";
pub(crate) const DEPTH_LAYERS: &str = "Layers";
pub(crate) const DEPTH_EXPERT: &str = "Expert";
pub(crate) const DEPTH_BASIC_TOOLTIP: &str = "What most pictures need";
pub(crate) const DEPTH_LAYERS_TOOLTIP: &str = "What is looked at, and how";
pub(crate) const DEPTH_EXPERT_TOOLTIP: &str = "Every number";
pub(crate) const PRESET: &str = "Preset";
pub(crate) const PRESET_CHANGED: &str = "changed";
pub(crate) const RESET: &str = "Reset";
pub(crate) const DIAL: &str = "Dial";
pub(crate) const DIAL_TOOLTIP: &str =
    "From true to the photograph (left) to all style (right). Moves both weights below.";
pub(crate) const CONTENT_WEIGHT: &str = "Content weight";
pub(crate) const CONTENT_WEIGHT_TOOLTIP: &str = "How strongly the painting is held to the shapes of the content image. Takes effect immediately.";
pub(crate) const STYLE_WEIGHT: &str = "Style weight";
pub(crate) const STYLE_WEIGHT_TOOLTIP: &str = "How strongly colors, strokes and texture are pulled from the style image. Takes effect immediately.";
pub(crate) const SMOOTHNESS: &str = "Smoothness";
pub(crate) const SMOOTHNESS_TOOLTIP: &str =
    "Calms speckle and grain. Too much makes the picture look like wax.";
pub(crate) const SIZE: &str = "Size";
pub(crate) const SIZE_TOOLTIP: &str =
    "Longest side of the painting in pixels. Twice the size takes about four times as long.";
pub(crate) const SIZE_ORIGINAL: &str = "Same as the content image";
pub(crate) const QUALITY: &str = "Quality";
pub(crate) const QUALITY_DRAFT: &str = "Draft";
pub(crate) const QUALITY_NORMAL: &str = "Normal";
pub(crate) const QUALITY_FINE: &str = "Fine";
pub(crate) const STROKES: &str = "Stroke size";
pub(crate) const STROKES_TOOLTIP: &str =
    "Size of the style image relative to the content image: larger gives larger strokes.";
pub(crate) const COLORS: &str = "Colors";
pub(crate) const COLORS_TOOLTIP: &str =
    "Whose colors the painting has. The first three change it at once, also when it is finished.";
pub(crate) const COLOR_STYLE: &str = "Style";
pub(crate) const COLOR_STYLE_TOOLTIP: &str = "Of the style image, as they were painted";
pub(crate) const COLOR_HUES: &str = "Hues";
pub(crate) const COLOR_HUES_TOOLTIP: &str = "The photograph’s hues in the style image’s palette: blue stays blue, but it is the painter’s blue";
pub(crate) const COLOR_LUMINANCE: &str = "Photo";
pub(crate) const COLOR_LUMINANCE_TOOLTIP: &str =
    "Of the photograph: the painting gives light and dark only";
pub(crate) const COLOR_RECOLOR: &str = "Recolor";
pub(crate) const COLOR_RECOLOR_TOOLTIP: &str = "Of the photograph: the style image is tinted first. A finished painting has to be \
     started over for it";
pub(crate) const FADE: &str = "Fade to the photograph";
pub(crate) const FADE_TOOLTIP: &str =
    "Mixes the photograph into the painting. Changes it at once, also when it is finished.";
pub(crate) const INITIAL: &str = "Start from";
pub(crate) const INITIAL_TOOLTIP: &str = "What the first step starts from. The content image keeps the composition, and recolored it gets there sooner; noise is freer and slower.";
pub(crate) const INITIAL_INSTANT: &str = "Instant preview";
pub(crate) const INITIAL_RECOLORED: &str = "Content, recolored";
pub(crate) const INITIAL_CONTENT: &str = "Content image";
pub(crate) const INITIAL_STYLE: &str = "Style image";
pub(crate) const INITIAL_NOISE: &str = "Noise";
pub(crate) const INITIAL_FILE: &str = "Another picture…";
pub(crate) const STYLE_LAYERS: &str = "Style layers";
pub(crate) const STYLE_LAYERS_TOOLTIP: &str =
    "Early layers see color and grain, late ones whole strokes and motifs.";
pub(crate) const CONTENT_LAYERS: &str = "Content layers";
pub(crate) const CONTENT_LAYERS_TOOLTIP: &str =
    "Early layers keep every detail, late ones keep only the layout.";
pub(crate) const STYLE_MEASURES: &str = "Style is compared by";
pub(crate) const CONTENT_MEASURES: &str = "Content is compared by";
pub(crate) const FEATURES: &str = "Feature maps";
pub(crate) const FEATURES_TOOLTIP: &str =
    "Keeps objects and where they are (Gatys, Ecker and Bethge 2015).";
pub(crate) const LAPLACIAN: &str = "Edges of the pixels";
pub(crate) const LAPLACIAN_TOOLTIP: &str =
    "Keeps fine lines and outlines: faces keep their features (Li and others 2017).";
pub(crate) const SELF_SIMILARITY: &str = "Self-similarity";
pub(crate) const SELF_SIMILARITY_TOOLTIP: &str = "Keeps which parts are alike and which differ, and leaves their colors free (Kolkin and \
     others 2019).";
pub(crate) const EQUAL_WEIGHTS: &str = "Equal weights";
pub(crate) const LOSS_SCALE: &str = "Weight scale";
pub(crate) const LOSS_SCALE_TOOLTIP: &str = "Relative weights mean the same for every picture and size. Absolute ones are those of \
     papers and other programs.";
pub(crate) const SCALE_RELATIVE: &str = "Relative";
pub(crate) const SCALE_ABSOLUTE: &str = "Absolute";
pub(crate) const GRADIENTS: &str = "Layer gradients";
pub(crate) const GRADIENTS_TOOLTIP: &str = "Scales every layer's gradient to the same size, so that quiet layers contribute as much as loud ones.";
pub(crate) const OPTIMIZATION: &str = "Optimization";
pub(crate) const LOSS: &str = "Loss";
pub(crate) const STEPS_AND_LEVELS: &str = "Steps and levels";
pub(crate) const START_HEAD: &str = "Start";
pub(crate) const GRADIENTS_OFF: &str = "As they are";
pub(crate) const GRADIENTS_FROZEN: &str = "Equal at start";
pub(crate) const GRADIENTS_RUNNING: &str = "Always equal";
pub(crate) const SCHEDULE_OCTAVES: &str = "Doubling";
pub(crate) const SCHEDULE_PROPORTIONAL: &str = "In proportion";
pub(crate) const SCHEDULE_COARSE: &str = "Coarse to fine";
pub(crate) const SCHEDULE_SINGLE: &str = "One size";
pub(crate) const POOLING_MAX: &str = "Maximum";
pub(crate) const POOLING_AVERAGE: &str = "Mean";
pub(crate) const EDGES_MIRROR: &str = "Mirrored";
pub(crate) const EDGES_REPLICATE: &str = "Edge repeated";
pub(crate) const EDGES_ZERO: &str = "Zeros";
pub(crate) const OPTIMIZER: &str = "Optimizer";
pub(crate) const OPTIMIZER_TOOLTIP: &str =
    "Adam copes well with changes. L-BFGS gets further in fewer steps when nothing changes.";
pub(crate) const LEARNING_RATE: &str = "Learning rate";
pub(crate) const LEARNING_RATE_TOOLTIP: &str =
    "How far pixels move in a step. Larger is faster and rougher; too large never settles.";
pub(crate) const LEARNING_RATE_END: &str = "Rate at the end";
pub(crate) const LEARNING_RATE_END_TOOLTIP: &str = "Share of the learning rate that is left at the end of each level. Less gives a calmer picture, \
     1 keeps the rate.";
pub(crate) const FREEDOM: &str = "Freedom";
pub(crate) const FREEDOM_TOOLTIP: &str = "How far strokes may leave the content image's forms and follow what is painted already. The \
     dial sets it too.";
pub(crate) const CONTENT_FALLOFF: &str = "Content release";
pub(crate) const CONTENT_FALLOFF_TOOLTIP: &str =
    "How fast the hold on the content image falls as the picture grows. 0 holds it to the end.";
pub(crate) const FINISHING: &str = "Finishing steps";
pub(crate) const FINISHING_TOOLTIP: &str = "Share of the last level's steps that look for the nearest strokes anew each time: crisper, and a \
     little rougher.";
pub(crate) const HISTORY: &str = "History";
pub(crate) const HISTORY_TOOLTIP: &str =
    "Steps that L-BFGS remembers. More is more reliable and takes more memory.";
pub(crate) const BETA1: &str = "Beta 1";
pub(crate) const BETA1_TOOLTIP: &str =
    "How long Adam keeps its direction. Near 1 it rolls over bumps.";
pub(crate) const BETA2: &str = "Beta 2";
pub(crate) const BETA2_TOOLTIP: &str = "How long Adam remembers how steep it was.";
pub(crate) const AVERAGING: &str = "Averaging";
pub(crate) const AVERAGING_TOOLTIP: &str = "The picture shown is a running mean of the last ones: near 1 it is calm and free of grain, 0 shows \
     every step as it is.";
pub(crate) const CLAMP: &str = "Keep pixels in range";
pub(crate) const CLAMP_TOOLTIP: &str = "Brings colors that no screen can show back into range after each step. Takes effect immediately.";
pub(crate) const POOLING: &str = "Pooling";
pub(crate) const POOLING_TOOLTIP: &str =
    "How the network halves its maps: the maximum is crisper, the mean smoother.";
pub(crate) const EDGES: &str = "Edges";
pub(crate) const EDGES_TOOLTIP: &str =
    "What the network sees beyond the border. With zeros it often paints a colored frame there.";
pub(crate) const SCHEDULE: &str = "Schedule";
pub(crate) const SCHEDULE_TOOLTIP: &str = "All but “One size” paint a small picture first and refine it: faster, with larger forms. \
     “Doubling” goes from an eighth of the size, each level twice as large; “In proportion” from a \
     quarter in smaller strides; “Coarse to fine” from a first level of your choice.";
pub(crate) const COARSEST: &str = "First level";
pub(crate) const COARSEST_TOOLTIP: &str =
    "Longest side of the first level in pixels. Smaller gives larger forms.";
pub(crate) const STEPS: &str = "Steps";
pub(crate) const STEPS_TOOLTIP: &str = "Steps of the whole run, all levels together.";
pub(crate) const SEED: &str = "Seed";
pub(crate) const SEED_TOOLTIP: &str =
    "The same seed gives the same noise, and with it the same picture.";
pub(crate) const NEW_SEED: &str = "Another seed";
pub(crate) const NOISE: &str = "Noise";
pub(crate) const NOISE_TOOLTIP: &str = "How strong the noise is that a run starts from.";
pub(crate) const NEXT_START_TOOLTIP: &str = "This cannot take effect during a run. In the top bar, “Continue with changes” keeps the \
     picture, “Start over” begins from the start.";

/// How many steps a run takes.
pub(crate) fn steps(steps: u32) -> String {
    counted(steps, "step")
}
