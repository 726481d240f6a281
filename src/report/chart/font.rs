//! How wide text is, in the font that pictures are set in.
//!
//! The font is DejaVu Sans Condensed. On a page another one may take its place: widths are taken a little larger.

use std::sync::OnceLock;

use skrifa::charmap::Charmap;
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::{FontRef, MetadataProvider};

/// What pages may set text in: fonts about as wide as the first.
pub(super) const FAMILIES: &str =
    "'DejaVu Sans Condensed','Helvetica Neue',Helvetica,Arial,'Liberation Sans',sans-serif";

/// Other fonts are up to this much wider.
const ALLOWANCE: f64 = 1.04;

/// Longer labels are cut before anything else is done with them.
const MAX_CHARS: usize = 600;

/// The kinds of text in a chart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Title,
    Caption,
    Label,
    Strong,
    Note,
    Tick,
    Value,
    StrongValue,
    Inside,
    Message,
}

impl Style {
    pub const ALL: [Style; 10] = [
        Style::Title,
        Style::Caption,
        Style::Label,
        Style::Strong,
        Style::Note,
        Style::Tick,
        Style::Value,
        Style::StrongValue,
        Style::Inside,
        Style::Message,
    ];

    pub fn size(self) -> f64 {
        match self {
            Style::Title => 19.0,
            Style::Caption => 11.5,
            Style::Label | Style::Strong => 13.5,
            Style::Note | Style::Tick | Style::Inside => 11.5,
            Style::Value | Style::StrongValue | Style::Message => 12.5,
        }
    }

    pub fn bold(self) -> bool {
        matches!(self, Style::Title | Style::Strong | Style::StrongValue)
    }

    pub fn muted(self) -> bool {
        matches!(
            self,
            Style::Caption | Style::Note | Style::Tick | Style::Message
        )
    }

    pub fn class(self) -> &'static str {
        match self {
            Style::Title => "c-title",
            Style::Caption => "c-caption",
            Style::Label => "c-label",
            Style::Strong => "c-strong",
            Style::Note => "c-note",
            Style::Tick => "c-tick",
            Style::Value => "c-value",
            Style::StrongValue => "c-strong-value",
            Style::Inside => "c-inside",
            Style::Message => "c-message",
        }
    }

    /// From one line to the next.
    pub fn leading(self) -> f64 {
        (self.size() * 1.3).round()
    }

    /// The baseline of a line whose digits and capitals are centred at `y`.
    pub fn baseline(self, y: f64) -> f64 {
        y + 0.36 * self.size()
    }
}

struct Font {
    characters: Charmap<'static>,
    metrics: GlyphMetrics<'static>,
    units: f64,
}

fn font(bold: bool) -> &'static Font {
    static REGULAR: OnceLock<Font> = OnceLock::new();
    static BOLD: OnceLock<Font> = OnceLock::new();
    let read = |data: &'static [u8]| {
        let font = FontRef::new(data).expect("the built-in font is sound");
        Font {
            characters: font.charmap(),
            metrics: font.glyph_metrics(Size::unscaled(), LocationRef::default()),
            units: f64::from(
                font.metrics(Size::unscaled(), LocationRef::default())
                    .units_per_em,
            ),
        }
    };
    if bold {
        BOLD.get_or_init(|| read(dejavu::sans_condensed::bold()))
    } else {
        REGULAR.get_or_init(|| read(dejavu::sans_condensed::regular()))
    }
}

impl Font {
    /// The advance in ems; a full em for what the font lacks.
    fn advance(&self, c: char) -> f64 {
        self.characters
            .map(c)
            .and_then(|glyph| self.metrics.advance_width(glyph))
            .map_or(1.0, |advance| f64::from(advance) / self.units)
    }
}

/// The width of `text` in the built-in font, without allowance.
pub(super) fn bare_width(style: Style, text: &str) -> f64 {
    let font = font(style.bold());
    style.size() * text.chars().map(|c| font.advance(c)).sum::<f64>()
}

/// The width to keep free for `text`.
pub(super) fn width(style: Style, text: &str) -> f64 {
    ALLOWANCE * bare_width(style, text)
}

