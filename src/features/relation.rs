//! What the subject does and what is done to it: the verb after a mention, and the content word before it.
//!
//! No parser: after a mention come a possessive, an apposition between commas, auxiliaries, negators and adverbs, and then, in news
//! prose, mostly the verb. It is read as passive where a form of "be" or "get" stands before a word in -ed or -en.

use std::borrow::Cow;
use std::sync::LazyLock;

use crate::features::annotate::Piece;
use crate::text::WordList;

/// How words stand to a mention.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Relation {
    /// The verb after the mention, whatever its voice.
    Verb,
    /// The verb of what the subject does.
    Does,
    /// The verb of what is done to it.
    DoneTo,
    /// The verb of what it does not do.
    DoesNot,
    /// The verb of what is not done to it.
    NotDoneTo,
    /// The word after "the subject's".
    Owned,
    /// The content word after the verb.
    AfterVerb,
    /// Verb and the content word after it.
    VerbAnd,
    /// The content word before the mention.
    Before,
    /// That word and the preposition between.
    BeforeAnd,
}

impl Relation {
    /// All of them; the position is the code in keys and files.
    const ALL: [Relation; 10] = [
        Relation::Verb,
        Relation::Does,
        Relation::DoneTo,
        Relation::DoesNot,
        Relation::NotDoneTo,
        Relation::Owned,
        Relation::AfterVerb,
        Relation::VerbAnd,
        Relation::Before,
        Relation::BeforeAnd,
    ];

    /// The number that keys and files hold.
    pub fn code(self) -> u8 {
        self as u8
    }

    /// The relation of a stored number.
    pub fn from_code(code: u8) -> Option<Relation> {
        Relation::ALL.get(usize::from(code)).copied()
    }

    /// `what` in this relation, in words.
    pub fn phrase(self, what: &str) -> String {
        match self {
            Relation::Verb => format!("verb of the subject: {what}"),
            Relation::Does => format!("the subject does: {what}"),
            Relation::DoneTo => format!("done to the subject: {what}"),
            Relation::DoesNot => format!("the subject does not: {what}"),
            Relation::NotDoneTo => format!("not done to the subject: {what}"),
            Relation::Owned => format!("the subject's own: {what}"),
            Relation::AfterVerb => format!("after the subject's verb: {what}"),
            Relation::VerbAnd => format!("the subject's verb and what follows: {what}"),
            Relation::Before => format!("last word before the subject: {what}"),
            Relation::BeforeAnd => format!("leads to the subject: {what}"),
        }
    }
}

/// Pieces that stand in a relation to a mention.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Related {
    pub relation: Relation,
    /// Index of the piece.
    pub first: usize,
    /// Index of the second piece of a pair.
    pub second: Option<usize>,
}

static AUXILIARIES: LazyLock<WordList> = LazyLock::new(|| {
    WordList::words(
        "is are was were be been being am has have had having do does did will would can could may might must shall should get gets got \
         gotten getting 's 'd 'll 've 're who that which the a an also then now just ever still even to",
    )
});

static BE: LazyLock<WordList> = LazyLock::new(|| {
    WordList::words("is are was were be been being am get gets got gotten getting 's 're")
});

static NOT: LazyLock<WordList> =
    LazyLock::new(|| WordList::words("not never no nor neither hardly barely cannot n't"));

/// Words without content of their own, passed over on the way to one.
static EMPTY: LazyLock<WordList> = LazyLock::new(|| {
    WordList::words(
        "the a an of to in on at by for from with as and or but that this these those his her its their my your our he she it they we you i \
         him them us who which what when where while if so than then there here is are was were be been being has have had do does did \
         will would can could may might must should not n't 's ' also just only very more most some any all mr mrs ms dr sen rep gov president \
         senator secretary former u s",
    )
});

static PREPOSITIONS: LazyLock<WordList> = LazyLock::new(|| {
    WordList::words(
        "of to in on at by for from with about against over under after before between among into toward towards behind like through \
         without within upon off around as than",
    )
});

/// The longest apposition that is passed over, in pieces.
const APPOSITION: usize = 13;
/// How far before a mention a content word is looked for.
const BEFORE: usize = 5;
/// How far after a verb the next content word is looked for.
const AFTER: usize = 5;

/// The relations of every mention of the subject in `pieces` of `text`.
pub(crate) fn relations(text: &str, pieces: &[Piece]) -> Vec<Related> {
    let mut found = Vec::new();
    for (at, piece) in pieces.iter().enumerate() {
        if piece.is_subject() {
            after(text, pieces, at, &mut found);
            before(text, pieces, at, &mut found);
        }
    }
    found
}

fn form<'t>(text: &'t str, pieces: &[Piece], k: usize) -> Cow<'t, str> {
    crate::text::form(pieces[k].span.of(text))
}

fn is_word(form: &str) -> bool {
    form.starts_with(char::is_alphabetic)
}

