//! The parts of a comparison that nothing is tested in: by story, month and column, pairs, groups, contrasts between subjects, words, copies, and
//! the figures counted otherwise.

use std::collections::{BTreeMap, BTreeSet};

use super::super::document::{Block, Document, List, Mark, Row, Table};
use super::super::table::{bracketed, p_value, plain, signed};
use super::shown_outlets;
use crate::compare::{Comparison, Contrast, Slice, TermComparison, WordMove, percent_of};
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
pub(super) fn exploratory_blocks(comparison: &Comparison) -> Vec<Block> {
    [
        slices_blocks(comparison),
        groups_blocks(comparison),
        pairs_blocks(comparison),
        reference_blocks(comparison),
        words_blocks(comparison),
        moves_blocks(comparison),
        copies_blocks(comparison),
    ]
    .concat()
}

fn exploratory(level: f64) -> String {
    format!(
        "exploratory: intervals are {} % each, nothing is tested",
        percent_of(level)
    )
}

/// Each value of each column, over all outlets and outlet by outlet.
pub(in crate::report) fn slices_blocks(comparison: &Comparison) -> Vec<Block> {
    let mut by_column: BTreeMap<&str, Vec<&Slice>> = BTreeMap::new();
    for slice in &comparison.by {
        by_column.entry(&slice.column).or_default().push(slice);
    }
    let level = comparison.level;
    let figure = format!("net stance [{} %]", percent_of(level));
    let table = |(column, slices): (&str, Vec<&Slice>)| {
        let all = slices.len() <= ROWS;
        let shown = slices.iter().filter(|slice| all || slice.outlet.is_none());
        let rows = shown.map(|slice| Row {
            cells: vec![
                slice.outlet.as_ref().unwrap_or(&slice.value).clone(),
                slice.n_articles.to_string(),
                slice.n_sentences.to_string(),
                bracketed(&slice.net_stance),
            ],
            nested: slice.outlet.is_some(),
        });
        let caption = format!("By {column} ({})", exploratory(level));
        let headers = [column, "articles", "sentences", &figure];
        let table = Table::new(caption, headers, &[0], rows);
        let left_out = table.rows.len() < slices.len();
        let more =
            left_out.then(|| "(over all outlets; --format json has them one by one)".to_string());
        table.more(more).into()
    };
    by_column.into_iter().map(table).collect()
}

/// Groups of outlets.
pub(in crate::report) fn groups_blocks(comparison: &Comparison) -> Vec<Block> {
    if comparison.groups.is_empty() {
        return Vec::new();
    }
    let level = comparison.level;
    let rows = comparison.groups.iter().map(|group| {
        vec![
            group.group.clone(),
            group.outlets.len().to_string(),
            group.n_articles.to_string(),
            bracketed(&group.net_stance),
            bracketed(&group.difference),
        ]
    });
    let figure = format!("net stance [{} %]", percent_of(level));
    let headers = ["group", "outlets", "articles", &figure, "less other groups"];
    let caption = format!("Groups of outlets ({})", exploratory(level));
    vec![Table::new(caption, headers, &[0], rows).into()]
}

/// Pairs of outlets.
pub(in crate::report) fn pairs_blocks(comparison: &Comparison) -> Vec<Block> {
    if comparison.pairs.is_empty() {
        return Vec::new();
    }
    let mut pairs: Vec<_> = comparison.pairs.iter().collect();
    let size = |pair: &crate::compare::Pair| pair.difference.value.unwrap_or(0.0).abs();
    pairs.sort_by(|a, b| size(b).total_cmp(&size(a)));
    let rows = pairs.iter().take(PAIRS).map(|pair| {
        vec![
            format!("{} less {}", pair.a, pair.b),
            format!("{} / {}", pair.n_a, pair.n_b),
            bracketed(&pair.difference),
        ]
    });
    let caption = format!(
        "Pairs of outlets, most different first ({})",
        exploratory(comparison.level)
    );
    let more = (pairs.len() > PAIRS).then(|| {
        let pairs = count(pairs.len() - PAIRS, "pair");
        format!("({pairs} more; --format json has all)")
    });
    let table = Table::new(caption, ["pair", "articles", "difference"], &[0], rows);
    vec![table.more(more).into()]
}

