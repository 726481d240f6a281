//! `standpoint compare`

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use standpoint::classes::Polarity;
use standpoint::compare::{CompareParams, Comparer, Comparison, Provenance, count};
use standpoint::corpus::ArticleReader;
use standpoint::report::{comparison_csv, comparison_text, json};
use standpoint::score::{Camps, Coverage, Run, ScoreFile, Scorer, is_score_file, read_score_file};
use standpoint::text::Subject;
use standpoint::{Error, Result};

use super::options::{
    ArticleArgs, MentionArgs, ModelArgs, ResultFormat, SpeakersArgs, SubjectArgs,
};
use super::output::{Output, refuse_overwriting, width};
use super::score::{
    check_mentioned, note_small_letters, refuse_score_tables, refuse_scores_in_folders,
    score_with_progress,
};
use super::{Common, messages};

/// Compare how outlets portray a subject
///
/// Takes articles, or score files made by `standpoint score`, and gives for each outlet its net stance toward the subject (-1 against to +1
/// in favor) with an interval over articles, its class shares, its own voice beside quotations, the sentences that stand out, and how each
/// outlet differs from the rest; with --speakers also who gets to speak, by camp. Where the data cannot say, it says so.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Articles (.txt, .html, .jsonl, .csv, .tsv, plain, .gz or .zst; folders; - is standard input) or score files
    /// (.jsonl, plain, .gz or .zst; - is standard input where --input-format is not given)
    #[arg(required = true, value_name = "ARTICLES|SCORES")]
    inputs: Vec<PathBuf>,
    #[command(flatten)]
    subject: SubjectArgs,
    #[command(flatten)]
    model: ModelArgs,
    /// A file for the comparison instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// How the comparison is printed; `text` unless the name of the output file says otherwise
    #[arg(long, value_name = "FORMAT")]
    format: Option<ResultFormat>,
    /// Evidence sentences an outlet: so many lowest and so many highest
    #[arg(long, value_name = "N", default_value_t = CompareParams::default().evidence)]
    evidence: usize,
    #[command(flatten)]
    speakers: SpeakersArgs,
    #[command(flatten)]
    mentions: MentionArgs,
    #[command(flatten)]
    reading: ArticleArgs,
}

const EXAMPLES: &str = "\
Examples:
  standpoint compare articles/ --subject \"Dana Verrick\"         articles/OUTLET/ARTICLE.txt
  standpoint compare news.jsonl --subject \"Dana Verrick\" --alias \"the commissioner\"
  standpoint compare scores.jsonl                               made by `standpoint score`
  standpoint compare scores.jsonl --speakers speakers.csv       who gets to speak, by camp
  standpoint compare news.csv --outlet-column source --subject \"Dana Verrick\" --format json -o comparison.json";

pub fn run(args: Args, common: &Common) -> anyhow::Result<()> {
    refuse_overwriting(args.output.as_deref(), &args.inputs)?;
    refuse_overwriting(args.output.as_deref(), args.speakers.speakers.as_slice())?;
    refuse_score_tables(&args.inputs)?;
    let mut score_files: Vec<bool> = args.inputs.iter().map(|path| is_score_file(path)).collect();
    // Articles on standard input need --input-format, so without it scores are meant, if nothing else is there.
    let is_stdin = |path: &Path| path.as_os_str() == "-" && !args.reading.has_format();
    let mut others = args.inputs.iter().zip(&score_files);
    if others.all(|(path, &is_scores)| is_scores || is_stdin(path)) {
        score_files.fill(true);
    }
    let comparison = if score_files.iter().all(|&is| is) {
        compare_scores(&args, common)?
    } else if let Some(index) = score_files.iter().position(|&is| is) {
        return Err(Error::Parameter(format!(
            "{} is a score file and {} is not; compare score files or articles, not both",
            args.inputs[index].display(),
            args.inputs[score_files.iter().position(|&is| !is).expect("not all are")].display()
        ))
        .into());
    } else {
        compare_articles(&args, common)?
    };
    let path = args.output.as_deref();
    let text = match ResultFormat::choose(args.format, path) {
        ResultFormat::Text => comparison_text(&comparison, width(path)),
        ResultFormat::Json => json(&comparison),
        ResultFormat::Csv => comparison_csv(&comparison),
    };
    Output::print(path, &text)?;
    if let Some(path) = path {
        messages::note(
            common,
            &format!(
                "{} compared in {}",
                count(comparison.outlets.len(), "outlet"),
                path.display()
            ),
        );
    }
    Ok(())
}

