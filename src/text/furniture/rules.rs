//! What a line is by its own words and its last mark.

use std::sync::LazyLock;

use memchr::{memchr, memchr3};

use super::line::{Line, ends_in_stop};
use super::phrases::{
    ADVERTS, AGENCIES, BUTTONS, CREDIT_ENDS, CREDIT_MARKS, LABELS, LINK_STARTS, LONGEST_SIGNED,
    NOTES, PROMOTION_STARTS, Sign, Signs, Starts, phrases,
};
use super::{BlockKind, Furniture};
use crate::span::FurnitureKind;
use crate::text::words::WordList;

pub(super) fn classify_line(line: &Line<'_>) -> BlockKind {
    use FurnitureKind::*;
    let found = |kind, reason| BlockKind::Furniture(Furniture::new(kind, reason));
    let bare = line.lower.trim_matches(|c: char| !c.is_alphanumeric());
    let signs = line.signs();

    if ADVERTS.contains(bare) {
        return found(Advert, "the word for an advert");
    }
    if is_embed(line, signs) {
        return found(Embed, "links and stamps of a post");
    }
    if is_player(line, signs) {
        return found(Embed, "a video or picture box");
    }
    if tunes_in(line) {
        return found(Promotion, "says when to watch or listen");
    }
    let button = line.n_words <= 6 && !line.stopped && {
        let mut words = line
            .lower
            .split(|c: char| !c.is_alphabetic())
            .filter(|word| !word.is_empty())
            .peekable();
        words
            .peek()
            .is_some_and(|first| !matches!(*first, "a" | "this" | "the" | "on" | "by" | "more"))
            && words.all(|word| BUTTONS.contains(word))
    };
    if button {
        return found(Promotion, "a button");
    }
    if let Some(reason) = byline(line, signs) {
        return found(Byline, reason);
    }
    if line.n_words <= 40 && line.after_start(&PROMOTION_STARTS).is_some() {
        return found(Promotion, "asks the reader to do something");
    }
    if let Some(rest) = line.after_start(&LINK_STARTS) {
        let pointer = rest.starts_with(':')
            || rest.starts_with(" now:")
            || line.text.trim_end().ends_with(':') && line.lead().starts_with("watch");
        let bare_words = !line.stopped && line.n_words <= 12 && !line.reads_like_a_sentence();
        if rest.is_empty()
            || rest == "..."
            || pointer
            || bare_words
            || line.lead().starts_with(['>', '»'])
        {
            return found(Link, "points to something else");
        }
    }
    if line.n_words <= 30 && bare.ends_with(" read more") {
        return found(Link, "points to something else");
    }
    if line.n_words <= 4
        && line.lower.contains("comment")
        && line.lower.chars().any(|c| c.is_ascii_digit())
    {
        return found(Link, "a comment counter");
    }
    if line.n_words <= 45 && signs.has(Sign::AboutItself) {
        return found(Promotion, "speaks of the page itself");
    }
    if line
        .after_start(&NOTES)
        .is_some_and(|rest| rest.starts_with([':', ' ', '.']) || rest.is_empty())
        && (line.lower.contains(':')
            || line.n_words > 3 && line.lower.contains("version")
            || line.lower.contains("updated"))
    {
        let colon = line
            .after_start(&NOTES)
            .is_some_and(|rest| rest.starts_with(':'));
        if colon
            || line.lower.contains("this story has been")
            || line.lower.contains("this article has been")
            || line.lower.contains("this post has been updated")
            || line.lower.contains(" was updated ")
            || line.lower.contains("originally")
            || line.lower.contains("an earlier version")
        {
            return found(Label, "a note on the article");
        }
    }
    if let Some((kind, reason)) = caption_or_credit(line, signs) {
        return found(kind, reason);
    }
    if let Some(length) = label_length(line.text) {
        let rest = line.text[length..].trim();
        return if rest.is_empty() {
            found(Label, "a label alone")
        } else if !ends_in_stop(rest) {
            found(Heading, "a label and a heading")
        } else {
            BlockKind::Labelled(Furniture::new(Label, "a label before a sentence"), length)
        };
    }
    if let Some(length) = dateline_length(line.text) {
        return BlockKind::Labelled(
            Furniture::new(Dateline, "place or agency before a sentence"),
            length,
        );
    }
    if line.n_words <= 3
        && !line.text.contains(char::is_whitespace)
        && line
            .text
            .chars()
            .all(|c| c.is_lowercase() || matches!(c, '-' | '_' | '.') || c.is_ascii_digit())
        && !line.text.ends_with('.')
    {
        return found(Label, "a slug");
    }
    BlockKind::Prose
}

