//! A plan: what is compared, fixed in a file before any figure is seen.

use std::path::Path;

use serde::Deserialize;
use sha2::{Digest, Sha256};
use standpoint::compare::Unit;
use standpoint::span::Location;
use standpoint::{Error, Result};

/// What a plan may fix. What it leaves out is as the command line says.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Plan {
    /// Whose portrayal.
    pub subject: String,
    /// Other names of the subject.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// The outlets that are tested; else all with `min-articles`.
    pub family: Option<Vec<String>>,
    /// Articles an outlet needs to be tested.
    pub min_articles: Option<usize>,
    /// What is exchanged: "articles" or "stories".
    pub unit: Option<PlannedUnit>,
    /// Level of intervals; 1 - level is that of the tests.
    pub level: Option<f64>,
    /// Seed of resampling.
    pub seed: Option<u64>,
    /// Whether copies are tested too.
    pub keep_copies: Option<bool>,
    /// Digest of the model, or its beginning.
    pub model: Option<String>,
    /// SHA-256 of the file.
    #[serde(skip)]
    pub digest: String,
    /// The file.
    #[serde(skip)]
    pub file: String,
}

/// What is exchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PlannedUnit {
    Articles,
    Stories,
}

impl From<PlannedUnit> for Unit {
    fn from(unit: PlannedUnit) -> Unit {
        match unit {
            PlannedUnit::Articles => Unit::Articles,
            PlannedUnit::Stories => Unit::Stories,
        }
    }
}

const EXAMPLE: &str = "a plan is written as\nsubject = \"Dana Verrick\"\naliases = [\"the commissioner\"]\nmin-articles = 10\nunit = \"articles\"\nlevel = 0.95\nseed = 1";

impl Plan {
    /// Reads the plan at `path`.
    pub fn read(path: &Path) -> Result<Plan> {
        let text =
            std::fs::read_to_string(path).map_err(|source| Error::io(path, "read", source))?;
        let file = path.display().to_string();
        let mut plan: Plan = toml::from_str(&text).map_err(|e| {
            let start = e.span().map_or(0, |span| span.start);
            let line = text[..start].matches('\n').count() as u64 + 1;
            Error::input(
                Location::line(&file, line),
                format!("{}; {EXAMPLE}", e.message()),
            )
        })?;
        let bytes = Sha256::digest(text.as_bytes());
        plan.digest = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        plan.file = file;
        Ok(plan)
    }

    /// What holds where the command line may say something too: the plan's value if it has one.
    ///
    /// Errors: both say something, and not the same.
    pub fn settle<T: PartialEq + std::fmt::Debug>(
        &self,
        option: &str,
        planned: Option<T>,
        given: Option<T>,
    ) -> Result<Option<T>> {
        match (planned, given) {
            (Some(planned), Some(given)) if planned != given => Err(Error::Parameter(format!(
                "{option} {given:?} contradicts the plan {}, which says {planned:?}; leave the option out, or make another plan",
                self.file
            ))),
            (Some(planned), _) => Ok(Some(planned)),
            (None, given) => Ok(given),
        }
    }
}
