//! Articles whole: the text with its sentences shaded by stance, voices and furniture marked, and the sentences one by one.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::super::table::signed;
use super::evidence::{side, voice_name, what_it_says, why};
use super::{clean, figure, maker, name, shell};
use crate::classes::Polarity;
use crate::compare::EvidenceSentence;
use crate::score::{
    ArticleReading, ArticleScore, ReadSentence, ReadVoice, SentenceEffects, SentenceScore,
};
use crate::span::{CharOffsets, CharSpan, Span};
use crate::wording::count;

/// Articles longer than this are cut, in characters.
const LONGEST: usize = 200_000;

/// One article with its scores for one subject.
#[derive(Debug)]
pub struct ArticlePage {
    /// The article as it was read.
    pub reading: ArticleReading,
    /// Its score.
    pub score: ArticleScore,
    /// What the words of each of its sentences do.
    pub effects: Vec<Option<SentenceEffects>>,
}

/// Articles as one HTML file. `polarity` says what each class is worth; `construct` and `model` what scored.
pub fn article_page(
    pages: &[ArticlePage],
    polarity: &BTreeMap<String, Polarity>,
    construct: Option<&str>,
    model: &str,
) -> String {
    let title = match pages {
        [only] => format!("{} in {}", only.score.subject, title_of(&only.score)),
        pages => count(pages.len(), "article"),
    };
    let body = html! {
        header.top {
            (maker("articles, sentence by sentence"))
            h1 { (clean(&title)) }
        }
        @if pages.len() > 1 {
            nav.contents aria-label="Contents" { ul {
                @for (at, page) in pages.iter().enumerate() {
                    li { a href={ "#a" (at) } { (name(title_of(&page.score))) @if pages.iter().any(|other| other.score.subject != page.score.subject) { ": " (name(&page.score.subject)) } } }
                }
            } }
        }
        main #main {
            p {
                "Shaded sentences mention the subject and were scored by a model "
                @match construct {
                    Some("stance") => "for their stance toward it",
                    Some(_) => "for how the subject comes across, reported events included",
                    None => "for their class",
                }
                @if construct.is_some() { "; the raised figure is the score from −1 (against) to +1 (in favor), and behind it is said" } @else { "; behind them is said" } " whose words they are. Words of others are underlined with dots; captions, \
                 headings and other furniture of the page are grey and count in nothing."
            }
            @if construct.is_some() {
                ul.key {
                    @for (class, word) in [("against", "against"), ("neutral", "neither"), ("favor", "in favor")] {
                        li.prose { span.s.(class) { (word) } }
                    }
                }
            }
            @for (at, page) in pages.iter().enumerate() { (article(page, at, polarity)) }
        }
        footer { p { "Made with Standpoint " (env!("CARGO_PKG_VERSION")) ", model " span.digest { (clean(model.get(..16).unwrap_or(model))) } ". This page loads nothing from elsewhere." } }
    };
    shell(&title, body)
}

fn title_of(score: &ArticleScore) -> &str {
    let title = score
        .title
        .as_deref()
        .filter(|title| !title.trim().is_empty());
    title.unwrap_or(&score.article)
}

fn article(page: &ArticlePage, at: usize, polarity: &BTreeMap<String, Polarity>) -> Markup {
    let score = &page.score;
    html! {
        section aria-labelledby={ "a" (at) } {
            h2 id={ "a" (at) } { (name(title_of(score))) }
            p.soft {
                (name(&score.outlet))
                @if let Some(date) = &score.date { ", " (name(date)) }
                @if score.article != score.outlet { ", " (name(&score.article)) }
            }
            p.lead {
                "Toward " (name(&score.subject)) ": "
                @match score.net_stance {
                    Some(value) => { strong { (figure(&signed(Some(value)))) } " over " (count(score.n, "sentence")) },
                    None => { (count(score.n, "sentence")) " counted" },
                }
                @for (voice, of) in &score.by_voice {
                    "; " (voice_name(*voice)) " "
                    @if of.net_stance.is_some() { (figure(&signed(of.net_stance))) " " }
                    "(" (of.n) ")"
                }
                "."
            }
            @if score.familiarity.unlike {
                p.note { "This text is unlike the text the model was trained on: its scores are guesses." }
            }
            div.prose.article dir="auto" { (prose(page, polarity)) }
            h3 { "The sentences one by one" }
            @for (sentence, effects) in score.sentences.iter().zip(&page.effects) {
                @let shown = EvidenceSentence::new(score, sentence);
                @let side = side(shown.class(), Some(polarity));
                article.sentence.(side) {
                    (what_it_says(&shown, side, effects.as_ref()))
                    p.source {
                        @if let Some(kind) = sentence.furniture { (kind.name()) ", not counted; " }
                        "characters " (sentence.span.0) "–" (sentence.span.1)
                    }
                    (why(&shown, effects.as_ref()))
                }
            }
        }
    }
}

