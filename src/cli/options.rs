//! Options that several commands share.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use standpoint::classes::{Polarity, Task};
use standpoint::classifier::{
    Classifier, FrameClassifier, PreparedData, TrainParams, word_table_named,
};
use standpoint::corpus::{Format, JoinLabels, ReadOptions, read_lexicon};
use standpoint::features::{
    Family, FeaturizerParams, WordTable, choose_families, default_families, own_families,
};
use standpoint::logistic::{ClassWeight, Solver};
use standpoint::report::Document;
use standpoint::score::{Camps, Scorer, Wanted};
use standpoint::span::Location;
use standpoint::text::{How, Subject, word_form};
use standpoint::{Error, Result};

use super::Common;
use super::output::{extension_is, width};

/// Who is portrayed.
#[derive(Debug, Clone, clap::Args)]
pub struct SubjectArgs {
    /// Whose portrayal: a name as the articles write it. A person's family name alone is found too
    #[arg(long, value_name = "NAME")]
    pub subject: Option<String>,
    /// Another name of the subject, or a description ("the attorney general"); repeatable
    #[arg(long, value_name = "NAME", requires = "subject")]
    pub alias: Vec<String>,
}

impl SubjectArgs {
    /// The subject, if one is given.
    pub fn subject(&self) -> Option<Subject> {
        self.subject
            .as_ref()
            .map(|name| Subject::new(name.clone(), self.alias.clone()))
    }

    /// The subject of a command that needs one.
    pub fn required(&self, what: &str) -> Result<Subject> {
        self.subject().ok_or_else(|| {
            Error::Parameter(format!("whose portrayal? {what} needs --subject NAME"))
        })
    }
}

/// Who is portrayed, one or several.
#[derive(Debug, Clone, clap::Args)]
pub struct SubjectsArgs {
    #[command(flatten)]
    pub one: SubjectArgs,
    /// Several subjects at once: a TOML file with a [[subject]] each, holding name and aliases
    #[arg(long, value_name = "FILE", conflicts_with = "subject")]
    subjects: Option<PathBuf>,
}

/// What a file of subjects holds.
#[derive(Debug, serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct SubjectsFile {
    subject: Vec<Subject>,
}

impl SubjectsArgs {
    /// The subjects; none where none are given.
    pub fn subjects(&self) -> Result<Vec<Subject>> {
        match &self.subjects {
            Some(path) => read_subjects(path),
            None => Ok(self.one.subject().into_iter().collect()),
        }
    }

    /// Whether a file of subjects is given.
    pub fn has_file(&self) -> bool {
        self.subjects.is_some()
    }

    /// The file of subjects.
    pub fn file(&self) -> &Option<PathBuf> {
        &self.subjects
    }

    /// The subjects of a command that needs one at least.
    pub fn required(&self, what: &str) -> Result<Vec<Subject>> {
        let subjects = self.subjects()?;
        if subjects.is_empty() {
            self.one.required(what)?;
        }
        Ok(subjects)
    }
}

/// The subjects of the TOML file at `path`.
pub fn read_subjects(path: &Path) -> Result<Vec<Subject>> {
    let text = std::fs::read_to_string(path).map_err(|source| Error::io(path, "read", source))?;
    let file: SubjectsFile = toml::from_str(&text).map_err(|e| {
        let line = e.span().map_or(1, |span| text[..span.start].matches('\n').count() as u64 + 1);
        Error::input(
            Location::line(path.display().to_string(), line),
            format!(
                "{}; a subject is written as\n[[subject]]\nname = \"Dana Verrick\"\naliases = [\"the commissioner\"]",
                e.message()
            ),
        )
    })?;
    let mut seen = std::collections::BTreeSet::new();
    if let Some(twice) = file
        .subject
        .iter()
        .find(|subject| !seen.insert(&subject.name))
    {
        return Err(Error::input(
            Location::file(path.display().to_string()),
            format!(
                "the subject \"{}\" stands twice; give all its aliases in one place",
                twice.name
            ),
        ));
    }
    Ok(file.subject)
}

