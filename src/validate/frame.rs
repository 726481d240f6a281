//! The population that a sample is drawn from: every counted sentence of every article, its stratum and its weight; and the draw.
//!
//! ```text
//! ArticleScore --Frame::add--> Frame --Frame::draw--> the sentences to label, each with its inclusion probability
//! ```
//! Outlets get like numbers of sentences, as far as they have so many. Within an outlet the strata are the model's likeliest class, and
//! the voice where that is asked for; each gets its share of the outlet's weight. Within a stratum the draw is systematic with
//! probability proportional to a sentence's weight in the outlet's net stance, 1/(articles · sentences of the article), articles in random order
//! (Madow 1949; Tillé 2006, section 7.2): so the size is fixed, the inclusion probabilities are exact, and the sentences spread over as many
//! articles as they can. All chance comes from hashes of seed, model and sentence: the order of the input changes nothing.

use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use super::population::{Population, Scored};
use super::{Cell, hash};
use crate::score::ArticleScore;
use crate::span::Voice;

/// An article with its counted sentences.
#[derive(Debug, Clone)]
struct FrameArticle {
    /// What tells it from others, hashed with the seed.
    key: u64,
    /// Where its score went, as the caller counts.
    place: usize,
    /// Index of the sentence in its score, and its cell.
    sentences: Vec<(u32, Cell)>,
}

/// Collects the population.
#[derive(Debug)]
pub struct Frame {
    by_voice: bool,
    seed: u64,
    outlets: BTreeMap<String, Vec<FrameArticle>>,
    population: Population,
}

/// A drawn sentence.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawn {
    /// Its article's score, as the caller counted it.
    pub place: usize,
    /// Which of that score's sentences.
    pub sentence: usize,
    /// The probability with which it came into the sample.
    pub inclusion: f64,
    /// Its stratum, an index into [`Draw::strata`].
    pub stratum: usize,
    /// Random, for the order of the sample and for who is labelled twice.
    pub order: (u64, u64),
}

/// Sentences alike in outlet, likeliest class and voice.
#[derive(Debug, Clone, PartialEq)]
pub struct DrawnStratum {
    /// The outlet.
    pub outlet: String,
    /// Index of the likeliest class; `None` where the outlet is one stratum, because too few are drawn from it.
    pub class: Option<usize>,
    /// The voice, where voices are strata.
    pub voice: Option<Voice>,
    /// Sentences in it.
    pub n_population: usize,
    /// Sentences drawn.
    pub n_drawn: usize,
}

/// What was drawn.
#[derive(Debug, Clone, PartialEq)]
pub struct Draw {
    /// The sentences, in random order.
    pub sentences: Vec<Drawn>,
    /// The strata, by outlet, class and voice.
    pub strata: Vec<DrawnStratum>,
}

impl Frame {
    /// Begins; `by_voice` makes voices strata too. The digest of the `model` that scored is part of the chance: a draw made after a
    /// training is not the one before it again. Without one (simulations) the seed stands alone.
    pub fn new(by_voice: bool, seed: u64, model: Option<&str>) -> Frame {
        Frame {
            by_voice,
            seed: model.map_or(seed, |digest| hash(seed, "model", digest)),
            outlets: BTreeMap::new(),
            population: Population::default(),
        }
    }

    /// Adds an article's score if it counts and was not added before, and says so. `place` is how the caller finds it again.
    pub fn add(&mut self, score: &ArticleScore, classes: &[String], place: usize) -> bool {
        if self.population.add(score) != Scored::Counted {
            return false;
        }
        let sentences = score.sentences.iter().enumerate();
        let sentences = sentences
            .filter(|(_, sentence)| sentence.counts())
            .map(|(index, sentence)| {
                let cell = Cell::of(sentence, classes, self.by_voice);
                (index as u32, cell)
            })
            .collect();
        let article = FrameArticle {
            key: hash(self.seed, "article", &super::identity(score)),
            place,
            sentences,
        };
        let of_outlet = self.outlets.entry(score.outlet.clone());
        of_outlet.or_default().push(article);
        true
    }

    /// What the population is.
    pub fn population(&self) -> &Population {
        &self.population
    }

