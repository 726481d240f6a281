//! Which charts a comparison has: figures put into plots, nothing computed.

use std::collections::BTreeMap;

use super::chart::{
    Axis, Bar, BarRow, Bars, Chart, DotPlot, HeatMap, HeatRow, Mark, Panel, Part, Plot, Row, Scale,
    Series, Shape, SidePanel, TimePlot, Tone, TwoSided,
};
use super::table::{p_value, signed};
use crate::classes::Polarity;
use crate::compare::{
    Comparison, Contrast, Difference, OutletComparison, Slice, TermComparison, VoiceComparison,
    percent_of,
};
use crate::corpus::{Month, read_month};
use crate::span::Voice;
use crate::statistics::{Estimate, MIN_FOR_T, round6};
use crate::validate::Correction;
use crate::wording::count;

/// Outlets in a chart; of more those with most articles.
const OUTLETS: usize = 40;

/// Up to so many outlets all are shown, those with too few articles too.
const ALL_SHOWN: usize = 12;

/// Outlets with a panel of their own.
const PANELS: usize = 12;

/// Outlets whose words are drawn, and words a side.
const WORD_PANELS: usize = 8;
const WORDS: usize = 8;

/// Periods that a plot over time spans at most.
const MONTHS: usize = 240;

/// All charts that there are figures for. `prefix` comes before their names.
pub fn figures(comparison: &Comparison, prefix: &str) -> Vec<Chart> {
    let charts = [
        net_stance(comparison),
        differences(comparison),
        shares(comparison),
        speakers(comparison),
        camps(comparison),
        frames(comparison),
        months(comparison),
        words(comparison),
        comparison
            .corrected
            .as_ref()
            .and_then(|correction| corrected(comparison, correction)),
        comparison
            .reference
            .as_ref()
            .and_then(|reference| contrast(reference, comparison.level, "reference")),
    ];
    charts
        .into_iter()
        .flatten()
        .map(|chart| Chart {
            name: format!("{prefix}{}", chart.name),
            ..chart
        })
        .collect()
}

/// The charts of contrasts between subjects.
pub fn contrast_figures(contrasts: &[Contrast], level: f64) -> Vec<Chart> {
    let numbered = contrasts.iter().enumerate();
    numbered
        .filter_map(|(i, one)| contrast(one, level, &format!("contrast-{}", i + 1)))
        .collect()
}

/// The outlets that charts show, lowest net stance first, and how many are left out: of many outlets those with
/// too few articles, then those with least.
fn shown(comparison: &Comparison) -> (Vec<&OutletComparison>, usize) {
    let with_articles: Vec<&OutletComparison> = comparison
        .outlets
        .iter()
        .filter(|outlet| outlet.n_articles > 0)
        .collect();
    let has_too_few = |outlet: &OutletComparison| outlet.n_articles < MIN_FOR_T;
    let mut most = with_articles.clone();
    if with_articles.len() > ALL_SHOWN && !most.iter().all(|outlet| has_too_few(outlet)) {
        most.retain(|outlet| !has_too_few(outlet));
    }
    most.sort_by_key(|outlet| std::cmp::Reverse(outlet.n_articles));
    most.truncate(OUTLETS);
    let names: Vec<&str> = most.iter().map(|outlet| outlet.outlet.as_str()).collect();
    let n = with_articles.len();
    let kept: Vec<&OutletComparison> = with_articles
        .into_iter()
        .filter(|outlet| names.contains(&outlet.outlet.as_str()))
        .collect();
    let left_out = n - kept.len();
    (kept, left_out)
}

/// A remark on outlets that a chart leaves out.
fn left_out(n: usize) -> String {
    match n {
        0 => String::new(),
        n => format!(
            " {} with few articles in the table only.",
            count(n, "outlet")
        ),
    }
}

fn too_few(n_articles: usize) -> Option<String> {
    (n_articles < MIN_FOR_T).then(|| format!("too few ({n_articles})"))
}

fn n(n_articles: usize) -> String {
    format!("n {n_articles}")
}

