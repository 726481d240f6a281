//! `standpoint check`

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use standpoint::Error;
use standpoint::check::{Check, CheckParams, LabelKind, check, rows_to_learn_from, suspects};
use standpoint::classes::{Polarity, Task};
use standpoint::classifier::{TrainParams, classes_of, prepare_usable, word_table_named};
use standpoint::corpus::{LabelledSentence, read_labelled, several_annotators};
use standpoint::output::OutputFile;
use standpoint::report::{check_csv, check_text, json, suspects_csv};

use super::options::{LabelledArgs, ResultFormat, polarity};
use super::output::{Output, refuse_overwriting, width};
use super::{Common, messages};

/// Look over labelled sentences before training
///
/// Counts rows, classes, subjects, outlets and articles, and reports what a careful colleague would: copies and near-copies, copies with different
/// labels, sentences that are in the test data too, broken characters, texts without their subject, subjects and outlets that give the label
/// away, classes too rare for the folds. Of several annotators (column annotator): how far they agree, and on what they do not. At last,
/// labels to read again: those that a model doubts which learnt from other articles.
///
/// It is a report: nothing is changed, and the exit code is 0 whatever is found.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Labelled sentences: .jsonl, .csv or .tsv, plain, .gz or .zst; folders; - is standard input
    #[arg(required = true)]
    data: Vec<PathBuf>,
    /// A file that models will be tested on: its texts and articles must not be among DATA. Its rows are not counted; repeatable
    #[arg(long, value_name = "FILE")]
    test: Vec<PathBuf>,
    /// What the labels are: `stance` (each has a polarity), `classes` (any labels), or `frames` (each is a list, its parts separated by | or ;);
    /// stance or classes are told from the labels unless given
    #[arg(long, value_name = "TASK")]
    task: Option<Kind>,
    /// What labels are worth, for words that are not recognised: pros=1,cons=-1
    #[arg(long, value_name = "LABEL=WORTH,...", value_delimiter = ',', value_parser = polarity)]
    polarity: Vec<(String, Polarity)>,
    /// Fail unless there are several annotators with sentences in common
    #[arg(long)]
    agreement: bool,
    /// How many labels to read again are listed; 0 spares their cross-validation
    #[arg(long, value_name = "N", default_value_t = 20)]
    suspects: usize,
    /// Folds of the cross-validation, here and of the training to come
    #[arg(long, value_name = "K", default_value_t = 5, value_parser = clap::value_parser!(u64).range(2..=100))]
    folds: u64,
    /// How the report is printed; csv has the findings
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: ResultFormat,
    /// A file for the labels to read again, as CSV
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    labelled: LabelledArgs,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum Kind {
    Stance,
    Classes,
    Frames,
}

const EXAMPLES: &str = "\
Examples:
  standpoint check labelled.jsonl
  standpoint check train.csv --test test.csv
  standpoint check coded.csv --annotator-column coder --agreement --suspects 0
  standpoint check labelled.jsonl --suspects 100 -o suspects.csv
  standpoint check labelled.jsonl --format json";

/// The level of all intervals.
const LEVEL: f64 = 0.95;

pub fn run(args: Args, common: &Common) -> anyhow::Result<()> {
    args.format.refuse_documents("check")?;
    let inputs: Vec<PathBuf> = args.data.iter().chain(&args.test).cloned().collect();
    refuse_overwriting(args.output.as_deref(), &inputs)?;
    if args.suspects == 0 && args.output.is_some() {
        return Err(Error::Parameter(
            "--suspects 0 and --output: the file holds the labels to read again; leave one of the two out".into(),
        )
        .into());
    }
    // Bad rows are findings; only when no row is good there is nothing to report on.
    let mut options = args.labelled.read_options(common);
    options.keep_going = true;
    let corpus = read_labelled(&args.data, &options)?;
    let test = match args.test.is_empty() {
        true => Vec::new(),
        false => read_labelled(&args.test, &options)?.rows,
    };
    let params = CheckParams {
        kind: match args.task {
            None => LabelKind::Infer,
            Some(Kind::Stance) => LabelKind::Stance,
            Some(Kind::Classes) => LabelKind::Classes,
            Some(Kind::Frames) => LabelKind::Frames,
        },
        polarity: args.polarity.iter().cloned().collect(),
        subject: args.labelled.subject.subject(),
        folds: args.folds as usize,
        seed: common.seed(),
        level: LEVEL,
    };
    if args.agreement {
        several_annotators(&corpus.rows, "--agreement")?;
    }
    let mut found = check(&corpus, &test, &params)?;
    if args.agreement && found.agreement.as_ref().is_none_or(|of| of.n == 0) {
        return Err(Error::Data(
            "--agreement: no sentence has labels of two annotators; rows are of one sentence where text, subject and article are the same".into(),
        )
        .into());
    }
    if args.suspects > 0 {
        add_suspects(&mut found, &corpus.rows, &params, args.suspects, common);
    }
    if let Some(path) = args.output.as_deref() {
        write_suspects(path, &found, common)?;
    }
    let text = match args.format {
        ResultFormat::Text | ResultFormat::Md | ResultFormat::Latex => {
            check_text(&found, LEVEL, width(None))
        }
        ResultFormat::Json => json(&found),
        ResultFormat::Csv => check_csv(&found),
    };
    Output::print(None, &text)
}

/// Labels that a cross-validated model doubts, or why there are none.
fn add_suspects(
    found: &mut Check,
    rows: &[LabelledSentence],
    params: &CheckParams,
    n: usize,
    common: &Common,
) {
    let task = match params.kind {
        LabelKind::Infer => Task::Infer,
        LabelKind::Stance => Task::Stance,
        LabelKind::Classes => Task::Classes,
        LabelKind::Frames => {
            found.no_suspects_because =
                Some("labels that are lists are not cross-validated here".into());
            return;
        }
    };
    let cross_validated = || {
        let rows = rows_to_learn_from(rows)?;
        let classes = classes_of(&rows, task, &params.polarity)?;
        let (data, _) = prepare_usable(
            rows.clone(),
            &classes,
            &params.polarity,
            params.subject.as_ref(),
        )?;
        let texts = data.rows.iter().map(|row| row.text.as_str());
        let train = TrainParams {
            words: Arc::new(word_table_named(
                "built-in",
                None::<&BTreeMap<String, f64>>,
                texts,
            )?),
            folds: params.folds,
            seed: params.seed,
            ..TrainParams::default()
        };
        let bar = messages::progress(common, params.folds as u64, "reading labels again");
        let found = suspects(&rows, &data, &classes, &train, n, &|| bar.inc(1));
        bar.finish_and_clear();
        found
    };
    found.add_suspects(cross_validated());
}

fn write_suspects(path: &Path, found: &Check, common: &Common) -> anyhow::Result<()> {
    let Some(suspects) = &found.suspects else {
        let why = found
            .no_suspects_because
            .as_deref()
            .unwrap_or("none were asked for");
        messages::warning(&format!("{} is not written: {why}", path.display()));
        return Ok(());
    };
    OutputFile::write_all_to(path, suspects_csv(suspects).as_bytes())?;
    messages::note(
        common,
        &format!(
            "{} of {} doubted labels are in {}",
            suspects.listed.len(),
            suspects.n_suspects,
            path.display()
        ),
    );
    Ok(())
}
