//! What on a page is not the article's prose: captions, credits, bylines, headings, share lines, embedded posts.
//!
//! In: the paragraphs of a page. Out: what each is, and why: furniture as a whole, or prose, perhaps after a label or dateline
//! ("UPDATE: ...", "PORT CALDER (Coastal Wire) — ...") of a certain length. A line is judged by its own words and its last mark
//! first, then by its neighbours (a credit makes the line before it a caption). In doubt a line is prose: lost prose
//! falsifies a figure, a caption too many blurs it.

use std::hash::Hasher;
use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use memchr::memmem::Finder;
use memchr::{memchr, memchr3};
use rustc_hash::{FxHashMap, FxHashSet, FxHasher};

use crate::span::{FurnitureKind, Span};
use crate::text::sketch::mix;
use crate::text::words::{ByteClass, CLASSES, WordList, count_words, without_possessive};

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

/// Beginnings of lines that ask the reader to do something; with or without a stop.
static PROMOTION_STARTS: LazyLock<Starts> = LazyLock::new(|| {
    Starts::new(
        "sign up | subscribe to | subscribe now | subscribe today | subscribe for | click here | click the | click to | tap here | download our | \
     download the app | get the app | get our | get alerts | get breaking | get the latest | get all updates | get the week's | follow us | \
     follow @ | follow her on | follow him on | follow me on | follow them on | like us | share this | share on | share your | send in e-mail | email this | e-mail this | print this | \
     never miss | join our | join the conversation | view comments | leave a comment | support our journalism | support local journalism | support quality | support real journalism | thank you for supporting | your subscription | \
     become a member | want more | don't miss | stay informed | stay with | newsletter: | enter your email | thank you for \
     signing | you have been subscribed | by signing up | already a subscriber | continue reading | tweet this | have an opinion? | got a tip | got a \
     confidential tip | send tips | send us | sign in to | log in to | our standards: | all quotes delayed | copyright | © | most read on | start your day with | \
     try our | you can unsubscribe | unsubscribe | to comment on | comments are closed | this material may not be | all rights reserved | please enable | download our free | find us on | \
     please try again later | please re-enter | invalid email address | please verify you're not a robot | you must select a newsletter | thank you for subscribing | \
     an error has occurred | you are already subscribed | view all | sign up for | get the monitor | watch live | listen live | have a story | send a letter | we welcome your | this story is free | your free articles | you've reached",
    )
});

/// Beginnings of lines that point elsewhere; with a stop only where a colon follows.
static LINK_STARTS: LazyLock<Starts> = LazyLock::new(|| {
    Starts::new(
        "read more | read also | also read | also see | see also | see more | related | related stories | related articles | related coverage | \
     related content | more from | more on | more coverage | watch | watch below | watch now | listen | video | photos | gallery | slideshow | must read | recommended | read next | also on | audio | full text | story highlights | more on this | \
     read | up next | in case you missed it | most read | most popular | trending | trending now | from our partners | more stories | view the | view photos | you may also like | you might also like | \
     don't miss | tags | topics | filed under | >> | »",
    )
});

static ADVERTS: LazyLock<WordList> = LazyLock::new(|| {
    WordList::phrases(
        "advertisement | advertising | ad | ads | sponsored | sponsored content | sponsored links | paid content | promoted | \
     story continues below | article continues below | story continues below advertisement | article continues below \
     advertisement | continue reading below | continue reading the main story | scroll to continue | advertisement continue reading the main story | ad feedback | paid post",
    )
});

/// Words of buttons.
static BUTTONS: LazyLock<WordList> = LazyLock::new(|| {
    WordList::phrases(
        "share | tweet | print | email | e | mail | facebook | twitter | comment | comments | save | reddit | linkedin | pinterest | whatsapp | google | on | \
     this | story | article | by | text | size | copy | link | flipboard | pocket | like | pin | a | more | plus | stumbleupon",
    )
});

/// Labels before prose, with a colon.
static LABELS: LazyLock<WordList> = LazyLock::new(|| {
    WordList::phrases(
        "update | updated | breaking | breaking news | developing | exclusive | original story | just in | live | latest | first on kbvt | opinion | analysis | \
     watch live | new | editor's pick",
    )
});

/// Labels of a whole line, words and all.
static NOTES: LazyLock<Starts> = LazyLock::new(|| {
    Starts::new(
        "correction | corrections | clarification | editor's note | editors' note | note to readers | note | disclosure | this story has been updated | this article has been updated | an earlier version | this story was updated | \
     this article was updated | this story was originally | this article was originally | this article originally | this post has been updated",
    )
});

