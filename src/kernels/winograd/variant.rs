//! The two Winograd variants as one-dimensional transforms.
//!
//! F(m, 3) computes m outputs of a 3-tap correlation with m + 2 multiplications:
//! `y = Aᵀ ((G g) ⊙ (Bᵀ d))`, with Aᵀ, G, Bᵀ from interpolation at m + 1 points and infinity
//! (Toom and Cook). A tile is transformed first down its columns, then along its rows.

use std::mem::MaybeUninit;

use crate::kernels::simd::Simd;

/// Largest tile side of the input.
pub(super) const MAX_SIDE: usize = 8;

/// Largest tile side of the output.
pub(super) const MAX_OUTPUT: usize = 6;

/// A tile between two transforms. Starts without values: clearing it would take as long as a
/// transform.
pub(super) struct Grid<S, const ROWS: usize>([[MaybeUninit<S>; MAX_SIDE]; ROWS]);

impl<S: Simd, const ROWS: usize> Grid<S, ROWS> {
    #[inline(always)]
    pub(super) fn new() -> Self {
        Self([[MaybeUninit::uninit(); MAX_SIDE]; ROWS])
    }

    #[inline(always)]
    pub(super) fn set(&mut self, y: usize, x: usize, value: S) {
        self.0[y][x] = MaybeUninit::new(value);
    }

    /// # Safety
    /// The value was set.
    #[inline(always)]
    pub(super) unsafe fn get(&self, y: usize, x: usize) -> S {
        // SAFETY: the caller's promise.
        unsafe { self.0[y][x].assume_init() }
    }

    /// The first `count` values of a row, zeros behind them.
    ///
    /// # Safety
    /// These values were set.
    #[inline(always)]
    pub(super) unsafe fn row(&self, y: usize, count: usize) -> [S; MAX_SIDE] {
        let mut row = [S::splat(0.0); MAX_SIDE];
        for x in 0..count {
            // SAFETY: the caller's promise.
            row[x] = unsafe { self.get(y, x) };
        }
        row
    }
}

/// A one-dimensional transform pair. Arrays are as long as the larger variant needs; the smaller
/// one leaves the rest alone.
pub(super) trait Variant {
    /// Outputs along one axis: m.
    const OUTPUT: usize;
    /// Inputs along one axis: m + 2.
    const SIDE: usize = Self::OUTPUT + 2;
    /// G, one row for each point, infinity last.
    const FILTER: [[f32; 3]; MAX_SIDE];

    /// `Bᵀ d`.
    fn input<S: Simd>(d: [S; MAX_SIDE]) -> [S; MAX_SIDE];

    /// `Aᵀ m`.
    fn output<S: Simd>(m: [S; MAX_SIDE]) -> [S; MAX_OUTPUT];
}

/// F(4, 3) at the points 0, 1, -1, 1/2, -2: half the error of the usual 0, ±1, ±2
/// (Barabasz et al., "Error analysis and improving the accuracy of Winograd convolution", 2018).
pub(super) struct Four;

impl Variant for Four {
    const OUTPUT: usize = 4;

    const FILTER: [[f32; 3]; MAX_SIDE] = [
        [1.0, 0.0, 0.0],
        [1.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0],
        [-1.0 / 3.0, 1.0 / 3.0, -1.0 / 3.0],
        [-16.0 / 15.0, -8.0 / 15.0, -4.0 / 15.0],
        [1.0 / 15.0, -2.0 / 15.0, 4.0 / 15.0],
        [0.0, 0.0, 1.0],
        [0.0; 3],
        [0.0; 3],
    ];

    #[inline(always)]
    fn input<S: Simd>(d: [S; MAX_SIDE]) -> [S; MAX_SIDE] {
        let [half, one_and_half, two, two_and_half] = lanes::<S, _>([0.5, 1.5, 2.0, 2.5]);
        let even = d[4].sub(d[2]);
        let odd = d[3].sub(d[1]);
        [
            // d0 - 1.5 d1 - 2 d2 + 1.5 d3 + d4
            one_and_half.mul_add(odd, even.add(d[0]).sub(d[2])),
            // -d1 + 0.5 d2 + 2.5 d3 + d4
            two_and_half.mul_add(d[3], half.mul_add(d[2], d[4].sub(d[1]))),
            // d1 - 2.5 d2 + 0.5 d3 + d4
            half.mul_add(d[3], d[4].add(d[1]))
                .sub(two_and_half.mul(d[2])),
            // -2 d1 - d2 + 2 d3 + d4
            two.mul_add(odd, even),
            // 0.5 d1 - d2 - 0.5 d3 + d4
            even.sub(half.mul(odd)),
            // d1 - 1.5 d2 - 2 d3 + 1.5 d4 + d5
            one_and_half.mul_add(even, d[5].sub(d[3]).sub(odd)),
            d[6],
            d[7],
        ]
    }

