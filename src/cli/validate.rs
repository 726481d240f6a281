//! `standpoint validate draw` and `standpoint validate report`

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, BufWriter, Seek, SeekFrom, Write};
use std::path::PathBuf;

use anyhow::Context;
use standpoint::classifier::Classifier;
use standpoint::corpus::ArticleReader;
use standpoint::output::OutputFile;
use standpoint::report::{json, printable, validation_csv, validation_document};
use standpoint::score::{ArticleScore, Coverage, Run, Scorer};
use standpoint::text::Subject;
use standpoint::validate::{
    Contexts, Draw, DrawnSentence, Frame, Sample, SampleKey, Tally, ValidateParams,
    WANTED_ARTICLES, WANTED_SENTENCES, identity, key_path, marked, sample_table, second_path,
    validate,
};
use standpoint::wording::{count, some_of};
use standpoint::{Error, Result};

use super::options::{ArticleArgs, MentionArgs, ModelArgs, ResultFormat, SubjectArgs};
use super::output::{Output, extension_is, refuse_overwriting};
use super::score::{
    check_mentioned, note_small_letters, refuse_score_tables, refuse_scores_in_folders,
    score_with_progress,
};
use super::scored::{Given, ScoreFiles, given};
use super::{Common, messages};

/// Check the model with hand labels from your own outlets
///
/// `draw` writes sentences to label, blind, into a table; people fill the column `label`; `report` reads it back and says how well model and
/// people agree, by outlet and voice, and what the labels correct. `compare --gold` puts the corrected figures beside the model's.
#[derive(Debug, clap::Args)]
pub struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, clap::Subcommand)]
enum Command {
    Draw(Box<DrawArgs>),
    Report(Box<ReportArgs>),
}

/// Draw sentences to label
///
/// A probability sample: each outlet gets like numbers of sentences, within it each class the model gives (and with --by-voice each voice), spread over as many
/// articles as can be. The table has the sentence with the subject in [[brackets]], the sentences around it, and an empty label; neither
/// outlet nor prediction is in view, and the order is random. What ties it to the scores, inclusion probabilities among it, is written beside
/// it (sample.key.json): coders need not open it. A part goes into a second table for a second coder (sample-second.csv).
#[derive(Debug, clap::Args)]
#[command(after_help = DRAW_EXAMPLES)]
struct DrawArgs {
    /// Score files made by `standpoint score`, or articles
    #[arg(required = true, value_name = "SCORES|ARTICLES")]
    inputs: Vec<PathBuf>,
    /// How many sentences to draw, over all outlets; at least 30 an outlet that is to be compared
    #[arg(long, short, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    n: u64,
    /// The table to label: .csv (for spreadsheets) or .jsonl (for label tools)
    #[arg(long, short, value_name = "FILE")]
    output: PathBuf,
    /// Sentences for a second coder too; a quarter, at least 30, unless given
    #[arg(long, value_name = "N")]
    second: Option<usize>,
    /// Draw from this outlet only; repeatable
    #[arg(long, value_name = "OUTLET")]
    only: Vec<String>,
    /// Draw from each voice its share
    #[arg(long)]
    by_voice: bool,
    /// The articles that the scores were made from, for the sentences around a drawn one; where articles are drawn from, they are at hand
    #[arg(long, value_name = "ARTICLES", num_args = 1..)]
    articles: Vec<PathBuf>,
    #[command(flatten)]
    source: SourceArgs,
}

const DRAW_EXAMPLES: &str = "\
Examples:
  standpoint validate draw articles/ --subject \"Dana Verrick\" -n 300 -o sample.csv
  standpoint validate draw scores.jsonl -n 300 --articles articles/ -o sample.csv
  standpoint validate draw scores.jsonl -n 120 --only \"The Dawn\" --only \"Coastal Wire\" -o sample.jsonl

Then label every row, or the first so many: the order is random. A sentence that is not about the subject at all is neutral,
where classes have a neutral one.";

