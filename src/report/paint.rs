//! Colours of a terminal, used sparingly: headings bold, notes dim, one colour a voice, and two for the sign of a stance that colour-blind
//! readers can tell apart. Nothing is told by colour alone.

use crate::span::Voice;

/// Whether text carries terminal colours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Paint {
    /// Plain text.
    Plain,
    /// ANSI colours.
    Colour,
}

impl Paint {
    /// Each line of `text` apart, so that a pager that cuts lines shows them right.
    fn wrap(self, code: &str, text: &str) -> String {
        if self == Paint::Plain {
            return text.to_string();
        }
        let paint = |line: &str| match line.strip_suffix('\n') {
            Some("") => "\n".to_string(),
            Some(line) => format!("\u{1b}[{code}m{line}\u{1b}[0m\n"),
            None => format!("\u{1b}[{code}m{line}\u{1b}[0m"),
        };
        text.split_inclusive('\n').map(paint).collect()
    }

    /// What is beside the point.
    pub(super) fn dim(self, text: &str) -> String {
        self.wrap("2", text)
    }

    /// Titles and headers.
    pub(super) fn bold(self, text: &str) -> String {
        self.wrap("1", text)
    }

    /// A signed figure: blue in favor, yellow against.
    pub(super) fn stance(self, figure: &str) -> String {
        let is_zero = !figure.contains(|c: char| ('1'..='9').contains(&c));
        match figure.chars().next() {
            Some('+') if !is_zero => self.wrap("34", figure),
            Some('-') if !is_zero => self.wrap("33", figure),
            _ => figure.to_string(),
        }
    }

    /// One colour a voice, told apart by colour-blind readers too; the word stands beside it.
    pub(super) fn voice(self, voice: Voice, text: &str) -> String {
        let code = match voice {
            Voice::Outlet => return text.to_string(),
            Voice::Quote => "34",
            Voice::Reported => "36",
            Voice::Own => "33",
            Voice::Mixed => "35",
        };
        self.wrap(code, text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_line_is_painted_apart_and_plain_text_stays() {
        assert_eq!(Paint::Plain.bold("a\nb\n"), "a\nb\n");
        assert_eq!(
            Paint::Colour.bold("a\n\nb"),
            "\u{1b}[1ma\u{1b}[0m\n\n\u{1b}[1mb\u{1b}[0m"
        );
        assert_eq!(Paint::Colour.stance("+0.00"), "+0.00");
        assert_eq!(Paint::Colour.stance("–"), "–");
        assert_eq!(Paint::Colour.stance("-0.12"), "\u{1b}[33m-0.12\u{1b}[0m");
    }
}
