//! What an earlier model is worth where labels are few: a learning curve on subjects the earlier model never saw.
//!
//! `cargo run --release --example few_labels -- DATA.jsonl [--vectors FILE|none] [--features LIST] [--repeats N] [--l2 X] [--prior-l2 X]`
//!
//! In each repeat the subjects are shuffled and about a third of the rows, of subjects with less than a twentieth of the rows each, are
//! left out. A model is trained on the others (the prior; no article on both sides). From the rows left out n are drawn, whole
//! articles at a time, and two models are trained on them: one from nothing, one with the prior. All are tested on the same rest of the
//! rows left out. The intervals of the differences are Student's t over repeats: they cover the choice of subjects and of rows
//! drawn from this data set, and because repeats share rows they are somewhat too narrow for data of other origin.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rand::seq::SliceRandom;
use standpoint::classes::{Classes, Task};
use standpoint::classifier::{
    Classifier, PreparedData, Prior, TrainParams, classes_of, prepare, train, word_table_named,
};
use standpoint::corpus::{ReadOptions, read_labelled};
use standpoint::evaluate::{Counts, RowSource};
use standpoint::features::choose_families;
use standpoint::statistics::{mean, stream, t_interval};

/// Labels drawn.
const SIZES: [usize; 4] = [100, 250, 500, 1000];

/// A subject with more than this share of the rows is never left out.
const MAX_SHARE: f64 = 0.05;

/// Share of the rows that is left out.
const LEFT_OUT: f64 = 0.35;

struct Options {
    data: String,
    vectors: Option<String>,
    features: Option<String>,
    repeats: u64,
    l2: f64,
    prior_l2: f64,
}

fn options() -> anyhow::Result<Options> {
    let mut options = Options {
        data: String::new(),
        vectors: None,
        features: None,
        repeats: 6,
        l2: TrainParams::default().l2,
        prior_l2: TrainParams::PRIOR_L2,
    };
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let mut value = || {
            args.next()
                .ok_or_else(|| anyhow::anyhow!("{arg} needs a value"))
        };
        match arg.as_str() {
            "--vectors" => options.vectors = Some(value()?),
            "--features" => options.features = Some(value()?),
            "--repeats" => options.repeats = value()?.parse()?,
            "--l2" => options.l2 = value()?.parse()?,
            "--prior-l2" => options.prior_l2 = value()?.parse()?,
            _ => options.data = arg,
        }
    }
    anyhow::ensure!(!options.data.is_empty(), "usage: few_labels DATA.jsonl");
    Ok(options)
}

/// One repeat: rows for the prior, rows to draw labels from (in order of drawing), rows to test on.
struct Split {
    prior: Vec<usize>,
    drawn: Vec<usize>,
    test: Vec<usize>,
}

fn split(data: &PreparedData, subjects: &[Option<String>], repeat: u64) -> Split {
    let n = data.rows.len();
    let mut rows_of: BTreeMap<&str, usize> = BTreeMap::new();
    for subject in subjects.iter().flatten() {
        *rows_of.entry(subject).or_default() += 1;
    }
    let mut names: Vec<&str> = rows_of.keys().copied().collect();
    names.shuffle(&mut stream(repeat, 1));
    let mut left_out: BTreeSet<&str> = BTreeSet::new();
    let mut n_left_out = 0;
    for name in names {
        if (rows_of[name] as f64) < MAX_SHARE * n as f64
            && (n_left_out as f64) < LEFT_OUT * n as f64
        {
            left_out.insert(name);
            n_left_out += rows_of[name];
        }
    }
    let is_out = |r: &usize| {
        subjects[*r]
            .as_deref()
            .is_some_and(|s| left_out.contains(s))
    };
    let out: Vec<usize> = (0..n).filter(is_out).collect();
    let articles: BTreeSet<usize> = out.iter().map(|&r| data.rows[r].group).collect();
    let prior = (0..n).filter(|&r| !is_out(&r) && !articles.contains(&data.rows[r].group));

    let mut order: Vec<usize> = articles.iter().copied().collect();
    order.shuffle(&mut stream(repeat, 2));
    let place: BTreeMap<usize, usize> = order.into_iter().zip(0..).collect();
    let mut by_article = out.clone();
    by_article.sort_by_key(|&r| (place[&data.rows[r].group], r));
    let largest = SIZES[SIZES.len() - 1];
    // The last article drawn is not cut in two.
    let last = data.rows[by_article[largest - 1]].group;
    let test = by_article[largest..]
        .iter()
        .copied()
        .filter(|&r| data.rows[r].group != last)
        .collect();
    Split {
        prior: prior.collect(),
        drawn: by_article[..largest].to_vec(),
        test,
    }
}

