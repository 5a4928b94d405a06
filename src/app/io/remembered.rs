//! Pictures that remember how they were made: what one remembers, and where its inputs are now.

use std::path::Path;

use crate::{
    app::text,
    pixels::{Found, FoundAt, find_input, read_record},
    settings::{InitialImage, TransferSettings},
    transfer::{Input, Record},
};

/// What a picture remembers, and where its inputs are now.
pub(crate) struct Remembered {
    pub(crate) record: Record,
    pub(crate) content: Option<Found>,
    pub(crate) styles: Vec<Option<Found>>,
    pub(crate) initial: Option<Found>,
}

/// What the picture at `path` remembers, if it does. Reads whole files.
pub(crate) fn remembered(path: &Path) -> Option<Box<Remembered>> {
    let record = Record::from_json(&read_record(path).ok()??)?;
    if let Err(error) = record.settings.validate() {
        log::warn!(
            "{} remembers settings that are not valid: {error}",
            path.display()
        );
        return None;
    }
    let find = |input: &Input| {
        let place = input.path.as_deref();
        find_input(place, &input.name, &input.sha256, Some(path))
    };
    Some(Box::new(Remembered {
        content: find(&record.content),
        styles: record
            .styles
            .iter()
            .map(|style| find(&style.input))
            .collect(),
        initial: record.initial.as_ref().and_then(find),
        record,
    }))
}

impl Remembered {
    /// Whether all pictures that its run needs are there.
    pub(crate) fn is_complete(&self) -> bool {
        self.content.is_some()
            && !self.styles.is_empty()
            && self.styles.iter().all(Option::is_some)
            && (self.record.initial.is_none() || self.initial.is_some())
    }

    /// Its settings, with the picture it starts from where that is now.
    pub(crate) fn settings(&self) -> TransferSettings {
        let mut settings = self.record.settings.clone();
        if let Some(FoundAt::File(path)) = self.initial.as_ref().map(|found| &found.at) {
            settings.initial_image = InitialImage::File(path.clone());
        }
        settings
    }

    /// What went in, and whether it was found: a name for each.
    pub(crate) fn inputs(&self) -> Vec<(&'static str, &Input, Option<&Found>)> {
        let record = &self.record;
        let content = (text::CONTENT, &record.content, self.content.as_ref());
        let styles = record.styles.iter().zip(&self.styles);
        let styles = styles.map(|(style, found)| (text::STYLE, &style.input, found.as_ref()));
        let initial = record.initial.iter();
        let initial = initial.map(|input| (text::INITIAL, input, self.initial.as_ref()));
        [content].into_iter().chain(styles).chain(initial).collect()
    }

    pub(crate) fn has_regions(&self) -> bool {
        let mut styles = self.record.styles.iter();
        styles.any(|style| style.region.is_some() || style.style_region.is_some())
    }
}
