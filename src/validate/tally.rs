//! Labels joined with scores.
//!
//! Of every article of the population are kept its mean scores and how its sentences share out over the strata; of every labelled sentence its label, its
//! scores and its inclusion probability.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::frame::inclusion_probabilities;
use super::population::{Population, Scored};
use super::sample::{Sample, SampleKey, marked, unmarked};
use super::{Cell, identity};
use crate::classifier::Classifier;
use crate::classifier::seen::SeenTexts;
use crate::error::{Error, Result};
use crate::score::{ArticleScore, Run};
use crate::span::Voice;

/// Collects what the labels of `sample` say of the scores they were drawn from.
#[derive(Debug)]
pub struct Tally {
    sample: Sample,
    /// Article -> start and end of its drawn sentences -> row of the sample.
    rows: HashMap<String, BTreeMap<(usize, usize), usize>>,
    /// How each row was met among the scores.
    met: Vec<Met>,
    population: Population,
    outlets: BTreeMap<String, Vec<TalliedArticle>>,
    /// What the model was trained on, where that is known.
    trained_on: Option<SeenTexts>,
    /// Outlet -> its sentences, and those the model was trained on.
    n_seen: BTreeMap<String, (usize, usize)>,
    /// Labelled sentences it was trained on.
    n_seen_labelled: usize,
}

