//! Checks of small hand-made data sets, from rows to findings.

use std::collections::BTreeMap;

use super::*;
use crate::corpus::{ReadReport, Target};
use crate::span::Location;

fn row(line: u64, text: &str, label: &str) -> LabelledSentence {
    LabelledSentence {
        n_labels: 1,
        location: Location::line("rows.csv", line),
        id: None,
        text: text.into(),
        label: label.into(),
        target: Target::Name("Ida Holt".into()),
        outlet: None,
        article: Some(format!("a{line}")),
        weight: None,
        annotator: None,
        extra: BTreeMap::new(),
    }
}

fn params() -> CheckParams {
    CheckParams {
        folds: 2,
        seed: 1,
        level: 0.95,
        ..CheckParams::default()
    }
}

fn corpus(rows: Vec<LabelledSentence>) -> LabelledCorpus {
    let report = ReadReport {
        n_records: rows.len(),
        ..ReadReport::default()
    };
    LabelledCorpus { rows, report }
}

fn checked(rows: Vec<LabelledSentence>) -> Check {
    check(&corpus(rows), &[], &params()).expect("checked")
}

fn finding<'c>(check: &'c Check, code: &str) -> &'c Finding {
    let found = check.findings.iter().find(|finding| finding.code == code);
    found.unwrap_or_else(|| panic!("no {code} in {:?}", check.findings))
}

fn lines(finding: &Finding) -> Vec<u64> {
    finding.rows.iter().filter_map(|place| place.line).collect()
}

#[test]
fn copies_conflicts_and_near_copies_are_told_apart() {
    let long = "Ida Holt told the harbor board that the new crane would come in May";
    let found = checked(vec![
        row(2, "Ida Holt lied to us.", "against"),
        row(3, "Ida  Holt lied to us. ", "against"),
        row(4, "Ida Holt won again.", "favor"),
        row(5, "Ida Holt won again.", "neutral"),
        row(6, &format!("{long}."), "neutral"),
        row(7, &format!("{long} 2020."), "favor"),
        row(8, "Ida Holt went home.", "neutral"),
    ]);
    let duplicates = finding(&found, "duplicates");
    assert_eq!((duplicates.count, lines(duplicates)), (1, vec![3]));
    assert!(duplicates.rows[0].detail.contains("rows.csv:2"));
    let conflicts = finding(&found, "conflicting_labels");
    assert_eq!((conflicts.count, lines(conflicts)), (2, vec![4, 5]));
    let near = finding(&found, "near_duplicates");
    assert_eq!((near.count, lines(near)), (1, vec![7]));
    // 14 different words, one more in the second.
    assert!(
        near.rows[0].detail.contains("0.93 of rows.csv:6 (neutral)"),
        "{near:?}"
    );
    assert!(near.message.contains("1 with another label"), "{near:?}");
}

#[test]
fn several_annotators_of_one_sentence_are_no_copies() {
    let coded = |line, label: &str, annotator: &str| LabelledSentence {
        annotator: Some(annotator.into()),
        article: Some("a1".into()),
        ..row(line, "Ida Holt lied to us.", label)
    };
    let mut rows = vec![coded(2, "against", "kim"), coded(3, "favor", "lee")];
    rows.push(row(4, "Ida Holt won.", "favor"));
    let found = checked(rows.clone());
    let codes: Vec<&str> = found.findings.iter().map(|finding| finding.code).collect();
    assert!(!codes.contains(&"duplicates") && !codes.contains(&"conflicting_labels"));
    assert_eq!((found.overview.n, found.overview.n_sentences), (3, 2));
    rows.push(coded(5, "neutral", "kim"));
    let found = checked(rows);
    assert_eq!(lines(finding(&found, "conflicting_labels")), [2, 5]);
}

#[test]
fn test_rows_are_compared_and_not_counted() {
    let rows = vec![
        row(2, "Ida Holt lied to us.", "against"),
        row(3, "Ida Holt won again.", "favor"),
        row(
            4,
            "Ida Holt went home early on Monday with her coat",
            "neutral",
        ),
    ];
    let mut test = vec![
        row(90, "ida holt LIED to us.", "against"),
        row(
            91,
            "Ida Holt went home early on Monday with her coat!",
            "neutral",
        ),
        row(3, "Nobody saw Ida Holt.", "neutral"),
    ];
    for row in &mut test {
        row.location.file = "test.csv".into();
    }
    let found = check(&corpus(rows), &test, &params()).expect("checked");
    assert_eq!(found.overview.n, 3);
    assert_eq!(lines(finding(&found, "test_text_in_training")), [2]);
    assert_eq!(lines(finding(&found, "test_article_in_training")), [3]);
    assert_eq!(lines(finding(&found, "test_near_copy_in_training")), [4]);
    assert!(
        found
            .verdict
            .starts_with("In the way of training: 1 training row has a test row's text")
    );
}

