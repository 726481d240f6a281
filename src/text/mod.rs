//! From the text of an article to its sentences: what is prose, where sentences end, whose voice they are, where they
//! name the subject.
//!
//! ```text
//! text --blocks--> paragraphs --classify_blocks--> prose or furniture --split_sentences--> Sentence --MentionFinder--> Mention
//! ```
//! Pure functions on `&str`, linear in its length; nothing is rewritten, every result is a span of the text that came in.

mod block;
mod furniture;
mod mention;
mod sentence;
mod token;
mod voice;
mod words;

pub use block::blocks;
pub use furniture::{BlockKind, Furniture, classify_blocks};
pub use mention::{How, Mention, MentionFinder, Subject};
pub use sentence::split_sentences;
pub(crate) use token::{CLOSE, NUMBER, OPEN};
pub use token::{Token, TokenKind, tokenize, word_form};
pub use voice::{Quotation, Speaker, Stretch, Stretches, quotations, sentence_voice};
pub(crate) use words::WordList;

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
}

/// Reads `text`. `title` is the headline where the format gave one; `marks` are stretches that the format already knows to be furniture.
pub fn read(text: &str, title: Option<&str>, marks: &[(Span, FurnitureKind)]) -> Reading {
    let blocks = blocks(text);
    let kinds = classify_blocks(text, &blocks, title);
    let mut sentences = Vec::new();
    let mut paragraphs = Vec::new();
    for (&block, kind) in blocks.iter().zip(kinds) {
        let marked = marks
            .iter()
            .find(|(span, _)| span.contains(block))
            .map(|&(_, kind)| BlockKind::Furniture(Furniture::new(kind, "marked by the page")));
        let mut furniture = |span, kind| {
            sentences.push(Sentence {
                span,
                furniture: Some(kind),
            })
        };
        let prose = match marked.unwrap_or(kind) {
            BlockKind::Furniture(kind) => {
                furniture(block, kind);
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
        let spans = split_sentences(text, prose);
        sentences.extend(spans.iter().map(|&span| Sentence {
            span,
            furniture: None,
        }));
        paragraphs.push(Paragraph {
            span: prose,
            sentences: spans,
        });
    }
    Reading {
        sentences,
        stretches: stretches(text, &paragraphs),
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

    proptest! {
        #[test]
        fn sentences_cover_any_text(text in "\\PC{0,120}") {
            check_cover(&text);
        }

        #[test]
        fn sentences_cover_text_full_of_marks(
            text in proptest::collection::vec(
                proptest::sample::select(vec!["Mr.", " ", "\"", "”", "“", "U.S.", "Holt", "\n", "...", "—", "(@", ")", ":", "UPDATE", "a", "?", "\u{a0}", "1", "é"]),
                0..60,
            )
        ) {
            check_cover(&text.concat());
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
        ] {
            let text = unit.repeat(400_000 / unit.len());
            check_cover(&text);
            let subject = Subject::new("Dana Verrick", vec![]);
            MentionFinder::new(&subject)
                .expect("searchable")
                .find(&text);
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
