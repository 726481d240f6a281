//! What names say about outlets: one outlet under two spellings, one publisher under two names, opinion among news.
//!
//! All of it is guessed from words, for notes that a human judges; no number rests on it.

use std::collections::{BTreeMap, BTreeSet};

/// Words that say nothing about who publishes.
const GENERAL: [&str; 26] = [
    "the",
    "news",
    "online",
    "web",
    "website",
    "site",
    "digital",
    "internet",
    "newspaper",
    "magazine",
    "blog",
    "blogs",
    "press",
    "opinion",
    "opinions",
    "editorial",
    "editorials",
    "op",
    "ed",
    "oped",
    "commentary",
    "com",
    "org",
    "net",
    "www",
    "co",
];

/// Words that name a part of an outlet where they stand in brackets or behind a dash; elsewhere they may be its name.
const PARTS: [&str; 18] = [
    "politics",
    "business",
    "sports",
    "sport",
    "world",
    "national",
    "us",
    "tech",
    "technology",
    "video",
    "print",
    "wire",
    "app",
    "tv",
    "radio",
    "columnist",
    "cartoonist",
    "contributor",
];

/// Words that many papers have in their names; alone they are nobody's.
const COMMON: [&str; 15] = [
    "daily", "weekly", "morning", "evening", "sunday", "weekend", "today", "local", "world",
    "national", "us", "times", "post", "journal", "and",
];

/// Ends of domain names.
const DOMAINS: [&str; 16] = [
    "com", "org", "net", "co", "uk", "tv", "info", "de", "fr", "ca", "au", "ie", "us", "io", "gov",
    "edu",
];

/// What calls a text opinion, as a tag of its headline.
const OPINION_TAGS: [&str; 22] = [
    "opinion",
    "opinions",
    "op-ed",
    "oped",
    "op ed",
    "editorial",
    "editorials",
    "column",
    "columns",
    "commentary",
    "commentaries",
    "comment",
    "viewpoint",
    "viewpoints",
    "perspective",
    "perspectives",
    "letter to the editor",
    "letters to the editor",
    "letter",
    "letters",
    "my view",
    "our view",
];

/// What may stand before such a tag ("Guest column: ...").
const BEFORE_TAG: [&str; 10] = [
    "guest ",
    "staff ",
    "daily ",
    "weekly ",
    "sunday ",
    "local ",
    "analysis/",
    "the ",
    "your ",
    "community ",
];

/// What calls an outlet's or a genre's texts opinion, as one of its words.
const OPINION_WORDS: [&str; 18] = [
    "opinion",
    "opinions",
    "op-ed",
    "op-eds",
    "oped",
    "opeds",
    "editorial",
    "editorials",
    "commentary",
    "column",
    "columnist",
    "columnists",
    "columns",
    "cartoonist",
    "viewpoint",
    "viewpoints",
    "perspective",
    "perspectives",
];

/// How outlets of guests are called.
const GUESTS: [&str; 7] = [
    "guest writer",
    "guest columnist",
    "guest author",
    "guest contributor",
    "guest essay",
    "letters to the editor",
    "letter to the editor",
];

/// Names that differ in case or white space only ("Fox News", "FOX news", "FoxNews"): groups of two or more, sorted.
pub(super) fn same_but_for_case(names: &[&str]) -> Vec<Vec<String>> {
    let mut groups = Groups::new();
    for &name in names {
        let key: String = name
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '\u{200b}'..='\u{200d}' | '\u{feff}'))
            .flat_map(char::to_lowercase)
            .collect();
        groups.entry(key).or_default().insert(name);
    }
    several(groups)
}

