//! Labels joined with scores.
//!
//! Of every article of the population are kept its mean scores and how its sentences share out over the strata; of every labelled sentence its label, its
//! scores and its inclusion probability.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::population::{Population, Scored};
use super::sample::{Sample, SampleKey};
use super::{Cell, identity};
use statrs::distribution::{DiscreteCDF, Hypergeometric};

use crate::classifier::Classifier;
use crate::classifier::seen::SeenTexts;
use crate::error::{Error, Result};
use crate::score::{ArticleScore, Run};
use crate::span::Voice;

/// Collects what the labels of `sample` say of the scores they were drawn from.
#[derive(Debug)]
pub struct Tally {
    sample: Sample,
    /// Article and start of the sentence -> row of the sample.
    rows: HashMap<(String, usize, usize), usize>,
    population: Population,
    outlets: BTreeMap<String, Vec<TalliedArticle>>,
    /// What the model was trained on, where that is known.
    trained_on: Option<SeenTexts>,
    /// Outlet -> its sentences, and those the model was trained on.
    n_seen: BTreeMap<String, (usize, usize)>,
    /// Labelled sentences it was trained on.
    n_seen_labelled: usize,
}

/// What is kept of an article.
#[derive(Debug, Clone, PartialEq)]
struct TalliedArticle {
    identity: String,
    net_stance: Option<f64>,
    /// Mean probability of each class.
    shares: Vec<f64>,
    /// Sentences in each cell.
    cells: BTreeMap<Cell, usize>,
    n: usize,
    labelled: Vec<LabelledSentence>,
}

/// A labelled sentence with its scores.
#[derive(Debug, Clone, PartialEq)]
pub struct LabelledSentence {
    /// Row of the sample.
    pub row: usize,
    /// The first coder's class.
    pub label: usize,
    /// The model's likeliest class.
    pub predicted: usize,
    /// The model's net stance; `None` with plain classes.
    pub net_stance: Option<f64>,
    /// One probability a class.
    pub probabilities: Vec<f64>,
    /// Whose words it is.
    pub voice: Voice,
    /// The article, an index into [`OutletLabels::articles`].
    pub article: usize,
    /// 1/(articles of the outlet · sentences of the article).
    pub weight: f64,
    /// The probability of its being labelled.
    pub inclusion: f64,
    /// The stratum, an index into [`OutletArticle::strata`].
    pub stratum: usize,
}

/// An article of the population.
#[derive(Debug, Clone, PartialEq)]
pub struct OutletArticle {
    /// Mean net stance of its counted sentences; `None` with plain classes.
    pub net_stance: Option<f64>,
    /// Mean probability of each class.
    pub shares: Vec<f64>,
    /// The share of its sentences in each stratum.
    pub strata: Vec<f64>,
}

/// One outlet's articles and labels.
#[derive(Debug, Clone, PartialEq)]
pub struct OutletLabels {
    /// The outlet.
    pub outlet: String,
    /// All its articles with a counted sentence.
    pub articles: Vec<OutletArticle>,
    /// Their counted sentences.
    pub n_sentences: usize,
    /// Those with a label.
    pub labelled: Vec<LabelledSentence>,
}

/// Labels and scores, outlet by outlet.
#[derive(Debug, Clone, PartialEq)]
pub struct Labelled {
    /// The sample.
    pub sample: Sample,
    /// Every outlet with an article, in alphabetical order.
    pub outlets: Vec<OutletLabels>,
}

impl Tally {
    /// Begins. `run` made the scores, with `model` where that is at hand; the sample must be of the same model, subject and kind of
    /// sentences, and the model not trained on it. `name` is the sample's in messages.
    pub fn new(
        sample: Sample,
        run: &Run,
        model: Option<&Classifier>,
        subject: &str,
        name: &str,
    ) -> Result<Tally> {
        let key = &sample.key;
        let differs = |what: &str, sample: &str, scores: &str| {
            Err(Error::Data(format!(
                "{name} is a sample of another run: {what} {sample} there, {scores} in the scores; draw a sample from these scores, or give \
                 those it was drawn from"
            )))
        };
        if key.model != run.model {
            check_not_trained_on(&sample, model, name)?;
            let short = |digest: &str| digest.get(..12).unwrap_or(digest).to_string();
            return differs("the model is", &short(&key.model), &short(&run.model));
        }
        if key.subject != subject {
            return differs("the subject is", &quoted(&key.subject), &quoted(subject));
        }
        if key.sentences != run.sentences {
            let described = |set: &crate::score::SentenceSet| {
                format!(
                    "--mentions {}{}",
                    set.mentions,
                    if set.keep_furniture {
                        " with --keep-furniture"
                    } else {
                        ""
                    }
                )
            };
            return differs(
                "sentences counted are those of",
                &described(&key.sentences),
                &described(&run.sentences),
            );
        }
        let rows = key.rows.iter().enumerate();
        let rows = rows
            .map(|(row, of)| ((of.identity.clone(), of.span.0, of.span.1), row))
            .collect();
        Ok(Tally {
            sample,
            rows,
            population: Population::default(),
            outlets: BTreeMap::new(),
            trained_on: model.map(|model| model.seen.clone()),
            n_seen: BTreeMap::new(),
            n_seen_labelled: 0,
        })
    }

