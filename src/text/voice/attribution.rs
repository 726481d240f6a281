//! Who says what in a sentence: cues ("said", "according to", "was accused of"), their speakers, and the words told without
//! quotation marks.
//!
//! In: the tokens of one sentence, each knowing whether it stands in a quotation. Out: [`Attribution`]s in order. A cue counts only when
//! something that can speak stands where its subject must be: a name that is no medium, a pronoun, or a person or group by role
//! ("critics", "a spokeswoman"). "The report said" and "the bill called for" are the outlet's.

use std::borrow::Cow;

use super::lexicon::{ROLES, Trait, Traits, lower};
use super::names::is_medium;
use crate::span::Span;
use crate::text::gender::Gender;
use crate::text::token::{Token, TokenKind, for_each_token, is_apostrophe};

/// A token with what voices need to know of it.
#[derive(Debug, Clone)]
pub(super) struct Word<'t> {
    pub text: &'t str,
    /// In small letters, with straight apostrophes.
    pub lower: Cow<'t, str>,
    pub span: Span,
    pub kind: TokenKind,
    /// What is asked of it, wherever it stands.
    traits: Traits,
    /// Whether it may be part of a name.
    pub may_be_name: bool,
    /// Whether it stands inside a quotation, marks included.
    pub quoted: bool,
}

impl Word<'_> {
    /// Whether it has this trait.
    pub fn is(&self, asked: Trait) -> bool {
        self.traits.has(asked)
    }
}

/// Cuts the stretch `block` of `text` into words; `quoted` says which bytes stand in quotations, `small` is the stretch with ASCII letters small,
/// `traits_of` tells the traits of a token of the stretch.
pub(super) fn words<'t>(
    text: &'t str,
    block: Span,
    small: &'t str,
    quoted: &[Span],
    mut traits_of: impl FnMut(&str, Token) -> Traits,
) -> Vec<Word<'t>> {
    let mut next = 0;
    let piece = block.of(text);
    let mut words = Vec::with_capacity(piece.len() / 4 + 1);
    for_each_token(piece, |token| {
        let Token { span: at, kind } = token;
        let span = at.shifted(block.start);
        while quoted
            .get(next)
            .is_some_and(|quotation| quotation.end <= span.start)
        {
            next += 1;
        }
        let traits = traits_of(piece, token);
        let text = at.of(piece);
        let lower = match kind {
            TokenKind::Word if traits.has(Trait::Small) => Cow::Borrowed(text),
            TokenKind::Word if text.is_ascii() => Cow::Borrowed(at.of(small)),
            TokenKind::Word => Cow::Owned(lower(text)),
            // Of what is no letter only Roman numerals have small forms.
            TokenKind::Number if !text.is_ascii() => Cow::Owned(lower(text)),
            _ if text == "’" => Cow::Borrowed("'"),
            _ => Cow::Borrowed(text),
        };
        words.push(Word {
            text,
            lower,
            span,
            kind,
            traits,
            may_be_name: traits.has(Trait::MayBeName),
            quoted: quoted
                .get(next)
                .is_some_and(|quotation| quotation.contains(span)),
        });
    });
    words
}

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

/// One cue with its speaker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attribution {
    pub speaker: Written,
    /// From the first word of speaker or verb to the last: indices of words.
    pub first: usize,
    pub last: usize,
    /// The words told without quotation marks, as a range of word indices; quoted words inside are left out later.
    pub reported: Option<(usize, usize)>,
    /// Whether the verb names a judgement ("called", "accused") rather than introducing words.
    pub judges: bool,
    /// A clause before the cue in which the outlet asserts something of its own.
    pub outlet_clause: bool,
}

/// A sentence of more words is none; cues are looked for at both its ends, which takes the square of its length.
const LONGEST_SENTENCE: usize = 400;

