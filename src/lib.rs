//! Standpoint measures how news outlets portray a subject.
pub mod classes;
pub mod error;
pub mod span;
pub mod text;
pub use error::{Error, Result};
