//! Copies: the same sentence twice, nearly the same, with different labels, in several files, in training and test data.
//!
//! Near-copies share 0.8 of their different words (Jaccard) and have the same subject. They are found through the rarest words of each
//! sentence: two sets with a Jaccard of t share one of the first n - ceil(t n) + 1 words of either, in any common order (Chaudhuri, Ganti &
//! Kaushik 2006; Bayardo, Ma & Srikant 2007), so an index of those is enough.

use rustc_hash::FxHashMap;

use super::finding::{Finding, Place, Severity, places};
use super::rows::{Rows, dense};
use crate::corpus::{LabelledSentence, single_spaced, text_and_subject};
use crate::evaluate::RowSource;
use crate::span::Location;
use crate::text::{TokenKind, tokenize, word_form};
use crate::wording::count;

/// The share of common words from which two sentences are near-copies.
pub(super) const NEAR: f64 = 0.8;

/// Sentences that share a rare word with more others than this are compared with so many, lest time grow with their square.
const MOST_COMPARED: usize = 2000;

/// Copies among the rows.
pub(super) fn find(rows: &Rows<'_>, findings: &mut Vec<Finding>) {
    exact(rows, findings);
    near(rows, findings);
    findings.extend(in_several_files(rows));
}

/// Rows of the same text and subject by the same annotator.
fn exact(rows: &Rows<'_>, findings: &mut Vec<Finding>) {
    let (ids, n) = dense(
        rows.rows
            .iter()
            .map(|row| (text_and_subject(row), row.annotator.as_deref())),
    );
    let mut groups: Vec<Vec<usize>> = vec![Vec::new(); n];
    for (r, &id) in ids.iter().enumerate() {
        groups[id].push(r);
    }
    let (mut same, mut conflicts) = (Vec::new(), Vec::new());
    let mut n_apart = 0;
    for group in groups.iter().filter(|group| group.len() > 1) {
        let first = group[0];
        n_apart += group
            .iter()
            .filter(|&&r| rows.articles[r] != rows.articles[first])
            .count();
        if group.iter().any(|&r| rows.of_row[r] != rows.of_row[first]) {
            conflicts.extend(group.iter().map(|&r| (r, first)));
        } else {
            same.extend(group[1..].iter().map(|&r| (r, first)));
        }
    }
    let several = match rows.annotators.len() {
        0 => "; if several people labelled, name them in a column \"annotator\"",
        _ => "",
    };
    let conflicting: Vec<Place> = conflicts
        .iter()
        .map(|&(r, first)| {
            let detail = match r == first {
                true => rows.label(r),
                false => format!("{}; as {}", rows.label(r), rows.rows[first].location),
            };
            Place::new(&rows.rows[r], detail)
        })
        .collect();
    findings.extend(Finding::of(
        "conflicting_labels",
        Severity::Warning,
        format!(
            "{} with the same text and subject but different labels: decide on one label{several}",
            count(conflicting.len(), "row")
        ),
        conflicting,
    ));
    let apart = match n_apart {
        0 => String::new(),
        n => format!(
            "; {n} stand in another article than the first, so folds may learn from one and test on the other"
        ),
    };
    let copies: Vec<Place> = same
        .iter()
        .map(|&(r, first)| {
            let detail = format!("{}; copy of {}", rows.label(r), rows.rows[first].location);
            Place::new(&rows.rows[r], detail)
        })
        .collect();
    findings.extend(Finding::of(
        "duplicates",
        Severity::Warning,
        format!(
            "{} the text, subject and label of an earlier one: keep one of them{apart}",
            match copies.len() {
                1 => "1 row repeats".to_string(),
                n => format!("{n} rows repeat"),
            }
        ),
        copies,
    ));
}

/// Different words of a text as people see them.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = tokenize(text)
        .into_iter()
        .filter(|token| matches!(token.kind, TokenKind::Word | TokenKind::Number))
        .map(|token| word_form(token.span.of(text)))
        .collect();
    words.sort_unstable();
    words.dedup();
    words
}

/// A sentence to compare.
struct Item {
    /// Its words, rarest first, as their ranks.
    words: Vec<u32>,
    /// Only items of one subject are compared.
    subject: usize,
}

