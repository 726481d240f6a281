//! Blocks as LaTeX to take over into a paper: floats with `booktabs` rules, long tables over pages.
//!
//! The text is a part of a document, not a whole one: `\input` it after loading the packages that its first lines name. It is set by pdfLaTeX, XeLaTeX
//! and LuaLaTeX; letters that pdfLaTeX does not know are named at the top.

use std::collections::BTreeSet;
use std::fmt::Write;

use unicode_normalization::UnicodeNormalization;

use super::{Block, Document, Figures, List, Quotes, Row, Table};
use crate::report::table::printable;

/// More rows than this go over pages.
const MOST_ROWS_IN_FLOAT: usize = 40;

/// More columns than this are set in smaller letters.
const MOST_COLUMNS: usize = 7;

/// Sizes of letters, and how many digits fit a line of the article class: 345 pt over a digit's width in Computer Modern at 10, 9, 8 and 7 pt.
const SIZES: [(&str, usize); 4] = [
    ("\\normalsize", 69),
    ("\\small", 74),
    ("\\footnotesize", 81),
    ("\\scriptsize", 86),
];

/// The space between two columns, in digits: 8 pt.
const BETWEEN_COLUMNS: usize = 2;

/// A column of words that is wider may be wrapped.
const WIDE: usize = 28;

/// A wrapped column has room for so many characters at least.
const NARROWEST: usize = 14;

/// Letters of a label.
const LABEL: usize = 40;

impl Document {
    /// The report as a part of a LaTeX document.
    pub fn latex(&self) -> String {
        let mut labels = BTreeSet::new();
        let parts: Vec<String> = self
            .blocks
            .iter()
            .map(|block| block_latex(block, &mut labels))
            .collect();
        let body = parts.join("\n");
        format!("{}\n{body}", preamble(&body))
    }
}

/// The comment at the top: what the document must load.
fn preamble(body: &str) -> String {
    let mut packages = vec!["array", "booktabs"];
    if body.contains("\\begin{longtable}") {
        packages.push("longtable");
    }
    let mut text = format!(
        "% Needs \\usepackage{{{}}}, and \\usepackage[T1]{{fontenc}} with pdflatex.\n",
        packages.join(",")
    );
    let foreign: BTreeSet<char> = body.chars().filter(|&c| !known_to_pdflatex(c)).collect();
    if !foreign.is_empty() {
        let listed: Vec<String> = foreign.iter().take(40).map(char::to_string).collect();
        let _ = writeln!(
            text,
            "% pdflatex does not know: {}; use xelatex or lualatex with a font that has them.",
            listed.join(" ")
        );
    }
    text
}

/// Whether pdfLaTeX (TeX Live 2022, T1 fonts) sets a letter without further packages.
fn known_to_pdflatex(c: char) -> bool {
    matches!(c,
        '\n' | ' '..='~' | '\u{a0}'..='\u{125}' | '\u{128}'..='\u{137}' | '\u{139}'..='\u{13e}' | '\u{141}'..='\u{148}' | '\u{14a}'..='\u{165}'
        | '\u{168}'..='\u{17e}' | '\u{218}'..='\u{21b}' | '\u{1e9e}' | '\u{2010}'..='\u{2016}' | '\u{2018}'..='\u{201a}' | '\u{201c}'..='\u{201e}'
        | '\u{2020}'..='\u{2022}' | '\u{2026}' | '\u{2030}' | '\u{2039}' | '\u{203a}' | '\u{20ac}' | '\u{2116}' | '\u{2122}')
}

fn block_latex(block: &Block, labels: &mut BTreeSet<String>) -> String {
    match block {
        Block::Title(title) => format!("\\section*{{{}}}\n", escaped(title)),
        Block::Heading(title) => heading(title),
        Block::Paragraph(text) => paragraph(text),
        Block::Lines(lines) => {
            let lines: Vec<String> = lines.iter().map(|line| paragraph(line)).collect();
            lines.join("\n")
        }
        Block::List(list) => list_latex(list),
        Block::Figures(figures) => figures_latex(figures),
        Block::Table(table) => table_latex(table, labels),
        Block::Quotes(quotes) => quotes_latex(quotes),
    }
}

