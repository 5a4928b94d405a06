//! Damaged and hostile weights: every one is refused with a reason, or read; none is a panic.

#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

use std::{
    path::Path,
    time::{Duration, Instant},
};

use impasto::vgg::weights::{Format, Inspected, Weights};
use rand::{RngExt as _, SeedableRng as _};
use rand_pcg::Pcg64Mcg;

const FILES: [(&str, Format); 6] = [
    ("small.h5", Format::Hdf5),
    ("small.safetensors", Format::Safetensors),
    ("zip.pth", Format::TorchZip),
    ("legacy.pth", Format::TorchLegacy),
    ("old.caffemodel", Format::Caffe),
    ("new.caffemodel", Format::Caffe),
];

/// Files that `make_weights.py --small` wrote.
fn fixture(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/weights");
    std::fs::read(folder.join(name)).unwrap()
}

/// Reading a few kilobytes takes microseconds; this machine may have much else to do.
const PATIENCE: Duration = Duration::from_secs(10);

/// The most memory that this process has held, where the system tells.
fn peak_memory_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kilobytes: u64 = line.trim().strip_suffix(" kB")?.parse().ok()?;
    Some(kilobytes << 10)
}

fn refusal(bytes: &[u8]) -> String {
    Inspected::bytes(bytes, "test").unwrap_err().to_string()
}

#[test]
fn undamaged_files_are_read() {
    for (name, format) in FILES {
        let inspected = Inspected::bytes(&fixture(name), name).unwrap();
        assert_eq!(inspected.format, format, "{name}");
        let sizes: Vec<usize> = inspected
            .tensors
            .iter()
            .map(|(_, shape)| shape.iter().product())
            .collect();
        assert!(
            sizes.contains(&54) && sizes.contains(&2),
            "{name}: {sizes:?}"
        );
        let message = Weights::from_bytes(&fixture(name), name, None)
            .unwrap_err()
            .to_string();
        assert!(
            message.contains("ends after 1 convolutions"),
            "{name}: {message}"
        );
    }
}

#[test]
fn a_file_cut_anywhere_is_no_panic() {
    for (name, _) in FILES {
        let whole = fixture(name);
        for length in 0..whole.len() {
            drop(Inspected::bytes(&whole[..length], name));
        }
        // The last bytes are values in all formats but the archive, whose end is its directory.
        assert!(
            Inspected::bytes(&whole[..whole.len() - 1], name).is_err(),
            "{name}"
        );
    }
}

#[test]
fn a_damaged_file_is_no_panic() {
    let mut rng = Pcg64Mcg::seed_from_u64(5);
    let interesting: [u64; 8] = [
        0,
        1,
        0x7f,
        0xff,
        0x7fff_ffff,
        0xffff_ffff,
        1 << 40,
        u64::MAX,
    ];
    for (name, _) in FILES {
        let whole = fixture(name);
        let mut read = 0;
        for _ in 0..20_000 {
            let mut bytes = whole.clone();
            for _ in 0..rng.random_range(1..4) {
                let at = rng.random_range(0..bytes.len());
                match rng.random_range(0..4) {
                    0 => bytes[at] = rng.random(),
                    1 => bytes[at] ^= 1 << rng.random_range(0..8),
                    2 => {
                        // A place or length becomes an extreme one, or one inside the file.
                        let inside = rng.random_range(0..bytes.len() as u64);
                        let value = *interesting.get(rng.random_range(0..10)).unwrap_or(&inside);
                        let width = (1 << rng.random_range(0..4)).min(bytes.len() - at);
                        bytes[at..at + width].copy_from_slice(&value.to_le_bytes()[..width]);
                    }
                    _ => {
                        let from = rng.random_range(0..bytes.len());
                        let length = rng.random_range(0..32).min(bytes.len() - at.max(from));
                        bytes.copy_within(from..from + length, at);
                    }
                }
            }
            let begin = Instant::now();
            read += u32::from(Inspected::bytes(&bytes, name).is_ok());
            assert!(begin.elapsed() < PATIENCE, "{name} hangs");
            drop(Weights::from_bytes(&bytes, name, None));
        }
        // Damage to values is not seen, damage to structure is.
        assert!(read > 0 && read < 20_000, "{name}: {read}");
    }
    if let Some(peak) = peak_memory_bytes() {
        assert!(peak < 1 << 30, "{peak} bytes were taken");
    }
}

/// A legacy file with `program` as its object.
fn legacy(program: &[u8]) -> Vec<u8> {
    let magic = b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19.";
    [
        &magic[..],
        b"\x80\x02K\x01.",
        b"\x80\x02}.",
        program,
        b"\x80\x02].",
    ]
    .concat()
}

#[test]
fn a_pickle_cannot_name_what_weights_do_not_need() {
    for (program, expected) in [
        (&b"cposix\nsystem\n(X\x04\0\0\0true tR."[..], "posix.system"),
        (b"cbuiltins\neval\n.", "builtins.eval"),
        (b"\x8c\x02os\x8c\x06system\x93.", "os.system"),
        (b"ctorch\nload\n.", "torch.load"),
        (b"(S'true'\nios\nsystem\n.", "operation 0x53"),
        (b"ccollections\nOrderedDict\nK\x01\x85R.", "other arguments"),
        (b"K\x01K\x02R.", "what is not a function"),
    ] {
        let message = refusal(&legacy(program));
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn a_pickle_cannot_take_more_than_there_is() {
    let nested = [b"(".repeat(100_000), b"t".repeat(100_000), b".".to_vec()].concat();
    assert!(refusal(&legacy(&nested)).contains("values"));
    let deep = [&b")"[..], &b"\x85".repeat(50_000), b"."].concat();
    assert!(Inspected::bytes(&legacy(&deep), "test").is_ok());
    // A dictionary in itself.
    assert!(Inspected::bytes(&legacy(b"}q\0X\x01\0\0\0ah\0s."), "test").is_ok());
    let endless = [b"N0".repeat(1 << 20), b".".to_vec()].concat();
    assert!(refusal(&legacy(&endless)).contains("more than"));
    assert!(refusal(&legacy(b"X\xff\xff\xff\xffabc.")).contains("ends inside"));
    assert!(refusal(&legacy(b"t.")).contains("lacks a mark"));
    assert!(refusal(&legacy(b"(0.")).contains("empty stack"));
    assert!(refusal(&legacy(b"h\x07.")).contains("never stored"));
}

#[test]
fn a_circle_of_groups_ends() {
    let whole = fixture("small.h5");
    let find = |name: &[u8]| whole.windows(4).position(|window| window == name).unwrap();
    // The first member of the root group becomes the root group.
    let root = whole[64..72].to_vec();
    let mut circle = whole.clone();
    let member = find(b"SNOD") + 8 + 8;
    circle[member..member + 8].copy_from_slice(&root);
    assert!(refusal(&circle).contains("deep"), "{}", refusal(&circle));
    // The first child of the root's tree becomes the tree: not a leaf.
    let mut circle = whole.clone();
    let tree = find(b"TREE");
    circle[tree + 32..tree + 40].copy_from_slice(&(tree as u64).to_le_bytes());
    assert!(refusal(&circle).contains("no HDF5 SNOD"));
}
