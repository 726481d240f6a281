//! Which pronouns stand for a subject: "he", "she" and their forms.
//!
//! In: an article as it was read and where it names its subjects. Out: further [`Mention`]s, at most one subject a pronoun. Precise
//! rather than complete. A pronoun is the subject's only where
//!
//! - gender agrees. The subject's is learnt from titles before its name, from descriptions among its aliases, from its given name, and
//!   failing these from the pronouns that nobody else can account for;
//! - the sentence so far names one person who agrees, or, if it names none, the nearest of the [`REACH`] sentences before that does;
//! - or, among several, grammar decides: "Verrick said she", "until Verrick lost her seat";
//! - nobody else can be the person: names and nouns for people of the same or an unknown gender stand in the way, and so
//!   does a pronoun that could not be told. "Orr thanked him" is not Orr.
//!
//! Inside a quotation only names that the same speaker gave in it count. Furniture between sentences, and two line breaks
//! between paragraphs, end the search. "They" and "it" are left alone: in news they stand for too much else.
//!
//! This is the recency-and-agreement core of Lappin & Leass (1994) and the subject preference of Hobbs (1978), with refusal in place of
//! a ranking wherever two candidates remain.

mod lexicon;
mod people;

use std::collections::VecDeque;

use lexicon::{AFTER_OBJECT, COUNTS, GIVING, OPENERS, SAYING};
use people::{Families, Reference, Who, Word, meet_families, references};

use super::gender::{Gender, given_gender, noun_gender};
use super::mention::{How, Mention, MentionFinder, TITLES};
use super::token::{TokenKind, is_apostrophe, tokenize};
use super::voice::{Speaker, Stretch};
use super::{Reading, Sentence};
use crate::span::{Span, Voice};

/// How many sentences back an antecedent is looked for.
const REACH: usize = 3;

/// How many references of a sentence are looked at; a crowd tells nothing, and looking on would take time without end on one long line.
const CROWD: usize = 24;

/// A subject and where the article names it.
#[derive(Debug, Clone, Copy)]
pub struct Named<'a> {
    /// Knows its names.
    pub finder: &'a MentionFinder,
    /// Its mentions by name and description, ordered.
    pub mentions: &'a [Mention],
}

/// The pronouns that stand for each of `subjects` in `text`, in the order of `subjects`, each list ordered. An organisation has none.
pub fn pronouns(text: &str, reading: &Reading, subjects: &[Named<'_>]) -> Vec<Vec<Mention>> {
    let people: Vec<bool> = subjects
        .iter()
        .map(|subject| !subject.mentions.is_empty() && is_person(text, subject))
        .collect();
    if !people.contains(&true) {
        return vec![Vec::new(); subjects.len()];
    }
    let page = Page::new(text, reading, subjects);
    let told: Vec<Option<Gender>> = subjects
        .iter()
        .map(|subject| told_gender(text, subject))
        .collect();
    let mut found = page.resolve(&told);
    let mut genders = told.clone();
    for (gender, claims) in genders.iter_mut().zip(&found) {
        *gender = gender.or_else(|| voted_gender(claims));
    }
    if genders != told {
        found = page.resolve(&genders);
    }
    found
        .into_iter()
        .zip(people.iter().zip(&genders))
        .map(|(claims, (&person, gender))| {
            let kept = claims.into_iter().filter(|_| person && gender.is_some());
            kept.map(|claim| Mention {
                span: claim.span,
                how: How::Pronoun,
            })
            .collect()
        })
        .collect()
}

/// Whether the subject's name reads like a person's, or a title stands before it: organisations have none.
fn is_person(text: &str, subject: &Named<'_>) -> bool {
    subject.finder.is_person()
        || subject
            .mentions
            .iter()
            .any(|m| title_before(text, m.span).is_some())
}

/// The title right before `span`, in small letters.
fn title_before(text: &str, span: Span) -> Option<String> {
    let before = text[..span.start].trim_end();
    let bare = before.trim_end_matches('.');
    let start = bare
        .char_indices()
        .rev()
        .take(20)
        .take_while(|&(_, c)| c.is_alphabetic())
        .last()?
        .0;
    let word = &bare[start..];
    let title = word.starts_with(char::is_uppercase) && before.len() - bare.len() <= 1;
    let lower = word.to_lowercase();
    (title && (TITLES.contains(&lower) || noun_gender(&lower).is_some())).then_some(lower)
}

/// The gender that titles, descriptions or the given name tell; `None` where they differ.
fn told_gender(text: &str, subject: &Named<'_>) -> Option<Gender> {
    let (mut she, mut he) = (0, 0);
    let mut count = |gender| match gender {
        Some(Gender::She) => she += 1,
        Some(Gender::He) => he += 1,
        None => {}
    };
    for mention in subject.mentions {
        if let Some(title) = title_before(text, mention.span) {
            count(noun_gender(&title));
        }
        if mention.how == How::Nominal {
            let last = mention.span.of(text).split_whitespace().next_back();
            count(last.and_then(|word| noun_gender(&word.to_lowercase())));
        }
    }
    match (she, he) {
        (0, 0) => subject.finder.given_name().and_then(given_gender),
        (she, he) => majority(she, he),
    }
}

/// The gender that is at least three times as frequent.
fn majority(she: usize, he: usize) -> Option<Gender> {
    if she > 0 && she >= 3 * he {
        Some(Gender::She)
    } else if he > 0 && he >= 3 * she {
        Some(Gender::He)
    } else {
        None
    }
}

fn voted_gender(claims: &[Claim]) -> Option<Gender> {
    let she = claims
        .iter()
        .filter(|claim| claim.gender == Gender::She)
        .count();
    majority(she, claims.len() - she)
}

/// A pronoun that stands for a subject.
#[derive(Debug, Clone, Copy)]
struct Claim {
    span: Span,
    gender: Gender,
}

/// What a pronoun does in its clause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Case {
    /// "she"
    Subject,
    /// "him"
    Object,
    /// "his"
    Possessive,
    /// "herself"
    Reflexive,
}

