//! What each feature family is worth: a table for models/README.md.
//!
//! `cargo run --release --example families -- DATA.jsonl [--vectors FILE|none] [--features LIST] [--add LIST] [--folds K] [--l2 X]`
//!
//! Cross-validates (folds share no article) the default set or that of `--features`, the set without each of its families in turn and with each of those of `--add`,
//! and a base of words alone with each family added, of both lists. Differences are taken on the same rows; their intervals resample whole articles
//! (1,000 draws, percentile) with both models on the same draw. They cover the choice of articles, not of folds.

use std::collections::BTreeMap;
use std::sync::Arc;

use rand::Rng;
use standpoint::classes::{Classes, Task};
use standpoint::classifier::{
    PreparedData, TrainParams, classes_of, cross_validate, prepare, word_table_named,
};
use standpoint::corpus::{ReadOptions, read_labelled};
use standpoint::evaluate::Counts;
use standpoint::features::{Family, choose_families, default_families};
use standpoint::statistics::{percentile_interval, stream};

/// The family that others are added to.
const BASE: &str = "words";

const DRAWS: u64 = 1000;

/// Held-out predictions: the class said and -ln p of the true one, row by row.
struct Tested {
    said: Vec<usize>,
    loss: Vec<f64>,
}

struct Bench {
    data: PreparedData,
    classes: Classes,
    params: TrainParams,
    truth: Vec<usize>,
    rows_of: Vec<Vec<usize>>,
}

impl Bench {
    fn test(&self, families: Vec<Family>) -> anyhow::Result<Tested> {
        let mut params = self.params.clone();
        params.featurizer.families = families;
        let held_out = cross_validate(&self.data, &self.classes, &params, &|| ())?
            .ok_or_else(|| anyhow::anyhow!("cross-validation needs two articles"))?;
        anyhow::ensure!(held_out.not_converged == 0, "a fold did not converge");
        let loss = |(p, &class): (&standpoint::classes::ClassProbabilities, &usize)| {
            -p.values()[class].max(1e-12).ln()
        };
        Ok(Tested {
            said: held_out.probabilities.iter().map(|p| p.hard()).collect(),
            loss: held_out
                .probabilities
                .iter()
                .zip(&self.truth)
                .map(loss)
                .collect(),
        })
    }

    /// Macro-F1 over all classes, and mean log loss.
    fn figures(&self, tested: &Tested, rows: &[usize]) -> (f64, f64) {
        let k = self.classes.len();
        let pairs = rows.iter().map(|&r| (self.truth[r], tested.said[r]));
        let all: Vec<usize> = (0..k).collect();
        let f1 = Counts::new(k, pairs).macro_f1_over(&all).unwrap_or(0.0);
        let loss: f64 = rows.iter().map(|&r| tested.loss[r]).sum();
        (f1, loss / rows.len().max(1) as f64)
    }

    fn all(&self) -> Vec<usize> {
        (0..self.truth.len()).collect()
    }

    /// One row of the table: the figures of `one`, and `one` less `other` with intervals.
    fn row(&self, name: &str, one: &Tested, other: Option<&Tested>) -> String {
        let (f1, loss) = self.figures(one, &self.all());
        let Some(other) = other else {
            return format!("| {name} | {f1:.4} | | {loss:.4} | |");
        };
        let differences = |rows: &[usize]| {
            let (a, b) = (self.figures(one, rows), self.figures(other, rows));
            (a.0 - b.0, a.1 - b.1)
        };
        let draws: Vec<(f64, f64)> = (0..DRAWS)
            .map(|draw| {
                let mut chance = stream(1, draw);
                let n = self.rows_of.len();
                let rows: Vec<usize> = (0..n)
                    .flat_map(|_| self.rows_of[chance.gen_range(0..n)].iter().copied())
                    .collect();
                differences(&rows)
            })
            .collect();
        let (f1_more, loss_more) = differences(&self.all());
        let interval = |pick: fn(&(f64, f64)) -> f64| {
            let values: Vec<Option<f64>> = draws.iter().map(|draw| Some(pick(draw))).collect();
            match percentile_interval(&values, 0.95) {
                Some((low, high)) => format!(" [{low:+.4}, {high:+.4}]"),
                None => String::new(),
            }
        };
        format!(
            "| {name} | {f1:.4} | {f1_more:+.4}{} | {loss:.4} | {loss_more:+.4}{} |",
            interval(|d| d.0),
            interval(|d| d.1)
        )
    }
}

