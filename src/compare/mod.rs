//! How outlets differ in their portrayal of a subject.
//!
//! ```text
//! ArticleScore --summarize--> ArticleSummary --Comparer::finish--> Comparison
//!                                   several subjects' Comparers --contrast--> Contrast
//! ```
//! The unit is the article: an outlet's net stance is the equal-weight mean over its articles with a counted sentence. `estimates` has
//! the figures of outlets one by one, `differences` the family of tests, `slices` what is shown by story, month, column, pair and group
//! without tests, `contrast` subjects against each other, `robustness` the same figures counted otherwise, `words` what is said about the
//! subject, `moves` which words move the score, `camps` who gets to speak, `copies` texts that several articles share, `evidence` the sentences to look at. Knows no model, only scores;
//! keeps a summary an article and a bounded number of evidence sentences, never all text.

mod camps;
mod contrast;
mod copies;
mod differences;
mod estimates;
mod evidence;
mod moves;
mod notes;
mod outlets;
mod robustness;
mod seen;
mod slices;
mod summary;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use camps::Tally;
pub use camps::{CampComparison, CampKind, CampsComparison};
pub use contrast::{Contrast, ContrastOutlet};
use copies::Copies;
use differences::Design;
pub use differences::{Difference, MIN_FOR_TEST, MIN_STORIES, POWER, TestFamily, Unit, Untested};
use estimates::Figures;
pub use estimates::{CountedEstimate, Prominence, VoiceComparison};
pub use evidence::EvidenceSentence;
use evidence::Strongest;
use moves::Moves;
pub use moves::WordMove;
pub use notes::{Note, count, family_in_words, percent_of};
pub use robustness::Variant;
use seen::Seen;
pub use slices::{Group, Pair, Slice};
pub use summary::{ArticleSummary, Otherwise, ScoredClasses};
use words::Words;
pub use words::{TermComparison, WordsComparison};

use crate::classes::Polarity;
use crate::corpus::{DateOrders, read_month};
use crate::error::{Error, Result};
use crate::score::{ArticleScore, Camps, Coverage, SentenceSet, Trained};
use crate::statistics::{Estimate, round6};

/// The column that stands for the month of an article's date.
pub const MONTH: &str = "month";

/// How to compare.
#[derive(Debug, Clone, PartialEq)]
pub struct CompareParams {
    /// Level of the intervals; 1 - level is that of the tests.
    pub level: f64,
    /// Seed of resampling.
    pub seed: u64,
    /// Evidence sentences kept an outlet and side (lowest, highest).
    pub evidence: usize,
    /// Articles with a figure that an outlet needs to be tested.
    pub min_articles: usize,
    /// Whether copies are tested too.
    pub keep_copies: bool,
    /// Columns whose values are shown apart: `story`, `genre`, `month`, or further columns of the input.
    pub by: Vec<String>,
    /// Whether pairs of outlets are shown.
    pub pairs: bool,
    /// Whether words are compared.
    pub words: bool,
    /// Outlets in groups.
    pub groups: Grouping,
    /// A difference worth finding, for saying how many articles it needs.
    pub effect: f64,
    /// The outlets tested, where they are named beforehand; else all with [`CompareParams::min_articles`].
    pub family: Option<Vec<String>>,
    /// What is exchanged in tests; else stories where articles name two or more, and articles where not.
    pub unit: Option<Unit>,
    /// Subjects compared in the same run; p values are adjusted within each.
    pub n_subjects: usize,
}

/// How outlets are put in groups.
#[derive(Debug, Clone, PartialEq, Default)]
pub enum Grouping {
    /// Not at all.
    #[default]
    None,
    /// By a column of the input: `story`, `genre`, or a further one.
    Column(String),
    /// Outlet -> group.
    Listed(BTreeMap<String, String>),
}

impl Default for CompareParams {
    fn default() -> Self {
        CompareParams {
            level: 0.95,
            seed: 1,
            evidence: 1,
            min_articles: 10,
            keep_copies: false,
            by: Vec::new(),
            pairs: false,
            words: false,
            groups: Grouping::None,
            effect: 0.1,
            family: None,
            unit: None,
            n_subjects: 1,
        }
    }
}

/// What a net stance is of: the five things a statistician asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Estimand {
    /// Which articles.
    pub population: String,
    /// What is averaged.
    pub unit: String,
    /// How it weighs.
    pub weights: String,
    /// Which sentences count.
    pub sentences: String,
    /// What a sentence counts as.
    pub value: String,
}

