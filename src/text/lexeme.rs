//! The tokens of a text with what is asked of each everywhere: read once for voices, features, sketch and familiarity.

use std::cell::RefCell;
use std::sync::LazyLock;

use rust_stemmers::{Algorithm, Stemmer};

use super::Sentence;
use super::memory::Memory;
use super::sketch::hash_word as sketch_hash;
use super::token::{CLOSE, NUMBER, OPEN, Token, TokenKind, for_each_token, form};
use super::voice::Traits;
use super::words::WordList;
use crate::span::Span;

/// FNV-1a over the bytes, then a finaliser that spreads it over all 64 bits. Models keep such hashes: a change of it takes another
/// [`HASH_VERSION`](crate::features::HASH_VERSION).
pub(crate) fn hash_word(word: &str) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for &byte in word.as_bytes() {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    }
    spread(hash)
}

/// The finaliser of SplitMix64 (Steele, Lea & Flood 2014).
pub(crate) fn spread(mut hash: u64) -> u64 {
    hash = (hash ^ (hash >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    hash = (hash ^ (hash >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    hash ^ (hash >> 31)
}

static NEGATORS: LazyLock<WordList> = LazyLock::new(|| {
    WordList::words(
        "not no never without none nobody nothing neither nor cannot hardly barely fail fails failed \
         failing deny denies denied denying lack lacks lacked lacking refuse refuses refused reject \
         rejects rejected avoid avoided",
    )
});

static CLAUSE_WORDS: LazyLock<WordList> = LazyLock::new(|| {
    WordList::words(
        "and but while who which that because although though when after before as if where since whom \
         until unless so or",
    )
});

/// What a token begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Initial {
    /// No capital.
    #[default]
    Small,
    Capital,
    /// The capital of the pronoun: "I", "I'm".
    Pronoun,
}

/// What is asked of a token, wherever it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Form {
    /// Hash of the Snowball (Porter 2) stem of a word, or of the normal form of anything else.
    pub stem: u64,
    /// Hash of the normal form.
    pub hash: u64,
    /// What sketches know it by.
    pub sketch: u64,
    /// A negator.
    pub negates: bool,
    /// A word, or a mark, that opens a clause.
    pub opens_clause: bool,
    /// A mark that ends a negator's reach.
    pub breaks: bool,
    /// What it begins with.
    pub initial: Initial,
    /// What voices ask of a word.
    pub(super) voice: Traits,
}

impl Form {
    fn of_word(word: &str) -> Form {
        let lower = form(word);
        Form {
            stem: hash_word(&Stemmer::create(Algorithm::English).stem(&lower)),
            hash: hash_word(&lower),
            sketch: sketch_hash(word),
            negates: NEGATORS.contains(&lower) || lower.ends_with("n't"),
            opens_clause: CLAUSE_WORDS.contains(&lower),
            breaks: false,
            initial: match word.starts_with(char::is_uppercase) {
                true if lower == "i" || lower.starts_with("i'") => Initial::Pronoun,
                true => Initial::Capital,
                false => Initial::Small,
            },
            voice: Traits::of(word),
        }
    }

    fn of_number(number: &str) -> Form {
        let hash = hash_word(NUMBER);
        Form {
            stem: hash,
            hash,
            sketch: sketch_hash(number),
            ..Form::default()
        }
    }

    fn of_quote(mark: &str) -> Form {
        let hash = hash_word(mark);
        Form {
            stem: hash,
            hash,
            opens_clause: true,
            breaks: true,
            ..Form::default()
        }
    }

    fn of_symbol(symbol: &str) -> Form {
        let hash = hash_word(symbol);
        let breaks = matches!(
            symbol,
            "," | ";" | ":" | "(" | ")" | "—" | "–" | "." | "!" | "?" | "…"
        );
        Form {
            stem: hash,
            hash,
            opens_clause: breaks,
            breaks,
            ..Form::default()
        }
    }
}

static OPEN_FORM: LazyLock<Form> = LazyLock::new(|| Form::of_quote(OPEN));
static CLOSE_FORM: LazyLock<Form> = LazyLock::new(|| Form::of_quote(CLOSE));

thread_local! {
    /// Forms already worked out in this thread: some 3 MB, and longer words in maps.
    static FORMS: RefCell<Memory<Form>> = RefCell::new(Memory::new(16));
}

/// What is known of what a mention leaves of a word: "'s", mostly.
pub(crate) fn form_of_rest(rest: &str) -> Form {
    // A part of a word may look like a token of another kind, as the end of a number does.
    match rest {
        "'s" | "’s" => {
            FORMS.with_borrow_mut(|forms| forms.get(rest, Span::new(0, rest.len()), Form::of_word))
        }
        _ => Form::of_word(rest),
    }
}

/// A token and its form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Lexeme {
    /// Where in its sentence; while an article is read, in its text.
    pub span: Span,
    pub kind: TokenKind,
    pub form: Form,
}

/// The forms that one thread remembers.
pub(super) struct Forms<'m> {
    memory: &'m mut Memory<Form>,
    open: Form,
    close: Form,
}