    #[inline(always)]
    fn output<S: Simd>(m: [S; MAX_SIDE]) -> [S; MAX_OUTPUT] {
        let [eighth, quarter, half, two, four, eight] =
            lanes::<S, _>([0.125, 0.25, 0.5, 2.0, 4.0, 8.0]);
        let sum = m[1].add(m[2]);
        let difference = m[1].sub(m[2]);
        [
            m[0].add(sum).add(m[3].add(m[4])),
            half.mul_add(m[3], difference).sub(two.mul(m[4])),
            four.mul_add(m[4], quarter.mul_add(m[3], sum)),
            eighth
                .mul_add(m[3], difference.add(m[5]))
                .sub(eight.mul(m[4])),
            m[0],
            m[0],
        ]
    }
}

/// F(6, 3) at the points 0, ±1, ±2, ±1/2: 64 multiplications for 36 outputs, where F(4, 3) needs
/// 36 for 16.
pub(super) struct Six;

impl Variant for Six {
    const OUTPUT: usize = 6;

    const FILTER: [[f32; 3]; MAX_SIDE] = [
        [1.0, 0.0, 0.0],
        [-2.0 / 9.0, -2.0 / 9.0, -2.0 / 9.0],
        [-2.0 / 9.0, 2.0 / 9.0, -2.0 / 9.0],
        [1.0 / 90.0, 2.0 / 90.0, 4.0 / 90.0],
        [1.0 / 90.0, -2.0 / 90.0, 4.0 / 90.0],
        [32.0 / 45.0, 16.0 / 45.0, 8.0 / 45.0],
        [32.0 / 45.0, -16.0 / 45.0, 8.0 / 45.0],
        [0.0, 0.0, 1.0],
    ];

    #[inline(always)]
    fn input<S: Simd>(d: [S; MAX_SIDE]) -> [S; MAX_SIDE] {
        let [quarter, half, one_and_quarter, two, two_and_half] =
            lanes::<S, _>([0.25, 0.5, 1.25, 2.0, 2.5]);
        let [four, four_and_quarter, five, five_and_quarter] =
            lanes::<S, _>([4.0, 4.25, 5.0, 5.25]);
        // Points ±p share an even part and an odd part.
        let even1 = d[2].add(d[6]).sub(four_and_quarter.mul(d[4]));
        let odd1 = d[1].add(d[5]).sub(four_and_quarter.mul(d[3]));
        let even2 = quarter.mul_add(d[2], d[6]).sub(one_and_quarter.mul(d[4]));
        let odd2 = two
            .mul_add(d[5], half.mul(d[1]))
            .sub(two_and_half.mul(d[3]));
        let even3 = four.mul_add(d[2], d[6]).sub(five.mul(d[4]));
        let odd3 = two
            .mul_add(d[1], half.mul(d[5]))
            .sub(two_and_half.mul(d[3]));
        [
            five_and_quarter.mul_add(d[4].sub(d[2]), d[0].sub(d[6])),
            even1.add(odd1),
            even1.sub(odd1),
            even2.add(odd2),
            even2.sub(odd2),
            even3.add(odd3),
            even3.sub(odd3),
            five_and_quarter.mul_add(d[3].sub(d[5]), d[7].sub(d[1])),
        ]
    }

    #[inline(always)]
    fn output<S: Simd>(m: [S; MAX_SIDE]) -> [S; MAX_OUTPUT] {
        let [two, four, eight, sixteen, thirty_two] = lanes::<S, _>([2.0, 4.0, 8.0, 16.0, 32.0]);
        let [half, quarter, eighth, sixteenth, thirty_second] =
            lanes::<S, _>([0.5, 0.25, 0.125, 0.0625, 0.031_25]);
        let (sum1, difference1) = (m[1].add(m[2]), m[1].sub(m[2]));
        let (sum2, difference2) = (m[3].add(m[4]), m[3].sub(m[4]));
        let (sum3, difference3) = (m[5].add(m[6]), m[5].sub(m[6]));
        [
            m[0].add(sum1).add(sum2.add(sum3)),
            half.mul_add(difference3, two.mul_add(difference2, difference1)),
            quarter.mul_add(sum3, four.mul_add(sum2, sum1)),
            eighth.mul_add(difference3, eight.mul_add(difference2, difference1)),
            sixteenth.mul_add(sum3, sixteen.mul_add(sum2, sum1)),
            thirty_second.mul_add(
                difference3,
                thirty_two.mul_add(difference2, difference1.add(m[7])),
            ),
        ]
    }
}

/// Constants as vectors.
#[inline(always)]
fn lanes<S: Simd, const N: usize>(values: [f32; N]) -> [S; N] {
    let mut lanes = [S::splat(0.0); N];
    for i in 0..N {
        lanes[i] = S::splat(values[i]);
    }
    lanes
}