/// The number of articles, and whether they are too few for an interval.
fn n_or_too_few(n_articles: usize) -> String {
    match too_few(n_articles) {
        Some(_) => format!("n {n_articles}, too few"),
        None => n(n_articles),
    }
}

/// The scale that holds all of `estimates`: ends are multiples of a tenth, at most `limit` from zero.
fn axis<'e>(estimates: impl Iterator<Item = &'e Estimate>, limit: f64) -> Axis {
    let ends = estimates.flat_map(|estimate| [estimate.value, estimate.low, estimate.high]);
    let (mut low, mut high) = (-0.1_f64, 0.1_f64);
    for end in ends.flatten().filter(|end| end.is_finite()) {
        low = low.min(end);
        high = high.max(end);
    }
    Axis {
        low: ((low * 10.0 - 0.001).floor() / 10.0).max(-limit),
        high: ((high * 10.0 + 0.001).ceil() / 10.0).min(limit),
        left: "against".into(),
        right: "in favor".into(),
        line: None,
        signed: true,
    }
}

fn subject_scale(axis: Axis) -> Axis {
    Axis {
        left: "more against".into(),
        right: "more in favor".into(),
        ..axis
    }
}

fn dots(rows: Vec<Row>, series: Vec<Series>, limit: f64) -> DotPlot {
    let estimates = rows.iter().flat_map(|row| &row.marks).map(|m| &m.estimate);
    DotPlot {
        axis: axis(estimates, limit),
        rows,
        series,
    }
}

fn series(label: &str, shape: Shape, tone: Tone) -> Series {
    Series {
        label: label.into(),
        shape,
        tone,
    }
}

fn mark(series: usize, estimate: Estimate, strong: bool) -> Mark {
    Mark {
        series,
        estimate,
        strong,
    }
}

/// A figure of one voice, if there are articles enough for an interval.
fn voice_mark(series: usize, voice: Option<&VoiceComparison>) -> Option<Mark> {
    let voice = voice?;
    (voice.n_articles >= MIN_FOR_T && voice.net_stance.value.is_some())
        .then(|| mark(series, voice.net_stance, false))
}

fn net_stance(comparison: &Comparison) -> Option<Chart> {
    let (outlets, others) = shown(comparison);
    let with_figure = || outlets.iter().filter(|o| o.net_stance.value.is_some());
    let (first, last) = (with_figure().next()?, with_figure().next_back()?);
    let mut rows: Vec<Row> = outlets
        .iter()
        .map(|outlet| {
            let own = voice_mark(1, outlet.by_voice.get(&Voice::Outlet));
            let quoted = voice_mark(2, outlet.by_voice.get(&Voice::Quote));
            Row {
                label: outlet.outlet.clone(),
                note: n_or_too_few(outlet.n_articles),
                marks: std::iter::once(mark(
                    0,
                    outlet.net_stance,
                    too_few(outlet.n_articles).is_none(),
                ))
                .chain(own)
                .chain(quoted)
                .collect(),
                message: None,
            }
        })
        .collect();
    let level = percent_of(comparison.level);
    let used = |index: usize| {
        rows.iter()
            .flat_map(|row| &row.marks)
            .any(|m| m.series == index)
    };
    let mut all = vec![series("all counted sentences", Shape::Dot, Tone::Plain)];
    let voices = [
        series("the outlet's own voice", Shape::Square, Tone::Series(0)),
        series("quotations", Shape::Diamond, Tone::Series(1)),
    ];
    let used: Vec<usize> = (1..=2).filter(|&index| used(index)).collect();
    // A key names only what is drawn, so the marks are numbered anew.
    for mark in rows.iter_mut().flat_map(|row| &mut row.marks) {
        let place = used.iter().position(|&index| index == mark.series);
        mark.series = place.map_or(0, |place| place + 1);
    }
    all.extend(used.iter().map(|&index| voices[index - 1].clone()));
    let alt = format!(
        "Net stance toward {} by outlet with {level} % intervals, from {} at {} to {} at {}. The table has every figure.",
        comparison.subject,
        first.outlet,
        signed(first.net_stance.value),
        last.outlet,
        signed(last.net_stance.value)
    );
    Some(Chart {
        name: "net-stance".into(),
        title: format!("Net stance toward {}, by outlet", comparison.subject),
        caption: format!(
            "Mean over articles (n) with a {level} % interval, from -1 (against) to +1 (in favor); a model score. Hollow, too few: an interval needs {MIN_FOR_T} articles.{}",
            left_out(others)
        ),
        alt,
        plot: Plot::Dots(dots(rows, all, 1.0)),
    })
}

