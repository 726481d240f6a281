//! The sentences around a drawn one: a coder judges a sentence by what it follows.

use std::collections::HashMap;

use super::sample::DrawnSentence;
use crate::corpus::Article;
use crate::span::{CharOffsets, CharSpan, FurnitureKind, Span};
use crate::text::read;

/// Puts the sentences before and after into the drawn ones as articles come by.
#[derive(Debug)]
pub struct Contexts<'d> {
    drawn: &'d mut [DrawnSentence],
    /// Article, as it is known without scores -> its drawn sentences that were not met yet.
    wanted: HashMap<String, Vec<usize>>,
    n_missing: usize,
}

impl<'d> Contexts<'d> {
    /// Begins; articles are told by what `drawn` says of them.
    pub fn new(drawn: &'d mut [DrawnSentence]) -> Contexts<'d> {
        let mut wanted: HashMap<String, Vec<usize>> = HashMap::new();
        for (row, sentence) in drawn.iter().enumerate() {
            wanted
                .entry(super::without_sentences(&sentence.identity).to_string())
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
        let identity = super::article_identity(
            (&article.outlet, &article.id),
            (title, date),
            article.text.chars().count(),
        );
        let Some(rows) = self.wanted.get_mut(&identity) else {
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
        let place_of: HashMap<CharSpan, usize> = spans
            .iter()
            .enumerate()
            .map(|(place, &span)| (span, place))
            .collect();
        let prose = |of: &crate::text::Sentence| {
            of.furniture
                .is_none()
                .then(|| of.span.of(&article.text).trim().to_string())
        };
        // Articles may be alike in all but their sentences: a row waits for the one that has its sentence.
        rows.retain(|&row| {
            let drawn = &mut self.drawn[row];
            let Some(&place) = place_of.get(&drawn.span) else {
                return true;
            };
            if reading.sentences[place].span.of(&article.text).trim() != drawn.text.trim() {
                return true;
            }
            let before = reading.sentences[..place].iter().rev().find_map(prose);
            let after = reading.sentences[place + 1..].iter().find_map(prose);
            drawn.before = before.unwrap_or_default();
            drawn.after = after.unwrap_or_default();
            self.n_missing -= 1;
            false
        });
        if rows.is_empty() {
            self.wanted.remove(&identity);
        }
    }

    /// Drawn sentences whose article did not come by.
    pub fn n_missing(&self) -> usize {
        self.n_missing
    }
}
