//! `standpoint compare`

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use standpoint::classes::Polarity;
use standpoint::classifier::Classifier;
use standpoint::compare::{
    CompareParams, Comparer, Comparison, Contrast, EvidenceSentence, Grouping, MIN_FOR_TEST, MONTH,
    Provenance,
};
use standpoint::corpus::{ArticleReader, read_groups};
use standpoint::report::chart::{Chart, Theme};
use standpoint::report::{
    ComparisonPage, Document, Parts, comparison_csv, comparison_document, comparison_page,
    contrast_figures, contrasts_document, figures, json,
};
use standpoint::score::{
    ArticleScore, Camps, Coverage, FramesRun, Run, Scorer, SentenceEffects, sentence_effects,
    word_effects,
};
use standpoint::text::Subject;
use standpoint::validate::{Sample, Tally, key_path};
use standpoint::wording::count;
use standpoint::{Error, Result};

use super::options::{
    ArticleArgs, FramesArgs, MentionArgs, ModelArgs, ResultFormat, SpeakersArgs, SubjectsArgs,
    read_subjects,
};
use super::output::{Output, check_page, refuse_overwriting};
use super::plan::Plan;
use super::score::{
    check_mentioned, note_small_letters, refuse_score_tables, refuse_scores_in_folders,
    score_with_progress,
};
use super::scored::{Given, ScoreFiles, aliases, described, given, quoted, short};
use super::validate::note_unknown_model;
use super::{Common, messages};

/// Compare how outlets portray a subject
///
/// Takes articles, or score files made by `standpoint score`, and gives for each outlet its net stance toward the subject (-1 against to +1
/// in favor) with an interval over articles, its class shares, its own voice beside quotations, how much room it gives the subject, the
/// sentences that stand out, and how each outlet with enough articles differs from the rest; with --speakers also who gets to speak, by
/// camp. Where the data cannot say, it says so.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Articles (.txt, .html, .jsonl, .csv, .tsv, plain, .gz or .zst; folders; - is standard input) or score files
    /// (.jsonl, plain, .gz or .zst; - is standard input where --input-format is not given)
    #[arg(required = true, value_name = "ARTICLES|SCORES")]
    inputs: Vec<PathBuf>,
    #[command(flatten)]
    subjects: SubjectsArgs,
    #[command(flatten)]
    model: ModelArgs,
    /// A file for the comparison instead of standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// How the comparison is printed; `text` unless the name of the output file says otherwise
    #[arg(long, value_name = "FORMAT")]
    format: Option<ResultFormat>,
    /// Evidence sentences an outlet: so many lowest and so many highest (1 unless given); in a page also so many of each class and voice (3), up to
    /// 900 in all. `spans` names their places without the words (headlines and speakers' names stay), `none` leaves them out: for those
    /// who may not republish articles
    #[arg(long, value_name = "N|spans|none")]
    evidence: Option<Evidence>,
    #[command(flatten)]
    pictures: PictureArgs,
    #[command(flatten)]
    frames: FramesArgs,
    #[command(flatten)]
    speakers: SpeakersArgs,
    #[command(flatten)]
    statistics: StatisticsArgs,
    #[command(flatten)]
    gold: GoldArgs,
    #[command(flatten)]
    mentions: MentionArgs,
    #[command(flatten)]
    reading: ArticleArgs,
}

/// Pages and pictures, beside the comparison itself.
#[derive(Debug, Clone, clap::Args)]
struct PictureArgs {
    /// A report for a browser, in one file that needs no network: charts, tables, methods, and the sentences behind every figure
    #[arg(long, value_name = "FILE", help_heading = "Pages and pictures")]
    html: Option<PathBuf>,
    /// A folder for the charts, each as SVG and PNG; made if it is not there
    #[arg(long, value_name = "DIR", help_heading = "Pages and pictures")]
    figures: Option<PathBuf>,
    /// On light or dark paper
    #[arg(
        long,
        value_name = "THEME",
        default_value = "light",
        requires = "figures",
        help_heading = "Pages and pictures"
    )]
    theme: ThemeName,
}

impl PictureArgs {
    /// Whether any is asked for.
    fn given(&self) -> bool {
        self.html.is_some() || self.figures.is_some()
    }
}

