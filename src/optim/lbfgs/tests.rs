//! Against published recurrences, a valley, a cliff and walls.

use super::*;

/// Rosenbrock's valley in `n` dimensions: value and gradient.
fn rosenbrock(x: &[f32]) -> (f64, Vec<f32>) {
    let x: Vec<f64> = x.iter().copied().map(f64::from).collect();
    let mut gradient = vec![0.0; x.len()];
    let mut value = 0.0;
    for i in 0..x.len() - 1 {
        let (a, b) = (1.0 - x[i], x[i + 1] - x[i] * x[i]);
        value += a * a + 100.0 * b * b;
        gradient[i] += -2.0 * a - 400.0 * x[i] * b;
        gradient[i + 1] += 200.0 * b;
    }
    (value, gradient.into_iter().map(|g| g as f32).collect())
}

/// On a hill every pair has negative curvature and is refused. `torch.optim.LBFGS` then goes
/// along the negative gradient with the full learning rate: only the first step is shortened.
#[test]
fn plain_mode_takes_the_whole_gradient_after_a_refused_pair() {
    let mut x = [4.0_f32, -2.0];
    let mut lbfgs = Lbfgs::new(LbfgsMode::Plain, 10, 1.0, None);
    let slope = |x: &[f32; 2]| [-x[0], -x[1]];
    let gradient = slope(&x);
    lbfgs.step(&mut x, 0.0, &gradient);
    // |g|₁ = 6: the step is g / 6.
    assert!((x[0] - (4.0 + 4.0 / 6.0)).abs() < 1e-6 && (x[1] + 2.0 + 2.0 / 6.0).abs() < 1e-6);
    for _ in 0..2 {
        let before = x;
        let gradient = slope(&x);
        lbfgs.step(&mut x, 0.0, &gradient);
        assert!(
            (x[0] - 2.0 * before[0]).abs() < 1e-5,
            "{x:?} after {before:?}"
        );
        assert!(
            (x[1] - 2.0 * before[1]).abs() < 1e-5,
            "{x:?} after {before:?}"
        );
    }
}

/// The published recurrence of `torch.optim.LBFGS` in double precision, written out anew for
/// a quadratic with history 2: the reference for the plain mode.
#[test]
fn plain_mode_equals_the_published_recurrence() {
    let c = [1.0, 3.0, 10.0];
    let gradient_at = |x: &[f64]| -> Vec<f64> { (0..3).map(|i| c[i] * x[i]).collect() };
    let dot64 = |a: &[f64], b: &[f64]| -> f64 { a.iter().zip(b).map(|(a, b)| a * b).sum() };
    let mut exact = vec![4.0, -3.0, 2.0];
    let mut pairs: Vec<(Vec<f64>, Vec<f64>)> = Vec::new();
    let mut previous: Option<(Vec<f64>, Vec<f64>)> = None;
    let mut x = [4.0_f32, -3.0, 2.0];
    let mut lbfgs = Lbfgs::new(LbfgsMode::Plain, 2, 1.0, None);
    for _ in 0..8 {
        let g = gradient_at(&exact);
        if let Some((old_g, s)) = previous.take() {
            let y: Vec<f64> = g.iter().zip(&old_g).map(|(a, b)| a - b).collect();
            if dot64(&y, &s) > 1e-10 {
                pairs.push((s, y));
            }
            if pairs.len() > 2 {
                pairs.remove(0);
            }
        }
        let mut q: Vec<f64> = g.iter().map(|g| -g).collect();
        let mut alphas = Vec::new();
        for (s, y) in pairs.iter().rev() {
            let alpha = dot64(s, &q) / dot64(y, s);
            for i in 0..3 {
                q[i] -= alpha * y[i];
            }
            alphas.push(alpha);
        }
        if let Some((s, y)) = pairs.last() {
            let h = dot64(y, s) / dot64(y, y);
            for q in &mut q {
                *q *= h;
            }
        }
        for ((s, y), alpha) in pairs.iter().zip(alphas.iter().rev()) {
            let beta = dot64(y, &q) / dot64(y, s);
            for i in 0..3 {
                q[i] += s[i] * (alpha - beta);
            }
        }
        let norm: f64 = g.iter().map(|g| g.abs()).sum();
        let t = if pairs.is_empty() {
            (1.0 / norm).min(1.0)
        } else {
            1.0
        };
        let s: Vec<f64> = q.iter().map(|q| q * t).collect();
        for i in 0..3 {
            exact[i] += s[i];
        }
        previous = Some((g, s));

        let g32: Vec<f32> = (0..3).map(|i| c[i] as f32 * x[i]).collect();
        lbfgs.step(&mut x, 0.0, &g32);
        for i in 0..3 {
            let scale = exact[i].abs().max(1e-2);
            assert!(
                (f64::from(x[i]) - exact[i]).abs() < 1e-3 * scale,
                "{x:?} {exact:?}"
            );
        }
    }
}

