//! Impasto: neural style transfer you can steer.
//!
//! | room | what it does |
//! |---|---|
//! | [`error`], [`network`], [`features`] | words that all rooms share |
//! | [`settings`] | the run and the window as plain data, presets, ranges |
//! | [`pixels`] | files to sRGB planes and back |
//! | [`cli`] | the command line |
//! | [`loss`] | measures of style and content: value and gradient at a feature map |
//! | [`kernels`] | the fast convolution under the network on a processor |
//! | [`vgg`] | the network: weights, forward and explicit reverse pass |

pub mod cli;
pub mod error;
pub mod features;
pub mod kernels;
pub mod loss;
pub mod network;
pub mod pixels;
pub mod settings;
pub mod vgg;