/// The items of texts with their subjects (`None` is one of its own), with ranks common to all.
fn items<'t>(texts: impl Iterator<Item = (&'t str, Option<&'t str>)>) -> Vec<Item> {
    let (bags, subjects): (Vec<Vec<String>>, Vec<Option<String>>) = texts
        .map(|(text, subject)| (words(text), subject.map(str::to_lowercase)))
        .unzip();
    let mut counts: FxHashMap<&str, u32> = FxHashMap::default();
    for word in bags.iter().flatten() {
        *counts.entry(word).or_insert(0) += 1;
    }
    let mut order: Vec<(u32, &str)> = counts.iter().map(|(&word, &n)| (n, word)).collect();
    order.sort_unstable();
    let ranks: FxHashMap<&str, u32> = (0..).zip(&order).map(|(rank, of)| (of.1, rank)).collect();
    let (subjects, _) = dense(subjects.into_iter());
    bags.iter()
        .zip(subjects)
        .map(|(bag, subject)| {
            let mut words: Vec<u32> = bag.iter().map(|word| ranks[word.as_str()]).collect();
            words.sort_unstable();
            Item { words, subject }
        })
        .collect()
}

/// Items by subject and the rare words they begin with.
#[derive(Default)]
struct Index {
    of: FxHashMap<(usize, u32), Vec<usize>>,
    /// The last item compared with each.
    seen: Vec<usize>,
}

impl Index {
    /// How many of an item's rarest words another must share one of.
    fn prefix(item: &Item) -> &[u32] {
        let n = item.words.len();
        let n_common = (NEAR * n as f64).ceil() as usize;
        &item.words[..(n + 1).saturating_sub(n_common).min(n)]
    }

    fn add(&mut self, at: usize, item: &Item) {
        for &word in Self::prefix(item) {
            self.of.entry((item.subject, word)).or_default().push(at);
        }
    }

    /// The most similar item of the index, from [`NEAR`] on; the first of equals.
    fn nearest(&mut self, at: usize, items: &[Item]) -> Option<(usize, f64)> {
        self.seen.resize(items.len(), usize::MAX);
        let item = &items[at];
        let mut best: Option<(usize, f64)> = None;
        let candidates = Self::prefix(item)
            .iter()
            .filter_map(|&word| self.of.get(&(item.subject, word)))
            .flatten();
        for &other in candidates.take(MOST_COMPARED) {
            if std::mem::replace(&mut self.seen[other], at) == at {
                continue;
            }
            let similarity = jaccard(&item.words, &items[other].words);
            let better = best.is_none_or(|(first, most)| {
                similarity > most || (similarity == most && other < first)
            });
            if similarity >= NEAR && better {
                best = Some((other, similarity));
            }
        }
        best
    }
}

/// Common elements by all elements of two ascending lists; 0 where it cannot reach [`NEAR`].
fn jaccard(a: &[u32], b: &[u32]) -> f64 {
    let (short, long) = (a.len().min(b.len()), a.len().max(b.len()));
    if (short as f64) < NEAR * long as f64 || short == 0 {
        return 0.0;
    }
    let (mut i, mut j, mut common) = (0, 0, 0);
    while i < a.len() && j < b.len() {
        match a[i].cmp(&b[j]) {
            std::cmp::Ordering::Less => i += 1,
            std::cmp::Ordering::Greater => j += 1,
            std::cmp::Ordering::Equal => (i, j, common) = (i + 1, j + 1, common + 1),
        }
    }
    common as f64 / (a.len() + b.len() - common) as f64
}

