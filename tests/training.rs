//! How `train` chooses: going on from an earlier model, families by name.

mod common;

use common::{Desk, labelled_jsonl, sentences, train_small};

/// The rows of [`sentences`] with other words for the labels.
fn renamed(desk: &Desk, name: &str, label: fn(&str) -> &'static str) {
    let rows: Vec<_> = sentences()
        .into_iter()
        .map(|(text, own, article)| (format!("Yesterday: {text}"), label(own), article))
        .collect();
    desk.file(name, labelled_jsonl(&rows));
}

#[test]
fn a_prior_is_taken_up_by_polarity_and_remembered() {
    let desk = Desk::new();
    train_small(&desk, "first");
    renamed(&desk, "more.jsonl", |label| match label {
        "against" => "negative",
        "favor" => "positive",
        _ => "neutral",
    });
    let args = ["train", "more.jsonl", "--prior", "first", "-o", "second"];
    let report = desk.run(&args);
    report.assert_success();
    assert!(
        report.text().contains("Goes on from model"),
        "{}",
        report.text()
    );
    assert!(
        report.stderr.contains("the labels speak of sentiment"),
        "{}",
        report.stderr
    );
    assert!(!report.stderr.contains("optimistic"), "{}", report.stderr);

    let json = desk.json(&[&args[..], &["--format", "json", "-q"]].concat());
    assert_eq!(json["prior"]["n_seen"], 0);
    let first = desk.json(&["inspect", "first", "--format", "json"]);
    assert_eq!(json["prior"]["digest"], first["digest"]);
    let shown = desk.succeeds(&["inspect", "second"]).text();
    assert!(shown.contains("Goes on from model"), "{shown}");
    assert!(shown.contains("positive"), "the labels' own words: {shown}");
}

#[test]
fn rows_the_prior_knows_are_counted() {
    let desk = Desk::new();
    train_small(&desk, "first");
    let report = desk.run(&["train", "small.jsonl", "--prior", "first", "-o", "second"]);
    report.assert_success();
    for part in ["60 of 60 sentences", "optimistic"] {
        assert!(report.stderr.contains(part), "{}", report.stderr);
    }
}

#[test]
fn the_built_in_model_can_be_gone_on_from() {
    let desk = Desk::new();
    desk.file("small.jsonl", labelled_jsonl(&sentences()));
    let built_in = ["train", "small.jsonl", "--prior", "built-in", "-o", "m"];
    desk.succeeds(&built_in);
    desk.succeeds(&["evaluate", "small.jsonl", "--model", "m"]);
}

#[test]
fn a_prior_that_does_not_fit_is_refused() {
    let desk = Desk::new();
    train_small(&desk, "first");
    renamed(&desk, "topics.jsonl", |label| match label {
        "against" => "law",
        _ => "sport",
    });
    fn train<'a>(more: &[&'a str]) -> Vec<&'a str> {
        [&["train"], more, &["-o", "m"]].concat()
    }
    desk.refuses(
        &train(&["topics.jsonl", "--prior", "first"]),
        &["against, favor, neutral", "law, sport", "--polarity"],
    );
    desk.refuses(&train(&["small.jsonl", "--prior", "absent"]), &["absent"]);
    desk.misused(
        &train(&["small.jsonl", "--prior", "first", "--features", "words"]),
        &["--features", "--prior"],
    );
    desk.misused(
        &train(&["small.jsonl", "--prior", "first", "--solver", "linfa"]),
        &["--solver newton"],
    );
    desk.misused(
        &["train", "small.jsonl", "--prior", "first", "-o", "first"],
        &["first"],
    );
}

#[test]
fn families_are_chosen_by_name() {
    let desk = Desk::new();
    desk.file("small.jsonl", labelled_jsonl(&sentences()));
    let train = |list: &'static str| ["train", "small.jsonl", "-o", "m", "-q", "--features", list];
    desk.succeeds(&train("words:2,side"));
    let shown = desk.succeeds(&["inspect", "m", "--format", "json"]).text();
    assert!(
        shown.contains("\"side\"") && !shown.contains("\"pairs\""),
        "{shown}"
    );
    desk.succeeds(&train("-words,pairs"));
    desk.misused(
        &train("nouns"),
        &["there is no feature family \"nouns\"", "masked-pairs"],
    );
    desk.misused(&train("words:heavy"), &["heavy", "not a number"]);
    desk.misused(&train("words,-words"), &["no family is left"]);
    desk.misused(&train(""), &["feature family"]);
}

