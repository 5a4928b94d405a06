//! A record on its way into a file.

use super::Record;
use crate::pixels::SaveOptions;

impl Record {
    /// `options` with this record to go into the file, which remembers them.
    #[must_use]
    pub fn into_options(self, options: &SaveOptions) -> SaveOptions {
        let record = Self {
            saved: Some(options.into()),
            ..self
        };
        SaveOptions {
            record: Some(record.to_json()),
            ..options.clone()
        }
    }
}
