//! The transfer: levels, objective, initial image, averaging. Owns the network, the picture and
//! the optimizer.
//!
//! [`Transfer::step`] does one evaluation and one move. Whoever calls it (the worker, the command
//! line, a test) decides when: between two steps a run can be paused, steered, looked at or
//! dropped. Nothing here reads files, prints, or knows a thread.

mod average;
mod checkpoint;
mod compute;
mod continuing;
mod devices;
pub mod film;
mod finish;
mod frame;
mod images;
mod job;
mod job_record;
mod learning;
mod levels;
mod memory;
mod neighbors;
mod network;
mod objective;
mod objective_state;
mod picture;
mod record;
mod recovery;
mod regions;
mod resume;
mod room;
mod run;
mod self_test;
mod setup;
mod stage;
mod steering;
mod stylist;
mod system_memory;
mod targets;
mod term;
mod term_weights;
mod update;

pub use checkpoint::Checkpoint;
pub use compute::Compute;
pub use devices::DeviceInfo;
pub use finish::Painting;
pub(crate) use images::style_sides;
pub use job::{Job, Resume, StepReport, StyleImage};
pub use learning::{Learner, Lesson, LessonReport};
pub use levels::{Level, plan};
pub use memory::{Forecast, estimate_bytes, forecast};
pub use record::{BrushInput, Change, Computed, History, Input, InstantRecord, Record, StyleInput};
pub use run::Transfer;
pub use self_test::{Check, GRADIENT_TOLERANCE, SelfTest, TOLERANCE};
pub use stylist::{Look, LookBrush, Stylist, Stylized};
pub use system_memory::process_bytes;
