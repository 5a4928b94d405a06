//! The measures of style: the line that makes a measure known everywhere.

use super::{
    StyleDescription, covariance, earth_mover, gaussian_mmd, gram, histogram, mean_deviation,
    patches, polynomial_mmd, sliced_wasserstein, wasserstein,
};
use crate::choice::described;

described! {
    /// How style is compared at a layer (or across layers).
    pub enum StyleMeasure: StyleDescription {
        #[default]
        /// Gram matrices (Gatys et al. 2015).
        Gram => gram::STYLE,
        /// Covariance matrices and means (Novak and Nikulin 2016).
        Covariance => covariance::STYLE,
        /// Mean and deviation of each channel (Li et al. 2017, "BN").
        MeanDeviation => mean_deviation::STYLE,
        /// Maximum mean discrepancy with a polynomial kernel (Li et al. 2017).
        PolynomialMmd => polynomial_mmd::STYLE,
        /// Maximum mean discrepancy with a Gaussian kernel (Li et al. 2017).
        GaussianMmd => gaussian_mmd::STYLE,
        /// Wasserstein-2 distance between Gaussians (Vincent 2018; Crowson 2021).
        Wasserstein => wasserstein::STYLE,
        /// Sliced Wasserstein distance (Heitz et al. 2021).
        SlicedWasserstein => sliced_wasserstein::STYLE,
        /// Histogram matching of each channel (Risser et al. 2017).
        Histogram => histogram::STYLE,
        /// Nearest patches (Li and Wand 2016).
        Patches => patches::STYLE,
        /// Relaxed earth mover's distance (Kolkin et al. 2019).
        EarthMover => earth_mover::STYLE,
    }
}
