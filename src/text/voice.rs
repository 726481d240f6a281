//! Quotations, and the voice of a sentence.
//!
//! In: a paragraph. Out: the stretches in quotation marks. A mark that opens and is not closed runs to the end of
//! its paragraph, as newspapers set quotations that continue in the next. A sentence is a quotation's when most of it
//! stands inside one.

use crate::span::{Span, Voice};
use crate::text::token::{TokenKind, quote_kind};

/// The quotations in the stretch `block` of `text`, marks included, in order.
pub fn quotations(text: &str, block: Span) -> Vec<Span> {
    let piece = block.of(text);
    let mut quotations = Vec::new();
    let mut open: Option<usize> = None;
    let mut before = None;
    let mut chars = piece.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let after = chars.peek().map(|&(_, next)| next);
        match (quote_kind(before, c, after), open) {
            (Some(TokenKind::OpenQuote), None) => open = Some(at),
            (Some(TokenKind::CloseQuote), Some(start)) => {
                quotations.push(Span::new(start, at + c.len_utf8()).shifted(block.start));
                open = None;
            }
            _ => {}
        }
        before = Some(c);
    }
    if let Some(start) = open {
        quotations.push(Span::new(start, piece.len()).shifted(block.start));
    }
    quotations
}

/// Whose words `sentence` mostly is, given the `quotations` of its paragraph.
pub fn sentence_voice(sentence: Span, quotations: &[Span]) -> Voice {
    let quoted: usize = quotations
        .iter()
        .filter(|quotation| quotation.overlaps(sentence))
        .map(|quotation| quotation.end.min(sentence.end) - quotation.start.max(sentence.start))
        .sum();
    if quoted * 2 > sentence.len() {
        Voice::Quote
    } else {
        Voice::Outlet
    }
}

/// Whose words the stretch around `mention` is.
pub fn mention_voice(mention: Span, quotations: &[Span]) -> Voice {
    if quotations
        .iter()
        .any(|quotation| quotation.contains(mention))
    {
        Voice::Quote
    } else {
        Voice::Outlet
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn quoted(text: &str) -> Vec<&str> {
        quotations(text, Span::new(0, text.len()))
            .into_iter()
            .map(|span| span.of(text))
            .collect()
    }

    #[test]
    fn quotations_are_found_in_both_typographies() {
        assert_eq!(
            quoted("\"No,\" she said. \"Never.\""),
            ["\"No,\"", "\"Never.\""]
        );
        assert_eq!(quoted("She called it “a stunt” and left."), ["“a stunt”"]);
        assert_eq!(
            quoted("“It goes on in the next paragraph."),
            ["“It goes on in the next paragraph."]
        );
        assert_eq!(quoted("no quotation, 5' tall"), [] as [&str; 0]);
    }

    #[test]
    fn a_sentence_mostly_quoted_is_a_quotation() {
        let rows = [
            ("\"He lied to all of us,\" she said.", Voice::Quote),
            (
                "The mayor called the plan \"a stunt\" on Monday.",
                Voice::Outlet,
            ),
            ("She left.", Voice::Outlet),
        ];
        for (text, voice) in rows {
            let whole = Span::new(0, text.len());
            assert_eq!(
                sentence_voice(whole, &quotations(text, whole)),
                voice,
                "{text}"
            );
        }
    }
}
