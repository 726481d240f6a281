//! When two names are one speaker's: a name on a list and a name in an article.
//!
//! Titles before a name and "the" are no part of it, and capitals, white space and the way an accent or apostrophe is typed make no
//! difference. A person may be named by the family name alone, with an initial, or with a middle name; any other
//! name (an organisation's) must be the same.

use unicode_normalization::UnicodeNormalization;

use crate::text::mention::Person;
use crate::text::token::is_apostrophe;
use crate::text::voice::without_titles;

/// A speaker's name, ready to be compared.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpeakerName {
    whole: String,
    /// Given and family name, where it reads like a person's.
    person: Option<(String, String)>,
}

impl SpeakerName {
    /// Takes `name` apart; `None` where it has no letter.
    pub fn read(name: &str) -> Option<SpeakerName> {
        if !name.chars().any(char::is_alphabetic) {
            return None;
        }
        let name = without_titles(name.trim());
        let name = match name.split_once(char::is_whitespace) {
            Some((the, rest)) if the.eq_ignore_ascii_case("the") => rest.trim_start(),
            _ => name,
        };
        let person = Person::read(name).or_else(|| Person::read(&capitalised(name)?));
        Some(SpeakerName {
            whole: folded(name),
            person: person.map(|person| (folded(&person.given), folded(&person.family.join(" ")))),
        })
    }

    /// The whole name without titles, the same for all ways to type it.
    pub fn whole(&self) -> &str {
        &self.whole
    }

    /// A person's family name in the same form; `None` for other names and for a family name alone.
    pub fn family(&self) -> Option<&str> {
        self.person.as_ref().map(|(_, family)| family.as_str())
    }

    /// Whether `self`, a name in an article, may mean `listed`: the same name, its family name alone, or both with
    /// given names that agree ("D. Verrick", "Dana J. Verrick").
    pub fn may_be(&self, listed: &SpeakerName) -> bool {
        if self.whole == listed.whole {
            return true;
        }
        let Some((listed_given, family)) = &listed.person else {
            return false;
        };
        match &self.person {
            None => self.whole == *family,
            Some((given, own_family)) => own_family == family && agree(given, listed_given),
        }
    }
}

/// Whether two given names are the same, or one is an initial of the other.
fn agree(a: &str, b: &str) -> bool {
    let is_initial = |name: &str| name.contains('.') || name.chars().count() == 1;
    a == b || (is_initial(a) || is_initial(b)) && a.chars().next() == b.chars().next()
}

/// Small letters, one space between words, composed accents, straight apostrophes.
fn folded(name: &str) -> String {
    let words: Vec<String> = name
        .split_whitespace()
        .map(|word| {
            word.nfc()
                .map(|c| if is_apostrophe(c) { '\'' } else { c })
                .flat_map(char::to_lowercase)
                .collect()
        })
        .collect();
    words.join(" ")
}

/// A name that a list writes in small letters or capitals throughout, with a capital a word.
fn capitalised(name: &str) -> Option<String> {
    let (upper, lower) = (
        name.chars().any(char::is_uppercase),
        name.chars().any(char::is_lowercase),
    );
    if upper == lower {
        return None;
    }
    let words: Vec<String> = name
        .split_whitespace()
        .map(|word| {
            let mut letters = word.chars();
            let first = letters.next().into_iter().flat_map(char::to_uppercase);
            first.chain(letters.flat_map(char::to_lowercase)).collect()
        })
        .collect();
    Some(words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_one_speaker_are_recognised() {
        let rows = [
            ("Dana Verrick", "Dana Verrick", true),
            ("Verrick", "Dana Verrick", true),
            ("Verrick", "Sen. Dana Verrick", true),
            ("Sen. Verrick", "Dana Verrick", true),
            ("VERRICK", "Dana Verrick", true),
            ("Dana J. Verrick", "Dana Verrick", true),
            ("D. Verrick", "Dana Verrick", true),
            ("Verrick", "DANA VERRICK", true),
            ("Dana Verrick", "dana  verrick", true),
            ("Tom Verrick", "Dana Verrick", false),
            ("Dana Holt", "Dana Verrick", false),
            ("Dana", "Dana Verrick", false),
            ("Nancy Pelosi", "Pelosi", false),
            ("O’Dowd", "Liam O'Dowd", true),
            ("Noe\u{308}lle Pinard", "No\u{eb}lle Pinard", true),
            ("de la Cruz", "Ana de la Cruz", true),
            ("Paul Orr", "Paul Orr Jr.", true),
            ("Open Docks", "the Open Docks", true),
            ("Party", "Orchard Party", false),
            ("White House", "White House", true),
            ("House", "White House", false),
        ];
        for (heard, listed, expected) in rows {
            let (a, b) = (SpeakerName::read(heard), SpeakerName::read(listed));
            let may_be = a.expect("letters").may_be(&b.expect("letters"));
            assert_eq!(may_be, expected, "{heard} / {listed}");
        }
        assert_eq!(SpeakerName::read(" -- 7"), None);
    }
}
