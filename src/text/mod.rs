//! From the text of an article to its sentences: what is prose, where sentences end, whose voice they are, where they
//! name the subject.
//!
//! ```text
//! text --blocks--> paragraphs --classify_blocks--> prose or furniture --split_sentences--> Sentence --MentionFinder--> Mention
//!                                              names in a Reading --pronouns--> further Mentions, where they are asked for
//! a sentence --lex--> Lexemes: its tokens, with what features, sketch and familiarity ask of each (read_lexed: those of a whole article)
//! ```
//! Pure functions on `&str`, linear in its length; nothing is rewritten, every result is a span of the text that came in.

mod block;
mod furniture;
mod gender;
mod inset;
mod language;
mod lexeme;
mod memory;
mod mention;
mod pronoun;
mod sentence;
mod sketch;
mod speaker_name;
mod token;
mod voice;
mod words;

pub use block::blocks;
pub use furniture::{BlockKind, Furniture, classify_blocks};
pub use language::language;
pub(crate) use lexeme::{
    Form, Initial, LexedSentences, Lexeme, form_of_rest, hash_word, lex, spread,
};
pub use mention::{How, Mention, MentionFinder, Subject};
pub use pronoun::{Named, pronouns};
pub use sentence::split_sentences;
pub use sketch::sketch;
pub(crate) use sketch::sketch_of_words;
pub use speaker_name::{NameKey, SpeakerName};
pub(crate) use token::{CLOSE, NUMBER, OPEN, form};
pub use token::{Token, TokenKind, tokenize, word_form};
pub use voice::{Quotation, Speaker, Stretch, Stretches, quotations, sentence_voice};
pub(crate) use words::WordList;

use furniture::classify_sentence;
use inset::insets;
use voice::{Paragraph, stretches};

use crate::span::{FurnitureKind, Span};

/// A sentence of an article, or a piece of its page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sentence {
    /// Where it stands in the article's text.
    pub span: Span,
    /// What it is and why, if not prose.
    pub furniture: Option<Furniture>,
}

/// An article as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reading {
    /// Sentences and furniture, ordered, not overlapping; together all that is not white space.
    pub sentences: Vec<Sentence>,
    /// The stretches of prose that are not the outlet's own words, ordered.
    pub stretches: Stretches,
    /// Page text set into the middle of sentences, ordered: part of their spans, not of their prose.
    pub insets: Vec<Sentence>,
    /// The paragraph with the first sentence of prose.
    first_paragraph: Option<Span>,
    /// The text with spaces for the insets, where there are any; as long as the text in bytes.
    without_insets: Option<String>,
}

impl Reading {
    /// The text that was read: `text` with spaces where page text is set into sentences. Spans are the same.
    pub fn prose<'t>(&'t self, text: &'t str) -> &'t str {
        self.without_insets.as_deref().unwrap_or(text)
    }

    /// The first paragraph of prose; `None` where there is no prose.
    pub fn first_paragraph(&self) -> Option<Span> {
        self.first_paragraph
    }

    /// All that is not prose, ordered: furniture and insets.
    pub fn furniture(&self) -> Vec<(Span, Furniture)> {
        let mut all: Vec<(Span, Furniture)> = self
            .sentences
            .iter()
            .chain(&self.insets)
            .filter_map(|sentence| Some((sentence.span, sentence.furniture?)))
            .collect();
        all.sort_by_key(|(span, _)| span.start);
        all
    }
}

/// `text` with spaces, byte for byte, where `insets` are.
fn blanked(text: &str, insets: &[Span]) -> String {
    let mut blanked = String::with_capacity(text.len());
    let mut at = 0;
    for inset in insets {
        blanked.push_str(&text[at..inset.start]);
        blanked.extend(std::iter::repeat_n(' ', inset.len()));
        at = inset.end;
    }
    blanked.push_str(&text[at..]);
    blanked
}

/// Reads `text`. `title` is the headline where the format gave one; `marks` are stretches that the format already knows to be furniture.
pub fn read(text: &str, title: Option<&str>, marks: &[(Span, FurnitureKind)]) -> Reading {
    read_voices_to(text, title, marks, text.len())
}

/// As [`read`], with the lexemes of its sentences of prose.
pub(crate) fn read_lexed(
    text: &str,
    title: Option<&str>,
    marks: &[(Span, FurnitureKind)],
) -> (Reading, LexedSentences) {
    let mut lexemes = Vec::with_capacity(text.len() / 4);
    let reading = read_to(text, title, marks, text.len(), Some(&mut lexemes));
    let lexed = LexedSentences::new(&reading.sentences, lexemes);
    (reading, lexed)
}