impl PictureArgs {
    /// Whether they can be written, asked before the work; makes the folder.
    fn prepare(&self, output: Option<&Path>) -> Result<()> {
        check_page(self.html.as_deref(), output)?;
        match &self.figures {
            Some(folder) if folder.exists() && !folder.is_dir() => Err(Error::Data(format!(
                "{} is no folder; --figures takes one",
                folder.display()
            ))),
            Some(folder) => std::fs::create_dir_all(folder)
                .map_err(|source| Error::io(folder, "make the folder", source)),
            None => Ok(()),
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum ThemeName {
    Light,
    Dark,
}

/// Which sentences are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Evidence {
    Sentences(usize),
    Spans,
    None,
}

impl std::str::FromStr for Evidence {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Evidence, String> {
        match text {
            "spans" => Ok(Evidence::Spans),
            "none" => Ok(Evidence::None),
            number => number
                .parse()
                .map(Evidence::Sentences)
                .map_err(|_| "allowed: a number of sentences, spans, none".to_string()),
        }
    }
}

impl Evidence {
    /// How many sentences, of those that are shown unless said otherwise.
    fn size(of: Option<Evidence>, usual: usize) -> usize {
        match of {
            Some(Evidence::Sentences(n)) => n,
            Some(Evidence::None) => 0,
            Some(Evidence::Spans) | None => usual,
        }
    }
}

/// Sentences of each class and voice of an outlet in a page.
const EVIDENCE_IN_PAGES: usize = 3;

/// What is tested and what is shown beside.
#[derive(Debug, Clone, clap::Args)]
struct StatisticsArgs {
    /// Articles with a figure that an outlet needs to be tested against the rest; 10 unless given
    #[arg(long, value_name = "N", help_heading = "Statistics")]
    min_articles: Option<usize>,
    /// Level of the intervals, between 0.5 and 0.999; tests are made at 1 less this. 0.95 unless given
    #[arg(long, value_name = "P", help_heading = "Statistics")]
    level: Option<f64>,
    /// Test articles that share their text with others (agency copy) like the rest
    #[arg(long, help_heading = "Statistics")]
    keep_copies: bool,
    /// Show a column's values apart: `story`, `genre`, `month` (of the date) or any column of the input; repeatable
    #[arg(long, value_name = "COLUMN", help_heading = "Statistics")]
    by: Vec<String>,
    /// Put outlets into groups: a column of the input, or a table (.csv, .tsv, .jsonl) with the columns outlet and group
    #[arg(long, value_name = "COLUMN|FILE", help_heading = "Statistics")]
    group_by: Option<String>,
    /// Show every pair of the outlets that have --min-articles
    #[arg(long, help_heading = "Statistics")]
    pairs: bool,
    /// Some subjects relative to others inside the same outlet: two lists of names, with commas; repeatable
    #[arg(
        long,
        num_args = 2,
        value_names = ["A,B", "C,D"],
        action = clap::ArgAction::Append,
        help_heading = "Statistics"
    )]
    contrast: Vec<String>,
    /// Show the subject relative to reference subjects, the same for every outlet: a TOML file like that of --subjects
    #[arg(long, value_name = "FILE", help_heading = "Statistics")]
    reference: Option<PathBuf>,
    /// Words around the subject, outlet by outlet against the rest, and the words that move the score
    #[arg(long, help_heading = "Statistics")]
    words: bool,
    /// Say how many articles it would take to find a difference of this size; 0.1 unless given
    #[arg(long, value_name = "D", default_value_t = CompareParams::default().effect, help_heading = "Statistics")]
    effect: f64,
    /// Show the figures counted otherwise: without quotations, with headlines, by sentence, ...
    #[arg(long, help_heading = "Statistics")]
    robustness: bool,
    /// Add a draft of the methods section
    #[arg(long, help_heading = "Statistics")]
    methods: bool,
    /// A plan made beforehand (TOML: subject, aliases, family, min-articles, unit, level, seed, keep-copies, model). Its digest
    /// stands in every output; an option that contradicts it is refused
    #[arg(long, value_name = "FILE", help_heading = "Statistics")]
    plan: Option<PathBuf>,
}

/// Hand labels.
#[derive(Debug, Clone, clap::Args)]
struct GoldArgs {
    /// A sample drawn by `validate draw` from these scores (or articles) and labelled: figures corrected for the model's error, beside the
    /// model's own
    #[arg(long, value_name = "SAMPLE", help_heading = "Hand labels")]
    gold: Option<PathBuf>,
    /// The sample's key; SAMPLE with the ending .key.json unless given
    #[arg(
        long,
        value_name = "FILE",
        requires = "gold",
        help_heading = "Hand labels"
    )]
    key: Option<PathBuf>,
}

