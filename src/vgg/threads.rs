//! Threads to compute with: named, and last in the queue for the processor.

use std::sync::Arc;

use rayon::{ThreadPool, ThreadPoolBuilder};

use crate::error::{Error, Result};

/// Most threads of a pool: each has a stack and buffers of its own, and no machine has more cores.
pub const MOST_THREADS: usize = 512;

/// A pool of `threads` threads, by default one for each core.
///
/// # Errors
/// When that is none or more than [`MOST_THREADS`], or the system has no threads to give.
pub fn pool(threads: Option<usize>) -> Result<Arc<ThreadPool>> {
    build(
        threads,
        ThreadPoolBuilder::new().start_handler(|_| yield_to_others()),
    )
}

/// The same for short work that somebody waits for: at the priority of the program, so that it comes
/// in time on a busy machine.
///
/// # Errors
/// As [`pool`].
pub fn prompt_pool(threads: Option<usize>) -> Result<Arc<ThreadPool>> {
    build(threads, ThreadPoolBuilder::new())
}

/// Checks a number of threads that somebody asks for.
///
/// # Errors
/// When it is none or more than [`MOST_THREADS`].
pub fn check(threads: Option<usize>) -> Result<()> {
    let wrong = threads.filter(|threads| !(1..=MOST_THREADS).contains(threads));
    let expected = format!("give a number from 1 to {MOST_THREADS}");
    wrong.map_or(Ok(()), |threads| {
        Err(Error::setting("threads", threads, expected))
    })
}

fn build(threads: Option<usize>, builder: ThreadPoolBuilder) -> Result<Arc<ThreadPool>> {
    check(threads)?;
    builder
        .num_threads(threads.unwrap_or(0))
        .thread_name(|index| format!("compute {index}"))
        .build()
        .map(Arc::new)
        .map_err(|fault| Error::Device {
            device: "processor".to_owned(),
            why: format!("compute threads did not start ({fault})"),
            advice: "Choose fewer threads".to_owned(),
        })
}

/// Gives this thread the lowest priority, so that the window and everything else come first.
/// Where the system refuses, the thread computes on as it is.
fn yield_to_others() {
    // On Linux a priority set by thread id holds for that thread alone.
    #[cfg(target_os = "linux")]
    {
        let thread = rustix::thread::gettid();
        if let Err(fault) = rustix::process::setpriority_process(Some(thread), 19) {
            log::debug!("compute threads keep their priority: {fault}");
        }
    }
}
