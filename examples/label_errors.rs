//! How many planted label errors `check` finds: flips labels of a file and looks for them among the first suspects.
//!
//! `cargo run --release --example label_errors -- labelled.jsonl`
//!
//! In each repeat 5 % of the rows, drawn at random, get another class, each with the same chance. Precision at 50 is the share of planted flips
//! among the 50 most doubtful rows; rows that were wrong before count as misses, so it is a lower bound. By chance it is 0.05.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use rand::Rng;
use rand::seq::SliceRandom;
use standpoint::check::suspects;
use standpoint::classes::{Classes, Task};
use standpoint::classifier::{TrainParams, classes_of, prepare, word_table_named};
use standpoint::corpus::{LabelledSentence, ReadOptions, read_labelled};
use standpoint::statistics::stream;

const FLIPPED: f64 = 0.05;
const REPEATS: u64 = 3;
const LISTED: [usize; 4] = [50, 100, 200, 400];

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let path = std::env::args_os().nth(1).map(PathBuf::from);
    let path = path.ok_or("name a file of labelled sentences")?;
    let rows = read_labelled(&[path], &ReadOptions::default())?.rows;
    let none = BTreeMap::new();
    let classes = classes_of(&rows, Task::Infer, &none)?;
    let texts = rows.iter().map(|row| row.text.as_str());
    let params = TrainParams {
        words: Arc::new(word_table_named("built-in", None, texts)?),
        ..TrainParams::default()
    };
    println!("repeat  rows  flipped  suspects  precision at {LISTED:?}");
    for repeat in 1..=REPEATS {
        let (flipped, planted) = flip(&rows, &classes, repeat);
        let data = prepare(flipped.clone(), &classes, &none, None)?;
        let found = suspects(&flipped, &data, &classes, &params, rows.len(), &|| ())?;
        let found = found.ok_or("fewer than two articles")?;
        let precision: Vec<String> = LISTED
            .iter()
            .map(|&n| {
                let listed = found.listed.iter().take(n);
                let hits = listed
                    .filter(|suspect| planted.contains(&suspect.line))
                    .count();
                format!("{:.2}", hits as f64 / n as f64)
            })
            .collect();
        println!(
            "{repeat:6}  {:4}  {:7}  {:8}  {}",
            rows.len(),
            planted.len(),
            found.n_suspects,
            precision.join("  ")
        );
    }
    Ok(())
}

/// The rows with some labels exchanged, and the lines of these.
fn flip(
    rows: &[LabelledSentence],
    classes: &Classes,
    repeat: u64,
) -> (Vec<LabelledSentence>, BTreeSet<Option<u64>>) {
    let mut rows = rows.to_vec();
    let mut chance = stream(1, repeat);
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.shuffle(&mut chance);
    order.truncate((FLIPPED * rows.len() as f64).round() as usize);
    let mut planted = BTreeSet::new();
    for r in order {
        let own = classes.index_of(&rows[r].label);
        let own = own.expect("the classes are those of these rows");
        let other = (own + chance.gen_range(1..classes.len())) % classes.len();
        rows[r].label = classes.names()[other].clone();
        planted.insert(rows[r].location.line);
    }
    (rows, planted)
}
