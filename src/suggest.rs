//! The sentences whose labels would teach a model most: those it is unsure of, no two alike, spread over outlets and articles.
//!
//! In: [`ArticleScore`]s of one subject, and the texts that have labels already. Out: [`Suggested`], the next sentences to label, in the order in
//! which they were picked. They are for training alone: chosen because the model is unsure of them, they say nothing about how often it is right.
//!
//! Unsure is a small margin between the two likeliest classes (Scheffer, Decomain & Wrobel 2001), after calibration. The choice is greedy by maximal
//! marginal relevance (Carbonell & Goldstein 1998): each time the sentence that is most unsure, least like those picked, and of an outlet with few
//! picks. Only a bounded number of candidates an outlet is kept, so any number of articles can come by.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::hash::{Hash, Hasher};

use rayon::prelude::*;
use rustc_hash::FxHasher;

use crate::classifier::Classifier;
use crate::score::{ArticleScore, Seen, SentenceScore};
use crate::span::{CharOffsets, CharSpan, Span};
use crate::text::{How, TokenKind, tokenize, word_form};
use crate::wording::harmless;

/// What the column `picked_by` says.
pub const PICKED_BY: &str = "uncertainty and diversity";

/// The most sentences of one article.
const MOST_OF_ARTICLE: usize = 2;

/// Candidates of one article: more than are picked, because some are like others.
const CANDIDATES_OF_ARTICLE: usize = 4;

/// From this share of common words on (Jaccard) two sentences are near-alike, and only one is picked.
const NEAR_ALIKE: f64 = 0.6;

/// How much being unsure counts against being unlike the others (1 minus this).
const UNCERTAINTY: f64 = 0.7;

/// What it costs a sentence if all picks so far are of its outlet.
const SAME_OUTLET: f64 = 0.3;

/// Letters from which on a word counts when sentences are compared; shorter ones are in all of them.
const WORD_LETTERS: usize = 4;

/// A sentence to label.
#[derive(Debug, Clone, PartialEq)]
pub struct Suggestion {
    /// The sentence on one line.
    pub text: String,
    /// Where it first names the subject, in characters of `text`.
    pub mention: CharSpan,
    /// Its article.
    pub article: String,
    /// Its outlet.
    pub outlet: String,
    /// 1 minus the margin between the two likeliest classes, 0 to 1.
    pub uncertainty: f64,
}

/// What was picked, and what was not.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Suggested {
    /// The picks, first pick first.
    pub rows: Vec<Suggestion>,
    /// Counted sentences gone through, each text once.
    pub n_sentences: usize,
    /// Left out because the model was trained on them.
    pub n_trained_on: usize,
    /// Left out because they have a label or wait for one.
    pub n_labelled: usize,
}

/// A sentence that may be picked.
#[derive(Debug, Clone)]
struct Candidate {
    row: Suggestion,
    /// Hashes of its words, sorted, each once.
    words: Vec<u32>,
}

/// Collects candidates.
#[derive(Debug)]
pub struct Suggester<'m> {
    n: usize,
    model: Option<&'m Classifier>,
    /// Hashes of the texts with labels.
    labelled: HashSet<u64>,
    labelled_words: Vec<Vec<u32>>,
    articles: Seen,
    /// Hashes of the texts that came by.
    texts: HashSet<u64>,
    outlets: BTreeMap<String, Vec<Candidate>>,
    suggested: Suggested,
}

