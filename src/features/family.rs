//! Families of features: a zone (where) and a unit (what), with a name that readers understand and a weight.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::features::annotate::Piece;
use crate::features::vocabulary::{hash_word, mix};

/// Where a unit has to stand, and what it weighs there.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Zone {
    /// Anywhere in the sentence, weight 1; the only zone that needs no mention.
    Sentence,
    /// Anywhere, weighing `1 / (1 + d / reach)` at distance d.
    Distance {
        /// The distance at which the weight is one half.
        reach: f32,
    },
    /// Within so many pieces before or after the mention, told apart; weight 1, or by distance.
    Side {
        /// The farthest piece.
        within: u32,
        /// As in [`Zone::Distance`].
        reach: Option<f32>,
    },
    /// At an exact offset up to this one on either side.
    Offset {
        /// The farthest piece.
        within: u32,
    },
    /// In the mention's own clause, before or after it.
    Clause,
    /// In the clause before or after the mention's.
    NextClause,
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// A stemmed word.
    Word,
    /// A stemmed word, with other names masked.
    MaskedWord,
    /// Two neighbouring stemmed words.
    Pair,
    /// Two neighbouring words, with other names masked.
    MaskedPair,
    /// A stemmed word within reach of a negation.
    NegatedWord,
}

/// A zone and a unit under one name.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Family {
    /// The name in `inspect`, `explain` and `--features`.
    pub name: String,
    /// Where.
    pub zone: Zone,
    /// What.
    pub unit: Unit,
    /// Length of the family's block in a row.
    pub weight: f32,
}

impl Family {
    fn new(name: &str, zone: Zone, unit: Unit, weight: f32) -> Family {
        Family {
            name: name.to_string(),
            zone,
            unit,
            weight,
        }
    }

    /// A feature of this family in words: `after the subject: lied`.
    pub fn phrase(&self, place: Place, text: &str) -> String {
        let what = match self.unit {
            Unit::NegatedWord => format!("negated {text}"),
            _ => text.to_string(),
        };
        match self.zone {
            Zone::Sentence => format!("anywhere: {what}"),
            Zone::Distance { .. } => format!("near the subject: {what}"),
            Zone::Side { reach: None, .. } => format!("{place} the subject: {what}"),
            Zone::Side { reach: Some(_), .. } => format!("close {place} the subject: {what}"),
            Zone::Offset { .. } => format!("{place} the subject: {what}"),
            Zone::Clause => format!("{place} the subject, in its clause: {what}"),
            Zone::NextClause => format!("in the clause {place}: {what}"),
        }
    }

    /// What the family counts, in words.
    pub fn describe(&self) -> String {
        let what = match self.unit {
            Unit::Word => "words",
            Unit::MaskedWord => "words, other names masked",
            Unit::Pair => "pairs of words",
            Unit::MaskedPair => "pairs of words, other names masked",
            Unit::NegatedWord => "words within reach of a negation",
        };
        let place = match self.zone {
            Zone::Sentence => "anywhere in the sentence".to_string(),
            Zone::Distance { reach } => {
                format!("anywhere, weighing half at {reach} words from the subject")
            }
            Zone::Side {
                within,
                reach: None,
            } => format!("before or after the subject, within {within} words"),
            Zone::Side {
                reach: Some(reach), ..
            } => {
                format!("before or after the subject, weighing half at {reach} words")
            }
            Zone::Offset { within } => {
                format!("at an exact place within {within} words of the subject")
            }
            Zone::Clause => "before or after the subject in its own clause".to_string(),
            Zone::NextClause => "in the clause before or after the subject's".to_string(),
        };
        format!("{what}; {place}")
    }

    /// Whether the family says something of a sentence without a mention.
    pub fn is_target_blind(&self) -> bool {
        matches!(self.zone, Zone::Sentence)
    }
}

/// The families a model is trained with unless told otherwise. Zones and weights are those that did best in grouped
/// cross-validation on the NewsMTSC training file (log loss, one weight at a time).
pub fn default_families() -> Vec<Family> {
    use Unit::*;
    let near = |within| Zone::Side {
        within,
        reach: None,
    };
    let fading = Zone::Side {
        within: u32::MAX,
        reach: Some(8.0),
    };
    vec![
        Family::new("words", Zone::Sentence, MaskedWord, 1.6),
        Family::new("pairs", Zone::Sentence, Pair, 0.6),
        Family::new("masked-pairs", Zone::Sentence, MaskedPair, 1.0),
        Family::new("negated", Zone::Sentence, NegatedWord, 1.0),
        Family::new("distance", Zone::Distance { reach: 5.0 }, Word, 1.6),
        Family::new("side", near(10), Word, 1.0),
        Family::new("side-distance", fading, MaskedWord, 1.0),
        Family::new("side-pairs", near(6), MaskedPair, 0.7),
        Family::new("position", Zone::Offset { within: 3 }, MaskedWord, 0.8),
        Family::new("clause", Zone::Clause, MaskedWord, 1.0),
        Family::new("next-clause", Zone::NextClause, MaskedWord, 0.4),
    ]
}

