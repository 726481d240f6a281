//! Closed lists of words, written as one string each, and what is asked of words so often that it must be quick: small letters, how many
//! there are, what they end in.

use std::borrow::Cow;

use rustc_hash::FxHashSet;

/// A set of words or phrases.
#[derive(Debug)]
pub(crate) struct WordList(FxHashSet<&'static str>);

impl WordList {
    /// The words of `text`, separated by white space.
    pub fn words(text: &'static str) -> Self {
        WordList(text.split_whitespace().collect())
    }

    /// The phrases of `text`, separated by `|`.
    pub fn phrases(text: &'static str) -> Self {
        WordList(text.split('|').map(str::trim).collect())
    }

    /// Whether `word` is in the list, as written.
    pub fn contains(&self, word: &str) -> bool {
        self.0.contains(word)
    }

    /// Whether `word` in small letters is in the list.
    pub fn contains_small(&self, word: &str) -> bool {
        /// Listed words are shorter; longer ones take the long way.
        const LONGEST: usize = 32;
        if !word.is_ascii() || word.len() > LONGEST {
            return self.contains(&word.to_lowercase());
        }
        let mut letters = [0; LONGEST];
        let letters = &mut letters[..word.len()];
        letters.copy_from_slice(word.as_bytes());
        letters.make_ascii_lowercase();
        std::str::from_utf8(letters).is_ok_and(|small| self.contains(small))
    }

    /// The words of all `lists`.
    pub fn union<'l>(lists: impl IntoIterator<Item = &'l WordList>) -> WordList {
        let lists = lists.into_iter();
        WordList(lists.flat_map(|list| list.0.iter().copied()).collect())
    }
}

/// `text` in small letters, as [`str::to_lowercase`] has it; not copied where it is so already.
pub(crate) fn small(text: &str) -> Cow<'_, str> {
    if !text.is_ascii() {
        return Cow::Owned(text.to_lowercase());
    }
    match text.bytes().any(|byte| byte.is_ascii_uppercase()) {
        true => Cow::Owned(text.to_ascii_lowercase()),
        false => Cow::Borrowed(text),
    }
}

/// How many words stand between white space in `text`.
pub(crate) fn count_words(text: &str) -> usize {
    if !text.is_ascii() {
        return text.split_whitespace().count();
    }
    let mut outside = true;
    let mut n = 0;
    for byte in text.bytes() {
        let space = is_ascii_space(byte);
        n += usize::from(outside && !space);
        outside = space;
    }
    n
}

/// What [`char::is_whitespace`] says of an ASCII character; the vertical tab is one more than [`u8::is_ascii_whitespace`] knows.
fn is_ascii_space(byte: u8) -> bool {
    matches!(byte, b' ' | 0x09..=0x0d)
}

/// `word` without the possessives at its end, in either apostrophe.
pub(crate) fn without_possessive(word: &str) -> &str {
    without_all(without_all(word, "'s"), "’s")
}

/// [`str::trim_end_matches`], without its preparations for long patterns.
fn without_all<'t>(mut text: &'t str, end: &str) -> &'t str {
    while let Some(rest) = text.strip_suffix(end) {
        text = rest;
    }
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_quick_ways_agree_with_the_library(text in "([a-cA-C'’sS \\t\\x0b\\x1c\u{a0}É]|\\PC){0,12}") {
            prop_assert_eq!(small(&text), text.to_lowercase());
            prop_assert_eq!(count_words(&text), text.split_whitespace().count());
            prop_assert_eq!(
                without_possessive(&text),
                text.trim_end_matches("'s").trim_end_matches("’s")
            );
        }
    }
}
