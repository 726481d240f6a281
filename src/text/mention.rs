//! Where a text names the subject.
//!
//! In: a [`Subject`] (a name and its aliases) and a text. Out: ordered [`Mention`]s. A person's name also stands for its
//! family name ("Verrick" for "Dana Verrick"), unless somebody else's given name comes before it ("Tom Verrick");
//! organisations and policies ("the Orchard Party") have no family name. Matching respects case, so that "sessions" is
//! not a Sessions, but takes capitals throughout; white space in a name matches any white space.
//!
//! Search is one pass of Aho-Corasick over the most telling word of each name; each hit is then checked word by word, so
//! that a text without the subject costs hardly more than reading it.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::span::Span;
use crate::text::token::is_apostrophe;
use crate::text::words::WordList;

/// The person, organisation or policy whose portrayal is measured.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Subject {
    /// The name that output carries.
    pub name: String,
    /// Other names for it, nominal ones ("the attorney general") included.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
}

impl Subject {
    /// A subject with a name and aliases.
    pub fn new(name: impl Into<String>, aliases: Vec<String>) -> Self {
        Subject {
            name: name.into(),
            aliases,
        }
    }
}

/// How a mention was recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum How {
    /// By name: the full name, the family name, or an alias that is a name.
    Exact,
    /// By an alias that is a description: "the attorney general".
    Nominal,
}

/// A span that names the subject.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Mention {
    /// Where.
    pub span: Span,
    /// How it was found.
    pub how: How,
}

/// One name to look for, cut into words.
#[derive(Debug, Clone)]
struct Name {
    words: Vec<String>,
    /// Which word the search looks for.
    anchor: usize,
    how: How,
    /// Ignore case: for names written without capitals.
    any_case: bool,
    /// A bare family name: what stands before it decides.
    family: bool,
}

/// Finds the mentions of one subject.
#[derive(Debug, Clone)]
pub struct MentionFinder {
    names: Vec<Name>,
    search: AhoCorasick,
    /// The given names of a person: "Dana".
    given: Option<String>,
    /// Characters of each anchor word before the run that is searched for ("O'" of "O'Brien"), in order of `names`.
    anchor_offsets: Vec<usize>,
}

/// Last words of names that belong to organisations, places, laws and policies.
static NOT_A_FAMILY_NAME: LazyLock<WordList> = LazyLock::new(|| {
    WordList::words(
        "act administration agency airlines alliance amendment army association authority bank bill \
         board brothers bureau campaign ceiling center centre church city club coalition college \
         commission committee company conference congress corporation council court deal democrats \
         department district enterprises exchange federation force forces foundation freight front fund \
         government group guard health holdings hospital house inc industries initiative institute \
         international law league mandate market media ministry motors movement nations network news \
         office order organization partners party plan police policy post press program project reform \
         reserve republicans school senate service services society states street strike systems tax \
         team technologies times treaty trust union university waters works",
    )
});

/// Words with a capital that may stand before a family name without being a given name: titles and offices.
pub(super) static TITLES: LazyLock<WordList> = LazyLock::new(|| {
    WordList::words(
        "ag adm agent ambassador archbishop assemblyman assemblywoman attorney bishop candidate captain \
         capt chair chairman chairwoman chancellor chief coach col colonel commissioner comptroller \
         congressman congresswoman councilman councilwoman councillor dame dean defendant delegate \
         democrat democratic deputy detective director doctor dr duke envoy executive father former gen \
         general gop gov governor inspector judge justice king lady leader lieutenant lord lt madam maj \
         major majority mayor minister minority miss mr mrs ms mx nominee officer pope premier president \
         prince princess prof professor prosecutor queen rep representative republican rev reverend \
         secretary sen senator sergeant sgt sheriff sir speaker spokesman superintendent supt team \
         treasurer whip envoys tory labour liberal conservative independent progressive socialist \
         president-elect",
    )
});

