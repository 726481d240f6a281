//! Families of features: a zone (where) and a unit (what), with a name that readers understand and a weight.

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

    /// Whether the family says something of a sentence without a mention.
    pub fn is_target_blind(&self) -> bool {
        matches!(self.zone, Zone::Sentence)
    }
}

/// The families a model is trained with unless told otherwise. Zones and weights follow the recipe that did best in
/// grouped cross-validation on NewsMTSC.
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
        Family::new("words", Zone::Sentence, MaskedWord, 1.0),
        Family::new("pairs", Zone::Sentence, Pair, 1.8),
        Family::new("masked-pairs", Zone::Sentence, MaskedPair, 1.0),
        Family::new("negated", Zone::Sentence, NegatedWord, 1.0),
        Family::new("distance", Zone::Distance { reach: 5.0 }, Word, 1.0),
        Family::new("side", near(10), Word, 1.0),
        Family::new("side-distance", fading, MaskedWord, 1.0),
        Family::new("side-pairs", near(6), MaskedPair, 0.7),
        Family::new("position", Zone::Offset { within: 3 }, MaskedWord, 1.8),
        Family::new("clause", Zone::Clause, MaskedWord, 1.0),
        Family::new("next-clause", Zone::NextClause, MaskedWord, 1.0),
    ]
}

/// Where an occurrence stands, as part of its feature's identity.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Label(pub u8);

impl Label {
    const ANYWHERE: Label = Label(0);
    const BEFORE: Label = Label(1);
    const AFTER: Label = Label(2);
    /// Offsets -8 to 8 follow from here.
    const OFFSET_ZERO: u8 = 20;
    /// The farthest exact offset that has a label.
    pub const MAX_OFFSET: u32 = 8;

    fn side(offset: i32) -> Label {
        if offset < 0 {
            Label::BEFORE
        } else {
            Label::AFTER
        }
    }

    /// The words before a feature's text: "after", "2 before".
    pub fn words(self) -> String {
        match self {
            Label::ANYWHERE => String::new(),
            Label::BEFORE => "before".to_string(),
            Label::AFTER => "after".to_string(),
            Label(code) => {
                let offset = i32::from(code) - i32::from(Label::OFFSET_ZERO);
                let side = if offset < 0 { "before" } else { "after" };
                format!("{} {side}", offset.abs())
            }
        }
    }
}

impl Zone {
    /// The label and weight of a piece in this zone, if it stands there.
    fn locate(self, piece: &Piece) -> Option<(Label, f32)> {
        if let Zone::Sentence = self {
            return Some((Label::ANYWHERE, 1.0));
        }
        let place = piece.place?;
        let distance = place.offset.unsigned_abs();
        if distance == 0 {
            return None;
        }
        let fade = |reach: f32| 1.0 / (1.0 + distance as f32 / reach);
        let side = Label::side(place.offset);
        match self {
            Zone::Sentence => unreachable!("handled above"),
            Zone::Distance { reach } => Some((Label::ANYWHERE, fade(reach))),
            Zone::Side { within, reach } => {
                (distance <= within).then(|| (side, reach.map_or(1.0, fade)))
            }
            Zone::Offset { within } => (distance <= within.min(Label::MAX_OFFSET)).then(|| {
                let code = i32::from(Label::OFFSET_ZERO) + place.offset;
                (Label(code as u8), 1.0)
            }),
            Zone::Clause => (place.clause == 0).then_some((side, 1.0)),
            Zone::NextClause => (place.clause.abs() == 1).then(|| (Label::side(place.clause), 1.0)),
        }
    }
}

/// One occurrence of a feature in a sentence.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Occurrence {
    /// Index of the family.
    pub family: u8,
    pub label: Label,
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
        mix(family_seed ^ u64::from(self.label.0), unit)
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
            if let Some((label, weight)) = family.zone.locate(piece) {
                sink(Occurrence {
                    family: index as u8,
                    label,
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
                    let distance = |piece: &Piece| match piece.place {
                        Some(place) if place.offset != 0 => place.offset.unsigned_abs(),
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