/// Which speakers belong to which camp.
#[derive(Debug, Clone, clap::Args)]
pub struct SpeakersArgs {
    /// Who belongs to which camp: a table (.csv, .tsv, .jsonl) with the columns speaker and camp, or TOML: [camps] with
    /// critics = ["Ida Holt", ...]. A family name alone is matched where only one camp has it
    #[arg(long, value_name = "FILE")]
    pub speakers: Option<PathBuf>,
    /// Column of --speakers that holds the speaker's name
    #[arg(
        long,
        value_name = "NAME",
        requires = "speakers",
        help_heading = "Reading"
    )]
    speaker_column: Option<String>,
    /// Column of --speakers that holds the camp
    #[arg(
        long,
        value_name = "NAME",
        requires = "speakers",
        help_heading = "Reading"
    )]
    camp_column: Option<String>,
}

impl SpeakersArgs {
    /// The camps, if a list is given.
    pub fn camps(&self) -> Result<Option<Camps>> {
        let columns = columns([
            ("speaker", &self.speaker_column),
            ("camp", &self.camp_column),
        ]);
        self.speakers
            .as_deref()
            .map(|path| Camps::read(path, &columns))
            .transpose()
    }
}

/// Frames beside stance.
#[derive(Debug, Clone, clap::Args)]
pub struct FramesArgs {
    /// Say under which frames (aspects such as economic, law, security) each sentence presents the matter: by the built-in model, a worked example trained
    /// on written sentences, or --frames=MODEL, one of your own (train --task frames)
    #[arg(
        long,
        value_name = "MODEL",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "built-in"
    )]
    frames: Option<String>,
}

impl FramesArgs {
    /// Whether frames are asked for.
    pub fn given(&self) -> bool {
        self.frames.is_some()
    }

    /// The model of frames, where it is asked for.
    pub fn load(&self) -> Result<Option<FrameClassifier>> {
        match self.frames.as_deref() {
            None => Ok(None),
            Some("built-in") => FrameClassifier::built_in().map(Some),
            Some(path) => FrameClassifier::load(Path::new(path)).map(Some),
        }
    }
}

/// How a result is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ResultFormat {
    /// Tables for a terminal
    Text,
    /// Every figure, for programs
    Json,
    /// One table, for spreadsheets
    Csv,
    /// The text's tables as GitHub markdown
    Md,
    /// The text's tables as LaTeX, to \input into a paper
    Latex,
}

impl ResultFormat {
    /// The format that was asked for, else the one the output file's name asks for, else text.
    pub fn choose(asked: Option<ResultFormat>, path: Option<&Path>) -> ResultFormat {
        asked.unwrap_or_else(|| {
            if extension_is(path, "csv") {
                ResultFormat::Csv
            } else if extension_is(path, "json") {
                ResultFormat::Json
            } else if extension_is(path, "md") {
                ResultFormat::Md
            } else if extension_is(path, "tex") {
                ResultFormat::Latex
            } else {
                ResultFormat::Text
            }
        })
    }

    /// Refuses markdown and LaTeX for a command whose results are no tables for a paper.
    pub fn refuse_documents(self, command: &str) -> Result<()> {
        match self {
            ResultFormat::Md | ResultFormat::Latex => Err(Error::Parameter(format!(
                "{command} prints no markdown and no LaTeX; --format takes text, json or csv here"
            ))),
            _ => Ok(()),
        }
    }

    /// `document` as markdown or LaTeX where that is asked for, else as text.
    pub fn printed(self, document: &Document, path: Option<&Path>, common: &Common) -> String {
        match self {
            ResultFormat::Md => document.markdown(),
            ResultFormat::Latex => document.latex(),
            _ => document.text(width(path), common.paint(path)),
        }
    }
}

/// Which sentences count.
#[derive(Debug, Clone, clap::Args)]
pub struct MentionArgs {
    /// Count sentences in captions, headings and other furniture too
    #[arg(long)]
    pub keep_furniture: bool,
    #[command(flatten)]
    plain: PlainArgs,
    #[command(flatten)]
    kind: MentionKindArgs,
}

