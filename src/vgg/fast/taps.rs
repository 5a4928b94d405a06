//! Feature maps at taps, and gradients there, between the blocked layout and tensors.

use candle_core::{Device, Tensor};

use crate::{
    error::{Error, Result},
    features::{Cells, ChannelMoments, FeatureGradient, Features, Moments, Places, Values},
    kernels::{
        Isa,
        layout::planar_from_blocked,
        moments::moments,
        rows::{self, RowPart},
    },
    network::Layer,
};

/// A tapped feature map inside the engine.
pub(super) struct FastFeatures<'a> {
    pub(super) map: &'a [f32],
    pub(super) channels: usize,
    pub(super) sides: (usize, usize),
    pub(super) pool: &'a rayon::ThreadPool,
    pub(super) isa: Isa,
}

impl Features for FastFeatures<'_> {
    fn shape(&self) -> (usize, usize, usize) {
        (self.channels, self.sides.0, self.sides.1)
    }

    fn map(&self) -> Result<Tensor> {
        let (channels, height, width) = self.shape();
        let convert = || planar_from_blocked(self.map, channels, height * width);
        let planar = self.pool.install(convert);
        let shape = (channels, height, width);
        Ok(Tensor::from_vec(planar, shape, &Device::Cpu)?)
    }

    fn moments(&self) -> Result<Moments> {
        let compute = || moments(self.map, self.channels, self.isa);
        let (mean, second) = self.pool.install(compute);
        let shape = (self.channels, self.channels);
        Ok(Moments {
            mean: Tensor::from_vec(mean, self.channels, &Device::Cpu)?,
            second: Tensor::from_vec(second, shape, &Device::Cpu)?,
            positions: self.sides.0 * self.sides.1,
        })
    }

    fn channel_moments(&self) -> Result<ChannelMoments> {
        let compute = || rows::channel_moments(self.map, self.channels);
        let (mean, energy) = self.pool.install(compute);
        Ok(ChannelMoments {
            mean: Tensor::from_vec(mean, self.channels, &Device::Cpu)?,
            energy: Tensor::from_vec(energy, self.channels, &Device::Cpu)?,
        })
    }

    fn cell_means(&self, cells: Cells) -> Result<Vec<f32>> {
        let compute = || rows::cell_means(self.map, self.channels, cells);
        Ok(self.pool.install(compute))
    }

    fn rows_at(&self, positions: &[u32]) -> Result<Vec<f32>> {
        let compute = || rows::rows_at(self.map, self.channels, positions);
        Ok(self.pool.install(compute))
    }
}

/// The parts of a gradient as plain values.
pub(super) struct GradientValues<'a> {
    pub(super) second: Option<Values<'a>>,
    pub(super) energy: Option<Values<'a>>,
    pub(super) mean: Option<Values<'a>>,
    pub(super) map: Option<Values<'a>>,
    pub(super) rows: Vec<RowPart<'a>>,
}

impl<'a> GradientValues<'a> {
    pub(super) fn new(gradient: &'a FeatureGradient) -> Result<Self> {
        let values = |tensor: Option<&'a Tensor>| tensor.map(Values::of).transpose();
        let moments = gradient.moments.as_ref();
        Ok(Self {
            second: values(moments.and_then(|moments| moments.second.as_ref()))?,
            energy: values(moments.and_then(|moments| moments.energy.as_ref()))?,
            mean: values(moments.and_then(|moments| moments.mean.as_ref()))?,
            map: values(gradient.map.as_ref())?,
            rows: gradient
                .rows
                .iter()
                .map(|part| match &part.places {
                    Places::Cells(cells) => RowPart::Cells(*cells, &part.values),
                    Places::Positions(list) => RowPart::Positions(list, &part.values),
                })
                .collect(),
        })
    }
}

/// Refuses a gradient that does not fit to a map of `length` values.
pub(super) fn check_shapes(layer: Layer, length: usize, gradient: &FeatureGradient) -> Result<()> {
    let channels = layer.channels();
    let moments = gradient.moments.as_ref();
    let parts = [
        (gradient.map.as_ref(), length),
        (moments.and_then(|part| part.mean.as_ref()), channels),
        (moments.and_then(|part| part.energy.as_ref()), channels),
        (
            moments.and_then(|part| part.second.as_ref()),
            channels * channels,
        ),
    ];
    for (part, expected) in parts {
        if let Some(part) = part
            && part.elem_count() != expected
        {
            return Err(Error::Internal(format!(
                "a gradient of shape {:?} at {layer}, where {expected} values belong",
                part.dims()
            )));
        }
    }
    for part in &gradient.rows {
        let positions = length / channels;
        let (rows, inside) = match &part.places {
            Places::Cells(cells) => {
                let covered = cells.map_height * cells.map_width == positions;
                (cells.count(), covered)
            }
            Places::Positions(list) => {
                let last = list.last().is_none_or(|&last| (last as usize) < positions);
                (list.len(), last)
            }
        };
        if !inside || part.values.len() != rows * channels {
            return Err(Error::Internal(format!(
                "a gradient of {} values at {rows} places of {layer}",
                part.values.len()
            )));
        }
    }
    Ok(())
}
