//! Sentences picked for training, from articles to a new model, with the real binary.

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{Desk, articles_jsonl, characters, labelled_jsonl, sentences, train_small};
use serde_json::{Value, json};

const SUBJECT: &str = "Mara Voss";

/// A desk with articles and a small model that knows the first half of their sentences.
fn desk() -> Desk {
    let desk = Desk::new();
    desk.file("news.jsonl", articles_jsonl(60));
    desk.file("half.jsonl", labelled_jsonl(&sentences()[..30]));
    desk.succeeds(&["train", "half.jsonl", "-o", "m", "--vectors", "none", "-q"]);
    desk
}

const SUGGEST: [&str; 8] = [
    "suggest",
    "news.jsonl",
    "--subject",
    SUBJECT,
    "--model",
    "m",
    "-n",
    "12",
];

fn suggest<'a>(more: &[&'a str]) -> Vec<&'a str> {
    [&SUGGEST[..], more].concat()
}

fn lines(desk: &Desk, name: &str) -> Vec<Value> {
    let text = String::from_utf8(desk.bytes(name)).expect("UTF-8");
    text.lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect()
}

fn cells(desk: &Desk, name: &str) -> Vec<BTreeMap<String, String>> {
    let text = String::from_utf8(desk.bytes(name)).expect("UTF-8");
    let text = text.strip_prefix('\u{feff}').expect("a byte order mark");
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    reader
        .deserialize()
        .map(|row| row.expect("a row"))
        .collect()
}

#[test]
fn picks_are_new_spread_and_in_place() {
    let desk = desk();
    let outcome = desk.succeeds(&suggest(&["-o", "to-label.jsonl"]));
    for part in [
        "training only",
        "not a random sample",
        "validate draw",
        "labels: ",
    ] {
        assert!(
            outcome.stderr.contains(part),
            "no \"{part}\" in {}",
            outcome.stderr
        );
    }
    let rows = lines(&desk, "to-label.jsonl");
    assert!(!rows.is_empty() && rows.len() <= 12);
    let known: BTreeSet<String> = sentences()[..30].iter().map(|row| row.0.clone()).collect();
    let mut of_article: BTreeMap<String, usize> = BTreeMap::new();
    let mut outlets = BTreeSet::new();
    for row in &rows {
        let text = row["text"].as_str().expect("a text");
        assert!(!known.contains(text), "trained on: {text}");
        let mention = characters(text, &json!([row["from"], row["to"]]));
        assert!(SUBJECT.ends_with(&mention), "{mention}");
        assert_eq!(
            (&row["label"], &row["subject"]),
            (&"".into(), &SUBJECT.into())
        );
        assert_eq!(row["picked_by"], "uncertainty and diversity");
        *of_article.entry(row["article"].to_string()).or_default() += 1;
        outlets.insert(row["outlet"].to_string());
    }
    assert!(of_article.values().all(|&n| n <= 2), "{of_article:?}");
    assert_eq!(outlets.len(), 3);

    // From scores the same; a second round leaves the first one out.
    desk.succeeds(&[
        "score",
        "news.jsonl",
        "--subject",
        SUBJECT,
        "--model",
        "m",
        "-o",
        "s.jsonl",
        "-q",
    ]);
    desk.succeeds(&[
        "suggest",
        "s.jsonl",
        "--model",
        "m",
        "-n",
        "12",
        "-o",
        "scores.jsonl",
        "-q",
    ]);
    assert_eq!(desk.bytes("scores.jsonl"), desk.bytes("to-label.jsonl"));
    let three = [&SUGGEST[..7], &["3", "-o", "first.csv"]].concat();
    desk.succeeds(&three);
    let first: BTreeSet<String> = cells(&desk, "first.csv")
        .iter()
        .map(|row| row["text"].clone())
        .collect();
    assert_eq!(first.len(), 3);
    desk.succeeds(&suggest(&["-o", "second.jsonl", "--labelled", "first.csv"]));
    let second = lines(&desk, "second.jsonl");
    assert!(
        second
            .iter()
            .all(|row| !first.contains(row["text"].as_str().expect("a text")))
    );
}

#[test]
fn a_table_goes_back_into_training_as_far_as_it_is_labelled() {
    let desk = desk();
    desk.succeeds(&suggest(&["-o", "to-label.csv"]));
    let mut rows = cells(&desk, "to-label.csv");
    let n = rows.len();
    let write = |rows: &[BTreeMap<String, String>]| {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(rows[0].keys()).expect("written");
        for row in rows {
            writer.write_record(row.values()).expect("written");
        }
        desk.file("to-label.csv", writer.into_inner().expect("written"));
    };
    let refused = desk.run(&["train", "to-label.csv", "-o", "m2"]);
    refused.assert_refused(1, &[&format!("none of the {n} rows has a label yet")]);
    for (row, label) in rows
        .iter_mut()
        .zip(["against", "favor", "neutral", "favor"])
    {
        row.insert("label".to_string(), label.to_string());
    }
    write(&rows);
    let train = [
        "train",
        "half.jsonl",
        "to-label.csv",
        "-o",
        "m2",
        "--vectors",
        "none",
        "--format",
        "json",
    ];
    let outcome = desk.succeeds(&train);
    assert_eq!(outcome.json()["n"], 34);
    let left = format!("{} of {n} picked rows have no label yet", n - 4);
    assert!(outcome.stderr.contains(&left), "{}", outcome.stderr);
    assert!(
        outcome.stderr.contains("4 labelled rows were picked"),
        "{}",
        outcome.stderr
    );

    // In a table without the column an empty label stays an error.
    for row in &mut rows {
        row.remove("picked_by");
    }
    write(&rows);
    desk.refuses(
        &["train", "to-label.csv", "-o", "m3"],
        &["to-label.csv:6", "no \"label\""],
    );
}

