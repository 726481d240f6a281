//! The whole job with the real binary: train, evaluate, score, compare, explain, inspect.

mod common;

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};

use common::{
    Desk, Labelled, articles_jsonl, characters, labelled_jsonl, repository, sentences, train_small,
};
use serde_json::{Value, json};

const VERRICK: [&str; 2] = ["--subject", "Dana Verrick"];
const VOSS: [&str; 2] = ["--subject", "Mara Voss"];

fn number(value: &Value) -> f64 {
    value
        .as_f64()
        .unwrap_or_else(|| panic!("{value} is not a number"))
}

fn list(value: &Value) -> &[Value] {
    value
        .as_array()
        .unwrap_or_else(|| panic!("{value} is not a list"))
}

/// An object has all of `keys`.
fn has_keys(value: &Value, keys: &[&str]) {
    for key in keys {
        assert!(value.get(key).is_some(), "no \"{key}\" in {value}");
    }
}

/// `{value, low, high}`, the interval around the value or absent as a whole.
fn is_estimate(value: &Value) {
    has_keys(value, &["value", "low", "high"]);
    match (value["low"].as_f64(), value["high"].as_f64()) {
        (Some(low), Some(high)) => assert!(low <= high, "{value}"),
        _ => assert!(value["low"].is_null() && value["high"].is_null(), "{value}"),
    }
}

fn sums_to_one(probabilities: &Value) {
    let sum: f64 = probabilities
        .as_object()
        .expect("a probability a class")
        .values()
        .map(number)
        .sum();
    assert!((sum - 1.0).abs() < 1e-5, "{probabilities}");
}

#[test]
fn the_whole_job_runs_on_the_repository_s_own_data() {
    let desk = Desk::new();
    let (stance, articles) = (
        repository("training-data/stance.jsonl"),
        repository("training-data/articles"),
    );
    let report = desk.json(&["train", &stance, "-o", "m.safetensors", "--format", "json"]);
    assert_eq!(report["n"], 1553);
    assert_eq!(report["construct"], "stance");
    assert_eq!(report["convergence"]["reached"], true);
    let held_out = &report["cross_validation"];
    let majority = number(&held_out["baselines"]["majority"]["macro_f1"]);
    assert!(
        number(&held_out["macro_f1"]["value"]) > majority + 0.1,
        "{held_out}"
    );

    let model = ["--model", "m.safetensors"];
    let own = desk.json(&[&["evaluate", &stance, "--format", "json"], &model[..]].concat());
    assert!(
        number(&own["accuracy"]["value"]) > 0.9,
        "its own training data"
    );
    let folds = desk.json(&["evaluate", &stance, "--folds", "5", "--format", "json"]);
    assert_eq!(
        folds["accuracy"], held_out["accuracy"],
        "train cross-validates alike"
    );
    assert_eq!(folds["confusion"], held_out["confusion"]);

    let scored =
        desk.succeeds(&[&["score", &articles, "-o", "s.jsonl"], &VERRICK[..], &model].concat());
    assert!(scored.stdout.is_empty());
    for format in ["json", "text", "csv"] {
        let format = ["--format", format];
        let at_once =
            desk.succeeds(&[&["compare", &articles], &VERRICK[..], &model, &format].concat());
        let from_file = desk.succeeds(&[&["compare", "s.jsonl"], &format[..]].concat());
        assert!(!at_once.stdout.is_empty());
        assert_eq!(at_once.text(), from_file.text());
    }
    let comparison = desk.json(&["compare", "s.jsonl", "--format", "json"]);
    assert_eq!(comparison["model"], report["model"]);
    assert_eq!(list(&comparison["outlets"]).len(), 5);

    let inspected = desk.json(&["inspect", "m.safetensors", "--format", "json"]);
    assert!(
        inspected.to_string().contains("stance.jsonl"),
        "the training record names its file"
    );
    assert!(
        !inspected.to_string().contains("training-data"),
        "and no folder"
    );
    desk.succeeds(&["inspect"]);
}

#[test]
fn the_same_input_gives_the_same_bytes_with_any_number_of_threads() {
    let desk = Desk::new();
    desk.file("news.jsonl", articles_jsonl(600));
    let stance = repository("training-data/stance.jsonl");
    let runs = [["--threads", "1"], ["--threads", "2"], ["--threads", "2"]];
    let mut first: Option<Vec<Vec<u8>>> = None;
    for threads in runs {
        let with = |args: &[&str]| desk.succeeds(&[args, &threads[..]].concat()).stdout;
        let mut made = vec![with(&["train", &stance, "-o", "m"]), desk.bytes("m")];
        let news = [&["news.jsonl", "--model", "m"], &VOSS[..]].concat();
        for command in [
            &["score"][..],
            &["score", "--format", "csv"],
            &["score", "--format", "text", "--all-articles"],
            &["compare", "--format", "json"],
            &["compare"],
        ] {
            made.push(with(&[command, &news[..]].concat()));
        }
        made.push(with(&[
            "evaluate", &stance, "--model", "m", "--format", "json",
        ]));
        made.push(with(&[
            "evaluate", &stance, "--folds", "4", "--format", "json",
        ]));
        made.push(with(&["inspect", "m"]));
        match &first {
            None => first = Some(made),
            Some(first) => {
                for (i, (a, b)) in first.iter().zip(&made).enumerate() {
                    assert!(a == b, "output {i} differs with {threads:?}");
                }
            }
        }
    }
}

#[test]
fn another_seed_changes_folds_but_no_score() {
    let desk = Desk::new();
    train_small(&desk, "m");
    desk.file("news.jsonl", articles_jsonl(20));
    let score = |seed| {
        desk.succeeds(&[&["score", "news.jsonl", "--seed", seed], &VOSS[..]].concat())
            .stdout
    };
    assert_eq!(score("1"), score("2"));
    let stance = repository("training-data/stance.jsonl");
    let folds = |seed| {
        desk.json(&[
            "evaluate", &stance, "--folds", "5", "--seed", seed, "--format", "json",
        ])["confusion"]
            .clone()
    };
    assert_ne!(folds("1"), folds("2"));
}

#[test]
fn a_closed_pipe_is_fine_and_silent() {
    let desk = Desk::new();
    desk.file("news.jsonl", articles_jsonl(400));
    for args in [
        &["score", "news.jsonl"][..],
        &["score", "news.jsonl", "--format", "csv"],
        &["score", "news.jsonl", "--format", "text"],
    ] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_standpoint"))
            .args(args)
            .args(VOSS)
            .current_dir(desk.path("."))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the binary starts");
        let mut stdout = BufReader::with_capacity(64, child.stdout.take().expect("piped"));
        let mut line = Vec::new();
        stdout.read_until(b'\n', &mut line).expect("a first line");
        assert!(!line.is_empty(), "{args:?}");
        drop(stdout);
        let mut stderr = String::new();
        child
            .stderr
            .take()
            .expect("piped")
            .read_to_string(&mut stderr)
            .expect("UTF-8");
        let status = child.wait().expect("it ends");
        assert_eq!((status.code(), stderr.as_str()), (Some(0), ""), "{args:?}");
    }
    let whole = desk.succeeds(&[&["score", "news.jsonl"], &VOSS[..]].concat());
    assert!(whole.stdout.len() > 1 << 18, "more than any pipe holds");
}

#[test]
fn evaluate_s_json_has_the_agreed_shape() {
    let desk = Desk::new();
    train_small(&desk, "m");
    let keys = [
        "n",
        "n_articles",
        "classes",
        "accuracy",
        "macro_f1",
        "per_class",
        "confusion",
        "log_loss",
        "brier",
        "ece",
        "baselines",
    ];
    // Five articles are too few for an interval, twenty are not.
    let few: Vec<Labelled> = sentences().into_iter().take(5).collect();
    desk.file("few.jsonl", labelled_jsonl(&few));
    for (args, interval) in [
        (&["evaluate", "small.jsonl", "--model", "m"][..], true),
        (&["evaluate", "small.jsonl", "--folds", "3"], true),
        (&["evaluate", "few.jsonl", "--model", "m"], false),
    ] {
        let evaluation = desk.json(&[args, &["--format", "json"]].concat());
        has_keys(&evaluation, &keys);
        assert_eq!(
            evaluation["classes"],
            json!(["against", "favor", "neutral"])
        );
        for figure in ["accuracy", "macro_f1", "log_loss", "brier", "ece"] {
            is_estimate(&evaluation[figure]);
            assert_eq!(
                evaluation[figure]["low"].is_number(),
                interval,
                "{figure}: {args:?}"
            );
        }
        let mut support = 0;
        for class in list(&evaluation["classes"]) {
            let figures = &evaluation["per_class"][class.as_str().expect("a name")];
            has_keys(figures, &["precision", "recall", "f1", "support"]);
            for figure in ["precision", "recall", "f1"] {
                is_estimate(&figures[figure]);
            }
            support += figures["support"].as_u64().expect("a count");
        }
        let counted: u64 = list(&evaluation["confusion"])
            .iter()
            .flat_map(list)
            .map(|n| n.as_u64().expect("a count"))
            .sum();
        assert_eq!(evaluation["n"], support);
        assert_eq!(evaluation["n"], counted);
        for baseline in ["majority", "target_blind"] {
            has_keys(
                &evaluation["baselines"][baseline],
                &["accuracy", "macro_f1"],
            );
        }
    }
    let evaluation = desk.json(&["evaluate", "few.jsonl", "--model", "m", "--format", "json"]);
    assert_eq!(
        evaluation["confusion"][1],
        json!([0, 0, 0]),
        "rows are true classes"
    );
    assert_eq!(
        evaluation["per_class"]["favor"]["recall"],
        json!({"value": null, "low": null, "high": null}),
        "a class without rows has no recall"
    );
}

