//! A learning curve: how good models are by how many labels they had, and what more labels would bring.
//!
//! In: the predictions of [`fit_curve`](crate::classifier::fit_curve). Out: [`LearningCurve`]: macro-F1 a size with its spread over folds, beside it
//! the majority baseline; the power law macro-F1 = a - b·n^-c fitted to the means; its forecast up to twice the present labels; and a verdict.
//!
//! The spread is the standard deviation over folds and no more than that: folds share training sentences, and no unbiased estimate of the variance of a
//! cross-validated mean exists (Bengio & Grandvalet 2004). The law with its weights is that of Figueroa, Zeng-Treitler, Kandula & Ngo (2012).

use rand::Rng;
use rayon::prelude::*;
use serde::Serialize;

use super::{Counts, DRAWS};
use crate::classes::Classes;
use crate::classifier::CurveFold;
use crate::statistics::{Estimate, mean, percentile_interval, round6, stream, variance};

/// Multiples of the present labels that are forecast. Beyond the last nothing is said.
const FORECAST: [f64; 3] = [1.25, 1.5, 2.0];

/// The gain whose price in labels is told.
const WANTED_GAIN: f64 = 0.01;

/// A curve that rises by less from its smallest to its largest size is flat.
const FLAT_RANGE: f64 = 0.02;

/// Twice the labels are worth nothing where they surely bring less than this.
const FLAT_GAIN: f64 = 0.005;

/// The law must explain so much of the differences between sizes; else there is no forecast.
const MIN_R_SQUARED: f64 = 0.8;

/// With less than this explained the forecast is called poor.
const GOOD_R_SQUARED: f64 = 0.95;

/// Falls on the way, as a share of all rises, from which on the curve is irregular.
const MOST_FALL: f64 = 0.25;

/// How much of the gain that it promises the law may miss its largest size by, when fitted without it.
const MOST_MISSED: f64 = 0.5;

/// Level of the forecast's interval.
const LEVEL: f64 = 0.95;

/// Figures of a learning curve.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LearningCurve {
    /// Labelled sentences at hand.
    pub n: usize,
    /// Articles they are from.
    pub n_articles: usize,
    /// Folds of each size, the same ones.
    pub folds: usize,
    /// The classes that macro-F1 is a mean over.
    pub classes: Vec<String>,
    /// Smallest first.
    pub sizes: Vec<CurveSize>,
    /// The law fitted to the means.
    pub law: Option<PowerLaw>,
    /// Whether the law could have told the largest size from the smaller ones.
    pub back_test: Option<BackTest>,
    /// What the curve allows to say.
    pub verdict: Verdict,
    /// What more labels would bring; empty where the curve does not allow to say.
    pub forecast: Vec<Forecast>,
    /// How many more labels a hundredth more takes; `None` where the curve does not allow to say.
    pub price: Option<Price>,
    /// The verdict and the forecast in words.
    pub summary: String,
    /// Fits that did not converge, of all.
    pub n_not_converged: usize,
    /// What a reader has to know.
    pub notes: Vec<String>,
}

/// One size of the training data.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CurveSize {
    /// Sentences that a fit was trained on, mean over folds and draws.
    pub n: usize,
    /// Articles they are from.
    pub n_articles: usize,
    /// Draws of this size.
    pub draws: usize,
    /// Mean over folds and draws of macro-F1 on the fold held out.
    pub macro_f1: f64,
    /// Standard deviation over folds (each the mean of its draws). Not a standard error.
    pub spread: f64,
    /// Each fold, mean of its draws.
    pub by_fold: Vec<f64>,
    /// Mean share of rows that are right.
    pub accuracy: f64,
    /// Always the most frequent class of the training sentences: mean macro-F1 and accuracy.
    pub majority: Majority,
}

/// What always saying the most frequent class reaches.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Majority {
    /// Mean macro-F1.
    pub macro_f1: f64,
    /// Mean accuracy.
    pub accuracy: f64,
}

/// macro-F1 = a - b·n^-c, with b >= 0, a <= 1 and 0 < c <= 1.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PowerLaw {
    /// What it tends to. Far from the data, so uncertain.
    pub a: f64,
    /// How far one label alone would be from that.
    pub b: f64,
    /// How fast it gets there.
    pub c: f64,
    /// The greatest distance of a size from the law.
    pub largest_residual: f64,
    /// Weighted share of the differences between sizes that the law explains; `None` where there are none.
    pub r_squared: Option<f64>,
}

