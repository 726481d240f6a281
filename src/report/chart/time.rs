//! Figures over time: small plots on one scale, with gaps where there are no data.

use super::axis::{Drawn, Ruler, in_brackets};
use super::canvas::{Anchor, Canvas, Layout};
use super::font::{Style, clean, fitted, width};
use super::heads::{left_out, with_title};
use super::{MAX_ROWS, Panel, Shape, TimePlot, Tone};

const TONE: Tone = Tone::Series(2);
const GAP: f64 = 22.0;
/// More points than these in all have no words of their own: files would grow large.
const MAX_TITLES: usize = 600;

/// The place of one small plot.
struct Frame {
    left: f64,
    width: f64,
    /// Of the panel, its label included.
    top: f64,
    /// Whether the remark stands below the label.
    two_lines: bool,
    /// From value to height.
    ruler: Ruler,
    /// From one period to the next.
    slot: f64,
}

impl Frame {
    fn x(&self, period: usize) -> f64 {
        self.left + self.slot * (period as f64 + 0.5)
    }
}

impl TimePlot {
    pub(super) fn draw(&self, canvas: &mut Canvas, layout: Layout) -> f64 {
        let panels = &self.panels[..self.panels.len().min(MAX_ROWS)];
        let columns = match (layout.narrow, panels.len()) {
            (_, 1) => 1,
            (true, 2..=6) => 1,
            (true, _) => 2,
            (false, 2 | 4) => 2,
            (false, _) => 3,
        };
        let height = if columns == 1 && !layout.narrow {
            220.0
        } else {
            100.0
        };
        let y = self.key(canvas, layout);
        let ticks = self.axis.scale(height, 0.0).ticks(5, self.axis.signed);
        let gutter = ticks
            .iter()
            .map(|(_, label)| width(Style::Tick, label))
            .fold(0.0, f64::max)
            + 7.0;
        let between = GAP * (columns - 1) as f64;
        let wide = (layout.width - gutter - between) / columns as f64;
        let two_lines = panels.iter().any(|panel| {
            let words = width(Style::Strong, &clean(&panel.label))
                + width(Style::Note, &clean(&panel.note));
            !panel.note.is_empty() && words + 8.0 > wide
        });
        let head = if two_lines { 39.0 } else { 24.0 };
        let tall = head + height + 32.0;
        for (index, panel) in panels.iter().enumerate() {
            let (row, column) = ((index / columns) as f64, index % columns);
            let top = y + row * tall;
            let frame = Frame {
                left: gutter + column as f64 * (wide + GAP),
                width: wide,
                top,
                two_lines,
                ruler: self.axis.scale(top + head + height, top + head),
                slot: wide / self.periods.len() as f64,
            };
            self.grid(canvas, &frame, &ticks, column == 0);
            self.panel(canvas, panel, &frame);
        }
        let bottom = y + panels.len().div_ceil(columns) as f64 * tall - 8.0;
        bottom + left_out(canvas, self.panels.len() - panels.len(), bottom)
    }

    /// What up and down mean, and the grey line.
    fn key(&self, canvas: &mut Canvas, layout: Layout) -> f64 {
        let mut x = 0.0;
        for (arrow, word) in [("↑", &self.axis.right), ("↓", &self.axis.left)] {
            let word = clean(word);
            if !word.is_empty() {
                let text = fitted(Style::Note, &format!("{arrow} {word}"), layout.width * 0.3);
                canvas.text((x, 13.0), Anchor::Start, Style::Note, &text);
                x += width(Style::Note, &text) + 16.0;
            }
        }
        let context = clean(&self.context);
        let shown = self
            .panels
            .iter()
            .any(|panel| panel.context.iter().any(Option::is_some));
        if shown && !context.is_empty() {
            let class = format!("{} c-context", Tone::Soft.class());
            canvas.line((x, 9.0), (x + 18.0, 9.0), &class);
            let text = fitted(Style::Note, &context, layout.width - x - 24.0);
            canvas.text((x + 24.0, 13.0), Anchor::Start, Style::Note, &text);
            x += 24.0;
        }
        if x > 0.0 { 28.0 } else { 0.0 }
    }

    /// Hairlines with numbers at the left, and the names of the first and last period.
    fn grid(&self, canvas: &mut Canvas, frame: &Frame, ticks: &[(f64, String)], numbers: bool) {
        let right = frame.left + frame.width;
        for (value, label) in ticks {
            let y = frame.ruler.at(*value);
            let class = if *value == 0.0 { "c-zero" } else { "c-grid" };
            canvas.line((frame.left, y), (right, y), class);
            if numbers {
                let at = (frame.left - 6.0, Style::Tick.baseline(y));
                canvas.text(at, Anchor::End, Style::Tick, label);
            }
        }
        self.names(canvas, frame);
    }

    /// The names of periods under a plot: the first and the last, or as many as a wide plot has room for.
    fn names(&self, canvas: &mut Canvas, frame: &Frame) {
        let periods = self.periods.len();
        let y = frame.ruler.from + 15.0;
        let right = frame.left + frame.width;
        let name = |index: usize| {
            fitted(
                Style::Tick,
                &clean(&self.periods[index]),
                frame.width / 2.0 - 4.0,
            )
        };
        let widest = (0..periods)
            .map(|index| width(Style::Tick, &name(index)))
            .fold(1.0, f64::max);
        let room = (frame.width / (widest + 14.0)) as usize;
        if frame.width < 300.0 || room < 3 {
            canvas.text((frame.left, y), Anchor::Start, Style::Tick, &name(0));
            if periods > 1 {
                canvas.text((right, y), Anchor::End, Style::Tick, &name(periods - 1));
            }
            return;
        }
        for index in (0..periods).step_by(periods.div_ceil(room)) {
            let x = frame.x(index);
            canvas.line((x, y - 14.0), (x, y - 10.0), "c-zero");
            let half = width(Style::Tick, &name(index)) / 2.0;
            let x = x.clamp(frame.left + half, right - half);
            canvas.text((x, y), Anchor::Middle, Style::Tick, &name(index));
        }
    }

