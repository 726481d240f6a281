//! What a line is by the lines around it: galleries, headlines, headings, pull quotes, notes on authors, posts, captions.

use std::hash::Hasher;

use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use super::line::Line;
use super::phrases::AUTHORS;
use super::{BlockKind, Furniture};
use crate::span::FurnitureKind;
use crate::text::sketch::mix;
use crate::text::words::{ByteClass, CLASSES, without_possessive};

/// From the first to the last paragraph that counts pictures all is gallery; below "Story highlights" lines without a stop are its points.
pub(super) fn mark_galleries(lines: &[Line<'_>], kinds: &mut [BlockKind]) {
    let first = lines.iter().position(|line| line.gallery);
    let last = lines.iter().rposition(|line| line.gallery);
    if let (Some(first), Some(last)) = (first, last) {
        for kind in &mut kinds[first..=last] {
            *kind = BlockKind::Furniture(Furniture::new(
                FurnitureKind::Caption,
                "a gallery of pictures",
            ));
        }
    }
    let mut inside = false;
    for (line, kind) in lines.iter().zip(kinds) {
        let begins = line.lower.starts_with("story highlights");
        inside = begins || inside && !line.stopped && line.n_words <= 30;
        if inside && !begins {
            *kind = BlockKind::Furniture(Furniture::new(
                FurnitureKind::Heading,
                "a point of the story's highlights",
            ));
        }
    }
}

/// The letters and digits of a line, in small letters.
fn letters(line: &str) -> impl Iterator<Item = char> {
    line.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
}

/// The first line without a stop is the headline; so is any later line that repeats it or the given title.
pub(super) fn mark_headlines(lines: &[Line<'_>], title: Option<&str>, kinds: &mut [BlockKind]) {
    let title = title
        .map(|title| letters(title).collect::<String>())
        .filter(|title| !title.is_empty());
    let mut headline = None;
    for (index, line) in lines.iter().enumerate() {
        let open = matches!(
            kinds[index],
            BlockKind::Prose
                | BlockKind::Furniture(Furniture {
                    kind: FurnitureKind::Heading,
                    ..
                })
        );
        let repeats = |other: &Option<String>| {
            other
                .as_ref()
                .is_some_and(|other| other.chars().eq(letters(line.text)))
        };
        // Slugs and bylines may come before it.
        let first = headline.is_none()
            && open
            && lines.len() > 1
            && (!line.stopped || line.n_words <= 16 && line.text.ends_with('?'))
            && (2..=30).contains(&line.n_words)
            && kinds[..index]
                .iter()
                .all(|kind| matches!(kind, BlockKind::Furniture(_)));
        if repeats(&title) || repeats(&headline) && open {
            kinds[index] = BlockKind::Furniture(Furniture::new(
                FurnitureKind::Headline,
                "repeats the headline",
            ));
        } else if first {
            kinds[index] = BlockKind::Furniture(Furniture::new(
                FurnitureKind::Headline,
                "the first line, without a stop",
            ));
        }
        if first {
            headline = Some(letters(line.text).collect());
        }
    }
}

/// Lines without a stop: headings where they are short, set in capitals or stand in a list; else prose that lost its stop. A short question
/// alone on its line is a heading too. A page of one line has no headings.
pub(super) fn mark_headings(lines: &[Line<'_>], kinds: &mut [BlockKind]) {
    if lines.len() == 1 {
        return;
    }
    let bare = |index: usize| {
        kinds
            .get(index)
            .is_some_and(|kind| *kind == BlockKind::Prose)
            && !lines[index].stopped
            && lines[index].n_words <= 14
    };
    // Where the page's paragraphs end in stops, a line that does not is none of them.
    let prose =
        || (0..lines.len()).filter(|&k| kinds[k] == BlockKind::Prose && lines[k].n_words >= 12);
    let n_long = prose().count();
    let n_stopped = prose().filter(|&k| lines[k].stopped).count();
    let stops = n_stopped >= 5 && n_stopped * 5 >= n_long * 4;
    let asks = |line: &Line<'_>, most: usize| {
        line.text.ends_with('?')
            && line.n_words <= most
            && !line.text.contains(['.', '"', '“', ','])
    };
    let n_questions = (0..lines.len())
        .filter(|&k| kinds[k] == BlockKind::Prose && asks(&lines[k], 12))
        .count();
    let mut found = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        if kinds[index] != BlockKind::Prose {
            continue;
        }
        let quoted = line.text.starts_with(['"', '“']) && line.n_words > 5;
        let question = asks(line, if n_questions >= 2 { 12 } else { 7 });
        let listed = index > 0 && bare(index - 1) || bare(index + 1);
        let open = !line.stopped && !quoted && line.n_words <= 25;
        let shouted = line.n_words <= 16 && is_shouted(line.text);
        let heading = open
            && (line.capitals() >= 0.6 && line.n_words >= 3
                || line.n_words <= 5
                || line.n_words <= 12 && (!line.reads_like_a_sentence() || listed)
                || stops && (line.n_words <= 15 || !line.reads_like_a_sentence()));
        let reason = if question {
            "a question alone"
        } else if shouted {
            "a line in capitals"
        } else if heading {
            "no stop at its end"
        } else {
            continue;
        };
        found.push((index, Furniture::new(FurnitureKind::Heading, reason)));
    }
    for (index, furniture) in found {
        kinds[index] = BlockKind::Furniture(furniture);
    }
}

/// Whether all of several letters are capitals: "2. WHAT COMES NEXT?"
fn is_shouted(text: &str) -> bool {
    text.chars().filter(|c| c.is_uppercase()).count() >= 10
        && text.split_whitespace().count() >= 3
        && !text.chars().any(char::is_lowercase)
}

/// Words in a run that tell a repeated passage.
const RUN: usize = 5;

/// A short paragraph all of whose words stand, in order, in a longer one is set off from it for show.
pub(super) fn mark_pull_quotes(lines: &[Line<'_>], kinds: &mut [BlockKind]) {
    let words: Vec<Vec<u64>> = lines
        .iter()
        .zip(&*kinds)
        .map(|(line, kind)| match kind {
            BlockKind::Furniture(_) => Vec::new(),
            _ => word_hashes(&line.lower),
        })
        .collect();
    if !repeats_a_beginning(lines, &words) {
        return;
    }
    // Each run of words with the first and the last paragraph that holds it.
    let mut holders: FxHashMap<u64, (usize, usize)> = FxHashMap::default();
    let runs: Vec<Vec<u64>> = words
        .iter()
        .map(|words| words.windows(RUN).map(run_hash).collect())
        .collect();
    for (index, runs) in runs.iter().enumerate() {
        for &run in runs {
            holders.entry(run).or_insert((index, index)).1 = index;
        }
    }
    for (index, line) in lines.iter().enumerate() {
        let elsewhere = |run: &u64| {
            let (first, last) = holders[run];
            let longer = |k: usize| k != index && lines[k].n_words > line.n_words + RUN;
            longer(first) || longer(last)
        };
        let repeats = line.n_words <= LONGEST_PULL_QUOTE
            && !runs[index].is_empty()
            && runs[index].iter().all(elsewhere);
        if repeats {
            kinds[index] = BlockKind::Furniture(Furniture::new(
                FurnitureKind::Heading,
                "repeats a passage for show",
            ));
        }
    }
}

/// A pull quote has no more words than this.
const LONGEST_PULL_QUOTE: usize = 60;

/// Whether any paragraph short enough begins with a run that stands in another one too: hardly ever, and without it none repeats another.
fn repeats_a_beginning(lines: &[Line<'_>], words: &[Vec<u64>]) -> bool {
    /// Bits that say where two words in a row may begin a paragraph.
    const BITS: usize = 1 << 12;
    let place = |two: &[u64]| (two[0] ^ two[1].rotate_left(7)) as usize % BITS;
    let mut pairs = [0_u64; BITS / 64];
    let mut beginnings: FxHashMap<u64, usize> = FxHashMap::default();
    for (index, words) in words.iter().enumerate() {
        let Some(run) = words.first_chunk::<RUN>() else {
            continue;
        };
        if lines[index].n_words > LONGEST_PULL_QUOTE {
            continue;
        }
        if beginnings.insert(run_hash(run), index).is_some() {
            return true;
        }
        let at = place(run);
        pairs[at / 64] |= 1 << (at % 64);
    }
    words.iter().enumerate().any(|(index, words)| {
        words.windows(RUN).any(|run| {
            let at = place(run);
            pairs[at / 64] & (1 << (at % 64)) != 0
                && beginnings
                    .get(&run_hash(run))
                    .is_some_and(|&of| of != index)
        })
    })
}

/// A hash of [`RUN`] words.
fn run_hash(run: &[u64]) -> u64 {
    run.iter().fold(0, |hash, &word| mix(hash, word))
}

/// Hashes of the words of `lower`, marks left out: letters, digits and straight apostrophes.
fn word_hashes(lower: &str) -> Vec<u64> {
    let mut words: Vec<u64> = Vec::with_capacity(lower.len() / 5 + 1);
    let bytes = lower.as_bytes();
    let mut start = 0;
    let mut at = 0;
    let mut end_at = |start: usize, end: usize| {
        if start < end {
            words.push(bytes_hash(&bytes[start..end]));
        }
    };
    while let Some(&byte) = bytes.get(at) {
        let length = match CLASSES[usize::from(byte)] {
            ByteClass::Alphanumeric => {
                at += 1;
                continue;
            }
            ByteClass::Mark if byte == b'\'' => {
                at += 1;
                continue;
            }
            ByteClass::Other => {
                let c = lower[at..].chars().next().unwrap_or_default();
                if c.is_alphanumeric() {
                    at += c.len_utf8();
                    continue;
                }
                c.len_utf8()
            }
            ByteClass::Space | ByteClass::Mark => 1,
        };
        end_at(start, at);
        at += length;
        start = at;
    }
    end_at(start, at);
    words
}

/// A hash of a word, eight bytes at a time.
fn bytes_hash(word: &[u8]) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(word);
    hasher.finish()
}

/// A last paragraph that says who somebody is whom the article has not named: its author.
pub(super) fn mark_author_notes(lines: &[Line<'_>], kinds: &mut [BlockKind]) {
    // The words of the paragraphs of prose before `read`; hardly ever asked for.
    let mut named: FxHashSet<&str> = FxHashSet::default();
    let mut read = 0;
    let mut notes = Vec::new();
    for (index, line) in lines.iter().enumerate() {
        let prose = !matches!(kinds[index], BlockKind::Furniture(_));
        let ends = (index + 1..lines.len())
            .take_while(|&k| k < index + 4)
            .find(|&k| matches!(kinds[k], BlockKind::Prose | BlockKind::Labelled(..)))
            .is_none_or(|k| lines[k].text.starts_with(['-', '—', '_', '*']) || k > index + 1);
        if !(prose && ends && index >= 3) {
            continue;
        }
        let Some(who) = author_note(line) else {
            continue;
        };
        for k in read..index {
            if !matches!(kinds[k], BlockKind::Furniture(_)) {
                named.extend(lines[k].text.split_whitespace().map(bare_word));
            }
        }
        read = index;
        if who.iter().all(|word| !named.contains(bare_word(word))) {
            notes.push(index);
        }
    }
    for index in notes {
        kinds[index] =
            BlockKind::Furniture(Furniture::new(FurnitureKind::Byline, "says who wrote it"));
    }
}

fn bare_word(word: &str) -> &str {
    without_possessive(word).trim_matches(|c: char| !c.is_alphanumeric())
}

/// "Ann Lee, a former ..., is the author of ...": the names after the first, of which nothing before may have named one.
fn author_note<'t>(line: &Line<'t>) -> Option<Vec<&'t str>> {
    let words: Vec<&str> = line.text.split_whitespace().take(30).collect();
    let n_name = words
        .iter()
        .take_while(|word| word.starts_with(char::is_uppercase))
        .count();
    let verb = || {
        words.iter().position(|word| {
            matches!(
                *word,
                "is" | "was" | "are" | "writes" | "teaches" | "served" | "serves"
            )
        })
    };
    let reads_so = (2..=5).contains(&n_name)
        && verb().is_some_and(|at| at < 25)
        && line.n_words <= 110
        && line.contains(AUTHORS);
    reads_so.then(|| words[1..n_name].to_vec())
}

/// A signature line ("— Ann Lee (@annlee) March 3") makes itself and the line before it an embed.
pub(super) fn mark_embeds(lines: &[Line<'_>], kinds: &mut [BlockKind]) {
    for index in 0..lines.len() {
        let line = &lines[index];
        let signature = line.text.starts_with(['—', '–', '-'])
            && line.text.contains("(@")
            && line.n_words <= 16;
        if !signature {
            continue;
        }
        kinds[index] = BlockKind::Furniture(Furniture::new(
            FurnitureKind::Embed,
            "the signature of a post",
        ));
        if index > 0 && lines[index - 1].text.len() <= 400 {
            kinds[index - 1] = BlockKind::Furniture(Furniture::new(
                FurnitureKind::Embed,
                "the post above its signature",
            ));
        }
    }
}

/// Captions known by their neighbours: before a credit, or twice in a row, or the beginning of the caption that follows.
pub(super) fn mark_captions(lines: &[Line<'_>], kinds: &mut [BlockKind]) {
    let is = |kind: BlockKind, wanted: FurnitureKind| matches!(kind, BlockKind::Furniture(furniture) if furniture.kind == wanted);
    for index in (1..lines.len()).rev() {
        let (first, second) = (&lines[index - 1], &lines[index]);
        if is(kinds[index - 1], FurnitureKind::Headline)
            || is(kinds[index - 1], FurnitureKind::Byline)
        {
            continue;
        }
        let reason = if is(kinds[index], FurnitureKind::Caption)
            && first.text.len() >= 10
            && second.text.starts_with(first.text)
        {
            "begins the caption after it"
        } else if first.text == second.text && first.n_words >= 6 {
            kinds[index] =
                BlockKind::Furniture(Furniture::new(FurnitureKind::Caption, "stands twice"));
            "stands twice"
        } else if is(kinds[index], FurnitureKind::Credit)
            && kinds[index - 1] == BlockKind::Prose
            && first.n_words <= 35
            && !first.lower.contains(" said")
        {
            "stands above a credit"
        } else {
            continue;
        };
        kinds[index - 1] = BlockKind::Furniture(Furniture::new(FurnitureKind::Caption, reason));
    }
}
