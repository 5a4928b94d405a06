//! The optimizers: the line that makes one known everywhere.

use super::{adam, lbfgs, optimizer::OptimizerDescription};
use crate::choice::described;

described! {
    /// How pixels follow the gradient.
    pub enum OptimizerKind: OptimizerDescription {
        #[default]
        /// Adam (Kingma and Ba 2015): copes with changes during a run and with random measures.
        Adam => adam::ADAM,
        /// L-BFGS with safeguards: never leaves a worse picture behind.
        Lbfgs => lbfgs::SAFEGUARDED,
        /// L-BFGS as torch.optim.LBFGS without line search; its loss may jump.
        LbfgsPlain => lbfgs::PLAIN,
    }
}