/// How outlets portray a subject: what `compare` prints.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// The subject's name.
    pub subject: String,
    /// Other names it was looked for by.
    pub aliases: Vec<String>,
    /// Version of this library.
    pub version: String,
    /// Digest of the model that scored.
    pub model: String,
    /// What it was trained on and how good it was there, as far as the scores say.
    pub trained: Option<Trained>,
    /// Which sentences were looked for.
    pub sentences: SentenceSet,
    /// What its labels meant; absent for plain classes.
    pub construct: Option<String>,
    /// Level of the intervals.
    pub level: f64,
    /// Seed of resampling.
    pub seed: u64,
    /// Digest of the plan the comparison follows, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
    /// What the figures say, in sentences.
    pub summary: Vec<String>,
    /// What the net stance of an outlet is.
    pub estimand: Estimand,
    /// Articles read.
    pub n_read: usize,
    /// Articles with a figure.
    pub n_articles: usize,
    /// Stories they name.
    pub n_stories: usize,
    /// The story, where all of them cover one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only_story: Option<String>,
    /// One an outlet, lowest net stance first; those without a figure last.
    pub outlets: Vec<OutletComparison>,
    /// Who gets to speak, by camp; absent without a list of speakers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub camps: Option<CampsComparison>,
    /// The family of tests; absent with plain classes.
    pub tests: Option<TestFamily>,
    /// Each outlet of the family against all other articles, greatest difference first.
    pub differences: Vec<Difference>,
    /// Pairs of outlets, where asked for: exploratory.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pairs: Vec<Pair>,
    /// Groups of outlets, where asked for: exploratory.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Group>,
    /// By story, month or column, where asked for: exploratory.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub by: Vec<Slice>,
    /// The subject less reference subjects, where asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<Contrast>,
    /// What is said about the subject, where asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words: Option<WordsComparison>,
    /// Words that move the score in an outlet more than in the others, where asked for: exploratory.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub moves: Vec<WordMove>,
    /// The same figures counted otherwise.
    pub robustness: Vec<Variant>,
    /// Texts that several articles share.
    pub copies: Vec<Copy>,
    /// Whether they were tested like the others.
    pub keep_copies: bool,
    /// Articles that mention the subject and could be searched for copies.
    pub n_sketched: usize,
    /// Sentences to look at: the lowest and highest of each outlet.
    pub evidence: Vec<EvidenceSentence>,
    /// What a reader has to know.
    pub notes: Vec<Note>,
}

/// Articles that share most of their text.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Copy {
    /// The articles.
    pub articles: Vec<CopiedArticle>,
    /// The share of the shorter text that the longer holds, at least.
    pub shared: f64,
    /// Whether several outlets have it.
    pub across_outlets: bool,
}

/// One of several articles with one text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CopiedArticle {
    /// Who published it.
    pub outlet: String,
    /// Its id.
    pub article: String,
}

/// One outlet's portrayal.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OutletComparison {
    /// The outlet.
    pub outlet: String,
    /// The subject's name.
    pub subject: String,
    /// Its articles.
    pub n_read: usize,
    /// Those with a counted sentence.
    pub n_articles: usize,
    /// Their counted sentences.
    pub n_sentences: usize,
    /// Articles whose text is unlike the model's training text: their scores are guesses.
    pub n_unlike: usize,
    /// Mean over articles.
    pub net_stance: Estimate,
    /// Mean over sentences instead; a robustness line.
    pub net_stance_by_sentence: Option<f64>,
    /// Mean over headlines that mention the subject; no figure below three.
    pub headlines: CountedEstimate,
    /// How much room it gives the subject.
    pub prominence: Prominence,
    /// Mean over articles of mean class probability.
    pub shares: BTreeMap<String, f64>,
    /// The same of hard decisions.
    pub shares_hard: BTreeMap<String, f64>,
    /// Mean over articles with a sentence of that voice.
    pub by_voice: BTreeMap<crate::span::Voice, VoiceComparison>,
    /// Without direct quotations: counted sentences of voice `outlet` and `reported`. No figure below three articles.
    pub without_quotations: VoiceComparison,
    /// Who is quoted or reported on the subject, most often first, at most [`SPEAKERS`]; sources without a name together.
    pub speakers: Vec<SpeakerComparison>,
    /// Who gets to speak, by camp; absent without a list of speakers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub camps: Vec<CampComparison>,
}

/// Speakers listed an outlet.
pub const SPEAKERS: usize = 5;

/// How one speaker's sentences score in one outlet. Too few for an interval, so none is given.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SpeakerComparison {
    /// The name; `None` for sources without a name ("critics", "a spokeswoman").
    pub speaker: Option<String>,
    /// Sentences.
    pub n_sentences: usize,
    /// Mean over sentences.
    pub net_stance: Option<f64>,
}

/// What the scores were made with.
#[derive(Debug, Clone, PartialEq)]
pub struct Provenance {
    /// Digest of the model.
    pub model: String,
    /// The model's classes.
    pub classes: Vec<String>,
    /// What each is worth, if anything.
    pub polarity: Option<Vec<Polarity>>,
    /// What the labels meant.
    pub construct: Option<String>,
    /// Digest of the plan, if the comparison follows one.
    pub plan: Option<String>,
    /// What the model was trained on, as far as the scores say.
    pub trained: Option<Trained>,
    /// Which sentences were looked for.
    pub sentences: SentenceSet,
    /// Other names the subject was looked for by.
    pub aliases: Vec<String>,
}