/// The verb after the mention at `at`, and what follows it.
fn after(text: &str, pieces: &[Piece], at: usize, found: &mut Vec<Related>) {
    let form = |k: usize| form(text, pieces, k);
    let mut k = at + 1;
    let mut owned = false;
    if k < pieces.len() && matches!(&*form(k), "'s" | "'") {
        owned = true;
        k += 1;
    }
    // "Verrick, the mayor of Calder, lied"; "Verrick (I-Calder) lied"
    if k < pieces.len() {
        let end = match &*form(k) {
            "," => Some(","),
            "(" => Some(")"),
            _ => None,
        };
        if let Some(end) = end {
            let close = (k + 1..pieces.len().min(k + 1 + APPOSITION)).find(|&j| form(j) == end);
            match close {
                Some(close) => k = close + 1,
                None => return,
            }
        }
    }
    let (mut be, mut negated) = (false, false);
    while k < pieces.len() && !pieces[k].is_subject() {
        let word = form(k);
        let auxiliary = AUXILIARIES.contains(&word);
        let not = NOT.contains(&word) || word.ends_with("n't");
        if !(auxiliary || not || word.ends_with("ly")) {
            break;
        }
        be |= BE.contains(&word) || word.ends_with("n't") && BE.contains(&word[..word.len() - 3]);
        negated |= not;
        k += 1;
    }
    if k >= pieces.len() || pieces[k].is_subject() || !is_word(&form(k)) {
        return;
    }
    let verb = form(k);
    let mut send = |relation, first, second| {
        found.push(Related {
            relation,
            first,
            second,
        })
    };
    if owned {
        send(Relation::Owned, k, None);
    } else {
        let passive = be && (verb.ends_with("ed") || verb.ends_with("en"));
        let marked = match (passive, negated) {
            (false, false) => Relation::Does,
            (true, false) => Relation::DoneTo,
            (false, true) => Relation::DoesNot,
            (true, true) => Relation::NotDoneTo,
        };
        send(Relation::Verb, k, None);
        send(marked, k, None);
    }
    let next = (k + 1..pieces.len().min(k + 1 + AFTER))
        .take_while(|&j| !pieces[j].is_subject() && !matches!(&*form(j), "." | ";" | "!" | "?"))
        .find(|&j| is_word(&form(j)) && !EMPTY.contains(&form(j)));
    if let Some(next) = next {
        send(Relation::AfterVerb, next, None);
        send(Relation::VerbAnd, k, Some(next));
    }
}

/// The content word before the mention at `at`, with the preposition between.
fn before(text: &str, pieces: &[Piece], at: usize, found: &mut Vec<Related>) {
    let form = |k: usize| form(text, pieces, k);
    let mut preposition = None;
    for k in (at.saturating_sub(BEFORE)..at).rev() {
        let word = form(k);
        if pieces[k].is_subject() || matches!(&*word, "." | ";" | "!" | "?") {
            return;
        }
        if preposition.is_none() && PREPOSITIONS.contains(&word) {
            preposition = Some(k);
        }
        if is_word(&word) && !EMPTY.contains(&word) && !PREPOSITIONS.contains(&word) {
            found.push(Related {
                relation: Relation::Before,
                first: k,
                second: None,
            });
            if let Some(preposition) = preposition {
                found.push(Related {
                    relation: Relation::BeforeAnd,
                    first: k,
                    second: Some(preposition),
                });
            }
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::features::Example;
    use crate::features::annotate::annotate;
    use crate::features::words::WordTable;
    use crate::span::Span;

    fn found(text: &str) -> Vec<(Relation, String)> {
        let mentions: Vec<Span> = text
            .match_indices("Verrick")
            .map(|(at, name)| Span::new(at, at + name.len()))
            .collect();
        let example = Example {
            text,
            mentions: &mentions,
        };
        let pieces = annotate(example, &WordTable::default());
        relations(text, &pieces)
            .into_iter()
            .map(|related| {
                let word = |k: usize| pieces[k].span.of(text).to_string();
                let words = match related.second {
                    None => word(related.first),
                    Some(second) => format!("{} {}", word(related.first), word(second)),
                };
                (related.relation, words)
            })
            .collect()
    }

    #[test]
    fn the_verb_is_found_behind_appositions_auxiliaries_and_negators() {
        use Relation::*;
        let has = |text: &str, relation: Relation, words: &str| {
            let all = found(text);
            assert!(
                all.contains(&(relation, words.to_string())),
                "{text}: {all:?}"
            );
        };
        has("Verrick lied to the council.", Does, "lied");
        has("Verrick lied to the council.", AfterVerb, "council");
        has("Verrick lied to the council.", VerbAnd, "lied council");
        has("Verrick, the ports chief, has never lied.", DoesNot, "lied");
        has("Verrick was widely accused of lying.", DoneTo, "accused");
        has("Verrick wasn't accused.", NotDoneTo, "accused");
        has("Verrick's plan failed.", Owned, "plan");
        has("They blamed the failure on Verrick.", Before, "failure");
        has(
            "They blamed the failure on Verrick.",
            BeforeAnd,
            "failure on",
        );
    }
}
