//! `standpoint evaluate`

use std::path::{Path, PathBuf};

use standpoint::Error;
use standpoint::classifier::{Classifier, FrameClassifier, InputSummary, cross_validate};
use standpoint::corpus::{LabelledCorpus, read_labelled};
use standpoint::evaluate::{
    Evaluation, Key, RowSource, TestSet, compare_models, construct_note, evaluate_held_out,
    evaluate_model, leave_out, mistakes, n_parts,
};
use standpoint::output::OutputFile;
use standpoint::report::{
    WithInput, evaluation_csv, evaluation_document, joined_sentence, json, mistakes_csv,
    mistakes_jsonl,
};
use standpoint::wording::count;

use super::frames::EvaluateFrames;
use super::options::{LabelledArgs, ModelArgs, ResultFormat, TrainingArgs, load_model};
use super::output::{Output, extension_is, refuse_overwriting};
use super::train::{Usable, note_targets, usable, usable_data};
use super::{Common, messages};

/// Say how good a model is on labelled sentences
///
/// With --model (or the built-in model) the sentences are a test set. With --folds K no model is needed: K times a model is trained on the
/// other folds and tested on the one left out; folds never share an article. With --leave-out a model is trained without each subject (or
/// outlet) in turn and tested on it.
///
/// Every figure has an interval over articles. Beside the model stand three baselines: always the most frequent class, a list of words
/// with their sentiment (VADER), and the same features without knowing the subject. Then: how far probabilities can be believed, accuracy of
/// the most confident rows, by outlet (column outlet) and by voice (column voice, else read from the text), rows whose text or article
/// the model was trained on, and sentences that are for one subject and against another.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Labelled sentences: .jsonl, .csv or .tsv, plain, .gz or .zst; folders; - is standard input
    #[arg(required = true)]
    data: Vec<PathBuf>,
    #[command(flatten)]
    model: ModelArgs,
    /// Another model, compared on the same rows: differences with intervals, and rows only one gets right
    #[arg(long, value_name = "MODEL", conflicts_with_all = ["folds", "leave_out"])]
    against: Option<PathBuf>,
    /// Train inside, on all folds but one, K times; with --leave-out: put subjects or outlets into K folds
    #[arg(long, value_name = "K", conflicts_with = "model", value_parser = clap::value_parser!(u64).range(2..=100))]
    folds: Option<u64>,
    /// Train inside, without each `subject` or `outlet` in turn; more than 20 are put into 10 folds
    #[arg(long, value_name = "WHAT", conflicts_with = "model")]
    leave_out: Option<KeyName>,
    /// A file for the rows the model gets wrong, worst first, with the words that led there: .jsonl or .csv
    #[arg(long, value_name = "FILE", conflicts_with_all = ["folds", "leave_out"])]
    errors: Option<PathBuf>,
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

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum KeyName {
    Subject,
    Outlet,
}

impl From<KeyName> for Key {
    fn from(name: KeyName) -> Key {
        match name {
            KeyName::Subject => Key::Subject,
            KeyName::Outlet => Key::Outlet,
        }
    }
}

const EXAMPLES: &str = "\
Examples:
  standpoint evaluate test.csv --model my-model.safetensors
  standpoint evaluate test.csv --model new.safetensors --against old.safetensors
  standpoint evaluate test.csv --model my-model.safetensors --errors errors.csv
  standpoint evaluate labelled.jsonl --folds 5
  standpoint evaluate frames-test.jsonl --model frames.safetensors
  standpoint evaluate labelled.jsonl --leave-out subject
  standpoint evaluate test.csv --format json -o figures.json

The training options but --polarity count with --folds and --leave-out only. Without --model, --folds and --leave-out the built-in model is tested.";

/// Folds of the calibration inside each fit of --leave-out.
const INNER_FOLDS: usize = 5;

