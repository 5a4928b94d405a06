//! How much is read: above what a run can use, and below what a machine cannot hold.

use super::fault::Fault;

/// Longest side that is read: far above what a run can use.
pub(in crate::pixels) const MAX_SIDE_PX: u32 = 20_000;
/// Most pixels that are read: the largest cameras stay below; their planes take 1.6 GB.
pub(in crate::pixels) const MAX_PIXELS: u64 = 1 << 27;
/// Most memory a decoder may take.
pub(super) const MAX_DECODE_BYTES: u64 = 1 << 30;

/// Refuses sides that are too long, before memory is taken for them.
pub(in crate::pixels) fn check_sides(width: u64, height: u64) -> Result<(), Fault> {
    if width == 0 || height == 0 {
        return Err(Fault::Sides(width, height));
    }
    let side = u64::from(MAX_SIDE_PX);
    if width > side || height > side || width * height > MAX_PIXELS {
        return Err(Fault::Sides(width, height));
    }
    Ok(())
}
