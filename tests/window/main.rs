//! The window with its real worker and real files, without a screen: clicks, keys, drops.

#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

mod allocations;
mod assist;
mod brushes;
mod canvas;
mod comfort;
mod devices;
mod drops;
mod film;
mod finish;
#[path = "../http_head/mod.rs"]
mod http_head;
mod instant;
mod keys;
#[path = "../made_weights/mod.rs"]
mod made_weights;
mod memory;
mod networks;
mod pictures;
mod run;
mod saving;
mod sessions;
mod steering;
mod support;
mod undo;