/// The law fitted without the largest size, held against it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct BackTest {
    /// Macro-F1 of the largest size by that law.
    pub forecast: f64,
    /// What it is.
    pub measured: f64,
}

/// What a curve allows to say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// More labels help, by the forecast.
    Rising,
    /// It rises, but the law fits poorly, or would have missed the largest size: read the forecast with care.
    PoorFit,
    /// More labels bring next to nothing.
    Flat,
    /// It goes up and down: nothing can be said.
    Irregular,
}

/// What more labels would bring.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Forecast {
    /// Labelled sentences in all.
    pub n: usize,
    /// How many more that are than at hand.
    pub more: usize,
    /// Macro-F1 by the law when all of them are trained on.
    pub macro_f1: f64,
    /// How much more that is than with the labels at hand, by the law; interval from resampled folds.
    pub gain: Estimate,
}

/// How many more labels a gain takes. What lies beyond as many as there are is `null`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Price {
    /// The gain in macro-F1.
    pub gain: f64,
    /// More labels.
    pub more: Option<usize>,
    /// Lower end, from resampled folds.
    pub low: Option<usize>,
    /// Upper end.
    pub high: Option<usize>,
}

impl BackTest {
    /// How far the forecast is from what was measured.
    fn error(self) -> f64 {
        (self.forecast - self.measured).abs()
    }
}

impl PowerLaw {
    /// Macro-F1 at `n` training sentences.
    pub fn at(&self, n: f64) -> f64 {
        self.a - self.b * n.powf(-self.c)
    }

    /// The law nearest to `points` (n, macro-F1) by weighted least squares. `None` below three points, or where all n are equal.
    ///
    /// For a given c the law is linear in a and b, so only c is searched: on a grid, then by golden section between the grid points beside the best one
    /// (variable projection, Golub & Pereyra 1973). No start value, no step size, the same bytes each time.
    pub fn fit(points: &[(f64, f64)], weights: &[f64]) -> Option<PowerLaw> {
        let largest = points.iter().map(|&(n, _)| n).fold(0.0, f64::max);
        let varies = points.iter().any(|&(n, _)| n < largest);
        if points.len() < 3 || !varies || points.iter().any(|&(n, _)| n <= 0.0) {
            return None;
        }
        // With n as a share of the largest, b and a are of one size whatever c is.
        let scaled: Vec<(f64, f64)> = points.iter().map(|&(n, y)| (n / largest, y)).collect();
        let loss = |c: f64| linear_part(&scaled, weights, c).2;
        const STEPS: usize = 100;
        let grid = |i: usize| i as f64 / STEPS as f64;
        let best = (1..=STEPS).fold(1, |best, i| match loss(grid(i)) < loss(grid(best)) {
            true => i,
            false => best,
        });
        let c = golden_section(loss, grid(best.max(2) - 1), grid((best + 1).min(STEPS)));
        let (a, b, _) = linear_part(&scaled, weights, c);
        let residuals: Vec<f64> = scaled
            .iter()
            .map(|&(t, y)| y - (a - b * t.powf(-c)))
            .collect();
        let total: f64 = weights.iter().sum();
        let center = points
            .iter()
            .zip(weights)
            .map(|(&(_, y), w)| w * y)
            .sum::<f64>()
            / total;
        let squares = |values: &mut dyn Iterator<Item = f64>| -> f64 {
            values.zip(weights).map(|(v, w)| w * v * v).sum()
        };
        let all = squares(&mut points.iter().map(|&(_, y)| y - center));
        let left = squares(&mut residuals.iter().copied());
        Some(PowerLaw {
            a,
            b: b * largest.powf(c),
            c,
            largest_residual: residuals.iter().fold(0.0, |most, r| r.abs().max(most)),
            r_squared: (all > 1e-12).then(|| 1.0 - left / all),
        })
    }

    /// Sentences it takes to be `gain` better than with `n`; `None` beyond `most`.
    fn needed(&self, n: f64, gain: f64, most: f64) -> Option<f64> {
        // b·m^-c = b·n^-c - gain
        let rest = n.powf(-self.c) - gain / self.b;
        (self.b > 0.0 && rest > 0.0)
            .then(|| rest.powf(-1.0 / self.c))
            .filter(|&needed| needed <= most)
    }
}

