//! Scores as text and as the long tables that R and spreadsheets want.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::io::{self, Write};

use serde_json::Value;

use super::paint::Paint;
use super::table::{Width, number, printable, signed, wrapped};
use crate::score::{ArticleScore, SentenceScore};
use crate::span::Voice;

/// Room for lines that begin two columns further right.
fn narrower(width: Width) -> Width {
    Width(width.0.saturating_sub(2))
}

/// One article for a terminal; its figure is over all sentences, listed are those of at least `min_confidence`.
pub fn score_text(score: &ArticleScore, min_confidence: f64, width: Width, paint: Paint) -> String {
    let head = format!(
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
    let mut text = paint.bold(&match head.chars().count() > usize::from(width.0) {
        true => wrapped(width, 2, &head),
        false => head + "\n",
    });
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
        let _ = write!(text, "  {}", wrapped(narrower(width), 8, &line));
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
        let _ = write!(text, "  {}", wrapped(narrower(width), 2, &line));
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

/// What a column of the long table holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Words; none is an empty cell.
    Text,
    /// Whole numbers, never absent.
    Whole,
    /// Numbers.
    Number,
    /// Truth values.
    Truth,
    /// Several names.
    Names,
}

/// A cell of the long table, of its column's [`Kind`].
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Cell<'s> {
    Text(Option<&'s str>),
    Whole(usize),
    Number(Option<f64>),
    Truth(bool),
    Names(Vec<&'s str>),
    /// The value of a further column, whose values may be of several kinds.
    Value(&'s Value),
}

impl<'s> Cell<'s> {
    fn text(text: &'s str) -> Cell<'s> {
        Cell::Text(Some(text))
    }

    /// Bytes of its text, at most.
    #[cfg(feature = "arrow")]
    pub(super) fn len(&self) -> usize {
        match self {
            Cell::Text(text) => text.map_or(0, str::len),
            Cell::Names(names) => names.iter().map(|name| name.len()).sum(),
            Cell::Value(Value::String(text)) => text.len(),
            Cell::Value(value @ (Value::Array(_) | Value::Object(_))) => value.to_string().len(),
            _ => 0,
        }
    }

    /// As CSV has it.
    fn into_csv(self) -> String {
        match self {
            Cell::Text(text) => text.unwrap_or_default().to_string(),
            Cell::Whole(n) => n.to_string(),
            Cell::Number(value) => number(value),
            Cell::Truth(truth) => truth.to_string(),
            Cell::Names(names) => names.join("|"),
            Cell::Value(value) => text_of(value).map_or(String::new(), Cow::into_owned),
        }
    }
}

/// A value of a further column as text: JSON where it is none; `None` for null.
pub(super) fn text_of(value: &Value) -> Option<Cow<'_, str>> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(Cow::Borrowed(text)),
        other => Some(Cow::Owned(other.to_string())),
    }
}

/// The rows of scores in a long table. Further columns of the input are carried; a name that is taken gets `input_` before it until it is free.
pub(super) struct ScoreRows {
    level: Level,
    classes: Vec<String>,
    extra: BTreeSet<String>,
    pub(super) min_confidence: f64,
}

impl ScoreRows {
    /// Of `classes` of the model in order; `extra` are the names of all further columns.
    pub(super) fn new(level: Level, classes: &[String], extra: BTreeSet<String>) -> ScoreRows {
        ScoreRows {
            level,
            classes: classes.to_vec(),
            extra,
            min_confidence: 0.0,
        }
    }

    /// The columns: no two share a name.
    pub(super) fn columns(&self) -> Vec<(String, Kind)> {
        let text = |name: &str| (name.to_string(), Kind::Text);
        let whole = |name: &str| (name.to_string(), Kind::Whole);
        let real = |name: &str| (name.to_string(), Kind::Number);
        let mut columns: Vec<(String, Kind)> = [
            "article", "outlet", "title", "date", "story", "genre", "subject",
        ]
        .map(text)
        .to_vec();
        match self.level {
            Level::Sentence => {
                columns.extend(["sentence", "start", "end"].map(whole));
                columns.extend(["text", "furniture", "voice", "speaker", "camp"].map(text));
                columns.push(("frames".to_string(), Kind::Names));
                columns.extend([whole("n_mentions"), real("net_stance")]);
                columns.extend(self.classes.iter().map(|class| real(&format!("p_{class}"))));
            }
            Level::Article => {
                columns.extend([whole("n"), real("net_stance")]);
                for voice in Voice::ALL {
                    columns.push(whole(&format!("n_{voice}")));
                    columns.push(real(&format!("net_stance_{voice}")));
                }
                columns.extend([
                    whole("n_without_quotations"),
                    real("net_stance_without_quotations"),
                    whole("n_words"),
                    whole("n_unknown_words"),
                    ("unlike_training_text".to_string(), Kind::Truth),
                ]);
            }
        }
        // Columns that keep their names come first, so that `input_date` of the input is not taken by the input's `date`.
        let mut taken: BTreeSet<String> = columns.iter().map(|(name, _)| name.clone()).collect();
        let (clashing, free): (Vec<&String>, Vec<&String>) =
            self.extra.iter().partition(|name| taken.contains(*name));
        taken.extend(free.into_iter().cloned());
        let mut renamed: BTreeMap<&String, String> = BTreeMap::new();
        for name in clashing {
            let mut new = format!("input_{name}");
            while !taken.insert(new.clone()) {
                new.insert_str(0, "input_");
            }
            renamed.insert(name, new);
        }
        let extra = self.extra.iter();
        columns.extend(extra.map(|name| text(renamed.get(name).unwrap_or(name))));
        columns
    }

    /// Gives `row` the rows of one score, one cell a column.
    pub(super) fn each<'s, E>(
        &self,
        score: &'s ArticleScore,
        mut row: impl FnMut(Vec<Cell<'s>>) -> Result<(), E>,
    ) -> Result<(), E> {
        let article = [
            Cell::text(&score.article),
            Cell::text(&score.outlet),
            Cell::Text(score.title.as_deref()),
            Cell::Text(score.date.as_deref()),
            Cell::Text(score.story.as_deref()),
            Cell::Text(score.genre.as_deref()),
            Cell::text(&score.subject),
        ];
        let extra: Vec<Cell<'s>> = self
            .extra
            .iter()
            .map(|name| score.extra.get(name).map_or(Cell::Text(None), Cell::Value))
            .collect();
        match self.level {
            Level::Article => {
                let mut cells = article.to_vec();
                cells.extend([Cell::Whole(score.n), Cell::Number(score.net_stance)]);
                for voice in Voice::ALL {
                    let figures = score.by_voice.get(&voice);
                    cells.push(Cell::Whole(figures.map_or(0, |f| f.n)));
                    cells.push(Cell::Number(figures.and_then(|f| f.net_stance)));
                }
                let figures = score.without_quotations();
                cells.push(Cell::Whole(figures.map_or(0, |f| f.n)));
                cells.push(Cell::Number(figures.and_then(|f| f.net_stance)));
                cells.push(Cell::Whole(score.familiarity.n_words));
                cells.push(Cell::Whole(score.familiarity.n_unknown));
                cells.push(Cell::Truth(score.familiarity.unlike));
                cells.extend(extra);
                row(cells)
            }
            Level::Sentence => {
                for (index, sentence) in score.sentences.iter().enumerate() {
                    if sentence.confidence() < self.min_confidence {
                        continue;
                    }
                    let mut cells = article.to_vec();
                    cells.extend(self.of_sentence(index, sentence));
                    cells.extend(extra.iter().cloned());
                    row(cells)?;
                }
                Ok(())
            }
        }
    }

    /// The cells that are the sentence's own.
    fn of_sentence<'s>(
        &self,
        index: usize,
        sentence: &'s SentenceScore,
    ) -> impl Iterator<Item = Cell<'s>> {
        let own = [
            Cell::Whole(index + 1),
            Cell::Whole(sentence.span.0),
            Cell::Whole(sentence.span.1),
            Cell::text(&sentence.text),
            Cell::Text(sentence.furniture.map(|kind| kind.name())),
            Cell::text(sentence.voice.name()),
            Cell::Text(sentence.speaker.as_deref()),
            Cell::Text(sentence.camp.as_deref()),
            Cell::Names(sentence.frames.keys().map(String::as_str).collect()),
            Cell::Whole(sentence.mentions.len()),
            Cell::Number(sentence.net_stance),
        ];
        let probabilities = self
            .classes
            .iter()
            .map(|class| Cell::Number(sentence.probabilities.get(class).copied()));
        own.into_iter().chain(probabilities)
    }
}