/// Words with a capital at the start of a sentence that are no given names.
static OPENERS: LazyLock<WordList> = LazyLock::new(|| {
    WordList::words(
        "a according after again all also although an and another as asked at back because before \
         besides both but by can could critics despite did do does during either even finally for from \
         had has have he her his how however if in indeed instead is it just last later like many may \
         maybe meanwhile might most must neither no nor not now of on once only or our over perhaps plus \
         poor rather said says see she should since so some still such than that the their then there \
         these they this those though through thus to under unless unlike until update upon was watch \
         well were what when where whether which while who whose why will with within without would yes \
         yet your call critic let make meet opinion",
    )
});

/// Words that turn a family name into the name of something else: "Verrick Street".
static NOT_AFTER_FAMILY: LazyLock<WordList> = LazyLock::new(|| {
    WordList::words(
        "Street Avenue Road Tower Foundation University College Center Centre Organization Hotel \
         Building Park Bridge Library Airport School Hospital Institute",
    )
});

impl MentionFinder {
    /// Prepares the search for `subject`; an empty name is an error.
    pub fn new(subject: &Subject) -> Result<MentionFinder> {
        let mut names: Vec<Name> = Vec::new();
        for (index, name) in std::iter::once(&subject.name)
            .chain(&subject.aliases)
            .enumerate()
        {
            if !name.chars().any(char::is_alphanumeric) {
                return Err(Error::Parameter(format!(
                    "\"{name}\" cannot be searched for: a subject or alias needs a letter or digit"
                )));
            }
            let name = Name::new(name, false);
            // One word given as an alias of a person is the family name again.
            let family = index > 0 && is_family_name_of(&name.words, &subject.name);
            names.push(Name { family, ..name });
        }
        let person = person_words(&subject.name);
        if let Some((_, family)) = &person
            && !names.iter().any(|name| name.words == [family.clone()])
        {
            names.push(Name::new(family, true));
        }
        let anchors: Vec<(usize, &str)> = names
            .iter()
            .map(|name| longest_run(&name.words[name.anchor]))
            .collect();
        let search = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .build(anchors.iter().map(|&(_, run)| run))
            .map_err(|e| {
                Error::Parameter(format!("the subject's names cannot be searched for: {e}"))
            })?;
        let anchor_offsets = names
            .iter()
            .zip(&anchors)
            .map(|(name, &(at, _))| name.words[name.anchor][..at].chars().count())
            .collect();
        Ok(MentionFinder {
            anchor_offsets,
            given: person.map(|(given, _)| given),
            names,
            search,
        })
    }

    /// Whether `text` can hold a mention at all; a search without the checks, for passing over most of a corpus.
    pub fn may_match(&self, text: &str) -> bool {
        self.search.is_match(text)
    }

    /// The mentions in `text`, ordered, not overlapping; of overlapping ones the longest.
    pub fn find(&self, text: &str) -> Vec<Mention> {
        let mut found: Vec<Mention> = self
            .search
            .find_overlapping_iter(text)
            .filter_map(|hit| {
                let index = hit.pattern().as_usize();
                self.check(text, index, hit.start())
            })
            .collect();
        found.sort_by_key(|m| (m.span.start, std::cmp::Reverse(m.span.end), m.how));
        let mut mentions: Vec<Mention> = Vec::with_capacity(found.len());
        for mention in found {
            if mentions
                .last()
                .is_none_or(|last| last.span.end <= mention.span.start)
            {
                mentions.push(mention);
            }
        }
        mentions
    }

    /// Whether `name`, a name alone, is one of the subject's.
    pub fn is_name(&self, name: &str) -> bool {
        self.find(name)
            .iter()
            .any(|mention| mention.span.end == name.len())
    }