/// The gender and case of word `k`, if it is such a pronoun.
fn pronoun(words: &[Word<'_>], k: usize) -> Option<(Gender, Case)> {
    if words[k].kind != TokenKind::Word {
        return None;
    }
    Some(match words[k].lower.as_str() {
        "he" => (Gender::He, Case::Subject),
        "him" => (Gender::He, Case::Object),
        "his" => (Gender::He, Case::Possessive),
        "himself" => (Gender::He, Case::Reflexive),
        "she" => (Gender::She, Case::Subject),
        "her" => {
            // "asked her to", "her office"; "gave her three letters".
            let given = k > 0
                && GIVING.contains(&words[k - 1].lower)
                && words
                    .get(k + 1)
                    .is_some_and(|next| COUNTS.contains(&next.lower));
            let noun = !given
                && words.get(k + 1).is_some_and(|next| {
                    matches!(
                        next.kind,
                        TokenKind::Word | TokenKind::OpenQuote | TokenKind::Number
                    ) && !AFTER_OBJECT.contains(&next.lower)
                });
            (
                Gender::She,
                if noun { Case::Possessive } else { Case::Object },
            )
        }
        "hers" => (Gender::She, Case::Possessive),
        "herself" => (Gender::She, Case::Reflexive),
        _ => return None,
    })
}

/// A sentence taken apart.
struct Line<'t> {
    words: Vec<Word<'t>>,
    /// Where subjects are named in it.
    named: Vec<(Span, Who)>,
    /// Nothing before it is remembered: it is furniture or follows some.
    resets: bool,
    /// A line break stands before it.
    breaks: bool,
}

/// An article taken apart.
struct Page<'t> {
    lines: Vec<Line<'t>>,
    families: Families,
    /// The subject that speaks in each channel, who then calls itself "I".
    speakers: Vec<Option<usize>>,
    n_subjects: usize,
}