    /// Adds an article's score.
    pub fn add(&mut self, score: &ArticleScore) {
        if self.population.add(score) != Scored::Counted {
            return;
        }
        let key = &self.sample.key;
        let id = identity(score);
        let probabilities = |of: &BTreeMap<String, f64>| -> Vec<f64> {
            let classes = key.classes.iter();
            classes
                .map(|class| of.get(class).copied().unwrap_or(0.0))
                .collect()
        };
        let mut n_seen = 0;
        let mut article = TalliedArticle {
            net_stance: score.net_stance,
            shares: vec![0.0; key.classes.len()],
            cells: BTreeMap::new(),
            n: score.n,
            labelled: Vec::new(),
            identity: id,
        };
        for sentence in score.sentences.iter().filter(|sentence| sentence.counts()) {
            let p = probabilities(&sentence.probabilities);
            for (share, p) in article.shares.iter_mut().zip(&p) {
                *share += p / score.n as f64;
            }
            let seen = self.trained_on.as_ref();
            let seen = seen.is_some_and(|seen| seen.contains(&sentence.text));
            n_seen += usize::from(seen);
            let cell = Cell::of(sentence, &key.classes, key.by_voice);
            *article.cells.entry(cell).or_default() += 1;
            let place = (article.identity.clone(), sentence.span.0, sentence.span.1);
            let Some(&row) = self.rows.get(&place) else {
                continue;
            };
            let Some(label) = self.sample.labels[row] else {
                continue;
            };
            self.n_seen_labelled += usize::from(seen);
            article.labelled.push(LabelledSentence {
                row,
                label,
                predicted: Cell::of(sentence, &key.classes, false).class,
                net_stance: sentence.net_stance,
                probabilities: p,
                voice: sentence.voice,
                inclusion: key.rows[row].inclusion,
                // Known once all articles are.
                article: 0,
                weight: 0.0,
                stratum: 0,
            });
        }
        let of_outlet = self.n_seen.entry(score.outlet.clone()).or_default();
        *of_outlet = (of_outlet.0 + score.n, of_outlet.1 + n_seen);
        let of_outlet = self.outlets.entry(score.outlet.clone());
        of_outlet.or_default().push(article);
    }

    /// Joins labels and scores. `name` is the sample's in messages.
    ///
    /// Errors: the scores are not those the sample was drawn from.
    pub fn finish(mut self, name: &str) -> Result<Labelled> {
        let facts = self.population.facts();
        let drawn_from = &self.sample.key.population;
        if facts != drawn_from {
            let same_size = (facts.n_articles, facts.n_sentences)
                == (drawn_from.n_articles, drawn_from.n_sentences);
            return Err(Error::Data(format!(
                "{name} is a sample of another run: it was drawn from {} sentences in {} articles, {}; give all the scores it was drawn from and \
                 no others, or draw a sample from these",
                drawn_from.n_sentences,
                drawn_from.n_articles,
                match same_size {
                    true => "and the scores of as many here are not the same".to_string(),
                    false => format!("and here are {} in {}", facts.n_sentences, facts.n_articles),
                }
            )));
        }
        let note = self.training_note(name)?;
        self.sample.notes.extend(note);
        let key = &self.sample.key;
        let labels = &self.sample.labels;
        let outlets = self.outlets.into_iter();
        let outlets = outlets
            .map(|(outlet, articles)| outlet_labels(outlet, articles, key, labels))
            .collect();
        Ok(Labelled {
            outlets,
            sample: self.sample,
        })
    }
}

/// So seldom would a draw at random hold so many training sentences that it was no accident.
const NO_ACCIDENT: f64 = 0.001;

impl Tally {
    /// What to say of training sentences among the labelled.
    ///
    /// Sentences of the corpus that the model happens to know do no harm: a random draw holds its share of them, and they stand for each other. A
    /// sample that was trained on is another thing: it holds more than its share, and its errors are not those of the rest.
    fn training_note(&self, name: &str) -> Result<Option<String>> {
        let labelled = self.n_seen_labelled;
        if labelled == 0 {
            return Ok(None);
        }
        // Of the outlets that were drawn from.
        let drawn: BTreeSet<&String> = self.sample.key.strata.iter().map(|s| &s.outlet).collect();
        let of_drawn = self
            .n_seen
            .iter()
            .filter(|(outlet, _)| drawn.contains(outlet));
        let (n_all, all) = of_drawn.fold((0, 0), |sum, (_, of)| (sum.0 + of.0, sum.1 + of.1));
        let n_labelled = self.sample.n_labelled();
        let by_chance = Hypergeometric::new(n_all as u64, all as u64, n_labelled as u64)
            .map_or(1.0, |draw| draw.sf(labelled as u64 - 1));
        if by_chance < NO_ACCIDENT {
            return Err(Error::Data(format!(
                "the model was trained on {labelled} of the {n_labelled} labelled sentences of {name}, and on {all} of all {n_all}: it knows the answers \
                 of the sample better than those of the rest, so its error cannot be told from them. Score with a model that was not trained on \
                 this sample, or draw another"
            )));
        }
        Ok(Some(format!(
            "The model was trained on {labelled} of the {n_labelled} labelled sentences and on {all} of all {n_all}: a random draw holds its share of them, so what is \
             corrected stands, but the model's accuracy here flatters it a little for other texts."
        )))
    }
}

