//! `evaluate` with the real binary: baselines, parts of the rows, mistakes, two models, subjects left out.

mod common;

use std::fmt::Write;

use common::{Desk, characters, labelled_jsonl, repository, sentences, train_small};
use serde_json::{Value, json};

fn list(value: &Value) -> &Vec<Value> {
    value.as_array().expect("a list")
}

fn number(value: &Value) -> f64 {
    value
        .as_f64()
        .unwrap_or_else(|| panic!("{value} is no number"))
}

const NAMES: [&str; 4] = ["Mara Voss", "Ida Holt", "Dana Verrick", "Otis Penhallow"];

/// The sixty sentences about four people in turn, each with their own articles, by two outlets.
fn four_subjects() -> String {
    let mut text = String::new();
    for (i, (sentence, label, article)) in sentences().into_iter().enumerate() {
        let name = NAMES[i / 15];
        let outlet = if i % 5 < 3 { "Dawn" } else { "Dusk" };
        let row = json!({
            "text": sentence.replace("Mara Voss", name), "label": label, "article": article,
            "subject": name, "outlet": outlet,
        });
        let _ = writeln!(text, "{row}");
    }
    text
}

fn fits_80_columns(text: &str) {
    for line in text.lines() {
        assert!(line.chars().count() <= 80, "{line}\nin\n{text}");
    }
}

#[test]
fn text_fits_80_columns_and_bytes_do_not_depend_on_threads() {
    let desk = Desk::new();
    train_small(&desk, "m");
    desk.file("rows.jsonl", four_subjects());
    for args in [
        &["evaluate", "rows.jsonl", "--model", "m", "--against", "m"][..],
        &["evaluate", "rows.jsonl", "--folds", "3"],
        &["evaluate", "rows.jsonl", "--leave-out", "subject"],
    ] {
        let one = desk.succeeds(&[args, &["--threads", "1"]].concat());
        let two = desk.succeeds(&[args, &["--threads", "2"]].concat());
        assert_eq!(one.text(), two.text());
        fits_80_columns(&one.text());
        let json = |threads| {
            desk.succeeds(&[args, &["--format", "json", "--threads", threads]].concat())
                .text()
        };
        assert_eq!(json("1"), json("2"));
    }
    let csv = desk.succeeds(&["evaluate", "rows.jsonl", "--model", "m", "--format", "csv"]);
    for figure in [
        "mcc",
        "f_avg",
        "lexicon_accuracy",
        "majority_gain_macro_f1",
        "reliability_accuracy",
        "coverage_accuracy",
        "outlet_accuracy,Dawn",
        "voice_accuracy,outlet",
    ] {
        assert!(csv.text().contains(&format!("\n{figure},")), "{figure}");
    }
}

#[test]
fn rows_are_scored_by_outlet_and_voice() {
    let desk = Desk::new();
    train_small(&desk, "m");
    desk.file("rows.jsonl", four_subjects());
    let evaluation = desk.json(&["evaluate", "rows.jsonl", "--model", "m", "--format", "json"]);
    let outlets = list(&evaluation["by_outlet"]);
    assert_eq!(
        (outlets[0]["name"].as_str(), outlets[0]["n"].as_u64()),
        (Some("Dawn"), Some(36))
    );
    assert_eq!(
        (outlets[1]["name"].as_str(), outlets[1]["n"].as_u64()),
        (Some("Dusk"), Some(24))
    );
    for outlet in outlets {
        assert!(outlet["accuracy"]["value"].is_number(), "{outlet}");
        assert!(outlet["majority_accuracy"]["value"].is_number(), "{outlet}");
    }
    let of_voices: u64 = list(&evaluation["by_voice"])
        .iter()
        .map(|voice| voice["n"].as_u64().expect("a count"))
        .sum();
    assert_eq!(of_voices, 60);
    assert!(evaluation["opposed"].is_null());
    let lexicon = &evaluation["baselines"]["lexicon"];
    assert!(number(&lexicon["accuracy"]) > 0.4, "{lexicon}");
    assert!(lexicon["gain_accuracy"]["low"].is_number(), "{lexicon}");

    // Of an outlet with few rows no figure is given.
    let few: Vec<String> = four_subjects()
        .lines()
        .enumerate()
        .map(|(i, line)| match i {
            0..5 => line.replace("Dawn", "Noon").replace("Dusk", "Noon"),
            _ => line.to_string(),
        })
        .collect();
    desk.file("few.jsonl", few.join("\n"));
    let outcome = desk.succeeds(&["evaluate", "few.jsonl", "--model", "m"]);
    let line = outcome.text();
    let line = line.lines().find(|line| line.starts_with("Noon"));
    let line = line.expect("the outlet is listed");
    assert!(line.contains('5') && line.contains("too few"), "{line}");
}

