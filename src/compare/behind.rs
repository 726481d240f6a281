//! What a page opens behind the figures of a comparison: a sample of sentences, months, speakers.

use std::collections::{BTreeMap, BTreeSet};

use super::estimates::Figures;
use super::evidence::{EvidenceSentence, SentenceCount};
use super::slices::slices;
use super::{Comparer, MONTH, OutletComparison, Slice, SpeakerComparison};
use crate::classes::Polarity;
use crate::statistics::round6;

/// Sentences that a page holds at most.
const MOST_SENTENCES: usize = 900;

/// Speakers over all outlets that a page holds at most.
const MOST_SPEAKERS: usize = 15;

/// What a page opens behind the figures.
#[derive(Debug, Clone, PartialEq)]
pub struct Behind {
    /// Sentences of every outlet, class and voice: the ends of each outlet's scale and some drawn; outlets in the order of the comparison, each lowest first.
    pub sentences: Vec<EvidenceSentence>,
    /// What each class is worth; empty for plain classes.
    pub polarity: BTreeMap<String, Polarity>,
    /// How many sentences there are.
    pub counts: Vec<SentenceCount>,
    /// Net stance by month, all outlets together and one by one; the months that have articles with a figure.
    pub months: Vec<Slice>,
    /// Who is quoted or reported most, over all outlets; sources without a name together.
    pub speakers: Vec<SpeakerComparison>,
}

/// What one speaker's sentences say.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(super) struct Heard {
    n: usize,
    sum: f64,
    n_against: usize,
    n_in_favor: usize,
}

impl Heard {
    /// Adds a sentence: its net stance, and what its likeliest class is worth.
    pub fn add(&mut self, net_stance: f64, worth: Option<f64>) {
        self.n += 1;
        self.sum += net_stance;
        self.n_against += usize::from(worth < Some(0.0) && worth.is_some());
        self.n_in_favor += usize::from(worth > Some(0.0));
    }

    fn merge(&mut self, other: &Heard) {
        self.n += other.n;
        self.sum += other.sum;
        self.n_against += other.n_against;
        self.n_in_favor += other.n_in_favor;
    }

    /// The figures of `speaker`.
    pub fn comparison(&self, speaker: Option<String>) -> SpeakerComparison {
        SpeakerComparison {
            speaker,
            n_sentences: self.n,
            n_against: self.n_against,
            n_in_favor: self.n_in_favor,
            net_stance: (self.n > 0).then(|| round6(self.sum / self.n as f64)),
        }
    }
}

impl Comparer {
    /// What a page opens, if one is wanted.
    pub(super) fn behind(
        &self,
        outlets: &[OutletComparison],
        figures: Figures<'_>,
    ) -> Option<Behind> {
        let draw = self.draw.as_ref()?;
        let speakers = self.heard_anywhere();
        let names = |list: &'_ [SpeakerComparison]| -> BTreeSet<String> {
            list.iter().filter_map(|one| one.speaker.clone()).collect()
        };
        let anywhere = names(&speakers);
        let by_outlet: BTreeMap<&str, BTreeSet<String>> = outlets
            .iter()
            .map(|one| (one.outlet.as_str(), names(&one.speakers)))
            .collect();
        let is_shown = |outlet: &str, name: &str| {
            let heard = by_outlet.get(outlet);
            anywhere.contains(name) || heard.is_some_and(|names| names.contains(name))
        };
        let mut names: Vec<&OutletComparison> = outlets.iter().collect();
        // Where not all fit, the outlets with most articles come first.
        names.sort_by_key(|outlet| std::cmp::Reverse(outlet.n_articles));
        let names: Vec<&str> = names.iter().map(|outlet| outlet.outlet.as_str()).collect();
        let limit = MOST_SENTENCES / self.params.n_subjects.max(1);
        let mut sentences = draw.choose(&names, &self.strongest, is_shown, limit);
        let place: BTreeMap<&str, usize> = outlets
            .iter()
            .enumerate()
            .map(|(place, outlet)| (outlet.outlet.as_str(), place))
            .collect();
        sentences.sort_by_key(|sentence| place.get(sentence.outlet.as_str()).copied());
        let month = self.kept.iter().position(|column| column == MONTH)?;
        Some(Behind {
            sentences: sentences.into_iter().map(|s| self.shown(s)).collect(),
            polarity: self.provenance.polarities(),
            counts: draw.counts(),
            months: slices(&self.articles, MONTH, month, figures),
            speakers,
        })
    }

    /// A sentence as far as it may be shown.
    pub(super) fn shown(&self, sentence: EvidenceSentence) -> EvidenceSentence {
        EvidenceSentence {
            text: sentence.text.filter(|_| self.params.evidence_text),
            ..sentence
        }
    }

    /// Who is heard most over all outlets; of equals the first in the alphabet, sources without a name first.
    fn heard_anywhere(&self) -> Vec<SpeakerComparison> {
        let mut all: BTreeMap<&Option<String>, Heard> = BTreeMap::new();
        for (speaker, heard) in self.speakers.values().flatten() {
            all.entry(speaker).or_default().merge(heard);
        }
        let mut speakers: Vec<SpeakerComparison> = all
            .into_iter()
            .map(|(speaker, heard)| heard.comparison(speaker.clone()))
            .collect();
        speakers.sort_by_key(|speaker| std::cmp::Reverse(speaker.n_sentences));
        speakers.truncate(MOST_SPEAKERS);
        speakers
    }
}
