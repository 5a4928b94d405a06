//! Changes of settings while a run goes on, each as the fields that changed.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::settings::TransferSettings;

/// Most changes that are remembered: more would not fit beside everything else into the 64 kB
/// that JPEG has for it.
const MAX_CHANGES: usize = 400;

/// What was changed under way.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct History {
    /// The settings at the start, when they were not those of the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub begun_with: Option<Box<TransferSettings>>,
    /// The changes in their order.
    pub changes: Vec<Change>,
    /// Whether there were too many to remember.
    #[serde(skip_serializing_if = "is_false")]
    pub forgotten: bool,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "the signature that serde asks for"
)]
fn is_false(value: &bool) -> bool {
    !value
}

/// A change of settings.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Change {
    /// Steps taken before it.
    pub after: u32,
    /// Whether the run was branched here: what an optimizer remembers does not survive that.
    #[serde(skip_serializing_if = "is_false")]
    pub branch: bool,
    /// The new values of the fields that changed; null takes a field away.
    pub set: Map<String, Value>,
}

impl Change {
    /// `settings` with the change made.
    pub fn applied_to(&self, settings: &TransferSettings) -> TransferSettings {
        let mut fields = fields(settings);
        // An older name beside the present one would count as the same field twice.
        let set = self.set.iter().map(|(name, value)| {
            let name = TransferSettings::present_field(name);
            (name.to_owned(), value.clone())
        });
        fields.extend(set);
        // A damaged record may hold anything: then the change is passed over.
        serde_json::from_value(Value::Object(fields)).unwrap_or_else(|_| settings.clone())
    }
}

impl History {
    /// Whether nothing was changed.
    pub fn is_plain(&self) -> bool {
        self.changes.is_empty() && !self.forgotten
    }

    /// Takes note of a change after `after` steps.
    pub(in crate::transfer) fn changed(
        &mut self,
        after: u32,
        old: &TransferSettings,
        new: &TransferSettings,
        branch: bool,
    ) {
        if self.forgotten {
            return;
        }
        if self.changes.len() == MAX_CHANGES {
            *self = Self {
                forgotten: true,
                ..Self::default()
            };
            return;
        }
        if self.begun_with.is_none() {
            self.begun_with = Some(Box::new(old.clone()));
        }
        self.changes.push(Change {
            after,
            branch,
            set: difference(&fields(old), &fields(new)),
        });
    }
}

fn fields(settings: &TransferSettings) -> Map<String, Value> {
    match serde_json::to_value(settings) {
        Ok(Value::Object(fields)) => fields,
        _ => Map::new(),
    }
}

fn difference(old: &Map<String, Value>, new: &Map<String, Value>) -> Map<String, Value> {
    let changed = new
        .iter()
        .filter(|(name, value)| old.get(*name) != Some(value))
        .map(|(name, value)| (name.clone(), value.clone()));
    let gone = old
        .keys()
        .filter(|name| !new.contains_key(*name))
        .map(|name| (name.clone(), Value::Null));
    changed.chain(gone).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changed_is_written_and_it_leads_to_the_new_settings() {
        let old = TransferSettings {
            size_px: Some(300),
            ..TransferSettings::default()
        };
        let new = TransferSettings {
            size_px: None,
            style_weight: 3.0,
            ..TransferSettings::default()
        };
        let mut history = History::default();
        history.changed(5, &old, &new, true);
        let change = &history.changes[0];
        let names: Vec<_> = change.set.keys().collect();
        assert_eq!(names, ["size_px", "style_weight"]);
        assert_eq!(change.applied_to(&old), new);
    }

    #[test]
    fn damaged_changes_are_passed_over() {
        let change: Change = serde_json::from_str(r#"{"set":{"style_weight":"much"}}"#).unwrap();
        let settings = TransferSettings::default();
        assert_eq!(change.applied_to(&settings), settings);
    }

    #[test]
    fn too_many_changes_are_forgotten_and_that_is_remembered() {
        let (mut history, mut old) = (History::default(), TransferSettings::default());
        for step in 0..=MAX_CHANGES as u32 {
            let new = TransferSettings {
                style_weight: f64::from(step) + 0.123_456_789,
                ..old.clone()
            };
            history.changed(step, &old, &new, false);
            old = new;
            if (step as usize) + 1 == MAX_CHANGES {
                let bytes = serde_json::to_string(&history).unwrap().len();
                assert!(bytes < 40_000, "{bytes}");
            }
        }
        assert!(history.forgotten && history.changes.is_empty());
        assert!(!history.is_plain());
    }
}
