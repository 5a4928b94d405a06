//! Every word that the window says, in one place.

mod actions;
mod assist;
mod devices;
mod film;
mod networks;

pub(crate) use actions::*;
pub(crate) use assist::*;
pub(crate) use devices::*;
pub(crate) use film::*;
pub(crate) use networks::*;

pub(crate) const APP: &str = "Impasto";

// Pictures
pub(crate) const CONTENT: &str = "Content";
pub(crate) const STYLE: &str = "Style";
pub(crate) const CONTENT_HINT: &str = "What the picture shows";
pub(crate) const STYLE_HINT: &str = "How it is painted";
pub(crate) const PICTURES: &str = "Pictures";
pub(crate) const CLIPBOARD: &str = "clipboard";
pub(crate) const OPEN_INITIAL: &str = "Open the picture to start from";
pub(crate) const ROLE_CONTENT: &str = "content";
pub(crate) const ROLE_STYLE: &str = "style";
pub(crate) const ROLE_INITIAL: &str = "start";
pub(crate) const ADD_STYLE: &str = "Add another style image";
pub(crate) const REMOVE_STYLE: &str = "Remove this style image";
pub(crate) const RECENT: &str = "Recent pictures";
pub(crate) const BY_PATH: &str = "Open by path…";
pub(crate) const NO_RECENT: &str = "Nothing opened yet";
pub(crate) const STRENGTH: &str = "Strength";
pub(crate) const STRENGTH_TOOLTIP: &str =
    "The share of this style image among the others. 0 leaves it out.";
pub(crate) const EMPTY_CARD: &str = "Drop a picture here";
pub(crate) const DROP_HERE: &str = "Drop to use as";
pub(crate) const LOADING: &str = "Reading…";

// Run
pub(crate) const START: &str = "Start";
pub(crate) const PAUSE: &str = "Pause";
pub(crate) const RESUME: &str = "Resume";
pub(crate) const RESTART: &str = "Start anew";
pub(crate) const RESTART_TOOLTIP: &str =
    "Some of the changed settings cannot change under way: begin again with them";
pub(crate) const PREPARING: &str = "Getting ready…";
pub(crate) const SAVE_TITLE: &str = "Save picture";
pub(crate) const SAVE_FOLDER: &str = "Folder for saved pictures";
pub(crate) const SAVE_FOLDER_MENU: &str = "Folder for saved pictures…";
pub(crate) const THEME: &str = "Light or dark";
pub(crate) const THEME_SYSTEM: &str = "As the system";
pub(crate) const THEME_DARK: &str = "Dark";
pub(crate) const THEME_LIGHT: &str = "Light";
pub(crate) const FIRST_HINT: &str = "Press Space and watch it being painted";
pub(crate) const FIRST_HINT_MORE: [&str; 2] = [
    "Every slider works while it paints.",
    "Drop pictures of your own on the window at any time.",
];
pub(crate) const SOON: &str = "The first step is on its way; then the picture is kept and saved.";
pub(crate) const NOTHING_PAINTED: &str = "Nothing is painted yet. Press Space to start.";
pub(crate) const NEEDS_PICTURES: &str =
    "A content image and a style image are needed. Drop them on the window.";

// Canvas
pub(crate) const CANVAS: &str = "Picture";
pub(crate) const SINGLE: &str = "One picture";
pub(crate) const COMPARE_WITH: &str = "Compare with";
pub(crate) const SHOWS: &str = "Shown picture";
pub(crate) const SPLIT_LINE: &str = "Compare line";
pub(crate) const NOW: &str = "Painting";

// Timeline
pub(crate) const PROGRESS: &str = "Progress";
pub(crate) const LOSSES: &str = "Losses";
pub(crate) const TOTAL: &str = "total";
pub(crate) const SNAPSHOTS: &str = "Snapshots";
pub(crate) const NO_SNAPSHOTS: &str =
    "Press S while it paints: the picture of the moment is kept here and saved as a file.";
pub(crate) const NOT_STARTED: &str = "Not started";
pub(crate) const STYLE_REACHED: &str = "style reached";
pub(crate) const CONTENT_KEPT: &str = "content kept";
pub(crate) const SHARES_TOOLTIP: &str = "How much of the way to the style image's texture is gone, and how much of the content \
     picture's shapes is left.";
pub(crate) const MORE: &str = "More for";
pub(crate) const RENAME: &str = "Rename";
pub(crate) const DELETE: &str = "Delete";
pub(crate) const COPY: &str = "Copy picture";
pub(crate) const CONTINUE: &str = "Continue painting from here";
pub(crate) const TAKE_SETTINGS: &str = "Use its settings";
pub(crate) const SAVE_THIS: &str = "Save as…";
pub(crate) const RESULT: &str = "Result";
/// Says what a picture has become; `role` is "content" or "style".
pub(crate) fn is_now(name: &str, role: &str) -> String {
    format!("{name} is now the {role} image.")
}