impl<'m> Suggester<'m> {
    /// Begins to look for `n` sentences; those that `model` was trained on and those in `labelled` are left out.
    pub fn new<'t>(
        n: usize,
        model: Option<&'m Classifier>,
        labelled: impl Iterator<Item = &'t str>,
    ) -> Suggester<'m> {
        let (hashes, words) = labelled
            .map(|text| (text_hash(text), words(text, &[])))
            .unzip();
        Suggester {
            n,
            model,
            labelled: hashes,
            labelled_words: words,
            articles: Seen::default(),
            texts: HashSet::new(),
            outlets: BTreeMap::new(),
            suggested: Suggested::default(),
        }
    }

    /// Candidates kept of an outlet.
    fn most_of_outlet(&self) -> usize {
        2 * self.n + 100
    }

    /// Takes the counted sentences of `score`; the same score is taken once.
    pub fn add(&mut self, score: &ArticleScore) {
        if !self.articles.is_new(score) {
            return;
        }
        let mut found: Vec<Candidate> = Vec::new();
        for sentence in score.sentences.iter().filter(|sentence| sentence.counts()) {
            let hash = text_hash(&sentence.text);
            if !self.texts.insert(hash) {
                continue;
            }
            self.suggested.n_sentences += 1;
            if self.labelled.contains(&hash) {
                self.suggested.n_labelled += 1;
            } else if self
                .model
                .is_some_and(|model| model.has_seen(&sentence.text))
            {
                self.suggested.n_trained_on += 1;
            } else {
                found.extend(candidate(score, sentence));
            }
        }
        found.sort_by(by_uncertainty);
        found.truncate(CANDIDATES_OF_ARTICLE);
        let most = self.most_of_outlet();
        let of_outlet = self.outlets.entry(score.outlet.clone()).or_default();
        of_outlet.append(&mut found);
        // Sorted seldom, so that each candidate costs little.
        if of_outlet.len() > 2 * most {
            of_outlet.sort_by(by_uncertainty);
            of_outlet.truncate(most);
        }
    }

    /// Picks.
    pub fn finish(self) -> Suggested {
        // Each outlet's part of a pool that is large beside n, so that time grows with n alone.
        let part = (20 * self.n + 2000) / self.outlets.len().max(1);
        let most = self.most_of_outlet().min(part.max(20));
        let mut pool: Vec<Candidate> = Vec::new();
        for (_, mut candidates) in self.outlets {
            candidates.sort_by(by_uncertainty);
            candidates.truncate(most);
            pool.append(&mut candidates);
        }
        let pool: Vec<Candidate> = pool
            .into_par_iter()
            .filter(|candidate| {
                let alike = |words: &Vec<u32>| similarity(&candidate.words, words) >= NEAR_ALIKE;
                !self.labelled_words.iter().any(alike)
            })
            .collect();
        Suggested {
            rows: pick(pool, self.n),
            ..self.suggested
        }
    }
}

/// Greedily up to `n` of `pool`.
fn pick(pool: Vec<Candidate>, n: usize) -> Vec<Suggestion> {
    // The candidate, and how much it is like the most similar pick.
    let mut open: Vec<(Candidate, f64)> = pool.into_iter().map(|c| (c, 0.0)).collect();
    let mut picked: Vec<Suggestion> = Vec::new();
    let mut of_outlet: HashMap<String, usize> = HashMap::new();
    let mut of_article: HashMap<(String, String), usize> = HashMap::new();
    while picked.len() < n {
        let so_far = picked.len().max(1) as f64;
        let value = |(candidate, alike): &(Candidate, f64)| {
            let same = of_outlet.get(&candidate.row.outlet).copied().unwrap_or(0) as f64 / so_far;
            UNCERTAINTY * candidate.row.uncertainty
                - (1.0 - UNCERTAINTY) * alike
                - SAME_OUTLET * same
        };
        let best = (open.iter().map(value).enumerate()).reduce(|best, next| {
            // Of equals the first: the pool has an order of its own.
            match next.1 > best.1 {
                true => next,
                false => best,
            }
        });
        let Some((best, _)) = best else { break };
        let (taken, _) = open.remove(best);
        let article = (taken.row.outlet.clone(), taken.row.article.clone());
        *of_outlet.entry(taken.row.outlet.clone()).or_default() += 1;
        let n_of_article = of_article.entry(article).or_default();
        *n_of_article += 1;
        let article_is_full = *n_of_article >= MOST_OF_ARTICLE;
        open.par_iter_mut()
            .with_min_len(1024)
            .for_each(|(other, alike)| {
                *alike = alike.max(similarity(&other.words, &taken.words));
            });
        open.retain(|(other, alike)| {
            let same =
                other.row.article == taken.row.article && other.row.outlet == taken.row.outlet;
            *alike < NEAR_ALIKE && !(article_is_full && same)
        });
        picked.push(taken.row);
    }
    picked
}

