//! Two lists of words back to back, each with a bar as long as its weight.

use super::canvas::{Anchor, Canvas, Layout};
use super::font::{Style, clean, fitted, width};
use super::heads::left_out;
use super::{Bar, MAX_ROWS, SidePanel, Tone, TwoSided};

const ROW: f64 = 20.0;
const GAP: f64 = 32.0;
/// The longest bar, as a share of its side: as long as all words fit, within these limits.
const LONGEST: [f64; 2] = [0.25, 0.55];
/// From the middle to the edge without bar and words.
const SPACE: f64 = 13.0;

impl TwoSided {
    pub(super) fn draw(&self, canvas: &mut Canvas, layout: Layout) -> f64 {
        let panels = &self.panels[..self.panels.len().min(MAX_ROWS)];
        let columns = if layout.narrow || panels.len() == 1 {
            1
        } else {
            2
        };
        let wide = (layout.width - GAP * (columns - 1) as f64) / columns as f64;
        let largest = panels
            .iter()
            .flat_map(|panel| panel.left.iter().chain(&panel.right))
            .map(length)
            .fold(1e-9, f64::max);
        let scale = longest(panels, largest, wide / 2.0) / largest;
        let mut y = 0.0;
        for row in panels.chunks(columns) {
            let mut bottom: f64 = y;
            for (column, panel) in row.iter().enumerate() {
                let left = column as f64 * (wide + GAP);
                bottom = bottom.max(draw_panel(canvas, panel, (left, y), wide, scale));
            }
            y = bottom + 16.0;
        }
        y - 10.0 + left_out(canvas, self.panels.len() - panels.len(), y - 10.0)
    }
}

/// The weight as it is drawn.
fn length(bar: &Bar) -> f64 {
    if bar.value.is_finite() {
        bar.value.abs().min(1e12)
    } else {
        0.0
    }
}

fn style(bar: &Bar) -> Style {
    if bar.strong {
        Style::Strong
    } else {
        Style::Label
    }
}

/// The room of a remark, with the space before it.
fn note_width(note: &str) -> f64 {
    if note.is_empty() {
        0.0
    } else {
        width(Style::Note, note) + 6.0
    }
}

/// The length of the longest bar with which every word and remark fits into `half`.
fn longest(panels: &[SidePanel], largest: f64, half: f64) -> f64 {
    let [least, most] = LONGEST.map(|share| share * half);
    panels
        .iter()
        .flat_map(|panel| panel.left.iter().chain(&panel.right))
        .filter(|bar| length(bar) > 0.0)
        .map(|bar| {
            let words = width(style(bar), &clean(&bar.label)) + note_width(&clean(&bar.note));
            (half - SPACE - words) * largest / length(bar)
        })
        .fold(most, f64::min)
        .max(least)
}

/// Draws a panel; its lower edge.
fn draw_panel(
    canvas: &mut Canvas,
    panel: &SidePanel,
    (left, top): (f64, f64),
    wide: f64,
    scale: f64,
) -> f64 {
    let half = wide / 2.0;
    let middle = left + half;
    let mut y = top;
    let title = clean(&panel.title);
    if !title.is_empty() {
        let text = fitted(Style::Strong, &title, wide);
        canvas.text((middle, y + 14.0), Anchor::Middle, Style::Strong, &text);
        y += 20.0;
    }
    let titles = [clean(&panel.left_title), clean(&panel.right_title)];
    if titles.iter().any(|title| !title.is_empty()) {
        let [less, more] = titles.map(|title| fitted(Style::Note, &title, half - 8.0));
        canvas.text((middle - 6.0, y + 12.0), Anchor::End, Style::Note, &less);
        canvas.text((middle + 6.0, y + 12.0), Anchor::Start, Style::Note, &more);
        y += 19.0;
    }
    let rows = panel.left.len().max(panel.right.len()).min(MAX_ROWS);
    let bottom = y + ROW * rows as f64;
    for (bars, sign) in [(&panel.left, -1.0), (&panel.right, 1.0)] {
        for (index, bar) in bars.iter().take(rows).enumerate() {
            let centre = y + ROW * (index as f64 + 0.5);
            let long = length(bar) * scale;
            draw_bar(canvas, bar, (middle, centre), sign, long, half);
        }
    }
    canvas.line((middle, y), (middle, bottom), "c-zero");
    bottom
}

/// A bar from the middle outward, with word and remark at its end.
fn draw_bar(canvas: &mut Canvas, bar: &Bar, (x, y): (f64, f64), sign: f64, long: f64, half: f64) {
    let label = clean(&bar.label);
    let room = half - long - SPACE;
    let mut note = clean(&bar.note);
    // The word comes first.
    if width(style(bar), &label) + note_width(&note) > room {
        note = String::new();
    }
    let style = style(bar);
    let short = fitted(style, &label, room - note_width(&note));
    let title = format!("{label} {}", bar.note);
    canvas.titled(&title, |canvas| {
        let tone = if bar.strong { Tone::Plain } else { Tone::Soft };
        let start = if sign < 0.0 { x - long - 1.0 } else { x + 1.0 };
        let class = format!("{} c-fill", tone.class());
        canvas.rectangle((start, y - 6.0), (long, 12.0), &class);
        let anchor = if sign < 0.0 {
            Anchor::End
        } else {
            Anchor::Start
        };
        let at = x + sign * (long + 6.0);
        canvas.text((at, style.baseline(y)), anchor, style, &short);
        let at = at + sign * (width(style, &short) + 6.0);
        canvas.text((at, Style::Note.baseline(y)), anchor, Style::Note, &note);
    });
}
