//! Who gets to speak on the subject, counted by camp.
//!
//! In: scores whose sentences name their speaker, and a list of camps. Out: by outlet and over all, sentences, articles and net stance
//! of each camp, and in how many articles it is heard first. Counted are sentences of voice `quote` and `reported`; the subject's own
//! words and `mixed` sentences are in no camp.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::Note;
use crate::score::{ArticleScore, Camps, Membership, SentenceScore};
use crate::span::Voice;
use crate::statistics::{Estimate, round6};
use crate::wording::{count, some_of};

/// Who speaks, as far as camps go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Source {
    /// A listed speaker of this camp.
    Camp(usize),
    NotListed,
    Unnamed,
    NotFound,
}

/// What a row of camps is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum CampKind {
    /// A camp of the list.
    Listed,
    /// Speakers with a name that the list does not have.
    NotListed,
    /// Sources without a name ("critics", "a spokeswoman").
    Unnamed,
    /// Whoever speaks, the text does not let us know.
    NotFound,
}

impl CampKind {
    /// The word in column names: `listed`, `not_listed`, `unnamed`, `not_found`.
    pub fn name(self) -> &'static str {
        match self {
            CampKind::Listed => "listed",
            CampKind::NotListed => "not_listed",
            CampKind::Unnamed => "unnamed",
            CampKind::NotFound => "not_found",
        }
    }
}

/// One camp in one outlet, or over all.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CampComparison {
    /// The camp as listed; else "others, not listed", "unnamed sources" or "speaker not found".
    pub camp: String,
    /// Whether it is a camp of the list.
    pub kind: CampKind,
    /// Sentences quoted or reported from it.
    pub n_sentences: usize,
    /// Their share of all sentences quoted or reported, a count like they; `None` where there are none.
    pub share: Option<f64>,
    /// Articles with such a sentence.
    pub n_articles: usize,
    /// Articles in which it is heard before any other.
    pub n_first: usize,
    /// Mean over those articles of the mean over its sentences; none below three articles.
    pub net_stance: Estimate,
}

/// Who gets to speak, over all outlets.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CampsComparison {
    /// The camps in the order of every list: those listed, by name, then the others. The unit is the article of any outlet.
    pub all: Vec<CampComparison>,
    /// Speakers of the list whom no article lets speak on the subject, as listed, sorted.
    pub never_heard: Vec<String>,
}

/// Source -> sentences and the sum of their net stance, of one article.
#[derive(Debug, Default)]
struct ArticleCamps {
    heard: BTreeMap<Source, (usize, Option<f64>)>,
    first: Option<Source>,
}

/// Counts camps article by article.
#[derive(Debug)]
pub(super) struct Tally {
    camps: Camps,
    /// By outlet, articles in which anybody is heard.
    articles: BTreeMap<String, Vec<ArticleCamps>>,
    /// Groups of listed speakers who were heard.
    heard: BTreeSet<usize>,
    /// Names that may be speakers of several camps, and their sentences.
    unclear: BTreeMap<String, usize>,
}

impl Tally {
    pub fn new(camps: Camps) -> Tally {
        Tally {
            camps,
            articles: BTreeMap::new(),
            heard: BTreeSet::new(),
            unclear: BTreeMap::new(),
        }
    }

    /// Counts the sentences of one article.
    pub fn add(&mut self, score: &ArticleScore) {
        let mut article = ArticleCamps::default();
        let voiced = score.sentences.iter().filter(|sentence| {
            sentence.counts() && matches!(sentence.voice, Voice::Quote | Voice::Reported)
        });
        for sentence in voiced {
            let source = self.source(sentence);
            article.first.get_or_insert(source);
            let (n, sum) = article.heard.entry(source).or_insert((0, Some(0.0)));
            *n += 1;
            *sum = sum.zip(sentence.net_stance).map(|(sum, value)| sum + value);
        }
        if article.first.is_some() {
            let of_outlet = self.articles.entry(score.outlet.clone()).or_default();
            of_outlet.push(article);
        }
    }

