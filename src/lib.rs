//! Standpoint measures how news outlets portray a subject.
pub mod classes;
pub mod classifier;
pub mod compare;
pub mod corpus;
pub mod error;
pub mod evaluate;
pub mod features;
pub mod logistic;
pub mod matrix;
pub mod output;
pub mod report;
pub mod score;
pub mod span;
pub mod statistics;
pub mod text;
pub use error::{Error, Result};