fn heading(title: &str) -> String {
    format!("\\subsection*{{{}}}\n", escaped(title))
}

fn paragraph(text: &str) -> String {
    format!("{}\n", escaped(text))
}

/// Points; LaTeX wants one at least.
fn itemize(items: impl Iterator<Item = String>) -> String {
    let items: String = items
        .map(|item| format!("\\item {}\n", guarded(item)))
        .collect();
    match items.is_empty() {
        true => items,
        false => format!("\\begin{{itemize}}\n{items}\\end{{itemize}}\n"),
    }
}

fn list_latex(list: &List) -> String {
    let mut text = list.title.as_deref().map_or(String::new(), heading);
    text.push_str(&itemize(list.items.iter().map(|item| escaped(item))));
    if let Some(more) = &list.more {
        text.push_str(&paragraph(more));
    }
    text
}

fn figures_latex(figures: &Figures) -> String {
    let mut text = figures.title.as_deref().map_or(String::new(), heading);
    let rows = figures.rows.iter();
    text.push_str(&itemize(rows.map(|(name, value)| {
        format!("{}: {}", escaped(name), escaped(value))
    })));
    text
}

fn quotes_latex(quotes: &Quotes) -> String {
    let items = quotes.quotes.iter().map(|quote| {
        let (text, place) = (escaped(&quote.text), escaped(&quote.place));
        format!("{} {text} [{place}]", escaped(&quote.score))
    });
    format!(
        "\\subsubsection*{{{}}}\n{}",
        escaped(&quotes.outlet),
        itemize(items)
    )
}

/// How a table is set.
struct Setting {
    /// The command for the size of letters.
    size: &'static str,
    /// Half the space between columns.
    space: &'static str,
    /// One a column.
    columns: String,
    /// The first row.
    headers: String,
}

fn table_latex(table: &Table, labels: &mut BTreeSet<String>) -> String {
    let setting = Setting::of(table);
    let caption = format!(
        "\\caption{{{}}}\\label{{tab:{}}}",
        escaped(&table.caption),
        label(&table.caption, labels)
    );
    let rows: String = table
        .rows
        .iter()
        .map(|row| row_latex(row, table.headers.len()))
        .collect();
    let under: Vec<String> = table
        .more
        .iter()
        .chain(&table.notes)
        .map(|note| paragraph(note))
        .collect();
    let under = under.join("\\par ");
    let Setting {
        size,
        space,
        columns,
        headers,
    } = setting;
    if table.rows.len() > MOST_ROWS_IN_FLOAT {
        let under = match under.is_empty() {
            true => under,
            false => format!("{{\\footnotesize\\noindent {under}\\par}}\n"),
        };
        return format!(
            "{{{size}\\setlength{{\\tabcolsep}}{{{space}}}\n\\begin{{longtable}}{{{columns}}}\n{caption}\\\\\n\\toprule\n{headers}\\midrule\n\\endfirsthead\n\\toprule\n{headers}\\midrule\n\\endhead\n\\bottomrule\n\\endfoot\n{rows}\\end{{longtable}}}}\n{under}"
        );
    }
    let under = match under.is_empty() {
        true => under,
        false => format!(
            "\\par\\smallskip\n\\begin{{minipage}}{{\\linewidth}}\\footnotesize\\raggedright\n{under}\\end{{minipage}}\n"
        ),
    };
    format!(
        "\\begin{{table}}[htbp]\n\\centering{size}\\setlength{{\\tabcolsep}}{{{space}}}\n{caption}\n\\begin{{tabular}}{{{columns}}}\n\\toprule\n{headers}\\midrule\n{rows}\\bottomrule\n\\end{{tabular}}\n{under}\\end{{table}}\n"
    )
}

