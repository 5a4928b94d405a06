//! Impasto: neural style transfer you can steer.
//!
//! | module | what it does |
//! |---|---|
//! | [`error`], [`choice`], [`folders`], [`files`], [`network`], [`features`], [`state`] | what all modules share |
//! | [`optim`] | gradient to next picture: Adam, L-BFGS |
//! | [`settings`] | the run and the window as plain data, presets, ranges |
//! | [`pixels`] | files to sRGB planes and back |
//! | [`cli`] | the command line |
//! | [`loss`] | measures of style and content: value and gradient at a feature map |
//! | [`feedforward`] | stylization in one pass |
//! | [`transfer`] | the loop: levels, objective, initial image, averaging |
//! | [`kernels`] | the fast convolution under the network on a processor |
//! | [`vgg`] | the network: weights, forward and explicit reverse pass |
//! | [`worker`] | the thread, its commands and events, the newest-wins preview |

pub mod app;
pub mod choice;
pub mod cli;
pub mod error;
pub mod features;
pub mod feedforward;
pub mod files;
pub mod folders;
pub mod kernels;
pub mod loss;
pub mod network;
pub mod optim;
pub mod pixels;
pub mod settings;
pub mod state;
pub mod transfer;
pub mod vgg;
pub mod worker;
