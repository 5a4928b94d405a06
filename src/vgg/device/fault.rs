//! What is wrong with a device, in words that a user can act on.
//!
//! The libraries report in three ways: errors, error codes inside texts, and panics (a missing
//! library, a missing Metal device). All of them come through here.

use std::{
    any::Any,
    cell::Cell,
    panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook},
    sync::Once,
};

use super::{DeviceId, Kind};
use crate::error::{Error, Result};

/// Why a device cannot be used.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Fault {
    /// The program lacks the code.
    #[error("this program was built without {}", .0.description().title)]
    NotBuilt(Kind),
    /// NVIDIA's driver is not installed.
    #[error("the NVIDIA driver is missing")]
    NoDriver,
    /// The driver is there, a library is not.
    #[error("the NVIDIA driver is there, but the library {0} is missing")]
    NoLibrary(&'static str),
    /// The driver does not know what this program was built with.
    #[error("the NVIDIA driver is too old for this program")]
    OldDriver,
    /// The libraries are there, a device is not.
    #[error("{}", .0.description().absent)]
    NoDevice(Kind),
    /// There are others, but none of that number.
    #[error("there is no {id}; the cards are numbered from 0, and there are {count}")]
    NoSuchDevice {
        /// The one that was asked for.
        id: DeviceId,
        /// How many there are.
        count: usize,
    },
    /// Opening it failed.
    #[error("it does not open ({0})")]
    DoesNotOpen(String),
    /// It computes something else than the processor.
    #[error("it computes wrongly ({0})")]
    SelfTest(String),
    /// It is too small for the run.
    #[error("the run needs about {needed_mb} MB of its memory and {free_mb} MB are free")]
    LittleMemory {
        /// Estimated peak.
        needed_mb: u64,
        /// Free for this program.
        free_mb: u64,
    },
}

impl Fault {
    /// What `error`, from counting or opening devices of a kind, says.
    pub fn of(error: &Error, kind: Kind) -> Self {
        let words = plain_words(error);
        let says = |parts: &[&str]| parts.iter().any(|part| words.contains(part));
        if says(&["\"cuda\" shared library", "\"nvcuda\" shared library"]) {
            Self::NoDriver
        } else if says(&["\"cublas", "cublas\" shared library"]) {
            Self::NoLibrary("cuBLAS")
        } else if says(&["\"curand"]) {
            Self::NoLibrary("cuRAND")
        } else if says(&["CUDA_ERROR_NO_DEVICE", "swap_remove index"]) {
            Self::NoDevice(kind)
        } else if says(&[
            "UNSUPPORTED_PTX_VERSION",
            "INSUFFICIENT_DRIVER",
            "SYSTEM_DRIVER_MISMATCH",
        ]) {
            Self::OldDriver
        } else {
            Self::DoesNotOpen(words)
        }
    }

    /// What the user can do.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::NotBuilt(kind) => kind.description().build,
            Self::NoDriver => "Install NVIDIA's driver, 580 or newer, or choose auto or cpu",
            Self::NoLibrary(_) => {
                "Install cuBLAS and cuRAND of CUDA 13 where the system finds libraries, or choose \
                 auto or cpu"
            }
            Self::OldDriver => "Install NVIDIA's driver 580 or newer, or choose auto or cpu",
            Self::NoDevice(_) | Self::NoSuchDevice { .. } => {
                "`impasto devices` lists what there is; or choose auto or cpu"
            }
            Self::DoesNotOpen(_) | Self::SelfTest(_) => {
                "Update the driver, see what `impasto selftest` says, or choose cpu"
            }
            Self::LittleMemory { .. } => "Choose a smaller size or the CPU",
        }
    }
}

thread_local! {
    /// Whether a panic of this thread is expected here, and needs no report.
    static AT_THE_DOOR: Cell<bool> = const { Cell::new(false) };
}

/// Runs something that calls a device's libraries; a panic in it becomes an error and leaves no
/// trace on stderr.
///
/// # Errors
/// That of `work`, and for a panic [`Error::Internal`] with its words.
pub fn caught<T>(work: impl FnOnce() -> Result<T>) -> Result<T> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let report = take_hook();
        set_hook(Box::new(move |panic| {
            if AT_THE_DOOR.get() {
                log::info!("a device's library panicked: {panic}");
            } else {
                report(panic);
            }
        }));
    });
    let before = AT_THE_DOOR.replace(true);
    let result = catch_unwind(AssertUnwindSafe(work));
    AT_THE_DOOR.set(before);
    result.unwrap_or_else(|panic| Err(Error::Internal(panic_words(panic.as_ref()))))
}

fn panic_words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied();
    let text = text.or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("unknown fault").to_owned()
}

/// An error's own words: without what this program wraps around it, and without a backtrace.
pub fn plain_words(error: &Error) -> String {
    let words = match error {
        Error::Tensor(error) => {
            let mut inner = error;
            while let candle_core::Error::WithBacktrace { inner: deeper, .. }
            | candle_core::Error::Context { inner: deeper, .. } = inner
            {
                inner = deeper;
            }
            inner.to_string()
        }
        Error::Internal(words) => words.clone(),
        error => error.to_string(),
    };
    words.lines().next().unwrap_or_default().to_owned()
}

/// Whether an error says that a device's memory ran out.
pub fn is_out_of_memory(error: &Error) -> bool {
    let words = match error {
        Error::Tensor(_) | Error::Internal(_) => plain_words(error).to_lowercase(),
        _ => return false,
    };
    [
        "out_of_memory",
        "out of memory",
        "outofmemory",
        "alloc_failed",
        "failedtocreateresource",
        "failed to create metal resource",
        "insufficient memory",
    ]
    .iter()
    .any(|sign| words.contains(sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_an_error_and_the_next_one_is_reported_again() {
        let error = caught::<()>(|| panic!("no {}", "library")).unwrap_err();
        assert_eq!(plain_words(&error), "no library");
        assert!(!AT_THE_DOOR.get());
        assert_eq!(caught(|| Ok(3)).unwrap(), 3);
    }

    #[test]
    fn words_come_without_wrapping_or_backtrace() {
        let inner = candle_core::Error::Msg("CUDA_ERROR_OUT_OF_MEMORY".to_owned());
        let backtrace = Box::new(std::backtrace::Backtrace::force_capture());
        let error = Error::Tensor(candle_core::Error::WithBacktrace {
            inner: Box::new(inner),
            backtrace,
        });
        assert_eq!(plain_words(&error), "CUDA_ERROR_OUT_OF_MEMORY");
        assert!(is_out_of_memory(&error));
        for words in [
            "DriverError(CUDA_ERROR_OUT_OF_MEMORY, \"out of memory\")",
            "CublasError(CUBLAS_STATUS_ALLOC_FAILED)",
            "Failed to create metal resource: Buffer",
        ] {
            let error = Error::Tensor(candle_core::Error::Msg(words.to_owned()));
            assert!(is_out_of_memory(&error), "{words}");
        }
        let other = Error::Tensor(candle_core::Error::Msg("shape mismatch".to_owned()));
        assert!(!is_out_of_memory(&other));
    }
}
