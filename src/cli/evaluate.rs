//! `standpoint evaluate`

use std::path::PathBuf;

use standpoint::Error;
use standpoint::classifier::{InputSummary, cross_validate};
use standpoint::corpus::read_labelled;
use standpoint::evaluate::{construct_note, evaluate_held_out, evaluate_model};
use standpoint::report::{WithInput, evaluation_csv, evaluation_text, json};

use super::options::{LabelledArgs, ModelArgs, ResultFormat, TrainingArgs};
use super::output::{Output, refuse_overwriting, width};
use super::train::{note_targets, usable, usable_data};
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
    format: Option<ResultFormat>,
    /// A file for the figures instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    training: TrainingArgs,
    #[command(flatten)]
    labelled: LabelledArgs,
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
    let (evaluation, input) = match args.folds {
        Some(folds) => {
            let (data, classes, input) =
                usable_data(corpus, &args.training, &args.labelled, common)?;
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
            let mut evaluation = evaluate_held_out(&held_out, &data, &classes, 0.95, common.seed);
            evaluation.notes.push(format!(
                "Cross-validated: {} folds that share no article; intervals cover the choice of articles, not of folds.",
                held_out.folds
            ));
            (evaluation, input)
        }
        None => {
            let classifier = args.model.load()?;
            let classes = classifier.classes();
            let note = construct_note(&corpus.rows, classes);
            let (data, left_out) =
                usable(corpus.rows, classes, &args.training, &args.labelled, common)?;
            messages::left_out(common, &left_out);
            note_targets(common, &data);
            let mut evaluation = evaluate_model(&classifier, &data, 0.95, common.seed);
            evaluation.notes.extend(note);
            let input = InputSummary::new(&corpus.report, &left_out, data.targets);
            (evaluation, input)
        }
    };
    let path = args.output.as_deref();
    let text = match ResultFormat::choose(args.format, path) {
        ResultFormat::Text => evaluation_text(&evaluation, width(path)),
        ResultFormat::Json => json(&WithInput {
            evaluation: &evaluation,
            input: &input,
        }),
        ResultFormat::Csv => evaluation_csv(&evaluation),
    };
    Output::print(path, &text)
}
