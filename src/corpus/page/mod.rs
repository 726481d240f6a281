//! From a page of HTML to an article's text.
//!
//! In: the page as it was saved. Out: its headline, date and outlet from its [metadata], and its [`body`]: paragraphs as
//! lines with a blank line between them, in which captions, credits, bylines, headings and embedded posts are marked as
//! what they are. Navigation, scripts, forms and boxes are gone.
//!
//! What on the page is the article is found by dom_smoothie, a port of Mozilla's Readability (the reader view of
//! Firefox). It sees scores and class names, not meaning: very short articles may come with a line of the page around
//! them, and a box of prose beside a long article may be lost. A page of which nothing can be read has an empty text.

mod body;
mod metadata;

use dom_query::Document;
use dom_smoothie::{Config, Readability};

use super::article::Mark;
use crate::span::FurnitureKind;

/// The element in which Readability leaves the article, beside what else is on the page.
const ARTICLE: &str = "#readability-page-1";

/// What a page holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Page {
    pub(crate) title: Option<String>,
    /// As the page writes it.
    pub(crate) date: Option<String>,
    /// The site's name for itself.
    pub(crate) outlet: Option<String>,
    pub(crate) text: String,
    /// In order, one a line of `text`.
    pub(crate) marks: Vec<Mark>,
}

/// Reads the page `html`.
pub(crate) fn read_page(html: String) -> Page {
    let document = Document::from(html);
    if !body::is_flat_enough(&document) {
        return Page::default();
    }
    let json = metadata::linked_data(&document);
    body::prepare(&document);
    // The metadata in JSON are read by us: the library looks neither into `@graph` nor past the first broken block.
    let config = Config {
        disable_json_ld: true,
        ..Config::default()
    };
    let mut readability = Readability::with_document(document, None, Some(config))
        .expect("no address, so no bad one");
    let found = metadata::complete(json, &readability);
    let is_read = readability.parse().is_ok();
    let article = readability.doc.select_single(ARTICLE);
    let article = article.nodes().first().filter(|_| is_read);
    let (text, mut marks) = article.map_or_else(Default::default, |node| body::write(*node));
    if let Some(title) = &found.title {
        mark_headlines(&text, title, &mut marks);
    }
    Page {
        title: found.title,
        date: found.date,
        outlet: found.outlet,
        text,
        marks,
    }
}

/// A heading that repeats the title is the headline.
fn mark_headlines(text: &str, title: &str, marks: &mut [Mark]) {
    let letters = |line: &str| -> String {
        line.chars()
            .filter(|c| c.is_alphanumeric())
            .flat_map(char::to_lowercase)
            .collect()
    };
    let title = letters(title);
    for mark in marks {
        if mark.kind == FurnitureKind::Heading && letters(mark.span.of(text)) == title {
            mark.kind = FurnitureKind::Headline;
        }
    }
}
