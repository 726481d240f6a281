//! Labelled sentences looked over before training, with the real binary: what is found, and what goes wrong on the way.

mod common;

use common::{Desk, labelled_jsonl, repository, sentences};
use serde_json::{Value, json};

/// The findings of a JSON report by code.
fn finding<'r>(report: &'r Value, code: &str) -> Option<&'r Value> {
    let findings = report["findings"].as_array().expect("a list");
    findings.iter().find(|finding| finding["code"] == code)
}

fn rows_of(finding: Option<&Value>) -> Vec<u64> {
    let finding = finding.expect("the finding is there");
    let rows = finding["rows"].as_array().expect("a list").iter();
    rows.filter_map(|row| row["line"].as_u64()).collect()
}

/// The sentences labelled by three coders, of whom the last errs on every fourth.
fn coded_csv() -> String {
    let mut text = String::from("text,label,subject,article,coder\n");
    for (i, (sentence, label, article)) in sentences().iter().enumerate() {
        for coder in ["kim", "lee", "ray"] {
            let label = match (coder, i % 4) {
                ("ray", 0) => "neutral",
                _ => label,
            };
            text.push_str(&format!(
                "\"{sentence}\",{label},Mara Voss,{article},{coder}\n"
            ));
        }
    }
    text
}

#[test]
fn a_good_file_has_nothing_in_its_way() {
    let file = repository("training-data/stance.jsonl");
    let desk = Desk::new();
    let outcome = desk.succeeds(&["check", &file, "--suspects", "0"]);
    let text = outcome.text();
    assert!(
        text.starts_with("Nothing stands in the way of training"),
        "{text}"
    );
    assert!(text.contains("1553 rows, 299 articles"), "{text}");
    for line in text.lines() {
        assert!(line.chars().count() <= 100, "{line}");
    }
    let again = desk.succeeds(&["check", &file, "--suspects", "0", "--threads", "1"]);
    assert_eq!(outcome.stdout, again.stdout);
}

#[test]
fn findings_name_their_rows_and_the_exit_code_stays_0() {
    let desk = Desk::new();
    let mut rows = labelled_jsonl(&sentences());
    let first = rows.lines().next().expect("a row").to_string();
    rows.push_str(&format!("{first}\n{}\n", first.replace("against", "favor")));
    rows.push_str("{\"text\": \"Mara Voss ran the cafÃ©.\", \"label\": \"favor\", \"subject\": \"Mara Voss\"}\n");
    rows.push_str("{\"text\": \"\", \"label\": \"favor\"}\n");
    desk.file("rows.jsonl", &rows);
    desk.file("test.jsonl", format!("{first}\n"));
    let report = desk.json(&[
        "check",
        "rows.jsonl",
        "--test",
        "test.jsonl",
        "--format",
        "json",
        "--suspects",
        "0",
    ]);
    assert_eq!(rows_of(finding(&report, "conflicting_labels")), [1, 61, 62]);
    assert_eq!(rows_of(finding(&report, "broken_encoding")), [63]);
    assert_eq!(rows_of(finding(&report, "unusable_rows")), [64]);
    assert_eq!(
        rows_of(finding(&report, "test_text_in_training")),
        [1, 61, 62]
    );
    assert_eq!(report["overview"]["n"], 63);
    assert!(
        report["verdict"]
            .as_str()
            .is_some_and(|verdict| verdict.starts_with("In the way"))
    );
    let csv = desk
        .succeeds(&["check", "rows.jsonl", "--format", "csv", "--suspects", "0"])
        .text();
    assert!(
        csv.starts_with("severity,code,count,message,file,line,detail,text\n"),
        "{csv}"
    );
    assert!(csv.contains("broken_encoding,1,"), "{csv}");
}

#[test]
fn planted_label_errors_come_first() {
    let desk = Desk::new();
    let mut rows = sentences();
    for (row, wrong) in [(3, "favor"), (22, "against"), (55, "against")] {
        rows[row].1 = wrong;
    }
    desk.file("rows.jsonl", labelled_jsonl(&rows));
    desk.succeeds(&[
        "check",
        "rows.jsonl",
        "--suspects",
        "4",
        "-o",
        "suspects.csv",
    ]);
    let csv = String::from_utf8(desk.bytes("suspects.csv")).expect("UTF-8");
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(
        lines[0],
        "file,line,id,subject,text,label,suggested,p_label,p_suggested,margin"
    );
    for line in [4, 23, 56] {
        let start = format!("rows.jsonl,{line},");
        assert!(lines.iter().any(|row| row.starts_with(&start)), "{csv}");
    }
}