#[test]
fn rows_that_share_text_or_article_with_the_training_are_scored_apart() {
    let desk = Desk::new();
    // Each article has three sentences. The training knows all of five articles and two sentences each of ten.
    let rows = sentences();
    let known: Vec<_> = rows
        .iter()
        .filter(|row| row.2.starts_with("a0") || row.2.starts_with("a1"))
        .cloned()
        .collect();
    let training: Vec<_> = known
        .iter()
        .filter(|row| row.1 != "neutral")
        .chain(rows.iter().filter(|row| row.2.starts_with("a2")))
        .cloned()
        .collect();
    desk.file("training.jsonl", labelled_jsonl(&training));
    desk.file("all.jsonl", labelled_jsonl(&rows));
    desk.succeeds(&["train", "training.jsonl", "-o", "m", "-q"]);
    let evaluation = desk.json(&["evaluate", "all.jsonl", "--model", "m", "--format", "json"]);
    let counts: Vec<(String, u64)> = list(&evaluation["by_overlap"])
        .iter()
        .map(|part| {
            let name = part["name"].as_str().expect("a name").to_string();
            (name, part["n"].as_u64().expect("a count"))
        })
        .collect();
    let expected = [
        ("same text", 35),
        ("same article", 10),
        ("nothing shared", 15),
    ];
    assert_eq!(counts, expected.map(|(name, n)| (name.to_string(), n)));
    assert_eq!(evaluation["n_seen_in_training"], 35);
    let notes = evaluation["notes"].to_string();
    assert!(
        notes.contains("10 of 60 sentences come from articles"),
        "{notes}"
    );
}

#[test]
fn subjects_on_opposite_sides_of_one_sentence_are_scored_apart() {
    let desk = Desk::new();
    train_small(&desk, "m");
    let mut rows = String::new();
    for i in 0..12 {
        let text =
            format!("Neighbours thank Mara Voss and blame Ida Holt for the work on pier {i}.");
        for (subject, label) in [("Mara Voss", "favor"), ("Ida Holt", "against")] {
            let row = json!({"text": text, "label": label, "article": i, "subject": subject});
            // A row that stands twice counts once.
            let _ = writeln!(rows, "{row}\n{row}");
        }
    }
    desk.file("rows.jsonl", rows);
    let args = ["evaluate", "rows.jsonl", "--model", "m"];
    let evaluation = desk.json(&[&args[..], &["--format", "json"]].concat());
    let opposed = &evaluation["opposed"];
    assert_eq!(opposed["n_sentences"], 12);
    assert_eq!(
        (&opposed["n"], &opposed["n_pairs"]),
        (&json!(24), &json!(12))
    );
    // Without the subject a sentence gets one class, so at most one of its two subjects is right.
    assert_eq!(opposed["target_blind_both_right"]["value"], 0.0);
    assert!(number(&opposed["target_blind_accuracy"]["value"]) <= 0.5);
    let text = desk.succeeds(&args).text();
    assert!(
        text.contains("for one subject and against another: 12"),
        "{text}"
    );
    fits_80_columns(&text);
}

#[test]
fn mistakes_come_worst_first_with_the_words_that_led_there() {
    let desk = Desk::new();
    train_small(&desk, "m");
    // Every label is turned, so the model is wrong on the rows it was right on.
    let turned: Vec<_> = sentences()
        .into_iter()
        .filter(|row| row.1 != "neutral")
        .map(|(text, label, article)| {
            let label = if label == "favor" { "against" } else { "favor" };
            (text, label, article)
        })
        .collect();
    desk.file("rows.jsonl", labelled_jsonl(&turned));
    let model = ["evaluate", "rows.jsonl", "--model", "m"];
    let evaluation =
        desk.json(&[&model[..], &["--format", "json", "--errors", "e.jsonl"]].concat());
    let file = String::from_utf8(desk.bytes("e.jsonl")).expect("UTF-8");
    let rows: Vec<Value> = file
        .lines()
        .map(|line| serde_json::from_str(line).expect("JSON"))
        .collect();
    let wrong = (1.0 - number(&evaluation["accuracy"]["value"])) * 40.0;
    assert!(rows.len() > 20, "{}", rows.len());
    assert!((rows.len() as f64 - wrong).abs() < 1e-3, "{wrong}");
    let mut before = 0.0;
    for row in &rows {
        let p_label = number(&row["p_label"]);
        assert!(p_label >= before);
        before = p_label;
        let text = row["text"].as_str().expect("a text");
        assert_eq!(characters(text, &row["mentions"][0]), row["subject"][0]);
        assert_ne!(row["label"], row["prediction"]);
        let label = row["label"].as_str().expect("a class");
        assert_eq!(row["probabilities"][label], row["p_label"]);
        assert_eq!(row["seen_in_training"], true);
        let weights: Vec<f64> = list(&row["words"])
            .iter()
            .map(|w| number(&w["weight"]))
            .collect();
        assert!(
            weights.is_sorted_by(|a, b| a >= b) && weights[0] > 0.0,
            "{row}"
        );
    }
    desk.succeeds(&[&model[..], &["--errors", "e.csv"]].concat());
    let table = String::from_utf8(desk.bytes("e.csv")).expect("UTF-8");
    assert!(table.starts_with("file,line,id,article,outlet,text,subject,mentions,voice,label,prediction,p_label,p_against,p_favor,p_neutral,"));
    assert_eq!(table.lines().count(), rows.len() + 1);

    desk.misused(
        &[&model[..], &["--errors", "e.txt"]].concat(),
        &["e.txt", ".jsonl, .csv"],
    );
    desk.misused(
        &[&model[..], &["--errors", "e.csv", "-o", "e.csv"]].concat(),
        &["both --errors and --output"],
    );
    desk.misused(
        &[&model[..], &["--errors", "rows.jsonl"]].concat(),
        &["both input and output"],
    );
}

