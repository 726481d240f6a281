//! An evaluation as blocks and CSV.

use std::fmt::Write;

use serde::Serialize;

use super::document::{Block, Document, Figures, Table};
use super::paint::Paint;
use super::table::{Width, csv, fine, fine_signed, number, plain, rough};
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

/// The evaluation as text, at most 80 columns wide.
pub fn evaluation_text(evaluation: &Evaluation, width: Width) -> String {
    evaluation_document(evaluation).text(width, Paint::Plain)
}

/// The evaluation as blocks: figures beside baselines, by class, probabilities, by part of the rows, notes.
pub fn evaluation_document(evaluation: &Evaluation) -> Document {
    let mut blocks = core_blocks(evaluation);
    let tables = [
        reliability(evaluation),
        Some(coverage(evaluation)),
        slices("By outlet", &evaluation.by_outlet),
        slices("By voice", &evaluation.by_voice),
        slices(
            "By what the rows share with the training data",
            &evaluation.by_overlap,
        ),
        evaluation.opposed.as_ref().map(opposed),
        evaluation.leave_out.as_ref().map(leave_out),
    ];
    blocks.extend(tables.into_iter().flatten().map(Block::from));
    blocks.extend(evaluation.against.iter().flat_map(against_blocks));
    blocks.push(closing(evaluation));
    Document {
        blocks,
        most_columns: Some(WIDTH),
    }
}

/// The figures without the tables that tell where they come from, for the report of a training.
pub fn evaluation_summary_document(evaluation: &Evaluation) -> Document {
    let mut blocks = core_blocks(evaluation);
    blocks.push(closing(evaluation));
    Document {
        blocks,
        most_columns: Some(WIDTH),
    }
}

