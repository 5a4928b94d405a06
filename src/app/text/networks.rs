//! Words about networks and their weights.

pub(crate) const NETWORKS: &str = "Networks";
pub(crate) const NETWORKS_ABOUT: &str = "The network that looks at the pictures decides what counts as style. A choice works at once, \
     while it paints too.";
pub(crate) const NETWORKS_OPEN: &str = "Networks…";
pub(crate) const NETWORK_TOOLTIP: &str =
    "Which network looks at the pictures: see them all, get VGG-19, import others.";
pub(crate) const CURIOUS: &str = "For the curious";
pub(crate) const VGG19: &str = "VGG-19";
pub(crate) const VGG19_MISSING: &str = "80 MB to get";
pub(crate) const INSIDE: &str = "inside the program";
pub(crate) const RANDOM: &str = "Random filters";
pub(crate) const RANDOM_SHORT: &str = "untrained";
pub(crate) const RANDOM_ABOUT: &str = "A network that has seen nothing: its filters are drawn at random (He and others 2015). \
     The preset of this name, with normalized filters and shallow layers, paints all the same (He, Wang \
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
pub(crate) const RESUME_DOWNLOAD: &str = "Go on with download";
pub(crate) const CANCEL_DOWNLOAD: &str = "Cancel download";
pub(crate) const DOWNLOAD: &str = "Download";
pub(crate) const CONNECTING: &str = "Connecting…";
pub(crate) const CONVERTING: &str = "Checking and converting…";
pub(crate) const OTHER_INSTANCE: &str = "Another window is loading it; waiting…";
pub(crate) const PAUSED_AT: &str = "Paused at";
pub(crate) const IMPORT_WEIGHTS: &str = "Import a file…";
pub(crate) const IMPORT_TOOLTIP: &str = "VGG-16 or VGG-19 as Keras .h5, safetensors, PyTorch .pth or .caffemodel. A file dropped on \
     the window does the same.";
pub(crate) const VERIFY: &str = "Verify";
pub(crate) const VERIFY_TOOLTIP: &str = "Compare the file with its digest";
pub(crate) const VERIFIED: &str = "Whole: the digest is right.";
pub(crate) const REMOVE_WEIGHTS: &str = "Remove…";
pub(crate) const REMOVE_YES: &str = "Remove from this computer";
pub(crate) const KEEP: &str = "Keep";
pub(crate) const FAMILY_OXFORD: &str = "Oxford (Caffe, Keras)";
pub(crate) const FAMILY_TORCHVISION: &str = "torchvision (PyTorch)";
pub(crate) const FAMILY_ABOUT: &str = "The file does not tell which training it comes from, and the colors it is shown depend on \
     that.";
pub(crate) const NORMALIZE: &str = "Normalize filters";
pub(crate) const NORMALIZE_TOOLTIP: &str = "Brings every filter to a mean of 1 over the pictures at hand (Gatys, Ecker and Bethge \
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
pub(crate) const VGG19_USED: &str = "VGG-19 is here and in use.";
pub(crate) const NETWORK_SEED: &str = "Filter seed";
pub(crate) const NETWORK_SEED_TOOLTIP: &str =
    "Another seed gives other filters, and with them another painting.";
pub(crate) const NETWORK_NEW_SEED: &str = "Another filter seed";

/// The family in words.
pub(crate) fn family(family: crate::network::Family) -> &'static str {
    match family {
        crate::network::Family::Oxford => "Oxford: colors 0 to 255 minus their mean",
        crate::network::Family::Torchvision => "torchvision: colors by mean and deviation",
    }
}
pub(crate) const NETWORK: &str = "Network";
pub(crate) const WEIGHTS_FILE: &str = "Weights file";
