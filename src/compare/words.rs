//! The words around a subject: which terms an outlet uses there more, or less, than all others.
//!
//! ```text
//! sentence --tokenize--> words within WINDOW of a mention, the mention masked --> words and pairs --count--> terms of an article
//! ```
//! In: the counted sentences of scores, whoever speaks in them. Out: terms with weighted log-odds and z against all other articles
//! ([`crate::statistics::PooledTerms`]); z ranks, and is smaller for words that come in bursts. p is maxT over whole articles: all articles
//! change places, z of every term and tested outlet is computed anew, and p says how often the largest |z| of all reaches this one. It is
//! adjusted for all terms and outlets, and a word that one article repeats weighs no more than that article. Articles are taken as
//! independent; copies and shared stories make p optimistic.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use rustc_hash::FxHashMap;
use serde::Serialize;

use super::MIN_FOR_TEST;
use crate::score::{ArticleScore, SentenceScore};
use crate::span::{CharOffsets, CharSpan, Span};
use crate::statistics::{LogOdds, PooledTerms, largest_z_of_draws, round6};
use crate::text::{Token, TokenKind, WordList, tokenize, word_form};

/// Words before and after a mention that count.
pub const WINDOW: usize = 10;

/// The fewest articles, of all outlets together, with a term that is compared.
pub const MIN_DF: usize = 5;

/// Permutations of all articles.
const DRAWS: usize = 999;

/// Terms kept an outlet and side (largest z, smallest z).
const KEPT: usize = 30;

/// Words that say nothing by themselves: articles, pronouns, prepositions, conjunctions, auxiliaries and their short forms, and courtesy titles,
/// which are house style. Negations are not among them.
static FUNCTION_WORDS: LazyLock<WordList> = LazyLock::new(|| {
    WordList::words(
        "the an this that these those some any each every all both such same other another own \
         me my mine myself we us our ours ourselves you your yours yourself he him his himself she her hers herself it its itself \
         they them their theirs themselves one who whom whose which what there here \
         and or but so yet if then than because although though while when where whereas until unless since as how why whether \
         of to in on at by for from with within into onto upon about over under after before between among through during \
         above below against toward towards off out up down around across along via per amid \
         is am are was were be been being do does did doing has have had having will would shall should can could may might must \
         also too very just even still now again only more most much many \
         it's he's she's that's there's what's who's i'm you're we're they're i've you've we've they've i'd he'd she'd we'd they'd i'll he'll \
         she'll we'll they'll it'll \
         mr mrs ms mx dr",
    )
});

fn is_function_word(word: &str) -> bool {
    // Among single letters are "a", "I" and what is left of abbreviations.
    (word.len() == 1) || FUNCTION_WORDS.contains(word)
}

/// What words outlets use around the subject.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WordsComparison {
    /// Terms that were compared: those of at least `min_df` articles.
    pub n_terms: usize,
    /// The fewest articles with a term that is compared.
    pub min_df: usize,
    /// Words before and after a mention that count.
    pub window: usize,
    /// Tokens that the prior is worth: as many as a compared outlet of average size has, with articles of average length.
    pub prior: f64,
    /// Permutations of all articles behind p, which cannot be below 1 / (n_draws + 1); 0 where no outlet was tested.
    pub n_draws: usize,
    /// The terms of largest and of smallest z of each outlet, outlet by outlet, largest z first.
    pub terms: Vec<TermComparison>,
}

/// One term in one outlet, compared with all articles of other outlets.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TermComparison {
    /// The outlet.
    pub outlet: String,
    /// A word, or two neighbouring ones, in small letters.
    pub term: String,
    /// How often it stands near a mention in the outlet.
    pub n: usize,
    /// The same in all other articles.
    pub n_rest: usize,
    /// Articles of the outlet in which it does.
    pub df: usize,
    /// Other articles in which it does.
    pub df_rest: usize,
    /// Log-odds ratio, weighted by the prior; above 0 where the outlet uses it more.
    pub log_odds: f64,
    /// The ratio over its standard error, which is the wider the more unevenly the term is spread over articles: for ranking.
    pub z: f64,
    /// Two-sided p by permutation of whole articles, adjusted for all terms and tested outlets; `None` where the outlet or the rest has
    /// fewer than [`MIN_FOR_TEST`] articles.
    pub p: Option<f64>,
}

