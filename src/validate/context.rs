//! The sentences around a drawn one: a coder judges a sentence by what it follows.

use std::collections::HashMap;

use super::sample::DrawnSentence;
use crate::corpus::Article;
use crate::span::{CharOffsets, FurnitureKind, Span};
use crate::text::read;

/// Puts the sentences before and after into the drawn ones as articles come by.
#[derive(Debug)]
pub struct Contexts<'d> {
    drawn: &'d mut [DrawnSentence],
    /// Article -> its drawn sentences.
    wanted: HashMap<String, Vec<usize>>,
    n_missing: usize,
}

impl<'d> Contexts<'d> {
    /// Begins; articles are told by what `drawn` says of them.
    pub fn new(drawn: &'d mut [DrawnSentence]) -> Contexts<'d> {
        let mut wanted: HashMap<String, Vec<usize>> = HashMap::new();
        for (row, sentence) in drawn.iter().enumerate() {
            wanted
                .entry(sentence.identity.clone())
                .or_default()
                .push(row);
        }
        Contexts {
            n_missing: drawn.len(),
            drawn,
            wanted,
        }
    }

    /// Looks whether sentences of `article` were drawn.
    pub fn add(&mut self, article: &Article) {
        let title = article.title.as_deref().unwrap_or("");
        let date = article.date.as_deref().unwrap_or("");
        let identity = super::identity_of(
            (&article.outlet, &article.id),
            (title, date),
            article.text.chars().count(),
        );
        let Some(rows) = self.wanted.remove(&identity) else {
            return;
        };
        let marks: Vec<(Span, FurnitureKind)> =
            article.marks.iter().map(|m| (m.span, m.kind)).collect();
        let reading = read(&article.text, article.title.as_deref(), &marks);
        let offsets = CharOffsets::new(&article.text);
        let spans: Vec<_> = reading
            .sentences
            .iter()
            .map(|sentence| offsets.chars(sentence.span))
            .collect();
        for row in rows {
            let Some(place) = spans.iter().position(|span| *span == self.drawn[row].span) else {
                continue;
            };
            self.n_missing -= 1;
            let prose = |of: &crate::text::Sentence| {
                of.furniture
                    .is_none()
                    .then(|| of.span.of(&article.text).trim().to_string())
            };
            let before = reading.sentences[..place].iter().rev().find_map(prose);
            let after = reading.sentences[place + 1..].iter().find_map(prose);
            self.drawn[row].before = before.unwrap_or_default();
            self.drawn[row].after = after.unwrap_or_default();
        }
    }

    /// Drawn sentences whose article did not come by.
    pub fn n_missing(&self) -> usize {
        self.n_missing
    }
}