/// Ends of lines that name a picture's owner.
const CREDIT_ENDS: &str = "reuters | getty images | getty | ap photo | associated press | afp | epa | shutterstock | file photo | bloomberg | ap | staff photo | handout | \
     courtesy photo | file | alamy | rex features | press association | pa | photo | staff | images | wire";

/// Marks of a credit or caption anywhere in a line, followed by a name.
const CREDIT_MARKS: &str = "credit: | photo: | photo by | photograph by | photos by | (photo | image: | picture: | photo courtesy of | photo/ | image copyright | image caption | (ap photo | reuters/ | /getty | \
     photo credit | (file | illustration by | photograph: | images)";

/// Addresses of posts.
const POST_LINKS: &str = "t.co/ | pic.twitter.com | instagram.com/p/ | twitter.com/";

/// Words in the box of a video or picture.
const PLAYER_WORDS: &str =
    "replay more videos | toggle caption | chat with us in facebook messenger";

/// Words with which a page speaks of itself.
const ABOUT_ITSELF: &str =
    "in your inbox | all rights reserved | unsubscribe | subscribe today | may not be published";

/// Who stands where in a picture.
const SIDES: &str = ", left, | , right, | , center, | , second from left | , left; | from left, | (left) | (right) | clockwise from | pictured: | above: | \
     pictured above | file photo: | caption:";

/// Words of people who write.
const WRITERS: &str = "staff writer | staff reporter | staff correspondent | special to the | correspondent | contributing: | contributing writer | senior writer | contributed to this | contributed reporting | contributed from | \
     reporting by | editing by | additional reporting | writing by | the views expressed | opinions expressed | is a reporter | is a staff | is a columnist | is a freelance | is a senior | is an associate | is a \
     writer | is the author | is a correspondent | is an editor | is the editor | is professor | is a professor | is a fellow | news desk | written by | compiled by | is a former | is based in";

/// The phrases of a list.
fn phrases(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.split('|').map(str::trim)
}