    /// Draws `n` sentences, or all where there are no more, from the outlets that `wanted` holds.
    pub fn draw(&self, n: usize, wanted: impl Fn(&str) -> bool) -> Draw {
        let outlets: Vec<(&String, Vec<&FrameArticle>)> = self
            .outlets
            .iter()
            .filter(|(outlet, _)| wanted(outlet))
            .map(|(outlet, articles)| {
                let mut articles: Vec<&FrameArticle> = articles.iter().collect();
                articles.sort_by_key(|article| article.key);
                (outlet, articles)
            })
            .collect();
        let sizes: Vec<usize> = outlets
            .iter()
            .map(|(_, articles)| articles.iter().map(|a| a.sentences.len()).sum())
            .collect();
        let mut draw = Draw {
            sentences: Vec::new(),
            strata: Vec::new(),
        };
        for ((outlet, articles), n) in outlets.iter().zip(filled(n, &sizes)) {
            self.draw_outlet(outlet, articles, n, &mut draw);
        }
        draw.sentences.sort_by_key(|sentence| sentence.order);
        draw
    }

    fn draw_outlet(&self, outlet: &str, articles: &[&FrameArticle], n: usize, draw: &mut Draw) {
        let mut strata: BTreeMap<Option<Cell>, Vec<Unit>> = BTreeMap::new();
        let apart = spread_shows(articles, n);
        for article in articles {
            let weight = 1.0 / (articles.len() * article.sentences.len()) as f64;
            for &(sentence, cell) in &article.sentences {
                let of_stratum = strata.entry(apart.then_some(cell)).or_default();
                of_stratum.push(Unit {
                    article: article.key,
                    place: article.place,
                    sentence: sentence as usize,
                    weight,
                });
            }
        }
        let weights: Vec<f64> = strata
            .values()
            .map(|units| units.iter().map(|unit| unit.weight).sum())
            .collect();
        let sizes: Vec<usize> = strata.values().map(Vec::len).collect();
        for ((cell, units), n) in strata.iter().zip(shared(n, &weights, &sizes)) {
            let start = hash(self.seed, outlet, &format!("{cell:?}"));
            let start = (start >> 11) as f64 / (1_u64 << 53) as f64;
            let stratum = draw.strata.len();
            draw.strata.push(DrawnStratum {
                outlet: outlet.to_string(),
                class: cell.map(|cell| cell.class),
                voice: cell.and_then(|cell| cell.voice),
                n_population: units.len(),
                n_drawn: n,
            });
            for (unit, inclusion) in systematic(units, n, start) {
                let which = format!("{} {}", unit.article, unit.sentence);
                draw.sentences.push(Drawn {
                    place: unit.place,
                    sentence: unit.sentence,
                    inclusion,
                    stratum,
                    order: (
                        hash(self.seed, "order", &which),
                        hash(self.seed, "second", &which),
                    ),
                });
            }
        }
    }
}

/// A sentence of a stratum.
#[derive(Debug, Clone)]
struct Unit {
    article: u64,
    place: usize,
    sentence: usize,
    weight: f64,
}

/// `n` shared out as evenly as `sizes` let it: nobody gets more than it has, and nobody less than another unless it has no more. What
/// cannot be split goes to the first that have room.
fn filled(n: usize, sizes: &[usize]) -> Vec<usize> {
    let mut given = vec![0; sizes.len()];
    let mut left = n.min(sizes.iter().sum());
    while left > 0 {
        let open: Vec<usize> = (0..sizes.len()).filter(|&k| given[k] < sizes[k]).collect();
        let each = left / open.len();
        if each == 0 {
            open.iter().take(left).for_each(|&k| given[k] += 1);
            break;
        }
        for k in open {
            let more = each.min(sizes[k] - given[k]);
            given[k] += more;
            left -= more;
        }
    }
    given
}

/// The fewest sentences a stratum gets, if the outlet has so many to give: of two the spread can be seen.
const LEAST: usize = 2;

/// Whether `n` sentences are enough to draw two, or all, from each cell of an outlet. Else a cell might get none, and what is never drawn
/// cannot be known.
fn spread_shows(articles: &[&FrameArticle], n: usize) -> bool {
    let mut sizes: BTreeMap<Cell, usize> = BTreeMap::new();
    for (_, cell) in articles.iter().flat_map(|article| &article.sentences) {
        *sizes.entry(*cell).or_default() += 1;
    }
    sizes.values().map(|&size| size.min(LEAST)).sum::<usize>() <= n
}

/// `n` shared out by weight: two each first, then by largest remainders; nobody gets more than it has.
fn shared(n: usize, weights: &[f64], sizes: &[usize]) -> Vec<usize> {
    let n = n.min(sizes.iter().sum());
    let mut given: Vec<usize> = sizes.iter().map(|&size| size.min(LEAST).min(n)).collect();
    // One at a time to whoever is furthest below its share.
    let total: f64 = weights.iter().sum();
    for _ in given.iter().sum::<usize>()..n {
        let lacks = |k: usize| weights[k] / total * n as f64 - given[k] as f64;
        let most = (0..sizes.len()).filter(|&k| given[k] < sizes[k]).fold(
            None,
            |best: Option<usize>, k| match best {
                Some(b) if lacks(b) >= lacks(k) => Some(b),
                _ => Some(k),
            },
        );
        given[most.expect("there is room for n")] += 1;
    }
    given
}

