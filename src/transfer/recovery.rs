//! What happens when a device fails in the middle of a run.

use super::devices;
use crate::{
    error::{Error, Result},
    settings::range,
    vgg::{
        Engine,
        device::{caught, is_out_of_memory, plain_words},
    },
};

/// Of the size at which memory ran out, the part that is offered next: half the pixels.
const SMALLER: f64 = 0.7;

/// Runs work on the engine. When memory runs out, the engine is asked to work in smaller pieces and
/// the work begins anew: it must not have changed anything before it failed. A library's panic is an
/// error, as any of its errors in words. `longest_px` is the size of the picture at hand.
pub(super) fn recovering<T>(
    engine: &mut dyn Engine,
    longest_px: usize,
    mut work: impl FnMut(&mut dyn Engine) -> Result<T>,
) -> Result<T> {
    if engine.in_process_memory() {
        return work(engine);
    }
    loop {
        let error = match caught(|| work(engine)) {
            Err(error @ (Error::Tensor(_) | Error::Internal(_))) => error,
            other => return other,
        };
        let device = engine.name();
        if !is_out_of_memory(&error) {
            return Err(devices::failed(&device, &error));
        }
        if !caught(|| Ok(engine.shrink())).unwrap_or(false) {
            let smaller = (longest_px as f64 * SMALLER).max(range::SIZE_PX.min);
            return Err(Error::DeviceMemory {
                device,
                why: plain_words(&error),
                largest_px: smaller as u32,
            });
        }
        log::warn!("{device} ran out of memory at {longest_px} px; trying in smaller pieces");
    }
}

#[cfg(test)]
mod tests {
    use candle_core::Device;

    use super::*;
    use crate::{
        features::{FeatureGradient, Features},
        network::Layer,
        vgg::{Topology, VggImage},
    };

    /// An engine that computes elsewhere and takes its tensors from the processor, as one on another
    /// interface would.
    struct Elsewhere {
        halvings: usize,
    }

    impl Engine for Elsewhere {
        fn device(&self) -> &Device {
            &Device::Cpu
        }

        fn name(&self) -> String {
            "cpu".to_owned()
        }

        fn forward(&mut self, _: VggImage<'_>, _: &[Layer], _: Topology) -> Result<()> {
            if self.halvings < 2 {
                return Err(Error::Internal("out of memory".to_owned()));
            }
            Ok(())
        }

        fn tap(&self, _: Layer) -> Result<Box<dyn Features + '_>> {
            Err(Error::Internal("nothing is tapped".to_owned()))
        }

        fn reverse(&mut self, _: &[(Layer, FeatureGradient)]) -> Result<Vec<f32>> {
            Ok(Vec::new())
        }

        fn shrink(&mut self) -> bool {
            self.halvings += 1;
            true
        }
    }

    #[test]
    fn an_engine_of_any_name_and_tensors_is_asked_to_shrink() {
        let mut engine = Elsewhere { halvings: 0 };
        let image = VggImage {
            data: &[0.0; 3],
            height: 1,
            width: 1,
        };
        recovering(&mut engine, 64, |engine| {
            engine.forward(image, &[], Topology::default())
        })
        .unwrap();
        assert_eq!(engine.halvings, 2);
    }
}
