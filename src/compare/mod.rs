//! How outlets differ in their portrayal of a subject.
//!
//! ```text
//! ArticleScore --summarize--> ArticleSummary --Comparer::finish--> Comparison
//! ```
//! The unit is the article: an outlet's net stance is the equal-weight mean over its articles with a scored sentence. Intervals are
//! over articles ([`crate::statistics::mean_interval`]), clipped to the scale. Each outlet is tested against all other articles by permuting
//! whole articles with a studentised difference, and p values are adjusted by Holm's method; below [`MIN_FOR_TEST`] articles on
//! either side there is no test. Knows no model, only scores; keeps a summary an article and a bounded number of evidence sentences,
//! never all text.

mod camps;
mod evidence;

use std::collections::hash_map::DefaultHasher;
use std::collections::{BTreeMap, HashSet};
use std::hash::{Hash, Hasher};

use serde::Serialize;

use camps::Tally;
pub use camps::{CampComparison, CampKind, CampsComparison};
pub use evidence::EvidenceSentence;
use evidence::Strongest;

use crate::classes::Polarity;
use crate::score::{ArticleScore, Camps, Coverage, VoiceScore, many_unlike};
use crate::span::Voice;
use crate::statistics::{
    Estimate, MIN_FOR_T, holm, mean, mean_interval, permutation_test, round6, welch_interval,
};

/// The fewest articles on either side of a test.
pub const MIN_FOR_TEST: usize = 3;

/// Arrangements drawn by a permutation test that cannot enumerate them all.
const DRAWS: usize = 9_999;

/// How to compare.
#[derive(Debug, Clone, PartialEq)]
pub struct CompareParams {
    /// Level of the intervals.
    pub level: f64,
    /// Seed of resampling.
    pub seed: u64,
    /// Evidence sentences kept an outlet and side (lowest, highest).
    pub evidence: usize,
}

impl Default for CompareParams {
    fn default() -> Self {
        CompareParams {
            level: 0.95,
            seed: 1,
            evidence: 1,
        }
    }
}

/// What is kept of an article.
#[derive(Debug, Clone, PartialEq)]
pub struct ArticleSummary {
    /// Its id.
    pub article: String,
    /// Who published it.
    pub outlet: String,
    /// Mean net stance of its scored sentences; `None` with plain classes.
    pub net_stance: Option<f64>,
    /// Scored sentences.
    pub n: usize,
    /// Mean probability of each class over them.
    pub shares: Vec<f64>,
    /// Share of them whose likeliest class it is.
    pub shares_hard: Vec<f64>,
    /// Mean net stance and number of sentences by voice.
    pub by_voice: BTreeMap<Voice, (Option<f64>, usize)>,
    /// Mean net stance and number of sentences without quotations; see [`ArticleScore::without_quotations`].
    pub without_quotations: Option<VoiceScore>,
    /// Whether its text is unlike the model's training text.
    pub unlike: bool,
}

impl ArticleSummary {
    /// Sums up `score`, whose probabilities are of `classes`; `None` where no sentence counts.
    pub fn new(score: &ArticleScore, classes: &[String]) -> Option<ArticleSummary> {
        let counted: Vec<&crate::score::SentenceScore> = score
            .sentences
            .iter()
            .filter(|sentence| sentence.counts())
            .collect();
        if counted.is_empty() {
            return None;
        }
        let n = counted.len() as f64;
        let mut shares = vec![0.0; classes.len()];
        let mut shares_hard = vec![0.0; classes.len()];
        for sentence in &counted {
            let p: Vec<f64> = classes
                .iter()
                .map(|class| sentence.probabilities.get(class).copied().unwrap_or(0.0))
                .collect();
            let mut best = 0;
            for (k, &probability) in p.iter().enumerate() {
                shares[k] += probability / n;
                if probability > p[best] {
                    best = k;
                }
            }
            shares_hard[best] += 1.0 / n;
        }
        Some(ArticleSummary {
            article: score.article.clone(),
            outlet: score.outlet.clone(),
            net_stance: score.net_stance,
            n: counted.len(),
            shares,
            shares_hard,
            by_voice: score
                .by_voice
                .iter()
                .map(|(&voice, score)| (voice, (score.net_stance, score.n)))
                .collect(),
            without_quotations: score.without_quotations(),
            unlike: score.familiarity.unlike,
        })
    }
}

