//! 2x2 pooling of a strip, and its way back.

use candle_core::{D, Tensor};

use crate::{error::Result, network::Pooling};

/// Halves a strip `[1, C, h, W]`; a last odd row or column is dropped. `None` when no row is left.
pub(super) fn pool(strip: &Tensor, pooling: Pooling) -> Result<Option<Tensor>> {
    let (_, _, height, width) = strip.dims4()?;
    if height < 2 || width < 2 {
        return Ok(None);
    }
    Ok(Some(match pooling {
        Pooling::Max => strip.max_pool2d(2)?,
        Pooling::Average => strip.avg_pool2d(2)?,
    }))
}

/// 1 at the first maximum of each 2x2 window in reading order, 0 elsewhere and in a last odd row
/// or column; `[1, C, h, W]` like the strip, u8.
pub(super) fn first_maximum(strip: &Tensor) -> Result<Tensor> {
    let (_, c, h, w) = strip.dims4()?;
    let (rows, columns) = (h / 2, w / 2);
    if rows == 0 || columns == 0 {
        return Ok(strip.zeros_like()?.to_dtype(candle_core::DType::U8)?);
    }
    let even = strip
        .narrow(2, 0, 2 * rows)?
        .narrow(3, 0, 2 * columns)?
        .contiguous()?;
    let best = even
        .max_pool2d(2)?
        .upsample_nearest2d(2 * rows, 2 * columns)?;
    let is_best = even.eq(&best)?.reshape((c, rows, 2, columns, 2))?;
    let place = |y: usize, x: usize| -> Result<Tensor> {
        let plane = is_best.narrow(2, y, 1)?.narrow(4, x, 1)?;
        Ok(plane.reshape((c, rows, columns))?.contiguous()?)
    };
    let (a, b, d, e) = (place(0, 0)?, place(0, 1)?, place(1, 0)?, place(1, 1)?);
    // Greater than what was seen before: a maximum, and the first one.
    let first_b = b.gt(&a)?;
    let seen = a.maximum(&b)?;
    let first_d = d.gt(&seen)?;
    let seen = seen.maximum(&d)?;
    let first_e = e.gt(&seen)?;
    let above = Tensor::stack(&[a, first_b], D::Minus1)?;
    let below = Tensor::stack(&[first_d, first_e], D::Minus1)?;
    let mask = Tensor::stack(&[above, below], 2)?.reshape((1, c, 2 * rows, 2 * columns))?;
    let mask = mask.pad_with_zeros(2, 0, h % 2)?;
    Ok(mask.pad_with_zeros(3, 0, w % 2)?.contiguous()?)
}

/// Each value of a pooled strip in all places of its window: `[1, C, 2h, W]`, zeros in a last odd
/// column.
pub(super) fn spread(pooled: &Tensor, width: usize) -> Result<Tensor> {
    let (_, _, h, w) = pooled.dims4()?;
    let spread = pooled.contiguous()?.upsample_nearest2d(2 * h, 2 * w)?;
    Ok(spread.pad_with_zeros(3, 0, width - 2 * w)?.contiguous()?)
}
