//! An evaluation as text and CSV.

use std::fmt::Write;

use serde::Serialize;

use super::table::{
    Width, csv, fine, fine_signed, number, plain, printable, rough, table, wrapped,
};
use crate::classifier::InputSummary;
use crate::evaluate::{
    Against, Baseline, Evaluation, LeaveOut, MIN_ARTICLES, MIN_ROWS, Opposed, Slice,
};
use crate::statistics::Estimate;
use crate::wording::count;

/// The most outlets, or parts left out, that text lists.
const SHOWN: usize = 20;

/// The most columns these tables take.
const WIDTH: u16 = 80;

/// An evaluation and what of the input it rests on, for JSON.
#[derive(Debug, Serialize)]
pub struct WithInput<'r> {
    /// The figures.
    #[serde(flatten)]
    pub evaluation: &'r Evaluation,
    /// What was used and what was left out.
    pub input: &'r InputSummary,
}

/// The evaluation as tables, at most 80 columns wide.
pub fn evaluation_text(evaluation: &Evaluation, width: Width) -> String {
    let width = Width(width.0.min(WIDTH));
    let parts = [
        core(evaluation, width),
        reliability(evaluation, width),
        coverage(evaluation, width),
        slices("By outlet", &evaluation.by_outlet, width),
        slices("By voice", &evaluation.by_voice, width),
        slices(
            "By what the rows share with the training data",
            &evaluation.by_overlap,
            width,
        ),
        (evaluation.opposed.as_ref()).map_or(String::new(), |o| opposed(o, width)),
        (evaluation.leave_out.as_ref()).map_or(String::new(), |l| leave_out(l, width)),
        (evaluation.against.as_ref()).map_or(String::new(), |a| against(a, width)),
        closing(evaluation, width),
    ];
    parts.concat()
}

/// The figures without the tables that tell where they come from, for the report of a training.
pub fn evaluation_summary_text(evaluation: &Evaluation, width: Width) -> String {
    let width = Width(width.0.min(WIDTH));
    core(evaluation, width) + &closing(evaluation, width)
}

fn heading(text: &mut String, width: Width, title: &str) {
    let _ = write!(text, "\n{}\n", wrapped(width, 0, title));
}

fn core(evaluation: &Evaluation, width: Width) -> String {
    let mut text = String::new();
    let _ = writeln!(
        text,
        "{} from {}\n",
        count(evaluation.n, "sentence"),
        count(evaluation.n_articles, "article")
    );
    let baselines = &evaluation.baselines;
    let others: Vec<(&str, &Baseline)> = [
        ("most frequent class", Some(&baselines.majority)),
        ("word list (VADER)", baselines.lexicon.as_ref()),
        ("without the subject", Some(&baselines.target_blind)),
    ]
    .into_iter()
    .filter_map(|(name, baseline)| Some((name, baseline?)))
    .collect();
    let row =
        |name: &str, accuracy: String, macro_f1: String| vec![name.into(), accuracy, macro_f1];
    let mut rows = vec![row(
        "this model",
        fine(&evaluation.accuracy),
        fine(&evaluation.macro_f1),
    )];
    rows.extend(
        others
            .iter()
            .map(|(name, b)| row(name, fine(&b.accuracy()), fine(&b.macro_f1()))),
    );
    text.push_str(&table(width, &["", "accuracy", "macro-F1"], &[0], rows));
    text.push('\n');
    let rows = others
        .iter()
        .map(|(name, b)| {
            let gains = [&b.gain_accuracy, &b.gain_macro_f1].map(fine_signed);
            let [accuracy, macro_f1] = gains;
            row(name, accuracy, macro_f1)
        })
        .collect();
    let headers = ["this model less", "accuracy", "macro-F1"];
    text.push_str(&table(width, &headers, &[0], rows));

    text.push('\n');
    if evaluation.f_avg.value.is_some() {
        let _ = writeln!(
            text,
            "F_avg, mean F1 of against and favor: {}",
            fine(&evaluation.f_avg)
        );
    }
    let _ = writeln!(
        text,
        "Matthews' correlation (MCC):         {}",
        fine(&evaluation.mcc)
    );
    text.push('\n');
    let rows = evaluation
        .classes
        .iter()
        .map(|class| {
            let figures = &evaluation.per_class[class];
            vec![
                class.clone(),
                rough(&figures.precision),
                rough(&figures.recall),
                rough(&figures.f1),
                figures.support.to_string(),
            ]
        })
        .collect();
    let headers = ["class", "precision", "recall", "F1", "rows"];
    text.push_str(&table(width, &headers, &[0], rows));

    heading(
        &mut text,
        width,
        "Confusion (rows: label, columns: prediction)",
    );
    let mut headers = vec![""];
    headers.extend(evaluation.classes.iter().map(String::as_str));
    let rows = evaluation
        .classes
        .iter()
        .zip(&evaluation.confusion)
        .map(|(class, row)| {
            std::iter::once(class.clone())
                .chain(row.iter().map(usize::to_string))
                .collect()
        })
        .collect();
    text.push_str(&table(width, &headers, &[0], rows));

    heading(&mut text, width, "Probabilities (less is better)");
    let _ = writeln!(text, "log loss           {}", fine(&evaluation.log_loss));
    let _ = writeln!(text, "Brier score        {}", fine(&evaluation.brier));
    let _ = writeln!(text, "calibration error  {}", fine(&evaluation.ece));
    if let Some(point) = evaluation.ece_calibrated_95 {
        let _ = writeln!(
            text,
            "                   (a perfectly calibrated model of so many rows stays\n                   below {point:.3} in 95 % of cases)"
        );
    }
    text
}