/// A word, or two, by the numbers of words.
type Term = (u32, Option<u32>);

/// Terms of an article and how often each occurs, in the order of their numbers.
type TermCounts = Vec<(u32, u32)>;

/// Collects terms around mentions, article by article. Memory: every different word once, eight bytes for every different term of an article.
#[derive(Debug, Default)]
pub(super) struct Words {
    words: FxHashMap<String, u32>,
    terms: FxHashMap<Term, u32>,
    articles: BTreeMap<String, Vec<TermCounts>>,
}

impl Words {
    pub fn new() -> Words {
        Words::default()
    }

    /// Adds the counted sentences of one article's score; one without any changes nothing.
    pub fn add(&mut self, outlet: &str, score: &ArticleScore) {
        let mut counts: FxHashMap<u32, u32> = FxHashMap::default();
        let mut n_sentences = 0;
        for sentence in score.sentences.iter().filter(|sentence| sentence.counts()) {
            n_sentences += 1;
            let places = places(sentence, &insets(score, sentence));
            self.count(&places, &mut counts);
        }
        if n_sentences > 0 {
            let mut counts: TermCounts = counts.into_iter().collect();
            counts.sort_unstable();
            counts.shrink_to_fit();
            match self.articles.get_mut(outlet) {
                Some(articles) => articles.push(counts),
                None => {
                    self.articles.insert(outlet.to_string(), vec![counts]);
                }
            }
        }
    }

    /// Forgets the articles of `outlet` that `left_out` says, one truth value for each that was added, in that order.
    pub fn leave_out(&mut self, outlet: &str, left_out: &[bool]) {
        if let Some(articles) = self.articles.get_mut(outlet) {
            let mut left_out = left_out.iter();
            articles.retain(|_| !left_out.next().copied().unwrap_or(false));
            if articles.is_empty() {
                self.articles.remove(outlet);
            }
        }
    }

    /// Counts the terms of one sentence.
    fn count(&mut self, places: &[Place], counts: &mut FxHashMap<u32, u32>) {
        let mut before: Option<(u32, bool)> = None;
        for (place, near) in places.iter().zip(near_a_mention(places)) {
            let (Place::Word { form, follows }, true) = (place, near) else {
                before = None;
                continue;
            };
            let word = number(&mut self.words, form);
            let is_function = is_function_word(form);
            let mut count = |term| {
                let next = self.terms.len() as u32;
                let term = *self.terms.entry(term).or_insert(next);
                *counts.entry(term).or_default() += 1;
            };
            if !is_function {
                count((word, None));
            }
            if let Some((first, first_is_function)) = before.filter(|_| *follows)
                && !(is_function && first_is_function)
            {
                count((first, Some(word)));
            }
            before = Some((word, is_function));
        }
    }

