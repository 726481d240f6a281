//! Paragraphs: the stretches of an article between line breaks.
//!
//! Pages and text files put one paragraph on a line, with or without blank lines between. Files wrapped by hand
//! break inside sentences; they are recognised by the even length of their lines, and there only a blank line
//! separates.

use crate::span::Span;

/// The non-empty paragraphs of `text`, trimmed, in order.
pub fn blocks(text: &str) -> Vec<Span> {
    let mut lines = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        lines.push(Span::new(start, start + line.len()));
        start += line.len();
    }
    let wrapped = is_hard_wrapped(text, &lines);
    let mut blocks: Vec<Span> = Vec::new();
    let mut joins_previous = false;
    for line in lines {
        let trimmed = trim(text, line);
        if trimmed.is_empty() {
            joins_previous = false;
            continue;
        }
        match blocks.last_mut() {
            Some(last) if wrapped && joins_previous => last.end = trimmed.end,
            _ => blocks.push(trimmed),
        }
        joins_previous = true;
    }
    blocks
}

fn trim(text: &str, span: Span) -> Span {
    let piece = span.of(text);
    let start = span.start + piece.len() - piece.trim_start().len();
    Span::new(start, start + piece.trim().len())
}

/// Lines of 50 to 100 characters that mostly end without a stop, three or more of them.
fn is_hard_wrapped(text: &str, lines: &[Span]) -> bool {
    let mut followed = 0;
    let mut open = 0;
    for pair in lines.windows(2) {
        let (line, next) = (pair[0].of(text).trim(), pair[1].of(text).trim());
        if line.is_empty() || next.is_empty() {
            continue;
        }
        if line.len() > 110 {
            return false;
        }
        followed += 1;
        let ended = line.ends_with(['.', '!', '?', '"', '”', ':', '…']);
        if !ended && line.len() >= 50 {
            open += 1;
        }
    }
    followed >= 3 && open * 10 >= followed * 6
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Vec<&str> {
        blocks(text).into_iter().map(|span| span.of(text)).collect()
    }

    #[test]
    fn a_line_is_a_paragraph() {
        assert_eq!(
            of("One line.\nAnother line.\n\n  Third.  \r\n"),
            ["One line.", "Another line.", "Third."]
        );
        assert!(of(" \n\n").is_empty());
    }

    #[test]
    fn a_file_wrapped_by_hand_keeps_its_sentences() {
        let text = "The commissioner said on Tuesday that she would not take part in\n\
                    the tender any longer, a step her critics had been asking for since\n\
                    the spring, when the council first heard about the two meetings with\n\
                    the bidder.\n\nA second paragraph.";
        let blocks = of(text);
        assert_eq!(blocks.len(), 2);
        assert!(blocks[0].ends_with("the bidder."));
    }
}
