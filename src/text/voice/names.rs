//! Names of people and bodies as newspapers write them: runs of capitalised words, with or without titles before them.

use std::borrow::Cow;
use std::cell::RefCell;
use std::sync::LazyLock;

use crate::span::Span;
use crate::text::memory::Memory;
use crate::text::mention::{NOT_A_FAMILY_NAME, TITLES};
use crate::text::words::{WordList, small, without_possessive};

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
         speaking commenting responding last next like \
         well so oh indeed which whose who he's she's it's that's there's what's who's here's let's \
         we're they're you're i'm we've they've you've we'll they'll you'll he'd she'd they'd who'd",
    )
});

/// What can be said of a name by its letters alone.
#[derive(Debug, Clone, Copy, Default)]
struct NameFacts {
    /// Where it stands [without titles](without_titles).
    bare: Span,
    /// The office in its titles.
    office: Option<&'static str>,
    /// Whether it is a full name without titles: of two to five words that do not end in a title, no medium.
    full: bool,
    /// [`is_medium`]
    medium: bool,
    /// [`is_body`]
    body: bool,
    /// [`may_be_person`]
    person: bool,
}

thread_local! {
    /// Facts already worked out in this thread.
    static NAMES: RefCell<Memory<NameFacts>> = RefCell::new(Memory::new(12));
}

fn facts_of(name: &str) -> NameFacts {
    NAMES.with_borrow_mut(|names| names.get(name, Span::new(0, name.len()), NameFacts::of))
}

impl NameFacts {
    fn of(name: &str) -> NameFacts {
        let bare = without_titles(name);
        let start = bare.as_ptr() as usize - name.as_ptr() as usize;
        let ends = start + bare.len() == name.len();
        let medium = names_a_medium(name);
        let bare_medium = match bare.len() == name.len() {
            true => medium,
            false => names_a_medium(bare),
        };
        let body = names_a_body(name, medium);
        let last = name.split_whitespace().next_back().unwrap_or("");
        let family = bare.split_whitespace().next_back();
        let ends_in_title = family.is_some_and(|last| TITLES.contains_small(last));
        NameFacts {
            bare: Span::new(start, start + bare.len()),
            office: ends.then(|| office(&name[..start])).flatten(),
            full: (2..=5).contains(&bare.split_whitespace().count())
                && !ends_in_title
                && !bare_medium,
            medium,
            body,
            person: name.contains(char::is_whitespace) && !body && !TITLES.contains_small(last),
        }
    }
}

/// Whether `name` is that of a newspaper, agency or broadcaster.
pub(in crate::text) fn is_medium(name: &str) -> bool {
    facts_of(name).medium
}

fn names_a_medium(name: &str) -> bool {
    name.contains(".com")
        || name.split_whitespace().any(|word| {
            let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
            bare.chars().next().is_some_and(char::is_uppercase) && MEDIA.contains_small(bare)
        })
}

/// Whether a capitalised word can be part of a name.
pub(in crate::text) fn may_be_name(word: &str) -> bool {
    if !word.starts_with(char::is_uppercase) {
        return false;
    }
    let lower = word
        .trim_end_matches(['\'', '’'])
        .to_lowercase()
        .replace('’', "'");
    !NOT_NAMES.contains(&lower) && !lower.ends_with("n't")
}

/// [`may_be_name`] of a word whose small letters are known, with straight apostrophes.
pub(super) fn may_be_name_in_small(word: &str, lower: &str) -> bool {
    if !word.starts_with(char::is_uppercase) {
        return false;
    }
    let bare = lower.trim_end_matches('\'');
    !NOT_NAMES.contains(bare) && !bare.ends_with("n't")
}

/// Last words of names of bodies and places, beside those of [`NOT_A_FAMILY_NAME`].
static NO_PERSON: LazyLock<WordList> = LazyLock::new(|| {
    WordList::words(
        "america east west north south coast city county republic kingdom states union parliament cabinet tribunal jury republicans democrats \
         conservatives liberals americans russians voters officials supporters times day office center house party committee museum gallery theater theatre \
         orchestra library opera zoo cathedral monastery tower hall",
    )
});

/// Whether a full name can be that of a person, whom "he" and "she" may mean.
pub(super) fn may_be_person(name: &str) -> bool {
    // One word alone is none, and is asked for most.
    name.contains(char::is_whitespace) && facts_of(name).person
}

/// "Ohio Republican": a place and what a party calls one of its own.
pub(super) fn is_party_member(name: &str) -> bool {
    let mut words = name.split_whitespace();
    let last = words.next_back();
    matches!(
        last,
        Some("Republican" | "Democrat" | "Independent" | "Tory" | "Liberal")
    ) && (1..=2).contains(&words.count())
}

