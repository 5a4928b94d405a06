//! Words about brushes.

use std::path::Path;

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
