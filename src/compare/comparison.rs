//! The result of a comparison: what `compare` prints.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    Behind, CampComparison, CampsComparison, Contrast, CountedEstimate, Difference,
    EvidenceSentence, FrameComparison, FramesComparison, Group, Note, Pair, PriorShift, Prominence,
    Slice, TestFamily, Variant, VoiceComparison, WordMove, WordsComparison,
};
use crate::score::{SentenceSet, Trained};
use crate::span::Voice;
use crate::statistics::Estimate;
use crate::validate::Correction;

/// What a net stance is of: the five things a statistician asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Estimand {
    /// Which articles.
    pub population: String,
    /// What is averaged.
    pub unit: String,
    /// How it weighs.
    pub weights: String,
    /// Which sentences count.
    pub sentences: String,
    /// What a sentence counts as.
    pub value: String,
}

/// How outlets portray a subject: what `compare` prints.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison {
    /// The subject's name.
    pub subject: String,
    /// Other names it was looked for by.
    pub aliases: Vec<String>,
    /// Version of this library.
    pub version: String,
    /// Digest of the model that scored.
    pub model: String,
    /// What it was trained on and how good it was there, as far as the scores say.
    pub trained: Option<Trained>,
    /// Which sentences were looked for.
    pub sentences: SentenceSet,
    /// What its labels meant; absent for plain classes.
    pub construct: Option<String>,
    /// Level of the intervals.
    pub level: f64,
    /// Seed of resampling.
    pub seed: u64,
    /// Digest of the plan the comparison follows, if there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub plan: Option<String>,
    /// What the figures say, in sentences.
    pub summary: Vec<String>,
    /// What the net stance of an outlet is.
    pub estimand: Estimand,
    /// Articles read.
    pub n_read: usize,
    /// Articles with a figure.
    pub n_articles: usize,
    /// Stories they name.
    pub n_stories: usize,
    /// The story, where all of them cover one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub only_story: Option<String>,
    /// One an outlet, lowest net stance first; those without a figure last.
    pub outlets: Vec<OutletComparison>,
    /// Who gets to speak, by camp; absent without a list of speakers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub camps: Option<CampsComparison>,
    /// Under which frames the subject stands; absent without a model of frames.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub frames: Option<FramesComparison>,
    /// The family of tests; absent with plain classes.
    pub tests: Option<TestFamily>,
    /// Each outlet of the family against all other articles, greatest difference first.
    pub differences: Vec<Difference>,
    /// Figures and differences corrected by hand labels, where there are some.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub corrected: Option<Correction>,
    /// Pairs of outlets, where asked for: exploratory.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pairs: Vec<Pair>,
    /// Groups of outlets, where asked for: exploratory.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub groups: Vec<Group>,
    /// By story, month or column, where asked for: exploratory.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub by: Vec<Slice>,
    /// The subject less reference subjects, where asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<Contrast>,
    /// What is said about the subject, where asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub words: Option<WordsComparison>,
    /// Words that move the score in an outlet more than in the others, where asked for: exploratory.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub moves: Vec<WordMove>,
    /// The same figures counted otherwise.
    pub robustness: Vec<Variant>,
    /// Net stance if only the mix of classes differed: a sensitivity figure; absent where no outlet has enough sentences or the training's class counts are not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prior_shift: Option<PriorShift>,
    /// Texts that several articles share.
    pub copies: Vec<Copy>,
    /// Whether they were tested like the others.
    pub keep_copies: bool,
    /// Articles that mention the subject and could be searched for copies.
    pub n_sketched: usize,
    /// Sentences to look at: the lowest and highest of each outlet.
    pub evidence: Vec<EvidenceSentence>,
    /// What a page opens behind the figures, where one is wanted.
    #[serde(skip)]
    pub behind: Option<Behind>,
    /// What a reader has to know.
    pub notes: Vec<Note>,
}

/// Articles that share most of their text.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Copy {
    /// The articles.
    pub articles: Vec<CopiedArticle>,
    /// The share of the shorter text that the longer holds, at least.
    pub shared: f64,
    /// Whether several outlets have it.
    pub across_outlets: bool,
}

/// One of several articles with one text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CopiedArticle {
    /// Who published it.
    pub outlet: String,
    /// Its id.
    pub article: String,
}

/// One outlet's portrayal.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OutletComparison {
    /// The outlet.
    pub outlet: String,
    /// The subject's name.
    pub subject: String,
    /// Its articles.
    pub n_read: usize,
    /// Those with a counted sentence.
    pub n_articles: usize,
    /// Their counted sentences.
    pub n_sentences: usize,
    /// Articles whose text is unlike the model's training text: their scores are guesses.
    pub n_unlike: usize,
    /// Mean over articles.
    pub net_stance: Estimate,
    /// Mean over sentences instead; a robustness line.
    pub net_stance_by_sentence: Option<f64>,
    /// Mean over headlines that mention the subject; no figure below three.
    pub headlines: CountedEstimate,
    /// How much room it gives the subject.
    pub prominence: Prominence,
    /// Mean over articles of mean class probability.
    pub shares: BTreeMap<String, f64>,
    /// The same of hard decisions.
    pub shares_hard: BTreeMap<String, f64>,
    /// Mean over articles with a sentence of that voice.
    pub by_voice: BTreeMap<Voice, VoiceComparison>,
    /// Without direct quotations: counted sentences of voice `outlet` and `reported`. No figure below three articles.
    pub without_quotations: VoiceComparison,
    /// Who is quoted or reported on the subject, most often first, at most [`SPEAKERS`]; sources without a name together.
    pub speakers: Vec<SpeakerComparison>,
    /// Each frame; absent without a model of frames.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub frames: Vec<FrameComparison>,
    /// Who gets to speak, by camp; absent without a list of speakers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub camps: Vec<CampComparison>,
}

/// Speakers listed an outlet.
pub const SPEAKERS: usize = 5;

/// How one speaker's sentences score in one outlet. Too few for an interval, so none is given.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SpeakerComparison {
    /// The name; `None` for sources without a name ("critics", "a spokeswoman").
    pub speaker: Option<String>,
    /// Sentences.
    pub n_sentences: usize,
    /// Those whose likeliest class is against the subject.
    pub n_against: usize,
    /// Those whose likeliest class is for it.
    pub n_in_favor: usize,
    /// Mean over sentences.
    pub net_stance: Option<f64>,
}
