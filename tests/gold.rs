//! How well pages are read, on gold written by hand: sentence borders, furniture, mentions, voices and speakers.
//!
//! Each kind has two files: rules are tuned on `-dev` and judged on `-test`, which nobody looks at while tuning. The figures are
//! printed (`cargo test --test gold -- --nocapture`), and floors keep them from falling. With `GOLD_ERRORS=dev` every miss on the
//! tuning files is printed too.

use std::collections::BTreeSet;
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use standpoint::span::{CharOffsets, CharSpan, FurnitureKind, Span, Voice};
use standpoint::text::{
    How, MentionFinder, Named, Speaker, Subject, pronouns, read, sentence_voice, split_sentences,
};

fn rows<T: DeserializeOwned>(name: &str) -> Vec<T> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/data")
        .join(name);
    std::fs::read_to_string(&path)
        .unwrap_or_else(|e| panic!("{}: {e}", path.display()))
        .lines()
        .filter(|line| !line.trim().is_empty())
        .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{name}: {e}: {line}")))
        .collect()
}

fn show_errors(half: &str) -> bool {
    std::env::var("GOLD_ERRORS").is_ok_and(|wanted| wanted == half && half == "dev")
}

/// Hits, misses and false alarms.
#[derive(Default)]
struct Score {
    hits: usize,
    missed: usize,
    wrong: usize,
}

impl Score {
    fn add<T: Ord>(&mut self, gold: &BTreeSet<T>, found: &BTreeSet<T>) {
        let hits = gold.intersection(found).count();
        self.hits += hits;
        self.missed += gold.len() - hits;
        self.wrong += found.len() - hits;
    }

    fn precision(&self) -> f64 {
        self.hits as f64 / (self.hits + self.wrong).max(1) as f64
    }

    fn recall(&self) -> f64 {
        self.hits as f64 / (self.hits + self.missed).max(1) as f64
    }

    fn f1(&self) -> f64 {
        let (p, r) = (self.precision(), self.recall());
        if p + r == 0.0 {
            0.0
        } else {
            2.0 * p * r / (p + r)
        }
    }

    fn print(&self, what: &str) {
        println!(
            "{what}: precision {:.3}, recall {:.3}, F1 {:.3} (n {})",
            self.precision(),
            self.recall(),
            self.f1(),
            self.hits + self.missed
        );
    }
}

#[derive(Deserialize)]
struct SentenceRow {
    text: String,
    sentences: Vec<String>,
}

fn sentence_borders(half: &str) -> Score {
    let mut score = Score::default();
    for row in rows::<SentenceRow>(&format!("sentences-{half}.jsonl")) {
        let mut at = 0;
        let gold: BTreeSet<Span> = row
            .sentences
            .iter()
            .map(|sentence| {
                let start = at
                    + row.text[at..]
                        .find(sentence.as_str())
                        .expect("gold sentences stand in order");
                at = start + sentence.len();
                Span::new(start, at)
            })
            .collect();
        let found: BTreeSet<Span> = split_sentences(&row.text, Span::new(0, row.text.len()))
            .into_iter()
            .collect();
        if gold != found && show_errors(half) {
            let cut: Vec<&str> = found.iter().map(|span| span.of(&row.text)).collect();
            println!(
                "SPLIT {}\n   gold {:?}\n  found {cut:?}",
                row.text, row.sentences
            );
        }
        score.add(&gold, &found);
    }
    score
}

#[derive(Deserialize)]
struct Page {
    page: String,
    title: Option<String>,
    lines: Vec<Line>,
    gap: String,
}

#[derive(Deserialize)]
struct Line {
    text: String,
    kind: Option<FurnitureKind>,
    prefix: Option<Prefix>,
}

#[derive(Deserialize)]
struct Prefix {
    text: String,
}