/// How a row of the sample was met among the scores.
#[derive(Debug, Clone, Default)]
struct Met {
    n_times: usize,
    /// Counted sentences of its article.
    n: usize,
    cell: Option<Cell>,
    outlet: String,
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
    /// The probability of its being labelled, such that in each stratum what the labelled stand for is the stratum's weight. Above 1 where few of
    /// a prefix of the sample stand for more than they were drawn to.
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
                "{name} is a sample of another run: {what} {sample} there, {scores} in the scores; draw a sample from these scores (validate draw), or \
                 give those it was drawn from"
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
                let kept = if set.keep_furniture {
                    " with --keep-furniture"
                } else {
                    ""
                };
                let plain = if set.plain { " with --plain" } else { "" };
                format!("--mentions {}{kept}{plain}", set.mentions)
            };
            return differs(
                "sentences counted are those of",
                &described(&key.sentences),
                &described(&run.sentences),
            );
        }
        if (&key.classes, &key.polarity) != (&run.classes, &run.polarity) {
            return Err(edited(
                name,
                "its classes, or what they are worth, are not those of the model",
            ));
        }
        let mut rows: HashMap<String, BTreeMap<(usize, usize), usize>> = HashMap::new();
        for (row, of) in key.rows.iter().enumerate() {
            let of_article = rows.entry(of.identity.clone()).or_default();
            of_article.insert((of.span.0, of.span.1), row);
        }
        Ok(Tally {
            met: vec![Met::default(); sample.key.rows.len()],
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
        let drawn = self.rows.get(&article.identity);
        for sentence in score.sentences.iter().filter(|sentence| sentence.counts()) {
            let p = probabilities(&sentence.probabilities);
            for (share, p) in article.shares.iter_mut().zip(&p) {
                *share += p / score.n as f64;
            }
            // A table of a sample may have been trained on as it is, marks and all.
            let seen = self.trained_on.as_ref();
            let seen = seen.is_some_and(|seen| {
                seen.contains(&sentence.text) || seen.contains(&marked(sentence))
            });
            n_seen += usize::from(seen);
            let cell = Cell::of(sentence, &key.classes, key.by_voice);
            *article.cells.entry(cell).or_default() += 1;
            let place = (sentence.span.0, sentence.span.1);
            let Some(&row) = drawn.and_then(|drawn| drawn.get(&place)) else {
                continue;
            };
            let met = &mut self.met[row];
            met.n_times += 1;
            met.n = score.n;
            met.cell = Some(cell);
            met.outlet.clone_from(&score.outlet);
            let Some(label) = self.sample.labels[row] else {
                continue;
            };
            self.n_seen_labelled += usize::from(seen);
            article.labelled.push(LabelledSentence {
                row,
                label,
                predicted: cell.class,
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
        let strata = strata_by_outlet(&self.sample.key);
        self.check_rows()
            .and_then(|()| self.check_strata(&strata))
            .map_err(|problem| edited(name, &problem))?;
        let note = self.training_note();
        self.sample.notes.extend(note);
        let key = &self.sample.key;
        let mut n_labelled = vec![0_usize; key.strata.len()];
        for (row, label) in key.rows.iter().zip(&self.sample.labels) {
            n_labelled[row.stratum] += usize::from(label.is_some());
        }
        let outlets = self.outlets.into_iter();
        let outlets = outlets
            .map(|(outlet, articles)| {
                let of_outlet = strata.get(&outlet).map_or(&[][..], Vec::as_slice);
                outlet_labels(outlet, articles, key, of_outlet, &n_labelled)
            })
            .collect();
        Ok(Labelled {
            outlets,
            sample: self.sample,
        })
    }

    /// Every row is one sentence of the scores, in the stratum and outlet that the key says.
    fn check_rows(&self) -> Result<(), String> {
        let key = &self.sample.key;
        for (row, met) in key.rows.iter().zip(&self.met) {
            let id = &row.sample_id;
            let Some(cell) = met.cell else {
                return Err(format!("{id} is no sentence of the scores"));
            };
            if met.n_times > 1 {
                return Err(format!("{id} is {} sentences of the scores", met.n_times));
            }
            let stratum = &key.strata[row.stratum];
            let class = stratum.class.as_ref();
            let fits = class.is_none_or(|class| *class == key.classes[cell.class]);
            if met.outlet != row.outlet
                || !fits
                || stratum.voice.is_some_and(|v| Some(v) != cell.voice)
            {
                return Err(format!("{id} is in another stratum by the scores"));
            }
        }
        Ok(())
    }

    /// The strata have as many sentences, and the rows the probabilities, as a draw from the scores gives.
    fn check_strata(&self, strata: &BTreeMap<String, Vec<usize>>) -> Result<(), String> {
        let key = &self.sample.key;
        // Stratum -> the numbers of counted sentences of its sentences' articles.
        let mut lengths: Vec<Vec<usize>> = vec![Vec::new(); key.strata.len()];
        for (outlet, of_outlet) in strata {
            let Some(articles) = self.outlets.get(outlet) else {
                return Err(format!(
                    "it draws from \"{outlet}\", which the scores do not have"
                ));
            };
            let of_cell = cells(key, of_outlet.iter().map(|&stratum| (stratum, stratum)));
            for article in articles {
                for (cell, &n) in &article.cells {
                    let stratum = stratum_of(&of_cell, *cell);
                    let stratum = stratum.ok_or("some sentences are in no stratum")?;
                    lengths[stratum].extend(std::iter::repeat_n(article.n, n));
                }
            }
        }
        let mut inclusion: Vec<HashMap<usize, f64>> = Vec::with_capacity(key.strata.len());
        for (of_key, lengths) in key.strata.iter().zip(&lengths) {
            if of_key.n_population != lengths.len() {
                return Err(format!(
                    "a stratum of \"{}\" has {} sentences there, {} in the scores",
                    of_key.outlet,
                    of_key.n_population,
                    lengths.len()
                ));
            }
            let weights: Vec<f64> = lengths.iter().map(|&n| 1.0 / n as f64).collect();
            let probabilities = inclusion_probabilities(&weights, of_key.n_drawn);
            inclusion.push(lengths.iter().copied().zip(probabilities).collect());
        }
        const ROUNDING: f64 = 1e-6;
        for (row, met) in key.rows.iter().zip(&self.met) {
            let expected = inclusion[row.stratum].get(&met.n).copied();
            if expected.is_none_or(|expected| (row.inclusion - expected).abs() > ROUNDING) {
                return Err(format!(
                    "the inclusion probability of {} is {} there, {} by the scores",
                    row.sample_id,
                    row.inclusion,
                    expected.unwrap_or(0.0)
                ));
            }
        }
        Ok(())
    }
}

/// A key that no draw from these scores wrote.
fn edited(name: &str, problem: &str) -> Error {
    Error::Data(format!(
        "the key of {name} was edited: {problem}; put back the one that `standpoint validate draw` wrote"
    ))
}

/// Outlet -> its strata, as indices.
fn strata_by_outlet(key: &SampleKey) -> BTreeMap<String, Vec<usize>> {
    let mut strata: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, stratum) in key.strata.iter().enumerate() {
        strata
            .entry(stratum.outlet.clone())
            .or_default()
            .push(index);
    }
    strata
}

/// Class and voice of a stratum -> what `strata` has beside it; nothing stands for all.
type OfCell = BTreeMap<Option<(usize, Option<Voice>)>, usize>;

fn cells(key: &SampleKey, strata: impl Iterator<Item = (usize, usize)>) -> OfCell {
    let of = strata.map(|(stratum, value)| {
        let of_key = &key.strata[stratum];
        let class = of_key.class.as_ref();
        let class = class.and_then(|name| key.classes.iter().position(|class| class == name));
        (class.map(|class| (class, of_key.voice)), value)
    });
    of.collect()
}

fn stratum_of(of_cell: &OfCell, cell: Cell) -> Option<usize> {
    let of = of_cell.get(&Some((cell.class, cell.voice)));
    of.or_else(|| of_cell.get(&None)).copied()
}

impl Tally {
    /// What to say of training sentences among the labelled. They do no harm to what is corrected: a sample of scores was drawn after the
    /// training, each sentence with a known probability, whatever the model knows of it.
    fn training_note(&self) -> Option<String> {
        let labelled = self.n_seen_labelled;
        if labelled == 0 {
            return None;
        }
        // Of the outlets that were drawn from.
        let drawn: BTreeSet<&String> = self.sample.key.strata.iter().map(|s| &s.outlet).collect();
        let of_drawn = self
            .n_seen
            .iter()
            .filter(|(outlet, _)| drawn.contains(outlet));
        let (n_all, all) = of_drawn.fold((0, 0), |sum, (_, of)| (sum.0 + of.0, sum.1 + of.1));
        Some(format!(
            "The model was trained on {labelled} of the {} labelled sentences and on {all} of all {n_all}. The sample was drawn after the training with known \
             probabilities, so what is corrected stands; but the model's accuracy here flatters it for other texts.",
            self.sample.n_labelled()
        ))
    }
}

/// Refuses a sample that `model`, another than it was drawn with, was trained on: labels went into the model, and may not come out again as its
/// test.
fn check_not_trained_on(sample: &Sample, model: Option<&Classifier>, name: &str) -> Result<()> {
    let Some(model) = model else { return Ok(()) };
    let labelled = sample.labels.iter().zip(&sample.texts);
    let seen = labelled
        .filter(|(label, text)| {
            label.is_some() && (model.has_seen(text) || model.has_seen(&unmarked(text)))
        })
        .count();
    match seen * 2 > sample.n_labelled() {
        true => Err(Error::Data(format!(
            "the model of the scores was trained on {seen} of the {} labelled sentences of {name}: it knows the answers, so its error cannot be told \
             from them. Draw another sample from these scores (validate draw; another --seed gives another draw) and label that",
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
    /// Stratum of the key -> joined one. Empty where nothing of the outlet is labelled.
    of: BTreeMap<usize, usize>,
    /// The share of the drawn sentences that is labelled, a joined stratum.
    labelled: Vec<f64>,
}

impl Joined {
    /// Joins `strata`, those of one outlet; `n_labelled` is of all strata of the key.
    fn new(strata: &[usize], key: &SampleKey, n_labelled: &[usize]) -> Joined {
        // Of each joined stratum: drawn, labelled.
        let mut counts: Vec<(usize, usize)> = Vec::new();
        let mut of = BTreeMap::new();
        let mut open = (0, 0);
        for &stratum in strata {
            of.insert(stratum, counts.len());
            open.0 += key.strata[stratum].n_drawn;
            open.1 += n_labelled[stratum];
            if open.1 > 0 {
                counts.push(std::mem::take(&mut open));
            }
        }
        let Some(last) = counts.len().checked_sub(1) else {
            return Joined {
                of: BTreeMap::new(),
                labelled: Vec::new(),
            };
        };
        // What is left without labels at the end goes with the last.
        of.values_mut().for_each(|of| *of = (*of).min(last));
        counts[last].0 += open.0;
        Joined {
            of,
            labelled: counts
                .iter()
                .map(|&(drawn, labelled)| labelled as f64 / drawn as f64)
                .collect(),
        }
    }
}

/// Makes what the labelled sentences of each stratum stand for the stratum's known weight (Hájek): a prefix of the sample holds now more, now less
/// of it. Gives the factors on the probabilities, which are 1 where the whole sample is labelled.
fn calibrate(
    articles: &[OutletArticle],
    labelled: &mut [LabelledSentence],
    n_strata: usize,
) -> Vec<f64> {
    let mut known = vec![0.0; n_strata];
    for article in articles {
        for (known, share) in known.iter_mut().zip(&article.strata) {
            *known += share / articles.len() as f64;
        }
    }
    let mut stood_for = vec![0.0; n_strata];
    for sentence in labelled.iter() {
        stood_for[sentence.stratum] += sentence.weight / sentence.inclusion;
    }
    let factors: Vec<f64> = stood_for.iter().zip(&known).map(|(s, w)| s / w).collect();
    for sentence in labelled {
        sentence.inclusion *= factors[sentence.stratum];
    }
    factors
}

fn outlet_labels(
    outlet: String,
    mut articles: Vec<TalliedArticle>,
    key: &SampleKey,
    strata: &[usize],
    n_labelled: &[usize],
) -> OutletLabels {
    // Sums must not hang on the order of the input.
    articles.sort_by(|a, b| a.identity.cmp(&b.identity));
    let joined = Joined::new(strata, key, n_labelled);
    let n_strata = joined.labelled.len();
    let of_cell = cells(key, joined.of.iter().map(|(&stratum, &of)| (stratum, of)));
    let n_articles = articles.len();
    let mut labelled = Vec::new();
    let mut n_sentences = 0;
    let articles = articles.into_iter().enumerate();
    let articles: Vec<OutletArticle> = articles
        .map(|(index, article)| {
            n_sentences += article.n;
            let mut shares = vec![0.0; n_strata];
            for (cell, &n) in &article.cells {
                if let Some(of) = stratum_of(&of_cell, *cell) {
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
    calibrate(&articles, &mut labelled, n_strata);
    OutletLabels {
        outlet,
        articles,
        n_sentences,
        labelled,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::{Coverage, SentenceScore, SentenceSet};
    use crate::span::CharSpan;
    use crate::validate::{DrawnSentence, Frame, SampleKey, correct};

    fn run() -> Run {
        Run {
            frames: None,
            version: String::new(),
            model: "planted".to_string(),
            classes: ["negative", "neutral", "positive"]
                .map(str::to_string)
                .to_vec(),
            polarity: Some(vec![-1, 0, 1]),
            construct: None,
            trained: None,
            subjects: Vec::new(),
            sentences: SentenceSet::default(),
            camps: BTreeMap::new(),
            coverage: Coverage::default(),
        }
    }

    fn sentence(place: usize, outlet: usize) -> SentenceScore {
        let read = [0.7, 0.2, 0.1];
        let turn = (place * 7 + outlet) % 3;
        let p: Vec<f64> = (0..3).map(|k| read[(k + turn) % 3]).collect();
        SentenceScore {
            frames: Default::default(),
            span: CharSpan(10 * place, 10 * place + 9),
            text: format!("No. {place}"),
            furniture: None,
            voice: Voice::default(),
            speaker: None,
            unnamed: false,
            camp: None,
            mentions: Vec::new(),
            net_stance: Some(p[2] - p[0]),
            probabilities: run().classes.into_iter().zip(p).collect(),
        }
    }

    /// Two outlets of 30 articles with 1 to 9 sentences.
    fn scores() -> Vec<ArticleScore> {
        let both = (0..2).flat_map(|outlet| (0..30).map(move |article| (outlet, article)));
        both.map(|(outlet, article)| {
            let n = 1 + (article * 5) % 9;
            let sentences: Vec<SentenceScore> = (0..n)
                .map(|place| sentence(place + article, outlet))
                .collect();
            let sum: f64 = sentences.iter().filter_map(|s| s.net_stance).sum();
            ArticleScore {
                article: format!("{article}"),
                outlet: ["Dawn", "Dusk"][outlet].to_string(),
                subject: "Mara Voss".to_string(),
                net_stance: Some(sum / n as f64),
                n,
                length: 500,
                sentences,
                ..ArticleScore::default()
            }
        })
        .collect()
    }

    /// A sample of `n` sentences with the first `labels` of it labelled.
    fn sample(scores: &[ArticleScore], n: usize, labels: &[usize]) -> Sample {
        let run = run();
        let mut frame = Frame::new(false, 1, Some(&run.model));
        for (place, score) in scores.iter().enumerate() {
            frame.add(score, &run.classes, place);
        }
        let draw = frame.draw(n, |_| true);
        let drawn = draw.sentences.iter().map(|drawn| DrawnSentence {
            outlet: scores[drawn.place].outlet.clone(),
            article: scores[drawn.place].article.clone(),
            identity: identity(&scores[drawn.place]),
            span: scores[drawn.place].sentences[drawn.sentence].span,
            text: String::new(),
            marked: String::new(),
            before: String::new(),
            after: String::new(),
            stratum: drawn.stratum,
            inclusion: drawn.inclusion,
            second_order: 0,
        });
        let drawn: Vec<DrawnSentence> = drawn.collect();
        let n_drawn = drawn.len();
        Sample {
            key: SampleKey::new(
                &run,
                "Mara Voss",
                frame.population(),
                (1, false),
                &draw.strata,
                &drawn,
                0,
            ),
            labels: (0..n_drawn).map(|row| labels.get(row).copied()).collect(),
            second: None,
            notes: Vec::new(),
            texts: vec![String::new(); n_drawn],
        }
    }

    fn join(sample: Sample, scores: &[ArticleScore]) -> Result<Labelled> {
        let mut tally = Tally::new(sample, &run(), None, "Mara Voss", "s.csv")?;
        scores.iter().for_each(|score| tally.add(score));
        tally.finish("s.csv")
    }

    #[test]
    fn a_whole_sample_stands_for_the_strata_as_it_was_drawn() {
        let scores = scores();
        for n in [40, 100, 1000] {
            let sample = sample(&scores, n, &[1; 1000]);
            let inclusion: Vec<f64> = sample.key.rows.iter().map(|row| row.inclusion).collect();
            for of in join(sample, &scores).expect("one run").outlets {
                for sentence in &of.labelled {
                    let factor = sentence.inclusion / inclusion[sentence.row];
                    assert!((factor - 1.0).abs() < 1e-9, "{n}: {factor}");
                }
            }
        }
    }

    #[test]
    fn one_label_throughout_is_the_figure_of_every_prefix() {
        let scores = scores();
        let mut n_corrected = 0;
        for n in [50, 120, 1000] {
            for n_labelled in (1..=n).step_by(7) {
                for class in 0..3 {
                    let sample = sample(&scores, n, &vec![class; n_labelled]);
                    let labelled = join(sample, &scores).expect("one run");
                    for of in &labelled.outlets {
                        let total: f64 = of.labelled.iter().map(|s| s.weight / s.inclusion).sum();
                        assert!(of.labelled.is_empty() || (total - 1.0).abs() < 1e-9);
                    }
                    for outlet in correct(&labelled, 0.95).expect("polarity").outlets {
                        let Some(corrected) = outlet.corrected else {
                            continue;
                        };
                        assert!((corrected.value - (class as f64 - 1.0)).abs() < 1e-6);
                        let all = outlet.n_labelled == outlet.n_sentences;
                        assert_eq!(corrected.corpus.is_some(), all, "only a census is sure");
                        let share = outlet.shares["neutral"].corpus.expect("Wilson's");
                        assert!(all || share.0 < share.1);
                        n_corrected += 1;
                    }
                }
            }
        }
        assert!(n_corrected > 100, "{n_corrected}");
    }

    #[test]
    fn figures_of_prefixes_stay_on_the_scale_and_outlets_without_labels_are_refused() {
        let scores = scores();
        let labels: Vec<usize> = (0..400)
            .map(|row| if row % 9 == 0 { 1 } else { 2 })
            .collect();
        for n_labelled in 1..100 {
            let labelled = join(sample(&scores, 100, &labels[..n_labelled]), &scores);
            let correction = correct(&labelled.expect("one run"), 0.95).expect("polarity");
            for outlet in correction.outlets {
                let within = |of: f64| (-1.0..=1.0).contains(&of);
                assert!(outlet.corrected.is_none_or(|of| within(of.value)));
                if outlet.n_labelled == 0 {
                    assert_eq!(
                        outlet.refused.as_deref(),
                        Some("no sentence of it is labelled")
                    );
                }
            }
        }
    }

    #[test]
    fn edited_keys_are_refused() {
        let scores = scores();
        type Edit = fn(&mut SampleKey);
        let edits: [(Edit, &str); 5] = [
            (
                |key| key.rows[3].inclusion *= 0.5,
                "the inclusion probability of s04 is",
            ),
            (
                |key| key.rows[3].span = CharSpan(9_999, 10_008),
                "s04 is no sentence of the scores",
            ),
            (
                |key| {
                    let other = key.rows.iter().position(|row| row.stratum == 1);
                    let row = key.rows.iter().position(|row| row.stratum == 0);
                    key.rows[row.expect("one")].stratum = 1;
                    key.rows[other.expect("one")].stratum = 0;
                },
                "is in another stratum by the scores",
            ),
            (
                |key| key.strata[0].n_population += 1,
                "a stratum of \"Dawn\" has",
            ),
            (
                |key| key.polarity = Some(vec![1, 0, -1]),
                "its classes, or what they are worth",
            ),
        ];
        for (edit, problem) in edits {
            let mut sample = sample(&scores, 60, &[0; 60]);
            edit(&mut sample.key);
            let error = join(sample, &scores).expect_err("edited").to_string();
            let starts = error.starts_with("the key of s.csv was edited: ");
            assert!(starts && error.contains(problem), "{error}");
        }
    }

    #[test]
    fn another_model_draws_other_sentences() {
        let scores = scores();
        let draw = |model: &str| {
            let mut frame = Frame::new(false, 1, Some(model));
            for (place, score) in scores.iter().enumerate() {
                frame.add(score, &run().classes, place);
            }
            frame.draw(40, |_| true)
        };
        assert_eq!(draw("a"), draw("a"));
        assert_ne!(draw("a").sentences, draw("b").sentences);
    }
}