/// As [`read`], but voices are told apart only in the paragraphs that begin before byte `end`, unless page text is set into sentences:
/// for those who look no further. What comes later changes nothing before it.
pub(crate) fn read_voices_to(
    text: &str,
    title: Option<&str>,
    marks: &[(Span, FurnitureKind)],
    end: usize,
) -> Reading {
    read_to(text, title, marks, end, None)
}

/// As [`read`], of a text that is prose as it stands, all of it its author's: nothing is furniture but what `marks` says, and nobody else
/// speaks. For speeches, posts, and tables of sentences.
pub(crate) fn read_plain(text: &str, marks: &[(Span, FurnitureKind)]) -> Reading {
    let mut reading = Reading::default();
    for block in blocks(text) {
        if let Some(furniture) = marked(block, marks) {
            reading.sentences.push(Sentence {
                span: block,
                furniture: Some(furniture),
            });
            continue;
        }
        let spans = split_sentences(text, block).into_iter();
        reading.sentences.extend(spans.map(|span| Sentence {
            span,
            furniture: None,
        }));
        reading.first_paragraph.get_or_insert(block);
    }
    reading
}

/// What the format already knows `block` to be.
fn marked(block: Span, marks: &[(Span, FurnitureKind)]) -> Option<Furniture> {
    let (_, kind) = marks.iter().find(|(span, _)| span.contains(block))?;
    Some(Furniture::new(*kind, "marked by the page"))
}

