//! A small simulation study with a planted truth: intervals hold it and tests reject a true null about as often as they say.
//!
//! The studies are those of `examples/simulation`; docs/simulation.md has the figures of a full run.

// The full study uses all of both; a few hundred runs here only part.
#[allow(dead_code)]
#[path = "../examples/simulation/labels.rs"]
mod labels;
#[allow(dead_code)]
#[path = "../examples/simulation/planted.rs"]
mod planted;
#[allow(dead_code)]
#[path = "../examples/simulation/studies.rs"]
mod studies;

use planted::Shape;
use studies::{Cell, Rate, Runs, Table};

/// The share in a cell, the row found by its first two cells.
fn share(table: &Table, row: (&str, &str), column: &str) -> f64 {
    let k = table
        .header
        .iter()
        .position(|&name| name == column)
        .expect("a column of the table");
    let row = table
        .rows
        .iter()
        .find(|cells| (cells[0].to_string().as_str(), cells[1].to_string().as_str()) == row)
        .expect("a row of the table");
    match &row[k] {
        Cell::Shown(rate) | Cell::Held(rate, ..) => rate.share(),
        Cell::Text(text) => panic!("{text} is no share"),
    }
}

#[track_caller]
fn between(share: f64, low: f64, high: f64) {
    assert!(
        (low..=high).contains(&share),
        "{share} is not in {low} to {high}"
    );
}

#[test]
fn intervals_of_means_hold_the_mean() {
    let table = &studies::coverage_of_means(Runs { n: 200 })[0];
    for n in ["3", "5", "10", "30"] {
        between(share(table, ("symmetric", "as compared"), n), 0.89, 0.99);
        between(
            share(table, ("longer is more negative", "as compared"), n),
            0.89,
            0.99,
        );
        // Sentences as the unit hold another mean.
        between(
            share(table, ("longer is more negative", "t over sentences"), n),
            0.0,
            0.5,
        );
    }
    for n in ["5", "10", "30"] {
        between(share(table, ("skewed (1.5)", "as compared"), n), 0.88, 0.99);
    }
}

#[test]
fn intervals_of_differences_hold_the_difference() {
    let table = &studies::coverage_of_differences(Runs { n: 400 })[0];
    for sizes in ["3 v 3", "10 v 10", "5 v 30"] {
        between(share(table, ("symmetric", "equal"), sizes), 0.91, 0.99);
        between(
            share(table, ("symmetric", "first 3 times"), sizes),
            0.90,
            0.99,
        );
    }
}

#[test]
fn stories_are_the_unit_where_outlets_treat_each_in_their_own_way() {
    let table = &studies::level_of_stories(Runs { n: 300 })[0];
    for (stories, attainable) in [("6", "3.1"), ("10", "4.9")] {
        let row = (stories, attainable);
        between(share(table, row, "signs flipped"), 0.0, 0.08);
        between(share(table, row, "articles within stories"), 0.15, 0.35);
    }
}

#[test]
fn families_keep_their_error() {
    let runs = Runs { n: 300 };
    let [equal, half, found] = studies::family_errors(runs, 1, Shape::Symmetric, (5, 10), false);
    between(equal.share(), 0.01, 0.09);
    between(half.share(), 0.0, 0.09);
    between(found.share(), 0.5, 0.9);
    // The same runs on one thread.
    let again: [Rate; 3] = rayon::ThreadPoolBuilder::new()
        .num_threads(1)
        .build()
        .expect("one thread")
        .install(|| studies::family_errors(runs, 1, Shape::Symmetric, (5, 10), false));
    assert_eq!(again, [equal, half, found]);
}

#[test]
fn corrected_differences_hold_the_truth_where_the_model_s_do_not() {
    let table = &labels::corrected_differences(Runs { n: 60 })[0];
    let row = ("errs differently", "60");
    between(share(table, row, "naive"), 0.0, 0.1);
    for column in ["this corpus", "in general", "outlets"] {
        between(share(table, row, column), 0.88, 1.0);
    }
    between(share(table, ("worthless", "60"), "this corpus"), 0.88, 1.0);
}
