//! The program as a user of a shell meets it: output, exit codes, files.

#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

#[expect(dead_code, reason = "shared with the tests of the other commands")]
mod support;

use std::path::Path;

use impasto::pixels::Picture;

use support::*;

#[test]
fn compare_finds_each_image_at_no_distance_from_itself_and_1_from_the_other() {
    let pictures = Pictures::new();
    let (content, style) = (pictures.content.as_str(), pictures.style.as_str());
    let verdicts = json(&[
        "compare",
        "--json",
        "--content",
        content,
        "--style",
        style,
        "--image",
        content,
        "--image",
        style,
    ]);
    let [of_content, of_style] = verdicts.as_slice() else {
        panic!("{verdicts:?}");
    };
    assert!(
        number(&of_content["content_score"]).abs() < 1e-3,
        "{of_content}"
    );
    assert!(
        (number(&of_content["style_score"]) - 1.0).abs() < 1e-6,
        "{of_content}"
    );
    assert_eq!(of_content["content_resized"], false);
    assert!(number(&of_style["style_score"]).abs() < 1e-6, "{of_style}");
    assert!(
        (number(&of_style["content_score"]) - 1.0).abs() < 1e-6,
        "{of_style}"
    );
    assert_eq!(of_style["content_resized"], true);
    assert_eq!(of_style["width"], 50);
    let (look, style_look) = (&of_content["look"], &of_style["look"]);
    assert!(
        number(&style_look["nearest_patches"]) < 1e-4,
        "{style_look}"
    );
    assert_eq!(number(&style_look["stamps"]), 0.0);
    assert!(number(&look["nearest_patches"]) > 0.2, "{look}");
    assert_eq!(look["nearest_patches"], look["nearest_patches_of_content"]);
    assert!(number(&look["strokes"]) > 0.8, "{look}");
    assert!(number(&style_look["strokes"]) < number(&look["strokes"]));
    let distance = &of_style["style"][0];
    assert_eq!(distance["measure"], "relu1_2");
    assert!(number(&distance["reference"]) > 0.0);
}

#[test]
fn random_filters_paint_the_content_in_the_colors_of_the_style() {
    let pictures = Pictures::new();
    let sample = |name: &str| format!("{}/assets/samples/{name}", env!("CARGO_MANIFEST_DIR"));
    let (content, style) = (sample("chelsea.png"), sample("starry_night.jpg"));
    let painted = pictures.path("painted.png");
    let inputs = ["--content", &content, "--style", &style];
    let settings = ["--weights-kind", "random", "--size", "128", "--steps", "60"];
    let output = impasto(&[&["render"], &inputs[..], &settings, &["-o", &painted]].concat());
    assert!(output.status.success(), "{}", text(&output.stderr));
    let images = ["--image", &painted, "--json"];
    let verdicts = json(&[&["compare"], &inputs[..], &images].concat());
    // 1 is the content image's own distance to the style, and another picture's to the content.
    let (kept, reached) = (&verdicts[0]["content_score"], &verdicts[0]["style_score"]);
    assert!(number(kept) < 0.75, "content {kept}");
    assert!(number(reached) < 0.75, "style {reached}");
}

#[test]
fn compare_prints_a_table_and_names_files_that_are_missing() {
    let pictures = Pictures::new();
    let (content, style) = (pictures.content.as_str(), pictures.style.as_str());
    let arguments = ["compare", "--content", content, "--style", style, "--image"];
    let output = impasto(&[&arguments[..], &[content]].concat());
    let table = text(&output.stdout);
    assert!(
        output.status.success() && table.lines().count() == 3,
        "{table}"
    );
    assert!(table.contains("self-similarity") && table.contains("content.png"));
    assert!(table.contains("stamps") && table.contains("strokes"));
    let complaint = refused(&[&arguments[..], &["nowhere.png"]].concat());
    assert!(complaint.contains("nowhere.png"), "{complaint}");
    let same = [
        "compare",
        "--content",
        content,
        "--style",
        content,
        "--image",
    ];
    let complaint = refused(&[&same[..], &[style]].concat());
    assert!(complaint.contains("differ"), "{complaint}");
}

#[test]
fn presets_are_listed_with_what_they_are() {
    let listed = impasto(&["presets"]);
    assert!(listed.status.success());
    let names = text(&listed.stdout);
    let presets = json(&["presets", "--json"]);
    assert!(presets.len() >= 10, "{names}");
    for preset in &presets {
        let name = preset["name"].as_str().unwrap();
        assert!(names.contains(name) && !preset["about"].as_str().unwrap().is_empty());
    }
    assert_eq!(presets[0]["name"], "impasto");
    let crowson = presets.iter().find(|preset| preset["name"] == "crowsonkb");
    assert_eq!(crowson.unwrap()["family"], "torchvision");
}

#[test]
fn render_takes_measures_by_name_and_lists_them_when_one_is_unknown() {
    let pictures = Pictures::new();
    let output = pictures.path("out.png");
    let arguments = [
        "render",
        "--content",
        &pictures.content,
        "--style",
        &pictures.style,
        "--output",
        &output,
        "--json",
        "--steps",
        "2",
    ];
    let choices = [
        "--style-measure",
        "mean-deviation=2",
        "--style-measure",
        "histogram",
        "--content-measure",
        "laplacian",
        "--gradient-balance",
        "frozen",
        "--edge-padding",
        "zero",
        "--schedule",
        "single-level",
        "--averaging",
        "0.5",
        "--style-layer",
        "relu2_1",
    ];
    let steps = json(&[&arguments[..], &choices].concat());
    assert_eq!(steps.len(), 2);
    assert_eq!(
        steps[0]["content"],
        serde_json::json!({}),
        "the Laplacian has no layer"
    );
    let layers: Vec<_> = steps[0]["style"].as_object().unwrap().keys().collect();
    assert_eq!(layers, ["relu2_1"]);
    let picture = Picture::open(Path::new(&output)).unwrap();
    assert_eq!((picture.planes.width, picture.planes.height), (64, 48));
    let complaint = refused(&[&arguments[..], &["--style-measure", "grams"]].concat());
    assert!(complaint.contains("sliced-wasserstein"), "{complaint}");
    let complaint = refused(&[&arguments[..], &["--averaging", "2"]].concat());
    assert!(complaint.contains("averaging"), "{complaint}");
}

