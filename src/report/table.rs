//! Tables and numbers in text.

use comfy_table::presets::NOTHING;
use comfy_table::{CellAlignment, ColumnConstraint, ContentArrangement, Table, TableComponent};
use rustc_hash::FxHashSet;

use super::paint::Paint;
use crate::statistics::Estimate;

/// Columns that text may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Width(pub u16);

impl Default for Width {
    /// What files and pipes get.
    fn default() -> Self {
        Width(100)
    }
}

/// Marks where headers end; no cell holds it, as cells are [`printable`].
const RULE: char = '\u{1}';

/// Lays out rows under headers; all columns but those in `left` are set to the right. Names of classes, features and outlets
/// come from outside: every cell is made [`printable`].
pub(super) fn table(
    width: Width,
    headers: &[&str],
    left: &[usize],
    rows: Vec<Vec<String>>,
) -> String {
    layout(width, headers, left, rows, Paint::Plain)
}

/// The same with painted headers. Where columns would tear words, each takes its longest word at least, if the width allows.
pub(super) fn layout(
    width: Width,
    headers: &[&str],
    left: &[usize],
    rows: Vec<Vec<String>>,
    paint: Paint,
) -> String {
    let headers: Vec<String> = headers.iter().map(|header| printable(header)).collect();
    let rows: Vec<Vec<String>> = rows
        .into_iter()
        .map(|row| row.iter().map(|cell| printable(cell)).collect())
        .collect();
    let lines = arranged(width, &headers, left, &rows, None);
    let lines = match tears(&lines, &headers, &rows) {
        true => {
            // "[95 %]" is one word.
            let headers: Vec<String> = headers.iter().map(|h| h.replace(" %]", UNBROKEN)).collect();
            let longest = longest_words(&headers, &rows);
            let whole = arranged(width, &headers, left, &rows, Some(&longest));
            let taken: usize = longest.iter().map(|&n| n + padding(width)).sum();
            match taken <= usize::from(width.0) {
                true => whole,
                false => lines,
            }
        }
        false => lines,
    };
    let mut text = String::new();
    for line in lines {
        // The rule only tells where the headers end; it is not printed.
        if line.starts_with(RULE) {
            text = paint.bold(&text);
            continue;
        }
        text.push_str(line.replace(UNBROKEN, " %]").trim_end());
        text.push('\n');
    }
    text
}

/// The end of a header with its interval's level, with a space that no line is broken at.
const UNBROKEN: &str = "\u{a0}%]";

/// Empty columns after each column.
fn padding(width: Width) -> usize {
    if width.0 < 90 { 1 } else { 2 }
}

/// The lines of a table, each column at least as wide as `least` says.
fn arranged(
    width: Width,
    headers: &[String],
    left: &[usize],
    rows: &[Vec<String>],
    least: Option<&[usize]>,
) -> Vec<String> {
    let mut table = Table::new();
    table
        .load_preset(NOTHING)
        .set_style(TableComponent::HeaderLines, RULE)
        .set_content_arrangement(ContentArrangement::Dynamic)
        .set_width(width.0)
        .set_header(headers)
        .add_rows(rows);
    let padding = padding(width);
    for (index, column) in table.column_iter_mut().enumerate() {
        column.set_padding((0, padding as u16));
        if !left.contains(&index) {
            column.set_cell_alignment(CellAlignment::Right);
        }
        if let Some(&n) = least.and_then(|least| least.get(index)) {
            let n = u16::try_from(n + padding).unwrap_or(u16::MAX);
            column.set_constraint(ColumnConstraint::LowerBoundary(comfy_table::Width::Fixed(
                n,
            )));
        }
    }
    table.lines().collect()
}

/// Whether a word, or the level of an interval in a header, does not stand whole on a line.
fn tears(lines: &[String], headers: &[String], rows: &[Vec<String>]) -> bool {
    let whole: FxHashSet<&str> = lines.iter().flat_map(|line| line.split(' ')).collect();
    let cells = headers.iter().chain(rows.iter().flatten());
    let mut words = cells.flat_map(|cell| cell.split_whitespace());
    if words.any(|word| !whole.contains(word)) {
        return true;
    }
    let levels: usize = headers.iter().map(|h| h.matches(" %]").count()).sum();
    let head = lines.iter().take_while(|line| !line.starts_with(RULE));
    head.map(|line| line.matches(" %]").count()).sum::<usize>() < levels
}

/// The longest word of each column.
fn longest_words(headers: &[String], rows: &[Vec<String>]) -> Vec<usize> {
    let longest = |cell: &String| {
        let words = cell.split(' ').map(|word| word.chars().count());
        words.max().unwrap_or(0)
    };
    let mut widths: Vec<usize> = headers.iter().map(longest).collect();
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(longest(cell));
        }
    }
    widths
}

/// Breaks `text` into lines of at most `width` columns, those after the first indented.
pub(super) fn wrapped(width: Width, indent: usize, text: &str) -> String {
    let limit = usize::from(width.0).max(indent + 20);
    let mut lines = String::new();
    let mut column = 0;
    for word in text.split_whitespace() {
        let length = word.chars().count();
        if column > 0 && column + 1 + length > limit {
            lines.push('\n');
            lines.push_str(&" ".repeat(indent));
            column = indent;
        } else if column > 0 {
            lines.push(' ');
            column += 1;
        }
        lines.push_str(word);
        column += length;
    }
    lines.push('\n');
    lines
}

