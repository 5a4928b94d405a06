//! Whether a picture that is there already came out of the very same work as one to come: then
//! replacing it loses nothing.

use super::{BrushInput, Input, Record, StyleInput};
use crate::{
    settings::TransferSettings,
    transfer::{Job, Look, StyleImage},
};

impl Record {
    /// Whether it is that of a picture which a run of `job` ends with or passes on its way; `later`
    /// are the settings that come into force after so many steps.
    pub fn is_of(&self, job: &Job, later: &[(u32, TransferSettings)]) -> bool {
        let (first, changes) = self.stages();
        self.instant.is_none()
            && self.is_exact()
            && first == remembered(&job.settings)
            && changes.len() <= later.len()
            && changes
                .iter()
                .zip(later)
                .all(|(a, b)| a.0 == b.0 && a.1 == remembered(&b.1))
            && self.has_inputs_of(job)
    }

    /// Whether it is that of a picture painted in one pass in these styles; the content image is left
    /// out.
    pub fn is_of_look(
        &self,
        settings: &TransferSettings,
        styles: &[StyleImage],
        look: &Look,
    ) -> bool {
        let Some(instant) = &self.instant else {
            return false;
        };
        let brush = |brush: &BrushInput| (brush.sha256.clone(), brush.weight);
        let wanted = look.brushes.iter().map(BrushInput::from);
        instant.strength == look.strength
            && instant
                .brushes
                .iter()
                .map(brush)
                .eq(wanted.map(|known| brush(&known)))
            && self.settings == remembered(settings)
            && self.has_styles(styles)
    }

    fn has_inputs_of(&self, job: &Job) -> bool {
        let initial = job.initial.as_deref().map(Input::from);
        same(&self.content, &job.content.as_ref().into())
            && both(self.initial.as_ref(), initial.as_ref())
            && self.has_styles(&job.styles)
    }

    fn has_styles(&self, styles: &[StyleImage]) -> bool {
        let wanted: Vec<StyleInput> = styles.iter().map(StyleInput::from).collect();
        let pairs = self.styles.iter().zip(&wanted);
        self.styles.len() == wanted.len()
            && pairs.into_iter().all(|(a, b)| {
                same(&a.input, &b.input)
                    && a.strength == b.strength
                    && both(a.region.as_ref(), b.region.as_ref())
                    && both(a.style_region.as_ref(), b.style_region.as_ref())
            })
    }
}

/// Settings as a record gives them back: numbers with many digits may come out a little different.
fn remembered(settings: &TransferSettings) -> TransferSettings {
    let text = serde_json::to_string(settings).unwrap_or_default();
    serde_json::from_str(&text).unwrap_or_else(|_| settings.clone())
}

/// Names and folders may differ; a picture that was no file is never known again.
fn same(a: &Input, b: &Input) -> bool {
    a.sha256 == b.sha256 && !a.sha256.is_empty()
}

fn both(a: Option<&Input>, b: Option<&Input>) -> bool {
    match (a, b) {
        (None, None) => true,
        (Some(a), Some(b)) => same(a, b),
        _ => false,
    }
}
