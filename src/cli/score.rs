//! `standpoint score`

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use anyhow::Context;
use standpoint::classes::Polarity;
use standpoint::classifier::{Classifier, FrameClassifier};
use standpoint::corpus::{ArticleReader, Part};
use standpoint::report::{ArticlePage, Level, ScoreTable, article_page, printable, score_text};
#[cfg(feature = "arrow")]
use standpoint::report::{ColumnarFormat, ColumnarScores, InputTypes};
use standpoint::score::{
    ArticleScore, Camps, Coverage, FirstLine, FramesRun, Run, Scorer, insets_of, is_score_file,
    is_score_table, many_unlike, sentence_effects,
};
use standpoint::text::Subject;
use standpoint::wording::count;
use standpoint::{Error, Result};

use super::options::{ArticleArgs, FramesArgs, MentionArgs, ModelArgs, SpeakersArgs, SubjectsArgs};
use super::output::{
    Output, check_page, extension_is, is_terminal, refuse_overwriting, to_stdout, width,
};
use super::{Common, messages};

/// Score the sentences of articles that mention a subject
///
/// Writes one line of JSON for each article that mentions the subject: the article's net stance (-1 against to +1 in favor), every sentence
/// with its probabilities, voice and place, and what on the page was not prose. `compare` reads these lines (not the CSV table).
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Articles: .txt or .html (one article a file), .jsonl, .csv or .tsv, plain, .gz or .zst; folders; - is standard input
    #[arg(required = true)]
    articles: Vec<PathBuf>,
    #[command(flatten)]
    subjects: SubjectsArgs,
    /// Score every sentence of prose instead, whoever it mentions: no subject is looked for, none masked; `subject` stays empty.
    /// For models of what is said rather than of whom, such as one of words alone; `compare` takes scores of a subject only
    #[arg(long, conflicts_with_all = ["subject", "subjects", "mentions"])]
    all_sentences: bool,
    #[command(flatten)]
    model: ModelArgs,
    /// A file for the scores instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// `jsonl` (the default in a pipe or file), `csv` (the default for a file named .csv), `text` (the default on a terminal); in programs
    /// built with --features arrow also `parquet` and `arrow`, the CSV table with typed columns (the default for .parquet, .arrow, .feather)
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
    /// Rows of the table (CSV, Parquet, Arrow)
    #[arg(long, value_name = "LEVEL", default_value = "sentence")]
    level: LevelName,
    /// List only sentences whose likeliest class has at least this probability, 0 to 1 (text, tables); means stay over all sentences
    #[arg(long, value_name = "P")]
    min_confidence: Option<f64>,
    /// Write articles that do not mention the subject too
    #[arg(long)]
    all_articles: bool,
    /// A page for a browser, beside the scores: each article's text with its sentences shaded by stance and its voices marked, and why each
    /// sentence got its score; for up to 50 articles
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Score only the I-th of N parts of the input, so that several machines share the work, or an interrupted run goes on
    ///
    /// Parts are of equally many records, one behind the other, bad records counted: N score files, compared together in the order of their
    /// numbers (compare part-1.jsonl part-2.jsonl ...), are the same as one. Coverage adds up; what is odd about the data (the same id
    /// twice, dates in several formats) is noted part by part. Records are counted first, so standard input has no parts. The file of -o
    /// appears whole or not at all, so a script passes over the parts whose files are there.
    #[arg(long, value_name = "I/N")]
    shard: Option<Part>,
    #[command(flatten)]
    frames: FramesArgs,
    #[command(flatten)]
    speakers: SpeakersArgs,
    #[command(flatten)]
    mentions: MentionArgs,
    #[command(flatten)]
    reading: ArticleArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Jsonl,
    Csv,
    Parquet,
    Arrow,
}

impl Format {
    /// As the name of the output says, or as its place suggests.
    fn of_output(path: Option<&Path>) -> Format {
        let is = |extension| extension_is(path, extension);
        match () {
            () if is_terminal(path) => Format::Text,
            () if is("csv") => Format::Csv,
            () if is("parquet") => Format::Parquet,
            () if is("arrow") || is("feather") => Format::Arrow,
            () => Format::Jsonl,
        }
    }