    /// Checks name `index` around a hit of its anchor at byte `at`.
    fn check(&self, text: &str, index: usize, at: usize) -> Option<Mention> {
        let name = &self.names[index];
        let anchor_start = chars_back(text, at, self.anchor_offsets[index])?;
        let mut end =
            anchor_start + match_word(text, anchor_start, &name.words[name.anchor], name.any_case)?;
        for (k, word) in name.words.iter().enumerate().skip(name.anchor + 1) {
            let next = skip_between(text, end, k + 1 == name.words.len())?;
            end = next + match_word(text, next, word, name.any_case)?;
        }
        let mut start = anchor_start;
        for word in name.words[..name.anchor].iter().rev() {
            start = match_word_before(text, start, word, name.any_case)?;
        }
        if !is_boundary(text, start, end) {
            return None;
        }
        if name.family {
            start = self.family_name_start(text, start, end)?;
        }
        Some(Mention {
            span: Span::new(start, end),
            how: name.how,
        })
    }

    /// Whether a bare family name at `start..end` is the subject's, and where the mention then starts (given and
    /// middle names included).
    fn family_name_start(&self, text: &str, start: usize, end: usize) -> Option<usize> {
        let after = text[end..].trim_start_matches([' ', '\u{a0}']);
        if after.len() < text.len() - end {
            let next: String = after.chars().take_while(|c| c.is_alphanumeric()).collect();
            if NOT_AFTER_FAMILY.contains(next.as_str()) {
                return None;
            }
        }
        let Some(previous) = word_before(text, start) else {
            return Some(start);
        };
        let word = previous.of(text);
        if let Some(given) = &self.given {
            // "Dana Verrick", "Dana J. Verrick", "Dana Jane Verrick".
            let same = |word: &str| word == given || word.eq_ignore_ascii_case(given);
            if same(word) {
                return Some(previous.start);
            }
            if word.chars().next().is_some_and(char::is_uppercase)
                && let Some(first) = word_before(text, previous.start)
                && same(first.of(text))
            {
                return Some(first.start);
            }
        }
        let capital = word.chars().next().is_some_and(char::is_uppercase);
        let bare = word.trim_end_matches('.').to_lowercase();
        let shouted = text[start..end].chars().all(|c| !c.is_lowercase());
        let other_person = capital
            && !shouted
            && !TITLES.contains(bare.as_str())
            && !OPENERS.contains(bare.as_str())
            && !word.chars().any(is_apostrophe)
            && !in_title_case(text, start);
        (!other_person).then_some(start)
    }
}

impl Name {
    fn new(name: &str, family: bool) -> Name {
        let mut words: Vec<String> = name.split_whitespace().map(str::to_string).collect();
        // A description ("the attorney general") begins small; a name holds its capitals, and its article is no
        // part of it: "an Orchard Party rally".
        let article = words.len() > 1 && matches!(words[0].as_str(), "the" | "The" | "a" | "an");
        let rest_small = words[usize::from(article)..]
            .iter()
            .all(|word| word.chars().all(|c| !c.is_uppercase()));
        if article && !rest_small {
            words.remove(0);
        }
        let anchor = (0..words.len())
            .max_by_key(|&i| (longest_run(&words[i]).1.len(), i))
            .unwrap_or(0);
        Name {
            how: if article && rest_small {
                How::Nominal
            } else {
                How::Exact
            },
            any_case: rest_small,
            words,
            anchor,
            family,
        }
    }
}

/// Given and family name where `name` reads like a person's: two to four words with capitals, the last no common noun.
fn person_words(name: &str) -> Option<(String, String)> {
    let words: Vec<&str> = name.split_whitespace().collect();
    let looks = (2..=4).contains(&words.len())
        && words.iter().all(|word| {
            word.chars().next().is_some_and(char::is_uppercase)
                && word
                    .chars()
                    .all(|c| c.is_alphabetic() || is_apostrophe(c) || matches!(c, '-' | '.'))
        })
        && !words[0].eq_ignore_ascii_case("the");
    let last = words.last()?;
    let ordinary = NOT_A_FAMILY_NAME.contains(last.to_lowercase().as_str());
    let acronym = last.chars().all(char::is_uppercase);
    (looks && !ordinary && !acronym && last.chars().count() >= 3)
        .then(|| (words[0].to_string(), last.to_string()))
}

