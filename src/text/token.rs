//! Words, numbers, quotation marks and single symbols of a sentence, as spans.
//!
//! A word keeps its clitic ("don't", "president's"); hyphens separate words, because "ill-advised"
//! says more as two familiar words than as one rare one. Everything that is not white space belongs to exactly
//! one token.

use std::borrow::Cow;

use crate::span::Span;
use crate::text::words::small;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// Letters, with inner apostrophes.
    Word,
    /// Digits, with inner dots and commas.
    Number,
    /// A quotation mark that opens.
    OpenQuote,
    /// A quotation mark that closes.
    CloseQuote,
    /// Any other character, alone.
    Symbol,
}

/// A token's place and kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// Bytes in the text that was tokenized.
    pub span: Span,
    /// What it is.
    pub kind: TokenKind,
}

/// What stands for every number, and for quotation marks of every shape.
pub(crate) const NUMBER: &str = "[number]";
pub(crate) const OPEN: &str = "“";
pub(crate) const CLOSE: &str = "”";

impl Token {
    /// The token as features and word vectors know it: words by [`word_form`], every number and every quotation mark of one
    /// direction the same, a symbol as it stands.
    pub fn normal_form<'t>(&self, text: &'t str) -> Cow<'t, str> {
        match self.kind {
            TokenKind::Word => form(self.span.of(text)),
            TokenKind::Number => Cow::Borrowed(NUMBER),
            TokenKind::OpenQuote => Cow::Borrowed(OPEN),
            TokenKind::CloseQuote => Cow::Borrowed(CLOSE),
            TokenKind::Symbol => Cow::Borrowed(self.span.of(text)),
        }
    }
}

/// A word in small letters with straight apostrophes.
pub fn word_form(word: &str) -> String {
    form(word).into_owned()
}

/// [`word_form`], not copied where the word stands so already.
pub(crate) fn form(word: &str) -> Cow<'_, str> {
    if word.is_ascii() {
        return small(word);
    }
    let letters = word
        .chars()
        .map(|c| if is_apostrophe(c) { '\'' } else { c });
    Cow::Owned(letters.flat_map(char::to_lowercase).collect())
}

/// Whether `c` is an apostrophe, typed or typeset.
pub(crate) fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | 'ʼ')
}

/// Which way a double quotation mark looks: by its shape, or for the straight one by its neighbours.
pub(crate) fn quote_kind(
    before: Option<char>,
    mark: char,
    after: Option<char>,
) -> Option<TokenKind> {
    match mark {
        '“' | '«' | '„' => Some(TokenKind::OpenQuote),
        '”' | '»' => Some(TokenKind::CloseQuote),
        '"' => {
            let opens_after = before
                .is_none_or(|c| c.is_whitespace() || matches!(c, '(' | '[' | '—' | '–' | '\''));
            let closes_before = after.is_none_or(|c| c.is_whitespace() || !c.is_alphanumeric());
            Some(if opens_after && !after.is_none_or(char::is_whitespace) {
                TokenKind::OpenQuote
            } else if closes_before || !opens_after {
                TokenKind::CloseQuote
            } else {
                TokenKind::OpenQuote
            })
        }
        _ => None,
    }
}

/// Cuts `text` into tokens, in order, in one pass.
pub fn tokenize(text: &str) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(text.len() / 4 + 1);
    for_each_token(text, |token| tokens.push(token));
    tokens
}

/// What an ASCII character begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Begins {
    Nothing,
    Word,
    Number,
    Quote,
    Symbol,
    /// No ASCII character: it has to be decoded.
    Other,
}

static BEGINS: [Begins; 256] = {
    let mut begins = [Begins::Symbol; 256];
    let mut byte = 0;
    while byte < 256 {
        begins[byte] = match byte as u8 {
            b' ' | 0x09..=0x0d => Begins::Nothing,
            b'a'..=b'z' | b'A'..=b'Z' => Begins::Word,
            b'0'..=b'9' => Begins::Number,
            b'"' => Begins::Quote,
            0x80.. => Begins::Other,
            _ => Begins::Symbol,
        };
        byte += 1;
    }
    begins
};

/// Sends the tokens of `text` to `sink`, in order.
pub(super) fn for_each_token(text: &str, mut sink: impl FnMut(Token)) {
    let bytes = text.as_bytes();
    let mut start = 0;
    while let Some(&byte) = bytes.get(start) {
        let mut end = start + 1;
        let kind = match BEGINS[usize::from(byte)] {
            Begins::Nothing => {
                start = end;
                continue;
            }
            Begins::Word => {
                end = word_end(text, end);
                TokenKind::Word
            }
            Begins::Number => {
                end = number_end(text, end);
                TokenKind::Number
            }
            Begins::Symbol => TokenKind::Symbol,
            Begins::Quote | Begins::Other => {
                let c = text[start..].chars().next().unwrap_or_default();
                end = start + c.len_utf8();
                if c.is_whitespace() {
                    start = end;
                    continue;
                }
                if c.is_alphabetic() {
                    end = word_end(text, end);
                    TokenKind::Word
                } else if c.is_numeric() {
                    end = number_end(text, end);
                    TokenKind::Number
                } else {
                    let before = text[..start].chars().next_back();
                    let after = text[end..].chars().next();
                    quote_kind(before, c, after).unwrap_or(TokenKind::Symbol)
                }
            }
        };
        sink(Token {
            span: Span::new(start, end),
            kind,
        });
        start = end;
    }
}

