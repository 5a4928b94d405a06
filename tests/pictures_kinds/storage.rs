//! How TIFF stores values: kinds of numbers, orders, layouts, ways of packing.

use super::{
    assert_pixels, assert_refused, read,
    tiffs::{FORMS, Form, Page, Value},
};

const GRAY: u16 = 1;
const RGB: u16 = 2;
const LITTLE: Form = FORMS[0];

/// Three pixels in 0..1, exact in every depth from eight bits on.
const COLORS: [[f32; 3]; 4] = [
    [1.0, 0.0, 0.2],
    [0.4, 0.6, 0.8],
    [0.0, 1.0, 1.0],
    [0.2, 0.2, 0.6],
];

fn values() -> impl Iterator<Item = f32> {
    COLORS.into_iter().flatten()
}

fn words() -> Vec<u16> {
    values()
        .map(|value| (value * 65535.0).round() as u16)
        .collect()
}

fn bytes() -> Vec<u8> {
    values()
        .map(|value| (value * 255.0).round() as u8)
        .collect()
}

fn longs() -> Vec<u32> {
    values()
        .map(|value| (f64::from(value) * f64::from(u32::MAX)).round() as u32)
        .collect()
}

#[test]
fn whole_numbers_of_every_depth_in_every_order() {
    for form in FORMS {
        for (bits, data) in [
            (8, bytes()),
            (16, form.words(&words())),
            // Without a SampleFormat these are whole numbers.
            (32, form.longs(&longs())),
        ] {
            let page = Page::new((2, 2), RGB, &[bits; 3], data);
            assert_pixels(&read(&form.file(&[page])), &COLORS, 1e-5);
        }
    }
}

#[test]
fn a_kind_of_numbers_that_is_said_to_be_unknown_is_whole() {
    let page = Page::new((2, 2), RGB, &[16; 3], LITTLE.words(&words()));
    let page = page.with(339, Value::Short(vec![4; 3]));
    assert_pixels(&read(&LITTLE.file(&[page])), &COLORS, 1e-5);
}

#[test]
fn floating_point_in_color_and_gray() {
    for form in FORMS {
        let floats: Vec<u32> = values().map(f32::to_bits).collect();
        let page = Page::new((2, 2), RGB, &[32; 3], form.longs(&floats));
        let page = page.with(339, Value::Short(vec![3; 3]));
        assert_pixels(&read(&form.file(&[page])), &COLORS, 1e-6);
        let grays = [0.0_f32, 0.25, 1.0, 7.5].map(f32::to_bits);
        let page = Page::new((2, 2), GRAY, &[32], form.longs(&grays));
        let page = page.with(339, Value::Short(vec![3]));
        let expected = [[0.0; 3], [0.25; 3], [1.0; 3], [1.0; 3]];
        assert_pixels(&read(&form.file(&[page])), &expected, 1e-6);
        // 1.0, 0.5 and 0.25 as half floats.
        let halves = form.words(&[0x3c00, 0x3800, 0x3400, 0]);
        let page = Page::new((2, 2), GRAY, &[16], halves);
        let page = page.with(339, Value::Short(vec![3]));
        let expected = [[1.0; 3], [0.5; 3], [0.25; 3], [0.0; 3]];
        assert_pixels(&read(&form.file(&[page])), &expected, 1e-6);
    }
}

#[test]
fn signed_numbers_have_their_middle_at_zero() {
    let page = Page::new((2, 2), GRAY, &[8], vec![0x80, 0xff, 0x00, 0x7f]);
    let page = page.with(339, Value::Short(vec![2]));
    let expected = [0.0, 127.0 / 255.0, 128.0 / 255.0, 1.0].map(|gray| [gray; 3]);
    assert_pixels(&read(&LITTLE.file(&[page])), &expected, 1e-6);
}

#[test]
fn bits_may_be_stored_the_other_way_round() {
    for form in FORMS {
        let reversed = |data: Vec<u8>| data.into_iter().map(u8::reverse_bits).collect::<Vec<_>>();
        let order = || Value::Short(vec![2]);
        let page = Page::new((2, 2), RGB, &[16; 3], reversed(form.words(&words())));
        assert_pixels(&read(&form.file(&[page.with(266, order())])), &COLORS, 1e-5);
        // Ten bits in each of two rows: the rest of a row's second byte is nothing.
        let rows = vec![0b1010_1010, 0b1100_0000, 0b0101_0101, 0b0000_0000];
        let page = Page::new((10, 2), GRAY, &[1], reversed(rows)).with(266, order());
        let picture = read(&form.file(&[page]));
        let row: Vec<f32> = picture.planes.plane(0)[..10].to_vec();
        assert_eq!(row, [1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 0.0, 1.0, 1.0]);
    }
}

