//! From an article to the stance of its sentences toward each subject.
//!
//! ```text
//! Article --text::read--> sentences --MentionFinder--> those that name the subject --Classifier--> ArticleScore
//! ```
//! Scored are the sentences that mention the subject. The article's own figure is the mean over its prose sentences; those
//! in furniture (a caption, a headline) and the subject's own words are listed and kept apart. Figures are rounded
//! to six decimals where they are made, so that a comparison read back from a file equals one made at once.

mod camps;
mod effects;
mod file;
mod in_order;
mod reading;
mod seen;

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use camps::{Camps, Membership};
pub use effects::{SentenceEffects, insets_of, mentions_in, sentence_effects, word_effects};
pub use file::{
    Coverage, CoverageNote, FirstLine, FramesRun, OutletCoverage, RUN_KEY, Run, ScoreFile,
    SentenceSet, SubjectCoverage, Trained, is_score_file, is_score_table, read_score_file,
};

pub use seen::Seen;

use in_order::in_order;

pub use reading::{ArticleReading, ReadMention, ReadSentence, ReadVoice, read_article};

use crate::classes::ClassProbabilities;
use crate::classifier::{Classifier, Familiarity, FrameClassifier, Recall};
use crate::corpus::{Article, ArticleReader, ParsedArticle, RawArticle};
use crate::error::Result;
use crate::features::Example;
use crate::span::{CharOffsets, CharSpan, FurnitureKind, Span, Voice};
use crate::statistics::round6;
use crate::text::{
    How, LexedSentences, Lexeme, Mention, MentionFinder, Named, Reading, Sentence, Speaker,
    Subject, TokenKind, lex, pronouns, read_lexed, read_plain, read_voices_to, sentence_voice,
    sketch, sketch_of_words,
};

/// The scores of one article for one subject: one line of a score file.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct ArticleScore {
    /// The article's id.
    pub article: String,
    /// Who published it.
    pub outlet: String,
    /// Its headline.
    pub title: Option<String>,
    /// When it was published, as the input writes it.
    pub date: Option<String>,
    /// The event it covers.
    pub story: Option<String>,
    /// News, opinion, ...
    pub genre: Option<String>,
    /// The subject's name.
    pub subject: String,
    /// Mean net stance of the prose sentences that mention the subject, its own words apart; `None` without any, or with
    /// plain classes.
    pub net_stance: Option<f64>,
    /// How many sentences that mean is over.
    pub n: usize,
    /// The same by voice, the subject's own words included.
    pub by_voice: BTreeMap<Voice, VoiceScore>,
    /// What its prose is known again by ([`crate::text::sketch`]), in hexadecimal digits, eight a number.
    #[serde(
        default,
        with = "file::hexadecimal",
        skip_serializing_if = "Vec::is_empty"
    )]
    pub sketch: Vec<u32>,
    /// Length of the article's text, in characters: what the places of sentences are shares of.
    #[serde(default)]
    pub length: usize,
    /// Whether the first paragraph of prose mentions the subject.
    #[serde(default)]
    pub in_first_paragraph: bool,
    /// The score of [`ArticleScore::title`], where it mentions the subject; in no mean.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub headline: Option<HeadlineScore>,
    /// Every sentence that mentions the subject, furniture included.
    pub sentences: Vec<SentenceScore>,
    /// What on the page is not prose.
    pub furniture: Vec<FurnitureSpan>,
    /// How much of the scored prose the model knows, and whether it is of the kind it was trained on.
    #[serde(default)]
    pub familiarity: Familiarity,
    /// What each word does to the score, where a comparison asked for it ([`word_effects`]); in no file.
    #[serde(skip)]
    pub effects: BTreeMap<String, f64>,
    /// The article as it was read, where a page shows it whole; in no file.
    #[serde(skip)]
    pub reading: Option<ArticleReading>,
    /// Every further column of the input.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub extra: BTreeMap<String, Value>,
}

