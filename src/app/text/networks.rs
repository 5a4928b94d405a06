//! Words about networks and their weights.

use super::figures::{bytes, duration, sentence};
use crate::network::Family;

pub(crate) const NETWORKS: &str = "Networks";
pub(crate) const NETWORKS_ABOUT: &str = "The network that looks at the pictures decides what counts as style. A choice takes effect at once, \
     even while painting.";
pub(crate) const NETWORKS_OPEN: &str = "Networks…";
pub(crate) const NETWORK_TOOLTIP: &str =
    "Which network looks at the pictures: see them all, get VGG-19, import others.";
pub(crate) const CURIOUS: &str = "For the curious";
pub(crate) const VGG16: &str = "VGG-16";
pub(crate) const VGG19: &str = "VGG-19";
pub(crate) const VGG19_MISSING: &str = "80 MB download";
pub(crate) const INSIDE: &str = "inside the program";
pub(crate) const RANDOM: &str = "Random filters";
pub(crate) const RANDOM_SHORT: &str = "untrained";
pub(crate) const RANDOM_ABOUT: &str = "A network that has seen nothing: its filters are drawn at random (He and others 2015). \
     The preset of this name, with normalized filters and shallow layers, still paints well (He, Wang \
     and Hopcroft 2016).";
pub(crate) const SHUFFLED: &str = "Shuffled filters";
pub(crate) const SHUFFLED_SHORT: &str = "shapes forgotten";
pub(crate) const SHUFFLED_ABOUT: &str = "The trained network chosen last, with the nine values of each filter in a random order: it \
     knows which channels go together, and no shapes.";
pub(crate) const EMBEDDED_ABOUT: &str =
    "The network inside the program: always there, and good for most pictures.";
pub(crate) const VGG19_ABOUT: &str =
    "The network of the papers (Gatys, Ecker and Bethge 2015): deeper, and finer in large forms.";
pub(crate) const ENTRY_ABOUT: &str = "Imported on this computer.";
pub(crate) const USE_NETWORK: &str = "Use this network";
pub(crate) const IN_USE: &str = "In use";
pub(crate) const GET_VGG19: &str = "Get VGG-19";
pub(crate) const GET_CONSENT: &str = "Downloads one file, checks its size and digest, and keeps it on this computer. Nothing about \
     you or your pictures is sent.";
pub(crate) const PAUSE_DOWNLOAD: &str = "Pause download";
pub(crate) const RESUME_DOWNLOAD: &str = "Resume download";
pub(crate) const CANCEL_DOWNLOAD: &str = "Cancel download";
pub(crate) const DOWNLOAD: &str = "Download";
pub(crate) const CONNECTING: &str = "Connecting…";
pub(crate) const CONVERTING: &str = "Checking and converting…";
pub(crate) const OTHER_INSTANCE: &str = "Another window is downloading it; waiting…";
pub(crate) const PAUSED_AT: &str = "Paused at";
pub(crate) const IMPORT_WEIGHTS: &str = "Import a file…";
pub(crate) const IMPORT_TOOLTIP: &str = "VGG-16 or VGG-19 as Keras .h5, safetensors, PyTorch .pth or .caffemodel. A file dropped on \
     the window does the same.";
pub(crate) const VERIFY: &str = "Verify";
pub(crate) const VERIFY_TOOLTIP: &str = "Compare the file with its digest";
pub(crate) const VERIFIED: &str = "The file is intact: its digest matches.";
pub(crate) const REMOVE_WEIGHTS: &str = "Remove…";
pub(crate) const REMOVE_YES: &str = "Remove from this computer";
pub(crate) const KEEP: &str = "Keep";
pub(crate) const FAMILY_OXFORD: &str = "Oxford (Caffe, Keras)";
pub(crate) const FAMILY_TORCHVISION: &str = "torchvision (PyTorch)";
pub(crate) const FAMILY_ABOUT: &str = "The file does not say which training it comes from, and how colors are fed to it depends on \
     that.";
