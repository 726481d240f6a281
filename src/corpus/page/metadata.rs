//! A page's headline, date and outlet, from what it says of itself.
//!
//! In order of trust: for headline and date the linked data (JSON-LD, schema.org) that news sites write for search
//! engines, then `<meta>` tags, then what the page shows. For the outlet `og:site_name` comes first, because the
//! publisher in linked data is often the company.

use dom_query::{Document, NodeRef};
use dom_smoothie::Readability;
use serde_json::Value;

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Metadata {
    pub(super) title: Option<String>,
    pub(super) date: Option<String>,
    pub(super) outlet: Option<String>,
}

/// What the linked data say of the article; to be taken before the scripts are removed, which hold them.
pub(super) fn linked_data(document: &Document) -> Metadata {
    let blocks = document.select("script[type=\"application/ld+json\"]");
    let article = blocks.iter().find_map(|block| {
        let json: Value = serde_json::from_str(&block.text()).ok()?;
        find_article(&json).cloned()
    });
    let Some(article) = article else {
        return Metadata::default();
    };
    let words = |value: &Value| {
        value
            .as_str()
            .and_then(|text| clean(&without_entities(text)))
    };
    Metadata {
        title: words(&article["headline"]).or_else(|| words(&article["name"])),
        date: words(&article["datePublished"]),
        outlet: words(&article["publisher"]["name"]),
    }
}

/// The first object whose type is an article, here or in the lists that hold it.
fn find_article(json: &Value) -> Option<&Value> {
    match json {
        Value::Array(items) => items.iter().find_map(find_article),
        Value::Object(fields) => {
            let is_article = match &json["@type"] {
                Value::Array(types) => types.iter().any(is_article_type),
                one => is_article_type(one),
            };
            if is_article {
                Some(json)
            } else {
                fields.get("@graph").and_then(find_article)
            }
        }
        _ => None,
    }
}

/// `NewsArticle`, `OpinionNewsArticle`, `BlogPosting`, ...: schema.org's types of running text.
fn is_article_type(name: &Value) -> bool {
    name.as_str().is_some_and(|name| {
        name.ends_with("Article") || name.ends_with("Posting") || name == "Report"
    })
}

/// Adds what `<meta>` tags and the page itself say to the linked data.
pub(super) fn complete(found: Metadata, readability: &Readability) -> Metadata {
    let document = &readability.doc;
    let meta = readability.get_article_metadata(None);
    let outlet = attribute(document, "meta[property=\"og:site_name\"]", "content")
        .or(found.outlet)
        .or_else(|| meta.site_name.as_deref().and_then(clean));
    let title = found.title.or_else(|| {
        let title = clean(&meta.title)?;
        Some(match &outlet {
            Some(outlet) => without_outlet(&title, outlet).to_string(),
            None => title,
        })
    });
    let date = found
        .date
        .or_else(|| meta.published_time.as_deref().and_then(clean))
        .or_else(|| {
            PLACES_OF_DATES
                .into_iter()
                .find_map(|(place, name)| attribute(document, place, name))
        });
    Metadata {
        title,
        date,
        outlet,
    }
}

/// Where dates stand beside those that Readability knows.
const PLACES_OF_DATES: [(&str, &str); 10] = [
    ("[itemprop=\"datePublished\"]", "content"),
    ("[itemprop=\"datePublished\"]", "datetime"),
    ("meta[name=\"date\"]", "content"),
    ("meta[name=\"pubdate\"]", "content"),
    ("meta[name=\"publishdate\"]", "content"),
    ("meta[name=\"publish-date\"]", "content"),
    ("meta[name=\"publish_date\"]", "content"),
    ("meta[name=\"sailthru.date\"]", "content"),
    ("time[pubdate]", "datetime"),
    ("article time", "datetime"),
];

/// The first such attribute that is not blank.
fn attribute(document: &Document, place: &str, name: &str) -> Option<String> {
    let found = document.select(place);
    let value = |node: &NodeRef| node.attr(name).and_then(|value| clean(&value));
    found.nodes().iter().find_map(value)
}

/// White space collapsed; nothing if nothing is left.
fn clean(text: &str) -> Option<String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// Content systems write `&amp;` into JSON too, where it means itself.
fn without_entities(text: &str) -> String {
    match text.contains('&') && text.contains(';') {
        true => Document::fragment(text.replace('<', "&lt;"))
            .text()
            .to_string(),
        false => text.to_string(),
    }
}

/// `Vote fails | Calder Courier` -> `Vote fails`.
fn without_outlet<'t>(title: &'t str, outlet: &str) -> &'t str {
    title
        .strip_suffix(outlet)
        .map(str::trim_end)
        .and_then(|title| title.strip_suffix(['|', '-', '–', '—', '·', '»', ':']))
        .map(str::trim_end)
        .filter(|title| !title.is_empty())
        .unwrap_or(title)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(page: &str) -> [String; 3] {
        let document = Document::from(page);
        let json = linked_data(&document);
        let readability = Readability::with_document(document, None, None).expect("no address");
        let found = complete(json, &readability);
        [found.title, found.date, found.outlet].map(Option::unwrap_or_default)
    }

    #[test]
    fn what_a_page_says_of_itself_is_found_wherever_it_stands() {
        let rows = [
            (
                "linked data",
                r#"<script type="application/ld+json">{"@type": "NewsArticle", "headline": "Voss &amp; Co. win", "datePublished": "2020-05-02", "publisher": {"name": "Dawn"}}</script>"#,
                ["Voss & Co. win", "2020-05-02", "Dawn"],
            ),
            (
                "linked data in a graph, after a broken block",
                r#"<script type="application/ld+json">{"@type": </script>
                   <script type="application/ld+json">{"@graph": [{"@type": "Person", "name": "Ann Lee"}, {"@type": ["Article"], "name": "Voss wins"}]}</script>"#,
                ["Voss wins", "", ""],
            ),
            (
                "the site's name is better than the company's",
                r#"<script type="application/ld+json">[{"@type": "BlogPosting", "publisher": {"name": "Dawn Media Ltd."}}]</script><meta property="og:site_name" content=" Dawn&nbsp;News ">"#,
                ["", "", "Dawn News"],
            ),
            (
                "tags",
                r#"<meta property="og:title" content="Voss wins – Dawn"><meta property="og:site_name" content="Dawn"><meta property="article:published_time" content="2020-05-02T10:00:00Z">"#,
                ["Voss wins", "2020-05-02T10:00:00Z", "Dawn"],
            ),
            (
                "the window's title and a visible date",
                r#"<title>Council votes to keep the harbor toll | Dawn</title><article><time datetime="2020-05-02">2 May</time></article>"#,
                ["Council votes to keep the harbor toll", "2020-05-02", ""],
            ),
            ("nothing", "<p>Voss won.</p>", ["", "", ""]),
        ];
        for (name, page, expected) in rows {
            assert_eq!(read(page), expected, "{name}");
        }
    }
}
