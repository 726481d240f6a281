//! Hand labels from draw to correction, with the real binary: what a user does, and what goes wrong on the way.

mod common;

use std::collections::{BTreeMap, BTreeSet};

use common::{Desk, articles_jsonl};
use serde_json::Value;

const SUBJECT: &str = "Mara Voss";

/// A desk with 60 articles, their scores, and a sample of `n` sentences.
fn drawn(n: &str) -> Desk {
    let desk = Desk::new();
    desk.file("news.jsonl", articles_jsonl(60));
    desk.succeeds(&["score", "news.jsonl", "--subject", SUBJECT, "-o", "s.jsonl"]);
    desk.succeeds(&[
        "validate",
        "draw",
        "s.jsonl",
        "-n",
        n,
        "--articles",
        "news.jsonl",
        "-o",
        "sample.csv",
    ]);
    desk
}

/// A table as a coder's spreadsheet has it.
struct Sheet {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Sheet {
    fn open(desk: &Desk, name: &str) -> Sheet {
        let text = String::from_utf8(desk.bytes(name)).expect("UTF-8");
        let text = text.strip_prefix('\u{feff}').expect("a byte order mark");
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let header = reader.headers().expect("a header").iter();
        Sheet {
            header: header.map(str::to_string).collect(),
            rows: reader
                .records()
                .map(|row| row.expect("a row").iter().map(str::to_string).collect())
                .collect(),
        }
    }

    fn column(&self, name: &str) -> usize {
        let place = self.header.iter().position(|column| column == name);
        place.expect("a column of the sample")
    }

    fn set(&mut self, row: usize, column: &str, value: &str) {
        let column = self.column(column);
        self.rows[row][column] = value.to_string();
    }

    fn cells(&self, column: &str) -> Vec<&str> {
        let column = self.column(column);
        self.rows.iter().map(|row| row[column].as_str()).collect()
    }

    fn save(&self, desk: &Desk, name: &str) {
        let mut writer = csv::Writer::from_writer(Vec::new());
        writer.write_record(&self.header).expect("written");
        for row in &self.rows {
            writer.write_record(row).expect("written");
        }
        desk.file(name, writer.into_inner().expect("written"));
    }

    /// Labels every row by a rule of the test: what a text is worth hangs on its length.
    fn label(&mut self) {
        let labels: Vec<&str> = self.cells("text").into_iter().map(label).collect();
        for (row, label) in labels.into_iter().enumerate() {
            self.set(row, "label", label);
        }
    }
}

fn label(marked: &str) -> &'static str {
    let text = marked.replace("[[", "").replace("]]", "");
    match text.len() % 3 {
        0 => "negative",
        1 => "Neutral",
        _ => "1",
    }
}

fn worth(text: &str) -> f64 {
    (text.len() % 3) as f64 - 1.0
}

/// A desk whose sample is labelled.
fn labelled(n: &str) -> Desk {
    let desk = drawn(n);
    let mut sheet = Sheet::open(&desk, "sample.csv");
    sheet.label();
    sheet.save(&desk, "sample.csv");
    desk
}

const REPORT: [&str; 5] = ["validate", "report", "sample.csv", "--scores", "s.jsonl"];