pub(crate) const NORMALIZE: &str = "Normalize filters";
pub(crate) const NORMALIZE_TOOLTIP: &str = "Scales every filter to a mean of 1 over the pictures in use (Gatys, Ecker and Bethge \
     2015). Makes one dial position serve all networks; random filters need it.";
pub(crate) const WORKING: &str = "Working…";
pub(crate) const UNKNOWN: &str = "not known";
pub(crate) const FACT_ORIGIN: &str = "Origin";
pub(crate) const FACT_LICENSE: &str = "License";
pub(crate) const FACT_FAMILY: &str = "Family";
pub(crate) const FACT_LAYERS: &str = "Layers";
pub(crate) const FACT_SIZE: &str = "Size";
pub(crate) const FACT_DIGEST: &str = "SHA-256";
pub(crate) const FACT_FILE: &str = "File";
pub(crate) const FACT_SOURCE: &str = "Source";
pub(crate) const FACT_MD5: &str = "MD5";
pub(crate) const KERAS_ORIGIN: &str =
    "Karen Simonyan and Andrew Zisserman, University of Oxford; published by Keras";
pub(crate) const CC_BY: &str = "Creative Commons Attribution 4.0 (CC BY 4.0)";
pub(crate) const VGG19_USED: &str = "VGG-19 has been downloaded and is in use.";
pub(crate) const NETWORK_SEED: &str = "Filter seed";
pub(crate) const NETWORK_SEED_TOOLTIP: &str =
    "Another seed gives other filters, and with them another painting.";
pub(crate) const NETWORK_NEW_SEED: &str = "Another filter seed";

/// The family in words.
pub(crate) fn family(family: Family) -> &'static str {
    match family {
        Family::Oxford => "Oxford: colors 0 to 255 minus their mean",
        Family::Torchvision => "torchvision: colors by mean and deviation",
    }
}
pub(crate) const NETWORK: &str = "Network";
pub(crate) const WEIGHTS_FILE: &str = "Weights file";

/// Asks which training a file comes from.
pub(crate) fn which_training(name: &str) -> String {
    format!("Which training does {name} come from?")
}

/// Asks whether to remove weights.
pub(crate) fn remove_question(name: &str) -> String {
    format!("Remove {name}?")
}

/// Says that weights were removed.
pub(crate) fn removed(name: &str) -> String {
    format!("{name} has been removed.")
}

/// Says that weights were imported, and what is to be known about them.
pub(crate) fn imported(name: &str, warnings: &[String]) -> String {
    let mut words = format!("{name} has been imported.");
    for warning in warnings {
        words.push('\n');
        words.push_str(&sentence(warning));
    }
    words
}

/// Where weights come from; either may be unknown.
pub(crate) fn origin(authors: &str, source: &str) -> String {
    match (authors, source) {
        ("", "") => UNKNOWN.to_owned(),
        ("", source) => source.to_owned(),
        (authors, "") => authors.to_owned(),
        (authors, source) => format!("{authors}; from {source}"),
    }
}

/// The size of a file: exact, because digests are.
pub(crate) fn exact_size(size_bytes: u64) -> String {
    format!("{} ({size_bytes} bytes)", bytes(size_bytes))
}

/// All layers of a network.
pub(crate) fn all_layers(network: &str, count: usize) -> String {
    format!("{network}, all {count}")
}

/// A network without its last layers.
pub(crate) fn layers_up_to(network: &str, deepest: &str) -> String {
    format!("{network}, cut short after {deepest}")
}

/// How much of a file is here.
pub(crate) fn received(there_bytes: u64, all_bytes: u64) -> String {
    format!("{} of {}", bytes(there_bytes), bytes(all_bytes))
}

/// How fast a download is, and how long it will take.
pub(crate) fn download_speed(bytes_per_sec: f64, left_secs: f64) -> String {
    let left = duration(left_secs);
    format!("{:.1} MB/s, {left} left", bytes_per_sec / 1e6)
}

/// The size of weights that are here.
pub(crate) fn on_this_computer(size_bytes: u64) -> String {
    format!("{} on this computer", bytes(size_bytes))
}
