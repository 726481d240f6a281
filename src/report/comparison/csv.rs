//! A comparison as CSV: one row an outlet.

use super::super::table::{csv, number};
use crate::compare::{CampKind, Comparison, OutletComparison};
use crate::span::Voice;
use crate::statistics::Estimate;
use crate::wording::harmless;

/// The columns of a camp.
const CAMP_FIGURES: [&str; 7] = [
    "n_sentences",
    "share",
    "n_articles",
    "n_first",
    "net_stance",
    "low",
    "high",
];

/// The columns on how much room the subject gets, and the figures beside net stance.
const PROMINENCE: [&str; 12] = [
    "net_stance_by_sentence",
    "n_unlike",
    "n_mentioning",
    "mentioned",
    "n_titled",
    "in_headline",
    "n_headlines",
    "net_stance_headlines",
    "in_first_paragraph",
    "n_first_critic",
    "first_critic",
    "first_defender",
];

fn prominence_cells(outlet: &OutletComparison) -> [String; 12] {
    let room = &outlet.prominence;
    [
        number(outlet.net_stance_by_sentence),
        outlet.n_unlike.to_string(),
        room.n_mentioning.to_string(),
        number(room.mentioned.value),
        room.in_headline.n_articles.to_string(),
        number(room.in_headline.estimate.value),
        outlet.headlines.n_articles.to_string(),
        number(outlet.headlines.estimate.value),
        number(room.in_first_paragraph.estimate.value),
        room.first_critic.n_articles.to_string(),
        number(room.first_critic.estimate.value),
        number(room.first_defender.estimate.value),
    ]
}

/// The columns of figures corrected by hand labels.
const CORRECTED: [&str; 7] = [
    "n_labelled",
    "n_labelled_articles",
    "corrected",
    "corrected_corpus_low",
    "corrected_corpus_high",
    "corrected_general_low",
    "corrected_general_high",
];

fn corrected_cells(comparison: &Comparison, outlet: &OutletComparison) -> [String; 7] {
    let outlets = comparison.corrected.iter().flat_map(|c| &c.outlets);
    let mut of_outlet = outlets.filter(|corrected| corrected.outlet == outlet.outlet);
    let Some(of_outlet) = of_outlet.next() else {
        return Default::default();
    };
    let figure = of_outlet.corrected;
    let (corpus, general) = (
        figure.and_then(|figure| figure.corpus),
        figure.and_then(|figure| figure.general),
    );
    [
        of_outlet.n_labelled.to_string(),
        of_outlet.n_labelled_articles.to_string(),
        number(figure.map(|figure| figure.value)),
        number(corpus.map(|(low, _)| low)),
        number(corpus.map(|(_, high)| high)),
        number(general.map(|(low, _)| low)),
        number(general.map(|(_, high)| high)),
    ]
}

fn estimate_cells(estimate: &Estimate) -> [String; 3] {
    [
        number(estimate.value),
        number(estimate.low),
        number(estimate.high),
    ]
}

