//! Bars made of parts: stacked from the left, or against and in favor on both sides of zero.

use super::canvas::{Anchor, Canvas, Layout};
use super::font::{Style, clean, width};
use super::heads::{Heads, MESSAGE, key};
use super::{BarRow, Bars, Part, Scale, Shape, Tone};
use crate::wording::thousands;

const THICK: f64 = 17.0;
/// Between two columns of bars.
const GAP: f64 = 18.0;

/// One of the places parts are drawn from: zero, and where bars at the side begin.
struct Column {
    /// Indices of its parts, the innermost first.
    parts: Vec<usize>,
    /// Where its bars begin.
    at: f64,
    /// -1 for bars to the left.
    sign: f64,
    /// How far they may go, numbers included.
    reach: f64,
}

impl Bars {
    pub(super) fn draw(&self, canvas: &mut Canvas, layout: Layout) -> f64 {
        let rows = self
            .rows
            .iter()
            .map(|row| (row.label.as_str(), row.note.as_str()));
        let heads = Heads::new(rows, layout, 0.0);
        let room = heads.room();
        let (columns, unit) = if self.diverging {
            self.sides(room)
        } else {
            self.stack(room)
        };
        let mut y = self.head(canvas, &columns, layout);
        if !self.diverging && self.scale == Scale::Percent {
            for share in [0.0, 0.5, 1.0] {
                let label = percent(share);
                let x = columns[0].at + share * unit;
                let half = width(Style::Tick, &label) / 2.0;
                let x = x.clamp(half, layout.width - half);
                canvas.text((x, y + 11.0), Anchor::Middle, Style::Tick, &label);
            }
            y += 18.0;
        }
        for (index, row) in self.rows.iter().take(heads.len()).enumerate() {
            let marks = match (layout.narrow, row.message.is_some()) {
                (true, true) => MESSAGE,
                (true, false) => THICK + 2.0,
                (false, _) => THICK + 9.0,
            };
            let height = heads.height(index, marks);
            let middle = heads.draw(canvas, index, y, height);
            let (from, to) = heads.span(y, height);
            if from < to {
                self.baselines(canvas, &columns, from, to);
            }
            match &row.message {
                Some(message) => heads.message(canvas, middle, message),
                None => self.row(canvas, row, &columns, unit, middle),
            }
            y += height;
        }
        y += heads.rest(canvas, y);
        y + 4.0
    }

    /// The numbers of a row as they are drawn: finite, not negative, shares of at most one in all.
    fn numbers(&self, row: &BarRow) -> Vec<f64> {
        let mut numbers: Vec<f64> = (0..self.parts.len())
            .map(|part| {
                let number = row.parts.get(part).copied().unwrap_or(0.0);
                if number.is_finite() {
                    number.clamp(0.0, 1e12)
                } else {
                    0.0
                }
            })
            .collect();
        let sum: f64 = numbers.iter().sum();
        if self.scale == Scale::Percent && sum > 1.0 {
            numbers.iter_mut().for_each(|number| *number /= sum);
        }
        numbers
    }

    /// The largest sum of `parts` in a row.
    fn largest(&self, parts: &[usize]) -> f64 {
        self.rows
            .iter()
            .filter(|row| row.message.is_none())
            .map(|row| {
                let numbers = self.numbers(row);
                parts.iter().map(|part| numbers[*part]).sum::<f64>()
            })
            .fold(0.0, f64::max)
    }

    /// The room for the number at the end of a bar.
    fn number_room(&self, largest: f64) -> f64 {
        width(Style::Value, &self.written(largest)).max(width(Style::Value, "00")) + 7.0
    }

    /// All parts from the left, with units a number.
    fn stack(&self, (from, to): (f64, f64)) -> (Vec<Column>, f64) {
        let parts: Vec<usize> = (0..self.parts.len()).collect();
        let largest = match self.scale {
            Scale::Percent => 1.0,
            Scale::Count => self.largest(&parts).max(1e-9),
        };
        let numbers = match self.scale {
            Scale::Percent => 0.0,
            Scale::Count => self.number_room(largest),
        };
        let unit = (to - from - numbers) / largest;
        let column = Column {
            parts,
            at: from,
            sign: 1.0,
            reach: to - from,
        };
        (vec![column], unit)
    }

    /// Against to the left, in favor to the right, the rest at the side, with units a number.
    fn sides(&self, (from, to): (f64, f64)) -> (Vec<Column>, f64) {
        let with = |wanted: fn(Tone) -> bool| -> Vec<usize> {
            (0..self.parts.len())
                .filter(|part| wanted(self.parts[*part].tone))
                .collect()
        };
        let left: Vec<usize> = with(|tone| tone == Tone::Against)
            .into_iter()
            .rev()
            .collect();
        let right = with(|tone| tone == Tone::Favor);
        let side = with(|tone| !matches!(tone, Tone::Against | Tone::Favor));
        let largest = [&left, &right, &side].map(|parts| self.largest(parts));
        let numbers = largest.map(|largest| self.number_room(largest));
        let gap = if side.is_empty() {
            0.0
        } else {
            GAP + numbers[2]
        };
        let free = to - from - numbers[0] - numbers[1] - gap;
        let unit = free / largest.iter().sum::<f64>().max(1e-9);
        let reach = [0, 1, 2].map(|i| largest[i] * unit + numbers[i]);
        let zero = from + reach[0];
        let mut columns = vec![
            Column {
                parts: left,
                at: zero,
                sign: -1.0,
                reach: reach[0],
            },
            Column {
                parts: right,
                at: zero,
                sign: 1.0,
                reach: reach[1],
            },
        ];
        if !side.is_empty() {
            let at = zero + reach[1] + GAP;
            columns.push(Column {
                parts: side,
                at,
                sign: 1.0,
                reach: to - at,
            });
        }
        (columns, unit)
    }