/// How outlets portray a subject: what `compare` prints.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// The subject's name.
    pub subject: String,
    /// Digest of the model that scored.
    pub model: String,
    /// What its labels meant; absent for plain classes.
    pub construct: Option<String>,
    /// Level of the intervals.
    pub level: f64,
    /// What the net stance of an outlet is a mean of.
    pub estimand: String,
    /// Articles read.
    pub n_read: usize,
    /// One an outlet, lowest net stance first; those without a figure last.
    pub outlets: Vec<OutletComparison>,
    /// Who gets to speak, by camp; absent without a list of speakers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub camps: Option<CampsComparison>,
    /// Each outlet against all other articles, where both sides have enough articles.
    pub differences: Vec<Difference>,
    /// Sentences to look at: the lowest and highest of each outlet.
    pub evidence: Vec<EvidenceSentence>,
    /// What a reader has to know.
    pub notes: Vec<Note>,
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
    /// Those with a scored sentence.
    pub n_articles: usize,
    /// Their scored sentences.
    pub n_sentences: usize,
    /// Articles whose text is unlike the model's training text: their scores are guesses.
    pub n_unlike: usize,
    /// Mean over articles.
    pub net_stance: Estimate,
    /// Mean over articles of mean class probability.
    pub shares: BTreeMap<String, f64>,
    /// The same of hard decisions.
    pub shares_hard: BTreeMap<String, f64>,
    /// Mean over articles with a sentence of that voice.
    pub by_voice: BTreeMap<Voice, VoiceComparison>,
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

/// One voice in one outlet, or several together.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VoiceComparison {
    /// Articles with a sentence of this voice.
    pub n_articles: usize,
    /// Sentences.
    pub n_sentences: usize,
    /// Mean over those articles.
    pub net_stance: Estimate,
}

/// The difference a - b of two mean net stances.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference {
    /// The subject's name.
    pub subject: String,
    /// The outlet.
    pub a: String,
    /// What it is compared with: `rest`, all articles of other outlets.
    pub b: String,
    /// Mean of a less mean of b.
    pub estimate: f64,
    /// Lower end of the interval, this difference alone.
    pub low: Option<f64>,
    /// Upper end.
    pub high: Option<f64>,
    /// Permutation p value, two-sided.
    pub p: f64,
    /// Adjusted for the number of outlets tested (Holm).
    pub p_adjusted: f64,
    /// The smallest p value these sizes allowed.
    pub p_smallest: f64,
    /// Articles of a.
    pub n_a: usize,
    /// Articles of b.
    pub n_b: usize,
}

/// Something a reader of the comparison has to know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note {
    /// Its kind.
    pub code: String,
    /// In words.
    pub text: String,
    /// The outlet it is about, if one.
    pub outlet: Option<String>,
}

impl Note {
    /// A note about everything.
    pub fn general(code: &str, text: impl Into<String>) -> Note {
        Note {
            code: code.to_string(),
            text: text.into(),
            outlet: None,
        }
    }

