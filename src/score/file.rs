//! Score files: JSON lines. The first says what made the rest (`{"run": ...}`), then one [`ArticleScore`] a line.

use std::collections::BTreeMap;
use std::path::Path;

use serde::{Deserialize, Serialize};

use crate::classifier::{Classifier, CrossValidated, FrameClassifier};
use crate::corpus::Input;
#[cfg(feature = "arrow")]
use crate::corpus::table_metadata;
use crate::error::{Error, Result};
use crate::score::{ArticleScore, Wanted};
use crate::span::Location;
use crate::text::Subject;

/// What made a score file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Run {
    /// The library's version.
    pub version: String,
    /// The model's digest.
    pub model: String,
    /// The model's classes, in order.
    pub classes: Vec<String>,
    /// What each class is worth, if anything.
    pub polarity: Option<Vec<i8>>,
    /// What the scores measure: `sentiment` or `stance`; absent for plain classes.
    pub construct: Option<String>,
    /// How good the model was on articles held out in its training; absent in files made before this was kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trained: Option<Trained>,
    /// The subjects that were looked for.
    pub subjects: Vec<Subject>,
    /// Which sentences were looked for.
    #[serde(default)]
    pub sentences: SentenceSet,
    /// Camp -> speakers, where a list of speakers was given.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub camps: BTreeMap<String, Vec<String>>,
    /// The model of frames, where one was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frames: Option<FramesRun>,
    /// What was read.
    pub coverage: Coverage,
}

/// The model of frames that scores were made with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FramesRun {
    /// Its digest.
    pub model: String,
    /// The frames, in order.
    pub names: Vec<String>,
    /// What its maker says of it.
    pub about: Option<String>,
    /// Its macro-F1 on held-out folds of its training data.
    pub macro_f1: Option<f64>,
}

impl FramesRun {
    /// Says which model it is.
    pub fn new(model: &FrameClassifier) -> FramesRun {
        FramesRun {
            model: model.digest().to_string(),
            names: model.names().to_vec(),
            about: model.record().about.clone(),
            macro_f1: model.record().macro_f1,
        }
    }
}

/// What a model was trained on and how good it was on what was held out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Trained {
    /// Names of the data files.
    pub files: Vec<String>,
    /// Labelled sentences.
    pub n: usize,
    /// Their articles.
    pub n_articles: usize,
    /// Sentences of each class, where their shares are what the model's probabilities hold for
    /// ([`Classifier::calibrated_counts`]); empty where not, and in files made before these were kept.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub class_counts: BTreeMap<String, usize>,
    /// Figures on held-out folds.
    pub cross_validated: Option<CrossValidated>,
}

/// Which sentences are scored and counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SentenceSet {
    /// Which mentions make a sentence count: `named`, `exact`, `nominal` or `pronoun`; [`SentenceSet::EVERY`] where none is asked for.
    pub mentions: String,
    /// Whether furniture counts like prose.
    pub keep_furniture: bool,
    /// Whether the texts were taken for prose of their authors alone: without furniture and voices ([`Scorer::plain`](super::Scorer::plain)).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub plain: bool,
}

impl SentenceSet {
    /// The word for scores of every sentence, without a subject.
    pub const EVERY: &str = "every sentence";

    /// Whether sentences were scored for a subject.
    pub fn has_subject(&self) -> bool {
        self.mentions != Self::EVERY
    }
}

impl Default for SentenceSet {
    fn default() -> Self {
        SentenceSet {
            mentions: Wanted::Named.name().to_string(),
            keep_furniture: false,
            plain: false,
        }
    }
}

impl Run {
    /// The run in which `classifier` scored articles for `subjects`.
    pub fn new(classifier: &Classifier, subjects: Vec<Subject>, coverage: Coverage) -> Run {
        let classes = classifier.classes();
        let record = classifier.record();
        Run {
            version: env!("CARGO_PKG_VERSION").to_string(),
            model: classifier.digest().to_string(),
            classes: classes.names().to_vec(),
            polarity: classes
                .polarity()
                .map(|p| p.iter().map(|&p| p.into()).collect()),
            construct: classes.construct().map(|construct| construct.to_string()),
            trained: Some(Trained {
                files: record.files.clone(),
                n: record.n,
                n_articles: record.n_articles,
                class_counts: classifier.calibrated_counts().cloned().unwrap_or_default(),
                cross_validated: record.cross_validated.clone(),
            }),
            subjects,
            sentences: SentenceSet::default(),
            camps: BTreeMap::new(),
            frames: None,
            coverage,
        }
    }
}

/// What was read: counts over everything, whether it mentions a subject or not.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Coverage {
    /// Articles read.
    pub n_read: usize,
    /// Records that could not be used (`--keep-going`).
    pub n_bad: usize,
    /// Files in folders that were not read.
    pub n_skipped_files: usize,
    /// By outlet.
    pub outlets: BTreeMap<String, OutletCoverage>,
    /// By subject.
    pub subjects: BTreeMap<String, SubjectCoverage>,
    /// What looked odd.
    pub notes: Vec<CoverageNote>,
}

