//! The labels of rows: in a column beside the marks, or above them where there is little room.

use super::canvas::{Anchor, Canvas, Layout};
use super::font::{Style, clean, fitted, width, wrapped};
use super::{MAX_ROWS, Shape, Tone};

const GAP: f64 = 12.0;
/// The height of a label that stands above its marks.
const HEAD: f64 = 18.0;
/// From marks to the label of the next row, where labels stand above.
const BELOW: f64 = 8.0;
/// The height of words in place of marks, where labels stand above.
pub(super) const MESSAGE: f64 = 14.0;
/// More rows than these have labels of one line.
const FEW: usize = 25;

/// A row's label as it is drawn.
#[derive(Debug)]
struct Head {
    lines: Vec<String>,
    /// The whole label where it was cut.
    full: Option<String>,
    note: String,
}

/// The labels of all rows.
#[derive(Debug)]
pub(super) struct Heads {
    heads: Vec<Head>,
    layout: Layout,
    label_width: f64,
    note_width: f64,
    right_width: f64,
    /// Rows that are not drawn.
    left_out: usize,
}

impl Heads {
    /// Measures labels and notes; `right_width` is kept free for a column of numbers.
    pub fn new<'a>(
        rows: impl ExactSizeIterator<Item = (&'a str, &'a str)>,
        layout: Layout,
        right_width: f64,
    ) -> Heads {
        let count = rows.len();
        let rows: Vec<(String, String)> = rows
            .take(MAX_ROWS)
            .map(|(label, note)| (clean(label), clean(note)))
            .collect();
        let widest = |style, of: fn(&(String, String)) -> &String| {
            rows.iter()
                .map(|row| width(style, of(row)))
                .fold(0.0, f64::max)
        };
        let note_limit = layout.width * if layout.narrow { 0.4 } else { 0.14 };
        let note_width = widest(Style::Note, |row| &row.1).min(note_limit);
        let label_limit = if layout.narrow {
            layout.width - right_width - GAP
        } else {
            layout.width * 0.3
        };
        let label_width = widest(Style::Label, |row| &row.0).min(label_limit);
        let lines = if layout.narrow || count > FEW { 1 } else { 2 };
        let heads = rows
            .into_iter()
            .map(|(label, note)| {
                let note = fitted(Style::Note, &note, note_limit);
                let room = if layout.narrow && !note.is_empty() {
                    label_limit - width(Style::Note, &note) - 8.0
                } else {
                    label_limit
                };
                let lines = wrapped(Style::Label, &label, room, lines);
                let cut = lines.last().is_some_and(|line| line.ends_with('…'));
                Head {
                    lines,
                    full: cut.then_some(label),
                    note,
                }
            })
            .collect();
        Heads {
            heads,
            layout,
            label_width,
            note_width,
            right_width,
            left_out: count.saturating_sub(MAX_ROWS),
        }
    }

    /// From where to where marks may be drawn.
    pub fn room(&self) -> (f64, f64) {
        if self.layout.narrow {
            return (0.0, self.layout.width);
        }
        let note = if self.note_width > 0.0 {
            self.note_width + GAP
        } else {
            0.0
        };
        let right = if self.right_width > 0.0 {
            self.right_width + GAP
        } else {
            0.0
        };
        (self.label_width + note + GAP, self.layout.width - right)
    }

    /// Whether labels stand above the marks.
    pub fn above(&self) -> bool {
        self.layout.narrow
    }

    /// The rows that are drawn.
    pub fn len(&self) -> usize {
        self.heads.len()
    }

    /// The height of a row whose marks need `marks`.
    pub fn height(&self, row: usize, marks: f64) -> f64 {
        if self.layout.narrow {
            return HEAD + marks + BELOW;
        }
        let lines = self.heads[row].lines.len() as f64;
        marks.max(lines * 16.0 + 6.0)
    }

    /// Draws label and note of the row that begins at `top` and is `height` high; the middle of its marks.
    pub fn draw(&self, canvas: &mut Canvas, row: usize, top: f64, height: f64) -> f64 {
        let head = &self.heads[row];
        let full = head.full.as_deref().unwrap_or_default();
        if self.layout.narrow {
            let y = top + HEAD - 5.0;
            let draw = |canvas: &mut Canvas| {
                canvas.text((0.0, y), Anchor::Start, Style::Label, &head.lines[0])
            };
            with_title(canvas, full, draw);
            let x = width(Style::Label, &head.lines[0]) + 8.0;
            canvas.text((x, y), Anchor::Start, Style::Note, &head.note);
            return top + (HEAD + height - BELOW) / 2.0;
        }
        let middle = top + height / 2.0;
        let first = middle - 8.0 * (head.lines.len() - 1) as f64;
        with_title(canvas, full, |canvas| {
            for (index, line) in head.lines.iter().enumerate() {
                let y = Style::Label.baseline(first + 16.0 * index as f64);
                canvas.text((0.0, y), Anchor::Start, Style::Label, line);
            }
        });
        let x = self.label_width + GAP + self.note_width;
        canvas.text(
            (x, Style::Note.baseline(middle)),
            Anchor::End,
            Style::Note,
            &head.note,
        );
        middle
    }

    /// From where to where marks of the row that begins at `top` may reach.
    pub fn span(&self, top: f64, height: f64) -> (f64, f64) {
        if self.layout.narrow {
            (top + HEAD, top + height - BELOW)
        } else {
            (top, top + height)
        }
    }

    /// Where a number at the right edge of the row belongs.
    pub fn right(&self, top: f64, middle: f64, style: Style) -> (f64, f64) {
        let y = if self.layout.narrow {
            top + HEAD - 5.0
        } else {
            style.baseline(middle)
        };
        (self.layout.width, y)
    }

    /// The words of a row that has no marks, where marks would begin.
    pub fn message(&self, canvas: &mut Canvas, middle: f64, message: &str) {
        let (from, to) = self.room();
        let text = fitted(Style::Message, &clean(message), to - from - 10.0);
        let at = (from + 6.0, Style::Message.baseline(middle));
        canvas.inked_text(at, Anchor::Start, Style::Message, "c-halo", &text);
    }

    /// Says how many rows are missing; the room it takes.
    pub fn rest(&self, canvas: &mut Canvas, top: f64) -> f64 {
        left_out(canvas, self.left_out, top)
    }
}

