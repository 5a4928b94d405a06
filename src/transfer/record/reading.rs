//! Records of other versions of the program: what they say about themselves.

use serde_json::Value;

use super::{Record, unread::Unread};
use crate::settings::TransferSettings;

impl Record {
    /// The record in a text.
    ///
    /// # Errors
    /// Why there is none.
    pub fn read(text: &str) -> Result<Self, Unread> {
        let Ok(value) = serde_json::from_str::<Value>(text) else {
            return Err(Unread::Foreign);
        };
        let program = value.get("program").and_then(Value::as_str);
        let Some(program) = program.filter(|program| program.starts_with("impasto")) else {
            return Err(Unread::Foreign);
        };
        let program = program.to_owned();
        let version = value.pointer("/settings/version").and_then(Value::as_u64);
        serde_json::from_value(value).map_err(|_| {
            if is_newer(&program) || version.is_some_and(is_newer_structure) {
                Unread::Newer { program }
            } else {
                Unread::Damaged
            }
        })
    }

    /// Whether a newer version of the program wrote it, so that it may hold what this one passes over.
    pub fn is_newer(&self) -> bool {
        is_newer(&self.program) || is_newer_structure(self.settings.version.into())
    }
}

fn is_newer_structure(version: u64) -> bool {
    version > TransferSettings::VERSION.into()
}

fn is_newer(program: &str) -> bool {
    let numbers = |version: &str| -> Vec<u64> {
        let parts = version.split(['.', '-', '+', ' ']);
        parts.map_while(|part| part.parse().ok()).collect()
    };
    let version = program.trim_start_matches("impasto").trim();
    numbers(version) > numbers(env!("CARGO_PKG_VERSION"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_of_a_newer_version_is_said_to_be_one() {
        let newer = r#"{"program":"impasto 12.3.0","settings":{"optimizer":"of the future"}}"#;
        let program = "impasto 12.3.0".to_owned();
        assert_eq!(Record::read(newer), Err(Unread::Newer { program }));
        let understood = Record::read(r#"{"program":"impasto 12.3.0","new":1}"#).unwrap();
        assert!(understood.is_newer());
        let structure = r#"{"program":"impasto 0.0.1","settings":{"version":99,"seed":"x"}}"#;
        assert!(matches!(Record::read(structure), Err(Unread::Newer { .. })));
        let own = concat!("impasto ", env!("CARGO_PKG_VERSION"));
        let damaged = format!(r#"{{"program":"{own}","settings":{{"seed":"x"}}}}"#);
        assert_eq!(Record::read(&damaged), Err(Unread::Damaged));
        assert_eq!(Record::read("{}"), Err(Unread::Foreign));
        assert_eq!(Record::read("<x/>"), Err(Unread::Foreign));
        assert!(
            !Record::read(&format!(r#"{{"program":"{own}"}}"#))
                .unwrap()
                .is_newer()
        );
    }
}