/// Rows whose words are nearly those of an earlier one about the same subject. Exact copies are another finding.
fn near(rows: &Rows<'_>, findings: &mut Vec<Finding>) {
    // One row a text and subject: copies and the rows of several annotators are no near-copies of each other.
    let texts: Vec<String> = rows
        .rows
        .iter()
        .map(|row| single_spaced(&row.text))
        .collect();
    let (ids, n) = dense((0..texts.len()).map(|r| (texts[r].as_str(), rows.subject(r))));
    let mut firsts = Vec::with_capacity(n);
    for (r, id) in ids.into_iter().enumerate() {
        if id == firsts.len() {
            firsts.push(r);
        }
    }
    let items = items(firsts.iter().map(|&r| (texts[r].as_str(), rows.subject(r))));
    let mut index = Index::default();
    let mut pairs = Vec::new();
    for at in 0..items.len() {
        if let Some((other, similarity)) = index.nearest(at, &items) {
            pairs.push((firsts[at], firsts[other], similarity));
        }
        index.add(at, &items[at]);
    }
    let n_other_label = pairs
        .iter()
        .filter(|(r, other, _)| rows.of_row[*r] != rows.of_row[*other])
        .count();
    let n_apart = pairs
        .iter()
        .filter(|(r, other, _)| rows.articles[*r] != rows.articles[*other])
        .count();
    // Different labels first: those are worth reading.
    pairs.sort_by_key(|&(r, other, _)| (rows.of_row[r] == rows.of_row[other], r));
    let found = pairs
        .iter()
        .map(|&(r, other, similarity)| {
            let detail = format!(
                "{}; {similarity:.2} of {} ({})",
                rows.label(r),
                rows.rows[other].location,
                rows.label(other)
            );
            Place::new(&rows.rows[r], detail)
        })
        .collect();
    findings.extend(Finding::of(
        "near_duplicates",
        Severity::Warning,
        format!(
            "{} an earlier one about the same subject ({NEAR} of the words or more): {n_other_label} with another label, {n_apart} in \
             another article, where folds may learn from one and test on the other",
            match pairs.len() {
                1 => "1 sentence nearly repeats".to_string(),
                n => format!("{n} sentences nearly repeat"),
            }
        ),
        found,
    ));
}

/// Rows whose text stood in an earlier file.
fn in_several_files(rows: &Rows<'_>) -> Option<Finding> {
    let mut first: FxHashMap<String, &Location> = FxHashMap::default();
    let mut found = Vec::new();
    for row in rows.rows {
        let before = *first.entry(text_key(&row.text)).or_insert(&row.location);
        if before.file != row.location.file {
            found.push(Place::new(row, format!("also at {before}")));
        }
    }
    let message = format!(
        "{} the text of a row in another file: if one of the files is for testing, name it with --test",
        match found.len() {
            1 => "1 row has".to_string(),
            n => format!("{n} rows have"),
        }
    );
    Finding::of("text_in_several_files", Severity::Warning, message, found)
}

fn text_key(text: &str) -> String {
    single_spaced(text).to_lowercase()
}

/// Files that by their names are for testing.
pub(super) fn looks_like_test(files: &[String]) -> Option<Finding> {
    if files.len() < 2 {
        return None;
    }
    let is_test = |file: &str| {
        let name = file
            .rsplit(['/', '\\'])
            .next()
            .unwrap_or(file)
            .to_lowercase();
        name.split(|c: char| !c.is_alphabetic()).any(|part| {
            matches!(
                part,
                "test" | "dev" | "valid" | "validation" | "heldout" | "holdout"
            )
        })
    };
    let found = files
        .iter()
        .filter(|file| is_test(file))
        .map(|file| Place::at(&Location::file(file.as_str()), String::new()))
        .collect();
    Finding::of(
        "looks_like_test_file",
        Severity::Warning,
        "By its name a file is for testing: name it with --test, so that it is compared with the others and not counted among them",
        found,
    )
}

/// Rows of the training data whose text or article is in the test data too.
pub(super) fn find_in_test(
    rows: &Rows<'_>,
    test: &[LabelledSentence],
    findings: &mut Vec<Finding>,
) {
    let mut texts: FxHashMap<String, &Location> = FxHashMap::default();
    let mut articles: FxHashMap<&str, &Location> = FxHashMap::default();
    for row in test {
        texts.entry(text_key(&row.text)).or_insert(&row.location);
        if let Some(article) = &row.article {
            articles.entry(article).or_insert(&row.location);
        }
    }
    let n = rows.rows.len();
    let in_test: Vec<Option<&Location>> = rows
        .rows
        .iter()
        .map(|row| texts.get(&text_key(&row.text)).copied())
        .collect();
    let also = |at: Option<&Location>| at.map_or(String::new(), |at| format!("also at {at}"));
    let shared = places(rows, (0..n).filter(|&r| in_test[r].is_some()), |r| {
        also(in_test[r])
    });
    findings.extend(Finding::of(
        "test_text_in_training",
        Severity::Error,
        format!(
            "{} a test row's text: figures on the test file would flatter; take them out of one of the two",
            match shared.len() {
                1 => "1 training row has".to_string(),
                n => format!("{n} training rows have"),
            }
        ),
        shared,
    ));
    let article = |r: usize| {
        let name = rows.rows[r].article.as_deref()?;
        articles.get(name).copied()
    };
    let of_article = places(rows, (0..n).filter(|&r| article(r).is_some()), |r| {
        also(article(r))
    });
    findings.extend(Finding::of(
        "test_article_in_training",
        Severity::Error,
        format!(
            "{} from an article that test rows are from: sentences of one article resemble each other; keep whole articles on one side",
            match of_article.len() {
                1 => "1 training row is".to_string(),
                n => format!("{n} training rows are"),
            }
        ),
        of_article,
    ));
    near_test(rows, test, &in_test, findings);
}