/// Reads voices up to byte `end`, and adds the lexemes of all prose so far to `lexemes`.
fn read_to(
    text: &str,
    title: Option<&str>,
    marks: &[(Span, FurnitureKind)],
    end: usize,
    lexemes: Option<&mut Vec<Lexeme>>,
) -> Reading {
    let blocks = blocks(text);
    let insets: Vec<Span> = blocks
        .iter()
        .flat_map(|&block| insets(text, block))
        .collect();
    let without_insets = (!insets.is_empty()).then(|| blanked(text, &insets));
    let text = without_insets.as_deref().unwrap_or(text);
    let kinds = classify_blocks(text, &blocks, title);
    let mut sentences = Vec::new();
    let mut paragraphs = Vec::new();
    for (&block, kind) in blocks.iter().zip(kinds) {
        let marked = marked(block, marks).map(BlockKind::Furniture);
        let mut furniture = |span, kind| {
            sentences.push(Sentence {
                span,
                furniture: Some(kind),
            })
        };
        let prose = match marked.unwrap_or(kind) {
            BlockKind::Furniture(kind) => {
                furniture(block, kind);
                if kind.kind == FurnitureKind::Heading {
                    paragraphs.push(Paragraph::Heading(block));
                }
                continue;
            }
            BlockKind::Labelled(kind, length) => {
                let label = &text[block.start..block.start + length];
                let end = block.start + label.trim_end().len();
                furniture(Span::new(block.start, end), kind);
                Span::new(block.start + length, block.end)
            }
            BlockKind::Prose => block,
        };
        let mut spans = split_sentences(text, prose);
        let last = spans.len().saturating_sub(1);
        let asides: Vec<Option<Furniture>> = spans
            .iter()
            .enumerate()
            .map(|(k, span)| {
                let at_end = last > 0 && (k == 0 || k == last);
                at_end.then(|| classify_sentence(span.of(text))).flatten()
            })
            .collect();
        sentences.extend(
            spans
                .iter()
                .zip(&asides)
                .map(|(&span, &furniture)| Sentence { span, furniture }),
        );
        let mut aside = asides.iter();
        spans.retain(|_| aside.next().is_some_and(Option::is_none));
        paragraphs.push(Paragraph::Prose {
            span: prose,
            sentences: spans,
        });
    }
    if insets.is_empty() {
        let asked = paragraphs.partition_point(|paragraph| paragraph.start() < end);
        paragraphs.truncate(asked);
    }
    let first = sentences.iter().find(|s: &&Sentence| s.furniture.is_none());
    let first_paragraph = first.and_then(|first| {
        blocks
            .iter()
            .find(|block| block.contains(first.span))
            .copied()
    });
    let list = Furniture::new(FurnitureKind::Link, "headlines set into a sentence");
    Reading {
        sentences,
        stretches: stretches(text, &paragraphs, lexemes),
        insets: insets
            .into_iter()
            .map(|span| Sentence {
                span,
                furniture: Some(list),
            })
            .collect(),
        first_paragraph,
        without_insets,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Spans are ordered, on character boundaries, and leave out nothing but white space.
    fn check_cover(text: &str) {
        let reading = read(text, None, &[]);
        let mut at = 0;
        for sentence in &reading.sentences {
            assert!(
                sentence.span.start >= at && !sentence.span.is_empty(),
                "{text:?}"
            );
            assert!(text[at..sentence.span.start].trim().is_empty(), "{text:?}");
            assert_eq!(sentence.span.of(text), sentence.span.of(text).trim());
            at = sentence.span.end;
        }
        assert!(text[at..].trim().is_empty(), "{text:?}");
    }

    /// Lexemes read on the way are those of each sentence read alone, whatever stands around it.
    fn check_lexemes(text: &str) {
        let (reading, lexed) = read_lexed(text, None, &[]);
        assert_eq!(reading, read(text, None, &[]));
        for (k, sentence) in reading.sentences.iter().enumerate() {
            let alone = match sentence.furniture {
                None => lex(sentence.span.of(reading.prose(text))),
                Some(_) => Vec::new(),
            };
            assert_eq!(lexed.get(k), alone, "{text:?}");
        }
    }

    proptest! {
        #[test]
        fn sentences_cover_any_text(text in "\\PC{0,120}") {
            check_cover(&text);
            check_lexemes(&text);
        }

        #[test]
        fn sentences_cover_text_full_of_marks(
            text in proptest::collection::vec(
                proptest::sample::select(vec!["Mr.", " ", "\"", "”", "“", "U.S.", "Holt", "\n", "...", "—", "(@", ")", ":", "UPDATE", "a", "?", "\u{a0}", "1", "é", "said", "The", "'", "’"]),
                0..60,
            )
        ) {
            check_cover(&text.concat());
            check_lexemes(&text.concat());
        }
    }

    #[test]
    fn hostile_pages_are_read_in_one_pass() {
        // Each took hours where a rule looked at the whole line again and again.
        for unit in [
            "“No,” he said. ",
            "Mr. ",
            "\"",
            "'a ",
            "Verrick ",
            "…” A ",
            "said ",
            "a, ",
            "(",
            "Tom Verrick. ",
            "MORE ",
            "Tom VerrickA MORE",
            "he ",
            "Verrick he ",
            "her Verrick said ",
            "the mayor, ",
            "Ann Orr, the farmer's ",
            "Orr's ",
            "J. ",
            "\"She\" Dana Verrick, she said, ",
        ] {
            let text = unit.repeat(400_000 / unit.len());
            check_cover(&text);
            let subject = Subject::new("Dana Verrick", vec![]);
            let finder = MentionFinder::new(&subject).expect("searchable");
            let mentions = finder.find(&text);
            let named = Named {
                finder: &finder,
                mentions: &mentions,
            };
            pronouns(&text, &read(&text, None, &[]), &[named, named]);
        }
    }

    #[test]
    fn voices_up_to_a_place_are_those_of_the_whole_article() {
        let text = "“No,” said Ida Holt.\n\nShe said it was late. “Never,” Paul Orr said.\n\nHolt said she had “asked twice.”\n\nCritics said no.";
        let all = read(text, None, &[]);
        for end in 0..=text.len() {
            let part = read_voices_to(text, None, &[], end);
            assert_eq!(part.sentences, all.sentences);
            let before = |reading: &Reading| -> Vec<Stretch> {
                let stretches = reading.stretches.iter();
                stretches.filter(|s| s.span.start < end).cloned().collect()
            };
            assert_eq!(before(&part), before(&all), "{end}");
        }
    }

    #[test]
    fn a_label_is_furniture_and_its_sentence_is_not() {
        let text = "Verrick Quits\n\nUPDATE: The council agreed. It met late.";
        let read = read(text, None, &[]).sentences;
        let seen: Vec<(&str, Option<FurnitureKind>)> = read
            .iter()
            .map(|s| (s.span.of(text), s.furniture.map(|f| f.kind)))
            .collect();
        assert_eq!(
            seen,
            [
                ("Verrick Quits", Some(FurnitureKind::Headline)),
                ("UPDATE:", Some(FurnitureKind::Label)),
                ("The council agreed.", None),
                ("It met late.", None),
            ]
        );
    }
}