    /// Refuses formats that this program was built without, and bytes on a terminal.
    fn check(self, path: Option<&Path>) -> Result<()> {
        if !matches!(self, Format::Parquet | Format::Arrow) {
            return Ok(());
        }
        if cfg!(not(feature = "arrow")) {
            return Err(Error::Parameter(
                "scores as Parquet or Arrow: this program was built without them; install it with them (cargo install --path . --features \
                 arrow), or write CSV or JSON lines"
                    .into(),
            ));
        }
        if is_terminal(path) {
            return Err(Error::Parameter(
                "a Parquet or Arrow file is nothing to read on a terminal; name a file with -o"
                    .into(),
            ));
        }
        Ok(())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum LevelName {
    Sentence,
    Article,
}

const EXAMPLES: &str = "\
Examples:
  standpoint score articles/ --subject \"Dana Verrick\"
  standpoint score news.jsonl.zst --subject \"Dana Verrick\" --alias \"the commissioner\" -o scores.jsonl
  standpoint score news.csv --text-column body --subject \"Dana Verrick\" --format csv > sentences.csv
  standpoint score articles/ --subject \"Dana Verrick\" --format csv --level article -o articles.csv
  standpoint score news.jsonl --subjects subjects.toml -o scores.jsonl
  standpoint score news.jsonl --subject \"Dana Verrick\" --frames -o scores.jsonl
  standpoint score articles/ --subject \"Dana Verrick\" --speakers speakers.csv -o sentences.csv
  standpoint score page.html --outlet \"My paper\" --subject \"Dana Verrick\" --html scored.html
  standpoint score news.parquet --subject \"Dana Verrick\" -o sentences.parquet          (built with --features arrow)
  standpoint score news.jsonl --subject \"Dana Verrick\" --shard 2/4 -o part-2.jsonl
  standpoint score news.jsonl --all-sentences --model words.safetensors -o sentences.jsonl
  cat page.txt | standpoint score - --input-format txt --outlet \"My paper\" --subject \"Dana Verrick\"

Offsets count Unicode characters from 0, end exclusive.";

/// Scores held in memory before they go to a temporary file: what a few hundred articles make, so that the memory needed does not
/// grow with the input.
const SPOOL_BYTES: usize = 1 << 20;

/// Bytes of the temporary file read at a time.
const COPY_BYTES: usize = 1 << 17;

/// The scores of an article as they stand in a score file.
struct Lines {
    bytes: Vec<u8>,
    /// Names of its further columns.
    extra: Vec<String>,
    /// What a page shows of it, where one is wanted.
    pages: Vec<ArticlePage>,
}

impl Lines {
    fn of(scores: &[ArticleScore]) -> Lines {
        /// About what an article takes, and what a sentence does beside its text.
        const ARTICLE_BYTES: usize = 1000;
        const SENTENCE_BYTES: usize = 350;
        let sentences = scores.iter().flat_map(|score| &score.sentences);
        let n_bytes = sentences.map(|sentence| sentence.text.len() + SENTENCE_BYTES);
        let room = n_bytes.sum::<usize>() + ARTICLE_BYTES * scores.len();
        let mut bytes = Vec::with_capacity(room);
        for score in scores {
            serde_json::to_writer(&mut bytes, score).expect("scores are plain data");
            bytes.push(b'\n');
        }
        // One article's scores, so one set of columns.
        let extra = scores
            .first()
            .map_or_else(Vec::new, |score| score.extra.keys().cloned().collect());
        Lines {
            bytes,
            extra,
            pages: Vec::new(),
        }
    }
}

pub fn run(args: Args, common: &Common) -> anyhow::Result<()> {
    let subjects = match args.all_sentences {
        true => Vec::new(),
        false => args
            .subjects
            .required("scoring, unless of --all-sentences,")?,
    };
    let path = args.output.as_deref();
    let format = args.format.unwrap_or_else(|| Format::of_output(path));
    format.check(path)?;
    refuse_overwriting(path, &args.articles)?;
    refuse_overwriting(args.html.as_deref(), &args.articles)?;
    refuse_overwriting(args.html.as_deref(), args.speakers.speakers.as_slice())?;
    refuse_overwriting(args.html.as_deref(), args.model.model.as_slice())?;
    check_page(args.html.as_deref(), args.output.as_deref())?;
    refuse_overwriting(args.output.as_deref(), args.speakers.speakers.as_slice())?;
    refuse_score_tables(&args.articles)?;
    let camps = args.speakers.camps()?;
    for subject in &subjects {
        note_small_letters(common, subject);
    }
    let classifier = args.model.load()?;
    let frames = args.frames.load()?;
    note_frames(common, frames.as_ref());
    let min_confidence = check_min_confidence(args.min_confidence, format, args.level)?;
    let scorer = match args.all_sentences {
        true => Scorer::of_every_sentence(&classifier),
        false => Scorer::new(&classifier, subjects.clone())?,
    };
    let scorer = args
        .mentions
        .of(scorer)
        .camps(camps.as_ref())
        .frames(frames.as_ref())
        .readings(args.html.is_some());
    let options = args.reading.read_options(common);
    let mut articles = match args.shard {
        Some(part) => ArticleReader::open_part(&args.articles, &options, part)?,
        None => ArticleReader::open(&args.articles, &options)?,
    };
    refuse_scores_in_folders(&articles)?;
    // After the reader, which would find the temporary file in its folder; before the work, because a folder that cannot be written
    // to should not be found out after an hour of scoring.
    let mut output = Output::open(path)?;

    // The first line counts what the rest was made from, so the rest waits.
    let mut spool = tempfile::spooled_tempfile(SPOOL_BYTES);
    let mut extra: BTreeSet<String> = BTreeSet::new();
    let mut pages: Vec<ArticlePage> = Vec::new();
    let coverage = score_with_progress(
        &scorer,
        &mut articles,
        args.all_articles,
        common,
        |mut scores| Lines {
            pages: scores
                .iter_mut()
                .filter_map(|score| page_of(score, &classifier))
                .collect(),
            ..Lines::of(&scores)
        },
        |lines| {
            pages.extend(lines.pages);
            if pages.len() > MOST_PAGES {
                return Err(Error::Parameter(format!(
                    "--html shows articles whole, at most {MOST_PAGES}, and more than that mention the subject; for many articles see \
                     `standpoint compare --html`"
                )));
            }
            extra.extend(lines.extra);
            spool
                .write_all(&lines.bytes)
                .map_err(|source| Error::io("temporary file".as_ref(), "write", source))
        },
    )?;
    messages::read_report(common, articles.report());
    check_any_mentioned(common, &coverage, &subjects, args.shard)?;
    if let Some(path) = &args.html {
        write_page(path, &pages, &classifier)?;
        let articles = count(pages.len(), "article");
        messages::note(common, &format!("{articles} in {}", path.display()));
    }

    spool.seek(SeekFrom::Start(0)).context("temporary file")?;
    if let Some(path) = path {
        for subject in &subjects {
            let found = &coverage.subjects[&subject.name];
            messages::note(
                common,
                &format!(
                    "{} of {} mention {}, in {}; scores in {}",
                    found.n_mentioning,
                    count(coverage.n_read, "article"),
                    printable(&subject.name),
                    count(found.n_sentences, "sentence"),
                    path.display()
                ),
            );
        }
    }
    if let (Some(path), Some(found)) = (path, coverage.subjects.get("")) {
        messages::note(
            common,
            &format!(
                "{} in {}; scores in {}",
                count(found.n_sentences, "sentence"),
                count(coverage.n_read, "article"),
                path.display()
            ),
        );
    }
    note_unlike(common, &coverage);
    let run = Run {
        camps: camps.as_ref().map_or(BTreeMap::new(), Camps::lists),
        sentences: scorer.sentence_set(),
        frames: frames.as_ref().map(FramesRun::new),
        ..Run::new(&classifier, subjects, coverage)
    };
    let mut lines = BufReader::with_capacity(COPY_BYTES, spool);
    let level = match args.level {
        LevelName::Sentence => Level::Sentence,
        LevelName::Article => Level::Article,
    };
    match format {
        Format::Jsonl => {
            let first = serde_json::to_string(&FirstLine { run }).expect("runs are plain data");
            writeln!(output, "{first}").map_err(to_stdout)?;
            std::io::copy(&mut lines, &mut output).map_err(to_stdout)?;
            // The system takes its time to forget a large file.
            rayon::join(|| drop(lines), || output.finish()).1
        }
        Format::Csv => {
            let mut table = ScoreTable::new(output, level, &run.classes, extra)
                .map_err(to_stdout)?
                .min_confidence(min_confidence);
            each_score(lines, |score| table.add(score).map_err(to_stdout))?;
            table.finish().map_err(to_stdout)?.finish()
        }
        #[cfg(feature = "arrow")]
        Format::Parquet | Format::Arrow => {
            let format = match format {
                Format::Parquet => ColumnarFormat::Parquet,
                _ => ColumnarFormat::Arrow,
            };
            let mut types = InputTypes::default();
            each_score(&mut lines, |score| {
                types.see(score);
                Ok(())
            })?;
            lines.seek(SeekFrom::Start(0)).context("temporary file")?;
            let mut table = ColumnarScores::new(output, format, level, &FirstLine { run }, types)
                .map_err(to_stdout)?
                .min_confidence(min_confidence);
            each_score(lines, |score| table.add(score).map_err(to_stdout))?;
            table.finish().map_err(to_stdout)?.finish()
        }
        #[cfg(not(feature = "arrow"))]
        Format::Parquet | Format::Arrow => unreachable!("refused by Format::check"),
        Format::Text => {
            let (width, paint) = (width(path), common.paint(path));
            each_score(lines, |score| {
                output
                    .write_all(score_text(score, min_confidence, width, paint).as_bytes())
                    .map_err(to_stdout)
            })?;
            output.finish()
        }
    }
}

/// Articles that one page shows at most.
const MOST_PAGES: usize = 50;

/// What a page shows of an article, if one is wanted.
fn page_of(score: &mut ArticleScore, classifier: &Classifier) -> Option<ArticlePage> {
    let reading = score.reading.take()?;
    let effects = score.sentences.iter().map(|sentence| {
        sentence_effects(
            classifier,
            &sentence.text,
            sentence.span,
            &insets_of(score, sentence),
            &sentence.mentions,
        )
    });
    Some(ArticlePage {
        effects: effects.collect(),
        reading,
        score: score.clone(),
    })
}

fn write_page(path: &Path, pages: &[ArticlePage], classifier: &Classifier) -> anyhow::Result<()> {
    let classes = classifier.classes();
    let worths = classes.polarity().into_iter().flatten().copied();
    let polarity: BTreeMap<String, Polarity> =
        classes.names().iter().cloned().zip(worths).collect();
    let construct = classes.construct().map(|construct| construct.to_string());
    let page = article_page(pages, &polarity, construct.as_deref(), classifier.digest());
    Output::print(Some(path), &page)
}

/// Says what the maker of a model of frames says of it.
pub fn note_frames(common: &Common, model: Option<&FrameClassifier>) {
    if let Some(about) = model.and_then(|model| model.record().about.as_deref()) {
        messages::note(common, &format!("frames: {about}"));
    }
}

/// The least probability listed, where there is a list to leave sentences out of.
fn check_min_confidence(asked: Option<f64>, format: Format, level: LevelName) -> Result<f64> {
    let Some(least) = asked else { return Ok(0.0) };
    if !(0.0..=1.0).contains(&least) {
        return Err(Error::Parameter(format!(
            "--min-confidence {least} is no probability; allowed: 0 to 1"
        )));
    }
    match (format, level) {
        (Format::Jsonl, _) => Err(Error::Parameter(
            "--min-confidence shortens lists (--format text or csv); scores as JSON lines keep every sentence, because compare takes its \
             means over all of them"
                .into(),
        )),
        (Format::Csv | Format::Parquet | Format::Arrow, LevelName::Article) => Err(Error::Parameter(
            "--min-confidence shortens lists of sentences; a table of articles (--level article) has none".into(),
        )),
        _ => Ok(least),
    }
}

/// The scores of a spool, one by one.
fn each_score(
    lines: impl BufRead,
    mut visit: impl FnMut(&ArticleScore) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    for line in lines.lines() {
        visit(&serde_json::from_str(&line.context("temporary file")?)?)?;
    }
    Ok(())
}

/// Scores all of `articles` behind a progress bar.
pub fn score_with_progress<T: Send>(
    scorer: &Scorer<'_>,
    articles: &mut ArticleReader,
    all: bool,
    common: &Common,
    make: impl Fn(Vec<ArticleScore>) -> T + Sync,
    sink: impl FnMut(T) -> Result<()> + Send,
) -> Result<Coverage> {
    let bar = messages::progress(common, articles.bytes_total().unwrap_or(0), "scoring");
    let coverage = scorer.score_all(articles, all, make, sink, |reader| {
        bar.set_position(reader.bytes_read())
    });
    bar.finish_and_clear();
    coverage
}

/// A table made by `score --format csv` is no corpus: its sentences would count as articles.
pub fn refuse_score_tables(inputs: &[PathBuf]) -> Result<()> {
    match inputs.iter().find(|path| is_score_table(path)) {
        None => Ok(()),
        Some(path) => Err(Error::Data(format!(
            "{} is a table of scores, not of articles; give the articles, or scores as JSON lines \
             (standpoint score ... -o scores.jsonl)",
            path.display()
        ))),
    }
}

/// Scores in a folder of articles would be taken for articles, or refused column by column.
pub fn refuse_scores_in_folders(articles: &ArticleReader) -> Result<()> {
    let is_named = |file: &str, extensions: &[&str]| {
        let name = file.to_lowercase();
        extensions.iter().any(|extension| name.contains(extension))
    };
    for file in &articles.report().files {
        let path = Path::new(file);
        if is_named(file, &[".jsonl", ".ndjson"]) && is_score_file(path) {
            return Err(Error::Data(format!(
                "{file} holds scores, not articles; to compare scores name each file (standpoint compare {}), or move them out of the \
                 folder of articles",
                path.with_file_name("*.jsonl").display()
            )));
        }
        if is_named(file, &[".csv", ".parquet", ".arrow", ".feather"]) {
            refuse_score_tables(&[path.to_path_buf()])?;
        }
    }
    Ok(())
}

/// Says so when a name has no capitals and so no family name.
pub fn note_small_letters(common: &Common, subject: &Subject) {
    let several = subject.name.split_whitespace().count() > 1;
    if several && !subject.name.chars().any(char::is_uppercase) {
        messages::note(
            common,
            &format!(
                "\"{}\" has no capitals: it is found in any case, but a family name alone is not; write a person's name as the articles do",
                subject.name
            ),
        );
    }
}

/// Of several subjects at least one must be mentioned, unless this is a part of the input; those that are not are named.
fn check_any_mentioned(
    common: &Common,
    coverage: &Coverage,
    subjects: &[Subject],
    part: Option<Part>,
) -> Result<()> {
    let checks: Vec<Result<()>> = subjects
        .iter()
        .map(|subject| check_mentioned(coverage, subject))
        .collect();
    if part.is_none() && checks.iter().all(Result::is_err) {
        return checks.into_iter().collect();
    }
    for problem in checks.into_iter().filter_map(Result::err) {
        messages::note(common, &problem.to_string());
    }
    Ok(())
}

/// Says so when more articles than by chance are unlike the training text.
pub fn note_unlike(common: &Common, coverage: &Coverage) {
    for (name, found) in &coverage.subjects {
        if many_unlike(found.n_unlike, found.n_mentioning) {
            let named = match name.is_empty() {
                true => String::new(),
                false => format!(" that mention {}", printable(name)),
            };
            messages::note(
                common,
                &format!(
                    "{} of the {}{named} are unlike the text the model was trained on, by words it does not know: their scores are \
                     guesses",
                    found.n_unlike,
                    count(found.n_mentioning, "article")
                ),
            );
        }
    }
}

/// A subject that nothing mentions is an error: the name is misspelt, or these are the wrong articles.
pub fn check_mentioned(coverage: &Coverage, subject: &Subject) -> Result<()> {
    let found = coverage
        .subjects
        .get(&subject.name)
        .is_some_and(|s| s.n_mentioning > 0);
    if found {
        return Ok(());
    }
    let names: Vec<String> = std::iter::once(&subject.name)
        .chain(&subject.aliases)
        .map(|name| format!("\"{name}\""))
        .collect();
    let names = names.join(" or ");
    let nothing = match coverage.n_read {
        1 => format!("the one article read does not mention {names}"),
        n => format!("none of the {n} articles read mentions {names}"),
    };
    Err(Error::Data(format!(
        "{nothing}; check the spelling (capitals count) or add --alias"
    )))
}