impl ArticleScore {
    /// The mean net stance of the counted sentences without direct quotations: those of voice [`Voice::Outlet`] and
    /// [`Voice::Reported`]. `None` where there are none. `mixed` sentences may hold quotations and are left out.
    pub fn without_quotations(&self) -> Option<VoiceScore> {
        let parts: Vec<&VoiceScore> = [Voice::Outlet, Voice::Reported]
            .iter()
            .filter_map(|voice| self.by_voice.get(voice))
            .collect();
        let n: usize = parts.iter().map(|part| part.n).sum();
        let sum: Option<f64> = parts
            .iter()
            .map(|part| Some(part.net_stance? * part.n as f64))
            .sum();
        (n > 0).then(|| VoiceScore {
            net_stance: sum.map(|sum| round6(sum / n as f64)),
            n,
        })
    }
}

/// A mean net stance over sentences of one voice.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct VoiceScore {
    /// The mean; `None` with plain classes.
    pub net_stance: Option<f64>,
    /// Sentences.
    pub n: usize,
}

/// The score of a headline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HeadlineScore {
    /// One probability a class.
    pub probabilities: BTreeMap<String, f64>,
    /// Polarity times probability, summed; `None` with plain classes.
    pub net_stance: Option<f64>,
}

/// One sentence's score.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SentenceScore {
    /// Where in the article's text, in characters.
    pub span: CharSpan,
    /// The sentence.
    pub text: String,
    /// What it is, if not prose; then it is in no mean.
    pub furniture: Option<FurnitureKind>,
    /// Whose words it is.
    pub voice: Voice,
    /// Who speaks, where one person or body does and the text names it.
    #[serde(default)]
    pub speaker: Option<String>,
    /// Whether a source without a name speaks ("critics", "a spokeswoman").
    #[serde(default)]
    pub unnamed: bool,
    /// The speaker's camp, where a list of speakers was given and tells it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub camp: Option<String>,
    /// Frames that reach their threshold, with their probabilities, where a model of frames was given.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub frames: BTreeMap<String, f64>,
    /// Where it names the subject.
    pub mentions: Vec<MentionScore>,
    /// One probability a class.
    pub probabilities: BTreeMap<String, f64>,
    /// Polarity times probability, summed; `None` with plain classes.
    pub net_stance: Option<f64>,
}

impl SentenceScore {
    /// The probability of its likeliest class.
    pub fn confidence(&self) -> f64 {
        self.probabilities.values().copied().fold(0.0, f64::max)
    }

    /// Whether the sentence counts in the article's figure.
    pub fn counts(&self) -> bool {
        self.furniture.is_none() && self.voice != Voice::Own
    }
}

/// A mention inside a scored sentence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MentionScore {
    /// Where in the article's text, in characters.
    pub span: CharSpan,
    /// The voice of the stretch it stands in.
    pub voice: Voice,
    /// Who speaks there, where the text names one.
    pub speaker: Option<String>,
    /// How it was found.
    pub how: How,
}

/// A stretch of the page that is not prose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FurnitureSpan {
    /// Where in the article's text, in characters.
    pub span: CharSpan,
    /// What it is.
    pub kind: FurnitureKind,
    /// The rule that says so.
    #[serde(default)]
    pub reason: String,
}

/// Which mentions make a sentence count.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Wanted {
    /// Names and descriptions.
    #[default]
    Named,
    /// Only those found so.
    Only(How),
    /// Names and descriptions, and the pronouns that stand for the subject.
    WithPronouns,
}

impl Wanted {
    /// The word in files: `named`, `exact`, `nominal`, `pronoun`.
    pub fn name(self) -> &'static str {
        match self {
            Wanted::Named => "named",
            Wanted::Only(How::Exact) => "exact",
            Wanted::Only(How::Nominal) => "nominal",
            Wanted::Only(How::Pronoun) => "pronoun only",
            Wanted::WithPronouns => "pronoun",
        }
    }

    fn holds(self, mention: &Mention) -> bool {
        match self {
            Wanted::Named | Wanted::WithPronouns => true,
            Wanted::Only(how) => how == mention.how,
        }
    }
}

