//! Whose words a stretch of an article is: the outlet's own, somebody's in quotation marks, or somebody's told without them.
//!
//! In: the prose paragraphs of an article with their sentences. Out: [`Stretch`]es that are not the outlet's, each with its speaker where the
//! text names one; and, for a subject, the [`Voice`] of a sentence. A medium that reports a statement is not its speaker. A
//! speaker is resolved to the full name seen earlier, a pronoun only where one person can be meant; otherwise it stays unknown.

mod attribution;
mod lexicon;
pub(super) mod names;
mod phrase;
mod quotation;
mod word;

use attribution::{Attribution, attributions};
pub(super) use lexicon::Traits;
use names::Roster;
pub(super) use names::without_titles;
use phrase::{Written, colon_subject};
pub use quotation::{Quotation, quotations};
use serde::{Deserialize, Serialize};
use word::{Word, name_end, name_in, words};

use crate::span::{Span, Voice};
use crate::text::gender::{Gender, name_gender};
use crate::text::lexeme::{Forms, Lexeme};
use crate::text::token::TokenKind;
use crate::text::words::{ByteClass, CLASSES};

/// Who speaks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Speaker {
    /// Somebody with a name, as full as the article gives it.
    Named(String),
    /// A source without a name, as the text calls it: "critics", "a spokeswoman"; empty where it is not called anything.
    Unnamed(String),
    /// The text does not let us know.
    Unknown,
}

impl Speaker {
    /// The name, if there is one.
    pub fn name(&self) -> Option<&str> {
        match self {
            Speaker::Named(name) => Some(name),
            _ => None,
        }
    }

    /// Whether this is the subject, whose names `is_subject` knows: by name, or by a description that is an alias.
    pub fn is(&self, is_subject: impl Fn(&str) -> bool) -> bool {
        match self {
            // A title alone is an alias with its article: "Attorney General" for "the attorney general".
            Speaker::Named(name) | Speaker::Unnamed(name) => {
                is_subject(name) || is_subject(&format!("the {name}"))
            }
            Speaker::Unknown => false,
        }
    }
}

/// A stretch that is not the outlet's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stretch {
    /// Where; a quotation with its marks, without cue and speaker.
    pub span: Span,
    /// [`Voice::Quote`] or [`Voice::Reported`].
    pub voice: Voice,
    /// Who speaks.
    pub speaker: Speaker,
    /// Whether the outlet asserts a clause of its own beside it.
    pub outlet_clause: bool,
    /// Whether the stretch is what a verb of judgement gives: `called it a "stunt"`.
    pub judged: bool,
    /// Whether a cue ("he said") stands with it, even where its speaker stays unknown.
    pub cued: bool,
}

/// The stretches of an article, ordered by their start.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stretches {
    all: Vec<Stretch>,
    /// How far the stretches up to and with each reach.
    reach: Vec<usize>,
}

impl Stretches {
    fn new(mut all: Vec<Stretch>) -> Stretches {
        all.sort_by_key(|stretch| (stretch.span.start, stretch.span.end));
        let reach = all
            .iter()
            .scan(0, |reach, stretch| {
                *reach = stretch.span.end.max(*reach);
                Some(*reach)
            })
            .collect();
        Stretches { all, reach }
    }

    /// All of them, in order.
    pub fn iter(&self) -> std::slice::Iter<'_, Stretch> {
        self.all.iter()
    }

    /// Those that share a byte with `span`.
    pub fn over(&self, span: Span) -> impl Iterator<Item = &Stretch> {
        let from = self.reach.partition_point(|&reach| reach <= span.start);
        let to = self
            .all
            .partition_point(|stretch| stretch.span.start < span.end)
            .max(from);
        self.all[from..to]
            .iter()
            .filter(move |stretch| stretch.span.overlaps(span))
    }

    /// The innermost stretch that holds `mention`, if any.
    pub fn at(&self, mention: Span) -> Option<&Stretch> {
        self.over(mention)
            .filter(|stretch| stretch.span.contains(mention))
            .min_by_key(|stretch| stretch.span.len())
    }
}

/// A paragraph as voices see it.
#[derive(Debug, Clone)]
pub(super) enum Paragraph {
    /// Prose with its sentences.
    Prose { span: Span, sentences: Vec<Span> },
    /// A heading: what follows is another matter, and about whom it names.
    Heading(Span),
}

impl Paragraph {
    /// Its first byte.
    pub fn start(&self) -> usize {
        match self {
            Paragraph::Prose { span, .. } | Paragraph::Heading(span) => span.start,
        }
    }
}