    /// Names the parts, above their bars where each place holds one part and the names fit, else in a key.
    fn head(&self, canvas: &mut Canvas, columns: &[Column], layout: Layout) -> f64 {
        let direct = self.diverging
            && columns.iter().all(|column| match column.parts.as_slice() {
                [part] => {
                    let label = clean(&self.parts[*part].label);
                    width(Style::Note, &label) + 24.0 <= column.reach
                }
                parts => parts.is_empty(),
            });
        if !direct {
            let entries: Vec<(Shape, Tone, &str)> = self
                .parts
                .iter()
                .map(|part| (Shape::Square, part.tone, part.label.as_str()))
                .collect();
            return key(canvas, &entries, 0.0, layout);
        }
        for column in columns {
            let Some(Part { label, .. }) = column.parts.first().map(|part| &self.parts[*part])
            else {
                continue;
            };
            let label = clean(label);
            let (text, anchor) = if column.sign < 0.0 {
                (format!("← {label}"), Anchor::End)
            } else if column.at == columns[0].at {
                (format!("{label} →"), Anchor::Start)
            } else {
                (label, Anchor::Start)
            };
            canvas.text(
                (column.at + 5.0 * column.sign, 13.0),
                anchor,
                Style::Note,
                &text,
            );
        }
        20.0
    }

    fn baselines(&self, canvas: &mut Canvas, columns: &[Column], from: f64, to: f64) {
        if !self.diverging {
            return;
        }
        let mut last = f64::NAN;
        for column in columns {
            if column.at != last {
                canvas.line((column.at, from), (column.at, to), "c-zero");
            }
            last = column.at;
        }
    }

    fn row(&self, canvas: &mut Canvas, row: &BarRow, columns: &[Column], unit: f64, y: f64) {
        let numbers = self.numbers(row);
        for column in columns {
            let mut x = column.at;
            let mut sum = 0.0;
            for part in &column.parts {
                let long = numbers[*part] * unit;
                let start = if column.sign < 0.0 { x - long } else { x };
                self.piece(canvas, row, *part, numbers[*part], (start, y, long));
                x += column.sign * long;
                sum += numbers[*part];
            }
            if self.diverging || self.scale == Scale::Count {
                let anchor = if column.sign < 0.0 {
                    Anchor::End
                } else {
                    Anchor::Start
                };
                let at = (x + 5.0 * column.sign, Style::Value.baseline(y));
                if !column.parts.is_empty() && sum > 0.0 {
                    canvas.text(at, anchor, Style::Value, &self.written(sum));
                }
            }
        }
    }

    /// One part of a bar, with its number inside if several share the bar and it fits.
    fn piece(
        &self,
        canvas: &mut Canvas,
        row: &BarRow,
        part: usize,
        number: f64,
        (x, y, long): (f64, f64, f64),
    ) {
        if long <= 0.0 {
            return;
        }
        let Part { label, tone } = &self.parts[part];
        let written = self.written(number);
        let title = format!("{}: {} {written}", clean(&row.label), clean(label));
        canvas.titled(&title, |canvas| {
            // A hair of paper keeps neighbours apart.
            let size = ((long - 1.0).max(long.min(0.75)), THICK);
            let class = format!("{} c-fill", tone.class());
            canvas.rectangle((x, y - THICK / 2.0), size, &class);
            if !self.diverging && width(Style::Inside, &written) + 6.0 <= long {
                let at = (x + long / 2.0, Style::Inside.baseline(y));
                let on = format!("on-{}", tone.ink());
                canvas.inked_text(at, Anchor::Middle, Style::Inside, &on, &written);
            }
        });
    }

    fn written(&self, number: f64) -> String {
        match self.scale {
            Scale::Percent => percent(number),
            Scale::Count => count(number),
        }
    }
}

/// A share as a percentage.
pub(super) fn percent(share: f64) -> String {
    // A narrow space that does not break.
    format!("{:.0}\u{202f}%", 100.0 * share)
}

/// A count with commas between thousands; one decimal where it is no whole number.
fn count(number: f64) -> String {
    let whole = number.round();
    if (number - whole).abs() > 0.05 {
        return format!("{number:.1}");
    }
    thousands(whole as usize)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_grouped() {
        for (number, text) in [
            (0.0, "0"),
            (999.0, "999"),
            (1000.0, "1,000"),
            (1234567.0, "1,234,567"),
            (2.5, "2.5"),
        ] {
            assert_eq!(count(number), text);
        }
    }
}
