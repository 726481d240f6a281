//! `standpoint learn-curve`

use std::path::PathBuf;

use standpoint::classifier::{CurvePlan, InputSummary, fit_curve};
use standpoint::corpus::read_labelled;
use standpoint::evaluate::{LearningCurve, learning_curve};
use standpoint::report::{curve_csv, curve_document, json};

use super::options::{LabelledArgs, ResultFormat, TrainingArgs};
use super::output::{Output, refuse_overwriting};
use super::train::usable_data;
use super::{Common, messages};

/// Say what more labels would bring
///
/// Trains on nested parts of the labelled sentences, each about twice the one before, and tests every time on the same held-out folds. Prints
/// macro-F1 by size with its spread over folds, fits a power law (macro-F1 = a - b n^-c), and says what up to twice as many labels would
/// bring; where the curve is flat or too irregular it says that instead. Folds and sizes never split an article.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Labelled sentences: .jsonl, .csv or .tsv, plain, .gz or .zst; folders; - is standard input
    #[arg(required = true)]
    data: Vec<PathBuf>,
    /// Sizes of the training data, the smallest at least 50 sentences; 6, with few sentences 5, unless given
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(5..=12))]
    sizes: Option<u64>,
    /// Folds of the cross-validation
    #[arg(long, value_name = "K", default_value_t = 5, value_parser = clap::value_parser!(u64).range(2..=20))]
    folds: u64,
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
  standpoint learn-curve labelled.jsonl
  standpoint learn-curve labelled.jsonl --folds 10 --format csv > curve.csv
  standpoint learn-curve coded.csv --subject \"Dana Verrick\" -o curve.json

It takes 250 labelled sentences at least, and about as long as four trainings.";

/// A curve with what was left out of the input, for JSON.
#[derive(serde::Serialize)]
struct CurveWithInput<'c> {
    #[serde(flatten)]
    curve: &'c LearningCurve,
    input: &'c InputSummary,
}

pub fn run(args: Args, common: &Common) -> anyhow::Result<()> {
    refuse_overwriting(args.output.as_deref(), &args.data)?;
    let corpus = read_labelled(&args.data, &args.labelled.read_options(common))?;
    messages::read_report(common, &corpus.report);
    let usable = usable_data(corpus, &args.training, &args.labelled, common)?;
    let (data, classes) = (&usable.data, &usable.classes);
    let params = args.training.params(data, args.folds as usize, common)?;
    let plan = CurvePlan::new(data, args.sizes.map(|sizes| sizes as usize), &params)?;
    let bar = messages::progress(common, plan.n_fits() as u64, "fits");
    let fits = fit_curve(data, classes, &params, &plan, &|| bar.inc(1));
    bar.finish_and_clear();
    let n = (data.rows.len(), data.n_groups);
    let curve = learning_curve(&fits?, classes, n, common.seed());
    let path = args.output.as_deref();
    let text = match ResultFormat::choose(args.format, path) {
        format @ (ResultFormat::Text | ResultFormat::Md | ResultFormat::Latex) => {
            format.printed(&curve_document(&curve), path, common)
        }
        ResultFormat::Json => json(&CurveWithInput {
            curve: &curve,
            input: &usable.input,
        }),
        ResultFormat::Csv => curve_csv(&curve),
    };
    Output::print(path, &text)
}
