//! Runs as neural-style-pt does them.

use super::*;

/// The first evaluation of neural-style-pt on larger pictures that do not belong to this
/// repository, and how soon the safeguarded L-BFGS is where that program is after 60.
#[test]
fn runs_agree_with_neural_style_pt() {
    let folder = Path::new("../shared/data/reference");
    if !folder.exists() {
        println!("skipped: {} is not here", folder.display());
        return;
    }
    let text = std::fs::read_to_string(folder.join("run_neural_style_pt.json")).unwrap();
    let reference: serde_json::Value = serde_json::from_str(&text).unwrap();
    let reference = reference["losses"].as_array().unwrap();
    let total = |evaluation: usize| reference[evaluation - 1]["total"].as_f64().unwrap();
    let open = |name: &str| Arc::new(Picture::open(&folder.join(name)).unwrap());
    let reference_job = |optimizer, steps| {
        let mut settings = preset("neural-style-pt").unwrap().settings;
        settings.initial_image = InitialImage::Content;
        settings.tv_weight = 0.0;
        settings.optimizer = optimizer;
        settings.steps = steps;
        Job {
            content: open("run_content_192x128.png"),
            styles: vec![StyleImage::new(open("run_style_192x160.png"), 1.0)],
            ..job(settings)
        }
    };
    let (plain, _) = run(reference_job(OptimizerKind::LbfgsPlain, 2));
    for (layer, value) in &plain[0].style {
        let expected = reference[0][format!("style_{layer}")].as_f64().unwrap();
        assert!(
            (value / expected - 1.0).abs() < 1e-3,
            "{layer}: {value} {expected}"
        );
    }
    assert!((plain[1].total / total(2) - 1.0).abs() < 0.01);
    let (safe, _) = run(reference_job(OptimizerKind::Lbfgs, 45));
    let best = totals(&safe).into_iter().fold(f64::INFINITY, f64::min);
    assert!(
        best <= total(60),
        "{best} after 45 evaluations, {} after 60 there",
        total(60)
    );
}

/// The first evaluations of a run of neural-style-pt on reference data that does not belong to
/// this repository. Its first pair has negative curvature and is refused; then comes a step of the
/// whole gradient, and the loss jumps.
#[test]
fn the_plain_mode_follows_neural_style_pt() {
    let folder = Path::new("../shared/data/reference");
    if !folder.exists() {
        println!("skipped: {} is not here", folder.display());
        return;
    }
    let open = |name: &str| Arc::new(Picture::open(&folder.join(name)).unwrap());
    let figures = std::fs::read_to_string(folder.join("run_neural_style_pt.json")).unwrap();
    let figures: serde_json::Value = serde_json::from_str(&figures).unwrap();
    let settings = TransferSettings {
        initial_image: InitialImage::Content,
        tv_weight: 0.0,
        steps: 5,
        ..preset("neural-style-pt").unwrap().settings
    };
    let (reports, _) = run(Job {
        content: open("run_content_192x128.png"),
        styles: vec![StyleImage::new(open("run_style_192x160.png"), 1.0)],
        ..job(settings)
    });
    for (report, figure) in reports.iter().zip(figures["losses"].as_array().unwrap()) {
        let expected = figure["total"].as_f64().unwrap();
        let off = (report.total / expected - 1.0).abs();
        assert!(off < 1e-3, "evaluation {}: off by {off}", report.step);
    }
}