/// Takes scores one by one and compares at the end.
#[derive(Debug)]
pub struct Comparer {
    subject: String,
    provenance: Provenance,
    params: CompareParams,
    /// The columns that summaries keep: those of `by`, then that of the groups.
    kept: Vec<String>,
    articles: Vec<ArticleSummary>,
    strongest: BTreeMap<String, Strongest>,
    seen: Seen,
    /// Outlet -> speaker -> sentences and the sum of their net stance.
    speakers: BTreeMap<String, BTreeMap<Option<String>, (usize, f64)>>,
    camps: Option<Tally>,
    copies: Copies,
    n_sketched: usize,
    words: Option<Words>,
    moves: Moves,
    /// Outlet -> the orders its dates are written in.
    dates: BTreeMap<String, DateOrders>,
    /// Outlet -> scored articles whose month is not known.
    undated: BTreeMap<String, usize>,
}

impl Comparer {
    /// Begins a comparison for `subject`.
    pub fn new(
        subject: impl Into<String>,
        provenance: Provenance,
        params: CompareParams,
    ) -> Comparer {
        let mut kept = params.by.clone();
        if let Grouping::Column(column) = &params.groups {
            kept.push(column.clone());
        }
        Comparer {
            subject: subject.into(),
            provenance,
            kept,
            articles: Vec::new(),
            strongest: BTreeMap::new(),
            speakers: BTreeMap::new(),
            seen: Seen::default(),
            camps: None,
            copies: Copies::new(),
            n_sketched: 0,
            words: params.words.then(Words::new),
            moves: Moves::default(),
            dates: BTreeMap::new(),
            undated: BTreeMap::new(),
            params,
        }
    }

    /// Counts who gets to speak by `camps`, too.
    pub fn camps(self, camps: Option<Camps>) -> Comparer {
        Comparer {
            camps: camps.map(Tally::new),
            ..self
        }
    }

    /// The subject's name.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// Adds an article's score; those of other subjects, those without a sentence and those added before change nothing.
    pub fn add(&mut self, score: &ArticleScore) {
        if score.subject != self.subject || score.sentences.is_empty() || !self.seen.is_new(score) {
            return;
        }
        let classes = ScoredClasses {
            names: &self.provenance.classes,
            polarity: self.provenance.polarity.as_deref(),
        };
        let Some(summary) = ArticleSummary::new(score, classes, &self.kept) else {
            return;
        };
        self.copies.add(&score.sketch);
        self.n_sketched += usize::from(!score.sketch.is_empty());
        if let (true, Some(date)) = (self.kept.iter().any(|c| c == MONTH), &score.date) {
            self.dates
                .entry(score.outlet.clone())
                .or_default()
                .add(date);
        }
        if summary.is_scored() {
            self.add_counted(score);
        }
        self.articles.push(summary);
    }

    /// What only articles with a counted sentence add to.
    fn add_counted(&mut self, score: &ArticleScore) {
        if self.params.evidence > 0 {
            self.strongest
                .entry(score.outlet.clone())
                .or_insert_with(|| Strongest::new(self.params.evidence))
                .add(score);
        }
        for sentence in score.sentences.iter().filter(|sentence| sentence.counts()) {
            let spoken = sentence.speaker.is_some() || sentence.unnamed;
            let (true, Some(value)) = (spoken, sentence.net_stance) else {
                continue;
            };
            let of_outlet = self.speakers.entry(score.outlet.clone()).or_default();
            let (n, sum) = of_outlet.entry(sentence.speaker.clone()).or_default();
            *n += 1;
            *sum += value;
        }
        if let Some(camps) = &mut self.camps {
            camps.add(score);
        }
        if let Some(words) = &mut self.words {
            words.add(&score.outlet, score);
        }
        if self.params.words {
            self.moves.add(&score.outlet, &score.effects);
        }
    }

    /// Whether any article has a value in `column`, one of those that are compared or grouped by.
    pub fn has_column(&self, column: &str) -> bool {
        match self.kept.iter().position(|kept| kept == column) {
            None => false,
            Some(index) => self
                .articles
                .iter()
                .any(|article| article.by[index].is_some()),
        }
    }

    /// Articles with a counted sentence so far.
    pub fn n_articles(&self) -> usize {
        self.articles.iter().filter(|a| a.is_scored()).count()
    }

    /// The contrast between the subjects named in `plus` and those named in `minus`; `comparers` has one of each.
    ///
    /// Errors: a name without a comparer, a name on both sides.
    pub fn contrast(
        comparers: &[Comparer],
        plus: &[String],
        minus: &[String],
        level: f64,
    ) -> Result<Contrast> {
        let side = |names: &[String]| -> Result<Vec<(&str, &[ArticleSummary])>> {
            names
                .iter()
                .map(|name| {
                    let found = comparers.iter().find(|comparer| comparer.subject == *name);
                    let comparer = found.ok_or_else(|| {
                        let known: Vec<String> = comparers
                            .iter()
                            .map(|comparer| format!("\"{}\"", comparer.subject))
                            .collect();
                        Error::Parameter(format!(
                            "\"{name}\" is none of the subjects; there are {}",
                            known.join(", ")
                        ))
                    })?;
                    Ok((comparer.subject.as_str(), comparer.articles.as_slice()))
                })
                .collect()
        };
        if let Some(name) = plus.iter().find(|name| minus.contains(name)) {
            return Err(Error::Parameter(format!(
                "\"{name}\" stands on both sides of the contrast; a subject is on one"
            )));
        }
        Ok(contrast::contrast(&side(plus)?, &side(minus)?, level))
    }

