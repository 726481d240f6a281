//! The word-list baseline: what a reader with a sentiment dictionary and no model would say.
//!
//! VADER (Hutto & Gilbert 2014): valences of words, turned by negations and strengthened by intensifiers, summed to a compound score in
//! [-1, 1]. It knows no subject. A compound above 0.05 says favor, below -0.05 against, else neutral: its authors' thresholds.
//!
//! The crate tries its idioms in an order that differs from run to run, and the first one found near a word decides. So that the same input
//! gives the same bytes, a text with idioms of different worth is left to no chance: it counts as neutral.

use vader_sentimental::SentimentIntensityAnalyzer;

use crate::classes::{Classes, Polarity};

/// Compounds within this distance of 0 are neutral.
const NEUTRAL: f64 = 0.05;

/// The analyzer looks at all words for each word of its list; a longer text is cut, so that the time stays linear in the input.
const MAX_BYTES: usize = 4096;

/// The crate's idioms and what they are worth.
const IDIOMS: [(&str, f64); 7] = [
    ("the shit", 3.0),
    ("the bomb", 3.0),
    ("bad ass", 1.5),
    ("badass", 1.5),
    ("yeah right", -2.0),
    ("kiss of death", -1.5),
    ("to die for", 3.0),
];

/// The class of each polarity, where a model has exactly one for each it knows.
fn class_of(classes: &Classes, wanted: Polarity) -> Option<usize> {
    let polarity = classes.polarity()?;
    let mut with = (0..classes.len()).filter(|&class| polarity[class] == wanted);
    with.next().filter(|_| with.next().is_none())
}

/// The classes against and in favor, where there is exactly one of each.
pub(super) fn polar_classes(classes: &Classes) -> Option<[usize; 2]> {
    Some([
        class_of(classes, Polarity::Against)?,
        class_of(classes, Polarity::Favor)?,
    ])
}

/// The rule for the classes of a model.
pub(super) struct Lexicon {
    analyzer: SentimentIntensityAnalyzer<'static>,
    against: usize,
    neutral: Option<usize>,
    favor: usize,
}

impl Lexicon {
    /// `None` where the classes have no polarity, or several classes share one.
    pub fn new(classes: &Classes) -> Option<Lexicon> {
        let [against, favor] = polar_classes(classes)?;
        let neutral = class_of(classes, Polarity::Neutral);
        (classes.len() == 2 + usize::from(neutral.is_some())).then(|| Lexicon {
            analyzer: SentimentIntensityAnalyzer::new(),
            against,
            neutral,
            favor,
        })
    }

    /// The class of `text`. Where the model has no neutral class, the sign decides.
    pub fn predict(&self, text: &str) -> usize {
        let mut end = text.len().min(MAX_BYTES);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        let text = &text[..end];
        let compound = match self.has_contrary_idioms(text) {
            true => 0.0,
            false => self.analyzer.polarity_scores(text).compound,
        };
        match self.neutral {
            Some(neutral) if compound.abs() <= NEUTRAL => neutral,
            _ if compound > 0.0 => self.favor,
            _ => self.against,
        }
    }

    /// Whether idioms of different worth stand in `text`, words taken as the crate takes them.
    fn has_contrary_idioms(&self, text: &str) -> bool {
        let text = self.analyzer.append_emoji_descriptions(text);
        let words: Vec<String> = text
            .split_whitespace()
            .filter(|word| word.len() > 1)
            .map(|word| {
                word.trim_matches(|c: char| c.is_ascii_punctuation())
                    .to_lowercase()
            })
            .collect();
        let text = words.join(" ");
        let mut found = IDIOMS.iter().filter(|(idiom, _)| text.contains(idiom));
        let first = found.next().map(|(_, worth)| worth);
        found.any(|(_, worth)| Some(worth) != first)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::classes::Task;

    fn lexicon(labels: &[&str]) -> Option<Lexicon> {
        let labels = labels.iter().copied();
        Classes::from_labels(labels, Task::Infer, &BTreeMap::new())
            .ok()
            .as_ref()
            .and_then(Lexicon::new)
    }

    #[test]
    fn words_negations_and_nothing_are_told_apart() {
        let rule = lexicon(&["against", "favor", "none"]).expect("one class a polarity");
        assert_eq!(rule.predict("A terrible, horrible plan."), 0);
        assert_eq!(rule.predict("An excellent and wonderful plan."), 1);
        assert_eq!(rule.predict("The plan is 40 pages long."), 2);
        assert_eq!(rule.predict(""), 2);
        let two = lexicon(&["con", "pro"]).expect("one class a polarity");
        assert_eq!(two.predict("An excellent and wonderful plan."), 1);
        assert!(lexicon(&["law", "sports"]).is_none());
        assert!(lexicon(&["pro", "favor", "con"]).is_none());
    }

    #[test]
    fn idioms_of_different_worth_do_not_leave_the_class_to_chance() {
        let rule = lexicon(&["against", "favor", "none"]).expect("one class a polarity");
        let text = "Yeah, right: the new kiss of death, a great and honest plan.";
        assert_eq!(rule.predict(text), 2);
        assert_eq!(rule.predict("The great plan is to die for, the bomb."), 1);
    }

    #[test]
    fn long_texts_are_cut_at_a_letter() {
        let rule = lexicon(&["against", "favor", "none"]).expect("one class a polarity");
        let long = format!("x{}", "ü excellent ".repeat(100_000));
        assert_eq!(rule.predict(&long), 1);
    }
}
