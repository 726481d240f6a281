//! The people a sentence names or calls by a noun: who a pronoun after them may mean.
//!
//! In: the words of a sentence and where subjects are named in it. Out: ordered [`Reference`]s, each a subject or somebody else, with
//! the gender as far as a title, a noun or a given name tells it. What may be a person counts as one: it then stands in
//! the way of a doubtful antecedent, which is the safe side.

use rustc_hash::FxHashMap;

use super::lexicon::{BEFORE_PLACES, OPENERS, PERSON_NOUNS, SAYING, VERBS};
use crate::span::Span;
use crate::text::gender::{Gender, given_gender, noun_gender};
use crate::text::mention::{NOT_A_FAMILY_NAME, NOT_AFTER_FAMILY, PARTICLES, TITLES};
use crate::text::token::{TokenKind, is_apostrophe};
use crate::text::voice::names::{is_medium, may_be_name};

/// How many words a name with its titles has at most.
const RUN: usize = 12;

/// Who is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    /// The subject with this number.
    Subject(usize),
    /// Somebody else, or somebody who cannot be told.
    Other,
}

/// A word of a sentence.
#[derive(Debug, Clone)]
pub(super) struct Word<'t> {
    pub span: Span,
    pub text: &'t str,
    /// In small letters, without "'s" and the like.
    pub lower: String,
    /// Whether "'s" or a bare apostrophe makes it a possessive.
    pub possessive: bool,
    pub kind: TokenKind,
    /// In which quotations it stands: those of one speaker in a row have one number.
    pub channel: Option<usize>,
}

impl Word<'_> {
    fn is(&self, mark: &str) -> bool {
        self.text == mark
    }

    fn is_capital(&self) -> bool {
        self.kind == TokenKind::Word && may_be_name(self.text)
    }
}

/// A stretch of words that refers to a person.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reference {
    pub who: Who,
    pub gender: Option<Gender>,
    /// First and last word, of the sentence.
    pub first: usize,
    pub last: usize,
    /// Whether it begins a clause, as its subject does.
    pub leads: bool,
    /// Whether it only qualifies a noun ("the Verrick campaign"), so that nobody is spoken of.
    pub weak: bool,
    pub channel: Option<usize>,
    /// A noun ("the mayor") rather than a name.
    pub noun: bool,
}

impl Reference {
    /// Whether a pronoun of `gender` can stand for it.
    pub fn agrees(&self, gender: Gender) -> bool {
        !self.weak && self.gender.is_none_or(|own| own == gender)
    }
}

/// The gender a family name has in an article, `None` where it is not known or not the same throughout.
pub(super) type Families = FxHashMap<String, Option<Gender>>;

fn is_person_noun(word: &str) -> bool {
    PERSON_NOUNS.contains(word) || noun_gender(word).is_some()
}

/// A run of words with capitals, taken apart.
struct Run {
    last: usize,
    /// Whether a title stands before the name.
    titled: bool,
    title_gender: Option<Gender>,
    /// The words of the name itself.
    name: Vec<usize>,
}

