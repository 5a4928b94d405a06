//! The course of the losses over the steps of a run, thinned so that it always fits a screen.

use crate::transfer::StepReport;

/// Points kept at most: more than a plot has pixels.
const MAX_POINTS: usize = 1200;

/// Losses after a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct LossPoint {
    pub(crate) step: u32,
    pub(crate) total: f64,
    pub(crate) content: f64,
    pub(crate) style: f64,
}

/// Points of a run, evenly thinned.
#[derive(Clone, Debug)]
pub(crate) struct LossCurve {
    points: Vec<LossPoint>,
    /// Every how many steps a point is kept.
    stride: u32,
    newest: Option<LossPoint>,
}

impl Default for LossCurve {
    fn default() -> Self {
        Self {
            points: Vec::new(),
            stride: 1,
            newest: None,
        }
    }
}

impl LossCurve {
    /// Adds a step.
    pub(crate) fn record(&mut self, report: &StepReport) {
        let point = LossPoint {
            step: report.step,
            total: report.total,
            content: report.content.values().sum::<f64>() + report.pixels,
            style: report.style.values().sum(),
        };
        self.newest = Some(point);
        if report.step.is_multiple_of(self.stride) {
            self.points.push(point);
        }
        if self.points.len() > MAX_POINTS {
            self.stride *= 2;
            let stride = self.stride;
            self.points
                .retain(|point| point.step.is_multiple_of(stride));
        }
    }

    /// The points kept, then the newest step.
    pub(crate) fn points(&self) -> impl Iterator<Item = LossPoint> + '_ {
        let last = self.points.last().map(|point| point.step);
        let newest = self.newest.filter(|point| Some(point.step) != last);
        self.points.iter().copied().chain(newest)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn a_long_run_keeps_its_shape_in_few_points() {
        let mut curve = LossCurve::default();
        for step in 1..=50_001 {
            curve.record(&StepReport {
                step,
                total: 1.0 / f64::from(step),
                content: BTreeMap::new(),
                style: BTreeMap::new(),
                pixels: 0.0,
                tv: 0.0,
                secs: 0.0,
                level: 0,
                content_kept: 0.0,
                style_reached: 0.0,
            });
        }
        let points: Vec<_> = curve.points().collect();
        assert!(points.len() <= MAX_POINTS + 1);
        assert_eq!(points.last().unwrap().step, 50_001);
        let gaps = points.windows(2).map(|pair| pair[1].step - pair[0].step);
        let (widest, narrowest) = gaps
            .clone()
            .take(points.len() - 2)
            .fold((0, u32::MAX), |(widest, narrowest), gap| {
                (widest.max(gap), narrowest.min(gap))
            });
        assert_eq!(widest, narrowest, "points are evenly spaced");
    }
}