impl<'t> Page<'t> {
    fn new(text: &'t str, reading: &Reading, subjects: &[Named<'_>]) -> Page<'t> {
        let quotes: Vec<&Stretch> = reading
            .stretches
            .iter()
            .filter(|stretch| stretch.voice == Voice::Quote)
            .collect();
        let (channels, speakers) = channels(&quotes, &reading.sentences, subjects);
        let named = all_named(subjects);
        let (mut next_quote, mut next_name) = (0, 0);
        let mut families = Families::default();
        let mut lines: Vec<Line<'t>> = Vec::with_capacity(reading.sentences.len());
        let mut before: Option<&Sentence> = None;
        for sentence in &reading.sentences {
            let words: Vec<Word<'t>> = tokenize(sentence.span.of(text))
                .iter()
                .map(|token| {
                    let span = token.span.shifted(sentence.span.start);
                    while next_quote < quotes.len() && quotes[next_quote].span.end <= span.start {
                        next_quote += 1;
                    }
                    let quoted = quotes
                        .get(next_quote)
                        .is_some_and(|quote| quote.span.start <= span.start);
                    let word = span.of(text);
                    let (bare, possessive) = without_clitic(word);
                    Word {
                        span,
                        text: word,
                        lower: bare.to_lowercase(),
                        possessive,
                        kind: token.kind,
                        channel: quoted.then(|| channels[next_quote]),
                    }
                })
                .collect();
            let mut here = Vec::new();
            while next_name < named.len() && named[next_name].0.start < sentence.span.end {
                if sentence.span.contains(named[next_name].0) {
                    here.push(named[next_name]);
                }
                next_name += 1;
            }
            meet_families(&words, &mut families);
            lines.push(Line {
                words,
                named: here,
                resets: sentence.furniture.is_some()
                    || before.is_some_and(|before| before.furniture.is_some()),
                breaks: before.is_some_and(|before| {
                    text[before.span.end..sentence.span.start].contains('\n')
                }),
            });
            before = Some(sentence);
        }
        Page {
            lines,
            families,
            speakers,
            n_subjects: subjects.len(),
        }
    }

    /// The pronouns of each subject, given the subjects' genders.
    fn resolve(&self, genders: &[Option<Gender>]) -> Vec<Vec<Claim>> {
        let mut claims: Vec<Vec<Claim>> = vec![Vec::new(); self.n_subjects];
        let mut memory: VecDeque<Vec<Reference>> = VecDeque::new();
        let mut breaks: VecDeque<usize> = VecDeque::new();
        for line in &self.lines {
            if line.resets {
                memory.clear();
                breaks.clear();
            }
            if line.breaks {
                breaks.iter_mut().for_each(|count| *count += 1);
                let near = breaks.iter().take_while(|&&count| count < 2).count();
                breaks.truncate(near);
                memory.truncate(near);
            }
            let people = references(&line.words, &line.named, &self.families, genders);
            let mut before: Vec<Reference> = Vec::with_capacity(people.len());
            let mut people = people.into_iter().peekable();
            for k in 0..line.words.len() {
                while let Some(person) = people.next_if(|person| person.last < k) {
                    before.push(person);
                }
                // A name may hold one: "the man himself".
                let in_name = people.peek().is_some_and(|person| person.first <= k);
                let Some((gender, case)) = pronoun(&line.words, k).filter(|_| !in_name) else {
                    continue;
                };
                let place = Place {
                    words: &line.words,
                    at: k,
                    gender,
                    case,
                    before: &before[before.len().saturating_sub(CROWD)..],
                    next: people.peek(),
                    memory: &memory,
                };
                let who = match place.antecedent() {
                    Some(Who::Subject(number)) if !self.speaks(&line.words[k], number) => {
                        claims[number].push(Claim {
                            span: pronoun_span(&line.words[k]),
                            gender,
                        });
                        Who::Subject(number)
                    }
                    _ => Who::Other,
                };
                before.push(Reference {
                    who,
                    gender: Some(gender),
                    first: k,
                    last: k,
                    leads: case == Case::Subject && !place.is_parenthetical(),
                    weak: false,
                    channel: line.words[k].channel,
                    noun: false,
                });
            }
            before.extend(people);
            before.drain(..before.len().saturating_sub(CROWD));
            memory.push_front(before);
            memory.truncate(REACH);
            breaks.push_front(0);
            breaks.truncate(REACH);
        }
        claims
    }

    fn speaks(&self, word: &Word<'_>, number: usize) -> bool {
        word.channel
            .is_some_and(|channel| self.speakers[channel] == Some(number))
    }
}

