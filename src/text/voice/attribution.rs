//! Who says what in a sentence: cues ("said", "according to", "was accused of"), their speakers, and the words told without
//! quotation marks.
//!
//! In: the tokens of one sentence, each knowing whether it stands in a quotation. Out: [`Attribution`]s in order. A cue counts only when
//! something that can speak stands where its subject must be: a name that is no medium, a pronoun, or a person or group by role
//! ("critics", "a spokeswoman"). "The report said" and "the bill called for" are the outlet's.

use super::lexicon::{ROLES, Trait};
use super::phrase::{
    Written, clause_subject, described_right, skip_adjuncts, speaker_behind, speaker_left,
    speaker_right,
};
use super::word::{LONGEST_SENTENCE, Word};
use crate::text::token::TokenKind;

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
            let role = || match &speaker {
                Written::Unnamed(phrase) => {
                    let last = phrase.split_whitespace().next_back();
                    last.is_none_or(|last| ROLES.contains(&last.to_lowercase()))
                }
                _ => false,
            };
            if words[v].is(Trait::NounForm) {
                let noun = if that {
                    !name && !pronoun && !role()
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::span::Span;
    use crate::text::gender::Gender;
    use crate::text::voice::lexicon::Traits;
    use crate::text::voice::quotation::quotations;
    use crate::text::voice::word::words;

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
