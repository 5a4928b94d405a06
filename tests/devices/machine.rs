//! Machines that exist only here: their devices say what the real libraries say.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering},
};

use candle_core::Device;
use impasto::{
    error::{Error, Result},
    features::{FeatureGradient, Features},
    network::Layer,
    settings::DeviceChoice,
    vgg::{
        Engine, Topology, VggImage,
        candle::CandleEngine,
        device::{Accelerator, DeviceId, DeviceMemory, Kind, Machine},
        weights::Weights,
    },
};

pub(crate) const fn on_cuda(index: usize) -> DeviceChoice {
    DeviceChoice::On(DeviceId {
        kind: Kind::Cuda,
        index,
    })
}

pub(crate) const METAL: DeviceChoice = DeviceChoice::On(DeviceId {
    kind: Kind::Metal,
    index: 0,
});

/// What is wrong with a machine.
#[derive(Clone, Copy)]
pub(crate) enum Flaw {
    None,
    NoDriver,
    NoCublas,
    NoCurand,
    NoDevice,
    NoMetalDevice,
    OldDriver,
    DoesNotOpen,
    Panics,
    ComputesWrongly,
    FailsAtWork,
    Small,
}

pub(crate) struct FakeMachine {
    kind: Kind,
    flaw: Flaw,
    /// Forward passes that the device survives, then it is out of memory until its strips were
    /// halved as often as the second number says.
    memory: Option<(Arc<AtomicUsize>, usize)>,
}

pub(crate) fn library(words: &str) -> Error {
    // With RUST_BACKTRACE set the library puts a backtrace around its words: here always.
    let inner = Box::new(candle_core::Error::Cuda(words.to_owned().into()));
    let backtrace = Box::new(std::backtrace::Backtrace::force_capture());
    Error::Tensor(candle_core::Error::WithBacktrace { inner, backtrace })
}

pub(crate) fn missing(name: &str) -> ! {
    panic!(
        "Unable to dynamically load the \"{name}\" shared library - searched for library names: \
         [\"lib{name}.so\"]. Ensure that `LD_LIBRARY_PATH` has the correct path."
    )
}

impl Machine for FakeMachine {
    fn kinds(&self) -> Vec<Kind> {
        vec![self.kind]
    }

    fn count(&self, _: Kind) -> Result<usize> {
        match self.flaw {
            Flaw::NoDriver => missing("cuda"),
            Flaw::NoDevice => Err(library(
                "DriverError(CUDA_ERROR_NO_DEVICE, \"no CUDA-capable device is detected\")",
            )),
            _ => Ok(1),
        }
    }

    fn open(&self, _: DeviceId) -> Result<Box<dyn Accelerator>> {
        match self.flaw {
            Flaw::NoCublas => missing("cublas"),
            Flaw::NoCurand => missing("curand"),
            Flaw::NoMetalDevice => panic!("swap_remove index (is 0) should be < len (is 0)"),
            Flaw::DoesNotOpen => Err(library("DriverError(CUDA_ERROR_DEVICE_UNAVAILABLE)")),
            Flaw::Panics => panic!("called `Option::unwrap()` on a `None` value"),
            flaw => Ok(Box::new(FakeCard {
                flaw,
                memory: self.memory.clone(),
            })),
        }
    }
}

pub(crate) struct FakeCard {
    flaw: Flaw,
    memory: Option<(Arc<AtomicUsize>, usize)>,
}

impl Accelerator for FakeCard {
    fn name(&self) -> String {
        "Fake 3000".to_owned()
    }

    fn memory(&self) -> Option<DeviceMemory> {
        let gb = if matches!(self.flaw, Flaw::Small) {
            1
        } else {
            8
        };
        Some(DeviceMemory {
            free_bytes: gb * 1_000_000_000,
            total_bytes: 8_000_000_000,
        })
    }

    fn engine(&self, weights: &Arc<Weights>) -> Result<Box<dyn Engine>> {
        Ok(Box::new(FakeEngine {
            inner: CandleEngine::new(weights, &Device::Cpu)?,
            flaw: self.flaw,
            memory: self.memory.clone(),
            halvings: 0,
        }))
    }
}

/// The engine on tensors, under another name and with a flaw.
pub(crate) struct FakeEngine {
    inner: CandleEngine,
    flaw: Flaw,
    memory: Option<(Arc<AtomicUsize>, usize)>,
    halvings: usize,
}

impl Engine for FakeEngine {
    fn device(&self) -> &Device {
        self.inner.device()
    }

    fn name(&self) -> String {
        "cuda:0".to_owned()
    }

    fn forward(&mut self, image: VggImage<'_>, taps: &[Layer], topology: Topology) -> Result<()> {
        match self.flaw {
            Flaw::OldDriver => {
                return Err(library("DriverError(CUDA_ERROR_UNSUPPORTED_PTX_VERSION)"));
            }
            Flaw::FailsAtWork => panic!("index out of bounds in a kernel"),
            _ => {}
        }
        if let Some((passes, halvings)) = &self.memory {
            let left = passes.load(Ordering::Relaxed);
            if left == 0 && self.halvings < *halvings {
                return Err(library(
                    "DriverError(CUDA_ERROR_OUT_OF_MEMORY, \"out of memory\")",
                ));
            }
            passes.store(left.saturating_sub(1), Ordering::Relaxed);
        }
        self.inner.forward(image, taps, topology)
    }

    fn tap(&self, layer: Layer) -> Result<Box<dyn Features + '_>> {
        self.inner.tap(layer)
    }

    fn reverse(&mut self, gradients: &[(Layer, FeatureGradient)]) -> Result<Vec<f32>> {
        let mut gradient = self.inner.reverse(gradients)?;
        if matches!(self.flaw, Flaw::ComputesWrongly) {
            gradient.rotate_left(1);
        }
        Ok(gradient)
    }

    fn shrink(&mut self) -> bool {
        self.halvings += 1;
        self.halvings < 6
    }
}

pub(crate) fn machine(kind: Kind, flaw: Flaw) -> Box<dyn Machine> {
    Box::new(FakeMachine {
        kind,
        flaw,
        memory: None,
    })
}

/// A machine whose device is out of memory after `passes` forward passes until its strips were
/// halved `halvings` times; and the passes left.
pub(crate) fn forgetful(passes: usize, halvings: usize) -> (Box<dyn Machine>, Arc<AtomicUsize>) {
    let passes = Arc::new(AtomicUsize::new(passes));
    let machine = FakeMachine {
        kind: Kind::Cuda,
        flaw: Flaw::None,
        memory: Some((Arc::clone(&passes), halvings)),
    };
    (Box::new(machine), passes)
}