    /// Compares what was added. `coverage` says how many articles each outlet had in all.
    pub fn finish(mut self, coverage: &Coverage) -> Comparison {
        self.months();
        let groups = self.copies.groups();
        let found = self.left_out(&groups);
        let is_copy = match self.params.keep_copies {
            true => vec![false; found.len()],
            false => found.clone(),
        };
        self.leave_out_of_words(&is_copy);
        let figures = Figures::new(&self.params);
        let mut by_outlet: BTreeMap<&str, Vec<&ArticleSummary>> = coverage
            .outlets
            .keys()
            .map(|outlet| (outlet.as_str(), Vec::new()))
            .collect();
        for article in &self.articles {
            by_outlet.entry(&article.outlet).or_default().push(article);
        }
        let mut outlets: Vec<OutletComparison> = by_outlet
            .iter()
            .map(|(outlet, articles)| {
                let n_read = coverage.outlets.get(*outlet).map_or(articles.len(), |c| {
                    c.n_read.saturating_sub(self.seen.n_repeated_of(outlet))
                });
                self.outlet(outlet, articles, n_read, figures)
            })
            .collect();
        outlets.sort_by(|a, b| {
            let key = |outlet: &OutletComparison| outlet.net_stance.value.unwrap_or(f64::INFINITY);
            key(a)
                .total_cmp(&key(b))
                .then_with(|| a.outlet.cmp(&b.outlet))
        });
        let design = Design::new(&self.articles, &is_copy, self.params.unit);
        let has_polarity = self.provenance.polarity.is_some();
        let (differences, tests) = match has_polarity {
            true => {
                let (differences, family) = design.test(&self.subject, &self.params);
                (differences, Some(family))
            }
            false => (Vec::new(), None),
        };
        let large: Vec<&str> = outlets
            .iter()
            .filter(|outlet| outlet.n_articles >= self.params.min_articles)
            .map(|outlet| outlet.outlet.as_str())
            .collect();
        let camps = self
            .camps
            .as_ref()
            .map(|camps| camps.all(|values| figures.or_none(values)));
        let evidence = outlets
            .iter()
            .filter_map(|outlet| self.strongest.get(&outlet.outlet))
            .flat_map(Strongest::sentences)
            .collect();
        let copies: Vec<Copy> = groups.iter().map(|group| self.copy(group)).collect();
        let n_scored = self.n_articles();
        let stories: BTreeSet<&str> = self
            .articles
            .iter()
            .filter(|article| article.is_scored())
            .filter_map(|article| article.story.as_deref())
            .collect();
        let mut comparison = Comparison {
            estimand: self.estimand(),
            aliases: self.provenance.aliases.clone(),
            version: env!("CARGO_PKG_VERSION").to_string(),
            model: self.provenance.model.clone(),
            trained: self.provenance.trained.clone(),
            sentences: self.provenance.sentences.clone(),
            construct: self.provenance.construct.clone(),
            level: self.params.level,
            seed: self.params.seed,
            plan: self.provenance.plan.clone(),
            summary: Vec::new(),
            n_read: coverage.n_read.saturating_sub(self.seen.n_repeated()),
            n_articles: n_scored,
            n_stories: stories.len(),
            only_story: self.only_story(),
            camps,
            pairs: match self.params.pairs && has_polarity {
                true => slices::pairs(&design, &large, &self.params),
                false => Vec::new(),
            },
            groups: self.grouped(&design, figures),
            by: self
                .params
                .by
                .iter()
                .enumerate()
                .flat_map(|(index, column)| slices::slices(&self.articles, column, index, figures))
                .collect(),
            reference: None,
            words: self
                .words
                .as_ref()
                .and_then(|words| words.finish(&large, self.params.seed)),
            moves: self.moves.finish(&large),
            robustness: match has_polarity {
                true => robustness::variants(&self.articles, &found),
                false => Vec::new(),
            },
            tests,
            differences,
            copies,
            keep_copies: self.params.keep_copies,
            n_sketched: self.n_sketched,
            evidence,
            notes: Vec::new(),
            outlets,
            subject: self.subject.clone(),
        };
        comparison.notes = self.notes(coverage, &comparison);
        comparison.summary = notes::summary(&comparison);
        comparison
    }

    /// Turns the dates kept for the column [`MONTH`] into months, in the order that the outlet's clear dates have.
    fn months(&mut self) {
        let Some(index) = self.kept.iter().position(|column| column == MONTH) else {
            return;
        };
        let same: Vec<usize> = (0..self.kept.len())
            .filter(|&k| self.kept[k] == MONTH)
            .collect();
        for article in &mut self.articles {
            let orders = self.dates.get(&article.outlet);
            article.by[index] = article.by[index]
                .as_deref()
                .and_then(|date| orders?.resolve(read_month(date)))
                .map(|month| month.to_string());
            if article.by[index].is_none() && article.is_scored() {
                *self.undated.entry(article.outlet.clone()).or_default() += 1;
            }
            for &k in &same {
                article.by[k] = article.by[index].clone();
            }
        }
    }

