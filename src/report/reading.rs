//! An article as it was read, for a terminal: sentences with their voice, furniture dimmed, mentions marked; and mentions in context.

use std::fmt::Write;

use super::paint::Paint;
use super::table::{Width, printable, wrapped};
use crate::score::{ArticleReading, ReadMention};
use crate::span::{CharOffsets, CharSpan};
use crate::text::How;

/// Every sentence of an article on lines of its own, with what it is before it and `[...]` around mentions; a pronoun says
/// whose it is.
pub fn reading_text(reading: &ArticleReading, paint: Paint, width: Width) -> String {
    let mut text = String::new();
    let title = reading
        .title
        .as_deref()
        .map_or(String::new(), |title| format!("  {}", printable(title)));
    let _ = writeln!(
        text,
        "{}  {}{title}\n",
        printable(&reading.outlet),
        printable(&reading.article)
    );
    let offsets = CharOffsets::new(&reading.text);
    for sentence in &reading.sentences {
        let marked = with_mentions(reading, &offsets, sentence.span);
        let marked = printable(&without_insets(reading, &offsets, sentence.span, marked));
        let label = sentence
            .furniture
            .map_or(sentence.voice.name(), |kind| kind.name());
        let speaker = sentence
            .speaker
            .as_ref()
            .map_or(String::new(), |name| format!(" ({})", printable(name)));
        let body = wrapped(
            Width(width.0.saturating_sub(12)),
            0,
            &format!("{marked}{speaker}"),
        );
        for (index, line) in body.lines().enumerate() {
            let line = format!("  {:<9} {line}", if index == 0 { label } else { "" });
            let painted = match sentence.furniture {
                Some(_) => paint.dim(&line),
                None => paint.voice(sentence.voice, &line),
            };
            let _ = writeln!(text, "{painted}");
        }
    }
    text.push('\n');
    text
}

fn with_mentions(reading: &ArticleReading, offsets: &CharOffsets<'_>, span: CharSpan) -> String {
    let bytes = |span| {
        offsets
            .bytes(span)
            .expect("spans of a reading lie inside its text")
    };
    let mut marked = String::new();
    let mut at = bytes(span).start;
    for mention in reading
        .mentions
        .iter()
        .filter(|m| span.0 <= m.span.0 && m.span.1 <= span.1)
    {
        let here = bytes(mention.span);
        if here.start < at {
            continue; // a second subject's name overlaps
        }
        let whose = match mention.how {
            How::Pronoun => format!(": {}", mention.subject),
            How::Exact | How::Nominal => String::new(),
        };
        let _ = write!(
            marked,
            "{}[{}{whose}]",
            &reading.text[at..here.start],
            here.of(&reading.text)
        );
        at = here.end;
    }
    marked.push_str(&reading.text[at..bytes(span).end]);
    marked
}

/// `text`, the words of the sentence `span`, with an ellipsis for each list that the page sets into it.
fn without_insets(
    reading: &ArticleReading,
    offsets: &CharOffsets<'_>,
    span: CharSpan,
    text: String,
) -> String {
    reading
        .furniture
        .iter()
        .filter(|inset| span.0 < inset.span.0 && inset.span.1 <= span.1)
        .filter_map(|inset| offsets.bytes(inset.span))
        .fold(text, |text, inset| {
            text.replacen(inset.of(&reading.text), " […]", 1)
        })
}

/// Characters of context on each side of a mention, however narrow the terminal.
const LEAST_CONTEXT: usize = 16;

/// Whose words a mention stands in, and how it was found.
fn how(mention: &ReadMention) -> String {
    format!(
        "{} {}",
        mention.voice,
        format!("{:?}", mention.how).to_lowercase()
    )
}

/// Mentions in context, aligned (keyword in context), with the voice and how each was found.
pub fn kwic_text(reading: &ArticleReading, width: Width) -> String {
    let offsets = CharOffsets::new(&reading.text);
    let mut text = String::new();
    let article = printable(&reading.article);
    let longest = |lengths: &mut dyn Iterator<Item = usize>| lengths.max().unwrap_or(0);
    let mention = longest(&mut reading.mentions.iter().map(|m| m.span.1 - m.span.0));
    let after = longest(&mut reading.mentions.iter().map(|m| how(m).chars().count()));
    // Brackets and spaces, then what follows the right side.
    let taken = 6 + mention + after + 1 + article.chars().count();
    let side = (usize::from(width.0).saturating_sub(taken) / 2).max(LEAST_CONTEXT);
    for mention in &reading.mentions {
        let here = offsets
            .bytes(mention.span)
            .expect("spans of a reading lie inside its text");
        let left: String = reading.text[..here.start]
            .chars()
            .rev()
            .take(side)
            .collect();
        let left: String = printable(&left.chars().rev().collect::<String>());
        let right: String = printable(
            &reading.text[here.end..]
                .chars()
                .take(side)
                .collect::<String>(),
        );
        let _ = writeln!(
            text,
            "{:>side$} [{}] {:<side$}  {} {article}",
            left,
            printable(here.of(&reading.text)),
            right,
            how(mention),
        );
    }
    text
}
