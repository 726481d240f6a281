//! What is in a model, as text and JSON.

use std::collections::BTreeMap;
use std::fmt::Write;

use serde_json::{Value, json};

use super::table::{Width, plain_interval, printable, table, wrapped};
use crate::classifier::Classifier;
use crate::wording::count;

/// Classes, families, training record and the strongest features of each class.
pub fn inspection_text(classifier: &Classifier, top: usize, width: Width) -> String {
    let mut text = String::new();
    let classes = classifier.classes();
    let record = classifier.record();
    let kind = match classes.construct() {
        Some(construct) => format!("{construct} toward a subject"),
        None => "plain classes".to_string(),
    };
    let _ = writeln!(
        text,
        "Model of {kind}, digest {}\n",
        &classifier.digest()[..16]
    );
    let rows = classes
        .names()
        .iter()
        .enumerate()
        .map(|(k, name)| {
            let worth = classes
                .polarity()
                .map_or(String::new(), |p| signed_worth(p[k].into()));
            let count = record.class_counts.get(name).copied().unwrap_or(0);
            vec![name.clone(), worth, count.to_string()]
        })
        .collect();
    text.push_str(&table(
        width,
        &["class", "polarity", "training rows"],
        &[0],
        rows,
    ));

    let mut about = String::new();
    let _ = writeln!(
        about,
        "Trained on {} of {} ({}), l2 {}, class weights {}, seed {}",
        count(record.n, "sentence"),
        count(record.n_articles, "article"),
        if record.files.is_empty() {
            "no file".to_string()
        } else {
            printable(&record.files.join(", "))
        },
        record.l2,
        format!("{:?}", record.class_weight).to_lowercase(),
        record.seed
    );
    if let Some(n) = record.n_tried {
        let _ = writeln!(
            about,
            "Penalty, families, class weights and least document frequency chosen among {}",
            count(n, "setting")
        );
    }
    if let Some(prior) = &record.prior {
        let _ = writeln!(
            about,
            "Goes on from model {}, which knew {} of these sentences",
            prior.digest.get(..16).unwrap_or(&prior.digest),
            prior.n_seen
        );
    }
    let targets = &record.targets;
    let _ = writeln!(
        about,
        "Subjects: {} given by place, {} found by name; {} rows without and {} whose subject was not found, used target-blind",
        targets.by_span, targets.by_name, targets.without_subject, targets.not_found
    );
    let trained_on = &record.text;
    if let (Some(unknown), Some(limit)) = (trained_on.unknown, trained_on.unknown_limit) {
        let _ = writeln!(
            about,
            "Training text: {}; {:.1} % of the words of an article left out are unknown; an article with more than {:.1} % is called unlike it",
            trained_on
                .language
                .as_deref()
                .unwrap_or("language not clear"),
            unknown * 100.0,
            limit * 100.0
        );
    }
    let convergence = &record.convergence;
    let _ = writeln!(
        about,
        "Fit: {} (gradient {:.1e}{})",
        convergence.reason.describe(),
        convergence.gradient_norm,
        convergence
            .iterations
            .map_or(String::new(), |n| format!(", {}", count(n, "iteration")))
    );
    match &record.cross_validated {
        Some(figures) => {
            let _ = writeln!(
                about,
                "Held out, {} folds by article: macro-F1 {}, accuracy {}; always the most frequent class {:.3}; \
                 macro-F1 without knowing the subject {:.3}",
                figures.folds,
                plain_interval(&figures.macro_f1),
                plain_interval(&figures.accuracy),
                figures.majority_accuracy,
                figures.target_blind_macro_f1
            );
        }
        None => about.push_str("Not cross-validated: fewer than two articles.\n"),
    }
    text.push('\n');
    for line in about.lines() {
        text.push_str(&wrapped(width, 2, line));
    }

    let featurizer = classifier.featurizer();
    let counts = features_by_family(classifier);
    let _ = writeln!(
        text,
        "\n{}, each in at least {}\n",
        count(featurizer.n_features(), "feature"),
        count(featurizer.params().min_df as usize, "sentence")
    );
    let rows = featurizer
        .params()
        .families
        .iter()
        .map(|family| {
            let n = counts.get(family.name.as_str()).copied().unwrap_or(0);
            vec![
                family.name.clone(),
                n.to_string(),
                family.weight.to_string(),
                family.describe(),
            ]
        })
        .collect();
    text.push_str(&table(
        width,
        &["family", "features", "weight", "counts"],
        &[0, 3],
        rows,
    ));

    if top > 0 {
        for (k, name) in classes.names().iter().enumerate() {
            let _ = writeln!(text, "\nStrongest for {}\n", printable(name));
            let rows = classifier
                .strongest(k, top)
                .into_iter()
                .map(|feature| {
                    vec![
                        format!("{:+.3}", feature.weight),
                        feature.feature,
                        feature.family,
                    ]
                })
                .collect();
            text.push_str(&table(
                width,
                &["weight", "feature", "family"],
                &[1, 2],
                rows,
            ));
        }
    }
    text
}

fn signed_worth(worth: i8) -> String {
    if worth == 0 {
        "0".to_string()
    } else {
        format!("{worth:+}")
    }
}

fn features_by_family(classifier: &Classifier) -> BTreeMap<&str, usize> {
    let featurizer = classifier.featurizer();
    let families = &featurizer.params().families;
    let mut counts = BTreeMap::new();
    for &family in featurizer.features().parts().0 {
        *counts
            .entry(families[family as usize].name.as_str())
            .or_insert(0) += 1;
    }
    counts
}

/// The same for programs.
pub fn inspection_json(classifier: &Classifier, top: usize) -> Value {
    let classes = classifier.classes();
    let featurizer = classifier.featurizer();
    let counts = features_by_family(classifier);
    let strongest: BTreeMap<&String, Value> = classes
        .names()
        .iter()
        .enumerate()
        .map(|(k, name)| (name, json!(classifier.strongest(k, top))))
        .collect();
    json!({
        "digest": classifier.digest(),
        "classes": classes.names(),
        "polarity": classes.polarity(),
        "construct": classes.construct(),
        "calibration": classifier.calibration(),
        "n_features": featurizer.n_features(),
        "min_df": featurizer.params().min_df,
        "families": featurizer.params().families.iter().map(|family| json!({
            "name": family.name,
            "zone": family.zone,
            "unit": family.unit,
            "weight": family.weight,
            "n_features": counts.get(family.name.as_str()).copied().unwrap_or(0),
            "counts": family.describe(),
        })).collect::<Vec<_>>(),
        "training": classifier.record(),
        "strongest": strongest,
    })
}