#[test]
fn several_coders_are_compared_and_joined() {
    let desk = Desk::new();
    desk.file("coded.csv", coded_csv());
    let coder = ["--annotator-column", "coder"];
    let report = desk.json(&[
        "check",
        "coded.csv",
        coder[0],
        coder[1],
        "--agreement",
        "--format",
        "json",
        "--suspects",
        "3",
    ]);
    let agreement = &report["agreement"];
    assert_eq!(agreement["n"], 60);
    assert_eq!(agreement["pairs"][0]["kappa"]["value"], 1.0);
    assert_eq!(report["suspects"]["n"], 60);
    let text = desk
        .succeeds(&["check", "coded.csv", coder[0], coder[1], "--suspects", "0"])
        .text();
    for part in [
        "Krippendorff's alpha, ordinal",
        "kim – ray",
        "They disagree on",
    ] {
        assert!(text.contains(part), "no {part} in\n{text}");
    }
    let train = [
        "train",
        "coded.csv",
        coder[0],
        coder[1],
        "-o",
        "m.safetensors",
    ];
    let with = |more: &[&'static str]| [&train[..], more].concat();
    let majority = desk.json(&with(&["--labels", "majority", "--format", "json"]));
    assert_eq!(majority["n"], 60);
    assert_eq!(majority["labels"]["n_joined"], 60);
    assert_eq!(majority["labels"]["n_ties"], 0);
    let soft = desk.succeeds(&with(&["--labels", "soft"])).text();
    assert!(
        soft.contains("60 sentences with several annotators joined, 180 rows to 60"),
        "{soft}"
    );
    let folds = [
        "evaluate",
        "coded.csv",
        coder[0],
        coder[1],
        "--folds",
        "3",
        "--labels",
        "majority",
    ];
    let text = desk.succeeds(&folds).text();
    assert!(text.contains("by majority"), "{text}");
}

#[test]
fn one_coder_is_not_enough_to_agree_or_to_join() {
    let desk = Desk::new();
    desk.file("rows.jsonl", labelled_jsonl(&sentences()));
    let parts = ["annotator", "--annotator-column"];
    desk.refuses(&["check", "rows.jsonl", "--agreement"], &parts);
    desk.refuses(
        &[
            "train",
            "rows.jsonl",
            "--labels",
            "soft",
            "-o",
            "m.safetensors",
        ],
        &parts,
    );
    desk.file(
        "apart.csv",
        "text,label,annotator\nMara Voss won.,favor,kim\nMara Voss lost.,against,lee\n",
    );
    desk.refuses(
        &["check", "apart.csv", "--agreement"],
        &["no sentence has labels of two"],
    );
    desk.misused(
        &["check", "rows.jsonl", "--suspects", "0", "-o", "s.csv"],
        &["--suspects 0"],
    );
}

#[test]
fn a_single_class_is_a_finding_and_small_data_say_why_nothing_is_doubted() {
    let desk = Desk::new();
    desk.file(
        "one.csv",
        "text,label\nMara Voss won.,favor\nMara Voss ran.,favor\n",
    );
    let text = desk.succeeds(&["check", "one.csv"]).text();
    assert!(text.starts_with("In the way of training"), "{text}");
    assert!(text.contains("at least two classes"), "{text}");
    assert!(text.contains("No list of suspected labels"), "{text}");
}

#[test]
fn exports_of_other_tools_are_met_with_what_to_do() {
    let desk = Desk::new();
    let studio =
        json!([{"id": 1, "data": {"text": "Mara Voss won."}, "annotations": [{"result": []}]}]);
    let rows = [
        (
            "array.jsonl",
            "[{\"text\": \"Mara Voss won.\", \"label\": \"favor\"}]\n".to_string(),
            "jq -c '.[]' FILE",
        ),
        (
            "pretty.jsonl",
            "[\n  {\"text\": \"Mara Voss won.\"}\n]\n".to_string(),
            "an array over several lines?",
        ),
        ("studio.jsonl", format!("{studio}\n"), "Label Studio"),
        (
            "studio-lines.jsonl",
            format!("{}\n", studio[0]),
            "Label Studio",
        ),
        (
            "doccano.jsonl",
            "{\"id\": 1, \"text\": \"Mara Voss won.\", \"label\": [[0, 9, \"favor\"]]}\n"
                .to_string(),
            "doccano",
        ),
        ("export.json", "[]".to_string(), "a .json file"),
    ];
    for (name, content, part) in rows {
        desk.file(name, content);
        desk.refuses(&["check", name], &[name, part]);
        desk.refuses(&["train", name, "-o", "m.safetensors"], &[name, part]);
    }
    desk.refuses(&["check", "absent.jsonl"], &["absent.jsonl"]);
}