fn is_family_name_of(words: &[String], name: &str) -> bool {
    matches!((words, person_words(name)), ([word], Some((_, family))) if *word == family)
}

/// The longest run of letters and digits in `word` with its byte offset; punctuation makes poor search keys.
fn longest_run(word: &str) -> (usize, &str) {
    let mut best = (0, "");
    let mut at = 0;
    for run in word.split_inclusive(|c: char| !c.is_alphanumeric()) {
        let letters = run.trim_end_matches(|c: char| !c.is_alphanumeric());
        if letters.len() > best.1.len() {
            best = (at, letters);
        }
        at += run.len();
    }
    best
}

/// The byte `n` characters before byte `at`.
fn chars_back(text: &str, at: usize, n: usize) -> Option<usize> {
    match n.checked_sub(1) {
        None => Some(at),
        Some(last) => Some(text[..at].char_indices().rev().nth(last)?.0),
    }
}

/// Byte length of `word` at `at` of `text`, exactly or in capitals throughout; apostrophes match each other.
fn match_word(text: &str, at: usize, word: &str, any_case: bool) -> Option<usize> {
    let mut rest = text.get(at..)?.chars();
    let mut len = 0;
    let (mut exact, mut capitals) = (true, true);
    for expected in word.chars() {
        let found = rest.next()?;
        len += found.len_utf8();
        if is_apostrophe(expected) && is_apostrophe(found) {
            continue;
        }
        let folded = found.to_lowercase().eq(expected.to_lowercase());
        exact &= found == expected || (any_case && folded);
        capitals &= folded && !found.is_lowercase();
        if !exact && !capitals {
            return None;
        }
    }
    Some(len)
}

/// Where `word` starts if it ends, before white space, at `end`.
fn match_word_before(text: &str, end: usize, word: &str, any_case: bool) -> Option<usize> {
    let gap = text[..end].trim_end();
    if gap.len() == end || end - gap.len() > 4 {
        return None;
    }
    // Apostrophes differ in bytes, so count characters back.
    let start = chars_back(text, gap.len(), word.chars().count())?;
    (start + match_word(text, start, word, any_case)? == gap.len()).then_some(start)
}

/// The start of the next word of a name: past white space and, before the last word, a middle initial ("J.").
fn skip_between(text: &str, end: usize, before_last: bool) -> Option<usize> {
    let next = skip_space(text, end)?;
    let mut chars = text[next..].chars();
    if before_last
        && let (Some(initial), Some('.')) = (chars.next(), chars.next())
        && initial.is_uppercase()
        && let Some(past) = skip_space(text, next + initial.len_utf8() + 1)
    {
        return Some(past);
    }
    Some(next)
}

fn skip_space(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..];
    let trimmed = rest.trim_start();
    let gap = rest.len() - trimmed.len();
    (1..=4).contains(&gap).then_some(at + gap)
}

/// Neither letters nor digits touch the span, and it is no part of a file name or address.
fn is_boundary(text: &str, start: usize, end: usize) -> bool {
    let before = text[..start].chars().next_back();
    let mut rest = text[end..].chars();
    let (after, second) = (rest.next(), rest.next());
    let joins = |c: Option<char>| {
        c.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '@' | '#' | '/'))
    };
    let dotted = after == Some('.') && second.is_some_and(char::is_alphanumeric);
    !joins(before)
        && !after.is_some_and(|c| c.is_alphanumeric() || matches!(c, '_' | '@'))
        && !dotted
}

/// The word directly before `at` when only spaces separate the two.
fn word_before(text: &str, at: usize) -> Option<Span> {
    let gap = text[..at].trim_end_matches([' ', '\u{a0}']);
    if gap.len() == at {
        return None;
    }
    let start = gap
        .char_indices()
        .rev()
        .take_while(|&(_, c)| c.is_alphanumeric() || is_apostrophe(c) || matches!(c, '.' | '-'))
        .last()?
        .0;
    Some(Span::new(start, gap.len()))
}