/// Say what the labels say
///
/// Agreement of two coders (Krippendorff's alpha) with the model as one more coder beside them; accuracy, macro-F1, confusion and calibration by outlet
/// and by voice; whether the model's error differs between outlets, which is what damages a comparison; and outlets' figures and
/// differences corrected by the labels.
#[derive(Debug, clap::Args)]
#[command(after_help = REPORT_EXAMPLES)]
struct ReportArgs {
    /// The labelled sample
    #[arg(value_name = "SAMPLE")]
    sample: PathBuf,
    /// The second coder's part
    #[arg(value_name = "SECOND")]
    second: Option<PathBuf>,
    /// The scores, or articles, that the sample was drawn from
    #[arg(long, required = true, num_args = 1.., value_name = "SCORES|ARTICLES")]
    scores: Vec<PathBuf>,
    /// The sample's key; SAMPLE with the ending .key.json unless given
    #[arg(long, value_name = "FILE")]
    key: Option<PathBuf>,
    /// Say how many labels an outlet takes for an interval of plus or minus this much
    #[arg(long, value_name = "HALF-WIDTH")]
    min_gold: Option<f64>,
    /// Level of the intervals, between 0.5 and 0.999
    #[arg(long, value_name = "P", default_value_t = 0.95)]
    level: f64,
    /// How the report is printed; `text` unless the name of the output file says otherwise
    #[arg(long, value_name = "FORMAT")]
    format: Option<ResultFormat>,
    /// A file for the report instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    #[command(flatten)]
    source: SourceArgs,
}

const REPORT_EXAMPLES: &str = "\
Examples:
  standpoint validate report sample.csv sample-second.csv --scores scores.jsonl
  standpoint validate report sample.csv --scores scores.jsonl --min-gold 0.1
  standpoint validate report sample.csv --scores scores.jsonl --format json -o validation.json
  standpoint compare scores.jsonl --gold sample.csv";

/// What scores are, or how they are made.
#[derive(Debug, clap::Args)]
pub struct SourceArgs {
    #[command(flatten)]
    subject: SubjectArgs,
    #[command(flatten)]
    pub model: ModelArgs,
    #[command(flatten)]
    mentions: MentionArgs,
    #[command(flatten)]
    reading: ArticleArgs,
}

pub fn run(args: Args, common: &Common) -> anyhow::Result<()> {
    match args.command {
        Command::Draw(args) => draw(&args, common),
        Command::Report(args) => report(&args, common),
    }
}

/// Scores to go through, and what made them.
pub struct Source {
    pub run: Run,
    pub subject: Subject,
    /// The model, where it was needed or is the built-in one.
    model: Option<Classifier>,
    kind: Kind,
}

enum Kind {
    Scores(ScoreFiles),
    Articles(Box<ArticleReader>),
}

impl SourceArgs {
    /// Opens `inputs`. `labelled` is the subject of labels, where there are some; `what` is being done, for messages.
    pub fn open(
        &self,
        inputs: &[PathBuf],
        labelled: Option<&str>,
        what: &str,
        common: &Common,
    ) -> Result<Source> {
        refuse_score_tables(inputs)?;
        match given(inputs, &self.reading)? {
            Given::Scores => {
                let files = ScoreFiles::open(inputs, &self.model)?;
                files.refuse_article_options(&self.subject, &self.reading)?;
                let subject = files.one_subject(self.subject.subject.as_deref(), labelled)?;
                Ok(Source {
                    run: files.run().clone(),
                    subject,
                    model: self.model.load_if(&files.run().model)?,
                    kind: Kind::Scores(files),
                })
            }
            Given::Articles => {
                let articles = ArticleReader::open(inputs, &self.reading.read_options(common))?;
                refuse_scores_in_folders(&articles)?;
                let subject = self.subject.required(what)?;
                note_small_letters(common, &subject);
                let model = self.model.load()?;
                let run = Run::new(&model, vec![subject.clone()], Coverage::default());
                let run = Run {
                    sentences: self.scorer(&model, &subject)?.sentence_set(),
                    ..run
                };
                Ok(Source {
                    run,
                    subject,
                    model: Some(model),
                    kind: Kind::Articles(Box::new(articles)),
                })
            }
        }
    }

