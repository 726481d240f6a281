//! What each word of an article's counted sentences does to its score.
//!
//! A sentence's logits are a sum of contributions, each of words at known places; weighted by polarity and split evenly among its words,
//! they say how far each word moves the sentence toward favor (above 0) or against. An article's effect of a word is the sum over
//! its counted sentences, divided by their number. Mentions of the subject have none: they are masked.

use std::collections::BTreeMap;

use super::{ArticleScore, SentenceScore};
use crate::classifier::Classifier;
use crate::features::Example;
use crate::span::{CharOffsets, CharSpan, Span};
use crate::text::{Token, TokenKind, tokenize};

/// Word (normal form) -> its effect on the mean logit, favor less against. Empty with plain classes.
pub fn word_effects(classifier: &Classifier, score: &ArticleScore) -> BTreeMap<String, f64> {
    let mut effects: BTreeMap<String, f64> = BTreeMap::new();
    let counted: Vec<&SentenceScore> = score.sentences.iter().filter(|s| s.counts()).collect();
    for sentence in &counted {
        add_sentence(classifier, sentence, counted.len() as f64, &mut effects);
    }
    effects
}

fn add_sentence(
    classifier: &Classifier,
    sentence: &SentenceScore,
    n: f64,
    effects: &mut BTreeMap<String, f64>,
) {
    let Some(polarity) = classifier.classes().polarity() else {
        return;
    };
    let text = sentence.text.as_str();
    let offsets = CharOffsets::new(text);
    let mentions: Vec<Span> = sentence
        .mentions
        .iter()
        .filter_map(|mention| {
            let start = mention.span.0.checked_sub(sentence.span.0)?;
            let end = mention.span.1.checked_sub(sentence.span.0)?;
            offsets.bytes(CharSpan(start, end))
        })
        .collect();
    let explanation = classifier.explain(Example {
        text,
        mentions: &mentions,
    });
    let tokens: Vec<Token> = tokenize(text)
        .into_iter()
        .filter(|token| token.kind == TokenKind::Word)
        .collect();
    for contribution in &explanation.contributions {
        let terms = contribution.by_class.iter().zip(polarity);
        let effect: f64 = terms.map(|(value, worth)| value * worth.value()).sum();
        let words: Vec<&Token> = contribution
            .spans
            .iter()
            .flat_map(|span| {
                let first = tokens.partition_point(|token| token.span.end <= span.start);
                tokens[first..]
                    .iter()
                    .take_while(|token| token.span.start < span.end)
            })
            .filter(|token| !mentions.iter().any(|mention| mention.contains(token.span)))
            .collect();
        for token in &words {
            let share = effect / words.len() as f64 / n;
            *effects
                .entry(token.normal_form(text).into_owned())
                .or_default() += share;
        }
    }
}
