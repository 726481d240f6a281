//! The sentences a reader should look at: of each outlet those with the lowest and highest scores, and, for a page that opens every figure,
//! some drawn from each class, voice, frame and speaker.
//!
//! Drawn are those whose hash of seed, article and place is smallest: which ones does not hang on the order of the input.

use std::collections::{BTreeMap, BTreeSet};
use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;
use serde::Serialize;
use serde_json::Value;

use crate::score::{ArticleScore, MentionScore, SentenceScore, insets_of};
use crate::span::{CharSpan, Voice};

/// A sentence with its score and where it stands.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EvidenceSentence {
    /// Who published it.
    pub outlet: String,
    /// The article's id.
    pub article: String,
    /// Its headline.
    pub title: Option<String>,
    /// Its date, as the input writes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub date: Option<String>,
    /// Where it stands on the web: what the input has in a column `url` or `link`, if that begins with http.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Where in its text, in characters.
    pub span: CharSpan,
    /// The sentence; `None` where only places are wanted.
    pub text: Option<String>,
    /// Page text set into the sentence, which is not scored: places in the article's text, in characters.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub insets: Vec<CharSpan>,
    /// Whose words it is.
    pub voice: Voice,
    /// Who speaks, where one person or body does and the text names it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub speaker: Option<String>,
    /// The frames it has.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub frames: BTreeMap<String, f64>,
    /// Where it names the subject.
    pub mentions: Vec<MentionScore>,
    /// One probability a class.
    pub probabilities: BTreeMap<String, f64>,
    /// Its score.
    pub net_stance: Option<f64>,
}

impl EvidenceSentence {
    /// A sentence of `score`, with its words.
    pub fn new(score: &ArticleScore, sentence: &SentenceScore) -> EvidenceSentence {
        EvidenceSentence {
            outlet: score.outlet.clone(),
            article: score.article.clone(),
            title: score.title.clone(),
            date: score.date.clone(),
            url: url(score),
            span: sentence.span,
            text: Some(sentence.text.clone()),
            insets: insets_of(score, sentence),
            voice: sentence.voice,
            speaker: sentence.speaker.clone(),
            frames: sentence.frames.clone(),
            mentions: sentence.mentions.clone(),
            probabilities: sentence.probabilities.clone(),
            net_stance: sentence.net_stance,
        }
    }

    /// Its likeliest class, the first of equals.
    pub fn class(&self) -> Option<&str> {
        likeliest(&self.probabilities)
    }
}

/// The likeliest class, the first of equals.
pub(super) fn likeliest(probabilities: &BTreeMap<String, f64>) -> Option<&str> {
    let first = probabilities.iter().next()?;
    let best = probabilities
        .iter()
        .fold(first, |best, one| if one.1 > best.1 { one } else { best });
    Some(best.0)
}

/// A bounded collection: the `size` lowest and the `size` highest sentences of an outlet.
#[derive(Debug)]
pub(super) struct Strongest {
    size: usize,
    /// Ascending.
    lowest: Vec<EvidenceSentence>,
    /// Ascending.
    highest: Vec<EvidenceSentence>,
}

impl Strongest {
    pub fn new(size: usize) -> Strongest {
        Strongest {
            size,
            lowest: Vec::new(),
            highest: Vec::new(),
        }
    }

    /// Offers the counted sentences of `score`.
    pub fn add(&mut self, score: &ArticleScore) {
        for sentence in score.sentences.iter().filter(|sentence| sentence.counts()) {
            let Some(value) = sentence.net_stance else {
                continue;
            };
            let at = self
                .lowest
                .partition_point(|kept| kept.net_stance <= Some(value));
            if at < self.size {
                self.lowest
                    .insert(at, EvidenceSentence::new(score, sentence));
                self.lowest.truncate(self.size);
            }
            let at = self
                .highest
                .partition_point(|kept| kept.net_stance < Some(value));
            if at > 0 || self.highest.len() < self.size {
                self.highest
                    .insert(at, EvidenceSentence::new(score, sentence));
                if self.highest.len() > self.size {
                    self.highest.remove(0);
                }
            }
        }
    }

