//! Which device a run gets, and what becomes of it when the device fails: on machines that exist
//! only here, which say what the real libraries say.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::{
    path::Path,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use candle_core::Device;
use impasto::{
    error::{Error, Result},
    features::{FeatureGradient, Features},
    network::Layer,
    pixels::Picture,
    settings::{DeviceChoice, Schedule, TransferSettings},
    transfer::{Compute, Job, SelfTest, StyleImage, TOLERANCE, Transfer},
    vgg::{
        Engine, Topology, VggImage,
        candle::CandleEngine,
        device::{Accelerator, DeviceId, DeviceMemory, Kind, Machine},
        fast::FastEngine,
        weights::Weights,
    },
};

const fn on_cuda(index: usize) -> DeviceChoice {
    DeviceChoice::On(DeviceId {
        kind: Kind::Cuda,
        index,
    })
}

const METAL: DeviceChoice = DeviceChoice::On(DeviceId {
    kind: Kind::Metal,
    index: 0,
});

/// What is wrong with a machine.
#[derive(Clone, Copy)]
enum Flaw {
    None,
    NoDriver,
    NoCublas,
    NoCurand,
    NoDevice,
    NoMetalDevice,
    OldDriver,
    DoesNotOpen,
    Panics,
    ComputesWrongly,
    FailsAtWork,
    Small,
}

struct FakeMachine {
    kind: Kind,
    flaw: Flaw,
    /// Forward passes that the device survives, then it is out of memory until its strips were
    /// halved as often as the second number says.
    memory: Option<(Arc<AtomicUsize>, usize)>,
}

fn library(words: &str) -> Error {
    // With RUST_BACKTRACE set the library puts a backtrace around its words: here always.
    let inner = Box::new(candle_core::Error::Cuda(words.to_owned().into()));
    let backtrace = Box::new(std::backtrace::Backtrace::force_capture());
    Error::Tensor(candle_core::Error::WithBacktrace { inner, backtrace })
}

fn missing(name: &str) -> ! {
    panic!(
        "Unable to dynamically load the \"{name}\" shared library - searched for library names: \
         [\"lib{name}.so\"]. Ensure that `LD_LIBRARY_PATH` has the correct path."
    )
}

impl Machine for FakeMachine {
    fn kinds(&self) -> Vec<Kind> {
        vec![self.kind]
    }

    fn count(&self, _: Kind) -> Result<usize> {
        match self.flaw {
            Flaw::NoDriver => missing("cuda"),
            Flaw::NoDevice => Err(library(
                "DriverError(CUDA_ERROR_NO_DEVICE, \"no CUDA-capable device is detected\")",
            )),
            _ => Ok(1),
        }
    }

    fn open(&self, _: DeviceId) -> Result<Box<dyn Accelerator>> {
        match self.flaw {
            Flaw::NoCublas => missing("cublas"),
            Flaw::NoCurand => missing("curand"),
            Flaw::NoMetalDevice => panic!("swap_remove index (is 0) should be < len (is 0)"),
            Flaw::DoesNotOpen => Err(library("DriverError(CUDA_ERROR_DEVICE_UNAVAILABLE)")),
            Flaw::Panics => panic!("called `Option::unwrap()` on a `None` value"),
            flaw => Ok(Box::new(FakeCard {
                flaw,
                memory: self.memory.clone(),
            })),
        }
    }
}

struct FakeCard {
    flaw: Flaw,
    memory: Option<(Arc<AtomicUsize>, usize)>,
}

impl Accelerator for FakeCard {
    fn name(&self) -> String {
        "Fake 3000".to_owned()
    }

    fn memory(&self) -> Option<DeviceMemory> {
        let gb = if matches!(self.flaw, Flaw::Small) {
            1
        } else {
            8
        };
        Some(DeviceMemory {
            free_bytes: gb * 1_000_000_000,
            total_bytes: 8_000_000_000,
        })
    }

    fn engine(&self, weights: &Arc<Weights>) -> Result<Box<dyn Engine>> {
        Ok(Box::new(FakeEngine {
            inner: CandleEngine::new(weights, &Device::Cpu)?,
            flaw: self.flaw,
            memory: self.memory.clone(),
            halvings: 0,
        }))
    }
}

/// The engine on tensors, under another name and with a flaw.
struct FakeEngine {
    inner: CandleEngine,
    flaw: Flaw,
    memory: Option<(Arc<AtomicUsize>, usize)>,
    halvings: usize,
}