pub(crate) const USE_AS_STYLE: &str = "Use it as style instead";
pub(crate) const USE_AS_CONTENT: &str = "Use it as content instead";
pub(crate) const COPIED: &str = "The picture is on the clipboard.";

// Dialogs and notices
pub(crate) const DISMISS: &str = "Dismiss";
pub(crate) const CLOSE: &str = "Close";
pub(crate) const CANCEL: &str = "Cancel";
pub(crate) const OPEN: &str = "Open";
pub(crate) const SAVE: &str = "Save";
pub(crate) const PATH_HINT: &str =
    "Give the full path here, or drop the file on the window, or paste it with Ctrl+V.";
pub(crate) const PATH_FIELD: &str = "Path of the file";
pub(crate) const PATH_EXAMPLE: &str = "/home/me/Pictures/photo.jpg";
pub(crate) const OTHER_FOLDER: &str = "Choose another folder";
pub(crate) const FORCE: &str = "Try all the same";
pub(crate) const NEXT_START: &str = "takes effect at the next start";
pub(crate) const CHANGES_WAIT: &str = "Some changes take effect at the next start";
pub(crate) const PICTURES_WAIT: &str = "These pictures take effect at the next start";
pub(crate) const SHORTCUTS_TITLE: &str = "Shortcuts";

// Controls
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
pub(crate) const CONTENT_WEIGHT_TOOLTIP: &str =
    "How strongly the painting is held to the shapes of the content image. Works at once.";
pub(crate) const STYLE_WEIGHT: &str = "Style weight";
pub(crate) const STYLE_WEIGHT_TOOLTIP: &str =
    "How strongly colors, strokes and texture are pulled from the style image. Works at once.";
pub(crate) const SMOOTHNESS: &str = "Smoothness";
pub(crate) const SMOOTHNESS_TOOLTIP: &str =
    "Calms speckle and grain. Too much makes the picture look like wax.";
pub(crate) const SIZE: &str = "Size";
pub(crate) const SIZE_TOOLTIP: &str =
    "Longest side of the painting in pixels. Twice the size takes about four times as long.";
pub(crate) const SIZE_ORIGINAL: &str = "As the content image";
pub(crate) const QUALITY: &str = "Quality";
pub(crate) const QUALITY_DRAFT: &str = "Draft";
pub(crate) const QUALITY_NORMAL: &str = "Normal";
pub(crate) const QUALITY_FINE: &str = "Fine";
pub(crate) const STROKES: &str = "Stroke size";
pub(crate) const STROKES_TOOLTIP: &str =
    "Size of the style image beside the content image: larger gives larger strokes.";
pub(crate) const COLORS: &str = "Colors";
pub(crate) const COLOR_STYLE: &str = "Of the style";
pub(crate) const COLOR_LUMINANCE: &str = "Of the content (luminance)";
pub(crate) const COLOR_RECOLOR: &str = "Of the content (recolored style)";
pub(crate) const COLORS_TOOLTIP: &str = "Whose colors the painting has. Luminance paints light and dark only; recolored style \
     tints the style image first.";
pub(crate) const INITIAL: &str = "Start from";
pub(crate) const INITIAL_TOOLTIP: &str = "What the first step sees. The content image keeps composition, and in the style's colors it gets there sooner; noise is freer and slower.";
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
    "Early layers keep every detail, late ones only what is where.";
pub(crate) const STYLE_MEASURES: &str = "Style is compared by";
pub(crate) const CONTENT_MEASURES: &str = "Content is compared by";
pub(crate) const FEATURES: &str = "Feature maps";
pub(crate) const FEATURES_TOOLTIP: &str =
    "Holds what is seen where (Gatys, Ecker and Bethge 2015).";
pub(crate) const LAPLACIAN: &str = "Edges of the pixels";
pub(crate) const LAPLACIAN_TOOLTIP: &str =
    "Holds fine lines and outlines: faces keep their features (Li and others 2017).";
pub(crate) const SELF_SIMILARITY: &str = "Self-similarity";
pub(crate) const SELF_SIMILARITY_TOOLTIP: &str = "Holds which parts are alike and which differ, and leaves their colors free (Kolkin and \
     others 2019).";
pub(crate) const EQUAL_WEIGHTS: &str = "All the same weight";
pub(crate) const LOSS_SCALE: &str = "Weight scale";
pub(crate) const LOSS_SCALE_TOOLTIP: &str = "Relative weights mean the same for every picture and size. Absolute ones are those of \
     papers and other programs.";
pub(crate) const SCALE_RELATIVE: &str = "Relative";
pub(crate) const SCALE_ABSOLUTE: &str = "Absolute";
pub(crate) const GRADIENTS: &str = "Layer gradients";
pub(crate) const GRADIENTS_TOOLTIP: &str =
    "Bringing every layer's pull to the same size gives quiet layers a voice.";