/// Writes scores as CSV. Further columns of the input are carried; a name that is taken gets `input_` before it until it is free.
pub struct ScoreTable<W: Write> {
    writer: csv::Writer<W>,
    rows: ScoreRows,
}

impl<W: Write> ScoreTable<W> {
    /// Begins the table: `classes` of the model in order, `extra` the names of all further columns.
    pub fn new(
        out: W,
        level: Level,
        classes: &[String],
        extra: BTreeSet<String>,
    ) -> io::Result<ScoreTable<W>> {
        let rows = ScoreRows::new(level, classes, extra);
        let mut writer = csv::Writer::from_writer(out);
        let header = rows.columns().into_iter().map(|(name, _)| name);
        writer.write_record(header).map_err(into_io)?;
        Ok(ScoreTable { writer, rows })
    }

    /// Lists only sentences whose likeliest class has this probability; they keep their numbers, and articles their figures.
    pub fn min_confidence(mut self, min_confidence: f64) -> Self {
        self.rows.min_confidence = min_confidence;
        self
    }

    /// Adds the rows of one score.
    pub fn add(&mut self, score: &ArticleScore) -> io::Result<()> {
        let writer = &mut self.writer;
        self.rows.each(score, |cells| {
            let cells: Vec<String> = cells.into_iter().map(Cell::into_csv).collect();
            writer.write_record(&cells).map_err(into_io)
        })
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
