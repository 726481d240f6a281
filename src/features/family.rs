//! Families of features: a zone (where) and a unit (what), with a name that readers understand and a weight.

use std::fmt;
use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::features::annotate::Piece;
use crate::features::relation::{Related, Relation, relations};
use crate::features::vocabulary::{hash_word, mix};
use crate::features::words::WordTable;

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
    /// Nearer to the mention than to any other name, before or after it.
    Closest,
    /// The verb of the mention, the word after that, and the word before the mention.
    Relation,
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
    /// The cluster of a word, by vectors from unlabelled text: one of few, or of many.
    Cluster {
        /// Of many.
        fine: bool,
    },
    /// The vectors of words, added up: a pool of word vectors.
    Vector,
    /// Good or bad, as a lexicon rates a word; a negated word counts less and the other way.
    Polarity {
        /// Which of the model's lexicons.
        lexicon: u8,
    },
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
    /// Length of the family's block in a row, or what its sums are multiplied by.
    pub weight: f32,
    /// How sums become values.
    #[serde(default)]
    pub scaling: Scaling,
}

/// How a family's sums of zone weights become values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Scaling {
    /// `ln(1 + sum) * idf`, the block scaled to the family's weight: for words.
    #[default]
    Length,
    /// `ln(1 + sum)` times the weight: for amounts, of which there may be more or less.
    Amount,
}

impl Family {
    fn new(name: &str, zone: Zone, unit: Unit, weight: f32) -> Family {
        Family {
            name: name.to_string(),
            zone,
            unit,
            weight,
            scaling: match unit {
                Unit::Polarity { .. } => Scaling::Amount,
                _ => Scaling::Length,
            },
        }
    }

    /// A feature of this family in words: `after the subject: lied`.
    pub fn phrase(&self, place: Place, text: &str) -> String {
        let what = match self.unit {
            Unit::NegatedWord => format!("negated {text}"),
            Unit::Cluster { .. } | Unit::Vector => format!("words like {text}"),
            Unit::Polarity { lexicon } => {
                let name = ["VADER", "spread", "own"]
                    .get(usize::from(lexicon))
                    .unwrap_or(&"another");
                format!("{text} ({name})")
            }
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
            Zone::Closest => format!("{place} the subject, no other name nearer: {what}"),
            Zone::Relation => match place.relation() {
                Some(relation) => relation.phrase(&what),
                None => what,
            },
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
            Unit::Cluster { fine: false } => "clusters of words (few)",
            Unit::Cluster { fine: true } => "clusters of words (many)",
            Unit::Polarity { .. } => "good and bad words by a lexicon",
            Unit::Vector => "vectors of words, added up",
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
            Zone::Closest => {
                "before or after the subject, where no other name is nearer".to_string()
            }
            Zone::Relation => {
                "the subject's verb, what follows it, and the word before the subject".to_string()
            }
        };
        format!("{what}; {place}")
    }

    /// Whether `table` knows what the family asks of words.
    pub fn is_known_to(&self, table: &WordTable) -> bool {
        let about = table.about();
        match self.unit {
            Unit::Polarity { lexicon } => usize::from(lexicon) < about.lexicons.len(),
            Unit::Cluster { fine } => !about.labels[usize::from(fine)].is_empty(),
            Unit::Vector => about.dimensions > 0,
            _ => true,
        }
    }

    /// Whether the family says something of a sentence without a mention.
    pub fn is_target_blind(&self) -> bool {
        matches!(self.zone, Zone::Sentence) && self.unit != Unit::Vector
    }
}