#[test]
fn score_s_json_has_the_agreed_shape_and_its_spans_give_the_text_back() {
    let desk = Desk::new();
    let news = articles_jsonl(30);
    let silent = json!({"id": "silent", "outlet": "Dawn", "text": "Nothing happened."});
    desk.file("news.jsonl", format!("{news}{silent}\n"));
    let (run, scores) = desk
        .succeeds(&[&["score", "news.jsonl"], &VOSS[..]].concat())
        .scores();
    has_keys(&run, &["version", "model", "subjects", "coverage"]);
    assert_eq!(run["coverage"]["n_read"], 31);
    assert_eq!(run["coverage"]["subjects"]["Mara Voss"]["n_mentioning"], 30);
    assert_eq!(scores.len(), 30);
    let mut voices = std::collections::BTreeSet::new();
    for (score, line) in scores.iter().zip(news.lines()) {
        let article: Value = serde_json::from_str(line).expect("JSON");
        let text = article["text"].as_str().expect("a body");
        has_keys(
            score,
            &[
                "article",
                "outlet",
                "title",
                "date",
                "story",
                "genre",
                "subject",
                "net_stance",
                "n",
                "by_voice",
                "sentences",
                "furniture",
            ],
        );
        for (ours, theirs) in [
            ("article", "id"),
            ("outlet", "outlet"),
            ("date", "date"),
            ("story", "story"),
        ] {
            assert_eq!(score[ours], article[theirs]);
        }
        assert_eq!(
            score["extra"],
            json!({"section": article["section"], "words": article["words"]})
        );
        check_spans(score, text, &["Mara Voss", "Voss"]);
        let of_voice: u64 = score["by_voice"]
            .as_object()
            .expect("by voice")
            .iter()
            .map(|(voice, figures)| {
                has_keys(figures, &["net_stance", "n"]);
                voices.insert(voice.clone());
                if voice == "self" {
                    0
                } else {
                    figures["n"].as_u64().expect("a count")
                }
            })
            .sum();
        assert_eq!(score["n"], of_voice);
    }
    assert!(
        voices.contains("outlet") && voices.contains("quote"),
        "{voices:?}"
    );

    let all = [&["score", "news.jsonl", "--all-articles"], &VOSS[..]].concat();
    let (_, scores) = desk.succeeds(&all).scores();
    let silent = &scores[30];
    assert_eq!(
        (&silent["net_stance"], &silent["n"]),
        (&Value::Null, &json!(0))
    );
    assert_eq!(silent["sentences"], json!([]));
}

#[test]
fn pronouns_count_only_where_they_are_asked_for() {
    let desk = Desk::new();
    let text = "Mara Voss opened the pier on Monday. She cut the ribbon herself. Mara Voss met Ann Lund. She left early.";
    desk.file(
        "news.jsonl",
        json!({"id": "1", "outlet": "Dawn", "text": text}).to_string(),
    );
    let score = |more: &[&str]| {
        let (_, scores) = desk
            .succeeds(&[&["score", "news.jsonl", "--subject", "Mara Voss"], more].concat())
            .scores();
        list(&scores[0]["sentences"]).to_vec()
    };
    assert_eq!(score(&[]).len(), 2);
    let with_pronouns = score(&["--mentions", "pronoun"]);
    assert_eq!(with_pronouns.len(), 3);
    let found: Vec<(String, &Value)> = list(&with_pronouns[1]["mentions"])
        .iter()
        .map(|mention| (characters(text, &mention["span"]), &mention["how"]))
        .collect();
    let pronoun = json!("pronoun");
    assert_eq!(
        found,
        [("She".into(), &pronoun), ("herself".into(), &pronoun)]
    );

    let read = ["read", "news.jsonl", "--subject", "Mara Voss"];
    let shown = |more: &[&str]| desk.succeeds(&[&read[..], more].concat()).text();
    assert!(!shown(&[]).contains("[She"));
    assert!(shown(&["--mentions", "pronoun"]).contains("[She: Mara Voss] cut"));
    assert!(shown(&["--mentions", "pronoun", "--kwic"]).contains("outlet pronoun"));
}

/// Every span of `score` gives its text back, and the article's figure is the mean of its sentences'.
fn check_spans(score: &Value, text: &str, names: &[&str]) {
    let mut counted = Vec::new();
    for sentence in list(&score["sentences"]) {
        has_keys(
            sentence,
            &[
                "span",
                "text",
                "furniture",
                "voice",
                "mentions",
                "probabilities",
                "net_stance",
            ],
        );
        assert_eq!(
            characters(text, &sentence["span"]),
            sentence["text"].as_str().expect("text")
        );
        assert!(!list(&sentence["mentions"]).is_empty());
        for mention in list(&sentence["mentions"]) {
            has_keys(mention, &["span", "voice", "speaker", "how"]);
            let name = characters(text, &mention["span"]);
            assert!(names.contains(&name.as_str()), "{name}");
            let inside = number(&mention["span"][0]) >= number(&sentence["span"][0])
                && number(&mention["span"][1]) <= number(&sentence["span"][1]);
            assert!(inside, "{mention} in {sentence}");
        }
        sums_to_one(&sentence["probabilities"]);
        let p = &sentence["probabilities"];
        let net = number(&p["positive"]) - number(&p["negative"]);
        assert!(
            (net - number(&sentence["net_stance"])).abs() < 3e-6,
            "{sentence}"
        );
        if sentence["furniture"].is_null() && sentence["voice"] != "self" {
            counted.push(number(&sentence["net_stance"]));
        }
    }
    assert_eq!(score["n"], counted.len());
    match counted.len() {
        0 => assert!(score["net_stance"].is_null()),
        n => {
            let mean = counted.iter().sum::<f64>() / n as f64;
            assert!(
                (mean - number(&score["net_stance"])).abs() < 2e-6,
                "{score}"
            );
        }
    }
    for furniture in list(&score["furniture"]) {
        has_keys(furniture, &["span", "kind"]);
        assert!(!characters(text, &furniture["span"]).is_empty());
    }
}

#[test]
fn spans_give_the_text_back_in_the_example_articles() {
    let desk = Desk::new();
    let folder = repository("training-data/articles");
    let (_, scores) = desk
        .succeeds(&[&["score", &folder], &VERRICK[..]].concat())
        .scores();
    assert_eq!(scores.len(), 20);
    for score in &scores {
        let id = score["article"].as_str().expect("an id");
        let text = std::fs::read_to_string(format!("{folder}/{id}.txt")).expect("the article");
        check_spans(
            score,
            &text,
            &["Dana Verrick", "DANA VERRICK", "Verrick", "VERRICK"],
        );
    }
}

#[test]
fn compare_s_json_has_the_agreed_shape() {
    let desk = Desk::new();
    // Thirty articles of three outlets, two of a fourth, one silent article of a fifth; without stories.
    let mut news = articles_jsonl(30).replace("\"story\":", "\"event\":");
    for (i, outlet) in ["Eve", "Eve", "Moth"].iter().enumerate() {
        let text = if *outlet == "Eve" {
            "Mara Voss won the race."
        } else {
            "It rained."
        };
        let _ = writeln!(
            news,
            "{}",
            json!({"id": format!("x{i}"), "outlet": outlet, "text": text})
        );
    }
    desk.file("news.jsonl", news);
    let comparison = desk.json(
        &[
            &[
                "compare",
                "news.jsonl",
                "--format",
                "json",
                "--min-articles",
                "5",
            ],
            &VOSS[..],
        ]
        .concat(),
    );
    has_keys(
        &comparison,
        &[
            "subject",
            "model",
            "level",
            "outlets",
            "differences",
            "evidence",
            "notes",
        ],
    );
    assert_eq!(
        (&comparison["subject"], &comparison["level"]),
        (&json!("Mara Voss"), &json!(0.95))
    );
    let outlet = |name: &str| {
        list(&comparison["outlets"])
            .iter()
            .find(|outlet| outlet["outlet"] == name)
            .unwrap_or_else(|| panic!("no {name}"))
    };
    for name in ["Dawn", "Dusk", "Noon", "Eve", "Moth"] {
        let outlet = outlet(name);
        has_keys(
            outlet,
            &[
                "outlet",
                "subject",
                "n_read",
                "n_articles",
                "n_sentences",
                "net_stance",
                "shares",
                "shares_hard",
            ],
        );
        is_estimate(&outlet["net_stance"]);
        if name != "Moth" {
            sums_to_one(&outlet["shares"]);
            sums_to_one(&outlet["shares_hard"]);
        }
    }
    assert!(outlet("Dawn")["net_stance"]["low"].is_number());
    let eve = outlet("Eve");
    assert!(
        eve["net_stance"]["value"].is_number(),
        "two articles have a mean"
    );
    assert!(eve["net_stance"]["low"].is_null(), "and no interval");
    let moth = outlet("Moth");
    assert_eq!(
        (&moth["n_read"], &moth["n_articles"]),
        (&json!(1), &json!(0))
    );
    assert_eq!(
        moth["net_stance"],
        json!({"value": null, "low": null, "high": null})
    );

    let differences = list(&comparison["differences"]);
    let tested: Vec<&str> = differences
        .iter()
        .map(|d| d["a"].as_str().expect("a name"))
        .collect();
    assert_eq!(differences.len(), 3, "{tested:?}");
    assert!(!tested.contains(&"Eve"), "no test below five articles");
    let family = &comparison["tests"];
    has_keys(
        family,
        &["unit", "alpha", "n_tested", "n_draws", "untested", "sd"],
    );
    let untested = list(&family["untested"]);
    assert_eq!(untested[0]["outlet"], "Eve");
    assert_eq!(untested[0]["reason"], "5 articles are needed");
    for key in ["population", "unit", "weights", "sentences", "value"] {
        assert!(comparison["estimand"][key].is_string());
    }
    assert_eq!(list(&comparison["robustness"])[0]["variant"], "as reported");
    for difference in differences {
        has_keys(
            difference,
            &[
                "subject",
                "a",
                "b",
                "estimate",
                "low",
                "high",
                "p",
                "p_adjusted",
            ],
        );
        let (p, adjusted) = (number(&difference["p"]), number(&difference["p_adjusted"]));
        assert!(0.0 < p && p <= adjusted && adjusted <= 1.0, "{difference}");
    }
    for note in list(&comparison["notes"]) {
        has_keys(note, &["code", "text", "outlet"]);
    }
    let about = |name: &str| {
        list(&comparison["notes"])
            .iter()
            .any(|note| note["outlet"] == name)
    };
    assert!(about("Eve") && about("Moth"));
    assert!(!list(&comparison["evidence"]).is_empty());
}

