//! Places: a [`Span`] of a text, a [`Location`] in a file, and what a stretch of text is
//! ([`FurnitureKind`]) and who speaks in it ([`Voice`]).
//!
//! Inside the library every span counts bytes, so that slicing is free. Every file that users see
//! counts Unicode characters, half-open, because they work in R and Python; [`CharOffsets`]
//! translates at that border and nowhere else.

use std::fmt;
use std::ops::Range;

use serde::{Deserialize, Serialize};

/// A half-open stretch of a text in bytes, on character boundaries.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// First byte.
    pub start: usize,
    /// One past the last byte.
    pub end: usize,
}

impl Span {
    /// The stretch from `start` to `end`.
    pub fn new(start: usize, end: usize) -> Self {
        debug_assert!(start <= end);
        Span { start, end }
    }

    /// The words of this stretch in `text`, the text the span was made for.
    pub fn of(self, text: &str) -> &str {
        &text[self.start..self.end]
    }

    /// Whether `other` lies inside this stretch.
    pub fn contains(self, other: Span) -> bool {
        self.start <= other.start && other.end <= self.end
    }

    /// Whether the two share at least one byte.
    pub fn overlaps(self, other: Span) -> bool {
        self.start < other.end && other.start < self.end
    }

    /// The same stretch counted from `origin`, for example from the start of its sentence.
    pub fn relative_to(self, origin: usize) -> Span {
        Span::new(self.start - origin, self.end - origin)
    }

    /// The same stretch when the text it was made for begins at `origin` of a longer one.
    pub fn shifted(self, origin: usize) -> Span {
        Span::new(self.start + origin, self.end + origin)
    }

    /// Length in bytes.
    pub fn len(self) -> usize {
        self.end - self.start
    }

    /// Whether the stretch holds nothing.
    pub fn is_empty(self) -> bool {
        self.start == self.end
    }
}

impl From<Range<usize>> for Span {
    fn from(range: Range<usize>) -> Self {
        Span::new(range.start, range.end)
    }
}

/// A span in Unicode characters, as it stands in files: `[start, end]`, half-open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct CharSpan(pub usize, pub usize);

/// Translates between bytes and characters of one text.
///
/// Pure ASCII needs no table. Otherwise a mark is kept every 64 characters, so that a look-up
/// counts at most that many.
#[derive(Debug, Clone)]
pub struct CharOffsets<'t> {
    text: &'t str,
    /// Byte offset of character 0, 64, 128, ...; empty for an ASCII text.
    marks: Vec<usize>,
}

impl<'t> CharOffsets<'t> {
    const STEP: usize = 64;

    /// Prepares `text` for look-ups: one pass.
    pub fn new(text: &'t str) -> Self {
        let marks = if text.is_ascii() {
            Vec::new()
        } else {
            let mut marks = vec![0];
            let mut at = 0;
            while let Some(next) = Self::step(&text[at..]) {
                at += next;
                marks.push(at);
            }
            marks
        };
        CharOffsets { text, marks }
    }

    /// The length of the first [`CharOffsets::STEP`] characters of `rest`; `None` where nothing follows them.
    fn step(rest: &str) -> Option<usize> {
        let next = match rest.as_bytes().get(..Self::STEP) {
            Some(bytes) if bytes.is_ascii() => Self::STEP,
            _ => rest.char_indices().nth(Self::STEP)?.0,
        };
        (next < rest.len()).then_some(next)
    }

    /// The number of characters before byte `byte`.
    pub fn char_at(&self, byte: usize) -> usize {
        if self.marks.is_empty() {
            return byte;
        }
        let block = self.marks.partition_point(|&mark| mark <= byte) - 1;
        block * Self::STEP + self.text[self.marks[block]..byte].chars().count()
    }

    /// The byte at which character `index` starts (the length of the text for the one past the
    /// last); `None` beyond.
    pub fn byte_at(&self, index: usize) -> Option<usize> {
        if self.marks.is_empty() {
            return (index <= self.text.len()).then_some(index);
        }
        let block = (index / Self::STEP).min(self.marks.len() - 1);
        let rest = &self.text[self.marks[block]..];
        rest.char_indices()
            .map(|(byte, _)| byte)
            .chain(std::iter::once(rest.len()))
            .nth(index - block * Self::STEP)
            .map(|byte| self.marks[block] + byte)
    }

    /// `span` counted in characters.
    pub fn chars(&self, span: Span) -> CharSpan {
        CharSpan(self.char_at(span.start), self.char_at(span.end))
    }

    /// `span` counted in bytes; `None` where it runs backwards or past the end.
    pub fn bytes(&self, span: CharSpan) -> Option<Span> {
        let (start, end) = (self.byte_at(span.0)?, self.byte_at(span.1)?);
        (start <= end).then(|| Span::new(start, end))
    }
}

/// Where a record stands: what an error message begins with.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub struct Location {
    /// The file as the user named it; `-` is standard input.
    pub file: String,
    /// Line, from 1; `None` where the whole file is meant.
    pub line: Option<u64>,
}