impl Engine for FakeEngine {
    fn device(&self) -> &Device {
        self.inner.device()
    }

    fn name(&self) -> String {
        "cuda:0".to_owned()
    }

    fn forward(&mut self, image: VggImage<'_>, taps: &[Layer], topology: Topology) -> Result<()> {
        match self.flaw {
            Flaw::OldDriver => {
                return Err(library("DriverError(CUDA_ERROR_UNSUPPORTED_PTX_VERSION)"));
            }
            Flaw::FailsAtWork => panic!("index out of bounds in a kernel"),
            _ => {}
        }
        if let Some((passes, halvings)) = &self.memory {
            let left = passes.load(Ordering::Relaxed);
            if left == 0 && self.halvings < *halvings {
                return Err(library(
                    "DriverError(CUDA_ERROR_OUT_OF_MEMORY, \"out of memory\")",
                ));
            }
            passes.store(left.saturating_sub(1), Ordering::Relaxed);
        }
        self.inner.forward(image, taps, topology)
    }

    fn tap(&self, layer: Layer) -> Result<Box<dyn Features + '_>> {
        self.inner.tap(layer)
    }

    fn reverse(&mut self, gradients: &[(Layer, FeatureGradient)]) -> Result<Vec<f32>> {
        let mut gradient = self.inner.reverse(gradients)?;
        if matches!(self.flaw, Flaw::ComputesWrongly) {
            gradient.rotate_left(1);
        }
        Ok(gradient)
    }

    fn shrink(&mut self) -> bool {
        self.halvings += 1;
        self.halvings < 6
    }
}

fn machine(kind: Kind, flaw: Flaw) -> Box<dyn Machine> {
    Box::new(FakeMachine {
        kind,
        flaw,
        memory: None,
    })
}

fn picture(name: &str) -> Arc<Picture> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference");
    Arc::new(Picture::open(&path.join(name)).unwrap())
}

fn job(size_px: u32) -> Job {
    let style = StyleImage::new(picture("style.png"), 1.0);
    let settings = TransferSettings {
        size_px: Some(size_px),
        steps: 4,
        schedule: Schedule::SingleLevel,
        ..TransferSettings::default()
    };
    Job::new(picture("content.png"), vec![style], settings).on_threads(2)
}

/// Begins a run; the transfer and the remark, or what the user reads.
fn begin(
    machine: Box<dyn Machine>,
    choice: DeviceChoice,
    size_px: u32,
) -> std::result::Result<(Transfer, Option<String>), String> {
    let mut compute = Compute::new(Some(2)).unwrap().on_machine(machine);
    compute.set_device(choice);
    let mut wanted = job(size_px);
    // The device's memory is in question here, not that of the machine the test runs on.
    wanted.force = choice == DeviceChoice::Cpu;
    let transfer = compute.begin(wanted).map_err(|error| error.to_string())?;
    Ok((transfer, compute.remark().map(str::to_owned)))
}

#[test]
fn every_failure_has_its_words_and_only_auto_falls_back() {
    let cuda = on_cuda(0);
    for (kind, flaw, choice, why, advice) in [
        (
            Kind::Cuda,
            Flaw::NoDriver,
            cuda,
            "the NVIDIA driver is missing",
            "Install NVIDIA's driver, 580 or newer",
        ),
        (
            Kind::Cuda,
            Flaw::NoCublas,
            cuda,
            "the NVIDIA driver is there, but the library cuBLAS is missing",
            "Install cuBLAS and cuRAND of CUDA 13",
        ),
        (
            Kind::Cuda,
            Flaw::NoCurand,
            cuda,
            "the NVIDIA driver is there, but the library cuRAND is missing",
            "Install cuBLAS and cuRAND of CUDA 13",
        ),
        (
            Kind::Cuda,
            Flaw::NoDevice,
            cuda,
            "no NVIDIA graphics card was found",
            "`impasto devices` lists",
        ),
        (
            Kind::Metal,
            Flaw::NoMetalDevice,
            METAL,
            "no Metal device was found",
            "`impasto devices` lists",
        ),
        (
            Kind::Cuda,
            Flaw::OldDriver,
            cuda,
            "the NVIDIA driver is too old for this program",
            "580 or newer",
        ),
        (
            Kind::Cuda,
            Flaw::DoesNotOpen,
            cuda,
            "it does not open (DriverError(CUDA_ERROR_DEVICE_UNAVAILABLE))",
            "Update the driver",
        ),
        (
            Kind::Cuda,
            Flaw::Panics,
            cuda,
            "it does not open (called `Option::unwrap()` on a `None` value)",
            "Update the driver",
        ),
        (
            Kind::Cuda,
            Flaw::ComputesWrongly,
            cuda,
            "it computes wrongly (gradient, max pooling, zero edges at 64x64: error ",
            "`impasto selftest`",
        ),
        (
            Kind::Cuda,
            Flaw::FailsAtWork,
            cuda,
            "it computes wrongly (index out of bounds in a kernel)",
            "`impasto selftest`",
        ),
    ] {
        let words = begin(machine(kind, flaw), choice, 32).err().unwrap();
        let starts = format!("{choice} cannot be used: {why}");
        assert!(words.starts_with(&starts), "{words}\n{starts}");
        assert!(words.contains(advice), "{words}");
        assert_eq!(words.lines().count(), 1, "no backtrace: {words}");

        let (mut transfer, remark) = begin(machine(kind, flaw), DeviceChoice::Auto, 32).unwrap();
        let remark = remark.unwrap();
        assert!(
            remark.starts_with("computing on the processor: ") && remark.contains(why),
            "{remark}"
        );
        assert_eq!(transfer.device(), "cpu");
        transfer.step().unwrap();
    }
}

