//! Standpoint measures how news outlets portray a subject.
pub mod classes;
pub mod error;
pub mod features;
pub mod matrix;
pub mod span;
pub mod statistics;
pub mod text;
pub use error::{Error, Result};
