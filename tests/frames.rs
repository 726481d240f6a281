//! Models of frames with the real binary: several labels a sentence, from training to the comparison.

mod common;

use common::{Desk, articles_jsonl, repository};
use serde_json::{Value, json};

/// Sentences about three aspects, some about two; `as_list` writes labels as JSON lists, else as a cell with `|` between.
fn sentences(as_list: bool) -> Vec<Value> {
    let money = [
        "The budget grew by nine million",
        "Wages fell in the mills",
        "Prices of bread rose",
        "Taxes paid for the pier",
    ];
    let law = [
        "The court struck the order down",
        "A judge heard the appeal",
        "The statute bars such deals",
        "Her lawyers filed a suit",
    ];
    let health = [
        "Nurses treated the fever",
        "The clinic ran out of vaccine",
        "Doctors warned of the flu",
        "The water made people ill",
    ];
    let mut rows = Vec::new();
    for i in 0..96 {
        let (text, labels): (String, Vec<&str>) = match i % 4 {
            0 => (money[i / 4 % 4].to_string(), vec!["economic"]),
            1 => (law[i / 4 % 4].to_string(), vec!["law"]),
            2 => (health[i / 4 % 4].to_string(), vec!["health"]),
            _ => (
                format!(
                    "{}, and {}",
                    money[i / 4 % 4],
                    law[(i / 4 + 1) % 4].to_lowercase()
                ),
                vec!["law", "economic"],
            ),
        };
        let label = match as_list {
            true => json!(labels),
            false => json!(labels.join("|")),
        };
        rows.push(json!({"text": format!("{text} on day {i}."), "label": label, "article": format!("a{}", i / 3)}));
    }
    rows
}

fn lines(rows: &[Value]) -> String {
    rows.iter().map(|row| format!("{row}\n")).collect()
}

const TRAIN: [&str; 7] = [
    "train",
    "f.jsonl",
    "--task",
    "frames",
    "--vectors",
    "none",
    "-o",
];

fn trained() -> Desk {
    let desk = Desk::new();
    desk.file("f.jsonl", lines(&sentences(true)));
    let about = ["f.safetensors", "--about", "Trained on a test's sentences."];
    desk.succeeds(&[&TRAIN[..], &about].concat());
    desk
}

#[test]
fn frames_are_learnt_tested_and_shown() {
    let desk = trained();
    let evaluation = desk.json(&[
        "evaluate",
        "f.jsonl",
        "--model",
        "f.safetensors",
        "--format",
        "json",
    ]);
    assert_eq!(evaluation["n"], 96);
    assert_eq!(evaluation["n_seen_in_training"], 96);
    assert_eq!(evaluation["about"], "Trained on a test's sentences.");
    let macro_f1 = &evaluation["macro_f1"];
    assert!(
        macro_f1["value"].as_f64().expect("a figure") > 0.9,
        "{macro_f1}"
    );
    assert!(macro_f1["low"].as_f64() <= macro_f1["value"].as_f64());
    assert!(
        evaluation["all_frames_macro_f1"]
            .as_f64()
            .expect("a figure")
            < 0.7
    );
    let held_out = desk.json(&[
        "evaluate",
        "f.jsonl",
        "--task",
        "frames",
        "--folds",
        "4",
        "--vectors",
        "none",
        "--format",
        "json",
    ]);
    assert!(
        held_out["macro_f1"]["value"].as_f64().expect("a figure") > 0.8,
        "{held_out}"
    );
    let text = desk
        .succeeds(&["inspect", "f.safetensors", "--top", "3"])
        .text();
    assert!(
        text.contains("Model of frames") && text.contains("Trained on a test's sentences."),
        "{text}"
    );
}

#[test]
fn tables_write_several_labels_into_one_cell() {
    let desk = trained();
    let mut csv = String::from("Sentence,Codes,article\n");
    for row in sentences(false) {
        csv += &format!(
            "\"{}\",{},{}\n",
            row["text"].as_str().expect("a text"),
            row["label"].as_str().expect("labels").replace('|', "; "),
            row["article"].as_str().expect("an id")
        );
    }
    desk.file("f.csv", csv);
    desk.succeeds(&[
        "train",
        "f.csv",
        "--task",
        "frames",
        "--vectors",
        "none",
        "--text-column",
        "Sentence",
        "--label-column",
        "Codes",
        "-o",
        "table.safetensors",
        "--about",
        "Trained on a test's sentences.",
    ]);
    let digest = |name: &str| {
        desk.json(&["inspect", name, "--format", "json"])["record"]["data_digest"].clone()
    };
    assert_eq!(digest("f.safetensors"), digest("table.safetensors"));
}