/// Something odd about the input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoverageNote {
    /// Its kind.
    pub code: String,
    /// In words.
    pub text: String,
}

/// What was read of one outlet.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutletCoverage {
    /// Its articles.
    pub n_read: usize,
}

/// What was found of one subject.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubjectCoverage {
    /// Articles that mention it.
    pub n_mentioning: usize,
    /// Sentences that mention it, furniture included.
    pub n_sentences: usize,
    /// Articles that mention it in prose unlike the model's training text ([`crate::classifier::Familiarity`]).
    #[serde(default)]
    pub n_unlike: usize,
}

impl SubjectCoverage {
    fn add(&mut self, other: &SubjectCoverage) {
        self.n_mentioning += other.n_mentioning;
        self.n_sentences += other.n_sentences;
        self.n_unlike += other.n_unlike;
    }
}

impl Coverage {
    /// What the scores of one article add to the coverage of their subjects.
    pub fn of_article(scores: &[ArticleScore]) -> Vec<(String, SubjectCoverage)> {
        scores
            .iter()
            .filter(|score| !score.sentences.is_empty())
            .map(|score| {
                let found = SubjectCoverage {
                    n_mentioning: 1,
                    n_sentences: score.sentences.len(),
                    n_unlike: usize::from(score.familiarity.unlike),
                };
                (score.subject.clone(), found)
            })
            .collect()
    }

    /// Counts one article and what was [found](Coverage::of_article) in it.
    pub fn add(&mut self, outlet: &str, found: &[(String, SubjectCoverage)]) {
        self.n_read += 1;
        if let Some(outlet) = self.outlets.get_mut(outlet) {
            outlet.n_read += 1;
        } else {
            self.outlets
                .insert(outlet.to_string(), OutletCoverage { n_read: 1 });
        }
        for (subject, found) in found {
            self.subjects.entry(subject.clone()).or_default().add(found);
        }
    }

    /// Adds what another file read.
    pub fn merge(&mut self, other: &Coverage) {
        self.n_read += other.n_read;
        self.n_bad += other.n_bad;
        self.n_skipped_files += other.n_skipped_files;
        for (outlet, counts) in &other.outlets {
            self.outlets.entry(outlet.clone()).or_default().n_read += counts.n_read;
        }
        for (subject, counts) in &other.subjects {
            self.subjects
                .entry(subject.clone())
                .or_default()
                .add(counts);
        }
        self.notes.extend(other.notes.iter().cloned());
    }
}

/// Numbers as a string of hexadecimal digits, eight a number.
pub(super) mod hexadecimal {
    use std::fmt::Write;

    use serde::{Deserialize, Deserializer, Serializer, de::Error};

    pub fn serialize<S: Serializer>(values: &[u32], serializer: S) -> Result<S::Ok, S::Error> {
        let mut digits = String::with_capacity(values.len() * 8);
        for value in values {
            let _ = write!(digits, "{value:08x}");
        }
        serializer.serialize_str(&digits)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u32>, D::Error> {
        let digits = String::deserialize(deserializer)?;
        let wrong =
            || D::Error::custom("a sketch is written in hexadecimal digits, eight a number");
        if !digits.is_ascii() || !digits.len().is_multiple_of(8) {
            return Err(wrong());
        }
        let numbers = (0..digits.len()).step_by(8);
        numbers
            .map(|at| u32::from_str_radix(&digits[at..at + 8], 16).map_err(|_| wrong()))
            .collect()
    }
}

/// The first line of a score file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FirstLine {
    /// What made the rest.
    pub run: Run,
}

/// How a score file's first line begins.
const BEGINNING: &[u8] = b"{\"run\":";

/// Whether `path` is a score file: a plain file, packed or not, whose first line says so.
pub fn is_score_file(path: &Path) -> bool {
    begins_with(path, BEGINNING)
}

/// How a table of scores begins, with a sentence or an article a row.
const TABLE: &[u8] = b"article,outlet,title,date,story,genre,subject,";

/// The key of a columnar table's metadata under which its run stands, as the JSON of a score file's first line.
pub const RUN_KEY: &str = "standpoint";

/// Whether `path` is a table of scores (CSV, Parquet, Arrow), which is made for other programs and cannot be compared again.
/// Parquet and Arrow are known with the feature `arrow`.
pub fn is_score_table(path: &Path) -> bool {
    #[cfg(feature = "arrow")]
    if path.is_file() && table_metadata(path, RUN_KEY).is_some() {
        return true;
    }
    begins_with(path, TABLE)
}

fn begins_with(path: &Path, expected: &[u8]) -> bool {
    path.is_file() && Input::open_path(path).is_ok_and(|input| input.begins_with(expected))
}

/// A score file being read: its run, then its scores.
pub struct ScoreFile {
    input: Input,
    run: Run,
    /// Scores with a sentence that the first line counts and that have not come yet. A file cut at a line's end is known by it.
    missing: Option<i64>,
}

