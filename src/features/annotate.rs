//! A sentence as the families see it: pieces with their stem, mask, negation, clause and place relative to the mentions.
//!
//! The mentions of the subject become one piece each, without a word. Every other piece knows the nearest mention: how far
//! away, on which side, and in which clause. Without a mention (a row used target-blind) these are absent.
//!
//! Clauses are counted, not parsed: a new one begins at punctuation and at conjunctions and relative pronouns. Negation reaches over the four pieces after a negator, up to punctuation (a common rule of thumb;
//! longer scopes were not better in cross-validation on news).

use std::sync::LazyLock;

use crate::features::vocabulary::hash_word;
use crate::features::words::WordTable;
use crate::span::Span;
use crate::text::{Form, Initial, Lexeme, TokenKind, form_of_rest, lex};

/// What is featurized: a sentence and the subject's mentions in it.
#[derive(Debug, Clone, Copy)]
pub struct Example<'t> {
    /// The sentence.
    pub text: &'t str,
    /// Where it names the subject (bytes of `text`), ordered, not overlapping; empty for target-blind use.
    pub mentions: &'t [Span],
}

/// The nearest mention, seen from a piece.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Nearest {
    /// Pieces from the mention: negative before it, positive after; 0 for the mention itself.
    pub offset: i32,
    /// Clauses from the mention's clause: 0 the same, -1 the one before, 1 the one after.
    pub clause: i32,
}

/// One token as the families see it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Piece {
    /// Hash of the stem, or of a mark such as [`SUBJECT`].
    pub stem: u64,
    /// The same with names of others replaced by [`NAME`].
    pub masked: u64,
    /// Its number in the [`WordTable`].
    pub word: Option<u32>,
    /// Within reach of a negator.
    pub negated: bool,
    /// Where it stands relative to the subject; `None` when there is none.
    pub nearest: Option<Nearest>,
    /// Whether the subject stands nearer than any other name.
    pub closest: bool,
    /// The token in the sentence.
    pub span: Span,
}

impl Piece {
    /// Whether this is a mention of the subject.
    pub fn is_subject(&self) -> bool {
        self.nearest.is_some_and(|mention| mention.offset == 0)
    }
}

/// Stand-ins for names, as readers see them; numbers and quotation marks have theirs in [`crate::text`].
pub(crate) const SUBJECT: &str = "[subject]";
pub(crate) const NAME: &str = "[name]";

/// How many pieces a negator reaches.
const NEGATION_REACH: u32 = 4;

/// Hashes of the stand-ins for names.
static SUBJECT_HASH: LazyLock<u64> = LazyLock::new(|| hash_word(SUBJECT));
static NAME_HASH: LazyLock<u64> = LazyLock::new(|| hash_word(NAME));

/// Turns an example into pieces; `table` is what is known of words.
pub(crate) fn annotate(example: Example<'_>, table: &WordTable) -> Vec<Piece> {
    let mut made = Pieces::default();
    annotate_lexed(example, &lex(example.text), Some(table), &mut made);
    made.pieces
}