#[test]
fn a_sample_is_blind_and_its_key_knows_the_rest() {
    let desk = drawn("90");
    let sheet = Sheet::open(&desk, "sample.csv");
    assert_eq!(
        sheet.header,
        [
            "sample_id",
            "subject",
            "before",
            "text",
            "after",
            "label",
            "note"
        ]
    );
    assert_eq!(sheet.rows.len(), 90);
    let whole = String::from_utf8(desk.bytes("sample.csv")).expect("UTF-8");
    for outlet in ["Dawn", "Dusk", "Noon"] {
        assert!(!whole.contains(outlet), "the coder must not see the outlet");
    }
    assert!(sheet.cells("label").iter().all(|label| label.is_empty()));
    assert!(sheet.cells("text").iter().all(|text| text.contains("[[")));
    assert!(sheet.cells("before").iter().any(|text| !text.is_empty()));
    let key: Value = serde_json::from_slice(&desk.bytes("sample.key.json")).expect("JSON");
    let rows = key["rows"].as_array().expect("rows");
    // Thirty of each outlet, from ten articles at least.
    for outlet in ["Dawn", "Dusk", "Noon"] {
        let of_outlet: Vec<&Value> = rows.iter().filter(|r| r["outlet"] == outlet).collect();
        let articles: BTreeSet<String> = of_outlet
            .iter()
            .map(|row| row["article"].to_string())
            .collect();
        assert_eq!(of_outlet.len(), 30, "{outlet}");
        assert!(articles.len() >= 10, "{outlet}: {}", articles.len());
    }
    // Inclusion probabilities sum to what was drawn from each stratum, which is the outlet's share.
    let mut sums: BTreeMap<u64, f64> = BTreeMap::new();
    for row in rows {
        let inclusion = row["inclusion"].as_f64().expect("a probability");
        assert!(inclusion > 0.0 && inclusion <= 1.0);
        *sums
            .entry(row["stratum"].as_u64().expect("an index"))
            .or_default() += 1.0 / inclusion;
    }
    for (stratum, sum) in sums {
        let all = key["strata"][stratum as usize]["n_population"]
            .as_f64()
            .expect("a count");
        assert!(
            (sum / all - 1.0).abs() < 0.6,
            "stratum {stratum}: {sum} stand for {all}"
        );
    }
    // The second coder's part is a part of the first, in another order.
    let second = Sheet::open(&desk, "sample-second.csv");
    assert_eq!(second.rows.len(), 30);
    let ids: BTreeSet<&str> = sheet.cells("sample_id").into_iter().collect();
    assert!(second.cells("sample_id").iter().all(|id| ids.contains(id)));
    assert!(!second.cells("sample_id").is_sorted());
}

#[test]
fn the_order_of_the_input_and_the_threads_change_no_byte() {
    let desk = drawn("40");
    let lines = articles_jsonl(60);
    let mut lines: Vec<&str> = lines.lines().collect();
    lines.reverse();
    desk.file("turned.jsonl", lines.join("\n"));
    let draw = [
        "validate",
        "draw",
        "turned.jsonl",
        "--subject",
        SUBJECT,
        "-n",
        "40",
        "-o",
        "t.csv",
        "--threads",
        "1",
    ];
    desk.succeeds(&draw);
    assert_eq!(desk.bytes("sample.csv"), desk.bytes("t.csv"));
    assert_eq!(desk.bytes("sample.key.json"), desk.bytes("t.key.json"));
    assert_eq!(desk.bytes("sample-second.csv"), desk.bytes("t-second.csv"));
    desk.succeeds(&[
        "validate",
        "draw",
        "s.jsonl",
        "-n",
        "40",
        "-o",
        "other.csv",
        "--seed",
        "2",
    ]);
    assert_ne!(desk.bytes("sample.key.json"), desk.bytes("other.key.json"));
}

