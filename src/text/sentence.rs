//! Where sentences end.
//!
//! In: a text and the stretch of it that holds prose. Out: ordered spans that do not overlap and cover all that is
//! not white space. A sentence ends at `.`, `!`, `?` or an ellipsis, with the closing quotation marks and brackets that
//! follow, when what comes next can begin a sentence. Most of the work is the full stop, which also ends
//! abbreviations: titles never end a sentence ("Sen. Holt"), others do when a typical first word follows
//! ("in the U.S. The report" but "the U.S. Attorney").

use std::sync::LazyLock;

use memchr::memchr3;

use crate::span::Span;
use crate::text::words::WordList;

/// Titles and the like: a name or number follows, so the sentence goes on.
static NEVER_LAST: LazyLock<WordList> = LazyLock::new(|| {
    WordList::words(
        "adm amb assoc asst atty brig bros capt cf cmdr col cpl det dr e.g fr ft gen gov hon i.e insp lt \
         maj messrs mme mr mrs ms mt mx ofc op pfc pres prof pvt rep reps rev sen sens sgt spc sr. st \
         supt viz vs v",
    )
});

/// Abbreviations after which a sentence may go on or end; the next word decides.
static MAYBE_LAST: LazyLock<WordList> = LazyLock::new(|| {
    WordList::words(
        "ala approx apr ariz ark aug ave blvd calif co colo conn corp dec del dept dist est etc feb fla \
         ga ill inc ind jan jr jul jun kan ky la ltd mar mass md mich minn miss mo mont neb nev nov oct \
         okla ore pa p.s rd sept sep sr tenn tex univ va vt wash wis wyo ph.d m.d ed al",
    )
});

/// Abbreviations that go on only before a number.
static BEFORE_NUMBER: LazyLock<WordList> =
    LazyLock::new(|| WordList::words("no nos art sec fig figs p pp vol ch rte hwy para ex"));

/// What may follow "a.m." inside a sentence.
static AFTER_TIME: LazyLock<WordList> = LazyLock::new(|| {
    WordList::words(
        "monday tuesday wednesday thursday friday saturday sunday et est edt pt pst pdt ct cst cdt mt gmt utc bst eastern pacific \
         central mountain local january february march april may june july august september october november december jan feb \
         mar apr jun jul aug sept oct nov dec",
    )
});

/// Words that begin sentences and hardly ever follow an abbreviation inside one.
static STARTERS: LazyLock<WordList> = LazyLock::new(|| {
    WordList::words(
        "a according after all although also an and another any as asked at because before both but by \
         critics despite did do does during each earlier even for from he her here his how however i if \
         in instead it its last later many meanwhile more most my neither no nobody nor not now of \
         officials on once one or other others our perhaps she since so some still such that the their \
         then there these they this those though through to under until was we what when where whether \
         which while who why with would yet you your",
    )
});

/// Verbs of an attribution after a quoted question or exclamation: `"Why?" Holt asked.`
static ATTRIBUTION: LazyLock<WordList> = LazyLock::new(|| {
    WordList::words(
        "said says asked asks added wrote tweeted replied told shouted joked responded continued \
         exclaimed declared insisted",
    )
});

fn closes(c: char) -> bool {
    matches!(c, '"' | '”' | '’' | '\'' | '»' | ')' | ']' | '}')
}

fn opens(c: char) -> bool {
    matches!(c, '"' | '“' | '‘' | '\'' | '«' | '(' | '[' | '{')
}

/// Cuts the stretch `within` of `text` into sentences.
pub fn split_sentences(text: &str, within: Span) -> Vec<Span> {
    let stretch = within.of(text);
    let mut sentences = Vec::new();
    let mut start = 0;
    let mut read = 0;
    let ellipses = stretch.contains('…');
    while let Some((at, c)) = next_stop(stretch, read, ellipses) {
        // A run of stops ("...", "?!") and what closes after it belong to the sentence.
        let mut end = at + c.len_utf8();
        let mut stops = 1;
        while let Some(mark) = stop_after(stretch, end) {
            end = mark;
            stops += 1;
        }
        let stop_end = end;
        end = closers_end(stretch, end);
        read = end;

        let rest = &stretch[end..];
        let follows = rest.trim_start();
        if follows.is_empty() {
            break;
        }
        if follows.len() == rest.len() && !lost_its_space(&stretch[start..at], rest) {
            continue; // no white space: Boston.com, 3.5, U.S
        }
        let quoted = stretch[stop_end..end].contains(['"', '”', '’', '\'', '»']);
        let ends = if c == '.' && stops == 1 {
            full_stop_ends(&stretch[start..at], follows, end > stop_end)
        } else {
            let ellipsis = c == '…' || c == '.';
            mark_ends(follows, quoted)
                && !is_name_with_mark(&stretch[start..stop_end])
                && !(ellipsis && stutters(&stretch[start..at], follows))
        };
        if ends {
            push_trimmed(stretch, start, end, &mut sentences);
            start = end;
        }
    }
    push_trimmed(stretch, start, stretch.len(), &mut sentences);
    for span in &mut sentences {
        *span = span.shifted(within.start);
    }
    sentences
}

