//! The tokens of a sentence with what is asked of each everywhere: read once for features, sketch and familiarity.

use std::cell::RefCell;
use std::sync::LazyLock;

use rust_stemmers::{Algorithm, Stemmer};

use crate::features::vocabulary::hash_word;
use crate::span::Span;
use crate::text::{
    CLOSE, Memory, NUMBER, OPEN, TokenKind, WordList, for_each_token, form, sketch_hash,
};

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

/// What is asked of a token, wherever it stands.
#[derive(Debug, Clone, Copy, Default)]
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
    /// Whether it begins with a capital.
    pub capital: bool,
    /// Whether that capital is the pronoun's: "I", "I'm".
    pub is_i: bool,
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
            capital: word.starts_with(char::is_uppercase),
            is_i: lower.starts_with("i'") || lower == "i",
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
    /// Forms already worked out in this thread: a table of some 400 kB and a map.
    static FORMS: RefCell<Memory<Form>> = RefCell::new(Memory::new(13));
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
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lexeme {
    /// Where in its sentence.
    pub span: Span,
    pub kind: TokenKind,
    pub form: Form,
}

/// Adds the lexemes of `sentence` to `lexemes`.
fn lex_into(sentence: &str, lexemes: &mut Vec<Lexeme>) {
    let (open, close) = (*OPEN_FORM, *CLOSE_FORM);
    FORMS.with_borrow_mut(|forms| {
        // A token's first character tells its kind, but for quotation marks; so one memory serves words, numbers and symbols.
        for_each_token(sentence, |token| {
            let form = match token.kind {
                TokenKind::Word => forms.get(sentence, token.span, Form::of_word),
                TokenKind::Number => forms.get(sentence, token.span, Form::of_number),
                TokenKind::Symbol => forms.get(sentence, token.span, Form::of_symbol),
                TokenKind::OpenQuote => open,
                TokenKind::CloseQuote => close,
            };
            lexemes.push(Lexeme {
                span: token.span,
                kind: token.kind,
                form,
            });
        });
    });
}

/// The lexemes of a sentence.
pub(crate) fn lex(sentence: &str) -> Vec<Lexeme> {
    let mut lexemes = Vec::with_capacity(sentence.len() / 4 + 1);
    lex_into(sentence, &mut lexemes);
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
    /// Reads `sentences`, of about `n_bytes` together.
    pub fn new<'t>(sentences: impl Iterator<Item = &'t str>, n_bytes: usize) -> LexedSentences {
        let mut lexed = LexedSentences {
            all: Vec::with_capacity(n_bytes / 4),
            ends: Vec::new(),
        };
        for sentence in sentences {
            lex_into(sentence, &mut lexed.all);
            lexed.ends.push(lexed.all.len());
        }
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
