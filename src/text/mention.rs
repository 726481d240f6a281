//! Where a text names the subject.
//!
//! In: a [`Subject`] (a name and its aliases) and a text. Out: ordered [`Mention`]s. A person's name also stands for its
//! family name ("Verrick" for "Dana Verrick"), unless somebody else's given name comes before it ("Tom Verrick");
//! organisations and policies ("the Orchard Party") have no family name. Matching respects case, so that "sessions" is
//! not a Sessions, but takes capitals throughout; white space in a name matches any white space, and an accent may be typed
//! as one character or two.
//!
//! Search is one pass of Aho-Corasick over the most telling word of each name; each hit is then checked word by word, so
//! that a text without the subject costs hardly more than reading it.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, MatchKind};
use serde::{Deserialize, Serialize};

use unicode_normalization::UnicodeNormalization;

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
    /// By a pronoun: "she". Only where pronouns are asked for, see [`pronouns`](crate::text::pronouns).
    Pronoun,
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
    /// What the search looks for: a run of the anchor word that capitals leave alone, and the characters before it.
    run: String,
    before_run: usize,
}

/// Finds the mentions of one subject.
#[derive(Debug, Clone)]
pub struct MentionFinder {
    names: Vec<Name>,
    search: AhoCorasick,
    /// Finds a text without any of the names sooner: their runs as a name and a shout have them. `None` where a name may stand in any
    /// case.
    quick: Option<AhoCorasick>,
    person: Option<Person>,
    /// The name of each search pattern.
    name_of: Vec<usize>,
}

/// A person's name, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Person {
    /// "Dana", or an initial.
    pub given: String,
    /// "Verrick"; with particles before it: "de", "la", "Cruz".
    pub family: Vec<String>,
    /// "Jr."
    suffix: Option<String>,
}