/// The text, its sentences shaded.
fn prose(page: &ArticlePage, polarity: &BTreeMap<String, Polarity>) -> Markup {
    let text = &page.reading.text;
    let offsets = CharOffsets::new(text);
    let end = offsets.chars(Span::new(0, text.len())).1;
    let scored: BTreeMap<CharSpan, &SentenceScore> =
        page.score.sentences.iter().map(|s| (s.span, s)).collect();
    let slice = |from: usize, to: usize| -> &str {
        let span = offsets.bytes(CharSpan(from, to.max(from)));
        span.map_or("", |span| span.of(text))
    };
    let mut at = 0;
    let sentences: Vec<(usize, &ReadSentence)> = page
        .reading
        .sentences
        .iter()
        .take_while(|sentence| sentence.span.1 <= LONGEST)
        .filter_map(|sentence| {
            let from = at;
            (sentence.span.0 >= from).then(|| {
                at = sentence.span.1;
                (from, sentence)
            })
        })
        .collect();
    html! {
        p {
            @for (from, sentence) in &sentences {
                (clean_lines(slice(*from, sentence.span.0)))
                @let words = voiced(sentence.span, &page.reading.voices, &slice);
                @match (sentence.furniture, scored.get(&sentence.span)) {
                    (Some(kind), _) => span.furniture title=(kind.name()) { (words) },
                    (None, Some(score)) => {
                        @let class = likeliest(score);
                        span.s.(side(class, Some(polarity))) data-class=[class.map(clean)] { (words) }
                        (remark(score))
                    },
                    (None, None) => (words),
                }
            }
            @if at < end.min(LONGEST) { (clean_lines(slice(at, end.min(LONGEST)))) }
            @if end > LONGEST { span.soft { " … (cut; the text has " (end) " characters)" } }
        }
    }
}

/// Text with its line breaks.
fn clean_lines(text: &str) -> String {
    let lines: Vec<String> = text.split('\n').map(clean).collect();
    lines.join("\n")
}

fn likeliest(score: &SentenceScore) -> Option<&str> {
    let best = score
        .probabilities
        .iter()
        .reduce(|best, one| if one.1 > best.1 { one } else { best });
    best.map(|(class, _)| class.as_str())
}

/// The words of `span`, those of others underlined.
fn voiced<'t>(
    span: CharSpan,
    voices: &[ReadVoice],
    slice: &impl Fn(usize, usize) -> &'t str,
) -> Markup {
    let mut at = span.0;
    let inside: Vec<(usize, CharSpan, &ReadVoice)> = voices
        .iter()
        .filter(|voice| voice.span.0 < span.1 && span.0 < voice.span.1)
        .filter_map(|voice| {
            let from = at;
            let part = CharSpan(voice.span.0.max(span.0), voice.span.1.min(span.1));
            (part.0 >= from).then(|| {
                at = part.1;
                (from, part, voice)
            })
        })
        .collect();
    html! {
        @for (from, part, voice) in &inside {
            (clean_lines(slice(*from, part.0)))
            span.v title=(spoken(voice)) { (clean_lines(slice(part.0, part.1))) }
        }
        (clean_lines(slice(at, span.1)))
    }
}

/// Whose words a stretch is.
fn spoken(voice: &ReadVoice) -> String {
    match &voice.speaker {
        Some(speaker) => format!("{}: {}", voice_name(voice.voice), clean(speaker)),
        None => voice_name(voice.voice).to_string(),
    }
}

/// Score and voice behind a sentence.
fn remark(score: &SentenceScore) -> Markup {
    html! {
        sup {
            @if let Some(value) = score.net_stance { b { (figure(&signed(Some(value)))) } " " }
            (voice_name(score.voice))
            @if let Some(speaker) = &score.speaker { ", " (name(speaker)) }
        }
    }
}