fn differences(comparison: &Comparison) -> Option<Chart> {
    let family = comparison.tests.as_ref()?;
    let all: Vec<&Difference> = comparison.differences.iter().take(OUTLETS).collect();
    let most = all.first()?;
    let holds = |d: &Difference| d.p_adjusted < family.alpha;
    let rows = all
        .iter()
        .map(|d| Row {
            label: d.a.clone(),
            note: format!("n {}, p adj. {}", d.n_a, p_value(d.p_adjusted)),
            marks: vec![mark(
                usize::from(!holds(d)),
                Estimate {
                    value: Some(d.estimate),
                    low: d.low,
                    high: d.high,
                },
                holds(d),
            )],
            message: None,
        })
        .collect();
    let level = percent_of(comparison.level);
    let plot = dots(
        rows,
        vec![
            series("holds after adjustment", Shape::Dot, Tone::Plain),
            series("does not", Shape::Ring, Tone::Soft),
        ],
        2.0,
    );
    Some(Chart {
        name: "differences".into(),
        title: "Each outlet against all the others".into(),
        caption: format!(
            "Difference of net stance toward {}, outlet less rest, with a {level} % interval for each alone; p adjusted for {}.",
            comparison.subject,
            count(family.n_tested, "test")
        ),
        alt: format!(
            "Differences of net stance between each outlet and the rest; the largest is {} at {}, adjusted p {}. {} of {} hold after adjustment.",
            most.a,
            signed(Some(most.estimate)),
            p_value(most.p_adjusted),
            comparison.differences.iter().filter(|d| holds(d)).count(),
            comparison.differences.len()
        ),
        plot: Plot::Dots(DotPlot {
            axis: subject_scale(plot.axis),
            ..plot
        }),
    })
}

/// The colour of a class: by its polarity, else by its place.
fn tone(comparison: &Comparison, class: &str, place: usize) -> Tone {
    let polarity = comparison.behind.as_ref().map(|behind| &behind.polarity);
    match polarity.and_then(|polarity| polarity.get(class)) {
        Some(Polarity::Against) => Tone::Against,
        Some(Polarity::Neutral) => Tone::Neutral,
        Some(Polarity::Favor) => Tone::Favor,
        None => Tone::Series((place % 7) as u8),
    }
}

fn shares(comparison: &Comparison) -> Option<Chart> {
    let (outlets, others) = shown(comparison);
    let classes: Vec<&String> = outlets.first()?.shares.keys().collect();
    let rows = outlets
        .iter()
        .map(|outlet| BarRow {
            label: outlet.outlet.clone(),
            note: n_or_too_few(outlet.n_articles),
            parts: classes
                .iter()
                .map(|class| outlet.shares.get(*class).copied().unwrap_or(0.0))
                .collect(),
            message: None,
        })
        .collect();
    let parts = classes.iter().enumerate().map(|(place, class)| Part {
        label: class.to_string(),
        tone: tone(comparison, class, place),
    });
    let names: Vec<&str> = classes.iter().map(|class| class.as_str()).collect();
    Some(Chart {
        name: "class-shares".into(),
        title: "How sentences are classed, by outlet".into(),
        caption: format!(
            "Mean probability of each class over sentences about {}, then over articles (n); too few: below {MIN_FOR_T}.{}",
            comparison.subject,
            left_out(others)
        ),
        alt: format!(
            "Stacked bars: shares of the classes {} for {}.",
            names.join(", "),
            count(outlets.len(), "outlet")
        ),
        plot: Plot::Bars(Bars {
            rows,
            parts: parts.collect(),
            scale: Scale::Percent,
            diverging: false,
        }),
    })
}