fn is_stop(c: char) -> bool {
    matches!(c, '.' | '!' | '?' | '…')
}

/// The first stop at or behind byte `from`, and where it stands; `ellipses` says whether any are set as one character.
fn next_stop(text: &str, mut from: usize, ellipses: bool) -> Option<(usize, char)> {
    let bytes = text.as_bytes();
    if !ellipses {
        let at = from + memchr3(b'.', b'!', b'?', &bytes[from..])?;
        return Some((at, char::from(bytes[at])));
    }
    // The first byte of an ellipsis, which other marks begin with too.
    let may_stop = |byte: &u8| matches!(byte, b'.' | b'!' | b'?' | 0xE2);
    loop {
        from += bytes[from..].iter().position(may_stop)?;
        let c = text[from..].chars().next()?;
        if is_stop(c) {
            return Some((from, c));
        }
        from += c.len_utf8();
    }
}

/// Where the stop ends that stands at byte `at`, or a space behind it: ". . .".
fn stop_after(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..];
    let end = |rest: &str| {
        let stop = rest.chars().next().filter(|&c| is_stop(c))?;
        Some(text.len() - rest.len() + stop.len_utf8())
    };
    end(rest).or_else(|| {
        let rest = rest.strip_prefix(' ')?;
        rest.starts_with(['.', '…']).then(|| end(rest)).flatten()
    })
}

/// "He left.The car was gone.": pages lose the space between two sentences.
fn lost_its_space(before: &str, rest: &str) -> bool {
    before.ends_with(char::is_lowercase)
        && rest.starts_with(char::is_uppercase)
        && first_word(rest)
            .chars()
            .nth(1)
            .is_none_or(char::is_lowercase)
        && STARTERS.contains(&first_word(rest).to_lowercase())
}

/// "I … I don't know"
fn stutters(before: &str, follows: &str) -> bool {
    let next = first_word(follows);
    !next.is_empty() && last_word(before.trim_end()) == next
}

/// Where the run of closing marks after a stop ends. A quotation mark before a letter opens instead.
fn closers_end(stretch: &str, from: usize) -> usize {
    let mut end = from;
    let mut rest = stretch[from..].chars().peekable();
    while let Some(c) = rest.next_if(|&c| closes(c)) {
        let ambiguous = matches!(c, '"' | '\'');
        if ambiguous && rest.peek().is_some_and(|next| next.is_alphanumeric()) {
            break;
        }
        end += c.len_utf8();
    }
    end
}

fn push_trimmed(stretch: &str, start: usize, end: usize, sentences: &mut Vec<Span>) {
    let piece = &stretch[start..end];
    let trimmed = piece.trim();
    // Dots alone go with the sentence before them.
    if let Some(last) = sentences
        .last_mut()
        .filter(|_| !trimmed.is_empty() && !trimmed.contains(char::is_alphanumeric))
    {
        last.end = start + piece.trim_end().len();
    } else if !trimmed.is_empty() {
        let from = start + (piece.len() - piece.trim_start().len());
        sentences.push(Span::new(from, from + trimmed.len()));
    }
}

/// Whether a single full stop after `before` ends the sentence, given that white space and `follows` come next.
fn full_stop_ends(before: &str, follows: &str, closed: bool) -> bool {
    let next = first_word(follows);
    let first = follows.chars().next().unwrap_or(' ');
    // "iPad sales" begins a sentence, "ipads" does not.
    let brand = follows.chars().nth(1).is_some_and(char::is_uppercase);
    if matches!(first, ',' | ';' | ':' | ')') {
        return false;
    }
    if first.is_lowercase() && !brand {
        return false;
    }
    // A bracket or quotation mark closed after the stop: "(R-Ala.)" goes on in lower case or with a verb.
    let word = last_word(before);
    let lower = word.to_lowercase();
    let starts = STARTERS.contains(&next.to_lowercase());
    if NEVER_LAST.contains(&lower) {
        return closed && starts;
    }
    if BEFORE_NUMBER.contains(&lower) {
        return !first.is_numeric();
    }
    // "1. Boil the water."
    if word.len() <= 2 && word.chars().all(char::is_numeric) && before.trim() == word {
        return false;
    }
    if matches!(lower.as_str(), "a.m" | "p.m") {
        return !first.is_numeric() && !AFTER_TIME.contains(&next.to_lowercase());
    }
    let initials = is_initials(word);
    if initials || MAYBE_LAST.contains(&lower) {
        if first.is_numeric() && !initials {
            return false; // Jan. 6, Sept. 11
        }
        // Words that read "in May." or "the co." in full are told apart by their capital.
        let capital = word.chars().next().is_some_and(char::is_uppercase);
        let abbreviation =
            initials || capital || matches!(lower.as_str(), "etc" | "al" | "est" | "approx");
        if abbreviation {
            return starts
                || opens(first)
                || !(first.is_alphanumeric() || matches!(first, '—' | '–' | '-'));
        }
    }
    true
}

