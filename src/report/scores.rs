//! Scores as text and as the long tables that R and spreadsheets want.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{self, Write};

use serde_json::Value;

use super::table::{Width, number, printable, signed, wrapped};
use crate::score::{ArticleScore, SentenceScore};
use crate::span::Voice;

/// One article for a terminal; its figure is over all sentences, listed are those of at least `min_confidence`.
pub fn score_text(score: &ArticleScore, min_confidence: f64, width: Width) -> String {
    let mut text = String::new();
    let _ = writeln!(
        text,
        "{}  {}  {}: {} over {}",
        printable(&score.outlet),
        printable(&score.article),
        match score.subject.is_empty() {
            true => "every sentence".to_string(),
            false => printable(&score.subject),
        },
        signed(score.net_stance),
        crate::wording::count(score.n, "sentence")
    );
    let listed = |sentence: &&SentenceScore| sentence.confidence() >= min_confidence;
    let n_listed = score.sentences.iter().filter(listed).count();
    for sentence in score.sentences.iter().filter(listed) {
        let kind = sentence
            .furniture
            .map_or(sentence.voice.name(), |kind| kind.name());
        let frames: Vec<String> = sentence
            .frames
            .keys()
            .map(|frame| printable(frame))
            .collect();
        let line = format!(
            "{} [{kind}] {}{}",
            signed(sentence.net_stance),
            printable(&sentence.text),
            match frames.is_empty() {
                true => String::new(),
                false => format!(" <{}>", frames.join(", ")),
            }
        );
        let _ = write!(text, "  {}", wrapped(width, 8, &line));
    }
    if n_listed < score.sentences.len() {
        let _ = writeln!(
            text,
            "  ({} not listed: the likeliest class has a probability below {min_confidence})",
            crate::wording::count(score.sentences.len() - n_listed, "sentence")
        );
    }
    let familiarity = &score.familiarity;
    if familiarity.unlike {
        let language = familiarity.language.as_ref();
        let line = format!(
            "Unlike the text the model was trained on{}: {} of {} words unknown to it (names apart). Its scores are guesses.",
            language.map_or(String::new(), |name| format!(", perhaps {name}")),
            familiarity.n_unknown,
            familiarity.n_words
        );
        let _ = write!(text, "  {}", wrapped(width, 2, &line));
    }
    text.push('\n');
    text
}

/// What a row of the long table is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// A sentence that mentions the subject.
    Sentence,
    /// An article.
    Article,
}

/// Writes scores as CSV. Further columns of the input are carried; a name that is taken gets `input_` before it until it is free.
pub struct ScoreTable<W: Write> {
    writer: csv::Writer<W>,
    level: Level,
    classes: Vec<String>,
    extra: BTreeSet<String>,
    min_confidence: f64,
}

impl<W: Write> ScoreTable<W> {
    /// Begins the table: `classes` of the model in order, `extra` the names of all further columns.
    pub fn new(
        out: W,
        level: Level,
        classes: &[String],
        extra: BTreeSet<String>,
    ) -> io::Result<ScoreTable<W>> {
        let mut header: Vec<String> = [
            "article", "outlet", "title", "date", "story", "genre", "subject",
        ]
        .map(str::to_string)
        .to_vec();
        match level {
            Level::Sentence => {
                header.extend(
                    [
                        "sentence",
                        "start",
                        "end",
                        "text",
                        "furniture",
                        "voice",
                        "speaker",
                        "camp",
                        "frames",
                        "n_mentions",
                        "net_stance",
                    ]
                    .map(str::to_string),
                );
                header.extend(classes.iter().map(|class| format!("p_{class}")));
            }
            Level::Article => {
                header.extend(["n", "net_stance"].map(str::to_string));
                for voice in Voice::ALL {
                    header.push(format!("n_{voice}"));
                    header.push(format!("net_stance_{voice}"));
                }
                header.extend(
                    [
                        "n_without_quotations",
                        "net_stance_without_quotations",
                        "n_words",
                        "n_unknown_words",
                        "unlike_training_text",
                    ]
                    .map(str::to_string),
                );
            }
        }
        // Columns that keep their names come first, so that `input_date` of the input is not taken by the input's `date`.
        let mut taken: BTreeSet<String> = header.iter().cloned().collect();
        let (clashing, free): (Vec<&String>, Vec<&String>) =
            extra.iter().partition(|name| taken.contains(*name));
        taken.extend(free.into_iter().cloned());
        let mut renamed: BTreeMap<&String, String> = BTreeMap::new();
        for name in clashing {
            let mut new = format!("input_{name}");
            while !taken.insert(new.clone()) {
                new.insert_str(0, "input_");
            }
            renamed.insert(name, new);
        }
        header.extend(
            extra
                .iter()
                .map(|name| renamed.get(name).unwrap_or(name).clone()),
        );
        let mut writer = csv::Writer::from_writer(out);
        writer.write_record(&header).map_err(into_io)?;
        Ok(ScoreTable {
            writer,
            level,
            classes: classes.to_vec(),
            extra,
            min_confidence: 0.0,
        })
    }