pub(crate) const OPTIMIZER: &str = "Optimizer";
pub(crate) const OPTIMIZER_TOOLTIP: &str =
    "Adam takes changes in its stride. L-BFGS gets further in fewer steps when nothing changes.";
pub(crate) const LEARNING_RATE: &str = "Learning rate";
pub(crate) const LEARNING_RATE_TOOLTIP: &str =
    "How far pixels move in a step. Larger is faster and rougher; too large never settles.";
pub(crate) const HISTORY: &str = "History";
pub(crate) const HISTORY_TOOLTIP: &str =
    "Steps that L-BFGS remembers. More is surer and takes more memory.";
pub(crate) const BETA1: &str = "Beta 1";
pub(crate) const BETA1_TOOLTIP: &str =
    "How long Adam keeps its direction. Near 1 rolls on through bumps.";
pub(crate) const BETA2: &str = "Beta 2";
pub(crate) const BETA2_TOOLTIP: &str = "How long Adam remembers how steep it was.";
pub(crate) const AVERAGING: &str = "Averaging";
pub(crate) const AVERAGING_TOOLTIP: &str = "The picture shown is a mean of the last ones: near 1 is calm and free of grain, 0 shows \
     every step as it is.";
pub(crate) const CLAMP: &str = "Keep pixels in range";
pub(crate) const CLAMP_TOOLTIP: &str =
    "Brings colors that no screen can show back after each step. Works at once.";
pub(crate) const POOLING: &str = "Pooling";
pub(crate) const POOLING_TOOLTIP: &str =
    "How the network halves its maps: the maximum is crisper, the mean smoother.";
pub(crate) const EDGES: &str = "Edges";
pub(crate) const EDGES_TOOLTIP: &str =
    "What the network sees beyond the border. Repeating the edge avoids a colored frame.";
pub(crate) const SCHEDULE: &str = "Schedule";
pub(crate) const SCHEDULE_TOOLTIP: &str =
    "Coarse to fine paints a small picture first and refines it: faster, with larger forms.";
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
pub(crate) const NETWORK: &str = "Network";
pub(crate) const WEIGHTS_FILE: &str = "Weights file";

/// A duration as people say it, rounded the more the longer it is.
pub(crate) fn duration(secs: f64) -> String {
    let secs = secs.max(0.0);
    let rounded = if secs < 20.0 {
        secs.round()
    } else if secs < 120.0 {
        (secs / 5.0).round() * 5.0
    } else {
        (secs / 10.0).round() * 10.0
    } as u64;
    match (rounded / 3600, rounded / 60 % 60, rounded % 60) {
        (0, 0, s) => format!("{s} s"),
        (0, m @ 10.., _) => format!("{m} min"),
        (0, m, s) => format!("{m}:{s:02} min"),
        (h, m, _) => format!("{h}:{m:02} h"),
    }
}

/// A number of bytes.
pub(crate) fn bytes(bytes: u64) -> String {
    let mb = bytes as f64 / 1e6;
    if mb < 1000.0 {
        format!("{mb:.0} MB")
    } else {
        format!("{:.1} GB", mb / 1000.0)
    }
}

/// A loss: three figures, however large or small.
pub(crate) fn loss(value: f64) -> String {
    let size = value.abs();
    if size != 0.0 && !(0.001..10_000.0).contains(&size) {
        format!("{value:.2e}")
    } else if size < 10.0 {
        format!("{value:.3}")
    } else {
        format!("{value:.1}")
    }
}

/// Name of an automatic snapshot.
pub(crate) fn snapshot_name(step: u32, finished: bool) -> String {
    if finished {
        RESULT.to_owned()
    } else {
        format!("Step {step}")
    }
}

/// Texts of other modules begin in lower case, to stand after "impasto: "; here they stand alone.
pub(crate) fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(char::to_uppercase);
    let mut sentence: String = first.into_iter().flatten().chain(chars).collect();
    if !sentence.ends_with(['.', '!', '?', ')']) {
        sentence.push('.');
    }
    sentence
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_rounded_to_what_matters() {
        for (secs, text) in [
            (0.2, "0 s"),
            (7.6, "8 s"),
            (43.0, "45 s"),
            (127.0, "2:10 min"),
            (2047.0, "34 min"),
            (3605.0, "1:00 h"),
        ] {
            assert_eq!(duration(secs), text);
        }
    }

    #[test]
    fn losses_keep_three_figures() {
        assert_eq!(loss(0.123_45), "0.123");
        assert_eq!(loss(12.34), "12.3");
        assert_eq!(loss(1.5e7), "1.50e7");
        assert_eq!(loss(0.0), "0.000");
    }
}
