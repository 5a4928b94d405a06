//! What is written into a saved picture: how it was made, as JSON.

use serde::Serialize;

use super::session::Origin;
use crate::{settings::TransferSettings, worker::Snapshot};

#[derive(Serialize)]
struct Record<'a> {
    program: &'static str,
    content: PictureRecord<'a>,
    styles: Vec<PictureRecord<'a>>,
    weights: &'a str,
    step: u32,
    loss: f64,
    secs: f64,
    settings: &'a TransferSettings,
}

#[derive(Serialize)]
struct PictureRecord<'a> {
    name: &'a str,
    sha256: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    strength: Option<f64>,
}

/// The record of a snapshot.
pub(crate) fn record(snapshot: &Snapshot, origin: &Origin) -> String {
    let record = Record {
        program: concat!("impasto ", env!("CARGO_PKG_VERSION")),
        content: PictureRecord {
            name: &origin.content.name,
            sha256: &origin.content.sha256,
            strength: None,
        },
        styles: origin
            .styles
            .iter()
            .map(|(style, strength)| PictureRecord {
                name: &style.name,
                sha256: &style.sha256,
                strength: Some(*strength),
            })
            .collect(),
        weights: &origin.weights,
        step: snapshot.step,
        loss: snapshot.loss,
        secs: snapshot.secs,
        settings: &snapshot.settings,
    };
    serde_json::to_string(&record).unwrap_or_else(|fault| {
        log::warn!("the picture is saved without its settings: {fault}");
        String::new()
    })
}