impl Forms<'_> {
    /// Lends those of this thread to `ask`.
    pub fn remembered<R>(ask: impl FnOnce(Forms<'_>) -> R) -> R {
        FORMS.with_borrow_mut(|memory| {
            ask(Forms {
                memory,
                open: *OPEN_FORM,
                close: *CLOSE_FORM,
            })
        })
    }

    /// The lexeme of a token of `text`.
    #[inline]
    pub fn lexeme(&mut self, text: &str, Token { span, kind }: Token) -> Lexeme {
        // A token's first character tells its kind, but for quotation marks; so one memory serves words, numbers and symbols.
        let form = match kind {
            TokenKind::Word => self.memory.get(text, span, Form::of_word),
            TokenKind::Number => self.memory.get(text, span, Form::of_number),
            TokenKind::Symbol => self.memory.get(text, span, Form::of_symbol),
            TokenKind::OpenQuote => self.open,
            TokenKind::CloseQuote => self.close,
        };
        Lexeme { span, kind, form }
    }

    /// Adds the lexemes of a sentence to `lexemes`.
    fn lex_into(&mut self, sentence: &str, lexemes: &mut Vec<Lexeme>) {
        for_each_token(sentence, |token| lexemes.push(self.lexeme(sentence, token)));
    }
}

/// The lexemes of a sentence.
pub(crate) fn lex(sentence: &str) -> Vec<Lexeme> {
    let mut lexemes = Vec::with_capacity(sentence.len() / 4 + 1);
    Forms::remembered(|mut forms| forms.lex_into(sentence, &mut lexemes));
    lexemes
}

/// The lexemes of several sentences.
#[derive(Debug, Default)]
pub(crate) struct LexedSentences {
    all: Vec<Lexeme>,
    /// Where those of each sentence end.
    ends: Vec<usize>,
}

impl LexedSentences {
    /// Shares the `lexemes` of a text out among its `sentences`; what is not of their prose is left out.
    pub(super) fn new(sentences: &[Sentence], mut lexemes: Vec<Lexeme>) -> LexedSentences {
        let (mut read, mut kept) = (0, 0);
        let mut ends = Vec::with_capacity(sentences.len());
        for Sentence { span, furniture } in sentences {
            while lexemes.get(read).is_some_and(|l| l.span.start < span.start) {
                read += 1;
            }
            while let Some(&lexeme) = lexemes.get(read)
                && lexeme.span.start < span.end
            {
                if furniture.is_none() {
                    lexemes[kept] = Lexeme {
                        span: lexeme.span.relative_to(span.start),
                        ..lexeme
                    };
                    kept += 1;
                }
                read += 1;
            }
            ends.push(kept);
        }
        lexemes.truncate(kept);
        LexedSentences { all: lexemes, ends }
    }

    /// Reads the prose among the `sentences` of `text`.
    pub fn of(text: &str, sentences: &[Sentence]) -> LexedSentences {
        let mut lexed = LexedSentences {
            all: Vec::with_capacity(text.len() / 4),
            ends: Vec::with_capacity(sentences.len()),
        };
        Forms::remembered(|mut forms| {
            for Sentence { span, furniture } in sentences {
                if furniture.is_none() {
                    forms.lex_into(span.of(text), &mut lexed.all);
                }
                lexed.ends.push(lexed.all.len());
            }
        });
        lexed
    }

    /// The lexemes of sentence `k`.
    pub fn get(&self, k: usize) -> &[Lexeme] {
        let from = k.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.all[from..self.ends[k]]
    }

    /// All lexemes, in order.
    pub fn all(&self) -> &[Lexeme] {
        &self.all
    }
}