    /// Compares each outlet of `family` that has articles with all other articles. `None` without such an outlet, or when there is only one
    /// outlet in all. Linear in articles and in terms times outlets, each draw.
    pub fn finish(&self, family: &[&str], seed: u64) -> Option<WordsComparison> {
        let family: Vec<&str> = family
            .iter()
            .copied()
            .filter(|outlet| self.articles.contains_key(*outlet))
            .collect();
        if family.is_empty() || self.articles.len() < 2 {
            return None;
        }
        let corpus = Corpus::new(self);
        let prior = corpus.prior(&family);
        let mut comparison = WordsComparison {
            n_terms: corpus.vocabulary.len(),
            min_df: MIN_DF,
            window: WINDOW,
            prior: round6(prior),
            n_draws: 0,
            terms: Vec::new(),
        };
        if comparison.n_terms < 2 {
            return Some(comparison);
        }
        let pooled =
            PooledTerms::new(corpus.counts.clone(), prior).with_dispersion(&corpus.articles);
        let sizes: Vec<usize> = family
            .iter()
            .map(|outlet| corpus.articles_of(outlet).len())
            .filter(|&size| corpus.is_tested(size))
            .collect();
        let mut largest = Vec::new();
        if !sizes.is_empty() {
            comparison.n_draws = DRAWS;
            largest = largest_z_of_draws(&pooled, &corpus.articles, &sizes, DRAWS, seed);
            largest.sort_by(f64::total_cmp);
        }
        for outlet in family {
            let terms = corpus.compare(outlet, &pooled, &largest);
            comparison.terms.extend(terms);
        }
        Some(comparison)
    }
}

/// The number of `word`, given at its first coming.
fn number(words: &mut FxHashMap<String, u32>, word: &str) -> u32 {
    match words.get(word) {
        Some(&number) => number,
        None => {
            let number = words.len() as u32;
            words.insert(word.to_string(), number);
            number
        }
    }
}

/// All articles, with the terms worth comparing under new numbers.
struct Corpus {
    /// Sorted by frequency, then alphabetically: the order of numbers.
    vocabulary: Vec<String>,
    /// How often each term occurs.
    counts: Vec<u32>,
    /// Articles in which it does.
    df: Vec<u32>,
    /// Articles, outlet by outlet.
    articles: Vec<TermCounts>,
    /// The stretch of `articles` that is an outlet's.
    outlets: BTreeMap<String, std::ops::Range<usize>>,
}

impl Corpus {
    fn new(words: &Words) -> Corpus {
        let mut df = vec![0_u32; words.terms.len()];
        let mut counts = vec![0_u32; words.terms.len()];
        for &(term, count) in words.articles.values().flatten().flatten() {
            df[term as usize] += 1;
            counts[term as usize] += count;
        }
        let kept = frequent_terms(words, &df, &counts);
        let mut renumbered = vec![None; df.len()];
        for (new, &(_, _, old)) in kept.iter().enumerate() {
            renumbered[old] = Some(new as u32);
        }
        let mut articles = Vec::new();
        let mut outlets = BTreeMap::new();
        for (outlet, of_outlet) in &words.articles {
            let start = articles.len();
            articles.extend(of_outlet.iter().map(|article| {
                article
                    .iter()
                    .filter_map(|&(term, count)| Some((renumbered[term as usize]?, count)))
                    .collect()
            }));
            // The order of the input moves no permutation.
            articles[start..].sort_unstable();
            outlets.insert(outlet.clone(), start..articles.len());
        }
        Corpus {
            counts: kept.iter().map(|term| term.0).collect(),
            df: kept.iter().map(|term| df[term.2]).collect(),
            vocabulary: kept.into_iter().map(|term| term.1).collect(),
            articles,
            outlets,
        }
    }

    fn articles_of(&self, outlet: &str) -> &[TermCounts] {
        &self.articles[self.outlets[outlet].clone()]
    }

    /// How many tokens the prior is worth: the mean number of articles of an outlet of `family` times the mean number of tokens of all articles. It
    /// is the same however articles change places, as the test requires.
    fn prior(&self, family: &[&str]) -> f64 {
        let n: f64 = self.counts.iter().map(|&count| f64::from(count)).sum();
        let in_family: usize = family
            .iter()
            .map(|outlet| self.articles_of(outlet).len())
            .sum();
        n / self.articles.len() as f64 * in_family as f64 / family.len() as f64
    }

    /// Whether an outlet of `size` articles is tested.
    fn is_tested(&self, size: usize) -> bool {
        size >= MIN_FOR_TEST && self.articles.len() - size >= MIN_FOR_TEST
    }

