//! What on a page is not the article's prose: captions, credits, bylines, headings, share lines, embedded posts.
//!
//! In: the paragraphs of a page. Out: one kind a paragraph that is furniture as a whole, and for paragraphs that
//! begin with a label or dateline ("UPDATE: ...", "PORT CALDER (Coastal Wire) — ...") the length of that beginning.
//! Rules look at a line's own words, its last mark and its neighbours; prose ends in a stop and is rarely caught.

use crate::span::{FurnitureKind, Span};

/// What a paragraph is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    /// The article's prose, from its first byte.
    Prose,
    /// Prose after a label or dateline of this length in bytes.
    Labelled(FurnitureKind, usize),
    /// No prose.
    Furniture(FurnitureKind),
}

/// Beginnings of lines that ask the reader to do something, in small letters.
const PROMOTION_STARTS: &str = "sign up | subscribe | click here | click the | click to | tap here | download our | \
     download the | get the app | get our | get alerts | get breaking | get the latest | \
     get all updates | follow us | follow @ | like us | share this | share on | share: | \
     send in e-mail | email this | e-mail this | print this | never miss | join our | \
     join the conversation | view comments | leave a comment | comments ( | support our journalism | \
     become a member | donate | want more | don't miss | don’t miss | stay informed | newsletter | \
     enter your email | thank you for signing | you have been subscribed | by signing up | \
     already a subscriber | continue reading | tweet this | share | tweet | print | email | e-mail";

/// Beginnings of lines that point elsewhere.
const LINK_STARTS: &str = "read more | read also | also read | also see | see also | see more | related: | related stories | \
     related articles | more: | more from | more on | more coverage | watch: | watch below | listen: | \
     video: | photos: | gallery: | must read | recommended | read next | up next | \
     in case you missed | most read | trending | from our partners | watch the | watch live | >>";

const ADVERTS: &str = "advertisement | advertising | ad | sponsored | sponsored content | paid content | promoted | \
     story continues below | article continues below | story continues below advertisement | \
     article continues below advertisement | continue reading below | - advertisement - | \
     scroll to continue";

/// Labels before prose or alone, in capitals or with a colon.
const LABELS: &str = "update | updated | breaking | breaking news | developing | exclusive | correction | \
     clarification | editor's note | editor’s note | original story | just in | live | analysis | \
     opinion | new";

/// Ends of lines that name a picture's owner.
const CREDIT_ENDS: &str = "reuters | getty images | getty | ap photo | associated press | afp | epa | shutterstock | \
     file photo | bloomberg | ap | staff photo | handout | courtesy photo";

/// The phrases of a list.
fn phrases(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.split(" | ")
}

/// Decides what each of `blocks` of `text` is. `title` is the article's title where the format gave it.
pub fn classify_blocks(text: &str, blocks: &[Span], title: Option<&str>) -> Vec<BlockKind> {
    let mut kinds: Vec<BlockKind> = blocks
        .iter()
        .map(|block| classify_line(block.of(text)))
        .collect();
    mark_headlines(text, blocks, title, &mut kinds);
    mark_embeds(text, blocks, &mut kinds);
    mark_captions_twice(text, blocks, &mut kinds);
    kinds
}

fn classify_line(line: &str) -> BlockKind {
    use FurnitureKind::*;
    let lower = line.to_lowercase().replace('\u{a0}', " ");
    let bare = lower.trim_matches(|c: char| !c.is_alphanumeric() && c != ')');
    let n_words = line.split_whitespace().count();
    let stopped = ends_in_stop(line);

    if phrases(ADVERTS).any(|phrase| phrase == bare) {
        return BlockKind::Furniture(Advert);
    }
    let lead = lower.trim_start_matches(|c: char| !c.is_alphanumeric() && c != '>');
    let starts = |list: &'static str| {
        phrases(list).any(|start| {
            lead.strip_prefix(start).is_some_and(|rest| {
                rest.is_empty()
                    || !start.ends_with(char::is_alphanumeric)
                    || !rest.starts_with(char::is_alphanumeric)
            })
        })
    };
    let pointer = lead.starts_with("watch ") && line.trim_end().ends_with(':');
    if pointer || (starts(LINK_STARTS) && (n_words <= 25 || !stopped)) {
        return BlockKind::Furniture(Link);
    }
    // One-word buttons only alone; longer calls as a beginning.
    let button = n_words <= 4
        && lead.split(|c: char| !c.is_alphanumeric()).all(|w| {
            w.is_empty()
                || matches!(
                    w,
                    "share"
                        | "tweet"
                        | "print"
                        | "email"
                        | "e"
                        | "mail"
                        | "facebook"
                        | "twitter"
                        | "comment"
                        | "save"
                )
        });
    if button
        || ((2..=40).contains(&n_words)
            && n_words <= 40
            && starts(PROMOTION_STARTS)
            && !lead.starts_with("share ")
            && !lead.starts_with("print ")
            && !lead.starts_with("email ")
            && !lead.starts_with("donate")
            || lead.starts_with("share this")
            || lead.starts_with("share on"))
    {
        return BlockKind::Furniture(Promotion);
    }
    if let Some(kind) = caption_or_credit(line, &lower, n_words) {
        return BlockKind::Furniture(kind);
    }
    if is_byline(line, n_words, stopped) {
        return BlockKind::Furniture(Byline);
    }
    if let Some(length) = label_length(line) {
        let rest = line[length..].trim();
        return if rest.is_empty() || !ends_in_stop(rest) {
            BlockKind::Furniture(if rest.is_empty() { Label } else { Heading })
        } else {
            BlockKind::Labelled(Label, length)
        };
    }
    if let Some(length) = dateline_length(line) {
        return BlockKind::Labelled(Dateline, length);
    }
    if !stopped && n_words <= 20 {
        return BlockKind::Furniture(Heading);
    }
    BlockKind::Prose
}

