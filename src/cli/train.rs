//! `standpoint train`

use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde_json::json;
use standpoint::classes::{Classes, Task};
use standpoint::classifier::{
    Classifier, INNER_FOLDS, InputSummary, PreparedData, Prior, Search, Setting, TargetCounts,
    TrainParams, Trained, classes_of, n_tuning_steps, prepare, prepare_usable, train, train_tuned,
    without_unknown_labels,
};
use standpoint::corpus::{
    JoinSummary, LabelledCorpus, LabelledSentence, join_labels, read_labelled,
};
use standpoint::error::InputProblem;
use standpoint::evaluate::{Evaluation, RowSource, evaluate_held_out};
use standpoint::report::{evaluation_summary_document, joined_text, json, printable, tuning_text};
use standpoint::wording::count;
use standpoint::{Error, Result};

use super::options::{LabelledArgs, TrainingArgs};
use super::output::{Output, refuse_overwriting, width};
use super::{Common, messages};

/// Train a model on labelled sentences
///
/// Reads sentences with a label each, trains a linear model, calibrates its probabilities on held-out folds, and says how well it does on
/// articles it has not seen. Labels may be stance words (against, neutral, favor, ...), sentiment words (negative, neutral, positive, -1,
/// 0, 1) or any other set of classes. The subject of a sentence is given by place (from, to: characters), by name (subject),
/// for the whole file (--subject), or not at all.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Labelled sentences: .jsonl, .csv or .tsv, plain, .gz or .zst; folders; - is standard input
    #[arg(required = true)]
    data: Vec<PathBuf>,
    /// The model file to write
    #[arg(long, short, value_name = "MODEL")]
    output: PathBuf,
    /// A model to go on from, for few labels: a file, or `built-in`. Weights are pulled toward its weights instead of toward zero; what the labels
    /// do not speak of stays as it was. Its classes must be those of the labels, by name or by polarity
    #[arg(long, value_name = "MODEL")]
    prior: Option<PathBuf>,
    /// Choose by cross-validation: penalty (around --l2), class weights, families (groups left out), --min-df. The figures come from an outer
    /// cross-validation with a search of its own in each fold, so that the choice does not flatter them. Takes about a hundred times as long
    #[arg(long)]
    tune: bool,
    /// Folds of the cross-validation, 2 to 100; 0 for none: quicker, but without figures, and probabilities stay uncalibrated
    #[arg(long, value_name = "K", default_value_t = 5, value_parser = folds)]
    folds: u64,
    /// A sentence about a model of frames, shown wherever it is used: what it was trained on, what it must not be used for
    #[arg(long, value_name = "TEXT")]
    about: Option<String>,
    /// How the report is printed
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    #[command(flatten)]
    training: TrainingArgs,
    #[command(flatten)]
    labelled: LabelledArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Json,
}

const EXAMPLES: &str = "\
Examples:
  standpoint train labelled.jsonl -o my-model.safetensors
  standpoint train coded.csv --text-column sentence --label-column code -o m.safetensors
  standpoint train coded.csv --subject \"Dana Verrick\" --alias \"the commissioner\" -o m.safetensors
  standpoint train coded.csv --polarity pros=1,cons=-1,mixed=0 -o m.safetensors
  standpoint train few.csv --prior built-in -o m.safetensors
  standpoint train labelled.jsonl --tune -o m.safetensors
  standpoint train frames.jsonl --task frames -o frames.safetensors

Needed columns: text, label. Known ones: subject, or from and to (characters, end exclusive); article
(folds never share one); id, outlet, weight, annotator.";

/// What --folds may be.
fn folds(given: &str) -> std::result::Result<u64, String> {
    match given.parse() {
        Ok(folds @ (0 | 2..=100)) => Ok(folds),
        _ => Err("must be 0 or between 2 and 100".into()),
    }
}