#[test]
fn what_a_prior_shift_would_do_is_told_in_one_line_with_its_assumption() {
    let desk = Desk::new();
    let news = articles_jsonl(60);
    let backwards: Vec<&str> = news.lines().rev().collect();
    desk.file("backwards.jsonl", backwards.join("\n"));
    desk.file("news.jsonl", &news);
    let compared = |input: &str, options: &[&str]| {
        let args = [&["compare", input], &VOSS[..], options].concat();
        desk.succeeds(&args).text()
    };
    let text = compared("news.jsonl", &["--threads", "1"]);
    let line = |text: &str| -> String {
        let (_, rest) = text
            .split_once("Sensitivity, not a correction: if ")
            .expect("the line");
        let (line, _) = rest.split_once("\n\n").expect("more follows");
        line.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let told = line(&text);
    assert!(
        told.starts_with("sentences of a class read alike"),
        "{told}"
    );
    assert!(
        told.contains("Saerens et al. 2002) would put net stance at D"),
        "{told}"
    );
    assert_eq!(told, line(&compared("news.jsonl", &["--threads", "2"])));
    assert_eq!(told, line(&compared("backwards.jsonl", &[])));

    desk.succeeds(&[&["score", "news.jsonl", "-o", "s.jsonl"], &VOSS[..]].concat());
    assert_eq!(text, desk.succeeds(&["compare", "s.jsonl"]).text());
    let comparison = desk.json(&["compare", "s.jsonl", "--format", "json"]);
    let shift = &comparison["prior_shift"];
    has_keys(
        shift,
        &["assumption", "outlets", "rank_correlation", "same_order"],
    );
    assert!(!shift.to_string().contains("correct"), "{shift}");
    for outlet in list(&comparison["outlets"]) {
        let name = outlet["outlet"].as_str().expect("a name");
        let shifted = &shift["outlets"][name];
        sums_to_one(&shifted["shares"]);
        assert!(
            (-1.0..=1.0).contains(&number(&shifted["net_stance"])),
            "{shifted}"
        );
    }

    // Scores made before class counts were kept, and outlets with fewer than 30 sentences.
    let scores = String::from_utf8(desk.bytes("s.jsonl")).expect("UTF-8");
    let (before, rest) = scores.split_once("\"class_counts\":{").expect("counts");
    let (_, after) = rest.split_once("},").expect("more follows");
    desk.file("old.jsonl", format!("{before}{after}"));
    let few = repository("training-data/articles");
    for text in [
        desk.succeeds(&["compare", "old.jsonl"]).text(),
        desk.succeeds(&[&["compare", &few], &VERRICK[..]].concat())
            .text(),
    ] {
        assert!(!text.contains("Saerens"), "{text}");
    }
}

#[test]
fn a_score_file_named_twice_counts_once() {
    let desk = Desk::new();
    desk.file("news.jsonl", articles_jsonl(9));
    desk.succeeds(&[&["score", "news.jsonl", "-o", "s.jsonl"], &VOSS[..]].concat());
    let once = desk.succeeds(&["compare", "s.jsonl"]).text();
    let twice = desk.succeeds(&["compare", "s.jsonl", "./s.jsonl"]).text();
    assert_eq!(once, twice);
    // Two halves are as good as one.
    let news = articles_jsonl(9);
    let half = news.match_indices('\n').nth(4).expect("nine lines").0 + 1;
    desk.file("a.jsonl", &news[..half]);
    desk.file("b.jsonl", &news[half..]);
    desk.succeeds(&[&["score", "a.jsonl", "-o", "sa.jsonl"], &VOSS[..]].concat());
    desk.succeeds(&[&["score", "b.jsonl", "-o", "sb.jsonl"], &VOSS[..]].concat());
    assert_eq!(
        once,
        desk.succeeds(&["compare", "sa.jsonl", "sb.jsonl"]).text()
    );
}

#[test]
fn overlapping_scores_count_once_and_it_is_noted() {
    let desk = Desk::new();
    let news = articles_jsonl(9);
    let lines: Vec<&str> = news.split_inclusive('\n').collect();
    desk.file("all.jsonl", &news);
    desk.file("a.jsonl", lines[..6].concat());
    desk.file("b.jsonl", lines[4..].concat());
    for name in ["all", "a", "b"] {
        let (input, output) = (format!("{name}.jsonl"), format!("s{name}.jsonl"));
        desk.succeeds(&[&["score", &input, "-o", &output], &VOSS[..]].concat());
    }
    let compare = |args: &[&str]| desk.json(&[&["compare", "--format", "json"], args].concat());
    let (once, overlapping) = (compare(&["sall.jsonl"]), compare(&["sa.jsonl", "sb.jsonl"]));
    assert_eq!(once["outlets"], overlapping["outlets"]);
    assert_eq!(once["n_read"], overlapping["n_read"]);
    let note = list(&overlapping["notes"])
        .iter()
        .find(|note| note["code"] == "duplicate_scores")
        .expect("two articles came twice");
    let text = note["text"].as_str().expect("words");
    assert!(text.starts_with("2 scores of an article"), "{text}");
    // Articles and their scores are compared alike.
    let articles = compare(&[&["a.jsonl", "b.jsonl"], &VOSS[..]].concat());
    assert_eq!(articles["outlets"], once["outlets"]);
}

/// Three articles of Dawn and one of Dusk in which people speak about Mara Voss.
fn voiced_articles() -> String {
    let bodies = [
        (
            "Dawn",
            "“Mara Voss lied to the council,” said Sen. Ida Holt. Holt said that Mara Voss should resign.",
        ),
        (
            "Dawn",
            "Critics said that Mara Voss had failed the town. “Voss broke her word,” Ida Holt said.",
        ),
        (
            "Dawn",
            "Mara Voss won the race. “Voss wasted the money,” said Ida Holt. “I lost nothing,” Voss said.",
        ),
        (
            "Dusk",
            "“Voss kept her word,” said Paul Orr. Lena Marsh said that Mara Voss was late.",
        ),
    ];
    let mut text = String::new();
    for (i, (outlet, body)) in bodies.iter().enumerate() {
        let row = json!({"id": format!("v{i}"), "outlet": outlet, "text": body});
        let _ = writeln!(text, "{row}");
    }
    text
}

const SPEAKERS_CSV: &str = "\u{feff}speaker;camp\r\nSenator IDA HOLT;critics\r\nPaul Orr;defenders\r\nUna Pell;defenders\r\n";

#[test]
fn who_gets_to_speak_is_counted_by_camp() {
    let desk = Desk::new();
    desk.file("news.jsonl", voiced_articles());
    desk.file("speakers.csv", SPEAKERS_CSV);
    let compare = |list: &str| {
        let args = ["compare", "news.jsonl", "--speakers", list];
        desk.json(&[&args[..], &["--format", "json"], &VOSS].concat())
    };
    let comparison = compare("speakers.csv");
    let outlet = |name: &str| {
        list(&comparison["outlets"])
            .iter()
            .find(|outlet| outlet["outlet"] == name)
            .unwrap_or_else(|| panic!("no {name}"))
    };
    let rows = |camps: &Value| -> Vec<(String, u64, u64, u64)> {
        let figure = |camp: &Value, key: &str| camp[key].as_u64().expect("a count");
        list(camps)
            .iter()
            .map(|camp| {
                has_keys(camp, &["kind", "share"]);
                is_estimate(&camp["net_stance"]);
                let exists = camp["net_stance"]["value"].is_number();
                assert_eq!(exists, figure(camp, "n_articles") >= 3, "{camp}");
                (
                    camp["camp"].as_str().expect("a name").to_string(),
                    figure(camp, "n_sentences"),
                    figure(camp, "n_articles"),
                    figure(camp, "n_first"),
                )
            })
            .collect()
    };
    let row = |name: &str, n, n_articles, n_first| (name.to_string(), n, n_articles, n_first);
    assert_eq!(
        rows(&outlet("Dawn")["camps"]),
        [
            row("critics", 4, 3, 2),
            row("defenders", 0, 0, 0),
            row("others, not listed", 0, 0, 0),
            row("unnamed sources", 1, 1, 1),
            row("speaker not found", 0, 0, 0),
        ]
    );
    assert_eq!(outlet("Dawn")["camps"][0]["share"], 0.8);
    assert_eq!(
        rows(&comparison["camps"]["all"])[1..3],
        [
            row("defenders", 1, 1, 1),
            row("others, not listed", 1, 1, 0)
        ]
    );
    assert_eq!(comparison["camps"]["never_heard"], json!(["Una Pell"]));
    let note = |code: &str| {
        list(&comparison["notes"])
            .iter()
            .any(|note| note["code"] == code)
    };
    assert!(note("camps") && note("speakers_never_heard"));

    // However the list is written, and whether articles or scores are compared.
    desk.file(
        "speakers.toml",
        "[camps]\ndefenders = [\"Orr\", \"Paul Orr\", \"Una Pell\"]\ncritics = [\"Holt\", \"Ida Holt\"]\n",
    );
    let toml = compare("speakers.toml");
    assert_eq!(toml["outlets"], comparison["outlets"]);
    desk.file(
        "sides.tsv",
        "Who\tSide\nIda Holt\tcritics\nPaul Orr\tdefenders\nUna Pell\tdefenders\n",
    );
    let renamed = ["--speaker-column", "Who", "--camp-column", "Side"];
    let args = [
        "compare",
        "news.jsonl",
        "--speakers",
        "sides.tsv",
        "--format",
        "json",
    ];
    assert_eq!(
        desk.json(&[&args[..], &renamed, &VOSS].concat()),
        comparison
    );

    let score = ["score", "news.jsonl", "-o"];
    desk.succeeds(&[&score[..], &["plain.jsonl"], &VOSS].concat());
    let with_camps = ["camps.jsonl", "--speakers", "speakers.csv"];
    desk.succeeds(&[&score[..], &with_camps, &VOSS].concat());
    let json = ["--format", "json"];
    let of_scores = ["compare", "plain.jsonl", "--speakers", "speakers.csv"];
    assert_eq!(desk.json(&[&of_scores[..], &json].concat()), comparison);
    let from_run = ["compare", "camps.jsonl"];
    assert_eq!(desk.json(&[&from_run[..], &json].concat()), comparison);
    let both = desk.succeeds(&["compare", "plain.jsonl", "camps.jsonl"]);
    assert!(
        both.stderr.contains("different lists of speakers"),
        "{}",
        both.stderr
    );
    assert!(!both.text().contains("by camp"), "{}", both.text());
}

#[test]
fn scores_carry_the_camp_of_each_speaker() {
    let desk = Desk::new();
    desk.file("news.jsonl", voiced_articles());
    desk.file("speakers.csv", SPEAKERS_CSV);
    let args = ["score", "news.jsonl", "--speakers", "speakers.csv"];
    let (run, scores) = desk.succeeds(&[&args[..], &VOSS].concat()).scores();
    assert_eq!(
        run["camps"],
        json!({"critics": ["Senator IDA HOLT"], "defenders": ["Paul Orr", "Una Pell"]})
    );
    let camps: Vec<Option<&str>> = scores
        .iter()
        .flat_map(|score| list(&score["sentences"]))
        .map(|sentence| sentence["camp"].as_str())
        .collect();
    let critics = camps.iter().filter(|camp| **camp == Some("critics"));
    let defenders = camps.iter().filter(|camp| **camp == Some("defenders"));
    assert_eq!((critics.count(), defenders.count()), (4, 1), "{camps:?}");

    let table = desk
        .succeeds(&[&args[..], &["--format", "csv"], &VOSS].concat())
        .text();
    assert!(
        table
            .lines()
            .next()
            .expect("a header")
            .contains(",voice,speaker,camp,"),
        "{table}"
    );
    assert!(table.contains(",quote,Paul Orr,defenders,"), "{table}");
    let args = ["compare", "news.jsonl", "--speakers", "speakers.csv"];
    let table = desk
        .succeeds(&[&args[..], &["--format", "csv"], &VOSS].concat())
        .text();
    let mut rows = csv::Reader::from_reader(table.as_bytes());
    let header = rows.headers().expect("a header").clone();
    for figure in [
        "n_sentences",
        "share",
        "n_articles",
        "n_first",
        "net_stance",
        "low",
        "high",
    ] {
        for camp in [
            "camp_critics",
            "camp_defenders",
            "not_listed",
            "unnamed",
            "not_found",
        ] {
            let name = format!("{figure}_{camp}");
            assert!(header.iter().any(|column| column == name), "{name}");
        }
    }
    assert_eq!(rows.records().filter(|row| row.is_ok()).count(), 2);
}

#[test]
fn figures_without_quotations_are_means_over_own_and_reported_sentences() {
    let desk = Desk::new();
    desk.file("news.jsonl", voiced_articles());
    desk.succeeds(&[&["score", "news.jsonl", "-o", "s.jsonl"], &VOSS[..]].concat());
    let (_, scores) = common::scores_of(&String::from_utf8(desk.bytes("s.jsonl")).expect("UTF-8"));
    let comparison = desk.json(&["compare", "s.jsonl", "--format", "json"]);
    let mut n_checked = 0;
    for outlet in list(&comparison["outlets"]) {
        let (mut means, mut n_sentences) = (Vec::new(), 0);
        for score in scores.iter().filter(|s| s["outlet"] == outlet["outlet"]) {
            let kept: Vec<f64> = list(&score["sentences"])
                .iter()
                .filter(|s| s["furniture"].is_null())
                .filter(|s| s["voice"] == "outlet" || s["voice"] == "reported")
                .map(|s| number(&s["net_stance"]))
                .collect();
            n_sentences += kept.len();
            if !kept.is_empty() {
                means.push(kept.iter().sum::<f64>() / kept.len() as f64);
            }
        }
        let figures = &outlet["without_quotations"];
        assert_eq!(figures["n_articles"], means.len());
        assert_eq!(figures["n_sentences"], n_sentences);
        is_estimate(&figures["net_stance"]);
        match figures["net_stance"]["value"].as_f64() {
            None => assert!(means.len() < 3, "{figures}"),
            Some(value) => {
                let mean = means.iter().sum::<f64>() / means.len() as f64;
                assert!((value - mean).abs() < 1e-5, "{figures}, expected {mean}");
                n_checked += 1;
            }
        }
    }
    assert_eq!(n_checked, 1, "Dawn has three articles, Dusk one");
    let args = [
        "score",
        "news.jsonl",
        "--format",
        "csv",
        "--level",
        "article",
    ];
    let table = desk.succeeds(&[&args[..], &VOSS].concat()).text();
    assert!(
        table.contains(",n_without_quotations,net_stance_without_quotations"),
        "{table}"
    );
}

#[test]
fn tables_of_camps_fit_a_terminal_of_80_columns() {
    use standpoint::classes::Polarity;
    use standpoint::compare::{CompareParams, Comparer, Provenance};
    use standpoint::report::{Parts, Width, comparison_text};
    use standpoint::score::{Camps, read_score_file};

    let desk = Desk::new();
    let articles = repository("training-data/articles");
    let speakers = repository("training-data/speakers.csv");
    desk.succeeds(&[&["score", &articles, "-o", "s.jsonl"], &VERRICK[..]].concat());
    let file = read_score_file(&desk.path("s.jsonl")).expect("scores");
    let run = file.run().clone();
    let provenance = Provenance {
        model: run.model.clone(),
        classes: run.classes.clone(),
        polarity: Some(vec![Polarity::Against, Polarity::Neutral, Polarity::Favor]),
        construct: None,
        plan: None,
        trained: None,
        sentences: run.sentences.clone(),
        aliases: Vec::new(),
    };
    let camps = Camps::read(speakers.as_ref(), &Default::default()).expect("a list");
    let mut comparer =
        Comparer::new("Dana Verrick", provenance, CompareParams::default()).camps(Some(camps));
    for score in file {
        comparer.add(&score.expect("a score"));
    }
    let text = comparison_text(&comparer.finish(&run.coverage), Parts::default(), Width(80));
    let camps = text
        .split_once("Who gets to speak")
        .and_then(|(_, rest)| rest.split_once("Class shares"))
        .expect("a table of camps")
        .0;
    assert!(camps.contains("\n  others, not listed "), "{camps}");
    for line in text.lines() {
        assert!(line.chars().count() <= 80, "{line}");
    }
    let never_heard =
        "Lena Whitcomb, Leonard Fisk, Tessa Orcutt, Vance Ettinger (4 of 13 speakers)";
    let words: Vec<&str> = text.split_whitespace().collect();
    assert!(words.join(" ").contains(never_heard), "{text}");
}

#[test]
fn packed_scores_and_scores_on_standard_input_are_compared_alike() {
    let desk = Desk::new();
    desk.file("news.jsonl", articles_jsonl(9));
    let scores = desk
        .succeeds(&[&["score", "news.jsonl"], &VOSS[..]].concat())
        .stdout;
    desk.file("s.jsonl", &scores);
    desk.file("s.jsonl.gz", gzip(&scores));
    desk.file(
        "s.jsonl.zst",
        zstd::encode_all(&scores[..], 3).expect("packed"),
    );
    desk.file("blank.jsonl", [&scores[..], b"\n\r\n"].concat());
    let plain = desk.succeeds(&["compare", "s.jsonl"]).text();
    for name in ["s.jsonl.gz", "s.jsonl.zst", "blank.jsonl"] {
        assert_eq!(plain, desk.succeeds(&["compare", name]).text(), "{name}");
        let piped = desk.run_with(&["compare", "-"], desk.bytes(name));
        piped.assert_success();
        assert_eq!(plain, piped.text(), "{name} on stdin");
    }
    desk.run_with(&["compare", "-"], articles_jsonl(3))
        .assert_refused(1, &["-:1:", "add --input-format"]);
}

#[test]
fn scores_may_be_written_into_the_folder_that_is_read() {
    let desk = Desk::new();
    desk.file("news/Dawn/a.txt", "Mara Voss won the race.\n");
    let args = [&["score", "news", "-o", "news/s.csv"], &VOSS[..]].concat();
    let outcome = desk.succeeds(&args);
    assert!(!outcome.stderr.contains("skipped"), "{}", outcome.stderr);
    desk.refuses(
        &[&["score", "news", "-o", "other.csv"], &VOSS[..]].concat(),
        &["news/s.csv is a table of scores"],
    );
}

#[test]
fn sentences_of_the_training_data_are_counted_in_a_test() {
    let desk = Desk::new();
    train_small(&desk, "m");
    let mut rows = sentences();
    rows.truncate(3);
    rows.push(("Mara Voss sang.".into(), "neutral", "new".into()));
    desk.file("test.jsonl", labelled_jsonl(&rows));
    let test = ["evaluate", "test.jsonl", "--model", "m", "--format"];
    let evaluation = desk.json(&[&test[..], &["json"]].concat());
    assert_eq!(evaluation["n_seen_in_training"], 3);
    assert_eq!(evaluation["input"]["n_bad"], 0);
    assert_eq!(evaluation["input"]["targets"]["by_name"], 4);
    let text = desk.succeeds(&[&test[..], &["text"]].concat()).text();
    assert!(
        text.contains("3 of 4 sentences were in the model's training data"),
        "{text}"
    );
    let folds = desk.json(&[
        "evaluate",
        "small.jsonl",
        "--folds",
        "3",
        "--format",
        "json",
    ]);
    assert!(folds["n_seen_in_training"].is_null());
}

/// Intercept and contributions sum to the logits, and those become the probabilities.
fn check_explanation(explanation: &Value) {
    let classes: Vec<&String> = explanation["logits"]
        .as_object()
        .expect("a logit a class")
        .keys()
        .collect();
    let logits: Vec<f64> = classes
        .iter()
        .map(|class| number(&explanation["logits"][class.as_str()]))
        .collect();
    let mean = logits.iter().sum::<f64>() / logits.len() as f64;
    let length = logits
        .iter()
        .map(|z| (z - mean).powi(2))
        .sum::<f64>()
        .sqrt();
    let calibration = &explanation["calibration"];
    let factor =
        number(&calibration["scale"]) * length.powf(number(&calibration["exponent"]) - 1.0);
    assert!((factor - number(&calibration["factor"])).abs() < 1e-9);
    let mut scaled = Vec::new();
    for class in &classes {
        let contributed: f64 = list(&explanation["contributions"])
            .iter()
            .map(|c| number(&c["by_class"][class.as_str()]))
            .sum();
        let logit = number(&explanation["logits"][class.as_str()]);
        let sum = number(&explanation["intercept"][class.as_str()]) + contributed;
        assert!((sum - logit).abs() < 1e-6, "{class}: {sum} for {logit}");
        scaled.push(factor * logit + number(&calibration["biases"][class.as_str()]));
    }
    let max = scaled.iter().copied().fold(f64::MIN, f64::max);
    let total: f64 = scaled.iter().map(|z| (z - max).exp()).sum();
    for (class, z) in classes.iter().zip(&scaled) {
        let p = (z - max).exp() / total;
        let said = number(&explanation["probabilities"][class.as_str()]);
        assert!((p - said).abs() < 1e-9, "{class}: {p} for {said}");
    }
    let text = explanation["text"].as_str().expect("the text");
    for contribution in list(&explanation["contributions"]) {
        has_keys(contribution, &["feature", "family", "spans", "by_class"]);
        for span in list(&contribution["spans"]) {
            assert!(!characters(text, span).is_empty());
        }
    }
}

#[test]
fn contributions_sum_to_the_logits_with_two_classes_and_with_three() {
    let desk = Desk::new();
    train_small(&desk, "three");
    let two: Vec<Labelled> = sentences()
        .into_iter()
        .filter(|row| row.1 != "neutral")
        .collect();
    desk.file("two.jsonl", labelled_jsonl(&two));
    desk.succeeds(&["train", "two.jsonl", "-o", "two"]);
    for (model, k) in [
        (&["--model", "two"][..], 2),
        (&["--model", "three"], 3),
        (&[], 3),
    ] {
        for text in [
            "Neighbours thank Mara Voss for the splendid work at the school.",
            "“I never trusted her,” said Ünal 🎉 of Mara Voss, who wasted the money.",
            "Mara Voss",
            "Mara Voss met Mara Voss, and Voss blamed Voss.",
        ] {
            let explain = ["explain", text, "--format", "json"];
            for subject in [&VOSS[..], &[]] {
                let explanation = desk.json(&[&explain[..], model, subject].concat());
                assert_eq!(explanation["logits"].as_object().expect("logits").len(), k);
                check_explanation(&explanation);
            }
        }
    }
    let from_stdin = desk.run_with(
        &["explain", "-", "--subject", "Mara Voss", "--format", "json"],
        "Mara Voss won.\n",
    );
    let given = desk.succeeds(&[
        "explain",
        "Mara Voss won.",
        "--subject",
        "Mara Voss",
        "--format",
        "json",
    ]);
    assert_eq!(from_stdin.stdout, given.stdout);
    let text = desk
        .succeeds(&["explain", "Mara Voss won.", "--subject", "Mara Voss"])
        .text();
    assert!(
        text.starts_with("[Mara Voss] won.") && text.contains("intercept"),
        "{text}"
    );
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).expect("packed");
    encoder.finish().expect("packed")
}

