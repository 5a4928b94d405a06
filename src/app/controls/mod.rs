//! The right panel: settings in three depths, and their undo.

pub(crate) mod basic;
pub(crate) mod desk;
pub(crate) mod device;
pub(crate) mod expert;
mod finish;
pub(crate) mod handle;
pub(crate) mod layers;
pub(crate) mod row;
pub(crate) mod state;
pub(crate) mod view;
