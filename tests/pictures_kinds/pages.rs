//! Which of several pictures in a TIFF is the one.

use super::{
    assert_pixels, read,
    tiffs::{FORMS, Page, Value},
};

fn page((width, height): (u16, u16), gray: u8) -> Page {
    let data = vec![gray; usize::from(width) * usize::from(height)];
    Page::new((width, height), 1, &[8], data)
}

fn reduced(page: Page) -> Page {
    page.with(254, Value::Long(vec![1]))
}

#[test]
fn a_small_copy_in_front_is_not_the_picture() {
    for form in FORMS {
        let file = form.file(&[reduced(page((3, 2), 9)), page((12, 8), 51)]);
        assert_pixels(&read(&file), &[[0.2; 3]; 96], 1e-6);
        // The old tag says so, too; and some do not say it at all.
        let old = page((3, 2), 9).with(255, Value::Short(vec![2]));
        assert_pixels(
            &read(&form.file(&[old, page((12, 8), 51)])),
            &[[0.2; 3]; 96],
            1e-6,
        );
        let silent = form.file(&[page((3, 2), 9), page((12, 8), 51)]);
        assert_pixels(&read(&silent), &[[0.2; 3]; 96], 1e-6);
    }
}

#[test]
fn otherwise_the_first_page_is() {
    for form in FORMS {
        for others in [
            vec![page((3, 2), 51), page((3, 2), 9)],
            vec![page((3, 2), 51), page((12, 5), 9)],
            vec![page((3, 2), 51), page((4, 3), 9)],
            vec![page((3, 2), 51), reduced(page((12, 8), 9))],
            vec![reduced(page((3, 2), 51))],
            vec![
                page((3, 2), 51),
                page((12, 8), 9).with(254, Value::Long(vec![4])),
            ],
        ] {
            assert_pixels(&read(&form.file(&others)), &[[0.2; 3]; 6], 1e-6);
        }
    }
}

/// A file whose chain of pages is a circle.
#[test]
fn a_circle_of_pages_ends() {
    let mut file = FORMS[0].file(&[page((3, 2), 51)]);
    let at = file.len() - 4;
    let first: [u8; 4] = file[4..8].try_into().unwrap();
    file[at..].copy_from_slice(&first);
    assert_pixels(&read(&file), &[[0.2; 3]; 6], 1e-6);
}