#[test]
fn safeguarded_mode_walks_the_valley_and_its_best_never_rises() {
    let mut x = vec![-1.2_f32, 1.0, -0.5, 2.0, 0.3, -1.0];
    let mut lbfgs = Lbfgs::new(LbfgsMode::Safeguarded, 10, 1.0, None);
    let mut best = f64::INFINITY;
    for _ in 0..200 {
        let (loss, gradient) = rosenbrock(&x);
        lbfgs.step(&mut x, loss, &gradient);
        let (_, now) = lbfgs.best().unwrap();
        assert!(now <= best, "{now} after {best}");
        best = now;
    }
    assert!(best < 1e-4, "stopped at {best}");
}

#[test]
fn safeguarded_mode_comes_back_from_values_that_are_not_numbers() {
    let mut x = vec![3.0_f32, -2.0, 1.0];
    let mut lbfgs = Lbfgs::new(LbfgsMode::Safeguarded, 10, 1.0, None);
    // A bowl with a cliff: beyond radius 4 the loss is not a number.
    for _ in 0..60 {
        let square: f64 = x.iter().map(|&x| f64::from(x * x)).sum();
        let loss = if square > 16.0 { f64::NAN } else { square };
        let gradient: Vec<f32> = x.iter().map(|x| 2.0 * x).collect();
        lbfgs.step(&mut x, loss, &gradient);
    }
    let (_, loss) = lbfgs.best().unwrap();
    assert!(loss < 1e-6, "stopped at {loss}");
}

#[test]
fn a_changed_objective_starts_from_the_best_picture() {
    let mut x = vec![3.0_f32, -2.0];
    let mut lbfgs = Lbfgs::new(LbfgsMode::Safeguarded, 10, 1.0, None);
    for _ in 0..3 {
        let (loss, gradient) = rosenbrock(&x);
        lbfgs.step(&mut x, loss, &gradient);
    }
    let best = lbfgs.best().unwrap().0.to_vec();
    lbfgs.objective_changed(&mut x);
    assert_eq!(x, best);
    assert!(lbfgs.best().is_none());
}

const WALLS: ClampRange = [(-1.5, 0.25), (-4.0, 4.0), (-4.0, 4.0)];

/// A bowl around (3, 2, -1) whose axes lean toward each other: within the walls the first
/// variable ends at its bound, and the others at the minimum that is left to them.
fn leaning_bowl(x: &[f32]) -> (f64, Vec<f32>) {
    let d: Vec<f64> = (0..3)
        .map(|i| f64::from(x[i]) - [3.0, 2.0, -1.0][i])
        .collect();
    let rows = [[4.0, 1.5, 0.5], [1.5, 9.0, -2.0], [0.5, -2.0, 3.0]];
    let image = rows.map(|row| row.iter().zip(&d).map(|(a, d)| a * d).sum::<f64>());
    let value = 0.5 * image.iter().zip(&d).map(|(a, d)| a * d).sum::<f64>();
    (value, image.map(|g| g as f32).to_vec())
}