/// Says how many things are not drawn; the room it takes.
pub(super) fn left_out(canvas: &mut Canvas, count: usize, top: f64) -> f64 {
    if count == 0 {
        return 0.0;
    }
    let text = format!("and {count} more that are not drawn");
    canvas.text((0.0, top + 16.0), Anchor::Start, Style::Message, &text);
    24.0
}

/// Draws with words shown on pointing, where there are any.
pub(super) fn with_title(canvas: &mut Canvas, title: &str, draw: impl FnOnce(&mut Canvas)) {
    if title.is_empty() {
        draw(canvas);
    } else {
        canvas.titled(title, draw);
    }
}

/// One line, or more where there is little room, that names marks; the room it takes.
pub(super) fn key(
    canvas: &mut Canvas,
    entries: &[(Shape, Tone, &str)],
    top: f64,
    layout: Layout,
) -> f64 {
    let (mut x, mut y) = (0.0, top + 13.0);
    for (shape, tone, label) in entries {
        let label = fitted(Style::Note, &clean(label), layout.width - 16.0);
        let needed = 16.0 + width(Style::Note, &label);
        if x > 0.0 && x + needed > layout.width {
            (x, y) = (0.0, y + 18.0);
        }
        canvas.mark(*shape, (x + 5.0, y - 4.0), 4.5, *tone, false);
        canvas.text((x + 15.0, y), Anchor::Start, Style::Note, &label);
        x += needed + 16.0;
    }
    y - top + 11.0
}
