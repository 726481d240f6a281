//! Quotations of a paragraph: stretches between quotation marks, marks included.
//!
//! Double marks, straight and curly, and single marks where they cannot be apostrophes. A mark that opens and is not closed
//! runs to the end of its paragraph: newspapers set quotations that go on in the next paragraph so.

use memchr::{memchr, memchr3};

use crate::span::Span;
use crate::text::token::{TokenKind, quote_kind};

/// A quotation of a paragraph.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quotation {
    /// Where, marks included.
    pub span: Span,
    /// Whether its closing mark stands in the paragraph.
    pub closed: bool,
}

/// The quotations in the stretch `block` of `text`, in order, not overlapping.
pub fn quotations(text: &str, block: Span) -> Vec<Quotation> {
    let piece = block.of(text);
    let mut found: Vec<Quotation> = Vec::new();
    let mut open: Option<(usize, bool)> = None;
    let mut from = 0;
    // Only marks change anything; all of them but the straight ones begin with one of two bytes, of which one is rare.
    let angled = memchr(0xC2, piece.as_bytes()).is_some();
    let next_mark = |bytes: &[u8]| match angled {
        true => bytes
            .iter()
            .position(|byte| matches!(byte, b'"' | b'\'' | 0xC2 | 0xE2)),
        false => memchr3(b'"', b'\'', 0xE2, bytes),
    };
    while let Some(offset) = next_mark(&piece.as_bytes()[from..]) {
        let at = from + offset;
        let before = piece[..at].chars().next_back();
        let mut rest = piece[at..].chars();
        let Some(c) = rest.next() else { break };
        let after = rest.next();
        let end = at + c.len_utf8();
        from = end;
        let mut close = |start: usize| {
            found.push(Quotation {
                span: Span::new(start, end).shifted(block.start),
                closed: true,
            });
        };
        match (open, quote_kind(before, c, after)) {
            (None, Some(TokenKind::OpenQuote)) => open = Some((at, true)),
            (Some((start, true)), Some(TokenKind::CloseQuote)) => {
                close(start);
                open = None;
            }
            // Single marks count only outside double ones.
            (None, None) if opens_single(before, c, after) && closes_soon(&piece[end..]) => {
                open = Some((at, false));
            }
            (Some((start, false)), None) if closes_single(before, c, after) => {
                close(start);
                open = None;
            }
            _ => {}
        }
    }
    if let Some((start, true)) = open {
        found.push(Quotation {
            span: Span::new(start, piece.len()).shifted(block.start),
            closed: false,
        });
    }
    found
}

fn opens_single(before: Option<char>, c: char, after: Option<char>) -> bool {
    let apart = before.is_none_or(|b| b.is_whitespace() || matches!(b, '(' | '—' | '–' | '['));
    matches!(c, '‘' | '\'')
        && apart
        && after.is_some_and(|a| a.is_uppercase() || a.is_lowercase() || a == '[' || a == '.')
}

/// A closing single mark follows a stop or comma, so that "the voters' choice" closes nothing.
fn closes_single(before: Option<char>, c: char, after: Option<char>) -> bool {
    matches!(c, '’' | '\'')
        && before.is_some_and(|b| matches!(b, '.' | ',' | '?' | '!' | '…'))
        && after.is_none_or(|a| !a.is_alphanumeric())
}

/// Whether a closing mark comes within the length of a long quotation.
fn closes_soon(rest: &str) -> bool {
    let mut before = None;
    let mut chars = rest.chars().take(800).peekable();
    while let Some(c) = chars.next() {
        if closes_single(before, c, chars.peek().copied()) {
            return true;
        }
        before = Some(c);
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quoted(text: &str) -> Vec<&str> {
        quotations(text, Span::new(0, text.len()))
            .into_iter()
            .map(|quotation| quotation.span.of(text))
            .collect()
    }

    #[test]
    fn quotations_are_found_in_every_typography() {
        assert_eq!(
            quoted("\"No,\" she said. \"Never.\""),
            ["\"No,\"", "\"Never.\""]
        );
        assert_eq!(quoted("She called it “a stunt” and left."), ["“a stunt”"]);
        assert_eq!(quoted("‘It wasn’t me,’ he said."), ["‘It wasn’t me,’"]);
        assert_eq!(quoted("the voters' choice, 'twas said"), [] as [&str; 0]);
        assert_eq!(quoted("“He said ‘no,’ twice.”"), ["“He said ‘no,’ twice.”"]);
    }

    #[test]
    fn an_open_quotation_runs_to_the_end_of_its_paragraph() {
        let text = "“It goes on in the next paragraph.";
        let found = quotations(text, Span::new(0, text.len()));
        assert_eq!((found.len(), found[0].closed), (1, false));
    }
}
