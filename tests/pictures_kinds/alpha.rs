//! Alpha of every kind: kept apart, straight, and nothing hidden under it.

use impasto::pixels::Picture;

use super::{
    assert_pixels, assert_refused, read,
    tiffs::{FORMS, Page, Value},
};

const STRAIGHT: u16 = 2;
const ASSOCIATED: u16 = 1;

#[test]
fn gray_and_color_with_alpha_of_both_kinds() {
    for form in FORMS {
        for (kind, gray) in [(STRAIGHT, 0.4_f32), (ASSOCIATED, 0.2)] {
            let word = |value: f32| (value * 65535.0).round() as u16;
            let gray_alpha = form.words(&[word(gray), word(0.5), word(0.8), word(1.0)]);
            let page = Page::new((2, 1), 1, &[16; 2], gray_alpha);
            let page = page.with(338, Value::Short(vec![kind]));
            let picture = read(&form.file(&[page]));
            assert_pixels(&picture, &[[0.4; 3], [0.8; 3]], 1e-4);
            let alpha = picture.alpha.unwrap();
            assert!(
                (alpha[0] - 0.5).abs() < 1e-4 && alpha[1] == 1.0,
                "{alpha:?}"
            );
            let color = [2.0 * gray, gray, 0.0, 0.5].map(word);
            let page = Page::new((1, 1), 2, &[16; 4], form.words(&color));
            let page = page.with(338, Value::Short(vec![kind]));
            assert_pixels(&read(&form.file(&[page])), &[[0.8, 0.4, 0.0]], 1e-4);
        }
    }
}

#[test]
fn a_sample_of_which_nothing_is_known_is_not_alpha() {
    let page = Page::new((1, 1), 2, &[8; 4], vec![51, 102, 153, 0]);
    let page = page.with(338, Value::Short(vec![0]));
    let picture = read(&FORMS[0].file(&[page]));
    assert_pixels(&picture, &[[0.2, 0.4, 0.6]], 1e-6);
    assert_eq!(picture.alpha, None);
    // Alpha may stand behind it.
    let page = Page::new(
        (2, 1),
        2,
        &[8; 5],
        vec![51, 102, 153, 0, 255, 51, 102, 153, 0, 51],
    );
    let page = page.with(338, Value::Short(vec![0, 2]));
    let picture = read(&FORMS[0].file(&[page]));
    assert_pixels(&picture, &[[0.2, 0.4, 0.6]; 2], 1e-6);
    assert_eq!(picture.alpha, Some(vec![1.0, 0.2]));
}

#[test]
fn what_is_hidden_makes_no_difference() {
    let with = |hidden: [u8; 3]| {
        let rgba: Vec<u8> = (0..12 * 9_u8)
            .flat_map(|at| {
                let [r, g, b] = hidden;
                let is_seen = at % 12 < 5;
                if is_seen {
                    [at, 200, 9, 255]
                } else {
                    [r, g, b, 0]
                }
            })
            .collect();
        Picture::from_rgba8(12, 9, &rgba, "p").unwrap()
    };
    let (red, blue) = (with([255, 0, 0]), with([0, 0, 255]));
    assert_eq!(red.planes, blue.planes);
    assert!(
        red.planes
            .plane(1)
            .iter()
            .all(|green| (green - 200.0 / 255.0).abs() < 1e-6)
    );
    assert_eq!(
        red.alpha
            .unwrap()
            .iter()
            .filter(|&&alpha| alpha == 0.0)
            .count(),
        63
    );
}

#[test]
fn a_picture_of_nothing_is_refused() {
    let error = Picture::from_rgba8(2, 1, &[255, 0, 0, 0, 9, 9, 9, 0], "p").unwrap_err();
    assert!(
        error.to_string().contains("all of it is transparent"),
        "{error}"
    );
    let page = Page::new((2, 1), 1, &[8; 2], vec![200, 0, 100, 0]);
    let page = page.with(338, Value::Short(vec![STRAIGHT]));
    assert_refused(&FORMS[0].file(&[page]), "all of it is transparent");
}