/// Lines told to be furniture, and of those found the share with the right kind.
fn furniture_lines(half: &str) -> (Score, f64, Score) {
    let mut lines = Score::default();
    let mut prefixes = Score::default();
    let (mut kinds, mut right) = (0, 0);
    for page in rows::<Page>(&format!("furniture-{half}.jsonl")) {
        let texts: Vec<&str> = page.lines.iter().map(|line| line.text.as_str()).collect();
        let text = texts.join(&page.gap);
        let reading = read(&text, page.title.as_deref(), &[]);
        let mut start = 0;
        for line in &page.lines {
            let span = Span::new(start, start + line.text.len());
            start = span.end + page.gap.len();
            let pieces: Vec<_> = reading
                .sentences
                .iter()
                .filter(|s| s.span.overlaps(span))
                .collect();
            let found = pieces.iter().all(|piece| piece.furniture.is_some());
            match (line.kind.is_some(), found) {
                (true, true) => lines.hits += 1,
                (true, false) => lines.missed += 1,
                (false, true) => lines.wrong += 1,
                (false, false) => {}
            }
            if line.kind.is_some() != found && show_errors(half) {
                println!(
                    "FURNITURE {} gold {:?}: {}",
                    page.page, line.kind, line.text
                );
            }
            if let (Some(kind), true) = (line.kind, found) {
                kinds += 1;
                right += usize::from(pieces[0].furniture.map(|f| f.kind) == Some(kind));
                if pieces[0].furniture.map(|f| f.kind) != Some(kind) && show_errors(half) {
                    println!(
                        "KIND {} gold {kind:?} found {:?}: {}",
                        page.page, pieces[0].furniture, line.text
                    );
                }
            }
            if line.kind.is_none() {
                let cut = pieces
                    .first()
                    .filter(|piece| piece.furniture.is_some() && !found)
                    .map(|piece| piece.span.of(&text));
                match (&line.prefix, cut) {
                    (Some(gold), Some(cut)) if gold.text.trim() == cut => prefixes.hits += 1,
                    (gold, cut) => {
                        prefixes.missed += usize::from(gold.is_some());
                        prefixes.wrong += usize::from(cut.is_some());
                        if (gold.is_some() || cut.is_some()) && show_errors(half) {
                            println!(
                                "PREFIX {} gold {:?} found {cut:?}: {}",
                                page.page,
                                gold.as_ref().map(|g| &g.text),
                                line.text
                            );
                        }
                    }
                }
            }
        }
    }
    (lines, right as f64 / kinds.max(1) as f64, prefixes)
}

#[derive(Deserialize)]
struct MentionRow {
    subject: Subject,
    text: String,
    mentions: Vec<GoldMention>,
    pronouns: Vec<GoldPronoun>,
}

#[derive(Deserialize)]
struct GoldPronoun {
    from: usize,
    to: usize,
    is_subject: bool,
}

#[derive(Deserialize)]
struct GoldMention {
    from: usize,
    to: usize,
    how: How,
}

fn mentions(half: &str) -> Score {
    let mut score = Score::default();
    for row in rows::<MentionRow>(&format!("mentions-{half}.jsonl")) {
        let offsets = CharOffsets::new(&row.text);
        let finder = MentionFinder::new(&row.subject).expect("gold subjects can be searched for");
        let gold: BTreeSet<(CharSpan, How)> = row
            .mentions
            .iter()
            .map(|m| (CharSpan(m.from, m.to), m.how))
            .collect();
        let found: BTreeSet<(CharSpan, How)> = finder
            .find(&row.text)
            .iter()
            .map(|m| (offsets.chars(m.span), m.how))
            .collect();
        if gold != found && show_errors(half) {
            let words = |spans: &BTreeSet<(CharSpan, How)>| -> Vec<String> {
                spans
                    .iter()
                    .map(|(span, how)| {
                        format!(
                            "{} {how:?} {span:?}",
                            offsets.bytes(*span).expect("inside").of(&row.text)
                        )
                    })
                    .collect()
            };
            println!(
                "MENTION {} | {}\n  missed {:?}\n  wrong {:?}",
                row.subject.name,
                row.text,
                words(&gold.difference(&found).copied().collect()),
                words(&found.difference(&gold).copied().collect())
            );
        }
        score.add(&gold, &found);
    }
    score
}

/// Pronouns that stand for the subject.
fn pronoun_mentions(half: &str) -> Score {
    let mut score = Score::default();
    for row in rows::<MentionRow>(&format!("mentions-{half}.jsonl")) {
        let offsets = CharOffsets::new(&row.text);
        let finder = MentionFinder::new(&row.subject).expect("gold subjects can be searched for");
        let named = finder.find(&row.text);
        let reading = read(&row.text, None, &[]);
        let subject = Named {
            finder: &finder,
            mentions: &named,
        };
        let found: BTreeSet<CharSpan> = pronouns(&row.text, &reading, &[subject])[0]
            .iter()
            .map(|m| offsets.chars(m.span))
            .collect();
        let gold: BTreeSet<CharSpan> = row
            .pronouns
            .iter()
            .filter(|pronoun| pronoun.is_subject)
            .map(|pronoun| CharSpan(pronoun.from, pronoun.to))
            .collect();
        if gold != found && show_errors(half) {
            let words = |spans: Vec<&CharSpan>| -> Vec<String> {
                let word = |span: &CharSpan| {
                    let bytes = offsets.bytes(*span).expect("inside");
                    format!("{} {span:?}", bytes.of(&row.text))
                };
                spans.into_iter().map(word).collect()
            };
            println!(
                "PRONOUN {} | {}\n  missed {:?}\n  wrong {:?}",
                row.subject.name,
                row.text,
                words(gold.difference(&found).collect()),
                words(found.difference(&gold).collect())
            );
        }
        score.add(&gold, &found);
    }
    score
}