/// Names that look like one publisher's: equal once general words and what stands in brackets are left out ("Fox News" and
/// "Fox Online News", "CNN (Web News)" and "CNN", "nbcnews.com" and "NBC News"). Groups of two or more, sorted.
///
/// Brackets that hold something else than general words, a place above all, tell two papers apart: "The Times (London)" is not
/// "The Times (Dublin)", though either could be "The Times".
pub(super) fn look_like_one_publisher(names: &[&str]) -> Vec<Vec<String>> {
    let mut publishers: BTreeMap<String, Groups> = BTreeMap::new();
    for &name in names {
        let (outside, inside) = without_brackets(name);
        let Some(key) = publisher(&outside) else {
            continue;
        };
        let place = specific_words(&inside, true).concat();
        let places = publishers.entry(key).or_default();
        places.entry(place).or_default().insert(name);
    }
    let groups = publishers.into_values().flat_map(|mut places| {
        // Where all brackets hold one place, the names without brackets may be of it.
        if places.len() == 2
            && let Some(anywhere) = places.remove("")
        {
            places
                .values_mut()
                .for_each(|names| names.extend(&anywhere));
        }
        several(places)
    });
    let mut groups: Vec<Vec<String>> = groups.collect();
    groups.sort();
    groups
}

/// Whether an article looks like opinion: its genre or its outlet is called so ("Op-Ed", "Guest Writer", "Post - Opinion"), or its
/// headline is marked ("OPINION: ...", "Editorial | ...", "... (Column)").
///
/// Opinion that nobody calls opinion is not found: a columnist's own name as outlet, a partisan blog.
pub(super) fn looks_like_opinion(outlet: &str, title: Option<&str>, genre: Option<&str>) -> bool {
    let says_opinion = |text: &str| {
        let text = text.to_lowercase();
        text.split(|c: char| !c.is_alphanumeric() && c != '-')
            .any(|word| OPINION_WORDS.contains(&word.trim_matches('-')))
    };
    let of_guests = |outlet: &str| {
        let outlet = outlet.to_lowercase();
        GUESTS
            .iter()
            .any(|guest| outlet.trim_start().starts_with(guest))
    };
    says_opinion(outlet)
        || of_guests(outlet)
        || genre.is_some_and(|genre| says_opinion(genre) || is_opinion_tag(genre))
        || title.is_some_and(is_marked_opinion)
}

/// Whether a headline has an opinion tag at either end, set off by a colon, a dash or brackets, or anywhere between bars.
fn is_marked_opinion(title: &str) -> bool {
    let title = title.trim();
    let first = |cut: Option<(&str, &str)>| cut.is_some_and(|(tag, _)| is_opinion_tag(tag));
    let last = |cut: Option<(&str, &str)>| cut.is_some_and(|(_, tag)| is_opinion_tag(tag));
    let is_set_off = [":", " - ", " – ", " — "]
        .iter()
        .any(|mark| first(title.split_once(mark)) || last(title.rsplit_once(mark)));
    let in_brackets = [('(', ')'), ('[', ']')].iter().any(|&(open, close)| {
        let (before, after) = (title.strip_prefix(open), title.strip_suffix(close));
        first(before.and_then(|rest| rest.split_once(close)))
            || last(after.and_then(|rest| rest.rsplit_once(open)))
    });
    is_set_off || in_brackets || title.split('|').any(is_opinion_tag)
}

/// Whether `text` is an opinion tag and nothing more.
fn is_opinion_tag(text: &str) -> bool {
    let text = text.trim().to_lowercase();
    let bare = BEFORE_TAG
        .iter()
        .find_map(|before| text.strip_prefix(before))
        .unwrap_or(&text);
    [text.as_str(), bare]
        .iter()
        .any(|tag| OPINION_TAGS.contains(tag))
}

/// Key -> names.
type Groups<'n> = BTreeMap<String, BTreeSet<&'n str>>;

/// The groups of two names or more, sorted.
fn several(groups: Groups) -> Vec<Vec<String>> {
    let mut several: Vec<Vec<String>> = groups
        .into_values()
        .filter(|names| names.len() > 1)
        .map(|names| names.into_iter().map(str::to_string).collect())
        .collect();
    several.sort();
    several
}

/// What stands outside and inside of round or square brackets, also of one that never closes.
fn without_brackets(name: &str) -> (String, String) {
    let (mut outside, mut inside) = (String::new(), String::new());
    let mut depth = 0_usize;
    for c in name.chars() {
        match c {
            '(' | '[' => {
                depth += 1;
                outside.push(' ');
                inside.push(' ');
            }
            ')' | ']' => depth = depth.saturating_sub(1),
            _ if depth > 0 => inside.push(c),
            _ => outside.push(c),
        }
    }
    (outside, inside)
}

