//! What a program computes with: a pool of low-priority threads, and the engine of the last run.
//!
//! Packing a network's weights takes a good part of a second; a run that uses the same ones as
//! the run before gets its engine back.

use std::{path::PathBuf, sync::Arc, thread::available_parallelism};

use rayon::ThreadPool;

use super::{Job, Transfer, memory};
use crate::{
    error::{Error, Result},
    network::{Family, Network},
    settings::TransferSettings,
    vgg::{Engine, fast::FastEngine, threads, weights::Weights},
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
    origin: String,
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
        Ok(Self {
            pool: threads::pool(Some(threads))?,
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

    /// Begins a run. Returns it with the name of its weights.
    ///
    /// # Errors
    /// As [`Transfer::new`], and when the weights cannot be had.
    pub fn begin(&mut self, job: Job) -> Result<(Transfer, String)> {
        job.settings.validate()?;
        memory::check(&job, self.threads)?;
        let key = Key::of(&job.settings);
        let ready = match self.spare.take() {
            Some(ready) if ready.key == key => ready,
            _ => self.make(key)?,
        };
        let origin = ready.origin.clone();
        let transfer = self.install(|| Transfer::new(job, ready.engine, ready.family))?;
        Ok((transfer, origin))
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
            engine: Box::new(FastEngine::on(&weights, Arc::clone(&self.pool))),
            family: weights.family,
            origin: weights.origin.clone(),
        })
    }

    /// Takes a run's engine back for the next one.
    pub fn reclaim(&mut self, transfer: Transfer, origin: String) {
        let key = Key::of(transfer.settings());
        let family = transfer.family();
        self.spare = Some(Ready {
            key,
            engine: transfer.into_engine(),
            family,
            origin,
        });
    }
}