#[test]
fn odd_texts_are_named() {
    let found = checked(vec![
        row(2, "Ida Holt opened the cafÃ©.", "against"),
        row(3, "— …", "favor"),
        row(
            4,
            &format!("Ida Holt. {}", "She sat. ".repeat(130)),
            "neutral",
        ),
        row(5, "She went home.", "neutral"),
    ]);
    assert_eq!(lines(finding(&found, "broken_encoding")), [2]);
    assert_eq!(lines(finding(&found, "no_words")), [3]);
    assert_eq!(lines(finding(&found, "long_texts")), [4]);
    assert_eq!(lines(finding(&found, "subject_not_in_text")), [3, 5]);
}

/// Rows of 20 articles: of outlet Dawn the first half, all with label `of_dawn`; the others of Dusk alternate.
fn two_outlets(of_dawn: &str) -> Vec<LabelledSentence> {
    (0..40)
        .map(|i| LabelledSentence {
            outlet: Some(if i < 20 { "Dawn" } else { "Dusk" }.into()),
            article: Some(format!("a{}", i / 2)),
            ..row(
                i + 2,
                &format!("Ida Holt spoke number{i} words{i} there{i}."),
                match i {
                    0..20 => of_dawn,
                    i if i % 2 == 0 => "favor",
                    _ => "neutral",
                },
            )
        })
        .collect()
}

#[test]
fn an_outlet_that_gives_the_label_away_is_found() {
    let found = checked(two_outlets("against"));
    let one_sided = finding(&found, "one_sided_outlets");
    assert_eq!(one_sided.rows[0].detail, "Dawn: 20 of 20 against");
    let [guess] = &found.guesses[..] else {
        panic!("one subject only: {:?}", found.guesses);
    };
    // Dawn: 20 of 20 right. Dusk: the label of the other articles ties, and the first one, favor, is right in half: 10 of 20.
    assert_eq!((guess.from, guess.n, guess.n_articles), ("outlet", 40, 20));
    assert_eq!(guess.accuracy.value, Some(0.75));
    assert_eq!((guess.majority, guess.gain.value), (0.5, Some(0.25)));
    assert!(guess.gain.low.expect("20 articles") < 0.25);
    assert_eq!(
        finding(&found, "outlet_tells_the_label").severity,
        Severity::Warning
    );
}

#[test]
fn a_label_that_is_nearly_everywhere_is_no_outlet_s_secret() {
    let mut rows = two_outlets("neutral");
    rows[39].label = "favor".into();
    let found = checked(rows);
    assert!(
        found
            .findings
            .iter()
            .all(|finding| finding.code != "one_sided_outlets")
    );
}

#[test]
fn labels_that_make_no_classes_are_an_error_with_a_remedy() {
    let found = checked(vec![
        row(2, "Ida Holt lied.", "against"),
        row(3, "Ida Holt won.", "against"),
    ]);
    let problem = finding(&found, "labels_make_no_classes");
    assert_eq!(problem.severity, Severity::Error);
    assert!(
        problem.message.contains("at least two classes"),
        "{problem:?}"
    );
    assert!(
        found.verdict.starts_with("In the way of training"),
        "{}",
        found.verdict
    );
    let found = checked(vec![
        row(2, "Ida Holt lied.", "against"),
        row(3, "Ida Holt won.", "pros"),
    ]);
    let problem = finding(&found, "labels_make_no_classes");
    assert!(
        problem.message.contains("--polarity pros=WORTH"),
        "{problem:?}"
    );
    assert_eq!(lines(problem), [3]);
}

#[test]
fn rare_classes_and_missing_articles_are_found() {
    let mut rows = two_outlets("against");
    rows[0].label = "favor".into();
    for row in &mut rows {
        row.article = None;
    }
    rows[39].label = "con".into();
    let found = check(
        &corpus(rows),
        &[],
        &CheckParams {
            folds: 5,
            ..params()
        },
    )
    .expect("checked");
    assert_eq!(finding(&found, "no_article_column").count, 40);
    // "con" is a class of its own beside "against".
    assert_eq!(
        finding(&found, "rare_classes").rows[0].detail,
        "con: 1 row in 1 article"
    );
}

/// Twelve sentences of as many articles, each rated by the coders given as strings of -, 0 and +.
fn coded(coders: &[(&str, &str)]) -> Vec<LabelledSentence> {
    let mut rows = Vec::new();
    for (annotator, labels) in coders {
        for (i, label) in labels.chars().enumerate() {
            let label = match label {
                '-' => "against",
                '0' => "neutral",
                '+' => "favor",
                _ => continue,
            };
            let line = rows.len() as u64 + 2;
            rows.push(LabelledSentence {
                annotator: Some(annotator.to_string()),
                article: Some(format!("a{i}")),
                ..row(line, &format!("Ida Holt did thing{i} at place{i}."), label)
            });
        }
    }
    rows
}

const THREE: [(&str, &str); 3] = [
    ("kim", "-0++0-+0-+0-"),
    ("lee", "-0+00-+--+0-"),
    ("ray", "-+++0-0--+00"),
];