/// Every family that has a name: those a model is trained with unless told otherwise, and others that `--features` can choose.
///
/// Zones and weights are those that did best in grouped cross-validation on the NewsMTSC training file (log loss, one
/// change at a time).
pub fn known_families() -> Vec<Family> {
    use Unit::*;
    let near = |within| Zone::Side {
        within,
        reach: None,
    };
    let fading = Zone::Side {
        within: u32::MAX,
        reach: Some(8.0),
    };
    let distance = Zone::Distance { reach: 5.0 };
    let position = Zone::Offset { within: 3 };
    let mut all = vec![
        Family::new("words", Zone::Sentence, MaskedWord, 0.7),
        Family::new("pairs", Zone::Sentence, Pair, 0.6),
        Family::new("masked-pairs", Zone::Sentence, MaskedPair, 1.0),
        Family::new("negated", Zone::Sentence, NegatedWord, 1.0),
        Family::new("distance", distance, Word, 1.6),
        Family::new("side", near(10), Word, 1.0),
        Family::new("side-distance", fading, MaskedWord, 1.0),
        Family::new("side-pairs", near(6), MaskedPair, 0.7),
        Family::new("position", position, MaskedWord, 0.8),
        Family::new("clause", Zone::Clause, MaskedWord, 1.0),
        Family::new("next-clause", Zone::NextClause, MaskedWord, 0.4),
        Family::new("closest", Zone::Closest, MaskedWord, 0.8),
        Family::new("verb", Zone::Relation, MaskedWord, 0.6),
    ];
    for (lexicon, prefix) in [(0, "lexicon"), (1, "spread"), (2, "own")] {
        for (suffix, zone) in [
            ("", Zone::Sentence),
            ("-distance", distance),
            ("-side", near(10)),
            ("-near", near(3)),
            ("-position", position),
            ("-clause", Zone::Clause),
            ("-next-clause", Zone::NextClause),
            ("-closest", Zone::Closest),
            ("-verb", Zone::Relation),
        ] {
            let name = format!("{prefix}{suffix}");
            all.push(Family::new(&name, zone, Polarity { lexicon }, 0.3));
        }
    }
    for (fine, prefix) in [(false, "cluster"), (true, "fine-cluster")] {
        for (suffix, zone) in [
            ("", Zone::Sentence),
            ("-side-distance", fading),
            ("-near", near(5)),
            ("-clause", Zone::Clause),
            ("-verb", Zone::Relation),
        ] {
            let name = format!("{prefix}{suffix}");
            all.push(Family::new(&name, zone, Cluster { fine }, 0.5));
        }
    }
    for (suffix, zone, weight) in [
        ("", Zone::Sentence, 1.0),
        ("-distance", distance, 1.0),
        ("-side", fading, 0.5),
        ("-near", near(3), 0.4),
        ("-clause", Zone::Clause, 0.7),
        ("-next-clause", Zone::NextClause, 0.4),
        ("-closest", Zone::Closest, 0.6),
        ("-verb", Zone::Relation, 0.7),
    ] {
        all.push(Family::new(
            &format!("vectors{suffix}"),
            zone,
            Vector,
            weight,
        ));
    }
    all
}

/// The names of the families a model is trained with unless told otherwise, as far as its words are known to lexicon and vectors.
const DEFAULT: &str = "words masked-pairs negated distance side side-pairs position clause \
                       lexicon lexicon-side lexicon-clause lexicon-closest lexicon-verb \
                       spread spread-side spread-position spread-clause spread-closest spread-verb \
                       cluster-verb vectors vectors-distance vectors-side vectors-clause vectors-closest vectors-verb";

/// The families a model is trained with unless told otherwise.
pub fn default_families() -> Vec<Family> {
    known_families()
        .into_iter()
        .filter(|family| DEFAULT.split_whitespace().any(|name| name == family.name))
        .collect()
}

/// The families for a lexicon that the user brings.
pub fn own_families() -> Vec<Family> {
    const OWN: &str = "own own-side own-clause own-closest own-verb";
    known_families()
        .into_iter()
        .filter(|family| OWN.split_whitespace().any(|name| name == family.name))
        .collect()
}

/// The families that `names` chooses: names with or without a weight ("words:1.6"); `default` stands for the default ones, a minus before a
/// name takes it out. [`Error::Parameter`] names what is unknown and what there is.
pub fn choose_families(names: &[String]) -> Result<Vec<Family>> {
    let known = known_families();
    let mut chosen: Vec<Family> = Vec::new();
    for name in names {
        if name == "default" {
            chosen.extend(default_families());
            continue;
        }
        let (minus, name) = match name.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, name.as_str()),
        };
        let (name, weight) = match name.split_once(':') {
            None => (name, None),
            Some((name, weight)) => (
                name,
                Some(weight.parse::<f32>().map_err(|_| {
                    Error::Parameter(format!(
                        "family {name}: weight \"{weight}\" is not a number"
                    ))
                })?),
            ),
        };
        let names: Vec<&str> = known.iter().map(|family| family.name.as_str()).collect();
        let family = known
            .iter()
            .find(|family| family.name == name)
            .ok_or_else(|| {
                Error::Parameter(format!(
                    "there is no feature family \"{name}\"; there are {}",
                    names.join(", ")
                ))
            })?;
        chosen.retain(|family| family.name != name);
        if !minus {
            chosen.push(Family {
                weight: weight.unwrap_or(family.weight),
                ..family.clone()
            });
        }
    }
    Ok(chosen)
}

/// Where an occurrence stands, as far as its zone tells places apart: "after", "2 before", or nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place(u8);

impl Place {
    pub(crate) const ANYWHERE: Place = Place(0);
    pub(crate) const BEFORE: Place = Place(1);
    pub(crate) const AFTER: Place = Place(2);
    /// The code of offset 0; offsets -8 to 8 lie around it.
    const OFFSET_ZERO: u8 = 20;
    /// The farthest exact offset that has a code.
    const MAX_OFFSET: u32 = 8;

    /// Relations to the mention lie from here on.
    const FIRST_RELATION: u8 = 40;

    /// The place of a relation.
    pub(crate) fn of_relation(relation: Relation) -> Place {
        Place(Place::FIRST_RELATION + relation.code())
    }

