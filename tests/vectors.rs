//! `learn-vectors` and `inspect` on word vectors, with the real binary.

mod common;

use common::{Desk, articles_jsonl, repository, train_small};
use serde_json::Value;

/// Options for a corpus of some thousand tokens.
const SMALL: [&str; 4] = ["--dimensions", "20", "--min-count", "2"];

fn learn(desk: &Desk, more: &[&str]) -> common::Outcome {
    let articles = repository("training-data/articles");
    desk.succeeds(&[&["learn-vectors", &articles, "-o", "v"], &SMALL[..], more].concat())
}

#[test]
fn the_example_articles_give_vectors_that_inspect_knows() {
    let desk = Desk::new();
    let outcome = learn(&desk, &[]);
    let text = outcome.text();
    for part in [
        "of 20 dimensions",
        "20 articles",
        "Nearest words",
        "written to v",
    ] {
        assert!(text.contains(part), "no \"{part}\" in {text}");
    }
    let messages: Vec<&str> = outcome.stderr.lines().collect();
    assert!(
        messages.iter().all(|line| line.starts_with("warning: ")),
        "no bar in a pipe: {messages:?}"
    );

    let about = desk.json(&["inspect", "v", "--format", "json"]);
    assert_eq!(about["kind"], "word-vectors");
    assert_eq!(about["learning"]["n_documents"], 20);
    assert_eq!(about["learning"]["params"]["dimensions"], 20);
    let json = learn(&desk, &["--format", "json"]).json();
    assert_eq!(json, about);
    assert!(
        !about.to_string().contains("training-data"),
        "names of files, not folders"
    );
    let inspected = desk.succeeds(&["inspect", "v"]).text();
    assert!(text.starts_with(&inspected), "{inspected}");
}

#[test]
fn inspect_tells_all_about_a_word() {
    let desk = Desk::new();
    learn(&desk, &[]);
    let text = desk.succeeds(&["inspect", "v", "--word", "Council"]).text();
    for part in [
        "council: ",
        "occurrences",
        "cosine",
        "In coarse cluster",
        "In fine cluster",
    ] {
        assert!(text.contains(part), "no \"{part}\" in {text}");
    }
    let word = desk.json(&[
        "inspect", "v", "--word", "council", "--top", "3", "--format", "json",
    ]);
    assert_eq!(word["vector"].as_array().map(Vec::len), Some(20));
    let nearest = word["nearest"].as_array().expect("a list");
    assert_eq!(nearest.len(), 3);
    let cosine = |i: usize| nearest[i]["cosine"].as_f64().expect("a number");
    assert!(cosine(0) >= cosine(1) && cosine(0) <= 1.0);
    assert!(word["sif"].as_f64() < Some(1.0));
    desk.refuses(
        &["inspect", "v", "--word", "zyzzyva"],
        &["v: \"zyzzyva\" has no vector", "fewer than 2 times"],
    );
}

#[test]
fn the_same_articles_give_the_same_bytes_with_any_number_of_threads() {
    let desk = Desk::new();
    desk.file("news.jsonl", articles_jsonl(700));
    let run = |more: &[&str]| {
        let args = [
            "learn-vectors",
            "news.jsonl",
            "-o",
            "v",
            "--dimensions",
            "30",
        ];
        let report = desk.succeeds(&[&args, more].concat()).stdout;
        (report, desk.bytes("v"))
    };
    let first = run(&["--threads", "1"]);
    assert_eq!(run(&["--threads", "2"]), first);
    assert_eq!(run(&["--threads", "5"]), first);
    assert_ne!(run(&["--seed", "2"]).1, first.1);
}

