//! Words about sessions that are kept.

use std::path::Path;

use super::figures::bytes;

pub(crate) const LEFT_HEAD: &str = "Continue where you left off?";
pub(crate) const LEFT_GO_ON: &str = "Go on";
pub(crate) const LEFT_BRING: &str = "Bring it back";
pub(crate) const LEFT_NOT_NOW: &str = "Not now";
pub(crate) const LEFT_NOT_NOW_TOOLTIP: &str = "Begin a new session. What was left is not offered again; it stays in the folder of sessions \
     until newer ones need the room";
pub(crate) const SESSIONS_HEAD: &str = "Kept sessions";
pub(crate) const SESSIONS_MENU: &str = "Kept sessions…";
pub(crate) const SESSIONS_ABOUT: &str = "While you paint, the run, its snapshots and the queue are kept on the disk. After a crash, or when \
     you close the window, the next start offers to go on. When all sessions take more than 2 GB, the \
     oldest are removed.";
pub(crate) const SESSIONS_EMPTY: &str = "Remove all others";
pub(crate) const SESSIONS_EMPTY_TOOLTIP: &str = "Remove all sessions but those of open windows";
pub(crate) const SESSIONS_SHOW: &str = "Show the folder";
pub(crate) const BROUGHT_BACK: &str = "The last session is back.";

/// How far a run came before the window was gone.
pub(crate) fn left_at(time: &str, step: u32, steps: u32, stopped: bool) -> String {
    let how = if stopped { "stopped" } else { "interrupted" };
    if time.is_empty() {
        format!("A run was {how} at step {step} of {steps}.")
    } else {
        format!("The run of {time} was {how} at step {step} of {steps}.")
    }
}

/// Pictures of it that are in no file of the user's.
pub(crate) fn left_unsaved(count: usize) -> String {
    match count {
        1 => "One picture was not saved.".to_owned(),
        _ => format!("{count} pictures were not saved."),
    }
}

/// Runs that waited.
pub(crate) fn left_queue(count: usize) -> String {
    match count {
        1 => "One run waits in the queue.".to_owned(),
        _ => format!("{count} runs wait in the queue."),
    }
}

/// How much room sessions take, and where.
pub(crate) fn sessions_room(size: u64, folder: &Path) -> String {
    format!("{} in {}", bytes(size), folder.display())
}