/// Whether `name` is that of a medium, a body, a place or a group rather than a person's.
pub(super) fn is_body(name: &str) -> bool {
    facts_of(name).body
}

fn names_a_body(name: &str, medium: bool) -> bool {
    let mut words = name.split_whitespace();
    let last = words.next_back().unwrap_or("");
    medium
        || NOT_A_FAMILY_NAME.contains_small(last)
        || NO_PERSON.contains_small(last)
        || words.any(|word| matches!(word, "of" | "the" | "for" | "&"))
}

/// Jobs that a sentence may begin with before a name: "Strategist Ida Holt".
static JOBS: LazyLock<WordList> = LazyLock::new(|| {
    WordList::words(
        "strategist pollster historian economist consultant adviser advisor actor actress singer author columnist filmmaker \
         lawyer activist donor billionaire businessman businesswoman evangelist pastor blogger host anchor astronaut astronomer \
         researcher scientist biologist colleague spokesman spokeswoman democrat republican assemblyman rival opponent",
    )
});

/// `name` without the titles before it and a possessive after it: "Attorney General Dana Verrick's" is "Dana Verrick". A title alone stays.
pub(in crate::text) fn without_titles(name: &str) -> &str {
    let name = without_possessive(name)
        .trim_end_matches(['\'', '’', ',', '.'])
        .trim();
    if !name.contains(char::is_whitespace) {
        return name;
    }
    let last = name.split_whitespace().next_back().unwrap_or("");
    // "Justice Department" is no department with a title, and "Attorney General" alone no general.
    if NOT_A_FAMILY_NAME.contains_small(last) || TITLES.contains_small(last) {
        return name;
    }
    let mut start = 0;
    let mut at = 0;
    for word in name.split_inclusive(char::is_whitespace) {
        at += word.len();
        let bare = word.trim().trim_end_matches('.');
        let possessive = || {
            ["'s", "'S", "’s", "’S"]
                .iter()
                .any(|end| bare.ends_with(end))
        };
        if at < name.len()
            && (TITLES.contains_small(bare) || JOBS.contains_small(bare) || possessive())
        {
            start = at;
        }
    }
    without_department(name[start..].trim())
}

/// "of State Ida Holt", left of "Secretary of State Ida Holt", is "Ida Holt".
fn without_department(name: &str) -> &str {
    let Some(rest) = name.strip_prefix("of ") else {
        return name;
    };
    let rest = rest.strip_prefix("the ").unwrap_or(rest);
    let mut words = rest.split_whitespace();
    let two = matches!(words.next(), Some("Homeland" | "Veterans" | "Foreign"));
    let behind = rest
        .splitn(if two { 3 } else { 2 }, ' ')
        .last()
        .unwrap_or(rest);
    if behind == rest { name } else { behind }
}

/// Offices that one person in an article is called by alone ("the mayor said"), with what stands before their name.
const OFFICES: [(&str, &str); 18] = [
    ("chief", "chief"),
    ("president", "president"),
    ("governor", "governor"),
    ("gov", "governor"),
    ("senator", "senator"),
    ("sen", "senator"),
    ("congressman", "congressman"),
    ("congresswoman", "congresswoman"),
    ("mayor", "mayor"),
    ("secretary", "secretary"),
    ("minister", "minister"),
    ("commissioner", "commissioner"),
    ("sheriff", "sheriff"),
    ("judge", "judge"),
    ("justice", "justice"),
    ("chancellor", "chancellor"),
    ("ambassador", "ambassador"),
    ("speaker", "speaker"),
];

/// Words before an office that make it another.
fn is_not_the_office(word: &str) -> bool {
    matches!(
        word,
        "vice"
            | "former"
            | "deputy"
            | "lieutenant"
            | "lt."
            | "acting"
            | "assistant"
            | "party"
            | "next"
            | "new"
            | "other"
            | "ex"
    )
}

/// The office in the `titles` before a name: "governor" in "Gov. Ida Holt"; none in "Vice President Orr" or "former Gov. Lund".
fn office(titles: &str) -> Option<&'static str> {
    if titles.is_empty() {
        return None;
    }
    let titles = titles.to_lowercase();
    let mut words = titles.split_whitespace().rev();
    let last = words.next()?.trim_end_matches('.');
    if words.any(is_not_the_office) {
        return None;
    }
    OFFICES
        .iter()
        .find(|(title, _)| *title == last)
        .map(|&(_, office)| office)
}