/// Phrases that a line may begin with, by their first byte; those of one byte in the order of the list.
struct Starts(Vec<&'static str>);

impl Starts {
    fn new(list: &'static str) -> Starts {
        let mut all: Vec<&str> = phrases(list).collect();
        all.sort_by_key(|phrase| phrase.as_bytes().first().copied());
        Starts(all)
    }

    /// Those that begin as `text` does.
    fn like(&self, text: &str) -> &[&'static str] {
        let first = text.as_bytes().first().copied();
        let from = self
            .0
            .partition_point(|phrase| phrase.as_bytes().first().copied() < first);
        let all = &self.0[from..];
        &all[..all.partition_point(|phrase| phrase.as_bytes().first().copied() <= first)]
    }
}

/// Lists of phrases that may stand anywhere in a line, looked for in one pass.
#[derive(Debug, Clone, Copy)]
enum Sign {
    /// [`WRITERS`].
    Writers,
    /// [`CREDIT_MARKS`].
    CreditMarks,
    /// [`POST_LINKS`].
    PostLinks,
    /// [`PLAYER_WORDS`].
    PlayerWords,
    /// [`ABOUT_ITSELF`].
    AboutItself,
    /// [`SIDES`].
    Sides,
}

impl Sign {
    const LISTS: [(Sign, &'static str); 6] = [
        (Sign::Writers, WRITERS),
        (Sign::CreditMarks, CREDIT_MARKS),
        (Sign::PostLinks, POST_LINKS),
        (Sign::PlayerWords, PLAYER_WORDS),
        (Sign::AboutItself, ABOUT_ITSELF),
        (Sign::Sides, SIDES),
    ];
}

/// No rule asks for a [`Sign`] in a line of more words.
const LONGEST_SIGNED: usize = 80;

/// Which of the lists have a phrase in a line: one bit each.
#[derive(Debug, Clone, Copy)]
struct Signs(u8);

/// The phrases of all [`Sign`]s, and which list each pattern is of.
static SIGNS: LazyLock<(AhoCorasick, Vec<Sign>)> = LazyLock::new(|| {
    let all = Sign::LISTS
        .iter()
        .flat_map(|&(sign, list)| phrases(list).map(move |phrase| (phrase, sign)));
    let (patterns, signs): (Vec<&str>, Vec<Sign>) = all.unzip();
    // Without a search for what phrases begin with: too many bytes do.
    let mut search = AhoCorasick::builder();
    let search = search.prefilter(false).kind(Some(AhoCorasickKind::DFA));
    let search = search.build(patterns).expect("a few short phrases");
    (search, signs)
});

impl Signs {
    fn of(line: &str) -> Signs {
        let (search, lists) = &*SIGNS;
        // Hardly any line has one, which is told more quickly than which.
        if !search.is_match(line) {
            return Signs(0);
        }
        let found = search.find_overlapping_iter(line);
        Signs(found.fold(0, |bits, hit| {
            bits | 1 << lists[hit.pattern().as_usize()] as u8
        }))
    }

    fn has(self, sign: Sign) -> bool {
        self.0 & (1 << sign as u8) != 0
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

/// Beginnings of sentences that speak to the reader of the page.
static ASKS: LazyLock<Starts> = LazyLock::new(|| {
    Starts::new(
        "click here | sign up for | subscribe to | download the | like us on | read more about | tweet us",
    )
});

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
    first == 'f'
        || ASKS.0.iter().any(|phrase| phrase.starts_with(first))
        || CAPTION.is_match(sentence)
}

static HIDE_CAPTION: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("hide caption "));

/// A line with what rules ask of it.
struct Line<'t> {
    text: &'t str,
    /// Small letters, straight apostrophes, plain spaces.
    lower: String,
    /// Where in `lower` the first letter, digit or arrow stands.
    lead: usize,
    n_words: usize,
    /// Whether it ends as prose does.
    stopped: bool,
    /// "Hide Caption 3 of 9": whether it is a picture of a gallery.
    gallery: bool,
}

/// Whether a line's words may begin with this: a letter, digit or arrow.
fn leads(c: char) -> bool {
    c.is_alphanumeric() || matches!(c, '>' | '»' | '©' | '@')
}

/// `text` in small letters with straight apostrophes and plain spaces.
fn lower(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    // The only letter whose small form depends on its neighbours.
    if text.contains('Σ') {
        return text
            .to_lowercase()
            .replace(['’', '‘'], "'")
            .replace('\u{a0}', " ");
    }
    let mut lower = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(plain) = rest.bytes().position(|byte| !byte.is_ascii()) {
        lower.push_str(&rest[..plain]);
        let mut chars = rest[plain..].chars();
        match chars.next() {
            Some('’' | '‘') => lower.push('\''),
            Some('\u{a0}') => lower.push(' '),
            other => lower.extend(other.into_iter().flat_map(char::to_lowercase)),
        }
        rest = chars.as_str();
    }
    lower.push_str(rest);
    lower.make_ascii_lowercase();
    lower
}

impl<'t> Line<'t> {
    fn new(text: &'t str) -> Line<'t> {
        let lower = lower(text);
        let lead = lower.trim_start_matches(|c: char| !leads(c));
        Line {
            text,
            lead: lower.len() - lead.len(),
            n_words: count_words(text),
            stopped: ends_in_stop(text),
            gallery: HIDE_CAPTION.find(lower.as_bytes()).is_some() && lower.contains(" of "),
            lower,
        }
    }

    /// The small letters from the first letter, digit or arrow on.
    fn lead(&self) -> &str {
        &self.lower[self.lead..]
    }

    /// What follows if the line begins with one of the phrases, as whole words.
    fn after_start(&self, list: &Starts) -> Option<&str> {
        list.like(self.lead()).iter().find_map(|phrase| {
            let rest = self.lead().strip_prefix(phrase)?;
            let inside_word = phrase.ends_with(char::is_alphanumeric)
                && rest.starts_with(|c: char| c.is_alphanumeric() || c == '-');
            (!inside_word).then_some(rest)
        })
    }

    fn contains(&self, list: &'static str) -> bool {
        phrases(list).any(|phrase| self.lower.contains(phrase))
    }

    /// The words of `lower` between white space.
    fn words(&self) -> impl Iterator<Item = &str> {
        let is_space = |c: char| match c.is_ascii() {
            true => CLASSES[c as usize] == ByteClass::Space,
            false => c.is_whitespace(),
        };
        self.lower.split(is_space).filter(|word| !word.is_empty())
    }

    /// Which lists have a phrase in it; none where it is too long to be asked.
    fn signs(&self) -> Signs {
        match self.n_words <= LONGEST_SIGNED {
            true => Signs::of(&self.lower),
            false => Signs(0),
        }
    }

    /// Of the longer words after the first, the share with a capital.
    fn capitals(&self) -> f64 {
        let long: Vec<&str> = self
            .text
            .split_whitespace()
            .skip(1)
            .map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()))
            .filter(|word| word.chars().count() >= 4)
            .collect();
        let capital = long
            .iter()
            .filter(|word| word.chars().next().is_some_and(char::is_uppercase))
            .count();
        capital as f64 / long.len().max(1) as f64
    }

    /// Whether a common finite verb or pronoun makes it read like a sentence.
    fn reads_like_a_sentence(&self) -> bool {
        static SIGNS: LazyLock<WordList> = LazyLock::new(|| {
            WordList::words(
                "is are was were has had have will would can could should may might did does do said says isn't wasn't won't didn't \
                 don't can't he she they it we i you told added asked wrote",
            )
        });
        self.lower.split_whitespace().skip(1).any(|word| {
            SIGNS.contains(word.trim_matches(|c: char| !c.is_alphanumeric() && c != '\''))
        })
    }
}