pub fn run(args: Args, common: &Common) -> anyhow::Result<()> {
    let mut inputs = args.data.clone();
    inputs.extend(args.prior.clone());
    refuse_overwriting(Some(&args.output), &inputs)?;
    if let (Some(_), Some(option)) = (&args.prior, args.training.features_option()) {
        return Err(Error::Parameter(format!(
            "{option} and --prior: families and word table are those of the prior; leave one of them out"
        ))
        .into());
    }
    let corpus = read_labelled(&args.data, &args.labelled.read_options(common))?;
    messages::read_report(common, &corpus.report);
    if args.training.is_frames() {
        args.training.check_frames()?;
        if args.prior.is_some() || args.tune {
            return Err(
                Error::Parameter("--prior and --tune do not go with --task frames".into()).into(),
            );
        }
        let asked = super::frames::TrainFrames {
            output: &args.output,
            folds: args.folds as usize,
            about: args.about.as_deref(),
            as_json: matches!(args.format, Format::Json),
            training: &args.training,
            labelled: &args.labelled,
        };
        return super::frames::train(&asked, corpus, common);
    }
    if args.about.is_some() {
        return Err(Error::Parameter("--about goes with --task frames only".into()).into());
    }
    let files = corpus
        .report
        .files
        .iter()
        .map(|file| base_name(file))
        .collect();
    let Usable {
        data,
        classes,
        input,
        joined,
        ..
    } = usable_data(corpus, &args.training, &args.labelled, common)?;

    let mut params = args.training.params(&data, args.folds as usize, common)?;
    if let Some(path) = &args.prior {
        let prior = prior(path, &classes, &data, common)?;
        params.prior = Some(Arc::new(prior));
        params.l2 = args.training.l2().unwrap_or(TrainParams::PRIOR_L2);
    }
    let (trained, tuning) = if args.tune {
        let bar = messages::progress(common, n_tuning_steps(&params) as u64, "tuning");
        let tuned = train_tuned(&data, &classes, &params, &|| bar.inc(1))?;
        bar.finish_and_clear();
        params = tuned.params;
        let tuning = Tuning {
            inner_folds: INNER_FOLDS,
            search: tuned.search,
            by_fold: tuned.by_fold,
        };
        (tuned.trained, Some(tuning))
    } else {
        let bar = messages::progress(common, args.folds + 1, "training");
        let trained = train(&data, &classes, &params, &|| bar.inc(1))?;
        bar.finish_and_clear();
        (trained, None)
    };

    let evaluation = trained
        .held_out
        .as_ref()
        .map(|held_out| evaluate_held_out(held_out, &data, None, &classes, 0.95, common.seed()));
    let figures = evaluation
        .as_ref()
        .zip(trained.held_out.as_ref())
        .map(|(evaluation, held_out)| evaluation.cross_validated(held_out.folds));
    let classifier = trained.classifier.clone().with_record(files, figures);
    classifier.save(&args.output)?;

    warn_of_convergence(&trained, &params);
    if let Some(evaluation) = &evaluation {
        warn_of_worthlessness(evaluation);
    }
    let record = classifier.record();
    let report = match args.format {
        Format::Json => json(&json!({
            "n": record.n,
            "n_articles": record.n_articles,
            "classes": record.class_counts,
            "polarity": classes.polarity(),
            "construct": classes.construct(),
            "subjects": record.targets,
            "input": input,
            "labels": joined,
            "n_features": classifier.featurizer().n_features(),
            "l2": record.l2,
            "prior": record.prior,
            "tuning": tuning,
            "convergence": record.convergence,
            "calibration": classifier.calibration(),
            "cross_validation": evaluation,
            "model": classifier.digest(),
        })),
        Format::Text => {
            let mut text = String::new();
            let classes: Vec<String> = record
                .class_counts
                .iter()
                .map(|(name, n)| format!("{} {n}", printable(name)))
                .collect();
            let _ = writeln!(
                text,
                "{} of {}: {}",
                count(record.n, "sentence"),
                count(record.n_articles, "article"),
                classes.join(", ")
            );
            if let Some(joined) = &joined {
                text.push_str(&joined_text(joined, width(None)));
            }
            let _ = writeln!(
                text,
                "{}; fit {} after {} (gradient {:.1e})",
                count(classifier.featurizer().n_features(), "feature"),
                record.convergence.reason.describe(),
                record
                    .convergence
                    .iterations
                    .map_or("an unknown number of steps".to_string(), |n| count(
                        n, "step"
                    )),
                record.convergence.gradient_norm
            );
            if let Some(prior) = &params.prior {
                let _ = writeln!(text, "{}", goes_on_from(prior.classifier(), params.l2));
            }
            if let Some(tuning) = &tuning {
                text.push_str(&tuning_text(&tuning.search, &tuning.by_fold, width(None)));
            }
            match &evaluation {
                Some(evaluation) => {
                    let folds = trained
                        .held_out
                        .as_ref()
                        .map_or(0, |held_out| held_out.folds);
                    let _ = writeln!(text, "\nOn articles held out, {folds} folds:\n");
                    let document = evaluation_summary_document(evaluation);
                    text.push_str(&document.text(width(None), common.paint(None)));
                }
                None if args.folds == 0 => {
                    text.push_str("\nNot cross-validated and not calibrated (--folds 0).\n")
                }
                None => text.push_str(
                    "\nNot cross-validated and not calibrated: that takes at least two articles.\n",
                ),
            }
            let _ = writeln!(text, "\nModel written to {}", args.output.display());
            text
        }
    };
    Output::print(None, &report)
}