/// The attributions of the sentence `words[from..to]`, in order.
pub(super) fn attributions(words: &[Word<'_>], from: usize, to: usize) -> Vec<Attribution> {
    let mut found: Vec<Attribution> = Vec::new();
    if to - from > LONGEST_SENTENCE {
        return found;
    }
    for v in from..to {
        let word = &words[v];
        if word.quoted || word.kind != TokenKind::Word || !word.is(Trait::Cue) {
            continue;
        }
        let attribution = according(words, from, to, v)
            .or_else(|| convinced(words, from, to, v))
            .or_else(|| passive(words, from, to, v))
            .or_else(|| active(words, from, to, v));
        if let Some(attribution) = attribution {
            // "Holt, who once denied it, said ...": the cue inside the apposition gives way to the one around it.
            while found
                .last()
                .is_some_and(|last| attribution.first <= last.first)
            {
                found.pop();
            }
            // "has said and repeated": one cue a speaker is enough where ranges overlap.
            if found
                .last()
                .is_none_or(|last| attribution.first > last.last)
            {
                found.push(attribution);
            }
        }
    }
    // A cue inside what somebody says is part of it: "Holt said Orr had denied it".
    let mut kept: Vec<Attribution> = Vec::new();
    for attribution in found {
        let nested = kept.last().is_some_and(|outer| {
            outer.reported.is_some_and(|(start, end)| {
                start <= attribution.first && attribution.first < end && start > outer.last
            }) && !separated(words, outer.last, attribution.first)
                && !in_relative_clause(words, attribution.first)
        });
        if !nested {
            kept.push(attribution);
        }
    }
    let mut found = kept;
    // What one speaker says ends where the next begins.
    for i in 0..found.len() {
        let next = found.get(i + 1).map(|next| next.first);
        if let (Some((start, end)), Some(next)) = (found[i].reported, next)
            && start < next
            && next < end
        {
            found[i].reported = Some((start, next));
        }
    }
    found
}

/// "..., which Holt said was late": the clause at `at` is another's remark on the one before it.
fn in_relative_clause(words: &[Word<'_>], at: usize) -> bool {
    at >= 2
        && matches!(words[at - 1].lower.as_ref(), "which" | "where")
        && words[at - 2].text == ","
        && !words[at - 1].quoted
}

/// Whether a semicolon, or a comma with a conjunction, stands between two words.
fn separated(words: &[Word<'_>], from: usize, to: usize) -> bool {
    (from..to).any(|k| {
        let word = &words[k];
        !word.quoted
            && (word.text == ";"
                || (word.is(Trait::Conjunction) || word.lower == "whereas")
                    && (words[k - 1].text == ","
                        || words[k - 1].quoted
                        || word.lower == "while"
                        || word.lower == "but"))
    })
}

/// "according to Ida Holt", "per officials".
fn according(words: &[Word<'_>], from: usize, to: usize, v: usize) -> Option<Attribution> {
    let next = |k: usize| words[..to].get(k).filter(|w| !w.quoted);
    let np = match words[v].lower.as_ref() {
        "according" if next(v + 1).is_some_and(|w| w.lower == "to") => v + 2,
        "per" if v > from && words[v - 1].text == "," => v + 1,
        _ => return None,
    };
    let (speaker, last) = speaker_right(words, np, to)?;
    // "government estimates", "a Coastal Poll": documents state facts.
    let document = |k: usize| words[..to].get(k).is_some_and(|word| word.is(Trait::Thing));
    if document(last) || document(last + 1) {
        return None;
    }
    let reported = if v <= from + 1 {
        let start = (last + 1..to)
            .find(|&k| words[k].text == ",")
            .map_or(last + 1, |k| k + 1);
        (start, to)
    } else {
        (from, v)
    };
    Some(Attribution {
        speaker,
        first: v,
        last,
        reported: Some(reported),
        judges: false,
        outlet_clause: false,
    })
}

/// "officials are convinced that".
fn convinced(words: &[Word<'_>], from: usize, to: usize, v: usize) -> Option<Attribution> {
    let that = words[..to]
        .get(v + 1)
        .is_some_and(|next| next.lower == "that");
    if !(that && words[v].is(Trait::Convinced)) {
        return None;
    }
    let be = (from + 1..v)
        .rev()
        .take(3)
        .find(|&k| words[k].is(Trait::Be) || words[k].lower == "'re")?;
    let (speaker, first) = speaker_left(words, from, be, false)?;
    Some(Attribution {
        speaker,
        first,
        last: v,
        reported: Some((v + 1, to)),
        judges: false,
        outlet_clause: false,
    })
}

/// "was accused of", "faces calls to", "came under fire".
fn passive(words: &[Word<'_>], from: usize, to: usize, v: usize) -> Option<Attribution> {
    let lower = words[v].lower.as_ref();
    let ahead = |n: usize| {
        (v + 1..(v + 1 + n).min(to)).any(|k| !words[k].quoted && words[k].is(Trait::Judgement))
    };
    let judged = words[v].is(Trait::Judged) && v > from && {
        let mut k = v - 1;
        while k > from
            && (words[k].lower.ends_with("ly")
                || matches!(words[k].lower.as_ref(), "also" | "not" | "been" | "being"))
            && !words[k].is(Trait::Be)
        {
            k -= 1;
        }
        words[k].is(Trait::Be)
    };
    let fewer = words[..to].get(v + 1).is_some_and(|next| {
        matches!(
            next.lower.as_ref(),
            "less" | "little" | "no" | "few" | "fewer"
        )
    });
    let meets = (words[v].is(Trait::Meeting) && !fewer && ahead(4))
        || (matches!(lower, "come" | "comes" | "came" | "coming")
            && words.get(v + 1).is_some_and(|w| w.lower == "under")
            && ahead(5));
    // "is seen", "was described" without an agent or judgement say little.
    let weak = matches!(
        lower,
        "seen"
            | "regarded"
            | "considered"
            | "believed"
            | "said"
            | "described"
            | "pressed"
            | "credited"
    ) && !(v + 1..to).any(|k| {
        words[k].lower == "by"
            || k == v + 1 && words[k].lower == "to" && matches!(lower, "said" | "believed")
    });
    if !(judged && !weak || meets) {
        return None;
    }
    let by = (v + 1..to.min(v + 12))
        .find(|&k| words[k].lower == "by" || (meets && words[k].lower == "from"));
    let speaker = by
        .and_then(|k| speaker_right(words, k + 1, to))
        .map_or(Written::Unnamed(String::new()), |(speaker, _)| speaker);
    Some(Attribution {
        speaker,
        first: v,
        last: v,
        reported: Some((v + 1, to)),
        judges: true,
        outlet_clause: false,
    })
}

/// "Holt said", "said Holt", "the mayor accused".
fn active(words: &[Word<'_>], from: usize, to: usize, v: usize) -> Option<Attribution> {
    let verb = words[v].lower.as_ref();
    if !words[v].is(Trait::Speaking) {
        return None;
    }
    // "was recalled", "has not been asked": done to somebody. "said nothing": nothing was said.
    let mut k = v;
    while k > from
        && (words[k - 1].lower.ends_with("ly")
            || matches!(
                words[k - 1].lower.as_ref(),
                "not" | "also" | "never" | "being" | "been"
            ))
        && !words[k - 1].is(Trait::Be)
    {
        k -= 1;
    }
    let stands = k > from && matches!(words[k - 1].lower.as_ref(), "stand" | "stands" | "stood");
    let passive = stands || k > from && words[k - 1].is(Trait::Be) && !verb.ends_with("ing");
    let next = |n: usize| {
        words[..to]
            .get(v + n)
            .map_or("", |word| word.lower.as_ref())
    };
    let silent =
        matches!(next(1), "nothing" | "little" | "so") || next(1) == "the" && next(2) == "same";
    // "thought about it", "asked a question", "attacks against", "wants to": no words follow.
    let act = match verb {
        "thought" | "think" | "thinks" => matches!(next(1), "about" | "of"),
        "asked" | "asks" | "asking" => matches!(next(1), "a" | "questions" | "for" | "about"),
        "attack" | "attacks" | "charges" => matches!(next(1), "against" | "on"),
        "pleaded" | "pleads" => matches!(next(1), "guilty" | "not" | "no"),
        "hopes" | "fears" => matches!(next(1), "of" | "for"),
        "states" | "comments" | "remarks" | "claims" | "notes" | "posts" => {
            matches!(
                next(1),
                "against"
                    | "on"
                    | "to"
                    | "was"
                    | "were"
                    | "are"
                    | "is"
                    | "have"
                    | "had"
                    | "would"
                    | "will"
            )
        }
        "wants" | "wanted" | "wish" | "wishes" | "proposed" | "proposes" => next(1) == "to",
        _ => {
            let words_follow = (v + 1..to.min(v + 10))
                .any(|k| words[k].quoted || words[k].text == ":" || words[k].lower == "that");
            let words_precede = v > from && follows_quotation(words, from, v)
                || v > from + 1 && words[v - 2].quoted;
            words[v].is(Trait::NeedsWords) && !words_follow && !words_precede
        }
    };
    if passive || silent || act {
        return None;
    }
    let participle = verb.ends_with("ing");
    let inverted = v > from && follows_quotation(words, from, v);
    let judges = words[v].is(Trait::Judges);
    let right = if inverted {
        speaker_right(words, v + 1, to).or_else(|| described_right(words, v + 1, to))
    } else {
        speaker_behind(words, from, v, to)
    };
    let (speaker, first, last) = match right {
        Some((speaker, last)) => (speaker, v, last),
        None => {
            // "After Holt testified the council met": what comes before the main clause is the outlet's.
            let subordinate = matches!(
                words[from].lower.as_ref(),
                "after" | "when" | "before" | "if" | "once" | "since"
            ) && (from..v).all(|k| words[k].text != ",");
            if subordinate {
                return None;
            }
            let found = speaker_left(words, from, v, participle);
            let (speaker, first) = match found {
                // "released a statement denying it"
                None if participle && states(&words[v.max(from + 1) - 1].lower) => {
                    clause_subject(words, from, v)?
                }
                found => found?,
            };
            let that = words[..to]
                .get(v + 1)
                .is_some_and(|next| next.lower == "that");
            let described = first > from
                && matches!(
                    words[first - 1].lower.as_ref(),
                    "the" | "a" | "an" | "his" | "her" | "their" | "its" | "of" | "over"
                );
            let name = matches!(speaker, Written::Name(_));
            let pronoun = matches!(speaker, Written::Pronoun(_));
            let role = |written: &Written| matches!(written, Written::Unnamed(phrase) if phrase.is_empty() || phrase.split_whitespace().next_back().is_some_and(|last| ROLES.contains(&last.to_lowercase())));
            if words[v].is(Trait::NounForm) {
                let noun = if that {
                    !name && !pronoun && !role(&speaker)
                } else {
                    described || !name && !pronoun
                };
                if noun {
                    return None;
                }
            }
            // "what critics say": a thing the outlet speaks of.
            if first > from && words[first - 1].lower == "what" {
                return None;
            }
            (speaker, first, v)
        }
    };
    // Time, place and manner after the verb are no content.
    let content = skip_adjuncts(words, last + 1, to);
    let quote_before = follows_quotation(words, from, first.min(v));
    let quote_after = content < to
        && (words[content].quoted
            || (matches!(words[content].text, ":" | ",")
                && words.get(content + 1).is_some_and(|w| w.quoted)));
    let rest: usize = (content..to)
        .filter(|&k| words[k].kind == TokenKind::Word && !words[k].quoted)
        .count();
    // "Holt, the executive said, ..." stands inside what is said.
    let parenthetical = first > from
        && words[first - 1].text == ","
        && words[..to]
            .get(last + 1)
            .is_some_and(|next| next.text == ",")
        && !quote_before
        && !quote_after;
    let behind = first == v && last > v && !inverted;
    let reported = if behind {
        Some((from, v - 1))
    } else if parenthetical {
        Some((from, to))
    } else if quote_before && !judges {
        None
    } else if quote_after && !judges {
        // Words after the quotation may go on without marks.
        None
    } else if rest >= 1 {
        Some((content, to))
    } else if first > from + 1 && words[first - 1].text == "," {
        Some((from, first - 1))
    } else {
        None
    };
    let outlet_clause = (from + 3..first).any(|k| {
        words[k].is(Trait::Conjunction)
            && words[k - 1].text == ","
            && !words[k].quoted
            && (from..k)
                .filter(|&j| words[j].kind == TokenKind::Word && !words[j].quoted)
                .count()
                >= 3
            && (from..k).all(|j| !words[j].quoted)
    });
    // "stayed silent until April, when Holt vowed ...": the main clause is the outlet's.
    let subordinate = first > from + 4
        && matches!(
            words[first - 1].lower.as_ref(),
            "when" | "after" | "until" | "which" | "where" | "because" | "since" | "whom" | "while"
        )
        && (from..first - 1).all(|k| !words[k].quoted && !words[k].is(Trait::Speaking));
    Some(Attribution {
        speaker,
        first,
        last,
        reported,
        judges,
        outlet_clause: outlet_clause || subordinate,
    })
}

/// "The plan is a gift, said Ida Holt.": who speaks behind the verb at `v` when words without marks come before it. What follows the
/// speaker must not be a verb: in "Holt, the treasurer, said Orr lied" it is Holt who speaks.
fn speaker_behind(
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
fn described_right(words: &[Word<'_>], at: usize, to: usize) -> Option<(Written, usize)> {
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

/// Whether a noun carries somebody's words.
fn states(noun: &str) -> bool {
    matches!(
        noun,
        "statement" | "letter" | "tweet" | "post" | "speech" | "memo" | "email" | "interview"
    )
}

/// Whether the words before `at` end a quotation: `..." said`, `...," Holt said`.
fn follows_quotation(words: &[Word<'_>], from: usize, at: usize) -> bool {
    at > from && words[at - 1].quoted
        || at > from + 1 && words[at - 1].text == "," && words[at - 2].quoted
}

/// Past "on Thursday", "in a statement", "to reporters", "at a press conference".
fn skip_adjuncts(words: &[Word<'_>], mut at: usize, to: usize) -> usize {
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
fn speaker_left(
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
fn clause_subject(words: &[Word<'_>], from: usize, end: usize) -> Option<(Written, usize)> {
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

/// The first word of the name that ends at `end`: capitalised words, initials, particles and hyphens between them.
fn name_start(words: &[Word<'_>], from: usize, end: usize) -> usize {
    let mut start = end;
    while start > from {
        let k = start - 1;
        let word = &words[k];
        if word.quoted {
            break;
        }
        let joins = matches!(word.text, "." | "-" | "&" | "'" | "’") && k > from && {
            let before = &words[k - 1];
            let touching = before.span.end == word.span.start;
            before.may_be_name
                && (touching || word.text == "&")
                && (word.text != "." || before.text.chars().count() <= 4)
        };
        let particle = word.is(Trait::Particle) && k > from && words[k - 1].may_be_name;
        if joins
            || particle
            || of_title(words, from, k)
            || (word.may_be_name && !(word.text.chars().count() == 1 && word.text == "I"))
        {
            start = k;
        } else {
            break;
        }
    }
    start
}

/// Whether the word at `k` is the "of" of a title: "Secretary of State".
fn of_title(words: &[Word<'_>], from: usize, k: usize) -> bool {
    words[k].text == "of"
        && k > from
        && matches!(
            words[k - 1].text,
            "Secretary" | "Speaker" | "Minister" | "Director" | "Chairman" | "Chief"
        )
        && words.get(k + 1).is_some_and(|next| next.may_be_name)
}

/// The last word of the name that begins at `start`: capitalised words, initials, particles and hyphens between them, all inside or
/// all outside quotation marks.
pub(super) fn name_end(words: &[Word<'_>], start: usize, to: usize) -> usize {
    let mut end = start;
    while let Some(next) = words[..to]
        .get(end + 1)
        .filter(|next| next.quoted == words[start].quoted)
    {
        let glued = words[end].span.end == next.span.start;
        let goes_on = words[..to]
            .get(end + 2)
            .is_some_and(|word| word.may_be_name);
        let initial = next.text == "." && words[end].text.chars().count() <= 4;
        let joins = next.text == "&" || next.text == "-" && glued || next.is(Trait::Particle);
        let name =
            next.may_be_name && next.kind == TokenKind::Word && !(glued && words[end].text == "'");
        if !(name || goes_on && (initial || joins || of_title(words, start, end + 1))) {
            break;
        }
        end += 1;
    }
    end
}

/// [`name_text`] of words of `text`; not copied where it stands so.
pub(super) fn name_in<'t>(
    text: &'t str,
    words: &[Word<'_>],
    start: usize,
    end: usize,
) -> Cow<'t, str> {
    let plain = words[start..=end].windows(2).all(|pair| {
        let between = Span::new(pair[0].span.end, pair[1].span.start);
        matches!(between.of(text), "" | " ")
    });
    match plain {
        true => Cow::Borrowed(Span::new(words[start].span.start, words[end].span.end).of(text)),
        false => Cow::Owned(name_text(words, start, end)),
    }
}

/// The words from `start` to `end` as the text writes them, spaces folded.
pub(super) fn name_text(words: &[Word<'_>], start: usize, end: usize) -> String {
    let mut name = String::new();
    for k in start..=end {
        if k > start && words[k - 1].span.end < words[k].span.start {
            name.push(' ');
        }
        name.push_str(words[k].text);
    }
    name
}

/// The speaker that begins at `at`: after "said", "according to", "by".
fn speaker_right(words: &[Word<'_>], at: usize, to: usize) -> Option<(Written, usize)> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::voice::quotation::quotations;

    fn found(text: &str) -> Vec<(Written, Option<String>)> {
        let whole = Span::new(0, text.len());
        let quoted: Vec<Span> = quotations(text, whole).iter().map(|q| q.span).collect();
        let small = text.to_ascii_lowercase();
        let words = Traits::remembered(|traits_of| words(text, whole, &small, &quoted, traits_of));
        attributions(&words, 0, words.len())
            .into_iter()
            .map(|a| {
                let told = a.reported.filter(|(s, e)| s < e).map(|(start, end)| {
                    text[words[start].span.start..words[end - 1].span.end].to_string()
                });
                (a.speaker, told)
            })
            .collect()
    }

    fn role(phrase: &str) -> Written {
        Written::Unnamed(phrase.to_string())
    }

    fn name(name: &str) -> Written {
        Written::Name(name.to_string())
    }

    #[test]
    fn speakers_are_found_on_either_side_of_the_verb() {
        let rows: [(&str, Written, Option<&str>); 12] = [
            ("\"No,\" Ida Holt said.", name("Ida Holt"), None),
            (
                "\"No,\" said Sen. Ida Holt, a critic.",
                name("Sen. Ida Holt"),
                None,
            ),
            (
                "Holt said on Monday that the plan failed.",
                name("Holt"),
                Some("that the plan failed."),
            ),
            (
                "Holt, who chairs the panel, said the plan failed.",
                name("Holt"),
                Some("the plan failed."),
            ),
            (
                "Rep. Paul Orr (R-Utah) also said it failed.",
                name("Rep. Paul Orr"),
                Some("it failed."),
            ),
            (
                "The plan failed, Holt said.",
                name("Holt"),
                Some("The plan failed"),
            ),
            (
                "She denied the claims outright.",
                Written::Pronoun(Gender::She),
                Some("the claims outright."),
            ),
            (
                "A spokeswoman for Holt denied the claims.",
                role("A spokeswoman"),
                Some("the claims."),
            ),
            (
                "Critics accused Holt of lying.",
                role("Critics"),
                Some("Holt of lying."),
            ),
            (
                "According to Ida Holt, the plan failed.",
                name("Ida Holt"),
                Some("the plan failed."),
            ),
            ("Holt was accused of lying.", role(""), Some("of lying.")),
            (
                "“It works,” said spokesman Conrad Weems.",
                name("Conrad Weems"),
                None,
            ),
        ];
        for (text, speaker, told) in rows {
            assert_eq!(found(text), [(speaker, told.map(str::to_string))], "{text}");
        }
    }

    #[test]
    fn media_and_things_do_not_speak() {
        for text in [
            "According to the Calder Courier, the plan failed.",
            "The report said the plan failed.",
            "The bill called for higher fees.",
            "The Washington Post reported it first.",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }
}