/// a, b and the weighted sum of squares of y = a - b·t^-c for this c, with b >= 0 and a <= 1.
fn linear_part(points: &[(f64, f64)], weights: &[f64], c: f64) -> (f64, f64, f64) {
    let rows = || {
        let points = points.iter().zip(weights);
        points.map(|(&(t, y), &w)| (t.powf(-c), y, w))
    };
    let total: f64 = rows().map(|(_, _, w)| w).sum();
    let mean_x = rows().map(|(x, _, w)| w * x).sum::<f64>() / total;
    let mean_y = rows().map(|(_, y, w)| w * y).sum::<f64>() / total;
    let xx: f64 = rows().map(|(x, _, w)| w * (x - mean_x).powi(2)).sum();
    let xy: f64 = rows()
        .map(|(x, y, w)| w * (x - mean_x) * (y - mean_y))
        .sum();
    let mut b = if xx > 0.0 { (-xy / xx).max(0.0) } else { 0.0 };
    let mut a = mean_y + b * mean_x;
    if a > 1.0 {
        a = 1.0;
        let xx: f64 = rows().map(|(x, _, w)| w * x * x).sum();
        b = rows().map(|(x, y, w)| w * x * (1.0 - y)).sum::<f64>() / xx;
    }
    let loss = rows().map(|(x, y, w)| w * (y - a + b * x).powi(2)).sum();
    (a, b, loss)
}

/// Where `f` is least between `low` and `high`.
fn golden_section(f: impl Fn(f64) -> f64, mut low: f64, mut high: f64) -> f64 {
    let ratio = (5.0_f64.sqrt() - 1.0) / 2.0;
    for _ in 0..60 {
        let (left, right) = (high - ratio * (high - low), low + ratio * (high - low));
        match f(left) <= f(right) {
            true => high = right,
            false => low = left,
        }
    }
    (low + high) / 2.0
}

/// A size's weight in the fit: larger ones count more, because they are nearer to what is forecast (Figueroa et al. 2012).
fn weights(n_sizes: usize) -> Vec<f64> {
    (1..=n_sizes).map(|j| j as f64 / n_sizes as f64).collect()
}

/// The figures of `fits`, of `n` labelled sentences of `n_articles` articles.
///
/// # Panics
/// Where `fits` is empty or a size lacks a fold; [`fit_curve`](crate::classifier::fit_curve) gives all of them.
pub fn learning_curve(
    fits: &[CurveFold],
    classes: &Classes,
    (n, n_articles): (usize, usize),
    seed: u64,
) -> LearningCurve {
    let n_sizes = fits
        .iter()
        .map(|fit| fit.size + 1)
        .max()
        .expect("there are fits");
    let folds = fits
        .iter()
        .map(|fit| fit.fold + 1)
        .max()
        .expect("there are fits");
    let sizes: Vec<CurveSize> = (0..n_sizes)
        .map(|size| {
            let of_size: Vec<&CurveFold> = fits.iter().filter(|fit| fit.size == size).collect();
            curve_size(&of_size, classes.len(), folds)
        })
        .collect();
    let ns: Vec<f64> = sizes.iter().map(|size| size.n as f64).collect();
    let means: Vec<f64> = sizes.iter().map(|size| size.macro_f1).collect();
    let points = |means: &[f64]| -> Vec<(f64, f64)> {
        ns.iter().copied().zip(means.iter().copied()).collect()
    };
    let weights = weights(n_sizes);
    let law = PowerLaw::fit(&points(&means), &weights);
    let back_test = back_test(&points(&means));
    let resampled: Vec<PowerLaw> = (0..DRAWS as u64)
        .into_par_iter()
        .filter_map(|draw| {
            let mut chance = stream(seed, draw);
            let drawn: Vec<usize> = (0..folds).map(|_| chance.gen_range(0..folds)).collect();
            let means: Vec<f64> = sizes
                .iter()
                .map(|size| {
                    drawn.iter().map(|&fold| size.by_fold[fold]).sum::<f64>() / folds as f64
                })
                .collect();
            PowerLaw::fit(&points(&means), &weights)
        })
        .collect();
    let forecast = law.map_or(Vec::new(), |law| forecast(&law, &resampled, n));
    let verdict = verdict(&means, law.as_ref(), back_test, &forecast);
    let told = verdict != Verdict::Irregular;
    let price = law
        .filter(|_| matches!(verdict, Verdict::Rising | Verdict::PoorFit))
        .map(|law| price(&law, &resampled, n));
    let forecast = if told { forecast } else { Vec::new() };
    let mut curve = LearningCurve {
        n,
        n_articles,
        folds,
        classes: classes.names().to_vec(),
        summary: String::new(),
        law: law.map(|law| PowerLaw {
            a: round6(law.a),
            b: round6(law.b),
            c: round6(law.c),
            largest_residual: round6(law.largest_residual),
            r_squared: law.r_squared.map(round6),
        }),
        sizes,
        back_test,
        verdict,
        forecast,
        price,
        n_not_converged: fits.iter().filter(|fit| !fit.converged).count(),
        notes: Vec::new(),
    };
    curve.summary = summary(&curve, &means);
    curve.notes = notes(&curve);
    curve
}