#[test]
fn a_sheet_has_a_picture_for_every_pair_of_values() {
    let pictures = Pictures::new();
    let output = pictures.path("sheet.png");
    let arguments = [
        "sheet",
        "--content",
        &pictures.content,
        "--style",
        &pictures.style,
        "--output",
        &output,
        "--size",
        "48",
        "--steps",
        "2",
        "--columns",
    ];
    let axes = [
        "dial=20,80",
        "--rows",
        "style-measure=gram,mean-deviation+histogram=2",
    ];
    let sheet = impasto(&[&arguments[..], &axes].concat());
    assert!(sheet.status.success(), "{}", text(&sheet.stderr));
    assert!(text(&sheet.stdout).contains("4 pictures"));
    let planes = Picture::open(Path::new(&output)).unwrap().planes;
    assert!(planes.width > 2 * 48 && planes.height > 2 * 36);
    for (axis, said) in [
        ("dial=20,much", "dial"),
        ("pooling=median", "max, avg"),
        ("preset=impasto,nobody", "crowsonkb"),
        ("frames=1", "style-scale"),
    ] {
        let complaint = refused(&[&arguments[..], &[axis]].concat());
        assert!(complaint.contains(said), "{complaint}");
    }
}

#[test]
fn each_style_keeps_to_its_region() {
    let pictures = Pictures::new();
    let folder = pictures.folder.path();
    let file = |name, rgb: fn(f32, f32) -> [f32; 3]| {
        let path = picture(folder, name, (64, 48), rgb);
        path.to_str().unwrap().to_owned()
    };
    let red = file("red.png", |x, _| [0.6 + 0.4 * x, 0.0, 0.0]);
    let blue = file("blue.png", |x, _| [0.0, 0.0, 0.6 + 0.4 * x]);
    let left = file("left.png", |x, _| [f32::from(u8::from(x < 0.5)); 3]);
    let right = file("right.png", |x, _| [f32::from(u8::from(x >= 0.5)); 3]);
    let output = pictures.path("out.png");
    let arguments = [
        "render",
        "--content",
        &pictures.content,
        "--style",
        &red,
        "--style",
        &blue,
        "--output",
        &output,
        "--region",
        &left,
        "--region",
        &right,
    ];
    let few = [
        "--steps",
        "15",
        "--content-weight",
        "0",
        "--style-layer",
        "relu1_1",
    ];
    let run = impasto(&[&arguments[..], &few].concat());
    assert!(run.status.success(), "{}", text(&run.stderr));
    let planes = Picture::open(Path::new(&output)).unwrap().planes;
    let redness = |left: bool| -> f32 {
        let inside = (0..planes.pixels()).filter(|at| (at % planes.width < 32) == left);
        inside
            .map(|at| planes.plane(0)[at] - planes.plane(2)[at])
            .sum()
    };
    assert!(
        redness(true) > 0.0 && redness(false) < 0.0,
        "{} {}",
        redness(true),
        redness(false)
    );
    let complaint = refused(&[&arguments[..], &["--style-measure", "patches"]].concat());
    assert!(
        complaint.contains("regions work with neighbors, gram"),
        "{complaint}"
    );
    let complaint = refused(&[&arguments[..], &["--region", "all"]].concat());
    assert!(complaint.contains("2 style images"), "{complaint}");
}

#[test]
fn a_finished_picture_goes_on_at_a_larger_size() {
    let pictures = Pictures::new();
    let output = pictures.path("large.png");
    let arguments = [
        "render",
        "--content",
        &pictures.content,
        "--style",
        &pictures.style,
        "--output",
        &output,
        "--steps",
        "4",
        "--continue-from",
    ];
    let run = impasto(&[&arguments[..], &[&pictures.content, "--size", "128"]].concat());
    assert!(run.status.success(), "{}", text(&run.stderr));
    assert!(text(&run.stderr).contains("finer"), "{}", text(&run.stderr));
    let planes = Picture::open(Path::new(&output)).unwrap().planes;
    assert_eq!((planes.width, planes.height), (128, 96));
    let complaint = refused(&[&arguments[..], &[&pictures.content, "--size", "64"]].concat());
    assert!(complaint.contains("more than the 64"), "{complaint}");
    let complaint = refused(&[&arguments[..], &[&pictures.style, "--size", "128"]].concat());
    assert!(complaint.contains("same content image"), "{complaint}");
}

#[test]
fn every_preset_paints() {
    let pictures = Pictures::new();
    let output = pictures.path("presets.png");
    let presets = json(&["presets", "--json"]);
    let names: Vec<_> = presets.iter().map(|preset| &preset["name"]).collect();
    let names: Vec<_> = names.iter().map(|name| name.as_str().unwrap()).collect();
    let sheet = impasto(&[
        "sheet",
        "--content",
        &pictures.content,
        "--style",
        &pictures.style,
        "--output",
        &output,
        "--size",
        "48",
        "--steps",
        "2",
        "--columns",
        &format!("preset={}", names.join(",")),
    ]);
    assert!(sheet.status.success(), "{}", text(&sheet.stderr));
    assert!(text(&sheet.stdout).contains(&format!("{} pictures", names.len())));
}
