//! The parts of a comparison that nothing is tested in: by story, month and column, pairs, groups, contrasts between subjects, words, copies, and
//! the figures counted otherwise.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::super::table::{Width, bracketed, p_value, plain, printable, signed, table, wrapped};
use super::shown_outlets;
use crate::compare::{
    Comparison, Contrast, Slice, TermComparison, WordMove, WordsComparison, percent_of,
};
use crate::wording::count;

/// Rows of a column's values that are printed; JSON has all.
const ROWS: usize = 60;

/// Pairs of outlets that are printed.
const PAIRS: usize = 30;

/// Words an outlet and side that are printed.
const WORDS: usize = 6;

/// Copies that are printed.
const COPIES: usize = 5;

/// Everything that was asked for.
pub(super) fn text(comparison: &Comparison, width: Width) -> String {
    let mut text = slices_text(comparison, width);
    text.push_str(&groups_text(comparison, width));
    text.push_str(&pairs_text(comparison, width));
    if let Some(reference) = &comparison.reference {
        text.push_str(&contrast_text(reference, comparison.level, width));
    }
    if let Some(words) = &comparison.words {
        text.push_str(&words_text(words, comparison.keep_copies, width));
    }
    text.push_str(&moves_text(&comparison.moves, width));
    text.push_str(&copies_text(comparison, width));
    text
}

fn exploratory(level: f64) -> String {
    format!(
        "exploratory: intervals are {} % each, nothing is tested",
        percent_of(level)
    )
}

/// Each value of each column, over all outlets and outlet by outlet.
fn slices_text(comparison: &Comparison, width: Width) -> String {
    let mut by_column: BTreeMap<&str, Vec<&Slice>> = BTreeMap::new();
    for slice in &comparison.by {
        by_column.entry(&slice.column).or_default().push(slice);
    }
    let mut text = String::new();
    let level = comparison.level;
    let figure = format!("net stance [{} %]", percent_of(level));
    for (column, slices) in by_column {
        let whole: Vec<&&Slice> = slices
            .iter()
            .filter(|slice| slice.outlet.is_none())
            .collect();
        let shown: Vec<&&Slice> = match slices.len() <= ROWS {
            true => slices.iter().collect(),
            false => whole,
        };
        let title = format!("By {column} ({})", exploratory(level));
        let _ = write!(text, "\n{}\n", wrapped(width, 0, &printable(&title)));
        let rows = shown
            .iter()
            .map(|slice| {
                let name = match &slice.outlet {
                    None => printable(&slice.value),
                    Some(outlet) => format!("  {}", printable(outlet)),
                };
                vec![
                    name,
                    slice.n_articles.to_string(),
                    slice.n_sentences.to_string(),
                    bracketed(&slice.net_stance),
                ]
            })
            .collect();
        text.push_str(&table(
            width,
            &[column, "articles", "sentences", &figure],
            &[0],
            rows,
        ));
        if shown.len() < slices.len() {
            let _ = writeln!(
                text,
                "(over all outlets; --format json has them one by one)"
            );
        }
    }
    text
}

fn groups_text(comparison: &Comparison, width: Width) -> String {
    if comparison.groups.is_empty() {
        return String::new();
    }
    let level = comparison.level;
    let rows = comparison
        .groups
        .iter()
        .map(|group| {
            vec![
                printable(&group.group),
                group.outlets.len().to_string(),
                group.n_articles.to_string(),
                bracketed(&group.net_stance),
                bracketed(&group.difference),
            ]
        })
        .collect();
    let figure = format!("net stance [{} %]", percent_of(level));
    let headers = ["group", "outlets", "articles", &figure, "less other groups"];
    format!(
        "\nGroups of outlets ({})\n\n{}",
        exploratory(level),
        table(width, &headers, &[0], rows)
    )
}

fn pairs_text(comparison: &Comparison, width: Width) -> String {
    if comparison.pairs.is_empty() {
        return String::new();
    }
    let mut pairs: Vec<_> = comparison.pairs.iter().collect();
    let size = |pair: &crate::compare::Pair| pair.difference.value.unwrap_or(0.0).abs();
    pairs.sort_by(|a, b| size(b).total_cmp(&size(a)));
    let rows = pairs
        .iter()
        .take(PAIRS)
        .map(|pair| {
            vec![
                format!("{} less {}", printable(&pair.a), printable(&pair.b)),
                format!("{} / {}", pair.n_a, pair.n_b),
                bracketed(&pair.difference),
            ]
        })
        .collect();
    let mut text = format!(
        "\nPairs of outlets, most different first ({})\n\n{}",
        exploratory(comparison.level),
        table(width, &["pair", "articles", "difference"], &[0], rows)
    );
    if pairs.len() > PAIRS {
        let _ = writeln!(
            text,
            "({} more; --format json has all)",
            count(pairs.len() - PAIRS, "pair")
        );
    }
    text
}