/// Where an occurrence stands, as far as its zone tells places apart: "after", "2 before", or nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place(u8);

impl Place {
    const ANYWHERE: Place = Place(0);
    const BEFORE: Place = Place(1);
    const AFTER: Place = Place(2);
    /// The code of offset 0; offsets -8 to 8 lie around it.
    const OFFSET_ZERO: u8 = 20;
    /// The farthest exact offset that has a code.
    const MAX_OFFSET: u32 = 8;

    /// The side a signed offset lies on.
    fn side(offset: i32) -> Place {
        if offset < 0 {
            Place::BEFORE
        } else {
            Place::AFTER
        }
    }

    /// The number that keys and model files hold.
    pub(crate) fn code(self) -> u8 {
        self.0
    }

    /// The place a stored number means.
    pub(crate) fn from_code(code: u8) -> Place {
        Place(code)
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Place::ANYWHERE => Ok(()),
            Place::BEFORE => f.write_str("before"),
            Place::AFTER => f.write_str("after"),
            Place(code) => {
                let offset = i32::from(code) - i32::from(Place::OFFSET_ZERO);
                let side = if offset < 0 { "before" } else { "after" };
                write!(f, "{} {side}", offset.abs())
            }
        }
    }
}

impl Zone {
    /// The place and weight of a piece in this zone, if it stands there.
    fn locate(self, piece: &Piece) -> Option<(Place, f32)> {
        if let Zone::Sentence = self {
            return Some((Place::ANYWHERE, 1.0));
        }
        let nearest = piece.nearest?;
        let distance = nearest.offset.unsigned_abs();
        if distance == 0 {
            return None;
        }
        let fade = |reach: f32| 1.0 / (1.0 + distance as f32 / reach);
        let side = Place::side(nearest.offset);
        match self {
            Zone::Sentence => unreachable!("handled above"),
            Zone::Distance { reach } => Some((Place::ANYWHERE, fade(reach))),
            Zone::Side { within, reach } => {
                (distance <= within).then(|| (side, reach.map_or(1.0, fade)))
            }
            Zone::Offset { within } => (distance <= within.min(Place::MAX_OFFSET)).then(|| {
                let code = i32::from(Place::OFFSET_ZERO) + nearest.offset;
                (Place(code as u8), 1.0)
            }),
            Zone::Clause => (nearest.clause == 0).then_some((side, 1.0)),
            Zone::NextClause => {
                (nearest.clause.abs() == 1).then(|| (Place::side(nearest.clause), 1.0))
            }
        }
    }
}

/// One occurrence of a feature in a sentence.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Occurrence {
    /// Index of the family.
    pub family: u8,
    pub place: Place,
    /// Hashes of the one or two words.
    pub words: (u64, Option<u64>),
    /// The zone's weight.
    pub weight: f32,
    /// The pieces it covers: first and last index.
    pub pieces: (usize, usize),
}

impl Occurrence {
    /// The feature's key, given the seed of its family.
    pub fn key(&self, family_seed: u64) -> u64 {
        let unit = match self.words {
            (word, None) => word,
            (first, Some(second)) => mix(first, second),
        };
        mix(family_seed ^ u64::from(self.place.0), unit)
    }
}

/// The seed of a family's keys: its name, so that choosing other families moves no key.
pub(crate) fn family_seed(family: &Family) -> u64 {
    mix(hash_word(&family.name), 0x5eed) & !0xff
}

/// Sends every occurrence of every family in `pieces` to `sink`.
pub(crate) fn occurrences(families: &[Family], pieces: &[Piece], mut sink: impl FnMut(Occurrence)) {
    for (index, family) in families.iter().enumerate() {
        let mut send = |piece: &Piece, words, pieces| {
            if let Some((place, weight)) = family.zone.locate(piece) {
                sink(Occurrence {
                    family: index as u8,
                    place,
                    words,
                    weight,
                    pieces,
                });
            }
        };
        match family.unit {
            Unit::Word | Unit::MaskedWord | Unit::NegatedWord => {
                for (i, piece) in pieces.iter().enumerate() {
                    if piece.is_subject() || (family.unit == Unit::NegatedWord && !piece.negated) {
                        continue;
                    }
                    let word = match family.unit {
                        Unit::MaskedWord => piece.masked,
                        _ => piece.stem,
                    };
                    send(piece, (word, None), (i, i));
                }
            }
            Unit::Pair | Unit::MaskedPair => {
                for (i, pair) in pieces.windows(2).enumerate() {
                    let (first, second) = (&pair[0], &pair[1]);
                    let words = match family.unit {
                        Unit::MaskedPair => (first.masked, Some(second.masked)),
                        _ => (first.stem, Some(second.stem)),
                    };
                    // A pair stands where its piece nearest to the mention stands, the mention itself aside.
                    let distance = |piece: &Piece| match piece.nearest {
                        Some(nearest) if nearest.offset != 0 => nearest.offset.unsigned_abs(),
                        _ => u32::MAX,
                    };
                    let nearer = if distance(second) < distance(first) {
                        second
                    } else {
                        first
                    };
                    send(nearer, words, (i, i + 1));
                }
            }
        }
    }
}