/// All mentions of all subjects, ordered. Where two subjects share one, it is nobody's.
fn all_named(subjects: &[Named<'_>]) -> Vec<(Span, Who)> {
    let mut named: Vec<(Span, Who)> = subjects
        .iter()
        .enumerate()
        .flat_map(|(number, subject)| {
            subject
                .mentions
                .iter()
                .map(move |m| (m.span, Who::Subject(number)))
        })
        .collect();
    named.sort_by_key(|(span, _)| (span.start, std::cmp::Reverse(span.end)));
    let mut apart: Vec<(Span, Who)> = Vec::with_capacity(named.len());
    for (span, who) in named {
        match apart.last_mut() {
            Some((last, owner)) if last.overlaps(span) => {
                last.end = last.end.max(span.end);
                *owner = Who::Other;
            }
            _ => apart.push((span, who)),
        }
    }
    apart
}

/// Numbers the quotations: those in a row that one known speaker says, at most [`REACH`] sentences apart, share a number. Also says for each number which
/// subject speaks.
fn channels(
    quotes: &[&Stretch],
    sentences: &[Sentence],
    subjects: &[Named<'_>],
) -> (Vec<usize>, Vec<Option<usize>>) {
    let sentence_of = |at: usize| sentences.partition_point(|sentence| sentence.span.end <= at);
    let mut numbers = Vec::with_capacity(quotes.len());
    let mut speakers: Vec<Option<usize>> = Vec::new();
    let mut last: Option<&Stretch> = None;
    for quote in quotes {
        let goes_on = last.is_some_and(|last| {
            last.speaker == quote.speaker
                && last.speaker != Speaker::Unknown
                && sentence_of(quote.span.start)
                    <= sentence_of(last.span.end.saturating_sub(1)) + REACH
        });
        if !goes_on {
            speakers.push(
                subjects
                    .iter()
                    .position(|subject| quote.speaker.is(|name| subject.finder.is_name(name))),
            );
        }
        numbers.push(speakers.len() - 1);
        last = Some(quote);
    }
    (numbers, speakers)
}

/// `word` without "'s", "'d" and the like, and whether it was a possessive.
fn without_clitic(word: &str) -> (&str, bool) {
    match word
        .char_indices()
        .rev()
        .take(4)
        .find(|&(_, c)| is_apostrophe(c))
    {
        Some((at, _)) if at > 0 && word[at..].chars().skip(1).all(|c| c.is_ascii_alphabetic()) => {
            (&word[..at], word.ends_with(['s', 'S']))
        }
        _ => (word, false),
    }
}

/// The pronoun of a word: "she" of "she's".
fn pronoun_span(word: &Word<'_>) -> Span {
    Span::new(word.span.start, word.span.start + word.lower.len())
}

/// A pronoun and what its antecedent is told from.
struct Place<'p> {
    words: &'p [Word<'p>],
    at: usize,
    gender: Gender,
    case: Case,
    /// The references before it in its sentence, the last [`CROWD`].
    before: &'p [Reference],
    /// The first after it.
    next: Option<&'p Reference>,
    /// The references of the sentences before, nearest first.
    memory: &'p VecDeque<Vec<Reference>>,
}