    fn scorer<'m>(&self, model: &'m Classifier, subject: &Subject) -> Result<Scorer<'m>> {
        let scorer = Scorer::new(model, vec![subject.clone()])?;
        Ok(self.mentions.of(scorer))
    }

    /// Sends the subject's scores to `sink`.
    pub fn each(
        &self,
        source: Source,
        common: &Common,
        mut sink: impl FnMut(&ArticleScore) -> Result<()> + Send,
    ) -> Result<Coverage> {
        let subject = source.subject;
        let coverage = match source.kind {
            Kind::Scores(files) => files.each(|batch| {
                let of_subject = batch.iter().filter(|score| score.subject == subject.name);
                of_subject.into_iter().try_for_each(&mut sink)
            })?,
            Kind::Articles(mut articles) => {
                let model = source.model.expect("articles are scored with a model");
                let scorer = self.scorer(&model, &subject)?;
                let all = |scores: Vec<ArticleScore>| scores.iter().try_for_each(&mut sink);
                let coverage = score_with_progress(
                    &scorer,
                    &mut articles,
                    false,
                    common,
                    |scores| scores,
                    all,
                )?;
                messages::read_report(common, articles.report());
                coverage
            }
        };
        check_mentioned(&coverage, &subject)?;
        Ok(coverage)
    }
}

/// Drawn sentences' scores wait in a temporary file: nobody knows which are drawn before all are there.
struct Spool {
    file: BufWriter<std::fs::File>,
    end: u64,
}

impl Spool {
    fn new() -> Result<Spool> {
        let file = tempfile::tempfile()
            .map_err(|source| Error::io("temporary file".as_ref(), "write", source))?;
        Ok(Spool {
            file: BufWriter::new(file),
            end: 0,
        })
    }

    /// Where the next score will be.
    fn place(&self) -> usize {
        self.end as usize
    }

    fn add(&mut self, score: &ArticleScore) -> Result<()> {
        let mut line = serde_json::to_vec(score).expect("scores are plain data");
        line.push(b'\n');
        self.end += line.len() as u64;
        self.file
            .write_all(&line)
            .map_err(|source| Error::io("temporary file".as_ref(), "write", source))
    }

    fn read_back(self, draw: &Draw) -> anyhow::Result<Vec<DrawnSentence>> {
        let mut file = self.file.into_inner().context("temporary file")?;
        draw.sentences
            .iter()
            .map(|drawn| {
                file.seek(SeekFrom::Start(drawn.place as u64))
                    .context("temporary file")?;
                let mut line = String::new();
                BufReader::new(&mut file)
                    .read_line(&mut line)
                    .context("temporary file")?;
                let score: ArticleScore = serde_json::from_str(&line)?;
                let sentence = &score.sentences[drawn.sentence];
                Ok(DrawnSentence {
                    outlet: score.outlet.clone(),
                    article: score.article.clone(),
                    identity: identity(&score),
                    span: sentence.span,
                    text: sentence.text.clone(),
                    marked: marked(sentence),
                    before: String::new(),
                    after: String::new(),
                    stratum: drawn.stratum,
                    inclusion: drawn.inclusion,
                    second_order: drawn.order.1,
                })
            })
            .collect()
    }
}

fn draw(args: &DrawArgs, common: &Common) -> anyhow::Result<()> {
    let csv = extension_is(Some(&args.output), "csv");
    if !csv && !extension_is(Some(&args.output), "jsonl") {
        return Err(Error::Parameter(format!(
            "--output {}: the name says the format; allowed: .csv, .jsonl",
            args.output.display()
        ))
        .into());
    }
    let (key_file, second_file) = (key_path(&args.output), second_path(&args.output));
    for path in [&args.output, &key_file, &second_file] {
        if path.exists() {
            return Err(Error::Parameter(format!(
                "{} is there already, perhaps with labels in it; name another file with -o",
                path.display()
            ))
            .into());
        }
        refuse_overwriting(Some(path), &[])?;
    }
    let n = usize::try_from(args.n).expect("a number below a million");
    let source = args
        .source
        .open(&args.inputs, None, "drawing from articles", common)?;
    let is_scores = matches!(source.kind, Kind::Scores(_));
    let (run, subject) = (source.run.clone(), source.subject.clone());
    let mut frame = Frame::new(args.by_voice, common.seed(), Some(&run.model));
    let mut spool = Spool::new()?;
    let coverage = args.source.each(source, common, |score| {
        match frame.add(score, &run.classes, spool.place()) {
            true => spool.add(score),
            false => Ok(()),
        }
    })?;
    if let Some(unknown) = args
        .only
        .iter()
        .find(|o| !coverage.outlets.contains_key(*o))
    {
        let known: Vec<String> = coverage
            .outlets
            .keys()
            .map(|o| format!("\"{o}\""))
            .collect();
        return Err(Error::Data(format!(
            "--only \"{unknown}\" is no outlet here; outlets are: {}",
            some_of(&known)
        ))
        .into());
    }
    let drawn_from = |outlet: &str| args.only.is_empty() || args.only.iter().any(|o| o == outlet);
    let draw = frame.draw(n, drawn_from);
    if draw.sentences.is_empty() {
        return Err(Error::Data(format!(
            "no counted sentence about {} to draw: captions, headlines and the subject's own words do not count",
            subject.name
        ))
        .into());
    }
    let mut drawn = spool.read_back(&draw)?;
    add_contexts(args, is_scores, &mut drawn, common)?;
    let n_second = args
        .second
        .unwrap_or((drawn.len() / 4).max(30))
        .min(drawn.len());
    let key = SampleKey::new(
        &run,
        &subject.name,
        frame.population(),
        (common.seed(), args.by_voice),
        &draw.strata,
        &drawn,
        n_second,
    );
    let all: Vec<usize> = (0..drawn.len()).collect();
    let mut second: Vec<usize> = all
        .iter()
        .copied()
        .filter(|&r| key.rows[r].second)
        .collect();
    // In an order of its own, so that two coders do not tire at the same places.
    second.sort_by_key(|&row| drawn[row].second_order);
    // The key first: a table without it would be worthless.
    OutputFile::write_all_to(&key_file, json(&key).as_bytes())?;
    if !second.is_empty() {
        let table = sample_table(&key, &drawn, &second, csv);
        OutputFile::write_all_to(&second_file, table.as_bytes())?;
    }
    OutputFile::write_all_to(
        &args.output,
        sample_table(&key, &drawn, &all, csv).as_bytes(),
    )?;
    say_what_was_drawn(args, &key, n, second.len(), common);
    Ok(())
}