fn macro_f1(model: &Classifier, data: &PreparedData, test: &[usize]) -> f64 {
    let k = model.classes().len();
    let pairs = test.iter().map(|&r| {
        let row = &data.rows[r];
        (row.class, model.predict(row.example()).hard())
    });
    let all: Vec<usize> = (0..k).collect();
    Counts::new(k, pairs).macro_f1_over(&all).unwrap_or(0.0)
}

/// Macro-F1 of one repeat: the prior alone, then without and with it at each size.
struct Repeat {
    prior: f64,
    curve: Vec<(f64, f64)>,
    n: (usize, usize),
}

fn repeat(
    data: &PreparedData,
    classes: &Classes,
    subjects: &[Option<String>],
    options: &Options,
    params: &TrainParams,
    seed: u64,
) -> anyhow::Result<Repeat> {
    let split = split(data, subjects, seed);
    let fit = |rows: &[usize], params: &TrainParams| -> anyhow::Result<Classifier> {
        Ok(train(&data.subset(rows), classes, params, &|| ())?.classifier)
    };
    let earlier = fit(&split.prior, params)?;
    let with = TrainParams {
        prior: Some(Arc::new(Prior::new(earlier.clone(), classes)?)),
        l2: options.prior_l2,
        ..params.clone()
    };
    let from_nothing = TrainParams {
        l2: options.l2,
        ..params.clone()
    };
    let mut curve = Vec::new();
    for size in SIZES {
        let rows = &split.drawn[..size];
        let score = |params| -> anyhow::Result<f64> {
            Ok(macro_f1(&fit(rows, params)?, data, &split.test))
        };
        curve.push((score(&from_nothing)?, score(&with)?));
    }
    Ok(Repeat {
        prior: macro_f1(&earlier, data, &split.test),
        curve,
        n: (split.prior.len(), split.test.len()),
    })
}

fn difference(values: &[f64]) -> String {
    match t_interval(values, 0.95) {
        Some((low, high)) => format!("{:+.3} [{low:+.3}, {high:+.3}]", mean(values)),
        None => format!("{:+.3}", mean(values)),
    }
}

fn main() -> anyhow::Result<()> {
    let options = options()?;
    let corpus = read_labelled(&[options.data.clone().into()], &ReadOptions::default())?;
    let classes = classes_of(&corpus.rows, Task::Infer, &BTreeMap::new())?;
    let subjects: Vec<Option<String>> = corpus
        .rows
        .iter()
        .map(|row| RowSource::new(row).subject.map(|name| name.to_lowercase()))
        .collect();
    let data = prepare(corpus.rows, &classes, &BTreeMap::new(), None)?;
    let mut params = TrainParams {
        words: Arc::new(word_table_named(
            options.vectors.as_deref().unwrap_or("built-in"),
            None,
            data.rows.iter().map(|row| row.text.as_str()),
        )?),
        ..TrainParams::default()
    };
    if let Some(list) = &options.features {
        let names: Vec<String> = list.split(',').map(str::to_string).collect();
        params.featurizer.families = choose_families(&names)?;
    }

    let repeats: Vec<Repeat> = (1..=options.repeats)
        .map(|seed| repeat(&data, &classes, &subjects, &options, &params, seed))
        .collect::<anyhow::Result<_>>()?;
    let column = |pick: &dyn Fn(&Repeat) -> f64| -> Vec<f64> { repeats.iter().map(pick).collect() };
    println!(
        "{} repeats; prior trained on about {:.0} sentences, tested on about {:.0} of subjects it never saw; l2 {} without, {} with the prior\n",
        repeats.len(),
        mean(&column(&|r| r.n.0 as f64)),
        mean(&column(&|r| r.n.1 as f64)),
        options.l2,
        options.prior_l2
    );
    println!(
        "| labels | without prior | with prior | with less without [95 %] | with less prior alone [95 %] |"
    );
    println!("|---:|---:|---:|---:|---:|");
    println!("| 0 | | {:.3} | | |", mean(&column(&|r| r.prior)));
    for (i, size) in SIZES.iter().enumerate() {
        println!(
            "| {size} | {:.3} | {:.3} | {} | {} |",
            mean(&column(&|r| r.curve[i].0)),
            mean(&column(&|r| r.curve[i].1)),
            difference(&column(&|r| r.curve[i].1 - r.curve[i].0)),
            difference(&column(&|r| r.curve[i].1 - r.prior)),
        );
    }
    println!(
        "\nMacro-F1. Intervals: Student's t over repeats; they cover the choice of subjects left out and of sentences drawn."
    );
    Ok(())
}