fn curve_size(fits: &[&CurveFold], n_classes: usize, folds: usize) -> CurveSize {
    // The same classes in each fold, whether all occur in it or not.
    let classes: Vec<usize> = (0..n_classes).collect();
    let macro_f1 = |pairs: &mut dyn Iterator<Item = (usize, usize)>| {
        let counts = Counts::new(n_classes, pairs);
        (
            counts.macro_f1_over(&classes).unwrap_or(0.0),
            counts.accuracy().unwrap_or(0.0),
        )
    };
    let model: Vec<(f64, f64)> = fits
        .iter()
        .map(|fit| macro_f1(&mut fit.pairs.iter().copied()))
        .collect();
    let majority: Vec<(f64, f64)> = fits
        .iter()
        .map(|fit| {
            macro_f1(
                &mut fit
                    .pairs
                    .iter()
                    .map(|&(truth, _)| (truth, fit.most_frequent)),
            )
        })
        .collect();
    let by_fold: Vec<f64> = (0..folds)
        .map(|fold| {
            let of_fold = fits.iter().zip(&model).filter(|(fit, _)| fit.fold == fold);
            mean(&of_fold.map(|(_, figures)| figures.0).collect::<Vec<_>>())
        })
        .collect();
    let mean_of =
        |value: &dyn Fn(usize) -> f64| mean(&(0..fits.len()).map(value).collect::<Vec<_>>());
    CurveSize {
        n: mean_of(&|i| fits[i].n_training as f64).round() as usize,
        n_articles: mean_of(&|i| fits[i].n_articles as f64).round() as usize,
        draws: fits.len() / folds,
        macro_f1: round6(mean(&by_fold)),
        spread: round6(variance(&by_fold).sqrt()),
        by_fold: by_fold.into_iter().map(round6).collect(),
        accuracy: round6(mean_of(&|i| model[i].1)),
        majority: Majority {
            macro_f1: round6(mean_of(&|i| majority[i].0)),
            accuracy: round6(mean_of(&|i| majority[i].1)),
        },
    }
}

fn forecast(law: &PowerLaw, resampled: &[PowerLaw], n: usize) -> Vec<Forecast> {
    FORECAST
        .iter()
        .map(|times| {
            let wanted = (n as f64 * times).round();
            let gain = |law: &PowerLaw| law.at(wanted) - law.at(n as f64);
            let gains: Vec<Option<f64>> = resampled.iter().map(|law| Some(gain(law))).collect();
            let interval = percentile_interval(&gains, LEVEL);
            Forecast {
                n: wanted as usize,
                more: wanted as usize - n,
                macro_f1: round6(law.at(wanted)),
                gain: Estimate::with_interval(
                    round6(gain(law)),
                    interval.map(|(low, high)| (round6(low), round6(high))),
                ),
            }
        })
        .collect()
}

fn price(law: &PowerLaw, resampled: &[PowerLaw], n: usize) -> Price {
    let (here, most) = (n as f64, n as f64 * FORECAST[FORECAST.len() - 1]);
    let more = |law: &PowerLaw| {
        law.needed(here, WANTED_GAIN, most)
            .map(|needed| needed - here)
    };
    let mut all: Vec<f64> = resampled
        .iter()
        .map(|law| more(law).unwrap_or(f64::MAX))
        .collect();
    all.sort_by(f64::total_cmp);
    // Order statistics, not means between two: beyond what is told there is no number.
    let at = |share: f64| {
        let place = (share * (all.len() as f64 - 1.0)).round() as usize;
        let value = all.get(place).copied().filter(|&value| value < f64::MAX);
        value.map(|value| value.ceil() as usize)
    };
    Price {
        gain: WANTED_GAIN,
        more: more(law).map(|more| more.ceil() as usize),
        low: at((1.0 - LEVEL) / 2.0),
        high: at((1.0 + LEVEL) / 2.0),
    }
}