    fn about(outlet: &str, code: &str, text: impl Into<String>) -> Note {
        Note {
            outlet: Some(outlet.to_string()),
            ..Note::general(code, text)
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
}

/// Takes scores one by one and compares at the end.
#[derive(Debug)]
pub struct Comparer {
    subject: String,
    provenance: Provenance,
    params: CompareParams,
    articles: Vec<ArticleSummary>,
    strongest: BTreeMap<String, Strongest>,
    seen: Seen,
    /// Outlet -> speaker -> sentences and the sum of their net stance.
    speakers: BTreeMap<String, BTreeMap<Option<String>, (usize, f64)>>,
    camps: Option<Tally>,
}

/// What was added already. The same score comes twice when inputs overlap or a file lies in two folders.
#[derive(Debug, Default)]
struct Seen {
    /// Hashes of outlet, article and sentences.
    scores: HashSet<u64>,
    /// Hashes of outlet and article.
    ids: HashSet<u64>,
    /// Scores that came again, by outlet.
    repeated: BTreeMap<String, usize>,
    /// Scores under an id that another text had before.
    same_id: usize,
}

impl Seen {
    /// Whether `score` is new. Ids count from the folder that was read, so two articles may share one; the same score has
    /// the same sentences too.
    fn is_new(&mut self, score: &ArticleScore) -> bool {
        let mut hasher = DefaultHasher::new();
        (&score.outlet, &score.article).hash(&mut hasher);
        let id = hasher.finish();
        for sentence in &score.sentences {
            (sentence.span.0, sentence.span.1, &sentence.text).hash(&mut hasher);
        }
        if !self.scores.insert(hasher.finish()) {
            *self.repeated.entry(score.outlet.clone()).or_default() += 1;
            return false;
        }
        self.same_id += usize::from(!self.ids.insert(id));
        true
    }

    fn n_repeated(&self) -> usize {
        self.repeated.values().sum()
    }

    fn notes(&self) -> Vec<Note> {
        let mut notes = Vec::new();
        if self.n_repeated() > 0 {
            notes.push(Note::general(
                "duplicate_scores",
                format!(
                    "{} of an article that was there before, with the same outlet, id and sentences, counted once.",
                    count(self.n_repeated(), "score")
                ),
            ));
        }
        if self.same_id > 0 {
            notes.push(Note::general(
                "shared_ids",
                format!(
                    "{} of another text under an outlet and id that was there before, counted as an article of its own.",
                    count(self.same_id, "score")
                ),
            ));
        }
        notes
    }
}

impl Comparer {
    /// Begins a comparison for `subject`.
    pub fn new(
        subject: impl Into<String>,
        provenance: Provenance,
        params: CompareParams,
    ) -> Comparer {
        Comparer {
            subject: subject.into(),
            provenance,
            params,
            articles: Vec::new(),
            strongest: BTreeMap::new(),
            speakers: BTreeMap::new(),
            seen: Seen::default(),
            camps: None,
        }
    }

    /// Counts who gets to speak by `camps`, too.
    pub fn camps(self, camps: Option<Camps>) -> Comparer {
        Comparer {
            camps: camps.map(Tally::new),
            ..self
        }
    }

    /// Adds an article's score; those of other subjects, those without a counted sentence and those added before change nothing.
    pub fn add(&mut self, score: &ArticleScore) {
        if score.subject != self.subject || score.sentences.is_empty() || !self.seen.is_new(score) {
            return;
        }
        let Some(summary) = ArticleSummary::new(score, &self.provenance.classes) else {
            return;
        };
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
        self.articles.push(summary);
    }

    /// Articles with a scored sentence so far.
    pub fn n_articles(&self) -> usize {
        self.articles.len()
    }

    /// Compares what was added. `coverage` says how many articles each outlet had in all.
    pub fn finish(self, coverage: &Coverage) -> Comparison {
        let mut by_outlet: BTreeMap<&str, Vec<&ArticleSummary>> = coverage
            .outlets
            .keys()
            .map(|outlet| (outlet.as_str(), Vec::new()))
            .collect();
        for article in &self.articles {
            by_outlet.entry(&article.outlet).or_default().push(article);
        }
        let mut notes = self.general_notes(coverage);
        let mut outlets: Vec<OutletComparison> = by_outlet
            .iter()
            .map(|(outlet, articles)| {
                let repeated = self.seen.repeated.get(*outlet).copied().unwrap_or(0);
                let n_read = coverage
                    .outlets
                    .get(*outlet)
                    .map_or(articles.len(), |c| c.n_read.saturating_sub(repeated));
                self.outlet(outlet, articles, n_read)
            })
            .collect();
        outlets.sort_by(|a, b| {
            let key = |outlet: &OutletComparison| outlet.net_stance.value.unwrap_or(f64::INFINITY);
            key(a)
                .total_cmp(&key(b))
                .then_with(|| a.outlet.cmp(&b.outlet))
        });
        notes.extend(unlike_note(&outlets));
        for outlet in &outlets {
            notes.extend(outlet_note(outlet));
        }
        let differences = self.differences(&by_outlet, &mut notes);
        let camps = self.camps.as_ref().map(|camps| {
            notes.extend(camps.notes());
            camps.all(|values| self.interval_or_none(values))
        });
        let evidence = outlets
            .iter()
            .filter_map(|outlet| self.strongest.get(&outlet.outlet))
            .flat_map(Strongest::sentences)
            .collect();
        Comparison {
            estimand: "net stance of an outlet: the equal-weight mean, over its articles with a scored sentence, of the \
                       article's mean sentence score; scored are prose sentences that mention the subject (furniture and \
                       the subject's own words apart)"
                .to_string(),
            subject: self.subject,
            model: self.provenance.model,
            construct: self.provenance.construct,
            level: self.params.level,
            n_read: coverage.n_read.saturating_sub(self.seen.n_repeated()),
            outlets,
            camps,
            differences,
            evidence,
            notes,
        }
    }

    fn interval(&self, values: &[f64]) -> Estimate {
        if values.is_empty() {
            return Estimate::default();
        }
        let interval = mean_interval(values, self.params.level, self.params.seed);
        let interval = interval.map(|(low, high)| (round6(low), round6(high)));
        Estimate::with_interval(round6(mean(values)), interval).clipped(-1.0, 1.0)
    }

    /// The mean with its interval; nothing where there are too few values for one.
    fn interval_or_none(&self, values: &[f64]) -> Estimate {
        match values.len() {
            n if n < MIN_FOR_T => Estimate::default(),
            _ => self.interval(values),
        }
    }

    fn without_quotations(&self, articles: &[&ArticleSummary]) -> VoiceComparison {
        let figures: Vec<VoiceScore> = articles
            .iter()
            .filter_map(|article| article.without_quotations)
            .collect();
        let values: Vec<f64> = figures.iter().filter_map(|f| f.net_stance).collect();
        VoiceComparison {
            n_articles: figures.len(),
            n_sentences: figures.iter().map(|f| f.n).sum(),
            net_stance: self.interval_or_none(&values),
        }
    }

    fn outlet(
        &self,
        outlet: &str,
        articles: &[&ArticleSummary],
        n_read: usize,
    ) -> OutletComparison {
        let values: Vec<f64> = articles
            .iter()
            .filter_map(|article| article.net_stance)
            .collect();
        let share = |pick: fn(&ArticleSummary) -> &[f64]| -> BTreeMap<String, f64> {
            if articles.is_empty() {
                return BTreeMap::new();
            }
            let names = self.provenance.classes.iter().enumerate();
            names
                .map(|(k, name)| {
                    let values: Vec<f64> =
                        articles.iter().map(|article| pick(article)[k]).collect();
                    (name.clone(), round6(mean(&values)))
                })
                .collect()
        };
        let by_voice = Voice::ALL
            .into_iter()
            .filter_map(|voice| {
                let of_voice: Vec<&(Option<f64>, usize)> = articles
                    .iter()
                    .filter_map(|article| article.by_voice.get(&voice))
                    .collect();
                let values: Vec<f64> = of_voice.iter().filter_map(|(value, _)| *value).collect();
                (!of_voice.is_empty()).then(|| {
                    let figures = VoiceComparison {
                        n_articles: of_voice.len(),
                        n_sentences: of_voice.iter().map(|(_, n)| n).sum(),
                        net_stance: self.interval(&values),
                    };
                    (voice, figures)
                })
            })
            .collect();
        OutletComparison {
            outlet: outlet.to_string(),
            subject: self.subject.clone(),
            n_read,
            n_articles: articles.len(),
            n_sentences: articles.iter().map(|article| article.n).sum(),
            n_unlike: articles.iter().filter(|article| article.unlike).count(),
            net_stance: self.interval(&values),
            shares: share(|article| &article.shares),
            shares_hard: share(|article| &article.shares_hard),
            by_voice,
            without_quotations: self.without_quotations(articles),
            speakers: self.most_heard(outlet),
            camps: self.camps.as_ref().map_or(Vec::new(), |camps| {
                camps.outlet(outlet, |values| self.interval_or_none(values))
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

    fn differences(
        &self,
        by_outlet: &BTreeMap<&str, Vec<&ArticleSummary>>,
        notes: &mut Vec<Note>,
    ) -> Vec<Difference> {
        let values = |articles: &[&ArticleSummary]| -> Vec<f64> {
            articles
                .iter()
                .filter_map(|article| article.net_stance)
                .collect()
        };
        let mut differences: Vec<Difference> = Vec::new();
        let with_figure = by_outlet
            .values()
            .filter(|articles| !values(articles).is_empty())
            .count();
        for (outlet, articles) in by_outlet {
            let a = values(articles);
            let b: Vec<f64> = by_outlet
                .iter()
                .filter(|(other, _)| *other != outlet)
                .flat_map(|(_, articles)| values(articles))
                .collect();
            let Some(test) = permutation_test(&a, &b, DRAWS, self.params.seed) else {
                continue;
            };
            let interval = welch_interval(&a, &b, self.params.level);
            differences.push(Difference {
                subject: self.subject.clone(),
                a: outlet.to_string(),
                b: "rest".to_string(),
                estimate: round6(mean(&a) - mean(&b)),
                low: interval.map(|(low, _)| round6(low.max(-2.0))),
                high: interval.map(|(_, high)| round6(high.min(2.0))),
                p: round6(test.p),
                p_adjusted: 1.0,
                p_smallest: round6(test.smallest_p),
                n_a: a.len(),
                n_b: b.len(),
            });
        }
        let adjusted = holm(&differences.iter().map(|d| d.p).collect::<Vec<_>>());
        for (difference, p) in differences.iter_mut().zip(adjusted) {
            difference.p_adjusted = round6(p);
        }
        differences.sort_by(|a, b| {
            b.estimate
                .abs()
                .total_cmp(&a.estimate.abs())
                .then_with(|| a.a.cmp(&b.a))
        });
        if differences.is_empty() && with_figure > 0 && self.provenance.polarity.is_some() {
            notes.push(Note::general(
                "no_test",
                format!(
                    "No difference between outlets was tested: a test needs at least {MIN_FOR_TEST} articles with a scored \
                     sentence from an outlet and as many from the others."
                ),
            ));
        } else if !differences.is_empty() {
            notes.push(Note::general(
                "tests",
                format!(
                    "{} tested: each outlet against all other articles, whole articles permuted, p adjusted by Holm's \
                     method. It takes articles as independent of each other; articles on one story are not, so read p as optimistic there.",
                    count(differences.len(), "difference")
                ),
            ));
        }
        differences
    }

    fn general_notes(&self, coverage: &Coverage) -> Vec<Note> {
        let mut notes: Vec<Note> = coverage
            .notes
            .iter()
            .map(|note| Note::general(&note.code, note.text.clone()))
            .collect();
        notes.extend(self.seen.notes());
        if coverage.n_bad > 0 {
            notes.push(Note::general(
                "bad_records",
                format!("{} could not be used.", count(coverage.n_bad, "record")),
            ));
        }
        if self.provenance.polarity.is_none() {
            notes.push(Note::general(
                "no_polarity",
                "The model's classes have no polarity, so there is no net stance and no test; class shares are given.",
            ));
            return notes;
        }
        let construct = match self.provenance.construct.as_deref() {
            Some("stance") => "stance toward the subject",
            _ => {
                "sentiment toward the subject, reported events included: bad news about the subject reads as negative whoever reports it"
            }
        };
        notes.push(Note::general(
            "model_score",
            format!(
                "Figures are model scores of {construct}. They keep order and sign better than size: means shrink toward the \
                 training mix, so read differences, not levels."
            ),
        ));
        notes
    }
}

fn unlike_note(outlets: &[OutletComparison]) -> Option<Note> {
    let many: Vec<String> = outlets
        .iter()
        .filter(|outlet| many_unlike(outlet.n_unlike, outlet.n_articles))
        .map(|outlet| {
            let (n, of) = (outlet.n_unlike, outlet.n_articles);
            format!("{} {n} of {of}", outlet.outlet)
        })
        .collect();
    (!many.is_empty()).then(|| {
        Note::general(
            "unlike_text",
            format!(
                "Unlike the text the model was trained on, by words it does not know, so that their scores are guesses: articles of {}.",
                many.join(", ")
            ),
        )
    })
}

fn outlet_note(outlet: &OutletComparison) -> Option<Note> {
    let name = &outlet.outlet;
    match outlet.n_articles {
        0 => Some(Note::about(
            name,
            "not_mentioned",
            format!(
                "{name}: none of {} has a scored sentence about the subject.",
                count(outlet.n_read, "article")
            ),
        )),
        n if n < MIN_FOR_T => Some(Note::about(
            name,
            "too_few_articles",
            format!(
                "{name}: {} with a scored sentence; no interval below {}.",
                count(n, "article"),
                MIN_FOR_T
            ),
        )),
        _ => None,
    }
}

/// "1 article", "2 articles".
pub fn count(n: usize, noun: &str) -> String {
    if n == 1 {
        format!("1 {noun}")
    } else {
        format!("{n} {noun}s")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::{OutletCoverage, SentenceScore, VoiceScore};
    use crate::span::CharSpan;

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
            title: None,
            date: None,
            story: None,
            genre: None,
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
            furniture: Vec::new(),
            familiarity: Default::default(),
            extra: BTreeMap::new(),
        }
    }

    fn compare(scores: &[ArticleScore]) -> Comparison {
        let provenance = Provenance {
            model: "digest".into(),
            classes: vec!["negative".into(), "positive".into()],
            polarity: Some(vec![Polarity::Against, Polarity::Favor]),
            construct: Some("sentiment".into()),
        };
        let mut comparer = Comparer::new(
            "Holt",
            provenance,
            CompareParams {
                evidence: 2,
                ..Default::default()
            },
        );
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
}