/// Links and stamps that only embedded posts have.
fn is_embed(line: &Line<'_>, signs: Signs) -> bool {
    // A date in another script than the article's.
    let foreign = line.n_words <= 6
        && line.text.chars().any(|c| c.is_ascii_digit())
        && line
            .text
            .chars()
            .any(|c| matches!(c, '\u{400}'..='\u{4ff}'))
        && !line.text.chars().any(|c| c.is_ascii_alphabetic());
    line.n_words <= 60 && signs.has(Sign::PostLinks) || foreign
}

/// The box of a video or picture, its buttons and title read as one paragraph; or the running time alone.
fn is_player(line: &Line<'_>, signs: Signs) -> bool {
    static STARTS: LazyLock<Starts> = LazyLock::new(|| {
        Starts::new(
            "just watched | must watch | replay more videos | story highlights | enlarge this image | toggle caption | hide caption",
        )
    });
    let boxed = line.lower.starts_with('[')
        && line.lower.ends_with(']')
        && line.n_words <= 2
        && line.lower.contains(['-', 'q', 'v']);
    let close = line.text.starts_with("CLOSE ") && line.n_words <= 60;
    let time = line.n_words == 1
        && line.text.len() <= 8
        && line.text.contains(':')
        && line.text.chars().all(|c| c.is_ascii_digit() || c == ':');
    line.n_words <= 60
        && (line.after_start(&STARTS).is_some()
            || signs.has(Sign::PlayerWords)
            || line.lower.contains('·') && line.lower.contains("listen · "))
        || line.text.starts_with("poster=\"http")
        || line.gallery
        || boxed
        || close
        || time
}

/// "Watch the hour with Ann Lee at 9 p.m. ET": an invitation with a time of day.
fn tunes_in(line: &Line<'_>) -> bool {
    static STARTS: LazyLock<Starts> =
        LazyLock::new(|| Starts::new("watch | tune in | listen to | listen"));
    line.n_words <= 40
        && line.after_start(&STARTS).is_some()
        && (line.lower.contains(" p.m.") || line.lower.contains(" a.m."))
        && [" et", " est", " edt", " pt", " eastern"]
            .iter()
            .any(|zone| line.lower.contains(zone))
}

