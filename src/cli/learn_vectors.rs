//! `standpoint learn-vectors`

use std::path::PathBuf;

use rayon::prelude::*;
use standpoint::corpus::{Article, ArticleReader};
use standpoint::report::{json, vectors_json, vectors_text};
use standpoint::span::{FurnitureKind, Span};
use standpoint::text::read;
use standpoint::vectors::{Document, LEARNING_STEPS, LearnParams, TokenCorpus, learn};
use standpoint::{Error, Result};

use super::options::ArticleArgs;
use super::output::{Output, refuse_overwriting, width};
use super::score::{refuse_score_tables, refuse_scores_in_folders};
use super::train::base_name;
use super::{Common, messages};

/// Learn word vectors from unlabelled articles, with word clusters and a polarity lexicon
///
/// Counts which words stand near which in the articles' sentences (furniture left out) and gives every frequent word a vector, so that words
/// used alike have vectors of one direction. From the vectors it makes clusters of words, and spreads the scores of VADER's sentiment
/// words to their neighbours. No labels are needed; the more articles the better, some thousand at least. All tokens are held in
/// memory, four bytes each.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Articles: .txt or .html (one article a file), .jsonl, .csv or .tsv, plain, .gz or .zst; folders; - is standard input
    #[arg(required = true)]
    articles: Vec<PathBuf>,
    /// The file of word vectors to write
    #[arg(long, short, value_name = "VECTORS")]
    output: PathBuf,
    /// Numbers a vector has, 1 to 1000. A file has about as many bytes a word, plus 30
    #[arg(long, value_name = "N", default_value_t = LearnParams::default().dimensions, help_heading = "Learning")]
    dimensions: usize,
    /// Most words that get a vector: the most frequent ones
    #[arg(long, value_name = "N", default_value_t = LearnParams::default().vocabulary, help_heading = "Learning")]
    vocabulary: usize,
    /// How many tokens to either side are a word's context, 1 to 100; nearer ones count more
    #[arg(long, value_name = "N", default_value_t = LearnParams::default().window, help_heading = "Learning")]
    window: usize,
    /// A word must occur at least so often
    #[arg(long, value_name = "N", default_value_t = LearnParams::default().min_count, help_heading = "Learning")]
    min_count: u32,
    /// Words to show of each polarity
    #[arg(long, value_name = "N", default_value_t = 15)]
    top: usize,
    /// How the report is printed
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    #[command(flatten)]
    reading: ArticleArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    Text,
    Json,
}

const EXAMPLES: &str = "\
Examples:
  standpoint learn-vectors news.jsonl.zst -o vectors.safetensors
  standpoint learn-vectors articles/ -o small.safetensors --dimensions 50 --vocabulary 10000
  standpoint inspect vectors.safetensors --word lied";

/// Articles tokenized at once.
const BATCH: usize = 256;

pub fn run(args: Args, common: &Common) -> anyhow::Result<()> {
    refuse_overwriting(Some(&args.output), &args.articles)?;
    refuse_score_tables(&args.articles)?;
    let params = LearnParams {
        dimensions: args.dimensions,
        vocabulary: args.vocabulary,
        window: args.window,
        min_count: args.min_count,
        seed: common.seed(),
    };
    params.check()?;
    let mut articles = ArticleReader::open(&args.articles, &args.reading.read_options(common))?;
    refuse_scores_in_folders(&articles)?;
    let corpus = tokens_of(&mut articles, common)?;
    messages::read_report(common, articles.report());

    let bar = messages::progress(common, LEARNING_STEPS, "learning");
    let vectors = learn(&corpus, &params, &|done| bar.set_position(done))?;
    bar.finish_and_clear();
    let files = articles.report().files.iter();
    let vectors = vectors.with_files(files.map(|file| base_name(file)).collect());
    vectors.write(&args.output)?;

    if vectors.record().lexicon.is_none() {
        messages::warning(
            "no polarity lexicon: too few of VADER's English words are frequent in these articles",
        );
    }
    let report = match args.format {
        Format::Json => json(&vectors_json(&vectors, args.top)),
        Format::Text => {
            let mut text = vectors_text(&vectors, args.top, width(None));
            text.push_str(&format!(
                "\nWord vectors written to {}\n",
                args.output.display()
            ));
            text
        }
    };
    Output::print(None, &report)
}

/// The tokens of all prose in `articles`, read behind a progress bar.
fn tokens_of(articles: &mut ArticleReader, common: &Common) -> Result<TokenCorpus> {
    let bar = messages::progress(common, articles.bytes_total().unwrap_or(0), "reading");
    let mut corpus = TokenCorpus::default();
    loop {
        let batch: Vec<Article> = articles.by_ref().take(BATCH).collect::<Result<_>>()?;
        if batch.is_empty() {
            break;
        }
        let documents: Vec<Document> = batch.par_iter().map(prose).collect();
        documents
            .into_iter()
            .try_for_each(|document| corpus.add(document))?;
        bar.set_position(articles.bytes_read());
    }
    bar.finish_and_clear();
    if corpus.n_documents() == 0 {
        return Err(Error::Data("no articles to learn from".to_string()));
    }
    Ok(corpus)
}

/// An article's sentences, furniture left out.
fn prose(article: &Article) -> Document {
    let marks: Vec<(Span, FurnitureKind)> =
        article.marks.iter().map(|m| (m.span, m.kind)).collect();
    let reading = read(&article.text, article.title.as_deref(), &marks);
    Document::new(
        reading
            .sentences
            .iter()
            .filter(|sentence| sentence.furniture.is_none())
            .map(|sentence| sentence.span.of(&article.text)),
    )
}
