//! Scales: from numbers to places, with ticks at round numbers.

use super::canvas::{Anchor, Canvas, Layout};
use super::font::{Style, clean, fitted, width};
use super::{Axis, Estimate};

/// Larger numbers than these are drawn at the end of the scale.
const LIMIT: f64 = 1e12;

impl Axis {
    /// A scale that holds zero and all of `estimates`, intervals included, and ends at round numbers. Without any it runs
    /// from -1 to 1. Numbers carry signs if some are below zero.
    pub fn around<'a>(
        estimates: impl IntoIterator<Item = &'a Estimate>,
        left: &str,
        right: &str,
    ) -> Axis {
        let (mut low, mut high) = (0.0_f64, 0.0_f64);
        for estimate in estimates {
            for value in [estimate.value, estimate.low, estimate.high]
                .into_iter()
                .flatten()
            {
                if value.is_finite() {
                    low = low.min(value.max(-LIMIT));
                    high = high.max(value.min(LIMIT));
                }
            }
        }
        if high - low < 1e-9 {
            (low, high) = (-1.0, 1.0);
        }
        let step = round_step(high - low, 8);
        Axis {
            low: (low / step + 1e-9).floor() * step + 0.0,
            high: (high / step - 1e-9).ceil() * step + 0.0,
            left: left.to_string(),
            right: right.to_string(),
            line: None,
            signed: low < 0.0,
        }
    }

    /// The ends as they are drawn: finite, in order, around zero.
    fn ends(&self) -> (f64, f64) {
        let bounded = |value: f64| {
            if value.is_finite() {
                value.clamp(-LIMIT, LIMIT)
            } else {
                0.0
            }
        };
        let (low, high) = (bounded(self.low).min(0.0), bounded(self.high).max(0.0));
        if high - low < 1e-9 {
            (-1.0, 1.0)
        } else {
            (low, high)
        }
    }

    /// The scale between two places.
    pub(super) fn scale(&self, from: f64, to: f64) -> Ruler {
        let (low, high) = self.ends();
        Ruler {
            low,
            high,
            from,
            to,
        }
    }
}

/// 1, 2 or 5 times a power of ten, such that about `count` steps make up `range`.
fn round_step(range: f64, count: usize) -> f64 {
    let rough = range / count as f64;
    let power = 10_f64.powf(rough.log10().floor());
    let step = [1.0, 2.0, 5.0]
        .into_iter()
        .find(|step| step * power >= rough * 0.999);
    step.unwrap_or(10.0) * power
}

/// A scale laid between two places.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Ruler {
    pub low: f64,
    pub high: f64,
    pub from: f64,
    pub to: f64,
}

impl Ruler {
    /// The place of a number; the nearer end for numbers beyond.
    pub fn at(&self, value: f64) -> f64 {
        let share = (value.clamp(self.low, self.high) - self.low) / (self.high - self.low);
        self.from + share * (self.to - self.from)
    }

    pub fn holds(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }

    /// Round numbers on the scale, about `count`, with what is written at them.
    pub fn ticks(&self, count: usize, signed: bool) -> Vec<(f64, String)> {
        let step = round_step(self.high - self.low, count);
        let decimals = (-step.log10().floor()).clamp(0.0, 6.0) as usize;
        let first = (self.low / step - 1e-6).ceil() as i64;
        let last = (self.high / step + 1e-6).floor() as i64;
        (first..=last)
            .map(|index| {
                let value = index as f64 * step;
                (value, number(value, decimals, signed))
            })
            .collect()
    }
}

/// A number with a real minus sign, a plus sign if asked for, and a plain zero.
pub(super) fn number(value: f64, decimals: usize, signed: bool) -> String {
    let digits = format!("{:.decimals$}", value.abs());
    if digits.bytes().all(|b| matches!(b, b'0' | b'.')) {
        return if decimals > 0 && !signed {
            digits
        } else {
            "0".to_string()
        };
    }
    match (value < 0.0, signed) {
        (true, _) => format!("−{digits}"),
        (false, true) => format!("+{digits}"),
        (false, false) => digits,
    }
}

/// A figure with two decimals, "0.00" where it rounds to nothing.
pub(super) fn figure(value: f64, signed: bool) -> String {
    if value.abs() < 0.005 {
        "0.00".to_string()
    } else if value.abs() >= 1e6 {
        format!("{value:.1e}").replace('-', "−")
    } else {
        number(value, 2, signed)
    }
}

/// `+0.12 [−0.03, +0.27]`, or the figure alone.
pub(super) fn in_brackets(estimate: &Estimate, signed: bool) -> String {
    match Drawn::of(estimate) {
        None => String::new(),
        Some(Drawn {
            value,
            interval: None,
        }) => figure(value, signed),
        Some(Drawn {
            value,
            interval: Some((low, high)),
        }) => format!(
            "{} [{}, {}]",
            figure(value, signed),
            figure(low, signed),
            figure(high, signed)
        ),
    }
}

/// An estimate with a finite value; the interval only if both its ends are finite.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Drawn {
    pub value: f64,
    pub interval: Option<(f64, f64)>,
}

impl Drawn {
    pub fn of(estimate: &Estimate) -> Option<Drawn> {
        let value = estimate.value.filter(|v| v.is_finite())?;
        let interval = estimate
            .low
            .zip(estimate.high)
            .filter(|(low, high)| low.is_finite() && high.is_finite())
            .map(|(low, high)| (low.min(high), low.max(high)));
        Some(Drawn { value, interval })
    }
}

/// The room [`head`] takes.
pub(super) fn head_height(axis: &Axis) -> f64 {
    if axis.left.trim().is_empty() && axis.right.trim().is_empty() {
        18.0
    } else {
        36.0
    }
}

