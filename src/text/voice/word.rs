//! The words of a sentence as voices see them, and the names they make.

use std::borrow::Cow;

use super::lexicon::{Trait, Traits, lower};
use crate::span::Span;
use crate::text::token::{Token, TokenKind, for_each_token};

/// A sentence of more words is none; cues are looked for at both its ends, which takes the square of its length.
pub(super) const LONGEST_SENTENCE: usize = 400;

/// A token with what voices need to know of it.
#[derive(Debug, Clone)]
pub(super) struct Word<'t> {
    pub text: &'t str,
    /// In small letters, with straight apostrophes.
    pub lower: Cow<'t, str>,
    pub span: Span,
    pub kind: TokenKind,
    /// What is asked of it, wherever it stands.
    traits: Traits,
    /// Whether it may be part of a name.
    pub may_be_name: bool,
    /// Whether it stands inside a quotation, marks included.
    pub quoted: bool,
}

impl Word<'_> {
    /// Whether it has this trait.
    pub fn is(&self, asked: Trait) -> bool {
        self.traits.has(asked)
    }
}

/// Cuts the stretch `block` of `text` into words; `quoted` says which bytes stand in quotations, `small` is the stretch with ASCII letters small,
/// `traits_of` tells the traits of a token of the stretch.
pub(super) fn words<'t>(
    text: &'t str,
    block: Span,
    small: &'t str,
    quoted: &[Span],
    mut traits_of: impl FnMut(&str, Token) -> Traits,
) -> Vec<Word<'t>> {
    let mut next = 0;
    let piece = block.of(text);
    let mut words = Vec::with_capacity(piece.len() / 4 + 1);
    for_each_token(piece, |token| {
        let Token { span: at, kind } = token;
        let span = at.shifted(block.start);
        while quoted
            .get(next)
            .is_some_and(|quotation| quotation.end <= span.start)
        {
            next += 1;
        }
        let traits = traits_of(piece, token);
        let text = at.of(piece);
        let lower = match kind {
            TokenKind::Word if traits.has(Trait::Small) => Cow::Borrowed(text),
            TokenKind::Word if text.is_ascii() => Cow::Borrowed(at.of(small)),
            TokenKind::Word => Cow::Owned(lower(text)),
            // Of what is no letter only Roman numerals have small forms.
            TokenKind::Number if !text.is_ascii() => Cow::Owned(lower(text)),
            _ if text == "’" => Cow::Borrowed("'"),
            _ => Cow::Borrowed(text),
        };
        words.push(Word {
            text,
            lower,
            span,
            kind,
            traits,
            may_be_name: traits.has(Trait::MayBeName),
            quoted: quoted
                .get(next)
                .is_some_and(|quotation| quotation.contains(span)),
        });
    });
    words
}

/// The first word of the name that ends at `end`: capitalised words, initials, particles and hyphens between them.
pub(super) fn name_start(words: &[Word<'_>], from: usize, end: usize) -> usize {
    let mut start = end;
    while start > from {
        let k = start - 1;
        let word = &words[k];
        if word.quoted {
            break;
        }
        let joins = matches!(word.text, "." | "-" | "&" | "'" | "’") && k > from && {
            let before = &words[k - 1];
            let touching = before.span.end == word.span.start;
            before.may_be_name
                && (touching || word.text == "&")
                && (word.text != "." || before.text.chars().count() <= 4)
        };
        let particle = word.is(Trait::Particle) && k > from && words[k - 1].may_be_name;
        if joins
            || particle
            || of_title(words, from, k)
            || (word.may_be_name && !(word.text.chars().count() == 1 && word.text == "I"))
        {
            start = k;
        } else {
            break;
        }
    }
    start
}

/// Whether the word at `k` is the "of" of a title: "Secretary of State".
fn of_title(words: &[Word<'_>], from: usize, k: usize) -> bool {
    words[k].text == "of"
        && k > from
        && matches!(
            words[k - 1].text,
            "Secretary" | "Speaker" | "Minister" | "Director" | "Chairman" | "Chief"
        )
        && words.get(k + 1).is_some_and(|next| next.may_be_name)
}

/// The last word of the name that begins at `start`: capitalised words, initials, particles and hyphens between them, all inside or
/// all outside quotation marks.
pub(super) fn name_end(words: &[Word<'_>], start: usize, to: usize) -> usize {
    let mut end = start;
    while let Some(next) = words[..to]
        .get(end + 1)
        .filter(|next| next.quoted == words[start].quoted)
    {
        let glued = words[end].span.end == next.span.start;
        let goes_on = words[..to]
            .get(end + 2)
            .is_some_and(|word| word.may_be_name);
        let initial = next.text == "." && words[end].text.chars().count() <= 4;
        let joins = next.text == "&" || next.text == "-" && glued || next.is(Trait::Particle);
        let name =
            next.may_be_name && next.kind == TokenKind::Word && !(glued && words[end].text == "'");
        if !(name || goes_on && (initial || joins || of_title(words, start, end + 1))) {
            break;
        }
        end += 1;
    }
    end
}

/// [`name_text`] of words of `text`; not copied where it stands so.
pub(super) fn name_in<'t>(
    text: &'t str,
    words: &[Word<'_>],
    start: usize,
    end: usize,
) -> Cow<'t, str> {
    let plain = words[start..=end].windows(2).all(|pair| {
        let between = Span::new(pair[0].span.end, pair[1].span.start);
        matches!(between.of(text), "" | " ")
    });
    match plain {
        true => Cow::Borrowed(Span::new(words[start].span.start, words[end].span.end).of(text)),
        false => Cow::Owned(name_text(words, start, end)),
    }
}

/// The words from `start` to `end` as the text writes them, spaces folded.
pub(super) fn name_text(words: &[Word<'_>], start: usize, end: usize) -> String {
    let mut name = String::new();
    for k in start..=end {
        if k > start && words[k - 1].span.end < words[k].span.start {
            name.push(' ');
        }
        name.push_str(words[k].text);
    }
    name
}