#[test]
fn two_models_are_compared_row_by_row() {
    let desk = Desk::new();
    train_small(&desk, "m");
    let numbers: Vec<_> = sentences()
        .into_iter()
        .step_by(2)
        .map(|(text, label, article)| {
            let label = match label {
                "favor" => "1",
                "against" => "-1",
                _ => "0",
            };
            (text, label, article)
        })
        .collect();
    desk.file("numbers.jsonl", labelled_jsonl(&numbers));
    desk.succeeds(&["train", "numbers.jsonl", "-o", "half", "-q"]);
    let against = |this: &str, other: &str| {
        let evaluation = desk.json(&[
            "evaluate",
            "small.jsonl",
            "--model",
            this,
            "--against",
            other,
            "--format",
            "json",
        ]);
        evaluation["against"].clone()
    };
    let same = against("m", "m");
    assert_eq!(
        same["accuracy"]["difference"],
        json!({"value": 0.0, "low": 0.0, "high": 0.0})
    );
    assert_eq!(
        (&same["only_this"], &same["only_other"]),
        (&json!(0), &json!(0))
    );

    // Their classes are against, favor, neutral and negative, neutral, positive: matched by polarity.
    let (one, other) = (against("m", "half"), against("half", "m"));
    let count = |table: &Value, name: &str| table[name].as_u64().expect("a count");
    let cells = ["both_right", "only_this", "only_other", "both_wrong"];
    assert_eq!(cells.iter().map(|cell| count(&one, cell)).sum::<u64>(), 60);
    assert_eq!(count(&one, "only_this"), count(&other, "only_other"));
    let difference = number(&one["accuracy"]["difference"]["value"]);
    assert_eq!(
        difference,
        -number(&other["accuracy"]["difference"]["value"])
    );
    let counted = count(&one, "only_this") as f64 - count(&one, "only_other") as f64;
    assert!((difference - counted / 60.0).abs() < 1e-5);
    assert!(count(&one, "both_right") > 30, "{one}");

    let two: Vec<_> = sentences()
        .into_iter()
        .filter(|row| row.1 != "neutral")
        .collect();
    desk.file("two.jsonl", labelled_jsonl(&two));
    desk.succeeds(&["train", "two.jsonl", "-o", "two", "-q"]);
    desk.refuses(
        &[
            "evaluate",
            "small.jsonl",
            "--model",
            "m",
            "--against",
            "two",
        ],
        &["do not know the same classes", "against, favor, neutral"],
    );
}