/// "U.S", "D.C", "a.m", "J": single letters between stops.
fn is_initials(word: &str) -> bool {
    !word.is_empty()
        && word
            .split('.')
            .all(|part| part.chars().count() == 1 && part.chars().all(char::is_alphabetic))
        && (word.contains('.') || word.chars().all(char::is_uppercase))
        && word != "I"
}

/// Whether `!`, `?` or an ellipsis ends the sentence before `follows`.
fn mark_ends(follows: &str, quoted: bool) -> bool {
    let first = follows.chars().next().unwrap_or(' ');
    if first.is_lowercase() || matches!(first, ',' | ';' | ':' | ')') {
        return false;
    }
    // `"Why?" Senator Holt asked.` is one sentence.
    // Only the next few words count, and only up to the next mark.
    let attributed = quoted
        && follows
            .split_whitespace()
            .take(5)
            .scan(false, |ended, word| {
                let clause = !*ended;
                let title = NEVER_LAST.contains(&word.trim_end_matches('.').to_lowercase())
                    || is_initials(word.trim_end_matches('.'));
                *ended |= word.contains(['.', ',', '!', '?', '“', '"', '…', '”']) && !title;
                clause.then_some(word)
            })
            .any(|word| {
                ATTRIBUTION.contains(word.trim_end_matches(|c: char| !c.is_alphanumeric()))
            });
    !attributed
}

/// Names that carry an exclamation mark.
fn is_name_with_mark(before: &str) -> bool {
    before.ends_with("Yahoo!") || before.ends_with("Jeopardy!")
}

/// The word at the end of `before`, inner stops included: "Ala", "U.S", "J".
fn last_word(before: &str) -> &str {
    let start = before
        .char_indices()
        .rev()
        .take_while(|&(_, c)| c.is_alphanumeric() || c == '.')
        .last()
        .map_or(before.len(), |(at, _)| at);
    before[start..].trim_start_matches('.')
}

/// The word `follows` begins with, past opening marks.
fn first_word(follows: &str) -> &str {
    let trimmed = follows.trim_start_matches(opens);
    let end = trimmed
        .find(|c: char| !c.is_alphanumeric())
        .unwrap_or(trimmed.len());
    &trimmed[..end]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn split(text: &str) -> Vec<&str> {
        split_sentences(text, Span::new(0, text.len()))
            .into_iter()
            .map(|span| span.of(text))
            .collect()
    }

    /// `|` marks where a sentence ends.
    fn check(marked: &str) {
        let expected: Vec<&str> = marked.split('|').map(str::trim).collect();
        let text = marked.replace('|', "");
        assert_eq!(split(&text), expected, "{marked}");
    }

    #[test]
    fn abbreviation_does_not_end_a_sentence() {
        check(
            "Sen. Ida Holt met Rep. Paul Orr (R-Utah) on Jan. 6 in Washington, D.C., at 9 a.m. sharp. |He left.",
        );
        check("Thomas J. Arden of St. Brice ran as No. 2 on the list. |He lost.");
        check("The U.S. Attorney spoke for the U.S. government. |She won.");
        check("They moved to the U.S. |The report says so.");
        check("Rep.\u{a0}Orr (R-Ala.) objected. |Gov. Lund did not.");
        check("It was 3.5 percent, per Boston.com. |Yahoo! News had 4.");
        check("Holt vs. Orr was heard by Gen. Moss, i.e. the chief. |Mr. Orr won.");
    }

    #[test]
    fn quotation_marks_stay_with_their_sentence() {
        check("“It is false.” |She left.");
        check("\"It is false,\" Holt said. |\"I never met him.\"");
        check("“Why?” she asked. |“Who knows?” |Nobody spoke.");
        check("\"Why not now?\" Senator Holt asked. |No one answered.");
        check("“Why not now?” Mr. Holt said. |“Why not?” Sen. A. B. Orr asked.");
        check("“I talked a little. |I learned something.” |He sat.");
    }

    #[test]
    fn marks_and_ellipses_end_sentences_before_a_capital() {
        check("Really? |Yes! |He thought ... not.");
        check("It was clearly not…. |She wrote that.");
        check("(She denied it.) |The vote stands.");
        check("He said no. |(Orr agreed.)");
    }

    #[test]
    fn a_numbered_answer_is_a_sentence() {
        check("Did she lie? |The answer was no. |She left.");
    }
}
