//! Names of people and bodies as newspapers write them: runs of capitalised words, with or without titles before them.

use std::sync::LazyLock;

use crate::text::mention::{NOT_A_FAMILY_NAME, TITLES};
use crate::text::words::WordList;

/// Words of which one makes a name the name of a medium, which reports statements but does not make them.
static MEDIA: LazyLock<WordList> = LazyLock::new(|| {
    WordList::words(
        "times post news cnn nbc cbs abc msnbc cnbc bbc npr pbs fox reuters ap afp upi bloomberg politico buzzfeed journal \
         guardian courier gazette herald tribune ledger wire press magazine daily weekly examiner observer telegraph independent \
         chronicle globe inquirer enquirer star dispatch register bulletin beacon sentinel mirror standard voice review radio \
         tv television hill vox slate salon axios breitbart newsmax atlantic newsweek time economist mail sun mercury monitor \
         record reporter spectator tablet outlook blog podcast today",
    )
});

/// Words that begin names but are none: days, months, nationalities used alone say nothing of a speaker.
static NOT_NAMES: LazyLock<WordList> = LazyLock::new(|| {
    WordList::words(
        "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september \
         october november december mon tue wed thu fri sat sun jan feb mar apr jun jul aug sep sept oct nov dec i i'm i've i'd i'll \
         a an the and but or nor so yet in on at by for from of to with as if when while where who what why how it its he she they \
         we you his her their our my this that these those there then here after before during since until because although \
         though however meanwhile still also even just only not no yes now earlier later asked according despite under over \
         about against both each every some many most all another other others several few none neither either once nobody \
         speaking commenting responding",
    )
});

/// Whether `name` is that of a newspaper, agency or broadcaster.
pub(in crate::text) fn is_medium(name: &str) -> bool {
    name.contains(".com")
        || name.split_whitespace().any(|word| {
            let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
            bare.chars().next().is_some_and(char::is_uppercase)
                && MEDIA.contains(&bare.to_lowercase())
        })
}

/// Whether a capitalised word can be part of a name.
pub(in crate::text) fn may_be_name(word: &str) -> bool {
    let bare = word.trim_end_matches(['\'', '’']);
    word.chars().next().is_some_and(char::is_uppercase)
        && !NOT_NAMES.contains(&bare.to_lowercase().replace('’', "'"))
}

/// `name` without the titles before it and a possessive after it: "Attorney General Dana Verrick's" is "Dana Verrick". A title alone stays.
pub(super) fn without_titles(name: &str) -> &str {
    let name = name
        .trim_end_matches("'s")
        .trim_end_matches("’s")
        .trim_end_matches(['\'', '’', ',', '.'])
        .trim();
    let last = name.split_whitespace().next_back().unwrap_or("");
    // "Justice Department" is no department with a title, and "Attorney General" alone no general.
    if NOT_A_FAMILY_NAME.contains(&last.to_lowercase()) || TITLES.contains(&last.to_lowercase()) {
        return name;
    }
    let mut start = 0;
    let mut at = 0;
    for word in name.split_inclusive(char::is_whitespace) {
        at += word.len();
        let bare = word.trim().trim_end_matches('.').to_lowercase();
        if TITLES.contains(&bare) && at < name.len() {
            start = at;
        }
    }
    name[start..].trim()
}

/// The names of an article, so that a later "Verrick" can be told to be "Dana Verrick".
#[derive(Debug, Default)]
pub(super) struct Roster {
    full: Vec<String>,
}

impl Roster {
    /// Remembers a name of two or more words.
    pub fn meet(&mut self, name: &str) {
        let name = without_titles(name);
        let n_words = name.split_whitespace().count();
        if (2..=5).contains(&n_words)
            && !is_medium(name)
            && !self.full.iter().any(|full| full == name)
        {
            self.full.push(name.to_string());
        }
    }

    /// The full name that `name` stands for, as far as the article has given one.
    pub fn resolve(&self, name: &str) -> String {
        let name = without_titles(name);
        if name.contains(char::is_whitespace) {
            return name.to_string();
        }
        let matching = |full: &&String| full.split_whitespace().last() == Some(name);
        self.full
            .iter()
            .rev()
            .find(matching)
            .map_or_else(|| name.to_string(), String::clone)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_are_no_part_of_a_name() {
        let rows = [
            ("Attorney General Dana Verrick", "Dana Verrick"),
            ("Sen. Ida Holt's", "Ida Holt"),
            ("House Oversight Chairman Paul Orr", "Paul Orr"),
            ("White House", "White House"),
            ("Attorney General", "Attorney General"),
            ("Justice Department", "Justice Department"),
        ];
        for (name, expected) in rows {
            assert_eq!(without_titles(name), expected);
        }
    }

    #[test]
    fn a_family_name_resolves_to_the_full_name_seen_before() {
        let mut roster = Roster::default();
        roster.meet("Sen. Ida Holt");
        roster.meet("Calder Courier");
        assert_eq!(roster.resolve("Holt"), "Ida Holt");
        assert_eq!(roster.resolve("Orr"), "Orr");
        assert_eq!(roster.resolve("Courier"), "Courier");
    }
}