fn chosen(list: &str) -> anyhow::Result<Vec<Family>> {
    let names: Vec<String> = list
        .split(',')
        .map(|name| name.trim().to_string())
        .collect();
    Ok(choose_families(&names)?)
}

fn main() -> anyhow::Result<()> {
    let (mut file, mut vectors) = (None, None);
    let (mut set, mut more) = (default_families(), Vec::new());
    let mut params = TrainParams::default();
    let mut args = std::env::args().skip(1);
    while let Some(arg) = args.next() {
        let mut value = || {
            args.next()
                .ok_or_else(|| anyhow::anyhow!("{arg} needs a value"))
        };
        match arg.as_str() {
            "--vectors" => vectors = Some(value()?),
            "--features" => set = chosen(&value()?)?,
            "--add" => more = chosen(&value()?)?,
            "--folds" => params.folds = value()?.parse()?,
            "--l2" => params.l2 = value()?.parse()?,
            _ => file = Some(arg),
        }
    }
    let file = file.ok_or_else(|| anyhow::anyhow!("usage: families DATA.jsonl"))?;
    let corpus = read_labelled(&[file.into()], &ReadOptions::default())?;
    let classes = classes_of(&corpus.rows, Task::Infer, &BTreeMap::new())?;
    let data = prepare(corpus.rows, &classes, &BTreeMap::new(), None)?;
    params.words = Arc::new(word_table_named(
        vectors.as_deref().unwrap_or("built-in"),
        None,
        data.rows.iter().map(|row| row.text.as_str()),
    )?);
    let mut rows_of = vec![Vec::new(); data.n_groups];
    for (r, row) in data.rows.iter().enumerate() {
        rows_of[row.group].push(r);
    }
    let bench = Bench {
        truth: data.classes(),
        rows_of,
        data,
        classes,
        params,
    };
    println!(
        "{} sentences of {} articles, {} folds, l2 {}\n",
        bench.truth.len(),
        bench.rows_of.len(),
        bench.params.folds,
        bench.params.l2
    );
    println!("| families | macro-F1 | difference [95 %] | log loss | difference [95 %] |");
    println!("|---|---:|---:|---:|---:|");
    let whole = bench.test(set.clone())?;
    println!("{}", bench.row("the whole set", &whole, None));
    for family in set.iter().filter(|_| set.len() > 1) {
        let rest = set.iter().filter(|other| other.name != family.name);
        let tested = bench.test(rest.cloned().collect())?;
        let name = format!("without {}", family.name);
        println!("{}", bench.row(&name, &tested, Some(&whole)));
    }
    for family in &more {
        if set.iter().all(|other| other.name != family.name) {
            let tested = bench.test([set.clone(), vec![family.clone()]].concat())?;
            let name = format!("the whole set and {}", family.name);
            println!("{}", bench.row(&name, &tested, Some(&whole)));
        }
    }
    let base = chosen(BASE)?;
    let alone = bench.test(base.clone())?;
    println!("{}", bench.row(&format!("{BASE} alone"), &alone, None));
    let mut added: Vec<&Family> = Vec::new();
    for family in set.iter().chain(&more) {
        let known = family.name == BASE || added.iter().any(|other| other.name == family.name);
        if !known {
            added.push(family);
        }
    }
    for family in added {
        let tested = bench.test([base.clone(), vec![family.clone()]].concat())?;
        let name = format!("{BASE} and {}", family.name);
        println!("{}", bench.row(&name, &tested, Some(&alone)));
    }
    println!(
        "\nDifferences: from the whole set; from {BASE} alone where {BASE} is the base. A lower log loss is better."
    );
    Ok(())
}