pub fn run(args: Args, common: &Common) -> anyhow::Result<()> {
    refuse_overwriting(args.output.as_deref(), &args.data)?;
    check_errors_file(&args)?;
    let corpus = read_labelled(&args.data, &args.labelled.read_options(common))?;
    messages::read_report(common, &corpus.report);
    if let Some(model) = frames_model(&args)? {
        return super::frames::evaluate(&frames_asked(&args, Some(&model)), corpus, common);
    }
    if args.training.is_frames() {
        args.training.check_frames()?;
        if args.folds.is_none() || args.leave_out.is_some() {
            return Err(Error::Parameter(
                "--task frames trains inside folds: give --folds K and no --leave-out; a model of frames is tested with --model MODEL".into(),
            )
            .into());
        }
        return super::frames::evaluate(&frames_asked(&args, None), corpus, common);
    }
    let (evaluation, input) = match (args.leave_out, args.folds) {
        (Some(key), _) => left_out(key.into(), corpus, &args, common)?,
        (None, Some(folds)) => held_out(folds as usize, corpus, &args, common)?,
        (None, None) => tested(corpus, &args, common)?,
    };
    let path = args.output.as_deref();
    let text = match ResultFormat::choose(args.format, path) {
        format @ (ResultFormat::Text | ResultFormat::Md | ResultFormat::Latex) => {
            format.printed(&evaluation_document(&evaluation), path, common)
        }
        ResultFormat::Json => json(&WithInput {
            evaluation: &evaluation,
            input: &input,
        }),
        ResultFormat::Csv => evaluation_csv(&evaluation),
    };
    Output::print(path, &text)
}

/// The model of frames that --model names, if it is one.
fn frames_model(args: &Args) -> Result<Option<FrameClassifier>, Error> {
    let path = args.model.model.as_deref();
    let Some(path) = path.filter(|path| FrameClassifier::is_frames(path)) else {
        return Ok(None);
    };
    if args.against.is_some() || args.errors.is_some() {
        return Err(Error::Parameter(
            "--against and --errors are for models of one class a sentence, and --model is a model of frames".into(),
        ));
    }
    FrameClassifier::load(path).map(Some)
}

fn frames_asked<'a>(args: &'a Args, model: Option<&'a FrameClassifier>) -> EvaluateFrames<'a> {
    EvaluateFrames {
        model,
        folds: args.folds.unwrap_or(0) as usize,
        format: args.format,
        output: args.output.as_ref(),
        training: &args.training,
        labelled: &args.labelled,
    }
}

/// Whether the file of --errors can be written, asked before the work.
fn check_errors_file(args: &Args) -> Result<(), Error> {
    let Some(path) = args.errors.as_deref() else {
        return Ok(());
    };
    if !extension_is(Some(path), "jsonl") && !extension_is(Some(path), "csv") {
        return Err(Error::Parameter(format!(
            "--errors {}: the name says the format; allowed: .jsonl, .csv",
            path.display()
        )));
    }
    if args.output.as_deref() == Some(path) {
        return Err(Error::Parameter(format!(
            "{} is both --errors and --output; name two files",
            path.display()
        )));
    }
    refuse_overwriting(Some(path), &args.data)
}

/// A model on a test set.
fn tested(
    corpus: LabelledCorpus,
    args: &Args,
    common: &Common,
) -> anyhow::Result<(Evaluation, InputSummary)> {
    let classifier = args.model.load()?;
    let other = (args.against.as_deref())
        .map(|path| load_model(Some(path)))
        .transpose()?;
    let classes = classifier.classes();
    let note = construct_note(&corpus.rows, classes);
    let sources: Vec<RowSource> = corpus.rows.iter().map(RowSource::new).collect();
    let (data, left_out) = usable(corpus.rows, classes, &args.training, &args.labelled, common)?;
    messages::left_out(common, &left_out);
    note_targets(common, &data);
    let input = InputSummary::new(&corpus.report, &left_out, data.targets);
    let set = TestSet::new(data, &sources);
    let mut evaluation = evaluate_model(&classifier, &set, LEVEL, common.seed());
    evaluation.notes.extend(note);
    if let Some(other) = other {
        let against = compare_models(&classifier, &other, &set, LEVEL, common.seed())?;
        evaluation.against = Some(against);
    }
    if let Some(path) = args.errors.as_deref() {
        write_errors(path, &classifier, &set, common)?;
    }
    Ok((evaluation, input))
}