#[test]
fn packed_files_and_standard_input_are_read_alike() {
    let desk = Desk::new();
    let news = articles_jsonl(12);
    desk.file("news.jsonl", &news);
    desk.file("news.jsonl.gz", gzip(news.as_bytes()));
    desk.file(
        "news.jsonl.zst",
        zstd::encode_all(news.as_bytes(), 3).expect("packed"),
    );
    let plain = desk
        .succeeds(&[&["score", "news.jsonl"], &VOSS[..]].concat())
        .stdout;
    for name in ["news.jsonl.gz", "news.jsonl.zst"] {
        assert_eq!(
            plain,
            desk.succeeds(&[&["score", name], &VOSS[..]].concat())
                .stdout,
            "{name}"
        );
        let input = [&["score", "-", "--input-format", "jsonl"], &VOSS[..]].concat();
        assert_eq!(
            plain,
            desk.run_with(&input, desk.bytes(name)).stdout,
            "{name} on stdin"
        );
    }
    let input = [
        &[
            "score",
            "-",
            "--input-format",
            "txt",
            "--outlet",
            "My paper",
        ],
        &VOSS[..],
    ]
    .concat();
    let outcome = desk.run_with(&input, "Mara Voss won the race.\n");
    outcome.assert_success();
    let (_, scores) = outcome.scores();
    assert_eq!(scores[0]["outlet"], "My paper");

    let rows = labelled_jsonl(&sentences());
    desk.file("rows.jsonl", &rows);
    desk.file("rows.jsonl.gz", gzip(rows.as_bytes()));
    desk.succeeds(&["train", "rows.jsonl", "-o", "a"]);
    desk.succeeds(&["train", "rows.jsonl.gz", "-o", "b"]);
    let outcome = desk.run_with(&["train", "-", "--input-format", "jsonl", "-o", "c"], rows);
    outcome.assert_success();
    let digest =
        |name| desk.json(&["inspect", name, "--format", "json"])["training"]["data_digest"].clone();
    assert!(digest("a").is_string());
    assert_eq!(digest("a"), digest("b"));
    assert_eq!(digest("a"), digest("c"));
}