impl GoldArgs {
    /// The labelled sample, if there is one.
    fn sample(&self) -> Result<Option<Sample>> {
        let path = self.gold.as_deref();
        path.map(|path| Sample::read(path, None, self.key.as_deref()))
            .transpose()
    }

    /// The files that are read.
    fn files(&self) -> Vec<PathBuf> {
        let Some(path) = &self.gold else {
            return Vec::new();
        };
        let key = self.key.clone().unwrap_or_else(|| key_path(path));
        vec![path.clone(), key]
    }

    /// The labels of `sample` for the subject they are about, one a subject.
    fn labels(
        &self,
        sample: Option<Sample>,
        run: &Run,
        subjects: &[Subject],
        model: Option<&Classifier>,
        common: &Common,
    ) -> Result<Vec<Option<Tally>>> {
        let Some(sample) = sample else {
            return Ok(subjects.iter().map(|_| None).collect());
        };
        let name = self.name();
        let of_sample = sample.key.subject.clone();
        let about = subjects
            .iter()
            .position(|subject| subject.name == of_sample);
        let about = about.unwrap_or(0);
        note_unknown_model(model, common);
        let mut tally = Some(Tally::new(
            sample,
            run,
            model,
            &subjects[about].name,
            &name,
        )?);
        Ok((0..subjects.len())
            .map(|index| tally.take_if(|_| index == about))
            .collect())
    }

    /// The sample's name in messages.
    fn name(&self) -> String {
        let path = self.gold.as_deref();
        path.map_or(String::new(), |path| path.display().to_string())
    }
}

const EXAMPLES: &str = "\
Examples:
  standpoint compare articles/ --subject \"Dana Verrick\"         articles/OUTLET/ARTICLE.txt
  standpoint compare news.jsonl --subject \"Dana Verrick\" --alias \"the commissioner\"
  standpoint compare scores.jsonl                               made by `standpoint score`
  standpoint compare scores.jsonl --speakers speakers.csv       who gets to speak, by camp
  standpoint compare scores.jsonl --by month --group-by owners.csv --words --robustness
  standpoint compare news.jsonl --subjects people.toml --contrast \"Ann Lee,Bo Ray\" \"Cy Orr\"
  standpoint compare news.jsonl --plan plan.toml --methods
  standpoint compare scores.jsonl --html report.html --figures figures/
  standpoint compare scores.jsonl --gold sample.csv             corrected by hand labels (standpoint validate draw)
  standpoint compare news.csv --outlet-column source --subject \"Dana Verrick\" --format json -o comparison.json";

/// What was compared.
struct Compared {
    comparisons: Vec<Comparison>,
    contrasts: Vec<Contrast>,
    coverage: Coverage,
    /// For each comparison what the words of its page's sentences do, where the model that scored is at hand.
    effects: Vec<Vec<Option<SentenceEffects>>>,
}

/// The same for programs, where there is more than one comparison.
#[derive(serde::Serialize)]
struct ComparedJson<'c> {
    comparisons: &'c [Comparison],
    contrasts: &'c [Contrast],
}

/// What is asked, the plan included.
struct Question {
    /// The subjects to compare, as named on the command line or in the plan; none where scores tell.
    subjects: Vec<Subject>,
    /// Those they are held against.
    reference: Vec<Subject>,
    /// Pairs of lists of subjects.
    contrasts: Vec<(Vec<String>, Vec<String>)>,
    params: CompareParams,
    plan: Option<Plan>,
}