fn reliability(evaluation: &Evaluation, width: Width) -> String {
    if evaluation.reliability.is_empty() {
        return String::new();
    }
    let mut text = String::new();
    heading(
        &mut text,
        width,
        "Reliability: when it says so much, how often is it right?",
    );
    let rows = evaluation
        .reliability
        .iter()
        .map(|bin| {
            vec![
                format!("{:.2} to {:.2}", bin.from, bin.to),
                bin.n.to_string(),
                format!("{:.2}", bin.confidence),
                rough(&bin.accuracy),
            ]
        })
        .collect();
    let headers = ["probability", "rows", "mean", "accuracy"];
    text + &table(width, &headers, &[0], rows)
}

fn coverage(evaluation: &Evaluation, width: Width) -> String {
    let mut text = String::new();
    heading(
        &mut text,
        width,
        "Knowing when not to say: the most confident rows alone (for lists; a mean over them would be of other sentences)",
    );
    let rows = evaluation
        .coverage
        .iter()
        .map(|point| {
            vec![
                format!("{:.0} %", point.share * 100.0),
                point.n.to_string(),
                format!("{:.2}", point.least_confidence),
                fine(&point.accuracy),
            ]
        })
        .collect();
    let headers = ["rows kept", "rows", "probability from", "accuracy"];
    text + &table(width, &headers, &[], rows)
}

/// The accuracy of a slice, or why there is none.
fn slice_accuracy(slice: &Slice) -> String {
    match slice.n < MIN_ROWS {
        true => "too few".into(),
        false => rough(&slice.accuracy),
    }
}

fn two_decimals(estimate: &Estimate) -> String {
    estimate.value.map_or("–".into(), |v| format!("{v:.2}"))
}

fn slices(title: &str, slices: &[Slice], width: Width) -> String {
    if slices.is_empty() {
        return String::new();
    }
    let mut text = String::new();
    heading(&mut text, width, title);
    let rows = slices
        .iter()
        .take(SHOWN)
        .map(|slice| {
            vec![
                slice.name.clone(),
                slice.n.to_string(),
                slice_accuracy(slice),
                rough(&slice.macro_f1),
                two_decimals(&slice.majority_accuracy),
                two_decimals(&slice.target_blind_accuracy),
            ]
        })
        .collect();
    let headers = ["", "rows", "accuracy", "macro-F1", "majority", "no subject"];
    text.push_str(&table(width, &headers, &[0], rows));
    if slices.len() > SHOWN {
        let _ = writeln!(
            text,
            "... and {} more in --format json",
            slices.len() - SHOWN
        );
    }
    text.push_str(&wrapped(
        width,
        0,
        &format!(
            "Majority, no subject: accuracy of the class most frequent in these rows, and of the model without the subject. Too few: below \
             {MIN_ROWS} rows; macro-F1 takes 5 rows of each class, an interval {MIN_ARTICLES} articles."
        ),
    ));
    text
}

fn opposed(opposed: &Opposed, width: Width) -> String {
    let mut text = String::new();
    heading(
        &mut text,
        width,
        &format!(
            "One sentence, for one subject and against another: {} in {}",
            count(opposed.n_sentences, "sentence"),
            count(opposed.n_articles, "article")
        ),
    );
    let row = |name: String, n: usize, ours: &Estimate, blind: &Estimate| {
        vec![name, n.to_string(), rough(ours), rough(blind)]
    };
    let rows = vec![
        row(
            "subjects right".into(),
            opposed.n,
            &opposed.accuracy,
            &opposed.target_blind_accuracy,
        ),
        row(
            "pairs with both right".into(),
            opposed.n_pairs,
            &opposed.both_right,
            &opposed.target_blind_both_right,
        ),
    ];
    let headers = ["", "n", "this model", "without the subject"];
    text + &table(width, &headers, &[0], rows)
}