#[test]
fn a_spreadsheet_s_csv_is_read_as_any_other() {
    let desk = Desk::new();
    let rows = sentences();
    let (mut comma, mut semicolon, mut tabs) = (
        String::from("text,label,article,subject\n"),
        String::from("\u{FEFF}Satz;Code;Artikel;Wer\r\n"),
        String::from("text\tlabel\tarticle\tsubject\n"),
    );
    for (text, label, article) in &rows {
        let _ = writeln!(comma, "\"{text}\",{label},{article},Mara Voss");
        let _ = write!(semicolon, "{text};{label};{article};Mara Voss\r\n");
        let _ = writeln!(tabs, "{text}\t{label}\t{article}\tMara Voss");
    }
    desk.file("a.jsonl", labelled_jsonl(&rows));
    desk.file("a.csv", comma);
    desk.file("b.csv", semicolon);
    desk.file("a.tsv", tabs);
    let flags = [
        "--text-column",
        "Satz",
        "--label-column",
        "Code",
        "--article-column",
        "Artikel",
        "--subject-column",
        "Wer",
    ];
    let digest = |file: &str, flags: &[&str]| {
        desk.succeeds(&[&["train", file, "-o", "m"], flags].concat());
        desk.json(&["inspect", "m", "--format", "json"])["training"]["data_digest"].clone()
    };
    let expected = digest("a.jsonl", &[]);
    assert!(expected.is_string());
    assert_eq!(digest("a.csv", &[]), expected);
    assert_eq!(digest("a.tsv", &[]), expected);
    assert_eq!(digest("b.csv", &flags), expected);

    desk.file(
        "news.csv",
        "\u{FEFF}Nr;Zeitung;Inhalt;Seite;text\r\n7;Morgen;\"Mara Voss won; “well done”.\r\nIt rained.\";3;x\r\n8;Abend;Mara Voss lost.;4;y\r\n",
    );
    let flags = [
        "--id-column",
        "Nr",
        "--outlet-column",
        "Zeitung",
        "--text-column",
        "Inhalt",
    ];
    let (_, scores) = desk
        .succeeds(&[&["score", "news.csv"], &VOSS[..], &flags].concat())
        .scores();
    assert_eq!(
        (&scores[0]["article"], &scores[0]["outlet"]),
        (&json!("7"), &json!("Morgen"))
    );
    assert_eq!(scores[0]["extra"], json!({"Seite": "3", "text": "x"}));
    check_spans(
        &scores[0],
        "Mara Voss won; “well done”.\r\nIt rained.",
        &["Mara Voss"],
    );

    let table = desk
        .succeeds(&[&["score", "news.csv", "--format", "csv"], &VOSS[..], &flags].concat())
        .text();
    let mut reader = csv::Reader::from_reader(table.as_bytes());
    let header: Vec<String> = reader
        .headers()
        .expect("a header")
        .iter()
        .map(str::to_string)
        .collect();
    assert!(
        header.contains(&"Seite".to_string()) && header.contains(&"input_text".to_string()),
        "{header:?}"
    );
    let column = |name: &str| {
        header
            .iter()
            .position(|h| h == name)
            .unwrap_or_else(|| panic!("no {name}"))
    };
    let records: Vec<csv::StringRecord> = reader.records().map(|r| r.expect("a row")).collect();
    assert_eq!(records.len(), 2);
    assert_eq!(&records[1][column("Seite")], "4");
    assert_eq!(&records[1][column("input_text")], "y");
    assert_eq!(&records[1][column("text")], "Mara Voss lost.");
    for name in [
        "article",
        "outlet",
        "start",
        "end",
        "voice",
        "net_stance",
        "p_negative",
        "p_neutral",
        "p_positive",
    ] {
        column(name);
    }
    let level = ["--format", "csv", "--level", "article"];
    let table = desk
        .succeeds(&[&["score", "news.csv"], &VOSS[..], &flags, &level].concat())
        .text();
    assert_eq!(table.lines().count(), 3, "{table}");
    assert!(
        table.starts_with("article,outlet,title,date,story,genre,subject,n,net_stance,"),
        "{table}"
    );
}