/// [`annotate`] of an example whose `lexemes` are known, in the place of what was `made` before; without a table no piece has a word's number.
pub(crate) fn annotate_lexed(
    example: Example<'_>,
    lexemes: &[Lexeme],
    table: Option<&WordTable>,
    made: &mut Pieces,
) {
    let text = example.text;
    made.clear();
    made.pieces.reserve(lexemes.len());
    made.clauses.reserve(lexemes.len());
    let word = |form| table.and_then(|table| table.find(form));
    let mut mentions = example.mentions.iter().copied().peekable();

    let mut in_initial_name = false;
    let mut words_seen = 0;
    let name_hash = *NAME_HASH;
    let mut k = 0;
    while k < lexemes.len() {
        let Lexeme { span, kind, form } = lexemes[k];
        // A mention takes all tokens it touches; what it cuts ("'s") stays behind as a token of its own.
        if let Some(mention) = mentions.next_if(|mention| span.end > mention.start) {
            made.subjects.push(made.pieces.len());
            let subject = *SUBJECT_HASH;
            made.push((subject, subject), word(subject), mention);
            words_seen += 1;
            while k < lexemes.len() && lexemes[k].span.end <= mention.end {
                k += 1;
            }
            if let Some(cut) = lexemes.get(k).filter(|t| t.span.start < mention.end) {
                // Up to the next mention, should that follow in the same word.
                let end = mentions.peek().map_or(cut.span.end, |next| {
                    next.start.clamp(mention.end, cut.span.end)
                });
                let rest = Span::new(mention.end, end);
                let form = form_of_rest(rest.of(text));
                // The "'s" of a mention uses up nothing of a negator's reach.
                let reach = std::mem::take(&mut made.negated_left);
                made.push((form.stem, form.stem), word(form.hash), rest);
                made.negated_left = reach;
                k += 1;
            }
            continue;
        }
        made.clause += i32::from(form.opens_clause);
        let Form { stem, hash, .. } = form;
        if kind == TokenKind::Word {
            let mut next_capital = || {
                lexemes.get(k + 1).is_some_and(|next| {
                    next.kind == TokenKind::Word
                        && mentions.peek().is_none_or(|m| next.span.end <= m.start)
                        && next.form.initial != Initial::Small
                })
            };
            // At the start of a sentence a capital says nothing unless another follows.
            let name = form.initial == Initial::Capital
                && (words_seen > 0 || in_initial_name || next_capital());
            in_initial_name = name && words_seen == 0;
            words_seen += 1;
            let masked = if name { name_hash } else { stem };
            if form.negates {
                made.push((stem, masked), word(hash), span);
                made.negated_left = NEGATION_REACH;
            } else {
                // What a word means elsewhere says nothing of a name.
                let known_as = if name { masked } else { hash };
                made.push((stem, masked), word(known_as), span);
            }
        } else {
            if form.breaks {
                made.negated_left = 0;
            }
            made.push((stem, stem), word(hash), span);
        }
        k += 1;
    }
    // Without a mention nothing is near one.
    if !made.subjects.is_empty() {
        place_pieces(&mut made.pieces, &made.clauses, &made.subjects);
        mark_closest(&mut made.pieces);
    }
}

/// The pieces of an example, with the clause of each.
#[derive(Debug, Default)]
pub(crate) struct Pieces {
    pub pieces: Vec<Piece>,
    clauses: Vec<i32>,
    /// Which of them are mentions of the subject.
    subjects: Vec<usize>,
    /// The clause that the next piece belongs to.
    clause: i32,
    /// How many more pieces a negator reaches.
    negated_left: u32,
}

impl Pieces {
    fn clear(&mut self) {
        self.pieces.clear();
        self.clauses.clear();
        self.subjects.clear();
        (self.clause, self.negated_left) = (0, 0);
    }

    /// Adds a piece with its stem, the same with names masked, and its word's number; a negator's reach shrinks by it.
    fn push(&mut self, (stem, masked): (u64, u64), word: Option<u32>, span: Span) {
        self.pieces.push(Piece {
            stem,
            masked,
            word,
            negated: self.negated_left > 0,
            nearest: None,
            closest: false,
            span,
        });
        self.clauses.push(self.clause);
        self.negated_left = self.negated_left.saturating_sub(1);
    }
}

/// Tells which pieces stand nearer to the subject than to any other name.
fn mark_closest(pieces: &mut [Piece]) {
    let other = *NAME_HASH;
    let mut to_name = vec![u32::MAX; pieces.len()];
    let is_other = |piece: &Piece| piece.masked == other && !piece.is_subject();
    let mut since = u32::MAX;
    for (k, piece) in pieces.iter().enumerate() {
        since = if is_other(piece) {
            0
        } else {
            since.saturating_add(1)
        };
        to_name[k] = since;
    }
    since = u32::MAX;
    for (k, piece) in pieces.iter().enumerate().rev() {
        since = if is_other(piece) {
            0
        } else {
            since.saturating_add(1)
        };
        to_name[k] = to_name[k].min(since);
    }
    for (piece, to_name) in pieces.iter_mut().zip(to_name) {
        piece.closest = piece
            .nearest
            .is_some_and(|nearest| nearest.offset.unsigned_abs() < to_name);
    }
}

