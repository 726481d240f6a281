//! `standpoint evaluate`

use std::path::PathBuf;

use standpoint::Error;
use standpoint::classes::{Classes, Construct};
use standpoint::classifier::{Classifier, classes_of, cross_validate, prepare};
use standpoint::corpus::{LabelledSentence, read_labelled};
use standpoint::evaluate::{Evaluation, Predictions, evaluate};
use standpoint::report::{evaluation_csv, evaluation_text, json};

use super::options::{LabelledArgs, ModelArgs, TrainingArgs};
use super::output::{Output, extension_is, refuse_overwriting, width};
use super::train::{note_targets, usable_rows};
use super::{Common, messages};

/// Say how good a model is on labelled sentences
///
/// With --model (or the built-in model) the sentences are a test set. With --folds K no model is needed: K times a model is trained on the
/// other folds and tested on the one left out; folds never share an article. Every figure has an interval over articles and stands beside
/// two baselines: always the most frequent class, and the same features without knowing the subject.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Labelled sentences: .jsonl, .csv or .tsv, plain, .gz or .zst; folders; - is standard input
    #[arg(required = true)]
    data: Vec<PathBuf>,
    #[command(flatten)]
    model: ModelArgs,
    /// Train inside, on all folds but one, K times
    #[arg(long, value_name = "K", conflicts_with = "model", value_parser = clap::value_parser!(u64).range(2..=100))]
    folds: Option<u64>,
    /// How the figures are printed; `text` unless the name of the output file says otherwise
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
    /// A file for the figures instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    training: TrainingArgs,
    #[command(flatten)]
    labelled: LabelledArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Json,
    Csv,
}

const EXAMPLES: &str = "\
Examples:
  standpoint evaluate test.csv --model my-model.safetensors
  standpoint evaluate labelled.jsonl --folds 5
  standpoint evaluate test.csv --format json -o figures.json

The training options but --polarity count with --folds only. Without --model and --folds the built-in model is tested.";

pub fn run(args: Args, common: &Common) -> anyhow::Result<()> {
    refuse_overwriting(args.output.as_deref(), &args.data)?;
    let corpus = read_labelled(&args.data, &args.labelled.read_options(common))?;
    messages::read_report(common, &corpus.report);
    let subject = args.labelled.subject.subject();
    let polarity = args.training.polarity();
    let evaluation = match args.folds {
        Some(folds) => {
            let rows = usable_rows(corpus.rows, &args.training, common);
            let classes = classes_of(&rows, args.training.task(), &polarity)?;
            let data = prepare(rows, &classes, &polarity, subject.as_ref())?;
            note_targets(common, &data);
            let params = args.training.params(folds as usize, common);
            let bar = messages::progress(common, folds, "folds");
            let held_out = cross_validate(&data, &classes, &params, &|| bar.inc(1))?;
            bar.finish_and_clear();
            let held_out = held_out.ok_or_else(|| {
                Error::Data(
                    "cross-validation needs rows of at least two articles (column article)".into(),
                )
            })?;
            if held_out.not_converged > 0 {
                messages::warning(&format!(
                    "{} of {} folds did not converge; figures may be off",
                    held_out.not_converged, held_out.folds
                ));
            }
            let predictions = Predictions {
                truth: &data.classes(),
                probabilities: &held_out.probabilities,
                groups: &data.groups(),
                target_blind: &held_out.target_blind,
                majority: held_out.majority,
            };
            let mut evaluation = evaluate(predictions, &classes, 0.95, common.seed);
            evaluation.notes.push(format!(
                "Cross-validated: {} folds that share no article; intervals cover the choice of articles, not of folds.",
                held_out.folds
            ));
            evaluation
        }
        None => {
            let classifier = args.model.load()?;
            let note = construct_note(&corpus.rows, classifier.classes());
            let data = prepare(
                corpus.rows,
                classifier.classes(),
                &polarity,
                subject.as_ref(),
            )?;
            note_targets(common, &data);
            let mut evaluation = test(&classifier, &data, common);
            evaluation.notes.extend(note);
            evaluation
        }
    };
    let path = args.output.as_deref();
    let format = args.format.unwrap_or_else(|| {
        if extension_is(path, "csv") {
            Format::Csv
        } else if extension_is(path, "json") {
            Format::Json
        } else {
            Format::Text
        }
    });
    let text = match format {
        Format::Text => evaluation_text(&evaluation, width(path)),
        Format::Json => json(&evaluation),
        Format::Csv => evaluation_csv(&evaluation),
    };
    Output::print(path, &text)
}

/// Predicts every row of a test set.
fn test(
    classifier: &Classifier,
    data: &standpoint::classifier::PreparedData,
    common: &Common,
) -> Evaluation {
    use rayon::prelude::*;
    let probabilities: Vec<_> = data
        .rows
        .par_iter()
        .map(|row| classifier.predict(row.example()))
        .collect();
    let target_blind: Vec<usize> = data
        .rows
        .par_iter()
        .map(|row| classifier.predict_target_blind(&row.text))
        .collect();
    let predictions = Predictions {
        truth: &data.classes(),
        probabilities: &probabilities,
        groups: &data.groups(),
        target_blind: &target_blind,
        majority: classifier.majority(),
    };
    evaluate(predictions, classifier.classes(), 0.95, common.seed)
}

/// Says so when the data speak of stance and the model of sentiment, or the other way round.
fn construct_note(rows: &[LabelledSentence], classes: &Classes) -> Option<String> {
    let ours = classes.construct()?;
    let theirs: Vec<Construct> = rows
        .iter()
        .filter_map(|row| Classes::construct_of_label(&row.label))
        .collect();
    let other = theirs.iter().find(|&&construct| construct != ours)?;
    Some(format!(
        "The labels speak of {other}, the model of {ours}: close, but not the same. They were matched by polarity."
    ))
}