#[test]
fn plain_classes_train_evaluate_and_score() {
    const TOPICS: [(&str, &str); 9] = [
        ("arts", "painted a mural in the gallery"),
        ("farming", "sold the wheat after the harvest"),
        ("health", "opened a clinic for the patients"),
        ("law", "testified before the judge in court"),
        ("money", "raised a loan from the bank"),
        ("schools", "taught the pupils in the classroom"),
        ("sport", "scored a goal in the match"),
        ("travel", "boarded the train at the station"),
        ("weather", "watched the storm and the rain"),
    ];
    let desk = Desk::new();
    let mut csv = String::from("Example,Category\n");
    for i in 0..6 {
        for (topic, text) in TOPICS {
            let _ = writeln!(csv, "\"On day {i}, Mara Voss {text}.\",{topic}");
        }
    }
    desk.file("topics.csv", csv);
    let columns = ["--text-column", "Example", "--label-column", "Category"];
    let options = [&columns[..], &VOSS, &["--format", "json"]].concat();
    let report = desk.json(
        &[
            &["train", "topics.csv", "-o", "m", "--task", "classes"],
            &options[..],
        ]
        .concat(),
    );
    assert_eq!(report["classes"].as_object().expect("counts").len(), 9);
    assert!(report["polarity"].is_null() && report["construct"].is_null());
    let evaluation =
        desk.json(&[&["evaluate", "topics.csv", "--model", "m"], &options[..]].concat());
    assert_eq!(list(&evaluation["confusion"]).len(), 9);
    assert!(number(&evaluation["accuracy"]["value"]) > 0.9);
    let folds = desk.json(&[&["evaluate", "topics.csv", "--folds", "3"], &options[..]].concat());
    assert_eq!(list(&folds["classes"]).len(), 9);

    desk.file("news.jsonl", articles_jsonl(9));
    let news = [&["news.jsonl", "--model", "m"], &VOSS[..]].concat();
    let (run, scores) = desk.succeeds(&[&["score"], &news[..]].concat()).scores();
    assert!(run["polarity"].is_null());
    for score in &scores {
        assert!(score["net_stance"].is_null());
        for sentence in list(&score["sentences"]) {
            assert!(sentence["net_stance"].is_null());
            assert_eq!(
                sentence["probabilities"]
                    .as_object()
                    .expect("classes")
                    .len(),
                9
            );
            sums_to_one(&sentence["probabilities"]);
        }
    }
    let comparison = desk.json(&[&["compare", "--format", "json"], &news[..]].concat());
    for outlet in list(&comparison["outlets"]) {
        assert!(outlet["net_stance"]["value"].is_null());
        sums_to_one(&outlet["shares"]);
    }
    for command in [
        &["compare"][..],
        &["compare", "--format", "csv"],
        &["score", "--format", "text"],
    ] {
        desk.succeeds(&[command, &news[..]].concat());
    }
    let text = desk.succeeds(&[&["compare"], &news[..]].concat()).text();
    let shares = text.split("Class shares").nth(1).expect("a table");
    let header = shares
        .lines()
        .find(|line| line.starts_with("class "))
        .expect("nine classes are rows");
    assert!(header.contains("Dawn") && header.contains("Noon"), "{text}");
    assert!(shares.contains("\nweather "), "{text}");
    let explanation = desk.json(
        &[
            &[
                "explain",
                "Mara Voss scored.",
                "--model",
                "m",
                "--format",
                "json",
            ],
            &VOSS[..],
        ]
        .concat(),
    );
    check_explanation(&explanation);
    desk.succeeds(&["inspect", "m"]);
    // Stance words can be plain classes too.
    desk.file("small.jsonl", labelled_jsonl(&sentences()));
    let report = desk.json(&[
        "train",
        "small.jsonl",
        "-o",
        "p",
        "--task",
        "classes",
        "--format",
        "json",
    ]);
    assert!(report["polarity"].is_null());
}

#[test]
fn own_words_get_a_polarity_by_flag() {
    let desk = Desk::new();
    let rows: Vec<Labelled> = sentences()
        .into_iter()
        .map(|(text, label, article)| {
            let label = match label {
                "favor" => "pros",
                "against" => "cons",
                _ => "mixed",
            };
            (text, label, article)
        })
        .collect();
    desk.file("rows.jsonl", labelled_jsonl(&rows));
    let polarity = ["--polarity", "pros=1,cons=-1,mixed=0"];
    let report = desk.json(
        &[
            &["train", "rows.jsonl", "-o", "m", "--format", "json"],
            &polarity[..],
        ]
        .concat(),
    );
    assert_eq!(report["polarity"], json!([-1, 0, 1]));
    let evaluation = desk.json(&["evaluate", "rows.jsonl", "--model", "m", "--format", "json"]);
    assert_eq!(evaluation["classes"], json!(["cons", "mixed", "pros"]));
    // "Pros" and "pros" are one class, under the name the option gives.
    let mixed = labelled_jsonl(&rows).replacen("\"pros\"", "\"Pros\"", 7);
    desk.file("case.jsonl", mixed);
    let report = desk.json(
        &[
            &["train", "case.jsonl", "-o", "m", "--format", "json"],
            &polarity[..],
        ]
        .concat(),
    );
    assert_eq!(
        report["classes"],
        json!({"cons": 20, "mixed": 20, "pros": 20})
    );
}

