//! The phrases that pages say and articles do not, and how lines are searched for them.

use std::sync::LazyLock;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use crate::text::words::WordList;

/// Beginnings of lines that ask the reader to do something; with or without a stop.
pub(super) static PROMOTION_STARTS: LazyLock<Starts> = LazyLock::new(|| {
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
pub(super) static LINK_STARTS: LazyLock<Starts> = LazyLock::new(|| {
    Starts::new(
        "read more | read also | also read | also see | see also | see more | related | related stories | related articles | related coverage | \
     related content | more from | more on | more coverage | watch | watch below | watch now | listen | video | photos | gallery | slideshow | must read | recommended | read next | also on | audio | full text | story highlights | more on this | \
     read | up next | in case you missed it | most read | most popular | trending | trending now | from our partners | more stories | view the | view photos | you may also like | you might also like | \
     don't miss | tags | topics | filed under | >> | »",
    )
});

pub(super) static ADVERTS: LazyLock<WordList> = LazyLock::new(|| {
    WordList::phrases(
        "advertisement | advertising | ad | ads | sponsored | sponsored content | sponsored links | paid content | promoted | \
     story continues below | article continues below | story continues below advertisement | article continues below \
     advertisement | continue reading below | continue reading the main story | scroll to continue | advertisement continue reading the main story | ad feedback | paid post",
    )
});

/// Words of buttons.
pub(super) static BUTTONS: LazyLock<WordList> = LazyLock::new(|| {
    WordList::phrases(
        "share | tweet | print | email | e | mail | facebook | twitter | comment | comments | save | reddit | linkedin | pinterest | whatsapp | google | on | \
     this | story | article | by | text | size | copy | link | flipboard | pocket | like | pin | a | more | plus | stumbleupon",
    )
});

/// Labels before prose, with a colon.
pub(super) static LABELS: LazyLock<WordList> = LazyLock::new(|| {
    WordList::phrases(
        "update | updated | breaking | breaking news | developing | exclusive | original story | just in | live | latest | first on kbvt | opinion | analysis | \
     watch live | new | editor's pick",
    )
});

/// Labels of a whole line, words and all.
pub(super) static NOTES: LazyLock<Starts> = LazyLock::new(|| {
    Starts::new(
        "correction | corrections | clarification | editor's note | editors' note | note to readers | note | disclosure | this story has been updated | this article has been updated | an earlier version | this story was updated | \
     this article was updated | this story was originally | this article was originally | this article originally | this post has been updated",
    )
});

/// Ends of lines that name a picture's owner.
pub(super) const CREDIT_ENDS: &str = "reuters | getty images | getty | ap photo | associated press | afp | epa | shutterstock | file photo | bloomberg | ap | staff photo | handout | \
     courtesy photo | file | alamy | rex features | press association | pa | photo | staff | images | wire";

/// Marks of a credit or caption anywhere in a line, followed by a name.
pub(super) const CREDIT_MARKS: &str = "credit: | photo: | photo by | photograph by | photos by | (photo | image: | picture: | photo courtesy of | photo/ | image copyright | image caption | (ap photo | reuters/ | /getty | \
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
pub(super) fn phrases(list: &'static str) -> impl Iterator<Item = &'static str> {
    list.split('|').map(str::trim)
}

/// Phrases that a line may begin with, by their first byte; those of one byte in the order of the list.
pub(super) struct Starts(Vec<&'static str>);

impl Starts {
    pub(super) fn new(list: &'static str) -> Starts {
        let mut all: Vec<&str> = phrases(list).collect();
        all.sort_by_key(|phrase| phrase.as_bytes().first().copied());
        Starts(all)
    }

    /// Whether any begins with this letter.
    pub(super) fn any_begins_with(&self, letter: char) -> bool {
        self.0.iter().any(|phrase| phrase.starts_with(letter))
    }

    /// Those that begin as `text` does.
    pub(super) fn like(&self, text: &str) -> &[&'static str] {
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
pub(super) enum Sign {
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
pub(super) const LONGEST_SIGNED: usize = 80;

/// Which of the lists have a phrase in a line: one bit each.
#[derive(Debug, Clone, Copy)]
pub(super) struct Signs(u8);

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
    /// None of the lists.
    pub(super) const NONE: Signs = Signs(0);

    pub(super) fn of(line: &str) -> Signs {
        let (search, lists) = &*SIGNS;
        // Hardly any line has one, which is told more quickly than which.
        if !search.is_match(line) {
            return Signs::NONE;
        }
        let found = search.find_overlapping_iter(line);
        Signs(found.fold(0, |bits, hit| {
            bits | 1 << lists[hit.pattern().as_usize()] as u8
        }))
    }

    pub(super) fn has(self, sign: Sign) -> bool {
        self.0 & (1 << sign as u8) != 0
    }
}

/// Beginnings of sentences that speak to the reader of the page.
pub(super) static ASKS: LazyLock<Starts> = LazyLock::new(|| {
    Starts::new(
        "click here | sign up for | subscribe to | download the | like us on | read more about | tweet us",
    )
});

/// Agencies that stand in brackets behind a place, with or without a dash.
pub(super) static AGENCIES: LazyLock<WordList> = LazyLock::new(|| {
    WordList::phrases(
        "cnn | ap | reuters | upi | afp | bloomberg | cnn business | the associated press | associated press",
    )
});

/// What authors of columns are.
pub(super) const AUTHORS: &str = "author | professor | editor | columnist | fellow | director | writer | host | contributor | contributing | analyst | strategist | \
     correspondent | co-founder | founder | commentator | lecturer | teaches | consultant | blogger | historian | executive | journalist | reporter | scholar | \
     ceo | president of | chairman of | counsel | adviser to | advisor to | served as | served in | worked for | lawyer | attorney | book";

#[cfg(test)]
mod tests {
    use super::super::line::Line;
    use super::*;

    proptest::proptest! {
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
}
