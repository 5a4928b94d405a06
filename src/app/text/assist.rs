//! Words of estimates, variations, the queue, user presets, and notices.

// Estimates
pub(crate) const MEASURING: &str = "Time not known yet";
pub(crate) const ESTIMATE_TOOLTIP: &str = "What a run with these settings and pictures takes on this machine, by how fast it was measured \
     to be and by what the network needs.";

/// An estimate of time.
pub(crate) fn about(secs: f64) -> String {
    format!("About {}", super::duration(secs.max(1.0)))
}

/// The largest size that fits.
pub(crate) fn largest(px: u32) -> String {
    format!("Largest size that fits: {px} px")
}

// Variations
pub(crate) const VARIATIONS: &str = "Variations";
pub(crate) const VARIATION: &str = "Variation";
pub(crate) const VARIATION_TOOLTIP: &str = "Go on with this one";
pub(crate) const VARY_DIAL_TOOLTIP: &str = "From the content image's shapes to the style's brush";
pub(crate) const VARY_STROKES_TOOLTIP: &str = "Small strokes to large ones";
pub(crate) const VARY_MEASURE: &str = "Measure";
pub(crate) const VARY_MEASURE_TOOLTIP: &str =
    "Other ways to compare style, each with a look of its own";
pub(crate) const CHOOSE_VARIATION: &str = "Choose one to go on with";
pub(crate) const SKETCH_WAITS: &str = "in a moment";
pub(crate) const NO_SKETCH: &str = "not with these settings";
pub(crate) const AS_NOW: &str = "as now";

/// How far the sheet is.
pub(crate) fn sketched(done: usize, all: usize) -> String {
    format!("{done} of {all} finished")
}

// Pictures
pub(crate) const TURN: &str = "Turn clockwise";
pub(crate) const CUT: &str = "Cut to a shape";
pub(crate) const CUT_NOTHING: &str = "Whole picture";

// Queue
pub(crate) const DEQUEUE: &str = "Take out";
pub(crate) const START_QUEUE: &str = "Start the queue";
pub(crate) const QUEUE_HINT: &str =
    "Each run begins when the one before it is finished. Results are kept and saved.";
pub(crate) const QUEUE_FULL: &str = "The queue is full. Take a run out first.";
pub(crate) const QUEUED: &str = "Added to the queue. Start it from the list in the top bar.";
pub(crate) const QUEUED_AFTER: &str = "Added to the queue: it is painted after this run.";

/// The label of the list.
pub(crate) fn queue(waiting: usize) -> String {
    format!("Queue {waiting}")
}

// Restart and end
pub(crate) const GO_ON: &str = "Go on with these";
pub(crate) const FINISHED_IN: &str = "Finished in";
pub(crate) const NEXT_START_TOOLTIP: &str = "This cannot change under way. In the top bar, Go on with these keeps the picture, Start anew \
     begins from the start.";

// Presets
pub(crate) const SAVE_PRESET: &str = "Save these settings as a preset";
pub(crate) const SAVE_PRESET_HINT: &str =
    "The preset keeps every setting but the size. It is a file in your settings folder.";
pub(crate) const RENAME_PRESET: &str = "Rename preset";
pub(crate) const PRESET_NAME: &str = "Name of the preset";
pub(crate) const PRESET_EXAMPLE: &str = "Quiet evening";
pub(crate) const PRESET_SAVED: &str = "The preset is saved.";
pub(crate) const USER_PRESET: &str = "A user preset.";