fn leave_out(left: &LeaveOut, width: Width) -> String {
    let mut text = String::new();
    let word = left.key.name();
    heading(
        &mut text,
        width,
        &format!("Trained without the {word}: figures on the rows left out"),
    );
    let rows = left
        .parts
        .iter()
        .take(SHOWN)
        .map(|part| {
            let name = match left.in_folds {
                true => format!("{} ({})", part.figures.name, part.keys.len()),
                false => part.figures.name.clone(),
            };
            vec![
                name,
                part.n_training.to_string(),
                part.figures.n.to_string(),
                slice_accuracy(&part.figures),
                rough(&part.figures.macro_f1),
                two_decimals(&part.figures.majority_accuracy),
            ]
        })
        .collect();
    let headers = [
        "left out",
        "trained on",
        "rows",
        "accuracy",
        "macro-F1",
        "majority",
    ];
    text.push_str(&table(width, &headers, &[0], rows));
    if left.parts.len() > SHOWN {
        let _ = writeln!(
            text,
            "... and {} more in --format json",
            left.parts.len() - SHOWN
        );
    }
    let mut note = format!(
        "The figures above are over all of these rows. Other rows of the articles left out are not trained on either. {} {word}s",
        left.n_keys
    );
    note.push_str(match left.in_folds {
        true => {
            ", put into folds so that none is on both sides (how many in a fold in parentheses)."
        }
        false => ", one left out at a time.",
    });
    if left.n_without > 0 {
        let _ = write!(
            note,
            " {} without {word} are neither trained on nor tested.",
            count(left.n_without, "row")
        );
    }
    text + &wrapped(width, 0, &note)
}

fn against(against: &Against, width: Width) -> String {
    let mut text = String::new();
    heading(
        &mut text,
        width,
        "Against the other model, on the same rows",
    );
    let figures = [
        ("accuracy", &against.accuracy),
        ("macro-F1", &against.macro_f1),
        ("log loss (less is better)", &against.log_loss),
    ];
    let rows = figures
        .into_iter()
        .map(|(name, paired)| {
            vec![
                name.to_string(),
                plain(paired.this.value),
                plain(paired.other.value),
                fine_signed(&paired.difference),
            ]
        })
        .collect();
    let headers = ["", "this model", "the other", "difference"];
    text.push_str(&table(width, &headers, &[0], rows));
    text.push('\n');
    let row = |name: &str, a: usize, b: usize| vec![name.to_string(), a.to_string(), b.to_string()];
    let rows = vec![
        row("this model right", against.both_right, against.only_this),
        row("this model wrong", against.only_other, against.both_wrong),
    ];
    let headers = ["rows", "the other right", "the other wrong"];
    text.push_str(&table(width, &headers, &[0], rows));
    text.push_str(&wrapped(
        width,
        0,
        "Read the interval of the difference. McNemar's test on this table would take rows as independent; those of one article are not.",
    ));
    if against.n_seen_in_training > 0 {
        text.push_str(&wrapped(
            width,
            0,
            &format!(
                "The other model was trained on {} of these sentences; it knows them by heart.",
                against.n_seen_in_training
            ),
        ));
    }
    text
}

fn closing(evaluation: &Evaluation, width: Width) -> String {
    let mut text = String::from("\n");
    if evaluation.accuracy.low.is_some() {
        text.push_str("In brackets: 95 % intervals, whole articles resampled.\n");
    } else {
        let _ = writeln!(
            text,
            "No intervals: they need at least {MIN_ARTICLES} articles."
        );
    }
    for note in &evaluation.notes {
        text.push_str(&wrapped(width, 0, &printable(note)));
    }
    text
}