/// The stretches of `paragraphs` that are not the outlet's own, ordered by their start. The lexemes of their prose are added to `lexemes`.
pub(super) fn stretches(
    text: &str,
    paragraphs: &[Paragraph],
    mut lexemes: Option<&mut Vec<Lexeme>>,
) -> Stretches {
    let mut reader = Reader::default();
    let mut all = Vec::new();
    for paragraph in paragraphs {
        match paragraph {
            Paragraph::Prose { span, sentences } => {
                let paragraph = (*span, sentences.as_slice());
                reader.read(text, paragraph, lexemes.as_deref_mut(), &mut all)
            }
            Paragraph::Heading(span) => reader.pass_heading(text, *span),
        }
    }
    Stretches::new(all)
}

/// Who speaks a quotation.
#[derive(Debug, Clone)]
struct Spoken {
    speaker: Speaker,
    judged: bool,
    outlet_clause: bool,
    cued: bool,
}

impl Spoken {
    fn by(speaker: Speaker) -> Spoken {
        Spoken {
            speaker,
            judged: false,
            outlet_clause: false,
            cued: false,
        }
    }
}

/// What is remembered from paragraph to paragraph.
#[derive(Debug, Default)]
struct Reader {
    roster: Roster,
    /// The speaker of the sentence before.
    last: Option<Speaker>,
    /// The person the sentences before are about, as far as that is clear.
    person: Option<String>,
    /// Whether the paragraph before ended inside a quotation.
    open: bool,
}

impl Reader {
    /// A heading ends what was said before; the one person it names is whom a "he" below it means.
    fn pass_heading(&mut self, text: &str, span: Span) {
        let small = span.of(text).to_ascii_lowercase();
        let words = Traits::remembered(|traits_of| words(text, span, &small, &[], traits_of));
        let mut people: Vec<String> = Vec::new();
        let mut k = 0;
        while k < words.len() {
            let end = name_end(&words, k, words.len());
            let name = name_in(text, &words, k, end);
            let name = self.roster.resolve(&name);
            let new = || !people.iter().any(|known| *known == name);
            if words[k].may_be_name && self.roster.knows(&name) && new() {
                people.push(name.into_owned());
            }
            k = end + 1;
        }
        self.open = false;
        if let [only] = people.as_slice() {
            self.last = None;
            self.person = Some(only.clone());
        }
    }