#[test]
fn bounds_hold_at_every_proposal_and_the_rest_finds_its_minimum() {
    // Begun beyond a wall, as a picture that was enlarged with overshoot.
    let mut x = vec![9.0_f32, 0.0, 0.0];
    let mut lbfgs = Lbfgs::new(LbfgsMode::Safeguarded, 10, 1.0, Some(WALLS));
    for _ in 0..60 {
        let (loss, gradient) = leaning_bowl(&x);
        lbfgs.step(&mut x, loss, &gradient);
        for (x, (low, high)) in x.iter().zip(WALLS) {
            assert!((low..=high).contains(x), "{x} beyond {low}..{high}");
        }
    }
    let best = lbfgs.best().unwrap().0;
    assert_eq!(best[0], 0.25);
    // [9, -2; -2, 3] d = -(1.5, 0.5) · (0.25 - 3), solved by hand.
    let (a, b) = (1.5 * 2.75, 0.5 * 2.75);
    let det = 9.0 * 3.0 - 4.0;
    let exact = [
        2.0 + (3.0 * a + 2.0 * b) / det,
        -1.0 + (2.0 * a + 9.0 * b) / det,
    ];
    for (x, exact) in best[1..].iter().zip(exact) {
        assert!((f64::from(*x) - exact).abs() < 1e-3, "{best:?} {exact:?}");
    }
}

/// The mean of squared differences to a smooth picture with another weight at every fourth pixel:
/// a loss that means the same at any size.
fn smooth_bowl(x: &[f32]) -> (f64, Vec<f32>) {
    let (n, plane) = (x.len() as f64, x.len() / 3);
    let terms = x.iter().enumerate().map(|(i, &x)| {
        let place = (i % plane) as f64 / plane as f64;
        let weight = 1.0 + 40.0 * (place * 3.0).fract();
        let d = f64::from(x) - 50.0 * (6.0 * place).sin();
        (weight * d * d / n, (2.0 * weight * d / n) as f32)
    });
    let (losses, gradient): (Vec<f64>, Vec<f32>) = terms.unzip();
    (losses.iter().sum(), gradient)
}

/// Every value twice.
fn doubled(data: &[f32], _rule: Resample) -> Vec<f32> {
    data.iter().flat_map(|&value| [value; 2]).collect()
}

#[test]
fn what_is_known_of_the_curvature_goes_along_to_another_size() {
    let best_after_change = |carried: bool| {
        let mut x = vec![0.0_f32; 3 * 64];
        let mut lbfgs = Lbfgs::new(LbfgsMode::Safeguarded, 20, 1.0, None);
        let run = |lbfgs: &mut Lbfgs, x: &mut Vec<f32>, steps| {
            for _ in 0..steps {
                let (loss, gradient) = smooth_bowl(x);
                lbfgs.step(x, loss, &gradient);
            }
            lbfgs.best().unwrap().1
        };
        run(&mut lbfgs, &mut x, 12);
        x = doubled(lbfgs.best().unwrap().0, Resample::Signed);
        if carried {
            lbfgs.size_changed(&mut x, &doubled);
        } else {
            lbfgs = Lbfgs::new(LbfgsMode::Safeguarded, 20, 1.0, None);
        }
        run(&mut lbfgs, &mut x, 6)
    };
    let (carried, forgotten) = (best_after_change(true), best_after_change(false));
    assert!(carried < 0.5 * forgotten, "{carried} against {forgotten}");
}

#[test]
fn a_gradient_of_exactly_zero_leaves_the_picture_as_it_is() {
    for mode in [LbfgsMode::Plain, LbfgsMode::Safeguarded] {
        for gradient in [0.0, 1e-44] {
            let mut lbfgs = Lbfgs::new(mode, 5, 1.0, None);
            let mut x = vec![3.0, 4.0];
            for _ in 0..4 {
                lbfgs.step(&mut x, 0.0, &[gradient, gradient]);
                assert!(
                    x.iter().all(|x| x.is_finite()),
                    "{mode:?} {gradient}: {x:?}"
                );
            }
            if gradient == 0.0 {
                assert_eq!(x, [3.0, 4.0], "{mode:?}");
            }
        }
    }
}
