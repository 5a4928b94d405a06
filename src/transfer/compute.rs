//! What a program computes with: a pool of low-priority threads, the device of its choice, and the
//! engine of the last run.
//!
//! Packing a network's weights takes a good part of a second; a run that uses the same ones as
//! the run before gets its engine back.

use std::{path::Path, sync::Arc, thread::available_parallelism};

use rayon::ThreadPool;

use super::{
    Computed, DeviceInfo, Job, Transfer,
    devices::{Chosen, Devices, Need},
    memory, network, regions, system_memory,
};
use crate::{
    error::{Error, Result},
    network::{Family, Network, Normalization},
    settings::{DeviceChoice, TransferSettings},
    vgg::{
        Engine,
        candle::CandleEngine,
        device::{Machine, ThisMachine},
        fast::FastEngine,
        threads,
        weights::{Weights, WeightsChoice},
    },
};

/// The threads, the devices and the engine that the runs of a program share.
pub struct Compute {
    pool: Arc<ThreadPool>,
    threads: usize,
    devices: Devices,
    choice: DeviceChoice,
    /// About the last run's device.
    remark: Option<String>,
    spare: Option<Ready>,
}

/// An engine with its weights' name.
struct Ready {
    key: Key,
    engine: Box<dyn Engine>,
    family: Family,
    computed: Computed,
}

/// What decides which engine a run gets, but for the normalization of its weights.
#[derive(Clone, PartialEq)]
struct Key {
    weights: WeightsChoice,
    /// The processor's name or a device's.
    device: String,
}

