//! What on a page is not the article's prose: captions, credits, bylines, headings, share lines, embedded posts.
//!
//! In: the paragraphs of a page. Out: what each is, and why: furniture as a whole, or prose, perhaps after a label or dateline
//! ("UPDATE: ...", "PORT CALDER (Coastal Wire) — ...") of a certain length. A line is judged by its own words and its last mark
//! first, then by its neighbours (a credit makes the line before it a caption). In doubt a line is prose: lost prose
//! falsifies a figure, a caption too many blurs it.

mod line;
mod neighbours;
mod phrases;
mod rules;

use std::sync::LazyLock;

use aho_corasick::AhoCorasick;
use line::{Line, leads};
use neighbours::{
    mark_author_notes, mark_captions, mark_embeds, mark_galleries, mark_headings, mark_headlines,
    mark_pull_quotes,
};
use phrases::ASKS;
use rules::classify_line;

use crate::span::{FurnitureKind, Span};

/// What a paragraph is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BlockKind {
    /// The article's prose, from its first byte.
    Prose,
    /// Prose after a label or dateline of this length in bytes.
    Labelled(Furniture, usize),
    /// No prose.
    Furniture(Furniture),
}

/// What a piece of page is, and the rule that says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Furniture {
    /// Its kind.
    pub kind: FurnitureKind,
    /// Why it is taken for that.
    pub reason: &'static str,
}

impl Furniture {
    /// A kind with its reason.
    pub fn new(kind: FurnitureKind, reason: &'static str) -> Furniture {
        Furniture { kind, reason }
    }
}

/// Decides what each of `blocks` of `text` is. `title` is the article's title where the format gave it.
pub fn classify_blocks(text: &str, blocks: &[Span], title: Option<&str>) -> Vec<BlockKind> {
    let lines: Vec<Line<'_>> = blocks
        .iter()
        .map(|block| Line::new(block.of(text)))
        .collect();
    let mut kinds: Vec<BlockKind> = lines.iter().map(classify_line).collect();
    mark_galleries(&lines, &mut kinds);
    mark_headlines(&lines, title, &mut kinds);
    mark_headings(&lines, &mut kinds);
    mark_embeds(&lines, &mut kinds);
    mark_captions(&lines, &mut kinds);
    mark_pull_quotes(&lines, &mut kinds);
    mark_author_notes(&lines, &mut kinds);
    kinds
}

/// What a sentence at the beginning or end of a paragraph of prose is, if it speaks to the reader of the page.
pub(super) fn classify_sentence(sentence: &str) -> Option<Furniture> {
    if !may_speak_to_the_reader(sentence) {
        return None;
    }
    let line = Line::new(sentence);
    let follow = line.lead().starts_with("follow ")
        && [" on twitter", " on facebook", " on instagram", " @"]
            .iter()
            .any(|place| line.lower.contains(place));
    let asks = line.after_start(&ASKS).is_some();
    if line.gallery || line.lower.contains("toggle caption") {
        return Some(Furniture::new(FurnitureKind::Caption, "a picture's box"));
    }
    (line.n_words <= 25 && (follow || asks))
        .then(|| Furniture::new(FurnitureKind::Promotion, "asks the reader to do something"))
}

/// Whether a sentence has what all rules of [`classify_sentence`] ask for: the word "caption", or the first letter of one of [`ASKS`] or of
/// "follow". No letter but the plain ones has one of these as its small form.
fn may_speak_to_the_reader(sentence: &str) -> bool {
    static CAPTION: LazyLock<AhoCorasick> = LazyLock::new(|| {
        let mut search = AhoCorasick::builder();
        let search = search.ascii_case_insensitive(true);
        search.build(["caption"]).expect("a short word")
    });
    let first = sentence.chars().find(|&c| leads(c)).unwrap_or(' ');
    let first = first.to_ascii_lowercase();
    first == 'f' || ASKS.any_begins_with(first) || CAPTION.is_match(sentence)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::blocks;

    fn kinds(page: &str) -> Vec<Option<FurnitureKind>> {
        classify_blocks(page, &blocks(page), None)
            .into_iter()
            .map(|kind| match kind {
                BlockKind::Furniture(furniture) => Some(furniture.kind),
                _ => None,
            })
            .collect()
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
            ("By Ann Lee | March 3, 12:18 p.m.", Some(Byline)),
            (
                "The quay at dawn. (Photo by Ed Moss / Calder Courier)",
                Some(Caption),
            ),
            ("Ed Moss / Calder Courier", Some(Credit)),
            (
                "The quay in January. (Ed Moss/Calder Courier)",
                Some(Caption),
            ),
            ("A question of trust", Some(Heading)),
            ("The council shares the blame, members said.", None),
            ("Print shops closed early.", None),
            ("“It was wrong,” she said.", None),
            ("She had this to say:", None),
            ("It paints a bleak picture: the council was misled.", None),
            ("The votes came courtesy of the harbor board.", None),
            ("Recommended by the mayor, she took the post.", None),
            ("Watch the way she votes and you will know.", None),
            ("Newsletter editors blamed the council.", None),
            ("She should have been paid by the city twice", None),
        ];
        for (line, expected) in rows {
            // Between other lines of prose, as on a page.
            let page =
                format!("A headline of some length\nIt began here.\n{line}\nIt ended there.");
            assert_eq!(kinds(&page)[2], expected, "{line}");
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
            match classify_line(&Line::new(line)) {
                BlockKind::Labelled(_, length) => assert_eq!(&line[..length], beginning),
                other => panic!("{line}: {other:?}"),
            }
        }
        assert_eq!(
            classify_line(&Line::new("The pier — her pride — was late.")),
            BlockKind::Prose
        );
    }

    #[test]
    fn a_headline_is_recognised_when_it_comes_again() {
        use FurnitureKind::*;
        let page = "Verrick Steps Aside\nVerrick Steps Aside\nShe stepped aside on Monday.";
        assert_eq!(kinds(page), [Some(Headline), Some(Headline), None]);
    }

    #[test]
    fn an_embedded_post_is_taken_with_its_signature() {
        let page = "She posted a reply.\n\nNothing to hide. Never was.\n— Dana V. (@danav) March 3\n\nIt was deleted.";
        let embed = Some(FurnitureKind::Embed);
        assert_eq!(kinds(page), [None, embed, embed, None]);
    }
}