    /// The `n` lowest and the `n` highest, ascending, none twice.
    pub fn sentences(&self, n: usize) -> Vec<EvidenceSentence> {
        let mut all = self.lowest[..n.min(self.lowest.len())].to_vec();
        let kept = |one: &EvidenceSentence, all: &[EvidenceSentence]| {
            all.iter().any(|other| {
                other.article == one.article && other.span == one.span && other.text == one.text
            })
        };
        let first = self.highest.len().saturating_sub(n);
        for sentence in &self.highest[first..] {
            if !kept(sentence, &all) {
                all.push(sentence.clone());
            }
        }
        all
    }

    /// The `rank`th lowest and the `rank`th highest, from 0.
    fn ends(&self, rank: usize) -> impl Iterator<Item = &EvidenceSentence> {
        let highest = self.highest.iter().rev().nth(rank);
        self.lowest.get(rank).into_iter().chain(highest)
    }
}

/// Sentences of one kind, in the order of their hashes.
type Drawn = Vec<(u64, EvidenceSentence)>;

/// Sentences drawn of each outlet: by class and voice, by frame, by speaker.
#[derive(Debug)]
pub(super) struct Draw {
    size: usize,
    seed: u64,
    outlets: BTreeMap<String, OutletDraw>,
}

#[derive(Debug, Default)]
struct OutletDraw {
    /// Class and voice -> sentences there are, and those drawn.
    cells: BTreeMap<(String, Voice), (usize, Drawn)>,
    frames: BTreeMap<String, Drawn>,
    speakers: BTreeMap<String, Drawn>,
}

/// Sentences of a class and a voice in an outlet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentenceCount {
    /// The outlet.
    pub outlet: String,
    /// The likeliest class.
    pub class: String,
    /// Whose words.
    pub voice: Voice,
    /// How many.
    pub n: usize,
}

impl Draw {
    /// Draws `size` sentences of each class and voice, and one of each frame and speaker.
    pub fn new(size: usize, seed: u64) -> Draw {
        Draw {
            size,
            seed,
            outlets: BTreeMap::new(),
        }
    }

    /// Offers the prose sentences of `score`, the subject's own words included.
    pub fn add(&mut self, score: &ArticleScore) {
        let prose = score.sentences.iter().filter(|s| s.furniture.is_none());
        for sentence in prose {
            let Some(class) = likeliest(&sentence.probabilities) else {
                continue;
            };
            let hash = hash(self.seed, score, sentence);
            let of_outlet = self.outlets.entry(score.outlet.clone()).or_default();
            let cell = (class.to_string(), sentence.voice);
            let (n, drawn) = of_outlet.cells.entry(cell).or_default();
            *n += 1;
            offer(drawn, self.size, hash, score, sentence);
            let one = self.size.min(1);
            for frame in sentence.frames.keys() {
                let drawn = of_outlet.frames.entry(frame.clone()).or_default();
                offer(drawn, one, hash, score, sentence);
            }
            if let Some(speaker) = &sentence.speaker {
                let drawn = of_outlet.speakers.entry(speaker.clone()).or_default();
                offer(drawn, one, hash, score, sentence);
            }
        }
    }

    /// How many sentences there are of each class and voice in each outlet.
    pub fn counts(&self) -> Vec<SentenceCount> {
        let outlets = self.outlets.iter();
        outlets
            .flat_map(|(outlet, of)| {
                of.cells
                    .iter()
                    .map(move |((class, voice), (n, _))| SentenceCount {
                        outlet: outlet.clone(),
                        class: class.clone(),
                        voice: *voice,
                        n: *n,
                    })
            })
            .collect()
    }