    /// Which articles are no own text: all of a text that several outlets have, and repetitions within one outlet.
    fn left_out(&self, groups: &[copies::CopyGroup]) -> Vec<bool> {
        let mut is_copy = vec![false; self.articles.len()];
        for group in groups {
            let across = self.is_across(group);
            // Which one of an outlet's own stays must not hang on the order of the input.
            let mut articles = group.articles.clone();
            articles.sort_by_key(|&i| (&self.articles[i].article, self.articles[i].key));
            for &article in &articles[usize::from(!across)..] {
                is_copy[article] = true;
            }
        }
        is_copy
    }

    /// Takes copies out of the words, which are tested by permuting articles.
    fn leave_out_of_words(&mut self, is_copy: &[bool]) {
        let Some(words) = &mut self.words else {
            return;
        };
        let mut by_outlet: BTreeMap<&str, Vec<bool>> = BTreeMap::new();
        let scored = self
            .articles
            .iter()
            .zip(is_copy)
            .filter(|(a, _)| a.is_scored());
        for (article, &copy) in scored {
            by_outlet.entry(&article.outlet).or_default().push(copy);
        }
        for (outlet, left_out) in by_outlet {
            words.leave_out(outlet, &left_out);
        }
    }

    fn is_across(&self, group: &copies::CopyGroup) -> bool {
        let mut outlets = group.articles.iter().map(|&i| &self.articles[i].outlet);
        let first = outlets.next();
        outlets.any(|outlet| Some(outlet) != first)
    }

    fn copy(&self, group: &copies::CopyGroup) -> Copy {
        let articles = group.articles.iter().map(|&index| CopiedArticle {
            outlet: self.articles[index].outlet.clone(),
            article: self.articles[index].article.clone(),
        });
        Copy {
            articles: articles.collect(),
            shared: round6(group.shared),
            across_outlets: self.is_across(group),
        }
    }

    fn grouped(&self, design: &Design<'_>, figures: Figures<'_>) -> Vec<Group> {
        let params = &self.params;
        match &params.groups {
            Grouping::None => Vec::new(),
            Grouping::Column(_) => {
                let last = self.kept.len() - 1;
                slices::groups(
                    &self.articles,
                    |article| article.by[last].as_deref(),
                    design,
                    figures,
                    params,
                )
            }
            Grouping::Listed(groups) => slices::groups(
                &self.articles,
                |article| groups.get(&article.outlet).map(String::as_str),
                design,
                figures,
                params,
            ),
        }
    }

    /// The story that every scored article covers.
    fn only_story(&self) -> Option<String> {
        let mut scored = self.articles.iter().filter(|article| article.is_scored());
        let first = scored.next()?.story.clone()?;
        scored
            .all(|article| article.story.as_ref() == Some(&first))
            .then_some(first)
    }

    fn estimand(&self) -> Estimand {
        Estimand {
            population: "articles read that mention the subject in a counted sentence".into(),
            unit: "the article: mean over its counted sentences".into(),
            weights: "every article of an outlet alike, whatever its length".into(),
            sentences: "prose sentences that mention the subject; furniture, headlines and the subject's own words apart".into(),
            value: match self.provenance.polarity {
                Some(_) => "polarity times calibrated probability, summed over classes; a model score",
                None => "class probabilities; the classes have no polarity",
            }
            .into(),
        }
    }

    fn outlet(
        &self,
        outlet: &str,
        mentioning: &[&ArticleSummary],
        n_read: usize,
        figures: Figures<'_>,
    ) -> OutletComparison {
        let scored: Vec<&ArticleSummary> = mentioning
            .iter()
            .copied()
            .filter(|article| article.is_scored())
            .collect();
        let values: Vec<f64> = scored.iter().filter_map(|a| a.net_stance).collect();
        let classes = &self.provenance.classes;
        OutletComparison {
            outlet: outlet.to_string(),
            subject: self.subject.clone(),
            n_read,
            n_articles: scored.len(),
            n_sentences: scored.iter().map(|article| article.n).sum(),
            n_unlike: scored.iter().filter(|article| article.unlike).count(),
            net_stance: figures.net_stance(&values),
            net_stance_by_sentence: figures.sentence_weighted(&scored),
            headlines: figures.headlines(mentioning),
            prominence: figures.prominence(mentioning, n_read),
            shares: figures.shares(&scored, classes, |article| &article.shares),
            shares_hard: figures.shares(&scored, classes, |article| &article.shares_hard),
            by_voice: figures.voices(mentioning),
            without_quotations: figures.without_quotations(&scored),
            speakers: self.most_heard(outlet),
            camps: self.camps.as_ref().map_or(Vec::new(), |camps| {
                camps.outlet(outlet, |values| figures.or_none(values))
            }),
        }
    }