/// What is left of a name without brackets, written together; `None` where that says nothing.
fn publisher(name: &str) -> Option<String> {
    let (head, part) = [" - ", " – ", " — ", " | ", ": "]
        .iter()
        .find_map(|separator| name.split_once(separator))
        .unwrap_or((name, ""));
    let mut words = specific_words(head, false);
    words.extend(specific_words(part, true));
    let says_something = words
        .iter()
        .any(|word| !COMMON.contains(&word.as_str()) && word.chars().any(char::is_alphabetic));
    if !says_something {
        return None;
    }
    let key = words.concat();
    // "foxnews.com" is Fox News.
    let shorter = key
        .strip_suffix("news")
        .filter(|rest| rest.chars().count() > 1);
    Some(shorter.map_or(key.clone(), str::to_string))
}

/// The words of `text` in small letters without general ones; where `text` `is_part` of an outlet's name, without those of [`PARTS`] too.
fn specific_words(text: &str, is_part: bool) -> Vec<String> {
    text.split_whitespace()
        .map(without_domain)
        .flat_map(|chunk| {
            chunk.split(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’' | '.'))
        })
        .flat_map(camel_words)
        .map(|word| word.to_lowercase().replace(['.', '\'', '’'], ""))
        .filter(|word| !word.is_empty() && !GENERAL.contains(&word.as_str()))
        .filter(|word| !(is_part && PARTS.contains(&word.as_str())))
        .collect()
}

/// The name in a domain name ("www.example.co.uk" -> "example"); anything else as it is.
fn without_domain(chunk: &str) -> &str {
    let chunk = chunk.trim_matches(|c: char| !c.is_alphanumeric());
    let mut name = chunk;
    while let Some((rest, end)) = name.rsplit_once('.') {
        if rest.is_empty() || !DOMAINS.contains(&end.to_lowercase().as_str()) {
            break;
        }
        name = rest;
    }
    match name.rsplit_once('.') {
        Some((_, last)) if name.len() < chunk.len() => last,
        _ => name,
    }
}

/// Cuts words written together at their capitals: "NBCNews" -> "NBC", "News"; "RealClearPolitics" -> three words.
fn camel_words(word: &str) -> Vec<&str> {
    let chars: Vec<(usize, char)> = word.char_indices().collect();
    let mut words = Vec::new();
    let mut start = 0;
    for at in 1..chars.len() {
        let (before, (byte, c)) = (chars[at - 1].1, chars[at]);
        let next_is_small = chars
            .get(at + 1)
            .is_some_and(|(_, next)| next.is_lowercase());
        if c.is_uppercase() && (before.is_lowercase() || (before.is_uppercase() && next_is_small)) {
            words.push(&word[start..byte]);
            start = byte;
        }
    }
    words.push(&word[start..]);
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_and_white_space_hide_one_outlet() {
        let names = [
            "Halvern Post",
            "HALVERN  post",
            "HalvernPost ",
            "Halvern\u{a0}Post",
            "Halvern Post",
            "The Halvern Post",
            "Coast Wire",
            "",
        ];
        assert_eq!(
            same_but_for_case(&names),
            [[
                "HALVERN  post",
                "Halvern Post",
                "HalvernPost ",
                "Halvern\u{a0}Post"
            ]]
        );
        assert!(same_but_for_case(&[]).is_empty());
    }

    #[test]
    fn names_of_one_publisher() {
        let rows: [&[&str]; 13] = [
            &[
                "Fox News",
                "Fox Online News",
                "foxnews.com",
                "FOX",
                "www.foxnews.com",
            ],
            &["Newsmax", "Newsmax - News"],
            &[
                "CNN",
                "CNN (Web News)",
                "edition.cnn.com",
                "CNN (Politics)",
                "CNN - Business",
            ],
            &[
                "Halvern Journal - News",
                "Halvern Journal - Editorial",
                "The Halvern Journal",
                "Halvern Journal: Opinion",
            ],
            &["NBCNews.com", "NBC News"],
            &["TheBlaze.com", "The Blaze"],
            &["Coast Institute (blog)", "Coast Institute"],
            &["RealClearPolitics", "Real Clear Politics"],
            &["The Observer", "The Observer (Halvern)"],
            &["The Week - News", "The Week"],
            &["U.S. Wire", "US Wire"],
            &["guardian.co.uk", "The Guardian"],
            &["Verrick's Paper", "Verrick’s Paper"],
        ];
        for names in rows {
            let mut expected: Vec<String> = names.iter().map(|name| name.to_string()).collect();
            expected.sort();
            assert_eq!(look_like_one_publisher(names), [expected]);
        }
    }

    #[test]
    fn names_of_different_publishers() {
        let rows: [&[&str]; 12] = [
            &[
                "Guest Writer",
                "Guest Writer - Left",
                "Guest Writer - Right",
            ],
            &["The Times (Halvern)", "The Times (Eastport)"],
            &[
                "Halvern Times (North)",
                "Halvern Times (South)",
                "Halvern Times",
            ],
            &["Washington Times", "Washington Post"],
            &["Daily News", "The Daily", "Daily"],
            &["News 12", "12 News"],
            &["News", "The News", "Online News", "(blog)", "", "-"],
            &["CBS", "CBN"],
            &["World News", "National News"],
            &["New York Magazine", "New York Times", "New York Post"],
            &["Coast Politics", "Coast"],
            &["Today", "US Today"],
        ];
        for names in rows {
            assert!(look_like_one_publisher(names).is_empty(), "{names:?}");
        }
    }

    #[test]
    fn opinion_by_headline_genre_or_outlet() {
        let headlines = [
            "OPINION: Let the crane wait",
            "Opinion | Let the crane wait",
            "Let the crane wait | Opinion | Halvern Post",
            "Editorial: Let the crane wait",
            "Column: The crane must wait",
            "Commentary: The crane must wait",
            "Guest column: The crane must wait",
            "Analysis/Opinion: The crane must wait",
            "Opinion — Let the crane wait",
            "Let the crane wait - Editorial",
            "Let the crane wait (Opinion)",
            "[Op-Ed] Let the crane wait",
            "Letters to the editor: cranes",
            "Let the crane wait: Editorial",
            "Editorial",
        ];
        for title in headlines {
            assert!(looks_like_opinion("Post", Some(title), None), "{title}");
        }
        for outlet in [
            "Guest Writer",
            "Guest Writer - Left",
            "Halvern Journal - Editorial",
            "Halvern Post (Opinion)",
            "Opinion",
            "Ann Orr (cartoonist)",
            "Post Op-Ed",
        ] {
            assert!(looks_like_opinion(outlet, None, None), "{outlet}");
        }
        for genre in [
            "opinion",
            "Op-Ed",
            "EDITORIAL",
            "letters",
            "news/opinion",
            "Columns & Blogs",
            "comment",
        ] {
            assert!(looks_like_opinion("Post", None, Some(genre)), "{genre}");
        }
    }

    #[test]
    fn news_about_opinion_is_news() {
        let headlines = [
            "Opinion poll: voters want the crane",
            "Public opinion turns against the crane",
            "Court opinion: no crane",
            "Dissenting opinion - two judges speak up",
            "No comment: Verrick leaves by the back door",
            "Editor's note: a correction",
            "Column of smoke seen over the harbor",
            "Fifth column: a history",
            "Verrick fires editorial writer - report",
            "Opinionated: Verrick's year",
            "",
        ];
        for title in headlines {
            assert!(!looks_like_opinion("Post", Some(title), None), "{title}");
        }
        for (outlet, genre) in [
            ("Halvern Post", "news"),
            ("The Commentator", "analysis"),
            ("Pinion", ""),
            ("The Guest", "interview"),
        ] {
            assert!(!looks_like_opinion(outlet, None, Some(genre)), "{outlet}");
        }
    }
}