/// A signed figure with two decimals; a dash where there is none.
pub(super) fn signed(value: Option<f64>) -> String {
    // No "-0.00".
    value.map_or("–".to_string(), |v| {
        format!("{:+.2}", if v.abs() < 0.005 { 0.0 } else { v })
    })
}

/// A figure with three decimals; a dash where there is none.
pub(super) fn plain(value: Option<f64>) -> String {
    value.map_or("–".to_string(), |v| format!("{v:.3}"))
}

/// `+0.12 [-0.03, +0.27]`, or the figure alone.
pub(super) fn bracketed(estimate: &Estimate) -> String {
    match (estimate.low, estimate.high) {
        (Some(low), Some(high)) => {
            format!(
                "{} [{}, {}]",
                signed(estimate.value),
                signed(Some(low)),
                signed(Some(high))
            )
        }
        _ => signed(estimate.value),
    }
}

/// `0.662 (0.651 to 0.672)`, or the figure alone.
pub(super) fn plain_interval(estimate: &Estimate) -> String {
    match (estimate.low, estimate.high) {
        (Some(low), Some(high)) => format!("{} ({low:.3} to {high:.3})", plain(estimate.value)),
        _ => plain(estimate.value),
    }
}

/// A figure with its interval in brackets, each as `show` writes it, or the figure alone.
fn in_brackets(estimate: &Estimate, show: impl Fn(f64) -> String) -> String {
    let value = estimate.value.map_or("–".to_string(), &show);
    match (estimate.low, estimate.high) {
        (Some(low), Some(high)) => format!("{value} [{}, {}]", show(low), show(high)),
        _ => value,
    }
}

/// `0.662 [0.651, 0.672]`, or the figure alone.
pub(super) fn fine(estimate: &Estimate) -> String {
    in_brackets(estimate, |v| format!("{v:.3}"))
}

/// `+0.012 [-0.003, +0.027]`, or the figure alone.
pub(super) fn fine_signed(estimate: &Estimate) -> String {
    // No "-0.000".
    in_brackets(estimate, |v| {
        format!("{:+.3}", if v.abs() < 0.0005 { 0.0 } else { v })
    })
}

/// `0.66 [0.65, 0.67]`, or the figure alone.
pub(super) fn rough(estimate: &Estimate) -> String {
    in_brackets(estimate, |v| format!("{v:.2}"))
}

/// A share as a percentage.
pub(super) fn percent(value: Option<&f64>) -> String {
    value.map_or("–".to_string(), |v| format!("{:.0} %", v * 100.0))
}

/// A p value: three decimals, or "< 0.001".
pub(super) fn p_value(p: f64) -> String {
    if p < 0.001 {
        "< 0.001".to_string()
    } else {
        format!("{p:.3}")
    }
}

/// Rows as CSV with a header.
pub(super) fn csv(header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let expect = "writing to memory cannot fail";
    writer.write_record(header).expect(expect);
    for row in rows {
        writer.write_record(row).expect(expect);
    }
    String::from_utf8(writer.into_inner().expect(expect)).expect("fields are UTF-8")
}

/// A number for a file, empty where there is none.
pub(super) fn number(value: Option<f64>) -> String {
    value.map_or(String::new(), |v| v.to_string())
}

/// Words from outside, safe for a terminal: control characters become visible stand-ins.
pub fn printable(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\n' | '\r' | '\t' => ' ',
            c if c.is_control()
                || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}') =>
            {
                '\u{fffd}'
            }
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_exist_is_a_dash() {
        assert_eq!(signed(None), "–");
        assert_eq!(signed(Some(-0.001)), "+0.00");
        assert_eq!(bracketed(&Estimate::point(0.25)), "+0.25");
        let all = Estimate {
            value: Some(0.1),
            low: Some(-0.2),
            high: Some(0.4),
        };
        assert_eq!(bracketed(&all), "+0.10 [-0.20, +0.40]");
    }

    #[test]
    fn text_is_wrapped_with_an_indent() {
        assert_eq!(
            wrapped(Width(24), 2, "one two three four five six"),
            "one two three four five\n  six\n"
        );
    }

    #[test]
    fn words_are_not_torn_where_the_width_allows() {
        let row = |name: &str| {
            let mut row = vec![name.to_string()];
            row.extend((0..5).map(|_| "0.48 [0.37, 0.58]".to_string()));
            row
        };
        let headers = [
            "frame",
            "precision",
            "recall",
            "net stance [95 %]",
            "F1",
            "x",
        ];
        let rows = vec![row("public_opinion"), row("quality_of_life")];
        let text = table(Width(70), &headers, &[0], rows);
        for whole in ["public_opinion", "quality_of_life", "precision", "[95 %]"] {
            assert!(text.contains(whole), "{whole} is torn in\n{text}");
        }
        assert!(
            text.lines().all(|line| line.chars().count() <= 70),
            "{text}"
        );
    }

    #[test]
    fn tables_hold_no_control_characters() {
        let rows = vec![vec!["\u{1b}[2J".to_string(), "x\u{7}".to_string()]];
        let text = table(Width(80), &["class\u{1b}[31m", "n"], &[0], rows);
        assert!(
            text.chars().all(|c| c == '\n' || !c.is_control()),
            "{text:?}"
        );
    }

    #[test]
    fn control_characters_do_not_reach_the_terminal() {
        assert_eq!(
            printable("a\u{1b}[31mb\nc\u{202e}d"),
            "a\u{fffd}[31mb c\u{fffd}d"
        );
    }
}