fn params(args: &Args, common: &Common) -> CompareParams {
    CompareParams {
        evidence: args.evidence,
        seed: common.seed,
        ..Default::default()
    }
}

fn provenance(run: &Run) -> Result<Provenance> {
    let polarity = run
        .polarity
        .as_ref()
        .map(|worths| {
            worths
                .iter()
                .map(|&worth| Polarity::try_from(worth))
                .collect()
        })
        .transpose()
        .map_err(Error::Data)?;
    Ok(Provenance {
        model: run.model.clone(),
        classes: run.classes.clone(),
        polarity,
        construct: run.construct.clone(),
    })
}

fn compare_articles(args: &Args, common: &Common) -> anyhow::Result<Comparison> {
    let mut articles = ArticleReader::open(&args.inputs, &args.reading.read_options(common))?;
    refuse_scores_in_folders(&articles)?;
    let subject = args.subject.required("comparing articles")?;
    note_small_letters(common, &subject);
    let camps = args.speakers.camps()?;
    let classifier = args.model.load()?;
    let scorer = Scorer::new(&classifier, vec![subject.clone()])?
        .keep_furniture(args.mentions.keep_furniture)
        .mentions(args.mentions.wanted());
    let run = Run::new(&classifier, vec![subject.clone()], Coverage::default());
    let mut comparer =
        Comparer::new(&subject.name, provenance(&run)?, params(args, common)).camps(camps);
    let coverage = score_with_progress(&scorer, &mut articles, false, common, |score| {
        comparer.add(&score);
        Ok(())
    })?;
    messages::read_report(common, articles.report());
    check_mentioned(&coverage, &subject)?;
    Ok(comparer.finish(&coverage))
}

fn compare_scores(args: &Args, common: &Common) -> anyhow::Result<Comparison> {
    refuse_article_options(args)?;
    // A file named twice is read once, as with articles.
    let mut seen = BTreeSet::new();
    let inputs: Vec<&Path> = args
        .inputs
        .iter()
        .map(PathBuf::as_path)
        .filter(|path| seen.insert(path.canonicalize().unwrap_or_else(|_| path.to_path_buf())))
        .collect();
    let files: Vec<ScoreFile> = inputs
        .iter()
        .map(|path| read_score_file(path))
        .collect::<Result<_>>()?;
    let first = files[0].run().clone();
    for (path, file) in inputs.iter().zip(&files) {
        if file.run().model != first.model {
            return Err(Error::Data(format!(
                "{} was scored by another model ({}) than {} ({}); score both with one model",
                path.display(),
                short(&file.run().model),
                args.inputs[0].display(),
                short(&first.model)
            ))
            .into());
        }
    }
    if let Some(path) = &args.model.model {
        let digest = args.model.load()?.digest().to_string();
        if digest != first.model {
            return Err(Error::Data(format!(
                "{} was scored by model {}, but {} is {}; leave --model out or score again",
                args.inputs[0].display(),
                short(&first.model),
                path.display(),
                short(&digest)
            ))
            .into());
        }
    }
    let subject = subject_of(args, &inputs, &files)?;
    let camps = camps_of(args, &inputs, &files, common)?;
    let mut comparer =
        Comparer::new(&subject.name, provenance(&first)?, params(args, common)).camps(camps);
    let mut coverage = Coverage::default();
    for file in files {
        coverage.merge(&file.run().coverage);
        for score in file {
            comparer.add(&score?);
        }
    }
    check_mentioned(&coverage, &subject)?;
    Ok(comparer.finish(&coverage))
}

