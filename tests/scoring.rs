//! `standpoint score` at work on many articles: parts, threads, every sentence.

mod common;

use std::fmt::Write;

use common::Desk;
use serde_json::Value;

/// `n` articles of three outlets; every third mentions the subject, every fortieth line is broken.
fn news(n: usize, broken: bool) -> String {
    let mut lines = String::new();
    for id in 0..n {
        if broken && id % 40 == 39 {
            lines.push_str("{\"id\": \n");
            continue;
        }
        let outlet = ["Dawn", "Noon", "Dusk"][id % 3];
        let about = match id % 3 == id / 3 % 3 {
            true => format!("Critics say Dana Verrick lied {id} times. “I did not,” Verrick said."),
            false => "It rained on the harbor, and the ferry was late.".to_string(),
        };
        let text =
            format!("The council met on day {id}. {about}\n\nNobody was pleased with the vote.");
        let line = serde_json::json!({"id": format!("a{id}"), "outlet": outlet, "text": text});
        let _ = writeln!(lines, "{line}");
    }
    lines
}

#[test]
fn parts_compared_together_are_the_whole() {
    let desk = Desk::new();
    desk.file("news.jsonl", news(700, true));
    let score = [
        "--keep-going",
        "score",
        "news.jsonl",
        "--subject",
        "Dana Verrick",
    ];
    desk.succeeds(&[&score[..], &["-o", "whole.jsonl"]].concat());
    let mut parts = Vec::new();
    for part in 1..=3 {
        let name = format!("part-{part}.jsonl");
        desk.succeeds(&[&score[..], &["--shard", &format!("{part}/3"), "-o", &name]].concat());
        parts.push(name);
    }
    let scores = |name: &str| {
        let text = String::from_utf8(desk.bytes(name)).expect("UTF-8");
        text.split_once('\n').expect("a first line").1.to_string()
    };
    let together: String = parts.iter().map(|part| scores(part)).collect();
    assert_eq!(together, scores("whole.jsonl"));
    let compare = |files: &[&str]| desk.json(&[&["compare", "--format", "json"], files].concat());
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    assert_eq!(compare(&parts), compare(&["whole.jsonl"]));
    let first: Value = serde_json::from_slice(
        desk.bytes("part-2.jsonl")
            .split(|&byte| byte == b'\n')
            .next()
            .expect("a first line"),
    )
    .expect("JSON");
    let coverage = &first["run"]["coverage"];
    let n_records =
        coverage["n_read"].as_u64().unwrap_or(0) + coverage["n_bad"].as_u64().unwrap_or(0);
    assert_eq!(n_records, 233);
}

#[test]
fn a_part_that_does_not_mention_the_subject_is_no_failure_and_standard_input_has_no_parts() {
    let desk = Desk::new();
    desk.file("a/one.txt", "It rained.");
    desk.file("a/two.txt", "Dana Verrick lied.");
    let score = ["score", "--subject", "Dana Verrick"];
    desk.succeeds(&[&score[..], &["a", "--shard", "1/2", "-o", "1.jsonl"]].concat());
    desk.succeeds(&[&score[..], &["a", "--shard", "2/2", "-o", "2.jsonl"]].concat());
    desk.succeeds(&["compare", "1.jsonl", "2.jsonl"]);
    desk.misused(
        &[
            &score[..],
            &["-", "--input-format", "txt", "--shard", "1/2"],
        ]
        .concat(),
        &["--shard", "standard input is read only once", "name a file"],
    );
    desk.misused(
        &[&score[..], &["a", "--shard", "3/2"]].concat(),
        &["3/2", "I/N with I from 1 to N"],
    );
}

#[test]
fn threads_and_bad_lines_change_no_byte() {
    let desk = Desk::new();
    desk.file("news.jsonl", news(1200, true));
    let score = |threads: &str| {
        desk.succeeds(&[
            "--keep-going",
            "--threads",
            threads,
            "score",
            "news.jsonl",
            "--subject",
            "Dana Verrick",
        ])
    };
    let (one, two) = (score("1"), score("2"));
    assert!(one.stdout == two.stdout && !one.stdout.is_empty());
    assert_eq!(one.stderr, two.stderr);
    assert!(
        one.stderr.contains("30 of 1200 records could not be used"),
        "{}",
        one.stderr
    );
    desk.refuses(
        &[
            "--threads",
            "2",
            "score",
            "news.jsonl",
            "--subject",
            "Dana Verrick",
        ],
        &["news.jsonl:40: broken JSON at column 6"],
    );
}