/// A name of two or more words.
#[derive(Debug)]
struct FullName {
    name: String,
    /// Where its last word begins.
    family: usize,
    /// How often it was met.
    times: usize,
}

impl FullName {
    fn family(&self) -> &str {
        &self.name[self.family..]
    }
}

/// The names of an article, so that a later "Verrick" can be told to be "Dana Verrick" and "the mayor" to be "Ida Holt".
#[derive(Debug, Default)]
pub(super) struct Roster {
    full: Vec<FullName>,
    /// Offices, with the family name of who holds each.
    offices: Vec<(&'static str, String)>,
    /// Those who have spoken, as they were called.
    heard: Vec<String>,
}

impl Roster {
    /// Remembers a name of two or more words, and the office it stands with, and says what [`Roster::resolve`] then says of it.
    pub fn meet<'n>(&'n mut self, name: &'n str) -> Cow<'n, str> {
        let facts = facts_of(name);
        let bare = facts.bare.of(name);
        let family = || bare.split_whitespace().next_back();
        if let (Some(office), Some(family)) = (facts.office, family()) {
            let known = |(held, by): &(&str, String)| *held == office && by == family;
            if !self.offices.iter().any(known) {
                self.offices.push((office, family.to_string()));
            }
        }
        if facts.full {
            match self.full.iter_mut().find(|full| full.name == bare) {
                Some(known) => known.times += 1,
                None => self.full.push(FullName {
                    name: bare.to_string(),
                    family: bare.len() - family().map_or(0, str::len),
                    times: 1,
                }),
            }
        }
        self.resolve_bare(bare)
    }

    /// The full name that `name` stands for, as far as the article has given one.
    pub fn resolve<'n>(&'n self, name: &'n str) -> Cow<'n, str> {
        self.resolve_bare(facts_of(name).bare.of(name))
    }

    /// [`Roster::resolve`] of a name without titles.
    fn resolve_bare<'n>(&'n self, name: &'n str) -> Cow<'n, str> {
        let group = matches!(name, "Republicans" | "Democrats" | "Senators" | "Officials");
        if name.contains(char::is_whitespace) || group {
            return Cow::Borrowed(name);
        }
        let held = |(office, _): &(&str, String)| office.eq_ignore_ascii_case(name);
        if (!name.is_ascii() || self.offices.iter().any(held))
            && let Some(holder) = self.holder(&small(name))
        {
            return Cow::Owned(holder);
        }
        // Of several with that family name the one met most often, then the latest.
        self.full
            .iter()
            .filter(|full| full.family() == name)
            .max_by_key(|full| full.times)
            .map_or(Cow::Borrowed(name), |full| Cow::Borrowed(&full.name))
    }

    /// Remembers that `name` spoke.
    pub fn hear(&mut self, name: &str) {
        if !self.heard.iter().any(|heard| heard == name) {
            self.heard.push(name.to_string());
        }
    }

    /// Whether `name` is somebody in the article: in full, or heard.
    pub fn knows(&self, name: &str) -> bool {
        let full = self.full.iter().map(|full| &full.name);
        full.chain(&self.heard).any(|known| known == name)
    }

    /// The one person of the article who holds the office that `phrase` names: "the mayor".
    pub fn in_office(&self, phrase: &str) -> Option<String> {
        let lower = phrase.to_lowercase();
        let mut words = lower.strip_prefix("the ")?.split_whitespace().rev();
        let office = words.next()?;
        if words.clone().count() > 1 || words.any(is_not_the_office) {
            return None;
        }
        self.holder(office)
    }

    /// The one person of the article who holds `office`, in small letters.
    fn holder(&self, office: &str) -> Option<String> {
        let mut holders = self.offices.iter().filter(|(held, _)| *held == office);
        match (holders.next(), holders.next()) {
            (Some((_, family)), None) if family.to_lowercase() != office => {
                Some(self.resolve(family).into_owned())
            }
            _ => None,
        }
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
            ("Secretary of State Ida Holt", "Ida Holt"),
            ("Secretary of Homeland Security Ida Holt", "Ida Holt"),
            ("Calder College's Ida Holt", "Ida Holt"),
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

    #[test]
    fn an_office_stands_for_the_one_who_holds_it() {
        let mut roster = Roster::default();
        roster.meet("Gov. Ida Holt");
        roster.meet("Vice President Orr");
        assert_eq!(
            roster.in_office("the governor").as_deref(),
            Some("Ida Holt")
        );
        assert_eq!(roster.in_office("a governor"), None);
        assert_eq!(roster.in_office("the president"), None);
        roster.meet("Gov. Paul Lund");
        assert_eq!(roster.in_office("the governor"), None);
    }
}
