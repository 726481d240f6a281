//! `standpoint inspect`

use std::path::{Path, PathBuf};

use standpoint::classifier::FrameClassifier;
use standpoint::report::{
    inspection_json, inspection_text, json, vectors_json, vectors_text, word_json, word_text,
};
use standpoint::text::word_form;
use standpoint::vectors::{WordVectors, is_vector_file};
use standpoint::{Error, Result};

use super::options::load_model;
use super::output::{Output, width};

/// Show what is in a model or a file of word vectors
///
/// Of a model: classes, families of features, strongest features, training record. Of word vectors: what they were learnt from, how good
/// the lexicon is, some neighbours; with --word everything about one word.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// A model (of stance, classes or frames) or a file of word vectors; the built-in model unless given
    file: Option<PathBuf>,
    /// Strongest features to show a class; words to show of each polarity; nearest words
    #[arg(long, value_name = "N", default_value_t = 15)]
    top: usize,
    /// A word of a file of word vectors: its nearest words, polarity and clusters
    #[arg(long, value_name = "WORD", requires = "file")]
    word: Option<String>,
    /// How it is printed
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Json,
}

const EXAMPLES: &str = "\
Examples:
  standpoint inspect
  standpoint inspect my-model.safetensors --top 40
  standpoint inspect vectors.safetensors --word lied";

pub fn run(args: Args) -> anyhow::Result<()> {
    let vector_file = args.file.as_deref().filter(|path| is_vector_file(path));
    let report = match (vector_file, &args.word) {
        (Some(path), Some(word)) => one_word(path, word, &args)?,
        (Some(path), None) => {
            let vectors = WordVectors::read(path)?;
            match args.format {
                Format::Text => vectors_text(&vectors, args.top, width(None)),
                Format::Json => json(&vectors_json(&vectors, args.top)),
            }
        }
        (None, None) if args.file.as_deref().is_some_and(FrameClassifier::is_frames) => {
            let path = args.file.as_deref().expect("there is a file");
            let as_json = matches!(args.format, Format::Json);
            super::frames::inspect(&FrameClassifier::load(path)?, args.top, as_json)
        }
        (None, word) => {
            let classifier = load_model(args.file.as_deref())?;
            if let Some((_, path)) = word.as_ref().zip(args.file.as_ref()) {
                return Err(Error::Parameter(format!(
                    "--word looks into word vectors, and {} is a model; make vectors with `standpoint learn-vectors ARTICLES -o VECTORS`",
                    path.display()
                ))
                .into());
            }
            match args.format {
                Format::Text => inspection_text(&classifier, args.top, width(None)),
                Format::Json => json(&inspection_json(&classifier, args.top)),
            }
        }
    };
    Output::print(None, &report)
}

fn one_word(path: &Path, word: &str, args: &Args) -> Result<String> {
    let vectors = WordVectors::read(path)?;
    let Some(i) = vectors.index(&word_form(word)) else {
        let params = &vectors.record().params;
        return Err(Error::Data(format!(
            "{}: \"{word}\" has no vector: it occurs fewer than {} times, is not among the {} most frequent words, or is no single word",
            path.display(),
            params.min_count,
            vectors.len()
        )));
    };
    Ok(match args.format {
        Format::Text => word_text(&vectors, i, args.top, width(None)),
        Format::Json => json(&word_json(&vectors, i, args.top)),
    })
}