/// `n` of `units` with probabilities proportional to their weights (at most 1), by steps of 1 along their sum from `start` in [0, 1).
fn systematic(units: &[Unit], n: usize, start: f64) -> Vec<(&Unit, f64)> {
    let weights: Vec<f64> = units.iter().map(|unit| unit.weight).collect();
    let inclusion = inclusion_probabilities(&weights, n);
    let mut drawn = Vec::with_capacity(n);
    let (mut sum, mut next) = (0.0, start);
    for (unit, &inclusion) in units.iter().zip(&inclusion) {
        sum += inclusion;
        // Rounding must not let a sure one slip, nor the last.
        if sum > next + 1e-12 && drawn.len() < n {
            drawn.push((unit, inclusion));
            next += 1.0;
        }
    }
    drawn
}

/// Proportional to weights, none above 1, summing to `n`.
pub(super) fn inclusion_probabilities(weights: &[f64], n: usize) -> Vec<f64> {
    let mut sure = vec![false; weights.len()];
    loop {
        let n_sure = sure.iter().filter(|&&is| is).count();
        let rest: f64 = weights
            .iter()
            .zip(&sure)
            .filter(|(_, sure)| !**sure)
            .map(|(weight, _)| weight)
            .sum();
        let factor = (n - n_sure.min(n)) as f64 / rest;
        let mut more = false;
        for (weight, sure) in weights.iter().zip(&mut sure) {
            if !*sure && weight * factor >= 1.0 - 1e-12 {
                (*sure, more) = (true, true);
            }
        }
        if !more {
            return weights
                .iter()
                .zip(&sure)
                .map(|(weight, &sure)| if sure { 1.0 } else { weight * factor })
                .collect();
        }
    }
}

/// The first eight bytes of a digest as a number.
pub(super) fn digest_number(parts: &[&[u8]]) -> u64 {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part);
    }
    let bytes = digest.finalize();
    u64::from_le_bytes(bytes[..8].try_into().expect("a digest has 32 bytes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(weights: &[f64]) -> Vec<Unit> {
        let units = weights.iter().enumerate();
        units
            .map(|(place, &weight)| Unit {
                article: place as u64,
                place,
                sentence: 0,
                weight,
            })
            .collect()
    }

    #[test]
    fn numbers_are_shared_as_evenly_as_can_be() {
        assert_eq!(filled(10, &[3, 100, 100]), [3, 4, 3]);
        assert_eq!(filled(120, &[30, 40, 200]), [30, 40, 50]);
        assert_eq!(filled(500, &[3, 4]), [3, 4]);
        assert_eq!(filled(2, &[1, 1, 1]), [1, 1, 0]);
        assert_eq!(shared(10, &[0.5, 0.4, 0.1], &[50, 50, 50]), [5, 3, 2]);
        assert_eq!(shared(10, &[0.5, 0.4, 0.1], &[2, 50, 1]), [2, 7, 1]);
        assert_eq!(shared(4, &[1.0], &[9]), [4]);
    }

    #[test]
    fn every_sentence_comes_with_its_probability() {
        let weights = [0.05, 0.2, 0.1, 0.3, 0.05, 0.3];
        let units = units(&weights);
        let expected = inclusion_probabilities(&weights, 3);
        assert!((expected.iter().sum::<f64>() - 3.0).abs() < 1e-12);
        assert!((expected[3] - 0.9).abs() < 1e-12 && (expected[0] - 0.15).abs() < 1e-12);
        let starts = 10_000;
        let mut came = vec![0.0; units.len()];
        for start in 0..starts {
            let drawn = systematic(&units, 3, f64::from(start) / f64::from(starts));
            assert_eq!(drawn.len(), 3);
            for (unit, _) in drawn {
                came[unit.place] += 1.0 / f64::from(starts);
            }
        }
        for (came, expected) in came.iter().zip(&expected) {
            assert!((came - expected).abs() < 2e-4, "{came} {expected}");
        }
    }

    #[test]
    fn heavy_sentences_are_sure_and_all_are_where_n_is_large() {
        let weights = [0.7, 0.1, 0.1, 0.1];
        let units = units(&weights);
        assert_eq!(inclusion_probabilities(&weights, 2)[..2], [1.0, 1.0 / 3.0]);
        assert_eq!(inclusion_probabilities(&weights, 4), [1.0; 4]);
        assert_eq!(systematic(&units, 4, 0.999).len(), 4);
        assert_eq!(systematic(&units, 0, 0.5).len(), 0);
    }
}