/// Whether a line ends as prose does: in a stop, also inside closing marks, or in a colon or dash that leads on.
fn ends_in_stop(line: &str) -> bool {
    let core = line.trim_end_matches(|c: char| {
        matches!(c, '"' | '”' | '\'' | '’' | ')' | ']' | '»') || c.is_whitespace()
    });
    core.ends_with(['.', '!', '?', '…', ':', ';', ',', '—', '–'])
}

fn caption_or_credit(line: &str, lower: &str, n_words: usize) -> Option<FurnitureKind> {
    use FurnitureKind::{Caption, Credit};
    let tail = lower.trim_end_matches(|c: char| !c.is_alphanumeric());
    let owned = phrases(CREDIT_ENDS).any(|end| {
        tail.strip_suffix(end)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with(|c: char| !c.is_alphanumeric()))
    });
    let marked = [
        "credit:",
        "photo:",
        "photo by",
        "photograph by",
        "(photo",
        "image:",
        "picture:",
        "photo courtesy",
        "photo/",
        "file photo",
        "courtesy of",
        "/for the",
        "staff photo",
    ]
    .iter()
    .any(|mark| lower.contains(mark));
    let slashed = line.contains(" / ") && !ends_in_stop(line);
    let opens_as_caption = [
        "photo:",
        "caption:",
        "pictured:",
        "image:",
        "file -",
        "file —",
        "file –",
        "file:",
        "in this ",
    ]
    .iter()
    .any(|mark| lower.starts_with(mark));
    let short_owned = owned && !ends_in_stop(line.trim_end_matches(')'));
    if n_words <= 6 && (short_owned || slashed || (marked && lower.len() < 60)) {
        return Some(Credit);
    }
    if n_words <= 70
        && (short_owned
            || (marked && n_words <= 60)
            || (slashed && n_words <= 30)
            || (opens_as_caption && (owned || marked || lower.contains(" photo"))))
    {
        return Some(Caption);
    }
    (n_words <= 60
        && (lower.starts_with("photo:")
            || lower.starts_with("caption:")
            || lower.starts_with("pictured:")
            || lower.starts_with("file photo")))
    .then_some(Caption)
}

/// "By Ann Lee", "By ANN LEE, Staff Writer", "Ann Lee | Calder Courier".
fn is_byline(line: &str, n_words: usize, stopped: bool) -> bool {
    let starts = line.starts_with("By ") || line.starts_with("BY ");
    let capital = line
        .split_whitespace()
        .nth(1)
        .is_some_and(|word| word.chars().next().is_some_and(char::is_uppercase));
    (starts && capital && n_words <= 14 && !stopped)
        || (n_words <= 12 && !stopped && line.contains('|'))
}

/// Length of "UPDATE: " or "Original story:" at the start of a line.
fn label_length(line: &str) -> Option<usize> {
    let colon = line.char_indices().take(40).find(|&(_, c)| c == ':')?.0;
    let words = line[..colon].trim().to_lowercase();
    let words = words.trim_end_matches(|c: char| c.is_numeric() || c == ' ' || c == '#');
    let known = phrases(LABELS).any(|phrase| phrase == words)
        || words
            .strip_prefix("update")
            .is_some_and(|rest| rest.len() < 22 && rest.starts_with([' ', ',', '(']));
    if !known {
        return None;
    }
    let rest = &line[colon + 1..];
    Some(colon + 1 + rest.len() - rest.trim_start().len())
}

/// Length of "PORT CALDER (Coastal Wire) — " or "WASHINGTON — " at the start of a line.
fn dateline_length(line: &str) -> Option<usize> {
    let (at, dash) = line.char_indices().take(70).find(|&(at, c)| {
        matches!(c, '—' | '–')
            || (c == '-'
                && line[..at].ends_with([' ', ')'])
                && line[at + 1..].starts_with([' ', '-']))
    })?;
    let place = line[..at].trim();
    let end = at + dash.len_utf8();
    let place_name = place.split(['(', ',']).next()?.trim();
    let shouted = place_name.chars().filter(|c| c.is_alphabetic()).count() >= 3
        && place_name.chars().all(|c| !c.is_lowercase());
    let agency = place.ends_with(')')
        && place.contains('(')
        && place.split_whitespace().count() <= 8
        && place.chars().next().is_some_and(char::is_uppercase);
    if !(shouted || agency) {
        return None;
    }
    let rest = line[end..].trim_start_matches(|c: char| c.is_whitespace() || c == '-');
    (!rest.is_empty()).then(|| line.len() - rest.len())
}

