//! Memory for feature maps, packed weights and scratch: aligned, zeroed, reused.
//!
//! Large buffers come straight from the system. On Linux they ask for huge pages: a step walks
//! through tens of megabytes with large strides, and with 4 KiB pages it would spend a tenth of
//! its time in page walks and faults.

use std::{
    cell::RefCell,
    marker::PhantomData,
    ops::{Deref, DerefMut},
    ptr::NonNull,
    sync::Once,
};

use crate::error::{Error, Result};

/// A zeroed array of f32, aligned to cache lines.
pub struct Buffer {
    region: Region,
    length: usize,
}

impl Buffer {
    /// No memory yet.
    pub const fn empty() -> Self {
        Self {
            region: Region::EMPTY,
            length: 0,
        }
    }

    /// `length` zeros.
    ///
    /// # Errors
    /// When the system has not that much memory.
    pub fn zeroed(length: usize) -> Result<Self> {
        let mut buffer = Self::empty();
        buffer.resize(length)?;
        Ok(buffer)
    }

    /// Makes the buffer `length` values long. Values are unspecified (but some f32) afterward.
    /// Memory is kept unless it is too small or more than four times too large.
    ///
    /// # Errors
    /// When the system has not that much memory; the buffer is empty then.
    pub fn resize(&mut self, length: usize) -> Result<()> {
        let bytes = length
            .checked_mul(size_of::<f32>())
            .ok_or_else(|| out_of_memory(usize::MAX))?;
        if bytes > self.region.bytes || bytes < self.region.bytes / 4 {
            // The old memory goes first: both together may not fit.
            self.length = 0;
            self.region = Region::EMPTY;
            self.region = Region::zeroed(bytes).ok_or_else(|| out_of_memory(bytes))?;
        }
        self.length = length;
        Ok(())
    }
}

fn out_of_memory(bytes: usize) -> Error {
    Error::Device {
        device: "processor".to_owned(),
        why: format!(
            "the system cannot provide {} MB of memory",
            bytes / 1_000_000
        ),
        advice: "Choose a smaller size, or close other programs".to_owned(),
    }
}

impl Deref for Buffer {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        // SAFETY: the region holds `length` initialized values and lives as long as `self`.
        unsafe { std::slice::from_raw_parts(self.region.pointer.as_ptr(), self.length) }
    }
}

impl DerefMut for Buffer {
    fn deref_mut(&mut self) -> &mut [f32] {
        // SAFETY: as in `deref`, and `self` is borrowed mutably.
        unsafe { std::slice::from_raw_parts_mut(self.region.pointer.as_ptr(), self.length) }
    }
}

/// Owned zeroed memory.
struct Region {
    pointer: NonNull<f32>,
    bytes: usize,
}

// SAFETY: a region owns its memory alone, like a `Vec<f32>`.
unsafe impl Send for Region {}
// SAFETY: a shared region can only be read.
unsafe impl Sync for Region {}

impl Region {
    const EMPTY: Self = Self {
        pointer: NonNull::dangling(),
        bytes: 0,
    };

    fn zeroed(bytes: usize) -> Option<Self> {
        if bytes == 0 {
            return Some(Self::EMPTY);
        }
        let pointer = system::allocate(bytes)?.cast();
        Some(Self { pointer, bytes })
    }
}

impl Drop for Region {
    fn drop(&mut self) {
        if self.bytes > 0 {
            // SAFETY: came from `allocate` with this size and is given back once.
            unsafe { system::release(self.pointer.cast(), self.bytes) }
        }
    }
}

/// Anonymous mappings: zero without being touched, and given back to the system at once.
#[cfg(target_os = "linux")]
mod system {
    use std::ptr::{NonNull, null_mut};

    use libc::{MADV_HUGEPAGE, MAP_ANONYMOUS, MAP_FAILED, MAP_PRIVATE, PROT_READ, PROT_WRITE};

    /// Buffers from this size on ask for huge pages (2 MiB on x86-64).
    const HUGE: usize = 4 << 20;

    pub(super) fn allocate(bytes: usize) -> Option<NonNull<u8>> {
        let (access, flags) = (PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS);
        // SAFETY: a fresh private mapping at an address of the system's choice touches nothing.
        let mapping = unsafe { libc::mmap(null_mut(), bytes, access, flags, -1, 0) };
        if mapping == MAP_FAILED {
            return None;
        }
        if bytes >= HUGE {
            // SAFETY: the range is the fresh mapping; the advice does not change its contents.
            if unsafe { libc::madvise(mapping, bytes, MADV_HUGEPAGE) } != 0 {
                log::debug!("no huge pages: {}", std::io::Error::last_os_error());
            }
        }
        NonNull::new(mapping.cast())
    }