#[test]
fn values_of_two_and_four_bits_and_white_at_zero() {
    let page = Page::new((3, 2), GRAY, &[2], vec![0b0001_1000, 0b1110_0100]);
    let expected = [0.0, 1.0, 2.0, 3.0, 2.0, 1.0].map(|level| [level / 3.0; 3]);
    assert_pixels(&read(&LITTLE.file(&[page])), &expected, 1e-6);
    let page = Page::new((3, 2), GRAY, &[4], vec![0x0f, 0x50, 0xa3, 0xc0]);
    let expected = [0.0, 15.0, 5.0, 10.0, 3.0, 12.0].map(|level| [level / 15.0; 3]);
    assert_pixels(&read(&LITTLE.file(&[page])), &expected, 1e-6);
    for (bits, data) in [(8, vec![0, 255, 51, 102]), (4, vec![0x0f, 0x36])] {
        let page = Page::new((2, 2), 0, &[bits], data);
        let expected = [1.0, 0.0, 0.8, 0.6].map(|gray| [gray; 3]);
        assert_pixels(&read(&LITTLE.file(&[page])), &expected, 1e-6);
    }
}

#[test]
fn planes_one_behind_the_other() {
    for form in FORMS {
        let all = words();
        let plane =
            |channel: usize| -> Vec<u16> { all.iter().skip(channel).step_by(3).copied().collect() };
        let mut page = Page::new((2, 2), RGB, &[16; 3], Vec::new());
        page.strips = (0..3).map(|channel| form.words(&plane(channel))).collect();
        let page = page.with(284, Value::Short(vec![2]));
        assert_pixels(&read(&form.file(&[page])), &COLORS, 1e-5);
    }
}

/// Tiles of 16 by 16 under a picture of 20 by 18.
#[test]
fn tiles_with_an_edge() {
    let gray = |x: usize, y: usize| (13 * x + 7 * y) as u16 * 100;
    let tile = |left: usize, top: usize| -> Vec<u16> {
        let places = (0..256).map(|at| (left + at % 16, top + at / 16));
        places
            .map(|(x, y)| if x < 20 && y < 18 { gray(x, y) } else { 9 })
            .collect()
    };
    for form in FORMS {
        let mut page = Page::new((20, 18), GRAY, &[16], Vec::new());
        page.strips = [(0, 0), (16, 0), (0, 16), (16, 16)]
            .map(|(left, top)| form.words(&tile(left, top)))
            .to_vec();
        let page = page
            .with(322, Value::Short(vec![16]))
            .with(323, Value::Short(vec![16]));
        let picture = read(&form.file(&[page]));
        for (at, value) in picture.planes.plane(1).iter().enumerate() {
            let expected = f32::from(gray(at % 20, at / 20)) / 65535.0;
            assert!((value - expected).abs() < 1e-5, "{at}");
        }
    }
}

#[test]
fn differences_to_the_pixel_before() {
    let mut deltas = words();
    for row in deltas.chunks_exact_mut(6) {
        for at in (3..6).rev() {
            row[at] = row[at].wrapping_sub(row[at - 3]);
        }
    }
    for form in FORMS {
        let page = Page::new((2, 2), RGB, &[16; 3], form.words(&deltas));
        let page = page.with(317, Value::Short(vec![2]));
        assert_pixels(&read(&form.file(&[page])), &COLORS, 1e-5);
    }
}

/// A frame of Zstandard (RFC 8878) with one block as it is.
#[test]
fn packed_by_zstandard() {
    let data = bytes();
    let mut frame = vec![0x28, 0xb5, 0x2f, 0xfd, 0x20, data.len() as u8];
    let block = (data.len() as u32) << 3 | 1;
    frame.extend(&block.to_le_bytes()[..3]);
    frame.extend(data);
    let page = Page::new((2, 2), RGB, &[8; 3], frame).with(259, Value::Short(vec![50000]));
    assert_pixels(&read(&LITTLE.file(&[page])), &COLORS, 1e-6);
}

#[test]
fn kinds_that_are_not_read_are_named() {
    for (tag, value, name) in [
        (259, 6, "the old kind of JPEG"),
        (259, 34712, "JPEG 2000"),
        (259, 4711, "method 4711"),
        (262, 32803, "raw picture"),
        (262, 6, "subsampled YCbCr"),
    ] {
        let page = Page::new((2, 2), RGB, &[8; 3], bytes());
        let file = LITTLE.file(&[page.with(tag, Value::Short(vec![value]))]);
        assert_refused(&file, name);
        assert_refused(&file, "export it as PNG");
    }
}