#[derive(Deserialize)]
struct VoiceRow {
    subject: Subject,
    text: String,
    sentences: Vec<GoldVoice>,
}

#[derive(Deserialize)]
struct GoldVoice {
    text: String,
    voice: Voice,
    speaker: Option<String>,
}

/// Share of sentences with the right voice, and of quoted, reported and own ones with the right speaker (or rightly none).
fn voices(half: &str) -> (f64, f64, usize) {
    let (mut n, mut right, mut spoken, mut speakers) = (0, 0, 0, 0);
    for row in rows::<VoiceRow>(&format!("voice-{half}.jsonl")) {
        let reading = read(&row.text, None, &[]);
        let finder = MentionFinder::new(&row.subject).expect("gold subjects can be searched for");
        let mut at = 0;
        for gold in &row.sentences {
            let start = at
                + row.text[at..]
                    .find(gold.text.as_str())
                    .expect("gold sentences stand in order");
            at = start + gold.text.len();
            let (voice, speaker) = sentence_voice(
                &row.text,
                Span::new(start, at),
                &reading.stretches,
                |name| finder.is_name(name),
            );
            n += 1;
            right += usize::from(voice == gold.voice);
            let name = match &speaker {
                Speaker::Named(name) => Some(name.clone()),
                _ => None,
            };
            if matches!(gold.voice, Voice::Quote | Voice::Reported | Voice::Own) {
                spoken += 1;
                let same = match (&name, &gold.speaker) {
                    (Some(found), Some(gold)) => {
                        found == gold || voice == Voice::Own && finder.is_name(found)
                    }
                    (None, None) => true,
                    _ => false,
                };
                speakers += usize::from(same);
                if !same && show_errors(half) {
                    println!(
                        "SPEAKER gold {:?} found {speaker:?}: {}",
                        gold.speaker, gold.text
                    );
                }
            }
            if voice != gold.voice && show_errors(half) {
                println!(
                    "VOICE gold {} found {voice} ({speaker:?}): {}",
                    gold.voice, gold.text
                );
            }
        }
    }
    (right as f64 / n as f64, speakers as f64 / spoken as f64, n)
}

#[test]
fn sentences_end_where_a_reader_ends_them() {
    for (half, floor) in [("dev", 0.90), ("test", 0.90)] {
        let score = sentence_borders(half);
        score.print(&format!("sentences {half}"));
        assert!(score.f1() >= floor);
    }
}

#[test]
fn furniture_is_told_from_prose() {
    for (half, floor) in [("dev", 0.85), ("test", 0.80)] {
        let (lines, kinds, prefixes) = furniture_lines(half);
        lines.print(&format!("furniture {half}"));
        println!("  right kind of those found {kinds:.3}");
        prefixes.print(&format!("  labels and datelines before prose {half}"));
        assert!(lines.f1() >= floor);
    }
}

#[test]
fn mentions_of_the_subject_are_found() {
    for (half, floor) in [("dev", 0.85), ("test", 0.80)] {
        let score = mentions(half);
        score.print(&format!("mentions {half}"));
        assert!(score.f1() >= floor);
    }
}

#[test]
fn pronouns_are_given_to_the_subject_only_where_they_are_its_own() {
    for half in ["dev", "test"] {
        let score = pronoun_mentions(half);
        score.print(&format!("pronouns {half}"));
        assert!(score.precision() >= 0.9 && score.recall() >= 0.5);
    }
}

#[test]
fn voices_and_speakers_are_told() {
    for (half, floor) in [("dev", 0.75), ("test", 0.70)] {
        let (voices, speakers, n) = voices(half);
        println!("voices {half}: accuracy {voices:.3}, speakers {speakers:.3} (n {n})");
        assert!(voices >= floor);
    }
}
