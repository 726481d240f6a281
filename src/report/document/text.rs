//! Blocks as text for terminals and plain files: an empty line between blocks, tables in columns, prose wrapped.

use std::fmt::Write;

use super::{Block, Document, Figures, List, Mark, Quotes, Table};
use crate::report::paint::Paint;
use crate::report::table::{Width, layout, printable, wrapped};

impl Document {
    /// The report in at most `width` columns where words allow.
    pub fn text(&self, width: Width, paint: Paint) -> String {
        let width = Width(self.most_columns.map_or(width.0, |most| width.0.min(most)));
        let mut text = String::new();
        for block in &self.blocks {
            if !text.is_empty() {
                text.push_str(match block {
                    // Another report begins.
                    Block::Title(_) => "\n\n",
                    _ => "\n",
                });
            }
            text.push_str(&block_text(block, width, paint));
        }
        text
    }
}

fn block_text(block: &Block, width: Width, paint: Paint) -> String {
    match block {
        Block::Title(title) | Block::Heading(title) => heading(title, width, paint),
        Block::Paragraph(text) => wrapped(width, 0, &printable(text)),
        Block::Lines(lines) => lines
            .iter()
            .map(|line| wrapped(width, 0, &printable(line)))
            .collect(),
        Block::List(list) => list_text(list, width, paint),
        Block::Figures(figures) => figures_text(figures, width, paint),
        Block::Table(table) => table_text(table, width, paint),
        Block::Quotes(quotes) => quotes_text(quotes, width, paint),
    }
}

fn heading(title: &str, width: Width, paint: Paint) -> String {
    paint.bold(&wrapped(width, 0, &printable(title)))
}

fn list_text(list: &List, width: Width, paint: Paint) -> String {
    let mut text = String::new();
    if let Some(title) = &list.title {
        text.push_str(&heading(title, width, paint));
    }
    for item in &list.items {
        let item = printable(item);
        text.push_str(&match list.mark {
            Mark::Dash => format!("- {}", wrapped(Width(width.0.saturating_sub(2)), 2, &item)),
            Mark::Hanging(indent) => wrapped(width, indent, &item),
        });
    }
    if let Some(more) = &list.more {
        text.push_str(&wrapped(width, 0, &printable(more)));
    }
    text
}

fn figures_text(figures: &Figures, width: Width, paint: Paint) -> String {
    let mut text = String::new();
    if let Some(title) = &figures.title {
        text.push_str(&heading(title, width, paint));
        text.push('\n');
    }
    let name = |name: &str| printable(name) + figures.after_name;
    let longest = figures.rows.iter().map(|(of, _)| name(of).chars().count());
    let longest = longest.max().unwrap_or(0);
    for (of, value) in &figures.rows {
        let mut before = name(of);
        for line in value.lines() {
            let _ = writeln!(text, "{before:<longest$}{}", printable(line));
            before = String::new();
        }
    }
    text
}

fn table_text(table: &Table, width: Width, paint: Paint) -> String {
    let mut text = String::new();
    if table.caption_in_text {
        text.push_str(&heading(&table.caption, width, paint));
        text.push('\n');
    }
    let headers: Vec<&str> = table.headers.iter().map(String::as_str).collect();
    let rows = table.rows.iter().map(|row| {
        let mut cells = row.cells.clone();
        if let (true, Some(first)) = (row.nested, cells.first_mut()) {
            first.insert_str(0, "  ");
        }
        cells
    });
    text.push_str(&layout(width, &headers, &table.left, rows.collect(), paint));
    if let Some(more) = &table.more {
        text.push_str(&paint.dim(&wrapped(width, 0, &printable(more))));
    }
    if !table.notes.is_empty() && !table.close {
        text.push('\n');
    }
    for note in &table.notes {
        text.push_str(&paint.dim(&wrapped(width, 0, &printable(note))));
    }
    text
}

/// Columns that a score and the spaces around it take.
const SCORE: usize = 9;

fn quotes_text(quotes: &Quotes, width: Width, paint: Paint) -> String {
    let mut text = heading(&quotes.outlet, width, paint);
    for quote in &quotes.quotes {
        let line = format!(
            "{}  {} [{}]",
            quote.score,
            printable(&quote.text),
            printable(&quote.place)
        );
        let lines = wrapped(Width(width.0.saturating_sub(2)), SCORE, &line);
        let painted = lines.replacen(&quote.score, &paint.stance(&quote.score), 1);
        let _ = write!(text, "  {painted}");
    }
    text
}