fn back_test(points: &[(f64, f64)]) -> Option<BackTest> {
    let (&(n, measured), smaller) = points.split_last()?;
    let law = PowerLaw::fit(smaller, &weights(smaller.len()))?;
    Some(BackTest {
        forecast: round6(law.at(n)),
        measured,
    })
}

/// All that the curve falls on its way up, and all that it rises.
fn falls_and_rises(means: &[f64]) -> (f64, f64) {
    let steps = means.windows(2).map(|pair| pair[1] - pair[0]);
    steps.fold((0.0, 0.0), |(falls, rises), step| match step < 0.0 {
        true => (falls - step, rises),
        false => (falls, rises + step),
    })
}

/// Whether the law misses its largest size by too much of the gain it promises, when it is fitted without it.
fn misses_the_largest(back_test: Option<BackTest>, gain: Option<f64>) -> bool {
    let missed = back_test.map_or(0.0, BackTest::error);
    missed > MOST_MISSED * gain.unwrap_or(0.0).max(FLAT_GAIN)
}

fn verdict(
    means: &[f64],
    law: Option<&PowerLaw>,
    back_test: Option<BackTest>,
    forecast: &[Forecast],
) -> Verdict {
    let range = means.iter().copied().fold(f64::MIN, f64::max)
        - means.iter().copied().fold(f64::MAX, f64::min);
    let (falls, rises) = falls_and_rises(means);
    let (Some(law), Some(last)) = (law, forecast.last()) else {
        return Verdict::Irregular;
    };
    let r_squared = law.r_squared.unwrap_or(0.0);
    if range < FLAT_RANGE {
        Verdict::Flat
    } else if falls > MOST_FALL * rises || r_squared < MIN_R_SQUARED {
        Verdict::Irregular
    } else if last.gain.high.is_some_and(|high| high < FLAT_GAIN) {
        Verdict::Flat
    } else if r_squared < GOOD_R_SQUARED || misses_the_largest(back_test, last.gain.value) {
        Verdict::PoorFit
    } else {
        Verdict::Rising
    }
}

/// `+0.012 (+0.009 to +0.016 over resampled folds)`
fn gain_in_words(gain: &Estimate) -> String {
    // No "-0.000".
    let signed = |v: f64| format!("{:+.3}", if v.abs() < 0.0005 { 0.0 } else { v });
    let value = signed(gain.value.unwrap_or(0.0));
    match (gain.low, gain.high) {
        (Some(low), Some(high)) => {
            format!(
                "{value} ({} to {} over resampled folds)",
                signed(low),
                signed(high)
            )
        }
        _ => value,
    }
}

fn summary(curve: &LearningCurve, means: &[f64]) -> String {
    let n = curve.n;
    let twice = curve.forecast.last();
    match (curve.verdict, twice) {
        (Verdict::Irregular, _) | (_, None) => {
            let (falls, _) = falls_and_rises(means);
            let why = match falls > 0.0 {
                true => format!("on its way it falls by {falls:.3} in all"),
                false => "no power law describes it".to_string(),
            };
            format!(
                "The curve rises too irregularly to say what more labels would bring: {why}. Labels from more articles make it steadier."
            )
        }
        (Verdict::Flat, Some(twice)) => format!(
            "The curve is flat: by the law fitted to it, twice as many labels would bring {}. More labels of the same kind are hardly worth their \
             price; clearer labels, other features or a prior may be.",
            gain_in_words(&twice.gain)
        ),
        (verdict, Some(twice)) => {
            let here = twice.macro_f1 - twice.gain.value.unwrap_or(0.0);
            let mut text = format!(
                "By the law fitted to the curve, twice as many labels ({} more) would bring macro-F1 from {here:.3} to {:.3}: {}.",
                twice.more,
                twice.macro_f1,
                gain_in_words(&twice.gain)
            );
            if let Some(price) = &curve.price {
                text.push_str(&price_in_words(price, n));
            }
            if let Some(back) = curve.back_test {
                text.push_str(&format!(
                    " Fitted without the largest size, the law would have forecast {:.3} for it; it is {:.3}.",
                    back.forecast, back.measured
                ));
            }
            if verdict == Verdict::PoorFit {
                text.push_str(
                    " So the law is a poor guide here, and the interval too narrow: read this as a hint.",
                );
            }
            text
        }
    }
}