/// Adds to the names `found` of each of `subjects` its pronouns, in order.
fn add_pronouns(
    text: &str,
    reading: &Reading,
    subjects: &[(Subject, MentionFinder)],
    found: &mut [Vec<Mention>],
) {
    let named: Vec<Named<'_>> = subjects
        .iter()
        .zip(&*found)
        .map(|((_, finder), mentions)| Named { finder, mentions })
        .collect();
    let more = pronouns(text, reading, &named);
    for (mentions, more) in found.iter_mut().zip(more) {
        mentions.extend(more);
        mentions.sort_by_key(|mention| mention.span.start);
    }
}

/// Whether so many of so many articles are unlike the training text that it is worth a word; one in a hundred is so by chance.
pub fn many_unlike(n_unlike: usize, n_articles: usize) -> bool {
    n_unlike as f64 > 0.03 * n_articles as f64
}

/// Scores articles for one or several subjects.
#[derive(Debug)]
pub struct Scorer<'m> {
    classifier: &'m Classifier,
    recall: Recall,
    subjects: Vec<(Subject, MentionFinder)>,
    keep_furniture: bool,
    plain: bool,
    wanted: Wanted,
    camps: Option<&'m Camps>,
    frames: Option<&'m FrameClassifier>,
    effects: bool,
    readings: bool,
    every_sentence: bool,
}

/// An article that was scored, and what was made of it.
struct Made<T> {
    parsed: ParsedArticle,
    found: Vec<(String, SubjectCoverage)>,
    made: Option<T>,
}

/// An article being scored.
struct Page<'p> {
    article: &'p Article,
    reading: &'p Reading,
    offsets: &'p CharOffsets<'p>,
    /// The lexemes of its sentences of prose, where all of them are asked for.
    lexed: Option<&'p LexedSentences>,
}

impl<'p> Page<'p> {
    /// The lexemes of sentence `k` of the reading, as it was read.
    fn lexemes(&self, k: usize) -> Cow<'p, [Lexeme]> {
        let sentence = &self.reading.sentences[k];
        let known = self.lexed.filter(|_| sentence.furniture.is_none());
        match known {
            Some(lexed) => Cow::Borrowed(lexed.get(k)),
            None => {
                let prose = self.reading.prose(&self.article.text);
                Cow::Owned(lex(sentence.span.of(prose)))
            }
        }
    }
}

