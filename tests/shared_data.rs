//! Checks on real articles and labels that lie beside the repository and are never part of it. Without them every check says so
//! and passes.

mod common;

use std::path::Path;

use common::{Desk, characters, repository};
use serde_json::Value;

const SESSIONS: [&str; 4] = ["--subject", "Jeff Sessions", "--alias", "Sessions"];

/// `../shared/data/NAME`, where it is there.
fn shared(name: &str) -> Option<String> {
    let path = repository(&format!("../shared/data/{name}"));
    if Path::new(&path).exists() {
        return Some(path);
    }
    println!("{path} is not there; this check was left out");
    None
}

fn compared(path: &str) -> Value {
    Desk::new().json(&[&["compare", path, "--format", "json"], &SESSIONS[..]].concat())
}

#[test]
fn spans_give_the_text_of_the_recusal_articles_back() {
    let Some(folder) = shared("recusal") else {
        return;
    };
    let args = [&["score", &folder], &SESSIONS[..]].concat();
    let (_, scores) = Desk::new().succeeds(&args).scores();
    assert_eq!(scores.len(), 5);
    for score in &scores {
        let id = score["article"].as_str().expect("an id");
        let text = std::fs::read_to_string(format!("{folder}/{id}.txt")).expect("the article");
        let sentences = score["sentences"].as_array().expect("sentences");
        assert!(!sentences.is_empty(), "{id}");
        for sentence in sentences {
            assert_eq!(
                characters(&text, &sentence["span"]),
                sentence["text"].as_str().expect("text")
            );
            for mention in sentence["mentions"].as_array().expect("mentions") {
                let name = characters(&text, &mention["span"]).to_lowercase();
                assert!(name.contains("sessions"), "{id}: {name}");
            }
        }
    }
}

#[test]
fn five_outlets_with_one_article_each_get_no_p_value() {
    let Some(folder) = shared("recusal") else {
        return;
    };
    let comparison = compared(&folder);
    let outlets = comparison["outlets"].as_array().expect("outlets");
    assert_eq!(outlets.len(), 5);
    for outlet in outlets {
        assert_eq!(
            (&outlet["n_read"], &outlet["n_articles"]),
            (&1.into(), &1.into())
        );
        assert!(outlet["n_sentences"].as_u64() > Some(0));
        assert!(outlet["net_stance"]["value"].is_number() && outlet["net_stance"]["low"].is_null());
        let noted = |note: &Value| note["outlet"] == outlet["outlet"];
        assert!(
            comparison["notes"]
                .as_array()
                .expect("notes")
                .iter()
                .any(noted),
            "{outlet}"
        );
    }
    assert_eq!(comparison["differences"], Value::Array(Vec::new()));
}

#[test]
fn the_recusal_in_the_news_has_fifteen_outlets() {
    let Some(file) = shared("news/recusal-2017-03.jsonl") else {
        return;
    };
    let comparison = compared(&file);
    assert_eq!(comparison["n_read"], 24);
    assert_eq!(comparison["outlets"].as_array().expect("outlets").len(), 15);
}

#[test]
fn the_built_in_model_is_as_good_as_the_readme_says() {
    for (file, least) in [
        ("newsmtsc/rw-dev.jsonl", 0.65),
        ("newsmtsc/mt-dev.jsonl", 0.58),
    ] {
        let Some(file) = shared(file) else {
            continue;
        };
        let evaluation = Desk::new().json(&["evaluate", &file, "--format", "json"]);
        let macro_f1 = evaluation["macro_f1"]["value"].as_f64().expect("a figure");
        assert!(macro_f1 >= least, "{file}: {macro_f1}");
        let majority = evaluation["baselines"]["majority"]["macro_f1"]
            .as_f64()
            .expect("a figure");
        assert!(
            macro_f1 > majority + 0.2,
            "{file}: {macro_f1}, majority {majority}"
        );
    }
}
