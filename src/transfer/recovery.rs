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
    if engine.name() == "cpu" {
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