/// One row a subject and outlet; the comparisons are of one run, so that classes and camps are the same.
pub fn comparison_csv(comparisons: &[Comparison]) -> String {
    let outlets = || {
        comparisons
            .iter()
            .flat_map(|comparison| &comparison.outlets)
    };
    let classes: Vec<&String> = outlets()
        .find(|outlet| !outlet.shares.is_empty())
        .map(|outlet| outlet.shares.keys().collect())
        .unwrap_or_default();
    let mut header: Vec<String> = [
        "subject",
        "outlet",
        "n_read",
        "n_articles",
        "n_sentences",
        "net_stance",
        "low",
        "high",
    ]
    .map(str::to_string)
    .to_vec();
    for voice in Voice::ALL {
        header.push(format!("net_stance_{voice}"));
        header.push(format!("n_sentences_{voice}"));
    }
    header.extend(
        [
            "n_articles_without_quotations",
            "n_sentences_without_quotations",
            "net_stance_without_quotations",
            "low_without_quotations",
            "high_without_quotations",
        ]
        .map(str::to_string),
    );
    header.extend(classes.iter().map(|class| format!("share_{class}")));
    header.extend(classes.iter().map(|class| format!("share_hard_{class}")));
    header.extend(
        [
            "difference",
            "difference_low",
            "difference_high",
            "p",
            "p_adjusted",
        ]
        .map(str::to_string),
    );
    header.extend(PROMINENCE.map(str::to_string));
    let camps = comparisons.iter().take(1).filter_map(|c| c.camps.as_ref());
    for camp in camps.flat_map(|camps| &camps.all) {
        let name = match camp.kind {
            CampKind::Listed => format!("camp_{}", camp.camp),
            kind => kind.name().to_string(),
        };
        header.extend(CAMP_FIGURES.map(|figure| format!("{figure}_{name}")));
    }
    let planned = comparisons
        .iter()
        .any(|comparison| comparison.plan.is_some());
    let frames = comparisons.iter().take(1).filter_map(|c| c.frames.as_ref());
    for frame in frames.flat_map(|frames| &frames.all) {
        header.push(format!("frame_{}", frame.frame));
        header.push(format!("frame_articles_{}", frame.frame));
    }
    let corrected = comparisons.iter().any(|c| c.corrected.is_some());
    if corrected {
        header.extend(CORRECTED.map(str::to_string));
    }
    if planned {
        header.push("plan".to_string());
    }
    let pairs = comparisons
        .iter()
        .flat_map(|comparison| comparison.outlets.iter().map(move |o| (comparison, o)));
    let rows = pairs.map(|(comparison, outlet)| {
        let mut row = vec![
            harmless(&outlet.subject),
            harmless(&outlet.outlet),
            outlet.n_read.to_string(),
            outlet.n_articles.to_string(),
            outlet.n_sentences.to_string(),
            number(outlet.net_stance.value),
            number(outlet.net_stance.low),
            number(outlet.net_stance.high),
        ];
        for voice in Voice::ALL {
            let figures = outlet.by_voice.get(&voice);
            row.push(number(figures.and_then(|f| f.net_stance.value)));
            row.push(figures.map_or(0, |f| f.n_sentences).to_string());
        }
        let figures = &outlet.without_quotations;
        row.push(figures.n_articles.to_string());
        row.push(figures.n_sentences.to_string());
        row.extend(estimate_cells(&figures.net_stance));
        row.extend(
            classes
                .iter()
                .map(|class| number(outlet.shares.get(*class).copied())),
        );
        row.extend(
            classes
                .iter()
                .map(|class| number(outlet.shares_hard.get(*class).copied())),
        );
        let difference = comparison.differences.iter().find(|d| d.a == outlet.outlet);
        row.push(number(difference.map(|d| d.estimate)));
        row.push(number(difference.and_then(|d| d.low)));
        row.push(number(difference.and_then(|d| d.high)));
        row.push(number(difference.map(|d| d.p)));
        row.push(number(difference.map(|d| d.p_adjusted)));
        row.extend(prominence_cells(outlet));
        for camp in &outlet.camps {
            row.push(camp.n_sentences.to_string());
            row.push(number(camp.share));
            row.push(camp.n_articles.to_string());
            row.push(camp.n_first.to_string());
            row.extend(estimate_cells(&camp.net_stance));
        }
        for frame in &outlet.frames {
            row.push(number(frame.share_of_sentences.value));
            row.push(number(frame.share_of_articles.value));
        }
        if corrected {
            row.extend(corrected_cells(comparison, outlet));
        }
        if planned {
            row.push(comparison.plan.clone().unwrap_or_default());
        }
        row
    });
    let header: Vec<&str> = header.iter().map(String::as_str).collect();
    csv(&header, rows)
}