/// Most unsure first; of equals by outlet, article and text.
fn by_uncertainty(a: &Candidate, b: &Candidate) -> std::cmp::Ordering {
    let key = |c: &Candidate| {
        (
            c.row.outlet.clone(),
            c.row.article.clone(),
            c.row.text.clone(),
        )
    };
    (b.row.uncertainty.total_cmp(&a.row.uncertainty)).then_with(|| key(a).cmp(&key(b)))
}

/// The sentence as a candidate; `None` where its mentions do not stand in it, as in a score that was edited.
fn candidate(score: &ArticleScore, sentence: &SentenceScore) -> Option<Candidate> {
    let offsets = CharOffsets::new(&sentence.text);
    let local = |span: CharSpan| {
        let (from, to) = (
            span.0.checked_sub(sentence.span.0)?,
            span.1.checked_sub(sentence.span.0)?,
        );
        Some((CharSpan(from, to), offsets.bytes(CharSpan(from, to))?))
    };
    let named = |how: How| how != How::Pronoun;
    let first = sentence.mentions.iter().find(|mention| named(mention.how));
    let (mention, bytes) = local(first.or(sentence.mentions.first())?.span)?;
    if bytes.is_empty() {
        return None;
    }
    let masked: Vec<Span> = (sentence.mentions.iter())
        .filter_map(|mention| Some(local(mention.span)?.1))
        .collect();
    let mut probabilities: Vec<f64> = sentence.probabilities.values().copied().collect();
    probabilities.sort_by(|a, b| b.total_cmp(a));
    let margin = probabilities.first()? - probabilities.get(1)?;
    Some(Candidate {
        words: words(&sentence.text, &masked),
        row: Suggestion {
            // One character for one, so that places stay.
            text: (sentence.text.chars())
                .map(|c| if c.is_control() { ' ' } else { c })
                .collect(),
            mention,
            article: score.article.clone(),
            outlet: score.outlet.clone(),
            uncertainty: 1.0 - margin,
        },
    })
}

/// What a text is known again by, however its white space went.
fn text_hash(text: &str) -> u64 {
    let mut hasher = FxHasher::default();
    for word in text.split_whitespace() {
        word.hash(&mut hasher);
    }
    hasher.finish()
}

/// Hashes of the words by which sentences are compared, sorted, each once; those in `masked` left out.
fn words(text: &str, masked: &[Span]) -> Vec<u32> {
    let counts = |word: &str, kind| match kind {
        TokenKind::Word => word.chars().count() >= WORD_LETTERS,
        kind => kind == TokenKind::Number,
    };
    let words: BTreeSet<u32> = tokenize(text)
        .into_iter()
        .filter(|token| counts(token.span.of(text), token.kind))
        .filter(|token| !masked.iter().any(|mention| mention.overlaps(token.span)))
        .map(|token| {
            let mut hasher = FxHasher::default();
            word_form(token.span.of(text)).hash(&mut hasher);
            // Its upper half: the better mixed one.
            (hasher.finish() >> 32) as u32
        })
        .collect();
    words.into_iter().collect()
}

/// Share of common words (Jaccard), 0 to 1; 1 for two sentences without any.
fn similarity(a: &[u32], b: &[u32]) -> f64 {
    let (mut i, mut j, mut common) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => {
                (i, j, common) = (i + 1, j + 1, common + 1);
            }
        }
    }
    match a.len() + b.len() - common {
        0 => 1.0,
        all => f64::from(common as u32) / all as f64,
    }
}

