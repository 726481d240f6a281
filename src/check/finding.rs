//! A finding: what was found, how bad it is, how often, where first.

use serde::Serialize;

use super::rows::Rows;
use crate::corpus::LabelledSentence;
use crate::span::Location;

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Training fails or its figures mislead.
    Error,
    /// Likely a mistake in the data.
    Warning,
    /// Worth knowing.
    Note,
}

impl Severity {
    /// As it is printed.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

/// A row that a finding is about.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Place {
    /// The file as the user named it.
    pub file: String,
    /// The line, from 1.
    pub line: Option<u64>,
    /// The beginning of its text; empty for a whole file.
    pub text: String,
    /// What is said of it: its label, the row it copies, ...
    pub detail: String,
}

impl Place {
    /// Characters of a row's text that are shown.
    const TEXT: usize = 80;

    pub(super) fn new(row: &LabelledSentence, detail: impl Into<String>) -> Place {
        Place {
            text: beginning(&row.text),
            ..Place::at(&row.location, detail)
        }
    }

    pub(super) fn at(location: &Location, detail: impl Into<String>) -> Place {
        Place {
            file: location.file.clone(),
            line: location.line,
            text: String::new(),
            detail: detail.into(),
        }
    }

    /// `file:line`
    pub fn location(&self) -> String {
        match self.line {
            Some(line) => format!("{}:{line}", self.file),
            None => self.file.clone(),
        }
    }
}

/// The first [`Place::TEXT`] characters.
fn beginning(text: &str) -> String {
    let text = crate::corpus::single_spaced(text);
    match text.char_indices().nth(Place::TEXT) {
        Some((end, _)) => format!("{}…", text[..end].trim_end()),
        None => text,
    }
}

/// One kind of thing found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding {
    /// A name for programs.
    pub code: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// How many rows, or how many of what `message` speaks of.
    pub count: usize,
    /// What was found and what to do.
    pub message: String,
    /// The first [`Finding::MAX_LISTED`] rows.
    pub rows: Vec<Place>,
}

impl Finding {
    /// How many rows are listed; all are counted.
    pub const MAX_LISTED: usize = 5;

    /// A finding with the first of `places`; `None` without any.
    pub(super) fn of(
        code: &'static str,
        severity: Severity,
        message: impl Into<String>,
        places: Vec<Place>,
    ) -> Option<Finding> {
        let count = places.len();
        (count > 0).then(|| Finding {
            code,
            severity,
            count,
            message: message.into(),
            rows: places.into_iter().take(Self::MAX_LISTED).collect(),
        })
    }

    /// The message up to its first full stop, colon or semicolon, for the verdict.
    pub(super) fn title(&self) -> String {
        let end = self
            .message
            .match_indices([';', ':', '.'])
            .find(|&(at, _)| {
                self.message[at + 1..].starts_with(' ') || at + 1 == self.message.len()
            })
            .map_or(self.message.len(), |(at, _)| at);
        self.message[..end].to_string()
    }
}

/// The places of the rows at `rows`, each with what `detail` says of it.
pub(super) fn places(
    rows: &Rows<'_>,
    at: impl IntoIterator<Item = usize>,
    detail: impl Fn(usize) -> String,
) -> Vec<Place> {
    at.into_iter()
        .map(|r| Place::new(&rows.rows[r], detail(r)))
        .collect()
}