/// How a speaker is called; sources without a name together.
pub(super) fn speaker_name(speaker: Option<&str>) -> String {
    speaker.map_or("sources without a name".to_string(), str::to_string)
}

fn speakers(comparison: &Comparison) -> Option<Chart> {
    let behind = comparison.behind.as_ref()?;
    let most = behind.speakers.first()?;
    let rows = behind
        .speakers
        .iter()
        .filter(|speaker| speaker.n_sentences > 1 || most.n_sentences == 1)
        .map(|speaker| {
            let (against, favor) = (speaker.n_against as f64, speaker.n_in_favor as f64);
            BarRow {
                label: speaker_name(speaker.speaker.as_deref()),
                note: n(speaker.n_sentences),
                parts: vec![against, speaker.n_sentences as f64 - against - favor, favor],
                message: None,
            }
        })
        .collect();
    let part = |label: &str, tone| Part {
        label: label.to_string(),
        tone,
    };
    Some(Chart {
        name: "speakers".into(),
        title: format!("Who is quoted or reported on {}", comparison.subject),
        caption: "Sentences (n) by their likeliest class, over all outlets; the speakers heard most. Counts, so without intervals.".into(),
        alt: format!(
            "Bars for {}: how many of their sentences are against and how many for {}. Heard most: {}, {}.",
            count(behind.speakers.len(), "speaker"),
            comparison.subject,
            speaker_name(most.speaker.as_deref()),
            count(most.n_sentences, "sentence")
        ),
        plot: Plot::Bars(Bars {
            rows,
            parts: vec![
                part("against", Tone::Against),
                part("neither", Tone::Neutral),
                part("in favor", Tone::Favor),
            ],
            scale: Scale::Count,
            diverging: true,
        }),
    })
}

fn camps(comparison: &Comparison) -> Option<Chart> {
    let camps = comparison.camps.as_ref()?;
    let rows: Vec<Row> = camps
        .all
        .iter()
        .filter(|camp| camp.n_sentences > 0)
        .map(|camp| {
            let message = too_few(camp.n_articles);
            Row {
                label: camp.camp.clone(),
                note: n(camp.n_articles),
                marks: match message {
                    Some(_) => Vec::new(),
                    None => vec![mark(0, camp.net_stance, true)],
                },
                message,
            }
        })
        .collect();
    (!rows.is_empty()).then(|| Chart {
        name: "camps".into(),
        title: "Net stance of what each camp says, all outlets".into(),
        caption: format!(
            "Mean over articles (n) in which the camp is heard, with a {} % interval.",
            percent_of(comparison.level)
        ),
        alt: format!(
            "Net stance of sentences from {} with intervals; the table has every figure and outlet.",
            count(rows.len(), "camp")
        ),
        plot: Plot::Dots(dots(
            rows,
            vec![series("net stance", Shape::Dot, Tone::Plain)],
            1.0,
        )),
    })
}

fn frames(comparison: &Comparison) -> Option<Chart> {
    let all = comparison.frames.as_ref()?;
    let (outlets, others) = shown(comparison);
    let mut columns: Vec<(&str, f64)> = all
        .all
        .iter()
        .map(|frame| {
            (
                frame.frame.as_str(),
                frame.share_of_sentences.value.unwrap_or(0.0),
            )
        })
        .collect();
    columns.sort_by(|a, b| b.1.total_cmp(&a.1));
    let rows = outlets
        .iter()
        .map(|outlet| HeatRow {
            label: outlet.outlet.clone(),
            note: n_or_too_few(outlet.n_articles),
            cells: columns
                .iter()
                .map(|(name, _)| {
                    let frame = outlet.frames.iter().find(|frame| frame.frame == *name)?;
                    frame.share_of_sentences.value
                })
                .collect(),
        })
        .collect();
    let most = columns.first()?;
    Some(Chart {
        name: "frames".into(),
        title: format!("Frames of sentences about {}", comparison.subject),
        caption: format!(
            "Share of an article's sentences that have the frame, mean over articles (n); a sentence may have several or none. Too few: below {MIN_FOR_T} articles.{}",
            left_out(others)
        ),
        alt: format!(
            "Table of shares, outlets by frames. Most frequent over all outlets: {} with {:.0} % of sentences.",
            most.0.replace('_', " "),
            most.1 * 100.0
        ),
        plot: Plot::Heat(HeatMap {
            rows,
            columns: columns
                .iter()
                .map(|(name, _)| name.replace('_', " "))
                .collect(),
        }),
    })
}

