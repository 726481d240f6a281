//! Learning curves with the real binary.

mod common;

use common::{Desk, Labelled, labelled_jsonl, sentences};
use serde_json::Value;

/// `60 * times` sentences in as many articles each; every seventh label is wrong.
fn noisy(times: usize) -> Vec<Labelled> {
    const LABELS: [&str; 3] = ["against", "favor", "neutral"];
    let rows = (0..times).flat_map(|time| {
        sentences()
            .into_iter()
            .enumerate()
            .map(move |(i, (text, label, article))| {
                let place = LABELS
                    .iter()
                    .position(|name| *name == label)
                    .expect("a label");
                let label = match (time * 60 + i) % 7 {
                    3 => LABELS[(place + 1) % 3],
                    _ => label,
                };
                (
                    format!("{text} Day {time} of {}.", (i * 13 + time) % 31),
                    label,
                    format!("{article}-{time}"),
                )
            })
    });
    rows.collect()
}

const CURVE: [&str; 5] = ["learn-curve", "rows.jsonl", "--vectors", "none", "--format"];

fn desk(times: usize) -> Desk {
    let desk = Desk::new();
    desk.file("rows.jsonl", labelled_jsonl(&noisy(times)));
    desk
}

fn with<'a>(format: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&CURVE[..], &[format], more].concat()
}

#[test]
fn a_curve_has_sizes_a_spread_a_baseline_and_a_sentence() {
    let desk = desk(10);
    let outcome = desk.succeeds(&with("json", &[]));
    assert_eq!(outcome.stderr, "", "silent in a pipe");
    let curve = outcome.json();
    assert_eq!((&curve["n"], &curve["folds"]), (&600.into(), &5.into()));
    assert_eq!(curve["input"]["n_bad"], 0);
    let sizes = curve["sizes"].as_array().expect("sizes");
    assert_eq!(sizes.len(), 6);
    let number = |size: &Value, name: &str| size[name].as_f64().expect("a number");
    for pair in sizes.windows(2) {
        assert!(number(&pair[0], "n") < number(&pair[1], "n"));
        assert!(number(&pair[0], "draws") >= number(&pair[1], "draws"));
    }
    for size in sizes {
        let by_fold: Vec<f64> = (size["by_fold"].as_array().expect("folds").iter())
            .map(|value| value.as_f64().expect("a number"))
            .collect();
        let mean = by_fold.iter().sum::<f64>() / 5.0;
        assert!((mean - number(size, "macro_f1")).abs() < 2e-6);
        let squares: f64 = by_fold.iter().map(|value| (value - mean).powi(2)).sum();
        assert!(((squares / 4.0).sqrt() - number(size, "spread")).abs() < 2e-6);
        assert!(number(&size["majority"], "macro_f1") < 0.25);
    }
    assert_eq!(number(&sizes[5], "n"), 480.0);
    assert!(!curve["summary"].as_str().expect("a sentence").is_empty());
    let text = desk.succeeds(&with("text", &[])).text();
    for part in [
        "600 labelled sentences",
        "spread",
        "majority: macro-F1",
        "Bengio & Grandvalet",
        "no standard error",
    ] {
        assert!(text.contains(part), "no \"{part}\" in\n{text}");
    }
    assert!(!text.contains("confidence"), "{text}");
}

#[test]
fn nothing_is_forecast_beyond_twice_the_labels() {
    let desk = desk(10);
    let curve = desk.json(&with("json", &[]));
    for at in curve["forecast"].as_array().expect("a list") {
        assert!(at["n"].as_u64().expect("a number") <= 1200);
    }
    if curve["verdict"] == "irregular" {
        assert_eq!(curve["forecast"], Value::Array(Vec::new()));
    }
}

#[test]
fn the_same_bytes_whatever_the_threads_and_others_with_another_seed() {
    let desk = desk(6);
    let bytes = |more: &[&str]| desk.succeeds(&with("csv", more)).stdout;
    let one = bytes(&["--threads", "1"]);
    assert_eq!(one, bytes(&["--threads", "2"]));
    assert_ne!(one, bytes(&["--seed", "2"]));
    desk.succeeds(&[
        "learn-curve",
        "rows.jsonl",
        "--vectors",
        "none",
        "-o",
        "curve.csv",
    ]);
    assert_eq!(one, desk.bytes("curve.csv"), "the name says the format");
    let text = String::from_utf8(one).expect("UTF-8");
    let mut lines = text.lines();
    let header = lines.next().expect("a header");
    assert!(header.starts_with("kind,n,n_articles,draws,macro_f1,spread,"));
    assert!(lines.all(|line| line.split(',').count() == 12));
    let sizes = text
        .lines()
        .filter(|line| line.starts_with("measured,"))
        .count();
    assert_eq!(sizes, 6);
}

#[test]
fn too_little_is_refused_with_what_it_takes() {
    let desk = desk(4);
    desk.refuses(
        &with("text", &[]),
        &["240 labelled sentences are too few", "it takes 250"],
    );
    desk.file("rows.jsonl", labelled_jsonl(&noisy(10)));
    desk.refuses(
        &with("text", &["--sizes", "9"]),
        &["of 9 sizes", "it takes 1000"],
    );
    desk.misused(&with("text", &["--sizes", "4"]), &[]);
    desk.misused(
        &with("text", &["-o", "rows.jsonl"]),
        &["both input and output"],
    );
    desk.refuses(&with("text", &["-o", "none/c.csv"]), &["does not exist"]);
    let mut few: Vec<Labelled> = noisy(10);
    for (i, row) in few.iter_mut().enumerate() {
        row.2 = format!("a{}", i % 12);
    }
    desk.file("rows.jsonl", labelled_jsonl(&few));
    desk.refuses(
        &with("text", &[]),
        &["come from 12 articles", "takes 10 articles"],
    );
    for row in &mut few {
        row.2 = "a".to_string();
    }
    desk.file("rows.jsonl", labelled_jsonl(&few));
    desk.refuses(&with("text", &[]), &["the articles (column article) are 1"]);
    for row in &mut few {
        row.1 = "favor";
    }
    desk.file("rows.jsonl", labelled_jsonl(&few));
    desk.refuses(&with("text", &[]), &["every row has the label \"favor\""]);
    desk.file(
        "rows.jsonl",
        "{\"text\": \"A b.\", \"label\": [\"x\", \"y\"]}\n",
    );
    desk.refuses(&with("text", &[]), &["rows.jsonl:1", "a list of 2 labels"]);
}
