//! Sessions on the disk: the run as it goes, what was kept and what waits, in a folder each.

pub(crate) mod desk;
pub(crate) mod file;
pub(crate) mod folder;
pub(crate) mod read;
pub(crate) mod thread;