/// The figures beside those of baselines, by class, confusions, probabilities.
fn core_blocks(evaluation: &Evaluation) -> Vec<Block> {
    let title = format!(
        "{} from {}",
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
    vec![
        Block::Title(title),
        accuracies(evaluation, &others).into(),
        gains(&others).into(),
        overall(evaluation),
        by_class(evaluation).into(),
        confusion(evaluation).into(),
        probabilities(evaluation),
    ]
}

fn accuracies(evaluation: &Evaluation, others: &[(&str, &Baseline)]) -> Table {
    let row =
        |name: &str, accuracy: String, macro_f1: String| vec![name.to_string(), accuracy, macro_f1];
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
    let caption = "The model beside baselines";
    Table::new(caption, ["", "accuracy", "macro-F1"], &[0], rows).quiet()
}

fn gains(others: &[(&str, &Baseline)]) -> Table {
    let rows = others.iter().map(|(name, b)| {
        vec![
            name.to_string(),
            fine_signed(&b.gain_accuracy),
            fine_signed(&b.gain_macro_f1),
        ]
    });
    let headers = ["this model less", "accuracy", "macro-F1"];
    let caption = "What the model adds to baselines";
    Table::new(caption, headers, &[0], rows).quiet()
}

fn overall(evaluation: &Evaluation) -> Block {
    let mut rows = Vec::new();
    if evaluation.f_avg.value.is_some() {
        let name = "F_avg, mean F1 of against and favor";
        rows.push((name.to_string(), fine(&evaluation.f_avg)));
    }
    let name = "Matthews' correlation (MCC)";
    rows.push((name.to_string(), fine(&evaluation.mcc)));
    Block::Figures(Figures {
        title: None,
        after_name: ": ",
        rows,
    })
}

fn by_class(evaluation: &Evaluation) -> Table {
    let rows = evaluation.classes.iter().map(|class| {
        let figures = &evaluation.per_class[class];
        vec![
            class.clone(),
            rough(&figures.precision),
            rough(&figures.recall),
            rough(&figures.f1),
            figures.support.to_string(),
        ]
    });
    let headers = ["class", "precision", "recall", "F1", "rows"];
    Table::new("Figures by class", headers, &[0], rows).quiet()
}

fn confusion(evaluation: &Evaluation) -> Table {
    let mut headers = vec![""];
    headers.extend(evaluation.classes.iter().map(String::as_str));
    let by_label = evaluation.classes.iter().zip(&evaluation.confusion);
    let rows = by_label.map(|(class, row)| {
        let cells = std::iter::once(class.clone()).chain(row.iter().map(usize::to_string));
        cells.collect::<Vec<_>>()
    });
    let caption = "Confusion (rows: label, columns: prediction)";
    Table::new(caption, headers, &[0], rows)
}

fn probabilities(evaluation: &Evaluation) -> Block {
    let mut calibration = fine(&evaluation.ece);
    if let Some(point) = evaluation.ece_calibrated_95 {
        let _ = write!(
            calibration,
            "\n(a perfectly calibrated model of so many rows stays\nbelow {point:.3} in 95 % of cases)"
        );
    }
    Block::Figures(Figures {
        title: Some("Probabilities (less is better)".into()),
        after_name: "  ",
        rows: vec![
            ("log loss".into(), fine(&evaluation.log_loss)),
            ("Brier score".into(), fine(&evaluation.brier)),
            ("calibration error".into(), calibration),
        ],
    })
}

fn reliability(evaluation: &Evaluation) -> Option<Table> {
    let rows = evaluation.reliability.iter().map(|bin| {
        vec![
            format!("{:.2} to {:.2}", bin.from, bin.to),
            bin.n.to_string(),
            format!("{:.2}", bin.confidence),
            rough(&bin.accuracy),
        ]
    });
    let headers = ["probability", "rows", "mean", "accuracy"];
    let caption = "Reliability: when it says so much, how often is it right?";
    let table = || Table::new(caption, headers, &[0], rows);
    (!evaluation.reliability.is_empty()).then(table)
}

fn coverage(evaluation: &Evaluation) -> Table {
    let rows = evaluation.coverage.iter().map(|point| {
        vec![
            format!("{:.0} %", point.share * 100.0),
            point.n.to_string(),
            format!("{:.2}", point.least_confidence),
            fine(&point.accuracy),
        ]
    });
    let headers = ["rows kept", "rows", "probability from", "accuracy"];
    let caption = "Knowing when not to say: the most confident rows alone (for lists; a mean over them would be of other sentences)";
    Table::new(caption, headers, &[], rows)
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

/// What tables of `n` rows leave out.
fn more(n: usize) -> Option<String> {
    let left_out = n.checked_sub(SHOWN).filter(|&left_out| left_out > 0)?;
    Some(format!("... and {left_out} more in --format json"))
}

fn slices(caption: &str, slices: &[Slice]) -> Option<Table> {
    if slices.is_empty() {
        return None;
    }
    let rows = slices.iter().take(SHOWN).map(|slice| {
        vec![
            slice.name.clone(),
            slice.n.to_string(),
            slice_accuracy(slice),
            rough(&slice.macro_f1),
            two_decimals(&slice.majority_accuracy),
            two_decimals(&slice.target_blind_accuracy),
        ]
    });
    let headers = ["", "rows", "accuracy", "macro-F1", "majority", "no subject"];
    let note = format!(
        "Majority, no subject: accuracy of the class most frequent in these rows, and of the model without the subject. Too few: below \
         {MIN_ROWS} rows; macro-F1 takes 5 rows of each class, an interval {MIN_ARTICLES} articles."
    );
    let table = Table::new(caption, headers, &[0], rows).close();
    Some(table.more(more(slices.len())).note(note))
}

fn opposed(opposed: &Opposed) -> Table {
    let caption = format!(
        "One sentence, for one subject and against another: {} in {}",
        count(opposed.n_sentences, "sentence"),
        count(opposed.n_articles, "article")
    );
    let row = |name: &str, n: usize, ours: &Estimate, blind: &Estimate| {
        vec![name.to_string(), n.to_string(), rough(ours), rough(blind)]
    };
    let rows = [
        row(
            "subjects right",
            opposed.n,
            &opposed.accuracy,
            &opposed.target_blind_accuracy,
        ),
        row(
            "pairs with both right",
            opposed.n_pairs,
            &opposed.both_right,
            &opposed.target_blind_both_right,
        ),
    ];
    let headers = ["", "n", "this model", "without the subject"];
    Table::new(caption, headers, &[0], rows)
}

fn leave_out(left: &LeaveOut) -> Table {
    let word = left.key.name();
    let rows = left.parts.iter().take(SHOWN).map(|part| {
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
    });
    let headers = [
        "left out",
        "trained on",
        "rows",
        "accuracy",
        "macro-F1",
        "majority",
    ];
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
    let caption = format!("Trained without the {word}: figures on the rows left out");
    let table = Table::new(caption, headers, &[0], rows).close();
    table.more(more(left.parts.len())).note(note)
}

fn against_blocks(against: &Against) -> [Block; 2] {
    let figures = [
        ("accuracy", &against.accuracy),
        ("macro-F1", &against.macro_f1),
        ("log loss (less is better)", &against.log_loss),
    ];
    let rows = figures.into_iter().map(|(name, paired)| {
        vec![
            name.to_string(),
            plain(paired.this.value),
            plain(paired.other.value),
            fine_signed(&paired.difference),
        ]
    });
    let headers = ["", "this model", "the other", "difference"];
    let caption = "Against the other model, on the same rows";
    let figures = Table::new(caption, headers, &[0], rows);
    let row = |name: &str, a: usize, b: usize| vec![name.to_string(), a.to_string(), b.to_string()];
    let rows = [
        row("this model right", against.both_right, against.only_this),
        row("this model wrong", against.only_other, against.both_wrong),
    ];
    let headers = ["rows", "the other right", "the other wrong"];
    let mut both = Table::new("Rows that each model has right", headers, &[0], rows)
        .quiet()
        .close()
        .note("Read the interval of the difference. McNemar's test on this table would take rows as independent; those of one article are not.");
    if against.n_seen_in_training > 0 {
        both = both.note(format!(
            "The other model was trained on {} of these sentences; it knows them by heart.",
            against.n_seen_in_training
        ));
    }
    [figures.into(), both.into()]
}

fn closing(evaluation: &Evaluation) -> Block {
    let intervals = match evaluation.accuracy.low {
        Some(_) => "In brackets: 95 % intervals, whole articles resampled.".to_string(),
        None => format!("No intervals: they need at least {MIN_ARTICLES} articles."),
    };
    let notes = evaluation.notes.iter().cloned();
    Block::Lines(std::iter::once(intervals).chain(notes).collect())
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
        let text = |slice: &Slice| {
            let table = slices("By outlet", std::slice::from_ref(slice)).map(Block::from);
            Document::from(Vec::from_iter(table)).text(Width(80), Paint::Plain)
        };
        let few = text(&slice);
        assert!(few.contains("too few"), "{few}");
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
        let text = text(&slice);
        assert!(text.contains("0.66 [0.60, 0.72]"), "{text}");
        assert!(text.lines().all(|l| l.chars().count() <= 80), "{text}");
    }
}
