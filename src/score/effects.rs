//! What each word of a sentence does to its score.
//!
//! A sentence's logits are a sum of contributions, each of words at known places; weighted by polarity and split evenly among its words,
//! they say how far each word moves the sentence toward favor (above 0) or against. An article's effect of a word is the sum over
//! its counted sentences, divided by their number. Mentions of the subject have none: they are masked.

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::{ArticleScore, MentionScore, SentenceScore};
use crate::classifier::Classifier;
use crate::features::Example;
use crate::span::{CharOffsets, CharSpan, Span};
use crate::text::{Token, TokenKind, tokenize};

/// A sentence's logits, weighted by polarity and summed (favor less against), taken apart: intercept, words and what belongs to no word add up to `total`.
/// The model's calibration then moves all of it alike.
#[derive(Debug, Clone, PartialEq)]
pub struct SentenceEffects {
    /// What the model says before it has read a word.
    pub intercept: f64,
    /// Each word that has an effect, in order: where it stands in the sentence (bytes), and its effect.
    pub words: Vec<(Span, f64)>,
    /// Contributions without a word of their own.
    pub elsewhere: f64,
    /// The sum.
    pub total: f64,
}

/// Takes the score of `text`, the sentence at `span` of an article, apart; `insets` are the places of page text set into it, which is not scored. `None`
/// with plain classes.
pub fn sentence_effects(
    classifier: &Classifier,
    text: &str,
    span: CharSpan,
    insets: &[CharSpan],
    mentions: &[MentionScore],
) -> Option<SentenceEffects> {
    let polarity = classifier.classes().polarity()?;
    let weighted = |by_class: &[f64]| -> f64 {
        let terms = by_class.iter().zip(polarity);
        terms.map(|(value, worth)| value * worth.value()).sum()
    };
    let mentions = mentions_in(text, span, mentions);
    let scored = without_insets(text, span, insets);
    let text = scored.as_ref();
    let explanation = classifier.explain(Example {
        text,
        mentions: &mentions,
    });
    let tokens: Vec<Token> = tokenize(text)
        .into_iter()
        .filter(|token| token.kind == TokenKind::Word)
        .collect();
    let mut words: BTreeMap<usize, f64> = BTreeMap::new();
    let mut elsewhere = 0.0;
    for contribution in &explanation.contributions {
        let effect = weighted(&contribution.by_class);
        let moved: Vec<usize> = contribution
            .spans
            .iter()
            .flat_map(|span| {
                let first = tokens.partition_point(|token| token.span.end <= span.start);
                let after = tokens[first..].iter();
                let n = after
                    .take_while(|token| token.span.start < span.end)
                    .count();
                first..first + n
            })
            .filter(|&at| {
                let span = tokens[at].span;
                !mentions.iter().any(|mention| mention.contains(span))
            })
            .collect();
        if moved.is_empty() {
            elsewhere += effect;
        }
        for at in &moved {
            *words.entry(*at).or_default() += effect / moved.len() as f64;
        }
    }
    Some(SentenceEffects {
        intercept: weighted(&explanation.intercept),
        words: words
            .into_iter()
            .map(|(at, effect)| (tokens[at].span, effect))
            .collect(),
        elsewhere,
        total: weighted(&explanation.logits),
    })
}

/// Where page text is set into `sentence` of `score`: in the article's text, in characters.
pub fn insets_of(score: &ArticleScore, sentence: &SentenceScore) -> Vec<CharSpan> {
    let inside = |span: &CharSpan| sentence.span.0 <= span.0 && span.1 <= sentence.span.1;
    let furniture = score.furniture.iter().map(|furniture| furniture.span);
    match sentence.furniture {
        Some(_) => Vec::new(),
        None => furniture.filter(inside).collect(),
    }
}

/// The sentence with spaces for what is set into it, byte for byte.
fn without_insets<'t>(text: &'t str, span: CharSpan, insets: &[CharSpan]) -> Cow<'t, str> {
    if insets.is_empty() {
        return Cow::Borrowed(text);
    }
    let is_inset = |place: usize| {
        insets
            .iter()
            .any(|inset| inset.0 <= place && place < inset.1)
    };
    let mut scored = String::with_capacity(text.len());
    for (at, c) in text.chars().enumerate() {
        match is_inset(span.0 + at) {
            true => scored.extend(std::iter::repeat_n(' ', c.len_utf8())),
            false => scored.push(c),
        }
    }
    Cow::Owned(scored)
}

/// Where a sentence names the subject, in bytes of the sentence.
pub fn mentions_in(text: &str, span: CharSpan, mentions: &[MentionScore]) -> Vec<Span> {
    let offsets = CharOffsets::new(text);
    mentions
        .iter()
        .filter_map(|mention| {
            let start = mention.span.0.checked_sub(span.0)?;
            let end = mention.span.1.checked_sub(span.0)?;
            offsets.bytes(CharSpan(start, end))
        })
        .collect()
}

/// Word (normal form) -> its effect on the mean logit, favor less against. Empty with plain classes.
pub fn word_effects(classifier: &Classifier, score: &ArticleScore) -> BTreeMap<String, f64> {
    let mut effects: BTreeMap<String, f64> = BTreeMap::new();
    let counted: Vec<&SentenceScore> = score.sentences.iter().filter(|s| s.counts()).collect();
    for sentence in &counted {
        let text = sentence.text.as_str();
        let insets = insets_of(score, sentence);
        let Some(of) =
            sentence_effects(classifier, text, sentence.span, &insets, &sentence.mentions)
        else {
            continue;
        };
        for (span, effect) in of.words {
            let word = Token {
                span,
                kind: TokenKind::Word,
            };
            let form = word.normal_form(text).into_owned();
            *effects.entry(form).or_default() += effect / counted.len() as f64;
        }
    }
    effects
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_into_a_sentence_is_hidden_byte_for_byte() {
        let text = "Lee spoke MORE: é on.";
        let hidden = without_insets(text, CharSpan(100, 121), &[CharSpan(110, 117)]);
        assert_eq!(hidden, "Lee spoke          on.");
        assert_eq!(hidden.len(), text.len());
        assert!(matches!(
            without_insets(text, CharSpan(0, 21), &[]),
            Cow::Borrowed(_)
        ));
    }
}
