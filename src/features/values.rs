//! The values of a tensor as a plain slice.

use std::ops::{Deref, Range};

use candle_core::{CpuStorage, Storage, StorageRef, Tensor};

use crate::error::Result;

/// f32 values of a tensor in reading order: borrowed where they lie contiguous in main memory,
/// copied from anywhere else. A step hands some megabytes from the engine to the losses and back;
/// copies would cost it several per cent.
pub struct Values<'a>(Held<'a>);

enum Held<'a> {
    Borrowed(StorageRef<'a>, Range<usize>),
    Copied(Vec<f32>),
}

impl<'a> Values<'a> {
    /// The values of `tensor`.
    ///
    /// # Errors
    /// When they are not f32, or the device fails.
    pub fn of(tensor: &'a Tensor) -> Result<Self> {
        let (storage, layout) = tensor.storage_and_layout();
        if let Storage::Cpu(CpuStorage::F32(_)) = &*storage
            && let Some((start, end)) = layout.contiguous_offsets()
        {
            return Ok(Self(Held::Borrowed(storage, start..end)));
        }
        drop(storage);
        Ok(Self(Held::Copied(tensor.flatten_all()?.to_vec1()?)))
    }
}

impl Deref for Values<'_> {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        match &self.0 {
            Held::Borrowed(storage, range) => match &**storage {
                Storage::Cpu(CpuStorage::F32(values)) => &values[range.clone()],
                // Never held: see `of`.
                _ => &[],
            },
            Held::Copied(values) => values,
        }
    }
}

#[cfg(test)]
mod tests {
    use candle_core::Device;

    use super::*;

    #[test]
    fn reading_order_whatever_the_layout() {
        let tensor = Tensor::new(&[[1.0_f32, 2.0, 3.0], [4.0, 5.0, 6.0]], &Device::Cpu).unwrap();
        let second = tensor.narrow(0, 1, 1).unwrap();
        let turned = tensor.t().unwrap();
        assert_eq!(
            *Values::of(&tensor).unwrap(),
            [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
        );
        assert_eq!(*Values::of(&second).unwrap(), [4.0, 5.0, 6.0]);
        assert_eq!(
            *Values::of(&turned).unwrap(),
            [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]
        );
        assert!(Values::of(&Tensor::new(&[1.0_f64], &Device::Cpu).unwrap()).is_err());
    }
}