/// Reads the articles once more for the sentences around the drawn ones.
fn add_contexts(
    args: &DrawArgs,
    is_scores: bool,
    drawn: &mut [DrawnSentence],
    common: &Common,
) -> Result<()> {
    let inputs = match (is_scores, args.articles.is_empty()) {
        (_, false) => &args.articles,
        (false, true) => &args.inputs,
        (true, true) => {
            messages::note(
                common,
                "no sentences around the drawn ones: scores do not hold them; name the articles with --articles to have them",
            );
            return Ok(());
        }
    };
    if inputs.iter().any(|path| path.as_os_str() == "-") {
        messages::note(
            common,
            "no sentences around the drawn ones: standard input cannot be read a second time",
        );
        return Ok(());
    }
    let mut contexts = Contexts::new(drawn);
    for article in ArticleReader::open(inputs, &args.source.reading.read_options(common))? {
        contexts.add(&article?);
    }
    match contexts.n_missing() {
        0 => {}
        n => messages::warning(&format!(
            "the sentences around {} of the drawn are missing: their articles are not in {} as they were scored",
            n,
            inputs[0].display()
        )),
    }
    Ok(())
}

fn say_what_was_drawn(
    args: &DrawArgs,
    key: &SampleKey,
    n: usize,
    n_second: usize,
    common: &Common,
) {
    let outlets: BTreeSet<&str> = key.rows.iter().map(|row| row.outlet.as_str()).collect();
    let articles: BTreeSet<&str> = key.rows.iter().map(|row| row.identity.as_str()).collect();
    messages::note(
        common,
        &format!(
            "{} from {} of {} in {}{}",
            count(key.rows.len(), "sentence"),
            count(articles.len(), "article"),
            count(outlets.len(), "outlet"),
            args.output.display(),
            match n_second {
                0 => String::new(),
                n => format!(
                    "; {n} of them for a second coder in {}",
                    second_path(&args.output).display()
                ),
            }
        ),
    );
    messages::note(
        common,
        &format!(
            "labels: {} (or an empty cell after the last labelled row). {} ties rows to scores; coders need not open it",
            key.classes.join(", "),
            key_path(&args.output).display()
        ),
    );
    if key.rows.len() < n {
        messages::note(common, "there are no more sentences: all are in the sample");
    }
    let by_outlet = drawn_by_outlet(key);
    let quoted = |outlet: &str| format!("\"{}\"", printable(outlet));
    let few: Vec<String> = by_outlet
        .iter()
        .filter(|(_, of)| of.n_drawn < WANTED_SENTENCES.min(of.n_all))
        .map(|(outlet, _)| quoted(outlet))
        .collect();
    if !few.is_empty() {
        let wanted: usize = by_outlet
            .values()
            .map(|of| of.n_all.min(WANTED_SENTENCES))
            .sum();
        messages::note(
            common,
            &format!(
                "{} fewer than {WANTED_SENTENCES} sentences though there are more: {}. For {WANTED_SENTENCES} of each (or all) draw -n {wanted}, or fewer outlets with --only",
                if few.len() == 1 {
                    "1 outlet has"
                } else {
                    "some outlets have"
                },
                some_of(&few)
            ),
        );
    }
    let narrow: Vec<String> = by_outlet
        .iter()
        .filter(|(_, of)| of.n_drawn >= WANTED_SENTENCES && of.articles.len() < WANTED_ARTICLES)
        .map(|(outlet, _)| quoted(outlet))
        .collect();
    if !narrow.is_empty() {
        messages::note(
            common,
            &format!(
                "from fewer than {WANTED_ARTICLES} articles, mostly because there are no more: {}",
                some_of(&narrow)
            ),
        );
    }
}

