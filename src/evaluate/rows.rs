//! What is known of a labelled row beside its class: where it stands, its outlet, its subject, whose words it is.
//!
//! A row's subject is its name where the data give one (column `subject`); for a row that gives a place only, the last word of what stands
//! there, so that people who share a family name count as one. The ids of NewsMTSC name the person also where a pronoun stands.

use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde_json::Value;

use crate::classifier::{PreparedData, PreparedRow};
use crate::corpus::{LabelledSentence, Target};
use crate::span::{Location, Span, Voice};
use crate::text::{MentionFinder, Subject, read, sentence_voice};

/// What of a labelled sentence its preparation does not keep.
#[derive(Debug, Clone, PartialEq)]
pub struct RowSource {
    /// Where the row stands.
    pub location: Location,
    /// The row's id.
    pub id: Option<String>,
    /// The label as the file has it.
    pub label: String,
    /// The article's id.
    pub article: Option<String>,
    /// Who published the sentence.
    pub outlet: Option<String>,
    /// The subject's name.
    pub subject: Option<String>,
    /// The column `voice`, where it holds one.
    voice: Option<Voice>,
}

impl RowSource {
    /// Keeps what `sentence` says.
    pub fn new(sentence: &LabelledSentence) -> RowSource {
        let column = |name: &str| sentence.extra.get(name).and_then(Value::as_str);
        let subject = match &sentence.target {
            Target::Name(name) => Some(name.clone()),
            Target::Span(span) => column("subject")
                .map(|name| name.trim().to_string())
                .filter(|name| !name.is_empty())
                .or_else(|| last_word(newsmtsc_name(sentence).unwrap_or(span.of(&sentence.text)))),
            Target::None => None,
        };
        let voice = column("voice").map(|voice| voice.trim().to_lowercase());
        RowSource {
            location: sentence.location.clone(),
            id: sentence.id.clone(),
            label: sentence.label.clone(),
            article: sentence.article.clone(),
            outlet: sentence.outlet.clone(),
            subject,
            voice: voice.and_then(|name| Voice::ALL.into_iter().find(|v| v.name() == name)),
        }
    }
}

fn last_word(name: &str) -> Option<String> {
    let word = name.split_whitespace().next_back()?;
    let word = word.trim_end_matches("'s").trim_end_matches("’s");
    let word = word.trim_matches(|c: char| !c.is_alphanumeric());
    (!word.is_empty()).then(|| word.to_string())
}

/// The person in an id of NewsMTSC: `ARTICLE_SENTENCE_NAME_FROM_TO`.
fn newsmtsc_name(sentence: &LabelledSentence) -> Option<&str> {
    sentence.extra.get("mention")?;
    let rest = sentence
        .id
        .as_deref()?
        .strip_prefix(sentence.article.as_deref()?)?;
    let (_, rest) = rest.strip_prefix('_')?.split_once('_')?;
    let (rest, _to) = rest.rsplit_once('_')?;
    let (name, _from) = rest.rsplit_once('_')?;
    Some(name)
}

/// What is known of a prepared row.
#[derive(Debug, Clone, PartialEq)]
pub struct RowFacts {
    /// What its file says.
    pub source: RowSource,
    /// Its sentence, as a dense id: rows of one article with the same text share it.
    pub sentence: usize,
    /// The subject's mentions (bytes of the text).
    pub mentions: Vec<Span>,
    /// Whose words it is: the column `voice`, else read from the text as `score` does.
    pub voice: Voice,
}

/// Prepared rows and what else is known of each.
#[derive(Debug, Clone, PartialEq)]
pub struct TestSet {
    /// The rows.
    pub data: PreparedData,
    /// One a row.
    pub facts: Vec<RowFacts>,
}