/// The level of all intervals.
const LEVEL: f64 = 0.95;

fn write_errors(
    path: &Path,
    classifier: &Classifier,
    set: &TestSet,
    common: &Common,
) -> anyhow::Result<()> {
    let mistakes = mistakes(classifier, set);
    let text = match extension_is(Some(path), "csv") {
        true => mistakes_csv(&mistakes, classifier.classes().names()),
        false => mistakes_jsonl(&mistakes),
    };
    OutputFile::write_all_to(path, text.as_bytes())?;
    messages::note(
        common,
        &format!(
            "{} of {} are wrong; they are in {}",
            mistakes.len(),
            count(set.data.rows.len(), "sentence"),
            path.display()
        ),
    );
    Ok(())
}

/// Held-out folds.
fn held_out(
    folds: usize,
    corpus: LabelledCorpus,
    args: &Args,
    common: &Common,
) -> anyhow::Result<(Evaluation, InputSummary)> {
    let usable = usable_data(corpus, &args.training, &args.labelled, common)?;
    let Usable {
        data,
        classes,
        input,
        sources,
        joined,
    } = usable;
    let params = args.training.params(&data, folds, common)?;
    let bar = messages::progress(common, folds as u64, "folds");
    let held_out = cross_validate(&data, &classes, &params, &|| bar.inc(1))?;
    bar.finish_and_clear();
    let held_out = held_out.ok_or_else(|| {
        Error::Data("cross-validation needs rows of at least two articles (column article)".into())
    })?;
    if held_out.not_converged > 0 {
        messages::warning(&format!(
            "{} of {} folds did not converge; figures may be off",
            held_out.not_converged, held_out.folds
        ));
    }
    let set = TestSet::new(data, &sources);
    let facts = Some(set.facts.as_slice());
    let mut evaluation =
        evaluate_held_out(&held_out, &set.data, facts, &classes, LEVEL, common.seed());
    evaluation.notes.push(format!(
        "Cross-validated: {} folds that share no article; intervals cover the choice of articles, not of folds.",
        held_out.folds
    ));
    evaluation
        .notes
        .extend(joined.as_ref().map(joined_sentence));
    Ok((evaluation, input))
}

/// Each subject or outlet left out in turn.
fn left_out(
    key: Key,
    corpus: LabelledCorpus,
    args: &Args,
    common: &Common,
) -> anyhow::Result<(Evaluation, InputSummary)> {
    let usable = usable_data(corpus, &args.training, &args.labelled, common)?;
    let set = TestSet::new(usable.data, &usable.sources);
    let params = args.training.params(&set.data, INNER_FOLDS, common)?;
    let folds = args.folds.map(|folds| folds as usize);
    let fits = n_parts(&set, key, folds) * (INNER_FOLDS + 1);
    let bar = messages::progress(common, fits as u64, "fits");
    let step = || bar.inc(1);
    let evaluation = leave_out(&set, &usable.classes, &params, key, folds, LEVEL, &step);
    bar.finish_and_clear();
    let mut evaluation = evaluation?;
    let left = evaluation.leave_out.as_ref().expect("it was asked for");
    if left.n_not_converged > 0 {
        messages::warning(&format!(
            "{} of {} fits did not converge; figures may be off",
            left.n_not_converged,
            left.parts.len()
        ));
    }
    evaluation.notes.push(format!(
        "Each sentence was predicted by a model that was not trained on its {}, nor on its article.",
        key.name()
    ));
    (evaluation.notes).extend(usable.joined.as_ref().map(joined_sentence));
    Ok((evaluation, usable.input))
}
