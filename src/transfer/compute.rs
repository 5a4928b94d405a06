//! What a program computes with: a pool of low-priority threads, and the engine of the last run.
//!
//! Packing a network's weights takes a good part of a second; a run that uses the same ones as
//! the run before gets its engine back.

use std::{path::PathBuf, sync::Arc, thread::available_parallelism};

use rayon::{ThreadPool, ThreadPoolBuilder};

use super::{Computed, Job, Transfer, memory};
use crate::{
    error::{Error, Result},
    network::{Family, Network},
    settings::TransferSettings,
    vgg::{Engine, fast::FastEngine, weights::Weights},
};

/// See the module's head.
pub struct Compute {
    pool: Arc<ThreadPool>,
    threads: usize,
    spare: Option<Ready>,
}

/// An engine with its weights' name.
struct Ready {
    key: Key,
    engine: Box<dyn Engine>,
    family: Family,
    computed: Computed,
}

/// What decides which weights an engine holds.
#[derive(Clone, PartialEq)]
struct Key {
    network: Network,
    file: Option<PathBuf>,
}

impl Key {
    fn of(settings: &TransferSettings) -> Self {
        Self {
            network: settings.network,
            file: settings.weights.clone(),
        }
    }
}

impl Compute {
    /// A pool of `threads` threads; without a number, one for each processor the system offers.
    ///
    /// # Errors
    /// When `threads` is 0, or the system has no threads to give.
    pub fn new(threads: Option<usize>) -> Result<Self> {
        let available = available_parallelism().map_or(1, usize::from);
        let threads = threads.unwrap_or(available);
        if threads == 0 {
            return Err(Error::setting("threads", 0, "give a number of 1 or more"));
        }
        let pool = ThreadPoolBuilder::new()
            .num_threads(threads)
            .thread_name(|index| format!("compute {index}"))
            .start_handler(|_| yield_to_others())
            .build()
            .map_err(|fault| Error::Internal(format!("no threads to compute with: {fault}")))?;
        Ok(Self {
            pool: Arc::new(pool),
            threads,
            spare: None,
        })
    }

    /// Threads of the pool.
    pub fn threads(&self) -> usize {
        self.threads
    }

    /// Runs `work` on the pool: everything it does in parallel stays there.
    pub fn install<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R {
        self.pool.install(work)
    }

    /// Begins a run. Returns it with what computes it.
    ///
    /// # Errors
    /// As [`Transfer::new`], and when the weights cannot be had.
    pub fn begin(&mut self, job: Job) -> Result<(Transfer, Computed)> {
        job.settings.validate()?;
        memory::check(&job, self.threads)?;
        let key = Key::of(&job.settings);
        let ready = match self.spare.take() {
            Some(ready) if ready.key == key => ready,
            _ => self.make(key)?,
        };
        let computed = ready.computed.clone();
        let transfer = self.install(|| Transfer::new(job, ready.engine, ready.family))?;
        Ok((transfer, computed))
    }

    /// An engine with the weights of `network` from `file` (or those inside the program), and
    /// their family.
    ///
    /// # Errors
    /// When the weights cannot be had or memory runs out.
    pub fn engine(
        &self,
        network: Network,
        file: Option<PathBuf>,
    ) -> Result<(Box<dyn Engine>, Family)> {
        let ready = self.make(Key { network, file })?;
        Ok((ready.engine, ready.family))
    }

    fn make(&self, key: Key) -> Result<Ready> {
        let weights = Weights::find(key.network, key.file.as_deref())?;
        Ok(Ready {
            key,
            engine: Box::new(FastEngine::new(&weights, Some(self.threads))?),
            family: weights.family,
            computed: Computed {
                weights: weights.origin.clone(),
                weights_sha256: weights.sha256.clone(),
                device: format!("cpu {}", crate::vgg::fast::instruction_set()),
                threads: self.threads,
            },
        })
    }

    /// Takes a run's engine back for the next one.
    pub fn reclaim(&mut self, transfer: Transfer, computed: Computed) {
        let key = Key::of(transfer.settings());
        let family = transfer.family();
        self.spare = Some(Ready {
            key,
            engine: transfer.into_engine(),
            family,
            computed,
        });
    }
}

/// Gives the thread the lowest priority, so that the window and everything else come first.
/// Where the system refuses, the thread computes on as it is.
fn yield_to_others() {
    #[cfg(target_os = "linux")]
    {
        let thread = Some(rustix::thread::gettid());
        if let Err(fault) = rustix::process::setpriority_process(thread, 19) {
            log::debug!("compute threads keep their priority: {fault}");
        }
    }
}