impl TestSet {
    /// Joins prepared rows with `sources`, one for each sentence that was given to the preparation.
    pub fn new(data: PreparedData, sources: &[RowSource]) -> TestSet {
        let mut sentences: FxHashMap<(usize, &str), usize> = FxHashMap::default();
        let ids: Vec<usize> = data
            .rows
            .iter()
            .map(|row| {
                let next = sentences.len();
                *sentences.entry((row.group, &row.text)).or_insert(next)
            })
            .collect();
        let facts = data
            .rows
            .par_iter()
            .zip(ids)
            .map(|(row, sentence)| {
                let source = sources[row.origin].clone();
                RowFacts {
                    voice: source
                        .voice
                        .unwrap_or_else(|| voice_of(row, source.subject.as_deref())),
                    sentence,
                    mentions: row.mentions.clone(),
                    source,
                }
            })
            .collect();
        TestSet { data, facts }
    }
}

/// Whose words the row's text is, read on its own.
fn voice_of(row: &PreparedRow, subject: Option<&str>) -> Voice {
    let text = row.text.as_str();
    let names = row.mentions.iter().map(|span| span.of(text)).chain(subject);
    let mut names: Vec<&str> = names
        .filter(|name| name.chars().any(char::is_uppercase))
        .collect();
    names.sort_unstable();
    names.dedup();
    // A name nobody can search for is nobody's.
    let finders: Vec<MentionFinder> = names
        .iter()
        .filter_map(|name| MentionFinder::new(&Subject::new(*name, Vec::new())).ok())
        .collect();
    let reading = read(text, None, &[]);
    let is_subject = |name: &str| {
        let family = last_word(name);
        finders.iter().any(|finder| finder.is_name(name))
            || family.is_some() && names.iter().any(|known| last_word(known) == family)
    };
    let whole = Span::new(0, text.len());
    sentence_voice(reading.prose(text), whole, &reading.stretches, is_subject).0
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::classes::{Classes, Task};
    use crate::classifier::prepare;

    fn row(text: &str, mention: &str) -> LabelledSentence {
        let start = text.find(mention).expect("the mention is in the text");
        LabelledSentence {
            location: Location::line("rows.jsonl", 1),
            id: None,
            text: text.into(),
            label: "favor".into(),
            n_labels: 1,
            target: Target::Span(Span::new(start, start + mention.len())),
            outlet: None,
            article: Some("a".into()),
            weight: None,
            annotator: None,
            extra: BTreeMap::new(),
        }
    }

    #[test]
    fn subjects_are_names_or_the_last_word_of_the_mention() {
        let mut given = row("Mayor Ida Holt's plan failed.", "Mayor Ida Holt's");
        assert_eq!(RowSource::new(&given).subject.as_deref(), Some("Holt"));
        given.extra.insert("subject".into(), " Ida Holt ".into());
        assert_eq!(RowSource::new(&given).subject.as_deref(), Some("Ida Holt"));
        let mut published = row("They praised her.", "her");
        published.article = Some("polusa_v1_5_-1".into());
        published.id = Some("polusa_v1_5_-1_9_Dana Q. Voss_13_16".into());
        assert_eq!(RowSource::new(&published).subject.as_deref(), Some("her"));
        published.extra.insert("mention".into(), "her".into());
        assert_eq!(RowSource::new(&published).subject.as_deref(), Some("Voss"));
    }

    #[test]
    fn voices_come_from_the_column_or_the_text() {
        let text = "“Holt is a liar and always was one,” said Mara Voss.";
        let mut labelled = row(text, "Holt");
        labelled.extra.insert("voice".into(), "Reported".into());
        let rows = vec![
            row(text, "Holt"),
            row(text, "Mara Voss"),
            row("Holt arrived by train on Monday.", "Holt"),
            labelled,
        ];
        let classes = Classes::from_labels(["favor", "against"], Task::Infer, &BTreeMap::new())
            .expect("two classes");
        let sources: Vec<RowSource> = rows.iter().map(RowSource::new).collect();
        let data = prepare(rows, &classes, &BTreeMap::new(), None).expect("good rows");
        let set = TestSet::new(data, &sources);
        let voices: Vec<Voice> = set.facts.iter().map(|facts| facts.voice).collect();
        assert_eq!(
            voices,
            [Voice::Quote, Voice::Own, Voice::Outlet, Voice::Reported]
        );
        let sentences: Vec<usize> = set.facts.iter().map(|facts| facts.sentence).collect();
        assert_eq!(sentences, [0, 0, 1, 0]);
    }
}
