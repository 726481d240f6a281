//! Page text set into the middle of a sentence: lists of headlines that a page opens under a name.
//!
//! In: a paragraph. Out: the stretches to leave out of it. Such a list begins with the person's full name again and runs, glued to
//! it and to each other, up to a "MORE": "Dana Verrick Dana Maria VerrickCouncil to vote on ferries Harbor fees rise MORE said".

use std::sync::LazyLock;

use memchr::memmem::Finder;

use crate::span::Span;

/// The word that ends such a list.
const END: &str = "MORE";

static SEARCH: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new(END));

/// A list is no longer than this many bytes.
const LONGEST: usize = 1_200;

/// The full name that begins a list has at most this many words.
const NAME_WORDS: usize = 8;

/// The insets of `block`, ordered, not overlapping.
pub(super) fn insets(text: &str, block: Span) -> Vec<Span> {
    let within = block.of(text);
    let mut found: Vec<Span> = Vec::new();
    let mut from = 0;
    for at in SEARCH.find_iter(within.as_bytes()) {
        let end = at + END.len();
        let alone = !within[..at].ends_with(char::is_alphanumeric)
            && !within[end..].starts_with(char::is_alphanumeric);
        if !alone {
            continue;
        }
        let earliest = from.max(floor_boundary(within, at.saturating_sub(LONGEST)));
        if let Some(start) = list_start(&within[earliest..at]) {
            found.push(Span::new(earliest + start, end).shifted(block.start));
            from = end;
        }
    }
    found
}

fn floor_boundary(text: &str, mut at: usize) -> usize {
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}

/// Where the list in `before` begins: after the name that comes again with a headline glued to it.
fn list_start(before: &str) -> Option<usize> {
    let words: Vec<(usize, &str)> = before
        .split_whitespace()
        .map(|word| (word.as_ptr() as usize - before.as_ptr() as usize, word))
        .collect();
    words.iter().enumerate().find_map(|(i, &(_, word))| {
        // "VerrickCouncil": the family name and the first word of a headline.
        let name = glued_name(word)?;
        let again = words[..i]
            .iter()
            .rev()
            .take(NAME_WORDS)
            .find(|(_, earlier)| bare(earlier) == name)?;
        Some(again.0 + again.1.len())
    })
}

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| !c.is_alphanumeric())
}

/// The part of `word` before a capital that follows a small letter; the longest that leaves one ("McAdam" of "McAdamCouncil").
fn glued_name(word: &str) -> Option<&str> {
    let mut before = ' ';
    let mut cut = None;
    for (at, c) in word.char_indices() {
        if before.is_lowercase() && (c.is_uppercase() || c.is_numeric()) {
            cut = Some(at);
        }
        before = c;
    }
    cut.map(|at| bare(&word[..at]))
        .filter(|name| name.starts_with(char::is_uppercase))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cut(text: &str) -> Vec<&str> {
        insets(text, Span::new(0, text.len()))
            .into_iter()
            .map(|span| span.of(text))
            .collect()
    }

    #[test]
    fn a_list_of_headlines_under_a_name_is_cut_out() {
        assert_eq!(
            cut(
                "Dana Verrick Dana Maria VerrickCouncil to vote on ferries Fees rise MORE's office met Paul Orr Paul \
                 OrrOrr: No MORE on Monday."
            ),
            [
                " Dana Maria VerrickCouncil to vote on ferries Fees rise MORE",
                " Paul OrrOrr: No MORE"
            ]
        );
    }

    #[test]
    fn the_word_alone_is_prose() {
        assert_eq!(
            cut("MORE, the riders' union, met. They want MORE."),
            [""; 0]
        );
        assert_eq!(cut("McAdam wants MORE iPads."), [""; 0]);
    }
}
