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
pub use furniture::{BlockKind, classify_blocks};
pub use mention::{How, Mention, MentionFinder, Subject};
pub use sentence::split_sentences;
pub(crate) use token::is_apostrophe;
pub use token::{Token, TokenKind, tokenize};
pub use voice::{mention_voice, quotations, sentence_voice};
pub(crate) use words::WordList;

use crate::span::{FurnitureKind, Span, Voice};

/// A sentence of an article, or a piece of its page.
#[derive(Debug, Clone, PartialEq)]
pub struct Sentence {
    /// Where it stands in the article's text.
    pub span: Span,
    /// What it is, if not prose.
    pub furniture: Option<FurnitureKind>,
    /// Whose words it is.
    pub voice: Voice,
    /// The quotations of its paragraph that touch it.
    pub quotations: Vec<Span>,
}

/// Reads `text`: its sentences and furniture, ordered, not overlapping. `title` is the headline where the format gave one;
/// `marks` are stretches that the format already knows to be furniture.
pub fn read(text: &str, title: Option<&str>, marks: &[(Span, FurnitureKind)]) -> Vec<Sentence> {
    let blocks = blocks(text);
    let kinds = classify_blocks(text, &blocks, title);
    let mut sentences = Vec::new();
    for (&block, kind) in blocks.iter().zip(kinds) {
        let marked = marks
            .iter()
            .find(|(span, _)| span.contains(block))
            .map(|&(_, kind)| BlockKind::Furniture(kind));
        let furniture = |span, kind| Sentence {
            span,
            furniture: Some(kind),
            voice: Voice::Outlet,
            quotations: Vec::new(),
        };
        let prose = match marked.unwrap_or(kind) {
            BlockKind::Furniture(kind) => {
                sentences.push(furniture(block, kind));
                continue;
            }
            BlockKind::Labelled(kind, length) => {
                let label = &text[block.start..block.start + length];
                let end = block.start + label.trim_end().len();
                sentences.push(furniture(Span::new(block.start, end), kind));
                Span::new(block.start + length, block.end)
            }
            BlockKind::Prose => block,
        };
        let quotations = quotations(text, prose);
        sentences.extend(split_sentences(text, prose).into_iter().map(|span| {
            Sentence {
                span,
                furniture: None,
                voice: sentence_voice(span, &quotations),
                quotations: quotations
                    .iter()
                    .copied()
                    .filter(|q| q.overlaps(span))
                    .collect(),
            }
        }));
    }
    sentences
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Spans are ordered, on character boundaries, and leave out nothing but white space.
    fn check_cover(text: &str) {
        let sentences = read(text, None, &[]);
        let mut at = 0;
        for sentence in &sentences {
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
    fn a_label_is_furniture_and_its_sentence_is_not() {
        let text = "Verrick Quits\n\nUPDATE: The council agreed. It met late.";
        let read = read(text, None, &[]);
        let seen: Vec<(&str, Option<FurnitureKind>)> = read
            .iter()
            .map(|s| (s.span.of(text), s.furniture))
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