#[test]
fn furniture_is_not_learnt_from() {
    let desk = Desk::new();
    let page = "<html><head><title>Mill</title></head><body><article><p>The mill by the river burned on Monday night, and \
                the fire brigade came too late to save the roof.</p><figure><img src=\"m.jpg\"><figcaption>Smoldering \
                rafters</figcaption></figure><p>The owner of the mill said that the fire began near the river door, and that the \
                brigade was called before midnight.</p></article></body></html>";
    desk.file("pages/mill.html", page);
    desk.succeeds(&[
        "learn-vectors",
        "pages",
        "-o",
        "v",
        "--dimensions",
        "2",
        "--min-count",
        "1",
    ]);
    desk.succeeds(&["inspect", "v", "--word", "brigade"]);
    desk.refuses(&["inspect", "v", "--word", "rafters"], &["has no vector"]);
}

#[test]
fn articles_that_cannot_give_vectors_are_refused_with_what_to_do() {
    let desk = Desk::new();
    desk.file("news.jsonl", articles_jsonl(12));
    desk.file("blank.txt", " \n");
    desk.file("empty/notes.md", "x");
    let refuses = |input: &str, more: &[&str], parts: &[&str]| {
        desk.refuses(
            &[&["learn-vectors", input, "-o", "v"], more].concat(),
            parts,
        );
    };
    refuses("absent", &[], &["absent"]);
    refuses("empty", &[], &["empty: nothing to read"]);
    refuses("blank.txt", &[], &["the articles hold no text"]);
    refuses(
        "news.jsonl",
        &[],
        &[
            "too little text",
            "at least 5 times",
            "give more articles",
            "--dimensions (to at most",
        ],
    );
    refuses(
        "news.jsonl",
        &["--min-count", "9999"],
        &["0 words occur at least 9999 times", "lower --min-count"],
    );
    let misused = |more: &[&str], parts: &[&str]| {
        desk.misused(
            &[&["learn-vectors", "news.jsonl", "-o", "v"], more].concat(),
            parts,
        );
    };
    misused(
        &["--dimensions", "0"],
        &["dimensions is 0; allowed: 1 to 1000"],
    );
    misused(&["--window", "101"], &["window is 101; allowed: 1 to 100"]);
    misused(&["--vocabulary", "1"], &["vocabulary is 1"]);
    misused(
        &[
            "--vocabulary",
            "20",
            "--dimensions",
            "20",
            "--min-count",
            "1",
        ],
        &["raise --vocabulary or lower --dimensions"],
    );
    desk.misused(
        &["learn-vectors", "news.jsonl", "-o", "news.jsonl"],
        &["both input and output"],
    );
    desk.refuses(
        &["learn-vectors", "news.jsonl", "-o", "no/such/v"],
        &["the folder no/such does not exist"],
    );
}

#[test]
fn bad_files_of_vectors_are_refused_by_name() {
    let desk = Desk::new();
    learn(&desk, &[]);
    train_small(&desk, "m");
    let good = desk.bytes("v");
    desk.file("bad", &good[..good.len() - 9]);
    desk.refuses(&["inspect", "bad"], &["error: bad: damaged"]);
    let mut flipped = good.clone();
    let middle = flipped.len() / 2;
    flipped[middle] ^= 1;
    desk.file("bad", flipped);
    for word in [&[][..], &["--word", "council"]] {
        desk.refuses(
            &[&["inspect", "bad"], word].concat(),
            &["error: bad: damaged", "its digest does not match"],
        );
    }
    let old = br#"\"format\":1,"#;
    let at = good
        .windows(old.len())
        .position(|window| window == old)
        .expect("the header names its format");
    let mut newer = good.clone();
    newer[at + old.len() - 2] = b'8';
    desk.file("bad", newer);
    desk.refuses(
        &["inspect", "bad"],
        &["error: bad: format 8", "install a newer standpoint"],
    );

    desk.file("news.jsonl", articles_jsonl(2));
    desk.refuses(
        &[
            "score",
            "news.jsonl",
            "--subject",
            "Mara Voss",
            "--model",
            "v",
        ],
        &["v: not a Standpoint model (it holds word vectors)"],
    );
    desk.misused(
        &["inspect", "m", "--word", "council"],
        &["--word looks into word vectors, and m is a model"],
    );
    let about: Value = desk.json(&["inspect", "m", "--format", "json"]);
    assert!(about.get("kind").is_none(), "models are as they were");
}
