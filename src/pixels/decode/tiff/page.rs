//! The picture of a TIFF among its pages, and the tags that tell how it is stored.
//!
//! Small copies of a picture may stand before it. Most say so (`NewSubfileType`); one that does not is
//! known by its likeness to a page at least twice as large.

use super::super::{directory::Directory, fault::Fault};

pub(super) const NEW_SUBFILE_TYPE: u16 = 254;
const SUBFILE_TYPE: u16 = 255;
pub(super) const WIDTH: u16 = 256;
pub(super) const LENGTH: u16 = 257;
const BITS_PER_SAMPLE: u16 = 258;
const COMPRESSION: u16 = 259;
pub(super) const PHOTOMETRIC: u16 = 262;
const FILL_ORDER: u16 = 266;
pub(super) const STRIP_OFFSETS: u16 = 273;
pub(super) const ORIENTATION: u16 = 274;
const SAMPLES_PER_PIXEL: u16 = 277;
pub(super) const STRIP_BYTE_COUNTS: u16 = 279;
pub(super) const COLOR_MAP: u16 = 320;
pub(super) const TILE_OFFSETS: u16 = 324;
pub(super) const TILE_BYTE_COUNTS: u16 = 325;
const INK_SET: u16 = 332;
pub(super) const EXTRA_SAMPLES: u16 = 338;
pub(super) const SAMPLE_FORMAT: u16 = 339;
pub(super) const YCBCR_COEFFICIENTS: u16 = 529;
const YCBCR_SUBSAMPLING: u16 = 530;
pub(super) const REFERENCE_BLACK_WHITE: u16 = 532;
pub(super) const ICC_PROFILE: u16 = 34675;

const JPEG: u64 = 7;

/// What the values of a page are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Photometric {
    WhiteIsZero,
    BlackIsZero,
    Rgb,
    Palette,
    Inks,
    YCbCr,
    CieLab,
    IccLab,
}

impl Photometric {
    fn of(value: u64) -> Option<Self> {
        Some(match value {
            0 => Self::WhiteIsZero,
            1 => Self::BlackIsZero,
            2 => Self::Rgb,
            3 => Self::Palette,
            5 => Self::Inks,
            6 => Self::YCbCr,
            8 => Self::CieLab,
            9 => Self::IccLab,
            _ => return None,
        })
    }

    /// Samples of a pixel that are its color.
    pub(super) fn colors(self) -> usize {
        match self {
            Self::WhiteIsZero | Self::BlackIsZero | Self::Palette => 1,
            Self::Rgb | Self::YCbCr | Self::CieLab | Self::IccLab => 3,
            Self::Inks => 4,
        }
    }
}

/// Alpha among the samples.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Alpha {
    /// Which sample it is.
    pub(super) at: usize,
    /// Whether it is multiplied into the colors.
    pub(super) associated: bool,
}

/// A page that can be read.
#[derive(Debug)]
pub(super) struct Page<'a> {
    pub(super) directory: Directory<'a>,
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) photometric: Photometric,
    pub(super) samples: usize,
    /// Bits of a sample.
    pub(super) bits: usize,
    pub(super) alpha: Option<Alpha>,
    /// Whether the bits of each byte are stored the other way round.
    pub(super) reversed: bool,
    /// Whether the kind of the samples is said to be unknown, which stands for whole numbers.
    pub(super) untyped: bool,
}

impl<'a> Page<'a> {
    /// The picture of a file.
    pub(super) fn of_file(bytes: &'a [u8]) -> Result<Self, Fault> {
        let pages = Directory::all(bytes);
        let chosen = choose(&pages).ok_or_else(|| {
            if pages.is_empty() {
                Fault::CutOff
            } else {
                Fault::Damaged("no page of it says how large it is".to_owned())
            }
        })?;
        Self::of(chosen.clone())
    }

