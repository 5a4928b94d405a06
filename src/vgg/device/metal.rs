//! Apple's graphics, through Metal.

#[cfg(feature = "metal")]
use self::built::{count, open};
use super::accelerator::KindDescription;
#[cfg(not(feature = "metal"))]
use super::accelerator::{absent as open, none as count};

/// Its entry among the kinds of devices.
pub(super) const KIND: KindDescription = KindDescription {
    title: "Metal",
    absent: "no Metal device was found",
    build: "Build it on a Mac with `--features metal`, or choose auto or cpu",
    numbered: false,
    built: cfg!(feature = "metal"),
    count,
    open,
};

/// What the program is built with.
#[cfg(feature = "metal")]
mod built {
    use std::sync::Arc;

    use candle_core::Device;

    use crate::{
        error::Result,
        vgg::{
            Engine,
            candle::CandleEngine,
            device::accelerator::{Accelerator, DeviceMemory},
            weights::Weights,
        },
    };

    #[expect(
        clippy::unnecessary_wraps,
        reason = "other kinds ask a library that may fail"
    )]
    pub(in crate::vgg::device) fn count() -> Result<usize> {
        // Opening tells whether there is one.
        Ok(1)
    }

    pub(in crate::vgg::device) fn open(index: usize) -> Result<Box<dyn Accelerator>> {
        Ok(Box::new(Graphics(Device::new_metal(index)?)))
    }

    /// Apple's graphics.
    struct Graphics(Device);

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
            Ok(Box::new(CandleEngine::new(weights, &self.0)?))
        }
    }
}
