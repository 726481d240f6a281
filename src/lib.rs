//! Standpoint measures how news outlets portray a subject.
//!
//! It learns from labelled sentences, scores every sentence of new articles that mentions the subject, and compares outlets with
//! intervals that say what they cover.
//!
//! ```text
//! labelled sentences --read--> LabelledSentence --prepare--> Example --featurize--> DesignMatrix --fit--> model --save--> models/NAME
//! articles --read--> Article --split--> Sentence{span, furniture, voice, mentions} --featurize--> --predict--> ClassProbabilities
//!         --score--> ArticleScore --summarize--> ArticleSummary --compare--> Comparison --report--> table, JSON, CSV
//! ```
//!
//! The rooms, bottom to top; each imports only from those above it in this list:
//!
//! | room | what it does |
//! |---|---|
//! | [`error`], [`classes`], [`span`], [`output`], [`wording`] | words that all share: errors, classes and polarity, places in texts and files, whole-or-nothing files, counted nouns, the frame of the files that the library makes for itself (`tensor_file`) |
//! | [`corpus`] | reads articles and labelled sentences |
//! | [`text`] | paragraphs, furniture, sentences, voices, mentions |
//! | [`matrix`], [`statistics`] | sparse rows and their products; intervals, tests, folds |
//! | [`features`] | bag-of-words families relative to the subject |
//! | [`vectors`] | word vectors from unlabelled articles, with word clusters and a polarity lexicon |
//! | [`logistic`] | the penalised logistic model, its solvers, calibration |
//! | [`classifier`] | where text meets numbers: training, prediction, explanation, the model file |
//! | [`score`] | articles to scores |
//! | [`validate`] | hand labels for scores: samples to label, and what the labels correct |
//! | [`suggest`] | the next sentences to label for training |
//! | [`evaluate`], [`compare`] | how good a model is; how outlets differ |
//! | [`check`] | labelled sentences before training: copies, conflicts, agreement, doubtful labels |
//! | [`report`] | prints results; computes nothing |
//!
//! The command line is built on this library and adds nothing but arguments, files and messages.
//!
//! ```
//! use standpoint::classifier::Classifier;
//! use standpoint::features::Example;
//! use standpoint::text::{MentionFinder, Subject};
//!
//! let model = Classifier::built_in()?;
//! let text = "The council praised Verrick for her honesty.";
//! let subject = Subject::new("Dana Verrick", vec![]);
//! let mentions: Vec<_> = MentionFinder::new(&subject)?.find(text).iter().map(|m| m.span).collect();
//! let probabilities = model.predict(Example { text, mentions: &mentions });
//! let net_stance = model.net_stance(&probabilities).expect("its classes have a polarity");
//! assert!(net_stance > 0.0);
//! # Ok::<(), standpoint::Error>(())
//! ```

pub mod check;
pub mod classes;
pub mod classifier;
pub mod compare;
pub mod corpus;
pub mod error;
pub mod evaluate;
pub mod features;
pub mod logistic;
pub mod matrix;
pub mod output;
pub mod report;
pub mod score;
pub mod span;
pub mod statistics;
pub mod suggest;
mod tensor_file;
pub mod text;
pub mod validate;
pub mod vectors;
pub mod wording;

pub use error::{Error, Result};