fn months(comparison: &Comparison) -> Option<Chart> {
    let slices = &comparison.behind.as_ref()?.months;
    let mut seen: Vec<Month> = slices
        .iter()
        .filter_map(|s| read_month(&s.value).month(None))
        .collect();
    seen.sort();
    let (first, last) = (*seen.first()?, *seen.last()?);
    let periods: Vec<Month> = std::iter::successors(Some(first), |month| Some(month.next()))
        .take_while(|month| *month <= last)
        .collect();
    if periods.len() < 2 || periods.len() > MONTHS {
        return None;
    }
    let periods: Vec<String> = periods.iter().map(Month::to_string).collect();
    let mut by_outlet: BTreeMap<Option<&str>, BTreeMap<&str, &Slice>> = BTreeMap::new();
    for slice in slices {
        let outlet = slice.outlet.as_deref();
        by_outlet
            .entry(outlet)
            .or_default()
            .insert(&slice.value, slice);
    }
    let all = by_outlet.get(&None)?;
    let context: Vec<Option<f64>> = periods
        .iter()
        .map(|month| all.get(month.as_str())?.net_stance.value)
        .collect();
    let mut outlets: Vec<&OutletComparison> = comparison.outlets.iter().collect();
    outlets.sort_by_key(|outlet| std::cmp::Reverse(outlet.n_articles));
    let panels: Vec<Panel> = outlets
        .iter()
        .filter_map(|outlet| Some((outlet, by_outlet.get(&Some(outlet.outlet.as_str()))?)))
        .filter(|(outlet, of)| of.len() > 1 && outlet.n_articles >= MIN_FOR_T)
        .take(PANELS)
        .map(|(outlet, of)| Panel {
            label: outlet.outlet.clone(),
            note: n(outlet.n_articles),
            points: periods
                .iter()
                .map(|month| {
                    let slice = of.get(month.as_str())?;
                    Some((slice.net_stance, slice.n_articles))
                })
                .collect(),
            context: context.clone(),
        })
        .collect();
    if panels.is_empty() {
        return None;
    }
    let estimates = panels
        .iter()
        .flat_map(|panel| panel.points.iter().flatten());
    let axis = axis(estimates.map(|(estimate, _)| estimate), 1.0);
    Some(Chart {
        name: "months".into(),
        title: format!("Net stance toward {} by month", comparison.subject),
        caption: format!(
            "Mean over the articles of a month with a {} % interval where there are {MIN_FOR_T} or more; exploratory. The outlets with most articles.",
            percent_of(comparison.level)
        ),
        alt: format!(
            "Net stance from {} to {} for {}; all outlets together in grey.",
            periods[0],
            periods[periods.len() - 1],
            count(panels.len(), "outlet")
        ),
        plot: Plot::Time(TimePlot {
            periods,
            panels,
            axis,
            context: "all outlets".into(),
        }),
    })
}