#[test]
fn when_all_is_labelled_the_corrected_figure_is_the_mean_label() {
    let desk = labelled("100000");
    let mut by_outlet: BTreeMap<String, Vec<f64>> = BTreeMap::new();
    let (_, scores) = common::scores_of(&String::from_utf8(desk.bytes("s.jsonl")).expect("UTF-8"));
    for score in &scores {
        let sentences = score["sentences"].as_array().expect("sentences").iter();
        let counted: Vec<f64> = sentences
            .filter(|s| s["furniture"].is_null() && s["voice"] != "self")
            .map(|s| worth(s["text"].as_str().expect("a text")))
            .collect();
        if !counted.is_empty() {
            let mean = counted.iter().sum::<f64>() / counted.len() as f64;
            let outlet = score["outlet"].as_str().expect("an outlet").to_string();
            by_outlet.entry(outlet).or_default().push(mean);
        }
    }
    let comparison = desk.json(&[
        "compare",
        "s.jsonl",
        "--gold",
        "sample.csv",
        "--format",
        "json",
    ]);
    let outlets = comparison["corrected"]["outlets"]
        .as_array()
        .expect("outlets");
    assert_eq!(outlets.len(), 3);
    for outlet in outlets {
        let means = &by_outlet[outlet["outlet"].as_str().expect("a name")];
        let expected = means.iter().sum::<f64>() / means.len() as f64;
        let corrected = &outlet["corrected"];
        assert!((corrected["value"].as_f64().expect("a figure") - expected).abs() < 1e-6);
        assert_eq!(
            corrected["corpus"][0], corrected["corpus"][1],
            "nothing is left to chance"
        );
        assert!(corrected["general"][0].as_f64() < corrected["general"][1].as_f64());
        assert!(outlet["lambda"].is_null());
    }
    // The same from the articles themselves.
    let made_now = desk.json(&[
        "compare",
        "news.jsonl",
        "--subject",
        SUBJECT,
        "--gold",
        "sample.csv",
        "--format",
        "json",
    ]);
    assert_eq!(made_now["corrected"], comparison["corrected"]);
}

