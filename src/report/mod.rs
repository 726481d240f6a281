//! Results as people and programs read them. Prints, computes nothing.
//!
//! Each output of each command is one function from a plain result to text: tables for terminals, JSON, CSV.

pub mod chart;
mod check;
mod comparison;
mod correction;
mod curve;
mod evaluation;
mod explanation;
mod frames;
mod mistakes;
mod model;
mod reading;
mod scores;
mod table;
mod tuning;
mod validation;
mod vectors;

pub use check::{check_csv, check_text, joined_sentence, joined_text, suspects_csv};
pub use comparison::{Parts, comparison_csv, comparison_text, contrasts_text};
pub use curve::{curve_csv, curve_text};
pub use evaluation::{WithInput, evaluation_csv, evaluation_summary_text, evaluation_text};
pub use explanation::{explanation_json, explanation_text};
pub use frames::{frame_evaluation_csv, frame_evaluation_text, frame_inspection_text};
pub use mistakes::{mistakes_csv, mistakes_jsonl};
pub use model::{inspection_json, inspection_text};
pub use reading::{Paint, kwic_text, reading_text};
pub use scores::{Level, ScoreTable, score_text};
pub use table::{Width, printable};
pub use tuning::tuning_text;
pub use validation::{validation_csv, validation_text};
pub use vectors::{vectors_json, vectors_text, word_json, word_text};

/// Any plain result as indented JSON with a final line break.
pub fn json<T: serde::Serialize>(result: &T) -> String {
    let mut text = serde_json::to_string_pretty(result).expect("results are plain data");
    text.push('\n');
    text
}
