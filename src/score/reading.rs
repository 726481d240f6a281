//! What `standpoint read` shows: an article as it was read, before any model looks at it.

use serde::{Deserialize, Serialize};

use super::{FurnitureSpan, Wanted, add_pronouns, furniture_spans};
use crate::corpus::Article;
use crate::span::{CharOffsets, CharSpan, FurnitureKind, Span, Voice};
use crate::text::{
    How, Mention, MentionFinder, Speaker, Subject, read, read_plain, sentence_voice,
};

/// An article as it was read: one line of `read --format jsonl`. Spans count characters of `text`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ArticleReading {
    /// The article's id.
    pub article: String,
    /// Who published it.
    pub outlet: String,
    /// Its headline, where the format gave one.
    pub title: Option<String>,
    /// The text that all spans refer to.
    pub text: String,
    /// Sentences and furniture, in order.
    pub sentences: Vec<ReadSentence>,
    /// Every stretch that is not the outlet's own, subject or no subject.
    pub voices: Vec<ReadVoice>,
    /// Where subjects are named.
    pub mentions: Vec<ReadMention>,
    /// What is not prose, and the rule that says so.
    pub furniture: Vec<FurnitureSpan>,
}

/// A sentence or a piece of furniture.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadSentence {
    /// Where.
    pub span: CharSpan,
    /// What it is, if not prose.
    pub furniture: Option<FurnitureKind>,
    /// Whose words it is; `self` where a subject speaks.
    pub voice: Voice,
    /// Who speaks, where one does and the text names it.
    pub speaker: Option<String>,
}

/// A stretch that is not the outlet's own: a quotation with its marks, or words told without them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadVoice {
    /// Where, without cue and speaker.
    pub span: CharSpan,
    /// `quote`, `reported`, or `self` where a subject speaks.
    pub voice: Voice,
    /// Who speaks, where the text names one.
    pub speaker: Option<String>,
    /// Whether a source without a name speaks.
    pub unnamed: bool,
}

/// A mention of a subject.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReadMention {
    /// Where.
    pub span: CharSpan,
    /// The subject's name.
    pub subject: String,
    /// How it was found.
    pub how: How,
    /// The voice of the stretch it stands in.
    pub voice: Voice,
}

/// Reads `article` and finds the `wanted` mentions of `subjects` in it. A `plain` text is prose of its author alone.
pub fn read_article(
    article: &Article,
    subjects: &[(Subject, MentionFinder)],
    wanted: Wanted,
    plain: bool,
) -> ArticleReading {
    let marks: Vec<(Span, FurnitureKind)> =
        article.marks.iter().map(|m| (m.span, m.kind)).collect();
    let text = article.text.as_str();
    let reading = match plain {
        true => read_plain(text, &marks),
        false => read(text, article.title.as_deref(), &marks),
    };
    let offsets = CharOffsets::new(text);
    let prose = reading.prose(text);
    let is_subject = |name: &str| subjects.iter().any(|(_, finder)| finder.is_name(name));
    let stretch_voice = |speaker: &Speaker, voice| {
        if speaker.is(is_subject) {
            Voice::Own
        } else {
            voice
        }
    };
    let mut found: Vec<Vec<Mention>> = subjects
        .iter()
        .map(|(_, finder)| finder.find(prose))
        .collect();
    if wanted == Wanted::WithPronouns {
        add_pronouns(prose, &reading, subjects, &mut found);
    }
    let mut mentions: Vec<ReadMention> = subjects
        .iter()
        .zip(found)
        .flat_map(|((subject, _), found)| {
            let found = found.into_iter().filter(|mention| wanted.holds(mention));
            found.map(|mention| ReadMention {
                span: offsets.chars(mention.span),
                subject: subject.name.clone(),
                how: mention.how,
                voice: reading
                    .stretches
                    .at(mention.span)
                    .map_or(Voice::Outlet, |stretch| {
                        stretch_voice(&stretch.speaker, stretch.voice)
                    }),
            })
        })
        .collect();
    mentions.sort_by(|a, b| (a.span, &a.subject).cmp(&(b.span, &b.subject)));
    ArticleReading {
        article: article.id.clone(),
        outlet: article.outlet.clone(),
        title: article.title.clone(),
        sentences: reading
            .sentences
            .iter()
            .map(|sentence| {
                let (voice, speaker) = match sentence.furniture {
                    Some(_) => (Voice::Outlet, Speaker::Unknown),
                    None => sentence_voice(prose, sentence.span, &reading.stretches, is_subject),
                };
                ReadSentence {
                    span: offsets.chars(sentence.span),
                    furniture: sentence.furniture.map(|furniture| furniture.kind),
                    voice,
                    speaker: speaker.name().map(str::to_string),
                }
            })
            .collect(),
        voices: reading
            .stretches
            .iter()
            .map(|stretch| ReadVoice {
                span: offsets.chars(stretch.span),
                voice: stretch_voice(&stretch.speaker, stretch.voice),
                speaker: stretch.speaker.name().map(str::to_string),
                unnamed: matches!(stretch.speaker, Speaker::Unnamed(_)),
            })
            .collect(),
        furniture: furniture_spans(&reading, &offsets),
        mentions,
        text: article.text.clone(),
    }
}