    pub(super) fn keep_freed_memory() {
        #[cfg(target_env = "gnu")]
        {
            /// Larger blocks are mappings of their own and given back at once.
            const MAPPED: i32 = 16 << 20;
            /// So much stays at the end of a heap.
            const KEPT: i32 = 64 << 20;
            // SAFETY: two settings of the allocator, at a time of the caller's choice.
            let taken = unsafe {
                libc::mallopt(libc::M_MMAP_THRESHOLD, MAPPED) != 0
                    && libc::mallopt(libc::M_TRIM_THRESHOLD, KEPT) != 0
            };
            if !taken {
                log::debug!("the allocator gives freed memory back at once");
            }
        }
    }

    /// # Safety
    /// `pointer` came from `allocate(bytes)` and is not used again.
    pub(super) unsafe fn release(pointer: NonNull<u8>, bytes: usize) {
        // SAFETY: the whole mapping made by `allocate`.
        if unsafe { libc::munmap(pointer.as_ptr().cast(), bytes) } != 0 {
            let fault = std::io::Error::last_os_error();
            log::debug!("memory was not given back: {fault}");
        }
    }
}

/// The global allocator.
#[cfg(not(target_os = "linux"))]
mod system {
    use std::{
        alloc::{Layout, alloc_zeroed, dealloc},
        ptr::NonNull,
    };

    pub(super) fn keep_freed_memory() {}

    /// Bytes that buffers are aligned to: one cache line, one AVX-512 vector.
    const ALIGNMENT: usize = 64;

    pub(super) fn allocate(bytes: usize) -> Option<NonNull<u8>> {
        let layout = Layout::from_size_align(bytes, ALIGNMENT).ok()?;
        // SAFETY: the size is not zero: `Region::zeroed` asks for something.
        NonNull::new(unsafe { alloc_zeroed(layout) })
    }

    /// # Safety
    /// `pointer` came from `allocate(bytes)` and is not used again.
    pub(super) unsafe fn release(pointer: NonNull<u8>, bytes: usize) {
        if let Ok(layout) = Layout::from_size_align(bytes, ALIGNMENT) {
            // SAFETY: the same layout as in `allocate`.
            unsafe { dealloc(pointer.as_ptr(), layout) }
        }
    }
}

/// Tells the system's allocator, once, to keep some freed memory. Gradients at the taps and copies of
/// pictures come and go with every step; given back each time, their pages would have to be
/// fetched and cleared again, 2 % of a step at 256 pixels.
pub fn keep_freed_memory() {
    static ONCE: Once = Once::new();
    ONCE.call_once(system::keep_freed_memory);
}

/// Runs `work` on this thread's scratch memory of `length` values, which stays for the next call.
/// Its contents are unspecified.
///
/// `work` must not wait for other work of the thread pool: a task picked up while waiting would
/// want the same scratch.
///
/// # Errors
/// When the system has not that much memory.
pub(super) fn with_scratch(length: usize, work: impl FnOnce(&mut [f32])) -> Result<()> {
    thread_local! {
        static SCRATCH: RefCell<Buffer> = const { RefCell::new(Buffer::empty()) };
    }
    SCRATCH.with_borrow_mut(|scratch| {
        if scratch.len() < length {
            scratch.resize(length)?;
        }
        work(&mut scratch[..length]);
        Ok(())
    })
}

/// A slice that several tasks write to, each in its own places.
#[derive(Clone, Copy)]
pub(super) struct Shared<'a, T> {
    pointer: *mut T,
    length: usize,
    borrow: PhantomData<&'a mut [T]>,
}

// SAFETY: hands out raw pointers only; whoever writes through them vouches for disjoint places.
unsafe impl<T: Send> Send for Shared<'_, T> {}
// SAFETY: as above.
unsafe impl<T: Send> Sync for Shared<'_, T> {}

impl<'a, T> Shared<'a, T> {
    pub(super) fn new(slice: &'a mut [T]) -> Self {
        Self {
            pointer: slice.as_mut_ptr(),
            length: slice.len(),
            borrow: PhantomData,
        }
    }

    /// The address of `[offset]`, from which `count` values will be used.
    ///
    /// # Safety
    /// `offset + count` is at most the slice's length (checked in debug builds), and no other
    /// task uses these values meanwhile.
    #[inline(always)]
    pub(super) unsafe fn at(self, offset: usize, count: usize) -> *mut T {
        debug_assert!(
            offset + count <= self.length,
            "{offset}+{count} of {}",
            self.length
        );
        // SAFETY: inside the slice, by the caller's promise.
        unsafe { self.pointer.add(offset) }
    }
}

/// The address of `slice[offset]`, from which `count` values will be read.
///
/// # Safety
/// `offset + count` is at most the slice's length (checked in debug builds).
#[inline(always)]
pub(super) unsafe fn at<T>(slice: &[T], offset: usize, count: usize) -> *const T {
    debug_assert!(
        offset + count <= slice.len(),
        "{offset}+{count} of {}",
        slice.len()
    );
    // SAFETY: inside the slice, by the caller's promise.
    unsafe { slice.as_ptr().add(offset) }
}
