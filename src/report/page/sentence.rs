//! A sentence with its words shaded and its mentions marked, and the sum that its score is.

use maud::{Markup, html};

use super::super::table::signed;
use super::{clean, figure};
use crate::score::SentenceEffects;
use crate::span::Span;

/// Longer sentences are cut, in characters.
const LONGEST: usize = 1_500;

/// Words listed in the sum.
const WORDS_IN_SUM: usize = 6;

/// Effects below this are not shaded, in logits.
const FAINT: f64 = 0.1;

/// Effects from which each darker shade begins, in logits.
const DARKER: [f64; 3] = [0.25, 0.5, 1.0];

/// The class of a shade: `a1` to `a4` against, `f1` to `f4` in favor.
fn shade(effect: f64) -> Option<String> {
    let size = effect.abs();
    (size >= FAINT).then(|| {
        let level = 1 + DARKER.iter().filter(|&&from| size >= from).count();
        format!("{}{level}", if effect < 0.0 { 'a' } else { 'f' })
    })
}

/// What a stretch of a sentence is.
enum Stretch {
    Mention,
    Word(f64),
}

/// The sentence's text, its words shaded by their effects, `mentions` marked; cut if it is very long.
pub(super) fn shaded(text: &str, mentions: &[Span], effects: Option<&SentenceEffects>) -> Markup {
    let end = text
        .char_indices()
        .nth(LONGEST)
        .map_or(text.len(), |(at, _)| at);
    let words = effects.into_iter().flat_map(|effects| &effects.words);
    let mut stretches: Vec<(Span, Stretch)> = mentions
        .iter()
        .map(|&span| (span, Stretch::Mention))
        .chain(words.map(|&(span, effect)| (span, Stretch::Word(effect))))
        .filter(|(span, _)| span.end <= end)
        .collect();
    stretches.sort_by_key(|(span, stretch)| (span.start, matches!(stretch, Stretch::Word(_))));
    let mut at = 0;
    stretches.retain(|(span, _)| {
        let is_free = span.start >= at;
        at = if is_free { span.end } else { at };
        is_free
    });
    let ends = stretches.iter().map(|(span, _)| span.end);
    let before: Vec<usize> = std::iter::once(0).chain(ends).collect();
    html! {
        @for ((span, stretch), from) in stretches.iter().zip(&before) {
            (clean(&text[*from..span.start]))
            @let inside = clean(span.of(text));
            @match stretch {
                Stretch::Mention => mark { (inside) },
                Stretch::Word(effect) => @match shade(*effect) {
                    None => (inside),
                    Some(shade) => i.{ "w " (shade) } title=(figure(&signed(Some(*effect)))) { (inside) },
                },
            }
        }
        (clean(&text[at..end]))
        @if end < text.len() {
            " … "
            span.soft { "(cut; the sentence has " (text.chars().count()) " characters)" }
        }
    }
}

/// The sum behind a score: the words that move it most, the others, the rest.
pub(super) fn sum(text: &str, effects: &SentenceEffects) -> Markup {
    let mut words: Vec<&(Span, f64)> = effects.words.iter().collect();
    words.sort_by(|a, b| b.1.abs().total_cmp(&a.1.abs()));
    let most = &words[..WORDS_IN_SUM.min(words.len())];
    // What is printed adds up to what is printed.
    let printed = |value: f64| (value * 1000.0).round() / 1000.0;
    let shown: f64 = most.iter().map(|(_, effect)| printed(*effect)).sum();
    let rest = printed(effects.total) - printed(effects.intercept) - shown;
    let row = |label: Markup, value: f64| {
        html! { tr { th.l scope="row" { (label) } td { (figure(&format!("{value:+.3}"))) } } }
    };
    html! {
        table {
            @for (span, effect) in most {
                (row(html! { "“" bdi { (clean(span.of(text))) } "”" }, *effect))
            }
            (row(html! { "all the rest" }, rest))
            (row(html! { "before any word (intercept)" }, effects.intercept))
            (row(html! { strong { "sum (log-odds, in favor less against)" } }, effects.total))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_outside_is_escaped_marked_and_shaded() {
        let text = "<b>Verrick</b> lied & \u{202e}fled";
        let effects = SentenceEffects {
            intercept: 0.0,
            words: vec![(Span::new(15, 19), -0.7)],
            elsewhere: 0.0,
            total: -0.7,
        };
        let html = shaded(text, &[Span::new(3, 10)], Some(&effects)).into_string();
        assert_eq!(
            html,
            "&lt;b&gt;<mark>Verrick</mark>&lt;/b&gt; <i class=\"w a3\" title=\"−0.70\">lied</i> &amp; \u{fffd}fled"
        );
    }

    #[test]
    fn the_sum_adds_up_and_long_sentences_are_cut() {
        let effects = SentenceEffects {
            intercept: 0.1,
            words: (0..8).map(|i| (Span::new(i, i + 1), 0.1)).collect(),
            elsewhere: 0.05,
            total: 0.95,
        };
        let html = sum("abcdefgh", &effects).into_string();
        assert!(html.contains("all the rest</th><td>+0.250"), "{html}");
        let long = "x".repeat(5_000);
        let html = shaded(&long, &[], None).into_string();
        assert!(html.len() < 2_000 && html.contains("5000 characters"));
    }
}