/// The first line without a stop is the headline; so is any later line that repeats it or the given title.
fn mark_headlines(text: &str, blocks: &[Span], title: Option<&str>, kinds: &mut [BlockKind]) {
    let key = |line: &str| -> String {
        line.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect()
    };
    let title = title.map(key).filter(|title| !title.is_empty());
    let mut headline = None;
    for (index, block) in blocks.iter().enumerate() {
        let line = block.of(text);
        let own = key(line);
        let repeats = |other: &Option<String>| other.as_ref().is_some_and(|other| *other == own);
        let first = index == 0
            && blocks.len() > 1
            && matches!(kinds[0], BlockKind::Furniture(FurnitureKind::Heading));
        if repeats(&title) || repeats(&headline) || first {
            kinds[index] = BlockKind::Furniture(FurnitureKind::Headline);
        }
        if first {
            headline = Some(own);
        }
    }
}

/// A signature line ("— Ann Lee (@annlee) March 3") makes itself and the lines of the post before it an embed.
fn mark_embeds(text: &str, blocks: &[Span], kinds: &mut [BlockKind]) {
    for index in 0..blocks.len() {
        let line = blocks[index].of(text);
        let signature = line.starts_with(['—', '–', '-'])
            && line.contains("(@")
            && line.split_whitespace().count() <= 16;
        if !signature {
            continue;
        }
        kinds[index] = BlockKind::Furniture(FurnitureKind::Embed);
        if index > 0 && blocks[index - 1].len() <= 400 {
            kinds[index - 1] = BlockKind::Furniture(FurnitureKind::Embed);
        }
    }
}

/// Pages carry a picture's words twice, as its description and as its caption with the credit: a line that begins the caption after it
/// is one too.
fn mark_captions_twice(text: &str, blocks: &[Span], kinds: &mut [BlockKind]) {
    let caption = BlockKind::Furniture(FurnitureKind::Caption);
    for index in 1..blocks.len() {
        let (first, second) = (blocks[index - 1].of(text), blocks[index].of(text));
        if kinds[index] == caption && first.len() >= 20 && second.starts_with(first) {
            kinds[index - 1] = caption;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::blocks;

    fn kinds(page: &str) -> Vec<BlockKind> {
        classify_blocks(page, &blocks(page), None)
    }

    #[test]
    fn lines_of_a_page_are_told_from_prose() {
        use FurnitureKind::*;
        let rows = [
            ("Advertisement", Some(Advert)),
            ("Read more: Council to vote on terminal", Some(Link)),
            ("WATCH: The commissioner speaks", Some(Link)),
            ("Sign up for our morning newsletter.", Some(Promotion)),
            ("Share this article", Some(Promotion)),
            ("By Ann Lee, Staff Writer", Some(Byline)),
            (
                "The quay at dawn. (Photo by Ed Moss / Calder Courier)",
                Some(Caption),
            ),
            ("Ed Moss / Calder Courier", Some(Credit)),
            ("A question of trust", Some(Heading)),
            ("The council shares the blame, members said.", None),
            ("Print shops closed early.", None),
            ("“It was wrong,” she said.", None),
            ("She had this to say:", None),
        ];
        for (line, expected) in rows {
            let expected = expected.map_or(BlockKind::Prose, BlockKind::Furniture);
            assert_eq!(classify_line(line), expected, "{line}");
        }
    }

    #[test]
    fn a_label_or_dateline_is_cut_from_its_sentence() {
        let rows = [
            ("UPDATE: The council has voted.", "UPDATE: "),
            (
                "PORT CALDER (Coastal Wire) — Ferries ran late.",
                "PORT CALDER (Coastal Wire) — ",
            ),
            ("PORT CALDER — Ferries ran late.", "PORT CALDER — "),
        ];
        for (line, beginning) in rows {
            match classify_line(line) {
                BlockKind::Labelled(_, length) => assert_eq!(&line[..length], beginning),
                other => panic!("{line}: {other:?}"),
            }
        }
        assert_eq!(
            classify_line("The pier — her pride — was late."),
            BlockKind::Prose
        );
    }

    #[test]
    fn a_headline_is_recognised_when_it_comes_again() {
        use FurnitureKind::*;
        let page = "Verrick Steps Aside\nVerrick Steps Aside\nShe stepped aside on Monday.";
        assert_eq!(
            kinds(page),
            [
                BlockKind::Furniture(Headline),
                BlockKind::Furniture(Headline),
                BlockKind::Prose
            ]
        );
    }

    #[test]
    fn an_embedded_post_is_taken_with_its_signature() {
        let page = "She posted a reply.\n\nNothing to hide. Never was.\n— Dana V. (@danav) March 3\n\nIt was deleted.";
        let embed = BlockKind::Furniture(FurnitureKind::Embed);
        assert_eq!(
            kinds(page),
            [BlockKind::Prose, embed, embed, BlockKind::Prose]
        );
    }
}
