//! NVIDIA's graphics cards, through CUDA.

#[cfg(feature = "cuda")]
use self::built::{count, open};
use super::accelerator::KindDescription;
#[cfg(not(feature = "cuda"))]
use super::accelerator::{absent as open, none as count};

/// Its entry among the kinds of devices.
pub(super) const KIND: KindDescription = KindDescription {
    title: "CUDA",
    absent: "no NVIDIA graphics card was found",
    build: "Build it with `--features cuda` (docs/devices.md says how), or choose auto or cpu",
    numbered: true,
    built: cfg!(feature = "cuda"),
    count,
    open,
};

/// What the program is built with.
#[cfg(feature = "cuda")]
mod built {
    use std::sync::Arc;

    use candle_core::{
        Device,
        cuda_backend::cudarc::driver::{CudaContext, DriverError},
    };

    use crate::{
        error::{Error, Result},
        vgg::{
            Engine,
            candle::CandleEngine,
            device::accelerator::{Accelerator, DeviceMemory},
            weights::Weights,
        },
    };

    fn said(fault: DriverError) -> Error {
        Error::Tensor(candle_core::Error::Cuda(Box::new(fault)))
    }

    pub(in crate::vgg::device) fn count() -> Result<usize> {
        let count = CudaContext::device_count().map_err(said)?;
        Ok(usize::try_from(count).unwrap_or(0))
    }

    pub(in crate::vgg::device) fn open(index: usize) -> Result<Box<dyn Accelerator>> {
        Ok(Box::new(Card(Device::new_cuda(index)?)))
    }

    /// An NVIDIA graphics card.
    struct Card(Device);

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
            Ok(Box::new(CandleEngine::new(weights, &self.0)?))
        }
    }
}