/// Refuses a sample that `model`, another than it was drawn with, was trained on: labels went into the model, and may not come out again as its
/// test.
fn check_not_trained_on(sample: &Sample, model: Option<&Classifier>, name: &str) -> Result<()> {
    let Some(model) = model else { return Ok(()) };
    let labelled = sample.labels.iter().zip(&sample.texts);
    let seen = labelled
        .filter(|(label, text)| label.is_some() && model.has_seen(text))
        .count();
    match seen * 2 > sample.n_labelled() {
        true => Err(Error::Data(format!(
            "the model of the scores was trained on {seen} of the {} labelled sentences of {name}: it knows the answers, so its error cannot be told \
             from them. Draw another sample from these scores and label that",
            sample.n_labelled()
        ))),
        false => Ok(()),
    }
}

fn quoted(name: &str) -> String {
    format!("\"{name}\"")
}

/// Strata of one outlet that count as one, because in some of them no drawn sentence is labelled yet.
struct Joined {
    /// Stratum of the key -> joined one.
    of: BTreeMap<usize, usize>,
    /// The share of the drawn sentences that is labelled, a joined stratum.
    labelled: Vec<f64>,
}

impl Joined {
    fn new(outlet: &str, key: &SampleKey, labels: &[Option<usize>]) -> Joined {
        let mut n_labelled = vec![0_usize; key.strata.len()];
        for (row, label) in key.rows.iter().zip(labels) {
            n_labelled[row.stratum] += usize::from(label.is_some());
        }
        let mut joined = Joined {
            of: BTreeMap::new(),
            labelled: Vec::new(),
        };
        let (mut drawn, mut with_label) = (0, 0);
        for (stratum, of_key) in key.strata.iter().enumerate() {
            if of_key.outlet != outlet {
                continue;
            }
            joined.of.insert(stratum, joined.labelled.len());
            drawn += of_key.n_drawn;
            with_label += n_labelled[stratum];
            if with_label > 0 {
                joined.labelled.push(with_label as f64 / drawn as f64);
                (drawn, with_label) = (0, 0);
            }
        }
        // What is left without labels at the end goes with the last.
        if let Some(last) = joined.labelled.len().checked_sub(1) {
            let open = joined.of.values_mut().filter(|of| **of > last);
            open.for_each(|of| *of = last);
            if drawn > 0 {
                let of_last: Vec<usize> = joined
                    .of
                    .iter()
                    .filter(|(_, of)| **of == last)
                    .map(|(&stratum, _)| stratum)
                    .collect();
                let drawn: usize = of_last.iter().map(|&s| key.strata[s].n_drawn).sum();
                let labelled: usize = of_last.iter().map(|&s| n_labelled[s]).sum();
                joined.labelled[last] = labelled as f64 / drawn as f64;
            }
        }
        joined
    }
}

fn outlet_labels(
    outlet: String,
    mut articles: Vec<TalliedArticle>,
    key: &SampleKey,
    labels: &[Option<usize>],
) -> OutletLabels {
    // Sums must not hang on the order of the input.
    articles.sort_by(|a, b| a.identity.cmp(&b.identity));
    let joined = Joined::new(&outlet, key, labels);
    let n_strata = joined.labelled.len();
    let mut strata: BTreeMap<Option<(usize, Option<Voice>)>, usize> = BTreeMap::new();
    for (stratum, of) in &joined.of {
        let of_key = &key.strata[*stratum];
        let class = of_key.class.as_ref();
        let class = class.and_then(|name| key.classes.iter().position(|class| class == name));
        strata.insert(class.map(|class| (class, of_key.voice)), *of);
    }
    let n_articles = articles.len();
    let mut labelled = Vec::new();
    let mut n_sentences = 0;
    let articles = articles.into_iter().enumerate();
    let articles: Vec<OutletArticle> = articles
        .map(|(index, article)| {
            n_sentences += article.n;
            let mut shares = vec![0.0; n_strata];
            for (cell, &n) in &article.cells {
                let of = strata.get(&Some((cell.class, cell.voice)));
                if let Some(&of) = of.or_else(|| strata.get(&None)) {
                    shares[of] += n as f64 / article.n as f64;
                }
            }
            labelled.extend(article.labelled.into_iter().map(|sentence| {
                let stratum = joined.of[&key.rows[sentence.row].stratum];
                LabelledSentence {
                    article: index,
                    weight: 1.0 / (n_articles * article.n) as f64,
                    inclusion: sentence.inclusion * joined.labelled[stratum],
                    stratum,
                    ..sentence
                }
            }));
            OutletArticle {
                net_stance: article.net_stance,
                shares: article.shares,
                strata: shares,
            }
        })
        .collect();
    OutletLabels {
        outlet,
        articles,
        n_sentences,
        labelled,
    }
}
