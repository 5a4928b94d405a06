//! The engine's threads: named, and last in the queue for the processor.

use crate::error::{Error, Result};

/// A pool of `threads` threads, by default one for each core.
pub(super) fn pool(threads: Option<usize>) -> Result<rayon::ThreadPool> {
    rayon::ThreadPoolBuilder::new()
        .num_threads(threads.unwrap_or(0))
        .thread_name(|index| format!("impasto-compute-{index}"))
        .start_handler(|_| yield_to_everyone())
        .build()
        .map_err(|fault| Error::Device {
            device: "processor".to_owned(),
            why: format!("compute threads did not start ({fault})"),
            advice: "Choose fewer threads".to_owned(),
        })
}

/// Gives this thread the lowest priority, so that windows stay fluent while it computes.
#[cfg(target_os = "linux")]
fn yield_to_everyone() {
    // On Linux a priority set by thread id holds for that thread alone.
    let thread = rustix::thread::gettid();
    if let Err(fault) = rustix::process::setpriority_process(Some(thread), 19) {
        log::debug!("the priority stays as it is: {fault}");
    }
}

#[cfg(not(target_os = "linux"))]
fn yield_to_everyone() {}
