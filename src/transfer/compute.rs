//! What a program computes with: a pool of low-priority threads, and the engine of the last run.
//!
//! Packing a network's weights takes a good part of a second; a run that uses the same ones as
//! the run before gets its engine back.

use std::{path::PathBuf, sync::Arc, thread::available_parallelism};

use rayon::{ThreadPool, ThreadPoolBuilder};

use super::{Computed, Job, Transfer, memory, network};
use crate::{
    error::{Error, Result},
    network::{Family, Network, Normalisation, WeightsKind},
    settings::TransferSettings,
    vgg::{
        Engine,
        fast::FastEngine,
        weights::{Weights, WeightsChoice},
    },
};

/// See the module's head.
pub struct Compute {
    pool: Arc<ThreadPool>,
    threads: usize,
    spare: Option<Ready>,
}

/// An engine with its weights' name.
struct Ready {
    key: WeightsChoice,
    engine: Box<dyn Engine>,
    family: Family,
    computed: Computed,
}

/// What decides which weights an engine holds, but for their normalisation.
fn choice(settings: &TransferSettings) -> WeightsChoice {
    WeightsChoice {
        network: settings.network,
        file: settings.weights.clone(),
        kind: settings.weights_kind,
        seed: settings.weights_seed,
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
        let key = choice(&job.settings);
        let plain = job.settings.normalisation == Normalisation::Off;
        let ready = match self.spare.take() {
            Some(ready) if plain && ready.key == key => ready,
            _ => self.make(key, Some(&job))?,
        };
        let computed = ready.computed.clone();
        let transfer = self.install(|| Transfer::new(job, ready.engine, ready.family))?;
        Ok((transfer, computed))
    }

    /// Puts new settings in force in a run. Where they ask for another network or other weights,
    /// these are loaded and made ready, the run goes on with them, and what is computed with is the answer.
    ///
    /// # Errors
    /// When a setting is not valid, weights cannot be had, a layer is missing, or memory runs out.
    /// A run that was to get another network goes on as it was.
    pub fn update(
        &self,
        transfer: &mut Transfer,
        wanted: &TransferSettings,
    ) -> Result<Option<Computed>> {
        if transfer.settings().same_network(wanted) {
            self.install(|| transfer.update(wanted))?;
            return Ok(None);
        }
        wanted.validate()?;
        let job = transfer.job_with(wanted);
        memory::check(&job, self.threads)?;
        let ready = self.make(choice(&job.settings), Some(&job))?;
        self.install(|| transfer.switch(ready.engine, ready.family, wanted))?;
        Ok(Some(ready.computed))
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
        let key = WeightsChoice {
            network,
            file,
            kind: WeightsKind::Trained,
            seed: 0,
        };
        let ready = self.make(key, None)?;
        Ok((ready.engine, ready.family))
    }

    /// An engine; normalised as the settings of `job` say.
    fn make(&self, key: WeightsChoice, job: Option<&Job>) -> Result<Ready> {
        let mut weights = Weights::chosen(&key)?;
        if let Some(job) = job {
            let threads = self.threads;
            weights = self.install(move || network::normalised(weights, job, threads))?;
        }
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

    /// Takes a run's engine back for the next one, unless its weights belong to the run's pictures.
    pub fn reclaim(&mut self, transfer: Transfer, computed: Computed) {
        if transfer.settings().normalisation != Normalisation::Off {
            return;
        }
        let key = choice(transfer.settings());
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