/// The table to label, as CSV for spreadsheets or as JSON lines for label tools; `train` reads both.
///
/// CSV starts with a byte order mark, and cells that a spreadsheet would take for a formula have a space before them; places count it.
pub fn suggestion_table(rows: &[Suggestion], subject: &str, csv: bool) -> String {
    if !csv {
        let lines = rows.iter().map(|row| {
            let line = serde_json::json!({
                "text": row.text,
                "subject": subject,
                "from": row.mention.0,
                "to": row.mention.1,
                "label": "",
                "article": row.article,
                "outlet": row.outlet,
                "picked_by": PICKED_BY,
            });
            format!("{line}\n")
        });
        return lines.collect();
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    let expect = "writing to memory cannot fail";
    let header = [
        "text",
        "subject",
        "from",
        "to",
        "label",
        "article",
        "outlet",
        "picked_by",
    ];
    writer.write_record(header).expect(expect);
    for row in rows {
        let text = harmless(&row.text);
        let moved = usize::from(text.len() > row.text.len());
        let cells = [
            text,
            harmless(subject),
            (row.mention.0 + moved).to_string(),
            (row.mention.1 + moved).to_string(),
            String::new(),
            harmless(&row.article),
            harmless(&row.outlet),
            PICKED_BY.to_string(),
        ];
        writer.write_record(cells).expect(expect);
    }
    let table = writer.into_inner().expect(expect);
    format!(
        "\u{feff}{}",
        String::from_utf8(table).expect("cells are UTF-8")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::MentionScore;
    use crate::span::Voice;

    /// An article of `outlet` whose sentences begin with "Mara Voss" and have the probability `p` of one of two classes.
    fn article(outlet: &str, id: &str, sentences: &[(&str, f64)]) -> ArticleScore {
        let mut at = 0;
        let sentences = sentences.iter().map(|&(rest, p)| {
            let text = format!("Mara Voss {rest}");
            let from = at;
            at += text.chars().count() + 1;
            SentenceScore {
                frames: Default::default(),
                span: CharSpan(from, at - 1),
                text,
                furniture: None,
                voice: Voice::Outlet,
                speaker: None,
                unnamed: false,
                camp: None,
                mentions: vec![MentionScore {
                    span: CharSpan(from, from + 9),
                    voice: Voice::Outlet,
                    speaker: None,
                    how: How::Exact,
                }],
                probabilities: BTreeMap::from([("a".to_string(), p), ("b".to_string(), 1.0 - p)]),
                net_stance: None,
            }
        });
        ArticleScore {
            article: id.to_string(),
            outlet: outlet.to_string(),
            sentences: sentences.collect(),
            ..ArticleScore::default()
        }
    }

    fn texts(suggested: &Suggested) -> Vec<&str> {
        suggested.rows.iter().map(|row| &row.text[10..]).collect()
    }

    #[test]
    fn unsure_sentences_come_first_and_near_copies_once() {
        let mut suggester = Suggester::new(10, None, std::iter::empty());
        let score = article(
            "Dawn",
            "d1",
            &[
                ("opened the harbor office yesterday.", 0.9),
                ("wasted twelve million crowns.", 0.55),
            ],
        );
        suggester.add(&score);
        suggester.add(&score);
        let copy = [
            ("wasted, wasted twelve million crowns!", 0.5),
            ("sang loudly again.", 0.8),
        ];
        suggester.add(&article("Dusk", "k1", &copy));
        let suggested = suggester.finish();
        let found: BTreeSet<&str> = texts(&suggested).into_iter().collect();
        let expected = [
            "opened the harbor office yesterday.",
            "sang loudly again.",
            "wasted, wasted twelve million crowns!",
        ];
        assert_eq!(found, BTreeSet::from(expected));
        assert_eq!(
            texts(&suggested)[0],
            "wasted, wasted twelve million crowns!"
        );
        assert_eq!(suggested.n_sentences, 4);
    }

    #[test]
    fn two_of_an_article_at_most_and_outlets_take_turns() {
        let mut suggester = Suggester::new(6, None, std::iter::empty());
        const VERBS: [&str; 12] = [
            "greeted",
            "flattered",
            "ignored",
            "painted",
            "counted",
            "borrowed",
            "melted",
            "hired",
            "dropped",
            "washed",
            "printed",
            "carved",
        ];
        const NOUNS: [&str; 12] = [
            "fishermen",
            "windows",
            "ladders",
            "candles",
            "bridges",
            "engines",
            "tunnels",
            "barrels",
            "statues",
            "clocks",
            "gardens",
            "mirrors",
        ];
        for i in 0..4 {
            let sentence = |k: usize| format!("{} {}.", VERBS[3 * i + k], NOUNS[3 * i + k]);
            let sentences = [sentence(0), sentence(1), sentence(2)];
            // One outlet is unsure throughout, the other is not.
            let (outlet, p) = if i < 3 { ("Dawn", 0.5) } else { ("Dusk", 0.6) };
            let sentences: Vec<(&str, f64)> = sentences.iter().map(|s| (s.as_str(), p)).collect();
            suggester.add(&article(outlet, &format!("a{i}"), &sentences));
        }
        let suggested = suggester.finish();
        assert_eq!(suggested.rows.len(), 6);
        let mut of_article: BTreeMap<&str, usize> = BTreeMap::new();
        for row in &suggested.rows {
            *of_article.entry(&row.article).or_default() += 1;
        }
        assert!(of_article.values().all(|&n| n <= 2), "{of_article:?}");
        assert_eq!(of_article["a3"], 2);
        let outlets: Vec<&str> = suggested.rows[..2]
            .iter()
            .map(|row| row.outlet.as_str())
            .collect();
        assert_eq!(outlets, ["Dawn", "Dusk"]);
    }

    #[test]
    fn what_has_a_label_is_left_out_with_its_near_copies() {
        let labelled = [
            "Mara Voss  wasted twelve\nmillion crowns.",
            "Somebody painted seven yellow bridges.",
        ];
        let mut suggester = Suggester::new(5, None, labelled.into_iter());
        let sentences = [
            ("wasted twelve million crowns.", 0.5),
            ("painted seven yellow bridges.", 0.5),
            ("met nobody.", 0.9),
        ];
        suggester.add(&article("Dawn", "d1", &sentences));
        let suggested = suggester.finish();
        assert_eq!(texts(&suggested), ["met nobody."]);
        assert_eq!((suggested.n_labelled, suggested.n_sentences), (1, 3));
    }

    #[test]
    fn places_hold_in_both_tables() {
        let row = |text: &str, from: usize, to: usize| Suggestion {
            text: text.to_string(),
            mention: CharSpan(from, to),
            article: "d1".to_string(),
            outlet: "Dawn".to_string(),
            uncertainty: 0.5,
        };
        let rows = [row("- Zoë Vale, “late”", 2, 10), row("Vale lied.", 0, 4)];
        let table = suggestion_table(&rows, "Zoë Vale", true);
        let mut lines = table
            .strip_prefix('\u{feff}')
            .expect("a byte order mark")
            .lines();
        assert_eq!(
            lines.next(),
            Some("text,subject,from,to,label,article,outlet,picked_by")
        );
        assert_eq!(
            lines.next(),
            Some("\" - Zoë Vale, “late”\",Zoë Vale,3,11,,d1,Dawn,uncertainty and diversity")
        );
        let jsonl = suggestion_table(&rows, "Zoë Vale", false);
        assert!(jsonl.contains("\"from\":2") && jsonl.contains("\"label\":\"\""));
    }
}