/// Contrasts between subjects, one after the other.
pub fn contrasts_text(contrasts: &[Contrast], level: f64, width: Width) -> String {
    contrasts
        .iter()
        .map(|contrast| contrast_text(contrast, level, width))
        .collect()
}

fn contrast_text(contrast: &Contrast, level: f64, width: Width) -> String {
    let (plus, minus) = (contrast.plus.join(", "), contrast.minus.join(", "));
    let title = format!("{plus} relative to {minus} ({})", exploratory(level));
    let mut text = format!("\n{}\n", wrapped(width, 0, &printable(&title)));
    let rows = contrast
        .outlets
        .iter()
        .filter(|outlet| outlet.contrast.low.is_some() || contrast.outlets.len() <= 12)
        .map(|outlet| {
            let n: Vec<String> = outlet.n_by_subject.iter().map(usize::to_string).collect();
            vec![
                printable(&outlet.outlet),
                n.join("/"),
                signed(Some(outlet.plus)),
                signed(Some(outlet.minus)),
                bracketed(&outlet.contrast),
                bracketed(&outlet.difference),
            ]
        })
        .collect();
    let headers = [
        "outlet",
        "articles each",
        "first",
        "second",
        "first less second",
        "less other outlets",
    ];
    text.push_str(&table(width, &headers, &[0], rows));
    let legend = format!(
        "Another question than net stance: how an outlet portrays {plus} relative to {minus}. An outlet's general tone cancels. Each subject counts \
         alike; an article on several subjects counts once in the spread.{}",
        match contrast.without.len() {
            0 => String::new(),
            n => format!(
                " {} without articles on all of them left out.",
                count(n, "outlet")
            ),
        }
    );
    let _ = write!(text, "\n{}", wrapped(width, 0, &printable(&legend)));
    text
}

fn words_text(words: &WordsComparison, keep_copies: bool, width: Width) -> String {
    let mut by_outlet: BTreeMap<&str, Vec<_>> = BTreeMap::new();
    for term in &words.terms {
        by_outlet.entry(&term.outlet).or_default().push(term);
    }
    let mut text = String::from(
        "\nWords around the subject, quotations included: used more (+) and less (-) than by\nthe rest\n\n",
    );
    let mut rows = Vec::new();
    for (outlet, terms) in by_outlet {
        let own: Vec<String> = outlet
            .to_lowercase()
            .split(|c: char| !c.is_alphanumeric())
            .map(str::to_string)
            .collect();
        let about_subject = |term: &&&TermComparison| !names_outlet(&term.term, &own);
        let shown = || terms.iter().filter(about_subject);
        let more = shown().filter(|term| term.z > 0.0).take(WORDS);
        let less = terms.iter().rev().filter(about_subject);
        let less = less.filter(|term| term.z < 0.0).take(WORDS / 3);
        for (index, term) in more.chain(less).enumerate() {
            rows.push(vec![
                if index == 0 {
                    printable(outlet)
                } else {
                    String::new()
                },
                format!(
                    "{} {}",
                    if term.z > 0.0 { "+" } else { "-" },
                    printable(&term.term)
                ),
                format!("{} / {}", term.n, term.n_rest),
                format!("{} / {}", term.df, term.df_rest),
                format!("{:+.2}", term.z),
                term.p.map_or(signed(None), p_value),
            ]);
        }
    }
    let headers = [
        "outlet",
        "word",
        "times / rest",
        "articles / rest",
        "z",
        "p adjusted",
    ];
    text.push_str(&table(width, &headers, &[0, 1], rows));
    let legend = format!(
        "{} words and pairs within {} words of a mention, in {} articles or more. z: log-odds with the pooled corpus as prior ({:.0} words strong), \
         its spread widened for words that come in bursts; a ranking. p: {} permutations of whole articles, adjusted for all words and \
         outlets (maxT). It takes articles as independent: where outlets cover other stories, words of those stories differ. Copies are \
         {}; words of an outlet's own name are not shown.",
        words.n_terms,
        words.window,
        words.min_df,
        words.prior,
        words.n_draws,
        if keep_copies {
            "counted too"
        } else {
            "left out"
        }
    );
    let _ = write!(text, "\n{}", wrapped(width, 0, &legend));
    text
}