impl Place<'_> {
    /// Who the pronoun stands for; `None` where that cannot be told.
    fn antecedent(&self) -> Option<Who> {
        let channel = self.words[self.at].channel;
        let heard: Vec<&Reference> = self
            .before
            .iter()
            .filter(|reference| reference.channel == channel)
            .collect();
        let governor = heard
            .iter()
            .rev()
            .find(|reference| reference.leads)
            .copied();
        let mut candidates: Vec<&Reference> = heard
            .iter()
            .copied()
            .filter(|reference| reference.agrees(self.gender))
            .collect();
        if self.case == Case::Object
            && let Some(governor) = governor
        {
            match governor.who {
                Who::Subject(_) if self.same_clause(governor, false) => {
                    candidates.retain(|reference| reference.who != governor.who);
                    if candidates.is_empty() && governor.agrees(self.gender) {
                        return None;
                    }
                }
                Who::Other if self.same_clause(governor, true) => {
                    candidates.retain(|reference| reference.first != governor.first);
                }
                _ => {}
            }
        }
        // "Orr, she said, wished her luck": she is not Orr.
        if self.is_parenthetical()
            && governor.is_some_and(|governor| {
                governor.agrees(self.gender) && governor.last + 2 == self.at
            })
        {
            return None;
        }
        match one_of(&candidates) {
            Some(who) => Some(who),
            None if !candidates.is_empty() => self.by_grammar(&candidates, governor),
            None => {
                self.looks_ahead()?;
                self.sentences_before(channel)
            }
        }
    }

    /// ", she said,"
    fn is_parenthetical(&self) -> bool {
        let near = |offset: usize| {
            self.words
                .get(self.at + offset)
                .map(|word| word.lower.as_str())
        };
        let comma = self.at > 0 && self.words[self.at - 1].text == ",";
        self.case == Case::Subject
            && comma
            && near(1).is_some_and(|verb| SAYING.contains(verb))
            && matches!(near(2), Some("," | "."))
    }

    /// Whether nothing between `governor` and the pronoun begins a clause; `strict` also minds commas, "to" and "and".
    fn same_clause(&self, governor: &Reference, strict: bool) -> bool {
        let mut between = &self.words[governor.last + 1..self.at];
        // "the man who beat her", "her aide, Paul Orr, told her"
        if let [first, rest @ ..] = between
            && matches!(first.lower.as_str(), "who" | ",")
        {
            between = rest;
        }
        // "barely knew her"
        let told = between
            .last()
            .is_some_and(|word| SAYING.contains(&word.lower));
        let between = &between[..between.len() - usize::from(told)];
        between.len() <= 12
            && between.iter().all(|word| {
                let opener = OPENERS.contains(&word.lower) && (strict || word.lower != "and")
                    || SAYING.contains(&word.lower)
                    || matches!(word.lower.as_str(), "it" | "they" | "we" | "you" | "i");
                let loose = matches!(word.text, "," | ";" | ":" | "—" | "–" | "to" | "(" | ")");
                !(opener || strict && loose)
            })
    }

    /// Which of several who agree the grammar of the sentence points at.
    fn by_grammar(&self, candidates: &[&Reference], governor: Option<&Reference>) -> Option<Who> {
        let last = candidates.last()?;
        match self.case {
            Case::Possessive | Case::Reflexive => last.leads.then_some(last.who),
            Case::Subject => {
                let mut at = self.at.checked_sub(1)?;
                if self.words[at].lower == "that" {
                    at = at.checked_sub(1)?;
                }
                let told = SAYING.contains(&self.words[at].lower);
                let governor = governor?;
                (told && governor.first == last.first).then_some(last.who)
            }
            Case::Object => None,
        }
    }

    /// Refuses where somebody named later in the sentence may be meant: "When he was mayor, Orr ...". The first word of a sentence looks back.
    fn looks_ahead(&self) -> Option<()> {
        let first = self.words[..self.at]
            .iter()
            .all(|word| word.kind != TokenKind::Word);
        let other = self
            .next
            .is_some_and(|next| next.leads && next.agrees(self.gender) && next.who == Who::Other);
        (first || !other).then_some(())
    }

    /// The one person of the nearest sentence before that names any who agrees.
    fn sentences_before(&self, channel: Option<usize>) -> Option<Who> {
        self.memory.iter().find_map(|sentence| {
            let candidates: Vec<&Reference> = sentence
                .iter()
                .filter(|reference| reference.channel == channel && reference.agrees(self.gender))
                .collect();
            (!candidates.is_empty()).then(|| one_of(&candidates))
        })?
    }
}