fn words(comparison: &Comparison) -> Option<Chart> {
    let words = comparison.words.as_ref()?;
    let mut outlets: Vec<&OutletComparison> = comparison.outlets.iter().collect();
    outlets.sort_by_key(|outlet| std::cmp::Reverse(outlet.n_articles));
    let bar = |term: &TermComparison| Bar {
        label: term.term.clone(),
        value: term.z,
        note: format!("{} / {}", term.n, term.n_rest),
        strong: term.p.is_some_and(|p| p < 1.0 - comparison.level),
    };
    let panels: Vec<SidePanel> = outlets
        .iter()
        .filter_map(|outlet| {
            let terms: Vec<&TermComparison> = words
                .terms
                .iter()
                .filter(|term| term.outlet == outlet.outlet)
                .collect();
            let more: Vec<&&TermComparison> = terms.iter().filter(|t| t.z > 0.0).collect();
            let less: Vec<&&TermComparison> = terms.iter().rev().filter(|t| t.z < 0.0).collect();
            (!terms.is_empty()).then(|| SidePanel {
                title: outlet.outlet.clone(),
                left_title: "less than the others".into(),
                right_title: "more than the others".into(),
                left: less.iter().take(WORDS).map(|t| bar(t)).collect(),
                right: more.iter().take(WORDS).map(|t| bar(t)).collect(),
            })
        })
        .take(WORD_PANELS)
        .collect();
    (!panels.is_empty()).then(|| Chart {
        name: "words".into(),
        title: format!("Words around {}, each outlet against the others", comparison.subject),
        caption: format!(
            "Ranked by z of the log-odds ratio; counts in the outlet / elsewhere, within {} words of a mention. Full color: p adjusted for all words below {}.",
            words.window,
            round6(1.0 - comparison.level)
        ),
        alt: format!(
            "Words that {} use more and less than the others near the subject.",
            count(panels.len(), "outlet")
        ),
        plot: Plot::TwoSided(TwoSided { panels }),
    })
}

fn corrected(comparison: &Comparison, correction: &Correction) -> Option<Chart> {
    let rows: Vec<Row> = correction
        .outlets
        .iter()
        .take(OUTLETS)
        .map(|outlet| {
            let figure = outlet.corrected.as_ref();
            let marks = figure.map(|figure| {
                vec![
                    mark(1, outlet.model, false),
                    mark(
                        0,
                        Estimate::with_interval(figure.value, figure.corpus),
                        true,
                    ),
                ]
            });
            Row {
                label: outlet.outlet.clone(),
                note: format!("{} labels", outlet.n_labelled),
                message: marks.is_none().then(|| "too few labels".to_string()),
                marks: marks.unwrap_or_default(),
            }
        })
        .collect();
    rows.iter().any(|row| !row.marks.is_empty()).then(|| Chart {
        name: "corrected".into(),
        title: format!(
            "Net stance toward {}, corrected by hand labels",
            comparison.subject
        ),
        caption: format!(
            "Corrected for this corpus, with a {} % interval, beside the model alone. {} labelled.",
            percent_of(correction.level),
            count(correction.n_labelled, "sentence")
        ),
        alt: format!(
            "Net stance of {} as corrected by labels and by the model alone.",
            count(rows.len(), "outlet")
        ),
        plot: Plot::Dots(dots(
            rows,
            vec![
                series("corrected", Shape::Dot, Tone::Plain),
                series("model alone", Shape::Ring, Tone::Soft),
            ],
            1.0,
        )),
    })
}

/// The names on one side of a contrast.
pub(super) fn side(names: &[String]) -> String {
    names.join(" and ")
}

fn contrast(contrast: &Contrast, level: f64, name: &str) -> Option<Chart> {
    let rows: Vec<Row> = contrast
        .outlets
        .iter()
        .filter(|outlet| outlet.contrast.low.is_some())
        .take(OUTLETS)
        .map(|outlet| Row {
            label: outlet.outlet.clone(),
            note: n(outlet.n_articles),
            marks: vec![mark(0, outlet.contrast, true)],
            message: None,
        })
        .collect();
    let (plus, minus) = (side(&contrast.plus), side(&contrast.minus));
    (!rows.is_empty()).then(|| {
        let plot = dots(
            rows,
            vec![series("contrast", Shape::Dot, Tone::Plain)],
            2.0,
        );
        Chart {
            name: name.to_string(),
            title: format!("{plus} less {minus}, inside each outlet"),
            caption: format!(
                "Difference of net stance inside an outlet, whose general tone cancels, with a {} % interval; exploratory.",
                percent_of(level)
            ),
            alt: format!(
                "How much more in favor {} are of {plus} than of {minus}.",
                count(contrast.outlets.len(), "outlet")
            ),
            plot: Plot::Dots(DotPlot {
                axis: Axis {
                    left: format!("for {minus}"),
                    right: format!("for {plus}"),
                    ..plot.axis
                },
                ..plot
            }),
        }
    })
}