    fn panel(&self, canvas: &mut Canvas, panel: &Panel, frame: &Frame) {
        let label = clean(&panel.label);
        let short = fitted(Style::Strong, &label, frame.width);
        let note = fitted(Style::Note, &clean(&panel.note), frame.width);
        let y = frame.top + 13.0;
        with_title(canvas, if short == label { "" } else { &label }, |canvas| {
            canvas.text((frame.left, y), Anchor::Start, Style::Strong, &short);
        });
        let at = if frame.two_lines {
            (frame.left, y + 16.0)
        } else {
            (frame.left + width(Style::Strong, &short) + 8.0, y)
        };
        canvas.text(at, Anchor::Start, Style::Note, &note);

        let periods = self.periods.len();
        let context: Vec<Option<f64>> = panel
            .context
            .iter()
            .take(periods)
            .map(|value| value.filter(|v| v.is_finite()))
            .collect();
        line(
            canvas,
            frame,
            &context,
            &format!("{} c-context", Tone::Soft.class()),
        );
        let points: Vec<Option<Drawn>> = panel
            .points
            .iter()
            .take(periods)
            .map(|point| point.as_ref().and_then(|(estimate, _)| Drawn::of(estimate)))
            .collect();
        bands(canvas, frame, &points);
        let values: Vec<Option<f64>> = points.iter().map(|p| p.map(|drawn| drawn.value)).collect();
        line(canvas, frame, &values, &format!("{} c-line", TONE.class()));
        self.dots(canvas, panel, frame, &points);
    }

    fn dots(&self, canvas: &mut Canvas, panel: &Panel, frame: &Frame, points: &[Option<Drawn>]) {
        let titles = self.panels.len() * self.periods.len() <= MAX_TITLES;
        let radius = (frame.slot * 0.28).clamp(1.6, 3.2);
        for (period, point) in points.iter().enumerate() {
            let (Some(drawn), Some(Some((estimate, n)))) = (point, panel.points.get(period)) else {
                continue;
            };
            let title = if titles {
                let figures = in_brackets(estimate, self.axis.signed);
                format!("{}: {figures}, n {n}", self.periods[period])
            } else {
                String::new()
            };
            with_title(canvas, &title, |canvas| {
                let at = (frame.x(period), frame.ruler.at(drawn.value));
                canvas.mark(Shape::Dot, at, radius, TONE, drawn.interval.is_none());
            });
        }
    }
}

/// Stretches of consecutive things that exist, as first index and values.
fn runs<T: Copy>(values: &[Option<T>]) -> Vec<(usize, Vec<T>)> {
    let mut runs: Vec<(usize, Vec<T>)> = Vec::new();
    let mut open = false;
    for (index, value) in values.iter().enumerate() {
        match value {
            Some(value) if open => runs.last_mut().expect("one is open").1.push(*value),
            Some(value) => runs.push((index, vec![*value])),
            None => {}
        }
        open = value.is_some();
    }
    runs
}

/// A line through each stretch of at least two.
fn line(canvas: &mut Canvas, frame: &Frame, values: &[Option<f64>], class: &str) {
    for (first, run) in runs(values) {
        let mut points: Vec<(f64, f64)> = run
            .iter()
            .enumerate()
            .map(|(index, value)| (frame.x(first + index), frame.ruler.at(*value)))
            .collect();
        if let [(x, y)] = points[..] {
            // A lone value is a short dash.
            points = vec![(x - 2.0, y), (x + 2.0, y)];
        }
        canvas.outline(&points, false, class);
    }
}

/// The area between the ends of intervals; a lone interval is an upright line.
fn bands(canvas: &mut Canvas, frame: &Frame, points: &[Option<Drawn>]) {
    let intervals: Vec<Option<(f64, f64)>> = points
        .iter()
        .map(|point| point.and_then(|drawn| drawn.interval))
        .collect();
    for (first, run) in runs(&intervals) {
        let place = |index: usize, value: f64| (frame.x(first + index), frame.ruler.at(value));
        if let [(low, high)] = run[..] {
            let class = format!("{} c-whisker", TONE.class());
            canvas.line(place(0, low), place(0, high), &class);
            continue;
        }
        let lows = run
            .iter()
            .enumerate()
            .map(|(index, (low, _))| place(index, *low));
        let highs = run
            .iter()
            .enumerate()
            .rev()
            .map(|(index, (_, high))| place(index, *high));
        let corners: Vec<(f64, f64)> = lows.chain(highs).collect();
        canvas.outline(&corners, true, &format!("{} c-band", TONE.class()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stretches_end_at_gaps() {
        assert_eq!(
            runs(&[None, Some(1), Some(2), None, Some(3), None]),
            [(1, vec![1, 2]), (4, vec![3])]
        );
        assert!(runs::<u8>(&[None]).is_empty());
    }
}