#[test]
fn tuning_says_what_it_tried_and_repeats_itself() {
    let desk = Desk::new();
    desk.file("small.jsonl", labelled_jsonl(&sentences()));
    let tune = |threads: &'static str, name: &'static str| {
        let args = ["train", "small.jsonl", "--tune", "--format", "json"];
        [
            &args[..],
            &["--folds", "3", "-q", "--threads", threads, "-o", name],
        ]
        .concat()
    };
    let report = desk.json(&tune("1", "one"));
    let again = desk.json(&tune("2", "two"));
    assert_eq!(report, again);
    assert_eq!(desk.bytes("one"), desk.bytes("two"));

    let tuning = &report["tuning"];
    let trials = tuning["trials"].as_array().expect("a list");
    assert!(trials.len() > 10, "{tuning}");
    let chosen = &trials[tuning["chosen"].as_u64().expect("an index") as usize];
    assert_eq!(chosen["l2"], report["l2"]);
    assert_eq!(tuning["by_fold"].as_array().map(Vec::len), Some(3));
    let least = trials
        .iter()
        .filter_map(|trial| trial["log_loss"].as_f64())
        .fold(f64::INFINITY, f64::min);
    assert!(chosen["log_loss"].as_f64().expect("a number") <= least + 0.001);
    assert_eq!(report["cross_validation"]["n"], 60);

    let shown = desk.succeeds(&["inspect", "one"]).text();
    assert!(shown.contains("chosen among"), "{shown}");
}

#[test]
fn tuning_with_a_prior_leaves_its_families_alone() {
    let desk = Desk::new();
    train_small(&desk, "first");
    renamed(&desk, "more.jsonl", |label| match label {
        "against" => "against",
        "favor" => "favor",
        _ => "neutral",
    });
    let args = [
        "train",
        "more.jsonl",
        "--prior",
        "first",
        "--tune",
        "--folds",
        "2",
    ];
    let text = desk
        .succeeds(&[&args[..], &["-o", "m", "-q"]].concat())
        .text();
    for part in [
        "Settings tried",
        "Taken in the outer folds",
        "Goes on from model",
    ] {
        assert!(text.contains(part), "{text}");
    }
    assert!(!text.contains("pairs"), "{text}");
}

#[test]
fn what_cannot_be_tuned_is_refused() {
    let desk = Desk::new();
    desk.file("small.jsonl", labelled_jsonl(&sentences()));
    let linfa = [
        "train",
        "small.jsonl",
        "--tune",
        "--solver",
        "linfa",
        "-o",
        "m",
    ];
    desk.misused(&linfa, &["--tune", "--solver newton"]);
    let rows: Vec<_> = sentences()
        .into_iter()
        .map(|(t, l, _)| (t, l, "one".to_string()))
        .collect();
    desk.file("one.jsonl", labelled_jsonl(&rows));
    desk.refuses(
        &["train", "one.jsonl", "--tune", "-o", "m"],
        &["--tune", "article"],
    );
}

#[test]
fn a_lexicon_of_one_s_own_makes_features() {
    let desk = Desk::new();
    desk.file("rows.jsonl", labelled_jsonl(&sentences()));
    let text = sentences()[0].0.to_string();
    let word = text
        .split_whitespace()
        .find(|word| word.chars().all(char::is_alphabetic) && word.len() > 3)
        .expect("a plain word");
    desk.file("words.csv", format!("word,score\n{word},-3\n"));
    desk.succeeds(&[
        "train",
        "rows.jsonl",
        "--vectors",
        "none",
        "--lexicon",
        "words.csv",
        "--min-df",
        "1",
        "-o",
        "m",
        "-q",
    ]);
    let shown = desk.succeeds(&["inspect", "m"]).text();
    assert!(shown.contains("own"), "{shown}");
    desk.file("bad.csv", "word,score\nleaky,very\n");
    desk.refuses(
        &["train", "rows.jsonl", "--lexicon", "bad.csv", "-o", "n"],
        &["bad.csv:2", "not a number"],
    );
}
