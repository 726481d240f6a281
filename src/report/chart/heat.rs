//! Shares in a table, the darker the larger.

use super::bars::percent;
use super::canvas::{Anchor, Canvas, Layout};
use super::font::{Style, bare_width, clean, fitted, width, wrapped};
use super::heads::{Heads, left_out};
use super::ink::STEPS;
use super::{HeatMap, MAX_COLUMNS};

const CELL: f64 = 25.0;
/// Cells are no wider than this.
const WIDEST: f64 = 96.0;
/// The room for headings that read upward.
const UPRIGHT: f64 = 150.0;
/// A share that is at least this large may have the fullest shade.
const FULLEST: f64 = 0.05;

/// How shares are written in cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Written {
    WithSign,
    Bare,
    Not,
}

impl HeatMap {
    pub(super) fn draw(&self, canvas: &mut Canvas, layout: Layout) -> f64 {
        let rows = self
            .rows
            .iter()
            .map(|row| (row.label.as_str(), row.note.as_str()));
        let heads = Heads::new(rows, layout, 0.0);
        let (from, to) = heads.room();
        let columns = self.columns.len().min(MAX_COLUMNS);
        let cell = ((to - from) / columns as f64).min(WIDEST);
        let written = [
            (Written::WithSign, percent(1.0)),
            (Written::Bare, "100".to_string()),
        ]
        .into_iter()
        .find(|(_, text)| width(Style::Inside, text) + 3.0 <= cell)
        .map_or(Written::Not, |(written, _)| written);
        let fullest = self
            .rows
            .iter()
            .flat_map(|row| row.cells.iter().take(columns).flatten())
            .filter(|share| share.is_finite())
            .fold(FULLEST, |max, share| max.max(share.min(1.0)));
        let mut y = self.headings(canvas, from, cell, columns);
        for (index, row) in self.rows.iter().take(heads.len()).enumerate() {
            let height = heads.height(index, CELL);
            heads.draw(canvas, index, y, height);
            let (top, bottom) = heads.span(y, height);
            let size = (cell, bottom - top);
            for (column, share) in row.cells.iter().take(columns).enumerate() {
                let title = format!("{}, {}", clean(&row.label), clean(&self.columns[column]));
                let at = (from + cell * column as f64, top);
                draw_cell(canvas, (at, size), *share, fullest, written, &title);
            }
            y += height;
        }
        if written == Written::Bare {
            canvas.text(
                (from, y + 16.0),
                Anchor::Start,
                Style::Note,
                "shares in percent",
            );
            y += 22.0;
        }
        y += heads.rest(canvas, y);
        y += left_out(canvas, self.columns.len() - columns, y);
        y + 4.0
    }

    /// Names above the columns, in up to three lines or, where words are too long for that, reading upward.
    fn headings(&self, canvas: &mut Canvas, from: f64, cell: f64, columns: usize) -> f64 {
        let names: Vec<String> = self
            .columns
            .iter()
            .take(columns)
            .map(|name| clean(name))
            .collect();
        let limit = cell - 4.0;
        let level = names.iter().all(|name| {
            name.split(' ')
                .all(|word| width(Style::Note, word) <= limit)
                && wrapped(Style::Note, name, limit, 4).len() <= 3
        });
        let middle = |column: usize| from + cell * (column as f64 + 0.5);
        if level {
            let lines: Vec<Vec<String>> = names
                .iter()
                .map(|name| wrapped(Style::Note, name, limit, 3))
                .collect();
            let most = lines.iter().map(Vec::len).max().unwrap_or(1);
            for (column, lines) in lines.iter().enumerate() {
                for (line, text) in lines.iter().rev().enumerate() {
                    let y = (most - line) as f64 * 14.0 - 1.0;
                    canvas.text((middle(column), y), Anchor::Middle, Style::Note, text);
                }
            }
            return most as f64 * 14.0 + 6.0;
        }
        let names: Vec<String> = names
            .iter()
            .map(|name| fitted(Style::Note, name, UPRIGHT))
            .collect();
        let height = names
            .iter()
            .map(|name| width(Style::Note, name))
            .fold(0.0, f64::max);
        for (column, name) in names.iter().enumerate() {
            canvas.upright_text(
                (Style::Note.baseline(middle(column)), height),
                Style::Note,
                name,
            );
        }
        height + 7.0
    }
}

fn draw_cell(
    canvas: &mut Canvas,
    ((x, y), (cell_width, height)): ((f64, f64), (f64, f64)),
    share: Option<f64>,
    fullest: f64,
    written: Written,
    title: &str,
) {
    let baseline = Style::Inside.baseline(y + height / 2.0 - 0.75);
    let middle = x + (cell_width - 1.5) / 2.0;
    let Some(share) = share.filter(|share| share.is_finite()) else {
        canvas.text((middle, baseline), Anchor::Middle, Style::Tick, "–");
        return;
    };
    let share = share.clamp(0.0, 1.0);
    let step = (share / fullest * (STEPS - 1) as f64).round() as usize;
    canvas.titled(&format!("{title}: {}", percent(share)), |canvas| {
        let size = (cell_width - 1.5, height - 1.5);
        canvas.rectangle((x, y), size, &format!("heat-{step} c-fill"));
        let text = match written {
            Written::WithSign => percent(share),
            Written::Bare => format!("{:.0}", 100.0 * share),
            Written::Not => return,
        };
        debug_assert!(bare_width(Style::Inside, &text) <= cell_width);
        canvas.inked_text(
            (middle, baseline),
            Anchor::Middle,
            Style::Inside,
            &format!("on-heat-{step}"),
            &text,
        );
    });
}
