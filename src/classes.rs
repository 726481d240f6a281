//! Classes are data: the sorted set of labels a model knows, and what each is worth.
//!
//! In: labels as people wrote them. Out: [`Classes`], with a [`Polarity`] a class and a [`Construct`]
//! when all labels are stance or sentiment words, without when none is. A mixture is an error that names the
//! odd ones, because a typing slip would otherwise become a class of its own.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

/// What a class is worth: against -1, neutral 0, in favor +1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "i8", try_from = "i8")]
pub enum Polarity {
    /// Against the subject, or negative.
    Against,
    /// Neither.
    Neutral,
    /// In favor of the subject, or positive.
    Favor,
}

impl Polarity {
    /// -1, 0 or +1.
    pub fn value(self) -> f64 {
        f64::from(i8::from(self))
    }
}

impl From<Polarity> for i8 {
    fn from(polarity: Polarity) -> i8 {
        match polarity {
            Polarity::Against => -1,
            Polarity::Neutral => 0,
            Polarity::Favor => 1,
        }
    }
}

impl TryFrom<i8> for Polarity {
    type Error = String;

    fn try_from(value: i8) -> Result<Self, String> {
        match value {
            -1 => Ok(Polarity::Against),
            0 => Ok(Polarity::Neutral),
            1 => Ok(Polarity::Favor),
            other => Err(format!("polarity {other}; allowed: -1, 0, 1")),
        }
    }
}

/// What the labels meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Construct {
    /// For or against the subject.
    Stance,
    /// How the subject comes across, reported events included.
    Sentiment,
}

impl fmt::Display for Construct {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Construct::Stance => "stance",
            Construct::Sentiment => "sentiment",
        })
    }
}

/// Stance and sentiment words and what they are worth. `neutral` belongs to both vocabularies.
const WORDS: [(&str, Polarity, Option<Construct>); 16] = [
    ("against", Polarity::Against, Some(Construct::Stance)),
    ("con", Polarity::Against, Some(Construct::Stance)),
    ("contra", Polarity::Against, Some(Construct::Stance)),
    ("disagree", Polarity::Against, Some(Construct::Stance)),
    ("none", Polarity::Neutral, Some(Construct::Stance)),
    ("neutral", Polarity::Neutral, None),
    ("favor", Polarity::Favor, Some(Construct::Stance)),
    ("favour", Polarity::Favor, Some(Construct::Stance)),
    ("pro", Polarity::Favor, Some(Construct::Stance)),
    ("agree", Polarity::Favor, Some(Construct::Stance)),
    ("negative", Polarity::Against, Some(Construct::Sentiment)),
    ("positive", Polarity::Favor, Some(Construct::Sentiment)),
    ("-1", Polarity::Against, Some(Construct::Sentiment)),
    ("0", Polarity::Neutral, Some(Construct::Sentiment)),
    ("1", Polarity::Favor, Some(Construct::Sentiment)),
    ("+1", Polarity::Favor, Some(Construct::Sentiment)),
];

/// The names people use for -1, 0 and 1 are numbers; a model speaks words.
fn spelled_out(label: &str) -> Option<&'static str> {
    match label {
        "-1" => Some("negative"),
        "0" => Some("neutral"),
        "1" | "+1" => Some("positive"),
        _ => None,
    }
}

fn word(label: &str) -> Option<(Polarity, Option<Construct>)> {
    let lower = label.to_lowercase();
    WORDS
        .iter()
        .find(|(name, _, _)| *name == lower)
        .map(|&(_, polarity, construct)| (polarity, construct))
}

/// The words recognised as stance or sentiment, for messages.
pub fn recognised_labels() -> String {
    let names: Vec<&str> = WORDS.iter().map(|(name, _, _)| *name).collect();
    names.join(", ")
}

/// What the user wants the labels to be taken for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Task {
    /// A stance model if all labels are recognised, plain classes if none is.
    #[default]
    Infer,
    /// Every label must have a polarity.
    Stance,
    /// Plain classes, whatever the labels are called.
    Classes,
}

/// The sorted classes of a model, their polarity if they have one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Classes {
    names: Vec<String>,
    polarity: Option<Vec<Polarity>>,
    construct: Option<Construct>,
}

/// Labels that could not be made into classes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ClassesProblem {
    /// Some labels are stance or sentiment words and some are not; here is one that is not.
    Mixed {
        /// The first label, in sorted order, without polarity.
        unknown: String,
        /// The recognised ones that were found.
        known: Vec<String>,
    },
    /// Fewer than two classes.
    TooFew(Vec<String>),
}