/// Where the word ends that began before byte `end`.
fn word_end(text: &str, mut end: usize) -> usize {
    let bytes = text.as_bytes();
    loop {
        // Nearly all letters are ASCII, and so is nearly all that ends a word.
        while bytes
            .get(end)
            .is_some_and(|&byte| BEGINS[usize::from(byte)] == Begins::Word)
        {
            end += 1;
        }
        if bytes
            .get(end)
            .is_none_or(|&byte| byte.is_ascii() && byte != b'\'')
        {
            return end;
        }
        match goes_on(&text[end..], is_of_word, is_apostrophe) {
            None => return end,
            Some(length) => end += length,
        }
    }
}

/// Where the number ends that began before byte `end`.
fn number_end(text: &str, mut end: usize) -> usize {
    let bytes = text.as_bytes();
    loop {
        while bytes.get(end).is_some_and(u8::is_ascii_digit) {
            end += 1;
        }
        if bytes
            .get(end)
            .is_none_or(|&byte| byte.is_ascii() && byte != b'.' && byte != b',')
        {
            return end;
        }
        match goes_on(&text[end..], char::is_numeric, |c| matches!(c, '.' | ',')) {
            None => return end,
            Some(length) => end += length,
        }
    }
}

fn is_of_word(c: char) -> bool {
    // Dashes and quotation marks, asked for most and known without the table of letters.
    !matches!(c, '\u{2010}'..='\u{2027}') && (c.is_alphabetic() || is_mark(c))
}

/// The length of the character with which `rest` goes on with a run: one `inside`, or a `joint` when an `inside` character follows
/// it.
fn goes_on(rest: &str, inside: fn(char) -> bool, joint: fn(char) -> bool) -> Option<usize> {
    let mut chars = rest.chars();
    let c = chars.next()?;
    (inside(c) || joint(c) && chars.next().is_some_and(inside)).then(|| c.len_utf8())
}

/// Combining marks and invisible joiners that belong to the word around them.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200d}' | '\u{ad}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<&str> {
        tokenize(text).iter().map(|t| t.span.of(text)).collect()
    }

    #[test]
    fn words_keep_clitics_and_lose_hyphens() {
        assert_eq!(
            words("Verrick's ill-advised plan didn’t cost $1,200.50."),
            [
                "Verrick's",
                "ill",
                "-",
                "advised",
                "plan",
                "didn’t",
                "cost",
                "$",
                "1,200.50",
                "."
            ]
        );
        assert_eq!(
            words("the commissioners' vote"),
            ["the", "commissioners", "'", "vote"]
        );
    }

    #[test]
    fn what_differs_only_in_dress_has_one_normal_form() {
        let text = "“DIDN’T 1,200 cost\" € 3?";
        let forms: Vec<_> = tokenize(text).iter().map(|t| t.normal_form(text)).collect();
        assert_eq!(
            forms,
            [OPEN, "didn't", NUMBER, "cost", CLOSE, "€", NUMBER, "?"]
        );
    }

    #[test]
    fn straight_quotes_look_the_way_their_neighbours_say() {
        let text = r#"She said "no" and ("never"), then left."#;
        let kinds: Vec<TokenKind> = tokenize(text)
            .iter()
            .filter(|t| t.span.of(text) == "\"")
            .map(|t| t.kind)
            .collect();
        use TokenKind::{CloseQuote, OpenQuote};
        assert_eq!(kinds, [OpenQuote, CloseQuote, OpenQuote, CloseQuote]);
    }

    /// The tokens of `text` by character classes alone, one character at a time.
    fn tokens_by_character(text: &str) -> Vec<Token> {
        let chars: Vec<(usize, char)> = text.char_indices().collect();
        let class =
            |k: usize, inside: fn(char) -> bool| chars.get(k).is_some_and(|&(_, c)| inside(c));
        let mut tokens = Vec::new();
        let mut k = 0;
        while k < chars.len() {
            let (start, c) = chars[k];
            let before = k.checked_sub(1).map(|k| chars[k].1);
            let mut run = |inside: fn(char) -> bool, joint: fn(char) -> bool| {
                while class(k + 1, inside) || class(k + 1, joint) && class(k + 2, inside) {
                    k += 1;
                }
            };
            let kind = if c.is_whitespace() {
                None
            } else if c.is_alphabetic() {
                run(is_of_word, is_apostrophe);
                Some(TokenKind::Word)
            } else if c.is_numeric() {
                run(char::is_numeric, |c| matches!(c, '.' | ','));
                Some(TokenKind::Number)
            } else {
                let after = chars.get(k + 1).map(|&(_, c)| c);
                Some(quote_kind(before, c, after).unwrap_or(TokenKind::Symbol))
            };
            let end = chars.get(k + 1).map_or(text.len(), |&(at, _)| at);
            tokens.extend(kind.map(|kind| Token {
                span: Span::new(start, end),
                kind,
            }));
            k += 1;
        }
        tokens
    }

    proptest::proptest! {
        #[test]
        fn the_quick_way_agrees_with_the_slow_one(text in "([a-cA-C1-3'’ʼ.,\"“” \\n\u{300}\u{a0}é½-]|\\PC){0,30}") {
            proptest::prop_assert_eq!(tokenize(&text), tokens_by_character(&text));
            let form_by_character: String = text
                .chars()
                .map(|c| if is_apostrophe(c) { '\'' } else { c })
                .flat_map(char::to_lowercase)
                .collect();
            proptest::prop_assert_eq!(word_form(&text), form_by_character);
        }
    }

    #[test]
    fn nothing_but_white_space_is_left_out() {
        for text in ["", "  ", "a\u{300}b 😀… “x”", "’tis 3.4.5, ok?"] {
            let joined: String = words(text).concat();
            let expected: String = text.chars().filter(|c| !c.is_whitespace()).collect();
            assert_eq!(joined, expected);
        }
    }
}
