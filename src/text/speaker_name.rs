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

    /// What a listed speaker may be called.
    pub fn known_as(&self) -> Vec<NameKey> {
        let mut keys = vec![NameKey::Whole(self.whole.clone())];
        if let Some((given, family)) = &self.person {
            keys.push(NameKey::Family(family.clone()));
            if let Some(first) = given.chars().next() {
                keys.push(NameKey::Letter(family.clone(), first));
                keys.push(match is_initial(given) {
                    true => NameKey::Initial(family.clone(), first),
                    false => NameKey::Given(family.clone(), given.clone()),
                });
            }
        }
        keys
    }

    /// What a listed speaker must be known as to be meant by this name in an article: the same name, its family name
    /// alone, or both with given names that agree ("D. Verrick", "Dana J. Verrick").
    pub fn may_mean(&self) -> Vec<NameKey> {
        let mut keys = vec![NameKey::Whole(self.whole.clone())];
        match &self.person {
            None => keys.push(NameKey::Family(self.whole.clone())),
            Some((given, family)) => {
                let first = given.chars().next().into_iter();
                if is_initial(given) {
                    keys.extend(first.map(|first| NameKey::Letter(family.clone(), first)));
                } else {
                    keys.push(NameKey::Given(family.clone(), given.clone()));
                    keys.extend(first.map(|first| NameKey::Initial(family.clone(), first)));
                }
            }
        }
        keys
    }
}

/// One way in which a name in an article finds a listed speaker, so that a list is searched without going through it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum NameKey {
    /// The whole name.
    Whole(String),
    /// The family name alone.
    Family(String),
    /// Family and given name.
    Given(String, String),
    /// Family name and the first letter of the given name, listed as an initial.
    Initial(String, char),
    /// Family name and the first letter of the given name, listed in full or as an initial.
    Letter(String, char),
}

fn is_initial(given: &str) -> bool {
    given.contains('.') || given.chars().count() == 1
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
            ("Dana Verrick", "D. Verrick", true),
            ("T. Verrick", "Dana Verrick", false),
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
            let known_as = b.expect("letters").known_as();
            let meant = a.expect("letters").may_mean();
            let found = meant.iter().any(|key| known_as.contains(key));
            assert_eq!(found, expected, "{heard} / {listed}");
        }
        assert_eq!(SpeakerName::read(" -- 7"), None);
    }
}