/// Last words of names that belong to organisations, places, laws and policies.
pub(super) static NOT_A_FAMILY_NAME: LazyLock<WordList> = LazyLock::new(|| {
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
         treasurer whip spokesperson spokeswoman analyst expert mp premier envoys tory labour liberal conservative independent progressive socialist \
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

/// Small words inside family names.
pub(super) static PARTICLES: LazyLock<WordList> = LazyLock::new(|| {
    WordList::words(
        "de la las los del der den van von di da du le al el bin ibn ten ter zu zur af av",
    )
});

/// Days, months and what comes before them: "On Monday Verrick", "in May".
static DAYS: LazyLock<WordList> = LazyLock::new(|| {
    WordList::words(
        "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september \
         october november december mon tue wed thu fri sat sun jan feb mar apr jun jul aug sept sep oct nov dec",
    )
});

/// Words that turn a name into the name of something else: "Verrick Street".
pub(super) static NOT_AFTER_FAMILY: LazyLock<WordList> = LazyLock::new(|| {
    WordList::words(
        "street avenue road tower towers foundation university college center centre organization hotel \
         building park bridge library airport school hospital institute county memorial prize award islands island club mall \
         elementary stadium arena boulevard drive lane square plaza museum theater theatre lake river mountain fellowship",
    )
});

impl MentionFinder {
    /// Prepares the search for `subject`; an empty name is an error.
    pub fn new(subject: &Subject) -> Result<MentionFinder> {
        let mut names: Vec<Name> = Vec::new();
        for name in std::iter::once(&subject.name).chain(&subject.aliases) {
            if !name.chars().any(char::is_alphanumeric) {
                return Err(Error::Parameter(format!(
                    "\"{name}\" cannot be searched for: a subject or alias needs a letter or digit"
                )));
            }
            names.extend(Name::variants(name, false));
        }
        let person = Person::read(&subject.name);
        if let Some(person) = &person {
            // One word given as an alias of a person is the family name again.
            for name in &mut names {
                name.family = name.words == person.family;
            }
            names.extend(Name::variants(&person.family.join(" "), true));
        }
        let mut patterns: Vec<String> = Vec::new();
        let mut name_of: Vec<usize> = Vec::new();
        for (index, name) in names.iter().enumerate() {
            patterns.push(name.run.clone());
            name_of.push(index);
            if !name.run.is_ascii() {
                patterns.push(name.run.to_uppercase());
                name_of.push(index);
            }
        }
        let search = AhoCorasick::builder()
            .ascii_case_insensitive(true)
            .match_kind(MatchKind::Standard)
            .build(&patterns)
            .map_err(|e| {
                Error::Parameter(format!("the subject's names cannot be searched for: {e}"))
            })?;
        let quick = quick_search(&names);
        Ok(MentionFinder {
            names,
            quick,
            search,
            person,
            name_of,
        })
    }

    /// The mentions in `text`, ordered, not overlapping; of overlapping ones the longest.
    pub fn find(&self, text: &str) -> Vec<Mention> {
        if self
            .quick
            .as_ref()
            .is_some_and(|quick| !quick.is_match(text))
        {
            return Vec::new();
        }
        let mut found: Vec<Mention> = self
            .search
            .find_overlapping_iter(text)
            .filter_map(|hit| {
                let index = self.name_of[hit.pattern().as_usize()];
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

    /// Whether the subject's name reads like a person's.
    pub(super) fn is_person(&self) -> bool {
        self.person.is_some()
    }

    /// The given name of a person, or an initial.
    pub(super) fn given_name(&self) -> Option<&str> {
        self.person.as_ref().map(|person| person.given.as_str())
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
        let anchor_start = chars_back(text, at, name.before_run)?;
        let matches = |at: usize, word: &str| match_word(text, at, word, name.ignores_case(word));
        let mut end = anchor_start + matches(anchor_start, &name.words[name.anchor])?;
        for (k, word) in name.words.iter().enumerate().skip(name.anchor + 1) {
            let next = skip_between(text, end, k + 1 == name.words.len())?;
            end = next + matches(next, word)?;
        }
        let mut start = anchor_start;
        for word in name.words[..name.anchor].iter().rev() {
            start = match_word_before(text, start, word, name.ignores_case(word))?;
        }
        if !is_boundary(text, start, end) {
            return None;
        }
        if name.how == How::Nominal && text[end..].starts_with('-') {
            return None; // "the treasurer-elect"
        }
        if name.how == How::Nominal && is_of_elsewhere(&text[end..]) {
            return None; // "the president of Estonia"
        }
        let has_suffix = self
            .person
            .as_ref()
            .is_some_and(|person| person.suffix.is_some());
        if name.how == How::Exact
            && self.person.is_some()
            && !has_suffix
            && has_generation(&text[end..])
        {
            return None; // "Paul Orr Jr." is another
        }
        if name.how == How::Exact && names_something_else(text, end) {
            return None;
        }
        if name.family {
            start = self.family_name_start(text, start, end)?;
        }
        if let Some(suffix) = self
            .person
            .as_ref()
            .and_then(|person| person.suffix.as_deref())
        {
            end = end_with_suffix(text, end, suffix);
        }
        Some(Mention {
            span: Span::new(start, end),
            how: name.how,
        })
    }

    /// Whether a bare family name at `start..end` is the subject's, and where the mention then starts (given and
    /// middle names included).
    fn family_name_start(&self, text: &str, start: usize, end: usize) -> Option<usize> {
        let Some(previous) = word_before(text, start) else {
            return Some(start);
        };
        let word = previous.of(text);
        let bare = word.trim_end_matches('.').to_lowercase();
        let initials = is_initials(word);
        if let Some(person) = &self.person {
            // "Dana Verrick", "Dana J. Verrick", "Dana Jane Verrick", "J.D. Hask".
            let given = person.given.as_str();
            let same = |word: &str| word.to_lowercase() == given.to_lowercase();
            if same(word) {
                return Some(previous.start);
            }
            let capital = word.chars().next().is_some_and(char::is_uppercase);
            if capital
                && (initials || !word.ends_with('.'))
                && let Some(first) = word_before(text, previous.start)
                && same(first.of(text))
            {
                return Some(first.start);
            }
            if initials {
                let same_letter = word.chars().next() == given.chars().next();
                return same_letter.then_some(previous.start);
            }
        }
        // A full stop behind a word that is no title ends the sentence before.
        if word.ends_with('.') && !TITLES.contains(bare.as_str()) {
            return Some(start);
        }
        let name = &text[start..end];
        let lower = name.to_lowercase();
        if DAYS.contains(&lower)
            && matches!(
                bare.as_str(),
                "in" | "last"
                    | "next"
                    | "this"
                    | "early"
                    | "late"
                    | "until"
                    | "since"
                    | "by"
                    | "of"
            )
        {
            return None;
        }
        let capital = word.chars().next().is_some_and(char::is_uppercase);
        let shouted =
            |word: &str| word.chars().count() >= 2 && word.chars().all(|c| !c.is_lowercase());
        let place = word_before(text, previous.start).is_some_and(|before| {
            matches!(
                before.of(text).to_lowercase().as_str(),
                "in" | "at" | "near"
            )
        });
        let other_person = capital
            && !shouted(word)
            && !place
            && !TITLES.contains(bare.as_str())
            && !OPENERS.contains(bare.as_str())
            && !DAYS.contains(bare.as_str())
            && !word.chars().any(is_apostrophe)
            && !in_title_case(text, start);
        (!other_person).then_some(start)
    }
}

/// The search for what every mention of `names` holds, where none of them ignores case: [`match_word`] finds a word as it is written or in
/// capitals throughout.
fn quick_search(names: &[Name]) -> Option<AhoCorasick> {
    let exact = names
        .iter()
        .all(|name| !name.ignores_case(&name.words[name.anchor]) && name.run.is_ascii());
    let spellings = names
        .iter()
        .flat_map(|name| [name.run.clone(), name.run.to_ascii_uppercase()]);
    exact
        .then(|| {
            AhoCorasick::builder()
                .match_kind(MatchKind::LeftmostFirst)
                .build(spellings)
                .ok()
        })
        .flatten()
}

impl Person {
    /// Takes `name` apart where it reads like a person's: two to five words with capitals, particles aside, the last no common
    /// noun.
    pub fn read(name: &str) -> Option<Person> {
        let mut words: Vec<&str> = name
            .split_whitespace()
            .map(|word| word.trim_end_matches(','))
            .collect();
        let is_suffix =
            |word: &str| matches!(word, "Jr." | "Jr" | "Sr." | "Sr" | "II" | "III" | "IV");
        let suffix = words
            .last()
            .copied()
            .filter(|word| is_suffix(word))
            .map(str::to_string);
        if suffix.is_some() {
            words.pop();
        }
        let written = |word: &&str| {
            let letters = word.chars().all(|c| {
                c.is_alphabetic() || is_apostrophe(c) || is_accent(c) || matches!(c, '-' | '.')
            });
            letters
                && (word.chars().next().is_some_and(char::is_uppercase) || PARTICLES.contains(word))
        };
        let (first, last) = (*words.first()?, *words.last()?);
        let ordinary = NOT_A_FAMILY_NAME.contains(last.to_lowercase().as_str());
        let acronym = last.chars().all(char::is_uppercase);
        let looks = (2..=6).contains(&words.len())
            && words.iter().all(written)
            && first.chars().next().is_some_and(char::is_uppercase)
            && !first.eq_ignore_ascii_case("the")
            && !ordinary
            && !acronym
            && last.chars().count() >= 3;
        if !looks {
            return None;
        }
        let mut start = words.len() - 1;
        while start > 1 && PARTICLES.contains(words[start - 1]) {
            start -= 1;
        }
        Some(Person {
            given: first.to_string(),
            family: words[start..].iter().map(|word| word.to_string()).collect(),
            suffix,
        })
    }
}

/// "Jr." behind a name, with or without a comma.
fn end_with_suffix(text: &str, end: usize, suffix: &str) -> usize {
    let bare = suffix.trim_end_matches('.');
    let rest = text[end..].strip_prefix(',').unwrap_or(&text[end..]);
    let word = rest.trim_start_matches([' ', '\u{a0}']);
    if word.len() < rest.len() && word.starts_with(bare) {
        let past = &word[bare.len()..];
        if !past.starts_with(char::is_alphanumeric) {
            let stop = usize::from(past.starts_with('.') && suffix.ends_with('.'));
            return text.len() - past.len() + stop;
        }
    }
    end
}

/// Whether the next word makes the name that of a street, a bridge or a prize.
fn names_something_else(text: &str, end: usize) -> bool {
    let after = text[end..].trim_start_matches([' ', '\u{a0}']);
    let next: String = after.chars().take_while(|c| c.is_alphanumeric()).collect();
    after.len() < text.len() - end
        && next.chars().next().is_some_and(char::is_uppercase)
        && NOT_AFTER_FAMILY.contains(next.to_lowercase().as_str())
}

/// "J.", "J.D."
fn is_initials(word: &str) -> bool {
    word.ends_with('.')
        && word
            .split('.')
            .filter(|part| !part.is_empty())
            .all(|part| part.chars().count() == 1 && part.chars().all(char::is_uppercase))
}

/// Accents typed as characters of their own.
fn is_accent(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}')
}

impl Name {
    /// Whether `word` of it is found in any case.
    fn ignores_case(&self, word: &str) -> bool {
        // "De la Cruz" begins a sentence, "the Hill" stands inside one.
        self.any_case || PARTICLES.contains(word) || matches!(word, "the" | "The")
    }

    /// `name` with its accents as one character and as two.
    fn variants(name: &str, family: bool) -> Vec<Name> {
        let composed: String = name.nfc().collect();
        let decomposed: String = name.nfd().collect();
        let mut spellings = vec![composed];
        if spellings[0] != decomposed {
            spellings.push(decomposed);
        }
        spellings
            .iter()
            .map(|spelling| Name::new(spelling, family))
            .collect()
    }

    fn new(name: &str, family: bool) -> Name {
        let mut words: Vec<String> = name.split_whitespace().map(str::to_string).collect();
        // A description ("the attorney general") begins small; a name holds its capitals, and its article is no
        // part of it: "an Orchard Party rally". But "The Hill" is no Hill.
        let article = words.len() > 1 && matches!(words[0].as_str(), "the" | "The" | "a" | "an");
        let rest_small = words[usize::from(article)..]
            .iter()
            .all(|word| word.chars().all(|c| !c.is_uppercase()));
        if article && !rest_small && words.len() > 2 {
            words.remove(0);
        }
        let anchor = (0..words.len())
            .max_by_key(|&i| (longest_run(&words[i]).1.len(), i))
            .unwrap_or(0);
        let (at, run) = longest_run(&words[anchor]);
        Name {
            how: if article && rest_small {
                How::Nominal
            } else {
                How::Exact
            },
            any_case: rest_small,
            run: run.to_string(),
            before_run: words[anchor][..at].chars().count(),
            words,
            anchor,
            family,
        }
    }
}

/// Whether " of Estonia" follows an office: another country's. "of the United States" is none.
fn is_of_elsewhere(after: &str) -> bool {
    let Some(place) = after.strip_prefix(" of ") else {
        return false;
    };
    let place = place.strip_prefix("the ").unwrap_or(place);
    place.starts_with(char::is_uppercase)
        && !["United States", "U.S.", "US ", "America", "Republic"]
            .iter()
            .any(|home| place.starts_with(home))
}

/// Whether "Jr." or the like follows a name.
fn has_generation(after: &str) -> bool {
    let rest = after.strip_prefix(',').unwrap_or(after);
    let Some(rest) = rest.strip_prefix([' ', '\u{a0}']) else {
        return false;
    };
    ["Jr.", "Sr.", "Jr,", "Sr,", "Jr ", "Sr "]
        .iter()
        .any(|suffix| rest.starts_with(suffix))
}

/// The longest run of ASCII letters and digits in `word`, which capitals leave alone, with its byte offset; where there is none, of any
/// letters and digits. Punctuation makes poor search keys.
fn longest_run(word: &str) -> (usize, &str) {
    let ascii = longest_run_of(word, |c| c.is_ascii_alphanumeric());
    if ascii.1.len() >= 2 {
        ascii
    } else {
        longest_run_of(word, char::is_alphanumeric)
    }
}

fn longest_run_of(word: &str, inside: impl Fn(char) -> bool) -> (usize, &str) {
    let mut best = (0, "");
    let mut at = 0;
    for run in word.split_inclusive(|c: char| !inside(c)) {
        let letters = run.trim_end_matches(|c: char| !inside(c));
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
    // A headline is short; beyond this a line is none, and looking on would take time without end on one long line.
    const REACH: usize = 250;
    let from = (0..=at.saturating_sub(REACH))
        .rev()
        .find(|&i| text.is_char_boundary(i))
        .unwrap_or(0);
    let to = (at + REACH..=text.len())
        .find(|&i| text.is_char_boundary(i))
        .unwrap_or(text.len());
    let start = text[from..at].rfind('\n').map(|p| from + p + 1);
    let end = text[at..to].find('\n').map(|p| at + p);
    let (Some(start), Some(end)) = (
        start.or((from == 0).then_some(0)),
        end.or((to == text.len()).then_some(to)),
    ) else {
        return false;
    };
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

    proptest::proptest! {
        /// The quick look beforehand loses no mention.
        #[test]
        fn what_the_quick_search_passes_over_mentions_nobody(
            parts in proptest::collection::vec(
                proptest::sample::select(vec![
                    "Dana", "DANA", "dana", " ", "\u{a0}", "Verrick", "VERRICK", "verrick", "’s", "'s", "J.", "-", ".", "O’Brien", "O'BRIEN", "o'brien",
                    "the Hill", "The Hill", "THE HILL", "the hill", "harbor fees", "Harbor Fees", "José", "JOSÉ", "Jose\u{301}", "of", "x", "\n", "De la Cruz", "\u{212a}",
                ]),
                0..14,
            ),
            name in proptest::sample::select(vec!["Dana Verrick", "Pat O'Brien", "The Hill", "the Hill", "harbor fees", "José Verrick", "Ana de la Cruz", "NRA"]),
            alias in proptest::sample::select(vec!["Verrick", "the hill", "José", "O’Brien", "DANA"]),
        ) {
            let text = parts.concat();
            let subject = Subject::new(name, vec![alias.to_string()]);
            let finder = MentionFinder::new(&subject).expect("a name");
            let slow = MentionFinder { quick: None, ..finder.clone() };
            proptest::prop_assert_eq!(finder.find(&text), slow.find(&text));
        }
    }

    #[test]
    fn a_person_is_found_by_full_and_family_name() {
        let rows: [(&str, &[&str]); 16] = [
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
            ("She flew to Boston. Verrick resigned.", &["Verrick"]),
            (
                "On Tuesday Verrick spoke. In Boston Verrick did not.",
                &["Verrick", "Verrick"],
            ),
            ("REUTERS Verrick spoke.", &["Verrick"]),
            ("D. Verrick, not T. Verrick", &["D. Verrick"]),
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
        assert_eq!(
            find("Ana Müller", &[], "MÜLLER and Mu\u{308}ller"),
            ["MÜLLER", "Mu\u{308}ller"]
        );
    }

    #[test]
    fn particles_suffixes_and_articles_belong_to_names() {
        assert_eq!(
            find(
                "Maria de la Cruz",
                &[],
                "De la Cruz won. Ms. de la Cruz met Hector de la Cruz."
            ),
            ["De la Cruz", "de la Cruz"]
        );
        assert_eq!(
            find(
                "Emil Brandt Jr.",
                &[],
                "Emil Brandt Jr. spoke; Brandt left. Brandt, Jr., too."
            ),
            ["Emil Brandt Jr.", "Brandt", "Brandt, Jr."]
        );
        assert_eq!(
            find(
                "The Hill",
                &[],
                "The Hill wrote. Capitol Hill slept; the Hill did not."
            ),
            ["The Hill", "the Hill"]
        );
    }

    #[test]
    fn a_name_without_letters_is_refused() {
        assert!(MentionFinder::new(&Subject::new(" - ", vec![])).is_err());
    }
}