#[test]
fn scores_and_comparisons_have_frames() {
    let desk = trained();
    desk.file("news.jsonl", articles_jsonl(30));
    let frames = "--frames=f.safetensors";
    let score = [
        "score",
        "news.jsonl",
        "--subject",
        "Mara Voss",
        frames,
        "-o",
        "s.jsonl",
    ];
    let outcome = desk.succeeds(&score);
    assert!(
        outcome.stderr.contains("Trained on a test's sentences."),
        "{}",
        outcome.stderr
    );
    let made_before = desk.json(&["compare", "s.jsonl", "--format", "json"]);
    let made_now = desk.json(&[
        "compare",
        "news.jsonl",
        "--subject",
        "Mara Voss",
        frames,
        "--format",
        "json",
    ]);
    assert_eq!(made_before["frames"], made_now["frames"]);
    let all = made_before["frames"]["all"].as_array().expect("frames");
    assert_eq!(all.len(), 3);
    for frame in all {
        let share = &frame["share_of_articles"];
        assert!(share["low"].as_f64() <= share["value"].as_f64(), "{frame}");
        assert!(
            frame["share_of_sentences"]["value"]
                .as_f64()
                .expect("a share")
                <= 1.0
        );
    }
    let text = desk.succeeds(&["compare", "s.jsonl"]).text();
    for part in [
        "Frames: share of sentences",
        "Trained on a test's sentences.",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let csv = desk
        .succeeds(&["compare", "s.jsonl", "--format", "csv"])
        .text();
    assert!(
        csv.lines()
            .next()
            .expect("a header")
            .contains("frame_economic,frame_articles_economic"),
        "{csv}"
    );
    desk.misused(
        &["compare", "s.jsonl", "--frames"],
        &["--frames reads sentences anew"],
    );
    // The built-in one, and none.
    desk.succeeds(&[
        "score",
        "news.jsonl",
        "--subject",
        "Mara Voss",
        "--frames",
        "-o",
        "b.jsonl",
    ]);
    let plain = desk.json(&[
        "compare",
        "news.jsonl",
        "--subject",
        "Mara Voss",
        "--format",
        "json",
    ]);
    assert!(plain["frames"].is_null());
    desk.refuses(
        &["compare", "s.jsonl", "b.jsonl"],
        &["different models of frames"],
    );
}

#[test]
fn threads_change_no_byte() {
    let desk = trained();
    desk.succeeds(
        &[
            &TRAIN[..],
            &[
                "one.safetensors",
                "--threads",
                "1",
                "--about",
                "Trained on a test's sentences.",
            ],
        ]
        .concat(),
    );
    assert_eq!(desk.bytes("f.safetensors"), desk.bytes("one.safetensors"));
}

#[test]
fn the_shipped_model_is_tested_on_sentences_it_has_not_seen() {
    let desk = Desk::new();
    let evaluation = desk.json(&[
        "evaluate",
        &repository("training-data/frames-test.jsonl"),
        "--model",
        &repository("models/frames-en.safetensors"),
        "--format",
        "json",
    ]);
    assert_eq!(evaluation["n_seen_in_training"], 0);
    assert!(
        evaluation["macro_f1"]["value"].as_f64().expect("a figure") > 0.5,
        "{evaluation}"
    );
    assert!(
        evaluation["about"]
            .as_str()
            .expect("a word")
            .contains("worked example")
    );
}

#[test]
fn what_frames_cannot_be_is_said() {
    let desk = trained();
    let rows = sentences(true);
    // A label in one article only.
    let mut rare = rows.clone();
    rare[0]["label"] = json!(["sport"]);
    desk.file("rare.jsonl", lines(&rare));
    let train = |file: &'static str| {
        [
            "train",
            file,
            "--task",
            "frames",
            "--vectors",
            "none",
            "-o",
            "x.safetensors",
        ]
    };
    desk.refuses(
        &train("rare.jsonl"),
        &[
            "the frame \"sport\" stands in 1 of 96 sentences",
            "join it with another frame",
        ],
    );
    // One label only.
    let one: Vec<Value> = rows
        .iter()
        .map(|row| json!({"text": row["text"], "label": ["law"], "article": row["article"]}))
        .collect();
    desk.file("one.jsonl", lines(&one));
    desk.refuses(&train("one.jsonl"), &["one frame only, \"law\""]);
    // A label the model lacks.
    desk.refuses(
        &["evaluate", "rare.jsonl", "--model", "f.safetensors"],
        &[
            "rare.jsonl:1",
            "\"sport\" is none of the frames: economic, health, law",
        ],
    );
    // Told to go on, it leaves out and lists every such row.
    let mut two = rare.clone();
    two[1]["label"] = json!(["war"]);
    desk.file("two.jsonl", lines(&two));
    let outcome = desk.succeeds(&[
        "evaluate",
        "two.jsonl",
        "--model",
        "f.safetensors",
        "--keep-going",
    ]);
    for part in [
        "two.jsonl:1",
        "\"sport\"",
        "two.jsonl:2",
        "\"war\"",
        "2 more records",
    ] {
        assert!(outcome.stderr.contains(part), "{part}\n{}", outcome.stderr);
    }
    // Lists where one label is wanted.
    desk.refuses(
        &[
            "train",
            "f.jsonl",
            "-o",
            "x.safetensors",
            "--vectors",
            "none",
        ],
        &["f.jsonl:4", "a list of 2 labels", "--task frames"],
    );
    desk.file(
        "spans.jsonl",
        "{\"text\": \"Voss lied.\", \"label\": [[0, 4, \"PER\"]]}\n",
    );
    desk.refuses(&train("spans.jsonl"), &["spans.jsonl:1", "doccano"]);
    // Models of the other kind.
    desk.file("a.jsonl", articles_jsonl(3));
    desk.refuses(
        &[
            "score",
            "a.jsonl",
            "--subject",
            "Mara Voss",
            "--model",
            "f.safetensors",
        ],
        &["f.safetensors", "a model of frames"],
    );
    common::train_small(&desk, "m.safetensors");
    desk.refuses(
        &[
            "score",
            "a.jsonl",
            "--subject",
            "Mara Voss",
            "--frames=m.safetensors",
        ],
        &["m.safetensors", "not a Standpoint model of frames"],
    );
    desk.misused(
        &[
            "train",
            "f.jsonl",
            "--task",
            "frames",
            "--polarity",
            "law=1",
            "-o",
            "x.safetensors",
        ],
        &["--polarity does not go with --task frames"],
    );
    assert!(!desk.path("x.safetensors").exists());
}