/// What was drawn from an outlet.
#[derive(Default)]
struct OfOutlet<'k> {
    n_drawn: usize,
    n_all: usize,
    articles: BTreeSet<&'k str>,
}

/// Every outlet that was drawn from, those that got no sentence too.
fn drawn_by_outlet(key: &SampleKey) -> BTreeMap<&str, OfOutlet<'_>> {
    let mut by_outlet: BTreeMap<&str, OfOutlet> = BTreeMap::new();
    for stratum in &key.strata {
        by_outlet.entry(&stratum.outlet).or_default().n_all += stratum.n_population;
    }
    for row in &key.rows {
        let of_outlet = by_outlet.entry(&row.outlet).or_default();
        of_outlet.n_drawn += 1;
        of_outlet.articles.insert(&row.identity);
    }
    by_outlet
}

/// Whether `level` can be one of an interval.
pub fn check_level(level: f64) -> Result<()> {
    match (0.5..=0.999).contains(&level) {
        true => Ok(()),
        false => Err(Error::Parameter(format!(
            "--level {level} is no level of an interval; allowed: 0.5 to 0.999"
        ))),
    }
}

fn report(args: &ReportArgs, common: &Common) -> anyhow::Result<()> {
    let key_file = args.key.clone().unwrap_or_else(|| key_path(&args.sample));
    let inputs: Vec<PathBuf> = [args.sample.clone(), key_file]
        .into_iter()
        .chain(args.second.clone())
        .chain(args.scores.clone())
        .collect();
    refuse_overwriting(args.output.as_deref(), &inputs)?;
    check_level(args.level)?;
    if let Some(half) = args.min_gold.filter(|half| !(*half > 0.0 && *half <= 1.0)) {
        return Err(Error::Parameter(format!(
            "--min-gold {half} is no half width of an interval of net stance; allowed: above 0, up to 1"
        ))
        .into());
    }
    let sample = Sample::read(&args.sample, args.second.as_deref(), args.key.as_deref())?;
    let about = sample.key.subject.clone();
    let source = args
        .source
        .open(&args.scores, Some(&about), "scoring articles", common)?;
    let name = args.sample.display().to_string();
    note_unknown_model(source.model.as_ref(), common);
    let model = source.model.as_ref();
    let mut tally = Tally::new(sample, &source.run, model, &source.subject.name, &name)?;
    args.source.each(source, common, |score| {
        tally.add(score);
        Ok(())
    })?;
    let validation = validate(
        &tally.finish(&name)?,
        ValidateParams {
            level: args.level,
            seed: common.seed(),
            wanted_half_width: args.min_gold,
        },
    );
    let path = args.output.as_deref();
    let text = match ResultFormat::choose(args.format, path) {
        format @ (ResultFormat::Text | ResultFormat::Md | ResultFormat::Latex) => {
            format.printed(&validation_document(&validation), path, common)
        }
        ResultFormat::Json => json(&validation),
        ResultFormat::Csv => validation_csv(&validation),
    };
    Output::print(path, &text)
}

/// Says so where the model that could tell whether it was trained on labelled sentences is not at hand.
pub fn note_unknown_model(model: Option<&Classifier>, common: &Common) {
    if model.is_none() {
        messages::note(
            common,
            "whether the model was trained on labelled sentences could not be checked, as it is not the built-in one; name it with --model",
        );
    }
}