impl MentionArgs {
    /// As scoring takes them.
    pub fn wanted(&self) -> Wanted {
        self.kind.wanted()
    }

    /// A scorer that counts these sentences.
    pub fn of<'m>(&self, scorer: Scorer<'m>) -> Scorer<'m> {
        scorer
            .keep_furniture(self.keep_furniture)
            .plain(self.plain.plain)
            .mentions(self.wanted())
    }
}

/// Whether texts are read as pages of news.
#[derive(Debug, Clone, clap::Args)]
pub struct PlainArgs {
    /// Take every text for prose of its author alone: no furniture is looked for, and nobody else's voice
    ///
    /// For speeches, posts, and tables of sentences, whose short lines would be taken for headings and whose quotations are not told apart. What
    /// a saved page itself marks as a caption stays one.
    #[arg(long)]
    pub plain: bool,
}

/// Which mentions count.
#[derive(Debug, Clone, clap::Args)]
pub struct MentionKindArgs {
    /// Which mentions count: only `exact` (a name) or `nominal` (a description given as alias), or `pronoun`: both and "he"
    /// and "she" where they can only mean the subject. Names and descriptions unless given
    ///
    /// `pronoun` is off by default. It reads he, she and their forms, not "they" or "it", and would rather miss one than take another
    /// person's: in news passages written for the test, 94 % of those it finds are the subject's, and it finds 55 % of the subject's (n 120).
    #[arg(long, value_name = "KIND")]
    mentions: Option<MentionKind>,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum MentionKind {
    Exact,
    Nominal,
    Pronoun,
}

impl MentionKindArgs {
    /// As the library takes them.
    pub fn wanted(&self) -> Wanted {
        match self.mentions {
            None => Wanted::Named,
            Some(MentionKind::Exact) => Wanted::Only(How::Exact),
            Some(MentionKind::Nominal) => Wanted::Only(How::Nominal),
            Some(MentionKind::Pronoun) => Wanted::WithPronouns,
        }
    }
}

/// Which model.
#[derive(Debug, Clone, clap::Args)]
pub struct ModelArgs {
    /// A model file; the built-in model of sentiment in English news unless given
    #[arg(long, value_name = "FILE")]
    pub model: Option<PathBuf>,
}

impl ModelArgs {
    /// Loads the model.
    pub fn load(&self) -> Result<Classifier> {
        load_model(self.model.as_deref())
    }

    /// The model with this digest, if it is the one that is named, or the built-in one.
    pub fn load_if(&self, digest: &str) -> Result<Option<Classifier>> {
        let model = self.load()?;
        Ok((model.digest() == digest).then_some(model))
    }
}

/// The model at `path`, or the built-in one.
pub fn load_model(path: Option<&Path>) -> Result<Classifier> {
    path.map_or_else(Classifier::built_in, Classifier::load)
}

/// How articles are read.
#[derive(Debug, Clone, clap::Args)]
pub struct ArticleArgs {
    /// Format of standard input (`-`) and of files with another extension: txt, html, jsonl, csv, tsv (built with --features arrow also parquet, arrow)
    #[arg(long, value_name = "FORMAT", help_heading = "Reading")]
    input_format: Option<Format>,
    /// Outlet of text files and pages, and of rows that name none
    #[arg(long, value_name = "NAME", help_heading = "Reading")]
    outlet: Option<String>,
    /// Column that holds the body
    #[arg(long, value_name = "NAME", help_heading = "Reading")]
    text_column: Option<String>,
    /// Column that holds the article's id
    #[arg(long, value_name = "NAME", help_heading = "Reading")]
    id_column: Option<String>,
    /// Column that holds the outlet
    #[arg(long, value_name = "NAME", help_heading = "Reading")]
    outlet_column: Option<String>,
    /// Column that holds the headline
    #[arg(long, value_name = "NAME", help_heading = "Reading")]
    title_column: Option<String>,
    /// Column that holds the date
    #[arg(long, value_name = "NAME", help_heading = "Reading")]
    date_column: Option<String>,
    /// Column that holds the story (event)
    #[arg(long, value_name = "NAME", help_heading = "Reading")]
    story_column: Option<String>,
    /// Column that holds the genre
    #[arg(long, value_name = "NAME", help_heading = "Reading")]
    genre_column: Option<String>,
}

impl ArticleArgs {
    /// Whether the format of standard input is given.
    pub fn has_format(&self) -> bool {
        self.input_format.is_some()
    }