#[test]
fn comparisons_show_raw_and_corrected_figures() {
    let desk = labelled("150");
    let text = desk
        .succeeds(&["compare", "s.jsonl", "--gold", "sample.csv", "--methods"])
        .text();
    for part in [
        "Corrected by hand labels: net stance [95 %] (150 hand labels)",
        "Differences corrected by hand labels",
        "Class shares corrected by hand labels",
        "the other 2",
        "Hand labels. 150 sentences were drawn at random",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    assert!(!text.contains("[Say who labelled"), "{text}");
    let csv = desk
        .succeeds(&[
            "compare",
            "s.jsonl",
            "--gold",
            "sample.csv",
            "--format",
            "csv",
        ])
        .text();
    let header: Vec<&str> = csv.lines().next().expect("a header").split(',').collect();
    assert!(header.contains(&"corrected_general_low"), "{header:?}");
    let comparison = desk.json(&[
        "compare",
        "s.jsonl",
        "--gold",
        "sample.csv",
        "--format",
        "json",
    ]);
    for outlet in comparison["corrected"]["outlets"]
        .as_array()
        .expect("outlets")
    {
        let width = |of: &Value| of[1].as_f64().expect("high") - of[0].as_f64().expect("low");
        let corrected = &outlet["corrected"];
        assert!(width(&corrected["corpus"]) > 0.0);
        let raw = comparison["outlets"].as_array().expect("outlets").iter();
        let raw = raw
            .clone()
            .find(|o| o["outlet"] == outlet["outlet"])
            .expect("the same");
        assert_eq!(outlet["model"]["value"], raw["net_stance"]["value"]);
    }
}

#[test]
fn the_report_says_how_well_model_and_coders_agree() {
    let desk = labelled("120");
    // The second coder differs in a third of the rows.
    let mut second = Sheet::open(&desk, "sample-second.csv");
    second.label();
    for row in (0..second.rows.len()).step_by(3) {
        second.set(row, "label", "neutral");
    }
    second.save(&desk, "sample-second.csv");
    let report = desk.json(&[
        "validate",
        "report",
        "sample.csv",
        "sample-second.csv",
        "--scores",
        "s.jsonl",
        "--min-gold",
        "0.1",
        "--format",
        "json",
    ]);
    assert_eq!(
        (&report["n_drawn"], &report["n_labelled"]),
        (&120.into(), &120.into())
    );
    let agreements = report["coders"]["agreements"]
        .as_array()
        .expect("agreements");
    assert_eq!(agreements.len(), 4);
    assert_eq!(agreements[0]["n"], 30);
    let alpha = agreements[0]["alpha"]["value"].as_f64().expect("alpha");
    assert!(alpha > 0.3 && alpha < 1.0, "{alpha}");
    let all = &report["all"];
    let confusion = report["confusion"].as_array().expect("rows");
    let n: u64 = confusion
        .iter()
        .flat_map(|row| {
            row.as_array()
                .expect("cells")
                .iter()
                .filter_map(Value::as_u64)
        })
        .sum();
    assert_eq!(n, 120);
    assert!(all["accuracy"]["low"].as_f64() < all["accuracy"]["value"].as_f64());
    assert_eq!(report["by_outlet"].as_array().map(Vec::len), Some(3));
    let test = &report["differential_error"];
    assert!(
        (0.0..=1.0).contains(&test["p"].as_f64().expect("p")),
        "{test}"
    );
    let needed = report["labels_needed"].as_array().expect("plans");
    assert_eq!(needed.len(), 3);
    let text = desk.succeeds(&REPORT).text();
    for part in [
        "Coders, the model as one of them",
        "By outlet",
        "By voice",
        "Error by outlet: Welch's F(2,",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    let csv = desk
        .succeeds(&[&REPORT[..], &["--format", "csv"]].concat())
        .text();
    assert!(csv.starts_with("part,of,n,"), "{csv}");
}

#[test]
fn the_first_rows_alone_are_a_sample_too() {
    let desk = labelled("150");
    let mut sheet = Sheet::open_plain(&desk, "sample.csv");
    for row in 100..150 {
        sheet.set(row, "label", "");
    }
    // Sorting whole rows in a spreadsheet changes nothing.
    sheet.rows.reverse();
    sheet.save(&desk, "sample.csv");
    let report = desk.json(&[&REPORT[..], &["--format", "json"]].concat());
    assert_eq!(report["n_labelled"], 100);
    let note = report["corrected"]["notes"][0].as_str().expect("a note");
    assert!(
        note.starts_with("Labelled are the first 100 of 150"),
        "{note}"
    );
    let outlets = report["corrected"]["outlets"].as_array().expect("outlets");
    assert!(
        outlets.iter().all(|outlet| !outlet["corrected"].is_null()),
        "{outlets:?}"
    );
}

#[test]
fn labels_without_spread_are_not_taken_for_certain() {
    let desk = drawn("90");
    let mut sheet = Sheet::open(&desk, "sample.csv");
    (0..80).for_each(|row| sheet.set(row, "label", "-1,0"));
    sheet.save(&desk, "sample.csv");
    let compared = desk.json(&[
        "compare",
        "s.jsonl",
        "--gold",
        "sample.csv",
        "--format",
        "json",
    ]);
    let corrected = &compared["corrected"];
    for outlet in corrected["outlets"].as_array().expect("outlets") {
        assert_eq!(outlet["corrected"]["value"], -1.0);
        assert!(
            outlet["corrected"]["corpus"].is_null() && outlet["corrected"]["general"].is_null()
        );
    }
    assert_eq!(corrected["differences"], Value::Array(Vec::new()));
    assert_eq!(
        corrected["left_out"]["Dawn"],
        "no spread among its labels or errors"
    );
    let text = desk
        .succeeds(&["compare", "s.jsonl", "--gold", "sample.csv", "--methods"])
        .text();
    for part in [
        "-1.00 [–]",
        "On the labels",
        "no spread among the labels of Dawn, Dusk, Noon",
        "no difference between them could be tested",
    ] {
        assert!(text.contains(part), "{part}\n{text}");
    }
    for part in ["all labelled", "adjusted for 0 tests"] {
        assert!(!text.contains(part), "{part}\n{text}");
    }
}

#[test]
fn a_part_of_the_second_coder_s_labels_is_said_to_be_one() {
    let desk = labelled("120");
    let mut second = Sheet::open(&desk, "sample-second.csv");
    second.label();
    second.set(3, "label", "");
    second.save(&desk, "sample-second.csv");
    let args = [&REPORT[..3], &["sample-second.csv"], &REPORT[3..]].concat();
    let text = desk.succeeds(&args).text();
    assert!(
        text.contains("Second coder: 29 of 30 labelled; 1 row has no label (s"),
        "{text}"
    );
}

#[test]
fn of_several_subjects_the_labelled_one_is_meant() {
    let desk = labelled("60");
    desk.file(
        "two.toml",
        "[[subject]]\nname = \"Dana Verrick\"\n[[subject]]\nname = \"Mara Voss\"\n",
    );
    desk.succeeds(&[
        "score",
        "news.jsonl",
        "--subjects",
        "two.toml",
        "-o",
        "two.jsonl",
    ]);
    let report = ["validate", "report", "sample.csv", "--scores", "two.jsonl"];
    let text = desk.succeeds(&report).text();
    assert!(text.starts_with(SUBJECT), "{text}");
    let compared = desk.succeeds(&["compare", "two.jsonl", "--gold", "sample.csv"]);
    assert!(compared.text().starts_with(SUBJECT));
}

#[test]
fn label_tools_get_lines_of_json_and_give_lists_back() {
    let desk = drawn("30");
    desk.succeeds(&[
        "validate",
        "draw",
        "s.jsonl",
        "-n",
        "60",
        "-o",
        "tool.jsonl",
    ]);
    let lines = String::from_utf8(desk.bytes("tool.jsonl")).expect("UTF-8");
    let labelled: Vec<String> = lines
        .lines()
        .map(|line| {
            let mut row: Value = serde_json::from_str(line).expect("JSON");
            let text = row["text"].as_str().expect("a text").to_string();
            row["label"] = Value::from(vec![label(&text)]);
            row.to_string()
        })
        .collect();
    desk.file("tool.jsonl", labelled.join("\n"));
    desk.succeeds(&["validate", "report", "tool.jsonl", "--scores", "s.jsonl"]);
}

#[test]
fn labels_are_never_overwritten() {
    let desk = labelled("30");
    let before = desk.bytes("sample.csv");
    desk.misused(
        &[
            "validate",
            "draw",
            "s.jsonl",
            "-n",
            "30",
            "-o",
            "sample.csv",
        ],
        &["sample.csv is there already, perhaps with labels in it"],
    );
    desk.misused(
        &[
            "compare",
            "s.jsonl",
            "--gold",
            "sample.csv",
            "-o",
            "sample.csv",
        ],
        &["both input and output"],
    );
    let key = desk.bytes("sample.key.json");
    let to_key = ["-o", "sample.key.json"];
    let compare = ["compare", "s.jsonl", "--gold", "sample.csv"];
    for command in [&compare[..], &REPORT[..]] {
        desk.misused(&[command, &to_key].concat(), &["both input and output"]);
    }
    assert_eq!(desk.bytes("sample.csv"), before);
    assert_eq!(desk.bytes("sample.key.json"), key);
}

/// What a coder's slip changes in a labelled table, and what the report must say of it.
#[test]
fn slips_are_told_with_their_place() {
    let desk = labelled("60");
    type Slip = fn(&mut Sheet);
    let rows: [(Slip, &[&str]); 9] = [
        (
            |sheet| sheet.set(2, "label", "bad"),
            &[
                "sample.csv:4: \"bad\"",
                "allowed: negative, neutral, positive",
            ],
        ),
        (
            |sheet| sheet.set(4, "label", ""),
            &["no label for s05, though later rows have one"],
        ),
        (
            |sheet| {
                sheet.rows.remove(9);
            },
            &["1 row of the sample is missing: s10"],
        ),
        (
            |sheet| {
                let text = sheet.cells("text")[1].replace("Voss", "Foss");
                sheet.set(1, "text", &text);
            },
            &["sample.csv:3: the text of s02 is not what was drawn"],
        ),
        (
            |sheet| {
                let again = sheet.rows[0].clone();
                sheet.rows.push(again);
            },
            &["s01 stands at", "every row once, one coder a file"],
        ),
        (
            |sheet| sheet.set(0, "sample_id", "x1"),
            &["\"x1\" is no row of the sample"],
        ),
        (
            |sheet| sheet.set(0, "sample_id", ""),
            &["no \"sample_id\", which every row"],
        ),
        (
            |sheet| (0..60).for_each(|row| sheet.set(row, "label", "")),
            &["no row has a label; fill the column label first"],
        ),
        (
            |sheet| {
                // One column sorted without the others.
                let place = sheet.column("text");
                let mut texts: Vec<String> =
                    sheet.rows.iter().map(|row| row[place].clone()).collect();
                texts.sort();
                for (row, text) in sheet.rows.iter_mut().zip(texts) {
                    row[place] = text;
                }
            },
            &["or one column sorted without the others"],
        ),
    ];
    for (slip, parts) in rows {
        let mut sheet = Sheet::open_plain(&desk, "sample.csv");
        slip(&mut sheet);
        sheet.save(&desk, "slip.csv");
        let key = ["--key", "sample.key.json"];
        let args = [
            &["validate", "report", "slip.csv", "--scores", "s.jsonl"][..],
            &key,
        ]
        .concat();
        let parts: Vec<String> = parts
            .iter()
            .map(|p| p.replace("sample.csv", "slip.csv"))
            .collect();
        desk.refuses(&args, &parts.iter().map(String::as_str).collect::<Vec<_>>());
    }
}

impl Sheet {
    /// A table that was saved by a coder, without a byte order mark.
    fn open_plain(desk: &Desk, name: &str) -> Sheet {
        let text = [b"\xef\xbb\xbf", desk.bytes(name).as_slice()].concat();
        desk.file("with-mark.csv", text);
        Sheet::open(desk, "with-mark.csv")
    }
}

#[test]
fn what_cannot_correct_is_refused_with_the_reason() {
    let desk = labelled("60");
    // Chosen in another way.
    desk.file("own.csv", "text,label\nVoss lied.,negative\n");
    desk.refuses(
        &["compare", "s.jsonl", "--gold", "own.csv"],
        &[
            "own.csv",
            "no \"sample_id\"",
            "no known probability of being chosen",
        ],
    );
    // The key is lost.
    desk.file("lost.csv", desk.bytes("sample.csv"));
    desk.refuses(
        &["compare", "s.jsonl", "--gold", "lost.csv"],
        &["lost.key.json", "not found", "inclusion probabilities"],
    );
    // An edited key.
    let key = String::from_utf8(desk.bytes("sample.key.json")).expect("UTF-8");
    desk.file(
        "edited.key.json",
        key.replacen("\"inclusion\": 0.", "\"inclusion\": 7.", 1),
    );
    desk.refuses(
        &[
            "compare",
            "s.jsonl",
            "--gold",
            "sample.csv",
            "--key",
            "edited.key.json",
        ],
        &[
            "edited.key.json",
            "the inclusion probability of",
            "above 0, up to 1",
        ],
    );
    // Scores of other articles, of another subject, and counted in another way.
    desk.file("fewer.jsonl", articles_jsonl(50));
    desk.succeeds(&[
        "score",
        "fewer.jsonl",
        "--subject",
        SUBJECT,
        "-o",
        "fewer-s.jsonl",
    ]);
    desk.refuses(
        &["compare", "fewer-s.jsonl", "--gold", "sample.csv"],
        &[
            "sample.csv is a sample of another run: it was drawn from",
            "give all the scores it was drawn from",
        ],
    );
    desk.refuses(
        &[
            "compare",
            "news.jsonl",
            "--subject",
            "Ünal Őz",
            "--gold",
            "sample.csv",
        ],
        &["the subject is \"Mara Voss\" there, \"Ünal Őz\" in the scores"],
    );
    desk.refuses(
        &[
            "compare",
            "news.jsonl",
            "--subject",
            SUBJECT,
            "--keep-furniture",
            "--gold",
            "sample.csv",
        ],
        &["sentences counted are those of", "--keep-furniture"],
    );
    // Too few in every outlet.
    desk.succeeds(&["validate", "draw", "s.jsonl", "-n", "12", "-o", "few.csv"]);
    let mut few = Sheet::open(&desk, "few.csv");
    few.label();
    few.save(&desk, "few.csv");
    desk.refuses(
        &["compare", "s.jsonl", "--gold", "few.csv"],
        &[
            "no outlet has labels enough to be corrected",
            "it takes 20 sentences",
        ],
    );
    // One coder where two are asked for.
    desk.misused(
        &[
            "validate",
            "report",
            "sample.csv",
            "sample.csv",
            "--scores",
            "s.jsonl",
        ],
        &["sample.csv is named twice; agreement needs the labels of two coders"],
    );
    desk.refuses(
        &[
            "validate",
            "report",
            "sample.csv",
            "sample-second.csv",
            "--scores",
            "s.jsonl",
        ],
        &[
            "sample-second.csv",
            "no row has a label; agreement needs two coders",
        ],
    );
}

#[test]
fn a_sample_that_was_trained_on_is_refused() {
    let desk = labelled("100");
    let sheet = Sheet::open_plain(&desk, "sample.csv");
    let rows: Vec<String> = sheet
        .cells("text")
        .iter()
        .enumerate()
        .map(|(i, text)| {
            // With marks or without: it is the sample's.
            let text = match i % 2 {
                0 => text.replace("[[", "").replace("]]", ""),
                _ => text.to_string(),
            };
            let label = ["negative", "neutral", "positive"][i % 3];
            serde_json::json!({"text": text, "label": label, "article": format!("a{i}")})
                .to_string()
        })
        .collect();
    desk.file("train.jsonl", rows.join("\n"));
    desk.succeeds(&[
        "train",
        "train.jsonl",
        "--vectors",
        "none",
        "-o",
        "m.safetensors",
        "--subject",
        SUBJECT,
    ]);
    let model = ["--model", "m.safetensors"];
    let score = [
        "score",
        "news.jsonl",
        "--subject",
        SUBJECT,
        "-o",
        "own.jsonl",
    ];
    desk.succeeds(&[&score[..], &model].concat());
    desk.refuses(
        &[
            &["compare", "own.jsonl", "--gold", "sample.csv"][..],
            &model,
        ]
        .concat(),
        &["the model of the scores was trained on 100 of the 100 labelled sentences of sample.csv"],
    );
    // Without the model at hand the run alone tells.
    desk.refuses(
        &["compare", "own.jsonl", "--gold", "sample.csv"],
        &[
            "could not be checked",
            "sample.csv is a sample of another run: the model is",
        ],
    );
}

#[test]
fn draws_say_what_they_could_not_do() {
    let desk = Desk::new();
    desk.file("news.jsonl", articles_jsonl(6));
    desk.succeeds(&["score", "news.jsonl", "--subject", SUBJECT, "-o", "s.jsonl"]);
    let outcome = desk.succeeds(&["validate", "draw", "s.jsonl", "-n", "9", "-o", "few.csv"]);
    for part in [
        "no sentences around the drawn ones",
        "fewer than 30 sentences though there are more",
    ] {
        assert!(outcome.stderr.contains(part), "{part}\n{}", outcome.stderr);
    }
    let outcome = desk.succeeds(&["validate", "draw", "s.jsonl", "-n", "5000", "-o", "all.csv"]);
    assert!(
        outcome.stderr.contains("there are no more sentences"),
        "{}",
        outcome.stderr
    );
    desk.refuses(
        &[
            "validate", "draw", "s.jsonl", "-n", "9", "--only", "Dwan", "-o", "x.csv",
        ],
        &["--only \"Dwan\" is no outlet here", "\"Dawn\""],
    );
    desk.misused(
        &["validate", "draw", "s.jsonl", "-n", "9", "-o", "x.xlsx"],
        &["the name says the format; allowed: .csv, .jsonl"],
    );
    desk.misused(
        &["validate", "draw", "s.jsonl", "-n", "0", "-o", "x.csv"],
        &["0"],
    );
    desk.misused(
        &["validate", "draw", "news.jsonl", "-n", "9", "-o", "x.csv"],
        &["whose portrayal?"],
    );
    assert!(
        !desk
            .listing()
            .iter()
            .any(|path| path.to_string_lossy().contains("x."))
    );
}