/// One row a figure: `figure,class,value,low,high,n`. In figures of a part of the rows `class` names the part.
pub fn evaluation_csv(evaluation: &Evaluation) -> String {
    let row = |figure: &str, class: &str, estimate: &Estimate, n: usize| {
        vec![
            figure.to_string(),
            class.to_string(),
            number(estimate.value),
            number(estimate.low),
            number(estimate.high),
            n.to_string(),
        ]
    };
    let n = evaluation.n;
    let mut rows = vec![
        row("accuracy", "", &evaluation.accuracy, n),
        row("macro_f1", "", &evaluation.macro_f1, n),
        row("f_avg", "", &evaluation.f_avg, n),
        row("mcc", "", &evaluation.mcc, n),
        row("log_loss", "", &evaluation.log_loss, n),
        row("brier", "", &evaluation.brier, n),
        row("ece", "", &evaluation.ece, n),
    ];
    if let Some(point) = evaluation.ece_calibrated_95 {
        rows.push(row("ece_calibrated_95", "", &Estimate::point(point), n));
    }
    for class in &evaluation.classes {
        let figures = &evaluation.per_class[class];
        rows.push(row("precision", class, &figures.precision, figures.support));
        rows.push(row("recall", class, &figures.recall, figures.support));
        rows.push(row("f1", class, &figures.f1, figures.support));
    }
    let baselines = [
        ("majority", Some(&evaluation.baselines.majority)),
        ("lexicon", evaluation.baselines.lexicon.as_ref()),
        ("target_blind", Some(&evaluation.baselines.target_blind)),
    ];
    for (name, baseline) in baselines {
        let Some(baseline) = baseline else { continue };
        for (figure, estimate) in [
            ("accuracy", baseline.accuracy()),
            ("macro_f1", baseline.macro_f1()),
            ("gain_accuracy", baseline.gain_accuracy),
            ("gain_macro_f1", baseline.gain_macro_f1),
        ] {
            rows.push(row(&format!("{name}_{figure}"), "", &estimate, n));
        }
    }
    for bin in &evaluation.reliability {
        let name = bin.confidence.to_string();
        rows.push(row("reliability_accuracy", &name, &bin.accuracy, bin.n));
    }
    for point in &evaluation.coverage {
        let name = point.share.to_string();
        rows.push(row("coverage_accuracy", &name, &point.accuracy, point.n));
    }
    let left_out = evaluation.leave_out.iter().flat_map(|left| &left.parts);
    let parts = (evaluation.by_outlet.iter().map(|slice| ("outlet", slice)))
        .chain(evaluation.by_voice.iter().map(|slice| ("voice", slice)))
        .chain(evaluation.by_overlap.iter().map(|slice| ("overlap", slice)))
        .chain(left_out.map(|part| ("left_out", &part.figures)));
    for (kind, slice) in parts {
        let n = slice.n;
        let mut add = |figure: &str, estimate: &Estimate| {
            rows.push(row(&format!("{kind}_{figure}"), &slice.name, estimate, n));
        };
        add("accuracy", &slice.accuracy);
        add("macro_f1", &slice.macro_f1);
        add("majority_accuracy", &slice.majority_accuracy);
        add("target_blind_accuracy", &slice.target_blind_accuracy);
    }
    if let Some(opposed) = &evaluation.opposed {
        let (n, pairs) = (opposed.n, opposed.n_pairs);
        let blind = &opposed.target_blind_accuracy;
        rows.push(row("opposed_accuracy", "", &opposed.accuracy, n));
        rows.push(row("opposed_target_blind_accuracy", "", blind, n));
        rows.push(row("opposed_both_right", "", &opposed.both_right, pairs));
    }
    if let Some(against) = &evaluation.against {
        for (name, paired) in [
            ("accuracy", &against.accuracy),
            ("macro_f1", &against.macro_f1),
            ("log_loss", &against.log_loss),
        ] {
            let other = format!("against_{name}");
            rows.push(row(&other, "", &paired.other, n));
            rows.push(row(
                &format!("{other}_difference"),
                "",
                &paired.difference,
                n,
            ));
        }
        for (name, n) in [
            ("both_right", against.both_right),
            ("only_this", against.only_this),
            ("only_other", against.only_other),
            ("both_wrong", against.both_wrong),
        ] {
            let share = Estimate::default();
            rows.push(row(&format!("against_{name}"), "", &share, n));
        }
    }
    csv(&["figure", "class", "value", "low", "high", "n"], rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_that_are_too_few_say_so() {
        let slice = Slice {
            name: "Dawn".into(),
            n: 3,
            n_articles: 2,
            accuracy: Estimate::default(),
            macro_f1: Estimate::default(),
            majority_accuracy: Estimate::default(),
            target_blind_accuracy: Estimate::default(),
        };
        let text = slices("By outlet", std::slice::from_ref(&slice), Width(80));
        assert!(text.contains("too few"), "{text}");
        let estimate = Estimate {
            value: Some(0.66),
            low: Some(0.6),
            high: Some(0.72),
        };
        let slice = Slice {
            name: "The Harbor Ledger and Evening Advertiser".into(),
            n: 12_345,
            accuracy: estimate,
            macro_f1: estimate,
            majority_accuracy: estimate,
            target_blind_accuracy: estimate,
            ..slice
        };
        let text = slices("By outlet", &[slice], Width(80));
        assert!(text.contains("0.66 [0.60, 0.72]"), "{text}");
        assert!(text.lines().all(|l| l.chars().count() <= 80), "{text}");
    }
}