impl Setting {
    /// The largest letters in which the table fits the page; where none do, columns of words are wrapped too.
    fn of(table: &Table) -> Setting {
        let n = table.headers.len();
        let cells = |k: usize| table.rows.iter().filter_map(move |row| row.cells.get(k));
        let cell_widths: Vec<usize> = (0..n)
            .map(|k| cells(k).map(|c| digits(c)).max().unwrap_or(0))
            .collect();
        let whole: Vec<usize> = (table.headers.iter().zip(&cell_widths))
            .map(|(header, &cells)| cells.max(digits(header)))
            .collect();
        let fits = |widths: &[usize], room: usize| {
            widths.iter().map(|w| w + BETWEEN_COLUMNS).sum::<usize>() <= room + BETWEEN_COLUMNS
        };
        let sizes = match n > MOST_COLUMNS {
            true => &SIZES[1..],
            false => &SIZES,
        };
        if let Some((size, _)) = sizes[..1].iter().find(|(_, room)| fits(&whole, *room)) {
            let headers = table.headers.iter().map(|header| vec![header.clone()]);
            return Setting::new(table, size, &[], 0, headers);
        }
        let headers: Vec<Vec<String>> = (table.headers.iter().zip(&cell_widths))
            .map(|(header, &cells)| stacked(header, cells))
            .collect();
        let widths: Vec<usize> = (headers.iter().zip(&cell_widths))
            .map(|(lines, &cells)| {
                let longest = lines.iter().map(|line| digits(line)).max();
                cells.max(longest.unwrap_or(0))
            })
            .collect();
        let is_wide = |at_least: usize| -> Vec<usize> {
            let left = table.left.iter().copied();
            left.filter(|&k| k < n && widths[k] > at_least).collect()
        };
        // First only columns that are sentences are wrapped, then names too.
        for wrapped in [is_wide(WIDE), is_wide(NARROWEST)] {
            for (size, room) in sizes {
                let others = (0..n).filter(|k| !wrapped.contains(k));
                let taken: usize = others.map(|k| widths[k] + BETWEEN_COLUMNS).sum();
                let left_over = room.saturating_sub(taken + BETWEEN_COLUMNS * wrapped.len());
                let share = left_over.checked_div(wrapped.len());
                let fits = match share {
                    None => fits(&widths, *room),
                    Some(share) => share >= NARROWEST,
                };
                if fits {
                    let percent = share.unwrap_or(0) * 100 / room;
                    return Setting::new(table, size, &wrapped, percent, headers.into_iter());
                }
            }
        }
        Setting {
            space: "2pt",
            ..Setting::new(
                table,
                "\\scriptsize",
                &is_wide(NARROWEST),
                15,
                headers.into_iter(),
            )
        }
    }

    fn new(
        table: &Table,
        size: &'static str,
        wrapped: &[usize],
        percent: usize,
        headers: impl Iterator<Item = Vec<String>>,
    ) -> Setting {
        let column = |k: usize| match (wrapped.contains(&k), table.left.contains(&k)) {
            (true, _) => {
                format!(">{{\\raggedright\\arraybackslash}}p{{0.{percent:02}\\linewidth}}")
            }
            (false, true) => "l".to_string(),
            (false, false) => "r".to_string(),
        };
        let header = |(k, lines): (usize, Vec<String>)| {
            let side = if table.left.contains(&k) { 'l' } else { 'r' };
            let lines: Vec<String> = lines.iter().map(|line| guarded(escaped(line))).collect();
            match lines.len() {
                0 => String::new(),
                1 => lines[0].clone(),
                _ => format!("\\shortstack[{side}]{{{}}}", lines.join("\\\\")),
            }
        };
        let headers: Vec<String> = headers.enumerate().map(header).collect();
        Setting {
            size,
            space: "4pt",
            columns: (0..table.headers.len()).map(column).collect(),
            headers: format!("{} \\\\\n", guarded(headers.join(" & "))),
        }
    }
}