#[test]
fn exports_of_label_tools_are_read_as_they_are() {
    let desk = desk();
    desk.succeeds(&suggest(&["-o", "to-label.jsonl"]));
    let mut text = String::new();
    for (i, mut row) in lines(&desk, "to-label.jsonl").into_iter().enumerate() {
        row["id"] = i.into();
        row["label"] = match i {
            0..3 => json!(["against"]),
            3..6 => json!(["favor"]),
            _ => json!([]),
        };
        row["Comments"] = json!([]);
        text.push_str(&format!("{row}\n"));
    }
    desk.file("export.jsonl", text);
    let train = [
        "train",
        "half.jsonl",
        "export.jsonl",
        "-o",
        "m2",
        "--vectors",
        "none",
        "--format",
        "json",
    ];
    assert_eq!(desk.json(&train)["n"], 36);
}

#[test]
fn picks_are_no_sample_to_check_with() {
    let desk = desk();
    desk.succeeds(&[
        "score",
        "news.jsonl",
        "--subject",
        SUBJECT,
        "--model",
        "m",
        "-o",
        "s.jsonl",
        "-q",
    ]);
    desk.succeeds(&["suggest", "s.jsonl", "-n", "12", "-o", "to-label.csv"]);
    let parts = ["to-label.csv", "no \"sample_id\"", "picked to train on"];
    desk.refuses(
        &["validate", "report", "to-label.csv", "--scores", "s.jsonl"],
        &parts,
    );
    desk.refuses(&["compare", "s.jsonl", "--gold", "to-label.csv"], &parts);

    // And what waits in a sample to check with is not picked.
    desk.succeeds(&[
        "validate",
        "draw",
        "s.jsonl",
        "-n",
        "10",
        "-o",
        "sample.csv",
        "-q",
    ]);
    let drawn: BTreeSet<String> = (cells(&desk, "sample.csv").iter())
        .map(|row| row["text"].replace("[[", "").replace("]]", ""))
        .collect();
    desk.succeeds(&[
        "suggest",
        "s.jsonl",
        "--model",
        "m",
        "-n",
        "12",
        "-o",
        "more.csv",
        "--labelled",
        "sample.csv",
    ]);
    assert!(
        cells(&desk, "more.csv")
            .iter()
            .all(|row| !drawn.contains(&row["text"]))
    );
}

#[test]
fn what_cannot_be_done_is_said_and_labels_are_not_overwritten() {
    let desk = desk();
    desk.file("labels.csv", "text,label\nMine.,favor\n");
    desk.misused(
        &suggest(&["-o", "labels.csv"]),
        &["labels.csv is there already", "perhaps with labels"],
    );
    assert_eq!(desk.bytes("labels.csv"), b"text,label\nMine.,favor\n");
    desk.misused(&suggest(&["-o", "x.txt"]), &["allowed: .csv, .jsonl"]);
    desk.refuses(&suggest(&["-o", "none/x.csv"]), &["does not exist"]);
    desk.misused(
        &[
            "suggest",
            "news.jsonl",
            "--subject",
            SUBJECT,
            "-n",
            "0",
            "-o",
            "x.csv",
        ],
        &[],
    );
    desk.misused(
        &["suggest", "news.jsonl", "-n", "5", "-o", "x.csv"],
        &["--subject"],
    );
    desk.refuses(
        &[
            "suggest",
            "news.jsonl",
            "--subject",
            "Ida Holt",
            "-n",
            "5",
            "-o",
            "x.csv",
        ],
        &["none of the 60 articles", "Ida Holt"],
    );
    desk.refuses(
        &suggest(&["-o", "x.csv", "--labelled", "missing.csv"]),
        &["missing.csv"],
    );
    desk.file("bad.csv", "words\nA b.\n");
    desk.refuses(
        &suggest(&["-o", "x.csv", "--labelled", "bad.csv"]),
        &["bad.csv", "text"],
    );
    // A model that was trained on every sentence has none left.
    let known = json!({"id": "k", "outlet": "Dawn", "text": sentences()[0].0});
    desk.file("known.jsonl", format!("{known}\n"));
    train_small(&desk, "all");
    desk.refuses(
        &[
            "suggest",
            "known.jsonl",
            "--subject",
            SUBJECT,
            "--model",
            "all",
            "-n",
            "5",
            "-o",
            "x.csv",
        ],
        &["no sentence about Mara Voss to pick"],
    );
}
