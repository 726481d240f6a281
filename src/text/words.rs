//! Closed lists of words, written as one string each, and what is asked of words so often that it must be quick: small letters, how many
//! there are, what they end in.

use std::borrow::Cow;

use rustc_hash::FxHashSet;

/// A set of words or phrases.
#[derive(Debug)]
pub(crate) struct WordList {
    words: FxHashSet<&'static str>,
    /// For each first letter the shapes of the words that begin with it, one bit each: nearly all words are known by it to be in none.
    shapes: [u64; 32],
}

/// The place of a word's bit in [`WordList`]: by its first letter, and by its last letter and length.
fn shape(word: &str) -> (usize, u64) {
    let bytes = word.as_bytes();
    let letter = |byte: Option<&u8>| byte.map_or(0, |byte| usize::from(byte & 31));
    let (first, last) = (letter(bytes.first()), letter(bytes.last()));
    (first, 1 << ((last % 8) * 8 + bytes.len() % 8))
}

impl WordList {
    fn new(words: FxHashSet<&'static str>) -> WordList {
        let mut shapes = [0; 32];
        for word in &words {
            let (first, bit) = shape(word);
            shapes[first] |= bit;
        }
        WordList { words, shapes }
    }

    /// The words of `text`, separated by white space.
    pub fn words(text: &'static str) -> Self {
        WordList::new(text.split_whitespace().collect())
    }

    /// The phrases of `text`, separated by `|`.
    pub fn phrases(text: &'static str) -> Self {
        WordList::new(text.split('|').map(str::trim).collect())
    }

    /// Whether `word` is in the list, as written.
    #[inline]
    pub fn contains(&self, word: &str) -> bool {
        let (first, bit) = shape(word);
        self.shapes[first] & bit != 0 && self.words.contains(word)
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
        WordList::new(lists.flat_map(|list| list.words.iter().copied()).collect())
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
    let bytes = text.as_bytes();
    if text.is_ascii() {
        let begins = |pair: &&[u8]| is_ascii_space(pair[0]) && !is_ascii_space(pair[1]);
        let first = bytes.first().is_some_and(|&byte| !is_ascii_space(byte));
        return usize::from(first) + bytes.windows(2).filter(begins).count();
    }
    let (mut at, mut n, mut outside) = (0, 0, true);
    while let Some(&byte) = bytes.get(at) {
        let space = if byte.is_ascii() {
            at += 1;
            is_ascii_space(byte)
        } else {
            let c = text[at..].chars().next().unwrap_or_default();
            at += c.len_utf8();
            c.is_whitespace()
        };
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
            let list = WordList::words("a b ab a'b 's ca abc É c\u{a0}");
            prop_assert_eq!(list.contains(&text), list.words.contains(text.as_str()));
            prop_assert_eq!(count_words(&text), text.split_whitespace().count());
            prop_assert_eq!(
                without_possessive(&text),
                text.trim_end_matches("'s").trim_end_matches("’s")
            );
        }
    }
}