/// Opens a score file, plain, .gz or .zst, or standard input (`-`), and reads its first line.
pub fn read_score_file(path: &Path) -> Result<ScoreFile> {
    let mut input = Input::open_path(path)?;
    let mut line = Vec::new();
    input.next_line(&mut line)?;
    let first: FirstLine = serde_json::from_str(input.utf8(&line, 1)?).map_err(|e| {
        let or_articles = match input.name() {
            "-" => "; for articles on standard input add --input-format with one of: txt, jsonl, csv, tsv",
            _ => "",
        };
        Error::input(
            Location::line(input.name(), 1),
            format!(
                "not the first line of a score file ({e}); make one with `standpoint score ... -o FILE`{or_articles}"
            ),
        )
    })?;
    check_run(&first.run).map_err(|problem| {
        Error::input(
            Location::line(input.name(), 1),
            format!("{problem}; was the file edited? score again"),
        )
    })?;
    let n_mentioning: usize = first
        .run
        .coverage
        .subjects
        .values()
        .map(|subject| subject.n_mentioning)
        .sum();
    Ok(ScoreFile {
        input,
        run: first.run,
        missing: Some(n_mentioning as i64),
    })
}

/// Says which figure of a score no model can have given.
fn check_values(score: &ArticleScore) -> Result<(), String> {
    let in_range = |name: &str, value: f64, low: f64| match (low..=1.0).contains(&value) {
        true => Ok(()),
        false => Err(format!(
            "{name} is {value}, and a score's is between {low} and 1"
        )),
    };
    let stances = std::iter::once(score.net_stance)
        .chain(score.by_voice.values().map(|voice| voice.net_stance))
        .chain(score.sentences.iter().map(|sentence| sentence.net_stance))
        .chain(score.headline.iter().map(|headline| headline.net_stance));
    for value in stances.flatten() {
        in_range("net_stance", value, -1.0)?;
    }
    let sentences = score
        .sentences
        .iter()
        .map(|sentence| &sentence.probabilities);
    let all = sentences.chain(
        score
            .headline
            .iter()
            .map(|headline| &headline.probabilities),
    );
    for &probability in all.flat_map(BTreeMap::values) {
        in_range("a probability", probability, 0.0)?;
    }
    let counted = score.sentences.iter().filter(|sentence| sentence.counts());
    if counted.count() != score.n {
        return Err(format!(
            "n is {}, and as many sentences are not counted",
            score.n
        ));
    }
    Ok(())
}

/// Says what in a run no scoring can have written.
fn check_run(run: &Run) -> Result<(), String> {
    let mut names: Vec<&String> = run.classes.iter().collect();
    names.sort();
    names.dedup();
    if names.len() < 2 || names.len() != run.classes.len() {
        return Err(format!(
            "classes are {:?}; a model has two or more, each once",
            run.classes
        ));
    }
    match &run.polarity {
        Some(worths) if worths.len() != run.classes.len() => Err(format!(
            "polarity has {} values for {} classes",
            worths.len(),
            run.classes.len()
        )),
        _ => Ok(()),
    }
}

impl ScoreFile {
    /// What made the file.
    pub fn run(&self) -> &Run {
        &self.run
    }

    /// Said once, at the end: whether as many scores came as the first line counts.
    fn check_complete(&mut self) -> Option<Error> {
        let missing = self.missing.take().filter(|&missing| missing != 0)?;
        let (n, what) = (
            missing.unsigned_abs(),
            if missing > 0 { "fewer" } else { "more" },
        );
        Some(Error::input(
            Location::file(self.input.name()),
            format!(
                "holds {} {what} than its first line counts; was the file cut or edited? score again",
                if n == 1 {
                    "1 score".to_string()
                } else {
                    format!("{n} scores")
                }
            ),
        ))
    }
}

impl ScoreFile {
    /// The next score; blank lines are passed over.
    fn read_next(&mut self) -> Result<Option<ArticleScore>> {
        let mut line = Vec::new();
        while self.input.next_line(&mut line)? {
            let text = self.input.utf8(&line, self.input.line())?;
            if text.trim().is_empty() {
                continue;
            }
            let score: ArticleScore = serde_json::from_str(text).map_err(|e| {
                Error::input(
                    Location::line(self.input.name(), self.input.line()),
                    format!(
                        "not a line of a score file ({e}); was the file cut or edited? score again"
                    ),
                )
            })?;
            check_values(&score).map_err(|problem| {
                Error::input(
                    Location::line(self.input.name(), self.input.line()),
                    format!("{problem}; was the file edited? score again"),
                )
            })?;
            return Ok(Some(score));
        }
        Ok(None)
    }
}

impl Iterator for ScoreFile {
    type Item = Result<ArticleScore>;

    fn next(&mut self) -> Option<Self::Item> {
        let score = match self.read_next() {
            Ok(None) => return self.check_complete().map(Err),
            Ok(Some(score)) => Ok(score),
            Err(error) => Err(error),
        };
        if let (Some(missing), Ok(score)) = (&mut self.missing, &score) {
            *missing -= i64::from(!score.sentences.is_empty());
        }
        Some(score)
    }
}