/// Whether the line around `at` is a headline in title case, where capitals say nothing.
fn in_title_case(text: &str, at: usize) -> bool {
    let start = text[..at].rfind('\n').map_or(0, |p| p + 1);
    let end = text[at..].find('\n').map_or(text.len(), |p| at + p);
    let line = &text[start..end];
    let (mut capital, mut long) = (0, 0);
    for word in line.split_whitespace().take(30) {
        let letters = word.trim_matches(|c: char| !c.is_alphanumeric());
        if letters.chars().count() >= 4 {
            long += 1;
            capital += usize::from(letters.chars().next().is_some_and(char::is_uppercase));
        }
    }
    long >= 3 && capital * 4 >= long * 3 && !line.trim_end().ends_with('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn find<'t>(name: &str, aliases: &[&str], text: &'t str) -> Vec<&'t str> {
        let subject = Subject::new(name, aliases.iter().map(|a| a.to_string()).collect());
        let finder = MentionFinder::new(&subject).expect("a searchable subject");
        finder.find(text).iter().map(|m| m.span.of(text)).collect()
    }

    #[test]
    fn a_person_is_found_by_full_and_family_name() {
        let rows: [(&str, &[&str]); 12] = [
            (
                "Dana Verrick spoke. Verrick's aides left.",
                &["Dana Verrick", "Verrick"],
            ),
            (
                "Commissioner Verrick and Ms. Verrick",
                &["Verrick", "Verrick"],
            ),
            ("(Verrick) said; VERRICK FOLDS", &["Verrick", "VERRICK"]),
            (
                "DANA VERRICK, by Dana J. Verrick",
                &["DANA VERRICK", "Dana J. Verrick"],
            ),
            ("Dana Jane Verrick", &["Dana Jane Verrick"]),
            (
                "Dana\u{a0}Verrick; Dana\nVerrick",
                &["Dana\u{a0}Verrick", "Dana\nVerrick"],
            ),
            ("Her cousin Tom Verrick sold it.", &[]),
            (
                "Verricks, verrick-photo.jpg, verrick, Verrick.com, @Verrick",
                &[],
            ),
            (
                "But Verrick did. When Verrick left",
                &["Verrick", "Verrick"],
            ),
            ("Council Presses Verrick Over Secret Meetings", &["Verrick"]),
            ("They met on Verrick Street.", &[]),
            ("an anti-Verrick vote", &["Verrick"]),
        ];
        for (text, expected) in rows {
            assert_eq!(find("Dana Verrick", &[], text), expected, "{text}");
        }
    }

    #[test]
    fn an_organisation_has_no_family_name() {
        let text = "The Orchard Party won; the Party of Work lost an Orchard Party seat.";
        for name in ["the Orchard Party", "Orchard Party"] {
            assert_eq!(find(name, &[], text), ["Orchard Party", "Orchard Party"]);
        }
    }

    #[test]
    fn an_alias_may_be_a_description() {
        let text = "The harbor commissioner spoke. \"The Harbor Commissioner\" sign fell on the harbor commissioners.";
        let subject = Subject::new("Dana Verrick", vec!["the harbor commissioner".into()]);
        let mentions = MentionFinder::new(&subject).expect("searchable").find(text);
        assert_eq!(mentions.len(), 2);
        assert!(mentions.iter().all(|m| m.how == How::Nominal));
    }

    #[test]
    fn names_with_apostrophes_and_accents_match() {
        assert_eq!(
            find("Ana O'Brien", &[], "Ana O’Brien and O'Brien"),
            ["Ana O’Brien", "O'Brien"]
        );
        assert_eq!(
            find("Zoë Åkesson", &[], "Zoë Åkesson, then ÅKESSON."),
            ["Zoë Åkesson", "ÅKESSON"]
        );
    }

    #[test]
    fn a_name_without_letters_is_refused() {
        assert!(MentionFinder::new(&Subject::new(" - ", vec![])).is_err());
    }
}
