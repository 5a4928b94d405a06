//! [`Machine`] on the libraries that the program was built with.

#[cfg(any(feature = "cuda", feature = "metal"))]
use std::sync::Arc;

#[cfg(any(feature = "cuda", feature = "metal"))]
use candle_core::Device;

use super::{Accelerator, DeviceId, Kind, Machine};
#[cfg(any(feature = "cuda", feature = "metal"))]
use super::{DeviceMemory, Engine, Weights};
use crate::error::{Error, Result};
#[cfg(any(feature = "cuda", feature = "metal"))]
use crate::vgg::candle::CandleEngine;

/// The computer at hand.
#[derive(Clone, Copy, Debug, Default)]
pub struct ThisMachine;

impl Machine for ThisMachine {
    fn kinds(&self) -> Vec<Kind> {
        let built = |kind: &Kind| match kind {
            Kind::Cuda => cfg!(feature = "cuda"),
            Kind::Metal => cfg!(feature = "metal"),
        };
        Kind::ALL.into_iter().filter(built).collect()
    }

    fn count(&self, kind: Kind) -> Result<usize> {
        match kind {
            #[cfg(feature = "cuda")]
            Kind::Cuda => cuda::count(),
            #[cfg(feature = "metal")]
            // Opening tells whether there is one.
            Kind::Metal => Ok(1),
            #[cfg(not(all(feature = "cuda", feature = "metal")))]
            kind => Err(not_built(kind)),
        }
    }

    fn open(&self, id: DeviceId) -> Result<Box<dyn Accelerator>> {
        match id.kind {
            #[cfg(feature = "cuda")]
            Kind::Cuda => Ok(Box::new(cuda::Card::open(id.index)?)),
            #[cfg(feature = "metal")]
            Kind::Metal => Ok(Box::new(metal::Graphics::open(id.index)?)),
            #[cfg(not(all(feature = "cuda", feature = "metal")))]
            kind => Err(not_built(kind)),
        }
    }
}

#[cfg(not(all(feature = "cuda", feature = "metal")))]
fn not_built(kind: Kind) -> Error {
    Error::Internal(format!("this program knows no {}", kind.title()))
}

/// The engine on tensors, on this device.
#[cfg(any(feature = "cuda", feature = "metal"))]
fn engine_on(device: &Device, weights: &Arc<Weights>) -> Result<Box<dyn Engine>> {
    Ok(Box::new(CandleEngine::new(weights, device)?))
}

#[cfg(feature = "cuda")]
mod cuda {
    use candle_core::cuda_backend::cudarc::driver::{CudaContext, DriverError};

    use super::*;

    fn said(fault: DriverError) -> Error {
        Error::Tensor(candle_core::Error::Cuda(Box::new(fault)))
    }

    pub(super) fn count() -> Result<usize> {
        let count = CudaContext::device_count().map_err(said)?;
        Ok(usize::try_from(count).unwrap_or(0))
    }

    /// An NVIDIA graphics card.
    pub(super) struct Card(Device);

    impl Card {
        pub(super) fn open(index: usize) -> Result<Self> {
            Ok(Self(Device::new_cuda(index)?))
        }
    }

    impl Accelerator for Card {
        fn name(&self) -> String {
            let context = self.0.as_cuda_device().map(|card| card.cuda_stream());
            let name = context.map(|stream| stream.context().name());
            match name {
                Ok(Ok(name)) => name,
                _ => "NVIDIA graphics card".to_owned(),
            }
        }

        fn memory(&self) -> Option<DeviceMemory> {
            let card = self.0.as_cuda_device().ok()?;
            let (free, total) = card.cuda_stream().context().mem_get_info().ok()?;
            Some(DeviceMemory {
                free_bytes: free as u64,
                total_bytes: total as u64,
            })
        }

        fn engine(&self, weights: &Arc<Weights>) -> Result<Box<dyn Engine>> {
            engine_on(&self.0, weights)
        }
    }
}

#[cfg(feature = "metal")]
mod metal {
    use super::*;

    /// Apple's graphics.
    pub(super) struct Graphics(Device);

    impl Graphics {
        pub(super) fn open(index: usize) -> Result<Self> {
            Ok(Self(Device::new_metal(index)?))
        }
    }

    impl Accelerator for Graphics {
        fn name(&self) -> String {
            let name = self.0.as_metal_device();
            let name = name.map(|graphics| graphics.metal_device().architecture_name());
            name.map_or_else(
                |_fault| "Metal".to_owned(),
                |name| format!("Metal ({name})"),
            )
        }

        fn memory(&self) -> Option<DeviceMemory> {
            let graphics = self.0.as_metal_device().ok()?.metal_device();
            let total = graphics.recommended_max_working_set_size() as u64;
            let used = graphics.current_allocated_size() as u64;
            Some(DeviceMemory {
                free_bytes: total.saturating_sub(used),
                total_bytes: total,
            })
        }

        fn engine(&self, weights: &Arc<Weights>) -> Result<Box<dyn Engine>> {
            engine_on(&self.0, weights)
        }
    }
}