impl Classes {
    /// Builds the classes from the labels of the data.
    ///
    /// `polarity` gives or overrides the worth of labels (`--polarity pros=1,cons=-1`). Numbers become
    /// words (-1 is `negative`), case is folded for recognised words, everything else is kept as written.
    pub fn from_labels<'l>(
        labels: impl IntoIterator<Item = &'l str>,
        task: Task,
        polarity: &BTreeMap<String, Polarity>,
    ) -> Result<Classes, ClassesProblem> {
        let mut names: Vec<&str> = labels.into_iter().collect();
        names.sort_unstable();
        names.dedup();

        let declared = |label: &str| declared_polarity(polarity, label);
        let (known, unknown): (Vec<&str>, Vec<&str>) = names
            .iter()
            .partition(|label| declared(label).is_some() || word(label).is_some());
        let plain = match task {
            Task::Classes => true,
            Task::Stance => false,
            Task::Infer => known.is_empty(),
        };
        if !plain && !unknown.is_empty() {
            return Err(ClassesProblem::Mixed {
                unknown: unknown[0].to_string(),
                known: known.iter().map(|label| label.to_string()).collect(),
            });
        }

        // Two spellings of one word ("Favor", "favor") are one class.
        let mut canonical: Vec<String> = names
            .iter()
            .map(|label| canonical_label(label, plain, polarity))
            .collect();
        canonical.sort_unstable();
        canonical.dedup();
        if canonical.len() < 2 {
            return Err(ClassesProblem::TooFew(canonical));
        }
        let worth = |name: &String| declared(name).or_else(|| word(name).map(|(worth, _)| worth));
        let construct = if plain {
            None
        } else {
            let constructs: Vec<Construct> = canonical
                .iter()
                .filter_map(|name| word(name).and_then(|(_, construct)| construct))
                .collect();
            let sentiment =
                !constructs.is_empty() && constructs.iter().all(|&c| c == Construct::Sentiment);
            Some(if sentiment {
                Construct::Sentiment
            } else {
                Construct::Stance
            })
        };
        Ok(Classes {
            polarity: (!plain).then(|| {
                canonical
                    .iter()
                    .map(|name| worth(name).expect("every label of a stance model has a polarity"))
                    .collect()
            }),
            names: canonical,
            construct,
        })
    }

    /// Number of classes, K.
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Never true of classes made by [`Classes::from_labels`].
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The names, sorted; the order of every probability, confusion row and coefficient.
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// What each class is worth, in class order; `None` for plain classes.
    pub fn polarity(&self) -> Option<&[Polarity]> {
        self.polarity.as_deref()
    }

    /// What the labels meant; `None` for plain classes.
    pub fn construct(&self) -> Option<Construct> {
        self.construct
    }

    /// The class a label of other data belongs to: by name, else, for stance models, by polarity when
    /// exactly one class has it. `None` for a label the model lacks.
    pub fn index_of(&self, label: &str) -> Option<usize> {
        let spelled = spelled_out(label).unwrap_or(label);
        let by_name = |wanted: &str| self.names.iter().position(|name| name == wanted);
        by_name(label)
            .or_else(|| by_name(spelled))
            .or_else(|| by_name(&spelled.to_lowercase()))
            .or_else(|| self.by_name_in_any_case(spelled))
            .or_else(|| {
                let (worth, _) = word(label)?;
                let same: Vec<usize> = (0..self.len())
                    .filter(|&k| self.polarity.as_ref().is_some_and(|p| p[k] == worth))
                    .collect();
                (same.len() == 1).then(|| same[0])
            })
    }

    /// Labels of a stance model differ by more than case; plain classes may not.
    fn by_name_in_any_case(&self, label: &str) -> Option<usize> {
        self.polarity.as_ref()?;
        let lower = label.to_lowercase();
        self.names
            .iter()
            .position(|name| name.to_lowercase() == lower)
    }

    /// The class a label belongs to when the user says what it is worth: by [`Classes::index_of`], else the one class of that polarity.
    pub fn index_of_declared(
        &self,
        label: &str,
        polarity: &BTreeMap<String, Polarity>,
    ) -> Option<usize> {
        self.index_of(label).or_else(|| {
            let worth = declared_polarity(polarity, label)?;
            let mut same =
                (0..self.len()).filter(|&k| self.polarity.as_ref().is_some_and(|p| p[k] == worth));
            same.next().filter(|_| same.next().is_none())
        })
    }

    /// Whether `label` is a stance or sentiment word.
    pub fn is_recognised(label: &str) -> bool {
        word(label).is_some()
    }

    /// The construct the label's own words speak of: `stance`, `sentiment`, or nothing to go by.
    pub fn construct_of_label(label: &str) -> Option<Construct> {
        word(label).and_then(|(_, construct)| construct)
    }
}

/// What the user says `label` is worth, in any case.
pub fn declared_polarity(polarity: &BTreeMap<String, Polarity>, label: &str) -> Option<Polarity> {
    declared(polarity, label).map(|(_, worth)| worth)
}

/// The same with the user's spelling.
fn declared<'p>(
    polarity: &'p BTreeMap<String, Polarity>,
    label: &str,
) -> Option<(&'p str, Polarity)> {
    let lower = label.to_lowercase();
    polarity
        .iter()
        .find(|(name, _)| name.to_lowercase() == lower)
        .map(|(name, &worth)| (name.as_str(), worth))
}

