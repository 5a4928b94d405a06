//! The fast convolution network on a processor.
//!
//! | kernel | formula, source | error | bench |
//! |---|---|---|---|
//! | [`winograd`] | 3x3 convolution, F(4x4) and F(6x6), Lavin and Gray 2015 | 1e-6, 2e-6 | `winograd` |
//! | [`first_conv`] | 3x3 convolution of three planes, and its gradient | 2e-7 | `first_conv` |
//! | [`moments`] | mean, F Fᵀ / N, and the gradient through them | 1e-6 | `moments` |
//! | [`nearest`] | argmax of <query, candidate> over all candidates | 1e-6 | |
//! | [`blocked`] | convolutions of 1x1, and of each channel by itself | 1e-6 | |
//! | [`planar`] | convolutions of few channels, of any kernel, stride and padding | 1e-6 | |
//! | [`rows`] | means over cells, rows at positions, moments of channels | 1e-6 | |
//!
//! Errors are relative root mean squares against f64 sums, on every instruction set.
//!
//! Each kernel is written once against a vector type and compiled for every
//! instruction set ([`Isa`]); the choice falls at run time, or with the environment variable
//! `IMPASTO_ISA`. The façades check shapes and are safe; they run on rayon's current pool. This is
//! the only module with `unsafe` code, and it knows nothing of layers, losses or pictures.

#![expect(
    unsafe_code,
    reason = "vector instructions and disjoint writes from many tasks; façades check shapes"
)]
#![expect(
    clippy::inline_always,
    reason = "only inlined code is compiled for the instruction set of its caller"
)]

pub mod blocked;
pub mod first_conv;
mod isa;
pub mod layout;
mod matrix;
mod memory;
pub mod moments;
pub mod nearest;
mod peak;
pub mod planar;
pub mod pooling;
#[cfg(test)]
mod reference;
pub mod rows;
mod simd;
#[cfg(test)]
mod tests;
pub mod winograd;

pub use isa::Isa;
pub use memory::{Buffer, keep_freed_memory};
pub use peak::peak_gflops;
pub use simd::BLOCK;