/// Who wrote it and when: "By Ann Lee", "Ann Lee, Staff Writer", "Updated 3:14 PM ET", "7 years ago", "Ann Lee is a staff writer at ...".
fn byline(line: &Line<'_>, signs: Signs) -> Option<&'static str> {
    let lower = line.lower.as_str();
    let capital_second = || {
        let second = line.text.split_whitespace().nth(1);
        second.is_some_and(|word| word.starts_with(char::is_uppercase))
    };
    // "By Ann Lee | March 3, 12:18 p.m." ends with a dot that is no full stop.
    let open = || !line.stopped || line.text.contains('|') && lower.ends_with(".m.");
    if lower.starts_with("by ") && line.n_words <= 16 && open() && capital_second() {
        return Some("By and a name");
    }
    if line.n_words <= 40 && signs.has(Sign::Writers) {
        let short = line.n_words <= 10 && !line.stopped;
        let about = line.n_words <= 40 && !line.text.contains(['"', '“']);
        if short || about {
            return Some("speaks of who wrote it");
        }
    }
    let covers = line.n_words <= 12
        && !line.text.contains(['"', '“'])
        && lower.contains(" covers ")
        && (lower.contains(" for the ") || lower.contains(" from "));
    if covers {
        return Some("speaks of who wrote it");
    }
    let address = line.n_words <= 16
        && line
            .text
            .split_whitespace()
            .any(|word| word.contains('@') && word.contains('.') && !word.starts_with('@'));
    if address {
        return Some("an e-mail address");
    }
    if line.n_words <= 12 && !line.stopped && line.text.contains('|') {
        return Some("names and places between bars");
    }
    if line.n_words <= 14 && is_time_stamp(lower) {
        return Some("a time stamp");
    }
    None
}

fn is_time_stamp(lower: &str) -> bool {
    static WORDS: LazyLock<WordList> = LazyLock::new(|| {
        WordList::words(
            "updated posted published last modified first on at by a.m p.m am pm et est edt pt gmt utc bst ago years year months month weeks week \
                         days day hours hour minutes minute mins min monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun \
                         january february march april may june july august september october november december jan feb mar apr jun jul aug sep sept oct \
                         nov dec read time of local eastern",
        )
    });
    let has_digit = lower.chars().any(|c| c.is_ascii_digit());
    has_digit
        && lower
            .split(|c: char| {
                c.is_whitespace()
                    || matches!(c, ',' | '/' | ':' | '|' | '-' | '–' | '—' | '(' | ')')
            })
            .filter(|word| !word.is_empty())
            .all(|word| {
                let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
                bare.is_empty()
                    || bare.chars().all(|c| c.is_ascii_digit())
                    || WORDS.contains(bare)
                    || matches!(
                        bare.trim_start_matches(|c: char| c.is_ascii_digit()),
                        "st" | "nd" | "rd" | "th" | "am" | "pm" | "h" | "m"
                    )
            })
}

/// A picture's owner, alone or after its words. Prose may speak of a "bleak picture: ..." or of what came "courtesy of" somebody, so a mark
/// counts only where a name and no sentence follows.
fn caption_or_credit(line: &Line<'_>, signs: Signs) -> Option<(FurnitureKind, &'static str)> {
    use FurnitureKind::{Caption, Credit};
    if line.n_words > LONGEST_SIGNED {
        return None;
    }
    let bracketed = line.text.trim_end().ends_with(')');
    let owned = !line.stopped && {
        let tail = line.lower.trim_end_matches(|c: char| !c.is_alphanumeric());
        phrases(CREDIT_ENDS).any(|end| {
            tail.strip_suffix(end).is_some_and(|rest| {
                let before = rest.trim_end();
                let apart = rest.is_empty() || rest.ends_with(|c: char| !c.is_alphanumeric());
                // One plain word ("staff", "file") owns a picture only after a slash, a stop or a bracket.
                let set_off = before.is_empty()
                    || before.ends_with([
                        '/', '.', '(', ',', '|', '-', '–', '—', ':', '?', '!', '"', '”',
                    ]);
                let proper = matches!(
                    end,
                    "reuters"
                        | "getty images"
                        | "ap photo"
                        | "afp"
                        | "file photo"
                        | "staff photo"
                        | "courtesy photo"
                        | "shutterstock"
                        | "alamy"
                );
                apart
                    && (set_off
                        || proper && !line.reads_like_a_sentence()
                        || proper
                            && before.ends_with(|c: char| c.is_alphanumeric())
                            && line
                                .text
                                .trim_end()
                                .ends_with(|c: char| c.is_alphanumeric())
                            && last_word_is_capital(line.text))
            })
        })
    };
    let marked = signs.has(Sign::CreditMarks)
        && phrases(CREDIT_MARKS).any(|mark| {
            line.lower.rfind(mark).is_some_and(|at| {
                let after = line.lower[at + mark.len()..].split_whitespace().count();
                let at_start = at == 0;
                after <= 7
                    && (!line.stopped
                        || at_start
                        || bracketed
                        || line.lower[..at]
                            .trim_end()
                            .ends_with(['.', '!', '?', '"', '”', '(']))
            })
        });
    let slashed = !line.stopped
        && (line.text.contains(" / ") || line.text.contains('/') && line.n_words <= 6)
        && line.capitals() >= 0.5
        && !line.text.contains("//");
    if line.n_words <= 7 && !line.stopped && (owned || slashed || marked) {
        return Some((Credit, "names a picture's owner"));
    }
    if line.n_words <= 7 && marked && !line.reads_like_a_sentence() {
        return Some((Credit, "names a picture's owner"));
    }
    // "... in January. (Owen Baird/Calder Courier)"
    let signed = bracketed
        && line.text.rfind('(').is_some_and(|at| {
            let inside = &line.text[at..];
            inside.contains('/') && inside.split_whitespace().count() <= 7 && !inside.contains("//")
        });
    if owned || marked || signed {
        return Some((Caption, "ends in a picture's credit"));
    }
    if line.n_words <= 30 && slashed && bracketed {
        return Some((Caption, "ends in a picture's credit"));
    }
    if line.n_words <= 45
        && signs.has(Sign::Sides)
        && !line.text.contains(['"', '“'])
        && !line.lower.contains(" said")
    {
        return Some((Caption, "says who stands where"));
    }
    if shows_a_picture(line) {
        return Some((Caption, "says in the present what is seen on a day past"));
    }
    None
}

/// "Gov. Ida Holt greets voters at a diner in Elder, Sept. 9.": what somebody is seen doing, in the present, with a day.
fn shows_a_picture(line: &Line<'_>) -> bool {
    static SEEN: LazyLock<WordList> = LazyLock::new(|| {
        WordList::words(
            "speaks gestures waves arrives listens poses greets addresses walks stands holds sits attends delivers smiles reacts waits \
                        wait speak arrive walk stand hold sit attend wave shakes shake talks laughs applauds hugs kisses points campaigns spills",
        )
    });
    static DAYS: LazyLock<WordList> = LazyLock::new(|| {
        WordList::words(
            "monday tuesday wednesday thursday friday saturday sunday jan feb march april may june july aug sept oct nov dec january february \
                        august september october november december",
        )
    });
    let among = |list: &WordList, word: &str| {
        list.contains(word.trim_matches(|c: char| !c.is_alphanumeric()))
    };
    let past = [
        " was ", " were ", " had ", " said ", " told ", " is ", " are ", " has ", " have ",
    ];
    (8..=40).contains(&line.n_words)
        && line.words().take(14).any(|word| among(&SEEN, word))
        && line.words().skip(4).any(|word| among(&DAYS, word))
        && !past.iter().any(|word| line.lower.contains(word))
        && !line.text.contains(['"', '“', '?'])
}

fn last_word_is_capital(text: &str) -> bool {
    text.split_whitespace()
        .next_back()
        .is_some_and(|word| word.chars().next().is_some_and(char::is_uppercase))
}

/// The bytes of a line among which its first `n` characters are.
fn beginning(line: &str, n: usize) -> &[u8] {
    &line.as_bytes()[..line.len().min(4 * n)]
}

/// Length of "UPDATE: " or "Original story:" at the start of a line.
fn label_length(line: &str) -> Option<usize> {
    memchr(b':', beginning(line, 40))?;
    let colon = line.char_indices().take(40).find(|&(_, c)| c == ':')?.0;
    let words = line[..colon].trim().to_lowercase();
    let words = words.trim_end_matches(|c: char| c.is_numeric() || c == ' ' || c == '#');
    let known = LABELS.contains(words)
        || words
            .strip_prefix("update")
            .is_some_and(|rest| rest.len() < 22 && rest.starts_with([' ', ',', '(']));
    if !known {
        return None;
    }
    let rest = &line[colon + 1..];
    Some(colon + 1 + rest.len() - rest.trim_start().len())
}

/// Length of "PORT CALDER (Coastal Wire) — ", "WASHINGTON — ", "LONDON, March 3 (Reuters) - " or "(NTN) " at the start of a line.
fn dateline_length(line: &str) -> Option<usize> {
    let past = |end: usize| {
        let rest = line[end..]
            .trim_start_matches(|c: char| c.is_whitespace() || matches!(c, '-' | '–' | '—'));
        let starts = rest.starts_with(|c: char| {
            c.is_uppercase() || c.is_numeric() || matches!(c, '"' | '“' | '‘' | '\'')
        });
        starts.then(|| line.len() - rest.len())
    };
    // An agency in brackets: "(NTN) The ...".
    if let Some(inside) = line.strip_prefix('(') {
        let close = inside.char_indices().take(40).find(|&(_, c)| c == ')')?.0;
        let name = &inside[..close];
        let agency = name.chars().filter(|c| c.is_uppercase()).count() >= 2
            && !name.contains(['.', '!', '?'])
            && name.split_whitespace().count() <= 4;
        return agency.then(|| past(close + 2)).flatten();
    }
    // An agency in brackets, or a dash; 0xE2 is the first byte of the long ones.
    memchr3(b'(', b'-', 0xE2, beginning(line, 80))?;
    if let Some(length) = agency_after_place(line) {
        return past(length);
    }
    let (at, dash) = line.char_indices().take(80).find(|&(at, c)| {
        matches!(c, '—' | '–')
            || (c == '-'
                && line[..at].ends_with([' ', ')'])
                && line[at + 1..].starts_with([' ', '-']))
    })?;
    let place = line[..at].trim();
    let place_name = place.split(['(', ',']).next()?.trim();
    let letters = place_name.chars().filter(|c| c.is_alphabetic()).count();
    let shouted = letters >= 3
        && place_name.chars().all(|c| !c.is_lowercase())
        && place.split_whitespace().count() <= 8;
    let agency = place.ends_with(')')
        && place.contains('(')
        && place.split_whitespace().count() <= 9
        && place
            .split('(')
            .next_back()
            .is_some_and(|name| name.chars().filter(|c| c.is_uppercase()).count() >= 1)
        && place.chars().next().is_some_and(char::is_uppercase);
    (shouted || agency)
        .then(|| past(at + dash.len_utf8()))
        .flatten()
}

/// Length of "Port Calder (AP)" at the start of a line.
fn agency_after_place(line: &str) -> Option<usize> {
    memchr(b'(', beginning(line, 60))?;
    let open = line.char_indices().take(60).find(|&(_, c)| c == '(')?.0;
    let close = open + line[open..].find(')')?;
    let agency = line[open + 1..close].to_lowercase();
    let place = line[..open].trim();
    let is_place = !place.is_empty()
        && place.split_whitespace().all(|word| {
            word.starts_with(char::is_uppercase) || matches!(word, "of" | "de" | "the")
        });
    (is_place && AGENCIES.contains(&agency)).then_some(close + 1)
}
