//! Results as people and programs read them. Prints, computes nothing.
//!
//! Each output of each command is one function from a plain result to JSON, CSV or a [`Document`]: blocks that print as text for terminals, as
//! markdown and as LaTeX.

pub mod chart;
mod check;
#[cfg(feature = "arrow")]
mod columnar;
mod comparison;
mod correction;
mod curve;
mod document;
mod evaluation;
mod explanation;
mod figures;
mod frames;
mod mistakes;
mod model;
mod page;
mod paint;
mod reading;
mod scores;
mod table;
mod tuning;
mod validation;
mod vectors;

pub use check::{check_csv, check_text, joined_sentence, joined_text, suspects_csv};
#[cfg(feature = "arrow")]
pub use columnar::{ColumnarFormat, ColumnarScores, InputTypes};
pub use comparison::{
    Parts, comparison_csv, comparison_document, comparison_text, contrasts_document,
};
pub use curve::{curve_csv, curve_document, curve_text};
pub use document::{Block, Document, Figures, List, Mark, Quote, Quotes, Row, Table};
pub use evaluation::{
    WithInput, evaluation_csv, evaluation_document, evaluation_summary_document, evaluation_text,
};
pub use explanation::{explanation_json, explanation_text};
pub use figures::{contrast_figures, figures};
pub use frames::{
    frame_evaluation_csv, frame_evaluation_document, frame_evaluation_text, frame_inspection_text,
};
pub use mistakes::{mistakes_csv, mistakes_jsonl};
pub use model::{inspection_json, inspection_text};
pub use page::{ArticlePage, ComparisonPage, article_page, comparison_page};
pub use paint::Paint;
pub use reading::{kwic_text, reading_text};
pub use scores::{Level, ScoreTable, score_text};
pub use table::{Width, printable};
pub use tuning::tuning_text;
pub use validation::{validation_csv, validation_document, validation_text};
pub use vectors::{vectors_json, vectors_text, word_json, word_text};

/// Any plain result as indented JSON with a final line break.
pub fn json<T: serde::Serialize>(result: &T) -> String {
    let mut text = serde_json::to_string_pretty(result).expect("results are plain data");
    text.push('\n');
    text
}