#[test]
fn linfa_s_solver_gives_the_same_probabilities_and_refuses_weights() {
    let desk = Desk::new();
    let three = sentences();
    let two: Vec<Labelled> = three
        .iter()
        .filter(|row| row.1 != "neutral")
        .cloned()
        .collect();
    for (name, rows) in [("three.jsonl", &three), ("two.jsonl", &two)] {
        desk.file(name, labelled_jsonl(rows));
        desk.succeeds(&["train", name, "-o", "newton"]);
        desk.succeeds(&["train", name, "-o", "linfa", "--solver", "linfa"]);
        for (text, ..) in rows.iter().step_by(7) {
            let explain = |model| {
                let args = [
                    &["explain", text, "--format", "json", "--model", model],
                    &VOSS[..],
                ]
                .concat();
                desk.json(&args)["probabilities"].clone()
            };
            let (newton, linfa) = (explain("newton"), explain("linfa"));
            for (class, p) in newton.as_object().expect("classes") {
                let difference = (number(p) - number(&linfa[class])).abs();
                assert!(difference < 1e-3, "{class}: {newton} and {linfa}");
            }
        }
    }
    let mut weighted = String::new();
    for (i, (text, label, article)) in three.iter().enumerate() {
        let row = json!({"text": text, "label": label, "article": article, "weight": 1.0 + i as f64 / 60.0});
        let _ = writeln!(weighted, "{row}");
    }
    desk.file("weighted.jsonl", weighted);
    desk.succeeds(&["train", "weighted.jsonl", "-o", "w"]);
    let linfa = ["-o", "m", "--solver", "linfa"];
    desk.misused(
        &[&["train", "weighted.jsonl"], &linfa[..]].concat(),
        &["linfa", "weights", "newton"],
    );
    desk.misused(
        &[
            &["train", "three.jsonl", "--class-weight", "balanced"],
            &linfa[..],
        ]
        .concat(),
        &["linfa", "weights", "newton"],
    );
    desk.succeeds(&[
        "train",
        "three.jsonl",
        "--class-weight",
        "balanced",
        "-o",
        "b",
    ]);
}

#[test]
fn rows_without_a_subject_are_used_target_blind_and_counted() {
    let desk = Desk::new();
    let mut rows = String::new();
    for (text, label, article) in sentences() {
        let _ = writeln!(
            rows,
            "{}",
            json!({"text": text, "label": label, "article": article})
        );
    }
    desk.file("rows.jsonl", &rows);
    let outcome = desk.succeeds(&["train", "rows.jsonl", "-o", "m", "--format", "json"]);
    assert!(
        outcome
            .stderr
            .contains("60 rows have no subject and are used target-blind"),
        "{}",
        outcome.stderr
    );
    assert_eq!(outcome.json()["subjects"]["without_subject"], 60);
    let named = desk.json(
        &[
            &["train", "rows.jsonl", "-o", "m", "--format", "json"],
            &VOSS[..],
        ]
        .concat(),
    );
    assert_eq!(named["subjects"]["by_name"], 60);
    let outcome = desk.succeeds(&[
        "train",
        "rows.jsonl",
        "-o",
        "m",
        "--subject",
        "Tam Birk",
        "--format",
        "json",
    ]);
    assert_eq!(outcome.json()["subjects"]["not_found"], 60);
    assert!(
        outcome
            .stderr
            .contains("the subject of 60 rows is not in their text"),
        "{}",
        outcome.stderr
    );
    let quiet = desk.succeeds(&["evaluate", "rows.jsonl", "--folds", "3", "-q"]);
    assert_eq!(quiet.stderr, "");
}

#[test]
fn numbers_are_matched_with_words_by_polarity_and_it_is_noted() {
    let desk = Desk::new();
    train_small(&desk, "m");
    let mut rows = String::new();
    for (text, label, article) in sentences() {
        let polarity = match label {
            "favor" => 1,
            "against" => -1,
            _ => 0,
        };
        let _ = writeln!(
            rows,
            "{}",
            json!({"text": text, "label": polarity, "article": article, "subject": "Mara Voss"})
        );
    }
    desk.file("numbers.jsonl", rows);
    let evaluate = |file| desk.json(&["evaluate", file, "--model", "m", "--format", "json"]);
    let (words, numbers) = (evaluate("small.jsonl"), evaluate("numbers.jsonl"));
    assert_eq!(words["confusion"], numbers["confusion"]);
    assert!(!words["notes"].to_string().contains("polarity"), "{words}");
    let note = numbers["notes"].to_string();
    assert!(
        note.contains("sentiment") && note.contains("stance") && note.contains("polarity"),
        "{note}"
    );
    let text = desk
        .succeeds(&["evaluate", "numbers.jsonl", "--model", "m"])
        .text();
    assert!(
        text.contains("The labels speak of sentiment, the model of stance"),
        "{text}"
    );
}

