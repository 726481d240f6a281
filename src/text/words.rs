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

    /// Its words, in no order.
    pub fn iter(&self) -> impl Iterator<Item = &'static str> {
        self.words.iter().copied()
    }

    /// Whether `word` in small letters is in the list.
    pub fn contains_small(&self, word: &str) -> bool {
        /// Listed words are shorter; longer ones take the long way.
        const LONGEST: usize = 32;
        if !word.is_ascii() || word.len() > LONGEST {
            return self.contains(&word.to_lowercase());
        }
        // The shape of a word is that of its small letters.
        let (first, bit) = shape(word);
        if self.shapes[first] & bit == 0 {
            return false;
        }
        let mut letters = [0; LONGEST];
        let letters = &mut letters[..word.len()];
        letters.copy_from_slice(word.as_bytes());
        letters.make_ascii_lowercase();
        std::str::from_utf8(letters).is_ok_and(|small| self.contains(small))
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
    if !text.is_ascii() && has_wide_space(text) {
        return text.split_whitespace().count();
    }
    let first = bytes.first().is_some_and(|&byte| !is_ascii_space(byte));
    let mut n = 0;
    // Few enough at once that a byte holds their number: the compiler then looks at many bytes with one instruction.
    let after = bytes.get(1..).unwrap_or_default().chunks(255);
    for (before, after) in bytes.chunks(255).zip(after) {
        let mut begun = 0_u8;
        for (&before, &byte) in before.iter().zip(after) {
            begun += u8::from(is_ascii_space(before) & !is_ascii_space(byte));
        }
        n += usize::from(begun);
    }
    usize::from(first) + n
}

/// Whether `text` has white space that is not ASCII.
fn has_wide_space(text: &str) -> bool {
    // It begins with one of these bytes, as many marks do.
    let may_be = |from: usize, byte: u8| {
        matches!(byte, 0xC2 | 0xE1..=0xE3) && text[from..].starts_with(char::is_whitespace)
    };
    let wide = |from: usize, bytes: &[u8]| (from..).zip(bytes).any(|(at, &byte)| may_be(at, byte));
    let parts = text.as_bytes().chunks(64).enumerate();
    let mut parts = parts.filter(|(_, part)| !part.is_ascii());
    parts.any(|(k, part)| wide(64 * k, part))
}

/// What a byte is, as far as it tells alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ByteClass {
    /// ASCII white space.
    Space,
    /// An ASCII letter or digit.
    Alphanumeric,
    /// Any other ASCII character.
    Mark,
    /// Of a character that is not ASCII.
    Other,
}

/// The class of every byte.
pub(crate) static CLASSES: [ByteClass; 256] = {
    let mut classes = [ByteClass::Mark; 256];
    let mut byte = 0;
    while byte < 256 {
        classes[byte] = match byte as u8 {
            0x80.. => ByteClass::Other,
            byte if is_ascii_space(byte) => ByteClass::Space,
            byte if byte.is_ascii_alphanumeric() => ByteClass::Alphanumeric,
            _ => ByteClass::Mark,
        };
        byte += 1;
    }
    classes
};

/// What [`char::is_whitespace`] says of an ASCII character; the vertical tab is one more than [`u8::is_ascii_whitespace`] knows.
const fn is_ascii_space(byte: u8) -> bool {
    byte == b' ' || byte.wrapping_sub(0x09) < 5
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
        fn words_of_long_texts_are_counted(pieces in proptest::collection::vec("[a \\x0bé’]|\u{a0}|\u{2009}|\u{3000}", 0..700), plain in 0..700_usize) {
            let text = format!("{}{}", "ab ".repeat(plain / 3), pieces.concat());
            prop_assert_eq!(count_words(&text), text.split_whitespace().count());
            prop_assert_eq!(count_words(&"a b".repeat(plain)), "a b".repeat(plain).split_whitespace().count());
        }
    }

    proptest! {
        #[test]
        fn the_quick_ways_agree_with_the_library(text in "([a-cA-C'’sS \\t\\x0b\\x1c\u{a0}É]|\\PC){0,12}") {
            prop_assert_eq!(small(&text), text.to_lowercase());
            let list = WordList::words("a b ab a'b 's ca abc É c\u{a0}");
            prop_assert_eq!(list.contains(&text), list.words.contains(text.as_str()));
            prop_assert_eq!(list.contains_small(&text), list.words.contains(text.to_lowercase().as_str()));
            prop_assert_eq!(count_words(&text), text.split_whitespace().count());
            prop_assert_eq!(
                without_possessive(&text),
                text.trim_end_matches("'s").trim_end_matches("’s")
            );
        }
    }
}