/// How wide text is in print, in digits: letters of Computer Modern beside its digits, rounded up.
fn digits(text: &str) -> usize {
    let tenths = |c: char| match c {
        '+' | '-' | '<' | '>' | '%' | 'm' | 'w' | 'M' | 'W' | '\u{2212}' => 16,
        ' ' => 7,
        '.' | ',' | ':' | ';' | 'i' | 'j' | 'l' | '[' | ']' | '\'' => 6,
        '(' | ')' | 'f' | 'r' | 's' | 't' => 8,
        c if c.is_uppercase() => 14,
        c if c.is_alphanumeric() && !c.is_ascii() => 12,
        _ => 10,
    };
    text.chars().map(tenths).sum::<usize>().div_ceil(10)
}

/// A header in lines no wider than the cells below it, where its words allow; what stands in brackets is one word.
fn stacked(header: &str, cells: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in header.split_whitespace() {
        match lines.last_mut() {
            Some(line)
                if digits(line) + 1 + digits(word) <= cells
                    || line.matches('[').count() > line.matches(']').count() =>
            {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_string()),
        }
    }
    lines
}

fn row_latex(row: &Row, n: usize) -> String {
    let cells: Vec<String> = (0..n)
        .map(|k| row.cells.get(k).map_or(String::new(), |cell| escaped(cell)))
        .collect();
    let cells = cells.join(" & ");
    match row.nested {
        true => format!("\\quad {cells} \\\\\n"),
        false => format!("{} \\\\\n", guarded(cells)),
    }
}

/// `text` where `\\`, `\item` or a rule stands before: a bracket or star would be taken for its argument.
fn guarded(text: String) -> String {
    match text.starts_with(['[', '*']) {
        true => format!("{{}}{text}"),
        false => text,
    }
}

/// A label of the caption's words, one that no other table has.
fn label(caption: &str, labels: &mut BTreeSet<String>) -> String {
    let mut slug = String::new();
    for word in caption
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
    {
        if !slug.is_empty() && slug.len() + 1 + word.len() > LABEL {
            break;
        }
        if !slug.is_empty() {
            slug.push('-');
        }
        slug.extend(word.chars().take(LABEL).map(|c| c.to_ascii_lowercase()));
    }
    if slug.is_empty() {
        slug.push_str("table");
    }
    let numbered = (2..).map(|n| format!("{slug}-{n}"));
    let unused = std::iter::once(slug.clone())
        .chain(numbered)
        .find(|label| !labels.contains(label))
        .expect("numbers do not end");
    labels.insert(unused.clone());
    unused
}

/// Plain words, with nothing that LaTeX would read as a command; a hyphen before a number becomes a minus sign, straight quotation marks
/// become printed ones.
fn escaped(text: &str) -> String {
    let letters: Vec<char> = printable(text).trim().nfc().collect();
    let mut safe = String::with_capacity(letters.len());
    for (i, &c) in letters.iter().enumerate() {
        let before = i.checked_sub(1).map(|i| letters[i]);
        let after = letters.get(i + 1).copied();
        match c {
            '#' | '$' | '%' | '&' | '_' | '{' | '}' => safe.extend(['\\', c]),
            '\\' => safe.push_str("\\textbackslash{}"),
            '~' => safe.push_str("\\textasciitilde{}"),
            '^' => safe.push_str("\\textasciicircum{}"),
            '`' => safe.push_str("\\textasciigrave{}"),
            '<' => safe.push_str("\\textless{}"),
            '>' => safe.push_str("\\textgreater{}"),
            '|' => safe.push_str("\\textbar{}"),
            '"' if before.is_none_or(opens) => safe.push_str("``"),
            '"' => safe.push_str("''"),
            '-' if is_minus(before, after) => safe.push_str("$-$"),
            '\u{2212}' => safe.push_str("$-$"),
            // No dash or quotation mark of two signs that stand apart.
            '-' | ',' | '\'' if after == Some(c) => {
                safe.push(c);
                safe.push_str("{}");
            }
            '\u{2013}' => safe.push_str("--"),
            '\u{2014}' => safe.push_str("---"),
            '\u{2009}' | '\u{200a}' | '\u{202f}' => safe.push_str("\\,"),
            '\u{2264}' => safe.push_str("$\\leq$"),
            '\u{2265}' => safe.push_str("$\\geq$"),
            '\u{200b}' | '\u{feff}' => {}
            '\u{fffd}' => safe.push('?'),
            c => safe.push(c),
        }
    }
    safe
}

