//! The window.
//!
//! Views read the session and push commands; the `handle` files, and `events` and `answers` for
//! what comes back from threads, are the only places where these take effect. `window` is the
//! frame around both. Every feature has a folder with what it knows (`state`), how it is drawn
//! (`view`) and what its commands do (`handle`); `command::table` says what keys and buttons do.
//! No view touches a file, the network, or a tensor, and nothing is drawn while nothing happens.

mod action_button;
mod answers;
mod asked;
mod brushes;
mod canvas;
mod cells;
mod command;
mod controls;
mod deeds;
mod detail;
mod devices;
mod drops;
mod estimate;
mod events;
mod export;
mod frames;
mod geometry;
mod handle;
mod instant;
mod io;
mod launch;
mod networks;
mod notices;
mod paths;
mod pictures;
mod presets;
mod queue;
mod restore;
mod run;
mod save;
mod session;
mod shortcuts;
mod slider;
mod snapshots;
mod status;
mod text;
mod theme;
mod timeline;
mod toolbar;
mod variations;
mod vault;
mod widgets;
mod window;

pub use self::{
    launch::run,
    session::run::Phase,
    window::{App, AppOptions},
};
