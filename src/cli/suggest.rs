//! `standpoint suggest`

use std::collections::BTreeSet;
use std::path::PathBuf;

use standpoint::Error;
use standpoint::corpus::read_labelled_texts;
use standpoint::output::OutputFile;
use standpoint::suggest::{Suggested, Suggester, suggestion_table};
use standpoint::wording::count;

use super::output::{extension_is, refuse_overwriting};
use super::validate::{SourceArgs, note_unknown_model};
use super::{Common, messages};

/// Pick the next sentences to label for training
///
/// Picks sentences that the model is unsure of (a small margin between the two likeliest classes), no two alike, at most two of an article and
/// spread over outlets. Fill the column `label` and give the table to `train`; rows without a label are left out. These sentences are for training
/// only: they are no random sample, so they cannot check a model or correct a comparison. `validate draw` draws those that can.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Articles, or score files made by `standpoint score`
    #[arg(required = true, value_name = "ARTICLES|SCORES")]
    inputs: Vec<PathBuf>,
    /// How many sentences to pick, 2000 at most
    #[arg(long, short, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=2000))]
    n: u64,
    /// The table to label: .csv (for spreadsheets) or .jsonl (for label tools)
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
    /// Labelled sentences, samples of `validate draw` and earlier picks: what stands in them, or nearly so, is left out
    #[arg(long, value_name = "FILE", num_args = 1..)]
    labelled: Vec<PathBuf>,
    #[command(flatten)]
    source: SourceArgs,
}

const EXAMPLES: &str = "\
Examples:
  standpoint suggest articles/ --subject \"Dana Verrick\" -n 100 -o to-label.csv
  standpoint suggest scores.jsonl -n 200 --labelled coded.csv sample.csv -o to-label.jsonl
  standpoint suggest articles/ --subject \"Dana Verrick\" --model my-model.safetensors -n 100 -o round-2.csv --labelled to-label.csv

Then: standpoint train coded.csv to-label.csv -o my-model.safetensors";

pub fn run(args: Args, common: &Common) -> anyhow::Result<()> {
    let csv = extension_is(Some(&args.output), "csv");
    if !csv && !extension_is(Some(&args.output), "jsonl") {
        return Err(Error::Parameter(format!(
            "--output {}: the name says the format; allowed: .csv, .jsonl",
            args.output.display()
        ))
        .into());
    }
    if args.output.exists() {
        return Err(Error::Parameter(format!(
            "{} is there already, perhaps with labels in it; name another file with -o",
            args.output.display()
        ))
        .into());
    }
    refuse_overwriting(Some(&args.output), &[])?;
    let labelled = match args.labelled.is_empty() {
        true => Vec::new(),
        false => read_labelled_texts(&args.labelled)?,
    };
    let n = usize::try_from(args.n).expect("a number below a million");
    let source = args
        .source
        .open(&args.inputs, None, "picking from articles", common)?;
    let (run, subject) = (source.run.clone(), source.subject.clone());
    let model = args.source.model.load_if(&run.model)?;
    note_unknown_model(model.as_ref(), common);
    let labelled = labelled.iter().map(String::as_str);
    let mut suggester = Suggester::new(n, model.as_ref(), labelled);
    args.source.each(source, common, |score| {
        suggester.add(score);
        Ok(())
    })?;
    let suggested = suggester.finish();
    if suggested.rows.is_empty() {
        return Err(Error::Data(format!(
            "no sentence about {} to pick, of {} gone through: captions, headlines and the subject's own words do not count, and what has a label \
             or was trained on is left out",
            subject.name, suggested.n_sentences
        ))
        .into());
    }
    let table = suggestion_table(&suggested.rows, &subject.name, csv);
    OutputFile::write_all_to(&args.output, table.as_bytes())?;
    say_what_was_picked(&args, &suggested, &run.classes, n, common);
    Ok(())
}

fn say_what_was_picked(
    args: &Args,
    suggested: &Suggested,
    classes: &[String],
    n: usize,
    common: &Common,
) {
    let rows = &suggested.rows;
    let outlets: BTreeSet<&str> = rows.iter().map(|row| row.outlet.as_str()).collect();
    let articles: BTreeSet<(&str, &str)> = (rows.iter())
        .map(|row| (row.outlet.as_str(), row.article.as_str()))
        .collect();
    let file = args.output.display();
    messages::note(
        common,
        &format!(
            "{} from {} of {} in {file}, of {} gone through; left out: {} trained on, {} with a label",
            count(rows.len(), "sentence"),
            count(articles.len(), "article"),
            count(outlets.len(), "outlet"),
            suggested.n_sentences,
            suggested.n_trained_on,
            suggested.n_labelled
        ),
    );
    if rows.len() < n {
        messages::note(
            common,
            "there are no more: at most two sentences of an article are picked, and no two alike",
        );
    }
    messages::note(
        common,
        &format!(
            "labels: {}; rows left empty are no harm",
            classes.join(", ")
        ),
    );
    messages::warning(&format!(
        "the sentences in {file} are for training only: the model is unsure of them, so they are not a random sample and say nothing about how good \
         it is. To check a model or correct a comparison draw others: standpoint validate draw"
    ));
}