impl<'m> Scorer<'m> {
    /// Prepares the search for `subjects`.
    pub fn new(classifier: &'m Classifier, subjects: Vec<Subject>) -> Result<Scorer<'m>> {
        let subjects = subjects
            .into_iter()
            .map(|subject| {
                let finder = MentionFinder::new(&subject)?;
                Ok((subject, finder))
            })
            .collect::<Result<_>>()?;
        Ok(Scorer {
            subjects,
            ..Scorer::of_nobody(classifier)
        })
    }

    /// Scores every sentence of prose, whoever it mentions: no subject is looked for and none masked, as with a labelled row that has
    /// none. The scores' subject is empty. For a scorer without subjects.
    pub fn of_every_sentence(classifier: &'m Classifier) -> Scorer<'m> {
        Scorer {
            every_sentence: true,
            ..Scorer::of_nobody(classifier)
        }
    }

    fn of_nobody(classifier: &'m Classifier) -> Scorer<'m> {
        Scorer {
            classifier,
            recall: Recall::new(),
            subjects: Vec::new(),
            keep_furniture: false,
            plain: false,
            wanted: Wanted::Named,
            camps: None,
            frames: None,
            effects: false,
            readings: false,
            every_sentence: false,
        }
    }

    /// Whether sentences in furniture count like prose.
    pub fn keep_furniture(self, keep_furniture: bool) -> Self {
        Scorer {
            keep_furniture,
            ..self
        }
    }

    /// Whether the texts are prose as they stand, and their author's alone: no furniture is looked for, and nobody else's voice.
    pub fn plain(self, plain: bool) -> Self {
        Scorer { plain, ..self }
    }

    /// Which mentions make a sentence count. All that are looked for are masked.
    pub fn mentions(self, wanted: Wanted) -> Self {
        Scorer { wanted, ..self }
    }

    /// Says of each sentence which of `camps` its speaker belongs to.
    pub fn camps(self, camps: Option<&'m Camps>) -> Self {
        Scorer { camps, ..self }
    }

    /// Says of each sentence which frames it has.
    pub fn frames(self, frames: Option<&'m FrameClassifier>) -> Self {
        Scorer { frames, ..self }
    }

    /// Which sentences are counted, as files say it.
    pub fn sentence_set(&self) -> SentenceSet {
        let mentions = match self.every_sentence {
            true => SentenceSet::EVERY,
            false => self.wanted.name(),
        };
        SentenceSet {
            mentions: mentions.to_string(),
            keep_furniture: self.keep_furniture,
            plain: self.plain,
        }
    }

    /// Whether [`ArticleScore::effects`] are worked out.
    pub fn effects(self, effects: bool) -> Self {
        Scorer { effects, ..self }
    }

    /// Whether [`ArticleScore::reading`] is kept.
    pub fn readings(self, readings: bool) -> Self {
        Scorer { readings, ..self }
    }

    /// The subjects, in the order of scores.
    pub fn subjects(&self) -> impl Iterator<Item = &Subject> {
        self.subjects.iter().map(|(subject, _)| subject)
    }

    /// Scores every article of `articles` and says what was read. The scores of one article go through `make`, on any thread, and what it
    /// makes of them goes to `sink`, in the order of the input. As many articles are in memory as keep all threads at work, however long the input.
    pub fn score_all<T: Send>(
        &self,
        articles: &mut ArticleReader,
        all: bool,
        make: impl Fn(Vec<ArticleScore>) -> T + Sync,
        mut sink: impl FnMut(T) -> Result<()> + Send,
        mut progress: impl FnMut(&ArticleReader) + Send,
    ) -> Result<Coverage> {
        let mut coverage = Coverage::default();
        for subject in self.subjects() {
            coverage
                .subjects
                .insert(subject.name.clone(), SubjectCoverage::default());
        }
        let score = |raw: RawArticle| {
            let mut parsed = raw.parse();
            let scores = parsed
                .article()
                .map_or_else(Vec::new, |article| self.score(article, all));
            let found = Coverage::of_article(&scores);
            let made = (!scores.is_empty()).then(|| make(scores));
            parsed.forget_text();
            Made {
                parsed,
                found,
                made,
            }
        };
        let next = |articles: &mut ArticleReader| {
            let raw = articles.next_unparsed()?;
            let size = raw.size();
            Some((raw, size))
        };
        in_order(articles, next, score, |articles, article: Made<T>| {
            if let Some(accepted) = articles.accept(article.parsed)? {
                coverage.add(&accepted.outlet, &article.found);
                article.made.map_or(Ok(()), &mut sink)?;
            }
            progress(articles);
            Ok(())
        })?;
        articles.finish()?;
        let report = articles.report();
        coverage.n_bad = report.n_bad;
        coverage.n_skipped_files = report.skipped.len();
        coverage.notes = report
            .notes
            .iter()
            .map(|note| CoverageNote {
                code: note.code.to_string(),
                text: note.text.clone(),
            })
            .collect();
        Ok(coverage)
    }

    /// One score a subject that the article mentions; with `all` for the others too, without sentences.
    pub fn score(&self, article: &Article, all: bool) -> Vec<ArticleScore> {
        let mut found = self.find(&article.text);
        if !all && !self.every_sentence && found.iter().all(Vec::is_empty) {
            return Vec::new();
        }
        let marks: Vec<(Span, FurnitureKind)> =
            article.marks.iter().map(|m| (m.span, m.kind)).collect();
        // What is scored stands no later than the last mention; only pronouns are looked for everywhere.
        let last = found.iter().flatten().map(|mention| mention.span.end).max();
        let voices_to = match self.wanted {
            Wanted::WithPronouns => article.text.len(),
            _ => last.unwrap_or(0),
        };
        let (text, title) = (article.text.as_str(), article.title.as_deref());
        let (reading, lexed) = match (self.plain, self.every_sentence) {
            (true, every) => {
                let reading = read_plain(text, &marks);
                let lexed = every.then(|| LexedSentences::of(text, &reading.sentences));
                (reading, lexed)
            }
            (false, true) => {
                let (reading, lexed) = read_lexed(text, title, &marks);
                (reading, Some(lexed))
            }
            (false, false) => (read_voices_to(text, title, &marks, voices_to), None),
        };
        let prose = reading.prose(&article.text);
        if !reading.insets.is_empty() {
            found = self.find(prose);
        }
        if self.wanted == Wanted::WithPronouns {
            add_pronouns(prose, &reading, &self.subjects, &mut found);
        }
        let offsets = CharOffsets::new(&article.text);
        let own_text = |sentence: &Sentence| match sentence.furniture {
            None => sentence.span.of(prose),
            Some(_) => "",
        };
        let sketch = match &lexed {
            Some(lexed) => sketch_of_lexemes(lexed.all()),
            None => sketch(reading.sentences.iter().map(own_text)),
        };
        let page = Page {
            article,
            reading: &reading,
            offsets: &offsets,
            lexed: lexed.as_ref(),
        };
        let of_subjects = self
            .subjects
            .iter()
            .zip(&found)
            .filter(|(_, mentions)| all || !mentions.is_empty())
            .map(|((subject, finder), mentions)| {
                self.score_subject(&page, subject, finder, mentions)
            });
        let of_all = self
            .every_sentence
            .then(|| self.score_every_sentence(&page))
            .filter(|score| all || !score.sentences.is_empty());
        let mut scores: Vec<ArticleScore> = of_subjects.chain(of_all).collect();
        for score in &mut scores {
            score.sketch.clone_from(&sketch);
            if self.readings {
                score.reading = Some(read_article(
                    article,
                    &self.subjects,
                    self.wanted,
                    self.plain,
                ));
            }
            if self.effects {
                score.effects = word_effects(self.classifier, score);
            }
        }
        scores
    }

    /// The mentions of each subject in `text`.
    fn find(&self, text: &str) -> Vec<Vec<Mention>> {
        self.subjects
            .iter()
            .map(|(_, finder)| finder.find(text))
            .collect()
    }

    fn score_subject(
        &self,
        page: &Page<'_>,
        subject: &Subject,
        finder: &MentionFinder,
        mentions: &[Mention],
    ) -> ArticleScore {
        let Page {
            article,
            reading,
            offsets,
            ..
        } = page;
        let mut scored = Vec::new();
        let mut next = mentions.iter().peekable();
        for (k, sentence) in reading.sentences.iter().enumerate() {
            let mut inside = Vec::new();
            while let Some(mention) = next.next_if(|m| m.span.start < sentence.span.end) {
                // A name cut by a sentence border belongs to neither side.
                if sentence.span.contains(mention.span) {
                    inside.push(*mention);
                }
            }
            if inside.iter().any(|mention| self.wanted.holds(mention)) {
                let lexemes = page.lexemes(k);
                let score = self.score_sentence(page, k, &lexemes, &inside, Some(finder));
                scored.push((score, lexemes));
            }
        }
        let first_paragraph = reading.first_paragraph();
        let in_first_paragraph = first_paragraph.is_some_and(|paragraph| {
            let paragraph = offsets.chars(paragraph);
            let prose = scored.iter().map(|(score, _)| score);
            prose
                .filter(|s| s.furniture.is_none())
                .any(|s| paragraph.0 <= s.span.0 && s.span.1 <= paragraph.1)
        });
        ArticleScore {
            subject: subject.name.clone(),
            in_first_paragraph,
            headline: self.score_headline(article, finder),
            ..self.sum_up(page, scored)
        }
    }

    /// The score of every sentence of prose, for no subject.
    fn score_every_sentence(&self, page: &Page<'_>) -> ArticleScore {
        let sentences = page.reading.sentences.iter().enumerate();
        let scored = sentences
            .filter(|(_, s)| self.keep_furniture || s.furniture.is_none())
            .map(|(k, _)| {
                let lexemes = page.lexemes(k);
                let score = self.score_sentence(page, k, &lexemes, &[], None);
                (score, lexemes)
            });
        self.sum_up(page, scored.collect())
    }

    /// An article's figures over its `scored` sentences; what takes a subject is left empty.
    fn sum_up(
        &self,
        page: &Page<'_>,
        scored: Vec<(SentenceScore, Cow<'_, [Lexeme]>)>,
    ) -> ArticleScore {
        let Page {
            article,
            reading,
            offsets,
            ..
        } = page;
        let (scored, lexemes): (Vec<SentenceScore>, Vec<_>) = scored.into_iter().unzip();
        let counted = || scored.iter().filter(|sentence| sentence.counts());
        let mut by_voice: BTreeMap<Voice, VoiceScore> = BTreeMap::new();
        for voice in Voice::ALL {
            let of_voice = || {
                scored
                    .iter()
                    .filter(|s| s.furniture.is_none() && s.voice == voice)
            };
            let n = of_voice().count();
            if n > 0 {
                let net_stance = mean_net_stance(of_voice());
                by_voice.insert(voice, VoiceScore { net_stance, n });
            }
        }
        let prose = || {
            let scored = scored.iter().zip(&lexemes);
            scored.filter(|(sentence, _)| sentence.furniture.is_none())
        };
        // Words of page text set into sentences count here: they stand in what is shown as the sentence.
        let shown = prose().map(|(sentence, lexemes)| match reading.insets.is_empty() {
            true => Cow::Borrowed(&**lexemes),
            false => Cow::Owned(lex(&sentence.text)),
        });
        let whole = || {
            let texts: Vec<&str> = prose()
                .map(|(sentence, _)| sentence.text.as_str())
                .collect();
            texts.join("\n")
        };
        let familiarity = self.classifier.familiarity(&self.recall, shown, whole);
        ArticleScore {
            article: article.id.clone(),
            outlet: article.outlet.clone(),
            title: article.title.clone(),
            date: article.date.clone(),
            story: article.story.clone(),
            genre: article.genre.clone(),
            subject: String::new(),
            net_stance: mean_net_stance(counted()),
            n: counted().count(),
            by_voice,
            sketch: Vec::new(),
            length: offsets.chars(Span::new(0, article.text.len())).1,
            in_first_paragraph: false,
            headline: None,
            furniture: furniture_spans(reading, offsets),
            familiarity,
            sentences: scored,
            effects: BTreeMap::new(),
            reading: None,
            extra: article.extra.clone(),
        }
    }

    /// The score of the headline, where it mentions the subject.
    fn score_headline(&self, article: &Article, finder: &MentionFinder) -> Option<HeadlineScore> {
        let title = article.title.as_deref()?;
        let mentions = finder.find(title);
        if !mentions.iter().any(|mention| self.wanted.holds(mention)) {
            return None;
        }
        let spans: Vec<Span> = mentions.iter().map(|mention| mention.span).collect();
        let probabilities = self.classifier.predict(Example {
            text: title,
            mentions: &spans,
        });
        let net_stance = self.classifier.net_stance(&probabilities);
        Some(HeadlineScore {
            probabilities: named(self.classifier, &probabilities),
            net_stance: net_stance.map(round6),
        })
    }

    /// The score of sentence `k` of the reading.
    fn score_sentence(
        &self,
        page: &Page<'_>,
        k: usize,
        lexemes: &[Lexeme],
        mentions: &[Mention],
        finder: Option<&MentionFinder>,
    ) -> SentenceScore {
        let Page {
            article,
            reading,
            offsets,
            ..
        } = page;
        let sentence = &reading.sentences[k];
        let prose = reading.prose(&article.text);
        let local: Vec<Span> = mentions
            .iter()
            .map(|mention| mention.span.relative_to(sentence.span.start))
            .collect();
        let is_subject = |name: &str| finder.is_some_and(|finder| finder.is_name(name));
        let (voice, speaker) = match sentence.furniture {
            Some(_) => (Voice::Outlet, Speaker::Unknown),
            None => sentence_voice(prose, sentence.span, &reading.stretches, is_subject),
        };
        let example = Example {
            text: sentence.span.of(prose),
            mentions: &local,
        };
        let probabilities = self.classifier.predict_lexed(example, lexemes);
        SentenceScore {
            frames: self
                .frames
                .map_or_else(BTreeMap::new, |model| frames_of(model, example)),
            span: offsets.chars(sentence.span),
            text: sentence.span.of(&article.text).to_string(),
            furniture: sentence
                .furniture
                .map(|furniture| furniture.kind)
                .filter(|_| !self.keep_furniture),
            voice,
            speaker: speaker.name().map(str::to_string),
            unnamed: matches!(speaker, Speaker::Unnamed(_)),
            camp: self
                .camps
                .zip(speaker.name())
                .and_then(|(camps, name)| camps.camp_of(name))
                .map(str::to_string),
            mentions: mentions
                .iter()
                .map(|mention| {
                    let stretch = reading.stretches.at(mention.span);
                    let name = stretch.and_then(|stretch| stretch.speaker.name());
                    MentionScore {
                        span: offsets.chars(mention.span),
                        voice: match stretch {
                            None => Voice::Outlet,
                            Some(stretch) if stretch.speaker.is(is_subject) => Voice::Own,
                            Some(stretch) => stretch.voice,
                        },
                        speaker: name.map(str::to_string),
                        how: mention.how,
                    }
                })
                .collect(),
            net_stance: self.classifier.net_stance(&probabilities).map(round6),
            probabilities: named(self.classifier, &probabilities),
        }
    }
}

/// The sketch of a text by its lexemes.
fn sketch_of_lexemes(lexemes: &[Lexeme]) -> Vec<u32> {
    let words = lexemes.iter();
    let words = words.filter(|l| matches!(l.kind, TokenKind::Word | TokenKind::Number));
    sketch_of_words(words.map(|lexeme| lexeme.form.sketch))
}

/// The frames of a sentence that reach their threshold.
fn frames_of(model: &FrameClassifier, example: Example<'_>) -> BTreeMap<String, f64> {
    let probabilities = model.predict(example);
    let decisions = model.decide(&probabilities);
    let names = model.names().iter().zip(probabilities).zip(decisions);
    names
        .filter(|(_, has)| *has)
        .map(|((name, p), _)| (name.clone(), round6(p)))
        .collect()
}

/// What of a page is not prose, in characters.
fn furniture_spans(reading: &Reading, offsets: &CharOffsets<'_>) -> Vec<FurnitureSpan> {
    reading
        .furniture()
        .into_iter()
        .map(|(span, furniture)| FurnitureSpan {
            span: offsets.chars(span),
            kind: furniture.kind,
            reason: furniture.reason.to_string(),
        })
        .collect()
}

fn named(classifier: &Classifier, probabilities: &ClassProbabilities) -> BTreeMap<String, f64> {
    let names = classifier.classes().names().iter();
    // To be collected they would first be put into a vector and sorted.
    let mut named = BTreeMap::new();
    for (name, &p) in names.zip(probabilities.values()) {
        named.insert(name.clone(), round6(p));
    }
    named
}

fn mean_net_stance<'s>(sentences: impl Iterator<Item = &'s SentenceScore>) -> Option<f64> {
    let values: Option<Vec<f64>> = sentences.map(|sentence| sentence.net_stance).collect();
    let values = values.filter(|values| !values.is_empty())?;
    Some(round6(crate::statistics::mean(&values)))
}