    /// The terms of largest and smallest z of `outlet`. `largest` are the largest |z| of the draws, ascending.
    fn compare(&self, outlet: &str, pooled: &PooledTerms, largest: &[f64]) -> Vec<TermComparison> {
        let articles = self.articles_of(outlet);
        let mut counts = vec![0_u32; self.vocabulary.len()];
        let mut df = vec![0_u32; self.vocabulary.len()];
        for &(term, count) in articles.iter().flatten() {
            counts[term as usize] += count;
            df[term as usize] += 1;
        }
        let n = counts.iter().map(|&count| f64::from(count)).sum();
        let mut ranked: Vec<(f64, usize, LogOdds)> = counts
            .iter()
            .enumerate()
            .map(|(term, &count)| {
                let log_odds = pooled.log_odds(term, count, n);
                (round6(log_odds.z()), term, log_odds)
            })
            .collect();
        ranked.sort_by(|a, b| {
            b.0.total_cmp(&a.0)
                .then_with(|| self.vocabulary[a.1].cmp(&self.vocabulary[b.1]))
        });
        if ranked.len() > 2 * KEPT {
            ranked.drain(KEPT..ranked.len() - KEPT);
        }
        ranked
            .into_iter()
            .map(|(z, term, log_odds)| TermComparison {
                outlet: outlet.to_string(),
                term: self.vocabulary[term].clone(),
                n: counts[term] as usize,
                n_rest: (self.counts[term] - counts[term]) as usize,
                df: df[term] as usize,
                df_rest: (self.df[term] - df[term]) as usize,
                log_odds: round6(log_odds.ratio),
                z,
                p: self
                    .is_tested(articles.len())
                    .then(|| p_value(log_odds.z().abs(), largest)),
            })
            .collect()
    }
}

/// The terms of at least [`MIN_DF`] articles, most frequent last: frequency, text and number.
fn frequent_terms(words: &Words, df: &[u32], counts: &[u32]) -> Vec<(u32, String, usize)> {
    let mut texts = vec![""; words.words.len()];
    for (word, &number) in &words.words {
        texts[number as usize] = word;
    }
    let mut kept: Vec<(u32, String, usize)> = words
        .terms
        .iter()
        .map(|(term, &number)| (term, number as usize))
        .filter(|&(_, number)| df[number] as usize >= MIN_DF)
        .map(|(&(first, second), number)| {
            let first = texts[first as usize];
            let text = match second {
                Some(second) => format!("{first} {}", texts[second as usize]),
                None => first.to_string(),
            };
            (counts[number], text, number)
        })
        .collect();
    kept.sort_unstable();
    kept
}

/// (b + 1) / (m + 1), b of the m ascending values `largest` being as large as `z` (Phipson & Smyth 2010).
fn p_value(z: f64, largest: &[f64]) -> f64 {
    // Arrangements that differ only by rounding count as equally extreme.
    let below = largest.partition_point(|&value| value < z * (1.0 - 1e-9));
    let as_large = largest.len() - below;
    round6((as_large as f64 + 1.0) / (largest.len() as f64 + 1.0))
}

/// A word or a mention, in the order of the sentence.
#[derive(Debug, PartialEq, Eq)]
enum Place {
    Mention,
    Word {
        form: String,
        /// Whether the place before is a word and nothing but white space or a hyphen stands between.
        follows: bool,
    },
}

/// What of `sentence` is page text set into it, in characters of the article.
fn insets(score: &ArticleScore, sentence: &SentenceScore) -> Vec<CharSpan> {
    let CharSpan(start, end) = sentence.span;
    let first = score.furniture.partition_point(|it| it.span.0 < start);
    score.furniture[first..]
        .iter()
        .map(|furniture| furniture.span)
        .take_while(|span| span.0 < end)
        // A sentence that is furniture itself counts only where the user wants it to.
        .filter(|span| span.1 <= end && *span != sentence.span)
        .collect()
}