    /// The relation a place stands for.
    fn relation(self) -> Option<Relation> {
        Relation::from_code(self.0.checked_sub(Place::FIRST_RELATION)?)
    }

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
            Place(code) if code >= Place::FIRST_RELATION => Ok(()),
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
    pub(crate) fn locate(self, piece: &Piece) -> Option<(Place, f32)> {
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
            Zone::Sentence | Zone::Relation => None,
            Zone::Distance { reach } => Some((Place::ANYWHERE, fade(reach))),
            Zone::Side { within, reach } => {
                (distance <= within).then(|| (side, reach.map_or(1.0, fade)))
            }
            Zone::Offset { within } => (distance <= within.min(Place::MAX_OFFSET)).then(|| {
                let code = i32::from(Place::OFFSET_ZERO) + nearest.offset;
                (Place(code as u8), 1.0)
            }),
            Zone::Clause => (nearest.clause == 0).then_some((side, 1.0)),
            Zone::Closest => piece.closest.then_some((side, 1.0)),
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

/// The parts of keys of units that are no words.
pub(crate) const GOOD: &str = "good words";
pub(crate) const BAD: &str = "bad words";
static GOOD_HASH: LazyLock<u64> = LazyLock::new(|| hash_word(GOOD));
static BAD_HASH: LazyLock<u64> = LazyLock::new(|| hash_word(BAD));

/// What a negated word's polarity is multiplied by: it counts less, and the other way (VADER's constant is -0.74).
const NEGATED: f32 = -0.7;

/// The hash a cluster has in keys.
pub(crate) fn cluster_hash(cluster: u16, fine: bool) -> u64 {
    mix(0xc1u64 + u64::from(fine), u64::from(cluster))
}

/// The relations of the mentions in `pieces` of `text`, where one of `families` asks for them.
pub(crate) fn related(families: &[Family], text: &str, pieces: &[Piece]) -> Vec<Related> {
    match families.iter().any(|family| family.zone == Zone::Relation) {
        true => relations(text, pieces),
        false => Vec::new(),
    }
}

/// Sends every occurrence of every family in `pieces`, with their relations, to `sink`.
pub(crate) fn occurrences(
    families: &[Family],
    table: &WordTable,
    pieces: &[Piece],
    related: &[Related],
    mut sink: impl FnMut(Occurrence),
) {
    for (index, family) in families.iter().enumerate() {
        if family.unit == Unit::Vector {
            continue;
        }
        let mut send = |place, words, weight, pieces| {
            sink(Occurrence {
                family: index as u8,
                place,
                words,
                weight,
                pieces,
            });
        };
        if family.zone == Zone::Relation {
            for related in related {
                let last = related.second.unwrap_or(related.first);
                let ends = (related.first.min(last), related.first.max(last));
                let place = Place::of_relation(related.relation);
                let first = family.unit.of(&pieces[related.first], table);
                let second = related
                    .second
                    .map(|second| family.unit.of(&pieces[second], table));
                let pairs = matches!(family.unit, Unit::Word | Unit::MaskedWord);
                match (first, second) {
                    (Some((word, weight)), None) => send(place, (word, None), weight, ends),
                    (Some((word, _)), Some(Some((second, _)))) if pairs => {
                        send(place, (word, Some(second)), 1.0, ends)
                    }
                    _ => {}
                }
            }
            continue;
        }
        if family.unit.is_pair() {
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
                if let Some((place, weight)) = family.zone.locate(nearer) {
                    send(place, words, weight, (i, i + 1));
                }
            }
            continue;
        }
        for (i, piece) in pieces.iter().enumerate() {
            if piece.is_subject() {
                continue;
            }
            if let Some((place, zone_weight)) = family.zone.locate(piece)
                && let Some((word, weight)) = family.unit.of(piece, table)
            {
                send(place, (word, None), zone_weight * weight, (i, i));
            }
        }
    }
}

impl Unit {
    fn is_pair(self) -> bool {
        matches!(self, Unit::Pair | Unit::MaskedPair)
    }

    /// Whether the unit needs a lexicon or clusters.
    pub fn needs_words(self) -> bool {
        matches!(
            self,
            Unit::Cluster { .. } | Unit::Polarity { .. } | Unit::Vector
        )
    }

    /// The hash a piece counts under and what it weighs, if it counts.
    fn of(self, piece: &Piece, table: &WordTable) -> Option<(u64, f32)> {
        match self {
            Unit::Word | Unit::Pair => Some((piece.stem, 1.0)),
            Unit::MaskedWord | Unit::MaskedPair => Some((piece.masked, 1.0)),
            Unit::NegatedWord => piece.negated.then_some((piece.stem, 1.0)),
            Unit::Vector => None,
            Unit::Cluster { fine } => {
                let cluster = table.cluster(piece.word?, fine)?;
                Some((cluster_hash(cluster, fine), 1.0))
            }
            Unit::Polarity { lexicon } => {
                let polarity = table.polarity(piece.word?, usize::from(lexicon));
                let felt = if piece.negated {
                    polarity * NEGATED
                } else {
                    polarity
                };
                let side = if felt > 0.0 { *GOOD_HASH } else { *BAD_HASH };
                (felt != 0.0).then(|| (side, felt.abs()))
            }
        }
    }
}