    /// Lists only sentences whose likeliest class has this probability; they keep their numbers, and articles their figures.
    pub fn min_confidence(self, min_confidence: f64) -> Self {
        ScoreTable {
            min_confidence,
            ..self
        }
    }

    /// Adds the rows of one score.
    pub fn add(&mut self, score: &ArticleScore) -> io::Result<()> {
        let word = |value: &Option<String>| value.clone().unwrap_or_default();
        let article = [
            score.article.clone(),
            score.outlet.clone(),
            word(&score.title),
            word(&score.date),
            word(&score.story),
            word(&score.genre),
            score.subject.clone(),
        ];
        let extra: Vec<String> = self
            .extra
            .iter()
            .map(|name| match score.extra.get(name) {
                None | Some(Value::Null) => String::new(),
                Some(Value::String(text)) => text.clone(),
                Some(other) => other.to_string(),
            })
            .collect();
        match self.level {
            Level::Article => {
                let mut row = article.to_vec();
                row.push(score.n.to_string());
                row.push(number(score.net_stance));
                for voice in Voice::ALL {
                    let figures = score.by_voice.get(&voice);
                    row.push(figures.map_or(0, |f| f.n).to_string());
                    row.push(number(figures.and_then(|f| f.net_stance)));
                }
                let figures = score.without_quotations();
                row.push(figures.map_or(0, |f| f.n).to_string());
                row.push(number(figures.and_then(|f| f.net_stance)));
                row.push(score.familiarity.n_words.to_string());
                row.push(score.familiarity.n_unknown.to_string());
                row.push(score.familiarity.unlike.to_string());
                row.extend(extra);
                self.writer.write_record(&row).map_err(into_io)
            }
            Level::Sentence => {
                for (index, sentence) in score.sentences.iter().enumerate() {
                    if sentence.confidence() < self.min_confidence {
                        continue;
                    }
                    let mut row = article.to_vec();
                    row.push((index + 1).to_string());
                    row.push(sentence.span.0.to_string());
                    row.push(sentence.span.1.to_string());
                    row.push(sentence.text.clone());
                    row.push(
                        sentence
                            .furniture
                            .map_or(String::new(), |kind| kind.to_string()),
                    );
                    row.push(sentence.voice.to_string());
                    row.push(word(&sentence.speaker));
                    row.push(word(&sentence.camp));
                    let frames: Vec<&str> = sentence.frames.keys().map(String::as_str).collect();
                    row.push(frames.join("|"));
                    row.push(sentence.mentions.len().to_string());
                    row.push(number(sentence.net_stance));
                    let probabilities = self
                        .classes
                        .iter()
                        .map(|class| sentence.probabilities.get(class).copied());
                    row.extend(probabilities.map(number));
                    row.extend(extra.iter().cloned());
                    self.writer.write_record(&row).map_err(into_io)?;
                }
                Ok(())
            }
        }
    }

    /// Writes what is left and gives the writer back.
    pub fn finish(self) -> io::Result<W> {
        self.writer.into_inner().map_err(|e| e.into_error())
    }
}

fn into_io(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_columns_share_a_name() {
        let extra = ["date", "input_date", "input_input_date", "section"]
            .map(str::to_string)
            .into();
        let table = ScoreTable::new(Vec::new(), Level::Article, &[], extra).expect("memory");
        let header = String::from_utf8(table.finish().expect("memory")).expect("UTF-8");
        assert!(
            header
                .trim_end()
                .ends_with(",input_input_input_date,input_date,input_input_date,section"),
            "{header}"
        );
    }
}
