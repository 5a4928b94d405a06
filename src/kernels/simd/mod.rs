//! Vectors of f32: one trait, one implementation for each instruction set.
//!
//! Kernels are written once against [`Simd`] and compiled for each of its implementations
//! ([`super::isa::Kernel`]). Feature maps come in blocks of [`BLOCK`] channels, so a vector is one
//! block (AVX-512), half of one (AVX2) or a quarter (portable): a *part*.

mod portable;
pub(super) use portable::Portable;

#[cfg(target_arch = "x86_64")]
mod avx2;
#[cfg(target_arch = "x86_64")]
pub(super) use avx2::Avx2;

#[cfg(target_arch = "x86_64")]
mod avx512;
#[cfg(target_arch = "x86_64")]
pub(super) use avx512::Avx512;

/// Channels of a block: one cache line of f32, one AVX-512 register.
pub const BLOCK: usize = 16;

/// Most parts that a block is split into.
pub(super) const MAX_PARTS: usize = 4;

/// Most panels of 16 outputs that the matrix kernel handles at once.
pub(super) const MAX_PANELS: usize = 2;

/// A vector of f32. Operations act lane by lane.
///
/// Values of these types are only made by code that runs inside
/// [`Isa::run`](super::Isa), which has checked that the processor has the instructions.
pub(super) trait Simd: Copy {
    /// Values in a vector: 4, 8 or 16.
    const LANES: usize;
    /// Vectors in a block.
    const PARTS: usize = BLOCK / Self::LANES;
    /// Rows (tiles or pixels) that the matrix kernel handles at once, 12 at most. With
    /// [`PANELS`](Self::PANELS), as many as leave a few registers free for operands.
    const ROWS: usize;
    /// Panels of 16 outputs that the matrix kernel handles at once, 1 or 2.
    const PANELS: usize;

    /// Reads a vector.
    ///
    /// # Safety
    /// `source` is valid for reads of `LANES` values; no alignment beyond that of f32.
    unsafe fn load(source: *const f32) -> Self;
    /// Reads one value into all lanes.
    ///
    /// # Safety
    /// `source` is valid for reads of one value.
    unsafe fn broadcast(source: *const f32) -> Self;
    /// Writes the vector.
    ///
    /// # Safety
    /// `target` is valid for writes of `LANES` values; no alignment beyond that of f32.
    unsafe fn store(self, target: *mut f32);
    /// The same value in all lanes.
    fn splat(value: f32) -> Self;
    /// `self + other`.
    fn add(self, other: Self) -> Self;
    /// `self - other`.
    fn sub(self, other: Self) -> Self;
    /// `self * other`.
    fn mul(self, other: Self) -> Self;
    /// `self * factor + addend`, rounded once where the processor can.
    fn mul_add(self, factor: Self, addend: Self) -> Self;
    /// The larger of the two; `other` where one of them is not a number.
    fn max(self, other: Self) -> Self;
    /// The smaller of the two; `other` where one of them is not a number.
    fn min(self, other: Self) -> Self;
    /// One bit per lane, lane 0 lowest: `self > other`.
    fn greater(self, other: Self) -> u32;
    /// One bit per lane: `self == other`.
    fn equal(self, other: Self) -> u32;
    /// Lanes whose bit is set; +0 elsewhere, whatever stood there.
    fn keep(self, bits: u32) -> Self;
    /// Asks for the cache line of `address`; does nothing where that is not possible.
    fn prefetch(address: *const f32);
    /// The same for a line that will be used later: it goes no nearer than the second level cache.
    fn prefetch_far(address: *const f32);
}

/// The bits of part `part` at `masks[index]`, lowest first.
///
/// # Safety
/// `masks` is valid for reads at `index`.
#[inline(always)]
pub(super) unsafe fn read_bits<S: Simd>(masks: *const u16, index: usize, part: usize) -> u32 {
    // SAFETY: the caller's promise; a u16 is two readable bytes.
    unsafe {
        if S::LANES == 8 && cfg!(target_endian = "little") {
            u32::from(*masks.add(index).cast::<u8>().add(part))
        } else {
            u32::from(*masks.add(index)) >> (part * S::LANES)
        }
    }
}

/// Sets the bits of part `part` at `masks[index]`. Parts are written in rising order; the first
/// one clears the others.
///
/// # Safety
/// `masks` is valid for reads and writes at `index`, and nobody else uses that place.
#[inline(always)]
pub(super) unsafe fn write_bits<S: Simd>(masks: *mut u16, index: usize, part: usize, bits: u32) {
    // SAFETY: the caller's promise; a u16 is two writable bytes.
    unsafe {
        if S::LANES == BLOCK {
            *masks.add(index) = bits as u16;
        } else if S::LANES == 8 && cfg!(target_endian = "little") {
            *masks.add(index).cast::<u8>().add(part) = bits as u8;
        } else if part == 0 {
            *masks.add(index) = bits as u16;
        } else {
            *masks.add(index) |= (bits << (part * S::LANES)) as u16;
        }
    }
}
