//! The network, its pooling and its edges.

use eframe::egui::Ui;

use super::field::options;
use crate::{
    app::{
        controls::{desk::Desk, row::Choice},
        networks::view::control_ui,
        text,
    },
    network::{EdgePadding, Pooling},
};

/// Draws the network and what it does at borders and poolings.
pub(super) fn network_ui(ui: &mut Ui, desk: &mut Desk<'_>) {
    control_ui(ui, desk.session, desk.commands);
    Choice {
        name: text::POOLING,
        tooltip: text::POOLING_TOOLTIP,
        options: &options(|pooling| match pooling {
            Pooling::Max => text::POOLING_MAX,
            Pooling::Average => text::POOLING_AVERAGE,
        }),
        reset: desk.preset.pooling,
        at_work: desk.at_work(|at_work| at_work.pooling),
    }
    .show(ui, &mut desk.settings.pooling);
    Choice {
        name: text::EDGES,
        tooltip: text::EDGES_TOOLTIP,
        options: &options(|edges| match edges {
            EdgePadding::Mirror => text::EDGES_MIRROR,
            EdgePadding::Replicate => text::EDGES_REPLICATE,
            EdgePadding::Zero => text::EDGES_ZERO,
        }),
        reset: desk.preset.edge_padding,
        at_work: desk.at_work(|at_work| at_work.edge_padding),
    }
    .show(ui, &mut desk.settings.edge_padding);
}