/// Contrasts between subjects, one after the other.
pub fn contrasts_document(contrasts: &[Contrast], level: f64) -> Document {
    let contrasts = contrasts.iter();
    let tables = contrasts.map(|contrast| Block::from(contrast_table(contrast, level)));
    tables.collect::<Vec<_>>().into()
}

/// The subject relative to those it is held against.
pub(in crate::report) fn reference_blocks(comparison: &Comparison) -> Vec<Block> {
    let reference = comparison.reference.iter();
    let tables = reference.map(|contrast| contrast_table(contrast, comparison.level).into());
    tables.collect()
}

fn contrast_table(contrast: &Contrast, level: f64) -> Table {
    let (plus, minus) = (contrast.plus.join(", "), contrast.minus.join(", "));
    let caption = format!("{plus} relative to {minus} ({})", exploratory(level));
    let rows = contrast
        .outlets
        .iter()
        .filter(|outlet| outlet.contrast.low.is_some() || contrast.outlets.len() <= 12)
        .map(|outlet| {
            let n: Vec<String> = outlet.n_by_subject.iter().map(usize::to_string).collect();
            vec![
                outlet.outlet.clone(),
                n.join("/"),
                signed(Some(outlet.plus)),
                signed(Some(outlet.minus)),
                bracketed(&outlet.contrast),
                bracketed(&outlet.difference),
            ]
        });
    let headers = [
        "outlet",
        "articles each",
        "first",
        "second",
        "first less second",
        "less other outlets",
    ];
    let note = format!(
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
    Table::new(caption, headers, &[0], rows).note(note)
}

/// Words around the subject, outlet by outlet against the rest.
pub(in crate::report) fn words_blocks(comparison: &Comparison) -> Vec<Block> {
    let Some(words) = &comparison.words else {
        return Vec::new();
    };
    let mut by_outlet: BTreeMap<&str, Vec<&TermComparison>> = BTreeMap::new();
    for term in &words.terms {
        by_outlet.entry(&term.outlet).or_default().push(term);
    }
    let rows = by_outlet
        .into_iter()
        .flat_map(|(outlet, terms)| words_of(outlet, &terms));
    let headers = [
        "outlet",
        "word",
        "times / rest",
        "articles / rest",
        "z",
        "p adjusted",
    ];
    let note = format!(
        "{} words and pairs within {} words of a mention, in {} articles or more. z: log-odds with the pooled corpus as prior ({:.0} words strong), \
         its spread widened for words that come in bursts; a ranking. p: {} permutations of whole articles, adjusted for all words and \
         outlets (maxT). It takes articles as independent: where outlets cover other stories, words of those stories differ. Copies are \
         {}; words of an outlet's own name are not shown.",
        words.n_terms,
        words.window,
        words.min_df,
        words.prior,
        words.n_draws,
        if comparison.keep_copies {
            "counted too"
        } else {
            "left out"
        }
    );
    let caption = "Words around the subject, quotations included: used more (+) and less (-) than by the rest";
    vec![
        Table::new(caption, headers, &[0, 1], rows)
            .note(note)
            .into(),
    ]
}

/// The words of one outlet, those used more first; its name stands in the first row.
fn words_of(outlet: &str, terms: &[&TermComparison]) -> Vec<Vec<String>> {
    let own: Vec<String> = outlet
        .to_lowercase()
        .split(|c: char| !c.is_alphanumeric())
        .map(str::to_string)
        .collect();
    let shown = || terms.iter().filter(|term| !names_outlet(&term.term, &own));
    let more = shown().filter(|term| term.z > 0.0).take(WORDS);
    let less = shown().rev().filter(|term| term.z < 0.0).take(WORDS / 3);
    let mut rows: Vec<Vec<String>> = more
        .chain(less)
        .map(|term| {
            let sign = if term.z > 0.0 { "+" } else { "-" };
            vec![
                String::new(),
                format!("{sign} {}", term.term),
                format!("{} / {}", term.n, term.n_rest),
                format!("{} / {}", term.df, term.df_rest),
                format!("{:+.2}", term.z),
                term.p.map_or(signed(None), p_value),
            ]
        })
        .collect();
    if let Some(first) = rows.first_mut() {
        first[0] = outlet.to_string();
    }
    rows
}

/// The words that move an outlet's score most, each way.
pub(in crate::report) fn moves_blocks(comparison: &Comparison) -> Vec<Block> {
    if comparison.moves.is_empty() {
        return Vec::new();
    }
    let mut by_outlet: BTreeMap<&str, Vec<&WordMove>> = BTreeMap::new();
    for word in &comparison.moves {
        by_outlet.entry(&word.outlet).or_default().push(word);
    }
    let listed = |words: Vec<&&WordMove>| -> String {
        let words = words.into_iter().take(WORDS);
        let words = words.map(|word| format!("{} {:+.3}", word.word, word.difference));
        words.collect::<Vec<_>>().join(", ")
    };
    let rows = by_outlet.iter().map(|(outlet, words)| {
        let up = words.iter().filter(|word| word.difference > 0.0).collect();
        let down = words
            .iter()
            .rev()
            .filter(|word| word.difference < 0.0)
            .collect();
        vec![outlet.to_string(), listed(down), listed(up)]
    });
    let note = "What each word adds to an article's mean logit (favor less against), mean over the outlet's articles less that over all others: the words \
                through which the model comes to another score here. Words in five articles or more, copies counted too; exploratory, nothing is tested.";
    let caption = "Words that move the score more than in other outlets";
    let headers = ["outlet", "down", "up"];
    vec![
        Table::new(caption, headers, &[0, 1, 2], rows)
            .note(note)
            .into(),
    ]
}

/// Whether a term holds a word of the outlet's own name, which says nothing about the subject.
fn names_outlet(term: &str, own: &[String]) -> bool {
    term.split_whitespace().any(|word| {
        let word = word.trim_end_matches("'s");
        word.chars().count() > 2 && own.iter().any(|name| name == word)
    })
}

/// Texts that several outlets have.
pub(in crate::report) fn copies_blocks(comparison: &Comparison) -> Vec<Block> {
    let across: Vec<_> = comparison
        .copies
        .iter()
        .filter(|c| c.across_outlets)
        .collect();
    if across.is_empty() {
        return Vec::new();
    }
    let line = |copy: &&crate::compare::Copy| {
        let articles: Vec<String> = copy
            .articles
            .iter()
            .map(|one| format!("{} [{}]", one.outlet, one.article))
            .collect();
        format!("{:.0} %  {}", copy.shared * 100.0, articles.join(", "))
    };
    let more = (across.len() > COPIES).then(|| {
        let texts = count(across.len() - COPIES, "text");
        format!("({texts} more; --format json has all)")
    });
    let list = List {
        title: None,
        items: across.iter().take(COPIES).map(line).collect(),
        mark: Mark::Hanging(6),
        more,
    };
    vec![
        Block::heading("The same text in several outlets"),
        list.into(),
    ]
}

/// The figures counted otherwise.
pub(in crate::report) fn robustness_blocks(comparison: &Comparison) -> Vec<Block> {
    let outlets: Vec<&str> = shown_outlets(comparison)
        .0
        .iter()
        .map(|outlet| outlet.outlet.as_str())
        .collect();
    let rows = comparison.robustness.iter().map(|variant| {
        let figures: Vec<f64> = outlets
            .iter()
            .filter_map(|outlet| variant.net_stance.get(*outlet).copied())
            .collect();
        let end = |pick: fn(f64, f64) -> f64| {
            let value = figures.iter().copied().reduce(pick)?;
            let name = outlets
                .iter()
                .find(|o| variant.net_stance.get(**o) == Some(&value))?;
            Some(format!("{name} {}", signed(Some(value))))
        };
        vec![
            variant.variant.clone(),
            variant.n_articles.to_string(),
            end(f64::min).unwrap_or_default(),
            end(f64::max).unwrap_or_default(),
            plain(variant.rank_correlation),
            variant.n_other_side.to_string(),
        ]
    });
    let headers = [
        "counted",
        "articles",
        "lowest",
        "highest",
        "rank correlation",
        "other side",
    ];
    let n: BTreeSet<&&str> = outlets.iter().collect();
    let note = format!(
        "Rank correlation (Spearman) with the figures as reported, and outlets that change sides against the mean of outlets, over all outlets with a figure; \
         lowest and highest of the {} shown.",
        n.len()
    );
    let caption = "Counted otherwise: does the order of outlets stand?";
    vec![
        Table::new(caption, headers, &[0, 2, 3], rows)
            .note(note)
            .into(),
    ]
}
