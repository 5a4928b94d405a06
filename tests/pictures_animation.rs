//! Moving pictures: every format, whole or not at all.

#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

use std::{fs, path::Path, process::Command};

use image::{AnimationDecoder as _, ImageDecoder as _, codecs::gif::GifDecoder};
use impasto::pixels::{
    AnimationFormat, AnimationOptions, AnimationWriter, Picture, Planes, ffmpeg,
};

/// A gray picture; `size` grows as levels do.
fn picture(size: (usize, usize), gray: f32) -> Picture {
    Picture {
        planes: Planes::filled(size.0, size.1, [gray, 0.5, 0.2]),
        alpha: None,
        name: "frame".to_owned(),
        path: None,
        sha256: String::new(),
        notes: Vec::new(),
    }
}

const SIZES: [(usize, usize); 5] = [(16, 12), (16, 12), (23, 17), (32, 24), (33, 25)];

fn options(format: AnimationFormat) -> AnimationOptions {
    AnimationOptions::new(format, (33, 25), 1000, SIZES.len(), 0.5)
}

fn write(path: &Path, format: AnimationFormat) {
    let mut writer = AnimationWriter::create(path, options(format)).unwrap();
    for (n, size) in SIZES.into_iter().enumerate() {
        writer.add(&picture(size, n as f32 / 5.0)).unwrap();
    }
    writer.finish().unwrap();
}

fn names_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.collect();
    names.sort();
    names
}

#[test]
fn gif_has_all_frames_of_one_size_and_the_last_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.gif");
    write(&path, AnimationFormat::Gif);
    let file = std::io::BufReader::new(fs::File::open(&path).unwrap());
    let decoder = GifDecoder::new(file).unwrap();
    assert_eq!(decoder.dimensions(), (33, 25));
    let frames = decoder.into_frames().collect_frames().unwrap();
    let millis = |at: usize| {
        let (numerator, denominator) = frames[at].delay().numer_denom_ms();
        numerator / denominator
    };
    assert_eq!(frames.len(), 5);
    assert_eq!((millis(0), millis(4)), (100, 1500));
    let red = |at: usize| frames[at].buffer().get_pixel(5, 5)[0];
    assert!(
        red(4).abs_diff(204) < 6 && red(0) < 6,
        "{} {}",
        red(0),
        red(4)
    );
    assert_eq!(names_in(folder.path()), ["a.gif"]);
}

#[test]
fn apng_holds_every_frame_without_loss() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.png");
    write(&path, AnimationFormat::Apng);
    let file = std::io::BufReader::new(fs::File::open(&path).unwrap());
    let mut reader = png::Decoder::new(file).read_info().unwrap();
    assert_eq!(reader.info().animation_control.unwrap().num_frames, 5);
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let mut reds = Vec::new();
    for _ in 0..5 {
        reader.next_frame(&mut pixels).unwrap();
        reds.push(pixels[3 * (10 * 33 + 10)]);
    }
    assert_eq!(reds, [0, 51, 102, 153, 204]);
    assert_eq!(reader.info().frame_control.unwrap().delay_num, 1500);
}

#[test]
fn a_sequence_is_a_folder_of_numbered_files() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("frames");
    fs::create_dir(&path).unwrap();
    write(&path, AnimationFormat::Sequence);
    let names = names_in(&path);
    assert_eq!((names[0].as_str(), names.len()), ("frame-00001.png", 5));
    let last = Picture::open(&path.join("frame-00005.png")).unwrap();
    assert_eq!((last.planes.width, last.planes.height), (33, 25));
    let refused = AnimationWriter::create(&path, options(AnimationFormat::Sequence));
    let error = refused.err().unwrap().to_string();
    assert!(error.contains("empty one"), "{error}");
    assert_eq!(names_in(folder.path()), ["frames"]);
}

#[test]
fn mp4_is_made_by_ffmpeg_or_its_absence_is_explained() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.mp4");
    let Some(program) = ffmpeg() else {
        let refused = AnimationWriter::create(&path, options(AnimationFormat::Mp4));
        let error = refused.err().unwrap().to_string();
        assert!(error.contains("ffmpeg") && error.contains("GIF"), "{error}");
        return;
    };
    write(&path, AnimationFormat::Mp4);
    let decoded = Command::new(program)
        .args(["-loglevel", "error", "-i"])
        .arg(&path)
        .args(["-f", "rawvideo", "-pix_fmt", "rgb24", "-"])
        .output()
        .unwrap();
    assert!(decoded.status.success());
    let frame = 3 * 34 * 26;
    assert_eq!(decoded.stdout.len() % frame, 0, "sides are made even");
    let last = decoded.stdout.len() / frame - 1;
    assert!(last >= 5, "the last frame stays");
    let red = decoded.stdout[last * frame + 3 * (10 * 34 + 10)];
    assert!(red.abs_diff(204) < 8, "{red}");
}

#[test]
fn what_is_not_finished_leaves_nothing_behind() {
    for format in AnimationFormat::ALL {
        if format == AnimationFormat::Mp4 && ffmpeg().is_none() {
            continue;
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(format!("a.{}", format.extension()));
        let mut writer = AnimationWriter::create(&path, options(format)).unwrap();
        writer.add(&picture(SIZES[0], 0.5)).unwrap();
        // ffmpeg makes its file when it likes.
        if format != AnimationFormat::Mp4 {
            assert_eq!(names_in(folder.path()).len(), 1);
        }
        drop(writer);
        assert!(names_in(folder.path()).is_empty(), "{format:?}");
    }
}

#[test]
fn transparent_parts_lie_on_white_and_large_pictures_are_reduced() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("frames");
    let options = AnimationOptions::new(AnimationFormat::Sequence, (40, 20), 20, 1, 1.0);
    assert_eq!(options.size_px, (20, 10));
    let mut writer = AnimationWriter::create(&path, options).unwrap();
    let clear = Picture {
        alpha: Some(vec![0.0; 800]),
        ..picture((40, 20), 0.0)
    };
    writer.add(&clear).unwrap();
    writer.finish().unwrap();
    let back = Picture::open(&path.join("frame-00001.png")).unwrap();
    assert!(back.planes.data.iter().all(|&value| value == 1.0));
}

#[test]
fn formats_are_told_by_the_name() {
    for (name, format) in [
        ("a.GIF", AnimationFormat::Gif),
        ("a.apng", AnimationFormat::Apng),
        ("a.mp4", AnimationFormat::Mp4),
        ("frames", AnimationFormat::Sequence),
    ] {
        assert_eq!(AnimationFormat::from_path(Path::new(name)).unwrap(), format);
    }
    let error = AnimationFormat::from_path(Path::new("a.avi")).unwrap_err();
    assert!(error.to_string().contains(".mp4"), "{error}");
}