impl Question {
    fn new(args: &Args, common: &Common) -> Result<Question> {
        let statistics = &args.statistics;
        let plan = statistics.plan.as_deref().map(Plan::read).transpose()?;
        let mut subjects = args.subjects.subjects()?;
        let mut min_articles = statistics.min_articles;
        let mut level = statistics.level;
        let mut seed = common.seed();
        let mut keep_copies = statistics.keep_copies;
        let mut params = CompareParams::default();
        if let Some(plan) = &plan {
            if args.subjects.has_file() {
                return Err(Error::Parameter(format!(
                    "--subjects and the plan {} both say whose portrayal; a plan is for one subject",
                    plan.file
                )));
            }
            let name = args.subjects.one.subject.clone();
            plan.settle("--subject", Some(plan.subject.clone()), name)?;
            let given: BTreeSet<String> = args.subjects.one.alias.iter().cloned().collect();
            let planned: BTreeSet<String> = plan.aliases.iter().cloned().collect();
            if !given.is_empty() {
                plan.settle("--alias", Some(planned), Some(given))?;
            }
            subjects = vec![Subject::new(plan.subject.clone(), plan.aliases.clone())];
            min_articles = plan.settle("--min-articles", plan.min_articles, min_articles)?;
            level = plan.settle("--level", plan.level, level)?;
            seed = plan.settle("--seed", plan.seed, common.seed)?.unwrap_or(1);
            let given = statistics.keep_copies.then_some(true);
            keep_copies = plan
                .settle("--keep-copies", plan.keep_copies, given)?
                .unwrap_or(false);
            params.family = plan.family.clone();
            params.unit = plan.unit.map(Into::into);
        }
        let min_articles = min_articles.unwrap_or(params.min_articles);
        if min_articles < MIN_FOR_TEST {
            return Err(Error::Parameter(format!(
                "--min-articles {min_articles} (option or plan): a test needs {MIN_FOR_TEST} articles at least"
            )));
        }
        let level = level.unwrap_or(params.level);
        if !(0.5..=0.999).contains(&level) {
            let from = plan.as_ref().map_or(String::new(), |p| {
                format!(" (or that of the plan {})", p.file)
            });
            return Err(Error::Parameter(format!(
                "--level {level}{from} is no level of an interval; allowed: 0.5 to 0.999"
            )));
        }
        if !(statistics.effect > 0.0 && statistics.effect <= 2.0) {
            return Err(Error::Parameter(format!(
                "--effect {} is no difference of net stance; allowed: above 0, up to 2",
                statistics.effect
            )));
        }
        let reference = match &statistics.reference {
            Some(path) => read_subjects(path)?,
            None => Vec::new(),
        };
        if let Some(both) = reference
            .iter()
            .find(|one| subjects.iter().any(|subject| subject.name == one.name))
        {
            return Err(Error::Parameter(format!(
                "\"{}\" is the subject and a reference too; leave it out of --reference",
                both.name
            )));
        }
        let list = |names: &String| -> Vec<String> {
            let names = names.split(',').map(|name| name.trim().to_string());
            once(&names.filter(|name| !name.is_empty()).collect::<Vec<_>>())
        };
        let contrasts = statistics
            .contrast
            .chunks(2)
            .map(|sides| (list(&sides[0]), list(&sides[1])))
            .collect::<Vec<_>>();
        if contrasts.iter().any(|(a, b)| a.is_empty() || b.is_empty()) {
            return Err(Error::Parameter(
                "--contrast needs a subject on each side: --contrast \"A,B\" \"C,D\"".into(),
            ));
        }
        Ok(Question {
            subjects,
            reference,
            contrasts,
            params: CompareParams {
                level,
                seed,
                evidence: Evidence::size(args.evidence, CompareParams::default().evidence),
                evidence_text: args.evidence != Some(Evidence::Spans),
                behind: args
                    .pictures
                    .given()
                    .then(|| Evidence::size(args.evidence, EVIDENCE_IN_PAGES)),
                min_articles,
                keep_copies,
                by: once(&statistics.by),
                pairs: statistics.pairs,
                words: statistics.words || args.pictures.given(),
                groups: grouping(statistics.group_by.as_deref())?,
                effect: statistics.effect,
                ..params
            },
            plan,
        })
    }

    /// Everybody who is looked for: the subjects, then those they are held against.
    fn everybody(&self) -> Vec<Subject> {
        self.subjects
            .iter()
            .chain(&self.reference)
            .cloned()
            .collect()
    }
}

/// Each name once, in the order of the first.
fn once(names: &[String]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    names
        .iter()
        .filter(|name| seen.insert(*name))
        .cloned()
        .collect()
}

/// How outlets are grouped: by a list, if there is a file of that name, else by a column.
fn grouping(group_by: Option<&str>) -> Result<Grouping> {
    let Some(name) = group_by else {
        return Ok(Grouping::None);
    };
    let path = Path::new(name);
    let looks_like_file = [".csv", ".tsv", ".jsonl"]
        .iter()
        .any(|extension| name.to_lowercase().contains(extension));
    if path.exists() || looks_like_file {
        return Ok(Grouping::Listed(read_groups(path)?));
    }
    Ok(Grouping::Column(name.to_string()))
}