fn value(agreement: &Agreement, name: &str) -> Option<f64> {
    let found = agreement.coefficients.iter().find(|of| of.name == name);
    found.unwrap_or_else(|| panic!("no {name}")).estimate.value
}

#[test]
fn agreement_equals_reference() {
    // krippendorff 0.9.0, scikit-learn 1.9.1 (cohen_kappa_score), statsmodels 0.15.0 (fleiss_kappa); shown with six decimals.
    let found = checked(coded(&THREE));
    let agreement = found.agreement.expect("three annotators");
    assert_eq!((agreement.n, agreement.n_articles), (12, 12));
    assert_eq!(value(&agreement, "alpha_nominal"), Some(0.593968));
    assert_eq!(value(&agreement, "alpha_ordinal"), Some(0.800131));
    assert_eq!(value(&agreement, "fleiss_kappa"), Some(0.582367));
    let pairs: Vec<(usize, Option<f64>, Option<f64>)> = agreement
        .pairs
        .iter()
        .map(|pair| (pair.n, pair.agreement, pair.kappa.value))
        .collect();
    assert_eq!(
        pairs,
        [
            (12, Some(0.833333), Some(0.75)),
            (12, Some(0.666667), Some(0.5)),
            (12, Some(0.666667), Some(0.5)),
        ]
    );
    assert!(
        agreement
            .coefficients
            .iter()
            .all(|of| of.estimate.low < of.estimate.value && of.why.is_none())
    );
    assert_eq!(agreement.n_disagreements, 5);
    assert_eq!(agreement.disagreements[0].votes[0].annotator, "kim");
}

#[test]
fn what_is_undefined_says_why() {
    let found = checked(coded(&[
        ("kim", "-0++0-"),
        ("lee", "-0+00-"),
        ("ray", "-+"),
    ]));
    let agreement = found.agreement.expect("three annotators");
    let fleiss = agreement
        .coefficients
        .iter()
        .find(|of| of.name == "fleiss_kappa");
    let why = fleiss.and_then(|of| of.why.clone()).expect("a reason");
    assert!(why.contains("2 to 3 annotators"), "{why}");
    let nominal = &agreement.coefficients[1];
    assert_eq!(
        nominal.why.as_deref(),
        Some("no interval from fewer than 10 articles")
    );
    let mut rows = coded(&[("kim", "00"), ("lee", "00")]);
    rows.extend(coded(&[("kim", "  +")]));
    let found = checked(rows);
    let agreement = found.agreement.expect("two annotators");
    assert_eq!(value(&agreement, "percent_agreement"), Some(1.0));
    assert_eq!(value(&agreement, "alpha_nominal"), None);
    assert!(
        agreement.pairs[0]
            .why
            .as_deref()
            .is_some_and(|why| why.contains("same label"))
    );
    let apart = checked(coded(&[("kim", "0+  "), ("lee", "  -0")])).agreement;
    let apart = apart.expect("two annotators");
    assert_eq!(apart.n, 0);
    assert_eq!(
        apart.coefficients[0].why.as_deref(),
        Some("no sentence was labelled by two annotators")
    );
}

#[test]
fn lists_of_labels_agree_by_masi_and_label_by_label() {
    // nltk 3.10.4 (masi_distance) and krippendorff 0.9.0 on each label.
    const KIM: &str = "law|war,law,war;law,tax,law|tax,war,tax,law,war|tax,law,tax,war";
    const LEE: &str = "law,law,law|war,tax|war,law|tax,war,tax,tax,war,law|tax,tax,war|law";
    let mut rows = Vec::new();
    for (annotator, labels) in [("kim", KIM), ("lee", LEE)] {
        for (i, label) in labels.split(',').enumerate() {
            rows.push(LabelledSentence {
                annotator: Some(annotator.into()),
                article: Some(format!("a{i}")),
                ..row(
                    rows.len() as u64 + 2,
                    &format!("Ida Holt did thing{i}."),
                    label,
                )
            });
        }
    }
    let frames = CheckParams {
        kind: LabelKind::Frames,
        ..params()
    };
    let found = check(&corpus(rows.clone()), &[], &frames).expect("checked");
    let agreement = found.agreement.expect("two annotators");
    assert_eq!(value(&agreement, "alpha_masi"), Some(0.507684));
    let alphas: Vec<(&str, Option<f64>)> = agreement
        .labels
        .iter()
        .map(|of| (of.label.as_str(), of.alpha.value))
        .collect();
    assert_eq!(
        alphas,
        [
            ("law", Some(0.680556)),
            ("tax", Some(0.517483)),
            ("war", Some(0.671429))
        ]
    );
    assert_eq!(found.overview.classes.len(), 3);
    // Without --task frames the same labels are plain classes.
    let found = checked(rows);
    assert!(
        found
            .overview
            .classes
            .iter()
            .any(|class| class.class == "law|war")
    );
}
