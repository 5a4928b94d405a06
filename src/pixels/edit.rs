//! A picture turned by quarters and cut to another aspect, before it is used.

use super::{Picture, Planes};

impl Picture {
    /// The picture after quarter turns clockwise, and then cut in its middle to an aspect of width
    /// to height. It is no longer the picture in the file: only the name stays.
    #[must_use]
    pub fn edited(&self, quarter_turns: u8, aspect: Option<(u32, u32)>) -> Self {
        let mut picture = self.clone();
        picture.path = None;
        picture.sha256.clear();
        for _ in 0..quarter_turns % 4 {
            picture.turn();
        }
        if let Some((width, height)) = aspect {
            picture.cut(width.max(1) as usize, height.max(1) as usize);
        }
        picture
    }

    /// A quarter turn clockwise.
    fn turn(&mut self) {
        let (width, height) = (self.planes.width, self.planes.height);
        let turn = |plane: &[f32]| -> Vec<f32> {
            let columns = (0..width).flat_map(|x| (0..height).rev().map(move |y| (x, y)));
            columns.map(|(x, y)| plane[y * width + x]).collect()
        };
        self.rebuild(height, width, turn);
    }

    /// The largest part of the aspect `across` to `down`, from the middle.
    fn cut(&mut self, across: usize, down: usize) {
        let (width, height) = (self.planes.width, self.planes.height);
        let (new_width, new_height) = if width * down > height * across {
            (((height * across).div_ceil(down)).clamp(1, width), height)
        } else {
            (width, ((width * down).div_ceil(across)).clamp(1, height))
        };
        let (left, top) = ((width - new_width) / 2, (height - new_height) / 2);
        let cut = |plane: &[f32]| -> Vec<f32> {
            let rows = plane.chunks_exact(width).skip(top).take(new_height);
            rows.flat_map(|row| &row[left..left + new_width])
                .copied()
                .collect()
        };
        self.rebuild(new_width, new_height, cut);
    }

    fn rebuild(&mut self, width: usize, height: usize, change: impl Fn(&[f32]) -> Vec<f32>) {
        let planes = &self.planes;
        let data = planes
            .data
            .chunks_exact(planes.pixels().max(1))
            .flat_map(&change)
            .collect();
        self.alpha = self.alpha.as_deref().map(&change);
        self.planes = Planes {
            width,
            height,
            data,
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Red counts the columns, green the rows.
    fn picture(width: usize, height: usize) -> Picture {
        let rgba: Vec<u8> = (0..width * height)
            .flat_map(|i| [(i % width) as u8, (i / width) as u8, 0, (200 + i) as u8])
            .collect();
        Picture::from_rgba8(width, height, &rgba, "p").unwrap()
    }

    fn at(picture: &Picture, x: usize, y: usize) -> [u8; 2] {
        [0, 1].map(|c| {
            let value = picture.planes.plane(c)[y * picture.planes.width + x];
            (255.0 * value).round() as u8
        })
    }

    #[test]
    fn a_quarter_turn_is_clockwise_and_four_are_none() {
        let before = picture(4, 3);
        let after = before.edited(1, None);
        assert_eq!((after.planes.width, after.planes.height), (3, 4));
        assert_eq!(at(&after, 2, 0), [0, 0], "the left upper corner goes right");
        assert_eq!(at(&after, 0, 0), [0, 2], "the left lower one goes up");
        assert_eq!(after.alpha.as_ref().unwrap().len(), 12);
        assert_eq!(before.edited(4, None).planes.data, before.planes.data);
        assert_eq!(
            after.edited(3, None).planes.data,
            before.planes.data,
            "three more bring it back"
        );
    }

    #[test]
    fn the_middle_is_cut_to_the_aspect() {
        let wide = picture(8, 4).edited(0, Some((1, 1)));
        assert_eq!((wide.planes.width, wide.planes.height), (4, 4));
        assert_eq!(at(&wide, 0, 0), [2, 0]);
        let tall = picture(4, 8).edited(0, Some((1, 1)));
        assert_eq!((tall.planes.width, tall.planes.height), (4, 4));
        assert_eq!(at(&tall, 3, 3), [3, 5]);
        assert_eq!(tall.alpha.as_ref().unwrap().len(), 16);
        let sides = picture(1, 5).edited(0, Some((16, 9))).planes;
        assert_eq!((sides.width, sides.height), (1, 1));
        let turned = picture(6, 9).edited(1, Some((4, 3))).planes;
        assert_eq!((turned.width, turned.height), (8, 6));
    }
}
