//! Figures as dots with their intervals, a row a label.

use super::axis::{self, Drawn, Ruler, figure, in_brackets};
use super::canvas::{Anchor, Canvas, Layout};
use super::font::{Style, width};
use super::heads::{Heads, MESSAGE, key};
use super::{DotPlot, Mark, Row, Series, Shape, Tone};

/// From one mark of a row to the next.
const STEP: f64 = 12.0;
/// More rows than these stand closer.
const FEW: usize = 25;

impl DotPlot {
    pub(super) fn draw(&self, canvas: &mut Canvas, layout: Layout) -> f64 {
        let right_width = self
            .rows
            .iter()
            .map(|row| width(Style::StrongValue, &self.number(row).0))
            .fold(0.0, f64::max);
        let rows = self
            .rows
            .iter()
            .map(|row| (row.label.as_str(), row.note.as_str()));
        let heads = Heads::new(rows, layout, right_width);
        let (from, to) = heads.room();
        let ruler = self.axis.scale(from + 8.0, to - 8.0);
        let mut y = self.key(canvas, layout);
        axis::head(canvas, &self.axis, &ruler, y, layout);
        y += axis::head_height(&self.axis);
        let heights: Vec<f64> = (0..heads.len())
            .map(|row| heads.height(row, self.marks_height(row, layout)))
            .collect();
        let bottom = y + heights.iter().sum::<f64>();
        if !layout.narrow {
            axis::grid(canvas, &self.axis, &ruler, y, bottom);
        }
        for (index, height) in heights.iter().enumerate() {
            self.row(canvas, &heads, &ruler, index, (y, *height));
            y += height;
        }
        if heads.len() > FEW || (layout.narrow && heads.len() > 8) {
            axis::tick_labels(canvas, &self.axis, &ruler, y + 13.0, layout);
            y += 16.0;
        }
        y += axis::line_label(canvas, &self.axis, &ruler, y, layout);
        y += heads.rest(canvas, y);
        y + 4.0
    }

    fn key(&self, canvas: &mut Canvas, layout: Layout) -> f64 {
        if self.series.len() < 2 {
            return 0.0;
        }
        let entries: Vec<_> = self
            .series
            .iter()
            .map(|series| (series.shape, series.tone, series.label.as_str()))
            .collect();
        key(canvas, &entries, 0.0, layout)
    }

    fn marks_height(&self, row: usize, layout: Layout) -> f64 {
        let row = &self.rows[row];
        if layout.narrow && row.message.is_some() {
            return MESSAGE;
        }
        let marks = row.marks.len().clamp(1, 8) as f64;
        let single = match (layout.narrow, self.rows.len() > FEW) {
            (true, _) => 17.0,
            (false, true) => 22.0,
            (false, false) => 27.0,
        };
        single + (marks - 1.0) * STEP
    }

    /// The figure of a row with a single mark, written at the right edge, and whether it is strong.
    fn number(&self, row: &Row) -> (String, bool) {
        match row.marks.as_slice() {
            [mark] if self.series.len() < 2 && row.message.is_none() => {
                let text = Drawn::of(&mark.estimate)
                    .map_or(String::new(), |drawn| figure(drawn.value, self.axis.signed));
                (text, mark.strong)
            }
            _ => (String::new(), false),
        }
    }

    fn row(
        &self,
        canvas: &mut Canvas,
        heads: &Heads,
        ruler: &Ruler,
        index: usize,
        (top, height): (f64, f64),
    ) {
        let row = &self.rows[index];
        let middle = heads.draw(canvas, index, top, height);
        if let Some(message) = &row.message {
            heads.message(canvas, middle, message);
            return;
        }
        if heads.above() {
            // Labels stand above the marks: the grid keeps clear of them.
            let (from, to) = heads.span(top, height);
            axis::grid(canvas, &self.axis, ruler, from, to);
        }
        let first = middle - STEP * (row.marks.len().saturating_sub(1)) as f64 / 2.0;
        for (place, mark) in row.marks.iter().take(8).enumerate() {
            self.mark(canvas, ruler, row, mark, first + STEP * place as f64);
        }
        let (number, strong) = self.number(row);
        let style = if strong {
            Style::StrongValue
        } else {
            Style::Value
        };
        canvas.text(heads.right(top, middle, style), Anchor::End, style, &number);
    }

    fn mark(&self, canvas: &mut Canvas, ruler: &Ruler, row: &Row, mark: &Mark, y: f64) {
        let Some(drawn) = Drawn::of(&mark.estimate) else {
            return;
        };
        let unnamed = Series {
            label: String::new(),
            shape: Shape::Dot,
            tone: Tone::Plain,
        };
        let series = self.series.get(mark.series).unwrap_or(&unnamed);
        canvas.titled(&self.title(row, series, mark), |canvas| {
            if let Some((low, high)) = drawn.interval {
                let weight = if mark.strong {
                    "c-strong-whisker"
                } else {
                    "c-whisker"
                };
                let class = format!("{} {weight}", series.tone.class());
                canvas.line((ruler.at(low), y), (ruler.at(high), y), &class);
                for (end, sign) in [(low, -1.0), (high, 1.0)] {
                    if !ruler.holds(end) {
                        beyond(canvas, (ruler.at(end), y), sign, series.tone);
                    }
                }
            }
            let radius = if mark.strong { 5.5 } else { 4.5 };
            let hollow = drawn.interval.is_none();
            canvas.mark(
                series.shape,
                (ruler.at(drawn.value), y),
                radius,
                series.tone,
                hollow,
            );
        });
    }

    /// What is shown on pointing at a mark.
    fn title(&self, row: &Row, series: &Series, mark: &Mark) -> String {
        let figures = in_brackets(&mark.estimate, self.axis.signed);
        let name = if self.series.len() > 1 {
            series.label.as_str()
        } else {
            ""
        };
        [row.label.as_str(), name, &figures, row.note.as_str()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect::<Vec<_>>()
            .join(", ")
    }
}

/// An arrow head where an interval leaves the scale.
fn beyond(canvas: &mut Canvas, (x, y): (f64, f64), sign: f64, tone: Tone) {
    let class = format!("{} c-fill", tone.class());
    let tip = x + sign * 6.0;
    canvas.outline(&[(x, y - 4.0), (tip, y), (x, y + 4.0)], true, &class);
}