/// The words that move an outlet's score most, each way.
fn moves_text(moves: &[WordMove], width: Width) -> String {
    if moves.is_empty() {
        return String::new();
    }
    let mut by_outlet: BTreeMap<&str, Vec<&WordMove>> = BTreeMap::new();
    for word in moves {
        by_outlet.entry(&word.outlet).or_default().push(word);
    }
    let listed = |words: Vec<&&WordMove>| -> String {
        let words = words.into_iter().take(WORDS);
        let words = words.map(|word| format!("{} {:+.3}", printable(&word.word), word.difference));
        words.collect::<Vec<_>>().join(", ")
    };
    let rows = by_outlet
        .iter()
        .map(|(outlet, words)| {
            let up = words.iter().filter(|word| word.difference > 0.0).collect();
            let down = words
                .iter()
                .rev()
                .filter(|word| word.difference < 0.0)
                .collect();
            vec![printable(outlet), listed(down), listed(up)]
        })
        .collect();
    let legend = "What each word adds to an article's mean logit (favor less against), mean over the outlet's articles less that over all others: the words \
                  through which the model comes to another score here. Words in five articles or more, copies counted too; exploratory, nothing is tested.";
    format!(
        "\nWords that move the score more than in other outlets\n\n{}\n{}",
        table(width, &["outlet", "down", "up"], &[0, 1, 2], rows),
        wrapped(width, 0, legend)
    )
}

/// Whether a term holds a word of the outlet's own name, which says nothing about the subject.
fn names_outlet(term: &str, own: &[String]) -> bool {
    term.split_whitespace().any(|word| {
        let word = word.trim_end_matches("'s");
        word.chars().count() > 2 && own.iter().any(|name| name == word)
    })
}

fn copies_text(comparison: &Comparison, width: Width) -> String {
    let across: Vec<_> = comparison
        .copies
        .iter()
        .filter(|c| c.across_outlets)
        .collect();
    if across.is_empty() {
        return String::new();
    }
    let mut text = String::from("\nThe same text in several outlets\n\n");
    for copy in across.iter().take(COPIES) {
        let articles: Vec<String> = copy
            .articles
            .iter()
            .map(|one| format!("{} [{}]", printable(&one.outlet), printable(&one.article)))
            .collect();
        let line = format!("{:.0} %  {}", copy.shared * 100.0, articles.join(", "));
        text.push_str(&wrapped(width, 6, &line));
    }
    if across.len() > COPIES {
        let _ = writeln!(
            text,
            "({} more; --format json has all)",
            count(across.len() - COPIES, "text")
        );
    }
    text
}

/// The figures counted otherwise.
pub(super) fn robustness_text(comparison: &Comparison, width: Width) -> String {
    let outlets: Vec<&str> = shown_outlets(comparison)
        .0
        .iter()
        .map(|outlet| outlet.outlet.as_str())
        .collect();
    let mut text = String::from("\nCounted otherwise: does the order of outlets stand?\n\n");
    let rows = comparison
        .robustness
        .iter()
        .map(|variant| {
            let figures: Vec<f64> = outlets
                .iter()
                .filter_map(|outlet| variant.net_stance.get(*outlet).copied())
                .collect();
            let end = |pick: fn(f64, f64) -> f64| {
                let value = figures.iter().copied().reduce(pick)?;
                let name = outlets
                    .iter()
                    .find(|o| variant.net_stance.get(**o) == Some(&value))?;
                Some(format!("{} {}", printable(name), signed(Some(value))))
            };
            vec![
                variant.variant.clone(),
                variant.n_articles.to_string(),
                end(f64::min).unwrap_or_default(),
                end(f64::max).unwrap_or_default(),
                plain(variant.rank_correlation),
                variant.n_other_side.to_string(),
            ]
        })
        .collect();
    let headers = [
        "counted",
        "articles",
        "lowest",
        "highest",
        "rank correlation",
        "other side",
    ];
    text.push_str(&table(width, &headers, &[0, 2, 3], rows));
    let n: BTreeSet<&&str> = outlets.iter().collect();
    let legend = format!(
        "Rank correlation (Spearman) with the figures as reported, and outlets that change sides against the mean of outlets, over all outlets with a figure; \
         lowest and highest of the {} shown.",
        n.len()
    );
    let _ = write!(text, "\n{}", wrapped(width, 0, &legend));
    text
}