    /// At most `limit` sentences, none twice: outlet by outlet in the order given, ascending. In turns of one outlet after the other come the ends of the scale,
    /// then one of each class and voice, then frames and the speakers that `shown` has, then the second ones.
    pub fn choose(
        &self,
        outlets: &[&str],
        strongest: &BTreeMap<String, Strongest>,
        shown: impl Fn(&str, &str) -> bool,
        limit: usize,
    ) -> Vec<EvidenceSentence> {
        let mut chosen = Chosen {
            limit,
            ..Chosen::default()
        };
        for rank in 0..self.size {
            let n_before = chosen.n_offered;
            for &outlet in outlets {
                let ends = strongest.get(outlet);
                for sentence in ends.into_iter().flat_map(|ends| ends.ends(rank)) {
                    chosen.add(outlet, sentence);
                }
            }
            for &outlet in outlets {
                let of = self.outlets.get(outlet);
                let cells = of.into_iter().flat_map(|of| of.cells.values());
                for (_, sentence) in cells.filter_map(|(_, drawn)| drawn.get(rank)) {
                    chosen.add(outlet, sentence);
                }
            }
            for &outlet in outlets {
                let Some(of) = self.outlets.get(outlet) else {
                    continue;
                };
                let speakers = of.speakers.iter().filter(|(name, _)| shown(outlet, name));
                let drawn = of.frames.values().chain(speakers.map(|(_, drawn)| drawn));
                for (_, sentence) in drawn.filter_map(|drawn| drawn.get(rank)) {
                    chosen.add(outlet, sentence);
                }
            }
            if chosen.n_offered == n_before || chosen.known.len() >= limit {
                break;
            }
        }
        outlets
            .iter()
            .flat_map(|&outlet| chosen.of(outlet))
            .collect()
    }
}

/// What was chosen so far.
#[derive(Debug, Default)]
struct Chosen<'s> {
    limit: usize,
    n_offered: usize,
    known: BTreeSet<(&'s str, &'s str, CharSpan, Option<&'s str>)>,
    by_outlet: BTreeMap<&'s str, Vec<&'s EvidenceSentence>>,
}

impl<'s> Chosen<'s> {
    fn add(&mut self, outlet: &'s str, sentence: &'s EvidenceSentence) {
        // Several articles may have one id.
        let text = sentence.text.as_deref();
        let place = (outlet, sentence.article.as_str(), sentence.span, text);
        self.n_offered += 1;
        if self.known.len() < self.limit && self.known.insert(place) {
            self.by_outlet.entry(outlet).or_default().push(sentence);
        }
    }

    /// The sentences of `outlet`, lowest first.
    fn of(&mut self, outlet: &str) -> Vec<EvidenceSentence> {
        let mut sentences = self.by_outlet.remove(outlet).unwrap_or_default();
        sentences.sort_by(|a, b| {
            let value = |s: &EvidenceSentence| s.net_stance.unwrap_or(0.0);
            value(a)
                .total_cmp(&value(b))
                .then_with(|| (&a.article, a.span).cmp(&(&b.article, b.span)))
        });
        sentences.into_iter().cloned().collect()
    }
}

/// Keeps the sentence if its hash is among the `size` smallest.
fn offer(
    drawn: &mut Drawn,
    size: usize,
    hash: u64,
    score: &ArticleScore,
    sentence: &SentenceScore,
) {
    let at = drawn.partition_point(|(other, _)| *other <= hash);
    if at < size {
        drawn.insert(at, (hash, EvidenceSentence::new(score, sentence)));
        drawn.truncate(size);
    }
}