    /// Reads a paragraph, given with its sentences, and adds its stretches to `all`.
    fn read(
        &mut self,
        text: &str,
        (span, sentences): (Span, &[Span]),
        lexemes: Option<&mut Vec<Lexeme>>,
        all: &mut Vec<Stretch>,
    ) {
        let quotations = quotations(text, span);
        let quoted: Vec<Span> = quotations.iter().map(|quotation| quotation.span).collect();
        let small = span.of(text).to_ascii_lowercase();
        let words = match lexemes {
            None => Traits::remembered(|traits_of| words(text, span, &small, &quoted, traits_of)),
            Some(lexemes) => Forms::remembered(|mut forms| {
                words(text, span, &small, &quoted, |piece, token| {
                    let lexeme = forms.lexeme(piece, token);
                    lexemes.push(Lexeme {
                        span: lexeme.span.shifted(span.start),
                        ..lexeme
                    });
                    lexeme.form.voice
                })
            }),
        };
        let ranges: Vec<(usize, usize)> = sentences
            .iter()
            .map(|sentence| {
                let from = words.partition_point(|word| word.span.end <= sentence.start);
                let to = words.partition_point(|word| word.span.start < sentence.end);
                (from, to)
            })
            .collect();
        let cues: Vec<Vec<Attribution>> = ranges
            .iter()
            .map(|&(from, to)| attributions(&words, from, to))
            .collect();
        let mut speaker_of: Vec<Option<Spoken>> = vec![None; quotations.len()];
        let inherited = self.open.then(|| self.last.clone()).flatten();

        for (s, &(from, to)) in ranges.iter().enumerate() {
            let mut here: Vec<(Speaker, &Attribution)> = Vec::new();
            for cue in &cues[s] {
                let speaker = self.resolve(&cue.speaker, &here);
                here.push((speaker, cue));
            }
            for (speaker, cue) in &here {
                if let Some(name) = speaker.name() {
                    self.roster.hear(name);
                }
                if let Some((start, end)) = cue.reported.filter(|(start, end)| start < end) {
                    self.tell(&words, start, end, speaker, cue, all);
                }
            }
            // A quotation belongs to the cue beside it: the one after its end first, then the one before its start.
            let sentence = sentences[s];
            let first =
                quotations.partition_point(|quotation| quotation.span.end <= sentence.start);
            let past = quotations
                .partition_point(|quotation| quotation.span.start < sentence.end)
                .max(first);
            let of_sentence = first..past;
            for q in of_sentence.clone() {
                let quotation = &quotations[q];
                let ends_here = quotation.span.end <= sentence.end;
                let starts_here = quotation.span.start >= sentence.start;
                if !(ends_here || starts_here) {
                    continue;
                }
                let after = here
                    .iter()
                    .filter(|(_, cue)| {
                        ends_here && words[cue.first].span.start >= quotation.span.end
                    })
                    .min_by_key(|(_, cue)| cue.first);
                let before = here
                    .iter()
                    .filter(|(_, cue)| {
                        starts_here && words[cue.last].span.end <= quotation.span.start
                    })
                    .max_by_key(|(_, cue)| cue.last);
                let adjacent = after.filter(|(_, cue)| {
                    let end = words.partition_point(|word| word.span.end <= quotation.span.end);
                    cue.first <= end + 1
                });
                let taken = speaker_of[q].is_some();
                if let Some((speaker, cue)) = adjacent.or(before).or(after)
                    && (!taken || adjacent.is_some())
                {
                    speaker_of[q] = Some(Spoken {
                        speaker: speaker.clone(),
                        judged: cue.judges,
                        outlet_clause: cue.outlet_clause,
                        cued: true,
                    });
                }
            }
            // Quotations of this sentence without a cue of their own go on from the speaker before.
            for q in of_sentence.clone() {
                let quotation = &quotations[q];
                let starts_here = quotation.span.start >= sentence.start;
                if !starts_here || speaker_of[q].is_some() {
                    continue;
                }
                // The cue may come in the sentence where the quotation ends.
                let ends_in =
                    sentences.partition_point(|sentence| sentence.end < quotation.span.end);
                let end_sentence = Some(ends_in).filter(|&e| e < ranges.len());
                if let Some(e) = end_sentence.filter(|&e| e > s)
                    && cues[e]
                        .iter()
                        .any(|cue| words[cue.first].span.start >= quotation.span.end)
                {
                    continue;
                }
                let whole = quoted_share(&words, from, to) > 0.6;
                let from_before = if q == 0 && inherited.is_some() && from == ranges[0].0 {
                    inherited.clone()
                } else if q > 0 && whole {
                    speaker_of[q - 1]
                        .as_ref()
                        .map(|spoken| spoken.speaker.clone())
                } else {
                    None
                };
                let introduced = colon_subject(&words, from, quotation.span.start)
                    .map(|written| self.resolve(&written, &here));
                let guess = from_before
                    .or(introduced)
                    .or_else(|| if whole { self.last.clone() } else { None })
                    .or_else(|| {
                        if whole {
                            self.person.clone().map(Speaker::Named)
                        } else {
                            None
                        }
                    });
                speaker_of[q] = Some(Spoken::by(guess.unwrap_or(Speaker::Unknown)));
            }
            self.remember(text, &words, from, to, &here, &speaker_of[of_sentence]);
        }
        for (q, quotation) in quotations.iter().enumerate() {
            let spoken = speaker_of[q].as_ref();
            if spoken.is_none_or(|spoken| !spoken.cued) && is_title(&words, quotation.span) {
                continue;
            }
            let Spoken {
                speaker,
                judged,
                outlet_clause,
                cued,
            } = speaker_of[q]
                .clone()
                .unwrap_or_else(|| Spoken::by(Speaker::Unknown));
            all.push(Stretch {
                span: quotation.span,
                voice: Voice::Quote,
                speaker,
                outlet_clause,
                judged,
                cued,
            });
        }
        self.open = quotations.last().is_some_and(|quotation| !quotation.closed);
        if let (true, Some(Some(spoken))) = (self.open, speaker_of.last()) {
            self.last = Some(spoken.speaker.clone());
        }
    }