/// The words of `sentence` and its mentions; numbers and signs part words, `insets` are left out.
fn places(sentence: &SentenceScore, insets: &[CharSpan]) -> Vec<Place> {
    let text = sentence.text.as_str();
    let offsets = CharOffsets::new(text);
    let local = |span: CharSpan| {
        let (start, end) = (span.0, span.1);
        let origin = sentence.span.0;
        offsets.bytes(CharSpan(
            start.checked_sub(origin)?,
            end.checked_sub(origin)?,
        ))
    };
    let mentions = sentence.mentions.iter().map(|mention| mention.span);
    let mut mentions = Cover::new(mentions.filter_map(local));
    let mut insets = Cover::new(insets.iter().copied().filter_map(local));
    let tokens = tokenize(text);
    let mut places = Vec::new();
    let mut follows = false;
    for (i, token) in tokens.iter().enumerate() {
        if mentions.touches(token.span) {
            places.push(Place::Mention);
            follows = false;
        } else if insets.touches(token.span) {
            follows = false;
        } else if token.kind == TokenKind::Word {
            let form = word_form(token.span.of(text));
            places.push(Place::Word { form, follows });
            follows = true;
        } else {
            follows &= is_inner_hyphen(text, &tokens, i);
        }
    }
    places
}

/// Whether token `i` joins the words before and after it: "far-right" is a pair like "far right".
fn is_inner_hyphen(text: &str, tokens: &[Token], i: usize) -> bool {
    let hyphen = tokens[i].span;
    let joined = |other: Option<&Token>, touches: fn(Span, Span) -> bool| {
        other.is_some_and(|other| other.kind == TokenKind::Word && touches(other.span, hyphen))
    };
    matches!(hyphen.of(text), "-" | "\u{2010}" | "\u{2011}")
        && joined(tokens[..i].last(), |word, hyphen| word.end == hyphen.start)
        && joined(tokens.get(i + 1), |word, hyphen| hyphen.end == word.start)
}

/// Spans asked about from left to right.
struct Cover(std::iter::Peekable<std::vec::IntoIter<Span>>);

impl Cover {
    fn new(spans: impl Iterator<Item = Span>) -> Cover {
        let mut spans: Vec<Span> = spans.collect();
        spans.sort_unstable();
        Cover(spans.into_iter().peekable())
    }

    /// Whether a span shares a byte with `span`, which begins no earlier than the last one asked about.
    fn touches(&mut self, span: Span) -> bool {
        while self.0.next_if(|it| it.end <= span.start).is_some() {}
        self.0.peek().is_some_and(|it| it.overlaps(span))
    }
}

/// Which places are words within [`WINDOW`] words of a mention.
fn near_a_mention(places: &[Place]) -> Vec<bool> {
    let mut near = vec![false; places.len()];
    mark_after_mentions(places.iter().zip(near.iter_mut()));
    mark_after_mentions(places.iter().zip(near.iter_mut()).rev());
    near
}