/// A table with single labels under other headers: plain classes with column flags alone.
#[test]
fn nine_plain_labels_train_test_and_score_by_column_flags() {
    let desk = Desk::new();
    let topics = [
        "harbor", "school", "clinic", "budget", "festival", "bridge", "forest", "market", "railway",
    ];
    let mut csv = String::from("Example,Category\n");
    for i in 0..90 {
        let topic = topics[i % 9];
        csv += &format!(
            "\"The {topic} kept the town busy on day {i}, said Voss.\",{}\n",
            topic.to_uppercase()
        );
    }
    desk.file("topics.csv", csv);
    let columns = ["--text-column", "Example", "--label-column", "Category"];
    desk.succeeds(
        &[
            &[
                "train",
                "topics.csv",
                "--vectors",
                "none",
                "-o",
                "t.safetensors",
            ][..],
            &columns,
        ]
        .concat(),
    );
    let evaluation = desk.json(
        &[
            &[
                "evaluate",
                "topics.csv",
                "--model",
                "t.safetensors",
                "--format",
                "json",
            ][..],
            &columns,
        ]
        .concat(),
    );
    assert_eq!(evaluation["classes"].as_array().map(Vec::len), Some(9));
    assert!(evaluation["accuracy"]["value"].as_f64().expect("a figure") > 0.9);
    desk.file("a.jsonl", articles_jsonl(3));
    desk.succeeds(&[
        "score",
        "a.jsonl",
        "--subject",
        "Mara Voss",
        "--model",
        "t.safetensors",
    ]);
}
