//! The sentences behind the figures, what opens them, and their filters.

use std::collections::{BTreeMap, BTreeSet};

use maud::{Markup, html};

use super::super::table::signed;
use super::{clean, figure, name, sentence};
use crate::classes::Polarity;
use crate::compare::{Comparison, EvidenceSentence};
use crate::score::{SentenceEffects, mentions_in};
use crate::span::Voice;
use crate::wording::count;

/// What a reader calls a voice.
pub(super) fn voice_name(voice: Voice) -> &'static str {
    match voice {
        Voice::Outlet => "own voice",
        Voice::Quote => "quoted",
        Voice::Reported => "reported",
        Voice::Own => "the subject's own words",
        Voice::Mixed => "mixed",
    }
}

/// What a sentence can be looked for by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By<'n> {
    Outlet(&'n str),
    Class(&'n str),
    Voice(Voice),
    Frame(&'n str),
    Speaker(&'n str),
}

/// The numbers that names have in the page, and which of their combinations have sentences.
#[derive(Debug, Default)]
pub(super) struct Index {
    outlets: Vec<String>,
    classes: Vec<String>,
    frames: Vec<String>,
    speakers: Vec<String>,
    known: BTreeSet<String>,
}

fn number(list: &[String], name: &str) -> Option<usize> {
    list.binary_search_by(|other| other.as_str().cmp(name)).ok()
}

impl Index {
    /// Numbers the names of all sentences shown.
    pub fn new(comparisons: &[Comparison]) -> Index {
        let shown = || comparisons.iter().flat_map(sentences);
        let sorted = |names: &mut dyn Iterator<Item = &str>| -> Vec<String> {
            let names: BTreeSet<&str> = names.collect();
            names.into_iter().map(str::to_string).collect()
        };
        let mut index = Index {
            outlets: sorted(&mut shown().map(|s| s.outlet.as_str())),
            classes: sorted(&mut shown().filter_map(|s| s.class())),
            frames: sorted(&mut shown().flat_map(|s| s.frames.keys().map(String::as_str))),
            speakers: sorted(&mut shown().filter_map(|s| s.speaker.as_deref())),
            known: BTreeSet::new(),
        };
        for (subject, comparison) in comparisons.iter().enumerate() {
            for sentence in sentences(comparison) {
                let outlet = By::Outlet(&sentence.outlet);
                let mut others = vec![By::Voice(sentence.voice)];
                others.extend(sentence.class().map(By::Class));
                others.extend(sentence.frames.keys().map(|frame| By::Frame(frame)));
                others.extend(sentence.speaker.as_deref().map(By::Speaker));
                let mut keys = vec![index.key(subject, &[outlet])];
                for other in others {
                    keys.push(index.key(subject, &[outlet, other]));
                    keys.push(index.key(subject, &[other]));
                }
                index.known.extend(keys.into_iter().flatten());
            }
        }
        index
    }

    fn key(&self, subject: usize, by: &[By<'_>]) -> Option<String> {
        let mut key = format!("subject={subject}");
        for one in by {
            let (kind, value) = match one {
                By::Outlet(name) => ("outlet", number(&self.outlets, name)?),
                By::Class(name) => ("class", number(&self.classes, name)?),
                By::Voice(voice) => ("voice", Voice::ALL.iter().position(|v| v == voice)?),
                By::Frame(name) => ("frame", number(&self.frames, name)?),
                By::Speaker(name) => ("speaker", number(&self.speakers, name)?),
            };
            key.push_str(&format!(" {kind}={value}"));
        }
        Some(key)
    }

    /// `label`, as a link to the sentences that fit, if the page has some.
    pub fn open(&self, subject: usize, by: &[By<'_>], label: Markup) -> Markup {
        let key = self.key(subject, by);
        let Some(key) = key.filter(|key| self.known.contains(key)) else {
            return label;
        };
        let outlet = by.iter().find_map(|one| match one {
            By::Outlet(name) => number(&self.outlets, name),
            _ => None,
        });
        let anchor = match outlet {
            Some(outlet) => group_id(subject, outlet),
            None => "evidence".to_string(),
        };
        html! { a href={ "#" (anchor) } data-f=(key) { (label) } }
    }
}

fn group_id(subject: usize, outlet: usize) -> String {
    format!("o{subject}-{outlet}")
}

/// The sentences a page shows of a comparison.
fn sentences(comparison: &Comparison) -> impl Iterator<Item = &EvidenceSentence> {
    let behind = comparison.behind.iter();
    behind.flat_map(|behind| &behind.sentences)
}

/// What the sentences of one subject are shown with.
pub(super) struct Shown<'p> {
    pub comparison: &'p Comparison,
    /// One a sentence, where the model that scored is at hand.
    pub effects: &'p [Option<SentenceEffects>],
}

/// With more sentences than this the browser lays out outlets as they come into sight.
const LAID_OUT_AT_ONCE: usize = 200;

/// The section with every sentence of the page.
pub(super) fn section(shown: &[Shown<'_>], index: &Index) -> Markup {
    let n: usize = shown
        .iter()
        .map(|one| sentences(one.comparison).count())
        .sum();
    let has_effects = shown
        .iter()
        .any(|one| one.effects.iter().any(Option::is_some));
    let has_text = shown
        .iter()
        .any(|one| sentences(one.comparison).any(|s| s.text.is_some()));
    html! {
        section.many[n > LAID_OUT_AT_ONCE] aria-labelledby="evidence" {
            h2 #evidence { "The sentences behind the figures" }
            @if n == 0 {
                p { "This report was made without sentences. Where they may be shown, make it again with them (" code { "--evidence 3" } ")." }
            } @else {
                (explanation(shown, n, has_text, has_effects))
                (filters(shown, index))
                @for (subject, one) in shown.iter().enumerate() {
                    @if shown.len() > 1 {
                        h3 { (name(&one.comparison.subject)) }
                    }
                    (groups(one, subject, shown.len() > 1, index))
                }
            }
        }
    }
}

fn explanation(shown: &[Shown<'_>], n: usize, has_text: bool, has_effects: bool) -> Markup {
    let counts = shown
        .iter()
        .flat_map(|one| one.comparison.behind.iter().flat_map(|b| &b.counts));
    let n_all: usize = counts.map(|count| count.n).sum();
    let has_scores = shown
        .iter()
        .any(|one| sentences(one.comparison).any(|s| s.net_stance.is_some()));
    html! {
        p {
            @if n < n_all {
                "A sample: " (n) " of " (count(n_all, "sentence")) ". Of each outlet " @if has_scores { "those with the lowest and the highest scores, and " } "some drawn by lot from each class and voice; \
                 so the sample shows what there is, not how often. The figures rest on all of them."
            } @else {
                "All " (count(n_all, "sentence")) " that mention the subject in prose."
            }
            " Sentences in the subject's own words are here too; they count in no outlet's figures."
        }
        @if !has_text {
            p { "Sentences are named by their place and not shown: characters of the article's text, counted from 0." }
        }
        @if has_text && has_effects {
            p.caption {
                "Shaded words moved this sentence's score, by exactly what their contributions in the model add up to; \
                 the mentions of the subject are hidden from the model. “Why this score” has the sum."
            }
            ul.key {
                li { mark { "the subject" } }
                li { i.w.a4 { "strongly" } " " i.w.a2 { "slightly" } " against" }
                li { i.w.f4 { "strongly" } " " i.w.f2 { "slightly" } " in favor" }
            }
        } @else if has_text {
            p.caption { "Words are not shaded: the model that scored is not at hand, or its classes have no polarity." }
        }
    }
}

fn filters(shown: &[Shown<'_>], index: &Index) -> Markup {
    let select = |id: &str, label: &str, all: &str, options: Vec<(usize, String)>| {
        html! {
            @if options.len() > 1 {
                label for=(id) { (label)
                    select id=(id) {
                        option value="" { (all) }
                        @for (value, option) in &options { option value=(value) { (clean(option)) } }
                    }
                }
            } @else {
                select id=(id) hidden aria-label=(label) { option value="" { (all) } @for (value, option) in &options { option value=(value) { (clean(option)) } } }
            }
        }
    };
    let numbered =
        |list: &[String]| -> Vec<(usize, String)> { list.iter().cloned().enumerate().collect() };
    let voices: Vec<(usize, String)> = Voice::ALL
        .iter()
        .enumerate()
        .filter(|(_, voice)| {
            let mut all = shown.iter().flat_map(|one| sentences(one.comparison));
            all.any(|sentence| sentence.voice == **voice)
        })
        .map(|(value, voice)| (value, voice_name(*voice).to_string()))
        .collect();
    let subjects: Vec<(usize, String)> = shown
        .iter()
        .map(|one| one.comparison.subject.clone())
        .enumerate()
        .collect();
    html! {
        div #filters role="group" aria-label="Filter the sentences" hidden {
            (select("f-subject", "Subject", "all subjects", subjects))
            (select("f-outlet", "Outlet", "all outlets", numbered(&index.outlets)))
            (select("f-class", "Class", "all classes", numbered(&index.classes)))
            (select("f-voice", "Voice", "all voices", voices))
            (select("f-frame", "Frame", "all frames", numbered(&index.frames)))
            (select("f-speaker", "Speaker", "all speakers", numbered(&index.speakers)))
            label for="f-search" { "Search" input #f-search type="search" autocomplete="off" spellcheck="false"; }
            button #f-reset type="button" { "Show all" }
            p #f-count aria-live="polite" tabindex="-1" {}
        }
    }
}

/// The sentences of one subject, outlet by outlet.
fn groups(shown: &Shown<'_>, subject: usize, several: bool, index: &Index) -> Markup {
    let mut totals: BTreeMap<&str, usize> = BTreeMap::new();
    let counts = shown.comparison.behind.iter().flat_map(|b| &b.counts);
    for count in counts {
        *totals.entry(&count.outlet).or_default() += count.n;
    }
    let all: Vec<(usize, &EvidenceSentence)> = sentences(shown.comparison).enumerate().collect();
    html! {
        @for group in all.chunk_by(|a, b| a.1.outlet == b.1.outlet) {
            @let outlet = group[0].1.outlet.as_str();
            @let number = number(&index.outlets, outlet).unwrap_or(0);
            section.group id=(group_id(subject, number)) {
                @let heading = html! {
                    (name(outlet)) " "
                    span.soft { "(" (group.len()) " of " (totals.get(outlet).copied().unwrap_or(group.len())) ")" }
                };
                @if several { h4 { (heading) } } @else { h3 { (heading) } }
                @for (at, sentence) in group {
                    (item(shown, subject, *at, sentence, index))
                }
            }
        }
    }
}

/// The side a class takes, as the page's style calls it.
pub(super) fn side(
    class: Option<&str>,
    polarity: Option<&BTreeMap<String, Polarity>>,
) -> &'static str {
    match class.and_then(|class| polarity?.get(class)) {
        Some(Polarity::Against) => "against",
        Some(Polarity::Favor) => "favor",
        _ => "neutral",
    }
}

fn item(
    shown: &Shown<'_>,
    subject: usize,
    at: usize,
    sentence: &EvidenceSentence,
    index: &Index,
) -> Markup {
    let polarity = shown
        .comparison
        .behind
        .as_ref()
        .map(|behind| &behind.polarity);
    let side = side(sentence.class(), polarity);
    let effects = shown.effects.get(at).and_then(Option::as_ref);
    let frames: Vec<String> = sentence
        .frames
        .keys()
        .filter_map(|frame| Some(number(&index.frames, frame)?.to_string()))
        .collect();
    let speaker = sentence.speaker.as_deref();
    html! {
        article.sentence.(side) id={ "e" (subject) "-" (at) }
            data-subject=(subject)
            data-outlet=[number(&index.outlets, &sentence.outlet)]
            data-class=[sentence.class().and_then(|class| number(&index.classes, class))]
            data-voice=[Voice::ALL.iter().position(|voice| *voice == sentence.voice)]
            data-frames=[(!frames.is_empty()).then(|| frames.join(" "))]
            data-speaker=[speaker.and_then(|speaker| number(&index.speakers, speaker))]
        {
            (what_it_says(sentence, side, effects))
            p.source { (source(sentence)) }
            (why(sentence, effects))
        }
    }
}

/// Score, class, voice, speaker and frames; then the words.
pub(super) fn what_it_says(
    sentence: &EvidenceSentence,
    side: &str,
    effects: Option<&SentenceEffects>,
) -> Markup {
    html! {
        p.meta {
            @if let Some(value) = sentence.net_stance {
                span.stance.(side) { (figure(&signed(Some(value)))) } " "
            }
            @if let Some(class) = sentence.class() { (clean(class)) " · " }
            (voice_name(sentence.voice))
            @if let Some(speaker) = &sentence.speaker { " · " (name(speaker)) }
            @for frame in sentence.frames.keys() { " " span.tag { (clean(frame)) } }
        }
        @if let Some(text) = &sentence.text {
            p.text dir="auto" { (sentence::shaded(text, &mentions_in(text, sentence.span, &sentence.mentions), effects)) }
        }
    }
}

/// The sum behind its score, to be opened.
pub(super) fn why(sentence: &EvidenceSentence, effects: Option<&SentenceEffects>) -> Markup {
    html! {
        @if let (Some(text), Some(effects)) = (&sentence.text, effects) {
            details.why {
                summary { "Why this score" }
                (sentence::sum(text, effects))
                p { (probabilities(sentence)) }
            }
        }
    }
}

fn probabilities(sentence: &EvidenceSentence) -> String {
    let shares = sentence
        .probabilities
        .iter()
        .map(|(class, p)| format!("{} {p:.2}", clean(class)));
    format!(
        "After calibration the probabilities are: {}.",
        shares.collect::<Vec<_>>().join(", ")
    )
}

/// Where the sentence stands: headline, date, article, place.
fn source(sentence: &EvidenceSentence) -> Markup {
    let known = sentence.title.as_deref().filter(|t| !t.trim().is_empty());
    let title = known.unwrap_or(&sentence.article);
    html! {
        @match &sentence.url {
            Some(url) => a.place href=(with_fragment(url, sentence.text.as_deref())) rel="noopener noreferrer nofollow" { (name(&shortened(title))) },
            None => (name(&shortened(title))),
        }
        @if let Some(date) = &sentence.date { ", " (name(date)) }
        @if known.is_some() { ", " (name(&sentence.article)) }
        ", characters " (sentence.span.0) "–" (sentence.span.1)
    }
}

/// Names longer than this are cut, in characters.
const LONGEST_NAME: usize = 160;

fn shortened(name: &str) -> String {
    match name.char_indices().nth(LONGEST_NAME) {
        None => name.to_string(),
        Some((at, _)) => format!("{}…", &name[..at]),
    }
}

/// Words that tell a browser where on the page the sentence stands.
const WORDS_IN_FRAGMENT: usize = 6;

/// The address with the sentence's first words as a text fragment, so that browsers scroll to it.
fn with_fragment(url: &str, text: Option<&str>) -> String {
    let words: Vec<&str> = text
        .unwrap_or("")
        .split_whitespace()
        .take(WORDS_IN_FRAGMENT)
        .collect();
    let words = words.join(" ");
    if words.is_empty() || words.len() > 200 {
        return url.to_string();
    }
    let mark = if url.contains('#') { "" } else { "#" };
    format!("{url}{mark}:~:text={}", percent_encoded(&words))
}

fn percent_encoded(text: &str) -> String {
    text.bytes().fold(String::new(), |mut encoded, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => encoded.push(byte.into()),
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
        encoded
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_lead_to_the_sentence() {
        assert_eq!(
            with_fragment(
                "https://a.example/x",
                Some("He – \"lied\", again, and again, twice")
            ),
            "https://a.example/x#:~:text=He%20%E2%80%93%20%22lied%22%2C%20again%2C%20and%20again%2C"
        );
        assert_eq!(
            with_fragment("https://a.example/x#top", Some("No")),
            "https://a.example/x#top:~:text=No"
        );
        assert_eq!(
            with_fragment("https://a.example", None),
            "https://a.example"
        );
    }
}