/// Gives every piece its place relative to the nearest mention; of two equally near the one before it.
fn place_pieces(pieces: &mut [Piece], clauses: &[i32], subjects: &[usize]) {
    let mut next = 0;
    for (i, piece) in pieces.iter_mut().enumerate() {
        while next < subjects.len() && subjects[next] <= i {
            next += 1;
        }
        let before = next.checked_sub(1).map(|s| subjects[s]);
        let after = subjects.get(next).copied();
        let nearest = match (before, after) {
            (Some(b), Some(a)) => Some(if a - i < i - b { a } else { b }),
            (one, None) => one,
            (None, one) => one,
        };
        piece.nearest = nearest.map(|subject| Nearest {
            offset: i as i32 - subject as i32,
            clause: clauses[i] - clauses[subject],
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pieces<'t>(text: &'t str, name: &str) -> Vec<(&'t str, Piece)> {
        let mentions: Vec<Span> = text
            .match_indices(name)
            .map(|(at, m)| Span::new(at, at + m.len()))
            .collect();
        let example = Example {
            text,
            mentions: &mentions,
        };
        annotate(example, &WordTable::default())
            .into_iter()
            .map(|p| (p.span.of(text), p))
            .collect()
    }

    #[test]
    fn offsets_count_from_the_nearest_mention() {
        let seen = pieces(
            "Critics say Verrick lied, but Verrick's aide left.",
            "Verrick",
        );
        let offsets: Vec<(&str, i32)> = seen
            .iter()
            .map(|(word, p)| (*word, p.nearest.expect("there is a mention").offset))
            .collect();
        assert_eq!(
            offsets,
            [
                ("Critics", -2),
                ("say", -1),
                ("Verrick", 0),
                ("lied", 1),
                (",", 2),
                ("but", -1),
                ("Verrick", 0),
                ("'s", 1),
                ("aide", 2),
                ("left", 3),
                (".", 4)
            ]
        );
    }

    #[test]
    fn negation_ends_at_punctuation() {
        let seen = pieces(
            "She did not mislead the whole long council, Verrick said.",
            "Verrick",
        );
        let negated: Vec<&str> = seen
            .iter()
            .filter(|(_, p)| p.negated)
            .map(|(w, _)| *w)
            .collect();
        assert_eq!(negated, ["mislead", "the", "whole", "long"]);
    }

    #[test]
    fn other_names_are_masked_and_sentence_starts_are_not() {
        let seen = pieces(
            "Yesterday Verrick met Graham Pell, and I saw it.",
            "Verrick",
        );
        let masked: Vec<&str> = seen
            .iter()
            .filter(|(_, p)| p.masked == hash_word(NAME))
            .map(|(w, _)| *w)
            .collect();
        assert_eq!(masked, ["Graham", "Pell"]);
    }

    #[test]
    fn without_a_mention_there_is_no_place() {
        assert!(
            pieces("Nothing happened.", "Verrick")
                .iter()
                .all(|(_, p)| p.nearest.is_none())
        );
    }

    #[test]
    fn a_mention_inside_a_word_keeps_the_rest() {
        let text = "Verrick’s vote";
        let mentions = [Span::new(0, 7)];
        let example = Example {
            text,
            mentions: &mentions,
        };
        let words: Vec<&str> = annotate(example, &WordTable::default())
            .iter()
            .map(|p| p.span.of(text))
            .collect();
        assert_eq!(words, ["Verrick", "’s", "vote"]);
    }
}