fn classify_line(line: &Line<'_>) -> BlockKind {
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

/// Whether a line ends as prose does: in a stop, also inside closing marks, or in a mark that leads on.
fn ends_in_stop(line: &str) -> bool {
    let core = line.trim_end_matches(|c: char| {
        matches!(c, '"' | '”' | '\'' | '’' | ')' | ']' | '»') || c.is_whitespace()
    });
    core.ends_with(['.', '!', '?', '…', ':', ';', ',', '—', '–'])
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

/// From the first to the last paragraph that counts pictures all is gallery; below "Story highlights" lines without a stop are its points.
fn mark_galleries(lines: &[Line<'_>], kinds: &mut [BlockKind]) {
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

/// Agencies that stand in brackets behind a place, with or without a dash.
static AGENCIES: LazyLock<WordList> = LazyLock::new(|| {
    WordList::phrases(
        "cnn | ap | reuters | upi | afp | bloomberg | cnn business | the associated press | associated press",
    )
});

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

/// The letters and digits of a line, in small letters.
fn letters(line: &str) -> impl Iterator<Item = char> {
    line.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
}

/// The first line without a stop is the headline; so is any later line that repeats it or the given title.
fn mark_headlines(lines: &[Line<'_>], title: Option<&str>, kinds: &mut [BlockKind]) {
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
fn mark_headings(lines: &[Line<'_>], kinds: &mut [BlockKind]) {
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
fn mark_pull_quotes(lines: &[Line<'_>], kinds: &mut [BlockKind]) {
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

/// What authors of columns are.
const AUTHORS: &str = "author | professor | editor | columnist | fellow | director | writer | host | contributor | contributing | analyst | strategist | \
     correspondent | co-founder | founder | commentator | lecturer | teaches | consultant | blogger | historian | executive | journalist | reporter | scholar | \
     ceo | president of | chairman of | counsel | adviser to | advisor to | served as | served in | worked for | lawyer | attorney | book";

/// A last paragraph that says who somebody is whom the article has not named: its author.
fn mark_author_notes(lines: &[Line<'_>], kinds: &mut [BlockKind]) {
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
fn mark_embeds(lines: &[Line<'_>], kinds: &mut [BlockKind]) {
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
fn mark_captions(lines: &[Line<'_>], kinds: &mut [BlockKind]) {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::blocks;

    proptest::proptest! {
        #[test]
        fn small_letters_are_those_of_the_library(text in "([a-cA-C'’‘Σσ É\u{a0}İ]|\\PC){0,20}") {
            let expected = text
                .to_lowercase()
                .replace(['’', '‘'], "'")
                .replace('\u{a0}', " ");
            proptest::prop_assert_eq!(lower(&text), expected);
        }

        #[test]
        fn a_sign_is_found_where_one_of_its_phrases_stands(
            parts in proptest::collection::vec(
                proptest::sample::select(vec!["photo", " by ", "staff writer", "un", "subscribe", "(left)", "t.co/", ", ", "left,", "toggle caption", "é"]),
                0..12,
            )
        ) {
            let text = parts.concat();
            let line = Line::new(&text);
            for (sign, list) in Sign::LISTS {
                proptest::prop_assert_eq!(Signs::of(&line.lower).has(sign), line.contains(list), "{:?}", sign);
            }
        }

        #[test]
        fn a_line_begins_with_what_the_list_says_first(
            parts in proptest::collection::vec(
                proptest::sample::select(vec!["» ", "read", " more", "more", " on", " this", ":", "s", "watch", "- ", "©"]),
                0..6,
            )
        ) {
            let text = parts.concat();
            let line = Line::new(&text);
            let slow = LINK_STARTS.0.iter().find_map(|phrase| {
                let rest = line.lead().strip_prefix(phrase)?;
                let inside = phrase.ends_with(char::is_alphanumeric)
                    && rest.starts_with(|c: char| c.is_alphanumeric() || c == '-');
                (!inside).then_some(rest)
            });
            proptest::prop_assert_eq!(line.after_start(&LINK_STARTS), slow);
        }
    }

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