    /// The first option given here, if any.
    pub fn given(&self) -> Option<&'static str> {
        [
            ("--input-format", self.input_format.is_some()),
            ("--outlet", self.outlet.is_some()),
            ("--text-column", self.text_column.is_some()),
            ("--id-column", self.id_column.is_some()),
            ("--outlet-column", self.outlet_column.is_some()),
            ("--title-column", self.title_column.is_some()),
            ("--date-column", self.date_column.is_some()),
            ("--story-column", self.story_column.is_some()),
            ("--genre-column", self.genre_column.is_some()),
        ]
        .into_iter()
        .find_map(|(name, given)| given.then_some(name))
    }

    /// As the reader takes them.
    pub fn read_options(&self, common: &Common) -> ReadOptions {
        ReadOptions {
            format: self.input_format,
            columns: columns([
                ("text", &self.text_column),
                ("id", &self.id_column),
                ("outlet", &self.outlet_column),
                ("title", &self.title_column),
                ("date", &self.date_column),
                ("story", &self.story_column),
                ("genre", &self.genre_column),
            ]),
            outlet: self.outlet.clone(),
            keep_going: common.keep_going,
        }
    }
}

/// How labelled sentences are read.
#[derive(Debug, Clone, clap::Args)]
pub struct LabelledArgs {
    /// Format of standard input (`-`) and of files with another extension: jsonl, csv, tsv (built with --features arrow also parquet, arrow)
    #[arg(long, value_name = "FORMAT", help_heading = "Reading")]
    input_format: Option<Format>,
    /// Column that holds the sentence
    #[arg(long, value_name = "NAME", help_heading = "Reading")]
    text_column: Option<String>,
    /// Column that holds the label
    #[arg(long, value_name = "NAME", help_heading = "Reading")]
    label_column: Option<String>,
    /// Column that holds the subject's name
    #[arg(long, value_name = "NAME", help_heading = "Reading")]
    subject_column: Option<String>,
    /// Column that holds where the subject starts, in characters
    #[arg(long, value_name = "NAME", help_heading = "Reading")]
    from_column: Option<String>,
    /// Column that holds where the subject ends, in characters, exclusive
    #[arg(long, value_name = "NAME", help_heading = "Reading")]
    to_column: Option<String>,
    /// Column that names the article; folds never share one
    #[arg(long, value_name = "NAME", help_heading = "Reading")]
    article_column: Option<String>,
    /// Column that holds the row's id
    #[arg(long, value_name = "NAME", help_heading = "Reading")]
    id_column: Option<String>,
    /// Column that names the outlet
    #[arg(long, value_name = "NAME", help_heading = "Reading")]
    outlet_column: Option<String>,
    /// Column that holds a sample weight
    #[arg(long, value_name = "NAME", help_heading = "Reading")]
    weight_column: Option<String>,
    /// Column that names the annotator
    #[arg(long, value_name = "NAME", help_heading = "Reading")]
    annotator_column: Option<String>,
    #[command(flatten)]
    pub subject: SubjectArgs,
}

impl LabelledArgs {
    /// As the reader takes them.
    pub fn read_options(&self, common: &Common) -> ReadOptions {
        ReadOptions {
            format: self.input_format,
            columns: columns([
                ("text", &self.text_column),
                ("label", &self.label_column),
                ("subject", &self.subject_column),
                ("from", &self.from_column),
                ("to", &self.to_column),
                ("article", &self.article_column),
                ("id", &self.id_column),
                ("outlet", &self.outlet_column),
                ("weight", &self.weight_column),
                ("annotator", &self.annotator_column),
            ]),
            outlet: None,
            keep_going: common.keep_going,
        }
    }
}