    fn source(&mut self, sentence: &SentenceScore) -> Source {
        let Some(speaker) = &sentence.speaker else {
            return match sentence.unnamed {
                true => Source::Unnamed,
                false => Source::NotFound,
            };
        };
        match self.camps.find(speaker) {
            Membership::Camp { camp, groups } => {
                self.heard.extend(groups);
                Source::Camp(camp)
            }
            Membership::Unclear => {
                *self.unclear.entry(speaker.clone()).or_default() += 1;
                Source::NotListed
            }
            Membership::NotListed => Source::NotListed,
        }
    }

    /// The camps in `outlet`; `estimate` makes a figure of article means.
    pub fn outlet(
        &self,
        outlet: &str,
        estimate: impl Fn(&[f64]) -> Estimate,
    ) -> Vec<CampComparison> {
        let articles: Vec<&ArticleCamps> =
            self.articles.get(outlet).into_iter().flatten().collect();
        self.compare(&articles, estimate)
    }

    /// The camps over all outlets.
    pub fn all(&self, estimate: impl Fn(&[f64]) -> Estimate) -> CampsComparison {
        let articles: Vec<&ArticleCamps> = self.articles.values().flatten().collect();
        CampsComparison {
            all: self.compare(&articles, estimate),
            never_heard: self.camps.never_heard(&self.heard),
        }
    }

    fn compare(
        &self,
        articles: &[&ArticleCamps],
        estimate: impl Fn(&[f64]) -> Estimate,
    ) -> Vec<CampComparison> {
        let n_voiced: usize = articles
            .iter()
            .flat_map(|article| article.heard.values())
            .map(|(n, _)| n)
            .sum();
        let listed = self.camps.names().iter().enumerate();
        let listed = listed.map(|(k, name)| (Source::Camp(k), name.as_str(), CampKind::Listed));
        let others = [
            (Source::NotListed, "others, not listed", CampKind::NotListed),
            (Source::Unnamed, "unnamed sources", CampKind::Unnamed),
            (Source::NotFound, "speaker not found", CampKind::NotFound),
        ];
        listed
            .chain(others)
            .map(|(source, name, kind)| {
                let heard: Vec<&(usize, Option<f64>)> = articles
                    .iter()
                    .filter_map(|article| article.heard.get(&source))
                    .collect();
                let means: Vec<f64> = heard
                    .iter()
                    .filter_map(|(n, sum)| Some((*sum)? / *n as f64))
                    .collect();
                let n_sentences = heard.iter().map(|(n, _)| n).sum();
                CampComparison {
                    camp: name.to_string(),
                    kind,
                    n_sentences,
                    share: (n_voiced > 0).then(|| round6(n_sentences as f64 / n_voiced as f64)),
                    n_articles: heard.len(),
                    n_first: articles
                        .iter()
                        .filter(|article| article.first == Some(source))
                        .count(),
                    net_stance: estimate(&means),
                }
            })
            .collect()
    }

    /// What a reader of the camps has to know.
    pub fn notes(&self) -> Vec<Note> {
        let mut notes = vec![Note::general(
            "camps",
            "Camps count sentences that mention the subject and quote or report somebody else; those with several speakers, or with the \
             outlet's own words beside a speaker's (voice mixed), are in no camp. Speakers are found by rules.",
        )];
        let never_heard = self.camps.never_heard(&self.heard);
        if !never_heard.is_empty() {
            notes.push(Note::general(
                "speakers_never_heard",
                format!(
                    "Listed but not heard on the subject in such a sentence: {} ({} of {}). A speaker is matched by the full name, or by the \
                     family name alone where no other camp has it.",
                    some_of(&never_heard),
                    never_heard.len(),
                    count(self.camps.n_speakers(), "speaker")
                ),
            ));
        }
        if !self.unclear.is_empty() {
            let names: Vec<String> = self.unclear.keys().cloned().collect();
            notes.push(Note::general(
                "speakers_unclear",
                format!(
                    "May be listed speakers of several camps, counted as not listed: {} ({}).",
                    some_of(&names),
                    count(self.unclear.values().sum(), "sentence")
                ),
            ));
        }
        notes
    }
}