/// Who all `candidates` are, if they are one.
fn one_of(candidates: &[&Reference]) -> Option<Who> {
    let who = candidates.first()?.who;
    candidates
        .iter()
        .all(|other| other.who == who)
        .then_some(who)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::{Subject, read};
    use proptest::prelude::*;

    fn find<'t>(subjects: &[(&str, &[&str])], text: &'t str) -> Vec<Vec<&'t str>> {
        let finders: Vec<MentionFinder> = subjects
            .iter()
            .map(|(name, aliases)| {
                let aliases = aliases.iter().map(|alias| alias.to_string()).collect();
                MentionFinder::new(&Subject::new(*name, aliases)).expect("searchable")
            })
            .collect();
        let mentions: Vec<Vec<Mention>> = finders.iter().map(|finder| finder.find(text)).collect();
        let named: Vec<Named<'_>> = finders
            .iter()
            .zip(&mentions)
            .map(|(finder, mentions)| Named { finder, mentions })
            .collect();
        pronouns(text, &read(text, None, &[]), &named)
            .iter()
            .map(|found| found.iter().map(|mention| mention.span.of(text)).collect())
            .collect()
    }

    fn check(subject: &str, rows: &[(&str, &[&str])]) {
        for (text, expected) in rows {
            assert_eq!(find(&[(subject, &[])], text), [expected.to_vec()], "{text}");
        }
    }

    #[test]
    fn a_pronoun_after_the_only_person_is_hers() {
        check(
            "Martha Verrick",
            &[
                (
                    "Martha Verrick closed the pier. She's proud of her work.",
                    &["She", "her"],
                ),
                (
                    "Verrick signed the order herself, and it pleased her.",
                    &["herself", "her"],
                ),
                ("Martha Verrick met Tom Orr. She left before him.", &["She"]),
                ("The harbor froze. She is a fine ship.", &[]),
            ],
        );
    }

    #[test]
    fn another_man_makes_he_doubtful() {
        check(
            "Paul Verrick",
            &[
                ("Paul Verrick met Tom Orr. He left early.", &[]),
                ("Paul Verrick spoke. Tom Orr listened. He left early.", &[]),
                ("Paul Verrick wrote to the mayor. He left early.", &[]),
                ("Paul Verrick thanked a spokesman. He left early.", &[]),
                ("Verrick beat his opponent. He had hoped to win.", &["his"]),
                ("Tom Orr said he would sue Paul Verrick.", &[]),
                ("When he was mayor, Tom Orr met Verrick.", &[]),
                (
                    "Paul Verrick slept. When he was mayor, Tom Orr did not.",
                    &[],
                ),
                ("Paul Verrick met Ann Orr. He left early.", &["He"]),
            ],
        );
    }

    #[test]
    fn grammar_decides_among_several() {
        check(
            "Paul Verrick",
            &[
                ("Tom Orr smiled, but Verrick said he was tired.", &["he"]),
                ("Tom Orr smiled while Verrick lost his hat.", &["his"]),
                ("Paul Verrick thanked him.", &[]),
                (
                    "Paul Verrick slept. The man who beat him did not.",
                    &["him"],
                ),
            ],
        );
    }

    #[test]
    fn a_quotation_is_a_conversation_of_its_own() {
        check(
            "Paul Verrick",
            &[
                ("Paul Verrick waited. \"He lied,\" said Ann Orr.", &[]),
                ("\"Verrick promised, and he lied,\" said Ann Orr.", &["he"]),
            ],
        );
    }

    #[test]
    fn furniture_and_paragraphs_end_the_search() {
        check(
            "Paul Verrick",
            &[
                (
                    "Paul Verrick closed the pier on Monday.\n\nHe was tired of it, the town says.",
                    &["He"],
                ),
                (
                    "Paul Verrick closed the pier on Monday.\n\nIt was raining all day in the harbor town.\n\nHe was tired of it, the town says.",
                    &[],
                ),
            ],
        );
    }

    #[test]
    fn gender_is_learnt_from_titles_descriptions_and_the_text() {
        check(
            "Dana Verrick",
            &[
                ("Ms. Verrick won. She is glad.", &["She"]),
                (
                    "Mr. Verrick won. He is glad. Ann Orr says she is not.",
                    &["He"],
                ),
                (
                    "Dana Verrick won. He is glad. Verrick says his wife is not.",
                    &["He", "his"],
                ),
                (
                    "Dana Verrick won. He is glad. Verrick says her wife is not.",
                    &[],
                ),
            ],
        );
        let text = "The councilman won. He is glad.";
        assert_eq!(
            find(&[("Dana Verrick", &["the councilman"])], text),
            [["He"]]
        );
    }

    #[test]
    fn no_pronoun_is_two_subjects() {
        let subjects: [(&str, &[&str]); 2] = [("Paul Verrick", &[]), ("Tom Orr", &[])];
        let text = "Paul Verrick lost his seat. Tom Orr said he won. He is glad.";
        assert_eq!(find(&subjects, text), [vec!["his"], vec!["he", "He"]]);
        assert!(
            find(&[("Tom Orr", &[]), ("Tom Orr", &[])], text)
                .iter()
                .all(Vec::is_empty)
        );
    }

    #[test]
    fn an_organisation_has_no_pronouns() {
        check(
            "Orchard Party",
            &[("The Orchard Party won. She is glad. It said so.", &[])],
        );
    }

    proptest! {
        #[test]
        fn any_text_is_read(
            text in proptest::collection::vec(
                proptest::sample::select(vec![
                    "he", "HER", " ", " ", ". ", ", ", "\"", "“", "”", "Verrick", "Dana", "Mr.", "the mayor", "’s", "-", "\n", "said",
                    "é", "who", "İ", "she's",
                ]),
                0..60,
            )
        ) {
            find(&[("Dana Verrick", &["the mayor"]), ("Zoë Orr", &[])], &text.concat());
        }
    }
}