fn price_in_words(price: &Price, n: usize) -> String {
    let end = |more: Option<usize>| more.map_or(format!("more than {n}"), |more| more.to_string());
    let gain = price.gain;
    match (price.more, price.low) {
        (None, None) => format!(
            " {gain:+} more would take more than {n} further labels, beyond what is forecast."
        ),
        (None, Some(low)) => format!(
            " {gain:+} would take more than {n} further labels, beyond what is forecast (at least {low} over resampled folds)."
        ),
        (Some(more), low) => format!(
            " {gain:+} would take about {more} more ({} to {}).",
            end(low),
            end(price.high)
        ),
    }
}

fn notes(curve: &LearningCurve) -> Vec<String> {
    let mut notes = vec![format!(
        "The same {} folds at each size; each size's articles are contained in those of the next. A fit has the articles of its size that are not in the \
         fold held out; sizes are sentences trained on, so the largest is smaller than all {} labels.",
        curve.folds, curve.n
    )];
    notes.push(
        "Spread: the standard deviation over folds, each the mean of its draws. Folds share training sentences, so no standard error and no interval of \
         the mean follows from it (Bengio & Grandvalet 2004)."
            .to_string(),
    );
    if !curve.forecast.is_empty() {
        notes.push(
            "The forecast holds for labels that come from the same outlets and subjects in the same way, and goes no further than twice the labels at \
             hand. Its interval resamples folds; that the law may be wrong is not in it, so it is too narrow."
                .to_string(),
        );
    }
    let last = curve.sizes.last().expect("there are sizes");
    if last.macro_f1 <= last.majority.macro_f1 {
        notes.push(
            "Even the largest size is no better than always saying the most frequent class: the model learns nothing from these labels."
                .to_string(),
        );
    }
    if curve.n_not_converged > 0 {
        notes.push(format!(
            "{} of the fits did not converge; figures may be off (--max-iter).",
            curve.n_not_converged
        ));
    }
    notes
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::classes::Task;

    const NS: [f64; 6] = [109.0, 218.0, 437.0, 874.0, 1748.0, 3496.0];

    #[test]
    fn planted_laws_are_found_again() {
        for (a, b, c) in [
            (0.8, 1.5, 0.4),
            (0.7, 3.0, 0.9),
            (0.95, 0.9, 0.1),
            (0.6, 2.0, 1.0),
            (0.72, 1.0, 0.333),
        ] {
            let points: Vec<(f64, f64)> = NS.iter().map(|&n| (n, a - b * n.powf(-c))).collect();
            let law = PowerLaw::fit(&points, &weights(6)).expect("six sizes");
            assert!((law.a - a).abs() < 1e-4, "{a} {b} {c}: {law:?}");
            assert!((law.c - c).abs() < 1e-4, "{a} {b} {c}: {law:?}");
            assert!((law.b / b - 1.0).abs() < 1e-3, "{a} {b} {c}: {law:?}");
            assert!(law.largest_residual < 1e-6);
            assert!(law.r_squared.is_some_and(|r| r > 0.999_999));
        }
    }

    #[test]
    fn what_no_law_describes_stays_within_bounds() {
        let fit = |ys: [f64; 6]| {
            let points: Vec<(f64, f64)> = NS.into_iter().zip(ys).collect();
            PowerLaw::fit(&points, &weights(6)).expect("six sizes")
        };
        // A falling curve: b is 0, a the weighted mean.
        let falling = fit([0.7, 0.6, 0.5, 0.4, 0.3, 0.2]);
        assert!(falling.b == 0.0 && falling.at(1e6) == falling.a);
        // A straight line in log n would pass 1.
        let steep = fit([0.1, 0.27, 0.44, 0.61, 0.78, 0.95]);
        assert!(steep.a <= 1.0 && steep.b > 0.0);
        let flat = fit([0.5; 6]);
        assert_eq!(flat.r_squared, None);
        assert!((flat.at(7000.0) - 0.5).abs() < 1e-9);
        assert_eq!(PowerLaw::fit(&[(1.0, 0.5), (2.0, 0.6)], &[1.0; 2]), None);
        assert_eq!(PowerLaw::fit(&[(5.0, 0.5); 4], &[1.0; 4]), None);
    }

    #[test]
    fn the_price_of_a_gain_is_where_the_law_has_it() {
        let law = PowerLaw {
            a: 0.8,
            b: 2.0,
            c: 0.5,
            largest_residual: 0.0,
            r_squared: Some(1.0),
        };
        let needed = law.needed(1000.0, 0.01, 2000.0).expect("within twice");
        assert!((law.at(needed) - law.at(1000.0) - 0.01).abs() < 1e-9);
        assert_eq!(law.needed(1000.0, 0.03, 2000.0), None);
        // More than the law ever gives.
        assert_eq!(law.needed(1000.0, 0.2, 1e12), None);
    }

    /// Fits whose macro-F1 on a fold of 1000 rows is `f1[size]`, give or take what the fold does.
    fn fits(f1: &[f64]) -> Vec<CurveFold> {
        let mut fits = Vec::new();
        for (size, &f1) in f1.iter().enumerate() {
            for fold in 0..5 {
                // Errors shared evenly between two classes of equal size: macro-F1 is accuracy.
                let wrong = ((1.0 - f1) * 1000.0).round() as usize + 2 * fold;
                let pairs = (0..2000).map(|i| {
                    let truth = i % 2;
                    (truth, if i / 2 < wrong { 1 - truth } else { truth })
                });
                fits.push(CurveFold {
                    size,
                    draw: 0,
                    fold,
                    n_training: 100 << size,
                    n_articles: 50 << size,
                    pairs: pairs.collect(),
                    most_frequent: 0,
                    converged: true,
                });
            }
        }
        fits
    }

    fn curve(f1: &[f64]) -> LearningCurve {
        let classes = Classes::from_labels(["against", "favor"], Task::Infer, &BTreeMap::new())
            .expect("two classes");
        let n = (125 << f1.len()) / 2;
        learning_curve(&fits(f1), &classes, (n, n / 2), 1)
    }

    #[test]
    fn verdicts_are_as_planted() {
        let law = |a: f64, b: f64, c: f64| -> Vec<f64> {
            (0..6)
                .map(|size| a - b * f64::from(100 << size).powf(-c))
                .collect()
        };
        let rising = curve(&law(0.8, 2.0, 0.4));
        assert_eq!(rising.verdict, Verdict::Rising);
        assert_eq!(rising.n, 4000);
        let last = rising.forecast.last().expect("a forecast");
        assert_eq!((last.n, last.more), (8000, 4000));
        let expected = 2.0 * (4000_f64.powf(-0.4) - 8000_f64.powf(-0.4));
        assert!(
            (last.gain.value.expect("a gain") - expected).abs() < 0.003,
            "{last:?}"
        );
        assert!(last.gain.low <= last.gain.value && last.gain.value <= last.gain.high);
        assert!(
            rising
                .summary
                .starts_with("By the law fitted to the curve, twice as many labels (4000 more)")
        );
        assert!(
            (rising.sizes[5].spread - variance(&[0.0, 0.002, 0.004, 0.006, 0.008]).sqrt()).abs()
                < 1e-6
        );
        assert!((rising.sizes[0].majority.macro_f1 - 1.0 / 3.0).abs() < 1e-6);

        let flat = curve(&law(0.75, 15.0, 1.0));
        assert_eq!(flat.verdict, Verdict::Flat, "{}", flat.summary);
        assert_eq!(curve(&[0.6; 6]).verdict, Verdict::Flat);
        assert!(curve(&[0.6; 6]).price.is_none());

        let irregular = curve(&[0.5, 0.58, 0.52, 0.63, 0.57, 0.6]);
        assert_eq!(irregular.verdict, Verdict::Irregular);
        assert!(
            irregular.forecast.is_empty() && irregular.summary.contains("too irregularly to say")
        );
        let back = rising.back_test.expect("a back-test");
        assert!((back.forecast - back.measured).abs() < 0.003, "{back:?}");
        // Slow, then fast: no law with an asymptote does that.
        let late = curve(&[0.5, 0.505, 0.51, 0.52, 0.56, 0.66]);
        assert!(
            matches!(late.verdict, Verdict::Irregular | Verdict::PoorFit),
            "{late:?}"
        );
    }
}