#[test]
fn plain_texts_are_their_author_s_prose_as_they_stand() {
    let desk = Desk::new();
    let text = "Holt must go\n\n“Holt lied,” Dana Verrick said. It rained.\n\nPhoto: Holt and the mayor / Coastal Wire";
    desk.file("a/one.txt", text);
    let seen = |extra: &[&str]| -> Vec<(String, String)> {
        let command = ["score", "a", "--format", "jsonl"];
        let run = desk.succeeds(&[&command, extra].concat());
        let text = String::from_utf8_lossy(&run.stdout).into_owned();
        let score: Value =
            serde_json::from_str(text.lines().nth(1).expect("a score")).expect("JSON");
        let sentences = score["sentences"].as_array().expect("sentences");
        let counted = sentences.iter().filter(|s| s["furniture"].is_null());
        let field = |s: &Value, name: &str| s[name].as_str().unwrap_or("").to_string();
        counted
            .map(|s| (field(s, "text"), field(s, "voice")))
            .collect()
    };
    let outlet = |texts: &[&str]| -> Vec<(String, String)> {
        texts
            .iter()
            .map(|text| (text.to_string(), "outlet".to_string()))
            .collect()
    };
    let quoted = (
        "“Holt lied,” Dana Verrick said.".to_string(),
        "quote".to_string(),
    );
    assert_eq!(
        seen(&["--subject", "Ida Holt", "--alias", "Holt"]),
        std::slice::from_ref(&quoted)
    );
    assert_eq!(
        seen(&["--subject", "Ida Holt", "--alias", "Holt", "--plain"]),
        outlet(&[
            "Holt must go",
            &quoted.0,
            "Photo: Holt and the mayor / Coastal Wire"
        ])
    );
    assert_eq!(
        seen(&["--all-sentences"]),
        [vec![quoted.clone()], outlet(&["It rained."])].concat()
    );
    assert_eq!(
        seen(&["--all-sentences", "--plain"]),
        outlet(&[
            "Holt must go",
            &quoted.0,
            "It rained.",
            "Photo: Holt and the mayor / Coastal Wire"
        ])
    );
    let read = desk.succeeds(&["read", "a", "--plain", "--format", "jsonl"]);
    let read: Value = serde_json::from_slice(&read.stdout).expect("JSON");
    assert_eq!(read["sentences"].as_array().map(Vec::len), Some(4));
    assert_eq!(
        (&read["furniture"], &read["voices"]),
        (&serde_json::json!([]), &serde_json::json!([]))
    );

    // How texts were read is part of a run.
    let subject = ["--subject", "Ida Holt", "--alias", "Holt"];
    desk.succeeds(&[&["score", "a", "-o", "page.jsonl"], &subject[..]].concat());
    desk.succeeds(
        &[
            &["score", "a", "--plain", "-o", "plain.jsonl"],
            &subject[..],
        ]
        .concat(),
    );
    desk.refuses(
        &["compare", "page.jsonl", "plain.jsonl"],
        &["different", "--plain", "score both alike"],
    );
    let compared = desk.succeeds(&[&["compare", "a", "--plain"], &subject[..]].concat());
    assert_eq!(
        compared.stdout,
        desk.succeeds(&["compare", "plain.jsonl"]).stdout
    );
    let paper = desk.succeeds(&["compare", "plain.jsonl", "--methods"]);
    let words = String::from_utf8_lossy(&paper.stdout)
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    for said in [
        "prose of its author alone; headlines apart",
        "prose of its author alone: neither",
    ] {
        assert!(words.contains(said), "{said}: {words}");
    }
    let kept = [&["compare", "a", "--keep-furniture"], &subject[..]].concat();
    let kept = desk.succeeds(&kept).stdout;
    assert!(String::from_utf8_lossy(&kept).contains("furniture among them"));
}

#[test]
fn every_sentence_is_scored_without_a_subject() {
    let desk = Desk::new();
    let text = "Council Meets\n\nIda Holt lied to the council. “Never,” she said.\n\nIt rained.";
    desk.file("a/one.txt", text);
    desk.file("a/two.txt", " ");
    let run = desk.succeeds(&["score", "a", "--all-sentences"]);
    let lines: Vec<Value> = run
        .stdout
        .split(|&byte| byte == b'\n')
        .filter(|line| !line.is_empty())
        .map(|line| serde_json::from_slice(line).expect("JSON"))
        .collect();
    let [first, score] = &lines[..] else {
        panic!("one article: {lines:?}");
    };
    assert_eq!(first["run"]["subjects"], serde_json::json!([]));
    assert_eq!(first["run"]["sentences"]["mentions"], "every sentence");
    assert_eq!(first["run"]["coverage"]["n_read"], 2);
    assert_eq!(score["subject"], "");
    let sentences = score["sentences"].as_array().expect("sentences");
    let seen: Vec<(&str, &str)> = sentences
        .iter()
        .map(|s| {
            (
                s["text"].as_str().unwrap_or(""),
                s["voice"].as_str().unwrap_or(""),
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("Ida Holt lied to the council.", "outlet"),
            ("“Never,” she said.", "quote"),
            ("It rained.", "outlet"),
        ]
    );
    assert_eq!(sentences[0]["mentions"], serde_json::json!([]));

    // A labelled row without a subject is read in the same way.
    desk.file(
        "rows.jsonl",
        "{\"text\": \"Ida Holt lied to the council.\", \"label\": \"negative\"}\n",
    );
    desk.succeeds(&["evaluate", "rows.jsonl"]);

    desk.succeeds(&["score", "a", "--all-sentences", "-o", "all.jsonl"]);
    desk.refuses(
        &["compare", "all.jsonl"],
        &["all.jsonl", "--all-sentences", "score again with --subject"],
    );
    desk.misused(
        &["score", "a", "--all-sentences", "--subject", "Ida Holt"],
        &["--all-sentences", "--subject"],
    );
    let csv = desk.succeeds(&["score", "a", "--all-sentences", "--format", "csv"]);
    assert_eq!(String::from_utf8_lossy(&csv.stdout).lines().count(), 4);
}