#[test]
fn subjects_and_outlets_are_left_out_in_turn() {
    let desk = Desk::new();
    desk.file("rows.jsonl", four_subjects());
    let left = |options: &[&str]| {
        let args = [
            &["evaluate", "rows.jsonl", "--format", "json", "-q"],
            options,
        ]
        .concat();
        desk.json(&args)
    };
    let subjects = left(&["--leave-out", "subject"]);
    assert_eq!(subjects["n"], 60);
    let parts = list(&subjects["leave_out"]["parts"]);
    let mut names: Vec<&str> = parts
        .iter()
        .map(|part| part["keys"][0].as_str().expect("a name"))
        .collect();
    names.sort_unstable();
    let mut expected = NAMES;
    expected.sort_unstable();
    assert_eq!(names, expected);
    for part in parts {
        assert_eq!(
            (&part["figures"]["n"], &part["n_training"]),
            (&json!(15), &json!(45))
        );
    }
    assert_eq!(subjects["leave_out"]["in_folds"], false);
    assert!(
        number(&subjects["accuracy"]["value"]) > 0.6,
        "{}",
        subjects["accuracy"]
    );

    let folds = left(&["--leave-out", "subject", "--folds", "2"]);
    let parts = list(&folds["leave_out"]["parts"]);
    assert_eq!((parts.len(), list(&parts[0]["keys"]).len()), (2, 2));
    assert_eq!(folds["leave_out"]["in_folds"], true);

    // More than twenty are put into folds by themselves.
    let many: Vec<String> = sentences()
        .iter()
        .enumerate()
        .map(|(i, (sentence, label, article))| {
            let name = format!("Mara {}oss", (b'A' + (i % 24) as u8) as char);
            let text = sentence.replace("Mara Voss", &name);
            json!({"text": text, "label": label, "article": format!("{article}-{i}"), "subject": name})
                .to_string()
        })
        .collect();
    desk.file("many.jsonl", many.join("\n"));
    let args = ["evaluate", "many.jsonl", "--leave-out", "subject", "-q"];
    let folds = desk.json(&[&args[..], &["--format", "json"]].concat());
    let parts = list(&folds["leave_out"]["parts"]);
    assert_eq!(
        (parts.len(), &folds["leave_out"]["n_keys"]),
        (10, &json!(24))
    );
    let mut keys: Vec<&Value> = parts.iter().flat_map(|part| list(&part["keys"])).collect();
    keys.sort_by_key(|key| key.to_string());
    keys.dedup();
    assert_eq!(keys.len(), 24, "each in one fold");
    let text = desk.succeeds(&args).text();
    assert!(text.contains("fold 10 ("), "{text}");
    fits_80_columns(&text);

    // Both outlets wrote about every subject, but never in one article.
    let outlets = left(&["--leave-out", "outlet"]);
    let trained: Vec<&Value> = list(&outlets["leave_out"]["parts"])
        .iter()
        .map(|part| &part["n_training"])
        .collect();
    assert_eq!(trained, [&json!(24), &json!(36)]);
    let args = ["evaluate", "rows.jsonl", "--leave-out", "outlet", "-q"];
    let text = desk.succeeds(&args).text();
    assert!(text.contains("Trained without the outlet"), "{text}");

    desk.file("one.jsonl", labelled_jsonl(&sentences()));
    desk.refuses(
        &["evaluate", "one.jsonl", "--leave-out", "subject"],
        &["at least two subjects", "Mara Voss"],
    );
    desk.refuses(
        &["evaluate", "one.jsonl", "--leave-out", "outlet"],
        &["at least two outlets", "--outlet-column"],
    );
    desk.misused(
        &[
            "evaluate",
            "one.jsonl",
            "--leave-out",
            "subject",
            "--model",
            "m",
        ],
        &["--model"],
    );
}

#[test]
fn an_article_on_both_sides_is_not_trained_on() {
    let desk = Desk::new();
    // Every second article of the first person speaks of the second, too.
    let rows: Vec<String> = four_subjects()
        .lines()
        .enumerate()
        .map(|(i, line)| {
            let mut row: Value = serde_json::from_str(line).expect("JSON");
            if (15..20).contains(&i) {
                row["article"] = json!("a0-0");
            }
            row.to_string()
        })
        .collect();
    desk.file("rows.jsonl", rows.join("\n"));
    let evaluation = desk.json(&[
        "evaluate",
        "rows.jsonl",
        "--leave-out",
        "subject",
        "--format",
        "json",
        "-q",
    ]);
    let trained = |name: &str| {
        let parts = list(&evaluation["leave_out"]["parts"]);
        let part = parts.iter().find(|part| part["keys"][0] == name);
        part.expect("each is left out")["n_training"].as_u64()
    };
    // Mara Voss: five rows of Ida Holt stand in one of her articles. Ida Holt: three rows of Mara Voss stand there.
    assert_eq!(trained("Mara Voss"), Some(40));
    assert_eq!(trained("Ida Holt"), Some(42));
    assert_eq!(trained("Dana Verrick"), Some(45));
}

#[test]
fn the_built_in_model_says_how_it_does_on_the_invented_sentences() {
    let desk = Desk::new();
    let stance = repository("training-data/stance.jsonl");
    let text = desk
        .succeeds(&["evaluate", &stance, "--errors", "e.csv"])
        .text();
    fits_80_columns(&text);
    for part in [
        "word list (VADER)",
        "most frequent class",
        "without the subject",
        "Matthews' correlation",
        "Reliability",
        "Knowing when not to say",
        "By voice",
        "whole articles resampled",
    ] {
        assert!(text.contains(part), "{part} in\n{text}");
    }
}