#[test]
fn a_fit_that_did_not_converge_is_said_loudly() {
    let desk = Desk::new();
    desk.file("small.jsonl", labelled_jsonl(&sentences()));
    for quiet in [&[][..], &["-q"]] {
        let args = [
            &[
                "train",
                "small.jsonl",
                "-o",
                "m",
                "--max-iter",
                "1",
                "--format",
                "json",
            ],
            quiet,
        ]
        .concat();
        let outcome = desk.succeeds(&args);
        assert!(
            outcome.stderr.contains("warning: THE FIT DID NOT CONVERGE"),
            "{}",
            outcome.stderr
        );
        assert!(
            outcome.stderr.contains("at most 1 steps"),
            "{}",
            outcome.stderr
        );
        assert_eq!(outcome.json()["convergence"]["reached"], false);
    }
    let outcome = desk.succeeds(&["evaluate", "small.jsonl", "--folds", "3", "--max-iter", "1"]);
    assert!(
        outcome.stderr.contains("3 of 3 folds did not converge"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn odd_articles_are_reported_by_name() {
    let desk = Desk::new();
    let rows = [
        json!({"id": "a", "outlet": "Dawn", "date": "2020-05-01", "text": "Mara Voss won."}),
        json!({"id": "a", "outlet": "Dawn", "date": "May 2, 2020", "text": "Mara Voss lost."}),
        json!({"id": "c", "date": "2020-05-01", "text": ""}),
    ];
    desk.file(
        "pages/rows.jsonl",
        rows.map(|row| row.to_string()).join("\n"),
    );
    desk.file("pages/picture.png", "x");
    let outcome = desk.succeeds(&[&["score", "pages"], &VOSS[..]].concat());
    for part in [
        "id seen before: 1 of 3 articles: \"a\"",
        "no text: 1 of 3 articles: \"c\"",
        "no outlet",
        "dates come in 2 formats",
        "skipped pages/picture.png",
    ] {
        assert!(outcome.stderr.contains(part), "{part}: {}", outcome.stderr);
    }
    let (run, scores) = outcome.scores();
    assert_eq!(scores.len(), 2);
    let notes = run["coverage"]["notes"].to_string();
    for code in [
        "duplicate_ids",
        "empty_text",
        "missing_outlet",
        "mixed_dates",
    ] {
        assert!(notes.contains(code), "{code}: {notes}");
    }
    assert_eq!(run["coverage"]["n_skipped_files"], 1);
}

#[test]
fn help_shows_examples_for_every_command() {
    let desk = Desk::new();
    for command in [
        "train",
        "evaluate",
        "score",
        "compare",
        "explain",
        "inspect",
        "learn-vectors",
    ] {
        let help = desk.succeeds(&[command, "--help"]).text();
        assert!(
            help.contains(&format!("standpoint {command}")) && help.contains("Examples:"),
            "{help}"
        );
    }
    assert!(desk.succeeds(&["--help"]).text().contains("Examples:"));
    assert!(
        desk.succeeds(&["--version"])
            .text()
            .starts_with("standpoint ")
    );
}

#[test]
fn unsure_sentences_leave_lists_and_no_mean() {
    let desk = Desk::new();
    desk.file("news.jsonl", articles_jsonl(6));
    let score = ["score", "news.jsonl", "--subject", "Mara Voss", "--format"];
    let run = |options: &[&str]| desk.succeeds(&[&score[..], options].concat()).text();
    let (all, sure) = (run(&["csv"]), run(&["csv", "--min-confidence", "0.7"]));
    let all: Vec<&str> = all.lines().collect();
    let sure: Vec<&str> = sure.lines().collect();
    assert!(sure.len() > 1 && sure.len() < all.len(), "{}", sure.len());
    assert!(
        sure.iter().all(|line| all.contains(line)),
        "rows are as they were"
    );

    // The first line of an article holds its mean and how many sentences that is over.
    let heads = |text: &str| -> Vec<String> {
        let heads = text
            .lines()
            .filter(|line| line.starts_with('D') || line.starts_with('N'));
        heads.map(str::to_string).collect()
    };
    let (all, sure) = (run(&["text"]), run(&["text", "--min-confidence", "0.7"]));
    assert_eq!(heads(&all), heads(&sure));
    assert!(sure.lines().count() < all.lines().count());
    assert!(
        sure.contains("not listed: the likeliest class has a probability below 0.7"),
        "{sure}"
    );

    for (options, parts) in [
        (&["jsonl", "--min-confidence", "0.7"][..], "every sentence"),
        (
            &["csv", "--level", "article", "--min-confidence", "0.7"],
            "--level article",
        ),
        (&["csv", "--min-confidence", "70"], "0 to 1"),
    ] {
        desk.misused(&[&score[..], options].concat(), &[parts]);
    }
}

#[test]
fn articles_unlike_the_training_text_are_named() {
    let desk = Desk::new();
    desk.file(
        "news/wire/english.txt",
        "Dana Verrick said on Tuesday that the board would put off its vote until the auditors have reported. Critics accused Verrick of \
         hiding the costs of the new crane from the public for more than a year.\n",
    );
    desk.file(
        "news/zeitung/deutsch.txt",
        "Dana Verrick sagte am Dienstag, der Ausschuss werde die Abstimmung vertagen, bis die Prüfer ihren Bericht vorgelegt haben. Kritiker \
         warfen Verrick vor, sie habe die wahren Kosten des neuen Krans länger als ein Jahr vor den Bürgern verborgen.\n",
    );
    let outcome = desk.succeeds(&[
        "score",
        "news",
        "--subject",
        "Dana Verrick",
        "-o",
        "s.jsonl",
    ]);
    assert!(
        outcome
            .stderr
            .contains("1 of the 2 articles that mention Dana Verrick are unlike the text"),
        "{outcome:?}"
    );
    let (run, scores) =
        common::scores_of(&String::from_utf8(desk.bytes("s.jsonl")).expect("UTF-8"));
    assert_eq!(run["coverage"]["subjects"]["Dana Verrick"]["n_unlike"], 1);
    let of = |outlet: &str| {
        let found = scores.iter().find(|score| score["outlet"] == outlet);
        found.expect("an article an outlet")["familiarity"].clone()
    };
    assert_eq!(of("wire")["unlike"], false);
    assert_eq!(of("zeitung")["unlike"], true);
    assert_eq!(of("zeitung")["language"], "German");
    let text = desk.succeeds(&[
        "score",
        "news",
        "--subject",
        "Dana Verrick",
        "--format",
        "text",
    ]);
    assert!(text.text().contains("perhaps German"), "{}", text.text());
    let comparison = desk.json(&["compare", "s.jsonl", "--format", "json"]);
    let note = list(&comparison["notes"])
        .iter()
        .find(|note| note["code"] == "unlike_text")
        .expect("a note")
        .clone();
    assert!(
        note["text"]
            .as_str()
            .expect("text")
            .contains("zeitung 1 of 1")
    );
}

/// Articles of three outlets on two subjects, with dates, sections and stories.
fn two_subjects() -> String {
    let mut news = String::new();
    for i in 0..24 {
        let outlet = ["Dawn", "Dusk", "Noon"][i % 3];
        let verbs = [
            ["met", "criticized"],
            ["criticized", "attacked"],
            ["met", "attacked"],
        ];
        let verb = verbs[i % 3][(i / 3) % 2];
        let section = ["city", "port"][i % 2];
        let date = match outlet {
            "Dusk" => format!("{}/0{}/2021", 13 + i % 10, 1 + i / 8),
            _ => format!("2021-0{}-1{}", 1 + i / 8, i % 10),
        };
        let _ = writeln!(
            news,
            "{}",
            json!({
                "id": format!("n{i}"), "outlet": outlet, "date": date, "section": section,
                "story": format!("s{}", i / 3),
                "title": format!("Report {i}: Mara Voss and the harbor"),
                "text": format!(
                    "The board {verb} Mara Voss on day {i}. Tom Reed was thanked by the board for his help with report {i}. \
                     “Mara Voss failed us,” said Ida Holt in room {i}."
                )
            })
        );
    }
    news
}

#[test]
fn months_columns_groups_pairs_and_words_are_shown_apart() {
    let desk = Desk::new();
    desk.file("news.jsonl", two_subjects());
    desk.file(
        "owners.csv",
        "outlet,group\nDawn,north\nDusk,north\nNoon,south\n",
    );
    let options = [
        "compare",
        "news.jsonl",
        "--min-articles",
        "3",
        "--by",
        "month",
        "--by",
        "section",
        "--group-by",
        "owners.csv",
        "--pairs",
        "--words",
        "--robustness",
        "--methods",
    ];
    let with =
        |more: &[&'static str]| -> Vec<&'static str> { [&options[..], &VOSS[..], more].concat() };
    let comparison = desk.json(&with(&["--format", "json"]));
    assert_eq!(comparison["tests"]["unit"], "stories");
    let slices = |column: &str| -> Vec<String> {
        list(&comparison["by"])
            .iter()
            .filter(|slice| slice["column"] == column && slice["outlet"].is_null())
            .map(|slice| {
                format!(
                    "{} {}",
                    slice["value"].as_str().expect("a value"),
                    slice["n_articles"]
                )
            })
            .collect()
    };
    assert_eq!(slices("month"), ["2021-01 8", "2021-02 8", "2021-03 8"]);
    assert_eq!(slices("section"), ["city 12", "port 12"]);
    let groups = list(&comparison["groups"]);
    assert_eq!((groups.len(), &groups[0]["n_articles"]), (2, &json!(16)));
    assert_eq!(list(&comparison["pairs"]).len(), 3);
    assert!(comparison["words"]["n_terms"].as_u64().expect("a number") > 3);
    let moves = list(&comparison["moves"]);
    assert!(
        moves.iter().any(|m| m["word"] == "criticized"
            || m["word"] == "praised"
            || m["word"] == "attacked"),
        "{moves:?}"
    );
    assert_eq!(comparison["n_stories"], 8);
    let dawn = &list(&comparison["outlets"])[0];
    assert_eq!(dawn["prominence"]["in_headline"]["estimate"]["value"], 1.0);
    let text = desk.succeeds(&with(&[])).text();
    let words: Vec<&str> = text.split_whitespace().collect();
    let words = words.join(" ");
    for part in [
        "By month",
        "By section",
        "Groups of outlets",
        "Pairs of outlets",
        "Words around the subject",
        "Counted otherwise",
        "Methods (draft",
        "rank correlation",
        "[How well it does on these outlets.]",
    ] {
        assert!(words.contains(part), "no \"{part}\" in\n{text}");
    }
    let csv = desk.succeeds(&with(&["--format", "csv"])).text();
    assert_eq!(csv.lines().count(), 4);
    // Scores give what articles give.
    desk.succeeds(&[&["score", "news.jsonl", "-o", "s.jsonl"], &VOSS[..]].concat());
    let from_scores = [&["compare", "s.jsonl"], &options[2..]].concat();
    assert_eq!(desk.succeeds(&from_scores).text(), text);
    // Threads change nothing.
    let one = desk.succeeds(&with(&["--threads", "1"])).text();
    assert_eq!(one, text);
}

#[test]
fn subjects_are_contrasted_from_articles_and_from_scores() {
    let desk = Desk::new();
    desk.file("news.jsonl", two_subjects());
    desk.file(
        "people.toml",
        "[[subject]]\nname = \"Mara Voss\"\n[[subject]]\nname = \"Tom Reed\"\n",
    );
    desk.file("others.toml", "[[subject]]\nname = \"Tom Reed\"\n");
    let contrast = ["--contrast", "Tom Reed", "Mara Voss", "--format", "json"];
    let from_articles = desk.json(
        &[
            &["compare", "news.jsonl", "--subjects", "people.toml"],
            &contrast[..],
        ]
        .concat(),
    );
    assert_eq!(list(&from_articles["comparisons"]).len(), 2);
    let found = &list(&from_articles["contrasts"])[0];
    assert_eq!(list(&found["outlets"]).len(), 3);
    for outlet in list(&found["outlets"]) {
        assert!(number(&outlet["contrast"]["value"]) > 0.0, "{outlet}");
        is_estimate(&outlet["contrast"]);
        is_estimate(&outlet["difference"]);
    }
    desk.succeeds(&[
        "score",
        "news.jsonl",
        "--subjects",
        "people.toml",
        "-o",
        "s.jsonl",
    ]);
    let from_scores = desk.json(&[&["compare", "s.jsonl"], &contrast[..]].concat());
    assert_eq!(from_scores["contrasts"], from_articles["contrasts"]);
    let reference = desk.json(&[
        "compare",
        "news.jsonl",
        "--subject",
        "Mara Voss",
        "--reference",
        "others.toml",
        "--format",
        "json",
    ]);
    let reference = &reference["reference"];
    assert_eq!(reference["minus"], json!(["Tom Reed"]));
    assert!(number(&list(&reference["outlets"])[0]["contrast"]["value"]) < 0.0);
}

#[test]
fn a_plan_fixes_the_comparison_and_its_digest_is_in_every_output() {
    let desk = Desk::new();
    desk.file("news.jsonl", two_subjects());
    desk.file(
        "plan.toml",
        "subject = \"Mara Voss\"\nfamily = [\"Dawn\", \"Noon\"]\nmin-articles = 4\nunit = \"articles\"\nlevel = 0.9\nseed = 7\n",
    );
    let comparison = desk.json(&[
        "compare",
        "news.jsonl",
        "--plan",
        "plan.toml",
        "--format",
        "json",
    ]);
    assert_eq!(
        (&comparison["level"], &comparison["seed"]),
        (&json!(0.9), &json!(7))
    );
    assert_eq!(comparison["tests"]["unit"], "articles");
    let tested: Vec<&Value> = list(&comparison["differences"])
        .iter()
        .map(|d| &d["a"])
        .collect();
    assert_eq!(tested.len(), 2, "{tested:?}");
    let digest = comparison["plan"].as_str().expect("a digest").to_string();
    assert_eq!(digest.len(), 64);
    let text = desk
        .succeeds(&["compare", "news.jsonl", "--plan", "plan.toml", "--methods"])
        .text();
    assert!(text.contains(&digest[..16]), "{text}");
    let csv = desk
        .succeeds(&[
            "compare",
            "news.jsonl",
            "--plan",
            "plan.toml",
            "--format",
            "csv",
        ])
        .text();
    assert!(
        csv.lines().skip(1).all(|row| row.ends_with(&digest)),
        "{csv}"
    );
}