/// Scores were made once; what articles are searched for and how they are read can no longer be changed.
fn refuse_article_options(args: &Args) -> Result<()> {
    let file = args.inputs[0].display();
    if !args.subject.alias.is_empty() {
        return Err(Error::Parameter(format!(
            "--alias changes what articles are searched for, and {file} holds scores; give --alias to `standpoint score` and score again"
        )));
    }
    match args.reading.given() {
        None => Ok(()),
        Some(option) => Err(Error::Parameter(format!(
            "{option} says how articles are read, and {file} holds scores; leave it out, or give it to `standpoint score` and score again"
        ))),
    }
}

/// The camps that were asked for, or those that all files were scored with.
fn camps_of(
    args: &Args,
    inputs: &[&Path],
    files: &[ScoreFile],
    common: &Common,
) -> Result<Option<Camps>> {
    if args.speakers.speakers.is_some() {
        return args.speakers.camps();
    }
    let lists = &files[0].run().camps;
    if files.iter().any(|file| file.run().camps != *lists) {
        messages::note(
            common,
            "the scores were made with different lists of speakers, so camps are left out; give --speakers FILE",
        );
        return Ok(None);
    }
    match lists.is_empty() {
        true => Ok(None),
        false => Camps::from_lists(lists, &inputs[0].display().to_string()).map(Some),
    }
}

/// The subject that was asked for, or the only one there is; every file must have been scored for it.
fn subject_of(args: &Args, inputs: &[&Path], files: &[ScoreFile]) -> Result<Subject> {
    let scored = &files[0].run().subjects;
    let names = |subjects: &[Subject]| -> String {
        subjects
            .iter()
            .map(|s| format!("\"{}\"", s.name))
            .collect::<Vec<_>>()
            .join(", ")
    };
    let wanted = match (&args.subject.subject, scored.as_slice()) {
        (Some(name), _) => name.clone(),
        (None, [only]) => only.name.clone(),
        (None, several) => {
            return Err(Error::Parameter(format!(
                "the scores are of several subjects ({}); choose one with --subject",
                names(several)
            )));
        }
    };
    let mut first: Option<(&Path, &Subject)> = None;
    for (path, file) in inputs.iter().zip(files) {
        let subjects = &file.run().subjects;
        let Some(here) = subjects.iter().find(|subject| subject.name == wanted) else {
            return Err(Error::Data(format!(
                "{} has no scores for \"{wanted}\"; it was scored for {}; score again with --subject \"{wanted}\"",
                path.display(),
                names(subjects)
            )));
        };
        let (first_path, first) = *first.get_or_insert((path, here));
        if aliases(first) != aliases(here) {
            return Err(Error::Data(format!(
                "{} was scored for \"{wanted}\" with {}, {} with {}; score both with the same --alias",
                first_path.display(),
                described(&aliases(first)),
                path.display(),
                described(&aliases(here))
            )));
        }
    }
    Ok(first.expect("there is a score file").1.clone())
}

fn aliases(subject: &Subject) -> BTreeSet<&str> {
    subject.aliases.iter().map(String::as_str).collect()
}

fn described(aliases: &BTreeSet<&str>) -> String {
    if aliases.is_empty() {
        return "no alias".to_string();
    }
    let quoted: Vec<String> = aliases.iter().map(|alias| format!("\"{alias}\"")).collect();
    format!("the alias {}", quoted.join(", "))
}

/// The beginning of a digest. A file that was edited may hold anything in its place.
fn short(digest: &str) -> &str {
    digest.get(..12).unwrap_or(digest)
}