fn mark_after_mentions<'p>(places: impl Iterator<Item = (&'p Place, &'p mut bool)>) {
    let mut left = 0;
    for (place, near) in places {
        match place {
            Place::Mention => left = WINDOW,
            Place::Word { .. } if left > 0 => {
                *near = true;
                left -= 1;
            }
            Place::Word { .. } => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::score::{FurnitureSpan, MentionScore};
    use crate::span::{FurnitureKind, Voice};
    use crate::statistics::stream;
    use crate::text::How;
    use rand::Rng;

    /// An article of one sentence, its mentions in [brackets], that begins at character 7.
    fn article(outlet: &str, marked: &str) -> ArticleScore {
        let mut text = String::new();
        let mut mentions = Vec::new();
        let (mut at, mut start) = (7, 7);
        for c in marked.chars() {
            match c {
                '[' => start = at,
                ']' => mentions.push(MentionScore {
                    span: CharSpan(start, at),
                    voice: Voice::Outlet,
                    speaker: None,
                    how: How::Exact,
                }),
                _ => {
                    text.push(c);
                    at += 1;
                }
            }
        }
        ArticleScore {
            article: "a1".to_string(),
            outlet: outlet.to_string(),
            title: None,
            date: None,
            story: None,
            genre: None,
            subject: "Holt".to_string(),
            net_stance: None,
            n: 1,
            by_voice: BTreeMap::new(),
            sentences: vec![SentenceScore {
                span: CharSpan(7, at),
                text,
                furniture: None,
                voice: Voice::Outlet,
                speaker: None,
                unnamed: false,
                camp: None,
                frames: Default::default(),
                mentions,
                probabilities: BTreeMap::new(),
                net_stance: None,
            }],
            ..Default::default()
        }
    }

    /// The terms of a score with their counts, sorted.
    fn terms_of(score: &ArticleScore) -> Vec<(String, u32)> {
        let mut words = Words::new();
        words.add("A", score);
        let word: BTreeMap<u32, &String> = words.words.iter().map(|(w, &n)| (n, w)).collect();
        let term: BTreeMap<u32, String> = words
            .terms
            .iter()
            .map(|(&(first, second), &n)| {
                let second = second.map_or(String::new(), |second| format!(" {}", word[&second]));
                (n, format!("{}{second}", word[&first]))
            })
            .collect();
        let mut counted: Vec<(String, u32)> = words.articles["A"][0]
            .iter()
            .map(|(n, count)| (term[n].clone(), *count))
            .collect();
        counted.sort();
        counted
    }

    fn names(marked: &str) -> Vec<String> {
        terms_of(&article("A", marked))
            .into_iter()
            .map(|(term, count)| match count {
                1 => term,
                _ => format!("{term} x{count}"),
            })
            .collect()
    }

    #[test]
    fn terms_are_words_and_pairs_without_the_mention() {
        let rows: [(&str, &[&str]); 8] = [
            (
                "Critics slammed [Dana Holt]’s bold plan.",
                &[
                    "bold",
                    "bold plan",
                    "critics",
                    "critics slammed",
                    "plan",
                    "slammed",
                ],
            ),
            // The clitic belongs to the word it hangs on, and to the mention with it.
            (
                "[Holt]'s allies cheered",
                &["allies", "allies cheered", "cheered"],
            ),
            // No pair over punctuation, a number or the mention; no number; no pair of function words.
            (
                "Angry, [Holt] left 20 guests in the hall",
                &["angry", "guests", "guests in", "hall", "left", "the hall"],
            ),
            (
                "a far-right [Holt] rally – loud",
                &["a far", "far", "far right", "loud", "rally", "right"],
            ),
            // Overlapping windows count a place once.
            ("[Holt] met [Holt]", &["met"]),
            (
                "Zoë’s “naïve” [Holt] lied, lied",
                &["lied x2", "naïve", "zoë's"],
            ),
            (
                "[Holt] is not guilty",
                &["guilty", "is not", "not", "not guilty"],
            ),
            ("Nobody is named here", &[]),
        ];
        for (marked, expected) in rows {
            assert_eq!(names(marked), expected, "{marked}");
        }
    }

    #[test]
    fn only_ten_words_a_side_count() {
        let side = |first: char| -> Vec<String> {
            ('a'..='o')
                .map(|second| format!("{first}{second}q"))
                .collect()
        };
        let (left, right) = (side('k'), side('l'));
        let found = names(&format!("{} [Holt] {}", left.join(" "), right.join(" ")));
        let mut expected: Vec<String> = [&left[5..], &right[..10]].concat();
        for near in [&left[5..], &right[..10]] {
            expected.extend(near.windows(2).map(|pair| pair.join(" ")));
        }
        expected.sort();
        assert_eq!(found, expected);
    }

    #[test]
    fn page_text_and_the_subjects_own_words_are_left_out() {
        let mut score = article("A", "[Holt] won READ MORE HERE praise");
        score.furniture.push(FurnitureSpan {
            span: CharSpan(16, 30),
            kind: FurnitureKind::Link,
            reason: String::new(),
        });
        let found: Vec<String> = terms_of(&score).into_iter().map(|t| t.0).collect();
        assert_eq!(found, ["praise", "won"]);
        score.sentences[0].voice = Voice::Own;
        let mut words = Words::new();
        words.add("A", &score);
        assert!(words.articles.is_empty());
    }

    #[test]
    fn spans_that_do_not_fit_the_text_are_harmless() {
        let mut score = article("A", "[Holt] won");
        for span in [CharSpan(0, 3), CharSpan(9, 8), CharSpan(8, 999)] {
            score.sentences[0].mentions[0].span = span;
            assert!(terms_of(&score).is_empty());
        }
    }

    /// Words of the null: the first are much more frequent than the last.
    fn filler(chance: &mut impl Rng, n: usize) -> String {
        let words: Vec<String> = (0..n)
            .map(|_| {
                let u: f64 = chance.gen_range(0.0..1.0);
                let k = (u * u * 60.0) as u8;
                format!(
                    "q{}{}",
                    char::from(b'a' + k / 10),
                    char::from(b'a' + k % 10)
                )
            })
            .collect();
        words.join(" ")
    }

    /// Articles of three outlets with words by chance; `extra` writes what else an article says.
    fn corpus(seed: u64, extra: impl Fn(usize, usize) -> String) -> Words {
        let mut words = Words::new();
        let mut chance = stream(77, seed);
        for i in 0..12 {
            for (k, outlet) in ["A", "B", "C"].iter().enumerate() {
                let (before, after) = (filler(&mut chance, 6), filler(&mut chance, 6));
                let marked = format!("{before} [Holt] {} {after}", extra(k, i));
                words.add(outlet, &article(outlet, &marked));
            }
        }
        words
    }

    #[test]
    fn a_planted_word_leads_its_outlet_with_a_small_p() {
        let words = corpus(1, |outlet, i| match (outlet, i) {
            (0, 0..10) | (1, 3) => "brazen".to_string(),
            _ => "calm".to_string(),
        });
        let comparison = words.finish(&["A", "B", "C"], 1).expect("three outlets");
        let first = &comparison.terms[0];
        assert_eq!(
            (first.outlet.as_str(), first.term.as_str()),
            ("A", "brazen")
        );
        assert_eq!(
            (first.n, first.n_rest, first.df, first.df_rest),
            (10, 1, 10, 1)
        );
        assert!(first.z > 0.0 && first.log_odds > 0.0);
        assert!(first.p.expect("twelve articles") <= 0.01, "{first:?}");
        assert_eq!((comparison.n_draws, comparison.min_df), (999, 5));
        let sorted = comparison
            .terms
            .windows(2)
            .all(|pair| pair[0].outlet != pair[1].outlet || pair[0].z >= pair[1].z);
        assert!(sorted);
        let per_outlet = comparison.terms.iter().filter(|t| t.outlet == "B").count();
        assert_eq!(per_outlet, comparison.n_terms.min(2 * KEPT));
    }

    #[test]
    fn a_word_that_one_article_repeats_gets_no_small_p() {
        let mut words = corpus(2, |outlet, i| match (outlet, i) {
            // Four more articles have it, so that it is compared.
            (_, 1) | (0, 2) => "brazen".to_string(),
            _ => String::new(),
        });
        words.add("A", &article("A", &"[Holt] brazen ".repeat(50)));
        let comparison = words.finish(&["A", "B", "C"], 1).expect("three outlets");
        let brazen = comparison
            .terms
            .iter()
            .find(|term| term.outlet == "A" && term.term == "brazen")
            .expect("of five articles");
        assert!(brazen.n > 50 && brazen.log_odds > 1.0, "{brazen:?}");
        assert!(brazen.p.expect("enough articles") > 0.2, "{brazen:?}");
    }

    #[test]
    fn under_the_null_any_small_p_is_as_rare_as_stated() {
        let n_runs = 200;
        let rejected = (0..n_runs)
            .filter(|&seed| {
                let words = corpus(seed, |_, _| String::new());
                let comparison = words.finish(&["A", "B"], seed).expect("three outlets");
                comparison.terms.iter().any(|term| term.p <= Some(0.05))
            })
            .count();
        // Binomial(200, 0.05): 2 to 20 with probability 0.998.
        assert!((2..=20).contains(&rejected), "{rejected} of {n_runs}");
    }

    #[test]
    fn threads_and_interleaving_change_nothing() {
        let extra = |outlet: usize, i: usize| "brazen ".repeat(usize::from(outlet == 0 && i < 6));
        let on = |n_threads| {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(n_threads)
                .build()
                .expect("threads");
            pool.install(|| corpus(3, extra).finish(&["A", "B", "C"], 4))
        };
        assert_eq!(on(1), on(2));
    }

    #[test]
    fn outlets_that_are_too_small_are_ranked_without_p() {
        let mut words = corpus(4, |_, _| String::new());
        for _ in 0..2 {
            words.add("Small", &article("Small", "[Holt] qaa qab qac"));
        }
        let comparison = words
            .finish(&["A", "Small", "Unheard"], 1)
            .expect("four outlets");
        let outlets: Vec<&str> = comparison
            .terms
            .iter()
            .map(|term| term.outlet.as_str())
            .collect();
        assert!(outlets.contains(&"Small") && !outlets.contains(&"Unheard"));
        for term in &comparison.terms {
            assert_eq!(term.p.is_some(), term.outlet == "A");
        }
        let alone = words.finish(&["Small"], 1).expect("four outlets");
        assert_eq!((alone.n_draws, alone.terms[0].p), (0, None));
    }

    #[test]
    fn nothing_to_compare_is_no_comparison() {
        assert_eq!(Words::new().finish(&["A"], 1), None);
        let mut words = Words::new();
        words.add("A", &article("A", "[Holt] won"));
        assert_eq!(words.finish(&["A"], 1), None);
        words.add("B", &article("B", "[Holt] lost"));
        assert_eq!(words.finish(&[], 1), None);
        let rare = words.finish(&["A"], 1).expect("two outlets");
        assert_eq!((rare.n_terms, rare.n_draws, rare.terms.len()), (0, 0, 0));
    }

    /// `cargo test --release --lib compare::words -- --ignored --nocapture`
    #[test]
    #[ignore = "a measurement"]
    fn speed_on_2500_articles_of_30_outlets() {
        let mut chance = stream(1, 1);
        let mut words = Words::new();
        for i in 0..2_500 {
            let outlet = format!("Outlet {}", i % 30);
            let mut score = article(&outlet, "");
            for _ in 0..chance.gen_range(4..11) {
                let mut side = || {
                    let words: Vec<String> = (0..10)
                        .map(|_| {
                            let u: f64 = chance.gen_range(0.0..1.0);
                            let mut k = (3_000_f64.powf(u)) as u32;
                            let mut word = String::new();
                            while k > 0 {
                                word.push(char::from(b'a' + (k % 20) as u8));
                                k /= 20;
                            }
                            word + "z"
                        })
                        .collect();
                    words.join(" ")
                };
                let marked = format!("{} [Holt] {}", side(), side());
                score.sentences.extend(article(&outlet, &marked).sentences);
            }
            words.add(&outlet, &score);
        }
        let family: Vec<String> = (0..25).map(|i| format!("Outlet {i}")).collect();
        let family: Vec<&str> = family.iter().map(String::as_str).collect();
        let begun = std::time::Instant::now();
        let comparison = words.finish(&family, 1).expect("30 outlets");
        let tokens = comparison.prior * 30.0 / 2_500.0;
        println!(
            "{} terms, {tokens:.0} tokens an article, {:.2} s on {} threads",
            comparison.n_terms,
            begun.elapsed().as_secs_f64(),
            rayon::current_num_threads()
        );
    }
}
