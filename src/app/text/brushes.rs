//! Words about brushes.

use std::path::Path;

pub(crate) const BRUSHES: &str = "Brushes";
pub(crate) const SHOW_BRUSHES: &str = "Show all on my picture";
pub(crate) const BRUSHES_HINT: &str =
    "A brush paints in one pass what it has learnt of a painting.";
pub(crate) const BRUSHES_CHOSEN: &str =
    "S saves the picture by brush at full size. Start paints with the style images.";
pub(crate) const BRUSHES_LATER: &str = "What brushes do is shown when no run is at work.";
pub(crate) const BRUSH_SHEET_HINT: &str =
    "Click to paint with a brush; Shift+click to blend it with others";
pub(crate) const BRUSH_TAG: &str = "Painted by brush in one pass. S saves it at full size.";
pub(crate) const STYLE_IMAGES: &str = "Style images";
pub(crate) const SHARE_TOOLTIP: &str = "How much of it is in the blend";
pub(crate) const INSTANT_SOON: &str = "Painting the instant picture at full size…";
pub(crate) const IN_ONE_PASS: &str = "Painted in one pass";
pub(crate) const INSTANT_SNAPSHOT: &str = "Instant picture";
pub(crate) const LEARN: &str = "Learn this style";
pub(crate) const LEARN_AGAIN: &str = "Learnt. Learn again";
pub(crate) const LEARN_TOOLTIP: &str = "Teach the instant preview this painting: about a minute. The brush is kept, \
     and paints folders by `impasto stylize`.";
pub(crate) const STOP_LEARNING: &str = "Stop and keep what is learnt";

/// How far a lesson is.
pub(crate) fn learning(step: u32, steps: u32) -> String {
    match steps {
        0 => "Learning…".to_owned(),
        _ => format!("Learning {step} of {steps}"),
    }
}

/// Which brush the preview paints with.
pub(crate) fn learnt(name: &str) -> String {
    format!("The instant preview paints this style with the brush “{name}”.")
}

/// The button that takes a brush out of the blend.
pub(crate) fn without_brush(name: &str) -> String {
    format!("Paint without {name}")
}

/// The slider of a share.
pub(crate) fn share_of(name: &str) -> String {
    format!("Share of {name}")
}

/// A brush on the sheet.
pub(crate) fn brush_cell(name: &str) -> String {
    format!("Brush: {name}")
}

/// A dropped brush is kept and painted with.
pub(crate) fn brush_taken(name: &str) -> String {
    format!("The brush “{name}” is kept, and the instant picture is painted with it.")
}

/// A brush is kept.
pub(crate) fn brush_kept(name: &str) -> String {
    format!(
        "The brush “{name}” is kept. Previews of its painting use it, and so does `impasto \
         stylize --brush \"{name}\"`."
    )
}

/// The name of a brush of a picture's name: letters, digits and spaces.
pub(crate) fn brush_name(picture: &str) -> String {
    let stem = Path::new(picture).file_stem().unwrap_or_default();
    let stem = stem.to_string_lossy();
    let words = stem
        .chars()
        .map(|c| if c.is_alphanumeric() { c } else { ' ' });
    let words: String = words.take(50).collect();
    let words = words.split_whitespace().collect::<Vec<_>>().join(" ");
    if words.is_empty() {
        "Brush".to_owned()
    } else {
        words
    }
}

#[cfg(test)]
mod tests {
    use super::brush_name;

    #[test]
    fn a_brush_is_called_after_its_painting() {
        assert_eq!(brush_name("starry_night.jpg"), "starry night");
        assert_eq!(brush_name("../..png"), "Brush");
        assert_eq!(brush_name(&"x".repeat(99)).len(), 50);
    }
}