/// A number that stands for chance.
fn hash(seed: u64, score: &ArticleScore, sentence: &SentenceScore) -> u64 {
    let mut hasher = FxHasher::default();
    let place = (&score.outlet, &score.article, sentence.span);
    (seed, place, &sentence.text).hash(&mut hasher);
    // The end of splitmix64, so that near places are far apart.
    let mut z = hasher.finish();
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Columns that hold the article's address.
const ADDRESS_COLUMNS: [&str; 4] = ["url", "link", "uri", "permalink"];

/// The article's address on the web, if the input has one.
fn url(score: &ArticleScore) -> Option<String> {
    let columns = score.extra.iter();
    columns
        .filter(|(name, _)| ADDRESS_COLUMNS.iter().any(|a| name.eq_ignore_ascii_case(a)))
        .filter_map(|(_, value)| match value {
            Value::String(url) => Some(url.trim()),
            _ => None,
        })
        .find(|url| is_web_address(url))
        .map(str::to_string)
}

/// Whether `url` leads to the web and nowhere else.
fn is_web_address(url: &str) -> bool {
    let scheme = url.split_once("://").map_or("", |(scheme, _)| scheme);
    ["http", "https"]
        .iter()
        .any(|s| scheme.eq_ignore_ascii_case(s))
        && !url.chars().any(|c| c.is_control() || c.is_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn article(id: usize, outlet: &str, stances: &[f64]) -> ArticleScore {
        let sentences = stances.iter().enumerate().map(|(place, &value)| {
            let favor = (value + 1.0) / 2.0;
            SentenceScore {
                span: CharSpan(place * 10, place * 10 + 9),
                text: format!("Sentence {place}."),
                furniture: None,
                voice: Voice::Outlet,
                speaker: (place == 1).then(|| "Ann Lee".to_string()),
                unnamed: false,
                camp: None,
                frames: BTreeMap::from([("law".to_string(), 0.7)]),
                mentions: Vec::new(),
                probabilities: [("against", 1.0 - favor), ("favor", favor)]
                    .map(|(class, p)| (class.to_string(), p))
                    .into(),
                net_stance: Some(value),
            }
        });
        ArticleScore {
            article: format!("a{id}"),
            outlet: outlet.to_string(),
            sentences: sentences.collect(),
            ..ArticleScore::default()
        }
    }

    #[test]
    fn what_is_drawn_hangs_on_no_order_and_is_bounded() {
        let articles: Vec<ArticleScore> = (0..40)
            .map(|id| article(id, ["A", "B"][id % 2], &[-0.5, 0.25 + id as f64 / 100.0]))
            .collect();
        let draw = |articles: &mut dyn Iterator<Item = &ArticleScore>, limit| {
            let mut draw = Draw::new(3, 1);
            let mut strongest: BTreeMap<String, Strongest> = BTreeMap::new();
            for article in articles {
                draw.add(article);
                let ends = strongest.entry(article.outlet.clone());
                ends.or_insert_with(|| Strongest::new(3)).add(article);
            }
            (
                draw.choose(&["B", "A"], &strongest, |_, _| true, limit),
                draw.counts(),
            )
        };
        let (there, counts) = draw(&mut articles.iter(), 100);
        let (back, _) = draw(&mut articles.iter().rev(), 100);
        let in_cell = |s: &EvidenceSentence| s.class() == Some("favor") && s.outlet == "A";
        assert_eq!(
            there.iter().filter(|s| in_cell(s)).count(),
            back.iter().filter(|s| in_cell(s)).count()
        );
        assert!(there.len() <= 2 * (6 + 6 + 2), "{}", there.len());
        assert!(there[0].outlet == "B" && there.last().unwrap().outlet == "A");
        assert_eq!(counts.iter().map(|c| c.n).sum::<usize>(), 80);
        assert_eq!(draw(&mut articles.iter(), 5).0.len(), 5);
    }

    #[test]
    fn only_web_addresses_are_links() {
        for url in ["https://a.example/x?y=1", "HTTP://a.example"] {
            assert!(is_web_address(url), "{url}");
        }
        for url in [
            "javascript:alert(1)",
            "data:text/html,x",
            "//a.example",
            "java\nscript://x",
            "https://a.example/\u{0}",
            "",
        ] {
            assert!(!is_web_address(url), "{url}");
        }
    }
}