    /// Who is heard most in `outlet`; of equals the first in the alphabet, sources without a name first.
    fn most_heard(&self, outlet: &str) -> Vec<SpeakerComparison> {
        let mut speakers: Vec<SpeakerComparison> = self
            .speakers
            .get(outlet)
            .into_iter()
            .flatten()
            .map(|(speaker, &(n, sum))| SpeakerComparison {
                speaker: speaker.clone(),
                n_sentences: n,
                net_stance: Some(round6(sum / n as f64)),
            })
            .collect();
        speakers.sort_by_key(|speaker| std::cmp::Reverse(speaker.n_sentences));
        speakers.truncate(SPEAKERS);
        speakers
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::{OutletCoverage, SentenceScore, VoiceScore};
    use crate::span::CharSpan;
    use crate::span::Voice;
    use crate::statistics::mean;

    fn score(outlet: &str, article: &str, values: &[f64]) -> ArticleScore {
        let sentences: Vec<SentenceScore> = values
            .iter()
            .enumerate()
            .map(|(i, &value)| SentenceScore {
                span: CharSpan(i * 10, i * 10 + 9),
                text: format!("Sentence {i} of {article}."),
                furniture: None,
                voice: Voice::Outlet,
                speaker: None,
                unnamed: false,
                camp: None,
                mentions: Vec::new(),
                probabilities: BTreeMap::from([
                    ("negative".to_string(), (1.0 - value) / 2.0),
                    ("positive".to_string(), (1.0 + value) / 2.0),
                ]),
                net_stance: Some(value),
            })
            .collect();
        ArticleScore {
            article: article.to_string(),
            outlet: outlet.to_string(),
            subject: "Holt".to_string(),
            net_stance: Some(mean(values)),
            n: values.len(),
            by_voice: BTreeMap::from([(
                Voice::Outlet,
                VoiceScore {
                    net_stance: Some(mean(values)),
                    n: values.len(),
                },
            )]),
            sentences,
            length: 1000,
            ..Default::default()
        }
    }

    fn compare(scores: &[ArticleScore]) -> Comparison {
        compare_with(
            scores,
            CompareParams {
                evidence: 2,
                min_articles: 3,
                ..Default::default()
            },
        )
    }

    fn compare_with(scores: &[ArticleScore], params: CompareParams) -> Comparison {
        let provenance = Provenance {
            model: "digest".into(),
            classes: vec!["negative".into(), "positive".into()],
            polarity: Some(vec![Polarity::Against, Polarity::Favor]),
            construct: Some("sentiment".into()),
            plan: None,
            trained: None,
            sentences: SentenceSet::default(),
            aliases: Vec::new(),
        };
        let mut comparer = Comparer::new("Holt", provenance, params);
        let mut coverage = Coverage::default();
        coverage
            .outlets
            .insert("Silent".into(), OutletCoverage { n_read: 2 });
        coverage.n_read = 2;
        for score in scores {
            comparer.add(score);
            coverage.add(&score.outlet, std::slice::from_ref(score));
        }
        comparer.finish(&coverage)
    }

    #[test]
    fn articles_weigh_alike_whatever_their_length() {
        let comparison = compare(&[score("A", "a1", &[0.5; 10]), score("A", "a2", &[-0.5])]);
        let a = &comparison.outlets[0];
        assert_eq!((a.n_articles, a.n_sentences), (2, 11));
        assert_eq!(a.net_stance, Estimate::point(0.0));
        assert_eq!(a.shares["positive"], 0.5);
        assert_eq!(a.shares_hard["positive"], 0.5);
    }

    #[test]
    fn the_same_score_counts_once_and_another_text_under_its_id_counts() {
        let same = || score("A", "a1", &[0.5]);
        let comparison = compare(&[
            same(),
            same(),
            score("A", "a1", &[0.5, -0.5]),
            score("B", "a1", &[0.5]),
        ]);
        let a = comparison
            .outlets
            .iter()
            .find(|o| o.outlet == "A")
            .expect("two articles");
        assert_eq!((a.n_articles, a.n_read, comparison.n_read), (2, 2, 5));
        let note = |code| {
            comparison
                .notes
                .iter()
                .find(|note| note.code == code)
                .map(|note| note.text.clone())
        };
        assert!(
            note("duplicate_scores")
                .expect("one came twice")
                .starts_with("1 score of")
        );
        assert!(
            note("shared_ids")
                .expect("two texts, one id")
                .starts_with("1 score of")
        );
    }

    #[test]
    fn few_articles_get_notes_and_no_test() {
        let comparison = compare(&[score("A", "a1", &[0.5]), score("B", "b1", &[-0.5])]);
        assert!(comparison.differences.is_empty());
        let codes: Vec<(&str, Option<&str>)> = comparison
            .notes
            .iter()
            .map(|note| (note.code.as_str(), note.outlet.as_deref()))
            .collect();
        for expected in [
            ("too_few_articles", Some("A")),
            ("too_few_articles", Some("B")),
            ("not_mentioned", Some("Silent")),
            ("no_test", None),
            ("model_score", None),
        ] {
            assert!(codes.contains(&expected), "{codes:?}");
        }
        let silent = comparison.outlets.last().expect("three outlets");
        assert_eq!((silent.n_read, silent.net_stance), (2, Estimate::default()));
    }

    #[test]
    fn each_outlet_is_tested_against_the_rest() {
        let mut scores = Vec::new();
        for i in 0..6 {
            let wiggle = f64::from(i) * 0.01;
            scores.push(score("A", &format!("a{i}"), &[-0.6 + wiggle]));
            scores.push(score("B", &format!("b{i}"), &[0.4 + wiggle]));
            scores.push(score("C", &format!("c{i}"), &[0.41 - wiggle]));
        }
        let comparison = compare(&scores);
        assert_eq!(comparison.differences.len(), 3);
        let strongest = &comparison.differences[0];
        assert_eq!((strongest.a.as_str(), strongest.b.as_str()), ("A", "rest"));
        assert!(strongest.p_adjusted < 0.05 && strongest.high.expect("six articles") < 0.0);
        assert_eq!(comparison.outlets[0].outlet, "A");
        assert!(comparison.outlets[0].net_stance.low.is_some());
    }

    #[test]
    fn evidence_shows_both_ends_of_each_outlet() {
        let comparison = compare(&[score("A", "a1", &[0.1, -0.9, 0.8, 0.0, -0.2])]);
        let values: Vec<f64> = comparison
            .evidence
            .iter()
            .filter_map(|e| e.net_stance)
            .collect();
        assert_eq!(values, [-0.9, -0.2, 0.1, 0.8]);
    }

    /// Article `i` of an outlet on a story.
    fn told(outlet: &str, story: usize, value: f64) -> ArticleScore {
        ArticleScore {
            story: Some(format!("story {story}")),
            ..score(outlet, &format!("{outlet}{story}"), &[value])
        }
    }

    #[test]
    fn with_stories_the_story_is_the_unit() {
        // Stories differ much, outlets little: A is 0.1 to 0.14 below B on each.
        let mut scores = Vec::new();
        for story in 0..8 {
            let level = story as f64 * 0.2 - 0.7;
            scores.push(told("A", story, level - 0.1 - story as f64 * 0.005));
            scores.push(told("B", story, level));
        }
        scores.push(score("A", "no story", &[0.9]));
        let params = CompareParams {
            min_articles: 6,
            pairs: true,
            by: vec!["story".into()],
            ..Default::default()
        };
        let comparison = compare_with(&scores, params);
        let family = comparison.tests.as_ref().expect("polarity");
        assert_eq!((family.unit, family.n_without_story), (Unit::Stories, 1));
        // Two outlets have one difference.
        let [only] = comparison.differences.as_slice() else {
            panic!("{:?}", comparison.differences);
        };
        assert_eq!((only.a.as_str(), only.n_stories), ("A", Some(8)));
        assert!((only.estimate + 0.1175).abs() < 1e-9, "{only:?}");
        assert!(
            (only.p - 2.0 / 256.0).abs() < 1e-6,
            "all signs agree: {only:?}"
        );
        assert_eq!(family.untested.len(), 1);
        assert_eq!(comparison.pairs[0].difference.value, Some(only.estimate));
        let whole = comparison.by.iter().filter(|slice| slice.outlet.is_none());
        assert_eq!(whole.count(), 8);
        assert!(
            comparison.summary[0].contains(
                "on 8 stories that both cover, A's sentences about Holt score 0.12 lower"
            )
        );
    }

    #[test]
    fn a_test_that_could_not_reach_the_level_is_refused_with_what_it_needs() {
        let mut scores = Vec::new();
        for story in 0..5 {
            scores.push(told("A", story, -0.5));
            scores.push(told("B", story, 0.5 - story as f64 * 0.01));
        }
        let params = CompareParams {
            min_articles: 3,
            ..Default::default()
        };
        let comparison = compare_with(&scores, params);
        assert!(comparison.differences.is_empty());
        let family = comparison.tests.as_ref().expect("polarity");
        let reasons: Vec<&str> = family.untested.iter().map(|u| u.reason.as_str()).collect();
        assert!(
            reasons
                .iter()
                .any(|r| r.contains("6 shared stories are needed")),
            "{reasons:?}"
        );
        let three = [1.0, 2.0, 3.0].map(|i| score("A", &format!("a{i}"), &[i / 10.0]));
        let others = [1.0, 2.0, 3.0].map(|i| score("B", &format!("b{i}"), &[-i / 10.0]));
        let comparison = compare(&[three, others].concat());
        let family = comparison.tests.as_ref().expect("polarity");
        assert!(comparison.differences.is_empty());
        assert!(
            family
                .untested
                .iter()
                .any(|u| u.reason.contains("articles are needed")),
            "{:?}",
            family.untested
        );
    }

    #[test]
    fn copies_are_in_the_figures_and_out_of_the_tests() {
        let sketch: Vec<u32> = (0..20).collect();
        let mut scores = Vec::new();
        for i in 0..6 {
            for (outlet, value) in [("A", -0.3), ("B", 0.3), ("C", 0.1)] {
                scores.push(score(
                    outlet,
                    &format!("{outlet}{i}"),
                    &[value + f64::from(i) * 0.01],
                ));
            }
        }
        for i in [0, 1] {
            scores[i].sketch = sketch.clone();
        }
        let comparison = compare(&scores);
        let family = comparison.tests.as_ref().expect("polarity");
        assert_eq!(family.n_copies, 2);
        assert!(comparison.copies[0].across_outlets && comparison.copies.len() == 1);
        assert_eq!(comparison.n_articles, 18);
        let of_a = comparison
            .differences
            .iter()
            .find(|d| d.a == "A")
            .expect("five articles");
        assert_eq!((of_a.n_a, of_a.n_b), (5, 11));
        assert!(comparison.notes.iter().any(|note| note.code == "copies"));
        let kept = compare_with(
            &scores,
            CompareParams {
                min_articles: 3,
                keep_copies: true,
                ..Default::default()
            },
        );
        assert_eq!(kept.tests.expect("polarity").n_copies, 0);
    }

    #[test]
    fn a_contrast_cancels_an_outlet_s_tone() {
        let comparer = |subject: &str, shift: f64| {
            let provenance = Provenance {
                model: "digest".into(),
                classes: vec!["negative".into(), "positive".into()],
                polarity: Some(vec![Polarity::Against, Polarity::Favor]),
                construct: None,
                plan: None,
                trained: None,
                sentences: SentenceSet::default(),
                aliases: Vec::new(),
            };
            let mut comparer = Comparer::new(subject, provenance, CompareParams::default());
            for (outlet, tone, leaning) in [
                ("Sour", -0.4, 1.0),
                ("Sweet", 0.4, 1.0),
                ("Other", 0.0, -1.0),
            ] {
                for i in 0..5 {
                    let wiggle = f64::from(i - 2) * 0.01;
                    let value = tone + shift * leaning + wiggle;
                    comparer.add(&ArticleScore {
                        subject: subject.into(),
                        ..score(outlet, &format!("{outlet}{i}"), &[value])
                    });
                }
            }
            comparer
        };
        let comparers = [comparer("Ann", 0.2), comparer("Bo", -0.2)];
        let names = |name: &str| vec![name.to_string()];
        let contrast =
            Comparer::contrast(&comparers, &names("Ann"), &names("Bo"), 0.95).expect("both");
        let of = |outlet: &str| {
            let found = contrast.outlets.iter().find(|o| o.outlet == outlet);
            found.expect("both subjects").clone()
        };
        for outlet in ["Sour", "Sweet"] {
            assert!((of(outlet).contrast.value.expect("both") - 0.4).abs() < 1e-9);
            assert_eq!(of(outlet).n_articles, 5);
        }
        let other = of("Other");
        assert!((other.contrast.value.expect("both") + 0.4).abs() < 1e-9);
        // The wiggles are the same for both subjects, so they cancel within an article.
        assert!((other.contrast.high.expect("five") - other.contrast.low.expect("five")) < 1e-6);
        assert!((other.difference.value.expect("rest") + 0.8).abs() < 1e-9);
        for (plus, minus, part) in [
            ("Ann", "Cy", "none of the subjects"),
            ("Ann", "Ann", "both sides"),
        ] {
            let error =
                Comparer::contrast(&comparers, &names(plus), &names(minus), 0.95).expect_err(part);
            assert!(error.to_string().contains(part), "{error}");
        }
    }

    #[test]
    fn differences_say_which_articles_they_rest_on() {
        let mut scores = Vec::new();
        for story in 0..7 {
            scores.push(told("A", story, -0.5 - story as f64 * 0.01));
            scores.push(told("B", story, 0.1));
        }
        // Twenty more stories that A alone covers.
        for story in 10..30 {
            scores.push(told("A", story, 0.9));
        }
        let params = || CompareParams {
            min_articles: 5,
            pairs: true,
            ..Default::default()
        };
        let comparison = compare_with(&scores, params());
        let only = &comparison.differences[0];
        assert_eq!((only.n_a, only.n_b, only.n_stories), (7, 7, Some(7)));
        assert!(
            comparison.summary[0].starts_with("In these 14 articles on 7 stories that both cover")
        );
        assert_eq!((comparison.pairs[0].n_a, comparison.pairs[0].n_b), (7, 7));
        // Two articles with a story among many without make no design of stories.
        let mut few: Vec<ArticleScore> = (0..10)
            .flat_map(|i| {
                let value = f64::from(i) * 0.01;
                [
                    score("A", &format!("a{i}"), &[value]),
                    score("B", &format!("b{i}"), &[value - 0.3]),
                ]
            })
            .collect();
        few.extend([told("A", 1, 0.2), told("B", 2, 0.1)]);
        let comparison = compare_with(&few, params());
        assert_eq!(comparison.tests.expect("polarity").unit, Unit::Articles);
        assert_eq!(comparison.differences.len(), 1);
    }

    #[test]
    fn the_order_of_articles_changes_nothing() {
        let mut scores: Vec<ArticleScore> = (0..36)
            .map(|i: usize| {
                let outlet = ["A", "B", "C"][i % 3];
                let value = ((i * 37) % 19) as f64 / 19.0 - 0.5;
                ArticleScore {
                    sketch: if i.is_multiple_of(12) {
                        (0..9).collect()
                    } else {
                        Vec::new()
                    },
                    ..score(outlet, &format!("n{i}"), &[value])
                }
            })
            .collect();
        let params = || CompareParams {
            evidence: 0,
            words: true,
            ..Default::default()
        };
        let once = compare_with(&scores, params());
        scores.reverse();
        let again = compare_with(&scores, params());
        assert_eq!(once.differences, again.differences);
        assert_eq!(once.outlets, again.outlets);
        assert_eq!(once.words, again.words);
    }
}
