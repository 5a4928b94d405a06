//! Which device a run gets, and what becomes of it when the device fails: on machines that exist
//! only here, which say what the real libraries say.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod machine;

use std::{
    path::Path,
    sync::{Arc, atomic::Ordering},
};

use candle_core::Device;
use impasto::{
    error::Error,
    pixels::Picture,
    settings::{DeviceChoice, Schedule, StyleMeasure, TransferSettings},
    transfer::{Compute, Job, SelfTest, StyleImage, TOLERANCE, Transfer},
    vgg::{
        candle::CandleEngine,
        device::{Kind, Machine},
        fast::FastEngine,
        weights::Weights,
    },
};

use machine::{Flaw, METAL, forgetful, machine, on_cuda};

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
) -> Result<(Transfer, Option<String>), String> {
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
    let [cpu, cuda, metal, ..] = &list[..] else {
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
    // Three for each of four topologies, two for each measure: those of style, and two of content.
    let measures = StyleMeasure::ALL.len() + 2;
    assert_eq!(checks.len(), 2 * (4 * 3 + measures * 2));
    for check in &checks {
        assert!(check.passed(), "{check}");
    }
    // Rounding decides where a value is next to 0: seldom, and never forward.
    let coarse = checks.iter().filter(|check| check.error > TOLERANCE);
    let coarse: Vec<_> = coarse.map(ToString::to_string).collect();
    assert!(coarse.len() <= 3, "{coarse:?}");
}