pub fn run(args: Args, common: &Common) -> anyhow::Result<()> {
    refuse_overwriting(args.output.as_deref(), &args.inputs)?;
    refuse_overwriting(args.output.as_deref(), args.speakers.speakers.as_slice())?;
    refuse_overwriting(args.output.as_deref(), &args.gold.files())?;
    for inputs in [&args.inputs, &args.gold.files()] {
        refuse_overwriting(args.pictures.html.as_deref(), inputs)?;
    }
    let statistics = &args.statistics;
    let read = [
        &args.speakers.speakers,
        &statistics.reference,
        &statistics.plan,
        &statistics.group_by.as_ref().map(PathBuf::from),
        args.subjects.file(),
        &args.model.model,
    ];
    let read: Vec<PathBuf> = read.into_iter().flatten().cloned().collect();
    refuse_overwriting(args.pictures.html.as_deref(), &read)?;
    refuse_overwriting(args.output.as_deref(), &read)?;
    args.pictures.prepare(args.output.as_deref())?;
    refuse_score_tables(&args.inputs)?;
    let question = Question::new(&args, common)?;
    let compared = match given(&args.inputs, &args.reading)? {
        Given::Scores => compare_scores(&args, &question, common)?,
        Given::Articles => compare_articles(&args, &question, common)?,
    };
    let path = args.output.as_deref();
    pictures(&args, &compared, common)?;
    let compared = without_unasked_words(compared, args.statistics.words);
    let text = match ResultFormat::choose(args.format, path) {
        format @ (ResultFormat::Text | ResultFormat::Md | ResultFormat::Latex) => {
            let parts = Parts {
                robustness: args.statistics.robustness,
                methods: args.statistics.methods,
            };
            let documents = compared.comparisons.iter();
            let documents = documents.map(|comparison| comparison_document(comparison, parts));
            let contrasts = contrasts_document(&compared.contrasts, question.params.level);
            format.printed(
                &Document::joined(documents.chain([contrasts])),
                path,
                common,
            )
        }
        ResultFormat::Json => match (&compared.comparisons[..], &compared.contrasts[..]) {
            ([only], []) => json(only),
            (comparisons, contrasts) => json(&ComparedJson {
                comparisons,
                contrasts,
            }),
        },
        ResultFormat::Csv => {
            if let Some(options) = not_in_csv(&args.statistics) {
                messages::note(
                    common,
                    &format!(
                        "the CSV table has a row an outlet; {options} are in text and JSON only"
                    ),
                );
            }
            comparison_csv(&compared.comparisons)
        }
    };
    Output::print(path, &text)?;
    if let Some(path) = path {
        messages::note(
            common,
            &format!(
                "{} compared in {}",
                count(compared.comparisons[0].outlets.len(), "outlet"),
                path.display()
            ),
        );
    }
    Ok(())
}

/// Writes the page and the charts that were asked for.
fn pictures(args: &Args, compared: &Compared, common: &Common) -> anyhow::Result<()> {
    let asked = &args.pictures;
    if let Some(path) = &asked.html {
        let page = comparison_page(&ComparisonPage {
            comparisons: &compared.comparisons,
            effects: &compared.effects,
            contrasts: &compared.contrasts,
            coverage: &compared.coverage,
        });
        Output::print(Some(path), &page)?;
        messages::note(common, &format!("report in {}", path.display()));
    }
    let Some(folder) = &asked.figures else {
        return Ok(());
    };
    let theme = match asked.theme {
        ThemeName::Light => Theme::Light,
        ThemeName::Dark => Theme::Dark,
    };
    let level = compared.comparisons.first().map_or(0.95, |c| c.level);
    let several = compared.comparisons.len() > 1;
    let of_subjects = compared.comparisons.iter().enumerate();
    let charts: Vec<Chart> = of_subjects
        .flat_map(|(index, comparison)| {
            let prefix = match several {
                true => format!("{}-", index + 1),
                false => String::new(),
            };
            figures(comparison, &prefix)
        })
        .chain(contrast_figures(&compared.contrasts, level))
        .collect();
    let pictures: Vec<Vec<u8>> = charts
        .par_iter()
        .map(|chart| chart.png(theme))
        .collect::<Result<_>>()?;
    for (chart, png) in charts.iter().zip(pictures) {
        let file = |ending: &str| folder.join(format!("{}.{ending}", chart.name));
        Output::print(Some(&file("svg")), &chart.svg(theme))?;
        Output::write(&file("png"), &png)?;
    }
    messages::note(
        common,
        &format!(
            "{} in {}, each as SVG and PNG",
            count(charts.len(), "chart"),
            folder.display()
        ),
    );
    Ok(())
}