fn canonical_label(label: &str, plain: bool, polarity: &BTreeMap<String, Polarity>) -> String {
    if plain {
        return label.to_string();
    }
    // The user's spelling, so that "Pros" and "pros" are one class.
    if let Some((name, _)) = declared(polarity, label) {
        return name.to_string();
    }
    spelled_out(label).map_or_else(|| label.to_lowercase(), str::to_string)
}

/// One probability a class, in class order; they sum to 1.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassProbabilities(Vec<f64>);

impl ClassProbabilities {
    /// Wraps `probabilities`, one a class in class order.
    pub fn new(probabilities: Vec<f64>) -> Self {
        debug_assert!((probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-6);
        ClassProbabilities(probabilities)
    }

    /// The values, in class order.
    pub fn values(&self) -> &[f64] {
        &self.0
    }

    /// The likeliest class; of equals the first.
    pub fn hard(&self) -> usize {
        let mut best = 0;
        for (k, &p) in self.0.iter().enumerate() {
            if p > self.0[best] {
                best = k;
            }
        }
        best
    }

    /// Sum over classes of polarity times probability, in [-1, 1]: a model score.
    pub fn net_stance(&self, polarity: &[Polarity]) -> f64 {
        self.0
            .iter()
            .zip(polarity)
            .map(|(p, w)| p * w.value())
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn classes(labels: &[&str], task: Task) -> Result<Classes, ClassesProblem> {
        Classes::from_labels(labels.iter().copied(), task, &BTreeMap::new())
    }

    #[test]
    fn label_sets_become_classes() {
        let rows: [(&[&str], &[&str], Option<Construct>); 5] = [
            (
                &["0", "-1", "1"],
                &["negative", "neutral", "positive"],
                Some(Construct::Sentiment),
            ),
            (
                &["Favor", "AGAINST", "none", "favor"],
                &["against", "favor", "none"],
                Some(Construct::Stance),
            ),
            (
                &["neutral", "pro"],
                &["neutral", "pro"],
                Some(Construct::Stance),
            ),
            (&["sports", "Law"], &["Law", "sports"], None),
            (
                &["negative", "positive"],
                &["negative", "positive"],
                Some(Construct::Sentiment),
            ),
        ];
        for (labels, names, construct) in rows {
            let classes = classes(labels, Task::Infer).expect("a usable label set");
            assert_eq!(classes.names(), names);
            assert_eq!(classes.construct(), construct);
            assert_eq!(classes.polarity().is_some(), construct.is_some());
        }
    }

    #[test]
    fn a_half_recognised_set_names_the_odd_label() {
        assert_eq!(
            classes(&["favor", "pros", "neutral"], Task::Infer),
            Err(ClassesProblem::Mixed {
                unknown: "pros".into(),
                known: vec!["favor".into(), "neutral".into()]
            })
        );
        let polarity = BTreeMap::from([("pros".to_string(), Polarity::Favor)]);
        let declared = Classes::from_labels(["neutral", "pros"], Task::Infer, &polarity)
            .expect("--polarity gives the missing worth");
        assert_eq!(
            declared.polarity(),
            Some(&[Polarity::Neutral, Polarity::Favor][..])
        );
        let plain =
            classes(&["favor", "pros"], Task::Classes).expect("plain classes take any label");
        assert_eq!(plain.polarity(), None);
    }

    #[test]
    fn a_declared_label_is_one_class_in_any_case() {
        let polarity = BTreeMap::from([
            ("Pros".to_string(), Polarity::Favor),
            ("cons".to_string(), Polarity::Against),
        ]);
        let classes =
            Classes::from_labels(["PROS", "Cons", "pros", "cons"], Task::Infer, &polarity)
                .expect("two classes");
        assert_eq!(classes.names(), ["Pros", "cons"]);
        for (label, class) in [("pros", 0), ("Pros", 0), ("CONS", 1)] {
            assert_eq!(classes.index_of(label), Some(class), "{label}");
        }
        assert_eq!(classes.index_of("mixed"), None);
    }

    #[test]
    fn one_class_is_too_few() {
        assert_eq!(
            classes(&["Favor", "favor"], Task::Infer),
            Err(ClassesProblem::TooFew(vec!["favor".into()]))
        );
    }

    #[test]
    fn other_words_are_matched_by_polarity() {
        let model = classes(&["-1", "0", "1"], Task::Infer).expect("three classes");
        let rows = [
            ("-1", Some(0)),
            ("Negative", Some(0)),
            ("against", Some(0)),
            ("none", Some(1)),
            ("Favour", Some(2)),
            ("pros", None),
        ];
        for (label, expected) in rows {
            assert_eq!(model.index_of(label), expected, "{label}");
        }
    }

    #[test]
    fn net_stance_weighs_probabilities_by_polarity() {
        let probabilities = ClassProbabilities::new(vec![0.5, 0.3, 0.2]);
        let polarity = [Polarity::Against, Polarity::Neutral, Polarity::Favor];
        assert!((probabilities.net_stance(&polarity) + 0.3).abs() < 1e-12);
        assert_eq!(probabilities.hard(), 0);
    }
}