fn near_test(
    rows: &Rows<'_>,
    test: &[LabelledSentence],
    in_test: &[Option<&Location>],
    findings: &mut Vec<Finding>,
) {
    let subjects: Vec<Option<String>> = (test.iter())
        .map(|row| RowSource::new(row).subject)
        .collect();
    let tested = (test.iter().zip(&subjects)).map(|(row, of)| (row.text.as_str(), of.as_deref()));
    let trained =
        (rows.rows.iter().enumerate()).map(|(r, row)| (row.text.as_str(), rows.subject(r)));
    let items = items(tested.chain(trained));
    let mut index = Index::default();
    for (at, item) in items.iter().enumerate().take(test.len()) {
        index.add(at, item);
    }
    let mut found = Vec::new();
    for (r, exact) in in_test.iter().enumerate() {
        if exact.is_some() {
            continue;
        }
        if let Some((other, similarity)) = index.nearest(test.len() + r, &items) {
            let detail = format!("{similarity:.2} of {}", test[other].location);
            found.push(Place::new(&rows.rows[r], detail));
        }
    }
    findings.extend(Finding::of(
        "test_near_copy_in_training",
        Severity::Warning,
        format!(
            "{} nearly the words of a test row ({NEAR} or more) about the same subject",
            match found.len() {
                1 => "1 training row has".to_string(),
                n => format!("{n} training rows have"),
            }
        ),
        found,
    ));
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn pairs_by_index(texts: &[String]) -> Vec<Option<f64>> {
        let items = items(texts.iter().map(|text| (text.as_str(), None)));
        let mut index = Index::default();
        (0..items.len())
            .map(|at| {
                let found = index.nearest(at, &items);
                index.add(at, &items[at]);
                found.map(|(_, similarity)| similarity)
            })
            .collect()
    }

    proptest! {
        #[test]
        fn the_index_finds_what_comparing_all_finds(texts in proptest::collection::vec("[a-e]( [a-e]){0,9}", 0..30)) {
            let by_index = pairs_by_index(&texts);
            let items = items(texts.iter().map(|text| (text.as_str(), None)));
            for at in 0..items.len() {
                let most = (0..at)
                    .map(|other| jaccard(&items[at].words, &items[other].words))
                    .fold(0.0, f64::max);
                prop_assert_eq!(by_index[at], (most >= NEAR).then_some(most));
            }
        }
    }

    #[test]
    fn other_subjects_are_not_compared() {
        let texts = [
            ("Holt won again today.", Some("Holt")),
            ("Holt won again today!", Some("Orr")),
        ];
        let items = items(texts.into_iter());
        let mut index = Index::default();
        index.add(0, &items[0]);
        assert_eq!(index.nearest(1, &items), None);
    }

    #[test]
    fn twenty_thousand_rows_take_seconds() {
        // Templates with one word exchanged: the hard case, for all share their rare words.
        let texts: Vec<String> = (0..20_000)
            .map(|i| {
                format!(
                    "the board of town{} met on day {} and nobody from ward{} objected to it",
                    i % 50,
                    i % 7,
                    i % 1000
                )
            })
            .collect();
        let start = std::time::Instant::now();
        assert!(pairs_by_index(&texts).iter().flatten().count() > 1000);
        assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
    }

    #[test]
    fn test_files_show_by_their_names() {
        let files = ["a/train.jsonl", "a/stance-test.csv", "contest.csv"].map(String::from);
        let found = looks_like_test(&files).expect("one");
        assert_eq!(
            (found.count, found.rows[0].file.as_str()),
            (1, "a/stance-test.csv")
        );
        assert_eq!(looks_like_test(&files[1..2]), None);
    }
}