/// Pages show words around the subject always; other outputs where they are asked for.
fn without_unasked_words(compared: Compared, asked: bool) -> Compared {
    let comparisons = compared
        .comparisons
        .into_iter()
        .map(|comparison| Comparison {
            words: comparison.words.filter(|_| asked),
            ..comparison
        });
    Compared {
        comparisons: comparisons.collect(),
        ..compared
    }
}

/// What the words of each sentence of a page do, by the model that scored.
fn effects_of(
    comparisons: &[Comparison],
    model: Option<&Classifier>,
) -> Vec<Vec<Option<SentenceEffects>>> {
    let of = |sentence: &EvidenceSentence| {
        let text = sentence.text.as_deref()?;
        sentence_effects(
            model?,
            text,
            sentence.span,
            &sentence.insets,
            &sentence.mentions,
        )
    };
    let sentences = |comparison: &Comparison| {
        let behind = comparison.behind.as_ref();
        behind.map_or(Vec::new(), |b| b.sentences.par_iter().map(of).collect())
    };
    comparisons.iter().map(sentences).collect()
}

/// The options whose results a table of outlets cannot hold, if any is given.
fn not_in_csv(statistics: &StatisticsArgs) -> Option<String> {
    let given: Vec<&str> = [
        ("--by", !statistics.by.is_empty()),
        ("--group-by", statistics.group_by.is_some()),
        ("--pairs", statistics.pairs),
        ("--contrast", !statistics.contrast.is_empty()),
        ("--reference", statistics.reference.is_some()),
        ("--words", statistics.words),
        ("--robustness", statistics.robustness),
        ("--methods", statistics.methods),
    ]
    .into_iter()
    .filter_map(|(name, given)| given.then_some(name))
    .collect();
    (!given.is_empty()).then(|| format!("the results of {}", given.join(", ")))
}

fn provenance(run: &Run, subject: &Subject, plan: Option<&Plan>) -> Result<Provenance> {
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
    if let Some(plan) = plan {
        let planned = plan.model.as_deref().unwrap_or("");
        if !run.model.starts_with(planned) {
            return Err(Error::Data(format!(
                "the plan {} is for model {planned}, the scores are of {}",
                plan.file,
                short(&run.model)
            )));
        }
    }
    Ok(Provenance {
        model: run.model.clone(),
        classes: run.classes.clone(),
        polarity,
        construct: run.construct.clone(),
        plan: plan.map(|plan| plan.digest.clone()),
        trained: run.trained.clone(),
        sentences: run.sentences.clone(),
        aliases: subject.aliases.clone(),
    })
}

/// One comparer a subject; those that are only held against collect nothing but figures.
fn comparers(
    question: &Question,
    subjects: &[Subject],
    run: &Run,
    camps: Option<&Camps>,
    labels: Vec<Option<Tally>>,
) -> Result<Vec<Comparer>> {
    let everybody = subjects.iter().chain(&question.reference);
    let mut labels = labels.into_iter();
    everybody
        .enumerate()
        .map(|(index, subject)| {
            let provenance = provenance(run, subject, question.plan.as_ref())?;
            let mut params = question.params.clone();
            params.n_subjects = subjects.len();
            if index >= subjects.len() {
                params = CompareParams {
                    level: params.level,
                    ..CompareParams::default()
                };
            }
            let comparer = Comparer::new(&subject.name, provenance, params);
            let comparer = comparer.frames(run.frames.clone());
            Ok(comparer
                .camps(camps.cloned())
                .labels(labels.next().flatten()))
        })
        .collect()
}

/// Finishes the comparisons of `subjects`, the first of `comparers`, and the contrasts between them.
fn finish(
    question: &Question,
    subjects: &[Subject],
    mut comparers: Vec<Comparer>,
    coverage: Coverage,
    gold: &GoldArgs,
    model: Option<&Classifier>,
) -> Result<Compared> {
    check_names(question, &comparers, &coverage)?;
    for comparer in &mut comparers {
        comparer.correct(&gold.name())?;
    }
    let level = question.params.level;
    let contrasts = question
        .contrasts
        .iter()
        .map(|(plus, minus)| Comparer::contrast(&comparers, plus, minus, level))
        .collect::<Result<_>>()?;
    let names: Vec<String> = question.reference.iter().map(|s| s.name.clone()).collect();
    let references: Vec<Option<Contrast>> = subjects
        .iter()
        .map(|subject| {
            let plus = std::slice::from_ref(&subject.name);
            (!names.is_empty())
                .then(|| Comparer::contrast(&comparers, plus, &names, level))
                .transpose()
        })
        .collect::<Result<_>>()?;
    let comparisons: Vec<Comparison> = comparers
        .into_iter()
        .zip(references)
        .map(|(comparer, reference)| Comparison {
            reference,
            ..comparer.finish(&coverage)
        })
        .collect();
    Ok(Compared {
        effects: effects_of(&comparisons, model),
        comparisons,
        contrasts,
        coverage,
    })
}

