//! Words, numbers, quotation marks and single symbols of a sentence, as spans.
//!
//! A word keeps its clitic ("don't", "president's"); hyphens separate words, because "ill-advised"
//! says more as two familiar words than as one rare one. Everything that is not white space belongs to exactly
//! one token.

use std::borrow::Cow;

use crate::span::Span;

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
            TokenKind::Word => Cow::Owned(word_form(self.span.of(text))),
            TokenKind::Number => Cow::Borrowed(NUMBER),
            TokenKind::OpenQuote => Cow::Borrowed(OPEN),
            TokenKind::CloseQuote => Cow::Borrowed(CLOSE),
            TokenKind::Symbol => Cow::Borrowed(self.span.of(text)),
        }
    }
}

/// A word in small letters with straight apostrophes.
pub fn word_form(word: &str) -> String {
    word.chars()
        .map(|c| if is_apostrophe(c) { '\'' } else { c })
        .flat_map(char::to_lowercase)
        .collect()
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
    let mut tokens = Vec::with_capacity(text.len() / 5);
    let mut chars = text.char_indices().peekable();
    let mut before = None;
    while let Some((start, c)) = chars.next() {
        if c.is_whitespace() {
            before = Some(c);
            continue;
        }
        let mut end = start + c.len_utf8();
        let kind = if c.is_alphabetic() {
            end = run_end(
                text,
                end,
                |c| c.is_alphabetic() || is_mark(c),
                is_apostrophe,
            );
            TokenKind::Word
        } else if c.is_numeric() {
            end = run_end(text, end, char::is_numeric, |c| matches!(c, '.' | ','));
            TokenKind::Number
        } else {
            quote_kind(before, c, text[end..].chars().next()).unwrap_or(TokenKind::Symbol)
        };
        while chars.next_if(|&(at, _)| at < end).is_some() {}
        before = text[..end].chars().next_back();
        tokens.push(Token {
            span: Span::new(start, end),
            kind,
        });
    }
    tokens
}

/// Combining marks and invisible joiners that belong to the word around them.
fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{200b}'..='\u{200d}' | '\u{ad}')
}

/// Where a run of `inside` characters that began before `from` ends; a `joint` counts when an `inside`
/// character follows it.
fn run_end(text: &str, from: usize, inside: fn(char) -> bool, joint: fn(char) -> bool) -> usize {
    let mut end = from;
    let mut rest = text[from..].chars().peekable();
    while let Some(c) = rest.next() {
        let goes_on = inside(c) || (joint(c) && rest.peek().is_some_and(|&next| inside(next)));
        if !goes_on {
            break;
        }
        end += c.len_utf8();
    }
    end
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

    #[test]
    fn nothing_but_white_space_is_left_out() {
        for text in ["", "  ", "a\u{300}b 😀… “x”", "’tis 3.4.5, ok?"] {
            let joined: String = words(text).concat();
            let expected: String = text.chars().filter(|c| !c.is_whitespace()).collect();
            assert_eq!(joined, expected);
        }
    }
}
