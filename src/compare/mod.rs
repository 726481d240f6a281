//! How outlets differ in their portrayal of a subject.
//!
//! ```text
//! ArticleScore --summarize--> ArticleSummary --Comparer::finish--> Comparison
//!                                   several subjects' Comparers --contrast--> Contrast
//! ```
//! The unit is the article: an outlet's net stance is the equal-weight mean over its articles with a counted sentence. `comparison` is the result, `estimates` has
//! the figures of outlets one by one, `differences` the family of tests, `slices` what is shown by story, month, column, pair and group
//! without tests, `contrast` subjects against each other, `robustness` the same figures counted otherwise, `shift` what they
//! would be if only the mix of classes differed, `words` what is said about the
//! subject, `moves` which words move the score, `camps` who gets to speak, `frames` under which aspects, `copies` texts that several articles share, `evidence` the sentences to look at, `behind` what a page opens. Knows no model, only scores;
//! keeps a summary an article, the class probabilities of counted sentences and a bounded number of evidence sentences, never all text.

mod behind;
mod camps;
mod comparison;
mod contrast;
mod copies;
mod differences;
mod estimates;
mod evidence;
mod frames;
mod moves;
mod notes;
mod outlets;
mod robustness;
mod shift;
mod slices;
mod summary;
mod words;

use std::collections::{BTreeMap, BTreeSet};

pub use behind::Behind;
use behind::Heard;
use camps::Tally;
pub use camps::{CampComparison, CampKind, CampsComparison};
pub use comparison::{
    Comparison, CopiedArticle, Copy, Estimand, OutletComparison, SPEAKERS, SpeakerComparison,
};
pub use contrast::{Contrast, ContrastOutlet};
use copies::Copies;
use differences::Design;
pub use differences::{Difference, MIN_FOR_TEST, MIN_STORIES, POWER, TestFamily, Unit, Untested};
use estimates::Figures;
pub use estimates::{CountedEstimate, Prominence, VoiceComparison};
use evidence::{Draw, Strongest};
pub use evidence::{EvidenceSentence, SentenceCount};
use frames::FrameTally;
pub use frames::{FrameComparison, FramesComparison};
use moves::Moves;
pub use moves::WordMove;
pub use notes::{Note, family_in_words, percent_of};
pub use robustness::Variant;
use shift::Shift;
pub use shift::{PriorShift, ShiftedOutlet};
pub use slices::{Group, Pair, Slice};
pub use summary::{ArticleSummary, Otherwise, ScoredClasses};
use words::Words;
pub use words::{TermComparison, WordsComparison};

use crate::classes::Polarity;
use crate::corpus::{DateOrders, read_month};
use crate::error::{Error, Result};
use crate::score::{ArticleScore, Camps, Coverage, FramesRun, Seen, SentenceSet, Trained};
use crate::statistics::round6;
use crate::validate::{Correction, MIN_LABELLED, MIN_LABELLED_ARTICLES, Tally as Labels, correct};

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
    /// Whether evidence holds the sentences, or only their places.
    pub evidence_text: bool,
    /// Collects what a page opens behind the figures ([`Behind`]), with so many sentences an outlet, class and voice.
    pub behind: Option<usize>,
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
    /// What is exchanged in tests; else stories where half of the articles name one, and two or more in all, and articles where not.
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
            evidence_text: true,
            behind: None,
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

impl Provenance {
    /// What the likeliest of `probabilities` is worth.
    fn worth(&self, probabilities: &BTreeMap<String, f64>) -> Option<f64> {
        let class = evidence::likeliest(probabilities)?;
        let index = self.classes.iter().position(|name| name == class)?;
        Some(self.polarity.as_ref()?.get(index)?.value())
    }

    /// Class -> what it is worth; empty for plain classes.
    fn polarities(&self) -> BTreeMap<String, Polarity> {
        let worths = self.polarity.iter().flatten().copied();
        self.classes.iter().cloned().zip(worths).collect()
    }
}