impl Key {
    fn of(settings: &TransferSettings, device: String) -> Self {
        Self {
            weights: WeightsChoice {
                network: settings.network,
                file: settings.weights.clone(),
                kind: settings.weights_kind,
                seed: settings.weights_seed,
            },
            device,
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
            devices: Devices::of(Box::new(ThisMachine)),
            choice: DeviceChoice::default(),
            remark: None,
            spare: None,
        })
    }

    /// The same on another machine: for tests.
    #[must_use]
    pub fn on_machine(mut self, machine: Box<dyn Machine>) -> Self {
        self.devices = Devices::of(machine);
        self
    }

    /// Chooses what the next runs are computed on.
    pub fn set_device(&mut self, choice: DeviceChoice) {
        self.choice = choice;
    }

    /// The processor and every device there is, with a word about those that cannot be used.
    pub fn devices(&mut self) -> Vec<DeviceInfo> {
        let (name, memory) = system_memory::processor();
        let processor = DeviceInfo {
            choice: DeviceChoice::Cpu,
            name: format!("{name}, {} threads", self.threads),
            memory,
            fault: None,
        };
        let mut list = vec![processor];
        list.extend(self.devices.list());
        list
    }

    /// Why the last run is computed on the processor, where a device might have been expected.
    pub fn remark(&self) -> Option<&str> {
        self.remark.as_deref()
    }

    /// Threads of the pool.
    pub fn threads(&self) -> usize {
        self.threads
    }

    /// Runs `work` on the pool: everything it does in parallel stays there.
    pub fn install<R: Send>(&self, work: impl FnOnce() -> R + Send) -> R {
        self.pool.install(work)
    }

    /// Begins a run on the threads of the pool.
    ///
    /// # Errors
    /// When a setting is not valid, a style image is missing, the weights are not there or are
    /// damaged, memory runs out or the device fails.
    pub fn begin(&mut self, job: Job) -> Result<Transfer> {
        checked(&job)?;
        let ready = self.ready(&job)?;
        Transfer::new(job, ready.engine, ready.family, ready.computed, &self.pool)
    }

    /// Begins a run on an engine that is there, whatever the choice of devices, for tests of the
    /// device.
    ///
    /// # Errors
    /// As [`Self::begin`].
    pub fn begin_on(
        &self,
        job: Job,
        engine: Box<dyn Engine>,
        weights: &Weights,
    ) -> Result<Transfer> {
        checked(&job)?;
        let computed = self.computed(weights, engine.name());
        Transfer::new(job, engine, weights.family, computed, &self.pool)
    }

    fn computed(&self, weights: &Weights, device: String) -> Computed {
        Computed {
            weights: weights.origin.clone(),
            weights_sha256: weights.sha256.clone(),
            device,
            threads: self.threads,
        }
    }

    /// An engine for a run: the spare one where it fits.
    fn ready(&mut self, job: &Job) -> Result<Ready> {
        let chosen = self.choose(job)?;
        let device = match &chosen {
            Chosen::Cpu { remark } => {
                self.remark.clone_from(remark);
                memory::check(job, self.threads)?;
                DeviceChoice::Cpu.to_string()
            }
            Chosen::Device(id) => {
                self.remark = None;
                id.to_string()
            }
        };
        let key = Key::of(&job.settings, device);
        let plain = job.settings.normalization == Normalization::Off;
        match self.spare.take() {
            Some(ready) if plain && ready.key == key => Ok(ready),
            _ => self.make(key, &chosen, job),
        }
    }

    /// Puts new settings in force in a run. Where they ask for another network or other weights,
    /// these are loaded and made ready, and the run goes on with them. Answers whether it does.
    ///
    /// # Errors
    /// When a setting is not valid, weights cannot be loaded, a layer is missing, or memory runs out.
    /// A run that was to get another network goes on as it was.
    pub fn update(&mut self, transfer: &mut Transfer, wanted: &TransferSettings) -> Result<bool> {
        if transfer.settings().same_network(wanted) {
            transfer.update(wanted)?;
            return Ok(false);
        }
        wanted.validate()?;
        let job = transfer.job_with(wanted);
        regions::check(&job, &job.settings)?;
        let ready = self.ready(&job)?;
        transfer.switch(ready.engine, ready.family, job.settings)?;
        transfer.computed = ready.computed;
        Ok(true)
    }

    fn choose(&mut self, job: &Job) -> Result<Chosen> {
        let need = Need {
            bytes: memory::device_bytes(job, &job.settings),
            force: job.force,
        };
        let chosen = self.devices.choose(self.choice, need, &self.pool);
        chosen.map_err(|error| match error {
            Error::DeviceMemory { device, why, .. } => {
                let free = self.devices.usable_bytes(&device).unwrap_or(0);
                let fits =
                    |settings: &TransferSettings| memory::device_bytes(job, settings) <= free;
                let largest_px = memory::largest_px(job, fits);
                Error::DeviceMemory {
                    device,
                    why,
                    largest_px,
                }
            }
            error => error,
        })
    }

    /// An engine with the weights of `network` from `file` (or those inside the program), and
    /// their family.
    ///
    /// # Errors
    /// When the weights cannot be loaded or memory runs out.
    pub fn engine(
        &self,
        network: Network,
        file: Option<&Path>,
    ) -> Result<(Box<dyn Engine>, Family)> {
        let weights = Weights::find(network, file)?;
        let engine = FastEngine::on(&weights, Arc::clone(&self.pool));
        Ok((Box::new(engine), weights.family))
    }

    /// An engine with these weights on the device of the choice, for tests of the device. Its name
    /// comes along.
    ///
    /// # Errors
    /// When the device cannot be used.
    pub fn device_engine(&mut self, weights: &Arc<Weights>) -> Result<(Box<dyn Engine>, String)> {
        let DeviceChoice::On(id) = self.choice else {
            // The processor is tested by the engine on tensors.
            let engine = CandleEngine::new(weights, &candle_core::Device::Cpu)?;
            return Ok((Box::new(engine), system_memory::processor().0));
        };
        self.devices.engine(id, weights)
    }

    /// An engine; its weights normalized as the settings of `job` say.
    fn make(&mut self, key: Key, chosen: &Chosen, job: &Job) -> Result<Ready> {
        let weights = Weights::chosen(&key.weights)?;
        let threads = self.threads;
        let weights = self.install(move || network::normalized(weights, job, threads))?;
        let (engine, device): (Box<dyn Engine>, String) = match chosen {
            Chosen::Cpu { .. } => {
                let engine = FastEngine::on(&weights, Arc::clone(&self.pool));
                let device = format!("cpu {}", crate::vgg::fast::instruction_set());
                (Box::new(engine), device)
            }
            Chosen::Device(id) => {
                let (engine, name) = self.devices.engine(*id, &weights)?;
                (engine, format!("{id} {name}"))
            }
        };
        Ok(Ready {
            key,
            engine,
            family: weights.family,
            computed: self.computed(&weights, device),
        })
    }

    /// Takes a run's engine back for the next one, unless its weights belong to the run's pictures.
    pub fn reclaim(&mut self, transfer: Transfer) {
        if transfer.settings().normalization != Normalization::Off {
            return;
        }
        let key = Key::of(transfer.settings(), transfer.device());
        let family = transfer.family();
        let computed = transfer.computed().clone();
        self.spare = Some(Ready {
            key,
            engine: transfer.into_engine(),
            family,
            computed,
        });
    }
}

/// Checks a job before anything is computed.
fn checked(job: &Job) -> Result<()> {
    job.settings.validate()?;
    regions::check(job, &job.settings)?;
    match &job.checkpoint {
        Some(checkpoint) => checkpoint.check(job),
        None => Ok(()),
    }
}
