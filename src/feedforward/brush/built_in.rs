//! The brushes inside the program: styles of the network of Dumoulin and others, under names that tell
//! what they look like. The styles have no names in their source; those that destroy the picture are
//! left out.

use super::{Brush, BrushRecord};
use crate::{error::Result, feedforward::Norms};

/// Names and numbers, best first.
const STYLES: [(&str, usize); 22] = [
    ("Blue and gold strokes", 19),
    ("Print in blue and cream", 24),
    ("Red and gold on pale blue", 4),
    ("Bright ink on white", 8),
    ("Green and teal hatching", 13),
    ("Pastel shapes in heavy outlines", 21),
    ("Yellow and black bars", 1),
    ("Pastel stained glass", 15),
    ("Cream and charcoal", 2),
    ("Sunlit gold and blue", 0),
    ("Autumn oil", 5),
    ("Dark broken strokes", 25),
    ("Lilac and peach haze", 12),
    ("Ocher woodcut", 18),
    ("Ocher ink drawing", 11),
    ("Slate blue with red", 22),
    ("Violet and orange crayon", 16),
    ("Pale ice", 14),
    ("Yellow and blue on black", 7),
    ("Rust and umber", 10),
    ("Deep red", 20),
    ("Dusk in green and cream", 23),
];

/// All brushes inside the program, best first.
///
/// # Errors
/// Never for an undamaged program.
pub fn built_in() -> Result<Vec<Brush>> {
    let brushes = STYLES.iter().map(|(name, style)| {
        Ok(Brush {
            name: (*name).to_owned(),
            norms: Norms::fixed(*style)?,
            preview: Vec::new(),
            record: BrushRecord::default(),
        })
    });
    brushes.collect()
}