/// What --tune did, for JSON.
#[derive(Debug, serde::Serialize)]
struct Tuning {
    inner_folds: usize,
    #[serde(flatten)]
    search: Search,
    by_fold: Vec<Setting>,
}

/// The model to go on from. Says so where figures will be optimistic, or where labels and prior mean different things.
fn prior(path: &Path, classes: &Classes, data: &PreparedData, common: &Common) -> Result<Prior> {
    let classifier = match path.to_str() {
        Some(BUILT_IN) => Classifier::built_in()?,
        _ => Classifier::load(path)?,
    };
    if let (Some(theirs), Some(ours)) = (classifier.classes().construct(), classes.construct())
        && theirs != ours
    {
        messages::note(
            common,
            &format!(
                "the labels speak of {ours}, the prior of {theirs}: close, but not the same; they are matched by polarity"
            ),
        );
    }
    let prior = Prior::new(classifier, classes)?;
    let n_seen = prior.n_seen(data);
    if n_seen > 0 {
        messages::warning(&format!(
            "{n_seen} of {} were in the prior's training data; figures on held-out articles are optimistic, because the prior \
             knows these sentences",
            count(data.rows.len(), "sentence")
        ));
    }
    Ok(prior)
}

/// What --prior calls the model inside the program.
const BUILT_IN: &str = "built-in";

fn goes_on_from(prior: &Classifier, l2: f64) -> String {
    format!(
        "Goes on from model {} ({}), weights pulled toward its own (l2 {l2})",
        &prior.digest()[..16],
        count(prior.record().n, "sentence")
    )
}

/// A labelled corpus ready for training.
pub struct Usable {
    pub data: PreparedData,
    pub classes: Classes,
    /// What was left out.
    pub input: InputSummary,
    /// What else the file says of each row that was prepared.
    pub sources: Vec<RowSource>,
    /// What --labels joined.
    pub joined: Option<JoinSummary>,
}

/// Classes and rows of a labelled corpus, and what was left out of it.
pub fn usable_data(
    corpus: LabelledCorpus,
    training: &TrainingArgs,
    labelled: &LabelledArgs,
    common: &Common,
) -> Result<Usable> {
    let polarity = training.polarity();
    let (rows, mut left_out) = if common.keep_going && training.task() != Task::Classes {
        without_unknown_labels(corpus.rows, &polarity)
    } else {
        (corpus.rows, Vec::new())
    };
    let (rows, joined) = match training.join() {
        Some(how) => join_labels(rows, how).map(|(rows, summary)| (rows, Some(summary)))?,
        None => (rows, None),
    };
    let classes = classes_of(&rows, training.task(), &polarity)?;
    let sources = rows.iter().map(RowSource::new).collect();
    let (data, more) = usable(rows, &classes, training, labelled, common)?;
    left_out.extend(more);
    // The classes were told from all rows; one whose rows are all left out cannot be learnt.
    let present = data.classes();
    if let Some(lost) = (0..classes.len()).find(|class| !present.contains(class)) {
        let problem = left_out.first().expect("a class is lost with its rows");
        return Err(Error::Data(format!(
            "class \"{}\" has no row that can be used; {problem}",
            classes.names()[lost]
        )));
    }
    messages::left_out(common, &left_out);
    note_targets(common, &data);
    let input = InputSummary::new(&corpus.report, &left_out, data.targets);
    Ok(Usable {
        data,
        classes,
        input,
        sources,
        joined,
    })
}