#[test]
fn what_the_program_lacks_is_said() {
    let lacks = |choice| {
        begin(machine(Kind::Cuda, Flaw::None), choice, 32)
            .err()
            .unwrap()
    };
    let words = lacks(METAL);
    assert!(
        words.contains("this program was built without Metal"),
        "{words}"
    );
    assert!(words.contains("--features metal"), "{words}");
    let words = lacks(on_cuda(3));
    let expected = "there is no cuda:3; the cards are numbered from 0, and there are 1";
    assert!(words.contains(expected), "{words}");
}

#[test]
fn a_sound_device_is_taken_and_paints_what_the_processor_paints() {
    let (mut on_cpu, remark) =
        begin(machine(Kind::Cuda, Flaw::None), DeviceChoice::Cpu, 40).unwrap();
    assert_eq!(remark, None);
    assert_eq!(on_cpu.device(), "cpu");
    let expected = on_cpu.step().unwrap().total;
    for choice in [DeviceChoice::Auto, on_cuda(0)] {
        let sound = machine(Kind::Cuda, Flaw::None);
        let (mut transfer, remark) = begin(sound, choice, 40).unwrap();
        assert_eq!(remark, None);
        assert_eq!(transfer.device(), "cuda:0");
        let found = transfer.step().unwrap().total;
        let error = (found - expected).abs() / expected;
        assert!(error < 1e-3, "{found} {expected}");
    }
}

#[test]
fn a_device_with_little_memory_is_passed_over_or_refused_with_a_size_that_fits() {
    let small = || machine(Kind::Cuda, Flaw::Small);
    let (transfer, remark) = begin(small(), DeviceChoice::Auto, 700).unwrap();
    assert_eq!(transfer.device(), "cpu");
    let remark = remark.unwrap();
    assert!(remark.contains("cuda:0: the run needs about "), "{remark}");
    assert!(remark.contains("600 MB are free"), "{remark}");

    let mut compute = Compute::new(Some(2)).unwrap().on_machine(small());
    compute.set_device(on_cuda(0));
    let error = compute.begin(job(700)).err().unwrap();
    let words = error.to_string();
    let Error::DeviceMemory { largest_px, .. } = error else {
        panic!("{words}");
    };
    assert!((32..700).contains(&largest_px), "{words}");
    assert!(
        words.starts_with("cuda:0 is out of memory: the run needs about "),
        "{words}"
    );
    // What is offered fits, and one pixel more does not.
    assert!(compute.begin(job(largest_px)).is_ok());
    assert!(compute.begin(job(largest_px + 1)).is_err());
    let forced = Job {
        force: true,
        ..job(largest_px + 1)
    };
    assert_eq!(compute.begin(forced).unwrap().device(), "cuda:0");
}

/// A machine whose device is out of memory after `passes` forward passes until its strips were
/// halved `halvings` times; and the passes left.
fn forgetful(passes: usize, halvings: usize) -> (Box<dyn Machine>, Arc<AtomicUsize>) {
    let passes = Arc::new(AtomicUsize::new(passes));
    let machine = FakeMachine {
        kind: Kind::Cuda,
        flaw: Flaw::None,
        memory: Some((Arc::clone(&passes), halvings)),
    };
    (Box::new(machine), passes)
}