impl Location {
    /// The whole of `file`.
    pub fn file(file: impl Into<String>) -> Self {
        Location {
            file: file.into(),
            line: None,
        }
    }

    /// Line `line` (from 1) of `file`.
    pub fn line(file: impl Into<String>, line: u64) -> Self {
        Location {
            file: file.into(),
            line: Some(line),
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.line {
            Some(line) => write!(f, "{}:{line}", self.file),
            None => write!(f, "{}", self.file),
        }
    }
}

/// Whose evaluation of the subject a sentence carries.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(rename_all = "lowercase")]
pub enum Voice {
    /// The outlet's own.
    #[default]
    Outlet,
    /// Somebody quoted in quotation marks.
    Quote,
    /// Somebody whose words are told without quotation marks.
    Reported,
    /// The subject's own words, quoted or reported.
    #[serde(rename = "self")]
    Own,
    /// Several of these at once.
    Mixed,
}

impl Voice {
    /// All voices, in the order tables show them.
    pub const ALL: [Voice; 5] = [
        Voice::Outlet,
        Voice::Quote,
        Voice::Reported,
        Voice::Own,
        Voice::Mixed,
    ];

    /// The word in files: `outlet`, `quote`, `reported`, `self`, `mixed`.
    pub fn name(self) -> &'static str {
        match self {
            Voice::Outlet => "outlet",
            Voice::Quote => "quote",
            Voice::Reported => "reported",
            Voice::Own => "self",
            Voice::Mixed => "mixed",
        }
    }
}

impl fmt::Display for Voice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// What a piece of page text is when it is not the article's prose.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FurnitureKind {
    /// Words under or beside a picture.
    Caption,
    /// Who took or owns a picture.
    Credit,
    /// Who wrote the article.
    Byline,
    /// Where and when it was written: `WASHINGTON (AP) —`.
    Dateline,
    /// A heading inside the article.
    Heading,
    /// The article's headline (again) in its body.
    Headline,
    /// An advert or the word for one.
    Advert,
    /// Share, subscribe, app, alert, newsletter and comment lines.
    Promotion,
    /// A pointer to something else: `Read more`, `WATCH:`, `Related:`.
    Link,
    /// A label before or instead of prose: `UPDATE:`, `Original story:`.
    Label,
    /// A post embedded from elsewhere: body, signature, date stamp.
    Embed,
}

impl FurnitureKind {
    /// The word in files.
    pub fn name(self) -> &'static str {
        match self {
            FurnitureKind::Caption => "caption",
            FurnitureKind::Credit => "credit",
            FurnitureKind::Byline => "byline",
            FurnitureKind::Dateline => "dateline",
            FurnitureKind::Heading => "heading",
            FurnitureKind::Headline => "headline",
            FurnitureKind::Advert => "advert",
            FurnitureKind::Promotion => "promotion",
            FurnitureKind::Link => "link",
            FurnitureKind::Label => "label",
            FurnitureKind::Embed => "embed",
        }
    }
}

impl fmt::Display for FurnitureKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_and_bytes_translate_both_ways() {
        for text in [
            "",
            "plain words",
            "Zoë said “no”",
            &"å—b".repeat(100),
            "naïve 😀 end",
        ] {
            let offsets = CharOffsets::new(text);
            for (index, (byte, _)) in text.char_indices().enumerate() {
                assert_eq!(offsets.char_at(byte), index, "{text}");
                assert_eq!(offsets.byte_at(index), Some(byte), "{text}");
            }
            let n_chars = text.chars().count();
            assert_eq!(offsets.byte_at(n_chars), Some(text.len()));
            assert_eq!(offsets.char_at(text.len()), n_chars);
            assert_eq!(offsets.byte_at(n_chars + 1), None);
        }
    }

    #[test]
    fn every_character_of_a_long_text_is_found() {
        for (letter, ascii) in [("é", 0), ("é", 63), ("é", 64), ("é", 65), ("😀", 200)] {
            let text = ["a".repeat(ascii), letter.repeat(130), "b".repeat(70)].concat();
            let offsets = CharOffsets::new(&text);
            for (index, (byte, _)) in text.char_indices().enumerate() {
                assert_eq!(offsets.char_at(byte), index);
                assert_eq!(offsets.byte_at(index), Some(byte));
            }
            assert_eq!(offsets.char_at(text.len()), text.chars().count());
        }
    }

    #[test]
    fn a_backward_span_is_refused() {
        let offsets = CharOffsets::new("Zoë said no");
        assert_eq!(offsets.bytes(CharSpan(3, 1)), None);
        assert_eq!(offsets.bytes(CharSpan(0, 99)), None);
        let span = offsets
            .bytes(CharSpan(0, 3))
            .expect("the span is inside the text");
        assert_eq!(span.of("Zoë said no"), "Zoë");
    }
}
