//! Blocks as markdown the way GitHub reads it: headings, pipe tables, lists.
//!
//! Names and sentences come from outside: what markdown or HTML would read as a sign is escaped (CommonMark 0.31, section 2.4, and the pipe and
//! the dollar sign of GitHub's tables and formulas).

use std::fmt::Write;

use super::{Block, Document, Figures, List, Quotes, Row, Table};
use crate::report::table::printable;

impl Document {
    /// The report as markdown, an empty line between blocks.
    pub fn markdown(&self) -> String {
        let blocks: Vec<String> = self.blocks.iter().map(block_markdown).collect();
        blocks.join("\n")
    }
}

fn block_markdown(block: &Block) -> String {
    match block {
        Block::Title(title) => format!("# {}\n", escaped(title)),
        Block::Heading(title) => heading(title),
        Block::Paragraph(text) => paragraph(text),
        // One line break in markdown is none.
        Block::Lines(lines) => paragraphs(lines),
        Block::List(list) => list_markdown(list),
        Block::Figures(figures) => figures_markdown(figures),
        Block::Table(table) => table_markdown(table),
        Block::Quotes(quotes) => quotes_markdown(quotes),
    }
}

fn heading(title: &str) -> String {
    format!("## {}\n", escaped(title))
}

fn paragraph(text: &str) -> String {
    format!("{}\n", beginning(text))
}

fn paragraphs(texts: &[String]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| paragraph(text)).collect();
    texts.join("\n")
}

fn list_markdown(list: &List) -> String {
    let mut parts: Vec<String> = list.title.iter().map(|title| heading(title)).collect();
    let items = list.items.iter();
    parts.push(
        items
            .map(|item| format!("- {}\n", beginning(item)))
            .collect(),
    );
    parts.extend(list.more.iter().map(|more| paragraph(more)));
    parts.retain(|part| !part.is_empty());
    parts.join("\n")
}

fn figures_markdown(figures: &Figures) -> String {
    let mut text = String::new();
    if let Some(title) = &figures.title {
        let _ = writeln!(text, "{}", heading(title));
    }
    for (name, value) in &figures.rows {
        let value = value.split_whitespace().collect::<Vec<_>>().join(" ");
        let _ = writeln!(text, "- {}: {}", beginning(name), escaped(&value));
    }
    text
}

fn table_markdown(table: &Table) -> String {
    let mut text = format!("{}\n", heading(&table.caption));
    let line = |cells: &mut dyn Iterator<Item = String>| -> String {
        let cells: Vec<String> = cells.collect();
        format!("| {} |\n", cells.join(" | "))
    };
    text.push_str(&line(&mut table.headers.iter().map(|h| escaped(h))));
    let aligned = |column: usize| match table.left.contains(&column) {
        true => "---".to_string(),
        false => "---:".to_string(),
    };
    text.push_str(&line(&mut (0..table.headers.len()).map(aligned)));
    for row in &table.rows {
        text.push_str(&line(&mut (0..table.headers.len()).map(|k| cell(row, k))));
    }
    for under in table.more.iter().chain(&table.notes) {
        let _ = write!(text, "\n{}", paragraph(under));
    }
    text
}

fn cell(row: &Row, column: usize) -> String {
    let text = row.cells.get(column).map_or(String::new(), |c| escaped(c));
    match row.nested && column == 0 {
        true => format!("&nbsp;&nbsp;{text}"),
        false => text,
    }
}

fn quotes_markdown(quotes: &Quotes) -> String {
    let mut text = format!("### {}\n\n", escaped(&quotes.outlet));
    for quote in &quotes.quotes {
        let _ = writeln!(
            text,
            "- {} {} \\[{}\\]",
            beginning(&quote.score),
            escaped(&quote.text),
            escaped(&quote.place)
        );
    }
    text
}

/// Plain words on one line, with nothing that markdown or HTML would read as a sign.
fn escaped(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in printable(text).trim().chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '~' | '$' => safe.extend(['\\', c]),
            c => safe.push(c),
        }
    }
    safe
}

/// The same where a line begins: a dash or a number would begin a list.
fn beginning(text: &str) -> String {
    let safe = escaped(text);
    let digits = safe.chars().take_while(char::is_ascii_digit).count();
    let after = &safe[digits..];
    let begins_list = match digits {
        0 => safe.starts_with("- ") || safe.starts_with("+ ") || safe.starts_with('='),
        _ => after.starts_with(". ") || after.starts_with(") "),
    };
    let is_rule = !safe.is_empty() && safe.chars().all(|c| c == '-' || c == ' ');
    match begins_list || is_rule {
        true => format!("{}\\{after}", &safe[..digits]),
        false => safe,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_of_markdown_and_html_are_escaped() {
        for (text, expected) in [
            ("a|b", "a\\|b"),
            ("_x_ *y* `z`", "\\_x\\_ \\*y\\* \\`z\\`"),
            ("<script>&lt;", "&lt;script&gt;&amp;lt;"),
            ("[a](b)", "\\[a\\](b)"),
            ("a\\|b", "a\\\\\\|b"),
            ("two\r\nlines", "two  lines"),
            ("\u{1b}[31m\u{202e}", "\u{fffd}\\[31m\u{fffd}"),
            ("-0.12", "-0.12"),
        ] {
            assert_eq!(escaped(text), expected, "{text:?}");
        }
    }

    #[test]
    fn no_paragraph_begins_a_list() {
        for (text, expected) in [
            ("- no", "\\- no"),
            ("12. no", "12\\. no"),
            ("---", "\\---"),
            ("12 articles", "12 articles"),
            ("-0.12 is", "-0.12 is"),
        ] {
            assert_eq!(beginning(text), expected);
        }
    }

    #[test]
    fn every_row_has_a_cell_a_column() {
        let rows = vec![
            Row::from(vec!["a|b".to_string(), "1".to_string()]),
            Row::nested(vec!["c".to_string()]),
        ];
        let table = Table::new("T", ["x", "n"], &[0], rows).note("Read it so.");
        assert_eq!(
            table_markdown(&table),
            "## T\n\n| x | n |\n| --- | ---: |\n| a\\|b | 1 |\n| &nbsp;&nbsp;c |  |\n\nRead it so.\n"
        );
    }
}