/// Outlets and columns that the question names must be in the data.
fn check_names(question: &Question, comparers: &[Comparer], coverage: &Coverage) -> Result<()> {
    let known = |name: &String| coverage.outlets.contains_key(name);
    let unknown = |names: &mut dyn Iterator<Item = &String>| -> Vec<String> {
        names
            .filter(|name| !known(name))
            .map(|name| format!("\"{name}\""))
            .collect()
    };
    if let (Some(family), Some(plan)) = (&question.params.family, &question.plan) {
        let missing = unknown(&mut family.iter());
        if !missing.is_empty() {
            return Err(Error::Data(format!(
                "the plan {} names outlets that are not in the data: {}",
                plan.file,
                missing.join(", ")
            )));
        }
    }
    if let Grouping::Listed(groups) = &question.params.groups {
        let missing = unknown(&mut groups.keys());
        if !missing.is_empty() {
            return Err(Error::Data(format!(
                "--group-by names outlets that are not in the data: {}; outlets are: {}",
                missing.join(", "),
                coverage
                    .outlets
                    .keys()
                    .take(20)
                    .map(|name| format!("\"{name}\""))
                    .collect::<Vec<_>>()
                    .join(", ")
            )));
        }
    }
    let mut columns: Vec<&String> = question.params.by.iter().collect();
    if let Grouping::Column(column) = &question.params.groups {
        columns.push(column);
    }
    match columns.into_iter().find(|column| {
        comparers
            .iter()
            .all(|comparer| !comparer.has_column(column))
            && comparers.iter().any(|c| c.n_articles() > 0)
    }) {
        None => Ok(()),
        Some(column) => Err(Error::Parameter(format!(
            "no article has a value in \"{column}\"; --by and --group-by take story, genre, {MONTH} (of the date) or a column of the input"
        ))),
    }
}

fn compare_articles(args: &Args, question: &Question, common: &Common) -> anyhow::Result<Compared> {
    let mut articles = ArticleReader::open(&args.inputs, &args.reading.read_options(common))?;
    refuse_scores_in_folders(&articles)?;
    if question.subjects.is_empty() {
        args.subjects.required("comparing articles")?;
    }
    let everybody = question.everybody();
    for subject in &everybody {
        note_small_letters(common, subject);
    }
    let camps = args.speakers.camps()?;
    let classifier = args.model.load()?;
    let frames = args.frames.load()?;
    let scorer = args
        .mentions
        .of(Scorer::new(&classifier, everybody.clone())?)
        .frames(frames.as_ref())
        .effects(args.statistics.words);
    let run = Run {
        sentences: scorer.sentence_set(),
        frames: frames.as_ref().map(FramesRun::new),
        ..Run::new(&classifier, everybody, Coverage::default())
    };
    let labels = args.gold.labels(
        args.gold.sample()?,
        &run,
        &question.subjects,
        Some(&classifier),
        common,
    )?;
    let mut comparers = comparers(question, &question.subjects, &run, camps.as_ref(), labels)?;
    let add = |scores: Vec<ArticleScore>| {
        for score in &scores {
            for comparer in &mut comparers {
                comparer.add(score);
            }
        }
        Ok(())
    };
    let coverage =
        score_with_progress(&scorer, &mut articles, false, common, |scores| scores, add)?;
    messages::read_report(common, articles.report());
    for subject in &question.subjects {
        check_mentioned(&coverage, subject)?;
    }
    Ok(finish(
        question,
        &question.subjects,
        comparers,
        coverage,
        &args.gold,
        Some(&classifier),
    )?)
}

