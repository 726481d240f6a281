//! A line of a page with what the rules ask of it.

use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::phrases::{LONGEST_SIGNED, Signs, Starts, phrases};
use crate::text::words::{ByteClass, CLASSES, WordList, count_words};

static HIDE_CAPTION: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("hide caption "));

/// A line with what rules ask of it.
pub(super) struct Line<'t> {
    pub(super) text: &'t str,
    /// Small letters, straight apostrophes, plain spaces.
    pub(super) lower: String,
    /// Where in `lower` the first letter, digit or arrow stands.
    lead: usize,
    pub(super) n_words: usize,
    /// Whether it ends as prose does.
    pub(super) stopped: bool,
    /// "Hide Caption 3 of 9": whether it is a picture of a gallery.
    pub(super) gallery: bool,
}

/// Whether a line's words may begin with this: a letter, digit or arrow.
pub(super) fn leads(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '>' | '»' | '©' | '@')
}

/// `text` in small letters with straight apostrophes and plain spaces.
pub(super) fn lower(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    // The only letter whose small form depends on its neighbours.
    if text.contains('Σ') {
        return text
            .to_lowercase()
            .replace(['’', '‘'], "'")
            .replace('\u{a0}', " ");
    }
    let mut lower = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(plain) = rest.bytes().position(|byte| !byte.is_ascii()) {
        lower.push_str(&rest[..plain]);
        let mut chars = rest[plain..].chars();
        match chars.next() {
            Some('’' | '‘') => lower.push('\''),
            Some('\u{a0}') => lower.push(' '),
            other => lower.extend(other.into_iter().flat_map(char::to_lowercase)),
        }
        rest = chars.as_str();
    }
    lower.push_str(rest);
    lower.make_ascii_lowercase();
    lower
}

impl<'t> Line<'t> {
    pub(super) fn new(text: &'t str) -> Line<'t> {
        let lower = lower(text);
        let lead = lower.trim_start_matches(|c: char| !leads(c));
        Line {
            text,
            lead: lower.len() - lead.len(),
            n_words: count_words(text),
            stopped: ends_in_stop(text),
            gallery: HIDE_CAPTION.find(lower.as_bytes()).is_some() && lower.contains(" of "),
            lower,
        }
    }

    /// The small letters from the first letter, digit or arrow on.
    pub(super) fn lead(&self) -> &str {
        &self.lower[self.lead..]
    }

    /// What follows if the line begins with one of the phrases, as whole words.
    pub(super) fn after_start(&self, list: &Starts) -> Option<&str> {
        list.like(self.lead()).iter().find_map(|phrase| {
            let rest = self.lead().strip_prefix(phrase)?;
            let inside_word = phrase.ends_with(char::is_alphanumeric)
                && rest.starts_with(|c: char| c.is_alphanumeric() || c == '-');
            (!inside_word).then_some(rest)
        })
    }

    pub(super) fn contains(&self, list: &'static str) -> bool {
        phrases(list).any(|phrase| self.lower.contains(phrase))
    }

    /// The words of `lower` between white space.
    pub(super) fn words(&self) -> impl Iterator<Item = &str> {
        let is_space = |c: char| match c.is_ascii() {
            true => CLASSES[c as usize] == ByteClass::Space,
            false => c.is_whitespace(),
        };
        self.lower.split(is_space).filter(|word| !word.is_empty())
    }

    /// Which lists have a phrase in it; none where it is too long to be asked.
    pub(super) fn signs(&self) -> Signs {
        match self.n_words <= LONGEST_SIGNED {
            true => Signs::of(&self.lower),
            false => Signs::NONE,
        }
    }

    /// Of the longer words after the first, the share with a capital.
    pub(super) fn capitals(&self) -> f64 {
        let long: Vec<&str> = self
            .text
            .split_whitespace()
            .skip(1)
            .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
            .filter(|word| word.chars().count() >= 4)
            .collect();
        let capital = long
            .iter()
            .filter(|word| word.chars().next().is_some_and(char::is_uppercase))
            .count();
        capital as f64 / long.len().max(1) as f64
    }

    /// Whether a common finite verb or pronoun makes it read like a sentence.
    pub(super) fn reads_like_a_sentence(&self) -> bool {
        static SIGNS: LazyLock<WordList> = LazyLock::new(|| {
            WordList::words(
                "is are was were has had have will would can could should may might did does do said says isn't wasn't won't didn't \
                 don't can't he she they it we i you told added asked wrote",
            )
        });
        self.lower.split_whitespace().skip(1).any(|word| {
            SIGNS.contains(word.trim_matches(|c: char| !c.is_alphanumeric() && c != '\''))
        })
    }
}

/// Whether a line ends as prose does: in a stop, also inside closing marks, or in a mark that leads on.
pub(super) fn ends_in_stop(line: &str) -> bool {
    let core = line.trim_end_matches(|c: char| {
        matches!(c, '"' | '”' | '\'' | '’' | ')' | ']' | '»') || c.is_whitespace()
    });
    core.ends_with(['.', '!', '?', '…', ':', ';', ',', '—', '–'])
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn small_letters_are_those_of_the_library(text in "([a-cA-C'’‘Σσ É\u{a0}İ]|\\PC){0,20}") {
            let expected = text
                .to_lowercase()
                .replace(['’', '‘'], "'")
                .replace('\u{a0}', " ");
            proptest::prop_assert_eq!(lower(&text), expected);
        }
    }
}