/// Rows prepared for `classes`; with `--keep-going` those that cannot be used are listed instead of ending the work.
pub fn usable(
    rows: Vec<LabelledSentence>,
    classes: &Classes,
    training: &TrainingArgs,
    labelled: &LabelledArgs,
    common: &Common,
) -> Result<(PreparedData, Vec<InputProblem>)> {
    let (polarity, subject) = (training.polarity(), labelled.subject.subject());
    if common.keep_going {
        prepare_usable(rows, classes, &polarity, subject.as_ref())
    } else {
        prepare(rows, classes, &polarity, subject.as_ref()).map(|data| (data, Vec::new()))
    }
}

/// Says so when the held-out figures give no reason to use the model.
pub fn warn_of_worthlessness(evaluation: &Evaluation) {
    let low = evaluation
        .accuracy
        .low
        .or(evaluation.accuracy.value)
        .unwrap_or(0.0);
    let baselines = &evaluation.baselines;
    if low <= baselines.majority.accuracy {
        messages::warning(
            "on articles held out this model is not clearly better than always saying the most frequent class; do not rely on it. \
             More labelled sentences help: a few hundred are a beginning",
        );
    } else if low <= baselines.target_blind.accuracy {
        messages::warning(
            "on articles held out this model is not clearly better than one that does not know the subject: it tells the tone of sentences \
             rather than the stance toward the subject",
        );
    }
}

/// Says loudly when a fit did not converge.
pub fn warn_of_convergence(trained: &Trained, params: &TrainParams) {
    let convergence = &trained.classifier.record().convergence;
    if !convergence.reached {
        messages::warning(&format!(
            "THE FIT DID NOT CONVERGE: {} (gradient {:.1e}, at most {} steps); do not use this model's figures",
            convergence.reason.describe(),
            convergence.gradient_norm,
            params.max_iter
        ));
    }
    if let Some(held_out) = trained
        .held_out
        .as_ref()
        .filter(|held_out| held_out.not_converged > 0)
    {
        messages::warning(&format!(
            "{} of {} folds did not converge; cross-validated figures may be off",
            held_out.not_converged, held_out.folds
        ));
    }
}

/// Says how subjects were found, where that may surprise.
pub fn note_targets(common: &Common, data: &PreparedData) {
    let TargetCounts {
        without_subject,
        not_found,
        ..
    } = data.targets;
    if without_subject > 0 {
        messages::note(
            common,
            &match without_subject {
                1 => "1 row has no subject and is used target-blind".to_string(),
                n => format!("{n} rows have no subject and are used target-blind"),
            },
        );
    }
    if not_found > 0 {
        messages::warning(&match not_found {
            1 => "the subject of 1 row is not in its text; it is used target-blind".to_string(),
            n => {
                format!("the subject of {n} rows is not in their text; they are used target-blind")
            }
        });
    }
    if data.without_article > 0 {
        messages::note(
            common,
            &format!(
                "{} no article; each text counts as an article of its own",
                match data.without_article {
                    1 => "1 row names".to_string(),
                    n => format!("{n} rows name"),
                }
            ),
        );
    }
}

/// A file's name without its folder: models and word vectors hold no paths.
pub fn base_name(file: &str) -> String {
    Path::new(file).file_name().map_or_else(
        || file.to_string(),
        |name| name.to_string_lossy().into_owned(),
    )
}
