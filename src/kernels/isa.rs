//! Which instruction set the kernels run on: found at run time, or forced.

use std::{fmt, sync::OnceLock};

#[cfg(target_arch = "x86_64")]
use super::simd::{Avx2, Avx512};
use super::simd::{Portable, Simd};
use crate::error::{Error, Result};

/// The environment variable that forces an instruction set.
pub const ISA_VARIABLE: &str = "IMPASTO_ISA";

/// An instruction set that the kernels are compiled for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Isa {
    /// What every processor of the target has: SSE2 on x86-64, NEON on 64-bit ARM.
    Portable,
    /// AVX2 with fused multiply-add: 256-bit vectors.
    #[cfg(target_arch = "x86_64")]
    Avx2,
    /// AVX-512F: 512-bit vectors and twice the registers.
    #[cfg(target_arch = "x86_64")]
    Avx512,
}

/// Work that is compiled once for each instruction set.
///
/// Everything under [`run`](Kernel::run) has to be `#[inline(always)]` and free of closures: only
/// then does it end up inside the function that carries the instruction set.
pub(super) trait Kernel {
    /// Does the work with vectors of type `S`.
    fn run<S: Simd>(self);
}

impl Isa {
    /// The best instruction set of this processor, or the one that the environment variable
    /// [`ISA_VARIABLE`] names (`portable`, `avx2`, `avx512`) where the processor has it.
    pub fn detect() -> Self {
        static DETECTED: OnceLock<Isa> = OnceLock::new();
        *DETECTED.get_or_init(|| {
            let isa = Self::forced().unwrap_or_else(|fault| {
                log::warn!("{fault}: ignored");
                None
            });
            let isa = isa.unwrap_or_else(|| {
                let available = Self::available();
                available[available.len() - 1]
            });
            log::debug!("kernels run on {isa}");
            isa
        })
    }

    /// The instruction set that [`ISA_VARIABLE`] names; none where it is unset or empty.
    ///
    /// # Errors
    /// [`Error::Setting`] when it names none that this processor has.
    pub fn forced() -> Result<Option<Self>> {
        let Some(name) = std::env::var_os(ISA_VARIABLE).filter(|name| !name.is_empty()) else {
            return Ok(None);
        };
        let name = name.to_string_lossy();
        let available = Self::available();
        let found = available.iter().find(|isa| isa.to_string() == name);
        found.map(|isa| Some(*isa)).ok_or_else(|| {
            let names: Vec<_> = available.iter().map(Self::to_string).collect();
            let expected = format!("this processor has {}", names.join(", "));
            Error::setting(ISA_VARIABLE, name, expected)
        })
    }

    /// Every instruction set that this processor has, the best one last.
    pub fn available() -> Vec<Self> {
        #[cfg_attr(
            not(target_arch = "x86_64"),
            expect(unused_mut, reason = "only x86-64 has more than one")
        )]
        let mut available = vec![Self::Portable];
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            available.push(Self::Avx2);
            if is_x86_feature_detected!("avx512f") {
                available.push(Self::Avx512);
            }
        }
        available
    }

    /// Runs `kernel` on this instruction set.
    pub(super) fn run<K: Kernel>(self, kernel: K) {
        match self {
            Self::Portable => kernel.run::<Portable>(),
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => {
                #[target_feature(enable = "avx2,fma")]
                fn on_avx2<K: Kernel>(kernel: K) {
                    kernel.run::<Avx2>();
                }
                assert!(
                    is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma"),
                    "AVX2 was asked for on a processor without it"
                );
                // SAFETY: the processor has AVX2 and FMA, as just checked.
                unsafe { on_avx2(kernel) }
            }
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => {
                #[target_feature(enable = "avx2,fma,avx512f")]
                fn on_avx512<K: Kernel>(kernel: K) {
                    kernel.run::<Avx512>();
                }
                assert!(
                    is_x86_feature_detected!("avx512f"),
                    "AVX-512 was asked for on a processor without it"
                );
                // SAFETY: the processor has AVX-512F, as just checked, and with it AVX2 and FMA.
                unsafe { on_avx512(kernel) }
            }
        }
    }
}

impl fmt::Display for Isa {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Portable => "portable",
            #[cfg(target_arch = "x86_64")]
            Self::Avx2 => "avx2",
            #[cfg(target_arch = "x86_64")]
            Self::Avx512 => "avx512",
        })
    }
}
