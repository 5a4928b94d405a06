//! A TIFF as the unpacker gets to see it: the chosen page first, its values without a meaning, and
//! bits in the usual order. The file itself is not copied.

use std::{
    io::{self, Read, Seek, SeekFrom},
    ops::Range,
};

use super::page::{
    EXTRA_SAMPLES, PHOTOMETRIC, Page, SAMPLE_FORMAT, STRIP_BYTE_COUNTS, STRIP_OFFSETS,
    TILE_BYTE_COUNTS, TILE_OFFSETS,
};

/// A tag that says nothing to anybody.
const NO_TAG: u64 = 65_000;
const BLACK_IS_ZERO: u64 = 1;

pub(super) struct View<'a> {
    bytes: &'a [u8],
    /// What stands in other places than in the file: place and bytes.
    changes: Vec<(usize, Vec<u8>)>,
    /// Where bits are turned round, in order.
    reversed: Vec<Range<usize>>,
    at: usize,
}

impl<'a> View<'a> {
    /// The view on a page of a file.
    pub(super) fn of(bytes: &'a [u8], page: &Page<'_>) -> Self {
        let (directory, form) = (&page.directory, page.directory.form());
        let mut changes = Vec::new();
        let first = form.written(directory.at, form.place_bytes());
        changes.push((form.first_place_at(), first));
        if let Some(entry) = directory.entry(PHOTOMETRIC) {
            // Tag, kind, count, value.
            let value_at = entry.at + 4 + form.place_bytes();
            changes.push((value_at, form.written(BLACK_IS_ZERO, 2)));
        }
        let mut hide = |tag: u16| {
            if let Some(entry) = directory.entry(tag) {
                changes.push((entry.at, form.written(NO_TAG, 2)));
            }
        };
        hide(EXTRA_SAMPLES);
        if page.untyped {
            hide(SAMPLE_FORMAT);
        }
        let mut reversed = Vec::new();
        if page.reversed {
            for (places, lengths) in [
                (STRIP_OFFSETS, STRIP_BYTE_COUNTS),
                (TILE_OFFSETS, TILE_BYTE_COUNTS),
            ] {
                let pairs = directory.numbers(places).into_iter();
                reversed.extend(pairs.zip(directory.numbers(lengths)).filter_map(
                    |(place, length)| {
                        let start = usize::try_from(place).ok()?;
                        Some(start..start.checked_add(usize::try_from(length).ok()?)?)
                    },
                ));
            }
            reversed.sort_by_key(|range| range.start);
        }
        Self {
            bytes,
            changes,
            reversed,
            at: 0,
        }
    }
}

/// The part of `range` inside a piece of `length` bytes at `at`, counted from its start.
fn inside(range: &Range<usize>, at: usize, length: usize) -> Range<usize> {
    let start = range.start.clamp(at, at + length);
    start - at..range.end.clamp(start, at + length) - at
}

impl Read for View<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let length = rest.len().min(out.len());
        let out = &mut out[..length];
        out.copy_from_slice(&rest[..length]);
        let first = self
            .reversed
            .partition_point(|range| range.start < self.at)
            .saturating_sub(1);
        let mut done = 0;
        for range in &self.reversed[first.min(self.reversed.len())..] {
            if range.start >= self.at + length {
                break;
            }
            let mut part = inside(range, self.at, length);
            // Strips that lie over each other are turned once.
            part.start = part.start.max(done).min(part.end);
            done = done.max(part.end);
            for byte in &mut out[part] {
                *byte = byte.reverse_bits();
            }
        }
        for (place, bytes) in &self.changes {
            let part = inside(&(*place..place + bytes.len()), self.at, length);
            let from = (self.at + part.start).saturating_sub(*place);
            let count = part.len();
            out[part].copy_from_slice(&bytes[from.min(bytes.len())..][..count]);
        }
        self.at += length;
        Ok(length)
    }
}

impl Seek for View<'_> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let (from, by) = match to {
            SeekFrom::Start(at) => (at as i128, 0),
            SeekFrom::End(by) => (self.bytes.len() as i128, i128::from(by)),
            SeekFrom::Current(by) => (self.at as i128, i128::from(by)),
        };
        let at = usize::try_from(from + by)
            .map_err(|_outside| io::Error::from(io::ErrorKind::InvalidInput))?;
        self.at = at;
        Ok(at as u64)
    }
}