/// Whether a quotation mark after this opens.
fn opens(before: char) -> bool {
    before.is_whitespace()
        || matches!(
            before,
            '(' | '[' | '{' | '-' | '/' | '\u{2013}' | '\u{2014}'
        )
}

/// Whether a hyphen is the sign of a number, or stands alone for "less" at the start.
fn is_minus(before: Option<char>, after: Option<char>) -> bool {
    match before {
        None => after.is_some_and(|c| c.is_ascii_digit() || c == ' '),
        Some(before) => {
            let begins = before.is_whitespace() || "([{<>=^/|".contains(before);
            begins && after.is_some_and(|c| c.is_ascii_digit())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_latex_would_read_as_a_command_is_escaped() {
        for (text, expected) in [
            ("100%_&#$\\", "100\\%\\_\\&\\#\\$\\textbackslash{}"),
            ("{a}~^", "\\{a\\}\\textasciitilde{}\\textasciicircum{}"),
            ("a\"b\" \"c\"", "a''b'' ``c''"),
            ("+0.10 [-0.20, +0.40]", "+0.10 [$-$0.20, +0.40]"),
            ("2017-03-02", "2017-03-02"),
            ("- word", "$-$ word"),
            ("x$-0 n^-0.2", "x\\$-0 n\\textasciicircum{}$-$0.2"),
            ("--format json", "-{}-format json"),
            ("–", "--"),
            ("< 0.001", "\\textless{} 0.001"),
            ("Ma\u{308}rz, Čapek", "März, Čapek"),
            ("\u{1b}\u{202e}x", "??x"),
        ] {
            assert_eq!(escaped(text), expected, "{text:?}");
        }
    }

    #[test]
    fn labels_are_plain_and_differ() {
        let mut labels = BTreeSet::new();
        let caption = "By voice: net stance (sentences)";
        assert_eq!(label(caption, &mut labels), "by-voice-net-stance-sentences");
        assert_eq!(
            label(caption, &mut labels),
            "by-voice-net-stance-sentences-2"
        );
        assert_eq!(label("Ж", &mut labels), "table");
    }

    #[test]
    fn no_row_begins_with_an_argument_of_the_line_before() {
        let row = Row::from(vec!["[x]".to_string(), "*".to_string()]);
        assert_eq!(row_latex(&row, 2), "{}[x] & * \\\\\n");
    }

    #[test]
    fn a_stacked_header_keeps_its_bracket_whole() {
        let lines = stacked("net stance [95 %]", 5);
        assert_eq!(lines, ["net", "stance", "[95 %]"]);
        let rows = vec![vec!["x".repeat(60), "+0.1".to_string()]];
        let table = Table::new("T", ["outlet", "net stance [95 %]"], &[], rows);
        let text = table_latex(&table, &mut BTreeSet::new());
        // "\\\\[" would be a distance.
        assert!(text.contains("stance\\\\{}[95"), "{text}");
    }

    #[test]
    fn letters_unknown_to_pdflatex_are_named() {
        let document = Document::from(vec![Block::paragraph("Вести, Żółw")]);
        let text = document.latex();
        assert!(
            text.contains("% pdflatex does not know: В е и с т;"),
            "{text}"
        );
    }

    #[test]
    fn many_rows_go_over_pages_and_wide_tables_get_smaller() {
        let rows = |n: usize, cell: &str| {
            let cells = vec![cell.to_string(); 3];
            std::iter::repeat_n(cells, n)
        };
        let mut labels = BTreeSet::new();
        let long = Table::new("Long", ["a", "b", "c"], &[0], rows(41, "1"));
        assert!(table_latex(&long, &mut labels).contains("\\begin{longtable}{lrr}"));
        let sentence = "word ".repeat(30);
        let wide = Table::new("Wide", ["a", "b", "c"], &[0, 1, 2], rows(2, &sentence));
        let text = table_latex(&wide, &mut labels);
        assert!(text.contains("p{0."), "{text}");
    }
}