#[test]
fn when_memory_runs_out_on_the_way_the_run_goes_on_with_smaller_strips() {
    let run = |machine: Box<dyn Machine>, upset: &dyn Fn(u32)| -> Vec<f64> {
        let (mut transfer, _) = begin(machine, on_cuda(0), 40).unwrap();
        let mut losses = Vec::new();
        while !transfer.finished() {
            upset(transfer.steps());
            losses.push(transfer.step().unwrap().total);
        }
        losses
    };
    let undisturbed = run(machine(Kind::Cuda, Flaw::None), &|_| {});
    let (machine, passes) = forgetful(usize::MAX, 3);
    let disturbed = run(machine, &|step| {
        if step == 2 {
            passes.store(0, Ordering::Relaxed);
        }
    });
    assert_eq!(passes.load(Ordering::Relaxed), 0);
    assert_eq!(disturbed, undisturbed);
    // While targets are made, too.
    let (machine, _) = forgetful(2, 2);
    assert_eq!(run(machine, &|_| {}), undisturbed);
}

#[test]
fn when_nothing_is_left_to_give_back_a_smaller_size_is_offered_and_the_picture_stays() {
    let (machine, passes) = forgetful(usize::MAX, usize::MAX);
    let (mut transfer, _) = begin(machine, on_cuda(0), 100).unwrap();
    transfer.step().unwrap();
    let before = transfer.picture();
    passes.store(0, Ordering::Relaxed);
    let error = transfer.step().err().unwrap();
    assert_eq!(
        error.to_string(),
        "cuda:0 is out of memory: DriverError(CUDA_ERROR_OUT_OF_MEMORY, \"out of memory\"). \
         Choose at most 70 px, or compute on the CPU"
    );
    assert_eq!(transfer.steps(), 1);
    assert_eq!(transfer.picture().planes.data, before.planes.data);
}

#[test]
fn the_list_names_what_is_there_and_why_the_rest_is_not() {
    let mut compute = Compute::new(Some(2)).unwrap();
    compute = compute.on_machine(machine(Kind::Cuda, Flaw::None));
    let list = compute.devices();
    let [cpu, cuda, metal] = &list[..] else {
        panic!("{list:?}");
    };
    assert_eq!(cpu.choice, DeviceChoice::Cpu);
    assert!(cpu.name.ends_with(", 2 threads"), "{}", cpu.name);
    assert!(cpu.memory.unwrap().total_bytes > 0);
    assert_eq!((cuda.choice, cuda.fault.as_deref()), (on_cuda(0), None));
    assert_eq!(cuda.name, "Fake 3000");
    assert_eq!(cuda.memory.unwrap().total_bytes, 8_000_000_000);
    let words = metal.fault.as_deref();
    assert_eq!(words, Some("this program was built without Metal"));
    compute = compute.on_machine(machine(Kind::Cuda, Flaw::NoDriver));
    let words = compute.devices()[1].fault.clone();
    assert_eq!(words.as_deref(), Some("the NVIDIA driver is missing"));
}

/// The engine on tensors with small strips against the fast one: every operation and measure,
/// forward and reverse, both poolings and edges, even and odd sides.
#[test]
fn small_strips_agree_with_the_fast_engine_in_every_measure() {
    let weights = Weights::embedded().unwrap();
    let engine = CandleEngine::new(&weights, &Device::Cpu).unwrap();
    let mut engine = engine.with_strip_bytes(300_000);
    let mut fast = FastEngine::new(&weights, Some(2)).unwrap();
    let mut checks = Vec::new();
    for sides in [(64, 64), (53, 75)] {
        let mut test = SelfTest::new(&mut engine, &mut fast, sides);
        test.run(&mut |check| checks.push(check)).unwrap();
    }
    // Three for each of four topologies, two for each of twelve measures.
    assert_eq!(checks.len(), 2 * (4 * 3 + 12 * 2));
    for check in &checks {
        assert!(check.passed(), "{check}");
    }
    // Rounding decides where a value is next to 0: seldom, and never forward.
    let coarse = checks.iter().filter(|check| check.error > TOLERANCE);
    let coarse: Vec<_> = coarse.map(ToString::to_string).collect();
    assert!(coarse.len() <= 3, "{coarse:?}");
}