    /// Adds the unquoted words of `words[start..end]` as reported by `speaker`.
    fn tell(
        &self,
        words: &[Word<'_>],
        start: usize,
        end: usize,
        speaker: &Speaker,
        cue: &Attribution,
        all: &mut Vec<Stretch>,
    ) {
        let mut k = start;
        while k < end {
            while k < end && words[k].quoted {
                k += 1;
            }
            let first = k;
            while k < end && !words[k].quoted {
                k += 1;
            }
            let has_word = (first..k).any(|j| words[j].kind == TokenKind::Word);
            if first < k && has_word {
                all.push(Stretch {
                    span: Span::new(words[first].span.start, words[k - 1].span.end),
                    voice: Voice::Reported,
                    speaker: speaker.clone(),
                    outlet_clause: cue.outlet_clause,
                    judged: cue.judges,
                    cued: true,
                });
            }
        }
    }

    /// The speaker as far as it can be told, given those found before it in the sentence.
    fn resolve(&self, written: &Written, here: &[(Speaker, &Attribution)]) -> Speaker {
        match written {
            // "the Ohio Republican" is somebody named before.
            Written::Name(name) if names::is_party_member(name) => match &self.last {
                Some(last) if is_somebody(last) => last.clone(),
                _ => self
                    .person
                    .clone()
                    .map_or_else(|| Speaker::Unnamed(name.clone()), Speaker::Named),
            },
            Written::Name(name) => Speaker::Named(self.roster.resolve(name).into_owned()),
            Written::Unnamed(phrase) => match self.roster.in_office(phrase) {
                Some(name) => Speaker::Named(name),
                None => Speaker::Unnamed(phrase.clone()),
            },
            Written::Pronoun(gender) => here
                .iter()
                .rev()
                .map(|(speaker, _)| speaker.clone())
                .chain(self.last.clone())
                .chain(self.person.clone().map(Speaker::Named))
                .find(|speaker| is_somebody(speaker) && agrees(speaker, *gender))
                .unwrap_or(Speaker::Unknown),
        }
    }

    /// Keeps what the next sentence may need.
    fn remember(
        &mut self,
        text: &str,
        words: &[Word<'_>],
        from: usize,
        to: usize,
        here: &[(Speaker, &Attribution)],
        spoken: &[Option<Spoken>],
    ) {
        let mut people: Vec<String> = Vec::new();
        let mut lead: Option<String> = None;
        if let [the, office, ..] = &words[from..to]
            && the.lower == "the"
            && !the.quoted
        {
            lead = self.roster.in_office(&format!("the {}", office.lower));
        }
        let mut k = from;
        while k < to {
            if words[k].may_be_name && words[k].kind == TokenKind::Word {
                let end = name_end(words, k, to);
                let name = name_in(text, words, k, end);
                let name = self.roster.meet(&name);
                if !words[k].quoted && names::may_be_person(&name) {
                    if k <= from + 3 && lead.is_none() {
                        lead = Some(name.to_string());
                    }
                    if !people.iter().any(|known| *known == name) {
                        people.push(name.into_owned());
                    }
                }
                k = end + 1;
            } else {
                k += 1;
            }
        }
        let pending = spoken.iter().any(Option::is_none);
        let spoke = here
            .last()
            .map(|(speaker, _)| speaker.clone())
            .or_else(|| spoken.last()?.as_ref().map(|spoken| spoken.speaker.clone()));
        // A quotation whose speaker comes only at its end leaves things as they were.
        if spoke.is_some() || !pending {
            self.last = spoke;
        }
        // The person a later "he" or "she" means: the only one named, or the one the sentence begins with. A sentence that begins with
        // the pronoun itself goes on about the same person.
        let begins_with_pronoun = words[from..to]
            .iter()
            .find(|word| word.kind == TokenKind::Word && !word.quoted)
            .is_some_and(|word| matches!(word.lower.as_ref(), "he" | "she" | "his" | "her"));
        if let Some((Speaker::Named(name), _)) = here.last()
            && !names::is_body(name)
        {
            self.person = Some(name.clone());
            return;
        }
        match (people.as_slice(), lead) {
            ([only], _) => self.person = Some(only.clone()),
            (_, Some(lead)) => self.person = Some(lead),
            ([], _) if begins_with_pronoun || quoted_share(words, from, to) > 0.5 => {}
            _ => self.person = None,
        }
    }
}

/// Whether a short quotation is the title of a work: `his book, "The Quay"`.
fn is_title(words: &[Word<'_>], quotation: Span) -> bool {
    let at = words.partition_point(|word| word.span.start < quotation.start);
    let end = words.partition_point(|word| word.span.start < quotation.end);
    let before = words[..at]
        .iter()
        .rev()
        .find(|word| word.text != ",")
        .map_or("", |word| word.lower.as_ref());
    end - at <= 14
        && matches!(
            before,
            "book"
                | "novel"
                | "memoir"
                | "titled"
                | "entitled"
                | "headlined"
                | "film"
                | "movie"
                | "documentary"
                | "album"
                | "song"
                | "essay"
                | "series"
                | "show"
                | "column"
                | "play"
        )
}

/// Whether a speaker has a name that can be a person's.
fn is_somebody(speaker: &Speaker) -> bool {
    speaker.name().is_some_and(|name| !names::is_body(name))
}

/// Whether a speaker's given name, if it tells a gender, tells this one.
fn agrees(speaker: &Speaker, gender: Gender) -> bool {
    speaker
        .name()
        .and_then(name_gender)
        .is_none_or(|told| told == gender)
}

fn quoted_share(words: &[Word<'_>], from: usize, to: usize) -> f64 {
    let (mut all, mut quoted) = (0_usize, 0_usize);
    for word in &words[from..to] {
        let counts = word.kind == TokenKind::Word;
        all += usize::from(counts);
        quoted += usize::from(counts && word.quoted);
    }
    quoted as f64 / all.max(1) as f64
}

/// The voice of a sentence toward a subject: `is_subject` tells whether a speaker's name is the subject's.
pub fn sentence_voice(
    text: &str,
    sentence: Span,
    stretches: &Stretches,
    is_subject: impl Fn(&str) -> bool,
) -> (Voice, Speaker) {
    struct Share<'s> {
        speaker: &'s Speaker,
        quoted: usize,
        reported: usize,
        judged: bool,
        cued: bool,
    }
    let mut shares: Vec<Share<'_>> = Vec::new();
    let mut outlet_clause = false;
    for stretch in stretches.over(sentence) {
        let start = stretch.span.start.max(sentence.start);
        let end = stretch.span.end.min(sentence.end);
        let n = count_words(&text[start..end]);
        if n == 0 {
            continue;
        }
        outlet_clause |= stretch.outlet_clause;
        let known = shares
            .iter()
            .position(|share| share.speaker == &stretch.speaker);
        let at = known.unwrap_or_else(|| {
            shares.push(Share {
                speaker: &stretch.speaker,
                quoted: 0,
                reported: 0,
                judged: false,
                cued: false,
            });
            shares.len() - 1
        });
        match stretch.voice {
            Voice::Quote => shares[at].quoted += n,
            _ => shares[at].reported += n,
        }
        shares[at].cued |= stretch.cued;
        shares[at].judged |= stretch.judged && stretch.voice == Voice::Quote;
    }
    if shares.is_empty() {
        return (Voice::Outlet, Speaker::Unknown);
    }
    let n_words = || count_words(sentence.of(text));
    // Words in quotation marks that nobody is said to speak are the outlet's choice, unless they are many.
    shares.retain(|share| match share.speaker {
        Speaker::Unknown => {
            share.cued
                || share.reported > 0
                || share.quoted >= 5 && share.quoted * 10 >= n_words() * 4
        }
        _ => share.quoted + share.reported > 0,
    });
    match shares.as_slice() {
        [] => (Voice::Outlet, Speaker::Unknown),
        [only] => {
            let own = only.speaker.is(&is_subject);
            let voice = if outlet_clause && !own {
                Voice::Mixed
            } else if own {
                Voice::Own
            } else if only.quoted >= only.reported || only.judged && only.quoted >= 2 {
                Voice::Quote
            } else {
                Voice::Reported
            };
            let speaker = if voice == Voice::Mixed {
                Speaker::Unknown
            } else {
                only.speaker.clone()
            };
            (voice, speaker)
        }
        _ => (Voice::Mixed, Speaker::Unknown),
    }
}

/// Words between white space that have a letter or digit.
fn count_words(text: &str) -> usize {
    let (mut n, mut counted) = (0, false);
    let (bytes, mut at) = (text.as_bytes(), 0);
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        match CLASSES[usize::from(byte)] {
            ByteClass::Space => counted = false,
            ByteClass::Mark => {}
            ByteClass::Alphanumeric => {
                n += usize::from(!counted);
                counted = true;
            }
            ByteClass::Other => {
                let c = text[at - 1..].chars().next().unwrap_or_default();
                at += c.len_utf8() - 1;
                let word = c.is_alphanumeric();
                n += usize::from(word && !counted);
                counted = !c.is_whitespace() && (counted || word);
            }
        }
    }
    n
}