/// Reads the run that begins at `first`; it ends before word `stop`.
fn run(words: &[Word<'_>], first: usize, stop: usize) -> Run {
    let mut k = first;
    let mut last = first;
    let mut parts = Vec::new();
    while k < stop {
        let word = &words[k];
        if word.is_capital() {
            parts.push(k);
            last = k;
            if word.possessive {
                break;
            }
            k += 1;
            // "Gov.", "J."; any other full stop ends the run.
            let short = word.text.chars().count() == 1 || TITLES.contains(&word.lower);
            if k < stop && words[k].is(".") {
                if !short {
                    break;
                }
                k += 1;
            } else if k + 1 < stop && words[k].is("-") && touches(words, k) {
                k += 1;
            }
        } else if !parts.is_empty()
            && PARTICLES.contains(word.text)
            && k + 1 < stop
            && (words[k + 1].is_capital() || PARTICLES.contains(words[k + 1].text))
        {
            k += 1;
        } else {
            break;
        }
    }
    let is_title = |&&k: &&usize| {
        TITLES.contains(&words[k].lower)
            || is_person_noun(&words[k].lower)
            || matches!(words[k].lower.as_str(), "vice" | "state")
    };
    let n_titles = parts.iter().take_while(is_title).count();
    // "House Speaker Paul Orr": the last title counts, whatever stands before it.
    let n_titles = parts
        .iter()
        .rposition(|&k| TITLES.contains(&words[k].lower))
        .map_or(n_titles, |at| n_titles.max(at + 1));
    Run {
        last,
        titled: n_titles > 0,
        title_gender: parts[..n_titles]
            .iter()
            .find_map(|&k| noun_gender(&words[k].lower)),
        name: parts.split_off(n_titles),
    }
}

/// Whether word `k`, a hyphen, touches the words around it.
fn touches(words: &[Word<'_>], k: usize) -> bool {
    words[k - 1].span.end == words[k].span.start && words[k].span.end == words[k + 1].span.start
}

/// Whether the run reads like a person, and of which gender.
fn person(
    words: &[Word<'_>],
    first: usize,
    run: &Run,
    families: &Families,
) -> Option<Option<Gender>> {
    let Some(&last) = run.name.last() else {
        // A title alone: "the President said".
        let noun = run.titled && is_person_noun(&words[run.last].lower);
        return noun.then_some(run.title_gender);
    };
    let family = &words[last].lower;
    let known = families.get(family);
    let given = (run.name.len() > 1)
        .then(|| given_gender(&words[run.name[0]].lower))
        .flatten();
    let gender = run
        .title_gender
        .or(given)
        .or_else(|| known.copied().flatten());
    let body = NOT_A_FAMILY_NAME.contains(family)
        || NOT_AFTER_FAMILY.contains(family)
        || run.name.iter().any(|&k| is_medium(words[k].text));
    if body {
        return None;
    }
    if run.titled || given.is_some() {
        return Some(gender);
    }
    let before = first.checked_sub(1).map(|k| &words[k]);
    let place = before.is_some_and(|word| BEFORE_PLACES.contains(&word.lower));
    let speaks = words
        .get(run.last + 1)
        .is_some_and(|next| SAYING.contains(&next.lower));
    if known.is_some() || speaks {
        return Some(gender);
    }
    if run.name.len() > 1 {
        return (!place).then_some(gender);
    }
    let acronym = words[last].text.chars().all(|c| !c.is_lowercase());
    if before.is_none() || place || acronym {
        return None;
    }
    Some(gender.or_else(|| given_gender(family)))
}

/// The family names of the people whom `words` name in full, with their gender.
pub(super) fn meet_families(words: &[Word<'_>], families: &mut Families) {
    let mut k = 0;
    while k < words.len() {
        if !words[k].is_capital() {
            k += 1;
            continue;
        }
        let run = run(words, k, words.len());
        let given = (run.name.len() > 1)
            .then(|| given_gender(&words[run.name[0]].lower))
            .flatten();
        if let Some(&last) = run.name.last()
            && (run.titled || given.is_some())
            && !NOT_A_FAMILY_NAME.contains(&words[last].lower)
            && !NOT_AFTER_FAMILY.contains(&words[last].lower)
        {
            let gender = run.title_gender.or(given);
            families
                .entry(words[last].lower.clone())
                .and_modify(|known| {
                    *known = known
                        .or(gender)
                        .filter(|&g| gender.is_none_or(|new| new == g));
                })
                .or_insert(gender);
        }
        k = run.last + 1;
    }
}

/// The references of a sentence, pronouns apart. `named` holds where subjects are named in it, ordered, with their numbers.
pub(super) fn references(
    words: &[Word<'_>],
    named: &[(Span, Who)],
    families: &Families,
    genders: &[Option<Gender>],
) -> Vec<Reference> {
    let mut found: Vec<Reference> = Vec::new();
    let mut named = named.iter().peekable();
    let mut k = 0;
    while k < words.len() {
        while named
            .next_if(|(span, _)| span.end <= words[k].span.start)
            .is_some()
        {}
        let reference = match named.peek() {
            Some(&&(span, who)) if span.start < words[k].span.end => {
                let past = words[k..]
                    .iter()
                    .take_while(|w| w.span.start < span.end)
                    .count();
                Some(subject_reference(
                    words,
                    k,
                    k + past - 1,
                    span,
                    who,
                    genders,
                ))
            }
            next => {
                let until_name =
                    |end: &&Word<'_>| next.is_none_or(|(span, _)| end.span.end <= span.start);
                let stop = k + words[k..].iter().take(RUN).take_while(until_name).count();
                let before_subject = next.is_some_and(|(span, _)| {
                    words
                        .get(stop)
                        .is_some_and(|word| word.span.end > span.start)
                });
                let (reference, past) = other_reference(words, k, stop, before_subject, families);
                if reference.is_none() {
                    k = past;
                    continue;
                }
                reference
            }
        };
        if let Some(reference) = reference {
            k = reference.last + 1;
            add(words, reference, &mut found);
        }
    }
    found
}

fn subject_reference(
    words: &[Word<'_>],
    first: usize,
    last: usize,
    span: Span,
    who: Who,
    genders: &[Option<Gender>],
) -> Reference {
    let article =
        |word: &Word<'_>| matches!(word.lower.as_str(), "the" | "a" | "an" | "two" | "three");
    let description = article(&words[first]);
    // Titles before the name belong to it.
    let mut from = first;
    let mut steps = 0;
    while from > 0
        && steps < 8
        && (words[from - 1].is(".")
            || TITLES.contains(&words[from - 1].lower) && words[from - 1].is_capital()
            || words[from - 1].is("former")
            || words[from - 1].is("Former"))
    {
        from -= 1;
        steps += 1;
    }
    while from < first && words[from].is(".") {
        from += 1;
    }
    let hyphen = |k: Option<&Word<'_>>| k.is_some_and(|word| word.is("-"));
    let weak = !description && from == first && first > 0 && article(&words[first - 1])
        || first > 0 && hyphen(words.get(first - 1))
        || words
            .get(last + 1)
            .is_some_and(|w| w.is("-") && w.span.start == span.end);
    Reference {
        who,
        gender: match who {
            Who::Subject(number) => genders[number],
            Who::Other => None,
        },
        first: from,
        last,
        leads: false,
        weak,
        channel: words[first].channel,
        noun: false,
    }
}

/// Somebody else at word `k`, and where to go on if there is nobody. A run of capitals ends before word `stop`, where, if
/// `before_subject`, a subject is named.
fn other_reference(
    words: &[Word<'_>],
    k: usize,
    stop: usize,
    before_subject: bool,
    families: &Families,
) -> (Option<Reference>, usize) {
    let word = &words[k];
    if word.kind != TokenKind::Word {
        return (None, k + 1);
    }
    let mut reference = Reference {
        who: Who::Other,
        gender: None,
        first: k,
        last: k,
        leads: false,
        weak: false,
        channel: word.channel,
        noun: true,
    };
    if word.is_capital() {
        let run = run(words, k, stop.max(k + 1));
        // Titles right before a subject are its own.
        let own = before_subject && run.last + 2 >= stop && !words[run.last].possessive;
        let person = person(words, k, &run, families).filter(|_| !(own && run.name.is_empty()));
        let Some(gender) = person else {
            return (None, run.last + 1);
        };
        reference.gender = gender;
        reference.noun = run.name.is_empty();
        reference.last = run.last;
        return (Some(reference), k);
    }
    if !is_person_noun(&word.lower) || words.get(k + 1).is_some_and(|next| next.is("-")) {
        return (None, k + 1);
    }
    reference.gender = noun_gender(&word.lower);
    (Some(reference), k)
}

/// Adds `reference`, or joins it to the one before where both are one person: "the mayor, Ann Orr", "Ann Orr, the mayor".
fn add(words: &[Word<'_>], mut reference: Reference, found: &mut Vec<Reference>) {
    if let Some(last) = found.last() {
        reference.first = reference.first.max(last.last + 1);
    }
    let start = phrase_start(words, &reference, found.last());
    if let Some(last) = found.last_mut() {
        let gap = reference.first - last.last - 1;
        let comma = gap == 1 && words[last.last + 1].is(",");
        let same_channel = last.channel == reference.channel;
        let possessive =
            words[last.last].possessive || words.get(last.last + 1).is_some_and(|w| is_mark(w));
        let closes = words
            .get(reference.last + 1)
            .is_none_or(|next| next.kind != TokenKind::Word);
        let named_after = last.noun && last.who == Who::Other && !possessive;
        if same_channel && named_after && (gap == 0 || comma && closes && !reference.noun) {
            last.who = reference.who;
            last.gender = reference.gender.or(last.gender);
            last.last = reference.last;
            last.noun = reference.noun;
            last.weak = false;
            return;
        }
        let apposed = !last.noun || last.who != Who::Other;
        if same_channel
            && apposed
            && reference.noun
            && reference.who == Who::Other
            && !possessive
            && start == last.last + 2
            && words[last.last + 1].is(",")
            && !matches!(
                words[start].lower.as_str(),
                "his" | "her" | "their" | "my" | "our"
            )
            && !words
                .get(reference.last + 1)
                .is_some_and(|next| VERBS.contains(&next.lower))
        {
            last.gender = last.gender.or(reference.gender);
            return;
        }
    }
    let owned =
        words[reference.last].possessive || words.get(reference.last + 1).is_some_and(is_mark);
    // A possessor is no subject, its noun is.
    reference.leads = !owned && leads(words, start);
    found.push(reference);
}

fn is_mark(word: &Word<'_>) -> bool {
    word.text.chars().all(is_apostrophe) && word.kind == TokenKind::Symbol
}

/// Where the noun phrase of `reference` begins: its article, or the possessor before it.
fn phrase_start(words: &[Word<'_>], reference: &Reference, before: Option<&Reference>) -> usize {
    if !reference.noun {
        return reference.first;
    }
    let from = reference.first.saturating_sub(6);
    for k in (from..reference.first).rev() {
        let word = &words[k];
        if let Some(owner) = before.filter(|owner| owner.last == k && word.possessive) {
            // "a farmer's son": the owner is inside an apposition that went before, or begins the phrase.
            return owner.first;
        }
        if word.kind != TokenKind::Word && !word.is("-") {
            return k + 1;
        }
        match word.lower.as_str() {
            "the" | "a" | "an" | "his" | "her" | "its" | "their" | "one" | "this" | "that"
            | "another" | "my" | "our" => {
                return k;
            }
            lower if OPENERS.contains(lower) || SAYING.contains(lower) => return k + 1,
            _ => {}
        }
    }
    reference.first
}

/// Whether a phrase that begins at word `first` stands where a clause has its subject.
fn leads(words: &[Word<'_>], first: usize) -> bool {
    let Some(before) = first.checked_sub(1).map(|k| &words[k]) else {
        return true;
    };
    match before.kind {
        TokenKind::Word => OPENERS.contains(&before.lower) || SAYING.contains(&before.lower),
        TokenKind::Number => false,
        _ => !before.is("-") && !before.is("'") && !before.is("’"),
    }
}
