//! The phrases that say who speaks, by their place: left or right of a verb, behind an apposition, in front of a colon.

use super::lexicon::Trait;
use super::names::is_medium;
use super::word::{LONGEST_SENTENCE, Word, name_end, name_start, name_text};
use crate::text::gender::Gender;
use crate::text::token::{TokenKind, is_apostrophe};

/// A speaker as the sentence writes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Written {
    /// A name, with titles.
    Name(String),
    /// He or she.
    Pronoun(Gender),
    /// A role or group without a name, as the text calls it: "the mayor".
    Unnamed(String),
}

/// "The plan is a gift, said Ida Holt.": who speaks behind the verb at `v` when words without marks come before it. What follows the
/// speaker must not be a verb: in "Holt, the treasurer, said Orr lied" it is Holt who speaks.
pub(super) fn speaker_behind(
    words: &[Word<'_>],
    from: usize,
    v: usize,
    to: usize,
) -> Option<(Written, usize)> {
    if v < from + 4
        || words[v - 1].text != ","
        || !matches!(words[v].lower.as_ref(), "said" | "says")
    {
        return None;
    }
    let (speaker, last) = speaker_right(words, v + 1, to)?;
    let ends = words[..to].get(last + 1).is_none_or(|next| {
        next.kind != TokenKind::Word
            || matches!(
                next.lower.as_ref(),
                "of" | "who" | "from" | "on" | "in" | "at"
            )
    });
    ends.then_some((speaker, last))
}

/// "says the narrator": whoever stands behind a quotation and its verb.
pub(super) fn described_right(
    words: &[Word<'_>],
    at: usize,
    to: usize,
) -> Option<(Written, usize)> {
    let article = words[..to].get(at)?;
    let noun = words[..to].get(at + 1)?;
    let phrase = matches!(
        article.lower.as_ref(),
        "the" | "a" | "an" | "one" | "his" | "her"
    ) && !article.quoted
        && !noun.quoted
        && noun.kind == TokenKind::Word;
    phrase.then(|| (Written::Unnamed(name_text(words, at, at + 1)), at + 1))
}

/// Past "on Thursday", "in a statement", "to reporters", "at a press conference".
pub(super) fn skip_adjuncts(words: &[Word<'_>], mut at: usize, to: usize) -> usize {
    loop {
        let Some(word) = words[..to].get(at) else {
            return at;
        };
        if word.quoted {
            return at;
        }
        let lower = word.lower.as_ref();
        let lead = matches!(
            lower,
            "on" | "in"
                | "at"
                | "during"
                | "to"
                | "through"
                | "via"
                | "after"
                | "late"
                | "early"
                | "last"
                | "this"
                | "earlier"
        );
        let time = word.is(Trait::Between)
            && matches!(
                lower,
                "monday"
                    | "tuesday"
                    | "wednesday"
                    | "thursday"
                    | "friday"
                    | "saturday"
                    | "sunday"
                    | "yesterday"
                    | "today"
                    | "morning"
                    | "afternoon"
                    | "evening"
                    | "night"
                    | "week"
                    | "month"
            );
        if time {
            at += 1;
            continue;
        }
        if lead {
            // A short phrase up to a noun of saying or time.
            let end = (at + 1..to.min(at + 9)).find(|&k| {
                matches!(
                    words[k].lower.as_ref(),
                    "statement"
                        | "interview"
                        | "conference"
                        | "briefing"
                        | "reporters"
                        | "tweet"
                        | "letter"
                        | "email"
                        | "speech"
                        | "hearing"
                        | "telephone"
                        | "phone"
                        | "monday"
                        | "tuesday"
                        | "wednesday"
                        | "thursday"
                        | "friday"
                        | "saturday"
                        | "sunday"
                        | "week"
                        | "month"
                        | "night"
                        | "morning"
                        | "afternoon"
                        | "evening"
                        | "journalists"
                        | "post"
                        | "lawmakers"
                        | "court"
                )
            });
            if let Some(end) = end
                && (at + 1..end).all(|k| {
                    words[k].kind == TokenKind::Word && !words[k].quoted && words[k].lower != "that"
                })
            {
                at = end + 1;
                continue;
            }
        }
        return at;
    }
}

/// The speaker to the left of the verb at `v`, and the index of its first word.
pub(super) fn speaker_left(
    words: &[Word<'_>],
    from: usize,
    v: usize,
    participle: bool,
) -> Option<(Written, usize)> {
    let mut i = v;
    loop {
        if i == from {
            return None;
        }
        i -= 1;
        let word = &words[i];
        if word.quoted {
            return None;
        }
        match word.text {
            ")" => {
                i = (from..i).rev().find(|&k| words[k].text == "(")?;
                continue;
            }
            "—" | "–" => {
                i = (from..i)
                    .rev()
                    .find(|&k| matches!(words[k].text, "—" | "–") && !words[k].quoted)?;
                continue;
            }
            "," if participle => {
                // "..., saying that": the subject of the clause before.
                return clause_subject(words, from, i);
            }
            "," => {
                return behind_apposition(words, from, i)
                    .or_else(|| clause_subject(words, from, i));
            }
            _ => {}
        }
        if word.kind == TokenKind::Number || is_apostrophe_word(word) {
            continue;
        }
        let suffix = |k: usize| matches!(words[k].text, "Jr" | "Sr");
        if suffix(i) || word.text == "." && i > from && suffix(i - 1) {
            continue;
        }
        if word.kind != TokenKind::Word {
            return None;
        }
        // "deleted the message and said": the subject of the sentence goes on.
        if matches!(word.lower.as_ref(), "and" | "but" | "then") && i > from {
            return clause_subject(words, from, i);
        }
        if word.is(Trait::Between) && !(word.lower == "all" || word.lower == "both")
            || word.lower.ends_with("ly") && !word.may_be_name
        {
            continue;
        }
        return noun_phrase_ending_at(words, from, i);
    }
}

fn is_apostrophe_word(word: &Word<'_>) -> bool {
    word.text.chars().all(is_apostrophe)
}

/// "Holt, the treasurer of the council, said": the name or role before the last comma but one, or the first of the clause.
fn behind_apposition(words: &[Word<'_>], from: usize, comma: usize) -> Option<(Written, usize)> {
    let mut k = comma;
    let mut last = None;
    while k > from {
        k -= 1;
        if words[k].quoted {
            continue;
        }
        if words[k].text == "," || k == from {
            let end = if words[k].text == "," {
                k.checked_sub(1)?
            } else {
                break;
            };
            if end < from || words[end].quoted {
                break;
            }
            let end = if words[end].text == ")" {
                (from..end)
                    .rev()
                    .find(|&j| words[j].text == "(")?
                    .checked_sub(1)?
            } else {
                end
            };
            if let Some(found) = noun_phrase_ending_at(words, from, end) {
                // "his lawyer, Cal Dupree, said": the apposition is the name.
                let inside = comma
                    .checked_sub(1)
                    .and_then(|last| noun_phrase_ending_at(words, from, last));
                return Some(match (&found.0, inside) {
                    (Written::Unnamed(_), Some((name @ Written::Name(_), start)))
                        if start == k + 1 =>
                    {
                        (name, found.1)
                    }
                    _ => found,
                });
            }
        }
        last = Some(k);
    }
    // Only one comma: the apposition itself may be the name ("the mayor, Ida Holt, said" has two).
    let start = last.unwrap_or(from);
    let end = comma.checked_sub(1)?;
    (end >= start)
        .then(|| noun_phrase_ending_at(words, from, end))
        .flatten()
}

/// The first name, role or pronoun of the clause that ends at `end`.
pub(super) fn clause_subject(
    words: &[Word<'_>],
    from: usize,
    end: usize,
) -> Option<(Written, usize)> {
    for k in from..end {
        let word = &words[k];
        if word.quoted {
            continue;
        }
        let next_is_name = words[..end]
            .get(k + 1)
            .is_some_and(|next| next.may_be_name && !next.quoted);
        let initial = word.may_be_name
            && words[..end].get(k + 1).is_some_and(|next| next.text == ".")
            && words[..end].get(k + 2).is_some_and(|next| next.may_be_name);
        if (next_is_name || initial) && word.may_be_name {
            continue;
        }
        // "Immigration agents", "Celebrating the vote": a capital only because the sentence begins.
        let opens = k == from
            && ["ing", "ic", "ion", "ment", "ness", "ity", "ican", "ans"]
                .iter()
                .any(|ending| word.lower.ends_with(ending))
            && words[..end].get(k + 1).is_some_and(|next| {
                next.kind == TokenKind::Word && !next.is(Trait::Be) && !next.is(Trait::Between)
            });
        if opens {
            continue;
        }
        if word.may_be_name
            || word.is(Trait::Role)
            || matches!(word.lower.as_ref(), "he" | "she" | "they")
        {
            let after = words[..end].get(k + 1).map(|w| w.lower.as_ref());
            if matches!(after, Some("'s" | "'")) {
                continue;
            }
            if let Some(found) = noun_phrase_ending_at(words, from, k) {
                return Some(found);
            }
        }
    }
    None
}

/// Who is introduced before a quotation that begins at byte `quotation`: "Orr was blunt: ...".
pub(super) fn colon_subject(words: &[Word<'_>], from: usize, quotation: usize) -> Option<Written> {
    let at = words.partition_point(|word| word.span.start < quotation);
    let colon = at
        .checked_sub(1)
        .filter(|&colon| colon - from.min(colon) <= LONGEST_SENTENCE)?;
    (colon > from && words[colon].text == ":")
        .then(|| clause_subject(words, from, colon))
        .flatten()
        .map(|(written, _)| written)
}

/// The noun phrase whose last word is `end`, if it can speak.
fn noun_phrase_ending_at(words: &[Word<'_>], from: usize, end: usize) -> Option<(Written, usize)> {
    let word = &words[end];
    match word.lower.as_ref() {
        "he" => return Some((Written::Pronoun(Gender::He), end)),
        "she" => return Some((Written::Pronoun(Gender::She), end)),
        "they" => return Some((Written::Unnamed(String::new()), end)),
        "who" | "that" if end > from => {
            let k = if words[end - 1].text == "," {
                end.checked_sub(2)?
            } else {
                end - 1
            };
            return (k >= from)
                .then(|| noun_phrase_ending_at(words, from, k))
                .flatten();
        }
        _ => {}
    }
    let initial_role = end == from && word.is(Trait::Role);
    if word.may_be_name && !initial_role {
        let start = name_start(words, from, end);
        let name = name_text(words, start, end);
        if is_medium(&name) {
            return None;
        }
        // "a spokeswoman for Holt", "allies of Holt" speak for themselves; "in Holt" says nothing.
        if start > from {
            let before = words[start - 1].lower.as_ref();
            let article = matches!(before, "the" | "a" | "an");
            let k = start - 1 - usize::from(article && start >= from + 2);
            if matches!(
                words[k].lower.as_ref(),
                "for"
                    | "of"
                    | "to"
                    | "from"
                    | "with"
                    | "at"
                    | "in"
                    | "on"
                    | "by"
                    | "against"
                    | "about"
                    | "near"
                    | "over"
            ) {
                let person = k.checked_sub(1).filter(|&before| {
                    before >= from
                        && matches!(words[k].lower.as_ref(), "of" | "from")
                        && words[before].may_be_name
                        && !words[before].quoted
                });
                return match person {
                    Some(before) => noun_phrase_ending_at(words, from, before),
                    None => role_before(words, from, k).map(|at| unnamed(words, from, at)),
                };
            }
        }
        return Some((Written::Name(name), start));
    }
    let none = end > from && words[end - 1].lower == "no" || word.lower == "nobody";
    if none {
        return None;
    }
    if word.is(Trait::Role) {
        // "Holt and others", "Holt and her aides": the one with a name speaks for them.
        let (written, start) = unnamed(words, from, end);
        let lead = start.checked_sub(2).filter(|&lead| {
            lead >= from && words[start - 1].lower == "and" && words[lead].may_be_name
        });
        return match lead {
            Some(lead) => noun_phrase_ending_at(words, from, lead),
            None => Some((written, start)),
        };
    }
    // "a leader of the council": the role stands before a preposition.
    if let Some(role) = role_before_phrase(words, from, end) {
        return Some(unnamed(words, from, role));
    }
    let noun = word.kind == TokenKind::Word
        && !word.is(Trait::Function)
        && !word.is(Trait::Thing)
        && !word.lower.ends_with("ly")
        && word.text.chars().all(char::is_alphabetic);
    noun.then(|| unnamed(words, from, end))
}

/// The phrase of a role at `end`: its article and adjectives with it.
fn unnamed(words: &[Word<'_>], from: usize, end: usize) -> (Written, usize) {
    let mut start = end;
    while start > from && end - start < 3 {
        let before = &words[start - 1];
        let article = before.is(Trait::Determiner);
        if before.quoted
            || before.kind != TokenKind::Word
            || !article && (before.is(Trait::Function) || before.is(Trait::Speaking))
        {
            break;
        }
        start -= 1;
        if article {
            break;
        }
    }
    (Written::Unnamed(name_text(words, start, end)), start)
}

/// The role directly before the preposition at `k`: "a spokeswoman for".
fn role_before(words: &[Word<'_>], from: usize, k: usize) -> Option<usize> {
    let role = k.checked_sub(1)?;
    (role >= from && words[role].is(Trait::Role)).then_some(role)
}

/// A role up to six words back that a preposition joins to the words up to `end`.
fn role_before_phrase(words: &[Word<'_>], from: usize, end: usize) -> Option<usize> {
    let lowest = from.max(end.saturating_sub(6));
    (lowest + 1..=end).rev().find_map(|k| {
        let joins = matches!(
            words[k].lower.as_ref(),
            "for" | "of" | "to" | "from" | "with" | "at" | "in" | "on"
        );
        let plain = (k..=end).all(|j| words[j].kind == TokenKind::Word && !words[j].quoted);
        (joins && plain)
            .then(|| role_before(words, from, k))
            .flatten()
    })
}

/// The speaker that begins at `at`: after "said", "according to", "by".
pub(super) fn speaker_right(words: &[Word<'_>], at: usize, to: usize) -> Option<(Written, usize)> {
    let mut k = at;
    while k < to && !words[k].quoted && words[k].is(Trait::Determiner) {
        k += 1;
    }
    let word = words[..to].get(k).filter(|word| !word.quoted)?;
    match word.lower.as_ref() {
        "he" => return Some((Written::Pronoun(Gender::He), k)),
        "she" => return Some((Written::Pronoun(Gender::She), k)),
        _ => {}
    }
    if matches!(word.lower.as_ref(), "they") {
        return Some((Written::Unnamed(String::new()), k));
    }
    if word.may_be_name {
        let end = name_end(words, k, to);
        let name = name_text(words, k, end);
        // "per Boston.com"
        let glued = |i: usize| {
            words[..to]
                .get(i + 1)
                .is_some_and(|next| next.span.start == words[i].span.end)
        };
        if glued(end) && words[end + 1].text == "." && glued(end + 1) {
            return None;
        }
        // "the Holt administration", "Holt aides"
        if let Some(role) = words[..to]
            .get(end + 1)
            .filter(|next| !next.quoted && next.is(Trait::Role) && next.text == next.lower)
        {
            return Some((Written::Unnamed(format!("{name} {}", role.text)), end + 1));
        }
        // "said Verrick's lawyer", "according to Holt aides".
        let after = words[..to].get(end + 1).map(|w| w.lower.as_ref());
        if matches!(after, Some("'s" | "'"))
            || name.ends_with("'s")
            || name.ends_with("’s")
            || name.ends_with("s'")
        {
            let role = (end + 1..to.min(end + 6)).find(|&j| words[j].is(Trait::Role));
            return role.map(|role| match name_after(words, role, to) {
                Some((name, last)) => (Written::Name(name), last),
                None => (Written::Unnamed(name_text(words, role, role)), role),
            });
        }
        if is_medium(&name) {
            return None;
        }
        return Some(match behind_modifiers(words, end, to) {
            Some((name, last)) => (Written::Name(name), last),
            None => (Written::Name(name), end),
        });
    }
    if let Some((name, last)) = behind_modifiers(words, k, to)
        .filter(|_| !words[k].is(Trait::Function) && !words[k].is(Trait::Role))
    {
        return (!is_medium(&name)).then_some((Written::Name(name), last));
    }
    let first_role = (k..to.min(k + 5)).find(|&j| words[j].is(Trait::Role) && !words[j].quoted)?;
    // "the deputy mayor"
    let role = (first_role + 1..to)
        .take_while(|&j| words[j].is(Trait::Role) && !words[j].quoted)
        .last()
        .unwrap_or(first_role);
    if (k..role).any(|j| words[j].kind != TokenKind::Word && words[j].text != "-") {
        return None;
    }
    Some(match name_after(words, role, to) {
        Some((name, last)) => (Written::Name(name), last),
        None => (Written::Unnamed(name_text(words, at, role)), role),
    })
}

/// "Calder-based Independent strategist Ida Holt": the name behind the modifiers that go on from `end` in small letters.
fn behind_modifiers(words: &[Word<'_>], end: usize, to: usize) -> Option<(String, usize)> {
    let mut small = false;
    for k in end + 1..to.min(end + 8) {
        let word = &words[k];
        if word.quoted {
            return None;
        }
        if word.may_be_name && word.kind == TokenKind::Word {
            let last = name_end(words, k, to);
            if small && last > k {
                return Some((name_text(words, k, last), last));
            }
            if small {
                continue;
            }
            return None;
        }
        let modifier = word.kind == TokenKind::Word
            && !word.is(Trait::Function)
            && !word.is(Trait::Between)
            && !word.is(Trait::Speaking);
        if !(modifier || word.text == "-") {
            return None;
        }
        small |= modifier;
    }
    None
}

/// "spokesman Conrad Weems", "the mayor, Ida Holt": the name that a role at `role` introduces.
fn name_after(words: &[Word<'_>], role: usize, to: usize) -> Option<(String, usize)> {
    let at = role + 1 + usize::from(words[..to].get(role + 1).is_some_and(|w| w.text == ","));
    words[..to]
        .get(at)
        .filter(|word| !word.quoted && word.may_be_name)?;
    let end = name_end(words, at, to);
    (end > at).then(|| (name_text(words, at, end), end))
}
