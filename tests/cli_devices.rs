//! Commands about devices, as a user of a shell meets them.

#![expect(clippy::unwrap_used, reason = "a helper that fails fails its test")]

use std::process::{Command, Output};

use serde_json::Value;

fn impasto(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_impasto"))
        .args(arguments)
        .output()
        .unwrap()
}

fn json(output: &Output) -> Vec<Value> {
    let lines = String::from_utf8(output.stdout.clone()).unwrap();
    let values = lines
        .lines()
        .map(|line| serde_json::from_str(line).unwrap());
    values.collect()
}

#[test]
fn the_processor_is_always_there_and_other_devices_say_why_not() {
    let list = json(&impasto(&["devices", "--json"]));
    assert_eq!(list[0]["device"], "cpu");
    assert_eq!(list[0]["usable"], true);
    assert!(list[0]["total_bytes"].as_u64().unwrap() > list[0]["free_bytes"].as_u64().unwrap());
    for kind in ["cuda", "metal"] {
        let named = |device: &&Value| device["device"].as_str().unwrap().starts_with(kind);
        let device = list.iter().find(named).unwrap();
        let usable = device["usable"].as_bool().unwrap();
        assert_eq!(usable, device["why_not"].is_null(), "{device}");
    }
    let text = impasto(&["devices"]).stdout;
    let text = String::from_utf8(text).unwrap();
    assert_eq!(text.lines().count(), list.len(), "{text}");
    assert!(text.starts_with("cpu "), "{text}");
}

#[test]
fn the_self_test_passes_on_the_processor_and_times_steps() {
    let output = impasto(&["selftest", "--device", "cpu", "--sizes", "64", "--json"]);
    assert!(output.status.success(), "{output:?}");
    let lines = json(&output);
    let (last, lines) = lines.split_last().unwrap();
    assert_eq!(last["passed"], true);
    assert_eq!(last["device"], "cpu");
    let checks = lines.iter().filter(|line| line["check"].is_string());
    assert_eq!(checks.count() as u64, last["checks"].as_u64().unwrap());
    let timed = lines.iter().find(|line| line["size"] == 64).unwrap();
    assert!(timed["secs_per_step"].as_f64().unwrap() > 0.0);
}

#[test]
fn a_device_that_is_not_there_is_refused_and_nothing_is_painted() {
    let folder = tempfile::tempdir().unwrap();
    let output = folder.path().join("out.png");
    let sample = |name: &str| format!("{}/assets/samples/{name}", env!("CARGO_MANIFEST_DIR"));
    let refused = impasto(&[
        "render",
        "--content",
        &sample("chelsea.png"),
        "--style",
        &sample("starry_night.jpg"),
        "--size",
        "64",
        "--device",
        "cuda:99",
        "--output",
        output.to_str().unwrap(),
    ]);
    let words = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(1), "{words}");
    assert!(
        words.starts_with("impasto: cuda:99 cannot be used: "),
        "{words}"
    );
    assert!(!output.exists());
    for command in ["bench", "selftest"] {
        let refused = impasto(&[command, "--device", "cuda:99"]);
        assert_eq!(refused.status.code(), Some(1));
    }
    let unknown = impasto(&["bench", "--device", "gpu"]);
    assert_eq!(unknown.status.code(), Some(2));
}