fn compare_scores(args: &Args, question: &Question, common: &Common) -> anyhow::Result<Compared> {
    let files = ScoreFiles::open(&args.inputs, &args.model)?;
    files.refuse_article_options(&args.subjects.one, &args.reading)?;
    if args.frames.given() {
        return Err(Error::Parameter(format!(
            "--frames reads sentences anew, and {} holds scores; give --frames to `standpoint score` and score again",
            files.first_name()
        ))
        .into());
    }
    let sample = args.gold.sample()?;
    let about = sample.as_ref().map(|sample| sample.key.subject.as_str());
    let subjects = subjects_of(question, &files, about)?;
    for other in &question.reference {
        files.subject(&other.name)?;
    }
    let camps = camps_of(args, &files, common)?;
    let explains = explaining_model(args, files.run(), common)?;
    let model = match args.gold.gold {
        Some(_) => args.model.load_if(&files.run().model)?,
        None => None,
    };
    let shades = match args.pictures.html {
        Some(_) => shading_model(args, files.run(), common)?,
        None => None,
    };
    let labels = args
        .gold
        .labels(sample, files.run(), &subjects, model.as_ref(), common)?;
    let mut comparers = comparers(question, &subjects, files.run(), camps.as_ref(), labels)?;
    let coverage = files.each(|batch| {
        if let Some(classifier) = &explains {
            batch
                .par_iter_mut()
                .for_each(|score| score.effects = word_effects(classifier, score));
        }
        for score in batch {
            for comparer in &mut comparers {
                comparer.add(score);
            }
        }
        Ok(())
    })?;
    for subject in &subjects {
        check_mentioned(&coverage, subject)?;
    }
    Ok(finish(
        question,
        &subjects,
        comparers,
        coverage,
        &args.gold,
        shades.as_ref(),
    )?)
}

/// The model that says which words move scores, where that is asked for and it is the one that scored.
fn explaining_model(args: &Args, run: &Run, common: &Common) -> Result<Option<Classifier>> {
    if !args.statistics.words {
        return Ok(None);
    }
    let classifier = args.model.load()?;
    if classifier.digest() == run.model {
        return Ok(Some(classifier));
    }
    messages::note(
        common,
        "which words move the score is left out, as the scores are of another model; name it with --model",
    );
    Ok(None)
}

/// The model that scored, if it is the one named or the built-in one: it says what words do.
fn shading_model(args: &Args, run: &Run, common: &Common) -> Result<Option<Classifier>> {
    let model = args.model.load_if(&run.model)?;
    if model.is_none() {
        messages::note(
            common,
            "the page's words are not shaded, as the scores are of another model; name it with --model",
        );
    }
    Ok(model)
}

/// The camps that were asked for, or those that all files were scored with.
fn camps_of(args: &Args, files: &ScoreFiles, common: &Common) -> Result<Option<Camps>> {
    if args.speakers.speakers.is_some() {
        return args.speakers.camps();
    }
    let lists = &files.run().camps;
    if files.runs().any(|run| run.camps != *lists) {
        messages::note(
            common,
            "the scores were made with different lists of speakers, so camps are left out; give --speakers FILE",
        );
        return Ok(None);
    }
    match lists.is_empty() {
        true => Ok(None),
        false => Camps::from_lists(lists, &files.first_name()).map(Some),
    }
}

/// The subjects that were asked for, or those of a contrast, or the only one there is, or the `labelled` one; every file must have been scored
/// for each.
fn subjects_of(
    question: &Question,
    files: &ScoreFiles,
    labelled: Option<&str>,
) -> Result<Vec<Subject>> {
    let scored = &files.run().subjects;
    let mut wanted: Vec<String> = question.subjects.iter().map(|s| s.name.clone()).collect();
    if wanted.is_empty() {
        let sides = question.contrasts.iter();
        let named: BTreeSet<&String> = sides.flat_map(|(a, b)| a.iter().chain(b)).collect();
        wanted = named.into_iter().cloned().collect();
    }
    if wanted.is_empty() {
        match scored.as_slice() {
            [only] => wanted.push(only.name.clone()),
            several if labelled.is_some_and(|name| several.iter().any(|s| s.name == name)) => {
                wanted.extend(labelled.map(str::to_string));
            }
            several => {
                return Err(Error::Parameter(format!(
                    "the scores are of several subjects ({}); choose one with --subject, or several with --subjects FILE",
                    quoted(several)
                )));
            }
        }
    }
    let found: Vec<Subject> = wanted
        .iter()
        .map(|name| files.subject(name))
        .collect::<Result<_>>()?;
    // A plan, or a file of subjects, says what a subject is called; the scores must have been made with it.
    for (asked, scored) in question.subjects.iter().zip(&found) {
        let says = question.plan.is_some() || !asked.aliases.is_empty();
        if says && aliases(asked) != aliases(scored) {
            return Err(Error::Data(format!(
                "{} was scored for \"{}\" with {}, asked for is {}; score again",
                files.first_name(),
                asked.name,
                described(&aliases(scored)),
                described(&aliases(asked))
            )));
        }
    }
    Ok(found)
}