/// Takes scores one by one and compares at the end.
#[derive(Debug)]
pub struct Comparer {
    subject: String,
    provenance: Provenance,
    params: CompareParams,
    /// The columns that summaries keep: those of `by`, then the month where a page shows it, then that of the groups.
    kept: Vec<String>,
    articles: Vec<ArticleSummary>,
    strongest: BTreeMap<String, Strongest>,
    seen: Seen,
    draw: Option<Draw>,
    /// Outlet -> speaker -> what their sentences say.
    speakers: BTreeMap<String, BTreeMap<Option<String>, Heard>>,
    camps: Option<Tally>,
    frames: Option<FrameTally>,
    labels: Option<Labels>,
    corrected: Option<Correction>,
    copies: Copies,
    n_sketched: usize,
    words: Option<Words>,
    moves: Moves,
    /// `None` where the training's class counts are not known.
    shift: Option<Shift>,
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
        if params.behind.is_some() && !kept.iter().any(|column| column == MONTH) {
            kept.push(MONTH.to_string());
        }
        if let Grouping::Column(column) = &params.groups {
            kept.push(column.clone());
        }
        Comparer {
            subject: subject.into(),
            shift: Shift::new(&provenance),
            provenance,
            kept,
            articles: Vec::new(),
            strongest: BTreeMap::new(),
            draw: params.behind.map(|size| Draw::new(size, params.seed)),
            speakers: BTreeMap::new(),
            seen: Seen::default(),
            camps: None,
            frames: None,
            labels: None,
            corrected: None,
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

    /// Counts frames by the model that `run` names, too.
    pub fn frames(self, run: Option<FramesRun>) -> Comparer {
        Comparer {
            frames: run.map(FrameTally::new),
            ..self
        }
    }

    /// Corrects the figures by hand labels of a sample drawn from these scores; see [`Comparer::correct`].
    pub fn labels(self, labels: Option<Labels>) -> Comparer {
        Comparer { labels, ..self }
    }

    /// Joins the labels, if there are any, with the scores that were added. `name` is the sample's in messages.
    ///
    /// Errors: the sample was drawn from other scores; no outlet has labels enough.
    pub fn correct(&mut self, name: &str) -> Result<()> {
        let Some(labels) = self.labels.take() else {
            return Ok(());
        };
        let Some(correction) = correct(&labels.finish(name)?, self.params.level) else {
            return Err(Error::Data(format!(
                "{name}: labels correct net stance, and the classes of this model have no polarity"
            )));
        };
        if correction.outlets.iter().all(|o| o.corrected.is_none()) {
            let first = correction.outlets.iter().find_map(|outlet| {
                let why = outlet.refused.as_ref()?;
                Some(format!("{}: {why}", outlet.outlet))
            });
            return Err(Error::Data(format!(
                "no outlet has labels enough to be corrected ({}); it takes {MIN_LABELLED} sentences, or all of an outlet's, from \
                 {MIN_LABELLED_ARTICLES} articles, or all. `standpoint validate report` tells what these labels say",
                first.unwrap_or_default()
            )));
        }
        self.corrected = Some(correction);
        Ok(())
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
        if let Some(labels) = &mut self.labels {
            labels.add(score);
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
        if let Some(draw) = &mut self.draw {
            draw.add(score);
        }
        if summary.is_scored() {
            self.add_counted(score);
        }
        self.articles.push(summary);
    }

    /// Sentences kept at each end of an outlet's scale.
    fn n_ends(&self) -> usize {
        self.params.evidence.max(self.params.behind.unwrap_or(0))
    }

    /// What only articles with a counted sentence add to.
    fn add_counted(&mut self, score: &ArticleScore) {
        let n_ends = self.n_ends();
        if n_ends > 0 {
            self.strongest
                .entry(score.outlet.clone())
                .or_insert_with(|| Strongest::new(n_ends))
                .add(score);
        }
        for sentence in score.sentences.iter().filter(|sentence| sentence.counts()) {
            let spoken = sentence.speaker.is_some() || sentence.unnamed;
            let (true, Some(value)) = (spoken, sentence.net_stance) else {
                continue;
            };
            let of_outlet = self.speakers.entry(score.outlet.clone()).or_default();
            let heard = of_outlet.entry(sentence.speaker.clone()).or_default();
            heard.add(value, self.provenance.worth(&sentence.probabilities));
        }
        if let Some(camps) = &mut self.camps {
            camps.add(score);
        }
        if let Some(shift) = &mut self.shift {
            shift.add(score);
        }
        if let Some(frames) = &mut self.frames {
            frames.add(score);
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
        let frames = self.frames.as_ref().map(|frames| {
            frames.all(self.params.level, |shares| {
                figures.share_of_sentences(shares)
            })
        });
        let evidence = outlets
            .iter()
            .filter_map(|outlet| self.strongest.get(&outlet.outlet))
            .flat_map(|strongest| strongest.sentences(self.params.evidence))
            .map(|sentence| self.shown(sentence))
            .collect();
        let behind = self.behind(&outlets, figures);
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
            frames,
            corrected: self.corrected.take(),
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
            prior_shift: self
                .shift
                .as_ref()
                .and_then(|shift| shift.finish(&self.articles, &outlets)),
            tests,
            differences,
            copies,
            keep_copies: self.params.keep_copies,
            n_sketched: self.n_sketched,
            evidence,
            behind,
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
            let asked = self.params.by.iter().any(|column| column == MONTH);
            if asked && article.by[index].is_none() && article.is_scored() {
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
            sentences: match &self.provenance.sentences {
                set if set.plain => "sentences that mention the subject, every text taken for prose of its author alone; headlines apart",
                set if set.keep_furniture => {
                    "sentences that mention the subject, furniture among them; headlines and the subject's own words apart"
                }
                _ => "prose sentences that mention the subject; furniture, headlines and the subject's own words apart",
            }
            .into(),
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
            frames: self.frames.as_ref().map_or(Vec::new(), |frames| {
                frames.outlet(outlet, self.params.level, |shares| {
                    figures.share_of_sentences(shares)
                })
            }),
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
            .map(|(speaker, heard)| heard.comparison(speaker.clone()))
            .collect();
        speakers.sort_by_key(|speaker| std::cmp::Reverse(speaker.n_sentences));
        speakers.truncate(SPEAKERS);
        speakers
    }
}

#[cfg(test)]
mod tests;