/// What the ends mean and the numbers at the ticks, above the plot.
pub(super) fn head(canvas: &mut Canvas, axis: &Axis, ruler: &Ruler, top: f64, layout: Layout) {
    let height = head_height(axis);
    if height > 20.0 {
        ends(canvas, axis, ruler, top + 13.0);
    }
    tick_labels(canvas, axis, ruler, top + height - 6.0, layout);
}

/// "← against", "in favor →", on both sides of zero.
fn ends(canvas: &mut Canvas, axis: &Axis, ruler: &Ruler, y: f64) {
    let half = (ruler.to - ruler.from) / 2.0 - 6.0;
    let words = |word: &str, before: &str, after: &str| {
        let word = clean(word);
        if word.is_empty() {
            word
        } else {
            fitted(Style::Note, &format!("{before}{word}{after}"), half)
        }
    };
    let left = words(&axis.left, "← ", "");
    canvas.text((ruler.from, y), Anchor::Start, Style::Note, &left);
    let right = words(&axis.right, "", " →");
    canvas.text((ruler.to, y), Anchor::End, Style::Note, &right);
}

/// The numbers at the ticks with their baseline at `y`.
pub(super) fn tick_labels(canvas: &mut Canvas, axis: &Axis, ruler: &Ruler, y: f64, layout: Layout) {
    for (value, label) in ruler.ticks(tick_count(ruler), axis.signed) {
        let half = width(Style::Tick, &label) / 2.0;
        let x = ruler.at(value).clamp(half, layout.width - half);
        canvas.text((x, y), Anchor::Middle, Style::Tick, &label);
    }
}

fn tick_count(ruler: &Ruler) -> usize {
    (((ruler.to - ruler.from) / 75.0) as usize).clamp(2, 8)
}

/// Hairlines at the ticks, the stronger line at zero, the dashed line.
pub(super) fn grid(canvas: &mut Canvas, axis: &Axis, ruler: &Ruler, from: f64, to: f64) {
    for (value, _) in ruler.ticks(tick_count(ruler), axis.signed) {
        if value != 0.0 {
            let x = ruler.at(value);
            canvas.line((x, from), (x, to), "c-grid");
        }
    }
    let x = ruler.at(0.0);
    canvas.line((x, from), (x, to), "c-zero");
    if let Some((value, _)) = axis.line.as_ref().filter(|(value, _)| ruler.holds(*value)) {
        let x = ruler.at(*value);
        canvas.line((x, from), (x, to), "c-rule");
    }
}

/// The name of the dashed line under its lower end; the room it takes.
pub(super) fn line_label(
    canvas: &mut Canvas,
    axis: &Axis,
    ruler: &Ruler,
    top: f64,
    layout: Layout,
) -> f64 {
    let Some((value, label)) = axis.line.as_ref().filter(|(value, _)| ruler.holds(*value)) else {
        return 0.0;
    };
    let label = clean(label);
    let text = fitted(
        Style::Note,
        &format!("{label} {}", figure(*value, axis.signed)),
        layout.width,
    );
    let half = width(Style::Note, &text) / 2.0;
    let x = ruler.at(*value).clamp(half, layout.width - half);
    canvas.text((x, top + 13.0), Anchor::Middle, Style::Note, &text);
    18.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn estimate(low: f64, value: f64, high: f64) -> Estimate {
        Estimate::with_interval(value, Some((low, high)))
    }

    #[test]
    fn scales_hold_zero_and_all_intervals() {
        for (low, high, expected) in [
            (-0.31, 0.12, (-0.4, 0.2)),
            (0.13, 0.44, (0.0, 0.5)),
            (-0.9, -0.2, (-1.0, 0.0)),
            (-0.04, 0.011, (-0.04, 0.02)),
            (3.0, 180.0, (0.0, 200.0)),
        ] {
            let axis = Axis::around(&[estimate(low, (low + high) / 2.0, high)], "", "");
            assert!((axis.low - expected.0).abs() < 1e-9, "{axis:?}");
            assert!((axis.high - expected.1).abs() < 1e-9, "{axis:?}");
        }
        let none = Axis::around(
            &[Estimate::default(), estimate(f64::NAN, f64::INFINITY, 0.0)],
            "",
            "",
        );
        assert_eq!((none.low, none.high), (-1.0, 1.0));
    }

    #[test]
    fn ticks_are_round_and_hold_zero() {
        let ruler = Ruler {
            low: -0.4,
            high: 0.2,
            from: 0.0,
            to: 300.0,
        };
        let ticks: Vec<String> = ruler.ticks(4, true).into_iter().map(|(_, t)| t).collect();
        assert_eq!(ticks, ["−0.4", "−0.2", "0", "+0.2"]);
        for (low, high) in [
            (f64::NAN, f64::INFINITY),
            (1.0, 1.0),
            (-1e300, 1e300),
            (5.0, -5.0),
            (3.0, 4.0),
        ] {
            let axis = Axis {
                low,
                high,
                ..Axis::around(&[], "", "")
            };
            let ruler = axis.scale(0.0, 100.0);
            let ticks = ruler.ticks(5, false);
            assert!((2..20).contains(&ticks.len()), "{low} {high} {ticks:?}");
            assert!(ticks.iter().any(|(value, _)| *value == 0.0));
            assert!(ruler.at(f64::MAX).is_finite());
        }
    }

    #[test]
    fn half_an_interval_is_none() {
        let mut one = estimate(-0.1, 0.0, 0.2);
        assert_eq!(in_brackets(&one, true), "0.00 [−0.10, +0.20]");
        one.low = Some(f64::NAN);
        assert_eq!(in_brackets(&one, true), "0.00");
        one.value = None;
        assert_eq!(in_brackets(&one, true), "");
    }
}