fn columns<const N: usize>(given: [(&str, &Option<String>); N]) -> BTreeMap<String, String> {
    given
        .into_iter()
        .filter_map(|(ours, theirs)| Some((ours.to_string(), theirs.clone()?)))
        .collect()
}

/// How a model is trained.
#[derive(Debug, Clone, clap::Args)]
pub struct TrainingArgs {
    /// What the labels are: `stance` (each has a polarity), `classes` (any labels, one a sentence) or `frames` (any labels, several a sentence: a list in
    /// JSON lines, in tables with | or ; between). Stance or classes are told from the labels unless given
    #[arg(long, value_name = "TASK", help_heading = "Training")]
    task: Option<TaskName>,
    /// What labels are worth, for words that are not recognised: pros=1,cons=-1
    #[arg(long, value_name = "LABEL=WORTH,...", value_delimiter = ',', value_parser = polarity, help_heading = "Training")]
    polarity: Vec<(String, Polarity)>,
    /// Which families of features: names with commas. `default` stands for the default ones, NAME:WEIGHT gives a family another weight,
    /// -NAME takes one out: default,-clause,words:2. `inspect` lists the families of a model
    #[arg(long, value_name = "LIST", allow_hyphen_values = true, value_parser = families, help_heading = "Training")]
    features: Option<Families>,
    /// Strength of the penalty on weights, scikit-learn's 1/C; 6 unless given, 16 with --prior
    #[arg(long, value_name = "X", help_heading = "Training")]
    l2: Option<f64>,
    /// A feature must occur in so many sentences
    #[arg(long, value_name = "N", default_value_t = FeaturizerParams::default().min_df, help_heading = "Training")]
    min_df: u32,
    /// `balanced` lets rare classes count more in the fit, which changes the weights. Probabilities and decisions are calibrated back
    /// to the mix of classes in the data, so rare classes are not predicted more often
    #[arg(
        long,
        value_name = "KIND",
        default_value = "none",
        help_heading = "Training"
    )]
    class_weight: ClassWeightName,
    /// `newton` on sparse rows, or `linfa`: the same objective by linfa-logistic on dense rows, for small data
    #[arg(
        long,
        value_name = "NAME",
        default_value = "newton",
        help_heading = "Training"
    )]
    solver: SolverName,
    /// Word vectors, with the clusters and the lexicon made from them: a file of `learn-vectors`, those of the built-in model, or none
    #[arg(
        long,
        value_name = "built-in|FILE|none",
        default_value = "built-in",
        help_heading = "Training"
    )]
    vectors: String,
    /// A lexicon of your own: a table with the columns word and score, negative for bad
    #[arg(long, value_name = "FILE", help_heading = "Training")]
    lexicon: Option<PathBuf>,
    /// Several annotators' rows of one sentence (column annotator) become one: `majority` takes the label most gave and leaves out ties; `soft` makes
    /// a row a label, weighted by the share of annotators who gave it. Unless given, every row counts as it is
    #[arg(long, value_name = "HOW", help_heading = "Training")]
    labels: Option<JoinName>,
    /// Most steps of the solver
    #[arg(long, value_name = "N", default_value_t = TrainParams::default().max_iter, help_heading = "Training")]
    max_iter: usize,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum TaskName {
    Stance,
    Classes,
    Frames,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum JoinName {
    Majority,
    Soft,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum ClassWeightName {
    None,
    Balanced,
}

#[derive(Debug, Clone, Copy, clap::ValueEnum)]
enum SolverName {
    Newton,
    Linfa,
}

impl TrainingArgs {
    /// What the labels are taken for.
    pub fn task(&self) -> Task {
        match self.task {
            None => Task::Infer,
            Some(TaskName::Stance) => Task::Stance,
            Some(TaskName::Classes | TaskName::Frames) => Task::Classes,
        }
    }

    /// Whether sentences have several labels.
    pub fn is_frames(&self) -> bool {
        matches!(self.task, Some(TaskName::Frames))
    }

    /// The families that --features names, if it is given.
    pub fn chosen_families(&self) -> Option<Vec<Family>> {
        self.features.clone().map(|Families(families)| families)
    }

    /// Refuses options that a model of frames knows nothing of.
    pub fn check_frames(&self) -> Result<()> {
        let given = [
            ("--polarity", !self.polarity.is_empty()),
            (
                "--class-weight",
                !matches!(self.class_weight, ClassWeightName::None),
            ),
            ("--solver", !matches!(self.solver, SolverName::Newton)),
        ];
        match given.into_iter().find(|(_, given)| *given) {
            None => Ok(()),
            Some((name, _)) => Err(Error::Parameter(format!(
                "{name} does not go with --task frames: frames have no polarity, and each has a problem and a threshold of its own"
            ))),
        }
    }

    /// How several annotators' rows of one sentence become one.
    pub fn join(&self) -> Option<JoinLabels> {
        self.labels.map(|how| match how {
            JoinName::Majority => JoinLabels::Majority,
            JoinName::Soft => JoinLabels::Soft,
        })
    }

    /// What labels are worth.
    pub fn polarity(&self) -> BTreeMap<String, Polarity> {
        self.polarity.iter().cloned().collect()
    }

    /// The penalty, where it is given.
    pub fn l2(&self) -> Option<f64> {
        self.l2
    }

    /// The first option given that says how features are made, if any.
    pub fn features_option(&self) -> Option<&'static str> {
        [
            ("--features", self.features.is_some()),
            ("--lexicon", self.lexicon.is_some()),
            ("--vectors", self.vectors != "built-in"),
        ]
        .into_iter()
        .find_map(|(name, given)| given.then_some(name))
    }

    /// What is known of words beyond the sentences of `data`.
    fn words(&self, data: &PreparedData) -> Result<WordTable> {
        let texts = data.rows.iter().map(|row| row.text.as_str());
        let own = match &self.lexicon {
            Some(path) => {
                let words = read_lexicon(path)?.into_iter();
                Some(
                    words
                        .map(|(word, score)| (word_form(&word), score))
                        .collect(),
                )
            }
            None => None,
        };
        word_table_named(&self.vectors, own.as_ref(), texts)
    }

    /// As training on `data` takes them.
    pub fn params(
        &self,
        data: &PreparedData,
        folds: usize,
        common: &Common,
    ) -> Result<TrainParams> {
        let words = self.words(data)?;
        let mut families = self
            .features
            .clone()
            .map_or_else(default_families, |Families(families)| families);
        if self.lexicon.is_some() {
            families.extend(own_families());
        }
        Ok(TrainParams {
            featurizer: FeaturizerParams {
                min_df: self.min_df,
                families,
            },
            words: Arc::new(words),
            prior: None,
            l2: self.l2.unwrap_or(TrainParams::default().l2),
            class_weight: match self.class_weight {
                ClassWeightName::None => ClassWeight::None,
                ClassWeightName::Balanced => ClassWeight::Balanced,
            },
            solver: match self.solver {
                SolverName::Newton => Solver::Newton,
                SolverName::Linfa => Solver::Linfa,
            },
            max_iter: self.max_iter,
            folds,
            seed: common.seed(),
        })
    }
}

/// Families as --features chooses them.
#[derive(Debug, Clone)]
struct Families(Vec<Family>);

fn families(list: &str) -> Result<Families, String> {
    let names: Vec<String> = list
        .split(',')
        .map(|name| name.trim().to_string())
        .collect();
    let families = choose_families(&names).map_err(|error| error.to_string())?;
    match families.is_empty() {
        true => Err("no family is left; a model needs one at least".to_string()),
        false => Ok(Families(families)),
    }
}

/// LABEL=WORTH as --polarity takes it.
pub fn polarity(pair: &str) -> Result<(String, Polarity), String> {
    let (label, worth) = pair
        .rsplit_once('=')
        .ok_or_else(|| format!("\"{pair}\" is not LABEL=WORTH, for example pros=1"))?;
    let worth: i8 = worth
        .trim()
        .parse()
        .map_err(|_| format!("\"{worth}\" is not a polarity; allowed: -1, 0, 1"))?;
    Ok((label.trim().to_string(), Polarity::try_from(worth)?))
}