/// Somebody else's text made safe to draw: one line, no control characters, no bidirectional overrides, nothing that XML
/// forbids.
pub(super) fn clean(text: &str) -> String {
    let short: String = text.chars().take(MAX_CHARS).collect();
    crate::report::table::printable(&short)
        .chars()
        .map(|c| match c {
            '\u{2028}' | '\u{2029}' => ' ',
            '\u{fffe}' | '\u{ffff}' => '\u{fffd}',
            c => c,
        })
        .collect::<String>()
        .split(' ')
        .filter(|word| !word.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

/// `text` if it fits into `limit`, else its beginning and an ellipsis.
pub(super) fn fitted(style: Style, text: &str, limit: f64) -> String {
    if width(style, text) <= limit {
        return text.to_string();
    }
    let font = font(style.bold());
    let scale = ALLOWANCE * style.size();
    let mut left = limit - scale * font.advance('…');
    let mut end = 0;
    for (at, c) in text.char_indices() {
        left -= scale * font.advance(c);
        if left < 0.0 {
            break;
        }
        end = at + c.len_utf8();
    }
    format!("{}…", text[..end].trim_end())
}

/// `text` in at most `max_lines` lines of at most `limit`; the last is cut where it must be. Never empty.
pub(super) fn wrapped(style: Style, text: &str, limit: f64, max_lines: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut rest = text;
    while lines.len() + 1 < max_lines && width(style, rest) > limit {
        let end = line_end(style, rest, limit);
        lines.push(rest[..end].trim_end().to_string());
        rest = rest[end..].trim_start();
    }
    lines.push(fitted(style, rest, limit));
    lines
}

/// Where the first line of a `text` wider than `limit` ends: after the last word that fits, or within a word that is too
/// long for any line. At least one character.
fn line_end(style: Style, text: &str, limit: f64) -> usize {
    let font = font(style.bold());
    let scale = ALLOWANCE * style.size();
    let (mut used, mut word_end) = (0.0, 0);
    for (at, c) in text.char_indices() {
        if c == ' ' {
            word_end = at;
        }
        used += scale * font.advance(c);
        if used > limit {
            return if word_end > 0 {
                word_end
            } else {
                at.max(text.chars().next().map_or(0, char::len_utf8))
            };
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_as_wide_as_each_other() {
        let one = bare_width(Style::Value, "1");
        assert!(one > 5.0);
        for digit in "023456789".chars() {
            assert_eq!(bare_width(Style::Value, &digit.to_string()), one);
        }
    }

    #[test]
    fn long_text_is_cut_to_its_limit() {
        let text = "The Upper Valley Morning Chronicle";
        for limit in [20.0, 61.5, 100.0, 180.0] {
            let cut = fitted(Style::Label, text, limit);
            assert!(cut.ends_with('…'), "{cut}");
            assert!(width(Style::Label, &cut) <= limit, "{cut}");
        }
        assert_eq!(fitted(Style::Label, text, 900.0), text);
    }

    #[test]
    fn lines_hold_whole_words_where_they_can() {
        let lines = wrapped(Style::Label, "The Upper Valley Morning Chronicle", 130.0, 2);
        assert_eq!(lines, ["The Upper Valley", "Morning Chronicle"]);
        let lines = wrapped(Style::Label, &"報".repeat(30), 130.0, 2);
        assert_eq!(lines.len(), 2);
        assert!(lines.iter().all(|line| width(Style::Label, line) <= 130.0));
        assert_eq!(wrapped(Style::Label, "", 10.0, 2), [""]);
        assert!(!wrapped(Style::Label, "word", 0.0, 3).is_empty());
    }

    #[test]
    fn what_xml_forbids_is_replaced() {
        assert_eq!(
            clean("a\u{0}b\u{ffff}c\u{202e}d \n e"),
            "a\u{fffd}b\u{fffd}c\u{fffd}d e"
        );
        assert_eq!(clean(&"x".repeat(5000)).len(), MAX_CHARS);
    }
}