    fn of(directory: Directory<'a>) -> Result<Self, Fault> {
        let number = |tag: u16, usual: u64| directory.number(tag).unwrap_or(usual);
        let (width, height) = sides(&directory).unwrap_or((0, 0));
        let compression = number(COMPRESSION, 1);
        let kind = |what: &str| Fault::Kind(format!("it is {what}, a kind of TIFF"));
        if let Some(name) = unread(compression) {
            return Err(kind(&format!("a TIFF packed by {name}")));
        }
        let photometric = match directory.number(PHOTOMETRIC) {
            // Bilevel scans leave it out at times; fax has white at 0.
            None if matches!(compression, 2..=4) => Photometric::WhiteIsZero,
            None => Photometric::BlackIsZero,
            Some(32803 | 34892) => return Err(kind("a camera's raw picture")),
            Some(value) => Photometric::of(value)
                .ok_or_else(|| kind(&format!("a TIFF of photometric type {value}")))?,
        };
        let samples = number(SAMPLES_PER_PIXEL, 1) as usize;
        let colors = photometric.colors();
        if samples < colors {
            let why = format!("it has {samples} samples a pixel where {colors} are needed");
            return Err(Fault::Damaged(why));
        }
        if photometric == Photometric::Inks && number(INK_SET, 1) != 1 {
            return Err(kind(
                "a TIFF of inks other than cyan, magenta, yellow, black",
            ));
        }
        let subsampling = directory.numbers(YCBCR_SUBSAMPLING);
        let is_subsampled = subsampling.is_empty() || subsampling.iter().any(|&step| step != 1);
        if photometric == Photometric::YCbCr && compression != JPEG && is_subsampled {
            return Err(kind("a TIFF of subsampled YCbCr that is not JPEG"));
        }
        Ok(Self {
            width: usize::try_from(width).unwrap_or(usize::MAX),
            height: usize::try_from(height).unwrap_or(usize::MAX),
            photometric,
            samples,
            bits: number(BITS_PER_SAMPLE, 1) as usize,
            alpha: alpha(&directory, samples, colors),
            // JPEG has an order of its own.
            reversed: number(FILL_ORDER, 1) == 2 && compression != JPEG,
            untyped: directory.number(SAMPLE_FORMAT) == Some(4),
            directory,
        })
    }
}

/// The name of a way of packing that is not read.
fn unread(compression: u64) -> Option<String> {
    let name = match compression {
        1 | 4 | 5 | 7 | 8 | 32773 | 32946 | 50000 | 50001 => return None,
        2 => "CCITT run lengths",
        3 => "fax group 3",
        6 => "the old kind of JPEG",
        9 | 10 | 34661 => "JBIG",
        32809 => "ThunderScan",
        32908 | 32909 => "Pixar's method",
        34676 | 34677 => "SGI's LogLuv",
        33003 | 33005 | 34712 => "JPEG 2000",
        34887 => "LERC",
        34925 => "LZMA",
        50002 | 52546 => "JPEG XL",
        other => return Some(format!("method {other}")),
    };
    Some(name.to_owned())
}

fn alpha(directory: &Directory<'_>, samples: usize, colors: usize) -> Option<Alpha> {
    let extra = directory.numbers(EXTRA_SAMPLES);
    let kinds: &[u64] = if extra.is_empty() && samples == colors + 1 {
        // Programs that do not say what the one sample more is mean alpha.
        &[2]
    } else {
        &extra
    };
    let at = kinds.iter().position(|kind| matches!(kind, 1 | 2))?;
    (colors + at < samples).then(|| Alpha {
        at: colors + at,
        associated: kinds[at] == 1,
    })
}

fn sides(directory: &Directory<'_>) -> Option<(u64, u64)> {
    Some((directory.number(WIDTH)?, directory.number(LENGTH)?))
}

/// Whether a page says that it is a small copy or a mask of another.
fn is_aside(directory: &Directory<'_>) -> bool {
    const REDUCED: u64 = 1;
    const MASK: u64 = 4;
    let kind = directory.number(NEW_SUBFILE_TYPE).unwrap_or(0);
    kind & (REDUCED | MASK) != 0 || directory.number(SUBFILE_TYPE) == Some(2)
}

/// The page that is the picture.
fn choose<'p, 'a>(pages: &'p [Directory<'a>]) -> Option<&'p Directory<'a>> {
    let sized = || pages.iter().filter(|page| sides(page).is_some());
    let first = sized()
        .find(|page| !is_aside(page))
        .or_else(|| sized().next())?;
    let (width, height) = sides(first)?;
    let is_larger_copy = |page: &&Directory<'_>| {
        let Some((w, h)) = sides(page) else {
            return false;
        };
        let (a, b) = (w as f64 * height as f64, h as f64 * width as f64);
        // The aspect is rounded to the small one's pixels.
        let tolerance = w.max(h) as f64;
        w >= 2 * width && h >= 2 * height && !is_aside(page) && (a - b).abs() <= tolerance
    };
    sized()
        .filter(is_larger_copy)
        .max_by_key(|page| sides(page))
        .or(Some(first))
}
