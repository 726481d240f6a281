//! What a careful colleague would find in labelled sentences before a model learns from them.
//!
//! In: labelled rows, and rows of test files that are only compared with them. Out: [`Check`]: counts, findings with the rows they are about,
//! agreement of the annotators, and a list of labels to read again. Nothing is changed, nothing is left out.
//!
//! | file | what it does |
//! |---|---|
//! | `rows` | what the checks share: labels as classes, articles, subjects |
//! | `overview` | counts; class shares by subject and by outlet |
//! | `finding` | a finding, its severity and its rows |
//! | `copies` | copies, near-copies, conflicts, test rows that stand in the training data |
//! | `texts` | broken encoding, odd lengths, absent subjects |
//! | `folds` | articles and classes that cross-validation cannot keep apart |
//! | `shortcuts` | subjects and outlets that give the label away |
//! | `agreement` | several annotators |
//! | `suspects` | labels that a cross-validated model doubts |

mod agreement;
mod copies;
mod finding;
mod folds;
mod overview;
mod rows;
mod shortcuts;
mod suspects;
#[cfg(test)]
mod tests;
mod texts;

use std::collections::BTreeMap;

use serde::Serialize;

pub use agreement::{Agreement, CoderPair, Coefficient, Disagreement, LabelAgreement, Vote};
pub use finding::{Finding, Place, Severity};
pub use overview::{ClassCount, Overview, ShareRow};
pub use shortcuts::Guess;
pub use suspects::{Suspect, Suspects, suspects};

use rows::Rows;

use crate::classes::Polarity;
use crate::classifier::PreparedData;
use crate::corpus::{JoinLabels, LabelledCorpus, LabelledSentence, annotators, join_labels};
use crate::error::{Error, Result};
use crate::text::Subject;

/// What the labels are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LabelKind {
    /// Stance or plain classes, told from the labels.
    #[default]
    Infer,
    /// Each label has a polarity.
    Stance,
    /// Plain classes.
    Classes,
    /// Each label is a list, its parts separated by `|` or `;`.
    Frames,
}

/// How to check.
#[derive(Debug, Clone, Default)]
pub struct CheckParams {
    /// What the labels are.
    pub kind: LabelKind,
    /// What labels are worth.
    pub polarity: BTreeMap<String, Polarity>,
    /// The subject of rows that name none.
    pub subject: Option<Subject>,
    /// Folds of the cross-validation to come.
    pub folds: usize,
    /// Seed of folds and resampling.
    pub seed: u64,
    /// Level of the intervals.
    pub level: f64,
}

/// Everything found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Check {
    /// One sentence: what stands in the way of training, if anything.
    pub verdict: String,
    /// Counts.
    pub overview: Overview,
    /// Errors first, then warnings, then notes.
    pub findings: Vec<Finding>,
    /// How well the label is guessed from the subject or the outlet alone.
    pub guesses: Vec<Guess>,
    /// Agreement of several annotators; `None` where there is one.
    pub agreement: Option<Agreement>,
    /// Labels to read again; `None` where not asked for or not possible.
    pub suspects: Option<Suspects>,
    /// Why there are no suspects although they were asked for.
    pub no_suspects_because: Option<String>,
}

/// Checks `corpus`; `test` are rows of test files, compared with it by text and article and not counted.
///
/// Suspects are added by [`Check::add_suspects`], because they take a cross-validation. Errors: a subject that cannot be searched for.
pub fn check(
    corpus: &LabelledCorpus,
    test: &[LabelledSentence],
    params: &CheckParams,
) -> Result<Check> {
    let rows = Rows::new(&corpus.rows, params);
    let mut findings = Vec::new();
    findings.extend(texts::unusable(&corpus.report));
    findings.extend(rows.problem.clone());
    copies::find(&rows, &mut findings);
    match test.is_empty() {
        true => findings.extend(copies::looks_like_test(&corpus.report.files)),
        false => copies::find_in_test(&rows, test, &mut findings),
    }
    texts::find(&rows, params.subject.as_ref(), &mut findings)?;
    folds::find(&rows, params.folds, &mut findings);
    let guesses = shortcuts::find(&rows, params, &mut findings);
    findings.sort_by_key(|finding| finding.severity);
    Ok(Check {
        verdict: verdict(&findings),
        overview: Overview::new(&rows),
        agreement: agreement::agreement(&rows, params),
        findings,
        guesses,
        suspects: None,
        no_suspects_because: None,
    })
}

impl Check {
    /// Adds labels to read again, or why there are none.
    pub fn add_suspects(&mut self, found: Result<Option<Suspects>>) {
        match found {
            Ok(Some(suspects)) => self.suspects = Some(suspects),
            Ok(None) => {
                self.no_suspects_because =
                    Some("cross-validation needs rows of at least two articles".into());
            }
            Err(error) => self.no_suspects_because = Some(error.to_string()),
        }
    }
}

/// The rows a cross-validation may learn from: as they are, or one a sentence by the majority where several annotators labelled.
pub fn rows_to_learn_from(rows: &[LabelledSentence]) -> Result<Vec<LabelledSentence>> {
    match annotators(rows).len() {
        0 | 1 => Ok(rows.to_vec()),
        _ => Ok(join_labels(rows.to_vec(), JoinLabels::Majority)?.0),
    }
}

/// Every row's group is known by its article or its text; fewer than two leave nothing to hold out.
pub(crate) fn has_two_groups(data: &PreparedData) -> Result<()> {
    match data.n_groups {
        0 | 1 => Err(Error::Data(
            "cross-validation needs rows of at least two articles".into(),
        )),
        _ => Ok(()),
    }
}

fn verdict(findings: &[Finding]) -> String {
    let of = |severity| -> Vec<&Finding> {
        findings
            .iter()
            .filter(|finding| finding.severity == severity)
            .collect()
    };
    let (errors, warnings) = (of(Severity::Error), of(Severity::Warning));
    if !errors.is_empty() {
        let titles: Vec<String> = errors.iter().map(|finding| finding.title()).collect();
        return format!("In the way of training: {}.", titles.join("; "));
    }
    match warnings.len() {
        0 => "Nothing stands in the way of training.".into(),
        1 => "Nothing stands in the way of training; one warning is worth a look.".into(),
        n => format!("Nothing stands in the way of training; {n} warnings are worth a look."),
    }
}
