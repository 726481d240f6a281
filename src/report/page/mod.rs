//! Pages: one self-contained file that a browser shows, without network, without fonts from elsewhere, readable without JavaScript.
//!
//! `comparison` is the report of `compare`, with `sections` of charts and tables and the `evidence` behind them; `article` shows one article's text with its sentences shaded.
//! `sentence` shades words and marks mentions. Every word from outside goes through maud, which escapes it, and [`clean`], which makes
//! control characters visible; the page's policy allows no script and no style but its own.

mod article;
mod comparison;
mod evidence;
mod sections;
mod sentence;

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use maud::{DOCTYPE, Markup, PreEscaped, html};
use sha2::{Digest, Sha256};

pub use article::{ArticlePage, article_page};
pub use comparison::{ComparisonPage, comparison_page};

use super::chart;
use super::table::printable;

const SCRIPT: &str = include_str!("page.js");

/// Words from outside: control characters and marks that turn the direction of writing become visible; maud escapes the rest.
fn clean(text: &str) -> String {
    printable(text)
}

/// A name from outside, kept apart from the direction of what stands around it.
fn name(text: &str) -> Markup {
    html! { bdi { (clean(text)) } }
}

/// Figures with a true minus sign; the hyphens of words and dates stay.
fn figure(text: &str) -> String {
    let mut before = ' ';
    let mut after = text.chars().skip(1);
    let signs = text.chars().map(|c| {
        let follows = after.next();
        let is_minus = c == '-'
            && matches!(before, ' ' | '[' | '(')
            && follows.is_some_and(|c| c.is_ascii_digit());
        before = c;
        if is_minus { '\u{2212}' } else { c }
    });
    signs.collect()
}

/// What a content security policy knows an inline script or style by.
fn policy_hash(content: &str) -> String {
    format!(
        "'sha256-{}'",
        BASE64_STANDARD.encode(Sha256::digest(content.as_bytes()))
    )
}

/// The whole file: `title` in the browser's tab, `body` within it.
fn shell(title: &str, body: Markup) -> String {
    let style = format!("{}{}", include_str!("page.css"), chart::page_css());
    let policy = format!(
        "default-src 'none'; style-src {}; script-src {}; base-uri 'none'; form-action 'none'",
        policy_hash(&style),
        policy_hash(SCRIPT)
    );
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(policy);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="generator" content={ "Standpoint " (env!("CARGO_PKG_VERSION")) };
                meta name="referrer" content="no-referrer";
                title { (clean(title)) }
                style { (PreEscaped(&style)) }
            }
            body {
                a.skip href="#main" { "Skip to the report" }
                div.page { (body) }
                script { (PreEscaped(SCRIPT)) }
            }
        }
    };
    let mut page = page.into_string();
    page.push('\n');
    page
}

/// The line above the title.
fn maker(what: &str) -> Markup {
    html! {
        div.maker {
            span { "Standpoint " (env!("CARGO_PKG_VERSION")) " · " (what) }
            button #theme type="button" hidden { "Colors: auto" }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_get_a_minus_sign_and_words_keep_their_hyphens() {
        assert_eq!(figure("-0.21 [-0.30, +0.10]"), "−0.21 [−0.30, +0.10]");
        assert_eq!(
            figure("log-odds, Post-9, 2017-03"),
            "log-odds, Post-9, 2017-03"
        );
    }
}
